//go:build crash

package crashtest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// diskEnv names the directory at which this process is to have a small disk: it runs in
// mounts of its own, which only it and its children see.
const diskEnv = "CRASHTEST_DISK"

// diskSize is the size of the small disk, in bytes.
const diskSize = 12 << 20

func TestMain(m *testing.M) {
	if dir := os.Getenv(diskEnv); dir != "" {
		if err := mountDisk(dir); err != nil {
			fmt.Fprintln(os.Stderr, "a small disk for the test:", err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

func mountDisk(dir string) error {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("making the mounts its own: %w", err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "mode=0700,size="+strconv.Itoa(diskSize)); err != nil {
		return fmt.Errorf("mounting: %w", err)
	}
	return nil
}

// ownMounts says how a process is started in mounts of its own. Without root's rights
// that takes a user namespace.
func ownMounts() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if os.Geteuid() != 0 {
		attr.Cloneflags |= syscall.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	return attr
}

// fill writes a file until the disk has so many bytes left: at 0 until it is full.
func fill(path string, leave uint64) (int64, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return 0, err
	}
	var n int64
	for piece := make([]byte, 64<<10); len(piece) > 0; {
		var disk syscall.Statfs_t
		if err := syscall.Fstatfs(int(f.Fd()), &disk); err != nil {
			return n, errors.Join(err, f.Close())
		}
		if leave > 0 && disk.Bavail*uint64(disk.Bsize) <= leave {
			break
		}
		k, err := f.Write(piece)
		n += int64(k)
		switch {
		case errors.Is(err, syscall.ENOSPC):
			piece = piece[:len(piece)/2]
		case err != nil:
			return n, errors.Join(err, f.Close())
		}
	}
	return n, f.Close()
}

// count counts the calls of a phase that have ended and answer to a description.
func (f *fleet) count(phase int64, is func(*call) bool) (n int) {
	f.book.mu.Lock()
	defer f.book.mu.Unlock()
	for _, c := range f.book.calls {
		if c.phase == phase && c.done.Load() && is(c) {
			n++
		}
	}
	return n
}

// eventually waits for what becomes true by itself.
func (f *fleet) eventually(what string, ok func() bool) {
	f.t.Helper()
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	f.t.Fatalf("never happened within %s: %s", patience, what)
}

// TestDiskFull fills the disk under load. While little is left no paid call is begun, and
// those that run end well (trust.md A44). When it is full no paid answer reaches a client
// whole without its entry, free models go on, and with space again so does everything else,
// without another start. Then it fills up again and the program is killed.
func TestDiskFull(t *testing.T) {
	disk := os.Getenv(diskEnv)
	if disk == "" {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestDiskFull$", "-test.v")
		cmd.Env = append(os.Environ(), diskEnv+"="+t.TempDir())
		cmd.SysProcAttr = ownMounts()
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := startCommand(cmd); err != nil {
			t.Fatalf("a process with mounts of its own: %v (a user who is not root needs user namespaces)", err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("with a small disk: %v", err)
		}
		t.Log(out.String())
		return
	}
	seed := seedOf(t)
	f := newFleet(t, t.TempDir(), "sqlite:"+filepath.Join(disk, "tollgate.db"), 1)
	f.open("sqlite3", sqliteDSN(filepath.Join(disk, "tollgate.db")))
	f.troubled = true
	f.first()
	r := f.replicas[0]
	l := newLoad(f, seed, clients)
	l.start()
	time.Sleep(200 * time.Millisecond)

	served := func(c *call) bool { return c.seen.status == 200 && c.seen.complete && c.seen.code == "" }
	paid := func(c *call) bool { return c.kind == kindPaid && served(c) }
	refused := func(c *call) bool { return c.seen.code == "books_unavailable" }
	freely := func(c *call) bool { return c.kind == kindFree && served(c) }
	filler := filepath.Join(disk, "filler")
	full := func() {
		size, err := fill(filler, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d bytes filled the disk", size)
		n := f.phase.Add(1)
		f.eventually("paid calls are refused for want of the books", func() bool { return f.count(n, refused) >= 20 })
	}
	space := func() {
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
	}
	// A twentieth of the disk is for calls that run: 614 KiB.
	before := f.phase.Add(1)
	if _, err := fill(filler, 600<<10); err != nil {
		t.Fatal(err)
	}
	n := f.phase.Add(1)
	f.eventually("paid calls are refused before the disk is full", func() bool { return f.count(n, refused) >= 20 && f.count(n, freely) >= 20 })
	withheld := func(c *call) bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.kind == kindPaid && refused(c) && len(c.attempts) > 0
	}
	var check struct {
		OK       bool
		Findings []struct{ Path string }
	}
	if f.api("GET", "/check", "", &check); check.OK || !slices.ContainsFunc(check.Findings, func(of struct{ Path string }) bool { return of.Path == "database" }) {
		t.Errorf("with a disk that is nearly full the check says %+v", check)
	}
	if served, lost := f.count(n, paid), f.count(before, withheld)+f.count(n, withheld); served > 0 || lost > 0 {
		t.Errorf("with a disk that is nearly full %d paid calls are served, and %d answers are withheld", served, lost)
	}
	space()
	n = f.phase.Add(1)
	f.eventually("paid models are served again", func() bool { return f.count(n, paid) >= 20 })

	full()
	n = f.phase.Add(1)
	f.eventually("free models are served", func() bool { return f.count(n, freely) >= 20 })
	space()
	n = f.phase.Add(1)
	f.eventually("paid models are served again", func() bool { return f.count(n, paid) >= 20 })
	l.end()
	f.audit() // by itself: nothing was started again

	l.start()
	full()
	r.kill()
	space()
	r.start()
	time.Sleep(200 * time.Millisecond)
	l.end()
	f.audit()
	r.terminate()
	f.verify()
}
