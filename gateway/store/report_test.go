package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"testing"

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
