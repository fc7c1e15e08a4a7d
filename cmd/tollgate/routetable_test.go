package main

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"tollgate/gateway/edge"
)

// route is a row of the table.
type route struct {
	access edge.Access
	method string
	path   string
}

// routeTable is every route of the program, written down once more: who may call what is
// read here, and a route that somebody adds has to be added here too, a line each
// (trust.md T17). What begins with [/v1] is there with and without it.
var routeTable = expand([]route{
	{edge.Open, "GET", "/health/live"},
	{edge.Open, "HEAD", "/health/live"},
	{edge.Open, "GET", "/health/ready"},
	{edge.Open, "HEAD", "/health/ready"},

	{edge.AnyKey, "POST", "[/v1]/chat/completions"},
	{edge.AnyKey, "POST", "[/v1]/completions"},
	{edge.AnyKey, "POST", "[/v1]/embeddings"},
	{edge.AnyKey, "GET", "[/v1]/models"},
	{edge.AnyKey, "GET", "[/v1]/models/+"},
	{edge.AnyKey, "POST", "[/v1]/responses"},
	{edge.AnyKey, "POST", "[/v1]/responses/compact"},
	{edge.AnyKey, "POST", "[/v1]/responses/input_tokens"},
	{edge.AnyKey, "GET", "[/v1]/responses/:id"},
	{edge.AnyKey, "DELETE", "[/v1]/responses/:id"},
	{edge.AnyKey, "GET", "[/v1]/responses/:id/input_items"},
	{edge.AnyKey, "POST", "[/v1]/responses/:id/cancel"},
	{edge.AnyKey, "POST", "[/v1]/messages"},
	{edge.AnyKey, "POST", "[/v1]/messages/count_tokens"},
	{edge.AnyKey, "POST", "[/v1]/audio/transcriptions"},
	{edge.AnyKey, "POST", "[/v1]/audio/translations"},
	{edge.AnyKey, "POST", "[/v1]/audio/speech"},
	{edge.AnyKey, "POST", "[/v1]/images/generations"},
	{edge.AnyKey, "POST", "[/v1]/images/edits"},
	{edge.AnyKey, "POST", "[/v1]/images/variations"},
	{edge.AnyKey, "POST", "[/v1]/moderations"},
	{edge.AnyKey, "POST", "[/v1]/rerank"},
	{edge.AnyKey, "POST", "/v2/rerank"},
	{edge.AnyKey, "POST", "[/v1]/score"},
	{edge.AnyKey, "POST", "[/v1]/tokenize"},
	{edge.AnyKey, "POST", "[/v1]/detokenize"},
	{edge.AnyKey, "POST", "/openai/deployments/+/chat/completions"},
	{edge.AnyKey, "POST", "/openai/deployments/+/completions"},
	{edge.AnyKey, "POST", "/openai/deployments/+/embeddings"},
	{edge.AnyKey, "POST", "/openai/deployments/+/audio/transcriptions"},
	{edge.AnyKey, "POST", "/openai/deployments/+/audio/translations"},
	{edge.AnyKey, "POST", "/openai/deployments/+/audio/speech"},
	{edge.AnyKey, "POST", "/openai/deployments/+/images/generations"},
	{edge.AnyKey, "POST", "/openai/deployments/+/images/edits"},
	{edge.AnyKey, "POST", "/engines/+/chat/completions"},
	{edge.AnyKey, "POST", "/engines/+/completions"},
	{edge.AnyKey, "POST", "/engines/+/embeddings"},

	{edge.Open, "GET", "/api/v1/openapi.json"},
	{edge.Open, "GET", "/api/v1/openapi.yaml"},
	{edge.AnyKey, "GET", "/api/v1/me"},

	{edge.ByRole, "GET", "/api/v1/users"},
	{edge.ByRole, "POST", "/api/v1/users"},
	{edge.ByRole, "GET", "/api/v1/users/:id"},
	{edge.AdminKey, "PATCH", "/api/v1/users/:id"},
	{edge.AdminKey, "DELETE", "/api/v1/users/:id"},
	{edge.ByRole, "GET", "/api/v1/users/:id/budgets"},
	{edge.ByRole, "GET", "/api/v1/end_users"},
	{edge.AdminKey, "POST", "/api/v1/end_users"},
	{edge.ByRole, "GET", "/api/v1/end_users/:id"},
	{edge.AdminKey, "PATCH", "/api/v1/end_users/:id"},
	{edge.AdminKey, "DELETE", "/api/v1/end_users/:id"},
	{edge.ByRole, "GET", "/api/v1/end_users/:id/budgets"},
	{edge.ByRole, "GET", "/api/v1/tags"},
	{edge.AdminKey, "POST", "/api/v1/tags"},
	{edge.ByRole, "GET", "/api/v1/tags/:id"},
	{edge.AdminKey, "PATCH", "/api/v1/tags/:id"},
	{edge.AdminKey, "DELETE", "/api/v1/tags/:id"},
	{edge.ByRole, "GET", "/api/v1/tags/:id/budgets"},
	{edge.ByRole, "GET", "/api/v1/orgs"},
	{edge.AdminKey, "POST", "/api/v1/orgs"},
	{edge.ByRole, "GET", "/api/v1/orgs/:id"},
	{edge.AdminKey, "PATCH", "/api/v1/orgs/:id"},
	{edge.AdminKey, "DELETE", "/api/v1/orgs/:id"},
	{edge.ByRole, "GET", "/api/v1/orgs/:id/budgets"},
	{edge.ByRole, "PUT", "/api/v1/orgs/:id/members/:user"},
	{edge.ByRole, "DELETE", "/api/v1/orgs/:id/members/:user"},
	{edge.ByRole, "GET", "/api/v1/teams"},
	{edge.ByRole, "POST", "/api/v1/teams"},
	{edge.ByRole, "GET", "/api/v1/teams/:id"},
	{edge.ByRole, "PATCH", "/api/v1/teams/:id"},
	{edge.ByRole, "DELETE", "/api/v1/teams/:id"},
	{edge.ByRole, "GET", "/api/v1/teams/:id/budgets"},
	{edge.ByRole, "PUT", "/api/v1/teams/:id/members/:user"},
	{edge.ByRole, "DELETE", "/api/v1/teams/:id/members/:user"},
	{edge.ByRole, "GET", "/api/v1/keys"},
	{edge.ByRole, "POST", "/api/v1/keys"},
	{edge.ByRole, "GET", "/api/v1/keys/:id"},
	{edge.ByRole, "PATCH", "/api/v1/keys/:id"},
	{edge.ByRole, "DELETE", "/api/v1/keys/:id"},
	{edge.ByRole, "POST", "/api/v1/keys/:id/rotate"},
	{edge.ByRole, "GET", "/api/v1/keys/:id/budgets"},
	{edge.ByRole, "GET", "/api/v1/budgets"},
	{edge.AdminKey, "POST", "/api/v1/budgets"},
	{edge.ByRole, "GET", "/api/v1/budgets/:id"},
	{edge.AdminKey, "PATCH", "/api/v1/budgets/:id"},
	{edge.AdminKey, "DELETE", "/api/v1/budgets/:id"},
	{edge.ByRole, "GET", "/api/v1/limits"},
	{edge.AdminKey, "POST", "/api/v1/limits"},
	{edge.ByRole, "GET", "/api/v1/limits/:id"},
	{edge.AdminKey, "PATCH", "/api/v1/limits/:id"},
	{edge.AdminKey, "DELETE", "/api/v1/limits/:id"},
	{edge.ByRole, "GET", "/api/v1/plans"},
	{edge.AdminKey, "POST", "/api/v1/plans"},
	{edge.ByRole, "GET", "/api/v1/plans/:id"},
	{edge.AdminKey, "PATCH", "/api/v1/plans/:id"},
	{edge.AdminKey, "DELETE", "/api/v1/plans/:id"},
	{edge.AdminKey, "POST", "/api/v1/apply"},
	{edge.AdminKey, "POST", "/api/v1/adjustments"},
	{edge.ByRole, "GET", "/api/v1/audit"},
	{edge.ByRole, "GET", "/api/v1/models"},
	{edge.AdminKey, "POST", "/api/v1/models"},
	{edge.ByRole, "GET", "/api/v1/models/:id"},
	{edge.AdminKey, "PATCH", "/api/v1/models/:id"},
	{edge.AdminKey, "DELETE", "/api/v1/models/:id"},
	{edge.ByRole, "GET", "/api/v1/additions"},
	{edge.ByRole, "GET", "/api/v1/credentials"},
	{edge.AdminKey, "POST", "/api/v1/credentials"},
	{edge.ByRole, "GET", "/api/v1/credentials/:id"},
	{edge.AdminKey, "PATCH", "/api/v1/credentials/:id"},
	{edge.AdminKey, "DELETE", "/api/v1/credentials/:id"},
	{edge.ByRole, "GET", "/api/v1/model_groups"},
	{edge.AdminKey, "POST", "/api/v1/model_groups"},
	{edge.ByRole, "GET", "/api/v1/model_groups/:id"},
	{edge.AdminKey, "PATCH", "/api/v1/model_groups/:id"},
	{edge.AdminKey, "DELETE", "/api/v1/model_groups/:id"},
	{edge.ByRole, "GET", "/api/v1/fallbacks"},
	{edge.AdminKey, "POST", "/api/v1/fallbacks"},
	{edge.ByRole, "GET", "/api/v1/fallbacks/:id"},
	{edge.AdminKey, "PATCH", "/api/v1/fallbacks/:id"},
	{edge.AdminKey, "DELETE", "/api/v1/fallbacks/:id"},
	{edge.ByRole, "GET", "/api/v1/deployments"},
	{edge.ByRole, "GET", "/api/v1/usage"},
	{edge.ByRole, "GET", "/api/v1/entries"},
	{edge.ByRole, "GET", "/api/v1/verify"},
	{edge.AdminKey, "POST", "/api/v1/retain"},
	{edge.AdminKey, "POST", "/api/v1/explain"},
	{edge.AdminKey, "GET", "/api/v1/shadow"},
	{edge.ByRole, "GET", "/api/v1/check"},
	{edge.AdminKey, "POST", "/api/v1/reload"},
})

// likeLiteLLMTable is what is served besides with `compatibility: litellm`.
var likeLiteLLMTable = append([]route{
	{edge.Open, "GET", "/health/liveliness"},
	{edge.Open, "GET", "/health/liveness"},
	{edge.Open, "GET", "/health/readiness"},
	{edge.AdminKey, "GET", "/health/readiness/details"},
	{edge.AnyKey, "GET", "/health"},
	{edge.AnyKey, "GET", "/routes"},
	{edge.ByRole, "GET", "/user/daily/activity"},
	{edge.ByRole, "GET", "/user/daily/activity/aggregated"},
	{edge.ByRole, "GET", "/team/daily/activity"},
	{edge.ByRole, "GET", "/team/daily/activity/aggregated"},
	{edge.ByRole, "GET", "/organization/daily/activity"},
	{edge.ByRole, "GET", "/customer/daily/activity"},
	{edge.ByRole, "GET", "/end_user/daily/activity"},
	{edge.ByRole, "POST", "/spend/calculate"},
	{edge.ByRole, "POST", "/cost/estimate"},
	{edge.ByRole, "GET", "/spend/logs"},
	{edge.ByRole, "GET", "/spend/logs/v2"},
	{edge.ByRole, "GET", "/spend/logs/ui"},
	{edge.ByRole, "GET", "/spend/logs/ui/:request"},
	{edge.ByRole, "GET", "/global/spend"},
	{edge.ByRole, "GET", "/global/spend/keys"},
	{edge.ByRole, "GET", "/global/spend/teams"},
	{edge.ByRole, "GET", "/global/spend/models"},
	{edge.ByRole, "POST", "/global/spend/end_users"},
	{edge.ByRole, "GET", "/global/spend/provider"},
	{edge.ByRole, "GET", "/global/spend/logs"},
	{edge.ByRole, "GET", "/global/spend/report"},
	{edge.ByRole, "POST", "/global/spend/reset"},
	{edge.ByRole, "GET", "/global/activity"},
	{edge.ByRole, "GET", "/global/activity/model"},
	{edge.ByRole, "GET", "/global/activity/cache_hits"},
	{edge.ByRole, "GET", "/spend/keys"},
	{edge.ByRole, "GET", "/spend/users"},
	{edge.ByRole, "POST", "/tag/new"},
	{edge.ByRole, "POST", "/tag/update"},
	{edge.ByRole, "POST", "/tag/info"},
	{edge.ByRole, "GET", "/tag/list"},
	{edge.ByRole, "POST", "/tag/delete"},
	{edge.ByRole, "GET", "/tag/daily/activity"},
	{edge.ByRole, "GET", "/tag/summary"},
	{edge.ByRole, "GET", "/tag/distinct"},
	{edge.ByRole, "GET", "/spend/tags"},
	{edge.ByRole, "GET", "/global/spend/tags"},
	{edge.ByRole, "GET", "/global/spend/all_tag_names"},
	{edge.ByRole, "POST", "/budget/new"},
	{edge.ByRole, "POST", "/budget/update"},
	{edge.ByRole, "POST", "/budget/info"},
	{edge.ByRole, "GET", "/budget/list"},
	{edge.ByRole, "GET", "/budget/settings"},
	{edge.ByRole, "POST", "/budget/delete"},
	{edge.ByRole, "GET", "/provider/budgets"},
	{edge.AnyKey, "POST", "/utils/token_counter"},
	{edge.AnyKey, "GET", "/openapi.json"},
	{edge.Open, "GET", "/test"},
	{edge.ByRole, "POST", "/key/generate"},
	{edge.ByRole, "POST", "/key/service-account/generate"},
	{edge.ByRole, "POST", "/key/update"},
	{edge.ByRole, "POST", "/key/bulk_update"},
	{edge.ByRole, "GET", "/key/info"},
	{edge.ByRole, "POST", "/v2/key/info"},
	{edge.ByRole, "GET", "/key/list"},
	{edge.ByRole, "GET", "/key/aliases"},
	{edge.ByRole, "POST", "/key/delete"},
	{edge.ByRole, "POST", "/key/block"},
	{edge.ByRole, "POST", "/key/unblock"},
	{edge.ByRole, "POST", "/key/regenerate"},
	{edge.ByRole, "POST", "/key/:key/regenerate"},
	{edge.ByRole, "POST", "/key/:key/reset_spend"},
	{edge.ByRole, "POST", "/key/health"},
	{edge.ByRole, "POST", "/team/new"},
	{edge.ByRole, "POST", "/team/update"},
	{edge.ByRole, "GET", "/team/info"},
	{edge.ByRole, "GET", "/team/list"},
	{edge.ByRole, "GET", "/v2/team/list"},
	{edge.ByRole, "POST", "/team/delete"},
	{edge.ByRole, "POST", "/team/block"},
	{edge.ByRole, "POST", "/team/unblock"},
	{edge.ByRole, "POST", "/team/model/add"},
	{edge.ByRole, "POST", "/team/model/delete"},
	{edge.ByRole, "GET", "/team/available"},
	{edge.ByRole, "GET", "/team/permissions_list"},
	{edge.ByRole, "POST", "/team/permissions_update"},
	{edge.ByRole, "POST", "/team/key/bulk_update"},
	{edge.ByRole, "POST", "/team/member_add"},
	{edge.ByRole, "POST", "/team/bulk_member_add"},
	{edge.ByRole, "POST", "/team/member_update"},
	{edge.ByRole, "POST", "/team/member_delete"},
	{edge.ByRole, "GET", "/team/:team/members/me"},
	{edge.ByRole, "POST", "/team/:team/member/:user/reset_spend"},
	{edge.ByRole, "POST", "/organization/new"},
	{edge.ByRole, "PATCH", "/organization/update"},
	{edge.ByRole, "DELETE", "/organization/delete"},
	{edge.ByRole, "GET", "/organization/info"},
	{edge.ByRole, "GET", "/organization/list"},
	{edge.ByRole, "POST", "/organization/member_add"},
	{edge.ByRole, "PATCH", "/organization/member_update"},
	{edge.ByRole, "DELETE", "/organization/member_delete"},
	{edge.ByRole, "GET", "/user/available_roles"},
	{edge.ByRole, "GET", "/user/available_users"},
	{edge.ByRole, "POST", "/user/bulk_update"},
	{edge.ByRole, "POST", "/user/delete"},
	{edge.ByRole, "GET", "/user/filter/ui"},
	{edge.ByRole, "GET", "/user/info"},
	{edge.ByRole, "GET", "/user/list"},
	{edge.ByRole, "POST", "/user/new"},
	{edge.ByRole, "POST", "/user/update"},
	{edge.ByRole, "GET", "/v2/user/info"},
	{edge.ByRole, "POST", "/customer/new"},
	{edge.ByRole, "POST", "/customer/update"},
	{edge.ByRole, "GET", "/customer/info"},
	{edge.ByRole, "GET", "/customer/list"},
	{edge.ByRole, "POST", "/customer/delete"},
	{edge.ByRole, "POST", "/customer/block"},
	{edge.ByRole, "POST", "/customer/unblock"},
	{edge.ByRole, "POST", "/end_user/new"},
	{edge.ByRole, "POST", "/end_user/update"},
	{edge.ByRole, "GET", "/end_user/info"},
	{edge.ByRole, "GET", "/end_user/list"},
	{edge.ByRole, "POST", "/end_user/delete"},
	{edge.ByRole, "POST", "/end_user/block"},
	{edge.ByRole, "POST", "/end_user/unblock"},
	{edge.ByRole, "POST", "/model/new"},
	{edge.ByRole, "POST", "/model/update"},
	{edge.ByRole, "PATCH", "/model/:id/update"},
	{edge.ByRole, "POST", "/model/delete"},
	{edge.ByRole, "GET", "/model/info"},
	{edge.ByRole, "GET", "/v1/model/info"},
	{edge.ByRole, "GET", "/v2/model/info"},
	{edge.ByRole, "GET", "/model_group/info"},
	{edge.ByRole, "GET", "/utils/supported_openai_params"},
	{edge.ByRole, "POST", "/credentials"},
	{edge.ByRole, "GET", "/credentials"},
	{edge.ByRole, "GET", "/credentials/by_name/:name"},
	{edge.ByRole, "GET", "/credentials/by_model/:id"},
	{edge.ByRole, "PATCH", "/credentials/:name"},
	{edge.ByRole, "DELETE", "/credentials/:name"},
	{edge.ByRole, "POST", "/access_group/new"},
	{edge.ByRole, "GET", "/access_group/list"},
	{edge.ByRole, "GET", "/access_group/:group/info"},
	{edge.ByRole, "PUT", "/access_group/:group/update"},
	{edge.ByRole, "DELETE", "/access_group/:group/delete"},
	{edge.ByRole, "POST", "/v1/access_group"},
	{edge.ByRole, "GET", "/v1/access_group"},
	{edge.ByRole, "GET", "/v1/access_group/:id"},
	{edge.ByRole, "PUT", "/v1/access_group/:id"},
	{edge.ByRole, "DELETE", "/v1/access_group/:id"},
	{edge.ByRole, "POST", "/fallback"},
	{edge.ByRole, "GET", "/fallback/:model"},
	{edge.ByRole, "DELETE", "/fallback/:model"},
	{edge.ByRole, "GET", "/health/latest"},
	{edge.ByRole, "GET", "/health/history"},
	{edge.ByRole, "GET", "/health/shared-status"},
	{edge.ByRole, "GET", "/health/license"},
	{edge.ByRole, "GET", "/health/services"},
	{edge.ByRole, "GET", "/cache/ping"},
	{edge.ByRole, "GET", "/cache/redis/info"},
	{edge.ByRole, "GET", "/config/list"},
	{edge.ByRole, "GET", "/config/field/info"},
	{edge.ByRole, "GET", "/config/pass_through_endpoint"},
	{edge.ByRole, "GET", "/config/cost_discount_config"},
	{edge.ByRole, "GET", "/config/cost_margin_config"},
	{edge.ByRole, "GET", "/router/settings"},
	{edge.ByRole, "GET", "/get/config/callbacks"},
	{edge.ByRole, "GET", "/get/internal_user_settings"},
	{edge.ByRole, "GET", "/get/default_team_settings"},
	{edge.ByRole, "GET", "/get/sso_settings"},
	{edge.ByRole, "GET", "/get/ui_settings"},
	{edge.ByRole, "GET", "/get/ui_theme_settings"},
	{edge.ByRole, "GET", "/get/allowed_ips"},
	{edge.ByRole, "GET", "/audit"},
	{edge.ByRole, "GET", "/audit/:id"},
	{edge.ByRole, "GET", "/guardrails/list"},
	{edge.ByRole, "GET", "/v2/guardrails/list"},
	{edge.ByRole, "GET", "/prompts/list"},
	{edge.ByRole, "GET", "/v1/mcp/server"},
	{edge.ByRole, "POST", "/health/test_connection"},
}, absences...)

// absences are the routes of LiteLLM that say that there is no such thing here.
var absences = func() (all []route) {
	for methods, paths := range map[string]string{
		"POST":                      "/config/update /config/field/update /config/field/delete /add/allowed_ip /delete/allowed_ip /cache/delete /cache/flushall /cache/settings /cache/settings/test /reload/model_cost_map /login /v2/login",
		"GET":                       "/config/yaml /cache/settings /health/backlog /public/litellm_model_cost_map",
		"PATCH":                     "/config/cost_discount_config /config/cost_margin_config /update/internal_user_settings /update/default_team_settings /update/sso_settings /update/ui_settings /update/ui_theme_settings",
		"POST DELETE":               "/config/pass_through_endpoint /schedule/model_cost_map_reload",
		"GET POST PUT PATCH DELETE": "/jwt/key/mapping/* /scim/v2/* /sso/* /invitation/* /onboarding/* /guardrails/* /policy/* /policies/* /prompts/* /v1/mcp/* /mcp/* /v1/agents/* /a2a/* /vector_store/* /vector_stores/* /v1/vector_stores/* /v1/indexes/* /search_tools/* /v1/search/* /project/*",
	} {
		for _, path := range strings.Fields(paths) {
			for _, m := range strings.Fields(methods) {
				all = append(all, route{edge.ByRole, m, path})
			}
		}
	}
	return all
}()

func expand(rows []route) (all []route) {
	for _, r := range rows {
		path, both := strings.CutPrefix(r.path, "[/v1]")
		if both {
			all = append(all, route{r.access, r.method, "/v1" + path})
		}
		all = append(all, route{r.access, r.method, path})
	}
	return all
}

// patterns are the paths of routes as matches reads them, by the route's path: the walk
// asks for each of them many thousand times.
var patterns sync.Map

// matches says whether a path is one of a route's, by a reading of the table that owes
// nothing to the router's.
func matches(route, path string) bool {
	if known, ok := patterns.Load(route); ok {
		return known.(*regexp.Regexp).MatchString(path)
	}
	pattern := ""
	for i, part := range strings.Split(route, "/") {
		switch {
		case i == 0:
		case part == "+":
			pattern += "/.+"
		case part == "*":
			pattern += "(/.*)?"
		case strings.HasPrefix(part, ":"):
			pattern += "/[^/]+"
		default:
			pattern += "/" + regexp.QuoteMeta(part)
		}
	}
	compiled := regexp.MustCompile("^" + pattern + "$")
	patterns.Store(route, compiled)
	return compiled.MatchString(path)
}

// nameWithin says whether a name stands in a path that may have slashes.
func nameWithin(path string) bool {
	return !strings.HasPrefix(path, "/api/v1/") && slices.ContainsFunc([]string{"/models/", "/deployments/", "/engines/"}, func(s string) bool { return strings.Contains(path, s) })
}

// allows is the methods that the table has for a path, as the header Allow lists them.
func allows(path string) string {
	var all []string
	for _, m := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"} {
		if slices.ContainsFunc(routeTable, func(r route) bool { return r.method == m && matches(r.path, path) }) {
			all = append(all, m)
		}
	}
	return strings.Join(all, ", ")
}

// example is a path of a route.
func example(route string) string {
	return strings.NewReplacer(":id", "nobody", ":user", "nobody", ":key", "nobody", "+", "nothing", "*", "nothing").Replace(route)
}
