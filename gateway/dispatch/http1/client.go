package http1

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// Client keeps connections to one server. Its methods are safe for concurrent use.
type Client struct {
	address string
	idle    time.Duration
	dialer  *net.Dialer
	limit   int           // connections
	queue   int           // waiters
	write   time.Duration // for a whole request

	mu      sync.Mutex
	free    []*conn // the longest unused first
	open    int     // connections that exist or are being made
	waiters []chan *conn
	sweeper *time.Timer // closes what is unused for too long; nil: nothing is unused
	closed  bool
}

// New returns a client of the server at an address (host:port). A connection that is
// unused for longer than idle is closed: it should be less than the server's own limit. own
// is as in [NewDialer].
func New(address string, idle time.Duration, own func(netip.AddrPort) bool) *Client {
	return &Client{address: address, idle: idle, dialer: NewDialer(own), limit: MaxConnections, queue: MaxWaiters, write: WriteTimeout}
}

var (
	errBusy   = errors.New("all connections to the server are in use, and enough calls wait for one")
	errWaited = errors.New("all connections to the server stayed in use")
	errClosed = errors.New("the client is closed")
)

// take returns a connection. The one that was used last goes first: the others may then
// come of age.
func (c *Client) take(ctx context.Context) (*conn, error) {
	for {
		c.mu.Lock()
		if c.closed {
			c.mu.Unlock()
			return nil, errClosed
		}
		if n := len(c.free); n > 0 {
			cn := c.free[n-1]
			c.free[n-1] = nil
			c.free = c.free[:n-1]
			c.mu.Unlock()
			if cn.fit(c.idle) {
				return cn, nil
			}
			c.discard(cn)
			continue
		}
		if c.open < c.limit {
			c.open++
			c.mu.Unlock()
			return c.dial(ctx)
		}
		if len(c.waiters) >= c.queue {
			c.mu.Unlock()
			return nil, errBusy
		}
		turn := make(chan *conn, 1)
		c.waiters = append(c.waiters, turn)
		c.mu.Unlock()
		cn, err := c.wait(ctx, turn)
		switch {
		case err != nil:
			return nil, err
		case cn == nil: // a place for a new one
			return c.dial(ctx)
		case cn.fit(c.idle):
			return cn, nil
		}
		c.discard(cn)
	}
}

// wait waits for its turn: a connection, or nil for the right to make one.
func (c *Client) wait(ctx context.Context, turn chan *conn) (*conn, error) {
	patience := time.NewTimer(WaitTimeout)
	defer patience.Stop()
	var err error
	select {
	case cn := <-turn:
		return cn, nil
	case <-ctx.Done():
		err = context.Cause(ctx)
	case <-patience.C:
		err = errWaited
	}
	c.mu.Lock()
	i := slices.Index(c.waiters, turn)
	if i >= 0 {
		c.waiters = slices.Delete(c.waiters, i, i+1)
	}
	c.mu.Unlock()
	if i < 0 { // it came at the same moment: the next one may have it
		if cn := <-turn; cn != nil {
			c.give(cn)
		} else {
			c.vacate()
		}
	}
	return nil, err
}

// dial makes a connection in a place that was counted already.
func (c *Client) dial(ctx context.Context) (*conn, error) {
	nc, err := c.dialer.DialContext(ctx, "tcp", c.address)
	if err != nil {
		c.vacate()
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return nil, err
	}
	return newConn(nc, c.write), nil
}

// give takes a connection back to be used again.
func (c *Client) give(cn *conn) {
	cn.since = now()
	if cn.since.Sub(cn.born) >= MaxAge {
		c.discard(cn)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closed:
		cn.close()
	case len(c.waiters) > 0:
		c.next() <- cn
	default:
		c.free = append(c.free, cn)
		if c.sweeper == nil {
			c.sweeper = time.AfterFunc(c.idle, c.sweep)
		}
	}
}

// next is the turn of whoever has waited longest.
func (c *Client) next() chan *conn {
	turn := c.waiters[0]
	c.waiters[0] = nil
	c.waiters = c.waiters[1:]
	return turn
}

func (c *Client) discard(cn *conn) {
	cn.close()
	c.vacate()
}

// vacate gives up a place.
func (c *Client) vacate() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.waiters) > 0 {
		c.next() <- nil
		return
	}
	c.open--
}

// sweep closes the connections that were unused for too long.
func (c *Client) sweep() {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, n := now(), 0
	for n < len(c.free) && t.Sub(c.free[n].since) >= c.idle {
		c.free[n].close()
		n++
	}
	c.open -= n
	c.free = slices.Delete(c.free, 0, n)
	if len(c.free) == 0 {
		c.sweeper = nil
		return
	}
	c.sweeper = time.AfterFunc(c.free[0].since.Add(c.idle).Sub(t), c.sweep)
}

// Rest closes the connections that are not in use.
func (c *Client) Rest() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, cn := range c.free {
		cn.close()
	}
	c.open -= len(c.free)
	c.free = nil
	if c.sweeper != nil {
		c.sweeper.Stop()
		c.sweeper = nil
	}
}

// Close closes the connections that are not in use, and the others after their use.
func (c *Client) Close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.Rest()
}

// Fate is what became of a request that got no answer.
type Fate uint8

// The fates of a request.
const (
	Unsent Fate = iota // it was not written to its end, so that no server can have worked on it
	Sent               // the server may have it
	// Stale says that a connection which had been used before ended without a byte of
	// an answer: the server gave it up as the request came, or in the moment after. It is
	// not likely that the request was read, and not sure that it was not.
	Stale
)

// StaleWithin is how soon a connection must end to be taken for one that was given up
// unused. Later than that, the server has had time to work on the request.
const StaleWithin = time.Second

// Field is one header.
type Field struct{ Name, Value string }

// Request is one request.
type Request struct {
	Method string
	Target string // path and query, as it stands in the request line
	// Head is header lines that are the same for many requests, the Host among them, made
	// with [AppendField].
	Head   []byte
	Fields []Field  // more headers
	Body   [][]byte // one after the other
	// FirstByte is how long the headers of the answer may take once the request was sent.
	FirstByte time.Duration
}

func (r *Request) length() (n int) {
	for _, piece := range r.Body {
		n += len(piece)
	}
	return n
}

// Do sends a request and returns its answer once the headers are there. The end of ctx
// closes the connection, also while the body is read, and comes back as its cause here
// and as any error from the body. A deadline that has passed is
// [os.ErrDeadlineExceeded]; of an answer that is none in HTTP [Malformed] is true. The
// answer must be closed.
func (c *Client) Do(ctx context.Context, r *Request) (*Response, Fate, error) {
	for again := true; ; {
		if ctx.Err() != nil {
			return nil, Unsent, context.Cause(ctx)
		}
		cn, err := c.take(ctx)
		if err != nil {
			return nil, Unsent, err
		}
		res := &Response{client: c, cn: cn, stop: afterFunc(ctx, cn.abort)}
		fate, err := res.exchange(r)
		if err == nil {
			return res, Sent, nil
		}
		res.drop()
		switch {
		case ctx.Err() != nil:
			err = context.Cause(ctx)
		case errors.Is(err, errGivenUp):
			continue
		case !cn.used || cn.came || errors.Is(err, errRequest) || errors.Is(err, errDeadline):
		case fate == Unsent && again: // it was given up before it had all of the request
			again = false
			continue
		case fate == Sent && now().Sub(cn.wrote) < StaleWithin:
			fate = Stale
		}
		return nil, fate, err
	}
}

// afterFunc is [context.AfterFunc]. A context that has such a method of its own is asked
// itself: the standard library would ask it only after it has made a context to do so.
func afterFunc(ctx context.Context, f func()) (stop func() bool) {
	if own, ok := ctx.(interface{ AfterFunc(func()) func() bool }); ok {
		return own.AfterFunc(f)
	}
	return context.AfterFunc(ctx, f)
}
