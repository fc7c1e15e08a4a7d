package openai_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"tollgate/providers"
	"tollgate/providers/openai"
)

// last reads a stream of chunks and returns its last event, and how many there were.
func last(call providers.Call, chunks ...string) (e providers.Event, n int, err error) {
	body := "data: " + strings.Join(chunks, "\n\ndata: ") + "\n\ndata: [DONE]\n\n"
	s := openai.New(openai.Quirks{}).Stream(call, providers.Target{}, strings.NewReader(body))
	for ; ; n++ {
		next, err := s.Next()
		if err != nil {
			return e, n, err
		}
		e = *next
		e.Data = bytes.Clone(e.Data)
	}
}

// checkLike: what is made of a chunk does not depend on the chunk before it.
func checkLike(t *testing.T, before, chunk string) {
	t.Helper()
	for _, call := range []providers.Call{{Operation: providers.Chat, Stream: true}, {Operation: providers.Chat, Stream: true, WantUsage: true}, {Operation: providers.Chat, Stream: true, NoText: true}} {
		_, first, err := last(call, before)
		if !errors.Is(err, io.EOF) {
			return
		}
		want, alone, wantErr := last(call, chunk)
		got, both, err := last(call, before, chunk)
		if both != first+alone && !strings.Contains(before, "[DONE]") {
			t.Fatalf("after %s\n%s\nmakes %d events, alone %d", before, chunk, both-first, alone)
		}
		if alone == 0 || both != first+alone {
			return
		}
		if got.Model == "" { // said of the first one
			got.Model, got.ServiceTier = want.Model, want.ServiceTier
		}
		if wantErr.Error() != err.Error() {
			t.Fatalf("after %s\n%s\nends with %v, alone with %v", before, chunk, err, wantErr)
		}
		if errors.Is(err, io.EOF) && (string(got.Data) != string(want.Data) || got.Text != want.Text || (got.Usage == nil) != (want.Usage == nil) || got.Doubt != want.Doubt || got.Model != want.Model) {
			t.Fatalf("after %s\n%s\nis %q %q, alone %q %q", before, chunk, got.Data, got.Text, want.Data, want.Text)
		}
	}
}

var likeChunks = []string{
	`{"id":"a","model":"tiny","choices":[{"index":0,"delta":{"content":"The"},"finish_reason":null}]}`,
	`{"id":"a","model":"tiny","choices":[{"index":0,"delta":{"content":" cat"},"finish_reason":null}]}`,
	`{"id":"a","model":"tiny","choices":[{"index":0,"delta":{"content":""},"finish_reason":null}]}`,
	`{"id":"a","model":"tiny","choices":[{"index":0,"delta":{"content":"a\"b\u00e9\n"},"finish_reason":null}]}`,
	`{"id":"a","model":"tiny","choices":[{"index":0,"delta":{"content":"a\"},"finish_reason":null}]}`,
	`{"id":"a","model":"tiny","choices":[{"index":0,"delta":{"content":"a\x"},"finish_reason":null}]}`,
	"{\"id\":\"a\",\"model\":\"tiny\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\xff\"},\"finish_reason\":null}]}",
	`{"id":"a","model":"tiny","choices":[{"index":0,"delta":{"content":"x"},"usage":"y"},"finish_reason":null}]}`,
	`{"id":"a","model":"tiny","choices":[{"index":0,"delta":{"content":"x","content":"y"},"finish_reason":null}]}`,
	`{"id":"a","model":"tiny","choices":[{"index":0,"delta":{"content":"tiny"},"finish_reason":null}]}`,
	`{"id":"a","model":"tiny","choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}]}`,
	`{"id":"a","model":"tiny","choices":[{"index":0,"delta":{"content":"x"}}],"usage":null,"error":null}`,
	`{"id":"a","model":"tiny","choices":[{"index":0,"delta":{"content":"yz"}}],"usage":null,"error":null}`,
	`{"id":"a","model":"tiny","choices":[{"index":0,"delta":{"content":"yz"}}],"usage":{"prompt_tokens":1,"completion_tokens":2},"error":null}`,
	`{"id":"a","model":"tiny","choices":[{"index":0,"delta":{"reasoning":"x","content":null}}]}`,
	`{"id":"a","model":"tiny","choices":[{"index":0,"delta":{"reasoning":"xy","content":null}}]}`,
	`{"id":"a","model":"tiny","choices":[{"index":0,"delta":{"reasoning":"xy","reasoning_content":"xy"}}]}`,
	`{"id":"a","model":"tiny","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a"}}]}}]}`,
	`{"id":"a","model":"tiny","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\":1}"}}]}}]}`,
	`{"id":"a","model":"tiny","choices":[{"index":0,"text":"x"},{"index":1,"text":"y"}]}`,
	`{"id":"a","model":"tiny","choices":[{"index":0,"text":"x"}]}`,
	`{"id":"a","model":"tiny","choices":[{"index":0,"text":"yy"}]}`,
	`{"id":"a","model":"tiny","choices":[{"index":0,"delta":{"content":[{"text":"x"}]}}]}`,
	`{"error":null,"usage":null,"id":"a","choices":[{"index":0,"delta":{"content":"x"}}]}`,
	`{"error":null,"usage":null,"id":"a","choices":[{"index":0,"delta":{"content":"yz"}}]}`,
	`{"error":{"message":"x"}}`,
}

func TestChunksAreReadAlike(t *testing.T) {
	for _, before := range likeChunks {
		for _, chunk := range likeChunks {
			checkLike(t, before, chunk)
		}
	}
}

func FuzzChunksAreReadAlike(f *testing.F) {
	for i := range likeChunks {
		f.Add(likeChunks[i], likeChunks[(i+1)%len(likeChunks)])
	}
	f.Fuzz(func(t *testing.T, before, chunk string) {
		if strings.ContainsAny(before+chunk, "\r\n") {
			return
		}
		checkLike(t, before, chunk)
	})
}

// pieces brings the same bytes with each Read.
type pieces string

func (p pieces) Read(b []byte) (int, error) { return copy(b, p), nil }

// TestAlikeChunksCostNoMemory: neither one that comes alone nor one that comes with others.
func TestAlikeChunksCostNoMemory(t *testing.T) {
	for name, usage := range map[string]string{"as it came": "", "cut": `,"usage":null`} {
		chunk := `data: {"id":"c","model":"tiny","choices":[{"index":0,"delta":{"content":"The"},"finish_reason":null}]` + usage + "}\n\n"
		for _, together := range []int{1, 3} {
			s := openai.New(openai.Quirks{}).Stream(providers.Call{Operation: providers.Chat, Stream: true, NoText: true}, providers.Target{}, pieces(strings.Repeat(chunk, together)))
			next := func() {
				if e, err := s.Next(); err != nil || len(e.Data) == 0 {
					t.Fatal(e, err)
				}
			}
			next()
			next()
			if n := testing.AllocsPerRun(100, next); n != 0 {
				t.Errorf("%s, %d together: %v allocations per event", name, together, n)
			}
		}
	}
}

// BenchmarkStream compares the reading of chunks that are alike with that of chunks
// which are not.
func BenchmarkStream(b *testing.B) {
	for name, created := range map[string]func(int) string{"alike": func(int) string { return "1795469863" }, "unlike": func(i int) string { return "179546986" + string(rune('0'+i%10)) }} {
		b.Run(name, func(b *testing.B) {
			const chunks = 1000
			var body strings.Builder
			for i := range chunks {
				body.WriteString(`data: {"id":"chatcmpl-8bef39df0e250bb6","object":"chat.completion.chunk","created":` + created(i) + `,"model":"tiny","choices":[{"index":0,"delta":{"content":"The"},"logprobs":null,"finish_reason":null,"token_ids":null}]}` + "\n\n")
			}
			body.WriteString("data: [DONE]\n\n")
			text := body.String()
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				s := openai.New(openai.Quirks{}).Stream(providers.Call{Operation: providers.Chat, Stream: true, NoText: true}, providers.Target{}, strings.NewReader(text))
				n, err := 0, error(nil)
				for ; err == nil; n++ {
					_, err = s.Next()
				}
				if n != chunks+1 {
					b.Fatal(n, err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/chunks, "ns/event")
		})
	}
}
