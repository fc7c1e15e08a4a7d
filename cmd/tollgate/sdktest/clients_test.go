//go:build sdk

package sdktest

import (
	"maps"
	"os/exec"
	"strings"
	"testing"
)

// clientCases is what python/clients.py has to report as done.
var clientCases = []string{
	"litellm_chat", "litellm_base_url", "litellm_stream", "litellm_tools", "litellm_embeddings", "litellm_async", "litellm_other_surfaces",
	"litellm_words", "litellm_headers", "litellm_refusals", "litellm_budget", "litellm_fallback",
	"proxy_keys", "proxy_chat", "proxy_reads", "proxy_models", "proxy_credentials", "proxy_teams", "proxy_users",
	"cli_models", "cli_keys", "cli_people", "cli_credentials", "cli_http",
	"langchain_chat", "langchain_stream", "langchain_tools", "langchain_schema", "langchain_async", "langchain_embeddings", "langchain_words", "langchain_fallback",
}

// wantClientCalls is how often they reach each model of the engine.
var wantClientCalls = map[string]int{
	"chat": 2, "base-url": 3, "stream": 2, "tools": 2, "tools-stream": 2, "embedder": 3, "legacy": 1, "responses": 1, "hear": 1, "draw": 1,
	"extra": 2, "ids": 1, "schema": 1, "free": 13,
	"paid": 2, // all that the budget has room for
}

// TestLiteLLMClients runs the programs that are written for LiteLLM against the gateway in
// its place, and looks at what reached the engine: what is LiteLLM's in a request did not.
func TestLiteLLMClients(t *testing.T) {
	b := newBench(t, config+"compatibility: litellm\n")
	b.cli(t, nil, "user", "create", "rich")
	b.cli(t, nil, "user", "create", "poor")
	b.cli(t, nil, "budget", "create", "--user", "poor", "--limit", "0.01", "--per", "month")
	cmd := exec.Command(need(t, "SDK_PYTHON"), "python/clients.py")
	cmd.Env = append(clean(),
		"TOLLGATE_ROOT="+b.url, "TOLLGATE_KEY_POOR="+b.key(t, "--user", "poor"), "TOLLGATE_KEY_ADMIN="+b.admin, "TOLLGATE_ENGINE="+b.up.OpenAI(),
		"LITELLM_PROXY_API_BASE="+b.url, "LITELLM_PROXY_API_KEY="+b.key(t, "--user", "rich"),
		"LITELLM_LOCAL_MODEL_COST_MAP=True", "LITELLM_TELEMETRY=False", "LANGSMITH_TRACING=false") // nobody else is asked
	b.up.Reset()
	out, err := cmd.CombinedOutput()
	report(t, string(out), err, clientCases)
	if got := tally(b.up.Calls()); !maps.Equal(got, wantClientCalls) {
		t.Errorf("calls that reached the engine:\n got %v\nwant %v", got, wantClientCalls)
	}
	for _, c := range b.up.Calls() {
		if c.Model == "extra" {
			contains(t, c, `"repetition_penalty":1.05`)
		}
		for _, word := range []string{`"tags"`, `"fallbacks"`, `"num_retries"`, `"litellm_metadata"`, `"guardrails"`, `"cache"`} {
			if strings.Contains(string(c.Body), word) {
				t.Errorf("%s of %s: %s went upstream: %s", c.Path, c.Model, word, c.Body)
			}
		}
	}
	b.checkSecrets(t)
}
