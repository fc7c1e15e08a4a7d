package store

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/gateway/shadow"
)

func shadowCalls(t *testing.T, s *Store, from, to time.Time) []shadow.Call {
	t.Helper()
	var all []shadow.Call
	if err := s.EachShadowCall(context.Background(), from, to, func(c shadow.Call) { all = append(all, c) }); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestShadowCallsComeBack: what was recorded is read as it was, in order, and within a time.
func TestShadowCallsComeBack(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		at := time.Now().UTC().Truncate(time.Hour)
		cost, spend := accounting.Money(11), 2*accounting.Dollar
		full := shadow.Call{At: at, RequestID: "r", Operation: "chat", Model: "m", Key: "k", KeyMark: "0123456789abcdef", User: "u", Team: "t", EndUser: "e", Stream: true, Took: time.Second,
			Ours: shadow.Ours{Decision: shadow.Served, Why: "why", Budget: "b", Serves: "m", Deployment: "cloud/m", Price: "paid", Need: 7, Otherwise: "gpu/m", Input: 1, Output: 2, Source: "reported", Cost: &cost,
				Budgets: []shadow.Claim{{Budget: "b", Name: "n", Kind: "user", Account: "u", Start: at, End: at.Add(time.Hour), Limit: 5, Posted: 1}, {Budget: "c", Kind: "gateway", Start: at}}},
			Theirs: shadow.Theirs{Status: 429, ID: "their", Refused: shadow.BudgetSpent, Type: "budget_exceeded", Cost: &spend, KeySpend: &cost, Ended: "ok"}}
		bare := shadow.Call{At: at.Add(time.Minute), RequestID: "odd\x00\xff", Model: "a\x00b", Ours: shadow.Ours{Decision: shadow.UnknownKey, Budgets: []shadow.Claim{}}}
		bare.RequestID = "bare"
		s.RecordShadow(bare)
		s.RecordShadow(full)
		s.shadow.close()
		got := shadowCalls(t, s, time.Time{}, time.Time{})
		bare.Model = "a\uFFFDb"
		if want := []shadow.Call{full, bare}; !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		for _, row := range []struct {
			from, to time.Time
			want     int
		}{{at, at.Add(time.Minute), 1}, {at.Add(time.Second), time.Time{}, 1}, {time.Time{}, at, 0}, {at.Add(time.Hour), time.Time{}, 0}} {
			if got := shadowCalls(t, s, row.from, row.to); len(got) != row.want {
				t.Errorf("from %v to %v: %d calls", row.from, row.to, len(got))
			}
		}
	})
}

// TestShadowCallsAreBounded: what is too old goes, and the oldest of what is too much.
func TestShadowCallsAreBounded(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		now := s.Now().UTC()
		s.shadow.keep = 30
		for i := range 2 * shadowTrim {
			at := now
			if i%2 == 0 {
				at = now.Add(-shadow.KeptFor - time.Minute)
			}
			s.RecordShadow(shadow.Call{At: at, RequestID: fmt.Sprint(i)})
		}
		s.shadow.close()
		if n := len(shadowCalls(t, s, time.Time{}, time.Time{})); n > shadowTrim+30 {
			t.Errorf("%d calls are kept while many are written", n)
		}
		s.shadow.trim()
		if got := shadowCalls(t, s, now, time.Time{}); len(got) != 15 || got[0].RequestID != fmt.Sprint(2*shadowTrim-29) {
			t.Errorf("%d calls from %+v on", len(got), got[0])
		}
		if got := shadowCalls(t, s, time.Time{}, now); len(got) != 15 {
			t.Errorf("%d old calls", len(got))
		}
		if err := s.Forget(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := shadowCalls(t, s, time.Time{}, now); len(got) != 0 {
			t.Errorf("%d old calls are not forgotten", len(got))
		}
		if got := shadowCalls(t, s, now, time.Time{}); len(got) != 15 {
			t.Errorf("%d calls are left", len(got))
		}
	})
}

// TestRecordingOfShadowCallsNeverBlocks: with nobody to write them, calls are dropped and
// counted.
func TestRecordingOfShadowCallsNeverBlocks(t *testing.T) {
	q := newShadowQueue(nil, slog.New(slog.DiscardHandler))
	q.begin.Do(func() {}) // nothing takes them
	for range shadowQueueLen + 10 {
		q.add(shadowRow{})
	}
	if n := q.dropped.Load(); n != 10 {
		t.Errorf("%d were dropped", n)
	}
}
