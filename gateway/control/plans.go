package control

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
)

// Plan is what several accounts have agreed on under one name. Its terms are its
// attributes: it bounds nothing by itself, and whoever keeps plans gives each account its
// own budgets and limits by them, in the change that makes or changes the plan.
type Plan struct {
	ID      string
	Name    string
	Created time.Time
}

// MaxPlans is how many plans there may be.
const MaxPlans = 10_000

// Plans lists the plans by id.
func (c *Control) Plans() []Plan {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]Plan, 0, len(c.plans))
	for _, p := range c.plans {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b Plan) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// Plan returns one plan, or [ErrNotFound].
func (c *Control) Plan(id string) (Plan, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return found(c.planNow(id), PlanChanged, id)
}

// planNow returns a plan as it is now, or nil. The mutex is held.
func (c *Control) planNow(id string) *Plan {
	if p, ok := c.plans[id]; ok {
		return &p
	}
	return nil
}

// PlanChange is what can be said of a plan; nil leaves a field as it is.
type PlanChange struct {
	Name       *string
	Attributes json.RawMessage
}

func (ch *PlanChange) apply(p *Plan) (err error) {
	set(&p.Name, ch.Name)
	ch.Attributes, err = checkAttributes(ch.Attributes)
	return errors.Join(inField("name", checkText("a plan's name", p.Name)), err)
}

// createPlan makes a plan. An id that is "" is made.
func (d *draft) createPlan(id string, ch PlanChange) (p Plan, err error) {
	if id == "" {
		if id, err = d.newID("plan"); err != nil {
			return p, err
		}
	}
	p = Plan{ID: id, Created: d.at}
	if err := errors.Join(inField("id", checkID("a plan", id)), ch.apply(&p)); err != nil {
		return p, err
	}
	if err := d.plans.free(id); err != nil {
		return p, err
	}
	if len(d.Control.plans)+d.plans.more >= MaxPlans {
		return p, invalid("there are %d plans, and no more may be made", MaxPlans)
	}
	d.plans.put(id, p, PutPlan{p, true, ch.Attributes})
	return p, nil
}

func (d *draft) updatePlan(id string, ch PlanChange) (Plan, error) {
	return d.plans.change(id, ch.apply, func(p Plan) Write { return PutPlan{p, false, ch.Attributes} })
}

// CreatePlan makes a plan. An id that is "" is made.
func (c *Control) CreatePlan(ctx context.Context, id string, ch PlanChange) (Plan, error) {
	return changed(ctx, c, func(d *draft) (Plan, error) { return d.createPlan(id, ch) })
}

// UpdatePlan changes a plan.
func (c *Control) UpdatePlan(ctx context.Context, id string, ch PlanChange) (Plan, error) {
	return changed(ctx, c, func(d *draft) (Plan, error) { return d.updatePlan(id, ch) })
}

// DeletePlan removes a plan. The budgets and limits that were made by it stay.
func (c *Control) DeletePlan(ctx context.Context, id string) error {
	return c.run(ctx, func(d *draft) error { return d.plans.drop(id) })
}

// putPlan and dropPlan put a plan in force, or out of it. The mutex is held.
func (c *Control) putPlan(p Plan)     { c.plans[p.ID] = p }
func (c *Control) dropPlan(id string) { delete(c.plans, id) }
