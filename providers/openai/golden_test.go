package openai_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/providers"
	"tollgate/providers/wire"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// goldenCase is case.json: what a folder of testdata needs to say beside the bytes.
type goldenCase struct {
	Kind      string                  `json:"kind"`
	Status    int                     `json:"status"` // of the upstream's reply; 0 means 200
	OutputCap int64                   `json:"output_cap"`
	Reasoning providers.ReasoningName `json:"reasoning"`
}

// TestGolden sends each client_request.json through the codec, compares what goes
// upstream with upstream_request.json, and what comes of upstream_reply.txt with
// client_reply.txt. There, lines that start with "#" are for the meter.
func TestGolden(t *testing.T) {
	cases, err := filepath.Glob("testdata/*/case.json")
	if err != nil || len(cases) < 12 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for _, path := range cases {
		dir := filepath.Dir(path)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			var c goldenCase
			if err := json.Unmarshal(read(t, path), &c); err != nil {
				t.Fatal(err)
			}
			codec := kind(t, c.Kind).Codec
			call := callOf(t, bytes.TrimSpace(read(t, filepath.Join(dir, "client_request.json"))))
			call.OutputCap = c.OutputCap
			target := providers.Target{Model: "upstream/model", Reasoning: c.Reasoning}
			request, err := codec.Encode(call, target)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join(dir, "upstream_request.json"), append(request.Body, '\n'))
			reply := read(t, filepath.Join(dir, "upstream_reply.txt"))
			golden(t, filepath.Join(dir, "client_reply.txt"), clientReply(codec, call, target, c.Status, reply))
		})
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want := read(t, path); !bytes.Equal(got, want) {
		t.Errorf("%s differs (run with -update and look at the diff):\n got %s\nwant %s", path, got, want)
	}
}

// callOf makes the call that a client's body stands for.
func callOf(t testing.TB, raw []byte) providers.Call {
	t.Helper()
	body, err := wire.ParseObject(raw)
	if err != nil {
		t.Fatal(err)
	}
	call := providers.Call{Operation: providers.Chat, Body: body, AttemptID: "attempt-1"}
	if _, has := body.Get("prompt"); has {
		call.Operation = providers.Completions
	}
	if _, has := body.Get("input"); has {
		call.Operation = providers.Embeddings
	}
	stream, _ := body.Get("stream")
	call.Stream = stream.Type == gjson.True
	options, _ := body.Get("stream_options")
	call.WantUsage = options.Get("include_usage").Type == gjson.True
	return call
}

// clientReply renders what the client gets, and below it what the meter gets.
func clientReply(codec providers.Codec, call providers.Call, target providers.Target, status int, reply []byte) []byte {
	var out bytes.Buffer
	note := func(format string, args ...any) { fmt.Fprintf(&out, "# "+format+"\n", args...) }
	meter := func(u *accounting.Usage, text, model, tier string) {
		if model != "" {
			note("model: %s", model)
		}
		if tier != "" {
			note("service tier: %s", tier)
		}
		note("usage: %s", usageString(u))
		if text != "" {
			note("text: %q", text)
		}
	}
	failed := func(err error) {
		e := providers.AsError(err)
		note("error: %s, status %d, type %q, code %q, param %q: %s", e.Kind, e.Status, e.Type, e.Code, e.Param, e.Message)
	}
	switch {
	case status != 0 && status != 200:
		failed(codec.Fault(providers.Call{}, status, nil, reply))
	case !call.Stream:
		a, err := codec.Decode(call, target, "", reply)
		if err != nil {
			failed(err)
			break
		}
		out.Write(a.Body)
		if !bytes.HasSuffix(a.Body, []byte("\n")) {
			out.WriteByte('\n')
		}
		meter(a.Usage, a.Text, a.Model, a.ServiceTier)
	default:
		s := codec.Stream(call, target, bytes.NewReader(reply))
		var text strings.Builder
		var usage *accounting.Usage
		var model, tier string
		for {
			e, err := s.Next()
			if errors.Is(err, io.EOF) {
				out.WriteString("data: [DONE]\n\n")
				break
			}
			if err != nil {
				failed(err)
				break
			}
			if e.Data != nil {
				out.Write(wire.AppendEvent(nil, e.Data))
			}
			text.WriteString(e.Text)
			if e.Usage != nil {
				usage = e.Usage
			}
			model, tier = max(model, e.Model), max(tier, e.ServiceTier)
		}
		meter(usage, text.String(), model, tier)
	}
	return out.Bytes()
}

func usageString(u *accounting.Usage) string {
	if u == nil {
		return "not reported"
	}
	var parts []string
	for _, m := range accounting.Meters() {
		if u[m] != 0 {
			parts = append(parts, fmt.Sprintf("%s=%d", m, u[m]))
		}
	}
	return strings.Join(parts, " ")
}

// members decodes a JSON object; nil if it is none.
func members(data string) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	if json.Unmarshal([]byte(data), &m) != nil {
		return nil
	}
	return m
}
