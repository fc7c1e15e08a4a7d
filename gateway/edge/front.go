package edge

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"tollgate/gateway/access"
)

// The limits of the front that no operator needs to change. Each is tested at its edge.
const (
	MaxBody        = 32 << 20 // bytes of a request's body, unless an operator says otherwise
	MaxHeaders     = 32 << 10 // bytes of a request's line and headers
	MaxFields      = 100      // header fields of a request
	MaxURL         = 8 << 10  // bytes of a request's target
	MaxConnections = 100_000
)

// Limits are the bounds of the front that an operator may change. None is without end.
type Limits struct {
	MaxBody     int64 // bytes of a request's body, as sent and inflated
	Bodies      int64 // bytes of the bodies of all running requests together
	Requests    int   // requests of keys that run at once; streams run until their end
	PerKey      int   // of one key
	PerAddress  int   // connections from one address, or one /64 of IPv6; this machine's own are not counted
	Files       int   // that this process may have open, of which clients get no more than leaves upstreams as many; 0: nobody knows
	HeaderWait  time.Duration
	BodyWait    time.Duration // for all of a body, which also keeps to [MinRate]
	IdleWait    time.Duration // between two requests of a connection
	WriteStall  time.Duration // for 64 KiB of an answer
	minRate     int64         // bytes per second of a body, after the grace
	grace       time.Duration
	lingerFor   time.Duration // to read on after a refusal, so that the client sees it
	connections int
}

// MinRate is how many bytes per second a body must come in at, after [Grace].
const (
	MinRate = 1 << 10
	Grace   = 10 * time.Second
)

// DefaultLimits are the bounds of a front that is told nothing.
func DefaultLimits() Limits {
	return Limits{
		MaxBody: MaxBody, Bodies: 1 << 30, Requests: 16_384, PerKey: 4096, PerAddress: 4096,
		HeaderWait: 10 * time.Second, BodyWait: 60 * time.Second, IdleWait: 75 * time.Second, WriteStall: 30 * time.Second,
	}
}

// The files of a process, of which each connection is one.
const (
	FilesPerCall = 2  // its client's connection and its upstream's
	OwnFiles     = 64 // the database's, the log, what is listened on, and who is turned away
)

func (l Limits) withRest() Limits {
	l.minRate, l.grace, l.lingerFor, l.connections = MinRate, Grace, 2*time.Second, MaxConnections
	if l.Files > 0 {
		l.connections = min(l.connections, max((l.Files-OwnFiles)/FilesPerCall, 1))
	}
	return l
}

// bodiesPerKey is how many bytes of [Limits.Bodies] the requests of one key may hold: the
// part of them that it may have of the requests, and at least what one request may need,
// which is held as it was sent and inflated.
func (l *Limits) bodiesPerKey() int64 {
	part := float64(l.PerKey) / float64(max(l.Requests, l.PerKey, 1))
	return max(int64(part*float64(l.Bodies)), 2*l.MaxBody)
}

// The refusals of a front that is full.
var (
	ErrOverloaded      = errors.New("tollgate has as much to do as it can take; try again in a moment")
	ErrKeyBusy         = errors.New("this API key has as many requests running as one key may")
	ErrKeyFull         = errors.New("the running requests of this API key have as many bytes as those of one key may")
	ErrTooManyFromHere = errors.New("this address has as many connections as one address may")
)

// Front counts what is under way: connections, requests and the bytes of their bodies.
// What is too much is refused before it costs anything; what was let in goes on.
type Front struct {
	limits   Limits
	log      *slog.Logger
	requests atomic.Int64
	bodies   atomic.Int64
	draining atomic.Bool
	linger   chan struct{} // connections that were turned away and are read on
	told     atomic.Int64  // unix seconds of the last word about connections turned away

	mu    sync.Mutex
	conns int
	from  map[netip.Addr]int
	keys  map[string]*load // what runs, by key id
	spare []*load          // of keys of which nothing runs
}

// load is what runs of one key.
type load struct {
	requests int // under the front's lock
	bodies   atomic.Int64
}

// maxSpare is how many loads are kept to be used again.
const maxSpare = 64

// How many connections that were turned away may be read on at once, and how many where
// files are few.
const (
	maxLingering = 256
	fewLingering = OwnFiles / 2
)

// NewFront returns a front with nothing under way.
func NewFront(limits Limits, log *slog.Logger) *Front {
	limits = limits.withRest()
	lingering := maxLingering
	if limits.connections < MaxConnections {
		lingering = fewLingering
	}
	return &Front{limits: limits, log: log, linger: make(chan struct{}, lingering), from: map[netip.Addr]int{}, keys: map[string]*load{}}
}

// Drain makes every answer from now on the last of its connection.
func (f *Front) Drain() { f.draining.Store(true) }

// Running is how many requests of keys run.
func (f *Front) Running() int64 { return f.requests.Load() }

// admit lets a request of a key in until its connection is idle again.
func (f *Front) admit(c *conn, key string) error {
	if f.requests.Add(1) > int64(f.limits.Requests) {
		f.requests.Add(-1)
		return ErrOverloaded
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	l := f.keys[key]
	if l == nil {
		l = f.empty()
		f.keys[key] = l
	}
	if l.requests >= f.limits.PerKey {
		f.requests.Add(-1)
		return ErrKeyBusy
	}
	l.requests++
	c.key, c.load = key, l
	return nil
}

// empty is the load of a key of which nothing runs, under the lock.
func (f *Front) empty() *load {
	n := len(f.spare)
	if n == 0 {
		return &load{}
	}
	l := f.spare[n-1]
	f.spare = f.spare[:n-1]
	return l
}

// hold takes bytes of memory for a request's body until its connection is idle again. Who
// manages gets them in any case: it is they who can end what has taken all the others.
func (f *Front) hold(c *conn, n int64) error {
	if c.manages {
		return nil
	}
	if l := c.load; l != nil && l.bodies.Add(n) > f.limits.bodiesPerKey() {
		l.bodies.Add(-n)
		return ErrKeyFull
	}
	if f.bodies.Add(n) > f.limits.Bodies {
		f.bodies.Add(-n)
		if l := c.load; l != nil {
			l.bodies.Add(-n)
		}
		return ErrOverloaded
	}
	c.held += n
	return nil
}

func (f *Front) release(c *conn) {
	held, l := c.held, c.load
	c.held, c.load, c.manages = 0, nil, false
	if held > 0 {
		f.bodies.Add(-held)
	}
	if l == nil {
		return
	}
	l.bodies.Add(-held)
	f.requests.Add(-1)
	f.mu.Lock()
	defer f.mu.Unlock()
	if l.requests--; l.requests == 0 {
		delete(f.keys, c.key)
		if len(f.spare) < maxSpare {
			f.spare = append(f.spare, l)
		}
	}
}

// enter counts a connection, or says why there is no room for it.
func (f *Front) enter(nc net.Conn) (*conn, error) {
	from := origin(nc.RemoteAddr())
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.conns >= f.limits.connections {
		return nil, ErrOverloaded
	}
	if from.IsValid() {
		if f.from[from] >= f.limits.PerAddress {
			return nil, ErrTooManyFromHere
		}
		f.from[from]++
	}
	f.conns++
	return &conn{Conn: nc, front: f, from: from}, nil
}

func (f *Front) leave(c *conn) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.conns--
	if c.from.IsValid() {
		if f.from[c.from]--; f.from[c.from] == 0 {
			delete(f.from, c.from)
		}
	}
}

// origin is whom a connection counts for: an address, or the /64 that one customer has
// of IPv6. This machine is nobody: a proxy on it brings everybody's connections.
func origin(a net.Addr) netip.Addr {
	t, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	ip := t.AddrPort().Addr().Unmap().WithZone("")
	switch {
	case ip.IsLoopback():
		return netip.Addr{}
	case ip.Is6():
		return netip.PrefixFrom(ip, 64).Masked().Addr()
	}
	return ip
}

// open is what happens to a request before its handler runs: it is let in, and then its body
// is read. Nothing is kept of what somebody sends whom nobody knows: it would take the room
// of those who are known.
func open(c *fiber.Ctx, a Access, who access.Principal) error {
	if a == Open {
		if c.Request().IsBodyStream() {
			mayStillSend(c.Context().Conn())
			c.Request().SetBodyRaw(nil)
		}
		return nil
	}
	k, _ := c.Context().Conn().(*conn) // a call within the process has none
	switch {
	case k == nil:
	case a == AnyKey || a == ByRole && !who.Manages():
		if err := k.front.admit(k, who.Key.ID); err != nil {
			return err
		}
	case a == ByRole, a == AdminKey:
		k.manages = true
	}
	return readBody(c, k)
}

// firstBuffer is how much of a body is made room for before it comes.
const firstBuffer = 1 << 20

// readBody reads the body of a request into memory of its own, which the server does
// not use again. Room is made for what comes, not for what was announced.
func readBody(c *fiber.Ctx, k *conn) error {
	req := c.Request()
	if !req.IsBodyStream() {
		return nil
	}
	limit := int64(c.App().Config().BodyLimit)
	announced := int64(req.Header.ContentLength())
	if announced > limit {
		return tooLarge(limit)
	}
	room := min(announced, firstBuffer)
	if announced < 0 { // sent in chunks
		room = min(8<<10, limit+1)
	}
	var body []byte
	for from := req.BodyStream(); ; {
		if int64(len(body)) == room && len(body) > 0 {
			if room *= 2; announced > 0 {
				room = min(room, announced)
			}
			room = min(room, limit+1)
		}
		if int64(cap(body)) < room {
			if k != nil {
				if err := k.front.hold(k, room-int64(len(body))); err != nil {
					return err
				}
			}
			body = append(make([]byte, 0, room), body...)
		}
		n, err := from.Read(body[len(body):room])
		if body = body[:len(body)+n]; int64(len(body)) > limit {
			return tooLarge(limit)
		}
		if errors.Is(err, io.EOF) && (announced < 0 || int64(len(body)) == announced) {
			// The server would find a field of the trailers where one of the header is asked for,
			// past whatever has looked at the header, here and in front.
			if announced < 0 && len(req.Header.PeekTrailerKeys()) > 0 {
				c.Context().SetConnectionClose()
				return ErrTrailer
			}
			req.SetBodyRaw(body)
			return nil
		}
		if err != nil {
			return unreadable(err)
		}
	}
}

func tooLarge(limit int64) error {
	return fmt.Errorf("%w: at most %s are taken", ErrBodyTooLarge, size(limit))
}

func size(n int64) string {
	switch {
	case n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}

// unreadable says what it means that a body could not be read to its end.
func unreadable(err error) error {
	var network net.Error
	var broken fasthttp.ErrBrokenChunk
	switch {
	case errors.As(err, &network) && network.Timeout():
		return ErrSlow
	case errors.As(err, &broken):
		return fmt.Errorf("%w: %w", ErrBodyBroken, err)
	case errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w: it ended early", ErrBodyBroken)
	}
	return fmt.Errorf("%w: its chunks or its trailers are not well formed", ErrBodyBroken) // the server's own words may quote it
}

// bounded refuses a request whose target or header has no sensible size. The server has
// refused a header longer than [MaxHeaders] before.
func bounded(c *fiber.Ctx) error {
	if len(c.Request().RequestURI()) > MaxURL {
		return ErrURLTooLong
	}
	if fields(c.Request().Header.RawHeaders()) > MaxFields {
		return ErrTooManyFields
	}
	return nil
}

// fields counts the fields of a raw header, which ends with an empty line.
func fields(raw []byte) int { return bytes.Count(raw, []byte("\n")) - 1 }
