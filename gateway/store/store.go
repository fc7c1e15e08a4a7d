// Package store keeps everything that outlives a process: people, keys, budgets
// and the books, in SQLite or PostgreSQL through gorm.
//
// It implements the stores that accounting/ledger, gateway/control and gateway
// declare, and maps rows to their types; gorm appears here and nowhere else. It imports
// these, what their types speak of, limits, shadow, aside, failpoint and the migrations.
// It holds no rules: what a budget allows is a condition it is given, and what a call
// costs was computed before.
//
// The steps of the books wait in a queue and are committed in groups: what queued
// while the last commit ran is the next one. Every commit is on disk before anybody
// is told. In SQLite one connection writes and a pool only reads; in PostgreSQL every
// replica writes the same way, and rows are locked in one order on all of them.
package store

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"gorm.io/gorm"

	"tollgate/gateway/aside"
	"tollgate/gateway/failpoint"
)

// Database says where the books are, and how safe.
type Database struct {
	Driver  string // sqlite or postgres
	Path    string // of SQLite's file
	URL     string // of the PostgreSQL server, with its password
	Relaxed bool   // durability: relaxed
}

// SQLite is the database in a file.
func SQLite(path string) Database { return Database{Driver: "sqlite", Path: path} }

// Postgres is the database of a server.
func Postgres(url string) Database { return Database{Driver: "postgres", URL: url} }

// Options are what a store works with.
type Options struct {
	Log *slog.Logger
	// Now is the clock of the books. nil is the machine's with SQLite, and with
	// PostgreSQL the server's, so that all replicas agree.
	Now func() time.Time
	// Visit says that this process makes no holds, so that no other needs to know whether
	// it lives: with PostgreSQL it takes no lease.
	Visit bool
	// Lease is how long, with PostgreSQL, this process counts as alive after it has said
	// so; 0 is a minute. Tests shorten it.
	Lease time.Duration
	// Metrics counts commits of the books; nil counts nothing.
	Metrics Metrics
}

// Metrics counts what the store does. It never blocks.
type Metrics interface {
	// Committed counts a commit of the books with so many steps, all tries of it together.
	Committed(steps int, took time.Duration, err error)
}

// Store is an open database.
type Store struct {
	log     *slog.Logger
	engine  engine
	write   *gorm.DB
	read    *gorm.DB
	writer  *writer
	calls   *callQueue
	shadow  *shadowQueue
	replica string // this process, for as long as it lives
	lease   time.Duration
	lock    *lock // nil with PostgreSQL
	place   Database
	checks  chan struct{} // holds one token while the books are verified
	closing sync.Once
}

// leaseLength is how long a process counts as alive after it has said so.
const leaseLength = time.Minute

// Open opens or makes a database and brings its schema up to date. Only one process
// may have an SQLite file open: the file beside it with the ending .lock says who.
// The error says what is wrong and what to do, and holds no password.
func Open(ctx context.Context, d Database, o Options) (*Store, error) {
	if o.Lease == 0 {
		o.Lease = failpoint.Duration("lease", leaseLength)
	}
	s := &Store{log: o.Log, replica: newReplica(), lease: o.Lease, place: d, checks: make(chan struct{}, 1)}
	switch d.Driver {
	case "sqlite":
		if o.Now == nil {
			o.Now = time.Now //clock: the books' own
		}
		e, err := openSQLite(ctx, d, o)
		if err != nil {
			var locked *LockedError
			if errors.As(err, &locked) {
				return nil, err
			}
			return nil, tellPlace(d, err)
		}
		s.engine, s.write, s.read, s.lock = e, e.write, e.read, e.lock
		// There is one writer at a time, whose chains go on after a restart.
		s.writer = newWriter(newBooks(e, s.replica, "local"), sqliteBatch, o.Log, o.Metrics)
		e.writer = s.writer
		if e.stop != nil {
			go e.flush(func(err error) { s.log.Error("the books could not be brought to the disk", "error", err) })
		}
	case "postgres":
		e, err := openPostgres(ctx, d, o, s.replica)
		if err != nil {
			return nil, tellPlace(d, err)
		}
		s.engine, s.write, s.read = e, e.db, e.read
		s.writer = newWriter(newBooks(e, s.replica, s.replica), postgresBatch, o.Log, o.Metrics)
	default:
		return nil, fmt.Errorf("database: no driver %q", d.Driver)
	}
	s.calls, s.shadow = newCallQueue(s, s.log), newShadowQueue(s, s.log)
	return s, nil
}

// newReplica names a process: 96 random bits as text.
func newReplica() string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // it never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Commits is how many commits of the books there were since the start, and how many
// steps they held.
func (s *Store) Commits() (commits, steps int64) {
	return s.writer.commits.Load(), s.writer.steps.Load()
}

// Backlog is what waits for the database at the moment, and what was lost since the start.
type Backlog struct {
	Steps   int   // of the books, that wait for the next commit
	Records int   // of calls that cost nothing, that wait to be written
	Dropped int64 // records that were not written: too many waited, or the database took none
}

// Backlog says what waits for the database.
func (s *Store) Backlog() Backlog {
	return Backlog{Steps: len(s.writer.queue), Records: s.calls.length(), Dropped: s.calls.lost.Load()}
}

// Now is the time of the books.
func (s *Store) Now() time.Time { return s.engine.now() }

// Lease is how long this process counts as alive after [Open] and each [Store.Renew].
func (s *Store) Lease() time.Duration { return s.lease }

// TendEvery is how often [Store.Renew] and [Store.Forget] must be called at least, so
// that a few calls may fail before the lease ends.
func (s *Store) TendEvery() time.Duration { return s.lease / 6 }

// Shared says whether other processes may have the database open too.
func (s *Store) Shared() bool { return s.lock == nil }

// Renew renews the lease by which, with PostgreSQL, other replicas know that this one is
// alive, and sets the clock of the books by the server's.
func (s *Store) Renew(ctx context.Context) error {
	if err := s.engine.renew(ctx); err != nil {
		return unavailable(err)
	}
	return nil
}

// Close writes what is queued, closes the database and gives up the lock.
// A second Close does nothing.
func (s *Store) Close() (err error) {
	s.closing.Do(func() {
		s.calls.close()
		s.shadow.close()
		if e, ok := s.engine.(*sqliteEngine); ok && e.stop != nil {
			close(e.stop)
			<-e.flushed
		}
		s.writer.close()
		err = s.engine.close()
	})
	return err
}

// Announce writes into the lock file where the process that holds it can be
// reached, for other processes of the same user. With PostgreSQL there is none.
func (s *Store) Announce(h Holder) error {
	if s.lock == nil {
		return nil
	}
	return s.lock.announce(h)
}

// Ping says whether the books take what a paid call writes: there is room on the disk, and
// a write that changes nothing succeeds. After a commit that failed it is one that reaches the
// disk. An error wraps [ledger.ErrUnavailable]. It waits no longer than ctx, though the
// database, or its disk, may hang.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.engine.room(); err != nil {
		return err
	}
	write := "update counters set held = held where budget_id = ''"
	if s.writer.down.Load() {
		write = s.engine.touch()
	}
	// One at a time hangs at most: the others have not begun, and give up with ctx.
	done := aside.Ask(s.log, "while the books were tried", func() (struct{}, error) {
		return struct{}{}, s.apart(ctx, func(tx *gorm.DB) error { return tx.Exec(write).Error })
	})
	select {
	case a := <-done:
		_, err := a.Get()
		return err
	case <-ctx.Done():
		return gaveUp(ctx)
	}
}

// own marks an error as one of the caller's, in contrast to the database's.
type own struct{ error }

func (e own) Unwrap() error { return e.error }

// The most that one call of a store waits for a database that does not answer, beside
// the books' commits, which have limits of their own.
const (
	standingsLimit = 2 * time.Second      // for where budgets stand
	readLimit      = 30 * time.Second     // for a list or a report
	changeLimit    = 30 * time.Second     // for a change of people, keys, budgets or limits
	writeLimit     = 2 * time.Millisecond // for each write of it, beside that: a whole installation may be brought over
)

// reading gives a list or a report its limit.
func reading(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, readLimit)
}

// refuse returns an error that is told as it is.
func refuse(err error) error { return own{err} }

// apart runs a transaction that is no step of the books. An error that was made by
// refuse comes back as it was; any other wraps [ledger.ErrUnavailable].
func (s *Store) apart(ctx context.Context, run func(tx *gorm.DB) error) error {
	return s.apartFor(ctx, changeLimit, run)
}

// apartFor is apart with another limit.
func (s *Store) apartFor(ctx context.Context, limit time.Duration, run func(tx *gorm.DB) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err := s.engine.apart(ctx, run)
	var mine own
	switch {
	case err == nil:
		return nil
	case errors.As(err, &mine):
		return mine.error
	case ctx.Err() != nil && errors.Is(err, context.Cause(ctx)) && !errors.Is(ctx.Err(), context.DeadlineExceeded):
		return err
	}
	return unavailable(err)
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
