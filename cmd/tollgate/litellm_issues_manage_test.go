package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/providers/providertest"
)

// manage makes a request of LiteLLM's management API with the master key. It must succeed.
func (g *gate) manage(call, body string) gjson.Result {
	g.t.Helper()
	method, path, _ := strings.Cut(call, " ")
	a := g.do(method, path, masterKey, body, nil)
	if a.Status != 200 {
		g.t.Fatalf("%s %s: %d %s", call, body, a.Status, a.Body)
	}
	return gjson.Parse(a.Body)
}

// keyed is somebody with a key that was made through LiteLLM's management API.
func (g *gate) keyed(body string) person {
	g.t.Helper()
	return person{key: g.manage("POST /key/generate", body).Get("key").String()}
}

// TestLiteLLM_37810_AKeyReadsItself (#32443, #20766): a key that is only for models may
// always look up itself and the models that it may use; and nothing of others.
func TestLiteLLM_37810_AKeyReadsItself(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	for _, body := range []string{`{"key_type":"llm_api"}`, `{"allowed_routes":["llm_api_routes"]}`, `{"allowed_routes":["/chat/completions"]}`, `{"key_type":"read_only"}`} {
		p := g.keyed(body)
		other := g.keyed("{}")
		for path, want := range map[string]int{"/key/info": 200, "/key/info?key=" + p.key: 200, "/v1/models": 200, "/models": 200, "/v1/models/free": 200, "/key/info?key=" + other.key: 403} {
			if a := g.do("GET", path, p.key, "", nil); a.Status != want {
				t.Errorf("%s: %s: %d %s", body, path, a.Status, a.Body)
			}
		}
		if a := g.do("POST", "/key/generate", p.key, "{}", nil); a.Status < 400 {
			t.Errorf("%s: it makes keys: %d %s", body, a.Status, a.Body)
		}
	}
}

// TestLiteLLM_38520_AKeysBudgetResets (#8364, #34270, #7129): what the management API says of
// a key's budget is what holds: spent is spent, the reset comes at the instant that was
// told, and the new window begins with nothing, in the answer as well.
func TestLiteLLM_38520_AKeysBudgetResets(t *testing.T) {
	t.Parallel()
	for duration, reset := range map[string]string{"1d": "2026-11-26T00:00:00Z", "7d": "2026-11-30T00:00:00Z", "30d": "2026-12-01T00:00:00Z", "1mo": "2026-12-01T00:00:00Z"} {
		clock := clockAt("2026-11-25T23:00:00Z")
		g := issues(t, issuesConfig, by(clock))
		p := g.keyed(fmt.Sprintf(`{"key_alias":"limited","max_budget":0.5,"budget_duration":%q}`, duration))
		info := func(field string) gjson.Result {
			return g.manage("GET /key/info?key="+p.key, "").Get("info." + field)
		}
		if at, err := time.Parse(time.RFC3339, info("budget_reset_at").String()); err != nil || !at.Equal(instant(reset)) {
			t.Errorf("%s: it is told to reset at %s", duration, info("budget_reset_at"))
		}
		g.up.Set("paid2", providertest.Script{PromptTokens: 10, CompletionTokens: 100_000})
		g.chat(p, "paid2", `"max_tokens":10`, nil)
		g.up.Set("paid2", providertest.Script{})
		if spend := info("spend").Float(); spend != 1.00001 {
			t.Errorf("%s: %v is told to be spent", duration, spend)
		}
		clock.set(instant(reset).Add(-time.Second))
		if a := g.chat(p, "paid", "", nil); a.Status != 429 {
			t.Errorf("%s: a second before: %d %s", duration, a.Status, a.Body)
		}
		clock.set(instant(reset))
		if spend := info("spend").Float(); spend != 0 {
			t.Errorf("%s: at the reset %v is told to be spent", duration, spend)
		}
		if a := g.chat(p, "paid", "", nil); a.Status != 200 {
			t.Errorf("%s: at the reset: %d %s", duration, a.Status, a.Body)
		}
	}
}

// TestLiteLLM_37736_ZeroOfAKey (#20640): a key with a budget of zero has the free models and
// no others; null is no limit; less than zero is refused.
func TestLiteLLM_37736_ZeroOfAKey(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	zero, none := g.keyed(`{"max_budget":0}`), g.keyed(`{"max_budget":null}`)
	for model, want := range map[string]int{"free": 200, "default": 200, "mixed": 200, "paid": 429} {
		if a := g.chat(zero, model, "", nil); a.Status != want {
			t.Errorf("zero, %s: %d %s", model, a.Status, a.Body)
		}
	}
	if a := g.chat(none, "paid", "", nil); a.Status != 200 {
		t.Errorf("none: %d %s", a.Status, a.Body)
	}
	if a := g.do("POST", "/key/generate", masterKey, `{"max_budget":-1}`, nil); a.Status != 400 && a.Status != 422 {
		t.Errorf("less than zero: %d %s", a.Status, a.Body)
	}
	// The limit is lifted by null, and by nothing else.
	g.manage("POST /key/update", fmt.Sprintf(`{"key":%q,"key_alias":"renamed"}`, zero.key))
	if a := g.chat(zero, "paid", "", nil); a.Status != 429 {
		t.Errorf("lifted by another change: %d %s", a.Status, a.Body)
	}
	g.manage("POST /key/update", fmt.Sprintf(`{"key":%q,"max_budget":null}`, zero.key))
	if a := g.chat(zero, "paid", "", nil); a.Status != 200 {
		t.Errorf("not lifted by null: %d %s", a.Status, a.Body)
	}
}

// TestLiteLLM_34270_AWindowForAnOldAccount: a budget that is given a window begins it with
// nothing, whatever was spent before there was one; without a window all that was spent counts,
// and so does what was spent in a period that goes on in another window.
func TestLiteLLM_34270_AWindowForAnOldAccount(t *testing.T) {
	t.Parallel()
	clock := clockAt("2026-11-25T12:00:00Z")
	g := issues(t, issuesConfig, by(clock))
	spends := func(key string) float64 { return g.manage("GET /key/info?key="+key, "").Get("info.spend").Float() }
	for _, c := range []struct {
		made  string
		then  []string // updates
		after bool     // what was spent is spent after them
	}{
		{`{}`, []string{`"max_budget":0.5,"budget_duration":"30d"`}, false},
		{`{"max_budget":0.5}`, []string{`"budget_duration":"30d"`}, false},
		{`{}`, []string{`"max_budget":0.5`}, true},
		{`{"max_budget":5,"budget_duration":"1d"}`, []string{`"budget_duration":"30d"`, `"max_budget":0.5`}, true},
		{`{"max_budget":5,"budget_duration":"1d"}`, []string{`"budget_duration":null`, `"max_budget":0.5`}, true},
		{`{}`, []string{`"max_budget":0.5,"budget_duration":"30d","spend":0.5`}, true},
	} {
		p := g.keyed(c.made)
		g.up.Set("paid", providertest.Script{PromptTokens: 10, CompletionTokens: 1000})
		if a := g.chat(p, "paid", `"max_tokens":1000`, nil); a.Status != 200 {
			t.Fatalf("%+v: %d %s", c, a.Status, a.Body)
		}
		g.up.Set("paid", providertest.Script{})
		for _, u := range c.then {
			g.manage("POST /key/update", fmt.Sprintf(`{"key":%q,%s}`, p.key, u))
		}
		if got := spends(p.key) > 0; got != c.after {
			t.Errorf("%+v: %v is told to be spent", c, spends(p.key))
		}
	}
}

// TestLiteLLMMaxBudgetIsTheOneOfThatName: a budget that another face gives a key beside its
// max_budget takes its place in no field.
func TestLiteLLMMaxBudgetIsTheOneOfThatName(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	p := g.keyed(`{"max_budget":1,"budget_duration":"1d"}`)
	k, _ := g.srv.control.KeyByDigest(access.DigestOf(p.key))
	limit := 7 * accounting.Dollar
	hourly := must(g.srv.control.CreateBudget(t.Context(), ledger.Budget{Kind: ledger.Key, Owner: k.ID, Limit: &limit, Window: ledger.Window{Unit: ledger.Hour}}))(t)
	g.manage("POST /key/update", fmt.Sprintf(`{"key":%q,"budget_duration":"30d"}`, p.key)) // it is made anew, after the other
	g.manage("POST /key/update", fmt.Sprintf(`{"key":%q,"max_budget":2}`, p.key))
	info := g.manage("GET /key/info?key="+p.key, "").Get("info")
	if info.Get("max_budget").Float() != 2 || info.Get("budget_duration").Str != "30d" || info.Get("budget_limits.0.max_budget").Float() != 7 {
		t.Errorf("%s", info)
	}
	if b, err := g.srv.control.Budget(hourly.ID); err != nil || *b.Limit != limit {
		t.Errorf("the other one: %+v, %v", b, err)
	}
}

// TestLiteLLM_24680_ARegeneratedKey (#35797): the secret before works for as long as the
// request said, and what was spent stays with the key.
func TestLiteLLM_24680_ARegeneratedKey(t *testing.T) {
	t.Parallel()
	clock := clockAt("2026-11-25T12:00:00Z")
	g := issues(t, issuesConfig, by(clock))
	old := g.keyed(`{"max_budget":1,"budget_duration":"30d","models":["free","paid"]}`)
	a := g.chat(old, "paid", "", nil)
	fresh := person{key: g.manage("POST /key/"+old.key+"/regenerate", `{"grace_period":"1h"}`).Get("key").String()}
	if fresh.key == "" || fresh.key == old.key {
		t.Fatalf("the new secret is %q", fresh.key)
	}
	for _, c := range []struct {
		who   person
		after time.Duration
		want  int
	}{{old, 0, 200}, {fresh, 0, 200}, {old, 2 * time.Hour, 401}, {fresh, 2 * time.Hour, 200}} {
		clock.set(instant("2026-11-25T12:00:00Z").Add(c.after))
		if a := g.chat(c.who, "free", "", nil); a.Status != c.want {
			t.Errorf("%v, after %s: %d %s", c.who == old, c.after, a.Status, a.Body)
		}
	}
	info := g.manage("GET /key/info?key="+fresh.key, "").Get("info")
	if info.Get("spend").Float() != float64(charged(t, a))/1e9 || info.Get("models").Raw != `["free","paid"]` || info.Get("max_budget").Float() != 1 {
		t.Errorf("%s", info)
	}
}

// TestLiteLLMWhatIsWrittenIsRead: a client that reads right after it has written, by
// the key or by its hash, reads what it wrote, and nothing that it did not.
func TestLiteLLMWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	made := g.manage("POST /key/generate", `{"key_alias":"a","metadata":{"x":{"y":[1,null]}},"duration":"30d"}`)
	for _, name := range []string{made.Get("key").String(), made.Get("token").String()} {
		info := g.manage("GET /key/info?key="+name, "").Get("info")
		if info.Get("key_alias").String() != "a" || info.Get("metadata.x").Raw != `{"y":[1,null]}` || info.Get("expires").String() == "" {
			t.Errorf("%s", info)
		}
		for _, field := range []string{"max_budget", "tpm_limit", "rpm_limit", "team_id", "organization_id", "budget_id", "budget_duration"} {
			if v := info.Get(field); v.Exists() && v.Type != gjson.Null {
				t.Errorf("nobody wrote %s, and it is %s", field, v.Raw)
			}
		}
		if strings.Contains(info.Raw, made.Get("key").String()) {
			t.Errorf("the secret is told again: %s", info)
		}
	}
	g.manage("POST /key/delete", fmt.Sprintf(`{"keys":[%q]}`, made.Get("token").String()))
	if a := g.do("GET", "/key/info?key="+made.Get("token").String(), masterKey, "", nil); a.Status != http.StatusNotFound || !strings.Contains(a.Body, "not found") {
		t.Errorf("it is still there, or it is not said in the words that clients look for: %d %s", a.Status, a.Body)
	}
}
