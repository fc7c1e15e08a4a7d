package dispatch

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"tollgate/gateway/catalog"
	"tollgate/gateway/dispatch/http1"
	"tollgate/gateway/listening"
	"tollgate/providers"
)

// peer is a server that sends the bytes it is told to.
type peer struct {
	net.Listener
	conns atomic.Int64
	// answer is called for each request, which was read whole, and says whether the
	// connection lives on.
	answer func(c *net.TCPConn, n int, body []byte) bool
	half   func(c *net.TCPConn) // called in place of reading a body of 1 MiB or more; nil: it is read
	gone   chan struct{}        // has an element when a connection was seen to have ended
}

func newPeer(t *testing.T, answer func(c *net.TCPConn, n int, body []byte) bool) *peer {
	t.Helper()
	return (&peer{answer: answer}).start(t)
}

func (p *peer) start(t *testing.T) *peer {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.Listener, p.gone = ln, make(chan struct{}, 1)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var open []net.Conn
	wg.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			p.conns.Add(1)
			mu.Lock()
			open = append(open, c)
			mu.Unlock()
			wg.Go(func() { p.serve(c.(*net.TCPConn)) })
		}
	})
	t.Cleanup(func() {
		ln.Close()
		mu.Lock()
		for _, c := range open {
			c.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
	return p
}

func (p *peer) serve(c *net.TCPConn) {
	defer c.Close()
	end := func() {
		select {
		case p.gone <- struct{}{}:
		default:
		}
	}
	r := bufio.NewReader(c)
	for n := 0; ; n++ {
		req, err := http.ReadRequest(r)
		if err != nil {
			end()
			return
		}
		if p.half != nil && req.ContentLength >= 1<<20 {
			p.half(c)
			return
		}
		body, err := io.ReadAll(req.Body)
		if err != nil {
			end()
			return
		}
		if !p.answer(c, n, body) {
			return
		}
	}
}

// says answers every request with the same bytes.
func says(text string) func(*net.TCPConn, int, []byte) bool {
	return func(c *net.TCPConn, _ int, _ []byte) bool {
		_, err := io.WriteString(c, text)
		return err == nil
	}
}

// thenEnds answers and ends the connection: by a reset, or as it should.
func thenEnds(text string, reset bool) func(*net.TCPConn, int, []byte) bool {
	return func(c *net.TCPConn, n int, b []byte) bool {
		says(text)(c, n, b)
		if reset {
			_ = c.SetLinger(0)
		}
		return false
	}
}

func bothClients(t *testing.T, test func(t *testing.T, dial func(*peer) client)) {
	for name, connect := range map[string]func(addr string) client{
		"lean":     func(addr string) client { return lean{http1.New(addr, time.Minute, nil)} },
		"standard": func(string) client { return newStandard(false, time.Minute, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			test(t, func(p *peer) client {
				c := connect(p.Addr().String())
				t.Cleanup(c.close)
				return c
			})
		})
	}
}

func (p *peer) request(body string) *request {
	h := &head{provider: &catalog.Provider{Name: "peer"}, origin: "http://" + p.Addr().String(), header: http.Header{"User-Agent": {"test"}}}
	_ = h.write(p.Addr().String())
	return &request{head: h, Request: http1.Request{Method: "POST", Target: "/v1/x", Head: h.lines, Fields: []http1.Field{{Name: "Content-Type", Value: "application/json"}},
		Body: [][]byte{[]byte(body[:len(body)/2]), nil, []byte(body[len(body)/2:])}, FirstByte: 10 * time.Second}}
}

// once does one exchange, and reads and closes the answer.
func once(ctx context.Context, c client, r *request) (status int, body string, err error) {
	res, _, err := c.do(ctx, r)
	if err != nil {
		return 0, "", err
	}
	defer res.Close()
	res.Patience(10 * time.Second)
	b, err := io.ReadAll(res)
	return res.Status(), string(b), err
}

// TestFraming: where an answer ends, as both clients see it, and whether the connection
// can be used after it. What only net/http lets pass is marked.
func TestFraming(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	long := strings.Repeat("x", 100<<10)
	for name, c := range map[string]struct {
		answer string
		ends   bool   // the server ends the connection after it
		body   string // what is read before an error, if there is one
		status int    // 0: there is no answer
		fails  bool   // the body breaks off or is refused
		lax    bool   // net/http takes it
		again  bool   // the connection is used again
	}{
		"length":                       {answer: ok + "Content-Length: 5\r\n\r\nhello", status: 200, body: "hello", again: true},
		"no body":                      {answer: ok + "Content-Length: 0\r\n\r\n", status: 200, again: true},
		"no reason":                    {answer: "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", status: 200, body: "ok", again: true},
		"a long body":                  {answer: ok + fmt.Sprintf("content-length: %d\r\n\r\n", len(long)) + long, status: 200, body: long, again: true},
		"chunks":                       {answer: ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", status: 200, body: "hello world", again: true},
		"chunks, odd spelling":         {answer: ok + "transfer-encoding:  Chunked \r\n\r\n0005;a=\"b c\"\r\nhello\r\n000\r\n\r\n", status: 200, body: "hello", again: true},
		"a long chunk":                 {answer: ok + "Transfer-Encoding: chunked\r\n\r\n19000\r\n" + long + "\r\n0\r\n\r\n", status: 200, body: long, again: true},
		"no chunk":                     {answer: ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", status: 200, again: true},
		"a trailer":                    {answer: ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nA: b\r\n\r\n", status: 200, body: "ok", again: true},
		"close":                        {answer: ok + "Connection: Close\r\nContent-Length: 2\r\n\r\nok", status: 200, body: "ok"},
		"close among others":           {answer: ok + "Connection: x, close\r\nContent-Length: 2\r\n\r\nok", status: 200, body: "ok"},
		"close before keep-alive":      {answer: ok + "Connection: close, keep-alive\r\nContent-Length: 2\r\n\r\nok", status: 200, body: "ok"},
		"to the end":                   {answer: ok + "\r\nhello", ends: true, status: 200, body: "hello"},
		"HTTP/1.0":                     {answer: "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", status: 200, body: "ok"},
		"HTTP/1.0 that stays":          {answer: "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", status: 200, body: "ok", again: true},
		"HTTP/1.0 to the end":          {answer: "HTTP/1.0 200 OK\r\n\r\nok", ends: true, status: 200, body: "ok"},
		"204":                          {answer: "HTTP/1.1 204 No Content\r\n\r\n", status: 204, again: true},
		"304":                          {answer: "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", status: 304},
		"100 first":                    {answer: "HTTP/1.1 100 Continue\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nok", status: 200, body: "ok", again: true},
		"103 first":                    {answer: "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nok", status: 200, body: "ok", again: true},
		"another word than close":      {answer: ok + "Connection: closed\r\nX-A: close\r\nContent-Length: 2\r\n\r\nok", status: 200, body: "ok", again: true},
		"HTTP/1.0 and another word":    {answer: "HTTP/1.0 200 OK\r\nConnection: x\r\nContent-Length: 2\r\n\r\nok", status: 200, body: "ok"},
		"chunks of A to F bytes":       {answer: ok + "Transfer-Encoding: chunked\r\n\r\nc\r\n0123456789ab\r\n1F\r\n" + long[:31] + "\r\nE\r\n0123456789abcd\r\n0\r\n\r\n", status: 200, body: "0123456789ab" + long[:31] + "0123456789abcd", again: true},
		"trailers":                     {answer: ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n" + strings.Repeat("A: "+long[:1000]+"\r\n", 16) + "\r\n", status: 200, body: "ok", again: true},
		"204 that says so":             {answer: "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", status: 204, again: true},
		"204 and close":                {answer: "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", status: 204},
		"204 after a hint":             {answer: "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", status: 204, again: true},
		"304 and chunks":               {answer: "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", status: 304},
		"the lowest status":            {answer: "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", status: 200, again: true},
		"the highest status":           {answer: "HTTP/1.1 599 A\r\nContent-Length: 0\r\n\r\n", status: 599, again: true},
		"a fault":                      {answer: "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy", status: 503, body: "busy", again: true},
		"headers of 60 KiB":            {answer: ok + strings.Repeat("X-A: "+strings.Repeat("a", 1000)+"\r\n", 60) + "Content-Length: 2\r\n\r\nok", status: 200, body: "ok", again: true},
		"more than was said":           {answer: ok + "Content-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", status: 200, body: "ok"},
		"a second answer after chunks": {answer: ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n" + ok + "Content-Length: 4\r\n\r\nevil", status: 200, body: "ok"},

		"cut within a huge length":   {answer: ok + "Content-Length: 100000000000000000\r\n\r\nhello", ends: true, status: 200, body: "hello", fails: true},
		"a chunk of 2^64 bytes":      {answer: ok + "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n", status: 200, fails: true},
		"LF behind a chunk's length": {answer: ok + "Transfer-Encoding: chunked\r\n\r\n2;\nok\r\n0\r\n\r\n", status: 200, fails: true, lax: true},
		"a chunk's length and more":  {answer: ok + "Transfer-Encoding: chunked\r\n\r\n2 x\r\nok\r\n0\r\n\r\n", status: 200, fails: true},
		"DEL in an extension":        {answer: ok + "Transfer-Encoding: chunked\r\n\r\n2;\x7f\r\nok\r\n0\r\n\r\n", status: 200, fails: true, lax: true},
		"a chunk without a length":   {answer: ok + "Transfer-Encoding: chunked\r\n\r\n;a\r\nok\r\n0\r\n\r\n", status: 200, fails: true},
		"too many trailers":          {answer: ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n" + strings.Repeat("A: "+long[:1000]+"\r\n", 17) + "\r\n", status: 200, body: "ok", fails: true, lax: true},
		"a trailer without a colon":  {answer: ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\noops\r\n\r\n", status: 200, body: "ok", fails: true, lax: true},
		"a trailer without a name":   {answer: ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n: x\r\n\r\n", status: 200, body: "ok", fails: true, lax: true},
		"a trailer of two words":     {answer: ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nA b: x\r\n\r\n", status: 200, body: "ok", fails: true, lax: true},
		"NUL in a trailer":           {answer: ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nA: \x00\r\n\r\n", status: 200, body: "ok", fails: true, lax: true},
		"cut within a length":        {answer: ok + "Content-Length: 9\r\n\r\nhello", ends: true, status: 200, body: "hello", fails: true},
		"cut within a chunk":         {answer: ok + "Transfer-Encoding: chunked\r\n\r\n9\r\nhello", ends: true, status: 200, body: "hello", fails: true},
		"cut between chunks":         {answer: ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", ends: true, status: 200, body: "hello", fails: true},
		"cut in the last line":       {answer: ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", ends: true, status: 200, body: "hello", fails: true},
		"no hex":                     {answer: ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n", status: 200, body: "hello", fails: true},
		"a negative chunk":           {answer: ok + "Transfer-Encoding: chunked\r\n\r\n-1\r\nhello\r\n0\r\n\r\n", status: 200, fails: true},
		"an absurd chunk":            {answer: ok + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nhello\r\n0\r\n\r\n", status: 200, fails: true},
		"a chunk too long":           {answer: ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n", status: 200, body: "he", fails: true},
		"LF after a chunk":           {answer: ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\n0\r\n\r\n", status: 200, body: "ok", fails: true},
		"an endless extension":       {answer: ok + "Transfer-Encoding: chunked\r\n\r\n2;" + strings.Repeat("x", 5<<10) + "\r\nok\r\n0\r\n\r\n", status: 200, fails: true},
		"many extensions":            {answer: ok + "Transfer-Encoding: chunked\r\n\r\n" + strings.Repeat("1;"+strings.Repeat("x", 4000)+"\r\na\r\n", 20) + "0\r\n\r\n", status: 200, body: strings.Repeat("a", 16), fails: true},

		"two lengths":           {answer: ok + "Content-Length: 2\r\nContent-Length: 4\r\n\r\nokHT"},
		"a list of lengths":     {answer: ok + "Content-Length: 2, 4\r\n\r\nokHT"},
		"a negative length":     {answer: ok + "Content-Length: -2\r\n\r\nok"},
		"a length with a plus":  {answer: ok + "Content-Length: +2\r\n\r\nok"},
		"an absurd length":      {answer: ok + "Content-Length: 99999999999999999999\r\n\r\nok"},
		"no length":             {answer: ok + "Content-Length: \r\n\r\nok"},
		"other encoding":        {answer: ok + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
		"two encodings":         {answer: ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
		"garbage":               {answer: "SSH-2.0-OpenSSH_9.2\r\n\r\n"},
		"a status of letters":   {answer: "HTTP/1.1 two OK\r\n\r\n"},
		"HTTP/2":                {answer: "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n", lax: true},
		"a header without name": {answer: ok + ": x\r\nContent-Length: 2\r\n\r\nok"},
		"a space before colon":  {answer: ok + "Content-Length : 2\r\n\r\nok", lax: true},
		"no colon":              {answer: ok + "Content-Length\r\n\r\nok"},
		"ends in the headers":   {answer: ok + "Content-Le", ends: true},
		"nothing":               {answer: "", ends: true},
		"a switch":              {answer: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", lax: true},
		"headers too long":      {answer: ok + strings.Repeat("X-A: "+strings.Repeat("a", 1000)+"\r\n", 66) + "Content-Length: 2\r\n\r\nok"},
		"a header too long":     {answer: ok + "X-A: " + strings.Repeat("a", 65<<10) + "\r\nContent-Length: 2\r\n\r\nok"},
		"interim without end":   {answer: strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 20) + ok + "Content-Length: 2\r\n\r\nok", lax: true},

		"length and chunks":       {answer: ok + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", lax: true},
		"no bytes and chunks":     {answer: ok + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", lax: true},
		"LF behind a header":      {answer: ok + "X-A: bc\nContent-Length: 2\r\n\r\nok", lax: true},
		"DEL in a header":         {answer: ok + "X-A: b\x7f\r\nContent-Length: 2\r\n\r\nok", lax: true},
		"DEL in the reason":       {answer: "HTTP/1.1 200 O\x7f\r\nContent-Length: 2\r\n\r\nok", lax: true},
		"a tab before the status": {answer: "HTTP/1.1\t200 OK\r\nContent-Length: 2\r\n\r\nok"},
		"a status of four digits": {answer: "HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\nok", lax: true},
		"a status of two digits":  {answer: "HTTP/1.1 20\r\nContent-Length: 2\r\n\r\nok"},
		"the status 600":          {answer: "HTTP/1.1 600 OK\r\nContent-Length: 2\r\n\r\nok", lax: true},
		"the status 099":          {answer: "HTTP/1.1 099 OK\r\nContent-Length: 2\r\n\r\nok", lax: true},
		"HTTP/1.2":                {answer: "HTTP/1.2 200 OK\r\nContent-Length: 2\r\n\r\nok", lax: true},
		"another protocol":        {answer: "HTTX/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", lax: true},
		"the same length":         {answer: ok + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nok", lax: true},
		"HTTP/1.0 and chunks":     {answer: "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", ends: true, lax: true},
		"LF in the headers":       {answer: "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", lax: true},
		"a folded header":         {answer: ok + "X-A: b\r\n c\r\nContent-Length: 2\r\n\r\nok", lax: true},
		"NUL in a header":         {answer: ok + "X-A: b\x00c\r\nContent-Length: 2\r\n\r\nok", lax: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bothClients(t, func(t *testing.T, dial func(*peer) client) {
				answer := says(c.answer)
				if c.ends {
					answer = thenEnds(c.answer, false)
				}
				p := newPeer(t, answer)
				cl := dial(p)
				_, isLean := cl.(lean)
				if c.lax && !isLean {
					return
				}
				for i := range 2 {
					status, body, err := once(t.Context(), cl, p.request(`{"a":1}`))
					if status != c.status || (err != nil) != (c.status == 0 || c.fails) {
						t.Fatalf("status %d, %v", status, err)
					}
					if body != c.body && (isLean || !c.fails || !strings.HasPrefix(c.body, body)) {
						t.Fatalf("body %q, want %q (%v)", excerpt(body), excerpt(c.body), err)
					}
					if conns := int(p.conns.Load()); isLean && i == 1 && (conns == 1) != c.again {
						t.Errorf("%d connections for two calls", conns)
					}
				}
			})
		})
	}
}

func excerpt(s string) string { return s[:min(len(s), 60)] }

// TestAnswersInPieces: however an answer is cut into packets, it is the same answer.
func TestAnswersInPieces(t *testing.T) {
	const answer = "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n1\r\n!\r\n0\r\nT: u\r\n\r\n"
	bothClients(t, func(t *testing.T, dial func(*peer) client) {
		p := newPeer(t, func(c *net.TCPConn, n int, _ []byte) bool {
			cut := n % len(answer)
			_, _ = io.WriteString(c, answer[:cut])
			time.Sleep(200 * time.Microsecond)
			_, err := io.WriteString(c, answer[cut:])
			return err == nil
		})
		c := dial(p)
		for range len(answer) {
			if status, body, err := once(t.Context(), c, p.request("{}")); status != 200 || body != "hello!" || err != nil {
				t.Fatalf("%d %q %v", status, body, err)
			}
		}
		if n := p.conns.Load(); n != 1 {
			t.Errorf("%d connections", n)
		}
	})
}

// TestHeadersOfAnAnswer: by name and as a map.
func TestHeadersOfAnAnswer(t *testing.T) {
	bothClients(t, func(t *testing.T, dial func(*peer) client) {
		p := newPeer(t, says("HTTP/1.1 200 OK\r\nA: b\r\nX-A: bcdefgh\r\nx-request-id:  up-1 \r\nX-Request-Id: up-2\r\nSet-Cookie: a\r\nset-cookie: b\r\nContent-Length: 2\r\n\r\nok"))
		res, _, err := dial(p).do(t.Context(), p.request("{}"))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Close()
		if res.Get("X-Request-Id") != "up-1" || res.Get("X-Request") != "" || res.Length() != 2 {
			t.Errorf("%q, %d", res.Get("X-Request-Id"), res.Length())
		}
		if h := res.Header(); len(h["Set-Cookie"]) != 2 || h.Get("Content-Length") != "2" {
			t.Errorf("%v", h)
		}
	})
}

// TestRequestsArriveAsTheyAre, small and large ones.
func TestRequestsArriveAsTheyAre(t *testing.T) {
	bothClients(t, func(t *testing.T, dial func(*peer) client) {
		got := make(chan string, 1)
		p := newPeer(t, func(c *net.TCPConn, n int, b []byte) bool {
			got <- string(b)
			return says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")(c, n, b)
		})
		c := dial(p)
		for _, size := range []int{0, 1, 7 << 10, 8 << 10, 9 << 10, 1 << 20, 5 << 20} {
			body := strings.Repeat("é", size/2) + strings.Repeat("x", size%2)
			if status, _, err := once(t.Context(), c, p.request(body)); status != 200 || err != nil {
				t.Fatalf("%d bytes: %d, %v", size, status, err)
			}
			if b := <-got; b != body {
				t.Errorf("%d bytes arrived as %d", size, len(b))
			}
		}
		if n := p.conns.Load(); n != 1 {
			t.Errorf("%d connections", n)
		}
	})
}

// TestStaleConnections: a connection that the server gave up is never a caller's
// failure, and one that breaks under a fresh request always is.
func TestStaleConnections(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	bothClients(t, func(t *testing.T, dial func(*peer) client) {
		t.Run("ended while it was unused", func(t *testing.T) {
			ended := make(chan struct{}, 10)
			p := newPeer(t, func(c *net.TCPConn, n int, b []byte) bool {
				says(ok)(c, n, b)
				_ = c.CloseWrite()
				ended <- struct{}{}
				return true
			})
			c := dial(p)
			_, isLean := c.(lean)
			for range 4 {
				res, fate, err := c.do(t.Context(), p.request("{}"))
				for more := 2; !isLean && err != nil && fate == http1.Stale && more > 0; more-- { // net/http may have dialled one that it did not need
					res, fate, err = c.do(t.Context(), p.request("{}"))
				}
				if err != nil {
					t.Fatal(fate, err)
				}
				if b, err := io.ReadAll(res); err != nil || string(b) != "ok" {
					t.Fatalf("%q, %v", b, err)
				}
				<-ended
				res.Close()
			}
		})
		t.Run("ended under the second request, after a while", func(t *testing.T) {
			p := newPeer(t, func(c *net.TCPConn, n int, b []byte) bool {
				if n == 0 {
					return says(ok)(c, n, b)
				}
				time.Sleep(http1.StaleWithin + 50*time.Millisecond)
				return false
			})
			c := dial(p)
			if _, _, err := once(t.Context(), c, p.request("{}")); err != nil {
				t.Fatal(err)
			}
			if _, fate, err := c.do(t.Context(), p.request("{}")); err == nil || fate != http1.Sent {
				t.Errorf("%v, %v", fate, err)
			}
		})
		for _, reset := range []bool{false, true} {
			t.Run(fmt.Sprintf("ended under the second request, reset %v", reset), func(t *testing.T) {
				p := newPeer(t, func(c *net.TCPConn, n int, b []byte) bool {
					if n == 0 {
						return says(ok)(c, n, b)
					}
					return thenEnds("", reset)(c, n, b)
				})
				c := dial(p)
				if _, _, err := once(t.Context(), c, p.request("{}")); err != nil {
					t.Fatal(err)
				}
				if _, fate, err := c.do(t.Context(), p.request("{}")); err == nil || fate != http1.Stale {
					t.Fatalf("%v, %v", fate, err)
				}
				if _, body, err := once(t.Context(), c, p.request("{}")); err != nil || body != "ok" {
					t.Errorf("the next one: %q, %v", body, err)
				}
			})
			t.Run(fmt.Sprintf("ended under the first request, reset %v", reset), func(t *testing.T) {
				p := newPeer(t, thenEnds("", reset))
				if _, fate, err := dial(p).do(t.Context(), p.request("{}")); err == nil || fate != http1.Sent {
					t.Errorf("%v, %v", fate, err)
				}
			})
			t.Run(fmt.Sprintf("ended after a byte of the answer, reset %v", reset), func(t *testing.T) {
				p := newPeer(t, func(c *net.TCPConn, n int, b []byte) bool {
					if n == 0 {
						return says(ok)(c, n, b)
					}
					says("H")(c, n, b)
					time.Sleep(20 * time.Millisecond)
					return thenEnds("", reset)(c, n, b)
				})
				c := dial(p)
				if _, _, err := once(t.Context(), c, p.request("{}")); err != nil {
					t.Fatal(err)
				}
				if _, fate, err := c.do(t.Context(), p.request("{}")); err == nil || fate != http1.Sent {
					t.Errorf("%v, %v", fate, err)
				}
			})
		}
	})
}

// TestAfterAStaleConnection: where a server gives one connection up it may give up the others as
// well, so that the next request gets a fresh one of net/http.
func TestAfterAStaleConnection(t *testing.T) {
	var both sync.WaitGroup
	both.Add(2)
	p := newPeer(t, func(c *net.TCPConn, n int, b []byte) bool {
		if string(b) == "first" {
			both.Done()
			both.Wait()
		}
		return n == 0 && says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")(c, n, b)
	})
	c := newStandard(false, time.Minute, nil)
	t.Cleanup(c.close)
	var calls sync.WaitGroup
	for range 2 {
		calls.Go(func() {
			if _, _, err := once(t.Context(), c, p.request("first")); err != nil {
				t.Error(err)
			}
		})
	}
	calls.Wait()
	if _, fate, err := c.do(t.Context(), p.request("second")); err == nil || fate != http1.Stale {
		t.Fatalf("%v, %v", fate, err)
	}
	if _, body, err := once(t.Context(), c, p.request("third")); err != nil || body != "ok" || p.conns.Load() != 3 {
		t.Errorf("%q, %v, %d connections", body, err, p.conns.Load())
	}
}

// TestRelaySendsNothingTwice: a request that a server may have read is not sent again, whatever
// its client says of sending it again.
func TestRelaySendsNothingTwice(t *testing.T) {
	for name, body := range map[string]string{"Idempotency-Key": "{}", "X-Idempotency-Key": ""} {
		var read atomic.Int64
		p := newPeer(t, func(c *net.TCPConn, n int, b []byte) bool {
			read.Add(1)
			if n == 0 {
				return says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")(c, n, b)
			}
			return false
		})
		relay := NewRelay(&url.URL{Scheme: "http", Host: p.Addr().String()}, nil)
		t.Cleanup(relay.Close)
		for i := range 2 {
			got, err := relay.Do(t.Context(), "POST", "/v1/x", http.Header{name: {"k"}}, []byte(body))
			if (err == nil) != (i == 0) {
				t.Fatalf("%s, %q: request %d: %v", name, body, i+1, err)
			}
			if err == nil {
				_, err = io.ReadAll(got.Body)
				if err = errors.Join(err, got.Body.Close()); err != nil {
					t.Fatal(err)
				}
			}
		}
		if n := read.Load(); n != 2 {
			t.Errorf("%s, %q: the server has read %d requests of two", name, body, n)
		}
	}
}

// TestEarlyAnswer: a server that will not read a large request says so and is heard.
func TestEarlyAnswer(t *testing.T) {
	bothClients(t, func(t *testing.T, dial func(*peer) client) {
		for _, ends := range []bool{false, true} {
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			done, release := make(chan struct{}), make(chan struct{})
			go func() {
				defer close(done)
				c, err := ln.Accept()
				if err != nil {
					return
				}
				defer c.Close()
				var b [1000]byte
				_, _ = c.Read(b[:])
				_, _ = io.WriteString(c, "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig")
				if ends {
					_ = c.(*net.TCPConn).CloseWrite()
				}
				<-release
			}()
			p := &peer{Listener: ln}
			status, body, err := once(t.Context(), dial(p), p.request(strings.Repeat("x", 32<<20)))
			if status != 413 || body != "big" || err != nil {
				t.Errorf("ends %v: %d %q %v", ends, status, body, err)
			}
			close(release)
			ln.Close()
			<-done
		}
	})
}

// TestHalfARequest: a request that a server has not got whole is one that it cannot have
// worked on, whoever ends it: the server, by the end of the connection or a reset, on a new
// connection or a used one, or its client.
func TestHalfARequest(t *testing.T) {
	big := strings.Repeat("x", 32<<20) // more than the kernel takes for a server that does not read
	bothClients(t, func(t *testing.T, dial func(*peer) client) {
		for _, used := range []bool{false, true} {
			for _, by := range []string{"end", "reset", "client"} {
				t.Run(fmt.Sprintf("%s, used %v", by, used), func(t *testing.T) {
					came := make(chan struct{}, 4)
					p := (&peer{answer: says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), half: func(c *net.TCPConn) {
						came <- struct{}{}
						switch by {
						case "client":
							<-t.Context().Done()
						case "reset":
							_ = c.SetLinger(0)
						}
					}}).start(t)
					c := dial(p)
					if used {
						if _, _, err := once(t.Context(), c, p.request("{}")); err != nil {
							t.Fatal(err)
						}
					}
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					go func() {
						<-came
						if by == "client" {
							cancel()
						}
					}()
					if _, fate, err := c.do(ctx, p.request(big)); err == nil || fate != http1.Unsent {
						t.Errorf("%v, %v", fate, err)
					}
				})
			}
		}
	})
}

// TestSilenceWithinAnAnswer: a whole answer may take longer than it may stand still, as that
// of a server that says with spaces that it still works.
func TestSilenceWithinAnAnswer(t *testing.T) {
	bothClients(t, func(t *testing.T, dial func(*peer) client) {
		const pieces, pause, gap = 6, 250 * time.Millisecond, time.Second
		p := newPeer(t, func(c *net.TCPConn, _ int, b []byte) bool {
			_, _ = fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", pieces+1)
			for range pieces {
				time.Sleep(pause)
				_, _ = io.WriteString(c, " ")
			}
			if string(b) == "ends" {
				_, _ = io.WriteString(c, "!")
			}
			return true
		})
		c := dial(p)
		for _, body := range []string{"ends", "stops"} {
			res, _, err := c.do(t.Context(), p.request(body))
			if err != nil {
				t.Fatal(err)
			}
			b, err := readAll(res, 1<<10, gap)
			if ends := body == "ends"; ends && (err != nil || len(b) != pieces+1) || !ends && !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("%s: %q %v", body, b, err)
			}
			res.Close()
		}
	})
}

// cramped is a client that finds no file for a connection, as long as those are kept that are
// not in use, or always.
type cramped struct {
	client
	always, rested bool
	calls          int
}

func (c *cramped) rest() { c.rested = true }

func (c *cramped) do(context.Context, *request) (answer, http1.Fate, error) {
	if c.calls++; c.rested && !c.always {
		return &sized{}, http1.Sent, nil
	}
	return nil, http1.Unsent, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("socket", syscall.EMFILE)}
}

// TestFilesAreShort: where no file is left for a connection, those that are not in use are
// given up for it. What finds none then says nothing of the upstream.
func TestFilesAreShort(t *testing.T) {
	for _, always := range []bool{false, true} {
		c := &cramped{always: always}
		var d Dispatcher
		d.upstreams.make = func(*head, string, string, time.Duration, *listening.Own) client { return c }
		p := &catalog.Provider{Name: "up", Base: &url.URL{Scheme: "http", Host: "up.invalid"}}
		_, fate, err := d.send(t.Context(), p, providers.Request{Method: "POST", Path: "/x"}, time.Second, false)
		if (err == nil) == always || c.calls != 2 {
			t.Errorf("always %v: %v after %d calls", always, err, c.calls)
		}
		if !always {
			continue
		}
		if e := providers.AsError(classify(t.Context(), err, fate, "")); e == nil || e.Kind != providers.Unreachable || !e.Ours {
			t.Errorf("%+v", e)
		}
	}
}

// TestDeadlines: for the headers, and for each stretch of the body.
func TestDeadlines(t *testing.T) {
	bothClients(t, func(t *testing.T, dial func(*peer) client) {
		p := newPeer(t, func(c *net.TCPConn, n int, b []byte) bool {
			switch {
			case bytes.HasPrefix(b, []byte("mute")):
				return true
			case bytes.HasPrefix(b, []byte("drip")):
				says("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")(c, n, b)
				for range 100 {
					if !says("a")(c, n, b) {
						return false
					}
					time.Sleep(20 * time.Millisecond)
				}
				return true
			}
			return says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n")(c, n, b)
		})
		c := dial(p)
		r := p.request("mute")
		r.FirstByte = 50 * time.Millisecond
		if _, fate, err := c.do(t.Context(), r); !errors.Is(err, os.ErrDeadlineExceeded) || fate != http1.Sent {
			t.Errorf("headers: %v, %v", fate, err)
		}
		<-p.gone // the server sees that nobody waits

		res, _, err := c.do(t.Context(), p.request("drip"))
		if err != nil {
			t.Fatal(err)
		}
		res.Patience(100 * time.Millisecond) // for all of it
		if b, err := io.ReadAll(res); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%d bytes that drip: %v", len(b), err)
		}
		res.Close()

		res, _, err = c.do(t.Context(), p.request("talk"))
		if err != nil {
			t.Fatal(err)
		}
		res.Patience(time.Minute)
		var b [10]byte
		if n, err := res.Read(b[:]); n != 1 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		// What was waited for does not count, nor does the time between two reads.
		res.Patience(50 * time.Millisecond)
		time.Sleep(100 * time.Millisecond)
		before := time.Now()
		if _, err := res.Read(b[:]); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(before) < 40*time.Millisecond {
			t.Errorf("body: %v after %v", err, time.Since(before))
		}
		res.Close()
		<-p.gone
	})
}

// TestCancel: in each phase the server sees at once that nobody waits.
func TestCancel(t *testing.T) {
	bothClients(t, func(t *testing.T, dial func(*peer) client) {
		for _, c := range []struct{ phase, answer string }{{"headers", ""}, {"half the headers", "HTTP/1.1 200 OK\r\nConten"},
			{"body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"}, {"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"}} {
			answered := make(chan struct{}, 1)
			p := newPeer(t, func(conn *net.TCPConn, n int, b []byte) bool {
				defer func() { answered <- struct{}{} }()
				return says(c.answer)(conn, n, b)
			})
			ctx, cancel := context.WithCancelCause(t.Context())
			left := errors.New("the client has left")
			go func() {
				<-answered
				time.Sleep(10 * time.Millisecond)
				cancel(left)
			}()
			_, _, err := once(ctx, dial(p), p.request("{}"))
			if err == nil {
				t.Errorf("%s: no error", c.phase)
			}
			select {
			case <-p.gone:
			case <-time.After(10 * time.Second):
				t.Fatalf("%s: the server never saw it", c.phase)
			}
		}
		p := newPeer(t, says(""))
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(io.ErrClosedPipe)
		if _, fate, err := dial(p).do(ctx, p.request("{}")); err == nil || fate != http1.Unsent || p.conns.Load() != 0 {
			t.Errorf("cancelled before: %v, %v, %d connections", fate, err, p.conns.Load())
		}
	})
}

// TestManyAtOnce: answers never cross, and connections are shared.
func TestManyAtOnce(t *testing.T) {
	bothClients(t, func(t *testing.T, dial func(*peer) client) {
		p := newPeer(t, func(c *net.TCPConn, n int, b []byte) bool {
			return says(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(b), b))(c, n, b)
		})
		c := dial(p)
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() {
				for j := range 200 {
					ctx, cancel := context.WithCancel(t.Context())
					mine := strings.Repeat(fmt.Sprintf("<%d %d>", i, j), 1+j%300)
					if j%7 == 0 {
						go cancel() // at any moment
						_, _, _ = once(ctx, c, p.request(mine))
						continue
					}
					if _, body, err := once(ctx, c, p.request(mine)); err != nil || body != mine {
						t.Errorf("%q came back as %q, %v", excerpt(mine), excerpt(body), err)
					}
					cancel()
				}
			})
		}
		wg.Wait()
	})
}

// TestP5_StandardBounds: what net/http would leave without an end has one.
func TestP5_StandardBounds(t *testing.T) {
	tr := newTransport(true, idleTimeout, nil)
	if tr.TLSHandshakeTimeout != 5*time.Second || tr.IdleConnTimeout <= 0 || tr.IdleConnTimeout >= time.Minute || tr.MaxConnsPerHost != http1.MaxConnections || tr.MaxIdleConnsPerHost <= 0 ||
		tr.MaxResponseHeaderBytes != 64<<10 || !tr.DisableCompression || !tr.ForceAttemptHTTP2 {
		t.Errorf("%+v", tr)
	}
	if tr.HTTP2 == nil || tr.HTTP2.SendPingTimeout != 15*time.Second || tr.HTTP2.PingTimeout <= 0 || tr.HTTP2.PingTimeout > 15*time.Second {
		t.Errorf("%+v", tr.HTTP2)
	}
	if s := newStandard(true, idleTimeout, nil); s.write != 30*time.Second {
		t.Errorf("a request may take %v to be written", s.write)
	}
}

// sized is an answer of so many bytes.
type sized struct {
	answer
	left   int64
	length int64
}

func (*sized) Patience(time.Duration) {}

func (s *sized) Length() int64 { return s.length }

func (s *sized) Read(p []byte) (int, error) {
	n := min(int64(len(p)), s.left)
	if s.left -= n; n == 0 {
		return 0, io.EOF
	}
	return int(n), nil
}

// TestAnswersAtTheLimit: a whole answer of just so many bytes is taken, and one more is too
// many, whether or not it says how long it is.
func TestAnswersAtTheLimit(t *testing.T) {
	for _, limit := range []int64{1, 4 << 10, 3<<20 + 1, MaxAnswer} {
		for _, said := range []bool{true, false} {
			for more, want := range []error{nil, errTooLong} {
				res := &sized{left: limit + int64(more), length: -1}
				if said {
					res.length = res.left
				}
				b, err := readAll(res, limit, time.Minute)
				if !errors.Is(err, want) || int64(len(b)) != limit {
					t.Errorf("%d bytes of %d, said %v: %d, %v", limit+int64(more), limit, said, len(b), err)
				}
			}
		}
	}
}

// TestStandardConnectionsComeOfAge: net/http has no age of its own for connections.
func TestStandardConnectionsComeOfAge(t *testing.T) {
	p := newPeer(t, says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
	c := newStandard(false, time.Minute, nil)
	t.Cleanup(c.close)
	call := func(want int64) {
		t.Helper()
		if _, _, err := once(t.Context(), c, p.request("{}")); err != nil || p.conns.Load() != want {
			t.Errorf("%d connections, want %d: %v", p.conns.Load(), want, err)
		}
	}
	call(1)
	call(1)
	c.aged.born = c.aged.born.Add(-http1.MaxAge)
	call(2)
	call(2)
}

// TestEachServerHasItsClient: plain HTTP is spoken by the lean client, and all else by the other.
func TestEachServerHasItsClient(t *testing.T) {
	for base, want := range map[string]bool{"http://127.0.0.1:1": true, "http://[::1]:1": true, "https://127.0.0.1:1": false, "http://caf\u00e9.invalid": false} {
		u, err := url.Parse(base)
		if err != nil {
			t.Fatal(err)
		}
		c := newClient(&head{origin: base}, u.Scheme, u.Host, time.Minute, nil)
		if _, isLean := c.(lean); isLean != want {
			t.Errorf("%s: lean %v", base, isLean)
		}
		c.close()
	}
}

// TestHostField: a Host header has no zone, which is this machine's own affair.
func TestHostField(t *testing.T) {
	for host, want := range map[string]string{"example.org:80": "example.org:80", "[::1]:80": "[::1]:80", "[fe80::1%eth0]:80": "[fe80::1]:80", "[fe80::1%eth0]": "[fe80::1]", "a%b": "a%b", "a%[b]": "a%[b]", "[::1]:a%b": "[::1]:a%b", "": ""} {
		if got := hostField(host); got != want {
			t.Errorf("%s: %s, want %s", host, got, want)
		}
	}
}

// TestInOnePiece: no object or text is a file, and not every upstream has streams.
func TestInOnePiece(t *testing.T) {
	for _, c := range []struct {
		op   providers.Operation
		raw  bool
		kind string
		want bool
	}{
		{providers.Speech, true, "audio/mpeg", false}, {providers.Speech, true, "", false}, {providers.Speech, true, "Application/JSON ; charset=utf-8", true}, {providers.Speech, true, "text/html", true},
		{providers.Transcriptions, false, "application/json", true}, {providers.Transcriptions, false, "text/event-stream ; charset=utf-8", false}, {providers.Chat, false, "application/json", false},
	} {
		if got := inOnePiece(providers.Call{Operation: c.op, Raw: c.raw}, c.kind); got != c.want {
			t.Errorf("%s, raw %v, %q: %v", c.op, c.raw, c.kind, got)
		}
	}
}
