package main

import (
	"sync"
	"testing"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// outcomeA is what a cell of table A asks for.
type outcomeA struct {
	status int
	kind   string // the error's type; "" for an answer
	cost   string // X-Tollgate-Cost of an answer; "" when there is none
}

var (
	servedFree  = outcomeA{200, "", ""}
	servedPaid  = outcomeA{200, "", "0.0002"} // 100 tokens in and 10 out
	servedNull  = outcomeA{200, "", ""}
	refused     = outcomeA{429, "budget_exceeded", ""}
	refusedNull = outcomeA{402, "price_unknown", ""}
	refusedDown = outcomeA{503, "service_unavailable_error", ""}
)

// TestTableA enumerates one candidate against every budget state, in every scope. A
// refused request reaches nobody and leaves nothing in the books; a free one is
// served in every state and touches nothing a budget reads.
func TestTableA(t *testing.T) {
	states := []string{"none", "zero", "room", "tight", "spent", "down"}
	rows := map[string][]outcomeA{
		"free":    {servedFree, servedFree, servedFree, servedFree, servedFree, servedFree},
		"paid":    {servedPaid, refused, servedPaid, refused, refused, refusedDown},
		"unknown": {servedNull, refusedNull, refusedNull, refusedNull, refusedNull, refusedNull},
		"ceiling": {servedNull, refused, servedPaid, refused, refused, refusedDown},
	}
	for _, scope := range ledger.Kinds() {
		t.Run(string(scope), func(t *testing.T) {
			t.Parallel()
			for i, state := range states {
				t.Run(state, func(t *testing.T) {
					g := start(t, upstreamConfig)
					for model := range rows {
						g.up.Set(model, providertest.Script{PromptTokens: 100, CompletionTokens: 10})
					}
					p := g.person(control.KeyChange{})
					g.bring(p, scope, state)
					if state == "down" {
						defer g.blockBooks()()
					}
					g.up.Reset()
					held := g.query("select coalesce(sum(held + posted), 0) from counters")
					entries := g.query("select count(*) from entries")

					var wg sync.WaitGroup
					for model, cells := range rows {
						wg.Go(func() { g.cell(p, model, cells[i]) })
					}
					for _, path := range []string{"/v1/models", "/v1/models/paid", "/v1/models?open=true", "/models", "/health/live", "/health/ready", "/api/v1/me"} {
						wg.Go(func() {
							if a, err := g.try("GET", path, p.key, "", nil); err != nil || a.Status != 200 {
								t.Errorf("reading %s: %d %s %v", path, a.Status, a.Body, err)
							}
						})
					}
					wg.Wait()
					if state == "zero" || state == "tight" || state == "spent" {
						if now := g.query("select coalesce(sum(held + posted), 0) from counters"); now != held {
							t.Errorf("refused and free calls moved a counter: %d, then %d", held, now)
						}
						if now := g.query("select count(*) from entries"); now != entries {
							t.Errorf("refused and free calls made entries: %d, then %d", entries, now)
						}
					}
					if n := g.query("select count(*) from holds"); n != 0 {
						t.Errorf("%d holds are open", n)
					}
					if n := g.query("select count(*) from entries where deployment = 'gpu/free'"); n != 0 {
						t.Errorf("%d entries of a free model", n)
					}
				})
			}
		})
	}
}

// bring puts a scope of a person into a budget state.
func (g *gate) bring(p person, scope ledger.Kind, state string) {
	g.t.Helper()
	switch state {
	case "none":
	case "zero":
		g.budget(p, scope, "0")
	case "room", "down":
		g.budget(p, scope, "5")
	case "tight":
		g.budget(p, scope, "0.0001") // under the limit, and no call fits
	case "spent":
		g.budget(p, scope, "0.5")
		g.up.Set("paid2", providertest.Script{PromptTokens: 10, CompletionTokens: 100_000}) // 1 USD: more than was held
		if a := g.chat(p, "paid2", `"max_tokens":10`, nil); a.Status != 200 {
			g.t.Fatalf("spending: %d %s", a.Status, a.Body)
		}
	default:
		g.t.Fatalf("no state %q", state)
	}
}

func (g *gate) cell(p person, model string, want outcomeA) {
	t := g.t
	a, err := g.try("POST", "/v1/chat/completions", p.key, chatBody(p, model, `"max_tokens":50`), nil)
	if err != nil {
		t.Errorf("%s: %v", model, err)
		return
	}
	if a.Status != want.status {
		t.Errorf("%s: status %d, want %d: %s", model, a.Status, want.status, a.Body)
		return
	}
	calls := 0
	for _, c := range g.up.CallsTo("/v1/chat/completions") {
		if c.Model == model {
			calls++
		}
	}
	if want.status == 200 {
		if got := a.Header.Get("X-Tollgate-Cost"); got != want.cost {
			t.Errorf("%s: cost %q, want %q", model, got, want.cost)
		}
		if calls != 1 {
			t.Errorf("%s: %d calls reached the upstream, want 1", model, calls)
		}
		return
	}
	if calls != 0 {
		t.Errorf("%s: refused, and %d calls reached the upstream", model, calls)
	}
	if got := a.errorField(t, "type"); got != want.kind {
		t.Errorf("%s: type %q, want %q: %s", model, got, want.kind, a.Body)
	}
	if want.status == 429 || want.status == 402 {
		if a.Header.Get("X-Should-Retry") != "false" {
			t.Errorf("%s: a refusal that lasts must not be repeated: %v", model, a.Header)
		}
	}
	if a.Header.Get("X-Request-Id") == "" {
		t.Errorf("%s: no request id", model)
	}
}
