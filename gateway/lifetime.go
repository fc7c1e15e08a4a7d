package gateway

import (
	"context"
	"sync"
	"time"
)

// Lifetime is the context of one call. It ends when somebody ends it, and [context.Cause]
// says why. An everyday call only asks whether it has ended: what the standard library
// needs, to wait for that or to derive another context, is made when it is asked for. The
// zero value is a call that has begun.
type Lifetime struct {
	mu    sync.Mutex
	cause error // nil: it has not ended
	first *afterwards
	ended chan struct{}   // nil: nobody waits for it
	std   context.Context // nil: nobody has asked for it
	end   context.CancelCauseFunc
}

// afterwards is what is called at the end of a call.
type afterwards struct {
	of   *Lifetime
	f    func()
	next *afterwards
}

// End ends the call, with a reason. Calls after the first do nothing.
func (l *Lifetime) End(why error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cause != nil {
		return
	}
	l.cause = why
	if l.std != nil {
		l.end(why)
	}
	if l.ended != nil {
		close(l.ended)
	}
	for a := l.first; a != nil; a = a.next {
		go a.f()
	}
	l.first = nil
}

// AfterFunc is what [context.AfterFunc] would do.
func (l *Lifetime) AfterFunc(f func()) (stop func() bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cause != nil {
		go f()
		return func() bool { return false }
	}
	l.first = &afterwards{l, f, l.first}
	return l.first.stop
}

func (a *afterwards) stop() bool {
	a.of.mu.Lock()
	defer a.of.mu.Unlock()
	for at := &a.of.first; *at != nil; at = &(*at).next {
		if *at == a {
			*at = a.next
			return true
		}
	}
	return false
}

// Err implements [context.Context].
func (l *Lifetime) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cause != nil {
		return context.Canceled
	}
	return nil
}

// standard is the same as a context of the standard library.
func (l *Lifetime) standard() context.Context {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.std == nil {
		l.std, l.end = context.WithCancelCause(context.Background())
		if l.cause != nil {
			l.end(l.cause)
		}
	}
	return l.std
}

// Done implements [context.Context].
func (l *Lifetime) Done() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended == nil {
		l.ended = make(chan struct{})
		if l.cause != nil {
			close(l.ended)
		}
	}
	return l.ended
}

// Value implements [context.Context]. There are no values but the standard library's own.
func (l *Lifetime) Value(key any) any { return l.standard().Value(key) }

// Deadline implements [context.Context]. It names none: a call ends when it is ended.
func (l *Lifetime) Deadline() (time.Time, bool) { return time.Time{}, false }
