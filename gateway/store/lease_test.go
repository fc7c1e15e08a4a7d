package store

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
)

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
	if u, err := quick.Uncertain(t.Context(), time.Time{}); err != nil || u != (control.Uncertain{}) {
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
