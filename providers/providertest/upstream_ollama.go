package providertest

import (
	"encoding/json"
	"net/http"
	"strings"
)

// day is when Ollama's objects say they were made.
const day = "2026-11-24T00:00:00Z"

// contextLength is what /api/show says of every model.
const contextLength = 8192

func (u *Upstream) ollamaChat(w http.ResponseWriter, r *http.Request, b body) {
	s := b.script
	if !u.preface(w, r, s) {
		return
	}
	line := func(message object) object {
		return object{"model": b.Model, "created_at": day, "message": message, "done": false}
	}
	last := func(message object) object {
		l := line(message)
		l["done"], l["done_reason"] = true, "stop"
		l["total_duration"], l["load_duration"] = 5_000_000, 1_000_000
		if !s.NoUsage { // zero is missing: the counts are omitempty in Ollama
			prompt, completion := s.tokens()
			if prompt != 0 {
				l["prompt_eval_count"], l["prompt_eval_duration"] = prompt, 1_000_000
			}
			if completion != 0 {
				l["eval_count"], l["eval_duration"] = completion, 1_000_000
			}
		}
		return l
	}
	message := func(text string) object {
		m := object{"role": "assistant", "content": text}
		if s.ToolCall {
			m["content"] = ""
			m["tool_calls"] = []object{{"id": "call_test",
				"function": object{"index": 0, "name": "get_weather", "arguments": json.RawMessage(ToolCallArguments)}}}
		}
		return m
	}
	if b.Stream != nil && !*b.Stream {
		u.whole(w, s, last(message(s.text())))
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	send := func(v any) { _, _ = w.Write(append(mustJSON(v), '\n')) } // a client that went is seen by pause
	if u.parts(w, r, s,
		func(_ int, text string) { send(line(message(text))) },
		func() { send(object{"error": "an error was encountered while running the model"}) }) {
		send(last(object{"role": "assistant", "content": ""}))
	}
}

func (u *Upstream) ollamaEmbed(w http.ResponseWriter, r *http.Request, b body) {
	s := b.script
	if !u.preface(w, r, s) {
		return
	}
	vectors := [][]float32{}
	for range inputs(b.Input) {
		vectors = append(vectors, vector)
	}
	answer := object{"model": b.Model, "embeddings": vectors, "total_duration": 5_000_000, "load_duration": 1_000_000}
	if prompt, _ := s.tokens(); !s.NoUsage && prompt != 0 {
		answer["prompt_eval_count"] = prompt
	}
	u.whole(w, s, answer)
}

func (u *Upstream) ollamaModels() []object {
	models := []object{}
	for _, name := range u.listed() {
		models = append(models, object{"name": name, "model": name, "modified_at": day, "size": 1 << 30,
			"digest":  strings.Repeat("0", 64),
			"details": object{"format": "gguf", "family": "llama", "parameter_size": "1B", "quantization_level": "Q4_K_M"},
		})
	}
	return models
}

func (u *Upstream) ollamaTags(w http.ResponseWriter, _ *http.Request, _ body) {
	reply(w, http.StatusOK, object{"models": u.ollamaModels()})
}

// ollamaPS says that every listed model is loaded.
func (u *Upstream) ollamaPS(w http.ResponseWriter, _ *http.Request, _ body) {
	models := u.ollamaModels()
	for _, m := range models {
		m["expires_at"], m["size_vram"], m["context_length"] = day, 1<<30, contextLength
	}
	reply(w, http.StatusOK, object{"models": models})
}

// ollamaShow takes a model with "embed" in its name for an embedder.
func (u *Upstream) ollamaShow(w http.ResponseWriter, _ *http.Request, b body) {
	capabilities := []string{"completion", "tools"}
	if strings.Contains(b.Model, "embed") {
		capabilities = []string{"embedding"}
	}
	reply(w, http.StatusOK, object{
		"details":      object{"format": "gguf", "family": "llama"},
		"model_info":   object{"general.architecture": "llama", "llama.context_length": contextLength},
		"capabilities": capabilities,
	})
}

func (u *Upstream) ollamaVersion(w http.ResponseWriter, _ *http.Request, _ body) {
	reply(w, http.StatusOK, object{"version": "0.33.0"})
}
