package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"tollgate/accounting"
)

// memory is a store that remembers what it was asked and answers as it is told.
type memory struct {
	err     error // of every step
	after   []Standing
	held    []Hold
	raised  []Hold
	extra   []accounting.Money
	entries []Entry
	ended   []Hold
	marks   []Progress
	orphans []Hold
	gone    error // beside the orphans
	settle  map[string]error
}

func (m *memory) Reserve(_ context.Context, h Hold) ([]Standing, error) {
	m.held = append(m.held, h)
	return m.after, m.err
}
func (m *memory) Extend(_ context.Context, h Hold, extra accounting.Money) error {
	m.raised, m.extra = append(m.raised, h), append(m.extra, extra)
	return m.err
}
func (m *memory) Checkpoint(_ Hold, p Progress) { m.marks = append(m.marks, p) }
func (m *memory) Settle(_ context.Context, e Entry) error {
	m.entries = append(m.entries, e)
	if err := m.settle[e.Hold.ID]; err != nil {
		return err
	}
	return m.err
}
func (m *memory) Release(_ context.Context, h Hold) error {
	m.ended = append(m.ended, h)
	return m.err
}
func (m *memory) Standings(_ context.Context, c []Counter) ([]Standing, error) {
	return make([]Standing, len(c)), m.err
}
func (m *memory) Orphans(context.Context) ([]Hold, error) { return m.orphans, m.gone }

var errDown = fmt.Errorf("%w: down", ErrUnavailable)

// quote is a quote of so many nano-dollars.
func quote(t *testing.T, amount accounting.Money) accounting.Quote {
	t.Helper()
	p, err := accounting.NewPriced(accounting.Tariff{Rates: accounting.Rates{accounting.Requests: accounting.Rate(amount) * 1_000_000}})
	if err != nil {
		t.Fatal(err)
	}
	q, err := p.Quote(accounting.Usage{accounting.Requests: 1}, accounting.Standard)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// books are a ledger over a memory, with a budget a month and a clock.
func books(rules Rules) (*Ledger, *memory, *time.Time) {
	now := time.Date(2026, 11, 30, 23, 59, 59, 0, time.UTC)
	m := &memory{after: []Standing{{Posted: 60, Held: 40}}}
	l := New(m, rules, func() time.Time { return now })
	l.SetBudgets(NewBudgets([]Budget{{ID: "b", Kind: Key, Each: true, Limit: dollars(5), Soft: new(accounting.Money), Window: Window{Unit: Month}}}))
	return l, m, &now
}

func attempt(t *testing.T, id string) Attempt {
	t.Helper()
	return Attempt{ID: id, Accounts: []Account{{Kind: Key, ID: "k"}}, Facts: Facts{RequestID: "r", KeyID: "k"}, Version: "v", Prompt: quote(t, 30), Once: &Once{Token: "t", Body: "b"}}
}

func TestReserve(t *testing.T) {
	for _, rules := range []Rules{{Admission: Strict}, {Admission: Headroom}} {
		l, m, now := books(rules)
		r, err := l.Reserve(t.Context(), attempt(t, "a"), quote(t, 100))
		if err != nil {
			t.Fatal(err)
		}
		h := m.held[0]
		need := map[Admission]accounting.Money{Strict: 100, Headroom: 1}[rules.Admission]
		if h.ID != "a" || !h.At.Equal(*now) || h.Amount != 100 || h.Prompt != 30 || h.Need != need || h.PriceVersion != "v" || h.Once.Token != "t" || h.Late || h.Unpriced ||
			len(h.Claims) != 1 || !h.Claims[0].Counter.Start.Equal(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%s: held %+v", rules.Admission, h)
		}
		if soft := r.PastSoft(); r.Held() != 100 || len(soft) != 1 || soft[0].ID != "b" {
			t.Errorf("%s: %d held, soft %v", rules.Admission, r.Held(), soft)
		}
		if _, err := l.Reserve(t.Context(), attempt(t, "b"), quote(t, 20)); err != nil || m.held[1].Prompt != 20 {
			t.Errorf("a prompt dearer than the whole: %+v %v", m.held[1], err)
		}
	}
	l, m, _ := books(Rules{Admission: Strict})
	if r, err := New(m, Rules{}, l.Now).Reserve(t.Context(), attempt(t, "a"), quote(t, 100)); err != nil || len(m.held[0].Claims) != 0 || len(r.PastSoft()) != 0 {
		t.Errorf("before there are budgets: %v, %+v", err, m.held)
	}
	m.held = nil
	if _, err := l.Reserve(t.Context(), attempt(t, "a"), accounting.Quote{}); !errors.Is(err, ErrInvalidQuote) || len(m.held) != 0 {
		t.Errorf("a quote that nobody made: %v", err)
	}
	for _, told := range []error{errDown, &Refusal{}, &Repeated{}, ErrOnceFull} {
		m.err = told
		if r, err := l.Reserve(t.Context(), attempt(t, "a"), quote(t, 1)); r != nil || !errors.Is(err, told) {
			t.Errorf("%v: %v %v", told, r, err)
		}
	}
	m.err = fmt.Errorf("%w: %w", ErrUnsure, errDown)
	r, err := l.Reserve(t.Context(), attempt(t, "unsure"), quote(t, 1))
	if r == nil || !errors.Is(err, ErrUnsure) {
		t.Fatalf("unsure: %v %v", r, err)
	}
	m.err = nil
	if err := r.Release(t.Context()); err != nil || m.ended[0].ID != "unsure" {
		t.Errorf("what may be there must be released: %v", err)
	}
}

// TestPastSoft: a warning is due once what is posted and what is held reach the soft limit
// together.
func TestPastSoft(t *testing.T) {
	for _, c := range []struct {
		soft  *accounting.Money
		after Standing
		want  bool
	}{
		{dollars(4), Standing{3 * accounting.Dollar, accounting.Dollar - 1}, false},
		{dollars(4), Standing{3 * accounting.Dollar, accounting.Dollar}, true},
		{dollars(4), Standing{5 * accounting.Dollar, 0}, true},
		{nil, Standing{5 * accounting.Dollar, 0}, false},
	} {
		l, m, _ := books(Rules{Admission: Strict})
		l.SetBudgets(NewBudgets([]Budget{{ID: "b", Kind: Key, Each: true, Limit: dollars(5), Soft: c.soft}}))
		m.after = []Standing{c.after}
		r, err := l.Reserve(t.Context(), attempt(t, "a"), quote(t, 1))
		if err != nil {
			t.Fatal(err)
		}
		if past := r.PastSoft(); (len(past) == 1) != c.want {
			t.Errorf("%+v: %v, want %v", c.after, past, c.want)
		}
	}
}

func TestReserveUnpriced(t *testing.T) {
	l, m, _ := books(Rules{Admission: Strict})
	if _, err := l.ReserveUnpriced(t.Context(), attempt(t, "a")); !errors.Is(err, ErrUnpriced) || len(m.held) != 0 {
		t.Errorf("with a limit: %v", err)
	}
	l.SetBudgets(NewBudgets([]Budget{{ID: "b", Kind: Key, Each: true}}))
	if _, err := l.ReserveUnpriced(t.Context(), attempt(t, "a")); err != nil || !m.held[0].Unpriced || m.held[0].Amount != 0 || len(m.held[0].Claims) != 1 || m.held[0].Once == nil {
		t.Errorf("without one: %+v %v", m.held, err)
	}
}

// TestReservationEndsOnce: settled or released, once; what the store has no answer for
// may be tried again, as of the instant at which it was first to be settled.
func TestReservationEndsOnce(t *testing.T) {
	l, m, now := books(Rules{Admission: Strict})
	open := func() *Reservation {
		t.Helper()
		m.err = nil
		r, err := l.Reserve(t.Context(), attempt(t, "a"), quote(t, 100))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for _, end := range []func(*Reservation) error{
		func(r *Reservation) error { return r.Settle(t.Context(), Outcome{Status: "ok"}) },
		func(r *Reservation) error { return r.Release(t.Context()) },
	} {
		r := open()
		m.err = errDown
		if err := end(r); !errors.Is(err, ErrUnavailable) {
			t.Errorf("down: %v", err)
		}
		m.err = nil
		if err := end(r); err != nil {
			t.Errorf("again: %v", err)
		}
		n := len(m.marks)
		r.Checkpoint(Progress{Cost: 1})
		for what, err := range map[string]error{"settled": r.Settle(t.Context(), Outcome{}), "released": r.Release(t.Context()), "raised": r.Raise(t.Context(), quote(t, 200))} {
			if !errors.Is(err, ErrNotOpen) {
				t.Errorf("%s after the end: %v", what, err)
			}
		}
		if len(m.marks) != n {
			t.Error("a checkpoint after the end")
		}
		r = open()
		m.err = ErrNotOpen // somebody else has ended it
		if err := end(r); !errors.Is(err, ErrNotOpen) {
			t.Errorf("ended by somebody else: %v", err)
		}
		m.err = nil
		if err := end(r); !errors.Is(err, ErrNotOpen) {
			t.Errorf("and again: %v", err)
		}
	}
	begun := *now
	r := open()
	m.err = errDown
	*now = begun.Add(time.Second)
	_ = r.Settle(t.Context(), Outcome{})
	m.err = nil
	*now = begun.Add(time.Hour)
	if err := r.Settle(t.Context(), Outcome{}); err != nil {
		t.Fatal(err)
	}
	if o := m.entries[len(m.entries)-1].Outcome; !o.At.Equal(begun.Add(time.Second)) || o.Took != time.Second {
		t.Errorf("settled late: %+v", o)
	}
	r = open()
	*now = begun.Add(-time.Hour)
	if err := r.Settle(t.Context(), Outcome{}); err != nil {
		t.Fatal(err)
	}
	if o := m.entries[len(m.entries)-1].Outcome; o.Took != 0 || !o.At.Equal(*now) {
		t.Errorf("with a clock that was set back: %+v", o)
	}
}

func TestRaise(t *testing.T) {
	l, m, _ := books(Rules{Admission: Strict})
	r, err := l.Reserve(t.Context(), attempt(t, "a"), quote(t, 100))
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range []accounting.Money{100, 1} {
		if err := r.Raise(t.Context(), quote(t, to)); err != nil || len(m.extra) != 0 || r.Held() != 100 {
			t.Errorf("to %d: %v, %d held", to, err, r.Held())
		}
	}
	if err := r.Raise(t.Context(), quote(t, 150)); err != nil || !slices.Equal(m.extra, []accounting.Money{50}) || r.Held() != 150 {
		t.Errorf("%v, %v more, %d held", err, m.extra, r.Held())
	}
	if h := m.raised[0]; h.Amount != 100 || h.Need != 50 {
		t.Errorf("raised from %d, needs %d", h.Amount, h.Need)
	}
	for _, told := range []error{errDown, &Refusal{}} {
		m.err = told
		if err := r.Raise(t.Context(), quote(t, 200)); !errors.Is(err, told) || r.Held() != 150 {
			t.Errorf("%v: %v, %d held", told, err, r.Held())
		}
	}
	if err := r.Raise(t.Context(), accounting.Quote{}); !errors.Is(err, ErrInvalidQuote) {
		t.Errorf("a quote that nobody made: %v", err)
	}
	m.err = nil
	l.SetBudgets(NewBudgets(nil)) // it keeps what it was admitted with
	if err := r.Settle(t.Context(), Outcome{}); err != nil || m.entries[0].Hold.Amount != 150 || len(m.entries[0].Hold.Claims) != 1 {
		t.Errorf("settled: %+v %v", m.entries, err)
	}
}

// TestPost writes a call that was served while the store did not answer: on the
// budgets of the instant of its admission, whatever they allow, and however often it has
// to be tried and whatever becomes of the budgets meanwhile.
func TestPost(t *testing.T) {
	l, m, now := books(Rules{Admission: Strict})
	at := now.Add(-48 * time.Hour)
	*now = at
	late := l.Late(attempt(t, "a"))
	*now = at.Add(72 * time.Hour)
	o := Outcome{At: at.Add(time.Second), Status: "ok"}
	if err := late.Post(t.Context(), accounting.Quote{}, o); !errors.Is(err, ErrInvalidQuote) {
		t.Errorf("a quote that nobody made: %v", err)
	}
	m.err = errDown
	if err := late.Post(t.Context(), quote(t, 20), o); !errors.Is(err, ErrUnavailable) || len(m.entries) != 0 || m.held[0].Prompt != 20 {
		t.Errorf("down: %v, %+v", err, m.held)
	}
	m.held = nil
	m.err = nil
	more := accounting.Money(1)
	l.SetBudgets(NewBudgets(append(l.Budgets().All(), Budget{ID: "new", Kind: Gateway, Limit: &more})))
	if err := late.Post(t.Context(), quote(t, 100), o); err != nil {
		t.Fatal(err)
	}
	h, e := m.held[0], m.entries[0]
	if !h.Late || !h.At.Equal(at) || !late.At().Equal(at) || h.Amount != 100 || h.Once != nil || len(h.Claims) != 1 || !h.Claims[0].Counter.Start.Equal(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)) ||
		h.Prompt != 30 || h.PriceVersion != "v" || h.Facts.RequestID != "r" ||
		e.Hold.ID != "a" || len(e.Hold.Claims) != 1 || !e.Outcome.At.Equal(o.At) {
		t.Errorf("held %+v, written %+v", h, e)
	}
}

// TestSettleOrphans: each at what is known of it, or by the policy; what one of them is
// refused for does not keep the others.
func TestSettleOrphans(t *testing.T) {
	known := Progress{Usage: accounting.Usage{accounting.Output: 7}, Cost: 70}
	for policy, want := range map[OrphanPolicy]accounting.Money{OrphanPrompt: 30, OrphanHold: 100, OrphanZero: 0} {
		l, m, now := books(Rules{Admission: Strict, Orphans: policy})
		at := now.Add(-time.Minute)
		m.orphans = []Hold{{ID: "nothing known", At: at, Amount: 100, Prompt: 30}, {ID: "known", At: at, Amount: 100, Prompt: 30, Progress: known},
			{ID: "gone", At: at}, {ID: "bad", At: at}, {ID: "without a price", At: now.Add(time.Hour), Unpriced: true, Progress: known}}
		rule := errors.New("a rule")
		m.settle = map[string]error{"gone": ErrNotOpen, "bad": rule}
		n, err := l.SettleOrphans(t.Context())
		if n != 3 || !errors.Is(err, rule) {
			t.Errorf("%s: %d, %v", policy, n, err)
		}
		costs := map[string]*accounting.Cost{}
		for _, e := range m.entries {
			costs[e.Hold.ID] = e.Outcome.Cost
			if e.Outcome.Source != accounting.Uncertain || e.Outcome.Status != Orphaned || !e.Outcome.At.Equal(*now) || e.Outcome.Took != max(now.Sub(e.Hold.At), 0) || e.Outcome.Usage != e.Hold.Progress.Usage {
				t.Errorf("%s: %+v", policy, e)
			}
		}
		if costs["nothing known"].Total != want || costs["known"].Total != 70 || costs["without a price"] != nil {
			t.Errorf("%s: %v", policy, costs)
		}
	}
	l, m, _ := books(Rules{Admission: Strict})
	m.gone = errDown
	if n, err := l.SettleOrphans(t.Context()); n != 0 || !errors.Is(err, ErrUnavailable) {
		t.Errorf("%d, %v", n, err)
	}
	m.gone, m.err, m.orphans = nil, errDown, make([]Hold, 3)
	if n, err := l.SettleOrphans(t.Context()); n != 0 || !errors.Is(err, ErrUnavailable) || len(m.entries) != 1 {
		t.Errorf("%d, %v after %d tries", n, err, len(m.entries))
	}
}

// TestGoing: an orphan whose call goes on elsewhere is told of once, and can be settled
// again; one that another process has settled, or that has no price, is not.
func TestGoing(t *testing.T) {
	l, m, now := books(Rules{Admission: Strict, Orphans: OrphanZero})
	there := Progress{Running: "somewhere"}
	m.orphans = []Hold{{ID: "here", At: now.Add(-time.Minute), Amount: 100}, {ID: "there", At: now.Add(-time.Minute), Amount: 100, Progress: there},
		{ID: "gone", Progress: there}, {ID: "unpriced", Unpriced: true, Progress: there}}
	m.settle = map[string]error{"gone": ErrNotOpen}
	if n, err := l.SettleOrphans(t.Context()); n != 3 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	going := l.Going()
	if len(going) != 1 || going[0].Hold.ID != "there" || going[0].Hold.Progress != there || going[0].Held() != 100 {
		t.Fatalf("%+v", going)
	}
	if again := l.Going(); len(again) != 0 {
		t.Errorf("told of twice: %+v", again)
	}
	if e := m.entries[len(m.entries)-1]; e.Outcome.Cost != nil && e.Outcome.Cost.Total != 0 {
		t.Errorf("posted at %+v", e.Outcome)
	}
	if err := going[0].Settle(t.Context(), Outcome{Status: "ok"}); err != nil {
		t.Error(err)
	}
	if e := m.entries[len(m.entries)-1]; e.Hold.ID != "there" || e.Outcome.Status != "ok" || e.Outcome.Took != time.Minute {
		t.Errorf("settled again as %+v", e)
	}
	if err := going[0].Settle(t.Context(), Outcome{}); !errors.Is(err, ErrNotOpen) {
		t.Errorf("a third time: %v", err)
	}
	m.orphans, m.settle = nil, nil
	for range MaxGoing + 1 {
		m.orphans = append(m.orphans, Hold{ID: "many", Progress: there})
	}
	if n, err := l.SettleOrphans(t.Context()); n != MaxGoing+1 || err != nil || len(l.Going()) != MaxGoing {
		t.Errorf("%d, %v", n, err)
	}
}
