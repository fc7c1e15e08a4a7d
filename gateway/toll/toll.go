// Package toll is the only money gate: it quotes a paid call, holds the quote on
// every budget of the caller, sends the call, and settles what it did cost before
// the last of the answer leaves.
//
// It imports access, aside, catalog, dispatch, failpoint, the ledger, accounting and the types
// that these speak of. It does not know HTTP, routes or refusals as the client sees them, and it
// cannot be entered with a free deployment: [Toll.Paid] takes a [catalog.Paid],
// [Toll.Unpriced] a [catalog.Unpriced], and there is no third door. [Toll.Preview] and
// [Toll.Tally] send nothing and hold nothing.
package toll

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
	"tollgate/gateway/dispatch"
	"tollgate/gateway/failpoint"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// retryEvery is the pause before a failed settlement is tried again.
const retryEvery = time.Second

// ErrUnsettled says that an upstream has answered and the books did not take what it
// cost. The answer is not given out; the settlement is tried again.
var ErrUnsettled = errors.New("the answer could not be written to the books")

// Call is one attempt that has to be paid for.
type Call struct {
	providers.Call
	Params    wire.Params
	Who       access.Principal
	RequestID string
	Model     string       // the public name that is served
	Aliases   []string     // names between that and the deployment
	Once      *ledger.Once // what the call's Idempotency-Key said; nil: it carried none
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
	now      func() time.Time // how long a call takes, which rented machines bill
	log      *slog.Logger
	metrics  Metrics // nil counts nothing

	late    lateQueue
	follow  following
	glances glances
}

// New returns a gate. options is read at every call, so that a reload takes effect. now
// measures how long calls take and is never set back.
func New(l *ledger.Ledger, d *dispatch.Dispatcher, options func() Options, now func() time.Time, log *slog.Logger) *Toll {
	t := &Toll{ledger: l, dispatch: d, options: options, now: now, log: log}
	t.late.start(t)
	t.follow.start()
	return t
}

// Metrics counts what is booked. It never blocks.
type Metrics interface {
	// Settled counts the end of an attempt that is booked, once. cost is nil if the price
	// is unknown.
	Settled(dep *catalog.Deployment, usage accounting.Usage, cost *accounting.Money)
}

// Measure has what is booked counted. Call it before the first call.
func (t *Toll) Measure(m Metrics) { t.metrics = m }

// Waiting is how many ends of calls wait for the books.
func (t *Toll) Waiting() int {
	t.late.mu.Lock()
	defer t.late.mu.Unlock()
	return t.late.waiting()
}

// Close settles what is followed and has ended, leaves the rest to the next process, and
// waits for settlements that the books had no answer for, until ctx ends.
func (t *Toll) Close(ctx context.Context) error {
	t.follow.close()
	return t.late.close(ctx)
}

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
	after   func(accounting.Usage) // once it is settled
}

// After has f called with what was booked, once that is known: at once if it is. A call
// in the background is booked after its request has ended.
func (c *Charge) After(f func(accounting.Usage)) {
	c.mu.Lock()
	settled, usage := c.settled, c.usage
	if !settled {
		c.after = f
	}
	c.mu.Unlock()
	if settled {
		f(usage)
	}
}

// final notes how an attempt ended.
func (c *Charge) final(o ledger.Outcome) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.usage, c.source, c.flags, c.settled = o.Usage, o.Source, o.Flags, true
	if o.Cost != nil {
		total := o.Cost.Total
		c.cost = &total
	}
}

// told tells who waits for the end.
func (c *Charge) told() {
	c.mu.Lock()
	after, usage := c.after, c.usage
	c.after = nil
	c.mu.Unlock()
	if after != nil {
		after(usage)
	}
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
	Answer      *providers.Answer
	Stream      *Stream
	UpstreamID  string
	ContentType string // of a stream that is a file; "" for one of events
	Charge      *Charge
	Waited      time.Duration // for the upstream: for the whole answer, or for the beginning of a stream
}

// Accounts are the accounts that a principal's calls are counted on.
func Accounts(who access.Principal) []ledger.Account {
	out := make([]ledger.Account, 0, len(ledger.Kinds())+len(who.Tags))
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
	for _, tag := range who.Tags {
		add(ledger.Tag, tag)
	}
	if who.Team != nil {
		add(ledger.Team, who.Team.ID)
	}
	if who.Org != nil {
		add(ledger.Org, who.Org.ID)
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

// Offline says whether a call may be paid for while the books do not answer: if the operator
// allows that, and it carries no Idempotency-Key, of which only the books know.
func (t *Toll) Offline(once *ledger.Once) bool { return t.options().Offline != nil && once == nil }

// Paid sends a call to a paid deployment. The error is a [*ledger.Refusal] if the
// hold does not fit, a [*ledger.Repeated] or [ledger.ErrOnceFull] if its Idempotency-Key
// stands in its way, wraps [ledger.ErrUnavailable] if the books do not answer,
// [accounting.ErrUnpricedMeter] if the price does not cover the call or the service tier that
// it asks for, or the attempt's own failure as [dispatch.Dispatcher.Do] returns it.
func (t *Toll) Paid(ctx context.Context, c catalog.Paid, call Call) (*Reply, error) {
	p, err := t.paid(c, call)
	if err != nil {
		return nil, err
	}
	return t.pay(ctx, p)
}

// Unpriced sends a call to a deployment without a known price: with no limit on the
// caller it is written with no cost; with a limit it counts at the operator's
// ceiling price, or is [ledger.ErrUnpriced].
func (t *Toll) Unpriced(ctx context.Context, c catalog.Unpriced, call Call) (*Reply, error) {
	p, err := t.unpriced(c, call)
	if err != nil {
		return nil, err
	}
	return t.pay(ctx, p)
}

func (t *Toll) pay(ctx context.Context, p *plan) (*Reply, error) {
	res, charge, err := t.hold(ctx, p)
	if err != nil {
		return nil, err
	}
	return t.send(ctx, p, res, charge)
}

func (t *Toll) send(ctx context.Context, p *plan, res holding, charge *Charge) (reply *Reply, err error) {
	m := &meter{toll: t, plan: p, hold: res, charge: charge, began: t.now()}
	m.at = m.began
	defer func() {
		// A panic must not leave the hold behind; it goes on to whoever recovers.
		if v := recover(); v != nil {
			m.fail("panic", true)
			panic(v)
		}
	}()
	if call := &p.call; call.Params.Background {
		if m.slot = t.follow.take(); m.slot == nil {
			m.release()
			return nil, ErrBackgroundFull
		}
	}
	if err := failpoint.Hit(failpoint.AfterHold); err != nil {
		m.release()
		return nil, err
	}
	got, err := t.dispatch.Do(ctx, p.dep, p.call.Call)
	if err != nil {
		m.failed(err, false)
		return nil, err
	}
	waited := t.now().Sub(m.began)
	if got.Stream != nil {
		return &Reply{Stream: &Stream{from: got.Stream, m: m, ctx: ctx}, UpstreamID: got.UpstreamID, ContentType: got.ContentType, Charge: charge, Waited: waited}, nil
	}
	if m.slot != nil && got.Answer.Running != "" {
		m.goesOn(got.Answer.Running)
		t.followOn(m)
		return &Reply{Answer: got.Answer, UpstreamID: got.UpstreamID, Charge: charge, Waited: waited}, nil
	}
	m.whole(got.Answer)
	if err := m.complete(got.Answer.Failed); err != nil {
		return nil, err
	}
	return &Reply{Answer: got.Answer, UpstreamID: got.UpstreamID, Charge: charge, Waited: waited}, nil
}

// Standing says where every budget of a principal stands, narrowest first.
func (t *Toll) Standing(ctx context.Context, who access.Principal) ([]ledger.Shortfall, error) {
	return t.ledger.Status(ctx, Accounts(who))
}
