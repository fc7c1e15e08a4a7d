package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tollgate/gateway/control"
)

// BenchmarkFreeCall makes one free call after the other through the whole program, from
// socket to socket. Client and upstream are in this process too and allocate nothing, so
// that what is allocated is the program's.
func BenchmarkFreeCall(b *testing.B) {
	for _, size := range []int{200, 8 << 10} {
		b.Run(fmt.Sprint(size), func(b *testing.B) { benchFreeCall(b, size) })
	}
}

func benchFreeCall(b *testing.B, size int) {
	const answered = `{"id":"chatcmpl-1","object":"chat.completion","created":1767225600,"model":"bench","choices":[{"index":0,"message":{"role":"assistant","content":"The quick brown fox jumps over the lazy dog."},"finish_reason":"stop"}],"usage":{"prompt_tokens":50,"completion_tokens":10,"total_tokens":60}}`
	upstream := answering(b, "HTTP/1.1 200 OK\r\nServer: upstream\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: application/json\r\nContent-Length: "+fmt.Sprint(len(answered))+"\r\n\r\n"+answered)
	config := filepath.Join(b.TempDir(), "tollgate.yaml")
	text := "listen: 127.0.0.1:0\nproviders: { up: { kind: vllm, url: http://" + upstream + "/v1 } }\nmodels: { free: up/bench }\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	cfg, problems := loadConfig(globals{Config: config, Database: filepath.Join(b.TempDir(), "tollgate.db")})
	if len(problems) > 0 {
		b.Fatal(problemsError("", problems))
	}
	log, endLog := newLog(io.Discard, nil)
	defer endLog()
	srv, err := newServer(context.Background(), cfg, log, func() error { return nil })
	if err != nil {
		b.Fatal(err)
	}
	srv.keep()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go func() { _ = srv.listen(ln) }()
	defer func() {
		srv.drain(context.Background(), time.Second)
		if err := srv.close(context.Background()); err != nil {
			b.Error(err)
		}
	}()
	if _, err := srv.control.CreateUser(context.Background(), "user", control.UserChange{}); err != nil {
		b.Fatal(err)
	}
	_, secret, err := srv.control.CreateKey(context.Background(), control.KeyOwner{UserID: "user"}, control.KeyChange{})
	if err != nil {
		b.Fatal(err)
	}

	c, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	body := fmt.Sprintf(`{"model":"free","max_tokens":100,"messages":[{"role":"user","content":%q}]}`, strings.Repeat("x", max(size-70, 0)))
	request := fmt.Appendf(nil, "POST /v1/chat/completions HTTP/1.1\r\nHost: tollgate\r\nAccept: application/json\r\nContent-Type: application/json\r\nUser-Agent: OpenAI/Python 2.8.0\r\n"+
		"X-Stainless-Lang: python\r\nX-Stainless-Package-Version: 2.8.0\r\nX-Stainless-Os: Linux\r\nX-Stainless-Arch: x64\r\nX-Stainless-Runtime: CPython\r\nX-Stainless-Runtime-Version: 3.12.4\r\nX-Stainless-Async: false\r\nX-Stainless-Retry-Count: 0\r\nX-Stainless-Read-Timeout: 600\r\n"+
		"Authorization: Bearer %s\r\nAccept-Encoding: gzip, deflate\r\nConnection: keep-alive\r\nContent-Length: %d\r\n\r\n%s", secret, len(body), body)
	r := bufio.NewReaderSize(c, 16<<10)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Write(request); err != nil {
			b.Fatal(err)
		}
		if err := passOver(r, "HTTP/1.1 200 OK"); err != nil {
			b.Fatal(err)
		}
	}
}

// passOver reads a request or an answer with a Content-Length, whose first line must
// begin as is said.
func passOver(r *bufio.Reader, begins string) error {
	length := 0
	for first := true; ; first = false {
		line, err := r.ReadSlice('\n')
		switch {
		case err != nil:
			return err
		case first && !bytes.HasPrefix(line, []byte(begins)):
			return fmt.Errorf("unexpected: %s", line)
		case len(line) == len("\r\n"):
			_, err := r.Discard(length)
			return err
		}
		if name, value, _ := bytes.Cut(line, []byte(": ")); bytes.EqualFold(name, []byte("Content-Length")) {
			length = 0
			for _, c := range bytes.TrimSpace(value) {
				length = length*10 + int(c-'0')
			}
		}
	}
}

// answering listens until the end and gives every request the same answer.
func answering(b *testing.B, answer string) (address string) {
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
				for r, said := bufio.NewReaderSize(c, 16<<10), []byte(answer); ; {
					if err := passOver(r, "POST "); err != nil {
						return
					}
					if _, err := c.Write(said); err != nil {
						return
					}
				}
			}()
		}
	}()
	return ln.Addr().String()
}
