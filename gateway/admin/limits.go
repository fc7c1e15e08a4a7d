package admin

import (
	"net/http"

	"tollgate/accounting/scope"
	"tollgate/gateway/control"
	"tollgate/gateway/limits"
)

// Limit bounds how fast and how many at once an account, or each account of a kind,
// may call. A number that is null is none; 0 lets nothing pass.
type Limit struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Scope      scope.Kind `json:"scope"`
	Each       bool       `json:"each"`
	Owner      string     `json:"owner"`  // "" when each, and for the gateway
	Models     []string   `json:"models"` // empty: every model
	Requests   *int64     `json:"requests_per_minute"`
	Tokens     *int64     `json:"tokens_per_minute"` // in and out
	Concurrent *int64     `json:"concurrent_requests"`
	Origin     string     `json:"origin"` // file or api
}

func viewLimit(r limits.Rule) Limit {
	return Limit{ID: r.ID, Name: r.Name, Scope: r.Kind, Each: r.Each, Owner: r.Owner, Models: list(r.Models),
		Requests: r.Requests, Tokens: r.Tokens, Concurrent: r.Concurrent, Origin: r.Origin}
}

func (a *api) listLimits(r *request) error {
	q := r.query()
	s := q.span()
	if err := q.done(); err != nil {
		return err
	}
	if err := a.Control.May(r.who, control.See, control.TheLimit, control.Place{}); err != nil {
		return err
	}
	p, err := pageOf(a.Control.Limits(), s, func(l limits.Rule) string { return l.ID }, false, viewLimit)
	if err != nil {
		return err
	}
	return r.answer(http.StatusOK, p)
}

func (a *api) createLimit(r *request) error {
	b := r.body()
	in := b.limit()
	if err := b.done(); err != nil {
		return err
	}
	made, err := a.Control.CreateLimit(r.ctx, in)
	return answerLimit(r, http.StatusCreated, made, err)
}

// limit reads a new limit.
func (b *body) limit() limits.Rule {
	var in limits.Rule
	in.Name, in.Selector = readWhose(b)
	for _, n := range []struct {
		name string
		to   **int64
	}{{"requests_per_minute", &in.Requests}, {"tokens_per_minute", &in.Tokens}, {"concurrent_requests", &in.Concurrent}} {
		if v := b.count(n.name); v != nil {
			*n.to = *v
		}
	}
	return in
}

func answerLimit(r *request, status int, l limits.Rule, err error) error {
	if err != nil {
		return err
	}
	return r.answer(status, viewLimit(l))
}

func (a *api) getLimit(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	if err := a.Control.May(r.who, control.See, control.TheLimit, control.Place{}); err != nil {
		return err
	}
	l, err := a.Control.Limit(r.param("id"))
	return answerLimit(r, http.StatusOK, l, err)
}

func (a *api) updateLimit(r *request) error {
	b := r.body()
	ch := b.limitChange()
	if err := b.done(); err != nil {
		return err
	}
	made, err := a.Control.UpdateLimit(r.ctx, r.param("id"), ch)
	return answerLimit(r, http.StatusOK, made, err)
}

func (b *body) limitChange() control.LimitChange {
	ch := control.LimitChange{Name: b.text("name"), Requests: b.count("requests_per_minute"), Tokens: b.count("tokens_per_minute"), Concurrent: b.count("concurrent_requests")}
	for _, name := range []string{"scope", "each", "owner", "models"} {
		b.fixed(name, "what was taken is counted by it: make another limit and delete this one")
	}
	return ch
}

func (a *api) deleteLimit(r *request) error {
	if err := a.Control.DeleteLimit(r.ctx, r.param("id")); err != nil {
		return err
	}
	return r.gone()
}
