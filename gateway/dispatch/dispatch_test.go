package dispatch_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tollgate/gateway/catalog"
	"tollgate/gateway/dispatch"
	"tollgate/providers"
	"tollgate/providers/openai"
	"tollgate/providers/providertest"
	"tollgate/providers/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func deployment(t *testing.T, base string) *catalog.Deployment {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	return &catalog.Deployment{ID: "up/m", Target: providers.Target{Model: "m"}, Provider: &catalog.Provider{
		Name: "up", Kind: providers.Kind{Codec: openai.New(openai.Quirks{})}, Base: u, Secret: providers.NewSecret("sk-up"),
		Headers: map[string]providers.Secret{"OpenAI-Project": providers.NewSecret("proj")}, FirstByte: time.Minute, Gap: time.Minute}}
}

func call(t *testing.T, stream bool) providers.Call {
	t.Helper()
	o, err := wire.ParseObject([]byte(fmt.Sprintf(`{"model":"public","stream":%v,"messages":[{"role":"user","content":"hi"}]}`, stream)))
	if err != nil {
		t.Fatal(err)
	}
	return providers.Call{Operation: providers.Chat, Body: o, Stream: stream, AttemptID: "a1"}
}

func read(s *dispatch.Stream) (n int, err error) {
	for {
		if _, err := s.Next(); err != nil {
			return n, err
		}
		n++
	}
}

// eachClient runs a test over both clients of upstreams.
func eachClient(t *testing.T, test func(t *testing.T, d *dispatch.Dispatcher)) {
	for name, d := range map[string]*dispatch.Dispatcher{"lean": {}, "standard": dispatch.NewStandard()} {
		t.Run(name, func(t *testing.T) {
			t.Cleanup(d.Close)
			test(t, d)
		})
	}
}

// TestUpstreamID: an upstream's own id of a call is found under OpenAI's name and Anthropic's.
func TestUpstreamID(t *testing.T) {
	eachClient(t, func(t *testing.T, d *dispatch.Dispatcher) {
		up := providertest.NewUpstream(t)
		dep := deployment(t, up.OpenAI())
		for _, name := range []string{"X-Request-Id", "Request-Id"} {
			up.Set("m", providertest.Script{Header: http.Header{name: {"req-1"}}})
			for _, stream := range []bool{false, true} {
				got, err := d.Do(t.Context(), dep, call(t, stream))
				if err != nil || got.UpstreamID != "req-1" {
					t.Fatalf("%s, stream %v: %+v, %v", name, stream, got, err)
				}
				if got.Stream != nil {
					if _, err := read(got.Stream); !errors.Is(err, io.EOF) {
						t.Error(err)
					}
					got.Stream.Close()
				}
			}
		}
	})
}

// TestFailures: what can go wrong at an upstream, as its caller is told of it, and
// whether the call had left.
func TestFailures(t *testing.T) { eachClient(t, checkFailures) }

func checkFailures(t *testing.T, d *dispatch.Dispatcher) {
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + gone.Addr().String() + "/v1"
	gone.Close()
	for name, c := range map[string]struct {
		base   string
		script providertest.Script
		stream bool
		kind   providers.ErrorKind
		says   string // in its message
		sent   bool
		late   bool // the failure comes with the stream's events
	}{
		"nobody listens":           {base: nobody, kind: providers.Unreachable, says: "no connection to the upstream"},
		"no such name":             {base: "http://name.invalid/v1", kind: providers.Unreachable, says: "the upstream's name cannot be resolved"},
		"a cloud's metadata":       {base: "http://169.254.169.254/v1", kind: providers.Unreachable, says: "one that is never called"},
		"no single machine":        {base: "http://[::]:1/v1", kind: providers.Unreachable, says: "one that is never called"},
		"silence":                  {script: providertest.Script{Hang: true}, kind: providers.TimedOut, sent: true},
		"silence before a stream":  {script: providertest.Script{Hang: true}, stream: true, kind: providers.TimedOut, sent: true},
		"silence within a stream":  {script: providertest.Script{Text: "a b c", HangAfter: 2}, stream: true, kind: providers.TimedOut, late: true},
		"cut within a stream":      {script: providertest.Script{Text: "a b c", CutAfter: 2}, stream: true, kind: providers.Truncated, late: true},
		"cut within a whole":       {script: providertest.Script{Text: "a b c", CutAfter: 1}, kind: providers.Truncated, sent: true},
		"an error within a stream": {script: providertest.Script{Text: "a b c", ErrorFrameAfter: 1}, stream: true, kind: providers.ServerError, late: true},
		"busy":                     {script: providertest.Script{Status: 503}, kind: providers.Overloaded, sent: true},
		"slow down":                {script: providertest.Script{Status: 429, Header: http.Header{"Retry-After": {"7"}}}, kind: providers.RateLimited, sent: true},
		"our key is refused":       {script: providertest.Script{Status: 401}, kind: providers.KeyRefused, sent: true},
		"a redirect":               {script: providertest.Script{Status: 302, Header: http.Header{"Location": {"http://127.0.0.1:1/"}}}, kind: providers.BadAnswer, sent: true},
		"a page":                   {script: providertest.Script{Body: "<html>hello</html>"}, kind: providers.BadAnswer, sent: true},
		"too much":                 {script: providertest.Script{Body: `{"a":"` + strings.Repeat("x", dispatch.MaxAnswer) + `"}`}, kind: providers.BadAnswer, sent: true},
	} {
		t.Run(name, func(t *testing.T) {
			up := providertest.NewUpstream(t)
			up.Set("m", c.script)
			base := c.base
			if base == "" {
				base = up.OpenAI()
			}
			dep := deployment(t, base)
			if c.kind == providers.TimedOut {
				dep.Provider.FirstByte, dep.Provider.Gap = 200*time.Millisecond, 200*time.Millisecond
			}
			reply, err := d.Do(t.Context(), dep, call(t, c.stream))
			if c.late {
				if err != nil {
					t.Fatal(err)
				}
				defer reply.Stream.Close()
				_, err = read(reply.Stream)
			} else if dispatch.WasSent(err) != c.sent {
				t.Errorf("sent: %v", dispatch.WasSent(err))
			}
			e := providers.AsError(err)
			if e == nil || e.Kind != c.kind || !strings.Contains(e.Message, c.says) {
				t.Fatalf("got %v, want %s, %s", err, c.kind, c.says)
			}
			if strings.Contains(e.Message, "127.0.0.1") {
				t.Errorf("the message tells the upstream's address: %q", e.Message)
			}
			if e.Oversize != (name == "too much") {
				t.Errorf("over the limit: %v", e.Oversize)
			}
			if name == "slow down" && e.RetryAfter != 7*time.Second {
				t.Errorf("retry after %v", e.RetryAfter)
			}
		})
	}
}

// TestHeadersUp: the operator's credential goes up and nothing else of a caller's.
func TestHeadersUp(t *testing.T) { eachClient(t, checkHeadersUp) }

func checkHeadersUp(t *testing.T, d *dispatch.Dispatcher) {
	up := providertest.NewUpstream(t)
	dep := deployment(t, up.OpenAI())
	// What an operator has set gives way to what a call must say, and neither to what is set here.
	for _, name := range []string{"accept", "User-Agent", "Accept-Encoding", "Authorization"} {
		dep.Provider.Headers[name] = providers.NewSecret("operator")
	}
	if _, err := d.Do(t.Context(), dep, call(t, false)); err != nil {
		t.Fatal(err)
	}
	h := up.Calls()[0].Header
	for name, values := range h {
		if len(values) != 1 {
			t.Errorf("%s: %q", name, values)
		}
	}
	for name, want := range map[string]string{"Content-Type": "application/json", "Accept": "application/json", "Authorization": "Bearer sk-up", "Openai-Project": "proj", "Accept-Encoding": "identity", "User-Agent": "tollgate", "Idempotency-Key": ""} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestCancelReachesTheUpstream: in every phase the upstream sees that nobody waits.
func TestCancelReachesTheUpstream(t *testing.T) { eachClient(t, checkCancelReachesTheUpstream) }

func checkCancelReachesTheUpstream(t *testing.T, d *dispatch.Dispatcher) {
	for name, c := range map[string]struct {
		script providertest.Script
		stream bool
	}{
		"before a whole answer": {providertest.Script{Hang: true}, false},
		"before a stream":       {providertest.Script{Hang: true}, true},
		"within a stream":       {providertest.Script{Text: "a b c", HangAfter: 1}, true},
	} {
		t.Run(name, func(t *testing.T) {
			up := providertest.NewUpstream(t)
			up.Set("m", c.script)
			dep := deployment(t, up.OpenAI())
			ctx, cancel := context.WithCancelCause(t.Context())
			left := errors.New("the client has left")
			go func() {
				for len(up.Calls()) == 0 {
					time.Sleep(time.Millisecond)
				}
				cancel(left)
			}()
			reply, err := d.Do(ctx, dep, call(t, c.stream))
			if err == nil {
				_, err = read(reply.Stream)
				reply.Stream.Close()
			}
			if !errors.Is(err, left) {
				t.Errorf("got %v", err)
			}
			for until := time.Now().Add(10 * time.Second); up.Calls()[0].Aborted.IsZero(); time.Sleep(time.Millisecond) {
				if time.Now().After(until) {
					t.Fatal("the upstream never saw it")
				}
			}
		})
	}
}

// TestConnectionsAreUsedAgain: after a whole answer and after a complete stream, and
// a body that an upstream holds open after its end mark holds nobody.
func TestConnectionsAreUsedAgain(t *testing.T) { eachClient(t, checkConnectionsAreUsedAgain) }

func checkConnectionsAreUsedAgain(t *testing.T, d *dispatch.Dispatcher) {
	var mu sync.Mutex
	conns := map[string]bool{}
	hold := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		conns[r.RemoteAddr] = true
		mu.Unlock()
		body, err := io.ReadAll(r.Body)
		if err != nil || !strings.Contains(string(body), `"stream":true`) {
			_, _ = io.WriteString(w, `{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}`)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "data: {\"choices\":[]}\n\ndata: [DONE]\n\n")
		if r.URL.Path == "/held/chat/completions" {
			w.(http.Flusher).Flush()
			select {
			case <-hold:
			case <-r.Context().Done():
			}
			return
		}
		_, _ = io.WriteString(w, ": "+strings.Repeat("x", 40<<10)+"\n\n")
	}))
	defer srv.Close()
	defer close(hold)
	for i := range 6 {
		reply, err := d.Do(t.Context(), deployment(t, srv.URL), call(t, i%2 == 0))
		if err != nil {
			t.Fatal(err)
		}
		if reply.ContentType != "" {
			t.Errorf("of type %s", reply.ContentType)
		}
		if reply.Stream != nil {
			if n, err := read(reply.Stream); n != 1 || !errors.Is(err, io.EOF) {
				t.Fatalf("%d events, %v", n, err)
			}
			reply.Stream.Close()
		}
	}
	if len(conns) != 1 {
		t.Errorf("%d connections for calls one after the other", len(conns))
	}
	reply, err := d.Do(t.Context(), deployment(t, srv.URL+"/held"), call(t, true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := read(reply.Stream); !errors.Is(err, io.EOF) {
		t.Errorf("the end mark was not the end: %v", err)
	}
	reply.Stream.Close()
	reply.Stream.Close()
}

// TestSilenceAfterTheHeaders: the rest of an answer has the patience of a gap, not
// that of a first byte, which may be long for an engine that loads its model first.
func TestSilenceAfterTheHeaders(t *testing.T) { eachClient(t, checkSilenceAfterTheHeaders) }

func checkSilenceAfterTheHeaders(t *testing.T, d *dispatch.Dispatcher) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		w.WriteHeader(map[string]int{"/whole/chat/completions": 200, "/fault/chat/completions": 500}[r.URL.Path])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}))
	defer srv.Close()
	for _, path := range []string{"/whole", "/fault"} {
		dep := deployment(t, srv.URL+path)
		dep.Provider.Gap = 100 * time.Millisecond
		_, err := d.Do(t.Context(), dep, call(t, false))
		if e := providers.AsError(err); e == nil || e.Kind != providers.TimedOut || !dispatch.WasSent(err) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestPatienceIsForEachEvent: a stream may take as long as it likes if it never stands still.
func TestPatienceIsForEachEvent(t *testing.T) {
	eachClient(t, func(t *testing.T, d *dispatch.Dispatcher) {
		const gap, events = time.Second, 4
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			for range events {
				_, _ = io.WriteString(w, "data: {\"choices\":[]}\n\n")
				w.(http.Flusher).Flush()
				time.Sleep(gap * 2 / 5)
			}
			_, _ = io.WriteString(w, "data: [DONE]\n\n")
		}))
		defer srv.Close()
		dep := deployment(t, srv.URL)
		dep.Provider.Gap = gap
		reply, err := d.Do(t.Context(), dep, call(t, true))
		if err != nil {
			t.Fatal(err)
		}
		defer reply.Stream.Close()
		if n, err := read(reply.Stream); n != events || !errors.Is(err, io.EOF) {
			t.Errorf("%d events, %v", n, err)
		}
	})
}

// TestHeaderOfACredential: a kind of provider may have a header of its own for it.
func TestHeaderOfACredential(t *testing.T) {
	eachClient(t, func(t *testing.T, d *dispatch.Dispatcher) {
		up := providertest.NewUpstream(t)
		dep := deployment(t, up.OpenAI())
		dep.Provider.Kind.Header = "X-Key"
		if _, err := d.Do(t.Context(), dep, call(t, false)); err != nil {
			t.Fatal(err)
		}
		if h := up.Calls()[0].Header; h.Get("X-Key") != "sk-up" || h.Get("Authorization") != "" {
			t.Errorf("%v", h)
		}
	})
}

// TestListings: what an engine serves is asked for in its own words, and a list that has no end
// is none.
func TestListings(t *testing.T) {
	eachClient(t, func(t *testing.T, d *dispatch.Dispatcher) {
		for body, c := range map[string]struct {
			status, models int
			kind           providers.ErrorKind
		}{
			`{"data":[{"id":"a"},{"id":"b"}]}`:                                                 {200, 2, 0},
			`{"data":[{"id":"a"}],"b":"` + strings.Repeat("x", dispatch.MaxListing) + `"}`:     {200, 0, providers.BadAnswer},
			`{"data":[{"id":"a"}],"b":"` + strings.Repeat("x", dispatch.MaxListing-100) + `"}`: {200, 1, 0},
			`{"error":{"message":"the key sk-up-0123456789 is of no use"}}`:                    {401, 0, providers.KeyRefused},
			`{"data":[{"id":"a"}`: {200, 0, providers.Truncated},
		} {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if c.kind == providers.Truncated {
					w.Header().Set("Content-Length", "100")
				}
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, body)
			}))
			dep := deployment(t, srv.URL)
			dep.Provider.Secret = providers.NewSecret("sk-up-0123456789")
			models, err := d.Models(t.Context(), dep.Provider)
			e := providers.AsError(err)
			if len(models) != c.models || (err == nil) != (c.kind == 0) || err != nil && (e == nil || e.Kind != c.kind || strings.Contains(e.Message, "sk-up")) {
				t.Errorf("%.60s: %v, %v", body, models, err)
			}
			srv.Close()
			if _, err := d.Models(t.Context(), dep.Provider); providers.AsError(err) == nil || providers.AsError(err).Kind != providers.Unreachable {
				t.Errorf("of nobody: %v", err)
			}
		}
	})
}
