package wire

import (
	"strings"
	"testing"
)

func TestAppendModel(t *testing.T) {
	t.Parallel()
	const name = `"n\"ew"`
	long := strings.Repeat(`x\n"y" é `, 1<<17)
	long = strings.ReplaceAll(long, `"y"`, `\"model\":\"old\"`)
	for what, c := range map[string]struct{ within, in, want string }{
		"first":             {"", `{"model":"old","id":1}`, `{"model":NAME,"id":1}`},
		"last":              {"", `{"id":1,"model":"old"}`, `{"id":1,"model":NAME}`},
		"alone":             {"", `{"model":"old"}`, `{"model":NAME}`},
		"empty":             {"", `{"model":""}`, `{"model":NAME}`},
		"spaces":            {"", " {\n\t\"model\" :\r\n \"old\" , \"a\" : 1.0e0 }\n", " {\n\t\"model\" :\r\n NAME , \"a\" : 1.0e0 }\n"},
		"quotes in it":      {"", `{"model":"o\"ld\\","a":"\"model\":\"old\""}`, `{"model":NAME,"a":"\"model\":\"old\""}`},
		"escaped key":       {"", `{"mod\u0065l":"old"}`, `{"mod\u0065l":NAME}`},
		"twice":             {"", `{"model":"old","a":1,"mod\u0065l":"older"}`, `{"model":NAME,"a":1,"mod\u0065l":NAME}`},
		"other case":        {"", `{"Model":"old"}`, `{"Model":"old"}`},
		"null":              {"", `{"model":null}`, `{"model":null}`},
		"object":            {"", `{"model":{"model":"old"}}`, `{"model":{"model":"old"}}`},
		"deeper":            {"", `{"choices":[{"model":"old"}],"response":{"model":"old"}}`, `{"choices":[{"model":"old"}],"response":{"model":"old"}}`},
		"none":              {"", `{}`, `{}`},
		"list":              {"", `[{"model":"old"}]`, `[{"model":"old"}]`},
		"no JSON":           {"", `hello "model":"old"`, `hello "model":"old"`},
		"nothing":           {"", ``, ``},
		"broken after it":   {"", `{"model":"old","a":`, `{"model":NAME,"a":`},
		"within":            {"response", `{"type":"response.created","response":{"id":"r","model":"old","x":[]},"n":1}`, `{"type":"response.created","response":{"id":"r","model":NAME,"x":[]},"n":1}`},
		"within and at top": {"response", `{"model":"old","response":{"model":"old"},"model_name":"old"}`, `{"model":NAME,"response":{"model":NAME},"model_name":"old"}`},
		"within it, deeper": {"message", `{"message":{"message":{"model":"old"}}}`, `{"message":{"message":{"model":"old"}}}`},
		"within twice":      {"message", `{"message":{"model":"old","model":"old"}, "message":{"model":"old"}}`, `{"message":{"model":NAME,"model":NAME}, "message":{"model":NAME}}`},
		"within no object":  {"message", `{"message":"{\"model\":\"old\"}"}`, `{"message":"{\"model\":\"old\"}"}`},
		"huge":              {"", `{"a":"` + long + `","model":"old"}`, `{"a":"` + long + `","model":NAME}`},
	} {
		want := "data: " + strings.ReplaceAll(c.want, "NAME", name)
		in := []byte(c.in)
		if got := string(AppendModel([]byte("data: "), in, c.within, []byte(name))); got != want {
			t.Errorf("%s: got %.200s, want %.200s", what, got, want)
		}
		if string(in) != c.in {
			t.Errorf("%s: the answer itself was changed", what)
		}
	}
}

const chunkWithModel = `{"id":"chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz012","object":"chat.completion.chunk","created":1764444000,"model":"Qwen/Qwen3-32B","choices":[{"index":0,"delta":{"content":" token"},"logprobs":null,"finish_reason":null}]}`

func TestAppendModelAllocates(t *testing.T) {
	dst, name := make([]byte, 0, 1024), []byte(`"qwen"`)
	for within, in := range map[string]string{"": chunkWithModel, "response": `{"type":"response.created","response":` + chunkWithModel + `}`} {
		data := []byte(in)
		if n := testing.AllocsPerRun(100, func() { AppendModel(dst, data, within, name) }); n > 0 {
			t.Errorf("%v allocations, within %q", n, within)
		}
	}
}

func BenchmarkAppendModel(b *testing.B) {
	data, name := []byte(chunkWithModel), []byte(`"qwen"`)
	dst := make([]byte, 0, 1024)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		AppendModel(dst, data, "", name)
	}
}
