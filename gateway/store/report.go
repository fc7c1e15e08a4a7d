package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
)

func reasoningTokens(u accounting.Usage) int64 { return u[accounting.Reasoning] }

// groupColumns are the expressions that a report may be grouped by. Nothing of a
// caller's text ever becomes SQL.
var groupColumns = map[string]string{
	"key":        "key_id",
	"user":       "user_id",
	"team":       "team_id",
	"org":        "org_id",
	"end_user":   "end_user",
	"model":      "model",
	"deployment": "deployment",
	"tag":        "coalesce(tag.value, '')",
}

// words are what an engine writes a report with.
type words interface {
	// day is the SQL that turns a column of microseconds into a day in UTC as text.
	day(column string) string
	// eachTag is the SQL of a table `tag` that has the tags of a row of entries or calls in
	// its column `value`.
	eachTag() string
}

// where turns the narrowing fields of a query into a condition.
type where struct {
	parts []string
	args  []any
}

func (w *where) add(cond string, arg any) {
	w.parts = append(w.parts, cond)
	w.args = append(w.args, arg)
}

func (w *where) equal(column, value string) {
	if value != "" {
		w.add(isNamed(column), value)
	}
}

// isNamed is the condition that a column is a value that is not empty. That it is not
// empty stands in the statement itself, since only rows with a name are in some indexes.
func isNamed(column string) string { return column + " = ? and " + column + " != ''" }

func (w *where) String() string {
	if len(w.parts) == 0 {
		return "true"
	}
	return strings.Join(w.parts, " and ")
}

// nanosPerDollar parts an amount so that a sum of any number of them fits: a sum that
// does not is an error of the database, and no report of costs may fail for the sake
// of what free models are worth.
const nanosPerDollar = int64(accounting.Dollar)

// worthOf puts a sum together again; what leaves the range of Money is its end. nil
// if nothing was added up.
func worthOf(dollars, nanos *int64) *accounting.Money {
	if dollars == nil || nanos == nil {
		return nil
	}
	m := accounting.MaxMoney
	if d := *dollars + *nanos/nanosPerDollar; d <= int64(accounting.MaxMoney)/nanosPerDollar {
		if sum, err := accounting.Money(d * nanosPerDollar).Add(accounting.Money(*nanos % nanosPerDollar)); err == nil {
			m = sum
		}
	}
	return &m
}

// Usage implements [control.Store]. Paid and free come from two tables and are
// never added up.
func (s *Store) Usage(ctx context.Context, q control.UsageQuery) ([]control.UsageRow, error) {
	db, err := s.read.DB()
	if err != nil {
		return nil, err
	}
	ctx, cancel := reading(ctx)
	defer cancel()
	return usage(ctx, db, s.engine, q)
}

// withTag is the condition that a row of entries or calls has a tag.
func withTag(in words) string {
	return "tags != '' and exists (select 1 from " + in.eachTag() + " where tag.value = ?)"
}

// usageOf is the statement of a report, in the words of an engine. A row of it has a text
// for each column that it is grouped by, and then sums.
func usageOf(in words, q control.UsageQuery) (text string, args []any, err error) {
	var w where
	if !q.From.IsZero() {
		w.add("at >= ?", micros(q.From))
	}
	if !q.To.IsZero() {
		w.add("at < ?", micros(q.To))
	}
	for _, c := range []struct{ column, value string }{{"user_id", q.UserID}, {"team_id", q.TeamID}, {"org_id", q.OrgID}, {"key_id", q.KeyID}, {"end_user", q.EndUser}, {"model", q.Model}} {
		w.equal(c.column, c.value)
	}
	if q.Tag != "" {
		w.add(withTag(in), q.Tag)
	}
	var cols, names []string
	each := "" // a row for each tag of a call
	for i, by := range q.By {
		expr, ok := groupColumns[by]
		if by == "day" {
			expr, ok = in.day("at"), true
		}
		if by == "tag" {
			each = " left join " + in.eachTag() + " on true"
		}
		if !ok {
			return "", nil, control.Invalid(fmt.Errorf("no column %q", by))
		}
		name := fmt.Sprintf("g%d", i)
		cols, names = append(cols, expr+" as "+name), append(names, name)
	}
	prefix := strings.Join(append(cols, ""), ", ")
	group, order := "", ""
	if len(names) > 0 {
		group = " group by " + strings.Join(names, ", ")
		order = " order by " + strings.Join(names, ", ")
	}
	sums := func(state, cond string) string {
		var b strings.Builder
		for _, c := range []string{"n", "input", "cached", "output"} {
			fmt.Fprintf(&b, ", sum(case when kind = %s and %s then %s else 0 end)", state, cond, c)
		}
		return b.String()
	}
	text = "select " + strings.Join(append(names, ""), ", ") +
		"sum(cost), sum(adjusted)" + sums("'paid'", "true") + sums("'free'", "true") + sums("'unpriced'", "true") + ", sum(case when kind = '' then 1 else 0 end)" +
		fmt.Sprintf(", sum(worth / %d), sum(worth %% %[1]d) from (", nanosPerDollar) +
		"select " + prefix + "case when operation = 'adjustment' then 'adjusted' when cost is null then 'unpriced' else 'paid' end as kind, case when corrects is null then 1 else 0 end as n, " +
		"case when operation = 'adjustment' then 0 else coalesce(cost, 0) end as cost, case when operation = 'adjustment' then cost else 0 end as adjusted, input, cached, output, null as worth from entries" + each + " where " + w.String() +
		" union all select " + prefix + "price as kind, 1 as n, 0 as cost, 0 as adjusted, input, cached, output, worth from calls" + each + " where " + w.String() + ") as t" + group + order +
		fmt.Sprintf(" limit %d", control.MaxUsageRows)
	return numberedMarks(text), append(append([]any{}, w.args...), w.args...), nil
}

// usage reports from a pool or a transaction, in the words of its engine.
func usage(ctx context.Context, db querier, in words, q control.UsageQuery) ([]control.UsageRow, error) {
	text, args, err := usageOf(in, q)
	if err != nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, unavailable(err)
	}
	defer rows.Close()
	out := []control.UsageRow{}
	for rows.Next() {
		r := control.UsageRow{Group: make([]string, len(q.By))}
		var cost, adjusted, refused, dollars, nanos *int64
		n := make([]*int64, 12)
		dest := []any{}
		for i := range r.Group {
			dest = append(dest, &r.Group[i])
		}
		dest = append(dest, &cost, &adjusted)
		for i := range n {
			dest = append(dest, &n[i])
		}
		if err := rows.Scan(append(dest, &refused, &dollars, &nanos)...); err != nil {
			return nil, err
		}
		at := func(i int) int64 {
			if n[i] == nil {
				return 0
			}
			return *n[i]
		}
		for i, to := range []*control.Sums{&r.Paid, &r.Free.Sums, &r.Unpriced} {
			*to = control.Sums{Calls: at(4 * i), Input: at(4*i + 1), Cached: at(4*i + 2), Output: at(4*i + 3)}
		}
		r.Free.Worth = worthOf(dollars, nanos)
		if cost != nil {
			r.Cost = accounting.Money(*cost)
		}
		if adjusted != nil {
			r.Adjusted = accounting.Money(*adjusted)
		}
		if refused != nil {
			r.Refused = *refused
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// numberedMarks turns each ? into $1, $2 …, which both engines read.
func numberedMarks(text string) string {
	parts := strings.Split(text, "?")
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			fmt.Fprintf(&b, "$%d", i)
		}
		b.WriteString(p)
	}
	return b.String()
}

// Entries implements [control.Store].
func (s *Store) Entries(ctx context.Context, q control.EntryQuery) ([]control.EntryView, error) {
	ctx, cancel := reading(ctx)
	defer cancel()
	db := s.read.WithContext(ctx).Table("entries")
	if !q.From.IsZero() {
		db = db.Where("at >= ?", micros(q.From))
	}
	if !q.To.IsZero() {
		db = db.Where("at < ?", micros(q.To))
	}
	for _, c := range []struct{ column, value string }{{"user_id", q.UserID}, {"team_id", q.TeamID}, {"org_id", q.OrgID}, {"key_id", q.KeyID}, {"operation", q.Operation}, {"request_id", q.Request}, {"source", string(q.Source)}} {
		if c.value != "" {
			db = db.Where(isNamed(c.column), c.value)
		}
	}
	if q.Tag != "" {
		db = db.Where(withTag(s.engine), q.Tag)
	}
	if q.Before != "" {
		var at []int64
		if err := s.read.WithContext(ctx).Table("entries").Where("id = ?", q.Before).Pluck("at", &at).Error; err != nil {
			return nil, unavailable(err)
		}
		if len(at) == 0 {
			return nil, &control.InField{Field: "before", Err: control.Invalid(fmt.Errorf("before: there is no entry %q, or no longer: it is `next` of the page before", q.Before))}
		}
		db = db.Where("(at, id) < (?, ?)", at[0], q.Before)
	}
	var rows []entryRow
	if err := db.Order("at desc, id desc").Limit(q.Limit).Find(&rows).Error; err != nil {
		return nil, unavailable(err)
	}
	out := make([]control.EntryView, len(rows))
	for i := range rows {
		v, err := rows[i].view()
		if err != nil {
			return nil, fmt.Errorf("entry %s: %w", rows[i].ID, err)
		}
		out[i] = v
	}
	return out, nil
}

// view is an entry as people are told of it.
func (r *entryRow) view() (control.EntryView, error) {
	v := control.EntryView{ID: r.ID, At: instant(r.At), Request: r.RequestID, Key: r.KeyID, User: r.UserID, Team: r.TeamID, Org: r.OrgID, EndUser: r.EndUser,
		Operation: r.Operation, Model: r.Model, Deployment: r.Deployment, Answered: r.Answered, Stream: r.Stream, Cost: moneyOf(r.Cost),
		Held: accounting.Money(r.Held), PriceVersion: r.PriceVersion, Tier: r.Tier, Source: r.Source, Status: r.Status, TookMS: r.TookUs / 1000, Reason: r.Reason, Actor: r.Actor,
		Lines: []control.LineView{}, Budgets: []control.EntryBudget{}}
	if r.Corrects != nil {
		v.Corrects = *r.Corrects
	}
	var lines []lineRow
	tags, noTags := readTags(r.Tags)
	claims, noClaims := readClaims(r.Claims)
	if err := errors.Join(fromJSON(r.Usage, &v.Usage), fromJSON(r.Lines, &lines), fromJSON(r.Flags, &v.Flags), noTags, noClaims); err != nil {
		return v, err
	}
	v.Tags = tags
	second := accounting.Milliseconds.String()
	if ms, ok := v.Usage[second]; ok {
		delete(v.Usage, second)
		v.Usage[millisecond] = ms
	}
	for _, l := range lines {
		if l.Meter == second {
			l.Meter = millisecond
		}
		v.Lines = append(v.Lines, control.LineView(l))
	}
	for _, c := range claims {
		b := control.EntryBudget{ID: c.Budget, Account: ledger.Account{Kind: c.Kind, ID: c.Account}}
		if at := instant(c.Start); !at.IsZero() {
			b.Since = &at
		}
		v.Budgets = append(v.Budgets, b)
	}
	return v, nil
}

// millisecond is what is counted where a price is per second.
const millisecond = "millisecond"
