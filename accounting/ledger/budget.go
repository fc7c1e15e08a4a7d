package ledger

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/pattern"
)

// Kind is a kind of account. Kinds are ordered from the narrowest to the widest.
type Kind string

// The kinds of account that a budget can be for.
const (
	EndUser Kind = "end_user"
	Key     Kind = "key"
	Member  Kind = "member" // a user within a team; the id is team/user
	User    Kind = "user"
	Team    Kind = "team"
	Gateway Kind = "gateway" // everybody together; the id is empty
)

// Kinds lists all kinds, narrowest first.
func Kinds() []Kind { return []Kind{EndUser, Key, Member, User, Team, Gateway} }

// Rank orders kinds, narrowest first; an unknown kind ranks last.
func (k Kind) Rank() int {
	if i := slices.Index(Kinds(), k); i >= 0 {
		return i
	}
	return len(Kinds())
}

// Account is somebody whom spending is counted for.
type Account struct {
	Kind Kind   `json:"scope"`
	ID   string `json:"id"`
}

// Target is the deployment about to be called, as budget selectors see it.
type Target struct {
	Model      string // the public name that was asked for
	Deployment string // provider/upstream model
	// Also are the other names of the same thing: the names it was reached through,
	// and the upstream's own, so that no alias walks around a budget.
	Also []string
}

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
	Window Window
	Origin string // "file" or "api": who declared it
}

// MaxPatterns is how many model patterns one budget or key may have.
const MaxPatterns = 1000

// The reasons for which a budget is refused.
var (
	ErrNegativeLimit = errors.New("a limit is not negative: 0 means free models only, none means unlimited")
	ErrBadKind       = errors.New("a budget is for gateway, team, member, user, key or end_user")
	ErrBadOwner      = errors.New("a budget is for one named account or for each; the gateway has no name")
	ErrSoftAbove     = errors.New("the soft limit is above the limit, so it would never be seen")
)

// Validate says what is wrong with a budget, or nil.
func (b Budget) Validate() error {
	switch {
	case b.Kind.Rank() == len(Kinds()):
		return fmt.Errorf("%w, not %q", ErrBadKind, b.Kind)
	case b.Kind == Gateway && (b.Each || b.Owner != ""):
		return ErrBadOwner
	case b.Kind != Gateway && b.Each == (b.Owner != ""):
		return ErrBadOwner
	case b.Limit != nil && *b.Limit < 0, b.Soft != nil && *b.Soft < 0:
		return ErrNegativeLimit
	case b.Limit != nil && b.Soft != nil && *b.Soft > *b.Limit:
		return ErrSoftAbove
	case len(b.Models) > MaxPatterns:
		return fmt.Errorf("more than %d models", MaxPatterns)
	case slices.Contains(b.Models, ""):
		return errors.New("an empty model name")
	}
	return nil
}

// Matches says whether the budget counts spending on the target.
func (b Budget) Matches(t Target) bool {
	return len(b.Models) == 0 || slices.ContainsFunc(b.Models, func(p string) bool {
		return pattern.Match(p, t.Model) || pattern.Match(p, t.Deployment) || slices.ContainsFunc(t.Also, func(n string) bool { return pattern.Match(p, n) })
	})
}

// Counter names one running total: a budget, an account and a period's start.
type Counter struct {
	Budget  string    `json:"budget"`
	Account Account   `json:"account"`
	Start   time.Time `json:"start"`
}

// Claim is a budget as it applies to one attempt.
type Claim struct {
	Counter Counter
	Budget  Budget
	Period  Period
}

// Budgets is an immutable set of budgets, indexed for look-up. The zero value has
// none.
type Budgets struct {
	all   []Budget
	each  map[Kind][]Budget
	owned map[Account][]Budget
}

// NewBudgets indexes valid budgets. It keeps no reference to the slice.
func NewBudgets(all []Budget) *Budgets {
	b := &Budgets{all: slices.Clone(all), each: map[Kind][]Budget{}, owned: map[Account][]Budget{}}
	for _, x := range b.all {
		if x.Each {
			b.each[x.Kind] = append(b.each[x.Kind], x)
			continue
		}
		a := Account{x.Kind, x.Owner}
		b.owned[a] = append(b.owned[a], x)
	}
	return b
}

// All lists the budgets.
func (b *Budgets) All() []Budget { return slices.Clone(b.all) }

// Of returns the budgets that apply to some accounts, narrowest kind first. A
// budget that names an account stands in for the `each` budget of the same kind,
// window and models: that is how one person gets more than the rest.
func (b *Budgets) Of(accounts []Account) []Owned {
	var out []Owned
	for _, a := range accounts {
		own := b.owned[a]
		for _, x := range own {
			out = append(out, Owned{x, a})
		}
		for _, x := range b.each[a.Kind] {
			if !slices.ContainsFunc(own, func(o Budget) bool { return sameMatter(o, x) }) {
				out = append(out, Owned{x, a})
			}
		}
	}
	slices.SortStableFunc(out, func(x, y Owned) int { return x.Budget.Kind.Rank() - y.Budget.Kind.Rank() })
	return out
}

// Owned is a budget and the account it applies to.
type Owned struct {
	Budget  Budget
	Account Account
}

// Claim returns the counter that spending at the instant t falls on.
func (o Owned) Claim(t time.Time) Claim {
	p := o.Budget.Window.At(t)
	return Claim{Counter: Counter{o.Budget.ID, o.Account, p.Start}, Budget: o.Budget, Period: p}
}

func sameMatter(a, b Budget) bool {
	return a.Window.String() == b.Window.String() && slices.Equal(sorted(a.Models), sorted(b.Models))
}

func sorted(s []string) []string { s = slices.Clone(s); slices.Sort(s); return s }

// Claims returns the claims on all accounts for one target at the instant t,
// narrowest first.
func (b *Budgets) Claims(accounts []Account, target Target, t time.Time) []Claim {
	var out []Claim
	for _, o := range b.Of(accounts) {
		if o.Budget.Matches(target) {
			out = append(out, o.Claim(t))
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
	fits := func(used accounting.Money) bool { return used <= l && need <= l-used }
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
