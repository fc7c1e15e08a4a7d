package gateway

import (
	"context"
	"errors"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
	"tollgate/gateway/toll"
	"tollgate/providers"
)

// Preview is what would be decided on a request that is answered elsewhere. It holds and
// books nothing; of rate limits it takes what the request would, so End must be called.
type Preview struct {
	Err        error  // why it would be refused; nil: it would be served
	Model      string // the public name that would be served, or that was asked for in vain
	Deployment string // that would be called first; of a refusal for money, the first that cannot be paid for
	State      string // its price: free, paid or unknown; "" if there is none
	// Need is what must be free in each budget that applies to it.
	Need accounting.Money
	// Budgets are those with a limit that it would be held against, narrowest first.
	Budgets []ledger.Shortfall
	// Otherwise is the free deployment that would be called if the budgets could not pay for
	// it; "" if there is none.
	Otherwise string

	call  *call
	open  bool // a candidate was found that would serve it
	tally *toll.Tally
}

// Preview decides on a request as [Gateway.Do] would, candidate by candidate and in the
// order of the route, as if every deployment were healthy. The error of what is decided is
// in it, and is one of those that Do returns.
func (g *Gateway) Preview(ctx context.Context, req Request) *Preview {
	c := &call{g: g, req: req, life: &Lifetime{}, began: g.passing(), snapshot: g.Catalog.Snapshot(), ticket: g.Limits.Ticket()}
	p := &Preview{Model: req.Params.Model, call: c}
	p.Err = p.decide(ctx)
	return p
}

func (p *Preview) decide(ctx context.Context) error {
	c := p.call
	who := c.req.Who
	if who.Key.Role == access.Admin && !c.g.AdminCalls {
		return access.ErrAdminCalls
	}
	for i, name := range append([]string{c.req.Params.Model}, who.Key.BudgetFallback...) {
		if i > 0 && !c.lacksMoney() {
			break
		}
		route, err := routeOf(c.snapshot, who, name)
		var tiers [][]catalog.Choice
		if err == nil {
			tiers, err = c.permitted(route)
		}
		switch {
		case err != nil && i == 0:
			return err
		case err != nil:
			continue
		}
		for _, tier := range tiers {
			for _, ch := range tier {
				if ch.When == catalog.Always && p.consider(ctx, route, ch) {
					return nil
				}
			}
		}
		if p.open {
			return nil
		}
	}
	return c.verdict()
}

// consider looks at one candidate. It says that nothing needs to be looked at any more.
func (p *Preview) consider(ctx context.Context, route catalog.Route, choice catalog.Choice) (done bool) {
	c, candidate := p.call, choice.Candidate
	dep := candidate.Of()
	_, free := candidate.(catalog.Free)
	free = free || !c.req.Operation.Costs()
	if p.open { // only what is free is still looked for
		if free && p.Otherwise == "" {
			p.Otherwise = dep.ID
		}
		return p.Otherwise != ""
	}
	ready, err := c.prepare(ctx, route, choice)
	var terms toll.Terms
	if err == nil {
		terms, err = c.terms(ctx, &ready)
	}
	if err == nil || p.State == "" {
		p.Model, p.Deployment, p.State, p.Need, p.Budgets = route.Name, dep.ID, candidate.State(), terms.Need, terms.Budgets
		if p.tally, _ = c.g.Toll.Tally(candidate, c.toll(&ready)); p.tally == nil { // the price does not cover it: err says so, too
			p.State = catalog.Unpriced{}.State()
		}
	}
	if err != nil {
		c.passed = append(c.passed, passed{dep.ID, err})
		return false
	}
	p.open = true
	return free
}

// Outcome is what a call that was answered elsewhere has come to.
type Outcome struct {
	Usage  accounting.Usage
	Source accounting.Source
	Cost   *accounting.Money // at the price of the candidate; zero if it is free, nil if that is unknown
}

// End ends what is decided on. answer is what is known of the answer, whole says that it
// came to its end; nil: there was none. It gives back what was taken of rate limits.
func (p *Preview) End(answer *providers.Event, whole bool) (o Outcome) {
	used := int64(0)
	if answer != nil && p.tally != nil {
		text := *answer
		text.Usage = nil
		p.tally.Event(&text)
		p.tally.Event(&providers.Event{Usage: answer.Usage, Doubt: answer.Doubt}) // it is of all the text
		o.Usage, o.Source, o.Cost = p.tally.End(whole)
		if p.State == (catalog.Free{}).State() {
			o.Cost = new(accounting.Money)
		}
		if used = o.Usage.InputTokens() + o.Usage.OutputTokens(); p.Err == nil {
			p.call.ticket.Reached()
		}
	}
	p.call.ticket.Done(used)
	return o
}

// Refused is the budget that stands in the way; nil if none does.
func (p *Preview) Refused() *ledger.Shortfall {
	var refusal *ledger.Refusal
	if errors.As(p.Err, &refusal) && len(refusal.Short) > 0 {
		return &refusal.Short[0]
	}
	return nil
}
