package edge

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"
	"github.com/klauspost/compress/zstd"
	"github.com/valyala/fasthttp"

	"tollgate/gateway/access"
)

// front runs an application with the program's own limits. It records the bodies
// that reached a handler.
type front struct {
	addr     string
	patience time.Duration // for the first answer
	mu       sync.Mutex
	seen     []string
}

func newFront(t *testing.T) *front {
	t.Helper()
	f := &front{patience: 2 * time.Second}
	limits := NewFront(DefaultLimits(), slog.New(slog.DiscardHandler))
	app := NewApp(slog.New(slog.DiscardHandler), func() string { return "req" }, Plainly(func() int { return 0 }), nil, limits, "")
	Mount(app, &Auth{Directory: &access.Directory{}, Now: time.Now, Local: "secret"}, []Route{
		{Method: "POST", Path: "/in", Access: AnyKey, Handle: func(c *fiber.Ctx, _ access.Principal) error {
			b, err := Body(c)
			if err != nil {
				return err
			}
			f.mu.Lock()
			f.seen = append(f.seen, string(b))
			f.mu.Unlock()
			return c.SendString(fmt.Sprint(len(b)))
		}},
		{Method: "GET", Path: "/who", Access: AnyKey, Handle: func(c *fiber.Ctx, who access.Principal) error { return c.SendString(who.Key.ID) }},
		{Method: "GET", Path: "/boom", Access: Open, Handle: func(*fiber.Ctx, access.Principal) error { panic("boom") }},
	})
	for _, network := range []string{"[::1]:0", "127.0.0.1:0"} {
		ln, err := net.Listen("tcp", network)
		if err != nil {
			if network == "[::1]:0" {
				continue // a machine without IPv6
			}
			t.Fatal(err)
		}
		go func() { _ = app.Listener(limits.Listen(ln)) }()
		f.addr = ln.Addr().String()
	}
	t.Cleanup(func() { _ = app.ShutdownWithTimeout(time.Second) })
	return f
}

// send writes raw bytes on one connection and reads the answers until it is closed
// or falls silent. Every POST has a key.
func (f *front) send(t *testing.T, raw string) (answers []int, bodies []string) {
	t.Helper()
	conn, err := net.Dial("tcp", f.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(f.patience)); err != nil {
		t.Fatal(err)
	}
	raw = strings.ReplaceAll(raw, "POST /in HTTP/1.1\r\n", "POST /in HTTP/1.1\r\nAuthorization: Bearer secret\r\n")
	go func() { _, _ = io.WriteString(conn, raw) }()
	r := bufio.NewReader(conn)
	for {
		res := fasthttp.AcquireResponse()
		err := res.Read(r)
		if err != nil {
			return answers, bodies
		}
		answers = append(answers, res.StatusCode())
		bodies = append(bodies, string(res.Body()))
		_ = conn.SetReadDeadline(time.Now().Add(150 * time.Millisecond))
	}
}

// TestSmuggling sends what parsers disagree about. In each, a second request is
// hidden behind the first; it must never reach a handler.
func TestSmuggling(t *testing.T) {
	f := newFront(t)
	hidden := "POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nHIDDEN"
	for name, raw := range map[string]string{
		"CL and TE":                 "POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
		"TE and CL":                 "POST /in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + hidden,
		"two lengths":               "POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 90\r\n\r\nA" + hidden,
		"TE twice":                  "POST /in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + hidden,
		"TE chunked, identity":      "POST /in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + hidden,
		"HTTP/1.0 with TE":          "POST /in HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
		"LF in a chunk extension":   "POST /in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;a\nX\r\nA\r\n0\r\n\r\n" + hidden,
		"NUL in a header":           "POST /in HTTP/1.1\r\nHost: x\r\nA: b\x00c\r\nContent-Length: 0\r\n\r\n" + hidden,
		"CR in a header":            "POST /in HTTP/1.1\r\nHost: x\r\nA: b\rc\r\nContent-Length: 0\r\n\r\n" + hidden,
		"no Host":                   "POST /in HTTP/1.1\r\nContent-Length: 0\r\n\r\n" + hidden,
		"two Hosts":                 "POST /in HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: 0\r\n\r\n" + hidden,
		"negative length":           "POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n" + hidden,
		"length with a plus":        "POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: +0\r\n\r\n" + hidden,
		"a length beyond all sense": "POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n" + hidden,
	} {
		f.mu.Lock()
		f.seen = nil
		f.mu.Unlock()
		answers, bodies := f.send(t, raw)
		f.mu.Lock()
		seen := strings.Join(f.seen, "|")
		f.mu.Unlock()
		if strings.Contains(seen, "HIDDEN") {
			t.Errorf("%s: the hidden request was served (answers %v)", name, answers)
		}
		for i, code := range answers {
			if code < 400 && len(answers) > 1 {
				t.Errorf("%s: answers %v %q", name, answers, bodies[i])
			}
		}
	}
	if answers, _ := f.send(t, "POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nA"+hidden); len(answers) != 2 || answers[0] != 200 || answers[1] != 200 {
		t.Errorf("two honest requests on one connection: %v", answers)
	}
}

// TestErrorsOfTheFrontAreOpenAIs: whatever the server itself refuses has the same
// shape as every other error.
func TestErrorsOfTheFrontAreOpenAIs(t *testing.T) {
	f := newFront(t)
	for name, c := range map[string]struct {
		raw    string
		status int
		code   string
	}{
		"unknown path":      {"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n", 404, "unknown_path"},
		"wrong method":      {"GET /in HTTP/1.1\r\nHost: x\r\n\r\n", 405, "method_not_allowed"},
		"huge headers":      {"GET /in HTTP/1.1\r\nHost: x\r\nA: " + strings.Repeat("a", MaxHeaders) + "\r\n\r\n", 431, "headers_too_large"},
		"announced body":    {fmt.Sprintf("POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n{", DefaultLimits().MaxBody+1), 413, "request_too_large"},
		"a panic":           {"GET /boom HTTP/1.1\r\nHost: x\r\n\r\n", 500, "internal_error"},
		"no key":            {"GET /who HTTP/1.1\r\nHost: x\r\n\r\n", 401, "missing_api_key"},
		"two keys":          {"GET /who HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\nX-Api-Key: b\r\n\r\n", 400, "two_api_keys"},
		"unknown encoding":  {"POST /in HTTP/1.1\r\nHost: x\r\nContent-Encoding: rot13\r\nContent-Length: 1\r\n\r\na", 415, "unsupported_encoding"},
		"two encodings":     {"POST /in HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip, gzip\r\nContent-Length: 1\r\n\r\na", 415, "unsupported_encoding"},
		"no gzip in it":     {"POST /in HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\na", 400, "invalid_encoding"},
		"garbage, not HTTP": {"\x16\x03\x01\x02\x00\r\n\r\n", 400, "bad_request"},
	} {
		answers, bodies := f.send(t, c.raw)
		if len(answers) != 1 || answers[0] != c.status || !strings.Contains(bodies[0], `"code":"`+c.code+`"`) || !strings.HasPrefix(bodies[0], `{"error":{"message":`) {
			t.Errorf("%s: %v %q, want %d %s", name, answers, bodies, c.status, c.code)
		}
	}
	for _, h := range []string{"Authorization: Bearer secret", "authorization: bearer secret", "X-Api-Key: secret", "Api-Key: secret", "Authorization: Bearer secret\r\nX-Api-Key: secret"} {
		if answers, _ := f.send(t, "GET /who HTTP/1.1\r\nHost: x\r\n"+h+"\r\n\r\n"); len(answers) != 1 || answers[0] != 200 {
			t.Errorf("%q: %v", h, answers)
		}
	}
}

// TestBodiesInChunks: whoever sends a body in chunks is told what is wrong with it. What
// comes in its trailers is not taken for a header, whether they were announced or not.
func TestBodiesInChunks(t *testing.T) {
	f := newFront(t)
	for name, c := range map[string]struct{ chunks, code, says string }{
		"whole":                      {"5;a=b\r\nhello\r\n0\r\n\r\n", "", "5"},
		"a trailer":                  {"5\r\nhello\r\n0\r\nIdempotency-Key: k\r\n\r\n", "trailers_not_taken", "trailers are not taken"},
		"a length in the trailers":   {"5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n", "invalid_body", "not well formed"},
		"a trailer that is none":     {"5\r\nhello\r\n0\r\nSECRET\r\n\r\n", "invalid_body", "not well formed"},
		"a size below zero":          {"-5\r\nhello\r\n0\r\n\r\n", "invalid_body", "not well formed"},
		"a size beyond all sense":    {strings.Repeat("f", 20) + "\r\nhello\r\n0\r\n\r\n", "invalid_body", "not well formed"},
		"a chunk longer than it was": {"4\r\nhello\r\n0\r\n\r\n", "invalid_body", "end of chunk size"},
	} {
		answers, bodies := f.send(t, "POST /in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"+c.chunks+"GET /boom HTTP/1.1\r\nHost: x\r\n\r\n")
		want := 1
		if c.code == "" {
			want = 2
		}
		if len(answers) != want || !strings.Contains(bodies[0], c.says) || c.code != "" && !strings.Contains(bodies[0], `"code":"`+c.code+`"`) || strings.Contains(bodies[0], "SECRET") {
			t.Errorf("%s: %v %q", name, answers, bodies)
		}
	}
}

func TestBodyInflatesWithALimit(t *testing.T) {
	f := newFront(t)
	f.patience = time.Minute // inflating 64 MiB under the race detector takes its time
	zipped := func(n int) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		zeros := make([]byte, 1<<20)
		for ; n > 0; n -= len(zeros) {
			_, _ = z.Write(zeros[:min(n, len(zeros))])
		}
		_ = z.Close()
		return b.String()
	}
	post := func(encoding, body string) int {
		answers, _ := f.send(t, fmt.Sprintf("POST /in HTTP/1.1\r\nHost: x\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s", encoding, len(body), body))
		if len(answers) != 1 {
			return 0
		}
		return answers[0]
	}
	if got := post("gzip", zipped(1000)); got != 200 {
		t.Errorf("a small gzip body: %d", got)
	}
	if got := post("gzip", zipped(int(DefaultLimits().MaxBody))); got != 200 {
		t.Errorf("a gzip body at the limit: %d", got)
	}
	if got := post("gzip", zipped(int(DefaultLimits().MaxBody)+1)); got != 413 {
		t.Errorf("a gzip body past the limit: %d", got)
	}
	enc, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := post("zstd", string(enc.EncodeAll([]byte(`{"model":"x"}`), nil))); got != 200 {
		t.Errorf("a zstd body: %d", got)
	}
	runtime.GC()
}

// TestNothingBorrowedIsKept: values that a handler copies stay what they were when
// the next request on the connection arrives.
func TestNothingBorrowedIsKept(t *testing.T) {
	var kept, borrowed []string
	limits := NewFront(DefaultLimits(), slog.New(slog.DiscardHandler))
	app := NewApp(slog.New(slog.DiscardHandler), func() string { return "req" }, Plainly(func() int { return 0 }), nil, limits, "")
	app.Get("/", func(c *fiber.Ctx) error {
		kept = append(kept, utils.CopyString(c.Get("X-Api-Key")))
		borrowed = append(borrowed, c.Get("X-Api-Key"))
		return nil
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = app.Listener(limits.Listen(ln)) }()
	f := &front{addr: ln.Addr().String(), patience: 2 * time.Second}
	f.send(t, "GET / HTTP/1.1\r\nHost: x\r\nX-Api-Key: alice\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nX-Api-Key: mallo\r\n\r\n")
	if err := app.ShutdownWithTimeout(time.Second); err != nil && !errors.Is(err, net.ErrClosed) {
		t.Fatal(err)
	}
	if len(kept) != 2 || kept[0] != "alice" || kept[1] != "mallo" {
		t.Errorf("kept %q", kept)
	}
	t.Logf("borrowed, for comparison: %q", borrowed)
}

// TestWatchSeesTheClientLeave: while nothing is read or written, a closed
// connection is noticed, a silent one and one with more bytes are not.
func TestWatchSeesTheClientLeave(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	pair := func() (client, server net.Conn) {
		client, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		server, err = ln.Accept()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { client.Close(); server.Close() })
		return client, server
	}
	gone := make(chan struct{}, 1)
	expect := func(what string, want bool, wait time.Duration) {
		t.Helper()
		select {
		case <-gone:
			if !want {
				t.Errorf("%s: taken for gone", what)
			}
		case <-time.After(wait):
			if want {
				t.Errorf("%s: not noticed", what)
			}
		}
	}
	note := func() { gone <- struct{}{} }

	client, server := pair()
	stop := Watch(server, note)
	expect("a silent client", false, 3*lookEvery)
	client.Close()
	expect("a closed connection", true, 5*time.Second)
	stop()

	client, server = pair()
	stop = Watch(server, note)
	if _, err := client.Write([]byte("more")); err != nil {
		t.Fatal(err)
	}
	expect("a client that sends more", false, 3*lookEvery)
	client.Close()
	expect("a close behind unread bytes", true, 5*time.Second)
	stop()

	client, server = pair()
	stop = Watch(server, note)
	stop()
	if _, err := client.Write([]byte("next")); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 4)
	if _, err := io.ReadFull(server, b); err != nil || string(b) != "next" {
		t.Errorf("after the watch the connection reads %q, %v", b, err)
	}
}

// TestWatchOfMany: whoever leaves is noticed among many that stay, and a watch that was
// stopped says nothing, whenever that is.
func TestWatchOfMany(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	const n = 90
	clients, servers, stops := make([]net.Conn, n), make([]net.Conn, n), make([]func(), n)
	gone := make(chan int, n)
	for i := range n {
		if clients[i], err = net.Dial("tcp", ln.Addr().String()); err != nil {
			t.Fatal(err)
		}
		if servers[i], err = ln.Accept(); err != nil {
			t.Fatal(err)
		}
		defer clients[i].Close()
		defer servers[i].Close()
		stops[i] = Watch(servers[i], func() { gone <- i })
	}
	var stopped sync.WaitGroup
	want := 0
	for i := range n {
		switch i % 3 {
		case 0: // leaves in one of the ways
			want++
			tcp := clients[i].(*net.TCPConn)
			switch i % 4 {
			case 0:
				err = tcp.CloseWrite()
			case 1:
				_, err = tcp.Write([]byte("more"))
				err = errors.Join(err, tcp.Close())
			case 2:
				err = errors.Join(tcp.SetLinger(0), tcp.Close())
			default:
				err = tcp.Close()
			}
			if err != nil {
				t.Fatal(err)
			}
		case 1: // is answered, and leaves afterwards
			stopped.Go(func() { stops[i](); clients[i].Close() })
		}
	}
	stopped.Wait()
	deadline := time.After(10 * time.Second)
	for range want {
		select {
		case i := <-gone:
			if i%3 != 0 {
				t.Errorf("connection %d is taken for gone", i)
			}
		case <-deadline:
			t.Fatal("not all who left were noticed")
		}
	}
	select {
	case i := <-gone:
		t.Errorf("connection %d is taken for gone too", i)
	case <-time.After(3 * lookEvery):
	}
	for _, stop := range stops {
		stop()
	}
}

// TestWatchIsPrompt: who leaves is noticed within two rounds, which is 50 ms, whether
// the request has just come or runs for long.
func TestWatchIsPrompt(t *testing.T) {
	if 2*lookEvery > 50*time.Millisecond {
		t.Fatalf("two rounds are %v", 2*lookEvery)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	round := func() uint64 {
		watched.mu.Lock()
		defer watched.mu.Unlock()
		return watched.round
	}
	for _, old := range []bool{false, true} {
		var rounds []uint64
		for range 15 {
			client, err := net.Dial("tcp", ln.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			server, err := ln.Accept()
			if err != nil {
				t.Fatal(err)
			}
			gone := make(chan uint64, 1)
			stop := Watch(server, func() { gone <- round() })
			if old {
				time.Sleep(3 * lookEvery)
			}
			left := round()
			client.Close()
			select {
			case at := <-gone:
				rounds = append(rounds, at-left)
			case <-time.After(10 * time.Second):
				t.Fatal("a client that left is not noticed")
			}
			stop()
			server.Close()
		}
		if slices.Min(rounds) > 2 { // a busy machine may sleep between two of our steps
			t.Errorf("old %v: noticed after %d rounds", old, rounds)
		}
	}
}

// TestWatchOfShortRequestsIsFree: the kernel is not asked about a request that is
// answered at once.
func TestWatchOfShortRequestsIsFree(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	client, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	server, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	followed := func() uint64 {
		watched.mu.Lock()
		defer watched.mu.Unlock()
		return watched.followed
	}
	before := followed()
	const n = 10_000
	for range n {
		Watch(server, func() { t.Error("gone") })()
	}
	if took := followed() - before; took > n/100 { // this goroutine may have slept in the middle of one
		t.Errorf("the kernel was asked about %d of %d", took, n)
	}
}
