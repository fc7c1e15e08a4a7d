package store

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway/control"
	"tollgate/gateway/limits"
)

func figure(n int64) *int64 { return &n }

// TestLimits: what is written is what is read, none and 0 told apart.
func TestLimits(t *testing.T) { eachStore(t, testLimits) }

func testLimits(t *testing.T, s *Store) {
	ctx := t.Context()
	all := []limits.Rule{
		{ID: "a", Name: "fair share", Selector: scope.Selector{Kind: scope.User, Each: true, Models: []string{"gpu/*", "ä\"'\n"}}, Requests: figure(60), Tokens: figure(0), Origin: "api"},
		{ID: "b", Selector: scope.Selector{Kind: scope.Member, Owner: "physics/alice", Models: []string{}}, Concurrent: figure(limits.MaxLimit), Origin: "api"},
		{ID: "c", Selector: scope.Selector{Kind: scope.Gateway, Models: []string{}}, Requests: figure(1), Tokens: figure(2), Concurrent: figure(3), Origin: "api"},
	}
	for i, r := range []limits.Rule{all[2], all[0], all[1]} {
		if err := s.CreateLimit(ctx, r, day.Add(time.Duration(2-i)*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	all = []limits.Rule{all[1], all[0], all[2]} // in the order that they were made
	read := func() {
		t.Helper()
		if got, err := s.Limits(ctx); err != nil || !reflect.DeepEqual(got, all) {
			t.Fatalf("got %+v, %v\nwant %+v", got, err, all)
		}
	}
	read()
	all[1].Name, all[1].Requests, all[1].Tokens, all[1].Concurrent = "other", nil, figure(7), figure(0)
	changed := all[1]
	changed.Kind, changed.Each, changed.Owner, changed.Models = scope.Team, false, "x", nil // which no update touches
	if err := s.UpdateLimit(ctx, changed); err != nil {
		t.Fatal(err)
	}
	read()
	for what, c := range map[string]struct{ got, want error }{
		"again":                {s.CreateLimit(ctx, all[0], day), control.ErrExists},
		"changing what not is": {s.UpdateLimit(ctx, limits.Rule{ID: "x"}), control.ErrNotFound},
		"deleting what not is": {s.DeleteLimit(ctx, "x"), control.ErrNotFound},
		"deleting":             {s.DeleteLimit(ctx, "b"), nil},
	} {
		if !errors.Is(c.got, c.want) {
			t.Errorf("%s: %v, want %v", what, c.got, c.want)
		}
	}
	all = all[1:]
	read()
	if err := s.CreateLimit(ctx, limits.Rule{ID: "z", Selector: scope.Selector{Kind: scope.Gateway}, Requests: figure(-1)}, day); err == nil {
		t.Error("the table takes a negative limit")
	}
	var changes []string
	if err := s.read.Raw("select id from changes where kind = 'limit' order by seq").Scan(&changes).Error; err != nil || fmt.Sprint(changes) != "[c a b a b]" {
		t.Errorf("other replicas are told of %v, %v", changes, err)
	}
	columns, err := s.read.Migrator().ColumnTypes("limits")
	if err != nil {
		t.Fatal(err)
	}
	var have, want []string
	for _, c := range columns {
		have = append(have, c.Name())
	}
	for i := range reflect.TypeOf(limitRow{}).NumField() {
		want = append(want, s.read.NamingStrategy.ColumnName("", reflect.TypeOf(limitRow{}).Field(i).Name))
	}
	slices.Sort(have)
	slices.Sort(want)
	if !slices.Equal(have, want) {
		t.Errorf("the table has %v, the row %v", have, want)
	}
}

// TestEntriesBySource: entries are found by who counted them, and the uncertain ones
// are counted and added up, however much they are.
func TestEntriesBySource(t *testing.T) { eachStore(t, testEntriesBySource) }

func testEntriesBySource(t *testing.T, s *Store) {
	ctx := t.Context()
	put := func(id string, source accounting.Source, at time.Time, cost *accounting.Money) {
		t.Helper()
		h := hold(id, 10)
		if _, err := s.Reserve(ctx, h); err != nil {
			t.Fatal(err)
		}
		e := paid(h, 0)
		e.Outcome.At, e.Outcome.Source, e.Outcome.Cost = at, source, nil
		if cost != nil {
			e.Outcome.Cost = &accounting.Cost{Total: *cost}
		}
		if err := s.Settle(ctx, e); err != nil {
			t.Fatal(err)
		}
	}
	if u, err := s.Uncertain(ctx, day); err != nil || u != (control.Uncertain{}) {
		t.Errorf("in empty books: %+v, %v", u, err)
	}
	for i, source := range control.Sources() {
		put(fmt.Sprintf("%s-%d", source, i), source, day.Add(time.Duration(i)*time.Second), money(5))
	}
	put("old", accounting.Uncertain, day.Add(-time.Second), money(1000))
	put("dear", accounting.Uncertain, day.Add(time.Minute), money(2_999_999_999))
	put("unpriced", accounting.Uncertain, day, nil)
	for source, want := range map[accounting.Source]int{"": 7, accounting.Reported: 1, accounting.Counted: 1, accounting.Estimated: 1, accounting.Uncertain: 4, "x' or 1 = 1 --": 0} {
		got, err := s.Entries(ctx, control.EntryQuery{Source: source, Limit: 100})
		if err != nil || len(got) != want {
			t.Errorf("source %q: %d entries, %v; want %d", source, len(got), err, want)
		}
		for _, e := range got {
			if source != "" && e.Source != string(source) {
				t.Errorf("source %q: %+v", source, e)
			}
		}
	}
	if got, err := s.Entries(ctx, control.EntryQuery{Source: accounting.Uncertain, Before: "dear", Limit: 1}); err != nil || len(got) != 1 || got[0].ID != "uncertain-3" {
		t.Errorf("a page: %+v, %v", got, err)
	}
	if u, err := s.Uncertain(ctx, day); err != nil || u != (control.Uncertain{Untold: control.Booked{Entries: 3, Cost: 3_000_000_004}}) {
		t.Errorf("%+v, %v", u, err)
	}
	// A process that was taken for dead settles in the end: the entry is corrected.
	late := hold("late", 10)
	if _, err := s.Reserve(ctx, late); err != nil {
		t.Fatal(err)
	}
	orphan := paid(late, 5)
	orphan.Outcome.Source, orphan.Outcome.Status = accounting.Uncertain, ledger.Orphaned
	for i, e := range []ledger.Entry{orphan, paid(late, 7)} {
		if err := s.Settle(ctx, e); err != nil {
			t.Fatal(err)
		}
		want := control.Uncertain{Orphaned: control.Booked{Entries: 1 - int64(i), Cost: 5 - 5*accounting.Money(i)}, Untold: control.Booked{Entries: 3, Cost: 3_000_000_004}}
		if u, err := s.Uncertain(ctx, day); err != nil || u != want {
			t.Errorf("%+v, %v; want %+v", u, err, want)
		}
	}
	put("most", accounting.Uncertain, day, money(math.MaxInt64))
	if u, err := s.Uncertain(ctx, day); err != nil || u != (control.Uncertain{Untold: control.Booked{Entries: 4, Cost: math.MaxInt64}}) {
		t.Errorf("a sum that does not fit: %+v, %v", u, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Uncertain(ctx, day); !errors.Is(err, ledger.ErrUnavailable) {
		t.Errorf("of a closed database: %v", err)
	}
}
