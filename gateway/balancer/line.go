package balancer

import (
	"context"
	"errors"
	"sync"
	"time"
)

// MaxWaiting is how many calls may wait in one line.
const MaxWaiting = 1000

// The ends of a wait without a place.
var (
	// ErrQueueFull says that too many calls wait already.
	ErrQueueFull = errors.New("too many requests wait for the model already")
	// ErrQueueWait says that no place came free in the time that a call may wait.
	ErrQueueWait = errors.New("the model is busy and no place came free in time")
)

// line lets so many calls pass at the same time and the others wait, first come, first
// served. How many is said by each call, since a reload may change it.
type line struct {
	mu      sync.Mutex
	inside  int
	waiting []*waiter
}

type waiter struct {
	most int
	call chan struct{} // closed when it has a place
}

// enter waits for a place. Whoever has one must leave.
func (l *line) enter(ctx context.Context, most int, p *patience) error {
	l.mu.Lock()
	switch {
	case len(l.waiting) == 0 && l.inside < most:
		l.inside++
		l.mu.Unlock()
		return nil
	case len(l.waiting) >= MaxWaiting:
		l.mu.Unlock()
		return ErrQueueFull
	}
	w := &waiter{most, make(chan struct{})}
	l.waiting = append(l.waiting, w)
	l.mu.Unlock()
	select {
	case <-w.call:
		return nil
	case <-ctx.Done():
		l.giveUp(w)
		return context.Cause(ctx)
	case <-p.over():
		l.giveUp(w)
		return ErrQueueWait
	}
}

// giveUp takes a call out of the line, or gives back the place that it got meanwhile.
func (l *line) giveUp(w *waiter) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, other := range l.waiting {
		if other == w {
			l.waiting = append(l.waiting[:i], l.waiting[i+1:]...)
			l.admit() // the next may have a wider limit
			return
		}
	}
	l.inside--
	l.admit()
}

func (l *line) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inside--
	l.admit()
}

// admit lets those at the head pass for whom there is a place. The mutex is held.
func (l *line) admit() {
	n := 0
	for n < len(l.waiting) && l.inside < l.waiting[n].most {
		l.inside++
		close(l.waiting[n].call)
		n++
	}
	l.waiting = append(l.waiting[:0], l.waiting[n:]...)
}

// full says that a call would have to wait.
func (l *line) full(most int) bool {
	if most == 0 {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.inside >= most || len(l.waiting) > 0
}

func (l *line) length() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.waiting)
}

// patience is how long a call waits in all its lines. Its timer is made when it first
// has to.
type patience struct {
	longest time.Duration
	timer   *time.Timer
}

func (p *patience) over() <-chan time.Time {
	if p.timer == nil {
		p.timer = time.NewTimer(p.longest)
	}
	return p.timer.C
}

func (p *patience) waited() bool { return p.timer != nil }

func (p *patience) stop() {
	if p.timer != nil {
		p.timer.Stop()
	}
}
