package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
)

// sink is an upstream that keeps nothing of what it is sent, and waits a moment before
// it answers without a usage.
func sink(t *testing.T) (url string) {
	return accepting(t, func(c net.Conn) {
		defer c.Close()
		r := bufio.NewReader(c)
		req, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		head := make([]byte, 4<<10)
		n, _ := io.ReadFull(req.Body, head)
		_, _ = io.Copy(io.Discard, req.Body)
		time.Sleep(100 * time.Millisecond)
		kind, answer := "application/json", `{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000000,"completion_tokens":1,"total_tokens":1000001}}`
		switch {
		case req.Method == "GET":
			answer = `{"object":"list","data":[]}`
		case strings.HasSuffix(req.URL.Path, "/embeddings"):
			answer = `{"object":"list","model":"m","data":[{"object":"embedding","index":0,"embedding":[0.5]}],"usage":{"prompt_tokens":1000000,"total_tokens":1000000}}`
		case bytes.Contains(head[:n], []byte(`"uncounted":true`)):
			answer, _, _ = strings.Cut(answer, `,"usage"`)
			answer += "}"
		case bytes.Contains(head[:n], []byte(`"stream":true`)):
			kind = "text/event-stream"
			answer = "data: " + strings.ReplaceAll(strings.ReplaceAll(answer, `"message"`, `"delta"`), "chat.completion", "chat.completion.chunk") + "\n\ndata: [DONE]\n\n"
		}
		fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", kind, len(answer), answer)
	})
}

// peak is the most memory in use while something runs, above what was in use before.
func peak(run func()) int64 {
	// What the collector has found alive: after it other goroutines may run, and make garbage,
	// before this one can look.
	alive := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	live := func() int64 { runtime.GC(); metrics.Read(alive); return int64(alive[0].Value.Uint64()) }
	before := min(live(), live())
	stop, most := make(chan struct{}), make(chan int64)
	go func() {
		top := int64(0)
		for {
			top = max(top, live())
			select {
			case <-stop:
				most <- top
				return
			default:
			}
		}
	}()
	run()
	close(stop)
	return <-most - before
}

// TestT37_OneRequestCostsSoMuch: whatever one request holds, deep, wide, packed or
// nested, the memory that it takes at any moment is bounded by the limit of a body.
func TestT37_OneRequestCostsSoMuch(t *testing.T) {
	limit := 8 << 20
	const around = `{"model":"paid","messages":[{"role":"user","content":""}]}`
	long := func(lead string) string {
		text := strings.Repeat("lorem ipsum dolor ", limit/18)[:limit-len(around)-len(lead)]
		return "{" + lead + strings.Replace(around[1:], `"content":""`, `"content":"`+text+`"`, 1)
	}
	fill := func(head, part, tail string) string {
		return head + strings.Repeat(part, (limit-len(head)-len(tail))/len(part)-1) + part[:len(part)-1] + tail
	}
	keys := func(head, tail string) string {
		b := append(make([]byte, 0, limit), head...)
		for i := 0; len(b) < limit-len(tail)-20; i++ {
			b = fmt.Appendf(b, `"%x":0,`, i)
		}
		return string(b[:len(b)-1]) + tail
	}
	noise := func() string { // what no packer makes smaller
		rng := rand.New(rand.NewPCG(1, 2))
		b := make([]byte, limit*3/4)
		for i := range b {
			b[i] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-"[rng.IntN(64)]
		}
		return strings.Replace(around, `""`, `"`+string(b)+`"`, 1)
	}
	zipped := func(s string) string {
		var b bytes.Buffer
		z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
		_, _ = io.WriteString(z, s)
		_ = z.Close()
		return b.String()
	}
	packed := func(s string) string {
		z := must(zstd.NewWriter(nil, zstd.WithWindowSize(8<<20)))(t)
		return string(z.EncodeAll([]byte(s), nil))
	}
	form := func(files int) string { // of all that there is room for
		const text, file = "--B\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n%s\r\n"
		lead := fmt.Sprintf(text, "model", "paid") + fmt.Sprintf(text, "prompt", "x")
		return lead + strings.Repeat(fmt.Sprintf(file, strings.Repeat("x", (limit-len(lead)-10)/files-len(file))), files) + "--B--\r\n"
	}
	bomb := zipped(strings.Repeat("\x00", 128<<20))
	cases := []struct {
		name, path, encoding string
		body                 func() string
		status               int
	}{
		{"a long text", "/v1/chat/completions", "", func() string { return long("") }, 200},
		{"a long text, streamed", "/v1/chat/completions", "", func() string { return long(`"stream":true,`) }, 200},
		{"a long text, counted", "/v1/chat/completions", "", func() string { return long(`"uncounted":true,`) }, 200},
		{"many messages", "/v1/chat/completions", "", func() string {
			return fill(`{"model":"paid","messages":[`, `{"role":"user","content":"a"},`, `]}`)
		}, 200},
		{"many parts", "/v1/chat/completions", "", func() string {
			return fill(`{"model":"paid","messages":[{"role":"user","content":[`, `{"type":"text","text":"a"},`, `]}]}`)
		}, 200},
		{"many escapes", "/v1/chat/completions", "", func() string {
			return fill(`{"model":"paid","messages":[{"role":"user","content":"`, `\u00e4`, `a"}]}`)
		}, 200},
		{"many inputs", "/v1/embeddings", "", func() string { return fill(`{"model":"paid","input":[`, `"a",`, `]}`) }, 200},
		{"many tokens", "/v1/completions", "", func() string { return fill(`{"model":"paid","prompt":[`, `11,`, `]}`) }, 200},
		{"many tools", "/v1/chat/completions", "", func() string {
			return fill(`{"model":"paid","messages":[],"tools":[`, `{"type":"function","function":{"name":"f"}},`, `]}`)
		}, 200},
		{"an image", "/v1/chat/completions", "", func() string {
			return fill(`{"model":"paid","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,`, "AAAA", `"}}]}]}`)
		}, 200},
		{"many stops", "/v1/chat/completions", "", func() string { return fill(`{"model":"native","messages":[],"stop":[`, `"a",`, `]}`) }, 400},
		{"many messages, translated", "/v1/chat/completions", "", func() string {
			return fill(`{"model":"native","messages":[`, `{"role":"user","content":"a"},`, `]}`)
		}, 400},
		{"many parts, translated", "/v1/chat/completions", "", func() string {
			return fill(`{"model":"native","messages":[{"role":"user","content":[`, `{"type":"text","text":"a"},`, `]}]}`)
		}, 400},
		{"many inputs, translated", "/v1/embeddings", "", func() string { return fill(`{"model":"native","input":[`, `"a",`, `]}`) }, 400},
		{"many prompts, translated", "/v1/completions", "", func() string { return fill(`{"model":"native","prompt":[`, `"a",`, `]}`) }, 400},
		{"many documents", "/v1/rerank", "", func() string { return fill(`{"model":"engine","query":"q","documents":[`, `"a",`, `]}`) }, 400},
		{"a recording", "/v1/audio/transcriptions", "", func() string { return form(1) }, 502},
		{"many files", "/v1/images/edits", "", func() string { return form(limit / 200) }, 413},
		{"many models of a key", "/api/v1/keys", "", func() string { return `{"models":[` + strings.Repeat(`"",`, 300_000) + `""]}` }, 400},
		{"many modalities", "/v1/chat/completions", "", func() string { return fill(`{"model":"paid","messages":[],"modalities":[`, `"a",`, `]}`) }, 200},
		{"a million keys", "/v1/chat/completions", "", func() string { return keys(`{"model":"paid",`, `}`) }, 400},
		{"a million keys within", "/v1/chat/completions", "", func() string { return keys(`{"model":"paid","messages":[],"metadata":{`, `}}`) }, 200},
		{"the same key", "/v1/chat/completions", "", func() string { return fill(`{"model":"paid",`, `"a":1,`, `}`) }, 400},
		{"deep", "/v1/chat/completions", "", func() string { return fill(`{"model":"paid","a":`, `[[`, `1}`) }, 400},
		{"no JSON", "/v1/chat/completions", "", func() string { return strings.Repeat("\\", limit) }, 400},
		{"gzip", "/v1/chat/completions", "gzip", func() string { return zipped(long("")) }, 200},
		{"gzip of noise", "/v1/chat/completions", "gzip", func() string { return zipped(noise()) }, 200},
		{"a bomb", "/v1/chat/completions", "gzip", func() string { return bomb }, 413},
		{"a bomb in a bomb", "/v1/chat/completions", "gzip, gzip", func() string { return zipped(bomb) }, 415},
		{"a bomb in a bomb, told once", "/v1/chat/completions", "gzip", func() string { return zipped(bomb) }, 400},
		{"zstd", "/v1/chat/completions", "zstd", func() string { return packed(long("")) }, 200},
		{"zstd of noise", "/v1/chat/completions", "zstd", func() string { return packed(noise()) }, 200},
		{"LiteLLM's key of many models", "/key/generate", "", func() string { return `{"models":[` + strings.Repeat(`"",`, 1_300_000) + `""]}` }, 401},
		{"LiteLLM's many keys", "/key/update", "", func() string { return `{"keys":[` + strings.Repeat(`0,`, 2_000_000) + `0]}` }, 422},
		{"a bomb of zstd", "/v1/chat/completions", "zstd", func() string { return packed(strings.Repeat("\x00", 128<<20)) }, 413},
	}
	config := strings.ReplaceAll(`
providers:
  cloud: { kind: openai, url: SINK/v1, key: env:CLOUD_KEY, price: { input: 0.0001, output: 0.001 }, default_output: 5 }
  laptop: { kind: ollama, url: SINK }
  gpu: { kind: vllm, url: SINK/v1, price: { input: 0.0001, output: 0.001 }, default_output: 5 }
models:
  paid: cloud/m
  engine: gpu/m
  native: laptop/m
limits:
  - { each: key, tokens_per_minute: 1_000_000_000 }
`, "SINK", sink(t))
	var g *gate
	var p person
	begin := func(config string) {
		g = start(t, config)
		t.Cleanup(g.audit)
		p = g.person(control.KeyChange{})
		g.budget(p, ledger.User, "1000")
	}
	begin(config + "front: { max_body: 8 MiB }\n")
	for _, c := range cases {
		if limit < 32<<20 && strings.Contains(c.encoding+c.name, "zstd") {
			// Its window of 8 MiB is a part of the promise at the default limit only, as are the
			// 4 MiB that LiteLLM's management takes.
			limit = 32 << 20
			begin("compatibility: litellm\n" + config)
		}
		t.Run(c.name, func(t *testing.T) {
			g.mend()
			body := []byte(c.body())
			kind := "application/json"
			if body[0] == '-' {
				kind = "multipart/form-data; boundary=B"
			}
			if len(body) > limit {
				t.Fatalf("the body has %d bytes", len(body))
			}
			req := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n", c.path, p.key, kind, c.encoding, len(body))
			var status int
			began := time.Now()
			cost := peak(func() {
				conn := must(net.Dial("tcp", strings.TrimPrefix(g.url, "http://")))(t)
				defer conn.Close()
				if _, err := io.WriteString(conn, req); err != nil {
					t.Fatal(err)
				}
				if _, err := conn.Write(body); err != nil {
					t.Fatal(err)
				}
				res := must(http.ReadResponse(bufio.NewReader(conn), nil))(t)
				status = res.StatusCode
				b := must(io.ReadAll(io.LimitReader(res.Body, 300)))(t)
				must(io.Copy(io.Discard, res.Body))(t)
				if status != c.status {
					t.Errorf("%d %.300s, want %d", status, b, c.status)
				}
			})
			most := int64(3*limit + 256<<10)
			t.Logf("%d: %.1f of %.1f MiB, %v", status, float64(cost)/(1<<20), float64(most)/(1<<20), time.Since(began))
			if cost > most {
				t.Errorf("the request cost %d bytes, at most %d are promised", cost, most)
			}
			runtime.KeepAlive(body)
		})
	}
}
