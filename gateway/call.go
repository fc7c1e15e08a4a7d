package gateway

import (
	"context"
	"slices"
	"sync"
	"time"

	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/balancer"
	"tollgate/gateway/catalog"
	"tollgate/gateway/handles"
	"tollgate/gateway/limits"
)

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
	rehearse bool // nothing is sent or held: an attempt ends where it would be sent

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

// run leads a request to the route of its model, and to what else may take over.
func (c *call) run(ctx context.Context) (*Reply, error) {
	if c.req.Who.Key.Role == access.Admin && !c.g.AdminCalls {
		return nil, access.ErrAdminCalls
	}
	if err := c.openHandle(); err != nil {
		return nil, err
	}
	route, err := c.snapshot.Resolve(c.req.Params.Model) // what was kept has the model's own name
	if c.kept == nil {
		route, err = routeOf(c.snapshot, c.req.Who, c.req.Params.Model)
	}
	if err != nil {
		return nil, err
	}
	c.resolved, c.timing.family = route.Name, route.Family
	tiers, err := c.permitted(route)
	if err != nil {
		return nil, err
	}
	if reply, err := c.try(ctx, route, tiers); reply != nil || err != nil {
		return reply, err
	}
	if reply, err := c.turn(ctx); reply != nil || err != nil {
		return reply, err
	}
	if reply, err := c.spare(ctx); reply != nil || err != nil {
		return reply, err
	}
	return nil, c.verdict()
}

// turn goes through the models that the client names for the case that the one it asks for
// does not answer. Each is decided on as if it had been asked for.
func (c *call) turn(ctx context.Context) (*Reply, error) {
	if c.req.Wishes == nil || c.alone() {
		return nil, nil
	}
	for _, other := range c.req.Wishes.Fallbacks {
		// What a content filter has refused goes nowhere but where the operator says so.
		if c.denied() || c.attempts >= MaxAttempts || c.filtered {
			return nil, nil
		}
		route, tiers, ok := c.other(other)
		if !ok {
			continue
		}
		c.here, c.hops = 0, c.hops+1
		if reply, err := c.try(ctx, route, tiers); reply != nil || err != nil {
			return reply, err
		}
	}
	return nil, nil
}

// spare goes through the models that the key names for the case that there is no money for
// the one that is asked for, unless an upstream has failed or the client forbids it.
func (c *call) spare(ctx context.Context) (*Reply, error) {
	if c.last != c.withheld || !c.lacksMoney() {
		return nil, nil
	}
	for _, other := range c.req.Who.Key.BudgetFallback {
		route, tiers, ok := c.other(c.req.Who.Resolve(other))
		if !ok {
			continue
		}
		if reply, err := c.try(ctx, route, tiers); reply != nil || err != nil {
			return reply, err
		}
	}
	return nil, nil
}

// other is the way to a model that may stand in for another. A name that leads nowhere, or
// that the caller may not use, is passed over.
func (c *call) other(name string) (catalog.Route, [][]catalog.Choice, bool) {
	route, err := c.snapshot.Resolve(name)
	if err != nil {
		return catalog.Route{}, nil, false
	}
	tiers, err := c.permitted(route)
	return route, tiers, err == nil
}

// lacksMoney says that money, or its books, stood in the way, and that the client takes
// something else then.
func (c *call) lacksMoney() bool {
	return !c.req.NoFallback && !c.alone() && (c.withheld != nil || slices.ContainsFunc(c.passed, func(p passed) bool { return isMoney(p.err) }))
}

// denied says that money stood in the way of something, and that the client takes nothing
// else then.
func (c *call) denied() bool {
	return c.req.NoFallback && (len(c.passed) > 0 || c.withheld != nil)
}

// alone says that the client wants no other model than the one it asks for.
func (c *call) alone() bool { return c.req.Wishes != nil && c.req.Wishes.Alone }
