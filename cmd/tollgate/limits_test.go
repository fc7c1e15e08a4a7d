package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tollgate/accounting/scope"
	"tollgate/gateway/control"
	"tollgate/gateway/limits"
	"tollgate/providers/providertest"
)

const limitsConfig = `
providers:
  gpu:    { kind: vllm, url: UPSTREAM/v1 }
  laptop: { kind: ollama, url: UPSTREAM }
  cloud:  { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 } }
  late:   { kind: vllm, url: UPSTREAM/v1, first_byte: 150ms, gap: 150ms }
  dead:   { kind: vllm, url: "http://127.0.0.1:1/v1" }
models:
  free: gpu/free
  free2: gpu/free2
  paid: cloud/paid
  late: late/late
  dead: dead/dead
  group: { targets: [ { to: gpu/free, order: 1, weight: 1000 }, { to: laptop/small, order: 1 } ] }
  dear-first: { targets: [ { to: cloud/paid, order: 1 }, { to: gpu/free, order: 2 } ] }
  failing-first: { targets: [ { to: gpu/busy, order: 1 }, { to: gpu/free, order: 2 } ] }
  dead-first: { targets: [ { to: dead/dead, order: 1 }, { to: gpu/free, order: 2 } ] }
`

// per makes a rule for one account; a number below 0 is no limit.
func per(kind scope.Kind, owner string, requests, tokens, concurrent int64, models ...string) limits.Rule {
	r := limits.Rule{Selector: scope.Selector{Kind: kind, Owner: owner, Models: models}}
	for _, x := range []struct {
		to **int64
		n  int64
	}{{&r.Requests, requests}, {&r.Tokens, tokens}, {&r.Concurrent, concurrent}} {
		if x.n >= 0 {
			*x.to = &x.n
		}
	}
	return r
}

// limit puts a rule in force, as the management API does.
func (g *gate) limit(r limits.Rule) limits.Rule {
	g.t.Helper()
	return must(g.srv.control.CreateLimit(context.Background(), r))(g.t)
}

// headerInt reads a number of an answer's headers.
func (a answer) headerInt(t *testing.T, name string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(a.Header.Get(name), 10, 64)
	if err != nil {
		t.Fatalf("%s: %v in %d %v %s", name, err, a.Status, a.Header, a.Body)
	}
	return n
}

// limited checks that an answer is a refusal for a rate limit.
func (a answer) limited(t *testing.T, what string) {
	t.Helper()
	if a.Status != 429 || a.errorField(t, "code") != "rate_limit_exceeded" || a.errorField(t, "type") != "rate_limit_error" {
		t.Errorf("%s: %d %s", what, a.Status, a.Body)
	}
}

// TestT14_WhateverAndWhoever goes through every kind of account, every limit, free and
// paid models, whole answers and streams: as many pass as the limit says, the next is
// told whose limit it was, and others are not touched.
func TestT14_WhateverAndWhoever(t *testing.T) {
	t.Parallel()
	g := audited(t, limitsConfig)
	for _, kind := range scope.Kinds() {
		for _, metric := range []limits.Metric{limits.Requests, limits.Tokens, limits.Concurrent} {
			for _, model := range []string{"free", "paid"} {
				for _, stream := range []string{"", `"stream":true`} {
					name := fmt.Sprintf("%s, %s, %s, %q", kind, metric, model, stream)
					p, other := g.person(control.KeyChange{}), g.person(control.KeyChange{})
					owner := p.account(kind)
					var r limits.Rule
					switch metric {
					case limits.Requests:
						r = g.limit(per(kind, owner, 2, -1, -1))
					case limits.Tokens:
						r = g.limit(per(kind, owner, -1, 20, -1)) // one answer has 15
					case limits.Concurrent:
						r = g.limit(per(kind, owner, -1, -1, 2))
					}
					var leave []context.CancelFunc
					for i := range 2 {
						if metric != limits.Concurrent {
							if a := g.chat(p, model, stream, nil); a.Status != 200 {
								t.Fatalf("%s: call %d: %d %s", name, i+1, a.Status, a.Body)
							}
							continue
						}
						g.up.Set(model, providertest.Script{Hang: true})
						g.up.Reset()
						_, cancel := g.background(p, "/v1/chat/completions", chatBody(p, model, stream))
						leave = append(leave, cancel)
						g.arrived(1)
						g.up.Set(model, providertest.Script{})
					}
					before := g.books()
					a := g.chat(p, model, stream, nil)
					a.limited(t, name)
					if g.books() != before && metric != limits.Concurrent {
						t.Errorf("%s: a refusal touched the books", name)
					}
					said := a.errorField(t, "message")
					for _, part := range []string{"You cannot call " + model + " now", metric.String(), cmp.Or(owner, "the whole gateway")} {
						if !strings.Contains(said, part) {
							t.Errorf("%s: %q does not say %q", name, said, part)
						}
					}
					if id := a.member(t, "rate_limit", "id"); id != r.ID {
						t.Errorf("%s: told of %v", name, id)
					}
					if wait := a.headerInt(t, "Retry-After"); metric == limits.Concurrent && wait != 1 || wait < 1 || wait > 60 {
						t.Errorf("%s: retry after %d s", name, wait)
					}
					if a := g.chat(other, model, stream, nil); (a.Status == 200) != (kind != scope.Gateway) {
						t.Errorf("%s: somebody else: %d %s", name, a.Status, a.Body)
					}
					for _, cancel := range leave {
						cancel()
					}
					if metric == limits.Concurrent {
						g.eventually(name+": slots come back", func() bool { return g.chat(p, model, stream, nil).Status == 200 })
					}
					if err := g.srv.control.DeleteLimit(context.Background(), r.ID); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
}

// crowd makes n calls at once, spread over programs, and returns the answers.
func crowd(t *testing.T, n int, call func(i int) (answer, error)) []answer {
	t.Helper()
	out := make([]answer, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			a, err := call(i)
			if err != nil {
				t.Error(err)
			}
			out[i] = a
		})
	}
	all.Wait()
	return out
}

func passed(t *testing.T, all []answer) (n int) {
	t.Helper()
	for _, a := range all {
		switch a.Status {
		case 200:
			n++
		case 429, 503:
		default:
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
	return n
}

// TestT14_ExactlyNAtOnce: of 500 calls at the same time exactly as many are served as
// the limit lets through, free or paid.
func TestT14_ExactlyNAtOnce(t *testing.T) {
	t.Parallel()
	g := audited(t, limitsConfig)
	for _, model := range []string{"free", "paid"} {
		p := g.person(control.KeyChange{})
		g.limit(per(scope.User, p.user, 5, -1, -1)) // the next comes after 12 s
		g.up.Reset()
		began := time.Now()
		all := crowd(t, 500, func(int) (answer, error) {
			return g.try("POST", "/v1/chat/completions", p.key, chatBody(p, model, ""), nil)
		})
		most := 5 + int(time.Since(began)/(12*time.Second))
		if n := passed(t, all); n < 5 || n > most || len(g.called()) != n {
			t.Errorf("%s: %d of 5 passed, %d were called", model, n, len(g.called()))
		}

		q := g.person(control.KeyChange{})
		g.limit(per(scope.Key, q.keyID, -1, -1, 7))
		g.up.Set(model, providertest.Script{Hang: true})
		g.up.Reset()
		ctx, leave := context.WithCancel(context.Background())
		var refused atomic.Int64
		var wait sync.WaitGroup
		for range 500 {
			wait.Go(func() {
				req := must(http.NewRequestWithContext(ctx, "POST", g.url+"/v1/chat/completions", strings.NewReader(chatBody(q, model, ""))))(t)
				req.Header.Set("Content-Type", "application/json")
				req.Header.Set("Authorization", "Bearer "+q.key)
				res, err := g.client.Do(req)
				if err != nil {
					return // one that ran until it was told to leave
				}
				defer res.Body.Close()
				_, _ = io.Copy(io.Discard, res.Body)
				if res.StatusCode == 429 {
					refused.Add(1)
				}
			})
		}
		g.eventually(model+": all but those that run are answered", func() bool { return refused.Load() == 493 })
		g.arrived(7)
		if n := len(g.called()); n != 7 {
			t.Errorf("%s: %d of 7 run", model, n)
		}
		leave()
		wait.Wait()
		g.up.Set(model, providertest.Script{})
		g.eventually(model+": slots come back", func() bool { return g.chat(q, model, "", nil).Status == 200 })
	}
}

// TestT14_AnotherCandidateServes: a deployment that is over a limit is left out, as one
// that cannot be paid for; only when none is left is the request refused.
func TestT14_AnotherCandidateServes(t *testing.T) {
	t.Parallel()
	g := audited(t, limitsConfig)
	t.Run("of a group", func(t *testing.T) {
		p := g.person(control.KeyChange{})
		g.limit(per(scope.User, p.user, 1, -1, -1, "gpu/free"))
		first := g.chat(p, "free", "", nil)
		if first.Status != 200 {
			t.Fatalf("%d %s", first.Status, first.Body)
		}
		for range 10 {
			a := g.chat(p, "group", "", nil)
			if a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != "laptop/small" {
				t.Errorf("%d %v %s", a.Status, a.Header, a.Body)
			}
			if why := a.Header.Get("X-Tollgate-Fallback"); why != "" && why != "rate_limited; skipped=gpu/free" {
				t.Errorf("fallback %q", why)
			}
			if a.Header.Get("X-Ratelimit-Limit-Requests") != "" {
				t.Errorf("told of a limit that is not for what was called: %v", a.Header)
			}
		}
		g.limit(per(scope.User, p.user, 0, -1, -1, "laptop/*"))
		a := g.chat(p, "group", "", nil)
		a.limited(t, "none is left")
		if a.member(t, "rate_limit", "limit") != 1.0 || a.Header.Get("X-Should-Retry") != "" {
			t.Errorf("told of the one that waiting does not help: %s", a.Body)
		}
	})
	t.Run("of the next tier", func(t *testing.T) {
		p := g.person(control.KeyChange{})
		g.limit(per(scope.User, p.user, 1, -1, 5, "paid", "cloud/*"))
		if a := g.chat(p, "dear-first", "", nil); a.Header.Get("X-Tollgate-Deployment") != "cloud/paid" {
			t.Errorf("%v", a.Header)
		}
		before := g.books()
		if a := g.chat(p, "dear-first", "", nil); a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != "gpu/free" {
			t.Errorf("%d %v", a.Status, a.Header)
		}
		if a := g.chat(p, "dear-first", "", header{"X-Tollgate-Fallback": "deny"}); a.Status != 429 {
			t.Errorf("a client that wants no other: %d %v", a.Status, a.Header)
		}
		if g.books() != before {
			t.Error("a limit was looked at after the books")
		}
		g.up.Set("free", providertest.Script{Status: 500, Body: "{}"})
		a := g.chat(p, "dear-first", "", nil)
		g.up.Set("free", providertest.Script{})
		if a.Status != 502 || !strings.Contains(a.errorField(t, "message"), "over a rate limit: cloud/paid") {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	})
	t.Run("money and limits", func(t *testing.T) {
		p := g.person(control.KeyChange{})
		g.budget(p, scope.User, "0")
		g.limit(per(scope.User, p.user, 1, -1, -1, "gpu/free"))
		if a := g.chat(p, "dear-first", "", nil); a.Status != 200 || a.Header.Get("X-Ratelimit-Remaining-Requests") != "0" {
			t.Errorf("%d %v %s", a.Status, a.Header, a.Body)
		}
		g.chat(p, "dear-first", "", nil).limited(t, "one for money, one for a limit") // waiting helps
		q := g.person(fallback("free2"))
		g.budget(q, scope.User, "0")
		g.limit(per(scope.User, q.user, 0, -1, -1, "gpu/free"))
		if a := g.chat(q, "dear-first", "", nil); a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != "gpu/free2" {
			t.Errorf("the key's own alternative: %d %v %s", a.Status, a.Header, a.Body)
		}
		g.limit(per(scope.User, q.user, 0, -1, -1, "gpu/free2"))
		if a := g.chat(q, "dear-first", "", nil); a.errorField(t, "code") != "budget_exceeded" {
			t.Errorf("waiting does not help at a limit of 0: %s", a.Body)
		}
	})
	t.Run("given back when the next is called", func(t *testing.T) {
		p := g.person(control.KeyChange{})
		g.limit(per(scope.User, p.user, 10, 1000, 1, "dead/*"))
		for range 3 { // it is never reached, so nothing of its limit is used
			if a := g.chat(p, "dead-first", "", nil); a.Status != 200 {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		}
		a := g.chat(p, "dead", "", nil)
		if a.Status != 503 || a.headerInt(t, "X-Ratelimit-Remaining-Requests") != 10 || a.headerInt(t, "X-Ratelimit-Remaining-Tokens") != 1000 {
			t.Errorf("%d %v", a.Status, a.Header)
		}
		g.limit(per(scope.User, p.user, 10, -1, -1, "gpu/busy"))
		g.up.Set("busy", providertest.Script{Status: 503, Body: "{}"})
		for i := range 3 { // it is reached, and counts
			if a := g.chat(p, "failing-first", "", nil); a.Status != 200 {
				t.Errorf("%d: %d %s", i, a.Status, a.Body)
			}
		}
		tk := g.srv.limits.Ticket()
		if err := tk.Admit(t.Context(), []scope.Account{{Kind: scope.User, ID: p.user}}, scope.Target{Model: "x", Deployment: "gpu/busy"}, 0); err != nil {
			t.Fatal(err)
		}
		if left := tk.Standing().Requests.Remaining; left != 6 {
			t.Errorf("%d of 10 left after 3 calls, with one more under way", left)
		}
		tk.Done(0)
	})
}

// TestAnthropicLimitHeaders: where limits exist, a client of Anthropic's is told where they
// stand in Anthropic's words too, with every kind of answer; no other client is, and nothing
// of what the upstream says of its own limits passes.
func TestAnthropicLimitHeaders(t *testing.T) {
	t.Parallel()
	g := audited(t, limitsConfig)
	p := g.person(control.KeyChange{})
	own := http.Header{"Anthropic-Ratelimit-Requests-Limit": {"31337"}, "Anthropic-Ratelimit-Input-Tokens-Remaining": {"31337"}}
	g.up.Set("free", providertest.Script{Header: own})
	const head = "Anthropic-Ratelimit-"
	told := func(a answer) (names []string) {
		for name := range a.Header {
			if strings.HasPrefix(name, head) {
				names = append(names, strings.TrimPrefix(name, head))
			}
		}
		slices.Sort(names)
		return names
	}
	message := func(extra string) answer {
		return g.do("POST", "/v1/messages", p.key, messageBody("free", extra), nil)
	}
	if names := told(message("")); len(names) != 0 {
		t.Errorf("without rules: %v", names)
	}
	requests := []string{"Requests-Limit", "Requests-Remaining", "Requests-Reset"}
	g.limit(per(scope.User, p.user, 4, -1, -1))
	if names := told(message("")); !slices.Equal(names, requests) {
		t.Errorf("with a limit on requests: %v", names)
	}
	g.limit(per(scope.Key, p.keyID, -1, 30_000, -1))
	for i, a := range []answer{message(""), message(`"stream":true`), g.do("POST", "/messages", p.key, messageBody("free", ""), nil), message("")} {
		if want := map[bool]int{true: 429, false: 200}[i == 3]; a.Status != want {
			t.Fatalf("%d: %d %s", i, a.Status, a.Body)
		}
		if names := told(a); !slices.Equal(names, append(slices.Clone(requests), "Tokens-Limit", "Tokens-Remaining", "Tokens-Reset")) {
			t.Errorf("%d: %v", i, names)
		}
		for _, what := range []string{"Requests", "Tokens"} {
			for ours, openAI := range map[string]string{"-Limit": "X-Ratelimit-Limit-", "-Remaining": "X-Ratelimit-Remaining-"} {
				if got, want := a.Header.Get(head+what+ours), a.Header.Get(openAI+what); got != want || got == "" {
					t.Errorf("%d: %s%s is %q, and %q in OpenAI's words", i, what, ours, got, want)
				}
			}
			reset, err := time.Parse(time.RFC3339, a.Header.Get(head+what+"-Reset"))
			if wait := time.Until(reset); err != nil || reset.Location() != time.UTC || wait < -5*time.Second || wait > time.Minute+2*time.Second {
				t.Errorf("%d: %s are all there again at %q", i, what, a.Header.Get(head+what+"-Reset"))
			}
		}
	}
	if a := g.do("POST", "/v1/messages/count_tokens", p.key, messageBody("free", ""), nil); !slices.Contains(told(a), "Requests-Limit") {
		t.Errorf("counting: %d %v", a.Status, a.Header)
	}
	if a := g.chat(p, "free", "", nil); len(told(a)) != 0 || a.Header.Get("X-Ratelimit-Limit-Requests") == "" {
		t.Errorf("OpenAI's surface: %d %v", a.Status, a.Header)
	}
}

// TestT14_Headers: what a client is told, with every kind of answer.
func TestT14_Headers(t *testing.T) {
	t.Parallel()
	g := audited(t, limitsConfig)
	p := g.person(control.KeyChange{})
	upstream := http.Header{"X-Ratelimit-Limit-Requests": {"31337"}, "X-Ratelimit-Remaining-Tokens": {"31337"}, "X-Ratelimit-Reset-Requests": {"1ms"}}
	for _, model := range []string{"free", "paid"} {
		g.up.Set(model, providertest.Script{Header: upstream})
	}
	none := func(a answer, what string) {
		t.Helper()
		for name := range a.Header {
			if strings.HasPrefix(name, "X-Ratelimit-") || name == "Retry-After" {
				t.Errorf("%s: %s is told", what, name)
			}
		}
	}
	none(g.chat(p, "free", "", nil), "without rules")
	none(g.chat(p, "paid", `"stream":true`, nil), "without rules, streaming")

	g.limit(per(scope.Gateway, "", 1_000_000, 1_000_000_000, -1))
	g.limit(per(scope.User, p.user, 30, 3000, -1))
	for i, c := range []struct {
		model, extra string
		status       int
		requests     int64 // remaining
		tokens       int64
	}{
		{"free", "", 200, 29, 2985},
		{"paid", "", 200, 28, 2970},
		{"free", `"stream":true`, 200, 27, 2969}, // at its beginning: what it is expected to use
		{"paid", `"stream":true`, 200, 26, 2954},
		{"nothing", "", 404, -1, -1},
	} {
		a := g.chat(p, c.model, c.extra, nil)
		if a.Status != c.status {
			t.Fatalf("%d: %d %s", i, a.Status, a.Body)
		}
		if c.requests < 0 {
			none(a, "a model that there is not")
			continue
		}
		if got := a.headerInt(t, "X-Ratelimit-Limit-Requests"); got != 30 {
			t.Errorf("%d: limit %d", i, got)
		}
		if got := a.headerInt(t, "X-Ratelimit-Limit-Tokens"); got != 3000 {
			t.Errorf("%d: limit %d", i, got)
		}
		// What has refilled since is there too: a request in 2 s, 50 tokens a second.
		if got := a.headerInt(t, "X-Ratelimit-Remaining-Requests"); got < c.requests || got > c.requests+10 {
			t.Errorf("%d: %d requests remain, want %d", i, got, c.requests)
		}
		if got := a.headerInt(t, "X-Ratelimit-Remaining-Tokens"); got < c.tokens || got > min(c.tokens+1000, 3000) {
			t.Errorf("%d: %d tokens remain, want %d", i, got, c.tokens)
		}
		for _, name := range []string{"X-Ratelimit-Reset-Requests", "X-Ratelimit-Reset-Tokens"} {
			if d, err := time.ParseDuration(a.Header.Get(name)); err != nil || d <= 0 || d > time.Minute {
				t.Errorf("%d: %s %q", i, name, a.Header.Get(name))
			}
		}
	}
	// A failure of the upstream, and a refusal for money.
	g.up.Set("free", providertest.Script{Status: 500, Body: "{}", Header: upstream})
	if a := g.chat(p, "free", "", nil); a.Status != 502 || a.headerInt(t, "X-Ratelimit-Limit-Requests") != 30 {
		t.Errorf("%d %v", a.Status, a.Header)
	}
	g.budget(p, scope.Key, "0")
	if a := g.chat(p, "paid", "", nil); a.errorField(t, "type") != "budget_exceeded" || a.headerInt(t, "X-Ratelimit-Limit-Requests") != 30 || a.Header.Get("Retry-After-Ms") != "" {
		t.Errorf("%d %v", a.Status, a.Header)
	}

	// A refusal: right to the millisecond.
	q := g.person(control.KeyChange{})
	g.limit(per(scope.User, q.user, 2, -1, -1))
	for range 2 {
		g.chat(q, "free2", "", nil)
	}
	a := g.chat(q, "free2", "", nil)
	a.limited(t, "the third")
	s, ms := a.headerInt(t, "Retry-After"), a.headerInt(t, "Retry-After-Ms")
	if s != (ms+999)/1000 || ms > 30_000 || ms < 1 || a.member(t, "rate_limit", "retry_after_ms") != float64(ms) {
		t.Errorf("retry after %d s, %d ms: %s", s, ms, a.Body)
	}
	if a.headerInt(t, "X-Ratelimit-Remaining-Requests") != 0 || a.Header.Get("X-Should-Retry") != "" {
		t.Errorf("%v", a.Header)
	}
	// A limit of 0 is never worth a try.
	g.limit(per(scope.Key, q.keyID, -1, 0, -1))
	a = g.chat(q, "free2", "", nil)
	a.limited(t, "a limit of 0")
	if a.Header.Get("X-Should-Retry") != "false" || a.Header.Get("Retry-After") != "" || !strings.Contains(a.Body, "is 0 tokens per minute") || a.Header.Get("X-Ratelimit-Limit-Tokens") != "0" {
		t.Errorf("%v %s", a.Header, a.Body)
	}
	// Who waits as long as is told is served.
	w := g.person(control.KeyChange{})
	g.limit(per(scope.User, w.user, 60, -1, -1))
	for a = g.chat(w, "free2", "", nil); a.Status == 200; {
		a = g.chat(w, "free2", "", nil)
	}
	time.Sleep(time.Duration(a.headerInt(t, "Retry-After-Ms")) * time.Millisecond)
	if a := g.chat(w, "free2", "", nil); a.Status != 200 {
		t.Errorf("after the wait: %d %s", a.Status, a.Body)
	}
	a = g.chat(q, "free2", "", nil)
	// Reading is not limited.
	for _, path := range []string{"/v1/models", "/v1/models/free", "/health/ready"} {
		if a := g.do("GET", path, q.key, "", nil); a.Status != 200 {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	// The refusal is in the log and in the records.
	id := a.Header.Get("X-Request-Id")
	if line := g.line(id); line["status"] != "rate_limited" || line["user"] != q.user {
		t.Errorf("the log: %v", line)
	}
	g.eventually("the refusal is recorded", func() bool {
		return g.query("select count(*) from calls where request_id = ? and status = 'rate_limited' and deployment = ''", id) == 1
	})
}

// TestT14_TokensAreCounted: what an answer did use is what is gone of the limit, whoever
// counted it, whichever way it ended.
func TestT14_TokensAreCounted(t *testing.T) {
	t.Parallel()
	g := audited(t, limitsConfig)
	const limit = 100_000 // 1667 come back in a second
	prompt := strings.Repeat("word ", 400)
	image := `{"type":"image_url","image_url":{"url":"data:image/png;base64,` + strings.Repeat("A", 40_000) + `"}}`
	body := func(p person, model, content, extra string) string {
		return fmt.Sprintf(`{"model":%q,"user":%q,"messages":[{"role":"user","content":%s}]%s}`, model, p.endUser, content, extra)
	}
	words := string(must(json.Marshal(prompt))(t))
	reported := providertest.Script{PromptTokens: 4000, CompletionTokens: 6000}
	for _, c := range []struct {
		name, content, extra string
		script               providertest.Script
		least, most          int64 // gone at the end, on every road
	}{
		{"reported", words, "", reported, 10_000, 10_000},
		{"reported, streaming", words, `,"stream":true`, reported, 10_000, 10_000},
		{"more than the cap", words, `,"max_tokens":10`, reported, 10_000, 10_000},
		{"less than the cap", words, `,"max_tokens":90000`, reported, 10_000, 10_000},
		{"a cap for each choice", words, `,"max_tokens":20000,"n":4`, reported, 10_000, 10_000},
		{"more than the limit", words, `,"max_tokens":1000000`, reported, 10_000, 10_000},
		{"counted here", words, `,"stream":true`, providertest.Script{NoUsage: true, Text: strings.Repeat("answer ", 3000)}, 3300, 3600},
		{"counted here, whole", words, "", providertest.Script{NoUsage: true, Text: strings.Repeat("answer ", 3000)}, 3300, 3600},
		{"cut", words, `,"stream":true`, providertest.Script{NoUsage: true, Text: strings.Repeat("answer ", 3000), Chunks: 3, CutAfter: 2}, 2300, 2600},
		{"refused by the upstream", words, `,"max_tokens":50000`, providertest.Script{Status: 500, Body: "{}"}, 0, 0},
		{"cut before", words, `,"max_tokens":50000`, providertest.Script{CutAfter: 1, Text: "none"}, 300, 600},
		{"an image", `[` + image + `]`, "", reported, 10_000, 10_000},
	} {
		for _, model := range []string{"free", "paid"} {
			p := g.person(control.KeyChange{})
			r := g.limit(per(scope.User, p.user, -1, limit, -1))
			g.up.Set(model, c.script)
			began := time.Now()
			a, err := g.try("POST", "/v1/chat/completions", p.key, body(p, model, c.content, c.extra), nil)
			if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Fatal(err)
			}
			if a.Status == 429 {
				t.Fatalf("%s, %s: %s", c.name, model, a.Body)
			}
			var gone int64
			g.eventually(c.name+": it is settled", func() bool {
				tk := g.srv.limits.Ticket()
				if err := tk.Admit(t.Context(), []scope.Account{{Kind: scope.User, ID: p.user}}, scope.Target{Model: model, Deployment: "x"}, 1); err != nil {
					return false
				}
				tk.Done(0)
				gone = limit - tk.Standing().Tokens.Remaining
				back := int64(time.Since(began)/time.Millisecond)*limit/60_000 + 1
				return gone >= c.least-back && gone <= c.most
			})
			g.up.Set(model, providertest.Script{})
			if err := g.srv.control.DeleteLimit(context.Background(), r.ID); err != nil {
				t.Fatal(err)
			}
			t.Logf("%s, %s: %d gone", c.name, model, gone)
		}
	}
	// At its beginning a request takes its prompt at four bytes a token, without media,
	// and the cap that it set, once for each choice.
	for _, c := range []struct {
		content, extra string
		want           int64
	}{
		{words, "", 501}, // with the end of its line
		{words, `,"max_tokens":1000`, 1501},
		{words, `,"max_tokens":1000,"n":3`, 3501},
		{`[` + image + `,{"type":"text","text":` + words + `}]`, "", 501},
		{`"hi"`, `,"max_tokens":1000000`, limit},
	} {
		p := g.person(control.KeyChange{})
		g.limit(per(scope.User, p.user, -1, limit, -1))
		g.up.Set("free", providertest.Script{Text: "one two", HangAfter: 1})
		l := g.open(p, "/v1/chat/completions", body(p, "free", c.content, `,"stream":true`+c.extra))
		if l.res.StatusCode != 200 || l.res.Header.Get("X-Ratelimit-Remaining-Tokens") != fmt.Sprint(limit-c.want) {
			t.Errorf("%s: %v, want %d taken", c.extra, l.res.Header, c.want)
		}
		l.cancel()
	}
}

// TestT14_DebtDelays: an answer that used more than there was is paid off by waiting.
func TestT14_DebtDelays(t *testing.T) {
	t.Parallel()
	g := audited(t, limitsConfig)
	p := g.person(control.KeyChange{})
	g.limit(per(scope.User, p.user, -1, 1000, -1))
	g.up.Set("free", providertest.Script{PromptTokens: 100, CompletionTokens: 4900})
	if a := g.chat(p, "free", "", nil); a.Status != 200 || a.headerInt(t, "X-Ratelimit-Remaining-Tokens") != 0 {
		t.Fatalf("%d %v", a.Status, a.Header)
	}
	a := g.chat(p, "free", "", nil)
	a.limited(t, "in debt")
	if wait := a.headerInt(t, "Retry-After"); wait < 230 || wait > 241 || a.Header.Get("X-Should-Retry") != "false" {
		t.Errorf("retry after %d s, %v", wait, a.Header)
	}
}

// TestT14_OneInTheStead: a rule that names an account stands in for the one for each.
func TestT14_OneInTheStead(t *testing.T) {
	t.Parallel()
	g := audited(t, limitsConfig+"limits:\n  - { each: user, requests_per_minute: 1 }\n  - { user: user2, requests_per_minute: 3, name: vip }\n  - { each: end_user, models: [free2], concurrent_requests: 0 }\n")
	for range 2 {
		p := g.person(control.KeyChange{})
		n := 0
		for g.chat(p, "free", "", nil).Status == 200 {
			n++
		}
		if n != map[string]int{"user1": 1, "user2": 3}[p.user] {
			t.Errorf("%s: %d passed", p.user, n)
		}
		if a := g.chat(p, "free", "", nil); p.user == "user2" && !strings.Contains(a.Body, `vip`) {
			t.Errorf("the rule's name is not told: %s", a.Body)
		}
	}
}
