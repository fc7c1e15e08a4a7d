package balancer

import (
	"slices"
	"strings"
	"time"
)

// State is how one deployment is at a moment.
type State struct {
	Deployment string
	Family     string // what it is counted under
	Provider   string
	Breaker    string        // closed, open, half_open or cooling
	Ill        Ill           // why it comes after everything else, if it does
	Until      time.Time     // when an open or cooling one may be called again; zero otherwise
	InRow      int           // failures one after another
	LastError  string        // the kind of the last failure; "" if there was none
	LastAt     time.Time     // of the last failure
	InFlight   int64         // calls that run
	Waiting    int           // calls that wait in the line of the deployment
	Queued     int           // calls that wait in the line of its provider
	FirstToken time.Duration // as averaged; 0 if nothing is known
	Signals    *Signals      // what its engine has said lately; nil if nothing
}

// States says how every deployment is that has been called, by name.
func (b *Balancer) States() []State {
	now := b.now()
	var out []State
	b.deps.Range(func(_, d any) bool {
		s := d.(*deployment).state(now)
		s.Until, s.LastAt, s.Signals = b.dated(s.Until, now), b.dated(s.LastAt, now), b.told(s.Signals, now)
		out = append(out, s)
		return true
	})
	slices.SortFunc(out, func(x, y State) int { return strings.Compare(x.Deployment, y.Deployment) })
	return out
}

func (d *deployment) state(now time.Time) State {
	s := State{Deployment: d.id, Family: d.family, Provider: d.engine.name, InFlight: d.inFlight.Load(), Waiting: int(d.line.length.Load()), Queued: int(d.engine.line.length.Load()), Signals: d.engine.fresh(now), Ill: d.engine.ill(d, now)}
	d.mu.Lock()
	defer d.mu.Unlock()
	s.Breaker, s.Until = d.breaker.state(now)
	s.InRow, s.LastAt, s.FirstToken = d.breaker.inRow, d.breaker.lastAt, d.pace.value
	if d.breaker.last != 0 {
		s.LastError = d.breaker.last.String()
	}
	return s
}

// Engine says what a provider's engine has said lately; nil if nothing.
func (b *Balancer) Engine(provider string) *Signals {
	now := b.now()
	return b.told(b.engine(provider).fresh(now), now)
}

// told are signals with their time by the clock as it is set.
func (b *Balancer) told(s *Signals, now time.Time) *Signals {
	if s == nil {
		return nil
	}
	told := *s
	told.At = b.dated(s.At, now)
	return &told
}
