//go:build crash

package crashtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// hangLimit is how long an upstream stands still at most.
const hangLimit = 5 * time.Second

// upstream is every vendor at once, in this process: it does with each call what its
// script says and notes what it did.
type upstream struct {
	book *book
	url  string
	kept kept
}

// newUpstream listens until the test ends.
func newUpstream(t *testing.T, b *book) *upstream {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	u := &upstream{book: b, url: "http://" + ln.Addr().String()}
	srv := &http.Server{Handler: u}
	go func() { _ = srv.Serve(ln) }() // it ends when the server is closed
	t.Cleanup(func() { _ = srv.Close() })
	return u
}

// ServeHTTP answers /PROVIDER/v1/models and /PROVIDER/v1/chat/completions.
func (u *upstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	provider, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if path == "v1/models" {
		fmt.Fprintf(w, `{"object":"list","data":[{"id":%q,"object":"model"}]}`, map[string]string{"alpha": "large", "beta": "small", "gpu": "open"}[provider])
		return
	}
	if id, is := strings.CutPrefix(path, "v1/responses"); is {
		u.kept.serve(w, r, strings.TrimPrefix(id, "/"))
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the request never came whole: for the upstream there was none
	}
	var req struct {
		Model         string
		Stream        bool
		MaxTokens     int64 `json:"max_tokens"`
		MaxCompletion int64 `json:"max_completion_tokens"`
		Messages      []struct{ Content string }
		StreamOptions struct {
			IncludeUsage bool `json:"include_usage"`
		} `json:"stream_options"`
	}
	var prompt struct{ Call string }
	if err := json.Unmarshal(body, &req); err != nil || len(req.Messages) == 0 || json.NewDecoder(strings.NewReader(req.Messages[0].Content)).Decode(&prompt) != nil {
		http.Error(w, "not a call of these tests", http.StatusTeapot)
		return
	}
	c := u.book.get(prompt.Call)
	deployment := provider + "/" + req.Model
	p, ok := part{}, false
	if c != nil {
		p, ok = c.parts[deployment]
	}
	if !ok {
		http.Error(w, "no such call here", http.StatusTeapot)
		return
	}
	if limit := max(req.MaxTokens, req.MaxCompletion); limit > 0 {
		p.tokens = min(p.tokens, limit)
	}
	p.at = min(p.at, p.tokens)
	a := &attempt{id: r.Header.Get("X-Request-Id"), deployment: deployment, part: p, stream: req.Stream}
	c.mu.Lock()
	c.attempts = append(c.attempts, a)
	c.mu.Unlock()

	o := &output{w: w, r: r, a: a, c: c, usage: req.StreamOptions.IncludeUsage}
	if !o.pause(p.wait) {
		return
	}
	switch {
	case p.end == endReset:
		o.abort(endReset)
	case p.end == endStatus:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(p.status)
		fmt.Fprintf(w, `{"error":{"message":"as the script says","type":"scripted","code":null}}`)
		a.finish(endStatus)
	case req.Stream:
		o.events()
	default:
		o.whole()
	}
}

// output is one answer on its way.
type output struct {
	w     http.ResponseWriter
	r     *http.Request
	a     *attempt
	c     *call
	usage bool // the gateway asked for it
}

// pause waits; it returns false if the gateway left.
func (o *output) pause(d time.Duration) bool {
	if d > 0 {
		select {
		case <-time.After(d):
		case <-o.r.Context().Done():
		}
	}
	if o.r.Context().Err() != nil {
		o.a.finish(endLeft)
		return false
	}
	return true
}

// abort breaks the connection.
func (o *output) abort(end string) {
	o.a.finish(end)
	panic(http.ErrAbortHandler)
}

func (o *output) hang() {
	select {
	case <-o.r.Context().Done():
		o.a.finish(endLeft)
	case <-time.After(hangLimit):
		o.abort(endHang)
	}
}

// usageJSON counts what was sent, and notes that it was told.
func (o *output) usageJSON() string {
	u := usage{input: o.c.prompt, cached: o.a.part.cached, output: o.a.sent.Load()}
	o.a.report(u)
	return fmt.Sprintf(`{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d,"prompt_tokens_details":{"cached_tokens":%d}}`, u.input, u.output, u.input+u.output, u.cached)
}

func (o *output) whole() {
	p := o.a.part
	if p.end == endHang {
		o.hang()
		return
	}
	o.a.sent.Store(p.tokens)
	told := ""
	if p.usage != usageNone {
		told = `,"usage":` + o.usageJSON()
	}
	text := fmt.Sprintf(`{"id":"x","object":"chat.completion","created":1,"model":%q,"choices":[{"index":0,"message":{"role":"assistant","content":%q},"finish_reason":"stop"}]%s}`,
		modelOf(o.a), strings.Repeat(word, int(p.tokens)), told)
	o.w.Header().Set("Content-Type", "application/json")
	o.w.Header().Set("Content-Length", fmt.Sprint(len(text)))
	if p.end == endCut {
		_, _ = io.WriteString(o.w, text[:len(text)/2]) // whoever has left gets no more
		_ = http.NewResponseController(o.w).Flush()
		o.abort(endCut)
	}
	o.a.finish(endWhole)
	_, _ = io.WriteString(o.w, text)
}

func modelOf(a *attempt) string { _, m, _ := strings.Cut(a.deployment, "/"); return m }

func (o *output) events() {
	p := o.a.part
	o.w.Header().Set("Content-Type", "text/event-stream")
	rc := http.NewResponseController(o.w)
	var b bytes.Buffer
	send := func(delta, finish, told string) bool {
		b.Reset()
		fmt.Fprintf(&b, `data: {"id":"x","object":"chat.completion.chunk","created":1,"model":%q,"choices":[{"index":0,"delta":{%s},"finish_reason":%s}]%s}`+"\n\n", modelOf(o.a), delta, finish, told)
		_, err := o.w.Write(b.Bytes())
		if err == nil {
			err = rc.Flush()
		}
		if err != nil {
			o.a.finish(endLeft)
		}
		return err == nil
	}
	running := func() string {
		if p.usage == usageRunning {
			return `,"usage":` + o.usageJSON()
		}
		return ""
	}
	if !send(`"role":"assistant","content":""`, "null", running()) {
		return
	}
	for i := range p.tokens {
		if i == p.at {
			switch p.end {
			case endCut:
				o.abort(endCut)
			case endHang:
				o.hang()
				return
			}
		}
		o.a.sent.Add(1)
		if !send(fmt.Sprintf(`"content":%q`, word), "null", running()) || !o.pause(p.gap) {
			return
		}
	}
	switch p.end {
	case endCut:
		o.abort(endCut)
	case endHang:
		o.hang()
		return
	}
	if !send("", `"stop"`, running()) {
		return
	}
	last := "data: [DONE]\n\n"
	if o.usage && p.usage != usageNone {
		last = fmt.Sprintf(`data: {"id":"x","object":"chat.completion.chunk","created":1,"model":%q,"choices":[],"usage":%s}`+"\n\n", modelOf(o.a), o.usageJSON()) + last
	}
	o.a.finish(endWhole)
	_, _ = io.WriteString(o.w, last)
}
