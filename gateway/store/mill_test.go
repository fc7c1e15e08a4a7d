package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/store/storetest"
)

// The size of the mill.
const (
	millWorkers = 24
	millSteps   = 80 // of each worker
)

// millAccounts are the counters that the mill grinds on, with their limits: a few of each
// kind, so that everybody meets everybody.
func millAccounts() []ledger.Claim {
	var all []ledger.Claim
	add := func(k ledger.Kind, n int, limit *accounting.Money) {
		for i := range n {
			for period := range 2 {
				all = append(all, ledger.Claim{Budget: &ledger.Budget{ID: "each " + string(k), Kind: k, Each: true, Limit: limit},
					Counter: ledger.Counter{Budget: "each " + string(k), Account: ledger.Account{Kind: k, ID: fmt.Sprint(k, i)}, Start: day.AddDate(0, 0, period)}})
			}
		}
	}
	add(ledger.Key, 6, money(400))
	add(ledger.User, 4, money(600))
	add(ledger.Member, 4, money(500))
	add(ledger.Tag, 5, money(450))
	add(ledger.Team, 2, money(900))
	add(ledger.EndUser, 3, nil)
	add(ledger.Gateway, 1, money(2500))
	return all
}

// TestT05_Mill: many callers on four replicas, over the same counters in any order, with
// holds that grow, end in every way and are swept, while people and budgets change, rows
// are forgotten and counters of new periods are made: no step fails but by a refusal,
// there is no deadlock, no limit is ever overrun, and in the end the counters are the sum
// of the entries and the open holds.
func TestT05_Mill(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		s := fresh(t)
		mill(t, []*Store{s}, nil)
		millSums(t, s)
	})
	t.Run("postgres", func(t *testing.T) {
		d := postgresDatabase(t)
		var stores []*Store
		for range 4 {
			stores = append(stores, open(t, d))
		}
		ghost := openWith(t, d, Options{Lease: time.Millisecond}) // the others take it for dead
		mill(t, stores, ghost)
		millSums(t, stores[0])
		if n := storetest.Deadlocks(t, d.URL); n != 0 {
			t.Errorf("%d deadlocks", n)
		}
	})
}

// TestT15_TakenAtOnce: of calls that carry the same Idempotency-Key to two replicas at
// once, one passes and the other is told of it, in whatever order they come.
func TestT15_TakenAtOnce(t *testing.T) {
	t.Parallel()
	d := postgresDatabase(t)
	stores := []*Store{open(t, d), open(t, d)}
	const tokens = 150
	for round := range 5 {
		var wg sync.WaitGroup
		var passed, told atomic.Int64
		var free []func()
		for _, s := range stores {
			free = append(free, occupy(t, s))
		}
		for i, s := range stores {
			for j := range tokens {
				token := j
				if i == 1 {
					token = tokens - 1 - j
				}
				h := hold(fmt.Sprintf("%d-%d-%d", round, i, token), 0)
				h.Once = &ledger.Once{Token: fmt.Sprintf("%d-%03d", round, token), Body: "b"}
				wg.Go(func() {
					_, err := s.Reserve(context.Background(), h)
					var again *ledger.Repeated
					switch {
					case err == nil:
						passed.Add(1)
					case errors.As(err, &again) && again.RequestID != h.Facts.RequestID && again.Running && !again.OtherBody:
						told.Add(1)
					default:
						t.Error(err)
					}
				})
				for len(s.writer.queue) <= j { // in this order
					time.Sleep(10 * time.Microsecond)
				}
			}
		}
		for _, f := range free {
			go f()
		}
		wg.Wait()
		if passed.Load() != tokens || told.Load() != tokens {
			t.Errorf("%d passed and %d were told, want %d each", passed.Load(), told.Load(), tokens)
		}
	}
	if n := storetest.Deadlocks(t, d.URL); n != 0 {
		t.Errorf("%d deadlocks", n)
	}
}

func mill(t *testing.T, stores []*Store, ghost *Store) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	accounts := millAccounts()
	var admitted, refused, orphaned, corrected, changed, repeated atomic.Int64

	// Whatever happens, no limit is overrun at any moment.
	stop := make(chan struct{})
	var sampler sync.WaitGroup
	sampler.Go(func() {
		counters := make([]ledger.Counter, len(accounts))
		for i, c := range accounts {
			counters[i] = c.Counter
		}
		for {
			standings, err := stores[0].Standings(context.Background(), counters)
			if err != nil {
				t.Error(err)
				return
			}
			for i, c := range accounts {
				if limit := c.Budget.Limit; limit != nil && standings[i].Posted+standings[i].Held > *limit {
					t.Errorf("%+v is overrun: %+v of %d", c.Counter, standings[i], *limit)
				}
			}
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
			}
		}
	})

	var wg sync.WaitGroup
	for worker := range millWorkers {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(seed, uint64(worker)))
			ctx := context.Background()
			type running struct {
				h ledger.Hold
				s *Store
			}
			var open []running
			fine := func(what string, err error, allowed ...error) bool {
				var refusal *ledger.Refusal
				if errors.As(err, &refusal) {
					refused.Add(1)
					return false
				}
				for _, a := range allowed {
					if errors.Is(err, a) {
						return false
					}
				}
				if err != nil {
					t.Errorf("seed %d worker %d: %s: %v", seed, worker, what, err)
				}
				return err == nil
			}
			end := func() {
				i := r.IntN(len(open))
				o := open[i]
				open = append(open[:i], open[i+1:]...)
				var err error
				what := "release"
				if r.IntN(4) == 0 {
					err = o.s.Release(ctx, o.h)
				} else {
					what = "settle"
					most := o.h.Amount
					if o.s == ghost {
						// What was booked for the dead is the prompt, and what was held beyond it is others' by
						// now: a correction for more would overrun a limit, as it must.
						most = o.h.Prompt
					}
					e := paid(o.h, accounting.Money(r.Int64N(int64(most)+1)))
					err = o.s.Settle(ctx, e)
				}
				if o.s == ghost {
					if fine(what+" of the dead", err, ledger.ErrNotOpen) {
						corrected.Add(1)
					}
					return
				}
				fine(what, err)
				if r.IntN(5) == 0 {
					if err := o.s.Settle(ctx, paid(o.h, 1)); !errors.Is(err, ledger.ErrNotOpen) {
						t.Errorf("seed %d worker %d: settled again: %v", seed, worker, err)
					}
				}
			}
			for step := range millSteps {
				s := stores[r.IntN(len(stores))]
				id := fmt.Sprintf("%d-%d", worker, step)
				switch n := r.IntN(100); {
				case n < 40 || len(open) == 0: // reserve
					if ghost != nil && r.IntN(10) == 0 {
						s = ghost
					}
					var claims []ledger.Claim
					period := r.IntN(2)
					for _, i := range r.Perm(len(accounts) / 2)[:r.IntN(7)] {
						claims = append(claims, accounts[2*i+period])
					}
					h := hold(id, accounting.Money(r.IntN(60)), claims...)
					h.Prompt = h.Amount
					if r.IntN(3) == 0 {
						h.Facts.KeyID = fmt.Sprint("k", r.IntN(2))
						h.Once = &ledger.Once{Token: fmt.Sprint(r.IntN(30)), Body: "b"}
					}
					_, err := s.Reserve(ctx, h)
					var again *ledger.Repeated
					if errors.As(err, &again) {
						repeated.Add(1)
						continue
					}
					if fine("reserve", err) {
						admitted.Add(1)
						open = append(open, running{h, s})
					}
				case n < 55: // extend
					o := &open[r.IntN(len(open))]
					extra := accounting.Money(r.IntN(30))
					h := o.h
					h.Need = max(extra, 1)
					if fine("extend", o.s.Extend(ctx, h, extra), map[bool]error{true: ledger.ErrNotOpen, false: context.Canceled}[o.s == ghost]) {
						o.h.Amount += extra
					}
				case n < 62:
					o := open[r.IntN(len(open))]
					o.s.Checkpoint(o.h, ledger.Progress{Usage: accounting.Usage{accounting.Output: 1}, Cost: o.h.Amount})
				case n < 85:
					end()
				case n < 90: // people and budgets
					changed.Add(1)
					user, key := fmt.Sprint("user", r.IntN(5)), fmt.Sprint("key", r.IntN(10))
					switch r.IntN(6) {
					case 0:
						fine("create user", s.CreateUser(ctx, access.User{ID: user}), control.ErrExists)
					case 1:
						fine("delete user", s.DeleteUser(ctx, user), control.ErrNotFound)
					case 2:
						fine("create key", s.CreateKey(ctx, control.StoredKey{Key: access.Key{ID: key, Digest: access.DigestOf(key), UserID: user}}), control.ErrExists, control.ErrNotFound)
					case 3:
						fine("update key", s.UpdateKey(ctx, access.Key{ID: key, Blocked: r.IntN(2) == 0}), control.ErrNotFound)
					case 4:
						limit := accounting.Money(5)
						fine("create budget", s.CreateBudget(ctx, ledger.Budget{ID: id, Kind: ledger.Gateway, Limit: &limit, Window: ledger.Window{Unit: ledger.Day}}, day))
					case 5:
						fine("create team", s.CreateTeam(ctx, access.Team{ID: id}))
						fine("add member", s.AddMember(ctx, id, user), control.ErrNotFound)
						fine("delete team", s.DeleteTeam(ctx, id))
					}
				case n < 95: // sweep
					l := ledger.New(s, ledger.Rules{Admission: ledger.Strict, Orphans: ledger.OrphanPrompt}, func() time.Time { return day })
					done, err := l.SettleOrphans(ctx)
					fine("sweep", err)
					orphaned.Add(int64(done))
				case n < 98:
					fine("renew", s.Renew(ctx))
					fine("forget", s.Forget(ctx))
				default: // a counter that nobody has used before
					c := claim(id, "new", money(100))
					fine("a new period", second(s.Reserve(ctx, hold(id, 10, accounts[0], c, accounts[len(accounts)-1]))))
				}
			}
			for len(open) > 3 { // the rest stays open
				end()
			}
		})
	}
	wg.Wait()
	close(stop)
	sampler.Wait()
	t.Logf("%d admitted, %d refused, %d repeated, %d orphaned, %d ended by the dead, %d changes", admitted.Load(), refused.Load(), repeated.Load(), orphaned.Load(), corrected.Load(), changed.Load())
	for what, n := range map[string]int64{"admitted": admitted.Load(), "refused": refused.Load(), "repeated": repeated.Load(), "changed": changed.Load()} {
		if n == 0 {
			t.Errorf("nothing was %s: the mill grinds nothing", what)
		}
	}
	if ghost != nil && (orphaned.Load() == 0 || corrected.Load() == 0) {
		t.Error("nobody died")
	}
}

// millSums recomputes every counter from the entries and the open holds.
func millSums(t *testing.T, s *Store) {
	t.Helper()
	each := `select posted from (select c.budget_id, c.account_id, c.period_start, c.posted, c.held, %s as posted_sum, %s as held_sum from counters c) as x
		where posted != posted_sum or held != held_sum`
	entries := `coalesce((select sum(e.cost) from entries e, json_each(e.claims) j where j.value ->> 'budget' = c.budget_id and j.value ->> 'account' = c.account_id and j.value ->> 'start' = c.period_start), 0)`
	holds := `coalesce((select sum(h.amount) from holds h, json_each(h.hold, '$.claims') j where j.value ->> 'budget' = c.budget_id and j.value ->> 'account' = c.account_id and j.value ->> 'start' = c.period_start), 0)`
	if s.Shared() {
		entries = `coalesce((select sum(e.cost) from entries e, jsonb_array_elements(e.claims::jsonb) j where j ->> 'budget' = c.budget_id and j ->> 'account' = c.account_id and (j ->> 'start')::bigint = c.period_start), 0)`
		holds = `coalesce((select sum(h.amount) from holds h, jsonb_array_elements(h.hold::jsonb -> 'claims') j where j ->> 'budget' = c.budget_id and j ->> 'account' = c.account_id and (j ->> 'start')::bigint = c.period_start), 0)`
	}
	if n := number(t, s, "select count(*) from ("+fmt.Sprintf(each, entries, holds)+") as y"); n != 0 {
		t.Errorf("%d counters are not the sum of their entries and open holds", n)
	}
	if n := number(t, s, "select coalesce(sum(posted + held), 0) from counters"); n == 0 {
		t.Error("the counters stand at nothing")
	}
	if n := number(t, s, "select count(*) from idempotency i where hold_id != '' and not exists (select 1 from holds h where h.id = i.hold_id)"); n != 0 {
		t.Errorf("%d calls with an Idempotency-Key are said to run, and do not", n)
	}
	checkChains(t, s)
}
