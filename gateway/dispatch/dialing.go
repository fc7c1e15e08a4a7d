package dispatch

import (
	"context"
	"net"
	"sync"
)

// dials are the connections that net/http makes for one exchange. It goes on with one whose
// request has left, through a proxy's answer and the handshake of TLS, for the sake of later
// requests; here the connection goes with the request that it is made for, unless another
// has got it meanwhile. Each waiting request has one of its own made, so nobody waits in vain.
type dials struct {
	mu    sync.Mutex
	ended bool
	open  map[*dialed]func() // what no request has had yet, with what gives it up
}

// dialed is one of them, until a request has it or it is closed.
type dialed struct {
	net.Conn
	by *dials
}

type dialsKey struct{}

// with has the connections that are made for ctx's request be those of d.
func (d *dials) with(ctx context.Context) context.Context {
	return context.WithValue(ctx, dialsKey{}, d)
}

// dialer is for an [http.Transport]: dial, for requests of which the dials are kept track of.
func dialer(dial func(ctx context.Context, network, address string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		d, ok := ctx.Value(dialsKey{}).(*dials)
		if !ok {
			return dial(ctx, network, address)
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		c := &dialed{by: d}
		if !d.put(c, cancel) {
			return nil, context.Canceled
		}
		conn, err := dial(ctx, network, address)
		if err != nil {
			d.take(c)
			return nil, err
		}
		c.Conn = conn
		if !d.put(c, func() { _ = conn.Close() }) { // nobody is left to tell
			_ = conn.Close()
			return nil, context.Canceled
		}
		return c, nil
	}
}

// Close implements [net.Conn].
func (c *dialed) Close() error {
	c.by.take(c)
	return c.Conn.Close()
}

// put notes how a connection is given up, unless the exchange has left.
func (d *dials) put(c *dialed, giveUp func()) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ended {
		return false
	}
	if d.open == nil {
		d.open = map[*dialed]func(){}
	}
	d.open[c] = giveUp
	return true
}

func (d *dials) take(c *dialed) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.open, c)
}

// leave gives up what no request has had.
func (d *dials) leave() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ended = true
	for c, giveUp := range d.open {
		giveUp()
		delete(d.open, c)
	}
}

// got notes that a request has a connection, whomever it was made for.
func got(conn net.Conn) {
	for {
		if c, ok := conn.(*dialed); ok {
			c.by.take(c)
			return
		}
		over, ok := conn.(interface{ NetConn() net.Conn }) // TLS
		if !ok {
			return
		}
		conn = over.NetConn()
	}
}
