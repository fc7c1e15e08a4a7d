package dispatch

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tollgate/gateway/dispatch/http1"
	"tollgate/gateway/listening"
)

// client sends requests to one server and follows no redirect: where a call and its
// credential go is the operator's word alone. There are two: http1's for plain HTTP, and
// net/http's for TLS, HTTP/2 and proxies.
type client interface {
	// do returns the answer once its headers are there. The end of ctx ends the exchange,
	// also while the body is read. A deadline that has passed is [os.ErrDeadlineExceeded].
	do(ctx context.Context, r *request) (answer, http1.Fate, error)
	rest() // gives up the connections that are not in use
	close()
}

// request is one request on its way out.
type request struct {
	http1.Request // its target has the base URL's path; its fields are those beside the head's
	head          *head
	lone          [1][]byte // a body in one piece
	room          [4]http1.Field
	shared        bool // others have the body's bytes, too: they may be read until do returns
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
	res, fate, err := l.c.Do(ctx, &r.Request)
	if err != nil {
		return nil, fate, err
	}
	return res, fate, nil
}

func (l lean) rest()  { l.c.Rest() }
func (l lean) close() { l.c.Close() }

// standard is net/http's client.
type standard struct {
	within  http.RoundTripper // to a provider within the process; nil for a server
	aged    *aged
	connect time.Duration // for a connection to a server; 0: there is none to wait for
	write   time.Duration // for a server to take a whole request
}

// newStandard returns net/http's client of one server. Nobody who listens at own is called.
func newStandard(secure bool, idle time.Duration, own *listening.Own) standard {
	return standard{aged: &aged{make: func() *http.Transport { return newTransport(secure, idle, own) }}, connect: connectTimeout, write: http1.WriteTimeout}
}

// aged is the transport of a server. Once in a while another takes its place, so that an
// address that has changed is seen: connections of HTTP/2 may never be unused.
type aged struct {
	make func() *http.Transport

	mu       sync.Mutex
	now, was *http.Transport // was still has the calls that it began
	born     time.Time

	// one says that the server speaks HTTP/1.1, where net/http sends a request again only
	// if it had not begun to.
	one atomic.Bool
}

func (a *aged) transport() *http.Transport {
	a.mu.Lock()
	defer a.mu.Unlock()
	if t := time.Now(); a.now == nil || t.Sub(a.born) >= http1.MaxAge { //clock: the age of connections
		a.closeIdle()
		a.now, a.was, a.born = a.make(), a.now, t
	}
	return a.now
}

// closeIdle gives up the unused connections, under the lock. Others are given up once they
// have been unused for a while.
func (a *aged) closeIdle() {
	for _, t := range []*http.Transport{a.now, a.was} {
		if t != nil {
			t.CloseIdleConnections()
		}
	}
}

func (s standard) close() { s.rest() }

func (s standard) rest() {
	if s.aged != nil {
		s.aged.mu.Lock()
		defer s.aged.mu.Unlock()
		s.aged.closeIdle()
	}
}

// The causes that an exchange is cancelled with from here.
var (
	errPatience = errors.New("a deadline has passed")
	errClosed   = errors.New("the answer was closed")
)

// maxUntouched is how many times a request is sent to a server that says it has not touched
// it.
const maxUntouched = 2

func (s standard) do(ctx context.Context, r *request) (answer, http1.Fate, error) {
	for sent := 1; ; sent++ {
		x, fate, err := s.exchange(ctx, r)
		if err == nil {
			return x, http1.Sent, nil
		}
		if !untouched(err) {
			return nil, fate, err
		}
		if sent == maxUntouched || ctx.Err() != nil {
			return nil, http1.Unsent, err
		}
	}
}

// exchange sends a request once.
func (s standard) exchange(ctx context.Context, r *request) (*exchange, http1.Fate, error) {
	transport := s.within
	if s.aged != nil {
		transport = s.aged.transport()
	}
	ctx, cancel := context.WithCancelCause(ctx)
	x := &exchange{ctx: ctx, cancel: cancel, write: s.write}
	x.patience = r.FirstByte
	x.timer = time.AfterFunc(min(cmp.Or(s.connect, r.FirstByte), r.FirstByte), x.late)
	body := r.Body[0]
	if r.shared || len(r.Body) > 1 {
		body = bytes.Join(r.Body, nil) // net/http may still read it later
	}
	leaving, leave := context.WithCancel(context.WithoutCancel(ctx))
	x.leave = leave
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(withLeaving(ctx, leaving), x.trace()), r.Method, r.head.origin+r.Target, bytes.NewReader(body))
	if err != nil {
		x.end()
		return nil, http1.Unsent, err
	}
	req.Header = r.head.header.Clone()
	for _, f := range r.Fields {
		req.Header.Add(f.Name, f.Value)
	}
	spellOtherwise(req.Header)
	x.watch(req)
	if s.aged != nil && !s.aged.one.Load() {
		req.GetBody = nil // in HTTP/2 it would be sent again after a reset, too, of a request that was read and costs
	}
	res, err := transport.RoundTrip(req)
	if err == nil {
		if one := res.ProtoMajor == 1; s.aged != nil && s.aged.one.Load() != one {
			s.aged.one.Store(one)
		}
		x.res = res
		x.timer.Stop()
		return x, http1.Sent, nil
	}
	if !x.connected.Load() {
		x.leave()
	}
	fate := x.fate()
	if fate == http1.Stale {
		if ctx.Err() != nil || isReset(err) {
			fate = http1.Sent // it was given up here, or the server has had it
		} else {
			s.close() // the next one gets a fresh connection
		}
	}
	err = x.why(err)
	x.end()
	return nil, fate, err
}

// spellOtherwise spells in small letters the headers by which a client names a request. As it
// spells them itself, net/http would take the request for one that may be sent again once it
// was read, and hardly a server sees by that name that it has had it.
func spellOtherwise(h http.Header) {
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		if values, there := h[name]; there {
			delete(h, name)
			h[strings.ToLower(name)] = values
		}
	}
}

// net/http has types of its own for failures of HTTP/2, but only their words are to be had
// outside of it.
const (
	resetWords = "stream error: stream ID "
	againWords = "http2: Transport: cannot retry err ["
)

// isReset says that a server has ended a request alone, and not its connection.
func isReset(err error) bool {
	return strings.HasPrefix(strings.TrimPrefix(err.Error(), againWords), resetWords)
}

// untouched says that a server of HTTP/2 has ended a request, and that it has not begun to
// work on it.
func untouched(err error) bool {
	why, again := strings.CutPrefix(err.Error(), againWords)
	return again && (strings.HasPrefix(why, "http2: Transport received Server's graceful shutdown GOAWAY]") ||
		strings.HasPrefix(why, resetWords) && strings.Contains(why, "; REFUSED_STREAM"))
}

// errUnreadable says that an answer is none in HTTP. net/http's own words quote it.
var errUnreadable = errors.New("not an HTTP answer")

// unreadable says of a failure of net/http's whether it is one of the answer's form.
func unreadable(err error) error {
	var form textproto.ProtocolError
	switch text := err.Error(); {
	case strings.Contains(text, "server response headers exceeded"), strings.Contains(text, "response header list larger than advertised limit"):
		return fmt.Errorf("%w: the headers are longer than %d bytes", errUnreadable, http1.MaxHead)
	case errors.As(err, &form), strings.Contains(text, "malformed HTTP "):
		return errUnreadable
	}
	return nil
}

// malformed says that a failure is of an answer that makes no sense in HTTP.
func malformed(err error) bool { return http1.Malformed(err) || errors.Is(err, errUnreadable) }

// exchange is one request of net/http's and its answer.
type exchange struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	res    *http.Response
	timer  *time.Timer // for the headers, and then for a read
	until  time.Time   // reading must have ended by then; zero: not yet said
	limit  time.Duration
	write  time.Duration // for the server to take the request

	patience time.Duration // for the headers, once there is a connection
	leave    func()        // gives up the connection that is being made for it

	connected, sent, whole, came, reused atomic.Bool // whole: all of the body is written, or about to be
	mu                                   sync.Mutex
	writing                              *time.Timer
	wrote                                time.Time
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
			x.connected.Store(true)
			x.reused.Store(c.Reused)
			x.timer.Reset(x.patience)
			x.mu.Lock()
			defer x.mu.Unlock()
			stop()
			x.writing = time.AfterFunc(x.write, x.late)
		},
		WroteHeaders: func() {
			x.sent.Store(true)
			x.mu.Lock()
			defer x.mu.Unlock()
			x.wrote = time.Now() //clock: as below, if the rest cannot be written
		},
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
	case !x.came.Load() && !(x.sent.Load() && x.whole.Load()):
		return http1.Unsent
	case x.reused.Load() && !x.came.Load() && time.Since(x.wrote) < http1.StaleWithin: //clock: as above
		return http1.Stale
	}
	return http1.Sent
}

// watch notes when the body of a request is taken to its end. net/http does not say how much
// of it was written, and more than it has taken cannot have been.
func (x *exchange) watch(req *http.Request) {
	if req.ContentLength == 0 {
		x.whole.Store(true)
		return
	}
	again := req.GetBody
	req.Body = &watched{req.Body, req.ContentLength, x}
	req.GetBody = func() (io.ReadCloser, error) {
		b, err := again()
		if err != nil {
			return nil, err
		}
		return &watched{b, req.ContentLength, x}, nil
	}
}

// watched is the body of an exchange's request.
type watched struct {
	io.ReadCloser
	left int64
	x    *exchange
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.ReadCloser.Read(p)
	if w.left -= int64(n); w.left == 0 {
		w.x.whole.Store(true)
	}
	return n, err
}

// why is the reason of a failure: a deadline goes before what the network made of it.
func (x *exchange) why(err error) error {
	if errors.Is(context.Cause(x.ctx), errPatience) {
		return os.ErrDeadlineExceeded
	}
	if x.ctx.Err() == nil {
		return cmp.Or(unreadable(err), err)
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
	switch {
	case err == nil:
	case err != io.EOF: //nolint:errorlint // a reader's own end is io.EOF itself
		err = x.why(err)
	case x.ctx.Err() != nil: // a server that sees that it is left may end its answer as if it were whole
		err = x.why(context.Cause(x.ctx))
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
func newTransport(secure bool, idle time.Duration, own *listening.Own) *http.Transport {
	t := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dial(http1.NewDialer(own.Is).DialContext).leaving,
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
	if secure {
		t.DialTLSContext = secured(t).leaving
	}
	return t
}

// newClient returns the client of a server: the lean one for plain HTTP without a proxy.
func newClient(h *head, scheme, host string, idle time.Duration, own *listening.Own) client {
	if scheme == "http" && isASCII(host) {
		probe, err := http.NewRequest(http.MethodPost, h.origin, nil)
		if err == nil {
			if proxy, err := http.ProxyFromEnvironment(probe); err == nil && proxy == nil {
				return lean{http1.New(address(host), idle, own.Is)}
			}
		}
	}
	return newStandard(scheme == "https", idle, own)
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > '~' }) < 0
}
