package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// usage is a usage as vLLM reports it.
func usage(prompt, completion int) string {
	return fmt.Sprintf(`{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d}`, prompt, completion, prompt+completion)
}

// running reports a growing usage in every part.
func running(part int) string { return usage(10, part) }

type progress struct {
	Cost  int64            `json:"cost"`
	Usage map[string]int64 `json:"usage"`
}

// reaches waits until the books know that the one running answer has got so far.
func (g *gate) reaches(output int64) (p progress) {
	g.t.Helper()
	g.eventually(fmt.Sprintf("%d tokens are written down", output), func() bool {
		all := g.progress()
		if len(all) != 1 || all[0] == "" {
			return false
		}
		if err := json.Unmarshal([]byte(all[0]), &p); err != nil {
			g.t.Fatal(err)
		}
		return p.Usage["output"] >= output
	})
	return p
}

// TestT03_StreamIsPostedAsFarAsItWasKnown: how far a stream has got is written down as
// it goes, so that when its process is gone it is posted as uncertain at what it had
// cost by then; and when the process turns out to be alive, the rest is posted too.
func TestT03_StreamIsPostedAsFarAsItWasKnown(t *testing.T) {
	t.Parallel()
	const words = 1200
	rows := []struct {
		name, model string
		running     func(int) string
		exact       bool // the last checkpoint was at 1000 tokens
	}{
		{"counted here", "paid", nil, false},
		{"reported as it goes", "paid", running, true},
		{"without a price", "unpriced", running, true},
	}
	eachEngine(t, func(t *testing.T, db option) {
		for _, row := range rows {
			t.Run(row.name, func(t *testing.T) {
				// The clock stands still: it is the tokens that make a checkpoint.
				g := begin(t, onceConfig, db, by(clockAt("2026-11-23T12:00:00Z")))
				p := g.person(control.KeyChange{})
				var b ledger.Budget
				if row.model == "paid" {
					b = g.budget(p, ledger.User, "5")
				}
				g.up.Set(row.model, providertest.Script{Text: strings.Repeat("word ", words+1), HangAfter: words, RunningUsage: row.running})
				l := g.open(p, "/v1/chat/completions", chatBody(p, row.model, `"stream":true`))
				id := l.res.Header.Get("X-Request-Id")
				for range words {
					l.next()
				}
				known := g.reaches(1000)
				output := known.Usage["output"]
				if output > words+words/50 || (row.exact && output != 1000) || known.Usage["input"] == 0 || known.Usage["request"] != 1 {
					t.Errorf("%+v is written down", known)
				}
				if want := known.Usage["input"]*inputRate + output*outputRate; row.model == "paid" && known.Cost != want {
					t.Errorf("%+v is written down, which costs %d", known, want)
				}

				// The process is gone, as far as another one can tell.
				var r *gate
				if g.postgres() {
					g.exec("delete from replicas")
					r = g.replica()
				} else {
					r = &gate{t: t, up: g.up, client: g.client, logs: &logBuffer{}, db: g.copy(), config: g.config}
					r.run()
				}
				e := r.entry(id)
				if e.Source != "uncertain" || e.Status != ledger.Orphaned || e.Usage["output"] != output {
					t.Errorf("posted as %+v", e)
				}
				if row.model != "paid" {
					if e.Cost != nil || known.Cost != 0 {
						t.Errorf("a call without a price has cost %v", e.Cost)
					}
				} else if int64(*e.Cost) != known.Cost || r.posted(b) != known.Cost || r.held(b) != 0 {
					t.Errorf("posted as %+v, %d on the budget, want %d", e, r.posted(b), known.Cost)
				}
				l.cancel()
				if !g.postgres() {
					r.audit()
					return
				}
				// It was alive: what it knows better is posted beside.
				g.eventually("the correction", func() bool { return len(g.entries(id)) == 2 })
				all := g.entries(id)
				if all[1].Usage["output"] < int64(words)-output || !slices.Contains(all[1].Flags, "correction") || all[1].Status != "client_gone" {
					t.Errorf("corrected by %+v", all[1])
				}
				if row.model == "paid" {
					if sum := int64(*all[0].Cost + *all[1].Cost); sum != g.posted(b) || sum < words*outputRate || sum > (words+words/50+20)*outputRate {
						t.Errorf("%d posted by %+v", g.posted(b), all)
					}
				}
			})
		}
	})
}

// TestT03_CheckpointByTime: a stream that is slow is written down too, every five
// seconds.
func TestT03_CheckpointByTime(t *testing.T) {
	t.Parallel()
	for name, report := range map[string]func(int) string{"counted": nil, "reported": running} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := clockAt("2026-11-23T12:00:00Z")
			g := begin(t, onceConfig, by(clock))
			p := g.person(control.KeyChange{})
			g.up.Set("paid", providertest.Script{Text: strings.Repeat("word ", 200), DelayChunk: 20 * time.Millisecond, RunningUsage: report})
			l := g.open(p, "/v1/chat/completions", chatBody(p, "paid", `"stream":true`))
			last := int64(0)
			for range 3 {
				for range 3 {
					l.next()
				}
				if last == 0 && g.progress()[0] != "" {
					t.Errorf("%s is written down before it is time", g.progress()[0])
				}
				clock.add(5 * time.Second)
				last = g.reaches(last + 1).Usage["output"]
			}
			if last > 100 {
				t.Errorf("%d tokens: it was not the time that told", last)
			}
			l.cancel()
		})
	}
}

// TestT03_OrphansByPolicy: of a call of which nothing is known but that it was sent, what
// the operator has chosen is posted, and it is listed whatever that is.
func TestT03_OrphansByPolicy(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{"prompt", "full_hold", "zero"} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			g := begin(t, "orphans: "+policy+"\n"+onceConfig)
			p := g.person(control.KeyChange{})
			b := g.budget(p, ledger.User, "5")
			g.up.Set("paid", providertest.Script{Hang: true})
			g.up.Reset()
			body := chatBody(p, "paid", `"max_tokens":100`)
			_, cancel := g.background(p, "/v1/chat/completions", body)
			g.arrived(1)
			r := &gate{t: t, up: g.up, client: g.client, logs: &logBuffer{}, db: g.copy(), config: g.config}
			r.run()
			prompt := bound(t, body) * inputRate
			want := map[string]int64{"prompt": prompt, "full_hold": prompt + 100*outputRate, "zero": 0}[policy]
			if got := r.posted(b); got != want || r.held(b) != 0 {
				t.Errorf("%d posted, %d held, want %d", got, r.held(b), want)
			}
			uncertain := must(r.srv.control.Entries(context.Background(), control.EntryQuery{Source: "uncertain"}))(t)
			if len(uncertain) != 1 || int64(*uncertain[0].Cost) != want || uncertain[0].User != p.user {
				t.Errorf("listed as uncertain: %+v", uncertain)
			}
			r.audit()
			cancel()
		})
	}
}

// TestT09_CutStreams: a stream that ends before its time is charged for what the
// upstream has reported, or by what came of it if that is more; one that ends as it
// should by the last report. Whatever the order of events, it is never nothing and never
// the whole hold.
func TestT09_CutStreams(t *testing.T) {
	t.Parallel()
	const words, cut = 60, 40
	const left, gone, whole = "client_gone", "truncated", "ok"
	upTo := func(n int, f func(int) string) func(int) string {
		return func(part int) string {
			if part > n {
				return ""
			}
			return f(part)
		}
	}
	rows := []struct {
		name    string
		running func(int) string
		last    string // the report at the end of a whole stream; "" is none
		ends    []string
		source  string
		input   int64 // 0: counted here
		output  int64 // 0: what came of it, counted here
		flags   []string
	}{
		{name: "no report", ends: []string{left, gone}, source: "estimated"},
		{name: "no report", ends: []string{whole}, source: "counted"},
		{name: "reported as it goes", running: running, ends: []string{left, gone}, source: "reported", input: 10, output: cut},
		{name: "more than is seen, reported as it goes", running: func(i int) string { return usage(10, 3*i) }, ends: []string{left, gone}, source: "reported", input: 10, output: 3 * cut},
		{name: "reported as it goes, and at the end", running: running, last: usage(10, 77), ends: []string{whole}, source: "reported", input: 10, output: 77},
		{name: "fewer than are counted here", last: usage(10, 7), ends: []string{whole}, source: "reported", input: 10, output: 7},
		{name: "the reports stop", running: upTo(10, running), ends: []string{left, gone}, source: "estimated", input: 10, flags: []string{"partial_usage"}},
		{name: "the reports stop", running: upTo(10, running), ends: []string{whole}, source: "counted", input: 10, flags: []string{"partial_usage"}},
		{name: "early and high", running: upTo(1, func(int) string { return usage(10, 500) }), ends: []string{left, gone, whole}, source: "reported", input: 10, output: 500},
		{name: "the prompt alone", running: upTo(1, func(int) string { return usage(10, 0) }), ends: []string{left, gone}, source: "estimated", input: 10, flags: []string{"partial_usage"}},
		{name: "the prompt alone", running: upTo(1, func(int) string { return usage(10, 0) }), ends: []string{whole}, source: "counted", input: 10, flags: []string{"partial_usage"}},
		{name: "the output alone", running: func(i int) string { return usage(0, i) }, ends: []string{left, gone}, source: "estimated", output: cut, flags: []string{"partial_usage"}},
		{name: "each part by itself", running: func(int) string { return usage(10, 1) }, ends: []string{left, gone}, source: "estimated", input: 10, flags: []string{"partial_usage"}},
		{name: "it shrinks", running: func(i int) string { return usage(10, 200-i) }, ends: []string{left, gone}, source: "reported", input: 10, output: 199, flags: []string{"contradictory_usage"}},
		{name: "it shrinks below what is seen", running: func(i int) string { return usage(10, 1+i%2) }, ends: []string{left, gone}, source: "estimated", input: 10, flags: []string{"contradictory_usage", "partial_usage"}},
		{name: "it shrinks at the end", running: func(i int) string { return usage(10, 3*i) }, last: usage(10, 5), ends: []string{whole}, source: "reported", input: 10, output: 3 * words, flags: []string{"contradictory_usage"}},
		{name: "the prompt shrinks", running: func(i int) string { return usage(1000-i, i) }, ends: []string{left, gone}, source: "reported", input: 999, output: cut, flags: []string{"contradictory_usage"}},
		{name: "nonsense in between", running: func(i int) string {
			if i == 20 {
				return `{"prompt_tokens":-1,"completion_tokens":"many"}`
			}
			return running(i)
		}, ends: []string{left, gone}, source: "reported", input: 10, output: cut, flags: []string{"bad_usage"}},
		{name: "nonsense at the end", running: upTo(cut-1, running), last: `{"prompt_tokens":1.5}`, ends: []string{whole}, source: "counted", input: 10, flags: []string{"bad_usage", "partial_usage"}},
	}
	g := begin(t, onceConfig)
	for _, row := range rows {
		for _, end := range row.ends {
			t.Run(row.name+"/"+end, func(t *testing.T) {
				p := g.person(control.KeyChange{})
				b := g.budget(p, ledger.User, "5")
				s := providertest.Script{Text: strings.TrimSpace(strings.Repeat("word ", words)), RunningUsage: row.running, NoUsage: row.last == "", RawUsage: row.last}
				seen := int64(cut)
				switch end {
				case left:
					s.HangAfter = cut
				case gone:
					s.CutAfter = cut
				default:
					seen = words
				}
				g.up.Set("paid", s)
				l := g.open(p, "/v1/chat/completions", chatBody(p, "paid", `"stream":true,"max_tokens":2000`))
				id := l.res.Header.Get("X-Request-Id")
				for range cut {
					l.next()
				}
				if end == left {
					l.cancel()
				} else {
					l.rest()
				}
				g.eventually("it is booked", func() bool { return len(g.entries(id)) > 0 })
				g.settled()
				e := g.entry(id)
				output := row.output
				if output == 0 {
					output = e.Usage["output"]
					if output < seen || output > seen+2 {
						t.Errorf("%d tokens came, booked as %+v", seen, e)
					}
				}
				input := row.input
				if input == 0 {
					if input = e.Usage["input"]; input == 0 {
						t.Errorf("the prompt is not counted: %+v", e)
					}
				}
				if row.flags == nil {
					row.flags = []string{}
				}
				if e.Status != end || e.Source != row.source || e.Usage["output"] != output || e.Usage["input"] != input || !slices.Equal(e.Flags, row.flags) {
					t.Errorf("booked as %+v, want %+v", e, row)
				}
				if want := input*inputRate + output*outputRate; int64(*e.Cost) != want || g.posted(b) != want || *e.Cost >= e.Held || g.held(b) != 0 {
					t.Errorf("booked as %+v, %d posted, want %d", e, g.posted(b), want)
				}
			})
		}
	}
}

// TestT09_ChoicesReportApart: the running usage of vLLM's streams is that of the choice beside
// it. What is booked is that of all choices: as the last chunk says, or, if the stream is cut
// before, added up.
func TestT09_ChoicesReportApart(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig+"  rented: { to: gpu/rented, price: { input: 1, output: 10 } }\n")
	p := g.person(control.KeyChange{})
	chunk := func(choice, used int) string {
		return fmt.Sprintf("data: {\"id\":\"x\",\"choices\":[{\"index\":%d,\"delta\":{\"content\":\" one two three four\"},\"finish_reason\":null}],\"usage\":%s}\n\n", choice, usage(10, used))
	}
	all := chunk(0, 1) + chunk(0, 2) + chunk(0, 3) + chunk(1, 1) + chunk(1, 2) + chunk(0, 4) // each word is less than a token there
	const end = "data: {\"id\":\"x\",\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":6,\"total_tokens\":16}}\n\ndata: [DONE]\n\n"
	for name, c := range map[string]struct {
		body, status string
		output       int64
	}{
		"whole":          {all + end, "ok", 6},
		"cut":            {strings.NewReplacer(" one two three four", "a").Replace(all), "truncated", 6},
		"of one alone":   {chunk(0, 1) + chunk(0, 5) + strings.ReplaceAll(end, "6", "5"), "ok", 5},
		"hidden and cut": {strings.NewReplacer(" one two three four", "a").Replace(chunk(0, 100) + chunk(1, 50) + chunk(0, 110) + chunk(1, 60)), "truncated", 170},
	} {
		g.up.Set("rented", providertest.Script{Body: c.body, Header: http.Header{"Content-Type": {"text/event-stream"}}})
		a := g.chat(p, "rented", `"stream":true,"n":2,"max_tokens":200,"stream_options":{"include_usage":true,"continuous_usage_stats":true}`, nil)
		g.settled()
		if e := g.entry(a.Header.Get("X-Request-Id")); e.Status != c.status || e.Source != "reported" || e.Usage["input"] != 10 || e.Usage["output"] != c.output || len(e.Flags) != 0 {
			t.Errorf("%s: booked as %+v", name, e)
		}
		g.mend()
	}
}

// TestT09_NeverNothingAfterTheFirstToken cuts streams at every token, from either side.
func TestT09_NeverNothingAfterTheFirstToken(t *testing.T) {
	t.Parallel()
	g := begin(t, onceConfig)
	for _, model := range []string{"paid", "unpriced"} {
		for after := 1; after <= 8; after++ {
			for _, reported := range []bool{false, true} {
				for _, leaves := range []bool{false, true} {
					p := g.person(control.KeyChange{})
					s := providertest.Script{Text: strings.Repeat("word ", 20), NoUsage: true}
					if reported {
						s.RunningUsage = running
					}
					if leaves {
						s.HangAfter = after
					} else {
						s.CutAfter = after
					}
					g.up.Set(model, s)
					g.mend()
					l := g.open(p, "/v1/chat/completions", chatBody(p, model, `"stream":true`))
					for range after {
						l.next()
					}
					if leaves {
						l.cancel()
					}
					l.rest()
					id := l.res.Header.Get("X-Request-Id")
					g.eventually("it is booked", func() bool { return len(g.entries(id)) > 0 })
					e := g.entry(id)
					if e.Usage["output"] < int64(after) || e.Usage["output"] > int64(after)+1 || e.Usage["input"] == 0 {
						t.Errorf("%d tokens, reported %v, client leaves %v: booked as %+v", after, reported, leaves, e)
					}
					if model == "paid" && int64(*e.Cost) != e.Usage["input"]*inputRate+e.Usage["output"]*outputRate {
						t.Errorf("%d tokens: cost %v of %+v", after, e.Cost, e)
					}
				}
			}
		}
	}
}

// TestT09_OutgrownWithReports: a stream that outgrows its budget is charged by what the
// upstream has reported by then.
func TestT09_OutgrownWithReports(t *testing.T) {
	t.Parallel()
	g := begin(t, onceConfig)
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.User, "0.003")
	g.up.Set("paid", providertest.Script{Text: strings.Repeat("word ", 2000), RunningUsage: func(i int) string { return usage(10, 2*i) }, DelayChunk: time.Millisecond / 2})
	a := g.chat(p, "paid", `"stream":true`, nil)
	e := g.entry(a.Header.Get("X-Request-Id"))
	if e.Status != "budget_exceeded" || e.Source != "reported" || e.Usage["output"] < 100 || e.Usage["output"]%2 != 0 || g.posted(b) != 10*inputRate+e.Usage["output"]*outputRate || g.posted(b) > 3_000_000 {
		t.Errorf("booked as %+v, %d posted", e, g.posted(b))
	}
}

// TestA25_EarlyAborts: whoever leaves right after the request pays for the prompt that
// the upstream has worked on.
func TestA25_EarlyAborts(t *testing.T) {
	t.Parallel()
	g := begin(t, onceConfig)
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.Team, "5")
	g.up.Set("paid", providertest.Script{Hang: true})
	g.up.Reset()
	const n = 100
	var leave []context.CancelFunc
	for i := range n {
		_, cancel := g.background(p, "/v1/chat/completions", chatBody(p, "paid", fmt.Sprintf(`"max_tokens":10,"stream":%v`, i%2 == 0)))
		leave = append(leave, cancel)
	}
	g.arrived(n)
	for _, cancel := range leave {
		cancel()
	}
	g.eventually("each is booked", func() bool {
		return g.query("select count(*) from entries where cost > 0 and status = 'client_gone'") == n
	})
	g.settled()
	g.eventually("each is aborted", func() bool {
		return !slices.ContainsFunc(g.up.Calls(), func(c providertest.Call) bool { return c.Model == "paid" && c.Aborted.IsZero() })
	})
	if g.query("select count(distinct request_id) from entries") != n || g.posted(b) <= 0 {
		t.Errorf("%d posted", g.posted(b))
	}
}

// TestA26_AbortsAtRandom: clients that leave at any moment leave nothing held.
func TestA26_AbortsAtRandom(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	g := begin(t, onceConfig)
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.Team, "50")
	g.up.Set("paid", providertest.Script{Text: strings.Repeat("word ", 40), DelayHeaders: 5 * time.Millisecond, DelayChunk: time.Millisecond})
	for range 10 {
		var all []<-chan answer
		for i := range 30 {
			done, cancel := g.background(p, "/v1/chat/completions", chatBody(p, "paid", fmt.Sprintf(`"max_tokens":100,"stream":%v`, i%2 == 0)))
			time.AfterFunc(time.Duration(random.Int64N(int64(60*time.Millisecond))), cancel)
			all = append(all, done)
		}
		for _, done := range all {
			finishes(t, done)
		}
	}
	g.settled()
	if n := g.query("select count(*) from entries where cost <= 0 or cost > held"); n != 0 {
		t.Errorf("%d entries cost nothing or more than was held", n)
	}
	if n := g.query("select coalesce(sum(cost), 0) from entries"); n != g.posted(b) {
		t.Errorf("%d posted, and %d in entries", g.posted(b), n)
	}
}

// TestA29_UsageIsAlwaysAskedFor: whether a client wants to see the usage or not, the
// upstream is asked for it and the books have it; the client sees what it asked for.
func TestA29_UsageIsAlwaysAskedFor(t *testing.T) {
	t.Parallel()
	g := begin(t, onceConfig)
	g.up.Set("paid", providertest.Script{PromptTokens: 123, CompletionTokens: 45})
	p := g.person(control.KeyChange{})
	for extra, shown := range map[string]bool{"": false, `,"stream_options":{}`: false, `,"stream_options":null`: false,
		`,"stream_options":{"include_usage":false}`: false, `,"stream_options":{"include_usage":true}`: true} {
		a := g.chat(p, "paid", `"stream":true`+extra, nil)
		e := g.entry(a.Header.Get("X-Request-Id"))
		if a.Status != 200 || e.Source != "reported" || int64(*e.Cost) != 123*inputRate+45*outputRate || strings.Contains(a.Body, "prompt_tokens") != shown {
			t.Errorf("%s: %d %s, booked as %+v", extra, a.Status, a.Body, e)
		}
	}
}

// TestStreamsFailInWordsThatAgentsKnow: no status goes with an error in a stream, so opencode
// asks again by its type if that is OpenAI's, as it does of a vendor; of what only the
// operator can mend it does not.
func TestStreamsFailInWordsThatAgentsKnow(t *testing.T) {
	t.Parallel()
	g := start(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	begun := `data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"paid","choices":[{"index":0,"delta":{"role":"assistant","content":"I begin"},"finish_reason":null}]}` + "\n\n"
	frame := func(error string) providertest.Script {
		return providertest.Script{Header: http.Header{"Content-Type": {"text/event-stream"}}, Body: begun + "data: {\"error\":" + error + "}\n\n"}
	}
	for name, c := range map[string]struct {
		script     providertest.Script
		kind, code string
	}{
		"the vendor's own failure": {frame(`{"message":"The server had an error while processing your request","type":"server_error","code":null,"param":null}`), "server_error", "upstream_error"},
		"another word for it":      {frame(`{"message":"boom","type":"InternalServerError","code":500}`), "server_error", "upstream_error"},
		"the connection breaks":    {providertest.Script{Text: "one two three", CutAfter: 2}, "server_error", "upstream_disconnected"},
		"too busy":                 {frame(`{"message":"Overloaded","type":"server_error","code":"server_is_overloaded"}`), "service_unavailable_error", "no_healthy_upstream"},
		"too fast":                 {frame(`{"message":"slow down","type":"rate_limit_error","code":"rate_limit_exceeded"}`), "rate_limit_error", "upstream_rate_limit"},
		"the operator's key":       {frame(`{"message":"no","type":"authentication_error","code":401}`), "upstream_error", "upstream_auth"},
	} {
		g.mend()
		g.up.Set("paid", c.script)
		events := g.chat(p, "paid", `"stream":true`, nil).events()
		last := answer{Body: events[len(events)-1]}
		if kind, code := last.errorField(t, "type"), last.errorField(t, "code"); kind != c.kind || code != c.code {
			t.Errorf("%s: %s, %s: %s", name, kind, code, last.Body)
		}
	}
}
