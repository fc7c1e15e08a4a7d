package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/gateway/limits"
	"tollgate/providers/providertest"
)

// likeLiteLLM answers as LiteLLM's clients are used to.
const likeLiteLLM = upstreamConfig + `
  free2: laptop/free2
  both: [ { to: cloud/paid3, price: { input: 1, output: 10 } }, gpu/spare, free ]
  mild: { targets: [ { to: cloud/paid3, price: { input: 1, output: 10 }, order: 1 }, { to: gpu/spare, order: 2, when: refused } ] }
  wide: { to: laptop/paid4, price: { input: 1, output: 10 }, num_ctx: 1000 }
  brief: [ { to: laptop/brief, num_ctx: 2 }, wide ]
compatibility: litellm
`

// everyWord is a value for each member of a body that is LiteLLM's.
var everyWord = map[string]string{
	"tags": `["a","b"]`, "litellm_metadata": `{"tags":["a"],"x":{"y":[1]}}`, "guardrails": `["pii"]`, "cache": `{"no-cache":true}`, "caching": `true`,
	"fallbacks": `["free2"]`, "context_window_fallbacks": `[{"free":["free2"]}]`, "content_policy_fallbacks": `[]`, "num_retries": `2`, "max_retries": `1`,
	"timeout": `60.5`, "request_timeout": `60`, "stream_timeout": `5`, "mock_response": `null`, "mock_testing_fallbacks": `false`, "mock_timeout": `false`, "mock_anything": `null`,
	"litellm_session_id": `"s"`, "litellm_trace_id": `"t"`, "litellm_call_id": `"c"`, "disable_fallbacks": `true`, "no-log": `true`, "prompt_variables": `{"a":1}`,
	"prompt_version": `1`, "prompt_label": `"x"`, "enforced_params": `["user"]`, "drop_params": `true`, "additional_drop_params": `["seed"]`, "allowed_openai_params": `["seed"]`,
	"max_fallbacks": `1`, "metadata": `{"tags":["a"],"generation_name":"g"}`, "prompt_id": `null`, "api_base": `null`, "base_url": `""`, "api_key": `null`,
}

// TestLiteLLMWordsReachNoUpstream: a body loses what is LiteLLM's, and nothing else of it
// changes, wherever the words stand. Without the setting a body stays as it came.
func TestLiteLLMWordsReachNoUpstream(t *testing.T) {
	t.Parallel()
	g := start(t, likeLiteLLM)
	p := g.person(control.KeyChange{})
	const kept = `{"model":"free", "messages" : [{"role":"user","content":"hi"}],"seed":1.0e0,"guided_json":{"timeout":1,"tags":[]}}`
	var all []string
	for word, value := range everyWord {
		all = append(all, fmt.Sprintf("%q: %s", word, value))
	}
	words := strings.Join(all, ",")
	inner := kept[1 : len(kept)-1]
	got := func(a answer) string {
		t.Helper()
		calls := g.up.CallsTo("/v1/chat/completions")
		if a.Status != 200 || len(calls) != 1 {
			t.Fatalf("%d %s, %d calls", a.Status, a.Body, len(calls))
		}
		g.up.Reset()
		return string(calls[0].Body)
	}
	for name, body := range map[string]string{"before": "{" + words + "," + inner + "}", "after": "{" + inner + "," + words + "}"} {
		if b := got(g.do("POST", "/v1/chat/completions", p.key, body, nil)); b != kept {
			t.Errorf("%s: the upstream got %s", name, b)
		}
	}
	for word, value := range everyWord {
		b := got(g.do("POST", "/v1/chat/completions", p.key, fmt.Sprintf("{%s,%q:%s}", inner, word, value), nil))
		if b != kept {
			t.Errorf("%s: the upstream got %s", word, b)
		}
	}

	plain := start(t, upstreamConfig)
	q := plain.person(control.KeyChange{})
	body := fmt.Sprintf("{%s,%s}", inner, words)
	plain.do("POST", "/v1/chat/completions", q.key, body, nil)
	if calls := plain.up.CallsTo("/v1/chat/completions"); len(calls) != 1 || string(calls[0].Body) != body {
		t.Errorf("without the setting the upstream got %v", calls)
	}
}

// TestLiteLLMMetadata: what OpenAI or Anthropic takes of it stays.
func TestLiteLLMMetadata(t *testing.T) {
	t.Parallel()
	g := start(t, likeLiteLLM)
	p := g.person(control.KeyChange{})
	chat, responses, messages := "/v1/chat/completions", "/v1/responses", "/v1/messages"
	for _, c := range []struct{ path, body, want string }{
		{chat, `"store":true,"metadata":{"a":"1","tags":["x"]}`, `{"a":"1"}`},
		{chat, `"store":false,"metadata":{"a":"1"}`, ``},
		{chat, `"store":true,"metadata":{"tags":["x"]}`, ``},
		{chat, `"store":true,"metadata":7`, `7`},
		{responses, `"input":"hi","metadata":{"a":"1","tags":["x"],"spend_logs_metadata":{}}`, `{"a":"1"}`},
		{messages, `"max_tokens":5,"metadata":{"user_id":"u","tags":["x"]}`, `{"user_id":"u"}`},
		{messages, `"max_tokens":5,"metadata":{"user_id":"u"}`, `{"user_id":"u"}`},
	} {
		g.up.Reset()
		a := g.do("POST", c.path, p.key, `{"model":"free","messages":[{"role":"user","content":"hi"}],`+c.body+`}`, nil)
		calls := g.up.CallsTo(c.path)
		if len(calls) != 1 {
			t.Fatalf("%s: %d %s", c.body, a.Status, a.Body)
		}
		if got := gjson.GetBytes(calls[0].Body, "metadata").Raw; got != c.want {
			t.Errorf("%s %s: the upstream got %s, want %s", c.path, c.body, got, c.want)
		}
	}
}

// TestLiteLLMForms: a form loses LiteLLM's fields too.
func TestLiteLLMForms(t *testing.T) {
	t.Parallel()
	g := start(t, likeLiteLLM)
	p := g.person(control.KeyChange{})
	field := func(name, value string) string {
		return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n"
	}
	file := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"tags\"\r\n\r\n" + wav(1) + "\r\n"
	kept := file + field("model", "free") + field("language", "en")
	for _, body := range []string{
		field("tags", `["a"]`) + file + field("timeout", "30") + field("model", "free") + field("language", "en") + field("litellm_metadata", "{}"),
		kept + field("num_retries", "1"), kept,
	} {
		g.up.Reset()
		a := g.do("POST", "/v1/audio/transcriptions", p.key, body+"--b--\r\n", header{"Content-Type": "multipart/form-data; boundary=b"})
		calls := g.up.CallsTo("/v1/audio/transcriptions")
		if a.Status != 200 || len(calls) != 1 || string(calls[0].Body) != kept+"--b--\r\n" {
			t.Errorf("%d %s, the upstream got %+v", a.Status, a.Body, calls)
		}
	}
	if a := g.do("POST", "/v1/audio/transcriptions", p.key, kept+field("timeout", "soon")+"--b--\r\n", header{"Content-Type": "multipart/form-data; boundary=b"}); a.Status != 400 || a.errorField(t, "param") != "timeout" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// TestLiteLLMBadWords: what cannot be meant is refused with its name, and reaches nobody.
func TestLiteLLMBadWords(t *testing.T) {
	t.Parallel()
	g := start(t, likeLiteLLM)
	p := g.person(control.KeyChange{})
	long := `"` + strings.Repeat("m", 513) + `"`
	for _, c := range []struct{ param, value string }{
		{"num_retries", `-1`}, {"num_retries", `1.5`}, {"num_retries", `"many"`}, {"num_retries", `101`}, {"num_retries", `[]`}, {"max_retries", `{}`},
		{"timeout", `0`}, {"timeout", `-1`}, {"timeout", `"NaN"`}, {"timeout", `{}`}, {"timeout", `true`},
		{"fallbacks", `"free"`}, {"fallbacks", `[1]`}, {"fallbacks", `[""]`}, {"fallbacks", `[` + long + `]`}, {"fallbacks", `{}`},
		{"fallbacks", `["a","a","a","a","a","a","a","a","a","a","a"]`}, {"fallbacks", `[{"model":"free2","messages":"x"}]`}, {"fallbacks", `[{"free":[1]}]`},
		{"mock_response", `"hi"`}, {"mock_testing_fallbacks", `true`}, {"mock_timeout", `1`}, {"mock_new_word", `{}`},
		{"prompt_id", `"p"`}, {"api_base", `"http://evil.example"`}, {"base_url", `"http://evil.example"`}, {"api_key", `"sk-x"`},
	} {
		a := g.chat(p, "free", fmt.Sprintf("%q:%s", c.param, c.value), nil)
		if a.Status != 400 || a.errorField(t, "param") != c.param || a.errorField(t, "tollgate_code") != "invalid_value" || a.errorField(t, "code") != "400" {
			t.Errorf("%s: %s: %d %s", c.param, c.value, a.Status, a.Body)
		}
	}
	for name, value := range map[string]string{"X-Litellm-Timeout": "soon", "X-Litellm-Num-Retries": "-1"} {
		if a := g.chat(p, "free", "", header{name: value}); a.Status != 400 || a.errorField(t, "param") != name {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	if calls := g.up.Calls(); len(calls) > 0 {
		t.Errorf("%d calls", len(calls))
	}
}

// TestLiteLLMFallbacksOfARequest: each model that a request names is decided on as if it had
// been asked for: none widens what a key may use, what is free costs nothing, what is paid
// is booked and kept by its budget.
func TestLiteLLMFallbacksOfARequest(t *testing.T) {
	t.Parallel()
	g := start(t, likeLiteLLM)
	down := providertest.Script{Status: 503, Body: `{"error":{"message":"down"}}`}
	bad := providertest.Script{Status: 400, Body: `{"error":{"message":"no"}}`}
	filtered := providertest.Script{Status: 400, Body: `{"error":{"message":"no","code":"content_filter","type":"invalid_request_error"}}`}
	every := control.KeyChange{}
	narrow := control.KeyChange{Models: &[]string{"free", "free2"}}
	long := `"instructions":"` + strings.Repeat("long ", 20) + `"` // too long for brief, as it seems
	for name, c := range map[string]struct {
		key     control.KeyChange
		spent   bool
		model   string
		extra   string
		h       header
		scripts map[string]providertest.Script
		status  int
		served  string // X-Tollgate-Model
		tried   string // models that upstreams were asked for
		hops    string
	}{
		"it answers":                  {every, false, "free", `"fallbacks":["paid"]`, nil, nil, 200, "free", "free", "0"},
		"one takes over":              {every, false, "free", `"fallbacks":["paid"]`, nil, map[string]providertest.Script{"free": down}, 200, "paid", "free paid", "1"},
		"the first that can":          {every, false, "free", `"fallbacks":["nothing","paid","free2"]`, nil, map[string]providertest.Script{"free": down, "paid": down}, 200, "free2", "free paid free2", "2"},
		"none widens":                 {narrow, false, "free", `"fallbacks":["paid"]`, nil, map[string]providertest.Script{"free": down}, 503, "", "free", ""},
		"what is asked for counts":    {narrow, false, "paid", `"fallbacks":["free"]`, nil, nil, 403, "", "", ""},
		"as a map":                    {every, false, "free", `"fallbacks":[{"other":["paid"]},{"free":["free2"]}]`, nil, map[string]providertest.Script{"free": down}, 200, "free2", "free free2", "1"},
		"as a map of one model":       {every, false, "free", `"fallbacks":[{"model":"free2"}]`, nil, map[string]providertest.Script{"free": down}, 200, "free2", "free free2", "1"},
		"the request is wrong":        {every, false, "free", `"fallbacks":["free2"]`, nil, map[string]providertest.Script{"free": bad}, 400, "", "free", ""},
		"a filter refused":            {every, false, "free", `"fallbacks":["free2"]`, nil, map[string]providertest.Script{"free": filtered}, 400, "", "free", ""},
		"a filter, and another fails": {every, false, "mild", `"fallbacks":["free2"]`, nil, map[string]providertest.Script{"paid3": filtered, "spare": down}, 503, "", "paid3 spare", ""},
		"three upstreams at most":     {every, false, "free", `"fallbacks":["paid","paid2","free2"]`, nil, map[string]providertest.Script{"free": down, "paid": down, "paid2": down}, 503, "", "free paid paid2", ""},
		"a budget keeps it":           {every, true, "free", `"fallbacks":["paid"]`, nil, map[string]providertest.Script{"free": down}, 503, "", "free", ""},
		"free for lack of money":      {every, true, "paid", `"fallbacks":["paid2","free2"]`, nil, nil, 200, "free2", "free2", "2"},
		"deny":                        {every, true, "paid", `"fallbacks":["free2"]`, header{"X-Tollgate-Fallback": "deny"}, nil, 429, "", "", ""},
		"disabled":                    {every, false, "free", `"fallbacks":["free2"],"disable_fallbacks":true`, nil, map[string]providertest.Script{"free": down}, 503, "", "free", ""},
		"the operator's":              {every, false, "both", ``, nil, map[string]providertest.Script{"paid3": down, "spare": down}, 200, "both", "paid3 spare free", "1"},
		"the operator's disabled":     {every, false, "both", `"disable_fallbacks":true`, nil, map[string]providertest.Script{"paid3": down, "spare": down}, 503, "", "paid3 spare", ""},
		"no retry":                    {every, false, "both", `"num_retries":0`, nil, map[string]providertest.Script{"paid3": down}, 200, "both", "paid3 free", "1"},
		"no retry by header":          {every, false, "both", `"num_retries":3`, header{"X-Litellm-Num-Retries": "0"}, map[string]providertest.Script{"paid3": down}, 200, "both", "paid3 free", "1"},
		"one retry":                   {every, false, "both", `"num_retries":1`, nil, map[string]providertest.Script{"paid3": down}, 200, "both", "paid3 spare", "0"},
		"no money is no attempt":      {every, true, "both", `"num_retries":0`, nil, nil, 200, "both", "spare", "0"},
		"what fits takes over":        {every, false, "brief", long, nil, nil, 200, "brief", "paid4", "1"},
		"what fits costs too much":    {every, true, "brief", long, nil, nil, 200, "brief", "brief", "1"},
		"what fits is another":        {every, false, "brief", long + `,"disable_fallbacks":true`, nil, nil, 200, "brief", "brief", "0"},
		"no retry and nothing":        {every, false, "both", `"num_retries":0,"disable_fallbacks":true`, nil, map[string]providertest.Script{"paid3": down}, 503, "", "paid3", ""},
	} {
		p := g.person(c.key)
		if c.spent {
			g.budget(p, ledger.Key, "0")
		}
		for _, m := range []string{"free", "free2", "paid", "paid2", "paid3", "spare"} {
			g.up.Set(m, c.scripts[m])
		}
		g.mend()
		g.up.Reset()
		a := g.chat(p, c.model, c.extra, c.h)
		var tried []string
		for _, call := range g.up.Calls() {
			tried = append(tried, call.Model)
		}
		if a.Status != c.status || a.Header.Get("X-Tollgate-Model") != c.served || strings.Join(tried, " ") != c.tried || a.Header.Get("X-Litellm-Attempted-Fallbacks") != c.hops {
			t.Errorf("%s: %d %s by %q (hops %q), tried %v: %s", name, a.Status, a.Header.Get("X-Tollgate-Model"), c.served, a.Header.Get("X-Litellm-Attempted-Fallbacks"), tried, a.Body)
		}
		paid := int64(0)
		if strings.HasPrefix(c.served, "paid") || c.served == "both" && strings.HasSuffix(c.tried, "paid3") || c.tried == "paid4" {
			paid = 1
		}
		if n := g.query("select count(*) from entries where key_id = ? and cost > 0", p.keyID); n != paid {
			t.Errorf("%s: %d entries", name, n)
		}
	}
}

// TestLiteLLMTimeoutOfARequest: a client may have less patience than its deployment, and not
// more. A stream may take as long as it likes once it has begun.
func TestLiteLLMTimeoutOfARequest(t *testing.T) {
	t.Parallel()
	g := start(t, strings.Replace(likeLiteLLM, "free: gpu/free", "free: { to: gpu/free, total: 2s }", 1))
	p := g.person(control.KeyChange{})
	g.up.Set("free", providertest.Script{Hang: true})
	for name, c := range map[string]struct {
		extra string
		h     header
		least time.Duration // that the upstream is asked
	}{
		"a member":            {`"timeout":0.05`, nil, 0},
		"text":                {`"timeout":"0.05"`, nil, 0},
		"a header":            {`"timeout":600`, header{"X-Litellm-Timeout": "0.05"}, 0},
		"of a stream":         {`"timeout":0.05,"stream":true`, nil, 0},
		"longer than allowed": {`"timeout":600`, nil, time.Second},
	} {
		g.mend()
		began := time.Now()
		a := g.chat(p, "free", c.extra, c.h)
		if a.Status != 408 || a.errorField(t, "tollgate_code") != "upstream_timeout" || !strings.HasPrefix(a.errorField(t, "message"), "litellm.Timeout: ") {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
		if took := time.Since(began); took < c.least {
			t.Errorf("%s: it took %s", name, took)
		}
	}
	g.mend()
	g.up.Set("free", providertest.Script{Chunks: 6, DelayChunk: 60 * time.Millisecond})
	if a := g.chat(p, "free", `"timeout":0.3,"stream":true`, nil); a.Status != 200 || !strings.Contains(a.Body, "[DONE]") {
		t.Errorf("a stream that had begun: %d %s", a.Status, a.Body)
	}
}

// TestLiteLLMEndUsers: whom a call is made for, in LiteLLM's order; any key may say.
func TestLiteLLMEndUsers(t *testing.T) {
	t.Parallel()
	g := start(t, likeLiteLLM+"end_user_headers: [X-Mapped]\n")
	no := false
	p := g.person(control.KeyChange{})
	must(g.srv.control.UpdateKey(t.Context(), p.keyID, control.KeyChange{EndUsers: &no}))(t)
	for _, c := range []struct {
		h    header
		body string
		want string
	}{
		{header{"x-litellm-customer-id": "a", "x-litellm-end-user-id": "b", "X-Mapped": "c"}, `"user":"d"`, "a"},
		{header{"x-litellm-end-user-id": " b ", "X-Mapped": "c"}, `"user":"d"`, "b"},
		{header{"X-Mapped": "c"}, `"user":"d"`, "c"},
		{nil, `"user":"d","litellm_metadata":{"user":"e"}`, "d"},
		{nil, `"user":12,"litellm_metadata":{"user":"e"}`, "12"},
		{nil, `"user":{"a":1},"litellm_metadata":{"user":"e"},"metadata":{"user_id":"f"}`, "e"},
		{nil, `"litellm_metadata":"{\"user\":\"e\"}"`, "e"},
		{nil, `"metadata":{"user_id":"f"},"safety_identifier":"g"`, "f"},
		{nil, `"safety_identifier":"g"`, "g"},
		{header{"X-Openwebui-User-Id": "h"}, `"user":" "`, ""},
	} {
		before := g.query("select count(*) from calls where end_user = ?", c.want)
		a := g.do("POST", "/v1/chat/completions", p.key, `{"model":"free","messages":[{"role":"user","content":"hi"}],`+c.body+`}`, c.h)
		if a.Status != 200 {
			t.Fatalf("%v %s: %d %s", c.h, c.body, a.Status, a.Body)
		}
		g.eventually("the call is recorded", func() bool { return g.query("select count(*) from calls where end_user = ?", c.want) == before+1 })
	}
	if a := g.chat(p, "free", "", header{"x-litellm-customer-id": strings.Repeat("x", 300)}); a.Status != 400 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	// A budget of each end user holds, by whatever name it came.
	g.budget(person{endUser: "a"}, ledger.EndUser, "0")
	if a := g.chat(p, "paid", "", header{"x-litellm-customer-id": "a"}); a.Status != 429 || !strings.HasPrefix(a.errorField(t, "message"), "ExceededBudget: End User=a over budget.") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// TestLiteLLMTags: the tags of a call, from wherever LiteLLM's clients name them; any key
// may, what is none is passed over, and no upstream gets them.
func TestLiteLLMTags(t *testing.T) {
	t.Parallel()
	g := start(t, likeLiteLLM)
	p := g.person(control.KeyChange{Tags: &[]string{"own"}})
	for i, c := range []struct {
		h    header
		body string
		want string
	}{
		{nil, `"tags":["a","own","a"]`, `["own","a"]`},
		{nil, `"metadata":{"tags":["b/c",7,null,{"x":1},""]}`, `["own","b/c","7"]`},
		{nil, `"metadata":"{\"tags\":[\"d\"]}"`, `["own","d"]`},
		{nil, `"litellm_metadata":{"tags":["e"]},"metadata":{"tags":["f"]},"tags":["g"]`, `["own","h","e","g","f"]`},
		{nil, `"tags":"not a list","metadata":{"tags":{"a":1}}`, `["own"]`},
		{header{"x-litellm-tags": " x , y,,"}, `"tags":["z"]`, `["own","x","y","z"]`},
		{nil, `"metadata":[1],"litellm_metadata":null`, `["own"]`},
	} {
		if i == 3 {
			c.h = header{"x-litellm-tags": "h"}
		}
		a := g.do("POST", "/v1/chat/completions", p.key, `{"model":"free","messages":[{"role":"user","content":"hi"}],`+c.body+`}`, c.h)
		if a.Status != 200 {
			t.Fatalf("%s: %d %s", c.body, a.Status, a.Body)
		}
		g.eventually("the call of "+c.body+" has the tags "+c.want, func() bool {
			return g.query("select count(*) from calls where request_id = ? and tags = ?", a.Header.Get("X-Request-Id"), c.want) == 1
		})
	}
	for _, c := range g.up.Calls() {
		if strings.Contains(string(c.Body), "tags") {
			t.Errorf("the upstream got %s", c.Body)
		}
	}
	for _, body := range []string{`"tags":["` + strings.Repeat("x", 257) + `"]`, `"tags":["` + strings.Join(manyTags(33), `","`) + `"]`} {
		if a := g.chat(p, "free", body, nil); a.Status != 400 || a.errorField(t, "param") != "tags" {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
}

// TestLiteLLMAnswers: the headers that LiteLLM's clients read.
func TestLiteLLMAnswers(t *testing.T) {
	t.Parallel()
	g := start(t, likeLiteLLM)
	p := g.person(control.KeyChange{})
	check := func(a answer, want map[string]string) {
		t.Helper()
		for name, v := range want {
			got, there := a.Header["X-Litellm-"+name]
			if v == "" && there || v == "*" && (!there || got[0] == "") || v != "" && v != "*" && (!there || got[0] != v) {
				t.Errorf("X-Litellm-%s: %q, want %q", name, got, v)
			}
		}
	}
	a := g.chat(p, "free", "", nil)
	check(a, map[string]string{"Call-Id": a.Header.Get("X-Request-Id"), "Model-Id": "gpu/free", "Model-Group": "free", "Version": version(), "Response-Cost": "0.0",
		"Attempted-Retries": "0", "Attempted-Fallbacks": "0", "Response-Duration-Ms": "*", "Overhead-Duration-Ms": "*", "Model-Api-Base": ""})
	a = g.chat(p, "paid", "", header{"x-litellm-call-id": "mine-1"})
	check(a, map[string]string{"Call-Id": "mine-1", "Model-Id": "cloud/paid", "Response-Cost": a.Header.Get("X-Tollgate-Cost")})
	if a.Header.Get("X-Tollgate-Cost") == "" || a.Header.Get("X-Request-Id") == "mine-1" {
		t.Errorf("%v", a.Header)
	}
	check(g.chat(p, "free", `"stream":true`, nil), map[string]string{"Response-Cost": "0.0", "Call-Id": "*"})
	check(g.chat(p, "paid", `"stream":true`, nil), map[string]string{"Response-Cost": "", "Call-Id": "*"})
	// What a key itself is limited to, and on the list of models what it has spent.
	check(a, map[string]string{"Key-Rpm-Limit": "", "Key-Tpm-Limit": "", "Key-Max-Budget": "", "Key-Spend": ""})
	limited := g.person(control.KeyChange{})
	for _, n := range []int64{90, 60} {
		rule := limits.Rule{Requests: &n}
		rule.Kind, rule.Owner = ledger.Key, limited.keyID
		if n == 60 {
			rule.Tokens = &[]int64{5000}[0]
		} else {
			rule.Kind, rule.Owner = ledger.User, limited.user // not the key's own
		}
		must(g.srv.control.CreateLimit(t.Context(), rule))(t)
	}
	g.budget(limited, ledger.User, "3")
	g.budget(limited, ledger.Key, "1", "paid2")
	g.budget(limited, ledger.Key, "2")
	check(g.chat(limited, "free", "", nil), map[string]string{"Key-Rpm-Limit": "60", "Key-Tpm-Limit": "5000"})
	a = g.chat(limited, "paid", "", nil)
	check(g.do("GET", "/v1/models", limited.key, "", nil), map[string]string{"Key-Rpm-Limit": "60", "Key-Max-Budget": "2.00", "Key-Spend": a.Header.Get("X-Tollgate-Cost")})
	// Each kind of account has its own, and the models of a key too.
	two := int64(2)
	rule := limits.Rule{Requests: &two, Concurrent: &two}
	rule.Kind, rule.Owner, rule.Models = ledger.Key, limited.keyID, []string{"free"}
	must(g.srv.control.CreateLimit(t.Context(), rule))(t)
	a = g.chat(limited, "free", "", nil)
	for name, want := range map[string]string{
		"Api_key-Limit-Requests": "60", "Api_key-Remaining-Requests": "57", "Api_key-Limit-Tokens": "5000", "User-Limit-Requests": "90", "User-Remaining-Requests": "87",
		"Model_per_key-Limit-Requests": "2", "Model_per_key-Remaining-Requests": "1", "Model_per_key-Limit-Max_parallel_requests": "2", "Model_per_key-Remaining-Max_parallel_requests": "2",
		"Team-Limit-Requests": "", "Limit-Requests": "2",
	} {
		if got := a.Header.Get("X-Ratelimit-" + name); got != want {
			t.Errorf("X-Ratelimit-%s: %q, want %q", name, got, want)
		}
	}
	// A refusal has the id by which the client knows the call, and what the key is limited to.
	g.chat(limited, "free", "", nil)
	a = g.chat(limited, "free", "", header{"x-litellm-call-id": "mine-2"})
	check(a, map[string]string{"Call-Id": "mine-2", "Key-Rpm-Limit": "60", "Key-Max-Budget": "2.00", "Model-Id": ""})
	if a.Status != 429 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	for name := range g.plainAnswer(t).Header {
		if strings.HasPrefix(name, "X-Litellm-") {
			t.Errorf("%s without the setting", name)
		}
	}
}

// plainAnswer is an answer of a program without the setting.
func (g *gate) plainAnswer(t *testing.T) answer {
	plain := start(t, upstreamConfig)
	return plain.chat(plain.person(control.KeyChange{}), "free", "", nil)
}

// TestLiteLLMErrors: the words that LiteLLM's clients look for, tollgate's own after them.
func TestLiteLLMErrors(t *testing.T) {
	t.Parallel()
	g := start(t, likeLiteLLM)
	admin := must(g.srv.control.EnsureAdmin(t.Context(), ""))(t)
	p := g.person(control.KeyChange{Models: &[]string{"free", "paid"}})
	yes, past := true, time.Now().Add(-time.Hour)
	blocked, expired := g.person(control.KeyChange{}), g.person(control.KeyChange{})
	must(g.srv.control.UpdateKey(t.Context(), blocked.keyID, control.KeyChange{Blocked: &yes}))(t)
	must(g.srv.control.UpdateKey(t.Context(), expired.keyID, control.KeyChange{Expires: &past}))(t)
	zero := int64(0)
	slow := g.person(control.KeyChange{})
	rule := limits.Rule{Requests: &zero}
	rule.Kind, rule.Owner = ledger.Key, slow.keyID
	must(g.srv.control.CreateLimit(t.Context(), rule))(t)
	broke := map[ledger.Kind]person{}
	for _, k := range []ledger.Kind{ledger.Key, ledger.User, ledger.Team, ledger.Tag, ledger.EndUser} {
		broke[k] = g.person(control.KeyChange{})
		g.budget(broke[k], k, "0")
	}
	unknown := p
	unknown.key = "sk-1234567890"
	for _, c := range []struct {
		who                person
		model              string
		status             int
		kind, code, begins string
	}{
		{person{}, "free", 401, "auth_error", "missing_api_key", "Authentication Error, No api key passed in."},
		{unknown, "free", 401, "token_not_found_in_db", "invalid_api_key", "Authentication Error, Invalid API key provided."},
		{blocked, "free", 401, "auth_error", "blocked_api_key", "Authentication Error, Key is blocked."},
		{expired, "free", 401, "expired_key", "expired_api_key", "Authentication Error - Expired Key."},
		{person{key: admin}, "free", 403, "auth_error", "admin_key_calls_nothing", "an admin key"},
		{p, "paid2", 403, "key_model_access_denied", "model_not_allowed", "key not allowed to access model."},
		{p, "nothing", 400, "invalid_request_error", "model_not_found", "Invalid model name passed in. Call `/v1/models`"},
		{slow, "free", 429, "throttling_error", "rate_limit_exceeded", "Rate limit exceeded for api_key: " + slow.keyID + ". Limit type: requests. Current limit: 0, Remaining: 0. You cannot call"},
		{broke[ledger.Key], "paid", 429, "budget_exceeded", "budget_exceeded", "Budget has been exceeded! Key=" + broke[ledger.Key].keyID + " Current cost: 0.00, Max budget: 0.00. You cannot call paid now"},
		{broke[ledger.Team], "paid", 429, "budget_exceeded", "budget_exceeded", "Budget has been exceeded! Team=" + broke[ledger.Team].team + " Current cost: "},
		{broke[ledger.Tag], "paid", 429, "budget_exceeded", "budget_exceeded", "Budget has been exceeded! Tag=" + broke[ledger.Tag].tag + " Current cost: 0.00"},
		{broke[ledger.User], "paid", 429, "budget_exceeded", "budget_exceeded", "ExceededBudget: User=" + broke[ledger.User].user + " over budget. Spend=0.00, Budget=0.00."},
		{broke[ledger.EndUser], "paid", 429, "budget_exceeded", "budget_exceeded", "ExceededBudget: End User=" + broke[ledger.EndUser].endUser + " over budget."},
		{broke[ledger.Key], "free", 200, "", "", ""},
	} {
		for _, extra := range []string{"", `"stream":true`} {
			a := g.chat(c.who, c.model, extra, nil)
			if a.Status != c.status {
				t.Fatalf("%s %s: %d %s", c.kind, c.model, a.Status, a.Body)
			}
			if c.status == 200 {
				continue
			}
			if a.errorField(t, "type") != c.kind || a.errorField(t, "tollgate_code") != c.code || a.errorField(t, "code") != fmt.Sprint(c.status) || !strings.HasPrefix(a.errorField(t, "message"), c.begins) {
				t.Errorf("%s: %d %s", c.begins, a.Status, a.Body)
			}
			if c.kind == "budget_exceeded" && (a.Header.Get("X-Should-Retry") != "false" || a.Header.Get("Retry-After") == "") {
				t.Errorf("%s: %v", c.begins, a.Header)
			}
		}
	}
	// tollgate's own management keeps its own words, and Codex what it knows.
	if a := g.do("GET", "/api/v1/users/nobody", admin, "", nil); a.errorField(t, "code") != "not_found" {
		t.Errorf("%s", a.Body)
	}
	if a := g.chat(broke[ledger.Key], "paid", "", header{"User-Agent": "codex_cli_rs/0.169.0"}); a.errorField(t, "code") != "usage_limit_reached" {
		t.Errorf("%s", a.Body)
	}
	// A rate limit says in headers what it counts, and when there is room again.
	one := int64(1)
	rule = limits.Rule{Requests: &one}
	rule.Kind, rule.Owner = ledger.Key, p.keyID
	must(g.srv.control.CreateLimit(t.Context(), rule))(t)
	g.chat(p, "free", "", nil)
	a := g.chat(p, "free", "", nil)
	at, err := time.Parse("2006-01-02 15:04:05 MST", a.Header.Get("reset_at"))
	if a.Status != 429 || a.Header.Get("rate_limit_type") != "requests" || err != nil || time.Until(at) > 2*time.Minute || a.Header.Get("Retry-After") == "" {
		t.Errorf("%d %v: %v", a.Status, a.Header, err)
	}
	if a := g.chat(slow, "free", "", nil); a.Header.Get("rate_limit_type") != "requests" || a.Header.Get("reset_at") != "" {
		t.Errorf("%d %v", a.Status, a.Header)
	}
	// Refusals are counted by tollgate's words.
	text := string(must(g.srv.metrics.Write())(t))
	for _, reason := range []string{"model_not_found", "invalid_api_key", "budget_exceeded"} {
		if !strings.Contains(text, `"`+reason+`"`) {
			t.Errorf("no refusal is counted as %s", reason)
		}
	}
	if strings.Contains(text, `reason="429"`) || strings.Contains(text, `reason="401"`) {
		t.Error("refusals are counted by their status")
	}
}

// TestLiteLLMErrorsOfOtherSurfaces: Anthropic's clients are told in Anthropic's shape, and
// the words come first all the same.
func TestLiteLLMErrorsOfOtherSurfaces(t *testing.T) {
	t.Parallel()
	g := start(t, likeLiteLLM)
	p, broke := g.person(control.KeyChange{Models: &[]string{"free", "free2", "paid"}}), g.person(control.KeyChange{})
	g.budget(broke, ledger.Key, "0")
	g.up.Set("free2", providertest.Script{Status: 500, Body: `{"error":{"message":"on fire","type":"server_error","code":null}}`})
	nobody := person{}
	for _, c := range []struct {
		who             person
		model           string
		status          int
		kind, anthropic string
		begins          string
	}{
		{nobody, "free", 401, "auth_error", "authentication_error", "Authentication Error, No api key passed in."},
		{p, "nothing", 400, "invalid_request_error", "invalid_request_error", "Invalid model name passed in."},
		{p, "paid2", 403, "key_model_access_denied", "permission_error", "key not allowed to access model."},
		{broke, "paid", 429, "budget_exceeded", "rate_limit_error", "Budget has been exceeded! Key="},
		{p, "free2", 500, "internal_server_error", "api_error", "litellm.InternalServerError: "},
	} {
		for path, body := range map[string]string{
			"/v1/messages":  `{"model":%q,"max_tokens":5,"messages":[{"role":"user","content":"hi"}]}`,
			"/v1/responses": `{"model":%q,"max_output_tokens":5,"input":"hi"}`,
		} {
			g.mend()
			a := g.do("POST", path, c.who.key, fmt.Sprintf(body, c.model), nil)
			kind, shape := c.kind, a.json(t)["type"]
			if path == "/v1/messages" {
				kind = c.anthropic
				if shape != "error" {
					t.Errorf("%s: %s", path, a.Body)
				}
			} else if shape != nil {
				t.Errorf("%s: %s", path, a.Body)
			}
			if a.Status != c.status || a.errorField(t, "type") != kind || a.errorField(t, "code") != fmt.Sprint(c.status) || !strings.HasPrefix(a.errorField(t, "message"), c.begins) {
				t.Errorf("%s %s: %d %s", path, c.model, a.Status, a.Body)
			}
		}
	}
}

// TestLiteLLMFailuresOfUpstreams: LiteLLM's own SDK reads from the message which exception
// it raises.
func TestLiteLLMFailuresOfUpstreams(t *testing.T) {
	t.Parallel()
	g := start(t, strings.Replace(likeLiteLLM, "free: gpu/free", "free: { to: gpu/free, total: 300ms }", 1))
	p := g.person(control.KeyChange{})
	says := func(status int, code string) providertest.Script {
		return providertest.Script{Status: status, Body: fmt.Sprintf(`{"error":{"message":"no","type":"invalid_request_error","code":%q}}`, code)}
	}
	for begins, c := range map[string]struct {
		script providertest.Script
		status int
		kind   string
	}{
		"litellm.BadRequestError: no":                                 {says(400, "bad"), 400, "invalid_request_error"},
		"litellm.ContextWindowExceededError: no":                      {says(400, "context_length_exceeded"), 400, "invalid_request_error"},
		"litellm.ContentPolicyViolationError: ":                       {says(400, "content_filter"), 400, "invalid_request_error"},
		"litellm.InternalServerError: the":                            {says(401, "invalid_api_key"), 502, "internal_server_error"},
		"litellm.InternalServerError: the upstream has no such model": {says(404, "model_not_found"), 502, "internal_server_error"},
		"litellm.RateLimitError: no":                                  {says(429, ""), 429, "throttling_error"},
		"litellm.InternalServerError:":                                {says(500, ""), 500, "internal_server_error"},
		"litellm.ServiceUnavailableError: no":                         {says(503, ""), 503, "internal_server_error"},
		"litellm.Timeout: ":                                           {providertest.Script{Hang: true}, 408, "invalid_request_error"},
		"litellm.InternalServerError: ":                               {providertest.Script{Body: "<html>"}, 500, "internal_server_error"},
	} {
		g.mend()
		g.up.Set("free", c.script)
		a := g.chat(p, "free", "", nil)
		if a.Status != c.status || a.errorField(t, "type") != c.kind || !strings.HasPrefix(a.errorField(t, "message"), begins) {
			t.Errorf("%s: %d %s", begins, a.Status, a.Body)
		}
	}
}
