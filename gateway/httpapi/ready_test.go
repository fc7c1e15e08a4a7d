package httpapi

import (
	"context"
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
