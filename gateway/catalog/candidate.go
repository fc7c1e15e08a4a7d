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
	found, seen := b.found[dep.ID]
	if seen {
		dep.Context, dep.Embedder = found.Context, found.Embedder
	}
	entry, listed := pricelist.Entry{}, false
	as := cmp.Or(t.ListedAs, m.ListedAs)
	if vendor, model, _ := strings.Cut(cmp.Or(as, d.list+"/"+upstream), "/"); vendor != "" {
		if entry, listed = b.prices.Find(vendor, model); listed {
			dep.HiddenReasoning, dep.Embedder = entry.HiddenReasoning, entry.Mode == pricelist.Embedding
			dep.Context = max(dep.Context, entry.Context)
			if dep.MaxOutput == 0 {
				dep.MaxOutput = entry.MaxOutput
			}
		}
	}
	if dep.Family = dep.ID; t.family != "" && !seen && !listed {
		dep.Family = t.family
	}
	if dep.DefaultOutput == 0 {
		dep.DefaultOutput = DefaultOutput
	}
	switch {
	case dep.MaxOutput > 0:
		dep.DefaultOutput = min(dep.DefaultOutput, dep.MaxOutput)
	case dep.Context > 0 && set.DefaultOutput == 0:
		// It may be sent as a cap, and a server refuses one that leaves no room for the
		// prompt.
		dep.DefaultOutput = min(dep.DefaultOutput, max(dep.Context/2, 1))
	}
	ceiling := firstOf(t.Ceiling, m.Ceiling, d.spec.Ceiling)
	price, why := accounting.Price(accounting.Unknown{}), fmt.Sprintf("no price: write price: free or price: {input: …, output: …} at %s", orPath(m.Path, d.spec.Path))
	local := d.local && !b.remote(d, upstream)
	switch {
	case t.Price != nil:
		price, why = t.Price, "set at "+t.Path
	case m.Price != nil:
		price, why = m.Price, "set at "+m.Path
	case d.spec.Price != nil:
		price, why = d.spec.Price, "set at "+d.spec.Path
	case as != "" && listed:
		price, why = entry.Price, strings.TrimSuffix("price list as "+as+", "+entry.AsOf, ", ")
	case as != "":
		why = "the price list has no " + as
	case local:
		price, why = accounting.Free{}, "local ("+d.Kind.Name+")"
	case listed:
		price, why = entry.Price, strings.TrimSuffix("price list, "+entry.AsOf, ", ")
	}
	dep.Why = why
	switch p := price.(type) {
	case accounting.Free:
		return Free{dep, cmp.Or(t.Shadow, m.Shadow, d.spec.Shadow)}
	case accounting.Priced:
		if p.Version() != "" || hasRate(p) {
			return Paid{dep, p}
		}
		dep.Why = "its price was never made" // a zero Priced: fail closed
	}
	return Unpriced{dep, ceiling}
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
