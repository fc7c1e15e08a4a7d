package manage

import (
	"encoding/json"
	"maps"

	"github.com/tidwall/gjson"
)

// object is a JSON object by its members.
type object map[string]json.RawMessage

func objectOf(raw json.RawMessage) object {
	o := object{}
	if len(raw) > 0 && json.Unmarshal(raw, &o) != nil || o == nil {
		return object{}
	}
	return o
}

// over puts members over those that are there; null takes one away.
func (o object) over(other object) object {
	out := maps.Clone(o)
	for k, v := range other {
		if delete(out, k); string(v) != "null" {
			out[k] = v
		}
	}
	return out
}

// numbers writes those prices and rates as numbers that came as text: what LiteLLM's command
// line sends is all text.
func (o object) numbers() object {
	for k, v := range o {
		var s string
		if (isPrice(k) || k == "rpm" || k == "tpm") && json.Unmarshal(v, &s) == nil && gjson.Valid(s) && gjson.Parse(s).Type == gjson.Number {
			o[k] = json.RawMessage(s)
		}
	}
	return o
}

func (o object) text(name string) string {
	var s string
	if json.Unmarshal(o[name], &s) != nil {
		return ""
	}
	return s
}

func (o object) texts(name string) []string {
	var out []string
	if json.Unmarshal(o[name], &out) != nil {
		return nil
	}
	return out
}
