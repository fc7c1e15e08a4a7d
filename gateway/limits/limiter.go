package limits

import (
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"tollgate/accounting/scope"
)

// Limiter enforces rules. Close it after the last call.
type Limiter struct {
	now   func() time.Time
	rules atomic.Pointer[ruleSet]
}

// Options are what a limiter works with.
type Options struct {
	Now func() time.Time
	// Backend keeps the buckets for the whole fleet; nil keeps them in this process,
	// exact for one node.
	Backend Backend
	// WhenDown is what happens while the backend does not answer.
	WhenDown WhenDown
	// Replicas is how many replicas are known to run, for [Share]; nil or less than 1
	// means 1.
	Replicas func() int
	Log      *slog.Logger
}

// WhenDown says what happens while the store of the buckets does not answer. Neither
// lifts a limit.
type WhenDown uint8

// The answers to a lost store.
const (
	Share  WhenDown = iota // each replica enforces its share of each limit by itself
	Refuse                 // whatever a rule applies to is refused
)

// Backend keeps buckets for a whole fleet.
type Backend interface{}

type ruleSet struct {
	all   []Rule
	index scope.Index[Rule]
}

// New returns a limiter without rules.
func New(o Options) *Limiter {
	l := &Limiter{now: o.Now}
	l.SetRules(nil)
	return l
}

// SetRules replaces the rules. Ids are unique; a rule that keeps its id keeps its
// buckets. Requests that run keep what they were admitted with.
func (l *Limiter) SetRules(rules []Rule) {
	all := slices.Clone(rules)
	l.rules.Store(&ruleSet{all: all, index: scope.NewIndex(all, func(r Rule) scope.Selector { return r.Selector }, func(Rule) string { return "" })})
}

// Rules returns the rules in force.
func (l *Limiter) Rules() []Rule { return slices.Clone(l.rules.Load().all) }
