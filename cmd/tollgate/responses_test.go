package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/gateway/store/storetest"
	"tollgate/providers/providertest"
)

var handleForm = regexp.MustCompile(`resp_[A-Za-z0-9_-]{40,}`)

// respond makes a response and returns it with the id that the client sees.
func (g *gate) respond(p person, model, extra string) (answer, string) {
	g.t.Helper()
	if extra != "" {
		extra = "," + extra
	}
	if !strings.Contains(extra, `"input":`) {
		extra += `,"input":"hi"`
	}
	a := g.do("POST", "/v1/responses", p.key, fmt.Sprintf(`{"model":%q%s}`, model, extra), nil)
	if a.Status != 200 {
		return a, ""
	}
	id := handleForm.FindString(a.Body)
	if id == "" {
		g.t.Fatalf("no id of tollgate's own: %s", a.Body)
	}
	return a, id
}

// TestResponsesAreFaithful: nothing changes but the model's name on the way up and the
// response's ids on the way down; events keep their names, numbers and order, and no end
// mark is added.
func TestResponsesAreFaithful(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	const whole = "{ \"id\" : \"resp_up1\",\"object\":\"response\", \"zeta\":1.0e0,\n\"status\":\"completed\",\"output\":[{\"type\":\"future\",\"id\":\"x_1\"}],\"previous_response_id\": null ,\"usage\":{\"input_tokens\":3,\"output_tokens\":1,\"new\":7} }"
	const events = "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_up1\",\"status\":\"in_progress\",\"usage\":null}}\n\n" +
		": a comment\n\nevent: response.future.thing\r\ndata: {\"type\":\"response.future.thing\", \"sequence_number\":1,\"x_y\":1.50 }\r\n\r\n" +
		"event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":2,\"delta\":\"h\\u00e9\"}\n\n" +
		"event: response.completed\ndata: {\"type\":\"response.completed\",\"sequence_number\":3,\"response\":{\"id\":\"resp_up1\",\"status\":\"completed\",\"output\":[],\"usage\":{\"input_tokens\":3,\"output_tokens\":1,\"total_tokens\":4}}}\n\n"
	const told = "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_up1\",\"status\":\"in_progress\",\"usage\":null}}\n\n" +
		"event: response.future.thing\ndata: {\"type\":\"response.future.thing\", \"sequence_number\":1,\"x_y\":1.50 }\n\n" +
		"event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":2,\"delta\":\"h\\u00e9\"}\n\n" +
		"event: response.completed\ndata: {\"type\":\"response.completed\",\"sequence_number\":3,\"response\":{\"id\":\"resp_up1\",\"status\":\"completed\",\"output\":[],\"usage\":{\"input_tokens\":3,\"output_tokens\":1,\"total_tokens\":4}}}\n\n"
	for _, model := range []string{"free", "paid"} {
		for name, c := range map[string]struct{ path, body, sent, reply, want string }{
			"whole": {"/v1/responses", "{\n\"input\" : [{\"role\":\"user\",\"content\":\"\\ud83d\\ude00\"}], \"model\":\"NAME\" ,\"seed\":12345678901234567890,\"store\":false }\n",
				"{\n\"input\" : [{\"role\":\"user\",\"content\":\"\\ud83d\\ude00\"}], \"model\":\"NAME\" ,\"seed\":12345678901234567890,\"store\":false }\n", whole, whole},
			"stream": {"/responses", `{"model":"NAME","stream":true,"input":"hi","stream_options":{"include_obfuscation":false}}`,
				`{"model":"NAME","stream":true,"input":"hi","stream_options":{"include_obfuscation":false}}`, events, told},
			"stream with a done mark": {"/responses", `{"model":"NAME","stream":true,"input":"hi"}`,
				`{"model":"NAME","stream":true,"input":"hi"}`, events + "data: [DONE]\n\n", told},
		} {
			g.up.Reset()
			g.up.Set(model, providertest.Script{Body: c.reply})
			a := g.do("POST", c.path, p.key, strings.ReplaceAll(c.body, "NAME", model), nil)
			handle := handleForm.FindString(a.Body)
			if got := strings.ReplaceAll(a.Body, handle, "resp_up1"); a.Status != 200 || handle == "" || got != c.want {
				t.Errorf("%s %s: %d\n got %q\nwant %q", name, model, a.Status, got, c.want)
			}
			calls := g.up.CallsTo("/v1/responses")
			if len(calls) != 1 || string(calls[0].Body) != strings.ReplaceAll(c.sent, "NAME", model) {
				t.Errorf("%s %s: sent %+v", name, model, calls)
			}
		}
	}
}

// TestResponsesAreMetered: what the books say of a response is what its upstream
// reported, whole or streamed, completed or not; a stream that is cut is counted here.
func TestResponsesAreMetered(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.Key, "5")
	for _, stream := range []bool{false, true} {
		extra := fmt.Sprintf(`"stream":%v`, stream)
		for name, c := range map[string]struct {
			script        providertest.Script
			input, output int64
			cached        int64
			source        string
			status        string
		}{
			"completed":     {providertest.Script{PromptTokens: 1000, CompletionTokens: 200, CachedTokens: 0, ReasoningTokens: 0}, 1000, 200, 0, "reported", "ok"},
			"incomplete":    {providertest.Script{PromptTokens: 1000, CompletionTokens: 16, ResponseStatus: "incomplete"}, 1000, 16, 0, "reported", "ok"},
			"failed":        {providertest.Script{PromptTokens: 1000, CompletionTokens: 3, ResponseStatus: "failed"}, 1000, 3, 0, "reported", "server_error"},
			"too long":      {providertest.Script{PromptTokens: 1000, CompletionTokens: 3, ResponseStatus: "failed", ResponseCode: "context_length_exceeded"}, 1000, 3, 0, "reported", "context_too_long"},
			"without usage": {providertest.Script{NoUsage: true, Text: "one two three"}, 2, 3, 0, "counted", "ok"},
			"a bad usage":   {providertest.Script{RawUsage: `{"input_tokens":-5,"output_tokens":7}`, Text: "one two three"}, 2, 3, 0, "counted", "ok"},
		} {
			g.up.Set("paid", c.script)
			a, _ := g.respond(p, "paid", extra)
			e := g.entry(a.Header.Get("X-Request-Id"))
			if e.Usage["input"] != c.input-c.cached || e.Usage["output"] != c.output || e.Source != c.source || e.Status != c.status || e.Operation != "responses" {
				t.Errorf("%s, stream %v: %+v", name, stream, e)
			}
		}
	}
	g.up.Set("paid", providertest.Script{Text: "one two three four", Chunks: 4, CutAfter: 3})
	a, _ := g.respond(p, "paid", `"stream":true`)
	if e := g.entry(a.Header.Get("X-Request-Id")); e.Usage["output"] < 2 || e.Usage["output"] > 4 || e.Source != "estimated" || e.Status != "truncated" {
		t.Errorf("cut: %+v", e)
	}
	events := a.events()
	var created, failed struct {
		Type     string
		Sequence int `json:"sequence_number"`
		Response struct {
			ID, Status, Model string
			Error             struct{ Code, Message string }
		}
	}
	if err := errors.Join(json.Unmarshal([]byte(events[0]), &created), json.Unmarshal([]byte(events[len(events)-2]), &failed)); err != nil || failed.Type != "response.failed" ||
		failed.Sequence != len(events)-2 || failed.Response.ID != created.Response.ID || !strings.HasPrefix(failed.Response.ID, "resp_") || failed.Response.Model != "paid" ||
		failed.Response.Status != "failed" || failed.Response.Error.Code != "server_error" || failed.Response.Error.Message == "" || !strings.Contains(a.Body, "\nevent: response.failed\ndata: ") {
		t.Errorf("the end of the response: %v: %s", err, a.Body)
	}
	last := events[len(events)-1]
	var frame struct {
		Type, Code, Message string
		Sequence            int `json:"sequence_number"`
	}
	if err := json.Unmarshal([]byte(last), &frame); err != nil || frame.Type != "error" || frame.Code != "upstream_disconnected" || frame.Message == "" ||
		frame.Sequence != len(events)-1 || !strings.Contains(a.Body, "\nevent: error\ndata: ") || strings.Contains(a.Body, "[DONE]") {
		t.Errorf("the error in-band: %v: %s", err, a.Body)
	}
}

// TestABrokenOffResponseHasACodeOfOpenAIs: the response that ends a stream which its upstream
// gave up fails with a code that OpenAI lists; the error behind it has tollgate's own.
func TestABrokenOffResponseHasACodeOfOpenAIs(t *testing.T) {
	t.Parallel()
	g := start(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	const created = "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"r\",\"status\":\"in_progress\",\"output\":[]}}\n\n"
	for said, want := range map[string][2]string{
		"rate_limit_exceeded":  {"rate_limit_exceeded", "upstream_rate_limit"},
		"server_is_overloaded": {"server_error", "no_healthy_upstream"},
		"server_error":         {"server_error", "upstream_error"},
		"invalid_prompt":       {"invalid_prompt", "invalid_prompt"},
	} {
		g.up.Set("free", providertest.Script{Header: http.Header{"Content-Type": {"text/event-stream"}},
			Body: created + fmt.Sprintf("event: error\ndata: {\"type\":\"error\",\"code\":%q,\"message\":\"no\",\"param\":null,\"sequence_number\":1}\n\n", said)})
		a, _ := g.respond(p, "free", `"stream":true`)
		events := a.events()
		if len(events) != 3 || gjson.Get(events[1], "response.error.code").String() != want[0] || gjson.Get(events[2], "code").String() != want[1] {
			t.Errorf("%s: %d %s", said, a.Status, a.Body)
		}
		g.mend()
	}
}

// TestKeptResponses: a response is read, cancelled and deleted by the id that its maker
// was told; nothing of that costs, whatever the budget.
func TestKeptResponses(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	for _, model := range []string{"free", "paid"} {
		p := g.person(control.KeyChange{})
		first, id := g.respond(p, model, "")
		posted := g.query("select count(*) from entries")
		g.budget(p, ledger.Key, "0")
		for _, prefix := range []string{"/v1", ""} {
			path := prefix + "/responses/" + id
			if a := g.do("GET", path, p.key, "", nil); model == "paid" && (a.Status != 200 || a.Body != first.Body || a.Header.Get("X-Tollgate-Price") != "free") {
				t.Errorf("%s: read: %d %s, first %s", model, a.Status, a.Body, first.Body)
			}
			a := g.do("GET", path+"?stream=true&starting_after=0", p.key, "", nil)
			if a.Status != 200 || !strings.Contains(a.Body, "\nevent: response.completed\n") || !strings.Contains(a.Body, id) || strings.Contains(a.Body, "resp_upstream") {
				t.Errorf("%s: read as a stream: %d %s", model, a.Status, a.Body)
			}
		}
		if a := g.do("POST", "/v1/responses/"+id+"/cancel", p.key, "", nil); a.Status != 200 || a.json(t)["status"] != "cancelled" || a.json(t)["id"] != id {
			t.Errorf("%s: cancel: %d %s", model, a.Status, a.Body)
		}
		if model == "free" { // vLLM has none of the others
			for _, r := range []struct{ method, path string }{{"GET", "/v1/responses/" + id + "/input_items"}, {"DELETE", "/v1/responses/" + id}} {
				if a := g.do(r.method, r.path, p.key, "", nil); a.Status != 400 || a.errorField(t, "code") != "unsupported_operation" {
					t.Errorf("%s %s: %d %s", r.method, r.path, a.Status, a.Body)
				}
			}
			continue
		}
		if a := g.do("GET", "/v1/responses/"+id+"/input_items?limit=2&order=asc", p.key, "", nil); a.Status != 200 || !strings.Contains(a.Body, "msg_in") {
			t.Errorf("items: %d %s", a.Status, a.Body)
		}
		if a := g.do("POST", "/v1/responses/input_tokens", p.key, `{"model":"paid","input":"hi"}`, nil); a.Status != 200 || a.json(t)["input_tokens"] != 10.0 {
			t.Errorf("input_tokens: %d %s", a.Status, a.Body)
		}
		if a := g.do("DELETE", "/v1/responses/"+id, p.key, "", nil); a.Status != 200 || a.json(t)["id"] != id || a.json(t)["deleted"] != true {
			t.Errorf("delete: %d %s", a.Status, a.Body)
		}
		if a := g.do("GET", "/v1/responses/"+id, p.key, "", nil); a.Status != 404 || a.errorField(t, "code") != "response_not_found" {
			t.Errorf("after it: %d %s", a.Status, a.Body)
		}
		if n := g.query("select count(*) from entries"); n != posted {
			t.Errorf("%d entries were made by reads", n-posted)
		}
	}
	for _, c := range g.up.Calls() {
		if strings.Contains(c.Path, "resp_") && !strings.Contains(c.Path, "resp_upstream_") {
			t.Errorf("a handle went up: %s", c.Path)
		}
	}
}

// TestKeptResponsesArePaidOnce: what a read of a paid response tells of its usage is
// counted nowhere again.
func TestKeptResponsesArePaidOnce(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.User, "5")
	_, id := g.respond(p, "paid", "")
	before := g.posted(b)
	g.do("GET", "/v1/responses/"+id, p.key, "", nil)
	g.do("GET", "/v1/responses/"+id+"?stream=true", p.key, "", nil)
	if got := g.posted(b); got != before || before != 10*1000+5*10_000 {
		t.Errorf("%d posted after reads, %d before", got, before)
	}
	ctx := context.Background()
	g.eventually("the reads are reported", func() bool {
		for _, r := range must(g.srv.control.Usage(ctx, control.UsageQuery{KeyID: p.keyID}))(t) {
			if r.Free.Calls == 2 {
				if r.Free.Input+r.Free.Output != 0 {
					t.Errorf("reads used tokens: %+v", r.Free)
				}
				return true
			}
		}
		return false
	})
}

// TestT20_ResponsesOfOthers: the id of another tenant's response, a forged and an unknown
// one are answered like one that its upstream no longer has, byte for byte, by every
// route, and reach no upstream.
func TestT20_ResponsesOfOthers(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	alice, mallory := g.person(control.KeyChange{}), g.person(control.KeyChange{})
	_, id := g.respond(alice, "paid", "")
	_, gone := g.respond(alice, "paid", "")
	if a := g.do("DELETE", "/v1/responses/"+gone, alice.key, "", nil); a.Status != 200 {
		t.Fatal(a.Body)
	}
	before := g.books()
	ask := func(p person, id string) map[string]answer {
		out := map[string]answer{}
		for _, r := range []struct{ method, path string }{
			{"GET", "/v1/responses/" + id}, {"GET", "/responses/" + id + "?stream=true"}, {"POST", "/v1/responses/" + id + "/cancel"},
			{"DELETE", "/v1/responses/" + id}, {"GET", "/v1/responses/" + id + "/input_items"},
		} {
			out[r.method+strings.ReplaceAll(r.path, id, "ID")] = g.do(r.method, r.path, p.key, "", nil)
		}
		out["previous"] = g.do("POST", "/v1/responses", p.key, fmt.Sprintf(`{"model":"paid","input":"hi","previous_response_id":%q}`, id), nil)
		return out
	}
	absent := ask(alice, gone)
	g.up.Reset()
	for name, other := range map[string]string{"another tenant's": id, "a forged": id[:len(id)-2] + "AA", "a short": "resp_x", "an upstream's": "resp_upstream_1"} {
		for route, a := range ask(mallory, other) {
			if want := absent[route]; a.Status != 404 || a.Body != want.Body || want.Status != 404 {
				t.Errorf("%s id at %s: %d %s, an absent one: %d %s", name, route, a.Status, a.Body, want.Status, want.Body)
			}
		}
	}
	if calls := g.up.Calls(); len(calls) != 0 {
		t.Errorf("%d calls reached the upstream: %+v", len(calls), calls)
	}
	if got := g.books(); got != before {
		t.Errorf("something was booked: %+v, before %+v", got, before)
	}
	// Members of one team share; a user's own key and a team's key do not.
	ctx := context.Background()
	yes := true
	_, mate, err := g.srv.control.CreateKey(ctx, control.KeyOwner{TeamID: alice.team}, control.KeyChange{EndUsers: &yes})
	if err != nil {
		t.Fatal(err)
	}
	_, alone, err := g.srv.control.CreateKey(ctx, control.KeyOwner{UserID: alice.user}, control.KeyChange{EndUsers: &yes})
	if err != nil {
		t.Fatal(err)
	}
	if a := g.do("GET", "/v1/responses/"+id, mate, "", nil); a.Status != 200 {
		t.Errorf("the team's other key: %d %s", a.Status, a.Body)
	}
	if a := g.do("GET", "/v1/responses/"+id, alone, "", nil); a.Status != 404 {
		t.Errorf("the same user outside the team: %d %s", a.Status, a.Body)
	}
}

// TestResponsesGoOn: a response goes on at the deployment that made it and nowhere else,
// under the id that the client was told, also after a restart.
func TestResponsesGoOn(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig+`  two: { targets: [ { to: gpu/a, order: 1 }, { to: gpu/b, order: 1 } ] }
`)
	p := g.person(control.KeyChange{})
	_, id := g.respond(p, "two", "")
	made := g.called()[0]
	for range 12 {
		g.up.Reset()
		a, _ := g.respond(p, "two", fmt.Sprintf(`"previous_response_id":%q`, id))
		if a.Status != 200 || !slices.Equal(g.called(), []string{made}) || a.json(t)["previous_response_id"] != id {
			t.Fatalf("%d called %v, want %s: %s", a.Status, g.called(), made, a.Body)
		}
		if sent := string(g.up.Calls()[0].Body); !strings.Contains(sent, `"previous_response_id":"resp_upstream_`) {
			t.Fatalf("sent %s", sent)
		}
	}
	g.up.Reset()
	if a, _ := g.respond(p, "free", fmt.Sprintf(`"previous_response_id":%q`, id)); a.Status != 400 || a.errorField(t, "code") != "response_elsewhere" || len(g.called()) != 0 {
		t.Errorf("another model: %d %s, called %v", a.Status, a.Body, g.called())
	}
	for _, bad := range []string{`7`, `""`, `"` + strings.Repeat("r", 2049) + `"`} {
		if a, _ := g.respond(p, "two", `"previous_response_id":`+bad); a.Status != 400 || a.errorField(t, "param") != "previous_response_id" {
			t.Errorf("%.20s: %d %s", bad, a.Status, a.Body)
		}
	}
	if a, _ := g.respond(p, "free", `"conversation":"conv_1"`); a.Status != 400 || a.errorField(t, "param") != "conversation" {
		t.Errorf("a conversation: %d %s", a.Status, a.Body)
	}
	if a := g.do("GET", "/v1/responses/"+id+"?api_base=x", p.key, "", nil); a.Status != 400 || a.errorField(t, "param") != "api_base" {
		t.Errorf("a strange parameter: %d %s", a.Status, a.Body)
	}
	g.stop()
	g.run()
	if a := g.do("GET", "/v1/responses/"+id, p.key, "", nil); a.Status != 200 || a.json(t)["id"] != id {
		t.Errorf("after a restart: %d %s", a.Status, a.Body)
	}
}

// TestResponsesAreHeldFor: the hold covers what the upstream keeps and the searches it
// may run; what no usage would tell of is not called where it costs.
func TestResponsesAreHeldFor(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig+`  searcher: { to: cloud/searcher, price: { input: 1, output: 10, search: 0.01 } }
`)
	p := g.person(control.KeyChange{})
	_, id := g.respond(p, "paid", "")
	b := g.budget(p, ledger.Key, "0.06")
	const search = `"max_output_tokens":100,"tools":[{"type":"web_search"}]`
	if a, _ := g.respond(p, "searcher", search); a.Status != 429 {
		t.Errorf("searches without a bound: %d %s", a.Status, a.Body)
	}
	g.up.Set("searcher", providertest.Script{Body: `{"id":"resp_upstream","usage":{"input_tokens":10,"output_tokens":5},"output":[
		{"type":"web_search_call","action":{"type":"search"}},{"type":"web_search_call","action":{"type":"open_page"}},{"type":"web_search_call"}]}`})
	a, _ := g.respond(p, "searcher", search+`,"max_tool_calls":3`)
	if e := g.entry(a.Header.Get("X-Request-Id")); a.Status != 200 || e.Usage["search"] != 2 || int64(*e.Cost) != 10*1000+5*10_000+2*10_000_000 {
		t.Errorf("searches: %d %+v", a.Status, e)
	}
	for extra, want := range map[string]int{
		`"max_output_tokens":100`: 200,
		fmt.Sprintf(`"max_output_tokens":100,"previous_response_id":%q`, id):                                                         429, // up to a whole context
		`"max_output_tokens":100,"prompt":{"id":"pmpt_1"}`:                                                                           429,
		`"max_output_tokens":1000000`:                                                                                                429,
		`"max_output_tokens":100,"tools":[{"type":"function","name":"f"}]`:                                                           200,
		`"max_output_tokens":100,"tools":[{"type":"code_interpreter","container":{"type":"auto"}}]`:                                  402,
		`"max_output_tokens":100,"tools":[{"type":"tomorrows_tool"}]`:                                                                402,
		`"max_output_tokens":100,"tools":[{"type":"mcp","server_url":"http://169.254.169.254/x"}]`:                                   400,
		`"max_output_tokens":100,"tools":[{"type":"mcp","server_url":"https://example.org/x"}]`:                                      429, // what it reads there fits a context
		`"max_output_tokens":100,"input":[{"role":"user","content":[{"type":"input_file","file_url":"https://example.org/a.pdf"}]}]`: 429,
		`"n":0`: 400,
		`"input":[{"role":"user","content":[{"type":"input_image","image_url":"http://10.0.0.1/x"}]}]`: 400,
	} {
		g.up.Reset()
		a, _ := g.respond(p, "paid", extra)
		if g.posted(b) > 25_000_000 {
			t.Fatal("too little is left for this test")
		}
		if a.Status != want || want != 200 && len(g.called()) != 0 || want == 402 && !strings.Contains(a.errorField(t, "message"), "what the tool") {
			t.Errorf("%s: %d %s, called %v", extra, a.Status, a.Body, g.called())
		}
		if free, _ := g.respond(p, "free", `"tools":[{"type":"code_interpreter"}],"background":true`); free.Status != 200 {
			t.Errorf("free: %d %s", free.Status, free.Body)
		}
	}
	// Where no limit applies it is served, and what it costs is not known.
	q := g.person(control.KeyChange{})
	a, _ = g.respond(q, "paid", `"tools":[{"type":"code_interpreter"}]`)
	if e := g.entry(a.Header.Get("X-Request-Id")); a.Status != 200 || e.Cost != nil || !slices.Contains(e.Flags, "unpriced") {
		t.Errorf("without a limit: %d %+v", a.Status, e)
	}
}

// TestBackground: a response that a model makes in the background is held for until its
// upstream has done with it, and then booked once, at what that reports; whoever asks for
// it meanwhile, or leaves its stream.
func TestBackground(t *testing.T) { eachEngine(t, testBackground) }

func testBackground(t *testing.T, db option) {
	g := begin(t, upstreamConfig+`  priced: { to: laptop/x, price: { input: 1, output: 10 } }
`, db)
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.Key, "5")
	for name, script := range map[string]providertest.Script{
		"to its end": {Polls: 2, PromptTokens: 1000, CompletionTokens: 200},
		"failed":     {Polls: 1, PromptTokens: 1000, CompletionTokens: 200, ResponseStatus: "failed"},
		"cut stream": {Polls: 2, PromptTokens: 1000, CompletionTokens: 200, Text: "one two three", CutAfter: 2},
	} {
		before := g.posted(b)
		g.up.Set("paid", script)
		stream := script.CutAfter > 0
		a, id := g.respond(p, "paid", fmt.Sprintf(`"background":true,"max_output_tokens":1000,"stream":%v`, stream))
		if a.Status != 200 || !stream && a.json(t)["status"] != "queued" {
			t.Fatalf("%s: %d %s", name, a.Status, a.Body)
		}
		if n := g.held(b); n < 1000*10_000 {
			t.Errorf("%s: %d held while it runs", name, n)
		}
		request := a.Header.Get("X-Request-Id")
		if n := len(g.entries(request)); n != 0 {
			t.Errorf("%s: %d entries while it runs", name, n)
		}
		if a := g.do("DELETE", "/v1/responses/"+id, p.key, "", nil); a.Status != 409 || a.errorField(t, "code") != "response_followed" {
			t.Errorf("%s: delete: %d %s", name, a.Status, a.Body)
		}
		g.eventually("it is booked", func() bool { return len(g.entries(request)) == 1 })
		want := "ok"
		if script.ResponseStatus != "" {
			want = "server_error"
		}
		if e := g.entry(request); e.Usage["input"] != 1000 || e.Usage["output"] != 200 || e.Source != "reported" || e.Status != want {
			t.Errorf("%s: %+v", name, e)
		}
		if got := g.posted(b) - before; got != 1000*1000+200*10_000 || g.held(b) != 0 {
			t.Errorf("%s: %d posted, %d held", name, got, g.held(b))
		}
		g.up.Set("paid", providertest.Script{})
		if a := g.do("GET", "/v1/responses/"+id, p.key, "", nil); a.Status != 200 || a.json(t)["id"] != id || a.json(t)["status"] == "queued" {
			t.Errorf("%s: read: %d %s", name, a.Status, a.Body)
		}
	}
	g.up.Reset()
	if a, _ := g.respond(p, "priced", `"background":true`); a.Status != 400 || a.errorField(t, "code") != "unsupported_background" || len(g.called()) != 0 {
		t.Errorf("where nobody could tell: %d %s, called %v", a.Status, a.Body, g.called())
	}
	// What one has used that does not say so is counted here.
	g.up.Set("paid", providertest.Script{Polls: 1, Text: "one two three", NoUsage: true})
	untold, _ := g.respond(p, "paid", `"background":true`)
	g.eventually("it is booked", func() bool { return len(g.entries(untold.Header.Get("X-Request-Id"))) == 1 })
	if e := g.entry(untold.Header.Get("X-Request-Id")); e.Source != "counted" || e.Status != "ok" || e.Usage["output"] != 3 || e.Usage["input"] == 0 {
		t.Errorf("untold: %+v", e)
	}
	// One that the upstream forgets is uncertain.
	g.up.Set("paid", providertest.Script{Polls: 1000, Text: "one"})
	forgotten, _ := g.respond(p, "paid", `"background":true`)
	g.up.Forget()
	g.eventually("it is booked", func() bool { return len(g.entries(forgotten.Header.Get("X-Request-Id"))) == 1 })
	if e := g.entry(forgotten.Header.Get("X-Request-Id")); e.Source != "uncertain" || e.Status != "lost" || *e.Cost == 0 {
		t.Errorf("forgotten: %+v", e)
	}
}

// TestBackgroundGoesOn: a response that outlives the program is booked as uncertain by the
// next start and followed again; what its upstream then says corrects the entry, once. What
// the upstream has lost, or what is billed in another way now, stays uncertain.
func TestBackgroundGoesOn(t *testing.T) { eachEngine(t, testBackgroundGoesOn) }

func testBackgroundGoesOn(t *testing.T, db option) {
	const config = upstreamConfig + "  repriced: { to: cloud/repriced, price: { input: 1, output: 10 } }\n"
	g := begin(t, config, db)
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.Key, "5")
	answers := map[string]answer{}
	for name, model := range map[string]string{"whole": "paid", "stream": "paid", "failed": "paid2", "repriced": "repriced"} {
		script := providertest.Script{Polls: 1000, PromptTokens: 1000, CompletionTokens: 200, Text: "one two three"}
		extra := `"background":true,"max_output_tokens":1000`
		switch name {
		case "stream":
			script.CutAfter = 2
			extra += `,"stream":true`
		case "failed":
			script.ResponseStatus = "failed"
		}
		g.up.Set(model, script)
		answers[name], _ = g.respond(p, model, extra)
		if answers[name].Status != 200 {
			t.Fatalf("%s: %d %s", name, answers[name].Status, answers[name].Body)
		}
	}
	g.eventually("where each goes on is written down", func() bool {
		n := 0
		for _, text := range g.progress() {
			if strings.Contains(text, "resp_upstream_") {
				n++
			}
		}
		return n == len(answers)
	})
	g.stop()
	g.write(strings.Replace(config, "repriced, price", "repriced2, price", 1))
	g.run()
	for name, a := range answers {
		all := g.entries(a.Header.Get("X-Request-Id"))
		if len(all) == 0 || all[0].Source != "uncertain" || all[0].Status != "orphaned" || all[0].Cost == nil || *all[0].Cost == 0 {
			t.Errorf("%s after the restart: %+v", name, all)
		}
	}
	if n := g.held(b); n != 0 {
		t.Errorf("%d are still held", n)
	}
	g.up.Finish()
	sum := func(name string) (cost, input, output int64, entries int) {
		all := g.entries(answers[name].Header.Get("X-Request-Id"))
		for _, e := range all {
			cost, input, output = cost+int64(*e.Cost), input+e.Usage["input"], output+e.Usage["output"]
		}
		return cost, input, output, len(all)
	}
	for _, name := range []string{"whole", "stream", "failed"} {
		g.eventually(name+" is corrected", func() bool { _, _, _, n := sum(name); return n == 2 })
		if cost, input, output, _ := sum(name); cost != 1000*1000+200*10_000 || input != 1000 || output != 200 {
			t.Errorf("%s: %d for %d in and %d out: %+v", name, cost, input, output, g.entries(answers[name].Header.Get("X-Request-Id")))
		}
		last := g.entries(answers[name].Header.Get("X-Request-Id"))[1]
		if want := map[bool]string{true: "server_error", false: "ok"}[name == "failed"]; last.Source != "reported" || last.Status != want || !slices.Contains(last.Flags, "correction") {
			t.Errorf("%s: corrected by %+v", name, last)
		}
	}
	if _, _, _, n := sum("repriced"); n != 1 {
		t.Errorf("a call whose deployment is gone has %d entries", n)
	}
	// A second restart changes nothing.
	before := g.books()
	g.stop()
	g.run()
	if now := g.books(); now != before {
		t.Errorf("the books are %+v after another restart, and were %+v", now, before)
	}
}

// TestBackgroundLostMeanwhile: what its upstream has forgotten while nobody followed it
// stays at what it was posted at.
func TestBackgroundLostMeanwhile(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.Key, "5")
	g.up.Set("paid", providertest.Script{Polls: 1000})
	a, _ := g.respond(p, "paid", `"background":true`)
	g.stop()
	g.up.Forget()
	g.run()
	g.eventually("it is given up", func() bool {
		return strings.Contains(g.logs.String(), "it stays uncertain") && strings.Contains(g.logs.String(), `"status":"lost"`)
	})
	g.stop()
	g.run()
	if e := g.entry(a.Header.Get("X-Request-Id")); e.Source != "uncertain" || e.Status != "orphaned" || *e.Cost == 0 {
		t.Errorf("%+v", e)
	}
}

// TestBackgroundCountsForLimits: what a response uses in the background counts for the rate
// limits of whoever asked for it, once it is known.
func TestBackgroundCountsForLimits(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig+"limits:\n  - { each: key, tokens_per_minute: 300000 }\n")
	for _, stream := range []bool{false, true} {
		p := g.person(control.KeyChange{})
		script := providertest.Script{Polls: 1000, PromptTokens: 1000, CompletionTokens: 1_000_000}
		if stream {
			script.Text, script.CutAfter = "one two three", 2
		}
		g.up.Set("paid", script)
		a, _ := g.respond(p, "paid", fmt.Sprintf(`"background":true,"stream":%v`, stream))
		if a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		if a := g.chat(p, "free", `"max_tokens":10`, nil); a.Status != 200 {
			t.Errorf("while it runs: %d %s", a.Status, a.Body)
		}
		g.up.Finish()
		g.eventually("it is booked", func() bool { return len(g.entries(a.Header.Get("X-Request-Id"))) == 1 })
		g.eventually("it counts", func() bool { return g.chat(p, "free", `"max_tokens":10`, nil).Status == 429 })
	}
}

// TestKeptResponsesOnAllReplicas: what one replica has made is read and gone on with by
// another.
func TestKeptResponsesOnAllReplicas(t *testing.T) {
	t.Parallel()
	c := &cluster{t: t, up: providertest.NewUpstream(t), database: storetest.Database(t)}
	one, other := c.add(upstreamConfig, nil), c.add(upstreamConfig, nil)
	p := one.person(control.KeyChange{})
	c.known(p)
	_, id := one.respond(p, "paid", "")
	if a := other.do("GET", "/v1/responses/"+id, p.key, "", nil); a.Status != 200 || a.json(t)["id"] != id {
		t.Errorf("read: %d %s", a.Status, a.Body)
	}
	if a, _ := other.respond(p, "paid", fmt.Sprintf(`"previous_response_id":%q`, id)); a.Status != 200 || a.json(t)["previous_response_id"] != id {
		t.Errorf("gone on with: %d %s", a.Status, a.Body)
	}
	other.audit()
}

// TestWhatCostsNothingIsLimited: calls that nobody charges for count as requests of their
// caller and take none of its tokens.
func TestWhatCostsNothingIsLimited(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig+"limits:\n  - { each: key, requests_per_minute: 3, tokens_per_minute: 5 }\n")
	for _, c := range []struct{ path, body string }{
		{"/v1/messages/count_tokens", messageBody("free", "")},
		{"/v1/responses/input_tokens", `{"model":"paid","input":"` + strings.Repeat("hi ", 100) + `"}`},
	} {
		p := g.person(control.KeyChange{})
		for i, want := range []int{200, 200, 200, 429} {
			if a := g.do("POST", c.path, p.key, c.body, nil); a.Status != want {
				t.Errorf("%s, call %d: %d %s", c.path, i+1, a.Status, a.Body)
			}
		}
	}
}

// TestSurfacesAreStopped: a stream that outgrows its budget ends with an error that says
// so in the words of its surface, and what was produced is booked.
func TestSurfacesAreStopped(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig+`  small: { to: cloud/small, default_output: 50, price: { input: 1, output: 10 } }
`)
	g.up.Set("small", providertest.Script{NoUsage: true, Text: strings.Repeat("word ", 2000), Chunks: 400})
	for path, body := range map[string]string{
		"/v1/responses": `{"model":"small","stream":true,"input":"hi"}`,
		"/v1/messages":  `{"model":"small","stream":true,"messages":[{"role":"user","content":"hi"}]}`,
	} {
		p := g.person(control.KeyChange{})
		b := g.budget(p, ledger.Key, "0.004")
		a := g.do("POST", path, p.key, body, nil)
		events := a.events()
		last := events[len(events)-1]
		if a.Status != 200 || !strings.Contains(a.Body, "\nevent: error\ndata: ") || !strings.Contains(last, `"code":"budget_exceeded"`) || !strings.HasPrefix(last, `{"type":"error"`) || len(events) > 400 {
			t.Errorf("%s: %d, %d events, the last: %s", path, a.Status, len(events), last)
		}
		if e := g.entry(a.Header.Get("X-Request-Id")); e.Status != "budget_exceeded" || e.Usage["output"] < 50 || g.posted(b) > 4_000_000 {
			t.Errorf("%s: %d posted: %+v", path, g.posted(b), e)
		}
	}
}

// TestCompactIsPaid: a compaction is a call of the model like another: booked as it was
// reported, and refused to who has no money. It cannot be capped, so that there has to be
// money for the most that the model may write.
func TestCompactIsPaid(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	g.up.Set("paid", providertest.Script{PromptTokens: 1000, CompletionTokens: 30})
	p, poor, tight := g.person(control.KeyChange{}), g.person(control.KeyChange{}), g.person(control.KeyChange{})
	b := g.budget(p, ledger.Key, "5")
	g.budget(poor, ledger.Key, "0")
	g.budget(tight, ledger.Key, "0.5")
	const body = `{"model":"paid","input":[{"role":"user","content":"hi"}]}`
	if a := g.do("POST", "/v1/responses", tight.key, body, nil); a.Status != 200 || !strings.Contains(g.sent(), "max_output_tokens") {
		t.Errorf("with a cap: %d %s, sent %s", a.Status, a.Body, g.sent())
	}
	g.up.Reset()
	if a := g.do("POST", "/v1/responses/compact", tight.key, body, nil); a.Status != 429 || a.errorField(t, "code") != "budget_exceeded" || len(g.called()) != 0 {
		t.Errorf("without money for the most: %d %s, called %v", a.Status, a.Body, g.called())
	}
	a := g.do("POST", "/v1/responses/compact", p.key, body, nil)
	if a.Status != 200 || a.json(t)["object"] != "response.compaction" || !strings.Contains(a.Body, "cmp_1") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if e := g.entry(a.Header.Get("X-Request-Id")); e.Operation != "responses_compact" || e.Source != "reported" || g.posted(b) != 1000*1000+30*10_000 {
		t.Errorf("%d posted: %+v", g.posted(b), e)
	}
	g.up.Reset()
	if a := g.do("POST", "/responses/compact", poor.key, body, nil); a.Status != 429 || a.errorField(t, "code") != "budget_exceeded" || len(g.called()) != 0 {
		t.Errorf("without money: %d %s, called %v", a.Status, a.Body, g.called())
	}
}

// TestAResponseFailsForAReason: a response that failed speaks against its deployment only if
// the deployment is at fault, as a status of the same meaning would; and reading a kept one
// again says nothing new.
func TestAResponseFailsForAReason(t *testing.T) {
	t.Parallel()
	g := start(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	for code, c := range map[string]struct {
		status  string
		leftOut bool
	}{
		"server_error":                     {"server_error", true},
		"rate_limit_exceeded":              {"rate_limited", false},
		"context_length_exceeded":          {"context_too_long", false},
		"invalid_prompt":                   {"bad_request", false},
		"invalid_image_url":                {"bad_request", false},
		"image_content_policy_violation":   {"content_refused", false},
		"server_is_overloaded":             {"overloaded", true},
		"a word that nobody has heard yet": {"server_error", true},
	} {
		for _, stream := range []bool{false, true} {
			g.mend()
			g.up.Set("paid", providertest.Script{ResponseStatus: "failed", ResponseCode: code})
			var ids []string
			for range 5 {
				a, id := g.respond(p, "paid", fmt.Sprintf(`"stream":%v`, stream))
				if e := g.entry(a.Header.Get("X-Request-Id")); a.Status != 200 || e.Status != c.status {
					t.Fatalf("%s, stream %v: %d %+v %s", code, stream, a.Status, e, a.Body)
				}
				ids = append(ids, id)
			}
			g.up.Set("paid", providertest.Script{})
			if a, _ := g.respond(p, "paid", ""); (a.Status == 503) != c.leftOut {
				t.Errorf("%s, stream %v: the next call: %d %s", code, stream, a.Status, a.Body)
			}
			g.mend()
			for _, id := range ids {
				if a := g.do("GET", "/v1/responses/"+id, p.key, "", nil); a.Status != 200 || !strings.Contains(a.Body, code) {
					t.Fatalf("%s: read again: %d %s", code, a.Status, a.Body)
				}
			}
			if a, _ := g.respond(p, "paid", ""); a.Status != 200 {
				t.Errorf("%s, stream %v: after it was read again: %d %s", code, stream, a.Status, a.Body)
			}
		}
	}
}
