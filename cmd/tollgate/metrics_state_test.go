package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/gateway/metrics"
	"tollgate/providers/providertest"
)

// TestMetricsShowTheBreaker: a deployment that fails again and again is told as left out,
// and what was refused for that is no attempt.
func TestMetricsShowTheBreaker(t *testing.T) {
	t.Parallel()
	g := begin(t, upstreamConfig+"  'any/*': 'cloud/*'\n"+tokenConfig, withToken)
	p := g.person(control.KeyChange{})
	g.up.Set("free", providertest.Script{Status: 500, Body: `{"error":{"message":"no"}}`})
	refused := 0
	g.eventually("the deployment is left out", func() bool {
		a := g.chat(p, "free", "", nil)
		if a.Status == 503 {
			refused++
		}
		return a.Status == 503
	})
	g.chat(p, "any/canary-one", `"max_tokens":5`, nil)
	g.chat(p, "any/canary-two", `"max_tokens":5`, nil)
	s, text := g.scrape()
	s.want(t, `tollgate_breaker_state{deployment="gpu/free",state="open"}`, 1)
	s.want(t, `tollgate_breaker_state{deployment="gpu/free",state="closed"}`, 0)
	s.want(t, `tollgate_breaker_state{deployment="cloud/*",state="closed"}`, 2)
	s.want(t, `tollgate_deployment_in_flight{deployment="cloud/*"}`, 0)
	s.want(t, `tollgate_queue_seconds_count{deployment="cloud/*"}`, 2)
	s.want(t, `tollgate_attempts_total{deployment="gpu/free",outcome="server_error"}`, float64(len(g.up.CallsTo("/v1/chat/completions"))-2))
	s.want(t, `tollgate_requests_total{model="free",operation="chat",outcome="left_out",price="none"}`, float64(refused))
	if strings.Contains(text, "canary") {
		t.Error("a name that a client made up is in a scrape")
	}

	// One that is removed while it is left out is not left out for ever.
	const removed = `tollgate_breaker_state{deployment="removed/free",state="open"}`
	admin := must(g.srv.control.EnsureAdmin(t.Context(), ""))(t)
	if a := g.do("POST", "/api/v1/models", admin, `{"id":"removed","name":"removed","declaration":{"provider":{"kind":"vllm","url":"`+g.up.Ollama()+`/v1"},"model":"free"}}`, nil); a.Status != 201 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	g.eventually("the added deployment is left out", func() bool {
		g.chat(p, "removed", "", nil)
		s, _ := g.scrape()
		return s[removed] == 1
	})
	if a := g.do("DELETE", "/api/v1/models/removed", admin, "", nil); a.Status != 204 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if s, _ := g.scrape(); s[removed] != 0 {
		t.Error("a deployment that was removed is told as left out")
	}
	if a := g.do("GET", "/api/v1/deployments", admin, "", nil); a.Status != 200 || strings.Contains(a.Body, "removed") {
		t.Errorf("a deployment that was removed is listed: %d %s", a.Status, a.Body)
	}
}

// TestMetricsMakeRoomForDeployments: whatever came and went before, those that are there now
// are told apart, and nothing that is counted of one that stays is lost.
func TestMetricsMakeRoomForDeployments(t *testing.T) {
	t.Parallel()
	var old strings.Builder
	for i := range metrics.MaxDeployments {
		fmt.Fprintf(&old, "  old-%d: gpu/old-%[1]d\n", i)
	}
	g := begin(t, upstreamConfig+old.String()+tokenConfig, withToken)
	p := g.person(control.KeyChange{})
	call := func(model string) {
		t.Helper()
		if a := g.chat(p, model, "", nil); a.Status != 200 {
			t.Fatalf("%s: %d %s", model, a.Status, a.Body)
		}
	}
	call("free")
	for i := range metrics.MaxDeployments {
		call(fmt.Sprintf("old-%d", i))
	}
	const count, attempts = `tollgate_upstream_seconds_count{deployment="%s"}`, `tollgate_attempts_total{deployment="%s",outcome="answered"}`
	told := func(deployment string, want float64) {
		t.Helper()
		s, _ := g.scrape()
		s.want(t, fmt.Sprintf(count, deployment), want)
	}
	told("gpu/old-0", 1)
	told("other", 2) // one place is its own
	g.write(upstreamConfig + "  new: gpu/new\n" + tokenConfig)
	if err := g.reload.reload(); err != nil {
		t.Fatal(err)
	}
	call("new")
	call("free")
	told("gpu/new", 1)
	told("gpu/free", 2)
	told("other", 2)
	s, text := g.scrape()
	s.want(t, fmt.Sprintf(attempts, "gpu/new"), 1)
	if strings.Contains(text, `upstream_seconds_count{deployment="gpu/old-`) {
		t.Error("what is gone has places that what comes may need")
	}
}

// TestRemovedDeploymentsAreForgotten: how a deployment was is told by nobody once nothing
// leads to it, though its provider stays; when it comes back it begins anew.
func TestRemovedDeploymentsAreForgotten(t *testing.T) {
	t.Parallel()
	const config = upstreamConfig + tokenConfig
	g := begin(t, config, withToken)
	p := g.person(control.KeyChange{})
	admin := must(g.srv.control.EnsureAdmin(t.Context(), ""))(t)
	leaveOut := func() {
		t.Helper()
		g.up.Set("paid", providertest.Script{Status: 500, Body: `{"error":{"message":"no"}}`})
		g.eventually("the deployment is left out", func() bool { return g.chat(p, "paid", "", nil).Status == 503 })
		g.up.Set("paid", providertest.Script{})
	}
	told := func(want bool) {
		t.Helper()
		_, text := g.scrape()
		if got := strings.Contains(text, `breaker_state{deployment="cloud/paid"`); got != want {
			t.Errorf("the metrics tell of it: %v", got)
		}
		for _, path := range []string{"/api/v1/deployments", "/api/v1/check"} {
			if a := g.do("GET", path, admin, "", nil); a.Status != 200 || strings.Contains(a.Body, `"deployment":"cloud/paid"`) != want || strings.Contains(a.Body, "it is left out until") && !want {
				t.Errorf("%s: want it told: %v: %d %s", path, want, a.Status, a.Body)
			}
		}
	}
	without := strings.ReplaceAll(config, "  paid: { to: cloud/paid, price: { input: 1, output: 10 } }\n", "")
	leaveOut()
	told(true)
	g.write(without)
	if err := g.reload.reload(); err != nil {
		t.Fatal(err)
	}
	told(false)

	// One that the API adds and removes, of the same provider's model.
	add := func() {
		t.Helper()
		if a := g.do("POST", "/api/v1/models", admin, `{"id":"paid","name":"paid","declaration":{"provider":"cloud","model":"paid","price":{"input":1,"output":10}}}`, nil); a.Status != 201 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	remove := func() {
		t.Helper()
		if a := g.do("DELETE", "/api/v1/models/paid", admin, "", nil); a.Status != 204 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	add()
	leaveOut()
	told(true)
	remove()
	told(false)
	add()
	if a := g.chat(p, "paid", "", nil); a.Status != 200 {
		t.Errorf("what comes back has not begun anew: %d %s", a.Status, a.Body)
	}

	// While a call runs it is counted, and what it leaves behind is forgotten too.
	ctx, leave := context.WithCancel(t.Context())
	g.up.Set("paid", providertest.Script{Hang: true})
	done := make(chan struct{})
	go func() {
		defer close(done)
		req := must(http.NewRequestWithContext(ctx, "POST", g.url+"/v1/chat/completions", strings.NewReader(chatBody(p, "paid", ""))))(t)
		req.Header.Set("Authorization", "Bearer "+p.key)
		if res, err := g.client.Do(req); err == nil {
			res.Body.Close()
		}
	}()
	running := func(n float64) {
		t.Helper()
		g.eventually("calls are counted", func() bool {
			s, _ := g.scrape()
			return s[`tollgate_deployment_in_flight{deployment="cloud/paid"}`] == n
		})
	}
	running(1)
	remove()
	running(1)
	leave()
	<-done
	g.eventually("it is forgotten", func() bool {
		_, text := g.scrape()
		return !strings.Contains(text, `breaker_state{deployment="cloud/paid"`)
	})
}

// TestMetricsShowTheLine: a call that waits for its turn is told while it waits, and its
// waiting is not taken for tollgate's own time.
func TestMetricsShowTheLine(t *testing.T) {
	t.Parallel()
	g := begin(t, upstreamConfig+"  one: { to: gpu/one, parallel: 1 }\n"+tokenConfig, withToken)
	p := g.person(control.KeyChange{})
	g.up.Set("one", providertest.Script{Text: "one two three", HangAfter: 2})
	first := g.open(p, "/v1/chat/completions", chatBody(p, "one", `"stream":true`))
	first.next()
	second := make(chan *live)
	go func() {
		defer close(second) // also if it fails
		second <- g.open(p, "/v1/chat/completions", chatBody(p, "one", `"stream":true`))
	}()
	var s samples
	g.eventually("the second waits in line", func() bool {
		s, _ = g.scrape()
		return s[`tollgate_deployment_queue_length{deployment="gpu/one"}`] == 1 && s["tollgate_requests_in_flight"] == 2
	})
	s.want(t, `tollgate_deployment_in_flight{deployment="gpu/one"}`, 1)
	s.want(t, `tollgate_provider_queue_length{provider="gpu"}`, 0)
	const wait = 50 * time.Millisecond
	time.Sleep(wait)
	first.cancel()
	if l := <-second; l != nil {
		l.cancel()
	}
	g.eventually("both have ended", func() bool { return g.srv.api.Running() == 0 })
	s, _ = g.scrape()
	s.want(t, `tollgate_deployment_queue_length{deployment="gpu/one"}`, 0)
	s.want(t, `tollgate_deployment_in_flight{deployment="gpu/one"}`, 0)
	s.want(t, `tollgate_queue_seconds_count{deployment="gpu/one"}`, 2)
	queued, took := s[`tollgate_queue_seconds_sum{deployment="gpu/one"}`], s[`tollgate_request_duration_seconds_sum{operation="chat",stream="true"}`]
	if own := s[`tollgate_overhead_seconds_sum{price="free"}`]; queued < wait.Seconds() || own > took-queued {
		t.Errorf("%v s in line and %v s of tollgate's own, of %v s", queued, own, took)
	}
}

// TestMetricsWithoutBooks: when the database does not answer, a scrape still says
// everything else, and that.
func TestMetricsWithoutBooks(t *testing.T) {
	t.Parallel()
	var down atomic.Bool
	g := begin(t, upstreamConfig+tokenConfig, withToken, func(g *gate) {
		g.prepare = func(s *server) {
			src := s.sources()
			holds := src.Holds
			src.Holds = func(ctx context.Context) (int64, accounting.Money, error) {
				if _, ok := ctx.Deadline(); !ok {
					t.Error("a scrape waits for the books without end")
				}
				if down.Load() {
					return 0, 0, ledger.ErrUnavailable
				}
				return holds(ctx)
			}
			s.metrics.Watch(src)
		}
	})
	p := g.person(control.KeyChange{})
	release := g.blockBooks()
	down.Store(true)
	if a := g.chat(p, "paid", "", nil); a.Status != 503 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := g.chat(p, "free", "", nil); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	s, _ := g.scrape()
	s.want(t, `tollgate_requests_total{model="paid",operation="chat",outcome="books_unavailable",price="none"}`, 1)
	s.want(t, `tollgate_refusals_total{reason="books_unavailable"}`, 1)
	s.want(t, `tollgate_requests_total{model="free",operation="chat",outcome="ok",price="free"}`, 1)
	if s[`tollgate_books_commits_total{outcome="failed"}`] == 0 {
		t.Error("no commit has failed")
	}
	s.want(t, "tollgate_books_readable", 0)
	if _, ok := s["tollgate_books_holds"]; ok {
		t.Error("open holds are told that nobody could count")
	}
	release()
	down.Store(false)
	s, _ = g.scrape()
	s.want(t, "tollgate_books_readable", 1)
	s.want(t, "tollgate_books_holds", 0)
	if _, ok := s["tollgate_books_holds"]; !ok {
		t.Error("open holds are not told again")
	}
}
