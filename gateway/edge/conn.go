package edge

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"
)

// Listen returns a listener whose connections keep to the front's limits.
func (f *Front) Listen(ln net.Listener) net.Listener { return &listener{ln, f} }

type listener struct {
	net.Listener
	front *Front
}

// acceptPause is how long nothing is accepted after the system had no room for another
// connection.
const acceptPause = 50 * time.Millisecond

// Accept returns the next connection that there is room for. A shortage passes: it does
// not end the server.
func (l *listener) Accept() (net.Conn, error) {
	for {
		nc, err := l.Listener.Accept()
		if err != nil {
			if !shortage(err) {
				return nil, err
			}
			l.front.say("connections cannot be accepted", err)
			time.Sleep(acceptPause)
			continue
		}
		c, err := l.front.enter(nc)
		if err != nil {
			l.front.say("a connection was turned away", err)
			l.front.turnAway(nc, err)
			continue
		}
		keep(nc)
		return c, nil
	}
}

func shortage(err error) bool {
	for _, e := range []syscall.Errno{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// sayEvery is how often connections that are turned away are worth a line in the log.
const sayEvery = time.Minute

func (f *Front) say(what string, err error) {
	now := time.Now().Unix() //clock: of the log only
	last := f.told.Load()
	if since := now - last; since >= 0 && since < int64(sayEvery/time.Second) { // a clock that was set back silences nothing
		return
	}
	if f.told.CompareAndSwap(last, now) {
		f.log.Warn(what, "error", err.Error())
	}
}

// turnAway answers a connection that nobody will read from, and closes it. It does not
// wait for the client.
func (f *Front) turnAway(nc net.Conn, err error) {
	t := Describe(err, "", "", 0)
	body := t.Object.Body()
	var b bytes.Buffer
	b.WriteString("HTTP/1.1 " + strconv.Itoa(t.Status) + " " + http.StatusText(t.Status) + "\r\nContent-Type: application/json\r\nConnection: close\r\n")
	if t.RetryAfter > 0 {
		b.WriteString("Retry-After: " + strconv.FormatInt(roundUp(t.RetryAfter, time.Second), 10) + "\r\n")
	}
	b.WriteString("Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n")
	b.Write(body)
	_ = nc.SetWriteDeadline(time.Now().Add(time.Second)) //clock: the connection's own deadline
	_, _ = nc.Write(b.Bytes())                           // there is nobody else to tell
	select {
	case f.linger <- struct{}{}:
		go func() {
			lingering(nc, f.limits.lingerFor)
			<-f.linger
		}()
	default:
		_ = nc.Close()
	}
}

// lingering closes a connection whose client may still be sending: a connection closed
// with bytes unread is reset, and the client would never see its answer.
func lingering(nc net.Conn, patience time.Duration) {
	if t, ok := nc.(interface{ CloseWrite() error }); ok && t.CloseWrite() == nil && nc.SetReadDeadline(time.Now().Add(patience)) == nil { //clock: the connection's own deadline
		_, _ = io.Copy(io.Discard, nc) // until the client closes or its time is up
	}
	_ = nc.Close()
}

// conn is a client's connection under the front's limits. Except for Close it is used
// by one goroutine at a time: its server's.
type conn struct {
	net.Conn
	front *Front
	wrote time.Time  // when the deadline for writing was last moved
	from  netip.Addr // whom it counts for; none for this machine

	address string // see [Address]; "" until it was asked for
	request string // id of the request that was read last
	caller  string // id of the key that it came with; "" until that is known

	active bool      // a request is being read or answered
	until  time.Time // the server's deadline for reading
	since  time.Time // when it was first waited under; zero: not yet
	got    int64     // bytes read since it was set
	readBy time.Time // the deadline for reading that the socket has

	load    *load  // of the key whose request was admitted; nil: none was
	key     string // its id
	manages bool   // the request is one of somebody who manages
	held    int64  // bytes held for a body

	lines lines // how the lines of requests end

	old *unframed // takes the frames off the answer; nil: the client knows them

	unread atomic.Bool // the client was refused while it may still be sending
}

// NetConn returns the socket. Who waits on it besides the server needs it.
func (c *conn) NetConn() net.Conn { return c.Conn }

// SetReadDeadline sets when what is read next must be there: the next request's first
// byte, a header or a body. It comes into force with the next Read.
func (c *conn) SetReadDeadline(t time.Time) error {
	c.until, c.since, c.got = t, time.Time{}, 0
	return nil
}

// SetWriteDeadline sets until when may be written, at the latest until the next Write,
// which has a deadline of its own.
func (c *conn) SetWriteDeadline(t time.Time) error {
	c.wrote = time.Time{}
	return c.Conn.SetWriteDeadline(t)
}

// SetDeadline sets both deadlines.
func (c *conn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

// Read reads under the server's deadline, and within a request as fast as its client
// must send.
func (c *conn) Read(p []byte) (int, error) {
	if err := c.patience(); err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(p)
	c.got += int64(n)
	if !c.active { // the server waits for a request
		c.lines.begin()
	}
	if len(p) <= MaxHeaders { // its buffer: what is read past it is the body of a request that has begun
		c.lines.read(p[:n])
	}
	return n, err
}

// patience sets the socket's deadline for a read that may wait. One that is set already
// and comes up to a sixteenth of the wait too late is as good as a new one, and cheaper.
func (c *conn) patience() error {
	if c.until.IsZero() {
		c.readBy = c.until
		return c.Conn.SetReadDeadline(c.until)
	}
	if c.since.IsZero() {
		c.since = time.Now() //clock: the connection's own deadline
	}
	until := c.until
	if l := &c.front.limits; c.active {
		if slow := c.since.Add(l.grace + time.Duration(c.got)*time.Second/time.Duration(l.minRate)); slow.Before(until) {
			until = slow
		}
	}
	spare := until.Sub(c.since) / 16
	if late := c.readBy.Sub(until); late >= 0 && late <= spare {
		return nil
	}
	c.readBy = until.Add(max(spare, 0))
	return c.Conn.SetReadDeadline(c.readBy)
}

// writePiece is how much of an answer a client must take within the write deadline.
const writePiece = 64 << 10

// Write writes what the server answers.
func (c *conn) Write(p []byte) (n int, err error) {
	if c.old == nil {
		return c.write(p)
	}
	if stripped := c.old.strip(nil, p); len(stripped) > 0 {
		if _, err := c.write(stripped); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// write writes piece by piece, each under a deadline of its own: a long answer may take
// as long as its client needs, but a client that stands still is let go.
func (c *conn) write(p []byte) (n int, err error) {
	for {
		piece := p[n:min(len(p), n+writePiece)]
		stall := c.front.limits.WriteStall
		// A deadline that was moved a moment ago is as good as a new one, and cheaper.
		if now := time.Now(); now.Sub(c.wrote) >= stall/16 { //clock: the connection's own deadline
			if err := c.Conn.SetWriteDeadline(now.Add(stall)); err != nil {
				return n, err
			}
			c.wrote = now
		}
		m, err := c.Conn.Write(piece)
		n += m
		if err != nil {
			abandon(c.Conn)
			return n, err
		}
		if n == len(p) {
			return n, nil
		}
	}
}

// mayStillSend notes that a client is told no while it may still be sending.
func mayStillSend(nc net.Conn) {
	if c, ok := nc.(*conn); ok {
		c.unread.Store(true)
	}
}

// abandon makes the coming close drop what the client has not taken.
func abandon(nc net.Conn) {
	if t, ok := nc.(interface{ SetLinger(int) error }); ok {
		_ = t.SetLinger(0) // a dead connection needs none
	}
}

// Close closes the connection.
func (c *conn) Close() error {
	if c.old != nil && c.old.cut() {
		abandon(c.Conn) // else the client would take its end for that of the body
	}
	if c.unread.Swap(false) { // its server's goroutine: nobody else closes what is not idle
		c.front.release(c)
		lingering(c.Conn, c.front.limits.lingerFor)
		return nil
	}
	return c.Conn.Close()
}

// changed follows what the server does with a connection.
func changed(nc net.Conn, s fasthttp.ConnState) {
	c, ok := nc.(*conn)
	if !ok {
		return
	}
	switch s {
	case fasthttp.StateActive:
		c.active = true
	case fasthttp.StateIdle:
		c.active = false
		c.lines.end()
		c.unread.Store(false)
		c.front.release(c)
	case fasthttp.StateClosed, fasthttp.StateHijacked:
		c.front.release(c)
		c.front.leave(c)
	}
}
