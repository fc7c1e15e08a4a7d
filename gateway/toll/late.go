package toll

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/aside"
)

// maxLate is how many ends of calls may wait for the books, with those to come of calls
// that are held for in memory.
const maxLate = 100_000

// lateQueue keeps what the books had no answer for: settlements and releases that
// are tried again until they succeed, and, where the operator allows it, holds in
// memory.
type lateQueue struct {
	toll *Toll
	wake chan struct{}
	stop chan struct{}
	done chan struct{}
	once sync.Once

	mu      sync.Mutex
	ends    []func(context.Context) error
	trying  int              // of those that were taken out to be tried
	offline accounting.Money // held or spent in memory and not in the books yet
	memory  int              // holds in memory that have not ended: each has a place among the ends
}

func (q *lateQueue) start(t *Toll) {
	q.toll, q.wake, q.stop, q.done = t, make(chan struct{}, 1), make(chan struct{}), make(chan struct{})
	go q.loop()
}

func (q *lateQueue) close(ctx context.Context) error {
	q.once.Do(func() { close(q.stop) })
	<-q.done
	for q.run(ctx) > 0 {
		select {
		case <-ctx.Done():
			q.mu.Lock()
			defer q.mu.Unlock()
			return fmt.Errorf("%d calls could not be written to the books; the next start settles their holds as uncertain", len(q.ends))
		case <-time.After(retryEvery):
		}
	}
	return nil
}

func (q *lateQueue) loop() {
	defer close(q.done)
	for {
		select {
		case <-q.stop:
			return
		case <-q.wake:
		}
		for q.run(context.Background()) > 0 {
			select {
			case <-q.stop:
				return
			case <-time.After(retryEvery):
			}
		}
	}
}

// run tries every end once and returns how many are left.
func (q *lateQueue) run(ctx context.Context) int {
	q.mu.Lock()
	waiting := q.ends
	q.ends, q.trying = nil, len(waiting)
	q.mu.Unlock()
	var left []func(context.Context) error
	for i, end := range waiting {
		err := aside.Try(q.toll.log, "while a call was settled late", func() error { return end(ctx) })
		if errors.Is(err, ledger.ErrUnavailable) {
			left = append(left, waiting[i:]...) // the rest would fail too
			break
		}
		if err != nil && !errors.Is(err, ledger.ErrNotOpen) {
			q.toll.log.Error("a late settlement was refused by the books", "error", err)
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ends, q.trying = append(left, q.ends...), 0
	return len(q.ends)
}

// add queues the end of a call whose hold is in the books, if there is room: otherwise
// the hold stays there until the next start settles it as uncertain.
func (q *lateQueue) add(end func(context.Context) error) (added bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.waiting()+q.memory >= maxLate {
		q.toll.log.Error("too many calls wait for the books; this one is left to the next start", "waiting", q.waiting())
		return false
	}
	q.put(end)
	return true
}

// waiting is how many ends wait, those among them that are being tried. The mutex is
// held.
func (q *lateQueue) waiting() int { return len(q.ends) + q.trying }

func (q *lateQueue) put(end func(context.Context) error) {
	q.ends = append(q.ends, end)
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// settle queues the end of a call that the books did not take. It says whether the answer may
// go out all the same, since the operator allows so much to be spent while they do not answer.
func (q *lateQueue) settle(h holding, o ledger.Outcome, err error) (goes bool) {
	if errors.Is(err, ledger.ErrNotOpen) {
		return false
	}
	q.toll.log.Error("a call could not be settled and will be tried again", "error", err)
	counts, allowed := q.allow(o, err)
	if !q.add(func(ctx context.Context) error {
		err := h.Settle(ctx, o)
		if !errors.Is(err, ledger.ErrUnavailable) {
			q.free(counts)
		}
		return err
	}) {
		q.free(counts)
		return false
	}
	return allowed
}

// allow counts what a call has cost as spent while the books do not answer, as far as the
// operator allows that.
func (q *lateQueue) allow(o ledger.Outcome, err error) (counts accounting.Money, ok bool) {
	limit := q.toll.options().Offline
	if limit == nil || !errors.Is(err, ledger.ErrUnavailable) {
		return 0, false
	}
	if o.Cost != nil {
		counts = o.Cost.Total
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if sum, err := q.offline.Add(counts); err != nil || sum > *limit {
		return 0, false
	}
	q.offline += counts
	return counts, true
}

// free gives back room for what is in the books now.
func (q *lateQueue) free(counts accounting.Money) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.offline -= counts
}

func (q *lateQueue) release(h holding, err error) {
	if errors.Is(err, ledger.ErrNotOpen) {
		return
	}
	q.toll.log.Error("a hold could not be released and will be tried again", "error", err)
	q.add(h.Release)
}

// offlineMark ends the id of an attempt that is held for in memory beside a hold of
// which nobody knows whether it is in the books.
const offlineMark = "+offline"

// admit holds a quote in memory while the books do not answer, as far as the
// operator allows; otherwise it returns the books' own error. A budget that would not
// bear the call if nothing were spent refuses it here too: 0 is free models only,
// whatever else is unknown. A call with an Idempotency-Key is never admitted: only the
// books know whether it was paid for before.
func (q *lateQueue) admit(a ledger.Attempt, most accounting.Quote, down error) (holding, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.room(a, most, down); err != nil {
		return nil, err
	}
	q.offline += most.Amount()
	q.memory++
	return &offlineHold{q: q, late: q.toll.ledger.Late(a), quote: most, counts: most.Amount()}, nil
}

// admits is the error of admit, which holds nothing here.
func (q *lateQueue) admits(a ledger.Attempt, most accounting.Quote, down error) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.room(a, most, down)
}

// room says why a quote cannot be held in memory, or nil. The mutex is held.
func (q *lateQueue) room(a ledger.Attempt, most accounting.Quote, down error) error {
	limit := q.toll.options().Offline
	if limit == nil || a.Once != nil {
		return down
	}
	if err := q.toll.ledger.Possible(a.Accounts, a.Target, most); err != nil {
		return err
	}
	if sum, err := q.offline.Add(most.Amount()); err != nil || sum > *limit || q.waiting()+q.memory >= maxLate {
		return down
	}
	return nil
}

// offlineHold is a hold that the books do not know yet. Its settlement writes the
// hold and its end together, whatever the budgets say: the money is spent.
type offlineHold struct {
	q    *lateQueue
	late *ledger.Late

	mu     sync.Mutex
	quote  accounting.Quote
	counts accounting.Money // its share of q.offline
	ended  bool
}

func (h *offlineHold) Held() accounting.Money {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.quote.Amount()
}

func (h *offlineHold) Raise(_ context.Context, to accounting.Quote) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	extra := to.Amount() - h.quote.Amount()
	if extra <= 0 {
		return nil
	}
	h.q.mu.Lock()
	defer h.q.mu.Unlock()
	limit := h.q.toll.options().Offline
	if sum, err := h.q.offline.Add(extra); limit == nil || err != nil || sum > *limit {
		return ledger.ErrUnavailable
	}
	h.q.offline += extra
	h.counts += extra
	h.quote = to
	return nil
}

func (h *offlineHold) Settle(ctx context.Context, o ledger.Outcome) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended {
		return ledger.ErrNotOpen
	}
	h.ended = true
	o.Flags = append(slices.Clone(o.Flags), "admitted_offline")
	o.At = h.q.toll.ledger.Now()
	o.Took = max(o.At.Sub(h.late.At()), 0)
	err := h.post(ctx, o)
	h.q.mu.Lock()
	defer h.q.mu.Unlock()
	h.q.memory--
	if errors.Is(err, ledger.ErrUnavailable) {
		// The answer may go out: the operator allowed it, and the queue books it.
		h.q.put(func(ctx context.Context) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			return h.post(ctx, o)
		})
		return nil
	}
	return err
}

func (h *offlineHold) post(ctx context.Context, o ledger.Outcome) error {
	err := h.late.Post(ctx, h.quote, o)
	if errors.Is(err, ledger.ErrNotOpen) {
		err = nil // it was written before
	}
	if !errors.Is(err, ledger.ErrUnavailable) {
		h.free() // also of what the books will never take
	}
	return err
}

func (h *offlineHold) Release(context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended {
		return ledger.ErrNotOpen
	}
	h.ended = true
	h.free()
	h.q.mu.Lock()
	defer h.q.mu.Unlock()
	h.q.memory--
	return nil
}

// Checkpoint does nothing: there is no hold in the books to write it to.
func (h *offlineHold) Checkpoint(ledger.Progress) {}

func (h *offlineHold) free() { h.q.free(h.counts) }
