package control

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"tollgate/accounting/scope"
	"tollgate/gateway/limits"
)

// Limits lists all rate limits, those of the file first.
func (c *Control) Limits() []limits.Rule { return c.limiter.Rules() }

// Limit returns one rate limit, or [ErrNotFound].
func (c *Control) Limit(id string) (limits.Rule, error) {
	for _, r := range c.Limits() {
		if r.ID == id {
			return r, nil
		}
	}
	return limits.Rule{}, missing(LimitChanged, id)
}

// createLimit makes a rate limit. An id that is "" is made.
func (d *draft) createLimit(r limits.Rule) (_ limits.Rule, err error) {
	switch {
	case r.ID != "":
		err = inField("id", checkID("a limit", r.ID))
	default:
		r.ID, err = d.newID("limit")
	}
	r.Origin = "api"
	if err == nil {
		err = errors.Join(inField("models", checkModels(r.Models)), d.checkLimit(r))
	}
	if err == nil {
		err = errors.Join(d.limitRules().free(r.ID), d.onlyLimit(r))
	}
	if err != nil {
		return r, err
	}
	d.write(PutLimit{r, true, d.at})
	d.limitRules().put(r)
	return r, nil
}

func (d *draft) checkLimit(r limits.Rule) error {
	if err := r.Validate(); err != nil {
		return inSelector(r.Selector, "", Invalid(fmt.Errorf("limit: %w", err)))
	}
	if err := inField("name", checkText("a limit's name", r.Name)); err != nil {
		return err
	}
	return d.checkSelector(r.Selector)
}

// onlyLimit refuses a limit beside one that says the same of the same account and models.
func (d *draft) onlyLimit(r limits.Rule) error {
	if !d.fresh(scope.Account{Kind: r.Kind, ID: r.Owner}) {
		d.follows(LimitChanged, anyID)
	}
	both := func(x, y *int64) bool { return x != nil && y != nil }
	return d.limitRules().alone(r, func(x, y limits.Rule) bool {
		return x.Name == y.Name && x.Selector.Same(y.Selector) && (both(x.Requests, y.Requests) || both(x.Tokens, y.Tokens) || both(x.Concurrent, y.Concurrent))
	}, "for the same account, models and number: change that one, or give the new one a name of its own")
}

// LimitChange is what can be changed of a rate limit: its numbers and its name. For
// another account or other models, make another limit.
type LimitChange struct {
	Name       *string
	Requests   **int64 // a nil within: no limit
	Tokens     **int64
	Concurrent **int64
}

func (d *draft) updateLimit(id string, ch LimitChange) (limits.Rule, error) {
	r, err := d.limitRules().get(id)
	if err != nil {
		return r, err
	}
	set(&r.Name, ch.Name)
	set(&r.Requests, ch.Requests)
	set(&r.Tokens, ch.Tokens)
	set(&r.Concurrent, ch.Concurrent)
	if err := d.checkLimit(r); err != nil {
		return r, err
	}
	d.write(PutLimit{r, false, d.at})
	d.limitRules().put(r)
	return r, nil
}

func (d *draft) deleteLimit(id string) error {
	if _, err := d.limitRules().get(id); err != nil {
		return err
	}
	d.write(Drop{LimitChanged, id})
	d.limitRules().drop(id)
	return nil
}

// CreateLimit makes a rate limit.
func (c *Control) CreateLimit(ctx context.Context, r limits.Rule) (limits.Rule, error) {
	r.ID = ""
	return changed(ctx, c, func(d *draft) (limits.Rule, error) { return d.createLimit(r) })
}

// UpdateLimit changes a rate limit. What was counted in this minute stays; running
// requests keep what they were admitted with.
func (c *Control) UpdateLimit(ctx context.Context, id string, ch LimitChange) (limits.Rule, error) {
	return changed(ctx, c, func(d *draft) (limits.Rule, error) { return d.updateLimit(id, ch) })
}

// DeleteLimit removes a rate limit.
func (c *Control) DeleteLimit(ctx context.Context, id string) error {
	return c.run(ctx, func(d *draft) error { return d.deleteLimit(id) })
}

// setLimits puts the limits in force. The mutex is held.
func (c *Control) setLimits() { c.limiter.SetRules(slices.Concat(c.declared.Limits, c.apiRules)) }

// LimitsOf lists the rate limits that apply to an account.
func (c *Control) LimitsOf(account scope.Account) []limits.Rule { return c.limiter.Of(account) }
