package openai

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/tidwall/gjson"

	"tollgate/providers"
	"tollgate/providers/wire"
)

// Encode patches the client's body and leaves the rest of it alone: the model's
// name at the upstream, the cap of the output, usage in a stream, and the quirks.
func (c *codec) Encode(call providers.Call, target providers.Target) (providers.Request, error) {
	if !c.Supports(call.Operation) {
		return providers.Request{}, &providers.Error{Kind: providers.BadRequest,
			Message: fmt.Sprintf("%s is not an operation of this provider", call.Operation)}
	}
	if r, ok := relays[call.Operation]; ok {
		return c.pass(r, call, target), nil
	}
	edits := []wire.Edit{{Key: "model", Value: wire.String(target.Model)}}
	for _, field := range c.quirks.Policy {
		edits = append(edits, wire.Edit{Key: field})
	}
	if call.Operation != providers.Embeddings {
		edits = append(edits, c.capOutput(call)...)
		usage, err := c.askUsage(call)
		if err != nil {
			return providers.Request{}, err
		}
		edits = append(edits, usage...)
	}
	req := providers.Request{Method: http.MethodPost, Path: c.quirks.Prefix + call.Operation.Spec().Path, Header: c.header(call)}
	patch(&req, call.Body, edits)
	return req, nil
}

// The values of headers that every request has. Nobody changes them.
var (
	jsonType   = []string{"application/json"}
	eventsType = []string{"text/event-stream"}
	anyType    = []string{"*/*"}
	identity   = []string{"identity"}
)

func (c *codec) header(call providers.Call) http.Header {
	header := http.Header{
		"Content-Type": jsonType,
		"Accept":       jsonType,
		// Without it Go asks for gzip, and a proxy that compresses holds events back.
		"Accept-Encoding": identity,
	}
	switch {
	case call.Raw, call.Operation == providers.Transcriptions, call.Operation == providers.Translations:
		header["Accept"] = anyType
	case call.Stream:
		header["Accept"] = eventsType
	}
	if c.quirks.RequestID && call.AttemptID != "" {
		header["X-Request-Id"] = []string{call.AttemptID}
	}
	return header
}

// largeBody is from how many bytes on a body is sent in pieces: to copy it costs more.
const largeBody = 16 << 10

// patch puts an edited object into a request.
func patch(req *providers.Request, body wire.Object, edits []wire.Edit) {
	if len(body.Bytes()) < largeBody {
		req.Body = body.Patch(edits...)
	} else {
		req.Pieces = body.Pieces(edits...)
	}
}

const (
	maxTokens           = "max_tokens"
	maxCompletionTokens = "max_completion_tokens"
)

// capOutput writes the cap where the client wrote one, or in the vendor's field if
// it wrote none. It never adds a second field beside the client's: OpenAI refuses
// a request with both.
func (c *codec) capOutput(call providers.Call) []wire.Edit {
	own, fields := maxTokens, []string{maxTokens}
	if call.Operation == providers.Chat {
		fields = []string{maxTokens, maxCompletionTokens}
		if c.quirks.CapField != "" {
			own = c.quirks.CapField
		}
	}
	limit := strconv.AppendInt(nil, call.OutputCap, 10)
	var edits []wire.Edit
	written := false
	for _, field := range fields {
		v, has := call.Body.Get(field)
		if !has || v.Type == gjson.Null {
			continue
		}
		switch {
		case c.quirks.CapFieldOnly && field != own:
			edits = append(edits, wire.Edit{Key: field})
			if theirs, both := call.Body.Get(own); call.OutputCap == 0 && (!both || theirs.Type == gjson.Null) {
				edits = append(edits, wire.Edit{Key: own, Value: []byte(v.Raw)})
			}
		case call.OutputCap > 0:
			edits = append(edits, wire.Edit{Key: field, Value: limit})
			written = true
		}
	}
	if call.OutputCap > 0 && !written {
		edits = append(edits, wire.Edit{Key: own, Value: limit})
	}
	return edits
}

const streamOptions = "stream_options"

// askUsage makes the upstream report usage in a stream. A stream_options that is
// no object stays as it is: the upstream's refusal is the right answer to it.
func (c *codec) askUsage(call providers.Call) ([]wire.Edit, error) {
	if c.quirks.NoStreamOptions {
		return []wire.Edit{{Key: streamOptions}}, nil
	}
	if !call.Stream {
		return nil, nil
	}
	v, has := call.Body.Get(streamOptions)
	switch {
	case !has || v.Type == gjson.Null:
		return []wire.Edit{{Key: streamOptions, Value: []byte(`{"include_usage":true}`)}}, nil
	case !v.IsObject():
		return nil, nil
	}
	options, err := wire.ParseObject([]byte(v.Raw))
	if err != nil {
		return nil, &providers.Error{Kind: providers.BadRequest, Param: streamOptions,
			Message: fmt.Sprintf("%s: %v", streamOptions, err), Cause: err}
	}
	if now, _ := options.Get("include_usage"); now.Type == gjson.True {
		return nil, nil
	}
	patched := options.Patch(wire.Edit{Key: "include_usage", Value: []byte("true")})
	return []wire.Edit{{Key: streamOptions, Value: patched}}, nil
}
