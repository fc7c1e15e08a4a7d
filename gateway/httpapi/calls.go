package httpapi

import (
	"context"
	"fmt"
	"sync"
	"time"

	"tollgate/gateway"
	"tollgate/gateway/access"
	"tollgate/gateway/aside"
)

// lookEvery is how often the callers of running calls are looked at again.
const lookEvery = time.Second

// calls are those that run.
type calls struct {
	mu   sync.Mutex
	all  map[*running]struct{}
	once sync.Once
}

// running is a call that runs.
type running struct {
	life    gateway.Lifetime
	who     access.Principal
	unwatch func() // leaves off watching its client
}

// gone ends a call of which the client has left.
func (r *running) gone() { r.life.End(context.Canceled) }

// begin lists a call. It ends with the API's context at the latest.
func (a *API) begin(who access.Principal) *running {
	a.calls.once.Do(func() {
		context.AfterFunc(a.Context, func() {
			a.calls.each(func(r *running) { r.life.End(context.Cause(a.Context)) })
		})
	})
	r := &running{who: who}
	a.calls.add(r)
	if a.Context.Err() != nil { // perhaps after all were ended
		r.life.End(context.Cause(a.Context))
	}
	return r
}

func (s *calls) add(r *running) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = map[*running]struct{}{}
	}
	s.all[r] = struct{}{}
}

// end ends a call, leaves off watching its client and forgets it.
func (s *calls) end(r *running) {
	r.unwatch()
	r.life.End(context.Canceled)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, r)
}

func (s *calls) each(do func(*running)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for r := range s.all {
		do(r)
	}
}

func (s *calls) running() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int64(len(s.all))
}

// EndRevoked ends the calls of those who would not be let in any more, streamed or not,
// within [lookEvery] of this process knowing it, until ctx ends. Each client is told why.
func (a *API) EndRevoked(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			_ = aside.Try(a.Gateway.Log, "while calls of revoked keys were ended", func() error { a.endRevoked(); return nil })
		}
	}
}

func (a *API) endRevoked() {
	a.calls.each(func(r *running) {
		if err := a.Still(r.who); err != nil {
			r.life.End(fmt.Errorf("the call was ended: %w", err)) // it wakes others and waits for nobody
		}
	})
}
