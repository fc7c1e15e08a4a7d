package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// clientTold is how one client is told that a budget is spent.
type clientTold struct {
	agent  string
	status int
	code   string // its type is the same
}

// clientsTold are the clients that were measured, and some that were not.
var clientsTold = []clientTold{
	{"OpenAI/Python 2.8.1", 429, "budget_exceeded"},
	{"AsyncOpenAI/Python 2.8.1", 429, "budget_exceeded"},
	{"OpenAI/JS 6.49.0", 429, "budget_exceeded"},
	{"OpenAI/Go 3.8.1", 429, "budget_exceeded"},
	{"claude-cli/2.1.197 (external, cli)", 429, "budget_exceeded"},
	{"codex_cli_rs/0.169.0 (Ubuntu 24.4.0; x86_64) xterm", 429, "usage_limit_reached"},
	{"codex_vscode/0.169.0", 429, "usage_limit_reached"},
	{"opencode/1.18.33", 402, "budget_exceeded"},
	{"lm15/stdlib", 402, "budget_exceeded"}, // DSPy
	{"ai-sdk/openai-compatible/3.0.1 ai-sdk/provider-utils/5.0.2 runtime/node.js/24", 402, "budget_exceeded"},
	{"curl/8.12.1", 429, "budget_exceeded"},
	{"open-webui", 429, "budget_exceeded"},
	{"Go-http-client/1.1", 429, "budget_exceeded"},
}

// TestSection6_EachClient: one body for all, with the status, the code and the headers
// that each client does the right thing at.
func TestSection6_EachClient(t *testing.T) {
	for _, set := range []string{"", "auto", "429", "402", "400"} {
		t.Run("budget_status "+set, func(t *testing.T) {
			t.Parallel()
			config := routesConfig + "budgets:\n  - { scope: gateway, limit: 0.5, per: month, name: card }\n"
			if set != "" {
				config += "errors: { budget_status: " + set + " }\n"
			}
			g := audited(t, config)
			p := g.person(control.KeyChange{})
			b := g.budget(p, ledger.Team, "0.25")
			g.spend(p, nil)
			end := ledger.Window{Unit: ledger.Month}.At(time.Now()).End
			for _, c := range clientsTold {
				if fixed, err := strconv.Atoi(set); err == nil {
					c.status, c.code = fixed, "budget_exceeded"
				}
				for _, op := range operations {
					a := g.ask(op, p, "paid", header{"User-Agent": c.agent})
					what := op.name + " by " + c.agent
					if a.Status != c.status || a.errorField(t, "code") != c.code || a.errorField(t, "type") != c.code {
						t.Fatalf("%s: %d, want %d %s: %s", what, a.Status, c.status, c.code, a.Body)
					}
					if a.Header.Get("X-Should-Retry") != "false" || a.Header.Get("Content-Type") != "application/json" {
						t.Errorf("%s: headers %v", what, a.Header)
					}
					wait, err := strconv.ParseFloat(a.Header.Get("Retry-After"), 64)
					if left := time.Until(end).Seconds(); err != nil || math.Abs(wait-left) > 5 {
						t.Errorf("%s: Retry-After %q, and %.0f seconds are left", what, a.Header.Get("Retry-After"), left)
					}
					for field, want := range map[string]any{"scope": "team", "id": b.ID, "name": "", "account": p.team, "window": "month", "limit": "0.25", "spent": "1.00001",
						"held": "0.00", "state": "spent", "resets_at": end.Format(time.RFC3339)} {
						if got := a.member(t, "budget", field); got != want {
							t.Errorf("%s: budget.%s is %v, want %v", what, field, got, want)
						}
					}
					others, _ := a.member(t, "other_budgets").([]any)
					if len(others) != 1 || others[0].(map[string]any)["scope"] != "gateway" || others[0].(map[string]any)["name"] != "card" {
						t.Errorf("%s: the other budgets are %v", what, others)
					}
					if v, ok := a.json(t)["error"].(map[string]any)["fallback_taken"]; !ok || v != nil {
						t.Errorf("%s: fallback_taken is %v", what, v)
					}
					if free := a.texts(t, "free_models"); (op.name != "embeddings") != slices.Contains(free, "free") || // nobody said that it embeds
						slices.Contains(free, "paid") || slices.Contains(free, "unknown") {
						t.Errorf("%s: free models %v", what, free)
					}
					want := any(nil)
					if c.code == "usage_limit_reached" {
						want = float64(end.Unix())
					}
					if got := a.json(t)["error"].(map[string]any)["resets_at"]; got != want {
						t.Errorf("%s: resets_at is %v, want %v", what, got, want)
					}
					message := a.errorField(t, "message")
					for _, part := range []string{"paid", "the budget of team " + p.team, "is spent", "1.00001 of 0.25 USD", end.Format(time.RFC3339)} {
						if !strings.Contains(message, part) {
							t.Errorf("%s: %q is not in the message: %s", what, part, message)
						}
					}
					if (op.name != "embeddings") != strings.Contains(message, "Free for you right now: ") || strings.ContainsAny(message, "\n{}[]") {
						t.Errorf("%s: not a plain sentence: %s", what, message)
					}
				}
			}
		})
	}
}

// TestSection6_NamedBudget: the message names the budget as its owner named it.
func TestSection6_NamedBudget(t *testing.T) {
	t.Parallel()
	for state, want := range map[string]string{"0": "is 0: free models only", "0.00001": "0.00001 USD left, too little for this call"} {
		g := audited(t, upstreamConfig+fmt.Sprintf("budgets:\n  - { each: user, limit: %s, per: week, zone: Europe/Berlin, name: students of 2026 }\n", state))
		p := g.person(control.KeyChange{})
		a := g.chat(p, "paid", "", nil)
		message := a.errorField(t, "message")
		if a.Status != 429 || !strings.Contains(message, `the budget "students of 2026" of user `+p.user) || !strings.Contains(message, want) {
			t.Errorf("a limit of %s: %s", state, message)
		}
	}
}

// TestSection6_RetryAfter is the time until all budgets that failed have reset, and a
// year for one that never does.
func TestSection6_RetryAfter(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	now := time.Now()
	day, week, month := ledger.Window{Unit: ledger.Day}, ledger.Window{Unit: ledger.Week}, ledger.Window{Unit: ledger.Month}
	rolling := ledger.Window{Unit: ledger.Day, Count: 3, Start: now.Add(-time.Hour).UTC()}
	never := ledger.Window{Unit: ledger.Total}
	latest := func(ws ...ledger.Window) float64 {
		end := now
		for _, w := range ws {
			if e := w.At(now).End; e.After(end) {
				end = e
			}
		}
		return end.Sub(now).Seconds()
	}
	rows := []struct {
		name    string
		windows []ledger.Window
		want    float64
		resets  bool
	}{
		{"day", []ledger.Window{day}, latest(day), true},
		{"week", []ledger.Window{week}, latest(week), true},
		{"month", []ledger.Window{month}, latest(month), true},
		{"three days from an hour ago", []ledger.Window{rolling}, latest(rolling), true},
		{"total", []ledger.Window{never}, 365 * 24 * 3600, false},
		{"day and month", []ledger.Window{day, month}, latest(day, month), true},
		{"month and day", []ledger.Window{month, day}, latest(day, month), true},
		{"day and total", []ledger.Window{day, never}, 365 * 24 * 3600, true},
		{"total and day", []ledger.Window{never, day}, 365 * 24 * 3600, false},
	}
	for _, row := range rows {
		p := g.person(control.KeyChange{})
		for i, w := range row.windows {
			g.window([]ledger.Kind{ledger.Key, ledger.User}[i], p.account([]ledger.Kind{ledger.Key, ledger.User}[i]), "0", w)
		}
		a := g.chat(p, "paid", "", nil)
		got, err := strconv.ParseFloat(a.Header.Get("Retry-After"), 64)
		if a.Status != 429 || err != nil || math.Abs(got-row.want) > 10 {
			t.Errorf("%s: %d, Retry-After %q, want %.0f", row.name, a.Status, a.Header.Get("Retry-After"), row.want)
		}
		if resets := a.member(t, "budget", "resets_at"); (resets != nil) != row.resets {
			t.Errorf("%s: resets_at %v", row.name, resets)
		}
		codex := g.chat(p, "paid", "", header{"User-Agent": "codex_cli_rs/0.169.0"})
		at, ok := codex.member(t, "resets_at").(float64)
		if ever := row.want < 365*24*3600; ok != ever || (ever && math.Abs(at-float64(now.Unix())-row.want) > 10) {
			t.Errorf("%s: Codex is told %v, want %.0f from now", row.name, codex.member(t, "resets_at"), row.want)
		}
	}
}

// TestSection6_Held: when only what running calls hold stands in the way, the refusal
// has a code of its own and may be repeated soon; and then it is served.
func TestSection6_Held(t *testing.T) {
	t.Parallel()
	for _, scope := range ledger.Kinds() {
		t.Run(string(scope), func(t *testing.T) {
			t.Parallel()
			g := audited(t, upstreamConfig+"  both: [paid, paid2]\n")
			p := g.person(control.KeyChange{})
			b := g.budget(p, scope, "0.015") // one hold of a thousand tokens fits, two do not
			g.up.Set("paid", providertest.Script{Hang: true})
			g.up.Reset()
			_, cancel := g.background(p, "/v1/chat/completions", chatBody(p, "paid", `"max_tokens":1000`))
			g.arrived(1)
			g.up.Set("paid2", providertest.Script{})
			for _, c := range clientsTold {
				a := g.chat(p, "paid2", `"max_tokens":1000`, header{"User-Agent": c.agent})
				if a.Status != c.status || a.errorField(t, "code") != "budget_held" || a.errorField(t, "type") != "budget_exceeded" {
					t.Errorf("%s: %d %s", c.agent, a.Status, a.Body)
				}
				wait, err := strconv.Atoi(a.Header.Get("Retry-After"))
				if a.Header.Get("X-Should-Retry") == "false" || err != nil || wait < 1 || wait > 10 {
					t.Errorf("%s: headers %v", c.agent, a.Header)
				}
				if a.member(t, "budget", "state") != "held" || a.member(t, "budget", "id") != b.ID || a.member(t, "budget", "held") == "0" || a.json(t)["error"].(map[string]any)["resets_at"] != nil {
					t.Errorf("%s: %s", c.agent, a.Body)
				}
				if !strings.Contains(a.errorField(t, "message"), "held by running requests") {
					t.Errorf("%s: %s", c.agent, a.Body)
				}
			}
			if a := g.chat(p, "free", "", nil); a.Status != 200 {
				t.Errorf("free: %d %s", a.Status, a.Body)
			}
			// What would not fit by itself either lasts.
			if a := g.chat(p, "paid2", `"max_tokens":5000`, nil); a.errorField(t, "code") != "budget_exceeded" || a.Header.Get("X-Should-Retry") != "false" {
				t.Errorf("too large in any case: %s", a.Body)
			}
			// So does one of which only one of two is held.
			zero := accounting.Money(0)
			other := must(g.srv.control.CreateBudget(context.Background(), ledger.Budget{Kind: ledger.User, Owner: p.user, Models: []string{"paid2"}, Limit: &zero,
				Window: ledger.Window{Unit: ledger.Day}}))(t)
			if a := g.chat(p, "paid2", `"max_tokens":1000`, nil); a.errorField(t, "code") != "budget_exceeded" || a.Header.Get("X-Should-Retry") != "false" {
				t.Errorf("held and zero: %s", a.Body)
			}
			if err := g.srv.control.DeleteBudget(context.Background(), other.ID); err != nil {
				t.Fatal(err)
			}
			// Of two deployments, one for ever out of reach and one held: that is the better news.
			g.window(ledger.User, p.user, "0", ledger.Window{Unit: ledger.Day}, "cloud/paid")
			if a := g.chat(p, "both", `"max_tokens":1000`, nil); a.errorField(t, "code") != "budget_held" {
				t.Errorf("one spent and one held: %s", a.Body)
			}
			cancel()
			g.settled()
			if a := g.chat(p, "paid2", `"max_tokens":1000`, nil); a.Status != 200 {
				t.Errorf("after the running call: %d %s", a.Status, a.Body)
			}
		})
	}
}

// TestSection6_OtherRefusals: no other shortage looks like one of money.
func TestSection6_OtherRefusals(t *testing.T) {
	t.Parallel()
	g := audited(t, routesConfig)
	g.up.Set("free-busy", providertest.Script{Status: 503})
	g.up.Set("free-limited", providertest.Script{Status: 429, Header: map[string][]string{"Retry-After": {"7"}}})
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "5")
	for _, c := range clientsTold {
		for model, want := range map[string]struct {
			status     int
			kind, code string
			retry      string // X-Should-Retry
			after      string
		}{
			"unknown":          {402, "price_unknown", "price_unknown", "false", ""},
			"gpu/free-busy":    {503, "service_unavailable_error", "no_healthy_upstream", "", "1"},
			"gpu/free-limited": {429, "rate_limit_error", "upstream_rate_limit", "", "7"},
			"nothing":          {404, "invalid_request_error", "model_not_found", "", ""},
		} {
			g.mend()
			a := g.chat(p, model, "", header{"User-Agent": c.agent})
			if a.Status != want.status || a.errorField(t, "type") != want.kind || a.errorField(t, "code") != want.code ||
				a.Header.Get("X-Should-Retry") != want.retry || a.Header.Get("Retry-After") != want.after {
				t.Errorf("%s by %s: %d %v %s", model, c.agent, a.Status, a.Header, a.Body)
			}
			if strings.Contains(a.Body, `"budget"`) {
				t.Errorf("%s by %s names a budget: %s", model, c.agent, a.Body)
			}
		}
	}
}

// TestSection6_FreeModels lists what this caller may use right now, most capable
// first, and only what does what was asked.
func TestSection6_FreeModels(t *testing.T) {
	t.Parallel()
	g := audited(t, `
providers:
  box: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, prices: openai, price: free }
  laptop: { kind: ollama, url: UPSTREAM }
  cloud: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 } }
models:
  paid: cloud/paid
  paid-embedder: cloud/e
  short: box/gpt-4
  middle: box/gpt-4o
  long: box/gpt-4.1
  vectors: box/text-embedding-3-small
  nobody-knows: box/something
  mixed: [cloud/paid, box/gpt-5]
`)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.Key, "0")
	list := func(p person, op operation, model string) []string {
		a := g.ask(op, p, model, nil)
		if a.Status != 429 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		return a.texts(t, "free_models")
	}
	if got, want := list(p, operations[0], "paid"), []string{"long", "mixed", "middle", "short", "test-model", "nobody-knows"}; !slices.Equal(got, want) {
		t.Errorf("free models %v, want %v", got, want)
	}
	if got, want := list(p, operations[4], "paid-embedder"), []string{"vectors"}; !slices.Equal(got, want) {
		t.Errorf("free models for embeddings %v, want %v", got, want)
	}
	q := g.person(control.KeyChange{Models: &[]string{"paid*", "m*", "short"}})
	g.budget(q, ledger.Key, "0")
	if got, want := list(q, operations[0], "paid"), []string{"mixed", "middle", "short"}; !slices.Equal(got, want) {
		t.Errorf("free models that the key may use %v, want %v", got, want)
	}
	if got := list(q, operations[4], "paid-embedder"); len(got) != 0 {
		t.Errorf("free models for embeddings that the key may use: %v", got)
	}
	for _, model := range list(p, operations[0], "paid") {
		if a := g.chat(p, model, "", nil); a.Status != 200 {
			t.Errorf("%s was promised: %d %s", model, a.Status, a.Body)
		}
	}
}
