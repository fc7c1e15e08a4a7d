package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/mattn/go-sqlite3"

	"tollgate/migrations"
)

// longStatement bounds a statement that reads or writes a whole table: those of verify,
// backup, restore and rebuild, on connections of their own.
const longStatement = 6 * time.Hour

// snapshot is one consistent look at a whole database, on a connection of its own that
// cannot write. It takes no lock: in SQLite whoever writes goes on in the log beside the
// file, which grows until the look ends; in PostgreSQL it is a repeatable read.
type snapshot struct {
	db     *sql.DB
	tx     *sql.Tx
	engine migrations.Engine
}

// openSnapshot begins the look. The database must have the schema of this program.
func openSnapshot(ctx context.Context, d Database) (*snapshot, error) {
	s, err := lookAt(ctx, d)
	if err == nil {
		err = s.checkSchema(ctx)
	}
	if err != nil {
		return nil, tellPlace(d, errors.Join(err, s.close()))
	}
	return s, nil
}

// lookAt begins a look at a database of any schema. Close it in any case.
func lookAt(ctx context.Context, d Database) (s *snapshot, err error) {
	s = &snapshot{engine: migrations.Engine(d.Driver)}
	switch s.engine {
	case migrations.SQLite:
		err = s.openSQLite(ctx, d)
	case migrations.Postgres:
		err = s.openPostgres(ctx, d)
	default:
		err = fmt.Errorf("no driver %q", d.Driver)
	}
	return s, err
}

// tellPlace says of an error which database it is about, without its password, and what to
// do about it.
func tellPlace(d Database, err error) error {
	if d.Driver == string(migrations.Postgres) {
		said := hideURL(err, d.URL)
		if e := (*pgconn.ConnectError)(nil); errors.As(err, &e) { // it tells of each address in a line of its own
			lines := slices.Compact(strings.Split(strings.ReplaceAll(said.Error(), "\t", ""), "\n"))
			return fmt.Errorf("database: %s; is PostgreSQL running there, and is its URL right?", strings.Join(lines, " "))
		}
		return fmt.Errorf("database: %w", said)
	}
	return fmt.Errorf("database %s: %w%s", d.Path, err, remedy(err))
}

// remedy is what to do about a file that cannot be opened; "" if that is not known.
func remedy(err error) string {
	var own sqlite3.Error
	switch {
	case errors.As(err, &own) && (own.Code == sqlite3.ErrCorrupt || own.Code == sqlite3.ErrNotADB):
		return ": it is damaged, or no database of tollgate's; restore a backup into a new file: tollgate restore BACKUP --database NEW"
	case errors.Is(err, fs.ErrPermission), errors.As(err, &own) && own.Code == sqlite3.ErrReadonly:
		return ": run this as the user whom the database belongs to; its directory is written to as well"
	}
	return ""
}

func (s *snapshot) openSQLite(ctx context.Context, d Database) error {
	abs, err := filepath.Abs(d.Path)
	if err != nil {
		return err
	}
	// Only its state is asked for: a file that is opened and closed beside the engine
	// would lose the engine's locks.
	if _, err := os.Stat(abs); err != nil {
		return err
	}
	if s.db, err = sql.Open("sqlite3", sqliteURL(abs, "ro", map[string]string{"_query_only": "true"})); err != nil {
		return err
	}
	s.tx, err = s.db.BeginTx(ctx, nil)
	return err
}

func (s *snapshot) openPostgres(ctx context.Context, d Database) error {
	c, err := configOf(d.URL, map[string]string{"statement_timeout": ms(longStatement), "default_transaction_read_only": "on"})
	if err != nil {
		return err
	}
	s.db = stdlib.OpenDB(*c)
	s.tx, err = s.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	return err
}

func (s *snapshot) checkSchema(ctx context.Context) error {
	have, err := migrations.Version(ctx, s.tx, s.engine)
	if err != nil {
		return err
	}
	want, err := migrations.Newest()
	switch {
	case err != nil:
		return err
	case have == 0:
		return errors.New("there are no books in it")
	case have < want:
		return fmt.Errorf("it has schema %d and this program knows %d: bring it up to date with tollgate migrate, or use the tollgate that it is from", have, want)
	case have > want:
		return tooNew(have, want)
	}
	return nil
}

func tooNew(have, want int64) error {
	return fmt.Errorf("it has schema %d and this program knows %d: use the newer tollgate", have, want)
}

// words are those of the engine.
func (s *snapshot) words() words {
	if s.engine == migrations.Postgres {
		return (*postgresEngine)(nil)
	}
	return (*sqliteEngine)(nil)
}

func (s *snapshot) close() error {
	var errs []error
	if s.tx != nil {
		if err := s.tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
			errs = append(errs, err)
		}
	}
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	return errors.Join(errs...)
}

// eachRow reads the rows of a statement one by one: whatever their number, one is in
// memory.
func eachRow(ctx context.Context, q querier, text string, row func(*sql.Rows) error, args ...any) error {
	rows, err := q.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// offline is a database that no server has open, to be written to as a whole.
type offline struct {
	db     *sql.DB
	lock   *lock // nil with PostgreSQL
	engine migrations.Engine
	place  Database
}

// openOffline opens or makes a database, and leaves its schema as it is. A server that has
// an SQLite file open is refused here, as a [*LockedError]; one over PostgreSQL by
// [offline.begin].
func openOffline(ctx context.Context, d Database) (_ *offline, err error) {
	o := &offline{engine: migrations.Engine(d.Driver), place: d}
	defer func() {
		if err != nil {
			err = errors.Join(err, o.close())
			var locked *LockedError
			if !errors.As(err, &locked) {
				err = tellPlace(d, err)
			}
		}
	}()
	switch o.engine {
	case migrations.SQLite:
		err = o.openSQLite(ctx)
	case migrations.Postgres:
		err = o.openPostgres()
	default:
		err = fmt.Errorf("no driver %q", d.Driver)
	}
	if err != nil {
		return nil, err
	}
	return o, nil
}

func (o *offline) openSQLite(ctx context.Context) error {
	abs, err := filepath.Abs(o.place.Path)
	if err != nil {
		return err
	}
	if err := checkFileSystem(filepath.Dir(abs)); err != nil {
		return err
	}
	if o.lock, err = takeLock(abs + lockEnding); err != nil {
		return err
	}
	// The file is made here so that nobody else can read it.
	f, err := openOrMake(abs, filepath.Dir(abs))
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if o.db, err = sql.Open("sqlite3", sqliteURL(abs, "rw", map[string]string{"_txlock": "immediate", "_journal_mode": "WAL", "_synchronous": "FULL"})); err != nil {
		return err
	}
	o.db.SetMaxOpenConns(1)
	return checkEngine(ctx, o.db)
}

func (o *offline) openPostgres() error {
	c, err := configOf(o.place.URL, map[string]string{"statement_timeout": ms(longStatement)})
	if err != nil {
		return err
	}
	o.db = stdlib.OpenDB(*c)
	return nil
}

// migrate brings the schema to a number.
func (o *offline) migrate(ctx context.Context, schema int64) error {
	if o.engine == migrations.SQLite {
		return migrations.To(ctx, o.db, o.engine, schema, inMigration)
	}
	return migratePostgres(ctx, o.place.URL, schema)
}

// begin opens a transaction on a connection of its own that keeps servers away from some
// tables until it ends. The error says which replicas are alive, if any are.
func (o *offline) begin(ctx context.Context, tables ...string) (*sql.Conn, *sql.Tx, error) {
	conn, err := o.db.Conn(ctx)
	if err != nil {
		return nil, nil, err
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, errors.Join(err, conn.Close())
	}
	if err := o.alone(ctx, tx, tables); err != nil {
		return nil, nil, errors.Join(err, tx.Rollback(), conn.Close())
	}
	return conn, tx, nil
}

// alone makes sure that no server is at work.
func (o *offline) alone(ctx context.Context, tx *sql.Tx, tables []string) error {
	if o.engine != migrations.Postgres {
		return nil // the lock says it
	}
	has, err := columnsOf(ctx, tx, o.engine, "replicas")
	if err != nil {
		return err
	}
	if len(has) > 0 { // a server that starts says so in this table first
		tables = append([]string{"replicas"}, tables...)
	}
	for _, t := range tables {
		if _, err := tx.ExecContext(ctx, "lock table "+t+" in access exclusive mode"); err != nil {
			return fmt.Errorf("somebody uses the table %s: stop every tollgate first: %w", t, err)
		}
	}
	if len(has) == 0 {
		return nil
	}
	var n int64
	if err := tx.QueryRowContext(ctx, "select count(*) from replicas where lease_ends > "+sqlNow).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return fmt.Errorf("%d tollgate processes are at work on it, or were killed less than %s ago: stop them, and wait that long if one was killed", n, leaseLength)
	}
	return nil
}

// columnsOf lists the columns of a table with their types in lower case; none if there
// is no such table.
func columnsOf(ctx context.Context, q querier, e migrations.Engine, table string) (map[string]string, error) {
	text := `select name, lower(type) from pragma_table_info($1)`
	if e == migrations.Postgres {
		text = `select column_name, lower(data_type) from information_schema.columns where table_schema = any(current_schemas(false)) and table_name = $1`
	}
	out := map[string]string{}
	err := eachRow(ctx, q, text, func(r *sql.Rows) error {
		var name, kind string
		err := r.Scan(&name, &kind)
		out[name] = kind
		return err
	}, table)
	return out, err
}

func (o *offline) close() error {
	if o.db == nil {
		return o.lock.release()
	}
	return errors.Join(o.db.Close(), o.lock.release())
}
