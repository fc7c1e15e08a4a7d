package balancer

import (
	"context"
	"errors"
	"net/url"
	"testing"
	"time"

	"tollgate/gateway/catalog"
	"tollgate/providers"
)

// TestWhatCounts holds, for every kind of failure, whether it speaks against the
// deployment: one short of opening, each is tried.
func TestWhatCounts(t *testing.T) {
	opens := map[providers.ErrorKind]bool{
		providers.BadRequest: false, providers.ContextTooLong: false, providers.ContentRefused: false, providers.ModelMissing: false, providers.RateLimited: false,
		providers.KeyRefused: true, providers.Overloaded: true, providers.ServerError: true, providers.Unreachable: true, providers.Lost: true,
		providers.TimedOut: true, providers.BadAnswer: true, providers.Truncated: true,
	}
	for kind := providers.BadRequest; kind <= providers.Truncated; kind++ {
		want, ok := opens[kind]
		if !ok {
			t.Fatalf("%s: nothing is said of it", kind)
		}
		b, _ := fake()
		dep := at("gpu")
		for range TripInRow - 1 {
			fails(t, b, dep, providers.Error{Kind: providers.Unreachable})
		}
		if b.Usable(dep) != nil {
			t.Fatalf("%d failures open", TripInRow-1)
		}
		fails(t, b, dep, providers.Error{Kind: kind})
		if got := b.Usable(dep) != nil; got != want {
			t.Errorf("%s: left out %v, want %v", kind, got, want)
		}
	}
	b, _ := fake()
	dep := at("gpu")
	for range 2 * TripInRow { // anybody can ask for more than is relayed
		fails(t, b, dep, providers.Error{Kind: providers.BadAnswer, Oversize: true})
	}
	if err := b.Usable(dep); err != nil {
		t.Errorf("answers over the limit: %v", err)
	}
	for range 2 * TripInRow { // nobody was called
		fails(t, b, dep, providers.Error{Kind: providers.Unreachable, Ours: true})
	}
	if err := b.Usable(dep); err != nil {
		t.Errorf("no room for connections: %v", err)
	}
}

// TestAnswersKeepItClosed: an answer ends a row of failures.
func TestAnswersKeepItClosed(t *testing.T) {
	b, c := fake()
	dep := at("gpu")
	for range 4 {
		for range TripInRow - 1 {
			fails(t, b, dep, providers.Error{Kind: providers.ServerError})
		}
		answers(t, b, dep)
		c.add(TripWithin)
	}
	if s := state(t, b, dep); s.Breaker != Closed || s.InRow != 0 || s.LastError != "server_error" {
		t.Errorf("%+v", s)
	}
}

// TestHalfOfTwenty: of enough calls within the time, half must fail.
func TestHalfOfTwenty(t *testing.T) {
	for _, row := range []struct {
		name     string
		ok, bad  int
		between  time.Duration // from one call to the next
		wantOpen bool
	}{
		{"half of twenty", 10, 10, time.Second, true},
		{"less than half", 11, 9, time.Second, false},
		{"half of nineteen", 10, 9, time.Second, false},
		{"half, but not in time", 10, 10, 2 * time.Second, false},
	} {
		b, c := fake()
		dep := at("gpu")
		bad := 0
		for i := range row.ok + row.bad { // evenly mixed, a failure last
			if due := (i + 1) * row.bad / (row.ok + row.bad); due > bad {
				bad++
				fails(t, b, dep, providers.Error{Kind: providers.ServerError})
			} else {
				answers(t, b, dep)
			}
			c.add(row.between)
		}
		c.add(-row.between)
		if got := b.Usable(dep) != nil; got != row.wantOpen || bad != row.bad {
			t.Errorf("%s: open %v after %d failures", row.name, got, bad)
		}
	}
}

// TestCooldownDoubles: an open deployment is tried once when its time is over, and the
// time doubles up to its bound each time that fails.
func TestCooldownDoubles(t *testing.T) {
	b, c := fake()
	dep := at("gpu")
	for range TripInRow {
		fails(t, b, dep, providers.Error{Kind: providers.Unreachable})
	}
	for i, want := range []time.Duration{10, 20, 40, 80, 120, 120, 120} {
		want *= time.Second
		why := b.Usable(dep)
		if why == nil || why.Wait != want || why.Kind != providers.Unreachable || why.Deployment != dep.ID {
			t.Fatalf("round %d: %+v, want %v", i, why, want)
		}
		c.add(want - 1)
		var shut *Shut
		if _, err := b.Enter(context.Background(), dep, Call{}); !errors.As(err, &shut) || shut.Wait != 1 {
			t.Fatalf("round %d: too early: %v", i, err)
		}
		c.add(1)
		if s := state(t, b, dep); s.Breaker != HalfOpen {
			t.Fatalf("round %d: %+v", i, s)
		}
		probe := enter(t, b, dep)
		if _, err := b.Enter(context.Background(), dep, Call{}); !errors.As(err, &shut) {
			t.Fatalf("round %d: a second call passes beside the probe: %v", i, err)
		}
		probe.Failed(&providers.Error{Kind: providers.Unreachable})
		probe.Done()
	}
	c.add(CoolMost)
	answers(t, b, dep)
	if s := state(t, b, dep); s.Breaker != Closed {
		t.Fatalf("after an answer: %+v", s)
	}
	for range TripInRow {
		fails(t, b, dep, providers.Error{Kind: providers.Unreachable})
	}
	if why := b.Usable(dep); why == nil || why.Wait != CoolFirst {
		t.Errorf("the next time begins with %+v", why)
	}
}

// TestOldFailuresDoNotProlong: calls that began before a deployment was left out, and fail
// after, say nothing new; nor does one that is answered then close it.
func TestOldFailuresDoNotProlong(t *testing.T) {
	b, c := fake()
	dep := at("gpu")
	var old []*Use
	for range 2*TripInRow + 1 {
		old = append(old, enter(t, b, dep))
	}
	for range TripInRow {
		fails(t, b, dep, providers.Error{Kind: providers.Unreachable})
	}
	c.add(time.Second)
	for i, u := range old {
		if i == TripInRow {
			u.Answered(false)
		} else {
			u.Failed(&providers.Error{Kind: providers.Unreachable})
		}
		u.Done()
	}
	if why := b.Usable(dep); why == nil || why.Wait != CoolFirst-time.Second {
		t.Errorf("left out for %+v", why)
	}
}

// TestMend: an operator who has mended something is not made to wait: neither for what has
// failed, nor for a model that was not there, nor for what was tried too often.
func TestMend(t *testing.T) {
	b, _ := fake()
	dep, missing, tried := at("gpu"), at("other"), at("third")
	for range TripInRow {
		fails(t, b, dep, providers.Error{Kind: providers.Unreachable})
	}
	fails(t, b, missing, providers.Error{Kind: providers.ModelMissing, Code: "model_not_found"})
	again := func() error {
		u, err := b.Enter(context.Background(), tried, Call{Extra: true})
		if err == nil {
			u.Done()
		}
		return err
	}
	for range ExtraLeast {
		if err := again(); err != nil {
			t.Fatal(err)
		}
	}
	if b.Usable(dep) == nil || b.Ill(missing) != Missing || again() == nil {
		t.Fatal("nothing was wrong")
	}
	b.Mend()
	if s := state(t, b, dep); b.Usable(dep) != nil || s.Breaker != Closed || s.InRow != 0 || s.LastError == "" {
		t.Errorf("what has failed is %+v", s)
	}
	if why := b.Ill(missing); why != Well {
		t.Errorf("what was missing is %s", why)
	}
	if err := again(); err != nil {
		t.Errorf("what was tried: %v", err)
	}
	answers(t, b, dep)
}

// TestAProbeNeverBlocks: what would prove the deployment well is let through whatever
// becomes of the call that tries it.
func TestAProbeNeverBlocks(t *testing.T) {
	open := func(t *testing.T) (*Balancer, *fakeClock) {
		b, c := fake()
		for range TripInRow {
			fails(t, b, at("gpu"), providers.Error{Kind: providers.TimedOut})
		}
		c.add(CoolFirst)
		return b, c
	}
	dep := at("gpu")
	t.Run("it is not sent", func(t *testing.T) {
		b, _ := open(t)
		enter(t, b, dep).Void()
		answers(t, b, dep)
	})
	t.Run("its client leaves", func(t *testing.T) {
		b, _ := open(t)
		enter(t, b, dep).Done()
		answers(t, b, dep)
	})
	t.Run("it was the caller's fault", func(t *testing.T) {
		b, _ := open(t)
		fails(t, b, dep, providers.Error{Kind: providers.BadRequest})
		answers(t, b, dep)
	})
	t.Run("it takes its time", func(t *testing.T) {
		b, c := open(t)
		slow := enter(t, b, dep)
		c.add(probeFor)
		second := enter(t, b, dep)
		slow.Failed(&providers.Error{Kind: providers.TimedOut}) // no longer the one that decides
		slow.Done()
		second.Answered(true)
		if s := state(t, b, dep); s.Breaker != Closed {
			t.Errorf("%+v", s)
		}
		second.Done()
	})
	t.Run("it has begun to answer", func(t *testing.T) {
		b, _ := open(t)
		long := enter(t, b, dep)
		long.Answered(true)
		answers(t, b, dep) // beside it
		long.Done()
	})
	t.Run("an older call ends", func(t *testing.T) {
		b, c := fake()
		old := enter(t, b, dep)
		old.Answered(true)
		for range TripInRow {
			fails(t, b, dep, providers.Error{Kind: providers.Lost})
		}
		old.Done()
		if b.Usable(dep) == nil {
			t.Error("a call from before closes it")
		}
		c.add(CoolFirst)
		answers(t, b, dep)
	})
}

// TestOurOwnCredentialRefused: what is refused with 401 will be the next time too.
func TestOurOwnCredentialRefused(t *testing.T) {
	b, _ := fake()
	dep := at("cloud")
	fails(t, b, dep, providers.Error{Kind: providers.KeyRefused, Status: 403}) // may be this one prompt
	if b.Usable(dep) != nil {
		t.Error("403 opens at once")
	}
	fails(t, b, dep, providers.Error{Kind: providers.KeyRefused, Status: 401})
	if why := b.Usable(dep); why == nil || why.Kind != providers.KeyRefused {
		t.Errorf("401: %+v", why)
	}
}

// TestRetryAfterIsAPause for every call, and no failure.
func TestRetryAfterIsAPause(t *testing.T) {
	for _, row := range []struct {
		e    providers.Error
		want time.Duration
	}{
		{providers.Error{Kind: providers.RateLimited}, 0},
		{providers.Error{Kind: providers.RateLimited, RetryAfter: 7 * time.Second}, 7 * time.Second},
		{providers.Error{Kind: providers.RateLimited, RetryAfter: 24 * time.Hour}, CoolMost},
		{providers.Error{Kind: providers.Overloaded, RetryAfter: time.Second}, time.Second},
		{providers.Error{Kind: providers.ServerError, RetryAfter: time.Second}, 0},
		{providers.Error{Kind: providers.BadRequest, RetryAfter: time.Second}, 0},
	} {
		b, c := fake()
		dep := at("cloud")
		fails(t, b, dep, row.e)
		why := b.Usable(dep)
		if (why == nil) != (row.want == 0) || why != nil && (why.Wait != row.want || why.Kind != row.e.Kind || state(t, b, dep).Breaker != Cooling) {
			t.Errorf("%+v: %+v", row.e, why)
		}
		c.add(row.want)
		if b.Usable(dep) != nil {
			t.Errorf("%+v: still paused", row.e)
		}
		answers(t, b, dep)
		if s := state(t, b, dep); s.Breaker != Closed {
			t.Errorf("%+v", s)
		}
	}
}

// TestALookHurries: an engine that is found well is tried at once where the way to it had
// failed, and not where it answers nonsense.
func TestALookHurries(t *testing.T) {
	well, ill := true, false
	for kind, want := range map[providers.ErrorKind]bool{providers.Unreachable: true, providers.Lost: true, providers.Overloaded: true, providers.ServerError: false, providers.KeyRefused: false} {
		b, _ := fake()
		dep := at("gpu")
		for range TripInRow {
			fails(t, b, dep, providers.Error{Kind: kind})
		}
		if b.Troubled("gpu") != want || b.Troubled("other") {
			t.Errorf("%s: a look may help: %v, want %v", kind, b.Troubled("gpu"), want)
		}
		b.Observe("gpu", Signals{Healthy: &ill})
		b.Observe("other", Signals{Healthy: &well})
		b.Observe("gpu", Signals{})
		if b.Usable(dep) == nil {
			t.Errorf("%s: tried early for nothing", kind)
		}
		b.Observe("gpu", Signals{Healthy: &well})
		if got := b.Usable(dep) == nil; got != want {
			t.Errorf("%s: tried early %v, want %v", kind, got, want)
		}
		b.Mend()
		if b.Usable(dep) != nil || b.Troubled("gpu") {
			t.Errorf("%s: not mended", kind)
		}
	}
}

// TestAnotherWayBeginsAnew: what is reached at another address, or with another credential,
// is not what has failed, and calls that still run at what was there before say nothing of
// it. A change of anything else keeps what is known.
func TestAnotherWayBeginsAnew(t *testing.T) {
	at := func(address, key, header string) *catalog.Provider {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		return &catalog.Provider{Name: "gpu", Base: u, Secret: providers.NewSecret(key), Headers: map[string]providers.Secret{"X-Org": providers.NewSecret(header)}, Gap: time.Minute}
	}
	before := at("http://one/v1", "k", "h")
	longer := at("http://one/v1", "k", "h")
	longer.Gap = time.Hour
	other := &catalog.Provider{Name: "other"} // inside the process
	for name, c := range map[string]struct {
		next *catalog.Provider
		anew bool
	}{
		"the same": {before, false}, "read again": {at("http://one/v1", "k", "h"), false}, "a deadline": {longer, false},
		"address": {at("http://two/v1", "k", "h"), true}, "scheme": {at("https://one/v1", "k", "h"), true}, "path": {at("http://one/v2", "k", "h"), true},
		"key": {at("http://one/v1", "l", "h"), true}, "no key": {at("http://one/v1", "", "h"), true}, "header": {at("http://one/v1", "k", "i"), true},
		"in the process": {&catalog.Provider{Name: "gpu"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			b, clock := fake()
			led := func(string) bool { return true }
			b.Keep(led, []*catalog.Provider{before, other})
			dep := &catalog.Deployment{ID: "gpu/m", Provider: before, Target: providers.Target{Model: "m"}}
			beside := &catalog.Deployment{ID: "other/m", Provider: other, Target: providers.Target{Model: "m"}}
			refused := providers.Error{Kind: providers.KeyRefused, Status: 401}
			late, lost, missed, answered := enter(t, b, dep), enter(t, b, dep), enter(t, b, dep), enter(t, b, dep)
			fails(t, b, dep, refused)
			fails(t, b, beside, refused)
			ill := false
			b.Observe("gpu", Signals{Healthy: &ill})
			b.Keep(led, []*catalog.Provider{c.next, other})
			if s := state(t, b, dep); (s.Breaker == Closed) != c.anew || (s.LastError == "") != c.anew || (s.Signals == nil) != c.anew || s.InFlight != 4 {
				t.Errorf("%+v", s)
			}
			if s := state(t, b, beside); s.Breaker != Open {
				t.Errorf("what is beside it: %+v", s)
			}
			clock.add(time.Second)
			answered.Answered(true)
			late.Failed(&refused)
			missed.Failed(&providers.Error{Kind: providers.ModelMissing, Code: "model_not_found"})
			lost.Failed(&providers.Error{Kind: providers.Lost})
			for _, u := range []*Use{late, lost, missed, answered} {
				u.Done()
			}
			if s := state(t, b, dep); (s.Breaker == Closed) != c.anew || (s.InRow == 0) != c.anew || (s.FirstToken == 0) != c.anew || (b.Ill(dep) == Well) != c.anew || s.InFlight != 0 {
				t.Errorf("after the calls from before: %+v %s", s, b.Ill(dep))
			}
			if c.anew {
				answers(t, b, dep)
				for range TripInRow {
					fails(t, b, dep, providers.Error{Kind: providers.Lost})
				}
				if s := state(t, b, dep); s.Breaker != Open {
					t.Errorf("what fails there is not left out: %+v", s)
				}
			}
		})
	}
}
