package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// TestSection7_StreamExtends: a stream without a cap is held for as it grows, and ends
// as it should when the money lasts.
func TestSection7_StreamExtends(t *testing.T) {
	t.Parallel()
	g := audited(t, admissionConfig)
	const words = 600
	g.up.Set("paid", providertest.Script{Text: strings.Repeat("word ", words), HangAfter: 300, PromptTokens: 10, CompletionTokens: words})
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.User, "0.02")
	body := chatBody(p, "paid", `"stream":true`)
	l := g.open(p, "/v1/chat/completions", body)
	for range 300 {
		l.next()
	}
	prompt := bound(t, body) * inputRate
	if now := g.held(b); now < prompt+300*outputRate || now > prompt+360*outputRate {
		t.Errorf("%d held after 300 tokens", now)
	}
	l.cancel()
	g.settled()

	for _, noUsage := range []bool{false, true} {
		g.up.Set("paid", providertest.Script{Text: strings.Repeat("word ", words), PromptTokens: 10, CompletionTokens: words, NoUsage: noUsage})
		p := g.person(control.KeyChange{})
		b := g.budget(p, ledger.User, "0.02")
		a := g.chat(p, "paid", `"stream":true`, nil)
		if e := a.events(); a.Status != 200 || len(e) < words || e[len(e)-1] != "[DONE]" {
			t.Errorf("%d with %d events, the last %q", a.Status, len(e), e[len(e)-1])
		}
		e := g.entry(a.Header.Get("X-Request-Id"))
		if e.Status != "ok" || int64(*e.Cost) != g.posted(b) || *e.Cost < words*outputRate || *e.Cost > e.Held || len(e.Flags) != 0 {
			t.Errorf("booked as %+v", e)
		}
	}
}

// TestSection7_StreamOutgrowsBudget: when an extension does not fit, the stream ends
// with an error in-band that names the budget; the upstream is stopped, and what was
// posted is what was produced and within the limit.
func TestSection7_StreamOutgrowsBudget(t *testing.T) {
	t.Parallel()
	for _, k := range ledger.Kinds() {
		for _, n := range []int64{1, 2} {
			t.Run(fmt.Sprintf("%s/n %d", k, n), func(t *testing.T) {
				t.Parallel()
				g := audited(t, admissionConfig)
				p := g.person(control.KeyChange{})
				b := g.budget(p, k, "0.003")
				g.up.Set("paid", providertest.Script{Text: strings.Repeat("word ", 5000), PromptTokens: 10, CompletionTokens: 5000, DelayChunk: time.Millisecond / 2})
				g.up.Reset()
				a := g.chat(p, "paid", fmt.Sprintf(`"stream":true,"n":%d`, n), nil)
				events := a.events()
				if a.Status != 200 || strings.Contains(a.Body, "[DONE]") || len(events) < 50 {
					t.Fatalf("%d with %d events", a.Status, len(events))
				}
				last := answer{Body: events[len(events)-1]}
				if last.errorField(t, "type") != "budget_exceeded" || last.errorField(t, "code") != "budget_exceeded" || last.member(t, "budget", "id") != b.ID ||
					last.member(t, "budget", "scope") != string(k) || last.member(t, "budget", "limit") != "0.003" {
					t.Errorf("the stream ended with %s", last.Body)
				}
				if free := last.texts(t, "free_models"); !slices.Contains(free, "free") {
					t.Errorf("the error in-band does not say what is free: %s", last.Body)
				}
				g.aborted("paid")
				e := g.entry(a.Header.Get("X-Request-Id"))
				produced := int64(len(events) - 1)
				if e.Status != "budget_exceeded" || e.Source != "estimated" || e.Usage["output"] > produced+produced/50+2 || e.Usage["output"] < produced {
					t.Errorf("%d tokens went out, booked as %+v", produced, e)
				}
				if posted := g.posted(b); posted > 3_000_000 || posted < 1_000_000 || posted != int64(*e.Cost) {
					t.Errorf("%d posted of 3000000", posted)
				}
				if line := g.line(a.Header.Get("X-Request-Id")); line["status"] != "budget_exceeded" {
					t.Errorf("the log says %v", line)
				}
			})
		}
	}
}

// TestSection7_StreamPastItsCap: a stream that does not keep to the client's cap is held for
// as one without a cap: it ends where the budget does.
func TestSection7_StreamPastItsCap(t *testing.T) {
	t.Parallel()
	g := audited(t, admissionConfig)
	g.up.Set("paid", providertest.Script{Text: strings.Repeat("word ", 2000), PromptTokens: 10, CompletionTokens: 2000})
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.User, "0.01")
	a := g.chat(p, "paid", `"stream":true,"max_completion_tokens":10`, nil)
	if e := a.events(); a.Status != 200 || !strings.Contains(e[len(e)-1], "budget_exceeded") {
		t.Errorf("%d, the last of it %s", a.Status, e[len(e)-1])
	}
	g.settled()
	if n := g.posted(b); n <= 0 || n > 10_000_000 {
		t.Errorf("%d posted under a limit of 10000000", n)
	}
	if e := g.entry(a.Header.Get("X-Request-Id")); e.Status != "budget_exceeded" {
		t.Errorf("booked as %+v", e)
	}
	// A prompt that comes back is none of what the cap is for.
	prompt := strings.Repeat("word ", 100)
	g.up.Set("paid", providertest.Script{Text: prompt, PromptTokens: 100, CompletionTokens: 5})
	e := g.person(control.KeyChange{})
	g.budget(e, ledger.User, "0.0012")
	if a := g.do("POST", "/v1/completions", e.key, fmt.Sprintf(`{"model":"paid","prompt":%q,"echo":true,"stream":true,"max_tokens":5}`, prompt), nil); a.Status != 200 || !strings.HasSuffix(a.Body, "data: [DONE]\n\n") {
		t.Errorf("echoed: %d %s", a.Status, a.Body)
	}
	// One that keeps to it is never held for more, whatever else is left.
	g.up.Set("paid", providertest.Script{Text: strings.Repeat("word ", 100), PromptTokens: 10, CompletionTokens: 100})
	q := g.person(control.KeyChange{})
	g.budget(q, ledger.User, "0.0012")
	if a := g.chat(q, "paid", `"stream":true,"max_tokens":100`, nil); a.Status != 200 || !strings.HasSuffix(a.Body, "data: [DONE]\n\n") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// TestSection7_StreamOutgrowsForClients: the error in-band has the words that each
// client knows, as a refusal before the stream has.
func TestSection7_StreamOutgrowsForClients(t *testing.T) {
	t.Parallel()
	for _, set := range []string{"auto", "429"} {
		g := audited(t, "errors: { budget_status: "+set+" }\n"+admissionConfig)
		g.up.Set("paid", providertest.Script{Text: strings.Repeat("word ", 2000), PromptTokens: 10, CompletionTokens: 2000})
		for _, c := range clientsTold {
			want := c.code
			if set != "auto" {
				want = "budget_exceeded"
			}
			p := g.person(control.KeyChange{})
			g.budget(p, ledger.Key, "0.002")
			events := g.chat(p, "paid", `"stream":true`, header{"User-Agent": c.agent}).events()
			last := answer{Body: events[len(events)-1]}
			if last.errorField(t, "code") != want || last.errorField(t, "type") != want {
				t.Errorf("%s, %s: %s", set, c.agent, last.Body)
			}
		}
	}
}

// TestSection7_NoLimitNothingCut: where no limit applies a stream goes on for ever.
func TestSection7_NoLimitNothingCut(t *testing.T) {
	t.Parallel()
	g := audited(t, admissionConfig)
	g.up.Set("paid", providertest.Script{Text: strings.Repeat("word ", 1000), PromptTokens: 10, CompletionTokens: 1000})
	g.up.Set("free", providertest.Script{Text: strings.Repeat("word ", 1000), PromptTokens: 10, CompletionTokens: 1000})
	none, zero := g.person(control.KeyChange{}), g.person(control.KeyChange{})
	must(g.srv.control.CreateBudget(context.Background(), ledger.Budget{Kind: ledger.User, Owner: none.user, Window: ledger.Window{Unit: ledger.Day}}))(t)
	g.budget(none, ledger.Key, "0", "other")
	g.budget(zero, ledger.Key, "0")
	for model, p := range map[string]person{"paid": none, "free": zero} {
		a := g.chat(p, model, `"stream":true`, nil)
		if e := a.events(); a.Status != 200 || len(e) < 1000 || e[len(e)-1] != "[DONE]" {
			t.Errorf("%s: %d with %d events", model, a.Status, len(e))
		}
	}
	if n := g.query("select coalesce(sum(posted), 0) from counters"); n != 10*inputRate+1000*outputRate {
		t.Errorf("%d posted", n)
	}
}
