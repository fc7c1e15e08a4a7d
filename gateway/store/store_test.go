package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math"
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
	"tollgate/gateway"
	"tollgate/gateway/access"
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
	return ledger.Claim{Budget: ledger.Budget{ID: budget, Kind: ledger.User, Limit: limit},
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
				return s.writer.do(context.Background(), &step{op: &op{kind: opSettle, hold: hold("broken", 10, c)}})
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
		if err := s.writer.do(context.Background(), &step{run: func() error { close(busy); <-gate; return nil }}); err != nil {
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
	free()
	wg.Wait()
	if err := s.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	if st := standingOf(t, s, c); st != (ledger.Standing{}) {
		t.Errorf("held for nobody: %+v", st)
	}
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

// TestOneProcessPerFile: a second opener is told who has the database.
func TestOneProcessPerFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.db")
	s := open(t, SQLite(path))
	if err := s.Announce(Holder{URL: "http://127.0.0.1:4000", Token: "t"}); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), SQLite(path), Options{Log: slog.New(slog.DiscardHandler)})
	var locked *LockedError
	if !errors.As(err, &locked) || locked.Holder != (Holder{PID: os.Getpid(), URL: "http://127.0.0.1:4000", Token: "t"}) {
		t.Fatalf("got %v %+v", err, locked)
	}
	for _, file := range []string{path, path + ".lock"} {
		if st, err := os.Stat(file); err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", filepath.Base(file), st.Mode(), err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, SQLite(path))
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestPragmas: what the promises about crashes rest on.
func TestPragmas(t *testing.T) {
	s := fresh(t)
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "mmap_size": "0"} {
		var got string
		if err := s.write.Raw("pragma " + pragma).Row().Scan(&got); errors.Is(err, sql.ErrNoRows) {
			got = "0" // an engine without mmap
		} else if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s is %s, want %s", pragma, got, want)
		}
	}
	if err := s.read.Exec("delete from users").Error; err == nil {
		t.Error("the reading pool can write")
	}
	for have, old := range map[string]bool{"3.51.2": true, "3.51.3": false, "3.9.9": true, "4.0.0": false, "3.54.1": false, "junk": true, "3.51": true} {
		if olderThan(have, MinEngine) != old {
			t.Errorf("%s is older: %v", have, !old)
		}
	}
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

// TestReports: paid from the entries, free and refused from the calls, side by side.
func TestReports(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		for i, cost := range []accounting.Money{5, 7} {
			h := hold(fmt.Sprint(i), 10)
			if _, err := s.Reserve(t.Context(), h); err != nil {
				t.Fatal(err)
			}
			if err := s.Settle(t.Context(), paid(h, cost)); err != nil {
				t.Fatal(err)
			}
		}
		h := hold("unpriced", 0)
		h.Unpriced = true
		if _, err := s.Reserve(t.Context(), h); err != nil {
			t.Fatal(err)
		}
		if err := s.Settle(t.Context(), ledger.Entry{Hold: h, Outcome: ledger.Outcome{At: day, Status: "ok", Usage: accounting.Usage{accounting.Input: 1}}}); err != nil {
			t.Fatal(err)
		}
		s.Record(gateway.Record{At: day, KeyID: "k", UserID: "u", Model: "free", Price: "free", Usage: accounting.Usage{accounting.Input: 100, accounting.Output: 50}, Status: "ok"})
		s.Record(gateway.Record{At: day.AddDate(0, 0, 1), KeyID: "k", UserID: "u", Model: "m", Status: "budget_exceeded"})
		for model, worth := range map[string][]*accounting.Money{"some": {money(3), nil, money(1_999_999_999)}, "nothing": {money(0)}, "most": {money(math.MaxInt64 - 2), money(2)}, "beyond": {money(math.MaxInt64), nil, money(math.MaxInt64), money(1)}} {
			for _, w := range worth {
				s.Record(gateway.Record{At: day.AddDate(0, 0, 2), KeyID: "k", UserID: "u", Model: model, Price: "free", Worth: w, Status: "ok"})
			}
		}
		for until := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
			var n int64
			if err := s.read.Raw("select count(*) from calls").Row().Scan(&n); err != nil {
				t.Fatal(err)
			}
			if n == 2+10 {
				break
			}
			if time.Now().After(until) {
				t.Fatal("the records never came")
			}
		}
		rows, err := s.Usage(t.Context(), control.UsageQuery{By: []string{"day", "user", "model"}})
		if err != nil {
			t.Fatal(err)
		}
		want := []control.UsageRow{
			{Group: []string{"2026-11-23", "u", "free"}, Free: control.FreeSums{Sums: control.Sums{Calls: 1, Input: 100, Output: 50}}},
			{Group: []string{"2026-11-23", "u", "m"}, Cost: 12, Paid: control.Sums{Calls: 2, Input: 20, Cached: 6, Output: 14}, Unpriced: control.Sums{Calls: 1, Input: 1}},
			{Group: []string{"2026-11-24", "u", "m"}, Refused: 1},
			{Group: []string{"2026-11-25", "u", "beyond"}, Free: control.FreeSums{Sums: control.Sums{Calls: 4}, Worth: money(math.MaxInt64)}},
			{Group: []string{"2026-11-25", "u", "most"}, Free: control.FreeSums{Sums: control.Sums{Calls: 2}, Worth: money(math.MaxInt64)}},
			{Group: []string{"2026-11-25", "u", "nothing"}, Free: control.FreeSums{Sums: control.Sums{Calls: 1}, Worth: money(0)}},
			{Group: []string{"2026-11-25", "u", "some"}, Free: control.FreeSums{Sums: control.Sums{Calls: 3}, Worth: money(2_000_000_002)}},
		}
		if !reflect.DeepEqual(rows, want) {
			t.Errorf("got %+v\nwant %+v", rows, want)
		}
		for _, q := range []control.UsageQuery{{UserID: "nobody"}, {From: day.AddDate(1, 0, 0)}, {To: day.AddDate(-1, 0, 0)}, {Model: "'; drop table calls; --"}, {TeamID: "t"}, {EndUser: "e"}, {KeyID: "x"}, {Tag: "'"}, {Tag: "t"}} {
			rows, err := s.Usage(t.Context(), q)
			if err != nil || len(rows) != 1 || rows[0].Cost != 0 || rows[0].Free != (control.FreeSums{}) {
				t.Errorf("%+v: %+v, %v", q, rows, err)
			}
		}
		if _, err := s.Usage(t.Context(), control.UsageQuery{By: []string{"cost; --"}}); !errors.Is(err, control.ErrInvalid) {
			t.Errorf("an unknown column: %v", err)
		}
	})
}

// TestPeople: what is written is what is read, and references are kept.
func TestPeople(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		u := access.User{ID: "alice", Name: "Alice", Email: "a@x", Role: access.Viewer, Models: []string{"free"}, Created: day}
		team := access.Team{ID: "physics", Name: "Physics", Models: []string{}, Aliases: map[string]string{"fast": "qwen"}, Tags: []string{"a", "ä"}, Members: []string{}, Admins: []string{}, Created: day}
		key := access.Key{ID: "k", Name: "laptop", Digest: access.DigestOf("secret"), Hint: "cret", Role: access.Caller, UserID: "alice", TeamID: "physics", Models: []string{"a*"},
			Expires: day.AddDate(1, 0, 0), Blocked: true, EndUsers: true, BudgetFallback: []string{"qwen"}, Aliases: map[string]string{"a": "b"}, Metadata: map[string]string{"x": "y"}, Routes: []string{"read", "/v1/*"}, Tags: []string{"red/batch"}, CallTags: true, Created: day,
			Former: access.DigestOf("former"), FormerUntil: day.AddDate(0, 0, 1)}
		limit := accounting.Money(5e9)
		zone, err := time.LoadLocation("Europe/Berlin")
		if err != nil {
			t.Fatal(err)
		}
		budget := ledger.Budget{ID: "b", Name: "n", Kind: ledger.User, Owner: "alice", Models: []string{"gpt*"}, Limit: &limit, Origin: "api",
			Window: ledger.Window{Unit: ledger.Month, Count: 3, Zone: zone, Start: day}}
		steps := []struct {
			what string
			err  error
			want error
		}{
			{"user", s.CreateUser(ctx, u), nil},
			{"user again", s.CreateUser(ctx, u), control.ErrExists},
			{"team", s.CreateTeam(ctx, team), nil},
			{"member", s.AddMember(ctx, "physics", "alice"), nil},
			{"member again", s.AddMember(ctx, "physics", "alice"), nil},
			{"member of nothing", s.AddMember(ctx, "nothing", "alice"), control.ErrNotFound},
			{"key", s.CreateKey(ctx, control.StoredKey{Key: key}), nil},
			{"key again", s.CreateKey(ctx, control.StoredKey{Key: key}), control.ErrExists},
			{"key of nobody", s.CreateKey(ctx, control.StoredKey{Key: access.Key{ID: "z", UserID: "nobody"}}), control.ErrNotFound},
			{"budget", s.CreateBudget(ctx, budget, day), nil},
			{"no such user", s.UpdateUser(ctx, access.User{ID: "bob"}), control.ErrNotFound},
			{"no such team", s.UpdateTeam(ctx, access.Team{ID: "x"}), control.ErrNotFound},
			{"no such key", s.DeleteKey(ctx, "x"), control.ErrNotFound},
			{"no such budget", s.DeleteBudget(ctx, "x"), control.ErrNotFound},
			{"no such member", s.RemoveMember(ctx, "physics", "bob"), control.ErrNotFound},
		}
		for _, st := range steps {
			if !errors.Is(st.err, st.want) {
				t.Errorf("%s: %v, want %v", st.what, st.err, st.want)
			}
		}
		team.Members = []string{"alice"}
		if got, err := s.Users(ctx); err != nil || !reflect.DeepEqual(got, []access.User{u}) {
			t.Errorf("%+v, %v", got, err)
		}
		if got, err := s.Teams(ctx); err != nil || !reflect.DeepEqual(got, []access.Team{team}) {
			t.Errorf("%+v, %v", got, err)
		}
		if got, err := s.Keys(ctx); err != nil || !reflect.DeepEqual(got, []control.StoredKey{{Key: key}}) {
			t.Errorf("%+v, %v", got, err)
		}
		if got, err := s.Budgets(ctx); err != nil || len(got) != 1 || got[0].Window.At(day) != budget.Window.At(day) || *got[0].Limit != limit || got[0].Window.String() != "3 months" {
			t.Errorf("%+v, %v", got, err)
		}
		if err := s.DeleteUser(ctx, "alice"); err != nil {
			t.Fatal(err)
		}
		if keys, err := s.Keys(ctx); err != nil || len(keys) != 0 {
			t.Errorf("a key outlived its user: %+v, %v", keys, err)
		}
	})
}

// TestPathsAreTakenAsTheyAre: whatever stands in a path is part of it and no setting.
func TestPathsAreTakenAsTheyAre(t *testing.T) {
	for _, name := range []string{"a b.db", "q?mode=memory.db", "p%20q.db", "h#x.db", "ü.db", "a&_synchronous=OFF.db"} {
		path := filepath.Join(t.TempDir(), name)
		s := open(t, SQLite(path))
		if err := s.CreateUser(t.Context(), access.User{ID: "u", Created: day}); err != nil {
			t.Fatal(err)
		}
		if users, err := s.Users(t.Context()); err != nil || len(users) != 1 {
			t.Errorf("%s: %v, %v", name, users, err)
		}
		if st, err := os.Stat(path); err != nil || st.Size() == 0 && st.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v", name, err)
		}
		var mode string
		if err := s.write.Raw("pragma synchronous").Row().Scan(&mode); err != nil || mode != "2" {
			t.Errorf("%s: synchronous %s, %v", name, mode, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if st, err := os.Stat(path); err != nil || st.Size() == 0 {
			t.Errorf("%s: the file is empty: the database is elsewhere", name)
		}
	}
}
