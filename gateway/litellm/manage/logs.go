package manage

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"time"

	"tollgate/accounting"
	"tollgate/gateway/control"
	"tollgate/providers"
)

func (a *api) logRoutes() []route {
	return []route{
		{http.MethodGet, "/spend/logs", nil, a.spendLogs},
		{http.MethodGet, "/spend/logs/v2", nil, func(in *call) error { return a.logPage(in, "spend_log_listed") }},
		{http.MethodGet, "/spend/logs/ui", nil, func(in *call) error { return a.logPage(in, "spend_log_ui") }},
		{http.MethodGet, "/spend/logs/ui/:request", nil, a.loggedCall},
	}
}

// spendLogs lists calls, the newest control.MaxEntries of them, or sums them up by day if it
// is for some days.
func (a *api) spendLogs(in *call) error {
	q := in.query()
	from, to := q.span(in.now, 0)
	summed := q.text("summarize") == "" || q.flag("summarize")
	request := q.text("request_id")
	if err := q.done(); err != nil {
		return err
	}
	whose, err := a.see(in, reach{user: q.text("user_id"), key: a.keyID(q.text("api_key"))})
	if err != nil {
		return err
	}
	if summed && request == "" && !from.IsZero() && !to.IsZero() {
		return a.summedLogs(in, control.UsageQuery{From: from, To: to, UserID: whose.user, KeyID: whose.key})
	}
	calls, _, err := a.Control.Log(in.ctx, control.LogQuery{From: from, To: to, UserID: whose.user, KeyID: whose.key, Request: request, Limit: control.MaxEntries})
	if err != nil {
		return err
	}
	return in.answer(a.logRows("spend_log", calls))
}

// maxDays is how many days a list by day has at most.
const maxDays = 366

// summedLogs are the days of a time, each with what its keys, users and models have spent.
func (a *api) summedLogs(in *call, ask control.UsageQuery) error {
	if ask.To.Sub(ask.From) > maxDays*oneDay {
		return bad("end_date", "at most %d days are listed at once", maxDays)
	}
	ask.By = []string{"day", "key", "user", "deployment"}
	rows, err := a.usage(in, ask)
	if err != nil {
		return err
	}
	of := map[string][]control.UsageRow{}
	for day := ask.From.Truncate(oneDay); day.Before(ask.To); day = day.Add(oneDay) {
		of[day.Format(time.DateOnly)] = nil
	}
	for _, r := range rows {
		of[r.Group[0]] = append(of[r.Group[0]], r)
	}
	out := []row{}
	for _, day := range slices.Sorted(maps.Keys(of)) {
		line, total := row{}, accounting.Money(0)
		parts := [3]row{{}, {}, {}}
		for i := range parts {
			all, err := sumsBy(of[day], part(i+1))
			if err != nil {
				return err
			}
			for name, s := range all {
				if i == 0 {
					if total, err = total.Add(s.spend); err != nil {
						return err
					}
					name = hashOf(a.keyOf(name))
				}
				parts[i][name] = number(s.spend)
			}
		}
		out = append(out, line.add(parts[0]).add(row{"startTime": day, "spend": number(total), "users": parts[1], "models": parts[2]}))
	}
	return in.answer(out)
}

// logPage is a page of calls, the newest first.
func (a *api) logPage(in *call, shape string) error {
	q := in.query()
	p := page{q.number("page", 1, 0), q.number("page_size", 50, control.MaxEntries)}
	if q.text("start_date") == "" || q.text("end_date") == "" {
		return bad("start_date", "Start date and end date are required")
	}
	ask := control.LogQuery{TeamID: q.text("team_id"), EndUser: q.text("end_user"), Model: cmp.Or(q.text("model"), q.text("model_group")), Deployment: q.text("model_id"), Request: q.text("request_id"),
		Least: q.money("min_spend"), Most: q.money("max_spend"), Offset: (p.number - 1) * p.size, Limit: p.size}
	ask.From, ask.To = q.span(in.now, 0)
	switch status := q.text("status_filter"); status {
	case "":
	case "success":
		ask.Status = control.StatusOK
	case "failure":
		ask.Status = control.StatusFailed
	default:
		return bad("status_filter", "status_filter is success or failure, not %q", status)
	}
	if err := q.done(); err != nil {
		return err
	}
	for _, name := range []string{"error_code", "error_message", "session_id", "search", "cache_hit_filter", "span_type", "session_cursor"} {
		if q.text(name) != "" {
			return bad(name, "calls cannot be looked for by %s: leave it out", name)
		}
	}
	if group := q.text("model_group"); group != "" && group != ask.Model {
		return bad("model_group", "model and model_group are both the name that a call asked for, and these differ: leave one out")
	}
	if by, order := q.text("sort_by"), q.text("sort_order"); by != "" && by != "startTime" || order != "" && order != "desc" {
		return bad("sort_by", "calls are listed by startTime, the newest first: leave sort_by and sort_order out")
	}
	key := a.keyID(q.text("api_key"))
	if alias := q.text("key_alias"); alias != "" {
		k, ok := a.Control.KeyNamed(alias)
		switch {
		case !ok && key == "":
			key = alias // as of a key that is not there
		case key == "":
			key = k.ID
		case key != k.ID:
			return in.answer(logPageOf([]row{}, 0, p))
		}
	}
	whose, err := a.see(in, reach{user: q.text("user_id"), team: ask.TeamID, key: key})
	if err != nil {
		return err
	}
	ask.UserID, ask.KeyID = whose.user, whose.key
	calls, total, err := a.Control.Log(in.ctx, ask)
	if err != nil {
		return err
	}
	return in.answer(logPageOf(a.logRows(shape, calls), total, p))
}

func logPageOf(rows []row, total int, p page) row {
	return row{"data": rows, "total": total, "page": p.number, "page_size": p.size, "total_pages": (total + p.size - 1) / p.size, "total_is_capped": total >= control.MaxLog}
}

// money reads an amount of dollars.
func (q *params) money(name string) *accounting.Money {
	text := q.text(name)
	if text == "" {
		return nil
	}
	m, ok := dollars(text)
	if !ok {
		q.fail("float_parsing", "Input should be a valid number, unable to parse string as a number", name)
		return nil
	}
	return &m
}

// loggedCall tells what was said in a call: nothing of that is kept.
func (a *api) loggedCall(in *call) error {
	whose, err := a.see(in, reach{})
	if err != nil {
		return err
	}
	calls, _, err := a.Control.Log(in.ctx, control.LogQuery{Request: in.param("request"), UserID: whose.user, KeyID: whose.key, Limit: 1})
	if err != nil {
		return err
	}
	if len(calls) == 0 {
		return missing("request_id", "Request not found: no call has the id %q", in.param("request"))
	}
	return in.answer(row{"messages": row{}, "response": row{}, "proxy_server_request": row{}})
}

// callTypes are LiteLLM's names of operations.
var callTypes = map[string]string{
	providers.Chat.String(): "acompletion", providers.Completions.String(): "atext_completion", providers.Embeddings.String(): "aembedding",
	providers.Responses.String(): "aresponses", providers.Messages.String(): "anthropic_messages", providers.Transcriptions.String(): "atranscription",
	providers.Speech.String(): "aspeech", providers.ImageGenerations.String(): "aimage_generation", providers.ImageEdits.String(): "aimage_edit",
	providers.Moderations.String(): "amoderation", providers.Rerank.String(): "arerank",
}

// logRows are calls as LiteLLM's logs have them.
func (a *api) logRows(name string, calls []control.LogRow) []row {
	rows := make([]row, len(calls))
	for i, c := range calls {
		k, there := a.keyOf(c.Key)
		hash := ""
		if c.Key != "" {
			hash = hashOf(k, there)
		}
		kind := callTypes[c.Operation]
		if kind == "" {
			kind = c.Operation
		}
		status := "success"
		meta := shape("spend_log_metadata").with(row{"user_api_key": hash, "user_api_key_alias": null(k.Name), "user_api_key_user_id": null(c.User),
			"user_api_key_team_id": null(c.Team), "user_api_key_team_alias": a.teamAlias(c.Team), "user_api_key_org_id": null(c.Org), "litellm_call_id": c.Request, "status": status})
		if c.Status != control.StatusOK {
			status = "failure"
			meta.with(row{"status": status, "error_information": shape("spend_log_error").with(row{"error_class": c.Status, "error_code": c.Status, "llm_provider": providerOf(c.Deployment)})})
		}
		spend := accounting.Money(0)
		if c.Cost != nil {
			spend = *c.Cost
		}
		ended := instant(c.At)
		rows[i] = shape(name).with(row{"request_id": c.Request, "litellm_call_id": c.Request, "session_id": c.Request, "call_type": kind, "api_key": hash, "spend": number(spend),
			"prompt_tokens": c.Input, "completion_tokens": c.Output, "total_tokens": c.Input + c.Output, "startTime": instant(c.At.Add(-c.Took)), "endTime": ended,
			"completionStartTime": ended, "created_at": ended, "updated_at": ended, "request_duration_ms": c.Took.Milliseconds(), "model": c.Deployment, "model_group": c.Model,
			"model_id": c.Deployment, "custom_llm_provider": providerOf(c.Deployment), "user": c.User, "end_user": c.EndUser, "team_id": c.Team, "organization_id": c.Org,
			"request_tags": list(c.Tags), "metadata": meta, "status": status})
		if name == "spend_log_ui" {
			rows[i].with(row{"session_llm_count": 1, "session_total_count": 1, "session_models": []string{c.Deployment}, "session_total_spend": number(spend), "session_total_prompt_tokens": c.Input,
				"session_total_completion_tokens": c.Output, "session_total_tokens": c.Input + c.Output, "session_total_duration_ms": c.Took.Milliseconds()})
		}
	}
	return rows
}

// teamAlias is the name of a team, or null.
func (a *api) teamAlias(id string) any {
	if t, err := a.Control.Team(id); id != "" && err == nil {
		return null(t.Name)
	}
	return nil
}
