package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

var updateGolden = flag.Bool("update-metrics", false, "rewrite the list of metrics in testdata")

const allMeters = `{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,"prompt_tokens_details":{"cached_tokens":30},"completion_tokens_details":{"reasoning_tokens":20}}`

// TestMetricsAreWhatWasSentAndBooked sends one of everything and compares what a scrape
// says with that and with the books, to the token and the nano-dollar.
func TestMetricsAreWhatWasSentAndBooked(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, db option) {
		g := begin(t, upstreamConfig+"  both: [cloud/busy, gpu/free]\n  slow: { to: cloud/slow, price: { input: 1, output: 10 } }\n  'any/*': 'cloud/*'\n"+tokenConfig, db, withToken)
		p, poor := g.person(control.KeyChange{}), g.person(control.KeyChange{})
		g.budget(poor, ledger.User, "0")
		for _, m := range []string{"free", "paid", "unknown", "made-up"} {
			g.up.Set(m, providertest.Script{RawUsage: allMeters})
		}
		g.up.Set("busy", providertest.Script{Status: 503, Body: `{"error":{"message":"busy"}}`})
		g.up.Set("paid2", providertest.Script{Text: strings.Repeat("word ", 50), CutAfter: 5})
		g.up.Set("slow", providertest.Script{Text: strings.Repeat("word ", 400), HangAfter: 300})

		status := func(want int, a answer) {
			t.Helper()
			if a.Status != want {
				t.Fatalf("status %d, want %d: %s", a.Status, want, a.Body)
			}
		}
		const stream = `"stream":true`
		for range 3 {
			status(200, g.chat(p, "free", "", nil))
		}
		status(200, g.chat(p, "free", stream, nil))
		status(200, g.chat(p, "paid", "", nil))
		status(200, g.chat(p, "paid", stream, nil))
		status(200, g.chat(p, "unknown", "", nil))
		status(200, g.chat(p, "any/made-up", `"max_tokens":10`, nil))
		status(200, g.chat(p, "both", "", nil)) // the first is busy, the second answers
		status(502, g.chat(p, "paid2", "", nil))
		status(429, g.chat(poor, "paid", "", nil))
		status(404, g.chat(p, "canary-model-name", "", nil))
		status(401, g.do("POST", "/v1/chat/completions", "sk-canary-of-a-key", "{}", nil))
		status(400, g.do("POST", "/v1/chat/completions", p.key, "{", nil))
		status(404, g.do("GET", "/canary/path", "", "", nil))
		l := g.open(p, "/v1/chat/completions", chatBody(p, "slow", stream)) // and the client leaves
		for range 100 {
			l.next()
		}
		during, _ := g.scrape()
		during.want(t, "tollgate_requests_in_flight", 1)
		during.want(t, "tollgate_books_holds", 1)
		if held := during["tollgate_books_held_dollars"]; math.Round(held*1e9) != float64(g.query("select sum(amount) from holds")) || held == 0 {
			t.Errorf("%v dollars are held", held)
		}
		l.cancel()
		g.settled()
		g.eventually("the request has ended", func() bool { return g.srv.api.Running() == 0 })

		s, _ := g.scrape()
		row := func(model, outcome, price string) string {
			return fmt.Sprintf(`{model=%q,operation="chat",outcome=%q,price=%q}`, model, outcome, price)
		}
		same(t, "tollgate_requests_total", s.of("tollgate_requests_total"), map[string]float64{
			row("free", "ok", "free"): 4, row("paid", "ok", "paid"): 2, row("unknown", "ok", "unknown"): 1, row("any/*", "ok", "unknown"): 1, row("both", "ok", "free"): 1,
			row("paid2", "truncated", "paid"): 1, row("paid", "budget_exceeded", "none"): 1, row("unknown", "model_not_found", "none"): 1,
			row("slow", "client_gone", "paid"): 1,
		})
		same(t, "tollgate_attempts_total", s.of("tollgate_attempts_total"), map[string]float64{
			`{deployment="gpu/free",outcome="answered"}`: 5, `{deployment="cloud/paid",outcome="answered"}`: 2, `{deployment="cloud/unknown",outcome="answered"}`: 1,
			`{deployment="cloud/*",outcome="answered"}`: 1, `{deployment="cloud/busy",outcome="overloaded"}`: 1, `{deployment="cloud/paid2",outcome="truncated"}`: 1,
			`{deployment="cloud/slow",outcome="answered"}`: 1,
		})
		same(t, "tollgate_retries_total", s.of("tollgate_retries_total"), map[string]float64{`{reason="overloaded"}`: 1})
		same(t, "tollgate_refusals_total", s.of("tollgate_refusals_total"), map[string]float64{
			`{reason="budget_exceeded"}`: 1, `{reason="model_not_found"}`: 1, `{reason="invalid_api_key"}`: 1, `{reason="invalid_json"}`: 1, `{reason="unknown_path"}`: 1,
		})
		models := map[string]float64{`{price="free"}`: 0, `{price="paid"}`: 0, `{price="unknown"}`: 0, `{price="mixed"}`: 0}
		for _, r := range g.srv.gateway.Catalog.Snapshot().Routes() {
			models[fmt.Sprintf("{price=%q}", r.State())]++
		}
		same(t, "tollgate_models", s.of("tollgate_models"), models)

		// The books: whatever is in them was counted, and nothing else.
		family := func(column string) string {
			return "case when " + column + " = 'cloud/made-up' then 'cloud/*' else " + column + " end"
		}
		cost, tokens := map[string]float64{}, map[string]float64{}
		for _, dep := range []string{"gpu/free", "cloud/paid", "cloud/paid2", "cloud/unknown", "cloud/slow", "cloud/*"} {
			sum := func(table, what string) float64 {
				return float64(g.query("select coalesce(sum("+what+"), 0) from "+table+" where "+family("deployment")+" = ? and deployment <> ''", dep))
			}
			cost[dep] = sum("entries", "cost")
			for direction, what := range map[string]string{"input": "input - cached", "cached": "cached", "output": "output - reasoning", "reasoning": "reasoning"} {
				g.eventually("the records are written", func() bool { return g.query("select count(*) from calls where price = 'free'") == 5 })
				tokens[fmt.Sprintf(`{deployment=%q,direction=%q}`, dep, direction)] = sum("entries", what) + sum("calls", what)
			}
			if got := math.Round(s[fmt.Sprintf(`tollgate_cost_dollars_total{deployment=%q}`, dep)] * 1e9); got != cost[dep] {
				t.Errorf("%s has cost %v nano-dollars, the books say %v", dep, got, cost[dep])
			}
		}
		if cost["cloud/paid"] != 2*(100*1000+50*10_000) || cost["cloud/paid2"] == 0 || cost["gpu/free"] != 0 {
			t.Errorf("booked: %v", cost)
		}
		same(t, "tollgate_tokens_total", s.of("tollgate_tokens_total"), tokens)
		if total := tokens[`{deployment="gpu/free",direction="reasoning"}`]; total != 5*20 {
			t.Errorf("%v tokens of reasoning by gpu/free", total)
		}

		// Times: as many as there were answers, and all of them within the time of the test.
		for name, want := range map[string]float64{
			`tollgate_request_duration_seconds_count{operation="chat",stream="false"}`: 10, `tollgate_request_duration_seconds_count{operation="chat",stream="true"}`: 3,
			`tollgate_overhead_seconds_count{price="free"}`: 5, `tollgate_overhead_seconds_count{price="paid"}`: 4, `tollgate_overhead_seconds_count{price="none"}`: 2,
			`tollgate_overhead_seconds_count{price="unknown"}`:                                2,
			`tollgate_upstream_seconds_count{deployment="gpu/free"}`:                          5,
			`tollgate_time_to_first_token_seconds_count{deployment="gpu/free"}`:               1,
			`tollgate_time_to_first_token_seconds_count{deployment="cloud/paid"}`:             1,
			`tollgate_time_to_first_token_seconds_count{deployment="cloud/paid2"}`:            0,
			`tollgate_requests_in_flight`:                                                     0,
			`tollgate_books_holds`:                                                            0,
			`tollgate_books_held_dollars`:                                                     0,
			`tollgate_books_readable`:                                                         1,
			`tollgate_books_late_calls`:                                                       0,
			`tollgate_books_queue_length`:                                                     0,
			`tollgate_books_commits_total{outcome="failed"}`:                                  0,
			`tollgate_records_dropped_total`:                                                  0,
			`tollgate_limits_store_up`:                                                        1,
			`tollgate_keys`:                                                                   float64(g.query("select count(*) from keys")),
			`tollgate_build_info{go="` + runtime.Version() + `",version="` + version() + `"}`: 1,
		} {
			s.want(t, name, want)
		}
		if n := s[`tollgate_time_between_tokens_seconds_count{deployment="cloud/slow"}`]; n < 99 || n > 300 {
			t.Errorf("%v times between the tokens of a stream that was left after 100", n)
		}
		commits := s[`tollgate_books_commits_total{outcome="ok"}`]
		if n := s["tollgate_books_commit_seconds_count"]; n != commits || s["tollgate_books_commit_steps_count"] != commits || commits < 6 || s["tollgate_books_commit_steps_sum"] < commits {
			t.Errorf("%v commits, %v times of them, %v counts of steps", commits, n, s["tollgate_books_commit_steps_count"])
		}
		if s[`tollgate_log_lines_total{level="info"}`] < 10 || s[`tollgate_log_lines_total{level="warn"}`] == 0 {
			t.Errorf("lines of the log: %v", s.of("tollgate_log_lines_total"))
		}
	})
}

// TestMetricsTellTimesApart: a stream by a clock that only its upstream moves, and whole
// answers by the world's, of which the upstream takes a part that is known.
func TestMetricsTellTimesApart(t *testing.T) {
	t.Parallel()
	clock := clockAt("2026-11-23T12:00:00Z")
	g := begin(t, upstreamConfig+tokenConfig, by(clock), withToken)
	p := g.person(control.KeyChange{})
	for _, m := range []string{"free", "paid"} {
		next := make(chan time.Duration, 1)
		g.up.Set(m, providertest.Script{Text: "one two three four", RunningUsage: func(part int) string {
			clock.add(<-next) // not before the client has the part before
			return usage(10, part)
		}})
		next <- 2 * time.Second
		l := g.open(p, "/v1/chat/completions", chatBody(p, m, `"stream":true`))
		l.next()
		for _, gap := range []time.Duration{3 * time.Second, 30 * time.Millisecond, 5 * time.Second} {
			next <- gap
			l.next()
		}
		if last := l.rest(); last != "[DONE]" {
			t.Fatalf("%s ends with %s", m, last)
		}
	}
	g.eventually("the requests have ended", func() bool { return g.srv.api.Running() == 0 })
	s, text := g.scrape()
	for dep, price := range map[string]string{"gpu/free": "free", "cloud/paid": "paid"} {
		of := func(name string) float64 { return s[name+`{deployment="`+dep+`"}`] }
		if first, gaps := of("tollgate_time_to_first_token_seconds_sum"), of("tollgate_time_between_tokens_seconds_sum"); first != 2 || gaps != 8.03 {
			t.Errorf("%s: %v s to the first token and %v s after it, want 2 and 8.03", dep, first, gaps)
		}
		// Whether the first two seconds pass while tollgate waits or between two looks at the
		// clock is chance; they are told once.
		if up, own := of("tollgate_upstream_seconds_sum"), s[`tollgate_overhead_seconds_sum{price="`+price+`"}`]; up+own != 2 {
			t.Errorf("%s: %v s upstream and %v s of tollgate's own, want 2 together", dep, up, own)
		}
		atOnce := of("tollgate_time_between_tokens_seconds_count") - 3 // the end of the stream follows its last token
		for bound, within := range map[string]float64{"0.02": 0, "0.03": 1, "2.5": 1, "5": 3, "+Inf": 3} {
			line := fmt.Sprintf(`tollgate_time_between_tokens_seconds_bucket{deployment=%q,le=%q} %v`, dep, bound, atOnce+within)
			if !strings.Contains(text, line+"\n") {
				t.Errorf("no line %s", line)
			}
		}
	}
	s.want(t, `tollgate_request_duration_seconds_sum{operation="chat",stream="true"}`, 20.06)

	const delay = 40 * time.Millisecond
	w := begin(t, upstreamConfig+tokenConfig, withToken)
	p = w.person(control.KeyChange{})
	for _, m := range []string{"free", "paid"} {
		w.up.Set(m, providertest.Script{DelayHeaders: delay, Polls: 1})
		w.chat(p, m, "", nil)
		w.respond(p, m, `"background":true,"stream":false`) // the wait for its beginning is one, too
	}
	s, _ = w.scrape()
	took := s[`tollgate_request_duration_seconds_sum{operation="chat",stream="false"}`] + s[`tollgate_request_duration_seconds_sum{operation="responses",stream="false"}`]
	for dep, price := range map[string]string{"gpu/free": "free", "cloud/paid": "paid"} {
		up, own := s[`tollgate_upstream_seconds_sum{deployment="`+dep+`"}`], s[`tollgate_overhead_seconds_sum{price="`+price+`"}`]
		if up < 2*delay.Seconds() || own <= 0 || own > took-4*delay.Seconds() {
			t.Errorf("%s: %v s upstream, which waits %v each time, and %v s of tollgate's own, of %v s for all four calls", dep, up, delay, own, took)
		}
	}
}

// TestMetricsOfALateFirstEvent: a client that was told early that it gets an answer waits
// for the upstream all the same, and not for tollgate.
func TestMetricsOfALateFirstEvent(t *testing.T) {
	t.Parallel()
	clock := clockAt("2026-11-23T12:00:00Z")
	g := begin(t, upstreamConfig+tokenConfig, by(clock), withToken, func(g *gate) {
		g.prepare = func(s *server) { s.gateway.Commit = time.Millisecond }
	})
	p := g.person(control.KeyChange{})
	for _, m := range []string{"free", "paid"} {
		told := make(chan struct{})
		g.up.Set(m, providertest.Script{Text: "one two", RunningUsage: func(part int) string {
			if part == 1 {
				<-told // the status has left before the first event comes
				clock.add(30 * time.Second)
			}
			return usage(10, part)
		}})
		l := g.open(p, "/v1/chat/completions", chatBody(p, m, `"stream":true`))
		close(told)
		if last := l.rest(); last != "[DONE]" {
			t.Fatalf("%s ends with %s", m, last)
		}
	}
	g.eventually("the requests have ended", func() bool { return g.srv.api.Running() == 0 })
	s, _ := g.scrape()
	for dep, price := range map[string]string{"gpu/free": "free", "cloud/paid": "paid"} {
		s.want(t, `tollgate_time_to_first_token_seconds_sum{deployment="`+dep+`"}`, 30)
		s.want(t, `tollgate_upstream_seconds_sum{deployment="`+dep+`"}`, 30)
		s.want(t, `tollgate_overhead_seconds_sum{price="`+price+`"}`, 0)
	}
}

// TestMetricsGolden keeps names, types and labels: who has dashboards relies on them.
func TestMetricsGolden(t *testing.T) {
	t.Parallel()
	g := begin(t, upstreamConfig+"  both: [cloud/busy, gpu/free]\n"+tokenConfig, withToken)
	p := g.person(control.KeyChange{})
	g.up.Set("busy", providertest.Script{Status: 503, Body: `{}`})
	g.chat(p, "both", "", nil)
	g.chat(p, "paid", `"stream":true`, nil)
	g.chat(p, "nobody", "", nil)
	_, text := g.scrape()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families := must(parser.TextToMetricFamilies(strings.NewReader(text)))(t)
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(families)) {
		f := families[name]
		if !strings.HasPrefix(name, "tollgate_") {
			continue // the process and the runtime, as every program of Prometheus' client has them
		}
		labels := map[string]bool{}
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = true
			}
		}
		fmt.Fprintf(&b, "%s %s %s\n", name, strings.ToLower(f.GetType().String()), strings.Join(slices.Sorted(maps.Keys(labels)), ","))
		if f.GetHelp() == "" {
			t.Errorf("%s has no help", name)
		}
	}
	const file = "testdata/metrics.txt"
	if *updateGolden {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want := string(must(os.ReadFile(file))(t)); want != b.String() {
		t.Errorf("the metrics have changed; dashboards rely on them. Have:\n%s\nwant:\n%s", b.String(), want)
	}
}

// TestMetricsUnderLoad scrapes while everything is counted. Counters only grow, every
// scrape agrees with itself, and at the end nothing is missing.
func TestMetricsUnderLoad(t *testing.T) {
	t.Parallel()
	g := begin(t, upstreamConfig+tokenConfig, withToken)
	p := g.person(control.KeyChange{})
	const workers, calls = 8, 12
	ctx, cancel := context.WithCancel(context.Background())
	var scrapers, wg sync.WaitGroup
	for range 2 {
		scrapers.Go(func() {
			last := samples{}
			for ctx.Err() == nil {
				a, err := g.try("GET", "/metrics", scrapeToken, "", nil)
				if err != nil || a.Status != 200 {
					t.Errorf("%v %d", err, a.Status)
					return
				}
				now := scraped(t, a.Body)
				for k, v := range last {
					if grows(k) && now[k] < v {
						t.Errorf("%s fell from %v to %v", k, v, now[k])
					}
				}
				last = now
			}
		})
	}
	for range workers {
		wg.Go(func() {
			for i := range calls {
				extra := ""
				if i%2 == 0 {
					extra = `"stream":true`
				}
				for _, m := range []string{"free", "paid"} {
					if a, err := g.try("POST", "/v1/chat/completions", p.key, chatBody(p, m, extra), nil); err != nil || a.Status != 200 {
						t.Errorf("%v %d %s", err, a.Status, a.Body)
					}
				}
			}
		})
	}
	wg.Wait()
	cancel()
	scrapers.Wait()
	g.eventually("every call has ended", func() bool { return g.srv.api.Running() == 0 })
	s, _ := g.scrape()
	for _, m := range []string{"free", "paid"} {
		s.want(t, fmt.Sprintf(`tollgate_requests_total{model=%q,operation="chat",outcome="ok",price=%q}`, m, m), workers*calls)
	}
	if got, want := math.Round(s[`tollgate_cost_dollars_total{deployment="cloud/paid"}`]*1e9), g.query("select sum(cost) from entries"); got != float64(want) {
		t.Errorf("%v nano-dollars, the books say %d", got, want)
	}
}

// grows says whether a sample may not become less.
func grows(key string) bool {
	name, _, _ := strings.Cut(key, "{")
	return strings.HasPrefix(name, "tollgate_") && (strings.HasSuffix(name, "_total") || strings.HasSuffix(name, "_count") || strings.HasSuffix(name, "_sum"))
}
