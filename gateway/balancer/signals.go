package balancer

import (
	"strings"
	"time"

	"tollgate/gateway/catalog"
	"tollgate/providers"
)

const (
	freshFor  = 10 * time.Second // how long what an engine said of itself is believed
	wantedFor = 30 * time.Second // how long after a call, also a refused one, or a question engines are looked at
)

// deadAfter is how long an engine must be found down, look by look, until it is taken for
// dead: one that is busy may miss a look or two.
const deadAfter = 10 * time.Second

// Signals is what an engine says of itself, and whether it answers at all.
type Signals struct {
	At      time.Time
	Healthy *bool // nil: it does not say
	providers.Load
}

func (s *Signals) down() bool      { return s != nil && s.Healthy != nil && !*s.Healthy }
func (s *Signals) fullCache() bool { return s != nil && s.Cache > fullCache }

// unloaded says that the engine would have to load the model first.
func (s *Signals) unloaded(model string) bool {
	return s != nil && s.Loaded != nil && !s.Holds(model)
}

// Holds says that the engine has a model in memory.
func (s *Signals) Holds(model string) bool {
	model = strings.ToLower(model)
	return s.Loaded[model] || s.Loaded[model+":latest"]
}

func (e *engine) fresh(now time.Time) *Signals {
	if s := e.signals.Load(); s != nil && now.Sub(s.At) <= freshFor {
		return s
	}
	return nil
}

// Observe takes what a look at an engine has brought. An engine that is found well is
// tried at once where only the way to it had failed.
func (b *Balancer) Observe(provider string, s Signals) {
	s.At = b.now()
	e := b.engine(provider)
	if before := e.fresh(s.At); !before.down() {
		e.downSince.Store(s.At.UnixNano()) // if it is
	}
	e.signals.Store(&s)
	if s.Healthy == nil || !*s.Healthy {
		return
	}
	b.each(provider, func(d *deployment) {
		if d.shut.Load() {
			d.mu.Lock()
			d.breaker.hurry(s.At)
			d.mu.Unlock()
		}
	})
}

// Ill is why a deployment comes after everything else at present. It is called all the same
// if nothing else is left.
type Ill string

// The reasons.
const (
	Well    Ill = ""
	Down    Ill = "down"    // its engine was found down for so long that a call would probably be in vain
	Missing Ill = "missing" // its engine has said a moment ago that it does not have the model
)

// missingFor is how long an engine is not asked first for a model that it does not have: it
// may be loaded meanwhile.
const missingFor = CoolFirst

// Ill says whether a deployment comes after everything else at present, and why. An engine
// that is down is looked at as if it were called.
func (b *Balancer) Ill(dep *catalog.Deployment) Ill {
	found, ok := b.engines.Load(dep.Provider.Name)
	if !ok {
		return Well
	}
	e := found.(*engine)
	var d *deployment // nil if nobody has called it
	if called, ok := b.deps.Load(dep.ID); ok {
		d = called.(*deployment)
	}
	if !e.signals.Load().down() && (d == nil || d.missingUntil.Load() == 0) { // as nearly always
		return Well
	}
	now := b.now()
	why := e.ill(d, now)
	if why == Down {
		e.used.Store(now.UnixNano())
	}
	return why
}

// ill says why a deployment of the engine comes after everything else; d is nil if nobody
// has called it.
func (e *engine) ill(d *deployment, now time.Time) Ill {
	switch {
	case e.dead(now):
		return Down
	case d != nil && d.missing(now):
		return Missing
	}
	return Well
}

// dead says that an engine was found down for so long that a call would be in vain.
func (e *engine) dead(now time.Time) bool {
	return e.fresh(now).down() && now.UnixNano()-e.downSince.Load() >= int64(deadAfter)
}

// missing says that an engine has said a moment ago that it does not have the model.
func (d *deployment) missing(now time.Time) bool {
	return now.UnixNano() < d.missingUntil.Load()
}

// vain says that a call would probably be in vain.
func (d *deployment) vain(now time.Time) bool { return d.engine.fresh(now).down() || d.missing(now) }

// lacks says that an upstream does not have a model, and not just something else that it
// was asked for.
func lacks(e *providers.Error, model string) bool {
	return e.Kind == providers.ModelMissing && (e.Code == "model_not_found" || strings.Contains(e.Message, model))
}

func (b *Balancer) each(provider string, do func(*deployment)) {
	b.deps.Range(func(_, d any) bool {
		if d := d.(*deployment); d.engine.name == provider {
			do(d)
		}
		return true
	})
}

// Wanted says whether anybody has called an engine or asked for its state lately. One
// that nobody uses is left in peace.
func (b *Balancer) Wanted(provider string) bool {
	e := b.engine(provider)
	return b.now().UnixNano()-max(e.used.Load(), e.asked.Load()) <= int64(wantedFor)
}

// Ask says that somebody wants to know how the engines are.
func (b *Balancer) Ask(all []*catalog.Provider) {
	now := b.now().UnixNano()
	for _, p := range all {
		b.engine(p.Name).asked.Store(now)
	}
}

// Troubled says whether a deployment of a provider is left out that would be tried at
// once if its engine were found well.
func (b *Balancer) Troubled(provider string) bool {
	found := false
	now := b.now()
	b.each(provider, func(d *deployment) {
		if d.shut.Load() {
			d.mu.Lock()
			found = found || d.breaker.hurries(now)
			d.mu.Unlock()
		}
	})
	return found
}

// Mend lets every deployment be called again, as after a start: an operator who has
// mended something says so by reading the configuration again. What runs goes on, and what
// becomes of it says nothing about what was mended.
func (b *Balancer) Mend() {
	b.deps.Range(func(_, d any) bool {
		d.(*deployment).anew(true)
		return true
	})
}
