package main

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/providers"
	"tollgate/providers/providertest"
)

// charged is what an answer says that its call cost, in nano-dollars.
func charged(t *testing.T, a answer) int64 {
	t.Helper()
	return int64(must(accounting.ParseMoney(a.Header.Get("X-Litellm-Response-Cost")))(t))
}

// TestLiteLLM_35531_SpendIsWritten (#38157, #34805, #34820, #27704, #6633): the books have
// every paid call with its request's id and what its caller was told, of every operation;
// a start of the program loses none and doubles none.
func TestLiteLLM_35531_SpendIsWritten(t *testing.T) {
	t.Parallel()
	config := strings.Replace(issuesConfig, "model_list:", `model_list:
  - model_name: "dear/*"
    litellm_params: { model: "openai/*", api_base: "UPSTREAM/v1", api_key: os.environ/CLOUD_KEY }
    model_info: { input_cost_per_token: 1e-6, output_cost_per_token: 1e-5 }`, 1)
	g := issues(t, config)
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.User, "1000")
	told, calls := int64(0), int64(0)
	for _, op := range []providers.Operation{providers.Chat, providers.Completions, providers.Embeddings, providers.Responses, providers.Messages, providers.Rerank} {
		a, err := g.each(p, op, everyOperation[op].path, "dear/m", "")
		if err != nil || a.Status != 200 {
			t.Fatalf("%s: %d %s %v", op, a.Status, a.Body, err)
		}
		e := g.entry(a.Header.Get("X-Request-Id"))
		if c := charged(t, a); c == 0 || int64(*e.Cost) != c || e.User != p.user || e.Key != p.keyID {
			t.Errorf("%s: told %d, booked %+v", op, c, e)
		}
		told, calls = told+charged(t, a), calls+1
	}
	g.restart()
	a := g.chat(p, "paid", "", nil)
	told, calls = told+charged(t, a), calls+1
	if got := g.posted(b); got != told {
		t.Errorf("%d posted, %d told", got, told)
	}
	if n := g.query("select count(*) from entries where request_id <> ''"); n != calls {
		t.Errorf("%d entries with a request's id, want %d", n, calls)
	}
}

// TestLiteLLM_26672_BudgetsHoldTogether (#34732, #40095): of many calls at once only as many
// begin as are sure to fit, and so it is at the first calls of an end user nobody has heard
// of.
func TestLiteLLM_26672_BudgetsHoldTogether(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	body := `{"model":"paid","max_tokens":100,"user":%q,"messages":[{"role":"user","content":"hi"}]}`
	limit := accounting.Money(3 * (bound(t, fmt.Sprintf(body, "unheard-of")) + 10*100) * 1000)
	g.up.Set("paid", providertest.Script{DelayHeaders: 100 * time.Millisecond, PromptTokens: 10, CompletionTokens: 100})
	for _, k := range []ledger.Kind{ledger.User, ledger.EndUser} {
		p := g.person(control.KeyChange{})
		p.endUser = "unheard-of"
		b := ledger.Budget{Kind: k, Owner: p.account(k), Limit: &limit, Window: ledger.Window{Unit: ledger.Month}}
		if k == ledger.EndUser {
			b.Owner, b.Each = "", true
		}
		b = must(g.srv.control.CreateBudget(t.Context(), b))(t)
		served := 0
		for _, a := range g.parallel(p, fmt.Sprintf(body, p.endUser), 20) {
			switch a.Status {
			case 200:
				served++
			case 429:
			default:
				t.Errorf("%d %s", a.Status, a.Body)
			}
		}
		if got := g.posted(b); served == 0 || served > 3 || got > int64(limit) {
			t.Errorf("%s: %d were served, %d posted of %d", k, served, got, limit)
		}
	}
}

// TestLiteLLM_27639_NothingStaysHeld (#30522, #27735, #40050, #38647): however a call ends,
// and however much it might have cost, it blocks nobody afterwards.
func TestLiteLLM_27639_NothingStaysHeld(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.Key, "1")
	long := strings.Repeat("word ", 40)
	for name, c := range map[string]struct {
		script providertest.Script
		extra  string
		leaves bool
	}{
		"it fails":               {providertest.Script{Status: 500, Body: "{}"}, "", false},
		"it is refused":          {providertest.Script{Status: 400, Body: "{}"}, "", false},
		"it is cut":              {providertest.Script{Text: long, CutAfter: 3}, `"stream":true`, false},
		"an error in the stream": {providertest.Script{Text: long, ErrorFrameAfter: 3}, `"stream":true`, false},
		"its client leaves":      {providertest.Script{Hang: true}, "", true},
		"in a stream":            {providertest.Script{Hang: true}, `"stream":true`, true},
		"absurd":                 {providertest.Script{}, `"max_tokens":1000000000`, false},
		"absurd in a stream":     {providertest.Script{}, `"max_tokens":1000000000,"stream":true`, false},
		"too slow":               {providertest.Script{Hang: true}, `"timeout":0.05`, false},
	} {
		g.mend()
		g.up.Reset()
		g.up.Set("paid", c.script)
		if c.leaves {
			_, cancel := g.background(p, "/v1/chat/completions", chatBody(p, "paid", c.extra))
			g.arrived(1)
			cancel()
		} else {
			g.chat(p, "paid", c.extra, nil)
		}
		g.eventually(name+": nothing is held", func() bool { return g.held(b) == 0 })
		g.up.Set("paid", providertest.Script{})
		g.mend()
		if a := g.chat(p, "paid", "", nil); a.Status != 200 {
			t.Errorf("%s: then %d %s", name, a.Status, a.Body)
		}
	}
}

// TestLiteLLM_8364_BudgetsReset (#7129, #5651, #16057, #24675, #34270, #32245, #38520): at
// the instant at which its window ends a budget of whatever scope is open again, and what
// was spent before is not in the new one; nothing has to run for it.
func TestLiteLLM_8364_BudgetsReset(t *testing.T) {
	t.Parallel()
	clock := clockAt("2026-11-25T23:59:30Z") // a Wednesday
	g := issues(t, issuesConfig, by(clock))
	for _, w := range []struct {
		text string
		end  string
	}{{"day", "2026-11-26T00:00:00Z"}, {"week", "2026-11-30T00:00:00Z"}, {"month", "2026-12-01T00:00:00Z"}} {
		for _, k := range ledger.Kinds() {
			if k == ledger.Gateway {
				continue // it would refuse all the others, and is no other case
			}
			clock.set(instant("2026-11-25T23:59:30Z"))
			p := g.person(control.KeyChange{})
			b := g.window(k, p.account(k), "0.5", must(ledger.ParseWindow(w.text))(t))
			g.up.Set("paid2", providertest.Script{PromptTokens: 10, CompletionTokens: 100_000})
			g.chat(p, "paid2", `"max_tokens":10`, nil)
			g.up.Set("paid2", providertest.Script{})
			end := instant(w.end)
			clock.set(end.Add(-time.Second))
			if a := g.chat(p, "paid", "", nil); a.Status != 429 || a.member(t, "budget", "resets_at") != w.end {
				t.Errorf("%s of each %s, a second before: %d %s", k, w.text, a.Status, a.Body)
			}
			clock.set(end)
			a := g.chat(p, "paid", "", nil)
			if a.Status != 200 {
				t.Errorf("%s of each %s, at its end: %d %s", k, w.text, a.Status, a.Body)
				continue
			}
			if got := g.postedIn(b, end); got != charged(t, a) {
				t.Errorf("%s of each %s: the new one begins with %d", k, w.text, got)
			}
		}
	}
	// A window that is added counts from nothing, and one of another length leaves the old.
	p := g.person(control.KeyChange{})
	old := g.window(ledger.User, p.user, "0.01", ledger.Window{Unit: ledger.Month})
	spent := charged(t, g.chat(p, "paid", `"max_tokens":10`, nil))
	added := g.window(ledger.User, p.user, "0.005", ledger.Window{Unit: ledger.Day})
	a := g.chat(p, "paid", `"max_tokens":10`, nil)
	if a.Status != 200 || g.posted(added) != charged(t, a) || g.posted(old) != spent+charged(t, a) {
		t.Errorf("%d %s: %d in the new one, %d in the old", a.Status, a.Body, g.posted(added), g.posted(old))
	}
}

// TestLiteLLM_SpendIsSetWhereEveryoneHasABudget: setting what an account has spent brings the
// budget that everybody of its kind has to where it is said, and never below: what was spent
// in other periods is no credit.
func TestLiteLLM_SpendIsSetWhereEveryoneHasABudget(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	p := g.person(control.KeyChange{})
	for range 3 { // counted by no budget
		if a := g.chat(p, "paid", "", nil); a.Status != 200 {
			t.Fatal(a.Body)
		}
	}
	limit := accounting.Dollar
	b := must(g.srv.control.CreateBudget(t.Context(), ledger.Budget{Kind: ledger.Key, Each: true, Limit: &limit, Window: ledger.Window{Unit: ledger.Month}}))(t)
	for _, row := range []struct {
		path, body string
		want       int64 // nano-dollars
	}{
		{"/key/update", fmt.Sprintf(`{"key":%q,"spend":0}`, p.key), 0},
		{"/key/update", fmt.Sprintf(`{"key":%q,"spend":0.5}`, p.key), 500_000_000},
		{"/key/" + p.key + "/reset_spend", `{"reset_to":0.25}`, 250_000_000},
		{"/global/spend/reset", `{}`, 0},
	} {
		if a := g.chat(p, "paid", "", nil); a.Status != 200 {
			t.Fatal(a.Body)
		}
		if a := g.do("POST", row.path, masterKey, row.body, nil); a.Status != 200 {
			t.Fatalf("%s: %d %s", row.path, a.Status, a.Body)
		}
		info := g.do("GET", "/key/info?key="+p.key, masterKey, "", nil).json(t)["info"].(map[string]any)
		if got := g.posted(b); got != row.want || info["spend"] != float64(row.want)/1e9 {
			t.Errorf("%s %s: %d posted, told %v, want %d", row.path, row.body, got, info["spend"], row.want)
		}
	}
}

// TestLiteLLM_22726_WhichBudget (#20615, #14144, #8451): who is refused is told which budget
// it was, what is spent of it and when it ends, and may ask beforehand; a budget that nobody
// made is no reason, such as one of the sessions of a user interface.
func TestLiteLLM_22726_WhichBudget(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	if all := g.srv.control.Budgets(); len(all) > 0 {
		t.Errorf("there are budgets that nobody made: %+v", all)
	}
	for _, k := range ledger.Kinds() {
		p := g.person(control.KeyChange{})
		b := g.budget(p, k, "0.5")
		g.up.Set("paid2", providertest.Script{PromptTokens: 10, CompletionTokens: 100_000})
		g.chat(p, "paid2", `"max_tokens":10`, nil)
		g.up.Set("paid2", providertest.Script{})
		a := g.chat(p, "paid", "", nil)
		if a.Status != 429 || a.member(t, "budget", "scope") != string(k) || a.member(t, "budget", "account") != p.account(k) || a.member(t, "budget", "id") != b.ID ||
			a.member(t, "budget", "limit") != "0.50" || a.member(t, "budget", "spent") != "1.00001" || !strings.HasSuffix(fmt.Sprint(a.member(t, "budget", "resets_at")), "T00:00:00Z") {
			t.Errorf("%s: %d %s", k, a.Status, a.Body)
		}
		if said := a.errorField(t, "message"); !strings.Contains(said, "1.00001") || !strings.Contains(said, "0.5") {
			t.Errorf("%s: %s", k, said)
		}
		if k != ledger.EndUser { // nobody is named when it is asked
			x := g.do("POST", "/api/v1/explain", masterKey, fmt.Sprintf(`{"key":%q,"model":"paid"}`, p.keyID), nil)
			if x.Status != 200 || !strings.Contains(x.Body, "is spent: 1.00001 of 0.50 USD per month; it resets at ") {
				t.Errorf("%s: explained as %d %s", k, x.Status, x.Body)
			}
		}
		if err := g.srv.control.DeleteBudget(t.Context(), b.ID); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLiteLLM_11083_BudgetsOfEndUsers (#15967, #31842): the budget of an end user holds from
// the first request on, however the person is named, and one for a single model does too.
func TestLiteLLM_11083_BudgetsOfEndUsers(t *testing.T) {
	t.Parallel()
	config := strings.Replace(issuesConfig, "general_settings:", "general_settings:\n  user_header_mappings: [{ header_name: X-OpenWebUI-User-Id, litellm_user_role: customer }]", 1)
	g := issues(t, config)
	p := g.person(control.KeyChange{})
	zero := accounting.Money(0)
	must(g.srv.control.CreateBudget(t.Context(), ledger.Budget{Kind: ledger.EndUser, Each: true, Limit: &zero, Models: []string{"paid"}, Window: ledger.Window{Unit: ledger.Month}}))(t)
	for i, c := range []struct {
		h    header
		body string
	}{
		{header{"x-litellm-customer-id": "NEW"}, ""}, {header{"x-litellm-end-user-id": "NEW"}, ""}, {header{"X-OpenWebUI-User-Id": "NEW"}, ""},
		{nil, `,"user":"NEW"`}, {nil, `,"litellm_metadata":{"user":"NEW"}`}, {nil, `,"metadata":{"user_id":"NEW"}`}, {nil, `,"safety_identifier":"NEW"`},
	} {
		name := fmt.Sprintf("new-%d", i)
		h := header{}
		for k, v := range c.h {
			h[k] = strings.Replace(v, "NEW", name, 1)
		}
		for model, want := range map[string]int{"paid": 429, "paid2": 200, "free": 200} {
			a := g.do("POST", "/v1/chat/completions", p.key, fmt.Sprintf(`{"model":%q,"messages":[{"role":"user","content":"hi"}]%s}`, model, strings.Replace(c.body, "NEW", name, 1)), h)
			if a.Status != want || want == 429 && a.member(t, "budget", "account") != name {
				t.Errorf("%v %s, %s: %d %s", c.h, c.body, model, a.Status, a.Body)
			}
		}
	}
}

// TestLiteLLM_6215_CachedTokens (#14849, #9812, #11789, #40006): tokens that come from a
// cache are charged once and at their own rate, whether the upstream counts them among the
// input, as OpenAI does, or beside it, as Anthropic does.
func TestLiteLLM_6215_CachedTokens(t *testing.T) {
	t.Parallel()
	config := strings.Replace(issuesConfig, "model_list:", `model_list:
  - model_name: cached
    litellm_params: { model: openai/cached, api_base: "UPSTREAM/v1", api_key: os.environ/CLOUD_KEY }
    model_info: { input_cost_per_token: 1e-6, output_cost_per_token: 1e-5, cache_read_input_token_cost: 1e-7 }`, 1)
	g := issues(t, config)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "1000")
	const want = 600*1000 + 400*100 + 20*10_000
	for _, c := range []struct {
		path, body string
		beside     bool
	}{
		{"/v1/chat/completions", `"messages":[{"role":"user","content":"hi"}]`, false},
		{"/v1/responses", `"input":"hi"`, false},
		{"/v1/messages", `"max_tokens":100,"messages":[{"role":"user","content":"hi"}]`, true},
	} {
		g.up.Set("cached", providertest.Script{PromptTokens: 1000, CachedTokens: 400, CompletionTokens: 20, CacheBeside: c.beside})
		for _, stream := range []bool{false, true} {
			a := g.do("POST", c.path, p.key, fmt.Sprintf(`{"model":"cached",%s,"stream":%v}`, c.body, stream), nil)
			if e := g.entry(a.Header.Get("X-Request-Id")); a.Status != 200 || e.Cost == nil || int64(*e.Cost) != want {
				t.Errorf("%s, stream %v: %d, %+v, want %d", c.path, stream, a.Status, e, want)
			}
		}
	}
}

// TestLiteLLM_13264_StreamsAreCounted (#9657, #5632): usage is asked for whether or not the
// client does, and shown only if it does; where none is reported it is counted here, and is
// never nothing.
func TestLiteLLM_13264_StreamsAreCounted(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.Team, "1000")
	for _, extra := range []string{"", `,"stream_options":{"include_usage":true}`} {
		g.up.Set("paid", providertest.Script{PromptTokens: 100, CompletionTokens: 20})
		a := g.chat(p, "paid", `"stream":true`+extra, nil)
		if e := g.entry(a.Header.Get("X-Request-Id")); int64(*e.Cost) != 100*inputRate+20*outputRate || strings.Contains(a.Body, "prompt_tokens") != (extra != "") {
			t.Errorf("%s: %+v: %s", extra, e, a.Body)
		}
		g.up.Set("paid", providertest.Script{NoUsage: true, Text: strings.Repeat("answer ", 200)})
		before := g.posted(b)
		g.chat(p, "paid", `"stream":true`+extra, nil)
		g.settled()
		if got := g.posted(b) - before; got < 150*outputRate || got > 300*outputRate {
			t.Errorf("%s: 200 words that nobody counted are posted at %d", extra, got)
		}
	}
}

// TestLiteLLM_3341_AClientThatLeaves (#8754, #13774, #17364, #37140): the engine stops when
// nobody listens, and what it had made is charged.
func TestLiteLLM_3341_AClientThatLeaves(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	for _, model := range []string{"paid", "free"} {
		p := g.person(control.KeyChange{})
		b := g.budget(p, ledger.User, "5")
		g.up.Set(model, providertest.Script{Text: strings.Repeat("word ", 400), Chunks: 40, HangAfter: 20})
		g.up.Reset()
		l := g.open(p, "/v1/chat/completions", chatBody(p, model, `"stream":true`))
		for range 20 {
			l.next()
		}
		l.cancel()
		g.aborted(model)
		g.settled()
		if model == "free" {
			if got := g.posted(b); got != 0 {
				t.Errorf("%d posted for a free one", got)
			}
			continue
		}
		g.eventually("it is charged", func() bool { return g.posted(b) > 150*outputRate })
		g.up.Set(model, providertest.Script{Hang: true})
		g.up.Reset()
		_, cancel := g.background(p, "/v1/chat/completions", chatBody(p, model, ""))
		g.arrived(1)
		cancel()
		g.aborted(model) // of a whole answer, too
	}
}

// TestLiteLLM_6957_FallbacksOfStreams (#19077, #28216, #29808, #38606): what fails before its
// first token is taken over by what stands behind it; what has begun ends with an error in
// the stream and with nothing of another model; who forbids fallbacks gets none.
func TestLiteLLM_6957_FallbacksOfStreams(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	p := g.person(control.KeyChange{})
	down := providertest.Script{Status: 503, Body: `{"error":{"message":"down"}}`}
	cut := providertest.Script{Text: "one two three four", CutAfter: 2}
	fault := providertest.Script{Text: "one two three four", ErrorFrameAfter: 2}
	for name, c := range map[string]struct {
		script providertest.Script
		extra  string
		status int
		asked  []string
		whole  bool
	}{
		"before the first token": {down, "", 200, []string{"fragile", "paid"}, true},
		"forbidden":              {down, `,"disable_fallbacks":true`, 503, []string{"fragile"}, false},
		"cut":                    {cut, "", 200, []string{"fragile"}, false},
		"an error in the stream": {fault, "", 200, []string{"fragile"}, false},
	} {
		g.mend()
		g.up.Reset()
		g.up.Set("fragile", c.script)
		a := g.chat(p, "fragile", `"stream":true`+c.extra, nil)
		if a.Status != c.status || !slices.Equal(g.called(), c.asked) || strings.Contains(a.Body, "[DONE]") != c.whole || !c.whole && !strings.Contains(a.Body, `"error"`) {
			t.Errorf("%s: %d after %v: %s", name, a.Status, g.called(), a.Body)
		}
	}
}

// TestLiteLLM_10555_LimitsAreExact (#18953, #24677, #17706): as many requests pass as the
// limit says and no fewer, tokens are refused when they are used up and not before, and what
// /v1/responses uses counts.
func TestLiteLLM_10555_LimitsAreExact(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	for _, op := range []operation{operations[0], operations[1], operations[5], operations[6]} {
		p := g.person(control.KeyChange{})
		g.limit(per(ledger.Key, p.keyID, 5, -1, -1))
		for i := range 6 {
			if a := g.ask(op, p, "free", nil); (a.Status == 200) != (i < 5) {
				t.Errorf("%s: request %d of 5: %d %s", op.name, i+1, a.Status, a.Body)
			}
		}
		// Four calls of 2500 tokens are what 10,000 a minute allow.
		q := g.person(control.KeyChange{})
		g.limit(per(ledger.Key, q.keyID, -1, 10_000, -1))
		g.up.Set("free", providertest.Script{PromptTokens: 2000, CompletionTokens: 500})
		passed := 0
		for range 6 {
			if g.ask(op, q, "free", nil).Status == 200 {
				passed++
			}
		}
		if passed < 4 || passed > 5 { // a little comes back meanwhile
			t.Errorf("%s: %d calls passed", op.name, passed)
		}
		g.up.Set("free", providertest.Script{})
	}
}

// TestLiteLLM_4148_SlotsComeBack (#10052, #3788): a stream that its client or its engine
// breaks off leaves its place to the next.
func TestLiteLLM_4148_SlotsComeBack(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	p := g.person(control.KeyChange{})
	g.limit(per(ledger.Key, p.keyID, -1, -1, 1))
	for range 3 {
		g.mend()
		g.up.Set("free", providertest.Script{Text: "one two three", HangAfter: 1})
		l := g.open(p, "/v1/chat/completions", chatBody(p, "free", `"stream":true`))
		l.next()
		if a := g.chat(p, "gpu/free2", "", nil); a.Status != 429 {
			t.Errorf("two at once: %d %s", a.Status, a.Body)
		}
		l.cancel()
		g.eventually("the place is free", func() bool { return g.chat(p, "gpu/free2", "", nil).Status == 200 })
		g.up.Set("free", providertest.Script{Text: "one two three", CutAfter: 1})
		g.chat(p, "free", `"stream":true`, nil)
		g.eventually("the place is free again", func() bool { return g.chat(p, "gpu/free2", "", nil).Status == 200 })
	}
}

// TestLiteLLM_3646_WhatFailsComesBack (#40130, #8668): a deployment that is left out after
// failures is tried again by itself, though it is the only one, and one whose callers err is
// not left out.
func TestLiteLLM_3646_WhatFailsComesBack(t *testing.T) {
	t.Parallel()
	clock := clockAt("2026-11-25T12:00:00Z")
	g := issues(t, issuesConfig, by(clock))
	p := g.person(control.KeyChange{})
	g.up.Set("free", providertest.Script{Status: 400, Body: `{"error":{"message":"no"}}`})
	for range 20 {
		if a := g.chat(p, "free", "", nil); a.Status != 400 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	g.up.Set("free", providertest.Script{Status: 500, Body: "{}"})
	for range 20 {
		g.chat(p, "free", "", nil)
	}
	g.up.Set("free", providertest.Script{})
	a := g.chat(p, "free", "", nil)
	if a.Status != 503 || a.Header.Get("Retry-After") == "" {
		t.Errorf("it says nothing of when to return: %d %v", a.Status, a.Header)
	}
	clock.add(2 * time.Minute)
	if a := g.chat(p, "free", "", nil); a.Status != 200 {
		t.Errorf("it is never tried again: %d %s", a.Status, a.Body)
	}
}

// TestLiteLLM_20697_TheDatabaseIsDown: what is free is served while the books do not answer,
// what costs says so at once, and afterwards all is as before.
func TestLiteLLM_20697_TheDatabaseIsDown(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "5")
	release := g.blockBooks()
	if a := g.chat(p, "paid", "", nil); a.Status != 503 || a.errorField(t, "type") != "no_db_connection" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	for _, model := range []string{"free", "default", "gpu/x", "mixed"} {
		if a := g.chat(p, model, "", nil); a.Status != 200 {
			t.Errorf("%s: %d %s", model, a.Status, a.Body)
		}
	}
	release()
	g.eventually("it is served again", func() bool { return g.chat(p, "paid", "", nil).Status == 200 })
}

// TestLiteLLM_15641_PromptsAreNotKept: neither the database nor the log has a word of what
// was asked or answered.
func TestLiteLLM_15641_PromptsAreNotKept(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	p := g.person(control.KeyChange{})
	g.up.Set("paid", providertest.Script{Text: "canary-of-the-answer"})
	for _, stream := range []bool{false, true} {
		body := fmt.Sprintf(`{"model":"paid","stream":%v,"messages":[{"role":"user","content":"canary-of-the-prompt"}],"metadata":{"x":"canary-of-metadata"}}`, stream)
		if a := g.do("POST", "/v1/chat/completions", p.key, body, nil); a.Status != 200 {
			t.Fatal(a.Body)
		}
	}
	g.settled()
	kept := g.logs.String()
	for _, file := range []string{g.db, g.db + "-wal"} {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		kept += string(b)
	}
	if !strings.Contains(kept, p.keyID) {
		t.Error("this looks at the wrong files")
	}
	if strings.Contains(kept, "canary-of-") {
		t.Error("something of the call is kept")
	}
}

// TestLiteLLM_39757_ErrorsTellNoSecrets (#36729): a refusal names no table and no digest, and
// repeats no key.
func TestLiteLLM_39757_ErrorsTellNoSecrets(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	p := g.person(control.KeyChange{Models: &[]string{"free"}})
	g.up.Set("free", providertest.Script{Status: 500, Body: "{}"})
	const stranger = "sk-of-somebody-who-is-not-known-here"
	digest := access.DigestOf(p.key).String()
	for _, a := range []answer{
		g.do("POST", "/v1/chat/completions", stranger, chatBody(p, "free", ""), nil), g.do("GET", "/v1/models", stranger, "", nil),
		g.chat(p, "paid", "", nil), g.chat(p, "nothing", "", nil), g.chat(p, "free", "", nil), g.do("GET", "/api/v1/verify", p.key, "", nil),
		g.do("POST", "/v1/chat/completions", p.key, "{", nil),
	} {
		if a.Status < 400 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		for _, secret := range []string{stranger, p.key, digest, masterKey, "LiteLLM_", "sqlite", "SELECT", "select ", ".go:", "goroutine", "127.0.0.1"} {
			if strings.Contains(a.Body, secret) {
				t.Errorf("it tells %s: %s", secret, a.Body)
			}
		}
	}
}

// TestLiteLLM_CVE_2026_42208_KeysAreNoQuery: whatever is sent as a key is looked up and never
// part of a statement.
func TestLiteLLM_CVE_2026_42208_KeysAreNoQuery(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	p := g.person(control.KeyChange{})
	for _, key := range []string{"' or '1'='1", "sk-' or 1=1 --", "sk-x'; drop table keys; --", `sk-" or ""="`, "sk-%27%20or%201=1", "sk-*", "sk-%", "sk-_", p.keyID} {
		for _, name := range []string{"Authorization", "X-Api-Key", "X-Litellm-Api-Key"} {
			value := key
			if name == "Authorization" {
				value = "Bearer " + key
			}
			if a := g.do("GET", "/v1/models", "", "", header{name: value}); a.Status != 401 {
				t.Errorf("%s: %s: %d %s", name, value, a.Status, a.Body)
			}
		}
	}
	if a := g.chat(p, "free", "", nil); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// TestLiteLLM_CVE_2026_49468_OnlyThePathDecides: no Host header, and nothing else that a
// client says of where it wants to go, makes a route open that is not.
func TestLiteLLM_CVE_2026_49468_OnlyThePathDecides(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	p := g.person(control.KeyChange{})
	for _, host := range []string{"x/health/liveliness?", "health", "localhost/v1/models", "x#/health/readiness"} {
		for _, key := range []string{"", p.key} {
			req := must(http.NewRequest("GET", g.url+"/api/v1/verify", nil))(t)
			req.Host = host
			req.Header.Set("X-Original-Url", "/health/liveliness")
			req.Header.Set("X-Forwarded-Prefix", "/health/liveliness")
			if key != "" {
				req.Header.Set("Authorization", "Bearer "+key)
			}
			res, err := g.client.Do(req)
			if err != nil {
				continue // such a Host is not even sent
			}
			_ = res.Body.Close()
			if res.StatusCode < 400 {
				t.Errorf("Host %s, key %q: %d", host, key, res.StatusCode)
			}
		}
	}
	for _, path := range []string{"/health/liveliness/../../api/v1/verify", "//api/v1/verify", "/api/v1/verify/../verify", "/health/liveliness%2f..%2f..%2fapi%2fv1%2fverify", "/api/v1/verify;/health/liveliness", "/api/v1/verify?/health/liveliness"} {
		if a := g.do("GET", path, "", "", nil); a.Status < 400 {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
}

// TestLiteLLM_12159_NamesMakeNoSeries (#35666, #19393): what clients make up is no label of a
// metric.
func TestLiteLLM_12159_NamesMakeNoSeries(t *testing.T) {
	t.Parallel()
	g := issues(t, strings.Replace(issuesConfig, "litellm_settings:", "litellm_settings:\n  callbacks: [prometheus]", 1))
	p := g.person(control.KeyChange{})
	series := func() int {
		n := 0
		for line := range strings.Lines(string(must(g.srv.metrics.Write())(t))) {
			if !strings.HasPrefix(line, "#") {
				n++
			}
		}
		return n
	}
	call := func(name string) {
		g.do("POST", "/v1/chat/completions", p.key, fmt.Sprintf(`{"model":%q,"user":%q,"messages":[]}`, name, name), header{"User-Agent": name, "X-Litellm-Customer-Id": name})
		g.do("POST", "/v1/chat/completions", p.key, fmt.Sprintf(`{"model":"free","user":%q,"metadata":{"tags":[%q]},"messages":[{"role":"user","content":"x"}]}`, name, name), nil)
		g.do("GET", "/"+name, p.key, "", nil)
		g.do("GET", "/v1/models", "sk-"+name, "", nil)
	}
	call("first")
	before := series()
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 10 {
				call(fmt.Sprintf("made-up-%d-%d", w, i))
			}
		})
	}
	wg.Wait()
	if now := series(); now != before {
		t.Errorf("%d series, and %d after made-up names", before, now)
	}
}

// TestLiteLLM_20640_ZeroIsALimit (#37736): a limit of zero allows what is free and nothing
// else, no limit allows everything, and less than zero is a mistake that is told of.
func TestLiteLLM_20640_ZeroIsALimit(t *testing.T) {
	t.Parallel()
	user := strings.Replace(issuesConfig, "litellm_settings:", "litellm_settings:\n  max_internal_user_budget: 0\n  internal_user_budget_duration: 30d", 1)
	g := issues(t, user)
	p := g.person(control.KeyChange{})
	for model, want := range map[string]int{"free": 200, "mixed": 200, "paid": 429} {
		if a := g.chat(p, model, "", nil); a.Status != want {
			t.Errorf("a zero for everybody, %s: %d %s", model, a.Status, a.Body)
		}
	}
	none := issues(t, strings.Replace(issuesConfig, "litellm_settings:", "litellm_settings:\n  max_internal_user_budget: null", 1))
	q := none.person(control.KeyChange{})
	if a := none.chat(q, "paid", "", nil); a.Status != 200 {
		t.Errorf("no limit: %d %s", a.Status, a.Body)
	}
	less := accounting.Money(-1)
	if _, err := g.srv.control.CreateBudget(t.Context(), ledger.Budget{Kind: ledger.Key, Owner: p.keyID, Limit: &less, Window: ledger.Window{Unit: ledger.Month}}); err == nil {
		t.Error("a budget below zero")
	}
}

// TestLiteLLM_35797_AKeyThatIsReplaced (#24680, #22756): a key that gets another secret works
// with the one before as long as it was told to, and no longer.
func TestLiteLLM_35797_AKeyThatIsReplaced(t *testing.T) {
	t.Parallel()
	clock := clockAt("2026-11-25T12:00:00Z")
	g := issues(t, issuesConfig, by(clock))
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.Key, "1")
	spent := charged(t, g.chat(p, "paid", "", nil))
	_, fresh, err := g.srv.control.RotateKey(t.Context(), p.keyID, control.KeySecret{}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	next := p
	next.key = fresh
	for _, c := range []struct {
		who   person
		after time.Duration
		want  int
	}{{p, 0, 200}, {next, 0, 200}, {p, 2 * time.Hour, 401}, {next, 2 * time.Hour, 200}} {
		clock.set(instant("2026-11-25T12:00:00Z").Add(c.after))
		if a := g.chat(c.who, "paid", "", nil); a.Status != c.want {
			t.Errorf("%s, after %s: %d %s", c.who.key[:8], c.after, a.Status, a.Body)
		}
	}
	if got := g.query("select coalesce(sum(posted), 0) from counters"); got != 4*spent {
		t.Errorf("%d posted by both secrets, want %d", got, 4*spent)
	}
}

// TestLiteLLM_34241_NothingNeedsALicence (#25762, #29676, #31734, #16866): more than five
// people, in teams and organizations with roles, are made like the first.
func TestLiteLLM_34241_NothingNeedsALicence(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	for range 12 {
		p := g.person(control.KeyChange{})
		if a := g.chat(p, "free", "", nil); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
}
