package toll

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/catalog"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// plan is how one attempt will be paid for.
type plan struct {
	dep     *catalog.Deployment
	price   accounting.Priced // zero: unknown, and no limit applies
	call    Call
	attempt ledger.Attempt
	tier    accounting.Tier
	flags   []string
	// grows says that the hold follows the stream once no more than slack are left of step:
	// of the output tokens, in all choices, that the stream may have before.
	grows       bool
	step, slack int64
	capped      bool  // by the client: only what was seen of it says that a stream does not keep to that
	down        error // why the books have not answered; nil: they have, or were not asked yet
}

// maxTier is how much of an unknown service tier is told, in bytes.
const maxTier = 64

// paid is how a call of a deployment with a price is paid for. One that asks for a service
// tier, or for a tool, whose price nobody knows is written with no cost where no limit applies.
func (t *Toll) paid(c catalog.Paid, call Call) (*plan, error) {
	if _, known := accounting.TierOf(call.Params.ServiceTier); !known || call.Params.FeeTool != "" {
		if a := attempt(c.Deployment, call); !t.ledger.Limited(a.Accounts, a.Target) {
			return boundless(c.Deployment, call, a), nil
		}
	}
	return t.plan(c.Deployment, c.Price, call)
}

// unpriced is how a call of a deployment without a known price is paid for: at the operator's
// ceiling price where a limit applies, which is [ledger.ErrUnpriced] if there is none.
func (t *Toll) unpriced(c catalog.Unpriced, call Call) (*plan, error) {
	a := attempt(c.Deployment, call)
	switch {
	case !t.ledger.Limited(a.Accounts, a.Target):
		return boundless(c.Deployment, call, a), nil
	case c.Ceiling == nil:
		return nil, ledger.ErrUnpriced
	}
	p, err := t.plan(c.Deployment, *c.Ceiling, call)
	if err != nil {
		return nil, err
	}
	p.flags = append(p.flags, "ceiling_price")
	return p, nil
}

// boundless is the plan of a call that is written with no cost.
func boundless(dep *catalog.Deployment, call Call, a ledger.Attempt) *plan {
	return &plan{dep: dep, call: call, attempt: a, flags: []string{"unpriced"}}
}

// priced says that what the call costs is known.
func (p *plan) priced() bool { return p.price != (accounting.Priced{}) }

func (t *Toll) plan(dep *catalog.Deployment, price accounting.Priced, call Call) (*plan, error) {
	if tool := call.Params.FeeTool; tool != "" {
		return nil, fmt.Errorf("%w: what the tool %s costs is in no usage; take it out", accounting.ErrUnpricedMeter, tool)
	}
	tier, known := accounting.TierOf(call.Params.ServiceTier)
	if !known {
		return nil, fmt.Errorf("%w: the service tier %q; leave it out", accounting.ErrUnpricedMeter, wire.Excerpt(call.Params.ServiceTier, maxTier))
	}
	p := &plan{dep: dep, price: price, call: call, tier: tier}
	if call.Params.Units.Images > 0 {
		p.price = price.ForImages(call.Params.Units.Size, call.Params.Units.Quality)
	}
	if s, ok := dep.Provider.Kind.For(call.Operation).(providers.Searcher); ok && p.bills(accounting.Searches) {
		p.call.Params.Searches = max(p.call.Params.Searches, s.Searches(call.Call, dep.Target))
	}
	prompt, err := p.quote(0)
	if err != nil {
		return nil, err
	}
	p.attempt = attempt(dep, call)
	p.attempt.Version, p.attempt.Prompt = price.Version(), prompt
	return p, nil
}

func attempt(dep *catalog.Deployment, call Call) ledger.Attempt {
	f := ledger.Facts{RequestID: call.RequestID, KeyID: call.Who.Key.ID, EndUser: call.Who.EndUser, Tags: call.Who.Tags, Operation: call.Operation.String(),
		Model: call.Model, Deployment: dep.ID, Stream: call.Stream && !call.Raw}
	if call.Who.User != nil {
		f.UserID = call.Who.User.ID
	}
	if call.Who.Team != nil {
		f.TeamID = call.Who.Team.ID
	}
	if call.Who.Org != nil {
		f.OrgID = call.Who.Org.ID
	}
	return ledger.Attempt{ID: call.AttemptID, Accounts: Accounts(call.Who), Target: Target(call.Model, call.Aliases, dep), Facts: f, Once: call.Once}
}

// prompt is how many tokens the prompt has at most: as many as it can have by its bytes,
// and no more than fit the model's context, since an upstream serves no longer one. What
// its searches find comes on top of a prompt.
func (p *plan) prompt() int64 {
	n := p.call.Params.InputBound
	if p.dep.Context > 0 && p.call.Operation.Output() && p.call.Params.Searches == 0 {
		n = min(n, p.dep.Context)
	}
	return n
}

// searchTokens is what the findings of a search are taken for, in tokens of the prompt: what
// OpenAI bills for one where it does not count.
const searchTokens = 8_000

// most is the largest usage of the call with so many output tokens in each choice.
func (p *plan) most(output int64) accounting.Usage {
	u := accounting.Usage{accounting.Input: p.prompt(), accounting.Requests: 1, accounting.Searches: p.call.Params.Searches}
	if p.call.Operation.Output() { // in a ranking a search is something else
		u[accounting.Input] += p.call.Params.Searches * searchTokens
	}
	if p.call.Params.Stored { // it fits the model's context, and nothing else is known of it
		u[accounting.Input] = max(u[accounting.Input], cmp.Or(p.dep.Context, catalog.AssumedOutput))
	}
	if p.call.Params.HourCache {
		u[accounting.CacheWriteHour], u[accounting.Input] = u[accounting.Input], 0
	}
	if p.mostUnits(&u) {
		return u
	}
	if p.call.Params.AudioIn {
		u[accounting.AudioInput] = p.prompt()
	}
	if !p.call.Operation.Output() {
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

// size is how large a hold is, and what keeps the answer from outgrowing it. All of it is in
// output tokens of each choice.
type size struct {
	first, least int64 // what is held for, and what it may shrink to if that does not fit
	caps         bool  // what is held for is sent as the cap, unless the model produces no more
	grows        int64 // the hold follows a stream that has had so much; 0: it stays as it is
	ease         int64 // a tenth of it is how much earlier
}

// sizeOf is the size that suits a call.
//
// A cap of the client's own is held in full. Where a limit applies it is seen to that the
// upstream reads it, and a stream that does not keep to it is held for like one without.
// Without a cap, a stream whose tokens can all be seen is held for the default output and
// the hold follows it. Anything else cannot be stopped on its way, so the most that the
// model may produce is held if that fits, and otherwise the default is held and sent as the
// cap: either way the answer cannot outgrow its hold. Where no limit applies nothing is sent.
func (t *Toll) sizeOf(p *plan) size {
	limited := func() bool { return t.ledger.Limited(p.attempt.Accounts, p.attempt.Target) }
	set, usual := p.call.Params.OutputCap, p.dep.DefaultOutput
	switch {
	case !p.call.Operation.Output():
		return size{}
	case set > 0:
		s := size{first: set, least: set}
		if t.options().ClampOutput {
			s.least = 1
		}
		if read := p.reads(); (!read || p.call.Stream) && limited() {
			s.caps = !read
			if !p.echoes() { // what comes back of the prompt is none of it
				s.grows = overCap * set
			}
		}
		return s
	case !limited():
		return size{first: usual, least: usual}
	case p.call.Stream && !p.dep.HiddenReasoning && !p.call.Params.Background:
		return size{first: usual, least: usual, grows: usual, ease: usual}
	}
	s := size{first: max(p.dep.MostOutput(), usual), least: usual, caps: p.cappable()}
	if !s.caps {
		s.least = s.first
	}
	return s
}

// hold takes the hold that suits the call, and decides what is sent upstream as the
// output cap.
func (t *Toll) hold(ctx context.Context, p *plan) (holding, *Charge, error) {
	charge := &Charge{}
	if !p.priced() {
		res, err := t.ledger.ReserveUnpriced(ctx, p.attempt)
		if errors.Is(err, ledger.ErrUnsure) {
			t.late.add(res.Release)
		}
		if err != nil {
			return nil, nil, err
		}
		return res, charge, nil
	}
	s, set := t.sizeOf(p), p.call.Params.OutputCap
	var res holding
	held, err := p.fit(s, func(q accounting.Quote) (err error) {
		res, err = t.reserve(ctx, p, q, charge)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	if s.grows > 0 {
		p.follow(s.grows, s.ease)
		p.capped = set > 0
	}
	switch {
	case set > 0 && held < set, set == 0 && s.caps && held != p.dep.MostOutput() && p.outputCosts():
		p.call.OutputCap, charge.capped = held, held
	case set > 0 && s.caps:
		p.call.OutputCap = set
	}
	return res, charge, nil
}

// fit has a hold tried, and one that is smaller if that does not fit. It returns how much
// output the last was for.
func (p *plan) fit(s size, try func(accounting.Quote) error) (held int64, err error) {
	of := func(output int64) error {
		q, err := p.quote(output)
		if err != nil {
			return err
		}
		return try(q)
	}
	held = s.first
	if err = of(held); err != nil && s.least < s.first {
		if less := p.smaller(err, s); less > 0 {
			held, err = less, of(less)
		}
	}
	return held, err
}

// smaller is the hold that is tried after one that was refused; 0: none. While the books do
// not answer nobody knows what of a client's own cap would fit.
func (p *plan) smaller(err error, s size) int64 {
	var refusal *ledger.Refusal
	switch refused := errors.As(err, &refusal); {
	case p.call.Params.OutputCap > 0:
		return p.fitting(refusal, s.first)
	case refused, errors.Is(err, ledger.ErrUnavailable):
		return s.least
	}
	return 0
}

// Terms are on what a call would be paid for.
type Terms struct {
	Hold    accounting.Money   // the smallest that would be taken
	Need    accounting.Money   // what must be free for it in each budget that applies
	Budgets []ledger.Shortfall // those with a limit that it would be held against, narrowest first
	Offline bool               // the books do not answer, and the operator lets so much be spent meanwhile
}

// Preview says on what terms a call of a candidate would be paid for now, and takes nothing.
// The error is that of [Toll.Paid] or [Toll.Unpriced] if they would not send the call, but
// for its Idempotency-Key, of which only a hold knows. What is free has no terms.
func (t *Toll) Preview(ctx context.Context, c catalog.Candidate, call Call) (Terms, error) {
	var p *plan
	var err error
	switch c := c.(type) {
	case catalog.Free:
		return Terms{}, nil
	case catalog.Paid:
		p, err = t.paid(c, call)
	case catalog.Unpriced:
		p, err = t.unpriced(c, call)
	}
	switch {
	case err != nil:
		return Terms{}, err
	case p == nil: // a candidate of no kind: fail closed
		return Terms{}, ledger.ErrUnpriced
	case !p.priced():
		return Terms{}, t.ledger.PreviewUnpriced(ctx, p.attempt)
	}
	s := t.sizeOf(p)
	q, err := p.quote(s.least)
	if err != nil {
		return Terms{}, err
	}
	terms := Terms{Hold: q.Amount(), Need: t.ledger.Need(q.Amount())}
	states, err := t.ledger.Preview(ctx, p.attempt, q)
	if down := err; errors.Is(down, ledger.ErrUnavailable) {
		_, err = p.fit(s, func(q accounting.Quote) error { return t.late.admits(p.attempt, q, down) })
		terms.Offline = err == nil
	}
	for _, s := range states {
		if s.Claim.Budget.Limit != nil {
			terms.Budgets = append(terms.Budgets, s)
		}
	}
	return terms, err
}

// overCap is how many times what its cap allows a stream may have until it is taken for one
// that does not keep to it: vocabularies differ, and what is counted here is not what the
// upstream counts.
const overCap = 2

// follow has the hold follow a stream once it has had so many output tokens in each choice,
// or a tenth of ease fewer.
func (p *plan) follow(output, ease int64) {
	choices := p.call.Params.Choices
	p.grows = p.call.Stream && !p.call.Params.Background
	p.step, p.slack = output*choices, ease*choices/10
}

// capFields are where the surfaces have a cap of the output. One that stands in the field of
// another surface is the client's word as well, and most upstreams pass over it.
var capFields = map[providers.Operation][]string{
	providers.Chat:        {"max_tokens", "max_completion_tokens"},
	providers.Completions: {"max_tokens"},
	providers.Responses:   {"max_output_tokens"},
	providers.Messages:    {"max_tokens"},
}

// reads says that the cap stands where its upstream looks for it.
func (p *plan) reads() bool {
	fields := capFields[p.call.Operation]
	return len(fields) == 0 || slices.ContainsFunc(fields, func(f string) bool {
		v, has := p.call.Body.Raw(f)
		return has && string(v) != "null"
	})
}

// cappable says that the output can be bounded: a compaction has no field for that, and is
// refused with one.
func (p *plan) cappable() bool { return p.call.Operation != providers.ResponsesCompact }

// echoes says that the answer's text begins with that of the prompt, which is no output: of
// how much there is, the upstream's word is the only one.
func (p *plan) echoes() bool {
	return p.call.Operation == providers.Completions && p.call.Params.Echo
}

// quote is the most that the call costs with so many output tokens in each choice.
func (p *plan) quote(output int64) (accounting.Quote, error) {
	return p.price.Quote(p.most(output), p.tier)
}

// reserve holds a quote in the books, or in memory while they do not answer. Once they have
// not answered they are not asked again for the same attempt: they were waited for, and may
// have its hold, which is going to be released.
func (t *Toll) reserve(ctx context.Context, p *plan, q accounting.Quote, charge *Charge) (holding, error) {
	if p.down != nil {
		return t.late.admit(p.attempt, q, p.down)
	}
	res, err := t.ledger.Reserve(ctx, p.attempt, q)
	if errors.Is(err, ledger.ErrUnsure) {
		t.late.add(res.Release)
		p.attempt.ID += offlineMark // the release must not meet the hold that is written afterwards
	}
	if errors.Is(err, ledger.ErrUnavailable) {
		p.down = err
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

// outputCosts says whether more output would cost more. Where a call is billed by the
// request alone there is nothing to cap.
func (p *plan) outputCosts() bool {
	less, err1 := p.quote(p.dep.DefaultOutput)
	more, err2 := p.quote(wire.MaxOutputCap / wire.MaxChoices)
	return err1 != nil || err2 != nil || more.Amount() > less.Amount()
}

// fitting returns the largest output cap below `below` whose hold fits every budget
// that refused, or 0.
func (p *plan) fitting(refusal *ledger.Refusal, below int64) int64 {
	if refusal == nil {
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
		q, err := p.quote(mid)
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
	Checkpoint(ledger.Progress)
}
