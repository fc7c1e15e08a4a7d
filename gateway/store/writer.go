package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tollgate/accounting/ledger"
)

// The bounds of the line before the writer: how many steps may wait, and how long a step
// of the books waits for its turn.
const (
	queueLen  = 4096
	turnLimit = 10 * time.Second
)

// The bounds of trying a commit again that the database itself refused, since a replica was
// in the way, or that did not reach it.
const (
	maxTries    = 4                      // that it refused
	firstPause  = 10 * time.Millisecond  // doubled each time, with jitter
	mostPause   = 250 * time.Millisecond // while it is not reached: a restart takes a second or a few
	commitLimit = 5 * time.Second        // for all tries together
	downLimit   = time.Second            // for the one try while the database does not answer
)

// errAgain says that a commit did not happen and may succeed if it is tried again.
var errAgain = errors.New("the database asks to try again")

// errLost comes with errAgain or [ledger.ErrUnsure] when that is since the database was not
// reached, or ended the connection: it may be starting anew.
var errLost = errors.New("the connection was lost")

// errStep says that a commit did not happen because of what one of its steps wanted.
var errStep = errors.New("a step broke a rule of the database")

// writer commits steps in groups: at once when idle, and otherwise whatever queued
// while the last commit ran. There is no timer. A step is all or nothing on its own,
// whatever its neighbours do.
type writer struct {
	books    *books
	log      *slog.Logger
	metrics  Metrics       // nil counts nothing
	maxBatch int           // steps of one commit
	turn     time.Duration // how long a step of the books waits for its turn
	patience time.Duration // for all tries of a commit together
	queue    chan *step
	stop     chan struct{}
	done     chan struct{}
	once     sync.Once

	down   atomic.Bool // the last commit failed for the database's sake: nobody waits long for the next
	failed int         // commits since then
	full   bool        // there was no room for new holds when it was last looked

	commits, steps atomic.Int64 // of the books, that succeeded
}

// step is what waits for the writer: a step of the books, or work of another kind that
// must not run beside them.
type step struct {
	op    op           // unless there is something to run
	run   func() error // nil for a step of the books
	taken atomic.Bool  // by the writer, or by its caller who no longer waits
	err   error
	done  chan struct{} // nil: nobody waits
}

// giveUp answers a step that the writer has not begun.
func (st *step) giveUp(why error) {
	if st.taken.CompareAndSwap(false, true) {
		st.err = why
		close(st.done)
	}
}

func newWriter(b *books, maxBatch int, log *slog.Logger, metrics Metrics) *writer {
	w := &writer{books: b, log: log, metrics: metrics, maxBatch: maxBatch, turn: turnLimit, patience: commitLimit, queue: make(chan *step, queueLen), stop: make(chan struct{}), done: make(chan struct{})}
	go w.loop()
	return w
}

// post runs a step of the books, as [writer.do] runs something else, and has a bound of its
// own: the error of a step whose turn does not come within [turnLimit] wraps
// [ledger.ErrUnavailable].
func (w *writer) post(ctx context.Context, o op) (after []ledger.Standing, err error) {
	st := &step{op: o, done: make(chan struct{})}
	late := time.AfterFunc(w.turn, func() {
		st.giveUp(fmt.Errorf("%w: no turn within %v, %d steps wait", ledger.ErrUnavailable, w.turn, len(w.queue)))
	})
	defer late.Stop()
	if err := w.wait(ctx, st); err != nil {
		return nil, err
	}
	return st.op.after, nil
}

// do runs something that must not run beside the steps of the books, and returns when
// that has ended. An error comes back as it is and nothing was changed. If the database
// fails, or the context's deadline passes before it began, the error wraps
// [ledger.ErrUnavailable]; if the context is cancelled before, it is the context's cause,
// and nothing was changed. What has begun is always waited for.
func (w *writer) do(ctx context.Context, run func() error) error {
	return w.wait(ctx, &step{run: run, done: make(chan struct{})})
}

// wait queues a step and returns when it has been answered. Whoever is gone already queues
// nothing. The line is seldom full, and a wait for one thing costs less than one for several.
func (w *writer) wait(ctx context.Context, st *step) error {
	if ctx.Err() != nil {
		return gaveUp(ctx)
	}
	select {
	case <-w.stop:
		return errClosing()
	default:
	}
	select {
	case w.queue <- st:
	default:
		select {
		case w.queue <- st:
		case <-st.done: // its turn did not come
			return st.err
		case <-ctx.Done():
			return gaveUp(ctx)
		case <-w.stop:
			return errClosing()
		}
	}
	var ended <-chan struct{}
	select {
	case <-w.stop: // the line may have been emptied for the last time
		ended = w.done
	default:
	}
	select {
	case <-st.done:
	case <-ctx.Done():
		st.giveUp(gaveUp(ctx))
	case <-ended:
		st.giveUp(errClosing())
	}
	<-st.done
	return st.err
}

// offer queues a step that nobody waits for, unless the queue is full.
func (w *writer) offer(o op) {
	select {
	case <-w.stop:
		return
	default:
	}
	select {
	case w.queue <- &step{op: o}:
	default:
	}
}

func errClosing() error { return fmt.Errorf("%w: closing", ledger.ErrUnavailable) }

// gaveUp is the error of a step whose caller did not wait for it. Only a deadline
// says something about the database.
func gaveUp(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("%w: %w", ledger.ErrUnavailable, context.Cause(ctx))
	}
	return context.Cause(ctx)
}

func (w *writer) close() {
	w.once.Do(func() { close(w.stop) })
	<-w.done
}

func (w *writer) loop() {
	defer close(w.done)
	for {
		select {
		case first := <-w.queue:
			w.serve(first)
		case <-w.stop:
			for { // what was queued before the end is still written
				select {
				case st := <-w.queue:
					w.serve(st)
					continue
				default:
				}
				return
			}
		}
	}
}

// serve does one step and, if it is one of the books, those that wait behind it.
func (w *writer) serve(first *step) {
	var batch []*step
	var alone *step
	w.gather()
	for st := first; st != nil; {
		if st.taken.CompareAndSwap(false, true) {
			if st.run != nil {
				alone = st
				break
			}
			batch = append(batch, st)
		}
		if len(batch) >= w.maxBatch {
			break
		}
		select {
		case st = <-w.queue:
		default:
			st = nil
		}
	}
	w.settle(w.fitting(batch), false)
	if alone != nil {
		alone.err = guarded(alone.run)
		alone.end()
	}
}

// gather lets those run whose last step has just been committed, for as long as they
// come back with their next one: without it every second commit would hold the step of
// the fastest alone. Nothing is waited for: with nobody to run it returns at once.
func (w *writer) gather() {
	for before := -1; len(w.queue) > before && len(w.queue) < w.maxBatch; runtime.Gosched() {
		before = len(w.queue)
	}
}

// fitting refuses the steps that begin something, if there is no room for it, and returns
// the others.
func (w *writer) fitting(batch []*step) []*step {
	begins := func(st *step) bool { return st.op.kind == opReserve && !st.op.hold.late }
	if !slices.ContainsFunc(batch, begins) {
		return batch
	}
	why := w.books.engine.room()
	was := w.full
	switch w.full = why != nil; {
	case w.full && !was:
		w.log.Error("no paid call is begun", "error", why)
	case !w.full && was:
		w.log.Info("there is room for paid calls again")
	}
	if !w.full {
		return batch
	}
	var fit []*step
	for _, st := range batch {
		if !begins(st) {
			fit = append(fit, st)
			continue
		}
		st.err = why
		st.end()
	}
	return fit
}

func (st *step) end() {
	if st.done != nil {
		close(st.done)
	}
}

// settle commits a batch. If one of its steps broke a rule of the database, each is
// committed by itself, so that only that one fails. again: an earlier try of the same
// steps may have been committed.
func (w *writer) settle(batch []*step, again bool) {
	if len(batch) == 0 {
		return
	}
	ops := make([]*op, len(batch))
	for i, st := range batch {
		ops[i] = &st.op
	}
	began, down := time.Now(), w.down.Load() //clock: how long a commit takes
	err := w.commit(ops, again)
	if w.metrics != nil {
		w.metrics.Committed(len(batch), time.Since(began), err) //clock: as above
	}
	if errors.Is(err, errStep) && len(batch) > 1 {
		for _, st := range batch {
			w.settle([]*step{st}, errors.Is(err, ledger.ErrUnsure))
		}
		return
	}
	w.tell(len(batch), down, err)
	if err == nil {
		w.commits.Add(1)
		w.steps.Add(int64(len(batch)))
	}
	for _, st := range batch {
		switch {
		case errors.Is(err, errStep):
			st.err = err
		case err != nil:
			st.err = fmt.Errorf("%w: %w", ledger.ErrUnavailable, err)
		default:
			st.err = st.op.err
		}
		st.end()
	}
}

// tell logs a commit that failed. While the database is down one after the other does, as
// many as there are calls: the first and the end of it are told. down is before this one.
func (w *writer) tell(steps int, down bool, err error) {
	switch {
	case err != nil && !(down && w.down.Load()):
		w.failed = 1
		w.log.Error("a commit of the books failed", "steps", steps, "error", err)
	case err != nil:
		w.failed++
	case down:
		w.log.Info("commits of the books succeed again", "failed", w.failed)
	}
}

// commit tries until it is known that the steps happened or that they cannot. Whether an
// earlier try happened is looked at first by the one behind it.
func (w *writer) commit(ops []*op, again bool) (err error) {
	once, limit := w.down.Load(), w.patience // while the database does not answer nobody waits long
	if once {
		limit = downLimit
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	defer func() { w.down.Store(err != nil && !errors.Is(err, errStep)) }()
	refused := 0
	for pause := firstPause; ; pause = min(2*pause, mostPause) {
		err = guarded(func() error { return w.books.run(ctx, ops, again) })
		again = again || errors.Is(err, ledger.ErrUnsure)
		if err != nil && again && !errors.Is(err, ledger.ErrUnsure) {
			err = fmt.Errorf("%w: %w", ledger.ErrUnsure, err)
		}
		if !errors.Is(err, errLost) {
			refused++
		}
		if err == nil || once || refused >= maxTries || ctx.Err() != nil || !errors.Is(err, errAgain) && !errors.Is(err, ledger.ErrUnsure) {
			return err
		}
		select {
		case <-w.stop: // the last batch of a process is not waited for long
			return err
		case <-ctx.Done():
			return err
		case <-time.After(pause/2 + rand.N(pause)):
		}
	}
}

// guarded runs something; a panic is its own failure and leaves others alone.
func guarded(run func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: panic in a step of the store: %v\n%s", errStep, p, debug.Stack())
		}
	}()
	return run()
}
