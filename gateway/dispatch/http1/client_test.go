package http1

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve answers every request with its own body, and counts connections. hold, if not
// nil, is received from before each answer.
func serve(t *testing.T, hold chan struct{}) (address string, conns func() (made, open int)) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	made, open := 0, 0
	srv := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			b, err := io.ReadAll(r.Body)
			if err != nil {
				return
			}
			if hold != nil {
				select {
				case <-hold:
				case <-r.Context().Done():
				}
			}
			_, _ = w.Write(b)
		}),
		ConnState: func(_ net.Conn, s http.ConnState) {
			mu.Lock()
			defer mu.Unlock()
			switch s {
			case http.StateNew:
				made++
				open++
			case http.StateClosed:
				open--
			}
		},
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(ln) }()
	t.Cleanup(func() { _ = srv.Close(); <-done })
	return ln.Addr().String(), func() (int, int) {
		mu.Lock()
		defer mu.Unlock()
		return made, open
	}
}

func client(t *testing.T, address string, idle time.Duration) *Client {
	c := New(address, idle, nil)
	t.Cleanup(c.Close)
	return c
}

func post(body string) *Request {
	return &Request{Method: "POST", Target: "/", Head: []byte("Host: x\r\n"), Body: [][]byte{[]byte(body)}, FirstByte: 10 * time.Second}
}

func try(ctx context.Context, c *Client, body string) error {
	res, _, err := c.Do(ctx, post(body))
	if err != nil {
		return err
	}
	defer res.Close()
	b, err := io.ReadAll(res)
	if err == nil && string(b) != body {
		err = errors.New("another answer: " + string(b))
	}
	return err
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for until := time.Now().Add(10 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal(what)
		}
	}
}

// TestConnectionsAreBounded: a call waits for its turn at a connection, in the order of
// arrival, and gives the wait up with its client; too many do not even wait.
func TestConnectionsAreBounded(t *testing.T) {
	hold := make(chan struct{})
	address, conns := serve(t, hold)
	c := client(t, address, time.Minute)
	c.limit, c.queue = 2, 2
	errs := make(chan error, 10)
	start := func(ctx context.Context) { go func() { errs <- try(ctx, c, "a") }() }
	waiting := func(n int) {
		t.Helper()
		eventually(t, "the calls do not wait", func() bool {
			c.mu.Lock()
			defer c.mu.Unlock()
			return len(c.waiters) == n
		})
	}
	start(t.Context())
	start(t.Context())
	eventually(t, "no two connections", func() bool { made, _ := conns(); return made == 2 })
	ctx, cancel := context.WithCancel(t.Context())
	start(ctx)
	waiting(1)
	start(t.Context())
	waiting(2)
	if err := try(t.Context(), c, "b"); !errors.Is(err, errBusy) {
		t.Errorf("one too many: %v", err)
	}
	cancel()
	if err := <-errs; !errors.Is(err, context.Canceled) {
		t.Errorf("a client that left: %v", err)
	}
	waiting(1)
	for range 3 {
		hold <- struct{}{}
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if made, _ := conns(); made != 2 {
		t.Errorf("%d connections, want 2", made)
	}
	// A connection that is lost makes room for a new one.
	for range 2 {
		ctx, cancel := context.WithCancel(t.Context())
		go func() { hold <- struct{}{}; cancel() }()
		res, _, err := c.Do(ctx, post("abc"))
		if err == nil {
			res.Close()
		}
		<-ctx.Done()
	}
	go func() { hold <- struct{}{} }()
	if err := try(t.Context(), c, "c"); err != nil {
		t.Error(err)
	}
}

// TestTurnIsPassedOn: whoever gives up the wait in the moment of its turn passes it on.
func TestTurnIsPassedOn(t *testing.T) {
	address, _ := serve(t, nil)
	c := client(t, address, time.Minute)
	c.limit = 1
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 200 {
				ctx, cancel := context.WithCancel(t.Context())
				if i%2 == 0 {
					go cancel()
				}
				if err := try(ctx, c, "a"); err != nil && !errors.Is(err, context.Canceled) && ctx.Err() == nil {
					t.Error(err)
				}
				cancel()
			}
		})
	}
	wg.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open > 1 || len(c.waiters) != 0 {
		t.Errorf("%d connections, %d waiters", c.open, len(c.waiters))
	}
}

// TestUnusedConnectionsAreClosed: after the time that was set, and at the end; and one
// that is too old is not used again.
func TestUnusedConnectionsAreClosed(t *testing.T) {
	address, conns := serve(t, nil)
	c := client(t, address, 50*time.Millisecond)
	if err := try(t.Context(), c, "a"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "an unused connection stays", func() bool { made, open := conns(); return made == 1 && open == 0 })

	c = client(t, address, time.Minute)
	for range 3 {
		if err := try(t.Context(), c, "a"); err != nil {
			t.Fatal(err)
		}
	}
	if made, _ := conns(); made != 2 {
		t.Fatalf("%d connections", made)
	}
	c.mu.Lock()
	c.free[0].born = c.free[0].born.Add(-MaxAge)
	c.mu.Unlock()
	if err := try(t.Context(), c, "a"); err != nil {
		t.Fatal(err)
	}
	if made, _ := conns(); made != 3 {
		t.Errorf("a connection of %v was used again", MaxAge)
	}
	c.Close()
	eventually(t, "a connection outlives its client", func() bool { _, open := conns(); return open == 0 })
	if err := try(t.Context(), c, "a"); !errors.Is(err, errClosed) {
		t.Errorf("a closed client: %v", err)
	}
}

// TestLastUsedFirst: what is not needed comes of age.
func TestLastUsedFirst(t *testing.T) {
	hold := make(chan struct{})
	address, conns := serve(t, hold)
	c := client(t, address, time.Minute)
	errs := make(chan error, 3)
	for range 3 {
		go func() { errs <- try(t.Context(), c, "a") }()
	}
	eventually(t, "no three connections", func() bool { made, _ := conns(); return made == 3 })
	for range 3 {
		hold <- struct{}{}
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	for range 5 {
		last := c.free[2]
		go func() { hold <- struct{}{} }()
		if err := try(t.Context(), c, "a"); err != nil {
			t.Fatal(err)
		}
		if c.free[2] != last {
			t.Fatal("another connection was used")
		}
	}
}

// TestRequestsThatCannotBeWritten: nothing is smuggled into a request by a path, a name
// or a value, and none of it stands in the error.
func TestRequestsThatCannotBeWritten(t *testing.T) {
	address, conns := serve(t, nil)
	c := client(t, address, time.Minute)
	for name, change := range map[string]func(r *Request){
		"a line end in the path":   func(r *Request) { r.Target = "/a\r\nX: secret" },
		"a space in the path":      func(r *Request) { r.Target = "/a secret" },
		"no path":                  func(r *Request) { r.Target = "" },
		"a whole URL":              func(r *Request) { r.Target = "http://secret/" },
		"a letter beyond ASCII":    func(r *Request) { r.Target = "/é" },
		"a line end in the method": func(r *Request) { r.Method = "GET\r\nsecret" },
		"no method":                func(r *Request) { r.Method = "" },
		"a line end in a value":    func(r *Request) { r.Fields = []Field{{"A", "b\nsecret: c"}} },
		"NUL in a value":           func(r *Request) { r.Fields = []Field{{"A", "secret\x00"}} },
		"a colon in a name":        func(r *Request) { r.Fields = []Field{{"secret: b", "c"}} },
		"no name":                  func(r *Request) { r.Fields = []Field{{"", "secret"}} },
	} {
		r := post("{}")
		change(r)
		_, fate, err := c.Do(t.Context(), r)
		if !errors.Is(err, errRequest) || fate != Unsent || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, %v", name, fate, err)
		}
	}
	if err := try(t.Context(), c, "a"); err != nil {
		t.Error(err)
	}
	if made, _ := conns(); made == 0 {
		t.Error("no connection was ever made: the test shows nothing")
	}
}

// TestHeadersAtTheLimit: a status line and headers of just so many bytes are read, and one
// more is too many, in one header or in many.
func TestHeadersAtTheLimit(t *testing.T) {
	const around = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA: \r\n\r\n"
	many := strings.Repeat("X-A: b\r\n", 1000)
	for name, head := range map[string]string{"one": around, "many": strings.Replace(around, "A: ", many+"A: ", 1)} {
		for more, ok := range []bool{true, false} {
			value := strings.Repeat("a", MaxHead-len(head)+more)
			_, _, err := readOne(t, strings.NewReader(strings.Replace(head, "A: \r\n\r\n", "A: "+value+"\r\n\r\n", 1)))
			if (err == nil) != ok || !ok && !Malformed(err) {
				t.Errorf("%s header, %d bytes: %v", name, MaxHead+more, err)
			}
		}
	}
}

// TestConnectTimeout: where nobody takes the connection it is given up in time, nothing was
// sent, and its place is free again.
func TestConnectTimeout(t *testing.T) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(fd)
	if err := errors.Join(syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}), syscall.Listen(fd, 0)); err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	c := client(t, fmt.Sprintf("127.0.0.1:%d", name.(*syscall.SockaddrInet4).Port), time.Minute)
	if c.dialer.Timeout != ConnectTimeout {
		t.Errorf("a connection may take %v", c.dialer.Timeout)
	}
	c.dialer.Timeout = 100 * time.Millisecond
	for range 10 { // until its line is full
		var nc net.Conn
		if nc, err = c.dialer.DialContext(t.Context(), "tcp", c.address); err != nil {
			break
		}
		defer nc.Close()
	}
	if err == nil {
		t.Fatal("a listener without a line takes ten connections")
	}
	_, fate, err := c.Do(t.Context(), post("{}"))
	var late net.Error
	if !errors.As(err, &late) || !late.Timeout() || fate != Unsent || c.open != 0 {
		t.Errorf("%v, %v, %d places are taken", fate, err, c.open)
	}
}

// TestWriteTimeout: a server that does not take a request in time is given up, whether it
// takes none of it or a part; one that takes its time is waited for.
func TestWriteTimeout(t *testing.T) {
	const pause = 500 * time.Millisecond
	big := strings.Repeat("x", 32<<20) // more than the kernel takes for a server that does not read
	for _, takes := range []bool{false, true} {
		t.Run(fmt.Sprintf("a large request, takes it %v", takes), func(t *testing.T) {
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer ln.Close()
			failed, seen := make(chan struct{}), make(chan error, 1)
			go func() {
				c, err := ln.Accept()
				if err != nil {
					seen <- err
					return
				}
				defer c.Close()
				if takes {
					time.Sleep(pause)
				} else {
					<-failed
				}
				req, err := http.ReadRequest(bufio.NewReader(c))
				if err == nil {
					_, err = io.Copy(io.Discard, req.Body)
				}
				if err == nil {
					_, err = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
				}
				seen <- err
			}()
			c := client(t, ln.Addr().String(), time.Minute)
			if !takes {
				c.write = pause
			}
			began := now()
			res, fate, err := c.Do(t.Context(), post(big))
			took := now().Sub(began)
			close(failed)
			if takes {
				if err != nil {
					t.Fatal(err)
				}
				res.Close()
			} else if !errors.Is(err, errDeadline) || fate != Sent || took < pause {
				t.Errorf("%v, %v after %v", fate, err, took)
			}
			if err := <-seen; (err == nil) != takes {
				t.Errorf("the server: %v", err)
			}
		})
	}
	for _, takes := range []int{0, 10, 1 << 20} {
		t.Run(fmt.Sprintf("a small request, takes %d bytes", takes), func(t *testing.T) {
			here, there := net.Pipe() // which takes nothing that is not read
			defer here.Close()
			defer there.Close()
			whole, limit := takes == 1<<20, pause
			if whole {
				limit = WriteTimeout
			}
			cn := newConn(here, limit)
			cn.acquire()
			defer cn.release()
			go func() {
				b := make([]byte, 1)
				for range takes {
					if _, err := there.Read(b); err != nil {
						return
					}
				}
			}()
			began := now()
			sent, _, err := cn.send(post("{}"))
			switch {
			case whole && (err != nil || !sent):
				t.Error(sent, err)
			case !whole && (!errors.Is(err, errDeadline) || sent != (takes > 0) || now().Sub(began) < pause):
				t.Errorf("sent %v, %v", sent, err)
			}
		})
	}
}

// reading is an answer that is read from memory.
func reading(t testing.TB, r io.Reader) *Response {
	here, there := net.Pipe()
	t.Cleanup(func() { here.Close(); there.Close() })
	cn := newConn(&memory{here, r}, WriteTimeout)
	cn.acquire()
	return &Response{client: New("", time.Minute, nil), cn: cn, stop: func() bool { return true }}
}

type memory struct {
	net.Conn
	r io.Reader
}

func (m *memory) Read(p []byte) (int, error)      { return m.r.Read(p) }
func (m *memory) SetReadDeadline(time.Time) error { return nil }

// FuzzResponse: what is read of an answer is what net/http reads of it, or the answer is
// refused; and however it is cut, it is the same.
func FuzzResponse(f *testing.F) {
	for _, s := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\nA\r\n0123456789\r\n0\r\nT: u\r\n\r\n",
		"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nto the end",
		"HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nabc",
		"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: a, close\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"HTTP/1.1 200 OK\nContent-Length: 1\n\na", "HTTP/1.1 200\r\nA:b\r\n c\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n",
	} {
		f.Add([]byte(s), 9)
	}
	f.Fuzz(func(t *testing.T, raw []byte, cut int) {
		if cut < 0 || cut > len(raw) {
			return
		}
		status, body, err := readOne(t, bytes.NewReader(raw))
		again, other, otherErr := readOne(t, io.MultiReader(bytes.NewReader(raw[:cut]), bytes.NewReader(raw[cut:])))
		if status != again || body != other || (err == nil) != (otherErr == nil) {
			t.Fatalf("whole: %d %q %v\ncut: %d %q %v", status, body, err, again, other, otherErr)
		}
		if err != nil {
			return
		}
		r := bufio.NewReader(bytes.NewReader(raw))
		for {
			res, err := http.ReadResponse(r, nil)
			if err != nil {
				t.Fatalf("net/http refuses what was read as %d %q: %v", status, body, err)
			}
			if res.StatusCode < 200 {
				continue
			}
			b, err := io.ReadAll(res.Body)
			if res.StatusCode != status || string(b) != body || err != nil {
				t.Fatalf("%d %q, net/http has %d %q, %v", status, body, res.StatusCode, b, err)
			}
			return
		}
	})
}

func readOne(t *testing.T, r io.Reader) (status int, body string, err error) {
	res := reading(t, r)
	if err := res.readHead(); err != nil {
		return 0, "", err
	}
	b, err := io.ReadAll(res)
	return res.Status(), string(b), err
}
