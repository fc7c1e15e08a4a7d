package balancer

import (
	"context"
	"errors"
	"testing"
	"time"
)

// TestRetryBudget is the property of the budget: whenever an extra attempt is let through,
// those of the last ten seconds are a tenth of the first ones at most, or a few; and a
// first one always passes.
func TestRetryBudget(t *testing.T) {
	r := seeded(t)
	for range 20 {
		var b budget
		c := newClock()
		type attempt struct {
			second int64
			extra  bool
		}
		var made []attempt
		refused := 0
		for range 3000 {
			c.add(time.Duration(r.ExpFloat64() * float64(20*time.Millisecond)))
			extra := r.IntN(3) == 0
			now := c.Now()
			if !b.take(now, extra) {
				if refused++; !extra {
					t.Fatal("a first attempt is refused")
				}
				continue
			}
			if r.IntN(10) == 0 {
				b.giveBack(now, extra)
				continue
			}
			made = append(made, attempt{now.Unix(), extra})
			if !extra {
				continue
			}
			firsts, extras := 0, 0
			for _, a := range made {
				switch {
				case a.second < now.Unix()-int64(ExtraWithin/time.Second):
				case a.extra:
					extras++
				default:
					firsts++
				}
			}
			if extras > max(ExtraLeast, firsts/ExtraShare) {
				t.Fatalf("%d extra attempts beside %d", extras, firsts)
			}
		}
		if refused == 0 {
			t.Error("nothing was ever refused: this test asks too little")
		}
	}
}

func TestQuietDeploymentsStandIn(t *testing.T) {
	b, c := fake()
	dep := at("gpu")
	for range ExtraLeast {
		u, err := b.Enter(context.Background(), dep, Call{Extra: true})
		if err != nil {
			t.Fatal(err)
		}
		u.Done()
	}
	if _, err := b.Enter(context.Background(), dep, Call{Extra: true}); !errors.Is(err, ErrRetryBudget) {
		t.Errorf("one more: %v", err)
	}
	enter(t, b, dep).Done()
	c.add(ExtraWithin + time.Second)
	u, err := b.Enter(context.Background(), dep, Call{Extra: true})
	if err != nil {
		t.Fatalf("ten seconds later: %v", err)
	}
	u.Void() // was not made, so there is still room for as many
	for range ExtraLeast {
		if u, err := b.Enter(context.Background(), dep, Call{Extra: true}); err != nil {
			t.Fatal(err)
		} else {
			u.Done()
		}
	}
}
