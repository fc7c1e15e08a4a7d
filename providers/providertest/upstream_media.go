package providertest

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"tollgate/providers/wire"
)

// Sound is what [Upstream] answers as speech: bytes that are no text.
var Sound = bytes.Repeat([]byte("RIFF\x00\xff\r\n\r\ndata: [DONE]\n\n\xfe"), 10_000)

// readForm reads a multipart form and says whether it was one.
func (b *body) readForm(contentType string, raw []byte) bool {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "multipart/form-data" {
		return false
	}
	b.form = map[string]string{}
	for r := multipart.NewReader(bytes.NewReader(raw), params["boundary"]); ; {
		part, err := r.NextRawPart()
		if err != nil {
			break
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return false
		}
		if part.FileName() == "" {
			b.form[part.FormName()] = string(value)
		}
	}
	streams := b.form["stream"] == "true"
	b.Model, b.Stream = b.form["model"], &streams
	b.Count, _ = strconv.Atoi(b.form["n"]) // 0: not said
	return true
}

// media serves the operations beside text: OpenAI's, and those of vLLM outside /v1.
func (u *Upstream) media(mux *http.ServeMux) {
	mux.Handle("POST /v1/audio/transcriptions", u.record(u.transcript))
	mux.Handle("POST /v1/audio/translations", u.record(u.transcript))
	mux.Handle("POST /v1/audio/speech", u.record(u.speech))
	mux.Handle("POST /v1/images/generations", u.record(u.images("image_generation")))
	mux.Handle("POST /v1/images/edits", u.record(u.images("image_edit")))
	mux.Handle("POST /v1/images/variations", u.record(u.images("")))
	mux.Handle("POST /v1/moderations", u.record(u.answering(func(Script) object {
		return object{"id": "modr-1", "model": "moderation", "results": []object{{"flagged": false}}}
	})))
	mux.Handle("POST /v1/rerank", u.record(u.answering(func(s Script) object {
		a := object{"id": "rerank-1", "results": []object{{"index": 0, "relevance_score": 0.5}}}
		prompt, _ := s.tokens()
		switch {
		case s.NoUsage:
		case s.Units > 0:
			a["meta"] = object{"billed_units": object{"search_units": s.Units}}
		default:
			a["usage"] = object{"total_tokens": prompt}
		}
		return a
	})))
	mux.Handle("POST /v1/score", u.record(u.answering(func(s Script) object {
		a := object{"id": "score-1", "object": "list", "data": []object{{"index": 0, "score": 0.5}}, "usage": object{}}
		if prompt, _ := s.tokens(); !s.NoUsage {
			a["usage"] = object{"prompt_tokens": prompt, "total_tokens": prompt}
		}
		return a
	})))
	mux.Handle("POST /tokenize", u.record(u.answering(func(Script) object { return object{"count": 2, "max_model_len": 4096, "tokens": []int{1, 2}} })))
	mux.Handle("POST /detokenize", u.record(u.answering(func(Script) object { return object{"prompt": "hi"} })))
}

func (u *Upstream) answering(answer func(Script) object) handler {
	return func(w http.ResponseWriter, r *http.Request, b body) {
		if s := b.script; u.preface(w, r, s) {
			u.whole(w, s, answer(s))
		}
	}
}

// transcriptUsage is the usage of a transcript, or nil.
func (s Script) transcriptUsage() any {
	prompt, completion := s.tokens()
	switch {
	case s.RawUsage != "":
		return json.RawMessage(s.RawUsage)
	case s.NoUsage:
		return nil
	case s.Seconds > 0:
		return object{"type": "duration", "seconds": s.Seconds}
	}
	return object{"type": "tokens", "input_tokens": prompt, "output_tokens": completion, "total_tokens": prompt + completion,
		"input_token_details": object{"text_tokens": 0, "audio_tokens": prompt}}
}

func (u *Upstream) transcript(w http.ResponseWriter, r *http.Request, b body) {
	s := b.script
	if !u.preface(w, r, s) {
		return
	}
	if b.Stream == nil || !*b.Stream {
		switch b.form["response_format"] {
		case "text", "srt", "vtt":
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = io.WriteString(w, s.text()) // the client may have gone: its affair
		case "verbose_json":
			u.whole(w, s, object{"task": "transcribe", "duration": strconv.FormatFloat(s.Seconds, 'f', -1, 64), "text": s.text(), "segments": []object{}})
		default:
			a := object{"text": s.text()}
			if usage := s.transcriptUsage(); usage != nil {
				a["usage"] = usage
			}
			u.whole(w, s, a)
		}
		return
	}
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	send := func(name string, data any) { _, _ = w.Write(wire.AppendNamed(nil, name, mustJSON(data))) }
	chunk := func(choices []object) object {
		return object{"id": "trsc-1", "object": "transcription.chunk", "model": b.Model, "choices": choices}
	}
	if !u.parts(w, r, s,
		func(_ int, text string) {
			if s.ChunkedText {
				send("", chunk([]object{{"delta": object{"content": text}, "finish_reason": nil, "stop_reason": nil}}))
			} else {
				send("transcript.text.delta", object{"type": "transcript.text.delta", "delta": text})
			}
		},
		func() { send("error", object{"error": object{"message": "Overloaded"}}) }) {
		return
	}
	if !s.ChunkedText {
		done := object{"type": "transcript.text.done", "text": s.text()}
		if usage := s.transcriptUsage(); usage != nil {
			done["usage"] = usage
		}
		send("transcript.text.done", done)
		return
	}
	if b.form["stream_include_usage"] == "true" && !s.NoUsage {
		prompt, completion := s.tokens()
		last := chunk([]object{})
		last["usage"] = object{"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
		send("", last)
	}
	_, _ = io.WriteString(w, "data: [DONE]\n\n")
}

func (u *Upstream) speech(w http.ResponseWriter, r *http.Request, b body) {
	s := b.script
	if !u.preface(w, r, s) {
		return
	}
	if s.Chunks == 0 {
		s.Chunks = 4
	}
	s.Text = strings.Repeat("x", s.Chunks)
	if b.Format != "sse" {
		if w.Header().Get("Content-Type") == "" {
			w.Header().Set("Content-Type", "audio/mpeg")
		}
		u.parts(w, r, s, func(i int, _ string) {
			_, _ = w.Write(Sound[i*len(Sound)/s.Chunks : (i+1)*len(Sound)/s.Chunks])
		}, func() { panic(http.ErrAbortHandler) })
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	send := func(name string, more object) {
		_, _ = w.Write(wire.AppendNamed(nil, name, mustJSON(with(object{"type": name}, more))))
	}
	if !u.parts(w, r, s, func(int, string) { send("speech.audio.delta", object{"audio": "AAAA"}) },
		func() { send("error", object{"error": object{"message": "Overloaded"}}) }) {
		return
	}
	prompt, completion := s.tokens()
	send("speech.audio.done", object{"usage": object{"input_tokens": prompt, "output_tokens": completion, "total_tokens": prompt + completion}})
}

func (u *Upstream) images(event string) handler {
	return func(w http.ResponseWriter, r *http.Request, b body) {
		s := b.script
		if !u.preface(w, r, s) {
			return
		}
		prompt, completion := s.tokens()
		usage := func(a object) object {
			if !s.NoUsage {
				a["usage"] = object{"input_tokens": prompt, "output_tokens": completion, "total_tokens": prompt + completion,
					"input_tokens_details": object{"text_tokens": prompt, "image_tokens": 0}}
			}
			return a
		}
		n := max(b.Count, 1)
		if b.Stream == nil || !*b.Stream {
			data := make([]object, n)
			for i := range data {
				data[i] = object{"b64_json": "AAAA"}
			}
			u.whole(w, s, usage(object{"created": 1, "data": data}))
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		send := func(kind string, a object) {
			kind = event + "." + kind
			a["type"] = kind
			_, _ = w.Write(wire.AppendNamed(nil, kind, mustJSON(a)))
		}
		for range n {
			if !u.parts(w, r, s, func(i int, _ string) { send("partial_image", object{"b64_json": "AAAA", "partial_image_index": i}) },
				func() { send("error", object{"error": object{"message": "Overloaded"}}) }) {
				return
			}
			send("completed", usage(object{"b64_json": strings.Repeat("A", 200_000)}))
		}
	}
}
