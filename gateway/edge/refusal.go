package edge

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway"
	"tollgate/gateway/limits"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// client is how a program out there takes a refusal for money.
type client struct {
	name   string // part of its User-Agent, in lower case
	status int
	code   string // replaces the code of a refusal that lasts; "" leaves it
}

// clients are the programs that need another answer than 429: those that repeat any
// 429 for ever, or wait for the budget to reset, get 402, and Codex gets the code and
// `resets_at` that it shows to the person. Measured in 2026 with Codex 0.169.0, Claude Code
// 2.1.197, opencode 1.18.33, openai-node 6.49.0, AI SDK 6.0.326 and DSPy 3.4.1. Claude Code
// stops at once on x-should-retry and needs no row.
var clients = []client{
	{name: "codex", status: 429, code: "usage_limit_reached"},
	{name: "opencode", status: 402},
	{name: "ai-sdk", status: 402},
	{name: "lm15", status: 402}, // DSPy's own client; it waits for all of Retry-After
}

// heldRetry is when a request may be repeated that only other running requests
// stood in the way of.
const heldRetry = 2 * time.Second

// never is the Retry-After of a budget that does not reset: a year.
const never = 365 * 24 * time.Hour

// tellBudget is the one body of a refusal for money.
func tellBudget(e *gateway.BudgetError, agent string, status int) Told {
	first := e.Refusal.Short[0]
	code := "budget_exceeded"
	t := Told{Status: 429, NoRetry: true, RetryAfter: never}
	resets := first.Claim.Period.End
	for _, s := range e.Refusal.Short { // all that failed must have reset
		if s.Claim.Period.End.IsZero() || (!resets.IsZero() && s.Claim.Period.End.After(resets)) {
			resets = s.Claim.Period.End
		}
	}
	if !resets.IsZero() {
		t.RetryAfter = max(time.Second, resets.Sub(e.At))
	}
	temporary := e.Refusal.Temporary()
	if temporary {
		code, t.RetryAfter, t.NoRetry = "budget_held", heldRetry, false
	}
	kind := "budget_exceeded"
	if status != 0 {
		t.Status = status
	} else {
		agent = strings.ToLower(agent)
		for _, c := range clients {
			if strings.Contains(agent, c.name) {
				t.Status = c.status
				if c.code != "" && !temporary {
					kind, code = c.code, c.code
				}
				break
			}
		}
	}
	message := fmt.Sprintf("You cannot call %s now: %s.", e.Model, gateway.Describe(first))
	if len(e.Free) > 0 {
		message += " Free for you right now: " + strings.Join(e.Free, ", ") + "."
	}
	budgets := make([]map[string]any, len(e.Refusal.Short))
	for i, s := range e.Refusal.Short {
		budgets[i] = budgetFields(s)
	}
	more := []wire.Member{
		{Key: "budget", Value: mustJSON(budgets[0])},
		{Key: "other_budgets", Value: mustJSON(budgets[1:])},
		{Key: "free_models", Value: mustJSON(e.Free)},
		{Key: "fallback_taken", Value: []byte("null")},
	}
	if code == "usage_limit_reached" && !resets.IsZero() {
		more = append(more, wire.Member{Key: "resets_at", Value: []byte(strconv.FormatInt(resets.Unix(), 10))})
	}
	t.Object = wire.ErrorObject{Message: message, Type: kind, Code: code, More: more}
	return t
}

func budgetFields(s ledger.Shortfall) map[string]any {
	b := s.Claim.Budget
	models := b.Models
	if models == nil {
		models = []string{}
	}
	f := map[string]any{
		"scope": b.Kind, "id": b.ID, "name": b.Name, "account": s.Claim.Counter.Account.ID, "models": models, "window": b.Window.String(),
		"limit": b.Limit, "spent": s.Standing.Posted, "held": s.Standing.Held, "state": s.State, "resets_at": nil,
	}
	if !s.Claim.Period.End.IsZero() {
		f["resets_at"] = s.Claim.Period.End.UTC().Format(time.RFC3339)
	}
	return f
}

// farRetry is the longest wait that clients are left to wait out: the newest of them
// wait two minutes, and older ones would try again at once.
const farRetry = 2 * time.Minute

// tellLimit is the one body of a refusal for a rate limit.
func tellLimit(e *gateway.LimitError) Told {
	r := e.Refusal
	t := Told{Status: 429, RetryAfter: r.Wait, Exact: true, NoRetry: r.Wait == 0 || r.Wait > farRetry}
	what := "the rate limit"
	if r.Rule.Name != "" {
		what = fmt.Sprintf("the rate limit %q", r.Rule.Name)
	}
	who := fmt.Sprintf("%s %s", r.Account.Kind, r.Account.ID)
	if r.Account.Kind == scope.Gateway {
		who = "the whole gateway"
	}
	on := ""
	models := r.Rule.Models
	if len(models) > 0 {
		on = " on " + strings.Join(models[:min(len(models), maxListed)], ", ")
		if more := len(models) - maxListed; more > 0 {
			on += fmt.Sprintf(" and %d more", more)
		}
	} else {
		models = []string{}
	}
	var wait any
	when := ", so nothing is let through"
	if r.Wait > 0 {
		ms := roundUp(r.Wait, time.Millisecond)
		wait, when = ms, fmt.Sprintf("; try again in %s", time.Duration(ms)*time.Millisecond)
	}
	lent := ""
	if full := limitOf(r.Rule, r.Metric); full != r.Limit {
		lent = fmt.Sprintf(" (a share of %d, while the store of the rate limits does not answer)", full)
	}
	t.Object = wire.ErrorObject{
		Message: fmt.Sprintf("You cannot call %s now: %s of %s%s is %d %s%s%s.", e.Model, what, who, on, r.Limit, r.Metric, lent, when),
		Type:    typeRate, Code: "rate_limit_exceeded",
		More: []wire.Member{{Key: "rate_limit", Value: mustJSON(map[string]any{
			"id": r.Rule.ID, "name": r.Rule.Name, "scope": r.Account.Kind, "account": r.Account.ID, "models": models,
			"metric": strings.ReplaceAll(r.Metric.String(), " ", "_"), "limit": r.Limit, "retry_after_ms": wait,
		})}},
	}
	return t
}

// maxListed is how many of a rule's models a message names.
const maxListed = 10

func limitOf(r limits.Rule, m limits.Metric) int64 {
	n := map[limits.Metric]*int64{limits.Requests: r.Requests, limits.Tokens: r.Tokens, limits.Concurrent: r.Concurrent}[m]
	if n == nil {
		return 0
	}
	return *n
}

// The headers that say where rate limits stand, as OpenAI names them, and the beginning
// of Anthropic's.
const (
	HeaderRetryMillis = "Retry-After-Ms"
	headerLimit       = "X-Ratelimit-Limit-"
	headerRemaining   = "X-Ratelimit-Remaining-"
	headerReset       = "X-Ratelimit-Reset-"
	headerAnthropic   = "Anthropic-Ratelimit-"
)

// SetLimits tells a client where the tightest rate limits stand that apply to it, one of
// Anthropic's in its own words as well.
func SetLimits(c *fiber.Ctx, s limits.Standing) {
	for _, x := range []struct {
		what string
		room *limits.Room
	}{{"Requests", s.Requests}, {"Tokens", s.Tokens}} {
		if x.room == nil {
			continue
		}
		c.Set(headerLimit+x.what, strconv.FormatInt(x.room.Limit, 10))
		c.Set(headerRemaining+x.what, strconv.FormatInt(x.room.Remaining, 10))
		c.Set(headerReset+x.what, (time.Duration(roundUp(x.room.Reset, time.Millisecond)) * time.Millisecond).String())
		if SurfaceOf(c) == providers.Anthropic {
			full := time.Now().Add(x.room.Reset + time.Second - 1) //clock: the client's own is what it is read against
			c.Set(headerAnthropic+x.what+"-Limit", strconv.FormatInt(x.room.Limit, 10))
			c.Set(headerAnthropic+x.what+"-Remaining", strconv.FormatInt(x.room.Remaining, 10))
			c.Set(headerAnthropic+x.what+"-Reset", full.UTC().Format(time.RFC3339))
		}
	}
}

// The headers that say what a request has gone through.
const (
	HeaderAttempts = "X-Tollgate-Attempts" // upstreams that were called
	HeaderTried    = "X-Tollgate-Tried"    // what failed or was left out before: deployment=reason,...
)

// SetTried tells a client what its request has gone through.
func SetTried(c *fiber.Ctx, attempts int, tried []string) {
	if attempts > 0 || len(tried) > 0 {
		Set(c, nameAttempts, strconv.Itoa(attempts))
	}
	if len(tried) > 0 {
		c.Set(HeaderTried, HeaderList(tried))
	}
}

// maxList is how many bytes of a list a header carries. A name may lead to a thousand
// deployments, and proxies take no answer with a header of many KiB.
const maxList = 2 << 10

// HeaderList joins what a header may carry of a list, and says how much more there is.
func HeaderList(all []string) string {
	n := 0
	for i, s := range all {
		if n += len(s) + 1; n > maxList && i > 0 {
			return HeaderText(strings.Join(all[:i], ",")) + fmt.Sprintf(",and %d more", len(all)-i)
		}
	}
	return HeaderText(strings.Join(all, ","))
}

// HeaderText keeps what a header may carry.
func HeaderText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
}

// roundUp is a time in whole units, rounded up.
func roundUp(d, unit time.Duration) int64 { return int64((d + unit - 1) / unit) }
