package ollama_test

import (
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"tollgate/providers"
	"tollgate/providers/ollama"
)

// TestEncodeRefuses holds what cannot be said in Ollama's dialect; want is a part
// of the message, param the field that is named.
func TestEncodeRefuses(t *testing.T) {
	chat := func(more string) string { return `{"messages":[{"role":"user","content":"hi"}]` + more + `}` }
	part := func(p string) string { return `{"messages":[{"role":"user","content":[` + p + `]}]}` }
	calls := func(c string) string { return `{"messages":[{"role":"assistant","tool_calls":` + c + `}]}` }
	const tool = `,"tools":[{"type":"function","function":{"name":"f"}}]`
	for name, c := range map[string]struct{ body, param, want string }{
		"no messages":            {`{"messages":null}`, "messages", "array"},
		"messages of strings":    {`{"messages":["hi"]}`, "messages[0]", "object"},
		"no role":                {`{"messages":[{"content":"hi"}]}`, "messages[0].role", "role"},
		"content of a number":    {`{"messages":[{"role":"user","content":7}]}`, "messages[0].content", "array of parts"},
		"part of a string":       {part(`"{\"type\":\"text\"}"`), "messages[0].content[0]", "cannot be sent"},
		"a file":                 {part(`{"type":"text","text":"a"},{"type":"file","file":{}}`), "messages[0].content[1]", `"file"`},
		"image by address":       {part(`{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}`), "messages[0].content[0]", "send the image itself as a data URI"},
		"image by plain text":    {part(`{"type":"image_url","image_url":{"url":"data:image/svg+xml,<svg/>"}}`), "messages[0].content[0]", "base64"},
		"image without data":     {part(`{"type":"image_url","image_url":{"url":"data:image/png;base64,"}}`), "messages[0].content[0]", "base64"},
		"image without url":      {part(`{"type":"image_url"}`), "messages[0].content[0]", "base64"},
		"sound without data":     {part(`{"type":"input_audio"}`), "messages[0].content[0]", "base64"},
		"calls of a string":      {calls(`"x"`), "messages[0].tool_calls", "array"},
		"a custom call":          {calls(`[{"type":"custom","custom":{}}]`), "messages[0].tool_calls[0]", "functions"},
		"arguments, broken":      {calls(`[{"function":{"name":"f","arguments":"{\"a\":"}}]`), "messages[0].tool_calls[0].function.arguments", "JSON object"},
		"arguments, a list":      {calls(`[{"function":{"name":"f","arguments":"[1]"}}]`), "messages[0].tool_calls[0].function.arguments", "JSON object"},
		"arguments, bottomless":  {calls(`[{"function":{"name":"f","arguments":"` + strings.Repeat(`{\"a\":`, 20000) + `"}}]`), "messages[0].tool_calls[0].function.arguments", "JSON object"},
		"tools of an object":     {chat(`,"tools":{}`), "tools", "array"},
		"a custom tool":          {chat(`,"tools":[{"type":"custom","custom":{"name":"f"}}]`), "tools", `"custom"`},
		"choice of no tool":      {chat(tool + `,"tool_choice":{"type":"function","function":{"name":"g"}}`), "tool_choice", `"g"`},
		"choice without tools":   {chat(`,"tool_choice":{"type":"function","function":{"name":"g"}}`), "tool_choice", `"g"`},
		"unknown choice":         {chat(tool + `,"tool_choice":"{\"type\":\"function\"}"`), "tool_choice", "not one of"},
		"old functions":          {chat(`,"functions":[]`), "functions", "use tools"},
		"several answers":        {chat(`,"n":2`), "n", "n must be 1"},
		"no answers":             {chat(`,"n":0`), "n", "at least 1"},
		"unlimited answers":      {chat(`,"max_tokens":-1`), "max_tokens", "at least 1"},
		"half a token":           {chat(`,"max_completion_tokens":0.5`), "max_completion_tokens", "whole number"},
		"a token and a half":     {chat(`,"max_tokens":1.5`), "max_tokens", "whole number"},
		"tokens beyond counting": {chat(`,"max_tokens":9007199254740994`), "max_tokens", "whole number"},
		"alternatives below 0":   {chat(`,"top_logprobs":-1`), "top_logprobs", "at least 0"},
		"input of objects":       {`{"input":["a",{}]}`, "input", "string or an array of strings"},
		"endless tokens":         {chat(`,"max_completion_tokens":1e400`), "max_completion_tokens", "whole number"},
		"stop of numbers":        {chat(`,"stop":["a",1]`), "stop", "strings only"},
		"stop of an object":      {chat(`,"stop":{}`), "stop", "string or an array"},
		"warm":                   {chat(`,"temperature":"hot"`), "temperature", "number"},
		"logprobs of a number":   {chat(`,"logprobs":1`), "logprobs", "true or false"},
		"format":                 {chat(`,"response_format":{"type":"xml"}`), "response_format", `"xml"`},
		"format of a string":     {chat(`,"response_format":"json_object"`), "response_format", "not one of"},
		"no schema":              {chat(`,"response_format":{"type":"json_schema"}`), "response_format", "schema must be an object"},
		"effort":                 {chat(`,"reasoning_effort":"enormous"`), "reasoning_effort", "enormous"},
		"effort below reasoning": {chat(`,"reasoning":{"effort":"enormous"}`), "reasoning.effort", "enormous"},
		"options of a list":      {chat(`,"options":[]`), "options", "object"},
		"two prompts":            {`{"prompt":["a","b"]}`, "prompt", "one string"},
		"a prompt of tokens":     {`{"prompt":[1]}`, "prompt", "one string"},
		"no prompt":              {`{"prompt":null}`, "prompt", "one string"},
		"suffix":                 {`{"prompt":"a","suffix":1}`, "suffix", "string"},
		"echo":                   {`{"prompt":"a","echo":true}`, "echo", "not supported"},
		"best of three":          {`{"prompt":"a","best_of":3}`, "best_of", "must be 1"},
		"logprobs of a bool":     {`{"prompt":"a","logprobs":true}`, "logprobs", "whole number"},
		"input of tokens":        {`{"input":[1,2]}`, "input", "no tokens"},
		"inputs of tokens":       {`{"input":["a",[1,2]]}`, "input", "no tokens"},
		"no input":               {`{"input":null}`, "input", "string"},
		"empty input":            {`{"input":[]}`, "input", "empty"},
		"an empty input":         {`{"input":["a",""]}`, "input", "empty"},
		"dimensions":             {`{"input":"a","dimensions":0}`, "dimensions", "at least 1"},
		"encoding":               {`{"input":"a","encoding_format":"hex"}`, "encoding_format", `"hex"`},
		"truncate":               {`{"input":"a","truncate":"END"}`, "truncate", "true or false"},
	} {
		_, err := ollama.New().Encode(parseCall(t, []byte(c.body)), providers.Target{Model: "m"})
		e := providers.AsError(err)
		if e == nil || e.Kind != providers.BadRequest || e.Param != c.param || !strings.Contains(e.Message, c.want) {
			t.Errorf("%s: got %+v, want a bad request about %s: …%s…", name, e, c.param, c.want)
		}
	}
	if _, err := ollama.New().Encode(providers.Call{}, providers.Target{}); providers.AsError(err) == nil {
		t.Errorf("no operation: %v", err)
	}
}

// TestEncodeSettings holds what the operator's settings and the cap do to a body.
// got is a path in the upstream's body; want is raw JSON, empty for absent.
func TestEncodeSettings(t *testing.T) {
	const chat = `{"messages":[{"role":"user","content":"hi"}]`
	for name, c := range map[string]struct {
		body   string
		target providers.Target
		limit  int64
		got    string
		want   string
	}{
		"num_ctx is the deployment's":      {chat + `,"options":{"num_ctx":1}}`, providers.Target{NumCtx: 4096}, 0, "options.num_ctx", "4096"},
		"num_ctx for embeddings":           {`{"input":"a"}`, providers.Target{NumCtx: 512}, 0, "options.num_ctx", "512"},
		"num_ctx is the client's":          {chat + `,"options":{"num_ctx":1}}`, providers.Target{}, 0, "options.num_ctx", "1"},
		"a prompt in a list":               {`{"prompt":["a"]}`, providers.Target{}, 0, "prompt", `"a"`},
		"alternatives of a chat":           {chat + `,"logprobs":true,"top_logprobs":2}`, providers.Target{}, 0, "top_logprobs", "2"},
		"the most tokens":                  {chat + `,"max_tokens":9007199254740992}`, providers.Target{}, 0, "options.num_predict", "9007199254740992"},
		"no num_ctx":                       {chat + `}`, providers.Target{}, 0, "options", ""},
		"keep_alive is the deployment's":   {chat + `,"keep_alive":0}`, providers.Target{KeepAlive: "24h"}, 0, "keep_alive", `"24h"`},
		"keep_alive for embeddings":        {`{"input":"a","keep_alive":0}`, providers.Target{}, 0, "keep_alive", "0"},
		"keep_alive without a unit":        {chat + `}`, providers.Target{KeepAlive: "-1"}, 0, "keep_alive", "-1"},
		"the cap":                          {chat + `}`, providers.Target{}, 50, "options.num_predict", "50"},
		"the cap over the client":          {chat + `,"max_tokens":900}`, providers.Target{}, 50, "options.num_predict", "50"},
		"the cap over an extension":        {chat + `,"options":{"num_predict":-1}}`, providers.Target{}, 50, "options.num_predict", "50"},
		"the cap of a completion":          {`{"prompt":"a","max_tokens":900}`, providers.Target{}, 50, "options.num_predict", "50"},
		"an extension without cap":         {chat + `,"options":{"num_predict":-1}}`, providers.Target{}, 0, "options.num_predict", "-1"},
		"the larger of two":                {chat + `,"max_tokens":90,"max_completion_tokens":1e1}`, providers.Target{}, 0, "options.num_predict", "90"},
		"nulls":                            {chat + `,"max_tokens":null,"temperature":null,"stop":null,"n":null,"options":null}`, providers.Target{}, 0, "options", ""},
		"numbers keep their spelling":      {chat + `,"temperature":1.0e-1}`, providers.Target{}, 0, "options.temperature", "1.0e-1"},
		"think over effort":                {chat + `,"think":false,"reasoning_effort":"high"}`, providers.Target{}, 0, "think", "false"},
		"effort none":                      {chat + `,"reasoning_effort":"none"}`, providers.Target{}, 0, "think", "false"},
		"effort below reasoning":           {chat + `,"reasoning":{"effort":"medium"}}`, providers.Target{}, 0, "think", `"medium"`},
		"no effort":                        {chat + `,"reasoning":{}}`, providers.Target{}, 0, "think", ""},
		"response_format over format":      {chat + `,"format":"json","response_format":{"type":"text"}}`, providers.Target{}, 0, "format", ""},
		"format":                           {chat + `,"format":{"type":"object"}}`, providers.Target{}, 0, "format", `{"type":"object"}`},
		"unknown fields are gone":          {chat + `,"chat_template_kwargs":{"a":1}}`, providers.Target{}, 0, "chat_template_kwargs", ""},
		"stream is said":                   {chat + `}`, providers.Target{}, 0, "stream", "false"},
		"truncate is refused":              {`{"prompt":"a"}`, providers.Target{}, 0, "truncate", "false"},
		"shift is refused":                 {`{"prompt":"a"}`, providers.Target{}, 0, "shift", "false"},
		"logprobs of the chosen only":      {`{"prompt":"a","logprobs":0}`, providers.Target{}, 0, "logprobs", "true"},
		"a role of the model's own":        {`{"messages":[{"role":"control","content":"thinking"}]}`, providers.Target{}, 0, "messages.0.role", `"control"`},
		"the old role of a tool":           {`{"messages":[{"role":"function","name":"f","content":"1"}]}`, providers.Target{}, 0, "messages.0.tool_name", `"f"`},
		"arguments that are an object":     {`{"messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]}]}`, providers.Target{}, 0, "messages.0.tool_calls.0.function.arguments", `{"a":1}`},
		"reasoning_content, told back":     {`{"messages":[{"role":"assistant","content":"a","reasoning_content":"b"}]}`, providers.Target{}, 0, "messages.0.thinking", `"b"`},
		"a refusal, told back":             {`{"messages":[{"role":"assistant","content":[{"type":"refusal","refusal":"no"}]}]}`, providers.Target{}, 0, "messages.0.content", `"no"`},
		"allowed tools":                    {chat + `,"tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"g"}}],"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"g"}}]}}}`, providers.Target{}, 0, "tools.#.function.name", `["g"]`},
		"an image's scheme in upper case":  {`{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"DATA:image/PNG;BASE64,AA=="}}]}]}`, providers.Target{}, 0, "messages.0.images", `["AA=="]`},
		"a text that looks like a request": {`{"messages":[{"role":"user","content":"a\u0000\"<é>\ud800"}]}`, providers.Target{}, 0, "messages.0.content", `"a\u0000\"<é>` + "\uFFFD" + `"`},
	} {
		call := parseCall(t, []byte(c.body))
		call.OutputCap = c.limit
		if got := gjson.Get(encoded(t, call, c.target), c.got).Raw; got != c.want {
			t.Errorf("%s: %s is %s, want %s", name, c.got, got, c.want)
		}
	}
}

// TestReasoningName checks under which keys reasoning reaches the client.
func TestReasoningName(t *testing.T) {
	const line = `{"model":"m","message":{"content":"c","thinking":"t"},"response":"c","thinking":"t","done":true,"prompt_eval_count":1,"eval_count":1}`
	for name, want := range map[providers.ReasoningName][2]string{
		providers.ReasoningAsIs:    {"t", ""},
		providers.ReasoningBoth:    {"t", "t"},
		providers.ReasoningContent: {"", "t"},
	} {
		target := providers.Target{Model: "m", Reasoning: name}
		for body, path := range map[string]string{`{"messages":[]}`: "choices.0.message.", `{"prompt":"p"}`: "choices.0."} {
			a, err := ollama.New().Decode(parseCall(t, []byte(body)), target, "", []byte(line))
			if err != nil {
				t.Fatal(err)
			}
			got := [2]string{gjson.GetBytes(a.Body, path+"reasoning").String(), gjson.GetBytes(a.Body, path+"reasoning_content").String()}
			if got != want {
				t.Errorf("%q, %s: %q, want %q", name, body, got, want)
			}
		}
		e, err := ollama.New().Stream(parseCall(t, []byte(`{"messages":[],"stream":true}`)), target, strings.NewReader(line)).Next()
		if err != nil {
			t.Fatal(err)
		}
		got := [2]string{gjson.GetBytes(e.Data, "choices.0.delta.reasoning").String(), gjson.GetBytes(e.Data, "choices.0.delta.reasoning_content").String()}
		if got != want {
			t.Errorf("%q, stream: %q, want %q", name, got, want)
		}
	}
}
