package ollama_test

import (
	"net/http"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/providers"
	"tollgate/providers/ollama"
	"tollgate/providers/providertest"
)

func TestContract(t *testing.T) {
	const head = `{"model":"llama3.2","created_at":"2026-11-24T08:15:00Z",`
	const last = head + `"message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"`
	const answer = head + `"message":{"role":"assistant","content":"Grüße ☕","thinking":"höflich: "},"done":true,"done_reason":"stop"`
	const text = head + `"message":{"role":"assistant","content":"","thinking":"höflich: "},"done":false}` + "\n" +
		head + `"message":{"role":"assistant","content":"Grüße"},"done":false}` + "\n" +
		head + `"message":{"role":"assistant","content":" ☕"},"done":false}` + "\n"
	providertest.Contract(t, providertest.Suite{
		Codec:  ollama.New(),
		Target: providers.Target{Model: "llama3.2", NumCtx: 8192, KeepAlive: "5m"},
		Requests: map[providers.Operation]string{
			providers.Chat: `{"model":"public","messages":[{"role":"user","content":"hi"}],"temperature":0,"max_tokens":9,"seed":1,
				"options":{"top_k":1,"num_ctx":4}}`,
			providers.Completions: `{"model":"public","prompt":"Once upon","max_tokens":9}`,
			providers.Embeddings:  `{"model":"public","input":["one"]}`,
		},
		Answer:        answer + `,"prompt_eval_count":26,"eval_count":8}`,
		AnswerUsage:   accounting.Usage{accounting.Input: 26, accounting.Output: 8},
		AnswerNoUsage: answer + `}`,
		AnswerText:    "höflich: Grüße ☕",
		StrangeUsage: map[string]string{
			"negative":    answer + `,"prompt_eval_count":-26,"eval_count":-8}`,
			"one missing": answer + `,"eval_count":8}`,
			"absurd":      answer + `,"prompt_eval_count":1e400,"eval_count":99999999999999999999999}`,
			"fractions":   answer + `,"prompt_eval_count":2.5,"eval_count":0.5}`,
			"no numbers":  answer + `,"prompt_eval_count":"26","eval_count":{"n":8}}`,
			"null":        answer + `,"prompt_eval_count":null,"eval_count":null}`,
		},
		Stream:          text + last + `,"prompt_eval_count":26,"eval_count":8}` + "\n",
		StreamUsage:     accounting.Usage{accounting.Input: 26, accounting.Output: 8},
		StreamNoUsage:   text + last + `}` + "\n",
		StreamText:      "höflich: Grüße ☕",
		StreamError:     text + `{"error":"an error was encountered while running the model: unexpected EOF"}` + "\n",
		StreamErrorKind: providers.ServerError,
		Faults: []providertest.FaultCase{
			{Name: "think", Status: 400, Body: `{"error":"\"tiny\" does not support thinking"}`,
				Kind: providers.BadRequest, Says: `"tiny" does not support thinking`},
			{Name: "unknown model", Status: 404, Body: `{"error":"model \"nope\" not found, try pulling it first"}`,
				Kind: providers.ModelMissing, Says: "try pulling it first"},
			{Name: "unknown path", Status: 404, Body: `404 page not found`, Kind: providers.ModelMissing, Says: "404 page not found"},
			{Name: "busy", Status: 503, Body: `{"error":"server busy, please try again.  maximum pending requests exceeded"}`,
				Kind: providers.Overloaded, Says: "server busy, please try again. maximum"},
			{Name: "embedding too long", Status: 400, Body: `{"error":"the input length exceeds the context length"}`,
				Kind: providers.ContextTooLong, Code: "context_length_exceeded", Says: "the input length"},
			{Name: "nested error of the runner", Status: 400, Body: `{"error":"{\"error\":{\"code\":400,\"message\":\"request (610 tokens) exceeds the ` +
				`available context size (256 tokens), try increasing it\",\"type\":\"exceed_context_size_error\",\"n_ctx\":256}}"}`,
				Kind: providers.ContextTooLong, Code: "context_length_exceeded", Says: "request (610 tokens) exceeds"},
			{Name: "context, but a deadline", Status: 500, Body: `{"error":"failed to process prompt: context deadline exceeded"}`,
				Kind: providers.ServerError, Says: "deadline"},
			{Name: "memory", Status: 500, Body: `{"error":"model requires more system memory (9.1 GiB) than is available (4.2 GiB)"}`,
				Kind: providers.ServerError, Says: "system memory"},
			{Name: "option of the wrong type", Status: 500, Body: `{"error":"option \"num_predict\" must be of type integer"}`,
				Kind: providers.BadRequest, Says: "num_predict"},
			{Name: "an image for a model without eyes", Status: 500, Body: `{"error":"Failed to create new sequence: failed to process inputs: this model is missing data required for image input"}`,
				Kind: providers.BadRequest, Says: "image input"},
			{Name: "the same, of another engine", Status: 500, Body: `{"error":"image input is not supported - hint: if this is unexpected, you may need to provide the mmproj"}`,
				Kind: providers.BadRequest, Says: "image input"},
			{Name: "cloud sign-in", Status: 401, Body: `{"error":"unauthorized","signin_url":"https://ollama.com/connect"}`,
				Kind: providers.KeyRefused, Says: "unauthorized: sign in at https://ollama.com/connect"},
			{Name: "cloud off", Status: 403, Body: `{"error":"ollama cloud is disabled: remote inference is unavailable"}`,
				Kind: providers.ModelMissing, Says: "disabled"},
			{Name: "remote not allowed", Status: 400, Body: `{"error":"this server cannot run this remote model"}`,
				Kind: providers.ModelMissing, Says: "remote model"},
			{Name: "cloud limit", Status: 429, Header: http.Header{"Retry-After": {"1.5"}}, Body: `{"StatusCode":429,"error":"slow down"}`,
				Kind: providers.RateLimited, Says: "slow down", RetryAfter: 1500 * time.Millisecond},
			{Name: "no embeddings", Status: 501, Body: `{"error":"This server does not support embeddings."}`,
				Kind: providers.BadRequest, Says: "embeddings"},
			{Name: "balancer", Status: 502, Body: "<html><body>Bad Gateway</body></html>",
				Kind: providers.ServerError, Says: "the upstream answered 502 Bad Gateway"},
			{Name: "balancer's patience", Status: 504, Kind: providers.TimedOut, Says: "504 Gateway Timeout"},
			{Name: "redirect", Status: 302, Kind: providers.BadAnswer, Says: "302 Found"},
			{Name: "an object", Status: 400, Body: `{"error":{"message":"no","type":"t","code":7}}`, Kind: providers.BadRequest, Code: "7", Says: "no"},
		},
		ModelReplies: map[string]string{
			"/api/tags": `{"models":[{"name":"llama3.2:latest"},{"name":"x/embedder:v1"}]}`,
			"/api/show": `{"model_info":{"general.architecture":"llama","llama.context_length":131072}}`,
		},
		ModelIDs: []string{"llama3.2:latest", "x/embedder:v1"},
	})
}

func TestKind(t *testing.T) {
	k := ollama.Kind()
	if k.Name != "ollama" || !k.Local || k.NeedsKey || k.URL != "http://127.0.0.1:11434" || k.IdleTimeout != time.Minute || k.Codec == nil {
		t.Errorf("%+v", k)
	}
	if k.Codec.Supports(providers.Operation(0)) || !k.Codec.Supports(providers.Completions) {
		t.Error("the operations")
	}
}
