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
	price   accounting.Priced // zero for a call without a known price
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
	prompt, err := p.price.Quote(p.most(0), p.tier)
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

// hold takes the hold that suits the call, and decides what is sent upstream as the
// output cap.
//
// A cap of the client's own is held in full. Where a limit applies it is seen to that the
// upstream reads it, and a stream that does not keep to it is held for like one without.
// Without a cap, a stream whose tokens can all be seen is held for the default output and
// the hold follows it. Anything else cannot be stopped on its way, so the most that the
// model may produce is held if that fits, and otherwise the default is held and sent as the
// cap: either way the answer cannot outgrow its hold. Where no limit applies nothing is sent.
func (t *Toll) hold(ctx context.Context, p *plan) (holding, *Charge, error) {
	charge := &Charge{}
	reserve := func(output int64) (holding, error) {
		q, err := p.price.Quote(p.most(output), p.tier)
		if err != nil {
			return nil, err
		}
		return t.reserve(ctx, p, q, charge)
	}
	set := p.call.Params.OutputCap
	switch {
	case !p.call.Operation.Output():
		res, err := reserve(0)
		return res, charge, err
	case set > 0:
		if read := p.reads(); (!read || p.call.Stream) && t.ledger.Limited(p.attempt.Accounts, p.attempt.Target) {
			if !read {
				p.call.OutputCap = set
			}
			if !p.echoes() { // what comes back of the prompt is none of it
				p.follow(overCap*set, 0)
				p.capped = true
			}
		}
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
	case p.call.Stream && !p.dep.HiddenReasoning && !p.call.Params.Background:
		p.follow(p.dep.DefaultOutput, p.dep.DefaultOutput)
		res, err := reserve(p.dep.DefaultOutput)
		return res, charge, err
	}
	if most := p.dep.MostOutput(); most > p.dep.DefaultOutput {
		if res, err := reserve(most); err == nil {
			return res, charge, nil
		} else if refusal := (*ledger.Refusal)(nil); !p.cappable() || !errors.As(err, &refusal) && !errors.Is(err, ledger.ErrUnavailable) {
			return nil, nil, err
		}
	}
	res, err := reserve(p.dep.DefaultOutput)
	if p.dep.MostOutput() != p.dep.DefaultOutput && p.outputCosts() {
		p.call.OutputCap, charge.capped = p.dep.DefaultOutput, p.dep.DefaultOutput
	}
	return res, charge, err
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
	Checkpoint(ledger.Progress)
}
