package litellm

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tollgate/gateway/shadow"
)

// TestWhyTheyRefused reads errors as releases of LiteLLM have written them.
func TestWhyTheyRefused(t *testing.T) {
	for _, row := range []struct {
		status        int
		kind, message string
		want          string
	}{
		{429, "budget_exceeded", "Budget has been exceeded! Key=x Current cost: 2.0, Max budget: 1.0", shadow.BudgetSpent},
		{400, "budget_exceeded", "Budget has been exceeded! Current cost: 2.0, Max budget: 1.0", shadow.BudgetSpent},
		{400, "auth_error", "Authentication Error, ExceededBudget: User=u over budget. Spend=2, Budget=1", shadow.BudgetSpent},
		{429, "budget_exceeded", "ExceededBudget: End User=e over budget", shadow.BudgetSpent},
		{429, "throttling_error", "Max budget limit reached.", shadow.BudgetSpent},
		{429, "None", "No deployments available - crossed budget for provider", shadow.BudgetSpent},
		{401, "token_not_found_in_db", "Authentication Error, Invalid proxy server token passed.", shadow.UnknownKey},
		{401, "auth_error", "Authentication Error, No api key passed in.", shadow.UnknownKey},
		{401, "expired_key", "Authentication Error - Expired Key.", shadow.KeyClosed},
		{401, "auth_error", "Authentication Error, Key is blocked. Update via `/key/unblock` if you're admin.", shadow.KeyClosed},
		{401, "key_model_access_denied", "key not allowed to access model", shadow.ModelDenied},
		{403, "team_model_access_denied", "no", shadow.ModelDenied},
		{401, "auth_error", "This key is not allowed to call /x", shadow.ModelDenied},
		{400, "invalid_request_error", "/chat/completions: Invalid model name passed in model=x. Call `/v1/models`", shadow.ModelUnknown},
		{429, "throttling_error", "Rate limit exceeded for api_key: x", shadow.RateLimited},
		{429, "throttling_error", "litellm.RateLimitError: RateLimitError: OpenAIException - slow down", ""},
		{401, "auth_error", "litellm.AuthenticationError: AuthenticationError: OpenAIException - bad key", ""},
		{400, "invalid_request_error", "litellm.BadRequestError: no", ""},
		{500, "None", "Internal Server Error", ""},
		{503, "no_db_connection", "No DB Connected", ""},
	} {
		body := fmt.Sprintf(`{"error":{"message":%q,"type":%q,"param":"None","code":"%d"}}`, row.message, row.kind, row.status)
		got := ReadAnswer(row.status, http.Header{}, false, []byte(body))
		if got.Refused != row.want || got.Status != row.status || row.kind != "None" && got.Type != row.kind {
			t.Errorf("%d %s %s: %+v, wanted %q", row.status, row.kind, row.message, got, row.want)
		}
	}
	for _, body := range []string{"", "not JSON", "[]", `{"error":"text"}`, `{"error":{"type":` + strings.Repeat("[", 1000), `{"detail":{"a":1}}`} {
		if got := ReadAnswer(401, http.Header{}, false, []byte(body)); got.Refused != shadow.UnknownKey {
			t.Errorf("%.40q: %+v", body, got)
		}
	}
	if got := ReadAnswer(500, http.Header{}, false, []byte(`{"error":{"type":"`+strings.Repeat("x", 5000)+`"}}`)); len(got.Type) > shadow.MaxText+10 {
		t.Errorf("a type of %d bytes", len(got.Type))
	}
}

func TestWhatTheyCharged(t *testing.T) {
	for text, want := range map[string]string{
		"0.0": "0.00", "0": "0.00", "1.1000000000000001e-02": "0.011", "0.011": "0.011", "1e-10": "0.00", "6e-10": "0.000000001", "12.5": "12.50",
		"": "", "None": "", "-1": "", "NaN": "", "inf": "", "1e300": "", "1,5": "",
	} {
		h := http.Header{}
		h.Set("x-litellm-response-cost", text)
		h.Set("x-litellm-key-spend", text)
		h.Set("x-litellm-call-id", "id")
		for _, stream := range []bool{false, true} {
			got := ReadAnswer(200, h, stream, nil)
			cost, spend := "", ""
			if got.Cost != nil {
				cost = got.Cost.String()
			}
			if got.KeySpend != nil {
				spend = got.KeySpend.String()
			}
			if stream && cost != "" || !stream && cost != want || spend != want || got.ID != "id" {
				t.Errorf("%q: cost %q, spend %q", text, cost, spend)
			}
		}
	}
}

// TestWhatIsFreeIsSaidInAnotherHeader: release 1.108.7 leaves the cost out where it is 0.
func TestWhatIsFreeIsSaidInAnotherHeader(t *testing.T) {
	h := http.Header{}
	h.Set("x-litellm-response-cost-original", "0.0")
	if got := ReadAnswer(200, h, false, nil); got.Cost == nil || *got.Cost != 0 {
		t.Errorf("%+v", got)
	}
	h.Set("x-litellm-response-cost", "0.5")
	if got := ReadAnswer(200, h, false, nil); got.Cost == nil || got.Cost.String() != "0.50" {
		t.Errorf("%+v", got)
	}
}
