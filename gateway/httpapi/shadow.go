package httpapi

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/textproto"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	"tollgate/gateway"
	"tollgate/gateway/access"
	"tollgate/gateway/dispatch"
	"tollgate/gateway/edge"
	"tollgate/gateway/shadow"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// The bounds of a trial beside another gateway.
const (
	shadowTotal   = time.Hour       // of one request, to the end of its answer
	decideWithin  = 2 * time.Second // for what tollgate would do
	decideAtOnce  = 64              // decisions; of more calls it is not said
	shadowPeek    = 64 << 10        // bytes of an error that are looked at
	shadowText    = 4 << 20         // bytes of a stream's text that are counted
	shadowForward = 16 << 10        // bytes of a piece of an answer
)

// Shadow forwards every request to another gateway, byte for byte, and keeps of each call
// what tollgate would have done with it. It answers nothing itself and is in nobody's way:
// what is decided here is decided beside the call, and what cannot be is not kept.
type Shadow struct {
	API      *API // which reads calls as it would to answer them
	Gateway  *gateway.Gateway
	Relay    *dispatch.Relay
	Recorder shadow.Recorder
	Log      *slog.Logger
	Now      func() time.Time
	// Codec reads the other gateway's answers to an operation; nil: nobody can.
	Codec func(providers.Operation) providers.Codec
	// Read says what the other gateway did. header and body are those of its answer; of an
	// answer that is no error there is no body.
	Read func(status int, header http.Header, stream bool, body []byte) shadow.Theirs
	// Context ends when running requests must end.
	Context context.Context

	running  atomic.Int64
	deciding atomic.Int64
	open     sync.WaitGroup
}

// Running is how many requests are being forwarded.
func (s *Shadow) Running() int64 { return s.running.Load() }

// Close waits until everything that has ended is recorded.
func (s *Shadow) Close() { s.open.Wait() }

// hopByHop are the headers that are about one connection, and not about what is sent over
// it.
var hopByHop = []string{"Connection", "Proxy-Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Te", "Trailer", "Transfer-Encoding", "Upgrade"}

// Handle is an [edge.Rest].
func (s *Shadow) Handle(c *fiber.Ctx, who access.Principal, unknown error, mark string) error {
	method, target := strings.Clone(c.Method()), string(c.Request().RequestURI())
	header, body := forwardedHeader(c), c.BodyRaw()
	began := s.Now()
	s.running.Add(1)
	s.open.Add(1)
	life, end := context.WithCancelCause(s.Context)
	timed, stop := context.WithTimeoutCause(life, shadowTotal, &outOfTime{})
	unwatch := edge.Watch(c.Context().Conn(), func() { end(context.Canceled) })
	var w *watched
	var once sync.Once
	finish := func() {
		once.Do(func() {
			defer s.open.Done()
			defer s.running.Add(-1)
			unwatch()
			stop()
			end(context.Canceled)
			if w != nil {
				s.open.Add(1)
				go func() { defer s.open.Done(); w.record() }()
			}
		})
	}
	streams := false
	defer func() { // also after a panic
		if !streams {
			finish()
		}
	}()
	if op, ok := operationOf(method, c.Path()); ok && op.Costs() {
		header.Set("Accept-Encoding", "identity") // what it says is read here, too
		w = s.watch(c, op, who, unknown, mark, began)
	}
	got, err := s.Relay.Do(timed, method, target, header, body)
	if err != nil {
		if w != nil {
			w.failed(err)
		}
		return s.unanswered(c, err)
	}
	passOn(c, got)
	from := &forwarding{body: got.Body, left: got.Length, finish: finish}
	if w != nil {
		from.tap = w.answers(got)
		if from.left == 0 {
			from.tap.end(nil) // nobody reads of it
		}
	}
	c.Response().ImmediateHeaderFlush = got.Length < 0
	c.Context().SetBodyStream(from, int(got.Length))
	streams = true
	return nil
}

// passOn begins an answer with the status and the headers of the other gateway's.
func passOn(c *fiber.Ctx, got *dispatch.Relayed) {
	for _, name := range named(got.Header) {
		got.Header.Del(name)
	}
	c.Status(got.Status)
	out := &c.Response().Header
	out.SetNoDefaultContentType(true)
	out.Del(edge.HeaderRequestID)
	for name, values := range got.Header {
		for _, v := range values {
			switch name {
			case fiber.HeaderContentLength, fiber.HeaderDate:
			default:
				out.Add(name, v)
			}
		}
	}
}

type outOfTime struct{}

func (*outOfTime) Error() string {
	return "the other gateway took longer than " + shadowTotal.String()
}
func (*outOfTime) Is(target error) bool { return target == context.DeadlineExceeded } //nolint:errorlint // it is one

// unanswered says what a client is told when the other gateway has brought no answer.
func (s *Shadow) unanswered(c *fiber.Ctx, err error) error {
	up := providers.AsError(err)
	if up == nil {
		return err // the client left, or tollgate is shutting down
	}
	s.Log.Error("the gateway that is forwarded to brought no answer", "request", edge.RequestID(c), "kind", up.Kind.String(), "error", dispatch.Told(up))
	return fmt.Errorf("%w: %s", edge.ErrOldGateway, cmp.Or(up.Message, up.Kind.String()))
}

// named lists the headers of one connection, those that it names itself among them.
func named(h http.Header) []string {
	all := hopByHop
	for _, v := range h["Connection"] {
		for name := range strings.SplitSeq(v, ",") {
			all = append(all[:len(all):len(all)], textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(name)))
		}
	}
	return all
}

// forwardedHeader is a copy of a request's header, less what is of its connection.
func forwardedHeader(c *fiber.Ctx) http.Header {
	h := http.Header{}
	for name, value := range c.Request().Header.All() {
		h.Add(string(name), string(value))
	}
	for _, name := range named(h) {
		h.Del(name)
	}
	h.Del(fiber.HeaderHost)
	h.Del(fiber.HeaderContentLength)
	h.Del(fiber.HeaderExpect)
	return h
}

// operationOf says which operation of the data plane a request is for.
func operationOf(method, target string) (providers.Operation, bool) {
	path, _, _ := strings.Cut(target, "?")
	if path == "/v2"+providers.Rerank.Spec().Path {
		path = strings.TrimPrefix(path, "/v2")
	}
	path = strings.TrimPrefix(path, "/v1")
	for _, op := range providers.Operations() {
		if spec := op.Spec(); !op.Kept() && spec.Method == method && spec.Path == path {
			return op, true
		}
	}
	return 0, false
}

// forwarding is an answer on its way to the client.
type forwarding struct {
	body   io.ReadCloser
	left   int64 // bytes that are yet to come; below 0: that is not known
	tap    tap
	finish func()
}

// tap sees what passes by. It never waits for anybody.
type tap interface {
	write([]byte)
	end(error) // nil: the answer has come to its end
}

// Read implements [io.Reader]. What it returns leaves at once.
func (f *forwarding) Read(p []byte) (int, error) {
	n, err := f.body.Read(p[:min(len(p), shadowForward)])
	if f.tap != nil {
		f.tap.write(p[:n])
		f.left -= int64(n)
		switch {
		case err == io.EOF, f.left == 0: //nolint:errorlint // a reader's own end is io.EOF itself
			f.tap.end(nil)
		case err != nil:
			f.tap.end(err)
		}
	}
	return n, err
}

// Close ends the request at the other gateway, if its answer has not come to its end.
func (f *forwarding) Close() error {
	defer f.finish()
	err := f.body.Close()
	if f.tap != nil {
		f.tap.end(context.Canceled)
	}
	return err
}

// watched is a call of which is kept what tollgate would have done with it.
type watched struct {
	s       *Shadow
	op      providers.Operation
	call    shadow.Call
	raw     bool
	out     providers.Call
	preview chan *gateway.Preview // one comes, or nil

	// Of the goroutine that forwards, and then of the one that records.
	theirs shadow.Theirs
	seen   *providers.Event // what the answer says of itself; nil: it cannot be read
	whole  bool             // it came to its end
	read   chan struct{}    // closed when a stream is read; nil: there is none
	marked bool             // a stream has come to its own end mark
	later  func()           // reads an answer that is no stream, when the client has it; may be nil
}

// watch begins to decide what tollgate would do with a call.
func (s *Shadow) watch(c *fiber.Ctx, op providers.Operation, who access.Principal, unknown error, mark string, began time.Time) *watched {
	w := &watched{s: s, op: op, preview: make(chan *gateway.Preview, 1)}
	w.call = shadow.Call{At: began, RequestID: edge.RequestID(c), Operation: op.String(), KeyMark: mark}
	req, err := s.request(c, op, who, w)
	w.out = providers.Call{Operation: op, Body: req.Body, Form: req.Form, Stream: req.Params.Stream, WantUsage: req.Params.WantUsage}
	w.raw = op == providers.Speech && !req.Params.Stream
	w.out.Raw = w.raw
	w.call.Model, w.call.Stream = wire.Excerpt(req.Params.Model, shadow.MaxText), req.Params.Stream
	switch {
	case unknown != nil:
		w.decided(refusalOf(unknown), unknown)
		return w
	case err != nil:
		w.decided(shadow.BadRequest, err)
		return w
	}
	if s.deciding.Add(1) > decideAtOnce {
		s.deciding.Add(-1)
		w.decided(shadow.Undecided, fmt.Errorf("more than %d decisions were under way", decideAtOnce))
		return w
	}
	s.open.Add(1)
	go func() {
		defer s.open.Done()
		defer s.deciding.Add(-1)
		var p *gateway.Preview
		defer func() {
			if v := recover(); v != nil { // nobody above recovers: it would end the program
				s.Log.Error("panic while a call was looked at", "request", w.call.RequestID, "panic", v)
			}
			w.preview <- p
		}()
		ctx, cancel := context.WithTimeout(context.Background(), decideWithin)
		defer cancel()
		p = s.Gateway.Preview(ctx, req)
	}()
	return w
}

// request reads a call as one that is answered here.
func (s *Shadow) request(c *fiber.Ctx, op providers.Operation, who access.Principal, w *watched) (gateway.Request, error) {
	if who.Key == nil {
		who.Key = &access.Key{} // of nobody who is known here: it is read for the record alone
	}
	w.call.Key = who.Key.ID
	if who.User != nil {
		w.call.User = who.User.ID
	}
	if who.Team != nil {
		w.call.Team = who.Team.ID
	}
	req, err := s.API.asked(c, op, who, func(edge.Name, string) {}) // what is forwarded stays as it came, and so does its answer
	w.call.EndUser = req.Who.EndUser
	return req, err
}

// refusalOf is the word for a caller who is nobody here.
func refusalOf(err error) string {
	for _, known := range []error{access.ErrKeyBlocked, access.ErrKeyExpired, access.ErrUserBlocked, access.ErrTeamBlocked} {
		if errors.Is(err, known) {
			return shadow.KeyClosed
		}
	}
	return shadow.UnknownKey
}

func (w *watched) decided(word string, why error) {
	w.call.Ours.Decision, w.call.Ours.Why = word, wire.Excerpt(why.Error(), shadow.MaxText)
	w.preview <- nil
}

// failed says that there is no answer.
func (w *watched) failed(err error) {
	w.theirs.Ended = "client_gone"
	if up := providers.AsError(err); up != nil {
		w.theirs.Ended = up.Kind.String()
	} else if !errors.Is(err, context.Canceled) {
		w.theirs.Ended = "cut"
	}
}

// answers says that an answer has begun.
func (w *watched) answers(got *dispatch.Relayed) tap {
	media, _, _ := mime.ParseMediaType(got.Header.Get(fiber.HeaderContentType))
	events := media == "text/event-stream"
	w.theirs = w.s.Read(got.Status, got.Header, events, nil)
	codec := w.s.Codec(w.op)
	switch {
	case !w.theirs.Answered():
		return &wholeTap{w: w, most: shadowPeek, header: got.Header}
	case codec == nil, w.raw && media != fiber.MIMEApplicationJSON && !events:
		return &wholeTap{w: w, silent: true}
	case events:
		w.out.Stream = true
		return newEventTap(w, codec)
	}
	return &wholeTap{w: w, most: dispatch.MaxAnswer, codec: codec, media: got.Header.Get(fiber.HeaderContentType)}
}

// ended notes how an answer has ended. Only the first time counts.
func (w *watched) ended(err error) {
	switch {
	case err == nil:
		w.whole = true
	case errors.Is(err, context.Canceled):
		w.theirs.Ended = "client_gone"
	default:
		w.theirs.Ended = "cut"
	}
}

// wholeTap reads an answer that is no stream of events.
type wholeTap struct {
	w      *watched
	buf    bytes.Buffer
	most   int64
	over   bool
	silent bool // nothing of it is read
	codec  providers.Codec
	media  string
	header http.Header // of an error
	done   bool
}

func (t *wholeTap) write(p []byte) {
	if t.silent || t.done || t.over {
		return
	}
	if int64(t.buf.Len()+len(p)) > t.most {
		p = p[:t.most-int64(t.buf.Len())]
		t.over = true
	}
	t.buf.Write(p)
}

func (t *wholeTap) end(err error) {
	if t.done {
		return
	}
	t.done = true
	t.w.ended(err)
	t.w.later = t.read
}

// read takes from an answer what it says of itself. One that broke off says nothing.
func (t *wholeTap) read() {
	w := t.w
	switch {
	case t.header != nil:
		ended := w.theirs.Ended
		w.theirs = w.s.Read(w.theirs.Status, t.header, false, t.buf.Bytes())
		w.theirs.Ended = ended
	case t.silent:
		w.seen = &providers.Event{}
	case w.whole && !t.over:
		if got, err := t.codec.Decode(w.out, shadowTarget, t.media, t.buf.Bytes()); err == nil {
			w.seen = &providers.Event{Usage: got.Usage, Doubt: got.Doubt, Text: got.Text, Model: got.Model, ServiceTier: got.ServiceTier}
		}
	}
}

// shadowTarget is what answers are read for: nothing of them is changed.
var shadowTarget = providers.Target{}

// eventTap reads a stream of events, in a goroutine that only works and waits for nobody
// else.
type eventTap struct {
	w    *watched
	pipe *io.PipeWriter
	done bool
}

func newEventTap(w *watched, codec providers.Codec) *eventTap {
	from, to := io.Pipe()
	w.read = make(chan struct{})
	w.s.open.Add(1)
	go func() {
		defer w.s.open.Done()
		defer close(w.read)
		defer func() {
			if v := recover(); v != nil { // as above
				w.s.Log.Error("panic while a stream was read", "request", w.call.RequestID, "panic", v)
			}
			_, _ = io.Copy(io.Discard, from) // whatever cannot be read must not stop the answer
		}()
		seen, ended := &providers.Event{}, false
		var text strings.Builder
		events := codec.Stream(w.out, shadowTarget, from)
		for {
			ev, err := events.Next()
			if err != nil {
				ended = errors.Is(err, io.EOF)
				break
			}
			if ev.Usage != nil {
				u := *ev.Usage
				seen.Usage, seen.Doubt = &u, ev.Doubt
			}
			seen.Model, seen.ServiceTier = cmp.Or(strings.Clone(ev.Model), seen.Model), cmp.Or(strings.Clone(ev.ServiceTier), seen.ServiceTier)
			if text.Len() < shadowText {
				text.WriteString(ev.Text)
			}
			if ended = ev.Last; ended {
				break
			}
		}
		seen.Text = text.String()
		if ended || seen.Usage != nil || seen.Text != "" {
			w.seen, w.marked = seen, ended
		}
	}()
	return &eventTap{w: w, pipe: to}
}

func (t *eventTap) write(p []byte) {
	if !t.done && len(p) > 0 {
		_, _ = t.pipe.Write(p) // it fails only after end
	}
}

func (t *eventTap) end(err error) {
	if t.done {
		return
	}
	t.done = true
	t.w.ended(err)
	if err == nil {
		err = io.EOF
	}
	_ = t.pipe.CloseWithError(err) // it never fails
}

// record keeps a call that has ended.
func (w *watched) record() {
	defer func() {
		if v := recover(); v != nil { // as above
			w.s.Log.Error("panic while a call was recorded", "request", w.call.RequestID, "panic", v)
		}
	}()
	if w.later != nil {
		w.later()
	}
	if w.read != nil {
		<-w.read
		w.whole = w.whole && w.marked
	}
	p := <-w.preview
	now := w.s.Now()
	w.call.Took, w.call.Theirs = now.Sub(w.call.At), w.theirs
	switch {
	case p != nil:
		w.previewed(p)
	case w.call.Ours.Decision == "":
		w.call.Ours.Decision = shadow.Undecided
	}
	o, t := w.call.Ours, w.call.Theirs
	attrs := []slog.Attr{slog.String("request", w.call.RequestID), slog.String("operation", w.call.Operation), slog.String("model", w.call.Model), slog.String("key", w.call.Key),
		slog.String("ours", o.Decision), slog.String("deployment", o.Deployment), slog.String("price", o.Price), slog.Int("status", t.Status), slog.String("theirs", cmp.Or(t.Refused, t.Ended)),
		slog.Int64("took_ms", w.call.Took.Milliseconds())}
	if o.Cost != nil {
		attrs = append(attrs, slog.String("our_cost", o.Cost.String()))
	}
	if t.Cost != nil {
		attrs = append(attrs, slog.String("their_cost", t.Cost.String()))
	}
	w.s.Log.LogAttrs(context.Background(), slog.LevelInfo, "forwarded", attrs...)
	w.s.Recorder.RecordShadow(w.call)
}

// previewed takes what was decided, and what the answer would have cost.
func (w *watched) previewed(p *gateway.Preview) {
	o := &w.call.Ours
	seen := w.seen
	if !w.theirs.Answered() {
		seen = nil
	}
	got := p.End(seen, w.whole)
	o.Decision, o.Serves, o.Deployment, o.Price, o.Need, o.Otherwise = shadow.Served, p.Model, p.Deployment, p.State, p.Need, p.Otherwise
	o.Input, o.Output, o.Source, o.Cost = got.Usage.InputTokens(), got.Usage.OutputTokens(), string(got.Source), got.Cost
	o.Why = "served by " + p.Deployment + " (" + p.State + ")"
	for _, b := range p.Budgets {
		c := b.Claim
		o.Budgets = append(o.Budgets, shadow.Claim{Budget: c.Budget.ID, Name: c.Budget.Name, Kind: string(c.Counter.Account.Kind), Account: c.Counter.Account.ID,
			Start: c.Counter.Start.UTC(), End: c.Period.End, Limit: *c.Budget.Limit, Posted: b.Standing.Posted})
	}
	if p.Err == nil {
		return
	}
	o.Decision, o.Why = gateway.Reason(p.Err), wire.Excerpt(p.Err.Error(), shadow.MaxText)
	if short := p.Refused(); short != nil {
		o.Budget, o.Why = short.Claim.Budget.ID, wire.Excerpt(gateway.Describe(*short), shadow.MaxText)
	}
}
