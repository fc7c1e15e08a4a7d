package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

func atMost(t *testing.T, text string) *accounting.Money {
	t.Helper()
	m := must(accounting.ParseMoney(text))(t)
	return &m
}

// addsUp checks that reports, entries and a sum of counters say the same of a person's
// key.
func (g *gate) addsUp(p person, cost int64) {
	g.t.Helper()
	rows := must(g.srv.control.Usage(context.Background(), control.UsageQuery{KeyID: p.keyID, By: []string{"user", "team"}}))(g.t)
	if len(rows) != 1 || int64(rows[0].Cost) != cost || rows[0].Group[0] != p.user || rows[0].Group[1] != p.team {
		g.t.Errorf("the report says %+v, want %d", rows, cost)
	}
	if n := g.query("select coalesce(sum(cost), 0) from entries where key_id = ?", p.keyID); n != cost {
		g.t.Errorf("%d in entries, want %d", n, cost)
	}
}

// TestInFlight_PeopleAndBudgets changes whom a running stream is for, or what they may
// spend. It ends as it began: its hold grows under the limits that it was admitted
// under, and it is posted to the budgets that applied then, to no other and not twice.
// Only whoever would not be let in any more is cut, and told why. The next request is
// judged by what is true by then.
func TestInFlight_PeopleAndBudgets(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	yes := true
	rows := []struct {
		name   string
		change func(g *gate, p person, b ledger.Budget) error
		next   int // status of the next paid call
		free   int // and of the next free one
	}{
		{"limit lowered to nothing", func(g *gate, p person, b ledger.Budget) error {
			limit := atMost(g.t, "0")
			_, err := g.srv.control.UpdateBudget(ctx, b.ID, control.BudgetChange{Limit: &limit})
			return err
		}, 429, 200},
		{"limit lowered below what is held", func(g *gate, p person, b ledger.Budget) error {
			limit := atMost(g.t, "0.0001")
			_, err := g.srv.control.UpdateBudget(ctx, b.ID, control.BudgetChange{Limit: &limit})
			return err
		}, 429, 200},
		{"limit raised", func(g *gate, p person, b ledger.Budget) error {
			limit := atMost(g.t, "50")
			_, err := g.srv.control.UpdateBudget(ctx, b.ID, control.BudgetChange{Limit: &limit})
			return err
		}, 200, 200},
		{"limit lifted", func(g *gate, p person, b ledger.Budget) error {
			var limit *accounting.Money
			_, err := g.srv.control.UpdateBudget(ctx, b.ID, control.BudgetChange{Limit: &limit})
			return err
		}, 200, 200},
		{"budget deleted", func(g *gate, p person, b ledger.Budget) error { return g.srv.control.DeleteBudget(ctx, b.ID) }, 200, 200},
		{"budget deleted and made again", func(g *gate, p person, b ledger.Budget) error {
			if err := g.srv.control.DeleteBudget(ctx, b.ID); err != nil {
				return err
			}
			g.budget(p, ledger.User, "5")
			return nil
		}, 200, 200},
		{"another budget made", func(g *gate, p person, b ledger.Budget) error { g.budget(p, ledger.Team, "0"); return nil }, 429, 200},
		{"key blocked", func(g *gate, p person, b ledger.Budget) error {
			_, err := g.srv.control.UpdateKey(ctx, p.keyID, control.KeyChange{Blocked: &yes})
			return err
		}, 401, 401},
		{"key deleted", func(g *gate, p person, b ledger.Budget) error { return g.srv.control.DeleteKey(ctx, p.keyID) }, 401, 401},
		{"key denied the model", func(g *gate, p person, b ledger.Budget) error {
			_, err := g.srv.control.UpdateKey(ctx, p.keyID, control.KeyChange{Models: &[]string{"free"}})
			return err
		}, 403, 200},
		{"user blocked", func(g *gate, p person, b ledger.Budget) error {
			_, err := g.srv.control.UpdateUser(ctx, p.user, control.UserChange{Blocked: &yes})
			return err
		}, 401, 401},
		{"user deleted", func(g *gate, p person, b ledger.Budget) error { return g.srv.control.DeleteUser(ctx, p.user) }, 401, 401},
		{"team blocked", func(g *gate, p person, b ledger.Budget) error {
			_, err := g.srv.control.UpdateTeam(ctx, p.team, control.TeamChange{Blocked: &yes})
			return err
		}, 401, 401},
		{"team deleted", func(g *gate, p person, b ledger.Budget) error { return g.srv.control.DeleteTeam(ctx, p.team) }, 401, 401},
		{"member removed", func(g *gate, p person, b ledger.Budget) error {
			_, err := g.srv.control.RemoveMember(ctx, p.team, p.user)
			return err
		}, 401, 401},
		{"reloaded", func(g *gate, p person, b ledger.Budget) error { return g.reload.reload() }, 200, 200},
	}
	eachEngine(t, func(t *testing.T, db option) {
		g := begin(t, admissionConfig, db)
		for _, row := range rows {
			t.Run(row.name, func(t *testing.T) {
				p := g.person(control.KeyChange{})
				b := g.budget(p, ledger.User, "5")
				others := []ledger.Budget{g.budget(p, ledger.Key, "5"), g.budget(p, ledger.Member, "5")}
				g.up.Set("paid", providertest.Script{Text: strings.Repeat("word ", 300), DelayChunk: 2 * time.Millisecond, PromptTokens: 10, CompletionTokens: 300})
				cut := row.next == 401
				if cut {
					g.up.Set("paid", providertest.Script{Text: strings.Repeat("word ", 101), HangAfter: 100})
				}
				l := g.open(p, "/v1/chat/completions", chatBody(p, "paid", `"stream":true`)) // held for 50 tokens at first
				l.next()
				for n := 1; cut && n < 100; n++ { // all that comes before the upstream falls silent
					l.next()
				}
				if err := row.change(g, p, b); err != nil {
					t.Fatal(err)
				}
				g.up.Set("paid", providertest.Script{PromptTokens: 10, CompletionTokens: 5})
				next := g.chat(p, "paid", `"max_tokens":10`, nil)
				free := g.chat(p, "free", "", nil)
				if next.Status != row.next || free.Status != row.free {
					t.Errorf("the next call is %d %s, and a free one %d", next.Status, next.Body, free.Status)
				}
				last := l.rest()
				g.settled()
				e := g.entry(l.res.Header.Get("X-Request-Id"))
				cost := int64(10*inputRate + 300*outputRate)
				if cut {
					cost = int64(*e.Cost)
					if !strings.Contains(last, `_api_key"`) && !strings.Contains(last, `"blocked_`) || e.Status != "cut_off" || e.Source != "estimated" || cost < 100*outputRate {
						t.Errorf("ended with %s, booked as %+v", last, e)
					}
				} else if last != "[DONE]" || e.Status != "ok" || int64(*e.Cost) != cost || *e.Cost > e.Held {
					t.Errorf("ended with %s, booked as %+v", last, e)
				}
				all := cost
				if next.Status == 200 {
					all += 10*inputRate + 5*outputRate
				}
				onB := all
				if strings.HasPrefix(row.name, "budget deleted") {
					onB = cost
				}
				if got := g.posted(b); got != onB {
					t.Errorf("%d posted, want %d", got, onB)
				}
				for _, o := range others {
					if got := g.posted(o); got != all {
						t.Errorf("%d posted on the budget of the %s, want %d", got, o.Kind, all)
					}
				}
				if n := g.query("select count(*) from counters where posted > 0 and account_id = ?", p.team); n != 0 {
					t.Errorf("a budget that was made meanwhile has %d counters that moved", n)
				}
				g.addsUp(p, all)
			})
		}
	})
}

// TestInFlight_RaisedTooLate: a stream that outgrows the limit that it was admitted under
// ends, though the limit was raised meanwhile; the next has the new limit.
func TestInFlight_RaisedTooLate(t *testing.T) {
	t.Parallel()
	g := begin(t, admissionConfig)
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.User, "0.003")
	g.up.Set("paid", providertest.Script{Text: strings.Repeat("word ", 600), DelayChunk: 2 * time.Millisecond, PromptTokens: 10, CompletionTokens: 600})
	l := g.open(p, "/v1/chat/completions", chatBody(p, "paid", `"stream":true`))
	l.next()
	limit := atMost(t, "5")
	must(g.srv.control.UpdateBudget(context.Background(), b.ID, control.BudgetChange{Limit: &limit}))(t)
	if last := l.rest(); !strings.Contains(last, "budget_exceeded") {
		t.Errorf("the stream ended with %s", last)
	}
	if got := g.posted(b); got > 3_000_000 || got < 1_000_000 {
		t.Errorf("%d posted", got)
	}
	if events := g.chat(p, "paid", `"stream":true`, nil).events(); events[len(events)-1] != "[DONE]" {
		t.Errorf("the next stream ended with %s", events[len(events)-1])
	}
}

// TestInFlight_BetweenAttempts: what is changed while a first upstream fails does not
// keep the second from being asked, under the limits that hold by then.
func TestInFlight_BetweenAttempts(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, row := range map[string]struct {
		change func(g *gate, p person, b ledger.Budget) error
		status int
		calls  int
	}{
		"key deleted":    {func(g *gate, p person, _ ledger.Budget) error { return g.srv.control.DeleteKey(ctx, p.keyID) }, 200, 2},
		"budget deleted": {func(g *gate, _ person, b ledger.Budget) error { return g.srv.control.DeleteBudget(ctx, b.ID) }, 200, 2},
		"limit lowered": {func(g *gate, _ person, b ledger.Budget) error {
			limit := atMost(g.t, "0")
			_, err := g.srv.control.UpdateBudget(ctx, b.ID, control.BudgetChange{Limit: &limit})
			return err
		}, 503, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := begin(t, admissionConfig)
			p := g.person(control.KeyChange{})
			b := g.budget(p, ledger.User, "5")
			g.up.Set("busy", providertest.Script{Status: 503, DelayHeaders: 400 * time.Millisecond})
			g.up.Reset()
			done, _ := g.background(p, "/v1/chat/completions", chatBody(p, "cheap-then-dear", `"max_tokens":100`))
			g.arrived(1)
			if err := row.change(g, p, b); err != nil {
				t.Fatal(err)
			}
			if a := finishes(t, done); a.Status != row.status || len(g.called()) != row.calls {
				t.Errorf("%d %s after %v", a.Status, a.Body, g.called())
			}
		})
	}
}

// priceFile writes a price list of a day with one model, at rates in dollars per
// million tokens.
func (g *gate) priceFile(day, input, output string) {
	g.t.Helper()
	text := fmt.Sprintf(`{"as_of":"2026-11-23","currency":"USD","models":[{"provider":"openai","model":"m","mode":"chat","source":"test","as_of":%q,"rates":{"input":%q,"output":%q}}]}`, day, input, output)
	if err := os.WriteFile(filepath.Join(filepath.Dir(g.config), "prices.json"), []byte(text), 0o600); err != nil {
		g.t.Fatal(err)
	}
}

// TestT12_PricesChangeMeanwhile: an entry has the rates and the version of the price that
// its call was admitted at, whatever the list says when it ends, and no entry is changed
// by a new list.
func TestT12_PricesChangeMeanwhile(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, db option) {
		for _, stream := range []bool{false, true} {
			t.Run(fmt.Sprintf("stream %v", stream), func(t *testing.T) {
				t.Parallel()
				config := "prices: file:prices.json\nproviders:\n  cloud: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, prices: openai }\nmodels:\n  m: cloud/m\n"
				g := begin(t, config, db, func(g *gate) { g.priceFile("2026-01-01", "1", "10") })
				p := g.person(control.KeyChange{})
				b := g.budget(p, ledger.User, "5")
				script := providertest.Script{Text: strings.Repeat("word ", 30), PromptTokens: 10, CompletionTokens: 30}
				g.up.Set("m", script)
				extra := fmt.Sprintf(`"stream":%v,"max_tokens":100`, stream)
				past := g.entry(g.chat(p, "m", extra, nil).Header.Get("X-Request-Id"))
				slow := script
				slow.DelayHeaders, slow.DelayChunk = 300*time.Millisecond, 5*time.Millisecond
				g.up.Set("m", slow)
				g.up.Reset()
				done, _ := g.background(p, "/v1/chat/completions", chatBody(p, "m", extra))
				g.arrived(1)
				g.priceFile("2026-07-01", "2", "20")
				if err := g.reload.reload(); err != nil {
					t.Fatal(err)
				}
				g.up.Set("m", script)
				running := g.entry(finishes(t, done).Header.Get("X-Request-Id"))
				next := g.entry(g.chat(p, "m", extra, nil).Header.Get("X-Request-Id"))
				sum := int64(0)
				for _, row := range []struct {
					what    string
					e       control.EntryView
					version string
					factor  int64
				}{{"the past", past, "catalogue 2026-01-01", 1}, {"the running call", running, "catalogue 2026-01-01", 1}, {"the next", next, "catalogue 2026-07-01", 2}} {
					lines := []control.LineView{{Meter: "input", Count: 10, Rate: row.factor * 1_000_000_000}, {Meter: "output", Count: 30, Rate: row.factor * 10_000_000_000}}
					cost := row.factor * (10*inputRate + 30*outputRate)
					if row.e.PriceVersion != row.version || int64(*row.e.Cost) != cost || !slices.Equal(row.e.Lines, lines) {
						t.Errorf("%s: booked as %+v", row.what, row.e)
					}
					sum += cost
				}
				if now := g.entry(past.Request); !reflect.DeepEqual(now, past) {
					t.Errorf("an entry was changed: %+v, now %+v", past, now)
				}
				if g.posted(b) != sum {
					t.Errorf("%d posted, want %d", g.posted(b), sum)
				}
			})
		}
	})
}

// TestT12_ModelRemovedMeanwhile: a call goes on to its end, and is paid for, though its
// model, its provider, or its price is gone from the configuration by then.
func TestT12_ModelRemovedMeanwhile(t *testing.T) {
	t.Parallel()
	const with = `
providers:
  gpu:   { kind: vllm, url: UPSTREAM/v1 }
  cloud: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 }, default_output: 20 }
models:
  free: gpu/free
  m: cloud/m
`
	for name, row := range map[string]struct {
		without string
		status  int
		code    string
	}{
		"the model":    {strings.Replace(with, "  m: cloud/m\n", "", 1), 404, "model_not_found"},
		"the provider": {"\nproviders:\n  gpu: { kind: vllm, url: UPSTREAM/v1 }\nmodels:\n  free: gpu/free\n", 404, "model_not_found"},
		"the price":    {strings.Replace(with, "price: { input: 1, output: 10 }, ", "", 1), 402, "price_unknown"},
	} {
		for _, stream := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/stream %v", name, stream), func(t *testing.T) {
				t.Parallel()
				g := begin(t, with)
				p := g.person(control.KeyChange{})
				b := g.budget(p, ledger.User, "5")
				g.up.Set("m", providertest.Script{Text: strings.Repeat("word ", 60), DelayHeaders: 400 * time.Millisecond, DelayChunk: 5 * time.Millisecond, PromptTokens: 10, CompletionTokens: 60})
				g.up.Reset()
				done, _ := g.background(p, "/v1/chat/completions", chatBody(p, "m", fmt.Sprintf(`"stream":%v`, stream)))
				g.arrived(1)
				g.write(row.without)
				if err := g.reload.reload(); err != nil {
					t.Fatal(err)
				}
				if a := g.chat(p, "m", "", nil); a.Status != row.status || a.errorField(t, "code") != row.code {
					t.Errorf("the next call: %d %s", a.Status, a.Body)
				}
				a := finishes(t, done)
				if a.Status != 200 || !strings.Contains(a.Body, "word") {
					t.Errorf("the running call: %d %s", a.Status, a.Body)
				}
				g.settled()
				if e := g.entry(a.Header.Get("X-Request-Id")); e.Status != "ok" || int64(*e.Cost) != 10*inputRate+60*outputRate || g.posted(b) != int64(*e.Cost) {
					t.Errorf("booked as %+v, %d posted", e, g.posted(b))
				}
			})
		}
	}
}

// TestR06_CommandLine: 0, none and less than nothing mean the same in the command line as
// elsewhere, for every scope, when a budget is made and when it is changed.
func TestR06_CommandLine(t *testing.T) {
	t.Parallel()
	g := begin(t, upstreamConfig)
	s := newShell(t)
	s.env = map[string]string{"TOLLGATE_URL": g.url, "TOLLGATE_ADMIN_KEY": must(g.srv.control.EnsureAdmin(context.Background(), ""))(t)}
	for _, k := range ledger.Kinds() {
		p := g.person(control.KeyChange{})
		who := []string{"--" + strings.ReplaceAll(string(k), "_", "-"), p.account(k)}
		if k == ledger.Gateway {
			who = who[:1]
		}
		expect := func(what string, status int) {
			t.Helper()
			if a := g.chat(p, "paid", "", nil); a.Status != status {
				t.Errorf("%s, %s: paid is %d %s", k, what, a.Status, a.Body)
			}
			if a := g.chat(p, "free", "", nil); a.Status != 200 {
				t.Errorf("%s, %s: free is %d", k, what, a.Status)
			}
		}
		make_ := func(code int, limit string) result {
			t.Helper()
			return s.run(code, append([]string{"budget", "create", "--limit=" + limit, "--per", "month", "--name", "of-" + string(k)}, who...)...)
		}
		for _, limit := range []string{"-1", "-0.000000001", "-5 USD", "", "null", "five"} {
			make_(exitUsage, limit).complains(t, "limit")
			expect("after "+limit, 200)
		}
		make_(exitOK, "0").shows(t, "free models only")
		expect("0", 429)
		for _, limit := range []string{"-1", "-0.01 USD", "", "null"} {
			s.run(exitUsage, "budget", "update", "of-"+string(k), "--limit="+limit).complains(t, "limit")
			expect("0, and then "+limit, 429)
		}
		s.run(exitOK, "budget", "update", "of-"+string(k), "--limit", "none")
		expect("none", 200)
		s.run(exitOK, "budget", "update", "of-"+string(k), "--limit", "0.00")
		expect("0 again", 429)
		s.run(exitOK, "budget", "update", "of-"+string(k), "--limit", "5 USD")
		expect("5 USD", 200)
		s.run(exitOK, "budget", "delete", "of-"+string(k))
		make_(exitOK, "none")
		expect("none from the start", 200)
		s.run(exitOK, "budget", "delete", "of-"+string(k))
	}
}

// TestR06_Updates: the API takes the same words when a budget is changed; a member that
// is left out changes nothing, and null is no limit.
func TestR06_Updates(t *testing.T) {
	t.Parallel()
	g := begin(t, upstreamConfig)
	admin := must(g.srv.control.EnsureAdmin(context.Background(), ""))(t)
	for _, k := range ledger.Kinds() {
		p := g.person(control.KeyChange{})
		b := g.budget(p, k, "5")
		for _, step := range []struct {
			body   string
			status int // of the change
			paid   int // of a paid call afterwards
		}{
			{`{"limit":"0"}`, 200, 429}, {`{"name":"n"}`, 200, 429}, {`{"limit":"-1"}`, 400, 429}, {`{"limit":"-0.000000001"}`, 400, 429}, {`{"limit":"none"}`, 400, 429},
			{`{"limit":""}`, 400, 429}, {`{"limit":true}`, 400, 429}, {`{"limit":1e400}`, 400, 429}, {`{"limit":"9300000000"}`, 400, 429},
			{`{"limit":null}`, 200, 200}, {`{"soft":"-1"}`, 400, 200}, {`{"limit":"0.00 USD"}`, 200, 429}, {`{"limit":"5"}`, 200, 200},
		} {
			if a := g.do("PATCH", "/api/v1/budgets/"+b.ID, admin, step.body, nil); a.Status != step.status {
				t.Errorf("%s, %s: %d %s", k, step.body, a.Status, a.Body)
			}
			if a := g.chat(p, "paid", "", nil); a.Status != step.paid {
				t.Errorf("%s after %s: paid is %d %s", k, step.body, a.Status, a.Body)
			}
			if a := g.chat(p, "free", "", nil); a.Status != 200 {
				t.Errorf("%s after %s: free is %d", k, step.body, a.Status)
			}
		}
		if err := g.srv.control.DeleteBudget(context.Background(), b.ID); err != nil {
			t.Fatal(err)
		}
	}
}
