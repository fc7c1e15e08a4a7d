package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// closings are the ways in which a client leaves.
var closings = map[string]func(t *testing.T, c *net.TCPConn){
	"FIN":  func(t *testing.T, c *net.TCPConn) { leave(t, c.Close()) },
	"RST":  func(t *testing.T, c *net.TCPConn) { leave(t, c.SetLinger(0)); leave(t, c.Close()) },
	"half": func(t *testing.T, c *net.TCPConn) { leave(t, c.CloseWrite()) },
	"pipelined": func(t *testing.T, c *net.TCPConn) {
		_, err := io.WriteString(c, "GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n")
		leave(t, err)
		leave(t, c.Close())
	},
}

func leave(t *testing.T, err error) {
	if err != nil {
		t.Error(err)
	}
}

// hole is an address where nobody ever takes a connection, and none is refused: the
// queue of a listener that is full.
func hole(t *testing.T) string {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	addr := fmt.Sprintf("127.0.0.1:%d", name.(*syscall.SockaddrInet4).Port)
	for range 10 {
		c, err := net.DialTimeout("tcp", addr, 200*time.Millisecond)
		if err != nil {
			return addr
		}
		t.Cleanup(func() { _ = c.Close() })
	}
	t.Fatal("a listener without a queue takes ten connections")
	return ""
}

// halves is an upstream that sends the first half of a whole answer, and notes when it
// is left.
type halves struct {
	url string

	mu   sync.Mutex
	left map[string]time.Time // by the word of the request; zero while it is there
}

func newHalves(t *testing.T) *halves {
	t.Helper()
	h := &halves{left: map[string]time.Time{}}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	closing := make(chan struct{})
	wg.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { h.serve(c) })
			wg.Go(func() { <-closing; _ = c.Close() })
		}
	})
	t.Cleanup(func() { _ = ln.Close(); close(closing); wg.Wait() })
	h.url = "http://" + ln.Addr().String()
	return h
}

func (h *halves) serve(c net.Conn) {
	defer c.Close()
	r := bufio.NewReader(c)
	req, err := http.ReadRequest(r)
	if err != nil {
		return
	}
	body, err := io.ReadAll(req.Body)
	if err != nil || req.Method != "POST" {
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 23\r\n\r\n"+`{"object":"l","data":[]}`)
		return
	}
	_, model, _ := strings.Cut(string(body), `"model":"`)
	model, _, _ = strings.Cut(model, `"`)
	h.mu.Lock()
	h.left[model] = time.Time{}
	h.mu.Unlock()
	_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"+`{"id":"x","choices":[`)
	_, _ = r.ReadByte() // until tollgate leaves
	h.mu.Lock()
	h.left[model] = time.Now()
	h.mu.Unlock()
}

// deaf is a server that says nothing to the beginning of TLS, and notes how long that was.
type deaf struct {
	net.Listener
	came  atomic.Int64
	lives chan time.Duration
}

func newDeaf(t *testing.T) *deaf {
	t.Helper()
	d := &deaf{Listener: must(net.Listen("tcp", "127.0.0.1:0"))(t), lives: make(chan time.Duration, 100)}
	t.Cleanup(func() { _ = d.Close() })
	go func() {
		for {
			c, err := d.Accept()
			if err != nil {
				return
			}
			began := time.Now()
			d.came.Add(1)
			go func() {
				_, _ = io.Copy(io.Discard, c)
				_ = c.Close()
				d.lives <- time.Since(began)
			}()
		}
	}()
	return d
}

// check holds that all connections end, and none by a deadline of its own.
func (d *deaf) check(t *testing.T) {
	t.Helper()
	for range d.came.Load() {
		select {
		case life := <-d.lives:
			if life > 4*time.Second { // by itself it would be after 5 s
				t.Errorf("a handshake went on for %v", life)
			}
		case <-time.After(time.Minute):
			t.Fatal("a handshake goes on")
		}
	}
}

// goneConfig has a wildcard for each upstream, so that every case has a model.
const goneConfig = `
providers:
  cloud: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 }, default_output: 5000 }
  gpu:   { kind: vllm, url: UPSTREAM/v1 }
  hole:  { kind: openai, url: http://HOLE/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 } }
  half:  { kind: openai, url: HALVES/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 }, gap: 5m }
  deaf:  { kind: openai, url: https://DEAF/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 } }
models:
  "paid/*": cloud/*
  "free/*": gpu/*
  "hole/*": hole/*
  "half/*": half/*
  "deaf/*": deaf/*
`

// TestT38_ClientGone: however and whenever a client leaves, the upstream is left within
// a second, and the books are right: what was sent is charged with what is known of it,
// what was not sent costs nothing, and nothing stays held.
func TestT38_ClientGone(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", 2000)
	phases := []struct {
		name, from string
		stream     bool
		script     providertest.Script
		started    bool // the client waits for the first of its answer
		entry      bool
		least      int64 // output tokens that are charged at least
	}{
		{"connecting", "hole", true, providertest.Script{}, false, false, 0},
		{"connecting-whole", "hole", false, providertest.Script{}, false, false, 0},
		{"handshake", "deaf", true, providertest.Script{}, false, false, 0},
		{"handshake-whole", "deaf", false, providertest.Script{}, false, false, 0},
		{"headers", "paid", true, providertest.Script{Hang: true}, false, true, 0},
		{"headers-whole", "paid", false, providertest.Script{Hang: true}, false, true, 0},
		{"first-token", "paid", true, providertest.Script{DelayChunk: time.Hour}, false, true, 0},
		{"silent", "paid", true, providertest.Script{Text: long, HangAfter: 20}, true, true, 15},
		{"streaming", "paid", true, providertest.Script{Text: long, DelayChunk: 5 * time.Millisecond}, true, true, 1},
		{"body", "half", false, providertest.Script{}, false, true, 0},
		{"free-headers", "free", true, providertest.Script{Hang: true}, false, false, 0},
		{"free-headers-whole", "free", false, providertest.Script{Hang: true}, false, false, 0},
		{"free-streaming", "free", true, providertest.Script{Text: long, DelayChunk: 5 * time.Millisecond}, true, false, 0},
	}
	const handshakes = 2 // phases
	eachEngine(t, func(t *testing.T, db option) {
		half := newHalves(t)
		deaf := newDeaf(t)
		g := begin(t, strings.NewReplacer("HOLE", hole(t), "HALVES", half.url, "DEAF", deaf.Addr().String()).Replace(goneConfig), db)
		p := g.person(control.KeyChange{})
		var wg sync.WaitGroup
		for _, phase := range phases {
			for kind, leave := range closings {
				model := phase.name + "-" + kind
				g.up.Set(model, phase.script)
				wg.Go(func() {
					conn := must(net.Dial("tcp", strings.TrimPrefix(g.url, "http://")))(t).(*net.TCPConn)
					defer conn.Close()
					_ = conn.SetDeadline(time.Now().Add(time.Minute))
					body := fmt.Sprintf(`{"model":"%s/%s","stream":%v,"messages":[{"role":"user","content":"hi"}]}`, phase.from, model, phase.stream)
					if _, err := io.WriteString(conn, rawChat(p.key, body)); err != nil {
						t.Error(err)
						return
					}
					if phase.started {
						res, err := http.ReadResponse(bufio.NewReader(conn), nil)
						if err != nil || res.StatusCode != 200 {
							t.Errorf("%s: %v %v", model, err, res)
							return
						}
						if _, err := io.ReadFull(res.Body, make([]byte, 40)); err != nil {
							t.Errorf("%s: %v", model, err)
						}
					}
					upstream := func() (there bool, left time.Time) {
						switch phase.from {
						case "hole":
							return true, time.Time{}
						case "deaf": // all of them have come as far
							return deaf.came.Load() == int64(handshakes*len(closings)), time.Time{}
						case "half":
							half.mu.Lock()
							defer half.mu.Unlock()
							left, there = half.left[model]
							return there, left
						}
						i := slices.IndexFunc(g.up.Calls(), func(c providertest.Call) bool { return c.Model == model })
						if i < 0 {
							return false, time.Time{}
						}
						return true, g.up.Calls()[i].Aborted
					}
					await(t, model+" is called", func() bool { there, _ := upstream(); return there })
					time.Sleep(20 * time.Millisecond) // into the phase
					gone := time.Now()
					leave(t, conn)
					if phase.from == "hole" || phase.from == "deaf" { // where nobody notes whose it is
						await(t, model+" is given up", func() bool {
							return strings.Contains(g.logs.String(), `"model":"`+phase.from+`/`+model+`"`)
						})
						if took := time.Since(gone); took > 4*time.Second { // by itself it would be after 5 s
							t.Errorf("%s: given up after %v", model, took)
						}
						return
					}
					await(t, model+" is left", func() bool { _, left := upstream(); return !left.IsZero() })
					_, left := upstream()
					if took := left.Sub(gone); took > 4*time.Second { // the promise is 1 s; this machine may be busy
						t.Errorf("%s: left after %v", model, took)
					}
				})
			}
		}
		wg.Wait()
		await(t, "no request runs", func() bool { return g.srv.api.Running() == 0 && g.srv.front.Running() == 0 })
		deaf.check(t)
		g.settled()
		for _, phase := range phases {
			for kind := range closings {
				model := phase.name + "-" + kind
				n, want := g.query("select count(*) from entries where model = ?", phase.from+"/"+model), int64(0)
				if phase.entry {
					want = 1
					entry := g.only(phase.from + "/" + model)
					if entry.Status != "client_gone" || entry.Source != "estimated" && entry.Source != "uncertain" ||
						entry.Usage["output"] < phase.least || entry.Usage["input"] == 0 || entry.Cost == nil || *entry.Cost == 0 || *entry.Cost > entry.Held {
						t.Errorf("%s: booked as %+v", model, entry)
					}
				}
				if n != want {
					t.Errorf("%s: %d entries, want %d", model, n, want)
				}
			}
		}
		if n := strings.Count(g.logs.String(), `"status":"client_gone"`); n != len(phases)*len(closings) {
			t.Errorf("%d lines in the log say that a client has left, want %d", n, len(phases)*len(closings))
		}
	})
}

// TestT38_GoneInLine: a client that leaves while its call waits for a place at an engine
// is out of the line within a second, without a call and without an entry, and those
// behind it move up.
func TestT38_GoneInLine(t *testing.T) {
	t.Parallel()
	lines := []string{"shared", "own"} // of all of a provider's models, and of one model
	eachEngine(t, func(t *testing.T, db option) {
		g := begin(t, `
providers:
  cloud: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 }, parallel: 1 }
  other: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 } }
models:
  shared: { to: cloud/shared, queue_wait: 5m }
  own: { to: other/own, parallel: 1, queue_wait: 5m }
`, db)
		p := g.person(control.KeyChange{})
		b := g.budget(p, ledger.User, "5")
		waiting := func() (n int) {
			for _, s := range g.srv.balancer.States() {
				n += s.Waiting + s.Queued
			}
			return n
		}
		inside := map[string]context.CancelFunc{}
		for i, line := range lines {
			g.up.Set(line, providertest.Script{Hang: true})
			_, inside[line] = g.background(p, "/v1/chat/completions", chatBody(p, line, ""))
			g.arrived(i + 1)
		}
		held := g.held(b)
		var clients []*net.TCPConn
		var kinds []string
		for _, line := range lines {
			for kind := range closings {
				for _, stream := range []bool{true, false} {
					conn := must(net.Dial("tcp", strings.TrimPrefix(g.url, "http://")))(t).(*net.TCPConn)
					defer conn.Close()
					if _, err := io.WriteString(conn, rawChat(p.key, chatBody(p, line, fmt.Sprintf(`"stream":%v`, stream)))); err != nil {
						t.Fatal(err)
					}
					clients, kinds = append(clients, conn), append(kinds, kind)
				}
			}
		}
		g.eventually("all wait", func() bool { return waiting() == len(clients) })
		if g.held(b) != held {
			t.Error("a call in line holds money")
		}
		behind := map[string]<-chan answer{}
		for _, line := range lines {
			behind[line], _ = g.background(p, "/v1/chat/completions", chatBody(p, line, ""))
		}
		g.eventually("two more wait", func() bool { return waiting() == len(clients)+len(lines) })
		gone := time.Now()
		for i, conn := range clients {
			closings[kinds[i]](t, conn)
		}
		g.eventually("nobody waits who has left", func() bool { return waiting() == len(lines) })
		if took := time.Since(gone); took > 4*time.Second { // the promise is 1 s; this machine may be busy
			t.Errorf("the line is left after %v", took)
		}
		for _, line := range lines {
			g.up.Set(line, providertest.Script{})
			inside[line]()
			if a := finishes(t, behind[line]); a.Status != 200 {
				t.Errorf("%s: who stays gets %d %s", line, a.Status, a.Body)
			}
		}
		g.settled()
		if calls, entries := len(g.called()), g.query("select count(*) from entries"); calls != 4 || entries != 4 || waiting() != 0 {
			t.Errorf("%d calls, %d entries, %d wait; want 4, 4 and none", calls, entries, waiting())
		}
		g.eventually("the log says that they have left", func() bool {
			return strings.Count(g.logs.String(), `"status":"client_gone"`) == len(clients)+len(lines)
		})
	})
}

// only is the one entry of a model.
func (g *gate) only(model string) control.EntryView {
	g.t.Helper()
	for _, e := range must(g.srv.control.Entries(g.t.Context(), control.EntryQuery{Limit: 1000}))(g.t) {
		if e.Model == model {
			return e
		}
	}
	g.t.Errorf("%s has no entry", model)
	return control.EntryView{}
}

// await is eventually, from a goroutine of its own.
func await(t *testing.T, what string, ok func() bool) {
	for until := time.Now().Add(20 * time.Second); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Errorf("never happened: %s", what)
}

// TestT38_GoneWhileHolding: a client that leaves while its call waits for the books to hold
// its money is gone though they do not answer, unless its hold is being written: that is
// undone. The call is never made, and nothing stays held.
func TestT38_GoneWhileHolding(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "5")
	release := g.blockBooks()
	leaves := []func(){}
	for _, leave := range closings {
		for _, stream := range []bool{true, false} {
			conn := must(net.Dial("tcp", strings.TrimPrefix(g.url, "http://")))(t).(*net.TCPConn)
			defer conn.Close()
			if _, err := io.WriteString(conn, rawChat(p.key, chatBody(p, "paid", fmt.Sprintf(`"stream":%v`, stream)))); err != nil {
				t.Fatal(err)
			}
			leaves = append(leaves, func() { leave(t, conn) })
		}
	}
	inFlight := func() (n int64) {
		for _, s := range g.srv.balancer.States() {
			n += s.InFlight
		}
		return n
	}
	g.eventually("all wait for the books", func() bool { return inFlight() == int64(len(leaves)) })
	for _, leave := range leaves {
		leave()
	}
	g.eventually("those in the books' line are gone", func() bool { return inFlight() < int64(len(leaves))/2 })
	release()
	g.eventually("all are gone", func() bool { return inFlight() == 0 && g.srv.api.Running() == 0 })
	g.settled()
	if calls, entries := g.called(), g.query("select count(*) from entries"); len(calls) != 0 || entries != 0 {
		t.Errorf("called: %v, and %d entries", calls, entries)
	}
}

// TestT38_GoneWhileSettling: a client that leaves while its answer waits for the books
// is charged once, in full.
func TestT38_GoneWhileSettling(t *testing.T) {
	t.Parallel()
	for kind, leave := range closings {
		for _, stream := range []bool{true, false} {
			t.Run(fmt.Sprint(kind, " ", stream), func(t *testing.T) {
				t.Parallel()
				g := audited(t, upstreamConfig)
				p := g.person(control.KeyChange{})
				g.up.Set("paid", providertest.Script{Text: "a b c", DelayHeaders: 300 * time.Millisecond, PromptTokens: 100, CompletionTokens: 10})
				conn := must(net.Dial("tcp", strings.TrimPrefix(g.url, "http://")))(t).(*net.TCPConn)
				defer conn.Close()
				if _, err := io.WriteString(conn, rawChat(p.key, chatBody(p, "paid", fmt.Sprintf(`"stream":%v`, stream)))); err != nil {
					t.Fatal(err)
				}
				g.arrived(1) // so that its hold is taken
				release := g.blockBooks()
				g.eventually("the upstream has answered", func() bool { return g.up.CallsTo("/v1/chat/completions")[0].Done })
				time.Sleep(50 * time.Millisecond)
				leave(t, conn)
				time.Sleep(100 * time.Millisecond)
				release()
				g.settled()
				if n := g.query("select count(*) from entries where status = 'ok' and cost = 200000"); n != 1 || g.query("select count(*) from entries") != 1 {
					t.Errorf("%d entries, %d right: %+v", g.query("select count(*) from entries"), n, g.only("paid"))
				}
			})
		}
	}
}

// TestT38_GoneWhileSending: a call of which an upstream has not got the whole, since its
// client has left or it has broken off itself, costs nothing: nobody can have worked on it.
// For a client that is there another answers.
func TestT38_GoneWhileSending(t *testing.T) {
	t.Parallel()
	calls := make(chan *net.TCPConn, 10) // nothing is read of them but how they begin
	deaf := accepting(t, func(c net.Conn) {
		var method [4]byte
		if _, err := io.ReadFull(c, method[:]); err != nil || string(method[:]) != "POST" {
			_ = c.Close()
			return
		}
		calls <- c.(*net.TCPConn)
	})
	g := audited(t, strings.ReplaceAll(`
providers:
  deaf:  { kind: openai, url: DEAF/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 } }
  cloud: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 } }
models:
  deaf: deaf/m
  either: [deaf/m, cloud/paid]
`, "DEAF", deaf))
	p := g.person(control.KeyChange{})
	body := func(model string) string { // more than the kernel takes for a server that does not read
		return fmt.Sprintf(`{"model":%q,"messages":[{"role":"user","content":"%s"}]}`, model, strings.Repeat("word ", 5<<20))
	}
	conn := must(net.Dial("tcp", strings.TrimPrefix(g.url, "http://")))(t).(*net.TCPConn)
	defer conn.Close()
	if _, err := io.WriteString(conn, rawChat(p.key, body("deaf"))); err != nil {
		t.Fatal(err)
	}
	c := <-calls
	defer c.Close()
	leave(t, conn.Close())
	g.eventually("the log says that the client has left", func() bool { return strings.Contains(g.logs.String(), `"status":"client_gone"`) })
	g.settled()
	if n := g.query("select count(*) from entries"); n != 0 {
		t.Errorf("what was sent in part is booked: %+v", g.only("deaf"))
	}

	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() {
		c := <-calls
		leave(t, c.SetLinger(0))
		leave(t, c.Close())
	})
	if a := g.do("POST", "/v1/chat/completions", p.key, body("either"), nil); a.Status != 200 || a.Header.Get("X-Tollgate-Tried") != "deaf/m=unreachable" {
		t.Errorf("%d %s %s", a.Status, a.Header.Get("X-Tollgate-Tried"), a.Body)
	}
	g.settled()
	if n := g.query("select count(*) from entries"); n != 1 || g.only("either").Deployment != "cloud/paid" {
		t.Errorf("%d entries: %+v", n, g.only("either"))
	}
}

// TestA26_DisconnectStorm: clients that leave at random moments leave nothing held, and
// what was sent upstream is booked once each.
func TestA26_DisconnectStorm(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	eachEngine(t, func(t *testing.T, db option) {
		rng := rand.New(rand.NewPCG(seed, 1))
		g := begin(t, upstreamConfig, db)
		p := g.person(control.KeyChange{})
		g.up.Set("paid", providertest.Script{Text: strings.Repeat("word ", 30), DelayHeaders: 2 * time.Millisecond, DelayChunk: time.Millisecond})
		const clients, each = 20, 25
		var wg sync.WaitGroup
		kinds := []string{"FIN", "RST", "half", "pipelined"}
		for range clients {
			waits, how := make([]time.Duration, each), make([]string, each)
			for i := range each {
				waits[i], how[i] = time.Duration(rng.Int64N(int64(60*time.Millisecond))), kinds[rng.IntN(len(kinds))]
			}
			wg.Go(func() {
				for i := range each {
					conn := must(net.Dial("tcp", strings.TrimPrefix(g.url, "http://")))(t).(*net.TCPConn)
					_, _ = io.WriteString(conn, rawChat(p.key, chatBody(p, "paid", `"stream":true`)))
					time.Sleep(waits[i])
					closings[how[i]](t, conn)
					_ = conn.Close()
				}
			})
		}
		wg.Wait()
		g.eventually("no request runs", func() bool { return g.srv.api.Running() == 0 && g.srv.front.Running() == 0 })
		g.settled()
		calls, entries := int64(len(g.called())), g.query("select count(*) from entries")
		twice := g.query("select count(*) - count(distinct request_id) from entries")
		// A call that is given up while it is being written may not arrive.
		if entries < calls || entries > clients*each || twice != 0 || g.query("select count(*) from entries where cost = 0") != 0 {
			t.Errorf("%d calls arrived upstream, %d are booked, %d twice", calls, entries, twice)
		}
		t.Logf("%d of %d reached the upstream, %d are booked", calls, clients*each, entries)
	})
}
