package httpapi

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"tollgate/gateway"
	"tollgate/gateway/access"
	"tollgate/gateway/edge"
	"tollgate/gateway/handles"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// surfaces are the routes below a prefix of what is relayed beside chat, completions
// and embeddings. What stands in no row is not served: there is no way to an upstream
// but these.
func (a *API) surfaces(prefix string) []edge.Route {
	var routes []edge.Route
	for _, op := range []providers.Operation{
		providers.ResponsesCompact, providers.ResponsesInputTokens, providers.Responses,
		providers.ResponsesGet, providers.ResponsesCancel, providers.ResponsesDelete, providers.ResponsesInputItems,
		providers.Messages, providers.CountTokens,
		providers.Transcriptions, providers.Translations, providers.Speech,
		providers.ImageGenerations, providers.ImageEdits, providers.ImageVariations, providers.Moderations,
		providers.Rerank, providers.Score, providers.Tokenize, providers.Detokenize,
	} {
		spec := op.Spec()
		path := prefix + strings.Replace(spec.Path, "{id}", ":id", 1)
		routes = append(routes, edge.Route{Method: spec.Method, Path: path, Access: edge.AnyKey, Handle: a.call(op)})
	}
	if prefix != "" { // Cohere's newer one
		routes = append(routes, edge.Route{Method: http.MethodPost, Path: "/v2" + providers.Rerank.Spec().Path, Access: edge.AnyKey, Handle: a.call(providers.Rerank)})
	}
	return routes
}

// read reads the body of a request in the way of its operation.
func read(c *fiber.Ctx, op providers.Operation, raw []byte) (body wire.Object, form *wire.Form, params wire.Params, err error) {
	if op.Spec().Form && edge.Form(c) {
		if form, err = wire.ParseForm(utils.CopyString(c.Get(fiber.HeaderContentType)), raw); err != nil {
			return body, nil, params, err
		}
		if op == providers.Transcriptions || op == providers.Translations {
			params, err = wire.ReadAudio(form)
		} else {
			params, err = wire.ReadImageForm(form)
		}
		return body, form, params, err
	}
	if body, err = wire.ParseObject(raw); err != nil {
		return body, nil, params, err
	}
	switch op {
	case providers.Responses, providers.ResponsesCompact, providers.ResponsesInputTokens:
		params, err = wire.ReadResponses(body)
		params.Background = params.Background && op == providers.Responses
	case providers.Messages, providers.CountTokens:
		params, err = wire.ReadMessages(body)
	case providers.Speech:
		params, err = wire.ReadSpeech(body)
	case providers.ImageGenerations, providers.ImageEdits:
		params, err = wire.ReadImages(body)
	case providers.Rerank, providers.Score:
		params, err = wire.ReadRanking(body)
	default:
		params, err = wire.ReadParams(body)
	}
	return body, nil, params, err
}

// forwards are the headers of a client's own that reach an upstream which speaks the
// surface; no other does.
var forwards = []string{"Anthropic-Version", "Anthropic-Beta"}

func forwarded(c *fiber.Ctx, op providers.Operation) http.Header {
	if op.Spec().Surface != providers.Anthropic {
		return nil
	}
	var h http.Header
	for _, name := range forwards {
		for _, v := range c.Request().Header.PeekAll(name) {
			if h == nil {
				h = http.Header{}
			}
			h.Add(name, string(v)) // a copy
		}
	}
	return h
}

// kept reads a request about a response that an upstream keeps.
func (a *API) kept(c *fiber.Ctx, op providers.Operation, who access.Principal) (gateway.Request, error) {
	handle, err := unescape(c.Params("id"))
	if err != nil {
		return gateway.Request{}, handles.ErrUnknown
	}
	query, stream, err := readQuery(op, string(c.Request().URI().QueryString()))
	if err != nil {
		return gateway.Request{}, err
	}
	return gateway.Request{ID: edge.RequestID(c), Operation: op, Handle: handle, Query: query, Params: wire.Params{Stream: stream, Choices: 1}, Who: who, Labels: labels(c)}, nil
}

// queries are what a read of a kept response may ask for, as OpenAI has it.
var queries = map[providers.Operation][]string{
	providers.ResponsesGet:        {"include", "include[]", "include_obfuscation", "starting_after", "stream"},
	providers.ResponsesInputItems: {"after", "before", "include", "include[]", "limit", "order"},
}

// maxQueryValue is the longest value in a query, in bytes.
const maxQueryValue = 256

// readQuery checks a query and writes it anew: what an upstream is asked is what was
// read here.
func readQuery(op providers.Operation, raw string) (query string, stream bool, err error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return "", false, &wire.ErrField{Field: "query", Problem: "it cannot be read"}
	}
	for name, all := range values {
		if !slices.Contains(queries[op], name) {
			return "", false, &wire.ErrField{Field: wire.Excerpt(name, maxLabel), Problem: "this is not a parameter of this path"}
		}
		for _, v := range all {
			if len(v) > maxQueryValue {
				return "", false, &wire.ErrField{Field: name, Problem: "it is longer than " + strconv.Itoa(maxQueryValue) + " bytes"}
			}
		}
	}
	switch v := values["stream"]; {
	case len(v) > 1:
		return "", false, &wire.ErrField{Field: "stream", Problem: "it stands twice"}
	case len(v) == 1:
		if stream, err = strconv.ParseBool(v[0]); err != nil {
			return "", false, &wire.ErrField{Field: "stream", Problem: "it must be true or false"}
		}
		values.Set("stream", strconv.FormatBool(stream))
	}
	return values.Encode(), stream, nil
}
