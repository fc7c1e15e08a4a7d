package admin

import (
	"net/http"

	"tollgate/gateway"
)

// Explanation is what would be decided on a call, without making it.
type Explanation struct {
	Key    Key  `json:"key"`
	Served bool `json:"served"`
	gateway.Explanation
}

func (a *api) explain(r *request) error {
	b := r.body()
	key, model := b.required("key", "the id, the name or the key itself"), b.required("model", "gpt-5-mini")
	if err := b.done(); err != nil {
		return err
	}
	who, err := a.Control.Caller(r.ctx, key)
	if err != nil {
		return err
	}
	e, err := a.Gateway.Explain(r.ctx, who, model)
	if err != nil {
		return err
	}
	if err := who.Refusal(a.Now()); err != nil {
		e.Serves, e.Verdict = "", "refused: "+err.Error()
	}
	e.Steps, e.Budgets, e.Free = list(e.Steps), list(e.Budgets), list(e.Free)
	return r.answer(http.StatusOK, Explanation{viewKey(*who.Key, nil), e.Serves != "", e})
}
