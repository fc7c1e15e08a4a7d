package importer

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/configs/litellm"
	"tollgate/configs/litellm/database"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

// none are the values of a column that say nothing.
var none = []string{"", "null", "{}", "[]", `""`, "false", "0"}

// keep keeps the columns of a row that nothing here stands for, so that LiteLLM's clients
// read them as they were. What an earlier import or a client kept beside them stays.
func (t thing) keep(kept mapping.Kept, native ...string) mapping.Kept {
	out := maps.Clone(kept)
	for name, v := range t.row.Map() {
		if slices.Contains(native, name) || slices.Contains(told, name) {
			continue
		}
		if slices.Contains(none, v.Raw) {
			delete(out, name)
			continue
		}
		out.Set(strings.Clone(name), zoned(v))
	}
	durations := []string{t.text("budget_duration")}
	for _, w := range t.row.Get("budget_limits").Array() {
		durations = append(durations, w.Get("budget_duration").Str)
	}
	out.SetDurations(durations...)
	return out
}

// zoned is a value as LiteLLM tells it: its columns have no zone, and mean UTC.
func zoned(v gjson.Result) json.RawMessage {
	if v.Type == gjson.String {
		if at, err := time.Parse("2006-01-02T15:04:05.999999999", v.Str); err == nil {
			return json.RawMessage(at.Format(`"2006-01-02T15:04:05.000000Z"`))
		}
	}
	return json.RawMessage(strings.Clone(v.Raw))
}

// listed keeps a list of models that is written in other words here.
func (t thing) listed(kept mapping.Kept, models []string) mapping.Kept {
	kept.Set("models", nil)
	if list := t.texts("models"); !slices.Equal(list, models) {
		kept.Set("models", list)
	}
	return kept
}

// told are columns that are told from tollgate's own things, wherever they stand.
var told = []string{"spend", "total_spend", "max_budget", "soft_budget", "budget_duration", "budget_reset_at", "rpm_limit", "tpm_limit", "max_parallel_requests", "budget_limits",
	"model_max_budget", "temp_budget_increase", "temp_budget_expiry", "password"}

// models reads a list of models, in words of tollgate's by read. A group of models that a row
// refers to stands in it by its id.
func (p *planner) models(t thing, read func([]string) []string) []string {
	list := t.texts("models")
	if len(list) > 0 {
		for _, id := range t.texts("access_group_ids") {
			g, ok := p.groups[id]
			if !ok {
				t.sayOf(litellm.Changed, "access_group_ids", id, "there is no such access group, or it is not brought over: it opens nothing")
				continue
			}
			list = append(list, g.id)
		}
	}
	list = read(list)
	out := list[:0:0]
	for _, m := range list {
		switch {
		case m == "" || len(m) > maxName:
			t.say(litellm.Changed, "models", "it is no name of a model: it is left out")
		case !slices.Contains(out, m):
			out = append(out, m)
		}
	}
	fits, bytes := 0, 0
	for fits < len(out) && fits < control.MaxModels && bytes+len(out[fits]) <= control.MaxList {
		bytes += len(out[fits])
		fits++
	}
	if fits < len(out) {
		t.say(litellm.Changed, "models", "there are more models than a list has here: the others are closed")
		out = out[:fits]
	}
	if len(out) == 0 && len(list) > 0 {
		out = append(out, mapping.Nothing)
	}
	return out
}

// changed returns a value if it is not what a thing has.
func changed[T comparable](have, want T) *T {
	if have == want {
		return nil
	}
	return &want
}

func changedList(have, want []string) *[]string {
	if slices.Equal(have, want) || len(have)+len(want) == 0 {
		return nil
	}
	return &want
}

func changedMap(have, want map[string]string) *map[string]string {
	if maps.Equal(have, want) {
		return nil
	}
	return &want
}

// kept says what is kept of a thing, and returns the attributes that it stands in.
func (p *planner) kept(kind control.ChangeKind, id string, exists bool) (raw []byte, kept mapping.Kept, err error) {
	if !exists {
		return nil, mapping.Kept{}, nil
	}
	all, err := p.Control.Attributes(p.ctx, kind, id)
	return all[id], mapping.KeptOf(all[id]), err
}

// maxKept is how many bytes of attributes an import fills at most: a mark of its own has to
// fit beside them.
const maxKept = control.MaxAttributes - 1<<10

// into writes what is kept into attributes, and leaves out the largest of it until all of it
// fits there.
func (t thing) into(kept mapping.Kept, raw []byte) []byte {
	next := kept.Into(raw)
	for len(next) > maxKept && len(kept) > 0 {
		largest := ""
		for _, name := range slices.Sorted(maps.Keys(kept)) {
			if len(kept[name]) > len(kept[largest]) {
				largest = name
			}
		}
		t.say(litellm.Unavailable, largest, "it is larger than what can be kept with a thing: it is left out, and what it says of limits and tags holds")
		delete(kept, largest)
		next = kept.Into(raw)
	}
	return next
}

// changedKept is into; nil if it is what is kept already.
func (t thing) changedKept(raw []byte, want mapping.Kept) []byte {
	next := t.into(want, raw)
	if string(next) == string(raw) || len(raw) == 0 && len(want) == 0 {
		return nil
	}
	return next
}

func (p *planner) readOrgs() error {
	return p.each(database.Orgs, kindOrg, func(r database.Row) error {
		p.counts[kindOrg].Found++
		id := p.id(kindOrg, r.ID)
		t := p.thing(kindOrg, r.ID, r)
		have, err := p.Control.Org(id)
		fresh, err := missing(err)
		if err != nil {
			return err
		}
		if fresh && p.dropped(control.OrgChanged, id, t) {
			return nil
		}
		raw, kept, err := p.kept(control.OrgChanged, id, !fresh)
		if err != nil {
			return err
		}
		name, models := t.label("organization_alias"), p.models(t, mapping.Models)
		if len(models) > 0 {
			t.say(litellm.Changed, "models", "it holds for every call of the organization's teams and keys, which LiteLLM asked of teams alone, when they were made")
		}
		e := control.OrgEdit{Action: control.Update, ID: id, OrgChange: control.OrgChange{Name: changed(have.Name, name), Models: changedList(have.Models, models),
			Attributes: t.changedKept(raw, t.listed(t.keep(kept, "organization_id", "organization_alias", "models"), models))}}
		p.orgs[id] = true
		if err := p.putThing(kindOrg, fresh, e.Name == nil && e.Models == nil && e.Attributes == nil, func(a control.Action) control.Edit { e.Action = a; return e }); err != nil {
			return err
		}
		if b, ok := p.budget(t); ok {
			t = over(t, b)
		}
		p.want(scope.Account{Kind: scope.Org, ID: id}, fresh, t, "organization")
		return nil
	})
}

// putThing counts what becomes of a thing and makes its edit.
func (p *planner) putThing(kind string, fresh, same bool, edit func(control.Action) control.Edit) error {
	switch {
	case fresh:
		return p.put(kind, false, edit(control.Create))
	case same:
		return p.put(kind, true)
	}
	return p.put(kind, true, edit(control.Update))
}

// globalUser is the row in which LiteLLM counts what everybody spends.
const globalUser = "litellm-proxy-budget"

func (p *planner) readUsers() error {
	return p.each(database.Users, kindUser, func(r database.Row) error {
		t := p.thing(kindUser, r.ID, r)
		if r.ID == globalUser {
			return p.global(t)
		}
		p.counts[kindUser].Found++
		id := p.id(kindUser, r.ID)
		have, err := p.Control.User(id)
		fresh, err := missing(err)
		if err != nil {
			return err
		}
		if fresh && p.dropped(control.UserChanged, id, t) {
			return nil
		}
		raw, kept, err := p.kept(control.UserChanged, id, !fresh)
		if err != nil {
			return err
		}
		role, known := mapping.Role(t.text("user_role"))
		if !known {
			role = access.PlainUser
			t.sayOf(litellm.Changed, "user_role", t.text("user_role"), "there is no such role: the user is a plain one")
		}
		if have.Role == "" {
			have.Role = access.PlainUser
		}
		if t.there("password") {
			t.say(litellm.Ignored, "password", "passwords of LiteLLM's pages are not brought over")
		}
		models := p.models(t, mapping.UserModels)
		if t.there("max_budget") && p.inTeams[r.ID] {
			t.say(litellm.Changed, "max_budget", "the user has keys within teams: its budget holds for them too, which it did there with apply_user_budget_to_team_keys alone")
		}
		if len(models) > 0 && p.inTeams[r.ID] {
			// LiteLLM holds a user's list against keys of its own alone, tollgate against all.
			p.ownModels[r.ID] = models
			models = []string{}
			t.say(litellm.Changed, "models", "the user has keys within teams, which its list of models did not hold for: it is written into the keys of its own; new keys of its own have no such list")
		}
		keep := t.listed(t.keep(kept, "user_id", "user_alias", "user_email", "user_role", "models", "teams"), models)
		keep.Set(mapping.NoRole, nil)
		if !t.there("user_role") {
			keep.Set(mapping.NoRole, true)
		}
		e := control.UserEdit{ID: id, UserChange: control.UserChange{Name: changed(have.Name, t.label("user_alias")), Email: changed(have.Email, t.label("user_email")),
			Role: changed(have.Role, role), Models: changedList(have.Models, models),
			Attributes: t.changedKept(raw, keep)}}
		if active := t.row.Get("metadata.scim_active"); active.Type == gjson.False && !have.Blocked {
			e.Blocked = new(bool)
			*e.Blocked = true
			t.say(litellm.Changed, "metadata.scim_active", "the single sign-on has closed the account: the user is blocked here, until somebody here lets it in again")
		}
		p.users[id] = true
		same := e.Name == nil && e.Email == nil && e.Role == nil && e.Models == nil && e.Blocked == nil && e.Attributes == nil
		if err := p.putThing(kindUser, fresh, same, func(a control.Action) control.Edit { e.Action = a; return e }); err != nil {
			return err
		}
		p.want(scope.Account{Kind: scope.User, ID: id}, fresh, t, "user")
		return nil
	})
}

// global is the budget of everybody together.
func (p *planner) global(t thing) error {
	if !t.there("max_budget") {
		return nil
	}
	t.kind, t.name = kindBudget, globalUser
	if m := t.row.Get("max_budget"); m.Num == 0 {
		t.say(litellm.Changed, "max_budget", "0 means no limit for the proxy as a whole: none is set")
		return nil
	}
	for _, b := range p.Control.Budgets() {
		if b.Kind == scope.Gateway && b.Origin == fromFile && len(b.Models) == 0 {
			return p.globalSpend(t, b)
		}
	}
	p.want(scope.Account{Kind: scope.Gateway}, false, t, "proxy")
	return nil
}

// globalSpend carries what everybody has spent to the budget of the configuration file, which
// has the limit and says when it begins anew.
func (p *planner) globalSpend(t thing, b ledger.Budget) error {
	spent, known := t.spent("spend")
	resets := t.instant("budget_reset_at")
	switch {
	case !resets.IsZero() && !resets.After(p.Now):
		t.say(litellm.Changed, "budget_reset_at", windowEnded)
		spent = 0
	case !known && b.Limit != nil:
		t.say(litellm.Changed, "spend", allSpent)
		spent = *b.Limit
	}
	return p.carry(scope.Account{Kind: scope.Gateway}, "", b.ID, spent, b.Window.At(p.Now).Start)
}

// ensureUser makes a user that something refers to and that is nowhere. "" is one that was
// deleted here.
func (p *planner) ensureUser(t thing, there string) (string, error) {
	id := p.id(kindUser, there)
	if p.users[id] {
		return id, nil
	}
	_, err := p.Control.User(id)
	fresh, err := missing(err)
	if err != nil {
		return "", err
	}
	if fresh && p.deleted[deleted{control.UserChanged, id}] {
		return "", nil
	}
	p.users[id] = true
	t.sayOf(litellm.Changed, "user_id", there, "LiteLLM has no such user: there is one here without a budget, so that what is its own has an owner")
	if !fresh {
		return id, nil
	}
	p.counts[kindUser].New++
	return id, p.do(control.UserEdit{Action: control.Create, ID: id})
}

func (p *planner) readOrgMembers() error {
	return p.each(database.OrgMembers, kindMember, func(r database.Row) error {
		org := p.id(kindOrg, r.Value.Get("organization_id").Str)
		t := p.thing(kindMember, r.ID, r)
		p.counts[kindMember].Found++
		if !p.orgs[org] {
			p.counts[kindMember].Left++
			t.say(litellm.Changed, "organization_id", "there is no such organization: the membership is left out")
			return nil
		}
		user, err := p.ensureUser(t, r.Value.Get("user_id").Str)
		if err != nil {
			return err
		}
		if user == "" {
			p.counts[kindMember].Left++
			t.say(litellm.Changed, "user_id", gone)
			return nil
		}
		if t.there("budget_id") {
			t.say(litellm.Unavailable, "budget_id", "members of organizations have no budgets of their own: it is left out")
		}
		role := access.PlainMember
		if t.text("user_role") == "org_admin" {
			role = access.GroupAdmin
		}
		have, err := p.Control.Org(org)
		if _, err = missing(err); err != nil {
			return err
		}
		_, err = p.member(t, control.OrgChanged, org, user, role, have.Members, have.Admins)
		return err
	})
}

// member puts somebody into a team or an organization. out says that somebody here has put
// them out of it.
func (p *planner) member(t thing, in control.ChangeKind, id, user string, role access.MemberRole, members, admins []string) (out bool, err error) {
	is := access.Is(user, members)
	if !is && p.deleted[deleted{in + " member", id + "/" + user}] {
		p.counts[kindMember].Left++
		t.find(litellm.Changed, kindMember, id+"/"+user, "", gone)
		return true, nil
	}
	e := control.MemberEdit{Action: control.Update, In: in, ID: id, User: user, Role: &role}
	if is && access.Is(user, admins) == (role == access.GroupAdmin) {
		return false, p.put(kindMember, true)
	}
	return false, p.put(kindMember, is, e)
}

// team is a team as it will be.
type team struct {
	org     string // its organization's id here
	fresh   bool
	members map[string]bool     // ids here
	allowed map[string][]string // what members may call there, if not all of it
	gives   *row                // the budget that it gives to members who have none of their own; nil: none
}

func (p *planner) readTeams() error {
	if err := p.each(database.TeamAliases, kindTeam, func(r database.Row) error {
		p.alias[strings.Clone(r.ID)] = p.thing(kindTeam, "alias row "+r.ID, r).dictionary("aliases", r.Value.Get("aliases"))
		return nil
	}); err != nil {
		return err
	}
	return p.each(database.Teams, kindTeam, func(r database.Row) error {
		p.counts[kindTeam].Found++
		id := p.id(kindTeam, r.ID)
		t := p.thing(kindTeam, r.ID, r)
		have, err := p.Control.Team(id)
		fresh, err := missing(err)
		if err != nil {
			return err
		}
		if fresh && p.dropped(control.TeamChanged, id, t) {
			return nil
		}
		raw, kept, err := p.kept(control.TeamChanged, id, !fresh)
		if err != nil {
			return err
		}
		org := ""
		if there := t.text("organization_id"); there != "" {
			if org = p.id(kindOrg, there); !p.orgs[org] {
				t.sayOf(litellm.Changed, "organization_id", there, "there is no such organization: the team is in none")
				org = ""
			}
		}
		aliases := p.alias[t.row.Get("model_id").Raw]
		if aliases == nil {
			aliases = map[string]string{}
		}
		models := p.models(t, mapping.Models)
		keep := t.listed(t.keep(kept, "team_id", "team_alias", "organization_id", "blocked", "models", "model_id", "members_with_roles", "members", "admins"), models)
		gives := p.gives(t, keep)
		e := control.TeamEdit{ID: id, TeamChange: control.TeamChange{Name: changed(have.Name, t.label("team_alias")), Org: changed(have.OrgID, org), Blocked: changed(have.Blocked, t.flag("blocked")),
			Models: changedList(have.Models, models), Aliases: changedMap(have.Aliases, aliases), Tags: changedList(have.Tags, t.tags()),
			Attributes: t.changedKept(raw, keep)}}
		p.teams[id] = &team{org: org, fresh: fresh, members: map[string]bool{}, allowed: map[string][]string{}, gives: gives}
		same := e.Name == nil && e.Org == nil && e.Blocked == nil && e.Models == nil && e.Aliases == nil && e.Tags == nil && e.Attributes == nil
		if err := p.putThing(kindTeam, fresh, same, func(a control.Action) control.Edit { e.Action = a; return e }); err != nil {
			return err
		}
		p.want(scope.Account{Kind: scope.Team, ID: id}, fresh, t, "team")
		return p.teamMembers(t, id, have)
	})
}

// teamMembers reads who is in a team.
func (p *planner) teamMembers(t thing, id string, have access.Team) error {
	list := t.row.Get("members_with_roles")
	if list.Type == gjson.String && gjson.Valid(list.Str) {
		list = gjson.Parse(list.Str)
	}
	if list.Raw != "{}" && list.Type != gjson.Null && !list.IsArray() {
		t.say(litellm.Changed, "members_with_roles", "it is no list: the team has no members")
	}
	var err error
	seen := map[string]access.MemberRole{}
	var order []string
	add := func(there string, role access.MemberRole) {
		if there == "" {
			t.say(litellm.Changed, "members_with_roles", "a member has no user_id: it is left out")
			return
		}
		user, failed := p.ensureUser(t, there)
		if failed != nil || user == "" {
			err = errors.Join(err, failed)
			return
		}
		if was, ok := seen[user]; !ok {
			order = append(order, user)
		} else if was == access.GroupAdmin {
			role = was
		}
		seen[user] = role
	}
	for _, m := range list.Array() {
		role := access.PlainMember
		if m.Get("role").Str == "admin" {
			role = access.GroupAdmin
		}
		add(m.Get("user_id").Str, role)
	}
	if err != nil {
		return err
	}
	for _, user := range order {
		p.counts[kindMember].Found++
		out, err := p.member(t, control.TeamChanged, id, user, seen[user], have.Members, have.Admins)
		if err != nil {
			return err
		}
		p.teams[id].members[user] = !out
	}
	return nil
}

// ensureMember puts a user into a team that a key of its is in: here such a key works for
// members alone. out says that somebody here has put it out of the team.
func (p *planner) ensureMember(t thing, teamID, user string) (out bool, err error) {
	in := p.teams[teamID]
	if in == nil {
		return false, nil
	}
	if is, known := in.members[user]; known {
		return !is, nil
	}
	have, err := p.Control.Team(teamID)
	if _, err = missing(err); err != nil {
		return false, err
	}
	if out, err = p.member(t, control.TeamChanged, teamID, user, access.PlainMember, have.Members, have.Admins); err != nil {
		return out, err
	}
	if in.members[user] = !out; !out {
		t.say(litellm.Changed, "team_id", "its user is not in its team, where it worked all the same: the user is in the team here")
	}
	return out, nil
}

// ensureTeam makes a team that a key refers to and that is nowhere. "" is one that was
// deleted here.
func (p *planner) ensureTeam(t thing, there string) (string, error) {
	id := p.id(kindTeam, there)
	if p.teams[id] != nil {
		return id, nil
	}
	have, err := p.Control.Team(id)
	fresh, err := missing(err)
	if err != nil {
		return "", err
	}
	if fresh && p.deleted[deleted{control.TeamChanged, id}] {
		return "", nil
	}
	in := &team{org: have.OrgID, fresh: fresh, members: map[string]bool{}, allowed: map[string][]string{}}
	for _, m := range have.Members {
		in.members[m] = true
	}
	p.teams[id] = in
	if !fresh {
		t.sayOf(litellm.Changed, "team_id", there, "LiteLLM has no such team any more, and refuses the key: it works here, where the team is; block the key if it is not to")
		return id, nil
	}
	t.sayOf(litellm.Changed, "team_id", there, "LiteLLM has no such team, and refuses the key: there is one here, without a budget and blocked")
	p.counts[kindTeam].New++
	blocked := true
	return id, p.do(control.TeamEdit{Action: control.Create, ID: id, TeamChange: control.TeamChange{Blocked: &blocked}})
}

// gives reads the budget that a team gives its members, and keeps what it says as LiteLLM's
// management face keeps it.
func (p *planner) gives(t thing, kept mapping.Kept) *row {
	b, there := row{}, false
	if id := t.row.Get("metadata.team_member_budget_id").Str; id != "" {
		if b, there = p.budgets[id]; !there {
			t.sayOf(litellm.Changed, "metadata.team_member_budget_id", id, "there is no such budget: members have none by their team")
		}
	}
	of := thing{t.findings, t.kind, t.name, b}
	most := of.limit("max_budget")
	if most != nil && *most == 0 {
		of.say(litellm.Changed, "max_budget", "0 means no limit for those who have none of their own in a team: none is set")
		b, most = without(b, "max_budget"), nil
	}
	kept.Set("team_member_budget", dollars(most))
	kept.Set("team_member_budget_duration", nil)
	if d, _, _ := p.period(of, "budget_duration", of.text("budget_duration"), time.Time{}); most != nil && d != "" {
		kept.Set("team_member_budget_duration", d)
	}
	kept.Set("team_member_rpm_limit", of.count("rpm_limit"))
	kept.Set("team_member_tpm_limit", of.count("tpm_limit"))
	kept.Set("team_member_model_max_budget", modelBudgets(p.modelLimits(of)))
	if !there {
		return nil
	}
	return &b
}

// readMembers reads what members may spend within their teams: by a budget of their own, or
// by the one that their team gives.
func (p *planner) readMembers() error {
	seen := map[string]bool{}
	if err := p.each(database.Members, kindMember, func(r database.Row) error {
		t := p.thing(kindMember, r.ID, r)
		teamID, user := p.id(kindTeam, t.text("team_id")), p.id(kindUser, t.text("user_id"))
		in := p.teams[teamID]
		if in == nil || !in.members[user] {
			t.say(litellm.Changed, "", "it is not among the members of the team's own row, or there is no such team: what it may spend there is left out")
			return nil
		}
		account := control.MemberAccount(teamID, user)
		seen[account.ID] = true
		b, ok := p.budget(t)
		if ok {
			if allowed := mapping.Models(p.thing(kindMember, r.ID, database.Row{Value: b}).texts("allowed_models")); len(allowed) > 0 {
				in.allowed[user] = allowed
			}
			t = over(t, b)
		}
		switch {
		case in.gives == nil:
		case !ok:
			t = over(t, *in.gives)
		case !t.there("max_budget"):
			t = over(t, only(*in.gives, "max_budget", "budget_duration", "budget_reset_at"))
		}
		p.want(account, in.fresh, t, "team_member")
		return nil
	}); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(p.teams)) {
		in := p.teams[id]
		for _, user := range slices.Sorted(maps.Keys(in.members)) {
			if account := control.MemberAccount(id, user); in.gives != nil && in.members[user] && !seen[account.ID] { // LiteLLM has no row of it, and its team's budget holds
				t := thing{&p.findings, kindMember, user + "/" + id, gjson.Parse("{}")}
				p.want(account, in.fresh, over(t, *in.gives), "team_member")
			}
		}
	}
	return nil
}

// readEndUsers reads customers. Of most of them nothing is known but that they were named.
func (p *planner) readEndUsers() error {
	return p.each(database.EndUsers, kindEndUser, func(r database.Row) error {
		c := p.counts[kindEndUser]
		c.Found++
		t := p.thing(kindEndUser, r.ID, r)
		switch {
		case r.ID == "" || len(r.ID) > access.MaxEndUser || strings.ContainsFunc(r.ID, func(r rune) bool { return r < ' ' || r == 0x7f }):
			c.Left++
			t.say(litellm.Unavailable, "", "calls cannot name somebody like this here: it is left out")
			return nil
		}
		for field, message := range map[string]string{"default_model": "calls that name no model are refused here: it is kept and does nothing",
			"allowed_model_region": "tollgate knows no regions of models: it is kept and does nothing", "models": "what customers may call is not restricted here: it is kept and does nothing"} {
			if t.there(field) && !slices.Contains(none, t.row.Get(field).Raw) {
				t.say(litellm.Unavailable, field, message)
			}
		}
		have, err := p.Control.EndUser(r.ID)
		fresh, err := missing(err)
		if err != nil {
			return err
		}
		if fresh && p.dropped(control.EndUserChanged, r.ID, t) {
			return nil
		}
		raw, kept, err := p.kept(control.EndUserChanged, r.ID, !fresh)
		if err != nil {
			return err
		}
		id := strings.Clone(r.ID)
		b, own := p.budget(t)
		if own {
			t = over(t, b)
		} else if p.others != nil {
			t = over(t, only(p.budgets[p.EndUserBudget], "budget_reset_at"))
		}
		p.want(scope.Account{Kind: scope.EndUser, ID: id}, fresh, t, "end_user")
		if fresh && len(t.keep(mapping.Kept{}, "user_id", "alias")) == 0 && t.text("alias") == "" {
			c.Left++
			t.find(litellm.Ignored, kindEndUser, "", "", "nothing is known of it but that calls named it: there is nothing to bring over")
			return nil
		}
		e := control.EndUserEdit{ID: id, EndUserChange: control.EndUserChange{Name: changed(have.Name, t.label("alias")), Blocked: changed(have.Blocked, t.flag("blocked")),
			Attributes: t.changedKept(raw, t.keep(kept, "user_id", "alias", "blocked"))}}
		same := e.Name == nil && e.Blocked == nil && e.Attributes == nil
		return p.putThing(kindEndUser, fresh, same, func(a control.Action) control.Edit { e.Action = a; return e })
	})
}
