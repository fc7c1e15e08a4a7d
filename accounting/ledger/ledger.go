package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tollgate/accounting"
)

// ErrUnavailable says that the store of the books does not answer. Nothing paid is
// admitted then.
var ErrUnavailable = errors.New("the books are not available")

// ErrUnsure comes with [ErrUnavailable] when the connection to the store was lost in
// such a moment that the step may have happened.
var ErrUnsure = errors.New("nobody knows whether the step happened")

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

// ErrOnceFull says that a key has sent too many different Idempotency-Keys within
// [OnceFor].
var ErrOnceFull = fmt.Errorf("the key has used %d different Idempotency-Keys within a day", MaxOnce)

// The bounds of what is remembered of calls that carried an Idempotency-Key.
const (
	OnceFor = 24 * time.Hour
	MaxOnce = 10_000 // per key
)

// Once says that a call must not be paid for twice: what its Idempotency-Key said.
type Once struct {
	Token string `json:"token"` // SHA-256 of the header's value, in hexadecimal
	Body  string `json:"body"`  // SHA-256 of the body, in hexadecimal
}

// Repeated says that a call with the same Idempotency-Key was made before. Its Facts'
// KeyID is whose.
type Repeated struct {
	RequestID string // of the first call
	Running   bool   // it has not ended
	OtherBody bool   // it asked for something else
}

func (r *Repeated) Error() string {
	switch {
	case r.OtherBody:
		return "the Idempotency-Key was used for another request: " + r.RequestID
	case r.Running:
		return "a request with this Idempotency-Key is running: " + r.RequestID
	}
	return "a request with this Idempotency-Key has been answered and paid for: " + r.RequestID
}

// Facts is what an entry says about its call, beside money. Ids are opaque here.
type Facts struct {
	RequestID  string
	KeyID      string
	UserID     string
	TeamID     string
	OrgID      string
	EndUser    string
	Operation  string
	Model      string // the public name that was asked for
	Deployment string // provider/upstream model
	Tags       []string
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
	Once         *Once // nil: the call carried no Idempotency-Key
	// Late marks a hold that is written after its call: no limit refuses it, and one
	// that was written and ended before is [ErrNotOpen].
	Late     bool
	Progress Progress // as it was last written down
}

// Progress is how far an answer had got at some moment: what is charged if nobody
// comes to settle it.
type Progress struct {
	Usage accounting.Usage // the zero Usage: nothing is known of an answer
	Cost  accounting.Money // of that usage; 0 if the price is unknown
	// Running is what whoever serves the call names it by, if it goes on there whatever
	// becomes of this process; "": it does not.
	Running string
}

// Known says that something was seen of an answer.
func (p Progress) Known() bool { return p.Usage != accounting.Usage{} }

// MaxGoing is how many calls that go on are remembered of those that were settled as
// orphans.
const MaxGoing = 1000

// Going is a call that was settled as an orphan and goes on all the same: its Progress
// says where. To settle it again corrects its entry; it needs no release.
type Going struct {
	Hold Hold
	*Reservation
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
// step that returns when it is on disk, and waits for its turn within a bound of the
// store's own. [ErrUnavailable] (wrapped) says that the store does not answer: the step
// did not happen, unless the error is [ErrUnsure] too. Settle and Release may be called
// again in either case, since a step that has happened is not done twice. After an unsure
// Reserve, Release must follow until it succeeds or is [ErrNotOpen].
type Store interface {
	// Reserve adds the hold's amount to every claim's counter if its need fits
	// under every limit, and writes the hold; otherwise nothing changes and the
	// error is a [*Refusal]. It returns where the counters stand afterwards, in the
	// order of the claims. If the hold has a Once that another request of the same key
	// used before, the error is [*Repeated]; [ErrOnceFull] if there are too many. What
	// Once names stays taken after Settle, for [OnceFor], and is free after Release.
	Reserve(context.Context, Hold) ([]Standing, error)
	// Extend brings an open hold up to its amount and extra more, under the same rule; what
	// it has already beyond its amount is not added again. [ErrNotOpen] if it ended.
	Extend(ctx context.Context, h Hold, extra accounting.Money) error
	// Checkpoint writes down how far the answer of an open hold has got. It never
	// waits, and may be lost.
	Checkpoint(h Hold, p Progress)
	// Settle ends an open hold with an entry and moves its cost from held to posted.
	// A hold that ended before is [ErrNotOpen] and changes nothing, but for one that
	// was settled as an orphan: its entry is corrected by another, so that the two
	// together are the real cost.
	Settle(context.Context, Entry) error
	// Release ends an open hold without an entry. Like Settle, once only, and an orphan's
	// entry is corrected to nothing.
	Release(context.Context, Hold) error
	// Standings reads counters; one that was never used stands at zero. Of none it says
	// whether the store can be asked.
	Standings(context.Context, []Counter) ([]Standing, error)
	// Orphans lists open holds whose process is gone: some of them if there are many.
	// Those that cannot be read are an error beside the others.
	Orphans(context.Context) ([]Hold, error)
}

// Orphaned is the status of the entry of an orphan.
const Orphaned = "orphaned"

// OrphanPolicy says what an orphan is posted at if nothing is known of its answer.
type OrphanPolicy string

// The policies for orphans.
const (
	OrphanPrompt OrphanPolicy = "prompt"    // what its prompt was expected to cost
	OrphanHold   OrphanPolicy = "full_hold" // all that was held
	OrphanZero   OrphanPolicy = "zero"      // nothing; it is listed all the same
)

// Rules are the operator's choices.
type Rules struct {
	Admission Admission
	Orphans   OrphanPolicy
}

// Ledger decides who may spend and writes what was spent.
type Ledger struct {
	store   Store
	budgets atomic.Pointer[Budgets]
	rules   Rules
	now     func() time.Time

	mu    sync.Mutex
	going []Going // since somebody asked
}

// New returns a ledger over a store, with no budgets yet.
func New(store Store, rules Rules, now func() time.Time) *Ledger {
	l := &Ledger{store: store, rules: rules, now: now}
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
	Once     *Once            // what the call's Idempotency-Key said; nil: it carried none
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
// [*Refusal], a [*Repeated], [ErrOnceFull], [ErrInvalidQuote] or wraps
// [ErrUnavailable]. If it is [ErrUnsure], a reservation comes with it that may be in the
// books or not: it must be released.
func (l *Ledger) Reserve(ctx context.Context, a Attempt, most accounting.Quote) (*Reservation, error) {
	if !most.Valid() {
		return nil, ErrInvalidQuote
	}
	return l.reserve(ctx, a, Hold{Amount: most.Amount(), Prompt: min(a.Prompt.Amount(), most.Amount()), Need: l.rules.Admission.Need(most.Amount())})
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
	h.ID, h.At, h.Facts, h.PriceVersion, h.Once = a.ID, l.now(), a.Facts, a.Version, a.Once
	h.Claims = l.budgets.Load().Claims(a.Accounts, a.Target, h.At)
	after, err := l.store.Reserve(ctx, h)
	res := &Reservation{ledger: l, hold: h, after: after, open: true}
	if errors.Is(err, ErrUnsure) {
		return res, err
	}
	if err != nil {
		return nil, err
	}
	return res, nil
}

// Preview says where each budget that applies stands for an attempt, and whether
// [Ledger.Reserve] would admit it now, without holding anything. The error is a [*Refusal],
// [ErrInvalidQuote] or wraps [ErrUnavailable]. The store is asked even where no budget
// applies: it would have to take the hold.
func (l *Ledger) Preview(ctx context.Context, a Attempt, most accounting.Quote) ([]Shortfall, error) {
	if !most.Valid() {
		return nil, ErrInvalidQuote
	}
	claims := l.budgets.Load().Claims(a.Accounts, a.Target, l.now())
	standings, err := l.store.Standings(ctx, counters(claims))
	if err != nil {
		return nil, err
	}
	states := shortfalls(claims, standings, l.Need(most.Amount()))
	return states, refused(states)
}

// PreviewUnpriced is [Ledger.Preview] for [Ledger.ReserveUnpriced].
func (l *Ledger) PreviewUnpriced(ctx context.Context, a Attempt) error {
	if l.Limited(a.Accounts, a.Target) {
		return ErrUnpriced
	}
	_, err := l.store.Standings(ctx, nil)
	return err
}

// shortfalls says where claims stand for something that needs an amount.
func shortfalls(claims []Claim, standings []Standing, need accounting.Money) []Shortfall {
	out := make([]Shortfall, len(claims))
	for i, c := range claims {
		out[i] = Shortfall{c, standings[i], StateOf(c.Budget.Limit, standings[i], need)}
	}
	return out
}

// refused is a [*Refusal] by those budgets that do not admit an attempt, or nil.
func refused(states []Shortfall) error {
	short := slices.DeleteFunc(slices.Clone(states), func(s Shortfall) bool { return !s.State.Refuses() })
	if len(short) == 0 {
		return nil
	}
	return &Refusal{Short: short}
}

// Need is what must be free in a budget for a hold of an amount to fit.
func (l *Ledger) Need(amount accounting.Money) accounting.Money {
	return l.rules.Admission.Need(amount)
}

// Possible says whether an attempt of the given size would fit every budget that
// applies if nothing were spent: what can be known without the store. The error is a
// [*Refusal] or [ErrInvalidQuote].
func (l *Ledger) Possible(accounts []Account, target Target, most accounting.Quote) error {
	if !most.Valid() {
		return ErrInvalidQuote
	}
	claims := l.budgets.Load().Claims(accounts, target, l.now())
	return refused(shortfalls(claims, make([]Standing, len(claims)), l.Need(most.Amount())))
}

// Status says where every budget of some accounts stands now, whatever the model.
func (l *Ledger) Status(ctx context.Context, accounts []Account) ([]Shortfall, error) {
	now := l.now()
	var claims []Claim
	for _, o := range l.budgets.Load().Of(accounts) {
		claims = append(claims, claim(o, now))
	}
	if len(claims) == 0 {
		return nil, nil
	}
	standings, err := l.store.Standings(ctx, counters(claims))
	if err != nil {
		return nil, err
	}
	return shortfalls(claims, standings, 1), nil
}

func counters(claims []Claim) []Counter {
	out := make([]Counter, len(claims))
	for i, c := range claims {
		out[i] = c.Counter
	}
	return out
}

// SettleOrphans ends the holds that a dead process left open. Whether their calls
// were served nobody knows, so each is posted at what was last written down of its
// answer, or by the policy, and marked uncertain; it returns how many there were.
// Several processes may do it at the same time.
func (l *Ledger) SettleOrphans(ctx context.Context) (int, error) {
	holds, err := l.store.Orphans(ctx)
	errs := []error{err}
	done := 0
	for _, h := range holds {
		err := l.store.Settle(ctx, Entry{h, l.orphaned(h)})
		switch {
		case err == nil:
			done++
			l.goesOn(h)
		case errors.Is(err, ErrUnavailable):
			return done, errors.Join(append(errs, err)...)
		case !errors.Is(err, ErrNotOpen): // what is wrong with one must not keep the others
			errs = append(errs, fmt.Errorf("orphan %s: %w", h.ID, err))
		}
	}
	return done, errors.Join(errs...)
}

// goesOn remembers an orphan whose call may have an end yet.
func (l *Ledger) goesOn(h Hold) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h.Progress.Running != "" && !h.Unpriced && len(l.going) < MaxGoing {
		l.going = append(l.going, Going{h, &Reservation{ledger: l, hold: h, open: true}})
	}
}

// Going returns the calls that were settled as orphans since it was last asked, and go on.
func (l *Ledger) Going() []Going {
	l.mu.Lock()
	defer l.mu.Unlock()
	going := l.going
	l.going = nil
	return going
}

func (l *Ledger) orphaned(h Hold) Outcome {
	out := Outcome{At: l.now(), Source: accounting.Uncertain, Status: Orphaned, Usage: h.Progress.Usage}
	out.Took = max(out.At.Sub(h.At), 0)
	if h.Unpriced {
		return out
	}
	cost := h.Prompt
	switch {
	case h.Progress.Known():
		cost = h.Progress.Cost
	case l.rules.Orphans == OrphanHold:
		cost = h.Amount
	case l.rules.Orphans == OrphanZero:
		cost = 0
	}
	out.Cost = &accounting.Cost{Total: cost}
	return out
}

// Reservation is money held for one attempt. It ends once: settled or released.
// Its methods are safe for concurrent use.
type Reservation struct {
	ledger *Ledger
	after  []Standing

	mu    sync.Mutex
	hold  Hold
	open  bool
	ended time.Time // when it was first to be settled
}

// Held is how much is held now.
func (r *Reservation) Held() accounting.Money {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.hold.Amount
}

// PastSoft lists the budgets whose soft limit is reached by what was posted and
// held at admission.
func (r *Reservation) PastSoft() []Budget {
	var out []Budget
	for i, c := range r.hold.Claims {
		if c.Budget.Soft != nil && r.after[i].Posted+r.after[i].Held >= *c.Budget.Soft {
			out = append(out, *c.Budget)
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
	h.Need = r.ledger.rules.Admission.Need(extra)
	if err := r.ledger.store.Extend(ctx, h, extra); err != nil {
		return err
	}
	r.hold.Amount += extra
	return nil
}

// Settle writes what the attempt did cost. A second call, or one after Release,
// is [ErrNotOpen]. If the store fails the reservation stays open and Settle may
// be called again; the entry is of the instant of the first call.
func (r *Reservation) Settle(ctx context.Context, o Outcome) error {
	return r.end(func() error {
		if r.ended.IsZero() {
			r.ended = r.ledger.now()
		}
		o.At = r.ended
		o.Took = max(o.At.Sub(r.hold.At), 0) // the clock may have been set back
		return r.ledger.store.Settle(ctx, Entry{r.hold, o})
	})
}

// Release gives the whole hold back. Like Settle, once only.
func (r *Reservation) Release(ctx context.Context) error {
	return r.end(func() error { return r.ledger.store.Release(ctx, r.hold) })
}

// Checkpoint writes down how far the answer has got, for the case that this process
// dies. It never waits, and may be lost.
func (r *Reservation) Checkpoint(p Progress) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open {
		r.ledger.store.Checkpoint(r.hold, p)
	}
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

// Late is an attempt that is admitted now, while the store does not answer, and will be
// written when it does.
type Late struct {
	ledger *Ledger
	hold   Hold
}

// Late admits an attempt on every budget that applies to it now, whatever they allow.
func (l *Ledger) Late(a Attempt) *Late {
	h := Hold{ID: a.ID, At: l.now(), Prompt: a.Prompt.Amount(), Facts: a.Facts, PriceVersion: a.Version, Late: true}
	h.Claims = l.budgets.Load().Claims(a.Accounts, a.Target, h.At)
	return &Late{l, h}
}

// At is when the attempt was admitted.
func (p *Late) At() time.Time { return p.hold.At }

// Post writes the attempt's hold and its end in turn, whatever its budgets allow, since the
// money is spent already. It may be called again with the same values until it succeeds or
// is [ErrNotOpen], which says that it had succeeded before.
func (p *Late) Post(ctx context.Context, most accounting.Quote, o Outcome) error {
	if !most.Valid() {
		return ErrInvalidQuote
	}
	h := p.hold
	h.Amount, h.Prompt = most.Amount(), min(h.Prompt, most.Amount())
	if _, err := p.ledger.store.Reserve(ctx, h); err != nil {
		return err
	}
	return p.ledger.store.Settle(ctx, Entry{h, o})
}

// Now is the books' own clock.
func (l *Ledger) Now() time.Time { return l.now() }
