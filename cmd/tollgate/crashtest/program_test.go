//go:build crash

package crashtest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// spawn starts commands from one thread that never ends, so that the kernel kills a
// child when the tests die, and not when some thread of theirs does.
var spawn = sync.OnceValue(func() chan func() {
	c := make(chan func())
	go func() {
		runtime.LockOSThread()
		for f := range c {
			f()
		}
	}()
	return c
})

func startCommand(cmd *exec.Cmd) error {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	done := make(chan error)
	spawn() <- func() { done <- cmd.Start() }
	return <-done
}

// program is one process of the real binary.
type program struct {
	cmd    *exec.Cmd
	errs   errorLog
	ready  chan string   // the address, once
	ended  chan struct{} // closed when the process is gone
	result error         // how it ended; read after ended
}

var addressLine = regexp.MustCompile(`^\s*address\s+(http://\S+)$`)

// begin starts a process. secrets must not appear in what it writes.
func begin(cmd *exec.Cmd, secrets []string) (*program, error) {
	p := &program{cmd: cmd, ready: make(chan string, 1), ended: make(chan struct{})}
	p.errs.secrets = secrets
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := startCommand(cmd); err != nil {
		return nil, err
	}
	var pipes sync.WaitGroup
	pipes.Go(func() {
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			if m := addressLine.FindStringSubmatch(lines.Text()); m != nil {
				p.ready <- m[1]
			}
		}
	})
	pipes.Go(func() { p.errs.read(stderr) })
	go func() {
		pipes.Wait()
		p.result = cmd.Wait()
		close(p.ended)
	}()
	return p, nil
}

// wait returns the address when the process says it, or an error when it ends before.
func (p *program) wait() (string, error) {
	select {
	case url := <-p.ready:
		return url, nil
	case <-p.ended:
		return "", fmt.Errorf("it ended before it was ready: %v\n%s", p.result, p.errs.tail())
	case <-time.After(patience):
		return "", fmt.Errorf("it is not ready after %s\n%s", patience, p.errs.tail())
	}
}

// kill ends the process as kill -9 does and waits until it is gone.
func (p *program) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.ended
}

// killed says whether the process, which has ended, was ended by SIGKILL.
func (p *program) killed() bool { return killed(p.cmd.ProcessState) }

func killed(state *os.ProcessState) bool {
	s, ok := state.Sys().(syscall.WaitStatus)
	return ok && s.Signaled() && s.Signal() == syscall.SIGKILL
}

// terminate ends the process as a service manager does. The error says that it did not
// end well.
func (p *program) terminate() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.kill()
		return errors.New("it does not end when told to")
	}
	if p.result != nil {
		return fmt.Errorf("it ended with %w\n%s", p.result, p.errs.tail())
	}
	return nil
}

// errorLog reads what a process writes to stderr and keeps what matters: the last
// lines, and every line that is no log record.
type errorLog struct {
	secrets []string

	mu      sync.Mutex
	last    []string
	strange []string // lines that are neither log records nor a failpoint's
	points  []string // lines of failpoints
	leaks   int      // lines with a secret in them
}

const keepLines = 12

func (l *errorLog) read(r io.Reader) {
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadString('\n')
		if line = strings.TrimRight(line, "\n"); line != "" {
			l.take(line)
		}
		if err != nil {
			return
		}
	}
}

func (l *errorLog) take(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.last) == keepLines {
		l.last = slices.Delete(l.last, 0, 1)
	}
	l.last = append(l.last, line[:min(len(line), 500)])
	switch {
	case strings.HasPrefix(line, "failpoint: "):
		l.points = append(l.points, line)
	case !bytes.HasPrefix([]byte(line), []byte(`{"time":`)) && len(l.strange) < 200:
		l.strange = append(l.strange, line[:min(len(line), 500)])
	}
	if slices.ContainsFunc(l.secrets, func(s string) bool { return strings.Contains(line, s) }) {
		l.leaks++
	}
}

// tail is the last lines.
func (l *errorLog) tail() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.last, "\n")
}

// odd returns the lines that are no log records, and how many lines held a secret.
func (l *errorLog) odd() ([]string, int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.strange), l.leaks
}

// hits returns the lines that failpoints wrote.
func (l *errorLog) hits() []string { l.mu.Lock(); defer l.mu.Unlock(); return slices.Clone(l.points) }
