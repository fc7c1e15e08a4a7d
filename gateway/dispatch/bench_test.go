package dispatch

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"tollgate/gateway/catalog"
	"tollgate/providers"
	"tollgate/providers/openai"
	"tollgate/providers/wire"
)

// plainServer answers each request with the same bytes, as cheaply as it can.
func plainServer(b *testing.B, answer string) string {
	b.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { ln.Close() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				r, reply := bufio.NewReaderSize(c, 64<<10), []byte(answer)
				for {
					length := 0
					for {
						line, err := r.ReadSlice('\n')
						if err != nil {
							return
						}
						if len(line) == 2 {
							break
						}
						if digits, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
							for _, c := range bytes.TrimSpace(digits) {
								length = length*10 + int(c-'0')
							}
						}
					}
					if _, err := r.Discard(length); err != nil {
						return
					}
					if _, err := c.Write(reply); err != nil {
						return
					}
				}
			}()
		}
	}()
	return "http://" + ln.Addr().String() + "/v1"
}

func benchClients(b *testing.B, run func(b *testing.B, d *Dispatcher)) {
	for _, name := range []string{"lean", "standard"} {
		b.Run(name, func(b *testing.B) {
			d := &Dispatcher{}
			if name == "standard" {
				d = NewStandard()
			}
			b.Cleanup(d.Close)
			b.ReportAllocs()
			before := processorTime(b)
			run(b, d)
			b.ReportMetric(float64(processorTime(b)-before)/float64(b.N), "cpu-ns/op")
		})
	}
}

// processorTime is what this process has used of it, with the server's share. On a busy
// machine it says more than the time that has passed.
func processorTime(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

func benchDeployment(b *testing.B, base string) *catalog.Deployment {
	b.Helper()
	u, err := url.Parse(base)
	if err != nil {
		b.Fatal(err)
	}
	return &catalog.Deployment{ID: "up/m", Target: providers.Target{Model: "m"}, Provider: &catalog.Provider{
		Name: "up", Kind: providers.Kind{Codec: openai.New(openai.Quirks{})}, Base: u, Secret: providers.NewSecret("sk-up"), FirstByte: time.Minute, Gap: time.Minute}}
}

func benchCall(b *testing.B, prompt int, stream bool) providers.Call {
	b.Helper()
	o, err := wire.ParseObject([]byte(fmt.Sprintf(`{"model":"public","stream":%v,"messages":[{"role":"user","content":%q}]}`, stream, strings.Repeat("x", prompt))))
	if err != nil {
		b.Fatal(err)
	}
	return providers.Call{Operation: providers.Chat, Body: o, Stream: stream, AttemptID: "a1"}
}

// BenchmarkCall compares the two clients over one call after the other, with a server
// that costs next to nothing.
func BenchmarkCall(b *testing.B) {
	const body = `{"id":"x","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":5,"total_tokens":10}}`
	base := plainServer(b, fmt.Sprintf("HTTP/1.1 200 OK\r\ndate: Mon, 24 Nov 2026 10:00:00 GMT\r\nserver: uvicorn\r\ncontent-length: %d\r\ncontent-type: application/json\r\n\r\n%s", len(body), body))
	for _, size := range []int{200, 8 << 10, 100 << 10, 1 << 20} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			benchClients(b, func(b *testing.B, d *Dispatcher) {
				dep, call := benchDeployment(b, base), benchCall(b, size, false)
				for b.Loop() {
					if _, err := d.Do(b.Context(), dep, call); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// BenchmarkExchange is the same without the codec.
func BenchmarkExchange(b *testing.B) {
	base := plainServer(b, "HTTP/1.1 200 OK\r\ndate: Mon, 24 Nov 2026 10:00:00 GMT\r\nserver: uvicorn\r\ncontent-length: 1000\r\ncontent-type: application/json\r\n\r\n"+strings.Repeat("x", 1000))
	benchClients(b, func(b *testing.B, d *Dispatcher) {
		dep := benchDeployment(b, base)
		req := providers.Request{Method: "POST", Path: "/x", Header: providers.Header{{Name: "Content-Type", Value: "application/json"}}, Body: make([]byte, 200)}
		for b.Loop() {
			res, _, err := d.send(b.Context(), dep.Provider, req, time.Minute, true)
			if err != nil {
				b.Fatal(err)
			}
			res.Patience(time.Minute)
			if _, err := readAll(res, MaxAnswer, time.Minute); err != nil {
				b.Fatal(err)
			}
			res.Close()
		}
	})
}

// BenchmarkStream compares the two clients per event of a stream.
func BenchmarkStream(b *testing.B) {
	const events = 100
	chunk := `data: {"id":"chatcmpl-8bef39df0e250bb6","object":"chat.completion.chunk","created":1795469863,"model":"tiny","choices":[{"index":0,"delta":{"content":"The"},"logprobs":null,"finish_reason":null,"token_ids":null}]}` + "\n\n"
	var answer strings.Builder
	answer.WriteString("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
	for range events {
		fmt.Fprintf(&answer, "%x\r\n%s\r\n", len(chunk), chunk)
	}
	answer.WriteString("e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n")
	base := plainServer(b, answer.String())
	benchClients(b, func(b *testing.B, d *Dispatcher) {
		dep, call := benchDeployment(b, base), benchCall(b, 200, true)
		for b.Loop() {
			reply, err := d.Do(b.Context(), dep, call)
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			for err == nil {
				_, err = reply.Stream.Next()
				n++
			}
			reply.Stream.Close()
			if err != io.EOF || n != events+1 { //nolint:errorlint // the end itself
				b.Fatal(n, err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/events, "ns/event")
	})
}
