package ledger

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"tollgate/accounting"
)

// ErrUnavailable says that the store of the books does not answer. Nothing paid is
// admitted then.
var ErrUnavailable = errors.New("the books are not available")

// ErrNotOpen says that a hold is gone: settled, released or expired before.
var ErrNotOpen = errors.New("the hold is not open")

// ErrInvalidQuote says that a hold was asked for with a quote nobody made.
var ErrInvalidQuote = errors.New("a hold needs a quote made by a price")

// ErrUnpriced says that a call without a known price was asked for by somebody
// who has a limit.
var ErrUnpriced = errors.New("the price is unknown and a budget applies")

// Refusal says that an attempt does not fit every budget that applies.
type Refusal struct {
	Short []Shortfall // every budget that failed, narrowest first
}

// Shortfall is one budget that an attempt does not fit.
type Shortfall struct {
	Claim    Claim
	Standing Standing
	State    State
}

func (r *Refusal) Error() string {
	if len(r.Short) == 0 {
		return "refused by a budget"
	}
	s := r.Short[0]
	return fmt.Sprintf("budget %s of %s %s: %s", s.Claim.Budget.ID, s.Claim.Counter.Account.Kind, s.Claim.Counter.Account.ID, s.State)
}

// Temporary says that only what other running requests hold stands in the way of
// every budget that failed: the attempt may fit in a moment.
func (r *Refusal) Temporary() bool {
	for _, s := range r.Short {
		if s.State != Held {
			return false
		}
	}
	return len(r.Short) > 0
}

// Facts is what an entry says about its call, beside money. Ids are opaque here.
type Facts struct {
	RequestID  string
	KeyID      string
	UserID     string
	TeamID     string
	EndUser    string
	Operation  string
	Model      string // the public name that was asked for
	Deployment string // provider/upstream model
	Stream     bool
}

// Hold is money set aside for one attempt.
type Hold struct {
	ID     string // the attempt's id: unique, made by tollgate
	At     time.Time
	Amount accounting.Money
	Prompt accounting.Money // the part that the prompt alone is expected to cost: what an orphan is posted at
	Need   accounting.Money // what must fit under each limit; see [Admission.Need]
	Claims []Claim
	Facts  Facts
	// Unpriced marks a call without a known price and without any limit: it is
	// recorded with no cost.
	Unpriced bool
	// PriceVersion is what [accounting.Priced.Version] said at admission.
	PriceVersion string
}

// Outcome is how an attempt ended.
type Outcome struct {
	At     time.Time
	Cost   *accounting.Cost // nil: the price is unknown
	Usage  accounting.Usage
	Source accounting.Source
	Tier   string // the service tier that the answer named
	Model  string // the model that the answer named
	Status string // ok, or the code of the error that ended it
	Flags  []string
	Took   time.Duration // from admission to the end
}

// Entry is a line of the books. It is written once and never changed.
type Entry struct {
	Hold    Hold
	Outcome Outcome
}

// Store keeps counters, holds and entries. Each method is one atomic, durable
// step; it returns [ErrUnavailable] (wrapped) if the step did not happen because
// the store does not answer.
type Store interface {
	// Reserve adds the hold's amount to every claim's counter if its need fits
	// under every limit, and writes the hold; otherwise nothing changes and the
	// error is a [*Refusal]. It returns where the counters stand afterwards, in the
	// order of the claims.
	Reserve(context.Context, Hold) ([]Standing, error)
	// Extend adds to an open hold under the same rule. [ErrNotOpen] if it ended.
	Extend(ctx context.Context, h Hold, extra accounting.Money) error
	// Settle ends an open hold with an entry and moves its cost from held to posted.
	// A hold that ended before is [ErrNotOpen] and changes nothing.
	Settle(context.Context, Entry) error
	// Release ends an open hold without an entry. Like Settle, once only.
	Release(ctx context.Context, id string) error
	// Standings reads counters; one that was never used stands at zero.
	Standings(context.Context, []Counter) ([]Standing, error)
	// OpenHolds lists the holds that have not ended.
	OpenHolds(context.Context) ([]Hold, error)
}

// Ledger decides who may spend and writes what was spent.
type Ledger struct {
	store     Store
	budgets   atomic.Pointer[Budgets]
	admission Admission
	now       func() time.Time
}

// New returns a ledger over a store, with no budgets yet.
func New(store Store, admission Admission, now func() time.Time) *Ledger {
	l := &Ledger{store: store, admission: admission, now: now}
	l.budgets.Store(NewBudgets(nil))
	return l
}

// SetBudgets replaces the budgets. Reservations that are open keep the claims
// that they were admitted with.
func (l *Ledger) SetBudgets(b *Budgets) { l.budgets.Store(b) }

// Budgets returns the budgets in force.
func (l *Ledger) Budgets() *Budgets { return l.budgets.Load() }

// Attempt is one call that wants to be paid for.
type Attempt struct {
	ID       string
	Accounts []Account
	Target   Target
	Facts    Facts
	Version  string           // the price's version
	Prompt   accounting.Quote // what the prompt alone may cost
}

// Limited says whether any budget with a limit applies to the attempt.
func (l *Ledger) Limited(accounts []Account, target Target) bool {
	for _, c := range l.budgets.Load().Claims(accounts, target, l.now()) {
		if c.Budget.Limit != nil {
			return true
		}
	}
	return false
}

// Reserve holds the quote on every budget that applies, or none. The error is a
// [*Refusal], [ErrInvalidQuote] or wraps [ErrUnavailable].
func (l *Ledger) Reserve(ctx context.Context, a Attempt, most accounting.Quote) (*Reservation, error) {
	if !most.Valid() {
		return nil, ErrInvalidQuote
	}
	return l.reserve(ctx, a, Hold{Amount: most.Amount(), Prompt: min(a.Prompt.Amount(), most.Amount()), Need: l.admission.Need(most.Amount())})
}

// ReserveUnpriced admits a call without a known price, if no limit applies to it:
// it will be written with no cost. Otherwise the error is [ErrUnpriced].
func (l *Ledger) ReserveUnpriced(ctx context.Context, a Attempt) (*Reservation, error) {
	if l.Limited(a.Accounts, a.Target) {
		return nil, ErrUnpriced
	}
	return l.reserve(ctx, a, Hold{Unpriced: true})
}

func (l *Ledger) reserve(ctx context.Context, a Attempt, h Hold) (*Reservation, error) {
	h.ID, h.At, h.Facts, h.PriceVersion = a.ID, l.now(), a.Facts, a.Version
	h.Claims = l.budgets.Load().Claims(a.Accounts, a.Target, h.At)
	after, err := l.store.Reserve(ctx, h)
	if err != nil {
		return nil, err
	}
	return &Reservation{ledger: l, hold: h, after: after, open: true}, nil
}

// Preview says where each budget that applies stands for an attempt of the given
// size, without holding anything.
func (l *Ledger) Preview(ctx context.Context, accounts []Account, target Target, most accounting.Quote) ([]Shortfall, error) {
	if !most.Valid() {
		return nil, ErrInvalidQuote
	}
	claims := l.budgets.Load().Claims(accounts, target, l.now())
	standings, err := l.standings(ctx, claims)
	if err != nil {
		return nil, err
	}
	out := make([]Shortfall, len(claims))
	for i, c := range claims {
		out[i] = Shortfall{c, standings[i], StateOf(c.Budget.Limit, standings[i], l.admission.Need(most.Amount()))}
	}
	return out, nil
}

// Possible says whether an attempt of the given size would fit every budget that
// applies if nothing were spent: what can be known without the store. The error is a
// [*Refusal] or [ErrInvalidQuote].
func (l *Ledger) Possible(accounts []Account, target Target, most accounting.Quote) error {
	if !most.Valid() {
		return ErrInvalidQuote
	}
	var refusal Refusal
	for _, c := range l.budgets.Load().Claims(accounts, target, l.now()) {
		if state := StateOf(c.Budget.Limit, Standing{}, l.admission.Need(most.Amount())); state != None && state != Room {
			refusal.Short = append(refusal.Short, Shortfall{Claim: c, State: state})
		}
	}
	if len(refusal.Short) > 0 {
		return &refusal
	}
	return nil
}

// Status says where every budget of some accounts stands now, whatever the model.
func (l *Ledger) Status(ctx context.Context, accounts []Account) ([]Shortfall, error) {
	now := l.now()
	var claims []Claim
	for _, o := range l.budgets.Load().Of(accounts) {
		claims = append(claims, claim(o, now))
	}
	standings, err := l.standings(ctx, claims)
	if err != nil {
		return nil, err
	}
	out := make([]Shortfall, len(claims))
	for i, c := range claims {
		out[i] = Shortfall{c, standings[i], StateOf(c.Budget.Limit, standings[i], 1)}
	}
	return out, nil
}

func (l *Ledger) standings(ctx context.Context, claims []Claim) ([]Standing, error) {
	if len(claims) == 0 {
		return nil, nil
	}
	counters := make([]Counter, len(claims))
	for i, c := range claims {
		counters[i] = c.Counter
	}
	return l.store.Standings(ctx, counters)
}

// SettleOrphans ends the holds that a process left open when it died. Whether
// their calls were served nobody knows, so each is posted at what its prompt alone
// was expected to cost and marked uncertain; it returns how many there were.
func (l *Ledger) SettleOrphans(ctx context.Context) (int, error) {
	holds, err := l.store.OpenHolds(ctx)
	if err != nil {
		return 0, err
	}
	for i, h := range holds {
		out := Outcome{At: l.now(), Source: accounting.Uncertain, Status: "orphaned", Took: l.now().Sub(h.At)}
		if !h.Unpriced {
			out.Cost = &accounting.Cost{Total: h.Prompt}
		}
		if err := l.store.Settle(ctx, Entry{h, out}); err != nil && !errors.Is(err, ErrNotOpen) {
			return i, err
		}
	}
	return len(holds), nil
}

// Reservation is money held for one attempt. It ends once: settled or released.
// Its methods are safe for concurrent use.
type Reservation struct {
	ledger *Ledger
	after  []Standing

	mu   sync.Mutex
	hold Hold
	open bool
}

// Held is how much is held now.
func (r *Reservation) Held() accounting.Money {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.hold.Amount
}

// Limited says whether any claim of the reservation has a limit.
func (r *Reservation) Limited() bool {
	for _, c := range r.hold.Claims {
		if c.Budget.Limit != nil {
			return true
		}
	}
	return false
}

// PastSoft lists the budgets whose soft limit is reached by what was posted and
// held at admission.
func (r *Reservation) PastSoft() []Budget {
	var out []Budget
	for i, c := range r.hold.Claims {
		if c.Budget.Soft != nil && r.after[i].Posted+r.after[i].Held >= *c.Budget.Soft {
			out = append(out, c.Budget)
		}
	}
	return out
}

// Raise brings the hold up to a new quote on every budget, or none; a quote that is
// no larger changes nothing. Errors are those of [Ledger.Reserve], and [ErrNotOpen].
func (r *Reservation) Raise(ctx context.Context, to accounting.Quote) error {
	if !to.Valid() {
		return ErrInvalidQuote
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.open {
		return ErrNotOpen
	}
	extra := to.Amount() - r.hold.Amount
	if extra <= 0 {
		return nil
	}
	h := r.hold
	h.Need = r.ledger.admission.Need(extra)
	if err := r.ledger.store.Extend(ctx, h, extra); err != nil {
		return err
	}
	r.hold.Amount += extra
	return nil
}

// Settle writes what the attempt did cost. A second call, or one after Release,
// is [ErrNotOpen]. If the store fails the reservation stays open and Settle may
// be called again.
func (r *Reservation) Settle(ctx context.Context, o Outcome) error {
	return r.end(func() error {
		o.At = r.ledger.now()
		o.Took = o.At.Sub(r.hold.At)
		return r.ledger.store.Settle(ctx, Entry{r.hold, o})
	})
}

// Release gives the whole hold back. Like Settle, once only.
func (r *Reservation) Release(ctx context.Context) error {
	return r.end(func() error { return r.ledger.store.Release(ctx, r.hold.ID) })
}

func (r *Reservation) end(how func() error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.open {
		return ErrNotOpen
	}
	if err := how(); err != nil {
		if errors.Is(err, ErrNotOpen) {
			r.open = false
		}
		return err
	}
	r.open = false
	return nil
}

// Post writes an attempt that was served while the store did not answer: its hold
// and its end in turn, on every budget that applies and whatever they allow, since
// the money is spent already.
func (l *Ledger) Post(ctx context.Context, a Attempt, most accounting.Quote, o Outcome) error {
	if !most.Valid() {
		return ErrInvalidQuote
	}
	h := Hold{ID: a.ID, At: l.now(), Amount: most.Amount(), Prompt: min(a.Prompt.Amount(), most.Amount()), Facts: a.Facts, PriceVersion: a.Version}
	h.Claims = l.budgets.Load().Claims(a.Accounts, a.Target, h.At)
	for i := range h.Claims {
		h.Claims[i].Budget.Limit = nil
	}
	if _, err := l.store.Reserve(ctx, h); errors.Is(err, ErrUnavailable) {
		return err
	} // any other failure: an earlier try wrote the hold and not its end
	o.At = l.now()
	return l.store.Settle(ctx, Entry{h, o})
}
