package main

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway/admin"
	"tollgate/gateway/control"
)

// about which time and whom a report is.
type reportFlags struct {
	From string `placeholder:"WHEN" help:"From this day or time on, in UTC."`
	To   string `placeholder:"WHEN" help:"Up to, and not including, this day or time."`
	Last string `placeholder:"LENGTH" help:"The last so many hours, days or weeks: 12h, 30d, 8w. Without any of the three: ${usual}."`
	User string `short:"u" placeholder:"USER" help:"Only this user."`
	Team string `short:"t" placeholder:"TEAM" help:"Only this team."`
	Org  string `placeholder:"ORG" help:"Only this organization."`
	Key  string `short:"k" placeholder:"KEY" help:"Only this key, by id or name."`
}

// query turns the flags into parameters. usual is the span when none was given.
func (f reportFlags) query(s *session, usual string) (url.Values, error) {
	q := url.Values{}
	last := f.Last
	switch {
	case last != "" && f.From != "":
		return nil, usageError("--last and --from say two different beginnings: give one of them")
	case last != "" && f.To != "":
		return nil, usageError("--last goes up to now, and --to does not: give --from and --to")
	case last == "" && f.From == "" && f.To == "":
		last = usual
	}
	if last != "" {
		d, ok := span(last)
		if !ok {
			return nil, usageError("--last: %q is not a length of time: write 12h, 30d or 8w", last)
		}
		from := time.Now().UTC().Add(-d)
		if d >= 24*time.Hour {
			from = from.Truncate(24 * time.Hour)
		}
		q.Set("from", from.Format(time.RFC3339))
	}
	for name, v := range map[string]string{"from": f.From, "to": f.To} {
		if v == "" {
			continue
		}
		t, ok := day(v)
		if !ok {
			return nil, usageError("--%s: %q is not a time: write 2026-11-23 or 2026-11-23T08:00:00Z", name, v)
		}
		q.Set(name, t.Format(time.RFC3339))
	}
	for name, v := range map[string]string{"user": f.User, "team": f.Team, "org": f.Org} {
		if v != "" {
			q.Set(name, v)
		}
	}
	if f.Key != "" {
		if _, err := s.books(); err != nil { // which looking for the key would make
			return nil, err
		}
		id, err := keyID{f.Key}.everWas(s)
		if err != nil {
			return nil, err
		}
		q.Set("key", id)
	}
	return q, nil
}

// everWas is find for those who look back: a key that was deleted still has its id, and of
// one that never was the API says so.
func (c keyID) everWas(s *session) (string, error) {
	id, err := c.find(s)
	var f *fault
	if errors.As(err, &f) && f.code == exitNotFound {
		return c.ID, nil
	}
	return id, err
}

type usageCmd struct {
	By          string `default:"model" help:"What to group by: some of day, key, user, team, org, end_user, tag, model, deployment; with commas."`
	Model       string `short:"m" placeholder:"MODEL" help:"Only this model."`
	EndUser     string `placeholder:"NAME" help:"Only this end user."`
	Tag         string `placeholder:"TAG" help:"Only calls that carry this tag."`
	reportFlags `set:"usual=the last 30 days"`
	csvFlag
}

// Run reports what was used.
func (c *usageCmd) Run(s *session) error {
	if err := c.alone(s); err != nil {
		return err
	}
	by := strings.Split(strings.ReplaceAll(c.By, " ", ""), ",")
	for _, b := range by {
		if !slices.Contains(control.UsageColumns(), b) {
			return usageError("--by: %q is none of %s", b, strings.Join(control.UsageColumns(), ", "))
		}
	}
	q, err := c.query(s, "30d")
	if err != nil {
		return err
	}
	q.Set("by", strings.Join(by, ","))
	if c.Model != "" {
		q.Set("model", c.Model)
	}
	if c.EndUser != "" {
		q.Set("end_user", c.EndUser)
	}
	if c.Tag != "" {
		q.Set("tag", c.Tag)
	}
	api, err := s.books()
	if err != nil {
		return err
	}
	var u admin.Usage
	raw, err := api.do(s.ctx, http.MethodGet, "/usage", q, nil, &u)
	if err != nil {
		return err
	}
	switch {
	case s.g.JSON:
		return s.raw(raw)
	case c.CSV:
		return usageCSV(s, u)
	}
	printUsage(s, u)
	return nil
}

// printUsage shows a report and its total.
func printUsage(s *session, u admin.Usage) {
	s.say("usage from %s to %s", when(u.From, "the beginning"), when(u.To, "now"))
	if len(u.Rows) == 0 {
		s.say("nothing was used; see an earlier time with --last 90d")
		return
	}
	s.say("")
	head := append(slices.Clone(u.By), ">cost")
	adjusted := slices.ContainsFunc(u.Rows, func(r admin.UsageRow) bool { return r.Adjusted != 0 })
	if adjusted {
		head = append(head, ">adjusted")
	}
	head = append(head, ">paid calls", ">tokens in", ">out", ">free calls", ">tokens in", ">out")
	worth := u.Total.Free.Worth != nil || slices.ContainsFunc(u.Rows, func(r admin.UsageRow) bool { return r.Free.Worth != nil })
	if worth {
		head = append(head, ">worth")
	}
	t := newTable(append(head, ">unpriced", ">refused")...)
	row := func(cells []string, x admin.UsageSums) {
		cells = append(cells, dollars(x.Cost))
		if adjusted {
			cells = append(cells, dollars(x.Adjusted))
		}
		cells = append(cells, number(x.Paid.Calls), number(x.Paid.Input), number(x.Paid.Output),
			number(x.Free.Calls), number(x.Free.Input), number(x.Free.Output))
		if worth {
			cells = append(cells, dollarsOr(x.Free.Worth, "-"))
		}
		t.add(append(cells, number(x.Unpriced.Calls), number(x.Refused))...)
	}
	for _, r := range u.Rows {
		var first []string
		for _, b := range u.By {
			first = append(first, orDash(r.Group[b]))
		}
		row(first, r.UsageSums)
	}
	total := make([]string, len(u.By))
	total[0] = "total"
	row(total, u.Total)
	t.print(s.stdout)
	if u.Truncated {
		s.say(truncated, len(u.Rows))
	}
}

const truncated = "there are more rows than these %d: ask for less time, or group by less"

type entriesCmd struct {
	reportFlags `set:"usual=everything"`
	csvFlag
	Operation string `placeholder:"NAME" help:"Only of one operation, such as chat or embeddings; adjustment is what no call has made."`
	Request   string `placeholder:"ID" help:"Only the entries of one request."`
	Source    string `placeholder:"WHO" help:"Only what was counted so: reported by the upstream, counted or estimated here, or uncertain: nobody knows, since the process that ran the call was killed, or its upstream broke off before anything of an answer came."`
	Uncertain bool   `help:"Short for --source uncertain."`
	Tag       string `placeholder:"TAG" help:"Only entries of calls that carry this tag."`
	Before    string `placeholder:"ID" help:"Go on after this entry of the page before."`
	Limit     *int   `placeholder:"N" help:"How many, 1 to 1000; 50 without it. With --csv it is all of them."`
}

// source is whose counts are asked for; "" is everybody's.
func (c *entriesCmd) source() (string, error) {
	switch {
	case c.Uncertain && c.Source != "" && c.Source != string(accounting.Uncertain):
		return "", usageError("--uncertain and --source %s exclude each other: give one of them", c.Source)
	case c.Uncertain:
		return string(accounting.Uncertain), nil
	}
	return c.Source, nil
}

// narrowed says that only some of the entries were asked for.
func (c *entriesCmd) narrowed() bool {
	return c.reportFlags != reportFlags{} || cmp.Or(c.Operation, c.Request, c.Tag, c.Before) != ""
}

// Run lists entries.
func (c *entriesCmd) Run(s *session) error {
	if err := c.alone(s); err != nil {
		return err
	}
	source, err := c.source()
	if err != nil {
		return err
	}
	q, err := c.query(s, "")
	if err != nil {
		return err
	}
	limit := 50
	switch {
	case c.Limit != nil && c.CSV:
		return usageError("--csv prints all entries: leave --limit out")
	case c.Limit != nil:
		limit = *c.Limit
	}
	q.Set("limit", fmt.Sprint(limit))
	for name, v := range map[string]string{"operation": c.Operation, "request": c.Request, "source": source, "tag": c.Tag, "before": c.Before} {
		if v != "" {
			q.Set(name, v)
		}
	}
	api, err := s.books()
	if err != nil {
		return err
	}
	if c.CSV {
		return entriesCSV(s, api, q)
	}
	var page entriesPage
	raw, err := api.do(s.ctx, http.MethodGet, "/entries", q, nil, &page)
	if err != nil {
		return err
	}
	switch {
	case s.g.JSON:
		return s.raw(raw)
	case len(page.Data) == 0 && source != "":
		s.say("no entries that are %s", source)
	case len(page.Data) == 0 && c.narrowed():
		s.say("no entries like that; all there are: tollgate entries")
	case len(page.Data) == 0:
		s.say("no entries; they are of paid calls only: free ones cost nothing and stand in tollgate usage")
	default:
		printEntries(s, page)
	}
	return nil
}

// printEntries shows a page of entries, and how to go on.
func printEntries(s *session, page entriesPage) {
	head := []string{"at", "user", "key", "model", "deployment", ">tokens in", ">out", ">cost", "counted", "status", "request"}
	adjusted := slices.ContainsFunc(page.Data, func(e control.EntryView) bool { return e.Reason != "" })
	if adjusted {
		head = append(head, "why")
	}
	t := newTable(head...)
	for _, e := range page.Data {
		row := []string{second(e.At), orDash(whoseEntry(e)), orDash(e.Key), orDash(e.Model), orDash(e.Deployment), number(tokens(e, "input")), number(tokens(e, "output")),
			dollarsOr(e.Cost, "unknown"), e.Source, e.Status, orDash(e.Request)}
		if e.Operation == ledger.Adjusted {
			row[5], row[6], row[8], row[9] = "-", "-", "-", ledger.Adjusted
		}
		if adjusted {
			row = append(row, orDash(e.Reason))
		}
		t.add(row...)
	}
	t.print(s.stdout)
	if page.Next != nil {
		s.say("more: --before %s", *page.Next)
	}
}

// entriesPage is one page of entries.
type entriesPage struct {
	Data []control.EntryView `json:"data"`
	Next *string             `json:"next"`
}

// whoseEntry is the user, the team or the account whose budget an entry counts on: an
// adjustment of one budget is nobody's in reports.
func whoseEntry(e control.EntryView) string {
	who := cmp.Or(e.User, e.Team)
	if who == "" && e.Operation == ledger.Adjusted && len(e.Budgets) > 0 {
		at := e.Budgets[0].Account
		if who = at.ID; at.Kind != scope.User {
			who = ownerOf(at.Kind, false, at.ID)
		}
	}
	return who
}

// tokens adds up an entry's meters of one direction.
func tokens(e control.EntryView, direction string) int64 {
	var n int64
	for meter, count := range e.Usage {
		switch {
		case direction == "input" && (strings.Contains(meter, "input") || strings.HasPrefix(meter, "cache_write")):
			n += count
		case direction == "output" && (strings.Contains(meter, "output") || meter == "reasoning"):
			n += count
		}
	}
	return n
}
