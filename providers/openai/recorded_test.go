package openai_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tollgate/accounting"
	"tollgate/providers"
	"tollgate/providers/openai"
)

// recordedKind finds the row for an engine. One without a row of its own is a
// compatible server, for which the kind is `openai`.
func recordedKind(engine string) providers.Kind {
	kinds := openai.Kinds()
	of := func(name string) func(providers.Kind) bool {
		return func(k providers.Kind) bool { return k.Name == name }
	}
	if i := slices.IndexFunc(kinds, of(engine)); i >= 0 {
		return kinds[i]
	}
	return kinds[slices.IndexFunc(kinds, of("openai"))]
}

// TestRecorded runs the codec over real replies, as the recorder left them in
// testdata/recorded/<engine>/<case>. Replies of the surfaces that are only relayed are
// for [TestRecordedSurfaces]; those of paths that are not served (health, metrics, …)
// are passed over.
func TestRecorded(t *testing.T) {
	metas, err := filepath.Glob("testdata/recorded/*/*/meta.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(metas) == 0 {
		t.Fatal("nothing is recorded")
	}
	for _, path := range metas {
		dir := filepath.Dir(path)
		engine := filepath.Base(filepath.Dir(dir))
		if !inDialect(t, dir) {
			continue
		}
		t.Run(engine+"/"+filepath.Base(dir), func(t *testing.T) { recorded(t, dir, recordedKind(engine).Codec) })
	}
}

// inDialect says whether a recorded reply is of a path that this dialect has. The
// engines were asked for more (health, responses, messages), for dialects to come.
func inDialect(t *testing.T, dir string) bool {
	var meta struct {
		Path   string
		Status int
	}
	if err := json.Unmarshal(read(t, filepath.Join(dir, "meta.json")), &meta); err != nil {
		t.Fatal(err)
	}
	ok := meta.Status >= 300
	for _, path := range []string{"completions", "/embeddings", "/models"} {
		ok = ok || strings.HasSuffix(meta.Path, path)
	}
	return ok
}

func recorded(t *testing.T, dir string, codec providers.Codec) {
	var meta struct {
		Method, Path string
		Status       int
		ContentType  string `json:"content_type"`
	}
	if err := json.Unmarshal(read(t, filepath.Join(dir, "meta.json")), &meta); err != nil {
		t.Fatal(err)
	}
	reply := read(t, filepath.Join(dir, "response.txt"))
	if meta.Status < 200 || meta.Status > 299 {
		e := codec.Fault(providers.Call{}, meta.Status, nil, reply)
		if e.Kind == 0 || e.Message == "" || e.Status != meta.Status {
			t.Errorf("%+v", e)
		}
		want := map[int]providers.ErrorKind{400: providers.BadRequest, 401: providers.KeyRefused, 404: providers.ModelMissing, 405: providers.BadRequest,
			500: providers.ServerError, 501: providers.BadRequest, 503: providers.Overloaded}
		for _, fault := range []string{"llamacpp/err_image_on_text_model", "llamacpp/err_bad_json", "llamacpp-python/chat_json_schema", "llamacpp-python/embeddings_tokens", "llamacpp-python/err_bad_role",
			"llamacpp-python/err_bad_schema", "llamacpp-python/err_embeddings", "llamacpp-python/err_wrong_type"} {
			if strings.Contains(dir, fault) {
				want[500] = providers.BadRequest // whoever asks so may not shut the server for others
			}
		}
		if strings.Contains(dir, "too_long") {
			want[400], want[500] = providers.ContextTooLong, providers.ContextTooLong
		}
		if k, ok := want[meta.Status]; ok && e.Kind != k {
			t.Errorf("%d became %v, want %v: %s", meta.Status, e.Kind, k, e.Message)
		}
		return
	}
	switch {
	case meta.Path == "/v1/models":
		models, err := codec.Models(t.Context(), func(context.Context, providers.Request) (int, []byte, error) { return meta.Status, reply, nil })
		if err != nil || len(models) == 0 {
			t.Errorf("%v, %v", models, err)
		}
		return
	}
	call := callOf(t, bytes.TrimSpace(read(t, filepath.Join(dir, "request.json"))))
	if _, err := codec.Encode(call, providers.Target{Model: "m"}); err != nil {
		t.Error(err)
	}
	if strings.HasPrefix(meta.ContentType, "text/event-stream") {
		recordedStream(t, codec, call, reply)
		return
	}
	a, err := codec.Decode(call, providers.Target{}, "", reply)
	if err != nil {
		t.Fatal(err)
	}
	if a.Usage == nil || a.Usage.InputTokens() == 0 || (call.Operation != providers.Embeddings && a.Usage.OutputTokens() == 0) {
		t.Errorf("usage %v", a.Usage)
	}
	if !bytes.Equal(a.Body, reply) || a.Model == "" {
		t.Errorf("model %q; the client gets %s", a.Model, a.Body)
	}
}

// recordedStream wants a proper end with usage, or an honest error. What a client
// that asked for usage gets is what the server sent; one that did not sees none.
func recordedStream(t *testing.T, codec providers.Codec, call providers.Call, reply []byte) {
	for _, wanted := range []bool{true, false} {
		call.WantUsage = wanted
		s := codec.Stream(call, providers.Target{}, bytes.NewReader(reply))
		var usage *accounting.Usage
		var relayed []byte
		var text strings.Builder
		var err error
		for {
			var e *providers.Event
			if e, err = s.Next(); err != nil {
				break
			}
			if e.Usage != nil {
				usage = e.Usage
			}
			text.WriteString(e.Text)
			if e.Data != nil {
				relayed = append(append(append(relayed, "data: "...), e.Data...), "\n\n"...)
			}
			if !wanted && bytes.Contains(e.Data, []byte(`"usage"`)) {
				t.Errorf("the client did not ask for usage and sees %s", e.Data)
			}
		}
		if !errors.Is(err, io.EOF) {
			e := providers.AsError(err)
			if e == nil || (e.Kind != providers.Truncated && e.Kind != providers.ServerError) || bytes.Contains(reply, []byte("[DONE]")) && e.Kind == providers.Truncated {
				t.Errorf("ended with %v", err)
			}
			continue
		}
		// llama-cpp-python reports none in a stream, whatever is asked.
		if reported := bytes.Contains(reply, []byte(`"completion_tokens"`)); reported != (usage != nil && usage.OutputTokens() > 0) {
			t.Errorf("usage %v; reported: %v", usage, reported)
		}
		// vLLM swallows a tool call that was cut: tokens without a text.
		if text.Len() == 0 && usage == nil {
			t.Error("neither usage nor text to count")
		}
		if sent := append(relayed, "data: [DONE]\n\n"...); wanted && !bytes.Equal(bytes.TrimSpace(sent), bytes.TrimSpace(reply)) {
			t.Errorf("the relay changed the stream:\n got %s\nwant %s", sent, reply)
		}
	}
}
