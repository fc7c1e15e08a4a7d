package main

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"tollgate/accounting/scope"
	"tollgate/gateway"
	"tollgate/gateway/control"
	"tollgate/gateway/limits"
	"tollgate/gateway/store/storetest"
	"tollgate/providers/providertest"
)

// link is the way to a server that several programs share. It can be cut.
type link struct {
	t       *testing.T
	target  string
	ln      net.Listener
	mu      sync.Mutex
	down    bool
	silent  bool
	conns   map[net.Conn]bool
	running sync.WaitGroup
}

func newLink(t *testing.T, target string) *link {
	t.Helper()
	l := &link{t: t, target: target, ln: must(net.Listen("tcp", "127.0.0.1:0"))(t), conns: map[net.Conn]bool{}}
	l.running.Go(func() {
		for {
			c, err := l.ln.Accept()
			if err != nil {
				return
			}
			l.running.Go(func() { l.serve(c) })
		}
	})
	t.Cleanup(func() {
		_ = l.ln.Close()
		l.cut()
		l.running.Wait()
	})
	return l
}

func (l *link) serve(c net.Conn) {
	defer c.Close()
	up, err := net.Dial("tcp", l.target)
	if err != nil {
		return
	}
	defer up.Close()
	l.mu.Lock()
	if l.down {
		l.mu.Unlock()
		return
	}
	l.conns[c], l.conns[up] = true, true
	l.mu.Unlock()
	done := make(chan struct{}, 2)
	pump := func(to, from net.Conn) {
		defer func() { done <- struct{}{} }()
		b := make([]byte, 32<<10)
		for {
			n, err := from.Read(b)
			if n > 0 {
				l.mu.Lock()
				silent := l.silent
				l.mu.Unlock()
				if !silent {
					if _, err := to.Write(b[:n]); err != nil {
						return
					}
				}
			}
			if err != nil {
				return
			}
		}
	}
	go pump(up, c)
	go pump(c, up)
	<-done
	_, _ = c.Close(), up.Close()
	<-done
	l.mu.Lock()
	delete(l.conns, c)
	delete(l.conns, up)
	l.mu.Unlock()
}

// cut breaks every connection and lets none through; hush swallows whatever is sent.
func (l *link) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = true
	for c := range l.conns {
		_ = c.Close()
	}
}

func (l *link) hush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.silent = true
}

// mend lets everything through again. What was swallowed is lost.
func (l *link) mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.silent {
		for c := range l.conns {
			_ = c.Close()
		}
	}
	l.down, l.silent = false, false
}

// fleet is three programs that count their limits together.
type fleet struct {
	t      *testing.T
	gates  []*gate
	people []person // one and the same user, by the key that each program knows
	link   *link    // to the store of the limits
}

func testServer(t *testing.T, name string) *url.URL {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		t.Fatal(name + " is not set: run the tests with make test, or under .ci/services run")
	}
	return must(url.Parse(text))(t)
}

// redisNumber is the database of the Redis server that the last fleet has to itself.
var redisNumber atomic.Int64

// newFleet starts three programs over one store: postgres, where they share their books
// too, or redis, where each has its own and only limits are common.
func newFleet(t *testing.T, store, settings string) *fleet {
	t.Helper()
	f := &fleet{t: t}
	database := ""
	switch store {
	case "redis":
		u := testServer(t, "TOLLGATE_TEST_REDIS")
		f.link = newLink(t, u.Host)
		u.Host, u.Path = f.link.ln.Addr().String(), fmt.Sprint("/", 1+redisNumber.Add(1)%15)
		c := redis.NewClient(must(redis.ParseURL(u.String()))(t))
		if err := errors.Join(c.FlushDB(t.Context()).Err(), c.Close()); err != nil {
			t.Fatal(err)
		}
		settings += "rate_limit_store: " + u.String() + "\n"
	case "postgres":
		u := must(url.Parse(storetest.Database(t)))(t)
		f.link = newLink(t, u.Host)
		u.Host = f.link.ln.Addr().String()
		database = u.String()
	}
	up := providertest.NewUpstream(t)
	for i := range 3 {
		dir := t.TempDir()
		g := &gate{t: t, up: up, client: &http.Client{Transport: &http.Transport{}}, logs: &logBuffer{}, config: dir + "/tollgate.yaml"}
		g.db = cmp.Or(database, dir+"/tollgate.db")
		g.write(limitsConfig + settings)
		g.run()
		t.Cleanup(f.link.mend) // before the program ends
		f.gates = append(f.gates, g)
		if database == "" || i == 0 {
			f.people = append(f.people, g.person(control.KeyChange{}))
		} else {
			f.people = append(f.people, f.people[0])
		}
	}
	return f
}

// limit puts a rule in force everywhere, in buckets of its own if it has no id.
func (f *fleet) limit(r limits.Rule) limits.Rule {
	f.t.Helper()
	r.ID = cmp.Or(r.ID, "rule-"+rand.Text())
	for _, g := range f.gates {
		g.srv.limits.SetRules([]limits.Rule{r})
	}
	return r
}

// idle says whether all of a rule's slots are free.
func (f *fleet) idle(r limits.Rule) bool {
	r.Requests, r.Tokens = nil, nil
	f.limit(r)
	free := int64(0)
	for range *r.Concurrent {
		tk := f.gates[0].srv.limits.Ticket()
		if tk.Admit(f.t.Context(), []scope.Account{{Kind: r.Kind, ID: r.Owner}}, scope.Target{}, 0) == nil {
			free++
		}
		defer tk.Done(0)
	}
	return free == *r.Concurrent
}

func (f *fleet) chat(i int, model, extra string) answer {
	f.t.Helper()
	return f.gates[i%3].chat(f.people[i%3], model, extra, nil)
}

func (f *fleet) try(i int, model string) (answer, error) {
	return f.gates[i%3].try("POST", "/v1/chat/completions", f.people[i%3].key, chatBody(f.people[i%3], model, ""), nil)
}

// lost says whether a program has counted the store as lost.
func (f *fleet) lost() bool {
	return slices.ContainsFunc(f.gates, func(g *gate) bool {
		return strings.Contains(g.logs.String(), "the store of the rate limits does not answer")
	})
}

// counted waits until every program knows of all three.
func (f *fleet) counted() {
	f.t.Helper()
	f.gates[0].eventually("the programs count each other", func() bool {
		return !slices.ContainsFunc(f.gates, func(g *gate) bool { return g.srv.limits.Replicas() != 3 })
	})
}

var stores = []string{"postgres", "redis"}

// TestT14_ExactlyNInAFleet: of calls at the same time at three programs exactly as many
// are served as the limit lets through. If this machine was too busy for the store to
// answer in time, one burst more may be, as declared.
func TestT14_ExactlyNInAFleet(t *testing.T) {
	for _, store := range stores {
		t.Run(store, func(t *testing.T) {
			f := newFleet(t, store, "")
			f.counted()
			for _, model := range []string{"free", "paid"} {
				f.limit(per(scope.User, f.people[0].user, 5, 1_000_000, 1000))
				began := time.Now()
				all := crowd(t, 240, func(i int) (answer, error) { return f.try(i, model) })
				n, most := passed(t, all), 5+int(time.Since(began)/(12*time.Second))
				least := 5
				if f.lost() {
					t.Logf("%s: the store did not answer in time; %d passed", model, n)
					least, most = 1, most+5
				}
				if n < least || n > most {
					t.Errorf("%s: %d of 5 passed", model, n)
				}
			}
		})
	}
}

// TestT14_SlotsOfAFleet: what runs at one program counts at the others, and comes back to
// them when it ends there, when its client leaves, and when its program stops.
func TestT14_SlotsOfAFleet(t *testing.T) {
	for _, store := range stores {
		t.Run(store, func(t *testing.T) {
			f := newFleet(t, store, "")
			f.limit(per(scope.User, f.people[0].user, -1, -1, 1))
			up := f.gates[0].up
			for _, end := range []string{"ends", "client leaves", "program stops"} {
				up.Set("free", providertest.Script{Text: "one two three", HangAfter: 1})
				if end == "ends" {
					up.Set("free", providertest.Script{Text: "one two three", DelayChunk: 300 * time.Millisecond})
				}
				l := f.gates[0].open(f.people[0], "/v1/chat/completions", chatBody(f.people[0], "free", `"stream":true`))
				if first := l.next(); l.res.StatusCode != 200 || first == "" {
					t.Fatalf("%s: %d %q", end, l.res.StatusCode, first)
				}
				up.Set("free", providertest.Script{})
				f.chat(1, "free", "").limited(t, end)
				switch end {
				case "ends":
					if last := l.rest(); last != "[DONE]" {
						t.Errorf("the end: %q", last)
					}
					if a := f.chat(1, "free", ""); a.Status != 200 && !f.lost() {
						t.Errorf("right after its end: %d %s", a.Status, a.Body)
					}
				case "client leaves":
					l.cancel()
				case "program stops":
					go f.gates[0].srv.cancel(gateway.ErrShutdown)
				}
				f.gates[1].eventually(end+": the slot comes back", func() bool { return f.chat(1, "free", "").Status == 200 })
			}
		})
	}
}

// TestT14_ALostStore: the store is cut off, or falls silent, while calls run. Each program
// goes on with its third and no more; when the store is back it counts again, and
// nothing is in use.
func TestT14_ALostStore(t *testing.T) {
	for _, store := range stores {
		for _, how := range []string{"cut", "silent"} {
			t.Run(store+", "+how, func(t *testing.T) {
				f := newFleet(t, store, "")
				f.counted()
				r := f.limit(per(scope.User, f.people[0].user, 10, -1, 9))
				if a := f.chat(0, "free", ""); a.Status != 200 || a.headerInt(t, "X-Ratelimit-Limit-Requests") != 10 {
					t.Fatalf("%d %v %s", a.Status, a.Header, a.Body)
				}
				up := f.gates[0].up
				up.Set("free", providertest.Script{Text: "one two", HangAfter: 1})
				l := f.gates[0].open(f.people[0], "/v1/chat/completions", chatBody(f.people[0], "free", `"stream":true`))
				l.next()
				up.Set("free", providertest.Script{})
				if how == "cut" {
					f.link.cut()
				} else {
					f.link.hush()
				}
				began := time.Now()
				all := crowd(t, 60, func(i int) (answer, error) { return f.try(i, "free") })
				// A share of 3 at each, and what a share refills: one in 20 s.
				n, most := passed(t, all), 9+3*int(time.Since(began)/(20*time.Second))
				if n < 9 || n > most {
					t.Errorf("%d passed without the store, want 9", n)
				}
				for _, a := range all {
					if a.Status != 200 && (a.Status != 429 || a.member(t, "rate_limit", "limit") != 3.0) {
						t.Errorf("%d %s", a.Status, a.Body)
					}
				}
				l.cancel()
				f.link.mend()
				f.gates[0].eventually("the store is used again", func() bool {
					a := f.chat(0, "free", "")
					return a.headerInt(t, "X-Ratelimit-Limit-Requests") == 10
				})
				// The stream's slot, whose end the store was not told, is free again too.
				f.gates[0].eventually("the slot comes back", func() bool { return f.idle(r) })
			})
		}
	}
}

// TestT14_ALostStoreThatRefuses: where the operator says so, nothing limited is served
// without the store, and what no rule is for is.
func TestT14_ALostStoreThatRefuses(t *testing.T) {
	for _, store := range stores {
		t.Run(store, func(t *testing.T) {
			f := newFleet(t, store, "when_limits_are_down: refuse\n")
			f.limit(per(scope.User, f.people[0].user, 1000, -1, -1, "free", "paid"))
			if a := f.chat(0, "free", ""); a.Status != 200 {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
			f.link.cut()
			for i := range 6 {
				a := f.chat(i, "free", "")
				if a.Status != 503 || a.errorField(t, "code") != "limits_unavailable" || a.Header.Get("Retry-After") != "1" {
					t.Errorf("%d %v %s", a.Status, a.Header, a.Body)
				}
				if line := f.gates[i%3].line(a.Header.Get("X-Request-Id")); line["status"] != "limits_unavailable" {
					t.Errorf("the log: %v", line)
				}
				if a := f.chat(i, "free2", ""); a.Status != 200 {
					t.Errorf("what no rule is for: %d %s", a.Status, a.Body)
				}
				if a := f.chat(i, "dear-first", ""); a.Status != 503 {
					t.Errorf("a group of what is limited: %d %s", a.Status, a.Body)
				}
			}
			f.link.mend()
			f.gates[0].eventually("it is served again", func() bool { return f.chat(0, "free", "").Status == 200 })
		})
	}
}
