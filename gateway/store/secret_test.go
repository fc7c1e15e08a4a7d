package store

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"

	"tollgate/accounting/ledger"
)

// TestWhatIsReadFirst: what every process reads when it starts, from a database that does not
// let it: gorm's Row has no error then, and a panic in its place.
func TestWhatIsReadFirst(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.LastChange(gone); !errors.Is(err, ledger.ErrUnavailable) {
			t.Errorf("the last change: %v", err)
		}
		if _, err := s.Secret(gone, "of the test", 32); !errors.Is(err, ledger.ErrUnavailable) {
			t.Errorf("a secret: %v", err)
		}
	})
}

// TestSecret: a secret is made once, for every process that has the database, and stays.
func TestSecret(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		s := open(t, d)
		var mu sync.Mutex
		seen := map[string]bool{}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				b, err := s.Secret(t.Context(), "a", 32)
				if err != nil || len(b) != 32 {
					t.Errorf("%d bytes, %v", len(b), err)
				}
				mu.Lock()
				defer mu.Unlock()
				seen[string(b)] = true
			})
		}
		wg.Wait()
		if len(seen) != 1 {
			t.Fatalf("%d secrets", len(seen))
		}
		other, err := s.Secret(t.Context(), "b", 32)
		if err != nil || seen[string(other)] || bytes.Equal(other, make([]byte, 32)) {
			t.Errorf("another name: %x, %v", other, err)
		}
		if _, err := s.Secret(t.Context(), "a", 16); err == nil {
			t.Error("a secret of another size")
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if b, err := open(t, d).Secret(t.Context(), "a", 32); err != nil || !seen[string(b)] {
			t.Errorf("after a restart: %x, %v", b, err)
		}
	})
}
