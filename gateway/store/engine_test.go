package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gorm.io/gorm"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
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

func (e *sqliteEngine) reading() *sql.DB   { return e.readDB }
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
	now := func(c ledger.Claim, id string) outcome {
		st := standingOf(t, truth, c)
		return outcome{int64(st.Held), int64(st.Posted), number(t, truth, "select count(*) from entries where id = ?", id), number(t, truth, "select count(*) from holds where id = ?", id)}
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
			for range []int{1, maxTries}[round/len(fates)] {
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

// TestS05_LostLease: a replica that was only slow finds its calls booked as orphans. What
// they cost in truth is posted as a correction, once, so that the sum is exact; and what
// cost nothing is taken back.
func TestS05_LostLease(t *testing.T) {
	d := postgresDatabase(t)
	slow := openWith(t, d, Options{Lease: time.Millisecond})
	quick := open(t, d)
	now := day.Add(time.Minute)
	c := claim("b", "a", money(10_000))
	rows := map[string]struct {
		progress accounting.Money // 0: none was written
		end      func(h ledger.Hold) error
		cost     accounting.Money // in truth
	}{
		"dearer than its prompt":  {0, func(h ledger.Hold) error { return slow.Settle(t.Context(), paid(h, 90)) }, 90},
		"cheaper than its prompt": {0, func(h ledger.Hold) error { return slow.Settle(t.Context(), paid(h, 20)) }, 20},
		"as dear":                 {0, func(h ledger.Hold) error { return slow.Settle(t.Context(), paid(h, 50)) }, 50},
		"above its hold":          {0, func(h ledger.Hold) error { return slow.Settle(t.Context(), paid(h, 300)) }, 300},
		"with a checkpoint":       {70, func(h ledger.Hold) error { return slow.Settle(t.Context(), paid(h, 90)) }, 90},
		"for nothing":             {0, func(h ledger.Hold) error { return slow.Release(t.Context(), h) }, 0},
	}
	total := accounting.Money(0)
	for id, row := range rows {
		h := hold(id, 100, c)
		if _, err := slow.Reserve(t.Context(), h); err != nil {
			t.Fatal(err)
		}
		if row.progress > 0 {
			slow.Checkpoint(h, ledger.Progress{Usage: accounting.Usage{accounting.Output: 3}, Cost: row.progress})
		}
		total += row.cost
	}
	if err := slow.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	for number(t, quick, "select count(*) from holds where progress != ''") == 0 {
		time.Sleep(time.Millisecond)
	}
	sweeper := ledger.New(quick, ledger.Rules{Admission: ledger.Strict, Orphans: ledger.OrphanPrompt}, func() time.Time { return now })
	for n := 0; n < len(rows); time.Sleep(time.Millisecond) {
		done, err := sweeper.SettleOrphans(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n += done
	}
	if st := standingOf(t, quick, c); st != (ledger.Standing{Posted: 5*50 + 70}) {
		t.Errorf("as orphans: %+v", st)
	}
	for id, row := range rows {
		h := hold(id, 100, c)
		if err := slow.Extend(t.Context(), h, 10); !errors.Is(err, ledger.ErrNotOpen) {
			t.Errorf("%s: extended: %v", id, err)
		}
		if err := row.end(h); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		for range 2 {
			if err := row.end(h); !errors.Is(err, ledger.ErrNotOpen) {
				t.Errorf("%s: again: %v", id, err)
			}
		}
		if n := number(t, quick, "select sum(cost) from entries where id in (?, ?)", id, id+"+1"); n != int64(row.cost) {
			t.Errorf("%s: its entries add up to %d, want %d", id, n, row.cost)
		}
		if n := number(t, quick, "select count(*) from entries where id = ? and corrects = ?", id+"+1", id); n != 1 {
			t.Errorf("%s: %d corrections", id, n)
		}
	}
	if st := standingOf(t, quick, c); st != (ledger.Standing{Posted: total}) {
		t.Errorf("in the end: %+v, want %d posted", st, total)
	}
	if u, err := quick.Uncertain(t.Context(), time.Time{}); err != nil || u.Entries != 0 {
		t.Errorf("what was corrected is still uncertain: %+v, %v", u, err)
	}
	checkChains(t, quick)
	// Whoever comes back says so first, and is not taken for dead any more.
	slow.engine.(*postgresEngine).lease = time.Minute
	if err := slow.Renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := slow.Reserve(t.Context(), hold("alive", 10, c)); err != nil {
		t.Fatal(err)
	}
	if n, err := sweeper.SettleOrphans(t.Context()); n != 0 || err != nil {
		t.Errorf("a hold of a living replica was settled: %d, %v", n, err)
	}
}

// TestOneBadOrphanKeepsNoOther: what is wrong with one orphan is told, and the others
// are settled.
func TestOneBadOrphanKeepsNoOther(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		s := open(t, d)
		c := claim("b", "a", money(1000))
		for _, id := range []string{"1", "2", "3"} {
			if _, err := s.Reserve(t.Context(), hold(id, 100, c)); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := outside(t, d).Exec("update holds set hold = 'not JSON' where id = '1'"); err != nil {
			t.Fatal(err)
		}
		s = open(t, d)
		l := ledger.New(s, ledger.Rules{Admission: ledger.Strict}, func() time.Time { return day })
		if n, err := l.SettleOrphans(t.Context()); n != 2 || err == nil || !strings.Contains(err.Error(), "hold 1 cannot be read") {
			t.Errorf("%d, %v", n, err)
		}
		if st := standingOf(t, s, c); st != (ledger.Standing{Posted: 100, Held: 100}) {
			t.Errorf("%+v", st)
		}
	})
}

// TestVisitors: a process that makes no holds takes no lease and leaves nothing behind.
func TestVisitors(t *testing.T) {
	d := postgresDatabase(t)
	s := open(t, d)
	visitor := openWith(t, d, Options{Visit: true})
	if err := visitor.Renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := number(t, s, "select count(*) from replicas"); n != 1 {
		t.Errorf("%d replicas", n)
	}
	if diff := visitor.Now().Sub(s.Now()); diff.Abs() > time.Minute {
		t.Errorf("a visitor's clock is off by %s", diff)
	}
	if err := visitor.Close(); err != nil {
		t.Fatal(err)
	}
	if n := number(t, s, "select count(*) from replicas where id = ?", s.replica); n != 1 {
		t.Error("the visitor took the lease of another with it")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := outside(t, d).QueryRow("select count(*) from replicas").Scan(&n); err != nil || n != 0 {
		t.Errorf("%d replicas after the end, %v", n, err)
	}
}

// TestForget: what has run out goes, page by page, and nothing else: not the newest
// change, not what a call that runs needs, and not what somebody is just using.
func TestForget(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		now := day
		s := openWith(t, d, Options{Now: func() time.Time { return now }})
		old, recent := micros(day.Add(-25*time.Hour)), micros(day.Add(-23*time.Hour))
		db := outside(t, d)
		for _, text := range []string{
			"insert into idempotency (key_id, token, body, request_id, hold_id, at) values ('k', 'runs', '', 'r', 'h', %d), ('k', 'used', '', 'r', '', %[1]d), ('k', 'recent', '', 'r', '', %d)",
			"insert into changes (kind, id, at) values ('user', 'last', %d)",
			"insert into replicas (id, started_at, lease_ends) values ('gone', 0, %d), ('lately', 0, %d), ('holds', 0, %[1]d)",
			"insert into holds (id, held_at, amount, hold, owner) values ('h', %d, 0, '{}', 'holds')",
		} {
			if strings.Count(text, "%") > 1 {
				text = fmt.Sprintf(text, old, recent)
			} else {
				text = fmt.Sprintf(text, old)
			}
			if _, err := db.Exec(text); err != nil {
				t.Fatal(err)
			}
		}
		last := number(t, s, "select max(seq) from changes")
		if _, err := db.Exec(fmt.Sprintf(`with recursive n (i) as (select 1 union all select i + 1 from n where i <= %d)
			insert into idempotency (key_id, token, body, request_id, hold_id, at) select 'k', 'old' || i, '', 'r', '', %d from n`, 2*forgetPage, old)); err != nil {
			t.Fatal(err)
		}
		if d.Driver == "postgres" { // somebody uses a row: it is passed over, and not waited for
			tx, err := db.Begin()
			if err == nil {
				_, err = tx.Exec("select 1 from idempotency where token = 'used' for update")
			}
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = tx.Rollback() }()
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			if err := s.Forget(ctx); err != nil {
				t.Fatal(err)
			}
			if n := number(t, s, "select count(*) from idempotency where token = 'used'"); n != 1 {
				t.Error("what somebody was using is gone")
			}
			if err := tx.Rollback(); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Forget(t.Context()); err != nil {
			t.Fatal(err)
		}
		var tokens, replicas []string
		if err := errors.Join(s.read.Raw("select token from idempotency order by token").Scan(&tokens).Error, s.read.Raw("select id from replicas where id != ? order by id", s.replica).Scan(&replicas).Error); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(tokens, []string{"recent", "runs"}) || !slices.Equal(replicas, []string{"holds", "lately"}) {
			t.Errorf("%v, %v", tokens, replicas)
		}
		if n := number(t, s, "select count(*) from changes where seq = ?", last); n != 1 {
			t.Error("the newest change is gone: nobody could tell any more that something was changed")
		}
		if err := s.CreateUser(t.Context(), access.User{ID: "u", Created: day}); err != nil {
			t.Fatal(err)
		}
		if err := s.Forget(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := number(t, s, "select min(seq) from changes"); n != last+1 {
			t.Errorf("an old change stays: %d", n)
		}
	})
}

// TestChanges: every change is noted with what it takes along, in an order in which
// nothing comes late, and nothing is noted of what did not happen.
func TestChanges(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		s := open(t, d)
		ctx := t.Context()
		text := func(from int64) string {
			page, err := s.Changes(ctx, from)
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, c := range page {
				out = append(out, string(c.Kind)+" "+c.ID)
			}
			slices.Sort(out)
			return strings.Join(out, ", ")
		}
		last := func() int64 {
			n, err := s.LastChange(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if last() != 0 || text(0) != "" {
			t.Error("changes before the first one")
		}
		key := func(id, user, team string) control.StoredKey {
			return control.StoredKey{Key: access.Key{ID: id, Digest: access.DigestOf(id), UserID: user, TeamID: team, Created: day}}
		}
		limit := accounting.Money(5)
		for _, err := range []error{s.CreateUser(ctx, access.User{ID: "alice"}), s.CreateTeam(ctx, access.Team{ID: "physics"}), s.AddMember(ctx, "physics", "alice"),
			s.CreateKey(ctx, key("own", "alice", "")), s.CreateKey(ctx, key("both", "alice", "physics")), s.CreateKey(ctx, key("team's", "", "physics")),
			s.CreateBudget(ctx, ledger.Budget{ID: "b", Kind: ledger.Gateway, Limit: &limit, Window: ledger.Window{Unit: ledger.Month}}, day)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if got := text(0); got != "budget b, key both, key own, key team's, team physics, team physics, user alice" {
			t.Error(got)
		}
		before := last()
		if got := text(before); got != "budget b" {
			t.Errorf("from the last one: %s", got)
		}
		for _, err := range []error{s.CreateUser(ctx, access.User{ID: "alice"}), s.DeleteKey(ctx, "none"), s.AddMember(ctx, "none", "alice"), s.DeleteUser(ctx, "none")} {
			if err == nil {
				t.Error("that cannot be")
			}
		}
		if last() != before {
			t.Error("a change was noted that did not happen")
		}
		if err := s.DeleteUser(ctx, "alice"); err != nil {
			t.Fatal(err)
		}
		if got := text(before + 1); got != "key both, key own, team physics, user alice" {
			t.Errorf("a user deleted: %s", got)
		}
		before = last()
		if err := s.DeleteTeam(ctx, "physics"); err != nil {
			t.Fatal(err)
		}
		if got := text(before + 1); got != "key team's, team physics" {
			t.Errorf("a team deleted: %s", got)
		}
		for what, err := range map[string]error{"user": second(s.UserByID(ctx, "alice")), "team": second(s.TeamByID(ctx, "physics")), "key": second(s.KeyByID(ctx, "own")), "budget": second(s.BudgetByID(ctx, "none"))} {
			if !errors.Is(err, control.ErrNotFound) {
				t.Errorf("%s that is gone: %v", what, err)
			}
		}
		if b, err := s.BudgetByID(ctx, "b"); err != nil || b.ID != "b" || *b.Limit != limit {
			t.Errorf("%+v, %v", b, err)
		}

		// Many writers, and a reader who must never see a number below one that it saw.
		stores := []*Store{s, s}
		if d.Driver == "postgres" {
			stores = []*Store{open(t, d), open(t, d), open(t, d)}
		}
		var writers, reader sync.WaitGroup
		stop := make(chan struct{})
		seen := map[int64]bool{}
		from := last()
		first := from
		reader.Go(func() {
			for done := false; ; {
				page, err := s.Changes(context.Background(), from+1)
				if err != nil {
					t.Error(err)
					return
				}
				for _, c := range page {
					seen[c.Seq], from = true, c.Seq
				}
				if done && len(page) == 0 {
					return
				}
				select {
				case <-stop:
					done = true
				default:
				}
			}
		})
		for i, st := range stores {
			for w := range 3 {
				writers.Go(func() {
					for j := range 15 {
						if err := st.CreateUser(context.Background(), access.User{ID: fmt.Sprint("u", i, w, j)}); err != nil {
							t.Error(err)
						}
					}
				})
			}
		}
		writers.Wait()
		close(stop)
		reader.Wait()
		if n := number(t, s, "select count(*) from changes where seq > ?", first); n != int64(len(seen)) || n != int64(len(stores)*45) {
			t.Errorf("%d changes, %d of them seen", n, len(seen))
		}
	})
}

func second[T any](_ T, err error) error { return err }

// TestT02_Relaxed: with relaxed durability SQLite does not wait for the disk at each
// commit, and the flusher brings commits there within its second; with full there is no
// flusher. PostgreSQL does the same by itself.
func TestT02_Relaxed(t *testing.T) {
	d := SQLite(filepath.Join(t.TempDir(), "t.db"))
	d.Relaxed = true
	s := open(t, d)
	if n := number(t, &Store{read: s.write}, "pragma synchronous"); n != 1 {
		t.Errorf("synchronous is %d, want NORMAL", n)
	}
	image := func() [sha256.Size]byte {
		b, err := os.ReadFile(d.Path)
		if err != nil {
			t.Fatal(err)
		}
		return sha256.Sum256(b)
	}
	time.Sleep(relaxedFlush) // what opening wrote is there
	for before, until := image(), time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if _, err := s.Reserve(t.Context(), hold(fmt.Sprint(time.Now().UnixNano()), 10, claim("b", "a", money(1e9)))); err != nil {
			t.Fatal(err)
		}
		if image() != before {
			break // a checkpoint has synced the log, and copied it
		}
		if time.Now().After(until) {
			t.Fatal("no commit ever reached the file")
		}
	}
	full := fresh(t)
	if e := full.engine.(*sqliteEngine); e.stop != nil {
		t.Error("there is a flusher with full durability")
	}
	for relaxed, want := range map[bool]string{true: "off", false: "on"} {
		d := postgresDatabase(t)
		d.Relaxed = relaxed
		var got string
		if err := open(t, d).write.Raw("show synchronous_commit").Scan(&got).Error; err != nil || got != want {
			t.Errorf("relaxed %v: synchronous_commit is %s, %v", relaxed, got, err)
		}
	}
}

// TestS09_WritesBeginAtOnce: a transaction of SQLite takes the file's lock when it
// begins, so that it never fails half way for having read before it wrote.
func TestS09_WritesBeginAtOnce(t *testing.T) {
	d := SQLite(filepath.Join(t.TempDir(), "t.db"))
	s := open(t, d)
	err := s.apart(t.Context(), func(tx *gorm.DB) error {
		_, err := outside(t, d).Exec("update counters set held = held")
		if err == nil || !strings.Contains(err.Error(), "locked") {
			return refuse(fmt.Errorf("another connection wrote within a transaction that has not written yet: %w", err))
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if s.Shared() {
		t.Error("an SQLite database is shared")
	}
}

// TestSessionsOfPostgres: what the books rely on holds whatever the database's own
// settings are.
func TestSessionsOfPostgres(t *testing.T) {
	d := postgresDatabase(t)
	db := outside(t, d)
	for _, text := range []string{"default_transaction_isolation = 'serializable'", "statement_timeout = 0", "lock_timeout = 0", "timezone = 'Asia/Kolkata'", "synchronous_commit = off"} {
		if _, err := db.Exec("do $$ begin execute format('alter database %I set " + strings.ReplaceAll(text, "'", "''") + "', current_database()); end $$"); err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, d)
	for name, want := range map[string]string{"transaction_isolation": "read committed", "statement_timeout": "2s", "lock_timeout": "1s", "idle_in_transaction_session_timeout": "10s", "timezone": "UTC", "synchronous_commit": "on"} {
		var got string
		if err := s.write.Raw("show " + name).Scan(&got).Error; err != nil || got != want {
			t.Errorf("%s is %s, want %s (%v)", name, got, want, err)
		}
	}
	if err := s.read.Exec("delete from users").Error; err == nil {
		t.Error("the reading pool can write")
	}
}
