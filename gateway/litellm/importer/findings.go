package importer

import (
	"cmp"
	"slices"

	"tollgate/configs/litellm"
)

// MaxExamples is how many things of a finding are named; the others are counted.
const MaxExamples = 20

// Finding is something that is not as it was, of one thing or of many.
type Finding struct {
	Severity litellm.Severity
	Kind     string // of the things: key, team, …; or the name of a table
	Field    string // LiteLLM's name of what it is about; "" is the thing as a whole
	Message  string // what is so, and what tollgate does instead
	Count    int
	Examples []string // the first things that it is so of
}

// findings are those of a plan, each once.
type findings struct {
	all []*Finding
	at  map[finding]*Finding
}

type finding struct {
	severity             litellm.Severity
	kind, field, message string
}

// find notes that something is so of a thing.
func (f *findings) find(severity litellm.Severity, kind, thing, field, message string) {
	key := finding{severity, kind, field, message}
	one, ok := f.at[key]
	if !ok {
		if f.at == nil {
			f.at = map[finding]*Finding{}
		}
		one = &Finding{Severity: severity, Kind: kind, Field: field, Message: message}
		f.at[key], f.all = one, append(f.all, one)
	}
	one.Count++
	if thing != "" && len(one.Examples) < MaxExamples && !slices.Contains(one.Examples, thing) {
		one.Examples = append(one.Examples, thing)
	}
}

// severities in the order in which they are told.
var severities = []litellm.Severity{litellm.Problem, litellm.Unavailable, litellm.Changed, litellm.Ignored}

// list lists the findings, the gravest first.
func (f *findings) list() []Finding {
	out := make([]Finding, len(f.all))
	for i, one := range f.all {
		out[i] = *one
	}
	slices.SortStableFunc(out, func(x, y Finding) int {
		return cmp.Or(cmp.Compare(slices.Index(severities, x.Severity), slices.Index(severities, y.Severity)), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Field, y.Field))
	})
	return out
}
