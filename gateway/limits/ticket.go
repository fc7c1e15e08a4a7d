package limits

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tollgate/accounting/scope"
)

// slotRetry is when a request may be repeated that only other running requests stood
// in the way of.
const slotRetry = time.Second

// Refusal says that a request does not fit a limit.
type Refusal struct {
	Rule    Rule
	Account scope.Account
	Metric  Metric
	Limit   int64         // what is let through; less than the rule's while the store is lost
	Wait    time.Duration // after which the same request passes, if nobody takes it before; 0: never
	// Standing is where the limits of the request stand.
	Standing Standing
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("limit %s of %s %s: %d %s", r.Rule.ID, r.Account.Kind, r.Account.ID, r.Limit, r.Metric)
}

// Standing is where the tightest limits that apply to a request stand: those of which
// the smallest share is left. nil: no rule limits that.
type Standing struct {
	Requests *Room
	Tokens   *Room
}

// Count is what one limit of a request still lets through.
type Count struct {
	Rule      string // its id
	Account   scope.Account
	Metric    Metric
	Limit     int64
	Remaining int64
}

// Room is what a limit per minute still lets through.
type Room struct {
	Limit     int64
	Remaining int64
	Reset     time.Duration // until all of it is there again

	level Level
}

// nothing is the level of a limit of 0: below any other.
var nothing = Level{Micros: Deepest}

// add counts a bucket in.
func (s *Standing) add(m Metric, limit int64, v Level) {
	tightest := &s.Requests
	switch m {
	case Requests:
	case Tokens:
		tightest = &s.Tokens
	default:
		return
	}
	if *tightest != nil && !v.emptier((*tightest).level) {
		return
	}
	*tightest = &Room{Limit: limit, level: v}
	if limit > 0 {
		(*tightest).Remaining, (*tightest).Reset = v.left(limit), v.full()
	}
}

// Ticket is what one request has taken of its limits. One goroutine at a time calls its
// methods.
type Ticket struct {
	limiter *Limiter
	slot    string // names the request's slots at a backend
	taken   []taken
	done    bool
}

// taken is one bucket that a request has taken of.
type taken struct {
	name    Bucket // as the rule has it; the one that was taken is in the ask
	ask     Ask
	from    Backend
	state   State // as it stood when it was last changed
	reached bool  // an upstream was called under the rule
	past    bool  // the rule is not for what is called now
}

// Ticket returns the ticket of a new request. Its Done must be called.
func (l *Limiter) Ticket() Ticket { return Ticket{limiter: l} }

// Admit takes, in one atomic step and all or none, a request, its tokens and a slot of
// every rule that applies to a call of target for some accounts, except what this
// request has taken before. What it took under rules that do not apply to this target
// it gives back. tokens is what the call is expected to use; of a bucket that holds
// less, all is taken. The error is a [*Refusal], wraps [ErrUnavailable], or is the
// cause of ctx's end.
func (t *Ticket) Admit(ctx context.Context, accounts []scope.Account, target scope.Target, tokens int64) error {
	rules := t.limiter.rules.Load()
	if len(rules.all) == 0 && len(t.taken) == 0 {
		return nil
	}
	owned := slices.DeleteFunc(rules.index.Of(accounts), func(o scope.Owned[Rule]) bool { return !o.Rule.Matches(target) })
	t.pass(owned)
	var asks []Ask
	for _, o := range owned {
		for _, w := range []struct {
			metric Metric
			limit  *int64
			units  int64
		}{{Requests, o.Rule.Requests, 1}, {Tokens, o.Rule.Tokens, tokens}, {Concurrent, o.Rule.Concurrent, 1}} {
			name := Bucket{o.Rule.ID, w.metric, o.Account}
			switch {
			case w.limit == nil, t.has(name), slices.ContainsFunc(asks, func(a Ask) bool { return a.Bucket == name }):
			case *w.limit == 0:
				r := &Refusal{Rule: *o.Rule, Account: o.Account, Metric: w.metric, Standing: t.Standing()}
				r.Standing.add(w.metric, 0, nothing)
				return r
			default:
				asks = append(asks, Ask{name, *w.limit, max(1, min(w.units, *w.limit))})
			}
		}
	}
	if len(asks) == 0 {
		return nil
	}
	slices.SortFunc(asks, func(a, b Ask) int { return a.Bucket.compare(b.Bucket) })
	names := make([]Bucket, len(asks))
	for i, a := range asks {
		names[i] = a.Bucket
	}
	if t.slot == "" && t.limiter.fleet != nil {
		t.slot = t.limiter.slotName()
	}
	got, err := t.limiter.take(ctx, asks, t.slot)
	if err != nil {
		return err
	}
	if !got.ok {
		return t.refusal(got, names, owned)
	}
	for i, a := range got.asks {
		t.taken = append(t.taken, taken{name: names[i], ask: a, from: got.from, state: a.take(got.before[i])})
	}
	slices.SortFunc(t.taken, func(a, b taken) int { return a.ask.Bucket.compare(b.ask.Bucket) }) // as buckets are locked
	return nil
}

// refusal tells of the bucket that has room last.
func (t *Ticket) refusal(got took, names []Bucket, owned []scope.Owned[Rule]) *Refusal {
	r := &Refusal{Standing: t.Standing()}
	for i, a := range got.asks {
		state := got.before[i]
		r.Standing.add(a.Bucket.Metric, a.Limit, state.Level)
		if a.fits(state) {
			continue
		}
		wait := slotRetry
		if a.Bucket.Metric != Concurrent {
			wait = a.take(state).Level.full() - minute*time.Microsecond
		}
		if wait > r.Wait {
			rule := *owned[slices.IndexFunc(owned, func(o scope.Owned[Rule]) bool { return o.Rule.ID == names[i].Rule && o.Account == names[i].Account })].Rule
			r.Rule, r.Account, r.Metric, r.Limit, r.Wait = rule, names[i].Account, a.Bucket.Metric, a.Limit, wait
		}
	}
	return r
}

func (t *Ticket) has(name Bucket) bool {
	return slices.ContainsFunc(t.taken, func(k taken) bool { return k.name == name })
}

// pass gives back what was taken under rules that are not for what is called next. A
// request that an upstream has seen stays counted.
func (t *Ticket) pass(owned []scope.Owned[Rule]) {
	var out, kept []taken
	for _, k := range t.taken {
		k.past = !slices.ContainsFunc(owned, func(o scope.Owned[Rule]) bool { return o.Rule.ID == k.name.Rule && o.Account == k.name.Account })
		if k.past && !(k.reached && k.name.Metric == Requests) {
			out = append(out, k)
		} else {
			kept = append(kept, k)
		}
	}
	t.taken = kept
	t.put(out, func(k taken) int64 { return -k.ask.Units })
}

// Reached says that an upstream has been called: what was taken is used.
func (t *Ticket) Reached() {
	for i := range t.taken {
		t.taken[i].reached = t.taken[i].reached || !t.taken[i].past
	}
}

// CountsTokens says whether a rule that applies counts tokens.
func (t *Ticket) CountsTokens() bool {
	return slices.ContainsFunc(t.taken, func(k taken) bool { return k.name.Metric == Tokens })
}

// Done ends the request. Its slots are given back; if no upstream was called, so is
// everything else. Otherwise the difference between the tokens that were taken and
// those that were used is given back, or taken whatever that leaves: a bucket may go
// into debt. It may be called more than once: the first call counts.
func (t *Ticket) Done(tokens int64) {
	if t.done {
		return
	}
	t.done = true
	t.put(t.taken, func(k taken) int64 {
		switch {
		case !k.reached:
			return -k.ask.Units
		case k.name.Metric == Tokens:
			return tokens - k.ask.Units
		}
		return 0
	})
}

// Later returns what takes further tokens of a request that has ended, whatever that
// leaves: of one whose upstream works on and tells only then what was used.
func (t *Ticket) Later() func(tokens int64) {
	late := Ticket{limiter: t.limiter}
	for _, k := range t.taken {
		if k.reached && k.name.Metric == Tokens {
			late.taken = append(late.taken, k)
		}
	}
	return func(tokens int64) { late.put(late.taken, func(taken) int64 { return tokens }) }
}

// put changes buckets by so many units each, gives slots back, and notes where they
// stand then.
func (t *Ticket) put(all []taken, units func(taken) int64) {
	for _, where := range []Backend{t.limiter.here, t.limiter.fleet} {
		var changes []Change
		var of []*taken
		for i := range all {
			k := &all[i]
			n := units(*k)
			if k.from != where || k.ask.Units == 0 || n == 0 && k.name.Metric != Concurrent {
				continue
			}
			changes = append(changes, Change{k.ask.Bucket, k.ask.Limit, n})
			of = append(of, k)
		}
		if len(changes) == 0 {
			continue
		}
		for i, state := range t.limiter.put(where, changes, t.slot) {
			of[i].state = state
		}
	}
}

// Standing says where the limits stand that apply to what was called last.
func (t *Ticket) Standing() (s Standing) {
	for _, k := range t.taken {
		if !k.past {
			s.add(k.ask.Bucket.Metric, k.ask.Limit, k.state.Level)
		}
	}
	return s
}

// Counts says of each limit that applies to what was called last what it still lets
// through.
func (t *Ticket) Counts() []Count {
	var out []Count
	for _, k := range t.taken {
		if k.past {
			continue
		}
		left := max(k.ask.Limit-k.state.Running, 0)
		if k.name.Metric != Concurrent {
			left = k.state.Level.left(k.ask.Limit)
		}
		out = append(out, Count{k.name.Rule, k.name.Account, k.name.Metric, k.ask.Limit, left})
	}
	return out
}
