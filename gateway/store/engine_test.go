package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/store/storetest"
)

func openWith(t testing.TB, d Database, o Options) *Store {
	t.Helper()
	o.Log = slog.New(slog.DiscardHandler)
	s, err := Open(context.Background(), d, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// number reads one number.
func number(t testing.TB, s *Store, text string, args ...any) int64 {
	t.Helper()
	var n int64
	if err := s.read.Raw(text, args...).Row().Scan(&n); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return n
}

// outside is a connection of another process to the same database.
func outside(t testing.TB, d Database) *sql.DB {
	t.Helper()
	driver, dsn := "pgx", d.URL
	if d.Driver == "sqlite" {
		driver, dsn = "sqlite3", "file:"+d.Path+"?_busy_timeout=1"
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// counting counts what an engine commits.
type counting struct {
	engine
	commits atomic.Int64
}

type countingPage struct {
	page
	e *counting
}

func (c *counting) begin(ctx context.Context, keys []counterKey) (page, []ledger.Standing, error) {
	p, standings, err := c.engine.begin(ctx, keys)
	if err != nil {
		return nil, nil, err
	}
	return countingPage{p, c}, standings, nil
}

func (p countingPage) commit() error {
	p.e.commits.Add(1)
	return p.page.commit()
}

// TestS10_GroupCommit: what queues while the writer is busy is committed together, as
// much as fits at once, and nobody waits for a timer: the commits are as few as can be,
// and a step that finds the writer idle is a commit of its own.
func TestS10_GroupCommit(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		c := &counting{engine: s.engine}
		s.writer.books.engine = c // before the first step
		limit := claim("b", "a", money(1e9))
		for i := range 3 {
			if _, err := s.Reserve(t.Context(), hold(fmt.Sprint("alone", i), 1, limit)); err != nil {
				t.Fatal(err)
			}
		}
		if n := c.commits.Load(); n != 3 {
			t.Errorf("3 steps in turn were %d commits", n)
		}
		for _, n := range []int{1, 2, s.writer.maxBatch, s.writer.maxBatch + 1, 2*s.writer.maxBatch + 5} {
			free := occupy(t, s)
			c.commits.Store(0)
			var wg sync.WaitGroup
			for i := range n {
				wg.Go(func() {
					if _, err := s.Reserve(context.Background(), hold(fmt.Sprint(n, "-", i), 1, limit)); err != nil {
						t.Error(err)
					}
				})
			}
			for len(s.writer.queue) < n {
				time.Sleep(time.Millisecond)
			}
			free()
			wg.Wait()
			if got, want := c.commits.Load(), int64((n+s.writer.maxBatch-1)/s.writer.maxBatch); got != want {
				t.Errorf("%d steps that waited were %d commits, want %d", n, got, want)
			}
		}
		// A step that changes nothing is no commit at all.
		c.commits.Store(0)
		if err := s.Release(t.Context(), hold("nothing", 1, limit)); !errors.Is(err, ledger.ErrNotOpen) {
			t.Error(err)
		}
		if _, err := s.Reserve(t.Context(), hold("refused", 1, claim("zero", "a", money(0)))); err == nil {
			t.Error("admitted to a budget of 0")
		}
		if n := c.commits.Load(); n != 0 {
			t.Errorf("steps that change nothing were %d commits", n)
		}
	})
}

// broken is an engine that begins nothing while it is told so.
type broken struct {
	engine
	err atomic.Pointer[error]
}

func (e *broken) begin(ctx context.Context, keys []counterKey) (page, []ledger.Standing, error) {
	if err := e.err.Load(); err != nil {
		return nil, nil, *err
	}
	return e.engine.begin(ctx, keys)
}

// TestAnOutageIsToldOnce: however many commits fail while the database is down, the log has
// the first of them and the end.
func TestAnOutageIsToldOnce(t *testing.T) {
	s := fresh(t)
	b := &broken{engine: s.engine}
	var log bytes.Buffer
	if err := s.writer.do(t.Context(), func() error {
		s.writer.books.engine, s.writer.log = b, slog.New(slog.NewTextHandler(&log, nil))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for outage := range 2 {
		gone := errors.New("it is gone")
		b.err.Store(&gone)
		for i := range 5 {
			if _, err := s.Reserve(t.Context(), hold(fmt.Sprint(outage, "-", i), 1)); !errors.Is(err, ledger.ErrUnavailable) {
				t.Fatal(err)
			}
		}
		b.err.Store(nil)
		for i := range 2 {
			if _, err := s.Reserve(t.Context(), hold(fmt.Sprint(outage, "-after-", i), 1)); err != nil {
				t.Fatal(err)
			}
		}
	}
	text := log.String()
	if n := strings.Count(text, "\n"); n != 4 || strings.Count(text, "failed\"") != 2 || strings.Count(text, "succeed again\" failed=5") != 2 {
		t.Errorf("the log of two outages:\n%s", text)
	}
}

// TestS12_CountersAreComparedAndSet: nobody else can change a counter between the moment
// it is read and the moment it is written; were it changed all the same, the commit fails
// and loses no sum.
func TestS12_CountersAreComparedAndSet(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		s := open(t, d)
		c := claim("b", "a", money(1000))
		if _, err := s.Reserve(t.Context(), hold("first", 100, c)); err != nil {
			t.Fatal(err)
		}
		key := keyOf(c.Counter)
		p, standings, err := s.engine.begin(t.Context(), []counterKey{key})
		if err != nil || standings[0] != (ledger.Standing{Held: 100}) {
			t.Fatalf("%+v, %v", standings, err)
		}
		defer p.rollback()
		// Another process waits for the row or the file, and gives up.
		other, err := outside(t, d).Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		if d.Driver == "postgres" {
			if _, err := other.ExecContext(t.Context(), "set lock_timeout = '50ms'"); err != nil {
				t.Fatal(err)
			}
		}
		const foreign = "update counters set held = held + 7"
		if _, err := other.ExecContext(t.Context(), foreign); err == nil || !strings.Contains(err.Error(), "lock") {
			t.Errorf("another process changed a counter in between: %v", err)
		}
		if d.Driver == "sqlite" {
			// There is no way around the lock of the file. What another process did between two
			// commits is seen, although this one remembers where the counter stood.
			p.rollback()
			if _, err := other.ExecContext(t.Context(), foreign); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Reserve(t.Context(), hold("second", 100, c)); err != nil {
				t.Error(err)
			}
			if _, err := s.Reserve(t.Context(), hold("third", 794, c)); err == nil {
				t.Error("what another process holds was forgotten")
			}
			if st := standingOf(t, s, c); st.Held != 207 {
				t.Errorf("%+v", st)
			}
			return
		}
		// From within the transaction there is a way around the lock of the row.
		if _, err := p.(*postgresPage).tx.ExecContext(t.Context(), foreign); err != nil {
			t.Fatal(err)
		}
		change := counterChange{key: key, was: standings[0], now: ledger.Standing{Held: 150}}
		if err := p.write(&changes{counters: []counterChange{change}}); err == nil || !strings.Contains(err.Error(), "another process changed them") {
			t.Errorf("a counter that had moved was overwritten: %v", err)
		}
		p.rollback()
		if st := standingOf(t, s, c); st.Held != 100 {
			t.Errorf("%+v", st)
		}
	})
}

// TestAChainGoesOnFromWhereItWas: entries of a process that another commit has gone on
// with in the meantime are chained behind that one's, never beside them.
func TestAChainGoesOnFromWhereItWas(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		s := open(t, d)
		settle := func(id string) {
			t.Helper()
			h := hold(id, 10)
			if _, err := s.Reserve(t.Context(), h); err != nil {
				t.Fatal(err)
			}
			if err := s.Settle(t.Context(), paid(h, 7)); err != nil {
				t.Fatal(err)
			}
		}
		settle("one")
		// A commit of this process of which it never heard: its connection was lost.
		db := outside(t, d)
		for _, text := range []string{
			"insert into entries (id, at, held_at, request_id, key_id, user_id, team_id, end_user, operation, model, deployment, answered, stream, cost, held, input, cached, output, reasoning, usage, lines, price_version, tier, source, status, flags, took_us, claims, corrects, writer, month, seq, hash, org_id, reason, actor) " +
				"select 'unheard', at, held_at, request_id, key_id, user_id, team_id, end_user, operation, model, deployment, answered, stream, cost, held, input, cached, output, reasoning, usage, lines, price_version, tier, source, status, flags, took_us, claims, corrects, writer, month, seq + 1, 'a hash', org_id, reason, actor from entries",
			"update chains set entries = entries + 1, head = 'a hash', cost = cost + 7 where entries = 1",
		} {
			if _, err := db.Exec(text); err != nil {
				t.Fatal(err)
			}
		}
		settle("two")
		settle("three")
		if n := number(t, s, "select count(distinct seq) from entries"); n != 4 {
			t.Errorf("4 entries have %d places in the chain", n)
		}
		if n := number(t, s, "select count(*) from chains where entries = 4 and cost = 28 and head = (select hash from entries where id = 'three')"); n != 1 {
			t.Error("the chain does not end with the last entry")
		}
		row, err := readEntry(s.engine.(interface{ reading() *sql.DB }).reading().QueryRow("select " + entryNames + " from entries where id = 'two'"))
		if err != nil || row.Seq != 3 || row.Hash != row.digest("a hash") {
			t.Errorf("%+v, %v", row, err)
		}
	})
}

func (e *sqliteEngine) reading() *sql.DB { return e.readDB }

func (e *postgresEngine) reading() *sql.DB { return e.reader }

// TestS13_Retries: a commit that the server refuses for reasons that pass is tried again,
// a bounded number of times, and then its steps did not happen.
func TestS13_Retries(t *testing.T) {
	d := postgresDatabase(t)
	s := open(t, d)
	db := outside(t, d)
	exec := func(text string) {
		t.Helper()
		if _, err := db.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	// A sequence counts the tries: it does not go back with the transaction.
	exec("create sequence tries")
	for code, again := range map[string]bool{"40001": true, "40P01": true, "55P03": true, "57014": true, "25P03": true, "42501": false, "53100": false} {
		for failures := range maxTries + 1 {
			name := fmt.Sprintf("%s %d times", code, failures)
			exec("drop trigger if exists fail on holds")
			exec("select setval('tries', 1)")
			exec(fmt.Sprintf(`create or replace function fail() returns trigger language plpgsql as $$
				begin if nextval('tries') <= %d then raise exception 'not now' using errcode = '%s'; end if; return new; end $$`, failures+1, code))
			exec("create trigger fail before insert on holds for each row execute function fail()")
			c := claim(name, "a", money(100))
			_, err := s.Reserve(t.Context(), hold(name, 10, c))
			tries := number(t, s, "select last_value - 1 from tries")
			want := failures == 0 || again && failures < maxTries
			if (err == nil) != want || err != nil && (!errors.Is(err, ledger.ErrUnavailable) || errors.Is(err, ledger.ErrUnsure)) {
				t.Errorf("%s: %v", name, err)
			}
			most := int64(1)
			if again {
				most = min(int64(failures)+1, maxTries)
			}
			if tries != most {
				t.Errorf("%s: tried %d times, want %d", name, tries, most)
			}
			if held := standingOf(t, s, c).Held; (held == 10) != want || !want && held != 0 {
				t.Errorf("%s: %d held", name, held)
			}
		}
	}
	exec("drop trigger fail on holds")

	// The same for what is apart from the books.
	exec("select setval('tries', 1)")
	exec(`create or replace function fail() returns trigger language plpgsql as $$
		begin if nextval('tries') <= 3 then raise exception 'not now' using errcode = '55P03'; end if; return new; end $$`)
	exec("create trigger fail before insert on users for each row execute function fail()")
	if err := s.CreateUser(t.Context(), access.User{ID: "alice", Created: day}); err != nil {
		t.Errorf("a change: %v", err)
	}
	if n := number(t, s, "select count(*) from changes"); n != 1 {
		t.Errorf("%d changes were noted, want 1", n)
	}
}

// TestS13_ARowIsLocked: a commit waits for a row that somebody holds, not for ever, and
// goes through when it is free in time.
func TestS13_ARowIsLocked(t *testing.T) {
	t.Parallel()
	d := postgresDatabase(t)
	s := open(t, d)
	c := claim("b", "a", money(100))
	if _, err := s.Reserve(t.Context(), hold("first", 10, c)); err != nil {
		t.Fatal(err)
	}
	lock := func() *sql.Tx {
		tx, err := outside(t, d).Begin()
		if err == nil {
			_, err = tx.Exec("select 1 from counters for update")
		}
		if err != nil {
			t.Fatal(err)
		}
		return tx
	}
	tx := lock()
	time.AfterFunc(lockTimeout*3/2, func() { _ = tx.Rollback() })
	if _, err := s.Reserve(t.Context(), hold("patient", 10, c)); err != nil {
		t.Errorf("a row that was locked for longer than one try: %v", err)
	}
	tx = lock()
	_, err := s.Reserve(t.Context(), hold("never", 10, c))
	if !errors.Is(err, ledger.ErrUnavailable) || errors.Is(err, ledger.ErrUnsure) {
		t.Errorf("a row that stays locked: %v", err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Reserve(t.Context(), hold("after", 10, c)); err != nil {
		t.Error(err)
	}
	if st := standingOf(t, s, c); st.Held != 30 {
		t.Errorf("%+v", st)
	}
}

// TestStepsHappenOnce: a connection that breaks before, in or after a commit, whatever
// the client sees of it, lets every step happen once or not at all, and what the client is
// told is true.
func TestStepsHappenOnce(t *testing.T) {
	t.Parallel()
	d := postgresDatabase(t)
	w := storetest.NewWire(t, d.URL)
	s := open(t, Postgres(w.URL()))
	truth := open(t, d) // over a wire that holds
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	impatient(t, s, 200*time.Millisecond)
	fates := []storetest.Fate{storetest.Pass, storetest.Before, storetest.During, storetest.After}

	// scenario makes a run of commits meet their fates, and the rest pass.
	scenario := func(run []storetest.Fate) {
		var mu sync.Mutex
		w.OnCommit(func() storetest.Fate {
			mu.Lock()
			defer mu.Unlock()
			if len(run) == 0 {
				return storetest.Pass
			}
			f := run[0]
			run = run[1:]
			return f
		})
	}
	type outcome struct{ held, posted, entries, holds int64 }
	// now reads all in one statement: a commit that was cut off may happen at any moment.
	now := func(c ledger.Claim, id string) (o outcome) {
		k := keyOf(c.Counter)
		row := truth.read.Raw(`select coalesce(sum(held), 0)::bigint, coalesce(sum(posted), 0)::bigint, (select count(*) from entries where id = ?), (select count(*) from holds where id = ?)
			from counters where budget_id = ? and account_id = ? and period_start = ?`, id, id, k.budget, k.account, k.start).Row()
		if err := row.Scan(&o.held, &o.posted, &o.entries, &o.holds); err != nil {
			t.Fatal(err)
		}
		return o
	}
	check := func(what string, err error, got, before, after outcome) {
		t.Helper()
		switch {
		case err == nil && got != after:
			t.Errorf("%s was done, and left %+v, want %+v", what, got, after)
		case errors.Is(err, ledger.ErrUnsure):
			if got != before && got != after {
				t.Errorf("%s may have been done, and left %+v, want %+v or %+v", what, got, before, after)
			}
		case errors.Is(err, ledger.ErrUnavailable) && got != before:
			t.Errorf("%s was not done (%v), and left %+v, want %+v", what, err, got, before)
		case err != nil && !errors.Is(err, ledger.ErrUnavailable):
			t.Errorf("%s: %v", what, err)
		}
	}
	seen := map[string]int{}
	for round := range 40 {
		var run []storetest.Fate
		if round < len(fates)*2 { // each by itself, alone and again and again
			for range []int{1, 100}[round/len(fates)] {
				run = append(run, fates[round%len(fates)])
			}
		} else {
			for range r.IntN(maxTries + 2) {
				run = append(run, fates[r.IntN(len(fates))])
			}
		}
		id := fmt.Sprint("h", round)
		c := claim(id, "a", money(1000))
		h := hold(id, 100, c)
		name := fmt.Sprintf("seed %d round %d %v: ", seed, round, run)
		note := func(err error) {
			if err == nil {
				seen["done"]++
			} else if errors.Is(err, ledger.ErrUnsure) {
				seen["unsure"]++
			}
		}

		// The reservation.
		scenario(slices.Clone(run))
		_, err := s.Reserve(t.Context(), h)
		scenario(nil)
		note(err)
		none, open := outcome{}, outcome{held: 100, holds: 1}
		check(name+"the reservation", err, now(c, id), none, open)
		if errors.Is(err, ledger.ErrUnsure) {
			if err := s.Release(t.Context(), h); err != nil && !errors.Is(err, ledger.ErrNotOpen) {
				t.Errorf("%sreleasing an unsure one: %v", name, err)
			}
			check(name+"its release", nil, now(c, id), none, none)
		}
		if err != nil {
			if _, err := s.Reserve(t.Context(), h); err != nil {
				t.Fatal(err)
			}
		}

		// Its extension.
		scenario(slices.Clone(run))
		err = s.Extend(t.Context(), h, 50)
		scenario(nil)
		note(err)
		more := outcome{held: 150, holds: 1}
		check(name+"the extension", err, now(c, id), open, more)
		if err != nil {
			if err := s.Extend(t.Context(), h, 50); err != nil {
				t.Error(err)
			}
		}
		check(name+"the extension in the end", nil, now(c, id), more, more)
		h.Amount = 150

		// Its end.
		end, after := func() error { return s.Settle(t.Context(), paid(h, 30)) }, outcome{posted: 30, entries: 1}
		if round%2 == 1 {
			end, after = func() error { return s.Release(t.Context(), h) }, outcome{}
		}
		scenario(slices.Clone(run))
		err = end()
		scenario(nil)
		note(err)
		check(name+"the end", err, now(c, id), more, after)
		if err != nil {
			if again := end(); again != nil && (!errors.Is(again, ledger.ErrNotOpen) || !errors.Is(err, ledger.ErrUnsure)) {
				t.Errorf("%sits end again: %v", name, again)
			}
		}
		check(name+"the end in the end", nil, now(c, id), after, after)
		if err := end(); !errors.Is(err, ledger.ErrNotOpen) {
			t.Errorf("%sits end once more: %v", name, err)
		}
	}
	for _, what := range []string{"done", "unsure"} {
		if seen[what] == 0 {
			t.Errorf("nothing ever was %s: %v", what, seen)
		}
	}
}

// impatient gives all tries of a commit together so long from now on.
func impatient(t *testing.T, s *Store, patience time.Duration) {
	t.Helper()
	if err := s.writer.do(t.Context(), func() error { s.writer.patience = patience; return nil }); err != nil {
		t.Fatal(err)
	}
}

// TestARestartIsWaitedFor: a database that is away for less time than a commit has fails no
// step: neither one whose connection ends before, in or after its commit, nor one that
// finds nobody.
func TestARestartIsWaitedFor(t *testing.T) {
	t.Parallel()
	d := postgresDatabase(t)
	w := storetest.NewWire(t, d.URL)
	s := open(t, Postgres(w.URL()))
	c := claim("b", "a", money(1000))
	if _, err := s.Reserve(t.Context(), hold("first", 1, c)); err != nil {
		t.Fatal(err)
	}
	for name, away := range map[string]func(){
		"nobody is there": func() {
			w.Cut()
			time.AfterFunc(500*time.Millisecond, w.Mend)
		},
		"commits are cut off": func() {
			left := 2 * maxTries
			w.OnCommit(func() storetest.Fate {
				if left--; left < 0 {
					return storetest.Pass
				}
				return storetest.Before
			})
		},
		"a commit is cut off as it happens, and then nobody is there": func() {
			first := true
			w.OnCommit(func() storetest.Fate {
				if !first {
					return storetest.Pass
				}
				first = false
				time.AfterFunc(0, w.Cut)
				time.AfterFunc(500*time.Millisecond, w.Mend)
				return storetest.After
			})
		},
	} {
		h := hold(name, 100, c)
		away()
		if _, err := s.Reserve(t.Context(), h); err != nil {
			t.Errorf("%s: the reservation: %v", name, err)
		}
		away()
		if err := s.Extend(t.Context(), h, 50); err != nil {
			t.Errorf("%s: the extension: %v", name, err)
		}
		h.Amount = 150
		away()
		if err := s.Settle(t.Context(), paid(h, 30)); err != nil {
			t.Errorf("%s: the end: %v", name, err)
		}
		w.OnCommit(nil)
	}
	if st := standingOf(t, s, c); st != (ledger.Standing{Posted: 90, Held: 1}) {
		t.Errorf("%+v", st)
	}
	checkChains(t, s)
}

// TestUnsureStaysUnsure: of a step that may have happened nobody says that it did not because
// the database is away afterwards; what has happened of it can be undone.
func TestUnsureStaysUnsure(t *testing.T) {
	t.Parallel()
	d := postgresDatabase(t)
	w := storetest.NewWire(t, d.URL)
	s := open(t, Postgres(w.URL()))
	c := claim("b", "a", money(1000))
	if _, err := s.Reserve(t.Context(), hold("first", 1, c)); err != nil {
		t.Fatal(err)
	}
	impatient(t, s, 500*time.Millisecond)
	first := true
	w.OnCommit(func() storetest.Fate {
		if first {
			first = false
			time.AfterFunc(0, w.Cut)
			return storetest.After
		}
		return storetest.Before
	})
	h := hold("h", 100, c)
	if _, err := s.Reserve(t.Context(), h); !errors.Is(err, ledger.ErrUnsure) || !errors.Is(err, ledger.ErrUnavailable) {
		t.Errorf("%v", err)
	}
	w.OnCommit(nil)
	w.Mend()
	if err := s.Release(t.Context(), h); err != nil && !errors.Is(err, ledger.ErrNotOpen) {
		t.Error(err)
	}
	if st := standingOf(t, s, c); st.Held != 1 {
		t.Errorf("%+v", st)
	}
}

// TestAFailoverIsSeen: connections to a server that only reads are not kept when the address
// leads to one that writes.
func TestAFailoverIsSeen(t *testing.T) {
	t.Parallel()
	d := postgresDatabase(t)
	db := outside(t, d)
	s := open(t, d)
	impatient(t, s, 300*time.Millisecond)
	alter := func(what string) {
		t.Helper()
		if _, err := db.Exec("do $$ begin execute format('alter database %I " + what + "', current_database()); end $$"); err != nil {
			t.Fatal(err)
		}
	}
	alter("set default_transaction_read_only = on") // for sessions that begin from now on
	if _, err := db.Exec("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'tollgate'"); err != nil {
		t.Fatal(err)
	}
	c := claim("b", "a", money(1000))
	refused := 0
	for i := 0; refused < 2; i++ {
		_, err := s.Reserve(t.Context(), hold(fmt.Sprint(i), 1, c))
		switch {
		case !errors.Is(err, ledger.ErrUnavailable) || i == 100:
			t.Fatalf("while it only reads: %v", err)
		case strings.Contains(err.Error(), "25006"): // on a busy machine the time may be up before it says so
			refused++
		}
	}
	alter("reset default_transaction_read_only")
	impatient(t, s, commitLimit)
	if _, err := s.Reserve(t.Context(), hold("h", 1, c)); err != nil {
		t.Errorf("a call: %v", err)
	}
	if err := s.CreateUser(t.Context(), access.User{ID: "u", Created: day}); err != nil {
		t.Errorf("a change: %v", err)
	}
}

// TestCountersAreLockedInOneOrder: whatever the database takes for the order of texts.
func TestCountersAreLockedInOneOrder(t *testing.T) {
	d := postgresDatabase(t)
	db := outside(t, d)
	s := open(t, d)
	if _, err := db.Exec(`alter table counters alter column account_id type text collate "en-x-icu"`); err != nil {
		t.Fatal(err)
	}
	upper, lower := claim("b", "B", money(1000)), claim("b", "a", money(1000)) // of the bytes, the first and the second
	if _, err := s.Reserve(t.Context(), hold("first", 1, upper, lower)); err != nil {
		t.Fatal(err)
	}
	tx, err := db.Begin()
	if err == nil {
		_, err = tx.Exec("select 1 from counters where account_id = 'B' for update")
	}
	if err != nil {
		t.Fatal(err)
	}
	reserved := make(chan error, 1)
	go func() {
		_, err := s.Reserve(context.Background(), hold("second", 1, upper, lower))
		reserved <- err
	}()
	for number(t, s, "select count(*) from pg_locks where not granted") == 0 {
		time.Sleep(time.Millisecond)
	}
	if _, err := tx.Exec("select 1 from counters where account_id = 'a' for update nowait"); err != nil {
		t.Errorf("the second one is locked by who waits for the first: %v", err)
	}
	if err := errors.Join(tx.Rollback(), <-reserved); err != nil {
		t.Error(err)
	}
}

// TestTerminatedConnections: the same while the server itself ends connections at any
// moment, under load.
func TestTerminatedConnections(t *testing.T) {
	t.Parallel()
	d := postgresDatabase(t)
	s := open(t, d)
	db := outside(t, d)
	c := claim("b", "a", money(1e12))
	const mostKilled = 200
	stop := make(chan struct{})
	var killer, wg sync.WaitGroup
	killed := 0
	killer.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(rand.N(20 * time.Millisecond)):
			}
			var n int
			if err := db.QueryRow(`select count(pg_terminate_backend(pid)) from pg_stat_activity
				where datname = current_database() and application_name = 'tollgate' and state != 'idle'`).Scan(&n); err != nil {
				t.Error(err)
				return
			}
			if killed += n; killed >= mostKilled {
				return // on a slow machine no commit would ever come through
			}
		}
	})
	var posted atomic.Int64
	retry := func(what string, run func() error) {
		for try := range 50 + mostKilled {
			err := run()
			if err == nil || try > 0 && errors.Is(err, ledger.ErrNotOpen) {
				return
			}
			if !errors.Is(err, ledger.ErrUnavailable) {
				t.Errorf("%s: %v", what, err)
				return
			}
		}
		t.Errorf("%s: never", what)
	}
	const workers, each = 8, 12
	for i := range workers {
		wg.Go(func() {
			ctx := context.Background()
			for j := range each {
				h := hold(fmt.Sprint(i, "-", j), 10, c)
				_, err := s.Reserve(ctx, h)
				if errors.Is(err, ledger.ErrUnsure) {
					retry("release", func() error {
						if err := s.Release(ctx, h); !errors.Is(err, ledger.ErrNotOpen) {
							return err
						}
						return nil
					})
				}
				if err != nil {
					continue
				}
				retry("extend", func() error { return s.Extend(ctx, h, 10) })
				h.Amount = 20
				if j%3 == 0 {
					retry("release", func() error { return s.Release(ctx, h) })
					continue
				}
				posted.Add(7)
				retry("settle", func() error { return s.Settle(ctx, paid(h, 7)) })
			}
		})
	}
	wg.Wait()
	close(stop)
	killer.Wait()
	if st := standingOf(t, s, c); st != (ledger.Standing{Posted: accounting.Money(posted.Load())}) {
		t.Errorf("%+v, want %d posted", st, posted.Load())
	}
	if n := number(t, s, "select coalesce(sum(cost), 0) from entries"); n != posted.Load() {
		t.Errorf("the entries add up to %d, want %d", n, posted.Load())
	}
	if n := number(t, s, "select count(*) from holds"); n != 0 {
		t.Errorf("%d holds are open", n)
	}
	checkChains(t, s)
	if killed == 0 {
		t.Error("no connection was ended")
	}
	t.Logf("%d connections ended", killed)
}

// checkChains walks the chains of entries.
func checkChains(t testing.TB, s *Store) {
	t.Helper()
	rows, err := s.engine.(interface{ reading() *sql.DB }).reading().Query("select " + entryNames + " from entries where seq > 0 order by writer, month, seq")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	type name struct {
		writer string
		month  int64
	}
	ends := map[name]chain{}
	for rows.Next() {
		e, err := readEntry(rows)
		if err != nil {
			t.Fatal(err)
		}
		n := name{e.Writer, e.Month}
		c := ends[n]
		if c.entries++; e.Seq != c.entries || e.Hash != e.digest(c.head) {
			t.Errorf("entry %s is not behind the one before it: place %d, want %d", e.ID, e.Seq, c.entries)
		}
		c.head = e.Hash
		if e.Cost != nil {
			c.cost += accounting.Money(*e.Cost)
		}
		ends[n] = c
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	n := int64(0)
	for name, c := range ends {
		n++
		if number(t, s, "select count(*) from chains where writer = ? and month = ? and entries = ? and head = ? and cost = ?", name.writer, name.month, c.entries, c.head, int64(c.cost)) != 1 {
			t.Errorf("the chain of %s in %d does not end as its entries do: %+v", name.writer, name.month, c)
		}
	}
	if all := number(t, s, "select count(*) from chains where entries > 0 and head != ''"); all != n {
		t.Errorf("%d chains, and entries of %d", all, n)
	}
}

// TestReleaseWaitsForAReserveUnderWay: the release of a reservation of which nobody knows
// whether it happened waits for one that is just happening.
func TestReleaseWaitsForAReserveUnderWay(t *testing.T) {
	d := postgresDatabase(t)
	s := open(t, d)
	for name, commit := range map[string]bool{"it happened": true, "it did not": false} {
		tx, err := outside(t, d).Begin()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec("insert into holds (id, held_at, amount, hold, owner) values ('h', 0, 0, '{}', $1)", s.replica); err != nil {
			t.Fatal(err)
		}
		released := make(chan error, 1)
		go func() { released <- s.Release(context.Background(), hold("h", 0)) }() // no budget, so no counter's lock
		for number(t, s, "select count(*) from pg_locks where not granted") == 0 {
			time.Sleep(time.Millisecond)
		}
		end := tx.Rollback
		if commit {
			end = tx.Commit
		}
		if err := end(); err != nil {
			t.Fatal(err)
		}
		if err := <-released; commit != (err == nil) || !commit && !errors.Is(err, ledger.ErrNotOpen) {
			t.Errorf("%s: %v", name, err)
		}
		if n := number(t, s, "select count(*) from holds"); n != 0 {
			t.Errorf("%s: %d holds are left", name, n)
		}
	}
}
