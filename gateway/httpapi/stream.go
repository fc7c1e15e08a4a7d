package httpapi

import (
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway"
	"tollgate/gateway/edge"
	"tollgate/gateway/failpoint"
)

// writeStall is how long one write to a client may take.
const writeStall = 30 * time.Second

// streamBody writes a stream's events as server-sent events. The server reads it in
// the connection's own goroutine, flushes each chunk, and closes it exactly once,
// also when the client has gone.
type streamBody struct {
	stream *gateway.Stream
	conn   net.Conn
	id     string
	agent  string
	status int // of refusals for money, as it is configured
	frames frames
	end    func()

	buf  []byte
	done bool
}

// Read returns the next event, or the rest of it. It never returns nothing without
// an error: the server would spin.
func (b *streamBody) Read(p []byte) (n int, err error) {
	defer func() {
		if v := recover(); v != nil {
			n, err = 0, fmt.Errorf("panic in a stream: %v", v) // cuts the body: the client sees that it is not complete
		}
	}()
	if len(b.buf) == 0 {
		if b.done {
			return 0, io.EOF
		}
		if b.next(); len(b.buf) == 0 {
			return 0, io.EOF
		}
	}
	if err := b.conn.SetWriteDeadline(time.Now().Add(writeStall)); err != nil { //clock: the connection's own deadline
		return 0, err
	}
	n = copy(p, b.buf)
	b.buf = b.buf[n:]
	return n, nil
}

func (b *streamBody) next() {
	ev, err := b.stream.Next()
	switch {
	case err == nil:
		b.buf, b.done = b.frames.event(ev), ev.Last
		return
	case errors.Is(err, io.EOF):
		b.buf = b.frames.end()
	default:
		// The status is long sent: the error goes in-band, and no end mark follows it.
		var refusal *ledger.Refusal
		if errors.As(err, &refusal) {
			err = b.stream.Refused(refusal)
		}
		told := edge.Describe(err, b.id, b.agent, b.status)
		b.buf = b.frames.failure(told, b.id)
	}
	b.done = true
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
	return errors.Join(err, b.conn.SetWriteDeadline(time.Time{}))
}
