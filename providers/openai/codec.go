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

	"tollgate/providers"
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
	// Policy names request fields that are the operator's to set: they are taken
	// out of what clients send.
	Policy []string
	// RequestID says that the server takes X-Request-Id for its own id of the call,
	// so that both logs can be read together.
	RequestID bool
}

type codec struct{ quirks Quirks }

var _ providers.Codec = (*codec)(nil)

// New returns a codec for a vendor with the given quirks.
func New(q Quirks) providers.Codec { return &codec{q} }

var paths = map[providers.Operation]string{
	providers.Chat:        "/chat/completions",
	providers.Completions: "/completions",
	providers.Embeddings:  "/embeddings",
}

// Supports says yes to every operation: whether a vendor's model has it is the
// vendor's to answer.
func (c *codec) Supports(op providers.Operation) bool {
	_, ok := paths[op]
	return ok
}

// Fault classifies an answer with a status other than 2xx.
func (c *codec) Fault(status int, header http.Header, body []byte) *providers.Error {
	return fault(status, header, body)
}

// Stream reads server-sent events.
func (c *codec) Stream(call providers.Call, target providers.Target, body io.Reader) providers.Stream {
	return newStream(c, call, target, body)
}

// Models lists what GET /models names. Where a server says how long a model's
// context is, that is kept; vLLM's `root`, a path on the server's disk, is not.
func (c *codec) Models(ctx context.Context, fetch providers.Fetch) ([]providers.Model, error) {
	status, body, err := fetch(ctx, providers.Request{Method: http.MethodGet, Path: "/models",
		Header: http.Header{"Accept": {"application/json"}}})
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
