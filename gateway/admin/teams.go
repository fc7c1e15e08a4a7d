package admin

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// Team is a group of users.
type Team struct {
	ID         string            `json:"id"`
	Name       string            `json:"name"`
	Org        string            `json:"org"` // "" if it is in none
	Blocked    bool              `json:"blocked"`
	Models     []string          `json:"models"`  // empty: everything
	Aliases    map[string]string `json:"aliases"` // names for models
	Tags       []string          `json:"tags"`    // of every call of its keys
	Members    []string          `json:"members"`
	Admins     []string          `json:"admins"` // of the members
	Attributes json.RawMessage   `json:"attributes"`
	Created    *time.Time        `json:"created"`
}

func viewTeam(t access.Team, attributes json.RawMessage) Team {
	return Team{ID: t.ID, Name: t.Name, Org: t.OrgID, Blocked: t.Blocked, Models: list(t.Models), Aliases: dictionary(t.Aliases), Tags: list(t.Tags), Members: sortedCopy(t.Members),
		Admins: sortedCopy(t.Admins), Attributes: attributes, Created: instant(t.Created)}
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
	seen := visible(a, r, control.TheTeam, teams, func(t access.Team) control.Place { return a.Control.PlaceOfTeam(t.ID) })
	return listed(a, r, control.TeamChanged, seen, s, func(t access.Team) string { return t.ID }, true, viewTeam)
}

func (b *body) team() control.TeamChange {
	return control.TeamChange{Name: b.text("name"), Org: b.text("org"), Blocked: b.flag("blocked"), Models: b.texts("models"), Aliases: b.dictionary("aliases"), Tags: b.texts("tags"), Attributes: b.attributes()}
}

func (a *api) createTeam(r *request) error {
	b := r.body()
	id, ch := b.required("id", "physics"), b.team()
	if err := b.done(); err != nil {
		return err
	}
	if err := a.Control.MayMakeTeam(r.who, ch); err != nil {
		return err
	}
	if err := a.mayKeep(r, ch.Attributes); err != nil {
		return err
	}
	t, err := a.Control.CreateTeam(r.ctx, id, ch)
	return a.answerTeam(r, http.StatusCreated, t, err)
}

func (a *api) answerTeam(r *request, status int, t access.Team, err error) error {
	if err != nil {
		return err
	}
	attributes, err := a.attributes(r, control.TeamChanged, t.ID)
	if err != nil {
		return err
	}
	return r.answer(status, viewTeam(t, attributes))
}

// mayTeam says whether somebody may do something with what belongs to a team.
func (a *api) mayTeam(r *request, do control.Verb, what control.Thing) error {
	return a.Control.May(r.who, do, what, a.Control.PlaceOfTeam(r.param("id")))
}

func (a *api) getTeam(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	if err := a.mayTeam(r, control.See, control.TheTeam); err != nil {
		return err
	}
	t, err := a.Control.Team(r.param("id"))
	return a.answerTeam(r, http.StatusOK, t, err)
}

func (a *api) updateTeam(r *request) error {
	b := r.body()
	ch := b.team()
	if err := b.done(); err != nil {
		return err
	}
	if err := a.Control.MayAlterTeam(r.who, r.param("id"), ch); err != nil {
		return err
	}
	if err := a.mayKeep(r, ch.Attributes); err != nil {
		return err
	}
	t, err := a.Control.UpdateTeam(r.ctx, r.param("id"), ch)
	return a.answerTeam(r, http.StatusOK, t, err)
}

func (a *api) deleteTeam(r *request) error {
	if err := a.mayTeam(r, control.Remove, control.TheTeam); err != nil {
		return err
	}
	if err := a.Control.DeleteTeam(r.ctx, r.param("id")); err != nil {
		return err
	}
	return r.gone()
}

// memberRole reads the role of a member from a query.
func (q *query) memberRole() *access.MemberRole {
	v := access.MemberRole(q.text("role"))
	if v == "" {
		return nil
	}
	if v != access.PlainMember && v != access.GroupAdmin {
		q.fail("role", "it is member or admin")
	}
	return &v
}

func (a *api) addMember(r *request) error {
	q := r.query()
	role := q.memberRole()
	if err := q.done(); err != nil {
		return err
	}
	if err := a.mayTeam(r, control.Make, control.TheMember); err != nil {
		return err
	}
	if err := a.Control.MayAdd(r.who, a.Control.PlaceOfTeam(r.param("id")), r.param("user")); err != nil {
		return err
	}
	if err := a.join(r, r.param("id"), r.param("user"), role); err != nil {
		return err
	}
	t, err := a.Control.Team(r.param("id"))
	return a.answerTeam(r, http.StatusOK, t, err)
}

// joinTries is how often somebody is put into a team anew since others changed something
// meanwhile that what the team gives might follow from.
const joinTries = 8

// join puts a user into a team, with what the team gives to each who joins, or gives a member
// another role.
func (a *api) join(r *request, team, user string, role *access.MemberRole) error {
	for try := 1; ; try++ {
		if err := a.joinNow(r, team, user, role); !errors.Is(err, control.ErrOvertaken) || try == joinTries {
			return err
		}
	}
}

func (a *api) joinNow(r *request, team, user string, role *access.MemberRole) error {
	edits := []control.Edit{control.MemberEdit{Action: control.Update, In: control.TeamChanged, ID: team, User: user, Role: role}}
	ctx := r.ctx
	if t, err := a.Control.Team(team); err == nil && a.Joining != nil && !access.Is(user, t.Members) {
		look, err := a.Control.Look(r.ctx)
		if err != nil {
			return err
		}
		given, err := a.Joining(look, r.who, team, user)
		if err != nil {
			return err
		}
		if len(given) > 0 {
			ctx, edits = look, append(edits, given...)
		}
	}
	_, err := a.Control.Apply(ctx, edits)
	return alone(err)
}

func (a *api) removeMember(r *request) error {
	if err := a.mayTeam(r, control.Remove, control.TheMember); err != nil {
		return err
	}
	t, err := a.Control.RemoveMember(r.ctx, r.param("id"), r.param("user"))
	return a.answerTeam(r, http.StatusOK, t, err)
}
