//go:build bench

package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync/atomic"
	"time"
)

// The scripted engine: how long its streams are, and how much it says of its use.
const (
	streamTokens = 100
	streamGap    = 20 * time.Millisecond
	inputTokens  = 20
	outputTokens = 10
)

// upstream answers at once, and in a stream a token every [streamGap]. It is written to
// cost little, because it shares a core with the load.
type upstream struct {
	address string
	served  atomic.Int64 // answers begun
	streams atomic.Int64 // of these, streams
	bad     atomic.Int64 // requests that it did not understand, or whose answer it could not send
	ln      net.Listener
}

func newUpstream() (*upstream, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	u := &upstream{address: ln.Addr().String(), ln: ln}
	go u.accept()
	return u, nil
}

func (u *upstream) accept() {
	for {
		c, err := u.ln.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			if u.serve(c) != nil {
				u.bad.Add(1)
			}
		}()
	}
}

// answerMark is in every whole answer.
const answerMark = `"finish_reason":"stop"`

var (
	whole = response("application/json", `{"id":"chatcmpl-bench","object":"chat.completion","created":1764000000,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"`+
		string(bytes.Repeat([]byte("All good things come to those who wait in line. "), 12))+`"},"logprobs":null,`+answerMark+`}],`+
		fmt.Sprintf(`"usage":{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d}}`, inputTokens, outputTokens, inputTokens+outputTokens))
	listing    = response("application/json", `{"object":"list","data":[{"id":"m","object":"model","created":1,"owned_by":"bench"}]}`)
	streamHead = []byte("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
)

func response(kind, body string) []byte {
	return fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", kind, len(body), body)
}

func (u *upstream) serve(c net.Conn) error {
	r := bufio.NewReaderSize(c, 32<<10)
	for {
		if _, err := r.Peek(1); err != nil {
			return nil // closed or reset between two requests
		}
		get, length, err := readHead(r)
		if err != nil {
			return err
		}
		if get {
			if _, err := c.Write(listing); err != nil {
				return err
			}
			continue
		}
		head, err := r.Peek(min(length, 64))
		if err != nil {
			return err
		}
		stream := bytes.Contains(head, []byte(`"stream":true`))
		if _, err := r.Discard(length); err != nil {
			return err
		}
		u.served.Add(1)
		if !stream {
			if _, err := c.Write(whole); err != nil {
				return err
			}
			continue
		}
		u.streams.Add(1)
		if err := u.stream(c); err != nil {
			return err
		}
	}
}

// readHead reads a request's line and headers.
func readHead(r *bufio.Reader) (get bool, length int, err error) {
	length = -1
	for first := true; ; first = false {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return false, 0, err
		}
		if line = bytes.TrimRight(line, "\r\n"); len(line) == 0 {
			break
		}
		if first {
			get = bytes.HasPrefix(line, []byte("GET "))
			continue
		}
		if name, value, ok := bytes.Cut(line, []byte(":")); ok && bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return false, 0, err
			}
		}
	}
	if !get && length < 0 {
		return false, 0, errors.New("a call without Content-Length")
	}
	return get, length, nil
}

// stream sends its tokens on time. Each carries the instant at which it was sent.
func (u *upstream) stream(c net.Conn) error {
	out := append(make([]byte, 0, 1024), streamHead...)
	began := time.Now()
	for i := range streamTokens {
		if wait := time.Until(began.Add(time.Duration(i) * streamGap)); wait > 0 {
			time.Sleep(wait)
		}
		out = appendChunk(out, fmt.Appendf(nil, `data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1764000000,"model":"m","choices":[{"index":0,"delta":{"content":"%s%019d"},"logprobs":null,"finish_reason":null}]}`+"\n\n",
			sentMark, time.Now().UnixNano()))
		if _, err := c.Write(out); err != nil {
			return err
		}
		out = out[:0]
	}
	out = appendChunk(out, fmt.Appendf(nil, `data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1764000000,"model":"m","choices":[{"index":0,"delta":{},%s}]}`+"\n\n", answerMark))
	out = appendChunk(out, fmt.Appendf(nil, `data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1764000000,"model":"m","choices":[],"usage":{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d}}`+"\n\n",
		inputTokens, streamTokens, inputTokens+streamTokens))
	out = appendChunk(out, []byte("data: [DONE]\n\n"))
	_, err := c.Write(append(out, "0\r\n\r\n"...))
	return err
}

func appendChunk(out, data []byte) []byte {
	out = strconv.AppendInt(out, int64(len(data)), 16)
	out = append(out, "\r\n"...)
	out = append(out, data...)
	return append(out, "\r\n"...)
}
