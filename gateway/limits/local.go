package limits

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tollgate/accounting/scope"
)

// MaxBuckets is how many buckets this process keeps at once. Accounts for which there
// is no room share one bucket of their rule until others are full and forgotten: they
// are limited together, and never unlimited.
const MaxBuckets = 1_000_000

// rest is the account of what accounts without a bucket of their own share.
var rest = scope.Account{ID: "\x00rest"}

// local keeps buckets in this process. Each has its own lock; the locks of one request
// are taken in the one order of buckets.
type local struct {
	now     func() time.Time
	start   time.Time
	most    int64
	buckets sync.Map // Bucket -> *bucket
	count   atomic.Int64
	crowded chan struct{} // somebody found no room
}

type bucket struct {
	mu    sync.Mutex
	at    int64 // when the level was true, in microseconds since the start
	state State
	gone  bool // no longer in the map: look again
}

func newLocal(now func() time.Time, most int64) *local {
	return &local{now: now, start: now(), most: most, crowded: make(chan struct{}, 1)}
}

// micros is the time since the start. With the system's clock it is monotonic.
func (s *local) micros() int64 { return s.now().Sub(s.start).Microseconds() }

// find returns the bucket of a name, made if there is none and room for it.
func (s *local) find(name Bucket) (Bucket, *bucket) {
	if b, ok := s.buckets.Load(name); ok {
		return name, b.(*bucket)
	}
	if s.count.Load() >= s.most && name.Account != rest {
		select {
		case s.crowded <- struct{}{}:
		default:
		}
		name.Account = rest
		return s.find(name)
	}
	b, loaded := s.buckets.LoadOrStore(name, &bucket{})
	if !loaded {
		s.count.Add(1)
	}
	return name, b.(*bucket)
}

// lock locks the bucket of a name, which may be another one; see [local.find].
func (s *local) lock(name Bucket) *bucket {
	for {
		_, b := s.find(name)
		b.mu.Lock()
		if !b.gone {
			return b
		}
		b.mu.Unlock()
	}
}

// lockAll locks the buckets of some asks, in the one order and each once, and returns them
// by ask, and those that are held. Accounts without a bucket of their own share one: of
// several asks of it the first takes, and the others nothing.
func (s *local) lockAll(asks []Ask) (of, held []*bucket) {
	of, held = make([]*bucket, len(asks)), make([]*bucket, 0, len(asks))
	order := make([]int, len(asks))
	for {
		for i := range asks {
			asks[i].Bucket, of[i] = s.find(asks[i].Bucket)
			order[i] = i
		}
		slices.SortStableFunc(order, func(i, j int) int { return asks[i].Bucket.compare(asks[j].Bucket) })
		var others []int
		gone := false
		for _, i := range order {
			if n := len(held); n > 0 && held[n-1] == of[i] {
				others = append(others, i)
				continue
			}
			of[i].mu.Lock()
			held = append(held, of[i])
			gone = gone || of[i].gone
		}
		if !gone {
			for _, i := range others {
				asks[i].Units = 0
			}
			return of, held
		}
		unlock(held)
		held = held[:0]
	}
}

func unlock(all []*bucket) {
	for _, b := range all {
		b.mu.Unlock()
	}
}

// advance brings a locked bucket to the present.
func (b *bucket) advance(now, limit int64) {
	b.state.Level = b.state.Level.after(now-b.at, limit)
	b.at = now
}

func (s *local) Take(_ context.Context, asks []Ask, _ string) (bool, []State, error) {
	of, held := s.lockAll(asks)
	defer unlock(held)
	now := s.micros() // not before: no bucket may go back in time
	before, fits := make([]State, len(asks)), true
	for i, b := range of {
		b.advance(now, asks[i].Limit)
		before[i] = b.state
		fits = fits && asks[i].fits(b.state)
	}
	if fits {
		for i, b := range of {
			b.state = asks[i].take(b.state)
		}
	}
	return fits, before, nil
}

func (s *local) Put(_ context.Context, changes []Change, _ string) ([]State, error) {
	after := make([]State, len(changes))
	for i, c := range changes {
		v, back := c.Cost()
		if _, ok := s.buckets.Load(c.Bucket); !ok && back {
			continue // forgotten, so it is full
		}
		b := s.lock(c.Bucket)
		b.advance(s.micros(), c.Limit)
		switch {
		case c.Bucket.Metric == Concurrent:
			b.state.Running--
		case back:
			b.state.Level = b.state.Level.minus(v, c.Limit)
		default:
			b.state.Level = b.state.Level.plus(v, c.Limit)
		}
		after[i] = b.state
		b.mu.Unlock()
	}
	return after, nil
}

func (s *local) Renew(context.Context, []Slot) error { return nil }

// Tidy forgets buckets that are full and in no use: the next request finds a new one,
// which is full too.
func (s *local) Tidy(context.Context) error {
	now := s.micros()
	s.buckets.Range(func(name, v any) bool {
		b := v.(*bucket)
		b.mu.Lock()
		defer b.mu.Unlock()
		if !b.gone && b.state.Running == 0 && b.state.Level.full() <= time.Duration(now-b.at)*time.Microsecond {
			b.gone = true
			s.buckets.Delete(name)
			s.count.Add(-1)
		}
		return true
	})
	return nil
}

func (s *local) Close() error { return nil }
