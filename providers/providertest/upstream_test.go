package providertest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"tollgate/providers/providertest"
)

func post(t *testing.T, ctx context.Context, url, body string) (status int, header http.Header, reply string, err error) { //nolint:revive // the test is the first argument
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, resp.Header, string(b), err
}

const (
	plain     = `{"model":"m","messages":[]}`
	streaming = `{"model":"m","messages":[],"stream":true}`
	withUsage = `{"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}}`
)

func TestUpstreamOpenAI(t *testing.T) {
	for name, c := range map[string]struct {
		script providertest.Script
		path   string
		body   string
		status int
		has    []string
		hasNot []string
		broken bool
	}{
		"default":         {body: plain, has: []string{`"content":"hello"`, `"prompt_tokens":10`, `"completion_tokens":5`, `"total_tokens":15`}},
		"scripted":        {body: plain, script: providertest.Script{Text: "bye", PromptTokens: 7, CachedTokens: 3, ReasoningTokens: 2, ServiceTier: "flex"}, has: []string{`"content":"bye"`, `"prompt_tokens":7`, `"completion_tokens":0`, `"cached_tokens":3`, `"reasoning_tokens":2`, `"service_tier":"flex"`}},
		"no usage":        {body: plain, script: providertest.Script{NoUsage: true}, hasNot: []string{"usage"}},
		"raw usage":       {body: plain, script: providertest.Script{RawUsage: `{"odd":1.5}`}, has: []string{`"usage":{"odd":1.5}`}},
		"error":           {body: plain, script: providertest.Script{Status: 429, Body: `{"error":"slow"}`, Header: http.Header{"Retry-After": {"7"}}}, status: 429, has: []string{`{"error":"slow"}`}},
		"raw 200":         {body: plain, script: providertest.Script{Body: "<html>"}, has: []string{"<html>"}},
		"tool":            {body: plain, script: providertest.Script{ToolCall: true}, has: []string{`"name":"get_weather"`, `"finish_reason":"tool_calls"`, `"arguments":"{\"city\":\"Paris\"}"`}},
		"cut":             {body: plain, script: providertest.Script{CutAfter: 1}, broken: true},
		"stream":          {body: streaming, script: providertest.Script{Text: "one two", Chunks: 3}, has: []string{`"content":"on"`, `"content":"two"`, "data: [DONE]\n\n"}, hasNot: []string{"usage"}},
		"stream usage":    {body: withUsage, has: []string{`"usage":null`, `"choices":[]`, `"prompt_tokens":10`, "data: [DONE]"}},
		"stream no usage": {body: withUsage, script: providertest.Script{NoUsage: true}, has: []string{"[DONE]"}, hasNot: []string{"usage"}},
		"stream cut":      {body: streaming, script: providertest.Script{Text: "one two three", CutAfter: 2}, has: []string{`"one "`, `"two "`}, hasNot: []string{"three", "[DONE]"}, broken: true},
		"stream error":    {body: streaming, script: providertest.Script{Text: "one two three", ErrorFrameAfter: 1}, has: []string{`"one "`, `data: {"error":{`, "[DONE]"}, hasNot: []string{"two"}},
		"stream tool":     {body: streaming, script: providertest.Script{ToolCall: true}, has: []string{`"tool_calls":[{`, `"finish_reason":"tool_calls"`}},
		"usage whole":     {body: `{"model":"m","stream_options":{"include_usage":true}}`, status: 400, has: []string{"stream_options"}},
		"bad options":     {body: `{"model":"m","stream":true,"stream_options":7}`, status: 400, has: []string{"stream_options"}},
		"bad JSON":        {body: `{`, status: 400, has: []string{`"error":{`}},
		"legacy":          {path: "/completions", body: plain, has: []string{`"text":"hello"`, `"object":"text_completion"`}},
		"legacy stream":   {path: "/completions", body: withUsage, has: []string{`"text":"hello"`, `"prompt_tokens":10`, "[DONE]"}},
		"embeddings":      {path: "/embeddings", body: `{"model":"m","input":["a","b"]}`, has: []string{`"embedding":[0.5,-0.25,0.125]`, `"index":1`, `"prompt_tokens":10`}},
		"base64":          {path: "/embeddings", body: `{"model":"m","input":[1,2],"encoding_format":"base64"}`, has: []string{`"embedding":"AAAAPwAAgL4AAAA+"`}, hasNot: []string{`"index":1`}},
		"unknown path":    {path: "/nothing", body: plain, status: 404},
	} {
		t.Run(name, func(t *testing.T) {
			u := providertest.NewUpstream(t)
			u.Set("m", c.script)
			if c.path == "" {
				c.path = "/chat/completions"
			}
			status, header, reply, err := post(t, t.Context(), u.OpenAI()+c.path, c.body)
			if c.broken != (err != nil) {
				t.Fatalf("%v", err)
			}
			if want := max(c.status, 200); status != want {
				t.Errorf("status %d, want %d", status, want)
			}
			for _, s := range c.has {
				if !strings.Contains(reply, s) {
					t.Errorf("%q is not in %s", s, reply)
				}
			}
			for _, s := range c.hasNot {
				if strings.Contains(reply, s) {
					t.Errorf("%q is in %s", s, reply)
				}
			}
			for key := range c.script.Header {
				if header.Get(key) != c.script.Header.Get(key) {
					t.Errorf("%s: %q", key, header.Get(key))
				}
			}
		})
	}
}

func TestUpstreamOllama(t *testing.T) {
	u := providertest.NewUpstream(t)
	u.Models("llama:1b", "nomic-embed-text:latest")
	u.Set("tool", providertest.Script{ToolCall: true})
	u.Set("broken", providertest.Script{Text: "a b c", ErrorFrameAfter: 2})
	u.Set("silent", providertest.Script{NoUsage: true})
	for _, c := range []struct{ path, body, has, hasNot string }{
		{"/api/chat", `{"model":"x"}`, `"content":"hello"`, ""},
		{"/api/chat", `{"model":"x"}`, `"prompt_eval_count":10`, ""},
		{"/api/chat", `{"model":"x","stream":false}`, `"eval_count":5`, `"done":false`},
		{"/api/chat", `{"model":"tool","stream":false}`, `"arguments":{"city":"Paris"}`, ""},
		{"/api/chat", `{"model":"broken"}`, `{"error":`, `"done":true`},
		{"/api/chat", `{"model":"silent"}`, `"done":true`, `eval_count`},
		{"/api/embed", `{"model":"x","input":["a","b"]}`, `"embeddings":[[0.5,-0.25,0.125],[0.5`, ""},
		{"/api/show", `{"model":"nomic-embed-text"}`, `["embedding"]`, ""},
		{"/api/show", `{"model":"llama"}`, `"llama.context_length":8192`, ""},
	} {
		status, _, reply, err := post(t, t.Context(), u.Ollama()+c.path, c.body)
		if err != nil || status != 200 || !strings.Contains(reply, c.has) || (c.hasNot != "" && strings.Contains(reply, c.hasNot)) {
			t.Errorf("%s %s: %d, %v: %s", c.path, c.body, status, err, reply)
		}
	}
	for path, has := range map[string]string{"/api/tags": `"name":"llama:1b"`, "/api/ps": `"context_length":8192`, "/api/version": `"version":"0.`, "/v1/models": `"id":"llama:1b"`} {
		resp, err := http.Get(u.Ollama() + path)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil || !strings.Contains(string(b), has) {
			t.Errorf("%s: %v, %s", path, err, b)
		}
	}
}

func TestUpstreamRecords(t *testing.T) {
	u := providertest.NewUpstream(t)
	if _, _, _, err := post(t, t.Context(), u.OpenAI()+"/chat/completions", plain); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := post(t, t.Context(), u.OpenAI()+"/embeddings", `{"model":"e","input":"x"}`); err != nil {
		t.Fatal(err)
	}
	calls := u.Calls()
	if len(calls) != 2 || calls[0].Model != "m" || !bytes.Equal(calls[0].Body, []byte(plain)) || calls[0].Method != http.MethodPost || !calls[0].Aborted.IsZero() {
		t.Errorf("%+v", calls)
	}
	if to := u.CallsTo("/v1/embeddings"); len(to) != 1 || to[0].Model != "e" {
		t.Errorf("%+v", to)
	}
	if u.Reset(); len(u.Calls()) != 0 {
		t.Error("calls are left after Reset")
	}
}

// TestUpstreamSeesTheClientGo: while it waits for a first byte, between parts and
// after the last it sends.
func TestUpstreamSeesTheClientGo(t *testing.T) {
	for name, script := range map[string]providertest.Script{
		"hang":          {Hang: true},
		"delay headers": {DelayHeaders: time.Hour},
		"delay chunk":   {DelayChunk: time.Hour},
		"hang after":    {Text: "a b c", HangAfter: 2},
	} {
		u := providertest.NewUpstream(t)
		u.Set("m", script)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		_, _, _, err := post(t, ctx, u.OpenAI()+"/chat/completions", streaming)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", name, err)
		}
		deadline := time.Now().Add(5 * time.Second)
		for calls := u.Calls(); len(calls) != 1 || calls[0].Aborted.IsZero() || !calls[0].Done; calls = u.Calls() {
			if time.Now().After(deadline) {
				t.Fatalf("%s: the upstream did not see it: %+v", name, calls)
			}
			time.Sleep(time.Millisecond)
		}
	}
}

// TestUpstreamCloses: a call that hangs does not hold the end of a test.
func TestUpstreamCloses(t *testing.T) {
	done := make(chan error, 1)
	t.Run("hanging", func(t *testing.T) {
		u := providertest.NewUpstream(t)
		u.Set("m", providertest.Script{Hang: true})
		go func() {
			resp, err := http.Post(u.OpenAI()+"/chat/completions", "application/json", strings.NewReader(plain))
			if err == nil {
				_ = resp.Body.Close()
			}
			done <- err
		}()
		for len(u.Calls()) == 0 {
			time.Sleep(time.Millisecond)
		}
	})
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		t.Fatal("the call still hangs")
	}
}

func TestScriptedAnswersAreJSON(t *testing.T) {
	u := providertest.NewUpstream(t)
	_, _, reply, err := post(t, t.Context(), u.OpenAI()+"/chat/completions", plain)
	if err != nil || !json.Valid([]byte(reply)) {
		t.Errorf("%v, %s", err, reply)
	}
}
