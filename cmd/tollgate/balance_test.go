package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/balancer"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// scriptedEngine is a vLLM server that says what a test wants of its health and its load.
type scriptedEngine struct {
	*httptest.Server
	mu      sync.Mutex
	asked   []string // paths, in the order of the requests
	health  int
	metrics string
	context int64 // max_model_len; 0 leaves it out
	down    bool  // connections are closed without an answer
	loaded  string
}

func newEngine(t *testing.T) *scriptedEngine {
	t.Helper()
	e := &scriptedEngine{health: 200}
	e.Server = httptest.NewServer(e)
	t.Cleanup(e.Close)
	return e
}

func (e *scriptedEngine) set(change func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change()
}

// paths are what was asked for since the last time.
func (e *scriptedEngine) paths() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := e.asked
	e.asked = nil
	return out
}

func (e *scriptedEngine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.asked = append(e.asked, r.URL.Path)
	if e.down {
		panic(http.ErrAbortHandler)
	}
	switch r.URL.Path {
	case "/health":
		w.WriteHeader(e.health)
	case "/metrics":
		_, _ = io.WriteString(w, e.metrics)
	case "/v1/models":
		limit := ""
		if e.context > 0 {
			limit = fmt.Sprintf(`,"max_model_len":%d`, e.context)
		}
		_, _ = fmt.Fprintf(w, `{"data":[{"id":"m"%s}]}`, limit)
	case "/v1/embeddings":
		_, _ = io.WriteString(w, `{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1]}],"usage":{"prompt_tokens":1,"total_tokens":1}}`)
	case "/v1/chat/completions":
		w.Header().Set("Content-Type", "application/json")
		if e.context > 0 && int64(len(body)) > 8*e.context {
			w.WriteHeader(400)
			_, _ = fmt.Fprintf(w, `{"error":{"message":"This model's maximum context length is %d tokens.","type":"BadRequestError","code":400}}`, e.context)
			return
		}
		_, _ = io.WriteString(w, `{"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}`)
	case "/api/version":
		_, _ = io.WriteString(w, `{"version":"0.33.0"}`)
	case "/api/tags":
		_, _ = io.WriteString(w, `{"models":[{"name":"m:latest"}]}`)
	case "/api/show":
		_, _ = io.WriteString(w, `{"capabilities":["completion"]}`)
	case "/api/ps":
		_, _ = fmt.Fprintf(w, `{"models":[%s]}`, e.loaded)
	case "/api/chat":
		_, _ = io.WriteString(w, `{"model":"m","message":{"role":"assistant","content":"hello"},"done":true,"prompt_eval_count":1,"eval_count":1}`)
	default:
		w.WriteHeader(404)
	}
}

// TestSignals: engines are looked at only while somebody uses them or asks, a look sends
// nothing that costs a token, and what they say decides where calls go.
func TestSignals(t *testing.T) {
	t.Parallel()
	one, two := newEngine(t), newEngine(t)
	clock := clockAt("2026-11-25T12:00:00Z")
	g := begin(t, fmt.Sprintf("providers:\n  one: { kind: vllm, url: %s/v1 }\n  two: { kind: vllm, url: %s/v1 }\n", one.URL, two.URL), by(clock))
	p := g.person(control.KeyChange{})
	look := func() { g.srv.signals.Look(context.Background()) }
	served := func(op operation) string {
		t.Helper()
		a := g.ask(op, p, "m", nil)
		if a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		return strings.TrimSuffix(a.Header.Get("X-Tollgate-Deployment"), "/m")
	}
	embeddings := operations[4] // no conversation: the least busy engine

	one.paths()
	look()
	if got := one.paths(); len(got) != 0 {
		t.Errorf("an engine that nobody uses is asked for %v", got)
	}
	for range 8 { // until both are used
		served(embeddings)
	}
	one.paths()
	look()
	if got := one.paths(); !slices.Contains(got, "/health") || !slices.Contains(got, "/metrics") || len(got) != 2 {
		t.Errorf("one look asks for %v", got)
	}

	const busy = "vllm:num_requests_running{engine=\"0\"} 3\nvllm:num_requests_waiting{engine=\"0\"} 2\nvllm:kv_cache_usage_perc{engine=\"0\"} 0.5\n"
	for name, load := range map[string]func(e *scriptedEngine){
		"busy":       func(e *scriptedEngine) { e.metrics = busy },
		"cache full": func(e *scriptedEngine) { e.metrics = "vllm:gpu_cache_usage_perc 0.95\n" },
		"dead":       func(e *scriptedEngine) { e.health = 503 },
		"unreachable": func(e *scriptedEngine) {
			e.down = true
		},
	} {
		for engine, other := range map[*scriptedEngine]string{one: "two", two: "one"} {
			engine.set(func() { load(engine) })
			look()
			for range 20 {
				if got := served(embeddings); got != other {
					t.Errorf("%s: a call goes to %s", name, got)
				}
			}
			engine.set(func() { engine.metrics, engine.health, engine.down = "", 200, false })
		}
	}

	// What an engine said long ago is not believed, and one at rest is left in peace.
	one.set(func() { one.health = 503 })
	look()
	one.set(func() { one.health = 200 })
	clock.add(time.Minute)
	one.paths()
	look()
	if got := one.paths(); len(got) != 0 {
		t.Errorf("an engine at rest is asked for %v", got)
	}
	counts := map[string]int{}
	for range 40 {
		counts[served(embeddings)]++
	}
	if counts["one"] == 0 || counts["two"] == 0 {
		t.Errorf("calls go to %v", counts)
	}
	// A question is a reason too.
	clock.add(time.Minute)
	one.paths()
	if a := g.do("GET", "/api/v1/deployments", g.srv.auth.Local, "", nil); a.Status != 200 || !strings.Contains(a.Body, `"healthy":true`) || !strings.Contains(a.Body, `"deployment":"one/m"`) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if got := one.paths(); !slices.Contains(got, "/health") {
		t.Errorf("a question asks for %v", got)
	}

	// One that was unreachable is tried as soon as it is seen again.
	for _, e := range []*scriptedEngine{one, two} {
		e.set(func() { e.down = true })
	}
	for range 2 * balancer.TripInRow {
		g.chat(p, "m", "", nil)
		g.chat(p, "one/m", "", nil)
		g.chat(p, "two/m", "", nil)
	}
	one.paths()
	if a := g.chat(p, "m", "", nil); a.Status != 503 || len(one.paths()) != 0 {
		t.Errorf("both are gone: %d %s", a.Status, a.Body)
	}
	one.set(func() { one.down = false })
	look()
	if got := served(operations[0]); got != "one" {
		t.Errorf("%s is tried", got)
	}
}

// TestDeadEngines: while an engine is found down again and again, its place in the order is
// behind all others, and it is not called; if nothing else is left it is.
func TestDeadEngines(t *testing.T) {
	t.Parallel()
	one, two := newEngine(t), newEngine(t)
	clock := clockAt("2026-11-25T12:00:00Z")
	g := begin(t, fmt.Sprintf("providers:\n  one: { kind: vllm, url: %s/v1 }\n  two: { kind: vllm, url: %s/v1 }\nmodels:\n  ordered: [one/m, two/m]\n", one.URL, two.URL), by(clock))
	p := g.person(control.KeyChange{})
	served := func() (by, tried string) {
		t.Helper()
		a := g.chat(p, "ordered", "", nil)
		if a.Status != 200 || a.Header.Get("X-Tollgate-Attempts") != "1" {
			t.Fatalf("%d %v %s", a.Status, a.Header, a.Body)
		}
		return a.Header.Get("X-Tollgate-Deployment"), a.Header.Get("X-Tollgate-Tried")
	}
	g.do("GET", "/api/v1/deployments", g.srv.auth.Local, "", nil)
	for _, row := range []struct {
		one, two  int
		by, tried string
	}{{200, 200, "one/m", ""}, {503, 200, "two/m", "one/m=down"}, {503, 503, "one/m", ""}, {200, 503, "one/m", ""}, {200, 200, "one/m", ""}} {
		one.set(func() { one.health = row.one })
		two.set(func() { two.health = row.two })
		for range 7 { // for longer than an engine may miss a look
			g.srv.signals.Look(context.Background())
			clock.add(2 * time.Second)
		}
		if by, tried := served(); by != row.by || tried != row.tried {
			t.Errorf("%d and %d: by %s, tried %q; want %s, %q", row.one, row.two, by, tried, row.by, row.tried)
		}
		e := must(g.srv.gateway.Explain(t.Context(), must(g.srv.control.Principal(p.keyID))(t), "ordered"))(t)
		if e.Serves != row.by || e.Steps[0].Deployment != row.by || len(e.Steps) != 2 {
			t.Errorf("%d and %d: explained as %+v", row.one, row.two, e)
		}
		for _, s := range e.Steps {
			down := s.Deployment == "one/m" && row.one != 200 || s.Deployment == "two/m" && row.two != 200
			if down != (s.Now == "down") || !s.Open || (s.Deployment == "one/m") != (s.Tier == 1) {
				t.Errorf("%d and %d: explained as %+v", row.one, row.two, s)
			}
		}
		for _, d := range g.srv.gateway.Deployments() {
			down := d.Deployment == "one/m" && row.one != 200 || d.Deployment == "two/m" && row.two != 200
			if down != (d.Ill == balancer.Down) {
				t.Errorf("%d and %d: shown as %+v", row.one, row.two, d)
			}
		}
	}
}

// TestLostModel: an engine that has said that it does not have a model comes after
// everything else for a while, for that model alone, and is called if nothing else is left.
// What it says of anything else than the model means nothing.
func TestLostModel(t *testing.T) {
	t.Parallel()
	clock := clockAt("2026-11-25T12:00:00Z")
	g := begin(t, `
providers:
  one: { kind: vllm, url: UPSTREAM/v1 }
  two: { kind: vllm, url: UPSTREAM/v1 }
models:
  ordered: [one/lost, two/free]
  even: { balance: least_busy, targets: [{ to: one/lost, order: 1, weight: 1000 }, { to: two/free, order: 1 }] }
  alone: one/lost
  other: [one/kept, two/free]
`, by(clock))
	p := g.person(control.KeyChange{})
	admin := must(g.srv.control.EnsureAdmin(t.Context(), ""))(t)
	ask := func(model string, status int, deployment, tried string) {
		t.Helper()
		if a := g.chat(p, model, "", nil); a.Status != status || a.Header.Get("X-Tollgate-Deployment") != deployment || a.Header.Get("X-Tollgate-Tried") != tried {
			t.Errorf("%s: %d %v %s; want %d by %s, tried %q", model, a.Status, a.Header, a.Body, status, deployment, tried)
		}
	}
	for _, body := range []string{`{"detail":"Not Found"}`, `{"error":{"message":"the tool is not there"}}`} { // not the model
		g.up.Set("lost", providertest.Script{Status: 404, Body: body})
		for range 2 {
			ask("ordered", 200, "two/free", "one/lost=model_missing")
		}
	}
	for _, body := range []string{
		`{"object":"error","message":"The model ` + "`lost`" + ` does not exist.","type":"NotFoundError","param":null,"code":404}`,
		`{"error":{"message":"no such thing","code":"model_not_found"}}`,
	} {
		g.up.Set("lost", providertest.Script{Status: 404, Body: body})
		ask("ordered", 200, "two/free", "one/lost=model_missing")
		for range 2 * balancer.ExtraLeast { // no second attempt is spent on it
			ask("ordered", 200, "two/free", "one/lost=missing")
			ask("even", 200, "two/free", "")
		}
		e := must(g.srv.gateway.Explain(t.Context(), must(g.srv.control.Principal(p.keyID))(t), "ordered"))(t)
		if e.Serves != "two/free" || len(e.Steps) != 2 || e.Steps[1].Deployment != "one/lost" || e.Steps[1].Now != "missing" {
			t.Errorf("explained as %+v", e)
		}
		demoted := map[string]any{}
		for _, d := range g.do("GET", "/api/v1/deployments", admin, "", nil).json(t)["data"].([]any) {
			demoted[d.(map[string]any)["deployment"].(string)] = d.(map[string]any)["demoted"]
		}
		if demoted["one/lost"] != "missing" || demoted["one/kept"] != "" || demoted["two/free"] != "" {
			t.Errorf("shown as %v", demoted)
		}
		ask("other", 200, "one/kept", "")
		ask("alone", 502, "", "one/lost=model_missing")
		clock.add(time.Minute)
	}
	ask("ordered", 200, "two/free", "one/lost=model_missing") // it is asked again after a while
	g.up.Set("lost", providertest.Script{})
	ask("alone", 200, "one/lost", "")
	ask("ordered", 200, "one/lost", "")
}

// TestSignals_Ollama prefers the engine that has the model in memory.
func TestSignals_Ollama(t *testing.T) {
	t.Parallel()
	one, two := newEngine(t), newEngine(t)
	g := begin(t, fmt.Sprintf("providers:\n  one: { kind: ollama, url: %s }\n  two: { kind: ollama, url: %s }\n", one.URL, two.URL), by(clockAt("2026-11-25T12:00:00Z")))
	p := g.person(control.KeyChange{})
	g.do("GET", "/api/v1/deployments", g.srv.auth.Local, "", nil)
	for engine, name := range map[*scriptedEngine]string{one: "one/m", two: "two/m"} {
		engine.set(func() { engine.loaded = `{"name":"M:latest","model":"m:latest"}` })
		g.srv.signals.Look(context.Background())
		for i := range 20 {
			a := g.do("POST", "/v1/chat/completions", p.key, chatBody(p, "m", ""), header{"X-Tollgate-Session": fmt.Sprint(i)})
			if got := a.Header.Get("X-Tollgate-Deployment"); a.Status != 200 || !strings.HasPrefix(got, name) {
				t.Errorf("%d by %s, but %s has the model: %s", a.Status, got, name, a.Body)
			}
		}
		engine.set(func() { engine.loaded = "" })
	}
}

// TestAffinity: a conversation stays at one engine over its turns, whichever way it is
// known, and belongs to its tenant.
func TestAffinity(t *testing.T) {
	t.Parallel()
	var urls strings.Builder
	const engines = 5
	for i := range engines {
		fmt.Fprintf(&urls, "  gpu%d: { kind: vllm, url: %s/v1 }\n", i, newEngine(t).URL)
	}
	g := begin(t, "providers:\n"+urls.String())
	p, other := g.person(control.KeyChange{}), g.person(control.KeyChange{})
	at := func(who person, h header, body string) string {
		t.Helper()
		a := g.do("POST", "/v1/chat/completions", who.key, body, h)
		if a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		return a.Header.Get("X-Tollgate-Deployment")
	}
	turns := func(system, opening string, n int) string {
		messages := []map[string]string{{"role": "system", "content": system}, {"role": "user", "content": opening}}
		for i := range n {
			messages = append(messages, map[string]string{"role": "assistant", "content": "hello"}, map[string]string{"role": "user", "content": fmt.Sprint("and ", i)})
		}
		return string(must(json.Marshal(map[string]any{"model": "m", "messages": messages}))(t))
	}
	used, elsewhere := map[string]bool{}, 0
	for i := range 30 {
		opening := fmt.Sprint("question ", i)
		first := at(p, nil, turns("be brief", opening, 0))
		used[first] = true
		for n := 1; n < 4; n++ {
			if got := at(p, nil, turns("be brief", opening, n)); got != first {
				t.Errorf("turn %d of %q goes to %s, not %s", n, opening, got, first)
			}
		}
		if at(other, nil, turns("be brief", opening, 0)) != first {
			elsewhere++
		}
		named := header{"X-Tollgate-Session": opening}
		if a, b := at(p, named, turns("a", "b", 0)), at(p, named, turns("c", "d", 0)); a != b {
			t.Errorf("a session goes to %s and to %s", a, b)
		}
		key := fmt.Sprintf(`{"model":"m","prompt_cache_key":%q,"messages":[{"role":"user","content":"%%d"}]}`, opening)
		if a, b := at(p, nil, fmt.Sprintf(key, 1)), at(p, nil, fmt.Sprintf(key, 2)); a != b {
			t.Errorf("a cache key goes to %s and to %s", a, b)
		}
	}
	if len(used) != engines || elsewhere == 0 {
		t.Errorf("30 conversations use %v; of another tenant %d go elsewhere", used, elsewhere)
	}
}

// TestDeadlines: a request as a whole, its first token and the pauses between tokens have
// a time each, for a provider or for one model.
func TestDeadlines(t *testing.T) {
	t.Parallel()
	g := begin(t, `
providers:
  gpu: { kind: vllm, url: UPSTREAM/v1, total: 500ms }
  other: { kind: vllm, url: UPSTREAM/v1 }
models:
  total: gpu/slow
  soon: { to: gpu/slow, total: 150ms }
  longer: { to: gpu/steady, total: 1m }
  first: { to: other/hung, first_byte: 100ms }
  gap: { to: other/stuck, gap: 100ms }
  spent: { to: gpu/hung, fallback_late: true, first_byte: 100ms, total: 100ms }
  spent-then: [spent, other/free]
`)
	p := g.person(control.KeyChange{})
	text := strings.Repeat("word ", 20)
	g.up.Set("slow", providertest.Script{Text: text, DelayChunk: 60 * time.Millisecond, DelayHeaders: 100 * time.Millisecond})
	g.up.Set("steady", providertest.Script{Text: text, DelayChunk: 40 * time.Millisecond})
	g.up.Set("hung", providertest.Script{Hang: true})
	g.up.Set("stuck", providertest.Script{Text: text, HangAfter: 3})
	for _, row := range []struct {
		model  string
		stream bool
		status int
		inBand bool
	}{
		{"total", true, 200, true}, {"longer", true, 200, false},
		{"first", true, 504, false}, {"first", false, 504, false}, {"gap", true, 200, true},
		{"spent-then", false, 504, false}, // no time is left for another
	} {
		g.mend()
		a := g.chat(p, row.model, fmt.Sprintf(`"stream":%v`, row.stream), nil)
		if a.Status != row.status || row.inBand != strings.Contains(a.Body, `"upstream_timeout"`) && a.Status == 200 {
			t.Errorf("%s, stream %v: %d %s", row.model, row.stream, a.Status, a.Body)
		}
		if a.Status == 504 && a.errorField(t, "code") != "upstream_timeout" {
			t.Errorf("%s: %s", row.model, a.Body)
		}
		if row.inBand == strings.Contains(a.Body, "[DONE]") && a.Status == 200 {
			t.Errorf("%s: %s", row.model, a.Body)
		}
	}
	// The end of a request's own time says nothing of the deployment.
	g.mend()
	for range 2 * balancer.TripInRow {
		if a := g.chat(p, "soon", `"stream":true`, nil); a.Status != 200 && a.Status != 504 || a.Header.Get("X-Tollgate-Attempts") != "1" {
			t.Errorf("%d %v %s", a.Status, a.Header, a.Body)
		}
	}
	g.up.Set("slow", providertest.Script{Hang: true})
	if a := g.chat(p, "total", "", nil); a.Status != 504 || !strings.Contains(a.Body, "not done within 500ms") {
		t.Errorf("a whole answer: %d %s", a.Status, a.Body)
	}
}

// TestWhatWasNeverSent: the time of a whole request also runs while it waits in line, and
// what never left the line is no attempt, whatever ended it. Nor is a deployment called,
// and paid, that the request has no time left for.
func TestWhatWasNeverSent(t *testing.T) {
	t.Parallel()
	g := begin(t, `
providers:
  cloud: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 }, parallel: 1 }
  other: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 } }
models:
  held: { to: cloud/held, queue_wait: 10m }
  brief: { to: cloud/held, queue_wait: 10m, total: 100ms }
  late: [{ to: other/hung, first_byte: 200ms, fallback_late: true }, { to: other/quick, total: 150ms }, other/patient]
`+tokenConfig, withToken)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "5")
	g.up.Set("held", providertest.Script{Hang: true})
	g.up.Set("hung", providertest.Script{Hang: true})
	_, leave := g.background(p, "/v1/chat/completions", chatBody(p, "held", ""))
	g.arrived(1)
	for _, stream := range []bool{true, false} {
		done, _ := g.background(p, "/v1/chat/completions", chatBody(p, "brief", fmt.Sprintf(`"stream":%v`, stream)))
		if a := finishes(t, done); a.Status != 504 || a.errorField(t, "code") != "upstream_timeout" || !strings.Contains(a.Body, "100ms") || a.Header.Get("X-Tollgate-Attempts") != "" {
			t.Errorf("in line for longer than it may take, stream %v: %d %v %s", stream, a.Status, a.Header, a.Body)
		}
	}
	_, gone := g.background(p, "/v1/chat/completions", chatBody(p, "held", ""))
	g.eventually("another waits", func() bool { return g.srv.balancer.States()[0].Queued == 1 })
	gone()
	g.eventually("it has left", func() bool { return g.srv.api.Running() == 1 })
	a := g.chat(p, "late", "", nil)
	if a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != "other/patient" || a.Header.Get("X-Tollgate-Attempts") != "2" || a.Header.Get("X-Tollgate-Tried") != "other/hung=timed_out,other/quick=out_of_time" {
		t.Errorf("after its time: %d %v %s", a.Status, a.Header, a.Body)
	}
	if got := g.called(); !slices.Equal(got, []string{"held", "hung", "patient"}) || g.query("select count(*) from entries where deployment = 'other/quick'") != 0 {
		t.Errorf("called: %v", got)
	}
	leave()
	g.settled()
	g.eventually("all have ended", func() bool { return g.srv.api.Running() == 0 })
	s, _ := g.scrape()
	same(t, "tollgate_attempts_total", s.of("tollgate_attempts_total"), map[string]float64{
		`{deployment="cloud/held",outcome="client_gone"}`: 1, `{deployment="other/hung",outcome="timed_out"}`: 1, `{deployment="other/patient",outcome="answered"}`: 1,
	})
	row := func(model, outcome, price string) string {
		return fmt.Sprintf(`{model=%q,operation="chat",outcome=%q,price=%q}`, model, outcome, price)
	}
	same(t, "tollgate_requests_total", s.of("tollgate_requests_total"), map[string]float64{
		row("held", "client_gone", "paid"): 1, row("held", "client_gone", "none"): 1, row("brief", "timed_out", "none"): 2, row("late", "ok", "paid"): 1,
	})
}

// TestContextFallback: a prompt that an engine finds too long goes to one whose context is
// known to be larger, and to no other; one that clearly does not fit somewhere is not
// sent there, if something larger is left.
func TestContextFallback(t *testing.T) {
	t.Parallel()
	small, large := newEngine(t), newEngine(t)
	small.context, large.context = 100, 10_000
	g := begin(t, fmt.Sprintf(`
providers:
  small: { kind: vllm, url: %s/v1 }
  large: { kind: vllm, url: %s/v1 }
  blank: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: free }
models:
  grows: [small/m, blank/unknown, large/m]
  stays: [small/m, blank/unknown]
  jumps: [small/m, large/m]
  shrinks: [large/m, small/m]
  cased: { targets: [{ to: small/m, order: 1 }, { to: large/m, order: 2, when: context }, { to: blank/spare, order: 3 }] }
  told: { targets: [{ to: small/m, order: 1 }, { to: blank/unknown, order: 2, when: context }] }
  mild: { targets: [{ to: small/m, order: 1 }, { to: large/m, order: 2, when: refused }] }
`, small.URL, large.URL))
	p := g.person(control.KeyChange{})
	ask := func(model string, words int) (answer, []string) {
		t.Helper()
		small.paths()
		large.paths()
		g.up.Reset()
		body := fmt.Sprintf(`{"model":%q,"messages":[{"role":"user","content":%q}]}`, model, strings.Repeat("abcd ", words))
		a := g.do("POST", "/v1/chat/completions", p.key, body, nil)
		var called []string
		for name, paths := range map[string][]string{"large": large.paths(), "small": small.paths(), "blank": g.called()} {
			if len(paths) > 0 {
				called = append(called, name)
			}
		}
		slices.Sort(called)
		return a, called
	}
	for _, row := range []struct {
		model  string
		words  int
		status int
		called string
	}{
		{"grows", 1, 200, "small"},
		{"grows", 155, 200, "large small"}, // the engine's own word
		{"grows", 2000, 200, "blank"},      // past the small one; of the next nothing is known, so it keeps its place
		{"jumps", 155, 200, "large small"},
		{"jumps", 2000, 200, "large"}, // at once
		{"stays", 155, 400, "small"},  // of the other nothing is known
		{"stays", 2000, 400, "small"},
		{"shrinks", 1, 200, "large"},
		{"shrinks", 17000, 400, "large"}, // too long for all
		{"cased", 1, 200, "small"},
		{"cased", 155, 200, "large small"}, // the engine's own word
		{"cased", 2000, 200, "large"},      // at once
		{"told", 155, 200, "blank small"},  // nothing is known of it but the operator's word
		{"told", 2000, 200, "blank small"},
		{"mild", 2000, 400, "small"}, // large as it is, it is for another case
	} {
		a, called := ask(row.model, row.words)
		if got := strings.Join(called, " "); a.Status != row.status || got != row.called {
			t.Errorf("%s with %d words: %d after %s, want %s: %s", row.model, row.words, a.Status, got, row.called, a.Body)
		}
		if a.Status == 400 && a.errorField(t, "code") != "context_length_exceeded" {
			t.Errorf("%s: %s", row.model, a.Body)
		}
	}
}

// TestCase16_AnIdleEngine: an engine closes its idle connections after five seconds, as
// uvicorn does. A call a moment later finds a new one.
func TestCase16_AnIdleEngine(t *testing.T) {
	t.Parallel()
	e := &scriptedEngine{health: 200}
	e.Server = httptest.NewUnstartedServer(e)
	e.Config.IdleTimeout = 5 * time.Second
	e.Start()
	t.Cleanup(e.Close)
	g := begin(t, fmt.Sprintf("providers:\n  gpu: { kind: vllm, url: %s/v1 }\n", e.URL))
	p := g.person(control.KeyChange{})
	for range 2 {
		if a := g.chat(p, "m", "", nil); a.Status != 200 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		time.Sleep(e.Config.IdleTimeout) // the moment at which the two might cross
	}
	if a := g.chat(p, "m", "", nil); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// TestCase24_OurCredentialIsRefused: the caller is not told that its own key is bad, the
// operator is told, and nobody waits for what only the operator can mend.
func TestCase24_OurCredentialIsRefused(t *testing.T) {
	t.Parallel()
	g := begin(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	g.up.Set("paid", providertest.Script{Status: 401, Body: `{"error":{"message":"Incorrect API key provided: sk-abc","code":"invalid_api_key"}}`})
	for calls := range 2 {
		a := g.chat(p, "paid", "", nil)
		if a.Status != 502 || a.errorField(t, "code") != "upstream_auth" || a.Header.Get("X-Should-Retry") != "false" || strings.Contains(a.Body, "sk-abc") {
			t.Errorf("%d %v %s", a.Status, a.Header, a.Body)
		}
		if n := len(g.called()); n != 1 {
			t.Errorf("call %d: %d in all reach the upstream", calls, n)
		}
	}
	if !strings.Contains(g.logs.String(), `"level":"ERROR"`) {
		t.Error("no alert in the log")
	}
	// A mended configuration is taken at its word.
	g.up.Set("paid", providertest.Script{})
	if err := g.reload.reload(); err != nil {
		t.Fatal(err)
	}
	if a := g.chat(p, "paid", "", nil); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// TestCheckShowsDeployments: an operator sees what is left out and why, how busy engines
// are and how fast, and with --no-probe no engine is asked for it.
func TestCheckShowsDeployments(t *testing.T) {
	t.Parallel()
	e := newEngine(t)
	e.metrics = "vllm:num_requests_running 3\nvllm:num_requests_waiting 1\nvllm:kv_cache_usage_perc 0.5\n"
	g := begin(t, fmt.Sprintf("providers:\n  one: { kind: vllm, url: %s/v1 }\n  gpu: { kind: vllm, url: UPSTREAM/v1 }\nmodels:\n  other: gpu/bad\n", e.URL))
	p := g.person(control.KeyChange{})
	s := &shell{t, map[string]string{"TOLLGATE_URL": g.url, "TOLLGATE_ADMIN_KEY": must(g.srv.control.EnsureAdmin(t.Context(), ""))(t)}}
	e.paths()
	if out := s.run(exitOK, "check", "--no-probe").out; strings.Contains(out, "first token") || len(e.paths()) != 0 {
		t.Errorf("nothing was called and nothing asked, and check shows %s", out)
	}
	g.up.Set("bad", providertest.Script{Status: 500})
	for range balancer.TripInRow {
		g.chat(p, "other", "", nil)
	}
	if a := g.chat(p, "test-model", `"stream":true`, nil); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	r := s.run(exitOK, "check")
	r.shows(t, "gpu/bad LEFT OUT until", "server_error at", "one/m ok 0 0 - 3 running, 1 waiting, cache 50%", "it is left out until")
	for line := range strings.Lines(r.out) {
		if strings.HasPrefix(line, "gpu/test-model") && strings.Contains(line, " ok ") && !strings.Contains(line, " ms") {
			t.Errorf("no time to the first token: %s", line)
		}
	}
}
