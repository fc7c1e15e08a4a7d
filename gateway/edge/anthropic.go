package edge

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"tollgate/providers"
	"tollgate/providers/wire"
)

// HeaderAnthropicID is the name under which Anthropic's clients look for a request's id.
const HeaderAnthropicID = "Request-Id"

// nameVersion is a header that every client of Anthropic's sends.
var nameVersion = Name("Anthropic-Version")

// SurfaceOf says in which shape the client of a request expects errors and the list of
// models. It goes by the path, because a request may fail before it has found its route, and
// for the list, which both kinds of clients ask for at one path, by a header. It decides
// nothing else.
func SurfaceOf(c *fiber.Ctx) providers.Surface {
	path := strings.TrimPrefix(strings.TrimSuffix(c.Path(), "/"), "/v1")
	switch {
	case path == providers.Messages.Spec().Path, strings.HasPrefix(path, providers.Messages.Spec().Path+"/"): // batches, too, which are not served
		return providers.Anthropic
	case (path == "/models" || strings.HasPrefix(path, "/models/")) && Has(c, nameVersion):
		return providers.Anthropic
	}
	return providers.OpenAI
}

// anthropicTypes are Anthropic's names of errors by status.
var anthropicTypes = map[int]string{
	401: "authentication_error", 402: "billing_error", 403: "permission_error", 404: "not_found_error", 408: "timeout_error", 409: "conflict_error",
	413: "request_too_large", 429: "rate_limit_error", 503: "overloaded_error", 504: "timeout_error", 529: "overloaded_error",
}

// Anthropic is the error in Anthropic's shape. Its type goes by the status; the rest
// stands beside it, for whoever looks.
func (t Told) Anthropic(requestID string) []byte {
	kind, ok := anthropicTypes[t.Status]
	switch {
	case ok:
	case t.Status >= 500:
		kind = "api_error"
	default:
		kind = "invalid_request_error"
	}
	o := t.Object
	o.Type = kind
	body := o.Body()
	out := append([]byte(`{"type":"error",`), body[1:len(body)-1]...)
	out = append(wire.AppendString(append(out, `,"request_id":`...), requestID), '}')
	return out
}
