package balancer

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"tollgate/gateway/catalog"
	"tollgate/providers"
)

// waits is true once so many calls wait for a deployment.
func waits(t *testing.T, b *Balancer, dep *catalog.Deployment, n int) {
	t.Helper()
	for until := time.Now().Add(15 * time.Second); time.Now().Before(until); time.Sleep(time.Millisecond) {
		if s := state(t, b, dep); s.Waiting+s.Queued == n {
			return
		}
	}
	t.Fatalf("%d calls never wait: %+v", n, state(t, b, dep))
}

func TestFirstComeFirstServed(t *testing.T) {
	for name, dep := range map[string]*catalog.Deployment{"deployment": at("gpu"), "provider": at("gpu")} {
		if name == "deployment" {
			dep.Parallel = 2
		} else {
			dep.Provider.Parallel = 2
		}
		b, _ := fake()
		inside := []*Use{enter(t, b, dep), enter(t, b, dep)}
		order := make(chan int)
		var wg sync.WaitGroup
		for i := range 5 {
			wg.Go(func() {
				u, err := b.Enter(context.Background(), dep, Call{})
				if err != nil {
					t.Error(err)
				}
				order <- i
				u.Done()
			})
			waits(t, b, dep, i+1)
		}
		if s := state(t, b, dep); s.InFlight != 2 {
			t.Errorf("%s: %+v", name, s)
		}
		inside[0].Done()
		inside[0].Done() // once only
		for i := range 5 {
			if got := <-order; got != i {
				t.Errorf("%s: the %dth comes as the %dth", name, got, i)
			}
		}
		wg.Wait()
		inside[1].Done()
		if s := state(t, b, dep); s.InFlight != 0 || b.of(dep, b.now()).line.inside != 0 || b.engine("gpu").line.inside != 0 {
			t.Errorf("%s: places are lost: %+v", name, s)
		}
	}
}

func TestWaitsEnd(t *testing.T) {
	b, _ := fake()
	dep := at("gpu")
	dep.Parallel, dep.Provider.Parallel = 1, 1
	inside := enter(t, b, dep)

	brief := *dep
	brief.QueueWait = time.Millisecond
	if _, err := b.Enter(context.Background(), &brief, Call{}); !errors.Is(err, ErrQueueWait) {
		t.Errorf("without a place in time: %v", err)
	}
	gone := errors.New("the client has left")
	ctx, leave := context.WithCancelCause(context.Background())
	ended := make(chan error)
	go func() {
		_, err := b.Enter(ctx, dep, Call{})
		ended <- err
	}()
	waits(t, b, dep, 1)
	leave(gone)
	if err := <-ended; !errors.Is(err, gone) {
		t.Errorf("a client that leaves: %v", err)
	}
	waits(t, b, dep, 0)

	// The engine's line is behind the deployment's: whoever gives up there leaves both.
	other := at("gpu")
	other.ID, other.Parallel, other.Provider.Parallel, other.QueueWait = "gpu/other", 1, 1, time.Millisecond
	if _, err := b.Enter(context.Background(), other, Call{}); !errors.Is(err, ErrQueueWait) {
		t.Errorf("a full engine: %v", err)
	}
	inside.Done()
	enter(t, b, other).Done()
	enter(t, b, dep).Done()
	if n := b.of(dep, b.now()).budget[b.now().Unix()%int64(len(b.of(dep, b.now()).budget))].first; n != 2 {
		t.Errorf("%d attempts are counted, those that never began among them", n)
	}
}

func TestLinesAreBounded(t *testing.T) {
	b, _ := fake()
	dep := at("gpu")
	dep.Parallel = 1
	inside := enter(t, b, dep)
	ctx, leave := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for range MaxWaiting {
		wg.Go(func() { _, _ = b.Enter(ctx, dep, Call{}) })
	}
	waits(t, b, dep, MaxWaiting)
	if _, err := b.Enter(ctx, dep, Call{}); !errors.Is(err, ErrQueueFull) {
		t.Errorf("beyond the bound: %v", err)
	}
	leave()
	wg.Wait()
	waits(t, b, dep, 0)
	inside.Done()
}

// TestOneLineForATier: a call that several may serve goes to the first that has a place, in
// the order in which the calls came, whichever of them it was chosen for.
func TestOneLineForATier(t *testing.T) {
	for name, limit := range map[string]func(*catalog.Deployment){
		"of the model": func(d *catalog.Deployment) { d.Parallel = 1 }, "of the engine": func(d *catalog.Deployment) { d.Provider.Parallel = 1 },
		"of both": func(d *catalog.Deployment) { d.Parallel, d.Provider.Parallel = 1, 1 },
	} {
		b, clock := fake()
		deps := named(2)
		var inside []*Use
		for _, d := range deps {
			limit(d)
			inside = append(inside, enter(t, b, d))
		}
		tier := tierOf("", deps...)
		const calls = 6
		began := clock.Now()
		served := make(chan *Use)
		came := make(chan int, calls)
		var wg sync.WaitGroup
		for i := range calls {
			wg.Go(func() {
				// The last to wait came first of all.
				at := began.Add(time.Duration((i+1)%calls) * time.Second)
				u, err := b.Enter(context.Background(), deps[i%2], Call{Others: tier[1-i%2 : 2-i%2], Came: at})
				if err != nil {
					t.Error(err)
					return
				}
				came <- (i + 1) % calls
				served <- u
			})
			for waiting := func() int {
				return state(t, b, deps[0]).Waiting + state(t, b, deps[0]).Queued + state(t, b, deps[1]).Waiting + state(t, b, deps[1]).Queued
			}; waiting() != i+1; {
				time.Sleep(time.Millisecond)
			}
		}
		inside[1].Done()
		for i := range calls {
			if got := <-came; got != i {
				t.Errorf("%s: %d is served as the %dth", name, got, i)
			}
			u := <-served
			if u.Deployment() != deps[1] {
				t.Errorf("%s: by %s, which is full", name, u.Deployment().ID)
			}
			u.Done()
		}
		wg.Wait()
		inside[0].Done()
		for _, d := range deps {
			if s := b.of(d, b.now()); s.line.inside+s.engine.line.inside != 0 || s.inFlight.Load() != 0 || len(s.line.waiting)+len(s.engine.line.waiting) != 0 {
				t.Errorf("%s: left of %s: %+v", name, d.ID, state(t, b, d))
			}
			enter(t, b, d).Done()
		}
	}
}

// TestWhoWaitsForTheEngineKeepsNoPlace: a call that waits for its engine keeps nobody from
// the place that it does not have yet.
func TestWhoWaitsForTheEngineKeepsNoPlace(t *testing.T) {
	b, _ := fake()
	one, two := at("gpu"), at("gpu")
	two.ID, two.Provider = "gpu/other", one.Provider
	one.Parallel, one.Provider.Parallel = 1, 1
	inside := enter(t, b, two)
	ctx, leave := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() {
		_, err := b.Enter(ctx, one, Call{})
		ended <- err
	}()
	waits(t, b, two, 1) // it is the same engine
	if s := state(t, b, one); s.Queued != 1 || b.of(one, b.now()).line.inside != 0 {
		t.Errorf("it waits for its engine: %+v", s)
	}
	leave()
	<-ended
	inside.Done()
	enter(t, b, one).Done()
}

// TestTheLineIsDecidedOnAgain: what has failed while a call waited is not called, though its
// place comes free; the call goes on waiting for what is left.
func TestTheLineIsDecidedOnAgain(t *testing.T) {
	for _, row := range []struct {
		fails  int // of the two
		served int // -1: neither
	}{{1, 0}, {0, -1}} {
		b, _ := fake()
		deps := named(2)
		var inside []*Use
		for _, d := range deps {
			d.Provider.Parallel = 1
			inside = append(inside, enter(t, b, d))
		}
		ended := make(chan error)
		go func() {
			u, err := b.Enter(context.Background(), deps[0], Call{Others: tierOf("", deps[1])})
			if err == nil {
				if u.Deployment() != deps[0] {
					t.Errorf("by %s", u.Deployment().ID)
				}
				u.Done()
			}
			ended <- err
		}()
		waits(t, b, deps[0], 1)
		inside[row.fails].Failed(&providers.Error{Kind: providers.KeyRefused, Status: 401})
		inside[row.fails].Done()
		if row.served < 0 {
			var shut *Shut
			if err := <-ended; !errors.As(err, &shut) {
				t.Errorf("where it was chosen for: %v", err)
			}
			inside[1].Done()
			continue
		}
		waits(t, b, deps[0], 1)
		inside[row.served].Done()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// TestNobodyWaitsForWhatIsDown: the place of an engine that is found down may be free
// because nothing is served there.
func TestNobodyWaitsForWhatIsDown(t *testing.T) {
	b, _ := fake()
	deps := named(2)
	no := false
	b.Observe(deps[1].Provider.Name, Signals{Healthy: &no})
	deps[0].Provider.Parallel = 1
	inside := enter(t, b, deps[0])
	brief := *deps[0]
	brief.QueueWait = time.Millisecond
	if _, err := b.Enter(context.Background(), &brief, Call{Others: tierOf("", deps[1])}); !errors.Is(err, ErrQueueWait) {
		t.Error(err)
	}
	yes := true
	b.Observe(deps[1].Provider.Name, Signals{Healthy: &yes})
	u, err := b.Enter(context.Background(), &brief, Call{Others: tierOf("", deps[1])})
	if err != nil || u.Deployment() != deps[1] {
		t.Fatal(err)
	}
	u.Done()
	if _, err := b.Enter(context.Background(), &brief, Call{Waited: time.Hour}); !errors.Is(err, ErrQueueWait) {
		t.Errorf("its time is over: %v", err)
	}
	inside.Done()
}

// TestLinesLoseNothing sends calls that end, fail, leave and give up all at once: no
// more than the limit are ever inside, and in the end all places are free.
func TestLinesLoseNothing(t *testing.T) {
	b := New(time.Now, fakeLog())
	dep, other := at("gpu"), at("spare")
	dep.Parallel, dep.Provider.Parallel, other.Parallel = 3, 2, 2
	r := seeded(t)
	var mu sync.Mutex
	inside, most := map[string]int{}, map[string]int{}
	var wg sync.WaitGroup
	for range 400 {
		own, others := *dep, tierOf("", other)
		switch r.IntN(3) {
		case 0:
			own, others = *other, tierOf("", dep)
		case 1:
			others = nil
		}
		own.QueueWait = time.Duration(r.IntN(4)) * time.Millisecond
		stays, leaves := time.Duration(r.IntN(300))*time.Microsecond, time.Duration(r.IntN(3000))*time.Microsecond
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), leaves)
			defer cancel()
			u, err := b.Enter(ctx, &own, Call{Others: others})
			if err != nil {
				return
			}
			id := u.Deployment().ID
			mu.Lock()
			inside[id]++
			most[id] = max(most[id], inside[id])
			mu.Unlock()
			time.Sleep(stays)
			mu.Lock()
			inside[id]--
			mu.Unlock()
			u.Failed(&providers.Error{Kind: providers.BadRequest})
			u.Done()
		})
	}
	wg.Wait()
	for _, dep := range []*catalog.Deployment{dep, other} {
		d := b.of(dep, time.Now())
		if most[dep.ID] > 2 || d.line.inside+d.engine.line.inside != 0 || d.line.length.Load()+d.engine.line.length.Load() != 0 || len(d.line.waiting)+len(d.engine.line.waiting) != 0 || d.inFlight.Load() != 0 {
			t.Errorf("%v at once; left: %+v", most, b.States())
		}
	}
}
