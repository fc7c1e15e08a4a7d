package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

const onceConfig = `
providers:
  gpu:   { kind: vllm, url: UPSTREAM/v1 }
  cloud: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 }, default_output: 50 }
  late:  { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 }, first_byte: 200ms, gap: 200ms }
  bare:  { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY }
models:
  free: gpu/free
  paid: cloud/paid
  slow: late/slow
  unpriced: bare/unpriced
  two: [cloud/first, cloud/second]
  paid-then-free: [cloud/first, gpu/free]
`

func key(name string) header { return header{"Idempotency-Key": name} }

// repeated checks that an answer is the refusal of a call that was made before.
func repeated(t *testing.T, what string, a answer, status int, code, first string) {
	t.Helper()
	if a.Status != status || a.errorField(t, "code") != code || (first != "" && a.errorField(t, "first_request_id") != first) {
		t.Errorf("%s: %d %s, want %d %s of %s", what, a.Status, a.Body, status, code, first)
	}
	if again := a.Header.Get("X-Should-Retry") != "false"; again != (code == "idempotency_key_running") || again != (a.Header.Get("Retry-After") == "1") {
		t.Errorf("%s: %s and X-Should-Retry %q, Retry-After %q", what, code, a.Header.Get("X-Should-Retry"), a.Header.Get("Retry-After"))
	}
}

// TestT15_PaidOnce: a paid call that is repeated with its Idempotency-Key is told of the
// first one and not paid for again, whole or streamed; its answer is not given out again.
func TestT15_PaidOnce(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, db option) {
		g := begin(t, onceConfig, db)
		g.up.Set("paid", providertest.Script{Text: "a canary sings"})
		for _, model := range []string{"paid", "unpriced"} {
			for _, op := range operations {
				p := g.person(control.KeyChange{})
				g.up.Reset()
				first := g.ask(op, p, model, key("one"))
				if first.Status != 200 {
					t.Fatalf("%s: %d %s", op.name, first.Status, first.Body)
				}
				id := first.Header.Get("X-Request-Id")
				for range 3 {
					a := g.ask(op, p, model, key("one"))
					repeated(t, op.name, a, 409, "idempotency_key_answered", id)
					if strings.Contains(a.Body, "canary") || len(g.entries(a.Header.Get("X-Request-Id"))) != 0 {
						t.Errorf("%s: the repetition is answered or booked: %s", op.name, a.Body)
					}
					if line := g.line(a.Header.Get("X-Request-Id")); line["status"] != "repeated" {
						t.Errorf("%s: the log says %v", op.name, line)
					}
				}
				other := g.do("POST", op.path, p.key, strings.TrimSuffix(fmt.Sprintf(op.body, model, p.endUser), "}")+`,"seed":1}`, key("one"))
				repeated(t, op.name+" with another body", other, 422, "idempotency_key_reused", id)
				if n := len(g.called()); n != 1 {
					t.Errorf("%s: %d calls reached the upstream", op.name, n)
				}
				// Another name, another caller, or none: calls of their own.
				stranger := g.person(control.KeyChange{})
				for _, a := range []answer{g.ask(op, p, model, key("two")), g.ask(op, stranger, model, key("one")), g.ask(op, p, model, nil), g.ask(op, p, model, nil)} {
					if a.Status != 200 {
						t.Errorf("%s: %d %s", op.name, a.Status, a.Body)
					}
				}
			}
		}
	})
}

// TestT15_FreeTakesNoNotice: what costs nothing may be repeated.
func TestT15_FreeTakesNoNotice(t *testing.T) {
	t.Parallel()
	g := begin(t, onceConfig)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.Key, "0")
	for _, op := range operations {
		for range 3 {
			if a := g.ask(op, p, "free", key("one")); a.Status != 200 {
				t.Errorf("%s: %d %s", op.name, a.Status, a.Body)
			}
		}
	}
	g.up.Set("first", providertest.Script{Status: 503})
	p = g.person(control.KeyChange{})
	for range 3 { // the paid one fails and costs nothing, the free one answers
		if a := g.chat(p, "paid-then-free", "", key("one")); a.Status != 200 || a.Header.Get("X-Tollgate-Price") != "free" {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
	if n := g.query("select count(*) from idempotency"); n != 0 {
		t.Errorf("%d keys are taken", n)
	}
}

// TestT15_HeaderIsChecked: a name that is none is refused before anything is done.
func TestT15_HeaderIsChecked(t *testing.T) {
	t.Parallel()
	g := begin(t, onceConfig)
	p := g.person(control.KeyChange{})
	send := func(model string, names ...string) answer {
		t.Helper()
		req := must(http.NewRequest("POST", g.url+"/v1/chat/completions", strings.NewReader(chatBody(p, model, ""))))(t)
		req.Header.Set("Authorization", "Bearer "+p.key)
		req.Header["Idempotency-Key"] = names
		res := must(g.client.Do(req))(t)
		defer res.Body.Close()
		a := answer{Status: res.StatusCode, Header: res.Header}
		b := make([]byte, 4096)
		n, _ := res.Body.Read(b)
		a.Body = string(b[:n])
		return a
	}
	for what, names := range map[string][]string{"empty": {""}, "blank": {"  "}, "too long": {strings.Repeat("x", 256)}, "beyond ASCII": {"schlüssel"},
		"a tab": {"a\tb"}, "twice": {"a", "b"}, "twice the same": {"a", "a"}} {
		for _, model := range []string{"paid", "free"} {
			if a := send(model, names...); a.Status != 400 || a.errorField(t, "code") != "invalid_value" || a.errorField(t, "param") != "Idempotency-Key" {
				t.Errorf("%s, %s: %d %s", what, model, a.Status, a.Body)
			}
		}
	}
	if n := len(g.called()); n != 0 {
		t.Errorf("%d calls reached the upstream", n)
	}
	for _, name := range []string{"x", strings.Repeat("x", 255), `a "b" ~!`, "' or 1=1 --"} {
		first := send("paid", name)
		if first.Status != 200 {
			t.Errorf("%q: %d %s", name, first.Status, first.Body)
		}
		repeated(t, name, send("paid", name), 409, "idempotency_key_answered", first.Header.Get("X-Request-Id"))
	}
}

// TestT15_FiftyAtOnce: of fifty at the same moment, over two replicas where there can
// be two, one is paid for.
func TestT15_FiftyAtOnce(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, db option) {
		g := begin(t, onceConfig, db)
		p := g.person(control.KeyChange{})
		b := g.budget(p, ledger.Team, "5")
		gates := []*gate{g, g}
		if g.postgres() {
			gates[1] = g.replica()
		}
		for _, stream := range []bool{false, true} {
			g.up.Set("paid", providertest.Script{DelayHeaders: 300 * time.Millisecond, PromptTokens: 10, CompletionTokens: 5})
			g.up.Reset()
			before := g.posted(b)
			body := chatBody(p, "paid", fmt.Sprintf(`"stream":%v`, stream))
			answers := make([]answer, 50)
			var wg sync.WaitGroup
			for i := range answers {
				wg.Go(func() {
					a, err := gates[i%2].try("POST", "/v1/chat/completions", p.key, body, key(fmt.Sprint("burst", stream)))
					if err != nil {
						t.Error(err)
					}
					answers[i] = a
				})
			}
			wg.Wait()
			served, first := 0, ""
			for _, a := range answers {
				if a.Status == 200 {
					served++
					first = a.Header.Get("X-Request-Id")
				}
			}
			for _, a := range answers {
				if a.Status != 200 {
					code := a.errorField(t, "code")
					if code != "idempotency_key_running" && code != "idempotency_key_answered" {
						t.Errorf("%d %s", a.Status, a.Body)
						continue
					}
					repeated(t, "one of fifty", a, 409, code, first)
				}
			}
			if served != 1 || len(g.called()) != 1 || g.posted(b)-before != 10*inputRate+5*outputRate {
				t.Errorf("%d served, %d upstream calls, %d posted", served, len(g.called()), g.posted(b)-before)
			}
		}
	})
}

// TestT15_RunningThenDecided: while the first runs the second is told to come again. If
// the first costs nothing in the end, its name is free again; if it costs anything, it
// is taken for a day.
func TestT15_RunningThenDecided(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("word ", 40)
	rows := []struct {
		name, model string
		script      providertest.Script
		free        bool
	}{
		{"400", "paid", providertest.Script{Status: 400, Body: `{"error":{"message":"no"}}`}, true},
		{"401", "paid", providertest.Script{Status: 401, Body: `{"error":{"message":"no"}}`}, true},
		{"429", "paid", providertest.Script{Status: 429}, true},
		{"500", "paid", providertest.Script{Status: 500}, true},
		{"503", "paid", providertest.Script{Status: 503}, true},
		{"no answer in time", "slow", providertest.Script{Hang: true}, false},
		{"nonsense", "paid", providertest.Script{Body: "<html>hello</html>"}, false},
		{"cut in its middle", "paid", providertest.Script{Text: text, CutAfter: 30}, false},
		{"all is well", "paid", providertest.Script{Text: text}, false},
	}
	eachEngine(t, func(t *testing.T, db option) {
		g := begin(t, onceConfig, db)
		for _, row := range rows {
			for _, stream := range []bool{false, true} {
				what := fmt.Sprintf("%s, stream %v", row.name, stream)
				p := g.person(control.KeyChange{})
				body := chatBody(p, row.model, fmt.Sprintf(`"stream":%v`, stream))
				slow := row.script
				slow.DelayHeaders = 150 * time.Millisecond
				g.up.Set(row.model, slow)
				g.up.Reset()
				done := make(chan answer, 1)
				go func() {
					a, _ := g.try("POST", "/v1/chat/completions", p.key, body, key("k"))
					done <- a
				}()
				g.arrived(1)
				repeated(t, what, g.do("POST", "/v1/chat/completions", p.key, body, key("k")), 409, "idempotency_key_running", "")
				first := finishes(t, done)
				g.settled()
				g.up.Set(row.model, providertest.Script{})
				g.mend()
				again := g.do("POST", "/v1/chat/completions", p.key, body, key("k"))
				if !row.free {
					repeated(t, what, again, 409, "idempotency_key_answered", "")
					continue
				}
				if first.Status < 400 || again.Status != 200 {
					t.Errorf("%s: %d, and again: %d %s", what, first.Status, again.Status, again.Body)
				}
				repeated(t, what, g.do("POST", "/v1/chat/completions", p.key, body, key("k")), 409, "idempotency_key_answered", again.Header.Get("X-Request-Id"))
			}
		}
	})
}

// TestT15_AfterARefusalTheNameIsFree: what no budget bears holds nothing, the name of
// the call neither.
func TestT15_AfterARefusalTheNameIsFree(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, db option) {
		g := begin(t, onceConfig, db)
		p := g.person(control.KeyChange{})
		b := g.budget(p, ledger.Member, "0")
		for range 2 {
			if a := g.chat(p, "paid", "", key("k")); a.Status != 429 || a.errorField(t, "code") != "budget_exceeded" {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		}
		if n := g.query("select count(*) from idempotency"); n != 0 {
			t.Errorf("%d keys are taken", n)
		}
		if err := g.srv.control.DeleteBudget(context.Background(), b.ID); err != nil {
			t.Fatal(err)
		}
		a := g.chat(p, "paid", "", key("k"))
		if a.Status != 200 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		repeated(t, "afterwards", g.chat(p, "paid", "", key("k")), 409, "idempotency_key_answered", a.Header.Get("X-Request-Id"))
		// A refused repetition is told of the first call before it is told of money.
		g.budget(p, ledger.Key, "0.0000001")
		repeated(t, "without money", g.chat(p, "paid", "", key("k")), 409, "idempotency_key_answered", a.Header.Get("X-Request-Id"))
	})
}

// TestT15_ClientLeaves: a client that hangs up and comes back does not pay twice.
func TestT15_ClientLeaves(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, db option) {
		g := begin(t, onceConfig, db)
		for _, row := range []struct {
			name   string
			script providertest.Script
			stream bool
		}{
			{"before anything came", providertest.Script{Hang: true}, false},
			{"in a stream", providertest.Script{Text: strings.Repeat("word ", 40), HangAfter: 10}, true},
		} {
			p := g.person(control.KeyChange{})
			g.up.Set("paid", row.script)
			g.up.Reset()
			ctx, cancel := context.WithCancel(context.Background())
			body := chatBody(p, "paid", fmt.Sprintf(`"stream":%v`, row.stream))
			req := must(http.NewRequestWithContext(ctx, "POST", g.url+"/v1/chat/completions", strings.NewReader(body)))(t)
			req.Header.Set("Authorization", "Bearer "+p.key)
			req.Header.Set("Idempotency-Key", "k")
			gone := make(chan struct{})
			go func() {
				defer close(gone)
				if res, err := g.client.Do(req); err == nil {
					defer res.Body.Close()
					for buf := make([]byte, 1024); ; {
						if _, err := res.Body.Read(buf); err != nil {
							return
						}
					}
				}
			}()
			g.arrived(1)
			repeated(t, row.name, g.do("POST", "/v1/chat/completions", p.key, body, key("k")), 409, "idempotency_key_running", "")
			cancel()
			<-gone
			g.aborted("paid")
			g.settled()
			repeated(t, row.name, g.do("POST", "/v1/chat/completions", p.key, body, key("k")), 409, "idempotency_key_answered", "")
			if n := len(g.called()); n != 1 {
				t.Errorf("%s: %d upstream calls", row.name, n)
			}
		}
	})
}

// TestT15_OneNameForAllAttempts: a request that is tried at several upstreams has one
// name. What one of them may be owed keeps it, though another refused; the request goes
// on all the same.
func TestT15_OneNameForAllAttempts(t *testing.T) {
	t.Parallel()
	broken := providertest.Script{Body: "data: {\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\",\"code\":503}}\n\n", Header: http.Header{"Content-Type": {"text/event-stream"}}}
	eachEngine(t, func(t *testing.T, db option) {
		g := begin(t, onceConfig, db)
		for _, row := range []struct {
			name          string
			first, second providertest.Script
			stream        bool
			status        int // of the request
			entries       int64
			again         int // status of the same once more
		}{
			{"refused, answered", providertest.Script{Status: 503}, providertest.Script{}, false, 200, 1, 409},
			{"refused, answered in a stream", providertest.Script{Status: 503}, providertest.Script{}, true, 200, 1, 409},
			{"refused twice", providertest.Script{Status: 503}, providertest.Script{Status: 500}, false, 502, 0, 502},
			{"broken after it began, answered", broken, providertest.Script{}, true, 200, 2, 409},
			{"broken after it began, refused", broken, providertest.Script{Status: 503}, true, 503, 1, 409},
			{"broken twice", broken, broken, true, 503, 2, 409},
		} {
			p := g.person(control.KeyChange{})
			g.up.Set("first", row.first)
			g.up.Set("second", row.second)
			g.up.Reset()
			g.mend()
			extra := fmt.Sprintf(`"stream":%v`, row.stream)
			a := g.chat(p, "two", extra, key("k"))
			id := a.Header.Get("X-Request-Id")
			if a.Status != row.status || len(g.called()) != 2 || int64(len(g.entries(id))) != row.entries {
				t.Errorf("%s: %d %s after %v, entries %+v", row.name, a.Status, a.Body, g.called(), g.entries(id))
			}
			again := g.chat(p, "two", extra, key("k"))
			if row.again != 409 {
				if again.Status != row.again || len(g.called()) != 4 {
					t.Errorf("%s, again: %d %s", row.name, again.Status, again.Body)
				}
				continue
			}
			repeated(t, row.name, again, 409, "idempotency_key_answered", id)
		}
	})
}

// TestT15_ForADay: a name is remembered for a day, over restarts, and then forgotten.
func TestT15_ForADay(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, db option) {
		clock := clockAt("2026-11-23T12:00:00Z")
		g := begin(t, onceConfig, db, by(clock))
		p := g.person(control.KeyChange{})
		first := g.chat(p, "paid", "", key("k"))
		id := first.Header.Get("X-Request-Id")
		again := func(what string) answer {
			t.Helper()
			return g.chat(p, "paid", "", key("k"))
		}
		repeated(t, "at once", again("at once"), 409, "idempotency_key_answered", id)
		g.restart()
		repeated(t, "after a restart", again("after a restart"), 409, "idempotency_key_answered", id)
		clock.add(ledger.OnceFor - time.Second)
		if err := g.srv.store.Forget(context.Background()); err != nil {
			t.Fatal(err)
		}
		repeated(t, "a second before a day has passed", again(""), 409, "idempotency_key_answered", id)
		clock.add(time.Second)
		second := again("after a day")
		if second.Status != 200 {
			t.Errorf("after a day: %d %s", second.Status, second.Body)
		}
		repeated(t, "after a day, again", again(""), 409, "idempotency_key_answered", second.Header.Get("X-Request-Id"))
		clock.add(ledger.OnceFor)
		if err := g.srv.store.Forget(context.Background()); err != nil {
			t.Fatal(err)
		}
		if n := g.query("select count(*) from idempotency"); n != 0 {
			t.Errorf("%d keys are kept for longer than a day", n)
		}
	})
}

// TestA42_IdempotencyKeysAreBounded: a key may use so many names a day and no more,
// which stops nobody else; a flood leaves no more rows than that.
func TestA42_IdempotencyKeysAreBounded(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, db option) {
		clock := clockAt("2026-11-23T12:00:00Z")
		g := begin(t, onceConfig, db, by(clock))
		p, other := g.person(control.KeyChange{}), g.person(control.KeyChange{})
		at := clock.Now().Add(-time.Hour).UnixMicro()
		const free = 20
		numbers := "with recursive n(i) as (select 1 union all select i + 1 from n where i < ?) "
		g.exec(numbers+"insert into idempotency (key_id, token, body, request_id, hold_id, at) select ?, 'filled-' || i, 'b', 'r', '', ? from n", ledger.MaxOnce-free, p.keyID, at)
		var served, full int
		var mu sync.Mutex
		var wg sync.WaitGroup
		for i := range 2 * free {
			wg.Go(func() {
				a, err := g.try("POST", "/v1/chat/completions", p.key, chatBody(p, "paid", ""), key(fmt.Sprint("flood", i)))
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err != nil:
					t.Error(err)
				case a.Status == 200:
					served++
				case a.Status == 429 && a.errorField(t, "code") == "too_many_idempotency_keys" && a.Header.Get("X-Should-Retry") == "false":
					full++
				default:
					t.Errorf("%d %s", a.Status, a.Body)
				}
			})
		}
		wg.Wait()
		if n := g.query("select count(*) from idempotency where key_id = ?", p.keyID); served != free || full != free || n != ledger.MaxOnce || len(g.called()) != free {
			t.Errorf("%d served, %d refused, %d names, %d upstream calls", served, full, n, len(g.called()))
		}
		if a := g.chat(p, "paid", "", nil); a.Status != 200 {
			t.Errorf("without a name: %d %s", a.Status, a.Body)
		}
		if a := g.chat(p, "free", "", key("more")); a.Status != 200 {
			t.Errorf("free: %d %s", a.Status, a.Body)
		}
		if a := g.chat(p, "paid-then-free", "", key("more")); a.Status != 200 || a.Header.Get("X-Tollgate-Deployment") != "gpu/free" || a.Header.Get("X-Tollgate-Fallback") != "too_many_idempotency_keys; skipped=cloud/first" {
			t.Errorf("what costs first: %d %v %s", a.Status, a.Header, a.Body)
		}
		if a := g.chat(other, "paid", "", key("more")); a.Status != 200 {
			t.Errorf("somebody else: %d %s", a.Status, a.Body)
		}
		clock.add(ledger.OnceFor - time.Hour) // those that were filled in have run out
		if a := g.chat(p, "paid", "", key("more")); a.Status != 200 {
			t.Errorf("a day later: %d %s", a.Status, a.Body)
		}
	})
}

// TestT15_NeverWithoutTheBooks: the allowance for paid calls while the books do not
// answer is not for calls that must not be paid for twice.
func TestT15_NeverWithoutTheBooks(t *testing.T) {
	t.Parallel()
	g := begin(t, "when_books_are_down: { allow: 5 USD }\n"+onceConfig)
	p := g.person(control.KeyChange{})
	release := g.blockBooks()
	if a := g.chat(p, "paid", "", key("k")); a.Status != 503 || a.errorField(t, "code") != "books_unavailable" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if n := len(g.called()); n != 0 {
		t.Errorf("%d upstream calls", n)
	}
	release()
	g.settled()
	if a := g.chat(p, "paid", "", key("k")); a.Status != 200 {
		t.Errorf("when they are back: %d %s", a.Status, a.Body)
	}
}

// TestT15_OrphansKeepTheirName: what a process that died may have paid for is not paid
// for again.
func TestT15_OrphansKeepTheirName(t *testing.T) {
	t.Parallel()
	g := begin(t, onceConfig)
	p := g.person(control.KeyChange{})
	g.up.Set("paid", providertest.Script{Hang: true})
	g.up.Reset()
	body := chatBody(p, "paid", "")
	ctx, cancel := context.WithCancel(context.Background())
	req := must(http.NewRequestWithContext(ctx, "POST", g.url+"/v1/chat/completions", strings.NewReader(body)))(t)
	req.Header.Set("Authorization", "Bearer "+p.key)
	req.Header.Set("Idempotency-Key", "k")
	done := make(chan struct{})
	go func() {
		defer close(done)
		if res, err := g.client.Do(req); err == nil {
			_ = res.Body.Close()
		}
	}()
	g.arrived(1)
	r := &gate{t: t, up: g.up, client: g.client, logs: &logBuffer{}, db: g.copy(), config: g.config}
	r.run()
	defer r.stop()
	repeated(t, "after a crash", r.do("POST", "/v1/chat/completions", p.key, body, key("k")), 409, "idempotency_key_answered", "")
	r.audit()
	cancel()
	<-done
}
