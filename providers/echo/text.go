package echo

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"unicode"
)

// request is what echo reads of a chat or completions call.
type request struct {
	Model               string          `json:"model"`
	Messages            []message       `json:"messages"`
	Prompt              json.RawMessage `json:"prompt"`
	Stream              bool            `json:"stream"`
	StreamOptions       *streamOptions  `json:"stream_options"`
	MaxTokens           *int64          `json:"max_tokens"`
	MaxCompletionTokens *int64          `json:"max_completion_tokens"`
	Answer              *string         `json:"answer"`
}

type streamOptions struct {
	IncludeUsage bool `json:"include_usage"`
}

type message struct {
	Role    string          `json:"role"`
	Content json.RawMessage `json:"content"`
}

type part struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// words is the text of a message's content: a text, or the text parts of a list,
// in which an image is named.
func (m message) words() string {
	var plain string
	if json.Unmarshal(m.Content, &plain) == nil {
		return plain
	}
	var parts []part
	if json.Unmarshal(m.Content, &parts) != nil {
		return ""
	}
	var texts []string
	for _, p := range parts {
		switch p.Type {
		case "text", "input_text":
			texts = append(texts, p.Text)
		case "image_url", "input_image":
			texts = append(texts, "[image]")
		}
	}
	return strings.Join(texts, " ")
}

// prompt is what the model is told last, and how many words it was told in all.
func (q request) prompt(s shape) (last string, tokens int) {
	if s.legacy {
		if json.Unmarshal(q.Prompt, &last) != nil {
			var many []string
			if json.Unmarshal(q.Prompt, &many) == nil {
				last = strings.Join(many, " ")
			}
		}
		return last, count(last)
	}
	for _, m := range q.Messages {
		tokens += count(m.words())
	}
	for _, m := range slices.Backward(q.Messages) {
		if m.Role == "user" {
			return m.words(), tokens
		}
	}
	return "", tokens
}

func (q request) limit() (words int64, set bool) {
	for _, n := range []*int64{q.MaxCompletionTokens, q.MaxTokens} {
		if n != nil {
			return *n, true
		}
	}
	return 0, false
}

func count(text string) int {
	n := 0
	for range strings.FieldsSeq(text) {
		n++
	}
	return n
}

// words hands out the words of a text one by one, each with a space before it but
// the first.
type words struct {
	rest    string
	left    int // how many may still be handed out
	started bool
}

func (w *words) next() (word string, ok bool) {
	w.rest = strings.TrimSpace(w.rest)
	if w.left == 0 || w.rest == "" {
		return "", false
	}
	end := strings.IndexFunc(w.rest, unicode.IsSpace)
	if end < 0 {
		end = len(w.rest)
	}
	word, w.rest = w.rest[:end], w.rest[end:]
	if w.started {
		word = " " + word
	}
	w.left, w.started = w.left-1, true
	return word, true
}

// shape is how chat and legacy completions differ.
type shape struct {
	legacy           bool
	id, whole, chunk string
	choice           func(text string) object
	delta            func(text string, first bool) object
	last             func() object
}

var chat = shape{
	id: "chatcmpl-echo", whole: "chat.completion", chunk: "chat.completion.chunk",
	choice: func(text string) object {
		return object{"message": object{"role": "assistant", "content": text, "refusal": nil}}
	},
	delta: func(text string, first bool) object {
		delta := object{"content": text}
		if first {
			delta["role"] = "assistant"
		}
		return object{"delta": delta}
	},
	last: func() object { return object{"delta": object{}} },
}

var legacy = shape{
	legacy: true, id: "cmpl-echo", whole: "text_completion", chunk: "text_completion",
	choice: func(text string) object { return object{"text": text} },
	delta:  func(text string, _ bool) object { return object{"text": text} },
	last:   func() object { return object{"text": ""} },
}

func (s shape) envelope(kind string, choices []object) object {
	return object{"id": s.id, "object": kind, "created": now(), "model": Model, "system_fingerprint": fingerprint, "choices": choices}
}

// with completes a choice.
func with(choice object, finish any) []object {
	choice["index"], choice["logprobs"], choice["finish_reason"] = 0, nil, finish
	return []object{choice}
}

func text(r *http.Request, body []byte, s shape) *http.Response {
	var q request
	if err := json.Unmarshal(body, &q); err != nil {
		return refuse(r, http.StatusBadRequest, "invalid_json", "echo cannot read the request: "+err.Error())
	}
	limit, limited := q.limit()
	switch {
	case q.Model != Model:
		return refuse(r, http.StatusNotFound, "model_not_found", "echo has no model "+q.Model+" that writes text")
	case limited && limit < 1:
		return refuse(r, http.StatusBadRequest, "invalid_value", "the most tokens of an answer must be at least 1")
	case q.StreamOptions != nil && !q.Stream:
		return refuse(r, http.StatusBadRequest, "invalid_value", "stream_options is only allowed when stream is true")
	}
	last, promptTokens := q.prompt(s)
	if last = "echo: " + last; q.Answer != nil {
		last = *q.Answer
	}
	tokens, finish := count(last), "stop"
	if limited && int64(tokens) > limit {
		tokens, finish = int(limit), "length"
	}
	spoken := &words{rest: last, left: tokens}
	usage := object{"prompt_tokens": promptTokens, "completion_tokens": tokens, "total_tokens": promptTokens + tokens}
	if q.Stream {
		return respond(r, http.StatusOK, "text/event-stream; charset=utf-8", -1, &stream{ctx: r.Context(), shape: s, words: spoken,
			finish: finish, usage: usage, withUsage: q.StreamOptions != nil && q.StreamOptions.IncludeUsage})
	}
	var all strings.Builder
	for word, ok := spoken.next(); ok; word, ok = spoken.next() {
		all.WriteString(word)
	}
	whole := s.envelope(s.whole, with(s.choice(all.String()), finish))
	whole["usage"] = usage
	return answer(r, http.StatusOK, whole)
}
