package store

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"

	"tollgate/accounting"
)

func TestProf(t *testing.T) {
	if os.Getenv("PROF") == "" {
		t.Skip()
	}
	s := fresh(t)
	var wg sync.WaitGroup
	lim := money(1e18)
	all := claim("all", "", lim)
	for i := range 64 {
		wg.Go(func() {
			k, u := claim("key", fmt.Sprint("key_", i), lim), claim("user", fmt.Sprint("user_", i), lim)
			for j := range 400 {
				h := hold(fmt.Sprintf("attempt-%d-%d", i, j), accounting.Money(1000000), k, u, all)
				if _, err := s.Reserve(context.Background(), h); err != nil {
					t.Error(err)
				}
				if err := s.Settle(context.Background(), paid(h, 1000)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}
