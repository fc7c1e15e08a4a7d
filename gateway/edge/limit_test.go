package edge

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tollgate/accounting/scope"
	"tollgate/gateway"
	"tollgate/gateway/limits"
)

// TestRateLimitsAreTold: which limit, whose, on what, how much, and when to come back.
func TestRateLimitsAreTold(t *testing.T) {
	sixty, zero := int64(60), int64(0)
	many := slices.Repeat([]string{"m"}, 12)
	rule := func(name string, requests *int64, models ...string) limits.Rule {
		return limits.Rule{ID: "r", Name: name, Requests: requests, Selector: scope.Selector{Models: models}}
	}
	for _, c := range []struct {
		refusal limits.Refusal
		say     string
		after   time.Duration
		never   bool
	}{
		{limits.Refusal{Rule: rule("", &sixty), Account: scope.Account{Kind: scope.User, ID: "ann"}, Limit: 60, Wait: 300 * time.Millisecond},
			"You cannot call gpt now: the rate limit of user ann is 60 requests per minute; try again in 300ms.", 300 * time.Millisecond, false},
		{limits.Refusal{Rule: rule("fair share", &sixty, "a/*", "b"), Account: scope.Account{Kind: scope.Gateway}, Limit: 60, Wait: 1500*time.Millisecond + time.Microsecond},
			`You cannot call gpt now: the rate limit "fair share" of the whole gateway on a/*, b is 60 requests per minute; try again in 1.501s.`, 1500*time.Millisecond + time.Microsecond, false},
		{limits.Refusal{Rule: rule("", &sixty, many...), Account: scope.Account{Kind: scope.Key, ID: "k"}, Limit: 20, Wait: 2 * time.Minute},
			"You cannot call gpt now: the rate limit of key k on m, m, m, m, m, m, m, m, m, m and 2 more is 20 requests per minute (a share of 60, while the store of the rate limits does not answer); try again in 2m0s.", 2 * time.Minute, false},
		{limits.Refusal{Rule: rule("", &sixty), Account: scope.Account{Kind: scope.User, ID: "ann"}, Limit: 60, Wait: 2*time.Minute + 1},
			"You cannot call gpt now: the rate limit of user ann is 60 requests per minute; try again in 2m0.001s.", 2*time.Minute + 1, true},
		{limits.Refusal{Rule: rule("", &zero), Account: scope.Account{Kind: scope.EndUser, ID: "e"}},
			"You cannot call gpt now: the rate limit of end_user e is 0 requests per minute, so nothing is let through.", 0, true},
	} {
		told := Describe(&gateway.LimitError{Refusal: &c.refusal, Model: "gpt"}, "r", "codex", 402) // no client has its own
		if told.Object.Message != c.say || told.Status != 429 || told.RetryAfter != c.after || told.NoRetry != c.never || !told.Exact || told.Object.Type != "rate_limit_error" || told.Object.Code != "rate_limit_exceeded" {
			t.Errorf("%+v", told)
		}
		if body := string(told.Object.Body()); c.after == 0 != strings.Contains(body, `"retry_after_ms":null`) {
			t.Errorf("%s", body)
		}
	}
	for d, want := range map[time.Duration]int64{0: 0, 1: 1, time.Second: 1, time.Second + 1: 2, 59*time.Second + 999*time.Millisecond: 60} {
		if got := roundUp(d, time.Second); got != want {
			t.Errorf("%v is %d s", d, got)
		}
	}
}
