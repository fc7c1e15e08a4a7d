package store

import (
	"fmt"
	"reflect"
	"testing"
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
