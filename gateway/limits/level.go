package limits

import (
	"math/bits"
	"time"
)

// minute is how long a full bucket takes to refill, in microseconds; maxDebt is how
// far beyond empty a bucket may go, for more than was estimated.
const (
	minute  = 60_000_000
	maxDebt = 24 * 60 * minute
)

// The levels of an empty bucket, and of the deepest debt, in microseconds.
const (
	Empty   = minute
	Deepest = minute + maxDebt
)

// Level is how long a bucket takes until it is full: 0 is full, a minute is empty,
// more is in debt. It is exact: Part counts the Nths of a microsecond, where N is the
// bucket's limit per minute.
type Level struct {
	Micros int64
	Part   int64 // 0 to N-1
}

// cost is the level of n units in a bucket of limit units, at least 1, per minute: at
// most a day, which is more than a bucket holds.
func cost(n, limit int64) Level {
	if n/limit >= maxDebt/minute {
		return Level{Micros: maxDebt}
	}
	hi, lo := bits.Mul64(uint64(n), minute)
	q, r := bits.Div64(hi, lo, uint64(limit))
	return Level{int64(q), int64(r)}
}

// plus adds a cost, up to the deepest debt.
func (v Level) plus(c Level, limit int64) Level {
	v.Micros += c.Micros
	if v.Part += c.Part; v.Part >= limit {
		v.Part -= limit
		v.Micros++
	}
	if v.Micros >= Deepest {
		return Level{Micros: Deepest}
	}
	return v
}

// minus gives a cost back, down to full.
func (v Level) minus(c Level, limit int64) Level {
	v.Micros -= c.Micros
	if v.Part -= c.Part; v.Part < 0 {
		v.Part += limit
		v.Micros--
	}
	if v.Micros < 0 {
		return Level{}
	}
	return v
}

// after is the level some microseconds later. A clock that was set back lets no time
// pass. A part that a larger limit left behind is rounded up.
func (v Level) after(micros, limit int64) Level {
	if v.Part >= limit {
		v = Level{Micros: v.Micros + 1}
	}
	if v.Micros -= max(micros, 0); v.Micros < 0 {
		return Level{}
	}
	return v
}

// over says that a bucket does not hold so much.
func (v Level) over() bool { return v.Micros > minute || v.Micros == minute && v.Part > 0 }

// full is when the bucket will be full, rounded up to a microsecond.
func (v Level) full() time.Duration {
	if v.Part > 0 {
		v.Micros++
	}
	return time.Duration(v.Micros) * time.Microsecond
}

// left is how many whole units the bucket still gives.
func (v Level) left(limit int64) int64 {
	if v.over() {
		return 0
	}
	hi, lo := bits.Mul64(uint64(minute-v.Micros), uint64(limit))
	lo, borrow := bits.Sub64(lo, uint64(v.Part), 0)
	q, _ := bits.Div64(hi-borrow, lo, minute)
	return int64(q)
}

// emptier says that less is left in v than in w, as a share of their limits.
func (v Level) emptier(w Level) bool { return v.Micros > w.Micros }
