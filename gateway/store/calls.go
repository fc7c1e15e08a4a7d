package store

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"tollgate/gateway"
)

var _ gateway.Recorder = (*Store)(nil)

// The bounds of the queue of records: how many may wait, how many one commit
// writes, and how long one waits at most for others to come along.
const (
	callQueueLen = 16_384
	callBatch    = 500
	callWait     = 200 * time.Millisecond
	callTimeout  = 10 * time.Second
)

type callRow struct {
	At         int64
	RequestID  string
	KeyID      string
	UserID     string
	TeamID     string
	EndUser    string
	Operation  string
	Model      string
	Deployment string
	Answered   string
	Stream     bool
	Price      string
	Input      int64
	Cached     int64
	Output     int64
	Reasoning  int64
	Source     string
	Worth      *int64
	Status     string
	TookUs     int64
}

// callQueue writes records of calls that cost nothing behind the backs of their
// callers. What does not fit is dropped and counted.
type callQueue struct {
	store   *Store
	log     *slog.Logger
	queue   chan callRow
	stop    chan struct{}
	done    chan struct{}
	once    sync.Once
	dropped atomic.Int64 // since it was last said
	lost    atomic.Int64 // since the start, also by the database
}

func newCallQueue(s *Store, log *slog.Logger) *callQueue {
	q := &callQueue{store: s, log: log, queue: make(chan callRow, callQueueLen), stop: make(chan struct{}), done: make(chan struct{})}
	go q.loop()
	return q
}

// Record implements [gateway.Recorder].
func (s *Store) Record(r gateway.Record) {
	row := callRow{At: micros(r.At), RequestID: r.RequestID, KeyID: r.KeyID, UserID: r.UserID, TeamID: r.TeamID, EndUser: clean(r.EndUser),
		Operation: r.Operation, Model: clean(r.Model), Deployment: clean(r.Deployment), Answered: clean(r.Answered), Stream: r.Stream, Price: r.Price,
		Input: r.Usage.InputTokens(), Cached: cachedTokens(r.Usage), Output: r.Usage.OutputTokens(), Reasoning: reasoningTokens(r.Usage),
		Source: string(r.Source), Worth: nusd(r.Worth), Status: r.Status, TookUs: r.Took.Microseconds()}
	select {
	case s.calls.queue <- row:
	default:
		s.calls.dropped.Add(1)
		s.calls.lost.Add(1)
	}
}

func (q *callQueue) close() {
	q.once.Do(func() { close(q.stop) })
	<-q.done
}

func (q *callQueue) loop() {
	defer close(q.done)
	var batch []callRow
	tick := time.NewTicker(callWait)
	defer tick.Stop()
	for {
		select {
		case row := <-q.queue:
			if batch = append(batch, row); len(batch) >= callBatch {
				batch = q.write(batch)
			}
		case <-tick.C:
			batch = q.write(batch)
			if n := q.dropped.Swap(0); n > 0 {
				q.log.Error("records of calls were dropped because the database is too slow", "dropped", n)
			}
		case <-q.stop:
			for {
				select {
				case row := <-q.queue:
					batch = append(batch, row)
					continue
				default:
				}
				break
			}
			for len(batch) > 0 {
				n := min(len(batch), callBatch)
				q.write(batch[:n])
				batch = batch[n:]
			}
			return
		}
	}
}

// write writes a batch and returns the empty one. A batch that the database does
// not take is lost and counted: it holds no money.
func (q *callQueue) write(batch []callRow) []callRow {
	if len(batch) == 0 {
		return batch
	}
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	if err := q.store.apart(ctx, func(tx *gorm.DB) error {
		return tx.Table("calls").CreateInBatches(&batch, 100).Error
	}); err != nil {
		q.lost.Add(int64(len(batch)))
		q.log.Error("records of calls could not be written", "lost", len(batch), "error", err)
	}
	return batch[:0]
}
