//go:build failpoints

package failpoint

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	m, err := parse("after_hold=exit@3, mid_stream=sleep:200ms,in_commit=error,in_commit=diskfull@2,after_auth=panic")
	if err != nil {
		t.Fatal(err)
	}
	want := map[Point][]action{
		AfterHold: {{what: actExit, nth: 3}},
		MidStream: {{what: actSleep, sleep: 200 * time.Millisecond}},
		InCommit:  {{what: actError}, {what: actDiskFull, nth: 2}},
		AfterAuth: {{what: actPanic}},
	}
	if len(m) != len(want) {
		t.Errorf("%d points, not %d", len(m), len(want))
	}
	for p, actions := range want {
		if m[p] == nil || len(m[p].actions) != len(actions) {
			t.Errorf("%s: %v, not %v", p, m[p], actions)
			continue
		}
		for i, a := range actions {
			if m[p].actions[i] != a {
				t.Errorf("%s: %v, not %v", p, m[p].actions[i], a)
			}
		}
	}
	if m, err := parse(""); err != nil || len(m) != 0 {
		t.Errorf("nothing asked for: %v, %v", m, err)
	}
}

func TestParseRefuses(t *testing.T) {
	for text, says := range map[string]string{
		"after_hold":              "not point=action",
		"after_lunch=exit":        `no point "after_lunch"`,
		"after_hold=explode":      `no action "explode"`,
		"after_hold=":             `no action ""`,
		"after_hold=exit:1":       "takes no argument",
		"after_hold=exit@0":       "counts from 1",
		"after_hold=exit@":        "counts from 1",
		"after_hold=exit@two":     "counts from 1",
		"mid_stream=sleep":        "wants a time",
		"mid_stream=sleep:long":   "wants a time",
		"mid_stream=sleep:-1s":    "wants a time",
		"after_auth=exit,":        "not point=action",
		",after_auth=exit":        "not point=action",
		"after_auth=exit,x=error": `no point "x"`,
	} {
		if _, err := parse(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, which does not say %q", text, err, says)
		}
	}
}

// asked runs a test with other failpoints than the process began with.
func asked(t *testing.T, text string) {
	t.Helper()
	m, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	before := sites
	sites = m
	t.Cleanup(func() { sites = before })
}

func TestHit(t *testing.T) {
	asked(t, "in_commit=error@2,in_commit=diskfull@3,in_sweep=panic,mid_stream=sleep:30ms")
	for i, want := range []error{nil, errInjected, syscall.ENOSPC, nil} {
		if err := Hit(InCommit); !errors.Is(err, want) {
			t.Errorf("hit %d: %v, not %v", i+1, err, want)
		}
	}
	if err := Hit(AfterPost); err != nil {
		t.Errorf("a point nobody asked for: %v", err)
	}
	begun := time.Now()
	if err := Hit(MidStream); err != nil || time.Since(begun) < 30*time.Millisecond {
		t.Errorf("sleep: %v after %s", err, time.Since(begun))
	}
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	_ = Hit(InSweep)
}

// TestOnlyTheNth: however many come at once, the n-th is one.
func TestOnlyTheNth(t *testing.T) {
	asked(t, "after_hold=error@50")
	var wg sync.WaitGroup
	failed := make(chan error, 100)
	for range 100 {
		wg.Go(func() {
			if err := Hit(AfterHold); err != nil {
				failed <- err
			}
		})
	}
	wg.Wait()
	if len(failed) != 1 {
		t.Errorf("%d hits failed, not 1", len(failed))
	}
}

// TestProcess: how a process ends by its failpoints can only be seen from outside.
func TestProcess(t *testing.T) {
	if os.Getenv("FAILPOINT_CHILD") != "" {
		_ = Duration("lease", time.Minute)
		defer os.Exit(7)
		_ = Hit(AfterPost)
		os.Exit(6)
	}
	for _, c := range []struct {
		name   string
		env    string
		killed bool
		code   int
		says   string
	}{
		{"exit is a kill", env + "=after_post=exit", true, 0, "failpoint: after_post: exit at hit 1"},
		{"exit elsewhere", env + "=after_hold=exit", false, 6, ""},
		{"bad action", env + "=after_post=leave", false, 2, `TOLLGATE_FAILPOINTS: "after_post=leave": there is no action "leave"`},
		{"bad time", "TOLLGATE_TEST_LEASE=soon", false, 2, `TOLLGATE_TEST_LEASE: "soon" is not a time`},
		{"a time", "TOLLGATE_TEST_LEASE=2s", false, 6, ""},
	} {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestProcess$")
		cmd.Env = append(os.Environ(), "FAILPOINT_CHILD=1", c.env)
		out, _ := cmd.CombinedOutput() // how it ended is in its state
		state := cmd.ProcessState.Sys().(syscall.WaitStatus)
		if killed := state.Signaled() && state.Signal() == syscall.SIGKILL; killed != c.killed {
			t.Errorf("%s: it ended with %v: %s", c.name, cmd.ProcessState, out)
		}
		if !c.killed && state.ExitStatus() != c.code {
			t.Errorf("%s: it ended with %v, not %d: %s", c.name, cmd.ProcessState, c.code, out)
		}
		if !strings.Contains(string(out), c.says) {
			t.Errorf("%s: it does not say %q: %s", c.name, c.says, out)
		}
	}
}

func TestDuration(t *testing.T) {
	t.Setenv("TOLLGATE_TEST_LEASE", "1500ms")
	if d := Duration("lease", time.Minute); d != 1500*time.Millisecond {
		t.Errorf("the lease is %s", d)
	}
	if d := Duration("sweep", time.Minute); d != time.Minute {
		t.Errorf("what is not set is %s", d)
	}
}
