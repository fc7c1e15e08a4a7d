package balancer

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tollgate/gateway/catalog"
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

// hall is where calls wait. One that several deployments may serve stands in the lines of
// all of them at once, so there is one lock for all lines. A deployment without a limit
// never takes it.
type hall struct{ mu sync.Mutex }

// line lets so many calls pass at the same time and the others wait, first come, first
// served. How many is said by each call, since a reload may change it.
type line struct {
	inside  int
	waiting []*waiter // by when they came
	// length is how many of them are counted here: each is in one of its lines.
	length atomic.Int64
}

// place is what a call needs to begin: room in the line of the deployment and in that of
// its engine, where there are such lines. The zero value needs nothing.
type place struct {
	lines [2]*line // nil: there is none
	most  [2]int
}

func placeAt(d *deployment, dep *catalog.Deployment) (p place) {
	if dep.Parallel > 0 {
		p.lines[0], p.most[0] = &d.line, dep.Parallel
	}
	if dep.Provider.Parallel > 0 {
		p.lines[1], p.most[1] = &d.engine.line, dep.Provider.Parallel
	}
	return p
}

// limited says that a place has to be had before a call of a deployment begins.
func limited(dep *catalog.Deployment) bool { return dep.Parallel > 0 || dep.Provider.Parallel > 0 }

// full is the first line of a place in which there is no room; nil: there is room in all.
func (p place) full() *line {
	for i, l := range p.lines {
		if l != nil && l.inside >= p.most[i] {
			return l
		}
	}
	return nil
}

func (p place) take() {
	for _, l := range p.lines {
		if l != nil {
			l.inside++
		}
	}
}

// waiter is a call that waits for the first of some places.
type waiter struct {
	places []place
	came   time.Time
	home   *line         // the line that it is counted in
	got    int           // the place that it has; -1: none yet
	call   chan struct{} // closed when it has one
}

// lines are all lines that a call waits in, each once.
func (w *waiter) lines() (out []*line) {
	for _, p := range w.places {
		for _, l := range p.lines {
			if l != nil && !slices.Contains(out, l) {
				out = append(out, l)
			}
		}
	}
	return out
}

// try takes a place if there is room and nobody waits for it.
func (h *hall) try(p place) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, l := range p.lines {
		if l != nil && len(l.waiting) > 0 {
			return false
		}
	}
	if p.full() != nil {
		return false
	}
	p.take()
	return true
}

// enter waits for the first of some places to come free and says which that was. Of those
// that are free at once the first is taken. came is when the call came: who came before is
// let in before. Whoever has a place must leave it.
func (h *hall) enter(ctx context.Context, places []place, came time.Time, p *patience) (int, error) {
	w := &waiter{places: places, came: came, got: -1, call: make(chan struct{})}
	if err := h.join(w); err != nil {
		return 0, err
	}
	select {
	case <-w.call:
		return w.got, nil
	case <-ctx.Done():
		h.giveUp(w)
		return 0, context.Cause(ctx)
	case <-p.over():
		h.giveUp(w)
		return 0, ErrQueueWait
	}
}

// join puts a call into its lines, and lets it pass if there is a place for it.
func (h *hall) join(w *waiter) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	first := w.places[0]
	if w.home = first.full(); w.home == nil {
		w.home = first.lines[0]
		if w.home == nil {
			w.home = first.lines[1]
		}
	}
	if w.home.length.Load() >= MaxWaiting {
		return ErrQueueFull
	}
	w.home.length.Add(1)
	for _, l := range w.lines() {
		at, _ := slices.BinarySearchFunc(l.waiting, w.came, func(other *waiter, came time.Time) int {
			if other.came.After(came) {
				return 1
			}
			return -1 // of two that came at once the first stays the first
		})
		l.waiting = slices.Insert(l.waiting, at, w)
	}
	for i, p := range w.places {
		if p == (place{}) { // there is no limit
			w.pass(i)
			return nil
		}
		for _, l := range p.lines {
			if l != nil {
				l.admit()
			}
		}
		if w.got >= 0 {
			return nil
		}
	}
	return nil
}

// pass lets a call take one of its places, and out of all its lines. The mutex is held.
func (w *waiter) pass(at int) {
	w.got = at
	w.places[at].take()
	w.quit()
	close(w.call)
}

// quit takes a call out of its lines. The mutex is held.
func (w *waiter) quit() {
	w.home.length.Add(-1)
	for _, l := range w.lines() {
		at := slices.Index(l.waiting, w)
		l.waiting = slices.Delete(l.waiting, at, at+1)
	}
}

// giveUp takes a call out of its lines, or gives back the place that it got meanwhile.
func (h *hall) giveUp(w *waiter) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if w.got >= 0 {
		w.places[w.got].leave()
		return
	}
	w.quit()
	for _, l := range w.lines() {
		l.admit() // the next may have a wider limit
	}
}

// leave gives a place back.
func (h *hall) leave(p place) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p.leave()
}

// leave lets those in line pass for whom there is a place now. The mutex is held.
func (p place) leave() {
	for _, l := range p.lines {
		if l != nil {
			l.inside--
		}
	}
	for _, l := range p.lines {
		if l != nil {
			l.admit()
		}
	}
}

// admit lets those in line pass for whom there is a place, up to the first for whom the
// line itself has none. Who waits for room in another line keeps nobody back: what is free
// here stays free for it. The mutex is held.
func (l *line) admit() {
	for i := 0; i < len(l.waiting); {
		at, full := l.waiting[i].fits(l)
		switch {
		case at >= 0:
			l.waiting[i].pass(at) // the next one is here now
		case full:
			return
		default:
			i++
		}
	}
}

// fits finds a place by way of a line, of which full says that it has no room itself.
func (w *waiter) fits(by *line) (at int, full bool) {
	for i, p := range w.places {
		if p.lines[0] != by && p.lines[1] != by {
			continue
		}
		if p.full() == nil {
			return i, false
		}
		for i, l := range p.lines {
			full = full || l == by && l.inside >= p.most[i]
		}
	}
	return -1, full
}

// Busy says that a call of a deployment would have to wait for a place at present.
func (b *Balancer) Busy(dep *catalog.Deployment) bool {
	return limited(dep) && b.hall.busy(placeAt(b.of(dep, b.now()), dep))
}

// busy says that a call of a deployment would have to wait.
func (h *hall) busy(p place) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, l := range p.lines {
		if l != nil && (l.inside >= p.most[i] || len(l.waiting) > 0) {
			return true
		}
	}
	return false
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

func (p *patience) stop() {
	if p.timer != nil {
		p.timer.Stop()
	}
}
