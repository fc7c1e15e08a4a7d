package balancer

import (
	"time"

	"tollgate/gateway/catalog"
)

// How many second and third attempts a deployment gets (trust.md P3): a tenth of its
// first ones, so that failures elsewhere do not multiply here, and a few in any case, so
// that a quiet deployment can stand in for another.
const (
	ExtraShare  = 10 // one in so many
	ExtraLeast  = 10
	ExtraWithin = 10 * time.Second // whole seconds, and the one that runs
)

// budget counts the attempts of a deployment, second by second. Whoever holds it holds
// its deployment's lock.
type budget [ExtraWithin/time.Second + 1]struct {
	second       int64
	first, extra int
}

func (b *budget) count(now time.Time, extra bool) bool {
	s := now.Unix()
	at := &b[s%int64(len(b))]
	if at.second != s {
		at.second, at.first, at.extra = s, 0, 0
	}
	if !extra {
		at.first++
		return true
	}
	firsts, extras := 0, 0
	for _, t := range b {
		if t.second > s-int64(len(b)) {
			firsts, extras = firsts+t.first, extras+t.extra
		}
	}
	if extras >= max(ExtraLeast, firsts/ExtraShare) {
		return false
	}
	at.extra++
	return true
}

// Attempt counts an attempt at a deployment: extra is one of a request that was tried
// before. It says whether the deployment bears it; a first one always may.
func (b *Balancer) Attempt(dep *catalog.Deployment, extra bool) bool {
	now := b.now()
	d := b.of(dep, now)
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.budget.count(now, extra)
}
