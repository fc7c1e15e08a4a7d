package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tollgate/gateway/control"
)

// flood is an upstream whose streams never end and come as fast as they are taken.
type flood struct {
	url  string
	sent atomic.Int64 // bytes of events
	left atomic.Int64 // streams that tollgate left
}

func newFlood(t *testing.T) *flood {
	t.Helper()
	f := &flood{}
	f.url = accepting(t, f.serve)
	return f
}

func (f *flood) serve(c net.Conn) {
	defer c.Close()
	req, err := http.ReadRequest(bufio.NewReader(c))
	if err != nil {
		return
	}
	if _, err := io.Copy(io.Discard, req.Body); err != nil || req.Method != "POST" {
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 23\r\n\r\n"+`{"object":"l","data":[]}`)
		return
	}
	if _, err := io.WriteString(c, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/event-stream\r\n\r\n"); err != nil {
		return
	}
	word := `data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"` + strings.Repeat("word ", 800) + `"},"finish_reason":null}]}` + "\n\n"
	for {
		n, err := io.WriteString(c, word)
		if f.sent.Add(int64(n)); err != nil {
			f.left.Add(1)
			return
		}
	}
}

// TestP2_BackPressure: what a client does not take, tollgate does not read; a client
// that goes on reading gets on, and one that stands still is let go at its deadline,
// with its upstream. Others are not held up.
func TestP2_BackPressure(t *testing.T) {
	t.Parallel()
	up := newFlood(t)
	g := audited(t, strings.ReplaceAll(`
providers:
  flood: { kind: vllm, url: FLOOD/v1 }
  gpu:   { kind: vllm, url: UPSTREAM/v1 }
models:
  endless: flood/m
  free: gpu/free
front: { write_timeout: 8s }
`, "FLOOD", up.url))
	p := g.person(control.KeyChange{})
	conn := must(net.Dial("tcp", strings.TrimPrefix(g.url, "http://")))(t)
	defer conn.Close()
	if _, err := io.WriteString(conn, rawChat(p.key, `{"model":"endless","stream":true,"messages":[{"role":"user","content":"hi"}]}`)); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReaderSize(conn, 4<<10)
	res, err := http.ReadResponse(r, nil)
	if err != nil || res.StatusCode != 200 {
		t.Fatal(err, res)
	}
	still := func() (at int64) { // waits until the upstream is not read any more
		t.Helper()
		g.eventually("the upstream is not read any more", func() bool {
			at = up.sent.Load()
			time.Sleep(250 * time.Millisecond)
			return up.sent.Load() == at
		})
		return at
	}
	const room = 40 << 20 // what the kernel holds on four sides, and little more
	first := still()
	if first > room {
		t.Errorf("%d MiB were read for a client that reads nothing", first>>20)
	}
	if _, err := io.CopyN(io.Discard, res.Body, 2*first+1<<20); err != nil {
		t.Fatalf("reading on: %v", err)
	}
	if second := up.sent.Load(); second <= first {
		t.Errorf("the stream does not go on: %d bytes, %d before", second, first)
	}
	for range 5 {
		if a := g.chat(p, "free", "", nil); a.Status != 200 {
			t.Errorf("another call: %d %s", a.Status, a.Body)
		}
	}
	await(t, "the upstream is left", func() bool { return up.left.Load() == 1 })
	g.eventually("its client counts as gone", func() bool { return strings.Contains(g.logs.String(), `"status":"client_gone"`) })
}
