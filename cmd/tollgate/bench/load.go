//go:build bench

package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httputil"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// load is what is put on a server: connections that each make one call after another.
type load struct {
	connections int
	size        int // of the prompt, in bytes
	stream      bool
	rate        int // calls a second over all connections; 0: one right after the other
}

// target is where a load goes.
type target struct {
	address string
	key     string
	model   string
	pid     int // 0: not looked at
}

// result is what one load on one server gave within its window.
type result struct {
	calls    int64
	answered int64 // in all, outside the window too
	failed   int64
	why      error // the first failure
	tokens   int64
	took     time.Duration
	cpu      time.Duration
	memory   int64 // bytes resident at the end of the window, the load still on

	latency, first, transit []time.Duration
}

func (r *result) perCall() float64  { return float64(r.cpu) / float64(r.calls) }
func (r *result) perToken() float64 { return float64(r.cpu) / float64(r.tokens) }
func (r *result) rate() float64     { return float64(r.calls) / r.took.Seconds() }

// busy is the part of a core that the server used: a rate means little far below 1.
func (r *result) busy() float64 { return r.cpu.Seconds() / r.took.Seconds() }

// at is a quantile, as seconds.
func at(all []time.Duration, q float64) float64 {
	if len(all) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(all))
	return s[min(int(q*float64(len(s))), len(s)-1)].Seconds()
}

// put puts a load on a server for a while. Only what begins and ends within the window
// is measured; everything is counted.
func put(l load, to target, warm, window time.Duration) *result {
	request := l.request(to)
	workers := make([]*worker, l.connections)
	var wg sync.WaitGroup
	var done, tokens atomic.Int64
	var measuring, stopping atomic.Bool
	for i := range workers {
		w := &worker{done: &done, tokens: &tokens, measuring: &measuring}
		if l.rate > 0 {
			w.every = time.Duration(l.connections) * time.Second / time.Duration(l.rate)
			w.due = time.Now().Add(w.every * time.Duration(i) / time.Duration(l.connections))
		}
		workers[i] = w
		wg.Go(func() {
			if l.stream { // spread over the length of one stream, as they come in life
				time.Sleep(time.Duration(i) * streamTokens * streamGap / time.Duration(l.connections))
			}
			if err := w.work(to.address, request, l.stream, &stopping); err != nil {
				w.failed++
				w.why = err
			}
		})
	}
	if l.stream {
		warm += streamTokens * streamGap
	}
	time.Sleep(warm)
	r := &result{}
	measuring.Store(true)
	calls, seen, began := done.Load(), tokens.Load(), time.Now()
	var used time.Duration
	if to.pid != 0 {
		used = cpu(to.pid)
	}
	time.Sleep(window)
	if to.pid != 0 {
		r.cpu = cpu(to.pid) - used
		r.memory = resident(to.pid)
	}
	r.calls, r.tokens, r.took = done.Load()-calls, tokens.Load()-seen, time.Since(began)
	measuring.Store(false)
	stopping.Store(true)
	wg.Wait()
	for _, w := range workers {
		r.answered += w.answered
		r.failed += w.failed
		r.why = errors.Join(r.why, w.why)
		r.latency, r.first, r.transit = append(r.latency, w.latency...), append(r.first, w.first...), append(r.transit, w.transit...)
	}
	if r.calls == 0 && !l.stream || l.stream && r.tokens == 0 {
		r.failed++
		r.why = errors.Join(r.why, errors.New("nothing was answered within the window"))
	}
	return r
}

// worker is one connection.
type worker struct {
	done, tokens *atomic.Int64
	measuring    *atomic.Bool
	every        time.Duration // between the beginnings of calls; 0: none
	due          time.Time     // of the next one
	answered     int64
	failed       int64
	why          error

	latency, first, transit []time.Duration
}

// patience is how long an answer, or the next part of it, may take.
const patience = 10 * time.Second

func (w *worker) work(address string, request []byte, stream bool, stopping *atomic.Bool) error {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer c.Close()
	r := bufio.NewReaderSize(c, 16<<10)
	for !stopping.Load() {
		began, measured := w.turn(), w.measuring.Load()
		if err := c.SetDeadline(began.Add(patience)); err != nil {
			return err
		}
		if _, err := c.Write(request); err != nil {
			return fmt.Errorf("writing: %w", err)
		}
		length, chunked, err := readAnswerHead(r)
		if err != nil {
			return err
		}
		if stream {
			if !chunked {
				return errors.New("a stream that is no stream")
			}
			err = w.events(r, c, began, measured)
		} else {
			err = body(r, length, chunked)
		}
		if err != nil {
			return err
		}
		w.answered++
		w.done.Add(1)
		if measured && w.measuring.Load() {
			w.latency = append(w.latency, time.Since(began))
		}
	}
	return nil
}

// turn waits until the next call is due, and says when it began: when it was due, if that
// has passed, since whoever made it would have waited since then.
func (w *worker) turn() time.Time {
	due := w.due
	if w.every == 0 {
		return time.Now()
	}
	w.due = due.Add(w.every)
	if wait := time.Until(due); wait > 0 {
		time.Sleep(wait)
		return time.Now()
	}
	return due
}

// readAnswerHead reads a status line and headers. Anything but 200 is an error with the
// beginning of its body.
func readAnswerHead(r *bufio.Reader) (length int, chunked bool, err error) {
	length = -1
	status := ""
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return 0, false, fmt.Errorf("reading an answer's head: %w", err)
		}
		if line = bytes.TrimRight(line, "\r\n"); len(line) == 0 {
			break
		}
		name, value, ok := bytes.Cut(line, []byte(":"))
		value = bytes.TrimSpace(value)
		switch {
		case status == "":
			if status = "?"; len(line) >= 12 {
				status = string(line[9:12])
			}
		case !ok:
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(value)); err != nil {
				return 0, false, err
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = bytes.EqualFold(value, []byte("chunked"))
		}
	}
	if status != "200" {
		said, _ := r.Peek(min(max(length, 0), 300))
		return 0, false, fmt.Errorf("status %s: %s", status, said)
	}
	return length, chunked, nil
}

// body reads a whole answer and looks for its mark.
func body(r *bufio.Reader, length int, chunked bool) error {
	if chunked {
		all, err := io.ReadAll(httputil.NewChunkedReader(r))
		if err != nil {
			return err
		}
		if _, err := r.Discard(2); err != nil { // the line after the last chunk
			return err
		}
		return marked(all)
	}
	all, err := r.Peek(length)
	if err != nil {
		return err
	}
	if err := marked(all); err != nil {
		return err
	}
	_, err = r.Discard(length)
	return err
}

func marked(b []byte) error {
	if !bytes.Contains(b, []byte(answerMark)) {
		return fmt.Errorf("an answer without its end: %.200q", b)
	}
	return nil
}

// sentMark stands before the instant at which a token was sent.
const sentMark = " at "

// events reads a stream to its end.
func (w *worker) events(r *bufio.Reader, c net.Conn, began time.Time, measured bool) error {
	lines := bufio.NewReaderSize(httputil.NewChunkedReader(r), 4<<10)
	n, ended := 0, false
	for {
		line, err := lines.ReadSlice('\n')
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("a stream broke off after %d tokens: %w", n, err)
		}
		if ended = ended || bytes.HasPrefix(line, []byte("data: [DONE]")); ended {
			continue
		}
		i := bytes.Index(line, []byte(sentMark))
		if i < 0 {
			continue
		}
		now := time.Now()
		i += len(sentMark)
		sent, err := strconv.ParseInt(string(line[i:i+19]), 10, 64)
		if err != nil {
			return err
		}
		if n++; n == 1 && measured {
			w.first = append(w.first, now.Sub(began))
		}
		if w.measuring.Load() {
			w.transit = append(w.transit, time.Duration(now.UnixNano()-sent))
		}
		w.tokens.Add(1)
		if n%10 == 0 {
			if err := c.SetDeadline(now.Add(patience)); err != nil {
				return err
			}
		}
	}
	if n != streamTokens || !ended {
		return fmt.Errorf("a stream of %d tokens, end mark: %v", n, ended)
	}
	_, err := r.Discard(2)
	return err
}

// request is the same bytes each time.
func (l load) request(to target) []byte {
	most := 100
	if l.stream { // the instant in each of its tokens makes it ten, by their text
		most = 10 * streamTokens
	}
	body := fmt.Appendf(nil, `{"model":%q,"stream":%v,"max_tokens":%d,"messages":[{"role":"system","content":"You are a helpful assistant."}`, to.model, l.stream, most)
	const said = `Müller asked: \"Is the total 42 €, or not?\"\nHere is the paragraph in question, which goes on for a while: it says that nobody needs to wait in line for longer than the others, and that all are served in the order in which they came.\n`
	for role, more := "user", true; more; {
		room := l.size - len(body) - len(`,{"role":"","content":""}]}`) - len(role)
		content := said
		for len(content) < 2000 && len(content) < room {
			content += said
		}
		if more = room > len(content); !more {
			content = content[:max(room, 0)]
			for len(content) > 0 && (content[len(content)-1] >= 0x80 || content[len(content)-1] == '\\') {
				content = content[:len(content)-1]
			}
		}
		body = fmt.Appendf(body, `,{"role":%q,"content":"%s"}`, role, content)
		if role = "user"; more && len(body)%2 == 0 {
			role = "assistant"
		}
	}
	body = append(body, "]}"...)
	return fmt.Appendf(nil, "POST /v1/chat/completions HTTP/1.1\r\nHost: %s\r\nAccept: application/json\r\nContent-Type: application/json\r\nUser-Agent: OpenAI/Python 2.8.0\r\n"+
		"X-Stainless-Lang: python\r\nX-Stainless-Package-Version: 2.8.0\r\nX-Stainless-Os: Linux\r\nX-Stainless-Arch: x64\r\nX-Stainless-Runtime: CPython\r\nX-Stainless-Runtime-Version: 3.12.4\r\nX-Stainless-Async: false\r\nX-Stainless-Retry-Count: 0\r\nX-Stainless-Read-Timeout: 600\r\n"+
		"Authorization: Bearer %s\r\nAccept-Encoding: gzip, deflate\r\nConnection: keep-alive\r\nContent-Length: %d\r\n\r\n%s", to.address, to.key, len(body), body)
}
