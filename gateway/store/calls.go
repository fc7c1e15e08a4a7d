package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tollgate/gateway"
	"tollgate/gateway/aside"
)

var _ gateway.Recorder = (*Store)(nil)

// The bounds of the queue of records: how many may wait, how many one commit
// writes, how long one waits at most for others to come along, and how long all wait
// while the database takes none.
const (
	callQueueLen = 16_384
	callBatch    = 500
	callWait     = 200 * time.Millisecond
	callAgain    = time.Second
	callTimeout  = 10 * time.Second
)

// errLater comes with the error of a database that has written nothing, but may take the
// same another time.
var errLater = errors.New("nothing was written")

// later marks an error so, unless what was to be written is at fault.
func later(err error) error {
	if err == nil || errors.Is(err, errStep) {
		return err
	}
	return fmt.Errorf("%w: %w", errLater, err)
}

// callColumns are the columns of a record, in the order of [callRow.values].
var callColumns = []string{"at", "request_id", "key_id", "user_id", "team_id", "end_user", "operation", "model", "deployment", "answered", "stream", "price",
	"input", "cached", "output", "reasoning", "source", "worth", "status", "took_us", "org_id", "tags"}

// rowsAtOnce is how many records one statement writes; the rest of a batch is written
// one by one.
const rowsAtOnce = 20

// insertOf is the statement for so many records. place writes the n-th placeholder,
// from 1 on.
func insertOf(rows int, place func(n int) string) string {
	var b strings.Builder
	b.WriteString("insert into calls (" + strings.Join(callColumns, ", ") + ") values ")
	for row := range rows {
		if row > 0 {
			b.WriteByte(',')
		}
		for i := range callColumns {
			b.WriteByte(map[bool]byte{true: '(', false: ','}[i == 0])
			b.WriteString(place(row*len(callColumns) + i + 1))
		}
		b.WriteByte(')')
	}
	return b.String()
}

// insertCalls gives a batch to statements for rowsAtOnce records and for one.
func insertCalls(batch []callRow, many, one func(args []any) error) error {
	args := make([]any, 0, rowsAtOnce*len(callColumns))
	var repeated repeats
	for len(batch) > 0 {
		n, insert := 1, one
		if len(batch) >= rowsAtOnce {
			n, insert = rowsAtOnce, many
		}
		args = args[:0]
		for i := range batch[:n] {
			args = batch[i].values(args, &repeated)
		}
		if err := insert(args); err != nil {
			return err
		}
		batch = batch[n:]
	}
	return nil
}

func (r *callRow) values(to []any, t *repeats) []any {
	t.at = 0
	return append(to, r.At, r.RequestID, t.text(r.KeyID), t.text(r.UserID), t.text(r.TeamID), t.text(r.EndUser), t.text(r.Operation), t.text(r.Model), t.text(r.Deployment), t.text(r.Answered), r.Stream, t.text(r.Price),
		r.Input, r.Cached, r.Output, r.Reasoning, t.text(r.Source), r.Worth, t.text(r.Status), r.TookUs, t.text(r.OrgID), t.text(r.Tags))
}

// repeats puts texts into interfaces. Most stand at the same place in row after row, and
// are put into one once: a record would else be a dozen things for the collector.
type repeats struct {
	last []any // of each place
	at   int   // the next place in the row
}

func (t *repeats) text(s string) any {
	if t.at == len(t.last) {
		t.last = append(t.last, s)
	} else if t.last[t.at] != s {
		t.last[t.at] = s
	}
	t.at++
	return t.last[t.at-1]
}

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
	OrgID      string
	Tags       string // a JSON list; "" is none
}

// callQueue writes records of calls that cost nothing behind the backs of their
// callers. While the database does not take them they wait; what does not fit is dropped
// and counted.
type callQueue struct {
	store *Store
	log   *slog.Logger

	mu      sync.Mutex
	waiting []callRow // it grows with what waits: most of the time that is little
	dropped int64     // since it was last said

	lost atomic.Int64 // since the start, also by the database

	full chan struct{} // a batch waits
	stop chan struct{}
	done chan struct{}
	once sync.Once
}

func newCallQueue(s *Store, log *slog.Logger) *callQueue {
	q := &callQueue{store: s, log: log, full: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{})}
	go q.loop()
	return q
}

// Record implements [gateway.Recorder].
func (s *Store) Record(r gateway.Record) {
	row := callRow{At: micros(r.At), RequestID: r.RequestID, KeyID: r.KeyID, UserID: r.UserID, TeamID: r.TeamID, OrgID: r.OrgID, EndUser: clean(r.EndUser),
		Operation: r.Operation, Model: clean(r.Model), Deployment: clean(r.Deployment), Answered: clean(r.Answered), Stream: r.Stream, Price: r.Price,
		Input: r.Usage.InputTokens(), Cached: cachedTokens(r.Usage), Output: r.Usage.OutputTokens(), Reasoning: reasoningTokens(r.Usage),
		Source: string(r.Source), Worth: nusd(r.Worth), Status: r.Status, TookUs: r.Took.Microseconds(), Tags: string(appendTags(nil, r.Tags))}
	s.calls.add(&row)
}

func (q *callQueue) add(row *callRow) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) >= callQueueLen {
		q.dropped++
		q.lost.Add(1)
		return
	}
	if q.waiting = append(q.waiting, *row); len(q.waiting) >= callBatch {
		select {
		case q.full <- struct{}{}:
		default:
		}
	}
}

// length is how many records wait.
func (q *callQueue) length() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

// take returns what waits, and how many were dropped since the last time. empty is
// filled next.
func (q *callQueue) take(empty []callRow) (rows []callRow, dropped int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	rows, dropped = q.waiting, q.dropped
	q.waiting, q.dropped = empty[:0], 0
	return rows, dropped
}

func (q *callQueue) close() {
	q.once.Do(func() { close(q.stop) })
	<-q.done
}

// back puts rows that could not be written before those that have come since, and returns
// how many do not fit.
func (q *callQueue) back(rows []callRow) (dropped int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	rows = append(rows, q.waiting...)
	if more := len(rows) - callQueueLen; more > 0 {
		clear(rows[callQueueLen:])
		rows, dropped = rows[:callQueueLen], int64(more)
		q.lost.Add(dropped)
	}
	q.waiting = rows
	return dropped
}

func (q *callQueue) loop() {
	defer close(q.done)
	var empty []callRow
	tick := time.NewTicker(callWait)
	defer tick.Stop()
	full := q.full      // nil while the database takes nothing
	dropped := int64(0) // and it was not said yet
	for stopped := false; !stopped; {
		select {
		case <-full:
		case <-tick.C:
		case <-q.stop:
			stopped = true
		}
		rows, more := q.take(empty)
		dropped += more
		n, err := q.write(rows)
		rest := rows[n:]
		switch {
		case len(rest) > 0 && stopped:
			q.lose(rest, err)
		case len(rest) > 0:
			if full != nil {
				full = nil
				tick.Reset(callAgain)
				q.log.Error("records of calls cannot be written; they wait", "waiting", len(rest), "error", err)
			}
			dropped += q.back(rest)
			empty = nil
			continue
		case full == nil:
			full = q.full
			tick.Reset(callWait)
			q.log.Info("records of calls are written again")
		}
		clear(rows) // of texts that nobody needs any more
		if empty = rows; cap(empty) > 4*callBatch {
			empty = nil
		}
		if dropped > 0 {
			q.log.Error("records of calls were dropped because the database did not take them in time", "dropped", dropped)
			dropped = 0
		}
	}
}

// write writes rows by batches and returns how many are done with. The error says why the
// rest may be tried again. A batch that the database will not take is lost: it holds no money.
func (q *callQueue) write(rows []callRow) (n int, err error) {
	for n < len(rows) {
		batch := rows[n:min(n+callBatch, len(rows))]
		err := q.writeBatch(batch)
		if errors.Is(err, errLater) {
			return n, err
		}
		if err != nil {
			q.lose(batch, err)
		}
		n += len(batch)
	}
	return n, nil
}

func (q *callQueue) writeBatch(batch []callRow) error {
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	return aside.Try(q.log, "while records of calls were written", func() error { return q.store.engine.record(ctx, batch) })
}

func (q *callQueue) lose(rows []callRow, err error) {
	q.lost.Add(int64(len(rows)))
	q.log.Error("records of calls could not be written", "lost", len(rows), "error", err)
}
