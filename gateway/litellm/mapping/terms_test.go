package mapping

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway/control"
)

// TestWindowsKeepWhatWasSpent: a budget of a window that gets another limit stays the budget
// that it is, with what was spent; one with another window, or that is counted from another
// instant, is another one.
func TestWindowsKeepWhatWasSpent(t *testing.T) {
	account, limit := scope.Account{Kind: scope.Key, ID: "k"}, accounting.Dollar
	at := time.Date(2026, 12, 4, 8, 0, 0, 0, time.UTC)
	now := func() *Standing {
		s := &Standing{}
		s.TakeBudget(Stood{Budget: ledger.Budget{ID: "b", Name: NameWindow, Kind: scope.Key, Owner: "k", Limit: &limit, Window: ledger.Window{Unit: ledger.Day, Count: 1}}})
		return s
	}
	for _, c := range []struct {
		want []Limit
		does string
	}{
		{[]Limit{{Duration: "24h", Max: accounting.Dollar}}, ""},
		{[]Limit{{Duration: "24h", Max: 2 * accounting.Dollar}}, "update b"},
		{[]Limit{{Duration: "24h", Max: 2 * accounting.Dollar}, {Duration: "24h", Max: accounting.Dollar}}, ""}, // the lower of the two holds
		{[]Limit{{Duration: "7d", Max: accounting.Dollar}}, "delete b, create new 1.00 week"},
		{[]Limit{{Duration: "24h", Max: accounting.Dollar, Starts: at}}, "delete b, create new 1.00 day"},
		{nil, "delete b"},
	} {
		edits, err := Change(account, now(), Terms{Windows: c.want}, nil, nil, func(string) (string, error) { return "new", nil })
		if err != nil {
			t.Fatal(err)
		}
		does := ""
		for i, e := range edits {
			b := e.(control.BudgetEdit)
			if i > 0 {
				does += ", "
			}
			does += fmt.Sprintf("%s %s", b.Action, b.ID)
			if b.Action == control.Create {
				does += fmt.Sprintf(" %s %s", b.New.Limit, b.New.Window)
				if !b.New.Window.Start.Equal(c.want[0].Starts) {
					t.Errorf("it is counted from %s", b.New.Window.Start)
				}
			}
		}
		if does != c.does {
			t.Errorf("%+v: %s, want %s", c.want, does, c.does)
		}
	}
}

// TestWhatIsNotSaidStays: a change that says nothing of budgets changes none of them, however
// they came about: what was spent under one that were made anew would be forgotten.
func TestWhatIsNotSaidStays(t *testing.T) {
	account := scope.Account{Kind: scope.Key, ID: "k"}
	rapid.Check(t, func(t *rapid.T) {
		now := &Standing{}
		for i := range rapid.IntRange(0, 4).Draw(t, "budgets") {
			b := ledger.Budget{ID: fmt.Sprint("b", i), Kind: scope.Key, Owner: "k"}
			b.Name = rapid.SampledFrom([]string{"", NameMain, NameWindow, NameModel, "of one's own"}).Draw(t, "name")
			b.Window.Unit = rapid.SampledFrom([]ledger.Unit{ledger.Total, ledger.Hour, ledger.Day, ledger.Week, ledger.Month}).Draw(t, "unit")
			if b.Window.Unit != ledger.Total {
				b.Window.Count = rapid.SampledFrom([]int{0, 1, 2, 7, 30}).Draw(t, "count")
			}
			b.Models = rapid.SampledFrom([][]string{nil, {"a"}, {"b"}, {"a", "b"}, {"b", "c"}}).Draw(t, "models")
			if rapid.Bool().Draw(t, "limited") {
				limit := accounting.Money(rapid.Int64Range(0, 3).Draw(t, "limit"))
				b.Limit = &limit
				if rapid.Bool().Draw(t, "soft") {
					soft := accounting.Money(rapid.Int64Range(0, int64(limit)).Draw(t, "soft limit"))
					b.Soft = &soft
				}
			}
			now.TakeBudget(Stood{Budget: b, Spend: accounting.Money(rapid.Int64Range(0, 3).Draw(t, "spent"))})
		}
		edits, err := Change(account, now, now.Terms, nil, nil, func(string) (string, error) { return "new", nil })
		if err != nil || len(edits) != 0 {
			t.Fatalf("%+v, %v", edits, err)
		}
	})
}
