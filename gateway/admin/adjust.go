package admin

import (
	"net/http"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
)

// Adjustment is spending that was booked without a call.
type Adjustment struct {
	ID      string           `json:"id"` // of the entry
	At      *time.Time       `json:"at"`
	Account ledger.Account   `json:"account"`
	Amount  accounting.Money `json:"amount"`  // below 0: it was taken away
	Budgets []string         `json:"budgets"` // whose counters moved
	Reason  string           `json:"reason"`
	Actor   string           `json:"actor"`
}

// adjustment reads what is to be adjusted, but for its id.
func (b *body) adjustment() control.AdjustOrder {
	o := control.AdjustOrder{Account: ledger.Account{Kind: ledger.Kind(b.required("scope", "user"))}}
	set(&o.Account.ID, b.text("owner"))
	set(&o.Budget, b.filled("budget", "the amount counts on every budget of the account that is for all models"))
	o.Reason = b.required("reason", "imported")
	amount, to := b.money("amount", "nothing"), b.money("to", "nothing")
	switch {
	case to != nil && *to == nil || amount != nil && *amount == nil:
		b.fail("amount", "null is no amount")
	case (amount == nil) == (to == nil):
		b.fail("amount", `write either "amount", which is added and may be below 0, or with a budget "to", where its spending is to stand`)
	case amount != nil:
		o.Amount = **amount
	default:
		o.To = *to
	}
	return o
}

func (a *api) adjust(r *request) error {
	b := r.body()
	o := b.adjustment()
	set(&o.ID, b.filled("id", "one is made"))
	if err := b.done(); err != nil {
		return err
	}
	made, err := a.Control.Adjust(r.ctx, o)
	if err != nil {
		return err
	}
	out := Adjustment{ID: made.ID, At: instant(made.At), Account: o.Account, Amount: made.Amount, Budgets: []string{}, Reason: made.Reason, Actor: made.Actor}
	for _, c := range made.Claims {
		out.Budgets = append(out.Budgets, c.Counter.Budget)
	}
	return r.answer(http.StatusCreated, out)
}
