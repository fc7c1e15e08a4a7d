//go:build crash

package crashtest

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"tollgate/gateway/failpoint"
)

// beforehand brings a fleet to where the next start will pass a point. The default
// makes the callers and ends the process in order, so that the next one makes every
// counter.
func beforehand(f *fleet, l *load, p failpoint.Point) {
	r := f.replicas[0]
	switch p {
	case failpoint.InMigration: // the database is empty
	case failpoint.InSweep: // a process that died within a paid stream leaves an orphan
		f.first()
		r.terminate()
		if ended, _ := l.run(r, string(failpoint.AfterFirstByte)+"=exit@5", reach); !ended {
			f.t.Fatal("no stream began")
		}
		r.kill()
	default:
		f.first()
		r.terminate()
	}
}

// run starts a replica under failpoints and a load, until the process has ended, or
// until a point was passed and the time is over. It returns whether the process ended
// and what the failpoints said.
func (l *load) run(r *replica, points string, limit time.Duration) (ended bool, hits []string) {
	f := l.fleet
	env := "TOLLGATE_FAILPOINTS=" + points
	r.begin(env)
	defer func() { hits = append(hits, r.prog.errs.hits()...) }()
	select {
	case url := <-r.prog.ready:
		r.addr.Store(&url)
	case <-r.prog.ended:
		return true, nil
	case <-time.After(patience):
		f.t.Fatalf("%s: neither ready nor dead after %s:\n%s", points, patience, r.prog.errs.tail())
	}
	if len(f.keys) == 0 {
		return false, nil
	}
	l.start()
	over, most := time.After(limit), time.After(reach)
	backup := strings.Contains(points, string(failpoint.InBackup)) && f.has("backup")
	for i, enough := 0, false; !enough || len(hits)+len(r.prog.errs.hits()) == 0; i++ {
		select {
		case <-r.prog.ended:
			r.addr.Store(nil)
			return true, hits
		case <-over:
			enough = true
		case <-most:
			return false, hits
		case <-time.After(50 * time.Millisecond):
		}
		if backup {
			cmd := f.command([]string{env}, "backup", filepath.Join(f.t.TempDir(), fmt.Sprintf("backup%d.db", i)))
			out, err := cmd.CombinedOutput()
			for line := range strings.Lines(string(out)) {
				if strings.HasPrefix(line, "failpoint: ") {
					hits = append(hits, line)
				}
			}
			if err != nil && killed(cmd.ProcessState) {
				return true, hits // the command made the backup itself
			}
		}
	}
	return false, hits
}

// reach is how long a load may take to come to a point.
const reach = 10 * time.Second

// TestFailpoints kills the program once at each point.
func TestFailpoints(t *testing.T) {
	t.Parallel()
	atFailpoints(t, failpoint.Points, func(t *testing.T) *fleet { return sqliteFleet(t) })
}

// TestFailpointsPostgres does the same on PostgreSQL, which makes its own checkpoints
// and backups.
func TestFailpointsPostgres(t *testing.T) {
	t.Parallel()
	points := slices.DeleteFunc(slices.Clone(failpoint.Points), func(p failpoint.Point) bool { return p == failpoint.InBackup })
	atFailpoints(t, points, func(t *testing.T) *fleet { return postgresFleet(t, 1) })
}

func atFailpoints(t *testing.T, points []failpoint.Point, newFleet func(t *testing.T) *fleet) {
	seed := seedOf(t)
	for i, p := range points {
		t.Run(string(p), func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(seed, uint64(i)))
			f := newFleet(t)
			l := newLoad(f, seed, clients)
			beforehand(f, l, p)
			nth := 1 + rng.IntN(20)
			switch p {
			case failpoint.InMigration, failpoint.InSweep, failpoint.AtRollover, failpoint.InBackup:
				nth = 1 // of these there may be few
			}
			r := f.replicas[0]
			if ended, hits := l.run(r, fmt.Sprintf("%s=exit@%d", p, nth), reach); !ended {
				t.Fatalf("%s was not reached %d times in %s: %v", p, nth, reach, hits)
			}
			r.kill()
			if p == failpoint.InMigration { // in each of them
				for n := 2; ; n++ {
					if ended, _ := l.run(r, fmt.Sprintf("%s=exit@%d", p, n), 0); !ended {
						break
					}
					r.kill()
				}
				r.terminate()
			}
			r.start()
			if len(f.keys) == 0 {
				f.populate()
			}
			l.start()
			time.Sleep(150 * time.Millisecond)
			l.end()
			f.audit()
			r.terminate()
			f.verify()
		})
	}
}

// TestErrorAtFailpoints makes each point fail, in each way, and the program live on:
// no answer without its entry, and nothing stays held, without another start.
func TestErrorAtFailpoints(t *testing.T) {
	t.Parallel()
	seed := seedOf(t)
	for i, p := range failpoint.Points {
		for _, action := range []string{"error", "diskfull", "panic"} {
			t.Run(string(p)+"="+action, func(t *testing.T) {
				t.Parallel()
				rng := rand.New(rand.NewPCG(seed, uint64(i)))
				f := sqliteFleet(t)
				f.troubled = true
				l := newLoad(f, seed, clients)
				beforehand(f, l, p)
				points := fmt.Sprintf("%s=%s@1", p, action)
				for range 4 {
					points += fmt.Sprintf(",%s=%s@%d", p, action, 2+rng.IntN(30))
				}
				r := f.replicas[0]
				f.mayDie = action == "panic"
				died, hits := l.run(r, points, 400*time.Millisecond)
				if len(hits) == 0 {
					t.Errorf("%s was not reached in %s", p, reach)
				}
				if died {
					// A panic may end the program, which is a crash like any other. A start may refuse
					// to go on, in order.
					starting := p == failpoint.InMigration || p == failpoint.InSweep
					if action != "panic" && (!starting || r.prog.cmd.ProcessState.ExitCode() != 1) {
						t.Errorf("the program ended with %v:\n%s", r.prog.result, r.prog.errs.tail())
					}
					r.start()
				}
				if len(f.keys) == 0 {
					f.populate()
				}
				l.start()
				time.Sleep(100 * time.Millisecond)
				l.end()
				f.audit()
				r.terminate()
				f.verify()
			})
		}
	}
}

// TestTermThenKill kills the program while it ends in order.
func TestTermThenKill(t *testing.T) {
	t.Parallel()
	seed := seedOf(t)
	rng := rand.New(rand.NewPCG(seed, 2))
	f := sqliteFleet(t)
	f.first()
	l := newLoad(f, seed, clients)
	l.start()
	r := f.replicas[0]
	inOrder := 0
	for range 15 {
		time.Sleep(100*time.Millisecond + within(rng, 100*time.Millisecond))
		f.kills.Add(1)
		if err := r.prog.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		select {
		case <-r.prog.ended: // it was quicker
			inOrder++
			f.kills.Add(1) // an end all the same
			if r.prog.result != nil {
				t.Errorf("told to end, it ended with %v:\n%s", r.prog.result, r.prog.errs.tail())
			}
			r.addr.Store(nil)
			r.inspect()
		case <-time.After(within(rng, 700*time.Millisecond)): // the patience of the drain is 400ms
			f.mayDie = true
			r.kill()
			f.mayDie = false
		}
		r.start()
	}
	time.Sleep(100 * time.Millisecond)
	l.end()
	f.audit()
	r.terminate()
	f.verify()
	t.Logf("%d of 15 ended before they were killed", inOrder)
}
