package manage

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

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

// The words for whether a key works.
const (
	keyActive  = "active"
	keyExpired = "expired"
	keyRevoked = "revoked" // it is blocked
)

// status says in a word whether a key works.
func status(k access.Key, now time.Time) string {
	switch {
	case k.Blocked:
		return keyRevoked
	case expired(k, now):
		return keyExpired
	}
	return keyActive
}

func expired(k access.Key, now time.Time) bool { return !k.Expires.IsZero() && !now.Before(k.Expires) }

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
	full, by, order := q.flag("return_full_object"), q.text("sort_by"), cmp.Or(strings.ToLower(q.text("sort_order")), "desc")
	f, err := q.keys()
	switch {
	case err != nil:
		return err
	case order != "asc" && order != "desc":
		return bad("sort_order", "Invalid sort order. Must be 'asc' or 'desc'")
	case !in.who.Manages() && in.who.Person() == nil:
		return &refusal{http.StatusForbidden, "bad_request_error", "user_id", "You are not authorized to access this endpoint. No 'user_id' is associated with your API key.", nil}
	}
	keys, err := a.visibleKeys(in, f.stored)
	if err != nil {
		return err
	}
	if keys, err = a.filterKeys(in, keys, f); err != nil {
		return err
	}
	if err := a.sortKeys(in, keys, by, order == "asc"); err != nil {
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

// keyFilter says which keys are asked for; what is empty asks for all.
type keyFilter struct {
	stored              control.KeyFilter
	user                string // a part of an id
	alias, hash, search string
	part                bool // alias is a part of one
	status, expires     string
	group               string            // an access group
	kept                map[string]string // fields that are kept
}

// keys reads it.
func (q *params) keys() (f keyFilter, err error) {
	f = keyFilter{stored: control.KeyFilter{UserID: q.text("user_id"), TeamID: q.text("team_id"), OrgID: q.text("organization_id")},
		alias: q.text("key_alias"), hash: q.text("key_hash"), search: q.text("search"), part: q.flag("substring_matching"), status: q.text("status"), expires: q.text("expires"),
		group: q.text("access_group_id"), kept: map[string]string{"project_id": q.text("project_id"), "agent_id": q.text("agent_id")}}
	maps.DeleteFunc(f.kept, func(_, v string) bool { return v == "" })
	if f.part {
		f.user, f.stored.UserID = f.stored.UserID, ""
	}
	if err := q.done(); err != nil {
		return f, err
	}
	if !slices.Contains([]string{"", keyActive, keyExpired, keyRevoked, deletedOnly}, f.status) {
		return f, bad("status", "Invalid status value. Supported: 'active', 'expired', 'revoked', 'deleted'.")
	}
	if !slices.Contains([]string{"", keyActive, keyExpired}, f.expires) {
		return f, bad("expires", "Invalid expires value. Supported: 'active', 'expired'.")
	}
	return f, nil
}

// has says whether a key is asked for, as far as the key itself tells.
func (f keyFilter) has(k access.Key, now time.Time) bool {
	hash := k.Digest.String()
	switch {
	case f.alias != "" && !f.part && k.Name != f.alias, f.alias != "" && f.part && !has(k.Name, f.alias), f.hash != "" && hash != f.hash:
		return false
	case f.search != "" && hash != f.search && !has(k.Name, f.search), f.user != "" && !has(k.UserID, f.user):
		return false
	case f.status != "" && status(k, now) != f.status: // what is deleted is gone
		return false
	}
	return f.expires == "" || expired(k, now) == (f.expires == keyExpired)
}

// filterKeys leaves of some keys those that are asked for.
func (a *api) filterKeys(in *call, keys []access.Key, f keyFilter) ([]access.Key, error) {
	keys = slices.DeleteFunc(keys, func(k access.Key) bool { return !f.has(k, in.now) })
	if f.group == "" && len(f.kept) == 0 {
		return keys, nil
	}
	attributes, err := a.attributes(in, control.KeyChanged, idsOf(keys, func(k access.Key) string { return k.ID })...)
	return slices.DeleteFunc(keys, func(k access.Key) bool {
		kept := mapping.KeptOf(attributes[k.ID])
		for name, v := range f.kept {
			if kept.Text(name) != v {
				return true
			}
		}
		return f.group != "" && !slices.Contains(object(kept).texts("access_group_ids"), f.group)
	}), err
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

func (a *api) keyHealth(in *call) error {
	return in.answer(row{"key": "healthy", "logging_callbacks": nil})
}
