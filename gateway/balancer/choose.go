package balancer

import (
	"math"
	"math/rand/v2"
	"time"

	"tollgate/gateway/catalog"
)

// Session names a conversation; 0 is none. It is the same on every replica.
type Session uint64

// SessionOf makes the name of a conversation from what tells it from others. The parts
// do not run into each other.
func SessionOf(parts ...string) Session {
	h := uint64(fnvOffset)
	for _, p := range parts {
		h = fnv(h, p)
		h = mix(h ^ uint64(len(p)))
	}
	return Session(max(h, 1))
}

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func fnv(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return h
}

// mix spreads every bit of a number over all of it (the finalizer of SplitMix64).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// draw is what a conversation and a deployment make of each other: the highest of a
// tier keeps the conversation. When a deployment comes or goes, only conversations that
// it wins or held move, and each wins by its weight (weighted rendezvous hashing).
func draw(s Session, id string, weight int) float64 {
	u := (float64(mix(fnv(uint64(s)^fnvOffset, id))>>11) + 0.5) / (1 << 53) // above 0 and below 1
	return float64(weight) / -math.Log(u)
}

// spillFrom is how many calls an engine has at least before a conversation leaves it for
// a less busy one.
const spillFrom = 4

// loading is how many calls the loading of a model is taken for: it comes before them, and
// yet an engine that has enough to do leaves some to one that has to load first.
const loading = spillFrom

// fullCache is the part of an engine's cache above which it is avoided: from there on it
// throws conversations out.
const fullCache = 0.9

// view is a choice as it stands at this moment.
type view struct {
	at     int // in the tier
	weight int
	load   float64
	pace   time.Duration
	id     string
}

// Usable says whether a deployment may be called at present, or why not.
func (b *Balancer) Usable(dep *catalog.Deployment) *Shut {
	d, ok := b.deps.Load(dep.ID)
	if !ok || !d.(*deployment).shut.Load() {
		return nil
	}
	return d.(*deployment).against(b.now())
}

func (d *deployment) against(now time.Time) *Shut {
	d.mu.Lock()
	defer d.mu.Unlock()
	why := d.shutAt(now)
	d.shut.Store(d.breaker.wary(now))
	return why
}

// shutAt says what stands against a call. Whoever asks wants the engine, so it is looked
// at: it may be back before its time is over. The mutex is held.
func (d *deployment) shutAt(now time.Time) *Shut {
	why := d.breaker.against(now)
	if why != nil {
		why.Deployment = d.id
		d.engine.used.Store(now.UnixNano())
	}
	return why
}

// Pick chooses one of the deployments of a tier and returns its place. Those whose
// engine is known to be down or not to have the model, that would have to wait, or whose
// cache is nearly full come last; one whose engine would have to load the model first
// counts as busier than it is.
func (b *Balancer) Pick(tier []catalog.Choice, s Session) int {
	if len(tier) == 1 {
		return 0
	}
	how := policy(tier)
	now := b.now()
	best := math.MaxInt
	views := make([]view, 0, len(tier))
	for i, c := range tier {
		dep := c.Candidate.Of()
		d := b.of(dep, now)
		sig := d.engine.fresh(now)
		against := 0
		if sig.down() || d.missing(now) {
			against += 8
		}
		if limited(dep) && b.hall.busy(placeAt(d, dep)) {
			against += 4
		}
		if how != catalog.BalanceWeights && sig.fullCache() {
			against += 2
		}
		if against > best {
			continue
		}
		if against < best {
			best, views = against, views[:0]
		}
		v := view{at: i, weight: c.Weight, id: d.id}
		if how != catalog.BalanceWeights {
			v.load = d.load(dep, sig)
			if sig.unloaded(dep.Target.Model) {
				v.load += loading
			}
		}
		if how == catalog.BalanceFastest {
			d.mu.Lock()
			v.pace = d.pace.expected(now)
			d.mu.Unlock()
		}
		views = append(views, v)
	}
	switch {
	case how == catalog.BalanceWeights:
		return byWeight(views)
	case how == catalog.BalanceFastest:
		return least(views, func(v view) float64 { return v.pace.Seconds() * (v.load + 1) / float64(v.weight) })
	case how == catalog.BalanceSession && s != 0:
		return bySession(views, s)
	}
	return least(views, func(v view) float64 { return (v.load + 1) / float64(v.weight) })
}

// policy is how a tier is balanced: as its model says, and otherwise by conversation
// among engines of one's own, since each keeps the beginnings it has read in its cache,
// and by weight where anything else is among them.
func policy(tier []catalog.Choice) catalog.Balance {
	if b := tier[0].Balance; b != "" {
		return b
	}
	for _, c := range tier {
		if !c.Candidate.Of().Provider.Followed {
			return catalog.BalanceWeights
		}
	}
	return catalog.BalanceSession
}

// load is how much a deployment has to do: its calls, those of the other models of an engine
// of one's own, those that wait here for it or for its engine, and what its engine says of
// calls that came another way. Calls that wait there count twice, since they show that it
// is full.
func (d *deployment) load(dep *catalog.Deployment, sig *Signals) float64 {
	n := float64(d.inFlight.Load())
	if dep.Provider.Followed {
		n = float64(d.engine.inFlight.Load())
	}
	if sig != nil && sig.Requests {
		n = max(n, float64(sig.Running+sig.Waiting)) + float64(sig.Waiting)
	}
	return n + float64(d.line.length.Load()+d.engine.line.length.Load())
}

func byWeight(views []view) int {
	total := 0
	for _, v := range views {
		total += v.weight
	}
	n := rand.IntN(total)
	for _, v := range views {
		if n -= v.weight; n < 0 {
			return v.at
		}
	}
	return views[0].at
}

// least returns the one with the least cost; among equals any.
func least(views []view, cost func(view) float64) int {
	at, low, equals := 0, math.Inf(1), 0
	for _, v := range views {
		switch c := cost(v); {
		case c < low:
			at, low, equals = v.at, c, 1
		case c == low:
			if equals++; rand.IntN(equals) == 0 {
				at = v.at
			}
		}
	}
	return at
}

// bySession returns the one that the conversation belongs to, or the next of its own
// order where that is clearly busier than another.
func bySession(views []view, s Session) int {
	idlest := math.Inf(1)
	for _, v := range views {
		idlest = min(idlest, v.load/float64(v.weight))
	}
	at, high := -1, 0.0
	for _, v := range views {
		if v.load >= spillFrom && v.load/float64(v.weight) > 2*idlest+1/float64(v.weight) {
			continue
		}
		if d := draw(s, v.id, v.weight); at < 0 || d > high {
			at, high = v.at, d
		}
	}
	return at // the idlest is never passed over
}
