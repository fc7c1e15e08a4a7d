package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
)

// over says of no budget that there is one.
func over(string, time.Time) (time.Time, bool) { return time.Time{}, false }

// monthly says of every budget that its periods are months in UTC, but those that began at
// the beginning, which never end.
func monthly(_ string, start time.Time) (time.Time, bool) {
	if start.Unix() <= 0 {
		return time.Time{}, true
	}
	return start.AddDate(0, 1, 0), true
}

// standings are what retention must leave as it is: every counter, and what else adds up.
func standings(t testing.TB, s *Store) []string {
	t.Helper()
	var out []string
	if err := s.read.Raw(`select budget_id || ' ' || account_id || ' ' || period_start || ' ' || posted || ' ' || held from counters order by budget_id, account_id, period_start`).Scan(&out).Error; err != nil {
		t.Fatal(err)
	}
	return out
}

func retained(t testing.TB, s *Store, months int, ends control.Ends) []control.Removal {
	t.Helper()
	out, err := s.Retain(context.Background(), day, months, ends)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestT13_Retention: whole months go, with their chains' rows left behind; the counters
// stay and add up, and a second time there is nothing to do.
func TestT13_Retention(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		s := atDay(t, d)
		furnish(t, s)
		before, counters := verified(t, s), standings(t, s)
		if out := retained(t, s, 2, over); len(out) != 0 {
			t.Errorf("what is not old enough went: %+v", out)
		}
		out := retained(t, s, 1, over)
		if want := []control.Removal{{Month: "2026-09", Entries: 2, Cost: 100 + 107, Calls: 1}}; !slices.Equal(out, want) {
			t.Errorf("%+v, want %+v", out, want)
		}
		v := verified(t, s)
		mustBeClean(t, v)
		if v.Entries != before.Entries-2 || v.Cost != before.Cost-207 || v.Chains != 2 || v.Removed != (control.RemovedSums{Chains: 1, Entries: 2, Cost: 207}) || v.Counters != before.Counters {
			t.Errorf("%+v", v)
		}
		if after := standings(t, s); !slices.Equal(after, counters) {
			t.Errorf("the counters moved: %v, before %v", after, counters)
		}
		if n := number(t, s, `select count(*) from chains where month = 202609 and removed_at = ? and entries = 2 and cost = 207 and head != ''`, micros(day)); n != 1 {
			t.Error("the row of the chain is not what it was")
		}
		if out := retained(t, s, 1, over); len(out) != 0 {
			t.Errorf("a second time: %+v", out)
		}
		// Another month on, the orphan goes and its correction stays.
		out, err := s.Retain(t.Context(), day.AddDate(0, 1, 0), 1, over)
		if err != nil || len(out) != 1 || out[0].Month != "2026-10" || out[0].Entries != 4 {
			t.Errorf("%+v, %v", out, err)
		}
		v = verified(t, s)
		mustBeClean(t, v)
		if v.Corrections != 1 || v.Removed.Entries != 6 {
			t.Errorf("%+v", v)
		}
		// What is gone stays gone, and what is restored of it adds up too.
		if n := number(t, s, `select count(*) from calls`); n != 1 {
			t.Errorf("%d calls", n)
		}
		r := restored(t, SQLite(t.TempDir()+"/r.db"), backedUp(t, d).File)
		if r.Verify.Removed != v.Removed {
			t.Errorf("restored: %+v", r.Verify)
		}
		for _, text := range []string{`delete from entries where id = 'e5'`, `update entries set cost = 0 where id = 'e5'`} {
			if err := s.write.Exec(text).Error; err == nil {
				t.Errorf("%s: it was not refused", text)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if r, err := Rebuild(t.Context(), d); err != nil || r.Changed != 0 {
			t.Errorf("rebuilt from what is left: %+v, %v", r, err)
		}
	})
}

// TestT13_RetentionKeepsWhatIsNotClosed: a month with spending on a period that runs
// stays, and so does one that is damaged; those around them go.
func TestT13_RetentionKeepsWhatIsNotClosed(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		s := atDay(t, d)
		furnish(t, s)
		later := day.AddDate(0, 6, 0)
		months := func(out []control.Removal) (kept, gone []string) {
			for _, r := range out {
				if r.Kept == "" {
					gone = append(gone, r.Month)
				} else {
					kept = append(kept, r.Month+" "+r.Kept)
				}
			}
			return kept, gone
		}
		october := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
		asked := map[string]bool{}
		out, err := s.Retain(t.Context(), later, 1, func(budget string, start time.Time) (time.Time, bool) {
			asked[budget] = true
			if budget == "monthly" && start.Equal(october) {
				return later.AddDate(1, 0, 0), true
			}
			return time.Time{}, false
		})
		kept, gone := months(out)
		// The correction of an orphan of October stands in November.
		if err != nil || len(kept) != 2 || !strings.HasPrefix(kept[0], "2026-10 the period of budget monthly, account alice") || !strings.HasPrefix(kept[1], "2026-11 ") || !slices.Equal(gone, []string{"2026-09"}) || !asked["total"] || !asked["team"] {
			t.Errorf("%v, %v, %v", kept, gone, err)
		}
		mustBeClean(t, verified(t, s))
		if n := number(t, s, `select count(*) from calls`); n != 2 {
			t.Errorf("%d calls are left, want those of the months that stay", n)
		}
		drop := `drop trigger entries_no_update`
		if s.lock == nil {
			drop = `alter table entries disable trigger entries_no_change`
		}
		for _, text := range []string{drop, `update entries set cost = cost + 1 where id = 'e3'`} {
			if err := s.write.Exec(text).Error; err != nil {
				t.Fatal(err)
			}
		}
		out, err = s.Retain(t.Context(), later, 1, over)
		if kept, gone = months(out); err != nil || !slices.Equal(gone, []string{"2026-11"}) || len(kept) != 1 || !strings.Contains(kept[0], "entry e3 is not as it was written") {
			t.Errorf("%v, %v, %v", kept, gone, err)
		}
		if err := s.write.Exec(`update entries set cost = cost - 1 where id = 'e3'`).Error; err != nil {
			t.Fatal(err)
		}
		if err := s.write.Exec(`update chains set cost = cost + 1 where month = 202610`).Error; err != nil {
			t.Fatal(err)
		}
		out, err = s.Retain(t.Context(), later, 1, over)
		if kept, _ = months(out); err != nil || len(kept) != 1 || !strings.Contains(kept[0], "does not end as its row says") {
			t.Errorf("%v, %v", kept, err)
		}
	})
}

// TestT13_RetentionClosesCounters: with the last entry of a period that is over its counter
// goes, and what was carried over to it; one that something is left of stays, and so do those
// of other periods. All adds up at each step, rebuilt or restored too, and what comes late is
// counted.
func TestT13_RetentionClosesCounters(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		s := atDay(t, d)
		furnish(t, s)
		left := func(table string) (out []string) {
			t.Helper()
			if err := s.read.Raw(`select budget_id || ' ' || account_id || ' ' || period_start from ` + table + ` where budget_id = 'monthly' order by period_start, account_id`).Scan(&out).Error; err != nil {
				t.Fatal(err)
			}
			return out
		}
		name := func(account string, y, m int) string {
			return fmt.Sprintf("monthly %s %d", account, micros(time.Date(y, time.Month(m), 1, 0, 0, 0, 0, time.UTC)))
		}
		september, october := []string{name("alice", 2026, 9), name("bob", 2026, 9)}, []string{name("alice", 2026, 10), name("bob", 2026, 10)}
		all := left("counters")
		if !slices.Equal(all[:4], append(slices.Clone(september), october...)) {
			t.Fatalf("%v", all)
		}
		totals := number(t, s, `select count(*) from counters where period_start = 0`)
		retained(t, s, 2, monthly)
		if got := left("counters"); !slices.Equal(got, all) {
			t.Errorf("counters of months that stay went: %v", got)
		}
		retained(t, s, 1, monthly)
		if got := left("counters"); !slices.Equal(got, all[2:]) || len(left("carried")) != 0 {
			t.Errorf("%v, carried %v", got, left("carried"))
		}
		if n := number(t, s, `select count(*) from counters where period_start = 0`); n != totals || n == 0 {
			t.Errorf("%d counters of periods that never end, want %d", n, totals)
		}
		mustBeClean(t, verified(t, s))

		// In November an orphan of October was corrected: its counter is needed as long as that.
		if _, err := s.Retain(t.Context(), day.AddDate(0, 1, 0), 1, monthly); err != nil {
			t.Fatal(err)
		}
		if got := left("counters"); !slices.Contains(got, october[0]) || slices.Contains(got, october[1]) {
			t.Errorf("%v", got)
		}
		mustBeClean(t, verified(t, s))

		// Something late, and a call that still runs.
		h := at("late", "bob", time.Date(2026, 9, 30, 23, 0, 0, 0, time.UTC), 50)
		open := at("open", "bob", time.Date(2026, 10, 31, 23, 0, 0, 0, time.UTC), 60)
		spend(t, s, h, billed(h, 20))
		spend(t, s, open)
		if _, err := s.Retain(t.Context(), day.AddDate(0, 1, 0), 1, monthly); err != nil {
			t.Fatal(err)
		}
		if got := left("counters"); !slices.Contains(got, october[1]) {
			t.Errorf("a counter with a hold went: %v", got)
		}
		mustBeClean(t, verified(t, s))
		if err := s.Settle(t.Context(), billed(open, 30)); err != nil {
			t.Fatal(err)
		}
		mustBeClean(t, verified(t, s))
		always := func(_ string, start time.Time) (time.Time, bool) { return start.AddDate(0, 1, 0), true } // those without an end have a window now
		if _, err := s.Retain(t.Context(), day.AddDate(0, 9, 0), 1, always); err != nil {
			t.Fatal(err)
		}
		if n := number(t, s, `select count(*) from counters where period_start = 0`); n != totals {
			t.Errorf("%d counters of budgets that had no window, want %d", n, totals)
		}
		if got := append(left("counters"), left("carried")...); number(t, s, `select count(*) from entries`) == 0 && number(t, s, `select count(*) from holds`) == 0 && len(got) != 0 {
			t.Errorf("%v", got)
		}
		v := verified(t, s)
		mustBeClean(t, v)
		r := restored(t, SQLite(t.TempDir()+"/r.db"), backedUp(t, d).File)
		if r.Verify.Removed != v.Removed {
			t.Errorf("restored: %+v", r.Verify)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if r, err := Rebuild(t.Context(), d); err != nil || r.Changed != 0 {
			t.Errorf("rebuilt from what is left: %+v, %v", r, err)
		}
	})
}

// TestT13_RetentionOfABudgetMadeAnew: a budget of a year that is made anew with a shorter window,
// and again with that of a year, still knows what the year's first months had, though retention
// has taken their entries.
func TestT13_RetentionOfABudgetMadeAnew(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		s := atDay(t, d)
		const id = "yearly"
		anew := func(w ledger.Window, at time.Time) {
			t.Helper()
			b := ledger.Budget{ID: id, Kind: ledger.User, Each: true, Limit: money(1000), Window: w}
			writes := []control.Write{control.PutBudget{Budget: b, New: true, At: at}}
			if n := number(t, s, `select count(*) from budgets where id = ?`, id); n > 0 {
				writes = append([]control.Write{control.Drop{Kind: control.BudgetChanged, ID: id}}, writes...)
			}
			if err := s.Write(t.Context(), writes, nil); err != nil {
				t.Fatal(err)
			}
		}
		year, month := ledger.Window{Unit: ledger.Month, Count: 12}, ledger.Window{Unit: ledger.Month}
		counted := func(id string, when time.Time, w ledger.Window, amount accounting.Money) {
			t.Helper()
			c := claim("yearly", "alice", money(1000))
			c.Counter.Start = w.At(when).Start
			h := hold(id, amount, c)
			h.At = when
			e := billed(h, amount)
			e.Outcome.At = when
			spend(t, s, h, e)
		}
		january := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		anew(year, january.AddDate(-1, 0, 0))
		counted("first", january.AddDate(0, 0, 9), year, 300)
		counted("before", january.AddDate(0, -1, 0), year, 70)
		anew(month, january.AddDate(0, 5, 0))
		counted("between", january.AddDate(0, 5, 9), month, 40)
		ends := func(w ledger.Window) control.Ends {
			return func(_ string, start time.Time) (time.Time, bool) { return w.At(start).End, true }
		}
		if _, err := s.Retain(t.Context(), january.AddDate(0, 9, 0), 1, ends(month)); err != nil {
			t.Fatal(err)
		}
		if n := number(t, s, `select count(*) from entries`); n != 0 {
			t.Errorf("%d entries are left", n)
		}
		mustBeClean(t, verified(t, s))
		anew(year, january.AddDate(0, 9, 0))
		c := claim(id, "alice", nil)
		c.Counter.Start = january
		if st := standingOf(t, s, c); st.Posted != 300 {
			t.Errorf("the year stands at %d", st.Posted)
		}
	})
}

// TestRetentionMonths: which months go, over the end of a year too, and calls of months
// in which nothing was paid.
func TestRetentionMonths(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		for i, at := range []string{"2025-12-31T23:59:59.999999Z", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2024-05-05T00:00:00Z"} {
			when, err := time.Parse(time.RFC3339Nano, at)
			if err != nil {
				t.Fatal(err)
			}
			r := recordOf(fmt.Sprint("r", i))
			r.At = when
			s.Record(r)
		}
		await(t, s, `select count(*) from calls`, 4)
		for _, c := range []struct {
			now    time.Time
			months int
			want   string
		}{
			{time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC), 1, "2024-05"},
			{time.Date(2026, 1, 31, 23, 0, 0, 0, time.FixedZone("", -5*3600)), 1, "2025-12"}, // it is February in UTC
			{time.Date(2026, 2, 28, 0, 0, 0, 0, time.UTC), 1, ""},
			{time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), 2, ""},
			{time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), 0, "2026-01"}, // 0 is taken for 1
			{time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC), 13, ""},
			{time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC), 12, "2026-02"},
		} {
			out, err := s.Retain(t.Context(), c.now, c.months, over)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, r := range out {
				got += r.Month
				if r.Calls != 1 || r.Entries != 0 || r.Kept != "" {
					t.Errorf("%+v", r)
				}
			}
			if got != c.want {
				t.Errorf("at %s, %d months: %q, want %q", c.now, c.months, got, c.want)
			}
		}
	})
}

// TestT13_RetentionGoesOnWhereItWasStopped stops it before, behind and between its
// commits: the books add up at every stop, and in the end all of the work is done once.
func TestT13_RetentionGoesOnWhereItWasStopped(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		s := atDay(t, d)
		const entries = removeBatch + 150
		var wg sync.WaitGroup
		for w := range 16 {
			wg.Go(func() {
				for i := w; i < entries; i += 16 {
					h := at(fmt.Sprint("e", i), fmt.Sprint("user", i%(carryBatch+7)), day.AddDate(0, -3, 0), 20)
					spend(t, s, h, billed(h, 10))
				}
			})
		}
		wg.Wait()
		counters := standings(t, s)
		for _, stop := range []struct{ commits, left, removed int64 }{{0, entries, 0}, {1, entries, 1}, {1, entries - removeBatch, 1}, {0, entries - removeBatch, 1}, {1, 0, 1}, {9, 0, 1}} {
			ctx, cancel := context.WithCancel(t.Context())
			e := &stopEngine{s.engine, stop.commits, cancel}
			s.engine = e
			_, err := s.Retain(ctx, day, 1, over)
			cancel()
			s.engine = e.engine
			if (err == nil) != (stop.commits == 9) {
				t.Errorf("%+v: %v", stop, err)
			}
			v := verified(t, s)
			mustBeClean(t, v)
			if v.Entries != stop.left || v.Removed.Chains != stop.removed || v.Removed.Entries != stop.removed*entries || v.Removed.Cost != accounting.Money(stop.removed*entries*10) {
				t.Errorf("%+v: %+v", stop, v)
			}
			if got := standings(t, s); !slices.Equal(got, counters) {
				t.Fatalf("the counters moved at stop %+v", stop)
			}
			if n := number(t, s, "select count(*) from carried"); n > 0 && stop.left == entries {
				t.Errorf("%+v: %d counters were carried over before their entries go: a month may have a million", stop, n)
			}
		}
	})
}

// TestT13_RetentionKilledBehindTheMark is what a process leaves that dies between the
// mark and the last entry: everything adds up, in a backup too, and the next run ends it.
func TestT13_RetentionKilledBehindTheMark(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		s := atDay(t, d)
		furnish(t, s)
		chains, err := s.readMonth(t.Context(), 202609)
		if err != nil || len(chains) != 1 || len(chains[0].posted) == 0 {
			t.Fatalf("%+v, %v", chains, err)
		}
		for i, want := range []bool{true, false} { // the second is somebody else at the same time
			if ok, err := s.mark(t.Context(), day, chains[0]); ok != want || err != nil {
				t.Errorf("mark %d: %v, %v", i, ok, err)
			}
		}
		mustBeClean(t, verified(t, s))
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if r, err := Rebuild(t.Context(), d); err != nil || r.Changed != 0 {
			t.Errorf("%+v, %v", r, err)
		}
		for _, d := range []Database{d, restoredTo(t, d)} {
			s := atDay(t, d)
			if out := retained(t, s, 1, over); len(out) != 1 || out[0].Entries != 2 || out[0].Calls != 1 {
				t.Errorf("%+v", out)
			}
			v := verified(t, s)
			mustBeClean(t, v)
			if v.Removed.Entries != 2 {
				t.Errorf("%+v", v)
			}
		}
	})
}

// TestRetentionThatAnOlderProgramBegan: what was carried over before its entries had gone
// counts once when the program that did so is replaced.
func TestRetentionThatAnOlderProgramBegan(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		s := atDay(t, d)
		furnish(t, s)
		before := standings(t, s)
		err := s.apart(t.Context(), func(tx *gorm.DB) error {
			var rows []struct {
				Cost   accounting.Money
				Claims string
			}
			posted := tally{}
			err := errors.Join(tx.Exec(`update chains set removed_at = 1 where month = 202609`).Error, tx.Raw(`select coalesce(cost, 0) as cost, claims from entries where month = 202609`).Scan(&rows).Error)
			for _, r := range rows {
				err = errors.Join(err, posted.post(r.Claims, r.Cost))
			}
			return errors.Join(err, carryAll(tx, 202609, posted), tx.Exec(`delete from entries where id = 'e0'`).Error, tx.Exec(`alter table credentials drop column urls`).Error, tx.Exec(`delete from goose_db_version where version_id >= 11`).Error)
		})
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
		s = atDay(t, d)
		mustBeClean(t, verified(t, s))
		if after := standings(t, s); !slices.Equal(after, before) {
			t.Errorf("the counters moved: %v, before %v", after, before)
		}
		if n := number(t, s, "select count(*) from entries where month = 202609"); n != 0 {
			t.Errorf("%d entries are left", n)
		}
	})
}

func restoredTo(t testing.TB, d Database) Database {
	t.Helper()
	to := SQLite(t.TempDir() + "/r.db")
	restored(t, to, backedUp(t, d).File)
	return to
}

// TestA45_RetentionOnTwoReplicasAtOnce does the work once.
func TestA45_RetentionOnTwoReplicasAtOnce(t *testing.T) {
	d := postgresDatabase(t)
	replicas := []*Store{atDay(t, d), atDay(t, d), atDay(t, d)}
	for i, s := range replicas {
		for j := range 50 {
			h := at(fmt.Sprintf("e%d-%d", i, j), fmt.Sprint("user", j%5), day.AddDate(0, -2-j%3, 0), 20)
			spend(t, s, h, billed(h, 10))
		}
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	var gone int64
	for _, s := range replicas {
		wg.Go(func() {
			out, err := s.Retain(context.Background(), day, 1, monthly)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			for _, r := range out {
				gone += r.Entries
			}
		})
	}
	wg.Wait()
	for range 2 { // what one of them left because another was at it
		for _, r := range retained(t, replicas[0], 1, monthly) {
			gone += r.Entries
		}
	}
	v := verified(t, replicas[0])
	mustBeClean(t, v)
	if v.Entries != 0 || gone != 150 || v.Removed.Entries != 150 || v.Removed.Cost != 1500 {
		t.Errorf("%d went; %+v", gone, v)
	}
}

// TestRetentionDoesNotHoldUpPayers: calls are admitted and settled while months go.
func TestRetentionDoesNotHoldUpPayers(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		for i := range 300 {
			h := at(fmt.Sprint("e", i), "alice", day.AddDate(0, -3, 0), 20)
			spend(t, s, h, billed(h, 10))
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			if _, err := s.Retain(context.Background(), day, 1, monthly); err != nil {
				t.Error(err)
			}
		}()
		paid := 0
		for running := true; running; paid++ {
			select {
			case <-done:
				running = false
			default:
			}
			h := at(fmt.Sprint("w", paid), "alice", day, 20)
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			_, err := s.Reserve(ctx, h)
			err = errors.Join(err, s.Settle(ctx, billed(h, accounting.Money(9))))
			cancel()
			if err != nil {
				t.Fatal(err)
			}
		}
		v := verified(t, s)
		mustBeClean(t, v)
		if v.Entries != int64(paid) || v.Removed.Entries != 300 {
			t.Errorf("%d paid meanwhile; %+v", paid, v)
		}
	})
}

// stopEngine lets some transactions beside the books through and cancels then.
type stopEngine struct {
	engine
	left   int64
	cancel context.CancelFunc
}

func (e *stopEngine) apart(ctx context.Context, run func(*gorm.DB) error) error {
	if e.left--; e.left < 0 {
		e.cancel()
		return context.Cause(ctx)
	}
	return e.engine.apart(ctx, run)
}
