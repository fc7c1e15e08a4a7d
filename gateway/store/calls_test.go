package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tollgate/accounting"
	"tollgate/gateway"
)

// TestRecordsAreWrittenAsTheyCame: each field of each record is in its own column,
// however many are written at once, and those of the last moment before the end too.
func TestRecordsAreWrittenAsTheyCame(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		const n = 6*rowsAtOnce + 3
		at := time.UnixMicro(1_795_000_000_000_000)
		for i := range n {
			text := func(field string) string { return fmt.Sprintf("%s %d", field, i) }
			r := gateway.Record{At: at.Add(time.Duration(i) * time.Microsecond), RequestID: text("request"), KeyID: text("key"), UserID: text("user"), TeamID: text("team"), EndUser: text("end user"),
				Operation: text("operation"), Model: text("model"), Deployment: text("deployment"), Answered: text("answered"), Stream: i%2 == 0, Price: text("price"),
				Usage: accounting.Usage{accounting.Input: 1000, accounting.CachedInput: 200 + int64(i), accounting.Output: 30, accounting.Reasoning: 4},
				Tags:  []string{text("tag"), `"<ä`}, Source: accounting.Reported, Status: text("status"), Took: time.Duration(i) * time.Millisecond}
			if i%3 == 0 {
				worth := accounting.Money(i)
				r.Worth = &worth
			}
			s.Record(r)
		}
		s.calls.close()
		var rows []callRow
		if err := s.read.Table("calls").Order("at").Find(&rows).Error; err != nil {
			t.Fatal(err)
		}
		if len(rows) != n {
			t.Fatalf("%d rows of %d records", len(rows), n)
		}
		for i, got := range rows {
			text := func(field string) string { return fmt.Sprintf("%s %d", field, i) }
			want := callRow{At: at.UnixMicro() + int64(i), RequestID: text("request"), KeyID: text("key"), UserID: text("user"), TeamID: text("team"), EndUser: text("end user"),
				Operation: text("operation"), Model: text("model"), Deployment: text("deployment"), Answered: text("answered"), Stream: i%2 == 0, Price: text("price"),
				Input: 1200 + int64(i), Cached: 200 + int64(i), Output: 34, Reasoning: 4, Source: "reported", Status: text("status"), TookUs: int64(i) * 1000, Tags: `["` + text("tag") + `","\"\u003cä"]`}
			if i%3 == 0 {
				worth := int64(i)
				want.Worth = &worth
			}
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("row %d:\n got %+v\nwant %+v", i, got, want)
			}
		}
	})
}

// TestRecordsThatDoNotFitAreCounted: a database that stands still costs bounded memory.
func TestRecordsThatDoNotFitAreCounted(t *testing.T) {
	q := &callQueue{full: make(chan struct{}, 1)}
	for range callQueueLen + 5 {
		q.add(&callRow{})
	}
	if rows, dropped := q.take(nil); len(rows) != callQueueLen || dropped != 5 {
		t.Errorf("%d wait and %d were dropped", len(rows), dropped)
	}
	q.add(&callRow{RequestID: "next"})
	if rows, dropped := q.take(nil); len(rows) != 1 || rows[0].RequestID != "next" || dropped != 0 {
		t.Errorf("afterwards %d wait and %d were dropped", len(rows), dropped)
	}
}

// shut is a database that takes records only when it is told to, and keeps them.
type shut struct {
	engine
	mu   sync.Mutex
	err  error
	rows []callRow
}

func (e *shut) record(_ context.Context, rows []callRow) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.err == nil {
		e.rows = append(e.rows, rows...)
	}
	return e.err
}

func (e *shut) says(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.err = err
}

// TestRecordsWaitForTheDatabase: records that a database does not take now are written when
// it does, each once, and what is said of it is said once. What it will never take is lost
// and counted, and so is what there is no room for.
func TestRecordsWaitForTheDatabase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &shut{err: later(errors.New("it starts"))}
		var log bytes.Buffer
		q := newCallQueue(&Store{engine: e}, slog.New(slog.NewTextHandler(&log, nil)))
		said := func(text string, times int) {
			t.Helper()
			if n := strings.Count(log.String(), text); n != times {
				t.Errorf("%q was said %d times, want %d:\n%s", text, n, times, &log)
			}
		}
		const n = callBatch + 3
		for i := range n {
			q.add(&callRow{At: int64(i)})
			time.Sleep(20 * time.Millisecond)
		}
		if len(e.rows) > 0 || q.length() != n || q.lost.Load() != 0 {
			t.Fatalf("%d written, %d wait, %d lost", len(e.rows), q.length(), q.lost.Load())
		}
		said("they wait", 1)
		e.says(nil)
		time.Sleep(callAgain)
		synctest.Wait()
		for i := range e.rows {
			if e.rows[i].At != int64(i) {
				t.Fatalf("record %d is %d", i, e.rows[i].At)
			}
		}
		if len(e.rows) != n || q.length() != 0 || q.lost.Load() != 0 {
			t.Errorf("%d written of %d, %d wait, %d lost", len(e.rows), n, q.length(), q.lost.Load())
		}
		said("written again", 1)

		e.says(errors.New("it is no number"))
		q.add(&callRow{})
		time.Sleep(callWait)
		synctest.Wait()
		if q.length() != 0 || q.lost.Load() != 1 {
			t.Errorf("%d wait and %d are lost, want 0 and 1", q.length(), q.lost.Load())
		}

		e.says(later(errors.New("it is gone")))
		for range callQueueLen + 5 {
			q.add(&callRow{})
		}
		time.Sleep(callAgain)
		synctest.Wait()
		q.add(&callRow{})
		if q.length() != callQueueLen || q.lost.Load() != 7 {
			t.Errorf("%d wait and %d are lost, want %d and 7", q.length(), q.lost.Load(), callQueueLen)
		}
		q.close() // it does not wait for what may never come
		if q.lost.Load() != callQueueLen+7 {
			t.Errorf("%d are lost", q.lost.Load())
		}
		said("could not be written", 2)
		said("dropped", 2)
	})
}

// TestRecordsThatMayBeGivenAgain: what a database has not written it says so of, unless it
// will not take the same another time.
func TestRecordsThatMayBeGivenAgain(t *testing.T) {
	below := int64(-1)
	eachStore(t, func(t *testing.T, s *Store) {
		if err := s.engine.record(t.Context(), []callRow{{Price: "free"}, {Price: "free", Worth: &below}}); err == nil || errors.Is(err, errLater) {
			t.Errorf("a worth below 0: %v", err)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.engine.record(gone, []callRow{{Price: "free"}}); !errors.Is(err, errLater) {
			t.Errorf("without the time for it: %v", err)
		}
		if n := number(t, s, "select count(*) from calls"); n != 0 {
			t.Errorf("%d records, want 0", n)
		}
	})
}
