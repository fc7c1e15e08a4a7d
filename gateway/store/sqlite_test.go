package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mattn/go-sqlite3"
	"gorm.io/gorm"

	"tollgate/accounting/ledger"
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

// TestA44_TheDiskIsNearlyFull: what is left of the disk is for the ends of calls that run.
// None is begun, and no record of a free one is written, until there is room again.
func TestA44_TheDiskIsNearlyFull(t *testing.T) {
	ctx := t.Context()
	s := fresh(t)
	e := s.engine.(*sqliteEngine)
	if l, n, err := e.space(); err != nil || l == 0 || l > n {
		t.Errorf("of %d bytes %d are left, %v", n, l, err)
	}
	type disk struct {
		left, size uint64
		err        error
	}
	var now atomic.Pointer[disk]
	now.Store(&disk{left: keptFree, size: 1 << 40})
	if err := s.writer.do(ctx, func() error {
		e.space = func() (uint64, uint64, error) { d := now.Load(); return d.left, d.size, d.err }
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	c := claim("b", "a", money(1e9))
	for _, id := range []string{"settled", "released", "grown"} {
		if _, err := s.Reserve(ctx, hold(id, 10, c)); err != nil {
			t.Fatal(err)
		}
	}
	for i, row := range []struct {
		disk
		room bool
	}{
		{disk{keptFree - 1, 1 << 40, nil}, false},
		{disk{keptFree, 1 << 40, nil}, true},
		{disk{1 << 20, 20 << 20, nil}, true}, // of a small disk a part is enough
		{disk{1<<20 - 1, 20 << 20, nil}, false},
		{disk{0, 1 << 40, nil}, false},
		{disk{1 << 40, 1 << 40, errors.New("the disk does not say")}, false},
	} {
		now.Store(&row.disk)
		_, err := s.Reserve(ctx, hold(fmt.Sprint("new", i), 10, c))
		if row.room != (err == nil) || err != nil && (!errors.Is(err, ledger.ErrUnavailable) || errors.Is(err, ledger.ErrUnsure)) {
			t.Errorf("%+v: %v", row, err)
		}
		if err := s.Ping(ctx); row.room != (err == nil) || err != nil && !errors.Is(err, ledger.ErrUnavailable) {
			t.Errorf("%+v: whether paid calls can be begun: %v", row, err)
		}
		if err := e.record(ctx, []callRow{{At: int64(i), Price: "free"}}); row.room != (err == nil) || row.room == errors.Is(err, errLater) {
			t.Errorf("%+v: a record: %v", row, err)
		}
		late := hold(fmt.Sprint("late", i), 10, c)
		late.Late = true // it was served already
		if _, err := s.Reserve(ctx, late); err != nil {
			t.Errorf("%+v: a hold of a call that was served: %v", row, err)
		}
	}
	now.Store(&disk{left: 0, size: 1 << 40})
	if err := s.Extend(ctx, hold("grown", 10, c), 5); err != nil {
		t.Error(err)
	}
	if err := s.Settle(ctx, paid(hold("settled", 10, c), 7)); err != nil {
		t.Error(err)
	}
	if err := s.Release(ctx, hold("released", 10, c)); err != nil {
		t.Error(err)
	}
	if n := number(t, s, "select count(*) from holds where id like 'new%'"); n != 2 {
		t.Errorf("%d new holds, want 2", n)
	}
	if n := number(t, s, "select count(*) from calls"); n != 2 {
		t.Errorf("%d records, want 2", n)
	}
}

// TestPingReachesTheDisk: after a commit that failed, whether the books answer is asked of
// the disk, and not of what is known of it.
func TestPingReachesTheDisk(t *testing.T) {
	s := fresh(t)
	log := func() int64 {
		st, err := os.Stat(s.place.Path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return st.Size()
	}
	for _, down := range []bool{false, true} {
		s.writer.down.Store(down)
		before := log()
		if err := s.Ping(t.Context()); err != nil {
			t.Error(err)
		}
		if wrote := log() > before; wrote != down {
			t.Errorf("the last commit failed: %t, and something is written: %t", down, wrote)
		}
	}
}

// TestADiskThatHangs: whoever asks where budgets stand, or whether the books answer, waits
// no longer than he wants, though what was begun never ends.
func TestADiskThatHangs(t *testing.T) {
	s := fresh(t)
	e := s.engine.(*sqliteEngine)
	free := make(chan struct{})
	sql.Register("sqlite3-hangs", &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
		return c.RegisterFunc("hang", func() int64 { <-free; return 0 }, false)
	}})
	db, err := sql.Open("sqlite3-hangs", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	reading, writing := e.st.reading, (*sql.Conn)(nil)
	if e.st.reading, err = db.Prepare("select hang(), 0 where $1 != $2 or $3 > 0"); err != nil {
		t.Fatal(err)
	}
	if writing, err = e.db.Conn(t.Context()); err != nil { // there is one
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if _, err := s.Standings(ctx, []ledger.Counter{claim("b", "a", nil).Counter}); !errors.Is(err, ledger.ErrUnavailable) {
			t.Errorf("where budgets stand: %v", err)
		}
		if err := s.Ping(ctx); !errors.Is(err, ledger.ErrUnavailable) {
			t.Errorf("whether the books answer: %v", err)
		}
	}()
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		t.Error("it is waited for")
	}
	close(free)
	if err := writing.Close(); err != nil {
		t.Error(err)
	}
	<-ended
	hanging := e.st.reading
	e.st.reading = reading
	if err := hanging.Close(); err != nil {
		t.Error(err)
	}
}
