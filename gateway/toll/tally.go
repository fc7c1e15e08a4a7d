package toll

import (
	"tollgate/accounting"
	"tollgate/gateway/catalog"
	"tollgate/providers"
)

// Tally adds up what a call would cost that is answered elsewhere, in the way in which one
// of tollgate's own is added up. It has no hold and never comes near the books.
type Tally struct{ m *meter }

// Tally begins to add up a call at the price of a candidate; what is free or has no price
// is only counted. The error is [accounting.ErrUnpricedMeter] if the price does not cover
// the call.
func (t *Toll) Tally(c catalog.Candidate, call Call) (*Tally, error) {
	p := &plan{dep: c.Of(), call: call}
	price := accounting.Priced{}
	switch c := c.(type) {
	case catalog.Free:
	case catalog.Paid:
		price = c.Price
	case catalog.Unpriced:
		if c.Ceiling != nil {
			price = *c.Ceiling
		}
	}
	if price != (accounting.Priced{}) {
		var err error
		if p, err = t.plan(c.Of(), price, call); err != nil {
			return nil, err
		}
	}
	return &Tally{&meter{toll: t, plan: p, charge: &Charge{}, began: t.now()}}, nil
}

// Event takes what is known of an answer: text that it has produced, and what is reported
// of its usage.
func (t *Tally) Event(ev *providers.Event) {
	t.m.event(ev)
}

// End says what the call has used, who counted it and what it costs; nil if there is no
// price, or it covers not all of what was used. whole says that the answer came to its end.
func (t *Tally) End(whole bool) (accounting.Usage, accounting.Source, *accounting.Money) {
	m := t.m
	guessed := accounting.Counted
	if !whole {
		guessed = accounting.Estimated
	}
	usage, source := m.total(guessed)
	cost, err := m.cost(usage)
	if err != nil || cost == nil {
		return usage, source, nil
	}
	return usage, source, &cost.Total
}
