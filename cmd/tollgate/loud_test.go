package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// TestWarningsAreForTheOperator: the line of a request is a warning where its upstream is at
// fault, and says what went wrong, before the first byte as in the middle of an answer. What
// clients do of themselves, leaving or asking for what no model takes, is none.
func TestWarningsAreForTheOperator(t *testing.T) {
	g := start(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	words := strings.Repeat("word ", 20)
	failing := `{"error":{"message":"no","type":"scripted","code":null}}`
	for _, row := range []struct {
		name, status, level, says string
		script                    providertest.Script
		stream, leaves            bool
	}{
		{name: "served", status: "ok", level: "INFO"},
		{name: "a bad request", status: "bad_request", level: "INFO", says: "status 400", script: providertest.Script{Status: 400, Body: failing}},
		{name: "a failure", status: "server_error", level: "WARN", says: "status 500", script: providertest.Script{Status: 500, Body: failing}},
		{name: "a key that is refused", status: "key_refused", level: "ERROR", says: "status 401", script: providertest.Script{Status: 401, Body: failing}},
		{name: "cut before the first byte", status: "truncated", level: "WARN", says: "broke", script: providertest.Script{CutAfter: 1}},
		{name: "cut within", status: "truncated", level: "WARN", says: "broke", stream: true, script: providertest.Script{Text: words, CutAfter: 5}},
		{name: "a failure within", status: "server_error", level: "WARN", says: "failure", stream: true, script: providertest.Script{Text: words, ErrorFrameAfter: 5}},
		{name: "leaving before the first byte", status: "client_gone", level: "INFO", leaves: true, script: providertest.Script{Hang: true}},
		{name: "leaving within", status: "client_gone", level: "INFO", stream: true, leaves: true, script: providertest.Script{Text: words, HangAfter: 5}},
	} {
		for _, model := range []string{"free", "paid"} {
			g.mend()
			g.up.Set(model, row.script)
			before := len(g.logs.String())
			extra := ""
			if row.stream {
				extra = `"stream":true`
			}
			body := chatBody(p, model, extra)
			switch {
			case row.stream:
				l := g.open(p, "/v1/chat/completions", body)
				l.next()
				if row.leaves {
					l.cancel()
				}
				l.rest()
			case row.leaves:
				calls := len(g.up.Calls())
				done, leave := g.background(p, "/v1/chat/completions", body)
				g.eventually("the upstream has the call", func() bool { return len(g.up.Calls()) > calls })
				leave()
				<-done
			default:
				g.do(http.MethodPost, "/v1/chat/completions", p.key, body, nil)
			}
			var line map[string]any
			g.eventually("the request has its line", func() bool {
				for text := range strings.Lines(g.logs.String()[before:]) {
					var v map[string]any
					if json.Unmarshal([]byte(text), &v) == nil && v["msg"] == "request" {
						line = v
						return true
					}
				}
				return false
			})
			says, _ := line["error"].(string)
			if line["status"] != row.status || line["level"] != row.level || (row.says == "") != (says == "") || !strings.Contains(says, row.says) {
				t.Errorf("%s, %s: status %v, level %v, error %q; want %s, %s, %q", row.name, model, line["status"], line["level"], says, row.status, row.level, row.says)
			}
		}
	}
}
