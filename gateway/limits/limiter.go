package limits

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"tollgate/accounting/scope"
	"tollgate/gateway/aside"
)

// Deadline is what one call of a backend may take. One that takes longer, or fails,
// counts as lost for lostFor; then one request tries it again while the others go on
// without it. At most InFlight calls are under way at once. Who waits for one of these
// places for longer than turnWithin takes the backend for lost, too: its calls take so long
// that the next ones would wait ever longer.
const (
	Deadline   = 250 * time.Millisecond
	lostFor    = time.Second
	InFlight   = 8
	turnWithin = time.Second
)

var errSlow = fmt.Errorf("its answers take so long that calls have waited for their turn for %v", turnWithin)

// What a limiter does by itself, and how often.
const (
	flushEvery = time.Second      // what a lost backend was not told
	tidyEvery  = 30 * time.Second // full buckets of this process are forgotten
	sweepEvery = time.Minute      // and those of the backend
	patience   = 2 * time.Second  // what nobody waits for may take
	maxOwed    = 10_000           // requests whose end a lost backend was not told
)

// Limiter enforces rules. Close it after the last call.
type Limiter struct {
	now      func() time.Time
	whenDown WhenDown
	replicas func() int
	log      *slog.Logger
	rules    atomic.Pointer[ruleSet]

	here  *local  // the buckets of this process; with a backend, of its share while that is lost
	fleet Backend // nil: one node
	lost  atomic.Pointer[time.Time]
	calls chan struct{} // one for each call of the backend under way
	owner string        // names this process, and begins the names of its slots
	named atomic.Uint64
	alive atomic.Int64 // processes that were last seen at the backend

	mu    sync.Mutex
	slots map[string][]Bucket // in use at the backend, by name
	owed  []owed
	drops int

	stop chan struct{}
	done sync.WaitGroup
	once sync.Once
}

// owed is what a lost backend was not told.
type owed struct {
	changes []Change
	slot    string
}

// Options are what a limiter works with.
type Options struct {
	Now func() time.Time
	// Backend keeps the buckets for the whole fleet; nil keeps them in this process,
	// exact for one node. The limiter closes it.
	Backend Backend
	// WhenDown is what happens while the backend does not answer.
	WhenDown WhenDown
	// Replicas is how many replicas are known to run, for [Share]; less than 1 means 1.
	// nil counts those that use the backend, as of the last time that it answered.
	Replicas func() int
	Log      *slog.Logger
}

// WhenDown says what happens while the store of the buckets does not answer. Neither
// lifts a limit.
type WhenDown uint8

// The answers to a lost store.
const (
	Share  WhenDown = iota // each replica enforces its share of each limit by itself, rounded down
	Refuse                 // whatever a rule applies to is refused
)

type ruleSet struct {
	all    []Rule
	index  scope.Index[Rule]
	tokens bool // some rule counts tokens
}

// New returns a limiter without rules.
func New(o Options) *Limiter {
	l := &Limiter{now: o.Now, whenDown: o.WhenDown, replicas: o.Replicas, log: o.Log, fleet: o.Backend,
		here: newLocal(o.Now, MaxBuckets), calls: make(chan struct{}, InFlight), slots: map[string][]Bucket{}, stop: make(chan struct{})}
	var b [12]byte
	_, _ = rand.Read(b[:]) // it never fails: it ends the program instead
	l.owner = base64.RawURLEncoding.EncodeToString(b[:])
	if l.replicas == nil {
		l.replicas = func() int { return int(l.alive.Load()) }
	}
	l.SetRules(nil)
	l.done.Go(l.tidy)
	if l.fleet != nil {
		l.done.Go(l.tend)
	}
	return l
}

// Up says whether the backend answered the last time that it was asked. Without one it
// is always true.
func (l *Limiter) Up() bool { return l.lost.Load() == nil }

// Close tells the backend what it was not told, if it answers before ctx ends, and
// closes it.
func (l *Limiter) Close(ctx context.Context) (err error) {
	l.once.Do(func() {
		close(l.stop)
		l.done.Wait()
		if l.fleet == nil {
			return
		}
		_ = l.ask(ctx, func(ctx context.Context) error { // else its lease ends
			_, err := l.fleet.Put(ctx, slotChanges([]Bucket{presence}), l.owner)
			return err
		})
		l.flush(ctx)
		err = l.fleet.Close()
	})
	return err
}

// SetRules replaces the rules. Ids are unique; a rule that keeps its id keeps its
// buckets. Requests that run keep what they were admitted with.
func (l *Limiter) SetRules(rules []Rule) {
	all := slices.Clone(rules)
	s := &ruleSet{all: all, index: scope.NewIndex(all, func(r Rule) scope.Selector { return r.Selector }, func(Rule) string { return "" })}
	for _, r := range all {
		s.tokens = s.tokens || r.Tokens != nil
	}
	l.rules.Store(s)
}

// Rules returns the rules in force.
func (l *Limiter) Rules() []Rule { return slices.Clone(l.rules.Load().all) }

// Of returns the rules in force that apply to an account.
func (l *Limiter) Of(account scope.Account) []Rule {
	var out []Rule
	for _, o := range l.rules.Load().index.Of([]scope.Account{account}) {
		out = append(out, *o.Rule)
	}
	return out
}

// Replicas is how many processes are known to count their limits together, at least 1.
func (l *Limiter) Replicas() int { return max(l.replicas(), 1) }

// Active says whether there is any rule, and CountsTokens whether one counts tokens:
// if not, nobody has to work out whom and what a request is for.
func (l *Limiter) Active() bool { return len(l.rules.Load().all) > 0 }

// CountsTokens says whether any rule counts tokens.
func (l *Limiter) CountsTokens() bool { return l.rules.Load().tokens }

// slotName is a name for the slots of one request.
func (l *Limiter) slotName() string {
	return l.owner + "-" + strconv.FormatUint(l.named.Add(1), 36)
}

// took is what was taken, where, or where the buckets stood that had no room.
type took struct {
	ok     bool
	asks   []Ask
	before []State
	from   Backend
	shared bool // the asks are of this replica's share
}

// take takes every ask or none, from the backend that answers.
func (l *Limiter) take(ctx context.Context, asks []Ask, slot string) (took, error) {
	if l.fleet == nil {
		ok, before, err := l.here.Take(ctx, asks, slot)
		return took{ok, asks, before, l.here, false}, err
	}
	slots := slotsOf(asks)
	var ok, asked bool
	var before []State
	err := l.ask(ctx, func(ctx context.Context) (err error) {
		asked = true
		ok, before, err = l.fleet.Take(ctx, asks, slot)
		return err
	})
	switch {
	case err == nil:
		if ok && len(slots) > 0 {
			l.mu.Lock()
			l.slots[slot] = slots
			l.mu.Unlock()
		}
		return took{ok, asks, before, l.fleet, false}, nil
	case asked && len(slots) > 0:
		// The step may have been made and only its answer lost: a slot can be given back
		// for good measure. What it took of a rate comes back by itself.
		l.owe(owed{slotChanges(slots), slot})
	}
	switch {
	case ctx.Err() != nil:
		return took{}, context.Cause(ctx)
	case l.whenDown == Refuse:
		return took{}, ErrUnavailable
	}
	replicas := int64(l.Replicas())
	share := slices.Clone(asks)
	for i := range share {
		a := &share[i]
		if a.Limit /= replicas; a.Limit == 0 {
			return took{}, fmt.Errorf("%w, and a share of 1/%d of the limit on %s is none", ErrUnavailable, replicas, a.Bucket.Metric)
		}
		a.Units = min(a.Units, a.Limit)
	}
	ok, before, err = l.here.Take(ctx, share, slot)
	return took{ok, share, before, l.here, true}, err
}

// put makes changes, in the order of their buckets, where those are. What a lost backend
// could not be told it is told later.
func (l *Limiter) put(where Backend, changes []Change, slot string) []State {
	if where == l.here {
		after, _ := l.here.Put(context.Background(), changes, slot) // it has no errors
		return after
	}
	for _, c := range changes {
		if c.Bucket.Metric == Concurrent {
			l.forget(slot, []Bucket{c.Bucket})
		}
	}
	var after []State
	err := l.ask(context.Background(), func(ctx context.Context) (err error) {
		after, err = l.fleet.Put(ctx, changes, slot)
		return err
	})
	if err != nil {
		l.owe(owed{changes, slot})
		return nil
	}
	return after
}

func (l *Limiter) owe(o owed) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.owed) >= maxOwed {
		l.drops++ // what was taken stays taken: a slot until its lease ends, the rest until it has refilled
		return
	}
	l.owed = append(l.owed, o)
}

// forget no longer renews slots of a request.
func (l *Limiter) forget(slot string, buckets []Bucket) {
	if len(buckets) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	left := slices.DeleteFunc(l.slots[slot], func(b Bucket) bool { return slices.Contains(buckets, b) })
	if len(left) == 0 {
		delete(l.slots, slot)
	} else {
		l.slots[slot] = left
	}
}

func slotChanges(buckets []Bucket) []Change {
	out := make([]Change, len(buckets))
	for i, b := range buckets {
		out[i] = Change{Bucket: b, Limit: 1}
	}
	return out
}

func slotsOf(asks []Ask) (out []Bucket) {
	for _, a := range asks {
		if a.Bucket.Metric == Concurrent {
			out = append(out, a.Bucket)
		}
	}
	return out
}

// ask calls the backend, unless it counts as lost.
func (l *Limiter) ask(ctx context.Context, call func(context.Context) error) error {
	select {
	case l.calls <- struct{}{}:
	default:
		if err := l.turn(ctx); err != nil {
			return err
		}
	}
	defer func() { <-l.calls }()
	if !l.answers(ctx) { // not before: it may have been lost while this one waited
		return ErrUnavailable
	}
	return l.try(ctx, Deadline, call)
}

// turn waits for a place among the calls under way.
func (l *Limiter) turn(ctx context.Context) error {
	patience := time.NewTimer(turnWithin)
	defer patience.Stop()
	select {
	case l.calls <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-patience.C:
		l.lose(errSlow)
		return ErrUnavailable
	}
}

// try calls the backend, whose answer decides whether it counts as lost. A lost one is back
// when a call has succeeded that began after that.
func (l *Limiter) try(ctx context.Context, deadline time.Duration, call func(context.Context) error) error {
	// A client that leaves says nothing about the backend.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deadline)
	defer cancel()
	lost := l.lost.Load()
	err := aside.Try(l.log, "while the store of the rate limits was asked", func() error { return call(ctx) })
	if err == nil {
		if lost != nil && l.lost.CompareAndSwap(lost, nil) {
			l.log.Info("the store of the rate limits answers again")
		}
		return nil
	}
	l.lose(err)
	return err
}

// lose notes that the backend counts as lost from now on.
func (l *Limiter) lose(why error) {
	now := l.now()
	if l.lost.Swap(&now) == nil {
		l.log.Error("the store of the rate limits does not answer; each replica enforces its share, or refuses, as configured", "error", why)
	}
}

// answers says whether the backend may be asked. After a while one caller tries a lost one,
// and the others go on without it. It tries something that is written: a server whose
// memory or disk is full still takes back what it gave.
func (l *Limiter) answers(ctx context.Context) bool {
	lost := l.lost.Load()
	if lost == nil {
		return true
	}
	now := l.now()
	if since := now.Sub(*lost); since >= 0 && since < lostFor {
		return false
	}
	return l.lost.CompareAndSwap(lost, &now) && l.try(ctx, Deadline, l.present) == nil
}

// tidy keeps the memory of this process bounded.
func (l *Limiter) tidy() {
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	for {
		select {
		case <-l.stop:
			return
		case <-tick.C:
		case <-l.here.crowded:
		}
		_ = aside.Try(l.log, "while limits of this process were tidied", func() error { return l.here.Tidy(context.Background()) }) // it has no errors of its own
		select {
		case <-l.stop:
			return
		case <-time.After(flushEvery): // a crowd does not make it run all the time
		}
	}
}

// presence is the bucket in which every process that uses the backend has a slot. No
// rule has its name.
var presence = Bucket{Metric: Concurrent}

// present says at the backend that this process is alive, and counts those that are.
func (l *Limiter) present(ctx context.Context) error {
	_, before, err := l.fleet.Take(ctx, []Ask{{presence, MaxLimit, 1}}, l.owner)
	if err == nil {
		l.alive.Store(max(before[0].Running, 1)) // itself among them, but for the first time
	}
	return err
}

// warm makes as many calls at once as there will ever be, so that their connections are
// there before a crowd is.
func (l *Limiter) warm(ctx context.Context) {
	var all sync.WaitGroup
	for range InFlight {
		all.Go(func() { _ = l.try(ctx, patience, l.present) }) // logged
	}
	all.Wait()
}

// tend renews the slots in use at the backend, tells it what it was not told, and has
// it forget what is full.
func (l *Limiter) tend() {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	l.warm(context.Background())
	for n := 0; ; n++ {
		select {
		case <-l.stop:
			return
		case <-tick.C:
		}
		l.flush(context.Background())
		if n%int(renewEvery/flushEvery) == 0 {
			_ = l.ask(context.Background(), l.present) // logged, and tried again
			l.renew(context.Background())
		}
		if n%int(sweepEvery/flushEvery) == 0 && l.lost.Load() == nil {
			l.sweep()
		}
	}
}

// sweep has the backend forget what is full. That takes what time it takes, and says
// nothing of the calls that somebody waits for.
func (l *Limiter) sweep() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := aside.Try(l.log, "while the store of the rate limits was tidied", func() error { return l.fleet.Tidy(ctx) }); err != nil {
		l.log.Warn("the store of the rate limits could not be tidied; it is tried again in a minute", "error", err)
	}
}

// flush tells the backend what it was not told.
func (l *Limiter) flush(ctx context.Context) {
	l.mu.Lock()
	todo, drops := l.owed, l.drops
	l.owed, l.drops = nil, 0
	l.mu.Unlock()
	if drops > 0 {
		l.log.Warn("the ends of some requests were not told to the store of the rate limits; what they took comes back by itself", "requests", drops)
	}
	for i, o := range todo {
		err := l.ask(ctx, func(ctx context.Context) error {
			_, err := l.fleet.Put(ctx, o.changes, o.slot)
			return err
		})
		if err != nil {
			l.mu.Lock()
			l.owed = append(todo[i:], l.owed...)
			l.mu.Unlock()
			return
		}
	}
}

// renew prolongs the lease of every slot in use, in one step.
func (l *Limiter) renew(ctx context.Context) {
	l.mu.Lock()
	var all []Slot
	for id, buckets := range l.slots {
		for _, b := range buckets {
			all = append(all, Slot{b, id})
		}
	}
	l.mu.Unlock()
	if len(all) == 0 || !l.answers(ctx) {
		return
	}
	slices.SortFunc(all, func(a, b Slot) int { return cmp.Or(a.Bucket.compare(b.Bucket), cmp.Compare(a.ID, b.ID)) })
	if err := l.try(ctx, patience, func(ctx context.Context) error { return l.fleet.Renew(ctx, all) }); err != nil {
		return
	}
	// A slot that was given back meanwhile was perhaps taken anew by this.
	for _, s := range all {
		l.mu.Lock()
		used := slices.Contains(l.slots[s.ID], s.Bucket)
		l.mu.Unlock()
		if !used {
			l.put(l.fleet, slotChanges([]Bucket{s.Bucket}), s.ID)
		}
	}
}
