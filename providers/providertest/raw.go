package providertest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Raw is an upstream on the loopback that answers with bytes and keeps to no protocol:
// for every model there is a function that is given the connection once a call has been
// read whole. The connection is closed when it returns. Under GET /v1/models it lists
// its models as OpenAI does. All methods are safe for concurrent use.
type Raw struct {
	ln net.Listener
	wg sync.WaitGroup

	mu      sync.Mutex
	answers map[string]func(net.Conn)
	conns   map[net.Conn]bool
	calls   []Call
	closed  bool
}

// NewRaw starts a server and closes it, with every connection, when the test ends.
func NewRaw(t testing.TB) *Raw {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &Raw{ln: ln, answers: map[string]func(net.Conn){}, conns: map[net.Conn]bool{}}
	r.wg.Go(r.accept)
	t.Cleanup(func() {
		r.mu.Lock()
		r.closed = true
		for c := range r.conns {
			_ = c.Close()
		}
		r.mu.Unlock()
		_ = ln.Close()
		r.wg.Wait()
	})
	return r
}

// URL is the server's address, without a path.
func (r *Raw) URL() string { return "http://" + r.ln.Addr().String() }

// Set says how calls for a model are answered, from the next call on.
func (r *Raw) Set(model string, answer func(net.Conn)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answers[model] = answer
}

// Calls returns the calls so far but for those that ask for the list of models.
func (r *Raw) Calls() []Call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.calls)
}

func (r *Raw) accept() {
	for {
		conn, err := r.ln.Accept()
		if err != nil {
			return
		}
		r.mu.Lock()
		if r.closed {
			_ = conn.Close()
		}
		r.conns[conn] = true
		r.mu.Unlock()
		r.wg.Go(func() {
			r.serve(conn)
			_ = conn.Close()
			r.mu.Lock()
			defer r.mu.Unlock()
			delete(r.conns, conn)
		})
	}
}

func (r *Raw) serve(conn net.Conn) {
	req, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return
	}
	raw, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	r.mu.Lock()
	if req.Method == http.MethodGet {
		names := make([]string, 0, len(r.answers))
		for name := range r.answers {
			names = append(names, fmt.Sprintf(`{"id":%q,"object":"model"}`, name))
		}
		r.mu.Unlock()
		_, _ = io.WriteString(conn, Whole("application/json", `{"object":"list","data":[`+strings.Join(names, ",")+`]}`))
		return
	}
	var b struct {
		Model string `json:"model"`
	}
	_ = json.Unmarshal(raw, &b) // no model has no answer
	r.calls = append(r.calls, Call{Method: req.Method, Path: req.URL.Path, Header: req.Header, Body: raw, Model: b.Model})
	answer := r.answers[b.Model]
	r.mu.Unlock()
	if answer != nil {
		answer(conn)
	}
}

// Whole is an answer of status 200 with a body, closed behind it.
func Whole(contentType, body string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", contentType, len(body), body)
}
