package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"math"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/httpapi"
	"tollgate/providers/providertest"
)

var updateGolden = flag.Bool("update-metrics", false, "rewrite the list of metrics in testdata")

// scrapeToken is the token of the metrics in these tests.
const scrapeToken = "canary-metrics-9fQx7Lw2k3Y8dR5tB1vN"

// withToken writes the file that `metrics: { token: file:metrics.token }` names.
func withToken(g *gate) {
	if err := os.WriteFile(filepath.Join(filepath.Dir(g.config), "metrics.token"), []byte(scrapeToken+"\n"), 0o600); err != nil {
		g.t.Fatal(err)
	}
}

const tokenConfig = "metrics: { token: file:metrics.token }\n"

// samples are the values of a scrape by their name and labels, as `name{a="b"}`; of
// histograms the count and the sum.
type samples map[string]float64

// scraped reads what a scrape has answered as Prometheus would.
func scraped(t *testing.T, text string) samples {
	t.Helper()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatalf("not what Prometheus reads: %v\n%s", err, text)
	}
	out := samples{}
	for name, f := range families {
		for _, m := range f.GetMetric() {
			var labels []string
			for _, l := range m.GetLabel() {
				labels = append(labels, fmt.Sprintf("%s=%q", l.GetName(), l.GetValue()))
			}
			slices.Sort(labels)
			key := "{" + strings.Join(labels, ",") + "}"
			if len(labels) == 0 {
				key = ""
			}
			if h := m.GetHistogram(); h != nil {
				out[name+"_count"+key], out[name+"_sum"+key] = float64(h.GetSampleCount()), h.GetSampleSum()
				continue
			}
			out[name+key] = m.GetCounter().GetValue() + m.GetGauge().GetValue() + m.GetUntyped().GetValue()
		}
	}
	return out
}

// scrape reads the metrics with their token.
func (g *gate) scrape() (samples, string) {
	g.t.Helper()
	a := g.do("GET", "/metrics", scrapeToken, "", nil)
	if a.Status != 200 || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain; version=0.0.4") {
		g.t.Fatalf("a scrape: %d %v %s", a.Status, a.Header, a.Body)
	}
	return scraped(g.t, a.Body), a.Body
}

// of keeps the samples of one metric, without its name.
func (s samples) of(name string) map[string]float64 {
	out := map[string]float64{}
	for k, v := range s {
		if rest, ok := strings.CutPrefix(k, name+"{"); ok {
			out["{"+rest] = v
		}
	}
	return out
}

func (s samples) want(t *testing.T, what string, want float64) {
	t.Helper()
	if got, ok := s[what]; got != want || !ok && want != 0 {
		t.Errorf("%s is %v (there: %v), want %v", what, got, ok, want)
	}
}

func same(t *testing.T, name string, got, want map[string]float64) {
	t.Helper()
	if !maps.Equal(got, want) {
		for _, k := range slices.Sorted(maps.Keys(got)) {
			t.Logf("  %s%s %v", name, k, got[k])
		}
		t.Errorf("%s is not what was sent; want %v", name, want)
	}
}

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
		w.up.Set(m, providertest.Script{DelayHeaders: delay})
		w.chat(p, m, "", nil)
	}
	s, _ = w.scrape()
	took := s[`tollgate_request_duration_seconds_sum{operation="chat",stream="false"}`]
	for dep, price := range map[string]string{"gpu/free": "free", "cloud/paid": "paid"} {
		up, own := s[`tollgate_upstream_seconds_sum{deployment="`+dep+`"}`], s[`tollgate_overhead_seconds_sum{price="`+price+`"}`]
		if up < delay.Seconds() || own <= 0 || own > took-2*delay.Seconds() {
			t.Errorf("%s: %v s upstream, which waits %v, and %v s of tollgate's own, of %v s for both calls", dep, up, delay, own, took)
		}
	}
}

// TestMetricsNeedACredential: T27. What opens them opens nothing else.
func TestMetricsNeedACredential(t *testing.T) {
	t.Parallel()
	admin := func(g *gate) string { return g.srv.auth.Local }
	for name, c := range map[string]struct {
		config                           string
		nobody, token, caller, adminWant int
	}{
		"off":    {"metrics: off\n", 404, 404, 404, 404},
		"unsaid": {"", 404, 404, 404, 404},
		"on":     {"metrics: on\n", 401, 401, 403, 200},
		"token":  {tokenConfig, 401, 200, 403, 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := begin(t, upstreamConfig+c.config, withToken)
			p := g.person(control.KeyChange{})
			for _, try := range []struct {
				who, key string
				want     int
			}{{"nobody", "", c.nobody}, {"the token", scrapeToken, c.token}, {"a caller", p.key, c.caller}, {"the admin", admin(g), c.adminWant},
				{"nearly the token", scrapeToken[:len(scrapeToken)-1], c.nobody}, {"more than the token", scrapeToken + "x", c.nobody}} {
				a := g.do("GET", "/metrics", try.key, "", nil)
				if a.Status != try.want || strings.Contains(a.Body, "tollgate_") != (try.want == 200) {
					t.Errorf("%s: %d, want %d: %.200s", try.who, a.Status, try.want, a.Body)
				}
			}
			for _, h := range []header{{"x-api-key": scrapeToken}, {"api-key": scrapeToken}, {"Authorization": "Basic " + scrapeToken}, {"Authorization": scrapeToken}} {
				if a := g.do("GET", "/metrics", "", "", h); a.Status != c.nobody {
					t.Errorf("%v: %d", h, a.Status)
				}
			}
			for _, path := range []string{"/v1/models", "/api/v1/users", "/metrics/x", "/v1/metrics"} {
				if a := g.do("GET", path, scrapeToken, "", nil); a.Status != 401 && a.Status != 404 {
					t.Errorf("the token opens %s: %d", path, a.Status)
				}
			}
			if strings.Contains(g.logs.String(), scrapeToken) {
				t.Error("the token is in the log")
			}
		})
	}
}

// TestMetricsListenApart: with an address of their own they are nowhere else, and the
// listener ends with the server.
func TestMetricsListenApart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "metrics.token"), []byte(scrapeToken), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		config string
		nobody int
	}{
		"open":  {"metrics: { listen: 127.0.0.1:0 }", 200},
		"token": {"metrics: { listen: 127.0.0.1:0, token: file:metrics.token }", 401},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(dir, name+".yaml")
			if err := os.WriteFile(file, []byte("listen: 127.0.0.1:0\nproviders: { e: { kind: echo } }\n"+c.config+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			p := serveProgram(t, "--config", file, "--database", filepath.Join(dir, name+".db"))
			out := p.wait(p.out, "next, in another terminal")
			url, at, key := field(t, out, "address"), field(t, out, "metrics"), field(t, out, "admin key")
			for _, try := range []struct {
				what, url, key string
				want           int
			}{
				{"nobody", at, "", c.nobody}, {"the token", at, scrapeToken, 200}, {"the admin", at, key, 200},
				{"beside everything else", url + "/metrics", key, 404},
				{"nothing else is there", strings.TrimSuffix(at, "/metrics") + "/v1/models", key, 404},
				{"not even health", strings.TrimSuffix(at, "/metrics") + "/health/live", key, 404},
			} {
				if status, body := get(t, try.url, try.key); status != try.want || status == 200 && !strings.Contains(body, "\ntollgate_keys 1\n") {
					t.Errorf("%s: %d, want %d: %.200s", try.what, status, try.want, body)
				}
			}
			if code := p.end(); code != 0 {
				t.Errorf("exit %d: %s", code, p.logs.String())
			}
			if conn, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(at, "http://"), "/metrics")); err == nil {
				_ = conn.Close()
				t.Error("the listener is still there after the end")
			}
		})
	}
	t.Run("commands", func(t *testing.T) { // they open the database in a program that does not listen
		var out, logs bytes.Buffer
		args := []string{"key", "list", "--config", filepath.Join(dir, "open.yaml"), "--database", filepath.Join(dir, "open.db")}
		if code := runCLI(context.Background(), args, func(string) string { return "" }, strings.NewReader(""), &out, &logs); code != 0 || logs.Len() > 0 {
			t.Errorf("exit %d: %s %s", code, out.String(), logs.String())
		}
	})
	t.Run("taken", func(t *testing.T) {
		ln := must(net.Listen("tcp", "127.0.0.1:0"))(t)
		defer ln.Close()
		file := filepath.Join(dir, "taken.yaml")
		if err := os.WriteFile(file, []byte("listen: 127.0.0.1:0\nproviders: { e: { kind: echo } }\nmetrics: { listen: "+ln.Addr().String()+" }\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		p := serveProgram(t, "--config", file, "--database", filepath.Join(dir, "taken.db"))
		code := <-p.done
		p.done <- code
		if said := p.logs.String(); code == 0 || !strings.Contains(said, "for the metrics") || !strings.Contains(said, ln.Addr().String()) || strings.Contains(said, "closing") {
			t.Errorf("exit %d: %s", code, said)
		}
	})
}

// TestA40_NamesMakeNoSeries: 100,000 names of models, with and without a wildcard that
// they fit, make no series.
func TestA40_NamesMakeNoSeries(t *testing.T) {
	t.Parallel()
	g := begin(t, upstreamConfig+"  'any/*': 'cloud/*'\n  'ours/*': 'gpu/*'\n"+tokenConfig, withToken)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "0") // so that no upstream is asked for what costs
	call := func(name string) {
		body := fmt.Sprintf(`{"model":%q,"messages":[],"user":%q}`, name, name)
		if a, err := g.try("POST", "/v1/chat/completions", p.key, body, header{"User-Agent": name}); err != nil || a.Status < 400 {
			t.Errorf("%s: %v %d %s", name, err, a.Status, a.Body)
		}
	}
	series := func() (names []string) {
		s, _ := g.scrape()
		for k := range s {
			names = append(names, k)
		}
		slices.Sort(names)
		return names
	}
	for _, name := range []string{"x-first", "any/first"} {
		call(name)
	}
	g.up.Set("first", providertest.Script{Status: 400, Body: `{"error":{"message":"no"}}`})
	if a := g.chat(p, "ours/first", "", nil); a.Status != 400 {
		t.Fatal(a.Body)
	}
	before := series()

	// A thousand go over the wire; of the rest it is looked at what they would be counted
	// under, which is all that differs.
	const over = 500
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range over / 4 {
				name := fmt.Sprintf("x-%d-%d", w, i)
				call(name)
				call("any/" + name)
			}
		})
	}
	wg.Wait()
	snapshot := g.srv.gateway.Catalog.Snapshot()
	for i := range 100_000 {
		name := fmt.Sprintf("any/%d", i)
		route := must(snapshot.Resolve(name))(t)
		if dep := route.Candidates()[0].Of(); route.Family != "any/*" || dep.Family != "cloud/*" || dep.ID == dep.Family {
			t.Fatalf("%s is counted under %s and %s", name, route.Family, dep.Family)
		}
	}
	after := series()
	if !slices.Equal(before, after) {
		for _, k := range after {
			if !slices.Contains(before, k) {
				t.Logf("  new: %s", k)
			}
		}
		t.Errorf("%d series, and %d after more names", len(before), len(after))
	}
}

// TestMetricsHoldNoSecret: F9. Nothing that belongs to one person or one request is in a
// scrape.
func TestMetricsHoldNoSecret(t *testing.T) {
	t.Parallel()
	g := begin(t, upstreamConfig+"  'any/*': 'cloud/*'\n"+tokenConfig, withToken)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "5")
	p.endUser = "canary@example.org"
	canaries := []string{upstreamKey, scrapeToken, p.key, p.key[10:30], p.keyID, p.user, p.team, p.endUser, g.srv.auth.Local, "canary", g.up.OpenAI(), filepath.Dir(g.db)}
	g.up.Set("paid", providertest.Script{Text: "canary-answer", Header: http.Header{"X-Request-Id": {"canary-upstream"}}})
	g.up.Set("free", providertest.Script{Status: 400, Body: `{"error":{"message":"canary-message","code":"canary-code","type":"canary-type"}}`})
	h := header{"User-Agent": "canary-agent", "X-Client-Request-Id": "canary-request", "Idempotency-Key": "canary-once", "X-Stainless-Retry-Count": "canary"}
	for _, name := range []string{"paid", "free", "canary-model", "any/canary-model", "any/canary/\u2603"} {
		for _, extra := range []string{`"metadata":{"a":"canary-prompt"}`, `"stream":true,"metadata":{"a":"canary-prompt"}`} {
			g.chat(p, name, extra, h)
		}
	}
	g.do("GET", "/canary?key=canary", "canary-key", "", h)
	g.do("CANARY", "/v1/models", "canary-key", "", h)
	s, text := g.scrape()
	if n := s[`tollgate_requests_total{model="unknown",operation="chat",outcome="model_not_found",price="none"}`]; n != 2 {
		t.Errorf("%v requests for an unknown model were counted, want 2", n)
	}
	for _, c := range append(canaries, access.DigestOf(p.key).String()) {
		if strings.Contains(text, c) {
			t.Errorf("%q is in a scrape", c)
		}
	}
}

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

// TestTooManyScrapes: more than MaxScrapes at once are told to come again, and nobody
// else waits.
func TestTooManyScrapes(t *testing.T) {
	t.Parallel()
	begun, let := make(chan struct{}, httpapi.MaxScrapes), make(chan struct{})
	g := begin(t, upstreamConfig+tokenConfig, withToken, func(g *gate) {
		g.prepare = func(s *server) {
			src := s.sources()
			keys := src.Keys
			src.Keys = func() int {
				select {
				case begun <- struct{}{}:
				default:
				}
				<-let
				return keys()
			}
			s.metrics.Watch(src)
		}
	})
	statuses := make(chan int, httpapi.MaxScrapes)
	for range httpapi.MaxScrapes {
		go func() {
			a, err := g.try("GET", "/metrics", scrapeToken, "", nil)
			if err != nil {
				t.Error(err)
			}
			statuses <- a.Status
		}()
	}
	for range httpapi.MaxScrapes {
		<-begun
	}
	if a := g.do("GET", "/metrics", scrapeToken, "", nil); a.Status != 503 || a.errorField(t, "code") != "too_many_scrapes" || a.Header.Get("Retry-After") != "1" {
		t.Errorf("one too many: %d %v %s", a.Status, a.Header, a.Body)
	}
	p := g.person(control.KeyChange{})
	if a := g.chat(p, "free", "", nil); a.Status != 200 {
		t.Errorf("a call beside the scrapes: %d", a.Status)
	}
	close(let)
	for range httpapi.MaxScrapes {
		if status := <-statuses; status != 200 {
			t.Errorf("a scrape: %d", status)
		}
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
