package toll

import (
	"testing"
	"time"

	"tollgate/gateway/catalog"
	"tollgate/gateway/dispatch"
	"tollgate/providers"
)

// TestBackgroundPlaces: so many calls are followed and no more; one that ends makes room.
func TestBackgroundPlaces(t *testing.T) {
	var f following
	f.start()
	defer f.close()
	var leave func()
	for i := range MaxBackground {
		if leave = f.take(); leave == nil {
			t.Fatalf("no place for call %d", i+1)
		}
	}
	if f.take() != nil {
		t.Fatalf("a place for call %d", MaxBackground+1)
	}
	leave()
	if f.take() == nil || f.take() != nil {
		t.Fatal("one that left does not make room for one")
	}
}

// TestFollowingEnds: at the end of the process nobody is followed on, what was is waited for,
// and each call is left as it is to the next process.
func TestFollowingEnds(t *testing.T) {
	g, _, _, _ := gate(t, 0)
	g.dispatch = &dispatch.Dispatcher{}
	left := 0
	follow := func() *noted {
		m, hold := metering(t, providers.Responses, `{"model":"m","input":"hello"}`, catalog.Deployment{Provider: &catalog.Provider{}})
		m.toll, m.running = g, "resp_1"
		m.slot = func() { time.Sleep(50 * time.Millisecond); left++ }
		g.followOn(m)
		return hold
	}
	before := follow()
	stop(t, g)
	if left != 1 || len(before.ended) != 0 {
		t.Errorf("%d of one call were left, settled: %+v", left, before.ended)
	}
	after := follow()
	if left != 2 || len(after.ended) != 0 {
		t.Errorf("once nobody follows: %d of one call were left, settled: %+v", left-1, after.ended)
	}
}
