package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
)

// logColumns are those that entries and calls share.
const logColumns = "at, request_id, key_id, user_id, team_id, org_id, end_user, operation, model, deployment, answered, stream, input, cached, output, status, took_us, tags"

// Log implements [control.Store].
func (s *Store) Log(ctx context.Context, q control.LogQuery) ([]control.LogRow, int, error) {
	db, err := s.read.DB()
	if err != nil {
		return nil, 0, err
	}
	ctx, cancel := reading(ctx)
	defer cancel()
	return logOf(ctx, db, s.engine, q)
}

// logOf lists calls from a pool, in the words of its engine.
func logOf(ctx context.Context, db querier, in words, q control.LogQuery) ([]control.LogRow, int, error) {
	entries, calls := asked(in, q)
	// Each table is read by its own index, and no further than the page needs.
	part := func(table, cost string, w *where, columns string, most int) (string, []any) {
		return "select * from (select " + columns + cost + " from " + table + " where " + w.String() + " order by at desc, request_id desc limit ?) as " + table + "_part", append(w.args, most)
	}
	both := func(columns, costOfEntry, costOfCall string, most int) (string, []any) {
		x, args := part("entries", costOfEntry, entries, columns, most)
		y, more := part("calls", costOfCall, calls, columns, most)
		return x + " union all " + y, append(append([]any{}, args...), more...)
	}
	total := 0
	text, args := both("at, request_id", "", "", control.MaxLog)
	if err := eachRow(ctx, db, numberedMarks("select count(*) from ("+text+") as t"), func(r *sql.Rows) error { return r.Scan(&total) }, args...); err != nil {
		return nil, 0, unavailable(err)
	}
	text, args = both(logColumns, ", cost", ", 0 as cost", q.Offset+q.Limit)
	out := []control.LogRow{}
	err := eachRow(ctx, db, numberedMarks("select * from ("+text+") as t order by at desc, request_id desc limit ? offset ?"), func(rows *sql.Rows) error {
		r, err := scanLog(rows)
		out = append(out, r)
		return err
	}, append(args, q.Limit, q.Offset)...)
	if err != nil {
		return nil, 0, unavailable(err)
	}
	return out, min(total, control.MaxLog), nil
}

// asked are the conditions of a query on what the books hold and on the other calls.
func asked(in words, q control.LogQuery) (entries, calls *where) {
	entries, calls = &where{}, &where{}
	for _, w := range []*where{entries, calls} {
		if !q.From.IsZero() {
			w.add("at >= ?", micros(q.From))
		}
		if !q.To.IsZero() {
			w.add("at < ?", micros(q.To))
		}
		for _, c := range []struct{ column, value string }{{"user_id", q.UserID}, {"team_id", q.TeamID}, {"org_id", q.OrgID}, {"key_id", q.KeyID}, {"end_user", q.EndUser},
			{"model", q.Model}, {"deployment", q.Deployment}, {"request_id", q.Request}} {
			w.equal(c.column, c.value)
		}
		if q.Tag != "" {
			w.add(withTag(in), q.Tag)
		}
		switch q.Status {
		case "":
		case control.StatusFailed:
			w.add("status != ?", control.StatusOK)
		default:
			w.add("status = ?", q.Status)
		}
	}
	entries.add("operation != ?", ledger.Adjusted)
	for _, bound := range []struct {
		by   string
		than *accounting.Money
	}{{">=", q.Least}, {"<=", q.Most}} {
		if bound.than != nil {
			entries.add("cost "+bound.by+" ?", int64(*bound.than))
			calls.add("0 "+bound.by+" ?", int64(*bound.than))
		}
	}
	return entries, calls
}

// scanLog reads a row of logColumns and its cost.
func scanLog(rows *sql.Rows) (r control.LogRow, err error) {
	var at, took int64
	var cost *int64
	var tags string
	if err := rows.Scan(&at, &r.Request, &r.Key, &r.User, &r.Team, &r.Org, &r.EndUser, &r.Operation, &r.Model, &r.Deployment, &r.Answered, &r.Stream,
		&r.Input, &r.Cached, &r.Output, &r.Status, &took, &tags, &cost); err != nil {
		return r, err
	}
	r.At, r.Took, r.Cost = instant(at), time.Duration(took)*time.Microsecond, moneyOf(cost)
	if tags != "" {
		if err := fromJSON(tags, &r.Tags); err != nil {
			return r, fmt.Errorf("the tags of the call %s: %w", r.Request, err)
		}
	}
	return r, nil
}
