package litellm

import (
	"maps"
	"slices"

	"tollgate/gateway"
	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
)

// created is when every model was made, as LiteLLM has it: in February 2023.
const created = 1677610602

// model is a model in the list of them: as LiteLLM has it, with what tollgate says of it.
type model struct {
	ID        string  `json:"id"`
	Object    string  `json:"object"`
	Created   int64   `json:"created"`
	OwnedBy   string  `json:"owned_by"`
	Mode      string  `json:"mode,omitempty"`
	Context   int64   `json:"context_length,omitempty"`
	MaxInput  int64   `json:"max_input_tokens,omitempty"`
	MaxOutput int64   `json:"max_output_tokens,omitempty"`
	Metadata  *beside `json:"metadata,omitempty"`
	Price     string  `json:"price,omitempty"` // of a name that stands for several: none
	Open      bool    `json:"open"`
	Why       string  `json:"why,omitempty"`
}

// beside is what the list has of a model on request.
type beside struct {
	Fallbacks []string `json:"fallbacks"`
}

func listing(name string) model {
	return model{ID: name, Object: "model", Created: created, OwnedBy: "openai"}
}

// cases are LiteLLM's words for when a model takes over.
var cases = map[string]catalog.When{"general": catalog.Always, "context_window": catalog.WhenContext, "content_policy": catalog.WhenRefused}

// Models lists models as LiteLLM does: on request with the names of wildcards and of access
// groups, or with those of the groups that the key's own list names alone, and with what
// takes over from each. The names of the key's own and of its team's own for models are
// models, too: clients let people choose from the list.
func (d *Dialect) Models(all []gateway.ModelStatus, wildcards []string, who access.Principal, query func(string) string) []any {
	out := []any{}
	if yes(query("only_model_access_groups")) {
		for _, name := range groupsOf(all) {
			if slices.Contains(who.Key.Models, name) {
				out = append(out, listing(name))
			}
		}
		return out
	}
	for _, m := range append(slices.Clone(all), ownNames(all, who)...) {
		one := listing(m.Name)
		one.Context, one.MaxInput, one.MaxOutput, one.Price, one.Open, one.Why = m.Context, m.Context, m.MaxOutput, m.Price, m.Open, m.Why
		if m.Embeds {
			one.Mode = "embedding"
		}
		if yes(query("include_metadata")) {
			one.Metadata = &beside{append([]string{}, m.Fallbacks[cases[query("fallback_type")]]...)}
		}
		out = append(out, one)
	}
	if yes(query("return_wildcard_routes")) {
		for _, name := range wildcards {
			out = append(out, listing(name))
		}
	}
	if yes(query("include_model_access_groups")) {
		for _, name := range groupsOf(all) {
			out = append(out, listing(name))
		}
	}
	return out
}

// ownNames lists models by the names that a key or its team has for them.
func ownNames(all []gateway.ModelStatus, who access.Principal) []gateway.ModelStatus {
	names := maps.Clone(who.Key.Aliases)
	if who.Team != nil && len(who.Team.Aliases) > 0 {
		names = maps.Clone(who.Team.Aliases)
		maps.Copy(names, who.Key.Aliases)
	}
	var out []gateway.ModelStatus
	named := func(name string) int {
		return slices.IndexFunc(all, func(m gateway.ModelStatus) bool { return m.Name == name })
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if at := named(names[name]); at >= 0 && named(name) < 0 {
			one := all[at]
			one.Name = name
			out = append(out, one)
		}
	}
	return out
}

// yes reads a truth as FastAPI does.
func yes(s string) bool {
	return slices.Contains([]string{"true", "True", "1", "yes", "on"}, s)
}

// groupsOf lists the access groups of some models. An alias has the name of what it stands
// for among its groups, which is none.
func groupsOf(all []gateway.ModelStatus) []string {
	var out []string
	for _, m := range all {
		for _, g := range m.Groups {
			if !slices.Contains(out, g) && !slices.ContainsFunc(all, func(o gateway.ModelStatus) bool { return o.Name == g }) {
				out = append(out, g)
			}
		}
	}
	slices.Sort(out)
	return out
}
