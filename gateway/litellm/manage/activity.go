package manage

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"tollgate/gateway/control"
)

// entity is a kind of account whose use is told day by day.
type entity struct {
	column string // of reports
	param  string // of the query that names some of them
	but    string // of the query that names some to leave out; "": there is none
	rest   string // what the calls of none of them are told as; "": they are not told
	of     func(id string) reach
	narrow func(ask *control.UsageQuery, id string)
	tell   func(id string) row
	mine   func(*call) ([]string, error) // those whose use the caller may see, if it names none; nil: its own
}

func (a *api) activityRoutes() []route {
	user := entity{"user", "user_id", "", unassigned, func(id string) reach { return reach{user: id} }, func(q *control.UsageQuery, id string) { q.UserID = id }, a.tellUser, nil}
	team := entity{"team", "team_ids", "exclude_team_ids", unassigned, func(id string) reach { return reach{team: id} }, func(q *control.UsageQuery, id string) { q.TeamID = id }, a.tellTeam, a.myTeams}
	org := entity{"org", "organization_ids", "exclude_organization_ids", "", func(id string) reach { return reach{org: id} }, func(q *control.UsageQuery, id string) { q.OrgID = id }, a.tellOrg, a.myOrgs}
	customer := entity{"end_user", "end_user_ids", "exclude_end_user_ids", "", func(string) reach { return reach{} }, func(q *control.UsageQuery, id string) { q.EndUser = id }, a.tellEndUser, nil}
	tag := entity{"tag", "tags", "", "", func(string) reach { return reach{} }, func(q *control.UsageQuery, id string) { q.Tag = id }, func(string) row { return row{} }, nil}
	var routes []route
	for path, e := range map[string]entity{"/user": user, "/team": team, "/organization": org, "/customer": customer, "/end_user": customer, "/tag": tag} {
		routes = append(routes, route{http.MethodGet, path + "/daily/activity", nil, func(in *call) error { return a.dailyActivity(in, e, false) }})
		if path == "/user" || path == "/team" {
			routes = append(routes, route{http.MethodGet, path + "/daily/activity/aggregated", nil, func(in *call) error { return a.dailyActivity(in, e, true) }})
		}
	}
	return routes
}

func (a *api) tellUser(id string) row {
	u, err := a.Control.User(id)
	if err != nil {
		return row{"user_alias": nil, "user_email": nil}
	}
	return row{"user_alias": null(u.Name), "user_email": null(u.Email)}
}

func (a *api) tellTeam(id string) row { return row{"team_alias": a.teamAlias(id)} }

func (a *api) tellOrg(id string) row {
	o, err := a.Control.Org(id)
	if err != nil {
		return row{"organization_alias": nil}
	}
	return row{"organization_alias": null(o.Name)}
}

func (a *api) tellEndUser(id string) row {
	u, err := a.Control.EndUser(id)
	if err != nil {
		return row{"alias": nil}
	}
	return row{"alias": null(u.Name)}
}

// myTeams are the teams whose use somebody may see.
func (a *api) myTeams(in *call) (ids []string, err error) {
	teams, err := a.Control.Teams(in.ctx)
	for _, t := range teams {
		if a.Control.May(in.who, control.See, control.TheUsage, a.Control.PlaceOfTeam(t.ID)) == nil {
			ids = append(ids, t.ID)
		}
	}
	return ids, err
}

// myOrgs are the organizations whose use somebody may see.
func (a *api) myOrgs(in *call) (ids []string, err error) {
	orgs, err := a.Control.Orgs(in.ctx)
	for _, o := range orgs {
		if a.Control.May(in.who, control.See, control.TheUsage, control.Place{Orgs: []string{o.ID}}) == nil {
			ids = append(ids, o.ID)
		}
	}
	return ids, err
}

// maxEntities is of how many accounts one report tells that names them.
const maxEntities = 100

// paramOfZone is a parameter that has no effect: days are UTC's.
const paramOfZone = "timezone"

// dailyActivity tells of the use of some accounts, day by day and broken down.
func (a *api) dailyActivity(in *call, e entity, aggregated bool) error {
	q := in.query()
	if err := q.bothDates(); err != nil {
		return err
	}
	ask := control.UsageQuery{By: []string{"day", e.column, "model", "deployment", "key"}, KeyID: a.keyID(q.text("api_key")), Model: q.text("model")}
	ask.From, ask.To = q.span(in.now, 0)
	number := q.number("page", 1, 0)
	q.number("page_size", 1000, 0)
	ids, but := slices.Compact(slices.Sorted(slices.Values(q.list(e.param)))), q.list(e.but)
	if err := q.done(); err != nil {
		return err
	}
	if len(ids) > maxEntities {
		return bad(e.param, "at most %d are told of at once", maxEntities)
	}
	if zone := q.text(paramOfZone); zone != "" && zone != "0" {
		in.c.Set(headerIgnored, paramOfZone)
	}
	if len(ids) == 0 && e.mine != nil && a.seeAll(in) != nil {
		var err error
		if ids, err = e.mine(in); err != nil {
			return err
		}
	}
	if len(ids) == 0 {
		ids = []string{""}
	}
	var rows []control.UsageRow
	for _, id := range ids {
		one := ask
		whose := e.of(id)
		whose.key = ask.KeyID
		whose, err := a.see(in, whose)
		if err != nil {
			return err
		}
		one.UserID, one.TeamID, one.OrgID, one.KeyID = whose.user, whose.team, whose.org, whose.key
		if id != "" {
			e.narrow(&one, id)
		}
		more, err := a.dailyRows(in, one)
		if err != nil {
			return err
		}
		if e.column == "tag" { // a call of one tag may have others, too
			more = slices.DeleteFunc(more, func(r control.UsageRow) bool { return id != "" && r.Group[1] != id })
		}
		rows = append(rows, slices.DeleteFunc(more, func(r control.UsageRow) bool {
			return r.Group[1] == "" && e.rest == "" || slices.Contains(but, r.Group[1])
		})...)
	}
	if number > 1 {
		rows = nil // all of it is on the first page, and who adds the pages up counts nothing twice
	}
	out, err := a.activity(rows, e)
	if err != nil {
		return err
	}
	out["metadata"].(row)["page"] = number
	if aggregated {
		keys, all := map[string]int{}, map[string]bool{}
		for pair := range pairsOf(rows) {
			keys[pair[0]]++
			all[pair[1]] = true
		}
		out["metadata"].(row).add(row{"api_key_limit": maxEntities, "entity_total_api_keys": keys, "total_api_keys": len(all)})
	}
	return in.answer(out)
}

// pairsOf are the pairs of an account and a key in a report by day.
func pairsOf(rows []control.UsageRow) map[[2]string]bool {
	out := map[[2]string]bool{}
	for _, r := range rows {
		if len(r.Group) == 5 && r.Group[4] != "" {
			out[[2]string{r.Group[1], r.Group[4]}] = true
		}
	}
	return out
}

// dailyRows reports by parts what is too long for one report. A day that is too long by
// itself is told without its keys.
func (a *api) dailyRows(in *call, ask control.UsageQuery) ([]control.UsageRow, error) {
	rows, err := a.Control.Usage(in.ctx, ask)
	if err != nil || len(rows) < control.MaxUsageRows {
		return rows, err
	}
	days := int(ask.To.Sub(ask.From) / oneDay)
	if days <= 1 {
		ask.By = ask.By[:4]
		return a.usage(in, ask)
	}
	first, second := ask, ask
	first.To = ask.From.Truncate(oneDay).Add(oneDay * (1 + (ask.To.Sub(ask.From)-oneDay)/2/oneDay))
	second.From = first.To
	if rows, err = a.dailyRows(in, first); err != nil || !second.From.Before(second.To) {
		return rows, err
	}
	more, err := a.dailyRows(in, second)
	return append(rows, more...), err
}

// broken is a part of a breakdown: its sums, and those of each key.
type broken struct {
	sums
	keys map[string]*sums
}

func (b *broken) take(r control.UsageRow) error {
	if len(r.Group) == 5 && r.Group[4] != "" {
		if b.keys == nil {
			b.keys = map[string]*sums{}
		}
		if b.keys[r.Group[4]] == nil {
			b.keys[r.Group[4]] = &sums{}
		}
		if err := b.keys[r.Group[4]].add(r); err != nil {
			return err
		}
	}
	return b.add(r)
}

// activity is a report by day as LiteLLM tells it, the newest day first.
func (a *api) activity(rows []control.UsageRow, e entity) (row, error) {
	var total sums
	results := []row{}
	days := daysOf(rows)
	slices.Reverse(days)
	for _, day := range days {
		of := onDay(rows, day)
		for _, r := range of {
			if err := total.add(r); err != nil {
				return nil, err
			}
		}
		result, err := a.dayActivity(day, of, e)
		if err != nil {
			return nil, err
		}
		results = append(results, result)
	}
	meta := shape("activity_total").with(row{"page": 1, "total_pages": min(len(results), 1), "has_more": false})
	for name, v := range total.metrics() {
		meta.with(row{"total_" + strings.TrimPrefix(name, "total_"): v})
	}
	return row{"results": results, "metadata": meta}, nil
}

// dayActivity tells of one day, in all and by its parts.
func (a *api) dayActivity(day string, rows []control.UsageRow, e entity) (row, error) {
	var all broken
	parts := map[string]map[string]*broken{"models": {}, "model_groups": {}, "providers": {}, "entities": {}}
	for _, r := range rows {
		if err := all.take(r); err != nil {
			return nil, err
		}
		for part, name := range map[string]string{"entities": cmp.Or(r.Group[1], e.rest), "model_groups": r.Group[2], "models": r.Group[3], "providers": cmp.Or(providerOf(r.Group[3]), "unknown")} {
			if name == "" {
				continue
			}
			if parts[part][name] == nil {
				parts[part][name] = &broken{}
			}
			if err := parts[part][name].take(r); err != nil {
				return nil, err
			}
		}
	}
	breakdown := row{"api_keys": a.keyActivity(all.keys), "endpoints": row{}, "mcp_servers": row{}}
	for part, of := range parts {
		lines := row{}
		for name, b := range of {
			line := row{"metrics": b.metrics(), "metadata": row{}, "api_key_breakdown": a.keyActivity(b.keys)}
			if part == "entities" && name != e.rest {
				line["metadata"] = e.tell(name)
			}
			lines[name] = line
		}
		breakdown[part] = lines
	}
	return row{"date": day, "metrics": all.metrics(), "breakdown": breakdown}, nil
}

// keyActivity is the part of each key.
func (a *api) keyActivity(keys map[string]*sums) row {
	out := row{}
	for id, s := range keys {
		k, there := a.keyOf(id)
		email := any(nil)
		if u, err := a.Control.User(k.UserID); k.UserID != "" && err == nil {
			email = null(u.Email)
		}
		out[hashOf(k, there)] = row{"metrics": s.metrics(), "metadata": row{"key_alias": null(k.Name), "key_exists": there, "team_id": null(k.TeamID), "user_id": null(k.UserID), "user_email": email}}
	}
	return out
}

// metrics are the sums as LiteLLM tells them. What free calls used is in all but the spend.
func (s *sums) metrics() row {
	return shape("activity_metrics").with(row{"spend": number(s.spend), "prompt_tokens": s.input, "completion_tokens": s.output, "total_tokens": s.tokens(),
		"cache_read_input_tokens": s.cached, "successful_requests": s.calls, "failed_requests": s.failed, "api_requests": s.requests()})
}
