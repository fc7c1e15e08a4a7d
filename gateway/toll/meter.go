package toll

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
//
// Output is counted here as it comes. What the upstream reports of its usage stands in
// place of that, unless text came after the last report that had grown: then the larger
// of the two holds, since a report that stands still says nothing of what was produced
// meanwhile. A report that shrinks is no running total, and from then on the larger
// holds in any case.
type meter struct {
	toll   *Toll
	plan   *plan
	hold   holding
	charge *Charge
	began  time.Time

	once     sync.Once
	err      error
	reported *accounting.Usage
	lags     bool           // text came that the report cannot have counted
	shrank   bool           // a report said less output than one before it
	text     tokens.Growing // what was produced
	sampled  bool           // of the prompt, a text was too long to be counted in full
	searches int64          // web searches that were seen in the answer
	begun    bool           // something of the answer was made, whether or not it can be counted
	refused  bool           // before anything of it was made
	tier     string
	model    string
	flags    []string

	running string // the upstream's id of a response that it works on in the background; "": none is known
	slot    func() // gives back a place among those that are followed; nil: none was taken
	again   bool   // it was booked as an orphan, and is only corrected

	at     time.Time // of the last checkpoint
	passed int64     // output tokens known of then
	prompt int64     // tokens of the prompt, near enough for a checkpoint; 0: not yet looked at
}

// mostTokens is how many tokens a call of a model with an unknown context is believed
// to have used, ten times what the largest models can.
const mostTokens = 100_000_000

// event takes an event of a stream.
func (m *meter) event(ev *providers.Event) {
	m.begun = m.begun || !ev.Opening
	m.searches = max(m.searches, ev.Searches)
	if !ev.Least {
		m.seen(ev.Usage, ev.Doubt, ev.Text, ev.ServiceTier, ev.Model)
		return
	}
	m.seen(nil, ev.Doubt, ev.Text, ev.ServiceTier, ev.Model)
	m.least(*ev.Usage)
}

// least takes a usage that the whole call has at least: what was counted here holds beside it.
func (m *meter) least(u accounting.Usage) {
	if u, _ = u.Clamp(); m.absurd(u) {
		m.flag("absurd_usage")
		return
	}
	if m.reported != nil {
		u, _ = m.reported.Renew(u)
	}
	m.reported = &u
	m.lags = true
}

func (m *meter) seen(u *accounting.Usage, doubt providers.Doubt, text, tier, model string) {
	if tier != "" {
		m.tier = tier
	}
	if model != "" {
		m.model = model
	}
	if doubt != "" {
		m.flag(string(doubt))
	}
	if text != "" {
		m.text.Add(text)
		m.lags = true
	}
	if u != nil {
		m.report(*u)
	}
}

// report takes what the upstream says of the whole call so far.
func (m *meter) report(u accounting.Usage) {
	u, moved := u.Clamp()
	if moved {
		m.flag("clamped_usage")
	}
	if m.absurd(u) {
		m.flag("absurd_usage")
		return
	}
	before := int64(0)
	if m.reported != nil {
		before = m.reported.OutputTokens()
		m.shrank = m.shrank || u.OutputTokens() < before
		var shrank bool
		if u, shrank = m.reported.Renew(u); shrank {
			m.flag(string(providers.OddUsage))
		}
	}
	if u.OutputTokens() > before && !m.shrank {
		m.lags = false
	}
	m.reported = &u
}

// absurd says that a usage is more than the model can have had to do with: than its
// context, in each of the answers that were asked for. An embedding has a context for
// each of its texts, a search brings texts of its own, and so does each turn of a model
// whose tools the upstream runs.
func (m *meter) absurd(u accounting.Usage) bool {
	if m.plan.tooMany(u) {
		return true
	}
	most := int64(mostTokens)
	if n := m.plan.dep.Context; n > 0 && n < most && m.plan.call.Operation.Output() && u[accounting.Searches] == 0 && !m.plan.call.Params.Turns {
		most = n * max(m.plan.call.Params.Choices, 1)
	}
	return u.InputTokens() > most || u.OutputTokens() > most-u.InputTokens()
}

func (m *meter) flag(name string) {
	if !slices.Contains(m.flags, name) {
		m.flags = append(m.flags, name)
	}
}

// whole takes an answer that came in one piece.
func (m *meter) whole(a *providers.Answer) {
	m.searches = max(m.searches, a.Searches)
	m.seen(a.Usage, a.Doubt, a.Text, a.ServiceTier, a.Model)
	if a.Text == "" && m.plan.call.Operation.Output() && (m.reported == nil || m.reported.OutputTokens() == 0 && !m.plan.echoes()) {
		m.seen(nil, "", wire.ProducedText(a.Body), "", "")
	}
}

// leave gives up the place among those that are followed.
func (m *meter) leave() {
	if m.slot != nil {
		m.slot()
	}
}

// tokens counts a text of the prompt, or estimates it where it is long.
func (m *meter) tokens(text string) int64 {
	m.sampled = m.sampled || len(text) > tokens.Most
	return tokens.Count(text)
}

// promptTokens counts the prompt by so many bytes of it at most.
func (m *meter) promptTokens(most int64) (n int64, sampled bool) {
	body := m.plan.call.Body
	c := tokens.NewCounter(wire.PromptSize(body), most)
	wire.WritePrompt(body, c)
	return c.Tokens(), c.Sampled()
}

// output is how many output tokens there may be so far.
func (m *meter) output() int64 {
	n := m.text.Most()
	if m.reported != nil && !m.plan.capped {
		n = max(n, m.reported.OutputTokens())
	}
	return n
}

// near says whether the hold may have to be raised once so many more tokens were produced.
func (m *meter) near(more int64) bool {
	p := m.plan
	return p.grows && p.step-m.output()-more <= p.slack
}

// grow raises the hold when what was produced comes near to it.
func (m *meter) grow(ctx context.Context) error {
	if !m.near(0) {
		return nil
	}
	if m.text.Look(); !m.near(0) {
		return nil
	}
	p, n := m.plan, m.output()
	choices := p.call.Params.Choices
	each := (n+choices-1)/choices + p.dep.DefaultOutput
	q, err := p.quote(each)
	if err != nil {
		return err
	}
	if err := m.hold.Raise(ctx, q); err != nil {
		return err
	}
	p.step = each * choices
	return nil
}

// failed ends an attempt that has failed, before an answer or, if it was streaming, within
// one. It costs what the upstream says that it has used; nothing if it cannot have been
// served; and else what is known of it here, which of an answer that the upstream refused
// before anything of it was made is its prompt (trust.md P3).
func (m *meter) failed(err error, streaming bool) {
	up := providers.AsError(err)
	if up != nil {
		m.seen(up.Usage, up.Doubt, "", "", "")
	}
	if m.reported == nil && !streaming && !dispatch.MayHaveServed(err) {
		m.release()
		return
	}
	m.refused = streaming && up != nil && up.Refuses() && !m.produced()
	m.fail(statusOf(err), up != nil || !streaming)
}

// produced says that something of the answer was made.
func (m *meter) produced() bool { return m.begun || m.searches > 0 || !m.text.Empty() }

func statusOf(err error) string {
	if e := providers.AsError(err); e != nil {
		return e.Kind.String()
	}
	if errors.Is(err, context.Canceled) {
		return "client_gone"
	}
	return "cut_off" // by us: at the end of a shutdown, or because the key was revoked
}

func (m *meter) release() {
	m.once.Do(func() {
		defer m.leave()
		if err := m.hold.Release(context.Background()); err != nil {
			m.toll.late.release(m.hold, err)
		}
	})
}

// fail books a call that did not come to its end. One that was booked as uncertain before
// stays so, unless it is known now what it has used.
func (m *meter) fail(status string, uncertain bool) {
	if m.again && m.reported == nil {
		m.once.Do(func() {
			m.leave()
			m.toll.log.Warn("a call that was followed again has no usage to tell: it stays uncertain", "request", m.plan.call.RequestID, "deployment", m.plan.dep.ID, "status", status)
		})
		return
	}
	source := accounting.Estimated
	if uncertain && !m.produced() {
		source = accounting.Uncertain
	}
	_ = m.end(status, source) // an error is on its way already; the settlement is tried again by the queue
}

// end settles the attempt. guessed is what the entry says of a usage that the
// upstream did not report.
func (m *meter) end(status string, guessed accounting.Source) error {
	m.once.Do(func() {
		defer m.leave()
		o := m.outcome(status, guessed)
		m.charge.final(o)
		defer m.charge.told()
		if m.toll.metrics != nil {
			m.toll.metrics.Settled(m.plan.dep, o.Usage, m.charge.cost)
		}
		if err := m.hold.Settle(context.Background(), o); err != nil && !m.toll.late.settle(m.hold, o, err) {
			m.err = fmt.Errorf("%w: %w", ErrUnsettled, err)
		}
	})
	return m.err
}

func (m *meter) outcome(status string, guessed accounting.Source) ledger.Outcome {
	usage, source := m.total(guessed)
	if source != accounting.Reported && m.reported != nil {
		m.flag("partial_usage")
	}
	if usage[accounting.CacheWriteHour] > 0 && m.plan.priced() && !m.plan.price.States(accounting.CacheWriteHour) {
		m.flag("hour_cache_write")
	}
	if tier, known := accounting.TierOf(m.tier); m.plan.priced() && (!known || tier != accounting.Standard && !m.plan.price.Rated(tier)) {
		m.flag("unknown_tier")
	}
	o := ledger.Outcome{Status: status, Tier: m.tier, Model: m.model, Usage: usage, Source: source}
	if cost, err := m.cost(usage); err != nil {
		// The answer bills something that the price does not cover, or an amount out of
		// range: the whole hold is posted rather than nothing.
		m.flag("unbillable_usage")
		o.Cost = &accounting.Cost{Total: m.hold.Held(), Tier: m.served()}
		m.toll.log.Error("a usage cannot be priced; the whole hold is posted", "request", m.plan.call.RequestID, "deployment", m.plan.dep.ID, "error", err)
	} else {
		o.Cost = cost
	}
	if o.Cost != nil && o.Cost.Total > m.hold.Held() {
		m.flag("above_hold")
	}
	o.Flags = slices.Concat(m.plan.flags, m.flags)
	return o
}

// total is what the whole attempt has used, and who counted it.
func (m *meter) total(guessed accounting.Source) (accounting.Usage, accounting.Source) {
	usage, source := m.usage(guessed, func() int64 {
		n, sampled := m.promptTokens(tokens.Most)
		m.sampled = m.sampled || sampled
		return n
	})
	if (m.sampled || m.text.Sampled()) && source != accounting.Reported {
		m.flag("sampled_usage")
		if source == accounting.Counted {
			source = accounting.Estimated
		}
	}
	return usage, source
}

// usage is what is known of the attempt so far, and who counted it. prompt counts the
// prompt here.
func (m *meter) usage(guessed accounting.Source, prompt func() int64) (accounting.Usage, accounting.Source) {
	if u, source, ok := m.units(guessed); ok {
		return u, source
	}
	u, source := accounting.Usage{}, accounting.Reported
	if m.reported != nil {
		u = *m.reported
	}
	if u.InputTokens() == 0 {
		if n := prompt(); n > 0 || m.reported == nil {
			u[accounting.Input], source = n, guessed
		}
	}
	if m.reported == nil || m.lags && !m.plan.echoes() {
		if more := m.text.Tokens() - u.OutputTokens(); more > 0 {
			u[accounting.Output] += more
			source = guessed
		}
	}
	u[accounting.Searches] = max(u[accounting.Searches], m.searches)
	u[accounting.Requests] = 1
	u[accounting.Milliseconds] = max(m.toll.now().Sub(m.began).Milliseconds(), 1)
	return u, source
}

// served is the tier that the call is billed at: what the answer said, or else what was
// asked for.
func (m *meter) served() accounting.Tier {
	if m.tier == "" || m.tier == "auto" {
		return m.plan.tier
	}
	tier, _ := accounting.TierOf(m.tier) // one that nobody knows is marked
	return tier
}

// cost is what a usage costs at the price that the attempt was admitted at; nil if that
// is unknown.
func (m *meter) cost(u accounting.Usage) (*accounting.Cost, error) {
	if !m.plan.priced() {
		return nil, nil
	}
	c, err := m.plan.price.Cost(u, m.served())
	return &c, err
}
