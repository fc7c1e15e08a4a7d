package openai

import (
	"cmp"
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
	edits := append(make([]wire.Edit, 0, 8), wire.Edit{Key: "model", Value: wire.String(target.Model)})
	for _, field := range c.quirks.Policy {
		edits = append(edits, wire.Edit{Key: field})
	}
	if call.Operation == providers.Embeddings && call.Body.Text(encodingFormat) == "bytes" {
		return providers.Request{}, &providers.Error{Kind: providers.BadRequest, Param: encodingFormat,
			Message: encodingFormat + ": what the bytes are would stand in a header, which is not relayed: use float, base64 or bytes_only"}
	}
	if call.Operation != providers.Embeddings {
		edits = c.capOutput(edits, call)
		var err error
		if edits, err = c.askUsage(edits, call); err != nil {
			return providers.Request{}, err
		}
	}
	req := providers.Request{Method: http.MethodPost, Path: c.quirks.Prefix + call.Operation.Spec().Path, Header: c.header(call)}
	patch(&req, call.Body, edits)
	return req, nil
}

const jsonType = "application/json"

func (c *codec) header(call providers.Call) providers.Header {
	accept := jsonType
	switch {
	case call.Raw, call.Operation == providers.Transcriptions, call.Operation == providers.Translations:
		accept = "*/*"
	case call.Stream:
		accept = "text/event-stream"
	}
	header := append(make(providers.Header, 0, 4),
		providers.Field{Name: "Content-Type", Value: jsonType},
		providers.Field{Name: "Accept", Value: accept},
		// Without it Go asks for gzip, and a proxy that compresses holds events back.
		providers.Field{Name: "Accept-Encoding", Value: "identity"})
	if c.quirks.RequestID && call.AttemptID != "" {
		header = append(header, providers.Field{Name: "X-Request-Id", Value: call.AttemptID})
	}
	return header
}

// largeBody is from how many bytes on a body is sent in pieces: to copy it costs more.
const largeBody = 1 << 10

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
func (c *codec) capOutput(edits []wire.Edit, call providers.Call) []wire.Edit {
	fields := [...]string{maxTokens, maxCompletionTokens}
	own, known := maxTokens, fields[:1]
	if call.Operation == providers.Chat {
		known = fields[:]
		own = cmp.Or(c.quirks.CapField, own)
	}
	var limit []byte
	if call.OutputCap > 0 {
		limit = strconv.AppendInt(nil, call.OutputCap, 10)
	}
	written := false
	for _, field := range known {
		v, has := call.Body.Raw(field)
		if !has || string(v) == "null" {
			continue
		}
		switch {
		case c.quirks.CapFieldOnly && field != own:
			edits = append(edits, wire.Edit{Key: field})
			if theirs, both := call.Body.Raw(own); call.OutputCap == 0 && (!both || string(theirs) == "null") {
				edits = append(edits, wire.Edit{Key: own, Value: v})
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

const (
	streamOptions  = "stream_options"
	encodingFormat = "encoding_format"
)

// askUsage makes the upstream report usage in a stream. A stream_options that is
// no object stays as it is: the upstream's refusal is the right answer to it.
func (c *codec) askUsage(edits []wire.Edit, call providers.Call) ([]wire.Edit, error) {
	if c.quirks.NoStreamOptions {
		return append(edits, wire.Edit{Key: streamOptions}), nil
	}
	if !call.Stream {
		return edits, nil
	}
	v, has := call.Body.Get(streamOptions)
	switch {
	case !has || v.Type == gjson.Null:
		return append(edits, wire.Edit{Key: streamOptions, Value: []byte(`{"include_usage":true}`)}), nil
	case !v.IsObject():
		return edits, nil
	}
	options, err := wire.ParseObject([]byte(v.Raw))
	if err != nil {
		return nil, &providers.Error{Kind: providers.BadRequest, Param: streamOptions,
			Message: fmt.Sprintf("%s: %v", streamOptions, err), Cause: err}
	}
	if now, _ := options.Get("include_usage"); now.Type == gjson.True {
		return edits, nil
	}
	patched := options.Patch(wire.Edit{Key: "include_usage", Value: []byte("true")})
	return append(edits, wire.Edit{Key: streamOptions, Value: patched}), nil
}
