package store

import (
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestWhoseFiles: a command that root has run leaves nothing that the server's own user
// cannot open, and gives nothing away by a link that somebody has laid there. What anybody
// else makes is their own.
func TestWhoseFiles(t *testing.T) {
	whose := os.Geteuid()
	if whose == 0 {
		whose = 65534 // nobody's, to whom only root can give files
	}
	owner := func(path string) int {
		t.Helper()
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return int(info.Sys().(*syscall.Stat_t).Uid)
	}
	dir := t.TempDir()
	if err := os.Chown(dir, whose, -1); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "tollgate.db")
	s, err := Open(t.Context(), SQLite(path), Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for _, made := range []string{path, path + lockEnding, path + "-wal", path + "-shm"} {
		if owner(made) != whose {
			t.Errorf("%s belongs to %d", made, owner(made))
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	mine := filepath.Join(t.TempDir(), "mine")
	if err := os.WriteFile(mine, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link.db")
	if err := os.Symlink(mine, link); err != nil {
		t.Fatal(err)
	}
	f, err := openOrMake(link, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if owner(mine) != os.Geteuid() {
		t.Error("what a link leads to was given away")
	}
}
