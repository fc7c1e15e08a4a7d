package ollama_test

import (
	"bytes"
	"encoding/json"
	"io"
	"path/filepath"
	"reflect"
	"testing"

	"tollgate/providers"
	"tollgate/providers/ollama"
	"tollgate/providers/wire"
)

// FuzzStream checks that no input makes the reader panic, that where the bytes are
// split makes no difference, and that every stream ends in one of the two ways.
func FuzzStream(f *testing.F) {
	replies, err := filepath.Glob("testdata/*/upstream_reply.txt")
	if err != nil {
		f.Fatal(err)
	}
	for i, path := range replies {
		f.Add(readFile(f, path), i*7, i%2 == 0)
	}
	f.Fuzz(func(t *testing.T, reply []byte, cut int, chat bool) {
		body := `{"messages":[],"stream":true,"stream_options":{"include_usage":true}}`
		if !chat {
			body = `{"prompt":"","stream":true}`
		}
		call := parseCall(t, []byte(body))
		read := func(r io.Reader) (events []providers.Event, message string) {
			s := ollama.New().Stream(call, target, r)
			for {
				e, err := s.Next()
				if err == nil {
					if e.Data != nil && !json.Valid(e.Data) {
						t.Fatalf("no JSON: %q", e.Data)
					}
					events = append(events, *e)
					continue
				}
				if providers.AsError(err) == nil && err != io.EOF { //nolint:errorlint // io.EOF itself
					t.Fatalf("ended with %v", err)
				}
				return events, err.Error()
			}
		}
		whole, end := read(bytes.NewReader(reply))
		if cut < 0 || cut > len(reply) {
			return
		}
		split, splitEnd := read(io.MultiReader(bytes.NewReader(reply[:cut]), bytes.NewReader(reply[cut:])))
		if end != splitEnd || !reflect.DeepEqual(whole, split) {
			t.Fatalf("split at %d: %v, %s, not %v, %s", cut, split, splitEnd, whole, end)
		}
	})
}

// FuzzEncode checks that every body is either refused as a bad request or becomes
// JSON with the target's model and context, without a byte of the call changed.
func FuzzEncode(f *testing.F) {
	requests, err := filepath.Glob("testdata/*/client_request.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range requests {
		f.Add(readFile(f, path), uint8(parseCall(f, readFile(f, path)).Operation), int64(9))
	}
	f.Fuzz(func(t *testing.T, body []byte, op uint8, limit int64) {
		o, err := wire.ParseObject(bytes.Clone(body))
		if err != nil {
			return
		}
		call := providers.Call{Operation: providers.Operation(op), Body: o, OutputCap: limit}
		r, err := ollama.New().Encode(call, providers.Target{Model: "m", NumCtx: 77})
		if !bytes.Equal(o.Bytes(), body) {
			t.Fatal("the call was changed")
		}
		if err != nil {
			if e := providers.AsError(err); e == nil || e.Kind != providers.BadRequest || e.Message == "" {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		var native struct {
			Model   string `json:"model"`
			Stream  *bool  `json:"stream"`
			Options struct {
				NumCtx     int64           `json:"num_ctx"`
				NumPredict json.RawMessage `json:"num_predict"`
			} `json:"options"`
		}
		if err := json.Unmarshal(r.Body, &native); err != nil {
			t.Fatalf("%v: %s", err, r.Body)
		}
		if native.Model != "m" || native.Options.NumCtx != 77 || native.Stream == nil != (call.Operation == providers.Embeddings) {
			t.Fatalf("%s", r.Body)
		}
	})
}
