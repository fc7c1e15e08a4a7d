package admin

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/tidwall/gjson"

	"tollgate/gateway/control"
)

// booksTimeout bounds what goes through the whole of the books.
const booksTimeout = 6 * time.Hour

// Retained says what retention did, month by month.
type Retained struct {
	Months   int               `json:"months"` // that are kept
	Removals []control.Removal `json:"removals"`
}

// long gives a request the time that a large database takes.
func (r *request) long() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(r.ctx), booksTimeout)
}

func (a *api) verify(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	ctx, cancel := r.long()
	defer cancel()
	v, err := a.Control.Verify(ctx)
	if err != nil {
		return err
	}
	v.Differences = list(v.Differences)
	return r.answer(http.StatusOK, v)
}

func (a *api) retain(r *request) error {
	b := r.body()
	months := b.months("months")
	if err := b.done(); err != nil {
		return err
	}
	ctx, cancel := r.long()
	defer cancel()
	removals, err := a.Control.Retain(ctx, months, "key "+r.who.Key.ID)
	if err != nil {
		return err
	}
	return r.answer(http.StatusOK, Retained{months, list(removals)})
}

// months is a number of months that must be there.
func (b *body) months(name string) int {
	v, _ := b.get(name)
	n, err := strconv.Atoi(v.Raw)
	if v.Type != gjson.Number || !whole.MatchString(v.Raw) || err != nil || n < 1 || n > control.MaxRetention {
		b.fail(name, "it must be a whole number of months to keep, 1 to %d", control.MaxRetention)
		return 0
	}
	return n
}
