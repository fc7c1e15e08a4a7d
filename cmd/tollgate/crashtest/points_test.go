//go:build crash

package crashtest

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
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
		if !l.run(r, string(failpoint.AfterFirstByte)+"=exit@5", patience) {
			f.t.Fatal("no stream began")
		}
		r.kill()
	default:
		f.first()
		r.terminate()
	}
}

// run starts a replica under failpoints and a load, until the process ends or the time
// is over. It returns whether it ended.
func (l *load) run(r *replica, points string, limit time.Duration) (ended bool) {
	f := l.fleet
	env := "TOLLGATE_FAILPOINTS=" + points
	r.begin(env)
	select {
	case url := <-r.prog.ready:
		r.addr.Store(&url)
	case <-r.prog.ended:
		return true
	case <-time.After(patience):
		f.t.Fatalf("%s: neither ready nor dead after %s:\n%s", points, patience, r.prog.errs.tail())
	}
	if len(f.keys) == 0 {
		return false
	}
	l.start()
	over := time.After(limit)
	for i := 0; ; i++ {
		select {
		case <-r.prog.ended:
			r.addr.Store(nil)
			return true
		case <-over:
			return false
		case <-time.After(100 * time.Millisecond):
		}
		if strings.Contains(points, string(failpoint.InBackup)) && f.has("backup") {
			cmd := f.command([]string{env}, "backup", filepath.Join(f.t.TempDir(), fmt.Sprintf("backup%d.db", i)))
			if out, err := cmd.CombinedOutput(); err != nil && killed(cmd.ProcessState) {
				return true // the command made the backup itself
			} else if err != nil && points == "" {
				f.t.Errorf("tollgate backup: %v\n%s", err, out)
			}
		}
	}
}

// TestFailpoints kills the program once at each point.
func TestFailpoints(t *testing.T) {
	seed := seedOf(t)
	for i, p := range failpoint.Points {
		t.Run(string(p), func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(seed, uint64(i)))
			f := sqliteFleet(t)
			l := newLoad(f, seed, clients)
			beforehand(f, l, p)
			nth := 1 + rng.IntN(20)
			if p == failpoint.InMigration || p == failpoint.InSweep || p == failpoint.InBackup {
				nth = 1 // of these there may be few
			}
			r := f.replicas[0]
			if !l.run(r, fmt.Sprintf("%s=exit@%d", p, nth), 10*time.Second) {
				t.Fatalf("%s was not reached %d times in 10s: %v", p, nth, r.prog.errs.hits())
			}
			r.kill()
			if p == failpoint.InMigration { // in each of them
				for n := 2; l.run(r, fmt.Sprintf("%s=exit@%d", p, n), 0); n++ {
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
				died := l.run(r, points, 400*time.Millisecond)
				if len(r.prog.errs.hits()) == 0 {
					t.Errorf("%s was not reached", p)
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
