package beside

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// answer is one of JSON, with no variables to tell.
func answer(status int, body string, headers ...string) Answer {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return NewAnswer(status, h, []byte(body), nil)
}

func stream(body string) Answer {
	return NewAnswer(200, http.Header{"Content-Type": {"text/event-stream; charset=utf-8"}}, []byte(body), nil)
}

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		name         string
		theirs, ours Answer
		want         []string
	}{
		{"the same", answer(200, `{"a":1}`), answer(200, `{"a":2}`), nil},
		{"status alone", answer(200, `{"a":1}`), answer(404, `{"b":1}`), []string{"status: 200, tollgate 404"}},
		{"keys", answer(200, `{"a":1,"b":null}`), answer(200, `{"a":1,"c":2}`), []string{"body.b: null, tollgate nothing", "body.c: only tollgate has it"}},
		{"types", answer(200, `{"a":"1","b":null}`), answer(200, `{"a":1,"b":[]}`), []string{"body.a: string, tollgate number", "body.b: null, tollgate list"}},
		{"numbers by worth", answer(200, `{"spend":0.0}`), answer(200, `{"spend":0}`), nil},
		{"a time and another", answer(200, `{"created":1795970000}`), answer(200, `{"created":1}`), nil},
		{"money", answer(200, `{"spend":1.5}`), answer(200, `{"spend":1.25}`), []string{"body.spend: 1.5, tollgate 1.25"}},
		{"error code", answer(400, `{"error":{"code":"400"}}`), answer(400, `{"error":{"code":"401"}}`), []string{"body.error.code: 400, tollgate 401"}},
		{"what any element has", answer(200, `[{"a":1},{"b":1}]`), answer(200, `[{"a":1,"b":2}]`), nil},
		{"an element's key", answer(200, `{"keys":[{"a":1},{"b":1}]}`), answer(200, `{"keys":[{"a":1}]}`), []string{"body.keys[].b: number, tollgate nothing"}},
		{"null in one element", answer(200, `[{"a":null},{"a":"x"}]`), answer(200, `[{"a":"y"}]`), nil},
		{"an empty list", answer(200, `[]`), answer(200, `[1]`), []string{"body: 0 elements, tollgate 1"}},
		{"headers", answer(200, `{}`, "X-Litellm-Version", "1", "X-Litellm-Model-Group", "a"), answer(200, `{}`, "X-Litellm-Model-Group", "b", "Retry-After", "1"),
			[]string{"headers.retry-after: only tollgate has it", "headers.x-litellm-model-group: a, tollgate b", "headers.x-litellm-version: tollgate has none"}},
		{"cost", answer(200, `{}`, "X-Litellm-Response-Cost", "6e-05"), answer(200, `{}`, "X-Litellm-Response-Cost", "0.00006"), nil},
		{"another cost", answer(200, `{}`, "X-Litellm-Response-Cost", "6e-05"), answer(200, `{}`, "X-Litellm-Response-Cost", "0.0"), []string{"headers.x-litellm-response-cost: 6e-05, tollgate 0.0"}},
		{"text and JSON", NewAnswer(200, http.Header{}, []byte("hello"), nil), NewAnswer(200, http.Header{}, []byte("{}"), nil), []string{"body: a text, tollgate JSON"}},
		{"how a stream is cut", stream("data: {\"a\":1}\n\ndata: {\"a\":2}\n\ndata: [DONE]\n\n"), stream("data: {\"a\":1}\n\ndata: [DONE]\n\n"), nil},
		{"a stream's end", stream("data: {\"a\":1}\n\ndata: [DONE]\n\n"), stream("data: {\"a\":1}\n\n"), []string{"events: they end with [DONE], tollgate's without [DONE]"}},
		{"a stream's keys", stream("event: x\ndata: {\"a\":1}\n\n"), stream("event: x\ndata: {\"b\":1}\n\n"), []string{"events.x[].a: number, tollgate nothing", "events.x[].b: only tollgate has it"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, d := range Compare("g/r", c.theirs, c.ours) {
				if d.Request != "g/r" {
					t.Errorf("the request is %q", d.Request)
				}
				got = append(got, d.What)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestReview(t *testing.T) {
	found := []Difference{{"chat/free", "headers.x-litellm-version: tollgate has none"}, {"chat/free", "body.a: string, tollgate null"}}
	unexpected, unmet := Review(found, []Expectation{
		{"chat/*", "headers.x-litellm-*", "theirs"},
		{"stream/*", "*", "nothing like it"},
	})
	if len(unexpected) != 1 || unexpected[0] != found[1] {
		t.Errorf("unexpected: %v", unexpected)
	}
	if len(unmet) != 1 || unmet[0].Request != "stream/*" {
		t.Errorf("unmet: %v", unmet)
	}
}

// What changes from run to run is not in an answer, nor is anything of a machine.
func TestAnswersAreClean(t *testing.T) {
	body := `{"token":"` + strings.Repeat("0f", 32) + `","key":"sk-ZAD7ZhHI9ew_dyt4feAtGg","own":"sk-beside-own-secret","key_name":"sk-...AtGg",
"id":"243767c4-0538-4848-89ca-d7c3e02cbf29","at":"2026-11-29T16:30:27.815416Z","day":"2026-11-29","created":1795970000,"took_ms":12.5,"took_more_ms":0,
"where":"File \"/opt/x/venv/lib/python3.11/site-packages/litellm/a.py\"","base":"http://127.0.0.1:4123/v1","spend":1.5}`
	a := NewAnswer(200, http.Header{"Date": {"now"}, "X-Litellm-Call-Id": {"243767c4-0538-4848-89ca-d7c3e02cbf29"}, "X-Litellm-Overhead-Duration-Ms": {"3.1"}},
		[]byte(body), map[string]string{"mine": "sk-beside-own-secret", "short": "sk-"})
	m := a.Body.(map[string]any)
	for key, want := range map[string]string{
		"token": "<hash>", "key": "<key>", "own": "<mine>", "key_name": "sk-...<last>", "id": "<uuid>", "at": "<time>", "day": "<date>",
		"created": "<number>", "took_ms": "<number>", "where": `File "<python>/litellm/a.py"`, "base": "http://<address>/v1",
	} {
		if m[key] != want {
			t.Errorf("%s is %v, want %s", key, m[key], want)
		}
	}
	if len(a.Headers) != 2 || a.Headers["x-litellm-call-id"] != "<uuid>" || a.Headers["x-litellm-overhead-duration-ms"] != "<ms>" {
		t.Errorf("headers: %v", a.Headers)
	}
}
