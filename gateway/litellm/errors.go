package litellm

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tollgate/accounting/scope"
	"tollgate/gateway"
	"tollgate/gateway/edge"
	"tollgate/gateway/limits"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// told is how LiteLLM tells of something.
type told struct {
	status int    // 0: as tollgate has it
	kind   string // the type; "" as tollgate has it
	param  string // "" as tollgate has it
	before string // what the message begins with
}

// What stands for no parameter: LiteLLM's own refusals have a word there, and the others
// nothing.
const (
	paramNone = "None"
	paramNull = "null"
)

// byCode are the words that LiteLLM's clients know, by tollgate's codes.
var byCode = map[string]told{
	"missing_api_key":         {kind: "auth_error", param: paramNone, before: "Authentication Error, No api key passed in."},
	"two_api_keys":            {kind: "auth_error", param: paramNone, before: "Authentication Error."},
	"invalid_api_key":         {kind: "token_not_found_in_db", param: "key", before: "Authentication Error, Invalid API key provided."},
	"expired_api_key":         {kind: "expired_key", param: paramNone, before: "Authentication Error - Expired Key."},
	"blocked_api_key":         {kind: "auth_error", param: paramNone, before: "Authentication Error, Key is blocked."},
	"blocked_user":            {kind: "auth_error", param: paramNone, before: "Authentication Error, User is blocked."},
	"blocked_team":            {kind: "auth_error", param: paramNone, before: "Authentication Error, Team is blocked."},
	"blocked_organization":    {kind: "auth_error", param: paramNone, before: "Authentication Error, Organization is blocked."},
	"admin_only":              {kind: "auth_error", param: paramNone, before: "Authentication Error, Only proxy admin can be used for this."},
	"admin_key_calls_nothing": {kind: "auth_error", param: paramNone},

	"model_not_allowed": {kind: "key_model_access_denied", before: "key not allowed to access model."},
	"model_not_found":   {status: 400, param: paramNull, before: "Invalid model name passed in. Call `/v1/models` to view available models for your key."},
	"missing_model":     {param: paramNull, before: "Invalid model name passed in."},
	"invalid_json":      {param: "request_body", before: "Invalid JSON payload."},

	"too_many_requests_running":  {kind: "throttling_error"},
	"concurrency_limit_exceeded": {kind: "throttling_error"},
	"books_unavailable":          {kind: "no_db_connection"},
}

// byKind are LiteLLM's words for the failures of upstreams. Its SDK reads the exception that
// it raises from the message. What LiteLLM tells as the upstream's own refusal of a credential
// or of a model is a 502 here all the same: neither is the caller's to mend.
var byKind = map[providers.ErrorKind]told{
	providers.BadRequest:     {before: "litellm.BadRequestError:"},
	providers.ContextTooLong: {before: "litellm.ContextWindowExceededError:"},
	providers.ContentRefused: {before: "litellm.ContentPolicyViolationError:"},
	providers.ModelMissing:   {kind: "internal_server_error", before: "litellm.InternalServerError:"},
	providers.KeyRefused:     {kind: "internal_server_error", before: "litellm.InternalServerError:"},
	providers.RateLimited:    {kind: "throttling_error", before: "litellm.RateLimitError:"},
	providers.Overloaded:     {kind: "internal_server_error", before: "litellm.ServiceUnavailableError:"},
	providers.Unreachable:    {kind: "internal_server_error", before: "litellm.ServiceUnavailableError:"},
	providers.ServerError:    {status: 500, kind: "internal_server_error", before: "litellm.InternalServerError:"},
	providers.Lost:           {status: 500, kind: "internal_server_error", before: "litellm.InternalServerError:"},
	providers.Truncated:      {status: 500, kind: "internal_server_error", before: "litellm.InternalServerError:"},
	providers.BadAnswer:      {status: 500, kind: "internal_server_error", before: "litellm.InternalServerError:"},
	providers.TimedOut:       {status: 408, kind: "invalid_request_error", before: "litellm.Timeout:"},
}

// byStatus are failures of which FastAPI tells, and not LiteLLM: its clients look for a
// `detail` beside the error.
var byStatus = map[string]string{"unknown_path": "Not Found", "method_not_allowed": "Method Not Allowed", "route_not_allowed": "Virtual key is not allowed to call this route."}

// ownPaths begin the paths of tollgate's own management, whose clients know its own words.
const ownPaths = "/api/"

// toldOf says whether a path is one that tells of a model: one that is not there is not found
// then, and no mistake of a call.
func toldOf(path string) bool {
	return strings.HasPrefix(strings.TrimPrefix(path, "/v1"), "/models/")
}

// Tell tells of errors in the words that LiteLLM's clients look for, before tollgate's own.
// The code is the status, as a string; tollgate's code stands beside it.
func Tell(plainly edge.Tell) edge.Tell {
	return func(err error, requestID, agent, path string) edge.Told {
		t := plainly(err, requestID, agent, path)
		if strings.HasPrefix(path, ownPaths) {
			return t
		}
		var as told
		var budget *gateway.BudgetError
		var limit *gateway.LimitError
		switch up := providers.AsError(err); {
		case errors.As(err, &budget):
			if t.Code == "budget_exceeded" || t.Code == usageLimit {
				as.before = spent(budget)
			}
		case errors.As(err, &limit):
			as = told{kind: "throttling_error", before: limited(limit)}
			t.Headers = append(t.Headers, edge.Header{Name: nameLimitType, Value: metrics[limit.Refusal.Metric]})
			if t.RetryAfter > 0 {
				at := time.Now().Add(t.RetryAfter + time.Second - 1) //clock: the client's own is what it is read against
				t.Headers = append(t.Headers, edge.Header{Name: nameResetAt, Value: at.UTC().Format("2006-01-02 15:04:05 UTC")})
			}
		case up != nil:
			as = byKind[up.Kind]
		case t.Code == "model_not_found" && toldOf(path):
		default:
			as = byCode[t.Code]
		}
		as.apply(&t)
		if detail, ok := byStatus[t.Code]; ok {
			t.Object.Beside = append(t.Object.Beside, wire.Member{Key: "detail", Value: wire.String(detail)})
		}
		if t.Code != usageLimit {
			t.Object.Code = strconv.Itoa(t.Status)
		}
		t.Object.More = append(t.Object.More, wire.Member{Key: "tollgate_code", Value: wire.String(t.Code)})
		return t
	}
}

// apply puts LiteLLM's words in place of tollgate's, and before its message.
func (as told) apply(t *edge.Told) {
	t.Status = cmp.Or(as.status, t.Status)
	t.Object.Type = cmp.Or(as.kind, t.Object.Type)
	if t.Object.Param = cmp.Or(as.param, t.Object.Param); t.Object.Param == paramNull {
		t.Object.Param = ""
	}
	if as.before != "" {
		t.Object.Message = as.before + " " + t.Object.Message
	}
}

// usageLimit is the code that Codex looks for, which is told to it alone.
const usageLimit = "usage_limit_reached"

// spent is the beginning of a refusal for money that programs look for.
func spent(e *gateway.BudgetError) string {
	s := e.Refusal.Short[0]
	b, account := s.Claim.Budget, s.Claim.Counter.Account
	limit := "None"
	if b.Limit != nil {
		limit = b.Limit.String()
	}
	switch b.Kind {
	case scope.User:
		return fmt.Sprintf("ExceededBudget: User=%s over budget. Spend=%s, Budget=%s.", account.ID, s.Standing.Posted, limit)
	case scope.EndUser:
		return fmt.Sprintf("ExceededBudget: End User=%s over budget. Spend=%s, Budget=%s.", account.ID, s.Standing.Posted, limit)
	}
	who := ""
	if name, ok := names[b.Kind]; ok {
		who = fmt.Sprintf(" %s=%s", name, account.ID)
	}
	return fmt.Sprintf("Budget has been exceeded!%s Current cost: %s, Max budget: %s.", who, s.Standing.Posted, limit)
}

// names are LiteLLM's names of the kinds of accounts.
var names = map[scope.Kind]string{scope.Key: "Key", scope.Team: "Team", scope.Member: "TeamMember", scope.Tag: "Tag"}

// levels are LiteLLM's names of the kinds of accounts that rate limits are for.
var levels = map[scope.Kind]string{scope.Key: "api_key", scope.Team: "team", scope.User: "user", scope.Member: "team_member", scope.EndUser: "end_user", scope.Org: "organization", scope.Tag: "tag"}

// limited is the beginning of a refusal for a rate limit.
func limited(e *gateway.LimitError) string {
	r := e.Refusal
	level := levels[r.Account.Kind]
	if level == "" {
		level = "proxy"
	}
	return fmt.Sprintf("Rate limit exceeded for %s: %s. Limit type: %s. Current limit: %d, Remaining: 0.", level, r.Account.ID, metrics[r.Metric], r.Limit)
}

// metrics are LiteLLM's names of what a rate limit counts.
var metrics = map[limits.Metric]string{limits.Requests: "requests", limits.Tokens: "tokens", limits.Concurrent: "max_parallel_requests"}

// The headers of a refusal for a rate limit.
var (
	nameLimitType = edge.Name("Rate_limit_type")
	nameResetAt   = edge.Name("Reset_at")
)
