package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"tollgate/accounting"
	"tollgate/gateway/aside"
	"tollgate/gateway/shadow"
)

var _ shadow.Recorder = (*Store)(nil)

// The bounds of the queue of calls that another gateway has answered.
const (
	shadowQueueLen = 4096
	shadowBatch    = 100 // of one commit; SQLite binds at most 32766 values
	shadowWait     = 200 * time.Millisecond
	shadowTrim     = 1000 // calls that are written between two looks at whether they are too many
	shadowPage     = 1000 // calls that one commit removes
)

// shadowRow is a row of shadow_calls, less its number.
type shadowRow struct {
	At            int64
	RequestID     string
	Operation     string
	Model         string
	KeyID         string
	KeyMark       string
	UserID        string
	TeamID        string
	EndUser       string
	Stream        bool
	TookUs        int64
	Decision      string
	Why           string
	BudgetID      string
	Serves        string
	Deployment    string
	Price         string
	Need          int64
	Budgets       string
	Otherwise     string
	Input         int64
	Output        int64
	Source        string
	Cost          *int64
	TheirStatus   int64
	TheirID       string
	TheirRefusal  string
	TheirType     string
	TheirCost     *int64
	TheirKeySpend *int64
	TheirEnd      string
}

// TableName names the table to the ORM.
func (shadowRow) TableName() string { return "shadow_calls" }

// shadowQueue writes calls that another gateway has answered behind the backs of their
// callers. What does not fit is dropped and counted. It begins with the first of them.
type shadowQueue struct {
	store *Store
	log   *slog.Logger
	keep  int64 // calls
	begin sync.Once
	end   sync.Once
	rows  chan *shadowRow // seldom used: room for the rows themselves would be a megabyte and a half
	stop  chan struct{}
	done  chan struct{}

	dropped atomic.Int64 // since it was last said
}

func newShadowQueue(s *Store, log *slog.Logger) *shadowQueue {
	return &shadowQueue{store: s, log: log, keep: shadow.MaxCalls, rows: make(chan *shadowRow, shadowQueueLen), stop: make(chan struct{}), done: make(chan struct{})}
}

// RecordShadow implements [shadow.Recorder].
func (s *Store) RecordShadow(c shadow.Call) { s.shadow.add(rowOfShadow(c)) }

func (q *shadowQueue) add(r shadowRow) {
	q.begin.Do(func() { go q.loop() })
	select {
	case q.rows <- &r:
	default:
		q.dropped.Add(1)
	}
}

// close writes what waits. Nothing may be added any more.
func (q *shadowQueue) close() {
	begun := true
	q.begin.Do(func() { begun = false })
	q.end.Do(func() { close(q.stop) })
	if begun {
		<-q.done
	}
}

func (q *shadowQueue) loop() {
	defer close(q.done)
	tick := time.NewTicker(shadowWait)
	defer tick.Stop()
	var batch []shadowRow
	written := 0
	for stopped := false; !stopped; {
		due := false
		select {
		case r := <-q.rows:
			batch = append(batch, *r)
		case <-tick.C:
			due = true
		case <-q.stop:
			stopped = true
			for len(q.rows) > 0 {
				batch = append(batch, *<-q.rows)
			}
		}
		if len(batch) == 0 || !due && !stopped && len(batch) < shadowBatch {
			continue
		}
		written += len(batch)
		for from := 0; from < len(batch); from += shadowBatch {
			q.write(batch[from:min(from+shadowBatch, len(batch))])
		}
		clear(batch) // of texts that nobody needs any more
		batch = batch[:0]
		if written >= shadowTrim {
			written = 0
			q.trim()
		}
		if n := q.dropped.Swap(0); n > 0 {
			q.log.Error("calls of the other gateway were not recorded because the database is too slow", "dropped", n)
		}
	}
}

// write writes a batch. One that the database does not take is lost: it holds no money.
func (q *shadowQueue) write(batch []shadowRow) {
	err := aside.Try(q.log, "while calls of the other gateway were recorded", func() error {
		return q.store.apart(context.Background(), func(tx *gorm.DB) error { return tx.Create(&batch).Error })
	})
	if err != nil {
		q.log.Error("calls of the other gateway could not be recorded", "lost", len(batch), "error", err)
	}
}

// trim removes the oldest of too many. What is too old [Store.Forget] removes.
func (q *shadowQueue) trim() {
	for gone := int64(shadowPage); gone == shadowPage; {
		err := q.store.apart(context.Background(), func(tx *gorm.DB) error {
			res := tx.Exec("delete from shadow_calls where id in (select id from shadow_calls where id <= (select max(id) from shadow_calls) - ? order by id limit ?)", q.keep, shadowPage)
			gone = res.RowsAffected
			return res.Error
		})
		if err != nil {
			q.log.Error("old calls of the other gateway could not be removed", "error", err)
			return
		}
	}
}

func rowOfShadow(c shadow.Call) shadowRow {
	o, t := c.Ours, c.Theirs
	budgets, err := json.Marshal(o.Budgets)
	if err != nil || o.Budgets == nil { // it is of plain values
		budgets = []byte("[]")
	}
	return shadowRow{At: micros(c.At), RequestID: c.RequestID, Operation: c.Operation, Model: clean(c.Model), KeyID: c.Key, KeyMark: c.KeyMark, UserID: c.User, TeamID: c.Team,
		EndUser: clean(c.EndUser), Stream: c.Stream, TookUs: c.Took.Microseconds(),
		Decision: o.Decision, Why: clean(o.Why), BudgetID: o.Budget, Serves: clean(o.Serves), Deployment: clean(o.Deployment), Price: o.Price, Need: int64(o.Need), Budgets: string(budgets),
		Otherwise: clean(o.Otherwise), Input: o.Input, Output: o.Output, Source: o.Source, Cost: nusd(o.Cost),
		TheirStatus: int64(t.Status), TheirID: clean(t.ID), TheirRefusal: t.Refused, TheirType: clean(t.Type), TheirCost: nusd(t.Cost), TheirKeySpend: nusd(t.KeySpend), TheirEnd: t.Ended}
}

func (r *shadowRow) call() (shadow.Call, error) {
	c := shadow.Call{At: instant(r.At), RequestID: r.RequestID, Operation: r.Operation, Model: r.Model, Key: r.KeyID, KeyMark: r.KeyMark, User: r.UserID, Team: r.TeamID,
		EndUser: r.EndUser, Stream: r.Stream, Took: time.Duration(r.TookUs) * time.Microsecond,
		Ours: shadow.Ours{Decision: r.Decision, Why: r.Why, Budget: r.BudgetID, Serves: r.Serves, Deployment: r.Deployment, Price: r.Price, Need: accounting.Money(r.Need),
			Otherwise: r.Otherwise, Input: r.Input, Output: r.Output, Source: r.Source, Cost: (*accounting.Money)(r.Cost)},
		Theirs: shadow.Theirs{Status: int(r.TheirStatus), ID: r.TheirID, Refused: r.TheirRefusal, Type: r.TheirType, Cost: (*accounting.Money)(r.TheirCost),
			KeySpend: (*accounting.Money)(r.TheirKeySpend), Ended: r.TheirEnd}}
	if err := json.Unmarshal([]byte(r.Budgets), &c.Ours.Budgets); err != nil {
		return c, fmt.Errorf("the budgets of the shadow call %s cannot be read: %w", r.RequestID, err)
	}
	return c, nil
}

// EachShadowCall hands over the calls that another gateway has answered from an instant
// on, and before another one, in the order in which they came. A zero time has no bound.
func (s *Store) EachShadowCall(ctx context.Context, from, to time.Time, put func(shadow.Call)) (err error) {
	ctx, cancel := reading(ctx)
	defer cancel()
	q := s.read.WithContext(ctx).Model(&shadowRow{}).Order("at, id")
	if !from.IsZero() {
		q = q.Where("at >= ?", micros(from))
	}
	if !to.IsZero() {
		q = q.Where("at < ?", micros(to))
	}
	rows, err := q.Rows()
	if err != nil {
		return unavailable(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var r shadowRow
		if err := q.ScanRows(rows, &r); err != nil {
			return unavailable(err)
		}
		c, err := r.call()
		if err != nil {
			return err
		}
		put(c)
	}
	if err := rows.Err(); err != nil {
		return unavailable(err)
	}
	return nil
}
