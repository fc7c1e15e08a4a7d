package admin

import (
	"errors"
	"net/http"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
)

// Me is what a key may know of itself. It is told in every state of every budget;
// while the books do not answer, what comes from them is missing and Books says so.
type Me struct {
	Key     Key         `json:"key"`
	User    *Person     `json:"user"`
	Team    *Person     `json:"team"`
	Org     *Person     `json:"org"`
	Books   Books       `json:"books"`
	Budgets []Applied   `json:"budgets"`
	Models  ModelsCount `json:"models"`
	Usage   *OwnUsage   `json:"usage"` // null while the books do not answer
}

// Person is a user or a team by name.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ModelsCount counts the models that the key may call.
type ModelsCount struct {
	Total int `json:"total"`
	Free  int `json:"free"` // with at least one free deployment
	Open  int `json:"open"` // that would be served now
}

// OwnUsage is what the key used this month.
type OwnUsage struct {
	Since time.Time `json:"since"`
	UsageSums
}

func (a *api) me(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	out := Me{Key: viewKey(*r.who.Key, nil)}
	if u := r.who.User; u != nil {
		out.User = &Person{u.ID, u.Name}
	}
	if t := r.who.Team; t != nil {
		out.Team = &Person{t.ID, t.Name}
	}
	if o := r.who.Org; o != nil {
		out.Org = &Person{o.ID, o.Name}
	}
	states, err := applied(a.Gateway.Standing(r.ctx, r.who))
	if err != nil {
		return err
	}
	out.Books, out.Budgets = states.Books, states.Data
	for _, m := range a.Gateway.Models(r.ctx, r.who) {
		out.Models.Total++
		if m.Open {
			out.Models.Open++
		}
		if m.Price == "free" || m.Price == "mixed" {
			out.Models.Free++
		}
	}
	now := a.Now().UTC()
	own := OwnUsage{Since: time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)}
	own.UsageSums, err = a.total(r, control.UsageQuery{From: own.Since, KeyID: r.who.Key.ID})
	switch {
	case errors.Is(err, ledger.ErrUnavailable):
		out.Books = BooksDown
	case err != nil:
		return err
	default:
		out.Usage = &own
	}
	return r.answer(http.StatusOK, out)
}
