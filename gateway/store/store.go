// Package store keeps everything that outlives a process: people, keys, budgets
// and the books, in SQLite through gorm.
//
// It implements the stores that accounting/ledger, gateway/control and gateway
// declare, and maps rows to their types; gorm appears here and nowhere else. It
// holds no rules: what a budget allows is a condition it is given, and what a call
// costs was computed before.
//
// One connection writes, behind a queue with group commit: what queued while the
// last commit ran is the next batch. Another pool only reads. Every commit is on
// disk before anybody is told (synchronous=FULL).
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	_ "github.com/mattn/go-sqlite3" // the SQLite engine, pinned above what gorm's driver asks for
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"tollgate/migrations"
)

// MinEngine is the oldest SQLite that is trusted: 3.51.3 ended the corruption that
// two connections could cause by writing and checkpointing at once.
const MinEngine = "3.51.3"

// busyTimeout is how long a statement waits for another connection's lock. Only a
// foreign process could hold one.
const busyTimeout = 5 * time.Second

const readers = 4

// Store is an open database.
type Store struct {
	log    *slog.Logger
	write  *gorm.DB
	read   *gorm.DB
	writer *writer
	lock   *lock
	calls  *callQueue
}

// Open opens or makes the database file and brings its schema up to date. Only one
// process may have it open: the file beside it with the ending .lock says who.
// The error says what is wrong and what to do.
func Open(ctx context.Context, path string, log *slog.Logger) (*Store, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	if err := checkFileSystem(filepath.Dir(abs)); err != nil {
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	lk, err := takeLock(abs + ".lock")
	if err != nil {
		return nil, err
	}
	s := &Store{log: log, lock: lk}
	if err := s.open(ctx, abs); err != nil {
		_ = s.Close()
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, path string) error {
	// The file is made here so that nobody else can read it, whatever the umask.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if s.write, err = dial(path, 1, "rw", map[string]string{"_txlock": "immediate", "_journal_mode": "WAL", "_synchronous": "FULL"}); err != nil {
		return err
	}
	db, err := s.write.DB()
	if err != nil {
		return err
	}
	if err := checkEngine(ctx, db); err != nil {
		return err
	}
	if err := migrations.Up(ctx, db); err != nil {
		return err
	}
	if s.read, err = dial(path, readers, "ro", map[string]string{"_query_only": "true"}); err != nil {
		return err
	}
	s.writer = newWriter(s.write, s.log)
	s.calls = newCallQueue(s, s.log)
	return nil
}

func dial(path string, conns int, mode string, params map[string]string) (*gorm.DB, error) {
	q := url.Values{"mode": {mode}, "_foreign_keys": {"true"}, "_busy_timeout": {strconv.FormatInt(busyTimeout.Milliseconds(), 10)}}
	for k, v := range params {
		q.Set(k, v)
	}
	dsn := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
	g, err := gorm.Open(sqlite.Open(dsn), &gorm.Config{
		SkipDefaultTransaction: true,
		PrepareStmt:            true,
		Logger:                 logger.Discard, // its lines would hold values
	})
	if err != nil {
		return nil, err
	}
	db, err := g.DB()
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	db.SetConnMaxLifetime(0)
	return g, nil
}

func checkEngine(ctx context.Context, db *sql.DB) error {
	var v string
	if err := db.QueryRowContext(ctx, "select sqlite_version()").Scan(&v); err != nil {
		return err
	}
	if olderThan(v, MinEngine) {
		return fmt.Errorf("the SQLite engine is %s; before %s it can corrupt a database: build tollgate with a newer go-sqlite3", v, MinEngine)
	}
	return nil
}

func olderThan(have, want string) bool {
	a, b := strings.Split(have, "."), strings.Split(want, ".")
	for i := range b {
		x, y := 0, 0
		if i < len(a) {
			x, _ = strconv.Atoi(a[i]) // a part that is no number counts as 0: older
		}
		y, _ = strconv.Atoi(b[i])
		if x != y {
			return x < y
		}
	}
	return false
}

// Close writes what is queued, closes the database and gives up the lock.
func (s *Store) Close() error {
	var errs []error
	if s.calls != nil {
		s.calls.close()
	}
	if s.writer != nil {
		s.writer.close()
	}
	for _, g := range []*gorm.DB{s.read, s.write} {
		if g == nil {
			continue
		}
		if db, err := g.DB(); err == nil {
			errs = append(errs, db.Close())
		}
	}
	errs = append(errs, s.lock.release())
	return errors.Join(errs...)
}

// Announce writes into the lock file where the process that holds it can be
// reached, for other processes of the same user.
func (s *Store) Announce(h Holder) error { return s.lock.announce(h) }

// Ping says whether the books answer: a write that changes nothing.
func (s *Store) Ping(ctx context.Context) error {
	return s.writer.do(ctx, func(tx *gorm.DB) error {
		return tx.Exec("update counters set held = held where budget_id = ''").Error
	})
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
