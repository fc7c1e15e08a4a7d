package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// TestR01_DecidedForEachAttempt: the deployment about to be called decides, not the
// name and not the attempt before.
func TestR01_DecidedForEachAttempt(t *testing.T) {
	t.Parallel()
	g := audited(t, routesConfig+`
  busy-paid-then-paid2: [cloud/paid-busy, cloud/paid2]
  busy-paid-then-free: [cloud/paid-busy, gpu/free]
`)
	g.up.Set("paid-busy", providertest.Script{Status: 503, Body: `{"error":{"message":"busy"}}`})
	g.up.Set("free-busy", providertest.Script{Status: 503, Body: `{"error":{"message":"busy"}}`})

	t.Run("the first may be paid for and the second not", func(t *testing.T) {
		p := g.person(control.KeyChange{})
		g.budget(p, ledger.Key, "0", "cloud/paid2")
		first := g.budget(p, ledger.Key, "5")
		g.up.Reset()
		a := g.chat(p, "busy-paid-then-paid2", "", nil)
		if a.Status != 503 || !slices.Equal(a.texts(t, "fallback_skipped", "deployments"), []string{"cloud/paid2"}) || !slices.Equal(g.called(), []string{"paid-busy"}) {
			t.Errorf("%d %s after %v", a.Status, a.Body, g.called())
		}
		if g.posted(first) != 0 || g.held(first) != 0 {
			t.Error("an attempt that was refused by its upstream costs something")
		}
	})
	t.Run("the first not and the second may", func(t *testing.T) {
		p := g.person(control.KeyChange{})
		g.budget(p, ledger.Key, "0", "cloud/paid-busy")
		b := g.budget(p, ledger.Key, "5")
		g.up.Reset()
		a := g.chat(p, "busy-paid-then-paid2", "", nil)
		if a.Status != 200 || !slices.Equal(g.called(), []string{"paid2"}) || g.posted(b) == 0 {
			t.Errorf("%d %s after %v", a.Status, a.Body, g.called())
		}
	})
	t.Run("the first gives its hold back before the second takes one", func(t *testing.T) {
		p := g.person(control.KeyChange{})
		g.budget(p, ledger.Key, "0.0015") // one hold of 100 tokens fits, two do not
		g.up.Reset()
		a := g.chat(p, "busy-paid-then-paid2", `"max_tokens":100`, nil)
		if a.Status != 200 || !slices.Equal(g.called(), []string{"paid-busy", "paid2"}) {
			t.Errorf("%d %s after %v", a.Status, a.Body, g.called())
		}
	})
	t.Run("from paid to free and back", func(t *testing.T) {
		p := g.person(control.KeyChange{})
		b := g.budget(p, ledger.Key, "5")
		if a := g.chat(p, "busy-paid-then-free", "", nil); a.Status != 200 || a.Header.Get("X-Tollgate-Price") != "free" || a.Header.Get("X-Tollgate-Cost") != "" || g.posted(b) != 0 {
			t.Errorf("%d %v, %d posted", a.Status, a.Header, g.posted(b))
		}
		if a := g.chat(p, "busy-then-paid", "", nil); a.Status != 200 || a.Header.Get("X-Tollgate-Price") != "paid" || g.posted(b) == 0 {
			t.Errorf("%d %v, %d posted", a.Status, a.Header, g.posted(b))
		}
	})
}

// TestR02_FreeNeedsNoBooks takes the books' tables away: whatever would read, hold or
// write a counter fails now. Free models are served as ever, and reading goes on.
func TestR02_FreeNeedsNoBooks(t *testing.T) {
	t.Parallel()
	g := start(t, routesConfig)
	p := g.person(control.KeyChange{})
	for _, k := range ledger.Kinds() {
		g.budget(p, k, "0")
	}
	db := must(sql.Open("sqlite3", "file:"+g.db+"?_busy_timeout=5000"))(t)
	defer db.Close()
	for _, table := range []string{"counters", "holds", "entries"} {
		if _, err := db.Exec("drop table " + table); err != nil {
			t.Fatal(err)
		}
	}
	for _, op := range operations {
		for _, model := range []string{"free", "free-4", "all-free", "free-then-paid", "gpu/free-any"} {
			if a := g.ask(op, p, model, nil); a.Status != 200 || a.Header.Get("X-Tollgate-Price") != "free" {
				t.Errorf("%s of %s: %d %s", op.name, model, a.Status, a.Body)
			}
		}
		for _, model := range []string{"paid", "mixed", "paid-then-free"} {
			a := g.ask(op, p, model, nil)
			if model == "paid" && (a.Status != 503 || a.errorField(t, "code") != "books_unavailable") {
				t.Errorf("%s of %s: %d %s", op.name, model, a.Status, a.Body)
			}
			if model != "paid" && (a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != "gpu/free") {
				t.Errorf("%s of %s: %d %s", op.name, model, a.Status, a.Body)
			}
		}
	}
	for _, path := range []string{"/v1/models", "/v1/models/paid", "/v1/models?open=true", "/health/live", "/health/ready", "/api/v1/me"} {
		if a := g.do("GET", path, p.key, "", nil); a.Status != 200 {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	if calls := g.called(); slices.ContainsFunc(calls, func(m string) bool { return !strings.HasPrefix(m, "free") }) {
		t.Errorf("paid calls without books: %v", calls)
	}
}

// TestR03_HeldEverywhereAndSettled: a paid call is held on every scope that applies,
// and the difference to what it did cost is given back.
func TestR03_HeldEverywhereAndSettled(t *testing.T) {
	t.Parallel()
	g := audited(t, routesConfig)
	p := g.person(control.KeyChange{})
	var all []ledger.Budget
	for _, k := range ledger.Kinds() {
		all = append(all, g.budget(p, k, "5"))
	}
	g.up.Set("paid", providertest.Script{DelayHeaders: time.Second, PromptTokens: 7, CompletionTokens: 20})
	body := chatBody(p, "paid", `"max_tokens":100`)
	done, _ := g.background(p, "/v1/chat/completions", body)
	hold := bound(t, body)*1000 + 100*10_000
	g.arrived(1)
	for _, b := range all {
		if got := g.held(b); got != hold {
			t.Errorf("%s: %d held, want %d", b.Kind, got, hold)
		}
	}
	a := finishes(t, done)
	for _, b := range all {
		if posted, held := g.posted(b), g.held(b); a.Status != 200 || posted != 7*1000+20*10_000 || held != 0 {
			t.Errorf("%s: %d posted and %d held after %d", b.Kind, posted, held, a.Status)
		}
	}
	if got := a.Header.Get("X-Tollgate-Cost"); got != "0.000207" {
		t.Errorf("the header says %q", got)
	}
}

// TestR04_UnknownIsNeverFree: without a price nobody with a limit is served, unless
// the operator set a ceiling; without a limit it is served and counted apart.
func TestR04_UnknownIsNeverFree(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	for _, k := range ledger.Kinds()[:5] { // the gateway's budget would be everybody's
		p := g.person(control.KeyChange{})
		b := g.budget(p, k, "1000000")
		a := g.chat(p, "unknown", "", nil)
		if a.Status != 402 || a.errorField(t, "type") != "price_unknown" || a.Header.Get("X-Should-Retry") != "false" {
			t.Errorf("%s: %d %s", k, a.Status, a.Body)
		}
		a = g.chat(p, "ceiling", "", nil)
		if a.Status != 200 || a.Header.Get("X-Tollgate-Price") != "unknown" {
			t.Fatalf("%s: %d %s", k, a.Status, a.Body)
		}
		if e := g.entry(a.Header.Get("X-Request-Id")); e.Cost == nil || !slices.Contains(e.Flags, "ceiling_price") || int64(*e.Cost) != g.posted(b) || *e.Cost != 10*1000+5*10_000 {
			t.Errorf("%s: the ceiling was booked as %+v", k, e)
		}
	}
	p := g.person(control.KeyChange{})
	for _, model := range []string{"unknown", "ceiling"} {
		a := g.chat(p, model, "", nil)
		if a.Status != 200 || a.Header.Get("X-Tollgate-Cost") != "" || a.Header.Get("X-Tollgate-Price") != "unknown" {
			t.Fatalf("%s: %d %s", model, a.Status, a.Body)
		}
		if e := g.entry(a.Header.Get("X-Request-Id")); e.Cost != nil || !slices.Contains(e.Flags, "unpriced") {
			t.Errorf("%s: booked as %+v", model, e)
		}
	}
	rows := must(g.srv.control.Usage(context.Background(), control.UsageQuery{KeyID: p.keyID}))(t)
	if len(rows) != 1 || rows[0].Unpriced.Calls != 2 || rows[0].Paid.Calls != 0 || rows[0].Free.Calls != 0 || rows[0].Cost != 0 {
		t.Errorf("the report says %+v", rows)
	}
	// A limit on other models is no limit on this one; a budget without a limit is none.
	q := g.person(control.KeyChange{})
	g.budget(q, ledger.Key, "0", "paid*")
	must(g.srv.control.CreateBudget(context.Background(), ledger.Budget{Kind: ledger.User, Owner: q.user, Window: ledger.Window{Unit: ledger.Month}}))(t)
	if a := g.chat(q, "unknown", "", nil); a.Status != 200 {
		t.Errorf("no limit applies: %d %s", a.Status, a.Body)
	}
}

// TestR05_RemovedFromTheList: of several paid candidates the ones that cannot be paid
// for drop out, and the rest is served.
func TestR05_RemovedFromTheList(t *testing.T) {
	t.Parallel()
	g := audited(t, routesConfig)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "0", "cloud/paid")
	for _, model := range []string{"all-paid", "all-paid-in-order", "paids-then-free"} {
		for range 5 {
			if a := g.chat(p, model, "", nil); a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != "cloud/paid2" {
				t.Errorf("%s: %d %v %s", model, a.Status, a.Header, a.Body)
			}
		}
	}
	g.budget(p, ledger.User, "0", "cloud/paid2")
	if a := g.chat(p, "all-paid", "", nil); a.Status != 429 {
		t.Errorf("an empty list: %d %s", a.Status, a.Body)
	}
	// A scope that is narrowed to one model says nothing about another.
	if a := g.chat(p, "cloud/paid3", "", nil); a.Status != 200 {
		t.Errorf("another model: %d %s", a.Status, a.Body)
	}
}

// TestR05_BeyondAnyAmount: a call that may come to more than any amount is none for what
// costs, and what is free stays in the list.
func TestR05_BeyondAnyAmount(t *testing.T) {
	t.Parallel()
	g := routes(t)
	p := g.person(control.KeyChange{})
	body := func(model string) string {
		return fmt.Sprintf(`{"model":%q,"max_tokens":1000000000,"n":128,"prompt":[%s"a"]}`, model, strings.Repeat(`"a",`, 20_000))
	}
	if a := g.do("POST", "/v1/completions", p.key, body("paid-then-free"), nil); a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != "gpu/free" || a.Header.Get("X-Tollgate-Fallback") == "" {
		t.Errorf("with something free: %d %v %s", a.Status, a.Header, a.Body)
	}
	if a := g.do("POST", "/v1/completions", p.key, body("paid"), nil); a.Status != 400 || a.errorField(t, "code") != "invalid_value" || !strings.Contains(a.errorField(t, "message"), "lower its output cap") {
		t.Errorf("without: %d %s", a.Status, a.Body)
	}
}

// TestR06_ZeroNoneNegative: 0 is a limit, null is none, and negative is not valid, the
// same in every scope and however it is said.
func TestR06_ZeroNoneNegative(t *testing.T) {
	t.Parallel()
	for _, k := range ledger.Kinds() {
		t.Run("file/"+string(k), func(t *testing.T) {
			t.Parallel()
			who := "each: " + string(k)
			if k == ledger.Gateway {
				who = "scope: gateway"
			}
			with := func(limit string) string {
				return upstreamConfig + fmt.Sprintf("budgets:\n  - { %s, limit: %s, per: month, name: pool }\n", who, limit)
			}
			g := audited(t, with("0"))
			p := g.person(control.KeyChange{})
			expect := func(what string, status int, unknown int) {
				t.Helper()
				if a := g.chat(p, "paid", "", nil); a.Status != status {
					t.Errorf("%s: paid is %d: %s", what, a.Status, a.Body)
				}
				if a := g.chat(p, "unknown", "", nil); a.Status != unknown {
					t.Errorf("%s: unknown is %d: %s", what, a.Status, a.Body)
				}
				if a := g.chat(p, "free", "", nil); a.Status != 200 {
					t.Errorf("%s: free is %d: %s", what, a.Status, a.Body)
				}
			}
			expect("0", 429, 402)
			if a := g.chat(p, "paid", "", nil); a.member(t, "budget", "state") != "zero" || !strings.Contains(a.errorField(t, "message"), "free models only") {
				t.Errorf("a limit of 0: %s", a.Body)
			}
			for _, limit := range []string{"-1", "-0.000000001", "-5 USD", "null", `""`, "-0.01 USD", "unlimited"} {
				g.write(with(limit))
				if err := g.reload.reload(); err == nil {
					t.Errorf("a limit of %s was taken", limit)
				}
				expect("after "+limit, 429, 402)
			}
			g.write(with("none"))
			if err := g.reload.reload(); err != nil {
				// A budget with neither a limit nor a soft one is no budget.
				g.write(upstreamConfig + fmt.Sprintf("budgets:\n  - { %s, limit: none, soft: 1, per: month, name: pool }\n", who))
				if err := g.reload.reload(); err != nil {
					t.Fatal(err)
				}
			}
			expect("none", 200, 200)
			g.write(with("5 USD"))
			if err := g.reload.reload(); err != nil {
				t.Fatal(err)
			}
			expect("5 USD", 200, 402)
		})
	}
	t.Run("control", func(t *testing.T) {
		t.Parallel()
		g := audited(t, upstreamConfig)
		ctx := context.Background()
		for _, k := range ledger.Kinds() {
			p := g.person(control.KeyChange{})
			money := func(n int64) *accounting.Money { m := accounting.Money(n); return &m }
			b := ledger.Budget{Kind: k, Owner: p.account(k), Window: ledger.Window{Unit: ledger.Month}, Limit: money(-1)}
			if _, err := g.srv.control.CreateBudget(ctx, b); !errors.Is(err, ledger.ErrNegativeLimit) {
				t.Errorf("%s: a negative limit: %v", k, err)
			}
			b.Limit = money(0)
			b = must(g.srv.control.CreateBudget(ctx, b))(t)
			if a := g.chat(p, "paid", "", nil); a.Status != 429 {
				t.Errorf("%s: a limit of 0: %d", k, a.Status)
			}
			negative, none := money(-1), (*accounting.Money)(nil)
			if _, err := g.srv.control.UpdateBudget(ctx, b.ID, control.BudgetChange{Limit: &negative}); !errors.Is(err, ledger.ErrNegativeLimit) {
				t.Errorf("%s: a negative limit: %v", k, err)
			}
			if a := g.chat(p, "paid", "", nil); a.Status != 429 {
				t.Errorf("%s: after a refused change: %d", k, a.Status)
			}
			must(g.srv.control.UpdateBudget(ctx, b.ID, control.BudgetChange{Limit: &none}))(t)
			if a := g.chat(p, "paid", "", nil); a.Status != 200 {
				t.Errorf("%s: no limit: %d %s", k, a.Status, a.Body)
			}
			if g.posted(b) == 0 {
				t.Errorf("%s: a budget without a limit does not count", k)
			}
		}
	})
	t.Run("api", func(t *testing.T) {
		t.Parallel()
		g := audited(t, upstreamConfig)
		admin := must(g.srv.control.EnsureAdmin(context.Background(), ""))(t)
		for _, k := range ledger.Kinds() {
			for limit, want := range map[string][2]int{`"0"`: {201, 429}, `"0.00"`: {201, 429}, `null`: {201, 200}, `"-1"`: {400, 200}, `"-0.01"`: {400, 200}, `"none"`: {400, 200}, `""`: {400, 200}} {
				p := g.person(control.KeyChange{})
				a := g.do("POST", "/api/v1/budgets", admin, fmt.Sprintf(`{"scope":%q,"owner":%q,"limit":%s,"per":"month"}`, k, p.account(k), limit), nil)
				if a.Status != want[0] {
					t.Errorf("%s with a limit of %s: %d %s", k, limit, a.Status, a.Body)
				}
				if k == ledger.Gateway && a.Status == 201 {
					id, _ := a.json(t)["id"].(string)
					if err := g.srv.control.DeleteBudget(context.Background(), id); err != nil {
						t.Error(err)
					}
				}
				if a := g.chat(p, "paid", "", nil); a.Status != want[1] && k != ledger.Gateway {
					t.Errorf("%s with a limit of %s: paid is %d %s", k, limit, a.Status, a.Body)
				}
			}
			p := g.person(control.KeyChange{})
			if a := g.do("POST", "/api/v1/budgets", admin, fmt.Sprintf(`{"scope":%q,"owner":%q,"per":"month"}`, k, p.account(k)), nil); a.Status != 400 {
				t.Errorf("%s without a limit: %d %s", k, a.Status, a.Body)
			}
		}
	})
	t.Run("scopes that there are not", func(t *testing.T) {
		t.Parallel()
		g := audited(t, upstreamConfig)
		zero := accounting.Money(0)
		for _, k := range []ledger.Kind{"organization", "project", "tags", ""} {
			if _, err := g.srv.control.CreateBudget(context.Background(), ledger.Budget{Kind: k, Owner: "x", Limit: &zero}); !errors.Is(err, scope.ErrBadKind) {
				t.Errorf("%q: %v", k, err)
			}
			g.write(upstreamConfig + fmt.Sprintf("budgets:\n  - { each: %q, limit: 0, per: month }\n", k))
			if err := g.reload.reload(); err == nil {
				t.Errorf("each %q was taken", k)
			}
		}
	})
}

// TestR07_FreeIsNotOpenToAll: what keeps people from a model keeps them from a free
// one too.
func TestR07_FreeIsNotOpenToAll(t *testing.T) {
	t.Parallel()
	g := audited(t, routesConfig)
	ctx := context.Background()
	yes, list := true, func(models ...string) *[]string { return &models }
	rows := []struct {
		name   string
		change func(p person)
		free   int
		paid   int
	}{
		{"nothing", func(person) {}, 200, 200},
		{"the key's list", func(p person) {
			must(g.srv.control.UpdateKey(ctx, p.keyID, control.KeyChange{Models: list("paid")}))(t)
		}, 403, 200},
		{"the user's list", func(p person) {
			must(g.srv.control.UpdateUser(ctx, p.user, control.UserChange{Models: list("paid*")}))(t)
		}, 403, 200},
		{"the team's list", func(p person) {
			must(g.srv.control.UpdateTeam(ctx, p.team, control.TeamChange{Models: list("paid")}))(t)
		}, 403, 200},
		{"free ones only", func(p person) {
			must(g.srv.control.UpdateKey(ctx, p.keyID, control.KeyChange{Models: list("free")}))(t)
		}, 200, 403},
		{"a blocked key", func(p person) { must(g.srv.control.UpdateKey(ctx, p.keyID, control.KeyChange{Blocked: &yes}))(t) }, 401, 401},
		{"a blocked user", func(p person) { must(g.srv.control.UpdateUser(ctx, p.user, control.UserChange{Blocked: &yes}))(t) }, 401, 401},
		{"a blocked team", func(p person) { must(g.srv.control.UpdateTeam(ctx, p.team, control.TeamChange{Blocked: &yes}))(t) }, 401, 401},
		{"no longer a member", func(p person) { must(g.srv.control.RemoveMember(ctx, p.team, p.user))(t) }, 401, 401},
		{"a deleted key", func(p person) {
			if err := g.srv.control.DeleteKey(ctx, p.keyID); err != nil {
				t.Error(err)
			}
		}, 401, 401},
	}
	for _, row := range rows {
		p := g.person(control.KeyChange{})
		row.change(p)
		for _, op := range operations {
			if a := g.ask(op, p, "free", nil); a.Status != row.free {
				t.Errorf("%s: %s of free: %d %s", row.name, op.name, a.Status, a.Body)
			}
			if a := g.ask(op, p, "paid", nil); a.Status != row.paid {
				t.Errorf("%s: %s of paid: %d %s", row.name, op.name, a.Status, a.Body)
			}
		}
	}
	// A key that may use free models may use the free part of a mixed route, and a route
	// that it may not use is denied, not refused for money.
	p := g.person(control.KeyChange{Models: list("free")})
	for _, model := range []string{"mixed-paid-heavy", "paid-then-free", "free-then-paid"} {
		if a := g.chat(p, model, "", nil); a.Status != 200 || a.Header.Get("X-Tollgate-Price") != "free" {
			t.Errorf("%s: %d %s", model, a.Status, a.Body)
		}
	}
	g.budget(p, ledger.Key, "0")
	if a := g.chat(p, "paid", "", nil); a.Status != 403 {
		t.Errorf("denied and out of money: %d %s", a.Status, a.Body)
	}
}

// TestR08_ReadingIsNeverBudgeted reads everything that a key may read, out of money
// in every scope, and while a call holds what is left.
func TestR08_ReadingIsNeverBudgeted(t *testing.T) {
	t.Parallel()
	g := audited(t, routesConfig)
	for _, limit := range []string{"0", "0.00001"} {
		p := g.person(control.KeyChange{})
		for _, k := range ledger.Kinds() {
			g.budget(p, k, limit)
		}
		before := g.books()
		for _, path := range []string{"/v1/models", "/models", "/v1/models?open=true", "/v1/models/paid", "/v1/models/free", "/v1/models/gpu/free-any", "/models/mixed",
			"/health/live", "/health/ready", "/api/v1/me"} {
			if a := g.do("GET", path, p.key, "", nil); a.Status != 200 {
				t.Errorf("%s at a limit of %s: %d %s", path, limit, a.Status, a.Body)
			}
		}
		if now := g.books(); now != before {
			t.Errorf("reading moved the books from %+v to %+v", before, now)
		}
	}
}

// TestR09_PriceFrozenAtAdmission edits prices while calls run: what runs keeps the
// price that it was admitted at, the next call has the new one, and the past stays.
func TestR09_PriceFrozenAtAdmission(t *testing.T) {
	t.Parallel()
	const config = `
providers:
  gpu: { kind: vllm, url: UPSTREAM/v1, default_output: 20 }
  cloud: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, default_output: 20 }
models:
  m: { to: %s, price: %s }
`
	const cheap, dear, free = `{ input: 1, output: 10 }`, `{ input: 2, output: 20 }`, `free`
	words := strings.Repeat("word ", 60)
	rows := []struct {
		name, before, after string
		first, second       int64 // cost of the running call and of the next
	}{
		{"dearer", cheap, dear, 10*1000 + 60*10_000, 10*2000 + 60*20_000},
		{"cheaper", dear, cheap, 10*2000 + 60*20_000, 10*1000 + 60*10_000},
		{"to free", cheap, free, 10*1000 + 60*10_000, -1},
		{"free to paid", free, cheap, -1, 10*1000 + 60*10_000},
	}
	for _, row := range rows {
		for _, stream := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/stream %v", row.name, stream), func(t *testing.T) {
				t.Parallel()
				g := audited(t, fmt.Sprintf(config, "cloud/m", row.before))
				p := g.person(control.KeyChange{})
				b := g.budget(p, ledger.User, "5")
				script := providertest.Script{Text: words, Chunks: 10, PromptTokens: 10, CompletionTokens: 60}
				g.up.Set("m", script)
				old := g.chat(p, "m", "", nil)

				slow := script
				slow.DelayHeaders, slow.DelayChunk = time.Second, 60*time.Millisecond
				g.up.Set("m", slow)
				g.up.Reset()
				done, _ := g.background(p, "/v1/chat/completions", chatBody(p, "m", fmt.Sprintf(`"stream":%v`, stream)))
				g.arrived(1)
				g.write(fmt.Sprintf(config, "cloud/m", row.after))
				if err := g.reload.reload(); err != nil {
					t.Fatal(err)
				}
				select {
				case a := <-done:
					t.Fatalf("the call was over before the price changed: %s", a.Body)
				default:
				}
				running := finishes(t, done)
				g.up.Set("m", script)
				next := g.chat(p, "m", fmt.Sprintf(`"stream":%v`, stream), nil)
				sum := int64(0)
				for _, c := range []struct {
					what string
					a    answer
					cost int64
				}{{"the past", old, row.first}, {"the running call", running, row.first}, {"the next", next, row.second}} {
					entries := g.entries(c.a.Header.Get("X-Request-Id"))
					switch {
					case c.a.Status != 200:
						t.Fatalf("%s: %d %s", c.what, c.a.Status, c.a.Body)
					case c.cost < 0 && len(entries) != 0:
						t.Errorf("%s was free and has entries %+v", c.what, entries)
					case c.cost >= 0 && (len(entries) != 1 || int64(*entries[0].Cost) != c.cost):
						t.Errorf("%s: entries %+v, want a cost of %d", c.what, entries, c.cost)
					}
					sum += max(c.cost, 0)
				}
				if got := g.posted(b); got != sum {
					t.Errorf("%d posted, want %d", got, sum)
				}
			})
		}
	}
}

// TestR10_NothingIsCached: there is no response cache in this release, so that the
// same question twice is two calls and both are paid.
func TestR10_NothingIsCached(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.Key, "5")
	for n := int64(1); n <= 3; n++ {
		a := g.chat(p, "paid", `"temperature":0,"seed":1`, nil)
		if a.Status != 200 || int64(len(g.called())) != n || g.posted(b) != n*(10*1000+5*10_000) {
			t.Errorf("call %d: %d, %d upstream calls, %d posted", n, a.Status, len(g.called()), g.posted(b))
		}
	}
}

// TestR11_FreeUseApart: free calls are reported with a cost of 0, and nothing that a
// budget reads contains them.
func TestR11_FreeUseApart(t *testing.T) {
	t.Parallel()
	g := audited(t, routesConfig)
	p := g.person(control.KeyChange{})
	for _, k := range ledger.Kinds() {
		g.budget(p, k, "5")
	}
	for _, op := range operations {
		for range 3 {
			if a := g.ask(op, p, "free", nil); a.Status != 200 {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
		}
	}
	if got := g.books(); got != (books{}) {
		t.Fatalf("free calls are in the books: %+v", got)
	}
	a := g.chat(p, "paid", "", nil)
	cost := *g.entry(a.Header.Get("X-Request-Id")).Cost
	ctx := context.Background()
	for _, by := range [][]string{nil, {"model"}, {"user", "team"}, {"end_user"}, {"key", "deployment"}, {"day"}} {
		var free, paid control.Sums
		sum := accounting.Money(0)
		g.eventually("the free calls are reported", func() bool {
			free, paid, sum = control.Sums{}, control.Sums{}, 0
			for _, r := range must(g.srv.control.Usage(ctx, control.UsageQuery{By: by, KeyID: p.keyID}))(t) {
				if r.Free.Calls > 0 && r.Paid.Calls == 0 && r.Cost != 0 {
					t.Errorf("by %v: free calls cost something: %+v", by, r)
				}
				free.Calls += r.Free.Calls
				free.Input += r.Free.Input
				free.Output += r.Free.Output
				paid.Calls += r.Paid.Calls
				sum += r.Cost
			}
			return free.Calls == 21
		})
		if free.Input != 210 || free.Output != 90 || paid.Calls != 1 || sum != cost {
			t.Errorf("by %v: free %+v, paid %+v, cost %s", by, free, paid, sum)
		}
	}
	states := must(g.srv.control.Standings(ctx, ledger.Account{Kind: ledger.User, ID: p.user}, ledger.Account{Kind: ledger.Gateway}))(t)
	for _, s := range states {
		if s.Standing.Posted != cost {
			t.Errorf("%s stands at %s, want %s", s.Claim.Budget.Kind, s.Standing.Posted, cost)
		}
	}
}

// TestR12_RefusedForMoneyOnlyWithoutAFreeOne: a refusal names the budget, and comes
// only when nothing free was permitted, able and healthy.
func TestR12_RefusedForMoneyOnlyWithoutAFreeOne(t *testing.T) {
	t.Parallel()
	g := audited(t, routesConfig+`
  paid-then-shy: [cloud/paid, { to: gpu/free-shy, remote_media: deny }]
`)
	g.up.Set("free-busy", providertest.Script{Status: 503})
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.User, "0")
	media := fmt.Sprintf(`{"model":"paid-then-shy","user":%q,"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}]}`, p.endUser)
	rows := []struct {
		name, model, body string
		status            int
	}{
		{"only paid", "paid", "", 429},
		{"a free one that takes it", "paid-then-shy", "", 200},
		{"a free one that does not take it", "", media, 429},
		{"a free one that is busy", "busy-mixed", "", 503},
		{"a free one", "mixed", "", 200},
	}
	for _, row := range rows {
		body := row.body
		if body == "" {
			body = chatBody(p, row.model, "")
		}
		a := g.do("POST", "/v1/chat/completions", p.key, body, nil)
		if a.Status != row.status {
			t.Errorf("%s: %d, want %d: %s", row.name, a.Status, row.status, a.Body)
		}
		if a.Status == 429 && (a.member(t, "budget", "id") != b.ID || a.member(t, "budget", "account") != p.user) {
			t.Errorf("%s: the refusal does not name the budget: %s", row.name, a.Body)
		}
	}
}
