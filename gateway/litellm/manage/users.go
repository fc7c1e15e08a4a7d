package manage

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

// userFields are the fields of a user that several routes take.
var userFields = honoured("user_id", "user_email", "user_alias", "user_role", "spend").
	and(as(Honoured, "It holds for every key of the user, within teams too.", "models")).
	and(as(Honoured, "It blocks the user with every key.", "blocked")).
	and(as(Kept, "It is told again.", "metadata", "sso_user_id")).
	and(as(Kept, "It is told again in the metadata. Calls have the tags of their keys and teams.", "tags")).
	and(as(Refused, "Nobody has a password here: keys are what people sign in with.", "password")).
	and(termFields).
	and(keyFields.only(Refused))

// newUserFields are those of a user to be made, and of the key that comes with it.
var newUserFields = honoured("teams", "team_id", "organizations", "organization_id", "auto_create_key").
	and(as(Honoured, "It is of the key that comes with the user.", "tags", "budget_id", "duration", "key_alias", "aliases", "allowed_routes", "key_type")).
	and(userFields).
	and(keyFields)

func (a *api) userRoutes() []route {
	return []route{
		{http.MethodPost, "/user/new", newUserFields, a.newUser},
		{http.MethodPost, "/user/update", userFields, a.updateUser},
		{http.MethodPost, "/user/bulk_update", honoured("users", "all_users", "user_updates"), a.updateUsers},
		{http.MethodGet, "/user/info", nil, a.userInfo},
		{http.MethodGet, "/v2/user/info", nil, a.userRow},
		{http.MethodGet, "/user/list", nil, a.listUsers},
		{http.MethodPost, "/user/delete", honoured("user_ids"), a.deleteUsers},
		{http.MethodGet, "/user/available_roles", nil, a.availableRoles},
		{http.MethodGet, "/user/available_users", nil, a.availableUsers},
		{http.MethodGet, "/user/filter/ui", nil, a.filterUsers},
	}
}

// wantedUser is what a request says of a user.
type wantedUser struct {
	control.UserChange
	terms mapping.Terms
	spend *accounting.Money
	kept  mapping.Kept
	raw   json.RawMessage // the attributes that kept stands in
}

// user reads what a request says of a user that is as it is told.
func (in *call) user(terms mapping.Terms, attributes json.RawMessage) (wantedUser, error) {
	w := wantedUser{terms: in.terms(terms), raw: attributes}
	w.kept = in.fill(mapping.KeptOf(attributes))
	if v := in.text("user_alias"); v.given {
		name := v.or("")
		w.Name = &name
	}
	if v := in.text("user_email"); v.given {
		email := v.or("")
		w.Email = &email
	}
	if v := in.text("user_role"); v.given {
		role, ok := mapping.Role(v.or(""))
		if !ok || v.v != nil && *v.v == "" {
			in.fail("literal_error", "Input should be '"+strings.Join(mapping.RoleNames(), "', '")+"'", "user_role")
		}
		w.role(role, v.v == nil)
	}
	if v := in.texts("models"); v.given {
		models := keepModels(w.kept, v.or([]string{}))
		w.Models = &models
	}
	if v := in.flag("blocked"); v.given {
		blocked := v.or(false)
		w.Blocked = &blocked
	}
	w.spend = in.money("spend").v
	in.keepTerms(w.kept, w.terms)
	w.kept.SetMetadata(in.inMetadata())
	return w, in.done()
}

func (w *wantedUser) role(role access.UserRole, unnamed bool) {
	w.Role = &role
	w.kept.Set(mapping.NoRole, nil)
	if unnamed {
		w.kept.Set(mapping.NoRole, true)
	}
}

// keepModels translates a list of models and keeps it as it was written, if it is another
// one there.
func keepModels(k mapping.Kept, list []string) []string {
	models := mapping.Models(list)
	k.Set("models", nil)
	if !slices.Equal(models, list) {
		k.Set("models", list)
	}
	return models
}

// change is what the request says, with what is kept.
func (w wantedUser) change() control.UserChange {
	w.Attributes = w.kept.Into(w.raw)
	return w.UserChange
}

// sameEmail makes sure that no other user has an e-mail.
func (a *api) sameEmail(email *string, id string) error {
	if email == nil || *email == "" {
		return nil
	}
	for _, u := range a.Control.UsersWithEmail(*email) {
		if u.ID != id {
			return taken("user_email", "User with email %s already exists", u.Email)
		}
	}
	return nil
}

// taken refuses a request for what somebody else has.
func taken(param, format string, args ...any) *refusal {
	no := bad(param, format, args...)
	no.status = http.StatusConflict
	return no
}

// joins is a team that a new user is put into.
type joins struct {
	team  string
	admin bool
	most  *accounting.Money // max_budget_in_team
}

// teams reads the teams of a new user: ids, or objects.
func (in *call) teams() (list []joins) {
	if id := in.text("team_id").or(""); id != "" {
		list = append(list, joins{team: id})
	}
	for _, j := range value(&in.body, "teams", joinsOf).or(nil) {
		if !slices.ContainsFunc(list, func(other joins) bool { return other.team == j.team }) {
			list = append(list, j)
		}
	}
	return list
}

func joinsOf(v gjson.Result) (list []joins, kind, problem string) {
	if !v.IsArray() {
		return nil, "list_type", "Input should be a valid list"
	}
	for _, x := range v.Array() {
		id, role := x, gjson.Result{}
		if x.IsObject() {
			id, role = x.Get("team_id"), x.Get("user_role")
		}
		if id.Type != gjson.String || id.Str == "" {
			return nil, "string_type", "Input should be the id of a team, or an object with team_id"
		}
		j := joins{team: strings.Clone(id.Str), admin: role.Str == "admin"}
		if role.Type != gjson.Null && role.Str != "admin" && role.Str != "user" {
			return nil, "literal_error", "user_role should be 'user' or 'admin'"
		}
		if most := x.Get("max_budget_in_team"); x.IsObject() && most.Exists() && most.Type != gjson.Null {
			m, kind, problem := moneyOf(most)
			if problem != "" {
				return nil, kind, "max_budget_in_team: " + problem
			}
			j.most = &m
		}
		list = append(list, j)
	}
	return list, "", ""
}

// orgs reads the organizations of a new user.
func (in *call) orgs() []string {
	list := in.texts("organizations").or(nil)
	if id := in.text("organization_id").or(""); id != "" {
		list = append(list, id)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (a *api) newUser(in *call) error {
	in.needBody()
	id, teams, orgs, alone := in.text("user_id").or(""), in.teams(), in.orgs(), !in.flag("auto_create_key").or(true)
	w, err := in.user(mapping.Terms{}, nil)
	if err != nil {
		return err
	}
	if err := a.mayMakeUser(in, &w, teams, orgs); err != nil {
		return err
	}
	a.names.Lock()
	defer a.names.Unlock()
	if _, err := a.Control.User(id); err == nil {
		return taken("user_id", "User with id %s already exists", id)
	}
	if err := a.sameEmail(w.Email, ""); err != nil {
		return err
	}
	if id == "" {
		if id, err = a.newID("user"); err != nil {
			return err
		}
	}
	edits, err := a.makeUser(id, w)
	if err != nil {
		return err
	}
	for _, org := range orgs {
		edits = append(edits, control.MemberEdit{Action: control.Update, In: control.OrgChanged, ID: org, User: id})
	}
	for _, j := range teams {
		role := access.PlainMember
		if j.admin {
			role = access.GroupAdmin
		}
		more, err := a.join(in, j.team, id, &role, j.most)
		if err != nil {
			return err
		}
		edits = append(edits, more...)
	}
	if alone {
		if _, err := a.Control.Apply(in.ctx, edits); err != nil {
			return plain(err)
		}
		return a.answerNewUser(in, "user_alone", id, row{"created_at": nil, "updated_at": nil, "created_by": nil, "updated_by": nil})
	}
	key, more, err := a.keyOfUser(in, id, orgs)
	if err != nil {
		return err
	}
	g, err := a.made(in, key, append(edits, more...))
	if err != nil {
		return err
	}
	rows, err := a.keyRows(in, "key_generated", g.key)
	if err != nil {
		return err
	}
	told := row{"key": g.secret}
	for _, name := range []string{"key_name", "key_alias", "expires", "aliases", "allowed_routes", "team_id", "organization_id", "permissions", "config", "project_id", "budget_id", "created_at", "updated_at", "created_by", "updated_by"} {
		told[name] = rows[0][name]
	}
	return a.answerNewUser(in, "user_new", id, told)
}

// join puts a user into a team, with what the team gives to each who joins; most, unless nil,
// is what it may spend there.
func (a *api) join(in *call, team, user string, role *access.MemberRole, most *accounting.Money) ([]control.Edit, error) {
	attributes, err := a.attributes(in, control.TeamChanged, team)
	if err != nil {
		return nil, err
	}
	of, err := a.standing(in.ctx, scope.Team, team)
	if err != nil {
		return nil, err
	}
	terms := termsOfTeam(attributes[team], of.Terms)
	if most != nil {
		terms.Max = most
		terms = inWindow(terms, of.Terms)
	}
	more, err := a.change(control.MemberAccount(team, user), &mapping.Standing{}, terms, nil)
	return append([]control.Edit{control.MemberEdit{Action: control.Update, In: control.TeamChanged, ID: team, User: user, Role: role}}, more...), err
}

func (a *api) answerNewUser(in *call, form, id string, told row) error {
	u, err := a.Control.User(id)
	if err != nil {
		return err
	}
	rows, err := a.userRows(in, form, u)
	if err != nil {
		return err
	}
	if ids := rows[0]["teams"].([]string); len(ids) == 0 {
		rows[0]["teams"] = nil
	}
	return in.answer(rows[0].with(told))
}

// mayMakeUser says whether somebody may make such a user in some groups. Those who manage
// an organization make plain ones, in it.
func (a *api) mayMakeUser(in *call, w *wantedUser, teams []joins, orgs []string) error {
	if len(orgs) == 0 {
		if err := a.Control.May(in.who, control.Make, control.TheUser, control.Place{}); err != nil {
			return err
		}
	}
	for _, org := range orgs {
		if err := a.Control.May(in.who, control.Make, control.TheUser, control.Place{Orgs: []string{org}}); err != nil {
			return err
		}
		if _, err := a.Control.Org(org); err != nil {
			return missing("organizations", "Organization not found, passed organization_id=%s", org)
		}
	}
	for _, j := range teams {
		if err := a.Control.May(in.who, control.Make, control.TheMember, a.Control.PlaceOfTeam(j.team)); err != nil {
			return err
		}
		if _, err := a.Control.Team(j.team); err != nil {
			return missing("teams", "Team not found, passed team_id=%s. Make it first: POST /team/new", j.team)
		}
	}
	if in.who.Manages() {
		return nil
	}
	if w.Role != nil && *w.Role != access.PlainUser && w.kept[mapping.NoRole] == nil {
		return forbidden("user_role", "Only proxy admins can create users with the role %s; who manages an organization makes users with the role %s.", mapping.RoleName(*w.Role), mapping.RoleName(access.PlainUser))
	}
	w.role(access.PlainUser, w.Role == nil || w.kept[mapping.NoRole] != nil)
	if slices.ContainsFunc(teams, func(j joins) bool { return j.most != nil }) {
		return a.Control.May(in.who, control.Alter, control.TheBudget, control.Place{})
	}
	return a.mayRaise(in, &mapping.Standing{}, w.terms, w.spend)
}

// makeUser is the making of a user, with what it may spend.
func (a *api) makeUser(id string, w wantedUser) ([]control.Edit, error) {
	if w.Role == nil {
		role, _ := mapping.Role("")
		w.role(role, true)
	}
	edits := []control.Edit{control.UserEdit{Action: control.Create, ID: id, UserChange: w.change()}}
	more, err := a.change(scope.Account{Kind: scope.User, ID: id}, &mapping.Standing{}, w.terms, w.spend)
	return append(edits, more...), err
}

// keyOfUser is the making of the key that comes with a user. It has the user's models and
// rates, and the budget that it shares with other keys; what may be spent else is the
// user's. One that somebody makes who manages an organization is in it.
func (a *api) keyOfUser(in *call, user string, orgs []string) (id string, edits []control.Edit, err error) {
	of := *in
	of.fields = keyFields
	w, err := of.key(mapping.Terms{}, nil, nil)
	if err != nil {
		return "", nil, err
	}
	w.Blocked = nil
	w.kept.Set("blocked", nil)
	if err := a.unique(w.Name, ""); err != nil {
		return "", nil, err
	}
	owner := control.KeyOwner{UserID: user, TeamID: in.text("team_id").or("")}
	if !in.who.Manages() && owner.TeamID == "" {
		owner.OrgID = orgs[0]
	}
	if err := a.Control.MayMakeKey(in.who, owner, control.KeySecret{}, w.KeyChange); err != nil {
		return "", nil, err
	}
	if id, err = a.newID("key"); err != nil {
		return "", nil, err
	}
	shared := plan{}
	if budget := in.text("budget_id").or(""); budget != "" {
		all, err := a.plans(in, budget)
		if err != nil {
			return "", nil, err
		}
		there := false
		if shared, there = all[budget]; !there {
			return "", nil, noPlan(budget)
		}
		if err := a.mayRaise(in, &mapping.Standing{}, shared.terms, nil); err != nil {
			return "", nil, err
		}
		shared.name(in, w.kept)
	}
	rates := mapping.Terms{RPM: w.terms.RPM, TPM: w.terms.TPM, Parallel: w.terms.Parallel, ModelRPM: w.terms.ModelRPM, ModelTPM: w.terms.ModelTPM}
	edits = []control.Edit{control.KeyEdit{Action: control.Create, ID: id, Owner: owner, KeyChange: w.change()}}
	more, err := a.change(scope.Account{Kind: scope.Key, ID: id}, &mapping.Standing{}, shared.over(rates), nil)
	return id, append(edits, more...), err
}

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
		kept, at := mapping.KeptOf(attributes[u.ID]), a.Control.PlaceOfUser(u.ID)
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
	for i, k := range keys {
		team := "None" // LiteLLM's text for none
		if t, err := a.Control.Team(k.TeamID); err == nil {
			team = t.Name
		}
		if err == nil {
			delete(rows[i], "budget_limits_usage")
			rows[i].add(row{"token": k.Digest.String(), "team_alias": team})
		}
	}
	return list(rows), err
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

func (a *api) updateUser(in *call) error {
	in.needBody()
	id, email := in.text("user_id").or(""), in.text("user_email").or("")
	if id == "" && email == "" && len(in.wrong) == 0 {
		in.fail("value_error", "Value error, Either user id or user email must be provided")
	}
	if err := in.done(); err != nil {
		return err
	}
	r, err := a.changeUser(in, id, email)
	if err != nil {
		return err
	}
	return in.answer(r)
}

// changeUser does what a request says of the user that has an id, or else an e-mail, and
// tells of it. LiteLLM makes one that is not there.
func (a *api) changeUser(in *call, id, email string) (row, error) {
	if err := a.Control.May(in.who, control.Alter, control.TheUser, control.Place{User: id}); err != nil {
		return nil, err
	}
	a.names.Lock()
	defer a.names.Unlock()
	if id == "" {
		switch all := a.Control.UsersWithEmail(email); len(all) {
		case 0:
		case 1:
			id = all[0].ID
		default:
			return nil, bad("user_email", "%d users have the e-mail %s: give the user_id of one of them", len(all), email)
		}
	}
	_, err := a.Control.User(id)
	switch {
	case errors.Is(err, control.ErrNotFound):
		id, err = a.insertUser(in, id)
	case err == nil:
		err = a.alterUser(in, id)
	}
	if err != nil {
		return nil, err
	}
	u, err := a.Control.User(id)
	if err != nil {
		return nil, err
	}
	rows, err := a.userRows(in, "user_updated", u)
	if err != nil {
		return nil, err
	}
	return row{"user_id": id, "data": rows[0]}, nil
}

func (a *api) insertUser(in *call, id string) (string, error) {
	w, err := in.user(mapping.Terms{}, nil)
	if err != nil {
		return "", err
	}
	if err := a.sameEmail(w.Email, ""); err != nil {
		return "", err
	}
	if id == "" {
		if id, err = a.newID("user"); err != nil {
			return "", err
		}
	}
	edits, err := a.makeUser(id, w)
	if err != nil {
		return "", err
	}
	_, err = a.Control.Apply(in.ctx, edits)
	return id, plain(err)
}

func (a *api) alterUser(in *call, id string) error {
	account := scope.Account{Kind: scope.User, ID: id}
	now, err := a.standing(in.ctx, account.Kind, id)
	if err != nil {
		return err
	}
	attributes, err := a.attributes(in, control.UserChanged, id)
	if err != nil {
		return err
	}
	w, err := in.user(now.Terms, attributes[id])
	if err != nil {
		return err
	}
	if err := a.sameEmail(w.Email, id); err != nil {
		return err
	}
	more, err := a.change(account, now, w.terms, w.spend)
	if err != nil {
		return err
	}
	_, err = a.Control.Apply(in.ctx, append([]control.Edit{control.UserEdit{Action: control.Update, ID: id, UserChange: w.change()}}, more...))
	return plain(err)
}

func (a *api) updateUsers(in *call) error {
	if err := a.Control.May(in.who, control.Alter, control.TheUser, control.Place{}); err != nil {
		return err
	}
	type update struct {
		id, email string
		object    gjson.Result
	}
	var all []update
	users, _, listed := in.get("users")
	updates, _, same := in.get("user_updates")
	switch everyone := in.flag("all_users").or(false); {
	case everyone && same && updates.IsObject():
		if !empty(updates.Get("user_id")) || !empty(updates.Get("user_email")) {
			return bad("user_updates", "user_updates is for all users: it has neither user_id nor user_email")
		}
		every, err := a.Control.Users(in.ctx)
		if err != nil {
			return err
		}
		for _, u := range every {
			all = append(all, update{u.ID, u.Email, updates})
		}
	case listed && users.IsArray():
		for _, x := range users.Array() {
			all = append(all, update{x.Get("user_id").String(), x.Get("user_email").String(), x})
		}
	default:
		return bad("users", "Must specify either 'users' for individual updates or 'all_users=True' with 'user_updates' for bulk updates")
	}
	if err := in.done(); err != nil {
		return err
	}
	switch {
	case len(all) == 0:
		return bad("users", "No users found to update")
	case len(all) > MaxBulk:
		return bad("users", "Maximum %d users can be updated at once. Found %d users.", MaxBulk, len(all))
	}
	results, failed := []row{}, 0
	for _, one := range all {
		r := row{"user_id": null(one.id), "user_email": null(one.email), "success": true, "error": nil, "updated_user": nil}
		err := a.each(in, one.object, userFields, func(of *call) error {
			if one.id == "" && one.email == "" {
				return bad("users", "Either user id or user email must be provided")
			}
			done, err := a.changeUser(of, one.id, one.email)
			r["updated_user"] = done
			return err
		})
		if err != nil {
			failed++
			r.add(row{"success": false, "error": err.Error(), "updated_user": nil})
		}
		results = append(results, r)
	}
	return in.answer(row{"results": results, "total_requested": len(all), "successful_updates": len(all) - failed, "failed_updates": failed})
}

// ids reads a list of ids that a request is about, each once.
func (in *call) ids(name string) ([]string, error) {
	ids := in.texts(name)
	if ids.v == nil && len(in.wrong) == 0 {
		in.fail("missing", "Field required", name)
	}
	if err := in.done(); err != nil {
		return nil, err
	}
	if len(*ids.v) > MaxBulk {
		return nil, bad(name, "at most %d are taken at once, and these are %d", MaxBulk, len(*ids.v))
	}
	return slices.Compact(sorted(*ids.v)), nil
}

// deleteUsers deletes users with their keys, their memberships and what these might spend.
func (a *api) deleteUsers(in *call) error {
	ids, err := in.ids("user_ids")
	if err != nil {
		return err
	}
	if err := a.Control.May(in.who, control.Remove, control.TheUser, control.Place{}); err != nil {
		return err
	}
	a.names.Lock()
	defer a.names.Unlock()
	var accounts []scope.Account
	var edits []control.Edit
	for _, id := range ids {
		if _, err := a.Control.User(id); err != nil {
			return missing("user_ids", "User not found, passed user_id=%s", id)
		}
		accounts = append(accounts, scope.Account{Kind: scope.User, ID: id})
		for _, team := range a.Control.PlaceOfUser(id).Teams {
			accounts = append(accounts, control.MemberAccount(team, id))
		}
		edits = append(edits, control.UserEdit{Action: control.Delete, ID: id})
	}
	forgotten, err := a.forgetWithKeys(in, accounts, func(k access.Key) bool { return slices.Contains(ids, k.UserID) })
	if err != nil {
		return err
	}
	if _, err := a.Control.Apply(in.ctx, append(forgotten, edits...)); err != nil {
		return plain(err)
	}
	return in.answer(len(ids))
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
