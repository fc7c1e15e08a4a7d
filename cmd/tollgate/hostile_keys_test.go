package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// keyHeaders are all headers that a key may come in, each with a key in its way.
var keyHeaders = map[string]func(key string) string{
	"Authorization": func(key string) string { return "Bearer " + key }, "X-Api-Key": plainKey, "Api-Key": plainKey, "X-Goog-Api-Key": plainKey, "Ocp-Apim-Subscription-Key": plainKey,
	"X-Litellm-Api-Key": func(key string) string { return "Bearer " + key },
}

func plainKey(key string) string { return key }

// TestA7_OneDoor: whatever restricts a key does so by whichever header it comes, and beside a
// key of somebody else it is no key at all. Nothing that is refused is sent.
func TestA7_OneDoor(t *testing.T) {
	t.Parallel()
	clock := clockAt("2026-11-25T12:00:00Z")
	g := begin(t, upstreamConfig, by(clock))
	yes, soon := true, clock.Now().Add(time.Minute)
	open := g.person(control.KeyChange{})
	poor := g.person(control.KeyChange{})
	g.budget(poor, ledger.Key, "0")
	hurried := g.person(control.KeyChange{})
	g.limit(per(scope.Key, hurried.keyID, 0, -1, -1))
	restricted := map[string]struct {
		key, model string
		status     int
		code       string
	}{
		"kept to a model":  {g.person(control.KeyChange{Models: &[]string{"free"}}).key, "paid", 403, "model_not_allowed"},
		"kept to a route":  {g.person(control.KeyChange{Routes: &[]string{access.ReadWord}}).key, "free", 403, "route_not_allowed"},
		"blocked":          {g.person(control.KeyChange{Blocked: &yes}).key, "free", 401, "blocked_api_key"},
		"expired":          {g.person(control.KeyChange{Expires: &soon}).key, "free", 401, "expired_api_key"},
		"without money":    {poor.key, "paid", 429, "budget_exceeded"},
		"over its limit":   {hurried.key, "free", 429, "rate_limit_exceeded"},
		"of nobody at all": {strings.Repeat("x", 40), "free", 401, "invalid_api_key"},
	}
	ways := map[string]string{"/v1/chat/completions": `{"model":"NAME","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}`, "/v1/embeddings": `{"model":"NAME","input":"hi"}`}
	for name, in := range keyHeaders {
		for path, body := range ways {
			if a := g.do("POST", path, "", strings.ReplaceAll(body, "NAME", "paid"), header{name: in(open.key)}); a.Status != 200 {
				t.Errorf("%s in %s: %d %s", path, name, a.Status, a.Body)
			}
		}
	}
	clock.add(time.Minute)
	g.up.Reset()
	for what, r := range restricted {
		for name, in := range keyHeaders {
			for path, body := range ways {
				body = strings.ReplaceAll(body, "NAME", r.model)
				if a := g.do("POST", path, "", body, header{name: in(r.key)}); a.Status != r.status || a.errorField(t, "code") != r.code {
					t.Errorf("%s, %s in %s: %d %s", what, path, name, a.Status, a.Body)
				}
			}
			for other, in2 := range keyHeaders {
				if other == name {
					continue
				}
				a := g.do("POST", "/v1/chat/completions", "", chatBody(open, r.model, ""), header{name: in(r.key), other: in2(open.key)})
				if a.Status != 400 || a.errorField(t, "code") != "two_api_keys" {
					t.Errorf("%s in %s and another key in %s: %d %s", what, name, other, a.Status, a.Body)
				}
			}
		}
	}
	if n := len(g.up.Calls()); n != 0 {
		t.Errorf("%d calls reached the upstream", n)
	}
}

// TestA9_WhoPays: whoever a request says that it is for, the books have it down to its key,
// and to that key's person and team; another's budget is not touched without the right to
// name him.
func TestA9_WhoPays(t *testing.T) {
	t.Parallel()
	for mode, config := range map[string]string{"tollgate": upstreamConfig, "litellm": likeLiteLLM} {
		g := audited(t, config)
		victim, p := g.person(control.KeyChange{}), g.person(control.KeyChange{})
		no := false
		must(g.srv.control.UpdateKey(t.Context(), p.keyID, control.KeyChange{EndUsers: &no}))(t)
		var theirs []ledger.Budget
		for _, k := range []ledger.Kind{ledger.User, ledger.Team, ledger.Org, ledger.Key} {
			theirs = append(theirs, g.budget(victim, k, "5"))
		}
		if mode == "tollgate" { // LiteLLM lets every key name whom a call is for
			theirs = append(theirs, g.budget(victim, ledger.EndUser, "5"), g.budget(victim, ledger.Tag, "5"))
		}
		mine := g.budget(p, ledger.User, "5")
		who := strings.NewReplacer("USER", victim.user, "TEAM", victim.team, "ORG", victim.org, "KEYID", victim.keyID, "HASH", access.DigestOf(victim.key).String(), "END", victim.endUser, "TAG", victim.tag)
		calls := int64(0)
		ask := func(extra string, h header) {
			t.Helper()
			for name, v := range h {
				h[name] = who.Replace(v)
			}
			body := `{"model":"paid","max_tokens":5,"messages":[{"role":"user","content":"hi"}]` + who.Replace(extra) + `}`
			if a := g.do("POST", "/v1/chat/completions", p.key, body, h); a.Status == 200 {
				calls++
			} else if a.Status != 400 {
				t.Errorf("%s, %s %v: %d %s", mode, extra, h, a.Status, a.Body)
			}
		}
		for _, extra := range []string{
			"", `,"user":"END"`, `,"user":"USER"`, `,"safety_identifier":"END"`, `,"user_id":"USER"`, `,"team_id":"TEAM"`, `,"organization_id":"ORG"`, `,"key":"HASH"`,
			`,"metadata":{"user_id":"END","user_api_key":"HASH","user_api_key_user_id":"USER","user_api_key_team_id":"TEAM","user_api_key_org_id":"ORG","tags":["TAG"]}`,
			`,"litellm_metadata":{"user_api_key_user_id":"USER","user_api_key_team_id":"TEAM","user_api_key_hash":"HASH"}`,
			`,"proxy_server_request":{"body":{"user":"USER"}},"user_api_key_dict":{"user_id":"USER","team_id":"TEAM"}`,
		} {
			ask(extra, nil)
		}
		for _, name := range []string{"X-Tollgate-End-User", "X-Tollgate-Tags", "X-OpenWebUI-User-Id", "X-OpenWebUI-User-Email", "X-Litellm-Customer-Id", "X-Litellm-End-User-Id", "X-Litellm-Tags", "X-Litellm-User-Id",
			"X-Litellm-Team-Id", "X-User-Id", "X-Team-Id", "X-Remote-User", "X-Forwarded-User", "Openai-Organization", "Openai-Project"} {
			for _, v := range []string{"END", "USER", "TEAM", "TAG", "HASH"} {
				ask("", header{name: v})
			}
		}
		g.settled()
		if n := g.query("select count(*) from entries where key_id = ? and user_id = ? and team_id = ?", p.keyID, p.user, p.team); n != calls || calls < 60 {
			t.Errorf("%s: %d entries are the key's own, of %d calls", mode, n, calls)
		}
		if n := g.query("select count(*) from entries where key_id <> ? or end_user <> ''", p.keyID); mode == "tollgate" && n != 0 {
			t.Errorf("%d entries are somebody else's", n)
		}
		for _, b := range theirs {
			if n := g.posted(b); n != 0 {
				t.Errorf("%s: %d of another's %s budget", mode, n, b.Kind)
			}
		}
		if n := g.query("select sum(cost) from entries"); g.posted(mine) != n || n == 0 {
			t.Errorf("%s: %d of one's own budget, %d spent", mode, g.posted(mine), n)
		}
	}
}

// TestA48_NoKeyAsksTheDatabase: whatever stands for a key, it is known to be none, or to be
// one, without a word to the database, which is gone here.
func TestA48_NoKeyAsksTheDatabase(t *testing.T) {
	t.Parallel()
	g := start(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	fresh, err := access.NewKey(strings.NewReader(strings.Repeat("another key, of nobody ", 10)))
	if err != nil {
		t.Fatal(err)
	}
	if err := g.srv.store.Close(); err != nil {
		t.Fatal(err)
	}
	wrong := []string{"", " ", "\t", "sk-tg-", fresh, p.key[:len(p.key)-1], p.key + "x", p.key[:10] + "é" + p.key[11:], strings.ToUpper(p.key), access.DigestOf(p.key).String(), p.keyID, "null", "undefined", "Bearer " + p.key,
		"' or 1=1 --", "%", "*", strings.NewReplacer("s", "ѕ", "k", "к").Replace(p.key), strings.Repeat("k", access.MaxCredential), strings.Repeat(".", 20<<10), "sk-1234567890abcdef", p.key + "," + p.key}
	for name, in := range keyHeaders {
		for _, key := range wrong {
			if key == "Bearer "+p.key && name == "X-Litellm-Api-Key" {
				continue // where it is in order
			}
			for _, ask := range []struct{ method, path, body string }{{"GET", "/v1/models", ""}, {"POST", "/v1/chat/completions", chatBody(p, "free", "")}, {"GET", "/api/v1/keys", ""}} {
				a := g.do(ask.method, ask.path, "", ask.body, header{name: in(key)})
				if code := a.errorField(t, "code"); a.Status != 401 || !slices.Contains([]string{"invalid_api_key", "missing_api_key"}, code) {
					t.Errorf("%s with %.40q in %s: %d %s", ask.path, key, name, a.Status, a.Body)
				}
			}
		}
		if a := g.do("POST", "/v1/chat/completions", "", chatBody(p, "free", ""), header{name: in(p.key)}); a.Status != 200 {
			t.Errorf("the key itself in %s: %d %s", name, a.Status, a.Body)
		}
	}
	if n := len(g.up.CallsTo("/v1/chat/completions")); n != len(keyHeaders) {
		t.Errorf("%d calls reached the upstream", n)
	}
	if text := g.logs.String(); strings.Contains(text, p.key) || strings.Contains(text, fmt.Sprintf("%.30s", fresh)) {
		t.Error("the log holds a key")
	}
}
