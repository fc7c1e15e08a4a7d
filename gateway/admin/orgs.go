package admin

import (
	"encoding/json"
	"net/http"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// Org is an organization: it has teams, keys and members.
type Org struct {
	ID         string          `json:"id"`
	Name       string          `json:"name"`
	Blocked    bool            `json:"blocked"`
	Models     []string        `json:"models"` // empty: everything
	Members    []string        `json:"members"`
	Admins     []string        `json:"admins"` // of the members
	Attributes json.RawMessage `json:"attributes"`
	Created    *time.Time      `json:"created"`
}

func viewOrg(o access.Organization, attributes json.RawMessage) Org {
	return Org{ID: o.ID, Name: o.Name, Blocked: o.Blocked, Models: list(o.Models), Members: sortedCopy(o.Members), Admins: sortedCopy(o.Admins),
		Attributes: attributes, Created: instant(o.Created)}
}

func placeOfOrg(id string) control.Place { return control.Place{Orgs: []string{id}} }

func (a *api) listOrgs(r *request) error {
	q := r.query()
	s := q.span()
	if err := q.done(); err != nil {
		return err
	}
	orgs, err := a.Control.Orgs(r.ctx)
	if err != nil {
		return err
	}
	seen := visible(a, r, control.TheOrg, orgs, func(o access.Organization) control.Place { return placeOfOrg(o.ID) })
	return listed(a, r, control.OrgChanged, seen, s, func(o access.Organization) string { return o.ID }, true, viewOrg)
}

func (b *body) org() control.OrgChange {
	return control.OrgChange{Name: b.text("name"), Blocked: b.flag("blocked"), Models: b.texts("models"), Attributes: b.attributes()}
}

func (a *api) createOrg(r *request) error {
	b := r.body()
	id, ch := b.required("id", "science"), b.org()
	if err := b.done(); err != nil {
		return err
	}
	o, err := a.Control.CreateOrg(r.ctx, id, ch)
	return a.answerOrg(r, http.StatusCreated, o, err)
}

func (a *api) answerOrg(r *request, status int, o access.Organization, err error) error {
	if err != nil {
		return err
	}
	attributes, err := a.attributes(r, control.OrgChanged, o.ID)
	if err != nil {
		return err
	}
	return r.answer(status, viewOrg(o, attributes))
}

// mayOrg says whether somebody may do something with what belongs to an organization.
func (a *api) mayOrg(r *request, do control.Verb, what control.Thing) error {
	return a.Control.May(r.who, do, what, placeOfOrg(r.param("id")))
}

func (a *api) getOrg(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	if err := a.mayOrg(r, control.See, control.TheOrg); err != nil {
		return err
	}
	o, err := a.Control.Org(r.param("id"))
	return a.answerOrg(r, http.StatusOK, o, err)
}

func (a *api) updateOrg(r *request) error {
	b := r.body()
	ch := b.org()
	if err := b.done(); err != nil {
		return err
	}
	o, err := a.Control.UpdateOrg(r.ctx, r.param("id"), ch)
	return a.answerOrg(r, http.StatusOK, o, err)
}

func (a *api) deleteOrg(r *request) error {
	if err := a.Control.DeleteOrg(r.ctx, r.param("id")); err != nil {
		return err
	}
	return r.gone()
}

func (a *api) orgBudgets(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	if err := a.mayOrg(r, control.See, control.TheOrg); err != nil {
		return err
	}
	o, err := a.Control.Org(r.param("id"))
	if err != nil {
		return err
	}
	return r.answerApplied(a.Control.Standings(r.ctx, ledger.Account{Kind: ledger.Org, ID: o.ID}, everybody))
}

func (a *api) addOrgMember(r *request) error {
	q := r.query()
	role := q.memberRole()
	if err := q.done(); err != nil {
		return err
	}
	if err := a.mayOrg(r, control.Make, control.TheOrgMember); err != nil {
		return err
	}
	if err := a.Control.MayAdd(r.who, placeOfOrg(r.param("id")), r.param("user")); err != nil {
		return err
	}
	o, err := a.Control.AddOrgMember(r.ctx, r.param("id"), r.param("user"), role)
	return a.answerOrg(r, http.StatusOK, o, err)
}

func (a *api) removeOrgMember(r *request) error {
	if err := a.mayOrg(r, control.Remove, control.TheOrgMember); err != nil {
		return err
	}
	o, err := a.Control.RemoveOrgMember(r.ctx, r.param("id"), r.param("user"))
	return a.answerOrg(r, http.StatusOK, o, err)
}
