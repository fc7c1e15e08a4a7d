package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// linesOf are the lines of the log about one request.
func (g *gate) linesOf(id string) (lines []map[string]any) {
	g.t.Helper()
	for text := range strings.Lines(g.logs.String()) {
		var line map[string]any
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			g.t.Fatalf("%s: %v", text, err)
		}
		if line["request"] == id {
			lines = append(lines, line)
		}
	}
	return lines
}

// TestEveryRequestHasItsLine: whatever becomes of a request, one line of the log tells of
// it by the id that its answer carries: who, from where and why, and by which id the
// upstream knows it. No key stands in a line.
func TestEveryRequestHasItsLine(t *testing.T) {
	g := start(t, upstreamConfig+"  broken: { to: cloud/broken, price: { input: 1, output: 10 } }\n  named: { to: cloud/named, price: { input: 1, output: 10 } }\nlimits:\n  - { user: user3, requests_per_minute: 0 }\n")
	g.up.Set("broken", providertest.Script{Status: 500, Body: `{"error":{"message":"boom"}}`, Header: http.Header{"X-Request-Id": {"req_broken"}}})
	g.up.Set("named", providertest.Script{Status: 400, Body: `{"error":{"message":"no"}}`, Header: http.Header{"Request-Id": {"req_named"}}})
	g.up.Set("paid", providertest.Script{PromptTokens: 1, CompletionTokens: 1, Header: http.Header{"X-Request-Id": {"req_paid"}}})
	p, poor, hasty, blocked := g.person(control.KeyChange{}), g.person(control.KeyChange{}), g.person(control.KeyChange{}), g.person(control.KeyChange{})
	budget := g.budget(poor, ledger.User, "0")
	yes := true
	must(g.srv.control.UpdateKey(t.Context(), blocked.keyID, control.KeyChange{Blocked: &yes}))(t)
	chat := func(model string) string { return fmt.Sprintf(`{"model":%q,"messages":[]}`, model) }
	for name, c := range map[string]struct {
		key, method, path, body string
		want                    map[string]any // of the line
	}{
		"served":            {p.key, "POST", "/v1/chat/completions", chat("paid"), map[string]any{"msg": "request", "status": "ok", "key": p.keyID, "upstream_request": "req_paid"}},
		"no such model":     {p.key, "POST", "/v1/chat/completions", chat("nothing"), map[string]any{"msg": "request", "status": "model_not_found"}},
		"no money":          {poor.key, "POST", "/v1/chat/completions", chat("paid"), map[string]any{"status": "budget_exceeded", "budget": budget.ID}},
		"too often":         {hasty.key, "POST", "/v1/chat/completions", chat("free"), map[string]any{"status": "rate_limited"}},
		"upstream fails":    {p.key, "POST", "/v1/chat/completions", chat("broken"), map[string]any{"status": "server_error", "upstream_request": "req_broken"}},
		"upstream refuses":  {p.key, "POST", "/v1/chat/completions", chat("named"), map[string]any{"status": "bad_request", "upstream_request": "req_named"}},
		"unknown key":       {"sk-tg-nobody-knows-this-key-of-all-keys-1234", "POST", "/v1/chat/completions", chat("free"), map[string]any{"msg": "refused", "status": "invalid_api_key", "http": 401.0, "from": "127.0.0.1", "key": nil, "method": "POST", "path": "/v1/chat/completions"}},
		"no key":            {"", "GET", "/v1/models", "", map[string]any{"msg": "refused", "status": "missing_api_key", "http": 401.0}},
		"blocked key":       {blocked.key, "GET", "/v1/models", "", map[string]any{"msg": "refused", "status": "blocked_api_key", "key": blocked.keyID}},
		"for admins":        {p.key, "DELETE", "/api/v1/users/somebody", "", map[string]any{"msg": "refused", "status": "admin_only", "http": 403.0, "key": p.keyID, "path": "/api/v1/users/somebody"}},
		"no JSON":           {p.key, "POST", "/v1/chat/completions", `{"model":`, map[string]any{"msg": "refused", "status": "invalid_json", "key": p.keyID}},
		"nothing there":     {p.key, "GET", "/v1/v1/models", "", map[string]any{"msg": "refused", "status": "unknown_path", "path": "/v1/v1/models"}},
		"a key in the path": {p.key, "GET", "/v1/keys/" + p.key, "", map[string]any{"msg": "refused", "path": "/v1/keys/..."}},
		"a short one":       {p.key, "GET", "/v1/keys/sk-1234", "", map[string]any{"msg": "refused", "path": "/v1/keys/..."}},
	} {
		g.mend()
		a := g.do(c.method, c.path, c.key, c.body, header{"User-Agent": "sdk/1"})
		id := a.Header.Get("X-Request-Id")
		var line map[string]any
		n := 0
		for _, l := range g.linesOf(id) {
			if l["msg"] == "request" || l["msg"] == "refused" {
				line, n = l, n+1
			}
		}
		if id == "" || n != 1 {
			t.Errorf("%s: %d lines of request %q: %d %s", name, n, id, a.Status, a.Body)
			continue
		}
		c.want["client"] = "sdk/1"
		for field, want := range c.want {
			if got := line[field]; got != want {
				t.Errorf("%s: %s is %v, not %v: %v", name, field, got, want, line)
			}
		}
	}
	if text := g.logs.String(); strings.Contains(text, p.key[6:]) || strings.Contains(text, "nobody-knows") || strings.Contains(text, blocked.key) {
		t.Error("a key stands in the log")
	}
}
