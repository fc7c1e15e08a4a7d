package openai

import (
	"bytes"
	"cmp"
	"html"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"tollgate/providers"
	"tollgate/providers/wire"
)

// fault classifies an answer with a status other than 2xx.
func fault(status int, header http.Header, body []byte) *providers.Error {
	d := readDetail(body)
	e := d.error(classify(status, d))
	e.Status = status
	e.RetryAfter = retryAfter(header)
	if e.Message == "" {
		e.Message = strings.TrimSpace("HTTP " + strconv.Itoa(status) + " " + http.StatusText(status))
	}
	if e.Code == strconv.Itoa(status) {
		e.Code = "" // vLLM repeats the status; clients look for words there
	}
	return e
}

// reportedError makes an error of a body or frame that tells of one under status
// 200. A code that is an HTTP status (vLLM, OpenRouter) classifies it; without one
// it is the upstream's failure.
func reportedError(body []byte) *providers.Error {
	d := readDetail(body)
	status, err := strconv.Atoi(d.code)
	if err != nil || status < 400 || status > 599 {
		status = 0
	}
	e := d.error(classify(status, d))
	e.Message = cmp.Or(e.Message, "the upstream reported an error without a text")
	if status != 0 {
		e.Code = ""
	}
	return e
}

// detail is what an error body says, in whichever shape.
type detail struct {
	message, kind, code, param string
	flagged                    bool // OpenRouter quotes what of the prompt was flagged
}

func (d detail) error(kind providers.ErrorKind) *providers.Error {
	if strings.HasPrefix(d.message, xaiRefusal) {
		d.message = xaiRefusal
	}
	e := &providers.Error{Kind: kind, Message: providers.Excerpt(d.message), Type: short(d.kind), Code: short(d.code), Param: short(d.param)}
	switch kind {
	case providers.ContextTooLong:
		e.Code = contextCode // what agents compact their history on; vLLM has no such code
		fallthrough
	case providers.BadRequest, providers.ContentRefused:
		e.Message = providers.Words(d.message)
	}
	return e
}

// maxWord bounds a text that should be a word, in bytes.
const maxWord = 128

func short(s string) string { return wire.Excerpt(s, maxWord) }

const contextCode = "context_length_exceeded"

func classify(status int, d detail) providers.ErrorKind {
	switch {
	case status >= 300 && status < 400:
		return providers.BadAnswer // a redirect would lose the body and the credential
	case d.filtered():
		return providers.ContentRefused
	case d.tooLong(status):
		return providers.ContextTooLong
	case d.noModel() && status < 500, status == http.StatusNotFound && !d.noThing():
		return providers.ModelMissing
	case d.unpaid() && status < 500:
		return providers.KeyRefused // as 402: a pause does not help
	}
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusPaymentRequired:
		// 402 is the operator's account without money: nothing that the caller can mend.
		return providers.KeyRefused
	case http.StatusTooManyRequests:
		return providers.RateLimited
	case http.StatusRequestTimeout, http.StatusGatewayTimeout:
		return providers.TimedOut
	case http.StatusServiceUnavailable, 529: // 529 is Anthropic's "overloaded"
		return providers.Overloaded
	case 0:
		return d.kindByWord()
	}
	if status >= 400 && status < 500 || status == http.StatusNotImplemented || status == http.StatusInternalServerError && d.clientsFault() {
		return providers.BadRequest
	}
	return providers.ServerError
}

// clientsFault recognises the faults of a request to which servers answer 500: llama.cpp to
// images and sound that its model cannot take, and to JSON of another form, and its Python
// server to whatever is not of the form that it wants.
func (d detail) clientsFault() bool {
	return slices.ContainsFunc([]string{"input is not supported", " validation error:", " validation errors:", "created with embedding=True"},
		func(words string) bool { return strings.Contains(d.message, words) }) || strings.HasPrefix(d.message, "[json.exception.")
}

// kindByWord classifies an error that came without a status, in a stream.
func (d detail) kindByWord() providers.ErrorKind {
	switch {
	case d.is("rate_limit_error", "rate_limit_exceeded"):
		return providers.RateLimited
	case d.is("overloaded_error", "service_unavailable_error", "server_is_overloaded", "slow_down"):
		return providers.Overloaded
	case d.is("invalid_request_error", "BadRequestError", "image_generation_user_error"), slices.Contains(unusable, d.code):
		return providers.BadRequest
	case d.is("timeout_error", "timeout"):
		return providers.TimedOut
	}
	return providers.ServerError
}

// unusable are OpenAI's codes of a response that failed because of what it was asked:
// github.com/openai/openai-python, types/responses/response_error.py.
var unusable = []string{"invalid_prompt", "invalid_image", "invalid_image_format", "invalid_image_mode", "invalid_image_url", "invalid_base64_image",
	"image_too_large", "image_too_small", "image_file_too_large", "image_parse_error", "image_file_not_found", "empty_image_file",
	"unsupported_image_media_type", "failed_to_download_image"}

// is says that the upstream's type or code is one of the words.
func (d detail) is(words ...string) bool {
	return slices.Contains(words, d.code) || slices.Contains(words, d.kind)
}

// filtered knows OpenAI's and Azure's words, and DashScope's; and those of OpenRouter and
// xAI, which refuse a prompt with the status of a credential that may not call the model.
func (d detail) filtered() bool {
	return d.is("content_filter", "content_policy_violation", "image_content_policy_violation", "moderation_blocked", "data_inspection_failed", "DataInspectionFailed") ||
		d.flagged || strings.HasPrefix(d.message, xaiRefusal)
}

// xaiRefusal is how xAI begins to say that a prompt was refused. What follows names the
// operator's team and key there.
const xaiRefusal = "Content violates usage guidelines"

// unpaid knows OpenAI's words for an account without money, which come with status 429.
func (d detail) unpaid() bool {
	return d.is("insufficient_quota", "credit_balance_exhausted", "billing_hard_limit_reached")
}

// noModel knows OpenAI's word and Mistral's.
func (d detail) noModel() bool { return d.is("model_not_found", "invalid_model") }

// noThing says that what is missing is something that the request names beside the model,
// such as an item of its input or a file.
func (d detail) noThing() bool { return d.param != "" && d.param != "model" }

// tooLong knows OpenAI's code, llama.cpp's type, and the wording of those that
// have neither: OpenAI and vLLM, SGLang, llama.cpp (under 500, too), Anthropic,
// Gemini.
func (d detail) tooLong(status int) bool {
	if d.is(contextCode, "exceed_context_size_error") {
		return true
	}
	switch status {
	case 0, http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity,
		http.StatusInternalServerError:
	default:
		return false
	}
	text := strings.ToLower(d.message)
	return slices.ContainsFunc([]string{"maximum context length", "model's context length", "available context size",
		"is too large to process", "prompt is too long", "exceeds the maximum number of tokens allowed"},
		func(words string) bool { return strings.Contains(text, words) })
}

// maxDetail is how much of a body is looked through for an error's text, in bytes.
const maxDetail = 64 << 10

// readDetail reads OpenAI's error object, vLLM's with its integer code, Gemini's in
// a list, `{"error":"text"}`, FastAPI's `{"detail":…}`, the flat object of old
// vLLM and of Mistral, an HTML page and plain text.
func readDetail(body []byte) detail {
	body = bytes.TrimSpace(body[:min(len(body), maxDetail)])
	if !gjson.ValidBytes(body) {
		return detail{message: providers.Excerpt(plainText(body))}
	}
	root := gjson.ParseBytes(body)
	if root.IsArray() {
		root = root.Get("0")
	}
	if !root.IsObject() {
		return detail{message: providers.Excerpt(plainText(body))}
	}
	for _, of := range []gjson.Result{root.Get("error"), root} {
		if of.Type == gjson.String {
			return detail{message: of.Str}
		}
		d := detail{
			message: messageIn(of),
			kind:    word(of.Get("type")),
			code:    word(of.Get("code")),
			param:   word(of.Get("param")),
			flagged: of.Get("metadata.flagged_input").Exists(),
		}
		if d.message != "" {
			return d
		}
		if of.IsObject() && of.Raw != root.Raw && (d.kind != "" || d.code != "") {
			return d
		}
	}
	if root.Get("@keys.#").Int() == 0 {
		return detail{}
	}
	return detail{message: string(body)}
}

// messageIn finds the text in an error object. Mistral puts FastAPI's list of
// complaints where the text should be.
func messageIn(of gjson.Result) string {
	for _, key := range []string{"message", "detail", "msg"} {
		v := of.Get(key)
		switch {
		case v.Type == gjson.String && v.Str != "":
			return v.Str
		case v.IsObject():
			return cmp.Or(messageIn(v), v.Raw)
		case v.IsArray():
			return cmp.Or(complaints(v), v.Raw)
		}
	}
	return ""
}

// complaints joins FastAPI's list: what is wrong, and where.
func complaints(list gjson.Result) string {
	var all []string
	list.ForEach(func(_, one gjson.Result) bool {
		text := one.Get("msg").String()
		var where []string
		one.Get("loc").ForEach(func(_, part gjson.Result) bool {
			where = append(where, part.String())
			return true
		})
		if text != "" && len(where) > 0 {
			text += " (" + strings.Join(where, ".") + ")"
		}
		if text != "" {
			all = append(all, text)
		}
		return true
	})
	return strings.Join(all, "; ")
}

// word reads a type, code or param: a text, or a number as text.
func word(v gjson.Result) string {
	switch v.Type {
	case gjson.String:
		return v.Str
	case gjson.Number:
		return v.Raw
	}
	return ""
}

// plainText is a body that is no JSON. Of an HTML page only the title is of use.
func plainText(body []byte) string {
	if !bytes.HasPrefix(body, []byte("<")) {
		return string(body)
	}
	lower := bytes.ToLower(body)
	if _, after, ok := bytes.Cut(lower, []byte("<title>")); ok {
		if end := bytes.Index(after, []byte("</title>")); end >= 0 {
			from := len(lower) - len(after)
			if from+end <= len(body) {
				return "an HTML page: " + html.UnescapeString(string(body[from:from+end]))
			}
		}
	}
	return "an HTML page"
}

// maxRetryAfter bounds what an upstream may ask us to wait.
const maxRetryAfter = 24 * time.Hour

// retryAfter reads the headers in the order of OpenAI's SDKs. A date counts from
// the upstream's own Date, since a codec has no clock; without one it says nothing.
func retryAfter(header http.Header) time.Duration {
	if ms, err := strconv.ParseFloat(header.Get("Retry-After-Ms"), 64); err == nil {
		return wait(ms * float64(time.Millisecond))
	}
	text := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		return wait(seconds * float64(time.Second))
	}
	until, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return 0
	}
	return min(max(until.Sub(now), 0), maxRetryAfter)
}

func wait(nanoseconds float64) time.Duration {
	if math.IsNaN(nanoseconds) || nanoseconds < 0 {
		return 0
	}
	if nanoseconds > float64(maxRetryAfter) {
		return maxRetryAfter
	}
	return time.Duration(nanoseconds)
}
