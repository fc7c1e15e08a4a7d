//go:build sdk

package sdktest

import (
	"fmt"
	"net/http"
	"strings"

	"tollgate/providers/providertest"
)

// Each case of the SDKs has a model of its own at the upstream, so that the calls
// that arrive there can be told apart. A model without a script answers "hello".
var scripts = map[string]providertest.Script{
	"stream":       {Text: "one two three"},
	"stream-usage": {Text: "one two three"},
	"tools":        {ToolCall: true},
	"tools-stream": {Body: toolStream, Header: http.Header{"Content-Type": {"text/event-stream"}}},
	"schema":       {Text: `{"city":"Paris","degrees":21}`},
	"logprobs":     {Body: logprobs},
	"fails":        {Status: 500, Body: `{"error":{"message":"The engine is on fire.","type":"server_error","param":null,"code":null}}`},
	"cut":          {Text: "one two three four", CutAfter: 2},

	"responses-stream": {Text: "one two three"},
	"responses-cut":    {Text: "one two three four", Chunks: 4, CutAfter: 2},
	"hear":             {Text: "one two"},
	"draw":             {Text: "one"}, // one partial image
}

// ollamaScripts are those of the models of the native Ollama upstream.
var ollamaScripts = map[string]providertest.Script{
	"streamer:1b":    {Text: "one two three"},
	"tools:1b":       {ToolCall: true},
	"tool-stream:1b": {ToolCall: true},
}

// free are the models that the OpenAI-compatible engine lists, free because it is a
// kind that runs on one's own machines.
var free = []string{"chat", "stream", "stream-usage", "tools", "tools-stream", "vision", "schema", "logprobs", "embedder", "legacy",
	"Qwen/Qwen3-32B", "base-url", "fails", "cut", "extra", "ids", "denied", "free", "responses", "responses-stream", "responses-cut", "messages"}

// cloudModels are those that only the vendor has.
var cloudModels = []string{"paid", "hear", "say", "draw", "judge"}

var ollamaModels = []string{"llama3.2:3b", "streamer:1b", "tools:1b", "tool-stream:1b", "embed-mini:1b"}

// wantCalls is how often each SDK's run reaches each model of the engines. Cases of
// refusals have none: a refused request reaches nobody.
var wantCalls = map[string]int{
	"chat": 1, "stream": 1, "stream-usage": 1, "tools": 1, "tools-stream": 1, "vision": 1, "schema": 1, "logprobs": 1,
	"embedder": 2, "legacy": 1, "Qwen/Qwen3-32B": 1, "base-url": 2, "extra": 1, "ids": 1,
	"fails": 1, // an answer with an error is not asked for again, by nobody
	"cut":   1, // nor is one that has begun
	"paid":  2, // all that the budget has room for
	"free":  4, // after the refusal: by name, alias and wildcard, and as the fallback

	"responses": 1, "responses-stream": 1, "responses-cut": 1, "hear": 3, "say": 1, "draw": 3, "judge": 1,
}

var wantOllamaCalls = map[string]int{"llama3.2:3b": 1, "streamer:1b": 1, "tools:1b": 1, "tool-stream:1b": 1, "embed-mini:1b": 2}

// config is the gateway's. Two paid calls cost 0.00812 USD; a third would not fit
// under a limit of 0.01 USD.
const config = `
listen: 127.0.0.1:0
admin_key: env:TOLLGATE_ADMIN_KEY
drain_delay: 0s
providers:
  gpu:    { kind: vllm, url: UPSTREAM }
  laptop: { kind: ollama, url: OLLAMA }
  cloud:  { kind: openai, url: UPSTREAM, key: env:CLOUD_KEY }
  dead:   { kind: vllm, url: DEAD }
models:
  paid: { to: cloud/paid, price: { input: 1, output: 10, request: 0.004 } }
  hear: { to: cloud/hear, price: free }
  say: { to: cloud/say, price: { character: 15 } }
  draw: { to: cloud/draw, price: { image: 0.04 } }
  judge: { to: cloud/judge, price: { input: 1 } }
  assistant: gpu/free
  auto: [paid, gpu/free]
  down-python: dead/python
  down-node: dead/node
  down-go: dead/go
  "open/*": gpu/*
`

// toolStream is a tool call in fragments, as OpenAI sends it.
var toolStream = func() string {
	var b strings.Builder
	chunk := func(delta, finish string) {
		fmt.Fprintf(&b, `data: {"id":"c","object":"chat.completion.chunk","created":1764000000,"model":"tools-stream","choices":[{"index":0,"delta":%s,"finish_reason":%s}]}`+"\n\n", delta, finish)
	}
	chunk(`{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_test","type":"function","function":{"name":"get_weather","arguments":""}}]}`, "null")
	for _, part := range []string{`{\"ci`, `ty\":\"Par`, `is\"}`} {
		chunk(`{"tool_calls":[{"index":0,"function":{"arguments":"`+part+`"}}]}`, "null")
	}
	chunk(`{}`, `"tool_calls"`)
	b.WriteString("data: [DONE]\n\n")
	return b.String()
}()

const logprobs = `{"id":"c","object":"chat.completion","created":1764000000,"model":"logprobs","choices":[{"index":0,"finish_reason":"stop",
"message":{"role":"assistant","content":"hello","refusal":null},
"logprobs":{"content":[{"token":"hello","logprob":-0.25,"bytes":[104,101,108,108,111],"top_logprobs":[{"token":"hello","logprob":-0.25,"bytes":null},{"token":"hi","logprob":-1.5,"bytes":null}]}],"refusal":null}}],
"usage":{"prompt_tokens":10,"completion_tokens":1,"total_tokens":11}}`
