package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
	"tollgate/providers/wire"
)

// audited is start with a check of the books when the test ends.
func audited(t *testing.T, config string) *gate {
	t.Helper()
	g := start(t, config)
	t.Cleanup(g.audit)
	return g
}

const (
	// badCounters counts the counters that differ from the sum of their entries.
	badCounters = `select count(*) from counters c where c.posted != coalesce((
		select sum(e.cost) from entries e, json_each(e.claims) j
		where j.value ->> 'budget' = c.budget_id and j.value ->> 'account' = c.account_id and j.value ->> 'start' = c.period_start), 0)`
	// noCounter counts the claims of entries that no counter belongs to.
	noCounter = `select count(*) from entries e, json_each(e.claims) j where not exists (select 1 from counters c
		where j.value ->> 'budget' = c.budget_id and j.value ->> 'account' = c.account_id and j.value ->> 'start' = c.period_start)`
)

// audit checks what holds after every test: nothing is held, every counter is the
// sum of its entries, and the upstream's credential is in no log.
func (g *gate) audit() {
	g.t.Helper()
	g.settled()
	if n := g.query(badCounters); n != 0 {
		g.t.Errorf("%d counters are not the sum of their entries", n)
	}
	if n := g.query(noCounter); n != 0 {
		g.t.Errorf("%d claims of entries have no counter", n)
	}
	for _, d := range must(g.srv.store.Verify(context.Background()))(g.t).Differences {
		g.t.Errorf("verify: %s %s: expected %s, found %s", d.What, d.Where, d.Expected, d.Found)
	}
	if strings.Contains(g.logs.String(), upstreamKey) {
		g.t.Error("the upstream's credential is in the log")
	}
}

// settled waits until no call holds anything.
func (g *gate) settled() {
	g.t.Helper()
	g.eventually("no hold is open", func() bool {
		return g.query("select count(*) from holds") == 0 && g.query("select coalesce(sum(held), 0) from counters") == 0
	})
}

// books is where everything that a budget reads stands, as one comparable value.
type books struct{ posted, held, entries, holds int64 }

func (g *gate) books() books {
	g.t.Helper()
	return books{g.query("select coalesce(sum(posted), 0) from counters"), g.query("select coalesce(sum(held), 0) from counters"),
		g.query("select count(*) from entries"), g.query("select count(*) from holds")}
}

// posted is what has been posted to a budget, in nano-dollars.
func (g *gate) posted(b ledger.Budget) int64 {
	g.t.Helper()
	return g.query("select coalesce(sum(posted), 0) from counters where budget_id = ?", b.ID)
}

func (g *gate) held(b ledger.Budget) int64 {
	g.t.Helper()
	return g.query("select coalesce(sum(held), 0) from counters where budget_id = ?", b.ID)
}

// entries are what the books say of one request, oldest first.
func (g *gate) entries(requestID string) []control.EntryView {
	g.t.Helper()
	out := must(g.srv.control.Entries(context.Background(), control.EntryQuery{Request: requestID}))(g.t)
	slices.Reverse(out)
	return out
}

// entry is the one line of the books of a request.
func (g *gate) entry(requestID string) control.EntryView {
	g.t.Helper()
	all := g.entries(requestID)
	if len(all) != 1 {
		g.t.Fatalf("request %s has %d entries, want 1: %+v", requestID, len(all), all)
	}
	return all[0]
}

// operation is one way to ask a model for something.
type operation struct {
	name, path string
	stream     bool
	body       string // has the model and the end user for verbs
}

var operations = []operation{
	{"chat", "/v1/chat/completions", false, `{"model":%q,"user":%q,"messages":[{"role":"user","content":"hi"}]}`},
	{"chat stream", "/v1/chat/completions", true, `{"model":%q,"user":%q,"stream":true,"messages":[{"role":"user","content":"hi"}]}`},
	{"completions", "/v1/completions", false, `{"model":%q,"user":%q,"prompt":"hi"}`},
	{"completions stream", "/completions", true, `{"model":%q,"user":%q,"stream":true,"prompt":"hi"}`},
	{"embeddings", "/v1/embeddings", false, `{"model":%q,"user":%q,"input":"hi"}`},
	{"responses", "/v1/responses", false, `{"model":%q,"user":%q,"input":"hi"}`},
	{"responses stream", "/responses", true, `{"model":%q,"user":%q,"stream":true,"input":[{"role":"user","content":[{"type":"input_text","text":"hi"}]}]}`},
}

// ended says whether a streamed answer came to its end mark.
func (op operation) ended(a answer) bool {
	if strings.HasSuffix(op.path, "/responses") {
		return strings.Contains(a.Body, "\nevent: response.completed\n") && !strings.Contains(a.Body, "[DONE]")
	}
	return strings.HasSuffix(a.Body, "data: [DONE]\n\n")
}

func (g *gate) ask(op operation, p person, model string, h header) answer {
	g.t.Helper()
	return g.do("POST", op.path, p.key, fmt.Sprintf(op.body, model, p.endUser), h)
}

// called lists the upstream models that were called.
func (g *gate) called() []string {
	var out []string
	for _, c := range g.up.Calls() {
		if c.Method == "POST" && c.Path != "/api/show" {
			out = append(out, c.Model)
		}
	}
	return out
}

// line is the log line of a request.
func (g *gate) line(requestID string) map[string]any {
	g.t.Helper()
	for text := range strings.Lines(g.logs.String()) {
		if !strings.Contains(text, requestID) { // a log is long, and reading all of it slow
			continue
		}
		var v map[string]any
		if json.Unmarshal([]byte(text), &v) == nil && v["msg"] == "request" && v["request"] == requestID {
			return v
		}
	}
	g.t.Fatalf("request %s has no line in the log", requestID)
	return nil
}

// member reads a member of the error object.
func (a answer) member(t *testing.T, path ...string) any {
	t.Helper()
	var v any = a.json(t)["error"]
	for _, name := range path {
		m, ok := v.(map[string]any)
		if !ok {
			t.Fatalf("no %v in %s", path, a.Body)
		}
		v = m[name]
	}
	return v
}

func (a answer) texts(t *testing.T, path ...string) []string {
	t.Helper()
	list, ok := a.member(t, path...).([]any)
	if !ok {
		t.Fatalf("%v is no list in %s", path, a.Body)
	}
	out := []string{}
	for _, v := range list {
		out = append(out, fmt.Sprint(v))
	}
	return out
}

// live is a streamed answer that is read piece by piece.
type live struct {
	g      *gate
	res    *http.Response
	lines  *bufio.Scanner
	cancel context.CancelFunc
}

// open begins a call and returns when the head of its answer is there.
func (g *gate) open(p person, path, body string) *live {
	g.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	g.t.Cleanup(cancel)
	req := must(http.NewRequestWithContext(ctx, "POST", g.url+path, strings.NewReader(body)))(g.t)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+p.key)
	res := must(g.client.Do(req))(g.t)
	g.t.Cleanup(func() { _ = res.Body.Close() })
	return &live{g: g, res: res, lines: bufio.NewScanner(res.Body), cancel: cancel}
}

// next returns the payload of the next event, or "" at the end of the answer.
func (l *live) next() string {
	for l.lines.Scan() {
		if data, ok := strings.CutPrefix(l.lines.Text(), "data: "); ok {
			return data
		}
	}
	return ""
}

// rest reads to the end and returns the last payload.
func (l *live) rest() (last string) {
	for data := l.next(); data != ""; data = l.next() {
		last = data
	}
	return last
}

// events are the payloads of a whole streamed answer.
func (a answer) events() []string {
	var out []string
	for text := range strings.Lines(a.Body) {
		if data, ok := strings.CutPrefix(strings.TrimSpace(text), "data: "); ok {
			out = append(out, data)
		}
	}
	return out
}

// background makes a call that is not waited for; cancel is the client's leaving.
func (g *gate) background(p person, path, body string) (done <-chan answer, cancel context.CancelFunc) {
	g.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	g.t.Cleanup(cancel)
	req := must(http.NewRequestWithContext(ctx, "POST", g.url+path, strings.NewReader(body)))(g.t)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+p.key)
	ch := make(chan answer, 1)
	go func() {
		res, err := g.client.Do(req)
		if err != nil {
			ch <- answer{Body: err.Error()}
			return
		}
		defer res.Body.Close()
		var b strings.Builder
		for s := bufio.NewScanner(res.Body); s.Scan(); {
			b.WriteString(s.Text() + "\n")
		}
		ch <- answer{res.StatusCode, res.Header, b.String()}
	}()
	return ch, cancel
}

// aborted waits until the upstream has seen tollgate leave a call for a model.
func (g *gate) aborted(model string) {
	g.t.Helper()
	g.eventually("the upstream's call is aborted", func() bool {
		return slices.ContainsFunc(g.up.Calls(), func(c providertest.Call) bool { return c.Model == model && !c.Aborted.IsZero() })
	})
}

// arrived waits until so many calls have reached the upstream.
func (g *gate) arrived(n int) {
	g.t.Helper()
	g.eventually(fmt.Sprintf("%d calls reach the upstream", n), func() bool { return len(g.called()) >= n })
}

// bound is how many tokens the prompt of a body is taken for at most.
func bound(t *testing.T, body string) int64 {
	t.Helper()
	return must(wire.ReadParams(must(wire.ParseObject([]byte(body)))(t)))(t).InputBound
}

// broke brings a scope of a person to where nothing paid fits: zero, tight or spent.
func (g *gate) broke(p person, scope ledger.Kind, state string) {
	g.t.Helper()
	if state != "tight" {
		g.bring(p, scope, state)
		g.up.Set("paid2", providertest.Script{})
		return
	}
	g.budget(p, scope, "0.00001")
}

// window makes a budget of one account with a window of its own.
func (g *gate) window(k ledger.Kind, owner, limit string, w ledger.Window, models ...string) ledger.Budget {
	g.t.Helper()
	m := must(accounting.ParseMoney(limit))(g.t)
	return g.made(ledger.Budget{Kind: k, Owner: owner, Limit: &m, Window: w, Models: models})
}

func fallback(models ...string) control.KeyChange { return control.KeyChange{BudgetFallback: &models} }

// finishes waits for a call in the background.
func finishes(t *testing.T, ch <-chan answer) answer {
	t.Helper()
	select {
	case a := <-ch:
		return a
	case <-time.After(time.Minute):
		t.Fatal("the call never ended")
	}
	return answer{}
}
