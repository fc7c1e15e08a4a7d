// Package toll is the only money gate: it quotes a paid call, holds the quote on
// every budget of the caller, sends the call, and settles what it did cost before
// the last of the answer leaves.
//
// It imports access, catalog, dispatch, the ledger and accounting. It does not know
// HTTP, routes or refusals as the client sees them, and it cannot be entered with a
// free deployment: [Toll.Paid] takes a [catalog.Paid], [Toll.Unpriced] a
// [catalog.Unpriced], and there is no third door.
package toll

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/tokens"
	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
	"tollgate/gateway/dispatch"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// settleTimeout bounds one attempt to write to the books; retryEvery is the pause
// before a failed settlement is tried again.
const (
	settleTimeout = 10 * time.Second
	retryEvery    = time.Second
)

// ErrUnsettled says that an upstream has answered and the books did not take what it
// cost. The answer is not given out; the settlement is tried again.
var ErrUnsettled = errors.New("the answer could not be written to the books")

// Call is one attempt that has to be paid for.
type Call struct {
	providers.Call
	Params    wire.Params
	Who       access.Principal
	RequestID string
	Model     string   // the public name that is served
	Aliases   []string // what that name stands for
}

// Options are the operator's choices.
type Options struct {
	// ClampOutput lowers a client's own output cap to what its budget still pays for.
	ClampOutput bool
	// Offline is how much may be spent, in all, while the books do not answer; nil
	// refuses. What was spent is written when they are back.
	Offline *accounting.Money
}

// Toll is the gate. Close it after the last call.
type Toll struct {
	ledger   *ledger.Ledger
	dispatch *dispatch.Dispatcher
	options  func() Options
	log      *slog.Logger

	late lateQueue
}

// New returns a gate. options is read at every call, so that a reload takes effect.
func New(l *ledger.Ledger, d *dispatch.Dispatcher, options func() Options, log *slog.Logger) *Toll {
	t := &Toll{ledger: l, dispatch: d, options: options, log: log}
	t.late.start(t)
	return t
}

// Close waits for settlements that the books had no answer for, until ctx ends.
func (t *Toll) Close(ctx context.Context) error { return t.late.close(ctx) }

// Charge is what a paid call has cost so far, for the log and the client. It is
// final when the reply has ended.
type Charge struct {
	mu      sync.Mutex
	usage   accounting.Usage
	source  accounting.Source
	cost    *accounting.Money
	settled bool
	flags   []string
	soft    []string
	capped  int64
}

// Final returns what was booked: the usage, who counted it, its cost (nil if the
// price is unknown) and marks of what was unusual. ok is false before the end.
func (c *Charge) Final() (usage accounting.Usage, source accounting.Source, cost *accounting.Money, flags []string, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.usage, c.source, c.cost, c.flags, c.settled
}

// Soft names the budgets that are past their soft limit.
func (c *Charge) Soft() []string { return c.soft }

// Capped is the output cap that was sent upstream because the budget could not pay
// for more; 0 if none was.
func (c *Charge) Capped() int64 { return c.capped }

// Reply is an answer that was paid for, or a stream that is being paid for.
type Reply struct {
	Answer     *providers.Answer
	Stream     *Stream
	UpstreamID string
	Charge     *Charge
}

// Accounts are the accounts that a principal's calls are counted on.
func Accounts(who access.Principal) []ledger.Account {
	var out []ledger.Account
	add := func(k ledger.Kind, id string) { out = append(out, ledger.Account{Kind: k, ID: id}) }
	if who.EndUser != "" {
		add(ledger.EndUser, who.EndUser)
	}
	add(ledger.Key, who.Key.ID)
	if who.User != nil && who.Team != nil {
		add(ledger.Member, MemberID(who.Team.ID, who.User.ID))
	}
	if who.User != nil {
		add(ledger.User, who.User.ID)
	}
	if who.Team != nil {
		add(ledger.Team, who.Team.ID)
	}
	add(ledger.Gateway, "")
	return out
}

// MemberID is the id of a team member's account.
func MemberID(team, user string) string { return team + "/" + user }

// Target is a deployment under a public name, as budgets see it.
func Target(model string, aliases []string, dep *catalog.Deployment) ledger.Target {
	return ledger.Target{Model: model, Deployment: dep.ID, Also: append([]string{dep.Target.Model}, aliases...)}
}

// plan is how one attempt will be paid for.
type plan struct {
	dep     *catalog.Deployment
	price   accounting.Priced // zero for a call without a known price
	call    Call
	attempt ledger.Attempt
	tier    accounting.Tier
	flags   []string
	// grows says that the hold follows the stream; step is how many output tokens, in
	// all choices, are held for.
	grows bool
	step  int64
}

func (t *Toll) plan(dep *catalog.Deployment, price accounting.Priced, call Call) (*plan, error) {
	p := &plan{dep: dep, price: price, call: call, tier: accounting.TierOf(call.Params.ServiceTier), step: dep.DefaultOutput * call.Params.Choices}
	prompt, err := price.Quote(p.most(0), p.tier)
	if err != nil {
		return nil, err
	}
	p.attempt = attempt(dep, call)
	p.attempt.Version, p.attempt.Prompt = price.Version(), prompt
	return p, nil
}

func attempt(dep *catalog.Deployment, call Call) ledger.Attempt {
	f := ledger.Facts{RequestID: call.RequestID, KeyID: call.Who.Key.ID, EndUser: call.Who.EndUser, Operation: call.Operation.String(),
		Model: call.Model, Deployment: dep.ID, Stream: call.Stream}
	if call.Who.User != nil {
		f.UserID = call.Who.User.ID
	}
	if call.Who.Team != nil {
		f.TeamID = call.Who.Team.ID
	}
	return ledger.Attempt{ID: call.AttemptID, Accounts: Accounts(call.Who), Target: Target(call.Model, call.Aliases, dep), Facts: f}
}

// most is the largest usage of the call with so many output tokens in each choice.
func (p *plan) most(output int64) accounting.Usage {
	u := accounting.Usage{accounting.Input: p.call.Params.InputBound, accounting.Requests: 1}
	if p.call.Params.AudioIn {
		u[accounting.AudioInput] = p.call.Params.InputBound
	}
	if p.call.Operation == providers.Embeddings {
		return u
	}
	u[accounting.Output] = output * p.call.Params.Choices
	if p.call.Params.AudioOut {
		u[accounting.AudioOutput] = u[accounting.Output]
	}
	// A rate per second is for rented machines: the longest that the call may run.
	u[accounting.Milliseconds] = p.dep.Provider.FirstByte.Milliseconds()
	return u
}

// Preview says where every budget that applies stands for the smallest hold that
// would be taken for a call, without taking it.
func (t *Toll) Preview(ctx context.Context, c catalog.Paid, call Call) ([]ledger.Shortfall, accounting.Money, error) {
	p, err := t.plan(c.Deployment, c.Price, call)
	if err != nil {
		return nil, 0, err
	}
	output := call.Params.OutputCap
	if output == 0 {
		output = c.Deployment.DefaultOutput
	}
	q, err := c.Price.Quote(p.most(output), p.tier)
	if err != nil {
		return nil, 0, err
	}
	states, err := t.ledger.Preview(ctx, p.attempt.Accounts, p.attempt.Target, q)
	return states, q.Amount(), err
}

// Paid sends a call to a paid deployment. The error is a [*ledger.Refusal] if the
// hold does not fit, wraps [ledger.ErrUnavailable] if the books do not answer,
// [accounting.ErrUnpricedMeter] if the price does not cover the call, or the
// attempt's own failure as [dispatch.Dispatcher.Do] returns it.
func (t *Toll) Paid(ctx context.Context, c catalog.Paid, call Call) (*Reply, error) {
	p, err := t.plan(c.Deployment, c.Price, call)
	if err != nil {
		return nil, err
	}
	res, charge, err := t.hold(ctx, p)
	if err != nil {
		return nil, err
	}
	return t.send(ctx, p, res, charge)
}

// Unpriced sends a call to a deployment without a known price: with no limit on the
// caller it is written with no cost; with a limit it counts at the operator's
// ceiling price, or is [ledger.ErrUnpriced].
func (t *Toll) Unpriced(ctx context.Context, c catalog.Unpriced, call Call) (*Reply, error) {
	a := attempt(c.Deployment, call)
	if t.ledger.Limited(a.Accounts, a.Target) {
		if c.Ceiling == nil {
			return nil, ledger.ErrUnpriced
		}
		p, err := t.plan(c.Deployment, *c.Ceiling, call)
		if err != nil {
			return nil, err
		}
		p.flags = append(p.flags, "ceiling_price")
		res, charge, err := t.hold(ctx, p)
		if err != nil {
			return nil, err
		}
		return t.send(ctx, p, res, charge)
	}
	p := &plan{dep: c.Deployment, call: call, attempt: a, flags: []string{"unpriced"}}
	res, err := t.ledger.ReserveUnpriced(ctx, a)
	if err != nil {
		return nil, err
	}
	return t.send(ctx, p, res, &Charge{})
}

// hold takes the hold that suits the call, and decides what is sent upstream as the
// output cap.
//
// A cap of the client's own is held in full. Without one, a stream whose tokens can
// all be seen is held for the default output and the hold follows it. Anything else
// cannot be stopped on its way, so the most that the model may produce is held if that
// fits, and otherwise the default is held and sent as the cap: either way the answer
// cannot outgrow its hold. Where no limit applies
// nothing is sent.
func (t *Toll) hold(ctx context.Context, p *plan) (holding, *Charge, error) {
	charge := &Charge{}
	reserve := func(output int64) (holding, error) {
		q, err := p.price.Quote(p.most(output), p.tier)
		if err != nil {
			return nil, err
		}
		res, err := t.ledger.Reserve(ctx, p.attempt, q)
		if errors.Is(err, ledger.ErrUnavailable) {
			return t.late.admit(p.attempt, q, err)
		}
		if err != nil {
			return nil, err
		}
		for _, b := range res.PastSoft() {
			charge.soft = append(charge.soft, b.ID)
		}
		return res, nil
	}
	set := p.call.Params.OutputCap
	switch {
	case p.call.Operation == providers.Embeddings:
		res, err := reserve(0)
		return res, charge, err
	case set > 0:
		res, err := reserve(set)
		if err != nil && t.options().ClampOutput {
			if fit := p.fitting(err, set); fit > 0 {
				if res, err = reserve(fit); err == nil {
					p.call.OutputCap, charge.capped = fit, fit
				}
			}
		}
		return res, charge, err
	case !t.ledger.Limited(p.attempt.Accounts, p.attempt.Target):
		res, err := reserve(p.dep.DefaultOutput)
		return res, charge, err
	case p.call.Stream && !p.dep.HiddenReasoning:
		p.grows = true
		res, err := reserve(p.dep.DefaultOutput)
		return res, charge, err
	}
	if most := p.dep.MostOutput(); most > p.dep.DefaultOutput {
		if res, err := reserve(most); err == nil {
			return res, charge, nil
		} else if refusal := (*ledger.Refusal)(nil); !errors.As(err, &refusal) && !errors.Is(err, ledger.ErrUnavailable) {
			return nil, nil, err
		}
	}
	res, err := reserve(p.dep.DefaultOutput)
	if p.dep.MostOutput() != p.dep.DefaultOutput && p.outputCosts() {
		p.call.OutputCap, charge.capped = p.dep.DefaultOutput, p.dep.DefaultOutput
	}
	return res, charge, err
}

// outputCosts says whether more output would cost more. Where a call is billed by the
// request alone there is nothing to cap.
func (p *plan) outputCosts() bool {
	less, err1 := p.price.Quote(p.most(p.dep.DefaultOutput), p.tier)
	more, err2 := p.price.Quote(p.most(wire.MaxOutputCap/wire.MaxChoices), p.tier)
	return err1 != nil || err2 != nil || more.Amount() > less.Amount()
}

// fitting returns the largest output cap below `below` whose hold fits every budget
// that refused, or 0.
func (p *plan) fitting(err error, below int64) int64 {
	var refusal *ledger.Refusal
	if !errors.As(err, &refusal) {
		return 0
	}
	room := accounting.MaxMoney
	for _, s := range refusal.Short {
		if s.State != ledger.Tight && s.State != ledger.Held {
			return 0
		}
		room = min(room, *s.Claim.Budget.Limit-s.Standing.Posted-s.Standing.Held)
	}
	lo, hi := int64(0), below // lo fits (or is 0), hi does not
	for hi-lo > 1 {
		mid := lo + (hi-lo)/2
		q, err := p.price.Quote(p.most(mid), p.tier)
		if err == nil && q.Amount() <= room {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// holding is money set aside: in the books, or in memory while they do not answer.
type holding interface {
	Held() accounting.Money
	Raise(context.Context, accounting.Quote) error
	Settle(context.Context, ledger.Outcome) error
	Release(context.Context) error
}

func (t *Toll) send(ctx context.Context, p *plan, res holding, charge *Charge) (reply *Reply, err error) {
	m := &meter{toll: t, plan: p, hold: res, charge: charge, began: time.Now()}
	defer func() {
		// A panic must not leave the hold behind; it goes on to whoever recovers.
		if v := recover(); v != nil {
			m.fail("panic", true)
			panic(v)
		}
	}()
	got, err := t.dispatch.Do(ctx, p.dep, p.call.Call)
	if err != nil {
		m.failed(err)
		return nil, err
	}
	if got.Stream != nil {
		return &Reply{Stream: &Stream{from: got.Stream, m: m, ctx: ctx}, UpstreamID: got.UpstreamID, Charge: charge}, nil
	}
	m.seen(got.Answer.Usage, got.Answer.Text, got.Answer.ServiceTier, got.Answer.Model)
	if err := m.end("ok", accounting.Counted); err != nil {
		return nil, err
	}
	return &Reply{Answer: got.Answer, UpstreamID: got.UpstreamID, Charge: charge}, nil
}

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
	usage[accounting.Milliseconds] = max(time.Since(m.began).Milliseconds(), 1)
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

// Stream is a streamed answer that is being paid for. It settles before its end is
// known to the caller, and when it is closed before.
type Stream struct {
	from *dispatch.Stream
	m    *meter
	ctx  context.Context
	err  error
}

// Next returns the next event. [io.EOF] says that the answer is complete and
// settled. A [*ledger.Refusal] says that the answer outgrew its hold and a budget
// has no more: the upstream was stopped, and what was produced is settled.
func (s *Stream) Next() (providers.Event, error) {
	if s.err != nil {
		return providers.Event{}, s.err
	}
	ev, err := s.from.Next()
	if err == nil {
		s.m.seen(ev.Usage, ev.Text, ev.ServiceTier, ev.Model)
		if err = s.m.grow(s.ctx); err == nil {
			return ev, nil
		}
		s.from.Close()
		s.m.fail("budget_exceeded", false)
		s.err = err
		return ev, nil // this event was produced and is paid for
	}
	switch {
	case errors.Is(err, io.EOF):
		if failed := s.m.end("ok", accounting.Counted); failed != nil {
			err = failed
		}
	default:
		s.m.fail(statusOf(err), false)
	}
	s.err = err
	return providers.Event{}, err
}

// Close ends the stream. If it was not complete the upstream's work is stopped and
// what was produced is settled.
func (s *Stream) Close() {
	s.from.Close()
	s.m.fail("client_gone", false)
}

// Standing says where every budget of a principal stands, narrowest first.
func (t *Toll) Standing(ctx context.Context, who access.Principal) ([]ledger.Shortfall, error) {
	return t.ledger.Status(ctx, Accounts(who))
}

// Limited says whether any budget with a limit applies to a call of a deployment.
func (t *Toll) Limited(call Call, dep *catalog.Deployment) bool {
	a := attempt(dep, call)
	return t.ledger.Limited(a.Accounts, a.Target)
}
