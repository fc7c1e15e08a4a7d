package toll

import (
	"context"
	"errors"
	"io"

	"tollgate/accounting/ledger"
	"tollgate/gateway/dispatch"
	"tollgate/providers"
)

// Stream is a streamed answer that is being paid for. It settles before its end is
// known to the caller, and when it is closed before.
type Stream struct {
	from *dispatch.Stream
	m    *meter
	ctx  context.Context
	err  error
	done bool // came to its end mark
	left bool // to who follows it
}

// Next returns the next event. [io.EOF] says that the answer is complete and
// settled. A [*ledger.Refusal] says that the answer outgrew its hold and a budget
// has no more: the upstream was stopped, and what was produced is settled.
func (s *Stream) Next() (*providers.Event, error) {
	if s.err != nil {
		return nil, s.err
	}
	ev, err := s.from.Next()
	if err == nil {
		err = s.m.arrived()
	}
	if err == nil {
		s.m.goesOn(ev.Running)
		s.m.event(ev)
		if ev.Last {
			// The client takes this event for the end: it leaves when the books have it.
			s.done = true
			if s.err = s.m.complete(ev.Failed); s.err != nil {
				return nil, s.err
			}
			s.err = io.EOF
			return ev, nil
		}
		if err = s.m.grow(s.ctx); err == nil {
			s.m.checkpoint()
			return ev, nil
		}
		s.from.Close()
		s.m.fail(stopped(err), false)
		s.err = err
		return ev, nil // this event was produced and is paid for
	}
	switch {
	case errors.Is(err, io.EOF):
		s.done = true
		if failed := s.m.complete(nil); failed != nil {
			err = failed
		}
	case s.follows():
	default:
		s.m.failed(err, true)
	}
	s.err = err
	return nil, err
}

// Ahead is as [dispatch.Stream.Ahead] says, and 0 where the next event might have to wait
// for the books: what is there already need not wait with it.
func (s *Stream) Ahead() int {
	if s.err != nil {
		return 0
	}
	n := s.from.Ahead()
	if s.m.near(int64(n)) {
		return 0
	}
	return n
}

// stopped is the status of an answer whose hold could not follow it.
func stopped(err error) string {
	var refusal *ledger.Refusal
	switch {
	case errors.As(err, &refusal):
		return "budget_exceeded"
	case errors.Is(err, ledger.ErrUnavailable):
		return "books_unavailable"
	case errors.Is(err, ledger.ErrNotOpen):
		return "hold_lost" // this process was taken for dead, and its call booked as an orphan
	}
	return statusOf(err) // it was ended while it waited for the books
}

// Close ends the stream. If it was not complete the upstream's work is stopped and
// what was produced is settled.
func (s *Stream) Close() {
	s.from.Close()
	if !s.follows() {
		s.m.fail("client_gone", false)
	}
}

// follows hands an answer that is not complete over to who follows it, if its upstream
// works on in the background all the same.
func (s *Stream) follows() bool {
	if s.m.slot == nil || s.m.running == "" || s.done {
		return false
	}
	if !s.left {
		s.left = true
		s.m.toll.followOn(s.m)
	}
	return true
}
