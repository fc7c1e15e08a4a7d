package litellm

import (
	"cmp"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/gateway/shadow"
	"tollgate/providers/wire"
)

// The headers of LiteLLM's answers that say what a call has cost.
const (
	theirsCallID   = "X-Litellm-Call-Id"
	theirsCost     = "X-Litellm-Response-Cost"          // left out where it is 0
	theirsOriginal = "X-Litellm-Response-Cost-Original" // before margins and discounts
	theirsKeySpend = "X-Litellm-Key-Spend"
)

// ReadAnswer reads what LiteLLM did with a call from its answer. body is that of an error,
// or the beginning of it. Of a stream the cost stands in no header: they go before the
// usage is known.
func ReadAnswer(status int, header http.Header, stream bool, body []byte) shadow.Theirs {
	t := shadow.Theirs{Status: status, ID: excerpt(header.Get(theirsCallID)), Ended: "ok", KeySpend: amount(header.Get(theirsKeySpend))}
	if t.Answered() {
		if !stream {
			t.Cost = amount(cmp.Or(header.Get(theirsCost), header.Get(theirsOriginal)))
		}
		return t
	}
	e := gjson.GetBytes(body, "error")
	message := e.Get("message").String()
	if !e.IsObject() {
		message = gjson.GetBytes(body, "detail").String()
	}
	if t.Type = e.Get("type").String(); t.Type == "None" {
		t.Type = ""
	}
	t.Refused = whyRefused(status, t.Type, message)
	t.Type = excerpt(t.Type)
	return t
}

func excerpt(text string) string { return wire.Excerpt(text, shadow.MaxText) }

// whyRefused is why LiteLLM refused a call; "" if it was the upstream that did, or the call
// itself is not right. The type comes first; older releases have the same one for many
// reasons, and tell them apart in the message alone.
func whyRefused(status int, kind, message string) string {
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(message, p) {
				return true
			}
		}
		return false
	}
	switch {
	case kind == "budget_exceeded", has("Budget has been exceeded", "ExceededBudget", "Max budget limit reached", "crossed budget", "exceeded budget for model"):
		return shadow.BudgetSpent
	case kind == "token_not_found_in_db":
		return shadow.UnknownKey
	case kind == "expired_key":
		return shadow.KeyClosed
	case strings.HasSuffix(kind, "_model_access_denied"):
		return shadow.ModelDenied
	case has("Invalid model name passed in"):
		return shadow.ModelUnknown
	case has("litellm.") && has("Error: "): // the upstream's own, passed on
		return ""
	case status == http.StatusUnauthorized && has("blocked", "expired", "Expired"):
		return shadow.KeyClosed
	case status == http.StatusUnauthorized && has("not allowed to access model", "not allowed to call"):
		return shadow.ModelDenied
	case status == http.StatusUnauthorized:
		return shadow.UnknownKey
	case status == http.StatusForbidden:
		return shadow.ModelDenied
	case status == http.StatusTooManyRequests:
		return shadow.RateLimited
	}
	return ""
}

// amount reads dollars as LiteLLM writes them, in binary floating point; nil if none stand
// there.
func amount(text string) *accounting.Money {
	f, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(f) || f < 0 || f*float64(accounting.Dollar) >= float64(accounting.MaxMoney) {
		return nil
	}
	m := accounting.Money(math.Round(f * float64(accounting.Dollar)))
	return &m
}
