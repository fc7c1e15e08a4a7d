package admin

import (
	"encoding/json"
	"net/http"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// EndUser is somebody whom calls are made for, of whom something is known.
type EndUser struct {
	ID         string          `json:"id"` // as calls name it
	Name       string          `json:"name"`
	Blocked    bool            `json:"blocked"`
	Attributes json.RawMessage `json:"attributes"`
	Created    *time.Time      `json:"created"`
}

func viewEndUser(u access.EndUser, attributes json.RawMessage) EndUser {
	return EndUser{ID: u.ID, Name: u.Name, Blocked: u.Blocked, Attributes: attributes, Created: instant(u.Created)}
}

// listEndUsers reads one page only: there may be more of them than of anybody else.
func (a *api) listEndUsers(r *request) error {
	q := r.query()
	s := q.span()
	if err := q.done(); err != nil {
		return err
	}
	users, err := a.Control.EndUsers(r.ctx, s.after, s.limit+1)
	if err != nil {
		return err
	}
	s.after = ""
	return listed(a, r, control.EndUserChanged, users, s, func(u access.EndUser) string { return u.ID }, true, viewEndUser)
}

func (b *body) endUser() control.EndUserChange {
	return control.EndUserChange{Name: b.text("name"), Blocked: b.flag("blocked"), Attributes: b.attributes()}
}

func (a *api) createEndUser(r *request) error {
	b := r.body()
	id, ch := b.required("id", "webshop-4711"), b.endUser()
	if err := b.done(); err != nil {
		return err
	}
	u, err := a.Control.CreateEndUser(r.ctx, id, ch)
	return a.answerEndUser(r, http.StatusCreated, u, err)
}

func (a *api) answerEndUser(r *request, status int, u access.EndUser, err error) error {
	if err != nil {
		return err
	}
	attributes, err := a.attributes(r, control.EndUserChanged, u.ID)
	if err != nil {
		return err
	}
	return r.answer(status, viewEndUser(u, attributes))
}

func (a *api) getEndUser(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	u, err := a.Control.EndUser(r.param("id"))
	return a.answerEndUser(r, http.StatusOK, u, err)
}

func (a *api) updateEndUser(r *request) error {
	b := r.body()
	ch := b.endUser()
	if err := b.done(); err != nil {
		return err
	}
	u, err := a.Control.UpdateEndUser(r.ctx, r.param("id"), ch)
	return a.answerEndUser(r, http.StatusOK, u, err)
}

func (a *api) deleteEndUser(r *request) error {
	if err := a.Control.DeleteEndUser(r.ctx, r.param("id")); err != nil {
		return err
	}
	return r.gone()
}

// endUserBudgets also answers of one of whom nothing is known: budgets count for it too.
func (a *api) endUserBudgets(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	return r.answerApplied(a.Control.Standings(r.ctx, ledger.Account{Kind: ledger.EndUser, ID: r.param("id")}, everybody))
}
