package admin

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"tollgate/gateway/shadow"
)

// ShadowCalls are the calls of a trial beside another gateway.
type ShadowCalls interface {
	// EachShadowCall hands over those from an instant on, and before another one, in the
	// order in which they came. A zero time has no bound.
	EachShadowCall(ctx context.Context, from, to time.Time, put func(shadow.Call)) error
}

// shadow reports where tollgate and the other gateway differ.
func (a *api) shadow(r *request) error {
	q := r.query()
	from, to := q.instant("from"), q.instant("to")
	listed := DefaultPage
	if v := q.text("limit"); v != "" {
		var err error
		if listed, err = strconv.Atoi(v); err != nil || listed < 0 || listed > shadow.MaxListed {
			q.fail("limit", "it must be a whole number from 0 to %d", shadow.MaxListed)
		}
	}
	if !to.IsZero() && !from.Before(to) {
		q.fail("to", "the report ends before it begins")
	}
	if err := q.done(); err != nil {
		return err
	}
	b := shadow.NewBuilder(listed)
	if err := a.Shadow.EachShadowCall(r.ctx, from, to, b.Add); err != nil {
		return err
	}
	return r.answer(http.StatusOK, b.Report())
}
