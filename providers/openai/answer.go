package openai

import (
	"errors"
	"strings"

	"github.com/tidwall/gjson"

	"tollgate/providers"
	"tollgate/providers/wire"
)

// Decode reads a whole answer. The client gets its bytes, less a root
// `"error":null` and with reasoning named as the target wants it.
func (c *codec) Decode(call providers.Call, target providers.Target, contentType string, body []byte) (providers.Answer, error) {
	answer, err := c.decode(call, target, contentType, body)
	if err != nil {
		return providers.Answer{}, c.telling(call, body, err)
	}
	return answer, nil
}

func (c *codec) decode(call providers.Call, target providers.Target, contentType string, body []byte) (providers.Answer, error) {
	if r, ok := relays[call.Operation]; ok {
		return r.decode(c, call, contentType, body)
	}
	if call.Operation == providers.Embeddings && mediaType(contentType) == octets {
		return providers.Answer{Body: body, ContentType: octets}, nil // vLLM's bytes_only
	}
	answer, err := wire.ParseObject(body)
	if err != nil {
		return providers.Answer{}, badAnswer("not an answer", body)
	}
	list := "choices"
	if call.Operation == providers.Embeddings {
		list = "data"
	}
	raw, _ := answer.Raw(list)
	reported, hasError := answer.Raw("error")
	if len(raw) == 0 || raw[0] != '[' {
		// Gateways and OpenRouter answer 200 and tell of the failure in the body.
		if hasError && string(reported) != "null" {
			return providers.Answer{}, reportedError(body)
		}
		return providers.Answer{}, badAnswer("an answer without "+list, body)
	}

	out := providers.Answer{Body: body, Model: answer.Text("model"), ServiceTier: answer.Text("service_tier"), Searches: c.lookups(call, target)}
	if v, has := answer.Raw("usage"); has {
		out.Usage, out.Doubt = c.rawUsage(call.Operation, v)
		c.searched(out.Usage, call, target)
	}
	if out.Usage == nil && !call.NoText {
		out.Text = wire.AnswerText(gjson.ParseBytes(raw))
	}
	var edits []wire.Edit
	if string(reported) == "null" {
		edits = append(edits, wire.Edit{Key: "error"})
	}
	if target.Reasoning != providers.ReasoningAsIs {
		if renamed, changed := nameReasoning(gjson.ParseBytes(raw), target.Reasoning); changed {
			edits = append(edits, wire.Edit{Key: list, Value: renamed})
		}
	}
	if len(edits) > 0 {
		out.Body = answer.Patch(edits...)
	}
	return out, nil
}

// nameReasoning renames or mirrors reasoning text in the messages or deltas of
// choices, and says whether there was any to name.
func nameReasoning(choices gjson.Result, name providers.ReasoningName) (renamed []byte, changed bool) {
	if name == providers.ReasoningAsIs || !strings.Contains(choices.Raw, `"reasoning`) {
		return nil, false
	}
	raw, at := choices.Raw, 0
	var out []byte
	choices.ForEach(func(_, choice gjson.Result) bool {
		patched, ok := nameInChoice(choice, name)
		if !ok {
			return true
		}
		from := choice.Index - choices.Index
		out = append(append(out, raw[at:from]...), patched...)
		at, changed = from+len(choice.Raw), true
		return true
	})
	return append(out, raw[at:]...), changed
}

// errNoObject stands for a choice that is none; it is relayed as it came.
var errNoObject = errors.New("not an object")

func object(v gjson.Result) (wire.Object, error) {
	if !v.IsObject() {
		return wire.Object{}, errNoObject
	}
	return wire.ParseObject([]byte(v.Raw))
}

func nameInChoice(choice gjson.Result, name providers.ReasoningName) ([]byte, bool) {
	whole, err := object(choice)
	if err != nil {
		return nil, false
	}
	for _, key := range []string{"delta", "message"} {
		v, has := whole.Get(key)
		if !has {
			continue
		}
		message, err := object(v)
		if err != nil {
			return nil, false
		}
		short, hasShort := message.Get("reasoning")
		long, hasLong := message.Get("reasoning_content")
		var edits []wire.Edit
		switch {
		case hasShort && !hasLong:
			edits = append(edits, wire.Edit{Key: "reasoning_content", Value: []byte(short.Raw)})
		case hasLong && !hasShort && name == providers.ReasoningBoth:
			edits = append(edits, wire.Edit{Key: "reasoning", Value: []byte(long.Raw)})
		}
		if hasShort && name == providers.ReasoningContent {
			edits = append(edits, wire.Edit{Key: "reasoning"})
		}
		if len(edits) == 0 {
			return nil, false
		}
		return whole.Patch(wire.Edit{Key: key, Value: message.Patch(edits...)}), true
	}
	return nil, false
}
