package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/gateway"
	"tollgate/gateway/control"
)

// TestLog: calls of the books and those that cost nothing stand in one list, in the order of
// time, page by page, and add up to what the reports say.
func TestLog(t *testing.T) { eachStore(t, testLog) }

func testLog(t *testing.T, s *Store) {
	ctx := t.Context()
	for i := range 4 {
		h := hold(fmt.Sprintf("paid-%d", i), 10)
		if _, err := s.Reserve(ctx, h); err != nil {
			t.Fatal(err)
		}
		e := paid(h, 5)
		e.Outcome.At = day.Add(time.Duration(2*i) * time.Second)
		if i == 3 {
			e.Outcome.Status, e.Outcome.Cost = "upstream_error", nil // of unknown price
		}
		if err := s.Settle(ctx, e); err != nil {
			t.Fatal(err)
		}
		r := gateway.Record{At: day.Add(time.Duration(2*i+1) * time.Second), RequestID: fmt.Sprintf("free-%d", i), KeyID: "free", Model: "free", Operation: "chat", Price: "free",
			Usage: accounting.Usage{accounting.Input: 3, accounting.Output: 4}, Source: accounting.Reported, Status: control.StatusOK, Took: 1500 * time.Millisecond, Tags: []string{"a", "b"}}
		if i == 3 {
			r.Status, r.Tags = "rate_limited", nil
		}
		s.Record(r)
	}
	s.calls.close()
	all, total, err := s.Log(ctx, control.LogQuery{Limit: 100})
	if err != nil || total != 8 || len(all) != 8 {
		t.Fatalf("%d of %d calls, %v", len(all), total, err)
	}
	sum := accounting.Money(0)
	for i, r := range all {
		if !r.At.Equal(day.Add(time.Duration(7-i) * time.Second)) {
			t.Errorf("call %d is of %v", i, r.At)
		}
		if free := r.Key == "free"; free && (r.Cost == nil || *r.Cost != 0 || r.Input != 3 || r.Output != 4 || r.Took != 1500*time.Millisecond) {
			t.Errorf("a free call: %+v", r)
		}
		if r.Cost != nil {
			sum += *r.Cost
		}
	}
	if !slices.Equal(all[2].Tags, []string{"a", "b"}) || len(all[0].Tags) != 0 {
		t.Errorf("tags are %v and %v", all[2].Tags, all[0].Tags)
	}
	rows, err := s.Usage(ctx, control.UsageQuery{})
	if err != nil || len(rows) != 1 || rows[0].Cost != sum {
		t.Errorf("the calls add up to %v: %+v, %v", sum, rows, err)
	}
	var paged []control.LogRow
	for offset := 0; offset < 9; offset += 3 {
		page, _, err := s.Log(ctx, control.LogQuery{Offset: offset, Limit: 3})
		if err != nil {
			t.Fatal(err)
		}
		paged = append(paged, page...)
	}
	if fmt.Sprint(paged) == "" || len(paged) != len(all) {
		t.Fatalf("%d calls on all pages", len(paged))
	}
	for i := range all {
		if paged[i].Request != all[i].Request {
			t.Errorf("call %d of the pages is %s, want %s", i, paged[i].Request, all[i].Request)
		}
	}
	zero, five := accounting.Money(0), accounting.Money(5)
	for name, row := range map[string]struct {
		q    control.LogQuery
		want int
	}{
		"of a key":            {control.LogQuery{KeyID: "free"}, 4},
		"of a model":          {control.LogQuery{Model: "free"}, 4},
		"of a tag":            {control.LogQuery{Tag: "b"}, 3},
		"of a request":        {control.LogQuery{Request: "free-1"}, 1},
		"good ones":           {control.LogQuery{Status: control.StatusOK}, 6},
		"failed ones":         {control.LogQuery{Status: control.StatusFailed}, 2},
		"those of one error":  {control.LogQuery{Status: "rate_limited"}, 1},
		"dear ones":           {control.LogQuery{Least: &five}, 3},
		"cheap ones":          {control.LogQuery{Most: &zero}, 4},
		"of a time":           {control.LogQuery{From: day.Add(time.Second), To: day.Add(3 * time.Second)}, 2},
		"of nobody":           {control.LogQuery{UserID: "x' or 1 = 1 --"}, 0},
		"beyond the last one": {control.LogQuery{Offset: control.MaxLog}, 8},
	} {
		row.q.Limit = 100
		got, total, err := s.Log(ctx, row.q)
		if err != nil || total != row.want || row.q.Offset == 0 && len(got) != row.want {
			t.Errorf("%s: %d of %d calls, %v; want %d", name, len(got), total, err, row.want)
		}
	}
}

// TestLogsUseAnIndex: the newest calls are found without sorting what is older.
func TestLogsUseAnIndex(t *testing.T) {
	s := fresh(t)
	db, err := s.read.DB()
	if err != nil {
		t.Fatal(err)
	}
	for of, q := range map[string]control.LogQuery{"at": {From: day}, "by_key": {KeyID: "k", From: day}} {
		q.Limit = 10
		p := &planner{querier: db, t: t}
		if _, _, err := logOf(t.Context(), p, s.engine, q); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"entries", "calls"} {
			if !slices.ContainsFunc(p.plan, func(line string) bool { return strings.Contains(line, "INDEX "+table+"_"+of) }) {
				t.Errorf("a list by %s finds its %s so: %q", of, table, p.plan)
			}
		}
	}
}
