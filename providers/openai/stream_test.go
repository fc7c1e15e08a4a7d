package openai_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tollgate/accounting"
	"tollgate/providers"
	"tollgate/providers/openai"
	"tollgate/providers/wire"
)

// drain reads a stream and returns what the client sees, one payload per line.
func drain(s providers.Stream) (seen []string, usage *accounting.Usage, err error) {
	for {
		e, err := s.Next()
		if err != nil {
			return seen, usage, err
		}
		if e.Data != nil {
			seen = append(seen, string(e.Data))
		}
		if e.Usage != nil {
			usage = e.Usage
		}
	}
}

func TestStreamOfSomethingElse(t *testing.T) {
	codec := openai.New(openai.Quirks{})
	for name, c := range map[string]struct {
		body string
		kind providers.ErrorKind
		says string
	}{
		"error object":        {` {"error":{"message":"no such model","type":"invalid_request_error","code":"model_not_found"}}`, providers.ModelMissing, "no such model"},
		"error text":          {`{"error":"busy"}`, providers.ServerError, "busy"},
		"whole answer":        {`{"choices":[],"error":null}`, providers.BadAnswer, "instead of a stream"},
		"half an answer":      {`{"choices":[{"mess`, providers.BadAnswer, "instead of a stream"},
		"HTML":                {"<html><head><title>502 Bad Gateway</title></head></html>", providers.BadAnswer, "502 Bad Gateway"},
		"text":                {"upstream connect error", providers.Truncated, "end mark"},
		"nothing":             {"", providers.Truncated, "end mark"},
		"only [DONE]":         {"data: [DONE]\n\n", 0, ""},
		"spaces about [DONE]": {"data:   [DONE] \n\n", 0, ""},
		"all had their end":   {"data: {\"choices\":[{\"index\":0,\"finish_reason\":\"stop\"}]}\n\n", providers.Truncated, "end mark"},
		"no JSON in an event": {"data: {\"choices\":\n\n", providers.BadAnswer, "no chunk"},
		"event error":         {"event: error\ndata: {\"message\":\"overloaded\",\"type\":\"overloaded_error\"}\n\n", providers.Overloaded, "overloaded"},
		"event error, text":   {"event: error\ndata: it broke\n\n", providers.ServerError, "it broke"},
		"an integer code":     {"data: {\"error\":{\"message\":\"slow\",\"code\":429},\"choices\":[{\"delta\":{},\"finish_reason\":\"error\"}]}\n\n", providers.RateLimited, "slow"},
		"context in a stream": {"data: {\"error\":{\"message\":\"This model's maximum context length is 8\",\"code\":400}}\n\ndata: [DONE]\n\n", providers.ContextTooLong, "maximum context"},
		"an empty error":      {"data: {\"error\":{}}\n\n", providers.ServerError, "error"},
	} {
		_, _, err := drain(codec.Stream(providers.Call{Operation: providers.Chat, Stream: true}, providers.Target{}, strings.NewReader(c.body)))
		if c.kind == 0 {
			if !errors.Is(err, io.EOF) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if e := providers.AsError(err); e == nil || e.Kind != c.kind || !strings.Contains(e.Message, c.says) {
			t.Errorf("%s: %v, want %v with %q", name, err, c.kind, c.says)
		}
	}
}

func TestStreamSkipsWhatIsNoChunk(t *testing.T) {
	const chunk = `{"choices":[{"index":0,"delta":{"content":"x"}}]}`
	body := "\uFEFFdata: " + chunk + "\r\n\r\n: OPENROUTER PROCESSING\r\n\r\ndata:\r\n\r\nid: 7\r\n\r\ndata: [DONE]\r\n\r\n"
	seen, _, err := drain(openai.New(openai.Quirks{}).Stream(providers.Call{Operation: providers.Chat, Stream: true}, providers.Target{}, strings.NewReader(body)))
	if !errors.Is(err, io.EOF) || len(seen) != 1 || seen[0] != chunk {
		t.Errorf("%q, %v", seen, err)
	}
}

func TestStreamHidesUsageOnly(t *testing.T) {
	const full = `{"prompt_tokens":3,"completion_tokens":2}`
	for name, c := range map[string]struct{ chunk, hidden string }{
		"usage chunk":         {`{"choices":[],"usage":` + full + `}`, ""},
		"usage, no choices":   {`{"usage":` + full + `}`, ""},
		"on a content chunk":  {`{"usage":` + full + ` ,"choices":[{"delta":{}}]}`, `{"choices":[{"delta":{}}]}`},
		"null":                {`{ "choices":[{"delta":{}}], "usage":null }`, `{ "choices":[{"delta":{}}] }`},
		"null, no choices":    {`{"choices":[],"usage":null}`, `{"choices":[]}`},
		"none":                {`{"choices":[]}`, `{"choices":[]}`},
		"deeper is not usage": {`{"choices":[{"delta":{"usage":1}}]}`, `{"choices":[{"delta":{"usage":1}}]}`},
	} {
		for _, wanted := range []bool{true, false} {
			call := providers.Call{Operation: providers.Chat, Stream: true, WantUsage: wanted}
			seen, usage, err := drain(openai.New(openai.Quirks{}).Stream(call, providers.Target{}, strings.NewReader("data: "+c.chunk+"\n\ndata: [DONE]\n\n")))
			want := c.hidden
			if wanted {
				want = c.chunk
			}
			if got := strings.Join(seen, "\n"); !errors.Is(err, io.EOF) || got != want {
				t.Errorf("%s, wanted %v: %q, %v; want %q", name, wanted, got, err, want)
			}
			if (usage != nil) != strings.Contains(c.chunk, full) {
				t.Errorf("%s, wanted %v: usage %v", name, wanted, usage)
			}
		}
	}
}

func TestStreamWithoutDone(t *testing.T) {
	chunk := func(index int, reason string) string {
		return fmt.Sprintf("data: {\"choices\":[{\"index\":%d,\"delta\":{\"content\":\"x\"},\"finish_reason\":%s}]}\n\n", index, reason)
	}
	for name, c := range map[string]struct {
		body     string
		complete bool
	}{
		"finished":       {chunk(0, "null") + chunk(0, `"stop"`), true},
		"not finished":   {chunk(0, "null"), false},
		"one of two":     {chunk(0, "null") + chunk(1, "null") + chunk(0, `"stop"`), false},
		"both":           {chunk(0, "null") + chunk(1, `"stop"`) + chunk(0, `"length"`), true},
		"usage after it": {chunk(0, `"stop"`) + "data: {\"choices\":[],\"usage\":null}\n\n", true},
		"nothing":        {"", false},
	} {
		for _, quirk := range []bool{true, false} {
			_, _, err := drain(openai.New(openai.Quirks{NoDone: quirk}).Stream(providers.Call{Operation: providers.Chat, Stream: true}, providers.Target{}, strings.NewReader(c.body)))
			if complete := errors.Is(err, io.EOF); complete != (c.complete && quirk) {
				t.Errorf("%s, quirk %v: %v", name, quirk, err)
			}
		}
	}
}

// TestDeepNesting: gjson's checker recurses, so depth must be refused before it.
func TestDeepNesting(t *testing.T) {
	codec := openai.New(openai.Quirks{})
	deep := strings.Repeat("[", 4<<20)
	call := providers.Call{Operation: providers.Chat, Stream: true}
	if _, _, err := drain(codec.Stream(call, providers.Target{}, strings.NewReader("data: "+deep+"\n\n"))); providers.AsError(err) == nil {
		t.Errorf("stream: %v", err)
	}
	if _, err := codec.Decode(call, providers.Target{}, "", []byte(deep)); providers.AsError(err) == nil {
		t.Errorf("answer: %v", err)
	}
	if e := codec.Fault(providers.Call{}, 500, nil, []byte(deep)); e == nil {
		t.Error("fault: nil")
	}
}

// FuzzStream: bytes in any split give the same events, and a stream is complete
// only if its end mark is there.
func FuzzStream(f *testing.F) {
	replies, err := filepath.Glob("testdata/*/upstream_reply.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range replies {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, 7)
	}
	f.Fuzz(func(t *testing.T, b []byte, cut int) {
		if cut < 0 || cut > len(b) {
			return
		}
		codec := openai.New(openai.Quirks{})
		call := providers.Call{Operation: providers.Chat, Stream: true}
		target := providers.Target{Reasoning: providers.ReasoningContent}
		seen, usage, err := drain(codec.Stream(call, target, bytes.NewReader(b)))
		again, usage2, err2 := drain(codec.Stream(call, target, io.MultiReader(bytes.NewReader(b[:cut]), bytes.NewReader(b[cut:]))))
		if strings.Join(seen, "\n") != strings.Join(again, "\n") || usageString(usage) != usageString(usage2) || err.Error() != err2.Error() {
			t.Fatalf("whole: %q, %v\nsplit: %q, %v", seen, err, again, err2)
		}
		if errors.Is(err, io.EOF) != (err == io.EOF) || (err == io.EOF && !bytes.Contains(b, []byte("[DONE]"))) {
			t.Fatalf("complete without the end mark: %v", err)
		}
		for _, data := range seen {
			o := members(data)
			if o == nil {
				t.Fatalf("the client gets %q", data)
			}
			if _, has := o["usage"]; has {
				t.Fatalf("the client sees usage: %s", data)
			}
		}
	})
}

// TestEndOfEachChoice: where streams may end without [DONE] they have when every choice has, in
// whichever chunks.
func TestEndOfEachChoice(t *testing.T) {
	const done, open, other = `{"index":0,"finish_reason":"stop"}`, `{"index":0,"finish_reason":null}`, `{"index":1,"finish_reason":null}`
	for chunks, whole := range map[string]bool{
		done: true, open: false, done + "," + other: false, other + "," + done: false, done + "|" + other: false, open + "|" + done: true,
		done + "," + other + `|{"index":1,"finish_reason":"length"}`: true, done + "|" + open: true, `{"index":0,"finish_reason":""}`: false, "": false,
	} {
		body := ""
		for _, choices := range strings.Split(chunks, "|") {
			body += `data: {"choices":[` + choices + "]}\n\n"
		}
		_, _, err := drain(openai.New(openai.Quirks{NoDone: true}).Stream(providers.Call{Operation: providers.Chat, Stream: true}, providers.Target{}, strings.NewReader(body)))
		if e := providers.AsError(err); errors.Is(err, io.EOF) != whole || !whole && (e == nil || e.Kind != providers.Truncated) {
			t.Errorf("%s: %v", chunks, err)
		}
	}
}

// TestAhead: what has arrived whole need not be waited for, but for what the client does not get
// and for the end, which waits for the books.
func TestAhead(t *testing.T) {
	const first = "data: {\"choices\":[]}\n\n"
	for next, c := range map[string]struct{ asked, unasked bool }{
		"data: {\"choices\":[]}\n\n":                                            {true, true},
		"data: {\"choices\":[],\"usage\":null}\n\n":                             {true, true},
		"data: {\"choices\":[],\"usage\" : null}\n\n":                           {true, true},
		"data: {\"usage\":null,\"choices\":[],\"usage\":{\"a\":1}}\n\n":         {true, false},
		"data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\n":            {true, false},
		"data: {\"choices\":[{\"delta\":{\"content\":\"\\\"usage\\\"\"}}]}\n\n": {true, true},
		"data: [DONE]\n\n":                     {false, false},
		"data:  \n\n":                          {false, false},
		"data: {\"choices\"":                   {false, false},
		"event: a\ndata: {\"choices\":[]}\n\n": {false, false},
	} {
		for asked, want := range map[bool]bool{true: c.asked, false: c.unasked} {
			s := openai.New(openai.Quirks{}).Stream(providers.Call{Operation: providers.Chat, Stream: true, WantUsage: asked}, providers.Target{}, strings.NewReader(first+next))
			ahead := s.(interface{ Ahead() int }).Ahead
			if n := ahead(); n != 0 {
				t.Errorf("%d bytes before the stream has begun", n)
			}
			if _, err := s.Next(); err != nil {
				t.Fatal(err)
			}
			got := ahead()
			if want && got != len(next) || !want && got != 0 {
				t.Errorf("%q, usage asked for %v: %d bytes", next, asked, got)
			}
		}
	}
}

// TestEndlessEvent: what no event can be long enough for is a bad answer, and said to be too long.
func TestEndlessEvent(t *testing.T) {
	_, _, err := drain(openai.New(openai.Quirks{}).Stream(providers.Call{Operation: providers.Chat, Stream: true}, providers.Target{}, strings.NewReader("data: "+strings.Repeat("x", wire.MaxEvent+1))))
	if e := providers.AsError(err); e == nil || e.Kind != providers.BadAnswer || !e.Oversize {
		t.Errorf("%v", err)
	}
}
