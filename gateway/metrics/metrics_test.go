package metrics

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/gateway"
	"tollgate/gateway/catalog"
	"tollgate/providers"
)

// linesOf are those of a scrape that begin with a name.
func linesOf(t *testing.T, m *Metrics, name string) (out []string) {
	t.Helper()
	text, err := m.Write()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		if strings.HasPrefix(line, name) {
			out = append(out, line)
		}
	}
	return out
}

func has(t *testing.T, m *Metrics, line string) {
	t.Helper()
	name, _, _ := strings.Cut(line, "{")
	name, _, _ = strings.Cut(name, " ")
	if all := linesOf(t, m, name); !slices.Contains(all, line) {
		t.Errorf("no line %s among\n%s", line, strings.Join(all[:min(len(all), 30)], "\n"))
	}
}

func ended(model, dep, outcome string) gateway.Ended {
	return gateway.Ended{Operation: providers.Chat, Model: model, Deployment: dep, Price: "free", Outcome: outcome, Answered: true, Stream: true,
		Usage: accounting.Usage{accounting.Input: 7, accounting.Output: 2}, Gaps: &gateway.Gaps{}}
}

// TestSeriesAreBounded: A40. However many names there are, no metric has more series than
// it may have, and every request is counted.
func TestSeriesAreBounded(t *testing.T) {
	m := New("test")
	const names = 100_000
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := w; i < names; i += 4 {
				name := fmt.Sprintf("name-%d", i)
				m.Ended(ended(name, name, "ok"))
				m.Attempted(name, "answered", "")
				m.Settled(&catalog.Deployment{Family: name}, accounting.Usage{}, new(accounting.Money))
				m.Refused(name)
			}
		})
	}
	wg.Wait()
	count := func(name string) (series int, sum float64) {
		for _, line := range linesOf(t, m, name+"{") {
			var v float64
			if _, err := fmt.Sscan(line[strings.LastIndexByte(line, ' ')+1:], &v); err != nil {
				t.Fatal(err)
			}
			series, sum = series+1, sum+v
		}
		return series, sum
	}
	for name, c := range map[string]struct {
		most int
		sum  float64
	}{
		"tollgate_requests_total": {MaxSeries, names}, "tollgate_attempts_total": {MaxSeries, names}, "tollgate_refusals_total": {MaxSeries, names},
		"tollgate_tokens_total": {MaxDeployments * len(directions), 9 * names}, "tollgate_cost_dollars_total": {MaxDeployments, 0},
		"tollgate_upstream_seconds_count": {MaxDeployments, names},
	} {
		if series, sum := count(name); series > c.most || series < c.most/2 || sum != c.sum {
			t.Errorf("%s: %d series that add up to %v, want at most %d and %v", name, series, sum, c.most, c.sum)
		}
	}
	text, err := m.Write()
	if err != nil {
		t.Fatal(err)
	}
	size := len(text)
	for i := range 1000 {
		name := fmt.Sprintf("later-%d", i)
		m.Ended(ended(name, name, "ok"))
	}
	if again, err := m.Write(); err != nil || len(again) > size+200 { // the figures may have grown by a digit
		t.Errorf("a scrape has %d bytes, and then %d (%v)", size, len(again), err)
	}
	// What is wider keeps its other labels, as long as there is room.
	m.Ended(ended("new", "gpu/new", "timed_out"))
	has(t, m, `tollgate_requests_total{model="other",operation="chat",outcome="timed_out",price="free"} 1`)
	for i := range MaxSeries {
		m.Ended(ended("new", "gpu/new", fmt.Sprintf("outcome-%d", i)))
	}
	if series, sum := count("tollgate_requests_total"); series != MaxSeries || sum != names+1000+1+MaxSeries {
		t.Errorf("%d series, %v requests", series, sum)
	}
	if last := linesOf(t, m, `tollgate_requests_total{model="other",operation="other",outcome="other",price="other"}`); len(last) != 1 {
		t.Errorf("no last place: %q", last)
	}
}

// TestRoomForDeployments: while there is room what is gone stays, since it may be back; then it
// goes, and what stays, and what has no name of its own, is counted on.
func TestRoomForDeployments(t *testing.T) {
	m := New("test")
	attempt := func(dep string, outcomes int) {
		for i := range outcomes {
			m.Attempted(dep, fmt.Sprint("outcome-", i), "")
		}
	}
	stays := func(dep string) bool { return dep == "stays" || dep == "new" }
	attempt("stays", 1)
	attempt("gone", 1)
	m.Keep(stays)
	has(t, m, `tollgate_attempts_total{deployment="gone",outcome="outcome-0"} 1`)
	attempt("gone", MaxSeries-MaxSeries/spare) // no more have a place of their own
	attempt("new", 1)
	has(t, m, `tollgate_attempts_total{deployment="other",outcome="outcome-0"} 1`)
	m.Keep(stays)
	attempt("stays", 2)
	attempt("new", 1)
	for _, line := range []string{`{deployment="stays",outcome="outcome-0"} 2`, `{deployment="stays",outcome="outcome-1"} 1`,
		`{deployment="new",outcome="outcome-0"} 1`, `{deployment="other",outcome="outcome-0"} 1`} {
		has(t, m, "tollgate_attempts_total"+line)
	}
	if gone := linesOf(t, m, `tollgate_attempts_total{deployment="gone"`); len(gone) > 0 {
		t.Errorf("%d series of what is gone", len(gone))
	}
}

// TestLabelsCanBeWritten: a name that no scrape can carry does not end the scrape, and
// two that look alike there are one.
func TestLabelsCanBeWritten(t *testing.T) {
	m := New("te\xffst")
	long := strings.Repeat("x", maxLabel)
	for _, name := range []string{"a\xffb", "a\xfeb", "a\uFFFDb", "quote\"back\\slash\nline", long, long + "y", long + "z", ""} {
		m.Ended(ended(name, name, "ok"))
	}
	has(t, m, `tollgate_requests_total{model="a`+"\uFFFD"+`b",operation="chat",outcome="ok",price="free"} 3`)
	has(t, m, `tollgate_requests_total{model="quote\"back\\slash\nline",operation="chat",outcome="ok",price="free"} 1`)
	has(t, m, `tollgate_requests_total{model="`+long+`",operation="chat",outcome="ok",price="free"} 3`)
	has(t, m, `tollgate_requests_total{model="unknown",operation="chat",outcome="ok",price="free"} 1`)
	has(t, m, `tollgate_upstream_seconds_count{deployment="a`+"\uFFFD"+`b"} 3`)
	// Every way to write the same bytes is one series, but not each is kept.
	const most = 50
	spellings := newTable(most, func() *counter { return new(counter) }, clean, nil)
	for i := range 5 * most {
		spellings.at("\xff" + strings.Repeat("\xfe", i) + fmt.Sprint(i%3)).add(1)
	}
	sum := int64(0)
	for _, p := range spellings.all() {
		sum += p.value.value()
	}
	if n := len(spellings.all()); n != 3 || sum != 5*most {
		t.Errorf("%d series and %d in all, want 3 and %d", n, sum, 5*most)
	}
	for i := range 10 * most { // new labels get their place also when no more spellings are kept
		spellings.at(fmt.Sprint("new", i)).add(1)
		spellings.at(fmt.Sprint("new", i)).add(1)
	}
	series := map[string]bool{}
	for _, p := range spellings.all() {
		if series[p.key] {
			t.Errorf("%s is there twice", p.key)
		}
		series[p.key] = true
		sum += p.value.value()
	}
	if len(series) != most || sum != 2*5*most+20*most {
		t.Errorf("%d series and %d in all", len(series), sum)
	}
	if n := len(*spellings.places.Load()); n > 4*most {
		t.Errorf("%d spellings are kept", n)
	}
}

// TestHistogramsAgree: of random values, every bucket has those that are not above it.
func TestHistogramsAgree(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	b := seconds(gateway.GapBounds[:]...)
	h := newHistogram(b)
	var values []int64
	sum := int64(0)
	add := func(v int64) { values, sum = append(values, v), sum+v }
	var g gateway.Gaps
	for _, u := range b.upper {
		for _, v := range []int64{u - 1, u, u + 1} {
			h.observe(v)
			add(v)
		}
	}
	for range 1000 {
		v := r.Int64N(int64(40 * time.Second))
		i, _ := slices.BinarySearch(b.upper, v)
		g.Counts[i]++
		g.Sum += time.Duration(v)
		add(v)
	}
	h.addAll(g.Counts[:], int64(g.Sum))
	below := func(u int64) (n int) {
		for _, v := range values {
			if v <= u {
				n++
			}
		}
		return n
	}
	total := 0
	for i, u := range b.upper {
		total += int(h.counts[i].Load())
		if total != below(u) {
			t.Errorf("%d values up to %v, want %d", total, time.Duration(u), below(u))
		}
	}
	if total += int(h.counts[len(b.upper)].Load()); total != len(values) || h.sum.Load() != sum {
		t.Errorf("%d values that add up to %d, want %d and %d", total, h.sum.Load(), len(values), sum)
	}
	for _, all := range []*bounds{durationBounds, firstBounds, gapBounds, ownBounds, commitBounds, stepBounds} {
		if !slices.IsSorted(all.upper) || len(slices.Compact(slices.Clone(all.upper))) != len(all.upper) {
			t.Errorf("the bounds %v do not ascend", all.upper)
		}
	}
}

// TestCostIsExact: sums of nano-dollars that no float could hold on the way.
func TestCostIsExact(t *testing.T) {
	m := New("test")
	dep := &catalog.Deployment{Family: "a/b"}
	tiny, huge := accounting.Money(1), 4_000_000*accounting.Dollar
	m.Settled(dep, accounting.Usage{}, &huge)
	for range 1_000_000 {
		m.Settled(dep, accounting.Usage{}, &tiny)
	}
	m.Settled(dep, accounting.Usage{}, nil)
	line := linesOf(t, m, "tollgate_cost_dollars_total{")[0]
	var dollars float64
	if _, err := fmt.Sscan(line[strings.LastIndexByte(line, ' ')+1:], &dollars); err != nil {
		t.Fatal(err)
	}
	if nanos := math.Round(dollars * 1e9); nanos != 4_000_000*1e9+1_000_000 {
		t.Errorf("%s: %v nano-dollars", line, nanos)
	}
}

// TestTokensAreInOneDirection: the directions add up to all tokens.
func TestTokensAreInOneDirection(t *testing.T) {
	m := New("test")
	u := accounting.Usage{}
	for i := range u {
		u[i] = 1 << i
	}
	m.Settled(&catalog.Deployment{Family: "a/b"}, u, nil)
	d := m.deploys.at("a/b")
	input, cached, output, reasoning := d.tokens[0].value(), d.tokens[1].value(), d.tokens[2].value(), d.tokens[3].value()
	if input+cached != u.InputTokens() || output+reasoning != u.OutputTokens() || reasoning != u[accounting.Reasoning] ||
		cached != u[accounting.CachedInput]+u[accounting.CachedAudioInput]+u[accounting.CachedImageInput] {
		t.Errorf("%d input, %d cached, %d output, %d reasoning of %v", input, cached, output, reasoning, u)
	}
}

func TestCommits(t *testing.T) {
	m := New("test")
	m.Committed(3, 2*time.Millisecond, nil)
	m.Committed(1, time.Minute, nil)
	m.Committed(5, time.Second, errors.New("no"))
	has(t, m, `tollgate_books_commits_total{outcome="ok"} 2`)
	has(t, m, `tollgate_books_commits_total{outcome="failed"} 1`)
	has(t, m, `tollgate_books_commit_seconds_bucket{le="0.0025"} 1`)
	has(t, m, `tollgate_books_commit_seconds_bucket{le="+Inf"} 2`)
	has(t, m, `tollgate_books_commit_steps_sum 4`)
	has(t, m, `tollgate_books_commit_steps_bucket{le="2"} 1`)
}

func TestLinesOfTheLog(t *testing.T) {
	m := New("test")
	log := slog.New(m.Log(slog.NewTextHandler(io.Discard, nil)))
	log.Info("one")
	log.With("a", 1).Warn("two")
	log.WithGroup("g").Error("three")
	log.Debug("not written, not counted")
	log.Log(context.Background(), slog.LevelError+4, "four")
	for level, want := range map[string]int{"debug": 0, "info": 1, "warn": 1, "error": 2} {
		has(t, m, fmt.Sprintf(`tollgate_log_lines_total{level=%q} %d`, level, want))
	}
}

// TestDeployments: how they are is told of as many as there may be, those that are
// counted as one together.
func TestDeployments(t *testing.T) {
	m := New("test")
	all := []State{{"a/b", "open", 1, 0, "a", 0}, {"c/d", "half_open", 0, 7, "c", 3}, {"c/*", "closed", 2, 1, "c", 3}, {"c/*", "cooling", 3, 1, "c", 3}, {"c/*", "cooling", 0, 0, "c", 3}}
	const more = 2 * MaxDeployments
	engines := map[string]bool{"a": true, "c": false}
	for i := range more {
		all = append(all, State{fmt.Sprintf("e/%d", i), "closed", 1, 0, "e", 1})
		engines[fmt.Sprintf("e%d", i)] = true
	}
	m.Watch(Sources{
		Running: func() int64 { return 0 }, Models: func() map[string]int { return nil }, Keys: func() int { return 0 }, LimitsUp: func() bool { return false }, Reloaded: func() bool { return true },
		Waiting: func() int { return 4 }, Backlog: func() (int, int, int64) { return 1, 2, 3 },
		Holds:       func(context.Context) (int64, accounting.Money, error) { return 0, 0, nil },
		Engines:     func() map[string]bool { return engines },
		Deployments: func() []State { return all },
	})
	for _, line := range []string{`tollgate_breaker_state{deployment="a/b",state="open"} 1`, `tollgate_breaker_state{deployment="a/b",state="closed"} 0`,
		`tollgate_breaker_state{deployment="c/d",state="half_open"} 1`, `tollgate_breaker_state{deployment="c/*",state="closed"} 1`,
		`tollgate_breaker_state{deployment="c/*",state="cooling"} 2`, `tollgate_deployment_in_flight{deployment="c/*"} 5`, `tollgate_deployment_in_flight{deployment="a/b"} 1`,
		`tollgate_deployment_queue_length{deployment="c/d"} 7`, `tollgate_provider_queue_length{provider="c"} 3`, `tollgate_provider_queue_length{provider="a"} 0`, fmt.Sprintf(`tollgate_deployment_in_flight{deployment="other"} %d`, more-(MaxDeployments-1-3)),
		"tollgate_limits_store_up 0", "tollgate_config_last_reload_successful 1", `tollgate_provider_up{provider="a"} 1`, `tollgate_provider_up{provider="c"} 0`, "tollgate_books_queue_length 1", "tollgate_records_queue_length 2", "tollgate_records_dropped_total 3", "tollgate_books_late_calls 4"} {
		has(t, m, line)
	}
	if n := len(linesOf(t, m, "tollgate_breaker_state{")); n != MaxDeployments*len(breakerStates) {
		t.Errorf("%d series of breakers", n)
	}
	// Of more than are told it is the same ones each time: series do not come and go.
	if up := linesOf(t, m, "tollgate_provider_up{"); len(up) != MaxDeployments || !slices.Equal(up, linesOf(t, m, "tollgate_provider_up{")) {
		t.Errorf("%d engines, others each time", len(up))
	}
}

// TestCountingAllocatesNothing: what is on the way of every request makes no garbage.
func TestCountingAllocatesNothing(t *testing.T) {
	m := New("test")
	for name, count := range counting(m) {
		count() // the first makes its places
		if n := testing.AllocsPerRun(100, count); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// counting is what is counted of one request.
func counting(m *Metrics) map[string]func() {
	dep, cost := &catalog.Deployment{Family: "cloud/gpt-5-mini"}, accounting.Money(17)
	whole := gateway.Ended{Operation: providers.Chat, Model: "assistant", Deployment: "gpu/Qwen/Qwen3-32B", Price: "free", Outcome: "ok", Answered: true,
		Usage: accounting.Usage{accounting.Input: 100, accounting.Output: 50}, Took: time.Second, Upstream: 990 * time.Millisecond, Own: 100 * time.Microsecond}
	paid := whole
	paid.Price, paid.Deployment, paid.Usage = "paid", dep.Family, accounting.Usage{}
	stream := whole
	stream.Stream, stream.First, stream.Gaps = true, time.Second, &gateway.Gaps{Counts: [len(gateway.GapBounds) + 1]uint32{3: 90, 4: 10}}
	return map[string]func(){
		"free":   func() { m.Attempted(whole.Deployment, "answered", ""); m.Ended(whole) },
		"paid":   func() { m.Attempted(dep.Family, "answered", ""); m.Settled(dep, whole.Usage, &cost); m.Ended(paid) },
		"stream": func() { m.Attempted(whole.Deployment, "answered", ""); m.Ended(stream) },
		"failed": func() {
			m.Attempted(dep.Family, "overloaded", "timed_out")
			m.Refused("budget_exceeded")
			m.Ended(gateway.Ended{Operation: providers.Chat, Outcome: "model_not_found"})
		},
	}
}

// BenchmarkCounting is all that is counted of one request, alone and beside others.
func BenchmarkCounting(b *testing.B) {
	m := New("bench")
	for _, name := range []string{"free", "paid", "stream", "failed"} {
		count := counting(m)[name]
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				count()
			}
		})
		b.Run(name+"/parallel", func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					count()
				}
			})
		})
	}
}

// BenchmarkScrape is one scrape of a gateway with a hundred deployments.
func BenchmarkScrape(b *testing.B) {
	m := New("bench")
	for i := range 100 {
		name := fmt.Sprintf("gpu/model-%d", i)
		m.Ended(ended(name, name, "ok"))
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Write(); err != nil {
			b.Fatal(err)
		}
	}
}
