package gateway

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/providers"
)

// source is a stream of dispatch or of toll.
type source interface {
	Next() (*providers.Event, error)
	Ahead() int
	Close()
}

// Stream is a streamed answer on its way to the client.
type Stream struct {
	from  source
	seen  *observer
	ahead *peeked     // what was read before the client was told that it gets an answer
	first chan peeked // what is being read, since it was told without waiting for it any longer
	since time.Time   // when it was told
	once  sync.Once
}

// peeked is what a stream has begun with.
type peeked struct {
	ev       *providers.Event
	err      error
	panicked any
}

// stop ends the call and breaks its connection, unless from was closed before.
func (s *Stream) stop() { s.seen.call.life.End(context.Canceled) }

func (s *Stream) next() (*providers.Event, error) {
	if s.first != nil {
		p := <-s.first
		s.first = nil
		c := s.seen.call
		c.timing.answers += c.g.passing().Sub(s.since)
		if p.panicked != nil {
			panic(p.panicked)
		}
		if p.err == nil {
			c.use.Answered(true)
		}
		return p.ev, p.err
	}
	if p := s.ahead; p != nil {
		s.ahead = nil
		return p.ev, p.err
	}
	return s.from.Next()
}

// Late says that the first event is still awaited: the client should be told meanwhile
// that it gets an answer.
func (s *Stream) Late() bool { return s.first != nil }

// Ahead is how many bytes the next event has, if it has arrived whole and the client gets
// it: then Next waits neither for the upstream nor for the books. Else it is 0.
func (s *Stream) Ahead() int {
	if s.ahead != nil || s.first != nil {
		return 0
	}
	return s.from.Ahead()
}

// Next returns the next event for the client, which is valid until the next call. [io.EOF]
// says that the answer is complete and, if it was paid for, in the books; so is one whose
// last event is returned.
func (s *Stream) Next() (*providers.Event, error) {
	for {
		ev, err := s.next()
		if err != nil {
			s.end(err)
			return nil, err
		}
		s.seen.event(ev)
		if ev.Last {
			s.end(io.EOF)
		}
		if ev.Data != nil {
			return ev, nil
		}
	}
}

// Close ends the answer, complete or not. It may be called more than once.
func (s *Stream) Close() {
	defer s.stop()
	defer s.end(context.Canceled) // also after a panic
	if s.first != nil {
		s.stop()
		<-s.first
		s.first = nil
	}
	s.from.Close()
}

// Refused is what the caller is told at the end of an answer that outgrew its budget.
func (s *Stream) Refused(r *ledger.Refusal) *BudgetError {
	c := s.seen.call
	return &BudgetError{Refusal: r, Model: "this model any further", Free: c.freeNames(), At: c.g.Now()}
}

func (s *Stream) end(err error) {
	s.once.Do(func() {
		defer s.seen.call.done()
		if !errors.Is(err, io.EOF) { // else its connection can be used again, once it is closed
			defer s.stop()
		}
		var status string
		var refusal *ledger.Refusal
		up := providers.AsError(err)
		if up != nil {
			s.seen.call.blame(up)
		}
		switch {
		case errors.Is(err, io.EOF):
			status, err = s.seen.complete()
		case errors.As(err, &refusal):
			status = "budget_exceeded"
		case up != nil:
			status = up.Kind.String()
		case errors.Is(err, ledger.ErrUnavailable):
			status = "books_unavailable"
		case errors.Is(err, context.Canceled):
			status = "client_gone"
		default:
			status = "cut_off" // by us: at the end of a shutdown, or because the key was revoked
		}
		s.seen.finish(s.seen.call.g.passing(), status, err)
	})
}
