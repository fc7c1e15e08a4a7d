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
	"testing/iotest"
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

// TestTurnThatCameTooLate: a turn that has come to who gives up the wait is for the next one, be
// it a connection or the right to make one.
func TestTurnThatCameTooLate(t *testing.T) {
	address, _ := serve(t, nil)
	c := client(t, address, time.Minute)
	if err := try(t.Context(), c, "a"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, cn := range []*conn{c.free[0], nil} {
		c.free = nil
		for err := error(nil); err == nil; {
			turn := make(chan *conn, 1)
			turn <- cn
			_, err = c.wait(ctx, turn) // of two things that have happened it may see either
		}
		if cn != nil && (len(c.free) != 1 || c.free[0] != cn || c.open != 1) || cn == nil && c.open != 0 {
			t.Errorf("%v: %d connections can be used, and %d have a place", cn, len(c.free), c.open)
		}
		if cn != nil {
			cn.close()
		}
	}
}

// TestEndOfAContextIsItsCause: before there is a connection, while one is made and while the
// answer is waited for. What has not begun is not sent, though a connection is there for it.
func TestEndOfAContextIsItsCause(t *testing.T) {
	hold, left := make(chan struct{}), errors.New("the client has left")
	address, conns := serve(t, hold)
	c := client(t, address, time.Minute)
	go func() { hold <- struct{}{} }()
	if err := try(t.Context(), c, "a"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(left)
	if _, fate, err := c.Do(ctx, post("a")); !errors.Is(err, left) || fate != Unsent || len(c.free) != 1 {
		t.Errorf("before: %v, %v; %d connections can be used", fate, err, len(c.free))
	}
	ctx, cancel = context.WithCancelCause(t.Context())
	time.AfterFunc(200*time.Millisecond, func() { cancel(left) })
	if _, fate, err := c.Do(ctx, post("a")); !errors.Is(err, left) || fate != Sent || len(c.free) != 0 {
		t.Errorf("while it waits: %v, %v; %d connections can be used", fate, err, len(c.free))
	}
	ctx, cancel = context.WithCancelCause(t.Context())
	control := c.dialer.Control
	c.dialer.Control = func(network, address string, raw syscall.RawConn) error {
		cancel(left)
		return errors.Join(control(network, address, raw), ctx.Err())
	}
	if _, fate, err := c.Do(ctx, post("a")); !errors.Is(err, left) || fate != Unsent || c.open != 0 {
		t.Errorf("while it connects: %v, %v; %d have a place", fate, err, c.open)
	}
	if made, _ := conns(); made != 1 {
		t.Errorf("%d connections", made)
	}
}

// TestServerThatSpeaksFirst: what comes on a new connection before anybody has asked is taken
// for an answer, which it is none of: nobody has given that connection up.
func TestServerThatSpeaksFirst(t *testing.T) {
	address := accepting(t, func(c net.Conn) {
		_, _ = io.WriteString(c, "SSH-2.0-OpenSSH_9.2\r\n")
		_, _ = io.Copy(io.Discard, c)
	})
	for i, size := range []int{2, 2, 2, 2, 1 << 20, 1 << 20} {
		c := client(t, address, time.Minute)
		cn, err := c.take(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		eventually(t, "the server does not speak", func() bool { return i%2 == 0 || cn.look() == bytesWait })
		res := &Response{client: c, cn: cn, stop: func() bool { return true }}
		if fate, err := res.exchange(post(strings.Repeat("x", size))); !Malformed(err) || fate != Sent {
			t.Errorf("%d bytes: %v, %v", size, fate, err)
		}
		res.drop()
	}
}

// TestUnusedConnectionsAreClosed: after the time that was set, and at the end; and one
// that is too old is not used again.
func TestUnusedConnectionsAreClosed(t *testing.T) {
	address, conns := serve(t, nil)
	c := client(t, address, 50*time.Millisecond)
	for n := range 2 {
		if err := try(t.Context(), c, "a"); err != nil {
			t.Fatal(err)
		}
		eventually(t, "an unused connection stays", func() bool { made, open := conns(); return made == n+1 && open == 0 })
		c.mu.Lock()
		if len(c.free) != 0 || c.open != 0 {
			t.Errorf("%d connections can be used, and %d have a place", len(c.free), c.open)
		}
		c.mu.Unlock()
	}

	c = client(t, address, time.Minute)
	for range 3 {
		if err := try(t.Context(), c, "a"); err != nil {
			t.Fatal(err)
		}
	}
	if made, _ := conns(); made != 3 {
		t.Fatalf("%d connections", made)
	}
	c.mu.Lock()
	c.free[0].born = c.free[0].born.Add(-MaxAge)
	c.mu.Unlock()
	if err := try(t.Context(), c, "a"); err != nil {
		t.Fatal(err)
	}
	if made, _ := conns(); made != 4 {
		t.Errorf("a connection of %v was used again", MaxAge)
	}
	c.mu.Lock()
	c.free[0].since = c.free[0].since.Add(-time.Minute)
	c.mu.Unlock()
	if err := try(t.Context(), c, "a"); err != nil {
		t.Fatal(err)
	}
	if made, _ := conns(); made != 5 {
		t.Error("a connection that was unused for a minute was used again")
	}
	res, _, err := c.Do(t.Context(), post("a"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(res); err != nil {
		t.Fatal(err)
	}
	res.cn.born = res.cn.born.Add(-MaxAge)
	res.Close()
	if len(c.free) != 0 || c.open != 0 {
		t.Errorf("a connection of %v is kept", MaxAge)
	}
	if err := try(t.Context(), c, "a"); err != nil {
		t.Fatal(err)
	}
	c.Close()
	eventually(t, "a connection outlives its client", func() bool { _, open := conns(); return open == 0 })
	if err := try(t.Context(), c, "a"); !errors.Is(err, errClosed) {
		t.Errorf("a closed client: %v", err)
	}
}

// TestEachComesOfAgeByItself: the one that is unused for longer does not take the others along,
// nor are they forgotten.
func TestEachComesOfAgeByItself(t *testing.T) {
	hold := make(chan struct{})
	address, conns := serve(t, hold)
	c := client(t, address, 50*time.Millisecond)
	errs := make(chan error, 2)
	for range 2 {
		go func() { errs <- try(t.Context(), c, "a") }()
	}
	eventually(t, "no two connections", func() bool { made, _ := conns(); return made == 2 })
	for range 2 {
		hold <- struct{}{}
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
		time.Sleep(30 * time.Millisecond)
	}
	eventually(t, "an unused connection stays", func() bool { _, open := conns(); return open == 0 })
}

// TestPlaceOfALostConnection: whoever waits gets the place of a connection that is lost, or of
// one that is not to be used again, and makes one of its own.
func TestPlaceOfALostConnection(t *testing.T) {
	for _, idle := range []time.Duration{time.Minute, 0} { // at 0 no connection is used again
		hold := make(chan struct{})
		address, conns := serve(t, hold)
		c := client(t, address, idle)
		c.limit = 1
		ctx, cancel := context.WithCancel(t.Context())
		errs, waited := make(chan error, 1), make(chan error, 1)
		go func() { errs <- try(ctx, c, "a") }()
		eventually(t, "no connection", func() bool { made, _ := conns(); return made == 1 })
		go func() { waited <- try(t.Context(), c, "b") }()
		eventually(t, "the call does not wait", func() bool {
			c.mu.Lock()
			defer c.mu.Unlock()
			return len(c.waiters) == 1
		})
		if idle > 0 {
			cancel()
		} else {
			hold <- struct{}{}
		}
		if err := <-errs; (err != nil) != (idle > 0) {
			t.Error(err)
		}
		eventually(t, "no connection in its place", func() bool { made, open := conns(); return made == 2 && open == 1 })
		hold <- struct{}{}
		if err := <-waited; err != nil {
			t.Errorf("who waited: %v", err)
		}
		cancel()
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
		"DEL in the path":          func(r *Request) { r.Target = "/secret\x7f" },
		"DEL in a value":           func(r *Request) { r.Fields = []Field{{"A", "secret\x7f"}} },
	} {
		if err := try(t.Context(), c, "a"); err != nil { // which leaves a connection
			t.Fatal(err)
		}
		r := post("{}")
		change(r)
		_, fate, err := c.Do(t.Context(), r)
		if !errors.Is(err, errRequest) || fate != Unsent || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, %v", name, fate, err)
		}
	}
	r := post("{}")
	r.Fields = []Field{{"A", "a tab\tand a space"}}
	res, _, err := c.Do(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	res.Close()
	if made, _ := conns(); made == 0 {
		t.Error("no connection was ever made: the test shows nothing")
	}
}

// TestLengthOfARequest: each request says how long its body is, but for one without a body
// whose method has none.
func TestLengthOfARequest(t *testing.T) {
	for _, c := range []struct {
		method, body string
		says         bool
	}{{"POST", "a", true}, {"POST", "", true}, {"GET", "", false}, {"GET", "a", true}, {"DELETE", "", false}, {"DELETE", "a", true}} {
		r := post(c.body)
		r.Method = c.method
		b, err := appendHead(nil, r, len(c.body))
		if err != nil || bytes.Contains(b, []byte(fmt.Sprintf("Content-Length: %d\r\n", len(c.body)))) != c.says || bytes.Contains(b, []byte("Content-Length")) != c.says {
			t.Errorf("%s of %d bytes: %q, %v", c.method, len(c.body), b, err)
		}
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
			} else if !errors.Is(err, errDeadline) || fate != Unsent || took < pause {
				t.Errorf("%v, %v after %v", fate, err, took)
			}
			if err := <-seen; (err == nil) != takes {
				t.Errorf("the server: %v", err)
			}
		})
	}
	for _, takes := range []int{0, 10, 1 << 20} {
		for what, body := range map[string]string{"a small request": "{}", "a large one": strings.Repeat("x", 2*bufferSize)} {
			t.Run(fmt.Sprintf("%s, takes %d bytes", what, takes), func(t *testing.T) {
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
				sent, _, err := cn.send(post(body))
				switch {
				case whole && (err != nil || sent != all):
					t.Error(sent, err)
				case !whole && (!errors.Is(err, errDeadline) || sent != map[bool]part{true: some}[takes > 0] || now().Sub(began) < pause):
					t.Errorf("sent %v, %v", sent, err)
				}
			})
		}
	}
}

// TestEarlyAnswerEndsTheConnection: of a request that its server would not read the rest is
// never sent, and so no other may follow it.
func TestEarlyAnswerEndsTheConnection(t *testing.T) {
	done := make(chan struct{})
	address := accepting(t, func(c net.Conn) {
		defer close(done)
		_, _ = c.Read(make([]byte, 1000))
		_, _ = io.WriteString(c, "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig")
		time.Sleep(lookEvery)
		_, _ = io.Copy(io.Discard, c)
	})
	c := client(t, address, time.Minute)
	res, _, err := c.Do(t.Context(), post(strings.Repeat("x", 32<<20)))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(res)
	res.Close()
	if res.Status() != 413 || string(b) != "big" || err != nil || len(c.free) != 0 || c.open != 0 {
		t.Errorf("%d %q %v; %d connections can be used", res.Status(), b, err, len(c.free))
	}
	<-done
}

// accepting gives each connection to a port of its own to serve, until the test ends.
func accepting(t *testing.T, serve func(net.Conn)) (address string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer c.Close()
				serve(c)
			})
		}
	})
	t.Cleanup(func() { ln.Close(); wg.Wait() })
	return ln.Addr().String()
}

// slowly serves every request with an answer that comes byte by byte.
func slowly(t *testing.T, answer string, pause time.Duration) (address string) {
	t.Helper()
	return accepting(t, func(c net.Conn) {
		for r := bufio.NewReader(c); ; {
			req, err := http.ReadRequest(r)
			if err == nil {
				_, err = io.Copy(io.Discard, req.Body)
			}
			for i := 0; err == nil && i < len(answer); i++ {
				_, err = c.Write([]byte{answer[i]})
				time.Sleep(pause)
			}
			if err != nil {
				return
			}
		}
	})
}

// TestPatienceIsNotRenewed: a deadline is for all that is read until it is said anew, however
// often there is a little of it.
func TestPatienceIsNotRenewed(t *testing.T) {
	const pause = 20 * time.Millisecond
	const head = "HTTP/1.1 200 OK\r\nX-A: "
	c := client(t, slowly(t, head+strings.Repeat("a", 100)+"\r\nContent-Length: 0\r\n\r\n", pause), time.Minute)
	r := post("{}")
	r.FirstByte = 20 * pause
	if _, fate, err := c.Do(t.Context(), r); !errors.Is(err, errDeadline) || fate != Sent {
		t.Errorf("headers that drip: %v, %v", fate, err)
	}
	for name, answer := range map[string]string{
		"a length": "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + strings.Repeat("a", 100),
		"chunks":   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n" + strings.Repeat("a", 100) + "\r\n0\r\n\r\n",
	} {
		c := client(t, slowly(t, answer, pause), time.Minute)
		res, _, err := c.Do(t.Context(), post("{}"))
		if err != nil {
			t.Fatal(err)
		}
		res.Patience(5 * pause)
		if b, err := io.ReadAll(res); !errors.Is(err, errDeadline) {
			t.Errorf("%s that drips: %q, %v", name, b, err)
		}
		res.Close()
		if len(c.free) != 0 || c.open != 0 {
			t.Errorf("%s that broke off: %d connections can be used, %d have a place", name, len(c.free), c.open)
		}
	}
}

// TestLateAnswerIsNotStale: a connection that was used before and is silent for too long now
// is a request that the server has had.
func TestLateAnswerIsNotStale(t *testing.T) {
	hold := make(chan struct{})
	address, _ := serve(t, hold)
	c := client(t, address, time.Minute)
	go func() { hold <- struct{}{} }()
	if err := try(t.Context(), c, "a"); err != nil {
		t.Fatal(err)
	}
	r := post("a")
	r.FirstByte = 200 * time.Millisecond
	if _, fate, err := c.Do(t.Context(), r); !errors.Is(err, errDeadline) || fate != Sent {
		t.Errorf("%v, %v", fate, err)
	}
}

// TestAnswersThatAreLeft: a connection is used again if its answer was read to the end, once,
// however often it is closed; and nothing is read of an answer that was closed.
func TestAnswersThatAreLeft(t *testing.T) {
	for name, c := range map[string]struct {
		rest string // what comes behind the headers
		read int    // so many bytes
		kept int
	}{
		"all of a length":   {"Content-Length: 4\r\n\r\nabcd", 4, 1},
		"some of a length":  {"Content-Length: 4\r\n\r\nab", 2, 0}, // the rest may come at any time
		"none of a length":  {"Content-Length: 4\r\n\r\nabcd", 0, 0},
		"all of the chunks": {"Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n", 5, 1},
		"all but the end":   {"Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n", 4, 0},
	} {
		address := slowly(t, "HTTP/1.1 200 OK\r\n"+c.rest, 0)
		cl := client(t, address, time.Minute)
		res, _, err := cl.Do(t.Context(), post("{}"))
		if err != nil {
			t.Fatal(err)
		}
		if n, err := io.ReadAll(io.LimitReader(res, int64(c.read))); err != nil || len(n) != min(c.read, 4) {
			t.Errorf("%s: %q, %v", name, n, err)
		}
		for range 2 {
			if err := res.Close(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if len(cl.free) != c.kept || cl.open != c.kept {
				t.Errorf("%s: %d connections can be used, %d have a place, want %d", name, len(cl.free), cl.open, c.kept)
			}
		}
		if n, err := res.Read(make([]byte, 1)); n != 0 || err == nil || c.read < 4 && !errors.Is(err, errClosed) {
			t.Errorf("%s: read %d bytes after the end: %v", name, n, err)
		}
	}
}

// TestOnlyTheFirstByteIsWaitedFor: what has come of chunks is read at once, wherever it stops.
func TestOnlyTheFirstByteIsWaitedFor(t *testing.T) {
	const head, hello = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nhello\r\n"
	for here, want := range map[string]string{
		"a\r\nhello": "hello", "5\r\nhello": "hello", "5\r\nhello\r": "hello", hello: "hello", hello + "6": "hello", hello + "6\r": "hello", hello + "6\r\n": "hello",
		hello + "6\r\n world": "hello world", hello + "6\r\n world\r\n": "hello world", hello + "0": "hello", hello + "0\r\n": "hello", hello + "0\r\nT: u\r\n": "hello",
	} {
		waited := errors.New("it was waited for")
		res := reading(t, io.MultiReader(strings.NewReader(head+here), iotest.ErrReader(waited)))
		if err := res.readHead(); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 100)
		if n, err := res.Read(b); string(b[:n]) != want || err != nil {
			t.Errorf("%q: %q, %v", here, b[:n], err)
		}
		if n, err := res.Read(b); n != 0 || !errors.Is(err, waited) {
			t.Errorf("%q, what comes next: %q, %v", here, b[:n], err)
		}
	}
}

// TestWithin: a deadline is set again once it is too near or too far.
func TestWithin(t *testing.T) {
	const d = 16 * time.Second
	now := time.Unix(1_000_000, 0)
	for left, want := range map[time.Duration]time.Duration{d - 1: d + d/16, d: d, d + d/16: d + d/16, d + d/16 + 1: d + d/16, -1: d + d/16} {
		by, set := now.Add(left), time.Time{}
		if err := within(&by, now, d, func(t time.Time) error { set = t; return nil }); err != nil {
			t.Fatal(err)
		}
		if by.Sub(now) != want || set.IsZero() != (left == want) || !set.IsZero() && !set.Equal(by) {
			t.Errorf("%v were left: by %v, %v set", left, by.Sub(now), set)
		}
	}
}

// TestPatienceWithoutABound: one that bounds nothing takes the deadline away, and the next one
// sets it again.
func TestPatienceWithoutABound(t *testing.T) {
	res := reading(t, strings.NewReader(""))
	by := &res.cn.nc.(*memory).by
	for _, d := range []time.Duration{time.Minute, 0, time.Minute} {
		res.Patience(d)
		if err := res.arm(now()); err != nil {
			t.Fatal(err)
		}
		if by.IsZero() != (d == 0) {
			t.Errorf("a patience of %v: until %v", d, by)
		}
	}
}

// reading is an answer that is read from memory.
func reading(t testing.TB, r io.Reader) *Response {
	here, there := net.Pipe()
	t.Cleanup(func() { here.Close(); there.Close() })
	cn := newConn(&memory{Conn: here, r: r}, WriteTimeout)
	cn.acquire()
	return &Response{client: New("", time.Minute, nil), cn: cn, stop: func() bool { return true }}
}

type memory struct {
	net.Conn
	r  io.Reader
	by time.Time // the deadline of reading
}

func (m *memory) Read(p []byte) (int, error)         { return m.r.Read(p) }
func (m *memory) SetReadDeadline(by time.Time) error { m.by = by; return nil }

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
