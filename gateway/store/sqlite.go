package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/mattn/go-sqlite3" // the SQLite engine, pinned above what gorm's driver asks for
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/aside"
	"tollgate/gateway/failpoint"
	"tollgate/migrations"
)

// MinEngine is the oldest SQLite that is trusted: 3.51.3 ended the corruption that
// two connections could cause by writing and checkpointing at once.
const MinEngine = "3.51.3"

// busyTimeout is how long a statement waits for another connection's lock. Only a
// foreign process could hold one.
const busyTimeout = 5 * time.Second

const readers = 4

// The bounds of one commit (trust.md S10), and how often a database with relaxed
// durability is brought to the disk: what power may take.
const (
	sqliteBatch  = 64
	relaxedFlush = time.Second
	maxKnown     = 100_000 // counters whose standing is remembered, some 20 MB
)

// keptFree is how much of the disk is left to the ends of calls that run, in bytes: room for
// those of all calls that there can be at once. Of a small disk it is a part.
const (
	keptFree     = 64 << 20
	keptFreePart = 20
)

// sqliteEngine keeps the books in a file that this process alone has open. The books
// have a connection that writes, everything else another, and the writer is never in
// both; the lock on the file beside it stands for the leases that replicas have
// elsewhere: who holds it knows that nobody else is alive.
type sqliteEngine struct {
	write, read *gorm.DB
	db          *sql.DB // of write
	readDB      *sql.DB
	books       *bookConn
	lock        *lock
	space       func() (left, size uint64, err error) // of the disk that it lies on, in bytes
	writer      *writer                               // set by the store: what is apart from the books goes through it too
	clock       func() time.Time
	log         *slog.Logger
	st          statements
	// known is where counters stood after the last commit, and open the holds that were
	// made since the start and have not ended. They save a look-up each and decide nothing
	// alone: what is written is written only where the row still says the same. Used by the
	// writer alone.
	known   map[counterKey]ledger.Standing
	open    map[string]accounting.Money
	flushed chan struct{} // closed when the flusher has ended
	stop    chan struct{}
}

// statements are those that read, prepared once. What the writer reads it reads before it
// writes, while nobody else can.
type statements struct {
	standing, held *sql.Stmt // for the writer
	reading        *sql.Stmt // for anybody
}

// The statements that write. Each changes one row, or the commit does not happen.
const (
	sqlCounter = `insert into counters (budget_id, account_id, period_start, posted, held) values ($1, $2, $3, $4, $5)
		on conflict do update set posted = excluded.posted, held = excluded.held where posted = $6 and held = $7`
	sqlHold     = `insert into holds (id, held_at, amount, hold, owner) values ($1, $2, $3, $4, $5)`
	sqlAmount   = `update holds set amount = $1 where id = $2`
	sqlProgress = `update holds set progress = $1 where id = $2`
	sqlEnd      = `delete from holds where id = $1`
)

func openSQLite(ctx context.Context, d Database, o Options) (e *sqliteEngine, err error) {
	abs, err := filepath.Abs(d.Path)
	if err != nil {
		return nil, err
	}
	if err := checkFileSystem(filepath.Dir(abs)); err != nil {
		return nil, err
	}
	lk, err := takeLock(abs + lockEnding)
	if err != nil {
		return nil, err
	}
	e = &sqliteEngine{lock: lk, space: func() (left, size uint64, err error) { return spaceOf(lk.f) }, clock: o.Now, log: o.Log, known: map[counterKey]ledger.Standing{}, open: map[string]accounting.Money{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, e.close())
		}
	}()
	// The file is made here so that nobody else can read it.
	f, err := openOrMake(abs, filepath.Dir(abs))
	if err != nil {
		return e, err
	}
	if err := f.Close(); err != nil {
		return e, err
	}
	sync := "FULL"
	if d.Relaxed {
		sync = "NORMAL"
	}
	writing := map[string]string{"_txlock": "immediate", "_journal_mode": "WAL", "_synchronous": sync}
	if e.write, e.db, err = dialSQLite(abs, 1, "rw", writing); err != nil {
		return e, err
	}
	if err := checkEngine(ctx, e.db); err != nil {
		return e, err
	}
	if err := migrations.Up(ctx, e.db, migrations.SQLite, inMigration); err != nil {
		return e, err
	}
	writing["_mutex"] = "no" // one goroutine uses this connection
	if e.books, err = openBookConn(sqliteURL(abs, "rw", writing)); err != nil {
		return e, err
	}
	if e.read, e.readDB, err = dialSQLite(abs, readers, "ro", map[string]string{"_query_only": "true"}); err != nil {
		return e, err
	}
	if err := e.prepare(ctx); err != nil {
		return e, err
	}
	if d.Relaxed {
		e.stop, e.flushed = make(chan struct{}), make(chan struct{})
	}
	return e, nil
}

// sqliteURL names a file to the engine, with settings; whatever stands in the path is
// part of it.
func sqliteURL(path, mode string, params map[string]string) string {
	q := url.Values{"mode": {mode}, "_foreign_keys": {"true"}, "_busy_timeout": {strconv.FormatInt(busyTimeout.Milliseconds(), 10)}}
	for k, v := range params {
		q.Set(k, v)
	}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
}

func dialSQLite(path string, conns int, mode string, params map[string]string) (*gorm.DB, *sql.DB, error) {
	return dial(sqlite.Open(sqliteURL(path, mode, params)), conns)
}

func dial(d gorm.Dialector, conns int) (*gorm.DB, *sql.DB, error) {
	g, err := gorm.Open(d, &gorm.Config{
		SkipDefaultTransaction: true,
		PrepareStmt:            true,
		Logger:                 logger.Discard, // its lines would hold values
	})
	if err != nil {
		return nil, nil, err
	}
	db, err := g.DB()
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return g, db, nil
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

const sqlStanding = `select posted, held from counters where budget_id = $1 and account_id = $2 and period_start = $3`

func (e *sqliteEngine) prepare(ctx context.Context) (err error) {
	for _, p := range []struct {
		to   **sql.Stmt
		db   *sql.DB
		text string
	}{
		{&e.st.standing, e.db, sqlStanding},
		{&e.st.held, e.db, `select amount from holds where id = $1`},
		{&e.st.reading, e.readDB, sqlStanding},
	} {
		if *p.to, err = p.db.PrepareContext(ctx, p.text); err != nil {
			return err
		}
	}
	return nil
}

// classify gives an error of the engine its meaning for a commit.
func (e *sqliteEngine) classify(err error) error {
	var own sqlite3.Error
	if errors.As(err, &own) && (own.Code == sqlite3.ErrConstraint || own.Code == sqlite3.ErrTooBig || own.Code == sqlite3.ErrMismatch) {
		return fmt.Errorf("%w: %w", errStep, err)
	}
	return err
}

func (e *sqliteEngine) begin(_ context.Context, keys []counterKey) (page, []ledger.Standing, error) {
	if err := e.books.begin(); err != nil {
		return nil, nil, err
	}
	p := &sqlitePage{e: e}
	begun := false
	defer func() { // also after a panic: the transaction would stay open
		if !begun {
			p.rollback()
		}
	}()
	standings := make([]ledger.Standing, len(keys))
	for i, k := range keys {
		var ok bool
		if standings[i], ok = e.known[k]; ok {
			continue
		}
		err := e.st.standing.QueryRow(k.budget, k.account, k.start).Scan(&standings[i].Posted, &standings[i].Held)
		if errors.Is(err, sql.ErrNoRows) {
			p.missing = append(p.missing, k)
			err = failpoint.Hit(failpoint.AtRollover)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	begun = true
	return p, standings, nil
}

// sqlitePage writes row by row.
type sqlitePage struct {
	e       *sqliteEngine
	missing []counterKey // made when anything is written
	written *changes     // what will be so once it is committed
	ended   bool
}

func (p *sqlitePage) holds(ids []string) (map[string]accounting.Money, error) {
	out := make(map[string]accounting.Money, len(ids))
	for _, id := range ids {
		if amount, ok := p.e.open[id]; ok {
			out[id] = amount
			continue
		}
		var amount accounting.Money
		switch err := p.e.st.held.QueryRow(id).Scan(&amount); {
		case errors.Is(err, sql.ErrNoRows):
		case err != nil:
			return nil, err
		default:
			out[id] = amount
		}
	}
	return out, nil
}

func (p *sqlitePage) posted(ids []string) (map[string]entryRow, error) {
	out := map[string]entryRow{}
	for _, id := range ids {
		row, err := readEntry(p.e.db.QueryRow(sqlPosted+" = $1", id))
		switch {
		case errors.Is(err, sql.ErrNoRows):
		case err != nil:
			return nil, err
		default:
			out[id] = row
		}
	}
	return out, nil
}

func (p *sqlitePage) once(key onceKey) (onceRow, bool, error) {
	return readOnce(key, p.e.db.QueryRow(sqlOnce, key.key, key.token))
}

func (p *sqlitePage) onceCount(key string, since int64) (n int, err error) {
	return n, p.e.db.QueryRow(sqlOnceCount, key, since).Scan(&n)
}

func (p *sqlitePage) chain(writer string, month int64) (chain, error) {
	return readChain(p.e.db.QueryRow(sqlChainHead, writer, month))
}

func (p *sqlitePage) settled(string) (bool, error) { return false, nil } // there is one writer

func (p *sqlitePage) write(c *changes) error {
	return p.e.classify(p.writeAll(c))
}

func (p *sqlitePage) writeAll(c *changes) error {
	to := p.e.books
	p.written = c
	for _, h := range c.holds {
		if err := to.change(sqlHold, h.id, h.at, int64(h.amount), h.text, h.owner); err != nil {
			return err
		}
	}
	for _, h := range c.amounts {
		if err := to.change(sqlAmount, int64(h.amount), h.id); err != nil {
			return err
		}
	}
	for _, h := range c.progress {
		if err := to.change(sqlProgress, h.text, h.id); err != nil {
			return err
		}
	}
	for _, id := range c.ended {
		if err := to.change(sqlEnd, id); err != nil {
			return err
		}
	}
	var values []any
	for _, row := range c.entries {
		values = row.values(values)
		if err := to.change(entryInsert, values...); err != nil {
			return err
		}
	}
	for _, h := range c.chains {
		if err := to.change(sqlChain, h.args()...); err != nil {
			return err
		}
	}
	for _, k := range p.missing {
		if err := to.change(sqlCounter, k.budget, k.account, k.start, int64(0), int64(0), int64(0), int64(0)); err != nil {
			return err
		}
	}
	for _, x := range c.counters {
		if err := to.change(sqlCounter, x.key.budget, x.key.account, x.key.start, int64(x.now.Posted), int64(x.now.Held), int64(x.was.Posted), int64(x.was.Held)); err != nil {
			return err
		}
	}
	if err := writeOnce(c, to.changeAny); err != nil {
		return err
	}
	return to.check()
}

func (p *sqlitePage) commit() error {
	if err := p.e.books.commit(); err != nil {
		return p.e.classify(err)
	}
	p.ended = true
	e := p.e
	if p.written == nil {
		return nil
	}
	if len(e.known)+len(p.written.counters) > maxKnown {
		clear(e.known)
	}
	for _, x := range p.written.counters {
		e.known[x.key] = x.now
	}
	for _, h := range p.written.holds {
		e.open[h.id] = h.amount
	}
	for _, h := range p.written.amounts {
		e.open[h.id] = h.amount
	}
	for _, id := range p.written.ended {
		delete(e.open, id)
	}
	return nil
}

func (p *sqlitePage) rollback() {
	if !p.ended {
		p.ended = true
		if p.written != nil { // what is known may be the reason
			clear(p.e.known)
			clear(p.e.open)
		}
		_ = p.e.books.rollback() // what is not committed is gone either way; the next begin looks
	}
}

// standings returns when ctx ends, too, though the disk hangs: the driver would wait for the
// engine. What hangs keeps a connection, and there are few: the next wait for one, and for
// that no longer than ctx.
func (e *sqliteEngine) standings(ctx context.Context, keys []counterKey) ([]ledger.Standing, error) {
	read := aside.Ask(e.log, "while it was read where budgets stand", func() ([]ledger.Standing, error) { return e.readStandings(ctx, keys) })
	select {
	case a := <-read:
		return a.Get()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (e *sqliteEngine) readStandings(ctx context.Context, keys []counterKey) ([]ledger.Standing, error) {
	if len(keys) == 0 {
		return nil, e.readDB.PingContext(ctx)
	}
	out := make([]ledger.Standing, len(keys))
	for i, k := range keys {
		err := e.st.reading.QueryRowContext(ctx, k.budget, k.account, k.start).Scan(&out[i].Posted, &out[i].Held)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
	}
	return out, nil
}

func (e *sqliteEngine) orphans(ctx context.Context, mine string, limit int) ([]orphan, error) {
	return readOrphans(e.readDB.QueryContext(ctx, `select id, held_at, amount, hold, progress from holds where owner != $1 order by held_at, id limit $2`, mine, limit))
}

// apart goes through the writer: SQLite has one.
func (e *sqliteEngine) apart(ctx context.Context, run func(tx *gorm.DB) error) error {
	return e.writer.do(ctx, func() error { return e.classify(e.write.Transaction(run)) })
}

func (e *sqliteEngine) forget(keys []counterKey) {
	for _, k := range keys {
		delete(e.known, k)
	}
}

// recordMany and recordOne have marks without a number, which would be looked up among all
// the others.
var recordMany, recordOne = insertOf(rowsAtOnce, mark), insertOf(1, mark)

func mark(int) string { return "?" }

// record goes through the writer and the connection of the books. The ORM would prepare
// its statements anew in every transaction.
func (e *sqliteEngine) record(ctx context.Context, rows []callRow) error {
	if err := e.room(); err != nil {
		return later(err)
	}
	return later(e.writer.do(ctx, func() error { return e.classify(e.recordAll(rows)) }))
}

func (e *sqliteEngine) recordAll(rows []callRow) (err error) {
	if err := e.books.begin(); err != nil {
		return err
	}
	done := false
	defer func() { // also after a panic
		if !done {
			err = errors.Join(err, e.books.rollback())
		}
	}()
	with := func(text string) func([]any) error {
		return func(args []any) error { return e.books.run(text, args...) }
	}
	if err := insertCalls(rows, with(recordMany), with(recordOne)); err != nil {
		return err
	}
	done = true // commit cleans up after itself
	return e.books.commit()
}

func (e *sqliteEngine) ordered(*gorm.DB) error { return nil } // there is one writer

func (e *sqliteEngine) broke(err error) (rule, reference bool) {
	var own sqlite3.Error
	if !errors.As(err, &own) || own.Code != sqlite3.ErrConstraint {
		return false, false
	}
	return true, own.ExtendedCode == sqlite3.ErrConstraintForeignKey
}

func (e *sqliteEngine) renew(context.Context) error { return nil } // the lock says it

func (e *sqliteEngine) passOver() string { return "" } // there is one writer

func (e *sqliteEngine) day(column string) string {
	return "strftime('%Y-%m-%d', " + column + " / 1000000, 'unixepoch')"
}

func (e *sqliteEngine) eachTag() string { return "json_each(nullif(tags, '')) as tag" }

func (e *sqliteEngine) room() error {
	left, size, err := e.space()
	if err != nil {
		return unavailable(err)
	}
	if kept := min(keptFree, size/keptFreePart); left < kept {
		return fmt.Errorf("%w: of the disk that the database lies on %d KiB are left, and %d KiB are kept for the ends of calls that run: make room on it", ledger.ErrUnavailable, left>>10, kept>>10)
	}
	return nil
}

// touch sets a number that nobody reads: a row that is given the value that it has is not
// written.
func (e *sqliteEngine) touch() string { return "pragma user_version = 0" }

func (e *sqliteEngine) now() time.Time { return e.clock() }

// flush brings relaxed commits to the disk once a second, until stop: a checkpoint
// syncs the log before it reads it.
func (e *sqliteEngine) flush(report func(error)) {
	defer close(e.flushed)
	tick := time.NewTicker(relaxedFlush)
	defer tick.Stop()
	for {
		select {
		case <-e.stop:
			return
		case <-tick.C:
		}
		ctx, cancel := context.WithTimeout(context.Background(), commitLimit)
		err := e.writer.do(ctx, func() error {
			_, err := e.db.Exec("pragma wal_checkpoint(passive)")
			return err
		})
		cancel()
		if err != nil {
			report(err)
		}
	}
}

func (e *sqliteEngine) close() error {
	var errs []error
	if e.books != nil {
		errs = append(errs, e.books.close())
	}
	for _, db := range []*sql.DB{e.readDB, e.db} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(append(errs, e.lock.release())...)
}
