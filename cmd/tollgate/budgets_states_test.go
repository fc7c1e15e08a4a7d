package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// spend brings a budget to its limit and beyond, by calls that cost more than they
// were expected to.
func (g *gate) spend(p person, h header) {
	g.t.Helper()
	g.up.Set("paid2", providertest.Script{PromptTokens: 10, CompletionTokens: 100_000})
	if a := g.chat(p, "paid2", `"max_tokens":10`, h); a.Status != 200 {
		g.t.Fatalf("spending: %d %s", a.Status, a.Body)
	}
	g.up.Set("paid2", providertest.Script{})
}

// TestSection5_EveryOperationOnFree: whatever a free deployment can do, it does for a
// caller with nothing, in either dialect.
func TestSection5_EveryOperationOnFree(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig+"  own: laptop/llama\n")
	for _, k := range ledger.Kinds() {
		p := g.person(control.KeyChange{})
		g.budget(p, k, "0")
		for _, op := range operations {
			for _, model := range []string{"free", "own", "laptop/test-model"} {
				if model != "free" && op.path != "/v1/chat/completions" && op.path != "/v1/embeddings" {
					continue // the scripted upstream has no such path in Ollama's dialect
				}
				if a := g.ask(op, p, model, nil); a.Status != 200 || a.Header.Get("X-Tollgate-Price") != "free" {
					t.Errorf("%s: %s of %s: %d %s", k, op.name, model, a.Status, a.Body)
				}
			}
		}
	}
}

// TestSection5_ModelsWhileSpent: the list is whole and says of each model what it
// costs and whether it is open.
func TestSection5_ModelsWhileSpent(t *testing.T) {
	t.Parallel()
	g := audited(t, routesConfig)
	p := g.person(control.KeyChange{})
	read := func(path string) map[string]map[string]any {
		t.Helper()
		a := g.do("GET", path, p.key, "", nil)
		if a.Status != 200 {
			t.Fatalf("%s: %d %s", path, a.Status, a.Body)
		}
		out := map[string]map[string]any{}
		for _, m := range a.json(t)["data"].([]any) {
			m := m.(map[string]any)
			out[m["id"].(string)] = m
		}
		return out
	}
	before := read("/v1/models")
	b := g.budget(p, ledger.Team, "0.5")
	g.spend(p, nil)
	after := read("/v1/models")
	if len(after) != len(before) {
		t.Errorf("%d models, and %d when spent", len(before), len(after))
	}
	open := read("/v1/models?open=true")
	for name, want := range map[string]struct {
		price string
		open  bool
		why   string
	}{
		"free": {"free", true, "free"}, "free-4": {"free", true, "free"}, "all-free": {"free", true, "free"},
		"paid": {"paid", false, "is spent"}, "paid-4": {"paid", false, "is spent"}, "all-paid": {"paid", false, "is spent"},
		"mixed": {"mixed", true, "free"}, "paid-then-free": {"mixed", true, "free"},
		"unknown": {"unknown", false, "price is unknown"}, "paid-then-unknown": {"mixed", false, "is spent"},
		"listed/gpt-5-mini": {"paid", false, "is spent"},
	} {
		m := after[name]
		why, _ := m["why"].(string)
		if m == nil || m["price"] != want.price || m["open"] != want.open || !strings.Contains(why, want.why) {
			t.Errorf("%s: %v, want %+v", name, m, want)
		}
		if (open[name] != nil) != want.open {
			t.Errorf("%s is among the open ones: %v", name, open[name])
		}
		one := g.do("GET", "/v1/models/"+name, p.key, "", nil)
		if v := one.json(t); one.Status != 200 || v["price"] != want.price || v["open"] != want.open || v["why"] != m["why"] {
			t.Errorf("%s by itself: %d %s", name, one.Status, one.Body)
		}
	}
	if why := fmt.Sprint(after["paid"]["why"]); !strings.Contains(why, p.team) || !strings.Contains(why, "resets at") {
		t.Errorf("the reason names neither the budget nor its end: %s", why)
	}
	if got := g.posted(b); got == 0 {
		t.Error("nothing was spent")
	}
}

// TestSection5_EndUserHeaderAndBody: however the end user is named, it is the same
// one; spent, it is refused what is paid and served what is free.
func TestSection5_EndUserHeaderAndBody(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig+"budgets:\n  - { each: end_user, limit: 0.5, per: month }\n")
	type call struct {
		user, extra string
		header      header
	}
	ways := map[string]func(end string) call{
		"body":                func(end string) call { return call{user: end} },
		"safety_identifier":   func(end string) call { return call{extra: fmt.Sprintf(`"safety_identifier":%q`, end)} },
		"tollgate's header":   func(end string) call { return call{header: header{"X-Tollgate-End-User": end}} },
		"open webui's header": func(end string) call { return call{header: header{"X-OpenWebUI-User-Id": end}} },
		"open webui's e-mail": func(end string) call { return call{header: header{"X-OpenWebUI-User-Email": end}} },
		"header before body": func(end string) call {
			return call{user: "another", header: header{"X-OpenWebUI-User-Id": end, "X-OpenWebUI-User-Email": "x@example.com"}}
		},
	}
	ask := func(p person, model string, c call, extra string) answer {
		p.endUser = c.user
		if c.extra != "" {
			extra += "," + c.extra
		}
		return g.chat(p, model, `"max_tokens":10`+extra, c.header)
	}
	for spentBy, spend := range ways {
		p := g.person(control.KeyChange{})
		end := "person-" + strings.ReplaceAll(spentBy, " ", "-")
		g.up.Set("paid2", providertest.Script{PromptTokens: 10, CompletionTokens: 100_000})
		if a := ask(p, "paid2", spend(end), ""); a.Status != 200 {
			t.Fatalf("spending by %s: %d %s", spentBy, a.Status, a.Body)
		}
		for way, name := range ways {
			for _, stream := range []string{"", `,"stream":true`} {
				a := ask(p, "paid", name(end), stream)
				if a.Status != 429 || a.member(t, "budget", "scope") != "end_user" || a.member(t, "budget", "account") != end {
					t.Errorf("spent by %s, asked by %s: %d %s", spentBy, way, a.Status, a.Body)
				}
				if a := ask(p, "free", name(end), stream); a.Status != 200 {
					t.Errorf("spent by %s, free asked by %s: %d %s", spentBy, way, a.Status, a.Body)
				}
			}
		}
		if a := g.chat(p, "paid", "", nil); a.Status != 200 {
			t.Errorf("another end user of the same key: %d %s", a.Status, a.Body)
		}
	}
	// A key that may not name end users spends for itself, whatever is named.
	no := false
	p := g.person(control.KeyChange{})
	must(g.srv.control.UpdateKey(context.Background(), p.keyID, control.KeyChange{EndUsers: &no}))(t)
	for _, h := range []header{nil, {"X-OpenWebUI-User-Id": "person-body"}} {
		p.endUser = "person-body"
		if a := g.chat(p, "paid", "", h); a.Status != 200 || g.entry(a.Header.Get("X-Request-Id")).EndUser != "" {
			t.Errorf("a key without end users: %d %s", a.Status, a.Body)
		}
	}
}

// TestSection5_EndUserNeverSeen: the budget that each end user has is in force at the
// first request of one nobody has heard of.
func TestSection5_EndUserNeverSeen(t *testing.T) {
	t.Parallel()
	for limit, want := range map[string]int{"0": 429, "0.0005": 429, "0.01": 200} {
		t.Run(limit, func(t *testing.T) {
			t.Parallel()
			g := audited(t, upstreamConfig+fmt.Sprintf("budgets:\n  - { each: end_user, limit: %s, per: day, name: visitors }\n", limit))
			p := g.person(control.KeyChange{})
			for i, h := range []header{nil, {"X-OpenWebUI-User-Id": "never-seen-before"}} {
				p.endUser = fmt.Sprintf("new-%d", i)
				a := g.chat(p, "paid", `"max_tokens":100`, h)
				if a.Status != want {
					t.Errorf("the first request: %d %s", a.Status, a.Body)
				}
				if want == 429 && a.member(t, "budget", "name") != "visitors" {
					t.Errorf("refused by another budget: %s", a.Body)
				}
			}
			if n := g.query("select count(*) from counters where posted > 0"); (want == 200) != (n == 2) {
				t.Errorf("%d counters of end users", n)
			}
		})
	}
}

// TestSection5_PersonAndTeam: a key of a person in a team spends the budgets of both,
// and of the membership; either refuses, and free is served.
func TestSection5_PersonAndTeam(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	for _, spent := range []ledger.Kind{ledger.User, ledger.Team, ledger.Member, ledger.Key} {
		p := g.person(control.KeyChange{})
		for _, k := range []ledger.Kind{ledger.User, ledger.Team, ledger.Member, ledger.Key} {
			limit := "100"
			if k == spent {
				limit = "0.5"
			}
			g.budget(p, k, limit)
		}
		g.spend(p, nil)
		a := g.chat(p, "paid", "", nil)
		if a.Status != 429 || a.member(t, "budget", "scope") != string(spent) || a.member(t, "budget", "state") != "spent" {
			t.Errorf("%s spent: %d %s", spent, a.Status, a.Body)
		}
		if a := g.chat(p, "free", "", nil); a.Status != 200 {
			t.Errorf("%s spent: free is %d", spent, a.Status)
		}
		// The person's other key, without the team, has the person's budget and not the team's.
		_, secret, err := g.srv.control.CreateKey(context.Background(), control.KeyOwner{UserID: p.user}, control.KeyChange{})
		if err != nil {
			t.Fatal(err)
		}
		own := p
		own.key = secret
		want := 200
		if spent == ledger.User {
			want = 429
		}
		if a := g.chat(own, "paid", "", nil); a.Status != want {
			t.Errorf("%s spent: the person's own key: %d %s", spent, a.Status, a.Body)
		}
	}
}

// TestSection5_MemberBudgetSaysItsWindow: a member's budget has the window that it was
// made with, and the API makes none without being told one.
func TestSection5_MemberBudgetSaysItsWindow(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	admin := must(g.srv.control.EnsureAdmin(context.Background(), ""))(t)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.Team, "5")
	body := fmt.Sprintf(`{"scope":"member","owner":%q,"limit":"0"}`, p.team+"/"+p.user)
	if a := g.do("POST", "/api/v1/budgets", admin, body, nil); a.Status != 400 || !strings.Contains(a.Body, "per") {
		t.Errorf("without a window: %d %s", a.Status, a.Body)
	}
	for _, per := range []string{"month", "day", "total", "2 weeks"} {
		a := g.do("POST", "/api/v1/budgets", admin, strings.TrimSuffix(body, "}")+fmt.Sprintf(`,"per":%q}`, per), nil)
		if a.Status != 201 || a.json(t)["per"] != per {
			t.Errorf("%s: %d %s", per, a.Status, a.Body)
		}
	}
	a := g.chat(p, "paid", "", nil)
	if a.Status != 429 || a.member(t, "budget", "scope") != "member" || a.member(t, "budget", "account") != p.team+"/"+p.user {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := g.chat(p, "free", "", nil); a.Status != 200 {
		t.Errorf("free: %d", a.Status)
	}
}

// TestSection5_NewWindowStartsEmpty: a window that is added to somebody who has spent
// before begins with nothing, and the old one goes on.
func TestSection5_NewWindowStartsEmpty(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"api", "file"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			g := audited(t, upstreamConfig)
			p := g.person(control.KeyChange{})
			old := g.window(ledger.Key, p.keyID, "5", ledger.Window{Unit: ledger.Month})
			g.spend(p, nil)
			spent := g.posted(old)
			if how == "api" {
				g.window(ledger.Key, p.keyID, "0.5", ledger.Window{Unit: ledger.Day})
				g.window(ledger.Key, p.keyID, "0.5", ledger.Window{Unit: ledger.Total})
			} else {
				g.write(upstreamConfig + fmt.Sprintf("budgets:\n  - { key: %s, limit: 0.5, per: day }\n  - { each: key, limit: 0.5, per: week }\n", p.keyID))
				if err := g.reload.reload(); err != nil {
					t.Fatal(err)
				}
			}
			a := g.chat(p, "paid", "", nil)
			if a.Status != 200 {
				t.Fatalf("the new window is not empty: %d %s", a.Status, a.Body)
			}
			cost := int64(*g.entry(a.Header.Get("X-Request-Id")).Cost)
			if got := g.posted(old); got != spent+cost {
				t.Errorf("the old window stands at %d, want %d", got, spent+cost)
			}
			if n := g.query("select count(*) from counters where posted = ?", cost); n != 2 {
				t.Errorf("%d new counters stand at the new call's cost, want 2", n)
			}
		})
	}
}

// TestSection5_OvershootShown: an answer that was dearer than expected is posted in
// full, the refusal shows it, and free goes on.
func TestSection5_OvershootShown(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	for _, stream := range []bool{true, false} {
		p := g.person(control.KeyChange{})
		b := g.budget(p, ledger.Key, "0.02")
		g.up.Set("paid", providertest.Script{Text: strings.Repeat("long ", 15), PromptTokens: 10, CompletionTokens: 50_000})
		a := g.chat(p, "paid", fmt.Sprintf(`"max_tokens":10,"stream":%v`, stream), nil)
		if a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		if e := g.entry(a.Header.Get("X-Request-Id")); !slices.Contains(e.Flags, "above_hold") || int64(*e.Cost) != 10*1000+50_000*10_000 {
			t.Errorf("booked as %+v", e)
		}
		a = g.chat(p, "paid", "", nil)
		if a.Status != 429 || a.member(t, "budget", "spent") != "0.50001" || a.member(t, "budget", "limit") != "0.02" || a.member(t, "budget", "state") != "spent" {
			t.Errorf("stream %v: %d %s", stream, a.Status, a.Body)
		}
		if !strings.Contains(a.errorField(t, "message"), "0.50001 of 0.02 USD") {
			t.Errorf("the message hides the overshoot: %s", a.Body)
		}
		if a := g.chat(p, "free", "", nil); a.Status != 200 {
			t.Errorf("free: %d %s", a.Status, a.Body)
		}
		if got := g.posted(b); got != 500_010_000 {
			t.Errorf("%d posted", got)
		}
	}
}

// TestSection5_PriceFlips: calls that were free when they began stay so when their
// model gets a price meanwhile; several of them, in every state of their answer.
func TestSection5_PriceFlips(t *testing.T) {
	t.Parallel()
	const config = "providers:\n  gpu: { kind: vllm, url: UPSTREAM/v1%s }\nmodels:\n  m: gpu/m\n"
	g := audited(t, fmt.Sprintf(config, ""))
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.User, "0")
	g.up.Set("m", providertest.Script{Text: strings.Repeat("word ", 200), Chunks: 20, DelayHeaders: 200 * time.Millisecond, DelayChunk: 50 * time.Millisecond})
	begun := g.open(p, "/v1/chat/completions", chatBody(p, "m", `"stream":true`))
	begun.next()
	whole, _ := g.background(p, "/v1/chat/completions", chatBody(p, "m", ""))
	waiting, _ := g.background(p, "/v1/chat/completions", chatBody(p, "m", `"stream":true`))
	g.arrived(3)
	g.write(fmt.Sprintf(config, ", price: { input: 1, output: 10 }"))
	if err := g.reload.reload(); err != nil {
		t.Fatal(err)
	}
	if a := g.chat(p, "m", "", nil); a.Status != 429 {
		t.Errorf("the next one is %d: %s", a.Status, a.Body)
	}
	if last := begun.rest(); last != "[DONE]" {
		t.Errorf("the running stream ended with %s", last)
	}
	for _, ch := range []<-chan answer{whole, waiting} {
		if a := finishes(t, ch); a.Status != 200 {
			t.Errorf("a running call: %d %s", a.Status, a.Body)
		}
	}
	if g.posted(b) != 0 || g.query("select count(*) from entries") != 0 {
		t.Error("calls that began free were booked")
	}
}

// TestSection5_LocalNamedLikeCloud: the provider decides what a model costs, never its
// name.
func TestSection5_LocalNamedLikeCloud(t *testing.T) {
	t.Parallel()
	g := audited(t, `
providers:
  gpu: { kind: vllm, url: UPSTREAM/v1 }
  laptop: { kind: ollama, url: UPSTREAM }
  cloud: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, prices: openai }
  proxy: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY }
models:
  gpt-4o: gpu/gpt-4o
  openai/gpt-4o: gpu/openai/gpt-4o
  o3: laptop/o3
  "cloud/*": cloud/*
  "proxy/*": proxy/*
  "gpu/*": gpu/*
`)
	g.up.Models("gpt-5-mini", "gpt-4.1")
	g.srv.control.Discover(context.Background(), false)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "0")
	for _, model := range []string{"gpt-4o", "openai/gpt-4o", "o3", "gpt-5-mini", "gpu/gpt-5-mini", "laptop/gpt-4.1", "gpu/gpt-5", "gpu/claude-fable-5"} {
		for _, op := range operations[:2] {
			if a := g.ask(op, p, model, nil); a.Status != 200 || a.Header.Get("X-Tollgate-Price") != "free" {
				t.Errorf("%s of %s: %d %s", op.name, model, a.Status, a.Body)
			}
		}
	}
	if a := g.chat(p, "cloud/gpt-5-mini", "", nil); a.Status != 429 {
		t.Errorf("the vendor's own: %d %s", a.Status, a.Body)
	}
	if a := g.chat(p, "proxy/gpt-5-mini", "", nil); a.Status != 402 {
		t.Errorf("a vendor's name somewhere else: %d %s", a.Status, a.Body)
	}
}

// TestSection5_RequestFeeOnly: a model whose tokens cost nothing and whose calls do is
// paid; so is one with any other meter above zero.
func TestSection5_RequestFeeOnly(t *testing.T) {
	t.Parallel()
	prices := map[string]string{
		"fee":      "{ input: 0, output: 0, request: 0.01 }",
		"fee-only": "{ request: 0.01 }",
		"second":   "{ input: 0, output: 0, second: 0.0001 }",
		"cached":   "{ input: 0, output: 0, cached_input: 0.1 }",
		"image":    "{ input: 0, output: 0, image: 0.1 }",
		"search":   "{ input: 0, output: 0, search: 0.1 }",
		"tier":     "{ input: 0, output: 0, priority: { input: 1 } }",
		"long":     "{ input: 0, output: 0, long_context: [ { above_input: 1000, input: 1 } ] }",
	}
	config := "providers:\n  gpu: { kind: vllm, url: UPSTREAM/v1 }\nmodels:\n  zero: { to: gpu/zero, price: { input: 0, output: 0 } }\n"
	for name, price := range prices {
		config += fmt.Sprintf("  %s: { to: gpu/%s, price: %s }\n", name, name, price)
	}
	g := audited(t, config)
	none, some := g.person(control.KeyChange{}), g.person(control.KeyChange{})
	g.budget(none, ledger.Key, "0")
	b := g.budget(some, ledger.Key, "5")
	for name := range prices {
		if a := g.chat(none, name, "", nil); a.Status != 429 {
			t.Errorf("%s without money: %d %s", name, a.Status, a.Body)
		}
		if a := g.chat(some, name, `"max_tokens":10`, nil); a.Status != 200 || a.Header.Get("X-Tollgate-Price") != "paid" {
			t.Errorf("%s with money: %d %s", name, a.Status, a.Body)
		}
	}
	if a := g.chat(none, "zero", "", nil); a.Status != 200 || a.Header.Get("X-Tollgate-Price") != "free" {
		t.Errorf("all zero: %d %s", a.Status, a.Body)
	}
	if got := g.posted(b); got < 20_000_000 {
		t.Errorf("two fees of a cent, and %d posted", got)
	}
}

// TestSection5_UsageMissing: when the upstream reports no usage, a paid answer is
// counted here; a free one needs no count.
func TestSection5_UsageMissing(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.Member, "5")
	script := providertest.Script{Text: "one two three four five six seven eight", NoUsage: true}
	g.up.Set("paid", script)
	g.up.Set("free", script)
	total := int64(0)
	for _, op := range operations {
		a := g.ask(op, p, "paid", nil)
		e := g.entry(a.Header.Get("X-Request-Id"))
		if a.Status != 200 || e.Source != "counted" || e.Cost == nil || *e.Cost <= 0 || e.Usage["input"] == 0 || (op.name != "embeddings" && e.Usage["output"] != 8) {
			t.Errorf("%s: %d, booked as %+v", op.name, a.Status, e)
		}
		total += int64(*e.Cost)
		if a := g.ask(op, p, "free", nil); a.Status != 200 || len(g.entries(a.Header.Get("X-Request-Id"))) != 0 {
			t.Errorf("%s of free: %d", op.name, a.Status)
		}
	}
	if got := g.posted(b); got != total {
		t.Errorf("%d posted, want %d", got, total)
	}
}

// TestSection5_ClientHangsUp: whatever was produced when a client leaves is billed,
// the upstream's work is stopped, and nothing stays held. A free call costs nothing.
func TestSection5_ClientHangsUp(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("word ", 400)
	rows := []struct {
		name   string
		script providertest.Script
		stream bool
		read   int // events that the client takes before it leaves
		output int64
	}{
		{"in a stream that has fallen silent", providertest.Script{Text: text, Chunks: 40, HangAfter: 20}, true, 20, 190},
		{"in a stream that goes on", providertest.Script{Text: text, Chunks: 400, DelayChunk: 5 * time.Millisecond}, true, 30, 25},
		{"before a stream begins", providertest.Script{Hang: true}, true, 0, 0},
		{"in a whole answer", providertest.Script{Hang: true}, false, 0, 0},
	}
	for _, row := range rows {
		for _, model := range []string{"paid", "free"} {
			t.Run(row.name+"/"+model, func(t *testing.T) {
				t.Parallel()
				g := audited(t, upstreamConfig)
				p := g.person(control.KeyChange{})
				b := g.budget(p, ledger.User, "5")
				g.up.Set(model, row.script)
				g.up.Reset()
				body := chatBody(p, model, fmt.Sprintf(`"stream":%v`, row.stream))
				if row.read > 0 {
					l := g.open(p, "/v1/chat/completions", body)
					for range row.read {
						l.next()
					}
					l.cancel()
				} else {
					_, cancel := g.background(p, "/v1/chat/completions", body)
					g.arrived(1)
					cancel()
				}
				g.aborted(model)
				if model == "free" {
					g.eventually("the call is recorded", func() bool {
						return g.query("select count(*) from calls where status = 'client_gone'") == 1
					})
					if got := g.books(); got != (books{}) {
						t.Errorf("a free call is in the books: %+v", got)
					}
					return
				}
				g.eventually("the call is settled", func() bool { return g.query("select count(*) from entries where status = 'client_gone'") == 1 })
				g.settled()
				posted := g.posted(b)
				if least := row.output * 10_000; posted <= least || posted > least+3_000_000 && row.read != 30 {
					t.Errorf("%d posted for %d tokens", posted, row.output)
				}
				if n := g.query("select count(*) from entries where cost > 0 and source in ('estimated', 'uncertain') and output >= ?", row.output); n != 1 {
					t.Errorf("the entry says something else: %s", g.logs)
				}
			})
		}
	}
}

// TestSection5_RefusedRequestLeavesARow: a refusal holds nothing, makes no entry, and
// is recorded and logged with its reason.
func TestSection5_RefusedRequestLeavesARow(t *testing.T) {
	t.Parallel()
	g := audited(t, routesConfig)
	g.up.Set("free-busy", providertest.Script{Status: 503})
	p := g.person(control.KeyChange{Models: &[]string{"free", "paid", "paid-1", "unknown", "nothing", "busy-then-paid", "all-paid"}})
	g.budget(p, ledger.Key, "0")
	rows := map[string]string{"paid": "budget_exceeded", "paid-1": "budget_exceeded", "all-paid": "budget_exceeded", "unknown": "price_unknown",
		"nothing": "model_not_found", "paid2": "denied", "busy-then-paid": "overloaded"}
	type row struct{ id, model, reason string }
	var want []row
	for _, op := range operations {
		for model, reason := range rows {
			g.mend()
			a := g.ask(op, p, model, nil)
			id := a.Header.Get("X-Request-Id")
			if a.Status < 400 || id == "" {
				t.Fatalf("%s of %s: %d %s", op.name, model, a.Status, a.Body)
			}
			line := g.line(id)
			if line["status"] != reason || line["key"] != p.keyID || line["user"] != p.user || line["team"] != p.team || line["end_user"] != p.endUser {
				t.Errorf("%s of %s: the log says %v", op.name, model, line)
			}
			if model == "busy-then-paid" && (line["skipped_for"] != "budget_exceeded" || fmt.Sprint(line["skipped"]) != "[cloud/paid]") {
				t.Errorf("the log does not say what was passed over: %v", line)
			}
			want = append(want, row{id, model, reason})
		}
	}
	for _, r := range want {
		g.eventually("the refusal is recorded", func() bool {
			return g.query("select count(*) from calls where request_id = ? and status = ? and price = '' and model = ? and key_id = ?", r.id, r.reason, r.model, p.keyID) == 1
		})
	}
	if got := g.books(); got != (books{}) {
		t.Errorf("refusals are in the books: %+v", got)
	}
}

// restart runs the gate again over the same files.
func (g *gate) restart() {
	g.t.Helper()
	g.stop()
	g.run()
}

// TestSection5_CountersAfterRestart: stopping and starting, and reloading, neither
// forget nor double what was spent.
func TestSection5_CountersAfterRestart(t *testing.T) {
	t.Parallel()
	config := upstreamConfig + "budgets:\n  - { each: user, limit: 0.001, per: month, name: pool }\n  - { scope: gateway, limit: 100, per: total }\n"
	g := audited(t, config)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.Team, "5")
	for range 3 {
		if a := g.chat(p, "paid", `"max_tokens":20`, nil); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	before := g.books()
	told := func() string { return g.chat(p, "paid", `"max_tokens":100`, nil).errorField(t, "message") }
	message := told()
	for i := range 3 {
		g.restart()
		if now := g.books(); now != before {
			t.Fatalf("restart %d: the books went from %+v to %+v", i, before, now)
		}
		if err := g.reload.reload(); err != nil {
			t.Fatal(err)
		}
		g.write(config + "  # edited\n")
		if err := g.reload.reload(); err != nil {
			t.Fatal(err)
		}
		if now := g.books(); now != before {
			t.Fatalf("reload %d: the books went from %+v to %+v", i, before, now)
		}
		if now := told(); now != message {
			t.Errorf("before: %s\nafter: %s", message, now)
		}
	}
	if a := g.chat(p, "paid", `"max_tokens":20`, nil); a.Status != 200 {
		t.Errorf("what was left is gone: %d %s", a.Status, a.Body)
	}
}

// TestSection5_RestoredBooks starts on a copy that was taken while calls ran, as after
// a crash or from a backup: the calls under way are booked at their prompt, once.
func TestSection5_RestoredBooks(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.User, "5")
	if a := g.chat(p, "paid", "", nil); a.Status != 200 {
		t.Fatal(a.Body)
	}
	spent := g.posted(b)
	g.up.Set("paid", providertest.Script{Hang: true})
	g.up.Reset()
	bodies := []string{chatBody(p, "paid", ""), chatBody(p, "paid", `"stream":true`)}
	prompts := int64(0)
	for _, body := range bodies {
		g.background(p, "/v1/chat/completions", body)
		prompts += bound(t, body) * 1000
	}
	g.arrived(2)
	file := filepath.Join(t.TempDir(), "restored.db")
	db := must(sql.Open("sqlite3", "file:"+g.db))(t)
	defer db.Close()
	if _, err := db.Exec("vacuum into ?", file); err != nil {
		t.Fatal(err)
	}
	r := &gate{t: t, up: g.up, client: g.client, logs: &logBuffer{}, db: file, config: g.config}
	for i := range 2 {
		r.run()
		if got := r.posted(b); got != spent+prompts || r.held(b) != 0 {
			t.Errorf("start %d: %d posted, want %d; %d held", i, got, spent+prompts, r.held(b))
		}
		if n := r.query("select count(*) from entries where source = 'uncertain' and status = 'orphaned'"); n != 2 {
			t.Errorf("start %d: %d orphans", i, n)
		}
		r.audit()
		r.stop()
	}
}

// TestSection5_AdminKeyCallsNothing: a key that manages makes no calls, free or paid,
// whatever it names, and so is exempt from nothing.
func TestSection5_AdminKeyCallsNothing(t *testing.T) {
	t.Parallel()
	g := audited(t, routesConfig)
	secret := must(g.srv.control.EnsureAdmin(context.Background(), ""))(t)
	_, second, err := g.srv.control.CreateKey(context.Background(), control.KeyOwner{Role: access.Admin}, control.KeyChange{})
	if err != nil {
		t.Fatal(err)
	}
	g.up.Reset()
	for _, key := range []string{secret, second, g.srv.auth.Local} {
		p := person{key: key}
		for _, model := range []string{"free", "paid", "unknown", "mixed", "gpu/free-any", "nothing"} {
			for _, op := range operations {
				if a := g.ask(op, p, model, nil); a.Status != 403 || a.errorField(t, "code") != "admin_key_calls_nothing" {
					t.Errorf("%s of %s: %d %s", op.name, model, a.Status, a.Body)
				}
			}
		}
	}
	if calls := g.called(); len(calls) != 0 {
		t.Errorf("calls were made: %v", calls)
	}
	if got := g.books(); got != (books{}) {
		t.Errorf("something was booked: %+v", got)
	}
	zero := accounting.Money(0)
	must(g.srv.control.CreateBudget(context.Background(), ledger.Budget{Kind: ledger.Gateway, Limit: &zero}))(t)
	if a := g.do("GET", "/v1/models", secret, "", nil); a.Status != 200 {
		t.Errorf("reading: %d %s", a.Status, a.Body)
	}
}
