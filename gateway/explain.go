package gateway

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/balancer"
	"tollgate/gateway/catalog"
	"tollgate/gateway/limits"
	"tollgate/gateway/toll"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// Explanation is what would be decided on a call, without making it.
type Explanation struct {
	Model   string     `json:"model"`
	Verdict string     `json:"verdict"` // served or refused, and by what
	Serves  string     `json:"serves"`  // the deployment that would be called, one of them if several are even; "" if none
	Steps   []Decision `json:"steps"`
	Budgets []string   `json:"budgets"`
	Free    []string   `json:"free_models"`
}

// Explain decides on a short chat call of a caller: what would become of it, as a call goes
// its way, and what there is to say of each candidate, in the order of now. It sends and holds
// nothing; what the call would take of rate limits it takes for as long as it decides. An
// error is catalog's.
func (g *Gateway) Explain(ctx context.Context, who access.Principal, model string) (Explanation, error) {
	body, err := wire.ParseObject([]byte(`{"model":"","messages":[{"role":"user","content":"hello"}]}`))
	if err != nil {
		return Explanation{}, err
	}
	unseen := *g
	unseen.Metrics = nil // nothing happens that is to be counted
	c := &call{g: &unseen, rehearse: true, life: &Lifetime{}, began: g.passing(), snapshot: g.Catalog.Snapshot(), ticket: g.Limits.Ticket(),
		req: Request{ID: "explain", Operation: providers.Chat, Body: body, Who: who, Params: wire.Params{Model: model, Choices: 1, InputBound: int64(len(body.Bytes()))}}}
	defer c.done()
	out := Explanation{Model: model, Free: c.freeNames()}
	if out.Steps, err = c.candidates(ctx); err != nil {
		return out, err
	}
	out.Budgets = c.budgets(ctx)
	reply, err := c.run(ctx)
	if err == nil {
		out.Serves, out.Verdict = reply.Deployment, fmt.Sprintf("served by %s (%s)", reply.Deployment, reply.State)
		return out, nil
	}
	why := whyNot(err)
	if at := slices.IndexFunc(out.Steps, func(d Decision) bool { return !d.Open }); at >= 0 && !errors.Is(err, access.ErrAdminCalls) {
		why = out.Steps[at].Why
	}
	out.Verdict = "refused: " + why
	return out, nil
}

// budgets says where every budget of the caller stands.
func (c *call) budgets(ctx context.Context) []string {
	states, err := c.g.Toll.Standing(ctx, c.req.Who)
	if err != nil {
		return []string{booksDown}
	}
	out := []string{}
	for _, s := range states {
		out = append(out, Describe(s))
	}
	return out
}

// candidates are those of the model, and of the models that the key names for want of money.
// The error is that of the model.
func (c *call) candidates(ctx context.Context) ([]Decision, error) {
	out := []Decision{}
	for i, name := range append([]string{c.req.Params.Model}, c.req.Who.Key.BudgetFallback...) {
		r, err := routeOf(c.snapshot, c.req.Who, name)
		switch {
		case err == nil && i == 0:
			out = append(out, c.ofRoute(ctx, r, "")...)
		case err == nil:
			out = append(out, c.ofRoute(ctx, r, "budget fallback of the key: ")...)
		case i == 0:
			return out, err
		}
	}
	return out, nil
}

// ofRoute are the candidates of a route. instead says for what they stand in; "" for nothing.
func (c *call) ofRoute(ctx context.Context, r catalog.Route, instead string) []Decision {
	var first, last []Decision
	for n, tier := range r.Tiers {
		for _, ch := range tier {
			d := c.candidate(ctx, r, ch, n+1)
			d.Why = caseOf(ch.When) + instead + d.Why
			switch balancer.Ill(d.Now) {
			case balancer.Down, balancer.Missing:
				last = append(last, d)
			default:
				first = append(first, d)
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

func (c *call) candidate(ctx context.Context, r catalog.Route, ch catalog.Choice, tier int) Decision {
	dep := ch.Candidate.Of()
	d := Decision{Deployment: dep.ID, Tier: tier, Weight: ch.Weight, Price: ch.Candidate.State(), PriceFrom: dep.Why}
	if paid, ok := ch.Candidate.(catalog.Paid); ok {
		d.Rates = rates(paid.Price)
	}
	if err := c.refusal(r, ch); err != nil {
		d.Why = whyNot(err)
		return d
	}
	if shut := c.g.Balancer.Usable(dep); shut != nil {
		d.Now, d.Why = shutWord(shut), whyNot(shut)
		return d
	}
	p, err := c.prepare(ctx, r, ch)
	var terms toll.Terms
	if err == nil {
		terms, err = c.terms(ctx, &p)
	}
	if terms.Need > 0 {
		d.Hold = terms.Hold.String()
	}
	_, unpriced := ch.Candidate.(catalog.Unpriced)
	switch {
	case unpriced && errors.Is(err, ledger.ErrUnpriced):
		d.Why = unpricedShut + dep.Why
	case err != nil:
		d.Why = whyNot(err)
	default:
		d.Open, d.Why = true, why(ch.Candidate, terms)
	}
	switch ill := c.g.Balancer.Ill(dep); ill {
	case balancer.Down:
		d.Now, d.Why = string(ill), "after everything else, since its engine does not answer: "+d.Why
	case balancer.Missing:
		d.Now, d.Why = string(ill), "after everything else, since its engine has said that it does not have the model: "+d.Why
	}
	return d
}

// why says why a candidate would be called.
func why(candidate catalog.Candidate, terms toll.Terms) string {
	_, free := candidate.(catalog.Free)
	switch {
	case free:
		return freeOpen
	case terms.Need == 0:
		return unpricedOpen
	case terms.Offline:
		return "paid: the books do not answer, and as much may be spent meanwhile"
	}
	return "paid: the hold fits every budget"
}

// whyNot says of an error that decides on a candidate what it comes to.
func whyNot(err error) string {
	var refusal *ledger.Refusal
	var limit *limits.Refusal
	var shut *balancer.Shut
	switch {
	case errors.As(err, &refusal):
		return Describe(refusal.Short[0])
	case errors.As(err, &limit):
		return reachedLimit(limit)
	case errors.As(err, &shut):
		return fmt.Sprintf("left out for another %s: it failed last with %s", max(shut.Wait.Round(time.Second), time.Second), shut.Kind)
	case errors.Is(err, ledger.ErrUnavailable):
		return booksDown
	case errors.Is(err, access.ErrModelDenied):
		return notAllowed
	}
	return err.Error()
}

// reachedLimit says in a sentence which rate limit stands in the way.
func reachedLimit(r *limits.Refusal) string {
	what, who := "the rate limit "+r.Rule.ID, fmt.Sprintf("%s %s", r.Account.Kind, r.Account.ID)
	if r.Rule.Name != "" {
		what = fmt.Sprintf("the rate limit %q", r.Rule.Name)
	}
	if r.Account.Kind == scope.Gateway {
		who = "the whole gateway"
	}
	when := ""
	if r.Wait > 0 {
		when = fmt.Sprintf("; there is room again in %s", max(r.Wait.Round(time.Second), time.Second))
	}
	return fmt.Sprintf("%s of %s lets through %d %s%s", what, who, r.Limit, r.Metric, when)
}
