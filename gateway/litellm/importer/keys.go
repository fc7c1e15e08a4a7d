package importer

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"tollgate/accounting/pattern"
	"tollgate/accounting/scope"
	"tollgate/configs/litellm"
	"tollgate/configs/litellm/database"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

// pagesTeam is the team of the keys that LiteLLM makes for sessions of its own pages.
const pagesTeam = "litellm-dashboard"

// oldKey is a hash that a key had before it was rotated, and works until.
type oldKey struct {
	digest access.Digest
	until  time.Time
}

func (p *planner) readOldKeys() error {
	return p.each(database.OldKeys, kindKey, func(r database.Row) error {
		t := p.thing(kindKey, brief(r.ID), r)
		digest, err := access.ParseDigest(strings.ToLower(r.ID))
		until := t.instant("revoke_at")
		if err != nil || !until.After(p.Now) {
			return nil // over
		}
		active := strings.Clone(t.text("active_token_id"))
		p.old[active] = append(p.old[active], oldKey{digest, until})
		return nil
	})
}

// lookAtKeys reads which users have keys within teams.
func (p *planner) lookAtKeys() error {
	return p.Reader.Each(p.ctx, database.Keys, func(r database.Row) error {
		if user := r.Value.Get("user_id").Str; user != "" && r.Value.Get("team_id").Str != "" {
			p.inTeams[strings.Clone(user)] = true
		}
		return nil
	})
}

// brief is how a key is named that has no name.
func brief(hash string) string { return "hash " + hash[:min(len(hash), 12)] }

// mark says of a key, in its attributes, what it was imported from.
type mark struct {
	From string `json:"from"` // names the database
	Key  string `json:"key"`  // the beginning of its hash there
}

const (
	markMember = "imported"
	markLen    = 16
)

func markOf(attributes json.RawMessage) mark {
	var all struct {
		Imported mark `json:"imported"`
	}
	if json.Unmarshal(attributes, &all) != nil {
		return mark{}
	}
	return all.Imported
}

// known is a key that is here, with its attributes.
type known struct {
	access.Key
	attributes json.RawMessage
}

// keysHere reads the keys that are here, by their hashes there: a key may have got another
// secret here since.
func (p *planner) keysHere() (byHash map[string]known, err error) {
	keys, err := p.Control.Keys(p.ctx, control.KeyFilter{})
	if err != nil {
		return nil, err
	}
	byHash = make(map[string]known, len(keys))
	for some := range slices.Chunk(keys, atOnce) {
		ids := make([]string, len(some))
		for i, k := range some {
			ids[i] = k.ID
		}
		attributes, err := p.Control.Attributes(p.ctx, control.KeyChanged, ids...)
		if err != nil {
			return nil, err
		}
		for _, k := range some {
			m := markOf(attributes[k.ID])
			if m.From == p.source && m.Key != "" {
				byHash[m.Key] = known{k, attributes[k.ID]}
			} else if at := k.Digest.String()[:markLen]; byHash[at].ID == "" {
				byHash[at] = known{k, attributes[k.ID]}
			}
		}
	}
	return byHash, nil
}

func (p *planner) readKeys() error {
	here, err := p.keysHere()
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	if err := p.each(database.Keys, kindKey, func(r database.Row) error {
		p.counts[kindKey].Found++
		hash := strings.ToLower(r.ID)
		if at := hash[:min(len(hash), markLen)]; len(at) == markLen {
			seen[at] = true
		}
		return p.key(r, hash, here)
	}); err != nil {
		return err
	}
	return p.gone(here, seen)
}

// gone blocks keys that an earlier import brought over and that are not there any more.
func (p *planner) gone(here map[string]known, seen map[string]bool) error {
	for _, at := range slices.Sorted(keysOf(here)) {
		k := here[at]
		if m := markOf(k.attributes); m.From != p.source || seen[m.Key] || k.Blocked {
			continue
		}
		blocked := true
		p.find(litellm.Changed, kindKey, k.Name+" "+k.ID, "", "it was imported before and LiteLLM does not have it any more: it is blocked here")
		p.counts[kindKey].Changed++
		if err := p.do(control.KeyEdit{Action: control.Update, ID: k.ID, KeyChange: control.KeyChange{Blocked: &blocked}}); err != nil {
			return err
		}
	}
	return nil
}

func keysOf[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// nativeKey are the columns of keys that are told from tollgate's own things.
var nativeKey = []string{"token", "key_name", "key_alias", "expires", "user_id", "team_id", "organization_id", "aliases", "blocked", "models", "created_at"}

// key brings one key over.
func (p *planner) key(r database.Row, hash string, here map[string]known) error {
	c := p.counts[kindKey]
	name := r.Value.Get("key_alias").Str
	if name == "" {
		name = brief(hash)
	}
	t := p.thing(kindKey, strings.Clone(name), r)
	digest, err := access.ParseDigest(hash)
	leave := func(severity litellm.Severity, field, message string) error {
		c.Left++
		t.say(severity, field, message)
		return nil
	}
	switch {
	case err != nil:
		return leave(litellm.Unavailable, "token", "it is no SHA-256, so that nobody could have used it: it is left out")
	case p.Master != "" && digest == access.DigestOf(p.Master):
		return leave(litellm.Ignored, "token", "it is the master key: set admin_key in tollgate's configuration to keep it")
	case t.text("team_id") == pagesTeam:
		return leave(litellm.Ignored, "team_id", "it is of a session of LiteLLM's own pages: it is left out")
	}
	have, exists := here[hash[:markLen]]
	if exists && have.Role == access.Admin {
		return leave(litellm.Changed, "token", "it is an admin key here: it stays that")
	}
	id := have.ID
	if !exists {
		if id = derived("key", hash); p.dropped(control.KeyChanged, id, t) {
			return nil
		}
		if _, err := p.Control.Key(id); err == nil {
			return leave(litellm.Changed, "token", "it came from another database, and has got another secret here since: it stays as it is here")
		}
	}
	owner, out, err := p.owner(t, exists, have)
	if err != nil {
		return err
	}
	if out && !exists {
		return leave(litellm.Changed, "user_id", "its user, its team or its user's place in the team was deleted here: it is left out")
	}
	edits := p.keyEdits(t, id, exists, have, owner, digest, p.keyChange(t, have, owner))
	if err := p.put(kindKey, exists, edits...); err != nil {
		return err
	}
	p.foresee(t)
	if b, ok := p.budget(t); ok {
		t = over(t, b)
	}
	p.want(scope.Account{Kind: scope.Key, ID: id}, !exists, t, "key")
	return nil
}

// routes reads what a key is kept to. What tollgate has no word for opens nothing.
func (p *planner) routes(t thing) []string {
	out, absent := mapping.Routes(t.texts("allowed_routes"), func(path string) bool { return p.Control.CheckRoutes([]string{path}) == nil })
	for _, r := range absent {
		t.sayOf(litellm.Changed, "allowed_routes", r, "there are no such routes here: it opens nothing")
	}
	if len(out) > control.MaxRoutes {
		t.say(litellm.Changed, "allowed_routes", fmt.Sprintf("a key is kept to %d routes at most: the others are closed", control.MaxRoutes))
		out = out[:control.MaxRoutes]
	}
	return out
}

// owner says whose a key is to be. out says that it would be somebody's who was deleted here.
func (p *planner) owner(t thing, exists bool, have known) (o control.KeyOwner, out bool, err error) {
	if there := t.text("user_id"); there != "" {
		if o.UserID, err = p.ensureUser(t, there); err != nil || o.UserID == "" {
			return o, true, err
		}
	}
	if there := t.text("team_id"); there != "" {
		if o.TeamID, err = p.ensureTeam(t, there); err != nil || o.TeamID == "" {
			return o, true, err
		}
		if o.UserID != "" {
			if out, err = p.ensureMember(t, o.TeamID, o.UserID); err != nil || out {
				return o, out, err
			}
		}
	}
	if there := t.text("organization_id"); there != "" {
		o.OrgID = p.id(kindOrg, there)
		switch {
		case !p.orgs[o.OrgID]:
			t.sayOf(litellm.Changed, "organization_id", there, "there is no such organization: the key is in none")
			o.OrgID = ""
		case o.TeamID != "" && p.teams[o.TeamID].org != o.OrgID:
			t.say(litellm.Unavailable, "organization_id", "its team is in another organization or in none: what the key spends counts for the team's")
			o.OrgID = ""
		}
	}
	o.Standalone = o.UserID == "" && o.TeamID == "" && o.OrgID == ""
	if exists && (have.UserID != o.UserID || have.TeamID != o.TeamID || have.OrgID != o.OrgID) {
		t.say(litellm.Unavailable, "user_id", "it has another owner in LiteLLM now, and a key keeps its owner here: delete it here and import again")
	}
	return o, false, nil
}

// keyChange says what a key is to be like, as far as it is otherwise.
func (p *planner) keyChange(t thing, have known, owner control.KeyOwner) control.KeyChange {
	models := p.models(t, mapping.Models)
	if t.row.Get("models").Type == gjson.Null {
		models = []string{mapping.Nothing}
		t.say(litellm.Changed, "models", "it is null, with which LiteLLM refuses every call: it opens nothing")
	}
	if own, ok := p.ownModels[t.text("user_id")]; ok && owner.TeamID == "" {
		models = p.narrow(models, own)
	}
	if in := p.teams[owner.TeamID]; in != nil {
		if allowed := in.allowed[owner.UserID]; len(allowed) > 0 {
			models = p.narrow(models, allowed)
			t.say(litellm.Changed, "models", "its user may call some of the team's models: they are written into its list of models")
		}
	}
	of := p.projects[t.text("project_id")]
	if len(of.models) > 0 {
		models = p.narrow(models, of.models)
		t.say(litellm.Changed, "models", "its project may call some models: they are written into its list of models")
	}
	blocked, tags := t.flag("blocked") || of.blocked, of.onTop(t.tags())
	kept := t.listed(t.keep(mapping.KeptOf(have.attributes), nativeKey...), models)
	kept.Set("blocked", nil)
	if t.there("blocked") || blocked {
		kept.Set("blocked", blocked)
	}
	attributes := mapping.With(t.into(kept, have.attributes), markMember, mark{p.source, strings.ToLower(t.text("token"))[:markLen]})
	if string(attributes) == string(have.attributes) {
		attributes = nil
	}
	routes := p.routes(t)
	yes := true
	ch := control.KeyChange{Name: changed(have.Name, t.label("key_alias")), Models: changedList(have.Models, models), Blocked: changed(have.Blocked, blocked),
		EndUsers: changed(have.EndUsers, yes), CallTags: changed(have.CallTags, yes), Tags: changedList(have.Tags, tags), Aliases: changedMap(have.Aliases, t.dictionary("aliases", t.row.Get("aliases"))), Routes: changedList(have.Routes, routes), Attributes: attributes}
	if at := t.instant("expires"); !at.Equal(have.Expires) {
		ch.Expires = &at
	}
	return ch
}

func (p *planner) keyEdits(t thing, id string, exists bool, have known, owner control.KeyOwner, digest access.Digest, ch control.KeyChange) []control.Edit {
	if exists {
		if have.Digest != digest {
			t.say(litellm.Changed, "token", "it has got another secret here since: it keeps that")
		}
		same := ch.Name == nil && ch.Models == nil && ch.Blocked == nil && ch.EndUsers == nil && ch.Aliases == nil && ch.Routes == nil && ch.Tags == nil && ch.CallTags == nil && ch.Expires == nil && ch.Attributes == nil
		if same {
			return nil
		}
		return []control.Edit{control.KeyEdit{Action: control.Update, ID: id, KeyChange: ch}}
	}
	hint := ""
	if shown := t.text("key_name"); len(shown) >= 4 {
		hint = shown[len(shown)-4:]
	}
	made := control.KeyEdit{Action: control.Create, ID: id, Owner: owner, Secret: control.KeySecret{Digest: digest, Hint: hint}, KeyChange: ch}
	var after []control.Edit
	if ch.Expires != nil && !ch.Expires.After(p.Now) {
		// No key is made that has expired, but one may come to have: its caller is told why.
		made.Expires = nil
		after = append(after, control.KeyEdit{Action: control.Update, ID: id, KeyChange: control.KeyChange{Expires: ch.Expires}})
	}
	old := p.old[t.text("token")]
	slices.SortFunc(old, func(x, y oldKey) int { return y.until.Compare(x.until) })
	if len(old) > 0 {
		if len(old) > 1 {
			t.say(litellm.Unavailable, "token", "more than one of the secrets that it had before still work: the one that works longest is taken, and the others end")
		}
		grace := min(old[0].until.Sub(p.Now), control.MaxGrace)
		made.Secret = control.KeySecret{Digest: old[0].digest}
		after = append(after, control.KeyEdit{Action: control.Rotate, ID: id, Secret: control.KeySecret{Digest: digest, Hint: hint}, Grace: grace})
	}
	return append([]control.Edit{made}, after...)
}

// foresee tells what a key's row says that has no effect here.
func (p *planner) foresee(t thing) {
	metadata := t.row.Get("metadata")
	for _, f := range []struct {
		field string
		raw   string
		what  string
	}{
		{"object_permission_id", t.row.Get("object_permission_id").Raw, "what a key may use beside models is not restricted here: it is kept and does nothing"},
		{"budget_fallbacks", t.row.Get("budget_fallbacks").Raw, "a key has one list of models to fall back to, and not one by model: it is kept and does nothing; set budget_fallback"},
		{"router_settings", t.row.Get("router_settings").Raw, "keys have no routing of their own: it is kept and does nothing"},
		{"policies", t.row.Get("policies").Raw, "tollgate has no policies: it is kept and does nothing"},
		{"metadata.guardrails", metadata.Get("guardrails").Raw, "tollgate has no guardrails: it is kept and does nothing"},
		{"metadata.throttle_on_budget_exceeded", metadata.Get("throttle_on_budget_exceeded").Raw, "a budget that is spent closes paid models: it is kept and does nothing"},
		{"metadata.enforced_params", metadata.Get("enforced_params").Raw, "calls need not say more than their operation does: it is kept and does nothing"},
		{"metadata.end_user_budget_id", metadata.Get("end_user_budget_id").Raw, "end users have no budget by the key that they come through: it is kept and does nothing"},
		{"agent_id", t.row.Get("agent_id").Raw, "tollgate has no agents: it is kept and does nothing"},
		{"auto_rotate", t.row.Get("auto_rotate").Raw, "keys are not rotated by themselves: it is kept and does nothing"},
	} {
		if !slices.Contains(none, f.raw) {
			t.say(litellm.Unavailable, f.field, f.what)
		}
	}
}

// narrow is what of a list of models another list allows too, with the models of groups in
// place of the groups.
func (p *planner) narrow(list, allowed []string) []string {
	return narrow(p.spread(list), p.spread(allowed))
}

// narrow is what of a list of models another list allows too. An empty one allows all.
func narrow(list, allowed []string) []string {
	if len(list) == 0 {
		return allowed
	}
	out := []string{}
	for _, m := range list {
		if slices.ContainsFunc(allowed, func(a string) bool { return a == m || pattern.Match(a, m) }) {
			out = append(out, m)
		}
	}
	for _, a := range allowed { // the other way round: a wider pattern in the list
		if !slices.Contains(out, a) && slices.ContainsFunc(list, func(m string) bool { return m != a && pattern.Match(m, a) }) {
			out = append(out, a)
		}
	}
	if len(out) == 0 {
		return []string{mapping.Nothing}
	}
	return out
}
