package manage

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"tollgate/configs/litellm"
	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

// settingRoutes are what consoles and scripts read of the program itself. What they read is
// how it is: nothing of it can be set here, since that stands in the configuration.
func (a *api) settingRoutes() []route {
	return []route{
		{http.MethodGet, "/health/latest", nil, a.reads(a.latestHealth)},
		{http.MethodGet, "/health/history", nil, a.reads(a.healthHistory)},
		{http.MethodGet, "/health/shared-status", nil, a.reads(constant(row{"shared_health_check_enabled": false, "message": "No model is called to see whether it answers."}))},
		{http.MethodGet, "/health/license", nil, a.reads(constant(row{"has_license": false, "license_type": "community", "expiration_date": nil, "allowed_features": []string{},
			"limits": row{"max_users": nil, "max_teams": nil}}))},
		{http.MethodGet, "/health/services", nil, a.reads(healthServices)},
		{http.MethodPost, "/health/test_connection", slices.Concat(honoured("litellm_params"), as(Ignored, "No model is called.", "mode", "prompt", "timeout"), as(Ignored, "", "model_info")), a.reads(a.testConnection)},
		{http.MethodGet, "/cache/ping", nil, a.reads(noCache)},
		{http.MethodGet, "/cache/redis/info", nil, a.reads(noCache)},
		{http.MethodGet, "/config/list", nil, a.reads(listConfig)},
		{http.MethodGet, "/config/field/info", nil, a.reads(configField)},
		{http.MethodGet, "/config/pass_through_endpoint", nil, a.reads(constant(row{"endpoints": []string{}}))},
		{http.MethodGet, "/config/cost_discount_config", nil, a.reads(constant(row{"values": row{}}))},
		{http.MethodGet, "/config/cost_margin_config", nil, a.reads(constant(row{"values": row{}}))},
		{http.MethodGet, "/router/settings", nil, a.reads(a.routerSettings)},
		{http.MethodGet, "/get/config/callbacks", nil, a.reads(a.callbacks)},
		{http.MethodGet, "/get/internal_user_settings", nil, a.reads(settings("internal_user_settings"))},
		{http.MethodGet, "/get/default_team_settings", nil, a.reads(settings("default_team_settings"))},
		{http.MethodGet, "/get/sso_settings", nil, a.reads(settings("sso_settings"))},
		{http.MethodGet, "/get/ui_settings", nil, a.reads(settings("ui_settings"))},
		{http.MethodGet, "/get/ui_theme_settings", nil, a.reads(settings("ui_theme_settings"))},
		{http.MethodGet, "/get/allowed_ips", nil, a.reads(constant(row{"data": nil}))},
		{http.MethodGet, "/audit", nil, a.reads(a.listAudits)},
		{http.MethodGet, "/audit/:id", nil, a.reads(a.oneAudit)},
		{http.MethodGet, "/guardrails/list", nil, a.reads(constant(row{"guardrails": []string{}}))},
		{http.MethodGet, "/v2/guardrails/list", nil, a.reads(constant(row{"guardrails": []string{}}))},
		{http.MethodGet, "/prompts/list", nil, a.reads(constant(row{"prompts": []string{}}))},
		{http.MethodGet, "/v1/mcp/server", nil, a.reads(constant([]string{}))},
	}
}

// reads is for what those who see everything may see.
func (a *api) reads(handle func(*call) error) func(*call) error {
	return func(in *call) error {
		if err := a.Control.May(in.who, control.See, control.TheOperation, control.Place{}); err != nil {
			return err
		}
		return handle(in)
	}
}

func constant(v any) func(*call) error {
	return func(in *call) error { return in.answer(v) }
}

// settings answers with settings that nobody can change here, as LiteLLM has them where
// nobody did.
func settings(name string) func(*call) error {
	return func(in *call) error {
		return in.answer(shape(name).add(row{"field_schema": row{"description": "What applies stands in tollgate's configuration; nothing is set here.", "properties": row{}}}))
	}
}

// latestHealth says of each deployment whether it is called at present.
func (a *api) latestHealth(in *call) error {
	checks := row{}
	for _, h := range a.Gateway.Health(everything(in.who)) {
		status, problem, good := "healthy", any(nil), 1
		if h.Problem != "" {
			status, problem, good = "unhealthy", h.Problem, 0
		}
		checks[cmp.Or(h.Deployment, h.Model)] = row{"health_check_id": nil, "model_name": h.Model, "model_id": null(h.Deployment), "status": status, "healthy_count": good, "unhealthy_count": 1 - good,
			"error_message": problem, "response_time_ms": nil, "details": nil, "checked_by": nil, "checked_at": instant(in.now), "created_at": instant(in.now)}
	}
	return in.answer(row{"latest_health_checks": checks, "total_models": len(checks)})
}

// everything is somebody who may call every model, for whoever may see them all.
func everything(who access.Principal) access.Principal {
	return access.Principal{Key: &access.Key{ID: who.Key.ID, Role: access.Admin}}
}

func (a *api) healthHistory(in *call) error {
	q := in.query()
	limit := q.number("limit", 100, 1000)
	if err := q.done(); err != nil {
		return err
	}
	return in.answer(row{"health_checks": []string{}, "total_records": 0, "limit": limit, "offset": 0})
}

func healthServices(in *call) error {
	service := in.query().text("service")
	if service == "" {
		return &refusal{status: http.StatusBadRequest, kind: "auth_error", param: "service", message: "Service must be specified."}
	}
	return &refusal{status: http.StatusUnprocessableEntity, kind: "auth_error", param: "service",
		message: strconv.Quote(service) + " is not among what tollgate sends to: metrics are at /metrics, and its log is its standard error."}
}

func noCache(in *call) error {
	return &refusal{status: http.StatusServiceUnavailable, kind: "cache_ping_error", param: "cache_ping", message: "Cache not initialized. No answer is kept to be given again, and rate limits are told of at GET /api/v1/limits."}
}

// testConnection says of a model that is served whether it is called at present. It calls
// none, so that a test costs nothing.
func (a *api) testConnection(in *call) error {
	in.needBody()
	params := in.raw("litellm_params")
	if !params.given && !in.none {
		in.fail("missing", "Field required", "litellm_params")
	}
	var model gjson.Result
	if params.v != nil {
		if model = gjson.GetBytes(*params.v, "model"); model.Type != gjson.String {
			in.fail("missing", "Field required", "litellm_params", "model")
		}
	}
	if err := in.done(); err != nil {
		return err
	}
	for _, h := range a.Gateway.Health(everything(in.who)) {
		if h.Model != model.Str && h.Deployment != model.Str {
			continue
		}
		if h.Problem != "" {
			return in.answer(row{"status": "error", "result": row{"model": strings.Clone(model.Str), "error": h.Problem}})
		}
		return in.answer(row{"status": "success", "result": row{"model": strings.Clone(model.Str)}})
	}
	return notHere("litellm_params", "%q is not served, and nothing is called to try an address: add it with POST /model/new, call it, and look at GET /health.", model.Str)
}

// listConfig lists what LiteLLM's general_settings have, and what it is here.
func listConfig(in *call) error {
	if kind := in.query().text("config_type"); kind != "general_settings" {
		return bad("config_type", "config_type must be 'general_settings'")
	}
	rows := []row{}
	for _, w := range litellm.Words() {
		if w.Section == "general_settings" && !strings.Contains(w.Key, "*") {
			rows = append(rows, row{"field_name": w.Key, "field_type": "String", "field_description": cmp.Or(w.Say, "taken over from the configuration"), "field_value": nil, "field_default_value": nil,
				"field_options": nil, "field_tab": nil, "nested_fields": nil, "premium_field": false, "editable": false, "source": "unset", "stored_in_db": nil})
		}
	}
	return in.answer(rows)
}

func configField(in *call) error {
	name := in.query().text("field_name")
	if name == "" {
		q := in.query()
		q.fail("missing", "Field required", "field_name")
		return q.done()
	}
	return bad("field_name", "Field name=%s is not set. Settings stand in the configuration file.", name)
}

// routerSetting is a setting of LiteLLM's router, and what it is here.
type routerSetting struct {
	name, kind string
	value      any // nil: there is none
	say        string
}

// routerTable is what holds of every model. What the configuration says of single ones is
// told by GET /model/info.
var routerTable = []routerSetting{
	{"routing_strategy", "String", "simple-shuffle", "The least busy one is preferred, by weight; balance says otherwise of a model."},
	{"routing_strategy_args", "Dictionary", row{}, "There are none."},
	{"routing_groups", "List", []string{}, "How one of several deployments is chosen stands with each model."},
	{"num_retries", "Integer", 2, "Three deployments are tried at most, and only where nothing is paid for twice."},
	{"timeout", "Float", nil, "It stands with each model."},
	{"stream_timeout", "Float", nil, "It stands with each model."},
	{"max_fallbacks", "Integer", 2, "Three deployments are tried at most."},
	{"fallbacks", "List", nil, "Models that take over, by the name of the one before."},
	{"context_window_fallbacks", "List", nil, "Those that take over a prompt that was too long."},
	{"content_policy_fallbacks", "List", nil, "Those that take over what a filter refused."},
	{"allowed_fails", "Integer", 5, "A deployment is left out after 5 failures in a row, or half of 20 calls within 30 seconds."},
	{"cooldown_time", "Float", 10, "From 10 seconds to 2 minutes, or as long as the upstream asks."},
	{"retry_after", "Integer", 0, "As the upstream asks."},
	{"retry_policy", "Dictionary", nil, "What is tried again is one rule."},
	{"model_group_alias", "Dictionary", nil, "Names that stand for other names."},
	{"enable_pre_call_checks", "Boolean", true, "A prompt that cannot fit goes to a deployment that it fits."},
	{"default_litellm_params", "Dictionary", row{}, "They are written with each model."},
	{"set_verbose", "Boolean", false, "What is logged is one line for each call."},
	{"default_max_parallel_requests", "Integer", nil, "It stands with each model."},
	{"enable_tag_filtering", "Boolean", false, "No tag chooses a deployment."},
	{"tag_filtering_match_any", "Boolean", true, "No tag chooses a deployment."},
	{"disable_cooldowns", "Boolean", false, "A deployment that fails is always left out for a while."},
}

// routing are the values of routerTable, with what the snapshot in force says.
func (a *api) routing() row {
	values := row{}
	for _, s := range routerTable {
		values[s.name] = s.value
	}
	aliases, cases := map[string]string{}, map[catalog.When][]row{}
	for _, r := range a.Gateway.Catalog.Snapshot().Routes() {
		over := map[catalog.When][]string{}
		for _, tier := range r.Tiers {
			for _, ch := range tier {
				if ch.Under != "" && !slices.Contains(over[ch.When], ch.Under) {
					over[ch.When] = append(over[ch.When], ch.Under)
				}
			}
		}
		for when, of := range over {
			cases[when] = append(cases[when], row{r.Name: of})
		}
		if n := len(r.Aliases); n > 0 && len(over) == 0 {
			aliases[r.Name] = r.Aliases[n-1]
		}
	}
	values["model_group_alias"] = aliases
	values["fallbacks"], values["context_window_fallbacks"], values["content_policy_fallbacks"] = list(cases[catalog.Always]), list(cases[catalog.WhenContext]), list(cases[catalog.WhenRefused])
	return values
}

func (a *api) routerSettings(in *call) error {
	values, source := a.routing(), row{}
	rows := []row{}
	for _, s := range routerTable {
		source[s.name] = "default"
		rows = append(rows, row{"field_name": s.name, "field_type": s.kind, "field_value": values[s.name], "field_default": s.value, "field_description": s.say, "link": nil, "options": nil, "ui_field_name": s.name})
	}
	return in.answer(row{"current_values": values, "fields": rows, "source": source, "routing_group_strategies": []string{}, "routing_strategy_descriptions": row{}})
}

func (a *api) callbacks(in *call) error {
	return in.answer(row{"status": "success", "callbacks": []string{}, "available_callbacks": row{}, "alerts": []string{}, "active_alerting_destinations": []string{}, "router_settings": a.routing()})
}

// MaxAudits is how many changes a list is made of: the newest ones that match.
const MaxAudits = 10_000

// tables are LiteLLM's names of where things stand, by kind.
var tables = map[control.ChangeKind]string{
	control.KeyChanged: "LiteLLM_VerificationToken", control.UserChanged: "LiteLLM_UserTable", control.TeamChanged: "LiteLLM_TeamTable", control.OrgChanged: "LiteLLM_OrganizationTable",
	control.EndUserChanged: "LiteLLM_EndUserTable", control.TeamChanged + " member": "LiteLLM_TeamMembership", control.OrgChanged + " member": "LiteLLM_OrganizationMembership",
	control.PlanChanged: "LiteLLM_BudgetTable", control.TagChanged: "LiteLLM_TagTable", control.DeploymentChanged: "LiteLLM_ProxyModelTable", control.CredentialChanged: "LiteLLM_CredentialsTable",
	control.GroupChanged: "LiteLLM_AccessGroupTable",
}

// actions are LiteLLM's words for them.
var actions = map[control.Action]string{control.Create: "created", control.Update: "updated", control.Delete: "deleted", control.Rotate: "rotated"}

// auditRow tells of a change. What LiteLLM has no table for goes by tollgate's own name.
func (a *api) auditRow(x control.Audit) row {
	key := any(nil)
	if x.Actor.Key != "" {
		key = x.Actor.Key
		if k, err := a.Control.Key(x.Actor.Key); err == nil {
			key = k.Digest.String()
		}
	}
	return row{"id": strconv.FormatInt(x.Seq, 10), "updated_at": instant(x.At), "changed_by": cmp.Or(x.Actor.Name, x.Actor.User, masterUser), "changed_by_api_key": key,
		"action": cmp.Or(actions[x.Action], string(x.Action)), "table_name": cmp.Or(tables[x.Kind], string(x.Kind)), "object_id": a.auditedID(x), "before_value": jsonOf(x.Before), "updated_values": jsonOf(x.After)}
}

// auditedID is the id of what was changed as LiteLLM has it: that of a key is its hash.
func (a *api) auditedID(x control.Audit) string {
	if x.Kind == control.KeyChanged {
		if k, err := a.Control.Key(x.ID); err == nil {
			return k.Digest.String()
		}
	}
	return x.ID
}

// jsonOf is a text of JSON as it stands; "" is null.
func jsonOf(s string) any {
	if s == "" {
		return nil
	}
	return json.RawMessage(s)
}

// listAudits lists what was changed, the newest first.
func (a *api) listAudits(in *call) error {
	q := in.query()
	p := page{q.number("page", 1, 0), q.number("page_size", 10, 100)}
	query := control.AuditQuery{From: q.instant("start_date"), To: q.instant("end_date"), Limit: control.MaxEntries}
	table, oldest := q.text("table_name"), q.text("sort_order") == "asc"
	if by := q.text("sort_by"); by != "" && by != "updated_at" {
		return bad("sort_by", "changes are in the order of updated_at")
	}
	for _, name := range []string{"object_team_id", "object_key_hash"} {
		if q.text(name) != "" {
			return bad(name, "ask by table_name and object_id")
		}
	}
	if err := q.done(); err != nil {
		return err
	}
	for kind, name := range tables {
		if name == table {
			query.Kind = kind
		}
	}
	if table != "" && query.Kind == "" {
		query.Kind = control.ChangeKind(table)
	}
	var rows []row
	for len(rows) < MaxAudits {
		part, err := a.Control.Audits(in.ctx, query)
		if err != nil {
			return err
		}
		for _, x := range part {
			r := a.auditRow(x)
			if r.has(q, "changed_by", "changed_by_api_key", "action", "object_id") {
				rows = append(rows, r)
			}
			query.Before = x.Seq
		}
		if len(part) < query.Limit {
			break
		}
	}
	if oldest {
		slices.Reverse(rows)
	}
	part, pages := cut(p, rows)
	return in.answer(row{"audit_logs": list(part), "total": len(rows), "page": p.number, "page_size": p.size, "total_pages": pages})
}

// has says whether a row has what a query asks for.
func (r row) has(q *params, names ...string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return q.text(name) != "" && r[name] != q.text(name) })
}

func (a *api) oneAudit(in *call) error {
	seq, err := strconv.ParseInt(in.param("id"), 10, 64)
	if err == nil && seq > 0 && seq < 1<<62 {
		found, err := a.Control.Audits(in.ctx, control.AuditQuery{Before: seq + 1, Limit: 1})
		if err != nil {
			return err
		}
		if len(found) == 1 && found[0].Seq == seq {
			return in.answer(a.auditRow(found[0]))
		}
	}
	return missing("id", "Audit log with id=%s not found", in.param("id"))
}

// instant reads a day or a time; "" is the zero time.
func (q *params) instant(name string) time.Time {
	v := q.text(name)
	if v == "" {
		return time.Time{}
	}
	t, ok := mapping.Instant(v)
	if !ok {
		q.fail("datetime_parsing", "Input should be a valid datetime", name)
	}
	return t
}
