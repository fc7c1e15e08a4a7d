package mapping

import (
	"encoding/json"
	"slices"

	"tollgate/accounting/ledger"
)

// member is where a thing's attributes hold what LiteLLM alone has a field for.
const member = "litellm"

// Kept is that: LiteLLM's fields as they are told again.
type Kept map[string]json.RawMessage

// KeptOf reads a thing's attributes. Attributes that another face wrote, and that hold
// something else there, hold nothing.
func KeptOf(attributes json.RawMessage) Kept {
	var all struct {
		Kept Kept `json:"litellm"`
	}
	if len(attributes) > 0 && json.Unmarshal(attributes, &all) != nil || all.Kept == nil {
		return Kept{}
	}
	return all.Kept
}

// Into writes what is kept into a thing's attributes, beside what else stands there.
func (k Kept) Into(attributes json.RawMessage) json.RawMessage { return With(attributes, member, k) }

// With puts a member into a thing's attributes, beside what else stands there.
func With(attributes json.RawMessage, member string, v any) json.RawMessage {
	all := map[string]json.RawMessage{}
	if len(attributes) > 0 && json.Unmarshal(attributes, &all) != nil {
		all = map[string]json.RawMessage{}
	}
	all[member] = JSON(v)
	return JSON(all)
}

// JSON writes plain values and JSON that was read before.
func JSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// Set keeps a value; null takes it away.
func (k Kept) Set(name string, v any) {
	if raw := JSON(v); string(raw) != "null" {
		k[name] = raw
		return
	}
	delete(k, name)
}

// Text is a kept text, or "".
func (k Kept) Text(name string) string {
	var s string
	if raw, ok := k[name]; ok && json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// durations is the member with the texts of the windows that a client named: 24h and 1d are
// one window, and it reads the one that it wrote.
const durations = "durations"

// SetDurations notes the texts of windows.
func (k Kept) SetDurations(texts ...string) {
	all := map[string]string{}
	if raw, ok := k[durations]; ok && json.Unmarshal(raw, &all) != nil {
		all = map[string]string{}
	}
	for _, text := range texts {
		if w, err := WindowOf(text); err == nil && text != "" {
			if DurationOf(w) == text {
				delete(all, w.String())
			} else {
				all[w.String()] = text
			}
		}
	}
	if len(all) == 0 {
		delete(k, durations)
		return
	}
	k.Set(durations, all)
}

// Duration writes a window as it was named, else as a budget_duration; "" never ends.
func (k Kept) Duration(w ledger.Window) string {
	var all map[string]string
	if raw, ok := k[durations]; ok && json.Unmarshal(raw, &all) == nil && all[w.String()] != "" {
		return all[w.String()]
	}
	return DurationOf(w)
}

// SetMetadata puts members into the kept metadata; null takes one away.
func (k Kept) SetMetadata(members map[string]json.RawMessage) {
	if len(members) == 0 {
		return
	}
	metadata := map[string]json.RawMessage{}
	if raw, ok := k["metadata"]; ok && json.Unmarshal(raw, &metadata) != nil {
		metadata = map[string]json.RawMessage{}
	}
	for name, v := range members {
		if delete(metadata, name); string(v) != "null" {
			metadata[name] = v
		}
	}
	k.Set("metadata", metadata)
}

// Tags are those in the kept metadata, each once: where LiteLLM has the tags of a key or a
// team, whose calls all carry them. What is no text there is none.
func (k Kept) Tags() []string {
	var metadata struct {
		Tags []json.RawMessage `json:"tags"`
	}
	tags := []string{}
	if raw, ok := k["metadata"]; !ok || json.Unmarshal(raw, &metadata) != nil {
		return tags
	}
	for _, raw := range metadata.Tags {
		var tag string
		if json.Unmarshal(raw, &tag) == nil && tag != "" && !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return tags
}
