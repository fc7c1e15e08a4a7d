package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// routesConfig has every kind of route. A deployment's price state is the first
// word of its upstream name, so that a call that should not have been made tells.
const routesConfig = `
providers:
  gpu:    { kind: vllm, url: UPSTREAM/v1 }
  gpu2:   { kind: lmstudio, url: UPSTREAM/v1 }
  slow:   { kind: vllm, url: UPSTREAM/v1, first_byte: 150ms }
  dead:   { kind: vllm, url: http://127.0.0.1:1/v1 }
  cloud:  { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 } }
  blank:  { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY }
  listed: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, prices: openai }
models:
  free: gpu/free
  paid: cloud/paid
  paid2: cloud/paid2
  unknown: blank/unknown

  free-1: free
  free-2: free-1
  free-3: free-2
  free-4: free-3
  paid-1: paid
  paid-2: paid-1
  paid-3: paid-2
  paid-4: paid-3
  unknown-1: unknown
  unknown-2: unknown-1

  all-free: { targets: [ { to: gpu/free, order: 1 }, { to: gpu2/free2, order: 1 } ] }
  all-free-in-order: [gpu/free, gpu2/free2]
  all-paid: { targets: [ { to: cloud/paid, order: 1 }, { to: cloud/paid2, order: 1 } ] }
  all-paid-in-order: [cloud/paid, cloud/paid2]

  mixed: { targets: [ { to: gpu/free, order: 1 }, { to: cloud/paid, order: 1 } ] }
  mixed-paid-heavy: { targets: [ { to: gpu/free, order: 1, weight: 1 }, { to: cloud/paid, order: 1, weight: 1000 } ] }
  mixed-free-heavy: { targets: [ { to: gpu/free, order: 1, weight: 1000 }, { to: cloud/paid, order: 1, weight: 1 } ] }
  mixed-1: mixed-paid-heavy
  mixed-2: mixed-1
  free-then-paid: [gpu/free, cloud/paid]
  paid-then-free: [cloud/paid, gpu/free]
  paids-then-free: [cloud/paid, cloud/paid2, gpu/free]
  paid-then-free-1: paid-then-free
  names-in-order: [paid, free]

  free-unknown: { targets: [ { to: gpu/free, order: 1 }, { to: blank/unknown, order: 1, weight: 1000 } ] }
  free-then-unknown: [gpu/free, blank/unknown]
  unknown-then-free: [blank/unknown, gpu/free]
  paid-then-unknown: [cloud/paid, blank/unknown]
  unknown-then-paid: [blank/unknown, cloud/paid]

  busy-mixed: { targets: [ { to: gpu/free-busy, order: 1 }, { to: cloud/paid, order: 1 } ] }
  busy-then-paid: [gpu/free-busy, cloud/paid]
  busy-then-unknown: [gpu/free-busy, blank/unknown]
  busy-then-free: [gpu/free-busy, cloud/paid, gpu2/free2]
  limited-then-paid: [gpu/free-limited, cloud/paid]
  broken-then-paid: [gpu/free-broken, cloud/paid]
  dead-mixed: { targets: [ { to: dead/free, order: 1 }, { to: cloud/paid, order: 1 } ] }
  dead-then-paid: [dead/free, cloud/paid]
  hung-then-paid: [slow/free-hung, cloud/paid]
  hung-mixed: { targets: [ { to: slow/free-hung, order: 1, weight: 1000 }, { to: cloud/paid, order: 1 } ] }

  "gpu/*": gpu/*
  "cloud/*": cloud/*
  "blank/*": blank/*
  "listed/*": listed/*
  "any/*": { targets: [ { to: gpu/*, order: 1 }, { to: cloud/*, order: 2 } ] }
`

func routes(t *testing.T) *gate {
	t.Helper()
	g := audited(t, routesConfig)
	const said = `{"error":{"message":"the engine says no","type":"engine_error","code":null}}`
	g.up.Set("free-busy", providertest.Script{Status: 503, Body: said})
	g.up.Set("free-limited", providertest.Script{Status: 429, Body: said})
	g.up.Set("free-broken", providertest.Script{Status: 500, Body: said})
	g.up.Set("free-hung", providertest.Script{Hang: true})
	return g
}

// cellB is what a row of table B asks for.
type cellB struct {
	model   string
	by      []string // deployments that may answer; nil: refused
	skipped []string // deployments that must have been passed over for money
	maybe   bool     // they may also not have come up, because a free one was drawn first
	reason  string   // why they were passed over

	status int    // of a refusal
	kind   string // its type
	code   string
}

func servedB(model string, by ...string) cellB { return cellB{model: model, by: by} }

func (c cellB) past(skipped ...string) cellB {
	c.skipped, c.reason = skipped, "budget_exceeded"
	return c
}

func (c cellB) perhaps() cellB           { c.maybe = true; return c }
func (c cellB) because(why string) cellB { c.reason = why; return c }
func refusedB(model string) cellB {
	return cellB{model: model, status: 429, kind: "budget_exceeded", code: "budget_exceeded"}
}
func unpricedB(model string) cellB {
	return cellB{model: model, status: 402, kind: "price_unknown", code: "price_unknown"}
}
func failedB(model string, status int, kind, code string) cellB {
	return cellB{model: model, status: status, kind: kind, code: code}
}

// tableB is every route for a caller who cannot pay.
var tableB = []cellB{
	servedB("free", "gpu/free"),
	refusedB("paid"),
	unpricedB("unknown"),

	servedB("free-1", "gpu/free"), servedB("free-2", "gpu/free"), servedB("free-3", "gpu/free"), servedB("free-4", "gpu/free"),
	refusedB("paid-1"), refusedB("paid-2"), refusedB("paid-3"), refusedB("paid-4"),
	unpricedB("unknown-1"), unpricedB("unknown-2"),

	servedB("all-free", "gpu/free", "gpu2/free2"),
	servedB("all-free-in-order", "gpu/free"),
	refusedB("all-paid"), refusedB("all-paid-in-order"),

	servedB("mixed", "gpu/free").past("cloud/paid").perhaps(),
	servedB("mixed-paid-heavy", "gpu/free").past("cloud/paid").perhaps(),
	servedB("mixed-free-heavy", "gpu/free").past("cloud/paid").perhaps(),
	servedB("mixed-1", "gpu/free").past("cloud/paid").perhaps(),
	servedB("mixed-2", "gpu/free").past("cloud/paid").perhaps(),
	servedB("free-then-paid", "gpu/free"),
	servedB("paid-then-free", "gpu/free").past("cloud/paid"),
	servedB("paids-then-free", "gpu/free").past("cloud/paid", "cloud/paid2"),
	servedB("paid-then-free-1", "gpu/free").past("cloud/paid"),
	servedB("names-in-order", "gpu/free").past("cloud/paid"),

	servedB("free-unknown", "gpu/free").past("blank/unknown").because("price_unknown").perhaps(),
	servedB("free-then-unknown", "gpu/free"),
	servedB("unknown-then-free", "gpu/free").past("blank/unknown").because("price_unknown"),
	refusedB("paid-then-unknown"), refusedB("unknown-then-paid"),

	failedB("busy-mixed", 503, "service_unavailable_error", "no_healthy_upstream").past("cloud/paid"),
	failedB("busy-then-paid", 503, "service_unavailable_error", "no_healthy_upstream").past("cloud/paid"),
	failedB("busy-then-unknown", 503, "service_unavailable_error", "no_healthy_upstream").past("blank/unknown").because("price_unknown"),
	servedB("busy-then-free", "gpu2/free2").past("cloud/paid"),
	failedB("limited-then-paid", 429, "rate_limit_error", "upstream_rate_limit").past("cloud/paid"),
	failedB("broken-then-paid", 502, "upstream_error", "upstream_error").past("cloud/paid"),
	failedB("dead-mixed", 503, "service_unavailable_error", "no_healthy_upstream").past("cloud/paid"),
	failedB("dead-then-paid", 503, "service_unavailable_error", "no_healthy_upstream").past("cloud/paid"),

	servedB("gpu/free", "gpu/free"), servedB("gpu/free-whatever", "gpu/free-whatever"),
	servedB("gpu/free/gpt-5", "gpu/free/gpt-5"), // the provider decides, not the name
	refusedB("cloud/paid"), refusedB("cloud/paid-whatever"),
	refusedB("listed/gpt-5-mini"), unpricedB("listed/unknown"), unpricedB("blank/gpt-5-mini"),
	servedB("any/free-whatever", "gpu/free-whatever"),
}

// TestTableB_CannotPay enumerates the routes for callers who can pay for nothing, in
// every scope, every way to be out of money, and every operation. Whatever is
// answered, no paid deployment is called and no counter moves.
func TestTableB_CannotPay(t *testing.T) {
	for _, scope := range ledger.Kinds() {
		for _, state := range []string{"zero", "tight", "spent"} {
			t.Run(string(scope)+"/"+state, func(t *testing.T) {
				t.Parallel()
				g := routes(t)
				p := g.person(control.KeyChange{})
				g.broke(p, scope, state)
				before := g.books()
				for _, c := range tableB {
					for _, op := range operations {
						g.cellB(p, c, op, string(scope))
					}
				}
				if now := g.books(); now != before {
					t.Errorf("the books moved from %+v to %+v", before, now)
				}
				if n := g.query("select count(*) from entries where deployment like 'gpu%'"); n != 0 {
					t.Errorf("%d entries of free models", n)
				}
			})
		}
	}
}

func (g *gate) cellB(p person, c cellB, op operation, scope string) {
	t := g.t
	t.Helper()
	g.up.Reset()
	g.mend()
	a := g.ask(op, p, c.model, nil)
	what := op.name + " of " + c.model
	for _, m := range g.called() {
		if !strings.HasPrefix(m, "free") {
			t.Fatalf("%s: %s was called, which is not free", what, m)
		}
	}
	if c.by != nil {
		if a.Status != 200 || !slices.Contains(c.by, a.Header.Get("X-Tollgate-Deployment")) {
			t.Errorf("%s: %d by %q, want one of %v: %s", what, a.Status, a.Header.Get("X-Tollgate-Deployment"), c.by, a.Body)
			return
		}
		if a.Header.Get("X-Tollgate-Price") != "free" || a.Header.Get("X-Tollgate-Cost") != "" {
			t.Errorf("%s: price %q, cost %q", what, a.Header.Get("X-Tollgate-Price"), a.Header.Get("X-Tollgate-Cost"))
		}
		if op.stream && !op.ended(a) {
			t.Errorf("%s: the stream did not end: %s", what, a.Body)
		}
		g.substituted(what, a, c)
		return
	}
	if a.Status != c.status || a.errorField(t, "type") != c.kind || a.errorField(t, "code") != c.code {
		t.Errorf("%s: %d, want %d %s %s: %s", what, a.Status, c.status, c.kind, c.code, a.Body)
		return
	}
	switch {
	case c.kind == "budget_exceeded":
		if got := a.member(t, "budget", "scope"); got != scope {
			t.Errorf("%s: refused by the budget of %v, want %s", what, got, scope)
		}
		if free := a.texts(t, "free_models"); op.name != "embeddings" && !slices.Contains(free, "free") {
			t.Errorf("%s: the free models are %v", what, free)
		}
		if n := len(g.called()); n != 0 {
			t.Errorf("%s: refused, and %d calls were made", what, n)
		}
	case c.skipped != nil:
		got := a.texts(t, "fallback_skipped", "deployments")
		if !slices.Equal(got, c.skipped) || a.member(t, "fallback_skipped", "reason") != c.reason {
			t.Errorf("%s: skipped %v, want %v because of %s: %s", what, got, c.skipped, c.reason, a.Body)
		}
		if !strings.Contains(a.errorField(t, "message"), strings.Join(c.skipped, ", ")) {
			t.Errorf("%s: the message does not name what was skipped: %s", what, a.Body)
		}
	}
}

// substituted checks that the header and the log say what was passed over and why.
func (g *gate) substituted(what string, a answer, c cellB) {
	t := g.t
	t.Helper()
	got := a.Header.Get("X-Tollgate-Fallback")
	line := g.line(a.Header.Get("X-Request-Id"))
	if c.skipped == nil || (c.maybe && got == "") {
		if got != "" || line["skipped"] != nil {
			t.Errorf("%s: something was passed over: %q, %v", what, got, line["skipped"])
		}
		return
	}
	if want := c.reason + "; skipped=" + strings.Join(c.skipped, ","); got != want {
		t.Errorf("%s: the header says %q, want %q", what, got, want)
	}
	if fmt.Sprint(line["skipped"]) != fmt.Sprint(c.skipped) || line["skipped_for"] != c.reason {
		t.Errorf("%s: the log says %v because of %v", what, line["skipped"], line["skipped_for"])
	}
}

// TestTableB_WeightsWithoutMoney draws often: the weight of what cannot be paid for
// never takes a call away from the free deployment.
func TestTableB_WeightsWithoutMoney(t *testing.T) {
	t.Parallel()
	g := routes(t)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.Key, "0")
	for _, model := range []string{"mixed", "mixed-paid-heavy", "mixed-free-heavy", "mixed-2", "free-unknown"} {
		g.up.Reset()
		for range 25 {
			if a := g.chat(p, model, "", nil); a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != "gpu/free" {
				t.Fatalf("%s: %d %v %s", model, a.Status, a.Header, a.Body)
			}
		}
		if n := len(g.called()); n != 25 {
			t.Errorf("%s: %d upstream calls for 25 requests", model, n)
		}
	}
}

// TestTableB_FreeOneTimesOut has a free deployment that never answers. That call may
// have been served, so it is tried nowhere else, whoever pays; and never on a paid one.
func TestTableB_FreeOneTimesOut(t *testing.T) {
	t.Parallel()
	g := routes(t)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "0")
	for _, model := range []string{"hung-then-paid", "hung-mixed"} {
		for _, op := range operations {
			g.up.Reset()
			g.mend()
			a := g.ask(op, p, model, nil)
			if a.Status != 504 || a.errorField(t, "code") != "upstream_timeout" {
				t.Errorf("%s of %s: %d %s", op.name, model, a.Status, a.Body)
			}
			if got := g.called(); !slices.Equal(got, []string{"free-hung"}) {
				t.Errorf("%s of %s called %v", op.name, model, got)
			}
		}
	}
}

// TestTableB_FreeStreamFailsAtOnce: a stream whose first event is an error is an
// attempt that failed, as if its status had said so.
func TestTableB_FreeStreamFailsAtOnce(t *testing.T) {
	t.Parallel()
	g := routes(t)
	g.up.Set("free-busy", providertest.Script{Header: http.Header{"Content-Type": {"text/event-stream"}},
		Body: `data: {"error":{"message":"the engine says no","type":"server_error","code":500}}` + "\n\ndata: [DONE]\n\n"})
	broke, rich := g.person(control.KeyChange{}), g.person(control.KeyChange{})
	g.budget(broke, ledger.User, "0")
	b := g.budget(rich, ledger.User, "5")
	for _, op := range operations {
		if !op.stream {
			continue
		}
		for _, model := range []string{"busy-then-paid", "busy-mixed"} {
			g.up.Reset()
			g.mend()
			a := g.ask(op, broke, model, nil)
			if a.Status != 502 || a.errorField(t, "code") != "upstream_error" || !slices.Equal(a.texts(t, "fallback_skipped", "deployments"), []string{"cloud/paid"}) ||
				!slices.Equal(g.called(), []string{"free-busy"}) {
				t.Errorf("%s of %s without money: %d %s after %v", op.name, model, a.Status, a.Body, g.called())
			}
			before := g.posted(b)
			if a := g.ask(op, rich, model, nil); a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != "cloud/paid" || g.posted(b) == before {
				t.Errorf("%s of %s with money: %d %s", op.name, model, a.Status, a.Body)
			}
		}
	}
}

// TestTableB_CanPay is the same routes for callers with money, with no limit and
// with no budget at all: ordinary routing.
func TestTableB_CanPay(t *testing.T) {
	rows := []cellB{
		servedB("free", "gpu/free"), servedB("paid", "cloud/paid"),
		servedB("free-4", "gpu/free"), servedB("paid-4", "cloud/paid"),
		servedB("all-free", "gpu/free", "gpu2/free2"), servedB("all-free-in-order", "gpu/free"),
		servedB("all-paid", "cloud/paid", "cloud/paid2"), servedB("all-paid-in-order", "cloud/paid"),
		servedB("mixed", "gpu/free", "cloud/paid"), servedB("mixed-2", "gpu/free", "cloud/paid"),
		servedB("free-then-paid", "gpu/free"), servedB("paid-then-free", "cloud/paid"), servedB("paids-then-free", "cloud/paid"),
		servedB("names-in-order", "cloud/paid"), servedB("free-then-unknown", "gpu/free"), servedB("paid-then-unknown", "cloud/paid"),
		servedB("busy-mixed", "cloud/paid"), servedB("busy-then-paid", "cloud/paid"), servedB("busy-then-free", "cloud/paid"),
		servedB("limited-then-paid", "cloud/paid"), servedB("broken-then-paid", "cloud/paid"),
		servedB("dead-mixed", "cloud/paid"), servedB("dead-then-paid", "cloud/paid"),
		servedB("gpu/free-whatever", "gpu/free-whatever"), servedB("cloud/paid-whatever", "cloud/paid-whatever"),
		servedB("listed/gpt-5-mini", "listed/gpt-5-mini"), servedB("any/free-whatever", "gpu/free-whatever"),
	}
	limits := map[string]struct {
		limit   string
		unknown []cellB
	}{
		"room": {"5", []cellB{unpricedB("unknown"), unpricedB("unknown-2"), unpricedB("listed/unknown"), unpricedB("blank/gpt-5-mini"),
			servedB("unknown-then-free", "gpu/free").past("blank/unknown").because("price_unknown"),
			servedB("unknown-then-paid", "cloud/paid").past("blank/unknown").because("price_unknown"),
			failedB("busy-then-unknown", 503, "service_unavailable_error", "no_healthy_upstream").past("blank/unknown").because("price_unknown")}},
		"none": {"", []cellB{servedB("unknown", "blank/unknown"), servedB("unknown-2", "blank/unknown"), servedB("listed/unknown", "listed/unknown"),
			servedB("blank/gpt-5-mini", "blank/gpt-5-mini"), servedB("unknown-then-free", "blank/unknown"), servedB("busy-then-unknown", "blank/unknown")}},
	}
	for name, l := range limits {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := routes(t)
			p := g.person(control.KeyChange{})
			if l.limit != "" {
				for _, k := range ledger.Kinds() {
					g.budget(p, k, l.limit)
				}
			}
			for _, c := range append(slices.Clone(rows), l.unknown...) {
				for _, op := range operations {
					g.mend()
					a := g.ask(op, p, c.model, nil)
					what := op.name + " of " + c.model
					if c.by == nil {
						if a.Status != c.status || a.errorField(t, "code") != c.code {
							t.Errorf("%s: %d, want %d %s: %s", what, a.Status, c.status, c.code, a.Body)
						}
						continue
					}
					dep, price := a.Header.Get("X-Tollgate-Deployment"), a.Header.Get("X-Tollgate-Price")
					if a.Status != 200 || !slices.Contains(c.by, dep) {
						t.Errorf("%s: %d by %q, want one of %v: %s", what, a.Status, dep, c.by, a.Body)
						continue
					}
					g.substituted(what, a, c)
					entries := g.entries(a.Header.Get("X-Request-Id"))
					switch {
					case price == "free" && len(entries) != 0:
						t.Errorf("%s: a free call has entries: %+v", what, entries)
					case price == "paid" && (len(entries) != 1 || entries[0].Deployment != dep || entries[0].Cost == nil || *entries[0].Cost <= 0):
						t.Errorf("%s: a paid call has entries %+v", what, entries)
					case price == "unknown" && (len(entries) != 1 || entries[0].Cost != nil):
						t.Errorf("%s: an unpriced call has entries %+v", what, entries)
					}
				}
			}
		})
	}
}

// TestTableB_WeightsWithMoney: with money the weights decide.
func TestTableB_WeightsWithMoney(t *testing.T) {
	t.Parallel()
	g := routes(t)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.Key, "5")
	for model, want := range map[string]string{"mixed-paid-heavy": "cloud/paid", "mixed-free-heavy": "gpu/free"} {
		n := 0
		for range 25 {
			if g.chat(p, model, "", nil).Header.Get("X-Tollgate-Deployment") == want {
				n++
			}
		}
		if n < 22 { // each draw goes elsewhere once in a thousand
			t.Errorf("%s: %s answered %d of 25 calls", model, want, n)
		}
	}
}

// TestTableB_BudgetFallback is the chain that a key names for when it cannot pay:
// the first that can be paid for is served, and the answer and the log say so.
func TestTableB_BudgetFallback(t *testing.T) {
	only := func(models ...string) []string { return models }
	rows := []struct {
		name    string
		chain   []string
		budgets map[string][]string // limit -> models that it is for
		model   string
		by      string // "" is refused
		as      string
		skipped []string
	}{
		{"nothing asked that costs", []string{"paid2"}, map[string][]string{"0": nil}, "free", "gpu/free", "free", nil},
		{"no money at all", []string{"paid2", "free"}, map[string][]string{"0": nil}, "paid", "gpu/free", "free", []string{"cloud/paid", "cloud/paid2"}},
		{"money for the second", []string{"paid2", "free"}, map[string][]string{"0": only("paid"), "5": only("paid2")}, "paid", "cloud/paid2", "paid2", []string{"cloud/paid"}},
		{"no money for the second either", []string{"paid2", "free"}, map[string][]string{"0": only("paid"), "0.00001": only("paid2")}, "paid", "gpu/free", "free", []string{"cloud/paid", "cloud/paid2"}},
		{"money for the first", []string{"paid2", "free"}, map[string][]string{"5": nil}, "paid", "cloud/paid", "paid", nil},
		{"through an alias", []string{"free-4"}, map[string][]string{"0": nil}, "paid-4", "gpu/free", "free-4", []string{"cloud/paid"}},
		{"to a group", []string{"mixed-free-heavy"}, map[string][]string{"0": nil}, "all-paid-in-order", "gpu/free", "mixed-free-heavy", nil},
		{"an unpriced one", []string{"free"}, map[string][]string{"5": nil}, "unknown", "gpu/free", "free", []string{"blank/unknown"}},
		{"only what costs too", []string{"paid2", "paid-1"}, map[string][]string{"0": nil}, "paid", "", "", nil},
		{"to what there is not", []string{"nothing", "free"}, map[string][]string{"0": nil}, "paid", "gpu/free", "free", []string{"cloud/paid"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			g := routes(t)
			p := g.person(fallback(row.chain...))
			for limit, models := range row.budgets {
				g.budget(p, ledger.Team, limit, models...)
			}
			for _, op := range operations {
				g.up.Reset()
				a := g.ask(op, p, row.model, nil)
				if row.by == "" {
					if a.Status != 429 || a.errorField(t, "code") != "budget_exceeded" || len(g.called()) != 0 {
						t.Errorf("%s: %d %s, calls %v", op.name, a.Status, a.Body, g.called())
					}
					continue
				}
				if a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != row.by || a.Header.Get("X-Tollgate-Model") != row.as {
					t.Errorf("%s: %d by %q as %q: %s", op.name, a.Status, a.Header.Get("X-Tollgate-Deployment"), a.Header.Get("X-Tollgate-Model"), a.Body)
					continue
				}
				if len(g.called()) != 1 {
					t.Errorf("%s: called %v", op.name, g.called())
				}
				if row.skipped != nil {
					if got := a.Header.Get("X-Tollgate-Fallback"); !strings.HasSuffix(got, "; skipped="+strings.Join(row.skipped, ",")) {
						t.Errorf("%s: the header says %q", op.name, got)
					}
				}
				line := g.line(a.Header.Get("X-Request-Id"))
				if served := line["served_as"]; (row.as == row.model) != (served == nil) || (served != nil && served != row.as) {
					t.Errorf("%s: the log says served as %v", op.name, served)
				}
			}
		})
	}
}

// TestTableB_FallbackDenied: a client that forbids substitution is refused instead.
func TestTableB_FallbackDenied(t *testing.T) {
	rows := []struct {
		model string
		chain []string
		by    string // "" is refused
	}{
		{"paid", []string{"paid2", "free"}, ""},
		{"paid-2", []string{"free"}, ""},
		{"paid-then-free", nil, ""},
		{"paids-then-free", nil, ""},
		{"names-in-order", nil, ""},
		{"unknown-then-free", nil, ""},
		{"all-paid", []string{"free"}, ""},
		// What has nothing put in its place is served as ever.
		{"free", []string{"paid"}, "gpu/free"},
		{"free-then-paid", nil, "gpu/free"},
		{"mixed-paid-heavy", nil, "gpu/free"},
		{"all-free", nil, ""},
	}
	for _, row := range rows {
		t.Run(row.model, func(t *testing.T) {
			t.Parallel()
			g := routes(t)
			p := g.person(fallback(row.chain...))
			g.budget(p, ledger.EndUser, "0")
			for _, say := range []string{"deny", "Deny", "DENY"} {
				for _, op := range operations {
					g.up.Reset()
					a := g.ask(op, p, row.model, header{"X-Tollgate-Fallback": say})
					switch {
					case row.model == "all-free":
						if a.Status != 200 || !strings.HasPrefix(a.Header.Get("X-Tollgate-Deployment"), "gpu") {
							t.Errorf("%s: %d %s", op.name, a.Status, a.Body)
						}
					case row.by != "":
						if a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != row.by {
							t.Errorf("%s: %d %s", op.name, a.Status, a.Body)
						}
					default:
						if (a.Status != 429 && a.Status != 402) || len(g.called()) != 0 {
							t.Errorf("%s: %d %s, calls %v", op.name, a.Status, a.Body, g.called())
						}
					}
				}
			}
		})
	}
}

// TestFallbackHeaderIsRead: a client that says in other words that it wants nothing else is
// told the word, and served nothing.
func TestFallbackHeaderIsRead(t *testing.T) {
	t.Parallel()
	g := routes(t)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.EndUser, "0")
	for _, say := range []string{"no", "none", "allow", "deny, deny", "denied"} {
		for _, op := range operations {
			g.up.Reset()
			a := g.ask(op, p, "paid-then-free", header{"X-Tollgate-Fallback": say})
			if a.Status != 400 || !strings.Contains(a.Body, "X-Tollgate-Fallback: it is `deny`, or left out") || len(g.called()) != 0 {
				t.Errorf("%s, %q: %d %s, calls %v", op.name, say, a.Status, a.Body, g.called())
			}
		}
	}
	if a := g.chat(p, "paid-then-free", "", header{"X-Tollgate-Fallback": ""}); a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != "gpu/free" {
		t.Errorf("with nothing in it: %d %s", a.Status, a.Body)
	}
}

// TestTableB_NotServed: what this release has no meter for is not served at all, by
// whatever path it is asked for.
func TestTableB_NotServed(t *testing.T) {
	t.Parallel()
	g := routes(t)
	p := g.person(control.KeyChange{})
	g.up.Reset()
	for _, r := range []struct{ method, path string }{
		{"POST", "/v1/batches"}, {"GET", "/v1/batches"}, {"POST", "/v1/files"}, {"GET", "/v1/files"},
		{"POST", "/v1/images"}, {"POST", "/v1/audio"}, {"POST", "/v1/audio/voices"}, {"POST", "/v2/embed"}, {"POST", "/v2/score"}, {"POST", "/pooling"}, {"POST", "/classify"},
		{"POST", "/v1/responses/compact/x"}, {"GET", "/v1/responses/x/y"}, {"POST", "/v1/conversations"}, {"POST", "/v1/messages/batches"},
		{"POST", "/v1/videos"}, {"POST", "/v1/realtime/sessions"}, {"POST", "/v1/assistants"}, {"POST", "/v1/threads"}, {"POST", "/v1/vector_stores"},
		{"POST", "/v1/fine_tuning/jobs"}, {"POST", "/v1/search"}, {"POST", "/v1/tools"},
		{"POST", "/cloud/v1/chat/completions"}, {"POST", "/gpu/v1/chat/completions"}, {"POST", "/openai/v1/chat/completions"}, {"POST", "/passthrough/cloud"},
		{"POST", "/api/chat"}, {"POST", "/api/generate"},
		{"POST", "/v1/chat/completions/extra"}, {"POST", "/v1/v1/chat/completions"},
	} {
		a := g.do(r.method, r.path, p.key, `{"model":"paid","input":"x","messages":[{"role":"user","content":"hi"}]}`, nil)
		kind := "invalid_request_error"
		if strings.HasPrefix(r.path, "/v1/messages") {
			kind = "not_found_error" // as Anthropic says it
		}
		if a.Status != 404 || a.errorField(t, "type") != kind || a.errorField(t, "code") != "unknown_path" || a.errorField(t, "message") == "" {
			t.Errorf("%s %s: %d %s", r.method, r.path, a.Status, a.Body)
		}
	}
	if calls := g.called(); len(calls) != 0 {
		t.Errorf("calls were made: %v", calls)
	}
	if got := g.books(); got != (books{}) {
		t.Errorf("something was booked: %+v", got)
	}
}

// TestTableB_EachByItsOwnNames: of several names that one leads to, what is said of one is
// said of what stands under it alone: nothing else is counted for it, held up by its budget,
// or by its rate limit.
func TestTableB_EachByItsOwnNames(t *testing.T) {
	t.Parallel()
	g := audited(t, `
providers:
  gpu:   { kind: vllm, url: UPSTREAM/v1 }
  cloud: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 } }
models:
  free: gpu/free
  small: cloud/small
  big: cloud/big
  large: big
  up: [small, large]
  beside: { targets: [ { to: small, order: 1 }, { to: large, order: 1, weight: 1000 } ] }
  down: [large, free]
limits:
  - { each: user, models: [big], requests_per_minute: 1 }
`)
	for _, name := range []string{"big", "large"} {
		p := g.person(control.KeyChange{})
		b := g.budget(p, ledger.User, "1", name)
		if a := g.chat(p, "up", "", nil); a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != "cloud/small" || g.posted(b) != 0 {
			t.Errorf("%d %v, %d posted to the budget of %s", a.Status, a.Header, g.posted(b), name)
		}
		if a := g.chat(p, "down", "", nil); a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != "cloud/big" || g.posted(b) == 0 {
			t.Errorf("%d %v, %d posted to the budget of %s", a.Status, a.Header, g.posted(b), name)
		}
		if a := g.chat(p, "down", "", nil); a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != "gpu/free" {
			t.Errorf("free beside a limit of %s: %d %v", name, a.Status, a.Header)
		}
		q := g.person(control.KeyChange{})
		g.budget(q, ledger.User, "0", name)
		for _, model := range []string{"up", "beside"} {
			if a := g.chat(q, model, "", nil); a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != "cloud/small" {
				t.Errorf("%s without money for %s: %d %v %s", model, name, a.Status, a.Header, a.Body)
			}
		}
	}
}
