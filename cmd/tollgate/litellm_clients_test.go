package main

import (
	"fmt"
	"strings"
	"testing"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// TestOpenWebUI replays what Open WebUI asks of the address that it is given, for two people
// behind one key: the list of models, a chat with its title, documents, a voice, a
// recording and a picture. Who it is stands in headers, which reach no upstream.
func TestOpenWebUI(t *testing.T) {
	t.Parallel()
	config := strings.Replace(issuesConfig, "general_settings:", "general_settings:\n  user_header_mappings: [{ header_name: X-OpenWebUI-User-Id, litellm_user_role: customer }, { header_name: X-OpenWebUI-User-Email, litellm_user_role: internal_user }]", 1)
	g := issues(t, config)
	p := g.person(control.KeyChange{})
	limit := accounting.Money(1000)
	must(g.srv.control.CreateBudget(t.Context(), ledger.Budget{Kind: ledger.EndUser, Owner: "6b2f-poor", Limit: &limit, Window: ledger.Window{Unit: ledger.Month}}))(t)
	as := func(id string) header {
		return header{"User-Agent": "Python/3.11 aiohttp/3.13.2", "Accept": "*/*", "Accept-Encoding": "gzip, deflate", "X-OpenWebUI-User-Name": "J%C3%BCrgen M", "X-OpenWebUI-User-Id": id,
			"X-OpenWebUI-User-Email": "jm@example.org", "X-OpenWebUI-User-Role": "user", "X-OpenWebUI-Chat-Id": "9f0c-chat", "X-OpenWebUI-Message-Id": "1a-message"}
	}
	models := g.do("GET", "/v1/models", p.key, "", as("6b2f-rich"))
	if models.Status != 200 || !strings.Contains(models.Body, `"object":"list"`) || !strings.Contains(models.Body, `"id":"free"`) {
		t.Errorf("%d %s", models.Status, models.Body)
	}
	const chat = `{"stream": true, "model": "MODEL", "messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": [{"type": "text", "text": "hi"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}]}], "stream_options": {"include_usage": true}, "temperature": 0.7, "params": {}}`
	const title = `{"model": "MODEL", "messages": [{"role": "user", "content": "### Task:\nGenerate a concise, 3-5 word title"}], "stream": false, "max_completion_tokens": 1000}`
	for _, c := range []struct{ path, body, kind, want string }{
		{"/v1/chat/completions", chat, "", `"usage":{`},
		{"/v1/chat/completions", title, "", `"content":"hello"`},
		{"/v1/embeddings", `{"input": ["one", "two"], "model": "MODEL"}`, "", `"embedding":`},
		{"/v1/audio/speech", `{"model": "MODEL", "input": "hello", "voice": "alloy"}`, "", ""},
		{"/v1/audio/transcriptions", audioForm("MODEL", wav(1)), mediaForm, `"text":"hello"`},
		{"/v1/images/generations", `{"model": "MODEL", "prompt": "a cat", "n": 1, "size": "512x512", "response_format": "b64_json"}`, "", `"b64_json":`},
	} {
		g.up.Reset()
		h := as("6b2f-poor")
		if c.kind != "" {
			h["Content-Type"] = c.kind
		}
		a := g.do("POST", c.path, p.key, strings.ReplaceAll(c.body, "MODEL", "gift/any"), h)
		if a.Status != 200 || !strings.Contains(a.Body, c.want) {
			t.Errorf("%s: %d %.300s", c.path, a.Status, a.Body)
		}
		for _, call := range g.up.Calls() {
			if all := strings.ToLower(fmt.Sprint(call.Header)); strings.Contains(all, "openwebui") || strings.Contains(all, p.key) {
				t.Errorf("%s: what is between Open WebUI and the gateway went up: %v", c.path, call.Header)
			}
		}
	}
	g.eventually("each call is recorded for the person", func() bool {
		return g.query("select count(*) from calls where end_user = '6b2f-poor'") == 6
	})
	for id, want := range map[string]int{"6b2f-poor": 429, "6b2f-rich": 200} {
		a := g.do("POST", "/v1/chat/completions", p.key, strings.ReplaceAll(chat, "MODEL", "paid"), as(id))
		if a.Status != want || want == 429 && !strings.HasPrefix(a.errorField(t, "message"), "ExceededBudget: End User=6b2f-poor") {
			t.Errorf("%s: %d %s", id, a.Status, a.Body)
		}
	}
	// An engine that fails in the middle: what Open WebUI shows is an error, and not an end.
	g.up.Set("free", providertest.Script{Text: "one two three", CutAfter: 2})
	if a := g.do("POST", "/v1/chat/completions", p.key, strings.ReplaceAll(chat, "MODEL", "free"), as("6b2f-rich")); !strings.Contains(a.Body, `"error"`) || strings.Contains(a.Body, "[DONE]") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}
