package main

import (
	"strings"
	"testing"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

const namesConfig = `
providers:
  gpu:   { kind: vllm, url: UPSTREAM/v1 }
  own:   { kind: vllm, url: UPSTREAM/v1, unlisted: true }
  cloud: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 } }
models:
  small: { to: gpu/small, groups: [lab] }
  tuned:
    to: gpu/tuned
    defaults: { temperature: 0.20, top_p: 1.0e0 }
    set: { chat_template_kwargs: { thinking: false } }
    drop: [logit_bias]
  dear: { to: cloud/dear, set: { n: 4, max_tokens: 1000 } }
  cases:
    targets:
      - { to: gpu/first, order: 1 }
      - { to: gpu/long, order: 2, when: context }
      - { to: gpu/mild, order: 3, when: refused }
      - { to: gpu/spare, order: 4 }
  secret: { to: gpu/secret, hidden: true }
  away: { unavailable: "it returns on Monday" }
  "away/*": { unavailable: "not spoken here" }
`

func TestMembersOfRequests(t *testing.T) {
	t.Parallel()
	g := start(t, namesConfig)
	p := g.person(control.KeyChange{})
	sent := func(model, extra string) string {
		t.Helper()
		g.up.Reset()
		if a := g.chat(p, model, extra, nil); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		return string(g.up.Calls()[0].Body)
	}
	if got, want := sent("tuned", `"temperature":0.9,"logit_bias":{"1":2},"x":1.50`), `{"model":"tuned","user":"end1","messages":[{"role":"user","content":"hi"}],"temperature":0.9,"x":1.50,"chat_template_kwargs":{"thinking":false},"top_p":1.0e0}`; got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
	if got := sent("tuned", ""); !strings.Contains(got, `"temperature":0.20`) {
		t.Errorf("no default: %s", got)
	}
	// What the operator asks for is held and capped like what a client asks for: four
	// answers of 1000 tokens cost up to 0.04.
	g.budget(p, ledger.User, "0.03")
	if a := g.chat(p, "dear", "", nil); a.Status != 429 {
		t.Errorf("four answers of 1000 tokens fit into three cents: %d %s", a.Status, a.Body)
	}
	if a := g.chat(p, "tuned", "", nil); a.Status != 200 {
		t.Errorf("the free one: %d %s", a.Status, a.Body)
	}
}

func TestCases(t *testing.T) {
	t.Parallel()
	g := start(t, namesConfig)
	p := g.person(control.KeyChange{})
	for _, model := range []string{"long", "mild", "spare"} {
		g.up.Set(model, providertest.Script{Text: "from " + model})
	}
	said := func(status int, code string) providertest.Script {
		return providertest.Script{Status: status, Body: `{"error":{"message":"no","type":"invalid_request_error","code":"` + code + `"}}`}
	}
	for name, c := range map[string]struct {
		script providertest.Script
		from   string
		status int
	}{
		"it answers":               {providertest.Script{Text: "from first"}, "from first", 200},
		"it is too busy":           {said(503, ""), "from spare", 200},
		"the prompt is too long":   {said(400, "context_length_exceeded"), "from long", 200},
		"its filter refuses":       {said(400, "content_policy_violation"), "from mild", 200},
		"the request is malformed": {said(400, "invalid_value"), "", 400},
	} {
		g.mend()
		g.up.Set("first", c.script)
		a := g.chat(p, "cases", "", nil)
		if a.Status != c.status || !strings.Contains(a.Body, c.from) {
			t.Errorf("%s: %d %s, want %q", name, a.Status, a.Body, c.from)
		}
	}
	// Where nothing is said of such a case, what the filter refused goes nowhere.
	g.mend()
	g.up.Set("small", said(400, "content_policy_violation"))
	if a := g.chat(p, "small", "", nil); a.Status != 400 || a.errorField(t, "code") != "content_policy_violation" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

func TestNamesOfModels(t *testing.T) {
	t.Parallel()
	g := start(t, namesConfig)
	g.up.Models("small", "found")
	lists := []string{"lab"}
	lab := g.person(control.KeyChange{Models: &lists})
	all := g.person(control.KeyChange{})
	g.srv.control.Discover(t.Context(), true)
	for model, want := range map[string]int{"small": 200, "tuned": 403, "gpu/found": 403} {
		if a := g.chat(lab, model, "", nil); a.Status != want {
			t.Errorf("%s by group: %d %s", model, a.Status, a.Body)
		}
	}
	for model, want := range map[string]int{"secret": 200, "gpu/found": 200, "own/found": 404, "away": 404, "away/x": 404} {
		a := g.chat(all, model, "", nil)
		if a.Status != want {
			t.Errorf("%s: %d %s", model, a.Status, a.Body)
		}
		if strings.HasPrefix(model, "away") && a.errorField(t, "code") != "model_unavailable" {
			t.Errorf("%s: %s", model, a.Body)
		}
	}
	if a := g.chat(all, "away", "", nil); !strings.Contains(a.Body, "it returns on Monday") {
		t.Error(a.Body)
	}
	list := g.do("GET", "/v1/models", all.key, "", nil).Body
	for name, want := range map[string]bool{`"small"`: true, `"secret"`: false, `"away"`: true, "Monday": true} {
		if strings.Contains(list, name) != want {
			t.Errorf("%s is listed: %v; %s", name, !want, list)
		}
	}
}
