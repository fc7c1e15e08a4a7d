//go:build crash

// Package crashtest proves that the books survive the program's death. It runs the real
// binary under load, kills it at random moments or at a failpoint, starts it again on
// the same database, and compares the books with an oracle that knows what the upstream
// sent and what every client received.
//
// It may import accounting for the arithmetic of money and tokens, storetest for a database, and nothing else of
// ours: everything is seen from outside, over sockets and in the database.
package crashtest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// clients is how many clients call at once.
const clients = 24

// roundKills is how many kills one database sees at most: a longer run is of several
// rounds, each with a seed of its own, so that one can be repeated alone.
const roundKills = 100

// seedOf is the seed of a test: chosen by TOLLGATE_CRASH_SEED, else new. It is printed,
// and again when the test fails, with what repeats it.
func seedOf(t *testing.T) uint64 {
	t.Helper()
	seed := rand.Uint64N(1 << 32)
	if text := os.Getenv("TOLLGATE_CRASH_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("TOLLGATE_CRASH_SEED: %q is not a whole number", text)
		}
	}
	t.Logf("seed %d; again: TOLLGATE_CRASH_SEED=%d", seed, seed)
	return seed
}

// killsOf is how often to kill: TOLLGATE_CRASH_KILLS, else normal.
func killsOf(t *testing.T, normal int) int {
	t.Helper()
	text := os.Getenv("TOLLGATE_CRASH_KILLS")
	if text == "" {
		return normal
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("TOLLGATE_CRASH_KILLS: %q is not a number of kills", text)
	}
	return n
}

// rounds runs a number of kills in rounds.
func rounds(t *testing.T, normal int, round func(t *testing.T, seed uint64, kills int)) {
	seed, kills := seedOf(t), killsOf(t, normal)
	for i := uint64(0); kills > 0; i++ {
		n := min(kills, roundKills)
		kills -= n
		ok := t.Run(fmt.Sprintf("seed=%d", seed+i), func(t *testing.T) { round(t, seed+i, n) })
		if !ok {
			t.Fatalf("again: make crash KILLS=%d SEED=%d", n, seed+i)
		}
	}
}

// within is a random time below a limit.
func within(rng *rand.Rand, limit time.Duration) time.Duration {
	return time.Duration(rng.Int64N(int64(limit)))
}

// TestT01_CrashSQLite kills the one process of a SQLite database again and again.
func TestT01_CrashSQLite(t *testing.T) {
	t.Parallel()
	rounds(t, 100, func(t *testing.T, seed uint64, kills int) {
		rng := rand.New(rand.NewPCG(seed, 1))
		f := sqliteFleet(t)
		f.first()
		l := newLoad(f, seed, clients)
		l.start()
		r := f.replicas[0]
		for k := 0; k < kills; k++ {
			time.Sleep(within(rng, 350*time.Millisecond))
			r.kill()
			if rng.IntN(6) == 0 && k+1 < kills { // also while it starts
				r.begin()
				time.Sleep(within(rng, 80*time.Millisecond))
				r.kill()
				k++
			}
			r.start()
		}
		time.Sleep(100 * time.Millisecond)
		l.end()
		f.audit()
		r.terminate()
		f.verify()
	})
}
