package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/gateway/store"
	"tollgate/gateway/store/storetest"
	"tollgate/providers"
	"tollgate/providers/providertest"
)

// cluster is one program over SQLite, or several replicas over one PostgreSQL database.
// All have the same configuration and the same upstream.
type cluster struct {
	t        *testing.T
	gates    []*gate
	up       *providertest.Upstream
	database string // the URL; "" with SQLite
	next     atomic.Int64
}

// newCluster starts replicas over a new PostgreSQL database.
func newCluster(t *testing.T, replicas int, config string) *cluster {
	t.Helper()
	c := &cluster{t: t, up: providertest.NewUpstream(t), database: storetest.Database(t)}
	for range replicas {
		c.add(config, nil)
	}
	return c
}

// add starts one more replica, over a wire if there is one.
func (c *cluster) add(config string, w *storetest.Wire, opened ...func(*store.Options)) *gate {
	c.t.Helper()
	g := &gate{t: c.t, up: c.up, client: &http.Client{Transport: &http.Transport{}}, logs: &logBuffer{}, config: c.t.TempDir() + "/tollgate.yaml",
		db: c.database, around: c.database, opened: opened}
	if w != nil {
		g.db = w.URL()
	}
	g.write(config)
	g.run()
	c.gates = append(c.gates, g)
	return g
}

// eachCluster runs a test on one node, and spread over three replicas (trust.md F7). The
// books are checked when it ends.
func eachCluster(t *testing.T, config string, test func(t *testing.T, c *cluster)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		g := audited(t, config)
		test(t, &cluster{t: t, gates: []*gate{g}, up: g.up})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		c := newCluster(t, 3, config)
		t.Cleanup(func() {
			c.gates[0].audit()
			if n := storetest.Deadlocks(t, c.database); n != 0 {
				t.Errorf("%d deadlocks", n)
			}
		})
		test(t, c)
	})
}

// gate is one of the replicas after the other.
func (c *cluster) gate() *gate { return c.gates[int(c.next.Add(1))%len(c.gates)] }

// known waits until every replica has in force what the first one has.
func (c *cluster) known(people ...person) {
	c.t.Helper()
	budgets := func(g *gate) string {
		var ids []string
		for _, b := range g.srv.control.Budgets() {
			ids = append(ids, b.ID)
		}
		slices.Sort(ids)
		return strings.Join(ids, " ")
	}
	want := budgets(c.gates[0])
	for _, g := range c.gates[1:] {
		g.eventually("a replica follows", func() bool {
			return budgets(g) == want && !slices.ContainsFunc(people, func(p person) bool {
				who, err := g.srv.control.Principal(p.keyID)
				return err != nil || who.User == nil || who.Team == nil || !slices.Contains(who.Team.Members, p.user)
			})
		})
	}
}

// burst is many calls at once, spread over the replicas.
type burst struct {
	served, refused, free atomic.Int64
	wg                    sync.WaitGroup
	begin                 chan struct{}
}

func newBurst() *burst { return &burst{begin: make(chan struct{})} }

// calls adds calls of one person, every second one streamed. Both bodies are of one
// length, so that both hold the same.
func (b *burst) calls(c *cluster, p person, model string, n int) {
	for i := range n {
		g := c.gate()
		body := chatBody(p, model, []string{`"max_tokens":100,"stream":false`, `"max_tokens":100,"stream":true `}[i%2])
		b.wg.Go(func() {
			<-b.begin
			a, err := g.try("POST", "/v1/chat/completions", p.key, body, nil)
			switch {
			case err != nil:
				g.t.Error(err)
			case a.Status == 200 && i%2 == 1 && !strings.Contains(a.Body, "[DONE]"):
				g.t.Errorf("a stream that did not end: %s", a.Body)
			case a.Status == 200 && model == "free":
				b.free.Add(1)
			case a.Status == 200:
				b.served.Add(1)
			case a.Status == 429 && (strings.Contains(a.Body, "budget_exceeded") || strings.Contains(a.Body, "budget_held")):
				b.refused.Add(1)
			default:
				g.t.Errorf("%d %s", a.Status, a.Body)
			}
		})
	}
}

// run lets all calls go and waits for them, while it samples the counters: at no moment is
// a limit overrun (trust.md T5).
func (b *burst) run(c *cluster, budgets ...ledger.Budget) {
	c.t.Helper()
	limit := map[string]accounting.Money{}
	for _, x := range budgets {
		limit[x.ID] = *x.Limit
	}
	driver, name := "sqlite3", "file:"+c.gates[0].db+"?mode=ro&_busy_timeout=5000"
	if c.database != "" {
		driver, name = "pgx", c.database
	}
	db := must(sql.Open(driver, name))(c.t)
	defer db.Close()
	done := make(chan struct{})
	var sampler sync.WaitGroup
	samples := 0
	sampler.Go(func() {
		for {
			rows, err := db.Query("select budget_id, sum(posted), sum(held), min(held) from counters group by budget_id, account_id, period_start")
			if err != nil {
				c.t.Error(err)
				return
			}
			for rows.Next() {
				var id string
				var posted, held, least accounting.Money
				if err := rows.Scan(&id, &posted, &held, &least); err != nil {
					c.t.Error(err)
				}
				if most, ok := limit[id]; ok && (posted+held > most || least < 0) {
					c.t.Errorf("budget %s is overrun: %s posted and %s held of %s", id, posted, held, most)
				}
			}
			if err := rows.Err(); err != nil {
				c.t.Error(err)
			}
			_ = rows.Close()
			samples++
			select {
			case <-done:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	})
	close(b.begin)
	b.wg.Wait()
	close(done)
	sampler.Wait()
	if samples < 2 {
		c.t.Error("nothing was sampled")
	}
	c.gates[0].settled()
}

// price scripts the upstream so that each call of a person costs all that was held for
// it: none makes room for another. It returns that amount.
func (c *cluster) price(p person) accounting.Money {
	c.t.Helper()
	prompt := bound(c.t, chatBody(p, "paid", `"max_tokens":100,"stream":false`))
	c.up.Set("paid", providertest.Script{PromptTokens: prompt, CompletionTokens: 100, DelayHeaders: time.Millisecond})
	return accounting.Money(prompt*inputRate + 100*outputRate)
}

// budgetFor gives an account of a person a budget for so many calls and a half.
func (c *cluster) budgetFor(p person, k ledger.Kind, calls int, each accounting.Money) ledger.Budget {
	c.t.Helper()
	limit := accounting.Money(calls)*each + each/2
	return must(c.gates[0].srv.control.CreateBudget(context.Background(), ledger.Budget{Kind: k, Owner: p.account(k), Limit: &limit, Window: ledger.Window{Unit: ledger.Month}}))(c.t)
}

// TestT05_BudgetForTen: of five hundred calls at once at a budget for ten, ten pass, in
// whatever scope the budget is, whole or streamed, on one node and spread over three; and
// free calls among them all pass.
func TestT05_BudgetForTen(t *testing.T) {
	t.Parallel()
	eachCluster(t, admissionConfig, func(t *testing.T, c *cluster) {
		for _, k := range ledger.Kinds() {
			t.Run(string(k), func(t *testing.T) {
				g := c.gates[0]
				p := g.person(control.KeyChange{})
				each := c.price(p)
				b := c.budgetFor(p, k, 10, each)
				c.known(p)
				c.up.Reset()
				all := newBurst()
				all.calls(c, p, "paid", 500)
				all.calls(c, p, "free", 60)
				all.run(c, b)
				if all.served.Load() != 10 || all.refused.Load() != 490 || all.free.Load() != 60 || g.posted(b) != int64(10*each) {
					t.Errorf("%d served, %d refused, %d free, %d posted, want 10, 490, 60, %d", all.served.Load(), all.refused.Load(), all.free.Load(), g.posted(b), 10*each)
				}
				paid := 0
				for _, model := range g.called() {
					if model == "paid" {
						paid++
					}
				}
				if paid != 10 {
					t.Errorf("%d calls reached the upstream", paid)
				}
				if err := g.srv.control.DeleteBudget(context.Background(), b.ID); err != nil { // that of the gateway is everybody's
					t.Fatal(err)
				}
			})
		}
	})
}

// TestT05_TightestDecides: with a budget in every scope, each for another number of calls,
// the tightest decides, and the others hold nothing for what it refuses.
func TestT05_TightestDecides(t *testing.T) {
	t.Parallel()
	eachCluster(t, admissionConfig, func(t *testing.T, c *cluster) {
		g := c.gates[0]
		for tightest := range ledger.Kinds() {
			p := g.person(control.KeyChange{})
			each := c.price(p)
			var budgets []ledger.Budget
			for i, k := range ledger.Kinds() {
				calls := 12 + 3*i
				if i == tightest {
					calls = 10
				}
				budgets = append(budgets, c.budgetFor(p, k, calls, each))
			}
			c.known(p)
			all := newBurst()
			n := 120
			if tightest == 0 {
				n = 500
			}
			all.calls(c, p, "paid", n)
			all.run(c, budgets...)
			if all.served.Load() != 10 || all.refused.Load() != int64(n-10) {
				t.Errorf("%d served, %d refused, want 10 and %d", all.served.Load(), all.refused.Load(), n-10)
			}
			for _, b := range budgets {
				if g.posted(b) != int64(10*each) || g.held(b) != 0 {
					t.Errorf("%s: %d posted, %d held, want %d and 0", b.Kind, g.posted(b), g.held(b), 10*each)
				}
				if err := g.srv.control.DeleteBudget(context.Background(), b.ID); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

// TestS12_OppositeOrder: callers whose budgets lie crosswise, each pair of user and team,
// never wait for each other in a circle, and exactly as many pass as fit all.
func TestS12_OppositeOrder(t *testing.T) {
	t.Parallel()
	eachCluster(t, admissionConfig, func(t *testing.T, c *cluster) {
		g := c.gates[0]
		ctx := context.Background()
		a, b := g.person(control.KeyChange{}), g.person(control.KeyChange{})
		each := c.price(a)
		people := []person{a, b}
		for _, pair := range [][2]person{{a, b}, {b, a}} { // a user in the other's team
			p := person{user: pair[0].user, team: pair[1].team, endUser: pair[0].endUser}
			must(g.srv.control.AddMember(ctx, p.team, p.user, nil))(t)
			key, secret, err := g.srv.control.CreateKey(ctx, control.KeyOwner{UserID: p.user, TeamID: p.team}, control.KeyChange{})
			if err != nil {
				t.Fatal(err)
			}
			p.keyID, p.key = key.ID, secret
			people = append(people, p)
		}
		var budgets []ledger.Budget
		for _, p := range []person{a, b} {
			for _, k := range []ledger.Kind{ledger.Team, ledger.User} {
				budgets = append(budgets, c.budgetFor(p, k, 6, each))
			}
		}
		all10 := c.budgetFor(a, ledger.Gateway, 10, each)
		c.known(people...)
		all := newBurst()
		for _, p := range people {
			all.calls(c, p, "paid", 125)
			all.calls(c, p, "free", 10)
		}
		all.run(c, append(budgets, all10)...)
		if all.served.Load() != 10 || all.refused.Load() != 490 || all.free.Load() != 40 {
			t.Errorf("%d served, %d refused, %d free, want 10, 490 and 40", all.served.Load(), all.refused.Load(), all.free.Load())
		}
		sums := map[ledger.Kind]int64{}
		for _, x := range budgets {
			sums[x.Kind] += g.posted(x)
		}
		if want := int64(10 * each); g.posted(all10) != want || sums[ledger.User] != want || sums[ledger.Team] != want {
			t.Errorf("posted: gateway %d, users %d, teams %d, want %d each", g.posted(all10), sums[ledger.User], sums[ledger.Team], want)
		}
	})
}

// panics is a dialect that fails in a way that nobody foresaw.
type panics struct{ providers.Codec }

func (panics) Decode(providers.Call, providers.Target, string, []byte) (providers.Answer, error) {
	panic("a fault in the dialect")
}

func (p panics) Stream(call providers.Call, to providers.Target, body io.Reader) providers.Stream {
	return &panicsLater{Stream: p.Codec.Stream(call, to, body)}
}

type panicsLater struct {
	providers.Stream
	events int
}

func (p *panicsLater) Next() (*providers.Event, error) {
	if p.events++; p.events > 2 {
		panic("a fault in the dialect")
	}
	return p.Stream.Next()
}

// TestT07_NothingStaysHeld: whichever way requests end, in the end nothing is held, and
// the entry says what budgets.md asks for.
func TestT07_NothingStaysHeld(t *testing.T) {
	t.Parallel()
	config := strings.Replace(admissionConfig, "models:\n", "  broken: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 } }\nmodels:\n  breaks: broken/breaks\n", 1)
	text := strings.Repeat("word ", 40)
	const none = "" // no entry
	rows := []struct {
		name   string
		model  string
		script providertest.Script
		leave  int    // the client leaves after so many events, 1 and more; -1: before the answer begins
		whole  string // status of the entry of a whole answer
		stream string // of a streamed one; "-": not tried
	}{
		{"served", "paid", providertest.Script{}, 0, "ok", "ok"},
		{"refused by a budget", "paid", providertest.Script{}, 0, none, none},
		{"refused by the key's list of models", "paid", providertest.Script{}, 0, none, none},
		{"400", "paid", providertest.Script{Status: 400, Body: `{"error":{"message":"no"}}`}, 0, none, none},
		{"429", "paid", providertest.Script{Status: 429}, 0, none, none},
		{"500", "paid", providertest.Script{Status: 500}, 0, none, none},
		{"no answer in time", "slow", providertest.Script{Hang: true}, 0, "timed_out", "timed_out"},
		{"no connection", "gone", providertest.Script{}, 0, none, none},
		{"the client leaves before the first byte", "paid", providertest.Script{Hang: true}, -1, "client_gone", "client_gone"},
		{"the client leaves in the stream", "paid", providertest.Script{Text: text, HangAfter: 30}, 20, "-", "client_gone"},
		{"the upstream cuts", "paid", providertest.Script{Text: text, CutAfter: 30}, 0, "truncated", "truncated"},
		{"silence in the stream", "slow", providertest.Script{Text: text, HangAfter: 30}, 0, "-", "timed_out"},
		{"an error in the stream", "paid", providertest.Script{Text: text, ErrorFrameAfter: 30}, 0, "-", "server_error"},
		{"a panic", "breaks", providertest.Script{Text: text}, 0, "panic", "client_gone"},
	}
	eachCluster(t, config, func(t *testing.T, c *cluster) {
		for _, g := range c.gates {
			for _, p := range g.srv.gateway.Catalog.Snapshot().Providers() {
				if p.Name == "broken" {
					p.Kind.Codec = panics{p.Kind.Codec}
				}
			}
		}
		first := c.gates[0]
		// Each way has a person with budgets of its own, whole and streamed.
		var people []person
		budgetsOf := map[string][]ledger.Budget{}
		for range 2 {
			for _, row := range rows {
				var ch control.KeyChange
				if row.name == "refused by the key's list of models" {
					ch.Models = &[]string{"free"}
				}
				p := first.person(ch)
				limit := "5"
				if row.name == "refused by a budget" {
					limit = "0.0001"
				}
				for _, k := range []ledger.Kind{ledger.Key, ledger.Member, ledger.Team} {
					budgetsOf[p.user] = append(budgetsOf[p.user], first.budget(p, k, limit))
				}
				people = append(people, p)
			}
		}
		c.known(people...)
		for i, row := range rows {
			for stream, want := range map[bool]string{false: row.whole, true: row.stream} {
				if want == "-" {
					continue
				}
				t.Run(fmt.Sprintf("%s/stream %v", row.name, stream), func(t *testing.T) {
					p := people[i]
					if stream {
						p = people[len(rows)+i]
					}
					budgets := budgetsOf[p.user]
					c.up.Set(row.model, row.script)
					c.up.Reset()
					g := c.gate()
					body := chatBody(p, row.model, fmt.Sprintf(`"stream":%v`, stream))
					request := ""
					switch {
					case row.leave < 0:
						done, cancel := g.background(p, "/v1/chat/completions", body)
						g.arrived(1)
						cancel()
						<-done
					case row.leave > 0:
						l := g.open(p, "/v1/chat/completions", body)
						for range row.leave {
							l.next()
						}
						l.cancel()
						request = l.res.Header.Get("X-Request-Id")
					default:
						a, err := g.try("POST", "/v1/chat/completions", p.key, body, nil)
						if err != nil && row.model != "breaks" { // a panic cuts the connection
							t.Fatal(err)
						}
						request = a.Header.Get("X-Request-Id")
					}
					for _, b := range budgets {
						g.eventually("nothing is held by "+string(b.Kind), func() bool { return g.held(b) == 0 })
					}
					wanted := int64(0)
					if want != none {
						wanted = 1
					}
					g.eventually("the books are as they should", func() bool {
						return g.query("select count(*) from entries where key_id = ?", p.keyID) == wanted && g.query("select count(*) from holds") == 0
					})
					if wanted == 0 {
						for _, b := range budgets {
							if g.posted(b) != 0 {
								t.Errorf("%d posted to the %s", g.posted(b), b.Kind)
							}
						}
						return
					}
					entries := must(first.srv.control.Entries(context.Background(), control.EntryQuery{KeyID: p.keyID}))(t)
					e := entries[0]
					if e.Status != want || e.Cost == nil || *e.Cost <= 0 || request != "" && e.Request != request {
						t.Errorf("want %s, got %+v", want, e)
					}
					if source := map[bool]string{true: "reported"}[want == "ok"]; source != "" && e.Source != source || source == "" && e.Source != "estimated" && e.Source != "uncertain" {
						t.Errorf("counted by %s: %+v", e.Source, e)
					}
					for _, b := range budgets {
						if g.posted(b) != int64(*e.Cost) {
							t.Errorf("%d posted to the %s, want %d", g.posted(b), b.Kind, *e.Cost)
						}
					}
				})
			}
		}
		// The last way: a shutdown that does not wait for a stream.
		p := first.person(control.KeyChange{})
		b := first.budget(p, ledger.Key, "5")
		c.known(p)
		c.up.Set("paid", providertest.Script{Text: text, HangAfter: 30})
		g := c.gates[len(c.gates)-1]
		l := g.open(p, "/v1/chat/completions", chatBody(p, "paid", `"stream":true`))
		for range 20 {
			l.next()
		}
		if first.held(b) == 0 {
			t.Error("a running stream holds nothing")
		}
		go g.stop()
		if rest := l.rest(); !strings.Contains(rest, "shutting_down") {
			t.Errorf("the stream ended with %s", rest)
		}
		g.stop()
		first.eventually("the cut stream is settled", func() bool {
			return first.held(b) == 0 && first.query("select count(*) from entries where key_id = ? and status = 'cut_off' and cost > 0", p.keyID) == 1
		})
	})
}
