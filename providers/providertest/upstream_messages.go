package providertest

import (
	"encoding/json"
	"net/http"

	"tollgate/providers/wire"
)

// messages answers Anthropic's POST /v1/messages.
func (u *Upstream) messages(w http.ResponseWriter, r *http.Request, b body) {
	s := b.script
	if !u.preface(w, r, s) {
		return
	}
	message := object{"id": "msg_test", "type": "message", "role": "assistant", "model": b.Model, "stop_reason": "end_turn", "stop_sequence": nil,
		"content": []object{{"type": "text", "text": s.text()}}}
	if !s.NoUsage {
		message["usage"] = s.messageUsage(true)
	}
	if b.Stream == nil || !*b.Stream {
		u.whole(w, s, message)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	send := func(kind string, more object) {
		_, _ = w.Write(wire.AppendNamed(nil, kind, mustJSON(with(object{"type": kind}, more)))) // a client that went is seen by pause
	}
	if !u.parts(w, r, s,
		func(i int, text string) {
			if i == 0 {
				start := with(message, object{"content": []object{}, "stop_reason": nil})
				if !s.NoUsage {
					start["usage"] = s.messageUsage(false)
				}
				send("message_start", object{"message": start})
				send("content_block_start", object{"index": 0, "content_block": object{"type": "text", "text": ""}})
				send("ping", nil)
			}
			send("content_block_delta", object{"index": 0, "delta": object{"type": "text_delta", "text": text}})
		},
		func() {
			send("error", object{"error": object{"type": "overloaded_error", "message": "Overloaded"}})
		}) {
		return
	}
	send("content_block_stop", object{"index": 0})
	delta := object{"delta": object{"stop_reason": "end_turn", "stop_sequence": nil}}
	if !s.NoUsage {
		_, completion := s.tokens()
		delta["usage"] = object{"output_tokens": completion}
		if s.RawUsage != "" {
			delta["usage"] = json.RawMessage(s.RawUsage)
		}
	}
	send("message_delta", delta)
	send("message_stop", nil)
}

// messageUsage is the usage of a whole message, or that of its start.
func (s Script) messageUsage(whole bool) any {
	if s.RawUsage != "" && whole {
		return json.RawMessage(s.RawUsage)
	}
	prompt, completion := s.tokens()
	if s.CacheBeside {
		prompt -= s.CachedTokens
	}
	if !whole {
		completion = 1
	}
	return object{"input_tokens": prompt, "cache_creation_input_tokens": 0, "cache_read_input_tokens": s.CachedTokens, "output_tokens": completion}
}

func (u *Upstream) countTokens(w http.ResponseWriter, r *http.Request, b body) {
	s := b.script
	if u.preface(w, r, s) {
		prompt, _ := s.tokens()
		reply(w, http.StatusOK, object{"input_tokens": prompt})
	}
}
