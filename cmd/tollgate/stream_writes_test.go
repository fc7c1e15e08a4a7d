package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"strings"
	"sync"
	"testing"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

const streamsConfig = `
providers:
  gpu:   { kind: vllm, url: UPSTREAM/v1 }
  cloud: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 } }
  hasty: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 }, first_byte: 300ms }
models:
  free: gpu/free
  paid: cloud/paid
  hasty: hasty/hasty
`

// impatient tells clients soon what it would tell them late.
func impatient(g *gate) {
	g.prepare = func(s *server) {
		s.gateway.Commit, s.api.KeepAlive = 50*time.Millisecond, 20*time.Millisecond
	}
}

const keepAliveComment = ": keep-alive\n\n"

// TestP8_CommentsWhileAStreamSaysNothing: before the first event and between events, as
// whole lines, and with the events as they are without.
func TestP8_CommentsWhileAStreamSaysNothing(t *testing.T) {
	t.Parallel()
	g := begin(t, streamsConfig, impatient)
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.User, "5")
	for _, model := range []string{"free", "paid"} {
		g.up.Set(model, providertest.Script{Text: "a b c", DelayChunk: 400 * time.Millisecond})
		a := g.chat(p, model, `"stream":true`, nil)
		if a.Status != 200 || !strings.HasSuffix(a.Body, "data: [DONE]\n\n") || strings.Count(a.Body, keepAliveComment) < 3 || !strings.HasPrefix(a.Body, keepAliveComment) {
			t.Errorf("%s: %d %q", model, a.Status, a.Body)
		}
		bare := strings.ReplaceAll(a.Body, keepAliveComment, "")
		if events := strings.Split(strings.TrimSuffix(bare, "\n\n"), "\n\n"); len(events) != 5 || len(events) != len(a.events()) {
			t.Errorf("%s: %q", model, events)
		}
	}
	if g.posted(b) != 10*inputRate+5*outputRate {
		t.Errorf("%d posted", g.posted(b))
	}
	// One that says something all the time gets none.
	g.srv.api.KeepAlive = time.Minute
	g.up.Set("free", providertest.Script{Text: "a b c"})
	if a := g.chat(p, "free", `"stream":true`, nil); a.Status != 200 || strings.Contains(a.Body, ": ") && strings.Contains(a.Body, keepAliveComment) {
		t.Errorf("%q", a.Body)
	}
}

// TestP8_FailureAfterTheCommit: a stream whose first event is late has its status, and
// what goes wrong after that is told within it and booked as it is.
func TestP8_FailureAfterTheCommit(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, db option) {
		g := begin(t, streamsConfig, db, impatient)
		p := g.person(control.KeyChange{})
		b := g.budget(p, ledger.User, "5")

		g.up.Set("hasty", providertest.Script{Text: "a b c", DelayChunk: time.Minute})
		a := g.chat(p, "hasty", `"stream":true`, nil)
		events := a.events()
		if a.Status != 200 || !strings.HasPrefix(a.Body, keepAliveComment) || len(events) != 1 || !strings.Contains(events[0], `"upstream_timeout"`) || strings.Contains(a.Body, "[DONE]") {
			t.Errorf("%d %q", a.Status, a.Body)
		}
		if e := g.entry(a.Header.Get("X-Request-Id")); e.Status != "timed_out" || e.Usage["output"] != 0 || e.Usage["input"] == 0 {
			t.Errorf("booked as %+v", e)
		}
		before := g.posted(b)

		// A client that leaves while the first event is awaited takes the upstream with it.
		g.up.Set("paid", providertest.Script{Text: "a b c", DelayChunk: time.Minute})
		l := g.open(p, "/v1/chat/completions", chatBody(p, "paid", `"stream":true`))
		if line, err := bufio.NewReader(l.res.Body).ReadString('\n'); err != nil || line+"\n" != keepAliveComment {
			t.Fatalf("%q, %v", line, err)
		}
		l.cancel()
		g.aborted("paid")
		g.settled()
		if e := g.entry(l.res.Header.Get("X-Request-Id")); e.Status != "client_gone" || g.posted(b) <= before {
			t.Errorf("booked as %+v", e)
		}
	})
}

// TestP8_EventsLeaveAsTheyCome: events that came together leave together, one that came
// alone leaves alone and at once, and a long one leaves whole.
func TestP8_EventsLeaveAsTheyCome(t *testing.T) {
	t.Parallel()
	g := begin(t, streamsConfig)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "500")
	chunk := func(text string) string {
		return fmt.Sprintf("data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":%q}}]}\n\n", text)
	}
	const last = "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15}}\n\n"
	many := ""
	for i := range 20 {
		many += chunk(fmt.Sprint("word", i))
	}
	for model, size := range map[string]int{"free": 5 << 20, "paid": 50 << 10} { // what is paid for is counted
		long := chunk("before") + chunk(strings.Repeat("word ", size/5)) + chunk("after")
		for text, most := range map[string]int{many: 10, long: 90} {
			g.up.Set(model, providertest.Script{Body: text + last + "data: [DONE]\n\n", Header: http.Header{"Content-Type": {"text/event-stream"}}})
			writes, body := g.writes(p, model)
			if body != text+"data: [DONE]\n\n" {
				t.Errorf("%s: %d bytes came as %d, which end in %q", model, len(text), len(body), body[max(0, len(body)-200):])
			}
			if writes > most {
				t.Errorf("%s: %d writes for %d bytes", model, writes, len(text))
			}
		}
	}
	// Each event is there before the next one is sent.
	g.up.Set("free", providertest.Script{Text: "a b c d e", DelayChunk: 300 * time.Millisecond})
	if writes, _ := g.writes(p, "free"); writes < 6 {
		t.Errorf("events that came alone left in %d writes", writes)
	}
}

// writes makes a streamed call and returns in how many chunks its answer came, and its
// body.
func (g *gate) writes(p person, model string) (n int, body string) {
	g.t.Helper()
	conn := must((&net.Dialer{}).DialContext(context.Background(), "tcp", strings.TrimPrefix(g.url, "http://")))(g.t)
	defer conn.Close()
	text := chatBody(p, model, `"stream":true`)
	if _, err := fmt.Fprintf(conn, "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", p.key, len(text), text); err != nil {
		g.t.Fatal(err)
	}
	all := must(io.ReadAll(conn))(g.t)
	head, raw, _ := strings.Cut(string(all), "\r\n\r\n")
	if !strings.HasPrefix(head, "HTTP/1.1 200") {
		g.t.Fatalf("%q", head)
	}
	body = string(must(io.ReadAll(httputil.NewChunkedReader(strings.NewReader(raw))))(g.t))
	for rest := raw; ; n++ {
		var size int
		line, after, ok := strings.Cut(rest, "\r\n")
		if _, err := fmt.Sscanf(line, "%x", &size); err != nil || !ok || size+2 > len(after) {
			g.t.Fatalf("no chunk: %q", line)
		}
		if size == 0 {
			return n, body
		}
		rest = after[size+2:]
	}
}

// TestP8_StreamsUseOneConnection: a stream that came to its end leaves its connection to
// the next one, however its end is known. It would cost a handshake each time.
func TestP8_StreamsUseOneConnection(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	from := map[string]int{} // streams by the connection that they came on
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			_, _ = io.WriteString(w, `{"object":"list","data":[]}`)
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		mu.Lock()
		from[r.RemoteAddr]++
		mu.Unlock()
		w.Header().Set("Content-Type", "text/event-stream")
		answer := `data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"word"}}]}` + "\n\n" +
			`data: {"id":"c","model":"m","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}` + "\n\ndata: [DONE]\n\n"
		if strings.HasSuffix(r.URL.Path, "/responses") {
			answer = "event: response.completed\n" + `data: {"type":"response.completed","sequence_number":0,"response":{"id":"r","object":"response","status":"completed","model":"m","output":[],"usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2}}}` + "\n\n"
		}
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(up.Close)
	g := begin(t, strings.ReplaceAll(streamsConfig, "UPSTREAM", up.URL))
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "5")
	for _, model := range []string{"free", "paid"} {
		mu.Lock()
		clear(from)
		mu.Unlock()
		for range 3 {
			if a := g.chat(p, model, `"stream":true`, nil); a.Status != 200 || !strings.HasSuffix(a.Body, "data: [DONE]\n\n") {
				t.Fatalf("%s: %d %q", model, a.Status, a.Body)
			}
			if a := g.do("POST", "/v1/responses", p.key, fmt.Sprintf(`{"model":%q,"input":"x","stream":true}`, model), nil); a.Status != 200 || !strings.Contains(a.Body, "response.completed") {
				t.Fatalf("%s: %d %q", model, a.Status, a.Body)
			}
		}
		mu.Lock()
		if len(from) != 1 {
			t.Errorf("%s: 6 streams, one after the other, came on %d connections", model, len(from))
		}
		mu.Unlock()
	}
}
