package catalog

import (
	"cmp"
	"fmt"
	"strings"

	"tollgate/accounting"
	"tollgate/accounting/pricelist"
	"tollgate/providers"
)

// candidate makes a deployment and settles what it costs.
func (b *builder) candidate(d *declared, upstream string, t TargetSpec, m ModelSpec) Candidate {
	dep := b.deployment(d, upstream, t, m)
	as := cmp.Or(t.ListedAs, m.ListedAs)
	listed := b.listed(d, upstream, as)
	b.learn(dep, listed, t.family)
	var price accounting.Price
	price, dep.Why = priceOf(d, t, m, as, listed, d.local && !b.remote(d, upstream))
	switch p := price.(type) {
	case accounting.Free:
		return Free{dep, cmp.Or(t.Shadow, m.Shadow, d.spec.Shadow)}
	case accounting.Priced:
		if p.Version() != "" || hasRate(p) {
			return Paid{dep, p}
		}
		dep.Why = "its price was never made" // a zero Priced: fail closed
	}
	return Unpriced{dep, firstOf(t.Ceiling, m.Ceiling, d.spec.Ceiling)}
}

// deployment is one as it is declared: by its target, else its model, else its provider.
func (b *builder) deployment(d *declared, upstream string, t TargetSpec, m ModelSpec) *Deployment {
	set := t.Settings.over(m.Settings)
	parallel := set.Parallel // the provider's is for all its models together
	set = set.over(d.spec.Settings)
	dep := &Deployment{
		ID:            d.Name + "/" + upstream,
		Provider:      d.Provider,
		Members:       set.Members,
		Target:        providers.Target{Model: upstream, NumCtx: set.NumCtx, KeepAlive: set.KeepAlive, Reasoning: set.Reasoning},
		DefaultOutput: set.DefaultOutput,
		MaxOutput:     set.MaxOutput,
		DenyMedia:     set.DenyMedia != nil && *set.DenyMedia,

		Total:          cmp.Or(set.Total, TotalDefault),
		Parallel:       parallel,
		QueueWait:      cmp.Or(set.QueueWait, QueueDefault),
		RetryAmbiguous: set.RetryAmbiguous != nil && *set.RetryAmbiguous,
		FallbackLate:   set.FallbackLate != nil && *set.FallbackLate,
	}
	first, gap := cmp.Or(set.FirstByte, d.FirstByte), cmp.Or(set.Gap, d.Gap)
	if first != d.FirstByte || gap != d.Gap {
		own := *d.Provider
		own.FirstByte, own.Gap = first, gap
		dep.Provider = &own
	}
	return dep
}

// listed is what the price list has of a model: as the entry that it is said to be, or under
// its own name; nil: nothing.
func (b *builder) listed(d *declared, upstream, as string) *pricelist.Entry {
	vendor, model, _ := strings.Cut(cmp.Or(as, d.list+"/"+upstream), "/")
	if vendor == "" {
		return nil
	}
	entry, ok := b.prices.Find(vendor, model)
	if !ok {
		return nil
	}
	return &entry
}

// learn fills in what is known of a deployment's model beside what is declared: by its engine
// and by the price list.
func (b *builder) learn(dep *Deployment, listed *pricelist.Entry, family string) {
	found, seen := b.found[dep.ID]
	if seen {
		dep.Context, dep.Embedder = found.Context, found.Embedder
	}
	if listed != nil {
		dep.HiddenReasoning, dep.Embedder = listed.HiddenReasoning, listed.Mode == pricelist.Embedding
		dep.Context = max(dep.Context, listed.Context)
		if dep.MaxOutput == 0 {
			dep.MaxOutput = listed.MaxOutput
		}
	}
	if n := dep.Target.NumCtx; n > 0 && dep.Provider.Kind.NumCtx && (dep.Context == 0 || n < dep.Context) {
		dep.Context = n // whatever it was made for
	}
	if dep.Family = dep.ID; family != "" && !seen && listed == nil {
		dep.Family = family
	}
	declared := dep.DefaultOutput > 0
	if !declared {
		dep.DefaultOutput = DefaultOutput
	}
	switch {
	case dep.MaxOutput > 0:
		dep.DefaultOutput = min(dep.DefaultOutput, dep.MaxOutput)
	case dep.Context > 0 && !declared:
		// It may be sent as a cap, and a server refuses one that leaves no room for the
		// prompt.
		dep.DefaultOutput = min(dep.DefaultOutput, max(dep.Context/2, 1))
	}
}

// priceOf settles what a deployment costs, and says why: what is written nearest to it
// holds, then the entry that it is said to be in the price list, then that it runs on a
// machine of one's own, and last what the list says of it. listed is nil if the list does
// not have it.
func priceOf(d *declared, t TargetSpec, m ModelSpec, as string, listed *pricelist.Entry, local bool) (accounting.Price, string) {
	switch {
	case t.Price != nil:
		return t.Price, "set at " + t.Path
	case m.Price != nil:
		return m.Price, "set at " + m.Path
	case d.spec.Price != nil:
		return d.spec.Price, "set at " + d.spec.Path
	case as != "" && listed != nil:
		return listed.Price, strings.TrimSuffix("price list as "+as+", "+listed.AsOf, ", ")
	case as != "":
		return accounting.Unknown{}, "the price list has no " + as
	case local:
		return accounting.Free{}, "local (" + d.Kind.Name + ")"
	case listed != nil:
		return listed.Price, strings.TrimSuffix("price list, "+listed.AsOf, ", ")
	}
	return accounting.Unknown{}, fmt.Sprintf("no price: write price: free or price: {input: …, output: …} at %s", orPath(m.Path, d.spec.Path))
}

func hasRate(p accounting.Priced) bool {
	_, err := p.Quote(accounting.Usage{accounting.Requests: 1}, accounting.Standard)
	return err == nil
}

func firstOf(ps ...*accounting.Priced) *accounting.Priced {
	for _, p := range ps {
		if p != nil {
			return p
		}
	}
	return nil
}
