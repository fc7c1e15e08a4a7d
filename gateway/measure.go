package gateway

import (
	"time"

	"tollgate/accounting"
	"tollgate/gateway/catalog"
	"tollgate/providers"
)

// Metrics counts what becomes of requests. It is called on the way of each: it never
// blocks, allocates nothing, and keeps nothing that it is given.
type Metrics interface {
	// Attempted counts a call that was sent to a deployment. outcome is `answered` or
	// why there was no answer, retryOf why the attempt before this one had none; "" if
	// it was the first. Deployments are named by their family.
	Attempted(deployment, outcome, retryOf string)
	// Ended counts a request at its very end.
	Ended(Ended)
}

// Ended is what a request came to. Every text in it is one of few: names that nobody
// declared or serves are not in it.
type Ended struct {
	Operation  providers.Operation
	Model      string // the family of the name that was asked for; "" if it leads nowhere
	Deployment string // the family of the last that was called; "" if none was
	Price      string // free, paid or unknown; "" if none was called
	Outcome    string // ok, or why not
	Answered   bool   // an answer had begun
	Stream     bool
	Usage      accounting.Usage // of what the books do not hold: a free answer

	Took     time.Duration // all of it, to the end of the answer
	Upstream time.Duration // of waiting for the upstream: for the whole answer, or for the first event of a stream
	First    time.Duration // to the first event of a stream
	Queued   time.Duration // of waiting in line for deployments
	Own      time.Duration // what tollgate itself took, to that event or to the whole answer
	Gaps     *Gaps         // between the events of a stream; nil if there was none
}

// GapBounds are the upper bounds of what is told apart of the times between the events
// of a stream.
var GapBounds = [...]time.Duration{
	time.Millisecond, 2500 * time.Microsecond, 5 * time.Millisecond, 10 * time.Millisecond, 20 * time.Millisecond, 30 * time.Millisecond,
	50 * time.Millisecond, 75 * time.Millisecond, 100 * time.Millisecond, 150 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond,
	time.Second, 2500 * time.Millisecond, 5 * time.Second, 10 * time.Second, 30 * time.Second,
}

// Gaps adds up the times between the events of one stream, so that counters that all
// streams share are touched once, at its end.
type Gaps struct {
	last   time.Time
	Sum    time.Duration
	Counts [len(GapBounds) + 1]uint32 // by the first of [GapBounds] that is not below; the last is above all
}

func (g *Gaps) event(now time.Time) {
	if !g.last.IsZero() {
		d := max(now.Sub(g.last), 0)
		i := 0
		for i < len(GapBounds) && d > GapBounds[i] {
			i++
		}
		g.Counts[i]++
		g.Sum += d
	}
	g.last = now
}

// timing is what is measured of a request on its way.
type timing struct {
	family  string            // of the name that was asked for
	trying  catalog.Candidate // of the attempt under way
	failed  catalog.Candidate // of the last attempt that brought no answer; nil if there was none
	why     string            // it brought none; "" if there was none
	sent    time.Time         // of the attempt under way
	queued  time.Duration     // in line for deployments
	waited  time.Duration     // for upstreams that brought no answer
	answers time.Duration     // for the one that did
}

// attempted counts an attempt that begins to answer, or has failed and was not refused
// here: it was to be sent, at least.
func (c *call) attempted(candidate catalog.Candidate, err error) {
	if c.g.Metrics == nil {
		return
	}
	t := &c.timing
	outcome, before := "answered", t.why
	if err != nil {
		outcome = Reason(err)
		t.failed, t.why = candidate, outcome
		t.waited += c.g.passing().Sub(t.sent)
		t.answers = 0
	}
	c.g.Metrics.Attempted(candidate.Of().Family, outcome, before)
}

// measure counts a request that has ended. seen is its answer; nil if there was none.
func (c *call) measure(seen *observer, status string, now time.Time) {
	if c.g.Metrics == nil {
		return
	}
	t := &c.timing
	e := Ended{Operation: c.req.Operation, Model: t.family, Outcome: status, Stream: c.req.Params.Stream, Took: max(now.Sub(c.began), 0)}
	last := t.failed
	if seen != nil {
		last = t.trying
	}
	if last != nil {
		e.Deployment, e.Price = last.Of().Family, last.State()
		if !c.req.Operation.Costs() {
			e.Price = catalog.Free{}.State()
		}
	}
	own := e.Took
	if seen != nil {
		e.Answered, e.Upstream = true, max(t.answers, 0)
		seen.mu.Lock()
		if seen.charge == nil {
			e.Usage = seen.usage
		}
		if seen.reply.Stream != nil {
			own = seen.first.Sub(c.began)
			if seen.first.IsZero() {
				own = t.queued + t.waited + t.answers // the stream had no event: of the rest nothing is known
			} else {
				e.First, e.Gaps = max(own, 0), &seen.gaps
			}
		}
		seen.mu.Unlock()
	}
	e.Queued = max(t.queued, 0)
	e.Own = max(own-t.queued-t.waited-t.answers, 0)
	c.g.Metrics.Ended(e)
}
