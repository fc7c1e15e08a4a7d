package httpapi

import (
	"fmt"
	"strings"
	"testing"

	"tollgate/gateway/edge"
	"tollgate/providers"
	"tollgate/providers/wire"
)

func chunk(id, model, text string) string {
	return fmt.Sprintf(`{"id":"chatcmpl-%s","object":"chat.completion.chunk","created":1764444000,"model":%s,"choices":[{"index":0,"delta":{"content":%q},"logprobs":null,"finish_reason":null}]}`, id, model, text)
}

// TestStampedParts: whatever the parts before were, a part has the asked name and is
// otherwise as it came.
func TestStampedParts(t *testing.T) {
	t.Parallel()
	s := newStamp(providers.Chat, "qwen")
	var parts, want []string
	add := func(form func(model string) string, model string) {
		parts = append(parts, form(model))
		if model[0] == '"' {
			model = `"qwen"`
		}
		want = append(want, form(model))
	}
	for i := range 3 {
		for _, model := range []string{`"Qwen/Qwen3"`, `"Qwen/Qwen3-32B"`, `"Qwen/Qwen3-32B"`, `""`, `"qwen"`, `null`, `"Q\"wen"`} {
			add(func(m string) string { return chunk("1", m, `"model":"x"`) }, model)
			add(func(m string) string { return `{"choices":[],"model":` + m + `}` }, model)
			add(func(m string) string { return ` {"model" : ` + m + ` , "a":[1]}` }, model)
			id := fmt.Sprint(i, len(parts))
			add(func(m string) string { return chunk(id, m, strings.Repeat("long ", 20_000)) }, model)
		}
		add(func(string) string { return `{"choices":[]}` }, "null")
	}
	for i := range 2 * maxMissed { // nothing is alike
		add(func(m string) string { return chunk(fmt.Sprint("other", i), m, "hi") }, `"Qwen"`)
	}
	for i, part := range parts {
		if got := string(s.append([]byte("data: "), []byte(part))); got != "data: "+want[i] {
			t.Fatalf("part %d: got %.300s, want %.300s", i, got, want[i])
		}
	}
}

// TestStampedEventsAllocate: to name the model costs a stream nothing but time.
func TestStampedEventsAllocate(t *testing.T) {
	ev := &providers.Event{Data: []byte(chunk("1", `"Qwen/Qwen3-32B"`, " token"))}
	f := frames{op: providers.Chat, stamp: newStamp(providers.Chat, "qwen")}
	dst := f.event(make([]byte, 0, 4096), ev)
	if n := testing.AllocsPerRun(1000, func() { f.event(dst[:0], ev) }); n > 0.1 { // a pool may be emptied meanwhile
		t.Errorf("%v allocations for each event", n)
	}
}

// TestStampedResponse: a response that ends with a failure of ours is shown once more, and
// by the same name.
func TestStampedResponse(t *testing.T) {
	t.Parallel()
	f := frames{op: providers.ResponsesGet, stamp: newStamp(providers.ResponsesGet, "qwen")}
	out := string(f.event(nil, &providers.Event{Name: "response.created", Data: []byte(`{"type":"response.created", "response":{"id":"r" ,"model" : "Qwen"},"sequence_number":0}`)}))
	if want := `{"type":"response.created", "response":{"id":"r" ,"model" : "qwen"},"sequence_number":0}`; !strings.Contains(out, want) {
		t.Errorf("got %s, want %s", out, want)
	}
	out = string(f.failure(edge.Told{Object: wire.ErrorObject{Message: "no"}}, "1"))
	if !strings.Contains(out, `event: response.failed`) || !strings.Contains(out, `"model" : "qwen"`) {
		t.Errorf("as failed: %s", out)
	}
}

func TestStampLeavesWhatIsNoJSON(t *testing.T) {
	t.Parallel()
	const text = `{"model":"a"}`
	s := newStamp(providers.Transcriptions, "b")
	for kind, want := range map[string]string{"": `{"model":"b"}`, "application/json; charset=utf-8": `{"model":"b"}`, "text/plain; charset=utf-8": text, "audio/mpeg": text} {
		if got := string(s.whole([]byte(text), kind)); got != want {
			t.Errorf("%q: got %s, want %s", kind, got, want)
		}
	}
	var none *stamp
	if got := none.whole([]byte(text), ""); string(got) != text {
		t.Errorf("without a stamp: %s", got)
	}
}

func BenchmarkEvent(b *testing.B) {
	ev := &providers.Event{Data: []byte(chunk("1", `"Qwen/Qwen3-32B"`, " token"))}
	for _, c := range []struct {
		name  string
		stamp *stamp
	}{{"as it came", nil}, {"as asked", newStamp(providers.Chat, "qwen")}, {"as asked, nothing alike", &stamp{name: wire.String("qwen"), missed: maxMissed}}} {
		b.Run(c.name, func(b *testing.B) {
			f := frames{op: providers.Chat, stamp: c.stamp}
			dst := make([]byte, 0, 4096)
			b.ReportAllocs()
			for b.Loop() {
				f.event(dst, ev)
			}
		})
	}
}
