package mapping

import "slices"

// Routes translates allowed_routes, or the key_type that is short for one of them, into what
// a key may do here; nil: all that its role allows. What is no group of routes is a path.
func Routes(allowed []string) []string {
	var out []string
	for _, r := range allowed {
		switch r {
		case "llm_api_routes", "openai_routes", "anthropic_routes":
			out = append(out, "calls")
		case "management_routes":
			out = append(out, "manage")
		case "info_routes":
			out = append(out, "read")
		default:
			out = append(out, r)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
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

// Models translates a list of models: what stands for all that somebody above allows is no
// restriction of the thing's own.
func Models(models []string) []string {
	if slices.ContainsFunc(models, func(m string) bool { return m == "all-team-models" || m == "all-proxy-models" || m == "*" }) {
		return []string{}
	}
	return models
}
