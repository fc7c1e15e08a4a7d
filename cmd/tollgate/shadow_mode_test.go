package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway/control"
	"tollgate/gateway/limits"
	"tollgate/gateway/shadow"
	"tollgate/providers/providertest"
)

// oldGateway is a scripted gateway that tollgate runs beside. It keeps what it got.
type oldGateway struct {
	*httptest.Server
	mu     sync.Mutex
	got    []gotRequest
	answer http.HandlerFunc
	gone   chan struct{} // a client has left
}

type gotRequest struct {
	method, target string
	header         http.Header
	body           string
}

func newOldGateway(t *testing.T) *oldGateway {
	t.Helper()
	o := &oldGateway{gone: make(chan struct{}, 16)}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		o.mu.Lock()
		o.got = append(o.got, gotRequest{r.Method, r.RequestURI, r.Header.Clone(), string(body)})
		answer := o.answer
		o.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(o.Close)
	return o
}

func (o *oldGateway) says(answer http.HandlerFunc) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.answer = answer
}

func (o *oldGateway) last() gotRequest {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.got) == 0 {
		return gotRequest{}
	}
	return o.got[len(o.got)-1]
}

// usedAnswer is a chat answer whose usage costs 0.011 USD at 1 and 10 USD a million.
const usedAnswer = `{"id":"x","object":"chat.completion","model":"gpt","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":1000,"total_tokens":2000},"extra": [1,2 ,3]}`

// serves answers a chat with a cost.
func serves(cost string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("x-litellm-call-id", "their-id")
		if cost != "" {
			w.Header().Set("x-litellm-response-cost", cost)
		}
		w.Header().Set("x-litellm-key-spend", "1.5")
		_, _ = io.WriteString(w, usedAnswer)
	}
}

// refuses answers as LiteLLM refuses.
func refuses(status int, kind, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"error":{"message":%q,"type":%q,"param":"None","code":"%d"}}`, message, kind, status)
	}
}

// beside runs a gate beside a scripted gateway.
func beside(t *testing.T, config string, old *oldGateway) *gate {
	t.Helper()
	g := &gate{t: t, shadow: old.URL, up: providertest.NewUpstream(t), client: &http.Client{Transport: &http.Transport{DisableCompression: true}}, logs: &logBuffer{}}
	dir := t.TempDir()
	g.db = filepath.Join(dir, "tollgate.db")
	g.config = filepath.Join(dir, "tollgate.yaml")
	g.write(config)
	g.run()
	return g
}

// shadowCalls waits for so many calls and returns them.
func (g *gate) shadowCalls(n int) []shadow.Call {
	g.t.Helper()
	g.eventually(fmt.Sprintf("%d calls are recorded", n), func() bool { return g.query("select count(*) from shadow_calls") >= int64(n) })
	var all []shadow.Call
	if err := g.srv.store.EachShadowCall(context.Background(), time.Time{}, time.Time{}, func(c shadow.Call) { all = append(all, c) }); err != nil {
		g.t.Fatal(err)
	}
	if len(all) != n {
		g.t.Fatalf("%d calls are recorded, wanted %d", len(all), n)
	}
	return all
}

// TestShadowForwardsByteForByte: what goes to the other gateway and what comes back is what
// was sent, whatever path it has; only what is about a connection stays behind.
func TestShadowForwardsByteForByte(t *testing.T) {
	t.Parallel()
	old := newOldGateway(t)
	g := beside(t, upstreamConfig, old)
	odd := []byte("\x00\xff odd \r\n bytes " + strings.Repeat("x", 100_000))
	for _, row := range []struct {
		method, path, body string
		status             int
		length             bool // the answer has a length
	}{
		{"GET", "/v1/models?return_wildcard_routes=true&x=%2F", "", 200, true},
		{"POST", "/v1/chat/completions", ` { "model" : "paid","messages":[],  "unknown":1e400 }`, 200, true},
		{"POST", "/chat/completions", `not JSON at all`, 400, true},
		{"POST", "/key/generate", `{"max_budget": 1}`, 200, false},
		{"GET", "/key/info?key=sk-x", "", 404, true},
		{"GET", "/health/liveliness", "", 200, true},
		{"DELETE", "/some/thing", "", 204, true},
		{"PUT", "/a", string(odd), 201, false},
		{"OPTIONS", "/v1/chat/completions", "", 200, true},
		{"PATCH", "/b", "z", 307, true},
		{"POST", "/v1/embeddings", `{"model":"free","input":"x"}`, 500, false},
	} {
		t.Run(row.method+row.path, func(t *testing.T) {
			answer := []byte("answer \x01\x02 " + strings.Repeat("y", 70_000))
			if row.status == 204 {
				answer = nil
			}
			old.says(func(w http.ResponseWriter, _ *http.Request) {
				h := w.Header()
				h["Set-Cookie"] = []string{"a=1; Path=/", "b=2"}
				h["X-Two"] = []string{"one", "two"}
				h.Set("Location", "/elsewhere")
				h.Set("Content-Type", "application/x-odd; v=1")
				h.Set("Connection", "X-Hop")
				h.Set("X-Hop", "stays")
				if row.length && row.status != 204 {
					h.Set("Content-Length", fmt.Sprint(len(answer)))
				}
				w.WriteHeader(row.status)
				_, _ = w.Write(answer)
			})
			req := must(http.NewRequest(row.method, g.url+row.path, strings.NewReader(row.body)))(t)
			req.Header.Set("Authorization", "Bearer sk-of-the-client")
			req.Header.Set("X-Custom", "kept")
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("User-Agent", "a client")
			req.Header.Set("Connection", "X-Mine")
			req.Header.Set("X-Mine", "stays here")
			res := must((&http.Transport{DisableKeepAlives: true, DisableCompression: true}).RoundTrip(req))(t)
			defer res.Body.Close()
			got := must(io.ReadAll(res.Body))(t)
			if res.StatusCode != row.status || !bytes.Equal(got, answer) {
				t.Errorf("%d and %d bytes", res.StatusCode, len(got))
			}
			h := res.Header
			if !slices.Equal(h["Set-Cookie"], []string{"a=1; Path=/", "b=2"}) || !slices.Equal(h["X-Two"], []string{"one", "two"}) || h.Get("Location") != "/elsewhere" || h.Get("X-Hop") != "" || h.Get("X-Request-Id") != "" ||
				row.status != 204 && h.Get("Content-Type") != "application/x-odd; v=1" {
				t.Errorf("headers %v", h)
			}
			if row.length != (res.ContentLength >= 0) && row.status != 204 {
				t.Errorf("length %d", res.ContentLength)
			}
			sent := old.last()
			if sent.method != row.method || sent.target != row.path || sent.body != row.body {
				t.Errorf("%s %s with %d bytes came", sent.method, sent.target, len(sent.body))
			}
			if h := sent.header; h.Get("Authorization") != "Bearer sk-of-the-client" || h.Get("X-Custom") != "kept" || h.Get("User-Agent") != "a client" || h.Get("X-Mine") != "" || h.Get("Content-Type") != "application/json" {
				t.Errorf("headers %v came", h)
			}
		})
	}
	if a := g.do("HEAD", "/x", "k", "", nil); a.Status != 500 || a.Body != "" {
		t.Errorf("HEAD: %d", a.Status) // the last answer stands
	}
	if a := g.do("GET", "/health/ready", "", "", nil); a.Status != 200 || !strings.Contains(a.Body, "ok") {
		t.Errorf("its own readiness: %d %s", a.Status, a.Body)
	}
	seen := old.last()
	for _, path := range []string{"/api/v1/nothing", "/api/v1/keys"} {
		if a := g.do("GET", path, "", "", nil); a.Status != 404 && a.Status != 401 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	if a := g.do("GET", "/v1/models", g.srv.auth.Local, "", nil); a.Status != 404 {
		t.Errorf("with the credential of this process: %d", a.Status)
	}
	if a := g.do("GET", "//x", "", "", nil); a.Status != 404 {
		t.Errorf("an odd path: %d", a.Status)
	}
	if now := old.last(); now.target != seen.target {
		t.Errorf("%s was forwarded", now.target)
	}
}

// TestShadowStreams: events leave as they come, and are read on the way.
func TestShadowStreams(t *testing.T) {
	t.Parallel()
	old := newOldGateway(t)
	g := beside(t, upstreamConfig, old)
	p := g.person(control.KeyChange{})
	events := []string{
		"data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hel\"}}]}\n\n", ": a comment\n\n",
		"data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lo\"}}],   \"odd\":null}\r\n\r\n",
		"data: {\"id\":\"1\",\"choices\":[],\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":1000,\"total_tokens\":2000}}\n\n", "data: [DONE]\n\n",
	}
	next := make(chan struct{})
	old.says(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("x-litellm-response-cost", "0.0")
		for _, ev := range events {
			_, _ = io.WriteString(w, ev)
			_ = http.NewResponseController(w).Flush()
			select {
			case <-next:
			case <-r.Context().Done():
				old.gone <- struct{}{}
				return
			}
		}
	})
	call := func() (*http.Response, *bufio.Reader) {
		req := must(http.NewRequest("POST", g.url+"/v1/chat/completions", strings.NewReader(chatBody(p, "paid", `"stream":true`))))(t)
		req.Header.Set("Authorization", "Bearer "+p.key)
		req.Header.Set("Content-Type", "application/json")
		res := must(g.client.Do(req))(t)
		return res, bufio.NewReader(res.Body)
	}
	res, from := call()
	for _, ev := range events {
		got := make([]byte, len(ev))
		if _, err := io.ReadFull(from, got); err != nil || string(got) != ev {
			t.Fatalf("%q, %v; wanted %q", got, err, ev)
		}
		next <- struct{}{}
	}
	if rest, err := io.ReadAll(from); err != nil || len(rest) > 0 {
		t.Errorf("%q, %v", rest, err)
	}
	res.Body.Close()
	c := g.shadowCalls(1)[0]
	if c.Ours.Decision != shadow.Served || c.Ours.Cost == nil || c.Ours.Cost.String() != "0.011" || c.Ours.Source != "reported" || !c.Stream || c.Theirs.Cost != nil || c.Theirs.Ended != "ok" {
		t.Errorf("%+v", c)
	}

	// The client leaves after the first event: the other gateway is told at once.
	res, from = call()
	if _, err := io.ReadFull(from, make([]byte, len(events[0]))); err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	g.client.CloseIdleConnections()
	select {
	case <-old.gone:
	case <-time.After(10 * time.Second):
		t.Fatal("the other gateway goes on for nobody")
	}
	c = g.shadowCalls(2)[1]
	if c.Theirs.Ended != "client_gone" || c.Ours.Source != "estimated" || c.Ours.Output == 0 {
		t.Errorf("%+v", c)
	}
}

// TestShadowClientLeavesBeforeAnAnswer: the request at the other gateway ends with it.
func TestShadowClientLeavesBeforeAnAnswer(t *testing.T) {
	t.Parallel()
	old := newOldGateway(t)
	g := beside(t, upstreamConfig, old)
	p := g.person(control.KeyChange{})
	begun := make(chan struct{})
	old.says(func(_ http.ResponseWriter, r *http.Request) {
		close(begun)
		<-r.Context().Done()
		old.gone <- struct{}{}
	})
	conn := must(net.Dial("tcp", strings.TrimPrefix(g.url, "http://")))(t)
	body := chatBody(p, "free", "")
	fmt.Fprintf(conn, "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", p.key, len(body), body)
	<-begun
	conn.Close()
	select {
	case <-old.gone:
	case <-time.After(10 * time.Second):
		t.Fatal("the other gateway goes on for nobody")
	}
	if c := g.shadowCalls(1)[0]; c.Theirs.Status != 0 || c.Theirs.Ended != "client_gone" {
		t.Errorf("%+v", c)
	}
}

// TestShadowDecisions: what is recorded of a call, and how the report names it.
func TestShadowDecisions(t *testing.T) {
	t.Parallel()
	old := newOldGateway(t)
	g := beside(t, upstreamConfig+"  mixed: [paid, free]\n", old)
	rich, narrow, poor := g.person(control.KeyChange{}), g.person(control.KeyChange{Models: &[]string{"free"}}), g.person(control.KeyChange{})
	blocked := g.person(control.KeyChange{})
	yes := true
	must(g.srv.control.UpdateKey(context.Background(), blocked.keyID, control.KeyChange{Blocked: &yes}))(t)
	named, turned := g.person(control.KeyChange{Aliases: &map[string]string{"mine": "paid"}}), g.person(control.KeyChange{Aliases: &map[string]string{"mine": "free"}, BudgetFallback: &[]string{"mine"}})
	g.budget(turned, ledger.Key, "0")
	spent := g.budget(poor, ledger.User, "0")
	stranger := person{key: "sk-never-seen-here", endUser: "e"}
	exceeded := refuses(429, "budget_exceeded", "Budget has been exceeded! Key=x Current cost: 2, Max budget: 1")
	for i, row := range []struct {
		name     string
		who      person
		model    string
		theirs   http.HandlerFunc
		decision string
		price    string
		cost     string
		refused  string // theirs
		kind     shadow.Kind
	}{
		{"both serve", rich, "paid", serves("0.011"), shadow.Served, "paid", "0.011", "", shadow.Same},
		{"in their notation", rich, "paid", serves("1.1000000000000001e-02"), shadow.Served, "paid", "0.011", "", shadow.Same},
		{"another cost", rich, "paid", serves("0.02"), shadow.Served, "paid", "0.011", "", shadow.CostDiffers},
		{"they charge for what is free", rich, "free", serves("0.02"), shadow.Served, "free", "0.00", "", shadow.CostDiffers},
		{"unknown key", stranger, "paid", serves("0.011"), shadow.UnknownKey, "", "", "", shadow.KeyUnknown},
		{"unknown on both sides", stranger, "paid", refuses(401, "token_not_found_in_db", "Authentication Error"), shadow.UnknownKey, "", "", shadow.UnknownKey, shadow.Same},
		{"blocked key", blocked, "free", serves("0"), shadow.KeyClosed, "", "", "", shadow.KeyUnknown},
		{"denied model", narrow, "paid", serves("0.011"), shadow.ModelDenied, "", "", "", shadow.WeRefuse},
		{"denied on both sides", narrow, "paid", refuses(403, "key_model_access_denied", "no"), shadow.ModelDenied, "", "", shadow.ModelDenied, shadow.Same},
		{"free under a spent budget", poor, "free", exceeded, shadow.Served, "free", "", shadow.BudgetSpent, shadow.WeServe},
		{"paid that they served", poor, "paid", serves("0.011"), shadow.BudgetSpent, "paid", "0.011", "", shadow.WeRefuse},
		{"paid that both refuse", poor, "paid", exceeded, shadow.BudgetSpent, "paid", "", shadow.BudgetSpent, shadow.Same},
		{"paid first, then free", poor, "mixed", exceeded, shadow.Served, "free", "", shadow.BudgetSpent, shadow.WeServe},
		{"no price, no budget", rich, "unknown", serves("0.5"), shadow.Served, "unknown", "", "", shadow.Unpriced},
		{"no price and a budget", poor, "unknown", serves("0.5"), "price_unknown", "unknown", "", "", shadow.WeRefuse},
		{"a ceiling price", rich, "ceiling", serves("0.011"), shadow.Served, "unknown", "0.011", "", shadow.Same},
		{"a name of the key's own", named, "mine", serves("0.011"), shadow.Served, "paid", "0.011", "", shadow.Same},
		{"what the key names instead, by its own name", turned, "paid", serves("0"), shadow.Served, "free", "0.00", "", shadow.Same},
		{"unknown model", rich, "nothing", serves("0.5"), shadow.ModelUnknown, "", "", "", shadow.WeRefuse},
		{"unknown on both sides", rich, "nothing", refuses(400, "invalid_request_error", "/chat/completions: Invalid model name passed in model=nothing."), shadow.ModelUnknown, "", "", shadow.ModelUnknown, shadow.Same},
		{"their upstream fails", rich, "paid", refuses(500, "None", "litellm.InternalServerError: no"), shadow.Served, "paid", "", "", shadow.NotCompared},
		{"their upstream's limit", rich, "paid", refuses(429, "throttling_error", "litellm.RateLimitError: RateLimitError: slow"), shadow.Served, "paid", "", "", shadow.NotCompared},
		{"their limit", rich, "paid", refuses(429, "throttling_error", "Rate limit exceeded for api_key"), shadow.Served, "paid", "", shadow.RateLimited, shadow.WeServe},
	} {
		old.says(row.theirs)
		g.chat(row.who, row.model, "", nil)
		c := g.shadowCalls(i + 1)[i]
		cost := ""
		if c.Ours.Cost != nil {
			cost = c.Ours.Cost.String()
		}
		if c.Ours.Decision != row.decision || c.Ours.Price != row.price || cost != row.cost || c.Theirs.Refused != row.refused || c.Model != row.model {
			t.Errorf("%s: %+v", row.name, c)
		}
		b := shadow.NewBuilder(1)
		b.Add(c)
		kind := shadow.Same
		if r := b.Report(); len(r.Kinds) > 0 {
			kind = r.Kinds[0].Kind
		}
		if kind != row.kind {
			t.Errorf("%s: %q, wanted %q", row.name, kind, row.kind)
		}
		if row.decision == shadow.BudgetSpent && (c.Ours.Budget != spent.ID || !strings.Contains(c.Ours.Why, "free models only")) {
			t.Errorf("%s: %+v", row.name, c.Ours)
		}
		if known := row.who.keyID != ""; known && c.Key != row.who.keyID && row.decision != shadow.KeyClosed || !known && (c.Key != "" || len(c.KeyMark) != 16) {
			t.Errorf("%s: key %q, %q", row.name, c.Key, c.KeyMark)
		}
		if user := row.who.user; c.User != user && row.decision != shadow.KeyClosed || c.Operation != "chat" || c.At.IsZero() || c.Took <= 0 {
			t.Errorf("%s: %+v, of the user %q", row.name, c, user)
		}
		said := ""
		for line := range strings.SplitSeq(g.logs.String(), "\n") {
			if c.RequestID != "" && strings.Contains(line, c.RequestID) && strings.Contains(line, "forwarded") {
				said = line
			}
		}
		if said == "" || strings.Contains(said, "our_cost") != (c.Ours.Cost != nil) || strings.Contains(said, "their_cost") != (c.Theirs.Cost != nil) {
			t.Errorf("%s: of request %q the log says %q", row.name, c.RequestID, said)
		}
	}
	if got := g.books(); got != (books{}) {
		t.Errorf("the books have %+v", got)
	}
	if n := g.query("select count(*) from calls") + g.query("select count(*) from counters"); n != 0 {
		t.Errorf("%d records and counters", n)
	}
	if calls := g.up.CallsTo("/v1/chat/completions"); len(calls) != 0 {
		t.Errorf("an engine was called: %v", calls)
	}
	if text := g.logs.String(); strings.Contains(text, "sk-never-seen-here") || strings.Contains(text, rich.key) {
		t.Error("a key is in the log")
	}
}

// TestShadowWeek: what a week of calls would have spent shows in the report and nowhere
// else.
func TestShadowWeek(t *testing.T) {
	t.Parallel()
	old := newOldGateway(t)
	old.says(serves("0.011"))
	g := beside(t, upstreamConfig, old)
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.User, "0.1")
	for range 20 {
		if a := g.chat(p, "paid", `"max_tokens":1000`, nil); a.Status != 200 || a.Body != usedAnswer {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	g.chat(p, "free", "", nil)
	g.shadowCalls(21)
	if got := g.books(); got != (books{}) {
		t.Errorf("the books have %+v", got)
	}
	var out, errs bytes.Buffer
	env := func(string) string { return "" }
	admin := "--admin-key=" + g.srv.auth.Local
	if code := runCLI(context.Background(), []string{"shadow", "report", "--url", g.url, admin}, env, strings.NewReader(""), &out, &errs); code != exitOK {
		t.Fatalf("%d %s", code, errs.String())
	}
	for _, want := range []string{"21 calls", "budget_spent", "they served it; here the budget would be spent by then", "user " + p.user, "from then on paid calls would be refused"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in the report:\n%s", want, out.String())
		}
	}
	out.Reset()
	if code := runCLI(context.Background(), []string{"shadow", "report", "--json", "--limit", "0", "--url", g.url, admin}, env, strings.NewReader(""), &out, &errs); code != exitOK {
		t.Fatalf("%d %s", code, errs.String())
	}
	report := answer{Body: out.String()}.json(t)
	first := report["budgets"].([]any)[0].(map[string]any)
	if first["budget"] != b.ID || first["spent"] != "0.088" && first["spent"] != "0.099" || first["refused"].(float64) < 11 || report["more"] == 0.0 {
		t.Errorf("%s", out.String())
	}
}

// TestShadowReadsEveryOperation: what a call has used is read from the answer to each
// operation, whole or streamed, and counted here where the answer does not say it.
func TestShadowReadsEveryOperation(t *testing.T) {
	t.Parallel()
	old := newOldGateway(t)
	g := beside(t, upstreamConfig+"  own: { to: gpu/own, price: { input: 1, output: 10, request: 0.5 } }\n", old)
	p := g.person(control.KeyChange{})
	whole, events := "application/json", "text/event-stream"
	for i, row := range []struct {
		path, model, extra, media, answer string
		in, out                           int64
		source                            string
	}{
		{"/v1/embeddings", "own", `"input":"x"`, whole, `{"object":"list","data":[],"usage":{"prompt_tokens":7,"total_tokens":7}}`, 7, 0, "reported"},
		{"/completions", "paid", `"prompt":"x"`, whole, `{"choices":[{"text":"y"}],"usage":{"prompt_tokens":7,"completion_tokens":8,"total_tokens":15}}`, 7, 8, "reported"},
		{"/v1/chat/completions", "paid", `"messages":[{"role":"user","content":"one two three"}]`, whole, `{"choices":[{"index":0,"message":{"role":"assistant","content":"one two three"}}]}`, -1, -1, "counted"},
		{"/v1/chat/completions", "paid", `"messages":[{"role":"user","content":"one two three"}],"stream":true`, events, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"one two\"}}]}\n\ndata: [DONE]\n\n", -1, -1, "counted"},
		{"/v1/responses", "own", `"input":"x"`, whole, `{"id":"resp_1","object":"response","status":"completed","output":[],"usage":{"input_tokens":7,"output_tokens":8,"total_tokens":15}}`, 7, 8, "reported"},
		{"/v1/responses", "own", `"input":"x","stream":true`, events, "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\",\"status\":\"completed\",\"usage\":{\"input_tokens\":7,\"output_tokens\":8,\"total_tokens\":15}}}\n\n", 7, 8, "reported"},
		{"/v1/messages", "own", `"max_tokens":9,"messages":[{"role":"user","content":"x"}]`, whole, `{"type":"message","content":[],"usage":{"input_tokens":7,"output_tokens":8}}`, 7, 8, "reported"},
		{"/v1/messages", "own", `"max_tokens":9,"messages":[{"role":"user","content":"x"}],"stream":true`, events,
			"event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":7,\"output_tokens\":1}}}\n\nevent: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{},\"usage\":{\"output_tokens\":8}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", 7, 8, "reported"},
		{"/v1/chat/completions", "paid", `"messages":[]`, whole, `not JSON`, 0, 0, ""},
		{"/v1/chat/completions", "paid", `"messages":[]`, whole, "", 0, 0, ""},
		{"/v1/chat/completions", "paid", `"messages":[],"stream":true`, events, "data: not JSON\n\n", 0, 0, ""},
		{"/v1/chat/completions", "paid", `"messages":[{"role":"user","content":"one two three"}],"stream":true`, events, "data: [DONE]\n\n", -1, 0, "counted"},
		{"/v1/chat/completions", "paid", `"messages":[{"role":"user","content":"one two three"}],"stream":true`, events, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"one two\"}}]}\n\n", -1, -1, "estimated"},
	} {
		old.says(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", row.media)
			_, _ = io.WriteString(w, row.answer)
		})
		if a := g.do("POST", row.path, p.key, fmt.Sprintf(`{"model":%q,%s}`, row.model, row.extra), nil); a.Status != 200 || a.Body != row.answer {
			t.Errorf("%s: %d %s", row.path, a.Status, a.Body)
		}
		c := g.shadowCalls(i + 1)[i]
		o := c.Ours
		if c.Theirs.Ended != "ok" {
			t.Errorf("%s: %+v", row.path, c.Theirs)
		}
		if fits := func(got, want int64) bool { return got == want || want < 0 && got > 0 && got < 30 }; o.Decision != shadow.Served || !fits(o.Input, row.in) || !fits(o.Output, row.out) || o.Source != row.source {
			t.Errorf("%s %s: %+v", row.path, row.extra, o)
		}
		if (o.Cost == nil) != (row.source == "") {
			t.Errorf("%s: cost %v", row.path, o.Cost)
		}
	}
	if a := g.do("POST", "/v1/messages/count_tokens", p.key, `{"model":"own","messages":[]}`, nil); a.Status != 200 {
		t.Errorf("%d", a.Status)
	}
	g.shadowCalls(13) // what costs nothing by its nature is no call
}

// TestShadowKeepsToLimits: a rate limit would refuse as it would without another gateway.
func TestShadowKeepsToLimits(t *testing.T) {
	t.Parallel()
	old := newOldGateway(t)
	old.says(serves("0"))
	g := beside(t, upstreamConfig, old)
	p := g.person(control.KeyChange{})
	two := int64(2)
	must(g.srv.control.CreateLimit(context.Background(), limits.Rule{Selector: scope.Selector{Kind: scope.Key, Owner: p.keyID}, Requests: &two}))(t)
	for i, want := range []string{shadow.Served, shadow.Served, shadow.RateLimited} {
		if a := g.chat(p, "free", "", nil); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		if c := g.shadowCalls(i + 1)[i]; c.Ours.Decision != want {
			t.Errorf("call %d: %+v", i+1, c.Ours)
		}
	}
}

// TestShadowTakesOnlyTheURLOfAServer: what is wrong with the flag is said before anything
// is opened.
func TestShadowTakesOnlyTheURLOfAServer(t *testing.T) {
	for _, bad := range []string{"old:4000", "ftp://old", "http://", "http://u:p@old", "http://old?x=1", "http://old#x", "http://old:port", "/old"} {
		var out, errs bytes.Buffer
		db := filepath.Join(t.TempDir(), "t.db")
		if code := runCLI(context.Background(), []string{"serve", "--database", db, "--shadow", bad}, func(string) string { return "" }, strings.NewReader(""), &out, &errs); code != exitUsage || !strings.Contains(errs.String(), "--shadow") {
			t.Errorf("%s: %d %s", bad, code, errs.String())
		}
	}
	for _, good := range []string{"http://old:4000", "https://old.example/litellm/"} {
		if _, problems := loadConfig(globals{Shadow: good}); len(problems) > 0 {
			t.Errorf("%s: %v", good, problems)
		}
	}
}

// TestShadowedGatewayIsDown: a clear 502, and the call is recorded.
func TestShadowedGatewayIsDown(t *testing.T) {
	t.Parallel()
	old := newOldGateway(t)
	g := beside(t, upstreamConfig, old)
	p := g.person(control.KeyChange{})
	old.Close()
	a := g.chat(p, "free", "", nil)
	if a.Status != 502 || a.errorField(t, "code") != "shadowed_gateway_down" || !strings.Contains(a.errorField(t, "message"), "--shadow") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := g.do("GET", "/key/info", p.key, "", nil); a.Status != 502 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if c := g.shadowCalls(1)[0]; c.Theirs.Status != 0 || c.Theirs.Ended != "unreachable" || c.Ours.Decision != shadow.Served {
		t.Errorf("%+v", c)
	}
}

// TestShadowAnswerBreaksOff: what is cut there is cut here.
func TestShadowAnswerBreaksOff(t *testing.T) {
	t.Parallel()
	old := newOldGateway(t)
	g := beside(t, upstreamConfig, old)
	p := g.person(control.KeyChange{})
	old.says(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"some words\"}}]}\n\n")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	if _, err := g.try("POST", "/v1/chat/completions", p.key, chatBody(p, "paid", `"stream":true`), nil); err == nil {
		t.Error("a broken answer looks whole")
	}
	if c := g.shadowCalls(1)[0]; c.Theirs.Ended != "cut" || c.Ours.Source != "estimated" {
		t.Errorf("%+v", c)
	}
}

// TestShadowNeverBlocks: with a database that takes nothing, clients get their answers.
func TestShadowNeverBlocks(t *testing.T) {
	t.Parallel()
	old := newOldGateway(t)
	old.says(serves("0.011"))
	g := beside(t, upstreamConfig, old)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "5")
	if err := g.srv.store.Close(); err != nil {
		t.Fatal(err)
	}
	for range 50 {
		if a := g.chat(p, "paid", "", nil); a.Status != 200 || a.Body != usedAnswer {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
}
