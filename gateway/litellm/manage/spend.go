package manage

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

func (a *api) spendRoutes() []route {
	return []route{
		{http.MethodGet, "/global/spend", nil, a.globalSpend},
		{http.MethodGet, "/global/spend/keys", nil, a.spendOfKeys},
		{http.MethodGet, "/global/spend/teams", nil, a.spendOfTeams},
		{http.MethodGet, "/global/spend/models", nil, a.spendOfModels},
		{http.MethodPost, "/global/spend/end_users", honoured("api_key", "startTime", "endTime"), a.spendOfEndUsers},
		{http.MethodGet, "/global/spend/provider", nil, a.spendOfProviders},
		{http.MethodGet, "/global/spend/logs", nil, a.spendOfDays},
		{http.MethodGet, "/global/spend/report", nil, a.spendReport},
		{http.MethodPost, "/global/spend/reset", nil, a.resetAll},
		{http.MethodGet, "/global/activity", nil, a.activityOfAll},
		{http.MethodGet, "/global/activity/model", nil, a.activityOfModels},
		{http.MethodGet, "/global/activity/cache_hits", nil, a.cacheHits},
		{http.MethodGet, "/spend/keys", nil, a.spendKeys},
		{http.MethodGet, "/spend/users", nil, a.spendUsers},
	}
}

// globalSpend tells of all spending, and of the budget of all of it, if it has one.
func (a *api) globalSpend(in *call) error {
	if err := a.seeAll(in); err != nil {
		return err
	}
	q := in.query()
	from, to := q.span(in.now, defaultSpan)
	if err := q.done(); err != nil {
		return err
	}
	rows, err := a.usage(in, control.UsageQuery{From: from, To: to})
	if err != nil {
		return err
	}
	var all sums
	for _, r := range rows {
		if err := all.add(r); err != nil {
			return err
		}
	}
	budgets, err := a.Control.Standings(in.ctx, ledger.Account{Kind: scope.Gateway})
	if err != nil {
		return err
	}
	most := accounting.Money(0)
	for _, b := range budgets {
		if b.Claim.Budget.Limit != nil && len(b.Claim.Budget.Models) == 0 {
			most = *b.Claim.Budget.Limit
		}
	}
	return in.answer(row{"spend": number(all.spend), "max_budget": number(most)})
}

// spent reports the own use of the caller, or of everybody to whoever may see it, for the
// dates of the query.
func (a *api) spent(in *call, q *params, ask control.UsageQuery) ([]control.UsageRow, error) {
	ask.From, ask.To = q.span(in.now, defaultSpan)
	if err := q.done(); err != nil {
		return nil, err
	}
	whose, err := a.see(in, reach{user: ask.UserID, team: ask.TeamID, org: ask.OrgID, key: ask.KeyID})
	if err != nil {
		return nil, err
	}
	ask.UserID, ask.TeamID, ask.OrgID, ask.KeyID = whose.user, whose.team, whose.org, whose.key
	return a.usage(in, ask)
}

// maxTop is how many lines a list of the dearest has at most.
const maxTop = 1000

// top is how many lines of a list of the dearest are asked for.
func (q *params) top() int { return q.number("limit", 100, maxTop) }

func (a *api) spendOfKeys(in *call) error {
	q := in.query()
	most := q.top()
	rows, err := a.spent(in, q, control.UsageQuery{By: []string{"key"}})
	if err != nil {
		return err
	}
	all, err := sumsBy(rows, part(0))
	if err != nil {
		return err
	}
	out := []row{}
	for _, id := range dearest(all, most) {
		k, there := a.keyOf(id)
		line := row{"api_key": hashOf(k, there), "key_alias": null(k.Name), "key_name": nil, "total_spend": number(all[id].spend)}
		if there {
			line["key_name"] = keyName(k)
		}
		out = append(out, line)
	}
	return in.answer(out)
}

// unassigned is what has no team.
const unassigned = "Unassigned"

func (a *api) spendOfTeams(in *call) error {
	rows, err := a.spent(in, in.query(), control.UsageQuery{By: []string{"day", "team"}})
	if err != nil {
		return err
	}
	teams, err := sumsBy(rows, func(g []string) string { return a.teamName(g[1], unassigned) })
	if err != nil {
		return err
	}
	days, names, total := []row{}, dearest(teams, 0), []row{}
	for _, day := range daysOf(rows) {
		line := row{"date": day}
		of, err := sumsBy(slices.DeleteFunc(slices.Clone(rows), func(r control.UsageRow) bool { return r.Group[0] != day }), func(g []string) string { return a.teamName(g[1], unassigned) })
		if err != nil {
			return err
		}
		for team, s := range of {
			line[team] = number(s.spend)
		}
		days = append(days, line)
	}
	for _, team := range names {
		total = append(total, row{"team_id": team, "total_spend": number(teams[team].spend)})
	}
	return in.answer(row{"daily_spend": days, "teams": list(names), "total_spend_per_team": total})
}

// daysOf are the days of a report that is grouped by them first.
func daysOf(rows []control.UsageRow) []string {
	var days []string
	for _, r := range rows {
		days = append(days, r.Group[0])
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// onDay are the rows of one day, in a report that is grouped by days first.
func onDay(rows []control.UsageRow, day string) (out []control.UsageRow) {
	for _, r := range rows {
		if r.Group[0] == day {
			out = append(out, r)
		}
	}
	return out
}

func (a *api) spendOfModels(in *call) error {
	q := in.query()
	most := q.top()
	rows, err := a.spent(in, q, control.UsageQuery{By: []string{"deployment"}, KeyID: a.keyID(q.text("api_key"))})
	if err != nil {
		return err
	}
	all, err := sumsBy(rows, part(0))
	if err != nil {
		return err
	}
	out := []row{}
	for _, name := range dearest(all, most) {
		out = append(out, row{"model": name, "total_spend": number(all[name].spend)})
	}
	return in.answer(out)
}

func (a *api) spendOfEndUsers(in *call) error {
	ask := control.UsageQuery{By: []string{"end_user"}, KeyID: a.keyID(in.text("api_key").or(""))}
	for _, bound := range []struct {
		field string
		to    *time.Time
	}{{"startTime", &ask.From}, {"endTime", &ask.To}} {
		if text := in.text(bound.field).or(""); text != "" {
			at, ok := mapping.Instant(text)
			if !ok {
				in.fail("datetime_parsing", "Input should be a valid datetime", bound.field)
			}
			*bound.to = at
		}
	}
	if err := in.done(); err != nil {
		return err
	}
	whose, err := a.see(in, reach{key: ask.KeyID})
	if err != nil {
		return err
	}
	if ask.UserID, ask.KeyID = whose.user, whose.key; ask.From.IsZero() && ask.To.IsZero() {
		ask.From = in.now.UTC().Add(-defaultSpan).Truncate(oneDay)
	}
	rows, err := a.usage(in, ask)
	if err != nil {
		return err
	}
	all, err := sumsBy(rows, part(0))
	if err != nil {
		return err
	}
	out := []row{}
	for _, name := range dearest(all, 100) {
		out = append(out, row{"end_user": name, "total_count": all[name].requests(), "total_spend": number(all[name].spend)})
	}
	return in.answer(out)
}

func (a *api) spendOfProviders(in *call) error {
	rows, err := a.spent(in, in.query(), control.UsageQuery{By: []string{"deployment"}})
	if err != nil {
		return err
	}
	all, err := sumsBy(rows, func(g []string) string { return providerOf(g[0]) })
	if err != nil {
		return err
	}
	delete(all, "") // nobody was called
	out := []row{}
	for _, name := range dearest(all, 0) {
		out = append(out, row{"provider": name, "spend": number(all[name].spend)})
	}
	return in.answer(out)
}

func (a *api) spendOfDays(in *call) error {
	q := in.query()
	rows, err := a.spent(in, q, control.UsageQuery{By: []string{"day"}, KeyID: a.keyID(q.text("api_key"))})
	if err != nil {
		return err
	}
	out := []row{}
	for _, r := range rows {
		out = append(out, row{"date": r.Group[0], "spend": number(r.Cost)})
	}
	return in.answer(out)
}

// dayName is how the lists of activity write a day.
func dayName(day string) string {
	if t, err := time.Parse(time.DateOnly, day); err == nil {
		return t.Format("Jan 02")
	}
	return day
}

// daily are the days of a report, with their sums.
func daily(rows []control.UsageRow, more row) (days []row, total sums, err error) {
	all, err := sumsBy(rows, part(0))
	if err != nil {
		return nil, total, err
	}
	days = []row{}
	for _, day := range slices.Sorted(maps.Keys(all)) {
		days = append(days, row{"date": dayName(day), "api_requests": all[day].requests(), "total_tokens": all[day].tokens()}.add(more))
		total.calls += all[day].requests()
		total.input += all[day].tokens()
	}
	return days, total, nil
}

func (a *api) activityOfAll(in *call) error {
	rows, err := a.spent(in, in.query(), control.UsageQuery{By: []string{"day"}})
	if err != nil {
		return err
	}
	days, total, err := daily(rows, nil)
	if err != nil {
		return err
	}
	return in.answer(row{"daily_data": days, "sum_api_requests": total.calls, "sum_total_tokens": total.input})
}

func (a *api) activityOfModels(in *call) error {
	rows, err := a.spent(in, in.query(), control.UsageQuery{By: []string{"day", "model"}})
	if err != nil {
		return err
	}
	of := map[string][]control.UsageRow{}
	for _, r := range rows {
		of[r.Group[1]] = append(of[r.Group[1]], r)
	}
	out := []row{}
	for _, model := range slices.Sorted(maps.Keys(of)) {
		days, total, err := daily(of[model], row{"model_group": model})
		if err != nil {
			return err
		}
		out = append(out, row{"model": model, "daily_data": days, "sum_api_requests": total.calls, "sum_total_tokens": total.input})
	}
	slices.SortStableFunc(out, func(x, y row) int { return int(y["sum_api_requests"].(int64) - x["sum_api_requests"].(int64)) })
	return in.answer(out)
}

// cacheHits tells that no answer came from a cache: there is none.
func (a *api) cacheHits(in *call) error {
	q := in.query()
	q.span(in.now, defaultSpan)
	if err := q.done(); err != nil {
		return err
	}
	return in.answer([]row{})
}

// spendReport tells of spending by day and team or customer, or by key.
func (a *api) spendReport(in *call) error {
	q := in.query()
	if err := q.bothDates(); err != nil {
		return err
	}
	by := q.text("group_by")
	switch by {
	case "":
		by = "team"
	case "team", "customer", "api_key":
	default:
		return bad("group_by", "group_by is team, customer or api_key, not %q", by)
	}
	ask := control.UsageQuery{KeyID: a.keyID(q.text("api_key")), UserID: q.text("internal_user_id"), TeamID: q.text("team_id"), EndUser: q.text("customer_id")}
	if ask.KeyID != "" || ask.UserID != "" {
		by = "api_key"
	}
	columns := map[string]string{"team": "team", "customer": "end_user"}
	ask.By = []string{"day", "key", "deployment"}
	if column, ok := columns[by]; ok {
		ask.By = []string{"day", "key", column, "deployment"}
	}
	if by == "team" && ask.EndUser != "" {
		by, ask.By[2] = "customer", "end_user"
	}
	rows, err := a.spent(in, q, ask)
	if err != nil {
		return err
	}
	if by == "api_key" {
		return a.reportOfKeys(in, rows)
	}
	out := []row{}
	for _, day := range daysOf(rows) {
		lines, err := a.reportOfDay(onDay(rows, day), by)
		if err != nil {
			return err
		}
		out = append(out, row{"group_by_day": day + "T00:00:00+00:00", by + "s": lines})
	}
	return in.answer(out)
}

// reportOfDay tells of the teams or customers of one day, each with its models.
func (a *api) reportOfDay(rows []control.UsageRow, by string) ([]row, error) {
	field := "team_name"
	if by == "customer" {
		field = "customer"
	}
	of := map[string][]control.UsageRow{}
	for _, r := range rows {
		name := r.Group[2]
		if by == "team" {
			name = a.teamName(name, "Unassigned Team")
		}
		of[name] = append(of[name], r)
	}
	lines := []row{}
	for _, name := range slices.Sorted(maps.Keys(of)) {
		var total sums
		models := []row{}
		for _, r := range of[name] {
			var one sums
			if err := one.add(r); err != nil {
				return nil, err
			}
			if err := total.add(r); err != nil {
				return nil, err
			}
			models = append(models, row{"model": r.Group[3], "api_key": hashOf(a.keyOf(r.Group[1])), "spend": number(one.spend), "total_tokens": one.tokens()})
		}
		lines = append(lines, row{field: name, "total_spend": number(total.spend), "metadata": models})
	}
	return lines, nil
}

func (a *api) reportOfKeys(in *call, rows []control.UsageRow) error {
	keys, err := sumsBy(rows, part(1))
	if err != nil {
		return err
	}
	out := []row{}
	for _, id := range dearest(keys, 0) {
		models, err := sumsBy(slices.DeleteFunc(slices.Clone(rows), func(r control.UsageRow) bool { return r.Group[1] != id }), part(2))
		if err != nil {
			return err
		}
		details := []row{}
		for _, m := range dearest(models, 0) {
			details = append(details, row{"model": m, "total_cost": number(models[m].spend), "total_input_tokens": models[m].input, "total_output_tokens": models[m].output})
		}
		s := keys[id]
		out = append(out, row{"api_key": hashOf(a.keyOf(id)), "total_cost": number(s.spend), "total_input_tokens": s.input, "total_output_tokens": s.output, "model_details": details})
	}
	return in.answer(out)
}

// resetAll takes what all keys and teams have spent back to zero. What the books say of
// calls stays. It is done in parts, each of them whole: one that failed can be done again.
func (a *api) resetAll(in *call) error {
	if in.who.Key.Role != access.Admin {
		return &refusal{status: http.StatusUnauthorized, kind: "auth_error", param: "None", message: "Authentication Error, Tried to access route=/global/spend/reset, which is only for MASTER KEY"}
	}
	keys, err := a.Control.Keys(in.ctx, control.KeyFilter{})
	if err != nil {
		return err
	}
	teams, err := a.Control.Teams(in.ctx)
	if err != nil {
		return err
	}
	ids := map[scope.Kind][]string{}
	for _, k := range keys {
		ids[scope.Key] = append(ids[scope.Key], k.ID)
	}
	for _, t := range teams {
		ids[scope.Team] = append(ids[scope.Team], t.ID)
	}
	for _, kind := range []scope.Kind{scope.Key, scope.Team} {
		for some := range slices.Chunk(ids[kind], resetAtOnce) {
			if err := a.whole(in, func(in *call) error { return a.resetSome(in, kind, some) }); err != nil {
				return err
			}
		}
	}
	return in.answer(row{"message": "Spend for all API Keys and Teams reset successfully", "status": "success"})
}

// resetAtOnce is how many accounts one change takes back to zero: each takes a few edits.
const resetAtOnce = control.MaxEdits / 4

func (a *api) resetSome(in *call, kind scope.Kind, ids []string) error {
	standings, err := a.standings(in.ctx, kind, ids...)
	if err != nil {
		return err
	}
	var edits []control.Edit
	for _, id := range ids {
		now, zero := standings[id], accounting.Money(0)
		if now.Spend == 0 {
			continue
		}
		more, err := a.change(scope.Account{Kind: kind, ID: id}, now, now.Terms, &zero)
		if err != nil {
			return err
		}
		edits = append(edits, more...)
	}
	if len(edits) == 0 {
		return nil
	}
	_, err = a.Control.Apply(in.ctx, edits)
	return plain(err)
}

// spendKeys lists keys, those that have spent most first.
func (a *api) spendKeys(in *call) error {
	keys, err := a.visibleKeys(in, control.KeyFilter{})
	if err != nil {
		return err
	}
	if err := a.sortKeys(in, keys, "spend", false); err != nil {
		return err
	}
	keys = keys[:min(len(keys), MaxBulk)]
	rows, err := a.keyRows(in, "key_info", keys...)
	if err != nil {
		return err
	}
	for i, k := range keys {
		rows[i]["token"] = k.Digest.String()
	}
	return in.answer(rows)
}

// spendUsers lists users, those that have spent most first.
func (a *api) spendUsers(in *call) error {
	id := in.query().text("user_id")
	users, err := a.Control.Users(in.ctx)
	if err != nil {
		return err
	}
	users = slices.DeleteFunc(users, func(u access.User) bool { return id != "" && u.ID != id || !a.maySeeUser(in, u.ID) })
	ids := make([]string, len(users))
	for i, u := range users {
		ids[i] = u.ID
	}
	standings, err := a.standings(in.ctx, scope.User, ids...)
	if err != nil {
		return err
	}
	slices.SortStableFunc(users, func(x, y access.User) int {
		if d := standings[y.ID].Spend - standings[x.ID].Spend; d != 0 {
			return map[bool]int{true: 1, false: -1}[d > 0]
		}
		return strings.Compare(x.ID, y.ID)
	})
	rows, err := a.userRows(in, "user_info", users[:min(len(users), MaxBulk)]...)
	if err != nil {
		return err
	}
	for _, r := range rows {
		delete(r, "model_max_budget_usage") // it is told of one user alone
	}
	return in.answer(rows)
}
