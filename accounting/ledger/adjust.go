package ledger

import (
	"errors"
	"time"

	"tollgate/accounting"
)

// Adjusted is the operation that the entry of an adjustment names.
const Adjusted = "adjustment"

// The reasons for which an adjustment is refused.
var (
	// ErrAdjusted says that there is an adjustment of this id already.
	ErrAdjusted = errors.New("this adjustment was made before")
	// ErrNothing says that an adjustment would change nothing.
	ErrNothing = errors.New("the adjustment changes nothing")
	// ErrNoBudget says that no such budget applies to the account.
	ErrNoBudget = errors.New("no such budget applies to the account")
)

// Adjustment is spending that no call has made: it was imported, forgiven or mistaken.
// It is an entry of the books like any other, so that counters stay the sum of entries.
type Adjustment struct {
	ID     string // unique among all entries
	At     time.Time
	Amount accounting.Money  // added to what was spent; below 0 takes away
	To     *accounting.Money // instead of Amount: where the one claim is to stand
	Facts  Facts             // whose it is in reports; its operation is Adjusted
	Claims []Claim
	Reason string
	Actor  string // who made it
}

// Adjust completes an adjustment of what an account has spent, in the periods that run at
// its instant, on the one budget of an id, or if that is "" on every budget of the account
// that is for all models. Its To, unless nil, is where the one budget is to stand. With no
// id of a budget the facts say whose spending it is in reports; that of one budget alone is
// nobody's. The error is [ErrNoBudget] or [ErrNothing].
func (b *Budgets) Adjust(a Adjustment, account Account, budget string) (Adjustment, error) {
	a.Facts.Operation = Adjusted
	for _, o := range b.Of([]Account{account}) {
		if budget == "" && len(o.Rule.Models) == 0 || o.Rule.ID == budget {
			a.Claims = append(a.Claims, claim(o, a.At))
		}
	}
	switch {
	case budget == "" && a.To != nil, budget != "" && len(a.Claims) == 0:
		return a, ErrNoBudget
	case a.To == nil && a.Amount == 0:
		return a, ErrNothing
	}
	return a, nil
}
