package manage

import (
	"encoding/json"

	"github.com/tidwall/gjson"

	"tollgate/gateway/litellm/mapping"
)

// metadataFields are fields that LiteLLM keeps in the metadata, where its clients read them
// back, and may say them as well.
var metadataFields = append([]string{"tags"}, metadataTerms...)

// metadataTerms are those of them that bound what may be spent or called.
var metadataTerms = []string{"model_rpm_limit", "model_tpm_limit", "temp_budget_increase", "temp_budget_expiry"}

// metadataRules are fields that LiteLLM heeds within the metadata, too, and that are refused.
var metadataRules = []string{"enforced_params", "guardrails", "policies", "prompts", "disable_global_guardrails", "throttle_on_budget_exceeded", "end_user_budget_id", "tag_rpm_limit", "mcp_rpm_limit",
	"allowed_vector_store_indexes", "allowed_passthrough_routes", "denied_passthrough_routes", "require_trace_id", "team_member_key_duration"}

// spread reads those fields that a request says within its metadata, which LiteLLM heeds as
// if they stood beside it. The metadata of a request are all that there is then: what those
// before, in kept, had of such a field is taken away. What is refused beside the metadata is
// refused within, unless it was kept there already.
func (b *body) spread(kept mapping.Kept) error {
	said, given, _ := b.get("metadata")
	if !given || said.Type != gjson.Null && !said.IsObject() {
		return nil // which is told elsewhere
	}
	before := objectOf(kept["metadata"])
	for _, name := range metadataRules {
		f, known := b.fields.of(name)
		if v := said.Get(name); known && f.fate == Refused && !empty(v) && !sameJSON(v.Raw, before[name]) {
			return bad("metadata", "tollgate has no %s: leave it out of the metadata. %s", name, f.note)
		}
	}
	for _, name := range metadataTerms {
		v, had := said.Get(name), before[name] != nil
		if _, given := b.object.Get(name); given || !v.Exists() && !had {
			continue
		}
		if b.beside == nil {
			b.beside = map[string]gjson.Result{}
		}
		b.beside[name] = v // one that is not there is null
	}
	return nil
}

// sameJSON says whether two values are the same, however they are written.
func sameJSON(x string, y json.RawMessage) bool {
	return len(y) > 0 && string(mapping.JSON(gjson.Parse(x).Value())) == string(mapping.JSON(gjson.ParseBytes(y).Value()))
}

// inMetadata are those fields of the metadata that a request gives beside them; null takes
// one away.
func (b *body) inMetadata() map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	for _, name := range metadataFields {
		if v, given := b.object.Get(name); !b.none && given {
			out[name] = json.RawMessage(v.Raw)
		}
	}
	return out
}
