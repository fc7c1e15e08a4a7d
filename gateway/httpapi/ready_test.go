package httpapi

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestReadinessWithoutTheBooks: books that hang leave the check time to say so before any
// balancer gives it up.
func TestReadinessWithoutTheBooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &API{Context: t.Context(), Books: func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}}
		began := time.Now()
		if got := a.Readiness(); got != Degraded {
			t.Errorf("ready: %s", got)
		}
		if took := time.Since(began); took >= 500*time.Millisecond {
			t.Errorf("it took %s", took)
		}
	})
}

// TestReadinessLooksOnce: however many ask, the books are looked at by one, and whoever asks
// later has a look of his own.
func TestReadinessLooksOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		looks, answer := 0, make(chan error)
		a := &API{Context: t.Context(), Books: func(context.Context) error {
			looks++
			return <-answer
		}}
		for n, want := range []string{Ready, Degraded} {
			var all sync.WaitGroup
			for range 20 {
				all.Go(func() {
					if got := a.Readiness(); got != want {
						t.Errorf("ready: %s, want %s", got, want)
					}
				})
			}
			synctest.Wait()
			answer <- []error{nil, context.DeadlineExceeded}[n]
			all.Wait()
			if looks != n+1 {
				t.Errorf("looked %d times at the books for %d crowds", looks, n+1)
			}
		}
	})
}
