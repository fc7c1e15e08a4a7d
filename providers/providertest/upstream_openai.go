package providertest

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"math"
	"net/http"
	"strings"

	"tollgate/providers/wire"
)

// object is a JSON object in the making.
type object map[string]any

const created = 1764000000 // any fixed day: answers are the same on each run

func openAIError(message, kind string, code any) object {
	return object{"error": object{"message": message, "type": kind, "param": nil, "code": code}}
}

// openAIText answers chat/completions and the legacy completions.
func (u *Upstream) openAIText(w http.ResponseWriter, r *http.Request, b body) {
	s := b.script
	if !u.preface(w, r, s) {
		return
	}
	stream := b.Stream != nil && *b.Stream
	hasOptions := len(b.StreamOptions) > 0 && string(b.StreamOptions) != "null"
	if hasOptions && !stream {
		reply(w, http.StatusBadRequest, object{"error": object{
			"message": "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
			"type":    "invalid_request_error", "param": "stream_options", "code": nil}})
		return
	}
	var options struct {
		IncludeUsage bool `json:"include_usage"`
	}
	if hasOptions && json.Unmarshal(b.StreamOptions, &options) != nil {
		reply(w, http.StatusBadRequest, object{"error": object{
			"message": "Invalid type for 'stream_options'.", "type": "invalid_request_error", "param": "stream_options", "code": "invalid_type"}})
		return
	}
	shape := chatShape
	if strings.HasSuffix(r.URL.Path, "/v1/completions") {
		shape = completionShape
	}
	if stream {
		u.openAIStream(w, r, b.Model, s, shape, options.IncludeUsage && !s.NoUsage)
		return
	}
	answer := shape.envelope(b.Model, s, shape.whole(s))
	answer["object"] = shape.object
	if !s.NoUsage {
		answer["usage"] = s.usage()
	}
	u.whole(w, s, answer)
}

func (u *Upstream) openAIStream(w http.ResponseWriter, r *http.Request, model string, s Script, shape textShape, withUsage bool) {
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	send := func(v any) { _, _ = w.Write(wire.AppendEvent(nil, mustJSON(v))) } // a client that went is seen by pause
	chunk := func(choices ...object) object {
		c := shape.envelope(model, s, choices)
		if withUsage {
			c["usage"] = nil // as OpenAI has it on every chunk but the last
		}
		return c
	}
	done := func() { _, _ = w.Write(wire.AppendEvent(nil, []byte(wire.Done))) }
	if !u.parts(w, r, s,
		func(i int, text string) {
			c := chunk(shape.part(s, i, text))
			if s.RunningUsage != nil {
				if usage := s.RunningUsage(i + 1); usage != "" {
					c["usage"] = json.RawMessage(usage)
				}
			}
			send(c)
		},
		func() {
			send(openAIError("The server had an error while processing your request.", "server_error", nil))
			done()
		}) {
		return
	}
	send(chunk(shape.finish(s)))
	if withUsage {
		last := chunk()
		last["choices"], last["usage"] = []object{}, s.usage()
		send(last)
	}
	done()
}

// textShape is how chat and legacy completions differ.
type textShape struct {
	object, chunkObject string
	whole               func(Script) []object
	part                func(s Script, i int, text string) object
	finish              func(Script) object
}

var chatShape = textShape{
	object: "chat.completion", chunkObject: "chat.completion.chunk",
	whole: func(s Script) []object {
		message := object{"role": "assistant", "content": s.text(), "refusal": nil}
		if s.ToolCall {
			message["content"], message["tool_calls"] = nil, []object{openAIToolCall()}
		}
		return []object{{"index": 0, "message": message, "logprobs": nil, "finish_reason": s.finishReason()}}
	},
	part: func(s Script, i int, text string) object {
		delta := object{"content": text}
		if i == 0 {
			delta["role"] = "assistant"
		}
		if s.ToolCall {
			call := openAIToolCall()
			call["index"] = 0
			delta["content"], delta["tool_calls"] = nil, []object{call}
		}
		return object{"index": 0, "delta": delta, "logprobs": nil, "finish_reason": nil}
	},
	finish: func(s Script) object {
		return object{"index": 0, "delta": object{}, "logprobs": nil, "finish_reason": s.finishReason()}
	},
}

var completionShape = textShape{
	object: "text_completion", chunkObject: "text_completion",
	whole: func(s Script) []object {
		return []object{{"index": 0, "text": s.text(), "logprobs": nil, "finish_reason": "stop"}}
	},
	part: func(_ Script, _ int, text string) object {
		return object{"index": 0, "text": text, "logprobs": nil, "finish_reason": nil}
	},
	finish: func(Script) object {
		return object{"index": 0, "text": "", "logprobs": nil, "finish_reason": "stop"}
	},
}

func (t textShape) envelope(model string, s Script, choices []object) object {
	e := object{"id": "chatcmpl-test", "object": t.chunkObject, "created": created, "model": model, "choices": choices,
		"system_fingerprint": "fp_test"}
	if s.ServiceTier != "" {
		e["service_tier"] = s.ServiceTier
	}
	return e
}

func openAIToolCall() object {
	return object{"id": "call_test", "type": "function",
		"function": object{"name": "get_weather", "arguments": ToolCallArguments}}
}

func (s Script) finishReason() string {
	if s.ToolCall {
		return "tool_calls"
	}
	return "stop"
}

func (s Script) usage() any {
	if s.RawUsage != "" {
		return json.RawMessage(s.RawUsage)
	}
	prompt, completion := s.tokens()
	return object{
		"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion,
		"prompt_tokens_details":     object{"cached_tokens": s.CachedTokens, "audio_tokens": 0},
		"completion_tokens_details": object{"reasoning_tokens": s.ReasoningTokens, "audio_tokens": 0},
	}
}

// vector is what every text embeds to; exact in float32, so that both encodings
// carry the same numbers.
var vector = []float32{0.5, -0.25, 0.125}

func inputs(raw json.RawMessage) int {
	var many []json.RawMessage
	if json.Unmarshal(raw, &many) != nil || len(many) == 0 {
		return 1
	}
	var token int64
	if json.Unmarshal(many[0], &token) == nil {
		return 1 // one text as a list of tokens
	}
	return len(many)
}

func (u *Upstream) openAIEmbeddings(w http.ResponseWriter, r *http.Request, b body) {
	s := b.script
	if !u.preface(w, r, s) {
		return
	}
	var embedding any = vector
	if b.Encoding == "base64" {
		var raw []byte
		for _, f := range vector {
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(f))
		}
		embedding = base64.StdEncoding.EncodeToString(raw)
	}
	data := []object{}
	for i := range inputs(b.Input) {
		data = append(data, object{"object": "embedding", "index": i, "embedding": embedding})
	}
	answer := object{"object": "list", "data": data, "model": b.Model}
	if !s.NoUsage {
		prompt, _ := s.tokens()
		answer["usage"] = object{"prompt_tokens": prompt, "total_tokens": prompt}
		if s.RawUsage != "" {
			answer["usage"] = json.RawMessage(s.RawUsage)
		}
	}
	u.whole(w, s, answer)
}

func (u *Upstream) openAIModels(w http.ResponseWriter, _ *http.Request, _ body) {
	data := []object{}
	for _, id := range u.listed() {
		data = append(data, object{"id": id, "object": "model", "created": created, "owned_by": "test"})
	}
	reply(w, http.StatusOK, object{"object": "list", "data": data})
}
