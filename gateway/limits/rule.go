// Package limits bounds how fast and how many at once: requests per minute, tokens
// per minute and requests at the same time, per account and optionally per model, for
// free models as for paid ones, because free is not unlimited use.
//
// A limit per minute is a bucket that holds a minute's worth and refills evenly: so many
// at once at most, and so many a minute at most for as long as one likes (GCRA). Its
// state is one level, which every take raises and time lowers. Tokens are taken by
// estimate and set right at the end: what was not used is there again at once, and what
// was used beyond is a debt that delays the next request, up to a day.
//
// Buckets are kept in this process, or in a [Backend] for all replicas. Either way a
// request takes of every rule in one step, or of none, and the error is 0. While a
// backend does not answer, each replica enforces its share by itself, or refuses: never
// does a limit that cannot be counted let everything pass. Each loss and return of the
// backend lets at most one more burst through, and one within the first ten seconds of
// a replica, before the others have counted it, a burst a replica.
//
// It imports accounting/scope. It does not know money, budgets, routes or HTTP, and
// cannot reach the books: it stands on the road of free models.
package limits

import (
	"errors"

	"tollgate/accounting/scope"
)

// Rule is a limit on how fast an account, or each account of a kind, may call some or
// all models. A limit that is nil is none; 0 lets nothing pass.
type Rule struct {
	ID   string
	Name string // for people; may be empty
	scope.Selector
	Requests   *int64 // per minute
	Tokens     *int64 // per minute, in and out
	Concurrent *int64 // requests at the same time
	Origin     string // "file" or "api": who declared it
}

// MaxLimit is the largest number that a limit may have.
const MaxLimit = 1_000_000_000_000

// The reasons for which a rule is refused.
var (
	ErrNegative = errors.New("a limit is not negative: 0 lets nothing pass, none means unlimited")
	ErrTooLarge = errors.New("a limit is at most 1,000,000,000,000")
	ErrNoLimit  = errors.New("a rule limits requests per minute, tokens per minute or concurrent requests")
)

// Validate says what is wrong with a rule, or nil.
func (r Rule) Validate() error {
	if err := r.Selector.Validate(); err != nil {
		return err
	}
	none := true
	for _, n := range []*int64{r.Requests, r.Tokens, r.Concurrent} {
		switch {
		case n == nil:
			continue
		case *n < 0:
			return ErrNegative
		case *n > MaxLimit:
			return ErrTooLarge
		}
		none = false
	}
	if none {
		return ErrNoLimit
	}
	return nil
}
