package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// TestQueue: where an engine takes one call at a time the others wait in line, holding
// nothing, in the order in which they came; who leaves is gone at once, and never reaches
// the upstream.
func TestQueue(t *testing.T) {
	t.Parallel()
	g := begin(t, `
providers:
  cloud: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 }, parallel: 1 }
  spare: { kind: vllm, url: UPSTREAM/v1 }
models:
  paid: cloud/paid
  brief: { to: cloud/paid, queue_wait: 50ms }
  spills: [{ to: cloud/paid, queue_wait: 50ms }, spare/free]
  patient: [{ to: cloud/paid, queue_wait: 2m }, spare/free]
`)
	g.up.Set("paid", providertest.Script{Hang: true})
	p, broke := g.person(control.KeyChange{}), g.person(control.KeyChange{})
	g.budget(p, ledger.User, "5")
	g.budget(broke, ledger.User, "0")
	first, leave := g.background(p, "/v1/chat/completions", chatBody(p, "paid", ""))
	g.arrived(1)
	waiting := func(n int64) {
		t.Helper()
		g.eventually(fmt.Sprintf("%d calls wait", n), func() bool {
			for _, s := range g.srv.balancer.States() {
				if s.Deployment == "cloud/paid" {
					return int64(s.Waiting+s.Queued) == n
				}
			}
			return false
		})
	}
	var ends []<-chan answer
	var leaves []context.CancelFunc
	for i := range 3 {
		end, leave := g.background(p, "/v1/chat/completions", chatBody(p, "paid", fmt.Sprintf(`"seed":%d`, i)))
		ends, leaves = append(ends, end), append(leaves, leave)
		waiting(int64(i + 1))
	}
	if n := g.query("select count(*) from holds"); n != 1 {
		t.Errorf("%d calls hold money, one is sent", n)
	}
	leaves[1]()
	waiting(2)
	<-ends[1]

	if a := g.chat(p, "brief", "", nil); a.Status != 429 || a.errorField(t, "code") != "concurrency_limit_exceeded" || a.errorField(t, "type") != "rate_limit_error" ||
		a.Header.Get("Retry-After") != "1" || a.Header.Get("X-Should-Retry") != "" || a.Header.Get("X-Tollgate-Tried") != "cloud/paid=queue_wait" {
		t.Errorf("without a place in time: %d %v %s", a.Status, a.Header, a.Body)
	}
	if a := g.chat(p, "spills", "", nil); a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != "spare/free" || a.Header.Get("X-Tollgate-Tried") != "cloud/paid=queue_wait" {
		t.Errorf("with a second tier: %d %v", a.Status, a.Header)
	}
	// Who cannot pay for the place does not wait for it.
	end, _ := g.background(broke, "/v1/chat/completions", chatBody(broke, "patient", ""))
	if a := finishes(t, end); a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != "spare/free" || !strings.Contains(a.Header.Get("X-Tollgate-Fallback"), "budget_exceeded") {
		t.Errorf("without money for the line: %d %v", a.Status, a.Header)
	}
	// Nor does anybody while there are no books to pay by.
	g.exec("alter table counters rename to away")
	end, _ = g.background(p, "/v1/chat/completions", chatBody(p, "patient", ""))
	if a := finishes(t, end); a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != "spare/free" || !strings.Contains(a.Header.Get("X-Tollgate-Fallback"), "books_unavailable") {
		t.Errorf("without books for the line: %d %v", a.Status, a.Header)
	}
	g.exec("alter table away rename to counters")
	waiting(2)
	g.up.Set("paid", providertest.Script{})
	leave()
	<-first
	for _, i := range []int{0, 2} {
		if a := finishes(t, ends[i]); a.Status != 200 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
	if got := seeds(t, g); got != "0,2" {
		t.Errorf("the upstream gets %s", got)
	}
	waiting(0)
}

// TestNoLineWithoutTheBooks: what may be spent while the books do not answer is not for calls
// that must not be paid for twice, so that these do not wait for a place either.
func TestNoLineWithoutTheBooks(t *testing.T) {
	t.Parallel()
	g := begin(t, `
when_books_are_down: { allow: 5 USD }
providers:
  cloud: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 }, parallel: 1 }
  spare: { kind: vllm, url: UPSTREAM/v1 }
models:
  spills: [{ to: cloud/paid, queue_wait: 50ms }, spare/free]
`)
	g.up.Set("paid", providertest.Script{Hang: true})
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "5")
	first, leave := g.background(p, "/v1/chat/completions", chatBody(p, "spills", ""))
	g.arrived(1)
	g.exec("alter table counters rename to away")
	for waits, h := range map[bool]header{true: nil, false: key("k")} {
		a := g.chat(p, "spills", "", h)
		if a.Header.Get("X-Tollgate-Deployment") != "spare/free" || strings.Contains(a.Header.Get("X-Tollgate-Tried"), "queue_wait") != waits {
			t.Errorf("%v: %d %v", h, a.Status, a.Header)
		}
	}
	g.exec("alter table away rename to counters")
	leave()
	<-first
}

// seeds are those of the calls that reached the upstream, in that order.
func seeds(t *testing.T, g *gate) string {
	t.Helper()
	var order []string
	for _, c := range g.up.CallsTo("/v1/chat/completions") {
		var body struct {
			Seed *int `json:"seed"`
		}
		if err := json.Unmarshal(c.Body, &body); err != nil {
			t.Fatal(err)
		}
		if body.Seed != nil {
			order = append(order, fmt.Sprint(*body.Seed))
		}
	}
	return strings.Join(order, ",")
}

// TestOneLine: where all engines behind a name are full, their calls stand in one line,
// and whichever engine has a place first takes the next; who waits for one that is free
// never goes to one that costs, and what is held is held for the one that takes the call.
func TestOneLine(t *testing.T) {
	t.Parallel()
	g := begin(t, `
providers:
  one: { kind: vllm, url: UPSTREAM/v1, parallel: 1 }
  two: { kind: vllm, url: UPSTREAM/v1, parallel: 1 }
  cheap: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 }, parallel: 1 }
  dear: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 2, output: 20 }, parallel: 1 }
models:
  left: one/a
  right: two/b
  pair: { targets: [{ to: one/a, order: 1 }, { to: two/b, order: 1 }] }
  cheap: cheap/c
  dear: dear/d
  paid: { balance: least_busy, targets: [{ to: cheap/c, order: 1, weight: 1000 }, { to: dear/d, order: 1 }] }
  mixed: { balance: least_busy, targets: [{ to: one/a, order: 1, weight: 1000 }, { to: cheap/c, order: 1 }] }
  short: { targets: [{ to: one/a, order: 1, queue_wait: 50ms }, { to: two/b, order: 1, queue_wait: 50ms }] }
`)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "5")
	waiting := func(n int) {
		t.Helper()
		g.eventually(fmt.Sprintf("%d calls wait", n), func() bool {
			sum := 0
			for _, s := range g.srv.balancer.States() {
				sum += s.Waiting + s.Queued
			}
			return sum == n
		})
	}
	inside := map[string]func(){} // ends what keeps an engine busy
	for i, model := range []string{"left", "right", "cheap", "dear"} {
		upstream := string("abcd"[i])
		g.up.Set(upstream, providertest.Script{Hang: true})
		done, leave := g.background(p, "/v1/chat/completions", chatBody(p, model, ""))
		g.arrived(i + 1)
		inside[model] = func() {
			g.up.Set(upstream, providertest.Script{})
			leave()
			<-done
		}
	}
	g.up.Reset()
	by := func(done <-chan answer, deployment string) {
		t.Helper()
		if a := finishes(t, done); a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != deployment || a.Header.Get("X-Tollgate-Attempts") != "1" || a.Header.Get("X-Tollgate-Tried") != "" {
			t.Errorf("want %s, got %d %v %s", deployment, a.Status, a.Header, a.Body)
		}
	}
	var ends []<-chan answer
	var leaves []context.CancelFunc
	for i := range 4 {
		end, leave := g.background(p, "/v1/chat/completions", chatBody(p, "pair", fmt.Sprintf(`"seed":%d`, i)))
		ends, leaves = append(ends, end), append(leaves, leave)
		waiting(i + 1)
	}
	leaves[1]()
	waiting(3)
	<-ends[1]
	inside["right"]()
	for _, i := range []int{0, 2, 3} {
		by(ends[i], "two/b")
	}
	if got := seeds(t, g); got != "0,2,3" {
		t.Errorf("the upstream gets %s", got)
	}
	waiting(0)

	// Money is decided where the call goes.
	end, _ := g.background(p, "/v1/chat/completions", chatBody(p, "paid", ""))
	waiting(1)
	inside["dear"]()
	by(end, "dear/d")
	g.eventually("it is booked", func() bool {
		return g.query("select count(*) from entries where deployment = 'dear/d' and status = 'ok'") == 1
	})

	// Who waits for what is free does not go to what costs.
	end, _ = g.background(p, "/v1/chat/completions", chatBody(p, "mixed", ""))
	waiting(1)
	inside["cheap"]()
	if a := g.chat(p, "cheap", "", nil); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	waiting(1)
	inside["left"]()
	by(end, "one/a")

	// The time in line is one for the name, too.
	for i, model := range []string{"left", "right"} {
		g.up.Set(string("ab"[i]), providertest.Script{Hang: true})
		done, leave := g.background(p, "/v1/chat/completions", chatBody(p, model, ""))
		defer func() { leave(); <-done }()
	}
	g.eventually("both are full", func() bool {
		n := int64(0)
		for _, s := range g.srv.balancer.States() {
			n += s.InFlight
		}
		return n == 2
	})
	a := g.chat(p, "short", "", nil)
	tried := strings.Split(a.Header.Get("X-Tollgate-Tried"), ",")
	slices.Sort(tried)
	if a.Status != 429 || a.errorField(t, "code") != "concurrency_limit_exceeded" || !slices.Equal(tried, []string{"one/a=queue_wait", "two/b=queue_wait"}) {
		t.Errorf("nowhere in time: %d %v %s", a.Status, a.Header, a.Body)
	}
}
