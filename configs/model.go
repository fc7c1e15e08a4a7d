package configs

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
)

func (r *reader) models(path string, n *yaml.Node) {
	const example = "models: { qwen3: gpu/Qwen/Qwen3-32B }"
	if isNull(n) {
		return
	}
	all := r.pairs(path, n, example)
	if len(all) > MaxModels {
		r.say(path, n, "", "there are %d models, but %d are possible", len(all), MaxModels)
		return
	}
	for _, m := range all {
		if !modelName(m.key) {
			r.sayHidden(m.path, m.node, "", "a model's name has 1 to %d bytes of printable characters and no space at its ends", MaxName)
			continue
		}
		r.model(m)
	}
}

func modelName(s string) bool {
	if s == "" || len(s) > MaxName || !utf8.ValidString(s) || strings.TrimSpace(s) != s {
		return false
	}
	return !strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) })
}

// model reads one of the three forms: a target, a list of targets in order, or a
// mapping.
func (r *reader) model(at pair) {
	spec := catalog.ModelSpec{Path: at.path, Name: at.key}
	switch at.node.Kind {
	case yaml.SequenceNode:
		spec.Targets = r.targets(at.path, at.node, true)
	case yaml.MappingNode:
		known := r.settings(&spec.Settings)
		known["price"] = func(path string, n *yaml.Node) { spec.Price = r.price(path, n) }
		known["ceiling_price"] = func(path string, n *yaml.Node) { spec.Ceiling = r.ceiling(path, n) }
		known["shadow_price"] = func(path string, n *yaml.Node) { spec.Shadow = r.shadow(path, n) }
		known["listed_as"] = func(path string, n *yaml.Node) { spec.ListedAs = r.listedAs(path, n) }
		known["groups"] = func(path string, n *yaml.Node) { spec.Groups = r.groups(path, n) }
		known["hidden"] = func(path string, n *yaml.Node) { spec.Hidden, _ = r.boolean(path, n) }
		known["unavailable"] = func(path string, n *yaml.Node) { spec.Unavailable = r.reason(path, n) }
		known["balance"] = func(path string, n *yaml.Node) { spec.Balance = r.balance(path, n) }
		known["to"] = func(path string, n *yaml.Node) {
			if to, ok := r.target(path, n); ok {
				spec.Targets = append(spec.Targets, catalog.TargetSpec{Path: path, To: to})
			}
		}
		known["targets"] = func(path string, n *yaml.Node) {
			spec.Targets = append(spec.Targets, r.targets(path, n, false)...)
		}
		before := len(r.problems)
		r.fields(at.path, at.node, "", known)
		r.shadowBeside(at, spec.Price, spec.Shadow)
		switch to, targets := has(at.node, "to"), has(at.node, "targets"); {
		case has(at.node, "unavailable"):
			if to || targets {
				r.say(at.path+".unavailable", at.node, "remove one of the two", "a model that nothing serves has no target")
			}
		case to && targets:
			r.say(at.path+".to", at.node, "targets with all of them", "a model has either to or targets")
		case !to && !targets && len(r.problems) == before:
			r.say(at.path, at.node, "to: PROVIDER/MODEL", "the model has no target")
		}
	default:
		if to, ok := r.target(at.path, at.node); ok {
			spec.Targets = []catalog.TargetSpec{{Path: at.path, To: to}}
		}
	}
	if len(spec.Targets) > 0 || spec.Unavailable != "" {
		r.config.Spec.Models = append(r.config.Spec.Models, spec)
	}
}

// maxReason is how many bytes may say why a model is not available.
const maxReason = 500

// reason reads why a model is not available, which clients are told.
func (r *reader) reason(path string, n *yaml.Node) string {
	const write = `unavailable: "it returns on Monday"`
	s, ok := r.text(path, n, write)
	if ok && (len(s) > maxReason || strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) })) {
		r.say(path, n, write, "a reason has up to %d bytes on one line", maxReason)
		return ""
	}
	return s
}

// maxGroups is how many groups one model may belong to.
const maxGroups = 100

func (r *reader) groups(path string, n *yaml.Node) []string {
	var out []string
	all := r.list(path, n, "groups: [research]")
	if len(all) > maxGroups {
		r.say(path, n, "", "there are %d groups, but %d are possible", len(all), maxGroups)
		return nil
	}
	for _, p := range all {
		s, ok := r.text(p.path, p.node, "research")
		switch {
		case !ok:
		case !modelName(s) || strings.Contains(s, "*"):
			r.say(p.path, p.node, "research", "a group's name has 1 to %d bytes of printable characters, no * and no space at its ends", MaxName)
		case s == access.FreeWord:
			r.say(p.path, p.node, "another name", "%s in a list of allowed models is every model that is free, and no group", s)
		case !slices.Contains(out, s):
			out = append(out, s)
		}
	}
	return out
}

// listedAs reads the name of an entry of the price list. Whether there is one is known
// when all is read.
func (r *reader) listedAs(path string, n *yaml.Node) string {
	const write = "listed_as: openai/gpt-5-mini"
	s, ok := r.text(path, n, write)
	if vendor, model, _ := strings.Cut(s, "/"); ok && (vendor == "" || model == "" || !modelName(model)) {
		r.say(path, n, write, "an entry of the price list is named VENDOR/MODEL")
		return ""
	}
	if ok {
		r.listed = append(r.listed, pair{key: s, path: path, node: n})
	}
	return s
}

// entries checks the named entries of the price list once the list is known.
func (r *reader) entries() {
	for _, p := range r.listed {
		vendor, model, _ := strings.Cut(p.key, "/")
		if _, ok := r.config.Prices.Find(vendor, model); !ok {
			write := ""
			if known := r.config.Prices.Vendors(); !slices.Contains(known, vendor) {
				write = "one of the vendors " + some(known)
			}
			r.say(p.path, p.node, write, "the price list has no such entry")
		}
	}
}

func (r *reader) balance(path string, n *yaml.Node) catalog.Balance {
	var words []string
	for _, b := range catalog.Balances() {
		words = append(words, string(b))
	}
	w, _ := r.word(path, n, words...)
	return catalog.Balance(w)
}

func (r *reader) target(path string, n *yaml.Node) (string, bool) {
	to, ok := r.text(path, n, "PROVIDER/MODEL, such as gpu/Qwen/Qwen3-32B")
	if ok && (len(to) > 64+MaxName || !modelName(to[max(len(to)-MaxName, 0):]) || strings.TrimSpace(to) != to) {
		r.say(path, n, "PROVIDER/MODEL, such as gpu/Qwen/Qwen3-32B", "not the name of a provider's model")
		return "", false
	}
	return to, ok
}

// targets reads a list of targets. In order, each is a tier of its own; otherwise
// those of one order share a tier by weight.
func (r *reader) targets(path string, n *yaml.Node, inOrder bool) []catalog.TargetSpec {
	all := r.list(path, n, "targets: [PROVIDER/MODEL]")
	switch {
	case len(all) > MaxTargets:
		r.say(path, n, "", "there are %d targets, but %d are possible", len(all), MaxTargets)
		return nil
	case n.Kind == yaml.SequenceNode && len(all) == 0:
		r.say(path, n, "[PROVIDER/MODEL]", "the list of targets is empty")
	}
	var out []catalog.TargetSpec
	for i, t := range all {
		spec := catalog.TargetSpec{Path: t.path, Order: 1}
		if inOrder {
			spec.Order = i + 1
		}
		ok := false
		if t.node.Kind != yaml.MappingNode {
			spec.To, ok = r.target(t.path, t.node)
		} else {
			ok = r.targetFields(t, &spec, inOrder)
		}
		if ok {
			out = append(out, spec)
		}
	}
	return out
}

func (r *reader) targetFields(at pair, spec *catalog.TargetSpec, inOrder bool) bool {
	ok := false
	known := r.ofTarget(spec)
	maps.Copy(known, map[string]field{
		"to": func(path string, n *yaml.Node) { spec.To, ok = r.target(path, n) },
		"when": func(path string, n *yaml.Node) {
			w, _ := r.word(path, n, string(catalog.WhenContext), string(catalog.WhenRefused))
			spec.When = catalog.When(w)
		},
	})
	if inOrder {
		for _, key := range []string{"order", "weight"} {
			known[key] = func(path string, n *yaml.Node) {
				r.say(path, n, "NAME: { targets: [...] }", "in a plain list the targets are tried in order; %s belongs into targets", key)
			}
		}
	}
	r.fields(at.path, at.node, "", known)
	r.shadowBeside(at, spec.Price, spec.Shadow)
	if !has(at.node, "to") {
		r.say(at.path, at.node, "to: PROVIDER/MODEL", "the target does not say where it leads")
	}
	return ok
}

// maxShare is the largest weight of a deployment that stands in no file: whoever declares
// one does not know the others of its name, and cannot choose small numbers.
const maxShare = 1_000_000

// ofTarget are the keys of a target wherever it leads.
func (r *reader) ofTarget(spec *catalog.TargetSpec) map[string]field {
	known := r.settings(&spec.Settings)
	maps.Copy(known, map[string]field{
		"price":         func(path string, n *yaml.Node) { spec.Price = r.price(path, n) },
		"ceiling_price": func(path string, n *yaml.Node) { spec.Ceiling = r.ceiling(path, n) },
		"shadow_price":  func(path string, n *yaml.Node) { spec.Shadow = r.shadow(path, n) },
		"listed_as":     func(path string, n *yaml.Node) { spec.ListedAs = r.listedAs(path, n) },
		"order": func(path string, n *yaml.Node) {
			if v, ok := r.whole(path, n, MaxOrder); ok {
				spec.Order = int(v)
			}
		},
		"weight": func(path string, n *yaml.Node) {
			most := int64(MaxWeight)
			if r.kept != nil {
				most = maxShare
			}
			if v, ok := r.whole(path, n, most); ok {
				spec.Weight = int(v)
			}
		},
	})
	return known
}
