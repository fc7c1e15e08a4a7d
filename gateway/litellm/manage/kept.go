package manage

import (
	"encoding/json"
	"maps"
	"slices"

	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

// fill keeps those fields of a request that are Kept, and says who made the change.
func (in *call) fill(k mapping.Kept) mapping.Kept {
	out := maps.Clone(k)
	for _, f := range in.fields {
		if f.fate != Kept {
			continue
		}
		if v, given, _ := in.get(f.name); given {
			out.Set(f.name, json.RawMessage(v.Raw))
		}
	}
	if _, made := out["created_by"]; !made {
		out.Set("created_by", in.actor())
	}
	out.Set("updated_by", in.actor())
	out.Set("updated_at", instant(in.now))
	return out
}

// members are what is kept, as members of a row.
func members(k mapping.Kept) row {
	r := make(row, len(k))
	for name, raw := range k {
		r[name] = raw
	}
	return r
}

// masterUser is what LiteLLM calls whoever has the master key.
const masterUser = "default_user_id"

// actor is who makes a change, as LiteLLM tells it.
func (in *call) actor() string {
	if in.who.Key.UserID != "" {
		return in.who.Key.UserID
	}
	return masterUser
}

// askedAtOnce is for how many things the store is asked at once: it takes no more values than
// a statement of its engine may have.
const askedAtOnce = 1000

// attributes returns the attributes of things of one kind, by their ids.
func (a *api) attributes(in *call, kind control.ChangeKind, ids ...string) (map[string]json.RawMessage, error) {
	out := make(map[string]json.RawMessage, len(ids))
	for some := range slices.Chunk(ids, askedAtOnce) {
		part, err := a.Control.Attributes(in.ctx, kind, some...)
		if err != nil {
			return nil, err
		}
		maps.Copy(out, part)
	}
	return out, nil
}
