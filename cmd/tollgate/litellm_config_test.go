package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// liteLLMConfig is what somebody runs LiteLLM with. Nothing of it is tollgate's.
const liteLLMConfig = `
model_list:
  - model_name: qwen
    litellm_params: { model: hosted_vllm/qwen, api_base: "UPSTREAM/v1", temperature: 0.20 }
    model_info: { input_cost_per_token: 0, output_cost_per_token: 0, access_groups: [lab] }
  - model_name: llama
    litellm_params: { model: ollama/llama, api_base: "UPSTREAM" }
  - model_name: "gpu/*"
    litellm_params: { model: "hosted_vllm/*", api_base: "UPSTREAM/v1" }
  - model_name: paid
    litellm_params: { model: openai/paid, api_base: "UPSTREAM/v1", api_key: os.environ/CLOUD_KEY, input_cost_per_token: 1e-6, output_cost_per_token: 1e-5 }
  - model_name: claude
    litellm_params: { model: bedrock/claude, aws_region_name: eu-central-1 }
  - model_name: unpriced
    litellm_params: { model: openai/unpriced, api_base: "UPSTREAM/v1", api_key: os.environ/CLOUD_KEY }
router_settings:
  model_group_alias: { default: qwen, quiet: { model: qwen, hidden: true } }
  fallbacks: [{ claude: [qwen] }, { qwen: [paid] }]
litellm_settings: { max_internal_user_budget: 0.01, internal_user_budget_duration: 30d, num_retries: 3 }
general_settings: { master_key: sk-Zx81kdPq72Lm04Vn5tRw93Yb6cJfHg20, database_url: "postgres://u:pass-4711@db/litellm" }
include: [more.yaml]
`

// drops LiteLLM's files into a directory and starts from them in place.
func startLiteLLM(t *testing.T, config, more string) *gate {
	t.Helper()
	g := &gate{t: t, up: providertest.NewUpstream(t), client: &http.Client{Transport: &http.Transport{}}, logs: &logBuffer{}}
	dir := t.TempDir()
	g.db, g.config = filepath.Join(dir, "tollgate.db"), filepath.Join(dir, "config.yaml")
	put(t, g.config, strings.ReplaceAll(config, "UPSTREAM", g.up.Ollama()))
	put(t, filepath.Join(dir, "more.yaml"), strings.ReplaceAll(more, "UPSTREAM", g.up.Ollama()))
	g.run()
	return g
}

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

const moreModels = "model_list: [{ model_name: more, litellm_params: { model: hosted_vllm/more, api_base: \"UPSTREAM/v1\" } }]\n"

// TestLiteLLMConfigInPlace: free stays free by every name when the budget is spent
// (LiteLLM #35369, #10973, #14004), and what has no price is not free (#24770).
func TestLiteLLMConfigInPlace(t *testing.T) {
	t.Parallel()
	g := startLiteLLM(t, liteLLMConfig, moreModels)
	g.up.Models("qwen", "other", "more")
	g.srv.control.Discover(t.Context(), true)
	p := g.person(control.KeyChange{})
	for g.chat(p, "paid", `"max_tokens":100`, nil).Status == 200 {
	}
	if a := g.chat(p, "paid", "", nil); a.Status != 429 || a.errorField(t, "type") != "budget_exceeded" {
		t.Fatalf("the budget of LiteLLM's file does not hold: %d %s", a.Status, a.Body)
	}
	for _, model := range []string{"qwen", "llama", "default", "quiet", "gpu/qwen", "gpu/whatever", "claude", "more"} {
		if a := g.chat(p, model, "", nil); a.Status != 200 {
			t.Errorf("%s: %d %s", model, a.Status, a.Body)
		}
	}
	if a := g.chat(p, "unpriced", "", nil); a.Status != 402 {
		t.Errorf("unknown is free: %d %s", a.Status, a.Body)
	}
	for _, model := range []string{"other", "vllm/other", "llama3"} {
		if a := g.chat(p, model, "", nil); a.Status != 400 {
			t.Errorf("%s is in no model_list: %d %s", model, a.Status, a.Body)
		}
	}
	lists := []string{"lab"}
	lab := g.person(control.KeyChange{Models: &lists})
	for model, want := range map[string]int{"qwen": 200, "default": 200, "llama": 403} {
		if a := g.chat(lab, model, "", nil); a.Status != want {
			t.Errorf("%s by its access group: %d %s", model, a.Status, a.Body)
		}
	}
	g.up.Reset()
	g.chat(p, "qwen", "", nil)
	if calls := g.up.Calls(); len(calls) != 1 || !strings.Contains(string(calls[0].Body), `"temperature":0.20`) {
		t.Errorf("the deployment's own parameters are not sent: %v", calls)
	}
	// What comes from the file is locked, and the admin key is the master key.
	const master = "sk-Zx81kdPq72Lm04Vn5tRw93Yb6cJfHg20"
	if got := g.srv.settings.Load().warnings; len(got) < 5 {
		t.Errorf("%d findings", len(got))
	}
	if budgets := g.do("GET", "/admin/budgets", master, "", nil); strings.Contains(budgets.Body, "pass-4711") {
		t.Error(budgets.Body)
	}
	if g.query("select count(*) from entries where model <> 'paid'") != 0 {
		t.Error("something free is in the books")
	}
}

// TestImportedConfigIsTheSame: what is printed runs as the file does in place.
func TestImportedConfigIsTheSame(t *testing.T) {
	g := startLiteLLM(t, liteLLMConfig, moreModels)
	g.stop()
	s := newShell(t)
	r := s.run(exitOK, "import", "litellm", g.config)
	for _, secret := range []string{"Zx81kdPq72Lm04Vn5tRw93Yb6cJfHg20", "pass-4711", upstreamKey} {
		if strings.Contains(r.out+r.err, secret) {
			t.Errorf("%s is shown:\n%s%s", secret, r.out, r.err)
		}
	}
	for _, want := range []string{"changed: config.yaml:", "unavailable: config.yaml:", "tollgate does not speak to the provider bedrock", "general_settings.database_url", "set TOLLGATE_ADMIN_KEY"} {
		if !strings.Contains(r.err, want) {
			t.Errorf("no %q in\n%s", want, r.err)
		}
	}
	t.Setenv("TOLLGATE_ADMIN_KEY", "sk-Zx81kdPq72Lm04Vn5tRw93Yb6cJfHg20")
	native := filepath.Join(t.TempDir(), "tollgate.yaml")
	put(t, native, r.out)
	check := func(config string) map[string]any {
		t.Helper()
		s := newShell(t)
		out := s.type_("", "check", "--config", config, "--json")
		var all map[string]any
		if err := json.Unmarshal([]byte(out.out), &all); err != nil {
			t.Fatalf("%v: %s%s", err, out.out, out.err)
		}
		return map[string]any{"models": all["models"], "keys": all["keys"], "prices": all["prices"], "books": all["books"]}
	}
	there, here := check(g.config), check(native)
	if !reflect.DeepEqual(there, here) {
		t.Errorf("in place\n%v\nimported\n%v", there, here)
	}
	if models := there["models"].([]any); len(models) < 6 {
		t.Errorf("%d models", len(models))
	}
}

// TestLiteLLMConfigProblems: what is wrong has its place in LiteLLM's own files.
func TestLiteLLMConfigProblems(t *testing.T) {
	t.Setenv("TWO_LINES", "one\ntwo")
	dir := t.TempDir()
	config := filepath.Join(dir, "config.yaml")
	s := newShell(t)
	for text, want := range map[string][]string{
		"general_settings:\n  custom_auth: my.auth\n": {config + ":2:3", "general_settings.custom_auth", "Python"},
		"general_settings:\n  master_key: sk-1234\n":  {config + ":2:3", "general_settings.master_key", "too weak"},
		"litellm_settings: { max_budget: -1 }\n":      {config + ":1:33", "negative"},
		"model_list: [\n":                             {config, "not YAML"},
		"include: [sub/more.yaml]\nmodel_list: []\n":  {filepath.Join(dir, "sub/more.yaml") + ":2:33", "litellm_settings.max_budget"},
		"model_list:\n\n  - { model_name: a, litellm_params: { model: hosted_vllm/a, api_base: \"http://x/v1\", api_key: os.environ/TWO_LINES } }": {config + ":3:5", "providers.vllm.key", "more than one line"},
	} {
		put(t, config, text)
		if err := os.MkdirAll(filepath.Join(dir, "sub"), 0o700); err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, "sub/more.yaml"), "\nlitellm_settings: { max_budget: lots }\n")
		r := s.run(exitRefused, "check", "--config", config)
		for _, w := range want {
			if !strings.Contains(r.out, w) {
				t.Errorf("%q: no %q in\n%s", text, w, r.out)
			}
		}
	}
	put(t, config, "general_settings: { custom_auth: my.auth }\n")
	s.run(exitRefused, "import", "litellm", config).complains(t, "Python")
	s.run(exitRefused, "import", "litellm", filepath.Join(dir, "missing.yaml")).complains(t, "cannot be read")
	put(t, config, "model_list: []\n")
	var out imported
	if r := s.run(exitOK, "import", "litellm", config, "--json"); json.Unmarshal([]byte(r.out), &out) != nil || !strings.Contains(out.Native, "listen: 0.0.0.0:") {
		t.Errorf("%s", r.out)
	}
}

// TestLiteLLMConfigReloads: a change of a file that is included counts too.
func TestLiteLLMConfigReloads(t *testing.T) {
	t.Parallel()
	g := startLiteLLM(t, liteLLMConfig, moreModels)
	if err := g.reload.reload(); err != nil {
		t.Fatal(err)
	}
	if _, changed := g.reload.look(); changed {
		t.Error("something has changed that nobody has written")
	}
	more := filepath.Join(filepath.Dir(g.config), "more.yaml")
	put(t, more, strings.ReplaceAll(strings.ReplaceAll(moreModels, "more", "fresh"), "UPSTREAM", g.up.Ollama()))
	if _, changed := g.reload.look(); !changed {
		t.Error("the change of an included file is not seen")
	}
	if err := g.reload.reload(); err != nil {
		t.Fatal(err)
	}
	p := g.person(control.KeyChange{})
	if a := g.chat(p, "fresh", "", nil); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	put(t, more, "litellm_settings: { max_budget: lots }\n")
	if err := g.reload.reload(); err == nil || !strings.Contains(err.Error(), "more.yaml:1:33") {
		t.Errorf("a wrong file is in force, or its place is not told: %v", err)
	}
	if a := g.chat(p, "fresh", "", nil); a.Status != 200 {
		t.Errorf("the old one is not in force: %d %s", a.Status, a.Body)
	}
}

// TestLiteLLMMasterKey: a key that LiteLLM took is taken, down to a floor; it manages, calls
// models and is not exempt from what holds for everybody.
func TestLiteLLMMasterKey(t *testing.T) {
	t.Parallel()
	const short = "sk-Qm7vT2xKw9zRpL4n"
	config := strings.NewReplacer("sk-Zx81kdPq72Lm04Vn5tRw93Yb6cJfHg20", short, "litellm_settings: {", "litellm_settings: { max_budget: 0.000001, budget_duration: 30d,").Replace(liteLLMConfig)
	g := startLiteLLM(t, config, moreModels)
	if err := g.srv.control.EnsureOldAdmin(t.Context(), short); err != nil {
		t.Fatal(err)
	}
	if _, err := g.srv.control.EnsureAdmin(t.Context(), short); err == nil {
		t.Error("a short key of nobody's is taken")
	}
	for _, weak := range []string{"", "sk-1234", "sk-1234567890abcdefgh", "sk-aaaaaaaaaaaaaaaaaaaa"} {
		if err := g.srv.control.EnsureOldAdmin(t.Context(), weak); err == nil {
			t.Errorf("%q is taken", weak)
		}
	}
	admin := person{key: short}
	if a := g.do("GET", "/api/v1/users", short, "", nil); a.Status != 200 {
		t.Errorf("it does not manage: %d %s", a.Status, a.Body)
	}
	if a := g.chat(admin, "qwen", "", nil); a.Status != 200 {
		t.Errorf("it calls no models: %d %s", a.Status, a.Body)
	}
	if a := g.chat(admin, "paid", `"max_tokens":100`, nil); a.Status != 429 {
		t.Errorf("it is exempt: %d %s", a.Status, a.Body)
	}
	for _, w := range g.srv.settings.Load().warnings {
		if strings.Contains(w.Message, "should be replaced soon") {
			return
		}
	}
	t.Error("nobody is told that the key is short")
}

// TestLiteLLMKeyHeader: where the operator's own header has a key, Authorization may be
// somebody else's.
func TestLiteLLMKeyHeader(t *testing.T) {
	t.Parallel()
	g := startLiteLLM(t, strings.Replace(liteLLMConfig, "general_settings: {", "general_settings: { litellm_key_header_name: x-our-key,", 1), moreModels)
	p := g.person(control.KeyChange{})
	for name, c := range map[string]struct {
		h      header
		status int
	}{
		"alone":                    {header{"X-Our-Key": p.key}, 200},
		"as bearer":                {header{"X-Our-Key": "Bearer " + p.key}, 200},
		"beside a foreign one":     {header{"X-Our-Key": p.key, "Authorization": "Bearer eyJ.somebody.else"}, 200},
		"a wrong one beside ours":  {header{"X-Our-Key": "sk-wrong", "Authorization": "Bearer " + p.key}, 401},
		"none in it":               {header{"Authorization": "Bearer " + p.key}, 200},
		"LiteLLM's beside another": {header{"X-Litellm-Api-Key": p.key, "Authorization": "Bearer sk-wrong"}, 400},
	} {
		if a := g.do("GET", "/v1/models", "", "", c.h); a.Status != c.status {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
}

// TestLiteLLMModelsList: what LiteLLM's clients can ask the list of models for.
func TestLiteLLMModelsList(t *testing.T) {
	t.Parallel()
	g := startLiteLLM(t, strings.Replace(liteLLMConfig, "model_info: { input_cost", "model_info: { id: qwen-1, input_cost", 1), moreModels)
	all, lab := g.person(control.KeyChange{}), g.person(control.KeyChange{Models: &[]string{"lab"}})
	list := func(p person, query string) (ids []string, fallbacks map[string][]string) {
		t.Helper()
		var v struct {
			Data []struct {
				ID       string
				Created  int64
				OwnedBy  string `json:"owned_by"`
				Metadata *struct{ Fallbacks []string }
			}
		}
		a := g.do("GET", "/v1/models"+query, p.key, "", nil)
		if err := json.Unmarshal([]byte(a.Body), &v); err != nil {
			t.Fatal(err)
		}
		fallbacks = map[string][]string{}
		for _, m := range v.Data {
			if m.Created != 1677610602 || m.OwnedBy != "openai" {
				t.Errorf("%s: %s", query, a.Body)
			}
			ids = append(ids, m.ID)
			if m.Metadata != nil {
				fallbacks[m.ID] = m.Metadata.Fallbacks
			}
		}
		return ids, fallbacks
	}
	plain, none := list(all, "")
	if slices.Contains(plain, "quiet") || slices.Contains(plain, "qwen-1") || slices.Contains(plain, "gpu/*") || slices.Contains(plain, "lab") || len(none) != 0 {
		t.Errorf("%v %v", plain, none)
	}
	own := g.person(control.KeyChange{Models: &[]string{"qwen"}, Aliases: &map[string]string{"mine": "qwen", "closed": "paid", "dangling": "none-such"}})
	if ids, _ := list(own, ""); !slices.Equal(ids, []string{"default", "qwen", "mine"}) {
		t.Errorf("names of a key's own: %v", ids)
	}
	if ids, _ := list(all, "?return_wildcard_routes=true"); !slices.Contains(ids, "gpu/*") {
		t.Errorf("%v", ids)
	}
	if ids, _ := list(lab, "?return_wildcard_routes=true"); slices.Contains(ids, "gpu/*") {
		t.Errorf("a wildcard of others is listed: %v", ids)
	}
	if ids, _ := list(all, "?include_model_access_groups=True"); !slices.Contains(ids, "lab") || slices.Contains(ids, "qwen") != slices.Contains(plain, "qwen") {
		t.Errorf("%v", ids)
	}
	if ids, _ := list(lab, "?only_model_access_groups=true"); !slices.Equal(ids, []string{"lab"}) {
		t.Errorf("%v", ids)
	}
	if ids, _ := list(all, "?only_model_access_groups=true"); len(ids) != 0 {
		t.Errorf("%v", ids)
	}
	if _, f := list(all, "?include_metadata=true&fallback_type=general"); !slices.Equal(f["qwen"], []string{"paid"}) || f["more"] == nil {
		t.Errorf("%v", f)
	}
	if _, f := list(all, "?include_metadata=true&fallback_type=context_window"); len(f["qwen"]) != 0 {
		t.Errorf("%v", f)
	}
	// A deployment is called by its id, and by who may call its model.
	for model, want := range map[string]int{"qwen-1": 200, "quiet": 200} {
		if a := g.chat(lab, model, "", nil); a.Status != want || a.Header.Get("X-Tollgate-Price") != "free" {
			t.Errorf("%s: %d %s", model, a.Status, a.Body)
		}
	}
	if a := g.do("GET", "/v1/models/qwen", lab.key, "", nil); a.Status != 200 || a.json(t)["owned_by"] != "openai" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := g.do("GET", "/v1/models/llama", lab.key, "", nil); a.Status != 403 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}
