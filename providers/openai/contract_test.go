package openai_test

import (
	"net/http"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/providers"
	"tollgate/providers/openai"
	"tollgate/providers/providertest"
)

// kind finds a row of the table.
func kind(t testing.TB, name string) providers.Kind {
	t.Helper()
	for _, k := range openai.Kinds() {
		if k.Name == name {
			return k
		}
	}
	t.Fatalf("no kind %q", name)
	return providers.Kind{}
}

const chunkHead = `{"id":"c1","object":"chat.completion.chunk","created":1,"model":"gpt-5-mini-2026-01-01",`

func suite(codec providers.Codec) providertest.Suite {
	content := `data: ` + chunkHead + `"choices":[{"index":0,"delta":{"role":"assistant","content":"Grüße, "},"finish_reason":null}],"usage":null}` + "\n\n" +
		": keep-alive\n\n" +
		`data: ` + chunkHead + `"choices":[{"index":0,"delta":{"content":"世界 \ud83c\udf0d"},"finish_reason":null}]}` + "\n\n" +
		`data: ` + chunkHead + `"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}` + "\n\n"
	usage := `data: ` + chunkHead + `"choices":[],"usage":{"prompt_tokens":20,"completion_tokens":9,"total_tokens":29,` +
		`"prompt_tokens_details":{"cached_tokens":8},"completion_tokens_details":{"reasoning_tokens":4}}}` + "\n\n"
	withUsage := func(usage string) string {
		return `{"id":"c1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Grüße"},"finish_reason":"stop"}]` + usage + `}`
	}
	return providertest.Suite{
		Codec:  codec,
		Target: providers.Target{Model: "vendor/model:1", Reasoning: providers.ReasoningBoth},
		Requests: map[providers.Operation]string{
			providers.Chat:        `{"model":"public","messages":[{"role":"user","content":"Sag „hallo“"}],"max_tokens":50,"x_unknown":{"a":[1.0e0]}}`,
			providers.Completions: `{"model":"public","prompt":"hi"}`,
			providers.Embeddings:  `{"model":"public","input":["a","b"],"encoding_format":"base64"}`,
		},
		Answer:        withUsage(`,"usage":{"prompt_tokens":20,"completion_tokens":9,"total_tokens":29,"prompt_tokens_details":{"cached_tokens":8}}`),
		AnswerUsage:   accounting.Usage{accounting.Input: 12, accounting.CachedInput: 8, accounting.Output: 9},
		AnswerNoUsage: withUsage(`,"usage":null`),
		AnswerText:    "Grüße",
		StrangeUsage: map[string]string{
			"negative":         withUsage(`,"usage":{"prompt_tokens":-5,"completion_tokens":-1,"total_tokens":-6}`),
			"negative part":    withUsage(`,"usage":{"prompt_tokens":5,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":-9}}`),
			"absurd":           withUsage(`,"usage":{"prompt_tokens":9223372036854775807,"completion_tokens":9223372036854775807,"total_tokens":9223372036854775807}`),
			"part over whole":  withUsage(`,"usage":{"prompt_tokens":5,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":90,"audio_tokens":90}}`),
			"beyond 64 bits":   withUsage(`,"usage":{"prompt_tokens":99999999999999999999,"completion_tokens":1}`),
			"fraction":         withUsage(`,"usage":{"prompt_tokens":1.5,"completion_tokens":1}`),
			"text":             withUsage(`,"usage":{"prompt_tokens":"12","completion_tokens":1}`),
			"a number":         withUsage(`,"usage":7`),
			"a list":           withUsage(`,"usage":[]`),
			"empty":            withUsage(`,"usage":{}`),
			"zeros":            withUsage(`,"usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}`),
			"detail is a text": withUsage(`,"usage":{"prompt_tokens":5,"completion_tokens":1,"prompt_tokens_details":"none"}`),
		},
		Stream:        content + usage + "data: [DONE]\n\n",
		StreamUsage:   accounting.Usage{accounting.Input: 12, accounting.CachedInput: 8, accounting.Output: 5, accounting.Reasoning: 4},
		StreamNoUsage: content + "data: [DONE]\n\n",
		StreamText:    "Grüße, 世界 🌍",
		StreamError: content + `data: {"error":{"message":"EngineCore encountered an issue","type":"InternalServerError","param":null,"code":500}}` + "\n\n" +
			"data: [DONE]\n\n",
		StreamErrorKind: providers.ServerError,
		Faults: []providertest.FaultCase{
			{Name: "openai key", Status: 401, Kind: providers.KeyRefused, Code: "invalid_api_key", Says: "Incorrect API key",
				Body: `{"error":{"message":"Incorrect API key provided: sk-***","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}`},
			{Name: "openai rate", Status: 429, Kind: providers.RateLimited, Code: "rate_limit_exceeded", Says: "Rate limit",
				Header: http.Header{"Retry-After": {"20"}, "Retry-After-Ms": {"1500"}}, RetryAfter: 1500 * time.Millisecond,
				Body: `{"error":{"message":"Rate limit reached","type":"tokens","param":null,"code":"rate_limit_exceeded"}}`},
			{Name: "vllm context", Status: 400, Kind: providers.ContextTooLong, Code: "context_length_exceeded", Says: "1024 tokens",
				Body: `{"error":{"message":"This model's maximum context length is 1024 tokens.","type":"BadRequestError","param":"input_tokens","code":400}}`},
		},
		ModelReplies: map[string]string{"/models": `{"object":"list","data":[` +
			`{"id":"base","root":"/secret/path","max_model_len":1024},{"id":"adapter","root":"/secret/lora","parent":"base"},{"object":"model"}]}`},
		ModelIDs: []string{"base", "adapter"},
	}
}

func TestContract(t *testing.T) {
	for _, name := range []string{"openai", "vllm", "mistral"} {
		t.Run(name, func(t *testing.T) { providertest.Contract(t, suite(kind(t, name).Codec)) })
	}
}
