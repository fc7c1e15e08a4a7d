package admin

import (
	"context"
	"net/http"
	"slices"
	"time"

	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// User is a person or a service that keys belong to.
type User struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Email   string     `json:"email"`
	Blocked bool       `json:"blocked"`
	Models  []string   `json:"models"` // empty: everything
	Teams   []string   `json:"teams"`
	Created *time.Time `json:"created"`
}

// teamsOf maps users to the teams that they are in.
func (a *api) teamsOf(ctx context.Context) (map[string][]string, error) {
	teams, err := a.Control.Teams(ctx)
	if err != nil {
		return nil, err
	}
	of := map[string][]string{}
	for _, t := range teams {
		for _, m := range t.Members {
			of[m] = append(of[m], t.ID)
		}
	}
	return of, nil
}

func viewUser(u access.User, teams []string) User {
	return User{ID: u.ID, Name: u.Name, Email: u.Email, Blocked: u.Blocked, Models: list(u.Models), Teams: list(teams), Created: instant(u.Created)}
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
	teams, err := a.teamsOf(r.ctx)
	if err != nil {
		return err
	}
	p, err := pageOf(users, s, func(u access.User) string { return u.ID }, true, func(u access.User) User { return viewUser(u, teams[u.ID]) })
	if err != nil {
		return err
	}
	return r.answer(http.StatusOK, p)
}

func (b *body) user() control.UserChange {
	return control.UserChange{Name: b.text("name"), Email: b.text("email"), Blocked: b.flag("blocked"), Models: b.texts("models")}
}

func (a *api) createUser(r *request) error {
	b := r.body()
	id, ch := b.required("id", "alice"), b.user()
	if err := b.done(); err != nil {
		return err
	}
	u, err := a.Control.CreateUser(r.ctx, id, ch)
	if err != nil {
		return err
	}
	return r.answer(http.StatusCreated, viewUser(u, nil))
}

// answerUser sends a user with its teams.
func (a *api) answerUser(r *request, u access.User, err error) error {
	if err != nil {
		return err
	}
	teams, err := a.teamsOf(r.ctx)
	if err != nil {
		return err
	}
	return r.answer(http.StatusOK, viewUser(u, teams[u.ID]))
}

func (a *api) getUser(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	u, err := a.Control.User(r.param("id"))
	return a.answerUser(r, u, err)
}

func (a *api) updateUser(r *request) error {
	b := r.body()
	ch := b.user()
	if err := b.done(); err != nil {
		return err
	}
	u, err := a.Control.UpdateUser(r.ctx, r.param("id"), ch)
	return a.answerUser(r, u, err)
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
