package ollama_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"tollgate/providers"
	"tollgate/providers/ollama"
	"tollgate/providers/wire"
)

var target = providers.Target{Model: "m"}

// TestDecodeFails holds answers with status 200 that are no good.
func TestDecodeFails(t *testing.T) {
	const chat, generate, embed = `{"messages":[]}`, `{"prompt":"p"}`, `{"input":["a","b"]}`
	for name, c := range map[string]struct {
		call, reply string
		kind        providers.ErrorKind
	}{
		"an error":                {chat, `{"error":"out of memory"}`, providers.ServerError},
		"an overlong prompt":      {chat, `{"error":{"message":"the prompt is longer than the context length"}}`, providers.ContextTooLong},
		"an error of embeddings":  {embed, `{"error":"input exceeds maximum context length"}`, providers.ContextTooLong},
		"an error without text":   {chat, `{"error":{}}`, providers.ServerError},
		"given up":                {chat, `{"message":{"content":"la la la"},"done":false}`, providers.Truncated},
		"no message":              {chat, `{"response":"a","done":true}`, providers.BadAnswer},
		"no response":             {generate, `{"message":{"content":"a"},"done":true}`, providers.BadAnswer},
		"content of parts":        {chat, `{"message":{"content":[]},"done":true}`, providers.BadAnswer},
		"several lines":           {chat, `{"message":{"content":"a"},"done":false}` + "\n" + `{"message":{},"done":true}`, providers.BadAnswer},
		"too few embeddings":      {embed, `{"embeddings":[[1]]}`, providers.BadAnswer},
		"no embeddings":           {embed, `{"model":"m"}`, providers.BadAnswer},
		"an embedding of strings": {embed, `{"embeddings":[[1],["a"]]}`, providers.BadAnswer},
		"an embedding of nothing": {embed, `{"embeddings":[[1],null]}`, providers.BadAnswer},
		"an embedding beyond":     {embed, `{"embeddings":[[1],[1e300]]}`, providers.BadAnswer},
	} {
		_, err := ollama.New().Decode(parseCall(t, []byte(c.call)), target, "", []byte(c.reply))
		if e := providers.AsError(err); e == nil || e.Kind != c.kind || e.Message == "" {
			t.Errorf("%s: got %v, want %v", name, err, c.kind)
		}
	}
}

// TestDecodeOddities holds answers that differ from today's and are good.
func TestDecodeOddities(t *testing.T) {
	const counts = `"done":true,"prompt_eval_count":1,"eval_count":1}`
	for name, c := range map[string]struct{ call, reply, want string }{
		"no model, no time":     {`{"messages":[]}`, `{"message":{"content":"a"},` + counts, `"created":0,"model":"m"`},
		"time before time":      {`{"messages":[]}`, `{"created_at":"0001-01-01T00:00:00Z","message":{"content":"a"},` + counts, `"created":0`},
		"no error":              {`{"messages":[]}`, `{"error":null,"message":{"content":"a"},` + counts, `"content":"a"`},
		"unloaded":              {`{"messages":[]}`, `{"message":{"role":"assistant","content":""},"done":true,"done_reason":"unload"}`, `"finish_reason":"stop"`},
		"arguments in a string": {`{"messages":[]}`, `{"message":{"tool_calls":[{"function":{"name":"f","arguments":"{\"a\":1}"}}]},` + counts, `"arguments":"{\"a\":1}"`},
		"a call without a text": {`{"messages":[]}`, `{"message":{"content":"","tool_calls":[{"function":{"name":"f"}}]},` + counts, `"content":null`},
		"a call beside a text":  {`{"messages":[]}`, `{"message":{"content":"a","tool_calls":[{"function":{"name":"f"}}]},` + counts, `"content":"a"`},
		"neither":               {`{"messages":[]}`, `{"message":{"content":""},` + counts, `"content":""`},
		"vectors of no model":   {`{"input":"a"}`, `{"embeddings":[[1]]}`, `"model":"m"`},
		"cut after a tool call": {`{"messages":[]}`, `{"message":{"tool_calls":[{"function":{"name":"f"}}]},"done_reason":"length",` + counts, `"finish_reason":"length"`},
		"bytes that are no UTF": {`{"messages":[]}`, "{\"message\":{\"content\":\"a\xff\"}," + counts, "\"content\":\"a\uFFFD\""},
	} {
		a, err := ollama.New().Decode(parseCall(t, []byte(c.call)), target, "", []byte(c.reply))
		if err != nil || !strings.Contains(string(a.Body), c.want) {
			t.Errorf("%s: %s, %v, want …%s…", name, a.Body, err, c.want)
		}
	}
}

// TestCountsInDoubt: a count that is none is not believed, and is told of.
func TestCountsInDoubt(t *testing.T) {
	for _, count := range []string{"-1", "1.5", `"7"`, "{}"} {
		for call, reply := range map[string]string{`{"messages":[]}`: `{"message":{"content":"a"},"done":true,"eval_count":1,"prompt_eval_count":`, `{"input":"a"}`: `{"embeddings":[[1]],"prompt_eval_count":`} {
			a, err := ollama.New().Decode(parseCall(t, []byte(call)), target, "", []byte(reply+count+"}"))
			if err != nil || a.Usage != nil || a.Doubt != providers.BadUsage {
				t.Errorf("%s, %s: %+v, %v", call, count, a, err)
			}
		}
	}
}

// TestStreamEnds holds how a stream can end other than well.
func TestStreamEnds(t *testing.T) {
	const line = `{"message":{"content":"a"},"done":false}` + "\n"
	for name, c := range map[string]struct {
		body io.Reader
		kind providers.ErrorKind
		text string
	}{
		"at once":               {strings.NewReader(""), providers.Truncated, ""},
		"blank lines":           {strings.NewReader("\n \r\n\t\n"), providers.Truncated, ""},
		"without an end mark":   {strings.NewReader(line + line), providers.Truncated, "aa"},
		"an overlong prompt":    {strings.NewReader(line + `{"error":"request (9 tokens) exceeds the available context size"}`), providers.ContextTooLong, "a"},
		"a page":                {strings.NewReader("<html>\n"), providers.BadAnswer, ""},
		"an object of no sense": {strings.NewReader(line + "{}\n"), providers.BadAnswer, "a"},
		"an endless line":       {io.MultiReader(strings.NewReader(line), endless{}), providers.BadAnswer, "a"},
	} {
		s := ollama.New().Stream(parseCall(t, []byte(`{"messages":[],"stream":true}`)), target, c.body)
		text, err := drain(s)
		if e := providers.AsError(err); e == nil || e.Kind != c.kind || text != c.text || errors.Is(err, io.EOF) {
			t.Errorf("%s: %q, %v, want %q, %v", name, text, err, c.text, c.kind)
		}
	}
}

// TestStreamTakesLongLines checks that a line of many megabytes passes, as does a
// stream with CRLF, with blank lines and without a line end after the end mark.
func TestStreamTakesLongLines(t *testing.T) {
	long := strings.Repeat("x", wire.MaxEvent-100)
	body := "\r\n" + `{"message":{"content":"` + long + `"},"done":false}` + "\r\n\n" + `{"done":true}`
	text, err := drain(ollama.New().Stream(parseCall(t, []byte(`{"messages":[],"stream":true}`)), target, strings.NewReader(body)))
	if err != io.EOF || text != long { //nolint:errorlint // io.EOF itself
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return copy(p, bytes.Repeat([]byte("x"), len(p))), nil }

func drain(s providers.Stream) (text string, err error) {
	var b strings.Builder
	for {
		e, err := s.Next()
		if err != nil {
			return b.String(), err
		}
		b.WriteString(e.Text)
	}
}
