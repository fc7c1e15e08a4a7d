// Package gateway is the life of one request: who may call which deployment, in
// which order they are tried, and what the caller gets when none is left.
//
// It imports access, balancer, catalog, dispatch, handles, limits and toll, and declares
// the [Recorder] it reports calls to. It does not know HTTP or the database. The switch in
// [Gateway.attempt] is the one place where the free and the paid road part: a free
// deployment goes straight to dispatch, which cannot reach the books.
package gateway

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"tollgate/accounting"
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

// maxFreeListed is how many free models a refusal names.
const maxFreeListed = 20

// What a refusal quotes of what can be had instead.
const (
	maxListed = 5   // models that do what was asked for
	maxNamed  = 200 // bytes of the name that was asked for
)

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
	Now      func() time.Time
	NewID    func() string // 128 random or time-ordered bits as text
	// AdminCalls lets keys that manage call models too. What they use counts for the key and
	// for the whole gateway.
	AdminCalls bool
	// Commit is how long the first event of a stream is waited for before the client is told
	// that it gets an answer; 0 means [CommitAfter].
	Commit time.Duration
}

// CommitAfter is how long an upstream that has begun to answer may take to its first event
// until the client is told so and kept waiting with comments. After that nothing else can
// be tried, and a failure is told within the stream.
const CommitAfter = 20 * time.Second

// Request is one call by a known principal.
type Request struct {
	ID        string
	Operation providers.Operation
	Body      wire.Object
	Form      *wire.Form  // in place of Body, where the operation has a form
	Header    http.Header // what of the client's own headers an upstream may get
	Handle    string      // of the kept response that the request is about
	Query     string      // what a read of it asks for, checked
	Params    wire.Params
	Who       access.Principal
	// Session is the client's own name for the conversation; "" if it gave none.
	Session string
	// NoFallback refuses instead of serving something later in the route, or
	// something else, when money is what stands in the way.
	NoFallback bool
	// Wishes are what the client asks for beside the model; nil: nothing.
	Wishes *Wishes
	// Once is what the request's Idempotency-Key said; nil: it carried none. What is free
	// takes no notice of it.
	Once *ledger.Once
	// Labels are what the client says of itself, for the log.
	Labels Labels
}

// Wishes are what a client asks for beside a model.
type Wishes struct {
	// Fallbacks are models that are turned to, in order, when the one that was asked for does
	// not answer. Each has to be one that the caller may use.
	Fallbacks []string
	// Alone turns to no other model than the one that was asked for, whatever the operator,
	// the key or Fallbacks say.
	Alone bool
	// Retries is how many more attempts are made of a model after the first; nil: as many as
	// there may be.
	Retries *int
	// Timeout is how long a whole answer, or the beginning of a stream, may take; 0: as long as
	// its deployment allows, which holds besides.
	Timeout time.Duration
}

// Labels are what a client says of itself. They decide nothing.
type Labels struct {
	ClientRequestID string
	UserAgent       string
	Retry           string // how many times the client has tried before, as it says
	Address         string
}

// Record is what is kept of a call that the books do not hold: a free one, or one
// that was refused.
type Record struct {
	At         time.Time
	RequestID  string
	KeyID      string
	UserID     string
	TeamID     string
	OrgID      string
	EndUser    string
	Tags       []string // not written to
	Operation  string
	Model      string
	Deployment string // "" if none was called
	Answered   string
	Stream     bool
	Price      string // free, or "" if none was called
	Usage      accounting.Usage
	Source     accounting.Source // "" if nobody counted
	Worth      *accounting.Money // what a free call would have cost at the shadow price; nil: unknown. No cost
	Status     string            // ok, or why not
	Took       time.Duration
}

// Recorder takes records for reports. Record never blocks; what it cannot take it
// counts and drops, because no free call waits for a disk.
type Recorder interface{ Record(Record) }

// Reply is what the caller gets.
type Reply struct {
	Answer      []byte  // a whole answer; nil for a stream
	ContentType string  // of a whole answer, for which "" means application/json, or of a stream that is a file
	Stream      *Stream // nil for a whole answer
	Model       string  // the public name that was served: not the one asked for, after a substitution
	Under       string  // the model behind that name which has taken over; "": none has
	Named       string  // what the client calls what was served: the name it asked for, as it wrote it, or that of the model that has taken over
	Deployment  string
	State       string   // free, paid or unknown
	Skipped     *Skipped // what was not called for lack of money or over a rate limit; nil if nothing was
	Capped      int64    // the output cap that was sent upstream because the budget pays for no more
	Soft        []string // budgets past their soft limit
	Limits      limits.Standing
	Attempts    int
	Tried       []string // what was tried or left out before, as deployment=reason
	Hops        int      // other models that were turned to before
	seen        *observer
}

// Cost is what the call has cost, once that is known: with a whole answer at once,
// with a stream at its end. nil means that it costs nothing or that the price is
// unknown; see State.
func (r *Reply) Cost() *accounting.Money { return r.seen.outcome().cost }

// Free says that the call was served for nothing, and counts for no budget.
func (r *Reply) Free() bool { return r.State == catalog.Free{}.State() }

// Counts says of each rate limit that applied to the call what it still lets through. Of a
// stream it is called before its first event is.
func (r *Reply) Counts() []limits.Count { return r.seen.call.ticket.Counts() }

// Took is how long the request has taken so far, and how much of that upstreams were waited
// for.
func (r *Reply) Took() (all, upstream time.Duration) {
	c := r.seen.call
	return c.g.Now().Sub(c.began), c.timing.answers + c.timing.waited
}

// Skipped says which deployments were not called for lack of money or over a rate
// limit.
type Skipped struct {
	Deployments []string
	Reason      string // budget_exceeded, budget_held, price_unknown, books_unavailable, rate_limited, limits_unavailable
}

// The failures of a request beside those of access, catalog and providers.
var (
	// ErrOperation says that the model's upstream has no such operation. What is told of
	// it names what it has, and models that have what was asked for.
	ErrOperation = errors.New("the model does not do this")
	// ErrPriceUnknown says that the model has no price and the caller has a limit.
	ErrPriceUnknown = errors.New("the model has no price, so nobody with a budget may use it")
	// ErrShutdown is the cause that running calls are cancelled with at the end of a
	// shutdown's patience.
	ErrShutdown = errors.New("tollgate is shutting down")
	// ErrBooksDown says that the books do not answer, so nothing paid is served.
	ErrBooksDown = errors.New("the books do not answer, so nothing paid is served")
)

// BudgetError is a refusal for money: no deployment was left that the caller may
// use and can pay for.
type BudgetError struct {
	Refusal *ledger.Refusal
	Model   string
	Free    []string // public names that the caller may use for nothing, most capable first
	At      time.Time
}

func (e *BudgetError) Error() string { return e.Refusal.Error() }
func (e *BudgetError) Unwrap() error { return e.Refusal }

// AttemptError is the failure of the last upstream that was tried, or why none could be:
// all are left out, or busy. With it stands what was not tried for lack of money or
// over a rate limit.
type AttemptError struct {
	Err        error
	Deployment string
	Attempts   int
	Skipped    *Skipped
}

func (e *AttemptError) Error() string { return e.Deployment + ": " + e.Err.Error() }
func (e *AttemptError) Unwrap() error { return e.Err }

// Do answers a request. The error is one of this package's, of access's or
// catalog's, a [*ledger.Repeated], [ledger.ErrOnceFull], wraps [limits.ErrUnavailable],
// or is an [AttemptError] around a [*providers.Error] or the reason why life has ended,
// as it also does when the time is up that the deployment allows.
// [LimitsOf] says where the rate limits stand. A reply's stream must be closed.
func (g *Gateway) Do(life *Lifetime, req Request) (*Reply, error) {
	c := &call{g: g, req: req, life: life, began: g.Now(), snapshot: g.Catalog.Snapshot(), ticket: g.Limits.Ticket()}
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
	began    time.Time
	snapshot *catalog.Snapshot
	resolved string        // the public name of the model that was asked for
	kept     *handles.Kept // the response that the request is about or goes on from; nil: none
	handle   string        // as the client calls it

	attempts int
	passed   []passed      // deployments not called for lack of money or over a rate limit
	last     *AttemptError // the last failure of an upstream
	shut     *AttemptError // why a deployment was not called that fails or is busy
	tried    []string      // deployments that failed or were left out, with the reason
	strained bool          // an upstream has failed in a way that is answered once by another
	life     *Lifetime
	use      *balancer.Use // of the deployment that is being called
	timer    *time.Timer   // ends the call when the time is up that this deployment allows
	patience *time.Timer   // ends it when the time is up that the client allows; nil: it allows any
	here     int32         // attempts that have failed since a model of the client's was turned to
	hops     int32         // how many other models were turned to
	under    string        // the one behind the name that is being called; "": it is the name's own
	session  balancer.Session

	ticket   limits.Ticket
	accounts []scope.Account // whom the request counts for
	estimate int64           // tokens that it is expected to use
	seen     *observer       // of the answer, once an upstream has begun one
	failed   error           // why there is none
	ended    sync.Once
	timing   timing // for Metrics
}

// passed is a deployment that was passed over.
type passed struct {
	deployment string
	err        error
}

func (c *call) run(ctx context.Context) (*Reply, error) {
	who := c.req.Who
	if who.Key.Role == access.Admin && !c.g.AdminCalls {
		return nil, access.ErrAdminCalls
	}
	if err := c.openHandle(); err != nil {
		return nil, err
	}
	name := c.req.Params.Model
	if c.kept == nil { // what was kept has the model's own name
		name = who.Resolve(name)
	}
	route, err := c.snapshot.Resolve(name)
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
	// next, unless an upstream was tried or the client forbids it.
	if c.last == nil && !c.req.NoFallback && !c.alone() && slices.ContainsFunc(c.passed, func(p passed) bool { return isMoney(p.err) }) {
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
	return nil, c.verdict(ctx)
}

// turn goes through the models that the client names for the case that the one it asks for
// does not answer. Each is decided on as if it had been asked for.
func (c *call) turn(ctx context.Context) (*Reply, error) {
	if c.req.Wishes == nil || c.alone() {
		return nil, nil
	}
	for _, other := range c.req.Wishes.Fallbacks {
		switch {
		case c.req.NoFallback && len(c.passed) > 0, c.attempts >= MaxAttempts:
			return nil, nil
		case c.last != nil && isKind(c.last.Err, providers.ContentRefused):
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

// permitted keeps the choices that the caller may use and that do what is asked.
func (c *call) permitted(r catalog.Route) ([][]catalog.Choice, error) {
	refused := func(ch catalog.Choice) bool { return c.refusal(r, ch) != nil }
	if !slices.ContainsFunc(r.Tiers, func(tier []catalog.Choice) bool { return slices.ContainsFunc(tier, refused) }) && len(r.Tiers) > 0 {
		return c.pinned(r.Tiers) // everything, as it mostly is
	}
	err := access.ErrModelDenied
	var tiers [][]catalog.Choice
	for _, tier := range r.Tiers {
		var kept []catalog.Choice
		for _, ch := range tier {
			switch why := c.refusal(r, ch); {
			case why == nil:
				kept = append(kept, ch)
			case !errors.Is(why, access.ErrModelDenied):
				err = why
			}
		}
		if len(kept) > 0 {
			tiers = append(tiers, kept)
		}
	}
	if !slices.ContainsFunc(tiers, func(tier []catalog.Choice) bool { return tier[0].When == catalog.Always }) {
		if err == ErrOperation { //nolint:errorlint // it was set above
			err = c.unsupported(r)
		}
		return nil, err
	}
	return c.pinned(tiers)
}

// refusal is why a choice of a route is not for this call; nil: it is.
func (c *call) refusal(r catalog.Route, ch catalog.Choice) error {
	_, free := ch.Candidate.(catalog.Free)
	dep := ch.Candidate.Of()
	switch {
	case !c.req.Who.Allows(r.Name, r.Groups, free):
		return access.ErrModelDenied
	case dep.Provider.Kind.For(c.req.Operation) == nil:
		return ErrOperation
	case c.req.Params.Background && !free && dep.Provider.Kind.For(providers.ResponsesGet) == nil:
		return ErrBackground
	case dep.DenyMedia && len(c.req.Params.Media) > 0:
		return access.ErrMediaDenied
	}
	return nil
}

// unsupported says what a model does instead of what was asked for, and which models that
// the caller may use do that.
func (c *call) unsupported(r catalog.Route) error {
	op := c.req.Operation
	var does []string
	for _, o := range providers.Operations() {
		if !o.Kept() && c.serves(r, o) {
			does = append(does, o.String())
		}
	}
	var instead []string
	for _, other := range c.snapshot.Routes() {
		if len(instead) < maxListed && c.serves(other, op) {
			instead = append(instead, other.Name)
		}
	}
	by := fmt.Sprintf("no model that this key may use does %s", op)
	if len(instead) > 0 {
		by = fmt.Sprintf("%s is done by %s", op, strings.Join(instead, ", "))
	}
	return fmt.Errorf("%w: %q does %s and not %s; %s", ErrOperation, wire.Excerpt(r.Name, maxNamed), cmp.Or(strings.Join(does, ", "), "nothing"), op, by)
}

// serves says whether the caller may use a model for an operation.
func (c *call) serves(r catalog.Route, op providers.Operation) bool {
	return slices.ContainsFunc(r.Candidates(), func(cand catalog.Candidate) bool {
		_, free := cand.(catalog.Free)
		dep := cand.Of()
		return c.req.Who.Allows(r.Name, r.Groups, free) && dep.Provider.Kind.For(op) != nil && dep.Embeds(op == providers.Embeddings)
	})
}

func isKind(err error, kind providers.ErrorKind) bool {
	up := providers.AsError(err)
	return up != nil && up.Kind == kind
}

// isRepeat says that a request must not be paid for, because of its Idempotency-Key.
func isRepeat(err error) bool {
	var repeated *ledger.Repeated
	return errors.As(err, &repeated) || errors.Is(err, ledger.ErrOnceFull)
}

// isMoney says that a deployment was not called, for lack of money or of a price.
func isMoney(err error) bool {
	if errors.Is(err, toll.ErrUnsettled) {
		return false
	}
	var refusal *ledger.Refusal
	return errors.As(err, &refusal) || errors.Is(err, ledger.ErrUnavailable) || errors.Is(err, ledger.ErrUnpriced) || errors.Is(err, accounting.ErrUnpricedMeter)
}

// attempt calls one deployment. Here, and nowhere else, free and paid part.
func (c *call) attempt(ctx context.Context, route catalog.Route, candidate catalog.Candidate) (*Reply, error) {
	g, dep := c.g, candidate.Of()
	body, params, err := c.body(dep)
	if err != nil {
		return nil, err
	}
	if err := c.admit(ctx, route, dep); err != nil {
		return nil, err
	}
	now, err := c.enter(ctx, dep) // in line before anything is held: who waits holds no money
	if err != nil {
		return nil, err
	}
	out := providers.Call{Operation: c.req.Operation, Body: body, Form: c.req.Form, Header: c.req.Header,
		Stream: c.req.Params.Stream, Raw: c.req.Operation == providers.Speech && !c.req.Params.Stream, WantUsage: params.WantUsage, AttemptID: g.NewID()}
	out.Stream = out.Stream || out.Raw
	c.keep(&out, route.Name, candidate)
	m := &observer{call: c, now: g.Now, costs: out.Operation.Costs(), sent: now,
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
		return m.charged(g.Toll.Paid(ctx, candidate, c.toll(out, params, route)))
	case catalog.Unpriced:
		return m.charged(g.Toll.Unpriced(ctx, candidate, c.toll(out, params, route)))
	default:
		return nil, fmt.Errorf("%s: %w", dep.ID, ErrPriceUnknown) // a candidate of no kind: fail closed
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
	now, err := wire.ReadParams(body)
	if err != nil {
		return body, params, err
	}
	params.OutputCap, params.Choices, params.ServiceTier, params.InputBound, params.AudioOut, params.WantUsage = now.OutputCap, now.Choices, now.ServiceTier, now.InputBound, now.AudioOut, now.WantUsage
	return body, params, nil
}

// free sends a call on the free road, which cannot reach the books.
func (c *call) free(ctx context.Context, m *observer, dep *catalog.Deployment, out providers.Call) (*Reply, error) {
	out.NoText, out.Resend = !c.ticket.CountsTokens(), true
	got, err := c.g.Dispatch.Do(ctx, dep, out)
	if err != nil {
		return nil, err
	}
	now := c.g.Now()
	m.upstream, c.timing.answers = got.UpstreamID, now.Sub(m.sent)
	m.answers()
	if got.Stream != nil {
		m.reply.ContentType = got.ContentType
		return m.begin(got.Stream)
	}
	return m.whole(got.Answer, now), nil
}

func (c *call) toll(out providers.Call, params wire.Params, route catalog.Route) toll.Call {
	return toll.Call{Call: out, Params: params, Who: c.req.Who, RequestID: c.req.ID, Model: route.Name, Aliases: route.Aliases, Once: c.req.Once}
}

func (c *call) skipped() *Skipped {
	if len(c.passed) == 0 {
		return nil
	}
	s := &Skipped{Reason: passedReason(c.passed[0].err)}
	for _, p := range c.passed {
		s.Deployments = append(s.Deployments, p.deployment)
	}
	return s
}

func passedReason(err error) string {
	var refusal *ledger.Refusal
	switch {
	case errors.Is(err, limits.ErrUnavailable):
		return "limits_unavailable"
	case isLimit(err):
		return "rate_limited"
	case errors.As(err, &refusal) && refusal.Temporary():
		return "budget_held"
	case errors.As(err, &refusal):
		return "budget_exceeded"
	case errors.Is(err, ledger.ErrUnavailable):
		return "books_unavailable"
	}
	return "price_unknown"
}

// verdict is the error of a request that nothing answered.
func (c *call) verdict(context.Context) error {
	if c.last != nil {
		c.last.Skipped = c.skipped()
		return c.last
	}
	waiting, never := c.limitVerdict()
	if waiting != nil {
		return waiting // the better news: it passes by itself
	}
	if c.shut != nil { // a refusal for money would not be the whole truth
		c.shut.Skipped = c.skipped()
		return c.shut
	}
	var refusal *ledger.Refusal
	down := false
	for _, p := range c.passed {
		var r *ledger.Refusal
		switch {
		case errors.As(p.err, &r):
			// What may fit in a moment is the better news; otherwise the first that was
			// tried speaks for the route.
			if refusal == nil || (r.Temporary() && !refusal.Temporary()) {
				refusal = r
			}
		case errors.Is(p.err, ledger.ErrUnavailable):
			down = true
		}
	}
	switch {
	case down:
		return ErrBooksDown
	case refusal != nil:
		return &BudgetError{Refusal: refusal, Model: c.req.Params.Model, Free: c.freeNames(), At: c.g.Now()}
	case never != nil && !slices.ContainsFunc(c.passed, func(p passed) bool { return !isLimit(p.err) }):
		return never
	}
	return ErrPriceUnknown
}

// freeNames lists the names under which the caller may call something free that does
// what was asked, the longest context first.
func (c *call) freeNames() []string {
	type option struct {
		name    string
		context int64
	}
	var found []option
	for _, r := range c.snapshot.Routes() {
		o := option{name: r.Name, context: -1}
		for _, cand := range r.Candidates() {
			f, ok := cand.(catalog.Free)
			if ok && c.req.Who.Allows(r.Name, r.Groups, true) && f.Deployment.Provider.Kind.For(c.req.Operation) != nil && f.Deployment.Embeds(c.req.Operation == providers.Embeddings) && c.g.Balancer.Usable(f.Deployment) == nil {
				o.context = max(o.context, f.Deployment.Context)
			}
		}
		if o.context >= 0 {
			found = append(found, o)
		}
	}
	slices.SortStableFunc(found, func(a, b option) int {
		if a.context != b.context {
			return int(min(max(b.context-a.context, -1), 1))
		}
		return strings.Compare(a.name, b.name)
	})
	names := []string{}
	for _, o := range found[:min(len(found), maxFreeListed)] {
		names = append(names, o.name)
	}
	return names
}
