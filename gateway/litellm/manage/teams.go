package manage

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"tollgate/accounting"
	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

// teamFields are the fields of a team.
var teamFields = slices.Concat(termFields,
	honoured("team_id", "team_alias", "organization_id", "models", "model_aliases", "blocked", "spend", "tags",
		"access_group_ids", "team_member_budget", "team_member_budget_duration", "team_member_rpm_limit", "team_member_tpm_limit"),
	as(Kept, "It is told again.", "metadata", "router_settings"),
	as(Kept, "It is told again: members see their team, and its admins change it.", "team_member_permissions"),
	as(Refused, "It would restrict what members or keys may do, and nothing here does that.", "object_permission", "guardrails", "policies", "prompts",
		"default_team_member_models", "team_member_key_duration", "disable_global_guardrails"),
	as(Refused, "No route is passed through unmetered.", "allowed_passthrough_routes"),
	as(Refused, "Secrets of engines stand in the configuration.", "secret_manager_settings"),
)

func (a *api) teamRoutes() []route {
	fresh := slices.Concat(teamFields, honoured("members_with_roles"), as(Ignored, "Members and admins are those of members_with_roles.", "members", "admins"))
	return []route{
		{http.MethodPost, "/team/new", fresh, a.newTeam},
		{http.MethodPost, "/team/update", teamFields, a.updateTeam},
		{http.MethodGet, "/team/info", nil, a.teamInfo},
		{http.MethodGet, "/team/list", nil, a.listTeams},
		{http.MethodGet, "/v2/team/list", nil, a.pageTeams},
		{http.MethodPost, "/team/delete", honoured("team_ids"), a.deleteTeams},
		{http.MethodPost, "/team/block", honoured("team_id"), func(in *call) error { return a.blockTeam(in, true) }},
		{http.MethodPost, "/team/unblock", honoured("team_id"), func(in *call) error { return a.blockTeam(in, false) }},
		{http.MethodPost, "/team/model/add", honoured("team_id", "models"), func(in *call) error { return a.teamModels(in, true) }},
		{http.MethodPost, "/team/model/delete", honoured("team_id", "models"), func(in *call) error { return a.teamModels(in, false) }},
		{http.MethodGet, "/team/available", nil, func(in *call) error { return in.answer([]row{}) }},
		{http.MethodGet, "/team/permissions_list", nil, a.teamPermissions},
		{http.MethodPost, "/team/permissions_update", slices.Concat(honoured("team_id"), as(Kept, "It is told again: members see their team, and its admins change it.", "team_member_permissions")), a.updateTeamPermissions},
		{http.MethodPost, "/team/key/bulk_update", honoured("team_id", "key_ids", "all_keys_in_team", "update_fields"), a.updateTeamKeys},
	}
}

// wantedTeam is what a request says of a team.
type wantedTeam struct {
	control.TeamChange
	terms mapping.Terms
	spend *accounting.Money
}

// team reads what a request says of a team that has some terms, attributes and models.
func (in *call) team(terms mapping.Terms, attributes []byte, models []string) (wantedTeam, error) {
	w := wantedTeam{terms: in.terms(terms), spend: in.money("spend").v}
	kept := in.fill(mapping.KeptOf(attributes))
	for _, name := range []string{"metadata", "router_settings"} {
		in.raw(name) // it must be one
	}
	in.texts("team_member_permissions")
	if v := in.text("team_alias"); v.given {
		w.Name = ptr(v.or(""))
	}
	if v := in.text("organization_id"); v.given {
		w.Org = ptr(v.or(""))
	}
	w.Models = in.models(kept, models)
	if v := in.dictionary("model_aliases"); v.given {
		w.Aliases = ptr(v.or(map[string]string{}))
	}
	if v := in.flag("blocked"); v.given {
		w.Blocked = ptr(v.or(false))
	}
	in.keepTerms(kept, w.terms)
	kept.SetMetadata(in.inMetadata())
	w.Tags = newTags(mapping.KeptOf(attributes), kept)
	in.keepMemberTerms(kept)
	w.Attributes = kept.Into(attributes)
	return w, in.done()
}

func ptr[T any](v T) *T { return &v }

// mayTeam returns the team of an id, if somebody may do something with it.
func (a *api) mayTeam(in *call, id string, do control.Verb, what control.Thing) (access.Team, error) {
	t, err := a.Control.Team(id)
	at := control.Place{}
	if err == nil {
		at = a.Control.PlaceOfTeam(id)
	}
	if no := a.Control.May(in.who, do, what, at); no != nil {
		return t, forbidden("team_id", "You do not have access to this team: team_id=%s. %v", id, no)
	}
	if err != nil {
		return t, missing("team_id", "Team not found, passed team_id=%s", id)
	}
	return t, nil
}

// teamID is the id that a request needs.
func (in *call) teamID() (string, error) {
	in.needBody()
	id := in.text("team_id")
	if id.v == nil && len(in.wrong) == 0 {
		in.fail("missing", "Field required", "team_id")
	}
	return id.or(""), in.done()
}

func (a *api) newTeam(in *call) error {
	in.needBody()
	if err := a.groupsThere(in); err != nil {
		return err
	}
	w, err := in.team(mapping.Terms{}, nil, nil)
	if err != nil {
		return err
	}
	members, err := in.members("members_with_roles")
	if err != nil {
		return err
	}
	org := ""
	if w.Org != nil {
		org = *w.Org
	}
	at := control.Place{}
	if org != "" {
		at.Orgs = []string{org}
	}
	if err := a.Control.May(in.who, control.Make, control.TheTeam, at); err != nil {
		return err
	}
	if org != "" {
		if _, err := a.Control.Org(org); err != nil {
			return bad("organization_id", "Organization not found for organization_id=%s", org)
		}
	}
	id := in.text("team_id").or("")
	if id == "" {
		if id, err = a.newID("team"); err != nil {
			return err
		}
	}
	if _, err := a.Control.Team(id); err == nil {
		return bad("team_id", "Team id = %s already exists. Please use a different team id.", id)
	}
	account := scope.Account{Kind: scope.Team, ID: id}
	if err := a.mayRaise(in, &mapping.Standing{}, w.terms, w.spend); err != nil {
		return err
	}
	edits := []control.Edit{control.TeamEdit{Action: control.Create, ID: id, TeamChange: w.TeamChange}}
	more, err := a.change(account, &mapping.Standing{}, w.terms, w.spend)
	if err != nil {
		return err
	}
	edits = append(edits, more...)
	more, _, err = a.joining(in, id, members, termsOfTeam(w.Attributes, w.terms))
	if err != nil {
		return err
	}
	if _, err := a.Control.Apply(in.ctx, append(edits, more...)); err != nil {
		return plain(err)
	}
	return a.answerTeam(in, "team", id, nil)
}

// answerTeam answers with the row of a team; wrap, unless nil, puts it into something.
func (a *api) answerTeam(in *call, form, id string, wrap func(row) row) error {
	t, err := a.Control.Team(id)
	if err != nil {
		return err
	}
	rows, err := a.teamRows(in, form, t)
	if err != nil {
		return err
	}
	if wrap != nil {
		return in.answer(wrap(rows[0]))
	}
	return in.answer(rows[0])
}

func (a *api) updateTeam(in *call) error {
	id, err := in.teamID()
	if err != nil {
		return err
	}
	t, err := a.mayTeam(in, id, control.Alter, control.TheTeam)
	if err != nil {
		return err
	}
	if err := a.groupsThere(in); err != nil {
		return err
	}
	now, err := a.standing(in.ctx, scope.Team, id)
	if err != nil {
		return err
	}
	attributes, err := a.attributes(in, control.TeamChanged, id)
	if err != nil {
		return err
	}
	w, err := in.team(now.Terms, attributes[id], t.Models)
	if err != nil {
		return err
	}
	if err := a.mayRaise(in, now, w.terms, w.spend); err != nil {
		return err
	}
	if w.Org != nil && *w.Org != "" {
		if err := a.Control.May(in.who, control.Make, control.TheTeam, control.Place{Orgs: []string{*w.Org}}); err != nil {
			return err
		}
		if _, err := a.Control.Org(*w.Org); err != nil {
			return bad("organization_id", "Organization not found for organization_id=%s", *w.Org)
		}
	}
	edits := []control.Edit{control.TeamEdit{Action: control.Update, ID: id, TeamChange: w.TeamChange}}
	more, err := a.change(scope.Account{Kind: scope.Team, ID: id}, now, w.terms, w.spend)
	if err != nil {
		return err
	}
	if _, err := a.Control.Apply(in.ctx, append(edits, more...)); err != nil {
		return plain(err)
	}
	return a.answerTeam(in, "team_updated", id, func(r row) row { return row{"team_id": id, "data": r} })
}

// teamRows are teams as a shape has them.
func (a *api) teamRows(in *call, form string, teams ...access.Team) ([]row, error) {
	ids := make([]string, len(teams))
	for i, t := range teams {
		ids[i] = t.ID
	}
	attributes, err := a.attributes(in, control.TeamChanged, ids...)
	if err != nil {
		return nil, err
	}
	standings, err := a.standings(in.ctx, scope.Team, ids...)
	if err != nil {
		return nil, err
	}
	rows := make([]row, len(teams))
	for i, t := range teams {
		s, kept := standings[t.ID], mapping.KeptOf(attributes[t.ID])
		r := shape(form).with(members(kept)).with(termsOf(s, kept)).with(row{
			"team_id": t.ID, "team_alias": null(t.Name), "organization_id": null(t.OrgID), "blocked": t.Blocked,
			"created_at": instant(t.Created), "members_with_roles": a.membersWithRoles(t, form == "team_info"), "members_count": len(t.Members),
		})
		if _, other := kept["models"]; !other {
			r["models"] = list(t.Models)
		}
		if len(t.Aliases) > 0 {
			r.with(row{"litellm_model_table": a.modelTable(t, kept, form), "model_id": 1})
		}
		if r["updated_at"] == nil {
			r["updated_at"] = r["created_at"]
		}
		rows[i] = r
	}
	return rows, nil
}

// modelTable is where LiteLLM has a team's names for models.
func (a *api) modelTable(t access.Team, k mapping.Kept, form string) row {
	by := func(name string) string { return cmp.Or(k.Text(name), masterUser) }
	r := row{"model_aliases": t.Aliases, "id": 1, "team": nil, "created_by": by("created_by"), "updated_by": by("updated_by")}
	if form == "team_updated" {
		r.add(row{"created_at": instant(t.Created), "updated_at": cmp.Or(k.Text("updated_at"), instant(t.Created).(string))})
	}
	return r
}

// membersWithRoles are the members of a team with their roles there.
func (a *api) membersWithRoles(t access.Team, alias bool) []row {
	out := []row{}
	for _, id := range t.Members {
		r := row{"user_id": id, "user_email": nil, "role": roleIn(t, id)}
		if alias {
			r["user_alias"] = nil
		}
		if u, err := a.Control.User(id); err == nil {
			r["user_email"] = null(u.Email)
			if alias {
				r["user_alias"] = null(u.Name)
			}
		}
		out = append(out, r)
	}
	return out
}

func roleIn(t access.Team, user string) string {
	if access.Is(user, t.Admins) {
		return "admin"
	}
	return "user"
}

func (a *api) teamInfo(in *call) error {
	id := in.query().text("team_id")
	if id == "" && in.who.Team != nil {
		id = in.who.Team.ID
	}
	if id == "" {
		return bad("team_id", "give the id of a team: GET /team/info?team_id=…")
	}
	t, err := a.Control.Team(id)
	of := in.who.Team != nil && in.who.Team.ID == id // a team's own key
	if err != nil && a.Control.May(in.who, control.See, control.TheTeam, control.Place{}) == nil {
		return missing("team_id", "Team not found, passed team id: %s.", id)
	}
	if !of {
		if no := a.Control.May(in.who, control.See, control.TheTeam, a.Control.PlaceOfTeam(id)); no != nil {
			return forbidden("team_id", "User=%s not authorized to access this team=%s", in.who.Key.UserID, id)
		}
	}
	rows, err := a.teamRows(in, "team_info", t)
	if err != nil {
		return err
	}
	keys, err := a.keysOfTeams(in, t)
	if err != nil {
		return err
	}
	memberships, err := a.memberships(in, t, t.Members, true)
	if err != nil {
		return err
	}
	edit := "none"
	if a.Control.May(in.who, control.Alter, control.TheTeam, a.Control.PlaceOfTeam(id)) == nil {
		edit = "unrestricted"
	}
	return in.answer(row{"team_id": id, "team_info": rows[0].with(row{"caller_edit_access": row{"kind": edit}}), "keys": keys[id], "team_memberships": memberships})
}

// keysOfTeams are the rows of those keys that somebody may see, by the ids of their teams.
func (a *api) keysOfTeams(in *call, teams ...access.Team) (map[string][]row, error) {
	of := make(map[string][]row, len(teams))
	for _, t := range teams {
		of[t.ID] = []row{}
	}
	keys, err := a.visibleKeys(in, control.KeyFilter{})
	if err != nil {
		return nil, err
	}
	keys = slices.DeleteFunc(keys, func(k access.Key) bool { return of[k.TeamID] == nil })
	rows, err := a.keyRows(in, "key_info", keys...)
	if err != nil {
		return nil, err
	}
	for i, k := range keys {
		of[k.TeamID] = append(of[k.TeamID], rows[i].add(row{"token": k.Digest.String()}))
	}
	return of, nil
}

// visibleTeams lists the teams that somebody may see, of a user and of an organization if
// these are given.
func (a *api) visibleTeams(in *call, user, org string) ([]access.Team, error) {
	teams, err := a.Control.Teams(in.ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(teams, func(t access.Team) bool {
		return user != "" && !access.Is(user, t.Members) || org != "" && t.OrgID != org ||
			a.Control.May(in.who, control.See, control.TheTeam, a.Control.PlaceOfTeam(t.ID)) != nil
	}), nil
}

// sees says whether somebody sees teams of others, or asks for its own alone.
func (a *api) sees(in *call, user string) error {
	if a.Control.May(in.who, control.See, control.TheTeam, control.Place{}) == nil {
		return nil
	}
	if p := in.who.Person(); p != nil && (user == p.ID || len(a.Control.PlaceOfUser(p.ID).Orgs) > 0) {
		return nil
	}
	return &refusal{status: http.StatusUnauthorized, kind: "auth_error", param: "user_id", message: "Only admin users can query all teams/other teams. Ask for your own with user_id."}
}

func (a *api) listTeams(in *call) error {
	q := in.query()
	user := q.text("user_id")
	if err := a.sees(in, user); err != nil {
		return err
	}
	teams, err := a.visibleTeams(in, user, q.text("organization_id"))
	if err != nil {
		return err
	}
	if len(teams) > MaxTeams {
		return bad("organization_id", "there are more than %d teams: ask for them with GET /v2/team/list, page by page", MaxTeams)
	}
	rows, err := a.teamRows(in, "team_listed", teams...)
	if err != nil {
		return err
	}
	keys, err := a.keysOfTeams(in, teams...)
	if err != nil {
		return err
	}
	for i, t := range teams {
		who := t.Members
		if user != "" {
			who = []string{user}
		}
		memberships, err := a.memberships(in, t, who, false)
		if err != nil {
			return err
		}
		rows[i].add(row{"keys": keys[t.ID], "team_memberships": memberships})
	}
	return in.answer(list(rows))
}

// MaxTeams is how many teams are listed at once, with all that belongs to them.
const MaxTeams = 1000

func (a *api) pageTeams(in *call) error {
	q := in.query()
	p := page{q.number("page", 1, 0), q.number("page_size", 10, 100)}
	user, alias, id, search := q.text("user_id"), q.text("team_alias"), q.text("team_id"), strings.ToLower(q.text("search"))
	by, up := q.text("sort_by"), q.text("sort_order") == "asc"
	if err := q.done(); err != nil {
		return err
	}
	if err := a.sees(in, user); err != nil {
		return err
	}
	teams, err := a.visibleTeams(in, user, q.text("organization_id"))
	if err != nil {
		return err
	}
	if q.text("status") == "deleted" {
		teams = nil // what is deleted is gone
	}
	teams = slices.DeleteFunc(teams, func(t access.Team) bool {
		return id != "" && t.ID != id || alias != "" && !strings.Contains(strings.ToLower(t.Name), strings.ToLower(alias)) ||
			search != "" && !strings.Contains(strings.ToLower(t.Name), search) && t.ID != q.text("search")
	})
	slices.SortStableFunc(teams, func(x, y access.Team) int {
		c := x.Created.Compare(y.Created)
		if by == "team_alias" {
			c = cmp.Compare(x.Name, y.Name)
		}
		if c = cmp.Or(c, cmp.Compare(x.ID, y.ID)); !up {
			return -c
		}
		return c
	})
	part, pages := cut(p, teams)
	rows, err := a.teamRows(in, "team_page", part...)
	if err != nil {
		return err
	}
	keys, err := a.visibleKeys(in, control.KeyFilter{})
	if err != nil {
		return err
	}
	has := map[string]int{}
	for _, k := range keys {
		has[k.TeamID]++
	}
	for i, t := range part {
		rows[i].with(row{"keys_count": has[t.ID]})
	}
	return in.answer(row{"teams": list(rows), "total": len(teams), "page": p.number, "page_size": p.size, "total_pages": pages})
}

func (a *api) deleteTeams(in *call) error {
	in.needBody()
	ids := in.texts("team_ids")
	if ids.v == nil && len(in.wrong) == 0 {
		in.fail("missing", "Field required", "team_ids")
	}
	if err := in.done(); err != nil {
		return err
	}
	var edits []control.Edit
	var accounts []scope.Account
	for _, id := range *ids.v {
		t, err := a.mayTeam(in, id, control.Remove, control.TheTeam)
		if err != nil {
			return err
		}
		accounts = append(accounts, scope.Account{Kind: scope.Team, ID: id})
		for _, user := range t.Members {
			accounts = append(accounts, control.MemberAccount(id, user))
		}
		edits = append(edits, control.TeamEdit{Action: control.Delete, ID: id})
	}
	forgotten, err := a.forgetWithKeys(in, accounts, func(k access.Key) bool { return k.TeamID != "" && slices.Contains(*ids.v, k.TeamID) })
	if err != nil {
		return err
	}
	if _, err := a.Control.Apply(in.ctx, append(forgotten, edits...)); err != nil {
		return plain(err)
	}
	return in.answer(row{"deleted_teams": *ids.v})
}

func (a *api) blockTeam(in *call, blocked bool) error {
	id, err := in.teamID()
	if err != nil {
		return err
	}
	if _, err := a.mayTeam(in, id, control.Alter, control.TheTeam); err != nil {
		return err
	}
	if _, err := a.Control.UpdateTeam(in.ctx, id, control.TeamChange{Blocked: &blocked}); err != nil {
		return err
	}
	return a.answerTeam(in, "team_blocked", id, nil)
}

// teamModels adds models to what a team may use, or takes them away. A team that may use
// everything gets a list of its own by the first that is added.
func (a *api) teamModels(in *call, add bool) error {
	id, err := in.teamID()
	if err != nil {
		return err
	}
	models := in.texts("models")
	if models.v == nil && len(in.wrong) == 0 {
		in.fail("missing", "Field required", "models")
	}
	if err := in.done(); err != nil {
		return err
	}
	t, err := a.mayTeam(in, id, control.Alter, control.TheTeam)
	if err != nil {
		return err
	}
	attributes, err := a.attributes(in, control.TeamChanged, id)
	if err != nil {
		return err
	}
	kept := in.fill(mapping.KeptOf(attributes[id]))
	next := writtenModels(kept, t.Models)
	if len(t.Models) == 0 {
		next = nil
	}
	for _, m := range *models.v {
		i := slices.Index(next, m)
		switch {
		case add && i < 0:
			next = append(next, m)
		case !add && i >= 0:
			next = slices.Delete(next, i, i+1)
		}
	}
	if !add && len(next) == 0 && len(t.Models) > 0 {
		return bad("models", "A team without models in its list may use every model. Block the team, or update it with the models it is to have.")
	}
	next = withGroups(kept, next)
	if _, err := a.Control.UpdateTeam(in.ctx, id, control.TeamChange{Models: &next, Attributes: kept.Into(attributes[id])}); err != nil {
		return err
	}
	return a.answerTeam(in, "team_updated", id, nil)
}

// permissions are the routes that LiteLLM lets members of a team be given.
var permissions = []string{"/key/generate", "/key/update", "/key/delete", "/key/info", "/key/regenerate", "/key/service-account/generate", "/key/{key_id}/regenerate", "/key/list",
	"/key/block", "/key/unblock", "/key/bulk_update", "/team/key/bulk_update", "/team/daily/activity", "/spend/logs", "/spend/logs/v2", "/key/{key_id}/reset_spend", "/key/aliases"}

func (a *api) teamPermissions(in *call) error {
	id := in.query().text("team_id")
	if _, err := a.mayTeam(in, id, control.See, control.TheTeam); err != nil {
		return err
	}
	attributes, err := a.attributes(in, control.TeamChanged, id)
	if err != nil {
		return err
	}
	have := any(mapping.KeptOf(attributes[id])["team_member_permissions"])
	if raw := mapping.KeptOf(attributes[id])["team_member_permissions"]; raw == nil {
		have = []string{}
	}
	return in.answer(row{"team_id": id, "team_member_permissions": have, "all_available_permissions": permissions})
}

func (a *api) updateTeamPermissions(in *call) error {
	id, err := in.teamID()
	if err != nil {
		return err
	}
	in.texts("team_member_permissions")
	if err := in.done(); err != nil {
		return err
	}
	if _, err := a.mayTeam(in, id, control.Alter, control.TheTeam); err != nil {
		return err
	}
	attributes, err := a.attributes(in, control.TeamChanged, id)
	if err != nil {
		return err
	}
	kept := in.fill(mapping.KeptOf(attributes[id]))
	if _, err := a.Control.UpdateTeam(in.ctx, id, control.TeamChange{Attributes: kept.Into(attributes[id])}); err != nil {
		return err
	}
	return a.answerTeam(in, "team", id, nil)
}

// updateTeamKeys changes many keys of a team alike.
func (a *api) updateTeamKeys(in *call) error {
	id, err := in.teamID()
	if err != nil {
		return err
	}
	names, all := in.texts("key_ids"), in.flag("all_keys_in_team").or(false)
	fields, _, there := in.get("update_fields")
	if !there || !fields.IsObject() {
		in.fail("missing", "Field required", "update_fields")
	}
	if err := in.done(); err != nil {
		return err
	}
	if _, err := a.mayTeam(in, id, control.See, control.TheTeam); err != nil {
		return err
	}
	keys, err := a.visibleKeys(in, control.KeyFilter{TeamID: id})
	if err != nil {
		return err
	}
	var asked []string
	for _, k := range keys {
		hash := k.Digest.String()
		if all || slices.ContainsFunc(names.or(nil), func(n string) bool { d, ok := a.find(n); return ok && d.ID == k.ID }) {
			asked = append(asked, hash)
		}
	}
	if len(asked) > MaxBulk {
		return bad("key_ids", "at most %d keys are updated at once", MaxBulk)
	}
	done, failed := []row{}, []row{}
	for _, n := range names.or(nil) {
		if k, ok := a.find(n); !ok || k.TeamID != id {
			failed = append(failed, row{"key": n, "key_info": nil, "failed_reason": "Key not found in this team."})
		}
	}
	for _, hash := range asked {
		key, err := a.updateOne(in, fields, hash)
		if err != nil {
			failed = append(failed, row{"key": hash, "key_info": nil, "failed_reason": err.Error()})
			continue
		}
		done = append(done, row{"key": hash, "key_info": key})
	}
	return in.answer(row{"team_id": id, "total_requested": len(done) + len(failed), "successful_updates": done, "failed_updates": failed})
}
