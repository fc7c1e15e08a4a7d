package edge

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"tollgate/gateway/access"
)

// wall is a front with limits of its own. Its handlers: /in takes a body, /wait answers
// when it is let go, /big answers with 16 MiB, /stream with what never ends, each for a
// key, and /open answers anybody.
type wall struct {
	*Front
	t      *testing.T
	addr   string
	logs   *lockedBuffer
	inside chan struct{} // a /wait has begun
	letGo  chan struct{} // closed by the test
	closed chan struct{} // a /stream was closed
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// endless is an answer that never ends.
type endless struct{ closed chan struct{} }

func (e endless) Read(p []byte) (int, error) { return len(p), nil }
func (e endless) Close() error               { e.closed <- struct{}{}; return nil }

// elsewhere makes connections look as if they came from other machines.
type elsewhere struct {
	net.Listener
	from func() string
}

type foreign struct {
	*net.TCPConn
	from net.Addr
}

func (f foreign) RemoteAddr() net.Addr { return f.from }

func (e elsewhere) Accept() (net.Conn, error) {
	c, err := e.Listener.Accept()
	if err != nil || e.from == nil {
		return c, err
	}
	return foreign{c.(*net.TCPConn), net.TCPAddrFromAddrPort(netip.MustParseAddrPort(e.from()))}, nil
}

func build(t *testing.T, change func(*Limits), from func() string) *wall {
	t.Helper()
	limits := DefaultLimits()
	w := &wall{t: t, logs: &lockedBuffer{}, inside: make(chan struct{}, 100), letGo: make(chan struct{}), closed: make(chan struct{}, 100)}
	log := slog.New(slog.NewTextHandler(w.logs, nil))
	w.Front = NewFront(limits, log)
	if change != nil {
		change(&w.limits)
	}
	app := NewApp(log, func() string { return "req" }, Plainly(func() int { return 0 }), nil, w.Front, "")
	d := &access.Directory{}
	for _, name := range []string{"ann", "bob"} {
		d.PutKey(access.Key{ID: name, Digest: access.DigestOf(name)}, true)
	}
	in := func(c *fiber.Ctx, _ access.Principal) error {
		b, err := Body(c)
		if err != nil {
			return err
		}
		return c.SendString(fmt.Sprint(len(b)))
	}
	Mount(app, &Auth{Directory: d, Now: time.Now, Local: "admin"}, []Route{
		{Method: "POST", Path: "/open", Access: Open, Handle: in},
		{Method: "GET", Path: "/open", Access: Open, Handle: in},
		{Method: "POST", Path: "/in", Access: AnyKey, Handle: in},
		{Method: "POST", Path: "/wait", Access: AnyKey, Handle: func(c *fiber.Ctx, _ access.Principal) error {
			w.inside <- struct{}{}
			<-w.letGo
			return c.SendString("waited")
		}},
		{Method: "GET", Path: "/manage", Access: AdminKey, Handle: in},
		{Method: "POST", Path: "/manage", Access: AdminKey, Handle: in},
		{Method: "GET", Path: "/big", Access: AnyKey, Handle: func(c *fiber.Ctx, _ access.Principal) error { return c.Send(make([]byte, 16<<20)) }},
		{Method: "GET", Path: "/stream", Access: AnyKey, Handle: func(c *fiber.Ctx, _ access.Principal) error {
			c.Context().SetBodyStream(endless{w.closed}, -1)
			return nil
		}},
		{Method: "GET", Path: "/parts", Access: AnyKey, Handle: func(c *fiber.Ctx, _ access.Principal) error {
			c.Context().SetBodyStream(&parts{all: []string{"one\r\n0\r\n", "\r\ntwo", strings.Repeat("x", 100_000)}}, -1)
			return nil
		}},
		{Method: "GET", Path: "/cut", Access: AnyKey, Handle: func(c *fiber.Ctx, _ access.Principal) error {
			c.Context().SetBodyStream(&parts{all: []string{"one"}, end: errors.New("cut")}, -1)
			return nil
		}},
		{Method: "GET", Path: "/known", Access: AnyKey, Handle: func(c *fiber.Ctx, _ access.Principal) error {
			c.Context().SetBodyStream(strings.NewReader("known"), 5)
			return nil
		}},
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.addr = ln.Addr().String()
	done := make(chan error, 1)
	go func() { done <- app.Listener(w.Listen(elsewhere{ln, from})) }()
	t.Cleanup(func() {
		_ = app.ShutdownWithTimeout(5 * time.Second)
		<-done
		w.eventually("every connection is given back", func() bool {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.conns == 0 && len(w.from) == 0 && len(w.keys) == 0 && w.requests.Load() == 0 && w.bodies.Load() == 0
		})
	})
	return w
}

func (w *wall) eventually(what string, ok func() bool) {
	w.t.Helper()
	for until := time.Now().Add(20 * time.Second); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	w.t.Fatalf("never happened: %s", what)
}

// caller is one client on one connection.
type caller struct {
	net.Conn
	t *testing.T
	r *bufio.Reader
}

func (w *wall) call() *caller {
	w.t.Helper()
	conn, err := net.Dial("tcp", w.addr)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		w.t.Fatal(err)
	}
	return &caller{conn, w.t, bufio.NewReader(conn)}
}

func (c *caller) say(raw string) *caller {
	c.t.Helper()
	if _, err := io.WriteString(c, raw); err != nil {
		c.t.Fatal(err)
	}
	return c
}

// told reads one answer.
func (c *caller) told() (status int, code, retry string) {
	c.t.Helper()
	res := fasthttp.AcquireResponse()
	if err := res.Read(c.r); err != nil {
		c.t.Fatalf("no answer: %v", err)
	}
	_, rest, ok := strings.Cut(string(res.Body()), `"code":"`)
	if res.StatusCode() >= 400 && (!ok || !strings.HasPrefix(string(res.Body()), `{"error":{"message":`)) {
		c.t.Errorf("%d is not told as OpenAI does: %s", res.StatusCode(), res.Body())
	}
	code, _, _ = strings.Cut(rest, `"`)
	return res.StatusCode(), code, string(res.Header.Peek("Retry-After"))
}

func (c *caller) expect(status int, code string) {
	c.t.Helper()
	got, why, retry := c.told()
	if got != status || why != code {
		c.t.Errorf("answered %d %s, want %d %s", got, why, status, code)
	}
	if (status == 503 || status == 429) && retry != "1" {
		c.t.Errorf("%d %s with Retry-After %q, want 1", status, code, retry)
	}
}

// over expects the connection to be closed without another word.
func (c *caller) over() {
	c.t.Helper()
	if b, err := io.ReadAll(c.r); errors.Is(err, os.ErrDeadlineExceeded) || len(b) > 0 {
		c.t.Errorf("the connection is open: %q, %v", b, err)
	}
}

func head(method, path, key, more string) string {
	return method + " " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + key + "\r\n" + more + "\r\n"
}

func post(path, key, body string) string {
	return head("POST", path, key, fmt.Sprintf("Content-Length: %d\r\n", len(body))) + body
}

// TestFront_Deadlines: a client that does not get on is closed at its deadline, with an
// answer when it has begun to ask, and no other notices.
func TestFront_Deadlines(t *testing.T) {
	const brief = 200 * time.Millisecond
	t.Run("header", func(t *testing.T) {
		w := build(t, func(l *Limits) { l.HeaderWait = brief }, nil)
		silent, begun, dripping := w.call(), w.call().say("GET /open HTT"), w.call().say("GET /open HTTP/1.1\r\nHost: x\r\nA: ")
		go func() {
			for {
				if _, err := dripping.Write([]byte("a")); err != nil {
					return
				}
				time.Sleep(brief / 10)
			}
		}()
		begun.expect(408, "request_timeout")
		begun.over()
		dripping.expect(408, "request_timeout")
		dripping.over()
		silent.over()
		w.call().say("GET /open HTTP/1.1\r\nHost: x\r\n\r\n").expect(200, "")
	})
	t.Run("body", func(t *testing.T) {
		w := build(t, func(l *Limits) { l.BodyWait = brief }, nil)
		for name, half := range map[string]string{
			"length":  head("POST", "/in", "ann", "Content-Length: 10\r\n") + "half",
			"chunks":  head("POST", "/in", "ann", "Transfer-Encoding: chunked\r\n") + "4\r\nhalf\r\n",
			"nothing": head("POST", "/in", "ann", "Content-Length: 10\r\n"),
			"large":   head("POST", "/in", "ann", "Content-Length: 9000000\r\n") + strings.Repeat("a", 3<<20),
		} {
			t.Run(name, func(t *testing.T) {
				c := w.call().say(half)
				c.expect(408, "request_timeout")
				c.over()
			})
		}
		w.call().say(post("/in", "ann", "whole")).expect(200, "")
	})
	t.Run("rate", func(t *testing.T) {
		w := build(t, func(l *Limits) { l.grace, l.minRate = brief, 1<<20 }, nil)
		c := w.call().say(head("POST", "/in", "ann", "Content-Length: 100000\r\n"))
		go func() {
			for {
				if _, err := c.Write([]byte("a")); err != nil {
					return
				}
				time.Sleep(brief / 10)
			}
		}()
		c.expect(408, "request_timeout")
		c.over()
		w.call().say(post("/in", "ann", strings.Repeat("a", 100_000))).expect(200, "")
	})
	t.Run("idle", func(t *testing.T) {
		w := build(t, func(l *Limits) { l.IdleWait = brief }, nil)
		c := w.call().say(post("/in", "ann", "one"))
		c.expect(200, "")
		c.say(post("/in", "ann", "two")).expect(200, "")
		c.over()
	})
	t.Run("reader", func(t *testing.T) {
		w := build(t, func(l *Limits) { l.WriteStall = brief }, nil)
		for range 20 {
			w.call().say(head("GET", "/big", "ann", ""))
			w.call().say(head("GET", "/stream", "ann", ""))
		}
		c := w.call()
		for range 20 {
			c.say(post("/in", "bob", "me")).expect(200, "")
		}
		for range 20 {
			<-w.closed // its source is told
		}
		w.eventually("who does not read is let go", func() bool { return w.Running() == 0 })
	})
}

// recorder is a connection that notes its deadlines and sizes.
type recorder struct {
	net.Conn
	reads, writes []time.Time
	sizes         []int
	give          int
}

func (r *recorder) SetReadDeadline(t time.Time) error  { r.reads = append(r.reads, t); return nil }
func (r *recorder) SetWriteDeadline(t time.Time) error { r.writes = append(r.writes, t); return nil }
func (r *recorder) Read(p []byte) (int, error)         { return min(r.give, len(p)), nil }
func (r *recorder) Write(p []byte) (int, error) {
	r.sizes = append(r.sizes, len(p))
	return len(p), nil
}

// TestFront_DeadlinesOfEachByte: within a request the deadline for the next bytes is
// when they are too slow, and never later than the server's; while idle it is the
// server's alone. Each may come a sixteenth of the wait later, and is not set again while
// it is as good as a new one. What is written has a deadline for every 64 KiB.
func TestFront_DeadlinesOfEachByte(t *testing.T) {
	f := NewFront(DefaultLimits(), slog.New(slog.DiscardHandler))
	r := &recorder{give: 2048}
	c := &conn{Conn: r, front: f}
	end := time.Now().Add(12 * time.Second)
	buf := make([]byte, 4096)
	read := func() time.Time {
		t.Helper()
		if _, err := c.Read(buf); err != nil {
			t.Fatal(err)
		}
		return r.reads[len(r.reads)-1]
	}
	if err := c.SetReadDeadline(end); err != nil || len(r.reads) != 0 {
		t.Errorf("a deadline is set before anything is read: %v", err)
	}
	good := func(what string, got, want time.Time) {
		t.Helper()
		if late := got.Sub(want); late < 0 || late > want.Sub(c.since)/16 {
			t.Errorf("%s: %v after the first wait, want %v", what, got.Sub(c.since), want.Sub(c.since))
		}
	}
	good("idle", read(), end)
	if good("idle, again", read(), end); len(r.reads) != 1 {
		t.Errorf("%d deadlines for two reads one after the other", len(r.reads))
	}
	c.active = true
	if err := c.SetReadDeadline(end); err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		got := read()
		want := c.since.Add(Grace + time.Duration(i)*2048*time.Second/MinRate)
		if want.After(end) {
			want = end
		}
		good(fmt.Sprint("read ", i), got, want)
	}
	if err := c.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	if got := read(); !got.IsZero() {
		t.Errorf("without a deadline: %v", got)
	}

	f.limits.WriteStall = 16 // nanoseconds: every moment is another one
	if n, err := c.Write(make([]byte, 3*writePiece+1)); n != 3*writePiece+1 || err != nil {
		t.Errorf("wrote %d, %v", n, err)
	}
	if fmt.Sprint(r.sizes) != "[65536 65536 65536 1]" || len(r.writes) != 4 {
		t.Errorf("written as %v under %d deadlines", r.sizes, len(r.writes))
	}
	f.limits.WriteStall, r.writes, c.wrote = time.Hour, nil, time.Time{}
	for range 10 {
		_, _ = c.Write(buf)
	}
	if len(r.writes) != 1 {
		t.Errorf("ten quick writes have %d deadlines", len(r.writes))
	}
	if n, err := c.Write(nil); n != 0 || err != nil {
		t.Errorf("nothing: %d, %v", n, err)
	}
}

// TestFront_Sizes: what is exactly as large as it may be is taken, and one more is not.
func TestFront_Sizes(t *testing.T) {
	const most = 10_000
	w := build(t, func(l *Limits) { l.MaxBody = most }, nil)
	field := func(n int) string { // a request whose header has n bytes
		const around = "GET /open HTTP/1.1\r\nHost: x\r\nA: \r\n\r\n"
		return strings.Replace(around, "A: ", "A: "+strings.Repeat("a", n-len(around)), 1)
	}
	url := func(n int) string {
		return "GET /open?" + strings.Repeat("a", n-len("/open?")) + " HTTP/1.1\r\nHost: x\r\n\r\n"
	}
	many := func(n int) string {
		return "GET /open HTTP/1.1\r\nHost: x\r\n" + strings.Repeat("A: b\r\n", n-1) + "\r\n"
	}
	chunked := func(n, piece int) string {
		var b strings.Builder
		b.WriteString(head("POST", "/in", "ann", "Transfer-Encoding: chunked\r\n"))
		for ; n > 0; n -= piece {
			fmt.Fprintf(&b, "%x\r\n%s\r\n", min(n, piece), strings.Repeat("a", min(n, piece)))
		}
		return b.String() + "0\r\n\r\n"
	}
	for _, c := range []struct {
		name, raw string
		status    int
		code      string
	}{
		{"header", field(MaxHeaders), 200, ""},
		{"header + 1", field(MaxHeaders + 1), 431, "headers_too_large"},
		{"fields", many(MaxFields), 200, ""},
		{"fields + 1", many(MaxFields + 1), 431, "headers_too_large"},
		{"URL", url(MaxURL), 200, ""},
		{"URL + 1", url(MaxURL + 1), 414, "url_too_long"},
		{"no body", post("/in", "ann", ""), 200, ""},
		{"body", post("/in", "ann", strings.Repeat("a", most)), 200, ""},
		{"body + 1", post("/in", "ann", strings.Repeat("a", most+1)), 413, "request_too_large"},
		{"announced", head("POST", "/in", "ann", "Content-Length: 99999999\r\n") + "a", 413, "request_too_large"},
		{"chunks", chunked(most, 999), 200, ""},
		{"chunks + 1", chunked(most+1, 999), 413, "request_too_large"},
		{"a chunk", chunked(most, most), 200, ""},
		{"a chunk + 1", chunked(most+1, most+1), 413, "request_too_large"},
		{"no chunks", chunked(0, 1), 200, ""},
		{"broken chunks", head("POST", "/in", "ann", "Transfer-Encoding: chunked\r\n") + "zz\r\n", 400, "invalid_body"},
		{"a key first", head("POST", "/in", "nobody", "Content-Length: 99999999\r\n") + "a", 401, "invalid_api_key"},
		{"a known path first", head("POST", "/nowhere", "ann", "Content-Length: 99999999\r\n") + "a", 404, "unknown_path"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			w.call().say(c.raw).expect(c.status, c.code)
		})
	}
}

// TestFront_RefusalIsSeen: a client that sends all of a long body before it reads sees
// why it was refused, and a connection that goes on has no left-over in it.
func TestFront_RefusalIsSeen(t *testing.T) {
	w := build(t, nil, nil)
	for _, n := range []int{0, 1, 100, 9000, 200 << 10, 300 << 10, 8 << 20} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			w.t = t
			c := w.call().say(post("/in", "nobody", strings.Repeat("GET /wait HTTP/1.1\r\n", n/20+1)[:n]))
			c.expect(401, "invalid_api_key")
			if n <= 200<<10 {
				c.say(post("/in", "ann", "next")).expect(200, "")
			} else {
				c.over()
			}
		})
	}
}

// TestFront_Requests: as many requests as may run do, one more is told to come back, and
// has room when another has ended. Management and health always have.
func TestFront_Requests(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*Limits)
		status int
		code   string
		others int // status of another key
	}{
		{"all", func(l *Limits) { l.Requests = 3 }, 503, "gateway_overloaded", 503},
		{"of a key", func(l *Limits) { l.PerKey = 3 }, 429, "too_many_requests_running", 200},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := build(t, row.change, nil)
			var running []*caller
			for range 3 {
				running = append(running, w.call().say(post("/wait", "ann", "{}")))
				<-w.inside
			}
			w.call().say(post("/in", "ann", "{}")).expect(row.status, row.code)
			early := w.call().say(head("POST", "/in", "ann", "Content-Length: 9000000\r\n") + "{") // not read first
			early.expect(row.status, row.code)
			if status, _, _ := w.call().say(post("/in", "bob", "{}")).told(); status != row.others {
				t.Errorf("another key: %d, want %d", status, row.others)
			}
			w.call().say(head("GET", "/manage", "admin", "")).expect(200, "")
			w.call().say("GET /open HTTP/1.1\r\nHost: x\r\n\r\n").expect(200, "")
			gone := running[0]
			_ = gone.Close()
			close(w.letGo)
			for _, c := range running[1:] {
				c.expect(200, "")
			}
			w.eventually("there is room", func() bool { return w.Running() == 0 })
			w.call().say(post("/in", "ann", "{}")).expect(200, "")
		})
	}
}

// TestFront_Bodies: the bodies of running requests have so much room together. Only what
// was sent counts, not what was announced.
func TestFront_Bodies(t *testing.T) {
	const room = 4 << 20
	w := build(t, func(l *Limits) { l.Bodies = room }, nil)
	first := w.call().say(post("/wait", "ann", strings.Repeat("a", 3<<20)))
	<-w.inside
	w.eventually("3 MiB and the room to double are held", func() bool { return w.bodies.Load() == 3<<20 })
	fits := w.call().say(post("/in", "ann", strings.Repeat("a", 1<<20)))
	fits.expect(200, "")
	w.eventually("it is given back", func() bool { return w.bodies.Load() == 3<<20 })
	over := w.call().say(post("/in", "bob", strings.Repeat("a", 1<<20+1)))
	over.expect(503, "gateway_overloaded")
	w.eventually("what it had sent is given back", func() bool { return w.bodies.Load() == 3<<20 })
	var announced []*caller
	for range 3 {
		announced = append(announced, w.call().say(head("POST", "/in", "ann", "Content-Length: 2000000\r\n")))
	}
	small := w.call().say(post("/in", "ann", "{}"))
	small.expect(200, "")
	for _, framing := range []string{"Content-Length: 3000000", "Transfer-Encoding: chunked"} {
		// Whom nobody knows takes no room: what he sends is not waited for.
		w.call().say("POST /open HTTP/1.1\r\nHost: x\r\n"+framing+"\r\n\r\n1").expect(200, "")
	}
	for _, c := range announced {
		_ = c.Close()
	}
	close(w.letGo)
	first.expect(200, "")
	w.eventually("all is given back", func() bool { return w.bodies.Load() == 0 })
	w.call().say(post("/in", "bob", strings.Repeat("a", 1<<20+1))).expect(200, "")
}

// TestFront_BodiesOfOneKey: the requests of one key hold no more than the key's part of the
// room, so that there is room for others, and who manages has room in any case.
func TestFront_BodiesOfOneKey(t *testing.T) {
	const body = 1 << 20
	w := build(t, func(l *Limits) { l.MaxBody, l.Bodies, l.Requests, l.PerKey = body, 8*body, 100, 50 }, nil)
	full := strings.Repeat("a", body)
	var held []*caller
	for _, key := range []string{"ann", "bob"} {
		for range 4 {
			held = append(held, w.call().say(post("/wait", key, full)))
			<-w.inside
		}
		for _, more := range []string{full, "a"} {
			w.call().say(post("/in", key, more)).expect(429, "too_many_requests_running")
		}
	}
	if got := w.bodies.Load(); got != 8*body {
		t.Errorf("%d bytes are held", got)
	}
	w.call().say(post("/manage", "admin", full)).expect(200, "")
	close(w.letGo)
	for _, c := range held {
		c.expect(200, "")
	}
	w.eventually("all is given back", func() bool { return w.bodies.Load() == 0 && w.Running() == 0 })
	for range 2 {
		w.call().say(post("/in", "ann", full)).expect(200, "")
	}

	for _, c := range []struct {
		limits Limits
		want   int64
	}{
		{DefaultLimits(), 256 << 20},
		{Limits{MaxBody: 32 << 20, Bodies: 64 << 20, Requests: 16, PerKey: 4}, 64 << 20},  // one request may need as much
		{Limits{MaxBody: 1 << 20, Bodies: 64 << 20, Requests: 16, PerKey: 16}, 64 << 20},  // a key may have all requests
		{Limits{MaxBody: 1 << 20, Bodies: 64 << 20, Requests: 16, PerKey: 160}, 64 << 20}, // and no more than there are
	} {
		if got := c.limits.bodiesPerKey(); got != c.want {
			t.Errorf("%+v: a key may hold %d bytes, want %d", c.limits, got, c.want)
		}
	}
}

// TestFront_Files: connections of clients leave as many files to upstreams, and some to the
// rest.
func TestFront_Files(t *testing.T) {
	for files, want := range map[int]int{0: MaxConnections, 10: 1, 200: 68, 1024: 480, 1 << 20: MaxConnections} {
		l := DefaultLimits()
		l.Files = files
		if got := l.withRest().connections; got != want {
			t.Errorf("%d files: %d connections, want %d", files, got, want)
		}
	}
}

// TestFront_Connections: an address has so many connections, a network of IPv6 counts
// as one, and this machine's own are not counted. All have room for so many.
func TestFront_Connections(t *testing.T) {
	var mu sync.Mutex
	next := "192.0.2.1:1"
	w := build(t, func(l *Limits) { l.PerAddress, l.connections = 3, 10 }, func() string {
		mu.Lock()
		defer mu.Unlock()
		return next
	})
	ask := func(from string) *caller {
		mu.Lock()
		next = from
		mu.Unlock()
		return w.call().say("GET /open HTTP/1.1\r\nHost: x\r\n\r\n")
	}
	var held []*caller
	for i, from := range []string{"192.0.2.1:1", "192.0.2.1:2", "192.0.2.1:3", "[2001:db8::1]:1", "[2001:db8::ffff:2]:1", "[2001:db8::3]:1"} {
		c := ask(from)
		c.expect(200, "")
		held = append(held, c)
		if i == 2 || i == 5 {
			c := ask(from)
			c.expect(429, "too_many_connections")
			c.over()
		}
	}
	if logs := w.logs.String(); strings.Count(logs, "turned away") != 1 {
		t.Errorf("the log: %s", logs)
	}
	ask("[2001:db8:0:1::1]:1").expect(200, "")
	for range 3 {
		ask("127.0.0.1:1").expect(200, "") // more than three would do
	}
	c := ask("198.51.100.1:1")
	c.expect(503, "gateway_overloaded")
	c.over()
	_ = held[0].Close()
	w.eventually("one left", func() bool { w.mu.Lock(); defer w.mu.Unlock(); return w.conns == 9 })
	ask("192.0.2.1:9").expect(200, "")

	for in, want := range map[string]string{
		"192.0.2.1:5": "192.0.2.1", "[::ffff:192.0.2.1]:5": "192.0.2.1", "127.0.0.9:5": "invalid IP", "[::1]:5": "invalid IP", "[::ffff:127.0.0.1]:1": "invalid IP",
		"[2001:db8:1:2:3:4:5:6]:5": "2001:db8:1:2::", "[fe80::1%eth0]:5": "fe80::",
	} {
		if got := origin(net.TCPAddrFromAddrPort(netip.MustParseAddrPort(in))).String(); got != want {
			t.Errorf("%s counts for %s, want %s", in, got, want)
		}
	}
}

// short is a listener that the system has no room for.
type short struct {
	net.Listener
	fail chan error
}

func (s short) Accept() (net.Conn, error) {
	select {
	case err := <-s.fail:
		return nil, err
	default:
		return s.Listener.Accept()
	}
}

// TestFront_ShortageOfDescriptors does not end the server; a listener that is broken does.
func TestFront_ShortageOfDescriptors(t *testing.T) {
	logs := &lockedBuffer{}
	f := NewFront(DefaultLimits(), slog.New(slog.NewTextHandler(logs, nil)))
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer inner.Close()
	s := short{inner, make(chan error, 9)}
	for _, errno := range []syscall.Errno{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED} {
		s.fail <- &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", errno)}
	}
	client, err := net.Dial("tcp", inner.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	ln := f.Listen(s)
	c, err := ln.Accept()
	if err != nil || strings.Count(logs.String(), "too many open files") != 1 {
		t.Fatalf("%v; the log: %s", err, logs)
	}
	raw, err := c.(*conn).Conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var lost int
	if e := raw.Control(func(fd uintptr) { lost, err = unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT) }); e != nil || err != nil || lost != 30_000 {
		t.Errorf("a client whose cable is pulled is lost after %d ms (%v, %v)", lost, e, err)
	}
	_ = c.Close()
	broken := errors.New("broken")
	s.fail <- broken
	if _, err := ln.Accept(); !errors.Is(err, broken) {
		t.Errorf("a broken listener: %v", err)
	}
}

// TestFront_OldClients: a client of HTTP/1.0 gets a stream without frames, which it does not
// know, and sees by the end of its connection where the stream ends, though it would keep
// that. One that is cut does not end like a whole one.
func TestFront_OldClients(t *testing.T) {
	w := build(t, nil, nil)
	old := func(path string) string {
		return strings.Replace(head("GET", path, "ann", "Connection: keep-alive\r\n"), "HTTP/1.1", "HTTP/1.0", 1)
	}
	for path, want := range map[string]string{"/parts": "one\r\n0\r\n\r\ntwo" + strings.Repeat("x", 100_000), "/known": "known"} {
		raw, err := io.ReadAll(w.call().say(old(path)).r)
		header, body, _ := strings.Cut(string(raw), "\r\n\r\n")
		header = strings.ToLower(header)
		if err != nil || body != want || strings.Contains(header, "transfer-encoding") || !strings.Contains(header, "connection: close") || !strings.HasPrefix(header, "http/1.1 200 ") {
			t.Errorf("%s: %v: %s: %.80q, %d bytes", path, err, header, body, len(body))
		}
	}
	if raw, err := io.ReadAll(w.call().say(old("/cut")).r); err == nil {
		t.Errorf("a stream that was cut ends as if it were whole: %q", raw)
	}
	c := w.call().say(old("/open")) // which is no stream
	if res, err := http.ReadResponse(c.r, nil); err != nil || res.Close {
		t.Errorf("the connection of an answer with a length ends: %v", err)
	}
	c = w.call().say(head("GET", "/parts", "ann", ""))
	res, err := http.ReadResponse(c.r, nil)
	if err != nil {
		t.Fatal(err)
	}
	if res.Close || !slices.Equal(res.TransferEncoding, []string{"chunked"}) {
		t.Errorf("HTTP/1.1: %v, %v", res.Close, res.TransferEncoding)
	}
}

// parts is a body whose parts are written one by one.
type parts struct {
	all []string
	end error
}

func (p *parts) Read([]byte) (int, error)  { return 0, io.ErrUnexpectedEOF }
func (p *parts) SupportsBodyWriteTo() bool { return true }
func (p *parts) WriteTo(w io.Writer) (int64, error) {
	for _, part := range p.all {
		if _, err := io.WriteString(w, part); err != nil {
			return 0, err
		}
	}
	return 0, p.end
}

// TestFront_Drain: from then on each answer says that the connection ends with it.
func TestFront_Drain(t *testing.T) {
	w := build(t, nil, nil)
	c := w.call().say(post("/in", "ann", "{}"))
	c.expect(200, "")
	during := w.call().say(post("/wait", "ann", "{}"))
	<-w.inside
	w.Drain()
	close(w.letGo)
	during.expect(200, "")
	during.over()
	c.say(post("/in", "ann", "{}")).expect(200, "")
	c.over()
	c = w.call().say(head("GET", "/nowhere", "ann", ""))
	c.expect(404, "unknown_path")
	c.over()
}

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.updateServerDate.func1"),
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"))
}
