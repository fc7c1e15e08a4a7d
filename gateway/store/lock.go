package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Holder says who has a database open. Whoever may read the lock file may read the
// database itself, so the token gives nothing away that the file system did not.
type Holder struct {
	PID   int    `json:"pid"`
	URL   string `json:"url,omitempty"`   // where its management API answers
	Token string `json:"token,omitempty"` // a credential for it, new at each start
}

// LockedError says that another process has the database open.
type LockedError struct {
	Path   string
	Holder Holder
}

func (e *LockedError) Error() string {
	return fmt.Sprintf("another tollgate (process %d) has the database open; stop it, or give this one another database", e.Holder.PID)
}

type lock struct{ f *os.File }

// lockEnding is what the name of a database's lock has more than its own.
const lockEnding = ".lock"

// openOrMake opens a file, or makes one that nobody else can read, whatever the umask. One
// that root makes belongs to whom the first of the places that there is belongs to: a
// command that root has run leaves nothing that the server, which is not root, cannot open.
func openOrMake(path string, places ...string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) { // or a link, which must lead nobody to give a file away
		return os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	}
	if err != nil || os.Geteuid() != 0 {
		return f, err
	}
	for _, place := range places {
		info, err := os.Stat(place)
		if err != nil {
			continue
		}
		if owner, ok := info.Sys().(*syscall.Stat_t); ok {
			err = f.Chown(int(owner.Uid), int(owner.Gid))
		}
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		break
	}
	return f, nil
}

// takeLock takes an advisory lock that the kernel gives up with the process.
func takeLock(path string) (*lock, error) {
	f, err := openOrMake(path, strings.TrimSuffix(path, lockEnding), filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, lockedBy(path, f)
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	l := &lock{f}
	return l, l.announce(Holder{})
}

// lockedBy says whose a lock is.
func lockedBy(path string, f io.Reader) *LockedError {
	locked := &LockedError{Path: path}
	if b, err := io.ReadAll(io.LimitReader(f, 64<<10)); err == nil {
		_ = json.Unmarshal(b, &locked.Holder) // it may be half written: then nothing is known
	}
	return locked
}

// Held says who has an SQLite database open, as a [*LockedError]; nil if nobody has. Unlike
// opening it, that makes and changes nothing.
func Held(database string) error {
	path := database + lockEnding
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close() // and with it the lock, if this got one
	switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB); {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return lockedBy(path, f)
	case err != nil:
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func (l *lock) announce(h Holder) error {
	h.PID = os.Getpid()
	b, err := json.Marshal(h)
	if err != nil {
		return err
	}
	if err := l.f.Truncate(0); err != nil {
		return err
	}
	_, err = l.f.WriteAt(append(b, '\n'), 0)
	return err
}

func (l *lock) release() error {
	if l == nil {
		return nil
	}
	// The file stays: removing it would let two processes hold locks on two files of
	// one name.
	return errors.Join(l.f.Truncate(0), l.f.Close())
}
