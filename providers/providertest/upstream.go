package providertest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Script says how [Upstream] answers calls for one model. The zero Script answers
// "hello" with 10 prompt and 5 completion tokens. The steps of an answer come in
// the order DelayHeaders, Hang, Status and Body, chunks.
type Script struct {
	DelayHeaders time.Duration // before anything is sent; ends early when the client goes
	Hang         bool          // then send nothing at all, until the client goes or the server closes

	Status int         // any other than 0 and 200: answered with Body and Header, nothing else
	Body   string      // if not empty, sent as it is instead of an answer, at status 200 too
	Header http.Header // added to every answer of the script

	Text        string // what to answer; "" means "hello"
	ToolCall    bool   // call the tool get_weather with {"city":"Paris"} instead of answering with text
	ServiceTier string // the answer's service_tier (OpenAI's dialect)

	PromptTokens, CompletionTokens int64  // both 0 mean 10 and 5
	CachedTokens, ReasoningTokens  int64  // subsets of the two (OpenAI's dialect)
	NoUsage                        bool   // report no usage, whatever was asked
	RawUsage                       string // JSON in place of the `usage` value (OpenAI's dialect)

	// RunningUsage is the JSON of the `usage` value of each part of a stream, counted
	// from 1; "" is none (OpenAI's dialect).
	RunningUsage func(part int) string

	Chunks         int           // cut the text of a stream into so many parts, some empty if it is short; 0: one per word
	DelayChunk     time.Duration // before each part
	CutAfter       int           // break the connection after so many parts; a whole answer is cut in its middle
	HangAfter      int           // fall silent after so many parts, until the client goes or the server closes
	ResponseStatus string        // how a response ends; "" means completed (responses)
	ResponseCode   string        // why it failed; "" means server_error (responses)
	Polls          int           // how often a background response is found in progress (responses)
	CacheBeside    bool          // input_tokens leave out what is cached, as Anthropic's do (messages)
	Seconds        float64       // usage in seconds in place of tokens (transcriptions)
	ChunkedText    bool          // a stream of a transcript is vLLM's: chunks like those of a chat
	Units          int64         // search units in place of tokens (rerank)

	ErrorFrameAfter int // report an error in the stream after so many parts
}

// ToolCallArguments is what a scripted tool call passes to get_weather.
const ToolCallArguments = `{"city":"Paris"}`

// Call is one request that an [Upstream] received.
type Call struct {
	Method  string
	Path    string
	Header  http.Header
	Body    []byte
	Model   string    // the body's model
	At      time.Time // when its body had been read
	Aborted time.Time // when the client was seen to have gone; zero if it stayed
	Done    bool      // the handler has returned, by itself or because the client went
}

// Upstream is a fake model server on the loopback. It speaks OpenAI's dialect
// below [Upstream.OpenAI] and Ollama's native one below [Upstream.Ollama], records
// every call, and answers any model name, as its [Script] says. All methods are
// safe for concurrent use.
type Upstream struct {
	server  *httptest.Server
	closing chan struct{}

	mu      sync.Mutex
	calls   []*Call
	scripts map[string]Script
	models  []string
	kept    map[string]*keptResponse
	made    int // responses
}

// NewUpstream starts a server and closes it, with every call that hangs, when the
// test ends. It lists one model, "test-model".
func NewUpstream(t testing.TB) *Upstream {
	t.Helper()
	u := &Upstream{closing: make(chan struct{}), scripts: map[string]Script{}, kept: map[string]*keptResponse{}, models: []string{"test-model"}}
	mux := http.NewServeMux()
	mux.Handle("POST /v1/chat/completions", u.record(u.openAIText))
	mux.Handle("POST /v1/completions", u.record(u.openAIText))
	mux.Handle("POST /v1/embeddings", u.record(u.openAIEmbeddings))
	u.responses(mux)
	mux.Handle("POST /v1/messages", u.record(u.messages))
	mux.Handle("POST /v1/messages/count_tokens", u.record(u.countTokens))
	u.media(mux)
	mux.Handle("GET /v1/models", u.record(u.openAIModels))
	mux.Handle("POST /api/chat", u.record(u.ollamaChat))
	mux.Handle("POST /api/embed", u.record(u.ollamaEmbed))
	mux.Handle("GET /api/tags", u.record(u.ollamaTags))
	mux.Handle("GET /api/ps", u.record(u.ollamaPS))
	mux.Handle("POST /api/show", u.record(u.ollamaShow))
	mux.Handle("GET /api/version", u.record(u.ollamaVersion))
	mux.Handle("/", u.record(func(w http.ResponseWriter, _ *http.Request, _ body) {
		http.Error(w, "404 page not found", http.StatusNotFound)
	}))
	u.server = httptest.NewServer(mux)
	t.Cleanup(func() {
		close(u.closing)
		u.server.CloseClientConnections()
		u.server.Close()
	})
	return u
}

// OpenAI is the base URL of the OpenAI dialect; it ends in "/v1".
func (u *Upstream) OpenAI() string { return u.server.URL + "/v1" }

// Ollama is the base URL of the native Ollama dialect.
func (u *Upstream) Ollama() string { return u.server.URL }

// Set scripts the answers for one model name, from the next call on.
func (u *Upstream) Set(model string, s Script) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.scripts[model] = s
}

// Models sets the list of models that the server says it has. Other names are
// answered all the same; script a 404 for one that must not be there.
func (u *Upstream) Models(ids ...string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.models = slices.Clone(ids)
}

// Calls returns a copy of the calls so far, in the order of their arrival.
func (u *Upstream) Calls() []Call {
	u.mu.Lock()
	defer u.mu.Unlock()
	calls := make([]Call, len(u.calls))
	for i, c := range u.calls {
		calls[i] = *c
		calls[i].Header = c.Header.Clone()
		calls[i].Body = bytes.Clone(c.Body)
	}
	return calls
}

// CallsTo returns the calls to one path, such as "/v1/chat/completions".
func (u *Upstream) CallsTo(path string) []Call {
	return slices.DeleteFunc(u.Calls(), func(c Call) bool { return c.Path != path })
}

// Reset forgets the calls. Scripts and models stay.
func (u *Upstream) Reset() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.calls = nil
}

func (u *Upstream) listed() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Clone(u.models)
}

// body is what the server reads of a request, in either dialect.
type body struct {
	Model         string          `json:"model"`
	Stream        *bool           `json:"stream"` // absent means true in Ollama's dialect
	StreamOptions json.RawMessage `json:"stream_options"`
	Input         json.RawMessage `json:"input"`
	Encoding      string          `json:"encoding_format"`
	Previous      *string         `json:"previous_response_id"`
	Background    bool            `json:"background"`
	Format        string          `json:"stream_format"`
	Count         int             `json:"n"`
	Documents     json.RawMessage `json:"documents"`

	form   map[string]string // the fields of a multipart form
	script Script            // of its model, when it came
}

type handler func(w http.ResponseWriter, r *http.Request, b body)

// record reads the whole request before the handler runs: only then does net/http
// watch the connection and cancel the request's context when the client goes.
func (u *Upstream) record(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			return // the client went while it was sending
		}
		var b body
		valid := len(raw) == 0 || b.readForm(r.Header.Get("Content-Type"), raw) || json.Unmarshal(raw, &b) == nil
		call := &Call{Method: r.Method, Path: r.URL.Path, Header: r.Header.Clone(), Body: raw, Model: b.Model, At: time.Now()}
		u.mu.Lock()
		u.calls, b.script = append(u.calls, call), u.scripts[b.Model]
		u.mu.Unlock()
		unwatch := context.AfterFunc(r.Context(), func() {
			u.mu.Lock()
			defer u.mu.Unlock()
			call.Aborted = time.Now()
		})
		defer func() {
			stopped := unwatch()
			u.mu.Lock()
			defer u.mu.Unlock()
			if stopped && r.Context().Err() != nil {
				call.Aborted = time.Now() // the handler saw it before the watch did
			}
			call.Done = true
		}()
		if !valid {
			reply(w, http.StatusBadRequest, openAIError("We could not parse the JSON body of your request.", "invalid_request_error", nil))
			return
		}
		h(w, r, b)
	})
}

// preface does the steps of a script that come before an answer and says whether
// the answer is still to be sent.
func (u *Upstream) preface(w http.ResponseWriter, r *http.Request, s Script) bool {
	if !u.pause(r, s.DelayHeaders) {
		return false
	}
	if s.Hang {
		u.hang(r)
		return false
	}
	for name, values := range s.Header {
		w.Header()[http.CanonicalHeaderKey(name)] = values
	}
	status := cmp.Or(s.Status, http.StatusOK)
	if status == http.StatusOK && s.Body == "" {
		return true
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, s.Body) // the client may have gone: its affair
	return false
}

// pause waits and says whether the client is still there.
func (u *Upstream) pause(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return r.Context().Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-u.closing:
	}
	return false
}

func (u *Upstream) hang(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-u.closing:
	}
}

// parts sends the parts of a streamed answer, with the faults of the script, and
// says whether the stream goes on to its end.
func (u *Upstream) parts(w http.ResponseWriter, r *http.Request, s Script, part func(i int, text string), fault func()) bool {
	flush := func() {
		if err := http.NewResponseController(w).Flush(); err != nil {
			panic(http.ErrAbortHandler)
		}
	}
	flush() // the headers
	for i, text := range s.split() {
		if !u.pause(r, s.DelayChunk) {
			return false
		}
		part(i, text)
		flush()
		switch i + 1 {
		case s.CutAfter:
			panic(http.ErrAbortHandler)
		case s.HangAfter:
			u.hang(r)
			return false
		case s.ErrorFrameAfter:
			fault()
			return false
		}
	}
	return true
}

// whole sends a whole answer, or half of one if the script says so.
func (u *Upstream) whole(w http.ResponseWriter, s Script, answer any) {
	if s.CutAfter == 0 {
		reply(w, http.StatusOK, answer)
		return
	}
	b := mustJSON(answer)
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(b[:len(b)/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func (s Script) text() string { return cmp.Or(s.Text, "hello") }

func (s Script) tokens() (prompt, completion int64) {
	if s.PromptTokens == 0 && s.CompletionTokens == 0 {
		return 10, 5
	}
	return s.PromptTokens, s.CompletionTokens
}

func (s Script) split() []string {
	if s.ToolCall {
		return []string{""}
	}
	if s.Chunks == 0 {
		return strings.SplitAfter(s.text(), " ")
	}
	runes := []rune(s.text())
	parts := make([]string, s.Chunks)
	for i := range parts {
		parts[i] = string(runes[i*len(runes)/s.Chunks : (i+1)*len(runes)/s.Chunks])
	}
	return parts
}

func reply(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(mustJSON(answer))
}

// mustJSON is for values made in this package, which all have a JSON form.
func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
