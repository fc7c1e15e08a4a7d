package limits

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// fleet is a backend of several limiters that can fail, hang and forget. It counts
// its calls.
type fleet struct {
	*local
	mu      sync.Mutex
	slots   map[Slot]bool
	fails   atomic.Bool
	full    atomic.Bool // what writes fails, and what gives back does not
	hangs   atomic.Bool
	loses   atomic.Bool // the answers of Take
	takes   atomic.Int64
	greeted atomic.Int64 // times that a limiter has said that it is there
	most    atomic.Int64 // calls at once
	now     atomic.Int64
	renewal func() // before the next one
}

var errFleet = errors.New("no connection")

func newFleet(c *clock) *fleet {
	return &fleet{local: newLocal(c.now, MaxBuckets), slots: map[Slot]bool{}}
}

func (f *fleet) enter(ctx context.Context) error {
	if f.hangs.Load() {
		<-ctx.Done()
		return ctx.Err()
	}
	if f.fails.Load() {
		return errFleet
	}
	return nil
}

func (f *fleet) Take(ctx context.Context, asks []Ask, slot string) (bool, []State, error) {
	if asks[0].Bucket != presence {
		f.takes.Add(1)
		if n := f.now.Add(1); n > f.most.Load() {
			f.most.Store(n)
		}
		defer f.now.Add(-1)
	} else {
		defer f.greeted.Add(1)
	}
	if err := f.enter(ctx); err != nil || f.full.Load() {
		return false, nil, cmp.Or(err, errFleet)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if s := (Slot{asks[0].Bucket, slot}); len(asks) == 1 && f.slots[s] { // taken again
		n := int64(0)
		for other := range f.slots {
			if other.Bucket == s.Bucket {
				n++
			}
		}
		return true, []State{{Running: n}}, nil
	}
	ok, before, err := f.local.Take(ctx, asks, slot)
	if ok {
		for _, b := range slotsOf(asks) {
			f.slots[Slot{b, slot}] = true
		}
	}
	if f.loses.Load() {
		return false, nil, errFleet
	}
	return ok, before, err
}

func (f *fleet) Put(ctx context.Context, changes []Change, slot string) ([]State, error) {
	if err := f.enter(ctx); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var known []Change
	for _, c := range changes {
		s := Slot{c.Bucket, slot}
		if c.Bucket.Metric != Concurrent || f.slots[s] {
			known = append(known, c)
		}
		delete(f.slots, s)
	}
	after, err := f.local.Put(ctx, known, slot)
	if len(known) != len(changes) {
		after = nil
	}
	return after, err
}

func (f *fleet) Renew(ctx context.Context, slots []Slot) error {
	f.mu.Lock()
	before := f.renewal
	f.renewal = nil
	f.mu.Unlock()
	if before != nil {
		before()
	}
	if err := f.enter(ctx); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range slots {
		f.slots[s] = true
	}
	return nil
}

func (f *fleet) inUse() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for s := range f.slots {
		if s.Bucket != presence {
			n++
		}
	}
	return n
}

// node is one of the limiters of a fleet.
func node(t *testing.T, f *fleet, c *clock, o Options, rules ...Rule) (*Limiter, *lines) {
	t.Helper()
	said := &lines{}
	o.Now, o.Backend, o.Log = c.now, f, slog.New(slog.NewTextHandler(said, nil))
	greeted := f.greeted.Load()
	l := New(o)
	t.Cleanup(func() { _ = l.Close(context.Background()) })
	l.SetRules(rules)
	// What a limiter does when it starts must not meet what a test does to the fleet.
	for !f.hangs.Load() && f.greeted.Load() < greeted+InFlight {
		time.Sleep(time.Millisecond)
	}
	return l, said
}

type lines struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// TestALostStoreIsShared: each node enforces its share, rounded down, and never more;
// when the store is back it is asked again.
func TestALostStoreIsShared(t *testing.T) {
	c := newClock()
	f := newFleet(c)
	l, said := node(t, f, c, Options{Replicas: func() int { return 3 }}, per("r", scopeUser, 10, -1, 20))
	if err := spend(l, user("u"), 0); err != nil {
		t.Fatal(err)
	}
	if !l.Up() {
		t.Error("a store that answers is told as lost")
	}
	f.fails.Store(true)
	if n := burst(t, l, -1); n != 3 || l.Up() {
		t.Errorf("%d passed as the share of 10 among 3", n)
	}
	r := refusalOf(t, spend(l, user("u"), 0))
	if r.Limit != 3 || *r.Rule.Requests != 10 || r.Wait != 20*time.Second || r.Standing.Requests.Limit != 3 {
		t.Errorf("%v: %+v", r, r)
	}
	if n := f.takes.Load(); n != 2 {
		t.Errorf("the lost store was asked %d times within a second, want once before and once after it was lost", n)
	}
	tried := f.greeted.Load()
	c.move(time.Second)
	_ = spend(l, user("u"), 0)
	if takes, tried := f.takes.Load(), f.greeted.Load()-tried; takes != 2 || tried != 1 {
		t.Errorf("after a second it was asked %d times and tried %d times", takes, tried)
	}
	f.fails.Store(false)
	c.move(time.Second)
	if n := burst(t, l, -1); n != 9 || !l.Up() {
		t.Errorf("%d passed when the store was back, want the 9 that it has", n)
	}
	if text := said.String(); strings.Count(text, "does not answer") != 1 || strings.Count(text, "answers again") != 1 {
		t.Errorf("the log: %s", text)
	}
}

// TestAStoreThatIsFull: one that answers and takes nothing, as Redis does whose memory is
// used up, counts as lost until it takes something, and is told of once.
func TestAStoreThatIsFull(t *testing.T) {
	c := newClock()
	f := newFleet(c)
	l, said := node(t, f, c, Options{Replicas: func() int { return 2 }}, per("r", scopeUser, 10, -1, 2))
	running, err := admit(l, user("u"), model, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.full.Store(true)
	if err := spend(l, user("u"), 0); err != nil {
		t.Fatal(err) // of the share
	}
	running.Done(0) // of which the store is told later
	for range 3 {
		c.move(lostFor)
		l.flush(t.Context())
		_ = spend(l, user("u"), 0)
		if l.Up() {
			t.Fatal("a store that takes nothing is told to be there")
		}
	}
	f.full.Store(false)
	c.move(lostFor)
	l.flush(t.Context())
	if !l.Up() || f.inUse() != 0 {
		t.Errorf("the store is back: up %t, and %d slots are in use", l.Up(), f.inUse())
	}
	if text := said.String(); strings.Count(text, "does not answer") != 1 || strings.Count(text, "answers again") != 1 {
		t.Errorf("the log: %s", text)
	}
}

const scopeUser = "user"

// TestAShareOfNoneRefuses: a limit below the number of nodes lets nothing pass while
// the store is lost.
func TestAShareOfNoneRefuses(t *testing.T) {
	c := newClock()
	f := newFleet(c)
	l, _ := node(t, f, c, Options{Replicas: func() int { return 3 }}, per("r", scopeUser, 2, -1, -1))
	f.fails.Store(true)
	if err := spend(l, user("u"), 0); !errors.Is(err, ErrUnavailable) {
		t.Errorf("%v", err)
	}
	// One that nobody knows of is one.
	l, _ = node(t, f, c, Options{Replicas: func() int { return 0 }}, per("r", scopeUser, 2, -1, -1))
	if n := burst(t, l, -1); n != 2 {
		t.Errorf("%d passed", n)
	}
}

func TestALostStoreRefuses(t *testing.T) {
	c := newClock()
	f := newFleet(c)
	l, _ := node(t, f, c, Options{WhenDown: Refuse}, per("r", scopeUser, 10, -1, -1, "m"))
	f.fails.Store(true)
	for range 3 {
		if err := spend(l, user("u"), 0); !errors.Is(err, ErrUnavailable) {
			t.Errorf("%v", err)
		}
	}
	if tk, err := admit(l, user("u"), other, 0); err != nil {
		t.Errorf("what no rule is for: %v", err)
	} else {
		tk.Done(0)
	}
	f.fails.Store(false)
	c.move(time.Second)
	if n := burst(t, l, -1); n != 10 {
		t.Errorf("%d passed when it was back", n)
	}
}

// TestAStoreThatHangsHoldsNobodyUp: of a crowd few wait for the store, once; the others
// take the share.
func TestAStoreThatHangsHoldsNobodyUp(t *testing.T) {
	c := newClock()
	f := newFleet(c)
	l, _ := node(t, f, c, Options{}, per("r", scopeUser, 100, -1, -1))
	f.hangs.Store(true)
	var passed atomic.Int64
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() {
			if spend(l, user("u"), 0) == nil {
				passed.Add(1)
			}
		})
	}
	all.Wait()
	if passed.Load() != 100 || f.takes.Load() > InFlight || f.most.Load() > InFlight {
		t.Errorf("%d passed, the store was asked %d times, %d at once", passed.Load(), f.takes.Load(), f.most.Load())
	}
}

// TestAStoreThatIsSlow: whoever gets no turn at a store takes the share in the end, and those
// who come after him at once: that it has answered to calls from before says nothing.
func TestAStoreThatIsSlow(t *testing.T) {
	c := newClock()
	f := newFleet(c)
	l, said := node(t, f, c, Options{}, per("r", scopeUser, 100, -1, -1))
	before := f.takes.Load()
	var all sync.WaitGroup
	answer := make(chan struct{})
	for range InFlight {
		all.Go(func() {
			if err := l.ask(t.Context(), func(context.Context) error { <-answer; return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	for len(l.calls) < InFlight {
		time.Sleep(time.Millisecond)
	}
	err := spend(l, user("u"), 0)
	close(answer)
	all.Wait()
	if err != nil || l.Up() || f.takes.Load() != before || !strings.Contains(said.String(), errSlow.Error()) {
		t.Errorf("%v, up %v, asked %d times: %s", err, l.Up(), f.takes.Load()-before, said)
	}
	if err := spend(l, user("u"), 0); err != nil || l.Up() || f.takes.Load() != before {
		t.Errorf("the next one: %v, up %v, asked %d times", err, l.Up(), f.takes.Load()-before)
	}
	c.move(lostFor)
	if err := spend(l, user("u"), 0); err != nil || !l.Up() {
		t.Errorf("when there are turns again: %v, up %v", err, l.Up())
	}
}

// TestEndsReachTheStoreLater: what could not be told to a lost store is told when it
// is back, once; nothing stays in use.
func TestEndsReachTheStoreLater(t *testing.T) {
	c := newClock()
	f := newFleet(c)
	l, said := node(t, f, c, Options{}, per("r", scopeUser, 10, 1000, 10))
	var running []*Ticket
	for range 5 {
		tk, err := admit(l, user("u"), model, 100)
		if err != nil {
			t.Fatal(err)
		}
		running = append(running, tk)
	}
	f.fails.Store(true)
	for _, tk := range running {
		tk.Done(20)
	}
	if n := f.inUse(); n != 5 {
		t.Fatalf("%d slots", n)
	}
	f.fails.Store(false)
	c.move(time.Second)
	for until := time.Now().Add(10 * time.Second); f.inUse() > 0 && time.Now().Before(until); {
		time.Sleep(10 * time.Millisecond)
	}
	l.flush(t.Context())
	tk, err := admit(l, user("u"), model, 100)
	if err != nil {
		t.Fatal(err)
	}
	// 500 tokens were taken, of which 400 were not used, and now 100; a second has passed.
	if s := tk.Standing(); f.inUse() != 1 || s.Tokens.Remaining != 816 || s.Requests.Remaining != 4 {
		t.Errorf("%d in use, %+v, %+v", f.inUse(), s.Tokens, s.Requests)
	}
	if strings.Contains(said.String(), "were not told") {
		t.Errorf("nothing was dropped: %s", said)
	}
	tk.Done(100)
}

// TestCloseTellsTheStore: what a lost store was not told yet it is told at the end, if it is
// back by then.
func TestCloseTellsTheStore(t *testing.T) {
	c := newClock()
	f := newFleet(c)
	l, _ := node(t, f, c, Options{}, per("r", scopeUser, -1, -1, 10))
	tk, err := admit(l, user("u"), model, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.fails.Store(true)
	tk.Done(0)
	f.fails.Store(false)
	c.move(lostFor)
	if err := l.Close(t.Context()); err != nil || f.inUse() != 0 {
		t.Errorf("%v, %d slots are in use", err, f.inUse())
	}
}

// TestShareEndsWhereItBegan: a request that took of the share gives back to the share.
func TestShareEndsWhereItBegan(t *testing.T) {
	c := newClock()
	f := newFleet(c)
	l, _ := node(t, f, c, Options{}, per("r", scopeUser, -1, -1, 1))
	before, err := admit(l, user("u"), model, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.fails.Store(true)
	shared, err := admit(l, user("u"), model, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := admit(l, user("u"), model, 0); err == nil {
		t.Error("the share is 1")
	}
	f.fails.Store(false)
	c.move(time.Second)
	shared.Done(0)
	if _, err := admit(l, user("u"), model, 0); err == nil {
		t.Error("the slot at the store was given back by the wrong request")
	}
	before.Done(0)
	tk, err := admit(l, user("u"), model, 0)
	if err != nil {
		t.Fatal(err)
	}
	tk.Done(0)
	if n := f.inUse(); n != 0 {
		t.Errorf("%d in use", n)
	}
}

// TestSlotsAreRenewed: those in use are, at a store that forgot them too; a slot that is
// given back while it is renewed does not come back to life.
func TestSlotsAreRenewed(t *testing.T) {
	c := newClock()
	f := newFleet(c)
	l, _ := node(t, f, c, Options{}, per("r", scopeUser, -1, -1, 10), per("g", "gateway", -1, -1, 10))
	var running []*Ticket
	for range 3 {
		tk, err := admit(l, user("u"), model, 0)
		if err != nil {
			t.Fatal(err)
		}
		running = append(running, tk)
	}
	f.mu.Lock()
	clear(f.slots)
	f.mu.Unlock()
	l.renew(t.Context())
	if n := f.inUse(); n != 6 {
		t.Errorf("%d renewed", n)
	}
	// The end of one comes to the store before the renewal that was on its way.
	f.mu.Lock()
	f.renewal = func() { running[0].Done(0) }
	f.mu.Unlock()
	l.renew(t.Context())
	if n := f.inUse(); n != 4 {
		t.Errorf("%d in use after one of three has ended, want 4", n)
	}
	running[1].Done(0)
	running[2].Done(0)
	if n := f.inUse(); n != 0 {
		t.Errorf("%d in use", n)
	}
	l.renew(t.Context())
	if n := f.inUse(); n != 0 {
		t.Errorf("%d renewed that are not in use", n)
	}
}

// TestALostAnswerLeaksNoSlot: the store took a slot and its answer was lost.
func TestALostAnswerLeaksNoSlot(t *testing.T) {
	c := newClock()
	f := newFleet(c)
	l, _ := node(t, f, c, Options{WhenDown: Refuse}, per("r", scopeUser, -1, -1, 1))
	f.loses.Store(true)
	if err := spend(l, user("u"), 0); !errors.Is(err, ErrUnavailable) || f.inUse() != 1 {
		t.Fatalf("%v, %d in use", err, f.inUse())
	}
	c.move(time.Second)
	l.flush(t.Context())
	if n := f.inUse(); n != 0 {
		t.Errorf("%d in use", n)
	}
}

// TestWhoLeavesIsNoLoss: a client that goes while others wait for the store says nothing
// about the store.
func TestWhoLeavesIsNoLoss(t *testing.T) {
	c := newClock()
	f := newFleet(c)
	l, _ := node(t, f, c, Options{}, per("r", scopeUser, 10, -1, -1))
	for range InFlight {
		l.calls <- struct{}{}
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	gone := errors.New("gone")
	cancel(gone)
	tk := l.Ticket()
	if err := tk.Admit(ctx, user("u"), model, 0); !errors.Is(err, gone) {
		t.Errorf("%v", err)
	}
	for range InFlight {
		<-l.calls
	}
	// One that is already on its way is finished.
	if err := tk.Admit(ctx, user("u"), model, 0); err != nil && !errors.Is(err, gone) {
		t.Errorf("%v", err)
	}
	tk.Done(0)
	if l.lost.Load() != nil {
		t.Error("it counts as lost")
	}
}

// TestOwedIsBounded: a store that never comes back costs no memory without end.
func TestOwedIsBounded(t *testing.T) {
	c := newClock()
	f := newFleet(c)
	l, said := node(t, f, c, Options{}, per("r", scopeUser, -1, -1, maxOwed*3))
	var running []*Ticket
	for range maxOwed + 50 {
		tk, err := admit(l, user("u"), model, 0)
		if err != nil {
			t.Fatal(err)
		}
		running = append(running, tk)
	}
	f.fails.Store(true)
	for _, tk := range running {
		tk.Done(0)
	}
	l.mu.Lock()
	owed := len(l.owed)
	l.mu.Unlock()
	if owed > maxOwed {
		t.Errorf("%d wait", owed)
	}
	l.flush(t.Context())
	if !strings.Contains(said.String(), "requests=") {
		t.Errorf("nobody is told: %s", said.String())
	}
}

// TestReplicasCountThemselves: each node has a slot at the store while it runs.
func TestReplicasCountThemselves(t *testing.T) {
	c := newClock()
	f := newFleet(c)
	var nodes []*Limiter
	for range 3 {
		l, _ := node(t, f, c, Options{}, per("r", scopeUser, 9, -1, -1))
		nodes = append(nodes, l)
	}
	alive := func(want int) {
		t.Helper()
		for until := time.Now().Add(5 * time.Second); time.Now().Before(until); time.Sleep(time.Millisecond) {
			seen := true
			for _, l := range nodes {
				_ = l.present(t.Context())
				seen = seen && l.Replicas() == want
			}
			if seen {
				return
			}
		}
		t.Fatalf("%d are not seen", want)
	}
	alive(3)
	f.fails.Store(true)
	for i, l := range nodes {
		if n := burst(t, l, -1); n != 3 {
			t.Errorf("node %d let %d pass as its share of 9", i, n)
		}
	}
	f.fails.Store(false)
	c.move(time.Second)
	if err := nodes[2].Close(t.Context()); err != nil {
		t.Error(err)
	}
	nodes = nodes[:2]
	alive(2)
}
