package ollama

import (
	"encoding/json"

	"github.com/tidwall/gjson"

	"tollgate/providers"
	"tollgate/providers/wire"
)

// sampling are the fields that have the same name and meaning among OpenAI's
// fields, or its followers', and among Ollama's options. What the client leaves
// out stays out: then the Modelfile's value holds.
var sampling = []string{"temperature", "top_p", "top_k", "min_p", "seed", "presence_penalty", "frequency_penalty"}

// encodeOptions gathers the options, each later source over the earlier: the
// client's options, OpenAI's fields, the output cap, the deployment's num_ctx.
func encodeOptions(call providers.Call, target providers.Target) (options, error) {
	o, err := clientOptions(call.Body)
	if err != nil {
		return nil, err
	}
	for _, name := range sampling {
		v, ok := field(call.Body, name)
		if !ok {
			continue
		}
		if v.Type != gjson.Number {
			return nil, badRequest(name, "%s must be a number", name)
		}
		o[name] = raw(v)
	}
	if v, ok := field(call.Body, "stop"); ok {
		if o["stop"], err = encodeStop(v); err != nil {
			return nil, err
		}
	}
	limit := int64(0)
	for _, name := range []string{"max_tokens", "max_completion_tokens"} {
		if _, ok := field(call.Body, name); ok {
			n, err := integer(call.Body, name, 1) // Ollama reads 0 and below as "no limit" and the like
			if err != nil {
				return nil, err
			}
			limit = max(limit, n)
		}
	}
	if call.OutputCap > 0 {
		limit = call.OutputCap
	}
	if limit > 0 {
		o.setInt("num_predict", limit)
	}
	if target.NumCtx > 0 {
		o.setInt("num_ctx", target.NumCtx)
	}
	return o, nil
}

// clientOptions returns the client's own `options`.
func clientOptions(body wire.Object) (options, error) {
	o := options{}
	v, ok := field(body, "options")
	if !ok {
		return o, nil
	}
	if !v.IsObject() {
		return nil, badRequest("options", "options must be an object")
	}
	v.ForEach(func(name, value gjson.Result) bool {
		o[name.String()] = raw(value)
		return true
	})
	return o, nil
}

// encodeStop makes a list of what may be one string or a list of them.
func encodeStop(v gjson.Result) (json.RawMessage, error) {
	if v.Type == gjson.String {
		return json.RawMessage("[" + v.Raw + "]"), nil
	}
	if !v.IsArray() {
		return nil, badRequest("stop", "stop must be a string or an array of strings")
	}
	all, err := items(v, "stop")
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		if s.Type != gjson.String {
			return nil, badRequest("stop", "stop must hold strings only")
		}
	}
	return raw(v), nil
}
