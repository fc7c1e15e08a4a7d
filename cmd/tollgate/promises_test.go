package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// TestT04_OnePostedTotal: whichever way a request ends, it is posted once, and what is
// posted is what its entries say; to settle it again changes nothing.
func TestT04_OnePostedTotal(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("word ", 40)
	rows := []struct {
		name, model string
		script      providertest.Script
		stream      bool
		leaves      bool
		entries     int
	}{
		{"whole", "paid", providertest.Script{}, false, false, 1},
		{"stream", "paid", providertest.Script{Text: text}, true, false, 1},
		{"cut", "paid", providertest.Script{Text: text, CutAfter: 20}, true, false, 1},
		{"cut whole", "paid", providertest.Script{Text: text, CutAfter: 1}, false, false, 1},
		{"left", "paid", providertest.Script{Text: text, HangAfter: 20}, true, true, 1},
		{"left before", "paid", providertest.Script{Hang: true}, true, true, 1},
		{"refused by the upstream", "paid", providertest.Script{Status: 400, Body: `{"error":{"message":"no"}}`}, false, false, 0},
		{"nonsense", "paid", providertest.Script{Body: "nonsense"}, false, false, 1},
		{"late", "slow", providertest.Script{Hang: true}, false, false, 1},
		{"after one that failed", "two", providertest.Script{}, false, false, 1},
	}
	eachEngine(t, func(t *testing.T, db option) {
		g := begin(t, onceConfig, db)
		g.up.Set("first", providertest.Script{Status: 500})
		for _, row := range rows {
			p := g.person(control.KeyChange{})
			b := g.budget(p, ledger.User, "5")
			g.up.Set(row.model, row.script)
			g.up.Reset()
			done, leave := g.background(p, "/v1/chat/completions", chatBody(p, row.model, fmt.Sprintf(`"stream":%v`, row.stream)))
			if row.leaves {
				g.arrived(1)
				time.Sleep(20 * time.Millisecond)
				leave()
			}
			finishes(t, done)
			g.eventually(row.name+" is booked", func() bool {
				return g.query("select count(*) from entries where user_id = ?", p.user) == int64(row.entries)
			})
			g.settled()
			all := must(g.srv.control.Entries(context.Background(), control.EntryQuery{UserID: p.user}))(t)
			sum := int64(0)
			for _, e := range all {
				sum += int64(*e.Cost)
			}
			if len(all) != row.entries || g.posted(b) != sum || (row.entries > 0) != (sum > 0) {
				t.Errorf("%s: entries %+v, %d posted", row.name, all, g.posted(b))
			}
			for _, e := range all {
				again := ledger.Entry{Hold: ledger.Hold{ID: e.ID, Facts: ledger.Facts{RequestID: e.Request}, Claims: []ledger.Claim{{Budget: &b,
					Counter: ledger.Counter{Budget: b.ID, Account: ledger.Account{Kind: ledger.User, ID: p.user}, Start: b.Window.At(e.At).Start}}}},
					Outcome: ledger.Outcome{At: e.At, Cost: &accounting.Cost{Total: 1_000_000}, Status: "ok"}}
				for range 2 {
					if err := g.srv.store.Settle(context.Background(), again); !errors.Is(err, ledger.ErrNotOpen) {
						t.Errorf("%s: settled again: %v", row.name, err)
					}
					if err := g.srv.store.Release(context.Background(), again.Hold); !errors.Is(err, ledger.ErrNotOpen) {
						t.Errorf("%s: released after it was settled: %v", row.name, err)
					}
				}
			}
			if n := g.query("select count(*) from entries where user_id = ?", p.user); n != int64(row.entries) || g.posted(b) != sum {
				t.Errorf("%s: after it was settled again: %d entries, %d posted", row.name, n, g.posted(b))
			}
		}
	})
}

// TestT06_NoMoreThanTheDeclaredError: when each request has a cap and upstreams keep to
// it, no budget is passed by a nano-dollar; when they do not, by no more than what they
// did cost above what was held for them.
func TestT06_NoMoreThanTheDeclaredError(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, db option) {
		for _, honest := range []bool{true, false} {
			t.Run(fmt.Sprintf("honest %v", honest), func(t *testing.T) {
				seed := rand.Uint64()
				t.Logf("seed %d", seed)
				random := rand.New(rand.NewPCG(seed, 0))
				g := begin(t, admissionConfig, db)
				var people []person
				var budgets []ledger.Budget
				team := g.person(control.KeyChange{})
				for range 3 {
					_, secret, err := g.srv.control.CreateKey(context.Background(), control.KeyOwner{UserID: team.user, TeamID: team.team}, control.KeyChange{})
					if err != nil {
						t.Fatal(err)
					}
					p := team
					p.key = secret
					people = append(people, p)
				}
				budgets = append(budgets, g.budget(team, ledger.User, "0.02"), g.budget(team, ledger.Team, "0.015"), g.budget(team, ledger.Gateway, "0.03"))
				script := providertest.Script{PromptTokens: 60, CompletionTokens: 90, DelayHeaders: 2 * time.Millisecond}
				if !honest {
					script.CompletionTokens = 400
				}
				g.up.Set("paid", script)
				type call struct {
					p    person
					body string
				}
				var calls []call
				for range 60 {
					p := people[random.IntN(len(people))]
					calls = append(calls, call{p, chatBody(p, "paid", fmt.Sprintf(`"max_tokens":%d,"stream":%v`, 90+random.IntN(200), random.IntN(2) == 0))})
				}
				var wg sync.WaitGroup
				for part := range slices.Chunk(calls, 6) {
					wg.Go(func() {
						for _, c := range part {
							if a, err := g.try("POST", "/v1/chat/completions", c.p.key, c.body, nil); err != nil || (a.Status != 200 && a.Status != 429) {
								t.Errorf("%d %s %v", a.Status, a.Body, err)
							}
						}
					})
				}
				wg.Wait()
				g.settled()
				over := g.query("select coalesce(sum(cost - held), 0) from entries where cost > held")
				if (over == 0) != honest {
					t.Errorf("%d above what was held", over)
				}
				for _, b := range budgets {
					if posted := g.posted(b); posted > int64(*b.Limit)+over || posted == 0 {
						t.Errorf("%d posted of %d on the budget of the %s, and %d above what was held", posted, *b.Limit, b.Kind, over)
					}
				}
				if posted := g.posted(budgets[1]); honest && posted < int64(*budgets[1].Limit)*2/3 {
					t.Errorf("only %d posted: the limit was never near", posted)
				}
			})
		}
	})
}

// TestT08_HeldForWhatIsCalled: the hold is for the deployment about to be called, anew
// for each; what cannot be held for is not called, be it the fallback of a free model or
// a dearer one.
func TestT08_HeldForWhatIsCalled(t *testing.T) {
	t.Parallel()
	config := strings.Replace(admissionConfig, "models:\n", "models:\n  free-then-paid: [gpu/down, cloud/paid]\n", 1)
	eachEngine(t, func(t *testing.T, db option) {
		g := begin(t, config, db)
		g.up.Set("busy", providertest.Script{Status: 503})
		g.up.Set("down", providertest.Script{Status: 503})
		body := func(p person, model string) string { return chatBody(p, model, `"max_tokens":100`) }
		hold := bound(t, body(person{endUser: "end1"}, "cheap-then-dear"))*inputRate + 100*outputRate
		for _, row := range []struct {
			name, model string
			limit       int64
			status      int
			called      []string
			held        int64 // of the entry
		}{
			{"dearer, and it fits", "cheap-then-dear", 5 * hold, 200, []string{"busy", "dear"}, 5 * hold},
			{"dearer, and it does not", "cheap-then-dear", 5*hold - 1, 503, []string{"busy"}, 0},
			{"not even the first", "cheap-then-dear", hold - 1, 429, nil, 0},
			{"free, then paid, spent", "free-then-paid", 0, 503, []string{"down"}, 0},
			{"free, then paid, and it fits", "free-then-paid", 1_000_000_000, 200, []string{"down", "paid"}, -1},
		} {
			p := g.person(control.KeyChange{})
			p.endUser = "end1"
			limit := accounting.Money(row.limit)
			b := must(g.srv.control.CreateBudget(context.Background(), ledger.Budget{Kind: ledger.User, Owner: p.user, Limit: &limit, Window: ledger.Window{Unit: ledger.Month}}))(t)
			g.up.Reset()
			a := g.do("POST", "/v1/chat/completions", p.key, body(p, row.model), nil)
			if a.Status != row.status || !slices.Equal(g.called(), row.called) {
				t.Errorf("%s: %d %s after %v", row.name, a.Status, a.Body, g.called())
			}
			entries := g.entries(a.Header.Get("X-Request-Id"))
			if (len(entries) == 1) != (row.status == 200) || (len(entries) == 1 && row.held > 0 && int64(entries[0].Held) != row.held) || (row.status != 200 && g.posted(b) != 0) || g.held(b) != 0 {
				t.Errorf("%s: booked as %+v, %d posted, %d held", row.name, entries, g.posted(b), g.held(b))
			}
		}
	})
}
