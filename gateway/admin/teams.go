package admin

import (
	"net/http"
	"time"

	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// Team is a group of users.
type Team struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Blocked bool       `json:"blocked"`
	Models  []string   `json:"models"` // empty: everything
	Members []string   `json:"members"`
	Created *time.Time `json:"created"`
}

func viewTeam(t access.Team) Team {
	return Team{ID: t.ID, Name: t.Name, Blocked: t.Blocked, Models: list(t.Models), Members: sortedCopy(t.Members), Created: instant(t.Created)}
}

func (a *api) listTeams(r *request) error {
	q := r.query()
	s := q.span()
	if err := q.done(); err != nil {
		return err
	}
	teams, err := a.Control.Teams(r.ctx)
	if err != nil {
		return err
	}
	p, err := pageOf(teams, s, func(t access.Team) string { return t.ID }, true, viewTeam)
	if err != nil {
		return err
	}
	return r.answer(http.StatusOK, p)
}

func (b *body) team() control.TeamChange {
	return control.TeamChange{Name: b.text("name"), Blocked: b.flag("blocked"), Models: b.texts("models")}
}

func (a *api) createTeam(r *request) error {
	b := r.body()
	id, ch := b.required("id", "physics"), b.team()
	if err := b.done(); err != nil {
		return err
	}
	t, err := a.Control.CreateTeam(r.ctx, id, ch)
	if err != nil {
		return err
	}
	return r.answer(http.StatusCreated, viewTeam(t))
}

func (r *request) answerTeam(t access.Team, err error) error {
	if err != nil {
		return err
	}
	return r.answer(http.StatusOK, viewTeam(t))
}

func (a *api) getTeam(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	return r.answerTeam(a.Control.Team(r.param("id")))
}

func (a *api) updateTeam(r *request) error {
	b := r.body()
	ch := b.team()
	if err := b.done(); err != nil {
		return err
	}
	return r.answerTeam(a.Control.UpdateTeam(r.ctx, r.param("id"), ch))
}

func (a *api) deleteTeam(r *request) error {
	if err := a.Control.DeleteTeam(r.ctx, r.param("id")); err != nil {
		return err
	}
	return r.gone()
}

func (a *api) addMember(r *request) error {
	return r.answerTeam(a.Control.AddMember(r.ctx, r.param("id"), r.param("user")))
}

func (a *api) removeMember(r *request) error {
	return r.answerTeam(a.Control.RemoveMember(r.ctx, r.param("id"), r.param("user")))
}
