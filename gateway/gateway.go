// Package gateway is the life of one request: who may call which deployment, in
// which order they are tried, and what the caller gets when none is left.
//
// [Gateway.Do] makes a call of a request and ends it. In between its way leads down here:
//
//	run      whether the caller may, and to the route of the model; then to what else may
//	         take over (call.go, permitted.go)
//	try      through the tiers of a route, for what the request needs (try.go, fit.go)
//	tryTier  through the choices of a tier
//	step     one attempt, and what may help if it fails (remedy.go)
//	attempt  past rate limits and lines to a deployment (attempt.go, limits.go)
//	send     by free, or by toll, which holds the money before and settles it after
//
// An observer watches the answer, a Stream's too, and reports it at its end (observe.go,
// stream.go, report.go). If there is none, verdict says why (verdict.go).
//
// [Gateway.Explain] goes the same way with a call that is sent nowhere (explain.go), and
// [Gateway.Preview] decides on single choices as attempt does (preview.go).
//
// It imports access, address, balancer, catalog, dispatch, handles, limits, toll and the types
// that these speak of, and declares the [Recorder] it reports calls to. It does not know HTTP or
// the database. The switch in call.send is the one place where the free and the paid road
// part: a free deployment goes straight to dispatch, which cannot reach the books.
package gateway

import (
	"log/slog"
	"time"

	"tollgate/gateway/balancer"
	"tollgate/gateway/catalog"
	"tollgate/gateway/dispatch"
	"tollgate/gateway/handles"
	"tollgate/gateway/limits"
	"tollgate/gateway/toll"
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
