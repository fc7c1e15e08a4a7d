package store

import (
	"bytes"
	"sync"
	"testing"
)

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
