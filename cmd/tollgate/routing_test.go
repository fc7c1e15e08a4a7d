package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/balancer"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// resetting is a server that reads each request and then resets the connection. It says
// how many requests it has read.
func resetting(t *testing.T) (address string, read func() int) {
	t.Helper()
	ln := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	t.Cleanup(func() { _ = ln.Close() })
	count := make(chan int, 1)
	count <- 0
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			req, err := http.ReadRequest(bufio.NewReader(conn))
			if err == nil && req.Method == "POST" {
				_ = must(readBody(req))
				count <- <-count + 1
			}
			_ = conn.(*net.TCPConn).SetLinger(0)
			_ = conn.Close()
		}
	}()
	return ln.Addr().String(), func() int { n := <-count; count <- n; return n }
}

func readBody(r *http.Request) (int, error) {
	b := make([]byte, r.ContentLength)
	n, err := r.Body.Read(b)
	return n, err
}

// priced is what tells the two price states of a deployment apart in the tables below.
var priced = map[string]string{"free": "", "paid": ", price: { input: 1, output: 10 }"}

// retryConfig has, for each way to reach a first deployment and each pair of price
// states, a route to it and to a second one: free-paid-dead, say.
func retryConfig(reset string) string {
	var providers, models strings.Builder
	for state, price := range priced {
		for name, url := range map[string]string{"": "UPSTREAM", "dead": "http://127.0.0.1:1", "reset": "http://" + reset} {
			fmt.Fprintf(&providers, "  %s%s: { kind: openai, url: %s/v1, key: env:CLOUD_KEY, local: true, first_byte: 300ms%s }\n", state, name, url, price)
			for other := range priced {
				route := fmt.Sprintf("%s-%s%s", state, other, strings.TrimRight("-"+name, "-"))
				fmt.Fprintf(&models, "  %s: [%s%s/first, %s/second]\n", route, state, name, other)
				fmt.Fprintf(&models, "  %s-bold: [{ to: %s%s/first, retry_ambiguous: true, fallback_late: true }, %s/second]\n", route, state, name, other)
				fmt.Fprintf(&models, "  %s-alone: %s%s/first\n", route, state, name)
			}
		}
	}
	return "providers:\n" + providers.String() + "models:\n" + models.String() +
		"  three: [free/first, free/second, free/third]\n  same: { balance: weights, targets: [free/first, free/second, free/third] }\n"
}

// TestP3 is the table of trust.md P3, row by row, for each pair of price states: what is
// tried after which failure, what the client is told, and what the books say of each
// attempt.
func TestP3(t *testing.T) {
	t.Parallel()
	sse := http.Header{"Content-Type": {"text/event-stream"}}
	said := func(status int) providertest.Script {
		return providertest.Script{Status: status, Body: `{"error":{"message":"the engine says no","type":"engine_error","code":null}}`}
	}
	frame := func(code int) providertest.Script {
		return providertest.Script{Header: sse, Body: fmt.Sprintf("data: {\"error\":{\"message\":\"no\",\"type\":\"server_error\",\"code\":%d}}\n\ndata: [DONE]\n\n", code)}
	}
	rows := []struct {
		name    string
		way     string // to the first deployment: dead, reset
		script  providertest.Script
		whole   bool // whole answers
		stream  bool // streams
		reason  string
		goes    bool // elsewhere
		bold    bool // elsewhere when the operator allows it
		status  int  // told when it does not
		code    string
		charged string // status of the first attempt's entry where it is paid; "" is none
	}{
		{"no connection", "dead", providertest.Script{}, true, true, "unreachable", true, true, 503, "no_healthy_upstream", ""},
		{"429", "", said(429), true, true, "rate_limited", true, true, 429, "upstream_rate_limit", ""},
		{"503", "", said(503), true, true, "overloaded", true, true, 503, "no_healthy_upstream", ""},
		{"529", "", said(529), true, true, "overloaded", true, true, 503, "no_healthy_upstream", ""},
		{"307", "", said(307), true, true, "bad_answer", true, true, 502, "upstream_bad_answer", ""},
		{"400", "", said(400), true, true, "bad_request", false, false, 400, "invalid_request", ""},
		{"401", "", said(401), true, true, "key_refused", true, true, 502, "upstream_auth", ""},
		{"403", "", said(403), true, true, "key_refused", true, true, 502, "upstream_auth", ""},
		{"404", "", said(404), true, true, "model_missing", true, true, 502, "upstream_model_missing", ""},
		{"413", "", said(413), true, true, "bad_request", false, false, 413, "invalid_request", ""},
		{"422", "", said(422), true, true, "bad_request", false, false, 422, "invalid_request", ""},
		{"500", "", said(500), true, true, "server_error", true, true, 502, "upstream_error", ""},
		{"502", "", said(502), true, true, "server_error", true, true, 502, "upstream_error", ""},
		{"504", "", said(504), true, true, "timed_out", true, true, 504, "upstream_timeout", ""},
		{"reset before the headers", "reset", providertest.Script{}, true, true, "lost", false, true, 502, "upstream_disconnected", "lost"},
		{"no first byte in time", "", providertest.Script{Hang: true}, true, true, "timed_out", false, true, 504, "upstream_timeout", "timed_out"},
		{"200 and nonsense", "", providertest.Script{Body: "<html>"}, true, false, "bad_answer", true, true, 502, "upstream_bad_answer", "bad_answer"},
		{"200 and half an answer", "", providertest.Script{CutAfter: 1}, true, false, "truncated", true, true, 502, "upstream_disconnected", "truncated"},
		{"200 and no event", "", providertest.Script{Header: sse, Body: ": hello\n\n"}, false, true, "truncated", true, true, 502, "upstream_disconnected", "truncated"},
		{"200 and an error", "", frame(500), false, true, "server_error", true, true, 502, "upstream_error", "server_error"},
		{"200 and a refusal of the request", "", frame(400), false, true, "bad_request", false, false, 400, "invalid_request", "bad_request"},
	}
	reset, _ := resetting(t)
	g := begin(t, retryConfig(reset))
	g.up.Set("second", providertest.Script{Text: "from the second"})
	for _, row := range rows {
		for first := range priced {
			for second := range priced {
				for _, variant := range []string{"", "-bold", "-alone"} {
					for _, stream := range []bool{false, true} {
						if stream && !row.stream || !stream && !row.whole {
							continue
						}
						what := fmt.Sprintf("%s, %s then %s%s, stream %v", row.name, first, second, variant, stream)
						goes := variant == "" && row.goes || variant == "-bold" && row.bold
						p := g.person(control.KeyChange{})
						g.budget(p, ledger.User, "5")
						g.up.Set("first", row.script)
						g.up.Reset()
						g.mend()
						model := first + "-" + second + strings.TrimRight("-"+row.way, "-") + variant
						a := g.chat(p, model, fmt.Sprintf(`"stream":%v`, stream), nil)
						entries := g.entries(a.Header.Get("X-Request-Id"))
						deployment := first + row.way + "/first"

						// What was tried.
						attempts, tried := 1, []string{deployment + "=" + row.reason}
						switch {
						case goes:
							attempts = 2
						case variant == "-alone" && row.reason == "unreachable":
							attempts, tried = 3, slices.Repeat(tried, 3) // the same again, since there is nothing else
						}
						if got := a.Header.Get("X-Tollgate-Attempts"); got != strconv.Itoa(attempts) {
							t.Errorf("%s: %s attempts, want %d: %d %s", what, got, attempts, a.Status, a.Body)
						}
						if got := strings.Split(a.Header.Get("X-Tollgate-Tried"), ","); !slices.Equal(got, tried) {
							t.Errorf("%s: tried %v, want %v", what, got, tried)
						}
						// What the client gets.
						switch {
						case goes && (a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != second+"/second" || !strings.Contains(a.Body, "second")):
							t.Errorf("%s: %d by %q: %s", what, a.Status, a.Header.Get("X-Tollgate-Deployment"), a.Body)
						case !goes && (a.Status != row.status || a.errorField(t, "code") != row.code || slices.Contains(g.called(), "second")):
							t.Errorf("%s: %d after %v, want %d %s: %s", what, a.Status, g.called(), row.status, row.code, a.Body)
						case !goes && attempts > 1 && a.Header.Get("X-Should-Retry") != "false":
							t.Errorf("%s: the client may repeat what was tried %d times", what, attempts)
						}
						// What the books say: each attempt on its own deployment.
						var want []string
						if first == "paid" && row.charged != "" {
							want = append(want, deployment+" "+row.charged)
						}
						if second == "paid" && goes {
							want = append(want, "paid/second ok")
						}
						var got []string
						for _, e := range entries {
							got = append(got, e.Deployment+" "+e.Status)
							if e.Cost == nil || *e.Cost <= 0 {
								t.Errorf("%s: an entry without a cost: %+v", what, e)
							}
						}
						if !slices.Equal(got, want) {
							t.Errorf("%s: the books say %v, want %v", what, got, want)
						}
					}
				}
			}
		}
	}
}

// TestP3_AfterAByte: once the client has seen anything, nothing else is tried. The error
// goes in-band, and what was produced is charged.
func TestP3_AfterAByte(t *testing.T) {
	t.Parallel()
	reset, _ := resetting(t)
	g := begin(t, retryConfig(reset))
	text := "one two three four"
	for name, script := range map[string]providertest.Script{
		"truncated": {Text: text, CutAfter: 2}, "server_error": {Text: text, ErrorFrameAfter: 2},
	} {
		for first := range priced {
			for second := range priced {
				g.up.Set("first", script)
				g.up.Reset()
				g.mend()
				p := g.person(control.KeyChange{})
				g.budget(p, ledger.User, "5")
				a := g.chat(p, first+"-"+second+"-bold", `"stream":true`, nil)
				if a.Status != 200 || !strings.Contains(a.Body, `"two "`) || !strings.Contains(a.Body, `"error"`) || strings.Contains(a.Body, "[DONE]") || !slices.Equal(g.called(), []string{"first"}) {
					t.Errorf("%s, %s then %s: %d after %v: %s", name, first, second, a.Status, g.called(), a.Body)
				}
				g.settled()
				entries := g.entries(a.Header.Get("X-Request-Id"))
				if first == "free" && len(entries) != 0 || first == "paid" && (len(entries) != 1 || entries[0].Status != name || *entries[0].Cost <= 0) {
					t.Errorf("%s, %s then %s: %+v", name, first, second, entries)
				}
			}
		}
	}
}

// TestP3_Bounds: three attempts at most, one more after a failure that may have cost, and
// the client is told how many there were.
func TestP3_Bounds(t *testing.T) {
	t.Parallel()
	reset, _ := resetting(t)
	g := begin(t, retryConfig(reset))
	p := g.person(control.KeyChange{})
	for _, row := range []struct {
		first, second, third int
		called               []string
		status               int
	}{
		{503, 503, 200, []string{"first", "second", "third"}, 200},
		{503, 429, 503, []string{"first", "second", "third"}, 503},
		{500, 500, 200, []string{"first", "second"}, 502},
		{500, 503, 200, []string{"first", "second", "third"}, 200},
		{503, 500, 200, []string{"first", "second", "third"}, 200},
		{500, 503, 500, []string{"first", "second", "third"}, 502},
		{503, 400, 200, []string{"first", "second"}, 400},
	} {
		for name, status := range map[string]int{"first": row.first, "second": row.second, "third": row.third} {
			s := providertest.Script{}
			if status != 200 {
				s = providertest.Script{Status: status, Body: `{"error":{"message":"no"}}`}
			}
			g.up.Set(name, s)
		}
		g.up.Reset()
		g.mend()
		a := g.chat(p, "three", "", nil)
		if a.Status != row.status || !slices.Equal(g.called(), row.called) || a.Header.Get("X-Tollgate-Attempts") != strconv.Itoa(len(row.called)) {
			t.Errorf("%+v: %d after %v, %s attempts", row, a.Status, g.called(), a.Header.Get("X-Tollgate-Attempts"))
		}
		if a.Status != 200 && a.Header.Get("X-Should-Retry") != "false" {
			t.Errorf("%+v: the client is not told to stop", row)
		}
	}
}

// TestP3_NothingElseLeft: what was never sent is sent again to the same deployment, and
// a lost connection only where the operator says so; each attempt has its own place in
// the books. It is not, once another has refused what the request holds or its length.
func TestP3_NothingElseLeft(t *testing.T) {
	t.Parallel()
	reset, read := resetting(t)
	g := begin(t, retryConfig(reset)+`  bold-alone: { to: paidreset/first, retry_ambiguous: true }
  mild: { targets: [{ to: freedead/first, order: 1 }, { to: free/strict, order: 2 }, { to: paid/second, order: 3, when: refused }] }
  both: { targets: [{ to: free/strict, order: 1 }, { to: free/small, order: 2, when: refused }, { to: free/second, order: 3 }, { to: free/third, order: 4, when: context }] }
  long: { targets: [{ to: freedead/first, order: 1 }, { to: free/small, order: 2 }, { to: paid/second, order: 3, when: context }] }
`)
	for model, code := range map[string]string{"strict": "content_filter", "small": "context_length_exceeded"} {
		g.up.Set(model, providertest.Script{Status: 400, Body: fmt.Sprintf(`{"error":{"message":"no","code":%q,"type":"invalid_request_error"}}`, code)})
	}
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.Key, "0")
	for model, tried := range map[string]string{
		"mild": "freedead/first=unreachable,free/strict=content_refused",
		"long": "freedead/first=unreachable,free/small=context_too_long",
		"both": "free/strict=content_refused,free/small=context_too_long",
	} {
		if a := g.chat(p, model, "", nil); a.Status != 400 || a.Header.Get("X-Tollgate-Tried") != tried {
			t.Errorf("%s: %d %v %s, want it to end after %s", model, a.Status, a.Header, a.Body, tried)
		}
		g.mend()
	}
	p = g.person(control.KeyChange{})
	b := g.budget(p, ledger.User, "5")
	a := g.chat(p, "paid-free-reset-alone", "", nil)
	if a.Status != 502 || read() != 1 || a.Header.Get("X-Should-Retry") != "false" {
		t.Errorf("without a word of the operator: %d, %d sent", a.Status, read())
	}
	before := read()
	a = g.chat(p, "bold-alone", "", nil)
	if a.Status != 502 || read()-before != 2 || a.Header.Get("X-Tollgate-Attempts") != "2" {
		t.Errorf("with it: %d, %d sent", a.Status, read()-before)
	}
	entries := g.entries(a.Header.Get("X-Request-Id"))
	sum := int64(0)
	for _, e := range entries {
		sum += int64(*e.Cost)
		if e.Source != "uncertain" || e.Status != "lost" || e.Deployment != "paidreset/first" {
			t.Errorf("%+v", e)
		}
	}
	if len(entries) != 2 || 2*g.posted(b) != 3*sum {
		t.Errorf("%d posted by three attempts, of which the last two are %+v", g.posted(b), entries)
	}
}

// TestP4_OpenIsLeftOut: a deployment that fails is removed from the list as one that
// cannot be paid for is; when all are, the answer comes at once and says when to return.
func TestP4_OpenIsLeftOut(t *testing.T) {
	t.Parallel()
	clock := clockAt("2026-11-25T12:00:00Z")
	reset, _ := resetting(t)
	g := begin(t, retryConfig(reset), by(clock))
	p := g.person(control.KeyChange{})
	broke := g.person(control.KeyChange{})
	g.budget(broke, ledger.User, "0")
	g.up.Set("first", providertest.Script{Status: 503, Body: `{"error":{"message":"busy"}}`})
	for range balancer.TripInRow {
		if a := g.chat(p, "free-paid", "", nil); a.Status != 200 || a.Header.Get("X-Tollgate-Tried") != "free/first=overloaded" {
			t.Fatalf("%d %v", a.Status, a.Header)
		}
	}
	g.up.Reset()
	a := g.chat(p, "free-paid", "", nil)
	if a.Status != 200 || !slices.Equal(g.called(), []string{"second"}) || a.Header.Get("X-Tollgate-Attempts") != "1" || a.Header.Get("X-Tollgate-Tried") != "free/first=open" {
		t.Errorf("open: %d %v after %v", a.Status, a.Header, g.called())
	}
	g.up.Reset()
	for _, model := range []string{"free-paid-alone", "free-paid"} { // alone, and with an alternative that cannot be paid for
		a = g.chat(broke, model, "", nil)
		if a.Status != 503 || a.errorField(t, "code") != "no_healthy_upstream" || a.Header.Get("Retry-After") != "10" || a.Header.Get("X-Should-Retry") != "" || len(g.called()) != 0 {
			t.Errorf("all open: %d %v %s after %v", a.Status, a.Header, a.Body, g.called())
		}
		if (model == "free-paid") != strings.Contains(a.Body, "outside your budget: paid/second") {
			t.Errorf("%s: %s", model, a.Body)
		}
	}
	if free := must(g.srv.gateway.Explain(t.Context(), must(g.srv.control.Principal(broke.keyID))(t), "free-paid"))(t); free.Serves != "" ||
		slices.Contains(free.Free, "free-paid-alone") || !slices.Contains(free.Free, "free-free-dead-alone") || free.Steps[0].Now != "open" || !strings.Contains(free.Steps[0].Why, "left out for another 10s") {
		t.Errorf("explained as %+v", free)
	}
	// One call tries it when the time is over; it answers, and all is as before.
	clock.add(balancer.CoolFirst)
	g.up.Set("first", providertest.Script{})
	for range 2 {
		if a := g.chat(broke, "free-paid", "", nil); a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != "free/first" {
			t.Errorf("after a while: %d %s", a.Status, a.Body)
		}
	}
	if !strings.Contains(g.logs.String(), "is left out for a while") || !strings.Contains(g.logs.String(), "answers again") {
		t.Error("the log does not say so")
	}
}

// TestP4_NobodyWaitsForAGuess: a deployment that has failed again when it was tried may be
// back any time or never. Clients are told when it is tried, and not to wait for that: an
// application that did would say nothing to its person for minutes.
func TestP4_NobodyWaitsForAGuess(t *testing.T) {
	t.Parallel()
	clock := clockAt("2026-11-25T12:00:00Z")
	reset, _ := resetting(t)
	g := begin(t, retryConfig(reset), by(clock))
	p := g.person(control.KeyChange{})
	for _, c := range []struct {
		status int
		retry  string
	}{
		{500, "false"},
		{503, ""}, // one that is overloaded asks to be tried later
	} {
		g.up.Set("first", providertest.Script{Status: c.status, Body: `{"error":{"message":"no"}}`})
		for range balancer.TripInRow {
			g.chat(p, "free-free-alone", "", nil)
		}
		if a := g.chat(p, "free-free-alone", "", nil); a.Status != 503 || a.Header.Get("Retry-After") != "10" || a.Header.Get("X-Should-Retry") != "" {
			t.Errorf("after %d: %d %v", c.status, a.Status, a.Header)
		}
		clock.add(balancer.CoolFirst)
		g.chat(p, "free-free-alone", "", nil)
		if a := g.chat(p, "free-free-alone", "", nil); a.Status != 503 || a.Header.Get("Retry-After") != "20" || a.Header.Get("X-Should-Retry") != c.retry {
			t.Errorf("after %d and again: %d %v", c.status, a.Status, a.Header)
		}
		g.up.Set("first", providertest.Script{})
		clock.add(2 * balancer.CoolFirst)
		if a := g.chat(p, "free-free-alone", "", nil); a.Status != 200 {
			t.Errorf("at the end of %d: %d %s", c.status, a.Status, a.Body)
		}
	}
}

// TestP4_WhatDoesNotCount: neither callers who err nor callers who leave open a breaker.
func TestP4_WhatDoesNotCount(t *testing.T) {
	t.Parallel()
	g := begin(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	g.up.Set("free", providertest.Script{Status: 400, Body: `{"error":{"message":"no"}}`})
	for range 2 * balancer.TripInRow {
		g.chat(p, "free", "", nil)
	}
	g.up.Set("free", providertest.Script{Hang: true})
	for range 2 * balancer.TripInRow {
		g.up.Reset()
		done, leave := g.background(p, "/v1/chat/completions", chatBody(p, "free", ""))
		g.arrived(1)
		leave()
		<-done
		g.eventually("it is over", func() bool { return g.srv.api.Running() == 0 })
	}
	g.up.Set("free", providertest.Script{})
	if a := g.chat(p, "free", "", nil); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// TestP4_Pause: the wait that an upstream asks for holds for everybody's calls, and is
// told as it is.
func TestP4_Pause(t *testing.T) {
	t.Parallel()
	clock := clockAt("2026-11-25T12:00:00Z")
	reset, _ := resetting(t)
	g := begin(t, retryConfig(reset), by(clock))
	p, other := g.person(control.KeyChange{}), g.person(control.KeyChange{})
	g.up.Set("first", providertest.Script{Status: 429, Body: `{"error":{"message":"slow down"}}`, Header: http.Header{"Retry-After": {"30"}}})
	if a := g.chat(p, "free-free-alone", "", nil); a.Status != 429 || a.Header.Get("Retry-After") != "30" {
		t.Errorf("%d %v", a.Status, a.Header)
	}
	g.up.Set("first", providertest.Script{})
	g.up.Reset()
	clock.add(20 * time.Second)
	if a := g.chat(other, "free-free-alone", "", nil); a.Status != 429 || a.errorField(t, "code") != "upstream_rate_limit" || a.Header.Get("Retry-After") != "10" || len(g.called()) != 0 {
		t.Errorf("meanwhile: %d %v %s", a.Status, a.Header, a.Body)
	}
	if a := g.chat(other, "free-free", "", nil); a.Status != 200 || a.Header.Get("X-Tollgate-Tried") != "free/first=cooling" {
		t.Errorf("elsewhere: %d %v", a.Status, a.Header)
	}
	if e := must(g.srv.gateway.Explain(t.Context(), must(g.srv.control.Principal(p.keyID))(t), "free-free"))(t); e.Serves != "free/second" || e.Steps[0].Now != "cooling" || e.Steps[0].Open {
		t.Errorf("explained as %+v", e)
	}
	clock.add(10 * time.Second)
	if a := g.chat(other, "free-free-alone", "", nil); a.Status != 200 {
		t.Errorf("afterwards: %d %s", a.Status, a.Body)
	}
}

// TestRetryBudgetHolds: of a storm of failures only a few are tried a second time; the
// others are told of the failure at once.
func TestRetryBudgetHolds(t *testing.T) {
	t.Parallel()
	reset, _ := resetting(t)
	g := begin(t, retryConfig(reset), by(clockAt("2026-11-25T12:00:00Z")))
	p := g.person(control.KeyChange{})
	g.up.Set("first", providertest.Script{Status: 429, Body: `{"error":{"message":"slow down"}}`}) // opens nothing
	elsewhere := 0
	for range 3 * balancer.ExtraLeast {
		switch a := g.chat(p, "free-free", "", nil); {
		case a.Status == 200:
			elsewhere++
		case a.Status != 429 || !strings.Contains(a.Header.Get("X-Tollgate-Tried"), "free/second=retry_budget"):
			t.Fatalf("%d %v %s", a.Status, a.Header, a.Body)
		}
	}
	if elsewhere != balancer.ExtraLeast || len(g.called()) != 4*balancer.ExtraLeast {
		t.Errorf("%d of %d were tried elsewhere, %d calls", elsewhere, 3*balancer.ExtraLeast, len(g.called()))
	}
}

// TestP4_AnotherEngineBeginsAnew: what failed at one address, or with one credential, says
// nothing about the next, whether the API or the file names it; and what a call to the one
// before still shows is of the one before.
func TestP4_AnotherEngineBeginsAnew(t *testing.T) {
	t.Setenv("TOLLGATE_SECRETS_KEY", "a key of the environment, 32 bytes")
	g := start(t, "providers: { here: { kind: vllm, url: UPSTREAM/v1 } }\nmodels: { filed: here/filed }\n")
	well := providertest.NewUpstream(t)
	p := g.person(control.KeyChange{})
	adminKey := must(g.srv.control.EnsureAdmin(t.Context(), ""))(t)
	manage := func(method, path, body string) {
		t.Helper()
		body = strings.NewReplacer("UPSTREAM", g.up.Ollama(), "WELL", well.Ollama()).Replace(body)
		if a := g.do(method, "/api/v1"+path, adminKey, body, nil); a.Status/100 != 2 {
			t.Fatalf("%s %s: %d %s", method, body, a.Status, a.Body)
		}
	}
	manage("POST", "/credentials", `{"id":"shared","urls":["UPSTREAM"],"secrets":{"key":"sk-canary-old"}}`)
	manage("POST", "/models", `{"id":"moved","name":"moved","declaration":{"provider":{"kind":"vllm","url":"UPSTREAM/v1"},"model":"moved"}}`)
	manage("POST", "/models", `{"id":"keyed","name":"keyed","secrets":{"key":"sk-canary-old"},"declaration":{"provider":{"kind":"openai","url":"UPSTREAM/v1"},"model":"keyed","price":"free"}}`)
	manage("POST", "/models", `{"id":"lent","name":"lent","credential":"shared","declaration":{"provider":{"kind":"openai","url":"UPSTREAM/v1"},"model":"lent","price":"free"}}`)
	refused := providertest.Script{Status: 401, Body: `{"error":{"message":"no such key"}}`}
	late := refused
	late.DelayHeaders = time.Second
	for model, change := range map[string]func(){
		"moved": func() {
			manage("PATCH", "/models/moved", `{"declaration":{"provider":{"kind":"vllm","url":"WELL/v1"},"model":"moved"}}`)
		},
		"keyed": func() { manage("PATCH", "/models/keyed", `{"secrets":{"key":"sk-canary-new"}}`) },
		"lent":  func() { manage("PATCH", "/credentials/shared", `{"secrets":{"key":"sk-canary-new"}}`) },
		"filed": func() {
			g.write("providers: { here: { kind: vllm, url: " + well.Ollama() + "/v1 } }\nmodels: { filed: here/filed }\n")
			if err := g.reload.reload(); err != nil {
				t.Fatal(err)
			}
		},
	} {
		g.up.Reset()
		g.up.Set(model, late)
		running, _ := g.background(p, "/v1/chat/completions", chatBody(p, model, ""))
		g.arrived(1)
		g.up.Set(model, refused)
		if a := g.chat(p, model, "", nil); a.Status != 502 || a.errorField(t, "code") != "upstream_auth" {
			t.Fatalf("%s refused: %d %s", model, a.Status, a.Body)
		}
		if a := g.chat(p, model, "", nil); a.Status == 200 || len(g.called()) != 2 {
			t.Errorf("%s is not left out: %d %s after %v", model, a.Status, a.Body, g.called())
		}
		g.up.Set(model, providertest.Script{})
		change()
		if a := g.chat(p, model, "", nil); a.Status != 200 {
			t.Errorf("%s after the change: %d %s", model, a.Status, a.Body)
		}
		if a := finishes(t, running); a.Status == 200 {
			t.Errorf("%s: the call from before: %d", model, a.Status)
		}
		if a := g.chat(p, model, "", nil); a.Status != 200 {
			t.Errorf("%s after the last of before: %d %s", model, a.Status, a.Body)
		}
	}
	// A change that leads to the same place keeps what is known of it.
	g.up.Set("keyed", refused)
	if a := g.chat(p, "keyed", "", nil); a.Status != 502 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	manage("PATCH", "/models/lent", `{"attributes":{"of":"all"}}`)
	g.up.Set("keyed", providertest.Script{})
	if a := g.chat(p, "keyed", "", nil); a.Status == 200 {
		t.Error("another model's change let it be called")
	}
}
