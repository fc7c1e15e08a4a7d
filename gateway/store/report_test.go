package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway"
	"tollgate/gateway/control"
)

// planner is a database that says how it would find the rows of each statement.
type planner struct {
	querier
	t    *testing.T
	plan []string
}

func (p *planner) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	p.t.Helper()
	err := eachRow(ctx, p.querier, "explain query plan "+text, func(r *sql.Rows) error {
		var id, parent, unused int
		var detail string
		err := r.Scan(&id, &parent, &unused, &detail)
		p.plan = append(p.plan, detail)
		return err
	}, args...)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.querier.QueryContext(ctx, text, args...)
}

func (p *planner) uses(index string) bool {
	return slices.ContainsFunc(p.plan, func(s string) bool { return strings.Contains(s, "USING INDEX "+index+" ") })
}

// TestReportsOfSomebodyUseTheirIndex: what one user, team or key has used is found
// without reading what the others have, in both tables.
func TestReportsOfSomebodyUseTheirIndex(t *testing.T) {
	s := fresh(t)
	db, err := s.read.DB()
	if err != nil {
		t.Fatal(err)
	}
	for by, q := range map[string]control.UsageQuery{"user": {UserID: "u"}, "team": {TeamID: "t"}, "key": {KeyID: "k"}} {
		q.From = day
		p := &planner{querier: db, t: t}
		if _, err := usage(t.Context(), p, s.engine, q); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"entries", "calls"} {
			if !p.uses(table + "_by_" + by) {
				t.Errorf("a report of one %s finds its %s so: %q", by, table, p.plan)
			}
		}
		p = &planner{querier: db, t: t}
		rows, err := p.QueryContext(t.Context(), "select * from entries where "+isNamed(by+"_id")+" order by at desc, id desc limit 10", "x")
		if err != nil {
			t.Fatal(err)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		if !p.uses("entries_by_" + by) {
			t.Errorf("a list of one %s's entries finds them so: %q", by, p.plan)
		}
	}
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
