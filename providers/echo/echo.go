// Package echo is the built-in provider that says what it was told: it lets a
// newcomer see an answer and its bookkeeping without any vendor's key, and it is
// labelled as what it is in everything it says.
//
// It is an [http.RoundTripper] inside the process that speaks OpenAI's dialect; a
// codec of that dialect is put before it in cmd. It imports providers/wire only,
// and knows no codec, network, price or key.
package echo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"tollgate/providers/wire"
)

// The models of the provider. Any other name is answered with 404.
const (
	Model    = "echo"       // chat and completions
	Embedder = "echo-embed" // embeddings
)

// maxBody is the largest request that is read, in bytes.
const maxBody = 32 << 20

// fingerprint labels each answer.
const fingerprint = "tollgate-echo"

// Transport returns the provider. It answers below any base URL:
//
//   - POST …/chat/completions: "echo: " and the text of the last user message, in
//     which an image stands as "[image]"; whole or as a stream;
//   - POST …/completions: "echo: " and the prompt; in both, if the request has an `answer`,
//     that and nothing else;
//   - POST …/embeddings: one vector per input, made from a hash of the text, of 8
//     dimensions or as many as `dimensions` says, up to 1024;
//   - GET …/models.
//
// A token is a word: usage counts the words between white space. `max_tokens` and
// `max_completion_tokens` cut after so many words. A stream sends one word per
// event and ends early, without its end mark, when the request's context does.
func Transport() http.RoundTripper { return transport{} }

type transport struct{}

func (transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, errors.Join(err, closeBody(r))
	}
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	switch path := r.URL.Path; {
	case r.Method == http.MethodGet && strings.HasSuffix(path, "/models"):
		return answer(r, http.StatusOK, modelList), nil
	case r.Method != http.MethodPost:
		return refuse(r, http.StatusMethodNotAllowed, "method_not_allowed", r.Method+" is not answered here"), nil
	case strings.HasSuffix(path, "/chat/completions"):
		return text(r, body, chat), nil
	case strings.HasSuffix(path, "/completions"):
		return text(r, body, legacy), nil
	case strings.HasSuffix(path, "/embeddings"):
		return embeddings(r, body), nil
	}
	return refuse(r, http.StatusNotFound, "not_found", "echo has no "+r.URL.Path), nil
}

// readBody reads and closes the body, as a RoundTripper must.
func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	b, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err == nil && len(b) > maxBody {
		err = fmt.Errorf("echo: a request of more than %d bytes", maxBody)
	}
	return b, errors.Join(err, closeBody(r))
}

func closeBody(r *http.Request) error {
	if r.Body == nil {
		return nil
	}
	return r.Body.Close()
}

// object is a JSON object in the making.
type object map[string]any

var modelList = object{"object": "list", "data": []object{
	{"id": Model, "object": "model", "created": 0, "owned_by": "tollgate"},
	{"id": Embedder, "object": "model", "created": 0, "owned_by": "tollgate"},
}}

func answer(r *http.Request, status int, v any) *http.Response {
	b, err := json.Marshal(v)
	if err != nil { // an embedding or a text that is no JSON: cannot be, but must not pass for an answer
		status, b = http.StatusInternalServerError, wire.ErrorObject{Message: "echo: " + err.Error(), Type: "server_error"}.Body()
	}
	return respond(r, status, "application/json", int64(len(b)), io.NopCloser(bytes.NewReader(b)))
}

func respond(r *http.Request, status int, contentType string, length int64, body io.ReadCloser) *http.Response {
	return &http.Response{
		Status: fmt.Sprintf("%d %s", status, http.StatusText(status)), StatusCode: status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {contentType}}, ContentLength: length, Body: body, Request: r,
	}
}

func refuse(r *http.Request, status int, code, message string) *http.Response {
	b := wire.ErrorObject{Message: message, Type: "invalid_request_error", Code: code}.Body()
	return respond(r, status, "application/json", int64(len(b)), io.NopCloser(bytes.NewReader(b)))
}

// now is when an answer was made, in OpenAI's seconds.
func now() int64 { return time.Now().Unix() }
