//go:build crash

package crashtest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tollgate/accounting/tokens"
)

// The scripted upstream's deployments and what they cost in nano-dollars per million
// tokens. The rates of beta leave fractions of a nano-dollar, which are rounded up.
var rates = map[string]rate{
	"alpha/large": {input: 1_000_000_000, cached: 1_000_000_000, output: 10_000_000_000},
	"beta/small":  {input: 137_500_000, cached: 68_750_000, output: 600_100_000},
}

type rate struct{ input, cached, output int64 }

// cost is what a usage costs, in nano-dollars. input includes cached.
func (r rate) cost(input, cached, output int64) int64 {
	sum := (input-cached)*r.input + cached*r.cached + output*r.output
	return (sum + 999_999) / 1_000_000
}

// word is what the upstream says, again and again: one token of the vocabulary that
// the gateway counts in, however often it stands in a row.
const word = " alpha"

// When an upstream counts what it produced.
const (
	usageEnd     = "end"     // in the last event, as OpenAI does
	usageNone    = "none"    // never
	usageRunning = "running" // in every event
)

// How an upstream's answer ends.
const (
	endWhole  = "whole"  // complete
	endStatus = "status" // a complete error instead
	endReset  = "reset"  // the connection breaks before the answer begins
	endCut    = "cut"    // the connection breaks within it
	endHang   = "hang"   // it stands still until the gateway leaves
)

// part is what one deployment does with a call.
type part struct {
	tokens int64
	wait   time.Duration // before the answer begins
	gap    time.Duration // between tokens
	usage  string
	cached int64 // of the prompt's tokens
	end    string
	status int
	at     int64 // tokens before a cut or a hang
}

// What kind of call it is.
const (
	kindPaid     = "paid"
	kindFallback = "fallback" // the first deployment fails in a way that lets the second answer
	kindFailing  = "failing"  // the only deployment fails
	kindFree     = "free"
	kindRefused  = "refused" // by a budget of zero
)

// call is one call: what it is to do, what the upstream did with it, and what its
// client saw of it. Its id is in the prompt and is its end user.
type call struct {
	id     string
	kind   string
	who    string // the caller's name: a key of [callers]
	model  string
	stream bool
	cap    int64 // the client's output cap; 0: none
	parts  map[string]part
	prompt int64 // the tokens of the prompt
	text   string
	// The client leaves after so many tokens, or after a time; 0: it does not.
	cutAfter int64
	cutTime  time.Duration

	mu       sync.Mutex
	attempts []*attempt

	phase int64       // of the test, when the call began
	seen  seen        // written by the client until done
	done  atomic.Bool // the client has its answer
}

// attempt is what the upstream knows of one request that came whole.
type attempt struct {
	id         string // as the gateway named it
	deployment string
	part       part
	stream     bool
	sent       atomic.Int64 // tokens, counted before each is written

	mu       sync.Mutex
	reported *usage // the last that was written, noted before it is
	end      string // "" while it runs; otherwise as in part, or endLeft
}

// endLeft: the gateway left before the end.
const endLeft = "left"

type usage struct{ input, cached, output int64 }

func (a *attempt) report(u usage) { a.mu.Lock(); a.reported = &u; a.mu.Unlock() }
func (a *attempt) finish(end string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.end == "" {
		a.end = end
	}
}

// state returns the last reported usage and how the attempt ended.
func (a *attempt) state() (*usage, string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.reported, a.end
}

// seen is what a client received.
type seen struct {
	status    int    // 0: no answer began
	complete  bool   // the whole body, or the stream's end mark
	tokens    int64  // of content
	requestID string // the gateway's
	cost      string // of the header; "" if there was none
	attempts  string // of the header
	code      string // of an error, also within a stream
	cut       bool   // the client left by itself
	broke     string // how the connection broke
	replica   int
	kills     int64 // how many kills there had been before the call
	took      time.Duration
}

// definitive says that the gateway told the client how the call ended.
func (s seen) definitive() bool { return s.status != 0 && (s.complete || s.code != "") }

// free says whether a deployment costs nothing.
func free(deployment string) bool { _, paid := rates[deployment]; return !paid }

// book is all calls by their ids.
type book struct {
	mu    sync.Mutex
	calls map[string]*call
}

func (b *book) add(c *call) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls[c.id] = c
}

func (b *book) get(id string) *call {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.calls[id]
}

// callers are whose keys are used. poor has a budget that is spent early in the run,
// broke one of zero.
var callers = []string{"ann", "bob", "cleo", "dan", "poor", "broke"}

// script makes the n-th call of a client: the same for the same seed.
func script(seed uint64, client, n int) *call {
	rng := rand.New(rand.NewPCG(seed, uint64(client)<<32|uint64(n)))
	c := &call{id: fmt.Sprintf("call-%d-%d", client, n), who: callers[rng.IntN(4)], stream: rng.IntN(5) < 3, parts: map[string]part{}}
	// A prompt of changing length, of words that are one token each.
	c.text = fmt.Sprintf("{%q:%q}", "call", c.id) + strings.Repeat(" word", 5+rng.IntN(40))
	c.prompt = tokens.Count(c.text + "\n")
	whole := func() part {
		p := part{tokens: 1 + rng.Int64N(30), wait: time.Duration(rng.IntN(8)) * time.Millisecond, end: endWhole,
			usage: []string{usageEnd, usageEnd, usageEnd, usageNone, usageRunning}[rng.IntN(5)], cached: rng.Int64N(c.prompt + 1)}
		if c.stream {
			p.gap = time.Duration(rng.IntN(3)) * time.Millisecond
			if rng.IntN(12) == 0 { // a long one: it outgrows its first hold, and a kill is likely to meet it
				p.tokens, p.gap = 100+rng.Int64N(100), 4*time.Millisecond
			}
		}
		return p
	}
	switch n := rng.IntN(100); {
	case n < 50:
		c.kind, c.model = kindPaid, "paid"
		if rng.IntN(2) == 0 {
			c.model = "other"
		}
		if rng.IntN(8) == 0 {
			c.who = "poor"
		}
		p := whole()
		if rng.IntN(4) == 0 {
			if c.stream {
				c.cutAfter = 1 + rng.Int64N(p.tokens)
			} else {
				c.cutTime = time.Duration(1+rng.IntN(8)) * time.Millisecond
			}
		}
		c.parts[deploymentOf[c.model]] = p
	case n < 62:
		c.kind, c.model = kindFallback, "backed"
		c.parts["alpha/large"] = part{wait: time.Duration(rng.IntN(4)) * time.Millisecond, end: endStatus, status: []int{429, 500, 503}[rng.IntN(3)]}
		c.parts["beta/small"] = whole()
	case n < 74:
		c.kind, c.model = kindFailing, "paid"
		p := whole()
		p.end = []string{endStatus, endReset, endCut, endHang}[rng.IntN(4)]
		p.status = []int{400, 401, 422, 500}[rng.IntN(4)]
		p.at = rng.Int64N(p.tokens + 1)
		if p.end == endHang {
			c.cutTime = time.Duration(20+rng.IntN(150)) * time.Millisecond
		}
		c.parts["alpha/large"] = p
	case n < 90:
		c.kind, c.model = kindFree, "free"
		c.who = callers[rng.IntN(len(callers))] // also those who have no money
		p := whole()
		if c.stream && rng.IntN(4) == 0 {
			c.cutAfter = 1 + rng.Int64N(p.tokens)
		}
		c.parts["gpu/open"] = p
	default:
		c.kind, c.model, c.who = kindRefused, "paid", "broke"
		c.parts["alpha/large"] = whole()
	}
	if rng.IntN(3) > 0 {
		for _, p := range c.parts {
			c.cap = max(c.cap, p.tokens)
		}
		c.cap += rng.Int64N(10) + 1
	}
	return c
}

// deploymentOf says what the names of one deployment stand for.
var deploymentOf = map[string]string{"paid": "alpha/large", "other": "beta/small", "free": "gpu/open"}
