package manage

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2/utils"

	"tollgate/accounting"
	"tollgate/configs/litellm"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

// keyFields are the fields of a key that several routes take.
var keyFields = slices.Concat(termFields,
	honoured("key_alias", "duration", "models", "spend", "user_id", "team_id", "organization_id", "aliases", "blocked", "allowed_routes", "key_type", "tags", "budget_id", "access_group_ids"),
	as(Kept, "It is told again.", "metadata", "config", "permissions", "project_id", "agent_id", "router_settings", "auto_rotate", "rotation_interval", "default_estimated_output_tokens", "default_estimated_output_tokens_per_model"),
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
func (in *call) key(has interface{ HasRoute(string) bool }, terms mapping.Terms, attributes json.RawMessage, models []string) (wantedKey, error) {
	if err := in.spread(mapping.KeptOf(attributes)); err != nil {
		return wantedKey{}, err
	}
	w := wantedKey{terms: in.terms(terms), raw: attributes}
	w.kept = in.fill(mapping.KeptOf(attributes))
	for _, name := range []string{"metadata", "config", "permissions", "router_settings"} {
		in.raw(name) // it must be one
	}
	in.texts("tags")
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
		var absent []string
		*w.Routes, absent = mapping.Routes(list, has.HasRoute)
		for _, r := range absent {
			if !strings.HasPrefix(r, "/") { // a path opens nothing; whoever writes another word means something by it
				return w, bad("allowed_routes", "allowed_routes: %q is neither a path such as /v1/chat/completions or /v1/* nor a group of routes that there is here: %s", r, strings.Join(mapping.RouteGroups(), ", "))
			}
		}
		w.kept.Set("allowed_routes", list)
	}
	in.keepTerms(w.kept, w.terms)
	w.kept.SetMetadata(in.inMetadata())
	w.Tags = newTags(mapping.KeptOf(attributes), w.kept)
	if in.service {
		w.kept.SetMetadata(map[string]json.RawMessage{"service_account_id": mapping.JSON(in.text("key_alias").or(""))})
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
	w, err := in.key(a.Control, own.Terms, attributes, models)
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
