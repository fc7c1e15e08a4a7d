package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// admissionConfig has models whose holds are easy to add up: a prompt token costs
// 1,000 nano-dollars and an answer token 10,000.
const admissionConfig = `
providers:
  gpu:   { kind: vllm, url: UPSTREAM/v1 }
  cloud: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 }, default_output: 50 }
  other: { kind: mistral, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 }, default_output: 50 }
  listed: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, prices: openai }
  late:  { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 }, first_byte: 100ms, gap: 100ms }
  dead:  { kind: openai, url: http://127.0.0.1:1/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 } }
models:
  free: gpu/free
  paid: cloud/paid
  slow: late/slow
  gone: dead/gone
  bounded: { to: cloud/bounded, max_output: 400 }
  small: { to: cloud/small, max_output: 30 }
  other: other/paid
  dear: { to: cloud/dear, price: { input: 5, output: 50 } }
  reasoner: listed/gpt-5-mini
  plain: listed/gpt-4o-mini
  cheap-then-dear: [cloud/busy, { to: cloud/dear, price: { input: 5, output: 50 } }]
`

const (
	inputRate  = 1_000
	outputRate = 10_000
)

// TestSection7_HoldAmount: the hold is the bound of the prompt and the cap that the
// client set, times the answers it asked for; or else what the deployment is declared
// to need.
func TestSection7_HoldAmount(t *testing.T) {
	t.Parallel()
	g := audited(t, admissionConfig)
	for _, m := range []string{"paid", "bounded", "small", "gpt-5-mini", "gpt-4o-mini"} {
		g.up.Set(m, providertest.Script{Hang: true})
	}
	chat, completions, embeddings := operations[0], operations[2], operations[4]
	rows := []struct {
		name  string
		op    operation
		model string
		extra string
		limit string // default 5 USD; none is a budget without a limit
		want  int64  // output tokens in all
		price [2]int64
		input int64 // input tokens; 0: as many as the prompt can have
	}{
		{name: "max_tokens", op: chat, model: "paid", extra: `"max_tokens":100`, want: 100},
		{name: "max_completion_tokens", op: chat, model: "paid", extra: `"max_completion_tokens":100`, want: 100},
		{name: "max_output_tokens", op: chat, model: "paid", extra: `"max_output_tokens":100`, want: 100},
		{name: "the largest of them", op: chat, model: "paid", extra: `"max_tokens":10,"max_completion_tokens":300,"max_output_tokens":20`, want: 300},
		{name: "times n", op: chat, model: "paid", extra: `"max_tokens":100,"n":3`, want: 300},
		{name: "times best_of", op: completions, model: "paid", extra: `"max_tokens":100,"best_of":4,"n":2`, want: 400},
		{name: "streamed", op: chat, model: "paid", extra: `"max_tokens":100,"stream":true`, want: 100},
		{name: "streamed times n", op: chat, model: "paid", extra: `"max_tokens":100,"stream":true,"n":2`, want: 200},
		{name: "a cap above the model's own", op: chat, model: "small", extra: `"max_tokens":1000`, want: 1000},
		{name: "no cap, streamed", op: chat, model: "paid", extra: `"stream":true`, want: 50},
		{name: "no cap, streamed, times n", op: chat, model: "paid", extra: `"stream":true,"n":3`, want: 150},
		{name: "no cap, streamed, bounded", op: chat, model: "bounded", extra: `"stream":true`, want: 50},
		{name: "no cap, whole, no maximum known", op: chat, model: "paid", want: 131_072},
		{name: "no cap, whole, no maximum known, times n", op: chat, model: "paid", extra: `"n":2`, want: 2 * 131_072},
		{name: "no cap, whole, no maximum known, little left", op: chat, model: "paid", limit: "0.5", want: 50},
		{name: "no cap, whole, little left, times n", op: chat, model: "paid", limit: "0.5", extra: `"n":2`, want: 100},
		{name: "no cap, whole, the maximum fits", op: chat, model: "bounded", want: 400},
		{name: "no cap, whole, the maximum does not fit", op: chat, model: "bounded", limit: "0.002", want: 50},
		{name: "no cap, whole, the maximum is below the default", op: chat, model: "small", want: 30},
		{name: "no limit", op: chat, model: "bounded", limit: "none", want: 50},
		{name: "completions", op: completions, model: "paid", extra: `"max_tokens":20`, want: 20},
		{name: "embeddings", op: embeddings, model: "paid", want: 0},
		{name: "hidden reasoning, streamed", op: chat, model: "reasoner", extra: `"stream":true`, want: 128_000, price: [2]int64{250, 2000}},
		{name: "hidden reasoning, streamed, the maximum does not fit", op: chat, model: "reasoner", extra: `"stream":true`, limit: "0.1", want: 4096, price: [2]int64{250, 2000}},
		{name: "the list's maximum", op: chat, model: "plain", want: 16_384, price: [2]int64{150, 600}},
		{name: "no more of a prompt than the context", op: chat, model: "plain", extra: `"max_tokens":10,"metadata":{"a":"` + strings.Repeat("a", 200_000) + `"}`, want: 10, price: [2]int64{150, 600}, input: 128_000},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			p := g.person(control.KeyChange{})
			var b ledger.Budget
			if row.limit == "none" {
				b = must(g.srv.control.CreateBudget(context.Background(), ledger.Budget{Kind: ledger.User, Owner: p.user, Window: ledger.Window{Unit: ledger.Month}}))(t)
			} else {
				if row.limit == "" {
					row.limit = "5"
				}
				b = g.budget(p, ledger.User, row.limit)
			}
			if row.price == [2]int64{} {
				row.price = [2]int64{inputRate, outputRate}
			}
			body := fmt.Sprintf(row.op.body, row.model, p.endUser)
			if row.extra != "" {
				body = strings.TrimSuffix(body, "}") + "," + row.extra + "}"
			}
			if row.input == 0 {
				row.input = bound(t, body)
			}
			want := row.input*row.price[0] + row.want*row.price[1]
			g.up.Reset()
			_, cancel := g.background(p, row.op.path, body)
			defer cancel()
			if row.op.name == "embeddings" {
				g.eventually("the call is over", func() bool { return g.query("select count(*) from entries where user_id = ?", p.user)+g.held(b) > 0 })
			} else {
				g.arrived(1)
			}
			if got := g.held(b); got != want {
				t.Errorf("%d held, want %d", got, want)
			}
			cancel()
			g.settled()
		})
	}
}

// TestSection7_Strict: what would not fit beside what is spent and held is refused, to
// the last nano-dollar.
func TestSection7_Strict(t *testing.T) {
	t.Parallel()
	g := audited(t, admissionConfig)
	for _, k := range ledger.Kinds() {
		p := g.person(control.KeyChange{})
		body := chatBody(p, "paid", `"max_tokens":100`)
		hold := accounting.Money(bound(t, body)*inputRate + 100*outputRate)
		short, exact := hold-1, hold
		b := must(g.srv.control.CreateBudget(context.Background(), ledger.Budget{Kind: k, Owner: p.account(k), Limit: &short, Window: ledger.Window{Unit: ledger.Month}}))(t)
		a := g.do("POST", "/v1/chat/completions", p.key, body, nil)
		if a.Status != 429 || a.member(t, "budget", "state") != "tight" {
			t.Errorf("%s: a nano-dollar short: %d %s", k, a.Status, a.Body)
		}
		limit := &exact
		must(g.srv.control.UpdateBudget(context.Background(), b.ID, control.BudgetChange{Limit: &limit}))(t)
		if a := g.do("POST", "/v1/chat/completions", p.key, body, nil); a.Status != 200 {
			t.Errorf("%s: exactly: %d %s", k, a.Status, a.Body)
		}
		if a := g.do("POST", "/v1/chat/completions", p.key, body, nil); a.Status != 429 {
			t.Errorf("%s: again: %d %s", k, a.Status, a.Body)
		}
		if err := g.srv.control.DeleteBudget(context.Background(), b.ID); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSection7_Headroom: anything under the limit may begin; the overshoot is one
// request's, also when many ask at once.
func TestSection7_Headroom(t *testing.T) {
	t.Parallel()
	g := audited(t, "admission: headroom\n"+admissionConfig)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.Team, "0.0005") // less than any of these calls
	g.up.Set("paid", providertest.Script{Hang: true})
	body := chatBody(p, "paid", `"max_tokens":100`)
	g.up.Reset()
	_, cancel := g.background(p, "/v1/chat/completions", body)
	g.arrived(1)
	for range 5 {
		if a := g.do("POST", "/v1/chat/completions", p.key, body, nil); a.Status != 429 || a.errorField(t, "code") != "budget_held" {
			t.Errorf("a second one: %d %s", a.Status, a.Body)
		}
	}
	cancel()
	g.settled()

	p = g.person(control.KeyChange{})
	b := g.budget(p, ledger.Team, "0.0005")
	prompt := bound(t, body)
	g.up.Set("paid", providertest.Script{PromptTokens: prompt, CompletionTokens: 100})
	served := 0
	for _, a := range g.parallel(p, body, 20) {
		if a.Status == 200 {
			served++
		} else if a.Status != 429 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
	if cost := prompt*inputRate + 100*outputRate; served != 1 || g.posted(b) != cost {
		t.Errorf("%d served and %d posted, want one at %d", served, g.posted(b), cost)
	}
	if a := g.do("POST", "/v1/chat/completions", p.key, body, nil); a.Status != 429 || a.member(t, "budget", "state") != "spent" {
		t.Errorf("spent: %d %s", a.Status, a.Body)
	}
	for _, limit := range []string{"0", "0.000000001"} {
		p := g.person(control.KeyChange{})
		g.budget(p, ledger.Key, limit)
		want := map[string]int{"0": 429, "0.000000001": 200}[limit]
		if a := g.chat(p, "paid", "", nil); a.Status != want {
			t.Errorf("a limit of %s: %d %s", limit, a.Status, a.Body)
		}
		if a := g.chat(p, "paid", "", nil); a.Status != 429 {
			t.Errorf("a limit of %s, again: %d %s", limit, a.Status, a.Body)
		}
		if a := g.chat(p, "free", "", nil); a.Status != 200 {
			t.Errorf("free: %d %s", a.Status, a.Body)
		}
	}
}

// parallel makes the same call many times at once.
func (g *gate) parallel(p person, body string, n int) []answer {
	g.t.Helper()
	out := make([]answer, n)
	var wg sync.WaitGroup
	begin := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-begin
			a, err := g.try("POST", "/v1/chat/completions", p.key, body, nil)
			if err != nil {
				g.t.Error(err)
			}
			out[i] = a
		})
	}
	close(begin)
	wg.Wait()
	return out
}

// TestSection7_FiftyAtOnce: with money for ten, ten of fifty pass, whatever the scope.
func TestSection7_FiftyAtOnce(t *testing.T) {
	t.Parallel()
	for _, k := range ledger.Kinds() {
		t.Run(string(k), func(t *testing.T) {
			t.Parallel()
			g := audited(t, admissionConfig)
			p := g.person(control.KeyChange{})
			body := chatBody(p, "paid", `"max_tokens":100`)
			prompt := bound(t, body)
			hold := prompt*inputRate + 100*outputRate
			// Each call costs all that was held for it, so that none makes room for another.
			g.up.Set("paid", providertest.Script{PromptTokens: prompt, CompletionTokens: 100})
			limit := accounting.Money(10*hold + hold/2)
			b := must(g.srv.control.CreateBudget(context.Background(), ledger.Budget{Kind: k, Owner: p.account(k), Limit: &limit, Window: ledger.Window{Unit: ledger.Month}}))(t)
			g.up.Reset()
			served, refused := 0, 0
			for _, a := range g.parallel(p, body, 50) {
				switch {
				case a.Status == 200:
					served++
				case a.Status == 429 && (a.errorField(t, "code") == "budget_exceeded" || a.errorField(t, "code") == "budget_held"):
					refused++
				default:
					t.Errorf("%d %s", a.Status, a.Body)
				}
			}
			if served != 10 || refused != 40 || len(g.called()) != 10 || g.posted(b) != 10*hold {
				t.Errorf("%d served, %d refused, %d upstream calls, %d posted, want 10, 40, 10, %d", served, refused, len(g.called()), g.posted(b), 10*hold)
			}
		})
	}
}

// TestSection7_AllOrNone: a hold that one scope refuses is taken on none.
func TestSection7_AllOrNone(t *testing.T) {
	t.Parallel()
	g := audited(t, admissionConfig)
	kinds := ledger.Kinds()
	for _, empty := range kinds {
		p := g.person(control.KeyChange{})
		var all []ledger.Budget
		for _, k := range kinds {
			limit := "5"
			if k == empty {
				limit = "0.0001"
			}
			all = append(all, g.budget(p, k, limit))
		}
		for range 3 {
			a := g.chat(p, "paid", `"max_tokens":100`, nil)
			if a.Status != 429 || a.member(t, "budget", "scope") != string(empty) {
				t.Errorf("%s: %d %s", empty, a.Status, a.Body)
			}
			if others, _ := a.member(t, "other_budgets").([]any); len(others) != 0 {
				t.Errorf("%s: others that failed: %v", empty, others)
			}
		}
		for _, b := range all {
			if g.posted(b) != 0 || g.held(b) != 0 {
				t.Errorf("%s refused, and %s moved: %d posted, %d held", empty, b.Kind, g.posted(b), g.held(b))
			}
			if err := g.srv.control.DeleteBudget(context.Background(), b.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	// Two fail: the narrowest speaks, and the other is listed.
	for i, narrow := range kinds {
		for _, wide := range kinds[i+1:] {
			p := g.person(control.KeyChange{})
			b := g.budget(p, wide, "0")
			g.budget(p, narrow, "0")
			a := g.chat(p, "paid", "", nil)
			others, _ := a.member(t, "other_budgets").([]any)
			if a.Status != 429 || a.member(t, "budget", "scope") != string(narrow) || len(others) != 1 || others[0].(map[string]any)["scope"] != string(wide) {
				t.Errorf("%s and %s: %d %s", narrow, wide, a.Status, a.Body)
			}
			if err := g.srv.control.DeleteBudget(context.Background(), b.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// sent is the body of the last call to the upstream.
func (g *gate) sent() string {
	g.t.Helper()
	calls := g.up.Calls()
	if len(calls) == 0 {
		g.t.Fatal("nothing was sent")
	}
	return string(calls[len(calls)-1].Body)
}

// TestSection7_ClampOutput: a cap of the client's that does not fit is lowered to what
// does, in its own field, if the operator says so; otherwise it is refused.
func TestSection7_ClampOutput(t *testing.T) {
	t.Parallel()
	for _, clamp := range []bool{true, false} {
		g := audited(t, fmt.Sprintf("clamp_output: %v\n", clamp)+admissionConfig)
		for _, field := range []string{"max_tokens", "max_completion_tokens"} {
			for _, stream := range []bool{false, true} {
				for _, n := range []int64{1, 3} {
					p := g.person(control.KeyChange{})
					b := g.budget(p, ledger.User, "0.002")
					body := chatBody(p, "paid", fmt.Sprintf(`%q:10000,"stream":%v,"n":%d`, field, stream, n))
					fit := (2_000_000 - bound(t, body)*inputRate) / outputRate / n
					g.up.Reset()
					a := g.do("POST", "/v1/chat/completions", p.key, body, nil)
					if !clamp {
						if a.Status != 429 || len(g.called()) != 0 {
							t.Errorf("%s, stream %v, n %d: not clamped: %d %s", field, stream, n, a.Status, a.Body)
						}
						continue
					}
					if a.Status != 200 || a.Header.Get("X-Tollgate-Output-Cap") != strconv.FormatInt(fit, 10) {
						t.Errorf("%s, stream %v, n %d: %d, cap %q, want %d: %s", field, stream, n, a.Status, a.Header.Get("X-Tollgate-Output-Cap"), fit, a.Body)
						continue
					}
					if sent := g.sent(); !strings.Contains(sent, fmt.Sprintf(`%q:%d`, field, fit)) || strings.Contains(sent, "10000") {
						t.Errorf("%s, stream %v, n %d: sent %s", field, stream, n, sent)
					}
					if e := g.entry(a.Header.Get("X-Request-Id")); int64(e.Held) > 2_000_000 || g.posted(b) != int64(*e.Cost) {
						t.Errorf("%s: booked as %+v", field, e)
					}
				}
			}
		}
		p := g.person(control.KeyChange{})
		g.budget(p, ledger.User, "5")
		a := g.chat(p, "paid", `"max_tokens":10000`, nil)
		if a.Status != 200 || a.Header.Get("X-Tollgate-Output-Cap") != "" || !strings.Contains(g.sent(), `"max_tokens":10000`) {
			t.Errorf("a cap that fits: %d %v, sent %s", a.Status, a.Header, g.sent())
		}
		for _, limit := range []string{"0", "0.00005"} { // not a token fits
			p := g.person(control.KeyChange{})
			g.budget(p, ledger.User, limit)
			if a := g.chat(p, "paid", `"max_tokens":10000`, nil); a.Status != 429 {
				t.Errorf("a limit of %s: %d %s", limit, a.Status, a.Body)
			}
		}
	}
}

// TestSection7_CapSentUpstream: a call that sets no cap and cannot be stopped on its
// way is sent with the cap that is held, and only when a limit applies and the
// model's own maximum does not fit.
func TestSection7_CapSentUpstream(t *testing.T) {
	t.Parallel()
	g := audited(t, admissionConfig)
	rows := []struct {
		name, model, limit, extra string
		op                        operation
		field                     string // "" is nothing sent
		want                      int64
	}{
		{name: "whole, no maximum known", model: "paid", limit: "0.5", op: operations[0], field: "max_tokens", want: 50},
		{name: "whole, no maximum known, and money for any", model: "paid", limit: "5", op: operations[0]},
		{name: "whole, the maximum does not fit", model: "bounded", limit: "0.002", op: operations[0], field: "max_tokens", want: 50},
		{name: "whole, the maximum fits", model: "bounded", limit: "5", op: operations[0]},
		{name: "whole, the maximum is below the default", model: "small", limit: "5", op: operations[0]},
		{name: "a vendor's own field", model: "other", limit: "0.5", op: operations[0], field: "max_tokens", want: 50},
		{name: "completions", model: "paid", limit: "0.5", op: operations[2], field: "max_tokens", want: 50},
		{name: "embeddings", model: "paid", limit: "5", op: operations[4]},
		{name: "a stream", model: "paid", limit: "5", op: operations[1]},
		{name: "a stream of completions", model: "paid", limit: "5", op: operations[3]},
		{name: "the client's own cap", model: "paid", limit: "5", op: operations[0], extra: `"max_tokens":20`},
		{name: "hidden reasoning in a stream, the maximum does not fit", model: "reasoner", limit: "0.1", op: operations[1], field: "max_completion_tokens", want: 4096},
		{name: "hidden reasoning in a stream, the maximum fits", model: "reasoner", limit: "5", op: operations[1]},
		{name: "hidden reasoning whole, the maximum does not fit", model: "reasoner", limit: "0.1", op: operations[0], field: "max_completion_tokens", want: 4096},
		{name: "no limit", model: "paid", op: operations[0]},
		{name: "no limit, bounded", model: "bounded", op: operations[0]},
		{name: "no limit, hidden reasoning", model: "reasoner", op: operations[1]},
		{name: "a limit on other models", model: "paid", limit: "other", op: operations[0]},
		{name: "a free model", model: "free", limit: "5", op: operations[0]},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			p := g.person(control.KeyChange{})
			switch row.limit {
			case "":
			case "other":
				g.budget(p, ledger.User, "0", "something else")
			default:
				g.budget(p, ledger.User, row.limit)
			}
			body := fmt.Sprintf(row.op.body, row.model, p.endUser)
			if row.extra != "" {
				body = strings.TrimSuffix(body, "}") + "," + row.extra + "}"
			}
			g.up.Reset()
			a := g.do("POST", row.op.path, p.key, body, nil)
			if a.Status != 200 {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
			sent, header := g.sent(), a.Header.Get("X-Tollgate-Output-Cap")
			if row.field == "" {
				if header != "" || (row.extra == "" && strings.Contains(sent, "max_")) || (row.extra != "" && !strings.Contains(sent, row.extra)) {
					t.Errorf("a cap was sent: %q, %s", header, sent)
				}
				return
			}
			if header != strconv.FormatInt(row.want, 10) || !strings.Contains(sent, fmt.Sprintf(`%q:%d`, row.field, row.want)) || strings.Count(sent, "max_") != 1 {
				t.Errorf("header %q, sent %s, want %s of %d", header, sent, row.field, row.want)
			}
		})
	}
}

// TestSection7_AboveHold: what an upstream has charged is posted in full, more than
// was held or not, and marked.
func TestSection7_AboveHold(t *testing.T) {
	t.Parallel()
	g := audited(t, admissionConfig)
	for _, row := range []struct {
		name       string
		completion int64
		flagged    bool
	}{{"below", 5, false}, {"above the cap", 500, true}, {"far above the limit", 1_000_000, true}} {
		for _, op := range operations[:4] {
			p := g.person(control.KeyChange{})
			b := g.budget(p, ledger.Member, "0.01")
			g.up.Set("paid", providertest.Script{PromptTokens: 10, CompletionTokens: row.completion})
			body := strings.TrimSuffix(fmt.Sprintf(op.body, "paid", p.endUser), "}") + `,"max_tokens":20}`
			a := g.do("POST", op.path, p.key, body, nil)
			e := g.entry(a.Header.Get("X-Request-Id"))
			want := 10*inputRate + row.completion*outputRate
			if a.Status != 200 || int64(*e.Cost) != want || g.posted(b) != want || slices.Contains(e.Flags, "above_hold") != row.flagged {
				t.Errorf("%s, %s: %d, booked as %+v, %d posted, want %d", row.name, op.name, a.Status, e, g.posted(b), want)
			}
		}
	}
	// An absurd usage neither wraps a counter nor lowers it.
	for _, usage := range []string{`{"prompt_tokens":-5,"completion_tokens":-7,"total_tokens":-12}`, `{"prompt_tokens":9223372036854775807,"completion_tokens":9223372036854775807,"total_tokens":1}`} {
		p := g.person(control.KeyChange{})
		b := g.budget(p, ledger.Member, "0.01")
		g.up.Set("paid", providertest.Script{RawUsage: usage})
		a := g.chat(p, "paid", `"max_tokens":20`, nil)
		if a.Status == 200 && (g.posted(b) < 0 || g.posted(b) == 0 && !strings.Contains(usage, "-5")) {
			t.Errorf("%s: %d posted", usage, g.posted(b))
		}
	}
}

// TestSection7_DearerFallback: what is tried next is held for at its own price, and
// is passed over when that does not fit.
func TestSection7_DearerFallback(t *testing.T) {
	t.Parallel()
	g := audited(t, admissionConfig)
	g.up.Set("busy", providertest.Script{Status: 503})
	g.up.Set("dear", providertest.Script{Hang: true})
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.User, "5")
	body := chatBody(p, "cheap-then-dear", `"max_tokens":100`)
	hold := bound(t, body)*inputRate + 100*outputRate
	g.up.Reset()
	_, cancel := g.background(p, "/v1/chat/completions", body)
	g.arrived(2)
	if got := g.held(b); got != 5*hold {
		t.Errorf("%d held for the dearer one, want %d", got, 5*hold)
	}
	cancel()
	g.settled()

	limit := accounting.Money(3 * hold)
	p = g.person(control.KeyChange{})
	b = must(g.srv.control.CreateBudget(context.Background(), ledger.Budget{Kind: ledger.User, Owner: p.user, Limit: &limit, Window: ledger.Window{Unit: ledger.Month}}))(t)
	g.up.Reset()
	a := g.do("POST", "/v1/chat/completions", p.key, body, nil)
	if a.Status != 503 || !slices.Equal(a.texts(t, "fallback_skipped", "deployments"), []string{"cloud/dear"}) || !slices.Equal(g.called(), []string{"busy"}) || g.posted(b) != 0 {
		t.Errorf("%d %s after %v, %d posted", a.Status, a.Body, g.called(), g.posted(b))
	}
}

// TestSection7_BooksDown: while the books cannot be written, paid calls are served up
// to the amount that the operator allows, and free ones always; what was spent is
// entered afterwards.
func TestSection7_BooksDown(t *testing.T) {
	t.Parallel()
	g := audited(t, "when_books_are_down: { allow: 0.005 USD }\n"+admissionConfig)
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.User, "5")
	body := chatBody(p, "paid", `"max_tokens":100`)
	prompt := bound(t, body)
	hold := prompt*inputRate + 100*outputRate
	g.up.Set("paid", providertest.Script{PromptTokens: prompt, CompletionTokens: 100})
	zero, tight := g.person(control.KeyChange{}), g.person(control.KeyChange{})
	g.budget(zero, ledger.Team, "0")
	g.budget(tight, ledger.Key, "0.0001")
	release := g.blockBooks()
	answers := make(chan []answer, 1)
	go func() { answers <- g.parallel(p, body, 12) }()
	var never sync.WaitGroup
	for _, p := range []person{zero, tight} {
		never.Go(func() { // no allowance makes a budget bear what it never could
			a, err := g.try("POST", "/v1/chat/completions", p.key, chatBody(p, "paid", `"max_tokens":100`), nil)
			if err != nil || a.Status != 429 {
				t.Errorf("%s: %d %s %v", p.user, a.Status, a.Body, err)
			}
		})
	}
	for _, op := range operations {
		if a := g.ask(op, p, "free", nil); a.Status != 200 {
			t.Errorf("%s of free: %d %s", op.name, a.Status, a.Body)
		}
	}
	served := 0
	never.Wait()
	for _, a := range <-answers {
		switch {
		case a.Status == 200:
			served++
		case a.Status != 503 || a.errorField(t, "code") != "books_unavailable" || a.Header.Get("Retry-After") == "":
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
	fit := int(5_000_000 / hold)
	if served != fit || len(g.called()) != fit+len(operations) {
		t.Errorf("%d served and %d calls, want %d served", served, len(g.called()), fit)
	}
	release()
	g.eventually("the calls are entered", func() bool { return g.query("select count(*) from entries") == int64(fit) })
	if n := g.query("select count(*) from entries where flags like '%admitted_offline%' and cost = ?", hold); n != int64(fit) || g.posted(b) != int64(fit)*hold {
		t.Errorf("%d entries are marked, %d posted, want %d", n, g.posted(b), int64(fit)*hold)
	}
	// What was served in memory is room again, and the books admit as ever.
	if a := g.do("POST", "/v1/chat/completions", p.key, body, nil); a.Status != 200 {
		t.Errorf("afterwards: %d %s", a.Status, a.Body)
	}
}

// TestSection7_FailedAttempts: an upstream that refused a call is owed nothing; one
// that may have worked for it is booked at what is known of it.
func TestSection7_FailedAttempts(t *testing.T) {
	t.Parallel()
	g := audited(t, admissionConfig)
	text := strings.Repeat("word ", 40)
	rows := []struct {
		name, model string
		script      providertest.Script
		whole       string // status of the entry of a whole answer; "" is none
		stream      string
		output      int64 // tokens of a streamed one, at least
	}{
		{"400", "paid", providertest.Script{Status: 400, Body: `{"error":{"message":"no"}}`}, "", "", 0},
		{"401", "paid", providertest.Script{Status: 401, Body: `{"error":{"message":"no"}}`}, "", "", 0},
		{"404", "paid", providertest.Script{Status: 404, Body: `{"error":{"message":"no"}}`}, "", "", 0},
		{"429", "paid", providertest.Script{Status: 429}, "", "", 0},
		{"500", "paid", providertest.Script{Status: 500}, "", "", 0},
		{"503", "paid", providertest.Script{Status: 503}, "", "", 0},
		{"no connection", "gone", providertest.Script{}, "", "", 0},
		{"no answer in time", "slow", providertest.Script{Hang: true}, "timed_out", "timed_out", 0},
		{"nonsense", "paid", providertest.Script{Body: "<html>hello</html>"}, "bad_answer", "bad_answer", 0},
		{"cut in its middle", "paid", providertest.Script{Text: text, CutAfter: 30}, "truncated", "truncated", 25},
		{"an error in the stream", "paid", providertest.Script{Text: text, ErrorFrameAfter: 30}, "ok", "server_error", 25},
		{"silence in the stream", "slow", providertest.Script{Text: text, HangAfter: 30}, "ok", "timed_out", 25},
	}
	for _, row := range rows {
		for _, stream := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/stream %v", row.name, stream), func(t *testing.T) {
				p := g.person(control.KeyChange{})
				b := g.budget(p, ledger.User, "5")
				g.up.Set(row.model, row.script)
				g.mend()
				a := g.chat(p, row.model, fmt.Sprintf(`"stream":%v`, stream), nil)
				g.settled()
				want, output := row.whole, int64(0)
				if stream {
					want, output = row.stream, row.output
				}
				entries := g.entries(a.Header.Get("X-Request-Id"))
				if want == "" {
					if len(entries) != 0 || g.posted(b) != 0 || a.Status < 400 {
						t.Errorf("%d, %d posted, entries %+v", a.Status, g.posted(b), entries)
					}
					return
				}
				if len(entries) != 1 || entries[0].Status != want || g.posted(b) != int64(*entries[0].Cost) || *entries[0].Cost <= 0 || entries[0].Usage["output"] < output {
					t.Fatalf("%d %s, %d posted, want %s in %+v", a.Status, a.Body, g.posted(b), want, entries)
				}
				if source := entries[0].Source; (want == "ok") != (source == "reported") || (output > 0 && want != "ok" && source != "estimated") {
					t.Errorf("counted by %s: %+v", source, entries)
				}
				if want != "ok" && strings.Contains(a.Body, "[DONE]") {
					t.Errorf("an answer that failed is called complete: %s", a.Body)
				}
			})
		}
	}
}

// TestSection7_ChangedWhileRunning: what becomes of a budget, a key or a person while
// a call runs does not keep the call from being settled.
func TestSection7_ChangedWhileRunning(t *testing.T) {
	t.Parallel()
	g := audited(t, admissionConfig)
	ctx := context.Background()
	zero := accounting.Money(0)
	for name, change := range map[string]func(p person, b ledger.Budget) error{
		"budget deleted": func(_ person, b ledger.Budget) error { return g.srv.control.DeleteBudget(ctx, b.ID) },
		"limit lowered": func(_ person, b ledger.Budget) error {
			limit := &zero
			_, err := g.srv.control.UpdateBudget(ctx, b.ID, control.BudgetChange{Limit: &limit})
			return err
		},
		"key deleted":  func(p person, _ ledger.Budget) error { return g.srv.control.DeleteKey(ctx, p.keyID) },
		"user deleted": func(p person, _ ledger.Budget) error { return g.srv.control.DeleteUser(ctx, p.user) },
		"team deleted": func(p person, _ ledger.Budget) error { return g.srv.control.DeleteTeam(ctx, p.team) },
		"reloaded":     func(person, ledger.Budget) error { return g.reload.reload() },
	} {
		t.Run(name, func(t *testing.T) {
			p := g.person(control.KeyChange{})
			b := g.budget(p, ledger.User, "5")
			g.up.Set("paid", providertest.Script{Text: strings.Repeat("word ", 200), Chunks: 20, DelayChunk: 20 * time.Millisecond, PromptTokens: 10, CompletionTokens: 200})
			body := chatBody(p, "paid", `"stream":true`)
			l := g.open(p, "/v1/chat/completions", body)
			l.next()
			if err := change(p, b); err != nil {
				t.Fatal(err)
			}
			last := l.rest()
			got, all := g.posted(b), int64(10*inputRate+200*outputRate)
			switch {
			case last == "[DONE]" && got == all:
			case strings.HasSuffix(name, "deleted") && name != "budget deleted" && strings.Contains(last, "the call was ended") && got > 0 && got <= bound(t, body)*inputRate+200*outputRate:
				// It was noticed before the stream was through: those who are gone are cut off,
				// and what they sent is reckoned.
			default:
				t.Errorf("the stream ended with %s, %d posted", last, got)
			}
			if g.held(b) != 0 {
				t.Errorf("%d held", g.held(b))
			}
		})
	}
}

// TestSection7_BooksGoDownMeanwhile: a call that was admitted while the books answered
// is entered when they are back. A whole answer is withheld, a stream that needs more
// ends with an error in-band, and a free one notices nothing.
func TestSection7_BooksGoDownMeanwhile(t *testing.T) {
	t.Parallel()
	g := audited(t, admissionConfig)
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.User, "5")
	words := strings.Repeat("word ", 200)
	g.up.Set("paid", providertest.Script{DelayHeaders: time.Second, Text: words, PromptTokens: 10, CompletionTokens: 20})
	g.up.Set("bounded", providertest.Script{DelayHeaders: time.Second, Text: words, Chunks: 100, PromptTokens: 10, CompletionTokens: 200})
	g.up.Set("free", providertest.Script{DelayHeaders: time.Second, Text: words})
	g.up.Reset()
	whole, _ := g.background(p, "/v1/chat/completions", chatBody(p, "paid", ""))
	stream, _ := g.background(p, "/v1/chat/completions", chatBody(p, "bounded", `"stream":true`))
	free, _ := g.background(p, "/v1/chat/completions", chatBody(p, "free", `"stream":true`))
	g.arrived(3)
	release := g.blockBooks()
	if a := finishes(t, free); a.Status != 200 || !strings.HasSuffix(a.Body, "data: [DONE]\n\n") {
		t.Errorf("free: %d %s", a.Status, a.Body)
	}
	if a := finishes(t, whole); a.Status != 503 || a.errorField(t, "code") != "books_unavailable" || a.Header.Get("X-Should-Retry") != "false" || strings.Contains(a.Body, "word") {
		t.Errorf("whole: %d %s", a.Status, a.Body)
	}
	a := finishes(t, stream)
	events := a.events()
	last := answer{Body: events[len(events)-1]}
	if a.Status != 200 || last.errorField(t, "code") != "books_unavailable" || strings.Contains(a.Body, "[DONE]") {
		t.Errorf("stream: %d, ended with %s", a.Status, last.Body)
	}
	release()
	g.eventually("both are entered", func() bool { return g.query("select count(*) from entries where cost > 0") == 2 })
	g.settled()
	if n := g.query("select count(*) from entries where cost = ? and source = 'reported' and status = 'ok'", 10*inputRate+20*outputRate); n != 1 || g.posted(b) <= 10*inputRate+20*outputRate {
		t.Errorf("%d posted; the whole answer is entered %d times", g.posted(b), n)
	}
}

// TestSection7_CapOfAnotherSurface: a cap in the field of another surface, which an upstream
// passes over, is sent in one that it reads where a limit applies: what is held is what it
// may bill.
func TestSection7_CapOfAnotherSurface(t *testing.T) {
	t.Parallel()
	g := audited(t, admissionConfig)
	chat, completions, responses := operations[0], operations[2], operations[5]
	for _, row := range []struct {
		op    operation
		model string
		extra string
		limit string
		want  string // as it is sent; "" is as it came
	}{
		{chat, "paid", `"max_output_tokens":20`, "5", `"max_tokens":20`},
		{chat, "paid", `"max_output_tokens":20,"max_tokens":null`, "5", `"max_tokens":20`},
		{chat, "reasoner", `"max_output_tokens":20`, "5", `"max_completion_tokens":20`},
		{completions, "paid", `"max_completion_tokens":20`, "5", `"max_tokens":20`},
		{responses, "paid", `"max_tokens":20`, "5", `"max_output_tokens":20`},
		{chat, "paid", `"max_completion_tokens":20`, "5", ""},
		{chat, "paid", `"max_tokens":20,"max_output_tokens":30`, "5", ""},
		{chat, "paid", `"max_output_tokens":20`, "", ""},
		{chat, "free", `"max_output_tokens":20`, "5", ""},
	} {
		p := g.person(control.KeyChange{})
		if row.limit != "" {
			g.budget(p, ledger.User, row.limit)
		}
		body := strings.TrimSuffix(fmt.Sprintf(row.op.body, row.model, p.endUser), "}") + "," + row.extra + "}"
		g.up.Reset()
		if a := g.do("POST", row.op.path, p.key, body, nil); a.Status != 200 || a.Header.Get("X-Tollgate-Output-Cap") != "" {
			t.Errorf("%s %s: %d %s", row.op.name, row.extra, a.Status, a.Body)
			continue
		}
		sent := g.sent()
		if want := row.want; want != "" && !strings.Contains(sent, want) || want == "" && (!strings.Contains(sent, row.extra) || strings.Count(sent, "max_") != strings.Count(row.extra, "max_")) {
			t.Errorf("%s %s: sent %s, want %s", row.op.name, row.extra, sent, want)
		}
	}
}

// TestSection7_SearchesUnasked: a model that searches the web by itself is held for with its
// searches, whether the call asks for any or not.
func TestSection7_SearchesUnasked(t *testing.T) {
	t.Parallel()
	g := audited(t, `
providers:
  cloud: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10, search: 0.02 } }
  pplx:  { kind: perplexity, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10, search: 0.02 } }
models:
  plain: cloud/gpt-4o
  deep: pplx/sonar-deep-research
`)
	for model, want := range map[string]int{"plain": 200, "deep": 429} {
		p := g.person(control.KeyChange{})
		b := g.budget(p, ledger.User, "0.01")
		if a := g.chat(p, model, `"max_tokens":5`, nil); a.Status != want || g.posted(b) > 10_000_000 {
			t.Errorf("%s: %d, %d posted: %s", model, a.Status, g.posted(b), a.Body)
		}
	}
}
