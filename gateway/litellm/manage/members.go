package manage

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

// memberFields are the fields of a membership: its terms have names of their own.
var memberFields = slices.Concat(honoured("team_id", "max_budget_in_team", "budget_duration", "tpm_limit", "rpm_limit", "model_max_budget", "temp_budget_increase", "temp_budget_expiry"),
	as(Refused, "A member may use what its team and its key may.", "allowed_models"))

func (a *api) memberRoutes() []route {
	return []route{
		{http.MethodPost, "/team/member_add", slices.Concat(memberFields, honoured("member")), a.addMembers},
		{http.MethodPost, "/team/bulk_member_add", slices.Concat(memberFields, honoured("members", "all_users")), a.addManyMembers},
		{http.MethodPost, "/team/member_update", slices.Concat(memberFields, honoured("user_id", "user_email", "role")), a.updateMember},
		{http.MethodPost, "/team/member_delete", honoured("team_id", "user_id", "user_email"), a.deleteMember},
		{http.MethodGet, "/team/:team/members/me", nil, a.ownMembership},
		{http.MethodPost, "/team/:team/member/:user/reset_spend", honoured("reset_to"), a.resetMember},
	}
}

// wantedMember is who is to be in a group, and as what.
type wantedMember struct {
	user, email string
	role        access.MemberRole
}

// members reads a list of members, or one.
func (in *call) members(name string) ([]wantedMember, error) {
	v, _, there := in.get(name)
	if !there {
		return nil, in.done()
	}
	all := []gjson.Result{v}
	if v.IsArray() {
		all = first(v, MaxBulk+1)
	}
	if len(all) > MaxBulk {
		return nil, bad(name, "at most %d members are added at once", MaxBulk)
	}
	var out []wantedMember
	for i, x := range all {
		m := wantedMember{user: strings.Clone(x.Get("user_id").String()), email: strings.Clone(x.Get("user_email").String())}
		switch role := x.Get("role").String(); role {
		case "", "user", "internal_user", "internal_user_viewer":
			m.role = access.PlainMember
		case "admin", "org_admin":
			m.role = access.GroupAdmin
		default:
			in.fail("enum", "Input should be 'admin' or 'user'", name, i, "role")
		}
		if !x.IsObject() || m.user == "" && m.email == "" {
			in.fail("value_error", "Value error, Either user id or user email must be provided", name, i)
		}
		out = append(out, m)
	}
	return out, in.done()
}

// userOf returns the id of a user by its id, or by its e-mail in any case; "" if there is none.
// By an e-mail it is one who may be in the group at a place by who asks.
func (a *api) userOf(in *call, at control.Place, id, email string) (string, error) {
	if id != "" || email == "" {
		if _, err := a.Control.User(id); err != nil {
			return "", nil
		}
		return id, nil
	}
	found := slices.DeleteFunc(a.Control.UsersWithEmail(email), func(u access.User) bool { return a.Control.MayAdd(in.who, at, u.ID) != nil })
	switch len(found) {
	case 0:
		return "", nil
	case 1:
		return found[0].ID, nil
	}
	return "", bad("user_email", "%d users have the e-mail %s: give the user_id of one of them", len(found), email)
}

// memberTerms are the fields of a team that say what its members have there.
var memberTerms = []string{"team_member_budget", "team_member_budget_duration", "team_member_rpm_limit", "team_member_tpm_limit", "team_member_model_max_budget"}

// keepMemberTerms keeps them, for those who join later and for the change after this one.
func (in *call) keepMemberTerms(k mapping.Kept) {
	in.money("team_member_budget")
	in.count("team_member_rpm_limit")
	in.count("team_member_tpm_limit")
	value(&in.body, "team_member_model_max_budget", modelsOf)
	if d := in.text("team_member_budget_duration"); d.v != nil {
		if _, err := mapping.WindowOf(*d.v); err != nil {
			in.fail("value_error", mapping.BadDuration("team_member_budget_duration", *d.v), "team_member_budget_duration")
		}
	}
	for _, name := range memberTerms {
		if v, given, there := in.get(name); there {
			k.Set(name, rawOf(v))
		} else if given {
			delete(k, name)
		}
	}
}

// termsInTeam reads the terms of a membership over those that it has. A budget that is new
// has the window of the team's, unless another one, or null, is told.
func (b *body) termsInTeam(t, team mapping.Terms) mapping.Terms {
	had := t.Max != nil
	b.money("max_budget_in_team").set(&t.Max)
	if d := b.text("budget_duration"); d.given {
		t.Duration, t.Starts = d.or(""), time.Time{}
	} else if !had {
		t = inWindow(t, team)
	}
	b.count("rpm_limit").set(&t.RPM)
	b.count("tpm_limit").set(&t.TPM)
	if m := value(b, "model_max_budget", modelsOf); m.given {
		t.Models = m.or(nil)
	}
	return b.extra(t)
}

// inWindow gives a budget that names no window that of the team's budget.
func inWindow(t, team mapping.Terms) mapping.Terms {
	if t.Max != nil && t.Duration == "" {
		t.Duration, t.Starts = team.Duration, team.Starts
	}
	return t
}

// termsOfTeam are the terms that a team gives to each who joins. team are its own.
func termsOfTeam(attributes []byte, team mapping.Terms) (t mapping.Terms) {
	k := mapping.KeptOf(attributes)
	if m, _, problem := moneyOf(gjson.ParseBytes(k["team_member_budget"])); problem == "" {
		t.Max = &m
	}
	t.Duration = k.Text("team_member_budget_duration")
	if n, _, problem := countOf(gjson.ParseBytes(k["team_member_rpm_limit"])); problem == "" {
		t.RPM = &n
	}
	if n, _, problem := countOf(gjson.ParseBytes(k["team_member_tpm_limit"])); problem == "" {
		t.TPM = &n
	}
	if m, _, problem := modelsOf(gjson.ParseBytes(k["team_member_model_max_budget"])); problem == "" {
		t.Models = m
	}
	return inWindow(t, team)
}

// follow gives the members of a team, who have something as the team gave it, what it gives
// now in its place. What somebody has of its own stays.
func (a *api) follow(in *call, t access.Team, was, is mapping.Terms) (edits []control.Edit, err error) {
	ids := make([]string, len(t.Members))
	for i, user := range t.Members {
		ids[i] = control.MemberAccount(t.ID, user).ID
	}
	standings, err := a.standings(in.ctx, scope.Member, ids...)
	if err != nil {
		return nil, err
	}
	for _, user := range t.Members {
		account := control.MemberAccount(t.ID, user)
		now := standings[account.ID]
		more, err := a.change(account, now, inherit(now.Terms, was, is), nil)
		if err != nil {
			return nil, err
		}
		edits = append(edits, more...)
	}
	return edits, nil
}

// inherit is what a member has in a team that gave some terms and gives others now.
func inherit(have, was, is mapping.Terms) mapping.Terms {
	if equal(have.Max, was.Max) && sameDuration(have.Duration, was.Duration) {
		if have.Max = is.Max; !sameDuration(have.Duration, is.Duration) {
			have.Duration, have.Starts = is.Duration, is.Starts
		}
	}
	if equal(have.RPM, was.RPM) {
		have.RPM = is.RPM
	}
	if equal(have.TPM, was.TPM) {
		have.TPM = is.TPM
	}
	if maps.EqualFunc(have.Models, was.Models, func(x, y mapping.Limit) bool { return x.Max == y.Max && sameDuration(x.Duration, y.Duration) }) {
		have.Models = is.Models
	}
	return have
}

// sameDuration says whether two texts name one window.
func sameDuration(x, y string) bool { return mapping.Canonical(x) == mapping.Canonical(y) }

func equal[T comparable](x, y *T) bool { return x == y || x != nil && y != nil && *x == *y }

// joining is the edits that put members into a team with terms. at is where the team is.
// Users that are not there are made. Who is named twice joins once, as what it is named last.
func (a *api) joining(in *call, team string, at control.Place, all []wantedMember, terms mapping.Terms) (edits []control.Edit, ids []string, err error) {
	joins := map[string]int{} // where in edits
	for _, m := range all {
		id, err := a.userOf(in, at, m.user, m.email)
		if err != nil {
			return nil, nil, err
		}
		named := cmp.Or(id, m.user, strings.ToLower(m.email))
		if i, again := joins[named]; again {
			e := edits[i].(control.MemberEdit)
			e.Role = &m.role
			edits[i] = e
			continue
		}
		may := a.Control.MayAdd(in.who, at, id)
		if id == "" {
			may = a.Control.May(in.who, control.Make, control.TheUser, control.Place{})
		}
		if may != nil { // one who is not theirs is like one who is not there
			return nil, nil, missing("user_id", "User not found: %s%s. Only an admin makes users, or adds those who are neither of the team's organization nor of another team of yours.", m.user, m.email)
		}
		if id == "" {
			if id = m.user; id == "" {
				if id, err = a.newID("user"); err != nil {
					return nil, nil, err
				}
			}
			if err := a.sameEmail(&m.email, ""); err != nil {
				return nil, nil, err
			}
			edits = append(edits, control.UserEdit{Action: control.Create, ID: id, UserChange: control.UserChange{Email: &m.email, Role: ptr(access.SelfService), Attributes: in.fill(mapping.Kept{}).Into(nil)}})
		}
		joins[named] = len(edits)
		edits = append(edits, control.MemberEdit{Action: control.Update, In: control.TeamChanged, ID: team, User: id, Role: &m.role})
		more, err := a.given(in, team, id, terms)
		if err != nil {
			return nil, nil, err
		}
		edits, ids = append(edits, more...), append(ids, id)
	}
	return edits, ids, nil
}

// given is what gives somebody who joins a team terms there. Who has been there before may
// have some: they stay, unless who puts it in may say what others spend.
func (a *api) given(in *call, team, user string, terms mapping.Terms) ([]control.Edit, error) {
	account := control.MemberAccount(team, user)
	now, err := a.standing(in.ctx, account.Kind, account.ID)
	if err != nil {
		return nil, err
	}
	if !a.mayBound(in) && len(a.forget(account)) > 0 {
		return nil, nil
	}
	return a.change(account, now, terms, nil)
}

// mayBound says whether somebody may say what others spend.
func (a *api) mayBound(in *call) bool {
	return a.Control.May(in.who, control.Alter, control.TheBudget, control.Place{}) == nil
}

// mayMember says whether somebody may do something with the members of a team.
func (a *api) mayMember(in *call, team string, do control.Verb) (access.Team, error) {
	t, err := a.Control.Team(team)
	at := control.Place{}
	if err == nil {
		at = a.Control.PlaceOfTeam(team)
	}
	if a.Control.May(in.who, do, control.TheMember, at) != nil {
		return t, forbidden("team_id", "Call not allowed. User not proxy admin OR team admin. route=%s, team_id=%s", in.c.Route().Path, team)
	}
	if err != nil {
		return t, missing("team_id", "Team not found: it doesn't exist in db. Team=%s. Create team via `/team/new` call.", team)
	}
	return t, nil
}

// add puts members into a team and returns their rows, as users and as members.
func (a *api) add(in *call, id string, members []wantedMember) (users, memberships []row, err error) {
	t, err := a.mayMember(in, id, control.Make)
	if err != nil {
		return nil, nil, err
	}
	at := a.Control.PlaceOfTeam(id)
	for _, m := range members {
		user, err := a.userOf(in, at, m.user, m.email)
		if err != nil {
			return nil, nil, err
		}
		if user != "" && access.Is(user, t.Members) {
			return nil, nil, &refusal{status: http.StatusBadRequest, kind: "team_member_already_in_team", param: "member", message: "User already in team. Member: user_id=" + user}
		}
	}
	attributes, err := a.attributes(in, control.TeamChanged, id)
	if err != nil {
		return nil, nil, err
	}
	team, err := a.standing(in.ctx, scope.Team, id)
	if err != nil {
		return nil, nil, err
	}
	terms := termsOfTeam(attributes[id], team.Terms)
	if slices.ContainsFunc(memberFields, func(f field) bool { _, _, there := in.get(f.name); return there && f.name != "team_id" }) {
		terms = in.termsInTeam(terms, team.Terms)
		if err := in.done(); err != nil {
			return nil, nil, err
		}
		if err := a.mayRaise(in, &mapping.Standing{}, terms, nil); err != nil {
			return nil, nil, err
		}
	}
	edits, ids, err := a.joining(in, id, at, members, terms)
	if err != nil {
		return nil, nil, err
	}
	if _, err := a.Control.Apply(in.ctx, edits); err != nil {
		return nil, nil, plain(err)
	}
	if t, err = a.Control.Team(id); err != nil {
		return nil, nil, err
	}
	if users, err = a.teamUsers(in, ids); err != nil {
		return nil, nil, err
	}
	memberships, err = a.memberships(in, t, ids, nil)
	return users, memberships, err
}

func (a *api) addMembers(in *call) error {
	id, err := in.needText("team_id")
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
	users, memberships, err := a.add(in, id, members)
	if err != nil {
		return err
	}
	return a.answerTeam(in, "team_members", id, func(r row) row { return r.add(row{"updated_users": users, "updated_team_memberships": memberships}) })
}

func (a *api) addManyMembers(in *call) error {
	id, err := in.needText("team_id")
	if err != nil {
		return err
	}
	members, err := in.members("members")
	if err != nil {
		return err
	}
	if in.flag("all_users").or(false) {
		t, err := a.mayMember(in, id, control.Make)
		if err != nil {
			return err
		}
		users, err := a.Control.Users(in.ctx)
		if err != nil {
			return err
		}
		for _, u := range users {
			if !access.Is(u.ID, t.Members) && a.Control.MayAdd(in.who, a.Control.PlaceOfTeam(id), u.ID) == nil {
				members = append(members, wantedMember{user: u.ID, role: access.PlainMember})
			}
		}
		if len(members) > MaxBulk {
			return bad("all_users", "at most %d members are added at once, and these are %d", MaxBulk, len(members))
		}
	}
	if err := in.done(); err != nil {
		return err
	}
	results, done := []row{}, 0
	for _, m := range members {
		result := row{"user_id": null(m.user), "user_email": null(m.email), "success": false, "error": nil, "updated_user": nil, "updated_team_membership": nil}
		err := a.whole(in, func(in *call) error {
			users, memberships, err := a.add(in, id, []wantedMember{m})
			if err == nil {
				result.with(row{"success": true, "updated_user": users[0], "updated_team_membership": memberships[0], "user_id": users[0]["user_id"]})
			}
			return err
		})
		if err == nil {
			done++
		} else {
			result["error"] = err.Error()
		}
		results = append(results, result)
	}
	if _, err := a.mayMember(in, id, control.Make); err != nil {
		return err
	}
	return a.answerTeam(in, "team", id, func(r row) row {
		return row{"team_id": id, "results": results, "total_requested": len(members), "successful_additions": done, "failed_additions": len(members) - done, "updated_team": r}
	})
}

// teamUsers are the rows of users as answers about teams have them.
func (a *api) teamUsers(in *call, ids []string) ([]row, error) {
	standings, err := a.standings(in.ctx, scope.User, ids...)
	if err != nil {
		return nil, err
	}
	rows := make([]row, 0, len(ids))
	for _, id := range ids {
		u, err := a.Control.User(id)
		if err != nil {
			return nil, err
		}
		rows = append(rows, shape("team_user").with(termsOf(standings[id], mapping.Kept{})).with(row{"user_id": id, "user_email": null(u.Email), "user_alias": null(u.Name), "user_role": mapping.RoleName(u.Role),
			"models": list(u.Models), "teams": list(a.groupsOf(in, id).Teams), "created_at": instant(u.Created), "updated_at": instant(u.Created)}))
	}
	return rows, nil
}

// memberships are the rows of some members of a team. given, unless nil, are the terms that
// the team gives them: the rows tell then where each has its budget from.
func (a *api) memberships(in *call, t access.Team, users []string, given *mapping.Terms) ([]row, error) {
	ids := make([]string, len(users))
	for i, u := range users {
		ids[i] = control.MemberAccount(t.ID, u).ID
	}
	standings, err := a.standings(in.ctx, scope.Member, ids...)
	if err != nil {
		return nil, err
	}
	out := []row{}
	for i, u := range users {
		s := standings[ids[i]]
		r := row{"user_id": u, "team_id": t.ID, "budget_id": nil, "spend": number(s.Spend), "total_spend": number(s.Spend), "litellm_budget_table": nil}
		table := memberBudget(s, t)
		if table != nil {
			r["litellm_budget_table"], r["budget_id"] = table, table["budget_id"]
		}
		switch {
		case given == nil:
		case table == nil:
			r["budget_source"] = "none"
		case given.Max != nil && equal(s.Max, given.Max) && sameDuration(s.Duration, given.Duration):
			r["budget_source"] = "team_default"
		default:
			r["budget_source"] = "custom"
		}
		out = append(out, r)
	}
	return out, nil
}

// memberBudget is the budget of a membership as a row, or nil.
func memberBudget(s *mapping.Standing, t access.Team) row {
	if s.Main == nil && s.RPM == nil && s.TPM == nil && len(s.Others) == 0 {
		return nil
	}
	terms := termsOf(s, mapping.Kept{})
	r := shape("member_budget").with(terms).with(row{"model_max_budget": orNull(terms["model_max_budget"])})
	r["created_at"] = instant(t.Created)
	if s.Main != nil {
		r.with(row{"budget_id": s.Main.ID})
	}
	return r
}

// membership returns the team and the member of it that a request names, if its caller may
// do something with members.
func (a *api) membership(in *call, do control.Verb) (t access.Team, user string, err error) {
	id, err := in.needText("team_id")
	if err != nil {
		return t, "", err
	}
	if t, err = a.mayMember(in, id, do); err != nil {
		return t, "", err
	}
	named, email := in.text("user_id").or(""), in.text("user_email").or("")
	if err := in.done(); err != nil {
		return t, "", err
	}
	if user, err = a.userOf(in, a.Control.PlaceOfTeam(id), named, email); err != nil {
		return t, "", err
	}
	if user == "" || !access.Is(user, t.Members) {
		return t, "", bad("user_id", "User not found in team %s", id)
	}
	return t, user, nil
}

func (a *api) updateMember(in *call) error {
	t, user, err := a.membership(in, control.Alter)
	if err != nil {
		return err
	}
	team := t.ID
	var edits []control.Edit
	if role := in.text("role"); role.v != nil {
		as, ok := map[string]access.MemberRole{"admin": access.GroupAdmin, "user": access.PlainMember}[*role.v]
		if !ok {
			in.fail("enum", "Input should be 'admin' or 'user'", "role")
		}
		edits = append(edits, control.MemberEdit{Action: control.Update, In: control.TeamChanged, ID: team, User: user, Role: &as})
	}
	account := control.MemberAccount(team, user)
	now, err := a.standing(in.ctx, account.Kind, account.ID)
	if err != nil {
		return err
	}
	of, err := a.standing(in.ctx, scope.Team, team)
	if err != nil {
		return err
	}
	want := in.termsInTeam(now.Terms, of.Terms)
	if err := in.done(); err != nil {
		return err
	}
	if err := a.mayRaise(in, now, want, nil); err != nil {
		return err
	}
	more, err := a.change(account, now, want, nil)
	if err != nil {
		return err
	}
	if _, err := a.Control.Apply(in.ctx, append(edits, more...)); err != nil {
		return plain(err)
	}
	if now, err = a.standing(in.ctx, account.Kind, account.ID); err != nil {
		return err
	}
	terms := termsOf(now, mapping.Kept{})
	return in.answer(row{"team_id": team, "user_id": user, "user_email": in.text("user_email").v, "max_budget_in_team": terms["max_budget"], "budget_duration": terms["budget_duration"],
		"rpm_limit": terms["rpm_limit"], "tpm_limit": terms["tpm_limit"], "allowed_models": nil, "model_max_budget": orNull(terms["model_max_budget"]), "temp_budget_increase": terms["temp_budget_increase"], "temp_budget_expiry": terms["temp_budget_expiry"]})
}

// orNull is a map, or null for an empty one.
func orNull(v any) any {
	if m, ok := v.(row); ok && len(m) == 0 {
		return nil
	}
	return v
}

func (a *api) deleteMember(in *call) error {
	t, user, err := a.membership(in, control.Remove)
	if err != nil {
		return err
	}
	team := t.ID
	edits := []control.Edit{control.MemberEdit{Action: control.Delete, In: control.TeamChanged, ID: team, User: user}}
	var accounts []scope.Account
	if a.mayBound(in) { // else who is put in again would have what it had not
		accounts = append(accounts, control.MemberAccount(team, user))
	}
	keys, err := a.Control.Keys(in.ctx, control.KeyFilter{UserID: user, TeamID: team})
	if err != nil {
		return err
	}
	for _, k := range keys {
		edits = append(edits, control.KeyEdit{Action: control.Delete, ID: k.ID})
		accounts = append(accounts, scope.Account{Kind: scope.Key, ID: k.ID})
	}
	if _, err := a.Control.Apply(in.ctx, append(a.forget(accounts...), edits...)); err != nil {
		return plain(err)
	}
	return a.answerTeam(in, "team", team, nil)
}

// ownMembership tells a member of what it has in a team.
func (a *api) ownMembership(in *call) error {
	team := in.param("team")
	t, err := a.Control.Team(team)
	user := in.who.Key.UserID
	if err != nil || user == "" || !access.Is(user, t.Members) || in.who.Person() == nil && in.who.Key.TeamID != team {
		return missing("team_id", "Team not found among those that you are a member of: %s", team)
	}
	rows, err := a.memberships(in, t, []string{user}, nil)
	if err != nil {
		return err
	}
	u, err := a.Control.User(user)
	if err != nil {
		return err
	}
	return in.answer(rows[0].add(row{"role": roleIn(t, user), "team_alias": null(t.Name), "user_email": null(u.Email)}))
}

func (a *api) resetMember(in *call) error {
	to, err := in.resetTo()
	if err != nil {
		return err
	}
	team, user := in.param("team"), in.param("user")
	t, err := a.mayMember(in, team, control.Alter)
	if err != nil {
		return err
	}
	if in.who.Key.UserID == user {
		return forbidden("user_id", "Nobody resets the own spending.")
	}
	if err := a.Control.May(in.who, control.Alter, control.TheBudget, control.Place{}); err != nil {
		return err
	}
	if !access.Is(user, t.Members) {
		return missing("user_id", "Team membership not found for user_id=%s, team_id=%s", user, team)
	}
	now, err := a.reset(in, control.MemberAccount(team, user), to)
	if err != nil {
		return err
	}
	return in.answer(row{"team_id": team, "user_id": user, "spend": number(to), "previous_spend": number(now.Spend), "max_budget": amount(now.Max)})
}
