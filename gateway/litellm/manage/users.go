package manage

import (
	"context"
	"encoding/json"
	"fmt"
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
	// To leave one of these out and to say null both leave what there is, and so does a list of
	// no models: what clients send who say something else of a user opens nothing.
	in.leave("user_alias", "user_email", "user_role", "models", "blocked", "metadata", "sso_user_id")
	if err := in.spread(mapping.KeptOf(attributes)); err != nil {
		return wantedUser{}, err
	}
	w := wantedUser{terms: in.terms(terms), raw: attributes}
	w.kept = in.fill(mapping.KeptOf(attributes))
	in.raw("metadata") // it must be one
	in.texts("tags")
	w.Name, w.Email, w.Blocked = in.text("user_alias").v, in.text("user_email").v, in.flag("blocked").v
	if v := in.text("user_role").v; v != nil {
		role, ok := mapping.Role(*v)
		if !ok || *v == "" {
			in.fail("literal_error", "Input should be '"+strings.Join(mapping.RoleNames(), "', '")+"'", "user_role")
		}
		w.role(role, false)
	}
	if list := in.texts("models").or(nil); len(list) > 0 {
		w.Models = ptr(keepModels(w.kept, list, mapping.UserModels(list)))
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

// keepModels keeps a list of models as it was written, if it is another one here.
func keepModels(k mapping.Kept, list, models []string) []string {
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
	if v.Get("#").Int() > MaxBulk {
		return nil, "too_long", fmt.Sprintf("List should have at most %d items", MaxBulk)
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

// Joining are the edits that give a user who is put into a team, by another face, what the
// team gives to each who joins.
func (p Parts) Joining(ctx context.Context, who access.Principal, team, user string) ([]control.Edit, error) {
	return (&api{Parts: p}).givenTo(&call{ctx: ctx, who: who}, team, user, nil)
}

// join puts a user into a team, with what the team gives to each who joins; most, unless nil,
// is what it may spend there.
func (a *api) join(in *call, team, user string, role *access.MemberRole, most *accounting.Money) ([]control.Edit, error) {
	more, err := a.givenTo(in, team, user, most)
	return append([]control.Edit{control.MemberEdit{Action: control.Update, In: control.TeamChanged, ID: team, User: user, Role: role}}, more...), err
}

func (a *api) givenTo(in *call, team, user string, most *accounting.Money) ([]control.Edit, error) {
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
	return a.given(in, team, user, terms)
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
		return a.Control.MayGiveRole(in.who, w.Role)
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
	w, err := of.key(a.Control, mapping.Terms{}, nil, nil)
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
	asks := owner
	asks.UserID = "" // who is made, and put there, by the same change
	if err := a.Control.MayMakeKey(in.who, asks, control.KeySecret{}, w.KeyChange); err != nil {
		return "", nil, err
	}
	if id, err = a.newID("key"); err != nil {
		return "", nil, err
	}
	shared := plan{}
	if budget := in.text("budget_id").or(""); budget != "" {
		if err := a.Control.May(in.who, control.See, control.ThePlan, control.Place{}); err != nil {
			return "", nil, err
		}
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
