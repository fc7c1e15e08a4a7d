package toll

import (
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/tokens"
	"tollgate/gateway/catalog"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// allocated is how many bytes something allocates. Encoding a text allocates at least 40
// times as much as it has, so this shows how much was encoded.
func allocated(run func()) int64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	run()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}

// metering is a meter of a call at a price by token.
func metering(t *testing.T, op providers.Operation, body string, dep catalog.Deployment) (*meter, *noted) {
	t.Helper()
	price, err := accounting.NewPriced(accounting.Tariff{Rates: accounting.Rates{accounting.Input: 1e9, accounting.Output: 1e10, accounting.Searches: 1e15}})
	if err != nil {
		t.Fatal(err)
	}
	o, err := wire.ParseObject([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	now, hold := time.Unix(0, 0), &noted{}
	m := &meter{toll: &Toll{now: func() time.Time { return now }, log: slog.New(slog.DiscardHandler)}, hold: hold, charge: &Charge{}, began: now, at: now,
		plan: &plan{dep: &dep, price: price, call: Call{Call: providers.Call{Operation: op, Body: o}, Params: wire.Params{Choices: 1}}}}
	return m, hold
}

// TestLongPromptsAreEstimated: what no upstream has counted is counted here by a part of it
// where it is long, in every operation, and the entry says that it is an estimate.
func TestLongPromptsAreEstimated(t *testing.T) {
	const size = 32 << 20
	long := strings.Repeat("hello world ", size/12)
	tokens.Count("x") // the vocabulary is there
	for name, c := range map[string]struct {
		op          providers.Operation
		body        string
		input, most int64 // tokens
	}{
		"chat":       {providers.Chat, `{"messages":[{"role":"user","content":"` + long + `"}]}`, size / 6, 0},
		"embeddings": {providers.Embeddings, `{"input":["` + long + `"]}`, size / 6, 0},
		"responses":  {providers.Responses, `{"input":"` + long + `"}`, size / 6, 0},
		"messages":   {providers.Messages, `{"system":"be brief","messages":[{"role":"user","content":[{"type":"text","text":"` + long + `"}]}]}`, size / 6, 0},
		"speech":     {providers.Speech, `{"input":"` + long + `"}`, size / 6, 0},
		"images":     {providers.ImageGenerations, `{"prompt":"` + long + `"}`, size / 6, 0},
		"rerank":     {providers.Rerank, `{"query":"hello","documents":["` + strings.Repeat(long[:1200]+`","`, size/1200) + `"]}`, size / 6, 0},
		"one long":   {providers.Score, `{"text_1":"hello","text_2":["a","` + long + `"]}`, size / 6, 0},
	} {
		m, hold := metering(t, c.op, c.body, catalog.Deployment{})
		spent := allocated(func() { _ = m.end("ok", accounting.Counted) })
		// The text itself may be there once more, and a document has a head of its own.
		if spent > 2*size {
			t.Errorf("%s: %d MiB were allocated", name, spent>>20)
		}
		o := hold.ended[0]
		if n := o.Usage[accounting.Input]; n < c.input*99/100 || n > c.input*105/100 {
			t.Errorf("%s: %d tokens of input, and there are %d", name, n, c.input)
		}
		if o.Source != accounting.Estimated || !slices.Contains(o.Flags, "sampled_usage") {
			t.Errorf("%s: %s %v", name, o.Source, o.Flags)
		}
	}
}

// TestShortPromptsAreCounted: up to so many bytes every token is counted, and nothing is
// marked.
func TestShortPromptsAreCounted(t *testing.T) {
	text := strings.Repeat("hello world ", tokens.Most/12+1)
	for _, c := range []struct {
		text   string
		source accounting.Source
	}{{text[:tokens.Most-1], accounting.Counted}, {text[:tokens.Most], accounting.Estimated}} {
		m, hold := metering(t, providers.Embeddings, fmt.Sprintf(`{"input":%q}`, c.text), catalog.Deployment{})
		_ = m.end("ok", accounting.Counted)
		if o := hold.ended[0]; o.Source != c.source || slices.Contains(o.Flags, "sampled_usage") != (c.source == accounting.Estimated) {
			t.Errorf("%d bytes: %s %v", len(c.text), o.Source, o.Flags)
		}
	}
}

// TestReportedLongPrompt: what an upstream has counted is not looked at.
func TestReportedLongPrompt(t *testing.T) {
	m, hold := metering(t, providers.Chat, `{"messages":[{"role":"user","content":"`+strings.Repeat("hello ", 1<<20)+`"}]}`, catalog.Deployment{})
	m.seen(&accounting.Usage{accounting.Input: 7, accounting.Output: 1}, "", "a", "", "")
	spent := allocated(func() { _ = m.end("ok", accounting.Counted) })
	if o := hold.ended[0]; o.Source != accounting.Reported || o.Usage.InputTokens() != 7 || len(o.Flags) != 0 || spent > 1<<20 {
		t.Errorf("%+v, %d bytes", o, spent)
	}
}

// TestLongAnswersAreEstimated: of an answer that comes whole and without a usage a part is
// counted where it is long.
func TestLongAnswersAreEstimated(t *testing.T) {
	const size = 32 << 20
	m, hold := metering(t, providers.Chat, `{"messages":[]}`, catalog.Deployment{})
	answer := &providers.Answer{Text: strings.Repeat("hello world ", size/12)}
	spent := allocated(func() {
		m.whole(answer)
		_ = m.end("ok", accounting.Counted)
	})
	o := hold.ended[0]
	if n := o.Usage[accounting.Output]; n < size/6*99/100 || n > size/6*105/100 || o.Source != accounting.Estimated || !slices.Contains(o.Flags, "sampled_usage") {
		t.Errorf("%d tokens, %s %v", n, o.Source, o.Flags)
	}
	if spent > 4*size {
		t.Errorf("%d MiB were allocated", spent>>20)
	}
}

// TestStreamsAreCountedOnce: the text of a stream without a usage is encoded once, however
// small its pieces are and however near it comes to its hold, which is raised in steps
// however long it gets.
func TestStreamsAreCountedOnce(t *testing.T) {
	for _, piece := range []string{"hello", " hello"} { // one word, and many
		each := func(n int) int64 {
			m, hold := metering(t, providers.Chat, `{"messages":[]}`, catalog.Deployment{DefaultOutput: 512, Provider: &catalog.Provider{}})
			m.plan.call.Stream = true
			m.plan.follow(512, 512)
			spent := allocated(func() {
				for range n {
					m.seen(nil, "", piece, "", "")
					if err := m.grow(t.Context()); err != nil {
						t.Fatal(err)
					}
					m.checkpoint()
				}
				_ = m.end("ok", accounting.Counted)
			})
			if o := hold.ended[0]; o.Usage.OutputTokens() < int64(n) || o.Source != accounting.Counted {
				t.Errorf("%+v of %d", o, n)
			}
			if hold.raised > n/400 {
				t.Errorf("the hold of %d tokens was raised %d times", n, hold.raised)
			}
			return spent
		}
		tokens.Count(strings.Repeat(piece, 10_000)) // what is kept for the next is there
		once := allocated(func() { tokens.Count(strings.Repeat(piece, 10_000)) })
		little, much := each(10_000), each(40_000)
		if little > 4*once {
			t.Errorf("%q: %d bytes were allocated, and one count of the text takes %d", piece, little, once)
		}
		if much > 5*little {
			t.Errorf("%q: four times the text allocates %d for %d", piece, much, little)
		}
	}
}
