package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/klauspost/compress/zstd"

	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/edge"
	"tollgate/gateway/store"
)

// spent is how many bytes were allocated while something ran, whatever was given
// back of them. Nothing else may run meanwhile.
func spent(run func()) int64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	run()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}

// TestA13_HugeHeads: heads that are too large are refused before they are looked into,
// and cost no more than what may be read of one (trust.md A13, A48).
func TestA13_HugeHeads(t *testing.T) {
	g := audited(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	addr := strings.TrimPrefix(g.url, "http://")
	const post = "POST /v1/chat/completions HTTP/1.1\r\nHost: gate\r\n"
	key := "Authorization: Bearer " + p.key + "\r\n"
	end := length(freeBody)
	many := func(n int) (out string) {
		for i := range n {
			out += fmt.Sprintf("X-%d: a\r\n", i)
		}
		return out
	}
	for name, c := range map[string]struct {
		raw  string
		want []int
	}{
		"a header of 1 MB":           {post + key + "X-A: " + strings.Repeat("a", 1<<20) + "\r\n" + end, []int{431}},
		"a name of 1 MB":             {post + key + strings.Repeat("a", 1<<20) + ": b\r\n" + end, []int{400, 431}},
		"10,000 headers":             {post + key + many(10_000) + end, []int{400, 431}},
		"a line without an end":      {post + key + strings.Repeat("a", 1<<20), []int{400, 431}},
		"a target of 100 KB":         {strings.Replace(post, "/v1/chat/completions", "/v1/chat/completions?"+strings.Repeat("a", 100<<10), 1) + key + end, []int{400, 414, 431}},
		"a name of a model of 30 KB": {"GET /v1/models/" + strings.Repeat("a", 30<<10) + " HTTP/1.1\r\nHost: gate\r\n" + key + "Connection: close\r\n\r\n", []int{400, 404, 414, 431}},
		"30 KB of slashes":           {"GET /" + strings.Repeat("/", 30<<10) + " HTTP/1.1\r\nHost: gate\r\n" + key + "Connection: close\r\n\r\n", []int{400, 404, 414, 431}},
		"30 KB of percent signs":     {"GET /v1/models/" + strings.Repeat("%25", 10<<10) + " HTTP/1.1\r\nHost: gate\r\n" + key + "Connection: close\r\n\r\n", []int{400, 404, 414, 431}},
		"30 KB of dots for a key":    {post + "Authorization: Bearer " + strings.Repeat(".", 30<<10) + "\r\nConnection: close\r\n" + end, []int{401, 431}},
		"1 MB of dots for a key":     {post + "Authorization: Bearer " + strings.Repeat(".", 1<<20) + "\r\n" + end, []int{431}},
		"a key just too long":        {post + "X-Api-Key: " + strings.Repeat("k", access.MaxCredential+1) + "\r\nConnection: close\r\n" + end, []int{401}},
		"no key":                     {post + "Authorization: Bearer \r\nConnection: close\r\n" + end, []int{401}},
		"a blank key":                {post + "X-Api-Key: \t \r\nConnection: close\r\n" + end, []int{401}},
		"a key with a tab in it":     {post + "Authorization: Bearer " + p.key[:20] + "\t" + p.key[20:] + "\r\nConnection: close\r\n" + end, []int{401}},
		"a key and another word":     {post + "Authorization: Bearer " + p.key + " " + p.key + "\r\nConnection: close\r\n" + end, []int{401}},
		"a key with NUL":             {post + "Authorization: Bearer " + p.key + "\x00\r\n" + end, []int{400}},
		"look-alikes of letters":     {post + "Authorization: Bearer " + strings.NewReplacer("s", "ѕ", "a", "а").Replace(p.key) + "\r\nConnection: close\r\n" + end, []int{401}},
		"a key in the query":         {strings.Replace(post, "/completions", "/completions?api_key="+p.key+"&key="+p.key, 1) + "Connection: close\r\n" + end, []int{401}},
		"a key in a cookie":          {post + "Cookie: api_key=" + p.key + "\r\nConnection: close\r\n" + end, []int{401}},
		"a key for a proxy":          {post + "Proxy-Authorization: Bearer " + p.key + "\r\nConnection: close\r\n" + end, []int{401}},
		"a name with an underscore":  {post + "X_Api_Key: " + p.key + "\r\nConnection: close\r\n" + end, []int{401}},
		"SQL for a key":              {post + "X-Api-Key: ' or 1=1 --\r\nConnection: close\r\n" + end, []int{401}},
	} {
		var answers []answer
		cost := spent(func() { answers, _ = exchange(t, addr, c.raw, 0) })
		if len(answers) != 1 || !slices.Contains(c.want, answers[0].Status) || answers[0].errorField(t, "code") == "" {
			t.Errorf("%s: %.500v", name, answers)
		}
		if limit := int64(3*len(c.raw) + 2<<20); cost > limit {
			t.Errorf("%s: %d bytes were allocated for it", name, cost)
		}
	}
	if n := len(g.up.Calls()); n != 0 {
		t.Errorf("%d calls reached the upstream", n)
	}
}

// TestA20_Bombs: what inflates beyond the limit is refused, and is never inflated
// further; encodings in encodings and those that nobody offered are not understood.
func TestA20_Bombs(t *testing.T) {
	g := audited(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	// Both formats allow one body behind another, which saves making large ones.
	zeros := make([]byte, 1<<20)
	gzipped := func(content []byte) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(content); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	encoder := must(zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1)))(t)
	small := gzipped(zeros)
	var empty bytes.Buffer
	if err := gzip.NewWriter(&empty).Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		encoding string
		body     []byte
		status   int
		code     string
	}{
		"512 MB in gzip":            {"gzip", bytes.Repeat(small, 512), 413, "request_too_large"},
		"512 MB in zstd":            {"zstd", bytes.Repeat(encoder.EncodeAll(zeros, nil), 512), 413, "request_too_large"},
		"gzip in gzip":              {"gzip, gzip", gzipped(small), 415, "unsupported_encoding"},
		"gzip in gzip, said once":   {"gzip", gzipped(small), 400, "invalid_json"},
		"brotli":                    {"br", []byte{0x0b, 0x02, 0x80, 0x7b, 0x7d, 0x03}, 415, "unsupported_encoding"},
		"an encoding of its own":    {"gzip; q=1", small, 415, "unsupported_encoding"},
		"millions of empty members": {"gzip", bytes.Repeat(empty.Bytes(), 100_000), 400, "invalid_encoding"},
		"a window of 1 GB":          {"zstd", []byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa0, 0x01, 0x00, 0x00}, 400, "invalid_encoding"},
		"garbage behind gzip":       {"gzip", append(gzipped([]byte(freeBody)), "garbage"...), 400, "invalid_encoding"},
		"a part of gzip":            {"gzip", gzipped([]byte(freeBody))[:30], 400, "invalid_encoding"},
		"gzip that is none":         {"gzip", []byte(freeBody), 400, "invalid_encoding"},
	} {
		var a answer
		cost := spent(func() {
			a = g.do("POST", "/v1/chat/completions", p.key, string(c.body), header{"Content-Encoding": c.encoding})
		})
		if a.Status != c.status || a.errorField(t, "code") != c.code {
			t.Errorf("%s: %d %s, want %d %s", name, a.Status, a.Body, c.status, c.code)
		}
		// A buffer that grows is copied some times; what was given back counts, too.
		if limit := int64(8*edge.MaxBody + 8*len(c.body) + 32<<20); cost > limit {
			t.Errorf("%s: %d bytes were allocated for it", name, cost)
		}
	}
	if n := len(g.up.Calls()); n != 0 {
		t.Errorf("%d calls reached the upstream", n)
	}
}

// TestA22_FormsWhereNoneAreTaken: a form is not looked into on a route that takes JSON,
// however it is made (trust.md A22).
func TestA22_FormsWhereNoneAreTaken(t *testing.T) {
	g := audited(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	part := "--B\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nfree\r\n"
	for name, c := range map[string]struct{ kind, body string }{
		"a form":                     {"multipart/form-data; boundary=B", part + "--B--\r\n"},
		"a boundary without an end":  {"multipart/form-data; boundary=" + strings.Repeat("B", 20_000), strings.Repeat("B", 4<<20)},
		"no boundary":                {"multipart/form-data", part},
		"100,000 parts":              {"multipart/form-data; boundary=B", strings.Repeat(part, 100_000)},
		"a name of a field of 4 MB":  {"multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data; name=\"" + strings.Repeat("a", 4<<20) + "\"\r\n\r\nx\r\n--B--\r\n"},
		"a header of a part of 4 MB": {"multipart/form-data; boundary=B", "--B\r\nX: " + strings.Repeat("a", 4<<20) + "\r\n\r\nx\r\n--B--\r\n"},
		"multipart, mixed":           {"multipart/mixed; boundary=B", part},
		"XML":                        {"application/xml", "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><x>&a;</x>"},
		"YAML":                       {"application/yaml", "a: &a [x,x]\nb: [*a,*a]\nmodel: free"},
	} {
		for _, path := range []string{"/v1/chat/completions", "/v1/embeddings"} {
			var a answer
			cost := spent(func() { a = g.do("POST", path, p.key, c.body, header{"Content-Type": c.kind}) })
			if a.Status != 415 || a.errorField(t, "code") != "unsupported_content_type" {
				t.Errorf("%s: %d %s", name, a.Status, a.Body)
			}
			if limit := int64(4*len(c.body) + 4<<20); cost > limit {
				t.Errorf("%s: %d bytes were allocated for it", name, cost)
			}
		}
	}
	if n := len(g.up.Calls()); n != 0 {
		t.Errorf("%d calls reached the upstream", n)
	}
}

// TestA22_FormsWhereTheyAreTaken: a form has few parts with short heads, and what is none, or
// has more, is refused for the price of looking through it once (trust.md A22).
func TestA22_FormsWhereTheyAreTaken(t *testing.T) {
	g := audited(t, mediaConfig)
	p := g.person(control.KeyChange{})
	const kind = "multipart/form-data; boundary=B"
	part := "--B\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\neach\r\n"
	file := "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nx\r\n"
	long := strings.Repeat("B", 70)
	for name, c := range map[string]struct {
		kind, body string
		status     int
	}{
		"a boundary without an end": {"multipart/form-data; boundary=" + strings.Repeat("B", 20_000), strings.Repeat("B", 4<<20), 400},
		"a boundary in 500 pieces": {"multipart/form-data; " + func() (out string) {
			for i := range 500 {
				out += fmt.Sprintf("boundary*%d=B;", i)
			}
			return out
		}(), part, 400},
		"nothing but boundaries":      {kind, strings.Repeat("--B\r\n", 1<<20), 413},
		"almost boundaries":           {"multipart/form-data; boundary=" + long, "--" + long + "\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + strings.Repeat("\r\n--"+long[1:]+"b", 50_000), 400},
		"100,000 parts":               {kind, strings.Repeat(file, 100_000) + "--B--\r\n", 413},
		"a name of a field of 4 MB":   {kind, part + "--B\r\nContent-Disposition: form-data; name=\"" + strings.Repeat("a", 4<<20) + "\"\r\n\r\nx\r\n--B--\r\n", 413},
		"a name of a field of 1 KB":   {kind, part + "--B\r\nContent-Disposition: form-data; name=\"" + strings.Repeat("a", 1<<10) + "\"\r\n\r\nx\r\n--B--\r\n", 413},
		"a header of a part of 4 MB":  {kind, part + "--B\r\nX: " + strings.Repeat("a", 4<<20) + "\r\n\r\nx\r\n--B--\r\n", 413},
		"a field of 4 MB":             {kind, part + file + "--B\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\n" + strings.Repeat("a", 4<<20) + "\r\n--B--\r\n", 413},
		"half a form":                 {kind, part + file + "--B\r\nContent-Disp", 413},
		"two dispositions":            {kind, part + "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nx\r\n--B--\r\n", 400},
		"something behind the end":    {kind, part + file + "--B--\r\n" + part, 400},
		"something before it":         {kind, "preamble\r\n" + part + file + "--B--\r\n", 400},
		"another boundary than it is": {"multipart/form-data; boundary=C", part + file + "--B--\r\n", 400},
	} {
		for _, path := range []string{"/v1/audio/transcriptions", "/v1/images/edits"} {
			var a answer
			cost := spent(func() { a = g.do("POST", path, p.key, c.body, header{"Content-Type": c.kind}) })
			if a.Status != c.status || a.errorField(t, "message") == "" {
				t.Errorf("%s: %d %s, want %d", name, a.Status, a.Body, c.status)
			}
			if limit := int64(4*len(c.body) + 4<<20); cost > limit {
				t.Errorf("%s: %d bytes were allocated for it", name, cost)
			}
		}
	}
	if n := len(g.up.Calls()); n != 0 {
		t.Errorf("%d calls reached the upstream", n)
	}
}

// TestA37_ControlCharacters: names that a caller makes up reach the log, the management
// API and a terminal as text, and write over nothing there.
func TestA37_ControlCharacters(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	g.budget(p, "user", "5")
	const evil = "x\x1b[2J\x1b]0;owned\x07\u009b31m\r\nfake 1 2 3\u202egnp.exe\x00\x7f"
	name := must(json.Marshal(evil))(t)
	for _, model := range []string{"free", "paid", evil} {
		body := fmt.Sprintf(`{"model":%s,"user":%s,"messages":[{"role":"user","content":"hi"}]}`, must(json.Marshal(model))(t), name)
		a := g.do("POST", "/v1/chat/completions", p.key, body, header{"X-Client-Request-Id": "a\tb"})
		if strings.ContainsAny(a.Body+fmt.Sprint(a.Header), "\x1b\x07\x00\r") {
			t.Errorf("%q", a.Body)
		}
	}
	if err := g.srv.store.Announce(store.Holder{URL: g.url, Token: g.srv.auth.Local}); err != nil {
		t.Fatal(err)
	}
	s := &shell{t, map[string]string{"TOLLGATE_DATABASE": g.db}}
	g.eventually("the calls are in the books", func() bool {
		return g.query("select count(*) from entries") == 1 && g.query("select count(*) from calls") >= 1
	})
	found := false
	for _, args := range [][]string{{"usage", "--by", "end_user,model"}, {"usage", "--by", "end_user", "--json"}, {"entries"}, {"entries", "--json"}, {"check"}} {
		r := s.run(exitOK, args...)
		found = found || strings.Contains(r.out, "owned")
		for _, c := range r.out + r.err {
			raw := (c >= 0x7f && c < 0xa0) || c == 0x202e // which JSON, for programs, may hold
			if (c < ' ' && c != '\n') || (raw && args[len(args)-1] != "--json") {
				t.Errorf("%v prints %q:\n%q", args, c, r.out)
				break
			}
		}
		if strings.Contains(r.out, "\nfake") {
			t.Errorf("%v prints a line that a caller made up:\n%s", args, r.out)
		}
	}
	if !found {
		t.Error("no command has shown the name")
	}
	for line := range strings.Lines(g.logs.String()) {
		if !json.Valid([]byte(line)) || strings.ContainsAny(line, "\x1b\x07\x00\r") {
			t.Errorf("a line of the log: %q", line)
		}
	}
}

// TestA14_RequestsSayNotWhereTheyGo: no field, header or parameter of a request leads the
// call to another address, or gives it another credential or more headers (trust.md T28).
func TestA14_RequestsSayNotWhereTheyGo(t *testing.T) {
	t.Parallel()
	var reached atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	t.Cleanup(elsewhere.Close)
	host := strings.TrimPrefix(elsewhere.URL, "http://")
	for mode, config := range map[string]string{"tollgate": upstreamConfig, "litellm": "compatibility: litellm\n" + upstreamConfig} {
		g := audited(t, config)
		p := g.person(control.KeyChange{})
		ask := func(what, path, extra string, h header) {
			t.Helper()
			g.up.Reset()
			a := g.do("POST", path, p.key, chatBody(p, "paid", extra), h)
			calls := g.up.CallsTo("/v1/chat/completions")
			if a.Status == 400 && len(calls) == 0 {
				return
			}
			if a.Status != 200 || len(calls) != 1 {
				t.Errorf("%s, %s: %d %s, %d calls", mode, what, a.Status, a.Body, len(calls))
				return
			}
			sent := calls[0].Header
			if sent.Get("Authorization") != "Bearer "+upstreamKey || strings.Contains(fmt.Sprint(sent), "cnry") || strings.Contains(fmt.Sprint(sent), host) {
				t.Errorf("%s, %s: sent with %v", mode, what, sent)
			}
		}
		for name, value := range map[string]string{
			"api_base": fmt.Sprintf("%q", elsewhere.URL), "base_url": fmt.Sprintf("%q", elsewhere.URL), "api_key": `"cnry"`, "organization": `"cnry"`, "custom_llm_provider": `"ollama"`,
			"extra_headers": `{"Authorization":"Bearer cnry","X-Extra":"cnry"}`, "headers": `{"X-Extra":"cnry"}`, "extra_query": `{"x":"cnry"}`, "proxy": fmt.Sprintf("%q", elsewhere.URL),
			"provider": fmt.Sprintf(`{"url":%q,"key":"cnry"}`, elsewhere.URL), "deployment_id": `"cnry"`, "azure_endpoint": fmt.Sprintf("%q", elsewhere.URL), "api_version": `"cnry"`,
			"litellm_params": fmt.Sprintf(`{"api_base":%q,"api_key":"cnry"}`, elsewhere.URL), "user_config": fmt.Sprintf(`{"model_list":[{"model_name":"paid","litellm_params":{"model":"openai/paid","api_base":%q}}]}`, elsewhere.URL),
		} {
			ask(name, "/v1/chat/completions", fmt.Sprintf("%q:%s", name, value), nil)
		}
		for _, name := range []string{"X-Api-Base", "Api-Base", "X-Base-Url", "X-Litellm-Api-Base", "X-Upstream", "X-Forwarded-Host", "X-Forwarded-Server", "X-Original-Url", "X-Rewrite-Url", "X-Provider-Key", "Openai-Organization", "X-Goog-Project", "Azure-Endpoint"} {
			ask("the header "+name, "/v1/chat/completions", "", header{name: elsewhere.URL + "/cnry"})
		}
		ask("the query", "/v1/chat/completions?api_base="+url.QueryEscape(elsewhere.URL)+"&api_key=cnry&api-version=cnry", "", nil)
		conn := &rawConn{g: g}
		for _, target := range []string{elsewhere.URL + "/v1/chat/completions", "//" + host + "/v1/chat/completions", "/v1/chat/completions@" + host} {
			if a := conn.send("POST", target, p.key, "", chatBody(p, "paid", "")); a.Status < 400 {
				t.Errorf("%s, %s: %d %s", mode, target, a.Status, a.Body)
			}
		}
		conn.close()
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("%d requests went where a client said", n)
	}
}

// TestA17_RemoteMedia: wherever a request can name media by URL, a model with
// `remote_media: deny` takes none, and no model takes any of a private network; what is in
// the request itself is sent on. Nothing that is refused is sent (trust.md A17).
func TestA17_RemoteMedia(t *testing.T) {
	t.Parallel()
	g := audited(t, strings.Replace(upstreamConfig, "models:", `  shy: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY, price: free, remote_media: deny }
models:
  open: { to: cloud/open, price: free }
  shy: shy/m
  laptop: laptop/m`, 1))
	p := g.person(control.KeyChange{})
	message := func(content string) string { return `{"model":"MODEL","max_tokens":5,"messages":[` + content + `]}` }
	user := func(part string) string { return message(`{"role":"user","content":[` + part + `]}`) }
	item := func(part string) string {
		return `{"model":"MODEL","max_output_tokens":5,"input":[{"role":"user","content":[` + part + `]}]}`
	}
	const image = `{"type":"image_url","image_url":{"url":"URL"}}`
	rows := []struct{ path, body string }{
		{"/v1/chat/completions", user(image)},
		{"/v1/chat/completions", user(`{"type":"image_url","image_url":"URL"}`)},
		{"/v1/chat/completions", user(`{"image_url":"URL"}`)},
		{"/v1/chat/completions", user(`{"type":"image","image":"URL"}`)},
		{"/v1/chat/completions", user(`{"type":"video_url","video_url":{"url":"URL"}}`)},
		{"/v1/chat/completions", user(`{"type":"video","video":"URL"}`)},
		{"/v1/chat/completions", user(`{"type":"audio_url","audio_url":{"url":"URL"}}`)},
		{"/v1/chat/completions", user(`{"type":"input_audio","input_audio":{"format":"wav","url":"URL"}}`)},
		{"/v1/chat/completions", user(`{"type":"input_audio","input_audio":{"format":"wav","data":"URL"}}`)},
		{"/v1/chat/completions", user(`{"type":"file","file":{"file_url":"URL"}}`)},
		{"/v1/chat/completions", user(`{"type":"file","file":{"file_data":"URL"}}`)},
		{"/v1/chat/completions", user(`{"type":"file_url","file_url":{"url":"URL"}}`)},
		{"/v1/chat/completions", message(`{"role":"tool","tool_call_id":"x","content":[` + image + `]},{"role":"user","content":"hi"}`)},
		{"/engines/MODEL/chat/completions", user(image)},
		{"/v1/embeddings", user(image)},
		{"/v1/embeddings", `{"model":"MODEL","input":[` + image + `]}`},
		{"/v1/embeddings", `{"model":"MODEL","input":[{"text":"a"},{"image":"URL"}]}`},
		{"/v1/embeddings", `{"model":"MODEL","input":{"content":[` + image + `]}}`},
		{"/v1/tokenize", user(image)},
		{"/v1/moderations", `{"model":"MODEL","input":[{"type":"text","text":"a"},` + image + `]}`},
		{"/v1/responses", item(`{"type":"input_image","image_url":"URL"}`)},
		{"/v1/responses", item(`{"type":"input_image","image_url":{"url":"URL"}}`)},
		{"/v1/responses", item(`{"type":"input_file","file_url":"URL"}`)},
		{"/v1/responses", `{"model":"MODEL","input":[{"type":"function_call_output","call_id":"c","output":[{"type":"input_image","image_url":"URL"}]}]}`},
		{"/v1/responses", `{"model":"MODEL","input":[{"type":"computer_call_output","call_id":"c","output":{"type":"computer_screenshot","image_url":"URL"}}]}`},
		{"/v1/responses/compact", item(`{"type":"input_image","image_url":"URL"}`)},
		{"/v1/responses/input_tokens", item(`{"type":"input_image","image_url":"URL"}`)},
		{"/v1/messages", user(`{"type":"image","source":{"type":"url","url":"URL"}}`)},
		{"/v1/messages", user(`{"type":"document","source":{"type":"url","url":"URL"}}`)},
		{"/v1/messages", user(`{"type":"tool_result","tool_use_id":"x","content":[{"type":"image","source":{"type":"url","url":"URL"}}]}`)},
		{"/v1/messages", user(`{"type":"document","source":{"type":"content","content":[{"type":"image","source":{"type":"url","url":"URL"}}]}}`)},
		{"/v1/messages", user(image)},
		{"/v1/messages", `{"model":"MODEL","max_tokens":5,"system":[{"type":"image","source":{"type":"url","url":"URL"}}],"messages":[{"role":"user","content":"hi"}]}`},
		{"/v1/messages/count_tokens", user(`{"type":"image","source":{"type":"url","url":"URL"}}`)},
		{"/v1/rerank", `{"model":"MODEL","query":"q","documents":[{"content":[` + image + `]}]}`},
		{"/v1/rerank", `{"model":"MODEL","query":{"content":[` + image + `]},"documents":["a"]}`},
		{"/v1/rerank", `{"model":"MODEL","query":"q","documents":[{"image":"URL"}]}`},
		{"/v2/rerank", `{"model":"MODEL","query":"q","documents":["a",` + image + `]}`},
		{"/v1/score", `{"model":"MODEL","text_1":"q","text_2":[` + image + `]}`},
		{"/v1/score", `{"model":"MODEL","data_1":{"content":[` + image + `]},"data_2":"x"}`},
		{"/v1/images/edits", `{"model":"MODEL","prompt":"a","images":[{"image_url":"URL"}]}`},
		{"/v1/images/edits", `{"model":"MODEL","prompt":"a","image":"URL"}`},
		{"/v1/images/edits", formOf(`name="model"`, "MODEL", `name="prompt"`, "a", `name="url"`, "URL", `name="image"; filename="a.png"`, "x")},
		{"/v1/images/edits", formOf(`name="model"`, "MODEL", `name="prompt"`, "a", `name="image[]"; filename="a.png"`, "x", `name="image[]"`, "URL")},
		{"/v1/images/generations", `{"model":"MODEL","prompt":"a","image":"URL"}`},
		{"/v1/audio/speech", `{"model":"MODEL","input":"a","voice":"v","ref_audio":"URL"}`},
	}
	const inline = "data:image/png;base64,AAAA"
	for _, row := range rows {
		for model, far := range map[string]bool{"open": true, "shy": false} {
			for u, sent := range map[string]bool{"https://example.org/a.png": far, "http://10.0.0.1/a.png": false, "http://169.254.169.254/latest": false, "file:///etc/passwd": false, inline: true} {
				g.up.Reset()
				fill := strings.NewReplacer("URL", u, "MODEL", model)
				a := g.post(fill.Replace(row.path), p, fill.Replace(row.body))
				denied := a.Status == 400 && strings.Contains(a.Body, "media")
				if denied == sent || len(g.up.Calls()) != map[bool]int{true: 1}[sent] {
					t.Errorf("%s to %s, %s: %d %s, %d calls", row.path, model, fill.Replace(row.body), a.Status, a.Body, len(g.up.Calls()))
				}
			}
		}
	}
	// Ollama fetches nothing, and gets nothing to fetch.
	for u, sent := range map[string]bool{"https://example.org/a.png": false, "http://10.0.0.1/a.png": false, inline: true} {
		g.up.Reset()
		a := g.do("POST", "/v1/chat/completions", p.key, strings.NewReplacer("URL", u, "MODEL", "laptop").Replace(user(image)), nil)
		if (a.Status == 200) != sent || len(g.up.Calls()) != map[bool]int{true: 1}[sent] {
			t.Errorf("Ollama with %s: %d %s, %d calls", u, a.Status, a.Body, len(g.up.Calls()))
		}
	}
}

// TestA21_Numbers: what a request may cost is read from whole numbers in their range, and
// anything else in their place is refused with where and why, before anybody is called. A
// number that nobody here has to act on is the upstream's, however it is written.
func TestA21_Numbers(t *testing.T) {
	t.Parallel()
	g := audited(t, mediaConfig)
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.User, "1000")
	message := `"messages":[{"role":"user","content":"hi"}]`
	surfaces := map[string]struct {
		model, rest string
		fields      []string
	}{
		"/v1/chat/completions":   {"paid", message, []string{"max_tokens", "max_completion_tokens", "n"}},
		"/v1/completions":        {"paid", `"prompt":"hi"`, []string{"max_tokens", "n", "best_of"}},
		"/v1/responses":          {"paid", `"input":"hi"`, []string{"max_output_tokens", "max_tool_calls"}},
		"/v1/messages":           {"paid", message, []string{"max_tokens"}},
		"/v1/images/generations": {"each", `"prompt":"a"`, []string{"n"}},
	}
	for path, s := range surfaces {
		ask := func(members string) answer {
			g.up.Reset()
			return g.post(path, p, fmt.Sprintf(`{"model":%q,%s,%s}`, s.model, members, s.rest))
		}
		for _, field := range s.fields {
			bad := []string{"-1", "1.5", "1e308", "-1e308", "1e400", "1e-5", "9223372036854775808", "18446744073709551617", "99999999999999999999999999", "1000000001", `"5"`, "true", "[]", "[5]", "{}"}
			if !slices.Contains([]string{"max_tokens", "max_completion_tokens", "max_output_tokens"}, field) { // of which there may be none
				bad = append(bad, "0", "-0")
			}
			for _, bad := range bad {
				a := ask(fmt.Sprintf("%q:%s", field, bad))
				if a.Status != 400 || !strings.Contains(a.errorField(t, "message"), field) || len(g.up.Calls()) != 0 {
					t.Errorf("%s with %s of %s: %d %s, %d calls", path, field, bad, a.Status, a.Body, len(g.up.Calls()))
				}
			}
			for _, none := range []string{"NaN", "Infinity", "-Infinity", "0x10", "+5", "05", "5.", ".5", "1_000", "5e", "--5", "١"} { // no JSON
				a := ask(fmt.Sprintf("%q:%s", field, none))
				if a.Status != 400 || len(g.up.Calls()) != 0 {
					t.Errorf("%s with %s of %s: %d %s, %d calls", path, field, none, a.Status, a.Body, len(g.up.Calls()))
				}
			}
			for _, good := range []string{"2", "2.0", "2e0", "20e-1", "null"} {
				if a := ask(fmt.Sprintf("%q:%s", field, good)); len(g.up.Calls()) != 1 { // what it makes of a 2.0 is its own
					t.Errorf("%s with %s of %s: %d %s", path, field, good, a.Status, a.Body)
				}
			}
			if a := ask(fmt.Sprintf("%[1]q:5,%[1]q:6", field)); a.Status != 400 || len(g.up.Calls()) != 0 {
				t.Errorf("%s with two of %s: %d %s", path, field, a.Status, a.Body)
			}
		}
		if slices.Contains(s.fields, "n") {
			if a := ask(`"n":1000000000`); a.Status != 400 || len(g.up.Calls()) != 0 {
				t.Errorf("%s with a billion answers: %d %s", path, a.Status, a.Body)
			}
		}
		odd := `"seed":1e308,"temperature":-1E+400,"x":[0.10000000000000000000000000000000000001,123456789012345678901234567890]`
		if a := ask(odd); a.Status != 200 || !strings.Contains(string(g.up.Calls()[0].Body), odd) {
			t.Errorf("%s with numbers of the upstream's: %d %s", path, a.Status, a.Body)
		}
		for _, bad := range []string{`"x":"` + "\xff" + `"`, `"` + "\xc0\x80" + `":1`, `"x":` + strings.Repeat("[", 65) + strings.Repeat("]", 65), `"x":` + strings.Repeat(`{"a":`, 65) + "1" + strings.Repeat("}", 65)} {
			if a := ask(bad); a.Status != 400 || len(g.up.Calls()) != 0 {
				t.Errorf("%s with %.40q: %d %s", path, bad, a.Status, a.Body)
			}
		}
	}
	g.settled()
	if held := g.held(b); held != 0 {
		t.Errorf("%d is held", held)
	}
}
