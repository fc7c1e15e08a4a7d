package httpapi

import (
	"bytes"
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
		routes = append(routes, edge.Route{Method: spec.Method, Path: path, Access: edge.AnyKey, Use: access.Calls, Handle: a.call(op)})
	}
	if prefix != "" { // Cohere's newer one
		routes = append(routes, edge.Route{Method: http.MethodPost, Path: "/v2" + providers.Rerank.Spec().Path, Access: edge.AnyKey, Use: access.Calls, Handle: a.call(providers.Rerank)})
	}
	return routes
}

// inPath are the routes on which the path names the model, as Azure's clients and OpenAI's
// first ones have it. A model's name may have slashes, so the longer paths come first.
func (a *API) inPath() []edge.Route {
	var routes []edge.Route
	for _, p := range []struct {
		before string
		ops    []providers.Operation
	}{
		{"/openai/deployments/+", []providers.Operation{providers.Chat, providers.Completions, providers.Embeddings, providers.Transcriptions,
			providers.Translations, providers.Speech, providers.ImageGenerations, providers.ImageEdits}},
		{"/engines/+", []providers.Operation{providers.Chat, providers.Completions, providers.Embeddings}},
	} {
		for _, op := range p.ops {
			routes = append(routes, edge.Route{Method: http.MethodPost, Path: p.before + op.Spec().Path, Access: edge.AnyKey, Use: access.Calls, Handle: a.call(op)})
		}
	}
	return routes
}

// parse parses the body of a request. The model that its path names is the body's from then
// on, whatever the body says, as Azure has it.
func parse(c *fiber.Ctx, op providers.Operation, raw []byte) (body wire.Object, form *wire.Form, err error) {
	model, err := unescape(c.Params("+1"))
	if err != nil {
		return body, nil, edge.ErrNoRoute
	}
	if op.Spec().Form && edge.Form(c) {
		contentType := utils.CopyString(c.Get(fiber.HeaderContentType))
		if form, err = wire.ParseForm(contentType, raw); err != nil || model == "" {
			return body, form, err
		}
		if strings.ContainsAny(model, "\r\n\x00") {
			return body, nil, &wire.ErrField{Field: "model", Problem: "it must be one line of text"}
		}
		form, err = wire.ParseForm(contentType, bytes.Join(form.Set(wire.Field{Name: "model", Value: model}), nil))
		return body, form, err
	}
	if body, err = wire.ParseObject(raw); err != nil || model == "" {
		return body, nil, err
	}
	if body.Text("model") != model {
		body, err = wire.ParseObject(body.Patch(wire.Edit{Key: "model", Value: wire.String(model)}))
	}
	return body, nil, err
}

// read reads a request in the way of its operation.
func read(op providers.Operation, body wire.Object, form *wire.Form) (params wire.Params, err error) {
	switch op {
	case providers.Chat:
		return wire.ReadChat(body)
	case providers.Transcriptions, providers.Translations:
		return wire.ReadAudio(form)
	case providers.ImageEdits, providers.ImageVariations:
		if form != nil {
			return wire.ReadImageForm(form)
		}
		return wire.ReadImages(body)
	case providers.Responses, providers.ResponsesCompact, providers.ResponsesInputTokens:
		params, err = wire.ReadResponses(body)
		params.Background = params.Background && op == providers.Responses
		return params, err
	case providers.Messages, providers.CountTokens:
		return wire.ReadMessages(body)
	case providers.Embeddings, providers.Moderations:
		return wire.ReadInputs(body)
	case providers.Speech:
		return wire.ReadSpeech(body)
	case providers.ImageGenerations:
		return wire.ReadImages(body)
	case providers.Rerank, providers.Score:
		return wire.ReadRanking(body)
	}
	return wire.ReadParams(body)
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
