package openai_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tollgate/providers"
	"tollgate/providers/openai"
)

func TestFault(t *testing.T) {
	codec := openai.New(openai.Quirks{})
	for name, c := range map[string]struct {
		status int
		body   string
		want   providers.Error
	}{
		"OpenAI's object":       {400, `{"error":{"message":"Bad value","type":"invalid_request_error","param":"n","code":"invalid_value"}}`, providers.Error{Kind: providers.BadRequest, Message: "Bad value", Type: "invalid_request_error", Param: "n", Code: "invalid_value"}},
		"vLLM's integer code":   {404, `{"error":{"message":"The model does not exist.","type":"NotFoundError","param":"model","code":404}}`, providers.Error{Kind: providers.ModelMissing, Message: "The model does not exist.", Type: "NotFoundError", Param: "model"}},
		"another integer code":  {400, `{"error":{"message":"x","code":3001}}`, providers.Error{Kind: providers.BadRequest, Message: "x", Code: "3001"}},
		"a text":                {401, `{"error":"Unauthorized"}`, providers.Error{Kind: providers.KeyRefused, Message: "Unauthorized"}},
		"Gemini's list":         {400, `[{"error":{"code":400,"message":"API key not valid","status":"INVALID_ARGUMENT"}}]`, providers.Error{Kind: providers.BadRequest, Message: "API key not valid"}},
		"FastAPI":               {404, `{"detail":"Not Found"}`, providers.Error{Kind: providers.ModelMissing, Message: "Not Found"}},
		"FastAPI's list":        {422, `{"detail":[{"type":"missing","loc":["body","messages"],"msg":"Field required"},{"msg":"too short"}]}`, providers.Error{Kind: providers.BadRequest, Message: "Field required (body.messages); too short"}},
		"old vLLM":              {400, `{"object":"error","message":"bad","type":"BadRequestError","param":null,"code":400}`, providers.Error{Kind: providers.BadRequest, Message: "bad", Type: "BadRequestError"}},
		"Mistral":               {422, `{"object":"error","message":{"detail":[{"loc":["body","store"],"msg":"Extra inputs are not permitted"}]},"type":"invalid_request_error","param":null,"code":null}`, providers.Error{Kind: providers.BadRequest, Message: "Extra inputs are not permitted (body.store)", Type: "invalid_request_error"}},
		"Mistral's model":       {400, `{"object":"error","message":"Invalid model: x","type":"invalid_model","code":"1500"}`, providers.Error{Kind: providers.ModelMissing, Message: "Invalid model: x", Type: "invalid_model", Code: "1500"}},
		"HTML":                  {502, "<html>\n<head><title>502 Bad\n Gateway</title></head><body>nginx</body></html>", providers.Error{Kind: providers.ServerError, Message: "an HTML page: 502 Bad Gateway"}},
		"HTML without a title":  {504, "<html></html>", providers.Error{Kind: providers.TimedOut, Message: "an HTML page"}},
		"text":                  {503, "no healthy upstream", providers.Error{Kind: providers.Overloaded, Message: "no healthy upstream"}},
		"empty":                 {500, "", providers.Error{Kind: providers.ServerError, Message: "HTTP 500 Internal Server Error"}},
		"an empty object":       {529, "{}", providers.Error{Kind: providers.Overloaded, Message: "HTTP 529"}},
		"an object of others":   {400, `{"reason":"out of cheese"}`, providers.Error{Kind: providers.BadRequest, Message: `{"reason":"out of cheese"}`}},
		"only a type":           {400, `{"error":{"type":"invalid_request_error"}}`, providers.Error{Kind: providers.BadRequest, Message: "HTTP 400 Bad Request", Type: "invalid_request_error"}},
		"neither, in an object": {400, `{"error":{"a":1}}`, providers.Error{Kind: providers.BadRequest, Message: `{"error":{"a":1}}`}},
		"no model, says a 500":  {500, `{"error":{"message":"no such model","code":"model_not_found"}}`, providers.Error{Kind: providers.ServerError, Message: "no such model", Code: "model_not_found"}},
		"a list of no texts":    {422, `{"detail":[{"loc":["body"]},{"msg":"too short"}]}`, providers.Error{Kind: providers.BadRequest, Message: "too short"}},
		"only a code":           {403, `{"error":{"code":"model_not_found"}}`, providers.Error{Kind: providers.ModelMissing, Message: "HTTP 403 Forbidden", Code: "model_not_found"}},
		"no right":              {403, `{"error":{"message":"no","type":"permission_error"}}`, providers.Error{Kind: providers.KeyRefused, Message: "no", Type: "permission_error"}},
		"no money":              {402, `{"error":{"message":"Insufficient Balance","type":"unknown_error","code":"invalid_request_error"}}`, providers.Error{Kind: providers.KeyRefused, Message: "Insufficient Balance", Type: "unknown_error", Code: "invalid_request_error"}},
		"no quota":              {429, `{"error":{"message":"quota","type":"insufficient_quota","code":"insufficient_quota"}}`, providers.Error{Kind: providers.KeyRefused, Message: "quota", Type: "insufficient_quota", Code: "insufficient_quota"}},
		"xAI's filter":          {403, `{"code":"The caller does not have permission to execute the specified operation","error":"Content violates usage guidelines. Team: t-1, API key ID: k-2, Model: grok, Failed check: BIO"}`, providers.Error{Kind: providers.ContentRefused, Message: "Content violates usage guidelines"}},
		"no right at xAI":       {403, `{"code":"permission-denied","error":"Access to the chat endpoint is denied"}`, providers.Error{Kind: providers.KeyRefused, Message: "Access to the chat endpoint is denied"}},
		"OpenRouter's filter":   {403, `{"error":{"code":403,"message":"Your input was flagged","metadata":{"reasons":["violence"],"flagged_input":"x","provider_name":"y"}}}`, providers.Error{Kind: providers.ContentRefused, Message: "Your input was flagged"}},
		"no such feature":       {501, `{"error":{"code":501,"message":"This server does not support embeddings.","type":"not_supported_error"}}`, providers.Error{Kind: providers.BadRequest, Message: "This server does not support embeddings.", Type: "not_supported_error", Code: ""}},
		"an image, llama.cpp":   {500, `{"error":{"code":500,"message":"image input is not supported - hint: mmproj","type":"server_error"}}`, providers.Error{Kind: providers.BadRequest, Message: "image input is not supported - hint: mmproj", Type: "server_error"}},
		"a dead engine":         {500, `{"error":{"message":"EngineCore encountered an issue.","type":"InternalServerError","code":500}}`, providers.Error{Kind: providers.ServerError, Message: "EngineCore encountered an issue.", Type: "InternalServerError"}},
		"an item is missing":    {404, `{"error":{"message":"Item with id 'rs_1' not found.","type":"invalid_request_error","param":"input","code":null}}`, providers.Error{Kind: providers.BadRequest, Message: "Item with id 'rs_1' not found.", Type: "invalid_request_error", Param: "input"}},
		"OpenAI's model":        {404, `{"error":{"message":"no such model","type":"invalid_request_error","param":null,"code":"model_not_found"}}`, providers.Error{Kind: providers.ModelMissing, Message: "no such model", Type: "invalid_request_error", Code: "model_not_found"}},
		"content filter":        {400, `{"error":{"message":"filtered","code":"content_filter"}}`, providers.Error{Kind: providers.ContentRefused, Message: "filtered", Code: "content_filter"}},
		"context, OpenAI":       {400, `{"error":{"message":"too long","code":"context_length_exceeded"}}`, providers.Error{Kind: providers.ContextTooLong, Message: "too long", Code: "context_length_exceeded"}},
		"context, llama.cpp":    {400, `{"error":{"code":400,"message":"request (3031 tokens) exceeds it","type":"exceed_context_size_error"}}`, providers.Error{Kind: providers.ContextTooLong, Message: "request (3031 tokens) exceeds it", Type: "exceed_context_size_error", Code: "context_length_exceeded"}},
		"timeout":               {408, ``, providers.Error{Kind: providers.TimedOut, Message: "HTTP 408 Request Timeout"}},
		"conflict":              {409, ``, providers.Error{Kind: providers.BadRequest, Message: "HTTP 409 Conflict"}},
		"too large":             {413, ``, providers.Error{Kind: providers.BadRequest, Message: "HTTP 413 Request Entity Too Large"}},
		"redirect":              {307, `see there`, providers.Error{Kind: providers.BadAnswer, Message: "see there"}},
		"an endless type":       {400, `{"error":{"message":"x","type":"` + strings.Repeat("y", 500) + `"}}`, providers.Error{Kind: providers.BadRequest, Message: "x", Type: strings.Repeat("y", 125) + "…"}},
		"context under a 429":   {429, `{"error":{"message":"maximum context length of your tier"}}`, providers.Error{Kind: providers.RateLimited, Message: "maximum context length of your tier"}},
		"a message with breaks": {400, `{"error":{"message":"a\n\n  b"}}`, providers.Error{Kind: providers.BadRequest, Message: "a\n\n  b"}}, // clients look for its wording
		"a failure with breaks": {500, `{"error":{"message":"a\n\n  b"}}`, providers.Error{Kind: providers.ServerError, Message: "a b"}},
		"a text with breaks":    {400, "a\n\n  b", providers.Error{Kind: providers.BadRequest, Message: "a b"}},
		"a long message":        {400, `{"error":{"message":"a\n` + strings.Repeat("é", 1000) + `"}}`, providers.Error{Kind: providers.BadRequest, Message: "a\n" + strings.Repeat("é", 509) + "…"}},
	} {
		got := codec.Fault(providers.Call{}, c.status, nil, []byte(c.body))
		c.want.Status = c.status
		if *got != c.want {
			t.Errorf("%s:\n got %+v\nwant %+v", name, *got, c.want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	const date, later = "Mon, 23 Nov 2026 12:00:00 GMT", "Mon, 23 Nov 2026 12:01:30 GMT"
	for name, c := range map[string]struct {
		header http.Header
		want   time.Duration
	}{
		"none":                 {http.Header{}, 0},
		"seconds":              {http.Header{"Retry-After": {"20"}}, 20 * time.Second},
		"a fraction":           {http.Header{"Retry-After": {" 0.5 "}}, 500 * time.Millisecond},
		"milliseconds first":   {http.Header{"Retry-After": {"20"}, "Retry-After-Ms": {"250"}}, 250 * time.Millisecond},
		"bad milliseconds":     {http.Header{"Retry-After": {"20"}, "Retry-After-Ms": {"soon"}}, 20 * time.Second},
		"a date":               {http.Header{"Retry-After": {later}, "Date": {date}}, 90 * time.Second},
		"a date gone by":       {http.Header{"Retry-After": {date}, "Date": {later}}, 0},
		"a date without today": {http.Header{"Retry-After": {later}}, 0},
		"negative":             {http.Header{"Retry-After": {"-5"}}, 0},
		"no number":            {http.Header{"Retry-After": {"NaN"}}, 0},
		"absurd":               {http.Header{"Retry-After": {"99999999999999999999"}}, 24 * time.Hour},
		"infinite":             {http.Header{"Retry-After-Ms": {"Inf"}}, 24 * time.Hour},
	} {
		if got := openai.New(openai.Quirks{}).Fault(providers.Call{}, 429, c.header, nil).RetryAfter; got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
