package manage

import (
	"net/http"
	"slices"

	"tollgate/accounting"
	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

// orgFields are the fields of an organization.
var orgFields = slices.Concat(termFields,
	honoured("organization_id", "organization_alias", "models", "spend", "budget_id"),
	as(Kept, "It is told again.", "metadata"),
	as(Refused, "It would restrict what teams or keys may do, and nothing here does that.", "object_permission", "allowed_models"),
)

func (a *api) orgRoutes() []route {
	members := honoured("organization_id", "user_id", "user_email", "role")
	budget := as(Refused, "Budgets are of users, teams and members of teams; a member of an organization has none of its own.", "max_budget_in_organization")
	return []route{
		{http.MethodPost, "/organization/new", orgFields, a.newOrg},
		{http.MethodPatch, "/organization/update", orgFields, a.updateOrg},
		{http.MethodDelete, "/organization/delete", honoured("organization_ids"), a.deleteOrgs},
		{http.MethodGet, "/organization/info", nil, a.orgInfo},
		{http.MethodGet, "/organization/list", nil, a.listOrgs},
		{http.MethodPost, "/organization/member_add", slices.Concat(honoured("organization_id", "member"), budget), a.addOrgMembers},
		{http.MethodPatch, "/organization/member_update", slices.Concat(members, budget), a.updateOrgMember},
		{http.MethodDelete, "/organization/member_delete", members, a.deleteOrgMember},
	}
}

// wantedOrg is what a request says of an organization.
type wantedOrg struct {
	control.OrgChange
	terms mapping.Terms
	spend *accounting.Money
}

func (in *call) org(terms mapping.Terms, attributes []byte) (wantedOrg, error) {
	if err := in.spread(mapping.KeptOf(attributes)); err != nil {
		return wantedOrg{}, err
	}
	w := wantedOrg{terms: in.terms(terms), spend: in.money("spend").v}
	kept := in.fill(mapping.KeptOf(attributes))
	in.raw("metadata") // it must be one
	if v := in.text("organization_alias"); v.given {
		w.Name = ptr(v.or(""))
	}
	if v := in.texts("models"); v.given {
		list := v.or([]string{})
		w.Models = ptr(keepModels(kept, list, mapping.Models(list)))
	}
	in.keepTerms(kept, w.terms)
	kept.SetMetadata(in.inMetadata())
	w.Attributes = kept.Into(attributes)
	return w, in.done()
}

// wantOrg reads what a request says of an organization that stands as it does, and of the
// budget that it shares with others.
func (a *api) wantOrg(in *call, now *mapping.Standing, attributes []byte) (wantedOrg, error) {
	own, p, err := a.agreed(in, now, mapping.KeptOf(attributes))
	if err != nil {
		return wantedOrg{}, err
	}
	w, err := in.org(own.Terms, attributes)
	w.terms = p.over(w.terms)
	kept := mapping.KeptOf(w.Attributes)
	p.name(in, kept)
	w.Attributes = kept.Into(w.Attributes)
	return w, err
}

// mayOrg returns the organization of an id, if somebody may do something with it.
func (a *api) mayOrg(in *call, id string, do control.Verb, what control.Thing) (access.Organization, error) {
	o, err := a.Control.Org(id)
	at := control.Place{}
	if err == nil {
		at.Orgs = []string{id}
	}
	if no := a.Control.May(in.who, do, what, at); no != nil {
		return o, forbidden("organization_id", "You do not have access to this organization: organization_id=%s. %v", id, no)
	}
	if err != nil {
		return o, missing("organization_id", "Organization not found for organization_id=%s", id)
	}
	return o, nil
}

func (a *api) newOrg(in *call) error {
	in.needBody()
	w, err := a.wantOrg(in, &mapping.Standing{}, nil)
	if err != nil {
		return err
	}
	if w.Name == nil {
		in.fail("missing", "Field required", "organization_alias")
		return in.done()
	}
	if err := a.Control.May(in.who, control.Make, control.TheOrg, control.Place{}); err != nil {
		return err
	}
	id := in.text("organization_id").or("")
	if id == "" {
		if id, err = a.newID("org"); err != nil {
			return err
		}
	}
	edits := []control.Edit{control.OrgEdit{Action: control.Create, ID: id, OrgChange: w.OrgChange}}
	more, err := a.change(scope.Account{Kind: scope.Org, ID: id}, &mapping.Standing{}, w.terms, w.spend)
	if err != nil {
		return err
	}
	if _, err := a.Control.Apply(in.ctx, append(edits, more...)); err != nil {
		return plain(err)
	}
	return a.answerOrg(in, id)
}

func (a *api) updateOrg(in *call) error {
	id, err := in.needText("organization_id")
	if err != nil {
		return err
	}
	if _, err := a.mayOrg(in, id, control.Alter, control.TheOrg); err != nil {
		return err
	}
	if err := in.notNull("models"); err != nil {
		return err
	}
	now, err := a.standing(in.ctx, scope.Org, id)
	if err != nil {
		return err
	}
	attributes, err := a.attributes(in, control.OrgChanged, id)
	if err != nil {
		return err
	}
	w, err := a.wantOrg(in, now, attributes[id])
	if err != nil {
		return err
	}
	edits := []control.Edit{control.OrgEdit{Action: control.Update, ID: id, OrgChange: w.OrgChange}}
	more, err := a.change(scope.Account{Kind: scope.Org, ID: id}, now, w.terms, w.spend)
	if err != nil {
		return err
	}
	if _, err := a.Control.Apply(in.ctx, append(edits, more...)); err != nil {
		return plain(err)
	}
	return a.answerOrg(in, id)
}

func (a *api) answerOrg(in *call, id string) error {
	o, err := a.Control.Org(id)
	if err != nil {
		return err
	}
	rows, err := a.orgRows(in, o)
	if err != nil {
		return err
	}
	return in.answer(rows[0])
}

// orgRows are organizations with their members and teams.
func (a *api) orgRows(in *call, orgs ...access.Organization) ([]row, error) {
	ids := make([]string, len(orgs))
	for i, o := range orgs {
		ids[i] = o.ID
	}
	attributes, err := a.attributes(in, control.OrgChanged, ids...)
	if err != nil {
		return nil, err
	}
	standings, err := a.standings(in.ctx, scope.Org, ids...)
	if err != nil {
		return nil, err
	}
	rows := make([]row, len(orgs))
	for i, o := range orgs {
		s, kept := standings[o.ID], mapping.KeptOf(attributes[o.ID])
		terms := termsOf(s, kept)
		table := shape("budget_table").with(terms)
		r := shape("organization").with(members(kept)).with(terms).with(row{"organization_id": o.ID, "organization_alias": null(o.Name), "created_at": instant(o.Created)})
		if _, other := kept["models"]; !other {
			r["models"] = list(o.Models)
		}
		if _, shares := kept["budget_id"]; !shares && s.Main != nil {
			r["budget_id"] = s.Main.ID
		}
		for _, name := range []string{"created_at", "updated_at", "created_by", "updated_by", "budget_id"} {
			table[name] = r[name]
		}
		r["litellm_budget_table"] = table
		if r["members"], err = a.orgMembers(in, o); err != nil {
			return nil, err
		}
		teams, err := a.visibleTeams(in, "", o.ID)
		if err != nil {
			return nil, err
		}
		if r["teams"], err = a.teamRows(in, "team", teams...); err != nil {
			return nil, err
		}
		rows[i] = r
	}
	return rows, nil
}

// orgMembers are the memberships of an organization, and with more of those members whom
// somebody may see.
func (a *api) orgMembers(in *call, o access.Organization) ([]row, error) {
	out := []row{}
	for _, id := range o.Members {
		u, err := a.Control.User(id)
		if err != nil {
			return nil, err
		}
		role := mapping.RoleName(u.Role)
		if access.Is(id, o.Admins) {
			role = "org_admin"
		}
		if a.Control.May(in.who, control.See, control.TheUser, control.Place{User: id, Orgs: []string{o.ID}}) != nil {
			u.Name, u.Email = "", ""
		}
		out = append(out, row{"organization_id": o.ID, "user_id": id, "user_email": null(u.Email), "user_role": role, "spend": number(0), "budget_id": nil, "litellm_budget_table": nil,
			"user": row{"user_id": id, "user_email": null(u.Email), "user_alias": null(u.Name)}})
	}
	return out, nil
}

func (a *api) orgInfo(in *call) error {
	id := in.query().text("organization_id")
	o, err := a.mayOrg(in, id, control.See, control.TheOrg)
	if err != nil {
		return err
	}
	rows, err := a.orgRows(in, o)
	if err != nil {
		return err
	}
	return in.answer(rows[0])
}

func (a *api) listOrgs(in *call) error {
	q := in.query()
	id, alias := q.text("org_id"), q.text("org_alias")
	orgs, err := a.Control.Orgs(in.ctx)
	if err != nil {
		return err
	}
	orgs = slices.DeleteFunc(orgs, func(o access.Organization) bool {
		return id != "" && o.ID != id || alias != "" && o.Name != alias || a.Control.May(in.who, control.See, control.TheOrg, control.Place{Orgs: []string{o.ID}}) != nil
	})
	if len(orgs) > MaxTeams {
		return bad("org_id", "there are more than %d organizations: ask for one by org_id or org_alias", MaxTeams)
	}
	rows, err := a.orgRows(in, orgs...)
	if err != nil {
		return err
	}
	return in.answer(list(rows))
}

func (a *api) deleteOrgs(in *call) error {
	in.needBody()
	ids, err := in.ids("organization_ids")
	if err != nil {
		return err
	}
	var gone []access.Organization
	var edits []control.Edit
	var accounts []scope.Account
	for _, id := range ids {
		o, err := a.mayOrg(in, id, control.Remove, control.TheOrg)
		if err != nil {
			return err
		}
		gone, edits = append(gone, o), append(edits, control.OrgEdit{Action: control.Delete, ID: id})
		accounts = append(accounts, scope.Account{Kind: scope.Org, ID: id})
	}
	rows, err := a.orgRows(in, gone...)
	if err != nil {
		return err
	}
	if _, err := a.Control.Apply(in.ctx, append(a.forget(accounts...), edits...)); err != nil {
		return plain(err)
	}
	return in.answer(list(rows))
}

func (a *api) addOrgMembers(in *call) error {
	id, err := in.needText("organization_id")
	if err != nil {
		return err
	}
	members, err := in.members("member")
	if err != nil {
		return err
	}
	if len(members) == 0 {
		in.fail("missing", "Field required", "member")
		return in.done()
	}
	if _, err := a.mayOrg(in, id, control.Make, control.TheOrgMember); err != nil {
		return err
	}
	var edits []control.Edit
	var ids []string
	at := control.Place{Orgs: []string{id}}
	for _, m := range members {
		user, err := a.userOf(in, at, m.user, m.email)
		if err != nil {
			return err
		}
		if user != "" && a.Control.MayAdd(in.who, at, user) != nil {
			return forbidden("member", "User %s%s exists already, and is in no team or organization of yours: only an admin adds them.", m.user, m.email)
		}
		if user == "" {
			if user = m.user; user == "" {
				if user, err = a.newID("user"); err != nil {
					return err
				}
			}
			if err := a.Control.May(in.who, control.Make, control.TheUser, at); err != nil {
				return err
			}
			if err := a.sameEmail(&m.email, ""); err != nil {
				return err
			}
			role := access.PlainUser // whom who manages an organization makes is no more than that
			if in.who.Manages() {
				role = access.SelfService
			}
			edits = append(edits, control.UserEdit{Action: control.Create, ID: user, UserChange: control.UserChange{Email: &m.email, Role: &role, Attributes: in.fill(mapping.Kept{}).Into(nil)}})
		}
		edits, ids = append(edits, control.MemberEdit{Action: control.Update, In: control.OrgChanged, ID: id, User: user, Role: &m.role}), append(ids, user)
	}
	if _, err := a.Control.Apply(in.ctx, edits); err != nil {
		return plain(err)
	}
	o, err := a.Control.Org(id)
	if err != nil {
		return err
	}
	all, err := a.orgMembers(in, o)
	if err != nil {
		return err
	}
	users, err := a.teamUsers(in, ids)
	if err != nil {
		return err
	}
	added := slices.DeleteFunc(all, func(r row) bool { return !slices.Contains(ids, r["user_id"].(string)) })
	return in.answer(row{"organization_id": id, "updated_users": users, "updated_organization_memberships": added})
}

// orgMember returns the organization and the member of it that a request names, if its
// caller may do something with members.
func (a *api) orgMember(in *call, do control.Verb) (id, user string, err error) {
	if id, err = in.needText("organization_id"); err != nil {
		return "", "", err
	}
	o, err := a.mayOrg(in, id, do, control.TheOrgMember)
	if err != nil {
		return "", "", err
	}
	named, email := in.text("user_id").or(""), in.text("user_email").or("")
	if err := in.done(); err != nil {
		return "", "", err
	}
	if user, err = a.userOf(in, control.Place{Orgs: []string{id}}, named, email); err != nil {
		return "", "", err
	}
	if user == "" || !access.Is(user, o.Members) {
		return "", "", missing("user_id", "User not found in organization %s", id)
	}
	return id, user, nil
}

func (a *api) updateOrgMember(in *call) error {
	id, user, err := a.orgMember(in, control.Alter)
	if err != nil {
		return err
	}
	var role *access.MemberRole
	switch in.text("role").or("") {
	case "":
	case "org_admin":
		role = ptr(access.GroupAdmin)
	case "internal_user", "internal_user_viewer":
		role = ptr(access.PlainMember)
	default:
		in.fail("enum", "Input should be 'org_admin', 'internal_user' or 'internal_user_viewer'", "role")
	}
	if err := in.done(); err != nil {
		return err
	}
	if _, err := a.Control.Apply(in.ctx, []control.Edit{control.MemberEdit{Action: control.Update, In: control.OrgChanged, ID: id, User: user, Role: role}}); err != nil {
		return plain(err)
	}
	o, err := a.Control.Org(id)
	if err != nil {
		return err
	}
	all, err := a.orgMembers(in, o)
	if err != nil {
		return err
	}
	return in.answer(all[slices.IndexFunc(all, func(r row) bool { return r["user_id"] == user })])
}

func (a *api) deleteOrgMember(in *call) error {
	id, user, err := a.orgMember(in, control.Remove)
	if err != nil {
		return err
	}
	if _, err := a.Control.Apply(in.ctx, []control.Edit{control.MemberEdit{Action: control.Delete, In: control.OrgChanged, ID: id, User: user}}); err != nil {
		return plain(err)
	}
	return in.answer(row{"organization_id": id, "user_id": user})
}
