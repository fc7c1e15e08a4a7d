package openai

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/tidwall/gjson"

	"tollgate/providers"
	"tollgate/providers/wire"
)

// contextFields are the names under which servers state a model's context: vLLM
// and SGLang, OpenRouter and Together, Groq, Mistral.
var contextFields = []string{"max_model_len", "context_length", "context_window", "max_context_length"}

// models reads the list at `data`, or a bare list, as Together sends it. An entry
// without an id is passed over. A LoRA adapter is a model of its own.
func models(body []byte) ([]providers.Model, error) {
	bare := bytes.HasPrefix(bytes.TrimSpace(body), []byte("["))
	whole := body
	if bare {
		whole = slices.Concat([]byte(`{"data":`), body, []byte("}"))
	}
	answer, err := wire.ParseObject(whole)
	if err != nil {
		return nil, badAnswer("not a list of models", body)
	}
	list, _ := answer.Get("data")
	if !list.IsArray() {
		return nil, badAnswer("not a list of models", body)
	}
	out := []providers.Model{}
	list.ForEach(func(_, entry gjson.Result) bool {
		id := entry.Get("id")
		if id.Type != gjson.String || id.Str == "" {
			return true
		}
		m := providers.Model{ID: id.Str}
		for _, field := range contextFields {
			n, err := strconv.ParseInt(entry.Get(field).Raw, 10, 64)
			if err == nil && n > 0 {
				m.Context = n
				break
			}
		}
		out = append(out, m)
		return true
	})
	if bare && len(out) == 0 {
		return nil, badAnswer("not a list of models", body) // a list of something else
	}
	return out, nil
}
