package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/limits"
)

// claimFrom is a claim on a counter of a period that began at an instant.
func claimFrom(budget, account string, start time.Time) ledger.Claim {
	c := claim(budget, account, nil)
	c.Counter.Start = start
	return c
}

// ofMonth are the claims of a user's call at an instant: on a budget per month, on one
// for ever, and on one of the team.
func ofMonth(user string, at time.Time) []ledger.Claim {
	month := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
	return []ledger.Claim{claimFrom("monthly", user, month), claimFrom("total", user, time.Unix(0, 0)), claimFrom("team", "physics", month)}
}

// at is a hold of a user's at an instant.
func at(id, user string, when time.Time, amount accounting.Money) ledger.Hold {
	h := hold(id, amount, ofMonth(user, when)...)
	h.At = when
	h.Facts.UserID, h.Facts.KeyID, h.Facts.TeamID = user, "key-"+user, "physics"
	h.Facts.Model = "model-" + id[:1]
	return h
}

// billed ends a hold with a cost that its counts and rates explain.
func billed(h ledger.Hold, cost accounting.Money) ledger.Entry {
	u := accounting.Usage{accounting.Input: 7, accounting.CachedInput: 3, accounting.Output: 5, accounting.Reasoning: 2}
	lines := []accounting.Line{{Meter: accounting.Input, Count: int64(cost) - 1, Rate: 1_000_000}, {Meter: accounting.Output, Count: 1, Rate: 3}}
	return ledger.Entry{Hold: h, Outcome: ledger.Outcome{At: h.At.Add(time.Second), Usage: u, Source: accounting.Reported, Status: "ok", Model: "m-2026",
		Cost: &accounting.Cost{Total: cost, Lines: lines}}}
}

func orphaned(h ledger.Hold, cost accounting.Money) ledger.Entry {
	return ledger.Entry{Hold: h, Outcome: ledger.Outcome{At: h.At.Add(time.Minute), Source: accounting.Uncertain, Status: ledger.Orphaned, Cost: &accounting.Cost{Total: cost}}}
}

func spend(t testing.TB, s *Store, h ledger.Hold, ends ...ledger.Entry) {
	t.Helper()
	if _, err := s.Reserve(context.Background(), h); err != nil {
		t.Fatal(err)
	}
	for _, e := range ends {
		if err := s.Settle(context.Background(), e); err != nil {
			t.Fatal(err)
		}
	}
}

// furnish puts something into every table: entries of three months, among them a
// correction over the end of a month and one without a price, open holds, people, and
// calls that cost nothing.
func furnish(t testing.TB, s *Store) {
	t.Helper()
	ctx := context.Background()
	limit := accounting.Money(5e9)
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		s.CreateUser(ctx, access.User{ID: "alice", Name: "Ä \"quoted\" <b> \u2028 \\ name", Email: "a@x", Models: []string{"free"}, Created: day}),
		s.CreateUser(ctx, access.User{ID: "bob", Blocked: true, Created: day}),
		s.one(ctx, control.PutOrg{Org: access.Organization{ID: "science", Name: "Science", Models: []string{"free"}, Created: day}, New: true, Attributes: []byte(`{"a":["ä"]}`)}),
		s.one(ctx, control.PutEndUser{EndUser: access.EndUser{ID: "someone ä", Name: "S", Blocked: true, Created: day}, New: true}),
		s.one(ctx, control.PutTag{Tag: access.Tag{ID: "red/batch ä", Description: "D", Blocked: true, Created: day}, New: true}),
		s.Write(ctx, []control.Write{control.PutAudit{Audit: control.Audit{At: day, Action: control.Create, Kind: control.UserChanged, ID: "alice", After: "{}"}}}, nil),
		s.one(ctx, control.PutMember{In: control.OrgChanged, ID: "science", User: "bob", Role: access.GroupAdmin}),
		s.CreateTeam(ctx, access.Team{ID: "physics", Name: "Physics", OrgID: "science", Aliases: map[string]string{"fast": "qwen"}, Tags: []string{"red/batch ä"}, Created: day}),
		s.one(ctx, control.PutKey{Key: control.StoredKey{Key: access.Key{ID: "key-org", Digest: access.DigestOf("z"), OrgID: "science", Former: access.DigestOf("w"), FormerUntil: day, Aliases: map[string]string{"a": "b"}, Routes: []string{"calls"}, Created: day}}, New: true, Attributes: []byte(`{}`)}),
		s.AddMember(ctx, "physics", "alice"),
		s.CreateKey(ctx, control.StoredKey{Key: access.Key{ID: "key-alice", Digest: access.DigestOf("x"), UserID: "alice", TeamID: "physics", EndUsers: true, Tags: []string{"a"}, CallTags: true, Metadata: map[string]string{"a": "b"}, Created: day}}),
		s.CreateKey(ctx, control.StoredKey{Key: access.Key{ID: "admin", Digest: access.DigestOf("y"), Role: access.Admin, Expires: day.AddDate(1, 0, 0), Created: day}, Foreign: true}),
		s.CreateBudget(ctx, ledger.Budget{ID: "monthly", Kind: ledger.User, Each: true, Limit: &limit, Window: ledger.Window{Unit: ledger.Month, Zone: zone, Start: day}}, day.AddDate(-1, 0, 0)),
		s.one(ctx, control.PutPlan{Plan: control.Plan{ID: "five: ä", Name: "F", Created: day}, New: true, Attributes: []byte(`{"limit":"5"}`)}),
		s.CreateLimit(ctx, limits.Rule{ID: "pace", Selector: scope.Selector{Kind: scope.User, Each: true}, Requests: figure(60)}, day),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, months := range []int{-2, -2, -1, -1, -1, 0, 0} {
		when := day.AddDate(0, months, 0).Add(time.Duration(i) * time.Hour)
		h := at(fmt.Sprintf("e%d", i), []string{"alice", "bob"}[i%2], when, 1000)
		h.Facts.Tags = [][]string{nil, {"a"}, {"a", "red/batch ä"}}[i%3]
		spend(t, s, h, billed(h, accounting.Money(100+7*i)))
	}
	unpriced := at("u", "bob", day, 0)
	unpriced.Unpriced, unpriced.Claims = true, nil
	spend(t, s, unpriced, ledger.Entry{Hold: unpriced, Outcome: ledger.Outcome{At: day, Status: "ok", Usage: accounting.Usage{accounting.Input: 9}}})
	// A stream that was given up in October and turned out to be alive in November.
	long := at("o", "alice", time.Date(2026, 10, 31, 23, 58, 0, 0, time.UTC), 900)
	late := billed(long, 333)
	late.Outcome.At = time.Date(2026, 11, 1, 0, 3, 0, 0, time.UTC)
	spend(t, s, long, orphaned(long, 450), late)
	lost := at("l", "bob", day.AddDate(0, 0, -1), 80)
	spend(t, s, lost, orphaned(lost, 40))
	running := at("r", "alice", day.Add(time.Hour), 700)
	running.Once = &ledger.Once{Token: "token", Body: "body"}
	spend(t, s, running)
	s.Checkpoint(running, ledger.Progress{Usage: accounting.Usage{accounting.Input: 4}, Cost: 12})
	for i, months := range []int{-2, -1, 0} {
		s.Record(gateway.Record{At: day.AddDate(0, months, 0), RequestID: fmt.Sprint("f", i), KeyID: "key-alice", UserID: "alice", Model: "free", Price: "free", Worth: money(5), Status: "ok", Stream: i == 1})
	}
	await(t, s, `select count(*) from calls`, 3)
	await(t, s, `select count(*) from holds where progress != ''`, 1)
}

// await waits until a number in the database has grown to what it shall be.
func await(t testing.TB, s *Store, text string, want int64) {
	t.Helper()
	for until := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		got := number(t, s, text)
		if got >= want {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("%s is %d and never %d", text, got, want)
		}
	}
}

func verified(t testing.TB, s *Store) control.Verification {
	t.Helper()
	v, err := s.Verify(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// mustBeClean fails unless nothing differs.
func mustBeClean(t testing.TB, v control.Verification) {
	t.Helper()
	for _, d := range v.Differences {
		t.Errorf("%s %s: expected %s, found %s", d.What, d.Where, d.Expected, d.Found)
	}
	if v.More > 0 {
		t.Errorf("and %d more", v.More)
	}
}

// atDay opens a store whose clock stands still.
func atDay(t testing.TB, d Database) *Store {
	t.Helper()
	s, err := Open(context.Background(), d, Options{Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return day }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// TestT10_VerifyFindsNothing: the sum of the entries is every counter and report, and
// what was looked at is counted.
func TestT10_VerifyFindsNothing(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		s := atDay(t, d)
		mustBeClean(t, verified(t, s))
		furnish(t, s)
		v := verified(t, s)
		mustBeClean(t, v)
		want := control.Verification{Epoch: 1, Entries: 11, Corrections: 1, Cost: 7*100 + 7*21 + 333 + 40, Chains: 3, Counters: 2*3 + 2 + 3, Holds: 1, ReportRows: v.ReportRows}
		v.Differences = nil
		if s.engine.now() != day || fmt.Sprint(v) != fmt.Sprint(want) {
			t.Errorf("got  %+v\nwant %+v", v, want)
		}
		if v.ReportRows < 1+3+2+1+3 {
			t.Errorf("only %d lines of reports were compared", v.ReportRows)
		}
	})
}

// TestT13_VerifyNamesWhatWasTamperedWith: whatever is changed behind the program's
// back, verify says what and where, and again nothing when it is undone.
func TestT13_VerifyNamesWhatWasTamperedWith(t *testing.T) {
	tables := []string{"entries", "counters", "chains", "holds", "carried", "meta"}
	type finding struct{ what, where, found string }
	writer := func(s *Store) string { return s.writer.books.writer }
	cases := map[string]struct {
		do   []string // W stands for the writer
		want []finding
	}{
		"a cost": {[]string{`update entries set cost = cost + 1 where id = 'e3'`},
			[]finding{{"entry", "e3 (place", ""}, {"entry", "e3", "0.000000122"}, {"chain", "2026-10", "0.000000"}, {"counter", "monthly, account bob", ""}, {"counter", "total, account bob", ""}, {"counter", "team, account physics", ""}}},
		"a cost of a correction":           {[]string{`update entries set cost = cost - 1 where id = 'o+1'`}, []finding{{"correction", "o+1", ""}, {"entry", "o+1 (place", ""}}},
		"a rate":                           {[]string{`update entries set lines = replace(lines, '"rate":3}', '"rate":3000000}') where id = 'e0'`}, []finding{{"entry", "e0 (place", ""}, {"entry", "e0", "0.0000001"}}},
		"no cost":                          {[]string{`update entries set cost = null where id = 'e0'`}, []finding{{"entry", "e0", "none"}, {"counter", "monthly, account alice", ""}}},
		"who spent it":                     {[]string{`update entries set user_id = 'bob' where id = 'e0'`}, []finding{{"entry", "e0 (place", ""}}},
		"lines that are none":              {[]string{`update entries set lines = '{' where id = 'e0'`}, []finding{{"entry", "e0", "no valid JSON"}}},
		"claims that are none":             {[]string{`update entries set claims = '{' where id = 'e0'`}, []finding{{"entry", "e0", "JSON"}, {"counter", "monthly, account alice", ""}}},
		"an entry deleted":                 {[]string{`delete from entries where id = 'e3'`}, []finding{{"entry", "(place 3, month 2026-10)", "place 3"}, {"chain", "2026-10", ""}, {"counter", "monthly, account bob", ""}}},
		"the last entry deleted":           {[]string{`delete from entries where id = 'e1'`}, []finding{{"chain", "2026-09", "1"}, {"counter", "total, account bob", ""}}},
		"two entries swapped":              {[]string{`update entries set seq = 5 - seq where id in ('e3', 'e4')`}, []finding{{"entry", "e3 (place 3", ""}, {"entry", "e4 (place 2", ""}}},
		"a place twice":                    {[]string{`update entries set seq = 1 where id = 'e1'`}, []finding{{"entry", "e1 (place 1", "place 1"}}},
		"an entry moved to another month":  {[]string{`update entries set month = 202610 where id = 'e0'`}, []finding{{"entry", "e0", "month 2026-10"}, {"chain", "2026-09", "1"}, {"chain", "2026-10", ""}}},
		"an entry of no chain":             {[]string{`update entries set writer = '', seq = 0, hash = '' where id = 'e1'`}, []finding{{"chain", "before there were chains, month 2026-09", "none"}, {"chain", "2026-09", "1"}}},
		"an entry without its place":       {[]string{`update entries set seq = 0 where id = 'e1'`}, []finding{{"entry", "e1", "place 0"}}},
		"a hash":                           {[]string{`update entries set hash = 'x' where id = 'e0'`}, []finding{{"entry", "e0 (place 1", `"x"`}, {"entry", "e1 (place 2", ""}}},
		"an orphan that was none":          {[]string{`update entries set status = 'ok' where id = 'o'`}, []finding{{"correction", "o+1", `"ok"`}, {"entry", "o (place", ""}}},
		"a correction of nothing":          {[]string{`update entries set corrects = 'x' where id = 'o+1'`}, []finding{{"correction", "o+1", "none"}, {"correction", "o+1", "o+1"}}},
		"a chain's head":                   {[]string{`update chains set head = 'x' where month = 202610`}, []finding{{"chain", "writer W, month 2026-10", ""}}},
		"a chain's count":                  {[]string{`update chains set entries = 9 where month = 202610`}, []finding{{"chain", "writer W, month 2026-10", "4"}}},
		"a chain's cost":                   {[]string{`update chains set cost = 9 where month = 202610`}, []finding{{"chain", "writer W, month 2026-10", ""}}},
		"a chain's row":                    {[]string{`delete from chains where month = 202610`}, []finding{{"chain", "writer W, month 2026-10", "none"}}},
		"a chain without entries":          {[]string{`insert into chains (writer, month, entries, head, cost) values ('x', 202601, 1, 'y', 5)`}, []finding{{"chain", "writer x, month 2026-01", "0"}}},
		"what a counter posted":            {[]string{`update counters set posted = posted - 1 where budget_id = 'total' and account_id = 'bob'`}, []finding{{"counter", "budget total, account bob, from the beginning", ""}}},
		"what a counter holds":             {[]string{`update counters set held = 5 where budget_id = 'total' and account_id = 'bob'`}, []finding{{"counter", "budget total, account bob", "held 0.000000005"}}},
		"a counter of nobody":              {[]string{`insert into counters (budget_id, account_id, period_start, posted, held) values ('x', '', 0, 1, 0)`}, []finding{{"counter", "budget x, account the gateway", "posted 0.000000001"}}},
		"a counter deleted":                {[]string{`delete from counters where budget_id = 'team' and period_start = (select max(period_start) from counters)`}, []finding{{"counter", "budget team, account physics, from 2026-11-01", "no counter"}}},
		"a hold's amount":                  {[]string{`update holds set amount = 1`}, []finding{{"counter", "budget monthly, account alice", "held 0.0000007"}}},
		"a hold deleted":                   {[]string{`delete from holds`}, []finding{{"counter", "budget monthly, account alice", "held 0.0000007"}}},
		"a hold of an attempt that ended":  {[]string{`update holds set id = 'e1'`}, []finding{{"hold", "e1", "an entry"}}},
		"a hold that cannot be read":       {[]string{`update holds set hold = '{'`}, []finding{{"hold", "r", "JSON"}}},
		"a hold of nobody":                 {[]string{fmt.Sprintf(`update holds set owner = '', held_at = %d`, micros(day.Add(-3*time.Minute)))}, []finding{{"hold", "r", "none"}}},
		"something carried that is here":   {[]string{`insert into carried (budget_id, account_id, period_start, month, posted) values ('total', 'bob', 0, 202610, 5)`}, []finding{{"carried", "budget total, account bob", ""}, {"counter", "total, account bob", ""}}},
		"a chain said to be removed":       {[]string{`update chains set removed_at = 1 where month = 202609`, `delete from entries where month = 202609`}, []finding{{"counter", "total, account alice", ""}}},
		"the epoch":                        {[]string{`update meta set value = 'x' where name = 'epoch'`}, []finding{{"meta", "epoch", "x"}}},
		"costs beyond the range of money":  {[]string{`update entries set cost = 9223372036854775807 where id in ('e0', 'e1')`}, []finding{{"entry", "e1", "out of range"}}},
		"the writer of a whole month":      {[]string{`update entries set writer = 'x' where month = 202609`, `update chains set writer = 'x' where month = 202609`}, []finding{{"entry", "e0 (place 1", ""}}},
		"entry and counters and chain too": {[]string{`update entries set cost = cost + 1, lines = '[]' where id = 'e3'`, `update counters set posted = posted + 1 where account_id in ('bob', 'physics') and period_start in (0, 1790812800000000)`, `update chains set cost = cost + 1 where month = 202610`}, []finding{{"entry", "e3 (place", ""}}},
	}
	each(t, func(t *testing.T, d Database) {
		s := atDay(t, d)
		furnish(t, s)
		drop := []string{`drop trigger entries_no_update`, `drop trigger entries_no_delete`}
		if s.lock == nil {
			drop = []string{`drop trigger entries_no_change on entries`}
		}
		run := func(texts ...string) {
			t.Helper()
			if err := s.write.Transaction(func(tx *gorm.DB) error {
				var err error
				for _, text := range texts {
					err = errors.Join(err, tx.Exec(text).Error)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		run(drop...)
		var restore []string
		for _, table := range tables {
			run(`create table saved_` + table + ` as select * from ` + table)
			restore = append(restore, `delete from `+table, `insert into `+table+` select * from saved_`+table)
		}
		for name, c := range cases {
			t.Run(name, func(t *testing.T) {
				run(c.do...)
				v := verified(t, s)
				for _, f := range c.want {
					where := strings.ReplaceAll(f.where, "W", writer(s))
					if !slices.ContainsFunc(v.Differences, func(d control.Difference) bool {
						return d.What == f.what && strings.Contains(d.Where, where) && strings.Contains(d.Found, f.found)
					}) {
						t.Errorf("no %s %s is found to be %s:\n%s", f.what, where, f.found, listed(v))
					}
				}
				run(restore...)
				mustBeClean(t, verified(t, s))
			})
		}
	})
}

func listed(v control.Verification) string {
	var b strings.Builder
	for _, d := range v.Differences {
		fmt.Fprintf(&b, "  %s %s: expected %s, found %s\n", d.What, d.Where, d.Expected, d.Found)
	}
	return b.String()
}

// TestVerifyListsAHundred: the rest is counted.
func TestVerifyListsAHundred(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		if err := s.write.Transaction(func(tx *gorm.DB) error {
			for i := range 130 {
				if err := tx.Exec(`insert into counters (budget_id, account_id, period_start, posted, held) values (?, 'a', 0, 1, 0)`, fmt.Sprint("b", i)).Error; err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if v := verified(t, s); len(v.Differences) != control.MaxDifferences || v.More != 30 || v.Clean() {
			t.Errorf("%d and %d more", len(v.Differences), v.More)
		}
	})
}

// TestT10_ReportsAreHeldAgainstTheEntries: a report that is not the sum of its entries
// would be found.
func TestT10_ReportsAreHeldAgainstTheEntries(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		s := atDay(t, d)
		furnish(t, s)
		for _, by := range append([]string{""}, "key", "user", "team", "model", "day") {
			look, err := openSnapshot(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			v := newVerifier(look, liveness{})
			if err := errors.Join(v.chainRows(t.Context()), v.entries(t.Context())); err != nil {
				t.Fatal(err)
			}
			if by == "" {
				v.total[""].Cost++
			}
			for i, r := range reports {
				if r.by == by {
					for name, g := range v.groups[i] {
						g.Paid.Output++
						v.groups[i][name+"x"] = &control.UsageRow{}
						break
					}
				}
			}
			if err := v.reports(t.Context()); err != nil {
				t.Fatal(err)
			}
			want := 2
			if by == "" {
				want = 1
			}
			if len(v.Differences) != want || v.Differences[0].What != "report" || !strings.HasPrefix(v.Differences[0].Where+"total", by) {
				t.Errorf("by %q: %d\n%s", by, len(v.Differences), listed(v.Verification))
			}
			if err := look.close(); err != nil {
				t.Error(err)
			}
		}
	})
}

// TestVerifyWhileServing: verify sees one moment, whatever is written meanwhile, keeps
// nobody from writing, and runs once at a time.
func TestVerifyWhileServing(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		stop := make(chan struct{})
		var load, looks sync.WaitGroup
		for i := range 8 {
			load.Go(func() {
				for j := 0; ; j++ {
					select {
					case <-stop:
						return
					default:
					}
					h := at(fmt.Sprintf("w%d-%d", i, j), fmt.Sprint("user", i%3), day, 50)
					spend(t, s, h)
					if j%3 == 0 {
						if err := s.Release(context.Background(), h); err != nil {
							t.Error(err)
						}
						continue
					}
					if err := s.Settle(context.Background(), billed(h, accounting.Money(10+j%7))); err != nil {
						t.Error(err)
					}
				}
			})
		}
		await(t, s, `select count(*) from entries`, 20)
		seen := make([]int64, 3)
		for i := range seen {
			looks.Go(func() {
				for range 4 {
					v := verified(t, s)
					mustBeClean(t, v)
					seen[i] = v.Entries
				}
			})
		}
		looks.Wait()
		close(stop)
		load.Wait()
		v := verified(t, s)
		mustBeClean(t, v)
		if v.Holds != 0 || v.Entries < slices.Max(seen) || slices.Max(seen) == 0 {
			t.Errorf("%d entries after %v, %d holds", v.Entries, seen, v.Holds)
		}
		s.checks <- struct{}{} // another one runs
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.Verify(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("a second one: %v", err)
		}
		<-s.checks
	})
}

// TestVerifyCountsOrphans: what a process left open is no difference before the next
// start has had its time.
func TestVerifyCountsOrphans(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		s := atDay(t, d)
		furnish(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		v, err := verify(t.Context(), d, liveness{})
		if err != nil {
			t.Fatal(err)
		}
		mustBeClean(t, v)
		if v.Holds != 1 || v.Orphans != 1 {
			t.Errorf("%+v", v)
		}
	})
}
