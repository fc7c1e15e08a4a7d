package manage

import (
	"fmt"
	"net/http"
)

// absent is a family of LiteLLM's routes that tollgate does not have. Who calls one is told
// so, and what there is instead, so that no script takes silence for success.
type absent struct {
	methods []string
	paths   []string // one that ends with /* stands for all below, and for itself without
	what    string   // there is no …
	instead string
}

var (
	everyMethod = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
	posts       = []string{http.MethodPost}
	gets        = []string{http.MethodGet}
)

// absences are all of them.
var absences = []absent{
	{posts, []string{"/config/update", "/config/field/update", "/config/field/delete"}, "setting of the program over its API", "Write it into the configuration file: a changed file is taken over within seconds."},
	{gets, []string{"/config/yaml"}, "configuration file over the API", "It is on the machine; `tollgate import litellm FILE` shows what becomes of it."},
	{[]string{http.MethodPost, http.MethodDelete}, []string{"/config/pass_through_endpoint"}, "pass-through", "What is not served by a model's name is not reached."},
	{[]string{http.MethodPatch}, []string{"/config/cost_discount_config", "/config/cost_margin_config"}, "discount or margin", "Write what is charged as the models' price."},
	{[]string{http.MethodPatch}, []string{"/update/internal_user_settings", "/update/default_team_settings", "/update/sso_settings", "/update/ui_settings", "/update/ui_theme_settings"}, "setting of a user interface", "What applies to everybody stands in the configuration file: budgets and limits with `each: user` or `each: team`."},
	{posts, []string{"/add/allowed_ip", "/delete/allowed_ip"}, "list of addresses", "Who may connect is for a firewall or the proxy in front."},
	{posts, []string{"/cache/delete", "/cache/flushall", "/cache/settings", "/cache/settings/test"}, "cache of answers", "Every call reaches its model."},
	{gets, []string{"/cache/settings"}, "cache of answers", "Every call reaches its model."},
	{gets, []string{"/health/backlog"}, "backlog over the API", "How many calls run is in GET /metrics."},
	{gets, []string{"/public/litellm_model_cost_map"}, "map of costs", "GET /model/info has the price of each model that is served."},
	{posts, []string{"/reload/model_cost_map", "/schedule/model_cost_map_reload"}, "reload of prices over the API", "Prices are part of the program, or stand in a file that the configuration names and that is followed."},
	{[]string{http.MethodDelete}, []string{"/schedule/model_cost_map_reload"}, "reload of prices over the API", "Prices are part of the program, or stand in a file that the configuration names and that is followed."},
	{everyMethod, []string{"/jwt/key/mapping/*"}, "sign-in with tokens of other services", "Callers need a key of tollgate: POST /key/generate."},
	{everyMethod, []string{"/scim/v2/*"}, "SCIM", "Users and teams are made with POST /user/new and POST /team/new."},
	{everyMethod, []string{"/sso/*"}, "sign-in in a browser", "The management interface asks for a key of a user with a role."},
	{posts, []string{"/login", "/v2/login"}, "sign-in with a password", "The management interface asks for a key of a user with a role."},
	{everyMethod, []string{"/invitation/*", "/onboarding/*"}, "invitation", "Make the user with POST /user/new and hand over a key."},
	{everyMethod, []string{"/guardrails/*", "/policy/*", "/policies/*"}, "guardrail or policy", "Put a filter before or behind tollgate; what none refuses is not refused here."},
	{everyMethod, []string{"/prompts/*"}, "stored prompt", "Clients send the messages themselves."},
	{everyMethod, []string{"/v1/mcp/*", "/mcp/*"}, "MCP", "Clients talk to MCP servers themselves."},
	{everyMethod, []string{"/v1/agents/*", "/a2a/*"}, "agent", "Agents call models by tollgate and are addressed themselves."},
	{everyMethod, []string{"/vector_store/*", "/vector_stores/*", "/v1/vector_stores/*", "/v1/indexes/*"}, "vector store", "Clients talk to vector stores themselves; embeddings are served."},
	{everyMethod, []string{"/search_tools/*", "/v1/search/*"}, "search tool", "Clients search themselves."},
	{everyMethod, []string{"/project/*"}, "project", "Use a team, whose budget and members do the same."},
}

// absentRoutes are the routes of what there is not. They come last, so that what there is of
// a family is found first.
func (a *api) absentRoutes() []route {
	var routes []route
	for _, f := range absences {
		for _, path := range f.paths {
			for _, m := range f.methods {
				routes = append(routes, route{m, path, nil, func(in *call) error { return notHere("", "There is no %s in tollgate. %s", f.what, f.instead) }})
			}
		}
	}
	return routes
}

// notHere refuses what tollgate does not do.
func notHere(param, format string, args ...any) *refusal {
	return &refusal{status: http.StatusNotImplemented, kind: "not_implemented_error", param: param, message: fmt.Sprintf(format, args...)}
}
