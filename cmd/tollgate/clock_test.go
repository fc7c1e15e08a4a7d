package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

func instant(at string) time.Time {
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		panic(err)
	}
	return t
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	return must(time.LoadLocation(name))(t)
}

// postedIn is what has been posted to a budget in the period that begins at an instant.
func (g *gate) postedIn(b ledger.Budget, start time.Time) int64 {
	g.t.Helper()
	return g.query("select coalesce(sum(posted), 0) from counters where budget_id = ? and period_start = ?", b.ID, start.UnixMicro())
}

// inPeriods checks that each entry of a person is on the counters of the periods in which its hold
// was taken: on one of each budget.
func (g *gate) inPeriods(p person, budgets ...ledger.Budget) {
	g.t.Helper()
	db := g.connect()
	defer db.Close()
	rows := must(db.Query(g.dialect("select id, held_at, claims from entries where key_id = ?"), p.keyID))(g.t)
	defer rows.Close()
	for rows.Next() {
		var id, text string
		var at int64
		if err := rows.Scan(&id, &at, &text); err != nil {
			g.t.Fatal(err)
		}
		var claims []struct {
			Budget string `json:"budget"`
			Start  int64  `json:"start"`
		}
		if err := json.Unmarshal([]byte(text), &claims); err != nil {
			g.t.Fatal(err)
		}
		on := map[string]int{}
		for _, c := range claims {
			on[c.Budget]++
			for _, b := range budgets {
				if start := b.Window.At(time.UnixMicro(at)).Start; b.ID == c.Budget && start.UnixMicro() != c.Start {
					g.t.Errorf("entry %s was held for at %s and is in the period of %s", id, time.UnixMicro(at).UTC(), time.UnixMicro(c.Start).UTC())
				}
			}
		}
		for _, b := range budgets {
			if on[b.ID] != 1 {
				g.t.Errorf("entry %s is %d times on budget %s", id, on[b.ID], b.ID)
			}
		}
	}
}

// TestT11_RolloverWhileARequestRuns: what a call costs belongs to the period in which it
// was admitted, though it ends, and its hold grows, in the next; the next begins with
// nothing, and has its own limit.
func TestT11_RolloverWhileARequestRuns(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, db option) {
		for _, w := range []string{"day", "week", "month", "3 months"} {
			t.Run(w, func(t *testing.T) {
				t.Parallel()
				window := must(ledger.ParseWindow(w))(t)
				before := instant("2026-11-23T12:00:00Z")
				period := window.At(before)
				clock := &fakeClock{now: period.End.Add(-time.Second)}
				g := begin(t, admissionConfig, db, by(clock))
				p := g.person(control.KeyChange{})
				b := g.window(ledger.User, p.user, "0.02", window)
				g.up.Set("paid", providertest.Script{Text: strings.Repeat("word ", 300), DelayChunk: 2 * time.Millisecond, PromptTokens: 10, CompletionTokens: 300})
				l := g.open(p, "/v1/chat/completions", chatBody(p, "paid", `"stream":true`))
				l.next()
				held := g.held(b)
				clock.set(period.End)
				for range 200 {
					l.next()
				}
				if now := g.held(b); now <= held || g.query("select count(*) from counters where budget_id = ?", b.ID) != 1 {
					t.Errorf("%d held, and %d before the period ended", now, held)
				}
				g.up.Set("paid", providertest.Script{PromptTokens: 10, CompletionTokens: 5})
				next := g.chat(p, "paid", `"max_tokens":100`, nil)
				if last := l.rest(); last != "[DONE]" || next.Status != 200 {
					t.Errorf("the stream ended with %s, and the next call is %d %s", last, next.Status, next.Body)
				}
				if old, now := g.postedIn(b, period.Start), g.postedIn(b, period.End); old != 10*inputRate+300*outputRate || now != 10*inputRate+5*outputRate {
					t.Errorf("%d posted in the old period, %d in the new one", old, now)
				}
				g.inPeriods(p, b)
			})
		}
	})
}

// TestT11_StepsAtARollover: while clocks step to and fro around the end of a period, each
// call is in one period of each budget, the one that it was admitted in, and no period's
// limit is passed.
func TestT11_StepsAtARollover(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, db option) {
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		random := rand.New(rand.NewPCG(seed, 0))
		clock := clockAt("2026-11-30T23:59:55Z")
		g := begin(t, admissionConfig, db, by(clock))
		p := g.person(control.KeyChange{})
		limit := int64(25 * (100*inputRate + 10*outputRate))
		money := accounting.Money(limit)
		var budgets []ledger.Budget
		for _, w := range []string{"day", "month", "30 days"} {
			budgets = append(budgets, must(g.srv.control.CreateBudget(context.Background(), ledger.Budget{Kind: ledger.User, Owner: p.user, Limit: &money,
				Window: must(ledger.ParseWindow(w))(t)}))(t))
		}
		budgets = append(budgets, must(g.srv.control.CreateBudget(context.Background(), ledger.Budget{Kind: ledger.Team, Owner: p.team, Limit: &money,
			Window: ledger.Window{Unit: ledger.Day, Zone: zone(t, "America/New_York")}}))(t))
		g.up.Set("paid", providertest.Script{PromptTokens: 100, CompletionTokens: 10, DelayHeaders: time.Millisecond})
		var wg sync.WaitGroup
		stop := make(chan struct{})
		wg.Go(func() {
			middle := instant("2026-12-01T00:00:00Z")
			for {
				select {
				case <-stop:
					return
				case <-time.After(time.Millisecond):
					clock.set(middle.Add(time.Duration(random.Int64N(int64(20*time.Second))) - 10*time.Second))
				}
			}
		})
		var calls sync.WaitGroup
		for range 8 {
			calls.Go(func() {
				for range 12 {
					a, err := g.try("POST", "/v1/chat/completions", p.key, chatBody(p, "paid", `"max_tokens":10`), nil)
					if err != nil || (a.Status != 200 && a.Status != 429) {
						t.Errorf("%d %s %v", a.Status, a.Body, err)
					}
				}
			})
		}
		calls.Wait()
		close(stop)
		wg.Wait()
		g.settled()
		g.inPeriods(p, budgets...)
		if n := g.query("select count(*) from counters where posted > ?", limit); n != 0 {
			t.Errorf("%d periods are over their limit", n)
		}
		for _, b := range budgets {
			if total := g.query("select coalesce(sum(cost), 0) from entries"); g.posted(b) != total || total == 0 {
				t.Errorf("%d posted per %s, and %d in entries", g.posted(b), b.Window, total)
			}
		}
		if n := g.query("select count(*) from entries where took_us < 0"); n != 0 {
			t.Errorf("%d entries took less than no time", n)
		}
	})
}

// TestT11_Periods spends a budget and looks when it is there again: over changes of the
// clocks, ends of months and leap days, to the second.
func TestT11_Periods(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name, zone, window, from string // from: when it rolls; "" is by the calendar
		spent, resets            string
	}{
		{"a day of 25 hours", "America/New_York", "day", "", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"},
		{"a day of 23 hours", "America/New_York", "day", "", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"},
		{"a day without midnight", "Africa/Cairo", "day", "", "2026-04-23T12:00:00Z", "2026-04-23T22:00:00Z"},
		{"a week with a change of clocks", "Europe/Berlin", "week", "", "2026-10-19T10:00:00Z", "2026-10-25T23:00:00Z"},
		{"a month with a change of clocks", "Europe/Berlin", "month", "", "2026-03-15T10:00:00Z", "2026-03-31T22:00:00Z"},
		{"the end of a month", "UTC", "month", "", "2026-11-30T23:59:59Z", "2026-12-01T00:00:00Z"},
		{"the end of a year", "Asia/Kolkata", "month", "", "2026-12-31T18:29:59Z", "2026-12-31T18:30:00Z"},
		{"a leap day", "UTC", "day", "", "2028-02-29T12:00:00Z", "2028-03-01T00:00:00Z"},
		{"before a leap day", "UTC", "month", "", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"},
		{"a quarter", "UTC", "3 months", "", "2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z"},
		{"rolling from the last of a long month", "UTC", "month", "2026-01-31T10:00:00Z", "2026-02-01T00:00:00Z", "2026-02-28T10:00:00Z"},
		{"rolling, and back at its day", "UTC", "month", "2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z", "2026-03-31T10:00:00Z"},
		{"rolling in a leap year", "UTC", "month", "2027-12-31T10:00:00Z", "2028-02-01T00:00:00Z", "2028-02-29T10:00:00Z"},
		{"rolling over a change of clocks", "Europe/Berlin", "day", "2026-10-24T10:00:00Z", "2026-10-24T11:00:00Z", "2026-10-25T11:00:00Z"},
	}
	g := begin(t, admissionConfig, by(clockAt("2026-01-01T00:00:00Z")))
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			clock := &fakeClock{now: instant(row.spent)}
			g.clock = clock.Now
			g.restart()
			p := g.person(control.KeyChange{})
			w := must(ledger.ParseWindow(row.window))(t)
			if row.zone != "UTC" {
				w.Zone = zone(t, row.zone)
			}
			if row.from != "" {
				w.Start = instant(row.from)
			}
			b := g.window(ledger.Key, p.keyID, "0.001", w)
			g.up.Set("paid", providertest.Script{PromptTokens: 10, CompletionTokens: 200})
			if a := g.chat(p, "paid", `"max_tokens":10`, nil); a.Status != 200 {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
			reset := instant(row.resets)
			refused := func(left time.Duration) {
				t.Helper()
				a := g.chat(p, "paid", `"max_tokens":10`, nil)
				if a.Status != 429 || a.member(t, "budget", "resets_at") != row.resets || a.Header.Get("Retry-After") != fmt.Sprint(int(left.Seconds())) {
					t.Errorf("%s before the reset: %d, Retry-After %s: %s", left, a.Status, a.Header.Get("Retry-After"), a.Body)
				}
			}
			refused(reset.Sub(clock.Now()))
			clock.set(reset.Add(-time.Second))
			refused(time.Second)
			clock.set(reset)
			if a := g.chat(p, "paid", `"max_tokens":10`, nil); a.Status != 200 {
				t.Errorf("at the reset: %d %s", a.Status, a.Body)
			}
			cost := int64(10*inputRate + 200*outputRate)
			if old, now := g.postedIn(b, w.At(instant(row.spent)).Start), g.postedIn(b, reset); old != cost || now != cost {
				t.Errorf("%d posted before the reset and %d after", old, now)
			}
			g.inPeriods(p, b)
		})
	}
}

// TestA46_ClockSetBackAndForward: a clock that is set back a day, or forward a month, is
// gone by; no period is charged for another, none is emptied, and nothing stays held.
func TestA46_ClockSetBackAndForward(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, db option) {
		today := instant("2026-11-23T12:00:00Z")
		clock := &fakeClock{now: today}
		g := begin(t, admissionConfig, db, by(clock))
		p := g.person(control.KeyChange{})
		b := g.window(ledger.User, p.user, "0.001", ledger.Window{Unit: ledger.Day})
		g.up.Set("paid", providertest.Script{PromptTokens: 10, CompletionTokens: 200})
		cost := int64(10*inputRate + 200*outputRate)
		spend := func(what string) {
			t.Helper()
			if a := g.chat(p, "paid", `"max_tokens":10`, nil); a.Status != 200 {
				t.Errorf("%s: %d %s", what, a.Status, a.Body)
			}
			if a := g.chat(p, "paid", `"max_tokens":10`, nil); a.Status != 429 {
				t.Errorf("%s, spent: %d %s", what, a.Status, a.Body)
			}
		}
		spent := func(what string) {
			t.Helper()
			if a := g.chat(p, "paid", `"max_tokens":10`, nil); a.Status != 429 || a.member(t, "budget", "state") != "spent" {
				t.Errorf("%s: %d %s", what, a.Status, a.Body)
			}
		}
		spend("today")
		clock.set(today.AddDate(0, 0, -1))
		spend("set back a day")
		clock.set(today)
		spent("today again")
		clock.set(today.AddDate(0, 1, 0))
		spend("set forward a month")
		clock.set(today)
		spent("today once more")
		clock.set(today.AddDate(0, 0, -1))
		spent("yesterday again")

		// While calls run: they end in the period in which they began.
		for _, step := range []func(time.Time) time.Time{
			func(t time.Time) time.Time { return t.AddDate(0, 0, -1) },
			func(t time.Time) time.Time { return t.AddDate(0, 1, 0) },
		} {
			p := g.person(control.KeyChange{})
			b := g.window(ledger.User, p.user, "5", ledger.Window{Unit: ledger.Day})
			clock.set(today)
			g.up.Set("paid", providertest.Script{Text: strings.Repeat("word ", 60), DelayChunk: 2 * time.Millisecond, PromptTokens: 10, CompletionTokens: 200})
			l := g.open(p, "/v1/chat/completions", chatBody(p, "paid", `"stream":true`))
			l.next()
			clock.set(step(today))
			if last := l.rest(); last != "[DONE]" {
				t.Errorf("the stream ended with %s", last)
			}
			e := g.entry(l.res.Header.Get("X-Request-Id"))
			if took := step(today).Sub(today); e.TookMS != max(took.Milliseconds(), 0) || !e.At.Equal(step(today)) {
				t.Errorf("booked as %+v", e)
			}
			if in := g.postedIn(b, today.Truncate(24*time.Hour)); in != cost || g.posted(b) != cost {
				t.Errorf("%d posted in all, %d in the period in which it began", g.posted(b), in)
			}
		}
		g.settled()
		g.restart()
		clock.set(today)
		spent("after a restart")
		if got := g.postedIn(b, today.Truncate(24*time.Hour)); got != cost {
			t.Errorf("%d posted today", got)
		}
	})
}

// TestClock_KeyExpires: a key is good until it expires, by the same clock; a stream that
// runs by then goes on to its end and is paid for.
func TestClock_KeyExpires(t *testing.T) {
	t.Parallel()
	clock := clockAt("2026-11-23T12:00:00Z")
	g := begin(t, admissionConfig, by(clock))
	expires := clock.Now().Add(time.Minute)
	p := g.person(control.KeyChange{Expires: &expires})
	b := g.budget(p, ledger.User, "5")
	g.up.Set("paid", providertest.Script{Text: strings.Repeat("word ", 60), DelayChunk: 2 * time.Millisecond, PromptTokens: 10, CompletionTokens: 60})
	clock.set(expires.Add(-time.Second))
	l := g.open(p, "/v1/chat/completions", chatBody(p, "paid", `"stream":true`))
	l.next()
	clock.set(expires)
	for _, model := range []string{"paid", "free"} {
		if a := g.chat(p, model, "", nil); a.Status != 401 || a.errorField(t, "code") != "expired_api_key" {
			t.Errorf("%s with an expired key: %d %s", model, a.Status, a.Body)
		}
	}
	if last := l.rest(); last != "[DONE]" || g.posted(b) != 10*inputRate+60*outputRate {
		t.Errorf("the running stream ended with %s, %d posted", last, g.posted(b))
	}
	later := clock.Now().Add(time.Hour)
	must(g.srv.control.UpdateKey(context.Background(), p.keyID, control.KeyChange{Expires: &later}))(t)
	if a := g.chat(p, "paid", "", nil); a.Status != 200 {
		t.Errorf("prolonged: %d %s", a.Status, a.Body)
	}
	clock.set(expires.AddDate(0, 0, -1))
	if a := g.chat(p, "paid", "", nil); a.Status != 200 {
		t.Errorf("set back: %d %s", a.Status, a.Body)
	}
}

// TestClock_RateLimits: rate limits go by the same clock.
func TestClock_RateLimits(t *testing.T) {
	t.Parallel()
	clock := clockAt("2026-11-23T12:00:00Z")
	g := begin(t, admissionConfig+"limits:\n  - { each: key, requests_per_minute: 2 }\n", by(clock))
	p := g.person(control.KeyChange{})
	ask := func(want int) {
		t.Helper()
		if a := g.chat(p, "free", "", nil); a.Status != want {
			t.Errorf("%d %s, want %d", a.Status, a.Body, want)
		}
	}
	ask(200)
	ask(200)
	ask(429)
	clock.add(29 * time.Second)
	ask(429)
	clock.add(time.Second)
	ask(200)
	ask(429)
	clock.add(time.Minute)
	ask(200)
	ask(200)
	ask(429)
}

// TestClock_RentedMachine: a model that bills by the second is billed by the clock too,
// and never for less than no time.
func TestClock_RentedMachine(t *testing.T) {
	t.Parallel()
	clock := clockAt("2026-11-23T12:00:00Z")
	g := begin(t, `
providers:
  rented: { kind: vllm, url: UPSTREAM/v1, price: { second: 0.001 } }
models:
  m: rented/m
`, by(clock))
	for step, cost := range map[time.Duration]int64{0: 1_000, 2500 * time.Millisecond: 2_500_000, -time.Hour: 1_000} {
		p := g.person(control.KeyChange{})
		g.up.Set("m", providertest.Script{Text: strings.Repeat("word ", 20), DelayChunk: 5 * time.Millisecond})
		l := g.open(p, "/v1/chat/completions", chatBody(p, "m", `"stream":true`))
		l.next()
		clock.add(step)
		l.rest()
		if e := g.entry(l.res.Header.Get("X-Request-Id")); int64(*e.Cost) != cost {
			t.Errorf("%s: booked as %+v, want a cost of %d", step, e, cost)
		}
	}
}

// TestClock_OfTheBooksIsSet: how long a call takes is not reckoned by the clock of the books,
// which is the database server's: it may be set, or another's after a failover, and no call
// that runs has had its time by that. Records are dated by it.
func TestClock_OfTheBooksIsSet(t *testing.T) {
	t.Parallel()
	clock := clockAt("2026-11-23T12:00:00Z")
	g := begin(t, upstreamConfig+"  pair: [gpu/free, gpu/second]\n", by(clock), func(g *gate) {
		g.prepare = func(s *server) { s.gateway.Passing = time.Now }
	})
	p := g.person(control.KeyChange{})
	for _, step := range []time.Duration{24 * time.Hour, -24 * time.Hour} {
		g.mend()
		g.up.Reset()
		g.up.Set("free", providertest.Script{DelayHeaders: 200 * time.Millisecond, Status: 503, Body: `{"error":{"message":"busy"}}`})
		end, _ := g.background(p, "/v1/chat/completions", chatBody(p, "pair", ""))
		g.arrived(1)
		clock.add(step)
		if a := <-end; a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != "gpu/second" {
			t.Errorf("%s: %d %v %s", step, a.Status, a.Header, a.Body)
		}
		g.eventually("the call is recorded, with the time that the books say, as one of no more than some seconds", func() bool {
			return g.query("select count(*) from calls where deployment = 'gpu/second' and at = ? and took_us between 0 and 60000000", clock.Now().UnixMicro()) == 1
		})
	}
}
