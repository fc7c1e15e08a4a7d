package store

import (
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"tollgate/gateway/access"
)

// TestT02_Relaxed: with relaxed durability SQLite does not wait for the disk at each
// commit, and the flusher brings commits there within its second; with full there is no
// flusher. PostgreSQL does the same by itself.
func TestT02_Relaxed(t *testing.T) {
	d := SQLite(filepath.Join(t.TempDir(), "t.db"))
	d.Relaxed = true
	s := open(t, d)
	if n := number(t, &Store{read: s.write}, "pragma synchronous"); n != 1 {
		t.Errorf("synchronous is %d, want NORMAL", n)
	}
	image := func() [sha256.Size]byte {
		b, err := os.ReadFile(d.Path)
		if err != nil {
			t.Fatal(err)
		}
		return sha256.Sum256(b)
	}
	time.Sleep(relaxedFlush) // what opening wrote is there
	for before, until := image(), time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if _, err := s.Reserve(t.Context(), hold(fmt.Sprint(time.Now().UnixNano()), 10, claim("b", "a", money(1e9)))); err != nil {
			t.Fatal(err)
		}
		if image() != before {
			break // a checkpoint has synced the log, and copied it
		}
		if time.Now().After(until) {
			t.Fatal("no commit ever reached the file")
		}
	}
	full := fresh(t)
	if e := full.engine.(*sqliteEngine); e.stop != nil {
		t.Error("there is a flusher with full durability")
	}
	for relaxed, want := range map[bool]string{true: "off", false: "on"} {
		d := postgresDatabase(t)
		d.Relaxed = relaxed
		var got string
		if err := open(t, d).write.Raw("show synchronous_commit").Scan(&got).Error; err != nil || got != want {
			t.Errorf("relaxed %v: synchronous_commit is %s, %v", relaxed, got, err)
		}
	}
}

// TestS09_WritesBeginAtOnce: a transaction of SQLite takes the file's lock when it
// begins, so that it never fails half way for having read before it wrote.
func TestS09_WritesBeginAtOnce(t *testing.T) {
	d := SQLite(filepath.Join(t.TempDir(), "t.db"))
	s := open(t, d)
	err := s.apart(t.Context(), func(tx *gorm.DB) error {
		_, err := outside(t, d).Exec("update counters set held = held")
		if err == nil || !strings.Contains(err.Error(), "locked") {
			return refuse(fmt.Errorf("another connection wrote within a transaction that has not written yet: %w", err))
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if s.Shared() {
		t.Error("an SQLite database is shared")
	}
}

// TestOneProcessPerFile: a second opener is told who has the database.
func TestOneProcessPerFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.db")
	s := open(t, SQLite(path))
	if err := s.Announce(Holder{URL: "http://127.0.0.1:4000", Token: "t"}); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), SQLite(path), Options{Log: slog.New(slog.DiscardHandler)})
	var locked *LockedError
	if !errors.As(err, &locked) || locked.Holder != (Holder{PID: os.Getpid(), URL: "http://127.0.0.1:4000", Token: "t"}) {
		t.Fatalf("got %v %+v", err, locked)
	}
	for _, file := range []string{path, path + ".lock"} {
		if st, err := os.Stat(file); err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", filepath.Base(file), st.Mode(), err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, SQLite(path))
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestPragmas: what the promises about crashes rest on.
func TestPragmas(t *testing.T) {
	s := fresh(t)
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "mmap_size": "0"} {
		var got string
		if err := s.write.Raw("pragma " + pragma).Row().Scan(&got); errors.Is(err, sql.ErrNoRows) {
			got = "0" // an engine without mmap
		} else if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s is %s, want %s", pragma, got, want)
		}
	}
	if err := s.read.Exec("delete from users").Error; err == nil {
		t.Error("the reading pool can write")
	}
	for have, old := range map[string]bool{"3.51.2": true, "3.51.3": false, "3.9.9": true, "4.0.0": false, "3.54.1": false, "junk": true, "3.51": true} {
		if olderThan(have, MinEngine) != old {
			t.Errorf("%s is older: %v", have, !old)
		}
	}
}

// TestPathsAreTakenAsTheyAre: whatever stands in a path is part of it and no setting.
func TestPathsAreTakenAsTheyAre(t *testing.T) {
	for _, name := range []string{"a b.db", "q?mode=memory.db", "p%20q.db", "h#x.db", "ü.db", "a&_synchronous=OFF.db"} {
		path := filepath.Join(t.TempDir(), name)
		s := open(t, SQLite(path))
		if err := s.CreateUser(t.Context(), access.User{ID: "u", Created: day}); err != nil {
			t.Fatal(err)
		}
		if users, err := s.Users(t.Context()); err != nil || len(users) != 1 {
			t.Errorf("%s: %v, %v", name, users, err)
		}
		if st, err := os.Stat(path); err != nil || st.Size() == 0 && st.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v", name, err)
		}
		var mode string
		if err := s.write.Raw("pragma synchronous").Row().Scan(&mode); err != nil || mode != "2" {
			t.Errorf("%s: synchronous %s, %v", name, mode, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if st, err := os.Stat(path); err != nil || st.Size() == 0 {
			t.Errorf("%s: the file is empty: the database is elsewhere", name)
		}
	}
}
