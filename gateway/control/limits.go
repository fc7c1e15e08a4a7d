package control

import (
	"context"
	"fmt"
	"slices"

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
	return limits.Rule{}, fmt.Errorf("limit %q: %w", id, ErrNotFound)
}

// CreateLimit makes a rate limit.
func (c *Control) CreateLimit(ctx context.Context, r limits.Rule) (limits.Rule, error) {
	var err error
	if r.ID, err = c.newID("limit"); err != nil {
		return r, err
	}
	r.Origin = "api"
	if err := c.checkLimit(r); err != nil {
		return r, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.store.CreateLimit(ctx, r, c.now()); err != nil {
		return r, fmt.Errorf("limit: %w", err)
	}
	c.apiRules = append(slices.Clone(c.apiRules), r)
	c.setLimits()
	return r, nil
}

func (c *Control) checkLimit(r limits.Rule) error {
	if err := r.Validate(); err != nil {
		return fmt.Errorf("limit: %w: %w", err, ErrInvalid)
	}
	if err := checkText("a limit's name", r.Name); err != nil {
		return err
	}
	return c.checkSelector(r.Selector)
}

// LimitChange is what can be changed of a rate limit: its numbers and its name. For
// another account or other models, make another limit.
type LimitChange struct {
	Name       *string
	Requests   **int64 // a nil within: no limit
	Tokens     **int64
	Concurrent **int64
}

// UpdateLimit changes a rate limit. What was counted in this minute stays; running
// requests keep what they were admitted with.
func (c *Control) UpdateLimit(ctx context.Context, id string, ch LimitChange) (limits.Rule, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i, err := c.ownLimit(id)
	if err != nil {
		return limits.Rule{}, err
	}
	r := c.apiRules[i]
	set(&r.Name, ch.Name)
	set(&r.Requests, ch.Requests)
	set(&r.Tokens, ch.Tokens)
	set(&r.Concurrent, ch.Concurrent)
	if err := c.checkLimit(r); err != nil {
		return r, err
	}
	if err := c.store.UpdateLimit(ctx, r); err != nil {
		return r, fmt.Errorf("limit %q: %w", id, err)
	}
	c.apiRules = slices.Clone(c.apiRules)
	c.apiRules[i] = r
	c.setLimits()
	return r, nil
}

// DeleteLimit removes a rate limit.
func (c *Control) DeleteLimit(ctx context.Context, id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	i, err := c.ownLimit(id)
	if err != nil {
		return err
	}
	if err := c.store.DeleteLimit(ctx, id); err != nil {
		return fmt.Errorf("limit %q: %w", id, err)
	}
	c.apiRules = slices.Delete(slices.Clone(c.apiRules), i, i+1)
	c.setLimits()
	return nil
}

func (c *Control) ownLimit(id string) (int, error) {
	if i := slices.IndexFunc(c.apiRules, func(r limits.Rule) bool { return r.ID == id }); i >= 0 {
		return i, nil
	}
	if _, err := c.Limit(id); err == nil {
		return 0, fmt.Errorf("limit %q: %w", id, ErrInFile)
	}
	return 0, fmt.Errorf("limit %q: %w", id, ErrNotFound)
}

// setLimits puts the limits in force. The mutex is held.
func (c *Control) setLimits() { c.limiter.SetRules(slices.Concat(c.declared.Limits, c.apiRules)) }
