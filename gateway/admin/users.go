package admin

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// User is a person or a service that keys belong to.
type User struct {
	ID         string          `json:"id"`
	Name       string          `json:"name"`
	Email      string          `json:"email"`
	Role       access.UserRole `json:"role"`
	Blocked    bool            `json:"blocked"`
	Models     []string        `json:"models"` // empty: everything
	Teams      []string        `json:"teams"`
	Orgs       []string        `json:"orgs"`
	Attributes json.RawMessage `json:"attributes"`
	Created    *time.Time      `json:"created"`
}

func viewUser(u access.User, at control.Place, attributes json.RawMessage) User {
	return User{ID: u.ID, Name: u.Name, Email: u.Email, Role: u.Role, Blocked: u.Blocked, Models: list(u.Models), Teams: sortedCopy(at.Teams), Orgs: sortedCopy(at.Orgs),
		Attributes: attributes, Created: instant(u.Created)}
}

// places says of many users where they are, in one go.
func (a *api) places(r *request) (map[string]*control.Place, error) {
	teams, err := a.Control.Teams(r.ctx)
	if err != nil {
		return nil, err
	}
	orgs, err := a.Control.Orgs(r.ctx)
	if err != nil {
		return nil, err
	}
	at := map[string]*control.Place{}
	of := func(user string) *control.Place {
		if at[user] == nil {
			at[user] = &control.Place{User: user}
		}
		return at[user]
	}
	for _, t := range teams {
		for _, m := range t.Members {
			p := of(m)
			p.Teams = append(p.Teams, t.ID)
		}
	}
	for _, o := range orgs {
		for _, m := range o.Members {
			p := of(m)
			p.Orgs = append(p.Orgs, o.ID)
		}
	}
	return at, nil
}

func (a *api) listUsers(r *request) error {
	q := r.query()
	s := q.span()
	if err := q.done(); err != nil {
		return err
	}
	users, err := a.Control.Users(r.ctx)
	if err != nil {
		return err
	}
	places, err := a.places(r)
	if err != nil {
		return err
	}
	at := func(u access.User) control.Place {
		if p := places[u.ID]; p != nil {
			return *p
		}
		return control.Place{User: u.ID}
	}
	id := func(u access.User) string { return u.ID }
	return listed(a, r, control.UserChanged, visible(a, r, control.TheUser, users, at), s, id, true,
		func(u access.User, attributes json.RawMessage) User {
			return viewUser(u, a.Control.Seen(r.who, at(u)), attributes)
		})
}

// listed sends one page of a list, with the attributes of what is on it.
func listed[T, V any](a *api, r *request, kind control.ChangeKind, all []T, s span, id func(T) string, sorted bool, view func(T, json.RawMessage) V) error {
	part, next, err := cut(all, s, id, sorted)
	if err != nil {
		return err
	}
	ids := make([]string, len(part))
	for i, v := range part {
		ids[i] = id(v)
	}
	attributes, err := a.Control.Attributes(r.ctx, kind, ids...)
	if err != nil {
		return err
	}
	out := page[V]{Data: make([]V, len(part)), Next: next}
	for i, v := range part {
		out.Data[i] = view(v, attributesOr(attributes[ids[i]]))
	}
	return r.answer(http.StatusOK, out)
}

// mayKeep says whether somebody may say what is kept with a thing.
func (a *api) mayKeep(r *request, attributes json.RawMessage) error {
	if attributes == nil {
		return nil
	}
	return a.Control.May(r.who, control.Alter, control.TheAttributes, control.Place{})
}

// attributesOr writes the attributes of what was deleted a moment ago.
func attributesOr(raw json.RawMessage) json.RawMessage {
	if raw == nil {
		return json.RawMessage("{}")
	}
	return raw
}

// attributes reads those of one thing.
func (a *api) attributes(r *request, kind control.ChangeKind, id string) (json.RawMessage, error) {
	all, err := a.Control.Attributes(r.ctx, kind, id)
	return attributesOr(all[id]), err
}

func (b *body) user() control.UserChange {
	return control.UserChange{Name: b.text("name"), Email: b.text("email"), Role: word[access.UserRole](b, "role"), Blocked: b.flag("blocked"), Models: b.texts("models"), Attributes: b.attributes()}
}

// word reads a text of a type of its own, whose values control knows.
func word[T ~string](b *body, name string) *T {
	v := b.text(name)
	if v == nil {
		return nil
	}
	w := T(*v)
	return &w
}

// createUser also puts the user into an organization, in one go: that is how those who
// manage one make users.
func (a *api) createUser(r *request) error {
	b := r.body()
	id, ch, org := b.required("id", "alice"), b.user(), b.text("org")
	if err := b.done(); err != nil {
		return err
	}
	var at control.Place
	edits := []control.Edit{control.UserEdit{Action: control.Create, ID: id, UserChange: ch}}
	if org != nil && *org != "" {
		at.Orgs = []string{*org}
		edits = append(edits, control.MemberEdit{Action: control.Update, In: control.OrgChanged, ID: *org, User: id})
	}
	if err := a.Control.May(r.who, control.Make, control.TheUser, at); err != nil {
		return err
	}
	if ch.Role != nil && *ch.Role != access.PlainUser && !r.who.Manages() {
		return access.ErrAdminOnly
	}
	if err := a.Control.MayGiveRole(r.who, ch.Role); err != nil {
		return err
	}
	if err := a.mayKeep(r, ch.Attributes); err != nil {
		return err
	}
	if _, err := a.Control.Apply(r.ctx, edits); err != nil {
		return alone(err)
	}
	u, err := a.Control.User(id)
	return a.answerUser(r, http.StatusCreated, u, err)
}

// alone is the error of an edit that nobody sees as one of several.
func alone(err error) error {
	var e *control.EditError
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}

// answerUser sends a user with those of its teams and organizations that who asks may see.
func (a *api) answerUser(r *request, status int, u access.User, err error) error {
	if err != nil {
		return err
	}
	attributes, err := a.attributes(r, control.UserChanged, u.ID)
	if err != nil {
		return err
	}
	return r.answer(status, viewUser(u, a.Control.Seen(r.who, a.Control.PlaceOfUser(u.ID)), attributes))
}

func (a *api) getUser(r *request) error {
	id := r.param("id")
	if err := r.query().done(); err != nil {
		return err
	}
	if err := a.Control.May(r.who, control.See, control.TheUser, a.Control.PlaceOfUser(id)); err != nil {
		return err
	}
	u, err := a.Control.User(id)
	return a.answerUser(r, http.StatusOK, u, err)
}

func (a *api) updateUser(r *request) error {
	b := r.body()
	ch := b.user()
	if err := b.done(); err != nil {
		return err
	}
	if err := a.Control.MayGiveRole(r.who, ch.Role); err != nil {
		return err
	}
	u, err := a.Control.UpdateUser(r.ctx, r.param("id"), ch)
	return a.answerUser(r, http.StatusOK, u, err)
}

func (a *api) deleteUser(r *request) error {
	if err := a.Control.DeleteUser(r.ctx, r.param("id")); err != nil {
		return err
	}
	return r.gone()
}

// sortedCopy returns a list in order without changing the one it was given.
func sortedCopy(in []string) []string {
	out := slices.Clone(in)
	slices.Sort(out)
	return list(out)
}
