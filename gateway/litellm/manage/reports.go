package manage

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"tollgate/accounting"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

// defaultSpan is how far back a report goes that names no dates.
const defaultSpan = 30 * 24 * time.Hour

// oneDay is what a date stands for that ends a report.
const oneDay = 24 * time.Hour

// span reads for which time a report is: from start_date on and to the end of end_date,
// which are UTC's days or instants. Where both are left out it is the time before now that
// is given; 0 has no bound.
func (q *params) span(now time.Time, back time.Duration) (from, to time.Time) {
	read := func(name string, end bool) (at time.Time) {
		text := q.text(name)
		if text == "" {
			return at
		}
		at, ok := mapping.Instant(text)
		switch {
		case !ok:
			q.fail("datetime_parsing", "Input should be a valid date, such as 2026-11-29", name)
		case end && len(text) == len(time.DateOnly):
			at = at.Add(oneDay)
		case end:
			at = at.Add(time.Microsecond) // it is included
		}
		return at
	}
	from, to = read("start_date", false), read("end_date", true)
	switch {
	case from.IsZero() && to.IsZero() && back > 0:
		from = now.UTC().Add(-back).Truncate(oneDay)
	case !from.IsZero() && !to.IsZero() && !from.Before(to):
		q.fail("value_error", "end_date lies before start_date", "end_date")
	}
	return from, to
}

// bothDates refuses a report that does not say for which days it is.
func (q *params) bothDates() error {
	if q.text("start_date") == "" || q.text("end_date") == "" {
		return bad("start_date", "Please provide start_date and end_date")
	}
	return nil
}

// reach is whose use a report is of, each "" or an id.
type reach struct{ user, team, org, key string }

// see narrows a report to what somebody may see of it: all that was asked for, or of that
// its own.
func (a *api) see(in *call, r reach) (reach, error) {
	places := []control.Place{{}}
	if r.user != "" {
		places = append(places, control.Place{User: r.user})
	}
	if r.team != "" {
		places = append(places, a.Control.PlaceOfTeam(r.team))
	}
	if r.org != "" {
		places = append(places, control.Place{Orgs: []string{r.org}})
	}
	if k, err := a.Control.Key(r.key); r.key != "" && err == nil {
		places = append(places, a.Control.PlaceOfKey(k))
	}
	for _, at := range places {
		if a.Control.May(in.who, control.See, control.TheUsage, at) == nil {
			return r, nil
		}
	}
	person := in.who.Person()
	switch {
	case person != nil && (r.user == "" || r.user == person.ID):
		r.user = person.ID
		return r, nil
	case person == nil && in.who.Key.ID != "" && (r.key == "" || r.key == in.who.Key.ID):
		r.key = in.who.Key.ID
		return r, nil
	}
	return r, forbidden("user_id", "You can only see what you have spent yourself.")
}

// seeAll refuses a report of everybody to whoever may not see that.
func (a *api) seeAll(in *call) error {
	return a.Control.May(in.who, control.See, control.TheUsage, control.Place{})
}

// usage reports what was used. What has more rows than a report may have is refused: its
// sums would be wrong.
func (a *api) usage(in *call, q control.UsageQuery) ([]control.UsageRow, error) {
	rows, err := a.Control.Usage(in.ctx, q)
	if err == nil && len(rows) >= control.MaxUsageRows {
		return nil, bad("start_date", "the report would have more than %d rows: ask for fewer days, or for one key, user or team", control.MaxUsageRows)
	}
	return rows, err
}

// sums are the figures of a report: of calls that were paid for, of free ones, and of those
// that failed.
type sums struct {
	spend                 accounting.Money
	calls, failed         int64
	input, cached, output int64
}

func (s *sums) add(r control.UsageRow) (err error) {
	if s.spend, err = s.spend.Add(r.Cost); err != nil {
		return err
	}
	for _, part := range []control.Sums{r.Paid, r.Free.Sums, r.Unpriced} {
		s.calls += part.Calls
		s.input += part.Input
		s.cached += part.Cached
		s.output += part.Output
	}
	s.failed += r.Refused
	return nil
}

// requests are all calls, those that failed among them.
func (s *sums) requests() int64 { return s.calls + s.failed }

func (s *sums) tokens() int64 { return s.input + s.output }

// sumsBy adds a report up by a part of its groups.
func sumsBy(rows []control.UsageRow, name func(group []string) string) (map[string]*sums, error) {
	out := map[string]*sums{}
	for _, r := range rows {
		of := name(r.Group)
		if out[of] == nil {
			out[of] = &sums{}
		}
		if err := out[of].add(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// dearest are the names of sums, the dearest first, and at most so many; 0 are all.
func dearest(all map[string]*sums, most int) []string {
	names := slices.SortedFunc(maps.Keys(all), func(x, y string) int {
		return cmp.Or(-cmp.Compare(all[x].spend, all[y].spend), -cmp.Compare(all[x].requests(), all[y].requests()), strings.Compare(x, y))
	})
	if most > 0 && len(names) > most {
		names = names[:most]
	}
	return names
}

func part(i int) func([]string) string { return func(group []string) string { return group[i] } }

// providerOf is the provider of a deployment.
func providerOf(deployment string) string {
	provider, _, _ := strings.Cut(deployment, "/")
	return provider
}

// keyOf returns a key by its id. One that is gone is its id alone.
func (a *api) keyOf(id string) (access.Key, bool) {
	k, err := a.Control.Key(id)
	if errors.Is(err, control.ErrNotFound) {
		return access.Key{ID: id}, false
	}
	return k, err == nil
}

// hashOf is how a key is named in reports.
func hashOf(k access.Key, there bool) string {
	if !there {
		return k.ID
	}
	return k.Digest.String()
}

// keyID is the id of the key of a secret or a hash; one that is not there has used nothing.
func (a *api) keyID(name string) string {
	if name == "" {
		return ""
	}
	if k, ok := a.find(name); ok {
		return k.ID
	}
	return name
}

// teamName is how a team is named in reports.
func (a *api) teamName(id, none string) string {
	if id == "" {
		return none
	}
	if t, err := a.Control.Team(id); err == nil && t.Name != "" {
		return t.Name
	}
	return id
}
