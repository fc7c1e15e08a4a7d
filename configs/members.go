package configs

import (
	"errors"
	"slices"

	"go.yaml.in/yaml/v3"

	"tollgate/gateway/catalog"
	"tollgate/providers/wire"
)

// maxMembers is how many members of requests one setting may name.
const maxMembers = 100

// ownMembers are what clients ask and how they are answered: no operator's to set.
var ownMembers = []string{"model", "messages", "prompt", "input", "stream", "stream_options"}

// members are the keys that change requests.
func (r *reader) members(s *catalog.Settings) map[string]field {
	of := func() *wire.Members {
		if s.Members == nil {
			s.Members = &wire.Members{}
		}
		return s.Members
	}
	return map[string]field{
		"defaults": func(path string, n *yaml.Node) {
			of().Defaults = r.edits(path, n, "defaults: { temperature: 0.2 }")
		},
		"set": func(path string, n *yaml.Node) { of().Set = r.edits(path, n, "set: { top_k: 40 }") },
		"drop": func(path string, n *yaml.Node) {
			for _, p := range r.list(path, n, "drop: [logit_bias]") {
				if name, ok := r.text(p.path, p.node, "logit_bias"); ok && r.member(p, name) {
					of().Drop = append(of().Drop, name)
				}
			}
		},
	}
}

// member says whether an operator may change a member of requests.
func (r *reader) member(at pair, name string) bool {
	switch {
	case slices.Contains(ownMembers, name):
		r.say(at.path, at.node, "", "this is the client's own and cannot be changed here")
		return false
	case len(name) > MaxName:
		r.say(at.path, at.node, "", "the name is longer than %d bytes", MaxName)
		return false
	}
	return true
}

// edits reads members of requests with their values.
func (r *reader) edits(path string, n *yaml.Node, example string) []wire.Edit {
	all := r.pairs(path, n, example)
	if len(all) > maxMembers {
		r.say(path, n, "", "there are %d members, but %d are possible", len(all), maxMembers)
		return nil
	}
	var out []wire.Edit
	before := len(r.problems)
	for _, p := range all {
		if raw, ok := r.json(p.path, p.node); ok && r.member(p, p.key) {
			out = append(out, wire.Edit{Key: p.key, Value: raw})
		}
	}
	if len(r.problems) > before {
		return out
	}
	probe, err := wire.ParseObject([]byte(`{"model":"m"}`))
	if err == nil {
		probe, err = (&wire.Members{Set: out}).Apply(probe)
	}
	if err == nil {
		_, err = wire.ReadParams(probe)
	}
	var field *wire.ErrField
	switch {
	case errors.As(err, &field):
		r.say(under(path, field.Field), n, "", "%s", field.Problem)
	case err != nil:
		r.say(path, n, "", "%v", err)
	}
	return out
}

var jsonNumber = pattern(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

// json writes a value as JSON. A number stays as it is written.
func (r *reader) json(path string, n *yaml.Node) ([]byte, bool) {
	switch n = real(n); n.Kind {
	case yaml.SequenceNode:
		out := []byte{'['}
		for i, p := range r.list(path, n, "[]") {
			raw, ok := r.json(p.path, p.node)
			if !ok {
				return nil, false
			}
			if i > 0 {
				out = append(out, ',')
			}
			out = append(out, raw...)
		}
		return append(out, ']'), true
	case yaml.MappingNode:
		before := len(r.problems)
		out := []byte{'{'}
		for i, p := range r.pairs(path, n, "{}") {
			raw, ok := r.json(p.path, p.node)
			if !ok {
				return nil, false
			}
			if i > 0 {
				out = append(out, ',')
			}
			out = append(append(wire.AppendString(out, p.key), ':'), raw...)
		}
		return append(out, '}'), len(r.problems) == before
	}
	switch tag := n.ShortTag(); {
	case tag == "!!str" || tag == "!!timestamp":
		return wire.String(n.Value), true
	case tag == "!!null":
		return []byte("null"), true
	case tag == "!!bool":
		v, ok := r.boolean(path, n)
		if !ok {
			return nil, false
		}
		return map[bool][]byte{true: []byte("true"), false: []byte("false")}[v], true
	case (tag == "!!int" || tag == "!!float") && jsonNumber().MatchString(n.Value):
		return []byte(n.Value), true
	}
	r.say(path, n, "", "this is %s that cannot be written as JSON: write it in plain digits, or as text in quotes", what(n))
	return nil, false
}
