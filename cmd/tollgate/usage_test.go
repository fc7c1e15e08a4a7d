package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// strangeConfig has a model with a context of 128,000 tokens in OpenAI's dialect, one of
// 8,192 in Ollama's, one whose context nobody knows, and the dearest that can be.
const strangeConfig = `
providers:
  listed: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, prices: openai }
  cloud:  { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 } }
  rented: { kind: ollama, url: UPSTREAM, price: { input: 1, output: 10 } }
models:
  paid: listed/gpt-4o-mini
  unbounded: cloud/unbounded
  dearest: { to: cloud/dearest, price: { input: 1000000000, output: 1000000000 } }
  native: rented/test-model
`

// strange is a report of a usage and what becomes of it. What is not believed is
// counted here.
type strange struct {
	name  string
	usage string
	// input and output are what is booked; -1 is what is counted here.
	input, output int64
	flags         []string
}

// TestT16_StrangeUsage: what an upstream reports of a usage is input like any other.
// What cannot be is not believed but counted here, what contradicts itself is marked,
// and no counter is ever lowered or wrapped. The client gets its answer all the same.
func TestT16_StrangeUsage(t *testing.T) {
	t.Parallel()
	bad, absurd, odd, part := []string{"bad_usage"}, []string{"absurd_usage"}, []string{"contradictory_usage"}, []string{"partial_usage"}
	two := func(prompt, completion string) string {
		return fmt.Sprintf(`{"prompt_tokens":%s,"completion_tokens":%s}`, prompt, completion)
	}
	rows := []strange{
		{"as it should be", `{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}`, 10, 5, nil},
		{"null", `null`, -1, -1, nil},
		{"empty", `{}`, -1, -1, nil},
		{"zeros", two("0", "0"), -1, -1, nil},
		{"no prompt", `{"completion_tokens":5}`, -1, 5, part},
		{"no output", `{"prompt_tokens":10}`, 10, -1, part},
		{"no prompt, but a total", `{"completion_tokens":5,"total_tokens":15}`, 10, 5, nil},
		{"no output, but a total", `{"prompt_tokens":10,"total_tokens":15}`, 10, 5, nil},
		{"a total alone", `{"total_tokens":15}`, -1, -1, nil},
		{"null counts", two("null", "null"), -1, -1, nil},
		{"a list", `[10,5]`, -1, -1, bad},
		{"a text", `"many"`, -1, -1, bad},
		{"a number", `15`, -1, -1, bad},
		{"true", `true`, -1, -1, bad},
		{"a negative prompt", two("-10", "5"), -1, -1, bad},
		{"a negative output", two("10", "-5"), -1, -1, bad},
		{"the least number", two("-9223372036854775808", "-9223372036854775808"), -1, -1, bad},
		{"a negative part", `{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":-8}}`, -1, -1, bad},
		{"a fraction", two("10", "1.5"), -1, -1, bad},
		{"a text for a count", two(`"10"`, "5"), -1, -1, bad},
		{"a list for a count", two("10", "[5]"), -1, -1, bad},
		{"an object for a count", two(`{"n":10}`, "5"), -1, -1, bad},
		{"beyond 64 bits", two("10", "99999999999999999999"), -1, -1, bad},
		{"1e308", two("1e308", "5"), -1, -1, bad},
		{"1e400", two("10", "1e400"), -1, -1, bad},
		{"64 bits", two("9223372036854775807", "9223372036854775807"), -1, -1, absurd},
		{"more than a float can hold", two("9007199254740993", "5"), -1, -1, absurd},
		{"more input than the context", two("128001", "5"), -1, -1, absurd},
		{"more output than the context", two("10", "128001"), -1, -1, absurd},
		{"more in all than the context", two("120000", "8001"), -1, -1, absurd},
		{"the whole context", two("120000", "8000"), 120_000, 8_000, []string{"above_hold"}},
		{"no output, but a text", two("10", "0"), 10, -1, part},
		{"no input, but a prompt", two("0", "5"), -1, 5, part},
		{"the total is no sum", `{"prompt_tokens":10,"completion_tokens":5,"total_tokens":1}`, 10, 5, odd},
		{"the total is absurd", `{"prompt_tokens":10,"completion_tokens":5,"total_tokens":9223372036854775807}`, 10, 5, odd},
		{"more cached than there is", `{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":1000000}}`, 10, 5, odd},
		{"more reasoning than output", `{"prompt_tokens":10,"completion_tokens":5,"completion_tokens_details":{"reasoning_tokens":1000000}}`, 10, 5, odd},
	}
	g := begin(t, strangeConfig)
	for _, op := range operations[:4] {
		t.Run(op.name, func(t *testing.T) { g.strange(t, op, "paid", "gpt-4o-mini", rows) })
	}
	t.Run("embeddings", func(t *testing.T) {
		g.strange(t, operations[4], "unbounded", "unbounded", []strange{
			{"as it should be", `{"prompt_tokens":10,"total_tokens":10}`, 10, 0, nil},
			{"null", `null`, -1, 0, nil},
			{"zeros", `{"prompt_tokens":0,"total_tokens":0}`, -1, 0, nil},
			{"negative", `{"prompt_tokens":-10,"total_tokens":-10}`, -1, 0, bad},
			{"a fraction", `{"prompt_tokens":1.5}`, -1, 0, bad},
			{"a text", `{"prompt_tokens":"10"}`, -1, 0, bad},
			{"64 bits", `{"prompt_tokens":9223372036854775807}`, -1, 0, absurd},
		})
	})
	t.Run("context unknown", func(t *testing.T) {
		g.strange(t, operations[1], "unbounded", "unbounded", []strange{
			{"what a model could", two("100000", "900000"), 100_000, 900_000, []string{"above_hold"}},
			{"what no model can", two("100000000", "1"), -1, -1, absurd},
		})
	})
}

// strange makes a call for each row and checks what is booked.
func (g *gate) strange(t *testing.T, op operation, model, upstream string, rows []strange) {
	t.Helper()
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.User, "500")
	const text = "one two three four five six seven eight"
	call := func(s providertest.Script) (answer, control.EntryView) {
		t.Helper()
		s.Text = text
		g.up.Set(upstream, s)
		a := g.ask(op, p, model, nil)
		if a.Status != 200 || (op.path != "/v1/embeddings" && !strings.Contains(a.Body, "eight")) {
			t.Errorf("%s: %d %s", s.RawUsage, a.Status, a.Body)
		}
		return a, g.entry(a.Header.Get("X-Request-Id"))
	}
	_, counted := call(providertest.Script{NoUsage: true})
	if counted.Source != "counted" || counted.Usage["input"] == 0 {
		t.Fatalf("without a report: booked as %+v", counted)
	}
	sum := g.posted(b)
	for _, row := range rows {
		_, e := call(providertest.Script{RawUsage: row.usage})
		source := "reported"
		if row.input < 0 {
			row.input, source = counted.Usage["input"], "counted"
		}
		if row.output < 0 {
			row.output, source = counted.Usage["output"], "counted"
		}
		input, output := e.Usage["input"]+e.Usage["cached_input"], e.Usage["output"]+e.Usage["reasoning"]
		flags := slices.DeleteFunc(slices.Clone(e.Flags), func(f string) bool {
			return f == "above_hold" && !slices.Contains(row.flags, f) && row.input+row.output > 100
		})
		if e.Status != "ok" || e.Source != source || input != row.input || output != row.output || !slices.Equal(flags, append([]string{}, row.flags...)) {
			t.Errorf("%s: booked as %+v, want %+v counted by %s", row.name, e, row, source)
		}
		if e.Cost == nil || *e.Cost <= 0 || g.posted(b) != sum+int64(*e.Cost) {
			t.Errorf("%s: %d posted before and %d after %+v", row.name, sum, g.posted(b), e)
		}
		sum = g.posted(b)
	}
}

// TestT16_StrangeUsageNative is the same for Ollama's own dialect.
func TestT16_StrangeUsageNative(t *testing.T) {
	t.Parallel()
	bad, absurd, part := []string{"bad_usage"}, []string{"absurd_usage"}, []string{"partial_usage"}
	rows := []strange{
		{"as it should be", `,"prompt_eval_count":10,"eval_count":5`, 10, 5, nil},
		{"missing", ``, -1, -1, nil},
		{"null", `,"prompt_eval_count":null,"eval_count":null`, -1, -1, nil},
		{"zero", `,"prompt_eval_count":0,"eval_count":0`, -1, -1, nil},
		{"no prompt", `,"eval_count":5`, -1, 5, part},
		{"no prompt, and more than the context", `,"eval_count":8193`, -1, -1, absurd},
		{"no output", `,"prompt_eval_count":10`, 10, -1, part},
		{"negative", `,"prompt_eval_count":-10,"eval_count":5`, -1, -1, bad},
		{"a fraction", `,"prompt_eval_count":10,"eval_count":1.5`, -1, -1, bad},
		{"a text", `,"prompt_eval_count":"10","eval_count":5`, -1, -1, bad},
		{"a list", `,"prompt_eval_count":[10],"eval_count":5`, -1, -1, bad},
		{"an object", `,"prompt_eval_count":10,"eval_count":{}`, -1, -1, bad},
		{"more than the context", `,"prompt_eval_count":8000,"eval_count":193`, -1, -1, absurd},
		{"the whole context", `,"prompt_eval_count":8000,"eval_count":192`, 8000, 192, nil},
		{"64 bits", `,"prompt_eval_count":9223372036854775807,"eval_count":9223372036854775807`, -1, -1, absurd},
		{"beyond 64 bits", `,"prompt_eval_count":99999999999999999999,"eval_count":5`, -1, -1, absurd},
		{"1e308", `,"prompt_eval_count":10,"eval_count":1e308`, -1, -1, absurd},
	}
	g := begin(t, strangeConfig)
	const text = "one two three four five six seven eight"
	line := func(content string, done bool, more string) string {
		return fmt.Sprintf(`{"model":"test-model","created_at":"2026-11-24T00:00:00Z","message":{"role":"assistant","content":%q},"done":%v%s}`, content, done, more) + "\n"
	}
	for _, op := range operations[:2] {
		t.Run(op.name, func(t *testing.T) {
			p := g.person(control.KeyChange{})
			b := g.budget(p, ledger.User, "5")
			call := func(usage string) control.EntryView {
				t.Helper()
				body := line(text, true, `,"done_reason":"stop"`+usage)
				if op.stream {
					body = line(text, false, "") + line("", true, `,"done_reason":"stop"`+usage)
				}
				g.up.Set("test-model", providertest.Script{Body: body})
				a := g.ask(op, p, "native", nil)
				if a.Status != 200 || !strings.Contains(a.Body, "eight") {
					t.Errorf("%s: %d %s", usage, a.Status, a.Body)
				}
				return g.entry(a.Header.Get("X-Request-Id"))
			}
			counted := call("")
			sum := g.posted(b)
			for _, row := range rows {
				e := call(row.usage)
				source := "reported"
				if row.input < 0 {
					row.input, source = counted.Usage["input"], "counted"
				}
				if row.output < 0 {
					row.output, source = counted.Usage["output"], "counted"
				}
				if e.Status != "ok" || e.Source != source || e.Usage["input"] != row.input || e.Usage["output"] != row.output || !slices.Equal(e.Flags, append([]string{}, row.flags...)) {
					t.Errorf("%s: booked as %+v, want %+v counted by %s", row.name, e, row, source)
				}
				if want := sum + row.input*inputRate + row.output*outputRate; g.posted(b) != want {
					t.Errorf("%s: %d posted, want %d", row.name, g.posted(b), want)
				}
				sum = g.posted(b)
			}
		})
	}
}

// TestT16_CostOutOfRange: a cost that no counter can hold is posted as the whole hold,
// and marked.
func TestT16_CostOutOfRange(t *testing.T) {
	t.Parallel()
	g := begin(t, strangeConfig)
	for _, op := range operations[:4] {
		p := g.person(control.KeyChange{})
		b := must(g.srv.control.CreateBudget(context.Background(), ledger.Budget{Kind: ledger.User, Owner: p.user, Window: ledger.Window{Unit: ledger.Month}}))(t)
		g.up.Set("dearest", providertest.Script{PromptTokens: 10_000_000, CompletionTokens: 10_000_000})
		body := strings.TrimSuffix(fmt.Sprintf(op.body, "dearest", p.endUser), "}") + `,"max_tokens":20}`
		a := g.do("POST", op.path, p.key, body, nil)
		e := g.entry(a.Header.Get("X-Request-Id"))
		if want := (bound(t, body) + 20) * 1_000_000_000_000; a.Status != 200 || int64(*e.Cost) != want || g.posted(b) != want || !slices.Equal(e.Flags, []string{"unbillable_usage"}) || e.Source != "reported" {
			t.Errorf("%s: %d, booked as %+v, %d posted, want %d", op.name, a.Status, e, g.posted(b), want)
		}
	}
}

// TestTiersWithoutAPrice: a service tier whose price nobody knows is refused to who has a
// limit, and is told; who has none is served, without a cost; and where an upstream has
// served one that nobody knows, the entry says so. What is free has no tiers.
func TestTiersWithoutAPrice(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	open, limited := g.person(control.KeyChange{}), g.person(control.KeyChange{})
	g.budget(limited, ledger.User, "5")
	ask := func(p person, model, path, extra string) answer {
		t.Helper()
		body := chatBody(p, model, extra)
		if path == "/v1/responses" {
			body = fmt.Sprintf(`{"model":%q,"input":"hi",%s}`, model, extra)
		}
		return g.do("POST", path, p.key, body, nil)
	}
	for _, path := range []string{"/v1/chat/completions", "/v1/responses"} {
		const asked = `"service_tier":"ultrafast"`
		g.up.Reset()
		if a := ask(limited, "paid", path, asked); a.Status != 402 || a.errorField(t, "code") != "price_unknown" || !strings.Contains(a.errorField(t, "message"), `the service tier "ultrafast"`) || len(g.called()) != 0 {
			t.Errorf("%s: %d %s after %v", path, a.Status, a.Body, g.called())
		}
		if a := ask(limited, "free", path, asked); a.Status != 200 {
			t.Errorf("%s of free: %d %s", path, a.Status, a.Body)
		}
		a := ask(open, "paid", path, asked)
		if e := g.entry(a.Header.Get("X-Request-Id")); a.Status != 200 || e.Cost != nil || !slices.Equal(e.Flags, []string{"unpriced"}) {
			t.Errorf("%s without a limit: %d, booked as %+v", path, a.Status, e)
		}
		g.up.Set("paid", providertest.Script{ServiceTier: "scale", PromptTokens: 10, CompletionTokens: 5})
		for _, known := range []string{"auto", "default", "flex"} {
			a := ask(limited, "paid", path, `"service_tier":"`+known+`"`)
			if e := g.entry(a.Header.Get("X-Request-Id")); a.Status != 200 || e.Cost == nil || int64(*e.Cost) != 10*inputRate+5*outputRate || !slices.Equal(e.Flags, []string{"unknown_tier"}) {
				t.Errorf("%s, %s: %d, booked as %+v", path, known, a.Status, e)
			}
		}
		for _, unrated := range []string{"priority", "flex"} {
			g.up.Set("paid", providertest.Script{ServiceTier: unrated, PromptTokens: 10, CompletionTokens: 5})
			a := ask(limited, "paid", path, `"service_tier":"`+unrated+`"`)
			if e := g.entry(a.Header.Get("X-Request-Id")); a.Status != 200 || e.Cost == nil || int64(*e.Cost) != 10*inputRate+5*outputRate || !slices.Equal(e.Flags, []string{"unknown_tier"}) {
				t.Errorf("%s, %s without rates of its own: %d, booked as %+v", path, unrated, a.Status, e)
			}
		}
		g.up.Set("paid", providertest.Script{})
	}
	// Anthropic's fast mode is several times as dear, and no tier of its name.
	g.up.Reset()
	fast := func(p person, model string) answer {
		return g.do("POST", "/v1/messages", p.key, fmt.Sprintf(`{"model":%q,"max_tokens":5,"speed":"fast","messages":[{"role":"user","content":"hi"}]}`, model), nil)
	}
	if a := fast(limited, "paid"); a.Status != 402 || !strings.Contains(a.Body, `the service tier \"speed: fast\"`) || len(g.called()) != 0 {
		t.Errorf("fast: %d %s after %v", a.Status, a.Body, g.called())
	}
	if a := fast(limited, "free"); a.Status != 200 {
		t.Errorf("fast of free: %d %s", a.Status, a.Body)
	}
}

// TestEchoedPrompt: the prompt in an answer is no output, and an answer of no tokens is one.
func TestEchoedPrompt(t *testing.T) {
	t.Parallel()
	g := begin(t, strangeConfig)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "5")
	const usage = `"usage":{"prompt_tokens":9,"completion_tokens":0,"total_tokens":9}`
	for stream, reply := range map[bool]string{
		false: `{"choices":[{"index":0,"text":"a prompt that is scored","finish_reason":"length"}],` + usage + `}`,
		true:  `data: {"choices":[{"index":0,"text":"a prompt that is scored","finish_reason":"length"}]}` + "\n\n" + `data: {"choices":[],` + usage + "}\n\ndata: [DONE]\n\n",
	} {
		g.up.Reset()
		g.up.Set("unbounded", providertest.Script{Body: reply})
		body := fmt.Sprintf(`{"model":"unbounded","prompt":"a prompt that is scored","echo":true,"max_tokens":0,"logprobs":1,"stream":%v}`, stream)
		a := g.do("POST", "/v1/completions", p.key, body, nil)
		e := g.entry(a.Header.Get("X-Request-Id"))
		if a.Status != 200 || e.Source != "reported" || e.Usage["input"] != 9 || e.Usage["output"] != 0 || len(e.Flags) > 0 {
			t.Errorf("stream %v: %d %s, booked as %+v", stream, a.Status, a.Body, e)
		}
		if calls := g.up.Calls(); len(calls) != 1 || !strings.Contains(string(calls[0].Body), `"max_tokens":0`) {
			t.Errorf("stream %v: sent %+v", stream, calls)
		}
	}
}

// TestTurnsOfAnUpstream: where the upstream runs tools itself, its model reads a prompt anew
// in each turn, and what they come to in all may be more than its context.
func TestTurnsOfAnUpstream(t *testing.T) {
	t.Parallel()
	g := begin(t, strangeConfig)
	p := g.person(control.KeyChange{})
	g.up.Set("gpt-4o-mini", providertest.Script{PromptTokens: 300_000, CompletionTokens: 5})
	for tool, believed := range map[string]bool{
		`{"type":"mcp","server_label":"x","server_url":"https://mcp.example.org/"}`: true,
		`{"type":"function","name":"f"}`:                                            false,
	} {
		a := g.do("POST", "/v1/responses", p.key, `{"model":"paid","input":"hi","tools":[`+tool+`]}`, nil)
		e := g.entry(a.Header.Get("X-Request-Id"))
		if a.Status != 200 || (e.Usage["input"] == 300_000) != believed || slices.Contains(e.Flags, "absurd_usage") == believed {
			t.Errorf("%s: %d, booked as %+v", tool, a.Status, e)
		}
	}
}

// TestT16_UsageOfAnError: what an error says of a usage is the upstream's word like that of an
// answer, and has to be as plausible. Where it is not, one that ends the call before an answer
// costs nothing; one in a stream leaves the prompt, and what came before it, to be paid.
func TestT16_UsageOfAnError(t *testing.T) {
	t.Parallel()
	g := begin(t, strangeConfig)
	const failed = `"error":{"message":"it broke","type":"server_error","code":500},"usage":`
	const usage, absurd = `{"prompt_tokens":1000,"completion_tokens":1000,"total_tokens":2000}`, `{"prompt_tokens":1000000000,"completion_tokens":1000}`
	sse := http.Header{"Content-Type": {"text/event-stream"}}
	const chunk = `data: {"choices":[{"index":0,"delta":{"content":" word"}}]}` + "\n\n"
	for _, row := range []struct {
		name   string
		script providertest.Script
		stream bool
		output int64  // of the entry where the usage cannot be; -1 is no entry
		source string // of that
	}{
		{"a status", providertest.Script{Status: 500, Body: "{" + failed + "USAGE}"}, false, -1, ""},
		{"a status, streamed", providertest.Script{Status: 500, Body: "{" + failed + "USAGE}"}, true, -1, ""},
		{"in an answer", providertest.Script{Body: "{" + failed + "USAGE}"}, false, -1, ""},
		{"instead of a stream", providertest.Script{Body: "{" + failed + "USAGE}"}, true, 0, "uncertain"},
		{"first in a stream", providertest.Script{Body: "data: {" + failed + "USAGE}\n\n", Header: sse}, true, 0, "uncertain"},
		{"in a stream", providertest.Script{Body: chunk + chunk + "data: {" + failed + "USAGE}\n\n", Header: sse}, true, 2, "estimated"},
	} {
		text, p := row.script.Body, g.person(control.KeyChange{})
		b := g.budget(p, ledger.User, "5")
		call := func(usage string) (answer, []control.EntryView) {
			row.script.Body = strings.Replace(text, "USAGE", usage, 1)
			g.up.Set("unbounded", row.script)
			g.mend()
			a := g.chat(p, "unbounded", fmt.Sprintf(`"stream":%v`, row.stream), nil)
			g.settled()
			return a, g.entries(a.Header.Get("X-Request-Id"))
		}
		a, entries := call(absurd)
		switch {
		case row.output < 0:
			if len(entries) != 0 || g.posted(b) != 0 || a.Status != 502 {
				t.Errorf("%s: %d, booked as %+v", row.name, a.Status, entries)
			}
		case len(entries) != 1 || entries[0].Source != row.source || entries[0].Usage["output"] != row.output || entries[0].Usage["input"] == 0 || entries[0].Usage["input"] > 10:
			t.Errorf("%s, absurd: %d, booked as %+v", row.name, a.Status, entries)
		}
		if a, entries = call(usage); len(entries) != 1 || entries[0].Source != "reported" || entries[0].Status != "server_error" || entries[0].Usage["output"] != 1000 || entries[0].Usage["input"] != 1000 {
			t.Errorf("%s: %d, booked as %+v", row.name, a.Status, entries)
		}
	}
}

// TestT16_SeveralReports: the last of several reports counts, and no report takes back
// what one before it has said.
func TestT16_SeveralReports(t *testing.T) {
	t.Parallel()
	g := begin(t, strangeConfig)
	event := func(text, usage string) string {
		if usage == "" {
			usage = "null"
		}
		return fmt.Sprintf(`data: {"choices":[{"index":0,"delta":{"content":%q}}],"usage":%s}`, text, usage) + "\n\n"
	}
	last := func(usage string) string { return fmt.Sprintf(`data: {"choices":[],"usage":%s}`, usage) + "\n\n" }
	for _, row := range []struct {
		name          string
		body          string
		input, output int64
		flags         []string
	}{
		{"two, growing", event("a ", usage(10, 1)) + event("b", "") + last(usage(10, 7)), 10, 7, nil},
		{"two, the same", event("a b", "") + last(usage(10, 7)) + last(usage(10, 7)), 10, 7, nil},
		{"two, different", event("a b", "") + last(usage(10, 7)) + last(usage(20, 9)), 20, 9, nil},
		{"two, the second less", event("a b", "") + last(usage(20, 9)) + last(usage(10, 7)), 20, 9, []string{"contradictory_usage"}},
		{"two, one of each less", event("a b", "") + last(usage(20, 7)) + last(usage(10, 9)), 20, 9, []string{"contradictory_usage"}},
		{"the second zero", event("a b", "") + last(usage(10, 7)) + last(usage(0, 0)), 10, 7, nil},
		{"the second null", event("a b", "") + last(usage(10, 7)) + last("null"), 10, 7, nil},
		{"the second absurd", event("a b", "") + last(usage(10, 7)) + last(usage(10, 1_000_000_000)), 10, 7, []string{"absurd_usage"}},
		{"the second negative", event("a b", "") + last(usage(10, 7)) + last(usage(-10, -7)), 10, 7, []string{"bad_usage"}},
		{"the first absurd", event("a ", usage(1_000_000_000, 1)) + event("b", "") + last(usage(10, 7)), 10, 7, []string{"absurd_usage"}},
		{"more of it cached", event("a ", usage(10, 1)) + event("b", "") + last(`{"prompt_tokens":10,"completion_tokens":7,"total_tokens":17,"prompt_tokens_details":{"cached_tokens":8}}`), 10, 7, nil},
	} {
		p := g.person(control.KeyChange{})
		b := g.budget(p, ledger.User, "5")
		g.up.Set("unbounded", providertest.Script{Body: row.body + "data: [DONE]\n\n", Header: http.Header{"Content-Type": {"text/event-stream"}}})
		a := g.chat(p, "unbounded", `"stream":true`, nil)
		e := g.entry(a.Header.Get("X-Request-Id"))
		if input := e.Usage["input"] + e.Usage["cached_input"]; e.Source != "reported" || e.Status != "ok" || input != row.input || e.Usage["output"] != row.output || !slices.Equal(e.Flags, append([]string{}, row.flags...)) || g.posted(b) != int64(*e.Cost) {
			t.Errorf("%s: booked as %+v", row.name, e)
		}
	}
}

// TestT16_ContextOfEachAnswer: a model that is asked for several answers has its context
// for each of them.
func TestT16_ContextOfEachAnswer(t *testing.T) {
	t.Parallel()
	g := begin(t, strangeConfig)
	p := g.person(control.KeyChange{})
	g.up.Set("gpt-4o-mini", providertest.Script{PromptTokens: 10, CompletionTokens: 300_000})
	for n, flags := range map[int][]string{1: {"absurd_usage"}, 2: {"absurd_usage"}, 3: {"above_hold"}} {
		a := g.chat(p, "paid", fmt.Sprintf(`"n":%d`, n), nil)
		if e := g.entry(a.Header.Get("X-Request-Id")); !slices.Equal(e.Flags, flags) {
			t.Errorf("%d answers: booked as %+v", n, e)
		}
	}
}

// TestT16_UnitsThatCannotBe: a length that the recording cannot have, images that nobody can ask
// for and searches beyond what is searched are believed no more than tokens beyond a context.
func TestT16_UnitsThatCannotBe(t *testing.T) {
	t.Parallel()
	g := begin(t, mediaConfig+"  searched: { to: cloud/searched, price: { input: 1, output: 10, search: 0.01 } }\n")
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.Key, "5000")
	const rank = `{"model":"found","query":"a","documents":["b","c"]}`
	of := func(seconds string) string {
		return `{"text":"one","usage":{"type":"duration","seconds":` + seconds + `}}`
	}
	for _, c := range []struct {
		path, model, body, answer string
		usage                     string
		count                     int64
		absurd                    bool
	}{
		{"/v1/audio/transcriptions", "second", audioForm("second", wav(3)), of("10"), "millisecond", 10_000, false}, // a vendor's least
		{"/v1/audio/transcriptions", "second", audioForm("second", wav(3)), of("63"), "millisecond", 63_000, false},
		{"/v1/audio/transcriptions", "second", audioForm("second", wav(3)), of("64"), "millisecond", 3_000, true},
		{"/v1/audio/transcriptions", "second", audioForm("second", wav(3)), `{"text":"one","duration":"99999999"}`, "millisecond", 3_000, true},
		{"/v1/images/generations", "each", `{"model":"each","prompt":"a"}`, `{"data":[{},{}]}`, "image", 2, false},
		{"/v1/images/generations", "each", `{"model":"each","prompt":"a"}`, `{"data":[{}` + strings.Repeat(",{}", 128) + `]}`, "image", 1, true},
		{"/v1/rerank", "found", rank, `{"results":[],"meta":{"billed_units":{"search_units":10}}}`, "search", 10, false},
		{"/v1/rerank", "found", rank, `{"results":[],"meta":{"billed_units":{"search_units":1000}}}`, "search", 1, true},
		{"/v1/messages", "searched", `{"model":"searched","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}`, `{"content":[],"usage":{"input_tokens":7,"output_tokens":1,"server_tool_use":{"web_search_requests":1000}}}`, "search", 1000, false},
		{"/v1/messages", "searched", `{"model":"searched","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}`, `{"content":[],"usage":{"input_tokens":7,"output_tokens":1,"server_tool_use":{"web_search_requests":1001}}}`, "search", 0, true},
	} {
		g.up.Set(c.model, providertest.Script{Body: c.answer, Header: http.Header{"Content-Type": {"application/json"}}})
		a := g.post(c.path, p, c.body)
		if a.Status != 200 {
			t.Errorf("%s: %d %.300s", c.answer, a.Status, a.Body)
			continue
		}
		if e := g.entry(a.Header.Get("X-Request-Id")); e.Usage[c.usage] != c.count || slices.Contains(e.Flags, "absurd_usage") != c.absurd || (e.Source == "reported") == c.absurd {
			t.Errorf("%.100s: booked as %+v", c.answer, e)
		}
	}
}

// TestT16_PromptsInTokens: a prompt that is a list of token ids has as many tokens as ids.
func TestT16_PromptsInTokens(t *testing.T) {
	t.Parallel()
	g := begin(t, strangeConfig)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.Key, "5")
	g.up.Set("unbounded", providertest.Script{NoUsage: true})
	for body, want := range map[string]int64{
		`"input":[15339,1917,100257]`:          3,
		`"input":[[15339,1917],[100257],[1]]`:  4,
		`"prompt":[15339,1917,100257]`:         3,
		`"prompt":[[15339,1917,100257],[1,2]]`: 5,
	} {
		path := "/v1/embeddings"
		if strings.HasPrefix(body, `"prompt`) {
			path = "/v1/completions"
		}
		a := g.do("POST", path, p.key, `{"model":"unbounded",`+body+`}`, nil)
		if e := g.entry(a.Header.Get("X-Request-Id")); a.Status != 200 || e.Usage["input"] != want || e.Source != "counted" {
			t.Errorf("%s: %d, booked as %+v, want %d", body, a.Status, e, want)
		}
	}
}

// TestT09_UsageOfChoicesApart: an upstream at an address of its own may be a vLLM, whose running
// usage beside a choice is that choice's alone. A stream that breaks off is not booked at one
// choice of several, and the sum at the end of a whole one is believed as it is.
func TestT09_UsageOfChoicesApart(t *testing.T) {
	t.Parallel()
	g := begin(t, strangeConfig)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "5")
	chunk := func(index, used int) string {
		return fmt.Sprintf(`data: {"choices":[{"index":%d,"delta":{"content":" word"}}],"usage":{"prompt_tokens":9,"completion_tokens":%d}}`, index, used) + "\n\n"
	}
	apart := chunk(0, 1) + chunk(1, 1) + chunk(2, 1) + chunk(0, 2) + chunk(1, 2) + chunk(2, 2) + chunk(0, 3)
	together := chunk(0, 1) + chunk(1, 2) + chunk(2, 3) + chunk(0, 4) + chunk(1, 5) + chunk(2, 6) + chunk(0, 7)
	const end = `data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":6}}` + "\n\ndata: [DONE]\n\n"
	for name, c := range map[string]struct {
		body   string
		output int64
		source string
	}{
		"apart, cut":           {apart, 7, "estimated"},
		"together, cut":        {together, 7, "reported"},
		"apart, whole":         {apart + end, 6, "reported"},
		"one choice, cut":      {chunk(0, 5), 5, "reported"},
		"together, without it": {strings.ReplaceAll(together, `"completion_tokens":7`, `"completion_tokens":9`) + "data: [DONE]\n\n", 9, "reported"},
	} {
		g.mend()
		g.up.Set("unbounded", providertest.Script{Body: c.body, Header: http.Header{"Content-Type": {"text/event-stream"}}})
		a := g.chat(p, "unbounded", `"stream":true,"n":3`, nil)
		e := g.entry(a.Header.Get("X-Request-Id"))
		if e.Usage["input"] != 9 || e.Usage["output"] != c.output || e.Source != c.source || slices.Contains(e.Flags, "contradictory_usage") {
			t.Errorf("%s: booked as %+v, want %d %s", name, e, c.output, c.source)
		}
	}
}
