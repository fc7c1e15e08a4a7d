package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tollgate/accounting"
)

// Addition is a deployment that is declared apart from the other deployments of its name:
// one target more, which is weighed or put in order with those that are there.
type Addition struct {
	// Provider is its own, which no other deployment uses; nil: its target names one of the
	// spec's.
	Provider *ProviderSpec
	// Model has the name, what it brings to the name, and one target; or, with no target,
	// why it is not available.
	Model ModelSpec
}

// Group gives models that are declared elsewhere one more name to be allowed by.
type Group struct {
	ID     string
	Models []string
}

// Fallback says what takes over from a model, in order: always, or in one case.
type Fallback struct {
	Path  string // for findings
	Model string
	When  When
	To    []string
}

// Extend adds to a spec what is declared apart from it. What the spec has stays as it is,
// whatever is added: an addition that does not fit into it is left out, which a finding
// says.
func (s Spec) Extend(additions []Addition, groups []Group, fallbacks []Fallback) (Spec, []Finding) {
	e := &extender{Spec: Spec{Providers: slices.Clone(s.Providers), Models: slices.Clone(s.Models)}, at: map[string]int{}, providers: map[string]bool{}}
	for _, p := range s.Providers {
		e.providers[p.Name] = true
	}
	for i, m := range s.Models {
		if _, twice := e.at[m.Name]; !twice {
			e.at[m.Name] = i
		}
	}
	for _, a := range additions {
		e.add(a)
	}
	for _, g := range groups {
		for _, name := range g.Models {
			if i, ok := e.at[name]; ok {
				e.Models[i].Groups = union(e.Models[i].Groups, []string{g.ID})
			}
		}
	}
	e.fallbacks(fallbacks)
	return e.Spec, e.findings
}

type extender struct {
	Spec
	at        map[string]int // of the models, by name
	providers map[string]bool
	findings  []Finding
}

func (e *extender) say(path, format string, args ...any) {
	e.findings = append(e.findings, Finding{Path: path, Warning: true, Message: fmt.Sprintf(format, args...)})
}

func (e *extender) add(a Addition) {
	m := a.Model.flat()
	if a.Provider != nil {
		e.Providers = append(e.Providers, *a.Provider)
		e.providers[a.Provider.Name] = true
	}
	for _, t := range m.Targets {
		if !e.deployment(t) {
			head, _, _ := strings.Cut(t.To, "/")
			m.Targets, m.Unavailable = nil, fmt.Sprintf("its provider %q is not declared", head)
			e.say(m.Path, "%s", m.Unavailable)
		}
	}
	i, there := e.at[m.Name]
	if !there {
		e.at[m.Name] = len(e.Models)
		e.Models = append(e.Models, m)
		return
	}
	if len(m.Targets) == 0 {
		return // the others serve the name
	}
	into := e.Models[i].flat()
	for _, t := range m.Targets {
		t.Order = e.place(into.Targets, t.Order)
		into.Targets = append(into.Targets, t)
	}
	into.Unavailable, into.Balance, into.Groups = "", cmp.Or(into.Balance, m.Balance), union(into.Groups, m.Groups)
	e.Models[i] = into
}

// deployment says of a target that it is one of a provider, and no other name.
func (e *extender) deployment(t TargetSpec) bool {
	head, _, _ := strings.Cut(t.To, "/")
	return e.providers[head]
}

// place is the first order, from the one that is wished for on, at which a deployment can
// stand beside what is there.
func (e *extender) place(there []TargetSpec, order int) int {
	for ; slices.ContainsFunc(there, func(t TargetSpec) bool { return t.Order == order && (t.When != Always || !e.deployment(t)) }); order++ {
	}
	return order
}

// flat is a model with what it says of all its targets written at each of them. The
// targets are its own.
func (m ModelSpec) flat() ModelSpec {
	m.Targets = slices.Clone(m.Targets)
	for i := range m.Targets {
		t := &m.Targets[i]
		if t.Price == nil {
			t.Price = m.Price
		}
		if t.Ceiling == nil {
			t.Ceiling = m.Ceiling
		}
		t.ListedAs, t.Shadow = cmp.Or(t.ListedAs, m.ListedAs), cmp.Or(t.Shadow, m.Shadow)
		t.Settings = t.Settings.over(m.Settings)
	}
	m.Price, m.Ceiling, m.ListedAs, m.Shadow, m.Settings = nil, nil, "", accounting.Shadow{}, Settings{}
	return m
}

func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// fallbacks adds to models what takes over from them. What takes over in one case only
// comes before what always does.
func (e *extender) fallbacks(all []Fallback) {
	has := map[string]bool{}
	own := map[string][]TargetSpec{}
	for _, f := range all {
		has[f.Model] = true
	}
	for _, m := range e.Models {
		own[m.Name] = m.flat().Targets // with the prices that the model has for them
	}
	rank := func(f Fallback) int { return slices.Index([]When{WhenContext, WhenRefused, Always}, f.When) }
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b Fallback) int { return rank(a) - rank(b) })
	for _, f := range all {
		i, ok := e.at[f.Model]
		if !ok {
			e.say(f.Path, "no model is called %q, so nothing takes over from it", f.Model)
			continue
		}
		m := e.Models[i].flat()
		if len(m.Targets) == 0 && f.When != Always {
			continue // nothing comes before that could be in the case
		}
		for _, name := range f.To {
			m.Targets = append(m.Targets, e.takeOver(f, m, name, own[name], has[name])...)
		}
		if len(m.Targets) > 0 {
			m.Unavailable = ""
		}
		e.Models[i] = m
	}
}

// takeOver are the targets by which one model takes over from another. It stands by its
// name, unless others take over from it in turn: names could lead back to where they come
// from, so its own deployments are written out then.
func (e *extender) takeOver(f Fallback, m ModelSpec, name string, own []TargetSpec, written bool) []TargetSpec {
	order := 1
	for _, t := range m.Targets {
		order = max(order, t.Order+1)
	}
	_, there := e.at[name]
	switch {
	case there && len(own) == 0:
		return nil // it is not available
	case !there && !slices.ContainsFunc(e.Models, func(m ModelSpec) bool { return m.Fits(name) }):
		e.say(f.Path, "no model is called %q, so it takes over from none", name)
		return nil
	case e.leads(name, f.Model, map[string]bool{}):
		e.say(f.Path, "%q leads to %q itself, so it does not take over from it", name, f.Model)
		return nil
	case !written:
		return []TargetSpec{{Path: f.Path, To: name, Order: order, When: f.When}}
	}
	var out []TargetSpec
	for _, t := range own {
		if t.When == Always {
			t.Order, t.When = order+t.Order-1, f.When
			out = append(out, t)
		}
	}
	return out
}

// leads says whether a name leads to another by the names among its targets.
func (e *extender) leads(from, to string, seen map[string]bool) bool {
	if from == to {
		return true
	}
	i, ok := e.at[from]
	if !ok || seen[from] {
		return false
	}
	seen[from] = true
	return slices.ContainsFunc(e.Models[i].Targets, func(t TargetSpec) bool { return !e.deployment(t) && e.leads(t.To, to, seen) })
}
