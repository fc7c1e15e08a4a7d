package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers"
	"tollgate/providers/providertest"
)

// The tests of the files litellm_issues*_test.go are named after issues of
// github.com/BerriAI/litellm: each shows that what is told there does not happen here, to
// somebody who comes with LiteLLM's configuration and changes nothing. Several numbers are
// several reports of the same thing. Where there is no number it is one of the holes that
// reading its source shows.

// issuesConfig is what such an operator has. Nobody answers where it sends LiteLLM for a
// price map and for Redis.
const issuesConfig = `
model_list:
  - model_name: free
    litellm_params: { model: hosted_vllm/free, api_base: "UPSTREAM/v1" }
    model_info: { input_cost_per_token: 0, output_cost_per_token: 0, access_groups: [lab] }
  - model_name: llama
    litellm_params: { model: ollama/llama, api_base: "UPSTREAM" }
  - model_name: "gpu/*"
    litellm_params: { model: "hosted_vllm/*", api_base: "UPSTREAM/v1" }
  - model_name: "own/*"
    litellm_params: { model: "ollama_chat/*", api_base: "UPSTREAM" }
  - model_name: "gift/*"
    litellm_params: { model: "openai/*", api_base: "UPSTREAM/v1", api_key: os.environ/CLOUD_KEY }
    model_info: { input_cost_per_token: 0, output_cost_per_token: 0 }
  - model_name: paid
    litellm_params: { model: openai/paid, api_base: "UPSTREAM/v1", api_key: os.environ/CLOUD_KEY, input_cost_per_token: 1e-6, output_cost_per_token: 1e-5 }
  - model_name: paid2
    litellm_params: { model: openai/paid2, api_base: "UPSTREAM/v1", api_key: os.environ/CLOUD_KEY, input_cost_per_token: 1e-6, output_cost_per_token: 1e-5 }
  - model_name: unpriced
    litellm_params: { model: openai/unpriced, api_base: "UPSTREAM/v1", api_key: os.environ/CLOUD_KEY }
  - model_name: mixed
    litellm_params: { model: openai/paid, api_base: "UPSTREAM/v1", api_key: os.environ/CLOUD_KEY, input_cost_per_token: 1e-6, output_cost_per_token: 1e-5, weight: 100 }
  - model_name: mixed
    litellm_params: { model: hosted_vllm/free, api_base: "UPSTREAM/v1", weight: 1 }
    model_info: { input_cost_per_token: 0, output_cost_per_token: 0 }
  - model_name: fragile
    litellm_params: { model: hosted_vllm/fragile, api_base: "UPSTREAM/v1" }
    model_info: { input_cost_per_token: 0, output_cost_per_token: 0 }
router_settings:
  model_group_alias: { default: free, quiet: { model: free, hidden: true } }
  fallbacks: [{ fragile: [paid] }]
  redis_host: 127.0.0.1
  redis_port: 1
litellm_settings:
  drop_params: true
  max_ui_session_budget: 0.01
  cost_margin_config: { global: { fixed_amount: 0.5 } }
general_settings:
  master_key: sk-Zx81kdPq72Lm04Vn5tRw93Yb6cJfHg20
`

// masterKey is the one of issuesConfig.
const masterKey = "sk-Zx81kdPq72Lm04Vn5tRw93Yb6cJfHg20"

// issues runs the program from LiteLLM's configuration in place and checks the books at the
// end.
func issues(t *testing.T, config string, options ...option) *gate {
	t.Helper()
	g := &gate{t: t, up: providertest.NewUpstream(t), client: &http.Client{Transport: &http.Transport{}}, logs: &logBuffer{}}
	dir := t.TempDir()
	g.db, g.config = filepath.Join(dir, "tollgate.db"), filepath.Join(dir, "config.yaml")
	for _, o := range options {
		o(g)
	}
	put(t, g.config, strings.ReplaceAll(config, "UPSTREAM", g.up.Ollama())) // nothing of it is tollgate's
	g.run()
	must(g.srv.control.EnsureAdmin(t.Context(), masterKey))(t)
	t.Cleanup(g.audit)
	return g
}

// poor is somebody of whom nothing paid is served, in one scope.
func (g *gate) poor(k ledger.Kind) person {
	g.t.Helper()
	p := g.person(control.KeyChange{})
	g.budget(p, k, "0")
	return p
}

// TestLiteLLM_14004_FreeIsNeverBlocked (#4069, #10973, #29912, #38515, #29420; OpenHands
// #16996): whichever scope has nothing left, or never had anything, a free model answers,
// costs nothing there either, and moves no counter.
func TestLiteLLM_14004_FreeIsNeverBlocked(t *testing.T) {
	t.Parallel()
	for _, k := range ledger.Kinds() {
		t.Run(string(k), func(t *testing.T) {
			t.Parallel()
			g := issues(t, issuesConfig)
			for _, state := range []string{"zero", "spent"} {
				p := g.person(control.KeyChange{})
				g.bring(p, k, state)
				before := g.books()
				for _, model := range []string{"free", "llama", "gift/any", "mixed"} {
					for _, extra := range []string{"", `"stream":true`} {
						a := g.chat(p, model, extra, nil)
						if a.Status != 200 || a.Header.Get("X-Litellm-Response-Cost") != "0.0" {
							t.Errorf("%s, %s %s: %d %v %s", state, model, extra, a.Status, a.Header["X-Litellm-Response-Cost"], a.Body)
						}
					}
				}
				if a := g.chat(p, "paid", "", nil); a.Status != 429 || a.errorField(t, "type") != "budget_exceeded" {
					t.Errorf("%s: paid is served: %d %s", state, a.Status, a.Body)
				}
				if now := g.books(); now != before {
					t.Errorf("%s: the books went from %+v to %+v", state, before, now)
				}
				for _, b := range g.srv.control.Budgets() { // that of the gateway would refuse the next one too
					if err := g.srv.control.DeleteBudget(t.Context(), b.ID); err != nil {
						t.Fatal(err)
					}
				}
			}
		})
	}
}

// TestLiteLLM_35369_FreeByEveryName: an alias of the router's, a hidden one, one of the
// key's or of its team's, a wildcard, or a path that names the model: what is called is
// free, so the call is.
func TestLiteLLM_35369_FreeByEveryName(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	aliases := map[string]string{"mine": "free", "chained": "default", "dear": "paid"}
	p := g.person(control.KeyChange{Aliases: &aliases})
	ours := map[string]string{"ours": "free"}
	must(g.srv.control.UpdateTeam(t.Context(), p.team, control.TeamChange{Aliases: &ours}))(t)
	g.budget(p, ledger.User, "0")
	for model, want := range map[string]int{"default": 200, "quiet": 200, "mine": 200, "chained": 200, "ours": 200, "gpu/free": 200, "gpu/new": 200, "own/x:1b": 200, "gift/a/b": 200, "dear": 429} {
		if a := g.chat(p, model, "", nil); a.Status != want || want == 200 && a.Header.Get("X-Tollgate-Price") != "free" {
			t.Errorf("%s: %d %s", model, a.Status, a.Body)
		}
	}
	for _, path := range []string{"/openai/deployments/default/chat/completions?api-version=2025-01-01", "/engines/mine/chat/completions"} {
		if a := g.do("POST", path, p.key, `{"messages":[{"role":"user","content":"hi"}]}`, nil); a.Status != 200 {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	lists := []string{"lab"}
	lab := g.person(control.KeyChange{Models: &lists})
	g.budget(lab, ledger.Key, "0")
	for model, want := range map[string]int{"free": 200, "default": 200, "gpu/free": 403} {
		if a := g.chat(lab, model, "", nil); a.Status != want {
			t.Errorf("%s by an access group: %d %s", model, a.Status, a.Body)
		}
	}
}

// TestLiteLLM_24770_UnpricedIsNotFree (#23714): a model that nobody states a price of is
// refused to whoever has a budget, and served to who has none, with a cost that is told as
// unknown and not as zero.
func TestLiteLLM_24770_UnpricedIsNotFree(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	limited, open := g.person(control.KeyChange{}), g.person(control.KeyChange{})
	g.budget(limited, ledger.User, "1000")
	if a := g.chat(limited, "unpriced", "", nil); a.Status != 402 || a.errorField(t, "tollgate_code") != "price_unknown" {
		t.Errorf("under a budget: %d %s", a.Status, a.Body)
	}
	a := g.chat(open, "unpriced", "", nil)
	if _, told := a.Header["X-Litellm-Response-Cost"]; a.Status != 200 || told {
		t.Errorf("without one: %d %v", a.Status, a.Header)
	}
	if e := g.entry(a.Header.Get("X-Request-Id")); e.Cost != nil {
		t.Errorf("it is booked at %v", e.Cost)
	}
	if n := len(g.up.Calls()); n != 1 {
		t.Errorf("%d calls went up", n)
	}
}

// pricesConfig has a price at every place and of every form that reports tell to be lost.
const pricesConfig = `
model_list:
  - model_name: own
    litellm_params: { model: hosted_vllm/own, api_base: "UPSTREAM/v1" }
    model_info: { input_cost_per_token: 1e-6, output_cost_per_token: 2e-6, cache_read_input_token_cost: 1e-7 }
  - model_name: long
    litellm_params:
      model: hosted_vllm/long
      api_base: "UPSTREAM/v1"
      input_cost_per_token: 1e-6
      output_cost_per_token: 2e-6
      input_cost_per_token_above_32k_tokens: 2e-6
      output_cost_per_token_above_32k_tokens: 4e-6
  - model_name: known
    litellm_params: { model: openai/gpt-4o, api_base: "UPSTREAM/v1", api_key: os.environ/CLOUD_KEY, input_cost_per_token: 3e-6, output_cost_per_token: 4e-6 }
  - model_name: given
    litellm_params: { model: openai/gpt-4o, api_base: "UPSTREAM/v1", api_key: os.environ/CLOUD_KEY }
    model_info: { input_cost_per_token: 0, output_cost_per_token: 0 }
  - model_name: as-listed
    litellm_params: { model: openai/gpt-4o, api_key: os.environ/CLOUD_KEY }
  - model_name: gpt-4o
    litellm_params: { model: hosted_vllm/gpt-4o, api_base: "UPSTREAM/v1" }
  - model_name: rented
    litellm_params: { model: hosted_vllm/rented, api_base: "UPSTREAM/v1" }
    model_info: { input_cost_per_second: 0.5 }
  - model_name: drawer
    litellm_params: { model: openai/drawer, api_base: "UPSTREAM/v1", api_key: os.environ/CLOUD_KEY, input_cost_per_token: 0, output_cost_per_token: 0, output_cost_per_image: 0.04 }
    model_info: { mode: image_generation }
  - model_name: searcher
    litellm_params: { model: openai/searcher, api_base: "UPSTREAM/v1", api_key: os.environ/CLOUD_KEY, input_cost_per_token: 0, output_cost_per_token: 0, search_context_cost_per_query: { search_context_size_medium: 0.01 } }
  - model_name: half
    litellm_params: { model: openai/half, api_base: "UPSTREAM/v1", api_key: os.environ/CLOUD_KEY, input_cost_per_token: 0 }
  - model_name: unsaid
    litellm_params: { model: openai/unsaid, api_base: "UPSTREAM/v1", api_key: os.environ/CLOUD_KEY, input_cost_per_token: null, output_cost_per_token: null }
  - model_name: skipped
    litellm_params: { model: openai/skipped, api_base: "UPSTREAM/v1", api_key: os.environ/CLOUD_KEY }
    model_info: { skip_budget_checks: true }
  - model_name: tiered
    litellm_params: { model: openai/tiered, api_base: "UPSTREAM/v1", api_key: os.environ/CLOUD_KEY }
    model_info: { tier: free }
`

// TestLiteLLM_25874_AConfiguredPriceCounts (#26806, #34378, #7950, #8573): each field of a
// price of one's own is charged, wherever it stands and whatever the model is called.
func TestLiteLLM_25874_AConfiguredPriceCounts(t *testing.T) {
	t.Parallel()
	g := issues(t, pricesConfig)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "1000")
	for _, c := range []struct {
		model, upstream        string
		prompt, cached, output int64
		cost                   string
	}{
		{"own", "own", 1000, 0, 100, "0.0012"},
		{"own", "own", 1000, 400, 100, "0.00084"},
		{"long", "long", 32_000, 0, 100, "0.0322"},
		{"long", "long", 40_000, 0, 100, "0.0804"},
		{"known", "gpt-4o", 1000, 0, 100, "0.0034"},
	} {
		for _, stream := range []bool{false, true} {
			g.up.Set(c.upstream, providertest.Script{PromptTokens: c.prompt, CachedTokens: c.cached, CompletionTokens: c.output})
			a := g.chat(p, c.model, fmt.Sprintf(`"max_tokens":200,"stream":%v`, stream), nil)
			if a.Status != 200 {
				t.Errorf("%s: %d %s", c.model, a.Status, a.Body)
				continue
			}
			if !stream && a.Header.Get("X-Litellm-Response-Cost") != c.cost {
				t.Errorf("%s: %d tokens, %d of them cached: told %v, want %s", c.model, c.prompt, c.cached, a.Header["X-Litellm-Response-Cost"], c.cost)
			}
			if e := g.entry(a.Header.Get("X-Request-Id")); e.Cost == nil || *e.Cost != must(accounting.ParseMoney(c.cost))(t) {
				t.Errorf("%s: %d tokens, %d of them cached, stream %v: booked at %v, want %s", c.model, c.prompt, c.cached, stream, e.Cost, c.cost)
			}
		}
	}
}

// TestLiteLLM_25204_ZeroBeatsThePriceList: a price of zero that the operator wrote is not
// overruled by what a list says of a model of that name, and a model of one's own that is
// called like a vendor's has no vendor's price.
func TestLiteLLM_25204_ZeroBeatsThePriceList(t *testing.T) {
	t.Parallel()
	g := issues(t, pricesConfig)
	p := g.poor(ledger.Key)
	for model, want := range map[string]int{"given": 200, "gpt-4o": 200, "as-listed": 429, "known": 429} {
		if a := g.chat(p, model, `"max_tokens":10`, nil); a.Status != want {
			t.Errorf("%s: %d %s", model, a.Status, a.Body)
		}
	}
}

// TestLiteLLM_18684_FreeMeansEveryPrice (#20615): zeros for tokens make nothing free that
// costs by the image, the search or the second; nor does half a price, an empty one, or a
// word that has no effect.
func TestLiteLLM_18684_FreeMeansEveryPrice(t *testing.T) {
	t.Parallel()
	g := issues(t, pricesConfig)
	p := g.poor(ledger.Team)
	for model, want := range map[string]string{
		"rented": "budget_exceeded", "half": "price_unknown", "unsaid": "price_unknown", "tiered": "price_unknown", "searcher": "",
		"skipped": "200", // a word of forks, which says so in full
	} {
		a := g.chat(p, model, `"max_tokens":10`, nil)
		got := "200"
		if a.Status != 200 {
			got = a.errorField(t, "tollgate_code")
		}
		if got == "200" && want != "200" || want != "" && got != want {
			t.Errorf("%s: %d %s", model, a.Status, a.Body)
		}
	}
	a := g.do("POST", "/v1/images/generations", p.key, `{"model":"drawer","prompt":"a cat"}`, nil)
	if a.Status != 429 || a.errorField(t, "type") != "budget_exceeded" {
		t.Errorf("an image: %d %s", a.Status, a.Body)
	}
	for _, call := range g.up.Calls() {
		if call.Method == "POST" && call.Model != "skipped" && call.Path != "/api/show" {
			t.Errorf("%s of %s went up", call.Path, call.Model)
		}
	}
}

// TestLiteLLM_Hole9_MixedGroupStaysFree: where a name stands for a free deployment and a
// paid one, whoever has no money is served by the free one, whatever the weights say.
func TestLiteLLM_Hole9_MixedGroupStaysFree(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	p := g.poor(ledger.Org)
	for range 20 {
		if a := g.chat(p, "mixed", "", nil); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	if n := g.calls("paid"); n != 0 {
		t.Errorf("%d calls went to the paid one", n)
	}
}

// TestLiteLLM_41344_PaidFallbackOfAFreeModel: a free model that fails is not followed by a
// paid one that its caller cannot pay for, in whichever scope; and who can pay has it
// counted.
func TestLiteLLM_41344_PaidFallbackOfAFreeModel(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	g.up.Set("fragile", providertest.Script{Status: 503, Body: `{"error":{"message":"down"}}`})
	for _, k := range ledger.Kinds() {
		if k == ledger.Gateway {
			continue // everybody's; table B has it
		}
		g.mend()
		g.up.Reset()
		p := g.poor(k)
		a := g.chat(p, "fragile", "", nil)
		if a.Status != 503 || a.errorField(t, "type") == "budget_exceeded" || g.calls("paid") != 0 {
			t.Errorf("%s: %d %s", k, a.Status, a.Body)
		}
	}
	g.mend()
	rich := g.person(control.KeyChange{})
	b := g.budget(rich, ledger.User, "1")
	if a := g.chat(rich, "fragile", "", nil); a.Status != 200 || g.posted(b) == 0 {
		t.Errorf("%d %s, %d posted", a.Status, a.Body, g.posted(b))
	}
}

// TestLiteLLM_27923_ModelsAreListedWhileSpent: reading is never refused for money.
func TestLiteLLM_27923_ModelsAreListedWhileSpent(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	for _, k := range ledger.Kinds() {
		p := g.poor(k)
		for _, path := range []string{"/v1/models", "/models", "/v1/models/free", "/v1/models/paid", "/health", "/api/v1/me"} {
			if a := g.do("GET", path, p.key, "", nil); a.Status != 200 {
				t.Errorf("%s, %s: %d %s", k, path, a.Status, a.Body)
			}
		}
	}
}

// TestLiteLLM_31968_APriceThatChanges: what a model costs is what the file says now.
func TestLiteLLM_31968_APriceThatChanges(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	p := g.poor(ledger.Key)
	zeros := "model_info: { input_cost_per_token: 0, output_cost_per_token: 0, access_groups: [lab] }"
	for _, c := range []struct {
		info string
		want int
	}{{zeros, 200}, {"model_info: { input_cost_per_token: 1e-6, output_cost_per_token: 1e-6, access_groups: [lab] }", 429}, {zeros, 200}} {
		put(t, g.config, strings.ReplaceAll(strings.Replace(issuesConfig, zeros, c.info, 1), "UPSTREAM", g.up.Ollama()))
		if err := g.reload.reload(); err != nil {
			t.Fatal(err)
		}
		if a := g.chat(p, "free", "", nil); a.Status != c.want {
			t.Errorf("%s: %d %s", c.info, a.Status, a.Body)
		}
	}
}

// TestLiteLLM_Hole20_EveryOperationIsFree: wherever an operation has the model's name, a
// free model answers who has nothing.
func TestLiteLLM_Hole20_EveryOperationIsFree(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	p := g.poor(ledger.User)
	for _, op := range providers.Operations() {
		id := g.ready(p, op, "gift/kept")
		a, err := g.each(p, op, everyOperation[op].path, "gift/kept", id)
		if err != nil || a.Status != 200 {
			t.Errorf("%s: %d %s %v", op, a.Status, a.Body, err)
		}
	}
	if got := g.books(); got != (books{}) {
		t.Errorf("in the books: %+v", got)
	}
}

// TestLiteLLM_4903_WildcardsListWhatIsThere (#10974, #13643, #8095): a wildcard lists the
// models that its server has, of a vLLM as of an Ollama.
func TestLiteLLM_4903_WildcardsListWhatIsThere(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	g.up.Models("Qwen/Qwen3-32B", "small")
	g.srv.control.Discover(t.Context(), true)
	p := g.person(control.KeyChange{})
	a := g.do("GET", "/v1/models", p.key, "", nil)
	for _, want := range []string{"gpu/Qwen/Qwen3-32B", "gpu/small", "own/small", "free", "llama", "default"} {
		if !strings.Contains(a.Body, `"id":"`+want+`"`) {
			t.Errorf("%s is not listed: %s", want, a.Body)
		}
	}
	if strings.Contains(a.Body, `"quiet"`) {
		t.Errorf("a hidden alias is listed: %s", a.Body)
	}
	if one := g.do("GET", "/v1/models/gpu/Qwen/Qwen3-32B", p.key, "", nil); one.Status != 200 {
		t.Errorf("%d %s", one.Status, one.Body)
	}
}

// TestLiteLLM_13668_HealthCostsNothing (#9584, #25349, #8248, #31008): a look at the health
// of all models calls none of them.
func TestLiteLLM_13668_HealthCostsNothing(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	for _, path := range []string{"/health", "/health?model=paid", "/health/liveliness", "/health/readiness", "/health/readiness/details"} {
		if a := g.do("GET", path, masterKey, "", nil); a.Status != 200 {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	if got := g.called(); len(got) > 0 {
		t.Errorf("these were called: %v", got)
	}
	if got := g.books(); got != (books{}) {
		t.Errorf("in the books: %+v", got)
	}
}

// TestLiteLLM_4769_UnknownMembersArrive (#6228, #20246, #5501): a member that a gateway need
// not know reaches the engine as it is, and what the engine says of its reasoning reaches
// the client.
func TestLiteLLM_4769_UnknownMembersArrive(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	p := g.person(control.KeyChange{})
	const extra = `"guided_json":{"type":"object"},"chat_template_kwargs":{"enable_thinking":true},"top_k":20,"min_p":0.05,"repetition_penalty":1.1,"thinking":{"type":"enabled"}`
	const stream = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"hm\",\"reasoning\":\"hm\"}}]}\n\ndata: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"yes\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"
	g.up.Set("free", providertest.Script{Body: stream, Header: http.Header{"Content-Type": {"text/event-stream"}}})
	a := g.chat(p, "free", extra+`,"stream":true`, nil)
	if a.Status != 200 || a.Body != stream {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	calls := g.up.CallsTo("/v1/chat/completions")
	if len(calls) != 1 || !strings.Contains(string(calls[0].Body), extra) {
		t.Errorf("the engine got %v", calls)
	}
}

// TestLiteLLM_6135_OllamasTools (#7094, #35711, #25605): models of ollama/ are asked at the
// server's chat interface, with their tools and roles, and a call of a tool comes back.
func TestLiteLLM_6135_OllamasTools(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	g.up.Set("llama", providertest.Script{ToolCall: true})
	p := g.person(control.KeyChange{})
	const tools = `"tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}]`
	for _, more := range []string{"", `,"stream":true`} {
		g.up.Reset()
		a := g.chat(p, "llama", tools+more, nil)
		if a.Status != 200 || !strings.Contains(a.Body, `"name":"get_weather"`) || !strings.Contains(a.Body, `"finish_reason":"tool_calls"`) {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		calls := g.up.CallsTo("/api/chat")
		if len(calls) != 1 || !strings.Contains(string(calls[0].Body), `"get_weather"`) {
			t.Errorf("asked for with %v", calls)
		}
	}
}

// TestLiteLLM_9367_NoV1InTheAddress: an address that lacks /v1 finds the server's models and
// its chat all the same.
func TestLiteLLM_9367_NoV1InTheAddress(t *testing.T) {
	t.Parallel()
	for _, root := range []string{"UPSTREAM", "UPSTREAM/", "UPSTREAM/v1", "UPSTREAM/v1/"} {
		g := issues(t, "model_list:\n  - { model_name: m, litellm_params: { model: hosted_vllm/m, api_base: \""+root+"\" } }\n")
		p := g.person(control.KeyChange{})
		if a := g.chat(p, "m", "", nil); a.Status != 200 {
			t.Errorf("%s: %d %s", root, a.Status, a.Body)
		}
	}
}

// TestLiteLLM_35273_NoRedisIsAskedFor (#12855, #14682): what the file sends LiteLLM to Redis
// for is counted without it, from the start.
func TestLiteLLM_35273_NoRedisIsAskedFor(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	p := g.person(control.KeyChange{})
	g.limit(per(ledger.Key, p.keyID, 2, -1, -1))
	var got []int
	for range 3 {
		got = append(got, g.chat(p, "free", "", nil).Status)
	}
	if !slices.Equal(got, []int{200, 200, 429}) {
		t.Errorf("%v", got)
	}
	if ready := g.do("GET", "/health/readiness", "", "", nil); ready.Status != 200 {
		t.Errorf("%d %s", ready.Status, ready.Body)
	}
}

// TestLiteLLM_4552_NothingIsFetched (#4915, #7949, #1434): a start asks nobody for prices,
// migrations or anything else, though the environment says where LiteLLM gets them; with no
// way out it serves at once.
func TestLiteLLM_4552_NothingIsFetched(t *testing.T) {
	t.Parallel()
	ln := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	defer ln.Close()
	asked := make(chan string, 100)
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			line, _ := bufio.NewReader(c).ReadString('\n') // whatever it is, it is too much
			asked <- line
			_ = c.Close()
		}
	}()
	out := "http://" + ln.Addr().String()
	up := providertest.NewUpstream(t)
	dir := t.TempDir()
	config := filepath.Join(dir, "config.yaml")
	put(t, config, strings.ReplaceAll(issuesConfig, "UPSTREAM", up.Ollama()))
	cmd := exec.Command(must(os.Executable())(t), "serve", "--config", config)
	cmd.Env = []string{asProgram + "=1", "CLOUD_KEY=" + upstreamKey, "TOLLGATE_LISTEN=127.0.0.1:0", "TOLLGATE_DATABASE=sqlite:" + filepath.Join(dir, "tollgate.db"),
		"HTTP_PROXY=" + out, "HTTPS_PROXY=" + out, "LITELLM_MODEL_COST_MAP_URL=" + out + "/prices.json", "PRISMA_ENGINES_MIRROR=" + out, "LITELLM_TELEMETRY=True"}
	printed := &logBuffer{}
	cmd.Stdout, cmd.Stderr = printed, printed
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { _ = cmd.Process.Kill(); <-ended })
	g := &gate{t: t, client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
	g.eventually("it listens", func() bool {
		m := addressLine.FindStringSubmatch(printed.String())
		if m != nil {
			g.url = m[1]
		}
		return m != nil
	})
	g.eventually("it serves", func() bool {
		a, err := g.try("GET", "/v1/models", masterKey, "", nil)
		return err == nil && a.Status == 200
	})
	select {
	case line := <-asked:
		t.Errorf("somebody was asked: %s", line)
	default:
	}
}
