package main

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"tollgate/gateway/aside"
	"tollgate/gateway/catalog"
)

// keep begins what a server does beside requests, again and again until it is closed:
// it keeps the store in order, ends what processes that are gone have left open, takes
// over what other replicas change, ends the calls of keys that are revoked, and gives
// back memory that it does not need.
func (s *server) keep() {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	s.resume()
	wg.Go(func() { s.tend(ctx) })
	wg.Go(func() { s.control.FollowChanges(ctx) })
	wg.Go(func() { s.retain(ctx) })
	wg.Go(func() { s.api.EndRevoked(ctx) })
	wg.Go(func() { rest(ctx) })
	s.unkeep = func() { cancel(); wg.Wait() }
}

// tend renews the lease of this replica in time, and settles orphans and forgets what
// has run out as often. It is never in the way of itself, and each replica does it at
// other moments.
func (s *server) tend(ctx context.Context) {
	t := tender{s: s, renewed: time.Now()}
	for {
		every := s.store.TendEvery()
		timer := time.NewTimer(every*4/5 + rand.N(every/5))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		_ = aside.Try(s.log, "while the lease was renewed and orphans were settled", func() error { t.round(ctx); return nil })
	}
}

// retainEvery is how often what is older than `retention` is removed.
const retainEvery = 24 * time.Hour

// retain removes what is older than the configuration says, at the start and once a day.
func (s *server) retain(ctx context.Context) {
	tick := time.NewTicker(retainEvery)
	defer tick.Stop()
	for {
		if months := s.settings.Load().retention; months > 0 {
			if err := aside.Try(s.log, "while old entries were removed", func() error {
				_, err := s.control.Retain(ctx, months, "retention")
				return err
			}); err != nil && ctx.Err() == nil {
				s.log.Error("entries that are older than `retention` could not be removed; it is tried again in a day", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// tender remembers when the lease was renewed.
type tender struct {
	s       *server
	renewed time.Time
	lost    bool // the lease has ended, and that was said
}

// round renews first: until then the other replicas may take this one for dead.
func (t *tender) round(ctx context.Context) {
	log := t.s.log
	brief, cancel := context.WithTimeout(ctx, t.s.store.TendEvery())
	defer cancel()
	asked := time.Now()
	if err := t.s.store.Renew(brief); err != nil {
		if ctx.Err() != nil {
			return
		}
		log.Error("the lease could not be renewed", "error", err)
		if !t.lost && time.Since(t.renewed) >= t.s.store.Lease() {
			t.lost = true
			log.Error("the lease has ended, since the database has not answered for its whole length: other replicas may book the calls that run here as uncertain; each is corrected when it ends")
		}
		return
	}
	if t.lost {
		log.Info("the database answers again and the lease is renewed")
	}
	t.renewed, t.lost = asked, false
	sweep, done := context.WithTimeout(ctx, t.s.store.Lease()/2) // the lease must be renewed in time
	defer done()
	n, err := t.s.books.SettleOrphans(sweep)
	t.s.orphaned(n)
	t.s.resume()
	if err != nil && ctx.Err() == nil {
		log.Error("orphans could not be settled", "error", err)
	}
	if err := t.s.store.Forget(ctx); err != nil && ctx.Err() == nil {
		log.Error("what has run out could not be forgotten", "error", err)
	}
}

// resume follows again what goes on at an upstream though its process is gone.
func (s *server) resume() {
	s.toll.Resume(s.books.Going(), func(model, deployment string) catalog.Candidate {
		route, err := s.gateway.Catalog.Snapshot().Resolve(model)
		if err != nil {
			return nil
		}
		for _, c := range route.Candidates() {
			if c.Of().ID == deployment {
				return c
			}
		}
		return nil
	})
}

// orphaned says how many calls of processes that are gone were booked.
func (s *server) orphaned(calls int) {
	if calls > 0 {
		s.log.Warn("a process ended with calls under way; each is booked as far as its answer was known to have got, or as `orphans` says, and marked uncertain", "calls", calls)
	}
}

// settleOrphans books what processes that are gone have left open, before the first
// request.
func (s *server) settleOrphans(ctx context.Context) error {
	for {
		n, err := s.books.SettleOrphans(ctx)
		s.orphaned(n)
		if err != nil || n == 0 {
			return err
		}
		if err := s.store.Renew(ctx); err != nil { // many may take long
			return err
		}
	}
}
