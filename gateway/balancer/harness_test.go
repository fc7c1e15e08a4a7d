package balancer

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tollgate/gateway/catalog"
	"tollgate/providers"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeClock is a clock that a test moves.
type fakeClock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *fakeClock {
	return &fakeClock{now: time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)}
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func fakeLog() *slog.Logger { return slog.New(slog.DiscardHandler) }

func fake() (*Balancer, *fakeClock) {
	c := newClock()
	return New(c.Now, fakeLog()), c
}

// at is a deployment at an engine of its own.
func at(name string) *catalog.Deployment {
	return &catalog.Deployment{ID: name + "/m", Provider: &catalog.Provider{Name: name, Followed: true}, Target: providers.Target{Model: "m"}, QueueWait: time.Minute}
}

func tierOf(how catalog.Balance, deps ...*catalog.Deployment) []catalog.Choice {
	var tier []catalog.Choice
	for _, d := range deps {
		tier = append(tier, catalog.Choice{Candidate: catalog.Free{Deployment: d}, Weight: 1, Balance: how})
	}
	return tier
}

func enter(t *testing.T, b *Balancer, dep *catalog.Deployment) *Use {
	t.Helper()
	u, err := b.Enter(context.Background(), dep, Call{})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// fails makes one call that fails.
func fails(t *testing.T, b *Balancer, dep *catalog.Deployment, e providers.Error) {
	t.Helper()
	u := enter(t, b, dep)
	u.Failed(&e)
	u.Done()
}

func answers(t *testing.T, b *Balancer, dep *catalog.Deployment) {
	t.Helper()
	u := enter(t, b, dep)
	u.Answered(false)
	u.Done()
}

// state is the breaker of a deployment as it is shown.
func state(t *testing.T, b *Balancer, dep *catalog.Deployment) State {
	t.Helper()
	for _, s := range b.States() {
		if s.Deployment == dep.ID {
			return s
		}
	}
	t.Fatalf("nothing is known of %s", dep.ID)
	return State{}
}

// seeded returns random numbers and prints their seed if the test fails.
func seeded(t *testing.T) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("seed %d", seed)
		}
	})
	return rand.New(rand.NewPCG(seed, 0))
}
