package openai_test

import (
	"bytes"
	"strings"
	"testing"

	"tollgate/providers"
	"tollgate/providers/openai"
	"tollgate/providers/wire"
)

func TestEncodeBody(t *testing.T) {
	const messages = `"messages":[]`
	for name, c := range map[string]struct {
		quirks openai.Quirks
		limit  int64
		body   string
		want   string
	}{
		"nothing but the model":           {body: `{"model":"p","stream":false,` + messages + `}`, want: `{"model":"m","stream":false,` + messages + `}`},
		"a text is no true":               {body: `{"model":"p","stream":"true"}`, want: `{"model":"m","stream":"true"}`},
		"no usage without a stream":       {body: `{"model":"p","stream_options":{}}`, want: `{"model":"m","stream_options":{}}`},
		"usage beside siblings":           {body: `{"model":"p","stream":true,"stream_options":{"continuous_usage_stats":true}}`, want: `{"model":"m","stream":true,"stream_options":{"continuous_usage_stats":true,"include_usage":true}}`},
		"usage in place of null":          {body: `{"model":"p","stream":true,"stream_options":null}`, want: `{"model":"m","stream":true,"stream_options":{"include_usage":true}}`},
		"usage in place of false":         {body: `{"model":"p","stream":true,"stream_options":{"include_usage":false}}`, want: `{"model":"m","stream":true,"stream_options":{"include_usage":true}}`},
		"usage in place of a text":        {body: `{"model":"p","stream":true,"stream_options":{"include_usage":"true"}}`, want: `{"model":"m","stream":true,"stream_options":{"include_usage":true}}`},
		"usage asked already":             {body: `{"model":"p","stream":true,"stream_options":{ "include_usage" : true }}`, want: `{"model":"m","stream":true,"stream_options":{ "include_usage" : true }}`},
		"options that are none":           {body: `{"model":"p","stream":true,"stream_options":7}`, want: `{"model":"m","stream":true,"stream_options":7}`},
		"options refused":                 {quirks: openai.Quirks{NoStreamOptions: true}, body: `{"model":"p","stream":true,"stream_options":{"include_usage":true}}`, want: `{"model":"m","stream":true}`},
		"usage in legacy completions":     {body: `{"model":"p","stream":true,"prompt":"x"}`, want: `{"model":"m","stream":true,"prompt":"x","stream_options":{"include_usage":true}}`},
		"embeddings are left alone":       {limit: 5, body: `{"model":"p","input":"x","stream":true}`, want: `{"model":"m","input":"x","stream":true}`},
		"cap added":                       {limit: 5, body: `{"model":"p"}`, want: `{"model":"m","max_tokens":5}`},
		"cap added in the vendor's field": {quirks: openai.Quirks{CapField: "max_completion_tokens"}, limit: 5, body: `{"model":"p"}`, want: `{"model":"m","max_completion_tokens":5}`},
		"cap of legacy completions":       {quirks: openai.Quirks{CapField: "max_completion_tokens"}, limit: 5, body: `{"model":"p","prompt":"x"}`, want: `{"model":"m","prompt":"x","max_tokens":5}`},
		"cap in the client's field":       {quirks: openai.Quirks{CapField: "max_completion_tokens"}, limit: 5, body: `{"model":"p","max_tokens":100}`, want: `{"model":"m","max_tokens":5}`},
		"cap in both of the client's":     {limit: 5, body: `{"model":"p","max_tokens":100,"max_completion_tokens":"x"}`, want: `{"model":"m","max_tokens":5,"max_completion_tokens":5}`},
		"cap in place of null":            {limit: 5, body: `{"model":"p","max_tokens":null}`, want: `{"model":"m","max_tokens":5}`},
		"no cap":                          {body: `{"model":"p","max_completion_tokens":100}`, want: `{"model":"m","max_completion_tokens":100}`},
		"only one field, moved":           {quirks: openai.Quirks{CapFieldOnly: true}, body: `{"model":"p","max_completion_tokens":100}`, want: `{"model":"m","max_tokens":100}`},
		"only one field, capped":          {quirks: openai.Quirks{CapFieldOnly: true}, limit: 5, body: `{"max_completion_tokens":100,"model":"p"}`, want: `{"model":"m","max_tokens":5}`},
		"only one field, both given":      {quirks: openai.Quirks{CapFieldOnly: true}, body: `{"model":"p","max_tokens":9,"max_completion_tokens":100}`, want: `{"model":"m","max_tokens":9}`},
		"policy fields":                   {quirks: openai.Quirks{Policy: []string{"priority", "cache_salt"}}, body: `{"cache_salt":"x","model":"p","priority":1}`, want: `{"model":"m"}`},
	} {
		call := callOf(t, []byte(c.body))
		call.OutputCap = c.limit
		got, err := openai.New(c.quirks).Encode(call, providers.Target{Model: "m"})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if string(got.Body) != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got.Body, c.want)
		}
	}
}

func TestEncodeHeader(t *testing.T) {
	call := callOf(t, []byte(`{"model":"p","messages":[],"stream":true}`))
	vllm, err := kind(t, "vllm").Codec.Encode(call, providers.Target{Model: "m"})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"Content-Type": "application/json", "Accept": "text/event-stream",
		"Accept-Encoding": "identity", "X-Request-Id": "attempt-1", "Authorization": ""} {
		if got := vllm.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	call.Stream = false
	plain, err := kind(t, "openai").Codec.Encode(call, providers.Target{Model: "m"})
	if err != nil {
		t.Fatal(err)
	}
	if got := plain.Header; got.Get("X-Request-Id") != "" || got.Get("Accept") != "application/json" {
		t.Errorf("%v", got)
	}
}

func TestEncodePaths(t *testing.T) {
	codec := openai.New(openai.Quirks{})
	for op, want := range map[providers.Operation]string{
		providers.Chat: "/chat/completions", providers.Completions: "/completions", providers.Embeddings: "/embeddings"} {
		body, err := wire.ParseObject([]byte(`{"model":"p"}`))
		if err != nil {
			t.Fatal(err)
		}
		got, err := codec.Encode(providers.Call{Operation: op, Body: body}, providers.Target{Model: "m"})
		if err != nil || got.Path != want || !codec.Supports(op) {
			t.Errorf("%s: %q, %v", op, got.Path, err)
		}
	}
	if _, err := codec.Encode(providers.Call{Operation: 99}, providers.Target{}); codec.Supports(99) || providers.AsError(err).Kind != providers.BadRequest {
		t.Errorf("an unknown operation: %v", err)
	}
	twice := callOf(t, []byte(`{"model":"p","messages":[],"stream":true,"stream_options":{"a":1,"a":2}}`))
	if _, err := codec.Encode(twice, providers.Target{}); providers.AsError(err) == nil || providers.AsError(err).Param != "stream_options" {
		t.Errorf("a key twice in stream_options: %v", err)
	}
}

// TestLargeBodiesAreNotCopied: they go up in pieces, which are what a copy would be.
func TestLargeBodiesAreNotCopied(t *testing.T) {
	for _, size := range []int{200, 8 << 10, 1 << 20} {
		text := `{"x":1.0e0,"model":"public","messages":[{"role":"user","content":"` + strings.Repeat("é", size/2) + `"}],"stream":true}`
		o, err := wire.ParseObject([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		req, err := openai.New(openai.Quirks{}).Encode(providers.Call{Operation: providers.Chat, Body: o, Stream: true}, providers.Target{Model: "up"})
		if err != nil {
			t.Fatal(err)
		}
		large := size > 1<<10
		if (req.Pieces != nil) != large || (req.Body == nil) != large {
			t.Errorf("%d bytes: %d in one piece, %d pieces", size, len(req.Body), len(req.Pieces))
		}
		want := strings.Replace(strings.Replace(text, `"public"`, `"up"`, 1), `true}`, `true,"stream_options":{"include_usage":true}}`, 1)
		if got := string(append(req.Body, bytes.Join(req.Pieces, nil)...)); got != want {
			t.Errorf("%d bytes went up as others: …%q", size, got[max(0, len(got)-100):])
		}
	}
}

// TestEncodeRelayed: what is passed on changes in its model's name, its cap and what it goes on
// from alone, and goes to the path that the server has it at.
func TestEncodeRelayed(t *testing.T) {
	for name, c := range map[string]struct {
		op       providers.Operation
		limit    int64
		response string
		want     string
		root     bool
	}{
		"a response":                   {providers.Responses, 0, "", `{"model":"m","a":1}`, false},
		"a response that is capped":    {providers.Responses, 5, "", `{"model":"m","a":1,"max_output_tokens":5}`, false},
		"a response that goes on":      {providers.Responses, 0, "resp_1", `{"model":"m","a":1,"previous_response_id":"resp_1"}`, false},
		"a message":                    {providers.Messages, 0, "", `{"model":"m","a":1}`, false},
		"a message that is capped":     {providers.Messages, 5, "", `{"model":"m","a":1,"max_tokens":5}`, false},
		"a text that is cut to pieces": {providers.Tokenize, 0, "", `{"model":"m","a":1}`, true},
	} {
		call := callOf(t, []byte(`{"model":"p","a":1}`))
		call.Operation, call.OutputCap, call.Response = c.op, c.limit, c.response
		got, err := everything.Encode(call, providers.Target{Model: "m"})
		if err != nil || string(got.Body) != c.want || got.Root != c.root || got.Path != c.op.Spec().Path {
			t.Errorf("%s: %s %v\n got %s, %v\nwant %s", name, got.Path, got.Root, got.Body, err, c.want)
		}
	}
}

// TestOptionsThatStandTwice are refused, and where they stand is said.
func TestOptionsThatStandTwice(t *testing.T) {
	_, err := openai.New(openai.Quirks{}).Encode(callOf(t, []byte(`{"model":"p","stream":true,"stream_options":{"include_usage":false,"include_usage":true}}`)), providers.Target{Model: "m"})
	if e := providers.AsError(err); e == nil || e.Kind != providers.BadRequest || e.Param != "stream_options" || !strings.Contains(e.Message, "include_usage") || e.Cause == nil {
		t.Errorf("%v", err)
	}
}

// TestHeadersOfRelayed: what a client's request says in headers of its surface goes along.
func TestHeadersOfRelayed(t *testing.T) {
	call := callOf(t, []byte(`{"model":"p"}`))
	call.Operation, call.Header = providers.Messages, map[string][]string{"anthropic-beta": {"a", "b"}, "anthropic-version": {"2027-01-01"}}
	got, err := everything.Encode(call, providers.Target{Model: "m"})
	if err != nil {
		t.Fatal(err)
	}
	var beta, version []string
	for _, f := range got.Header {
		switch f.Name {
		case "Anthropic-Beta":
			beta = append(beta, f.Value)
		case "Anthropic-Version":
			version = append(version, f.Value)
		}
	}
	if strings.Join(beta, ",") != "a,b" || strings.Join(version, ",") != "2027-01-01" {
		t.Errorf("%v", got.Header)
	}
}
