package toll

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/tokens"
	"tollgate/gateway/catalog"
	"tollgate/gateway/dispatch"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// MaxBackground is how many calls one process follows that their upstreams work on in
// the background.
const MaxBackground = 1000

// How a call in the background is followed.
const (
	followFirst = 500 * time.Millisecond // until the first look; each pause is twice the one before
	followMost  = 30 * time.Second       // between two looks
	followLook  = 30 * time.Second       // for one look
	followLast  = 2 * time.Second        // for the last look, at the end of a shutdown's patience
	followFor   = 24 * time.Hour         // in all; what has not ended by then is uncertain
)

// ErrBackgroundFull says that no more calls in the background can be followed.
var ErrBackgroundFull = errors.New("too many calls run in the background: wait for some of them to end")

// following are the calls whose upstreams work on while nobody waits. Their holds stay
// open until they are known to have ended, and are then settled at what was reported.
// Where a process ends before, the next one books them as uncertain and follows them
// again; see [Toll.Resume].
type following struct {
	places chan struct{}
	stop   context.CancelFunc
	ctx    context.Context
	all    sync.WaitGroup
	mu     sync.Mutex // guards closed: nothing is added to all after it was waited for
	closed bool
}

func (f *following) start() {
	f.places = make(chan struct{}, MaxBackground)
	f.ctx, f.stop = context.WithCancel(context.Background())
}

// take takes a place, to be given back by what it returns; nil if there is none.
func (f *following) take() (leave func()) {
	select {
	case f.places <- struct{}{}:
		return func() { <-f.places }
	default:
		return nil
	}
}

func (f *following) close() {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	f.stop()
	f.all.Wait()
}

// followOn follows an attempt until its upstream has done with it. Nobody else touches
// the meter from here on.
func (t *Toll) followOn(m *meter) {
	t.follow.mu.Lock()
	defer t.follow.mu.Unlock()
	if t.follow.closed {
		m.handOver()
		return
	}
	t.follow.all.Go(func() {
		defer func() {
			if v := recover(); v != nil {
				t.log.Error("panic while a call in the background was followed", "request", m.plan.call.RequestID, "panic", v)
				m.fail("panic", true)
			}
		}()
		t.followUp(m)
	})
}

func (t *Toll) followUp(m *meter) {
	end := time.NewTimer(followFor)
	defer end.Stop()
	pause := followFirst
	if m.again {
		pause = 0 // it may have ended long ago
	}
	for ; ; pause = min(max(2*pause, followFirst), followMost) {
		wait := time.NewTimer(pause)
		select {
		case <-wait.C:
			if t.look(t.follow.ctx, m, followLook) {
				return
			}
			continue
		case <-end.C:
			wait.Stop()
			m.fail("timed_out", true)
		case <-t.follow.ctx.Done():
			wait.Stop()
			if !t.look(context.Background(), m, followLast) {
				m.handOver()
			}
		}
		return
	}
}

// handOver leaves an attempt to the next process: its hold stays, is found without an
// owner, and tells where the call goes on.
func (m *meter) handOver() { m.once.Do(m.leave) }

// Resume follows calls again whose process is gone and that were booked as uncertain, so
// that their entries are corrected once their upstreams tell what they were. find returns
// what serves a public name as a deployment now; nil: nothing. A call whose price is not
// what it was admitted at stays uncertain, and so does one too many.
func (t *Toll) Resume(all []ledger.Going, find func(model, deployment string) catalog.Candidate) {
	for _, g := range all {
		var dep *catalog.Deployment
		var price accounting.Priced
		switch c := find(g.Hold.Facts.Model, g.Hold.Facts.Deployment).(type) {
		case catalog.Paid:
			dep, price = c.Deployment, c.Price
		case catalog.Unpriced:
			if c.Ceiling != nil {
				dep, price = c.Deployment, *c.Ceiling
			}
		case catalog.Free: // it has become free: nothing is followed, and nothing more is booked
		}
		log := t.log.With("request", g.Hold.Facts.RequestID, "deployment", g.Hold.Facts.Deployment)
		if dep == nil || price.Version() != g.Hold.PriceVersion {
			log.Warn("a call goes on in the background and what it costs is not known any more: it stays uncertain")
			continue
		}
		slot := t.follow.take()
		if slot == nil {
			log.Warn("a call goes on in the background and too many are followed: it stays uncertain")
			continue
		}
		call := Call{Call: providers.Call{Operation: providers.Responses, AttemptID: g.Hold.ID}, Params: wire.Params{Choices: 1, Background: true}, RequestID: g.Hold.Facts.RequestID}
		m := &meter{toll: t, plan: &plan{dep: dep, price: price, call: call}, hold: g, charge: &Charge{}, began: g.Hold.At, running: g.Hold.Progress.Running, slot: slot, again: true}
		t.followOn(m)
	}
}

// look asks the upstream how far it is and settles the attempt if it has ended.
func (t *Toll) look(ctx context.Context, m *meter, patience time.Duration) (ended bool) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	got, err := t.dispatch.Do(ctx, m.plan.dep, providers.Call{Operation: providers.ResponsesGet, Response: m.running, AttemptID: m.plan.call.AttemptID})
	switch up := providers.AsError(err); {
	case up != nil && up.Status == http.StatusNotFound:
		m.fail("lost", true) // the upstream has forgotten it, and with it what it used
		return true
	case err != nil:
		t.log.Warn("a call in the background could not be looked at; it is tried again", "request", m.plan.call.RequestID, "deployment", m.plan.dep.ID, "error", dispatch.Told(err))
		return false
	case got.Answer.Running != "":
		return false
	}
	m.text, m.lags = tokens.Growing{}, false // the answer has all that a stream has shown of it
	if m.again && got.Answer.Usage == nil {
		m.fail("uncounted", true) // nobody has its prompt, to count it here
		return true
	}
	m.whole(got.Answer)
	if err := m.complete(got.Answer.Failed); err != nil {
		t.log.Error("a call in the background could not be settled at once", "request", m.plan.call.RequestID, "error", err.Error())
	}
	return true
}
