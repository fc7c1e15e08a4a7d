package toll

import (
	"context"
	"fmt"
	"testing"

	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
)

// TestStopped: an entry says why an answer was stopped, and puts it down to a budget
// only if one refused.
func TestStopped(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&ledger.Refusal{Short: []ledger.Shortfall{{State: ledger.Spent}}}, "budget_exceeded"},
		{fmt.Errorf("raising: %w", ledger.ErrUnavailable), "books_unavailable"},
		{fmt.Errorf("%w: %w", ledger.ErrUnavailable, ledger.ErrUnsure), "books_unavailable"},
		{fmt.Errorf("raising: %w", ledger.ErrNotOpen), "hold_lost"},
		{fmt.Errorf("raising: %w", access.ErrUserBlocked), "cut_off"}, // why the call was ended while it waited for the books
		{fmt.Errorf("raising: %w", context.Canceled), "client_gone"},
	} {
		if got := stopped(c.err); got != c.want {
			t.Errorf("%v: %s, want %s", c.err, got, c.want)
		}
	}
}
