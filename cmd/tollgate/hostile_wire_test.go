package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"tollgate/gateway/control"
)

// attack is one raw request with a second one hidden behind it. In raw, KEY stands for
// a valid key, HIDDEN for the second request, whose every part carries the mark.
type attack struct {
	name   string
	raw    string
	status int // of the one answer; 0 for any from 400 to 499, 200 for a first request that is in order
	// second is the status of the hidden request, where the first one's end is beyond
	// doubt and no two servers disagree; 0 if there must be no second answer.
	second int
}

// mark is in every part of the hidden request, and must be found nowhere.
const mark = "hidden4711"

// free is what the first request asks for, in words of 50 bytes.
const freeBody = `{"model":"free","messages":[{"role":"user","content":"hello"}]}`

// head begins a request of the first kind; what follows are its further headers.
const head = "POST /v1/chat/completions HTTP/1.1\r\nHost: gate\r\nAuthorization: Bearer KEY\r\nContent-Type: application/json\r\n"

func chunked(s string) string { return fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(s), s) }

func length(s string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(s), s) }

// attacks are what parsers disagree about (trust.md 1.1, A19, A5).
func attacks() []attack {
	one := chunked(freeBody)
	size := fmt.Sprint(len(freeBody))
	get := func(target string) string {
		return "GET " + target + " HTTP/1.1\r\nHost: gate\r\nAuthorization: Bearer KEY\r\n\r\n"
	}
	return []attack{
		// In order: what must go on working.
		{name: "two requests in one packet", raw: head + length(freeBody) + "HIDDEN", status: 200, second: 200},
		{name: "chunked", raw: head + "Transfer-Encoding: chunked\r\n\r\n" + one + "HIDDEN", status: 200, second: 200},
		{name: "chunked in capitals", raw: head + "Transfer-Encoding: CHUNKED\r\n\r\n" + one + "HIDDEN", status: 200, second: 200},
		{name: "an empty line before the request", raw: "\r\n" + head + length(freeBody) + "HIDDEN", status: 200, second: 200},
		{name: "asked to go on", raw: head + "Expect: 100-continue\r\n" + length(freeBody) + "HIDDEN", status: 200, second: 200},
		{name: "GET with a body", raw: "GET /v1/models HTTP/1.1\r\nHost: gate\r\nAuthorization: Bearer KEY\r\n" + length("GET / HTTP/1.1\r\n\r\n") + "HIDDEN", status: 200, second: 200},
		{name: "bare LFs in the body", raw: head + length(strings.ReplaceAll(freeBody, ",", ",\n")) + "HIDDEN", status: 200, second: 200},
		{name: "close and more", raw: head + "Connection: close\r\n" + length(freeBody) + "HIDDEN", status: 200},
		{name: "HTTP/1.0 and more", raw: strings.Replace(head, "HTTP/1.1", "HTTP/1.0", 1) + length(freeBody) + "HIDDEN", status: 200},

		// Where the body ends.
		{name: "CL and TE", raw: head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHIDDEN", status: 400},
		{name: "TE and CL", raw: head + "Transfer-Encoding: chunked\r\nContent-Length: " + size + "\r\n\r\n" + one + "HIDDEN", status: 400},
		{name: "CL of 0 and TE", raw: head + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHIDDEN", status: 400},
		{name: "two lengths", raw: head + "Content-Length: 0\r\n" + length(freeBody) + "HIDDEN"},
		{name: "one length twice", raw: head + "Content-Length: " + size + "\r\n" + length(freeBody) + "HIDDEN"},
		{name: "a list of lengths", raw: head + "Content-Length: " + size + ", " + size + "\r\n\r\n" + freeBody + "HIDDEN"},
		{name: "a negative length", raw: head + "Content-Length: -1\r\n\r\nHIDDEN"},
		{name: "a length with a plus", raw: head + "Content-Length: +" + size + "\r\n\r\n" + freeBody + "HIDDEN"},
		{name: "a length in hex", raw: head + "Content-Length: 0x10\r\n\r\n" + freeBody + "HIDDEN"},
		{name: "a length with a space in it", raw: head + "Content-Length: 1 0\r\n\r\n" + freeBody + "HIDDEN"},
		{name: "no length in it", raw: head + "Content-Length: \r\n\r\nHIDDEN"},
		{name: "a length beyond 64 bits", raw: head + "Content-Length: 18446744073709551616\r\n\r\nHIDDEN"},
		{name: "a length beyond all sense", raw: head + "Content-Length: 99999999999999999999999999\r\n\r\nHIDDEN"},
		{name: "a length past the limit", raw: head + "Content-Length: 9999999999\r\n\r\nHIDDEN", status: 413},
		{name: "TE twice", raw: head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + one + "HIDDEN"},
		{name: "TE chunked, identity", raw: head + "Transfer-Encoding: chunked, identity\r\n\r\n" + one + "HIDDEN"},
		{name: "TE identity", raw: head + "Transfer-Encoding: identity\r\n\r\nHIDDEN", status: 400},
		{name: "TE identity and CL", raw: head + "Transfer-Encoding: identity\r\n" + length(freeBody) + "HIDDEN", status: 400},
		{name: "TE gzip, chunked", raw: head + "Transfer-Encoding: gzip, chunked\r\n\r\n" + one + "HIDDEN"},
		{name: "TE xchunked", raw: head + "Transfer-Encoding: xchunked\r\n\r\n" + one + "HIDDEN"},
		{name: "TE in quotes", raw: head + "Transfer-Encoding: \"chunked\"\r\n\r\n" + one + "HIDDEN"},
		{name: "TE with a vertical tab", raw: head + "Transfer-Encoding: \x0bchunked\r\n\r\n" + one + "HIDDEN"},
		{name: "HTTP/1.0 with TE", raw: strings.Replace(head, "HTTP/1.1", "HTTP/1.0", 1) + "Transfer-Encoding: chunked\r\n\r\n" + one + "HIDDEN"},
		{name: "a space before the colon", raw: head + "Transfer-Encoding : chunked\r\n\r\n" + one + "HIDDEN"},
		{name: "a space in a name", raw: head + "Content Length: 5\r\n" + length(freeBody) + "HIDDEN", status: 400},
		{name: "a tab before the colon", raw: head + "Content-Length\t: 5\r\n\r\nHIDDEN"},

		// Chunks.
		{name: "LF in a chunk extension", raw: head + "Transfer-Encoding: chunked\r\n\r\n1;a\nX\r\nA\r\n0\r\n\r\nHIDDEN"},
		{name: "LF after a chunk's size", raw: head + "Transfer-Encoding: chunked\r\n\r\n1\nA\r\n0\r\n\r\nHIDDEN"},
		{name: "a chunk's size in decimal sign", raw: head + "Transfer-Encoding: chunked\r\n\r\n+1\r\nA\r\n0\r\n\r\nHIDDEN"},
		{name: "a chunk's size with 0x", raw: head + "Transfer-Encoding: chunked\r\n\r\n0x1\r\nA\r\n0\r\n\r\nHIDDEN"},
		{name: "a chunk's size beyond 64 bits", raw: head + "Transfer-Encoding: chunked\r\n\r\n10000000000000001\r\nA\r\n0\r\n\r\nHIDDEN"},
		{name: "a chunk past the limit", raw: head + "Transfer-Encoding: chunked\r\n\r\nffffffff\r\n" + strings.Repeat("A", 64<<10+1), status: 413},
		{name: "a chunk longer than it says", raw: head + "Transfer-Encoding: chunked\r\n\r\n1\r\nABC\r\n0\r\n\r\nHIDDEN"},
		{name: "no size", raw: head + "Transfer-Encoding: chunked\r\n\r\n\r\nA\r\n0\r\n\r\nHIDDEN"},
		{name: "a declared trailer", raw: head + "Transfer-Encoding: chunked\r\nTrailer: X-Api-Key\r\n\r\n" + strings.TrimSuffix(one, "\r\n") + "X-Api-Key: KEY\r\n\r\nHIDDEN"},
		{name: "a harmless trailer", raw: head + "Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n" + strings.TrimSuffix(one, "\r\n") + "X-Sum: 1\r\n\r\nHIDDEN", status: 400},

		// The head.
		{name: "NUL in a header", raw: head + "A: b\x00c\r\n" + length(freeBody) + "HIDDEN"},
		{name: "CR in a header", raw: head + "A: b\rc\r\n" + length(freeBody) + "HIDDEN"},
		{name: "CR and a header in a header", raw: head + "A: b\rTransfer-Encoding: chunked\r\n" + length(freeBody) + "HIDDEN"},
		{name: "NUL in a name", raw: head + "A\x00: b\r\n" + length(freeBody) + "HIDDEN"},
		{name: "no name", raw: head + ": b\r\n" + length(freeBody) + "HIDDEN"},
		{name: "no colon", raw: head + "ABC\r\n" + length(freeBody) + "HIDDEN"},
		{name: "a bare LF after a header", raw: head + "A: b\n" + length(freeBody) + "HIDDEN", status: 400},
		{name: "a bare LF before the body", raw: head + "Content-Length: 0\r\n\nHIDDEN", status: 400},
		{name: "a bare LF after the first line", raw: strings.Replace(head, "\r\n", "\n", 1) + length(freeBody) + "HIDDEN", status: 400},
		{name: "a bare LF before the request", raw: "\n" + head + length(freeBody) + "HIDDEN", status: 400},
		{name: "a bare LF after the first line of a second request", raw: head + length(freeBody) + strings.Replace(get("/v1/models"), "\r\n", "\n", 1) + "HIDDEN", status: 200, second: 400},
		{name: "bare LFs all through", raw: strings.ReplaceAll(head, "\r\n", "\n") + "Content-Length: 0\n\nHIDDEN", status: 400},
		{name: "a folded header", raw: head + "A: b\r\n c\r\n" + length(freeBody) + "HIDDEN", status: 400},
		{name: "a folded TE", raw: head + "Transfer-Encoding:\r\n chunked\r\n\r\n" + one + "HIDDEN", status: 400},
		{name: "a header folded over a length", raw: head + "A: b\r\n\tContent-Length: 0\r\n" + length(freeBody) + "HIDDEN", status: 400},
		{name: "a space before the first header", raw: strings.Replace(head, "\r\nHost", "\r\n Host", 1) + length(freeBody) + "HIDDEN"},
		{name: "no Host", raw: strings.Replace(head, "Host: gate\r\n", "", 1) + length(freeBody) + "HIDDEN"},
		{name: "two Hosts", raw: head + "Host: gate\r\n" + length(freeBody) + "HIDDEN"},
		{name: "a Host with a path", raw: strings.Replace(head, "Host: gate", "Host: gate/x", 1) + length(freeBody) + "HIDDEN"},

		{name: "two keys in one kind of header", raw: head + "Authorization: Bearer other\r\n" + length(freeBody) + "HIDDEN", status: 400},
		{name: "two types of content", raw: head + "Content-Type: text/plain\r\n" + length(freeBody) + "HIDDEN", status: 400},
		{name: "two encodings", raw: head + "Content-Encoding: gzip\r\nContent-Encoding: identity\r\n" + length(freeBody) + "HIDDEN", status: 400},

		// The first line.
		{name: "another host in the target", raw: strings.Replace(head, " /v1", " http://elsewhere/v1", 1) + length(freeBody) + "HIDDEN", status: 400},
		{name: "this host in the target", raw: strings.Replace(head, " /v1", " http://gate/v1", 1) + length(freeBody) + "HIDDEN", status: 400},
		{name: "a file in the target", raw: get("file:///etc/passwd") + "HIDDEN", status: 400},
		{name: "CONNECT", raw: "CONNECT gate:443 HTTP/1.1\r\nHost: gate:443\r\n\r\nHIDDEN", status: 400},
		{name: "an asterisk", raw: "OPTIONS * HTTP/1.1\r\nHost: gate\r\n\r\nHIDDEN", status: 400},
		{name: "no slash", raw: get("v1/models") + "HIDDEN"},
		{name: "two spaces", raw: get(" /v1/models") + "HIDDEN"},
		{name: "a space in the path", raw: get("/v1/mod els") + "HIDDEN"},
		{name: "a tab for a space", raw: strings.Replace(get("/v1/models"), "GET ", "GET\t", 1) + "HIDDEN"},
		{name: "no version", raw: "GET /v1/models\r\n\r\nHIDDEN"},
		{name: "HTTP/0.9 with a key", raw: "GET /v1/models HTTP/0.9\r\nHost: gate\r\nAuthorization: Bearer KEY\r\n\r\nHIDDEN"},
		{name: "HTTP/2.0", raw: strings.Replace(get("/v1/models"), "HTTP/1.1", "HTTP/2.0", 1) + "HIDDEN"},
		{name: "HTTP/1.10", raw: strings.Replace(get("/v1/models"), "HTTP/1.1", "HTTP/1.10", 1) + "HIDDEN"},
		{name: "the preface of HTTP/2", raw: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nHIDDEN"},
		{name: "a method in brackets", raw: strings.Replace(get("/v1/models"), "GET", "(GET)", 1) + "HIDDEN"},
		{name: "TLS", raw: "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\nHIDDEN"},

		// A request in order, and then what is none.
		{name: "garbage after it", raw: head + length(freeBody) + "garbage\r\n\r\nHIDDEN", status: 200, second: 400},
		{name: "a body longer than its length", raw: head + "Content-Length: " + size + "\r\n\r\n" + freeBody + "0123456789\r\n\r\nHIDDEN", status: 200, second: 400},
	}
}

// hidden is the request that must not be served.
func hidden(key string) string {
	body := `{"model":"paid","user":"` + mark + `","messages":[{"role":"user","content":"` + mark + `"}]}`
	return "POST /v1/chat/completions HTTP/1.1\r\nHost: gate\r\nAuthorization: Bearer " + key + "\r\nX-Client-Request-Id: " + mark + "\r\n" +
		"User-Agent: " + mark + "\r\nContent-Type: application/json\r\n" + length(body)
}

func (a attack) bytes(key string) string {
	return strings.NewReplacer("KEY", key, "HIDDEN", hidden(key)).Replace(a.raw)
}

// patience is for what must happen: on a busy machine it may take long.
const patience = 20 * time.Second

// exchange sends raw bytes and reads answers until the other side closes. With a
// quiet time it stops waiting after so long a silence behind the first answer.
func exchange(t *testing.T, addr, raw string, quiet time.Duration) (answers []answer, closed bool) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.WriteString(conn, raw) }() // the other side may close in the middle of it
	r := bufio.NewReader(conn)
	for {
		if quiet > 0 && len(answers) > 0 {
			_ = conn.SetReadDeadline(time.Now().Add(quiet))
		}
		res, err := http.ReadResponse(r, nil)
		if err != nil {
			return answers, !errors.Is(err, os.ErrDeadlineExceeded)
		}
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Logf("an answer that was cut: %v", err)
		}
		_ = res.Body.Close()
		if res.StatusCode == http.StatusContinue {
			continue
		}
		if res.Close {
			res.Header.Set("Connection", "close") // net/http takes it out
		}
		answers = append(answers, answer{res.StatusCode, res.Header, string(b)})
		// The last request of a connection: nothing more is expected, and its end is.
		if quiet > 0 && len(answers) == 2 {
			return answers, false
		}
	}
}

// TestA19_RawRequests: what two servers could read in two ways is refused, in
// OpenAI's words, the connection is closed behind it, and what was hidden behind it
// reaches no upstream, no row of the books and no line of the log.
func TestA19_RawRequests(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig+"front: { max_body: 64 KiB }\n")
	p := g.person(control.KeyChange{})
	addr := strings.TrimPrefix(g.url, "http://")
	for _, a := range attacks() {
		g.up.Reset()
		want, quiet := 1, time.Duration(0)
		if a.second != 0 {
			want = 2
			if a.second == 200 {
				quiet = patience
			}
		}
		answers, closed := exchange(t, addr, a.bytes(p.key), quiet)
		if len(answers) != want {
			t.Errorf("%s: %d answers, want %d: %v", a.name, len(answers), want, answers)
			continue
		}
		if !closed && quiet == 0 {
			t.Errorf("%s: the connection stays open", a.name)
		}
		for i, status := range []int{a.status, a.second}[:want] {
			got := answers[i]
			if (status != 0 && got.Status != status) || (status == 0 && (got.Status < 400 || got.Status > 499)) {
				t.Errorf("%s: answer %d is %d %s, want %d", a.name, i+1, got.Status, got.Body, status)
			}
			if got.Status < 400 {
				continue
			}
			if got.errorField(t, "code") == "" || got.errorField(t, "message") == "" {
				t.Errorf("%s: not an error of OpenAI's shape: %s", a.name, got.Body)
			}
			if got.Header.Get("Content-Type") != "application/json" || got.Header.Get("Connection") != "close" || got.Header.Get("X-Request-Id") == "" {
				t.Errorf("%s: %v", a.name, got.Header)
			}
			if strings.Contains(got.Body, p.key) || strings.Contains(got.Body, mark) {
				t.Errorf("%s: the answer quotes what lay in the buffer: %s", a.name, got.Body)
			}
		}
		served := 0
		for _, got := range answers {
			if got.Status == 200 && !strings.Contains(got.Body, `"object":"list"`) {
				served++
			}
		}
		if calls := g.up.Calls(); len(calls) != served {
			t.Errorf("%s: %d calls reached the upstream for %d answers", a.name, len(calls), served)
		}
		if a.second != 200 {
			g.unseen(a.name)
		}
		g.forget()
	}
}

// forget empties what the honest rows of the corpus leave behind.
func (g *gate) forget() {
	g.logs.mu.Lock()
	defer g.logs.mu.Unlock()
	g.logs.b.Reset()
}

// unseen says that the hidden request was neither sent, nor written down, nor logged.
func (g *gate) unseen(name string) {
	g.t.Helper()
	for _, c := range g.up.Calls() {
		if strings.Contains(string(c.Body)+fmt.Sprint(c.Header), mark) {
			g.t.Errorf("%s: the hidden request reached the upstream", name)
		}
	}
	if strings.Contains(g.logs.String(), mark) {
		g.t.Errorf("%s: the hidden request is in the log", name)
	}
}
