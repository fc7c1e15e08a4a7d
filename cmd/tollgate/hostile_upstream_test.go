package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/catalog"
	"tollgate/gateway/control"
	"tollgate/gateway/dispatch"
	"tollgate/providers/providertest"
	"tollgate/providers/wire"
)

const (
	goodWhole = `{"id":"x","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"fine"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}`
	goodChunk = `data: {"id":"x","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"fine"},"finish_reason":null}]}` + "\n\n"
	goodEnd   = `data: {"id":"x","object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}` + "\n\ndata: [DONE]\n\n"
	sseHead   = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
	jsonHead  = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
	okHead    = "HTTP/1.1 200 OK\r\n"
)

// evil is one way for an upstream to misbehave. whole and stream are the code that a
// client is told, or "" where the answer is in order; begun says that events came
// before the fault of a stream, so that it is told of in the stream.
type evil struct {
	name          string
	answer        func(c net.Conn)
	whole, stream string
	begun         bool
	silent        bool // it says nothing for ever: the deadlines of this provider are short
}

// says answers with bytes.
func says(text string) func(net.Conn) {
	return func(c net.Conn) { _, _ = io.WriteString(c, text) }
}

// forever repeats a text behind another until nobody reads on, and adds up what was
// taken.
func forever(taken *atomic.Int64, first, again string) func(net.Conn) {
	return func(c net.Conn) {
		_ = c.(*net.TCPConn).SetWriteBuffer(256 << 10) // so that little is taken by the upstream's own socket
		_, _ = io.WriteString(c, first)
		block := []byte(strings.Repeat(again, max(1, (64<<10)/len(again))))
		for {
			_ = c.SetWriteDeadline(time.Now().Add(patience))
			n, err := c.Write(block)
			taken.Add(int64(n))
			if err != nil {
				return
			}
		}
	}
}

// socketRoom is what the kernel may take of a connection that nobody reads, in bytes:
// its receive buffer grows with the speed of the reader, up to a limit of the machine.
func socketRoom(t *testing.T) int64 {
	const elsewhere = 16 << 20
	b, err := os.ReadFile("/proc/sys/net/ipv4/tcp_rmem")
	if errors.Is(err, fs.ErrNotExist) {
		return elsewhere
	}
	var least, usual, most int64
	if _, scan := fmt.Sscan(string(b), &least, &usual, &most); err != nil || scan != nil {
		t.Fatalf("the kernel's limits of a receive buffer: %q, %v, %v", b, err, scan)
	}
	return most + 1<<20
}

// waits answers with bytes and then leaves the connection as it is.
func waits(text string) func(net.Conn) {
	return func(c net.Conn) {
		_, _ = io.WriteString(c, text)
		_, _ = io.Copy(io.Discard, c) // until the gateway gives up
	}
}

// drips answers with bytes and then one more every now and then.
func drips(text, again string) func(net.Conn) {
	return func(c net.Conn) {
		_, _ = io.WriteString(c, text)
		for {
			if _, err := io.WriteString(c, again); err != nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
}

func resets(text string) func(net.Conn) {
	return func(c net.Conn) {
		_, _ = io.WriteString(c, text)
		time.Sleep(50 * time.Millisecond) // a reset takes back what was not read
		_ = c.(*net.TCPConn).SetLinger(0)
	}
}

func evils(line, body, head, early *atomic.Int64) []evil {
	const (
		bad  = "upstream_bad_answer"
		lost = "upstream_disconnected"
		late = "upstream_timeout"
	)
	length := func(n int, body string) string {
		return fmt.Sprintf("%sContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", okHead, n, body)
	}
	return []evil{
		{name: "a whole answer whatever was asked", answer: says(providertest.Whole("application/json", goodWhole)), stream: bad},
		{name: "a stream whatever was asked", answer: says(sseHead + goodChunk + goodEnd), whole: bad},
		{name: "JSON called HTML", answer: says(providertest.Whole("text/html", goodWhole)), stream: bad},
		{name: "a stream called JSON", answer: says(strings.Replace(sseHead, "text/event-stream", "application/json", 1) + goodChunk + goodEnd), whole: bad},
		{name: "no type", answer: says(okHead + "\r\n" + goodWhole), stream: bad},
		{name: "an HTML page", answer: says(providertest.Whole("text/html", "<html><head><title>Welcome</title></head><script>alert(1)</script></html>")), whole: bad, stream: bad},
		{name: "an HTML error", answer: says("HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html><title>nginx <script>alert(1)</script></title>"), whole: "upstream_error", stream: "upstream_error"},
		{name: "an error under 200", answer: says(providertest.Whole("application/json", `{"error":{"message":"boom","type":"server_error"}}`)), whole: "upstream_error", stream: "upstream_error"},
		{name: "an error in words under 200", answer: says(providertest.Whole("text/plain", "Internal Server Error")), whole: bad, stream: lost},
		{name: "null", answer: says(providertest.Whole("application/json", "null")), whole: bad, stream: lost},
		{name: "nothing under 200", answer: says(providertest.Whole("application/json", "")), whole: bad, stream: lost},
		{name: "204", answer: says("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"), whole: bad, stream: lost},
		{name: "101", answer: says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"), whole: bad, stream: bad},
		{name: "206", answer: says(strings.Replace(providertest.Whole("application/json", goodWhole[:20]), "200 OK", "206 Partial Content", 1)), whole: bad, stream: bad},
		{name: "status 999", answer: says("HTTP/1.1 999 No\r\nConnection: close\r\n\r\n{}"), whole: bad, stream: bad},
		{name: "status 42", answer: says("HTTP/1.1 042 No\r\nConnection: close\r\n\r\n{}"), whole: bad, stream: bad},
		{name: "no status", answer: says("hello\r\n\r\n"), whole: bad, stream: bad},
		{name: "TLS", answer: says("\x15\x03\x01\x00\x02\x02\x46"), whole: lost, stream: lost},
		{name: "HTTP/2", answer: says("HTTP/2 200\r\n\r\n" + goodWhole), whole: bad, stream: bad},
		{name: "compressed without being asked", answer: says(okHead + "Content-Type: application/json\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\xaa\xae\x05\x04\x00\x00\xff\xff\x43\xbf\xa6\xa3\x02\x00\x00\x00"), whole: bad, stream: bad},
		{name: "garbage behind the JSON", answer: says(providertest.Whole("application/json", goodWhole+"garbage")), whole: bad, stream: bad},
		{name: "garbage behind the length", answer: says(strings.Replace(length(len(goodWhole), goodWhole), "Connection: close\r\n", "", 1) + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), stream: bad},
		{name: "garbage behind the end mark", answer: says(sseHead + goodChunk + goodEnd + "data: {\"more\":1}\n\n\x00\xff"), whole: bad},
		{name: "a length too long", answer: says(length(len(goodWhole)+10, goodWhole)), whole: lost, stream: lost},
		{name: "a length too short", answer: says(length(10, goodWhole)), whole: bad, stream: bad},
		{name: "two lengths", answer: says(okHead + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"), whole: bad, stream: bad},
		{name: "a negative length", answer: says(okHead + "Content-Length: -2\r\n\r\n{}"), whole: bad, stream: bad},
		{name: "a chunk that is none", answer: says(okHead + "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}"), whole: bad, stream: bad},
		{name: "a chunk that stops", answer: says(okHead + "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%s\r\nff\r\n", len(goodChunk), goodChunk)), whole: lost, stream: lost, begun: true},
		{name: "a transfer encoding of its own", answer: says(okHead + "Transfer-Encoding: rot13\r\n\r\n{}"), whole: bad, stream: bad},
		{name: "NUL in a header", answer: says(okHead + "A: b\x00c\r\nConnection: close\r\n\r\n" + goodWhole), whole: bad, stream: bad},
		{name: "a header without a colon", answer: says(okHead + "garbage\r\n\r\n" + goodWhole), whole: bad, stream: bad},

		{name: "half a line", answer: says(sseHead + goodChunk + "data: {\"id\":"), whole: bad, stream: lost, begun: true},
		{name: "no end mark", answer: says(sseHead + goodChunk), whole: bad, stream: lost, begun: true},
		{name: "reset at once", answer: resets(""), whole: lost, stream: lost},
		{name: "reset in the body", answer: resets(sseHead + goodChunk), whole: lost, stream: lost, begun: true},
		{name: "no JSON in an event", answer: says(sseHead + goodChunk + "data: {\"id\":\n\n" + goodEnd), whole: bad, stream: bad, begun: true},
		{name: "no UTF-8 in an event", answer: says(sseHead + goodChunk + "data: {\"id\":\"\xff\xfe\"}\n\n" + goodEnd), whole: bad, stream: bad, begun: true},
		{name: "no UTF-8 in an answer", answer: says(providertest.Whole("application/json", strings.Replace(goodWhole, "fine", "\xff\xfe", 1))), whole: bad, stream: bad},
		{name: "an event too deep", answer: says(sseHead + goodChunk + "data: {\"a\":" + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "}\n\n" + goodEnd), whole: bad, stream: bad, begun: true},
		{name: "an answer too deep", answer: says(providertest.Whole("application/json", `{"a":`+strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000)+"}")), whole: bad, stream: bad},
		{name: "an event with a key twice", answer: says(sseHead + goodChunk + "data: {\"usage\":{\"prompt_tokens\":1},\"usage\":null}\n\n" + goodEnd), whole: bad, stream: bad, begun: true},
		{name: "an error in the stream, then more", answer: says(sseHead + goodChunk + "data: {\"error\":{\"message\":\"boom\"}}\n\n" + goodChunk + goodEnd), whole: bad, stream: "upstream_error", begun: true},

		{name: "a line of 100 MB", answer: forever(line, sseHead+"data: ", "x"), whole: bad, stream: bad},
		{name: "an answer without an end", answer: forever(body, jsonHead+"\r\n"+`{"a":"`, "x"), whole: bad, stream: bad},
		{name: "headers without an end", answer: forever(head, okHead, "X-A: bbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n"), whole: bad, stream: bad},
		{name: "hints without an end", answer: forever(early, "", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"), whole: bad, stream: bad},

		{name: "silence", answer: waits(""), whole: late, stream: late, silent: true},
		{name: "half a status", answer: waits("HTTP/1.1 2"), whole: late, stream: late, silent: true},
		{name: "silence behind the headers", answer: waits(jsonHead + "Content-Length: 100\r\n\r\n"), whole: late, stream: late, silent: true},
		{name: "silence in the body", answer: waits(sseHead + goodChunk), whole: late, stream: late, begun: true, silent: true},
		{name: "silence in a line", answer: waits(sseHead + goodChunk + "data: {"), whole: late, stream: late, begun: true, silent: true},
		{name: "a line in drips", answer: drips(sseHead+goodChunk+"data: ", "x"), whole: late, stream: late, begun: true, silent: true},
		{name: "headers in drips", answer: drips(okHead+"X-A: ", "b"), whole: late, stream: late, silent: true},
		{name: "comments for ever", answer: drips(sseHead+goodChunk, ": still here\n\n"), whole: late, stream: late, begun: true, silent: true},
	}
}

// relayed are the only headers that an answer may have.
var relayed = map[string]bool{"Content-Type": true, "Content-Length": true, "Date": true, "X-Request-Id": true, "Cache-Control": true, "X-Accel-Buffering": true,
	"Retry-After": true, "X-Should-Retry": true, "Transfer-Encoding": true, "Connection": true}

func (a answer) strangeHeaders() (strange []string) {
	for name := range a.Header {
		if !relayed[name] && !strings.HasPrefix(name, "X-Tollgate-") && !strings.HasPrefix(name, "X-Ratelimit-") {
			strange = append(strange, name)
		}
	}
	return strange
}

// TestA41_EvilUpstreams: whatever an upstream does, its caller gets a whole answer or a
// defined error, in time; what is read of it is bounded; nothing stays held; and who
// calls another model meanwhile is served as ever (trust.md T40).
func TestA41_EvilUpstreams(t *testing.T) {
	t.Parallel()
	raw := providertest.NewRaw(t)
	var line, body, head, early atomic.Int64
	rows := evils(&line, &body, &head, &early)
	config := upstreamConfig
	for i, row := range rows {
		name := fmt.Sprintf("e%d", i)
		raw.Set(name, row.answer)
		of := map[bool]string{false: "", true: "-silent"}[row.silent]
		config += fmt.Sprintf("  %s: evil%s/%s\n  paid-%s: { to: evilcloud%s/%s, price: { input: 1, output: 10 } }\n", name, of, name, name, of, name)
	}
	config = strings.Replace(config, "providers:\n", fmt.Sprintf(`providers:
  evil: { kind: vllm, url: %[1]s/v1, first_byte: 120s, gap: 120s }
  evil-silent: { kind: vllm, url: %[1]s/v1, first_byte: 500ms, gap: 500ms, total: 5s }
  evilcloud: { kind: openai, url: %[1]s/v1, key: env:CLOUD_KEY, first_byte: 120s, gap: 120s }
  evilcloud-silent: { kind: openai, url: %[1]s/v1, key: env:CLOUD_KEY, first_byte: 500ms, gap: 500ms, total: 5s }
`, raw.URL()), 1)
	g := audited(t, config)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "1000")

	// A neighbour calls all the time.
	stop := make(chan struct{})
	var neighbour sync.WaitGroup
	neighbour.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				if n == 0 {
					t.Error("the neighbour never got to call")
				}
				return
			default:
			}
			if a, err := g.try("POST", "/v1/chat/completions", p.key, chatBody(p, []string{"free", "paid"}[n%2], `"max_tokens":10`), nil); err != nil || a.Status != 200 {
				t.Errorf("the neighbour: %d %s %v", a.Status, a.Body, err)
				return
			}
		}
	})
	var all sync.WaitGroup
	room := make(chan struct{}, 8)
	for i, row := range rows {
		for _, model := range []string{fmt.Sprintf("e%d", i), fmt.Sprintf("paid-e%d", i)} {
			for _, stream := range []bool{false, true} {
				all.Go(func() {
					room <- struct{}{}
					defer func() { <-room }()
					a, err := g.try("POST", "/v1/chat/completions", p.key, chatBody(p, model, fmt.Sprintf(`"max_tokens":10,"stream":%v`, stream)), nil)
					if err != nil {
						t.Errorf("%s, stream %v: %v", row.name, stream, err)
						return
					}
					if wrong := row.told(a, stream); wrong != "" {
						t.Errorf("%s to %s, stream %v: %s", row.name, model, stream, wrong)
					}
					if s := a.strangeHeaders(); len(s) > 0 {
						t.Errorf("%s: the headers %v were relayed", row.name, s)
					}
				})
			}
		}
	}
	all.Wait()
	close(stop)
	neighbour.Wait()

	// What the sockets hold, on both sides, comes on top of what is read.
	const calls = 4
	sockets := socketRoom(t)
	for what, c := range map[string]struct {
		taken *atomic.Int64
		limit int64
	}{"a line": {&line, wire.MaxEvent}, "an answer": {&body, dispatch.MaxAnswer}, "headers": {&head, 64 << 10}, "hints": {&early, 64 << 10}} {
		if got := c.taken.Load(); got == 0 || got > calls*(max(c.limit, dispatch.MaxAnswer)+sockets) || (c.limit < 1<<20 && got > calls*(c.limit+sockets)) {
			t.Errorf("of %s without an end, %d bytes were taken in %d calls", what, got, calls)
		}
	}
	for _, c := range raw.Calls() {
		if c.Header.Get("Accept-Encoding") != "identity" {
			t.Errorf("the upstream was asked for %q", c.Header.Get("Accept-Encoding"))
			break
		}
	}
}

// told says what is wrong with the answer to a call for such an upstream.
func (e evil) told(a answer, stream bool) string {
	want := e.whole
	if stream {
		want = e.stream
	}
	switch {
	case want == "" && stream:
		if events := a.events(); a.Status != 200 || len(events) == 0 || events[len(events)-1] != "[DONE]" {
			return fmt.Sprintf("%d %q, want a stream to its end", a.Status, a.Body)
		}
	case want == "":
		if a.Status != 200 || a.Body != goodWhole {
			return fmt.Sprintf("%d %q, want the answer", a.Status, a.Body)
		}
	default:
		text := a.Body
		if stream && e.begun {
			events := a.events()
			if a.Status != 200 || len(events) < 2 {
				return fmt.Sprintf("%d %q, want events and an error", a.Status, a.Body)
			}
			text = events[len(events)-1]
		} else if a.Status < 500 {
			return fmt.Sprintf("%d %.300q, want %s", a.Status, a.Body, want)
		}
		var o struct {
			Error struct{ Message, Code string }
		}
		if err := json.Unmarshal([]byte(text), &o); err != nil || o.Error.Code != want || o.Error.Message == "" || len(o.Error.Message) > 2048 {
			return fmt.Sprintf("%d %.300q, want %s", a.Status, a.Body, want)
		}
	}
	return ""
}

// TestA41_HeadersAndRedirects: of an upstream's headers none is relayed, neither with an
// answer nor with an error, and where it points to nobody goes.
func TestA41_HeadersAndRedirects(t *testing.T) {
	t.Parallel()
	var visits atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visits.Add(1) }))
	t.Cleanup(elsewhere.Close)
	raw := providertest.NewRaw(t)
	headers := "Set-Cookie: session=canary\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Credentials: true\r\nServer: canary\r\nX-Powered-By: canary\r\n" +
		"Openai-Organization: org-canary\r\nOpenai-Project: canary\r\nOpenai-Processing-Ms: 4711\r\nOpenai-Version: canary\r\nX-Request-Id: req-canary\r\nCf-Ray: canary\r\nVia: canary\r\n" +
		"X-Ratelimit-Limit-Requests: 4711\r\nX-Ratelimit-Remaining-Tokens: 4711\r\nX-Tollgate-Model: canary\r\nX-Tollgate-Cost: 4711\r\nStrict-Transport-Security: canary\r\nAlt-Svc: canary\r\n" +
		"Location: " + elsewhere.URL + "\r\nRefresh: 0; url=" + elsewhere.URL + "\r\nWww-Authenticate: canary\r\nContent-Disposition: attachment; filename=canary\r\nLink: <" + elsewhere.URL + ">\r\n" +
		"Content-Security-Policy: canary\r\nX-Should-Retry: canary\r\nContent-Language: canary\r\nEtag: canary\r\nKeep-Alive: timeout=4711\r\nConnection: close\r\n"
	config := upstreamConfig
	add := func(name string, answer string) {
		raw.Set(name, says(answer))
		config += fmt.Sprintf("  %s: evil/%s\n", name, name)
	}
	add("whole", "HTTP/1.1 200 OK\r\n"+headers+"Content-Type: application/json; canary=1\r\n\r\n"+goodWhole)
	add("stream", "HTTP/1.1 200 OK\r\n"+headers+"Content-Type: text/event-stream\r\n\r\n"+goodChunk+goodEnd)
	statuses := []int{300, 301, 302, 303, 304, 305, 307, 308, 400, 401, 403, 404, 407, 409, 418, 422, 429, 451, 500, 502, 503, 529}
	for _, status := range statuses {
		add(fmt.Sprint("s", status), fmt.Sprintf("HTTP/1.1 %d Whatever\r\n%sRetry-After: 7\r\nContent-Type: application/json\r\n\r\n%s", status, headers,
			map[bool]string{true: "", false: `{"error":{"message":"no","type":"x","code":null}}`}[status == 304]))
	}
	config = strings.Replace(config, "providers:\n", "providers:\n  evil: { kind: vllm, url: "+raw.URL()+"/v1 }\n", 1)
	g := audited(t, config)
	p := g.person(control.KeyChange{})
	check := func(name string, a answer) {
		t.Helper()
		if s := a.strangeHeaders(); len(s) > 0 {
			t.Errorf("%s: the headers %v were relayed", name, s)
		}
		for k, v := range a.Header {
			if text := fmt.Sprint(v); strings.Contains(text, "canary") || strings.Contains(text, "4711") || strings.Contains(text, elsewhere.URL) {
				t.Errorf("%s: %s: %s was relayed", name, k, text)
			}
		}
	}
	a := g.chat(p, "whole", "", nil)
	check("whole", a)
	if a.Status != 200 || a.Body != goodWhole {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	a = g.chat(p, "stream", `"stream":true`, nil)
	check("stream", a)
	if a.Status != 200 || !strings.HasSuffix(a.Body, "data: [DONE]\n\n") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	for _, status := range statuses {
		name := fmt.Sprint("s", status)
		a := g.chat(p, name, "", nil)
		check(name, a)
		if a.Status < 400 || a.errorField(t, "code") == "" || (status < 400 && a.errorField(t, "code") != "upstream_bad_answer") {
			t.Errorf("%d became %d %s", status, a.Status, a.Body)
		}
	}
	if n := visits.Load(); n != 0 {
		t.Errorf("%d calls followed an upstream elsewhere", n)
	}
}

// TestA15_UpstreamsThatAreNone: no upstream is tollgate itself, however its address is
// written and whoever declares it, and none is where machines are told their credentials. A
// name is looked at when it is called: see TestA15_NamesThatLeadElsewhere, and TestFailures of
// what is said then.
func TestA15_UpstreamsThatAreNone(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "tollgate.yaml")
	loads := func(g globals, config string) string {
		t.Helper()
		if config != "" {
			if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
				t.Fatal(err)
			}
			g.Config = file
		}
		cfg, problems := loadConfig(g)
		if len(problems) > 0 {
			return problemsError(g.Config, problems).Error()
		}
		for _, p := range cfg.Spec.Providers {
			if p.Name == "vllm" {
				return "vllm is looked for"
			}
		}
		return ""
	}
	const self, odd, never = "tollgate itself listens there", "not everybody reads alike", "never called"
	for i, c := range []struct {
		globals
		config, says string
	}{
		{config: "listen: 127.0.0.1:4000\nproviders: { loop: { kind: vllm, url: http://127.0.0.1:4000/v1 } }", says: "2:39: providers.loop.url: " + self + " (127.0.0.1:4000)"},
		{config: "listen: 127.0.0.1:4000\nproviders: { loop: { kind: openai, key: env:CLOUD_KEY, url: http://localhost:4000/v1 } }", says: self},
		{config: "listen: ':4000'\nproviders: { loop: { kind: ollama, url: 'http://[::1]:4000' } }", says: self},
		{config: "providers: { loop: { kind: ollama, url: 'http://[::ffff:127.0.0.1]:4000' } }", says: self}, // the port of who says nothing
		{config: "listen: 127.0.0.1:8000\nproviders: { loop: { kind: vllm } }", says: self},
		{config: "metrics: { listen: 127.0.0.1:4001 }\nproviders: { loop: { kind: ollama, url: http://127.0.0.1:4001 } }", says: self + " (127.0.0.1:4001)"},
		{config: "listen: 127.0.0.1:80\nproviders: { loop: { kind: vllm, url: http://localhost/v1 } }", says: self},
		{config: "model_list:\n- model_name: a\n  litellm_params: { model: openai/a, api_base: 'http://localhost:4000/v1', api_key: x }", says: "  2:3: model_list[0]: providers.local.url: " + self},
		{globals: globals{Port: "4000"}, config: "listen: 127.0.0.1:5000\nproviders: { loop: { kind: ollama, url: http://127.0.0.1:4000 } }", says: self},
		{globals: globals{Shadow: "http://127.0.0.1:4000"}, says: "--shadow: tollgate itself"},
		{config: "providers: { loop: { kind: ollama, url: http://2130706433:4000 } }", says: odd},
		{config: "providers: { loop: { kind: ollama, url: http://0x7f.1:4000 } }", says: odd},
		{config: "providers: { loop: { kind: ollama, url: http://0177.0.0.1:4000 } }", says: odd},
		{config: "providers: { loop: { kind: ollama, url: http://127.1:4000 } }", says: odd},
		{config: "providers: { loop: { kind: ollama, url: http://x@127.0.0.1:4000 } }", says: "a credential does not belong in the URL"},
		{config: "providers: { loop: { kind: ollama, url: http://example.org@127.0.0.1:9 } }", says: "a credential does not belong in the URL"},
		{config: "listen: 127.0.0.1:4000\nproviders: { cloudy: { kind: vllm, url: http://169.254.169.254/v1 } }", says: "2:41: providers.cloudy.url: the host is an address that is " + never},
		{config: "providers: { hex: { kind: vllm, url: 'http://[::ffff:a9fe:a9fe]/v1' } }", says: never},
		{config: "providers: { nat64: { kind: openai, key: env:CLOUD_KEY, url: 'https://[64:ff9b::a9fe:a9fe]' } }", says: never},
		{config: "providers: { nowhere: { kind: ollama, url: 'http://[::]:1' } }", says: never},
		{config: "providers: { everybody: { kind: ollama, url: 'http://224.0.0.1:1' } }", says: never},
		{config: "model_list:\n- model_name: a\n  litellm_params: { model: openai/a, api_base: 'http://169.254.169.254/v1', api_key: x }", says: "  2:3: model_list[0]: "},
		{globals: globals{Shadow: "http://169.254.169.254"}, says: "--shadow: the host is an address that is " + never},
		{globals: globals{Shadow: "http://2852039166"}, says: odd},
		// Neighbours are upstreams as others are, and what nobody declared is not looked for here.
		{config: "listen: 127.0.0.1:4000\nproviders: { near: { kind: ollama, url: http://127.0.0.1:4001 }, far: { kind: vllm, url: http://gpu1:4000/v1 } }"},
		{globals: globals{Port: "5000"}, config: "listen: 127.0.0.1:4000\nproviders: { old: { kind: openai, key: env:CLOUD_KEY, url: http://127.0.0.1:4000/v1 } }"},
		{says: "vllm is looked for"},
		{globals: globals{Port: "8000"}},
	} {
		if said := loads(c.globals, c.config); c.says == "" && said != "" || !strings.Contains(said, c.says) {
			t.Errorf("%d, %s: %q, want %q", i, c.config, said, c.says)
		}
	}

	g := audited(t, "compatibility: litellm\n"+upstreamConfig)
	p := g.person(control.KeyChange{})
	admin := must(g.srv.control.EnsureAdmin(t.Context(), ""))(t)
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(g.url, "http://"))
	declaration := func(base string) string {
		return fmt.Sprintf(`{"name":"loop","declaration":{"provider":{"kind":"vllm","url":%q},"model":"free"}}`, base)
	}
	if a := g.do("POST", "/api/v1/models", admin, strings.Replace(declaration(g.up.Ollama()+"/v1"), "{", `{"id":"stays",`, 1), nil); a.Status != 201 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	for host, says := range map[string]string{"127.0.0.1": self, "LocalHost": self, "0.0.0.0": never, "[::]": never, "[::ffff:7f00:1]": self, "2130706433": odd, "0x7f000001": odd, "x@127.0.0.1": "a credential", "169.254.169.254": never, "[64:ff9b::a9fe:a9fe]": never, "[ff02::1]": never} {
		base := "http://" + host + ":" + port + "/v1"
		for _, asked := range []struct{ method, path, body string }{
			{"POST", "/api/v1/models", declaration(base)},
			{"PATCH", "/api/v1/models/stays", declaration(base)},
			{"POST", "/model/new", fmt.Sprintf(`{"model_name":"loop","litellm_params":{"model":"openai/free","api_base":%q,"api_key":"x"}}`, base)},
			{"PATCH", "/model/stays/update", fmt.Sprintf(`{"litellm_params":{"model":"openai/free","api_base":%q}}`, base)},
		} {
			if says == "a credential" && asked.path[:5] != "/api/" {
				continue // LiteLLM's are taken as they are, and answer whoever calls them what is wrong
			}
			if a := g.do(asked.method, asked.path, admin, asked.body, nil); a.Status != 400 && a.Status != 422 || !strings.Contains(a.Body, says) {
				t.Errorf("%s %s of %s: %d %s", asked.method, asked.path, base, a.Status, a.Body)
			}
		}
	}
	if a := g.chat(p, "loop", "", nil); a.Status != 200 {
		t.Errorf("the deployment that was to be led elsewhere: %d %s", a.Status, a.Body)
	}
	// Where the program listens may be known only after it was declared.
	g.stop()
	g.write("")
	ln := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	_ = ln.Close() // nobody needs to be there for nobody to be called
	cfg, problems := loadConfig(globals{Config: g.config, Database: g.db})
	if len(problems) > 0 {
		t.Fatal(problemsError(g.config, problems))
	}
	cfg.Spec.Providers = append(cfg.Spec.Providers, catalog.ProviderSpec{Path: "providers.late", Name: "late", Kind: "vllm", URL: "http://" + ln.Addr().String() + "/v1"})
	cfg.Spec.Models = append(cfg.Spec.Models, catalog.ModelSpec{Path: "models.late", Name: "late", Targets: []catalog.TargetSpec{{To: "late/m", Order: 1}}})
	srv := must(newServer(t.Context(), cfg, g.srv.log, nil))(t)
	defer func() {
		if err := srv.close(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	srv.own.Add(ln.Addr().String())
	body := must(json.Marshal(map[string]any{"model": "late", "messages": []any{}}))(t)
	req := must(http.NewRequest("POST", "http://gate/v1/chat/completions", strings.NewReader(string(body))))(t)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+p.key)
	res := must(srv.app.Test(req, -1))(t)
	defer res.Body.Close()
	if b := must(io.ReadAll(res.Body))(t); res.StatusCode != 503 || !strings.Contains(string(b), "leads back to tollgate itself") {
		t.Errorf("%d %s", res.StatusCode, b)
	}
}
