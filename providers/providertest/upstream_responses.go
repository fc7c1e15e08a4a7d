package providertest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"

	"tollgate/providers/wire"
)

// keptResponse is a response that the server keeps.
type keptResponse struct {
	answer object
	script Script
	polls  int // reads that are still to find it in progress
}

func (u *Upstream) responses(mux *http.ServeMux) {
	mux.Handle("POST /v1/responses", u.record(u.response))
	mux.Handle("POST /v1/responses/compact", u.record(func(w http.ResponseWriter, r *http.Request, b body) {
		s := b.script
		if u.preface(w, r, s) {
			u.whole(w, s, object{"id": "resp_compact", "object": "response.compaction", "created_at": created,
				"output": []object{{"id": "cmp_1", "type": "compaction", "encrypted_content": "abc"}}, "usage": s.responseUsage()})
		}
	}))
	mux.Handle("POST /v1/responses/input_tokens", u.record(func(w http.ResponseWriter, r *http.Request, b body) {
		s := b.script
		if u.preface(w, r, s) {
			prompt, _ := s.tokens()
			reply(w, http.StatusOK, object{"object": "response.input_tokens", "input_tokens": prompt})
		}
	}))
	kept := func(answer func(w http.ResponseWriter, r *http.Request, k *keptResponse)) http.Handler {
		return u.record(func(w http.ResponseWriter, r *http.Request, _ body) {
			id := r.PathValue("id")
			u.mu.Lock()
			k := u.kept[id]
			u.mu.Unlock()
			if k == nil {
				reply(w, http.StatusNotFound, openAIError(fmt.Sprintf("Response with id '%s' not found.", id), "invalid_request_error", nil))
				return
			}
			if u.preface(w, r, k.script) {
				answer(w, r, k)
			}
		})
	}
	mux.Handle("GET /v1/responses/{id}", kept(func(w http.ResponseWriter, r *http.Request, k *keptResponse) {
		u.mu.Lock()
		if k.polls > 0 {
			if k.polls--; k.polls == 0 {
				k.finish()
			}
		}
		answer := k.answer
		u.mu.Unlock()
		if r.URL.Query().Get("stream") == "true" {
			u.responseStream(w, r, k.script, answer)
			return
		}
		reply(w, http.StatusOK, answer)
	}))
	mux.Handle("POST /v1/responses/{id}/cancel", kept(func(w http.ResponseWriter, _ *http.Request, k *keptResponse) {
		u.mu.Lock()
		defer u.mu.Unlock()
		k.polls = 0
		k.answer = with(k.answer, object{"status": "cancelled"})
		reply(w, http.StatusOK, k.answer)
	}))
	mux.Handle("DELETE /v1/responses/{id}", kept(func(w http.ResponseWriter, r *http.Request, _ *keptResponse) {
		u.mu.Lock()
		defer u.mu.Unlock()
		delete(u.kept, r.PathValue("id"))
		reply(w, http.StatusOK, object{"id": r.PathValue("id"), "object": "response", "deleted": true})
	}))
	mux.Handle("GET /v1/responses/{id}/input_items", kept(func(w http.ResponseWriter, _ *http.Request, _ *keptResponse) {
		reply(w, http.StatusOK, object{"object": "list", "data": []object{{"id": "msg_in", "type": "message", "role": "user"}}, "first_id": "msg_in", "last_id": "msg_in", "has_more": false})
	}))
}

// Finish brings every response that the server keeps to its end.
func (u *Upstream) Finish() {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, k := range u.kept {
		if k.polls > 0 {
			k.polls = 0
			k.finish()
		}
	}
}

// Forget drops the responses that the server keeps.
func (u *Upstream) Forget() {
	u.mu.Lock()
	defer u.mu.Unlock()
	clear(u.kept)
}

// with returns a copy of an object with further members.
func with(o, more object) object {
	out := object{}
	for k, v := range o {
		out[k] = v
	}
	for k, v := range more {
		out[k] = v
	}
	return out
}

func (s Script) responseUsage() any {
	if s.RawUsage != "" {
		return json.RawMessage(s.RawUsage)
	}
	if s.NoUsage {
		return nil
	}
	prompt, completion := s.tokens()
	return object{"input_tokens": prompt, "input_tokens_details": object{"cached_tokens": s.CachedTokens},
		"output_tokens": completion, "output_tokens_details": object{"reasoning_tokens": s.ReasoningTokens}, "total_tokens": prompt + completion}
}

func (s Script) responseOutput() []object {
	return []object{{"id": "msg_1", "type": "message", "role": "assistant", "status": "completed",
		"content": []object{{"type": "output_text", "text": s.text(), "annotations": []object{}}}}}
}

// finish brings a response to its end.
func (k *keptResponse) finish() {
	status := k.script.ResponseStatus
	if status == "" {
		status = "completed"
	}
	more := object{"status": status, "output": k.script.responseOutput(), "usage": k.script.responseUsage()}
	switch status {
	case "failed":
		more["error"] = object{"code": cmp.Or(k.script.ResponseCode, "server_error"), "message": "The model failed."}
	case "incomplete":
		more["incomplete_details"] = object{"reason": "max_output_tokens"}
	}
	k.answer = with(k.answer, more)
}

// response answers POST /v1/responses and keeps the answer.
func (u *Upstream) response(w http.ResponseWriter, r *http.Request, b body) {
	s := b.script
	if !u.preface(w, r, s) {
		return
	}
	u.mu.Lock()
	if b.Previous != nil && u.kept[*b.Previous] == nil {
		u.mu.Unlock()
		reply(w, http.StatusBadRequest, openAIError(fmt.Sprintf("Previous response with id '%s' not found.", *b.Previous), "invalid_request_error", "previous_response_not_found"))
		return
	}
	u.made++
	id := fmt.Sprintf("resp_upstream_%d", u.made)
	k := &keptResponse{script: s, answer: object{"id": id, "object": "response", "created_at": created, "model": b.Model, "status": "queued",
		"previous_response_id": b.Previous, "output": []object{}, "usage": nil, "error": nil, "background": b.Background}}
	if s.ServiceTier != "" {
		k.answer["service_tier"] = s.ServiceTier
	}
	stream := b.Stream != nil && *b.Stream
	if k.polls = s.Polls; !b.Background || k.polls == 0 && stream {
		k.polls = 0
		k.finish()
	}
	u.kept[id] = k
	answer := k.answer
	u.mu.Unlock()
	if stream {
		u.responseStream(w, r, s, answer)
		return
	}
	u.whole(w, s, answer)
}

// responseStream sends a response as events.
func (u *Upstream) responseStream(w http.ResponseWriter, r *http.Request, s Script, answer object) {
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	n := 0
	send := func(kind string, more object) {
		event := with(object{"type": kind, "sequence_number": n}, more)
		n++
		_, _ = w.Write(wire.AppendNamed(nil, kind, mustJSON(event))) // a client that went is seen by pause
	}
	begun := with(answer, object{"status": "in_progress", "output": []object{}, "usage": nil})
	if !u.parts(w, r, s,
		func(i int, text string) {
			if i == 0 {
				send("response.created", object{"response": begun})
				send("response.in_progress", object{"response": begun})
				send("response.output_item.added", object{"output_index": 0,
					"item": object{"id": "msg_1", "type": "message", "role": "assistant", "status": "in_progress", "content": []object{}}})
				send("response.content_part.added", object{"item_id": "msg_1", "output_index": 0, "content_index": 0,
					"part": object{"type": "output_text", "text": "", "annotations": []object{}}})
			}
			send("response.output_text.delta", object{"item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": text})
		},
		func() {
			send("error", object{"code": "server_error", "message": "The server had an error.", "param": nil})
		}) {
		return
	}
	send("response.output_text.done", object{"item_id": "msg_1", "output_index": 0, "content_index": 0, "text": s.text()})
	send("response.output_item.done", object{"output_index": 0, "item": s.responseOutput()[0]})
	send("response."+fmt.Sprint(answer["status"]), object{"response": answer})
}
