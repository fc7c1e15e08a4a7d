package main

import (
	"fmt"
	"strings"
	"testing"

	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// TestRelayIsFaithful: in the upstream's own dialect nothing changes but what must,
// in either direction, down to spaces, the order of keys and how numbers are spelled.
func TestRelayIsFaithful(t *testing.T) {
	g := start(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	const replyBody = "{ \"id\":\"x\", \"zeta\":1.0e0,\n \"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"\\u00e9\",\"future\":[null]}}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"new_count\":7} }"
	const streamBody = "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"h\\u00e9\"},\"x_y\":1.50}],\"usage\":null}\n\n: a comment\n\nevent: whatever\r\nid: 7\r\nretry: 5\r\ndata: { \"choices\":[ ],\"prompt_filter_results\":[1] }\r\n\r\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}\n\ndata: [DONE]\n\n"
	for name, c := range map[string]struct{ path, body, sent, reply, want string }{
		"whole": {"/v1/chat/completions",
			"{\n\t\"messages\" : [{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"\\ud83d\\ude00\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://example.org/a.png\"}}]}], \"model\":\"free\" ,\"top_k\":4.0,\"structured_outputs\":{\"choice\":[\"a\"]},\"seed\":12345678901234567890 }\n",
			"{\n\t\"messages\" : [{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"\\ud83d\\ude00\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://example.org/a.png\"}}]}], \"model\":\"MODEL\" ,\"top_k\":4.0,\"structured_outputs\":{\"choice\":[\"a\"]},\"seed\":12345678901234567890 }\n",
			replyBody, replyBody},
		"stream": {"/v1/chat/completions",
			`{"model":"free","stream":true,"messages":[],"logprobs":true}`,
			`{"model":"MODEL","stream":true,"messages":[],"logprobs":true,"stream_options":{"include_usage":true}}`,
			streamBody,
			"data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"h\\u00e9\"},\"x_y\":1.50}]}\n\ndata: { \"choices\":[ ],\"prompt_filter_results\":[1] }\n\ndata: [DONE]\n\n"},
		"stream that asks for usage": {"/chat/completions",
			`{"model":"free","stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false},"messages":[]}`,
			`{"model":"MODEL","stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false},"messages":[]}`,
			streamBody,
			"data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"h\\u00e9\"},\"x_y\":1.50}],\"usage\":null}\n\ndata: { \"choices\":[ ],\"prompt_filter_results\":[1] }\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}\n\ndata: [DONE]\n\n"},
		"embeddings": {"/v1/embeddings",
			`{"model":"free","input":[[1,2],[3]],"encoding_format":"base64"}`, `{"model":"MODEL","input":[[1,2],[3]],"encoding_format":"base64"}`,
			`{"object":"list","data":[{"embedding":"AACAPw==","index":0}],"usage":{"prompt_tokens":3,"total_tokens":3}}`,
			`{"object":"list","data":[{"embedding":"AACAPw==","index":0}],"usage":{"prompt_tokens":3,"total_tokens":3}}`},
		"completions": {"/completions",
			`{"model":"free","prompt":["a","b"],"suffix":"c","logprobs":2}`, `{"model":"MODEL","prompt":["a","b"],"suffix":"c","logprobs":2}`,
			`{"choices":[{"text":"x"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}`, `{"choices":[{"text":"x"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}`},
	} {
		for _, model := range []string{"free", "paid"} {
			t.Run(name+" "+model, func(t *testing.T) {
				// What a client sends beside the body is its own matter and ours (wire.md 1.1, 4.7, 7.5).
				own := header{"X-Api-Key": p.key, "Cookie": "a=b", "X-Tollgate-End-User": p.endUser, "OpenAI-Organization": "org-1", "OpenAI-Project": "proj-1",
					"Idempotency-Key": name + model, "X-Forwarded-For": "192.0.2.1", "X-Request-Id": "client-1", "X-Client-Request-Id": "client-2", "X-Data-Parallel-Rank": "3",
					"X-Session-Id": "s-1", "X-Stainless-Retry-Count": "2", "User-Agent": "OpenAI/Python 3.3.1", "Traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
					"Anthropic-Beta": "b-1", "Origin": "https://e.org", "Referer": "https://e.org/x", "Via": "1.1 e", "Forwarded": "for=192.0.2.1", "Accept-Language": "de"}
				g.up.Reset()
				g.up.Set(model, providertest.Script{Body: c.reply})
				a := g.do("POST", c.path, p.key, strings.Replace(c.body, `"free"`, fmt.Sprintf("%q", model), 1), own)
				if a.Status != 200 || a.Body != c.want {
					t.Errorf("%d\n got %q\nwant %q", a.Status, a.Body, c.want)
				}
				calls := g.up.CallsTo("/v1" + strings.TrimPrefix(c.path, "/v1"))
				if len(calls) != 1 {
					t.Fatalf("%d calls", len(calls))
				}
				if want := strings.Replace(c.sent, "MODEL", model, 1); string(calls[0].Body) != want {
					t.Errorf("sent %q\nwant %q", calls[0].Body, want)
				}
				for h := range own {
					if v := calls[0].Header.Get(h); v == own[h] {
						t.Errorf("%s went up: %q", h, v)
					}
				}
				if strings.Contains(fmt.Sprint(calls[0].Header), p.key) {
					t.Error("the caller's key went up")
				}
			})
		}
	}
}

// TestBadBodies: what cannot be acted on is refused, with where and why, and reaches
// nobody.
func TestBadBodies(t *testing.T) {
	g := start(t, upstreamConfig+"  shy: { to: gpu/shy, remote_media: deny }\n")
	p := g.person(control.KeyChange{})
	for name, c := range map[string]struct {
		body   string
		status int
		code   string
	}{
		"nothing":               {"", 400, "invalid_json"},
		"no JSON":               {"model=free", 400, "invalid_json"},
		"an array":              {"[]", 400, "invalid_json"},
		"two models":            {`{"model":"free","model":"paid"}`, 400, "duplicate_key"},
		"two models, escaped":   {`{"model":"free","mod\u0065l":"paid"}`, 400, "duplicate_key"},
		"garbage after it":      {`{"model":"free"} junk`, 400, "invalid_json"},
		"another case":          {`{"Model":"free"}`, 400, "missing_model"},
		"no model":              {`{}`, 400, "missing_model"},
		"null model":            {`{"model":null}`, 400, "missing_model"},
		"a number for a model":  {`{"model":7}`, 400, "invalid_value"},
		"an unknown model":      {`{"model":"nope"}`, 404, "model_not_found"},
		"a long model":          {`{"model":"` + strings.Repeat("a", 600) + `"}`, 400, "invalid_value"},
		"n as text":             {`{"model":"free","n":"2"}`, 400, "invalid_value"},
		"n of 0":                {`{"model":"free","n":0}`, 400, "invalid_value"},
		"n and a half":          {`{"model":"free","n":1.5}`, 400, "invalid_value"},
		"a negative cap":        {`{"model":"free","max_tokens":-1}`, 400, "invalid_value"},
		"an absurd cap":         {`{"model":"free","max_completion_tokens":1e300}`, 400, "invalid_value"},
		"a private image":       {`{"model":"free","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://169.254.169.254/x"}}]}]}`, 400, "media_not_allowed"},
		"behind another text":   {`{"model":"free","messages":[{"role":"user","content":"x","content":[{"type":"image_url","image_url":{"url":"http://10.0.0.1/x"}}]}]}`, 400, "media_not_allowed"},
		"behind another URL":    {`{"model":"free","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://e.org/x"},"image_url":{"url":"http://10.0.0.1/x"}}]}]}`, 400, "media_not_allowed"},
		"in other digits":       {`{"model":"free","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://\uff11\uff10.0.0.1/x"}}]}]}`, 400, "media_not_allowed"},
		"where none are taken":  {`{"model":"shy","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.org/x"}}]}]}`, 400, "media_not_allowed"},
		"a file of the machine": {`{"model":"free","messages":[{"role":"user","content":[{"type":"image_url","image_url":"file:///etc/passwd"}]}]}`, 400, "media_not_allowed"},
		"too deep":              {`{"model":"free","x":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`, 400, "invalid_json"},
	} {
		for _, path := range []string{"/v1/chat/completions", "/completions", "/v1/embeddings"} {
			a := g.do("POST", path, p.key, c.body, nil)
			if a.Status != c.status || a.errorField(t, "code") != c.code || a.errorField(t, "message") == "" {
				t.Errorf("%s at %s: %d %s", name, path, a.Status, a.Body)
			}
		}
	}
	if n := len(g.up.Calls()); n != 0 {
		t.Errorf("%d calls reached the upstream", n)
	}
}

// TestModelNames: names with slashes and colons, percent-encoded or not, and what
// the list says of each.
func TestModelNames(t *testing.T) {
	g := start(t, upstreamConfig+`  "Qwen/Qwen3-32B": gpu/x
  "hf.co/org/repo:Q4_K_M": gpu/y
  "a b": gpu/z
`)
	p := g.person(control.KeyChange{})
	for path, want := range map[string]string{
		"Qwen/Qwen3-32B": "Qwen/Qwen3-32B", "Qwen%2FQwen3-32B": "Qwen/Qwen3-32B", "hf.co/org/repo:Q4_K_M": "hf.co/org/repo:Q4_K_M",
		"hf.co%2Forg%2Frepo%3AQ4_K_M": "hf.co/org/repo:Q4_K_M", "a%20b": "a b", "free": "free", "nope": "", "Qwen": "", "Qwen/": "",
	} {
		for _, prefix := range []string{"/v1/models/", "/models/"} {
			a := g.do("GET", prefix+path, p.key, "", nil)
			if want == "" {
				if a.Status != 404 {
					t.Errorf("%s: %d %s", path, a.Status, a.Body)
				}
				continue
			}
			if a.Status != 200 || a.json(t)["id"] != want || a.json(t)["object"] != "model" || a.json(t)["price"] != "free" || a.json(t)["open"] != true {
				t.Errorf("%s: %d %s", path, a.Status, a.Body)
			}
		}
	}
}

// TestADeadModelCostsThreeTries: however many deployments a name has, one request
// reaches three of them at most, and its client is told not to repeat it.
func TestADeadModelCostsThreeTries(t *testing.T) {
	g := start(t, upstreamConfig+`  dead: [gpu/d1, gpu/d2, gpu/d3, gpu/d4, gpu/d5]
  half: [gpu/d1, gpu/d2, gpu/alive]
`)
	for _, m := range []string{"d1", "d2", "d3", "d4", "d5"} {
		g.up.Set(m, providertest.Script{Status: 503, Body: `{"error":{"message":"busy","type":"server_error"}}`})
	}
	p := g.person(control.KeyChange{})
	a := g.chat(p, "dead", "", nil)
	if a.Status != 503 || a.Header.Get("X-Should-Retry") != "false" || a.errorField(t, "code") != "no_healthy_upstream" {
		t.Errorf("%d %v %s", a.Status, a.Header, a.Body)
	}
	if n := len(g.up.CallsTo("/v1/chat/completions")); n != 3 {
		t.Errorf("%d upstreams were tried", n)
	}
	if a := g.chat(p, "half", "", nil); a.Status != 200 || a.Header.Get("X-Tollgate-Attempts") != "3" || a.Header.Get("X-Tollgate-Deployment") != "gpu/alive" {
		t.Errorf("%d %v %s", a.Status, a.Header, a.Body)
	}
}
