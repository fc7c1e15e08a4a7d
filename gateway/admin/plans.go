package admin

import (
	"encoding/json"
	"net/http"
	"time"

	"tollgate/gateway/control"
)

// Plan is what several accounts have agreed on under one name: its terms are its
// attributes.
type Plan struct {
	ID         string          `json:"id"`
	Name       string          `json:"name"`
	Attributes json.RawMessage `json:"attributes"`
	Created    *time.Time      `json:"created"`
}

func viewPlan(p control.Plan, attributes json.RawMessage) Plan {
	return Plan{ID: p.ID, Name: p.Name, Attributes: attributes, Created: instant(p.Created)}
}

func (a *api) listPlans(r *request) error {
	q := r.query()
	s := q.span()
	if err := q.done(); err != nil {
		return err
	}
	return listed(a, r, control.PlanChanged, a.Control.Plans(), s, func(p control.Plan) string { return p.ID }, true, viewPlan)
}

func (b *body) plan() control.PlanChange {
	return control.PlanChange{Name: b.text("name"), Attributes: b.attributes()}
}

func (a *api) createPlan(r *request) error {
	b := r.body()
	var id string
	set(&id, b.filled("id", "one is made"))
	ch := b.plan()
	if err := b.done(); err != nil {
		return err
	}
	p, err := a.Control.CreatePlan(r.ctx, id, ch)
	return a.answerPlan(r, http.StatusCreated, p, err)
}

func (a *api) answerPlan(r *request, status int, p control.Plan, err error) error {
	if err != nil {
		return err
	}
	attributes, err := a.attributes(r, control.PlanChanged, p.ID)
	if err != nil {
		return err
	}
	return r.answer(status, viewPlan(p, attributes))
}

func (a *api) getPlan(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	p, err := a.Control.Plan(r.param("id"))
	return a.answerPlan(r, http.StatusOK, p, err)
}

func (a *api) updatePlan(r *request) error {
	b := r.body()
	ch := b.plan()
	if err := b.done(); err != nil {
		return err
	}
	p, err := a.Control.UpdatePlan(r.ctx, r.param("id"), ch)
	return a.answerPlan(r, http.StatusOK, p, err)
}

func (a *api) deletePlan(r *request) error {
	if err := a.Control.DeletePlan(r.ctx, r.param("id")); err != nil {
		return err
	}
	return r.gone()
}
