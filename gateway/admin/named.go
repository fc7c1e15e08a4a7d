package admin

import (
	"context"
	"encoding/json"
	"net/http"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
)

// named is a kind of thing that calls name as they like, so that there may be more of them
// than of anything else, and of which something may be known: end users and tags. T is what
// control has, C what can be said of it and V how it is told.
type named[T, C, V any] struct {
	*api
	thing   control.Thing
	kind    control.ChangeKind
	account ledger.Kind
	example string // of an id
	page    func(ctx context.Context, after string, limit int) ([]T, error)
	get     func(id string) (T, error)
	create  func(ctx context.Context, id string, ch C) (T, error)
	update  func(ctx context.Context, id string, ch C) (T, error)
	remove  func(ctx context.Context, id string) error
	change  func(*body) C
	id      func(T) string
	view    func(T, json.RawMessage) V
}

// mount adds the routes below a path.
func (n *named[T, C, V]) mount(path string, t *table) {
	t.byRole(http.MethodGet, path, n.seeing(n.thing, n.list))
	t.admin(http.MethodPost, path, n.make)
	t.byRole(http.MethodGet, path+"/:id", n.seeing(n.thing, n.one))
	t.admin(http.MethodPatch, path+"/:id", n.alter)
	t.admin(http.MethodDelete, path+"/:id", n.drop)
	t.byRole(http.MethodGet, path+"/:id/budgets", n.seeing(n.thing, n.budgets))
}

// list reads one page only.
func (n *named[T, C, V]) list(r *request) error {
	q := r.query()
	s := q.span()
	if err := q.done(); err != nil {
		return err
	}
	all, err := n.page(r.ctx, s.after, s.limit+1)
	if err != nil {
		return err
	}
	s.after = ""
	return listed(n.api, r, n.kind, all, s, n.id, true, n.view)
}

func (n *named[T, C, V]) make(r *request) error {
	b := r.body()
	id, ch := b.required("id", n.example), n.change(b)
	if err := b.done(); err != nil {
		return err
	}
	v, err := n.create(r.ctx, id, ch)
	return n.tell(r, http.StatusCreated, v, err)
}

func (n *named[T, C, V]) tell(r *request, status int, v T, err error) error {
	if err != nil {
		return err
	}
	attributes, err := n.attributes(r, n.kind, n.id(v))
	if err != nil {
		return err
	}
	return r.answer(status, n.view(v, attributes))
}

func (n *named[T, C, V]) one(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	v, err := n.get(r.param("id"))
	return n.tell(r, http.StatusOK, v, err)
}

func (n *named[T, C, V]) alter(r *request) error {
	b := r.body()
	ch := n.change(b)
	if err := b.done(); err != nil {
		return err
	}
	v, err := n.update(r.ctx, r.param("id"), ch)
	return n.tell(r, http.StatusOK, v, err)
}

func (n *named[T, C, V]) drop(r *request) error {
	if err := n.remove(r.ctx, r.param("id")); err != nil {
		return err
	}
	return r.gone()
}

// budgets also answers of one of which nothing is known: budgets count for it too.
func (n *named[T, C, V]) budgets(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	return r.answerApplied(n.Control.Standings(r.ctx, ledger.Account{Kind: n.account, ID: r.param("id")}, everybody))
}
