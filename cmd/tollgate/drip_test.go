package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tollgate/gateway/edge"
	"tollgate/providers/providertest"
)

// goroutines is how many goroutines the program has, as its metrics say.
func (p *shipped) goroutines() int {
	p.t.Helper()
	status, text := get(p.t, p.url+"/metrics", shippedKey)
	_, rest, found := strings.Cut(text, "\ngo_goroutines ")
	var n int
	if _, err := fmt.Sscan(rest, &n); status != 200 || !found || err != nil {
		p.t.Fatalf("the metrics: %d %v", status, err)
	}
	return n
}

// TestA23_TwoThousandDrippingSockets: clients that send or take a byte now and then, or
// nothing at all, are let go at their deadlines. Whoever else calls meanwhile is served, and
// afterwards nothing is left of them: no socket, no goroutine and no memory.
func TestA23_TwoThousandDrippingSockets(t *testing.T) {
	t.Parallel()
	const want, spare = 2000, 1500 // descriptors for the rest of the tests that run
	limit := descriptors(t, want+spare)
	n := int(min(want, (limit-min(limit, 500))/2))
	if n < want {
		t.Logf("ONLY %d DRIPPING SOCKETS: this needs %d descriptors, and the limit is %d (ulimit -n)", n, want+spare, limit)
	}
	fast, up := newFlood(t), providertest.NewUpstream(t)
	p := launch(t, fmt.Sprintf(`
front: { header_timeout: 30s, body_timeout: 30s, idle_timeout: 30s, write_timeout: 30s }
metrics: on
drain_delay: 0s
providers:
  flood: { kind: vllm, url: %s/v1 }
  gpu: { kind: vllm, url: %s/v1 }
models:
  endless: flood/m
  free: gpu/free
`, fast.url, up.Ollama()))
	neighbour, slow := p.key("ann"), p.key("bob")
	const call = `{"model":"free","messages":[{"role":"user","content":"hi"}]}`
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	ask := func() error {
		req := must(http.NewRequest("POST", p.url+"/v1/chat/completions", strings.NewReader(call)))(t)
		req.Header.Set("Authorization", "Bearer "+neighbour)
		req.Header.Set("Content-Type", "application/json")
		res, err := client.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		if b, err := io.ReadAll(res.Body); err != nil || res.StatusCode != 200 {
			return fmt.Errorf("%d %s %w", res.StatusCode, b, err)
		}
		return nil
	}
	for range 200 { // what the first calls need stays
		if err := ask(); err != nil {
			t.Fatal(err)
		}
	}
	up.Reset()
	files, running, cold := p.files(), p.goroutines(), p.memory("RssAnon")

	stop := make(chan struct{})
	var served atomic.Int64
	var all sync.WaitGroup
	all.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond): // other tests want the machine, too
			}
			if err := ask(); err != nil {
				t.Errorf("the neighbour: %v", err)
				return
			}
			served.Add(1)
		}
	})
	whole := rawChat(slow, call)
	head := strings.Index(whole, "\r\n\r\n") + 4
	var drips []net.Conn // of these a byte is sent now and then
	var idle []net.Conn
	dialer := &net.Dialer{}
	opened := make([]time.Time, n)
	for i := range n {
		opened[i] = time.Now()
		conn, err := dialer.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		say := func(text string) {
			if _, err := io.WriteString(conn, text); err != nil {
				t.Errorf("socket %d: %v", i, err)
			}
		}
		switch { // a few read nothing: each keeps some megabytes of the kernel's
		case i%50 == 0:
			_ = conn.(*net.TCPConn).SetReadBuffer(4 << 10)
			say(rawChat(slow, `{"model":"endless","stream":true,"messages":[{"role":"user","content":"hi"}]}`))
		case i%5 == 0:
			say(whole)
			idle = append(idle, conn)
		case i%2 == 0:
			say("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nX-Slow: ")
			drips = append(drips, conn)
		default:
			say(whole[:head+1])
			drips = append(drips, conn)
		}
	}
	for i, conn := range idle { // they have had an answer, and ask for nothing more
		_ = conn.SetReadDeadline(time.Now().Add(patience))
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || res.StatusCode != 200 {
			t.Fatalf("the first call of idle socket %d: %v %v", i, err, res)
		}
	}
	// Whoever drips within a request is let go after a while, which on a busy machine may have
	// come for the first.
	stay := func(when string) {
		open, young := p.files()-files, 0
		for _, at := range opened {
			if time.Since(at) < edge.Grace {
				young++
			}
		}
		if open < young {
			t.Errorf("%s the program has %d more sockets, of %d whose time was not up", when, open, young)
		}
	}
	stay("while all drip")
	meanwhile := served.Load()
	all.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(250 * time.Millisecond):
			}
			for _, conn := range drips {
				_, _ = conn.Write([]byte("a")) // it is let go in the end
			}
		}
	})
	p.until("the neighbour is served while all drip", func() bool { return served.Load() > meanwhile+20 })
	stay("when the neighbour was served")
	p.until("all are let go", func() bool { return p.files() < files+n/10 })
	p.until("whoever reads nothing is let go, with his upstream", func() bool { return fast.left.Load() == int64((n+49)/50) })
	close(stop)
	all.Wait()
	t.Logf("%d calls of the neighbour beside %d sockets", served.Load(), n)
	client.CloseIdleConnections()
	p.until("no socket is left", func() bool { return p.files() <= files+5 })
	p.until("no goroutine is left", func() bool { return p.goroutines() <= running+10 })
	p.until("the memory comes back", func() bool { return p.memory("RssAnon") <= cold+left*int64(n) })
	t.Logf("%d MiB after them, %d MiB before; %d goroutines, %d before", p.memory("RssAnon")>>20, cold>>20, p.goroutines(), running)
	if calls := len(up.CallsTo("/v1/chat/completions")); int64(calls) != served.Load()+int64(len(idle)) {
		t.Errorf("%d calls reached the upstream, of %d whole ones", calls, served.Load()+int64(len(idle)))
	}
}
