package control

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
)

// MaxReason is how many bytes the reason of an adjustment may have.
const MaxReason = 1024

// AdjustOrder says what is to be added to what an account has spent, or taken away.
type AdjustOrder struct {
	ID      string // of the entry, "" to make one: the same id is never booked twice
	Account ledger.Account
	Budget  string            // "": every budget of the account that is for all models
	Amount  accounting.Money  // below 0 takes away
	To      *accounting.Money // instead of Amount: where the one budget is to stand
	Reason  string
	Actor   string // who wants it
}

// Adjust books spending that no call has made, or takes spending back, in the periods
// that run now. Without a budget it counts as the account's in reports, apart from what
// calls did cost. The error is [ErrNotFound] if there is no such account, or no such
// budget applies to it, [ErrExists] if the id was booked before, or [ErrInvalid].
func (c *Control) Adjust(ctx context.Context, o AdjustOrder) (ledger.Adjustment, error) {
	a := ledger.Adjustment{ID: o.ID, Amount: o.Amount, To: o.To, Reason: o.Reason, Actor: o.Actor}
	if err := c.checkAdjust(o); err != nil {
		return a, err
	}
	if a.ID == "" {
		id, err := c.newID("adj")
		if err != nil {
			return a, err
		}
		a.ID = id
	}
	if o.Budget == "" {
		a.Facts = factsOf(o.Account)
	}
	a, err := c.ledger.Adjust(ctx, a, o.Account, o.Budget)
	switch {
	case errors.Is(err, ledger.ErrNoBudget):
		err = fmt.Errorf("budget %q of %s %q: %w: %w", o.Budget, o.Account.Kind, o.Account.ID, ErrNotFound, err)
	case errors.Is(err, ledger.ErrAdjusted):
		err = fmt.Errorf("adjustment %q: %w: %w", a.ID, ErrExists, err)
	case errors.Is(err, ledger.ErrNothing), errors.Is(err, accounting.ErrOverflow):
		err = fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if err == nil {
		c.log.Info("audit: spending was adjusted", "id", a.ID, "scope", o.Account.Kind, "account", o.Account.ID, "budget", o.Budget, "amount", a.Amount.String(), "reason", o.Reason, "by", o.Actor)
	}
	return a, err
}

func (c *Control) checkAdjust(o AdjustOrder) error {
	var err error
	if o.ID != "" {
		err = checkID("an adjustment", o.ID)
	}
	switch {
	case strings.TrimSpace(o.Reason) == "" || len(o.Reason) > MaxReason:
		err = errors.Join(err, invalid("an adjustment has a reason of 1 to %d bytes", MaxReason))
	case o.To != nil && (o.Amount != 0 || o.Budget == ""):
		err = errors.Join(err, invalid("where spending is to stand is said of one budget, and without an amount"))
	case o.To != nil && *o.To < 0:
		err = errors.Join(err, invalid("spending is not to stand below 0"))
	case o.Account.Kind == ledger.EndUser && o.Account.ID == "":
		err = errors.Join(err, invalid("an end user has a name"))
	}
	if err = errors.Join(err, checkText("an account", o.Account.ID)); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	b := ledger.Budget{Kind: o.Account.Kind, Owner: o.Account.ID}
	return (&draft{Control: c}).checkBudget(b)
}

// factsOf says whose spending it is that is said of an account.
func factsOf(a ledger.Account) ledger.Facts {
	switch a.Kind {
	case ledger.Key:
		return ledger.Facts{KeyID: a.ID}
	case ledger.User:
		return ledger.Facts{UserID: a.ID}
	case ledger.Team:
		return ledger.Facts{TeamID: a.ID}
	case ledger.Org:
		return ledger.Facts{OrgID: a.ID}
	case ledger.EndUser:
		return ledger.Facts{EndUser: a.ID}
	case ledger.Member:
		team, user, _ := strings.Cut(a.ID, "/")
		return ledger.Facts{TeamID: team, UserID: user}
	}
	return ledger.Facts{} // the gateway: everybody's, so nobody's
}
