// Package dispatch sends one call to one deployment and brings its answer back:
// connections, deadlines and cancellation. It is the only package that talks to
// upstreams.
//
// It imports catalog, failpoint and providers. It does not know prices, budgets or the books,
// and must not: this is the road that a free model is called on, and nothing on it
// can reach the ledger.
package dispatch

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tollgate/gateway/catalog"
	"tollgate/gateway/failpoint"
	"tollgate/providers"
)

// The limits on what is read from an upstream.
const (
	MaxAnswer  = 32 << 20 // bytes of a whole answer
	MaxFault   = 64 << 10 // bytes of an error body that are looked at
	MaxListing = 8 << 20  // bytes of a model list
	maxTail    = 64 << 10 // bytes after the end mark of a stream
)

// ListTimeout is how long an engine may take to list its models.
const ListTimeout = 5 * time.Second

// Deadlines that no operator needs to change.
const (
	dialTimeout = 5 * time.Second
	tlsTimeout  = 5 * time.Second
	tailTimeout = time.Second // for the end of a body after the end mark of a stream
)

// The causes that a call is cancelled with from here.
var (
	errFirstByte = errors.New("no answer within the time allowed")
	errGap       = errors.New("the answer stood still for too long")
	errClosed    = errors.New("the answer was closed")
)

// Dispatcher holds the connections to the upstreams. The zero value is ready.
type Dispatcher struct {
	transports sync.Map // string -> http.RoundTripper
}

// Reply is an answer: whole, or a stream.
type Reply struct {
	Answer *providers.Answer // nil for a stream
	Stream *Stream           // nil for a whole answer
	// UpstreamID is the upstream's own request id, if it gave one: a label for logs.
	UpstreamID string
}

// Sent says whether a failed call had left for the upstream, which may then have
// worked for it.
type Sent struct {
	Err error
	Yes bool
}

func (s *Sent) Error() string { return s.Err.Error() }
func (s *Sent) Unwrap() error { return s.Err }

// WasSent says whether a failed call had left for the upstream.
func WasSent(err error) bool {
	var s *Sent
	return errors.As(err, &s) && s.Yes
}

// Do sends a call to a deployment and returns its answer, or the beginning of its
// stream. An upstream's failure is a [*providers.Error]; the end of ctx comes back
// as its cause. The call is cancelled when ctx ends or a stream is closed.
func (d *Dispatcher) Do(ctx context.Context, dep *catalog.Deployment, call providers.Call) (*Reply, error) {
	codec := dep.Provider.Kind.For(call.Operation)
	if codec == nil {
		return nil, &providers.Error{Kind: providers.BadRequest, Message: fmt.Sprintf("%s is not an operation of this provider", call.Operation)}
	}
	req, err := codec.Encode(call, dep.Target)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	var sent atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }}
	fail := func(err error) (*Reply, error) {
		cancel(errClosed)
		return nil, &Sent{Err: err, Yes: sent.Load()}
	}
	patience := time.AfterFunc(dep.Provider.FirstByte, func() { cancel(errFirstByte) })
	defer patience.Stop()

	res, err := d.send(httptrace.WithClientTrace(ctx, trace), dep.Provider, req)
	if err != nil {
		return fail(classify(ctx, err, sent.Load()))
	}
	if dep.Provider.Kind.Transport != nil {
		sent.Store(true)
	}
	patience.Stop()
	if err := failpoint.Hit(failpoint.AfterDispatch); err != nil {
		return fail(err)
	}
	rest := time.AfterFunc(dep.Provider.Gap, func() { cancel(errGap) }) // for the body, of a whole answer or a fault
	defer rest.Stop()
	id := res.Header.Get("X-Request-Id")
	if res.StatusCode < 200 || res.StatusCode > 299 {
		body, err := readAll(res.Body, MaxFault)
		if err != nil && !errors.Is(err, errTooLong) {
			return fail(classify(ctx, err, true))
		}
		return fail(codec.Fault(res.StatusCode, res.Header, body))
	}
	if call.Stream {
		s := &Stream{ctx: ctx, cancel: cancel, body: res.Body, events: codec.Stream(call, dep.Target, res.Body), first: dep.Provider.FirstByte, gap: dep.Provider.Gap}
		return &Reply{Stream: s, UpstreamID: id}, nil
	}
	body, err := readAll(res.Body, MaxAnswer)
	if err != nil {
		if errors.Is(err, errTooLong) {
			err = &providers.Error{Kind: providers.BadAnswer, Status: res.StatusCode, Message: fmt.Sprintf("the answer is longer than %d bytes", MaxAnswer)}
			return fail(err)
		}
		return fail(truncated(classify(ctx, err, true)))
	}
	answer, err := codec.Decode(call, dep.Target, res.Header.Get("Content-Type"), body)
	if err != nil {
		return fail(err)
	}
	cancel(errClosed)
	return &Reply{Answer: &answer, UpstreamID: id}, nil
}

// truncated turns a connection lost within a whole answer into that kind.
func truncated(err error) error {
	if e := providers.AsError(err); e != nil && e.Kind == providers.Lost {
		e.Kind, e.Message = providers.Truncated, "the answer broke off"
	}
	return err
}

func (d *Dispatcher) send(ctx context.Context, p *catalog.Provider, r providers.Request) (*http.Response, error) {
	base := "http://" + p.Name + ".invalid" // for a provider inside the process
	if p.Base != nil {
		base = p.Base.String()
	}
	if r.Root {
		base = strings.TrimSuffix(base, "/v1")
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, base+r.Path, bytes.NewReader(r.Body))
	if err != nil {
		return nil, err
	}
	for k, v := range p.Headers {
		req.Header.Set(k, v.Reveal())
	}
	for k, v := range r.Header {
		req.Header[k] = v
	}
	req.Header.Set("User-Agent", "tollgate")
	req.Header.Set("Accept-Encoding", "identity")
	if !p.Secret.IsZero() {
		if name := cmp.Or(r.KeyHeader, p.Kind.Header); name != "" {
			req.Header.Set(name, p.Secret.Reveal())
		} else {
			req.Header.Set("Authorization", "Bearer "+p.Secret.Reveal())
		}
	}
	// A transport follows no redirects: where a call and its credential go is the
	// operator's word alone.
	return d.transport(p).RoundTrip(req)
}

func (d *Dispatcher) transport(p *catalog.Provider) http.RoundTripper {
	if p.Kind.Transport != nil {
		return p.Kind.Transport
	}
	key := p.Name + " " + p.Base.Scheme + "://" + p.Base.Host
	if t, ok := d.transports.Load(key); ok {
		return t.(http.RoundTripper)
	}
	idle := p.Kind.IdleTimeout
	if idle == 0 {
		idle = 60 * time.Second
	}
	t := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: dialTimeout, KeepAlive: 15 * time.Second}).DialContext,
		TLSHandshakeTimeout:    tlsTimeout,
		MaxIdleConns:           256,
		MaxIdleConnsPerHost:    256,
		IdleConnTimeout:        idle,
		DisableCompression:     true,
		ForceAttemptHTTP2:      p.Base.Scheme == "https",
		MaxResponseHeaderBytes: 64 << 10,
		ReadBufferSize:         32 << 10,
		WriteBufferSize:        32 << 10,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 15 * time.Second},
	}
	got, loaded := d.transports.LoadOrStore(key, t)
	if loaded {
		t.CloseIdleConnections()
	}
	return got.(http.RoundTripper)
}

// Close gives up the idle connections.
func (d *Dispatcher) Close() {
	d.transports.Range(func(_, t any) bool {
		if c, ok := t.(*http.Transport); ok {
			c.CloseIdleConnections()
		}
		return true
	})
}

// Models asks a provider what it serves.
func (d *Dispatcher) Models(ctx context.Context, p *catalog.Provider) ([]providers.Model, error) {
	ctx, cancel := context.WithTimeout(ctx, ListTimeout)
	defer cancel()
	return p.Kind.Codec.Models(ctx, func(ctx context.Context, r providers.Request) (int, []byte, error) {
		res, err := d.send(ctx, p, r)
		if err != nil {
			return 0, nil, classify(ctx, err, false)
		}
		body, err := readAll(res.Body, MaxListing)
		return res.StatusCode, body, err
	})
}

// classify says what a failed exchange means. The cause of a cancelled context goes
// before what the network made of it.
func classify(ctx context.Context, err error, sent bool) error {
	if ctx.Err() != nil {
		switch cause := context.Cause(ctx); {
		case errors.Is(cause, errFirstByte), errors.Is(cause, errGap), errors.Is(cause, context.DeadlineExceeded):
			return &providers.Error{Kind: providers.TimedOut, Message: cause.Error(), Cause: err}
		default:
			return cause
		}
	}
	kind := providers.Lost
	if !sent {
		kind = providers.Unreachable
	}
	return &providers.Error{Kind: kind, Message: reason(err), Cause: err}
}

// reason says why an exchange failed, without addresses: they are the operator's
// business. The full error is the Cause, for the log.
func reason(err error) string {
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.As(err, &dns):
		return "the upstream's name cannot be resolved"
	case errors.As(err, &op) && op.Op == "dial":
		return "no connection to the upstream"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the upstream closed the connection"
	}
	return "the connection to the upstream broke"
}

var errTooLong = errors.New("too long")

// readAll reads at most limit bytes and closes the body.
func readAll(body io.ReadCloser, limit int64) ([]byte, error) {
	defer body.Close()
	b, err := io.ReadAll(io.LimitReader(body, limit+1))
	if err == nil && int64(len(b)) > limit {
		return b[:limit], errTooLong
	}
	return b, err
}

// Stream is a streamed answer under its deadlines. Next and Close are
// called by one goroutine.
type Stream struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	body   io.ReadCloser
	events providers.Stream
	first  time.Duration // patience for the first event; 0 after it
	gap    time.Duration
	once   sync.Once
	// complete says that the end mark was seen.
	complete bool
}

// Next returns the next event. [io.EOF] says that the answer is complete; an
// upstream's failure is a [*providers.Error].
func (s *Stream) Next() (providers.Event, error) {
	patience, cause := s.gap, errGap
	if s.first > 0 {
		patience, cause = s.first, errFirstByte
	}
	timer := time.AfterFunc(patience, func() { s.cancel(cause) })
	ev, err := s.events.Next()
	timer.Stop()
	s.first = 0
	s.complete = errors.Is(err, io.EOF) || ev.Last
	if err == nil || errors.Is(err, io.EOF) {
		return ev, err
	}
	if s.ctx.Err() != nil {
		return ev, classify(s.ctx, err, true)
	}
	return ev, err
}

// Close ends the answer and, if it was not complete, the upstream's work on it. It
// may be called more than once.
func (s *Stream) Close() {
	s.once.Do(func() {
		if s.complete {
			// Only after the end of the body can the connection be used again; an upstream
			// that keeps it open is not waited for.
			patience := time.AfterFunc(tailTimeout, func() { s.cancel(errClosed) })
			_, _ = io.CopyN(io.Discard, s.body, maxTail)
			patience.Stop()
		}
		s.cancel(errClosed)
		_ = s.body.Close() // nothing is lost with it
	})
}
