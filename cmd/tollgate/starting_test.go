package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"tollgate/gateway/store/storetest"
)

// beginning is the program in a process of its own, which need not come to listen.
type beginning struct {
	t         *testing.T
	cmd       *exec.Cmd
	out, logs *logBuffer
	ended     chan error
}

func begins(t *testing.T, args ...string) *beginning {
	t.Helper()
	b := &beginning{t: t, cmd: exec.Command(must(os.Executable())(t), args...), out: &logBuffer{}, logs: &logBuffer{}, ended: make(chan error, 1)}
	b.cmd.Env = append(os.Environ(), asProgram+"=1")
	b.cmd.Stdout, b.cmd.Stderr = b.out, b.logs
	if err := b.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { b.ended <- b.cmd.Wait() }()
	t.Cleanup(func() { _ = b.cmd.Process.Kill(); b.code() })
	return b
}

func (b *beginning) signal(s os.Signal) { _ = b.cmd.Process.Signal(s) } // it may have ended

// code is its exit code, once it has ended: -1 if a signal ended it.
func (b *beginning) code() int {
	b.t.Helper()
	select {
	case err := <-b.ended:
		b.ended <- err
		var failed *exec.ExitError
		if errors.As(err, &failed) {
			return failed.ExitCode()
		}
		return 0
	case <-time.After(patience):
		_ = b.cmd.Process.Kill()
		b.t.Errorf("it does not end: %s", b.logs.String())
		return -1
	}
}

// listens waits until it says where.
func (b *beginning) listens() bool {
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		if addressLine.MatchString(b.out.String()) {
			return true
		}
	}
	return false
}

// TestT42_StoppedWhileItStarts: a start that is told to stop ends in order, wherever it is and
// whatever it waits for, and the next one goes on from there.
func TestT42_StoppedWhileItStarts(t *testing.T) {
	t.Parallel()
	config := filepath.Join(t.TempDir(), "tollgate.yaml")
	put(t, config, "listen: 127.0.0.1:0\ndrain_delay: 0s\nproviders: { e: { kind: echo } }\nmodels: { m: e/echo }\n")
	statements := func(t *testing.T, wire *storetest.Wire) int {
		t.Helper()
		var n atomic.Int64
		wire.OnStatement(func(string) { n.Add(1) })
		b := begins(t, "--config", config, "--database", wire.URL())
		if !b.listens() {
			t.Fatal(b.logs.String())
		}
		all := int(n.Load())
		b.signal(syscall.SIGTERM)
		if code := b.code(); code != 0 {
			t.Fatalf("exit %d: %s", code, b.logs.String())
		}
		wire.OnStatement(func(string) {})
		return all
	}
	wire := storetest.NewWire(t, storetest.Database(t))
	first := statements(t, wire)
	again := statements(t, wire)
	for name, c := range map[string]struct {
		known   bool // the database has been started over before
		at      int  // the statement at which it is stopped
		signals []syscall.Signal
		goesOn  bool
	}{
		"the first statement":              {false, 1, []syscall.Signal{syscall.SIGTERM}, false},
		"early in the schema":              {false, first / 4, []syscall.Signal{syscall.SIGTERM}, false},
		"late in the schema":               {false, first / 2, []syscall.Signal{syscall.SIGINT}, false},
		"told twice":                       {false, first / 3, []syscall.Signal{syscall.SIGTERM, syscall.SIGTERM}, false},
		"the first statement of a restart": {true, 1, []syscall.Signal{syscall.SIGTERM}, false},
		"while what was is read":           {true, again / 2, []syscall.Signal{syscall.SIGTERM}, false},
		"told twice at a restart":          {true, again * 3 / 4, []syscall.Signal{syscall.SIGINT, syscall.SIGTERM}, false},
		"told to read its file":            {false, first / 3, []syscall.Signal{syscall.SIGHUP}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wire := storetest.NewWire(t, storetest.Database(t))
			if c.known {
				statements(t, wire)
			}
			var n atomic.Int64
			reached := make(chan struct{})
			wire.OnStatement(func(string) {
				if n.Add(1) != int64(c.at) {
					return
				}
				if !c.goesOn {
					wire.Silence() // nothing but the signal ends its wait
				}
				close(reached)
			})
			b := begins(t, "--config", config, "--database", wire.URL())
			select {
			case <-reached:
			case <-time.After(patience):
				t.Fatalf("it never came to statement %d: %s", c.at, b.logs.String())
			}
			for _, s := range c.signals {
				b.signal(s)
			}
			if c.goesOn {
				if !b.listens() {
					t.Fatalf("it does not start: %s", b.logs.String())
				}
				b.signal(syscall.SIGTERM)
			}
			if code := b.code(); code != 0 || addressLine.MatchString(b.out.String()) != c.goesOn {
				t.Errorf("exit %d: %s%s", code, b.out.String(), b.logs.String())
			}
			if told := strings.Contains(b.logs.String(), "stopped before it had started"); told == c.goesOn {
				t.Errorf("the log says %s", b.logs.String())
			}
			wire.Mend()
			statements(t, wire)
			if b := begins(t, "verify", "--config", config, "--database", wire.URL()); b.code() != 0 {
				t.Errorf("the books: %s%s", b.out.String(), b.logs.String())
			}
		})
	}
}

// TestT42_StoppedAtAnyMoment of a start, over a file that is new and over one that is known.
func TestT42_StoppedAtAnyMoment(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "tollgate.yaml")
	put(t, config, "listen: 127.0.0.1:0\nproviders: { e: { kind: echo } }\nmodels: { m: e/echo }\n")
	known, stopped := filepath.Join(dir, "known.db"), 0
	goesOn := func(database string) {
		t.Helper()
		p := serveProgram(t, "--config", config, "--database", database)
		p.wait(p.out, "models")
		if code := p.end(); code != 0 {
			t.Errorf("exit %d: %s", code, p.logs.String())
		}
	}
	goesOn(known)
	for after := time.Duration(0); after < 40*time.Millisecond; after += 2 * time.Millisecond {
		fresh := filepath.Join(dir, after.String()+".db")
		for _, database := range []string{known, fresh} {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(after, cancel)
			if after == 0 {
				cancel()
			}
			var out, logs logBuffer
			if code := runCLI(ctx, []string{"--config", config, "--database", database}, func(string) string { return "" }, strings.NewReader(""), &out, &logs); code != 0 {
				t.Errorf("stopped after %v: exit %d: %s", after, code, logs.String())
			}
			if strings.Contains(logs.String(), "stopped before it had started") {
				stopped++
			}
			cancel()
		}
		goesOn(fresh)
	}
	if stopped == 0 {
		t.Error("no start was stopped")
	}
	goesOn(known)
}

// TestCommandsLeaveAPipe: nobody need write to what a command reads; Ctrl-C ends it all the
// same.
func TestCommandsLeaveAPipe(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	defer func() { // lets go of whoever still opens it
		f := must(os.OpenFile(pipe, os.O_RDWR, 0))(t)
		time.Sleep(50 * time.Millisecond)
		_ = f.Close()
	}()
	for _, args := range [][]string{
		{"model", "add", "m", "--database", filepath.Join(dir, "a.db"), "--file", pipe},
		{"credential", "add", "c", "--database", filepath.Join(dir, "a.db"), "--for", "http://127.0.0.1:9", "--key-file", pipe},
		{"user", "list", "--url", "http://127.0.0.1:9", "--admin-key-file", pipe},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(300*time.Millisecond, func() { cancel(stopped{signal: os.Interrupt}) })
		var out, errs logBuffer
		ended := make(chan int, 1)
		go func() {
			ended <- runCLI(ctx, args, func(string) string { return "" }, strings.NewReader(""), &out, &errs)
		}()
		select {
		case code := <-ended:
			if code == 0 || !strings.Contains(errs.String(), "stopped by interrupt") {
				t.Errorf("%v: exit %d: %s", args, code, errs.String())
			}
		case <-time.After(patience):
			t.Fatalf("%v does not end", args)
		}
	}
}
