package main

import (
	"fmt"
	"strings"
	"testing"

	"tollgate/accounting/ledger"
)

// TestLiteLLM_29420_NoPriceIsNotFree: a model that is added with empty prices, as LiteLLM's
// user interface sends them, is not free; one with zeros is, in each scope, at once.
func TestLiteLLM_29420_NoPriceIsNotFree(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	p := g.poor(ledger.User)
	for _, c := range []struct {
		name, prices string
		want         int
	}{
		{"empty", `"input_cost_per_token":null,"output_cost_per_token":null`, 402},
		{"none", `"rpm":100`, 402},
		{"half", `"input_cost_per_token":0`, 402},
		{"zeros", `"input_cost_per_token":0,"output_cost_per_token":0`, 200},
		{"priced", `"input_cost_per_token":1e-6,"output_cost_per_token":1e-6`, 429},
	} {
		g.manage("POST /model/new", fmt.Sprintf(`{"model_name":%q,"litellm_params":{"model":"openai/%[1]s","api_base":%q,"api_key":"sk-x",%s},"model_info":{"id":"id-%[1]s"}}`, c.name, g.up.OpenAI(), c.prices))
		if a := g.chat(p, c.name, "", nil); a.Status != c.want {
			t.Errorf("%s: %d %s", c.name, a.Status, a.Body)
		}
	}
	// A price that changes is in force with the answer.
	for prices, want := range map[string]int{`"input_cost_per_token":1e-6,"output_cost_per_token":1e-6`: 429, `"input_cost_per_token":0,"output_cost_per_token":0`: 200} {
		g.manage("POST /model/update", fmt.Sprintf(`{"litellm_params":{"model":"openai/zeros","api_base":%q,"api_key":"sk-x",%s},"model_info":{"id":"id-zeros"}}`, g.up.OpenAI(), prices))
		if a := g.chat(p, "zeros", "", nil); a.Status != want {
			t.Errorf("changed to %s: %d %s", prices, a.Status, a.Body)
		}
	}
}

// TestLiteLLM_11623_ModelsOfTheFile (#13359, #6130, #31968): a model of the file is told as
// such and is changed in the file alone; one that was added is changed where it was added,
// and a start of the program keeps it.
func TestLiteLLM_11623_ModelsOfTheFile(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	id := func(name string) string {
		return g.manage("GET /v1/model/info", "").Get(`data.#(model_name=="` + name + `").model_info.id`).String()
	}
	of := id("paid")
	for _, c := range []struct{ method, path, body string }{
		{"POST", "/model/update", `{"litellm_params":{"input_cost_per_token":0,"output_cost_per_token":0},"model_info":{"id":"ID"}}`},
		{"PATCH", "/model/ID/update", `{"litellm_params":{"input_cost_per_token":0,"output_cost_per_token":0}}`},
		{"POST", "/model/delete", `{"id":"ID"}`},
	} {
		if a := g.do(c.method, strings.ReplaceAll(c.path, "ID", of), masterKey, strings.ReplaceAll(c.body, "ID", of), nil); a.Status < 400 {
			t.Errorf("%s of the file's model: %d %s", c.path, a.Status, a.Body)
		}
	}
	p := g.poor(ledger.Key)
	if a := g.chat(p, "paid", "", nil); a.Status != 429 {
		t.Errorf("the file's price is not in force: %d %s", a.Status, a.Body)
	}
	g.manage("POST /model/new", fmt.Sprintf(`{"model_name":"added","litellm_params":{"model":"hosted_vllm/added","api_base":%q},"model_info":{"id":"added-1"}}`, g.up.OpenAI()))
	g.restart()
	if a := g.chat(p, "added", "", nil); a.Status != 200 || id("added") != "added-1" {
		t.Errorf("after a start: %d %s", a.Status, a.Body)
	}
	for name, db := range map[string]bool{"paid": false, "added": true} {
		if got := g.manage("GET /v1/model/info", "").Get(`data.#(model_name=="` + name + `").model_info.db_model`).Bool(); got != db {
			t.Errorf("%s: db_model is %v", name, got)
		}
	}
	g.manage("POST /model/delete", `{"id":"added-1"}`)
	if a := g.chat(p, "added", "", nil); a.Status != 400 {
		t.Errorf("it is still there: %d %s", a.Status, a.Body)
	}
}

// TestLiteLLM_37810_AKeySeesItsModels (#32443, #20766): a key that is only for models is told
// of them, and of no others.
func TestLiteLLM_37810_AKeySeesItsModels(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	p := g.keyed(`{"key_type":"llm_api","models":["paid"]}`)
	for _, path := range []string{"/model/info", "/v1/model/info", "/model_group/info"} {
		a := g.do("GET", path, p.key, "", nil)
		if a.Status != 200 || len(a.json(t)["data"].([]any)) != 1 {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
}
