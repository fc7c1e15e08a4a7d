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

// headroom is memory that is asked for and never touched, so that it costs none. The
// collector counts it as live and waits for as much again before it runs: a gateway
// with little in memory would otherwise collect every few calls with large bodies. A
// constant is bounded where a higher GOGC is not.
const headroom = 16 << 20 // bytes

// earlyPercent stands in for GOGC until the collector has run once, which it then does
// with 20 MB at most and not with 4: amid a start, that can be without. From then on it is
// what the runtime has without GOGC.
const (
	earlyPercent = 500
	usualPercent = 100
)

// quiet is how a process rests: what it allocates in one look is below quietBytes.
const (
	lookAtMemory = 5 * time.Second
	quietBytes   = 1 << 20
	worthFreeing = 4 << 20 // bytes allocated since the last time, or free and kept
)

// reserve asks for the headroom once the collector has run, and until then puts the
// collector off: asking would begin a collection. A server does it first of all and keeps
// what it returns.
func reserve() *[]byte {
	spare := new([]byte)
	if os.Getenv("GOGC") != "" { // the operator has decided
		return spare
	}
	debug.SetGCPercent(earlyPercent)
	runtime.AddCleanup(new([64]byte), func(spare *[]byte) {
		*spare = make([]byte, headroom)
		unused(*spare)
		debug.SetGCPercent(usualPercent)
	}, spare)
	return spare
}

// own is where the program's file lies in memory, which is so until the process ends: a
// test has many servers in one, and looks once.
var own = sync.OnceValue(ownFile)

// rest gives memory that is not in use back to the system when there is little to do.
// On its own the runtime waits for minutes, and keeps what pools hold. The system keeps
// what was ever read of the program's file, most of which only a start needs; what is
// needed again comes back from its cache in a moment.
func rest(ctx context.Context) {
	tick := time.NewTicker(lookAtMemory)
	defer tick.Stop()
	file := own()
	seen, _ := heap()
	r := rester{seen: seen}
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		quiet, free := r.look(heap())
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
