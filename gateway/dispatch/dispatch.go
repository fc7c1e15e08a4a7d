// Package dispatch sends one call to one deployment and brings its answer back:
// connections, deadlines and cancellation. It is the only package that talks to
// upstreams.
//
// It imports catalog, failpoint, http1, listening and providers. It does not know prices,
// budgets or the books, and must not: this is the road that a free model is called on, and nothing
// on it can reach the ledger.
package dispatch

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"tollgate/gateway/catalog"
	"tollgate/gateway/dispatch/http1"
	"tollgate/gateway/failpoint"
	"tollgate/gateway/listening"
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
	tlsTimeout     = 5 * time.Second
	connectTimeout = http1.ConnectTimeout + tlsTimeout // for a connection with all that belongs to it, such as a proxy's answer
	tailTimeout    = time.Second                       // for the end of a body after the end mark of a stream
)

// What is said of a deadline that has passed.
const (
	noFirstByte = "no answer within the time allowed"
	stoodStill  = "the answer stood still for too long"
)

// Dispatcher holds the connections to the upstreams. The zero value is ready.
type Dispatcher struct {
	Own       *listening.Own // where the program itself listens, which is no upstream; nil: nowhere
	upstreams upstreams
}

// Reply is an answer: whole, or a stream.
type Reply struct {
	Answer *providers.Answer // nil for a stream
	Stream *Stream           // nil for a whole answer
	// UpstreamID is the upstream's own request id, if it gave one: a label for logs.
	UpstreamID string
	// ContentType is that of a stream that is a file; "" for one of events.
	ContentType string
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

// MayHaveServed says that the upstream of a failed call may have worked all the same, and may
// bill it: the call was sent, and no whole refusal came back.
func MayHaveServed(err error) bool {
	if !WasSent(err) {
		return false
	}
	up := providers.AsError(err)
	if up == nil {
		return true // the client left, or a deadline of ours passed
	}
	switch up.Kind {
	case providers.TimedOut:
		return up.Status == 0 // a deadline of ours; with a status it is the upstream's own word
	case providers.BadAnswer:
		return up.Status < 300 // a redirect is a whole refusal
	case providers.Lost, providers.Truncated:
		return true
	}
	return false
}

// Do sends a call to a deployment and returns its answer, or the beginning of its
// stream. An upstream's failure is a [*providers.Error]; the end of ctx comes back
// as its cause. The call is cancelled when ctx ends or a stream is closed.
func (d *Dispatcher) Do(ctx context.Context, dep *catalog.Deployment, call providers.Call) (*Reply, error) {
	p, codec := dep.Provider, dep.Provider.Kind.For(call.Operation)
	if codec == nil {
		return nil, &providers.Error{Kind: providers.BadRequest, Message: fmt.Sprintf("%s is not an operation of this provider", call.Operation)}
	}
	req, err := codec.Encode(call, dep.Target)
	if err != nil {
		return nil, err
	}
	if call.Stream {
		return d.stream(ctx, dep, codec, call, req)
	}
	res, fate, err := d.send(ctx, p, req, p.FirstByte, call.Resend || dep.RetryAmbiguous)
	if err != nil {
		return nil, &Sent{Err: scrub(p, classify(ctx, err, fate, noFirstByte)), Yes: fate != http1.Unsent}
	}
	defer res.Close()
	reply, err := whole(ctx, dep, codec, call, res)
	if err != nil {
		return nil, &Sent{Err: scrub(p, err), Yes: true}
	}
	return reply, nil
}

// whole reads an answer that comes in one piece.
func whole(ctx context.Context, dep *catalog.Deployment, codec providers.Codec, call providers.Call, res answer) (*Reply, error) {
	if err := failpoint.Hit(failpoint.AfterDispatch); err != nil {
		return nil, err
	}
	if err := refused(ctx, dep.Provider, codec, call, res); err != nil {
		return nil, err
	}
	if err := encoded(res); err != nil {
		return nil, err
	}
	id, contentType := upstreamID(dep.Provider, res), res.Get("Content-Type")
	body, err := readWhole(ctx, res, MaxAnswer, dep.Provider.Gap)
	if err != nil {
		return nil, err
	}
	got := &struct {
		Reply
		answer providers.Answer
	}{Reply: Reply{UpstreamID: id}}
	if got.answer, err = codec.Decode(call, dep.Target, contentType, body); err != nil {
		return nil, err
	}
	got.Answer = &got.answer
	return &got.Reply, nil
}

// upstreamID is the upstream's own id of the call: the latter name is Anthropic's.
func upstreamID(p *catalog.Provider, res answer) string {
	return providers.Excerpt(hide(p, cmp.Or(res.Get("X-Request-Id"), res.Get("Request-Id"))))
}

// stream begins a streamed answer.
func (d *Dispatcher) stream(ctx context.Context, dep *catalog.Deployment, codec providers.Codec, call providers.Call, req providers.Request) (*Reply, error) {
	p := dep.Provider
	res, fate, err := d.send(ctx, p, req, p.FirstByte, call.Resend || dep.RetryAmbiguous)
	if err != nil {
		return nil, &Sent{Err: scrub(p, classify(ctx, err, fate, noFirstByte)), Yes: fate != http1.Unsent}
	}
	contentType := res.Get("Content-Type")
	if inOnePiece(call, contentType) {
		defer res.Close()
		reply, err := whole(ctx, dep, codec, call, res)
		if err != nil {
			return nil, &Sent{Err: scrub(p, err), Yes: true}
		}
		return reply, nil
	}
	if err = failpoint.Hit(failpoint.AfterDispatch); err == nil {
		err = cmp.Or(refused(ctx, p, codec, call, res), encoded(res))
	}
	if err != nil {
		_ = res.Close() // nothing is lost with it
		return nil, &Sent{Err: scrub(p, err), Yes: true}
	}
	s := &Stream{ctx: ctx, from: p, res: res, events: codec.Stream(call, dep.Target, res), first: p.FirstByte, gap: p.Gap}
	s.ahead, _ = s.events.(interface{ Ahead() int })
	reply := &Reply{Stream: s, UpstreamID: upstreamID(p, res)}
	if call.Raw {
		reply.ContentType = "application/octet-stream"
		if strings.HasPrefix(strings.ToLower(contentType), "audio/") {
			reply.ContentType = contentType
		}
	}
	return reply, nil
}

// inOnePiece says of an answer whether it is read whole though a stream was asked for:
// not every upstream has streams of everything, and no file is an object or a text.
func inOnePiece(call providers.Call, contentType string) bool {
	media, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	media = strings.TrimSpace(media)
	if call.Raw {
		return media == "application/json" || strings.HasPrefix(media, "text/")
	}
	return call.Operation.Spec().Whole && media != "text/event-stream"
}

// refused makes the error of an answer with a status other than 2xx.
func refused(ctx context.Context, p *catalog.Provider, codec providers.Codec, call providers.Call, res answer) error {
	status := res.Status()
	if status >= 200 && status <= 299 {
		return nil
	}
	header := res.Header()
	body, err := readAll(res, MaxFault, p.Gap)
	if err != nil && !errors.Is(err, errTooLong) {
		return classify(ctx, err, http1.Sent, stoodStill)
	}
	if encoded(res) != nil {
		body = nil // its status says enough
	}
	fault := codec.Fault(call, status, header, body)
	if e := providers.AsError(fault); e != nil {
		e.UpstreamID = upstreamID(p, res)
	}
	return fault
}

// encoded makes the error of an answer that is compressed, though it was asked for as it is.
// Nothing here inflates it, and the client would take its bytes for what was compressed.
func encoded(res answer) error {
	name := res.Get("Content-Encoding")
	if name == "" || strings.EqualFold(name, "identity") {
		return nil
	}
	return &providers.Error{Kind: providers.BadAnswer, Status: res.Status(),
		Message: providers.Excerpt("the answer is compressed, though it was asked for as it is: its Content-Encoding is " + name)}
}

// truncated turns a connection lost within a whole answer into that kind.
func truncated(err error) error {
	if e := providers.AsError(err); e != nil && e.Kind == providers.Lost {
		e.Kind, e.Message = providers.Truncated, "the answer broke off"
	}
	return err
}

// send sends a request. One that met a connection which the upstream was giving up is
// sent once more where it may be: that is noise of the transport and no attempt. A call
// that costs is not among it, since upstreams have been seen to read a request and then
// to reset its connection.
func (d *Dispatcher) send(ctx context.Context, p *catalog.Provider, r providers.Request, firstByte time.Duration, again bool) (answer, http1.Fate, error) {
	c, h, err := d.upstreams.of(p, r.KeyHeader, d.Own)
	if err != nil {
		return nil, http1.Unsent, err
	}
	req := h.request(r, firstByte)
	res, fate, err := c.do(ctx, req)
	switch {
	case err == nil || ctx.Err() != nil:
	case fate == http1.Unsent && http1.NoRoom(err): // there may be some once nothing is kept that is not in use
		d.upstreams.rest()
		res, fate, err = c.do(ctx, req)
	case again && fate == http1.Stale:
		res, fate, err = c.do(ctx, req)
	}
	return res, fate, err
}

// Close gives up the idle connections.
func (d *Dispatcher) Close() { d.upstreams.close() }

// Models asks a provider what it serves.
func (d *Dispatcher) Models(ctx context.Context, p *catalog.Provider) ([]providers.Model, error) {
	ctx, cancel := context.WithTimeout(ctx, ListTimeout)
	defer cancel()
	models, err := p.Kind.Codec.Models(ctx, func(ctx context.Context, r providers.Request) (int, []byte, error) {
		return d.Ask(ctx, p, r)
	})
	return models, scrub(p, err)
}

// classify says what a failed exchange means; late is what is said of a deadline. The
// cause of a cancelled context goes before what the network made of it.
func classify(ctx context.Context, err error, fate http1.Fate, late string) error {
	if ctx.Err() != nil {
		cause := context.Cause(ctx)
		if errors.Is(cause, context.DeadlineExceeded) {
			return &providers.Error{Kind: providers.TimedOut, Message: cause.Error(), Cause: err}
		}
		return cause
	}
	switch {
	case providers.AsError(err) != nil:
		return err
	case errors.Is(err, os.ErrDeadlineExceeded) && fate != http1.Unsent:
		return &providers.Error{Kind: providers.TimedOut, Message: late, Cause: err}
	case malformed(err):
		return &providers.Error{Kind: providers.BadAnswer, Message: providers.Excerpt(err.Error()), Cause: err}
	case fate == http1.Unsent:
		return &providers.Error{Kind: providers.Unreachable, Ours: http1.NoRoom(err), Message: reason(err), Cause: err}
	}
	return &providers.Error{Kind: providers.Lost, Message: reason(err), Cause: err}
}

// reason says why an exchange failed, without addresses: they are the operator's
// business. The full error is the Cause, for the log.
func reason(err error) string {
	var dns *net.DNSError
	var op *net.OpError
	var cert *tls.CertificateVerificationError
	switch {
	case http1.NoRoom(err):
		return "there is no room for another connection here"
	case http1.NeverCalled(err):
		return "the upstream's address is one that is never called: link-local, unspecified, multicast or a cloud's metadata"
	case http1.OwnCalled(err):
		return "the upstream's address leads back to tollgate itself"
	case errors.As(err, &dns):
		return "the upstream's name cannot be resolved"
	case errors.As(err, &cert):
		return "the upstream's certificate is not to be trusted"
	case errors.As(err, &op) && op.Op == "dial":
		return "no connection to the upstream"
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "the upstream did not take the request within the time allowed"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the upstream closed the connection"
	}
	return "the connection to the upstream broke"
}

var errTooLong = errors.New("too long")

// firstPiece is how much memory is taken, in bytes, before there is anything to put into
// it, whatever an answer says of its own length.
const firstPiece = 1 << 20

// readWhole is the body of an answer that has at most so many bytes, and may stand still for
// as long as gap. The error is a [*providers.Error], or the cause with which ctx has ended.
func readWhole(ctx context.Context, res answer, limit int64, gap time.Duration) ([]byte, error) {
	body, err := readAll(res, limit, gap)
	switch {
	case errors.Is(err, errTooLong):
		return nil, &providers.Error{Kind: providers.BadAnswer, Oversize: true, Status: res.Status(), Message: fmt.Sprintf("the answer is longer than %d bytes", limit)}
	case err != nil:
		return nil, truncated(classify(ctx, err, http1.Sent, stoodStill))
	}
	return body, nil
}

// readAll reads at most limit bytes of a body, which may stand still for as long as gap.
func readAll(res answer, limit int64, gap time.Duration) ([]byte, error) {
	size := int64(4 << 10)
	if n := res.Length(); n >= 0 {
		size = min(n, limit, firstPiece)
	}
	b := make([]byte, 0, size+1) // a byte more than there is: the end shows without another piece
	for {
		res.Patience(gap)
		n, err := res.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		switch {
		case int64(len(b)) > limit:
			return b[:limit], errTooLong
		case err == io.EOF: //nolint:errorlint // a reader's own end is io.EOF itself
			return b, nil
		case err != nil:
			return b, err
		}
		if len(b) == cap(b) {
			b = append(b, make([]byte, min(int64(len(b)), limit+1-int64(len(b))))...)[:len(b)]
		}
	}
}

// Stream is a streamed answer under its deadlines. Next, Ahead and Close are
// called by one goroutine.
type Stream struct {
	ctx    context.Context
	from   *catalog.Provider
	res    answer
	events providers.Stream
	ahead  interface{ Ahead() int } // events, if it knows
	first  time.Duration            // patience for the first event; 0 after it
	gap    time.Duration
	once   sync.Once
	// complete says that the end mark was seen.
	complete bool
}

// Next returns the next event, as [providers.Stream] has it. [io.EOF] says that
// the answer is complete; an upstream's failure is a [*providers.Error].
func (s *Stream) Next() (*providers.Event, error) {
	patience, late := s.gap, stoodStill
	if s.first > 0 {
		patience, late = s.first, noFirstByte
		s.first = 0
	}
	s.res.Patience(patience)
	ev, err := s.events.Next()
	if err == nil {
		s.complete = ev.Last
		return ev, nil
	}
	if s.complete = errors.Is(err, io.EOF); s.complete {
		return nil, err
	}
	if s.ctx.Err() != nil || errors.Is(err, os.ErrDeadlineExceeded) || malformed(err) {
		err = classify(s.ctx, plain(err), http1.Sent, late)
	}
	return nil, scrub(s.from, err)
}

// plain is the failure of the connection that a codec has told of in its own words.
func plain(err error) error {
	if e := providers.AsError(err); e != nil && e.Cause != nil {
		return e.Cause
	}
	return err
}

// Ahead is how many bytes the next event has, if it has arrived whole: then Next does
// not wait for the upstream. 0 if it has not, or if what comes next is the end.
func (s *Stream) Ahead() int {
	if s.ahead == nil {
		return 0
	}
	return s.ahead.Ahead()
}

// Close ends the answer and, if it was not complete, the upstream's work on it. It
// may be called more than once.
func (s *Stream) Close() {
	s.once.Do(func() {
		if s.complete {
			// Only after the end of the body can the connection be used again; an upstream
			// that keeps it open is not waited for.
			s.res.Patience(tailTimeout)
			_, _ = io.CopyN(io.Discard, s.res, maxTail)
		}
		_ = s.res.Close() // nothing is lost with it
	})
}
