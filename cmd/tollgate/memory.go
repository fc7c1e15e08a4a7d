package main

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"
)

// room is how much the heap may grow between two collections, for what is alive in it and
// what else a collection has to look at, in bytes. With little in memory it may grow to
// smallHeap, where the runtime alone would collect every few calls with large bodies; with
// more, by a part of it, so that many connections do not cost their memory twice; with
// much, by as much again, as the runtime would have it.
func room(live uint64) uint64 {
	if live >= largeHeap {
		return live
	}
	return max(smallHeap-min(live, smallHeap), live/3)
}

const (
	smallHeap = 19 << 20
	largeHeap = 96 << 20
)

// earlyPercent stands in for GOGC until the collector has run once, which it then does
// with 20 MB at most and not with 4: amid a start, that can be without.
const earlyPercent = 500

// quiet is how a process rests: what it allocates in one look is below quietBytes.
const (
	lookAtMemory = 5 * time.Second
	quietBytes   = 1 << 20
	worthFreeing = 4 << 20 // bytes allocated since the last time, or free and kept
)

// paceCollector lets the heap grow as room says, from the first collection on, and until then puts
// the collector off. A server does it first of all.
func paceCollector() {
	if os.Getenv("GOGC") != "" { // the operator has decided
		return
	}
	debug.SetGCPercent(earlyPercent)
	afterCollection(earlyPercent)
}

// afterCollection sets GOGC after the next collection, and after each one that follows.
func afterCollection(percent int) {
	runtime.AddCleanup(new([64]byte), func(was int) {
		percent := percentOf(alive())
		// To set it stops the world for a moment, so a little is not worth it.
		if percent > was+was/8 || percent < was-was/8 {
			debug.SetGCPercent(percent)
			was = percent
		}
		afterCollection(was)
	}, percent)
}

// percentOf is the GOGC that lets the heap grow as room says: the runtime reckons it of all
// that a collection looks at.
func percentOf(live, looked uint64) int {
	return int(100 * room(live) / max(looked, 1<<20))
}

// alive is what the last collection found alive in the heap, and with it all else that it
// looked at, stacks and variables, in bytes.
func alive() (live, looked uint64) {
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/stack:bytes"}, {Name: "/gc/scan/globals:bytes"}}
	metrics.Read(samples)
	live = samples[0].Value.Uint64()
	return live, live + samples[1].Value.Uint64() + samples[2].Value.Uint64()
}

// own is where the program's file lies in memory, which is so until the process ends: a
// test has many servers in one, and looks once. A start does not wait for it.
var own = sync.OnceValue(ownFile)

// rest gives memory that is not in use back to the system when there is little to do.
// On its own the runtime waits for minutes, and keeps what pools hold. The system keeps
// what was ever read of the program's file, most of which only a start needs; what is
// needed again comes back from its cache in a moment.
func rest(ctx context.Context) {
	tick := time.NewTicker(lookAtMemory)
	defer tick.Stop()
	seen, _ := heap()
	r := rester{seen: seen}
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		quiet, free := r.look(heap())
		var file mapped
		if quiet {
			file = own() // before the collection, to which it leaves much
		}
		if free {
			runtime.GC() // what pools hold is let go by the second collection
			debug.FreeOSMemory()
			r.freed, _ = heap()
		}
		if quiet {
			file.unmap() // after the collection, which reads much of it
		}
	}
}

// rester knows how much had been allocated since the start at the last look and when
// memory was last freed, in bytes.
type rester struct{ seen, freed uint64 }

// look says whether the process rests, and whether there is memory worth freeing then.
// Stacks of goroutines that ended are kept without anything being allocated: the server's
// end some seconds after their connections.
func (r *rester) look(allocated, kept uint64) (quiet, free bool) {
	quiet = allocated-r.seen < quietBytes
	r.seen = allocated
	return quiet, quiet && (allocated-r.freed > worthFreeing || kept > worthFreeing)
}

// heap is what was allocated since the start, and what is free and was not given back, in
// bytes.
func heap() (allocated, kept uint64) {
	samples := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/memory/classes/heap/free:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64(), samples[1].Value.Uint64()
}
