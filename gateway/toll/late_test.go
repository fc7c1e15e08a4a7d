package toll

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
	"tollgate/providers"
	"tollgate/providers/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// books are a store in memory that answers or does not.
type books struct {
	mu       sync.Mutex
	down     bool
	unsure   bool // a Reserve that fails may have happened
	heals    bool // they answer again after the first Reserve that fails
	reserves int
	refuses  error
	holds    map[string]ledger.Hold
	entries  []ledger.Entry
	released []string
}

var errDown = fmt.Errorf("%w: down", ledger.ErrUnavailable)

func (b *books) set(down bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.down = down
}

func (b *books) Reserve(_ context.Context, h ledger.Hold) ([]ledger.Standing, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reserves++
	switch {
	case b.down && b.unsure:
		b.holds[h.ID], b.down = h, !b.heals
		return nil, fmt.Errorf("%w: %w", ledger.ErrUnsure, errDown)
	case b.down:
		return nil, errDown
	case b.refuses != nil:
		return nil, b.refuses
	case slices.ContainsFunc(b.entries, func(e ledger.Entry) bool { return e.Hold.ID == h.ID }):
		return nil, ledger.ErrNotOpen
	}
	if refusal := over(h); refusal != nil {
		return nil, refusal
	}
	b.holds[h.ID] = h
	return make([]ledger.Standing, len(h.Claims)), nil
}

// over refuses what no budget would bear if nothing were spent.
func over(h ledger.Hold) error {
	refusal := &ledger.Refusal{}
	for _, c := range h.Claims {
		if state := ledger.StateOf(c.Budget.Limit, ledger.Standing{}, h.Need); state.Refuses() {
			refusal.Short = append(refusal.Short, ledger.Shortfall{Claim: c, State: state})
		}
	}
	if len(refusal.Short) == 0 {
		return nil
	}
	return refusal
}

func (b *books) end(id string) error {
	if b.down {
		return errDown
	}
	if _, open := b.holds[id]; !open {
		return ledger.ErrNotOpen
	}
	delete(b.holds, id)
	return nil
}

func (b *books) Settle(_ context.Context, e ledger.Entry) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	err := b.end(e.Hold.ID)
	if err == nil {
		b.entries = append(b.entries, e)
	}
	return err
}

func (b *books) Release(_ context.Context, h ledger.Hold) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	err := b.end(h.ID)
	if err == nil {
		b.released = append(b.released, h.ID)
	}
	return err
}

func (b *books) Adjust(context.Context, ledger.Adjustment) (accounting.Money, error) { return 0, nil }
func (b *books) Extend(context.Context, ledger.Hold, accounting.Money) error         { return nil }
func (b *books) Checkpoint(ledger.Hold, ledger.Progress)                             {}
func (b *books) Orphans(context.Context) ([]ledger.Hold, error)                      { return nil, nil }
func (b *books) Standings(_ context.Context, c []ledger.Counter) ([]ledger.Standing, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.down {
		return nil, errDown
	}
	return make([]ledger.Standing, len(c)), nil
}

// posted is what was written so far.
func (b *books) posted() []ledger.Entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.entries)
}

type logged struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) has(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.b.String(), text)
}

var begun = time.Date(2026, 11, 30, 23, 59, 59, 0, time.UTC)

// gate is a toll over books that do not answer, which allows so much meanwhile, and a
// clock that is set.
func gate(t *testing.T, offline accounting.Money) (*Toll, *books, *logged, func(time.Time)) {
	t.Helper()
	b, log := &books{down: true, holds: map[string]ledger.Hold{}}, &logged{}
	var mu sync.Mutex
	at := begun
	now := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return at
	}
	l := ledger.New(b, ledger.Rules{Admission: ledger.Strict}, now)
	l.SetBudgets(ledger.NewBudgets([]ledger.Budget{{ID: "month", Kind: ledger.Key, Each: true, Window: ledger.Window{Unit: ledger.Month}}}))
	g := New(l, nil, func() Options { return Options{Offline: &offline} }, now, slog.New(slog.NewTextHandler(log, nil)))
	return g, b, log, func(to time.Time) {
		mu.Lock()
		defer mu.Unlock()
		at = to
	}
}

// stop closes a toll whose queue can be emptied.
func stop(t *testing.T, g *Toll) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := g.Close(ctx); err != nil {
		t.Error(err)
	}
}

func quote(t *testing.T, amount accounting.Money) accounting.Quote {
	t.Helper()
	p, err := accounting.NewPriced(accounting.Tariff{Version: "v", Rates: accounting.Rates{accounting.Requests: accounting.Rate(amount) * 1_000_000}})
	if err != nil {
		t.Fatal(err)
	}
	q, err := p.Quote(accounting.Usage{accounting.Requests: 1}, accounting.Standard)
	if err != nil || q.Amount() != amount {
		t.Fatalf("%v %v", q.Amount(), err)
	}
	return q
}

func attemptOf(id string) ledger.Attempt {
	return ledger.Attempt{ID: id, Accounts: []ledger.Account{{Kind: ledger.Key, ID: "k"}}, Facts: ledger.Facts{RequestID: "r-" + id, KeyID: "k"}, Version: "v"}
}

func outcomeOf(cost accounting.Money) ledger.Outcome {
	return ledger.Outcome{Cost: &accounting.Cost{Total: cost}, Source: accounting.Reported, Status: "ok", Flags: []string{"f"}}
}

// TestOffline: what is held for in memory is bounded, is written when the books are
// back, once, with the instant of its admission, and then is room again.
func TestOffline(t *testing.T) {
	g, b, log, set := gate(t, 100)
	admit := func(id string, amount accounting.Money) (holding, error) {
		return g.late.admit(attemptOf(id), quote(t, amount), errDown)
	}
	one, err := admit("one", 60)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := admit("two", 41); !errors.Is(err, errDown) {
		t.Errorf("more than is allowed: %v", err)
	}
	two, err := admit("two", 30)
	if err != nil {
		t.Fatal(err)
	}
	if err := one.Raise(t.Context(), quote(t, 70)); err != nil || one.Held() != 70 {
		t.Errorf("raised: %v, %d held", err, one.Held())
	}
	if err := one.Raise(t.Context(), quote(t, 71)); !errors.Is(err, ledger.ErrUnavailable) || one.Held() != 70 {
		t.Errorf("raised above what is allowed: %v, %d held", err, one.Held())
	}
	if err := two.Release(t.Context()); err != nil {
		t.Error(err)
	}
	if err := two.Settle(t.Context(), outcomeOf(1)); !errors.Is(err, ledger.ErrNotOpen) {
		t.Errorf("settled after its release: %v", err)
	}
	once := attemptOf("once")
	once.Once = &ledger.Once{Token: "t", Body: "b"}
	if _, err := g.late.admit(once, quote(t, 1), errDown); !errors.Is(err, errDown) {
		t.Errorf("with an Idempotency-Key: %v", err)
	}
	set(begun.Add(3 * time.Second)) // in another month
	if err := one.Settle(t.Context(), outcomeOf(65)); err != nil {
		t.Errorf("a call that was admitted in memory ends well: %v", err)
	}
	if err := one.Settle(t.Context(), outcomeOf(65)); !errors.Is(err, ledger.ErrNotOpen) {
		t.Errorf("settled twice: %v", err)
	}
	if err := one.Release(t.Context()); !errors.Is(err, ledger.ErrNotOpen) {
		t.Errorf("released after it was settled: %v", err)
	}
	if _, err := admit("three", 31); !errors.Is(err, errDown) {
		t.Errorf("what waits for the books still counts: %v", err)
	}
	set(begun.Add(time.Hour))
	b.set(false)
	stop(t, g)
	all := b.posted()
	if len(all) != 1 || len(b.holds) != 0 {
		t.Fatalf("%d entries, %d holds", len(all), len(b.holds))
	}
	e := all[0]
	if e.Hold.ID != "one" || !e.Hold.At.Equal(begun) || e.Hold.Amount != 70 || !e.Hold.Late || e.Outcome.Cost.Total != 65 ||
		!e.Outcome.At.Equal(begun.Add(3*time.Second)) || e.Outcome.Took != 3*time.Second || !slices.Equal(e.Outcome.Flags, []string{"f", "admitted_offline"}) {
		t.Errorf("written: %+v", e)
	}
	if start := e.Hold.Claims[0].Counter.Start; !start.Equal(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("in the period of %s", start)
	}
	if g.late.offline != 0 || g.late.memory != 0 {
		t.Errorf("%d are still counted, of %d calls", g.late.offline, g.late.memory)
	}
	if log.has("refused") {
		t.Errorf("the log: %s", log.b.String())
	}
}

// TestOfflineRefusedByTheBooks: what the books will never take is told, and is no longer
// tried or counted.
func TestOfflineRefusedByTheBooks(t *testing.T) {
	g, b, log, _ := gate(t, 100)
	h, err := g.late.admit(attemptOf("one"), quote(t, 60), errDown)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Settle(t.Context(), outcomeOf(60)); err != nil {
		t.Fatal(err)
	}
	b.mu.Lock()
	b.down, b.refuses = false, errors.New("a rule of the books")
	b.mu.Unlock()
	stop(t, g)
	if g.late.offline != 0 || !log.has("a rule of the books") {
		t.Errorf("%d are still counted; the log: %s", g.late.offline, log.b.String())
	}
}

// TestUnsureThenOffline: where nobody knows whether a hold was written, it is released,
// and what was served in memory instead is written beside, whichever comes first.
func TestUnsureThenOffline(t *testing.T) {
	for _, settleFirst := range []bool{false, true} {
		g, b, _, _ := gate(t, 100)
		b.unsure = true
		price, err := accounting.NewPriced(accounting.Tariff{Rates: accounting.Rates{accounting.Requests: 50_000_000}})
		if err != nil {
			t.Fatal(err)
		}
		p := &plan{price: price, attempt: attemptOf("one")}
		h, err := g.reserve(t.Context(), p, quote(t, 50), &Charge{})
		if err != nil {
			t.Fatal(err)
		}
		if settleFirst {
			if err := h.Settle(t.Context(), outcomeOf(50)); err != nil {
				t.Fatal(err)
			}
		}
		b.set(false)
		if !settleFirst {
			if err := h.Settle(t.Context(), outcomeOf(50)); err != nil {
				t.Fatal(err)
			}
		}
		stop(t, g)
		if all := b.posted(); len(all) != 1 || all[0].Hold.ID != "one"+offlineMark || !slices.Equal(b.released, []string{"one"}) || len(b.holds) != 0 {
			t.Errorf("settled first %v: entries %+v, released %v, open %v", settleFirst, all, b.released, b.holds)
		}
	}
}

// TestUnsureIsNotAskedAgain: where the books may have a hold of an attempt, which is going to
// be released, they are not asked for a smaller one of the same attempt: it would be gone
// in the middle of the call, and nothing booked at its end.
func TestUnsureIsNotAskedAgain(t *testing.T) {
	price, err := accounting.NewPriced(accounting.Tariff{Rates: accounting.Rates{accounting.Input: 1_000_000, accounting.Output: 1_000_000}})
	if err != nil {
		t.Fatal(err)
	}
	limit := accounting.Money(1_000_000)
	for _, row := range []struct {
		offline accounting.Money
		held    accounting.Money // 0: refused
		capped  int64
	}{{0, 0, 0}, {50, 11, 10}, {1000, 101, 0}} {
		g, b, _, _ := gate(t, row.offline)
		g.ledger.SetBudgets(ledger.NewBudgets([]ledger.Budget{{ID: "b", Kind: ledger.Key, Each: true, Limit: &limit}}))
		b.unsure, b.heals = true, true
		p := &plan{dep: &catalog.Deployment{ID: "d", DefaultOutput: 10, MaxOutput: 100, Provider: &catalog.Provider{}}, price: price, tier: accounting.Standard, attempt: attemptOf("one"),
			call: Call{Call: providers.Call{Operation: providers.Chat}, Params: wire.Params{Choices: 1, InputBound: 1}}}
		h, charge, err := g.hold(t.Context(), p)
		switch {
		case row.held == 0 && !errors.Is(err, ledger.ErrUnavailable):
			t.Errorf("%d offline: %v", row.offline, err)
		case row.held == 0:
		case err != nil || h.Held() != row.held || charge.Capped() != row.capped:
			t.Errorf("%d offline: %+v, %+v, %v", row.offline, h, charge, err)
		default:
			if err := h.Settle(t.Context(), outcomeOf(row.held)); err != nil {
				t.Errorf("%d offline: settled: %v", row.offline, err)
			}
		}
		stop(t, g)
		if asked := b.reserves - len(b.entries); asked != 1 || !slices.Equal(b.released, []string{"one"}) || len(b.holds) != 0 { // an entry of a call that was held for in memory brings its hold along
			t.Errorf("%d offline: asked %d times, released %v, open %v", row.offline, asked, b.released, b.holds)
		}
	}
}

// TestLateQueueIsBounded: so many ends wait for the books and no more; every call that is
// held for in memory has its place among them; and all that was queued is done when the
// books are back.
func TestLateQueueIsBounded(t *testing.T) {
	g, b, log, _ := gate(t, 1000)
	var mu sync.Mutex
	done := 0
	end := func(context.Context) error {
		b.mu.Lock()
		down := b.down
		b.mu.Unlock()
		if down {
			return errDown
		}
		mu.Lock()
		defer mu.Unlock()
		done++
		return nil
	}
	h, err := g.late.admit(attemptOf("memory"), quote(t, 1), errDown)
	if err != nil {
		t.Fatal(err)
	}
	for range maxLate - 1 {
		g.late.add(end)
	}
	if log.has("too many") {
		t.Fatal("the queue is full too early")
	}
	if _, err := g.late.admit(attemptOf("no room"), quote(t, 1), errDown); !errors.Is(err, errDown) {
		t.Errorf("a call without a place for its end: %v", err)
	}
	g.late.add(end)
	if !log.has("too many calls wait for the books") {
		t.Error("the queue has no bound")
	}
	if err := h.Settle(t.Context(), outcomeOf(1)); err != nil {
		t.Errorf("the call that had its place: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if err := g.Close(ctx); err == nil || !strings.Contains(err.Error(), fmt.Sprint(maxLate)) {
		t.Errorf("closing while the books are down: %v", err)
	}
	b.set(false)
	stop(t, g)
	if mu.Lock(); done != maxLate-1 || len(b.posted()) != 1 {
		t.Errorf("%d ends of %d, %d entries", done, maxLate-1, len(b.posted()))
	}
	mu.Unlock()
}

// TestEndWhileTheBooksAreDown: an answer that was admitted before goes out as one does that
// is admitted meanwhile, as far as the operator allows; what is beyond that is withheld.
func TestEndWhileTheBooksAreDown(t *testing.T) {
	price, err := accounting.NewPriced(accounting.Tariff{Version: "v", Rates: accounting.Rates{accounting.Requests: 50_000_000}})
	if err != nil {
		t.Fatal(err)
	}
	g, b, _, _ := gate(t, 100)
	b.set(false)
	var open []*meter
	for i := range 3 {
		r, err := g.ledger.Reserve(t.Context(), attemptOf(fmt.Sprint(i)), quote(t, 50))
		if err != nil {
			t.Fatal(err)
		}
		p := &plan{dep: &catalog.Deployment{ID: "d", Provider: &catalog.Provider{}}, price: price, tier: accounting.Standard, call: Call{Call: providers.Call{Operation: providers.Chat}}}
		open = append(open, &meter{toll: g, plan: p, hold: r, charge: &Charge{}, began: begun})
	}
	b.set(true)
	for i, m := range open {
		if err := m.end("ok", accounting.Counted); errors.Is(err, ErrUnsettled) != (i == 2) {
			t.Errorf("the end of call %d: %v", i, err)
		}
	}
	for range 2 {
		if _, err := g.late.admit(attemptOf("more"), quote(t, 1), errDown); !errors.Is(err, errDown) {
			t.Errorf("more than is allowed: %v", err)
		}
		g.late.run(t.Context()) // in vain: what waits for the books counts all the same
	}
	b.set(false)
	stop(t, g)
	if all := b.posted(); len(all) != 3 || len(b.holds) != 0 || g.late.offline != 0 {
		t.Errorf("%d entries, %d holds, %d are still counted", len(all), len(b.holds), g.late.offline)
	}
}

// TestLateEndsAreTriedAgain: ends that the books had no answer for come in their order
// when they are back, without anybody asking.
func TestLateEndsAreTriedAgain(t *testing.T) {
	g, b, _, _ := gate(t, 0)
	defer stop(t, g)
	b.set(false)
	var open []*ledger.Reservation
	for i := range 20 {
		r, err := g.ledger.Reserve(t.Context(), attemptOf(fmt.Sprint(i)), quote(t, 10))
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, r)
	}
	b.set(true)
	for i, r := range open {
		o := outcomeOf(accounting.Money(i))
		if err := r.Settle(t.Context(), o); !errors.Is(err, ledger.ErrUnavailable) {
			t.Fatal(err)
		} else if i%2 == 0 {
			g.late.settle(r, o, err)
		} else {
			g.late.release(r, err)
		}
	}
	b.set(false)
	for until := 1000; ; until-- { // retryEvery apart
		b.mu.Lock()
		left := len(b.holds)
		b.mu.Unlock()
		if left == 0 {
			break
		}
		if until == 0 {
			t.Fatalf("%d holds are still open", left)
		}
		time.Sleep(10 * time.Millisecond)
	}
	if all := b.posted(); len(all) != 10 || len(b.released) != 10 || !slices.IsSortedFunc(all, func(x, y ledger.Entry) int { return int(x.Outcome.Cost.Total - y.Outcome.Cost.Total) }) {
		t.Errorf("%d entries, %d released", len(all), len(b.released))
	}
}

// TestAPanicOfALateEndIsItsOwn: the others that wait are tried all the same.
func TestAPanicOfALateEndIsItsOwn(t *testing.T) {
	q := &lateQueue{toll: &Toll{log: slog.New(slog.DiscardHandler)}}
	done := 0
	well := func(context.Context) error { done++; return nil }
	q.ends = []func(context.Context) error{well, func(context.Context) error { panic("an index out of range") }, well}
	if left := q.run(t.Context()); left != 0 || done != 2 || q.waiting() != 0 {
		t.Errorf("%d are left, %d were done, %d wait", left, done, q.waiting())
	}
}

// TestGlance: lists are shown without the books while these do not answer, and with them
// again once they do, every time.
func TestGlance(t *testing.T) {
	g, b, _, _ := gate(t, 0)
	defer stop(t, g)
	who := access.Principal{Key: &access.Key{ID: "k"}}
	for range 2 {
		b.set(true)
		for range 3 {
			if _, err := g.Glance(t.Context(), who); !errors.Is(err, ledger.ErrUnavailable) {
				t.Errorf("while they are down: %v", err)
			}
		}
		b.set(false)
		for until := time.Now().Add(10 * time.Second); ; { // a slow machine may not answer in time
			states, err := g.Glance(t.Context(), who)
			if err == nil && len(states) == 1 {
				break
			}
			if time.Now().After(until) {
				t.Fatalf("once they are back: %v, %v", states, err)
			}
		}
	}
}
