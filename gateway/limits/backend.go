package limits

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"time"

	"tollgate/accounting/scope"
)

// Metric is what a limit counts.
type Metric uint8

// The metrics.
const (
	Requests   Metric = iota // per minute
	Tokens                   // per minute, in and out
	Concurrent               // requests at the same time
)

// String names a metric as people read it.
func (m Metric) String() string {
	switch m {
	case Requests:
		return "requests per minute"
	case Tokens:
		return "tokens per minute"
	case Concurrent:
		return "concurrent requests"
	}
	return "unknown"
}

// Bucket names what is counted together: one metric of a rule for one account.
type Bucket struct {
	Rule    string
	Metric  Metric
	Account scope.Account
}

// Key is the bucket's name as printable ASCII.
func (b Bucket) Key() string {
	return strconv.Itoa(int(b.Metric)) + ":" + strconv.QuoteToASCII(b.Rule) + ":" + string(b.Account.Kind) + ":" + strconv.QuoteToASCII(b.Account.ID)
}

// compare orders buckets: the one order in which they are locked everywhere.
func (b Bucket) compare(c Bucket) int {
	return cmp.Or(cmp.Compare(b.Rule, c.Rule), cmp.Compare(b.Metric, c.Metric), cmp.Compare(b.Account.Kind, c.Account.Kind), cmp.Compare(b.Account.ID, c.Account.ID))
}

// Ask is what a request wants of one bucket: units of a rate, or one slot among those
// that are in use at the same time.
type Ask struct {
	Bucket Bucket
	Limit  int64 // at least 1
	Units  int64 // 1 to Limit, 1 for a slot; 0 when another ask has taken of the same bucket
}

// Cost is the units of a rate as a level.
func (a Ask) Cost() Level { return cost(a.Units, a.Limit) }

// fits says whether a bucket that stands so has room for the ask.
func (a Ask) fits(s State) bool {
	if a.Bucket.Metric == Concurrent {
		return s.Running < a.Limit
	}
	return !s.Level.plus(a.Cost(), a.Limit).over()
}

// take is the state after an ask was granted.
func (a Ask) take(s State) State {
	if a.Bucket.Metric == Concurrent {
		s.Running += a.Units
	} else {
		s.Level = s.Level.plus(a.Cost(), a.Limit)
	}
	return s
}

// State is where a bucket stands: the level of a rate, or how many slots are in use.
type State struct {
	Level   Level
	Running int64
}

// Change alters a bucket after the fact, whatever its limit allows.
type Change struct {
	Bucket Bucket
	Limit  int64
	// Units are added to what was taken of a rate; below zero they are given back. Of
	// slots the request's one is given back.
	Units int64
}

// Cost is what the change adds to the level, or with back takes from it.
func (c Change) Cost() (v Level, back bool) {
	if c.Units < 0 {
		return cost(-c.Units, c.Limit), true
	}
	return cost(c.Units, c.Limit), false
}

// StatesOf reads where the buckets of some asks stood from what a store answers: two
// numbers for each, which are a level, or how many slots were in use.
func StatesOf(asks []Ask, numbers []int64) []State {
	out := make([]State, len(asks))
	for i, a := range asks {
		if n := numbers[2*i]; a.Bucket.Metric == Concurrent {
			out[i].Running = n
		} else {
			out[i].Level = Level{Micros: n, Part: numbers[2*i+1]}
		}
	}
	return out
}

// Slot is a slot that is in use, for renewal.
type Slot struct {
	Bucket Bucket
	ID     string
}

// Lease is how long a slot stays taken unless its owner renews it, and renewEvery is
// how often owners do, so that the slots of a replica that died come back by
// themselves.
const (
	Lease      = 60 * time.Second
	renewEvery = 10 * time.Second
)

// Backend keeps buckets, for this process or for a whole fleet. Asks, changes and
// slots come in the order in which buckets are to be locked, no bucket twice. Every
// method is one atomic step at the backend's own time; an error says that it did not
// answer.
type Backend interface {
	// Take takes every ask or none, and says where the buckets stood before. slot is the
	// request's own name for a slot. A backend may put another bucket in an ask: that is
	// the one it took then, once for all asks that it put it in; the others have no units.
	Take(ctx context.Context, asks []Ask, slot string) (took bool, before []State, err error)
	// Put makes changes and says where the buckets of rates stand then.
	Put(ctx context.Context, changes []Change, slot string) (after []State, err error)
	// Renew takes slots for another [Lease], whether they are still known or not.
	Renew(ctx context.Context, slots []Slot) error
	// Tidy forgets buckets that are full and slots whose lease has ended.
	Tidy(ctx context.Context) error
	Close() error
}

// ErrUnavailable says that the store of the limits does not answer and nothing may be
// let through without it.
var ErrUnavailable = errors.New("the store of the rate limits does not answer")
