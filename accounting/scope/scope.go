// Package scope says whom a rule is for: an account, or each account of a kind, on
// all models or some. Budgets and rate limits are both rules of that form, and mean
// the same by it.
//
// It imports accounting/pattern. It does not know money, limits, keys or people: ids
// are opaque.
package scope

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tollgate/accounting/pattern"
)

// Kind is a kind of account. Kinds are ordered from the narrowest to the widest.
type Kind string

// The kinds of account that a rule can be for.
const (
	EndUser Kind = "end_user"
	Key     Kind = "key"
	Member  Kind = "member" // a user within a team; the id is team/user
	User    Kind = "user"
	Tag     Kind = "tag" // a mark of some calls; a call may have several, and is counted for each
	Team    Kind = "team"
	Org     Kind = "org"     // an organization
	Gateway Kind = "gateway" // everybody together; the id is empty
)

var inOrder = [...]Kind{EndUser, Key, Member, User, Tag, Team, Org, Gateway}

// Kinds lists all kinds, narrowest first.
func Kinds() []Kind { return slices.Clone(inOrder[:]) }

// kinds is how many there are, and the rank of what is none.
const kinds = len(inOrder)

// Rank orders kinds, narrowest first; an unknown kind ranks last.
func (k Kind) Rank() int {
	switch k {
	case EndUser:
		return 0
	case Key:
		return 1
	case Member:
		return 2
	case User:
		return 3
	case Tag:
		return 4
	case Team:
		return 5
	case Org:
		return 6
	case Gateway:
		return 7
	}
	return kinds
}

// Account is somebody whom something is counted for.
type Account struct {
	Kind Kind   `json:"scope"`
	ID   string `json:"id"`
}

// Target is the deployment about to be called, as selectors see it.
type Target struct {
	Model      string // the public name that was asked for
	Deployment string // provider/upstream model
	// Also are the other names of the same thing: the names it was reached through,
	// and the upstream's own, so that no alias walks around a rule.
	Also []string
}

// MaxPatterns is how many model patterns one rule may have.
const MaxPatterns = 1000

// The reasons for which a selector is refused.
var (
	ErrBadKind  = errors.New("the scope is gateway, org, team, tag, member, user, key or end_user")
	ErrBadOwner = errors.New("a rule is for one named account or for each; the gateway has no name")
)

// Selector says which accounts and models a rule is for.
type Selector struct {
	Kind   Kind
	Each   bool     // each account of the kind, by itself
	Owner  string   // the one account, when not Each; empty for Gateway
	Models []string // patterns on the public name or on provider/model; empty: every model
}

// Validate says what is wrong with a selector, or nil.
func (s Selector) Validate() error {
	switch {
	case s.Kind.Rank() == kinds:
		return fmt.Errorf("%w, not %q", ErrBadKind, s.Kind)
	case s.Kind == Gateway && (s.Each || s.Owner != ""):
		return ErrBadOwner
	case s.Kind != Gateway && s.Each == (s.Owner != ""):
		return ErrBadOwner
	case len(s.Models) > MaxPatterns:
		return fmt.Errorf("more than %d models", MaxPatterns)
	case slices.Contains(s.Models, ""):
		return errors.New("an empty model name")
	}
	return nil
}

// Matches says whether the rule is for the target.
func (s Selector) Matches(t Target) bool {
	return len(s.Models) == 0 || slices.ContainsFunc(s.Models, func(p string) bool {
		return pattern.Match(p, t.Model) || pattern.Match(p, t.Deployment) || slices.ContainsFunc(t.Also, func(n string) bool { return pattern.Match(p, n) })
	})
}

// Same says that two selectors are for the same accounts and models.
func (s Selector) Same(other Selector) bool {
	return s.Kind == other.Kind && s.Each == other.Each && s.Owner == other.Owner && s.sameModels() == other.sameModels()
}

// sameModels is equal for two selectors with the same models, in any order.
func (s Selector) sameModels() string {
	models := slices.Clone(s.Models)
	slices.Sort(models)
	return strings.Join(slices.Compact(models), "\x00")
}

// Index is an immutable set of rules, looked up by account: no look-up goes through
// the rules of other accounts. The zero value is empty.
type Index[T any] struct {
	each  [kinds + 1][]indexed[T] // by the rank of the kind
	owned map[Account][]indexed[T]
}

type indexed[T any] struct {
	rule   *T
	matter string
}

// Owned is a rule and the account it applies to.
type Owned[T any] struct {
	Rule    *T // as it was indexed: it is not changed
	Account Account
}

// NewIndex indexes rules. of says what each is for. matter is what two rules must
// share, beside kind and models, for the one that names an account to stand in for the
// one for each.
func NewIndex[T any](rules []T, of func(T) Selector, matter func(T) string) Index[T] {
	x := Index[T]{owned: map[Account][]indexed[T]{}}
	for _, r := range rules {
		s := of(r)
		i := indexed[T]{&r, matter(r) + "\x00" + s.sameModels()}
		if s.Each {
			x.each[s.Kind.Rank()] = append(x.each[s.Kind.Rank()], i)
			continue
		}
		a := Account{s.Kind, s.Owner}
		x.owned[a] = append(x.owned[a], i)
	}
	return x
}

// Of returns the rules that apply to some accounts, of which none may stand twice,
// narrowest kind first. A rule that names an account stands in for the one for `each` of the
// same matter: that is how one person gets more than the rest.
func (x Index[T]) Of(accounts []Account) []Owned[T] {
	var out []Owned[T]
	for _, a := range accounts {
		own, each := x.owned[a], x.each[a.Kind.Rank()]
		if out == nil && len(own)+len(each) > 0 {
			out = make([]Owned[T], 0, len(accounts)+len(own)+len(each))
		}
		for _, i := range own {
			out = append(out, Owned[T]{i.rule, a})
		}
		for _, i := range each {
			if !slices.ContainsFunc(own, func(o indexed[T]) bool { return o.matter == i.matter }) {
				out = append(out, Owned[T]{i.rule, a})
			}
		}
	}
	slices.SortStableFunc(out, func(x, y Owned[T]) int { return x.Account.Kind.Rank() - y.Account.Kind.Rank() })
	return out
}
