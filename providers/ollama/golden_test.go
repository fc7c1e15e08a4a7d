package ollama_test

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

	"tollgate/accounting"
	"tollgate/providers"
	"tollgate/providers/ollama"
	"tollgate/providers/wire"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden sends testdata/<case>/client_request.json one way and
// upstream_reply.txt the other, and compares with upstream_request.json and
// client_reply.txt.
func TestGolden(t *testing.T) {
	requests, err := filepath.Glob("testdata/*/client_request.json")
	if err != nil || len(requests) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, path := range requests {
		dir := filepath.Dir(path)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			call := parseCall(t, readFile(t, path))
			target := providers.Target{Model: "llama3.2"}
			r, err := ollama.New().Encode(call, target)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join(dir, "upstream_request.json"), showRequest(t, r))
			reply := readFile(t, filepath.Join(dir, "upstream_reply.txt"))
			golden(t, filepath.Join(dir, "client_reply.txt"), showReply(call, target, reply))
		})
	}
}

// parseCall makes a call of a client's body; what is in it says which operation.
func parseCall(t testing.TB, body []byte) providers.Call {
	t.Helper()
	o, err := wire.ParseObject(body)
	if err != nil {
		t.Fatal(err)
	}
	call := providers.Call{Operation: providers.Chat, Body: o, AttemptID: "a1b2"}
	if _, ok := o.Get("prompt"); ok {
		call.Operation = providers.Completions
	}
	if _, ok := o.Get("input"); ok {
		call.Operation = providers.Embeddings
	}
	stream, _ := o.Get("stream")
	call.Stream = stream.Bool()
	options, _ := o.Get("stream_options")
	call.WantUsage = options.Get("include_usage").Bool()
	return call
}

func showRequest(t *testing.T, r providers.Request) []byte {
	t.Helper()
	var body bytes.Buffer
	if err := json.Indent(&body, r.Body, "  ", "  "); err != nil {
		t.Fatal(err)
	}
	return fmt.Appendf(nil, "{\n  \"method\": %q,\n  \"path\": %q,\n  \"body\": %s\n}\n", r.Method, r.Path, &body)
}

// showReply shows what the client gets, and after a # what is for the meter only.
func showReply(call providers.Call, target providers.Target, reply []byte) []byte {
	var out bytes.Buffer
	if !call.Stream {
		a, err := ollama.New().Decode(call, target, "", reply)
		fmt.Fprintf(&out, "%s\n", a.Body)
		meter(&out, a.Usage, a.Text, a.Model)
		showEnd(&out, err)
		return out.Bytes()
	}
	s := ollama.New().Stream(call, target, bytes.NewReader(reply))
	for {
		e, err := s.Next()
		if err != nil {
			showEnd(&out, err)
			return out.Bytes()
		}
		if e.Data != nil {
			fmt.Fprintf(&out, "data: %s\n", e.Data)
		}
		meter(&out, e.Usage, e.Text, e.Model)
	}
}

func meter(w io.Writer, u *accounting.Usage, text, model string) {
	fmt.Fprintf(w, "# model %s", model)
	if u != nil {
		fmt.Fprintf(w, ", input %d, output %d", u[accounting.Input], u[accounting.Output])
	}
	if text != "" {
		fmt.Fprintf(w, ", text %q", text)
	}
	fmt.Fprintln(w)
}

func showEnd(w io.Writer, err error) {
	if e := providers.AsError(err); e != nil {
		fmt.Fprintf(w, "# %s: %s\n", e.Kind, e.Message)
	} else if errors.Is(err, io.EOF) {
		fmt.Fprintln(w, "# the end")
	}
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want := readFile(t, path); !bytes.Equal(got, want) {
		t.Errorf("%s (-update rewrites it):\n got %s\nwant %s", path, got, want)
	}
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// encoded returns the body of the upstream request for a client's body.
func encoded(t testing.TB, call providers.Call, target providers.Target) string {
	t.Helper()
	r, err := ollama.New().Encode(call, target)
	if err != nil {
		t.Fatalf("%s: %v", call.Body.Bytes(), err)
	}
	return strings.TrimSpace(string(r.Body))
}
