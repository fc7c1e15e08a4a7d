//go:build crash

package crashtest

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"tollgate/gateway/store/storetest"
)

// replicas is how many processes share one PostgreSQL database.
const replicas = 3

// lease is how long a replica counts as alive after it has said so, in these tests: what
// a killed one held is settled by another soon after.
const lease = 3 * time.Second

// postgresFleet is so many processes over a PostgreSQL database of their own, which is
// dropped when the test ends.
func postgresFleet(t *testing.T, replicas int) *fleet {
	t.Helper()
	url := storetest.Database(t)
	f := newFleet(t, t.TempDir(), fmt.Sprintf("%q", url), replicas, "TOLLGATE_TEST_LEASE="+lease.String())
	f.open("pgx", url)
	return f
}

// TestT01_CrashPostgres kills one of several replicas again and again, sometimes two at
// once. Clients go on with those that are left.
func TestT01_CrashPostgres(t *testing.T) {
	t.Parallel()
	rounds(t, 50, func(t *testing.T, seed uint64, kills int) {
		rng := rand.New(rand.NewPCG(seed, 3))
		f := postgresFleet(t, replicas)
		for _, r := range f.replicas { // all at once on the empty database
			r.begin()
		}
		for _, r := range f.replicas {
			r.serve()
		}
		f.populate()
		for _, r := range f.replicas[1:] { // which then know every key, without a wait
			r.kill()
			r.start()
		}
		l := newLoad(f, seed, clients)
		l.start()
		for k := 0; k < kills; k++ {
			time.Sleep(within(rng, 350*time.Millisecond))
			order := rng.Perm(replicas)
			r, other := f.replicas[order[0]], f.replicas[order[1]]
			r.kill()
			if rng.IntN(6) == 0 && k+1 < kills {
				other.kill()
				other.begin()
				k++
			} else {
				other = nil
			}
			r.begin()
			if rng.IntN(6) == 0 && k+1 < kills { // also while it starts
				time.Sleep(within(rng, 80*time.Millisecond))
				r.kill()
				r.begin()
				k++
			}
			r.serve()
			if other != nil {
				other.serve()
			}
		}
		time.Sleep(100 * time.Millisecond)
		l.end()
		f.audit()
		for _, r := range f.replicas {
			r.terminate()
		}
		f.verify()
	})
}
