// Package limitstest holds what every store of rate limits must do, for tests of the
// stores: the same suite for each, over a real server.
//
// It imports gateway/limits and testing. It knows no server: how one is reached, and
// how its clock and its leases are moved, the tests of a store tell it.
package limitstest

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tollgate/accounting/scope"
	"tollgate/gateway/limits"
)

// Server is a store under test.
type Server struct {
	Open   func(t *testing.T) limits.Backend // another connection to the same buckets
	Expire func(t *testing.T)                // ends the lease of every slot
	Later  func(t *testing.T, d time.Duration)
	// Later changes what was written so as if the server's clock had been so much further
	// when it was.
	Count func(t *testing.T) int // rows or keys that are kept
}

// patience is for calls of a store on a busy machine; the limiter's own is shorter.
const patience = 20 * time.Second

type run struct {
	t *testing.T
	limits.Backend
}

func (r run) take(slot string, asks ...limits.Ask) (bool, []limits.State) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	ok, before, err := r.Take(ctx, asks, slot)
	if err != nil || len(before) != len(asks) {
		r.t.Fatalf("taking: %v, %d states", err, len(before))
	}
	return ok, before
}

func (r run) put(slot string, changes ...limits.Change) []limits.State {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	after, err := r.Put(ctx, changes, slot)
	if err != nil || len(after) != len(changes) {
		r.t.Fatalf("putting: %v, %d states", err, len(after))
	}
	return after
}

func rate(name string, limit, units int64) limits.Ask {
	return limits.Ask{Bucket: limits.Bucket{Rule: name, Metric: limits.Tokens, Account: scope.Account{Kind: scope.User, ID: "u"}}, Limit: limit, Units: units}
}

func slot(name string, limit int64) limits.Ask {
	return limits.Ask{Bucket: limits.Bucket{Rule: name, Metric: limits.Concurrent, Account: scope.Account{Kind: scope.User, ID: "u"}}, Limit: limit, Units: 1}
}

func change(a limits.Ask, units int64) limits.Change {
	return limits.Change{Bucket: a.Bucket, Limit: a.Limit, Units: units}
}

// near says that a level is what is wanted, less the time that passed since.
func (r run) near(what string, got limits.Level, want, slack int64) {
	r.t.Helper()
	if got.Micros > want || got.Micros < want-slack {
		r.t.Errorf("%s: level %+v, want %d less at most %d", what, got, want, slack)
	}
}

// Run runs the suite. Each part uses buckets of its own.
func Run(t *testing.T, s Server) {
	open := func(t *testing.T) run {
		t.Helper()
		b := s.Open(t)
		t.Cleanup(func() {
			if err := b.Close(); err != nil {
				t.Error(err)
			}
		})
		return run{t, b}
	}

	t.Run("a burst", func(t *testing.T) {
		r := open(t)
		for _, limit := range []int64{1, 3, 7} { // the first comes back after 60, 20 and 8.6 s
			began := time.Now()
			for i := range limit + 2 {
				ok, before := r.take("", rate(fmt.Sprint("burst", limit), limit, 1))
				if ok != (i < limit) {
					t.Errorf("%d of %d: %v", i+1, limit, ok)
				}
				r.near("burst", before[0].Level, limits.Empty*min(i, limit)/limit+1, time.Since(began).Microseconds()+1)
			}
		}
	})

	t.Run("it refills", func(t *testing.T) {
		r := open(t)
		const limit = 60_000 // a unit a millisecond
		began := time.Now()
		if ok, _ := r.take("", rate("refill", limit, limit)); !ok {
			t.Fatal("refused")
		}
		passed := int64(0)
		for time.Since(began) < 300*time.Millisecond {
			if ok, _ := r.take("", rate("refill", limit, 1)); ok {
				passed++
			}
		}
		if most := time.Since(began).Milliseconds() + 1; passed > most || passed == 0 {
			t.Errorf("%d passed in %d ms", passed, most)
		}
	})

	t.Run("parts of a microsecond", func(t *testing.T) {
		r := open(t)
		a := rate("parts", 999_999_999_989, 333_333_333_333)
		for i := range 4 {
			ok, before := r.take("", a)
			if ok != (i < 3) || before[0].Level.Part < 0 || before[0].Level.Part >= a.Limit || i == 1 && before[0].Level.Part != a.Cost().Part {
				t.Errorf("%d: %v, %+v", i, ok, before[0].Level)
			}
		}
	})

	t.Run("all or none", func(t *testing.T) {
		r := open(t)
		full, empty, room := rate("all1", 10, 3), rate("all2", 1, 1), slot("all3", 5)
		if ok, _ := r.take("a", empty); !ok {
			t.Fatal("refused")
		}
		for range 20 {
			ok, before := r.take("a", full, empty, room)
			if ok || before[0].Level != (limits.Level{}) || before[2].Running != 0 {
				t.Fatalf("%v, %+v", ok, before)
			}
		}
		if ok, before := r.take("a", full, room); !ok || before[0].Level != (limits.Level{}) || before[1].Running != 0 {
			t.Errorf("%v, %+v", ok, before)
		}
	})

	t.Run("giving back and debt", func(t *testing.T) {
		r := open(t)
		a := rate("back", 100, 40) // 0.6 s a unit
		began := time.Now()
		since := func() int64 { return time.Since(began).Microseconds() + 1 }
		r.take("", a)
		r.near("less", r.put("", change(a, -10))[0].Level, 18_000_000, since())
		r.near("more", r.put("", change(a, 120))[0].Level, 90_000_000, since())
		r.near("nothing", r.put("", change(a, 0))[0].Level, 90_000_000, since())
		if ok, _ := r.take("", rate("back", 100, 1)); ok {
			t.Error("passed in debt")
		}
		r.near("the deepest", r.put("", change(a, 1<<60))[0].Level, limits.Deepest, since())
		if got := r.put("", change(a, -(1<<60)))[0].Level; got.Micros > limits.Empty {
			t.Errorf("after a day was given back: %+v", got)
		}
		r.put("", change(a, -100))
		if got := r.put("", change(a, -100))[0].Level; got != (limits.Level{}) {
			t.Errorf("more than full: %+v", got)
		}
		if ok, before := r.take("", rate("back", 100, 100)); !ok || before[0].Level != (limits.Level{}) {
			t.Errorf("a full bucket: %v, %+v", ok, before)
		}
		if got := r.put("", change(rate("never", 10, 1), -5))[0].Level; got != (limits.Level{}) {
			t.Errorf("giving back to a bucket that nobody used: %+v", got)
		}
	})

	t.Run("a limit that is lowered", func(t *testing.T) {
		r := open(t)
		r.take("", rate("lower", 1_000_003, 500_002))
		ok, before := r.take("", rate("lower", 3, 1))
		if !ok || before[0].Level.Part >= 3 {
			t.Errorf("%v, %+v", ok, before)
		}
		if ok, _ := r.take("", rate("lower", 3, 1)); ok {
			t.Error("half was used, and two thirds more passed")
		}
	})

	t.Run("slots", func(t *testing.T) {
		r := open(t)
		a := slot("slots", 3)
		for i := range 5 {
			ok, before := r.take(fmt.Sprint("s", i), a)
			if ok != (i < 3) || before[0].Running != int64(min(i, 3)) {
				t.Errorf("%d: %v, %+v", i, ok, before)
			}
		}
		r.put("s7", change(a, 0)) // of somebody who has none
		if ok, _ := r.take("s8", a); ok {
			t.Error("somebody else's end gave a slot back")
		}
		r.put("s1", change(a, 0))
		r.put("s1", change(a, 0)) // twice is once
		for range 3 {             // and so is taking
			if ok, before := r.take("s2", a); !ok || before[0].Running != 2 {
				t.Errorf("taken again: %v, %+v", ok, before)
			}
		}
		if ok, before := r.take("s5", a); !ok || before[0].Running != 2 {
			t.Errorf("after one was given back: %v, %+v", ok, before)
		}
		s.Expire(t)
		if ok, before := r.take("s6", a); !ok || before[0].Running != 0 {
			t.Errorf("after their leases have ended: %v, %+v", ok, before)
		}
		// Those that still run are renewed, whether they are known or not.
		if err := r.Renew(t.Context(), []limits.Slot{{Bucket: a.Bucket, ID: "s0"}, {Bucket: a.Bucket, ID: "s2"}}); err != nil {
			t.Fatal(err)
		}
		if ok, before := r.take("s9", a); ok || before[0].Running != 3 {
			t.Errorf("after the renewal: %v, %+v", ok, before)
		}
	})

	t.Run("many slots are renewed", func(t *testing.T) {
		r := open(t)
		a := slot("many", 10_000)
		var all []limits.Slot
		for i := range 2500 {
			all = append(all, limits.Slot{Bucket: a.Bucket, ID: fmt.Sprintf("m%05d", i)})
		}
		if err := r.Renew(t.Context(), all); err != nil {
			t.Fatal(err)
		}
		if _, before := r.take("x", a); before[0].Running != 2500 {
			t.Errorf("%+v", before)
		}
	})

	t.Run("the clock is set back", func(t *testing.T) {
		r := open(t)
		a := rate("clock", 4, 1)
		for range 4 {
			r.take("", a)
		}
		s.Later(t, time.Hour)
		if ok, before := r.take("", a); ok || before[0].Level.Micros > limits.Empty {
			t.Errorf("%v, %+v", ok, before)
		}
		s.Later(t, -20*time.Second) // as if they had passed since
		if ok, before := r.take("", a); !ok {
			t.Errorf("%v, %+v: frozen", ok, before)
		}
	})

	t.Run("names", func(t *testing.T) {
		r := open(t)
		for _, id := range []string{"", "\x00", "a\x00b", "it's", `"`, "}{", "ü\u2028", "%", "a b", `\`, "\xff", string(make([]byte, 256))} {
			a := limits.Ask{Bucket: limits.Bucket{Rule: "names", Account: scope.Account{Kind: scope.EndUser, ID: id}}, Limit: 1, Units: 1}
			first, _ := r.take("", a)
			second, _ := r.take("", a)
			if !first || second {
				t.Errorf("%q: %v, %v", id, first, second)
			}
		}
	})

	t.Run("exactly N over three connections", func(t *testing.T) {
		nodes := []run{open(t), open(t), open(t)}
		var passed, running atomic.Int64
		var all sync.WaitGroup
		for i := range 300 {
			all.Go(func() {
				r := nodes[i%3]
				if ok, _ := r.take("", rate("n1", 7, 1), rate("n2", 1_000_000, 1)); ok {
					passed.Add(1)
				}
				if ok, _ := r.take(fmt.Sprint("n", i), slot("n3", 11)); ok {
					running.Add(1)
				}
			})
		}
		began := time.Now()
		all.Wait()
		if most := 7 + 1 + int64(time.Since(began)/(60*time.Second/7)); passed.Load() < 7 || passed.Load() > most || running.Load() != 11 {
			t.Errorf("%d of 7 passed, %d of 11 run", passed.Load(), running.Load())
		}
	})

	// Rows in every order from every side, given back at once: no deadlock, nothing lost.
	t.Run("the mill", func(t *testing.T) {
		nodes := []run{open(t), open(t), open(t)}
		var all sync.WaitGroup
		for w := range 12 {
			all.Go(func() {
				r := nodes[w%3]
				for i := range 30 {
					name := fmt.Sprintf("mill%d-%d", w, i)
					asks := []limits.Ask{rate(fmt.Sprint("mill", i%2), 1_000_000, 10), slot(fmt.Sprint("mill", i%2), 1000), rate("mill2", 1_000_000, 10), slot("mill2", 1000)}
					if ok, _ := r.take(name, asks...); !ok {
						t.Error("refused")
						return
					}
					if i%7 == 0 {
						if err := r.Renew(context.Background(), []limits.Slot{{Bucket: asks[1].Bucket, ID: name}, {Bucket: asks[3].Bucket, ID: name}}); err != nil {
							t.Error(err)
						}
					}
					r.put(name, change(asks[0], -10), change(asks[1], 0), change(asks[2], -10), change(asks[3], 0))
				}
			})
		}
		all.Wait()
		for _, name := range []string{"mill0", "mill1", "mill2"} {
			if _, before := nodes[0].take("end", rate(name, 1_000_000, 1), slot(name, 1000)); before[0].Level != (limits.Level{}) || before[1].Running != 0 {
				t.Errorf("%s: %+v", name, before)
			}
		}
	})

	t.Run("what is full is forgotten", func(t *testing.T) {
		r := open(t)
		for i := range 1100 {
			r.take(fmt.Sprint("f", i), rate(fmt.Sprint("forget", i), 60_000, 1))
		}
		r.take("f", rate("kept", 1, 1), slot("kept", 1))
		s.Later(t, -2*time.Second)
		if err := r.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		before := s.Count(t)
		for until := time.Now().Add(5 * time.Second); before > 100 && time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
			before = s.Count(t)
		}
		if before > 100 {
			t.Errorf("%d are kept", before)
		}
		if ok, _ := r.take("g", rate("kept", 1, 1)); ok {
			t.Error("one that was not full was forgotten")
		}
		if ok, _ := r.take("g", slot("kept", 1)); ok {
			t.Error("a slot in use was forgotten")
		}
	})
}
