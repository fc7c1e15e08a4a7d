package litellm

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tollgate/accounting/scope"
	"tollgate/gateway"
	"tollgate/gateway/edge"
	"tollgate/gateway/limits"
	"tollgate/providers/wire"
)

// told is how LiteLLM tells of what tollgate has a code for.
type told struct {
	status int    // 0: as tollgate has it
	kind   string // the type
	before string // what the message begins with
}

// byCode are the words that LiteLLM's clients know, by tollgate's codes. What stands in no
// row keeps its type.
var byCode = map[string]told{
	"missing_api_key":           {kind: "auth_error", before: "Authentication Error, No api key passed in."},
	"two_api_keys":              {kind: "auth_error", before: "Authentication Error."},
	"invalid_api_key":           {kind: "token_not_found_in_db", before: "Authentication Error, Invalid proxy server token passed."},
	"expired_api_key":           {kind: "expired_key", before: "Authentication Error - Expired Key."},
	"blocked_api_key":           {kind: "auth_error", before: "Key is blocked."},
	"blocked_user":              {kind: "auth_error", before: "User is blocked."},
	"blocked_team":              {kind: "auth_error", before: "Team is blocked."},
	"admin_only":                {kind: "auth_error", before: "Only proxy admin can be used for this."},
	"admin_key_calls_nothing":   {kind: "auth_error"},
	"model_not_allowed":         {kind: "key_model_access_denied", before: "key not allowed to access model."},
	"model_not_found":           {status: 400, kind: "invalid_request_error", before: "Invalid model name passed in. Call `/v1/models` to view available models for your key."},
	"too_many_requests_running": {kind: "throttling_error"},
	"books_unavailable":         {kind: "no_db_connection"},
}

// ownPaths begin the paths of tollgate's own management, whose clients know its own words.
const ownPaths = "/api/"

// Tell tells of errors in the words that LiteLLM's clients look for, before tollgate's own.
// The code is the status, as a string; tollgate's code stands beside it.
func Tell(plainly edge.Tell) edge.Tell {
	return func(err error, requestID, agent, path string) edge.Told {
		t := plainly(err, requestID, agent, path)
		if strings.HasPrefix(path, ownPaths) {
			return t
		}
		before := ""
		var budget *gateway.BudgetError
		var limit *gateway.LimitError
		switch {
		case errors.As(err, &budget):
			if t.Code == "budget_exceeded" || t.Code == usageLimit {
				before = spent(budget)
			}
		case errors.As(err, &limit):
			t.Object.Type, before = "throttling_error", limited(limit)
			t.Headers = append(t.Headers, edge.Header{Name: nameLimitType, Value: metrics[limit.Refusal.Metric]})
			if t.RetryAfter > 0 {
				at := time.Now().Add(t.RetryAfter + time.Second - 1) //clock: the client's own is what it is read against
				t.Headers = append(t.Headers, edge.Header{Name: nameResetAt, Value: at.UTC().Format("2006-01-02 15:04:05 UTC")})
			}
		default:
			if row, ok := byCode[t.Code]; ok {
				t.Object.Type, before = row.kind, row.before
				if row.status != 0 {
					t.Status = row.status
				}
			}
		}
		if before != "" {
			t.Object.Message = before + " " + t.Object.Message
		}
		if t.Code != usageLimit {
			t.Object.Code = strconv.Itoa(t.Status)
		}
		t.Object.More = append(t.Object.More, wire.Member{Key: "tollgate_code", Value: wire.String(t.Code)})
		return t
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

// limited is the beginning of a refusal for a rate limit.
func limited(e *gateway.LimitError) string {
	r := e.Refusal
	level := map[scope.Kind]string{scope.Key: "api_key", scope.Team: "team", scope.User: "user", scope.Member: "team_member", scope.EndUser: "end_user", scope.Tag: "tag"}[r.Account.Kind]
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
