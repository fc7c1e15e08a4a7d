package balancer

import (
	"errors"
	"time"
)

// How many second and third attempts a deployment gets (trust.md P3): a tenth of its
// first ones, so that failures elsewhere do not multiply here, and a few in any case, so
// that a quiet deployment can stand in for another.
const (
	ExtraShare  = 10 // one in so many
	ExtraLeast  = 10
	ExtraWithin = 10 * time.Second // whole seconds, and the one that runs
)

// ErrRetryBudget says that a deployment bears no more attempts of requests that have
// failed elsewhere.
var ErrRetryBudget = errors.New("too many requests are tried again already")

// budget counts the attempts of a deployment, second by second. Whoever holds it holds
// its deployment's lock.
type budget [ExtraWithin/time.Second + 1]struct {
	second       int64
	first, extra int
}

// take counts an attempt: extra is one of a request that was tried before. It says whether
// the deployment bears it; a first one always may.
func (b *budget) take(now time.Time, extra bool) bool {
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

// giveBack forgets an attempt, counted then, that was not made after all.
func (b *budget) giveBack(then time.Time, extra bool) {
	at := &b[then.Unix()%int64(len(b))]
	switch {
	case at.second != then.Unix():
	case extra:
		at.extra--
	default:
		at.first--
	}
}
