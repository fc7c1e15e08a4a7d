package limits

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"tollgate/accounting/scope"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is a time that only tests move.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// limiter is one node with rules, over a fake clock.
func limiter(t testing.TB, rules ...Rule) (*Limiter, *clock) {
	t.Helper()
	c := newClock()
	l := New(Options{Now: c.now, Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(func() {
		if err := l.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	l.SetRules(rules)
	return l, c
}

// per makes a rule for each account of a kind; a limit below 0 is none.
func per(id string, kind scope.Kind, requests, tokens, concurrent int64, models ...string) Rule {
	r := Rule{ID: id, Selector: scope.Selector{Kind: kind, Each: kind != scope.Gateway, Models: models}}
	for _, x := range []struct {
		to **int64
		n  int64
	}{{&r.Requests, requests}, {&r.Tokens, tokens}, {&r.Concurrent, concurrent}} {
		if x.n >= 0 {
			*x.to = &x.n
		}
	}
	if err := r.Validate(); err != nil {
		panic(err)
	}
	return r
}

func of(kind scope.Kind, owner string, r Rule) Rule {
	r.Kind, r.Each, r.Owner = kind, false, owner
	return r
}

func user(id string) []scope.Account {
	return []scope.Account{{Kind: scope.User, ID: id}, {Kind: scope.Gateway}}
}

var model = scope.Target{Model: "m", Deployment: "p/m"}

// admit lets a request begin and returns its ticket, or why not.
func admit(l *Limiter, accounts []scope.Account, target scope.Target, tokens int64) (*Ticket, error) {
	t := l.Ticket()
	if err := t.Admit(context.Background(), accounts, target, tokens); err != nil {
		t.Done(0)
		return nil, err
	}
	t.Reached()
	return &t, nil
}

// spend makes a whole request of so many tokens.
func spend(l *Limiter, accounts []scope.Account, tokens int64) error {
	t, err := admit(l, accounts, model, tokens)
	if err == nil {
		t.Done(tokens)
	}
	return err
}

func refusalOf(t interface {
	Helper()
	Fatalf(string, ...any)
}, err error) *Refusal {
	t.Helper()
	var r *Refusal
	if !errors.As(err, &r) {
		t.Fatalf("no refusal: %v", err)
	}
	return r
}

// TestLevelsAreExact compares the arithmetic with fractions of any size.
func TestLevelsAreExact(t *testing.T) {
	// A product that is just over 64 bits, and of which a part is taken.
	if left := (Level{Part: 307_445_734_561}).left(307_445_734_562); left != 307445729437 {
		t.Errorf("%d are left", left)
	}
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.OneOf(rapid.Int64Range(1, 1000), rapid.Int64Range(1, MaxLimit)).Draw(t, "limit")
		units := rapid.OneOf(rapid.Int64Range(1, min(limit, 5)), rapid.Int64Range(1, limit))
		rat := func(v Level) *big.Rat {
			return new(big.Rat).Add(new(big.Rat).SetInt64(v.Micros), big.NewRat(v.Part, limit))
		}
		level, want := Level{}, new(big.Rat)
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			n := units.Draw(t, "units")
			of := new(big.Rat).Mul(big.NewRat(n, limit), big.NewRat(minute, 1))
			switch rapid.IntRange(0, 2).Draw(t, "step") {
			case 0:
				level = level.plus(cost(n, limit), limit)
				want.Add(want, of)
			case 1:
				level = level.minus(cost(n, limit), limit)
				want.Sub(want, of)
			case 2:
				d := rapid.Int64Range(-minute, minute).Draw(t, "time")
				level = level.after(d, limit)
				want.Sub(want, new(big.Rat).SetInt64(max(d, 0)))
			}
			if want.Sign() < 0 {
				want.SetInt64(0)
			}
			if rat(level).Cmp(want) != 0 || level.Part < 0 || level.Part >= limit {
				t.Fatalf("level %+v of %d, want %s", level, limit, want)
			}
			if full := big.NewRat(minute, 1); level.over() != (want.Cmp(full) > 0) {
				t.Fatalf("%+v over: %v", level, level.over())
			} else if left := new(big.Rat).Mul(new(big.Rat).Sub(full, want), big.NewRat(limit, minute)); level.over() != (left.Sign() < 0) {
				t.Fatal("left and over disagree")
			} else if whole := new(big.Int).Div(left.Num(), left.Denom()); !level.over() && whole.Int64() != level.left(limit) {
				t.Fatalf("%+v of %d leaves %d, want %s", level, limit, level.left(limit), whole)
			}
		}
	})
}

// TestCountsTokens: whether anybody has to work out what a request is for depends on every
// rule.
func TestCountsTokens(t *testing.T) {
	requests, tokens := per("r", scope.User, 1, -1, -1), per("t", scope.Team, -1, 1, -1)
	for name, c := range map[string]struct {
		rules []Rule
		want  bool
	}{
		"none": {nil, false}, "requests": {[]Rule{requests}, false}, "tokens": {[]Rule{tokens}, true},
		"tokens first": {[]Rule{tokens, requests}, true}, "tokens last": {[]Rule{requests, tokens}, true},
	} {
		l, _ := limiter(t, c.rules...)
		if fresh := New(Options{Now: time.Now, Log: slog.New(slog.DiscardHandler)}); fresh.Active() || fresh.CountsTokens() || fresh.Close(t.Context()) != nil {
			t.Error("before there are rules")
		}
		if l.CountsTokens() != c.want || l.Active() != (len(c.rules) > 0) {
			t.Errorf("%s: %v, active %v", name, l.CountsTokens(), l.Active())
		}
	}
}

// TestNeverMoreThanTheRate makes requests at random times, at the highest rate that is
// let through and below. In no span of time pass more than a burst and what the span
// refills, and nothing is refused that a bucket without any rounding would let through.
func TestNeverMoreThanTheRate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.OneOf(rapid.Int64Range(1, 70), rapid.SampledFrom([]int64{7, 59, 61, 997, 1_000_003, 999_999_999_989})).Draw(t, "limit")
		tokens := rapid.Bool().Draw(t, "tokens")
		rule := per("r", scope.User, limit, -1, -1)
		if tokens {
			rule = per("r", scope.User, -1, limit, -1)
		}
		c := newClock()
		l := New(Options{Now: c.now, Log: slog.New(slog.DiscardHandler)})
		defer l.Close(context.Background())
		l.SetRules([]Rule{rule})
		type passed struct {
			at int64
			n  int64
		}
		var all []passed
		used := new(big.Rat) // of an exact bucket, in units
		step := time.Duration(minute/limit) * time.Microsecond
		start := c.now()
		for range rapid.IntRange(20, 120).Draw(t, "requests") {
			d := rapid.OneOf(rapid.Just(time.Duration(0)), rapid.SampledFrom([]time.Duration{step, step + time.Microsecond, step - time.Microsecond}), rapid.Map(rapid.Int64Range(0, 70_000_000), func(us int64) time.Duration {
				return time.Duration(us) * time.Microsecond
			})).Draw(t, "pause")
			d = max(d, 0)
			c.move(d)
			used.Sub(used, new(big.Rat).Mul(big.NewRat(d.Microseconds(), minute), big.NewRat(limit, 1)))
			if used.Sign() < 0 {
				used.SetInt64(0)
			}
			n := int64(1)
			if tokens {
				n = rapid.OneOf(rapid.Int64Range(1, limit), rapid.Int64Range(1, min(limit, 3))).Draw(t, "tokens")
			}
			err := spend(l, user("u"), n)
			with := new(big.Rat).Add(used, big.NewRat(n, 1))
			if fits := with.Cmp(big.NewRat(limit, 1)) <= 0; fits != (err == nil) {
				t.Fatalf("%d of %d with %s used: %v", n, limit, used, err)
			}
			if err == nil {
				used = with
				all = append(all, passed{c.now().Sub(start).Microseconds(), n})
				continue
			}
			// The wait is exact: a microsecond before its end it is too early.
			r := refusalOf(t, err)
			if r.Wait <= 0 || r.Wait > time.Minute {
				t.Fatalf("wait %v", r.Wait)
			}
			c.move(r.Wait - time.Microsecond)
			if err := spend(l, user("u"), n); err == nil {
				t.Fatal("passed before its time")
			}
			c.move(time.Microsecond)
			if err := spend(l, user("u"), n); err != nil {
				t.Fatalf("refused at its time: %v", err)
			}
			all = append(all, passed{c.now().Sub(start).Microseconds(), n})
			used.Sub(used, new(big.Rat).Mul(big.NewRat(r.Wait.Microseconds(), minute), big.NewRat(limit, 1)))
			if used.Sign() < 0 {
				used.SetInt64(0)
			}
			used.Add(used, big.NewRat(n, 1))
		}
		for i := range all {
			sum := new(big.Int)
			for _, p := range all[i:] {
				sum.Add(sum, big.NewInt(p.n))
				// sum <= limit + limit*span/minute
				most := new(big.Int).Mul(big.NewInt(limit), big.NewInt(minute+p.at-all[i].at))
				if new(big.Int).Mul(sum, big.NewInt(minute)).Cmp(most) > 0 {
					t.Fatalf("%s passed in %d us with a limit of %d", sum, p.at-all[i].at, limit)
				}
			}
		}
	})
}

func TestTokensAreSettled(t *testing.T) {
	room := func(tk *Ticket) int64 { return tk.Standing().Tokens.Remaining }
	for _, c := range []struct {
		name           string
		estimate, used int64
		taken, settled int64         // what remains of 1000
		wait           time.Duration // of a request of 1 token right after
	}{
		{name: "exactly", estimate: 400, used: 400, taken: 600, settled: 600},
		{name: "less", estimate: 400, used: 100, taken: 600, settled: 900},
		{name: "nothing", estimate: 400, used: 0, taken: 600, settled: 1000},
		{name: "more", estimate: 400, used: 700, taken: 600, settled: 300},
		{name: "all", estimate: 1000, used: 1000, taken: 0, settled: 0, wait: 60 * time.Millisecond},
		{name: "larger than the bucket", estimate: 5000, used: 1000, taken: 0, settled: 0, wait: 60 * time.Millisecond},
		{name: "into debt", estimate: 100, used: 1500, taken: 900, settled: 0, wait: 30*time.Second + 60*time.Millisecond},
		{name: "no estimate", estimate: 0, used: 10, taken: 999, settled: 990},
		{name: "absurd", estimate: 1, used: 1 << 60, taken: 999, settled: 0, wait: 24*time.Hour - time.Minute + 120*time.Millisecond},
	} {
		l, clk := limiter(t, per("r", scope.User, -1, 1000, -1))
		tk, err := admit(l, user("u"), model, c.estimate)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got := room(tk); got != c.taken {
			t.Errorf("%s: %d remain at admission, want %d", c.name, got, c.taken)
		}
		tk.Done(c.used)
		tk.Done(0) // the first counts
		if got := room(tk); got != c.settled {
			t.Errorf("%s: %d remain at the end, want %d", c.name, got, c.settled)
		}
		_, err = admit(l, user("u"), model, 1)
		if (c.wait > 0) != (err != nil) {
			t.Errorf("%s: the next request: %v", c.name, err)
		}
		if c.wait > 0 {
			if r := refusalOf(t, err); r.Wait != c.wait || r.Metric != Tokens || r.Limit != 1000 {
				t.Errorf("%s: %v, wait %v, want %v", c.name, r, r.Wait, c.wait)
			}
			clk.move(c.wait)
			if _, err := admit(l, user("u"), model, 1); err != nil {
				t.Errorf("%s: after the wait: %v", c.name, err)
			}
		}
	}
}

// TestAHugeRequestPassesWhenAllIsThere: an estimate above the limit is not refused for
// ever, only until the bucket is full.
func TestAHugeRequestPassesWhenAllIsThere(t *testing.T) {
	l, c := limiter(t, per("r", scope.User, -1, 1000, -1))
	if err := spend(l, user("u"), 1); err != nil {
		t.Fatal(err)
	}
	_, err := admit(l, user("u"), model, 1_000_000)
	if r := refusalOf(t, err); r.Wait != 60*time.Millisecond {
		t.Errorf("wait %v", r.Wait)
	}
	c.move(60 * time.Millisecond)
	if _, err := admit(l, user("u"), model, 1_000_000); err != nil {
		t.Error(err)
	}
}

// TestWhatIsGivenBack says what each way of ending leaves taken of 10 requests, 1000
// tokens and 3 slots.
func TestWhatIsGivenBack(t *testing.T) {
	for name, c := range map[string]struct {
		end              func(*Ticket)
		requests, tokens int64
	}{
		"refused by tollgate":         {end: func(tk *Ticket) { tk.Done(0) }, requests: 10, tokens: 1000},
		"refused, with a count":       {end: func(tk *Ticket) { tk.Done(77) }, requests: 10, tokens: 1000},
		"failed upstream":             {end: func(tk *Ticket) { tk.Reached(); tk.Done(0) }, requests: 9, tokens: 1000},
		"failed upstream after work":  {end: func(tk *Ticket) { tk.Reached(); tk.Done(40) }, requests: 9, tokens: 960},
		"answered":                    {end: func(tk *Ticket) { tk.Reached(); tk.Done(300) }, requests: 9, tokens: 700},
		"answered at the second try":  {end: func(tk *Ticket) { tk.Reached(); again(t, tk, model); tk.Reached(); tk.Done(300) }, requests: 9, tokens: 700},
		"refused at the second try":   {end: func(tk *Ticket) { again(t, tk, model); tk.Done(300) }, requests: 10, tokens: 1000},
		"went on elsewhere":           {end: func(tk *Ticket) { again(t, tk, other); tk.Reached(); tk.Done(300) }, requests: 10, tokens: 1000},
		"failed and went elsewhere":   {end: func(tk *Ticket) { tk.Reached(); again(t, tk, other); tk.Reached(); tk.Done(300) }, requests: 9, tokens: 1000},
		"elsewhere and back":          {end: func(tk *Ticket) { tk.Reached(); again(t, tk, other); again(t, tk, model); tk.Reached(); tk.Done(300) }, requests: 9, tokens: 700},
		"elsewhere and back, refused": {end: func(tk *Ticket) { again(t, tk, other); again(t, tk, model); tk.Done(300) }, requests: 10, tokens: 1000},
	} {
		t.Run(name, func(t *testing.T) {
			l, _ := limiter(t, per("r", scope.User, 10, 1000, 3, "m"))
			tk := l.Ticket()
			if err := tk.Admit(t.Context(), user("u"), model, 100); err != nil {
				t.Fatal(err)
			}
			c.end(&tk)
			probe, err := admit(l, user("u"), model, 1)
			if err != nil {
				t.Fatal(err)
			}
			s := probe.Standing()
			if s.Requests.Remaining != c.requests-1 || s.Tokens.Remaining != c.tokens-1 {
				t.Errorf("left %d requests and %d tokens, want %d and %d", s.Requests.Remaining+1, s.Tokens.Remaining+1, c.requests, c.tokens)
			}
			for range 2 { // with the probe all three slots
				if _, err := admit(l, user("u"), model, 1); err != nil {
					t.Errorf("a slot was not given back: %v", err)
				}
			}
			if r := refusalOf(t, func() error { _, err := admit(l, user("u"), model, 1); return err }()); r.Metric != Concurrent || r.Wait != time.Second || r.Limit != 3 {
				t.Errorf("%v, wait %v", r, r.Wait)
			}
		})
	}
}

var other = scope.Target{Model: "other", Deployment: "p/other"}

func again(t *testing.T, tk *Ticket, target scope.Target) {
	t.Helper()
	if err := tk.Admit(t.Context(), user("u"), target, 100); err != nil {
		t.Fatal(err)
	}
}

// TestARuleIsLeftWithItsModel: a slot and the tokens of a rule for one model are free
// again as soon as the request goes on at another.
func TestARuleIsLeftWithItsModel(t *testing.T) {
	l, _ := limiter(t, per("narrow", scope.User, 5, 100, 1, "m"), per("wide", scope.User, 5, -1, -1))
	tk := l.Ticket()
	if err := tk.Admit(t.Context(), user("u"), model, 100); err != nil {
		t.Fatal(err)
	}
	tk.Reached()
	if s := tk.Standing(); s.Requests.Remaining != 4 || s.Tokens.Remaining != 0 {
		t.Errorf("%+v", s)
	}
	again(t, &tk, other)
	if s := tk.Standing(); s.Tokens != nil || s.Requests.Remaining != 4 {
		t.Errorf("a rule that is left behind is still told: %+v", s)
	}
	if _, err := admit(l, user("u"), model, 100); err != nil {
		t.Errorf("the narrow rule is still taken: %v", err)
	}
	tk.Done(0)
}

// TestAllOrNone: a request that one rule refuses takes nothing of the others.
func TestAllOrNone(t *testing.T) {
	l, _ := limiter(t, per("u", scope.User, 100, 100, 100), per("g", scope.Gateway, 1, -1, -1))
	if err := spend(l, user("a"), 10); err != nil {
		t.Fatal(err)
	}
	for range 50 {
		r := refusalOf(t, spend(l, user("b"), 10))
		if r.Rule.ID != "g" || r.Account.Kind != scope.Gateway || r.Metric != Requests {
			t.Fatalf("refused by %v", r)
		}
		if s := r.Standing; s.Requests.Limit != 1 || s.Requests.Remaining != 0 || s.Tokens.Remaining != 100 {
			t.Fatalf("standing %+v %+v", s.Requests, s.Tokens)
		}
	}
	l.SetRules([]Rule{per("u", scope.User, 100, 100, 100)})
	tk, err := admit(l, user("b"), model, 1)
	if err != nil {
		t.Fatal(err)
	}
	if s := tk.Standing(); s.Requests.Remaining != 99 || s.Tokens.Remaining != 99 {
		t.Errorf("what was refused took: %+v %+v", s.Requests, s.Tokens)
	}
}

// TestWhoseLimit: each kind, each by itself, named ones in the place of the general.
func TestWhoseLimit(t *testing.T) {
	all := []scope.Account{{Kind: scope.EndUser, ID: "e"}, {Kind: scope.Key, ID: "k"}, {Kind: scope.Member, ID: "t/u"}, {Kind: scope.User, ID: "u"}, {Kind: scope.Tag, ID: "g"}, {Kind: scope.Team, ID: "t"}, {Kind: scope.Org, ID: "o"}, {Kind: scope.Gateway}}
	for i, kind := range scope.Kinds() {
		l, _ := limiter(t, per("r", kind, 1, -1, -1))
		if err := spend(l, all, 0); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		r := refusalOf(t, spend(l, all, 0))
		if r.Account != all[i] {
			t.Errorf("%s: whose: %+v", kind, r.Account)
		}
		others := append([]scope.Account{}, all...)
		if kind != scope.Gateway {
			others[i].ID = "x"
			if err := spend(l, others, 0); err != nil {
				t.Errorf("%s: another one shares it: %v", kind, err)
			}
		}
	}
	// A named rule stands in for the one for each, also with more and with 0.
	l, _ := limiter(t, per("each", scope.User, 1, -1, -1), of(scope.User, "vip", per("vip", scope.User, 3, -1, -1)), of(scope.User, "out", per("out", scope.User, 0, -1, -1)),
		of(scope.User, "half", per("half", scope.User, 2, -1, -1, "x")))
	for who, want := range map[string]int{"u": 1, "vip": 3, "out": 0, "half": 1} {
		n := 0
		for spend(l, user(who), 0) == nil {
			n++
		}
		if n != want {
			t.Errorf("%s: %d passed, want %d", who, n, want)
		}
	}
}

func TestZeroLetsNothingPass(t *testing.T) {
	for m, rule := range map[Metric]Rule{Requests: per("r", scope.User, 0, -1, -1), Tokens: per("r", scope.User, -1, 0, -1), Concurrent: per("r", scope.User, -1, -1, 0)} {
		l, c := limiter(t, rule)
		for range 3 {
			r := refusalOf(t, spend(l, user("u"), 1))
			if r.Wait != 0 || r.Metric != m || r.Limit != 0 || r.Rule.ID != "r" || r.Account.ID != "u" {
				t.Errorf("%s: %v, wait %v", m, r, r.Wait)
			}
			s := r.Standing
			if room := map[Metric]*Room{Requests: s.Requests, Tokens: s.Tokens}[m]; m != Concurrent && (room == nil || room.Limit != 0 || room.Remaining != 0 || room.Reset != 0) {
				t.Errorf("%s: standing %+v", m, room)
			}
			c.move(time.Hour)
		}
	}
}

// TestTheRefusalIsOfWhatHasNoRoom: of the rule and the metric that have room last, and of
// none that had room.
func TestTheRefusalIsOfWhatHasNoRoom(t *testing.T) {
	l, _ := limiter(t, per("wide", scope.User, 1000, 1000, 10), per("narrow", scope.User, 120, -1, -1))
	for range 120 {
		if err := spend(l, user("u"), 1); err != nil {
			t.Fatal(err)
		}
	}
	if r := refusalOf(t, spend(l, user("u"), 1)); r.Rule.ID != "narrow" || r.Metric != Requests || r.Wait != time.Second/2 {
		t.Errorf("%v, wait %v", r, r.Wait)
	}
	if r := refusalOf(t, spend(l, user("u"), 1000)); r.Rule.ID != "wide" || r.Metric != Tokens || r.Wait != 120*time.Minute/1000 {
		t.Errorf("%v, wait %v", r, r.Wait)
	}
}

// TestTidyKeepsWhatIsNotFull: what was taken is taken, however long the process has run.
func TestTidyKeepsWhatIsNotFull(t *testing.T) {
	l, c := limiter(t, per("r", scope.User, 1, -1, -1))
	c.move(time.Hour)
	if err := spend(l, user("u"), 0); err != nil {
		t.Fatal(err)
	}
	c.move(time.Minute - time.Microsecond)
	_ = l.here.Tidy(t.Context())
	if r := refusalOf(t, spend(l, user("u"), 0)); r.Wait != time.Microsecond {
		t.Errorf("wait %v", r.Wait)
	}
}

// TestTheClockIsSet: back, a caller waits no longer than a full minute and no more
// passes than without; forward, one burst passes.
func TestTheClockIsSet(t *testing.T) {
	for _, jump := range []time.Duration{-time.Second, -time.Minute, -time.Hour, -365 * 24 * time.Hour} {
		l, c := limiter(t, per("r", scope.User, 10, -1, -1))
		burst(t, l, 10)
		c.move(jump)
		if n := burst(t, l, -1); n != 0 {
			t.Errorf("%v: %d passed", jump, n)
		}
		c.move(30 * time.Second)
		if n := burst(t, l, -1); n != 5 {
			t.Errorf("%v: %d passed in half a minute, want 5", jump, n)
		}
		c.move(time.Minute)
		if n := burst(t, l, -1); n != 10 {
			t.Errorf("%v: %d passed after a minute, want 10", jump, n)
		}
	}
	l, c := limiter(t, per("r", scope.User, 10, -1, -1))
	burst(t, l, 10)
	for range 5 {
		c.move(time.Hour)
		if n := burst(t, l, -1); n != 10 {
			t.Errorf("%d passed, want one burst", n)
		}
		c.move(-time.Hour)
		if n := burst(t, l, -1); n != 0 {
			t.Errorf("%d passed after the clock was set back", n)
		}
	}
}

// burst makes requests until one is refused; want below 0 checks nothing.
func burst(t *testing.T, l *Limiter, want int) int {
	t.Helper()
	n := 0
	for spend(l, user("u"), 0) == nil {
		n++
	}
	if want >= 0 && n != want {
		t.Fatalf("%d passed, want %d", n, want)
	}
	return n
}

// TestLimitsThatChange: raising and lowering a limit keeps the share that is used;
// slots in use count under the new limit.
func TestLimitsThatChange(t *testing.T) {
	l, _ := limiter(t, per("r", scope.User, 10, -1, 4))
	var running []*Ticket
	for range 4 {
		tk, err := admit(l, user("u"), model, 0)
		if err != nil {
			t.Fatal(err)
		}
		running = append(running, tk)
	}
	l.SetRules([]Rule{per("r", scope.User, 1000, -1, 2)})
	if r := refusalOf(t, spend(l, user("u"), 0)); r.Metric != Concurrent || r.Standing.Requests.Remaining != 600 {
		t.Errorf("%v, %+v", r, r.Standing.Requests)
	}
	for _, tk := range running[:3] {
		tk.Done(0)
	}
	if tk, err := admit(l, user("u"), model, 0); err != nil {
		t.Error(err)
	} else if tk.Done(0); tk.Standing().Requests.Remaining != 599 {
		t.Errorf("%+v", tk.Standing().Requests)
	}
	l.SetRules(nil)
	if l.Active() || spend(l, user("u"), 0) != nil {
		t.Error("no rules, and yet a limit")
	}
	running[3].Done(0)
	if got := l.Rules(); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

// TestExactlyNAtOnce: of 500 calls at the same time as many pass as fit.
func TestExactlyNAtOnce(t *testing.T) {
	for _, rule := range []Rule{per("r", scope.User, 37, -1, -1), per("r", scope.User, -1, 370, -1), per("r", scope.User, -1, -1, 37)} {
		l, _ := limiter(t, rule, per("wide", scope.Gateway, 1000, 1_000_000, 1000))
		var passed atomic.Int64
		var all sync.WaitGroup
		for range 500 {
			all.Go(func() {
				if _, err := admit(l, user("u"), model, 10); err == nil {
					passed.Add(1)
				}
			})
		}
		all.Wait()
		if passed.Load() != 37 {
			t.Errorf("%v: %d passed", rule.ID, passed.Load())
		}
	}
}

// TestTheMill runs requests over shared buckets in every order, refusals and all. It
// ends, nothing stays in use, and what was refused took nothing.
func TestTheMill(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	var rules []Rule
	for i, k := range scope.Kinds() {
		rules = append(rules, per(fmt.Sprintf("z%d", 9-i), k, 1_000_000, 1_000_000_000, int64(3+i)))
	}
	l, _ := limiter(t, rules...)
	var all sync.WaitGroup
	var passed, requests atomic.Int64
	for w := range 16 {
		r := rand.New(rand.NewPCG(seed, uint64(w)))
		all.Go(func() {
			for range 500 {
				id := func() string { return string(rune('a' + r.IntN(3))) }
				accounts := []scope.Account{{Kind: scope.Gateway}, {Kind: scope.Team, ID: id()}, {Kind: scope.Tag, ID: "1" + id()}, {Kind: scope.Tag, ID: "2" + id()}, {Kind: scope.User, ID: id()}, {Kind: scope.Key, ID: id()}, {Kind: scope.EndUser, ID: id()}}
				r.Shuffle(len(accounts), func(i, j int) { accounts[i], accounts[j] = accounts[j], accounts[i] })
				requests.Add(1)
				tk, err := admit(l, accounts, model, 10)
				if err != nil {
					continue
				}
				passed.Add(1)
				if r.IntN(2) == 0 {
					time.Sleep(time.Duration(r.IntN(50)) * time.Microsecond)
				}
				tk.Done(10)
			}
		})
	}
	all.Wait()
	tk, err := admit(l, []scope.Account{{Kind: scope.Gateway}}, model, 10)
	if err != nil {
		t.Fatal(err)
	}
	tk.Done(10)
	if got := 1_000_000 - tk.Standing().Requests.Remaining; got != passed.Load()+1 {
		t.Errorf("%d counted, %d passed", got, passed.Load()+1)
	}
	l.here.buckets.Range(func(name, v any) bool {
		if b := v.(*bucket); b.state.Running != 0 {
			t.Errorf("%v: %d in use", name, b.state.Running)
		}
		return true
	})
	t.Logf("%d of %d passed", passed.Load(), requests.Load())
}

// TestMemoryIsBounded: a hundred thousand end users leave nothing behind.
func TestMemoryIsBounded(t *testing.T) {
	const users = 100_000
	l, c := limiter(t, per("r", scope.EndUser, 60, -1, -1), of(scope.EndUser, "0", per("one", scope.EndUser, 60, 1000, 1)))
	for i := range users {
		if err := spend(l, []scope.Account{{Kind: scope.EndUser, ID: fmt.Sprint(i)}}, 5); err != nil {
			t.Fatal(err)
		}
	}
	if n := l.here.count.Load(); n != users+2 {
		t.Errorf("%d buckets", n)
	}
	running, err := admit(l, []scope.Account{{Kind: scope.EndUser, ID: "0"}}, model, 5)
	if err != nil {
		t.Fatal(err)
	}
	c.move(time.Second)
	_ = l.here.Tidy(t.Context())
	if n := l.here.count.Load(); n != 2 { // its slot, and its two requests of which one has refilled
		t.Errorf("%d buckets when all but those in use are full", n)
	}
	running.Done(5)
	c.move(2 * time.Second)
	_ = l.here.Tidy(t.Context())
	left := 0
	l.here.buckets.Range(func(any, any) bool { left++; return true })
	if n := l.here.count.Load(); n != 0 || left != 0 {
		t.Errorf("%d buckets at the end, %d in the map", n, left)
	}
}

// TestNoRoomForMore: accounts without a bucket of their own share one, and are never
// without a limit.
func TestNoRoomForMore(t *testing.T) {
	l, c := limiter(t, per("r", scope.EndUser, 2, -1, 3))
	l.here.most = 10
	end := func(i int) []scope.Account { return []scope.Account{{Kind: scope.EndUser, ID: fmt.Sprint(i)}} }
	var first, running []*Ticket
	for i := range 5 {
		tk, err := admit(l, end(i), model, 0)
		if err != nil {
			t.Fatal(err)
		}
		first = append(first, tk)
	}
	for i := 5; i < 1000; i++ {
		if tk, err := admit(l, end(i), model, 0); err == nil {
			running = append(running, tk)
		} else if r := refusalOf(t, err); r.Account.ID != fmt.Sprint(i) {
			t.Fatalf("refused as %v", r.Account)
		}
	}
	if len(running) != 2 {
		t.Errorf("%d passed through the shared bucket of 2", len(running))
	}
	if n := l.here.count.Load(); n > 12 {
		t.Errorf("%d buckets", n)
	}
	for _, tk := range append(first, running...) {
		tk.Done(0)
	}
	if err := spend(l, end(0), 0); err != nil {
		t.Errorf("who has a bucket keeps it: %v", err)
	}
	c.move(2 * time.Minute)
	_ = l.here.Tidy(t.Context())
	if err := spend(l, end(999), 0); err != nil {
		t.Errorf("when there is room again: %v", err)
	}
	if n := l.here.count.Load(); n != 2 {
		t.Errorf("%d buckets", n)
	}
}

// stateOf is where a bucket of a limit stands.
func (s *local) stateOf(name Bucket, limit int64) State {
	b := s.lock(name)
	defer b.mu.Unlock()
	b.advance(s.micros(), limit)
	return b.state
}

// TestTagsWithoutRoom: a call may have several tags, of which none, some or all have a bucket
// of their own. It counts once in the one that the others share, and no two calls wait for
// each other.
func TestTagsWithoutRoom(t *testing.T) {
	tags := func(names ...string) (all []scope.Account) {
		for _, name := range names {
			all = append(all, scope.Account{Kind: scope.Tag, ID: name})
		}
		return all
	}
	within := func(what string, do func()) {
		t.Helper()
		done := make(chan struct{})
		go func() { defer close(done); do() }()
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			panic(what + ": they wait for ever") // as the end of the test would
		}
	}
	l, _ := limiter(t, per("r", scope.Tag, 3, 30, 2))
	l.here.most = 0
	within("one call after the other", func() {
		var running []*Ticket
		for i := range 2 {
			tk, err := admit(l, tags("a", "b", "c"), model, 10)
			if err != nil {
				t.Fatalf("call %d: %v", i+1, err)
			}
			running = append(running, tk)
		}
		_, err := admit(l, tags("d", "e"), model, 10)
		if r := refusalOf(t, err); r.Metric != Concurrent || r.Account.ID != "d" {
			t.Errorf("refused for %v of %v", r.Metric, r.Account)
		}
		for _, tk := range running {
			tk.Done(5)
		}
		if s := l.here.stateOf(Bucket{"r", Tokens, rest}, 30); s.Level.left(30) != 20 {
			t.Errorf("%d of 30 tokens are left when two calls have used 5 each", s.Level.left(30))
		}
		if err := spend(l, tags("a", "b"), 20); err != nil {
			t.Errorf("the third of 3 calls: %v", err)
		}
		if s := l.here.stateOf(Bucket{"r", Concurrent, rest}, 2); s.Running != 0 {
			t.Errorf("%d run when none does", s.Running)
		}
	})

	l, _ = limiter(t, per("r", scope.Tag, 1_000_000_000, -1, 1_000_000))
	l.here.most = 2
	if err := spend(l, tags("b"), 0); err != nil { // which has its buckets from now on
		t.Fatal(err)
	}
	within("many at once", func() {
		var all sync.WaitGroup
		for _, names := range [][]string{{"a", "b"}, {"b", "c"}, {"a", "b", "c"}} {
			all.Go(func() {
				for range 5000 {
					if err := spend(l, tags(names...), 0); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		all.Wait()
	})
}

// TestTidyMeetsTakes: buckets that are forgotten while requests look for them are
// neither lost nor counted twice.
func TestTidyMeetsTakes(t *testing.T) {
	l, c := limiter(t, per("r", scope.User, 1_000_000_000, -1, 1_000_000))
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 2000 {
				if err := spend(l, user("u"), 0); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Go(func() {
		for range 500 {
			c.move(time.Second)
			_ = l.here.Tidy(t.Context())
		}
	})
	all.Wait()
	c.move(time.Minute)
	_ = l.here.Tidy(t.Context())
	if n := l.here.count.Load(); n != 0 {
		t.Errorf("%d buckets", n)
	}
}

// TestWithoutRulesNothingIsAllocated: neither with no rules at all nor with rules for
// others.
func TestWithoutRulesNothingIsAllocated(t *testing.T) {
	for name, rules := range map[string][]Rule{
		"none":   nil,
		"others": {of(scope.User, "x", per("r", scope.User, 1, 1, 1)), per("t", scope.Team, 1, 1, 1), per("k", scope.Key, 1, -1, -1, "x")},
	} {
		l, _ := limiter(t, rules...)
		accounts := user("u")
		if n := testing.AllocsPerRun(100, func() {
			tk := l.Ticket()
			if err := tk.Admit(context.Background(), accounts, model, 5); err != nil {
				t.Error(err)
			}
			tk.Reached()
			if s := tk.Standing(); s != (Standing{}) || tk.CountsTokens() {
				t.Errorf("%s: %+v", name, s)
			}
			tk.Done(5)
		}); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// TestStandingIsTheTightest: of several rules the one is told of which the smallest
// share is left.
func TestStandingIsTheTightest(t *testing.T) {
	l, _ := limiter(t, per("a", scope.User, 100, 10_000, -1), per("b", scope.Gateway, 4, 1_000_000, -1))
	tk, err := admit(l, user("u"), model, 5000)
	if err != nil {
		t.Fatal(err)
	}
	tk.Done(5000)
	s := tk.Standing()
	if s.Requests.Limit != 4 || s.Requests.Remaining != 3 || s.Requests.Reset != 15*time.Second {
		t.Errorf("requests %+v", s.Requests)
	}
	if s.Tokens.Limit != 10_000 || s.Tokens.Remaining != 5000 || s.Tokens.Reset != 30*time.Second {
		t.Errorf("tokens %+v", s.Tokens)
	}
}
