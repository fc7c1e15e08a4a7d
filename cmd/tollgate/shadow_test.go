package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// shadowConfig has free models with and without a shadow price. One call of dear would
// cost more than five dollars.
const shadowConfig = `
providers:
  gpu:    { kind: vllm, url: UPSTREAM/v1, shadow_price: { input: 1, output: 10 } }
  plain:  { kind: vllm, url: UPSTREAM/v1 }
  laptop: { kind: ollama, url: UPSTREAM, shadow_price: { input: 2, output: 3 } }
  cloud:  { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, shadow_price: { input: 500, output: 500 } }
models:
  free: gpu/free
  alias: free
  silent: plain/silent
  local: laptop/local
  dear: { to: gpu/dear, shadow_price: { input: 1000, cached_input: 100, output: 1000, request: 5, flex: { input: 500, output: 500 } } }
  half: { to: gpu/half, shadow_price: { input: 1 } }
  given: { to: cloud/given, price: free }
  paid: { to: cloud/paid, price: { input: 1, output: 10 } }
  unknown: cloud/unknown
  target: { shadow_price: { input: 7 }, targets: [ { to: gpu/target, shadow_price: { input: 3, output: 4 } } ] }
`

// unknownWorth is what worth gives for null.
const unknownWorth = -1

// worth is what the record of a free call says, once it is written.
func (g *gate) worth(requestID string) int64 {
	g.t.Helper()
	g.eventually("request "+requestID+" is recorded", func() bool {
		return g.query("select count(*) from calls where request_id = ?", requestID) == 1
	})
	return g.query("select coalesce(worth, -1) from calls where request_id = ?", requestID)
}

// TestShadowPrice: free calls are recorded with what they would have cost, exactly, in
// every way of asking, and nothing that a budget reads knows of it.
func TestShadowPrice(t *testing.T) {
	t.Parallel()
	g := audited(t, shadowConfig)
	p := g.person(control.KeyChange{})
	var budgets []ledger.Budget
	for _, k := range ledger.Kinds() {
		budgets = append(budgets, g.budget(p, k, "1"))
	}
	var written []func() // what is left to be checked of records, which come in batches
	untouched := func(when string) {
		t.Helper()
		for _, check := range written {
			check()
		}
		written = nil
		if got := g.books(); got != (books{}) {
			t.Fatalf("%s: the books have %+v", when, got)
		}
		for _, b := range budgets {
			for _, s := range must(g.srv.control.Standings(context.Background(), ledger.Account{Kind: b.Kind, ID: b.Owner}))(t) {
				if s.Standing != (ledger.Standing{}) {
					t.Fatalf("%s: %s stands at %+v", when, b.Kind, s.Standing)
				}
			}
		}
	}
	g.up.Set("dear", providertest.Script{CachedTokens: 4, ReasoningTokens: 2})
	g.up.Set("dear-flex", providertest.Script{ServiceTier: "flex"})

	sum, calls := map[string]int64{}, map[string]int64{}
	check := func(what, model string, a answer, want int64) {
		t.Helper()
		id := a.Header.Get("X-Request-Id")
		if a.Status != 200 {
			t.Fatalf("%s: %d %s", what, a.Status, a.Body)
		}
		written = append(written, func() {
			t.Helper()
			if got := g.worth(id); got != want {
				t.Errorf("%s: worth %d, want %d", what, got, want)
			}
		})
		calls[model]++
		line := g.line(id)
		if want == unknownWorth {
			if v, ok := line["worth"]; ok {
				t.Errorf("%s: the log knows a worth of %v", what, v)
			}
		} else if sum[model] += want; line["worth"] != accounting.Money(want).String() {
			t.Errorf("%s: the log says %v, want %s", what, line["worth"], accounting.Money(want))
		}
		if _, ok := line["cost"]; ok {
			t.Errorf("%s: a free call has a cost in the log: %v", what, line["cost"])
		}
		if len(g.entries(id)) != 0 {
			t.Errorf("%s: a free call is in the books", what)
		}
		for name, values := range a.Header {
			if text := strings.ToLower(name + strings.Join(values, " ")); strings.Contains(text, "worth") || strings.Contains(text, "shadow") || want > 0 && strings.Contains(text, accounting.Money(want).String()) {
				t.Errorf("%s: the answer has the header %s: %v", what, name, values)
			}
		}
	}

	// 10 tokens in and 5 out, at rates in nano-dollars a token.
	for _, model := range []string{"free", "alias", "silent", "local", "dear", "half", "given", "target"} {
		for _, op := range operations {
			if model == "local" && strings.HasPrefix(op.name, "completions") {
				continue // the scripted upstream has no /api/generate
			}
			var in, out, fee int64
			known := true
			switch model {
			case "free", "alias":
				in, out = 1_000, 10_000
			case "silent":
				known = false
			case "local":
				in, out = 2_000, 3_000
			case "dear":
				in, out, fee = 1_000_000, 1_000_000, 5_000_000_000
			case "half":
				in, known = 1_000, op.name == "embeddings"
			case "given":
				in, out = 500_000, 500_000
			case "target":
				in, out = 3_000, 4_000
			}
			want := 10*in + 5*out + fee
			switch {
			case !known:
				want = unknownWorth
			case op.name == "embeddings":
				want = 10*in + fee
			case model == "dear":
				want -= 4 * (1_000_000 - 100_000) // cached
			}
			for range 5 {
				check(op.name+" of "+model, model, g.ask(op, p, model, nil), want)
			}
		}
	}
	untouched("after many free calls")

	// The tier that the upstream says, else the one that was asked for.
	check("flex, asked for", "dear", g.chat(p, "dear", `"service_tier":"flex"`, nil), 6*500_000+4*100_000+5*500_000+5_000_000_000)
	g.up.Set("dear", providertest.Script{ServiceTier: "flex"})
	check("flex, served", "dear", g.chat(p, "dear", "", nil), 15*500_000+5_000_000_000)
	g.up.Set("dear", providertest.Script{ServiceTier: "default"})
	check("flex, not served", "dear", g.chat(p, "dear", `"service_tier":"flex"`, nil), 15*1_000_000+5_000_000_000)

	// What the upstream does not count is unknown, and not zero.
	script := providertest.Script{Text: "one two three four", NoUsage: true}
	g.up.Set("local", script)
	g.up.Set("free", script)
	for _, op := range operations {
		check(op.name+" without usage", "free", g.ask(op, p, "free", nil), unknownWorth)
		if !strings.HasPrefix(op.name, "completions") {
			check(op.name+" of Ollama without counts", "local", g.ask(op, p, "local", nil), unknownWorth)
		}
	}
	g.up.Set("local", providertest.Script{CompletionTokens: 7}) // Ollama leaves out a prompt that it had in its cache
	check("Ollama without a count of the prompt", "local", g.chat(p, "local", "", nil), unknownWorth)
	g.up.Set("free", providertest.Script{RawUsage: `{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}`})
	check("nothing but zeros", "free", g.chat(p, "free", "", nil), unknownWorth)
	untouched("after calls without usage")

	// A stream that does not come to its end.
	g.up.Set("free", providertest.Script{Text: strings.Repeat("word ", 100), Chunks: 50, DelayChunk: 5 * time.Millisecond})
	l := g.open(p, "/v1/chat/completions", chatBody(p, "free", `"stream":true`))
	l.next()
	l.cancel()
	if got := g.worth(l.res.Header.Get("X-Request-Id")); got != unknownWorth {
		t.Errorf("a stream that was left: worth %d", got)
	}
	calls["free"]++
	g.up.Set("free", providertest.Script{Status: 500})
	a := g.chat(p, "free", "", nil)
	if got := g.worth(a.Header.Get("X-Request-Id")); a.Status == 200 || got != unknownWorth {
		t.Errorf("a call that failed: %d, worth %d", a.Status, got)
	}
	g.up.Set("free", providertest.Script{})
	untouched("after calls that failed")

	// A shadow price makes nothing payable that is not: it is no ceiling.
	if a := g.chat(p, "unknown", "", nil); a.Status == 200 || a.errorField(t, "type") != "price_unknown" {
		t.Errorf("a model of unknown price with a shadow price: %d %s", a.Status, a.Body)
	}
	untouched("after a refusal")

	// The whole budget is still there for what costs something, and nothing but that is
	// posted: a hold of all but a cent fits.
	a = g.chat(p, "paid", `"max_tokens":99000`, nil)
	id := a.Header.Get("X-Request-Id")
	if a.Status != 200 {
		t.Fatalf("the free calls have eaten the budget: %d %s", a.Status, a.Body)
	}
	e := g.entry(id)
	if *e.Cost != 60_000 {
		t.Errorf("a paid call costs %s", e.Cost)
	}
	if _, ok := g.line(id)["worth"]; ok || g.query("select count(*) from calls where request_id = ?", id) != 0 {
		t.Error("a paid call has a worth")
	}
	g.settled()
	for _, b := range budgets {
		if got := g.posted(b); got != int64(*e.Cost) {
			t.Errorf("%s: %d posted, want %d", b.Kind, got, *e.Cost)
		}
	}

	// The report has it beside the free calls, and in no cost.
	var all, total int64
	for m := range calls {
		all, total = all+calls[m], total+sum[m]
	}
	ctx := context.Background()
	seen := map[string]bool{}
	for _, r := range must(g.srv.control.Usage(ctx, control.UsageQuery{By: []string{"model"}}))(t) {
		model := r.Group[0]
		seen[model] = true
		known := r.Free.Worth != nil
		if r.Free.Calls != calls[model] || known != (model != "silent" && calls[model] > 0) || known && int64(*r.Free.Worth) != sum[model] || (r.Cost != 0) != (model == "paid") {
			t.Errorf("%s: %+v worth %v, want %d calls worth %d", model, r, r.Free.Worth, calls[model], sum[model])
		}
	}
	for model := range calls {
		if !seen[model] {
			t.Errorf("%s is not in the report", model)
		}
	}
	for _, q := range []control.UsageQuery{{}, {KeyID: p.keyID}, {UserID: p.user}, {TeamID: p.team}, {EndUser: p.endUser}} {
		rows := must(g.srv.control.Usage(ctx, q))(t)
		if len(rows) != 1 || rows[0].Cost != *e.Cost || rows[0].Free.Calls != all || rows[0].Free.Worth == nil || int64(*rows[0].Free.Worth) != total {
			t.Errorf("%+v: %+v, want %d calls worth %d", q, rows, all, total)
		}
	}
}

// TestShadowPriceIsShown: by the API as text, by the command line as a column that is
// there only when it says something, and to a key's holder.
func TestShadowPriceIsShown(t *testing.T) {
	t.Parallel()
	g := audited(t, shadowConfig)
	secret := must(access.NewKey(strings.NewReader(strings.Repeat("0123456789abcdef", 100))))(t)
	must(g.srv.control.EnsureAdmin(context.Background(), secret))(t)
	s := &shell{t, map[string]string{"TOLLGATE_URL": g.url, "TOLLGATE_ADMIN_KEY": secret}}
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "1")

	g.worth(g.chat(p, "silent", "", nil).Header.Get("X-Request-Id"))
	if r := s.run(exitOK, "usage").shows(t, "FREE CALLS TOKENS IN OUT UNPRICED", "silent $0.00 0 0 0 1 10 5 0 0"); strings.Contains(r.out, "WORTH") {
		t.Errorf("a column of nothing:\n%s", r.out)
	}
	if raw := s.run(exitOK, "usage", "--json").out; strings.Count(strings.ReplaceAll(raw, " ", ""), `"worth":null`) != 2 {
		t.Errorf("the row and the total know of no worth:\n%s", raw)
	}

	g.worth(g.chat(p, "free", "", nil).Header.Get("X-Request-Id"))
	g.chat(p, "paid", "", nil)
	s.run(exitOK, "usage").shows(t, "FREE CALLS TOKENS IN OUT WORTH UNPRICED", "free $0.00 0 0 0 1 10 5 $0.00006 0 0", "silent $0.00 0 0 0 1 10 5 - 0 0",
		"paid $0.00006 1 10 5 0 0 0 - 0 0", "total $0.00006 1 10 5 2 20 10 $0.00006 0 0")
	if r := s.run(exitOK, "usage", "--model", "silent"); strings.Contains(r.out, "WORTH") {
		t.Errorf("a column of nothing:\n%s", r.out)
	}
	var u struct {
		Total struct {
			Cost string
			Free map[string]any
		}
	}
	if err := json.Unmarshal([]byte(s.run(exitOK, "usage", "--json").out), &u); err != nil || u.Total.Cost != "0.00006" || u.Total.Free["worth"] != "0.00006" || u.Total.Free["calls"] != 2.0 {
		t.Errorf("%+v, %v", u, err)
	}
	me := g.do("GET", "/api/v1/me", p.key, "", nil)
	usage, ok := me.json(t)["usage"].(map[string]any)
	if !ok || usage["cost"] != "0.00006" || usage["free"].(map[string]any)["worth"] != "0.00006" {
		t.Errorf("%d %s", me.Status, me.Body)
	}
}

// TestShadowPriceOfARunningCall: a call keeps the shadow price that it began with, and
// the next has the new one.
func TestShadowPriceOfARunningCall(t *testing.T) {
	t.Parallel()
	const config = "providers:\n  gpu: { kind: vllm, url: UPSTREAM/v1%s }\nmodels:\n  free: gpu/free\n"
	g := audited(t, fmt.Sprintf(config, ", shadow_price: { input: 1, output: 10 }"))
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "0")
	g.up.Set("free", providertest.Script{Text: "one two three", DelayChunk: 200 * time.Millisecond})
	for _, next := range []struct {
		config string
		before int64
	}{{", shadow_price: { output: 100 }", 60_000}, {"", unknownWorth}, {", shadow_price: { input: 2, output: 2 }", unknownWorth}, {", price: { input: 1, output: 1 }", 30_000}} {
		l := g.open(p, "/v1/chat/completions", chatBody(p, "free", `"stream":true`))
		l.next()
		g.write(fmt.Sprintf(config, next.config))
		if err := g.reload.reload(); err != nil {
			t.Fatal(err)
		}
		for l.next() != "" {
		}
		if got := g.worth(l.res.Header.Get("X-Request-Id")); got != next.before {
			t.Errorf("before %q: worth %d, want %d", next.config, got, next.before)
		}
	}
	if a := g.chat(p, "free", "", nil); a.Status == 200 {
		t.Errorf("the model is paid by now: %d", a.Status)
	}
	if got := g.books(); got.posted+got.held+got.entries+got.holds != 0 {
		t.Errorf("the books have %+v", got)
	}
}
