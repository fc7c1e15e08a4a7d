package echo_test

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tollgate/providers/echo"
	"tollgate/providers/wire"
)

func ask(t *testing.T, ctx context.Context, method, path, body string) *http.Response { //nolint:revive // the test is the first argument
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, "http://echo.invalid/v1"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&http.Client{Transport: echo.Transport()}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}

// answer decodes a whole answer; into is a pointer.
func answer(t *testing.T, path, body string, status int, into any) {
	t.Helper()
	resp := ask(t, t.Context(), http.MethodPost, path, body)
	if resp.StatusCode != status {
		b, _ := io.ReadAll(resp.Body)
		t.Fatalf("%s: status %d: %s", body, resp.StatusCode, b)
	}
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		t.Fatal(err)
	}
}

type completion struct {
	Model       string
	Fingerprint string `json:"system_fingerprint"`
	Choices     []struct {
		Text    string
		Message struct{ Role, Content string }
		Delta   struct{ Content string }
		Finish  string `json:"finish_reason"`
	}
	Usage *struct {
		Prompt     int `json:"prompt_tokens"`
		Completion int `json:"completion_tokens"`
		Total      int `json:"total_tokens"`
	}
}

func TestChat(t *testing.T) {
	for name, c := range map[string]struct {
		body, text, finish string
		prompt, output     int
	}{
		"last user message": {`{"model":"echo","messages":[{"role":"system","content":"be brief"},{"role":"user","content":"first"},{"role":"assistant","content":"no"},{"role":"user","content":"Grüße an  alle"}]}`, "echo: Grüße an alle", "stop", 7, 4},
		"parts":             {`{"model":"echo","messages":[{"role":"user","content":[{"type":"text","text":"look:"},{"type":"image_url","image_url":{"url":"data:,"}},{"type":"input_audio"}]}]}`, "echo: look: [image]", "stop", 2, 3},
		"cut":               {`{"model":"echo","max_tokens":2,"messages":[{"role":"user","content":"a b c"}]}`, "echo: a", "length", 3, 2},
		"cut, new spelling": {`{"model":"echo","max_completion_tokens":1,"max_tokens":9,"messages":[{"role":"user","content":"a b c"}]}`, "echo:", "length", 3, 1},
		"enough":            {`{"model":"echo","max_tokens":4,"messages":[{"role":"user","content":"a b c"}]}`, "echo: a b c", "stop", 3, 4},
		"nobody":            {`{"model":"echo","messages":[]}`, "echo:", "stop", 0, 1},
	} {
		var got completion
		answer(t, "/chat/completions", c.body, 200, &got)
		if got.Fingerprint != "tollgate-echo" || got.Model != echo.Model || len(got.Choices) != 1 || got.Usage == nil {
			t.Errorf("%s: %+v", name, got)
			continue
		}
		choice := got.Choices[0]
		if choice.Message.Content != c.text || choice.Message.Role != "assistant" || choice.Finish != c.finish ||
			got.Usage.Prompt != c.prompt || got.Usage.Completion != c.output || got.Usage.Total != c.prompt+c.output {
			t.Errorf("%s: %+v, usage %+v", name, choice, *got.Usage)
		}
	}
}

func TestLegacyCompletions(t *testing.T) {
	for body, want := range map[string]string{
		`{"model":"echo","prompt":"a b"}`:        "echo: a b",
		`{"model":"echo","prompt":["a","b"]}`:    "echo: a b",
		`{"model":"echo","prompt":[1,2]}`:        "echo:",
		`{"model":"echo","prompt":"a b","n":17}`: "echo: a b",
	} {
		var got completion
		answer(t, "/completions", body, 200, &got)
		if len(got.Choices) != 1 || got.Choices[0].Text != want {
			t.Errorf("%s: %+v", body, got)
		}
	}
}

func TestStream(t *testing.T) {
	for _, withUsage := range []bool{true, false} {
		body := `{"model":"echo","stream":true,"messages":[{"role":"user","content":"a b"}]}`
		if withUsage {
			body = strings.Replace(body, `true`, `true,"stream_options":{"include_usage":true}`, 1)
		}
		resp := ask(t, t.Context(), http.MethodPost, "/chat/completions", body)
		if got := resp.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/event-stream") {
			t.Fatalf("content type %q", got)
		}
		events := wire.NewEventReader(resp.Body)
		var text, finish, last string
		var usages int
		for {
			_, data, err := events.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if last = string(data); last == wire.Done {
				continue
			}
			if strings.Contains(last, `"usage"`) != withUsage {
				t.Errorf("usage where it does not belong: %s", last)
			}
			var chunk completion
			if err := json.Unmarshal(data, &chunk); err != nil {
				t.Fatal(err)
			}
			for _, c := range chunk.Choices {
				text, finish = text+c.Delta.Content, finish+c.Finish
			}
			if chunk.Usage != nil {
				usages++
				if len(chunk.Choices) != 0 || chunk.Usage.Total != 5 {
					t.Errorf("%s", last)
				}
			}
		}
		if text != "echo: a b" || finish != "stop" || last != wire.Done || (usages == 1) != withUsage {
			t.Errorf("text %q, finish %q, last %q, %d usages", text, finish, last, usages)
		}
	}
}

func TestStreamEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	resp := ask(t, ctx, http.MethodPost, "/chat/completions", `{"model":"echo","stream":true,"messages":[{"role":"user","content":"a b c"}]}`)
	events := wire.NewEventReader(resp.Body)
	if _, _, err := events.Next(); err != nil {
		t.Fatal(err)
	}
	cancel()
	for range 10 {
		_, data, err := events.Next()
		if err != nil {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("ended with %v", err)
			}
			return
		}
		if string(data) == wire.Done {
			t.Fatal("the end mark came after the context's end")
		}
	}
}

func TestEmbeddings(t *testing.T) {
	type reply struct {
		Data []struct {
			Index     int
			Embedding json.RawMessage
		}
		Usage struct {
			Prompt int `json:"prompt_tokens"`
		}
	}
	var floats, packed, more reply
	answer(t, "/embeddings", `{"model":"echo-embed","input":["a b","c","a b",[1,2,3]]}`, 200, &floats)
	answer(t, "/embeddings", `{"model":"echo-embed","input":"a b","encoding_format":"base64"}`, 200, &packed)
	answer(t, "/embeddings", `{"model":"echo-embed","input":[7,8],"dimensions":1024}`, 200, &more)
	var first, second, large []float32
	for raw, into := range map[*json.RawMessage]*[]float32{&floats.Data[0].Embedding: &first, &floats.Data[1].Embedding: &second, &more.Data[0].Embedding: &large} {
		if err := json.Unmarshal(*raw, into); err != nil {
			t.Fatal(err)
		}
	}
	if len(floats.Data) != 4 || floats.Usage.Prompt != 8 || len(first) != 8 || string(floats.Data[0].Embedding) != string(floats.Data[2].Embedding) ||
		first[0] == second[0] || len(large) != 1024 || more.Usage.Prompt != 2 {
		t.Fatalf("%+v", floats)
	}
	var length float64
	for _, x := range first {
		length += float64(x) * float64(x)
	}
	if math.Abs(length-1) > 1e-5 {
		t.Errorf("length %v", length)
	}
	var text string
	if err := json.Unmarshal(packed.Data[0].Embedding, &text); err != nil {
		t.Fatal(err)
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw) != 32 {
		t.Fatalf("%d bytes, %v", len(raw), err)
	}
	for i, want := range first {
		if got := math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:])); got != want {
			t.Errorf("dimension %d: %v, want %v", i, got, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		path, body string
		status     int
	}{
		{"/chat/completions", `{"model":"gpt","messages":[]}`, 404},
		{"/chat/completions", `{"model":"echo-embed","messages":[]}`, 404},
		{"/chat/completions", `{"model":`, 400},
		{"/chat/completions", `{"model":"echo","stream":"yes"}`, 400},
		{"/chat/completions", `{"model":"echo","max_tokens":0}`, 400},
		{"/chat/completions", `{"model":"echo","stream_options":{"include_usage":true}}`, 400},
		{"/embeddings", `{"model":"echo","input":"x"}`, 404},
		{"/embeddings", `{"model":"echo-embed","input":[]}`, 400},
		{"/embeddings", `{"model":"echo-embed"}`, 400},
		{"/embeddings", `{"model":"echo-embed","input":{"a":1}}`, 400},
		{"/embeddings", `{"model":"echo-embed","input":"x","dimensions":1025}`, 400},
		{"/embeddings", `{"model":"echo-embed","input":"x","dimensions":0}`, 400},
		{"/embeddings", `{"model":"echo-embed","input":"x","encoding_format":"hex"}`, 400},
		{"/images", `{}`, 404},
	} {
		var got struct {
			Error struct{ Message, Type, Code string }
		}
		answer(t, c.path, c.body, c.status, &got)
		if got.Error.Message == "" || got.Error.Type == "" || got.Error.Code == "" {
			t.Errorf("%s %s: %+v", c.path, c.body, got)
		}
	}
	if resp := ask(t, t.Context(), http.MethodDelete, "/chat/completions", ""); resp.StatusCode != 405 {
		t.Errorf("DELETE: %d", resp.StatusCode)
	}
}

func TestModels(t *testing.T) {
	resp := ask(t, t.Context(), http.MethodGet, "/models", "")
	var got struct{ Data []struct{ ID string } }
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil || len(got.Data) != 2 || got.Data[0].ID != "echo" || got.Data[1].ID != "echo-embed" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestRoundTripperContract(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "http://echo.invalid/v1/embeddings", nil)
	body := &closer{Reader: strings.NewReader("{}")}
	r.Body = body
	resp, err := echo.Transport().RoundTrip(r)
	if err == nil {
		_ = resp.Body.Close()
	}
	if !errors.Is(err, context.Canceled) || !body.closed {
		t.Errorf("%v; the body was closed: %v", err, body.closed)
	}
}

type closer struct {
	io.Reader
	closed bool
}

func (c *closer) Close() error {
	c.closed = true
	return nil
}

// TestAnswer: a request may say itself what it is to be answered with.
func TestAnswer(t *testing.T) {
	for path, body := range map[string]string{
		"/chat/completions": `{"model":"echo","answer":"It is a mock.","messages":[{"role":"user","content":"hi"}]}`,
		"/completions":      `{"model":"echo","answer":"It is a mock.","prompt":"hi"}`,
	} {
		for _, stream := range []string{"", `"stream":true,`} {
			resp := ask(t, t.Context(), http.MethodPost, path, "{"+stream+body[1:])
			text, err := io.ReadAll(resp.Body)
			if err != nil || resp.Body.Close() != nil || strings.Contains(string(text), "echo: ") || !strings.Contains(string(text), "mock.") || !strings.Contains(string(text), "tollgate-echo") {
				t.Errorf("%s: %v: %s", path, err, text)
			}
		}
	}
}
