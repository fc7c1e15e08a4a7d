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

// userRows are users as a shape has them.
func (a *api) userRows(in *call, name string, users ...access.User) ([]row, error) {
	ids := make([]string, len(users))
	for i, u := range users {
		ids[i] = u.ID
	}
	attributes, err := a.attributes(in, control.UserChanged, ids...)
	if err != nil {
		return nil, err
	}
	standings, err := a.standings(in.ctx, scope.User, ids...)
	if err != nil {
		return nil, err
	}
	rows := make([]row, len(users))
	for i, u := range users {
		kept, at := mapping.KeptOf(attributes[u.ID]), a.groupsOf(in, u.ID)
		terms := termsOf(standings[u.ID], kept)
		told := row{"user_id": u.ID, "user_alias": null(u.Name), "user_email": null(u.Email), "user_role": roleTold(u, kept), "teams": sorted(at.Teams), "created_at": instant(u.Created)}
		if kept["updated_at"] == nil {
			told["updated_at"] = instant(u.Created)
		}
		if kept["models"] == nil {
			told["models"] = list(u.Models)
		}
		if u.Blocked {
			told["blocked"] = true
		}
		windows := terms["budget_limits"]
		if len(terms["model_max_budget"].(row)) == 0 {
			delete(terms, "model_max_budget") // the shape has what is there then
		}
		rows[i] = shape(name).with(members(kept)).with(terms).with(told)
		if windows != nil {
			rows[i].add(row{"budget_limits": windows})
		}
		if rows[i]["organization_memberships"] != nil {
			rows[i]["organization_memberships"] = a.orgMemberships(u.ID, at.Orgs)
		}
	}
	return rows, nil
}

// groupsOf is where a user is, as far as the caller may see that. A key within a group, which
// others than its user may have made, sees that group.
func (a *api) groupsOf(in *call, user string) control.Place {
	at := a.Control.PlaceOfUser(user)
	if k := in.who.Key; user == k.UserID && in.who.Person() == nil {
		at.Teams = slices.DeleteFunc(at.Teams, func(id string) bool { return id != k.TeamID })
		at.Orgs = slices.DeleteFunc(at.Orgs, func(id string) bool { return id != k.OrgID })
		return at
	}
	return a.Control.Seen(in.who, at)
}

func roleTold(u access.User, k mapping.Kept) any {
	if k[mapping.NoRole] != nil && (u.Role == access.SelfService || u.Role == access.PlainUser) {
		return nil
	}
	return mapping.RoleName(u.Role)
}

func sorted(ids []string) []string {
	out := list(slices.Clone(ids))
	slices.Sort(out)
	return out
}

// orgMemberships are a user's organizations.
func (a *api) orgMemberships(user string, orgs []string) []row {
	rows := []row{}
	for _, id := range sorted(orgs) {
		o, err := a.Control.Org(id)
		if err != nil {
			continue // gone by now
		}
		role := mapping.RoleName(access.SelfService)
		if access.Is(user, o.Admins) {
			role = "org_admin"
		}
		rows = append(rows, row{"user_id": user, "organization_id": id, "user_role": role, "spend": 0, "budget_id": nil, "created_at": instant(o.Created), "updated_at": instant(o.Created), "user": nil, "litellm_budget_table": nil})
	}
	return rows
}

// teamsOfUser are those of some teams that the caller may see.
func (a *api) teamsOfUser(in *call, ids []string) ([]row, error) {
	var teams []access.Team
	for _, id := range ids {
		if t, err := a.Control.Team(id); err == nil && a.Control.May(in.who, control.See, control.TheTeam, a.Control.PlaceOfTeam(id)) == nil {
			teams = append(teams, t)
		}
	}
	rows, err := a.teamRows(in, "user_team", teams...)
	return list(rows), err
}

// asked returns the user that a request names, and itself if it names none. Where ids come
// with a plus in them, the plus often comes as a space.
func (a *api) asked(in *call) (id string) {
	id = in.query().text("user_id")
	if id == "" {
		return in.who.Key.UserID
	}
	if _, err := a.Control.User(id); err != nil && strings.Contains(id, " ") {
		return strings.ReplaceAll(id, " ", "+")
	}
	return id
}

// maySeeUser says whether the caller may see a user: a key also sees whose it is.
func (a *api) maySeeUser(in *call, id string) bool {
	return id == in.who.Key.UserID || a.Control.May(in.who, control.See, control.TheUser, a.Control.PlaceOfUser(id)) == nil
}

// MaxInfoKeys is how many keys the info of a user tells of at most, the newest ones; see
// /key/list for all of them.
const MaxInfoKeys = 500

func (a *api) userInfo(in *call) error {
	q := in.query()
	everyone := q.text("user_id") == "" && (in.who.Manages() || in.views())
	if err := q.done(); err != nil {
		return err
	}
	id := a.asked(in)
	if id != "" && !a.maySeeUser(in, id) {
		return forbidden("None", "key not allowed to access this user's info. user_id=%s, key's user_id=%s", id, cmp.Or(in.who.Key.UserID, "None"))
	}
	info, teams := any(nil), []row{}
	if id != "" {
		u, err := a.Control.User(id)
		if err != nil {
			return missing("user_id", "User %s not found", id)
		}
		rows, err := a.userRows(in, "user_info", u)
		if err != nil {
			return err
		}
		info = rows[0]
		if teams, err = a.teamsOfUser(in, rows[0]["teams"].([]string)); err != nil {
			return err
		}
	}
	keys, err := a.infoKeys(in, id, everyone)
	if err != nil {
		return err
	}
	if everyone && id == "" {
		id = masterUser
	}
	return in.answer(row{"user_id": null(id), "user_info": info, "keys": keys, "teams": teams})
}

// infoKeys are a user's keys, or everybody's, of those that the caller may see.
func (a *api) infoKeys(in *call, user string, everyone bool) ([]row, error) {
	var keys []access.Key
	if everyone || user != "" {
		f := control.KeyFilter{UserID: user}
		if everyone {
			f = control.KeyFilter{}
		}
		var err error
		if keys, err = a.visibleKeys(in, f); err != nil {
			return nil, err
		}
	}
	own := in.who.Key
	if !everyone && own.Role == access.Caller && own.UserID == user && !slices.ContainsFunc(keys, func(k access.Key) bool { return k.ID == own.ID }) {
		keys = append(keys, own.Clone())
	}
	if everyone {
		slices.SortStableFunc(keys, func(x, y access.Key) int { return y.Created.Compare(x.Created) })
	}
	keys = keys[:min(len(keys), MaxInfoKeys)]
	rows, err := a.keyRows(in, "key_info", keys...)
	if err != nil {
		return nil, err
	}
	for i, k := range keys {
		team := "None" // LiteLLM's text for none
		if t, err := a.Control.Team(k.TeamID); err == nil {
			team = t.Name
		}
		delete(rows[i], "budget_limits_usage")
		rows[i].add(row{"token": k.Digest.String(), "team_alias": team})
	}
	return list(rows), nil
}

func (a *api) userRow(in *call) error {
	if err := in.query().done(); err != nil {
		return err
	}
	id := a.asked(in)
	u, err := a.Control.User(id)
	if err != nil || !a.maySeeUser(in, id) {
		return missing("user_id", "User not found: %s", cmp.Or(id, "None"))
	}
	rows, err := a.userRows(in, "user_v2", u)
	if err != nil {
		return err
	}
	return in.answer(rows[0])
}

// seenUsers lists the users of those organizations that are asked for, or all, as far as
// the caller may list them.
func (a *api) seenUsers(in *call, orgs []string) ([]access.User, error) {
	users, err := a.Control.Users(in.ctx)
	if err != nil {
		return nil, err
	}
	all, err := a.Control.Orgs(in.ctx)
	if err != nil {
		return nil, err
	}
	everyone := in.who.Manages() || in.views()
	if !everyone {
		person := in.who.Person()
		all = slices.DeleteFunc(all, func(o access.Organization) bool { return person == nil || !access.Is(person.ID, o.Admins) })
		if len(all) == 0 {
			return nil, &refusal{status: http.StatusForbidden, kind: "auth_error", message: "Only proxy admins and organization admins can list users."}
		}
	}
	if everyone && len(orgs) == 0 {
		return users, nil
	}
	return slices.DeleteFunc(users, func(u access.User) bool {
		return !slices.ContainsFunc(all, func(o access.Organization) bool {
			return (len(orgs) == 0 || slices.Contains(orgs, o.ID)) && access.Is(u.ID, o.Members)
		})
	}), nil
}

// has says whether a text holds another one, in whatever case.
func has(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

func (a *api) listUsers(in *call) error {
	q := in.query()
	p := page{q.number("page", 1, 0), q.number("page_size", 25, 100)}
	role, ids, sso, email, search, team := q.text("role"), q.list("user_ids"), q.list("sso_user_ids"), q.text("user_email"), q.text("search"), q.text("team")
	by, order := q.text("sort_by"), q.text("sort_order")
	if order != "" && order != "asc" && order != "desc" {
		return bad("sort_order", "Invalid sort order. Must be 'asc' or 'desc'")
	}
	if err := q.done(); err != nil {
		return err
	}
	users, err := a.seenUsers(in, q.list("organization_ids"))
	if err != nil {
		return err
	}
	t, none := a.Control.Team(team)
	users = slices.DeleteFunc(users, func(u access.User) bool {
		switch {
		case len(ids) == 1 && !has(u.ID, ids[0]), len(ids) > 1 && !slices.Contains(ids, u.ID):
		case !has(u.Email, email), !has(u.ID, search) && !has(u.Email, search):
		case team != "" && (none != nil || !access.Is(u.ID, t.Members)):
		default:
			return false
		}
		return true
	})
	if users, err = a.ofRole(in, users, role, sso); err != nil {
		return err
	}
	if err := a.sortUsers(in, users, by, order == "desc"); err != nil {
		return err
	}
	part, pages := cut(p, users)
	rows, err := a.userRows(in, "user_listed", part...)
	if err != nil {
		return err
	}
	keys, err := a.Control.Keys(in.ctx, control.KeyFilter{})
	if err != nil {
		return err
	}
	count := map[string]int{}
	for _, k := range keys {
		count[k.UserID]++
	}
	for i, u := range part {
		rows[i]["key_count"] = count[u.ID]
	}
	return in.answer(row{"users": list(rows), "total": len(users), "page": p.number, "page_size": p.size, "total_pages": pages})
}

// ofRole leaves the users that are told to have a role, and one of some ids of a single
// sign-on.
func (a *api) ofRole(in *call, users []access.User, role string, sso []string) ([]access.User, error) {
	if role == "" && len(sso) == 0 {
		return users, nil
	}
	ids := make([]string, len(users))
	for i, u := range users {
		ids[i] = u.ID
	}
	attributes, err := a.attributes(in, control.UserChanged, ids...)
	return slices.DeleteFunc(users, func(u access.User) bool {
		kept := mapping.KeptOf(attributes[u.ID])
		return role != "" && roleTold(u, kept) != role || len(sso) > 0 && !slices.Contains(sso, kept.Text("sso_user_id"))
	}), err
}

// sortUsers puts users in order: the newest first, unless something else is asked for.
func (a *api) sortUsers(in *call, users []access.User, by string, down bool) error {
	var order func(x, y access.User) int
	switch by {
	case "":
		order, down = func(x, y access.User) int { return x.Created.Compare(y.Created) }, true
	case "created_at":
		order = func(x, y access.User) int { return x.Created.Compare(y.Created) }
	case "user_id":
		order = func(x, y access.User) int { return cmp.Compare(x.ID, y.ID) }
	case "user_email":
		order = func(x, y access.User) int { return cmp.Compare(x.Email, y.Email) }
	case "user_alias":
		order = func(x, y access.User) int { return cmp.Compare(x.Name, y.Name) }
	case "user_role":
		order = func(x, y access.User) int {
			return cmp.Compare(mapping.RoleName(x.Role), mapping.RoleName(y.Role))
		}
	case "spend":
		ids := make([]string, len(users))
		for i, u := range users {
			ids[i] = u.ID
		}
		s, err := a.standings(in.ctx, scope.User, ids...)
		if err != nil {
			return err
		}
		order = func(x, y access.User) int { return cmp.Compare(s[x.ID].Spend, s[y.ID].Spend) }
	default:
		return bad("sort_by", "Invalid sort column. Must be one of: ['user_id', 'user_email', 'created_at', 'spend', 'user_alias', 'user_role']")
	}
	slices.SortStableFunc(users, func(x, y access.User) int {
		c := cmp.Or(order(x, y), cmp.Compare(x.ID, y.ID))
		if down {
			return -c
		}
		return c
	})
	return nil
}

func (a *api) availableRoles(in *call) error {
	words := map[access.UserRole]row{
		access.Manager:     {"ui_label": "Admin (All Permissions)", "description": "manages everything"},
		access.Viewer:      {"ui_label": "Admin (View Only)", "description": "sees everything"},
		access.SelfService: {"ui_label": "Internal User (Create/Delete/View)", "description": "makes, changes and deletes keys of its own, sees its own spend"},
		access.PlainUser:   {"ui_label": "Internal User (View Only)", "description": "sees its own keys and its own spend"},
	}
	out := row{}
	for _, name := range mapping.RoleNames() {
		role, _ := mapping.Role(name)
		out[name] = words[role]
	}
	return in.answer(out)
}

// availableUsers is about LiteLLM's seats. Here nobody counts them.
func (a *api) availableUsers(in *call) error {
	if err := a.Control.May(in.who, control.See, control.TheUser, control.Place{}); err != nil {
		return err
	}
	users, err := a.Control.Users(in.ctx)
	if err != nil {
		return err
	}
	teams, err := a.Control.Teams(in.ctx)
	if err != nil {
		return err
	}
	return in.answer(row{"total_users": nil, "total_teams": nil, "total_users_used": len(users), "total_teams_used": len(teams), "total_users_remaining": nil, "total_teams_remaining": nil})
}

// filterUsers finds users by a part of an id or an e-mail.
func (a *api) filterUsers(in *call) error {
	q := in.query()
	p := page{q.number("page", 1, 0), q.number("page_size", 50, 100)}
	id, email, search := q.text("user_id"), q.text("user_email"), q.text("search")
	if err := q.done(); err != nil {
		return err
	}
	users, err := a.seenUsers(in, nil)
	if err != nil {
		return err
	}
	users = slices.DeleteFunc(users, func(u access.User) bool {
		return !has(u.ID, id) || !has(u.Email, email) || !has(u.ID, search) && !has(u.Email, search)
	})
	if err := a.sortUsers(in, users, "", false); err != nil {
		return err
	}
	part, _ := cut(p, users)
	rows := []row{}
	for _, u := range part {
		rows = append(rows, row{"user_id": u.ID, "user_email": null(u.Email)})
	}
	return in.answer(rows)
}
