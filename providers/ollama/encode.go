package ollama

import (
	"encoding/json"
	"strconv"

	"github.com/tidwall/gjson"

	"tollgate/providers"
	"tollgate/providers/wire"
)

func encodeChat(call providers.Call, target providers.Target) (chatRequest, error) {
	r := chatRequest{Model: target.Model}
	for _, old := range []string{"functions", "function_call"} {
		if _, ok := field(call.Body, old); ok {
			return r, badRequest(old, "%s is not supported: use tools and tool_choice", old)
		}
	}
	list, ok := field(call.Body, "messages")
	if !ok || !list.IsArray() {
		return r, badRequest("messages", "messages must be an array")
	}
	var err error
	if r.Messages, err = encodeMessages(list); err != nil {
		return r, err
	}
	if r.Tools, err = encodeTools(call.Body); err != nil {
		return r, err
	}
	if r.settings, err = encodeSettings(call, target); err != nil {
		return r, err
	}
	if v, ok := field(call.Body, "logprobs"); ok {
		if !v.IsBool() {
			return r, badRequest("logprobs", "logprobs must be true or false")
		}
		r.Logprobs = v.Bool()
	}
	r.TopLogprobs, err = integer(call.Body, "top_logprobs", 0)
	return r, err
}

// encodeGenerate makes the request for a legacy completion. The server puts the
// prompt into the model's chat template, as its own OpenAI surface does, unless
// the model is one for filling in and a suffix is given.
func encodeGenerate(call providers.Call, target providers.Target) (generateRequest, error) {
	r := generateRequest{Model: target.Model}
	prompt, ok := field(call.Body, "prompt")
	if prompt.IsArray() && prompt.Get("#").Int() == 1 {
		prompt = prompt.Get("0") // some libraries always send a list
	}
	if !ok || prompt.Type != gjson.String {
		return r, badRequest("prompt", "prompt must be one string: Ollama takes neither several prompts nor tokens")
	}
	r.Prompt = prompt.String()
	if v, ok := field(call.Body, "suffix"); ok {
		if v.Type != gjson.String {
			return r, badRequest("suffix", "suffix must be a string")
		}
		r.Suffix = v.String()
	}
	if v, ok := field(call.Body, "echo"); ok && v.Type != gjson.False {
		return r, badRequest("echo", "echo is not supported by Ollama")
	}
	if err := single(call.Body, "best_of"); err != nil {
		return r, err
	}
	var err error
	if r.settings, err = encodeSettings(call, target); err != nil {
		return r, err
	}
	if _, r.Logprobs = field(call.Body, "logprobs"); r.Logprobs {
		r.TopLogprobs, err = integer(call.Body, "logprobs", 0) // here it is how many alternatives
	}
	return r, err
}

func encodeSettings(call providers.Call, target providers.Target) (settings, error) {
	s := settings{Stream: call.Stream}
	if err := single(call.Body, "n"); err != nil {
		return s, err
	}
	var err error
	if s.Options, err = encodeOptions(call, target); err != nil {
		return s, err
	}
	if s.Format, err = encodeFormat(call.Body); err != nil {
		return s, err
	}
	if s.Think, err = encodeThink(call.Body); err != nil {
		return s, err
	}
	s.KeepAlive = encodeKeepAlive(call.Body, target)
	return s, nil
}

// encodeFormat translates response_format. Without one the native format holds.
func encodeFormat(body wire.Object) (json.RawMessage, error) {
	v, ok := field(body, "response_format")
	if !ok {
		return extension(body, "format"), nil
	}
	switch kind := member(v, "type").String(); kind {
	case "text":
		return nil, nil
	case "json_object":
		return json.RawMessage(`"json"`), nil
	case "json_schema":
		schema := v.Get("json_schema.schema")
		if !schema.IsObject() {
			return nil, badRequest("response_format", "response_format.json_schema.schema must be an object")
		}
		return raw(schema), nil
	default:
		return nil, badRequest("response_format", "response_format.type %q is not one of text, json_object, json_schema", kind)
	}
}

// encodeThink translates the effort of reasoning. When nothing is asked for
// nothing is sent, and a model that can think does. A model that cannot answers
// 400 to any effort but none, which is passed on.
func encodeThink(body wire.Object) (json.RawMessage, error) {
	if think := extension(body, "think"); think != nil {
		return think, nil
	}
	param := "reasoning_effort"
	v, ok := field(body, param)
	if !ok {
		reasoning, has := field(body, "reasoning")
		if v = member(reasoning, "effort"); !has || v.Type == gjson.Null {
			return nil, nil
		}
		param = "reasoning.effort"
	}
	switch effort := v.String(); effort {
	case "none":
		return json.RawMessage("false"), nil
	case "minimal":
		return json.RawMessage(`"low"`), nil
	case "low", "medium", "high", "max":
		return wire.String(effort), nil
	case "xhigh", "ultra":
		return json.RawMessage(`"max"`), nil
	default:
		return nil, badRequest(param, "%s %q is not one of none, minimal, low, medium, high, xhigh, max", param, effort)
	}
}

// encodeKeepAlive returns how long the model stays loaded. The server takes a
// duration with a unit as a string and seconds as a number, but no number in a
// string.
func encodeKeepAlive(body wire.Object, target providers.Target) json.RawMessage {
	if target.KeepAlive == "" {
		return extension(body, "keep_alive")
	}
	if seconds, err := strconv.ParseInt(target.KeepAlive, 10, 64); err == nil {
		return strconv.AppendInt(nil, seconds, 10)
	}
	return wire.String(target.KeepAlive)
}
