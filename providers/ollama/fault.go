package ollama

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tollgate/providers"
)

const (
	maxRetryAfter = 24 * time.Hour // what an upstream can ask for
	maxText       = 4 << 10        // bytes of an error's text that are looked at
)

// Fault implements [providers.Codec]. Ollama's errors are {"error":"text"} with
// 400, 404, 500 or 503; with 401 for a cloud model comes a signin_url beside it.
// Whatever a proxy in between may answer is taken too.
func (codec) Fault(_ providers.Call, status int, header http.Header, body []byte) *providers.Error {
	e := fault(status, readBody(status, body))
	e.RetryAfter = retryAfter(header)
	return e
}

// details is what an error says of itself.
type details struct{ message, kind, code, param string }

// readBody finds the details in the body of an answer with an error status.
func readBody(status int, body []byte) details {
	var b struct {
		Error     json.RawMessage `json:"error"`
		SigninURL string          `json:"signin_url"`
	}
	d := details{}
	if err := json.Unmarshal(body, &b); err == nil {
		d = readDetails(b.Error)
	} else if text := bytes.TrimSpace(body); len(text) > 0 && text[0] != '<' && text[0] != '{' {
		d.message = string(text) // plain text, but no page of HTML and no broken JSON
	}
	if d.message == "" {
		d.message = fmt.Sprintf("the upstream answered %d %s", status, http.StatusText(status))
	}
	if b.SigninURL != "" {
		d.message += ": sign in at " + b.SigninURL
	}
	return d
}

// readDetails reads the value of an `error`: a text, or an object as OpenAI has
// it. The server passes on the errors of the process that runs the model as a text
// that is JSON itself; then what counts is inside.
func readDetails(raw json.RawMessage) details {
	message := text(raw)
	var inner struct {
		Error json.RawMessage `json:"error"`
	}
	if json.Unmarshal([]byte(message), &inner) == nil && len(inner.Error) > 0 {
		raw = inner.Error
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) == nil {
		return details{text(object["message"]), text(object["type"]), text(object["code"]), text(object["param"])}
	}
	return details{message: text(raw)}
}

// text returns a JSON string's value or a number as it stands, else nothing.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	return ""
}

// fault classifies an error. Status 0 is for one that came in an answer with
// status 200, in the middle of a stream.
func fault(status int, d details) *providers.Error {
	if d.message == "" {
		d.message = "the upstream reports an error without a text"
	}
	d.message = d.message[:min(len(d.message), maxText)]
	e := &providers.Error{
		Kind:    kindOf(status, d.message),
		Status:  status,
		Message: providers.Excerpt(d.message),
		Type:    providers.Excerpt(d.kind),
		Code:    providers.Excerpt(d.code),
		Param:   providers.Excerpt(d.param),
	}
	if e.Kind == providers.ContextTooLong {
		e.Code = "context_length_exceeded"
	}
	return e
}

func kindOf(status int, message string) providers.ErrorKind {
	message = strings.ToLower(message)
	switch {
	case status == 0 || status == http.StatusBadRequest || status == http.StatusRequestEntityTooLarge || status == http.StatusInternalServerError:
		if tooLong(message) {
			return providers.ContextTooLong
		}
	case status == http.StatusForbidden && strings.Contains(message, "cloud is disabled"):
		return providers.ModelMissing
	}
	switch {
	case status == http.StatusBadRequest && strings.Contains(message, "cannot run this remote model"):
		return providers.ModelMissing // the operator's affair: elsewhere the model may well run
	case status == http.StatusUnauthorized, status == http.StatusPaymentRequired, status == http.StatusForbidden:
		return providers.KeyRefused
	case status == http.StatusNotFound:
		return providers.ModelMissing
	case status == http.StatusRequestTimeout, status == http.StatusGatewayTimeout:
		return providers.TimedOut
	case status == http.StatusTooManyRequests:
		return providers.RateLimited
	case status == http.StatusServiceUnavailable:
		return providers.Overloaded // "server busy, please try again.  maximum pending requests exceeded"
	case status == 499: // the server lost its caller, which was not ours
		return providers.ServerError
	case status >= 300 && status < 400:
		return providers.BadAnswer
	case status >= 400 && status < 500, status == http.StatusNotImplemented:
		return providers.BadRequest
	case status == http.StatusInternalServerError && clientsFault(message):
		return providers.BadRequest
	}
	return providers.ServerError
}

// tooLong recognises the many ways to say that the prompt does not fit, such as
// "the input length exceeds the context length" and, from the process that runs
// the model, "request (5120 tokens) exceeds the available context size (4096
// tokens), try increasing it". The message is in lower case.
func tooLong(message string) bool {
	return containsAny(message, "prompt is too long", "prompt too long", "input is too long", "input is too large") ||
		containsAny(message, "context length", "context size", "context window") &&
			containsAny(message, "exceed", "too long", "longer than", "too large")
}

// clientsFault recognises the faults of a request to which the server answers 500:
// an option of the wrong type, a format that is neither "json" nor an object, and images
// that the model cannot see, in the words of both of its engines.
func clientsFault(message string) bool {
	return strings.HasPrefix(message, "invalid format:") || containsAny(message, "missing data required for image input", "input is not supported") ||
		strings.HasPrefix(message, `option "`) && strings.Contains(message, "must be of")
}

func containsAny(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// retryAfter reads a delay in seconds. Ollama itself sends none; what stands
// before it may. A date is not read: it would take a clock.
func retryAfter(header http.Header) time.Duration {
	seconds, err := strconv.ParseFloat(header.Get("Retry-After"), 64)
	if err != nil || !(seconds > 0) { // also not for NaN
		return 0
	}
	return time.Duration(min(seconds, maxRetryAfter.Seconds()) * float64(time.Second))
}
