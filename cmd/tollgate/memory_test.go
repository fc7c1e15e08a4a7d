package main

import "testing"

func TestRest(t *testing.T) {
	const mb = 1 << 20
	var r rester
	for i, c := range []struct {
		allocated uint64
		free      bool
	}{
		{20 * mb, false},            // the start
		{20*mb + quietBytes, false}, // busy: at the limit
		{20*mb + quietBytes + quietBytes - 1, true},
		{20*mb + 2*quietBytes, false}, // quiet, and nothing to free since
		{100 * mb, false},
		{100*mb + 1, true},
	} {
		got := r.look(c.allocated)
		if got != c.free {
			t.Errorf("look %d: %v", i, got)
		}
		if got {
			r.freed = c.allocated
		}
	}
	r = rester{seen: 50 * mb, freed: 50 * mb}
	if r.look(50*mb + 1) {
		t.Error("too little to be worth it")
	}
	r = rester{seen: 50*mb + worthFreeing, freed: 50 * mb}
	if r.look(50*mb + worthFreeing) {
		t.Error("at the limit of what is worth it")
	}
}
