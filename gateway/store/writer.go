package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/mattn/go-sqlite3"
	"gorm.io/gorm"

	"tollgate/accounting/ledger"
)

// maxBatch is how many steps one commit may hold; queueLen how many may wait.
const (
	maxBatch = 64
	queueLen = 4096
)

// writer runs steps one after the other in the one writing connection and commits
// them in groups: at once when idle, and otherwise whatever queued while the last
// commit ran. A step is all or nothing on its own, whatever its neighbours do.
type writer struct {
	db    *gorm.DB
	log   *slog.Logger
	queue chan *step
	stop  chan struct{}
	done  chan struct{}
	once  sync.Once
}

type step struct {
	run   func(tx *gorm.DB) error
	taken atomic.Bool // by the writer, or by its caller who no longer waits
	err   error
	done  chan struct{}
}

func newWriter(db *gorm.DB, log *slog.Logger) *writer {
	w := &writer{db: db, log: log, queue: make(chan *step, queueLen), stop: make(chan struct{}), done: make(chan struct{})}
	go w.loop()
	return w
}

// do runs a step and returns when it is on disk. An error of the step itself comes
// back as it is and nothing was changed; if the database fails, or the context's
// deadline passes before the step began, the error wraps [ledger.ErrUnavailable], and
// if the context is cancelled before, it is the context's cause. Nothing was changed
// then either. A step that has begun is always waited for.
func (w *writer) do(ctx context.Context, run func(tx *gorm.DB) error) error {
	st := &step{run: run, done: make(chan struct{})}
	select {
	case <-w.stop:
		return fmt.Errorf("%w: closing", ledger.ErrUnavailable)
	default:
	}
	select {
	case w.queue <- st:
	case <-ctx.Done():
		return gaveUp(ctx)
	case <-w.stop:
		return fmt.Errorf("%w: closing", ledger.ErrUnavailable)
	}
	select {
	case <-st.done:
		return st.err
	case <-ctx.Done():
		if st.taken.CompareAndSwap(false, true) {
			return gaveUp(ctx)
		}
	case <-w.done:
		if st.taken.CompareAndSwap(false, true) {
			return fmt.Errorf("%w: closing", ledger.ErrUnavailable)
		}
	}
	<-st.done
	return st.err
}

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
		var first *step
		select {
		case first = <-w.queue:
		case <-w.stop:
			for { // what was queued before the end is still written
				select {
				case st := <-w.queue:
					w.batch([]*step{st})
					continue
				default:
				}
				return
			}
		}
		batch := []*step{first}
		for len(batch) < maxBatch {
			select {
			case st := <-w.queue:
				batch = append(batch, st)
				continue
			default:
			}
			break
		}
		w.batch(batch)
	}
}

// errStep marks an error as the step's own, in contrast to the database's.
type errStep struct{ error }

func (e errStep) Unwrap() error { return e.error }

// refuse returns an error of a step that leaves the rest of its batch alone.
func refuse(err error) error { return errStep{err} }

func (w *writer) batch(batch []*step) {
	live := batch[:0]
	for _, st := range batch {
		if st.taken.CompareAndSwap(false, true) {
			live = append(live, st)
		}
	}
	if len(live) == 0 {
		return
	}
	err := w.commit(live)
	if err != nil {
		w.log.Error("a commit failed; its steps did not happen", "steps", len(live), "error", err)
	}
	for _, st := range live {
		if err != nil {
			st.err = fmt.Errorf("%w: %w", ledger.ErrUnavailable, err)
		}
		close(st.done)
	}
}

// guarded runs a step; a panic is the step's own failure and leaves its batch alone.
func (st *step) guarded(tx *gorm.DB) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = refuse(fmt.Errorf("panic in a step of the store: %v\n%s", p, debug.Stack()))
		}
	}()
	return st.run(tx)
}

func (w *writer) commit(batch []*step) (err error) {
	tx := w.db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	defer func() {
		if err != nil {
			tx.Rollback()
		}
	}()
	for _, st := range batch {
		if err := tx.Exec("savepoint step").Error; err != nil {
			return err
		}
		st.err = st.guarded(tx)
		var own errStep
		var engine sqlite3.Error
		switch {
		case errors.As(st.err, &own):
			st.err = own.error
			if err := tx.Exec("rollback to step").Error; err != nil {
				return err
			}
		case errors.As(st.err, &engine) && engine.Code == sqlite3.ErrConstraint: // what the step wanted is not possible
			if err := tx.Exec("rollback to step").Error; err != nil {
				return err
			}
		case st.err != nil:
			return st.err // the database's own trouble: nothing of the batch is sure
		}
		if err := tx.Exec("release step").Error; err != nil {
			return err
		}
	}
	return tx.Commit().Error
}
