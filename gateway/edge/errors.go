package edge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway"
	"tollgate/gateway/access"
	"tollgate/gateway/balancer"
	"tollgate/gateway/catalog"
	"tollgate/gateway/control"
	"tollgate/gateway/handles"
	"tollgate/gateway/limits"
	"tollgate/gateway/toll"
	"tollgate/gateway/vault"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// The failures of the front itself.
var (
	ErrNoRoute       = errors.New("there is nothing at this path: a client's base URL ends in /v1, and no path ends in a slash")
	ErrMethod        = errors.New("this path does not take this method: the answer's Allow header says which it takes")
	ErrBodyTooLarge  = errors.New("the body is too large")
	ErrBodyBroken    = errors.New("the body could not be read")
	ErrSlow          = errors.New("the request did not arrive within the time allowed")
	ErrURLTooLong    = fmt.Errorf("the URL is longer than %d KiB", MaxURL>>10)
	ErrTooManyFields = fmt.Errorf("the request has more than %d headers", MaxFields)
	ErrEncoding      = errors.New("this Content-Encoding is not understood: send gzip, deflate, zstd or none")
	ErrInflate       = errors.New("the body is not what its Content-Encoding says")
	ErrContentType   = errors.New("the body must be application/json")
	ErrFormType      = errors.New("the body must be multipart/form-data")
	ErrField         = errors.New("a field of the request is not right")
	ErrScrapes       = errors.New("the metrics are being read by too many at once")
	ErrKeysBehind    = errors.New("the database does not answer, and this API key is none of those that are known without it: try again in a moment")
	ErrOldGateway    = errors.New("tollgate runs beside another gateway here (--shadow) and answers nothing itself, and that one brought no answer")
)

// InField is an error that lies in one field or parameter of a request, by the name that
// whoever asks has for it.
type InField struct {
	Field string
	Err   error
}

func (e *InField) Error() string { return e.Err.Error() }

func (e *InField) Unwrap() error { return e.Err }

type panicError struct{ value any }

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

// Row is what a client is told of an error.
type Row struct {
	Err    error // matched with errors.Is
	Status int
	Type   string
	Code   string
	Param  string
	Retry  retry
	Say    string // "" says the error's own text
}

type retry uint8

const (
	retryAsStatus retry = iota // as clients do by the status
	retryNever
	retrySoon // after a second
)

const (
	typeRequest    = "invalid_request_error"
	typePermission = "permission_error"
	typeServer     = "server_error"
	typeBusy       = "service_unavailable_error"
	typeUpstream   = "upstream_error"
	typeRate       = "rate_limit_error"
)

// Table is the one table from errors to what clients see. Codes are stable. A test
// walks every exported error of the program and fails on one without a row.
// Errors with fields of their own ([gateway.BudgetError], [gateway.LimitError],
// [providers.Error], [wire.ErrField]) are told in full by [Describe].
var Table = []Row{
	{Err: ErrNoRoute, Status: 404, Type: typeRequest, Code: "unknown_path"},
	{Err: ErrMethod, Status: 405, Type: typeRequest, Code: "method_not_allowed"},
	{Err: ErrBodyTooLarge, Status: 413, Type: typeRequest, Code: "request_too_large"},
	{Err: ErrBodyBroken, Status: 400, Type: typeRequest, Code: "invalid_body"},
	{Err: ErrSlow, Status: 408, Type: typeRequest, Code: "request_timeout"},
	{Err: ErrURLTooLong, Status: 414, Type: typeRequest, Code: "url_too_long"},
	{Err: ErrTooManyFields, Status: 431, Type: typeRequest, Code: "headers_too_large"},
	{Err: ErrOverloaded, Status: 503, Type: typeBusy, Code: "gateway_overloaded", Retry: retrySoon},
	{Err: ErrKeyBusy, Status: 429, Type: typeRate, Code: "too_many_requests_running", Retry: retrySoon},
	{Err: ErrKeyFull, Status: 429, Type: typeRate, Code: "too_many_requests_running", Retry: retrySoon},
	{Err: ErrTooManyFromHere, Status: 429, Type: typeRate, Code: "too_many_connections", Retry: retrySoon},
	{Err: ErrEncoding, Status: 415, Type: typeRequest, Code: "unsupported_encoding"},
	{Err: ErrInflate, Status: 400, Type: typeRequest, Code: "invalid_encoding"},
	{Err: ErrContentType, Status: 415, Type: typeRequest, Code: "unsupported_content_type"},
	{Err: ErrFormType, Status: 415, Type: typeRequest, Code: "unsupported_content_type"},
	{Err: ErrAmbiguousLength, Status: 400, Type: typeRequest, Code: "ambiguous_length"},
	{Err: ErrTransfer, Status: 400, Type: typeRequest, Code: "ambiguous_length"},
	{Err: ErrTrailer, Status: 400, Type: typeRequest, Code: "trailers_not_taken"},
	{Err: ErrBareLF, Status: 400, Type: typeRequest, Code: "bad_request"},
	{Err: ErrFolded, Status: 400, Type: typeRequest, Code: "bad_request"},
	{Err: ErrHeaderTwice, Status: 400, Type: typeRequest, Code: "bad_request"},
	{Err: ErrHeaderName, Status: 400, Type: typeRequest, Code: "bad_request"},
	{Err: ErrTarget, Status: 400, Type: typeRequest, Code: "bad_request"},
	{Err: ErrMalformed, Status: 400, Type: typeRequest, Code: "bad_request"},
	{Err: gateway.ErrShutdown, Status: 503, Type: typeBusy, Code: "shutting_down", Retry: retrySoon},
	{Err: ErrScrapes, Status: 503, Type: typeBusy, Code: "too_many_scrapes", Retry: retrySoon},
	{Err: ErrKeysBehind, Status: 503, Type: typeBusy, Code: "books_unavailable", Retry: retrySoon},
	{Err: ErrOldGateway, Status: 502, Type: typeUpstream, Code: "shadowed_gateway_down", Retry: retryNever},
	{Err: ErrField, Status: 400, Type: typeRequest, Code: "invalid_value"},

	{Err: wire.ErrNotJSON, Status: 400, Type: typeRequest, Code: "invalid_json"},
	{Err: wire.ErrNotObject, Status: 400, Type: typeRequest, Code: "invalid_json"},
	{Err: wire.ErrNotUTF8, Status: 400, Type: typeRequest, Code: "invalid_json"},
	{Err: wire.ErrTooDeep, Status: 400, Type: typeRequest, Code: "invalid_json"},
	{Err: wire.ErrTooManyKeys, Status: 400, Type: typeRequest, Code: "invalid_json"},
	{Err: wire.ErrDuplicateKey, Status: 400, Type: typeRequest, Code: "duplicate_key"},
	{Err: wire.ErrNotForm, Status: 400, Type: typeRequest, Code: "invalid_form"},
	{Err: wire.ErrFormSize, Status: 413, Type: typeRequest, Code: "form_too_large"},
	{Err: wire.ErrNoModel, Status: 400, Type: typeRequest, Code: "missing_model", Param: "model"},
	{Err: wire.ErrEventTooLong, Status: 502, Type: typeUpstream, Code: "upstream_bad_answer", Retry: retryNever},

	{Err: access.ErrNoCredential, Status: 401, Type: typeRequest, Code: "missing_api_key", Say: "no API key was given: send Authorization: Bearer YOUR_KEY"},
	{Err: access.ErrTwoCredentials, Status: 400, Type: typeRequest, Code: "two_api_keys", Say: "two different API keys were given: send one"},
	{Err: access.ErrUnknownKey, Status: 401, Type: typeRequest, Code: "invalid_api_key"},
	{Err: access.ErrKeyExpired, Status: 401, Type: typeRequest, Code: "expired_api_key"},
	{Err: access.ErrKeyBlocked, Status: 401, Type: typeRequest, Code: "blocked_api_key"},
	{Err: access.ErrUserBlocked, Status: 401, Type: typeRequest, Code: "blocked_user"},
	{Err: access.ErrTeamBlocked, Status: 401, Type: typeRequest, Code: "blocked_team"},
	{Err: access.ErrOrgBlocked, Status: 401, Type: typeRequest, Code: "blocked_organization"},
	{Err: access.ErrAdminOnly, Status: 403, Type: typePermission, Code: "admin_only"},
	{Err: access.ErrAdminCalls, Status: 403, Type: typePermission, Code: "admin_key_calls_nothing", Say: "an admin key manages and calls no models: make a key for a user with: tollgate key create --user NAME"},
	{Err: access.ErrRoute, Status: 403, Type: typePermission, Code: "route_not_allowed", Say: "this API key is kept to other routes than this one: GET /api/v1/me says to which"},
	{Err: access.ErrModelDenied, Status: 403, Type: typePermission, Code: "model_not_allowed", Param: "model"},
	{Err: access.ErrEndUser, Status: 403, Type: typePermission, Code: "blocked_end_user", Param: "user"},
	{Err: access.ErrEndUserLong, Status: 400, Type: typeRequest, Code: "invalid_value", Param: "user"},
	{Err: access.ErrTagBlocked, Status: 403, Type: typePermission, Code: "blocked_tag", Param: "tags"},
	{Err: access.ErrTagLong, Status: 400, Type: typeRequest, Code: "invalid_value", Param: "tags"},
	{Err: access.ErrTagsMany, Status: 400, Type: typeRequest, Code: "invalid_value", Param: "tags"},
	{Err: access.ErrMediaPrivate, Status: 400, Type: typeRequest, Code: "media_not_allowed", Param: "messages"},
	{Err: access.ErrMediaDenied, Status: 400, Type: typeRequest, Code: "media_not_allowed", Param: "messages"},
	{Err: access.ErrWeakSecret, Status: 400, Type: typeRequest, Code: "weak_secret"},

	{Err: catalog.ErrNoModel, Status: 404, Type: typeRequest, Code: "model_not_found", Param: "model", Say: "no model of that name: GET /v1/models lists those that this API key may call"},
	{Err: catalog.ErrUnavailable, Status: 404, Type: typeRequest, Code: "model_unavailable", Param: "model", Retry: retryNever},
	{Err: catalog.ErrModelGone, Status: 404, Type: typeRequest, Code: "model_not_found", Param: "model"},

	{Err: handles.ErrUnknown, Status: 404, Type: typeRequest, Code: "response_not_found"},
	{Err: gateway.ErrElsewhere, Status: 400, Type: typeRequest, Code: "response_elsewhere", Param: "previous_response_id"},
	{Err: gateway.ErrFollowed, Status: 409, Type: typeRequest, Code: "response_followed", Retry: retryNever},
	{Err: toll.ErrBackgroundFull, Status: 429, Type: typeRate, Code: "background_limit", Param: "background", Retry: retrySoon},
	{Err: gateway.ErrBackground, Status: 400, Type: typeRequest, Code: "unsupported_background", Param: "background"},
	{Err: gateway.ErrOperation, Status: 400, Type: typeRequest, Code: "unsupported_operation", Param: "model"},
	{Err: accounting.ErrUnpricedMeter, Status: 402, Type: "price_unknown", Code: "price_unknown", Param: "model", Retry: retryNever},
	{Err: gateway.ErrPriceUnknown, Status: 402, Type: "price_unknown", Code: "price_unknown", Param: "model", Retry: retryNever,
		Say: "this model has no price, so it cannot be served to somebody with a budget; the operator has to set one (see: tollgate check)"},
	{Err: gateway.ErrBooksDown, Status: 503, Type: typeBusy, Code: "books_unavailable", Retry: retrySoon,
		Say: "the accounting database does not answer, so paid models are not served for the moment; free models are"},

	{Err: balancer.ErrRetryBudget, Status: 503, Type: typeBusy, Code: "no_healthy_upstream", Retry: retrySoon},
	{Err: balancer.ErrQueueWait, Status: 429, Type: typeRate, Code: "concurrency_limit_exceeded", Retry: retrySoon},
	{Err: balancer.ErrQueueFull, Status: 503, Type: typeBusy, Code: "gateway_overloaded", Retry: retrySoon},

	{Err: limits.ErrUnavailable, Status: 503, Type: typeBusy, Code: "limits_unavailable", Retry: retrySoon,
		Say: "the store of the rate limits does not answer, so what is limited is not served for the moment"},

	{Err: toll.ErrUnsettled, Status: 503, Type: typeBusy, Code: "books_unavailable", Retry: retryNever,
		Say: "the answer could not be written to the books and is withheld; it will be charged when they are back"},
	{Err: ledger.ErrUnpriced, Status: 402, Type: "price_unknown", Code: "price_unknown", Param: "model", Retry: retryNever},
	{Err: ledger.ErrUnavailable, Status: 503, Type: typeBusy, Code: "books_unavailable", Retry: retrySoon, Say: "the accounting database does not answer"},
	{Err: ledger.ErrUnsure, Status: 503, Type: typeBusy, Code: "books_unavailable", Retry: retrySoon, Say: "the accounting database does not answer"},
	{Err: ledger.ErrOnceFull, Status: 429, Type: "rate_limit_error", Code: "too_many_idempotency_keys", Retry: retryNever},
	{Err: ledger.ErrNotOpen, Status: 500, Type: typeServer, Code: "internal_error", Retry: retryNever},
	{Err: ledger.ErrInvalidQuote, Status: 500, Type: typeServer, Code: "internal_error", Retry: retryNever},

	{Err: ledger.ErrNegativeLimit, Status: 400, Type: typeRequest, Code: "invalid_value"},
	{Err: scope.ErrBadKind, Status: 400, Type: typeRequest, Code: "invalid_value"},
	{Err: scope.ErrBadOwner, Status: 400, Type: typeRequest, Code: "invalid_value"},
	{Err: ledger.ErrSoftAbove, Status: 400, Type: typeRequest, Code: "invalid_value"},
	{Err: limits.ErrNegative, Status: 400, Type: typeRequest, Code: "invalid_value"},
	{Err: limits.ErrTooLarge, Status: 400, Type: typeRequest, Code: "invalid_value"},
	{Err: limits.ErrNoLimit, Status: 400, Type: typeRequest, Code: "invalid_value"},
	{Err: ledger.ErrBadWindow, Status: 400, Type: typeRequest, Code: "invalid_value"},
	{Err: accounting.ErrBadAmount, Status: 400, Type: typeRequest, Code: "invalid_value"},
	{Err: accounting.ErrOverflow, Status: 400, Type: typeRequest, Code: "invalid_value"},
	{Err: accounting.ErrAllZero, Status: 400, Type: typeRequest, Code: "invalid_value"},
	{Err: accounting.ErrNoRates, Status: 400, Type: typeRequest, Code: "invalid_value"},
	{Err: accounting.ErrZeroPriced, Status: 500, Type: typeServer, Code: "internal_error", Retry: retryNever},
	{Err: control.ErrNotPermitted, Status: 403, Type: typePermission, Code: "not_permitted"},
	{Err: ledger.ErrExtra, Status: 400, Type: typeRequest, Code: "invalid_value"},
	{Err: ledger.ErrAdjusted, Status: 409, Type: typeRequest, Code: "exists", Retry: retryNever},
	{Err: ledger.ErrNothing, Status: 400, Type: typeRequest, Code: "invalid_value"},
	{Err: ledger.ErrNoBudget, Status: 404, Type: typeRequest, Code: "not_found"},
	{Err: control.ErrNotFound, Status: 404, Type: typeRequest, Code: "not_found"},
	{Err: control.ErrExists, Status: 409, Type: typeRequest, Code: "exists", Retry: retryNever},
	{Err: control.ErrOvertaken, Status: 503, Type: typeBusy, Code: "changed_meanwhile", Retry: retrySoon},
	{Err: control.ErrInFile, Status: 409, Type: typeRequest, Code: "declared_in_file", Retry: retryNever},
	{Err: control.ErrInvalid, Status: 400, Type: typeRequest, Code: "invalid_value"},
	// Of a secret that cannot be opened the catalog tells, as of a model that is unavailable.
	{Err: vault.ErrShortKey, Status: 500, Type: typeServer, Code: "internal_error", Retry: retryNever},
	{Err: vault.ErrOtherKey, Status: 500, Type: typeServer, Code: "internal_error", Retry: retryNever},
	{Err: vault.ErrDamaged, Status: 500, Type: typeServer, Code: "internal_error", Retry: retryNever},
}

// upstream says what a client is told of each kind of upstream error.
var upstream = map[providers.ErrorKind]Row{
	providers.BadRequest:     {Status: 400, Type: typeRequest, Code: "invalid_request"},
	providers.ContextTooLong: {Status: 400, Type: typeRequest, Code: "context_length_exceeded"},
	providers.ContentRefused: {Status: 400, Type: typeRequest, Code: "content_policy_violation"},
	providers.ModelMissing:   {Status: 502, Type: typeUpstream, Code: "upstream_model_missing", Retry: retryNever},
	providers.KeyRefused:     {Status: 502, Type: typeUpstream, Code: "upstream_auth", Retry: retryNever, Say: "the upstream refused tollgate's own credential; the operator has been told"},
	providers.RateLimited:    {Status: 429, Type: typeRate, Code: "upstream_rate_limit"},
	providers.Overloaded:     {Status: 503, Type: typeBusy, Code: "no_healthy_upstream", Retry: retrySoon},
	providers.ServerError:    {Status: 502, Type: typeUpstream, Code: "upstream_error", Retry: retryNever},
	providers.Unreachable:    {Status: 503, Type: typeBusy, Code: "no_healthy_upstream", Retry: retrySoon},
	providers.Lost:           {Status: 502, Type: typeUpstream, Code: "upstream_disconnected", Retry: retryNever},
	providers.TimedOut:       {Status: 504, Type: typeUpstream, Code: "upstream_timeout", Retry: retryNever},
	providers.BadAnswer:      {Status: 502, Type: typeUpstream, Code: "upstream_bad_answer", Retry: retryNever},
	providers.Truncated:      {Status: 502, Type: typeUpstream, Code: "upstream_disconnected", Retry: retryNever},
}

// Told is an error as a client is told it.
type Told struct {
	Status     int
	Object     wire.ErrorObject
	RetryAfter time.Duration // 0: not said
	Exact      bool          // RetryAfter is told in milliseconds too
	NoRetry    bool
	Code       string // tollgate's own, whatever the object says
	Headers    []Header
}

// InStream is the error as an event of OpenAI's chat and completions tells it. No status
// goes with it there: agents ask once more by the type, and of what has befallen the
// upstream they know OpenAI's own. What only the operator can mend keeps its type.
func (t Told) InStream() wire.ErrorObject {
	o := t.Object
	switch t.Code {
	case upstream[providers.ServerError].Code, upstream[providers.Truncated].Code:
		if o.Type == typeUpstream {
			o.Type = typeServer
		}
	}
	return o
}

// InResponse is the code of a response that ends with the error. OpenAI lists those that there
// are, and clients decode no other: what is nobody's fault is server_error among them.
func (t Told) InResponse() string {
	switch {
	case t.Status >= 500:
		return "server_error"
	case t.Code == upstream[providers.RateLimited].Code:
		return "rate_limit_exceeded"
	}
	return t.Object.Code
}

// Header is a header of an answer.
type Header struct {
	Name  Name
	Value string
}

// Describe says what a client is told of an error. status is the configured status
// of refusals for money, or 0 to choose by the client, which agent names by its
// User-Agent.
func Describe(err error, requestID, agent string, status int) Told {
	t := describe(err, requestID, agent, status)
	t.Code = t.Object.Code
	t.Object.Message, t.Object.Param = shortened(t.Object.Message, maxMessage), shortened(t.Object.Param, maxParam)
	return t
}

// The most bytes of an error's message, and of the name of the field that it is about. What a
// request says may stand in both, and is as long as a request may be.
const (
	maxMessage = 16 << 10
	maxParam   = 1 << 10
)

// shortened takes the middle out of a text that has more bytes than it may: what is wrong
// stands at one of its ends.
func shortened(text string, most int) string {
	const gap = " … "
	if len(text) <= most {
		return text
	}
	half := (most - len(gap)) / 2
	return strings.ToValidUTF8(text[:half], "") + gap + strings.ToValidUTF8(text[len(text)-half:], "")
}

func describe(err error, requestID, agent string, status int) Told {
	var budget *gateway.BudgetError
	if errors.As(err, &budget) {
		return tellBudget(budget, agent, status)
	}
	var limit *gateway.LimitError
	if errors.As(err, &limit) {
		return tellLimit(limit)
	}
	t := tellFailure(err, requestID)
	var failed *gateway.AttemptError
	if errors.As(err, &failed) {
		// Where several upstreams were tried already, a client's own tries would multiply
		// them.
		t.NoRetry = t.NoRetry || failed.Attempts > 1
		if failed.Skipped != nil {
			t.skipped(failed)
		}
	}
	return t
}

// skipped adds which alternative was not taken and why.
func (t *Told) skipped(e *gateway.AttemptError) {
	s := e.Skipped
	why := map[string]string{
		"budget_exceeded":           "outside your budget",
		"budget_held":               "held back by your running requests",
		"price_unknown":             "without a price",
		"books_unavailable":         "not served while the books do not answer",
		"rate_limited":              "over a rate limit",
		"limits_unavailable":        "not served while the store of the rate limits does not answer",
		"too_many_idempotency_keys": "not served to a key with as many Idempotency-Keys as one may have",
		"background_limit":          "not served while as many calls run in the background as may",
	}[s.Reason]
	t.Object.Message += fmt.Sprintf(" (not tried, because it is %s: %s)", why, strings.Join(s.Deployments, ", "))
	t.Object.More = append(t.Object.More, wire.Member{Key: "fallback_skipped", Value: mustJSON(map[string]any{"deployments": s.Deployments, "reason": s.Reason})})
}

func tellFailure(err error, requestID string) Told {
	var field *wire.ErrField
	if errors.As(err, &field) {
		return Told{Status: 400, Object: wire.ErrorObject{Message: field.Error(), Type: typeRequest, Param: field.Field, Code: "invalid_value"}}
	}
	var repeated *ledger.Repeated
	if errors.As(err, &repeated) {
		return tellRepeated(repeated)
	}
	if up := providers.AsError(err); up != nil {
		return tellUpstream(up)
	}
	var shut *balancer.Shut
	if errors.As(err, &shut) {
		return tellShut(shut)
	}
	var unknown *gateway.UnknownModelError
	if errors.As(err, &unknown) { // the program that names it is often not the person who is told
		t := tellFailure(catalog.ErrNoModel, requestID)
		t.Object.Message = unknown.Error() + ": GET /v1/models lists those that this API key may call"
		return t
	}
	for _, row := range Table {
		if !errors.Is(err, row.Err) {
			continue
		}
		t := Told{Status: row.Status, Object: wire.ErrorObject{Message: row.Say, Type: row.Type, Param: row.Param, Code: row.Code}}
		if t.Object.Message == "" {
			t.Object.Message = err.Error()
		}
		var in *InField
		var twice *wire.DuplicateKey
		switch {
		case errors.As(err, &in):
			t.Object.Param = in.Field
		case errors.As(err, &twice):
			t.Object.Param = wire.Excerpt(twice.Key, wire.MaxFieldName)
		}
		t.retry(row.Retry)
		return t
	}
	var f *fiber.Error
	if errors.As(err, &f) {
		switch f.Code {
		case fiber.StatusNotFound:
			return tellFailure(ErrNoRoute, requestID)
		case fiber.StatusMethodNotAllowed:
			return tellFailure(ErrMethod, requestID)
		case fiber.StatusRequestEntityTooLarge:
			return tellFailure(ErrBodyTooLarge, requestID)
		case fiber.StatusRequestTimeout:
			return tellFailure(ErrSlow, requestID)
		}
		if f.Code == fiber.StatusRequestHeaderFieldsTooLarge {
			return Told{Status: f.Code, Object: wire.ErrorObject{Message: fmt.Sprintf("the headers are larger than %d KiB", MaxHeaders>>10), Type: typeRequest, Code: "headers_too_large"}}
		}
		if f.Code == fiber.StatusBadRequest {
			return tellFailure(ErrMalformed, requestID) // its own words may quote the bytes of another request
		}
		if f.Code >= 400 && f.Code < 500 {
			return Told{Status: f.Code, Object: wire.ErrorObject{Message: f.Message, Type: typeRequest, Code: "bad_request"}}
		}
	}
	if errors.Is(err, context.Canceled) {
		return Told{Status: 499, Object: wire.ErrorObject{Message: "the client has left", Type: typeRequest, Code: "client_gone"}}
	}
	return Told{Status: 500, NoRetry: true, Object: wire.ErrorObject{
		Message: "something went wrong in tollgate; tell its operator the request id " + requestID, Type: typeServer, Code: "internal_error"}}
}

// tellRepeated tells of a call whose Idempotency-Key was used before. One that runs may
// be asked for again; the answer of one that has ended is not kept (trust.md T15, T32).
func tellRepeated(e *ledger.Repeated) Told {
	t := Told{Status: 409, Object: wire.ErrorObject{Message: e.Error(), Type: typeRequest, Code: "idempotency_key_answered"}}
	switch {
	case e.OtherBody:
		t.Status, t.Object.Code, t.NoRetry = 422, "idempotency_key_reused", true
	case e.Running:
		t.Object.Code, t.RetryAfter = "idempotency_key_running", time.Second
	default:
		t.NoRetry = true
		t.Object.Message += "; answers are not kept: send the request again with another Idempotency-Key, which is paid for again"
	}
	t.Object.More = append(t.Object.More, wire.Member{Key: "first_request_id", Value: mustJSON(e.RequestID)})
	return t
}

func tellUpstream(e *providers.Error) Told {
	if e.Ours {
		return Describe(ErrOverloaded, "", "", 0)
	}
	row, ok := upstream[e.Kind]
	if !ok {
		row = upstream[providers.BadAnswer]
	}
	t := Told{Status: row.Status, Object: wire.ErrorObject{Message: e.Message, Type: row.Type, Param: e.Param, Code: row.Code}, RetryAfter: e.RetryAfter}
	switch e.Kind {
	case providers.ModelMissing:
		t.Object.Message = "the upstream has no such model, or does not serve this kind of call"
		if e.Message != "" {
			t.Object.Message += ": " + e.Message // often no more than Not Found
		}
	case providers.BadRequest, providers.ContextTooLong, providers.ContentRefused:
		// The request is at fault: the upstream's own words, type and code say how.
		if e.Status >= 400 && e.Status < 500 {
			t.Status = e.Status
		}
		if e.Code != "" {
			t.Object.Code = e.Code
		}
		if openAIType(e.Type) && e.Status < 500 {
			t.Object.Type = e.Type
		} else if e.Type != "" {
			t.Object.More = append(t.Object.More, wire.Member{Key: "provider", Value: mustJSON(map[string]string{"type": e.Type})})
		}
	}
	if row.Say != "" {
		t.Object.Message = row.Say
	}
	if t.Object.Message == "" {
		t.Object.Message = "the upstream failed: " + e.Kind.String()
	}
	t.retry(row.Retry)
	return t
}

// tellShut tells of a deployment that is left out for a while. Why it is, its last
// failure said: where the upstream asked for a pause, the client is asked for it too;
// what only the operator can mend is not to be tried again.
func tellShut(e *balancer.Shut) Told {
	row, guess := upstream[providers.Unreachable], true
	switch e.Kind {
	case providers.RateLimited, providers.KeyRefused:
		row, guess = upstream[e.Kind], false
	case providers.Overloaded: // it asks to be tried later
		guess = false
	}
	t := Told{Status: row.Status, RetryAfter: e.Wait, Object: wire.ErrorObject{Message: row.Say, Type: row.Type, Code: row.Code}}
	if row.Say == "" {
		t.Object.Message = fmt.Sprintf("the model does not answer at present; it is tried again in %s", max(e.Wait.Round(time.Second), time.Second))
	}
	t.retry(row.Retry)
	// It has failed again when it was tried, so that the time of the next try says nothing
	// of when it is well: an application that waited for it would leave its person alone.
	if guess && e.Wait > balancer.CoolFirst {
		t.NoRetry = true
	}
	return t
}

// openAIType says whether an upstream's error type is one of OpenAI's kind: small
// letters and underscores. vLLM's are Python's class names, which no client knows.
func openAIType(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_") == ""
}

func (t *Told) retry(r retry) {
	switch r {
	case retryNever:
		t.NoRetry = true
	case retrySoon:
		if t.RetryAfter == 0 {
			t.RetryAfter = time.Second
		}
	}
}

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // only plain values come here
	}
	return b
}

// Tell says what a client is told of an error, and in whose words. agent is its User-Agent,
// path that of its request.
type Tell func(err error, requestID, agent, path string) Told

// Plainly tells in tollgate's own words; budgetStatus is the configured status of refusals
// for money, see [Describe].
func Plainly(budgetStatus func() int) Tell {
	return func(err error, requestID, agent, _ string) Told {
		return Describe(err, requestID, agent, budgetStatus())
	}
}

type writer struct {
	log     *slog.Logger
	newID   func() string
	tell    Tell
	refused func(reason string) // nil counts nothing
	said    said
}

// refusal names a refusal of tollgate's own for counters, by a word of the program's. It
// is "" for what an upstream or the client's leaving has ended.
func refusal(err error, t Told) string {
	if providers.AsError(err) != nil || errors.Is(err, context.Canceled) {
		return ""
	}
	if t.Status == fiber.StatusUnauthorized {
		return t.Code
	}
	if reason := gateway.Reason(err); reason != "error" {
		return reason
	}
	return t.Code
}

// write is the application's error handler and the only writer of errors.
func (w *writer) write(c *fiber.Ctx, err error) error {
	if c.Request().IsBodyStream() {
		mayStillSend(c.Context().Conn())
		if c.Request().Header.ContentLength() < 0 {
			c.Context().SetConnectionClose() // nobody knows how much would have to be skipped
		}
	}
	if RequestID(c) == "" { // the server refused it before any handler
		c.Set(HeaderRequestID, w.newID())
	}
	id := RequestID(c)
	t := w.tell(err, id, string(c.Request().Header.UserAgent()), c.Path())
	if reason := refusal(err, t); reason != "" && w.refused != nil {
		w.refused(reason)
	}
	w.sayRefused(c, id, t, err)
	if t.Status >= 500 {
		var p *panicError
		switch {
		case errors.As(err, &p):
			w.log.Error("panic", "request", id, "path", c.Path(), "panic", fmt.Sprint(p.value), "stack", string(debug.Stack()))
		case t.Code == "internal_error":
			w.log.Error("internal error", "request", id, "path", c.Path(), "error", err.Error())
		}
	}
	if t.Status == fiber.StatusUnauthorized {
		c.Set(fiber.HeaderWWWAuthenticate, "Bearer")
	}
	if t.NoRetry {
		c.Set("X-Should-Retry", "false")
	}
	if t.RetryAfter > 0 {
		c.Set(fiber.HeaderRetryAfter, strconv.FormatInt(roundUp(t.RetryAfter, time.Second), 10))
		if t.Exact {
			c.Set(HeaderRetryMillis, strconv.FormatInt(roundUp(t.RetryAfter, time.Millisecond), 10))
		}
	}
	for _, h := range t.Headers {
		Set(c, h.Name, h.Value)
	}
	SetLimits(c, gateway.LimitsOf(err))
	attempts, tried := gateway.TriedOf(err)
	SetTried(c, attempts, tried)
	c.Set(fiber.HeaderContentType, "application/json")
	if SurfaceOf(c) == providers.Anthropic {
		c.Set(HeaderAnthropicID, id)
		return c.Status(t.Status).Send(t.Anthropic(id))
	}
	return c.Status(t.Status).Send(t.Object.Body())
}
