package admin

import (
	"net/http"
	"time"

	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// Key is what is told of a key: neither the key nor its digest.
type Key struct {
	ID             string            `json:"id"`
	Name           string            `json:"name"`
	Hint           string            `json:"hint"` // its last four characters
	Role           access.Role       `json:"role"`
	User           string            `json:"user"` // "" if it has none
	Team           string            `json:"team"` // "" if it has none
	Models         []string          `json:"models"`
	Expires        *time.Time        `json:"expires"` // null: never
	Blocked        bool              `json:"blocked"`
	EndUsers       bool              `json:"end_users"`
	BudgetFallback []string          `json:"budget_fallback"`
	Metadata       map[string]string `json:"metadata"`
	Created        *time.Time        `json:"created"`
}

// NewKey is a key that was just made: the only answer that holds its secret.
type NewKey struct {
	Key
	Secret string `json:"key"`
}

func viewKey(k access.Key) Key {
	v := Key{ID: k.ID, Name: k.Name, Hint: k.Hint, Role: k.Role, User: k.UserID, Team: k.TeamID, Models: list(k.Models), Expires: instant(k.Expires),
		Blocked: k.Blocked, EndUsers: k.EndUsers, BudgetFallback: list(k.BudgetFallback), Metadata: k.Metadata, Created: instant(k.Created)}
	if v.Metadata == nil {
		v.Metadata = map[string]string{}
	}
	return v
}

func (a *api) listKeys(r *request) error {
	q := r.query()
	s, filter := q.span(), control.KeyFilter{UserID: q.text("user"), TeamID: q.text("team")}
	if err := q.done(); err != nil {
		return err
	}
	keys, err := a.Control.Keys(r.ctx, filter)
	if err != nil {
		return err
	}
	p, err := pageOf(keys, s, func(k access.Key) string { return k.ID }, false, viewKey)
	if err != nil {
		return err
	}
	return r.answer(http.StatusOK, p)
}

func (b *body) key() control.KeyChange {
	return control.KeyChange{Name: b.text("name"), Models: b.texts("models"), Expires: b.instant("expires"), Blocked: b.flag("blocked"),
		EndUsers: b.flag("end_users"), BudgetFallback: b.texts("budget_fallback"), Metadata: b.dictionary("metadata")}
}

func (a *api) createKey(r *request) error {
	b := r.body()
	var owner control.KeyOwner
	if v := b.text("role"); v != nil {
		owner.Role = access.Role(*v)
	}
	if v := b.text("user"); v != nil {
		owner.UserID = *v
	}
	if v := b.text("team"); v != nil {
		owner.TeamID = *v
	}
	ch := b.key()
	if err := b.done(); err != nil {
		return err
	}
	k, secret, err := a.Control.CreateKey(r.ctx, owner, ch)
	if err != nil {
		return err
	}
	return r.answer(http.StatusCreated, NewKey{viewKey(k), secret})
}

func (r *request) answerKey(k access.Key, err error) error {
	if err != nil {
		return err
	}
	return r.answer(http.StatusOK, viewKey(k))
}

func (a *api) getKey(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	return r.answerKey(a.Control.Key(r.param("id")))
}

func (a *api) updateKey(r *request) error {
	b := r.body()
	ch := b.key()
	if err := b.done(); err != nil {
		return err
	}
	return r.answerKey(a.Control.UpdateKey(r.ctx, r.param("id"), ch))
}

func (a *api) deleteKey(r *request) error {
	if err := a.Control.DeleteKey(r.ctx, r.param("id")); err != nil {
		return err
	}
	return r.gone()
}
