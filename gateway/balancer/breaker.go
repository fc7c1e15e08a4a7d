package balancer

import (
	"fmt"
	"time"

	"tollgate/providers"
)

// When a deployment is left out, and for how long (trust.md P4).
const (
	TripInRow  = 5                // failures one after another
	TripOf     = 20               // calls within TripWithin, of which half failed
	TripWithin = 30 * time.Second // whole seconds
	CoolFirst  = 10 * time.Second // and twice as long each time a probe fails
	CoolMost   = 2 * time.Minute  // also of the wait that an upstream asks for
	probeFor   = CoolFirst        // how long a probe may keep other calls from trying
)

const statusUnauthorized = 401

// strikes says whether a failure speaks against the deployment: no connection, a broken
// answer, a deadline, a status of 500 and above, or our own credential refused.
func strikes(e *providers.Error) bool {
	switch e.Kind {
	case providers.BadAnswer:
		return !e.Oversize
	case providers.Unreachable:
		return !e.Ours
	case providers.Lost, providers.TimedOut, providers.Truncated,
		providers.ServerError, providers.Overloaded, providers.KeyRefused:
		return true
	}
	return false
}

// Shut says that a deployment is left out for a while.
type Shut struct {
	Deployment string
	Wait       time.Duration // until it is tried again; above 0
	// Kind is how it failed last: [providers.RateLimited] if its upstream asked for the
	// wait.
	Kind providers.ErrorKind
}

func (e *Shut) Error() string {
	return fmt.Sprintf("%s is left out for %s: %s", e.Deployment, e.Wait.Round(time.Millisecond), e.Kind)
}

// breaker decides whether a deployment is called at all. Whoever holds it holds its
// deployment's lock.
type breaker struct {
	inRow   int
	seconds [TripWithin / time.Second]tally
	open    bool
	opened  int       // how many times in a row
	until   time.Time // when it may be tried again
	probe   time.Time // when the call began that tries it; zero: none does
	cooling time.Time // until when the upstream asked to be left alone
	asked   providers.ErrorKind
	why     providers.ErrorKind // it was opened
	last    providers.ErrorKind
	lastAt  time.Time
}

// tally is what one second has brought.
type tally struct {
	second  int64
	ok, bad int
}

// wary says that a call has to ask.
func (b *breaker) wary(now time.Time) bool { return b.open || now.Before(b.cooling) }

// enter lets a call pass against which nothing stands. Where the deployment is open and
// its time is over, the call is the one that tries it: probe is then when it began.
func (b *breaker) enter(now time.Time) (probe time.Time) {
	if b.open {
		b.probe = now
	}
	return b.probe
}

// against says what stands against a call at present; nil if nothing does. A probe that
// takes its time, as an engine that loads a model does, stops being in the way.
func (b *breaker) against(now time.Time) *Shut {
	if now.Before(b.cooling) {
		return &Shut{Wait: b.cooling.Sub(now), Kind: b.asked}
	}
	if !b.open {
		return nil
	}
	until := b.until
	if !b.probe.IsZero() {
		until = b.probe.Add(probeFor)
	}
	if now.Before(until) {
		return &Shut{Wait: until.Sub(now), Kind: b.why}
	}
	return nil
}

func (b *breaker) second(now time.Time) *tally {
	s := now.Unix()
	t := &b.seconds[s%int64(len(b.seconds))]
	if t.second != s {
		*t = tally{second: s}
	}
	return t
}

// succeed counts a call that was answered.
func (b *breaker) succeed(now time.Time) {
	if b.open {
		return // it began before; only a probe closes
	}
	b.inRow = 0
	b.second(now).ok++
}

// proven closes the breaker, because a probe was answered.
func (b *breaker) proven() (closed bool) {
	closed = b.open
	b.open, b.opened, b.inRow, b.probe = false, 0, 0, time.Time{}
	b.seconds = [len(b.seconds)]tally{}
	return closed
}

// fail counts a failure. probe is not zero if the call tried the deployment; atOnce
// opens it whatever was before.
func (b *breaker) fail(now time.Time, kind providers.ErrorKind, probe time.Time, atOnce bool) (opened bool) {
	b.last, b.lastAt = kind, now
	if b.open {
		if probe.IsZero() || !probe.Equal(b.probe) {
			return false // it began before
		}
		b.trip(now)
		return true
	}
	b.inRow++
	b.second(now).bad++
	if !atOnce && b.inRow < TripInRow && !b.half(now) {
		return false
	}
	b.trip(now)
	return true
}

// half says that of enough calls half have failed.
func (b *breaker) half(now time.Time) bool {
	ok, bad := 0, 0
	for _, t := range b.seconds {
		if t.second > now.Unix()-int64(len(b.seconds)) {
			ok, bad = ok+t.ok, bad+t.bad
		}
	}
	return ok+bad >= TripOf && 2*bad >= ok+bad
}

func (b *breaker) trip(now time.Time) {
	b.open, b.why, b.probe = true, b.last, time.Time{}
	b.until = now.Add(min(CoolFirst<<min(b.opened, 10), CoolMost))
	b.opened++
}

// release gives up a probe from which nothing was learnt.
func (b *breaker) release(probe time.Time) {
	if probe.Equal(b.probe) {
		b.probe = time.Time{}
	}
}

// cool keeps calls away for as long as the upstream asks.
func (b *breaker) cool(now time.Time, kind providers.ErrorKind, wait time.Duration) {
	b.last, b.lastAt = kind, now
	if until := now.Add(min(wait, CoolMost)); until.After(b.cooling) {
		b.cooling, b.asked = until, kind
	}
}

// hurry lets the next call try at once, where what failed was the way to the engine: a
// look has shown that it is there.
func (b *breaker) hurry(now time.Time) {
	if b.hurries(now) {
		b.until = now
	}
}

func (b *breaker) hurries(now time.Time) bool {
	switch b.why {
	case providers.Unreachable, providers.Lost, providers.Overloaded:
		return b.open && now.Before(b.until)
	}
	return false
}

// The states of a breaker, as they are shown.
const (
	Closed   = "closed"
	Open     = "open"
	HalfOpen = "half_open" // one call may try, or does
	Cooling  = "cooling"   // the upstream has asked for a pause
)

func (b *breaker) state(now time.Time) (string, time.Time) {
	switch {
	case b.open && now.Before(b.until):
		return Open, b.until
	case now.Before(b.cooling):
		return Cooling, b.cooling
	case b.open:
		return HalfOpen, time.Time{}
	}
	return Closed, time.Time{}
}
