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

// maxAccount is how many bytes the id of an account may have: that of a member is the
// longest.
const maxAccount = MaxID + len("/") + MaxID

// AdjustOrder says what is to be added to what an account has spent, or taken away.
type AdjustOrder struct {
	ID      string // of the entry, "" to make one: the same id is never booked twice
	Account ledger.Account
	Budget  string            // "": every budget of the account that is for all models
	Amount  accounting.Money  // below 0 takes away
	To      *accounting.Money // instead of Amount: where the one budget is to stand
	// Reported says that the amount counts in reports alone, and on no budget: it was spent in
	// other periods than those that run.
	Reported bool
	Reason   string
}

// Adjust books spending that no call has made, or takes spending back, in the periods
// that run now. Without a budget it counts as the account's in reports, apart from what
// calls did cost. One that is to bring spending to where it stands already writes nothing
// and has the amount 0. The error is [ErrNotFound] if there is no such account, or no such
// budget applies to it, [ErrExists] if the id was booked before, or [ErrInvalid].
func (c *Control) Adjust(ctx context.Context, o AdjustOrder) (a ledger.Adjustment, err error) {
	var made *ledger.Adjustment
	if err := c.run(ctx, func(d *draft) (err error) { made, err = d.adjust(o); return err }); err != nil {
		return a, err
	}
	c.log.Info("audit: spending was adjusted", "id", made.ID, "scope", o.Account.Kind, "account", o.Account.ID, "budget", o.Budget, "amount", made.Amount.String(), "reason", made.Reason, "by", made.Actor)
	return *made, nil
}

// adjust plans an adjustment of an account and its budgets as the draft has them. Its
// amount is known once it is written.
func (d *draft) adjust(o AdjustOrder) (*ledger.Adjustment, error) {
	a := ledger.Adjustment{ID: o.ID, At: d.at, Amount: o.Amount, To: o.To, Reason: o.Reason, Actor: d.by.String()}
	err := d.checkAdjust(o)
	if err == nil && a.ID == "" {
		a.ID, err = d.newID("adj")
	}
	if err != nil {
		return nil, err
	}
	if o.Budget == "" {
		a.Facts = factsOf(o.Account)
	}
	a, err = d.budgetsOf(o.Account).Adjust(a, o.Account, o.Budget)
	switch {
	case errors.Is(err, ledger.ErrNoBudget):
		return nil, fmt.Errorf("budget %q of %s %q: %w: %w", o.Budget, o.Account.Kind, o.Account.ID, ErrNotFound, err)
	case err != nil:
		return nil, inField("amount", Invalid(err))
	case o.Reported:
		a.Claims = nil
	}
	d.write(PutAdjustment{&a, o.Account})
	return &a, nil
}

func (d *draft) checkAdjust(o AdjustOrder) error {
	var err error
	if o.ID != "" {
		err = inField("id", checkID("an adjustment", o.ID))
	}
	switch {
	case strings.TrimSpace(o.Reason) == "" || len(o.Reason) > MaxReason:
		err = errors.Join(err, inField("reason", invalid("an adjustment has a reason of 1 to %d bytes", MaxReason)))
	case o.To != nil && (o.Amount != 0 || o.Budget == ""):
		err = errors.Join(err, inField("to", invalid("where spending is to stand is said of one budget, and without an amount")))
	case o.Reported && o.Budget != "":
		err = errors.Join(err, inField("budget", invalid("what counts in reports alone is said of no budget")))
	case o.To != nil && *o.To < 0:
		err = errors.Join(err, inField("to", invalid("spending is not to stand below 0")))
	case o.Account.Kind == ledger.EndUser && o.Account.ID == "":
		err = errors.Join(err, inField("owner", invalid("an end user has a name")))
	case len(o.Account.ID) > maxAccount:
		err = errors.Join(err, inField("owner", invalid("an account's id has at most %d bytes", maxAccount)))
	}
	if err = errors.Join(err, inField("owner", checkPrintable("an account", o.Account.ID))); err != nil {
		return err
	}
	return d.checkBudget(ledger.Budget{Kind: o.Account.Kind, Owner: o.Account.ID})
}

// budgetsOf are the budgets that are for an account, among others of its kind perhaps.
func (d *draft) budgetsOf(a ledger.Account) *ledger.Budgets {
	d.follows(BudgetChanged, anyID)
	var out []ledger.Budget
	add := func(from []ledger.Budget) {
		for _, b := range from {
			if b.Kind == a.Kind && (b.Each || b.Owner == a.ID) {
				out = append(out, b)
			}
		}
	}
	add(d.declared.Budgets)
	if d.budgets == nil {
		add(d.api)
	} else {
		add(d.budgets.ofAccount(a)) // a change may adjust as many accounts as there are
	}
	return ledger.NewBudgets(out)
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
	case ledger.Tag:
		return ledger.Facts{Tags: []string{a.ID}}
	case ledger.EndUser:
		return ledger.Facts{EndUser: a.ID}
	case ledger.Member:
		team, user, _ := strings.Cut(a.ID, "/")
		return ledger.Facts{TeamID: team, UserID: user}
	}
	return ledger.Facts{} // the gateway: everybody's, so nobody's
}
