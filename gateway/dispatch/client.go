package dispatch

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tollgate/gateway/dispatch/http1"
)

// client sends requests to one server and follows no redirect: where a call and its
// credential go is the operator's word alone. There are two: http1's for plain HTTP, and
// net/http's for TLS, HTTP/2 and proxies.
type client interface {
	// do returns the answer once its headers are there. The end of ctx ends the exchange,
	// also while the body is read. A deadline that has passed is [os.ErrDeadlineExceeded].
	do(ctx context.Context, r *request) (answer, http1.Fate, error)
	close()
}

// request is one request on its way out.
type request struct {
	method    string
	path      string // as it stands in the request line, with the base URL's
	head      *head
	fields    []http1.Field // beside those of the head
	body      [][]byte      // one after the other
	lone      [1][]byte     // a body in one piece
	shared    bool          // others have the body's bytes, too: they may be read until do returns
	firstByte time.Duration
}

// answer is an answer of which the headers are there. It must be closed; what is kept of
// its headers has to be asked for before.
type answer interface {
	io.ReadCloser
	Status() int
	Length() int64 // of the body, in bytes; -1 if unknown
	Get(name string) string
	Header() http.Header
	// Patience bounds how long reading may take until it is called again, from the next
	// read that has to wait. 0 bounds nothing.
	Patience(time.Duration)
}

// lean is http1's client.
type lean struct{ c *http1.Client }

func (l lean) do(ctx context.Context, r *request) (answer, http1.Fate, error) {
	res, fate, err := l.c.Do(ctx, &http1.Request{Method: r.method, Target: r.path, Head: r.head.lines, Fields: r.fields, Body: r.body, FirstByte: r.firstByte})
	if err != nil {
		return nil, fate, err
	}
	return res, fate, nil
}

func (l lean) close() { l.c.Close() }

// standard is net/http's client.
type standard struct {
	transport http.RoundTripper
	fresh     *freshness // nil for a provider within the process
}

// freshness makes net/http give up its unused connections once in a while, so that an
// address that has changed is seen.
type freshness struct{ last atomic.Int64 }

func (f *freshness) due() bool {
	now, last := time.Now().UnixNano(), f.last.Load() //clock: the age of connections
	return now-last >= int64(http1.MaxAge) && f.last.CompareAndSwap(last, now)
}

func (s standard) close() {
	if t, ok := s.transport.(*http.Transport); ok {
		t.CloseIdleConnections()
	}
}

// The causes that an exchange is cancelled with from here.
var (
	errPatience = errors.New("a deadline has passed")
	errClosed   = errors.New("the answer was closed")
)

func (s standard) do(ctx context.Context, r *request) (answer, http1.Fate, error) {
	if s.fresh != nil && s.fresh.due() {
		s.close()
	}
	ctx, cancel := context.WithCancelCause(ctx)
	x := &exchange{ctx: ctx, cancel: cancel}
	x.timer = time.AfterFunc(r.firstByte, x.late)
	body := r.body[0]
	if r.shared || len(r.body) > 1 {
		body = bytes.Join(r.body, nil) // net/http may still read it later
	}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, x.trace()), r.method, r.head.origin+r.path, bytes.NewReader(body))
	if err != nil {
		x.end()
		return nil, http1.Unsent, err
	}
	req.Header = r.head.header.Clone()
	for _, f := range r.fields {
		req.Header.Add(f.Name, f.Value)
	}
	res, err := s.transport.RoundTrip(req)
	if err == nil {
		x.res = res
		x.timer.Stop()
		return x, http1.Sent, nil
	}
	fate := x.fate()
	if ctx.Err() == nil && fate == http1.Stale {
		s.close() // the next one gets a fresh connection
	}
	err = x.why(err)
	x.end()
	return nil, fate, err
}

// exchange is one request of net/http's and its answer.
type exchange struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	res    *http.Response
	timer  *time.Timer // for the headers, and then for a read
	until  time.Time   // reading must have ended by then; zero: not yet said
	limit  time.Duration

	sent, came, reused atomic.Bool
	mu                 sync.Mutex
	writing            *time.Timer
	wrote              time.Time
}

func (x *exchange) late() { x.cancel(errPatience) }

func (x *exchange) trace() *httptrace.ClientTrace {
	stop := func() {
		if x.writing != nil {
			x.writing.Stop()
		}
	}
	return &httptrace.ClientTrace{
		GotConn: func(c httptrace.GotConnInfo) {
			x.reused.Store(c.Reused)
			x.mu.Lock()
			defer x.mu.Unlock()
			stop()
			x.writing = time.AfterFunc(http1.WriteTimeout, x.late)
		},
		WroteHeaders: func() { x.sent.Store(true) },
		WroteRequest: func(httptrace.WroteRequestInfo) {
			x.mu.Lock()
			defer x.mu.Unlock()
			stop()
			x.wrote = time.Now() //clock: how long ago the network took a request
		},
		GotFirstResponseByte: func() { x.came.Store(true) },
	}
}

// fate says what became of a request that got no answer.
func (x *exchange) fate() http1.Fate {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case x.reused.Load() && !x.came.Load() && time.Since(x.wrote) < http1.StaleWithin: //clock: as above
		return http1.Stale
	case x.sent.Load():
		return http1.Sent
	}
	return http1.Unsent
}

// why is the reason of a failure: a deadline goes before what the network made of it.
func (x *exchange) why(err error) error {
	if errors.Is(context.Cause(x.ctx), errPatience) {
		return os.ErrDeadlineExceeded
	}
	return err
}

func (x *exchange) end() {
	x.timer.Stop()
	x.mu.Lock()
	if x.writing != nil {
		x.writing.Stop()
	}
	x.mu.Unlock()
	x.cancel(errClosed)
}

func (x *exchange) Status() int            { return x.res.StatusCode }
func (x *exchange) Length() int64          { return x.res.ContentLength }
func (x *exchange) Get(name string) string { return x.res.Header.Get(name) }
func (x *exchange) Header() http.Header    { return x.res.Header }

func (x *exchange) Patience(d time.Duration) { x.limit, x.until = d, time.Time{} }

// Read reads of the body. The deadline runs only while somebody waits.
func (x *exchange) Read(p []byte) (int, error) {
	if x.limit > 0 {
		t := time.Now() //clock: the deadline of a read
		if x.until.IsZero() {
			x.until = t.Add(x.limit)
		}
		x.timer.Reset(x.until.Sub(t))
		defer x.timer.Stop()
	}
	n, err := x.res.Body.Read(p)
	if err != nil && err != io.EOF { //nolint:errorlint // a reader's own end is io.EOF itself
		err = x.why(err)
	}
	return n, err
}

// Close ends the exchange. Only a body that was read to its end leaves a connection that
// can be used again.
func (x *exchange) Close() error {
	err := x.res.Body.Close()
	x.end()
	return err
}

// newTransport returns net/http's transport for one server.
func newTransport(secure bool, idle time.Duration) *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            http1.NewDialer().DialContext,
		TLSHandshakeTimeout:    tlsTimeout,
		MaxIdleConns:           256,
		MaxIdleConnsPerHost:    256,
		MaxConnsPerHost:        http1.MaxConnections,
		IdleConnTimeout:        idle,
		DisableCompression:     true,
		ForceAttemptHTTP2:      secure,
		MaxResponseHeaderBytes: http1.MaxHead,
		ReadBufferSize:         32 << 10,
		WriteBufferSize:        32 << 10,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 15 * time.Second},
	}
}

// newClient returns the client of a server: the lean one for plain HTTP without a proxy.
func newClient(h *head, scheme, host string, idle time.Duration) client {
	if scheme == "http" && isASCII(host) {
		probe, err := http.NewRequest(http.MethodPost, h.origin, nil)
		if err == nil {
			if proxy, err := http.ProxyFromEnvironment(probe); err == nil && proxy == nil {
				return lean{http1.New(address(host), idle)}
			}
		}
	}
	return standard{transport: newTransport(scheme == "https", idle), fresh: &freshness{}}
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > '~' }) < 0
}
