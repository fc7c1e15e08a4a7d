//go:build failpoints

package failpoint

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// Enabled says whether this build has failpoints.
const Enabled = true

// env holds the list of actions.
const env = "TOLLGATE_FAILPOINTS"

// The actions.
const (
	actExit     = "exit"
	actSleep    = "sleep"
	actError    = "error"
	actDiskFull = "diskfull"
	actPanic    = "panic"
)

// action is what happens at a point: at its nth hit, or at every one if nth is 0.
type action struct {
	what  string
	sleep time.Duration
	nth   int64
}

// site is what is known of one point; hits counts from 1.
type site struct {
	hits    atomic.Int64
	actions []action
}

// What Hit returns by the actions `error` and `diskfull`.
var (
	errInjected = errors.New("failpoint: an error was asked for")
	errDiskFull = fmt.Errorf("failpoint: a full disk was asked for: %w", syscall.ENOSPC)
)

var sites = load(os.Getenv(env))

func load(text string) map[Point]*site {
	m, err := parse(text)
	if err != nil {
		die("%s: %v", env, err)
	}
	return m
}

func die(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "tollgate: "+format+"\n", args...)
	os.Exit(2)
}

// parse reads a list of point=action[:argument][@n].
func parse(text string) (map[Point]*site, error) {
	m := map[Point]*site{}
	if text == "" {
		return m, nil
	}
	for item := range strings.SplitSeq(text, ",") {
		point, rest, ok := strings.Cut(item, "=")
		if !ok {
			return nil, fmt.Errorf("%q is not point=action", item)
		}
		p := Point(strings.TrimSpace(point))
		if !slices.Contains(Points, p) {
			return nil, fmt.Errorf("%q: there is no point %q; there are %q", item, p, Points)
		}
		a, err := parseAction(strings.TrimSpace(rest))
		if err != nil {
			return nil, fmt.Errorf("%q: %w", item, err)
		}
		if m[p] == nil {
			m[p] = &site{}
		}
		m[p].actions = append(m[p].actions, a)
	}
	return m, nil
}

func parseAction(text string) (action, error) {
	var a action
	text, nth, ok := strings.Cut(text, "@")
	if ok {
		n, err := strconv.ParseInt(nth, 10, 64)
		if err != nil || n < 1 {
			return a, fmt.Errorf("%q is not a number of a hit, which counts from 1", nth)
		}
		a.nth = n
	}
	what, arg, hasArg := strings.Cut(text, ":")
	a.what = what
	switch what {
	case actSleep:
		d, err := time.ParseDuration(arg)
		if err != nil || d <= 0 {
			return a, fmt.Errorf("sleep wants a time, as sleep:200ms, not %q", arg)
		}
		a.sleep = d
		return a, nil
	case actExit, actError, actDiskFull, actPanic:
		if hasArg {
			return a, fmt.Errorf("%s takes no argument, not %q", what, arg)
		}
		return a, nil
	}
	return a, fmt.Errorf("there is no action %q; there are exit, sleep, error, diskfull and panic", what)
}

// Hit does what was asked for at a point. It may be called by any number of
// goroutines.
func Hit(p Point) error { return sites[p].hit(p) }

func (s *site) hit(p Point) error {
	if s == nil {
		return nil
	}
	n := s.hits.Add(1)
	var errs []error
	for _, a := range s.actions {
		if a.nth != 0 && a.nth != n {
			continue
		}
		fmt.Fprintf(os.Stderr, "failpoint: %s: %s at hit %d\n", p, a.what, n)
		switch a.what {
		case actExit:
			kill()
		case actSleep:
			time.Sleep(a.sleep)
		case actError:
			errs = append(errs, errInjected)
		case actDiskFull:
			errs = append(errs, errDiskFull)
		case actPanic:
			panic(fmt.Sprintf("failpoint: %s: a panic was asked for", p))
		}
	}
	return errors.Join(errs...)
}

// kill ends the process as kill -9 does. A signal to oneself may need a moment to
// arrive, and nothing may happen in it.
func kill() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL) // one's own process can be killed
	select {}
}

// Duration is the time that the environment's TOLLGATE_TEST_<NAME> says, or normal
// without it. What is no positive time ends the process with status 2.
func Duration(name string, normal time.Duration) time.Duration {
	v := "TOLLGATE_TEST_" + strings.ToUpper(name)
	text, ok := os.LookupEnv(v)
	if !ok {
		return normal
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		die("%s: %q is not a time such as 500ms", v, text)
	}
	return d
}
