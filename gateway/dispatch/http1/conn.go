package http1

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"
)

func now() time.Time { return time.Now() } //clock: the deadlines and ages of sockets

// errDeadline is what a read or write past its deadline returns.
var errDeadline = os.ErrDeadlineExceeded

// sight is what a look at a socket shows.
type sight uint8

const (
	nothing   sight = iota // the peer is there and has sent nothing
	bytesWait              // something can be read
	ended                  // the peer has ended the connection
)

// conn is one connection. While it is in use it has a buffer, in which the request is
// put together and then the answer read ahead.
type conn struct {
	nc   net.Conn
	buf  []byte // nil while the connection is not in use
	r, w int    // what of buf was read ahead
	came bool   // a byte of the answer has come

	readBy  time.Time // the deadlines that are set
	writeBy time.Time

	raw   syscall.RawConn // nil: there is no socket to look at
	seen  sight
	peek  func(fd uintptr)
	abort func()
	write time.Duration // for a whole request

	turn   func(fd uintptr) bool // see ask
	out    []byte                // of a small request, what is still to be written
	used   bool                  // there was a request before this one
	failed error                 // of a write, or what the next read returns

	born  time.Time
	since time.Time // unused since
	taken time.Time // for the request under way
	wrote time.Time // when the last request was written

	from *[bufferSize]byte // what buf began as
	head []byte            // the header lines of the answer, each ended by LF
	vec  net.Buffers
}

var buffers = sync.Pool{New: func() any { return new([bufferSize]byte) }}

func newConn(nc net.Conn, write time.Duration) *conn {
	cn := &conn{nc: nc, write: write, born: now()}
	cn.taken = cn.born
	cn.abort = func() { _ = nc.Close() } // whoever reads or writes gets the error
	cn.peek = func(fd uintptr) { cn.seen = look(fd) }
	cn.turn = cn.converse
	if sc, ok := nc.(syscall.Conn); ok {
		if raw, err := sc.SyscallConn(); err == nil {
			cn.raw = raw
		}
	}
	return cn
}

// fit says whether a connection that was not in use is young enough to be used again.
// Whether its server still thinks so is looked at when the request is sent.
func (cn *conn) fit(idle time.Duration) bool {
	cn.taken, cn.used = now(), true
	return cn.taken.Sub(cn.since) < idle && cn.taken.Sub(cn.born) < MaxAge
}

func (cn *conn) look() sight {
	if cn.raw == nil {
		return nothing
	}
	if err := cn.raw.Control(cn.peek); err != nil {
		return ended
	}
	return cn.seen
}

func (cn *conn) close() { _ = cn.nc.Close() }

// acquire and release bring and take the buffer.
func (cn *conn) acquire() {
	cn.from = buffers.Get().(*[bufferSize]byte)
	cn.buf = cn.from[:]
	cn.r, cn.w, cn.came, cn.failed = 0, 0, false, nil
}

func (cn *conn) release() {
	buffers.Put(cn.from)
	cn.from, cn.buf = nil, nil
	if cap(cn.head) > bufferSize {
		cn.head = nil
	}
}

func (cn *conn) buffered() []byte { return cn.buf[cn.r:cn.w] }

// within sets a deadline that lets a read or write take d from t on, or up to a sixteenth
// more: a deadline that still fits is not set again.
func within(by *time.Time, t time.Time, d time.Duration, set func(time.Time) error) error {
	if left := by.Sub(t); left >= d && left <= d+d/16 {
		return nil
	}
	*by = t.Add(d + d/16)
	return set(*by)
}

func (cn *conn) readWithin(t time.Time, d time.Duration) error {
	return within(&cn.readBy, t, d, cn.nc.SetReadDeadline)
}

// read reads from the connection.
func (cn *conn) read(p []byte) (int, error) {
	if err := cn.failed; err != nil {
		return 0, err
	}
	n, err := cn.nc.Read(p)
	if n > 0 {
		cn.came = true
		return n, nil
	}
	if err == nil {
		err = io.ErrNoProgress
	}
	return 0, err
}

// fill reads ahead at least one byte. The buffer must have room for it.
func (cn *conn) fill() error {
	if cn.r == cn.w {
		cn.r, cn.w = 0, 0
	} else if cn.w == len(cn.buf) {
		cn.w = copy(cn.buf, cn.buf[cn.r:cn.w])
		cn.r = 0
	}
	n, err := cn.read(cn.buf[cn.w:])
	cn.w += n
	return err
}

// line returns the next line, of at most limit bytes without its end, which must be
// CRLF. It is valid until the next read. await is called before each wait.
func (cn *conn) line(limit int, await func() error) ([]byte, error) {
	from := 0
	for {
		b := cn.buffered()
		if i := bytes.IndexByte(b[from:], '\n'); i >= 0 {
			i += from
			if i == 0 || b[i-1] != '\r' {
				return nil, malformed("a line does not end in CR LF")
			}
			if i-1 > limit {
				return nil, malformed("a line is longer than %d bytes", limit)
			}
			cn.r += i + 1
			return b[:i-1], nil
		}
		if from = len(b); from > limit+1 {
			return nil, malformed("a line is longer than %d bytes", limit)
		}
		if cn.r == 0 && cn.w == len(cn.buf) {
			cn.buf = append(cn.buf, make([]byte, len(cn.buf))...)
		}
		if err := await(); err != nil {
			return nil, err
		}
		if err := cn.fill(); err != nil {
			return nil, err
		}
	}
}

// errGivenUp says that the server has ended a connection that was not in use, or has sent
// what nobody asked for. Nothing was written on it.
var errGivenUp = errors.New("the server gave the connection up")

// part is how much of a request has left.
type part uint8

const (
	none part = iota
	some      // a server can do nothing with it, unless it answers before it has the rest
	all
)

// partOf says what has left of a request of so many bytes.
func partOf(left, length int) part {
	switch left {
	case length:
		return none
	case 0:
		return all
	}
	return some
}

// send writes a request: a small one in one write, a large one without a copy of its
// body. sent says how much of it has left; early that the server was answering before it
// had all of it.
func (cn *conn) send(r *Request) (sent part, early bool, err error) {
	length := r.length()
	b, err := appendHead(cn.buf[:0], r, length)
	if err != nil {
		return none, false, err
	}
	if len(b)+length > bufferSize {
		if cn.used && cn.look() != nothing {
			return none, false, errGivenUp
		}
		return cn.sendLarge(b, r.Body)
	}
	for _, piece := range r.Body {
		b = append(b, piece...)
	}
	if err := within(&cn.writeBy, cn.taken, cn.write, cn.nc.SetWriteDeadline); err != nil {
		return none, false, err
	}
	sent, err = cn.ask(b)
	return sent, false, err
}

// ask writes a small request and waits for its answer to begin, in one turn at the socket:
// a read before the answer is there would find nothing, and cost as much as one that does.
// What the socket does not take at once is written as anything else is.
func (cn *conn) ask(b []byte) (sent part, err error) {
	cn.out, cn.seen = b, nothing
	defer func() { cn.out = nil }()
	if cn.raw != nil {
		err := cn.raw.Read(cn.turn)
		switch sent = partOf(len(cn.out), len(b)); {
		case cn.seen != nothing:
			return none, errGivenUp
		case sent == all:
			cn.wrote = cn.taken // a moment ago
			if cn.failed == nil {
				cn.failed = err
			}
			return sent, nil
		case cn.failed != nil:
			return sent, cn.failed
		case err != nil:
			return sent, err
		}
	}
	n, err := cn.nc.Write(cn.out)
	cn.wrote = now()
	return partOf(len(cn.out)-n, len(b)), err
}

// sendLarge looks, whenever the server is slow to take the request, whether it is
// answering already: it may have no mind to read the rest.
func (cn *conn) sendLarge(head []byte, body [][]byte) (sent part, early bool, err error) {
	until := now().Add(cn.write)
	cn.vec = append(append(cn.vec[:0], head), body...)
	rest := cn.vec
	defer func() { clear(cn.vec); cn.vec, cn.writeBy = cn.vec[:0], time.Time{}; cn.wrote = now() }()
	for {
		if err := cn.nc.SetWriteDeadline(now().Add(lookEvery)); err != nil {
			return sent, false, err
		}
		n, err := rest.WriteTo(cn.nc)
		if n > 0 {
			sent = some
		}
		if err == nil {
			return all, false, nil
		}
		if !errors.Is(err, errDeadline) {
			return sent, false, err
		}
		if cn.look() == bytesWait {
			return sent, true, nil
		}
		if now().After(until) {
			return sent, false, fmt.Errorf("the server did not take the request: %w", err)
		}
	}
}

func appendHead(b []byte, r *Request, length int) ([]byte, error) {
	if r.Method == "" || !isToken(r.Method) || len(r.Target) == 0 || r.Target[0] != '/' {
		return nil, errRequest
	}
	for i := range len(r.Target) {
		if c := r.Target[i]; c <= ' ' || c >= 0x7f {
			return nil, errRequest
		}
	}
	b = append(append(append(b, r.Method...), ' '), r.Target...)
	b = append(append(b, " HTTP/1.1\r\n"...), r.Head...)
	for _, f := range r.Fields {
		var err error
		if b, err = AppendField(b, f.Name, f.Value); err != nil {
			return nil, err
		}
	}
	if length > 0 || r.Method != "GET" && r.Method != "DELETE" {
		b = append(strconv.AppendInt(append(b, "Content-Length: "...), int64(length), 10), "\r\n"...)
	}
	return append(b, "\r\n"...), nil
}

var errRequest = errors.New("a method, path or header that HTTP cannot carry")

// AppendField appends one header line. A name or value that HTTP cannot carry is an
// error, which does not repeat it: it may be a credential.
func AppendField(b []byte, name, value string) ([]byte, error) {
	if name == "" || !isToken(name) {
		return b, errRequest
	}
	for i := range len(value) {
		if c := value[i]; c < ' ' && c != '\t' || c == 0x7f {
			return b, errRequest
		}
	}
	return append(append(append(append(b, name...), ": "...), value...), "\r\n"...), nil
}

func isToken[T string | []byte](s T) bool {
	for i := range len(s) {
		if !tokenByte[s[i]] {
			return false
		}
	}
	return true
}

// tokenByte says which bytes a header name may have (RFC 9110, 5.6.2).
var tokenByte = func() (t [256]bool) {
	for _, c := range []byte("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		t[c] = true
	}
	return t
}()
