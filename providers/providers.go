// Package providers is the contract between tollgate and the dialects that
// upstream servers speak: [Codec], [Call], [Answer], [Stream] and [Error].
//
// A codec translates and nothing else: it makes an upstream request from a call,
// reads an answer or a stream of events, and classifies a fault. It has no
// network, no clock and no retries (that is gateway/dispatch), and it does not
// know keys, people, budgets or prices. A vendor that speaks OpenAI's dialect is
// a row in providers/openai; only a different dialect is a package.
//
// It may import accounting (for [accounting.Usage]) and providers/wire.
package providers

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"time"

	"tollgate/accounting"
	"tollgate/providers/wire"
)

// Call is one client request on its way to an upstream, in OpenAI's shape. A
// codec reads it and never changes it: the same call may be sent elsewhere next.
type Call struct {
	Operation Operation
	Body      wire.Object // the client's body, checked; its model is the public name
	Form      *wire.Form  // the client's multipart form, checked, in place of Body; nil: there is none
	Header    http.Header // what of the client's own headers the upstream gets: anthropic-version and anthropic-beta
	Stream    bool        // the answer is read as it comes: the body's `stream` is the JSON true, or Raw is set
	Raw       bool        // the answer is a file: a stream of bytes and no events
	WantUsage bool        // the client's own stream_options.include_usage is true

	// OutputCap, if above zero, is the most output tokens (per choice) that the
	// upstream may produce; the codec writes it in its dialect in place of what
	// the client set. Zero leaves the body as it came.
	OutputCap int64

	// Response is the upstream's id of the kept response that the call is about, or that
	// it goes on from ("" for none); Query is what a read of one asks for.
	Response string
	Query    string
	// Handle turns the upstream's id of a response into what clients call it; nil leaves
	// ids as they are.
	Handle func(id string) string

	// NoText says that nobody counts the text of the answer: a codec need not collect it.
	NoText bool

	// Resend lets the call be sent once more when it met a connection that the upstream
	// was giving up. The upstream may then have had it twice, which must not cost twice.
	Resend bool

	// AttemptID is fresh for each attempt, short and made by tollgate; a codec may
	// send it as the upstream's request id.
	AttemptID string
}

// Target is the model at the upstream, and the operator's settings for it.
type Target struct {
	Model     string        // the upstream's name for it
	NumCtx    int64         // Ollama: context length in tokens to load the model with; 0 leaves it to the server
	KeepAlive string        // Ollama: how long to keep the model loaded ("5m", "-1"); "" leaves it to the server
	Reasoning ReasoningName // how a chat answer names reasoning text
}

// ReasoningName says under which key reasoning text reaches the client.
type ReasoningName string

// The ways to name reasoning text.
const (
	ReasoningAsIs    ReasoningName = ""                  // as the upstream names it
	ReasoningBoth    ReasoningName = "both"              // `reasoning` and `reasoning_content`
	ReasoningContent ReasoningName = "reasoning_content" // renamed
)

// Request is an upstream request without its host and credential.
type Request struct {
	Method string
	Path   string // below the base URL, starting with "/"
	Root   bool   // below the server's root instead: a last /v1 of the base URL is left out
	Header Header
	Body   []byte
	// Pieces are the body in place of Body, where that would be a copy of a large one: one
	// after the other they are sent. They may share the call's bytes.
	Pieces [][]byte
	// KeyHeader is the header for the credential where this request wants another than
	// [Kind.Header] says; "" wants none.
	KeyHeader string
}

// Header are the headers of a request, with names as [http.CanonicalHeaderKey] has them. A
// name may stand more than once.
type Header []Field

// Field is one header.
type Field struct{ Name, Value string }

// Get returns the first value of a name; "" if there is none.
func (h Header) Get(name string) string {
	for _, f := range h {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// Set puts values in the place of those that a name has.
func (h *Header) Set(name string, values ...string) {
	*h = slices.DeleteFunc(*h, func(f Field) bool { return f.Name == name })
	for _, v := range values {
		*h = append(*h, Field{name, v})
	}
}

// Answer is a whole answer, in the shape of the operation's surface.
type Answer struct {
	Body        []byte            // what the client gets
	ContentType string            // of Body; "" means application/json
	Failed      *Error            // why it failed, if the upstream says in it that it did; what it used stands
	Running     string            // the upstream's id of a response that it still works on; "" if it does not
	Usage       *accounting.Usage // nil if the upstream reported none; one without input, or without output, does not know of it
	Doubt       Doubt             // what is wrong with the usage that was reported; "" if nothing
	Text        string            // the text produced; filled only when Usage is nil or lacks something, to be counted here
	Searches    int64             // web searches that stand in the answer, whether or not Usage has them
	Model       string            // the model that the upstream says has answered
	ServiceTier string            // the tier that the upstream says it served
}

// Doubt says what is wrong with a usage that an upstream reported. Whoever bills
// decides what is believed of it.
type Doubt string

// What can be wrong with a usage.
const (
	BadUsage Doubt = "bad_usage"           // a count is negative or no whole number: Usage is nil
	OddUsage Doubt = "contradictory_usage" // a part exceeds its whole, or a total is no sum: Usage has the wholes
)

// Event is one event of a streamed answer.
type Event struct {
	Name        string            // of the `event:` line; "" has none
	Data        []byte            // payload of one `data:` field in the surface's shape, or bytes of a file; nil: for the meter only, the client must not see it
	Last        bool              // the client takes this event for the end of the answer: io.EOF comes next
	Failed      *Error            // as in Answer
	Running     string            // as in Answer
	Usage       *accounting.Usage // usage of the whole call so far, if this event carried it: it replaces an earlier one
	Least       bool              // Usage may be that of one choice alone: of the whole call it is only the least
	Doubt       Doubt             // as in Answer
	Text        string            // the text (content, reasoning, tool arguments) that this event produced, for counting
	Searches    int64             // web searches that have been made by now in all, as far as the stream shows them
	Opening     bool              // it says that the call was taken, and nothing has been produced yet
	Model       string            // as in Answer, when the event carries it
	ServiceTier string            // as in Answer, when the event carries it
}

// Stream reads the events of one answer. Next returns [io.EOF] only after the
// dialect's own end mark was seen; an upstream that just stops is an [Error] of
// kind [Truncated], and an error reported by the upstream in the stream is an
// [Error] too. An end mark of [DoneMark] is no event: whoever writes to the client adds
// its own. Of [LastWord] the last event is the end mark. After an error every further
// call returns it again.
//
// An event and its Data are valid until the next call. With an error there is none.
//
// A stream may have a method Ahead() int beside: how many bytes the next event has, if it
// has arrived whole and the client gets it, so that Next will not wait; else 0.
type Stream interface {
	Next() (*Event, error)
}

// Codec speaks one dialect. All methods are safe for concurrent use.
type Codec interface {
	// Supports says whether the dialect has the operation at all.
	Supports(Operation) bool
	// Encode makes the upstream request. An [Error] of kind [BadRequest] says that
	// the call cannot be expressed in this dialect, and why.
	Encode(Call, Target) (Request, error)
	// Decode reads a whole answer with status 2xx, with the Content-Type that it came
	// with. An [Error] of kind [BadAnswer] says that the bytes are no answer in this
	// dialect.
	Decode(call Call, target Target, contentType string, body []byte) (Answer, error)
	// Stream reads a streamed answer with status 2xx from body. It does not close body.
	Stream(Call, Target, io.Reader) Stream
	// Fault classifies an answer of any other status to a call. body is at most 64 KiB of it.
	Fault(call Call, status int, header http.Header, body []byte) *Error
	// Models asks the upstream what it serves, by way of fetch.
	Models(ctx context.Context, fetch Fetch) ([]Model, error)
}

// Searcher is a codec of a vendor that searches the web whether it is asked to or not.
type Searcher interface {
	// Searches is how many searches a call may be billed for though it asks for none.
	Searches(Call, Target) int64
}

// Fetch sends one small request (a model list, not a call) to the upstream and
// returns its status and at most 8 MiB of its body.
type Fetch func(context.Context, Request) (status int, body []byte, err error)

// Model is what an upstream says of a model that it serves.
type Model struct {
	ID       string // the name to call it by
	Context  int64  // tokens of context; 0 if not said
	Embedder bool   // makes embeddings and nothing else
	Loaded   bool   // is in memory right now, where the upstream says so
	Remote   string // host it really runs on, if the upstream only forwards to it (Ollama's cloud models)
}

// Kind is a sort of provider that an operator can name in the configuration. The
// list of kinds is composed in cmd; there is no registry to add oneself to.
type Kind struct {
	Name        string
	Codec       Codec
	Beside      Codec             // speaks the operations that Codec does not have; nil: nobody does
	Compatible  Codec             // speaks to a base URL of the operator's own, where that is somebody else's server; nil: Codec does
	URL         string            // default base URL; "" means the operator must give one
	DefaultPath string            // path of a base URL that has none: /v1 in OpenAI's dialect
	Local       bool              // runs on the operator's own machines: free unless a price is set, and its models are followed
	NeedsKey    bool              // refuses calls without a credential
	Header      string            // header for the credential; "" means `Authorization: Bearer`
	Catalogue   string            // vendor id in the price catalogue; "" means it has no prices there
	IdleTimeout time.Duration     // how long an idle connection may be kept: below the server's own limit
	NumCtx      bool              // a model is loaded with [Target.NumCtx] of context, and takes no longer prompt then
	Remote      func(string) bool // says of a model's name that the engine only forwards it to somebody else's machines; may be nil
	Transport   http.RoundTripper // for a provider inside the process (echo); nil means the network

	// How the engine is looked at without costing it a token.
	Health string                                     // path below the server's root that answers 2xx while the engine lives and 503 when it is dead; "" if it has none
	Load   func(context.Context, Fetch) (Load, error) // what it says of its work; nil if it does not
}

// Load is what an engine says of its work at a moment.
type Load struct {
	Requests bool            // it says how many requests it has
	Running  int64           // requests that it works on
	Waiting  int64           // requests in its own line
	Cache    float64         // how much of its cache is taken, 0 to 1; 0 too if it does not say
	Loaded   map[string]bool // names of the models in memory, in small letters; nil if it does not say
}

// For returns the codec that speaks an operation, or nil if none does.
func (k Kind) For(op Operation) Codec {
	for _, c := range []Codec{k.Codec, k.Beside} {
		if c != nil && c.Supports(op) {
			return c
		}
	}
	return nil
}

// ErrorKind is what went wrong at an upstream, as far as the caller's status and
// the next attempt depend on it.
type ErrorKind uint8

// The kinds of upstream error.
const (
	BadRequest     ErrorKind = iota + 1 // the request itself is at fault: no other deployment would take it
	ContextTooLong                      // the prompt does not fit this model
	ContentRefused                      // the upstream's content filter refused it
	ModelMissing                        // the upstream does not know the model: the deployment is misconfigured or the model gone
	KeyRefused                          // the upstream refused tollgate's credential, or its account has no money
	RateLimited                         // the upstream asks to slow down
	Overloaded                          // the upstream is too busy
	ServerError                         // the upstream failed
	Unreachable                         // no connection, or one that did not take all of the request
	Lost                                // the connection broke after the request was sent, before an answer
	TimedOut                            // a deadline passed
	BadAnswer                           // the upstream's answer makes no sense in its dialect
	Truncated                           // the answer stopped before its end mark
)

var kindNames = [...]string{"", "bad_request", "context_too_long", "content_refused", "model_missing", "key_refused",
	"rate_limited", "overloaded", "server_error", "unreachable", "lost", "timed_out", "bad_answer", "truncated"}

// String names the kind as logs and records have it.
func (k ErrorKind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// Error is a failed attempt. Its texts come from the upstream and may be shown to
// the client, except for [KeyRefused], which is the operator's business.
type Error struct {
	Kind       ErrorKind
	Status     int           // the upstream's HTTP status; 0 if there was none
	Message    string        // at most 1 KiB
	Type       string        // the upstream's own `type`, if it gave one
	Code       string        // the upstream's own `code`, as a string
	Param      string        // the upstream's own `param`
	RetryAfter time.Duration // 0 if the upstream did not say
	UpstreamID string        // the upstream's own id of the call, if it gave one: a label for logs
	// Usage is what the upstream says, beside its failure, that it has used all the same; nil
	// if it does not. Doubt is as in [Answer].
	Usage *accounting.Usage
	Doubt Doubt
	// Oversize says of a [BadAnswer] that it is longer than answers may be here. That is
	// what the request has asked for: it speaks against no deployment, and no other helps.
	Oversize bool
	// Ours says of an [Unreachable] that there was no room for a connection on this side: it
	// speaks against no deployment, and there is none for another either.
	Ours  bool
	Cause error
}

func (e *Error) Error() string {
	if e.Message == "" {
		return "upstream: " + e.Kind.String()
	}
	return "upstream: " + e.Kind.String() + ": " + e.Message
}

func (e *Error) Unwrap() error { return e.Cause }

// Refuses says that the failure is the upstream's own word that it does not take the call:
// unless it had begun with it, it has done no work.
func (e *Error) Refuses() bool {
	switch e.Kind {
	case BadRequest, ContextTooLong, ContentRefused, ModelMissing, KeyRefused, RateLimited, Overloaded:
		return true
	}
	return false
}

// AsError returns the [Error] in err's chain, or nil.
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// MaxMessage is how many bytes of an upstream's error text are kept.
const MaxMessage = 1024

// Excerpt cuts an upstream's text to [MaxMessage] bytes and to valid UTF-8, on
// one line.
func Excerpt(text string) string { return wire.Excerpt(text, MaxMessage) }

// Words cuts what an upstream says against a request to [MaxMessage] bytes and to valid
// UTF-8. Its lines stay, since clients look for its wording.
func Words(text string) string { return wire.Cut(text, MaxMessage) }
