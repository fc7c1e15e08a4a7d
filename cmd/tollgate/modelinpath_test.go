package main

import (
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"tollgate/gateway/control"
)

// TestModelInPath: where the path names the model, the path decides, whatever the body says,
// and the body that reaches the upstream is else as it came.
func TestModelInPath(t *testing.T) {
	t.Parallel()
	g := start(t, upstreamConfig+"  org/deep/model: gpu/free\n  \"100%\": gpu/free\n")
	p := g.person(control.KeyChange{Models: &[]string{"free", "org/*", "100%"}})
	for _, c := range []struct {
		path, body string
		want       int
		code       string
		up         string // path of the upstream
	}{
		{"/openai/deployments/free/chat/completions?api-version=2024-10-21", `{"messages":[{"role":"user","content":"hi"}],  "x":1}`, 200, "", "/v1/chat/completions"},
		{"/openai/deployments/free/chat/completions", `{"model":"free","messages":[{"role":"user","content":"hi"}]}`, 200, "", "/v1/chat/completions"},
		{"/openai/deployments/free/chat/completions", `{"model":"paid","messages":[{"role":"user","content":"hi"}]}`, 200, "", "/v1/chat/completions"},
		{"/openai/deployments/paid/chat/completions", `{"model":"free","messages":[{"role":"user","content":"hi"}]}`, 403, "model_not_allowed", ""},
		{"/openai/deployments/org/deep/model/chat/completions", `{"messages":[{"role":"user","content":"hi"}]}`, 200, "", "/v1/chat/completions"},
		{"/openai/deployments/org%2Fdeep%2Fmodel/chat/completions", `{"messages":[{"role":"user","content":"hi"}]}`, 200, "", "/v1/chat/completions"},
		{"/openai/deployments/100%25/chat/completions", `{"messages":[{"role":"user","content":"hi"}]}`, 200, "", "/v1/chat/completions"},
		{"/openai/deployments/free/completions", `{"prompt":"hi"}`, 200, "", "/v1/completions"},
		{"/openai/deployments/free/embeddings", `{"input":"hi"}`, 200, "", "/v1/embeddings"},
		{"/engines/free/chat/completions", `{"messages":[{"role":"user","content":"hi"}]}`, 200, "", "/v1/chat/completions"},
		{"/engines/free/completions", `{"prompt":"hi"}`, 200, "", "/v1/completions"},
		{"/engines/free/embeddings", `{"input":"hi"}`, 200, "", "/v1/embeddings"},
		{"/engines/nothing/embeddings", `{"input":"hi"}`, 404, "model_not_found", ""},
		{"/engines/" + strings.Repeat("m", 600) + "/embeddings", `{"input":"hi"}`, 400, "invalid_value", ""},
		{"/engines//chat/completions", `{}`, 404, "unknown_path", ""},
		{"/engines/free/chat/completions/", `{}`, 404, "unknown_path", ""},
		{"/engines/a%2F..%2Fb/chat/completions", `{}`, 404, "unknown_path", ""},
		{"/engines/free/responses", `{}`, 404, "unknown_path", ""},
		{"/v1/engines/free/completions", `{}`, 404, "unknown_path", ""},
	} {
		g.up.Reset()
		a := g.do("POST", c.path, p.key, c.body, nil)
		if a.Status != c.want || c.code != "" && a.errorField(t, "code") != c.code {
			t.Errorf("%.80s %s: %d %s", c.path, c.body, a.Status, a.Body)
		}
		calls := g.up.Calls()
		if c.up == "" && len(calls) > 0 {
			t.Errorf("%.80s: reached the upstream", c.path)
		}
		if c.up == "" {
			continue
		}
		if len(calls) != 1 || calls[0].Path != c.up || gjson.GetBytes(calls[0].Body, "model").Str != "free" {
			t.Errorf("%s: the upstream got %+v", c.path, calls)
		}
		if strings.Contains(c.body, `  "x":1`) && !strings.Contains(string(calls[0].Body), `,  "x":1`) {
			t.Errorf("%s: the body was written anew: %s", c.path, calls[0].Body)
		}
	}
	if a := g.do("POST", "/engines/free/completions", "", "{}", nil); a.Status != 401 {
		t.Errorf("nobody: %d", a.Status)
	}
}

// TestModelInPathOfForms: a form gets the model of the path too, as Azure's clients send
// audio without one.
func TestModelInPathOfForms(t *testing.T) {
	t.Parallel()
	g := start(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	for _, field := range []string{"", "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\npaid\r\n"} {
		g.up.Reset()
		body := field + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n" + wav(1) + "\r\n--b--\r\n"
		a := g.do("POST", "/openai/deployments/free/audio/transcriptions?api-version=1", p.key, body, header{"Content-Type": "multipart/form-data; boundary=b"})
		calls := g.up.CallsTo("/v1/audio/transcriptions")
		if a.Status != 200 || a.Header.Get("X-Tollgate-Model") != "free" || len(calls) != 1 {
			t.Errorf("%q: %d %s, %d calls", field, a.Status, a.Body, len(calls))
		}
	}
}
