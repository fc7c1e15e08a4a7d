package mapping

import (
	"maps"
	"slices"
	"strings"

	"tollgate/gateway/access"
)

// groups are LiteLLM's names of routes that tollgate has, and what they are here.
var groups = map[string][]string{
	"llm_api_routes": {"calls"}, "llm_api_routes_without_mcp": {"calls"}, "openai_routes": {"calls"}, "anthropic_routes": {"calls"},
	"management_routes": {"manage"}, "info_routes": {"read"}, "key_management_routes": {"/key/*"},
	"spend_tracking_routes": {"/cost/estimate", "/spend/*"}, "global_spend_tracking_routes": {"/global/spend", "/global/spend/*"},
}

// RouteGroups lists them.
func RouteGroups() []string { return slices.Sorted(maps.Keys(groups)) }

// Routes translates allowed_routes, or the key_type that is short for one of them, into what
// a key may do here; nil: all that its role allows. What is no group of routes is a path, and
// with a path LiteLLM opens what is below it, unless the path ends with a slash. there says
// of a path or a pattern whether it names a route: one that names none opens nothing, and
// absent are those as they were written. A key is kept from everything where nothing is left.
func Routes(allowed []string, there func(string) bool) (out, absent []string) {
	for _, r := range allowed {
		of, group := groups[r]
		switch {
		case group:
			out = append(out, of...)
		case !strings.HasPrefix(r, "/"):
			absent = append(absent, r)
		default:
			paths := []string{r}
			if !strings.HasSuffix(r, "*") && !strings.HasSuffix(r, "/") {
				paths = append(paths, r+"/*")
			}
			if paths = slices.DeleteFunc(paths, func(path string) bool { return !there(path) }); len(paths) == 0 {
				absent = append(absent, r)
			}
			out = append(out, paths...)
		}
	}
	if len(out) == 0 && len(absent) > 0 {
		out = []string{access.Nowhere}
	}
	slices.Sort(out)
	return slices.Compact(out), absent
}

// AllowedRoutes are those of a key_type; ok is false if there is no such type.
func AllowedRoutes(keyType string) (routes []string, ok bool) {
	switch keyType {
	case "llm_api":
		return []string{"llm_api_routes"}, true
	case "management":
		return []string{"management_routes"}, true
	case "read_only":
		return []string{"info_routes"}, true
	case "default":
		return nil, true
	}
	return nil, false
}

// Nothing is a name that LiteLLM gives no model, so that a list with it alone opens none.
const Nothing = "no-default-models"

// all stand for all that somebody above allows. In a user's list the first is the name of no
// model: there is no team that it would speak of.
var all = []string{"all-team-models", "all-proxy-models", "*"}

// Models translates a list of models: what stands for all that somebody above allows is no
// restriction of the thing's own.
func Models(models []string) []string { return without(models, all) }

// UserModels translates a user's list of models, of which nothing is open if [Nothing] stands
// in it beside others.
func UserModels(models []string) []string {
	if slices.Contains(models, Nothing) {
		return []string{Nothing}
	}
	return without(models, all[1:])
}

func without(models, restriction []string) []string {
	if slices.ContainsFunc(models, func(m string) bool { return slices.Contains(restriction, m) }) {
		return []string{}
	}
	return models
}
