// Package openai speaks OpenAI's dialect, to OpenAI and to every server that
// copies it: [New] makes a codec from the few facts in which a vendor differs, and
// [Kinds] is the table of the vendors.
//
// It may import accounting, providers and providers/wire, and no other vendor's
// package. It relays bytes: what it need not change in a request or an answer
// stays as it came. It knows no network, credential, price, key or person.
package openai

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"

	"tollgate/providers"
	"tollgate/providers/wire"
)

// Quirks are the facts in which a vendor differs from the plain dialect. The zero
// value is a vendor that has `max_tokens`, knows `stream_options.include_usage`
// and ends a stream with [DONE].
type Quirks struct {
	// CapField is the field that caps the output of a chat answer; "" means
	// `max_tokens`. Legacy completions have `max_tokens` everywhere.
	CapField string
	// CapFieldOnly says that the vendor refuses or ignores the other of the two
	// spellings: what a client wrote there is moved to CapField.
	CapFieldOnly bool
	// NoStreamOptions says that the vendor refuses `stream_options`. It is taken
	// out, and usage is had if the vendor sends it unasked.
	NoStreamOptions bool
	// NoDone says that streams may end without [DONE]. They are then complete when
	// every choice has had its finish_reason.
	NoDone bool
	// OutputFromTotal says that completion_tokens leaves out reasoning, which then
	// only shows in total_tokens: all output is total_tokens less prompt_tokens.
	OutputFromTotal bool
	// SearchUsage says that usage has three more counts, none of them part of
	// another: citation_tokens (billed as input), reasoning_tokens at the root, and
	// num_search_queries.
	SearchUsage bool
	// SearchedChats says that a chat with web_search_options, or of a model that is named for
	// it, has searched the web for each answer, which is billed beside the tokens and stands in
	// no usage.
	SearchedChats bool
	// Policy names request fields that are the operator's to set: they are taken
	// out of what clients send.
	Policy []string
	// Has lists the operations that the vendor has beside chat, completions and embeddings.
	Has []providers.Operation
	// Prefix is put before every path, for a codec that stands beside one whose base URL
	// is the server's root.
	Prefix string
	// CacheIncluded says that the input_tokens of messages include what was read from the
	// cache and written to it. Anthropic's own leave both out.
	CacheIncluded bool
	// GuessedStart says that the usage at the start of a streamed message is a guess, and
	// may be above the true one that follows.
	GuessedStart bool
	// ChoiceUsage says that a usage beside a choice of a stream is that choice's alone, and
	// that of all stands in the last chunk.
	ChoiceUsage bool
	// UnknownServer says that the server may be any that copies the dialect, a vLLM as well: a
	// usage beside one of several choices may be that choice's alone, or all that was used so far.
	UnknownServer bool
	// MessagesKey is the header for the credential of the messages surface, where it is
	// not that of the others.
	MessagesKey string
	// AskFormUsage says that a stream of a transcription reports usage only where the form
	// field stream_include_usage asks for it.
	AskFormUsage bool
	// RequestID says that the server takes X-Request-Id for its own id of the call,
	// so that both logs can be read together.
	RequestID bool
}

type codec struct{ quirks Quirks }

var _ providers.Codec = (*codec)(nil)

// New returns a codec for a vendor with the given quirks.
func New(q Quirks) providers.Codec { return &codec{q} }

// relay is an operation that is passed on as it came, but for what must change.
type relay struct {
	// edits are what is changed in the body beside the model's name; nil: nothing.
	edits func(providers.Call) []wire.Edit
	// fields are what is set in a form beside the model's name; nil: nothing.
	fields func(*codec, providers.Call) []wire.Field
	decode func(c *codec, call providers.Call, contentType string, body []byte) (providers.Answer, error)
	// events makes a reader of the events of one stream; nil: there are no streams.
	events func(c *codec, call providers.Call) func(name string, data []byte) (providers.Event, error)
	// mayEnd says that a stream is complete if it stops after an event of this name; nil: never.
	mayEnd func(name string) bool
}

// relays are the operations beside chat, completions and embeddings.
var relays = map[providers.Operation]relay{
	providers.Responses:            {edits: editResponse, decode: decodeResponse, events: responseEvents},
	providers.ResponsesCompact:     {edits: editResponse, decode: decodeResponse},
	providers.ResponsesInputTokens: {edits: editResponse, decode: decodePlain("input_tokens")},
	providers.ResponsesGet:         {decode: decodeResponse, events: responseEvents},
	providers.ResponsesCancel:      {decode: decodeResponse},
	providers.ResponsesDelete:      {decode: decodeDeleted},
	providers.ResponsesInputItems:  {decode: decodePlain("data")},
	providers.Messages:             {edits: editMessage, decode: decodeMessage, events: messageEvents},
	providers.CountTokens:          {decode: decodePlain("input_tokens")},
	providers.Transcriptions:       {fields: askTranscript, decode: decodeTranscript, events: transcriptEvents},
	providers.Translations:         {fields: askTranscript, decode: decodeTranscript, events: transcriptEvents},
	providers.Speech:               {decode: decodeSpeech, events: speechEvents},
	providers.ImageGenerations:     {decode: decodeImages, events: imageEvents, mayEnd: isCompleted},
	providers.ImageEdits:           {decode: decodeImages, events: imageEvents, mayEnd: isCompleted},
	providers.ImageVariations:      {decode: decodeImages},
	providers.Moderations:          {decode: decodePlain("results")},
	providers.Rerank:               {decode: decodeRanking},
	providers.Score:                {decode: decodeRanking},
	providers.Tokenize:             {decode: decodePlain("tokens")},
	providers.Detokenize:           {decode: decodePlain("prompt", "text", "content")},
}

// Supports says whether the vendor has the operation: chat, completions and embeddings,
// of which a vendor's model may still lack one, and what its row lists.
func (c *codec) Supports(op providers.Operation) bool {
	switch op {
	case providers.Chat, providers.Completions, providers.Embeddings:
		return true
	}
	_, ok := relays[op]
	return ok && slices.Contains(c.quirks.Has, op)
}

// Fault classifies an answer with a status other than 2xx.
func (c *codec) Fault(call providers.Call, status int, header http.Header, body []byte) *providers.Error {
	e := fault(status, header, body)
	_ = c.telling(call, body, e)
	return e
}

// Stream reads server-sent events.
func (c *codec) Stream(call providers.Call, target providers.Target, body io.Reader) providers.Stream {
	if call.Raw {
		return &rawStream{from: body}
	}
	s := newStream(c, call, target, body)
	if r, ok := relays[call.Operation]; ok && r.events != nil {
		return &relayed{stream: s, event: r.events(c, call), mayEnd: r.mayEnd}
	}
	return s
}

// Models lists what GET /models names. Where a server says how long a model's
// context is, that is kept; vLLM's `root`, a path on the server's disk, is not.
func (c *codec) Models(ctx context.Context, fetch providers.Fetch) ([]providers.Model, error) {
	status, body, err := fetch(ctx, providers.Request{Method: http.MethodGet, Path: c.quirks.Prefix + "/models",
		Header: providers.Header{{Name: "Accept", Value: jsonType}}})
	if err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	if status < 200 || status > 299 {
		return nil, fault(status, nil, body)
	}
	return models(body)
}

// badAnswer says that body is nothing in this dialect.
func badAnswer(why string, body []byte) *providers.Error {
	text := readDetail(body).message
	if text == "" {
		text = "an empty body"
	}
	return &providers.Error{Kind: providers.BadAnswer, Message: providers.Excerpt(why + ": " + text)}
}
