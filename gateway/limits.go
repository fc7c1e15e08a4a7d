package gateway

import (
	"context"
	"errors"

	"tollgate/accounting"
	"tollgate/accounting/tokens"
	"tollgate/gateway/catalog"
	"tollgate/gateway/dispatch"
	"tollgate/gateway/limits"
	"tollgate/gateway/toll"
	"tollgate/providers/wire"
)

// LimitError is a refusal for a rate limit: no deployment was left that the caller
// may call this fast.
type LimitError struct {
	Refusal *limits.Refusal
	Model   string
}

func (e *LimitError) Error() string { return e.Refusal.Error() }
func (e *LimitError) Unwrap() error { return e.Refusal }

// limited is the failure of a request, with where the rate limits stand and what was
// tried.
type limited struct {
	error
	standing limits.Standing
	attempts int
	tried    []string
}

func (e *limited) Unwrap() error { return e.error }

// LimitsOf says where the rate limits stand after a request that failed with err.
func LimitsOf(err error) limits.Standing {
	var e *limited
	if errors.As(err, &e) {
		return e.standing
	}
	return limits.Standing{}
}

// TriedOf says how many upstreams a request that failed with err has reached, and what
// was tried or left out, as deployment=reason.
func TriedOf(err error) (attempts int, tried []string) {
	var e *limited
	if errors.As(err, &e) {
		return e.attempts, e.tried
	}
	return 0, nil
}

// Reported says whether err ended a call, which has had its line in the log.
func Reported(err error) bool {
	var e *limited
	return errors.As(err, &e)
}

func (c *call) limited(err error) error {
	standing := c.ticket.Standing()
	var refusal *limits.Refusal
	if errors.As(err, &refusal) {
		standing = refusal.Standing
	}
	return &limited{err, standing, c.attempts, c.tried}
}

// isLimit says that a deployment was not called because of a rate limit.
func isLimit(err error) bool {
	var refusal *limits.Refusal
	return errors.As(err, &refusal) || errors.Is(err, limits.ErrUnavailable)
}

// admit takes what a call of a deployment needs of the rate limits. Where there are
// no rules it does nothing.
func (c *call) admit(ctx context.Context, route catalog.Route, choice catalog.Choice) error {
	if !c.g.Limits.Active() {
		return nil
	}
	if c.accounts == nil {
		c.accounts = toll.Accounts(c.req.Who)
		if c.g.Limits.CountsTokens() {
			c.estimate = estimate(c.req)
		}
	}
	return c.ticket.Admit(ctx, c.accounts, toll.Target(route.Name, choice.Via, choice.Candidate.Of()), c.estimate)
}

// bytesPerToken is how many bytes of a prompt are taken for a token before it is
// counted.
const bytesPerToken = 4

func promptEstimate(req Request) int64 {
	if req.Params.Units.Documents > 0 {
		return (req.Params.InputBound + bytesPerToken - 1) / bytesPerToken
	}
	return (wire.PromptSize(req.Body) + bytesPerToken - 1) / bytesPerToken
}

// estimate is how many tokens a request is expected to use: its prompt, and all of
// what the client lets the model produce if it said so.
func estimate(req Request) int64 {
	if !req.Operation.Costs() {
		return 0 // no model works for it
	}
	n := promptEstimate(req)
	if req.Operation.Output() {
		n += req.Params.OutputCap * req.Params.Choices
	}
	return n
}

// limitVerdict is what rate limits have to say of a request that nothing answered:
// what passes by waiting, and what never does.
func (c *call) limitVerdict() (waiting, never error) {
	var soonest *limits.Refusal
	for _, p := range c.passed {
		var r *limits.Refusal
		switch {
		case !errors.As(p.err, &r):
			if waiting == nil && errors.Is(p.err, limits.ErrUnavailable) {
				waiting = p.err
			}
		case r.Wait == 0:
			never = &LimitError{r, c.req.Params.Model}
		case soonest == nil || r.Wait < soonest.Wait:
			soonest = r
		}
	}
	if soonest != nil {
		waiting = &LimitError{soonest, c.req.Params.Model}
	}
	return waiting, never
}

// reached says that a failed attempt was seen by its upstream.
func reached(err error) bool { return dispatch.WasSent(err) || errors.Is(err, toll.ErrUnsettled) }

// done gives back what the request has taken of the rate limits and did not use. Every
// request comes here at its end, and a stream at its very end, whichever way it ended;
// only the first time counts.
func (c *call) done() {
	c.ended.Do(func() {
		defer c.leave()
		if c.patience != nil {
			c.patience.Stop()
		}
		used := int64(0)
		defer func() { c.ticket.Done(used) }() // also after a panic
		if c.ticket.CountsTokens() {
			used = c.used()
			c.more(used)
		}
	})
}

// more has what a call in the background uses beyond this counted once it is booked.
func (c *call) more(used int64) {
	if c.seen == nil || c.seen.charge == nil || !c.req.Params.Background {
		return
	}
	later := c.ticket.Later()
	c.seen.charge.After(func(u accounting.Usage) {
		if n := u.InputTokens() + u.OutputTokens() - used; n > 0 {
			later(n)
		}
	})
}

// used is how many tokens a request has used, in and out: what was booked or reported,
// else what is counted here. Of an upstream that may have worked and brought nothing
// only the prompt is known.
func (c *call) used() int64 {
	if !c.req.Operation.Costs() {
		return 0
	}
	if c.seen != nil {
		return c.seen.used()
	}
	if dispatch.MayHaveServed(c.failed) || errors.Is(c.failed, toll.ErrUnsettled) {
		return promptEstimate(c.req)
	}
	return 0
}

// answers says that an upstream has begun an answer.
func (m *observer) answers() {
	m.call.seen = m
	m.call.ticket.Reached()
	m.counts = m.charge == nil && m.call.ticket.CountsTokens()
}

// count counts what a free answer produces, for the case that its upstream does not.
// The mutex is held.
func (m *observer) count(text string) {
	if m.counts {
		m.text.Add(text)
	}
}

func (m *observer) used() int64 {
	o := m.outcome()
	read, written := o.usage.InputTokens(), o.usage.OutputTokens()
	if o.source != "" && (m.charge != nil || read > 0 || !m.call.req.Operation.Output()) {
		return read + written
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	body := m.call.req.Body
	prompt := tokens.NewCounter(wire.PromptSize(body), tokens.Most)
	wire.WritePrompt(body, prompt)
	return prompt.Tokens() + max(written, m.text.Tokens())
}
