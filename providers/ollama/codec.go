// Package ollama translates between OpenAI's protocol and the native one of
// Ollama: a call into a request for /api/chat, /api/generate or /api/embed, and
// what comes back into what OpenAI would have answered. The facts in its comments
// are those of Ollama 0.33.
//
// The native surface is used, and not the server's own OpenAI surface, because
// only there can the context length be set, is an overlong prompt an error instead
// of a silent cut, do the model's own sampling defaults hold, and is an error in
// the middle of a stream visible.
//
// It may import accounting, providers and providers/wire. It has no network, no
// clock and no memory between calls; it does not know keys, people, prices or
// routes.
//
// # What is lost in translation
//
// A client's field that has no native counterpart is dropped: logit_bias, user,
// metadata, parallel_tool_calls, store, service_tier, prediction and every field
// unknown here. A field that would change what kind of answer the client waits for
// is refused instead: n above 1, best_of above 1, echo, functions.
//
// Ollama cannot be made to call a tool. A forced tool_choice is met half-way: for a
// named tool the model is shown that tool alone, for "required" it is shown all of
// them, and in both cases it may still answer in words. A client that insists on a
// tool has to look, as it has to with any model; a refusal would break the clients
// that force a tool only to get structured output.
//
// The native fields options (an object), keep_alive, think and format are taken
// from the client's body, where OpenAI's clients put them as extra fields; for
// embeddings also truncate. OpenAI's own fields and the deployment's settings win
// over them.
package ollama

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"tollgate/providers"
)

// Kind describes Ollama as a provider. The server closes idle connections only
// with the process, so the idle timeout is for what stands in between.
func Kind() providers.Kind {
	return providers.Kind{
		Name:        "ollama",
		Codec:       New(),
		URL:         "http://127.0.0.1:11434",
		Local:       true,
		IdleTimeout: 60 * time.Second,
		NumCtx:      true,
		Remote:      remoteName,
		Health:      "/api/version",
		Load:        load,
	}
}

// remoteName says whether a name has the tag by which Ollama marks models that run
// on its maker's machines: name:cloud, or name:size-cloud.
func remoteName(model string) bool {
	_, tag, _ := strings.Cut(model, ":")
	return tag == "cloud" || strings.HasSuffix(tag, "-cloud")
}

// New returns the codec. It holds no state.
func New() providers.Codec { return codec{} }

type codec struct{}

var _ providers.Codec = codec{}

// Supports implements [providers.Codec]. What Ollama has beside these it has on its
// OpenAI surface alone; see [providers.Kind.Beside].
func (codec) Supports(op providers.Operation) bool {
	switch op {
	case providers.Chat, providers.Completions, providers.Embeddings:
		return true
	}
	return false
}

// Encode implements [providers.Codec].
func (codec) Encode(call providers.Call, target providers.Target) (providers.Request, error) {
	switch call.Operation {
	case providers.Chat:
		r, err := encodeChat(call, target)
		return post("/api/chat", r, err)
	case providers.Completions:
		r, err := encodeGenerate(call, target)
		return post("/api/generate", r, err)
	case providers.Embeddings:
		r, err := encodeEmbed(call, target)
		return post("/api/embed", r, err)
	}
	return providers.Request{}, badRequest("", "Ollama has no operation %q", call.Operation)
}

// Decode implements [providers.Codec].
func (codec) Decode(call providers.Call, target providers.Target, _ string, body []byte) (providers.Answer, error) {
	if call.Operation == providers.Embeddings {
		return decodeEmbed(call, target, body)
	}
	return decodeText(call, target, body)
}

// Stream implements [providers.Codec].
func (codec) Stream(call providers.Call, target providers.Target, body io.Reader) providers.Stream {
	return &stream{lines: newLineReader(body), reply: newReply(call, target)}
}

// post makes the request for an encoded body, if it could be encoded.
func post(path string, native any, err error) (providers.Request, error) {
	if err != nil {
		return providers.Request{}, err
	}
	body, err := marshal(native)
	if err != nil {
		return providers.Request{}, &providers.Error{Kind: providers.BadRequest, Message: "the request cannot be written as JSON", Cause: err}
	}
	return providers.Request{
		Method: http.MethodPost,
		Path:   path,
		Header: providers.Header{{Name: "Content-Type", Value: "application/json"}},
		Body:   body,
	}, nil
}

// marshal writes JSON as OpenAI and Ollama do: one line, without HTML escapes.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// badRequest says that a client's field cannot be expressed for Ollama.
func badRequest(param, format string, args ...any) error {
	return &providers.Error{
		Kind:    providers.BadRequest,
		Message: providers.Excerpt(fmt.Sprintf(format, args...)),
		Param:   param,
	}
}

// badAnswer says that what came is no answer of Ollama's.
func badAnswer(cause error, format string, args ...any) error {
	return &providers.Error{
		Kind:    providers.BadAnswer,
		Message: providers.Excerpt(fmt.Sprintf(format, args...)),
		Cause:   cause,
	}
}
