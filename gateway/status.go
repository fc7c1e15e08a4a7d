package gateway

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/balancer"
	"tollgate/gateway/catalog"
	"tollgate/gateway/toll"
	"tollgate/providers"
	"tollgate/providers/wire"
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
// while they do not answer, the list is whole, comes at once, and paid models are closed.
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
				d.Open, d.Why = true, "free: no budget counts or blocks it"
			case catalog.Paid:
				states, down := books()
				d.Open, d.Why = paidOpen(states, target, down)
				d.Rates = rates(c.Price)
			case catalog.Unpriced:
				states, down := books()
				d.Open, d.Why = unpricedOpen(states, target, down, c)
			}
			d.Why = caseOf(ch.When) + d.Why
			if !who.Allows(r.Name, r.Groups, free) {
				d.Open, d.Why = false, "the key, its user or its team may not use it"
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

const booksDown = "the books do not answer, so nothing paid is served"

func paidOpen(states []ledger.Shortfall, target ledger.Target, down error) (bool, string) {
	if down != nil {
		return false, booksDown
	}
	for _, s := range states {
		if !s.Claim.Budget.Matches(target) {
			continue
		}
		switch s.State {
		case ledger.Zero, ledger.Spent, ledger.Held, ledger.Tight:
			return false, Describe(s)
		}
	}
	return true, "paid: within every budget"
}

func unpricedOpen(states []ledger.Shortfall, target ledger.Target, down error, c catalog.Unpriced) (bool, string) {
	if down != nil {
		return false, booksDown
	}
	limited := false
	for _, s := range states {
		limited = limited || (s.Claim.Budget.Limit != nil && s.Claim.Budget.Matches(target))
	}
	switch {
	case !limited:
		return true, "its price is unknown and no budget applies: served, recorded without a cost"
	case c.Ceiling == nil:
		return false, "its price is unknown and a budget applies; " + c.Deployment.Why
	}
	open, why := paidOpen(states, target, nil)
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

// Explanation is what would be decided on a call, without making it.
type Explanation struct {
	Model   string     `json:"model"`
	Verdict string     `json:"verdict"` // served or refused, and by what
	Serves  string     `json:"serves"`  // the deployment of the first tier that would be called; "" if none
	Steps   []Decision `json:"steps"`
	Budgets []string   `json:"budgets"`
	Free    []string   `json:"free_models"`
}

// Explain decides on a chat call of a caller, candidate by candidate in the order in which
// a call would come to them now, and makes and holds nothing. An error is catalog's.
func (g *Gateway) Explain(ctx context.Context, who access.Principal, model string) (Explanation, error) {
	body, err := wire.ParseObject([]byte(`{"model":"","messages":[{"role":"user","content":"hello"}]}`))
	if err != nil {
		return Explanation{}, err
	}
	params := wire.Params{Model: model, Choices: 1, InputBound: int64(len(body.Bytes()))}
	c := &call{g: g, began: g.passing(), snapshot: g.Catalog.Snapshot(), req: Request{ID: "explain", Operation: providers.Chat, Body: body, Params: params, Who: who}}
	out := Explanation{Model: model, Steps: []Decision{}, Budgets: []string{}, Free: c.freeNames()}
	if states, err := g.Toll.Standing(ctx, who); err == nil {
		for _, s := range states {
			out.Budgets = append(out.Budgets, Describe(s))
		}
	} else {
		out.Budgets = append(out.Budgets, booksDown)
	}
	names := append([]string{model}, who.Key.BudgetFallback...)
	for i, name := range names {
		r, err := c.snapshot.Resolve(who.Resolve(name))
		if err != nil {
			if i == 0 {
				return out, err
			}
			continue
		}
		instead := ""
		if i > 0 {
			instead = "budget fallback of the key: "
		}
		for _, s := range c.steps(ctx, r, instead) {
			if s.Open && out.Serves == "" && s.when == catalog.Always {
				out.Serves, out.Verdict = s.Deployment, fmt.Sprintf("served by %s (%s)", s.Deployment, s.Price)
			}
			out.Steps = append(out.Steps, s.Decision)
		}
	}
	if who.Key.Role == access.Admin && !g.AdminCalls {
		out.Serves, out.Verdict = "", "refused: "+access.ErrAdminCalls.Error()
	} else if out.Serves == "" {
		out.Verdict = "refused: " + out.Steps[0].Why
	}
	return out, nil
}

// step is what would be decided on one deployment, and in which case.
type step struct {
	Decision
	when catalog.When
}

// steps are what would be decided on the deployments of a route, in the order of now. instead
// says for what they stand in; "" for nothing.
func (c *call) steps(ctx context.Context, r catalog.Route, instead string) []step {
	var first, last []step
	for n, tier := range r.Tiers {
		for _, ch := range tier {
			d := c.explain(ctx, r, ch, n+1)
			d.Why = caseOf(ch.When) + instead + d.Why
			switch balancer.Ill(d.Now) {
			case balancer.Down, balancer.Missing:
				last = append(last, step{d, ch.When})
			default:
				first = append(first, step{d, ch.When})
			}
		}
	}
	return append(first, last...)
}

// caseOf says in which case something is taken, if not always.
func caseOf(when catalog.When) string {
	switch when {
	case catalog.WhenContext:
		return "if the prompt is too long for the ones before: "
	case catalog.WhenRefused:
		return "if a content filter refuses the request: "
	}
	return ""
}

func (c *call) explain(ctx context.Context, r catalog.Route, ch catalog.Choice, tier int) (d Decision) {
	dep := ch.Candidate.Of()
	d = Decision{Deployment: dep.ID, Tier: tier, Weight: ch.Weight, Price: ch.Candidate.State(), PriceFrom: dep.Why}
	_, free := ch.Candidate.(catalog.Free)
	if !c.req.Who.Allows(r.Name, r.Groups, free) {
		d.Why = "the key, its user or its team may not use it"
		return d
	}
	if shut := c.g.Balancer.Usable(dep); shut != nil {
		d.Now = shutWord(shut)
		d.Why = fmt.Sprintf("left out for another %s: it failed last with %s", max(shut.Wait.Round(time.Second), time.Second), shut.Kind)
		return d
	}
	defer func() {
		switch ill := c.g.Balancer.Ill(dep); ill {
		case balancer.Down:
			d.Now, d.Why = string(ill), "after everything else, since its engine does not answer: "+d.Why
		case balancer.Missing:
			d.Now, d.Why = string(ill), "after everything else, since its engine has said that it does not have the model: "+d.Why
		}
	}()
	body, params, err := c.body(dep)
	if err != nil {
		d.Why = err.Error()
		return d
	}
	out := c.toll(providers.Call{Operation: c.req.Operation, Body: body}, params, r, ch)
	paid := func(p catalog.Paid) {
		states, hold, err := c.g.Toll.Preview(ctx, p, out)
		if err != nil {
			d.Why = err.Error()
			if errors.Is(err, ledger.ErrUnavailable) {
				d.Why = booksDown
			}
			return
		}
		d.Hold = hold.String()
		d.Open, d.Why = true, "paid: the hold fits every budget"
		for _, s := range states {
			if s.State != ledger.None && s.State != ledger.Room {
				d.Open, d.Why = false, Describe(s)
				break
			}
		}
	}
	switch cand := ch.Candidate.(type) {
	case catalog.Free:
		d.Open, d.Why = true, "free: no budget counts or blocks it"
	case catalog.Paid:
		d.Rates = rates(cand.Price)
		paid(cand)
	case catalog.Unpriced:
		limited := c.g.Toll.Limited(out, dep)
		switch {
		case !limited:
			d.Open, d.Why = true, "its price is unknown and no budget applies: served, recorded without a cost"
		case cand.Ceiling == nil:
			d.Why = "its price is unknown and a budget applies; " + dep.Why
		default:
			paid(catalog.Paid{Deployment: dep, Price: *cand.Ceiling})
		}
	}
	return d
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
