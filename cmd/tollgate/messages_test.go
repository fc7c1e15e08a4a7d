package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

func messageBody(model, extra string) string {
	if extra != "" {
		extra = "," + extra
	}
	return fmt.Sprintf(`{"model":%q,"max_tokens":500,"messages":[{"role":"user","content":"hi"}]%s}`, model, extra)
}

// TestMessagesAreFaithful: a message passes in Anthropic's own shape in both directions,
// with the two headers that are the upstream's and no other, and no end mark is added.
func TestMessagesAreFaithful(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	const whole = "{ \"id\" : \"msg_1\",\"type\":\"message\", \"zeta\":1.0e0,\n\"content\":[{\"type\":\"future\"}] ,\"usage\":{\"input_tokens\":3,\"output_tokens\":1,\"new\":7} }"
	const events = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}\n\n" +
		": a comment\n\nevent: ping\r\ndata: {\"type\": \"ping\"}\r\n\r\nevent: future_event\ndata: {\"type\":\"future_event\",\"n\":1.50}\n\n" +
		"event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{},\"usage\":{\"output_tokens\":2}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"
	told := strings.NewReplacer(": a comment\n\n", "", "\r\n", "\n").Replace(events)
	for _, model := range []string{"free", "paid"} {
		for _, c := range []struct{ path, body, reply, want string }{
			{"/v1/messages?beta=true", "{\n\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"x\",\"cache_control\":{\"type\":\"ephemeral\"}}]}], \"model\":\"NAME\" ,\"max_tokens\":500,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":100} }\n", whole, whole},
			{"/messages", `{"model":"NAME","max_tokens":500,"stream":true,"messages":[]}`, events, told},
			{"/v1/messages/count_tokens", `{"model":"NAME","messages":[]}`, `{"input_tokens" : 14}`, `{"input_tokens" : 14}`},
		} {
			g.up.Reset()
			g.up.Set(model, providertest.Script{Body: c.reply})
			body := strings.ReplaceAll(c.body, "NAME", model)
			a := g.do("POST", c.path, "", body, header{"X-Api-Key": p.key, "Anthropic-Version": "2023-01-01", "Anthropic-Beta": "a-1,b-2", "X-Stainless-Lang": "python",
				"Cookie": "a=b", "X-Claude-Code-Session-Id": "s"})
			if a.Status != 200 || a.Body != c.want || a.Header.Get("Request-Id") != a.Header.Get("X-Request-Id") || a.Header.Get("Request-Id") == "" {
				t.Errorf("%s of %s: %d %v\n got %q\nwant %q", c.path, model, a.Status, a.Header, a.Body, c.want)
			}
			calls := g.up.Calls()
			if len(calls) != 1 || string(calls[0].Body) != body {
				t.Fatalf("%s of %s: sent %+v", c.path, model, calls)
			}
			h := calls[0].Header
			if h.Get("Anthropic-Version") != "2023-01-01" || h.Get("Anthropic-Beta") != "a-1,b-2" || strings.Contains(fmt.Sprint(h), p.key) {
				t.Errorf("%s: headers %v", c.path, h)
			}
			for _, name := range []string{"X-Stainless-Lang", "Cookie", "X-Claude-Code-Session-Id", "X-Api-Key"} {
				if v := h.Get(name); v != "" {
					t.Errorf("%s: %s went up: %q", c.path, name, v)
				}
			}
		}
	}
	// What is not of this surface gets none of its headers, and one without a version gets one.
	g.up.Reset()
	g.do("POST", "/v1/chat/completions", p.key, chatBody(p, "free", ""), header{"Anthropic-Beta": "a"})
	g.do("POST", "/v1/messages", p.key, messageBody("free", ""), nil)
	if calls := g.up.Calls(); len(calls) != 2 || calls[0].Header.Get("Anthropic-Beta") != "" || calls[1].Header.Get("Anthropic-Version") != "2023-06-01" {
		t.Errorf("%+v", calls)
	}
}

// TestMessagesAreMetered: the usage of a message's start, in which what its end says is
// replaced; cached tokens beside the input as Anthropic has them, or within it as vLLM
// and Ollama do.
func TestMessagesAreMetered(t *testing.T) {
	t.Parallel()
	const price = `price: { input: 1, cached_input: 0.1, cache_write: 2, output: 10 }`
	g := audited(t, strings.Replace(upstreamConfig, "models:", "models:\n  vllm: { to: gpu/m, "+price+" }\n  ollama: { to: laptop/m, "+price+" }\n  cloud: { to: cloud/m, "+price+" }", 1))
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.Key, "5")
	for name, c := range map[string]struct {
		model                 string
		script                providertest.Script
		input, cached, output int64
		cost                  int64 // in nano-dollars
		source, status        string
	}{
		"cache beside": {"cloud", providertest.Script{PromptTokens: 1000, CompletionTokens: 20, CachedTokens: 400, CacheBeside: true}, 1000, 400, 20, 600*1000 + 400*100 + 20*10_000, "reported", "ok"},
		"cache within": {"vllm", providertest.Script{PromptTokens: 1000, CompletionTokens: 20, CachedTokens: 400}, 1000, 400, 20, 600*1000 + 400*100 + 20*10_000, "reported", "ok"},
		"Ollama":       {"ollama", providertest.Script{PromptTokens: 1000, CompletionTokens: 20}, 1000, 0, 20, 1000*1000 + 20*10_000, "reported", "ok"},
		"no usage":     {"vllm", providertest.Script{NoUsage: true, Text: "one two three"}, 2, 0, 3, 2*1000 + 3*10_000, "counted", "ok"},
	} {
		for _, stream := range []bool{false, true} {
			g.up.Set("m", c.script)
			a := g.do("POST", "/v1/messages", p.key, messageBody(c.model, fmt.Sprintf(`"stream":%v`, stream)), nil)
			e := g.entry(a.Header.Get("X-Request-Id"))
			if a.Status != 200 || e.Usage["input"] != c.input-c.cached || e.Usage["cached_input"] != c.cached || e.Usage["output"] != c.output || e.Cost == nil || int64(*e.Cost) != c.cost || e.Source != c.source || e.Status != c.status {
				t.Errorf("%s, stream %v: %d %+v", name, stream, a.Status, e)
			}
		}
	}
	// Ollama guesses the prompt at the start; the end says what it was.
	g.up.Set("m", providertest.Script{Body: "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":5000,\"output_tokens\":0}}}\n\n" +
		"event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"hi\"}}\n\n" +
		"event: message_delta\ndata: {\"type\":\"message_delta\",\"usage\":{\"input_tokens\":12,\"output_tokens\":7}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"})
	a := g.do("POST", "/v1/messages", p.key, messageBody("ollama", `"stream":true`), nil)
	if e := g.entry(a.Header.Get("X-Request-Id")); e.Usage["input"] != 12 || e.Usage["output"] != 7 || e.Source != "reported" {
		t.Errorf("a guessed start: %+v", e)
	}
	// A message that is cut: the prompt as it was reported, the output as it was seen.
	g.up.Set("m", providertest.Script{PromptTokens: 1000, CompletionTokens: 50, Text: "one two three four", Chunks: 4, CutAfter: 3})
	a = g.do("POST", "/v1/messages", p.key, messageBody("vllm", `"stream":true`), nil)
	if e := g.entry(a.Header.Get("X-Request-Id")); e.Usage["input"] != 1000 || e.Usage["output"] < 2 || e.Usage["output"] > 4 || e.Status != "truncated" {
		t.Errorf("cut: %+v", e)
	}
	if last := a.events(); !strings.Contains(a.Body, "\nevent: error\ndata: ") || !strings.HasPrefix(last[len(last)-1], `{"type":"error","error":{"message":`) ||
		!strings.Contains(last[len(last)-1], `"type":"api_error"`) || strings.Contains(a.Body, "[DONE]") {
		t.Errorf("the error in-band: %s", a.Body)
	}
	// An error that the upstream reports keeps its words.
	g.up.Set("m", providertest.Script{Text: "one two three", ErrorFrameAfter: 2})
	a = g.do("POST", "/v1/messages", p.key, messageBody("vllm", `"stream":true`), nil)
	if !strings.Contains(a.Body, "event: error\ndata: {\"type\":\"error\",\"error\":{\"message\":\"Overloaded\",\"type\":\"overloaded_error\"") {
		t.Errorf("an error of the upstream's: %s", a.Body)
	}
}

// TestCacheForAnHour: tokens that are written to the cache for an hour have a meter of their
// own and are billed at its rate; where the price has none they are billed as other writes,
// and the entry says so. A request that may write such is held for at their rate.
func TestCacheForAnHour(t *testing.T) {
	t.Parallel()
	g := audited(t, strings.Replace(upstreamConfig, "models:", `models:
  hour: { to: cloud/hour, price: { input: 1, cached_input: 0.1, cache_write: 1.25, cache_write_1h: 2, output: 10 } }
  plain: { to: cloud/plain, price: { input: 1, cached_input: 0.1, cache_write: 1.25, output: 10 } }`, 1))
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.Key, "5")
	const usage = `{"input_tokens":100,"cache_read_input_tokens":40,"cache_creation_input_tokens":300,"cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200},"output_tokens":7}`
	const cached = `"system":[{"type":"text","text":"be brief","cache_control":{"type":"ephemeral","ttl":"1h"}}]`
	for model, want := range map[string]struct {
		cost  int64
		flags []string
	}{
		"hour":  {100*1000 + 40*100 + 100*1250 + 200*2000 + 7*10_000, nil},
		"plain": {100*1000 + 40*100 + 300*1250 + 7*10_000, []string{"hour_cache_write"}},
	} {
		g.up.Set(model, providertest.Script{RawUsage: usage})
		for _, stream := range []bool{false, true} {
			a := g.do("POST", "/v1/messages", p.key, messageBody(model, fmt.Sprintf(`"stream":%v,%s`, stream, cached)), nil)
			e := g.entry(a.Header.Get("X-Request-Id"))
			if a.Status != 200 || e.Usage["input"] != 100 || e.Usage["cached_input"] != 40 || e.Usage["cache_write"] != 100 || e.Usage["cache_write_1h"] != 200 || e.Usage["output"] != 7 ||
				e.Cost == nil || int64(*e.Cost) != want.cost || e.Source != "reported" || !slices.Equal(e.Flags, want.flags) {
				t.Errorf("%s, stream %v: %d %+v (%v), want %+v", model, stream, a.Status, e, e.Cost, want)
			}
		}
		// The same without the words that ask for an hour is held for at the dearest of the rest.
		g.up.Set(model, providertest.Script{})
		for more, rate := range map[string]int64{cached: 2000, strings.Replace(cached, "1h", "5m", 1): 1250} {
			if model == "plain" {
				rate = 1250
			}
			body := messageBody(model, more)
			e := g.entry(g.do("POST", "/v1/messages", p.key, body, nil).Header.Get("X-Request-Id"))
			if held := bound(t, body)*rate + 500*10_000; int64(e.Held) != held {
				t.Errorf("%s %s: %v held, want %d", model, more, e.Held, held)
			}
		}
	}
	// Whoever looks learns of it before it happens.
	admin := must(g.srv.control.EnsureAdmin(context.Background(), ""))(t)
	if c := g.do("GET", "/api/v1/check", admin, "", nil); !strings.Contains(c.Body, `"path":"cloud/plain"`) || !strings.Contains(c.Body, "cache_write_1h: RATE") || strings.Contains(c.Body, `"path":"cloud/hour"`) {
		t.Errorf("%s", c.Body)
	}
	// More of them than were written in all is no sum, and the larger holds.
	g.up.Set("hour", providertest.Script{RawUsage: `{"input_tokens":1,"cache_creation_input_tokens":10,"cache_creation":{"ephemeral_1h_input_tokens":20},"output_tokens":1}`})
	if e := g.entry(g.do("POST", "/v1/messages", p.key, messageBody("hour", ""), nil).Header.Get("X-Request-Id")); e.Usage["cache_write_1h"] != 20 || e.Usage["cache_write"] != 0 || !slices.Contains(e.Flags, "contradictory_usage") {
		t.Errorf("%+v", e)
	}
}

// TestMessagesErrors: every refusal is in Anthropic's shape on this surface, under
// Anthropic's names, and reaches no upstream.
func TestMessagesErrors(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	p, poor := g.person(control.KeyChange{}), g.person(control.KeyChange{})
	g.budget(poor, ledger.Key, "0")
	for name, c := range map[string]struct {
		path, key, body string
		status          int
		kind, code      string
	}{
		"no key":            {"/v1/messages", "", messageBody("free", ""), 401, "authentication_error", "missing_api_key"},
		"another key":       {"/messages", "sk-x", messageBody("free", ""), 401, "authentication_error", "invalid_api_key"},
		"no JSON":           {"/v1/messages", p.key, "x", 400, "invalid_request_error", "invalid_json"},
		"no model":          {"/v1/messages/count_tokens", p.key, "{}", 400, "invalid_request_error", "missing_model"},
		"an unknown model":  {"/v1/messages", p.key, messageBody("nope", ""), 404, "not_found_error", "model_not_found"},
		"batches":           {"/v1/messages/batches", p.key, "{}", 404, "not_found_error", "unknown_path"},
		"no money":          {"/v1/messages", poor.key, messageBody("paid", ""), 429, "rate_limit_error", "budget_exceeded"},
		"no price":          {"/v1/messages", poor.key, messageBody("unknown", ""), 402, "billing_error", "price_unknown"},
		"a private image":   {"/v1/messages", p.key, `{"model":"free","messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"http://10.0.0.1/x"}}]}]}`, 400, "invalid_request_error", "media_not_allowed"},
		"one within a tool": {"/v1/messages", p.key, `{"model":"free","messages":[{"role":"user","content":[{"type":"tool_result","content":[{"type":"image","source":{"type":"url","url":"http://10.0.0.1/x"}}]}]}]}`, 400, "invalid_request_error", "media_not_allowed"},
		"code execution":    {"/v1/messages", poor.key, messageBody("paid", `"tools":[{"type":"code_execution_20260101","name":"c"}]`), 402, "billing_error", "price_unknown"},
	} {
		a := g.do("POST", c.path, c.key, c.body, nil)
		id, _ := a.json(t)["request_id"].(string)
		if a.Status != c.status || a.json(t)["type"] != "error" || a.errorField(t, "type") != c.kind || a.errorField(t, "code") != c.code || a.errorField(t, "message") == "" ||
			id == "" || a.Header.Get("Request-Id") != id || a.Header.Get("X-Request-Id") != id {
			t.Errorf("%s: %d %v %s", name, a.Status, a.Header, a.Body)
		}
	}
	if calls := g.up.Calls(); len(calls) != 0 {
		t.Errorf("%d calls reached the upstream", len(calls))
	}
	g.up.Set("free", providertest.Script{Status: 400, Body: `{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}`})
	if a := g.do("POST", "/v1/messages", p.key, messageBody("free", ""), nil); a.Status != 400 || a.errorField(t, "message") != "prompt is too long: 210000 tokens > 200000 maximum" || a.errorField(t, "type") != "invalid_request_error" {
		t.Errorf("the upstream's words: %d %s", a.Status, a.Body)
	}
	// Counting is for nothing, also for who has no money; a paid message is not.
	g.up.Set("paid", providertest.Script{PromptTokens: 77, CompletionTokens: 1})
	if a := g.do("POST", "/v1/messages/count_tokens", poor.key, messageBody("paid", ""), nil); a.Status != 200 || a.json(t)["input_tokens"] != 77.0 || a.Header.Get("X-Tollgate-Price") != "free" {
		t.Errorf("count_tokens: %d %v %s", a.Status, a.Header, a.Body)
	}
	if got := g.books(); got != (books{}) {
		t.Errorf("something was booked: %+v", got)
	}
}

// TestModelsForAnthropicsClients: whoever names a version of Anthropic's gets the models and
// errors about them in its shape, page by page; nobody else does.
func TestModelsForAnthropicsClients(t *testing.T) {
	t.Parallel()
	g := begin(t, "providers:\n  cloud: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 } }\n  laptop: { kind: ollama, url: UPSTREAM, local: false, price: { input: 1, output: 10 } }\nmodels:\n  a: cloud/x\n  b/c: { to: cloud/y, max_output: 8192 }\n  d: { to: laptop/z, num_ctx: 4096 }\n")
	p := g.person(control.KeyChange{})
	anthropic := header{"X-Api-Key": p.key, "Anthropic-Version": "2023-06-01"}
	for query, want := range map[string]string{
		"":                             `{"data":[A,B,D],"first_id":"a","has_more":false,"last_id":"d"}`,
		"?limit=2":                     `{"data":[A,B],"first_id":"a","has_more":true,"last_id":"b/c"}`,
		"?limit=2&after_id=b%2Fc":      `{"data":[D],"first_id":"d","has_more":false,"last_id":"d"}`,
		"?limit=1&before_id=d":         `{"data":[B],"first_id":"b/c","has_more":true,"last_id":"b/c"}`,
		"?limit=1000&before_id=a":      `{"data":[],"first_id":null,"has_more":false,"last_id":null}`,
		"?after_id=d":                  `{"data":[],"first_id":null,"has_more":false,"last_id":null}`,
		"?limit=0":                     "400 invalid_request_error",
		"?limit=1001":                  "400 invalid_request_error",
		"?after_id=nope":               "400 invalid_request_error",
		"/b/c":                         "B",
		"/nope":                        "404 not_found_error",
		"?lifecycle=active&limit=1000": `{"data":[A,B,D],"first_id":"a","has_more":false,"last_id":"d"}`,
	} {
		model := func(id, context, most string) string {
			return fmt.Sprintf(`{"type":"model","id":%q,"display_name":%q,"created_at":"1970-01-01T00:00:00Z","lifecycle":"active","max_input_tokens":%s,"max_tokens":%s,"price":"paid","open":true,"why":"paid: within every budget"}`, id, id, context, most)
		}
		for _, path := range []string{"/v1/models", "/models"} {
			a := g.do("GET", path+query, "", "", anthropic)
			got := a.Body
			if status, kind, refused := strings.Cut(want, " "); refused {
				inner, _ := a.json(t)["error"].(map[string]any)
				if fmt.Sprint(a.Status) != status || a.json(t)["type"] != "error" || inner["type"] != kind || a.Header.Get("Request-Id") == "" {
					t.Errorf("%s%s: %d %s", path, query, a.Status, a.Body)
				}
			} else if whole := strings.NewReplacer("A", model("a", "null", "null"), "B", model("b/c", "null", "8192"), "D", model("d", "4096", "null")).Replace(want); a.Status != 200 || got != whole {
				t.Errorf("%s%s: %d\n got %s\nwant %s", path, query, a.Status, got, whole)
			}
		}
	}
	if a := g.do("GET", "/v1/models", p.key, "", nil); a.json(t)["object"] != "list" || a.json(t)["has_more"] != nil {
		t.Errorf("without the header: %s", a.Body)
	}
}
