// Package balancer keeps what is known of deployments while they run: how many calls
// each has, how fast it answers, whether it fails, and what its engine says of itself.
// From that it chooses among the deployments of a tier, leaves out those that fail, and
// lets calls wait in line where an engine takes only so many at once.
//
// It imports catalog and the kinds of error of providers. It does not know HTTP, who
// calls, or what anything costs: it never reads a price, and it cannot reach the books.
// All of it is kept in memory, for this process alone.
package balancer

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tollgate/gateway/catalog"
	"tollgate/providers"
)

// MaxKept is how many deployments are remembered. Under a wildcard anybody may name
// any number of models, so those that have rested longest make room.
const MaxKept = 4096

// restsAfter is how long a deployment without calls is kept when room is needed.
const restsAfter = time.Minute

// Balancer holds the state of all deployments. Its methods are safe for concurrent use,
// and no lock is held by two deployments but that of the lines.
type Balancer struct {
	clock   func() time.Time // as it is set
	now     func() time.Time // as it would be if nobody had set it
	log     *slog.Logger
	deps    sync.Map // deployment id -> *deployment
	kept    atomic.Int64
	sweep   sync.Mutex
	engines sync.Map // provider name -> *engine
	// providers are those that were led to last, by name. Whoever reads or replaces them
	// holds sweep.
	providers map[string]*catalog.Provider
	hall      hall
}

// New returns a balancer that knows nothing yet. clock measures how long things take; that
// its date may be set does not matter.
func New(clock func() time.Time, log *slog.Logger) *Balancer {
	born := clock()
	// Seconds and deadlines are kept as numbers, for which the date is all there is.
	now := func() time.Time { return born.Add(clock().Sub(born)) }
	return &Balancer{clock: clock, now: now, log: log}
}

// dated is a time of the balancer's own by the clock as it is set.
func (b *Balancer) dated(t, now time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return b.clock().Add(t.Sub(now))
}

// deployment is the state of one deployment.
type deployment struct {
	id           string
	family       string
	engine       *engine
	inFlight     atomic.Int64
	used         atomic.Int64 // when it was last asked for, in Unix nanoseconds
	missingUntil atomic.Int64 // its engine is taken not to have the model, in Unix nanoseconds; 0: it may have it
	left         atomic.Bool  // nothing leads to it any more, and calls of it run
	line         line

	mu      sync.Mutex
	breaker *breaker // another one as soon as what was before says nothing any more
	budget  budget
	pace    pace
	// shut repeats in one word that the breaker may have something against a call, so
	// that a call of a deployment that is well takes no lock to find out.
	shut atomic.Bool
}

// engine is the state of one provider.
type engine struct {
	name      string
	inFlight  atomic.Int64
	used      atomic.Int64
	asked     atomic.Int64
	downSince atomic.Int64 // in Unix nanoseconds, if it is down
	line      line
	signals   atomic.Pointer[Signals]
}

func (b *Balancer) engine(name string) *engine {
	if e, ok := b.engines.Load(name); ok {
		return e.(*engine)
	}
	e, _ := b.engines.LoadOrStore(name, &engine{name: name})
	return e.(*engine)
}

// of returns the state of a deployment. When too many are kept and all are in use, it is
// one that is forgotten after the call.
func (b *Balancer) of(dep *catalog.Deployment, now time.Time) *deployment {
	if d, ok := b.deps.Load(dep.ID); ok {
		d := d.(*deployment)
		d.used.Store(now.UnixNano())
		return d
	}
	d := &deployment{id: dep.ID, family: dep.Family, engine: b.engine(dep.Provider.Name), breaker: &breaker{}}
	d.used.Store(now.UnixNano())
	if b.kept.Load() >= MaxKept && !b.makeRoom(now) {
		return d
	}
	got, loaded := b.deps.LoadOrStore(dep.ID, d)
	if !loaded {
		b.kept.Add(1)
	}
	return got.(*deployment)
}

// makeRoom forgets deployments that rest and says whether there is room now.
func (b *Balancer) makeRoom(now time.Time) bool {
	b.sweep.Lock()
	defer b.sweep.Unlock()
	if b.kept.Load() < MaxKept {
		return true
	}
	b.deps.Range(func(id, d any) bool {
		if d := d.(*deployment); d.inFlight.Load() == 0 && now.UnixNano()-d.used.Load() > int64(restsAfter) {
			b.deps.Delete(id)
			b.kept.Add(-1)
		}
		return true
	})
	return b.kept.Load() < MaxKept
}

// Keep forgets the deployments to which nothing leads any more. One that calls still run at
// is counted until they have ended, and one that is led to again begins anew. So do those of
// a provider that is reached otherwise than before: another address is another engine, and
// another credential may be one that is not refused.
func (b *Balancer) Keep(leads func(deployment string) bool, all []*catalog.Provider) {
	b.sweep.Lock()
	defer b.sweep.Unlock()
	before, moved := b.providers, map[string]bool{}
	b.providers = make(map[string]*catalog.Provider, len(all))
	for _, p := range all {
		b.providers[p.Name] = p
		if was := before[p.Name]; was != nil && !was.ReachedAs(p) {
			moved[p.Name] = true
			b.engine(p.Name).signals.Store(nil)
		}
	}
	b.deps.Range(func(id, v any) bool {
		d := v.(*deployment)
		switch led := leads(d.id); {
		case led && (d.left.CompareAndSwap(true, false) || moved[d.engine.name]):
			d.anew(false)
		case !led && d.inFlight.Load() == 0 && d.line.length.Load() == 0:
			b.deps.Delete(id)
			b.kept.Add(-1)
		case !led:
			d.left.Store(true)
		}
		return true
	})
}

// anew forgets what calls have shown: what those that run have yet to show is about what was
// before, too. mended says that it is still the same engine, of which the last failure and
// how fast it answers are worth knowing.
func (d *deployment) anew(mended bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	next := &breaker{}
	if mended {
		next.last, next.lastAt = d.breaker.last, d.breaker.lastAt
	} else {
		d.pace = pace{}
	}
	d.breaker, d.budget = next, budget{}
	d.shut.Store(false)
	d.missingUntil.Store(0)
}

// Use is one call of a deployment, from its place in line to its end. It belongs to one
// goroutine at a time.
type Use struct {
	b        *Balancer
	d        *deployment
	dep      *catalog.Deployment
	breaker  *breaker // of its deployment when it began
	began    time.Time
	probe    time.Time // when it became the one call that tries an open deployment
	place    place     // in the lines
	counted  time.Time // in the budget of attempts
	extra    bool      // as one of a request that was tried before
	entered  bool
	answered bool
	failed   bool
	done     bool
}

// Deployment is the one that is called: not the one that was asked for, if another had a
// place first.
func (u *Use) Deployment() *catalog.Deployment { return u.dep }

// Call is what a call is to a deployment.
type Call struct {
	Extra bool // its request has been tried before
	Aside bool // it is no work for the model, and waits in no line
	// Others would do as well: of them and the deployment the first that has a place takes a
	// call which has to wait.
	Others []catalog.Choice
	Came   time.Time     // when its request came: in line it goes before those that came later
	Waited time.Duration // how much of the time that it may wait is over
}

// Enter lets a call of a deployment begin, once there is a place for it, or for one that
// would do as well; [Use.Deployment] says which it is. The error is a [*Shut],
// [ErrRetryBudget], [ErrQueueFull], [ErrQueueWait], or the cause of ctx's end.
func (b *Balancer) Enter(ctx context.Context, dep *catalog.Deployment, call Call) (*Use, error) {
	now := b.now()
	u := b.use(dep, now, call)
	if err := u.admit(now); err != nil {
		return nil, err
	}
	if !call.Aside && limited(dep) {
		var err error
		if u, err = u.wait(ctx, call); err != nil {
			return nil, err
		}
	}
	u.entered = true
	u.d.inFlight.Add(1)
	u.d.engine.inFlight.Add(1)
	u.d.engine.used.Store(u.began.UnixNano())
	return u, nil
}

func (b *Balancer) use(dep *catalog.Deployment, now time.Time, call Call) *Use {
	return &Use{b: b, d: b.of(dep, now), dep: dep, began: now, counted: now, extra: call.Extra}
}

// admit asks the breaker and the budget of attempts.
func (u *Use) admit(now time.Time) error {
	u.d.mu.Lock()
	defer u.d.mu.Unlock()
	if why := u.d.shutAt(now); why != nil {
		return why
	}
	if !u.d.budget.take(now, u.extra) {
		return ErrRetryBudget
	}
	u.breaker = u.d.breaker
	u.probe = u.breaker.enter(now)
	return nil
}

// current says that what the call shows is about the deployment as it is now. Whoever asks
// holds the deployment's lock.
func (u *Use) current() bool { return u.breaker == u.d.breaker }

// Void ends a call that was not made after all.
func (u *Use) Void() {
	if u.done {
		return
	}
	u.d.mu.Lock()
	u.d.budget.giveBack(u.counted, u.extra)
	u.d.mu.Unlock()
	u.Done()
}

// wait takes a place for a call, and if there is none waits for one: at its deployment, or
// at one of the others. Then it is decided anew whether the call may begin there, since
// time has passed.
func (u *Use) wait(ctx context.Context, call Call) (*Use, error) {
	b := u.b
	u.place = placeAt(u.d, u.dep)
	if b.hall.try(u.place) {
		return u, nil
	}
	deps, places := []*catalog.Deployment{u.dep}, []place{u.place}
	u.place = place{}
	vain := u.d.vain(u.began)
	for _, ch := range call.Others {
		dep := ch.Candidate.Of()
		d := b.of(dep, u.began)
		if d.vain(u.began) && !vain {
			continue // its place may well be free because nothing is served there
		}
		deps, places = append(deps, dep), append(places, placeAt(d, dep))
	}
	patience := patience{longest: u.dep.QueueWait - call.Waited}
	defer patience.stop()
	for {
		at, err := b.hall.enter(ctx, places, call.Came, &patience)
		u.Void()
		if err != nil {
			return nil, err
		}
		now := b.now()
		got := b.use(deps[at], now, call)
		if err = got.admit(now); err == nil {
			got.place = places[at]
			return got, nil
		}
		b.hall.leave(places[at])
		if at == 0 {
			return nil, err
		}
		deps, places = slices.Delete(deps, at, at+1), slices.Delete(places, at, at+1)
	}
}

// Answered says that the deployment has begun to answer. first says that it was the
// first event of a stream: only there is the time to it one to the first token.
func (u *Use) Answered(first bool) {
	u.answered = true
	if u.d.missingUntil.Load() != 0 {
		u.d.missingUntil.Store(0)
	}
	if !first && u.probe.IsZero() {
		return
	}
	now := u.b.now()
	u.d.mu.Lock()
	closed := false
	if !u.probe.IsZero() {
		closed = u.breaker.proven() && u.current()
		u.d.shut.Store(u.d.breaker.wary(now))
		u.probe = time.Time{}
	}
	if first && u.current() {
		u.d.pace.add(now, now.Sub(u.began))
	}
	u.d.mu.Unlock()
	if closed {
		u.b.log.Info("a deployment answers again", "deployment", u.d.id)
	}
}

// Failed says that the deployment has failed, before its answer or within it. What is
// the caller's fault says nothing about the deployment. The wait that an upstream asks
// for holds for all calls of the deployment.
func (u *Use) Failed(e *providers.Error) {
	if u.failed {
		return
	}
	counts := strikes(e)
	now := u.b.now()
	u.failed = counts
	u.d.mu.Lock()
	if lacks(e, u.dep.Target.Model) && u.current() {
		u.d.missingUntil.Store(now.Add(missingFor).UnixNano())
	}
	opened := false
	if counts {
		opened = u.breaker.fail(now, e.Kind, u.probe, e.Status == statusUnauthorized) && u.current()
		u.probe = time.Time{}
	}
	if e.RetryAfter > 0 && (e.Kind == providers.RateLimited || e.Kind == providers.Overloaded) {
		u.breaker.cool(now, e.Kind, e.RetryAfter)
	}
	until := u.breaker.until
	u.d.shut.Store(u.d.breaker.wary(now))
	u.d.mu.Unlock()
	if opened {
		u.b.log.Warn("a deployment fails and is left out for a while", "deployment", u.d.id, "error", e.Kind.String(), "for", until.Sub(now).String())
	}
}

// Done ends the call and lets the next in line begin. Calls after the first do nothing.
func (u *Use) Done() {
	if u.done {
		return
	}
	u.done = true
	now := u.b.now()
	u.d.mu.Lock()
	switch {
	case u.answered && !u.failed:
		u.breaker.succeed(now)
	case !u.probe.IsZero():
		u.breaker.release(u.probe) // nothing was learnt: the next call may try
	}
	u.d.mu.Unlock()
	if u.entered {
		u.d.inFlight.Add(-1)
		u.d.engine.inFlight.Add(-1)
	}
	if u.place != (place{}) {
		u.b.hall.leave(u.place)
	}
}
