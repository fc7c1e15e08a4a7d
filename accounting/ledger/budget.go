package ledger

import (
	"errors"
	"slices"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/scope"
)

// The words of [scope], which are the books' own too.
type (
	Kind    = scope.Kind
	Account = scope.Account
	Target  = scope.Target
)

// The kinds of account that a budget can be for.
const (
	EndUser = scope.EndUser
	Key     = scope.Key
	Member  = scope.Member
	User    = scope.User
	Tag     = scope.Tag
	Team    = scope.Team
	Org     = scope.Org
	Gateway = scope.Gateway
)

// Kinds lists all kinds, narrowest first.
func Kinds() []Kind { return scope.Kinds() }

// Budget is a limit on what an account, or each account of a kind, may spend per
// window on some or all models.
type Budget struct {
	ID     string
	Name   string // for people; may be empty
	Kind   Kind
	Each   bool              // one counter for each account of the kind
	Owner  string            // the one account, when not Each; empty for Gateway
	Models []string          // patterns on the public name or on provider/model; empty: every model
	Limit  *accounting.Money // nil: unlimited, which for one account lifts the limit for each
	Soft   *accounting.Money // warn from here on
	Extra  Extra             // on top of the limit, for a time; the zero Extra is none
	Window Window
	Origin string // "file" or "api": who declared it
}

// Extra raises a limit until an instant.
type Extra struct {
	Amount accounting.Money
	Until  time.Time
}

// At returns the budget as it holds at an instant: with what is extra then in its limits.
// A sum beyond the range of money ends at its end.
func (b Budget) At(t time.Time) Budget {
	if !t.Before(b.Extra.Until) {
		return b
	}
	raised := func(m *accounting.Money) *accounting.Money {
		if m == nil {
			return nil
		}
		sum, err := m.Add(b.Extra.Amount)
		if err != nil {
			sum = accounting.MaxMoney
		}
		return &sum
	}
	b.Limit, b.Soft, b.Extra = raised(b.Limit), raised(b.Soft), Extra{}
	return b
}

// MaxPatterns is how many model patterns one budget may have.
const MaxPatterns = scope.MaxPatterns

// The reasons for which a budget is refused, beside those of [scope.Selector].
var (
	ErrNegativeLimit = errors.New("a limit is not negative: 0 means free models only, none means unlimited")
	ErrSoftAbove     = errors.New("the soft limit is above the limit, so it would never be seen")
	ErrExtra         = errors.New("an extra is an amount above 0, until an instant, on top of a limit")
)

// Selector says whom and which models the budget is for.
func (b Budget) Selector() scope.Selector {
	return scope.Selector{Kind: b.Kind, Each: b.Each, Owner: b.Owner, Models: b.Models}
}

// Validate says what is wrong with a budget, or nil.
func (b Budget) Validate() error {
	if err := b.Selector().Validate(); err != nil {
		return err
	}
	switch {
	case b.Limit != nil && *b.Limit < 0, b.Soft != nil && *b.Soft < 0:
		return ErrNegativeLimit
	case b.Limit != nil && b.Soft != nil && *b.Soft > *b.Limit:
		return ErrSoftAbove
	case b.Extra != Extra{} && (b.Limit == nil || b.Extra.Amount <= 0 || b.Extra.Until.IsZero()):
		return ErrExtra
	}
	return nil
}

// Matches says whether the budget counts spending on the target.
func (b Budget) Matches(t Target) bool { return b.Selector().Matches(t) }

// Counter names one running total: a budget, an account and a period's start.
type Counter struct {
	Budget  string    `json:"budget"`
	Account Account   `json:"account"`
	Start   time.Time `json:"start"`
}

// Claim is a budget as it applies to one attempt.
type Claim struct {
	Counter Counter
	// Budget is not changed. Of a claim that was read back from the books only the id is
	// known.
	Budget *Budget
	Period Period
}

// Budgets is an immutable set of budgets, indexed for look-up. The zero value has
// none.
type Budgets struct {
	all   []Budget
	index scope.Index[Budget]
}

// NewBudgets indexes valid budgets. It keeps no reference to the slice.
func NewBudgets(all []Budget) *Budgets {
	all = slices.Clone(all)
	return &Budgets{all, scope.NewIndex(all, Budget.Selector, func(b Budget) string { return b.Window.String() })}
}

// All lists the budgets.
func (b *Budgets) All() []Budget { return slices.Clone(b.all) }

// Of returns the budgets that apply to some accounts, narrowest kind first. A
// budget that names an account stands in for the `each` budget of the same kind,
// window and models: that is how one person gets more than the rest.
func (b *Budgets) Of(accounts []Account) []scope.Owned[Budget] { return b.index.Of(accounts) }

// claim returns the counter that spending at the instant t falls on.
func claim(o scope.Owned[Budget], t time.Time) Claim {
	b, p := o.Rule, o.Rule.Window.At(t)
	if t.Before(b.Extra.Until) {
		raised := b.At(t)
		b = &raised
	}
	return Claim{Counter: Counter{b.ID, o.Account, p.Start}, Budget: b, Period: p}
}

// Claims returns the claims on all accounts for one target at the instant t,
// narrowest first.
func (b *Budgets) Claims(accounts []Account, target Target, t time.Time) []Claim {
	owned := b.Of(accounts)
	if len(owned) == 0 {
		return nil
	}
	out := make([]Claim, 0, len(owned))
	for _, o := range owned {
		if o.Rule.Matches(target) {
			out = append(out, claim(o, t))
		}
	}
	return out
}

// Standing is what a counter holds.
type Standing struct {
	Posted accounting.Money
	Held   accounting.Money
}

// State is where a budget stands for one attempt.
type State string

// The states of a budget.
const (
	None  State = "none"  // no limit
	Zero  State = "zero"  // the limit is 0: free models only
	Room  State = "room"  // the attempt fits
	Tight State = "tight" // under the limit, but this attempt does not fit
	Held  State = "held"  // it would fit but for what other running requests hold
	Spent State = "spent" // at or over the limit
)

// Refuses says that a budget in this state does not admit the attempt.
func (s State) Refuses() bool { return s != None && s != Room }

// Admission is the rule by which an attempt is admitted to a budget.
type Admission string

// The admission rules.
const (
	Strict   Admission = "strict"   // posted + held + hold must fit
	Headroom Admission = "headroom" // posted + held must be under the limit; one request per scope may overshoot
)

// Need is what must fit under the limit beside posted and held. It is at least
// one nano-dollar, so that a spent budget admits nothing, not even a hold of 0.
func (a Admission) Need(amount accounting.Money) accounting.Money {
	if a == Headroom {
		return 1
	}
	return max(amount, 1)
}

// StateOf says where a budget stands for an attempt that needs an amount.
func StateOf(limit *accounting.Money, s Standing, need accounting.Money) State {
	if limit == nil {
		return None
	}
	l := *limit
	fits := func(used accounting.Money) bool { return need <= l-used }
	used, err := s.Posted.Add(s.Held)
	switch {
	case l == 0:
		return Zero
	case s.Posted >= l:
		return Spent
	case err == nil && fits(used):
		return Room
	case fits(s.Posted):
		return Held
	}
	return Tight
}

// StateOfMore is [StateOf] for an attempt that holds own already and needs more. What
// it holds itself is nobody else's: it does not come back while the attempt waits.
func StateOfMore(limit *accounting.Money, s Standing, own, need accounting.Money) State {
	state := StateOf(limit, s, need)
	if used, err := s.Posted.Add(own); state == Held && (err != nil || StateOf(limit, Standing{Posted: used}, need) != Room) {
		return Tight
	}
	return state
}
