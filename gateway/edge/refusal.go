package edge

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway"
	"tollgate/providers/wire"
)

// client is how a program out there takes a refusal for money.
type client struct {
	name   string // part of its User-Agent, in lower case
	status int
	code   string // replaces the code of a refusal that lasts; "" leaves it
}

// clients are the programs that need another answer than 429: those that repeat any
// 429 for ever get 402, and Codex gets the code and `resets_at` that it shows to the
// person. Measured in 2026 with Codex 0.169.0, Claude Code 2.1.197, opencode
// 1.18.33, openai-node 6.49.0 and AI SDK 6.0.326. Claude Code stops at once on
// x-should-retry and needs no row.
var clients = []client{
	{name: "codex", status: 429, code: "usage_limit_reached"},
	{name: "opencode", status: 402},
	{name: "ai-sdk", status: 402},
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
