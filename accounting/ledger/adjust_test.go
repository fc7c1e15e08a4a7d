package ledger

import (
	"errors"
	"testing"
	"time"

	"tollgate/accounting"
)

// TestExtra: what is extra counts until its instant, on both limits, and never opens what
// has no limit or leaves the range of money.
func TestExtra(t *testing.T) {
	until := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	most := accounting.MaxMoney
	for name, c := range map[string]struct {
		limit, soft *accounting.Money
		extra       accounting.Money
		at          time.Time
		want        *accounting.Money
	}{
		"before":         {dollars(5), dollars(4), accounting.Dollar, until.Add(-1), dollars(6)},
		"at the end":     {dollars(5), dollars(4), accounting.Dollar, until, dollars(5)},
		"on nothing":     {new(accounting.Money), nil, accounting.Dollar, until.Add(-1), dollars(1)},
		"without limit":  {nil, nil, accounting.Dollar, until.Add(-1), nil},
		"beyond a range": {&most, nil, accounting.Dollar, until.Add(-1), &most},
	} {
		b := Budget{ID: "b", Kind: Gateway, Limit: c.limit, Soft: c.soft, Extra: Extra{c.extra, until}}
		got := b.At(c.at)
		if (got.Limit == nil) != (c.want == nil) || c.want != nil && *got.Limit != *c.want {
			t.Errorf("%s: %v, want %v", name, got.Limit, c.want)
		}
		if c.soft != nil && *got.Limit-*got.Soft != *c.limit-*c.soft {
			t.Errorf("%s: the warning did not move with the limit: %v", name, *got.Soft)
		}
		if b.Limit != c.limit || b.At(c.at).At(c.at).Limit != nil && *b.At(c.at).At(c.at).Limit != *got.Limit {
			t.Errorf("%s: it counts twice", name)
		}
		if err := b.Validate(); (err == nil) != (c.limit != nil) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, x := range []Extra{{-1, until}, {0, until}, {1, time.Time{}}} {
		if err := (Budget{Kind: Gateway, Limit: dollars(5), Extra: x}).Validate(); !errors.Is(err, ErrExtra) {
			t.Errorf("%v: %v", x, err)
		}
	}
}

// TestAdjustClaims: an adjustment is of the budgets it names, in the periods that run.
func TestAdjustClaims(t *testing.T) {
	budgets := NewBudgets([]Budget{
		{ID: "all", Kind: Key, Each: true, Limit: dollars(5), Window: Window{Unit: Month}},
		{ID: "some", Kind: Key, Each: true, Limit: dollars(5), Window: Window{Unit: Day}, Models: []string{"m"}},
	})
	account, at := Account{Kind: Key, ID: "k"}, time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		budget string
		amount accounting.Money
		to     *accounting.Money
		want   []string
		since  time.Time
		err    error
	}{
		{"", 5, nil, []string{"all"}, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), nil},
		{"some", 5, nil, []string{"some"}, time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC), nil},
		{"all", 0, dollars(0), []string{"all"}, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), nil},
		{"none", 5, nil, nil, time.Time{}, ErrNoBudget},
		{"", 0, dollars(0), nil, time.Time{}, ErrNoBudget},
		{"", 0, nil, nil, time.Time{}, ErrNothing},
	} {
		a, err := budgets.Adjust(Adjustment{ID: "a", At: at, Amount: c.amount, To: c.to}, account, c.budget)
		if !errors.Is(err, c.err) || err == nil && len(a.Claims) != len(c.want) {
			t.Errorf("%+v: %v, %+v", c, err, a)
			continue
		}
		if err != nil {
			continue
		}
		if got := a.Claims[0].Counter; got.Budget != c.want[0] || got.Account != account || !got.Start.Equal(c.since) || a.Facts.Operation != Adjusted {
			t.Errorf("%+v: %+v", c, a)
		}
	}
	// What somebody without a budget has spent stands in reports all the same.
	if a, err := budgets.Adjust(Adjustment{ID: "a", At: at, Amount: 5}, Account{Kind: User, ID: "u"}, ""); err != nil || len(a.Claims) != 0 || a.Amount != 5 {
		t.Errorf("without a budget: %v, %+v", err, a)
	}
}
