package gateway

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/balancer"
	"tollgate/gateway/catalog"
	"tollgate/gateway/toll"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// attempt calls one deployment. If there is no place for the call, the first of others that
// has one is called instead.
func (c *call) attempt(ctx context.Context, route catalog.Route, choice catalog.Choice, others []catalog.Choice) (*Reply, error) {
	c.turnTo(choice)
	p, err := c.prepare(ctx, route, choice)
	if err != nil {
		return nil, err
	}
	dep := choice.Candidate.Of()
	if c.rehearse {
		if _, err := c.terms(ctx, &p); err != nil {
			return nil, err
		}
		return &Reply{Deployment: dep.ID, State: c.state(choice.Candidate)}, nil
	}
	if err := c.waits(ctx, &p); err != nil {
		return nil, err
	}
	now, err := c.enter(ctx, dep, others) // in line before anything is held: who waits holds no money
	if err != nil {
		return nil, err
	}
	if has := c.use.Deployment(); has != dep { // all that was decided is decided anew for it
		at := slices.IndexFunc(others, func(o catalog.Choice) bool { return o.Candidate.Of() == has })
		return c.attempt(ctx, route, others[at], nil)
	}
	return c.send(ctx, &p, now)
}

// prepared is a call as a deployment would get it, past the rate limits.
type prepared struct {
	providers.Call
	params wire.Params
	model  string // the public name that it is called by
	choice catalog.Choice
}

// toll is the call as the books see it.
func (c *call) toll(p *prepared) toll.Call {
	return toll.Call{Call: p.Call, Params: p.params, Who: c.req.Who, RequestID: c.req.ID, Model: p.model, Aliases: p.choice.Via, Once: c.req.Once}
}

// prepare makes the call of a deployment, and takes what it needs of the rate limits.
func (c *call) prepare(ctx context.Context, route catalog.Route, choice catalog.Choice) (prepared, error) {
	body, params, err := c.body(choice.Candidate.Of())
	raw := c.req.Operation == providers.Speech && !c.req.Params.Stream
	p := prepared{params: params, model: route.Name, choice: choice, Call: providers.Call{Operation: c.req.Operation, Body: body, Form: c.req.Form,
		Header: c.req.Header, Stream: c.req.Params.Stream || raw, Raw: raw, WantUsage: params.WantUsage}}
	if err == nil {
		err = c.admit(ctx, route, choice)
	}
	return p, err
}

// terms are on what a call would be paid for, or why it could not be.
func (c *call) terms(ctx context.Context, p *prepared) (toll.Terms, error) {
	if !p.Operation.Costs() {
		return toll.Terms{}, nil
	}
	return c.g.Toll.Preview(ctx, p.choice.Candidate, c.toll(p))
}

// state is the price state of what a candidate is called for.
func (c *call) state(candidate catalog.Candidate) string {
	if !c.req.Operation.Costs() { // free by its nature, whatever the deployment's price
		return catalog.Free{}.State()
	}
	return candidate.State()
}

// waits refuses a call that would wait in line for what it cannot pay for: what is free
// must not wait behind that, and whoever can pay has the place. What only the holds of other
// calls keep out may fit by the time there is a place, and what may be spent while the books
// do not answer is told when there is one.
func (c *call) waits(ctx context.Context, p *prepared) error {
	if c.use != nil || !p.Operation.Costs() || !c.g.Balancer.Busy(p.choice.Candidate.Of()) {
		return nil
	}
	_, err := c.terms(ctx, p)
	var refusal *ledger.Refusal
	switch {
	case ctx.Err() != nil: // it is told by whoever waits
	case errors.As(err, &refusal) && refusal.Temporary():
	case errors.Is(err, ledger.ErrUnavailable) && c.g.Toll.Offline(c.req.Once):
	default:
		return err
	}
	return nil
}

// send sends a call that has a place since now. Here, and nowhere else, free and paid part.
func (c *call) send(ctx context.Context, p *prepared, now time.Time) (*Reply, error) {
	dep := p.choice.Candidate.Of()
	p.AttemptID = c.g.NewID()
	c.keep(p)
	m := &observer{call: c, now: c.g.clock(), costs: p.Operation.Costs(), sent: now,
		reply: Reply{Model: p.model, Under: c.under, Named: c.named(p.model), Deployment: dep.ID, State: c.state(p.choice.Candidate), Attempts: c.attempts + 1, Tried: c.tried, Hops: int(c.hops), Skipped: c.skipped()}}
	m.reply.seen = m
	c.timing.trying, c.timing.sent = p.choice.Candidate, m.sent

	if !p.Operation.Costs() {
		return c.free(ctx, m, dep, p.Call)
	}
	switch candidate := p.choice.Candidate.(type) {
	case catalog.Free:
		m.shadow = candidate.Shadow
		return c.free(ctx, m, dep, p.Call)
	case catalog.Paid:
		return m.charged(c.g.Toll.Paid(ctx, candidate, c.toll(p)))
	case catalog.Unpriced:
		return m.charged(c.g.Toll.Unpriced(ctx, candidate, c.toll(p)))
	default:
		return nil, fmt.Errorf("%s: %w", dep.ID, ErrPriceUnknown) // a candidate of no kind: fail closed
	}
}

// turnTo notes what is called next.
func (c *call) turnTo(choice catalog.Choice) {
	c.at, c.under = choice, choice.Under
	if c.under != "" && !c.turned {
		c.turned, c.hops = true, c.hops+1
	}
}

// named is what the client calls the model that is being called.
func (c *call) named(model string) string {
	switch {
	case c.under != "":
		return c.under
	case model != c.resolved:
		return model
	}
	return c.req.Params.Model
}

// body is the request as a deployment gets it: with what the operator adds to it and
// takes out of it. What is read of it is read again, since it decides what may be spent.
func (c *call) body(dep *catalog.Deployment) (wire.Object, wire.Params, error) {
	body, params := c.req.Body, c.req.Params
	switch c.req.Operation {
	case providers.Chat, providers.Completions, providers.Embeddings:
	default:
		return body, params, nil
	}
	if dep.Members == nil {
		return body, params, nil
	}
	body, err := dep.Members.Apply(body)
	if err != nil {
		return body, params, err
	}
	read := wire.ReadParams
	switch c.req.Operation {
	case providers.Chat:
		read = wire.ReadChat
	case providers.Embeddings:
		read = wire.ReadInputs
	}
	now, err := read(body)
	if err != nil {
		return body, params, err
	}
	params.OutputCap, params.Choices, params.ServiceTier, params.InputBound, params.AudioOut, params.WantUsage = now.OutputCap, now.Choices, now.ServiceTier, now.InputBound, now.AudioOut, now.WantUsage
	params.Searches, params.Echo, params.FeeTool, params.Turns, params.Stored, params.AudioIn = now.Searches, now.Echo, now.FeeTool, now.Turns, now.Stored, now.AudioIn
	return body, params, nil
}

// free sends a call on the free road, which cannot reach the books.
func (c *call) free(ctx context.Context, m *observer, dep *catalog.Deployment, out providers.Call) (*Reply, error) {
	out.NoText, out.Resend = !c.ticket.CountsTokens(), true
	got, err := c.g.Dispatch.Do(ctx, dep, out)
	if err != nil {
		return nil, err
	}
	now := c.g.passing()
	m.upstream, c.timing.answers = got.UpstreamID, now.Sub(m.sent)
	m.answers()
	if got.Stream != nil {
		m.reply.ContentType = got.ContentType
		return m.begin(got.Stream)
	}
	return m.whole(got.Answer, now), nil
}

// enter takes a place at a deployment or at one of others, within the time that is left,
// which goes on to run. now is when it has the place.
func (c *call) enter(ctx context.Context, dep *catalog.Deployment, others []catalog.Choice) (now time.Time, err error) {
	came := c.g.passing()
	if c.use != nil {
		return came, nil // it has waited for another as well
	}
	timer := time.AfterFunc(dep.Total-came.Sub(c.began), func() { c.life.End(&outOfTime{dep.Total}) })
	use, err := c.g.Balancer.Enter(ctx, dep, balancer.Call{Extra: c.last != c.withheld, Aside: !c.req.Operation.Costs(), Others: others, Came: c.began, Waited: c.lined})
	now = c.g.passing()
	c.timing.queued += now.Sub(came)
	c.lined += now.Sub(came)
	if err != nil {
		timer.Stop()
		return now, err
	}
	if at := use.Deployment(); at.Total != dep.Total {
		timer.Stop()
		timer = time.AfterFunc(at.Total-now.Sub(c.began), func() { c.life.End(&outOfTime{at.Total}) })
	}
	c.use, c.timer = use, timer
	return now, nil
}

// late says that the call has ended because its time was up.
func (c *call) late() bool {
	var late *outOfTime
	return c.life.Err() != nil && errors.As(context.Cause(c.life), &late)
}

// cutOff says that the call has ended for another reason.
func (c *call) cutOff() bool { return c.life.Err() != nil && !c.late() }

// blame tells the balancer of a failure. The end of a request's own time says nothing of
// the deployment that had the rest of it: a client that reads slowly brings it about too.
func (c *call) blame(e *providers.Error) {
	if c.use != nil && !c.late() {
		c.use.Failed(e)
	}
}

// leave gives the place back. It may be called more than once.
func (c *call) leave() {
	if c.use != nil {
		c.use.Done()
		c.timer.Stop()
		c.use = nil
	}
}
