// Package gateway is the life of one request: who may call which deployment, in
// which order they are tried, and what the caller gets when none is left.
//
// [Gateway.Do] makes a call of a request and ends it. In between its way leads down here:
//
//	run      to the route of its model, and to what else may take over (gateway.go)
//	try      through the tiers of a route (try.go)
//	tryTier  through the choices of a tier
//	step     one attempt, and what may help if it fails
//	attempt  past rate limits and lines to a deployment: by free, or by toll, which holds
//	         the money before and settles it after (gateway.go)
//
// An observer watches the answer and reports it at its end, a Stream's too (observe.go,
// stream.go). If there is none, verdict says why (verdict.go).
//
// It imports access, balancer, catalog, dispatch, handles, limits, toll and the types that
// these speak of, and declares the [Recorder] it reports calls to. It does not know HTTP or
// the database. The switch in call.attempt is the one place where the free and the paid road
// part: a free deployment goes straight to dispatch, which cannot reach the books.
package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/balancer"
	"tollgate/gateway/catalog"
	"tollgate/gateway/dispatch"
	"tollgate/gateway/handles"
	"tollgate/gateway/limits"
	"tollgate/gateway/toll"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// MaxAttempts is how many upstreams one request may reach.
const MaxAttempts = 3

// Gateway answers calls.
type Gateway struct {
	Catalog  *catalog.Live
	Balancer *balancer.Balancer
	Limits   *limits.Limiter
	Toll     *toll.Toll
	Dispatch *dispatch.Dispatcher
	Handles  *handles.Sealer // names what upstreams keep; nil: nothing kept can be asked for
	Recorder Recorder
	Metrics  Metrics // nil counts nothing
	Log      *slog.Logger
	Now      func() time.Time // the time of the books, which dates what is told and recorded
	// Passing is a clock that nobody sets: by it is reckoned how long things take, since that
	// of the books may be another machine's. nil is Now.
	Passing func() time.Time
	NewID   func() string // 128 random or time-ordered bits as text
	// AdminCalls lets keys that manage call models too. What they use counts for the key and
	// for the whole gateway.
	AdminCalls bool
	// Commit is how long the first event of a stream is waited for before the client is told
	// that it gets an answer; 0 means [CommitAfter].
	Commit time.Duration
}

func (g *Gateway) passing() time.Time { return g.clock()() }

func (g *Gateway) clock() func() time.Time {
	if g.Passing == nil {
		return g.Now
	}
	return g.Passing
}

// CommitAfter is how long an upstream that has begun to answer may take to its first event
// until the client is told so and kept waiting with comments. After that nothing else can
// be tried, and a failure is told within the stream.
const CommitAfter = 20 * time.Second

// Do answers a request. The error is one of this package's, of access's or
// catalog's, a [*ledger.Repeated], [ledger.ErrOnceFull], wraps [limits.ErrUnavailable],
// or is an [AttemptError] around a [*providers.Error] or the reason why life has ended,
// as it also does when the time is up that the deployment allows.
// [LimitsOf] says where the rate limits stand. A reply's stream must be closed.
func (g *Gateway) Do(life *Lifetime, req Request) (*Reply, error) {
	c := &call{g: g, req: req, life: life, began: g.passing(), snapshot: g.Catalog.Snapshot(), ticket: g.Limits.Ticket()}
	if w := req.Wishes; w != nil && w.Timeout > 0 {
		c.patience = time.AfterFunc(w.Timeout, func() { life.End(&outOfTime{w.Timeout}) })
	}
	streams := false
	defer func() { // also after a panic
		if !streams {
			c.done()
		}
	}()
	reply, err := c.run(life)
	if err != nil {
		c.failed = err
		c.done()
		c.refused(err)
		return nil, c.limited(err)
	}
	if streams = reply.Stream != nil; !streams {
		c.done()
	} else if c.patience != nil {
		c.patience.Stop()
	}
	reply.Limits = c.ticket.Standing()
	return reply, nil
}

// call is one request on its way.
type call struct {
	g        *Gateway
	req      Request
	life     *Lifetime
	patience *time.Timer // ends it when the time is up that the client allows; nil: it allows any
	began    time.Time
	snapshot *catalog.Snapshot
	resolved string        // the public name of the model that was asked for
	kept     *handles.Kept // the response that the request is about or goes on from; nil: none
	handle   string        // as the client calls it
	session  balancer.Session

	// What is being called.
	at     catalog.Choice
	under  string        // the model behind the name that it stands under; "": it is the name's own
	use    *balancer.Use // of its deployment, once there is a place
	timer  *time.Timer   // ends the call when the time is up that this deployment allows
	turned bool          // of the tier, that another model was turned to
	lined  time.Duration // in line for what is in the tier

	// What has come of it so far.
	attempts int
	here     int32         // attempts that have failed since a model of the client's was turned to
	hops     int32         // how many other models were turned to
	passed   []passed      // deployments not called for lack of money or over a rate limit
	last     *AttemptError // the last failure of an upstream
	withheld *AttemptError // an answer that will be charged and cannot be given out, since the books did not take it
	shut     *AttemptError // why a deployment was not called that fails or is busy
	tried    []string      // deployments that failed or were left out, with the reason
	strained bool          // an upstream has failed in a way that is answered once by another
	filtered bool          // a content filter has refused what it holds

	// What is counted and told of it.
	ticket   limits.Ticket
	accounts []scope.Account // whom the request counts for
	estimate int64           // tokens that it is expected to use
	seen     *observer       // of the answer, once an upstream has begun one
	failed   error           // why there is none
	ended    sync.Once
	timing   timing // for Metrics
}

func (c *call) run(ctx context.Context) (*Reply, error) {
	who := c.req.Who
	if who.Key.Role == access.Admin && !c.g.AdminCalls {
		return nil, access.ErrAdminCalls
	}
	if err := c.openHandle(); err != nil {
		return nil, err
	}
	route, err := c.snapshot.Resolve(c.req.Params.Model) // what was kept has the model's own name
	if c.kept == nil {
		route, err = routeOf(c.snapshot, who, c.req.Params.Model)
	}
	if err != nil {
		return nil, err
	}
	c.resolved, c.timing.family = route.Name, route.Family
	tiers, err := c.permitted(route)
	if err != nil {
		return nil, err
	}
	reply, err := c.try(ctx, route, tiers)
	if reply != nil || err != nil {
		return reply, err
	}
	if reply, err := c.turn(ctx); reply != nil || err != nil {
		return reply, err
	}
	// Everything was refused. Where it was for money, what the key names instead comes
	// next, unless an upstream has failed or the client forbids it.
	if c.last == c.withheld && c.lacksMoney() {
		for _, other := range who.Key.BudgetFallback {
			route, err := c.snapshot.Resolve(who.Resolve(other))
			if err != nil {
				continue
			}
			tiers, err := c.permitted(route)
			if err != nil {
				continue
			}
			if reply, err := c.try(ctx, route, tiers); reply != nil || err != nil {
				return reply, err
			}
		}
	}
	return nil, c.verdict()
}

// lacksMoney says that money, or its books, stood in the way, and that the client takes
// something else then.
func (c *call) lacksMoney() bool {
	return !c.req.NoFallback && !c.alone() && (c.withheld != nil || slices.ContainsFunc(c.passed, func(p passed) bool { return isMoney(p.err) }))
}

// turn goes through the models that the client names for the case that the one it asks for
// does not answer. Each is decided on as if it had been asked for.
func (c *call) turn(ctx context.Context) (*Reply, error) {
	if c.req.Wishes == nil || c.alone() {
		return nil, nil
	}
	for _, other := range c.req.Wishes.Fallbacks {
		switch {
		case c.denied(), c.attempts >= MaxAttempts:
			return nil, nil
		case c.filtered:
			return nil, nil // it goes nowhere but where the operator says so
		}
		route, err := c.snapshot.Resolve(other)
		if err != nil {
			continue
		}
		tiers, err := c.permitted(route)
		if err != nil {
			continue
		}
		c.here, c.hops = 0, c.hops+1
		if reply, err := c.try(ctx, route, tiers); reply != nil || err != nil {
			return reply, err
		}
	}
	return nil, nil
}

// attempt calls one deployment. Here, and nowhere else, free and paid part. If there is no
// place for the call, the first of others that has one is called instead.
func (c *call) attempt(ctx context.Context, route catalog.Route, choice catalog.Choice, others []catalog.Choice) (*Reply, error) {
	c.turnTo(choice)
	candidate := choice.Candidate
	g, dep := c.g, candidate.Of()
	body, params, err := c.body(dep)
	if err != nil {
		return nil, err
	}
	if err := c.admit(ctx, route, choice); err != nil {
		return nil, err
	}
	if err := c.waits(ctx, route, choice, body, params); err != nil {
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
	out := providers.Call{Operation: c.req.Operation, Body: body, Form: c.req.Form, Header: c.req.Header,
		Stream: c.req.Params.Stream, Raw: c.req.Operation == providers.Speech && !c.req.Params.Stream, WantUsage: params.WantUsage, AttemptID: g.NewID()}
	out.Stream = out.Stream || out.Raw
	c.keep(&out, route.Name, candidate)
	m := &observer{call: c, now: g.clock(), costs: out.Operation.Costs(), sent: now,
		reply: Reply{Model: route.Name, Under: c.under, Named: c.named(route), Deployment: dep.ID, State: candidate.State(), Attempts: c.attempts + 1, Tried: c.tried, Hops: int(c.hops), Skipped: c.skipped()}}
	m.reply.seen = m
	c.timing.trying, c.timing.sent = candidate, m.sent

	if !out.Operation.Costs() { // free by its nature, whatever the deployment's price
		m.reply.State = catalog.Free{}.State()
		return c.free(ctx, m, dep, out)
	}
	switch candidate := candidate.(type) {
	case catalog.Free:
		m.shadow = candidate.Shadow
		return c.free(ctx, m, dep, out)
	case catalog.Paid:
		return m.charged(g.Toll.Paid(ctx, candidate, c.toll(out, params, route, choice)))
	case catalog.Unpriced:
		return m.charged(g.Toll.Unpriced(ctx, candidate, c.toll(out, params, route, choice)))
	default:
		return nil, fmt.Errorf("%s: %w", dep.ID, ErrPriceUnknown) // a candidate of no kind: fail closed
	}
}

// waits refuses a call that would wait in line for what it cannot pay for: what is free
// must not wait behind that, and whoever can pay has the place. What only the holds of other
// calls keep out may fit by the time there is a place, and what may be spent while the books
// do not answer is told when there is one.
func (c *call) waits(ctx context.Context, route catalog.Route, choice catalog.Choice, body wire.Object, params wire.Params) error {
	if c.use != nil || !c.req.Operation.Costs() || !c.g.Balancer.Busy(choice.Candidate.Of()) {
		return nil
	}
	out := providers.Call{Operation: c.req.Operation, Body: body, Form: c.req.Form, Stream: params.Stream}
	call := c.toll(out, params, route, choice)
	_, _, err := c.payable(ctx, choice.Candidate, call)
	var refusal *ledger.Refusal
	switch {
	case ctx.Err() != nil: // it is told by whoever waits
	case errors.As(err, &refusal) && refusal.Temporary():
	case errors.Is(err, ledger.ErrUnavailable) && c.g.Toll.Offline(call):
	default:
		return err
	}
	return nil
}

// turnTo notes what is called next.
func (c *call) turnTo(choice catalog.Choice) {
	c.at, c.under = choice, choice.Under
	if c.under != "" && !c.turned {
		c.turned, c.hops = true, c.hops+1
	}
}

// named is what the client calls the model that is being called.
func (c *call) named(route catalog.Route) string {
	switch {
	case c.under != "":
		return c.under
	case route.Name != c.resolved:
		return route.Name
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

func (c *call) toll(out providers.Call, params wire.Params, route catalog.Route, choice catalog.Choice) toll.Call {
	return toll.Call{Call: out, Params: params, Who: c.req.Who, RequestID: c.req.ID, Model: route.Name, Aliases: choice.Via, Once: c.req.Once}
}
