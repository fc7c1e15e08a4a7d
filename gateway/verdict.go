package gateway

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
	"tollgate/gateway/limits"
	"tollgate/gateway/toll"
	"tollgate/providers"
)

// maxFreeListed is how many free models a refusal names.
const maxFreeListed = 20

// The failures of a request beside those of access, catalog and providers.
var (
	// ErrOperation says that the model's upstream has no such operation. What is told of
	// it names what it has, and models that have what was asked for.
	ErrOperation = errors.New("the model does not do this")
	// ErrPriceUnknown says that the model has no price and the caller has a limit.
	ErrPriceUnknown = errors.New("the model has no price, so nobody with a budget may use it")
	// ErrShutdown is the cause that running calls are cancelled with at the end of a
	// shutdown's patience.
	ErrShutdown = errors.New("tollgate is shutting down")
	// ErrBooksDown says that the books do not answer, so nothing paid is served.
	ErrBooksDown = errors.New("the books do not answer, so nothing paid is served")
)

// BudgetError is a refusal for money: no deployment was left that the caller may
// use and can pay for.
type BudgetError struct {
	Refusal *ledger.Refusal
	Model   string
	Free    []string // public names that the caller may use for nothing, most capable first
	At      time.Time
}

func (e *BudgetError) Error() string { return e.Refusal.Error() }

func (e *BudgetError) Unwrap() error { return e.Refusal }

// UnknownModelError says which name leads nowhere. It is [catalog.ErrNoModel].
type UnknownModelError struct{ Name string }

func (e *UnknownModelError) Error() string { return fmt.Sprintf("no model is named %q", e.Name) }

func (e *UnknownModelError) Unwrap() error { return catalog.ErrNoModel }

// routeOf is [catalog.Snapshot.Resolve] of a name that a caller has written.
func routeOf(s *catalog.Snapshot, who access.Principal, name string) (catalog.Route, error) {
	r, err := s.Resolve(who.Resolve(name))
	if errors.Is(err, catalog.ErrNoModel) {
		err = &UnknownModelError{name}
	}
	return r, err
}

// AttemptError is the failure of the last upstream that was tried, or why none could be:
// all are left out, or busy. With it stands what was not tried for lack of money or
// over a rate limit.
type AttemptError struct {
	Err        error
	Deployment string
	Attempts   int
	Skipped    *Skipped
}

func (e *AttemptError) Error() string { return e.Deployment + ": " + e.Err.Error() }

func (e *AttemptError) Unwrap() error { return e.Err }

// passed is a deployment that was passed over.
type passed struct {
	deployment string
	err        error
}

// isRepeat says that a request must not be paid for again, because of its Idempotency-Key.
func isRepeat(err error) bool {
	var repeated *ledger.Repeated
	return errors.As(err, &repeated)
}

// isMoney says that a deployment was not called for lack of money, of a price, or of what
// else only calls that cost something need.
func isMoney(err error) bool {
	if errors.Is(err, toll.ErrUnsettled) {
		return false
	}
	var refusal *ledger.Refusal
	return errors.As(err, &refusal) || errors.Is(err, ledger.ErrUnavailable) || errors.Is(err, ledger.ErrUnpriced) || errors.Is(err, accounting.ErrUnpricedMeter) || isRoom(err)
}

// isRoom says that there is no room for what a call that costs something leaves behind: for
// an amount as large as it might come to, for its Idempotency-Key, or for its end, which
// comes after the request's.
func isRoom(err error) bool {
	return errors.Is(err, accounting.ErrOverflow) || errors.Is(err, ledger.ErrOnceFull) || errors.Is(err, toll.ErrBackgroundFull)
}

func (c *call) skipped() *Skipped {
	if len(c.passed) == 0 {
		return nil
	}
	s := &Skipped{Reason: passedReason(c.passed[0].err)}
	for _, p := range c.passed {
		s.Deployments = append(s.Deployments, p.deployment)
	}
	return s
}

func passedReason(err error) string {
	var refusal *ledger.Refusal
	switch {
	case errors.Is(err, limits.ErrUnavailable):
		return "limits_unavailable"
	case isLimit(err):
		return "rate_limited"
	case errors.As(err, &refusal) && refusal.Temporary():
		return "budget_held"
	case errors.As(err, &refusal):
		return "budget_exceeded"
	case errors.Is(err, ledger.ErrUnavailable):
		return "books_unavailable"
	case errors.Is(err, accounting.ErrOverflow):
		return "budget_exceeded" // no budget is as large
	case errors.Is(err, ledger.ErrOnceFull):
		return "too_many_idempotency_keys"
	case errors.Is(err, toll.ErrBackgroundFull):
		return "background_limit"
	}
	return "price_unknown"
}

// verdict is the error of a request that nothing answered.
func (c *call) verdict() error {
	// What is withheld will be charged, whatever has failed since.
	if failed := cmp.Or(c.withheld, c.last); failed != nil {
		failed.Skipped = c.skipped()
		return failed
	}
	waiting, never := c.limitVerdict()
	if waiting != nil {
		return waiting // the better news: it passes by itself
	}
	if c.shut != nil { // a refusal for money would not be the whole truth
		c.shut.Skipped = c.skipped()
		return c.shut
	}
	var refusal *ledger.Refusal
	down := false
	for _, p := range c.passed {
		var r *ledger.Refusal
		switch {
		case errors.As(p.err, &r):
			// What may fit in a moment is the better news; otherwise the first that was
			// tried speaks for the route.
			if refusal == nil || (r.Temporary() && !refusal.Temporary()) {
				refusal = r
			}
		case errors.Is(p.err, ledger.ErrUnavailable):
			down = true
		}
	}
	switch {
	case down:
		return ErrBooksDown
	case refusal != nil:
		return &BudgetError{Refusal: refusal, Model: c.req.Params.Model, Free: c.freeNames(), At: c.g.Now()}
	case never != nil && !slices.ContainsFunc(c.passed, func(p passed) bool { return !isLimit(p.err) }):
		return never
	}
	for _, p := range c.passed {
		switch {
		case errors.Is(p.err, ledger.ErrUnpriced):
			return ErrPriceUnknown
		case errors.Is(p.err, accounting.ErrUnpricedMeter):
			return &notPriced{p.err}
		case errors.Is(p.err, accounting.ErrOverflow):
			return fmt.Errorf("what the call may cost at most is beyond any amount: lower its output cap or the number of its answers: %w", p.err)
		case isRoom(p.err):
			return p.err
		}
	}
	return ErrPriceUnknown
}

// notPriced is [ErrPriceUnknown] of a call that would bill something which the model's price
// says nothing of. It tells what that is.
type notPriced struct{ error }

func (e *notPriced) Is(target error) bool { return target == ErrPriceUnknown }

func (e *notPriced) Unwrap() error { return e.error }

// freeNames lists the names under which the caller may call something free that does
// what was asked, the longest context first.
func (c *call) freeNames() []string {
	type option struct {
		name    string
		context int64
	}
	var found []option
	for _, r := range c.snapshot.Routes() {
		o := option{name: r.Name, context: -1}
		for _, cand := range r.Candidates() {
			f, ok := cand.(catalog.Free)
			if ok && c.req.Who.Allows(r.Name, r.Groups, true) && f.Deployment.Provider.Kind.For(c.req.Operation) != nil && f.Deployment.Embeds(c.req.Operation == providers.Embeddings) && c.g.Balancer.Usable(f.Deployment) == nil {
				o.context = max(o.context, f.Deployment.Context)
			}
		}
		if o.context >= 0 {
			found = append(found, o)
		}
	}
	slices.SortStableFunc(found, func(a, b option) int {
		if a.context != b.context {
			return int(min(max(b.context-a.context, -1), 1))
		}
		return strings.Compare(a.name, b.name)
	})
	names := []string{}
	for _, o := range found[:min(len(found), maxFreeListed)] {
		names = append(names, o.name)
	}
	return names
}
