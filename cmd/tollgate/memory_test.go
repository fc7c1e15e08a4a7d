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
		quiet, free := r.look(c.allocated)
		if quiet != c.quiet || free != c.free {
			t.Errorf("look %d: quiet %v, free %v", i, quiet, free)
		}
		if free {
			r.freed = c.allocated
		}
	}
	r = rester{seen: 50 * mb, freed: 50 * mb}
	if _, free := r.look(50*mb + 1); free {
		t.Error("too little to be worth it")
	}
	r = rester{seen: 50*mb + worthFreeing, freed: 50 * mb}
	if _, free := r.look(50*mb + worthFreeing); free {
		t.Error("at the limit of what is worth it")
	}
}
