package main

import "testing"

func TestRest(t *testing.T) {
	const mb = 1 << 20
	var r rester
	for i, c := range []struct {
		allocated   uint64
		quiet, free bool
	}{
		{20 * mb, false, false},            // the start
		{20*mb + quietBytes, false, false}, // busy: at the limit
		{20*mb + quietBytes + quietBytes - 1, true, true},
		{20*mb + 2*quietBytes, true, false}, // quiet, and nothing to free since
		{100 * mb, false, false},
		{100*mb + 1, true, true},
	} {
		quiet, free := r.look(c.allocated, 0)
		if quiet != c.quiet || free != c.free {
			t.Errorf("look %d: quiet %v, free %v", i, quiet, free)
		}
		if free {
			r.freed = c.allocated
		}
	}
	r = rester{seen: 50 * mb, freed: 50 * mb}
	if _, free := r.look(50*mb+1, worthFreeing); free {
		t.Error("too little to be worth it")
	}
	r = rester{seen: 50*mb + worthFreeing, freed: 50 * mb}
	if _, free := r.look(50*mb+worthFreeing, worthFreeing); free {
		t.Error("at the limit of what is worth it")
	}
	if _, free := r.look(50*mb+worthFreeing, worthFreeing+1); !free {
		t.Error("more is kept than is worth freeing")
	}
	if quiet, free := r.look(80*mb, 100*mb); quiet || free {
		t.Error("what is free is about to be used")
	}
}

// TestRoom: a small heap has room to grow, a larger one in proportion, and a large one as
// much as the runtime would give it.
func TestRoom(t *testing.T) {
	const mb = 1 << 20
	for live, want := range map[uint64]uint64{0: 19 * mb, 4 * mb: 15 * mb, 14 * mb: 5 * mb, 15 * mb: 5 * mb, 22 * mb: 22 * mb / 3, 60 * mb: 20 * mb, 96*mb - 3: 32*mb - 1, 96 * mb: 96 * mb, 400 * mb: 400 * mb} {
		if got := room(live); got != want {
			t.Errorf("room for %d MB is %d bytes, want %d", live/mb, got, want)
		}
	}
	if got := percentOf(15*mb, 20*mb); got != 25 {
		t.Errorf("%d%%", got)
	}
	if got := percentOf(0, 0); got != 1900 {
		t.Errorf("%d%% of nothing", got)
	}
}
