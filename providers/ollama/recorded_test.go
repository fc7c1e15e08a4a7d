package ollama_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"tollgate/providers"
	"tollgate/providers/ollama"
)

// operations are the paths that a codec sends calls to.
var operations = map[string]providers.Operation{
	"/api/chat":     providers.Chat,
	"/api/generate": providers.Completions,
	"/api/embed":    providers.Embeddings,
}

// TestRecorded reads every reply in testdata/recorded, which real servers have
// sent, in the way its status and type ask for. It does not compare with a golden
// file: it holds what must be so of any of them.
func TestRecorded(t *testing.T) {
	metas, err := filepath.Glob("testdata/recorded/*/meta.json")
	if err != nil || len(metas) == 0 {
		t.Fatalf("nothing is recorded: %v", err)
	}
	for _, path := range metas {
		dir := filepath.Dir(path)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			var meta struct {
				Path        string `json:"path"`
				Status      int    `json:"status"`
				ContentType string `json:"content_type"`
			}
			if err := json.Unmarshal(readFile(t, path), &meta); err != nil {
				t.Fatal(err)
			}
			reply := readFile(t, filepath.Join(dir, "response.txt"))
			if meta.Status != http.StatusOK {
				e := ollama.New().Fault(providers.Call{}, meta.Status, http.Header{}, reply)
				checkRecordedFault(t, filepath.Base(dir), meta.Status, e)
				return
			}
			op, ok := operations[meta.Path]
			if !ok {
				return // a model list or the like: see TestModelsRecorded
			}
			request, err := os.ReadFile(filepath.Join(dir, "request.json"))
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			call := recordedCall(t, op, request)
			if strings.HasPrefix(meta.ContentType, "application/x-ndjson") {
				checkRecordedStream(t, call, reply)
			} else {
				checkRecordedAnswer(t, call, reply)
			}
		})
	}
}

// recordedCall makes a client's call that a recorded request may have come from.
func recordedCall(t *testing.T, op providers.Operation, request []byte) providers.Call {
	t.Helper()
	body := `{"messages":[]}`
	switch op {
	case providers.Completions:
		body = `{"prompt":"p"}`
	case providers.Embeddings:
		body = `{"input":` + gjson.GetBytes(request, "input").Raw + `}`
		if body == `{"input":}` {
			body = `{"input":null}`
		}
	}
	call := parseCall(t, []byte(body))
	call.WantUsage = true
	return call
}

// checkRecordedFault goes by the case's name for what the status does not say.
func checkRecordedFault(t *testing.T, name string, status int, e *providers.Error) {
	t.Helper()
	switch {
	case e.Status != status || e.Message == "" || strings.HasPrefix(e.Message, "{"):
		t.Errorf("%+v", e)
	case status == http.StatusNotFound && e.Kind != providers.ModelMissing:
		t.Errorf("%v: %s", e.Kind, e.Message)
	case strings.Contains(name, "too_long") != (e.Kind == providers.ContextTooLong):
		t.Errorf("%v: %s", e.Kind, e.Message)
	case status == http.StatusBadRequest && e.Kind != providers.BadRequest && e.Kind != providers.ContextTooLong:
		t.Errorf("%v: %s", e.Kind, e.Message)
	}
}

func checkRecordedAnswer(t *testing.T, call providers.Call, reply []byte) {
	t.Helper()
	a, err := ollama.New().Decode(call, target, "", reply)
	if call.Operation == providers.Embeddings && len(gjson.GetBytes(reply, "embeddings").Array()) == 0 {
		if providers.AsError(err) == nil {
			t.Errorf("no embeddings: %v", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	checkRecordedUsage(t, reply, a.Usage != nil)
	if told := gjson.GetBytes(a.Body, "usage.prompt_tokens"); a.Usage != nil && told.Exists() && int64(told.Num) != a.Usage.InputTokens() {
		t.Errorf("usage %v in %s", a.Usage, a.Body)
	}
	if want := len(gjson.GetBytes(reply, "message.tool_calls").Array()); want != len(gjson.GetBytes(a.Body, "choices.0.message.tool_calls").Array()) {
		t.Errorf("not %d tool calls in %s", want, a.Body)
	}
}

// checkRecordedUsage checks that usage is there exactly when the last line counts something.
func checkRecordedUsage(t *testing.T, line []byte, has bool) {
	t.Helper()
	counted := gjson.GetBytes(line, "prompt_eval_count").Exists() || gjson.GetBytes(line, "eval_count").Exists()
	if counted != has {
		t.Errorf("counted is %v, usage is %v", counted, has)
	}
}

func checkRecordedStream(t *testing.T, call providers.Call, reply []byte) {
	t.Helper()
	lines := bytes.Split(bytes.TrimSpace(reply), []byte("\n"))
	last := lines[len(lines)-1]
	var want strings.Builder
	for _, l := range lines {
		for _, key := range []string{"message.thinking", "message.content", "thinking", "response"} {
			want.WriteString(gjson.GetBytes(l, key).String())
		}
	}
	var data [][]byte
	var content strings.Builder
	var has bool
	s := ollama.New().Stream(call, target, bytes.NewReader(reply))
	var err error
	for {
		var e *providers.Event
		if e, err = s.Next(); err != nil {
			break
		}
		data = append(data, e.Data)
		has = has || e.Usage != nil
		for _, key := range []string{"delta.reasoning", "delta.content", "reasoning", "text"} {
			content.WriteString(gjson.GetBytes(e.Data, "choices.0."+key).String())
		}
	}
	if content.String() != want.String() {
		t.Errorf("text %q, want %q", &content, &want)
	}
	if call.Operation == providers.Chat && len(data) > 0 && gjson.GetBytes(data[0], "choices.0.delta.role").String() != "assistant" {
		t.Errorf("the first chunk is %s", data[0])
	}
	if gjson.GetBytes(last, "error").Exists() {
		if e := providers.AsError(err); e == nil || e.Kind != providers.ServerError {
			t.Errorf("ended with %v", err)
		}
		return
	}
	if err != io.EOF { //nolint:errorlint // io.EOF itself
		t.Errorf("ended with %v", err)
	}
	checkRecordedUsage(t, last, has)
}
