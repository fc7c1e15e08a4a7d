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

// TestLinesLoseNothing sends calls that end, fail, leave and give up all at once: no
// more than the limit are ever inside, and in the end all places are free.
func TestLinesLoseNothing(t *testing.T) {
	b := New(time.Now, fakeLog())
	dep := at("gpu")
	dep.Parallel, dep.Provider.Parallel = 3, 2
	r := seeded(t)
	var mu sync.Mutex
	inside, most := 0, 0
	var wg sync.WaitGroup
	for range 200 {
		own := *dep
		own.QueueWait = time.Duration(r.IntN(4)) * time.Millisecond
		stays, leaves := time.Duration(r.IntN(300))*time.Microsecond, time.Duration(r.IntN(3000))*time.Microsecond
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), leaves)
			defer cancel()
			u, err := b.Enter(ctx, &own, Call{})
			if err != nil {
				return
			}
			mu.Lock()
			inside++
			most = max(most, inside)
			mu.Unlock()
			time.Sleep(stays)
			mu.Lock()
			inside--
			mu.Unlock()
			u.Failed(&providers.Error{Kind: providers.BadRequest})
			u.Done()
		})
	}
	wg.Wait()
	d := b.of(dep, time.Now())
	if most > 2 || d.line.inside != 0 || d.engine.line.inside != 0 || d.line.length()+d.engine.line.length() != 0 || d.inFlight.Load() != 0 {
		t.Errorf("%d at once; left: %+v", most, b.States())
	}
}
