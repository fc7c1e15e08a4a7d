//go:build bench

package benchtest

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/store"
	"tollgate/gateway/store/storetest"
)

// rounds is how often each pair is measured, in turn; the medians are printed.
const rounds = 5

// TestBooks prints what the books can do on this disk: admissions with settlements per
// second by the number of callers, the times of both, and the processor time of a call
// beside that of a bare loop over database/sql, which writes the same rows in commits of
// the same size.
func TestBooks(t *testing.T) {
	dir := os.Getenv("TOLLGATE_BENCH_DIR")
	if dir == "" {
		dir = t.TempDir()
	}
	p50, p99 := fsyncs(t, dir)
	fmt.Printf("\nThe books on this disk (fsync of 4 KiB: p50 %s, p99 %s)\n\n", short(p50), short(p99))
	type target struct {
		name string
		open func() *store.Store
	}
	n := 0
	targets := []target{{"SQLite", func() *store.Store {
		n++
		return open(t, store.SQLite(filepath.Join(dir, fmt.Sprintf("books%d.db", n))))
	}}}
	if os.Getenv("TOLLGATE_TEST_POSTGRES") != "" {
		targets = append(targets, target{"PostgreSQL", func() *store.Store { return open(t, store.Postgres(storetest.Database(t))) }})
	}
	fmt.Println("| engine | callers | steps a commit | calls/s | admission p50 | p99 | settlement p50 | p99 | CPU a call | bare loop | ratio |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|---|")
	for _, tg := range targets {
		for _, callers := range []int{1, 16, 64} {
			calls := 64 * 100
			if callers == 1 {
				calls = 600
			}
			var runs, floors []run
			var batches []int
			for range rounds {
				s := tg.open()
				runs = append(runs, books(t, s, callers, calls))
				commits, steps := s.Commits()
				batch := int(steps / commits)
				batches = append(batches, batch)
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				if tg.name == "SQLite" {
					n++
					floors = append(floors, floor(t, filepath.Join(dir, fmt.Sprintf("bare%d.db", n)), batch, callers, calls))
				}
			}
			slices.Sort(batches)
			bare, ratio := "-", "-"
			if len(floors) > 0 {
				var ratios []float64
				for i := range runs {
					ratios = append(ratios, float64(runs[i].cpu)/float64(floors[i].cpu))
				}
				bare = short(median(floors, func(r run) time.Duration { return r.cpu }))
				slices.Sort(ratios)
				ratio = fmt.Sprintf("%.2f", ratios[len(ratios)/2])
			}
			fmt.Printf("| %s | %d | %d | %.0f | %s | %s | %s | %s | %s | %s | %s |\n", tg.name, callers, batches[len(batches)/2],
				float64(calls)/median(runs, func(r run) time.Duration { return r.wall }).Seconds(),
				short(median(runs, func(r run) time.Duration { return r.admit.at(50) })), short(median(runs, func(r run) time.Duration { return r.admit.at(99) })),
				short(median(runs, func(r run) time.Duration { return r.settle.at(50) })), short(median(runs, func(r run) time.Duration { return r.settle.at(99) })),
				short(median(runs, func(r run) time.Duration { return r.cpu })), bare, ratio)
		}
	}
	fmt.Println()
}

// run is one measurement. cpu is for one call.
type run struct {
	wall, cpu     time.Duration
	admit, settle times
}

// times are sorted when they are read.
type times []time.Duration

func (t times) at(percent int) time.Duration {
	if len(t) == 0 {
		return 0
	}
	slices.Sort(t)
	return t[min(len(t)*percent/100, len(t)-1)]
}

func median(runs []run, of func(run) time.Duration) time.Duration {
	var all []time.Duration
	for _, r := range runs {
		all = append(all, of(r))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func short(d time.Duration) string {
	switch {
	case d < 100*time.Microsecond:
		return fmt.Sprintf("%.1f µs", float64(d)/1e3)
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.2f ms", float64(d)/1e6)
	}
	return fmt.Sprintf("%.0f ms", float64(d)/1e6)
}

func cpu() time.Duration {
	var ru syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &ru); err != nil {
		panic(err)
	}
	return time.Duration(ru.Utime.Nano() + ru.Stime.Nano())
}

// fsyncs measures the disk itself: 4 KiB appended and brought to it.
func fsyncs(t *testing.T, dir string) (p50, p99 time.Duration) {
	f, err := os.CreateTemp(dir, "fsync")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	page := make([]byte, 4096)
	var all times
	for range 300 {
		if _, err := f.Write(page); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			t.Fatal(err)
		}
		all = append(all, time.Since(began))
	}
	return all.at(50), all.at(99)
}

func open(t *testing.T, d store.Database) *store.Store {
	s, err := store.Open(context.Background(), d, store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// attemptID is a name like the program's own: those of one moment lie side by side.
func attemptID() string {
	return fmt.Sprintf("%013d%09d", time.Now().UnixMilli(), rand.N(1_000_000_000))
}

// books makes calls through the ledger: each caller is a user with a key and a budget
// of its own, and all share the gateway's.
func books(t *testing.T, s *store.Store, callers, calls int) run {
	l := ledger.New(s, ledger.Rules{Admission: ledger.Strict}, s.Now)
	limit := accounting.Dollar * 1_000_000
	window := ledger.Window{Unit: ledger.Month}
	l.SetBudgets(ledger.NewBudgets([]ledger.Budget{
		{ID: "key", Kind: ledger.Key, Each: true, Limit: &limit, Window: window},
		{ID: "user", Kind: ledger.User, Each: true, Limit: &limit, Window: window},
		{ID: "all", Kind: ledger.Gateway, Limit: &limit, Window: window},
	}))
	price, quote := priced(t)
	ctx := context.Background()
	admit, settle := make([]times, callers), make([]times, callers)
	var wg sync.WaitGroup
	c0, began := cpu(), time.Now()
	for i := range callers {
		wg.Go(func() {
			key, user := fmt.Sprintf("key_%d", i), fmt.Sprintf("user_%d", i)
			for range calls / callers {
				id := attemptID()
				a := ledger.Attempt{ID: id, Accounts: []ledger.Account{{Kind: ledger.Key, ID: key}, {Kind: ledger.User, ID: user}, {Kind: ledger.Gateway}},
					Target: ledger.Target{Model: "gpt-5-mini", Deployment: "openai/gpt-5-mini"}, Version: price.Version(), Prompt: quote,
					Facts: ledger.Facts{RequestID: id, KeyID: key, UserID: user, Operation: "chat", Model: "gpt-5-mini", Deployment: "openai/gpt-5-mini"}}
				t0 := time.Now()
				r, err := l.Reserve(ctx, a, quote)
				if err != nil {
					t.Error(err)
					return
				}
				t1 := time.Now()
				cost, err := price.Cost(usage, accounting.Standard)
				if err == nil {
					err = r.Settle(ctx, ledger.Outcome{Cost: &cost, Usage: usage, Source: accounting.Reported, Status: "ok", Model: "gpt-5-mini-2026"})
				}
				if err != nil {
					t.Error(err)
					return
				}
				admit[i], settle[i] = append(admit[i], t1.Sub(t0)), append(settle[i], time.Since(t1))
			}
		})
	}
	wg.Wait()
	done := time.Duration(calls / callers * callers)
	return run{wall: time.Since(began), cpu: (cpu() - c0) / done, admit: slices.Concat(admit...), settle: slices.Concat(settle...)}
}

var usage = accounting.Usage{accounting.Input: 800, accounting.CachedInput: 200, accounting.Output: 350, accounting.Requests: 1}

func priced(t *testing.T) (accounting.Priced, accounting.Quote) {
	price, err := accounting.NewPriced(accounting.Tariff{Rates: accounting.Rates{accounting.Input: 250e6, accounting.CachedInput: 25e6, accounting.Output: 2e9}})
	if err != nil {
		t.Fatal(err)
	}
	quote, err := price.Quote(usage, accounting.Standard)
	if err != nil {
		t.Fatal(err)
	}
	return price, quote
}

// floor is the bare loop: commits of as many steps as the books' had on average, half
// of them holds and half of them settlements, which write the rows that those write.
// It counts nothing, reads nothing and refuses nobody.
func floor(t *testing.T, path string, batch, callers, calls int) run {
	if err := open(t, store.SQLite(path)).Close(); err != nil { // the schema
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", "file:"+path+"?_txlock=immediate&_journal_mode=WAL&_synchronous=FULL&_foreign_keys=true&_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	prepare := func(text string) *sql.Stmt {
		st, err := db.Prepare(text)
		if err != nil {
			t.Fatal(err)
		}
		return st
	}
	hold := prepare(`insert into holds (id, held_at, amount, hold, owner) values (?, ?, ?, ?, ?)`)
	end := prepare(`delete from holds where id = ?`)
	entry := prepare(`insert into entries values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	counter := prepare(`insert into counters (budget_id, account_id, period_start, posted, held) values (?, ?, ?, ?, ?)
		on conflict do update set posted = excluded.posted, held = excluded.held`)
	chain := prepare(`insert into chains (writer, month, entries, head, cost) values (?, ?, ?, ?, ?)
		on conflict do update set entries = excluded.entries, head = excluded.head, cost = excluded.cost`)
	const text = `{"prompt":1000,"version":"0123456789abcdef","facts":{"RequestID":"attempt-0-0","KeyID":"key_0","UserID":"user_0","TeamID":"","EndUser":"","Operation":"chat","Model":"gpt-5-mini","Deployment":"openai/gpt-5-mini","Stream":false},"claims":` + claims + `}`
	const hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	var open []string // holds
	c0, began := cpu(), time.Now()
	for done := 0; done < calls; {
		tx, err := db.Begin()
		if err != nil {
			t.Fatal(err)
		}
		exec := func(st *sql.Stmt, args ...any) {
			if _, err := tx.Stmt(st).Exec(args...); err != nil {
				t.Fatal(err)
			}
		}
		count := func(i int) {
			exec(counter, "key", fmt.Sprintf("key_%d", i%callers), 1793491200000000, done, i)
			exec(counter, "user", fmt.Sprintf("user_%d", i%callers), 1793491200000000, done, i)
		}
		at := began.UnixMicro() + int64(done)
		ended := open
		open = nil
		for i := range max(batch/2, 1) {
			id := attemptID()
			exec(hold, id, at, 1000000, text, "0123456789abcdef")
			open = append(open, id)
			count(done + i)
		}
		for i, id := range ended {
			exec(end, id)
			exec(entry, id, at, at, id, "key_0", "user_0", "", "", "chat", "gpt-5-mini", "openai/gpt-5-mini", "gpt-5-mini-2026", false, 1000000, 1000000,
				1000, 200, 350, 0, `{"input":800,"cached_input":200,"output":350,"requests":1}`, `[{"meter":"input","count":800,"rate":250000000},{"meter":"output","count":350,"rate":2000000000}]`,
				"0123456789abcdef", "", "reported", "ok", "[]", 1234, claims, nil, "local", 202611, done+i+1, hash, "", "", "")
			count(done + i)
		}
		done += len(ended)
		exec(counter, "all", "", 1793491200000000, done, done)
		exec(chain, "local", 202611, done, hash, done)
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	return run{wall: time.Since(began), cpu: (cpu() - c0) / time.Duration(calls)}
}

const claims = `[{"budget":"key","scope":"key","account":"key_0","start":1793491200000000},{"budget":"user","scope":"user","account":"user_0","start":1793491200000000},{"budget":"all","scope":"gateway","account":"","start":1793491200000000}]`
