package mapping

import "encoding/json"

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
func (k Kept) Into(attributes json.RawMessage) json.RawMessage {
	all := map[string]json.RawMessage{}
	if len(attributes) > 0 && json.Unmarshal(attributes, &all) != nil {
		all = map[string]json.RawMessage{}
	}
	all[member] = mustJSON(k)
	return mustJSON(all)
}

// mustJSON writes plain values and JSON that was read before.
func mustJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// Set keeps a value; null takes it away.
func (k Kept) Set(name string, v any) {
	if raw := mustJSON(v); string(raw) != "null" {
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
