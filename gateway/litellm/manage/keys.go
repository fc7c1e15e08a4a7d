package manage

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2/utils"
	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/accounting/scope"
	"tollgate/configs/litellm"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

// keyFields are the fields of a key that several routes take.
var keyFields = slices.Concat(termFields,
	honoured("key_alias", "duration", "models", "spend", "user_id", "team_id", "organization_id", "aliases", "blocked", "allowed_routes", "key_type", "tags", "budget_id", "access_group_ids"),
	as(Kept, "It is told again.", "metadata", "config", "permissions", "project_id", "agent_id", "router_settings", "auto_rotate", "rotation_interval", "default_estimated_output_tokens"),
	as(Ignored, "No mail is sent.", "send_invite_email"),
	as(Ignored, "Nothing is cached.", "enable_prompt_caching"),
	as(Kept, "Answers are not cached, so there is nothing that it could allow.", "allowed_cache_controls"),
	as(Refused, "It would restrict what the key may do, and nothing here does that.", "object_permission", "allowed_vector_store_indexes",
		"enforced_params", "guardrails", "policies", "prompts", "disable_global_guardrails"),
	as(Refused, "No route is passed through unmetered.", "allowed_passthrough_routes", "denied_passthrough_routes"),
	as(Refused, "", "budget_fallbacks", "throttle_on_budget_exceeded", "end_user_budget_id"),
)

func (a *api) keyRoutes() []route {
	one := slices.Concat(honoured("key"), keyFields)
	fresh := slices.Concat(honoured("key", "new_key", "grace_period"), as(Refused, "The master key is set in the configuration.", "new_master_key"), keyFields)
	return []route{
		{http.MethodPost, "/key/generate", one, a.generateKey},
		{http.MethodPost, "/key/service-account/generate", one, a.generateServiceKey},
		{http.MethodPost, "/key/update", one, a.updateKey},
		{http.MethodPost, "/key/bulk_update", honoured("keys"), a.updateKeys},
		{http.MethodGet, "/key/info", nil, a.keyInfo},
		{http.MethodPost, "/v2/key/info", honoured("keys"), a.keysInfo},
		{http.MethodGet, "/key/list", nil, a.listKeys},
		{http.MethodGet, "/key/aliases", nil, a.keyAliases},
		{http.MethodPost, "/key/delete", honoured("keys", "key_aliases"), a.deleteKeys},
		{http.MethodPost, "/key/block", honoured("key"), func(in *call) error { return a.blockKey(in, true) }},
		{http.MethodPost, "/key/unblock", honoured("key"), func(in *call) error { return a.blockKey(in, false) }},
		{http.MethodPost, "/key/regenerate", fresh, a.regenerateKey},
		{http.MethodPost, "/key/:key/regenerate", fresh, a.regenerateKey},
		{http.MethodPost, "/key/:key/reset_spend", honoured("reset_to"), a.resetKey},
		{http.MethodPost, "/key/health", nil, a.keyHealth},
	}
}

// param returns a part of the path, decoded. What cannot be decoded names nothing.
func (in *call) param(name string) string {
	raw := utils.CopyString(in.c.Params(name))
	if v, err := url.PathUnescape(raw); err == nil {
		return v
	}
	return raw
}

// find returns the key of a secret or of its hash.
func (a *api) find(name string) (access.Key, bool) {
	digest, err := access.ParseDigest(name)
	if err != nil {
		digest = access.DigestOf(name)
	}
	return a.Control.KeyByDigest(digest)
}

// mayKey returns the key that a request names, if its caller may do something with it. One
// that others have is there for them alone.
func (a *api) mayKey(in *call, name string, do control.Verb) (access.Key, error) {
	k, ok := a.find(name)
	at := control.Place{}
	if ok {
		at = a.Control.PlaceOfKey(k)
	}
	own := ok && k.ID == in.who.Key.ID && do == control.See
	if !own && do == control.See && !in.who.Key.Reaches(access.Reads, "/key/info") {
		return k, forbidden("key", "Your key is kept to other routes: it sees itself alone.")
	}
	if err := a.Control.May(in.who, do, control.TheKey, at); err != nil && !own {
		if do == control.See {
			return k, forbidden("key", "You are not allowed to access this key's info. Your key sees itself and what its user may see.")
		}
		return k, err
	}
	if !ok {
		return k, missing("key", "Key not found.")
	}
	return k, nil
}

// wantedKey is what a request says of a key.
type wantedKey struct {
	control.KeyChange
	terms mapping.Terms
	spend *accounting.Money
	kept  mapping.Kept
	raw   json.RawMessage // the attributes that kept stands in
}

// key reads what a request says of a key that is as it is told. models are those that it has.
func (in *call) key(terms mapping.Terms, attributes json.RawMessage, models []string) (wantedKey, error) {
	w := wantedKey{terms: in.terms(terms), raw: attributes}
	w.kept = in.fill(mapping.KeptOf(attributes))
	for _, name := range []string{"metadata", "config", "permissions", "router_settings"} {
		in.raw(name) // it must be one
	}
	if v := in.text("key_alias"); v.given {
		name := v.or("")
		w.Name = &name
	}
	w.Models = in.models(w.kept, models)
	if v := in.dictionary("aliases"); v.given {
		aliases := v.or(map[string]string{})
		w.Aliases = &aliases
	}
	if v := in.flag("blocked"); v.given {
		blocked := v.or(false)
		w.Blocked = &blocked
		w.kept.Set("blocked", v.v)
	}
	w.spend = in.money("spend").v
	routes := in.texts("allowed_routes")
	if kind := in.text("key_type"); kind.v != nil {
		list, ok := mapping.AllowedRoutes(*kind.v)
		if !ok {
			in.fail("enum", "Input should be 'llm_api', 'management', 'read_only' or 'default'", "key_type")
		}
		if w.kept.Set("key_type", *kind.v); !routes.given && list != nil {
			routes = some(list)
		}
	}
	if routes.given {
		list := routes.or([]string{})
		w.Routes = new([]string)
		*w.Routes = mapping.Routes(list)
		w.kept.Set("allowed_routes", list)
	}
	in.keepTerms(w.kept, w.terms)
	w.kept.SetMetadata(in.inMetadata())
	w.Tags = newTags(mapping.KeptOf(attributes), w.kept)
	if in.service {
		w.kept.SetMetadata(map[string]json.RawMessage{"service_account_id": mustJSON(in.text("key_alias").or(""))})
	}
	if v := in.text("duration"); v.given {
		at := time.Time{}
		if text := v.or("-1"); text != "-1" && text != "" {
			var err error
			if at, err = litellm.After(in.now, text); err != nil {
				return w, bad("duration", "%s", mapping.BadDuration("duration", text))
			}
		}
		w.Expires = &at
	}
	return w, in.done()
}

// within keeps a key that one makes who does not manage everything to what the key that asks
// for it may do, where nothing is said: LiteLLM's clients say nothing, and what they have is
// all that they can hand out.
func (w *wantedKey) within(who access.Principal) {
	if who.Manages() {
		return
	}
	if own := who.Key.Models; len(own) > 0 && (w.Models == nil || len(*w.Models) == 0) {
		w.Models = &own
		w.kept.Set("models", nil)
	}
	if own := who.Key.Routes; len(own) > 0 && w.Routes == nil {
		w.Routes = &own
	}
	if own := who.Key.Expires; !own.IsZero() && w.Expires == nil {
		w.Expires = &own
	}
	if own := slices.Clone(who.Key.Tags); len(own) > 0 {
		if w.Tags != nil {
			own = append(own, slices.DeleteFunc(slices.Clone(*w.Tags), func(tag string) bool { return slices.Contains(own, tag) })...)
		}
		w.Tags = &own
	}
}

// metadataFields are fields that LiteLLM keeps in the metadata, where its clients read them
// back.
var metadataFields = []string{"tags", "model_rpm_limit", "model_tpm_limit", "temp_budget_increase", "temp_budget_expiry"}

// inMetadata are those of them that a request gives; null takes one away.
func (b *body) inMetadata() map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	for _, name := range metadataFields {
		if v, given, _ := b.get(name); given {
			out[name] = json.RawMessage(v.Raw)
		}
	}
	return out
}

// newTags are the tags that calls carry by a thing's metadata, if they are others than before.
func newTags(before, now mapping.Kept) *[]string {
	if tags := now.Tags(); !slices.Equal(tags, before.Tags()) {
		return &tags
	}
	return nil
}

// change is what the request says, with what is kept.
func (w wantedKey) change() control.KeyChange {
	w.Attributes = w.kept.Into(w.raw)
	return w.KeyChange
}

// wantKey reads what a request says of a key that stands as it does, and of the budget that
// it shares with others.
func (a *api) wantKey(in *call, now *mapping.Standing, attributes json.RawMessage, models []string) (wantedKey, error) {
	if err := a.groupsThere(in); err != nil {
		return wantedKey{}, err
	}
	own, p, err := a.agreed(in, now, mapping.KeptOf(attributes))
	if err != nil {
		return wantedKey{}, err
	}
	w, err := in.key(own.Terms, attributes, models)
	w.terms = p.over(w.terms)
	p.name(in, w.kept)
	return w, err
}

// unique makes sure that no other key has an alias. LiteLLM's aliases are unique.
func (a *api) unique(alias *string, id string) error {
	if alias == nil || *alias == "" {
		return nil
	}
	if k, ok := a.Control.KeyNamed(*alias); ok && k.ID != id {
		return bad("key_alias", "Key with alias '%s' already exists. Unique key aliases across all keys are required.", *alias)
	}
	return nil
}

// generated is a key that was just made.
type generated struct {
	key    access.Key
	secret string
}

func (a *api) generateKey(in *call) error {
	in.needBody()
	owner := control.KeyOwner{UserID: in.text("user_id").or(""), TeamID: in.text("team_id").or(""), OrgID: in.text("organization_id").or("")}
	return a.generate(in, owner)
}

func (a *api) generateServiceKey(in *call) error {
	in.needBody()
	owner := control.KeyOwner{TeamID: in.text("team_id").or(""), OrgID: in.text("organization_id").or("")}
	if in.text("user_id").v != nil {
		return bad("user_id", "A service account is nobody's: leave user_id out.")
	}
	if owner.TeamID == "" {
		return bad("team_id", "team_id is required for service account keys. Please specify `team_id` in the request body.")
	}
	in.service = true
	return a.generate(in, owner)
}

func (a *api) generate(in *call, owner control.KeyOwner) error {
	if err := in.done(); err != nil {
		return err
	}
	a.names.Lock()
	defer a.names.Unlock()
	made, edits, err := a.newKey(in, owner)
	if err != nil {
		return err
	}
	return a.make(in, made, edits)
}

// newKey is the making of a key: the edits that it takes, and those of whom it is for.
func (a *api) newKey(in *call, owner control.KeyOwner) (id string, edits []control.Edit, err error) {
	w, err := a.wantKey(in, &mapping.Standing{}, nil, nil)
	if err != nil {
		return "", nil, err
	}
	person := in.who.Person()
	if !in.who.Manages() && person != nil && owner.UserID == "" && owner.TeamID == "" && owner.OrgID == "" {
		owner.UserID = person.ID // one's own
	}
	w.within(in.who)
	secret := control.KeySecret{Secret: in.text("key").or("")}
	if err := a.Control.MayMakeKey(in.who, owner, secret, w.KeyChange); err != nil {
		if person != nil && owner.UserID != "" && owner.UserID != person.ID {
			return "", nil, forbidden("user_id", "User can only create keys for themselves. Got user_id=%s, Your ID=%s", owner.UserID, person.ID)
		}
		return "", nil, err
	}
	if err := a.unique(w.Name, ""); err != nil {
		return "", nil, err
	}
	if owner.TeamID != "" {
		if _, err := a.Control.Team(owner.TeamID); err != nil {
			return "", nil, missing("team_id", "Team not found, passed team_id=%s. Make it first: POST /team/new", owner.TeamID)
		}
	}
	if edits, err = a.ensureOwner(in, owner); err != nil {
		return "", nil, err
	}
	owner.Standalone = owner.UserID == "" && owner.TeamID == "" && owner.OrgID == ""
	if id, err = a.newID("key"); err != nil {
		return "", nil, err
	}
	if secret.Secret != "" {
		switch {
		case !strings.HasPrefix(secret.Secret, "sk-"):
			return "", nil, bad("key", "Invalid key format. LiteLLM Virtual Key must start with 'sk-'.")
		case access.CheckSecret(secret.Secret) != nil:
			return "", nil, bad("key", "%v", access.CheckSecret(secret.Secret))
		}
	}
	edits = append(edits, control.KeyEdit{Action: control.Create, ID: id, Owner: owner, Secret: secret, KeyChange: w.change()})
	more, err := a.change(scope.Account{Kind: scope.Key, ID: id}, &mapping.Standing{}, w.terms, w.spend)
	return id, append(edits, more...), err
}

// ensureOwner makes a user that a key is for, as LiteLLM's scripts expect, and puts it into
// the key's team: a key works only for members.
func (a *api) ensureOwner(in *call, owner control.KeyOwner) (edits []control.Edit, err error) {
	if owner.UserID == "" {
		return nil, nil
	}
	if _, err := a.Control.User(owner.UserID); errors.Is(err, control.ErrNotFound) {
		if err := a.Control.May(in.who, control.Make, control.TheUser, control.Place{}); err != nil {
			return nil, err
		}
		of := *in
		of.fields = nil // what the request keeps is the key's
		w := wantedUser{kept: of.fill(mapping.Kept{})}
		if edits, err = a.makeUser(owner.UserID, w); err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	}
	if owner.TeamID == "" {
		return edits, nil
	}
	if t, err := a.Control.Team(owner.TeamID); err != nil || access.Is(owner.UserID, t.Members) {
		return edits, err
	}
	if err := a.Control.May(in.who, control.Make, control.TheMember, a.Control.PlaceOfTeam(owner.TeamID)); err != nil {
		return nil, err
	}
	more, err := a.join(in, owner.TeamID, owner.UserID, nil, nil)
	return append(edits, more...), err
}

// make does the edits and answers with the key that they made or rotated.
func (a *api) make(in *call, id string, edits []control.Edit) error {
	g, err := a.made(in, id, edits)
	if err != nil {
		return err
	}
	r, err := a.keyRows(in, "key_generated", g.key)
	if err != nil {
		return err
	}
	return in.answer(r[0].add(g.members()))
}

func (a *api) made(in *call, id string, edits []control.Edit) (generated, error) {
	done, err := a.Control.Apply(in.ctx, edits)
	if err != nil {
		return generated{}, plain(err)
	}
	var g generated
	for _, d := range done {
		if d.Kind == control.KeyChanged && d.ID == id && d.Secret != "" {
			g.secret = d.Secret
		}
	}
	g.key, err = a.Control.Key(id)
	return g, err
}

func (g generated) members() row {
	hash := g.key.Digest.String()
	return row{"key": g.secret, "token": hash, "token_id": hash}
}

// plain takes the number of an edit off an error: the client has asked for one thing.
func plain(err error) error {
	var at *control.EditError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// keyRows are keys as a shape has them.
func (a *api) keyRows(in *call, name string, keys ...access.Key) ([]row, error) {
	ids := make([]string, len(keys))
	for i, k := range keys {
		ids[i] = k.ID
	}
	attributes, err := a.attributes(in, control.KeyChanged, ids...)
	if err != nil {
		return nil, err
	}
	standings, err := a.standings(in.ctx, scope.Key, ids...)
	if err != nil {
		return nil, err
	}
	plans, err := a.plansOf(in, attributes)
	if err != nil {
		return nil, err
	}
	rows := make([]row, len(keys))
	for i, k := range keys {
		kept := mapping.KeptOf(attributes[k.ID])
		shared, shares := plans[kept.Text("budget_id")]
		s := shared.under(standings[k.ID])
		terms := termsOf(s, kept)
		r := shape(name).with(members(kept)).with(terms).with(row{
			"key_name": keyName(k), "key_alias": null(k.Name), "expires": instant(k.Expires), "user_id": null(k.UserID), "team_id": null(k.TeamID),
			"organization_id": null(k.OrgID), "org_id": null(k.OrgID), "aliases": dictionary(k.Aliases), "created_at": instant(k.Created), "token": k.Digest.String(),
		})
		if _, said := kept["blocked"]; said || k.Blocked {
			r.with(row{"blocked": k.Blocked})
		}
		if _, other := kept["models"]; !other {
			r["models"] = list(k.Models)
		}
		r.with(row{"model_rpm_limit": nil, "model_tpm_limit": nil})     // they are in the metadata
		if soft := terms["soft_budget"]; s.Main != nil && soft != nil { // where LiteLLM keeps a key's soft budget
			id := kept.Text("budget_id")
			if id == "" {
				id = s.Main.ID
			}
			table := shape("budget_table").with(row{"budget_id": id, "soft_budget": soft, "created_at": r["created_at"], "updated_at": r["updated_at"], "created_by": r["created_by"], "updated_by": r["updated_by"]})
			r.with(row{"litellm_budget_table": table, "budget_id": id})
		}
		if shares {
			r.with(row{"litellm_budget_table": shared.row(in)})
		}
		if usage := windowsUsed(s, kept); usage != nil && name == "key_info" {
			r["budget_limits_usage"] = usage
		}
		rows[i] = r
	}
	return rows, nil
}

// windowsUsed is what was spent of each of several budgets at once.
func windowsUsed(s *mapping.Standing, k mapping.Kept) row {
	var out row
	for _, o := range s.Others {
		if len(o.Models) == 0 {
			if out == nil {
				out = row{}
			}
			out[k.Duration(o.Window)] = row{"current_spend": number(o.Spend)}
		}
	}
	return out
}

// keyName is how a key is shown to people.
func keyName(k access.Key) string { return "sk-..." + k.Hint }

func dictionary(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

func list[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}

func (a *api) updateKey(in *call) error {
	in.needBody()
	name := in.text("key")
	if name.v == nil && len(in.wrong) == 0 {
		if alias, ok := a.Control.KeyNamed(in.text("key_alias").or("")); ok && in.text("key_alias").or("") != "" {
			name = some(alias.Digest.String())
		} else {
			in.fail("value_error", "Value error, either key or key_alias must be provided")
		}
	}
	if err := in.done(); err != nil {
		return err
	}
	k, err := a.mayKey(in, *name.v, control.Alter)
	if err != nil {
		return err
	}
	a.names.Lock()
	defer a.names.Unlock()
	k, err = a.changeKey(in, k)
	if err != nil {
		return err
	}
	rows, err := a.keyRows(in, "key_updated", k)
	if err != nil {
		return err
	}
	return in.answer(rows[0].add(row{"key": *name.v}))
}

// changeKey does what a request says of a key. names is held.
func (a *api) changeKey(in *call, k access.Key) (access.Key, error) {
	now, err := a.standing(in.ctx, scope.Key, k.ID)
	if err != nil {
		return k, err
	}
	attributes, err := a.attributes(in, control.KeyChanged, k.ID)
	if err != nil {
		return k, err
	}
	w, err := a.wantKey(in, now, attributes[k.ID], k.Models)
	if err != nil {
		return k, err
	}
	if err := a.unique(w.Name, k.ID); err != nil {
		return k, err
	}
	if err := a.Control.MayAlterKey(in.who, k.ID, w.KeyChange); err != nil {
		return k, err
	}
	if err := in.sameOwner(k); err != nil {
		return k, err
	}
	if err := a.mayRaise(in, now, w.terms, w.spend); err != nil {
		return k, err
	}
	w.kept.Set("settings_updated_at", instant(in.now))
	edits := []control.Edit{control.KeyEdit{Action: control.Update, ID: k.ID, KeyChange: w.change()}}
	more, err := a.change(scope.Account{Kind: scope.Key, ID: k.ID}, now, w.terms, w.spend)
	if err != nil {
		return k, err
	}
	if _, err := a.Control.Apply(in.ctx, append(edits, more...)); err != nil {
		return k, plain(err)
	}
	return a.Control.Key(k.ID)
}

// sameOwner refuses to give a key to somebody else: what it spent is in the books as its
// owner's.
func (in *call) sameOwner(k access.Key) error {
	for _, o := range []struct{ field, has string }{{"user_id", k.UserID}, {"team_id", k.TeamID}, {"organization_id", k.OrgID}} {
		if v := in.text(o.field); v.given && v.or("") != o.has {
			return bad(o.field, "A key stays with whom it was made for (%s: %q). Make another key, and delete this one.", o.field, o.has)
		}
	}
	return nil
}

// mayRaise says whether somebody may change what an account may spend: that is for those
// who manage budgets.
func (a *api) mayRaise(in *call, now *mapping.Standing, want mapping.Terms, spend *accounting.Money) error {
	edits, err := mapping.Change(scope.Account{}, now, want, spend, func(string) (string, error) { return "", nil })
	if err != nil || len(edits) == 0 {
		return nil // told later
	}
	return a.Control.May(in.who, control.Alter, control.TheBudget, control.Place{})
}

func (a *api) updateKeys(in *call) error {
	v, _, _ := in.get("keys")
	if !v.IsArray() {
		in.fail("missing", "Field required", "keys")
	}
	if err := in.done(); err != nil {
		return err
	}
	all := v.Array()
	if len(all) > MaxBulk {
		return bad("keys", "at most %d keys are updated at once", MaxBulk)
	}
	done, failed := []row{}, []row{}
	for _, one := range all {
		name := one.Get("key").String()
		key, err := a.updateOne(in, one, name)
		if err != nil {
			failed = append(failed, row{"key": name, "key_info": nil, "failed_reason": err.Error()})
			continue
		}
		delete(key, "token")
		delete(key, "key")
		done = append(done, row{"key": name, "key_info": key})
	}
	return in.answer(row{"total_requested": len(all), "successful_updates": done, "failed_updates": failed})
}

// updateOne changes a key as a part of a request says, and returns its row.
func (a *api) updateOne(in *call, fields gjson.Result, name string) (key row, err error) {
	err = a.each(in, fields, keyFields, func(of *call) error {
		k, err := a.mayKey(of, name, control.Alter)
		if err != nil {
			return err
		}
		a.names.Lock()
		defer a.names.Unlock()
		if k, err = a.changeKey(of, k); err != nil {
			return err
		}
		rows, err := a.keyRows(of, "key_updated", k)
		if err == nil {
			key = rows[0]
		}
		return err
	})
	return key, err
}

// MaxBulk is how many things one request changes at most.
const MaxBulk = 500

// each does a part of a request as if it were one by itself.
func (a *api) each(in *call, one gjson.Result, f fields, do func(*call) error) error {
	part := *in
	part.wrong = nil
	if err := part.parse([]byte(one.Raw), slices.Concat(honoured("key"), f)); err != nil {
		return err
	}
	return do(&part)
}

func (a *api) keyInfo(in *call) error {
	name := in.query().text("key")
	k, err := *in.who.Key, error(nil)
	if name == "" {
		name = k.Digest.String()
		if _, stored := a.find(name); !stored {
			return missing("key", "Key not found in database")
		}
	} else if k, err = a.mayKey(in, name, control.See); err != nil {
		return err
	}
	rows, err := a.keyRows(in, "key_info", k)
	if err != nil {
		return err
	}
	info := rows[0].add(row{"status": status(k, in.now)})
	return in.answer(row{"key": name, "info": info})
}

// status says in a word whether a key works.
func status(k access.Key, now time.Time) string {
	switch {
	case k.Blocked:
		return "blocked"
	case !k.Expires.IsZero() && !now.Before(k.Expires):
		return "expired"
	}
	return "active"
}

func (a *api) keysInfo(in *call) error {
	names := in.texts("keys")
	if names.v == nil {
		in.fail("missing", "Field required", "keys")
	}
	if err := in.done(); err != nil {
		return err
	}
	if len(*names.v) > MaxBulk {
		return bad("keys", "at most %d keys are told of at once", MaxBulk)
	}
	var keys []access.Key
	var asked []string
	for _, n := range *names.v {
		if k, err := a.mayKey(in, n, control.See); err == nil {
			keys, asked = append(keys, k), append(asked, n)
		}
	}
	rows, err := a.keyRows(in, "key_info", keys...)
	if err != nil {
		return err
	}
	return in.answer(row{"key": list(asked), "info": rows})
}

// listKeys lists the keys that somebody may see.
func (a *api) listKeys(in *call) error {
	q := in.query()
	p := page{q.number("page", 1, 0), q.number("size", 10, 100)}
	full, alias, hash := q.flag("return_full_object"), q.text("key_alias"), q.text("key_hash")
	filter := control.KeyFilter{UserID: q.text("user_id"), TeamID: q.text("team_id"), OrgID: q.text("organization_id")}
	by, up := q.text("sort_by"), q.text("sort_order") == "asc"
	if err := q.done(); err != nil {
		return err
	}
	if !in.who.Manages() && in.who.Person() == nil {
		return &refusal{http.StatusForbidden, "bad_request_error", "user_id", "You are not authorized to access this endpoint. No 'user_id' is associated with your API key.", nil}
	}
	keys, err := a.visibleKeys(in, filter)
	if err != nil {
		return err
	}
	if q.text("status") == "deleted" {
		keys = nil // what is deleted is gone
	}
	keys = slices.DeleteFunc(keys, func(k access.Key) bool {
		return alias != "" && k.Name != alias || hash != "" && k.Digest.String() != hash
	})
	if err := a.sortKeys(in, keys, by, up); err != nil {
		return err
	}
	part, pages := cut(p, keys)
	out := row{"total_count": len(keys), "current_page": p.number, "total_pages": pages}
	if full {
		rows, err := a.keyRows(in, "key_full", part...)
		if err != nil {
			return err
		}
		out["keys"] = rows
		return in.answer(out)
	}
	hashes := make([]string, len(part))
	for i, k := range part {
		hashes[i] = k.Digest.String()
	}
	out["keys"] = hashes
	return in.answer(out)
}

// visibleKeys lists callers' keys that somebody may see.
func (a *api) visibleKeys(in *call, f control.KeyFilter) ([]access.Key, error) {
	keys, err := a.Control.Keys(in.ctx, f)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(keys, func(k access.Key) bool {
		return k.Role != access.Caller || a.Control.May(in.who, control.See, control.TheKey, a.Control.PlaceOfKey(k)) != nil
	}), nil
}

// sortKeys puts keys in order: the newest first, unless something else is asked for.
func (a *api) sortKeys(in *call, keys []access.Key, by string, up bool) error {
	var order func(x, y access.Key) int
	switch by {
	case "", "created_at", "updated_at":
		order = func(x, y access.Key) int { return x.Created.Compare(y.Created) }
	case "key_alias":
		order = func(x, y access.Key) int { return cmp.Compare(x.Name, y.Name) }
	case "token":
		order = func(x, y access.Key) int { return cmp.Compare(x.Digest.String(), y.Digest.String()) }
	case "spend", "max_budget":
		ids := make([]string, len(keys))
		for i, k := range keys {
			ids[i] = k.ID
		}
		s, err := a.standings(in.ctx, scope.Key, ids...)
		if err != nil {
			return err
		}
		order = func(x, y access.Key) int { return cmp.Compare(s[x.ID].Spend, s[y.ID].Spend) }
		if by == "max_budget" {
			most := func(m *accounting.Money) accounting.Money {
				if m == nil {
					return accounting.MaxMoney
				}
				return *m
			}
			order = func(x, y access.Key) int { return cmp.Compare(most(s[x.ID].Max), most(s[y.ID].Max)) }
		}
	default:
		return bad("sort_by", "Invalid sort column. Must be one of: ['spend', 'max_budget', 'created_at', 'updated_at', 'token', 'key_alias']")
	}
	slices.SortStableFunc(keys, func(x, y access.Key) int {
		c := cmp.Or(order(x, y), cmp.Compare(x.ID, y.ID))
		if !up {
			return -c
		}
		return c
	})
	return nil
}

func (a *api) keyAliases(in *call) error {
	q := in.query()
	p := page{q.number("page", 1, 0), q.number("size", 50, 100)}
	search, team := strings.ToLower(q.text("search")), q.text("team_id")
	if err := q.done(); err != nil {
		return err
	}
	keys, err := a.visibleKeys(in, control.KeyFilter{TeamID: team})
	if err != nil {
		return err
	}
	names := []string{}
	for _, k := range keys {
		if k.Name != "" && strings.Contains(strings.ToLower(k.Name), search) {
			names = append(names, k.Name)
		}
	}
	slices.Sort(names)
	part, pages := cut(p, names)
	return in.answer(row{"aliases": part, "total_count": len(names), "current_page": p.number, "total_pages": pages, "size": p.size})
}

func (a *api) deleteKeys(in *call) error {
	in.needBody()
	names, aliases := in.texts("keys"), in.texts("key_aliases")
	if names.v == nil && aliases.v == nil && len(in.wrong) == 0 {
		in.fail("value_error", "Value error, At least one of 'keys' or 'key_aliases' must be provided.")
	}
	if err := in.done(); err != nil {
		return err
	}
	var edits []control.Edit
	var accounts []scope.Account
	asked := []string{}
	take := func(name, secret string) error {
		k, err := a.mayKey(in, secret, control.Remove)
		if errors.Is(err, control.ErrNotPermitted) && !in.views() {
			return forbidden("keys", "You are not authorized to delete this key")
		}
		if err != nil {
			return err
		}
		edits, asked = append(edits, control.KeyEdit{Action: control.Delete, ID: k.ID}), append(asked, name)
		accounts = append(accounts, scope.Account{Kind: scope.Key, ID: k.ID})
		return nil
	}
	for _, n := range names.or(nil) {
		if err := take(n, n); err != nil {
			return err
		}
	}
	for _, n := range aliases.or(nil) {
		k, ok := a.Control.KeyNamed(n)
		if !ok {
			return missing("key_aliases", "Key not found: no key has the alias %q", n)
		}
		if err := take(n, k.Digest.String()); err != nil {
			return err
		}
	}
	if _, err := a.Control.Apply(in.ctx, append(a.forget(accounts...), edits...)); err != nil {
		return plain(err)
	}
	return in.answer(row{"deleted_keys": asked})
}

func (a *api) blockKey(in *call, blocked bool) error {
	in.needBody()
	name := in.text("key")
	if name.v == nil {
		in.fail("missing", "Field required", "key")
	}
	if err := in.done(); err != nil {
		return err
	}
	k, err := a.mayKey(in, *name.v, control.Alter)
	if err != nil {
		return err
	}
	attributes, err := a.attributes(in, control.KeyChanged, k.ID)
	if err != nil {
		return err
	}
	if err := a.Control.MayAlterKey(in.who, k.ID, control.KeyChange{Blocked: &blocked}); err != nil {
		return err
	}
	kept := in.fill(mapping.KeptOf(attributes[k.ID]))
	kept.Set("blocked", blocked)
	kept.Set("settings_updated_at", instant(in.now))
	if k, err = a.Control.UpdateKey(in.ctx, k.ID, control.KeyChange{Blocked: &blocked, Attributes: kept.Into(attributes[k.ID])}); err != nil {
		return err
	}
	form := "key_unblocked"
	if blocked {
		form = "key_blocked"
	}
	rows, err := a.keyRows(in, form, k)
	if err != nil {
		return err
	}
	return in.answer(rows[0])
}

// regenerateKey gives a key another secret, and says what else is to change of it.
func (a *api) regenerateKey(in *call) error {
	name := in.param("key")
	if name == "" {
		name = in.text("key").or("")
	}
	if name == "" {
		name = in.query().text("key")
	}
	secret := control.KeySecret{Secret: in.text("new_key").or("")}
	var grace time.Duration
	if g := in.text("grace_period").or(""); g != "" {
		until, err := litellm.After(in.now, g)
		if err != nil {
			return bad("grace_period", "%s", mapping.BadDuration("grace_period", g))
		}
		grace = until.Sub(in.now)
	}
	if err := in.done(); err != nil {
		return err
	}
	if name == "" {
		return bad("key", "give the key to regenerate, in the path or the body")
	}
	if secret.Secret != "" {
		if err := access.CheckSecret(secret.Secret); err != nil {
			return bad("new_key", "%v", err)
		}
	}
	k, err := a.mayKey(in, name, control.Alter)
	if err != nil {
		return err
	}
	a.names.Lock()
	defer a.names.Unlock()
	if err := a.Control.MayRotateKey(in.who, k.ID, secret); err != nil {
		return err
	}
	if !in.none && len(in.object.Keys()) > 0 {
		if k, err = a.changeKey(in, k); err != nil {
			return err
		}
	}
	return a.make(in, k.ID, []control.Edit{control.KeyEdit{Action: control.Rotate, ID: k.ID, Secret: secret, Grace: grace}})
}

func (a *api) resetKey(in *call) error {
	to, err := in.resetTo()
	if err != nil {
		return err
	}
	k, err := a.mayKey(in, in.param("key"), control.Alter)
	if err != nil {
		return err
	}
	if err := a.Control.May(in.who, control.Alter, control.TheBudget, control.Place{}); err != nil {
		return err
	}
	now, err := a.reset(in, scope.Account{Kind: scope.Key, ID: k.ID}, to)
	if err != nil {
		return err
	}
	return in.answer(row{"key_hash": k.Digest.String(), "spend": number(to), "previous_spend": number(now.Spend), "max_budget": amount(now.Max), "budget_reset_at": instant(now.Resets)})
}

// resetTo is what a request sets spending to.
func (in *call) resetTo() (accounting.Money, error) {
	in.needBody()
	to := in.money("reset_to")
	if to.v == nil && len(in.wrong) == 0 {
		in.fail("missing", "Field required", "reset_to")
	}
	return to.or(0), in.done()
}

// reset sets what an account has spent to less than it is, and returns how it stood.
func (a *api) reset(in *call, account scope.Account, to accounting.Money) (*mapping.Standing, error) {
	now, err := a.standing(in.ctx, account.Kind, account.ID)
	if err != nil {
		return nil, err
	}
	if to > now.Spend {
		return nil, bad("reset_to", "reset_to (%s) must be <= current spend (%s)", number(to), number(now.Spend))
	}
	edits, err := a.change(account, now, now.Terms, &to)
	if err == nil && len(edits) > 0 {
		_, err = a.Control.Apply(in.ctx, edits)
	}
	return now, plain(err)
}

func (a *api) keyHealth(in *call) error {
	return in.answer(row{"key": "healthy", "logging_callbacks": nil})
}
