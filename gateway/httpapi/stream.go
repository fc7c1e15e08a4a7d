package httpapi

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway"
	"tollgate/gateway/edge"
	"tollgate/gateway/failpoint"
	"tollgate/providers"
)

// The bounds of writing a stream.
const (
	keepAlive  = 15 * time.Second // without a byte until the client gets a comment, at most
	maxWrite   = 16 << 10         // bytes of events that have arrived together and leave together
	maxPiece   = 64 << 10         // bytes of one write: a long event is written in several
	keptBuffer = 64 << 10         // bytes of a buffer that is kept for the next event
)

// comment is a line that says nothing: it holds the connection open, and shows that a
// client is gone.
const comment = ": keep-alive\n\n"

// streamBody writes a stream's events as server-sent events, in the connection's own
// goroutine. The server flushes each write, and closes the body exactly once, also when
// the client has gone.
//
// An event is never split between two writes unless it is very long, and never held
// back: events leave together only where the next one was there already when the one
// before it was to be written.
type streamBody struct {
	stream *gateway.Stream
	id     string
	agent  string
	path   string // of the request
	tell   edge.Tell
	frames frames
	file   bool   // what comes are the bytes of a file: nothing is put between them
	gone   func() // the client is not there any more
	end    func()
	every  time.Duration // without a byte until a comment, at most; 0 means keepAlive

	buf  []byte // what is written next
	done bool

	// mu is held by whoever writes: the connection's goroutine, but for the time that it
	// waits for an event.
	mu     sync.Mutex
	w      io.Writer
	wrote  bool        // something was written since the last beat
	beat   *time.Timer // twice within every
	over   bool
	broken error // why a comment could not be written
}

var errRead = errors.New("a stream is written, not read")

// Read is not how the server takes the body; see WriteTo.
func (b *streamBody) Read([]byte) (int, error) { return 0, errRead }

// SupportsBodyWriteTo says to the server that it must call WriteTo.
func (b *streamBody) SupportsBodyWriteTo() bool { return true }

// WriteTo writes the stream to its end. An error cuts the body: the client sees that it
// is not complete.
func (b *streamBody) WriteTo(w io.Writer) (n int64, err error) {
	b.mu.Lock()
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic in a stream: %v", v)
		}
		b.over = true
		if b.beat != nil {
			b.beat.Stop()
		}
		b.mu.Unlock()
	}()
	b.w, b.wrote, b.every = w, true, cmp.Or(b.every, keepAlive)
	if !b.file {
		b.beat = time.AfterFunc(b.every/2, b.heartbeat)
	}
	for !b.done {
		ev, err := b.wait()
		kept := buffers.Get().(*[]byte)
		b.buf = (*kept)[:0]
		b.fill(ev, err)
		if b.broken != nil {
			return n, b.broken
		}
		for rest := b.buf; len(rest) > 0; {
			m, err := b.write(rest[:min(len(rest), maxPiece)])
			if n += int64(m); err != nil {
				return n, err
			}
			rest = rest[m:]
		}
		if cap(b.buf) <= keptBuffer {
			*kept = b.buf
			buffers.Put(kept)
		}
		b.buf = nil
	}
	return n, nil
}

// buffers are what events are put together in. A stream has one only while it writes: most
// streams wait most of the time.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// write writes within the deadline that the connection has for each write.
func (b *streamBody) write(p []byte) (int, error) {
	b.wrote = true
	return b.w.Write(p)
}

// fill takes an event, and those that have arrived with it.
func (b *streamBody) fill(ev *providers.Event, err error) {
	b.take(ev, err)
	for !b.done {
		if n := b.stream.Ahead(); n == 0 || len(b.buf)+n > maxWrite {
			return
		}
		b.take(b.stream.Next())
	}
}

// wait waits for an event; meanwhile comments may be written.
func (b *streamBody) wait() (*providers.Event, error) {
	b.mu.Unlock()
	defer b.mu.Lock()
	return b.stream.Next()
}

// take takes an event into the buffer, or what the client is told at the end.
func (b *streamBody) take(ev *providers.Event, err error) {
	switch {
	case err != nil:
		b.done = true
		b.last(err)
	case b.file:
		b.buf, b.done = append(b.buf, ev.Data...), ev.Last
	default:
		b.buf, b.done = b.frames.event(b.buf, ev), ev.Last
	}
}

// last takes what the client is told at the end. The status is long sent: an error goes
// in-band, and no end mark follows it.
func (b *streamBody) last(err error) {
	switch {
	case b.file && !errors.Is(err, io.EOF):
		b.broken = err // the client sees that it is not complete; there is no other way to tell it
	case b.file:
	case errors.Is(err, io.EOF):
		b.buf = b.frames.end(b.buf)
	default:
		var refusal *ledger.Refusal
		if errors.As(err, &refusal) {
			err = b.stream.Refused(refusal)
		}
		told := b.tell(err, b.id, b.agent, b.path)
		b.buf = append(b.buf, b.frames.failure(told, b.id)...)
	}
}

// heartbeat writes a comment if nothing was written since the last beat. It runs beside the
// connection's goroutine, and only while that waits.
func (b *streamBody) heartbeat() {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer func() { // nobody above recovers: it would end the program
		if v := recover(); v != nil {
			b.broken = fmt.Errorf("panic in a comment: %v", v)
			b.gone()
		}
	}()
	if b.over || b.broken != nil {
		return
	}
	if b.wrote {
		b.wrote = false
	} else if _, err := b.write([]byte(comment)); err != nil {
		b.broken = err
		b.gone() // ends the wait
		return
	}
	b.beat.Reset(b.every / 2)
}

// Close ends the stream and what belongs to it. Nobody above recovers from a panic in
// here: it would end the program.
func (b *streamBody) Close() (err error) {
	defer b.end()
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic at the end of a stream: %v", v)
		}
	}()
	b.stream.Close()
	if b.done {
		err = failpoint.Hit(failpoint.AfterLastByte)
	}
	return err
}
