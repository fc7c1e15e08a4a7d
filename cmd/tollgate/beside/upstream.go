package beside

import (
	"fmt"
	"net/http"
	"time"

	"tollgate/providers/providertest"
)

// Script makes an upstream answer as the requests expect it of the models that they name.
func Script(up *providertest.Upstream) {
	words := func(kind, code, message string) string {
		return fmt.Sprintf(`{"error":{"message":%q,"type":%q,"param":null,"code":%q}}`, message, kind, code)
	}
	for model, script := range map[string]providertest.Script{
		"tools":     {ToolCall: true},
		"fails-400": {Status: 400, Body: words("invalid_request_error", "bad_value", "temperature is too high")},
		"fails-401": {Status: 401, Body: words("invalid_request_error", "invalid_api_key", "Incorrect API key provided")},
		"fails-404": {Status: 404, Body: words("invalid_request_error", "model_not_found", "The model does not exist")},
		"fails-429": {Status: 429, Body: words("requests", "rate_limit_exceeded", "Rate limit reached"), Header: http.Header{"Retry-After": {"1"}}},
		"fails-500": {Status: 500, Body: words("server_error", "broken", "The engine is on fire")},
		"fails-503": {Status: 503, Body: words("server_error", "overloaded", "The engine is overloaded")},
		"too-long":  {Status: 400, Body: words("invalid_request_error", "context_length_exceeded", "This model's maximum context length is 10 tokens.")},
		"cut":       {Text: "one two three four", CutAfter: 2},
		"garbage":   {Body: "<html>no JSON</html>"},
		"slow":      {DelayHeaders: 3 * time.Second},
	} {
		up.Set(model, script)
	}
}
