package httpapi

import (
	"context"
	"fmt"
	"sync"
	"time"

	"tollgate/gateway/access"
)

// lookEvery is how often the callers of running streams are looked at again.
const lookEvery = time.Second

// streams are the streams that run, with whom each is for.
type streams struct {
	mu  sync.Mutex
	all map[*streaming]struct{}
}

type streaming struct {
	who    access.Principal
	cancel context.CancelCauseFunc
}

func (s *streams) add(st *streaming) (remove func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = map[*streaming]struct{}{}
	}
	s.all[st] = struct{}{}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.all, st)
	}
}

// EndRevoked ends the streams of those who would not be let in any more, within
// [lookEvery] of this process knowing it, until ctx ends. Each stream is told why.
func (a *API) EndRevoked(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			a.endRevoked()
		}
	}
}

func (a *API) endRevoked() {
	a.streams.mu.Lock()
	defer a.streams.mu.Unlock()
	for st := range a.streams.all {
		if err := a.Still(st.who); err != nil {
			st.cancel(fmt.Errorf("the stream was ended: %w", err)) // it wakes others and waits for nobody
		}
	}
}
