package gateway

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"tollgate/gateway/balancer"
	"tollgate/gateway/catalog"
	"tollgate/gateway/dispatch"
	"tollgate/gateway/handles"
	"tollgate/gateway/toll"
	"tollgate/providers"
)

// backoff is how long a deployment that cannot be reached is left alone at most before
// it is tried again; twice as long the second time.
const backoff = 100 * time.Millisecond

// outOfTime is the cause that a call ends with when its request has taken too long.
type outOfTime struct{ total time.Duration }

func (e *outOfTime) Error() string { return fmt.Sprintf("the request was not done within %s", e.total) }

// Is makes it the deadline that dispatch knows.
func (e *outOfTime) Is(target error) bool { return target == context.DeadlineExceeded }

// try goes through the tiers until something answers. It returns neither reply nor
// error when everything was refused for money or by a rate limit, is left out, or failed
// in a way that leaves the verdict open.
func (c *call) try(ctx context.Context, route catalog.Route, tiers [][]catalog.Choice) (*Reply, error) {
	need := c.requires(tiers)
	var again catalog.Choice // failed in a way that the same deployment may mend
	tiers, over := c.illLast(tiers)
	for at, tier := range tiers {
		if c.denied() {
			break
		}
		c.turned, c.lined = false, 0
		if !need.covers(tier[0].When) {
			continue
		}
		if at < len(over) {
			for _, p := range over[at] {
				c.skip(p.choice.Candidate.Of(), string(p.why))
			}
		}
		reply, err := c.tryTier(ctx, route, tier, &need, &again)
		if reply != nil || err != nil {
			return reply, err
		}
	}
	if small := need.tooSmall(tiers); len(small) > 0 && c.untried() {
		return c.try(ctx, route, small)
	}
	c.turned = true // where that leads is counted
	if again.Candidate == nil || !need.covers(again.When) || !need.fits(again) || c.forbidden(again) {
		return nil, nil
	}
	return c.tryAgain(ctx, route, again)
}

// untried says that no upstream was asked, and that waiting would not change that: whatever
// has room for the prompt costs too much, or is none that the client wants. Then the word of
// what seems too small is the best that can be had. Only its engine knows for certain.
func (c *call) untried() bool {
	return c.last == nil && c.shut == nil && !slices.ContainsFunc(c.passed, func(p passed) bool { return isLimit(p.err) })
}

// tryTier goes through the choices of a tier until one answers, or none is left. need learns
// what they say of the request, and again becomes the last that is worth another attempt.
func (c *call) tryTier(ctx context.Context, route catalog.Route, tier []catalog.Choice, need *requirement, again *catalog.Choice) (*Reply, error) {
	var room [4]catalog.Choice // seldom more
	for left := append(room[:0], tier...); ; {
		left = slices.DeleteFunc(left, func(ch catalog.Choice) bool {
			return c.forbidden(ch) || !need.fits(ch) || c.leftOut(ch.Candidate.Of()) || c.tooLate(ch.Candidate.Of())
		})
		if len(left) == 0 {
			return nil, nil
		}
		// Choosing one, refusing it and choosing again among the rest is the same as
		// removing what cannot be paid for, or is over a limit, before the choice.
		i := c.g.Balancer.Pick(left, c.sessionFor(left))
		reply, next, err := c.step(ctx, route, left[i], c.instead(left, i))
		if reply != nil || err != nil {
			return reply, err
		}
		called := c.at
		left = slices.DeleteFunc(left, func(ch catalog.Choice) bool { return ch.Candidate.Of() == called.Candidate.Of() })
		if need.learn(next); next.refused {
			return nil, nil // the others would be asked the same
		}
		if next.again {
			*again = called
		}
	}
}

// tryAgain calls a deployment again, a moment later each time, for as long as what it fails
// with allows.
func (c *call) tryAgain(ctx context.Context, route catalog.Route, choice catalog.Choice) (*Reply, error) {
	dep := choice.Candidate.Of()
	for wait := backoff; !c.leftOut(dep) && !c.tired() && !c.tooLate(dep); wait *= 2 {
		if err := pause(ctx, rand.N(wait)); err != nil { // full jitter
			return nil, c.verdict()
		}
		reply, next, err := c.step(ctx, route, choice, nil)
		if reply != nil || err != nil || !next.again {
			return reply, err
		}
	}
	return nil, nil
}

// passedOver is a choice that comes after everything else at present, and why.
type passedOver struct {
	choice catalog.Choice
	why    balancer.Ill
}

// illLast puts what is called in vain behind everything else: what stands at engines that
// are dead, where a client would wait for as long as a model may be loaded, and what its
// engine does not have. over[i] is what is passed over so for tiers[i]. Where there is one
// tier only the choice within it sees to that.
func (c *call) illLast(tiers [][]catalog.Choice) (first [][]catalog.Choice, over [][]passedOver) {
	ill := func(ch catalog.Choice) bool { return c.g.Balancer.Ill(ch.Candidate.Of()) != balancer.Well }
	if len(tiers) == 1 || !slices.ContainsFunc(tiers, func(tier []catalog.Choice) bool { return slices.ContainsFunc(tier, ill) }) {
		return tiers, nil
	}
	var last [][]catalog.Choice
	var before []passedOver
	for _, tier := range tiers {
		var well, worse []catalog.Choice
		for _, ch := range tier {
			if why := c.g.Balancer.Ill(ch.Candidate.Of()); why != balancer.Well {
				worse, before = append(worse, ch), append(before, passedOver{ch, why})
			} else {
				well = append(well, ch)
			}
		}
		if len(worse) > 0 {
			last = append(last, worse)
		}
		if len(well) > 0 {
			first, over, before = append(first, well), append(over, before), nil
		}
	}
	return append(first, last...), over
}

// forbidden says that the client does not want a choice: another model, or another attempt
// at the one that it asks for. It does not pay for a second answer where it will be charged
// for one that it did not get.
func (c *call) forbidden(ch catalog.Choice) bool {
	if _, free := ch.Candidate.(catalog.Free); !free && c.withheld != nil {
		return true
	}
	if ch.Under != "" {
		return c.alone()
	}
	return c.tired()
}

// tired says that a model was tried as often as the client wants.
func (c *call) tired() bool {
	w := c.req.Wishes
	return w != nil && w.Retries != nil && int(c.here) > *w.Retries
}

// instead are the choices of a tier that a call may go to as well if it has to wait for one
// of them: whichever has a place first. Who waits for what is free does not go to what
// costs, nor anybody to what gives the request less time.
func (c *call) instead(left []catalog.Choice, at int) (others []catalog.Choice) {
	dep := left[at].Candidate.Of()
	if len(left) == 1 || dep.Parallel == 0 && dep.Provider.Parallel == 0 {
		return nil // nobody waits for it
	}
	_, free := left[at].Candidate.(catalog.Free)
	for i, ch := range left {
		if _, also := ch.Candidate.(catalog.Free); i != at && (also || !free) && ch.Candidate.Of().Total >= dep.Total {
			others = append(others, ch)
		}
	}
	return others
}

// step makes one attempt. It returns neither reply nor error when another may follow.
func (c *call) step(ctx context.Context, route catalog.Route, choice catalog.Choice, others []catalog.Choice) (*Reply, remedy, error) {
	reply, err := c.attempt(ctx, route, choice, others)
	dep := c.at.Candidate.Of()
	if err == nil {
		c.attempted(c.at.Candidate, nil)
		return reply, remedy{}, nil
	}
	err = c.absent(err)
	up := providers.AsError(err)
	if up == nil && c.late() && !errors.Is(err, toll.ErrUnsettled) { // before an upstream was asked
		up = &providers.Error{Kind: providers.TimedOut, Message: context.Cause(c.life).Error()}
		err = up
	}
	if c.use == nil && c.life.Err() != nil && !isLimit(err) { // in line, or before: this is no attempt
		c.last = &AttemptError{Err: err, Deployment: dep.ID, Attempts: c.attempts}
		return nil, remedy{}, c.verdict()
	}
	if c.use != nil {
		switch {
		case isRepeat(err), isMoney(err), isLimit(err):
			c.use.Void()
		case up != nil && !c.cutOff():
			c.blame(up)
		}
	}
	c.leave()
	switch {
	case isRepeat(err), errors.Is(err, handles.ErrUnknown):
		return nil, remedy{}, err // no other deployment would do
	case isMoney(err), isLimit(err):
		c.passed = append(c.passed, passed{dep.ID, err})
		return nil, remedy{elsewhere: true}, nil
	case c.isShut(dep, err):
		return nil, remedy{elsewhere: true}, nil
	}
	next, err := c.failedAt(ctx, route, err, up)
	return nil, next, err
}

// failedAt takes the failure of an attempt that was made, and says what may help after it. up
// is the upstream's part in it, if any. The error is the verdict if nothing may.
func (c *call) failedAt(ctx context.Context, route catalog.Route, err error, up *providers.Error) (remedy, error) {
	candidate := c.at.Candidate
	dep := candidate.Of()
	if reached(err) {
		c.ticket.Reached()
	}
	c.attempts++
	c.here++
	c.attempted(candidate, err)
	c.last = &AttemptError{Err: err, Deployment: dep.ID, Attempts: c.attempts}
	if errors.Is(err, toll.ErrUnsettled) { // that says nothing against what needs no books
		c.withheld = c.last
		c.tried = append(c.tried, dep.ID+"="+Reason(err))
		if c.attempts >= MaxAttempts || ctx.Err() != nil {
			return remedy{}, c.verdict()
		}
		return remedy{elsewhere: true}, nil
	}
	if c.cutOff() || up == nil {
		return remedy{}, c.verdict()
	}
	c.tried = append(c.tried, dep.ID+"="+up.Kind.String())
	next := remedyFor(dep, up)
	if next.refused {
		c.filtered = true
		next.elsewhere = slices.ContainsFunc(route.Tiers, func(tier []catalog.Choice) bool { return tier[0].When == catalog.WhenRefused })
	}
	if !next.elsewhere || next.once && c.strained || c.attempts >= MaxAttempts || c.spent(dep) || ctx.Err() != nil {
		return remedy{}, c.verdict()
	}
	c.strained = c.strained || next.once
	attrs := []any{"request", c.req.ID, "deployment", dep.ID, "kind", up.Kind.String(), "error", dispatch.Told(up)}
	if up.UpstreamID != "" {
		attrs = append(attrs, "upstream_request", up.UpstreamID)
	}
	c.g.Log.Log(ctx, levelOf(up), "an attempt failed", attrs...)
	return next, nil
}

// spent says that the request has taken all the time it had.
func (c *call) spent(dep *catalog.Deployment) bool { return c.g.passing().Sub(c.began) >= dep.Total }

// tooLate says that a deployment would have no time left for the request. It would be asked
// in vain, and paid.
func (c *call) tooLate(dep *catalog.Deployment) bool {
	late := (c.last != nil || c.shut != nil || len(c.passed) > 0) && c.spent(dep) // there is something else to tell of
	if late {
		c.skip(dep, "out_of_time")
	}
	return late
}

// leftOut says that a deployment is not called at present, because it fails or its
// upstream asked for a pause. It is removed as what cannot be paid for is.
func (c *call) leftOut(dep *catalog.Deployment) bool {
	why := c.g.Balancer.Usable(dep)
	return why != nil && c.isShut(dep, why)
}

// isShut notes that a deployment was not called since it is left out or busy.
func (c *call) isShut(dep *catalog.Deployment, err error) bool {
	var shut *balancer.Shut
	reason := ""
	switch {
	case errors.As(err, &shut):
		reason = shutWord(shut)
	case errors.Is(err, balancer.ErrRetryBudget):
		c.skip(dep, "retry_budget") // something has failed before, and that is what is told
		return true
	case errors.Is(err, balancer.ErrQueueFull):
		reason = "queue_full"
	case errors.Is(err, balancer.ErrQueueWait):
		reason = "queue_wait"
	default:
		return false
	}
	c.skip(dep, reason)
	var before *balancer.Shut
	if c.shut == nil || shut != nil && errors.As(c.shut.Err, &before) && shut.Wait < before.Wait {
		c.shut = &AttemptError{Err: err, Deployment: dep.ID, Attempts: c.attempts}
	}
	return true
}

// shutWord says in a word why a deployment is left out.
func shutWord(shut *balancer.Shut) string {
	if shut.Kind == providers.RateLimited {
		return "cooling"
	}
	return "open"
}

// skip notes why a deployment was not called.
func (c *call) skip(dep *catalog.Deployment, reason string) {
	if entry := dep.ID + "=" + reason; !slices.Contains(c.tried, entry) {
		c.tried = append(c.tried, entry)
	}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
