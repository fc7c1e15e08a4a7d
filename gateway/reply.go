package gateway

import (
	"time"

	"tollgate/accounting"
	"tollgate/gateway/catalog"
	"tollgate/gateway/limits"
)

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
	return c.g.passing().Sub(c.began), c.timing.answers + c.timing.waited
}

// Skipped says which deployments were not called for lack of money or over a rate
// limit.
type Skipped struct {
	Deployments []string
	// Reason is that of the first: budget_exceeded, budget_held, price_unknown,
	// books_unavailable, rate_limited, limits_unavailable, too_many_idempotency_keys or
	// background_limit.
	Reason string
}
