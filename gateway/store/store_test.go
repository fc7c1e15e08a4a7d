package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/gateway/store/storetest"
)

func TestMain(m *testing.M) {
	// gorm keeps one goroutine for the statement cache of each database it ever opened.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("gorm.io/gorm/internal/lru.NewLRU[...].func1"))
}

func open(t testing.TB, d Database) *Store {
	t.Helper()
	s, err := Open(context.Background(), d, Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func fresh(t testing.TB) *Store {
	t.Helper()
	return open(t, SQLite(filepath.Join(t.TempDir(), "t.db")))
}

// each runs a test over a new database of each engine: what holds of one holds of the
// other (trust.md S20).
func each(t *testing.T, test func(t *testing.T, d Database)) {
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(filepath.Join(t.TempDir(), "t.db"))) })
	t.Run("postgres", func(t *testing.T) { test(t, postgresDatabase(t)) })
}

// eachStore is each with the database open.
func eachStore(t *testing.T, test func(t *testing.T, s *Store)) {
	each(t, func(t *testing.T, d Database) { test(t, open(t, d)) })
}

// postgresDatabase makes a database on the server that .ci/services started.
func postgresDatabase(t testing.TB) Database {
	t.Helper()
	return Postgres(storetest.Database(t))
}

var day = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func money(n int64) *accounting.Money { m := accounting.Money(n); return &m }

// claim is on the counter of one account of one budget.
func claim(budget, account string, limit *accounting.Money) ledger.Claim {
	return ledger.Claim{Budget: &ledger.Budget{ID: budget, Kind: ledger.User, Limit: limit},
		Counter: ledger.Counter{Budget: budget, Account: ledger.Account{Kind: ledger.User, ID: account}, Start: day}}
}

func hold(id string, amount accounting.Money, claims ...ledger.Claim) ledger.Hold {
	return ledger.Hold{ID: id, At: day, Amount: amount, Prompt: amount / 2, Need: max(amount, 1), Claims: claims,
		Facts: ledger.Facts{RequestID: "r-" + id, KeyID: "k", UserID: "u", Operation: "chat", Model: "m", Deployment: "p/m"}, PriceVersion: "v"}
}

func standingOf(t *testing.T, s *Store, c ledger.Claim) ledger.Standing {
	t.Helper()
	st, err := s.Standings(t.Context(), []ledger.Counter{c.Counter})
	if err != nil {
		t.Fatal(err)
	}
	return st[0]
}

// TestStandingsOfNone: whoever asks for no counter learns whether the database is there.
func TestStandingsOfNone(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		if st, err := s.Standings(t.Context(), nil); err != nil || len(st) != 0 {
			t.Errorf("%v, %v", st, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Standings(t.Context(), nil); !errors.Is(err, ledger.ErrUnavailable) {
			t.Errorf("of one that is closed: %v", err)
		}
	})
}

func paid(h ledger.Hold, cost accounting.Money) ledger.Entry {
	u := accounting.Usage{accounting.Input: 7, accounting.CachedInput: 3, accounting.Output: 5, accounting.Reasoning: 2}
	return ledger.Entry{Hold: h, Outcome: ledger.Outcome{At: day.Add(time.Second), Usage: u, Source: accounting.Reported, Status: "ok", Model: "m-2026",
		Cost: &accounting.Cost{Total: cost, Lines: []accounting.Line{{Meter: accounting.Input, Count: 7, Rate: 9}}}}}
}

// TestT15_SecondAttempt: what an Idempotency-Key names is the newest attempt of its request,
// so that the end of one before does not free it.
func TestT15_SecondAttempt(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		attempt := func(id, request string) ledger.Hold {
			h := hold(id, 10)
			h.Facts.RequestID, h.Once = request, &ledger.Once{Token: "t", Body: "b"}
			return h
		}
		first, second := attempt("one", "r"), attempt("two", "r")
		for _, h := range []ledger.Hold{first, second} {
			if _, err := s.Reserve(t.Context(), h); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(s.Release(t.Context(), first), s.Settle(t.Context(), paid(second, 3))); err != nil {
			t.Fatal(err)
		}
		var repeated *ledger.Repeated
		if _, err := s.Reserve(t.Context(), attempt("three", "another")); !errors.As(err, &repeated) || repeated.Running || repeated.RequestID != "r" {
			t.Errorf("what was paid for is paid for again: %v", err)
		}
		// What was never paid for is free for anybody.
		gone, next := attempt("gone", "r1"), attempt("next", "r2")
		gone.Once, next.Once = &ledger.Once{Token: "other", Body: "b"}, &ledger.Once{Token: "other", Body: "b"}
		if _, err := s.Reserve(t.Context(), gone); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Reserve(t.Context(), next); !errors.As(err, &repeated) || !repeated.Running {
			t.Errorf("what runs is begun again: %v", err)
		}
		if err := s.Release(t.Context(), gone); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Reserve(t.Context(), next); err != nil {
			t.Errorf("what was released is taken: %v", err)
		}
	})
}

// TestExtensions: a hold is brought up to what was asked for, once, and never lowered; its
// entry says what was held in the end.
func TestExtensions(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		c := claim("b", "a", money(150))
		h := hold("h", 100, c)
		if _, err := s.Reserve(t.Context(), h); err != nil {
			t.Fatal(err)
		}
		for _, extra := range []accounting.Money{50, 50, 20} {
			h.Need = extra
			if err := s.Extend(t.Context(), h, extra); err != nil {
				t.Errorf("by %d: %v", extra, err)
			}
			if st := standingOf(t, s, c); st.Held != 150 {
				t.Errorf("by %d: %+v", extra, st)
			}
		}
		if err := s.Settle(t.Context(), paid(h, 30)); err != nil {
			t.Fatal(err)
		}
		if all, err := s.Entries(t.Context(), control.EntryQuery{Limit: 10}); err != nil || len(all) != 1 || all[0].Held != 150 {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

// TestLateIsWrittenOnce: what was served while the books did not answer may be written again
// and again, and is there once, whatever its budget allows.
func TestLateIsWrittenOnce(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		c := claim("b", "a", money(10))
		h := hold("h", 100, c)
		h.Late = true
		for range 2 {
			if _, err := s.Reserve(t.Context(), h); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Settle(t.Context(), paid(h, 30)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Reserve(t.Context(), h); !errors.Is(err, ledger.ErrNotOpen) {
			t.Errorf("once more: %v", err)
		}
		if st := standingOf(t, s, c); st != (ledger.Standing{Posted: 30}) {
			t.Errorf("%+v", st)
		}
	})
}

// TestEndsInOneCommit: of two ends of one hold that wait for the same commit one happens.
func TestEndsInOneCommit(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		c := claim("b", "a", money(1000))
		posted := accounting.Money(0)
		for round, ends := range [][2]bool{{true, true}, {true, false}, {false, true}, {false, false}} { // settled, or released
			h := hold(fmt.Sprint(round), 100, c)
			if _, err := s.Reserve(t.Context(), h); err != nil {
				t.Fatal(err)
			}
			free := occupy(t, s)
			var errs [2]error
			var wg sync.WaitGroup
			for i, settles := range ends {
				wg.Go(func() {
					if settles {
						errs[i] = s.Settle(context.Background(), paid(h, 30))
					} else {
						errs[i] = s.Release(context.Background(), h)
					}
				})
				for len(s.writer.queue) <= i { // in this order
					time.Sleep(time.Millisecond)
				}
			}
			free()
			wg.Wait()
			if ends[0] {
				posted += 30
			}
			if errs[0] != nil || !errors.Is(errs[1], ledger.ErrNotOpen) {
				t.Errorf("%v: %v, %v", ends, errs[0], errs[1])
			}
			if st := standingOf(t, s, c); st != (ledger.Standing{Posted: posted}) {
				t.Errorf("%v: %+v, want %d posted", ends, st, posted)
			}
		}
		// The first takes the process for dead: then the second is what is true.
		for name, end := range map[string]func(ledger.Hold) error{
			"settled":  func(h ledger.Hold) error { posted += 30; return s.Settle(context.Background(), paid(h, 30)) },
			"released": func(h ledger.Hold) error { return s.Release(context.Background(), h) },
		} {
			h := hold(name, 100, c)
			if _, err := s.Reserve(t.Context(), h); err != nil {
				t.Fatal(err)
			}
			orphan := paid(h, 100)
			orphan.Outcome.Status = ledger.Orphaned
			free := occupy(t, s)
			var errs [2]error
			var wg sync.WaitGroup
			for i, end := range []func() error{func() error { return s.Settle(context.Background(), orphan) }, func() error { return end(h) }} {
				wg.Go(func() { errs[i] = end() })
				for len(s.writer.queue) <= i {
					time.Sleep(time.Millisecond)
				}
			}
			free()
			wg.Wait()
			if st := standingOf(t, s, c); st != (ledger.Standing{Posted: posted}) || errs != [2]error{} {
				t.Errorf("%s after all: %+v, want %d posted; %v", name, st, posted, errs)
			}
		}
		checkChains(t, s)
		v, err := s.Verify(t.Context())
		if err != nil || v.Corrections != 2 || slices.ContainsFunc(v.Differences, func(d control.Difference) bool {
			return !strings.Contains(d.Expected, "by its counts and rates") // which are not those of these costs
		}) {
			t.Errorf("%+v, %v", v, err)
		}
	})
}

// TestHoldEndsOnce: a hold is settled or released once, whatever is tried after.
func TestHoldEndsOnce(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		c := claim("b", "alice", money(100))
		ends := map[string]func(ledger.Hold) error{
			"settle":  func(h ledger.Hold) error { return s.Settle(t.Context(), paid(h, 30)) },
			"release": func(h ledger.Hold) error { return s.Release(t.Context(), h) },
		}
		posted := accounting.Money(0)
		for first, end := range ends {
			for second, again := range ends {
				h := hold(first+second, 10, c)
				if _, err := s.Reserve(t.Context(), h); err != nil {
					t.Fatal(err)
				}
				if st := standingOf(t, s, c); st != (ledger.Standing{Posted: posted, Held: 10}) {
					t.Fatalf("held: %+v", st)
				}
				if err := end(h); err != nil {
					t.Fatal(err)
				}
				if first == "settle" {
					posted += 30
				}
				if err := again(h); !errors.Is(err, ledger.ErrNotOpen) {
					t.Errorf("%s after %s: %v", second, first, err)
				}
				if err := s.Extend(t.Context(), h, 1); !errors.Is(err, ledger.ErrNotOpen) {
					t.Errorf("extend after %s: %v", first, err)
				}
				if st := standingOf(t, s, c); st != (ledger.Standing{Posted: posted}) {
					t.Errorf("%s, then %s: %+v, want %d posted", first, second, st, posted)
				}
			}
		}
	})
}

// TestReserveIsAllOrNone: when one of several budgets refuses, none has moved, and
// every one that refuses is named.
func TestReserveIsAllOrNone(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		wide, tight, zero, none := claim("wide", "a", money(1000)), claim("tight", "a", money(5)), claim("zero", "a", money(0)), claim("none", "a", nil)
		_, err := s.Reserve(t.Context(), hold("h", 10, none, wide, tight, zero))
		var r *ledger.Refusal
		if !errors.As(err, &r) || len(r.Short) != 2 || r.Short[0].State != ledger.Tight || r.Short[1].State != ledger.Zero {
			t.Fatalf("got %v", err)
		}
		for _, c := range []ledger.Claim{wide, tight, zero, none} {
			if st := standingOf(t, s, c); st != (ledger.Standing{}) {
				t.Errorf("%s moved: %+v", c.Budget.ID, st)
			}
		}
		var holds int
		if err := s.read.Raw(`select count(*) from holds`).Scan(&holds).Error; err != nil || holds != 0 {
			t.Errorf("%d holds, %v", holds, err)
		}
		after, err := s.Reserve(t.Context(), hold("h", 10, none, wide))
		if err != nil || !reflect.DeepEqual(after, []ledger.Standing{{Held: 10}, {Held: 10}}) {
			t.Errorf("%+v, %v", after, err)
		}
		if err := s.Extend(t.Context(), hold("h", 10, none, wide, tight), 10); !errors.As(err, &r) {
			t.Errorf("an extension that does not fit: %v", err)
		}
		if st := standingOf(t, s, wide); st.Held != 10 {
			t.Errorf("after a refused extension: %+v", st)
		}
	})
}

// TestConcurrentReservesNeverPassTheLimit: of many at once exactly as many pass as
// fit, whatever batches they fall in.
func TestConcurrentReservesNeverPassTheLimit(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		user, team := claim("user", "a", money(1000)), claim("team", "t", money(700))
		var passed atomic.Int64
		var wg sync.WaitGroup
		for i := range 400 {
			wg.Go(func() {
				h := hold(fmt.Sprint(i), 10, user, team)
				_, err := s.Reserve(context.Background(), h)
				var r *ledger.Refusal
				switch {
				case err == nil:
					passed.Add(1)
					if i%2 == 0 {
						err = s.Settle(context.Background(), paid(h, 10))
					}
				case errors.As(err, &r):
					err = nil
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if passed.Load() != 70 {
			t.Errorf("%d passed, want 70", passed.Load())
		}
		for _, c := range []ledger.Claim{user, team} {
			if st := standingOf(t, s, c); st.Posted+st.Held != 700 {
				t.Errorf("%s: %+v", c.Budget.ID, st)
			}
		}
	})
}

// TestAPanicOfStandingsIsItsOwn: what panics while it is read where budgets stand ends what
// has asked, which recovers, and not the program.
func TestAPanicOfStandingsIsItsOwn(t *testing.T) {
	s := open(t, SQLite(filepath.Join(t.TempDir(), "t.db")))
	c := claim("b", "a", money(1000))
	e := s.engine.(*sqliteEngine)
	reading := e.st.reading
	e.st.reading = nil
	func() {
		defer func() {
			if recover() == nil {
				t.Error("no panic")
			}
		}()
		_, _ = s.Standings(t.Context(), []ledger.Counter{c.Counter})
	}()
	e.st.reading = reading
	if _, err := s.Standings(t.Context(), []ledger.Counter{c.Counter}); err != nil {
		t.Error(err)
	}
}

// TestAStepFailsAlone: a refusal, a broken constraint and a panic leave the other
// steps of their batch alone.
func TestAStepFailsAlone(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		c := claim("b", "a", money(1000))
		for _, id := range []string{"twice", "broken"} {
			if _, err := s.Reserve(t.Context(), hold(id, 10, c)); err != nil {
				t.Fatal(err)
			}
		}
		free := occupy(t, s)
		reserve := func(id string, amount accounting.Money) func() error {
			return func() error { _, err := s.Reserve(context.Background(), hold(id, amount, c)); return err }
		}
		steps := []struct {
			run func() error
			bad bool
		}{
			{reserve("a", 10), false},
			{reserve("refused", 5000), true},
			{reserve("b", 10), false},
			{reserve("twice", 10), true}, // its id is taken
			{reserve("c", 10), false},
			{func() error { // a settlement without an entry
				broken := hold("broken", 10, c)
				_, err := s.writer.post(context.Background(), op{kind: opSettle, hold: heldOf(&broken)})
				return err
			}, true},
			{reserve("d", 10), false},
		}
		results := make([]error, len(steps))
		var wg sync.WaitGroup
		for i, st := range steps {
			wg.Go(func() { results[i] = st.run() })
			for len(s.writer.queue) <= i {
				time.Sleep(time.Millisecond)
			}
		}
		free()
		wg.Wait()
		for i, st := range steps {
			if (results[i] != nil) != st.bad || errors.Is(results[i], ledger.ErrUnavailable) {
				t.Errorf("step %d: %v", i, results[i])
			}
		}
		var r *ledger.Refusal
		if !errors.As(results[1], &r) {
			t.Errorf("the step's own error is lost: %v", results[1])
		}
		var ids []string
		if err := s.read.Raw(`select id from holds order by id`).Scan(&ids).Error; err != nil || !slices.Equal(ids, []string{"a", "b", "broken", "c", "d", "twice"}) {
			t.Errorf("%v, %v", ids, err)
		}
		if st := standingOf(t, s, c); st.Held != 60 {
			t.Errorf("%+v", st)
		}
	})
}

// occupy keeps the writer busy until the returned function is called, so that steps
// queue up.
func occupy(t *testing.T, s *Store) (free func()) {
	t.Helper()
	gate, busy, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		if err := s.writer.do(context.Background(), func() error { close(busy); <-gate; return nil }); err != nil {
			t.Error(err)
		}
	}()
	<-busy
	return func() { close(gate); <-done }
}

// TestAnImpatientCallerLeavesNothing: a step whose caller has gone before it began
// never happens.
func TestAnImpatientCallerLeavesNothing(t *testing.T) {
	s := fresh(t)
	free := occupy(t, s)
	var wg sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	wg.Go(func() {
		for len(s.writer.queue) == 0 {
			time.Sleep(time.Millisecond)
		}
		cancel()
	})
	c := claim("b", "a", money(100))
	_, err := s.Reserve(ctx, hold("h", 10, c))
	if errors.Is(err, ledger.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("a caller that left: %v", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := s.Reserve(ctx, hold("h", 10, c)); !errors.Is(err, ledger.ErrUnavailable) {
		t.Errorf("a deadline: %v", err)
	}
	s.writer.turn = time.Millisecond
	for len(s.writer.queue) < cap(s.writer.queue) { // those that find the line full give up too
		if _, err := s.Reserve(t.Context(), hold("h", 10, c)); !errors.Is(err, ledger.ErrUnavailable) || !strings.Contains(err.Error(), "no turn within 1ms") {
			t.Fatalf("its turn did not come: %v", err)
		}
		for range queueLen / 8 {
			s.Checkpoint(hold("h", 10), ledger.Progress{})
		}
	}
	if _, err := s.Reserve(t.Context(), hold("h", 10, c)); !errors.Is(err, ledger.ErrUnavailable) {
		t.Errorf("a full line: %v", err)
	}
	s.writer.turn = turnLimit
	free()
	wg.Wait()
	if err := s.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	if st := standingOf(t, s, c); st != (ledger.Standing{}) {
		t.Errorf("held for nobody: %+v", st)
	}
}

// TestPing: books that are there answer, also after a commit that failed, and those that are
// closed do not.
func TestPing(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		for _, down := range []bool{false, true} {
			s.writer.down.Store(down)
			if err := s.Ping(t.Context()); err != nil {
				t.Errorf("the last commit failed: %t: %v", down, err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := s.Ping(t.Context()); !errors.Is(err, ledger.ErrUnavailable) {
			t.Errorf("closed: %v", err)
		}
	})
}

// TestSurvivesARestart: holds that were open are found, and settled as uncertain.
func TestSurvivesARestart(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		s := open(t, d)
		c := claim("b", "alice", money(1000))
		for _, id := range []string{"lost", "done"} {
			if _, err := s.Reserve(t.Context(), hold(id, 100, c)); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Settle(t.Context(), paid(hold("done", 100, c), 60)); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}

		s = open(t, d)
		l := ledger.New(s, ledger.Rules{Admission: ledger.Strict}, func() time.Time { return day.Add(time.Hour) })
		if n, err := l.SettleOrphans(t.Context()); n != 1 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		if st := standingOf(t, s, c); st != (ledger.Standing{Posted: 60 + 50}) {
			t.Errorf("%+v", st)
		}
		entries, err := s.Entries(t.Context(), control.EntryQuery{Limit: 10})
		if err != nil || len(entries) != 2 || entries[0].ID != "lost" || entries[0].Source != "uncertain" || entries[0].Status != "orphaned" || *entries[0].Cost != 50 {
			t.Errorf("%+v, %v", entries, err)
		}
		if n, err := l.SettleOrphans(t.Context()); n != 0 || err != nil {
			t.Errorf("a second time: %d, %v", n, err)
		}
	})
}

// TestEntriesAreNeverChanged: not even by SQL.
func TestEntriesAreNeverChanged(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		h := hold("h", 10)
		if _, err := s.Reserve(t.Context(), h); err != nil {
			t.Fatal(err)
		}
		if err := s.Settle(t.Context(), paid(h, 7)); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"update entries set cost = 0", "delete from entries"} {
			if err := s.write.Exec(text).Error; err == nil || !strings.Contains(err.Error(), "entries are never") {
				t.Errorf("%s: %v", text, err)
			}
		}
	})
}

// TestRowsFitTheSchema holds the row types against the migrated tables: the same
// columns, no more and no fewer.
func TestRowsFitTheSchema(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		for table, row := range map[string]any{"users": userRow{}, "orgs": orgRow{}, "end_users": endUserRow{}, "tags": tagRow{}, "teams": teamRow{}, "keys": keyRow{}, "budgets": budgetRow{}, "entries": entryRow{}, "calls": callRow{}, "shadow_calls": shadowRow{}, "changes": changeRow{},
			"deployments": deploymentRow{}, "credentials": credentialRow{}, "model_groups": groupRow{}, "fallbacks": fallbackRow{}} {
			var columns, fields []string
			text := `select name from pragma_table_info(?)`
			if s.lock == nil {
				text = `select column_name from information_schema.columns where table_schema = 'public' and table_name = ?`
			}
			if err := s.read.Raw(text, table).Scan(&columns).Error; err != nil {
				t.Fatal(err)
			}
			for i := range reflect.TypeOf(row).NumField() {
				if f := reflect.TypeOf(row).Field(i); f.IsExported() {
					fields = append(fields, s.write.NamingStrategy.ColumnName("", f.Name))
				}
			}
			switch table {
			case "calls", "shadow_calls":
				fields = append(fields, "id")
			case "changes":
				fields = append(fields, "seq")
			case "users", "orgs", "end_users", "tags", "teams", "keys", "deployments", "credentials", "model_groups":
				fields = append(fields, "attributes") // which are read when they are asked for
			}
			slices.Sort(columns)
			slices.Sort(fields)
			if !slices.Equal(columns, fields) {
				t.Errorf("%s: the table has %v, the row %v", table, columns, fields)
			}
		}
	})
}

// TestBooksAddUp drives random holds and ends and compares every counter with what
// was granted, and with the sum of the entries.
func TestBooksAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "books")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		s, err := Open(context.Background(), SQLite(filepath.Join(dir, "t.db")), Options{Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		ctx := context.Background()
		claims := []ledger.Claim{claim("b1", "a", money(500)), claim("b2", "a", money(300)), claim("b3", "a", nil)}
		want := make([]ledger.Standing, len(claims))
		open := map[string]ledger.Hold{}
		for i := range rapid.IntRange(1, 25).Draw(t, "steps") {
			id := fmt.Sprint(i)
			switch rapid.SampledFrom([]string{"reserve", "reserve", "settle", "release", "extend"}).Draw(t, "step") {
			case "reserve":
				h := hold(id, accounting.Money(rapid.IntRange(0, 200).Draw(t, "amount")), claims...)
				fits := true
				for j, c := range claims {
					fits = fits && (c.Budget.Limit == nil || want[j].Posted+want[j].Held+h.Need <= *c.Budget.Limit)
				}
				if _, err := s.Reserve(ctx, h); (err == nil) != fits {
					t.Fatalf("reserve %d fits %v: %v", h.Amount, fits, err)
				}
				if fits {
					open[id] = h
					for j := range want {
						want[j].Held += h.Amount
					}
				}
			default:
				var ids []string
				for id := range open {
					ids = append(ids, id)
				}
				if len(ids) == 0 {
					continue
				}
				slices.Sort(ids)
				h := open[rapid.SampledFrom(ids).Draw(t, "hold")]
				cost := accounting.Money(rapid.IntRange(0, 400).Draw(t, "cost"))
				if rapid.Bool().Draw(t, "post") {
					if err := s.Settle(ctx, paid(h, cost)); err != nil {
						t.Fatal(err)
					}
				} else {
					cost = 0
					if err := s.Release(ctx, h); err != nil {
						t.Fatal(err)
					}
				}
				for j := range want {
					want[j].Held -= h.Amount
					want[j].Posted += cost
				}
				delete(open, h.ID)
			}
		}
		for j, c := range claims {
			got, err := s.Standings(ctx, []ledger.Counter{c.Counter})
			if err != nil || got[0] != want[j] {
				t.Fatalf("%s stands at %+v, want %+v (%v)", c.Budget.ID, got, want[j], err)
			}
		}
		var sum sql.NullInt64
		if err := s.read.Raw(`select sum(cost) from entries`).Row().Scan(&sum); err != nil || accounting.Money(sum.Int64) != want[0].Posted {
			t.Fatalf("the entries add up to %d, the counters to %d (%v)", sum.Int64, want[0].Posted, err)
		}
	})
}

func second[T any](_ T, err error) error { return err }
