package gateway

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
	"tollgate/gateway/toll"
)

// ModelStatus is what a public name means to one caller right now.
type ModelStatus struct {
	Name       string     `json:"name"`
	Price      string     `json:"price"` // free, paid, unknown, mixed or unavailable
	Open       bool       `json:"open"`
	Why        string     `json:"why"`
	Context    int64      `json:"context,omitempty"`    // tokens, of the largest deployment
	MaxOutput  int64      `json:"max_output,omitempty"` // tokens, of the largest deployment
	Candidates []Decision `json:"candidates"`
	Aliases    []string   `json:"aliases,omitempty"`
	Groups     []string   `json:"groups,omitempty"`
	// Fallbacks are the models whose deployments take over, in each case.
	Fallbacks map[catalog.When][]string `json:"-"`
	Embeds    bool                      `json:"-"` // it is known to make embeddings and nothing else
}

// Decision is what would be decided on one deployment.
type Decision struct {
	Deployment string `json:"deployment"`
	Tier       int    `json:"tier"` // tried in this order, from 1
	Weight     int    `json:"weight"`
	Price      string `json:"price"` // free, paid or unknown
	PriceFrom  string `json:"price_from"`
	Now        string `json:"now,omitempty"` // why a call passes it over at present, as X-Tollgate-Tried says it; "" if none does
	Open       bool   `json:"open"`
	Why        string `json:"why"`
	Hold       string `json:"hold,omitempty"` // dollars that would be held for the call
	Rates      string `json:"rates,omitempty"`
}

// Models lists the models that a caller may use, each with its price state and
// whether it is open to the caller now. It needs the books only for what is paid:
// while they do not answer, the list is whole, hardly waits for them, and paid models are
// closed.
func (g *Gateway) Models(ctx context.Context, who access.Principal) []ModelStatus {
	books := g.glance(ctx, who)
	var out []ModelStatus
	for _, r := range g.Catalog.Snapshot().Routes() {
		if st, ok := g.model(r, who, books); ok {
			out = append(out, st)
		}
	}
	return out
}

// Wildcards lists the names with a * that a caller may use names of.
func (g *Gateway) Wildcards(who access.Principal) []string {
	var out []string
	for _, r := range g.Catalog.Snapshot().Wildcards() {
		if who.Allows(r.Name, r.Groups, false) {
			out = append(out, r.Name)
		}
	}
	return out
}

// Model is [Gateway.Models] for one name. An error is catalog's or access's.
func (g *Gateway) Model(ctx context.Context, who access.Principal, name string) (ModelStatus, error) {
	r, err := routeOf(g.Catalog.Snapshot(), who, name)
	if err != nil {
		return ModelStatus{}, err
	}
	st, ok := g.model(r, who, g.glance(ctx, who))
	if !ok {
		return ModelStatus{}, access.ErrModelDenied
	}
	return st, nil
}

// May says why a caller may not use a name, or nil, whatever it costs. The error is
// catalog's or access's.
func (g *Gateway) May(who access.Principal, name string) error {
	r, err := routeOf(g.Catalog.Snapshot(), who, name)
	if err != nil {
		return err
	}
	for _, c := range r.Candidates() {
		if _, free := c.(catalog.Free); who.Allows(r.Name, r.Groups, free) {
			return nil
		}
	}
	return access.ErrModelDenied
}

// glance asks the books where a caller's budgets stand, once it is called for the first time.
func (g *Gateway) glance(ctx context.Context, who access.Principal) func() ([]ledger.Shortfall, error) {
	return sync.OnceValues(func() ([]ledger.Shortfall, error) { return g.Toll.Glance(ctx, who) })
}

func (g *Gateway) model(r catalog.Route, who access.Principal, books func() ([]ledger.Shortfall, error)) (ModelStatus, bool) {
	st := ModelStatus{Name: r.Name, Price: r.State(), Aliases: r.Aliases, Groups: r.Groups}
	allowed := false
	if r.Unavailable != "" {
		allowed, st.Why, st.Candidates = who.Allows(r.Name, r.Groups, false), r.Unavailable, []Decision{}
	}
	for i, tier := range r.Tiers {
		for _, ch := range tier {
			dep := ch.Candidate.Of()
			if name := ch.Under; name != "" && !slices.Contains(st.Fallbacks[ch.When], name) {
				if st.Fallbacks == nil {
					st.Fallbacks = map[catalog.When][]string{}
				}
				st.Fallbacks[ch.When] = append(st.Fallbacks[ch.When], name)
			}
			d := Decision{Deployment: dep.ID, Tier: i + 1, Weight: ch.Weight, Price: ch.Candidate.State(), PriceFrom: dep.Why}
			st.Embeds = dep.Embedder
			st.Context, st.MaxOutput = max(st.Context, dep.Context), max(st.MaxOutput, dep.MaxOutput)
			_, free := ch.Candidate.(catalog.Free)
			target := toll.Target(r.Name, ch.Via, dep)
			switch c := ch.Candidate.(type) {
			case catalog.Free:
				d.Open, d.Why = true, freeOpen
			case catalog.Paid:
				states, down := books()
				d.Open, d.Why = openPaid(states, target, down)
				d.Rates = rates(c.Price)
			case catalog.Unpriced:
				states, down := books()
				d.Open, d.Why = openUnpriced(states, target, down, c)
			}
			d.Why = caseOf(ch.When) + d.Why
			if !who.Allows(r.Name, r.Groups, free) {
				d.Open, d.Why = false, notAllowed
			} else {
				allowed = true
			}
			if d.Open && !st.Open && ch.When == catalog.Always {
				st.Open, st.Why = true, d.Why
			}
			st.Candidates = append(st.Candidates, d)
		}
	}
	if !st.Open && len(st.Candidates) > 0 {
		st.Why = st.Candidates[0].Why
	}
	return st, allowed
}

func rates(p accounting.Priced) string {
	text := ""
	for _, m := range []accounting.Meter{accounting.Input, accounting.CachedInput, accounting.Output, accounting.Images, accounting.Requests, accounting.Milliseconds, accounting.Characters} {
		r, ok := p.Rate(m)
		if !ok || (r == 0 && m >= accounting.Images) {
			continue
		}
		if text != "" {
			text += ", "
		}
		text += fmt.Sprintf("%s %s", m, accounting.FormatRate(m, r))
		if accounting.PerUnitOf(m) == accounting.PerMillion {
			text += "/1M"
		}
	}
	return text
}

// What is said of deployments, whoever asks.
const (
	freeOpen     = "free: no budget counts or blocks it"
	unpricedOpen = "its price is unknown and no budget applies: served, recorded without a cost"
	unpricedShut = "its price is unknown and a budget applies; "
	booksDown    = "the books do not answer, so nothing paid is served"
	notAllowed   = "the key, its user or its team may not use it"
)

func openPaid(states []ledger.Shortfall, target ledger.Target, down error) (bool, string) {
	if down != nil {
		return false, booksDown
	}
	for _, s := range states {
		if !s.Claim.Budget.Matches(target) {
			continue
		}
		if s.State.Refuses() {
			return false, Describe(s)
		}
	}
	return true, "paid: within every budget"
}

func openUnpriced(states []ledger.Shortfall, target ledger.Target, down error, c catalog.Unpriced) (bool, string) {
	if down != nil {
		return false, booksDown
	}
	limited := false
	for _, s := range states {
		limited = limited || (s.Claim.Budget.Limit != nil && s.Claim.Budget.Matches(target))
	}
	switch {
	case !limited:
		return true, unpricedOpen
	case c.Ceiling == nil:
		return false, unpricedShut + c.Deployment.Why
	}
	open, why := openPaid(states, target, nil)
	if open {
		why = "its price is unknown: counted at the ceiling price"
	}
	return open, why
}

// Describe says in a sentence where a budget stands.
func Describe(s ledger.Shortfall) string {
	b := s.Claim.Budget
	what := "the budget"
	if b.Name != "" {
		what = fmt.Sprintf("the budget %q", b.Name)
	}
	who := string(b.Kind)
	if s.Claim.Counter.Account.ID != "" {
		who += " " + s.Claim.Counter.Account.ID
	}
	if b.Kind == ledger.Gateway {
		who = "the whole gateway"
	}
	if b.Limit == nil {
		return fmt.Sprintf("%s of %s has no limit", what, who)
	}
	until := ""
	if !s.Claim.Period.End.IsZero() {
		until = "; it resets at " + s.Claim.Period.End.UTC().Format(time.RFC3339)
	}
	switch s.State {
	case ledger.Zero:
		return fmt.Sprintf("%s of %s is 0: free models only", what, who)
	case ledger.Spent:
		return fmt.Sprintf("%s of %s is spent: %s of %s USD per %s%s", what, who, s.Standing.Posted, *b.Limit, b.Window, until)
	case ledger.Held:
		return fmt.Sprintf("%s of %s is held by running requests: %s spent and %s held of %s USD", what, who, s.Standing.Posted, s.Standing.Held, *b.Limit)
	case ledger.Tight:
		return fmt.Sprintf("%s of %s has %s USD left, too little for this call%s", what, who, left(s), until)
	}
	return fmt.Sprintf("%s of %s has %s of %s USD left", what, who, left(s), *b.Limit)
}

func left(s ledger.Shortfall) accounting.Money {
	return max(0, *s.Claim.Budget.Limit-s.Standing.Posted-s.Standing.Held)
}

// Glance is [Gateway.Standing] for what is shown without it as well: it hardly waits for books
// that do not answer.
func (g *Gateway) Glance(ctx context.Context, who access.Principal) ([]ledger.Shortfall, error) {
	return g.Toll.Glance(ctx, who)
}

// Standing says where every budget of a caller stands, narrowest first.
func (g *Gateway) Standing(ctx context.Context, who access.Principal) ([]ledger.Shortfall, error) {
	return g.Toll.Standing(ctx, who)
}
