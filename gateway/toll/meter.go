package toll

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/tokens"
	"tollgate/gateway/dispatch"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// meter adds up one attempt and settles it once.
type meter struct {
	toll   *Toll
	plan   *plan
	hold   holding
	charge *Charge
	began  time.Time

	once     sync.Once
	err      error
	reported *accounting.Usage
	text     []byte // produced and not yet counted for good
	counted  int64  // output tokens counted here, without those of text
	looked   int    // how many bytes of text have been looked at, and how many
	found    int64  // tokens they are
	tier     string
	model    string
}

// countAt is how much text is gathered before it is counted, in bytes.
const countAt = 2 << 10

func (m *meter) seen(u *accounting.Usage, text, tier, model string) {
	if u != nil {
		m.reported = u
	}
	if tier != "" {
		m.tier = tier
	}
	if model != "" {
		m.model = model
	}
	if m.text = append(m.text, text...); len(m.text) >= countAt {
		m.count()
	}
}

func (m *meter) count() {
	m.counted += tokens.Count(string(m.text))
	m.text, m.looked, m.found = m.text[:0], 0, 0
}

// look counts the text that waits without ending it: pieces that are counted each by
// itself add up to more tokens than their text has.
func (m *meter) look() {
	m.looked, m.found = len(m.text), tokens.Count(string(m.text))
}

// produced is how many output tokens are known of so far.
func (m *meter) produced() int64 {
	n := m.counted + m.found + int64(len(m.text)-m.looked) // text not yet looked at: at most a token a byte
	if m.reported != nil {
		n = max(n, m.reported.OutputTokens())
	}
	return n
}

// grow raises the hold when what was produced comes near to it.
func (m *meter) grow(ctx context.Context) error {
	p := m.plan
	if !p.grows {
		return nil
	}
	if n := m.produced(); n*10 < p.step*9 {
		return nil
	}
	m.look()
	n := m.produced()
	if n*10 < p.step*9 {
		return nil
	}
	choices := p.call.Params.Choices
	each := (n+choices-1)/choices + p.dep.DefaultOutput
	q, err := p.price.Quote(p.most(each), p.tier)
	if err != nil {
		return err
	}
	if err := m.hold.Raise(ctx, q); err != nil {
		return err
	}
	p.step = each * choices
	return nil
}

// failed ends an attempt that brought no answer: released if nothing can have been
// served, and otherwise booked at its prompt.
func (m *meter) failed(err error) {
	if !mayHaveServed(err) {
		m.release()
		return
	}
	m.fail(statusOf(err), true)
}

// mayHaveServed says whether the upstream may bill a failed call: it was sent and no
// complete refusal came back.
func mayHaveServed(err error) bool {
	if !dispatch.WasSent(err) {
		return false
	}
	e := providers.AsError(err)
	if e == nil {
		return true // the client left, or a deadline of ours passed
	}
	switch e.Kind {
	case providers.Lost, providers.TimedOut, providers.Truncated, providers.BadAnswer:
		return true
	}
	return false
}

func statusOf(err error) string {
	if e := providers.AsError(err); e != nil {
		return e.Kind.String()
	}
	if errors.Is(err, context.Canceled) {
		return "client_gone"
	}
	return "cut_off" // by us, at the end of a shutdown
}

func (m *meter) release() {
	m.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), settleTimeout)
		defer cancel()
		if err := m.hold.Release(ctx); err != nil {
			m.toll.late.release(m.hold, err)
		}
	})
}

// fail books a call that did not come to its end.
func (m *meter) fail(status string, uncertain bool) {
	source := accounting.Estimated
	if uncertain && m.counted == 0 && len(m.text) == 0 {
		source = accounting.Uncertain
	}
	_ = m.end(status, source) // an error is on its way already; the settlement is tried again by the queue
}

// end settles the attempt. guessed is what the entry says of a usage that the
// upstream did not report.
func (m *meter) end(status string, guessed accounting.Source) error {
	m.once.Do(func() {
		o := m.outcome(status, guessed)
		m.charge.mu.Lock()
		m.charge.usage, m.charge.source, m.charge.flags, m.charge.settled = o.Usage, o.Source, o.Flags, true
		if o.Cost != nil {
			total := o.Cost.Total
			m.charge.cost = &total
		}
		m.charge.mu.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), settleTimeout)
		defer cancel()
		if err := m.hold.Settle(ctx, o); err != nil {
			m.toll.late.settle(m.hold, o, err)
			m.err = fmt.Errorf("%w: %w", ErrUnsettled, err)
		}
	})
	return m.err
}

func (m *meter) outcome(status string, guessed accounting.Source) ledger.Outcome {
	p := m.plan
	o := ledger.Outcome{Status: status, Tier: m.tier, Model: m.model, Flags: p.flags}
	usage, source := accounting.Usage{}, accounting.Reported
	if m.reported != nil {
		usage = *m.reported
	} else {
		m.count()
		source = guessed
		usage[accounting.Input] = tokens.Count(wire.PromptText(p.call.Body))
		usage[accounting.Output] = m.counted
	}
	var moved bool
	if usage, moved = usage.Clamp(); moved {
		o.Flags = append(o.Flags, "clamped_usage")
	}
	usage[accounting.Requests] = 1
	usage[accounting.Milliseconds] = max(m.toll.now().Sub(m.began).Milliseconds(), 1)
	o.Usage, o.Source = usage, source
	if p.price == (accounting.Priced{}) {
		return o
	}
	tier := accounting.TierOf(m.tier)
	if m.tier == "" || m.tier == "auto" {
		tier = p.tier
	}
	cost, err := p.price.Cost(usage, tier)
	if err != nil {
		// The answer bills something that the price does not cover, or an amount out of
		// range: the whole hold is posted rather than nothing.
		o.Flags = append(o.Flags, "unbillable_usage")
		cost = accounting.Cost{Total: m.hold.Held(), Tier: tier}
		m.toll.log.Error("a usage cannot be priced; the whole hold is posted", "request", p.call.RequestID, "deployment", p.dep.ID, "error", err)
	}
	if cost.Total > m.hold.Held() {
		o.Flags = append(o.Flags, "above_hold")
	}
	o.Cost = &cost
	return o
}
