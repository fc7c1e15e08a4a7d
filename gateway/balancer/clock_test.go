package balancer

import (
	"testing"
	"time"
	"unsafe"

	"tollgate/providers"
)

// setBack is a reading of a clock whose date was set back meanwhile: what has passed since
// another reading it still knows.
func setBack(t time.Time, by time.Duration) time.Time {
	const secondsAt = 30 // in the first word of a time that has a monotonic reading
	*(*uint64)(unsafe.Pointer(&t)) -= uint64(by/time.Second) << secondsAt
	return t
}

// TestClockIsSetBack: what is remembered for seconds is not remembered for as long as the
// clock was set back, and what is told of times is by the clock as it is set.
func TestClockIsSetBack(t *testing.T) {
	began, passed, back := time.Now(), time.Duration(0), time.Duration(0)
	now := func() time.Time { return setBack(began.Add(passed), back) }
	b := New(now, fakeLog())
	dead, lacking, failing := at("dead"), at("lacking"), at("failing")
	down := false
	look := func() { b.Observe("dead", Signals{Healthy: &down}) }
	answers(t, b, dead)
	look()
	fails(t, b, lacking, providers.Error{Kind: providers.ModelMissing, Code: "model_not_found"})
	for range TripOf/2 - 1 {
		answers(t, b, failing)
		fails(t, b, failing, providers.Error{Kind: providers.ServerError})
	}
	if b.Ill(lacking) != Missing || b.Ill(dead) != Well {
		t.Fatalf("at once: %q, %q", b.Ill(lacking), b.Ill(dead))
	}

	back = 24 * time.Hour
	for range 2 {
		passed += deadAfter/2 + time.Second
		look()
	}
	if ill := b.Ill(dead); ill != Down {
		t.Errorf("an engine that has been down for long: %q", ill)
	}
	if ill := b.Ill(lacking); ill != Well {
		t.Errorf("a model that was missing long ago: %q", ill)
	}
	passed = TripWithin + time.Second
	fails(t, b, failing, providers.Error{Kind: providers.ServerError})
	fails(t, b, failing, providers.Error{Kind: providers.ServerError})
	if why := b.Usable(failing); why != nil {
		t.Errorf("two failures, and others long ago: %v", why)
	}
	fails(t, b, failing, providers.Error{Kind: providers.KeyRefused, Status: 401})
	s := state(t, b, failing)
	if want := now(); s.LastAt.Unix() != want.Unix() || s.Until.Unix() != want.Add(CoolFirst).Unix() {
		t.Errorf("it failed at %v and is left out until %v, and it is %v", s.LastAt, s.Until, want)
	}
	look()
	if at := b.Engine("dead").At; at.Unix() != now().Unix() {
		t.Errorf("it was looked at at %v, and it is %v", at, now())
	}
}
