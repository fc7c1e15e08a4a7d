package balancer

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"tollgate/gateway/catalog"
	"tollgate/providers"
)

func named(n int) []*catalog.Deployment {
	var out []*catalog.Deployment
	for i := range n {
		out = append(out, at(fmt.Sprintf("gpu%d", i)))
	}
	return out
}

func picked(b *Balancer, tier []catalog.Choice, s Session) string {
	return tier[b.Pick(tier, s)].Candidate.Of().ID
}

// TestConversationsStay is the property of affinity: the same conversation goes to the
// same engine on every replica and in whatever order the engines stand; when one comes or
// goes, only those conversations move that it takes or held, which are its share.
func TestConversationsStay(t *testing.T) {
	r := seeded(t)
	const many = 4000
	for n := 2; n <= 8; n++ {
		all := named(n + 1)
		few, more := tierOf(catalog.BalanceSession, all[:n]...), tierOf(catalog.BalanceSession, all...)
		mixed := tierOf(catalog.BalanceSession, all[:n]...)
		r.Shuffle(n, func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		one, _ := fake()
		other, _ := fake()
		moved, got := 0, map[string]int{}
		for i := range many {
			s := SessionOf("tenant", fmt.Sprint(r.Uint64(), i))
			before := picked(one, few, s)
			if again := picked(other, mixed, s); again != before {
				t.Fatalf("%d engines: %s on one replica, %s on another", n, before, again)
			}
			after := picked(one, more, s)
			got[after]++
			if after != before {
				moved++
				if after != all[n].ID {
					t.Fatalf("%d engines: with one more a conversation moved from %s to %s", n, before, after)
				}
			}
		}
		for id, k := range got {
			if want := many / (n + 1); k < want*3/4 || k > want*5/4 {
				t.Errorf("%d engines: %s has %d conversations of %d", n+1, id, k, many)
			}
		}
		if want := many / (n + 1); moved > want*5/4 {
			t.Errorf("%d engines: %d of %d conversations move to one more", n, moved, many)
		}
	}
}

// TestConversationsByWeight: an engine of twice the weight keeps twice as many.
func TestConversationsByWeight(t *testing.T) {
	b, _ := fake()
	tier := tierOf(catalog.BalanceSession, named(2)...)
	tier[1].Weight = 3
	got := 0
	const many = 8000
	for i := range many {
		got += b.Pick(tier, SessionOf("w", fmt.Sprint(i)))
	}
	if got < many*70/100 || got > many*80/100 {
		t.Errorf("%d of %d go to three quarters of the weight", got, many)
	}
}

// TestPartsOfANameDoNotRun into each other.
func TestPartsOfANameDoNotRun(t *testing.T) {
	names := map[Session][]string{}
	for _, parts := range [][]string{{"ab", "c"}, {"a", "bc"}, {"abc"}, {"abc", ""}, {"", "abc"}, {"c", "ab"}, {}, {""}} {
		s := SessionOf(parts...)
		if s == 0 || names[s] != nil && len(parts)+len(names[s]) > 1 {
			t.Errorf("%q and %q are both %d", parts, names[s], s)
		}
		names[s] = parts
	}
}

// TestAConversationSpills to the next of its own order when its engine is clearly busier,
// and comes back.
func TestAConversationSpills(t *testing.T) {
	b, _ := fake()
	tier := tierOf("", named(3)...) // the default among local engines
	s := SessionOf("a conversation")
	home := b.Pick(tier, s)
	var uses []*Use
	for range spillFrom - 1 {
		uses = append(uses, enter(t, b, tier[home].Candidate.Of()))
	}
	if b.Pick(tier, s) != home {
		t.Errorf("it leaves an engine with %d calls", len(uses))
	}
	uses = append(uses, enter(t, b, tier[home].Candidate.Of()))
	next := b.Pick(tier, s)
	if next == home || b.Pick(tier, s) != next {
		t.Errorf("with %d calls at home and none elsewhere it goes to %d", len(uses), next)
	}
	var busy []*Use
	for i := range tier {
		if i != home {
			busy = append(busy, enter(t, b, tier[i].Candidate.Of()), enter(t, b, tier[i].Candidate.Of()))
		}
	}
	if b.Pick(tier, s) != home {
		t.Error("it leaves though the others are busy too")
	}
	for _, u := range append(uses, busy...) {
		u.Done()
	}
	if b.Pick(tier, s) != home {
		t.Error("it does not come back")
	}
}

// TestDefaults: by conversation among local engines, by weight otherwise.
func TestDefaults(t *testing.T) {
	local, cloud := at("gpu"), at("cloud")
	cloud.Provider.Followed = false
	if got := policy(tierOf("", local, at("gpu2"))); got != catalog.BalanceSession {
		t.Errorf("local: %s", got)
	}
	if got := policy(tierOf("", local, cloud)); got != catalog.BalanceWeights {
		t.Errorf("mixed: %s", got)
	}
	for _, how := range catalog.Balances() {
		if got := policy(tierOf(how, local, cloud)); got != how {
			t.Errorf("%s is taken for %s", how, got)
		}
	}
}

func TestByWeight(t *testing.T) {
	b, _ := fake()
	tier := tierOf(catalog.BalanceWeights, named(2)...)
	tier[1].Weight = 3
	for range 10 {
		enter(t, b, tier[1].Candidate.Of()) // how busy it is plays no part
	}
	got := 0
	for range 4000 {
		got += b.Pick(tier, 1)
	}
	if got < 2800 || got > 3200 {
		t.Errorf("%d of 4000 go to three quarters of the weight", got)
	}
}

func TestLeastBusy(t *testing.T) {
	b, _ := fake()
	tier := tierOf(catalog.BalanceLeastBusy, named(3)...)
	tier[2].Weight = 2
	counts := [3]int{}
	for range 40 { // none ends
		i := b.Pick(tier, 0)
		counts[i]++
		enter(t, b, tier[i].Candidate.Of())
	}
	if counts[0] < 9 || counts[0] > 11 || counts[1] < 9 || counts[1] > 11 || counts[2] < 19 || counts[2] > 21 {
		t.Errorf("calls are spread %v over weights 1, 1, 2", counts)
	}
	// What the engine says of calls that came another way counts too.
	b, _ = fake()
	b.Observe("gpu0", Signals{Load: providers.Load{Requests: true, Running: 2}})
	b.Observe("gpu1", Signals{Load: providers.Load{Requests: true, Running: 1, Waiting: 1}})
	enter(t, b, tier[2].Candidate.Of())
	tier[2].Weight = 1
	if i := b.Pick(tier, 0); i != 2 {
		t.Errorf("the busier engine %d is chosen", i)
	}
}

// TestFastest prefers the soonest first token, keeps the queue in view, and tries again
// one that was slow.
func TestFastest(t *testing.T) {
	b, c := fake()
	tier := tierOf(catalog.BalanceFastest, named(2)...)
	takes := func(i int, d time.Duration) {
		u := enter(t, b, tier[i].Candidate.Of())
		c.add(d)
		u.Answered(true)
		u.Done()
	}
	takes(0, 2*time.Second)
	if b.Pick(tier, 0) != 1 {
		t.Error("an engine that nobody has tried is not tried")
	}
	takes(1, 500*time.Millisecond)
	for range 20 {
		if b.Pick(tier, 0) != 1 {
			t.Fatal("the slower one is chosen")
		}
	}
	var uses []*Use
	for range 6 {
		uses = append(uses, enter(t, b, tier[1].Candidate.Of()))
	}
	if b.Pick(tier, 0) != 0 {
		t.Error("the faster one is chosen however busy it is")
	}
	for _, u := range uses {
		u.Done()
	}
	// A whole answer says nothing of the first token.
	u := enter(t, b, tier[1].Candidate.Of())
	c.add(time.Minute)
	u.Answered(false)
	u.Done()
	if got := state(t, b, tier[1].Candidate.Of()).FirstToken; got != 500*time.Millisecond {
		t.Errorf("%v after a whole answer", got)
	}
	// While the faster one goes on to answer, what is known of the slower one fades.
	for n := 1; ; n++ {
		c.add(paceHalfLife)
		takes(1, 500*time.Millisecond)
		if b.Pick(tier, 0) == 0 {
			break
		}
		if n > 10 {
			t.Fatal("a slow engine is never tried again")
		}
	}
	for range 7 {
		takes(0, 100*time.Millisecond)
	}
	if b.Pick(tier, 0) != 0 {
		t.Errorf("an engine that has recovered is not preferred: %+v", b.States())
	}
}

// TestWhatComesLast: engines that are down, full, nearly out of cache or without the
// model are chosen only when all are.
func TestWhatComesLast(t *testing.T) {
	ill := false
	full := Signals{Load: providers.Load{Cache: 0.91}}
	without := Signals{Load: providers.Load{Loaded: map[string]bool{"other:latest": true}}}
	for name, s := range map[string]Signals{"down": {Healthy: &ill}, "cache": full, "model": without} {
		for _, how := range catalog.Balances() {
			b, c := fake()
			tier := tierOf(how, named(2)...)
			b.Observe("gpu0", s)
			b.Observe("gpu1", Signals{Load: providers.Load{Cache: 0.9, Loaded: map[string]bool{"m:latest": true}}})
			zero := 0
			for i := range 200 {
				if b.Pick(tier, SessionOf(fmt.Sprint(i))) == 0 {
					zero++
				}
			}
			if byWeight := how == catalog.BalanceWeights && name != "down"; (zero == 0) == byWeight {
				t.Errorf("%s, %s: chosen %d times of 200", name, how, zero)
			}
			c.add(freshFor + 1)
			zero = 0
			for i := range 200 {
				if b.Pick(tier, SessionOf(fmt.Sprint(i))) == 0 {
					zero++
				}
			}
			if zero == 0 {
				t.Errorf("%s, %s: an old word is believed", name, how)
			}
		}
	}
	for _, how := range catalog.Balances() {
		b, _ := fake()
		deps := named(2)
		deps[0].Parallel = 1
		tier := tierOf(how, deps...)
		u := enter(t, b, deps[0])
		for i := range 50 {
			if b.Pick(tier, SessionOf(fmt.Sprint(i))) == 0 {
				t.Fatalf("%s: it would have to wait", how)
			}
		}
		u.Done()
	}
}

// TestWhoWaitsForAnEngineCounts: where the engines of a tier are all full, a call goes into
// the shortest line, be it that of one model or of all of an engine's.
func TestWhoWaitsForAnEngineCounts(t *testing.T) {
	for _, how := range []catalog.Balance{catalog.BalanceLeastBusy, catalog.BalanceFastest, catalog.BalanceSession} {
		for name, limit := range map[string]func(*catalog.Deployment){
			"of the model": func(d *catalog.Deployment) { d.Parallel = 1 }, "of the engine": func(d *catalog.Deployment) { d.Provider.Parallel = 1 },
		} {
			b, _ := fake()
			deps := named(2)
			var uses []*Use
			for _, d := range deps {
				limit(d)
				uses = append(uses, enter(t, b, d))
			}
			ctx, cancel := context.WithCancel(context.Background())
			var wg sync.WaitGroup
			const waiting = 2 * spillFrom
			for range waiting {
				wg.Go(func() {
					if _, err := b.Enter(ctx, deps[0], Call{}); !errors.Is(err, context.Canceled) {
						t.Errorf("who waits gets %v", err)
					}
				})
			}
			for s := state(t, b, deps[0]); s.Waiting+s.Queued < waiting; s = state(t, b, deps[0]) {
				time.Sleep(time.Millisecond)
			}
			for i := range 50 {
				if b.Pick(tierOf(how, deps...), SessionOf(fmt.Sprint(i))) == 0 {
					t.Errorf("%s, the line %s: a call goes where %d wait, and not where nobody does", how, name, waiting)
					break
				}
			}
			cancel()
			wg.Wait()
			for _, u := range uses {
				u.Done()
			}
		}
	}
}

// TestModelsShareTheirEngine: what one model of an engine of one's own has to do keeps the
// others of it busy, too. A vendor's models have nothing to do with each other.
func TestModelsShareTheirEngine(t *testing.T) {
	for _, own := range []bool{true, false} {
		b, _ := fake()
		deps := named(2)
		for _, d := range deps {
			d.Provider.Followed = own
		}
		other := *deps[0]
		other.ID += "2"
		use := enter(t, b, &other)
		zero := 0
		for range 100 {
			if b.Pick(tierOf(catalog.BalanceLeastBusy, deps...), 0) == 0 {
				zero++
			}
		}
		if own != (zero == 0) {
			t.Errorf("an engine of one's own %v: %d of 100 go where another model works", own, zero)
		}
		use.Done()
		use.Done()
		if n := b.engine("gpu0").inFlight.Load(); n != 0 {
			t.Errorf("%d calls are left", n)
		}
	}
}

// TestAModelIsLoadedElsewhere when the engine that has it in memory has enough to do: the
// second of two machines would otherwise never be used.
func TestAModelIsLoadedElsewhere(t *testing.T) {
	for _, how := range []catalog.Balance{catalog.BalanceLeastBusy, catalog.BalanceFastest, catalog.BalanceSession} {
		b, _ := fake()
		tier := tierOf(how, named(2)...)
		b.Observe("gpu0", Signals{Load: providers.Load{Loaded: map[string]bool{"m:latest": true}}})
		b.Observe("gpu1", Signals{Load: providers.Load{Loaded: map[string]bool{}}})
		second := func() (n int) {
			for i := range 100 {
				n += b.Pick(tier, SessionOf(fmt.Sprint(i)))
			}
			return n
		}
		uses := []*Use{enter(t, b, tier[0].Candidate.Of())}
		if n := second(); n != 0 {
			t.Errorf("%s: with one call under way %d of 100 have the model loaded elsewhere", how, n)
		}
		for range 4 * spillFrom {
			uses = append(uses, enter(t, b, tier[0].Candidate.Of()))
		}
		if n := second(); n < 25 {
			t.Errorf("%s: with %d calls under way %d of 100 go to the engine that has none", how, len(uses), n)
		}
		for _, u := range uses {
			u.Done()
		}
	}
}

// TestStatesAreBounded: under a wildcard anybody names models; those that rest make room.
func TestStatesAreBounded(t *testing.T) {
	b, c := fake()
	running := at("gpu")
	use := enter(t, b, running)
	for i := range 3 * MaxKept {
		d := at("gpu")
		d.ID = fmt.Sprint("gpu/", i)
		answers(t, b, d)
		if i%MaxKept == 0 {
			c.add(2 * restsAfter)
		}
	}
	if n := len(b.States()); n > MaxKept {
		t.Errorf("%d are kept", n)
	}
	if s := state(t, b, running); s.InFlight != 1 {
		t.Errorf("one that works is forgotten: %+v", s)
	}
	use.Done()
}

// TestWanted: an engine is looked at while somebody uses it or asks.
func TestWanted(t *testing.T) {
	b, c := fake()
	dep := at("gpu")
	if b.Wanted("gpu") {
		t.Error("wanted by nobody")
	}
	enter(t, b, dep).Done()
	for _, ask := range []func(){func() {}, func() { b.Ask([]*catalog.Provider{dep.Provider}) }} {
		ask()
		c.add(wantedFor)
		if !b.Wanted("gpu") {
			t.Error("not wanted though it was used")
		}
		c.add(1)
		if b.Wanted("gpu") {
			t.Error("wanted for ever")
		}
	}
}

// TestDead: an engine is dead once look after look has found it down, not after one, and not
// when nobody has looked meanwhile. It is looked at as long as somebody would call it.
func TestDead(t *testing.T) {
	b, c := fake()
	dep := at("gpu")
	well, ill := true, false
	look := func(healthy *bool, after time.Duration) bool {
		c.add(after)
		b.Observe("gpu", Signals{Healthy: healthy})
		return b.Ill(dep) == Down
	}
	if b.Ill(dep) != Well {
		t.Error("dead before anybody has looked")
	}
	for range 2 {
		for i := range 5 {
			if look(&ill, 2*time.Second) {
				t.Fatalf("dead after %d looks", i+1)
			}
		}
		for range 20 {
			if !look(&ill, 2*time.Second) || !b.Wanted("gpu") {
				t.Fatal("not dead, or not looked at")
			}
		}
		for _, other := range []*bool{nil, &well} {
			if look(other, 2*time.Second) {
				t.Error("dead though it does not say so")
			}
		}
	}
	for range 4 {
		if look(&ill, freshFor+1) {
			t.Error("dead by looks that lie far apart")
		}
	}
	for range 6 {
		look(&ill, 2*time.Second)
	}
	c.add(freshFor + 1)
	if b.Ill(dep) != Well {
		t.Error("an old word is believed")
	}
}

// TestWantedWhileLeftOut: who asks for what is left out uses its engine, too. If it were
// not looked at, nobody would see that it is back before its time is over.
func TestWantedWhileLeftOut(t *testing.T) {
	for name, ask := range map[string]func(*Balancer, *catalog.Deployment){
		"chosen": func(b *Balancer, dep *catalog.Deployment) { b.Usable(dep) },
		"called": func(b *Balancer, dep *catalog.Deployment) { _, _ = b.Enter(context.Background(), dep, Call{}) },
	} {
		b, c := fake()
		dep := at("gpu")
		for range TripInRow {
			fails(t, b, dep, providers.Error{Kind: providers.Unreachable})
		}
		for s := state(t, b, dep); s.Until.Sub(c.Now()) < CoolMost; s = state(t, b, dep) { // it is away for long
			c.add(s.Until.Sub(c.Now()))
			fails(t, b, dep, providers.Error{Kind: providers.Unreachable})
		}
		for range CoolMost / wantedFor {
			c.add(wantedFor - 1)
			if !b.Wanted("gpu") {
				t.Fatalf("%s: nobody looks at an engine that calls are refused for", name)
			}
			ask(b, dep)
		}
		well := true
		b.Observe("gpu", Signals{Healthy: &well})
		if why := b.Usable(dep); why != nil {
			t.Errorf("%s: it is back, and %v", name, why)
		}
	}
}
