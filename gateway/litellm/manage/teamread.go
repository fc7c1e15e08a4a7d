package manage

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

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
			"created_at": instant(t.Created), "members_with_roles": a.membersWithRoles(in, t, form == "team_info"), "members_count": len(t.Members),
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

// membersWithRoles are the members of a team with their roles there, and with more of those
// whom somebody may see.
func (a *api) membersWithRoles(in *call, t access.Team, alias bool) []row {
	out, at := []row{}, a.Control.PlaceOfTeam(t.ID)
	for _, id := range t.Members {
		r := row{"user_id": id, "user_email": nil, "role": roleIn(t, id)}
		if alias {
			r["user_alias"] = nil
		}
		at.User = id
		if u, err := a.Control.User(id); err == nil && a.Control.May(in.who, control.See, control.TheUser, at) == nil {
			r["user_email"] = null(u.Email)
			if alias {
				r["user_alias"] = null(u.Name)
			}
		}
		out = append(out, r)
	}
	return out
}

// seenMembers are those of some members of a team of whom somebody may see what they spend.
func (a *api) seenMembers(in *call, t access.Team, users []string) (seen []string) {
	at := a.Control.PlaceOfTeam(t.ID)
	for _, at.User = range users {
		if access.Is(at.User, t.Members) && (at.User == in.who.Key.UserID || a.Control.May(in.who, control.See, control.TheUsage, at) == nil) {
			seen = append(seen, at.User)
		}
	}
	return seen
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
	given, table, err := a.givenToMembers(in, t)
	if err != nil {
		return err
	}
	memberships, err := a.memberships(in, t, a.seenMembers(in, t, t.Members), &given)
	if err != nil {
		return err
	}
	edit := "none"
	if a.Control.May(in.who, control.Alter, control.TheTeam, a.Control.PlaceOfTeam(id)) == nil {
		edit = "unrestricted"
	}
	return in.answer(row{"team_id": id, "team_info": rows[0].with(row{"caller_edit_access": row{"kind": edit}, "team_member_budget_table": table}), "keys": keys[id], "team_memberships": memberships})
}

// givenToMembers are the terms that a team gives its members, and these as the row of a
// budget; null if it gives none.
func (a *api) givenToMembers(in *call, t access.Team) (given mapping.Terms, table any, err error) {
	attributes, err := a.attributes(in, control.TeamChanged, t.ID)
	if err != nil {
		return given, nil, err
	}
	own, err := a.standing(in.ctx, scope.Team, t.ID)
	if err != nil {
		return given, nil, err
	}
	given = termsOfTeam(attributes[t.ID], own.Terms)
	if given.Max == nil && given.Duration == "" && given.RPM == nil && given.TPM == nil && len(given.Models) == 0 {
		return given, nil, nil
	}
	models := row{}
	for m, l := range given.Models {
		models[m] = row{"budget_limit": number(l.Max), "time_period": null(l.Duration)}
	}
	r := shape("member_budget").with(row{"max_budget": amount(given.Max), "budget_duration": null(given.Duration), "rpm_limit": count(given.RPM), "tpm_limit": count(given.TPM),
		"model_max_budget": orNull(models), "budget_id": null(mapping.KeptOf(attributes[t.ID]).Text("team_member_budget_id")), "created_at": instant(t.Created)})
	if w, err := mapping.WindowOf(given.Duration); err == nil && given.Duration != "" {
		w.Zone = in.zone
		r["budget_reset_at"] = instant(w.At(in.now).End)
	}
	return given, r, nil
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
		memberships, err := a.memberships(in, t, a.seenMembers(in, t, who), nil)
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
	status := q.text("status")
	if err := q.done(); err != nil {
		return err
	}
	if status != "" && status != deletedOnly {
		return bad("status", "Invalid status value. Currently only 'deleted' is supported.")
	}
	if err := a.sees(in, user); err != nil {
		return err
	}
	teams, err := a.visibleTeams(in, user, q.text("organization_id"))
	if err != nil {
		return err
	}
	if status == deletedOnly {
		teams = nil // what is deleted is gone
	}
	teams = slices.DeleteFunc(teams, func(t access.Team) bool {
		return id != "" && t.ID != id || alias != "" && !strings.Contains(strings.ToLower(t.Name), strings.ToLower(alias)) ||
			search != "" && !strings.Contains(strings.ToLower(t.Name), search) && t.ID != q.text("search")
	})
	sortTeams(teams, q.text("sort_by"), strings.EqualFold(q.text("sort_order"), "desc"))
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

// deletedOnly is the status of what is deleted.
const deletedOnly = "deleted"

// sortTeams puts teams in order: by a column that is named, upwards unless it says otherwise,
// or else the newest first.
func sortTeams(teams []access.Team, by string, down bool) {
	slices.SortStableFunc(teams, func(x, y access.Team) int {
		c := 0
		switch by {
		case "team_id":
		case "team_alias":
			c = cmp.Compare(x.Name, y.Name)
		case "created_at":
			c = x.Created.Compare(y.Created)
		default:
			return cmp.Or(y.Created.Compare(x.Created), cmp.Compare(y.ID, x.ID))
		}
		if c = cmp.Or(c, cmp.Compare(x.ID, y.ID)); down {
			return -c
		}
		return c
	})
}

// permissions are the routes that LiteLLM lets members of a team be given.
var permissions = []string{"/key/generate", "/key/update", "/key/delete", "/key/info", "/key/regenerate", "/key/service-account/generate", "/key/{key_id}/regenerate", "/key/list",
	"/key/block", "/key/unblock", "/key/bulk_update", "/team/key/bulk_update", "/team/daily/activity", "/spend/logs", "/spend/logs/v2", "/key/{key_id}/reset_spend", "/key/aliases"}

func (a *api) teamPermissions(in *call) error {
	id := in.query().text("team_id")
	if _, err := a.mayTeam(in, id, control.See); err != nil {
		return err
	}
	attributes, err := a.attributes(in, control.TeamChanged, id)
	if err != nil {
		return err
	}
	have := list(object(mapping.KeptOf(attributes[id])).texts("team_member_permissions"))
	return in.answer(row{"team_id": id, "team_member_permissions": have, "all_available_permissions": permissions})
}
