// Package migrations owns the database schema: numbered SQL files per engine, forward
// only, each in one transaction, embedded in the binary. Files of the same number
// make the same schema in both engines.
//
// It imports nothing of ours and knows no rows and no rules; gateway/store maps
// the tables, and a test holds the two against each other.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed sqlite/*.sql postgres/*.sql
var files embed.FS

// Engine is a database that has a schema here.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// How long a process waits for another one that migrates, in tries a second apart.
const lockTries = 300

// Up brings a database to the newest schema. Processes that start together migrate
// once: with PostgreSQL they wait for each other, and an SQLite file has one process.
// A migration that is interrupted is rolled back, and done at the next start. A
// database that is newer than this program is refused, since an older program would
// misread it.
//
// beforeCommit, unless nil, is called within each migration when its statements are
// done; its error rolls it back.
func Up(ctx context.Context, db *sql.DB, e Engine, beforeCommit func() error) error {
	newest, err := Newest()
	if err != nil {
		return err
	}
	return To(ctx, db, e, newest, beforeCommit)
}

// To is Up that stops at an older schema, into which a backup of that age is loaded. A
// database that is newer than that is refused.
func To(ctx context.Context, db *sql.DB, e Engine, schema int64, beforeCommit func() error) error {
	all, err := read(e, beforeCommit)
	if err != nil {
		return err
	}
	if err := ours(ctx, db, e); err != nil {
		return err
	}
	options := []goose.ProviderOption{goose.WithGoMigrations(all...), goose.WithDisableGlobalRegistry(true)}
	dialect := goose.DialectSQLite3
	if e == Postgres {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, lockTries))
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(dialect, db, nil, options...)
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	if _, err := p.UpTo(ctx, schema); err != nil {
		return fmt.Errorf("migrating the database: %w", err)
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("reading the schema's version: %w", err)
	}
	switch newest := all[len(all)-1].Version; {
	case have > newest:
		return fmt.Errorf("the database has schema %d and this program knows %d: run the newer tollgate, or restore a backup", have, newest)
	case have > schema:
		return fmt.Errorf("the database has schema %d already, and %d is wanted: name a new, empty database", have, schema)
	}
	return nil
}

// ours refuses an SQLite file that another program has made: it would get tables that it
// does not expect. A PostgreSQL database may be shared.
func ours(ctx context.Context, db *sql.DB, e Engine) error {
	if e != SQLite {
		return nil
	}
	var versions int
	var table string
	err := db.QueryRowContext(ctx, `select coalesce(sum(name = 'goose_db_version'), 0), coalesce(min(name), '') from sqlite_master where type = 'table' and name not like 'sqlite\_%' escape '\'`).Scan(&versions, &table)
	if err == nil && versions == 0 && table != "" {
		err = fmt.Errorf("it is another program's, since it has a table %q and no schema of tollgate's: name a new file for tollgate", table)
	}
	return err
}

// Version is the number of a database's schema, 0 if it has none. It changes nothing.
func Version(ctx context.Context, q interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}, e Engine) (int64, error) {
	there := `select count(*) from sqlite_master where name = 'goose_db_version'`
	if e == Postgres {
		there = `select count(*) from pg_tables where tablename = 'goose_db_version' and schemaname = any(current_schemas(false))`
	}
	var n, version int64
	if err := q.QueryRowContext(ctx, there).Scan(&n); err != nil || n == 0 {
		return 0, err
	}
	err := q.QueryRowContext(ctx, `select coalesce(max(version_id), 0) from goose_db_version where is_applied`).Scan(&version)
	return version, err
}

// Newest is the number of the newest schema.
func Newest() (int64, error) {
	all, err := read(SQLite, nil)
	if err != nil {
		return 0, err
	}
	return all[len(all)-1].Version, nil
}

// read turns the files of an engine into migrations, in order. Each file is sent whole.
func read(e Engine, beforeCommit func() error) ([]*goose.Migration, error) {
	names, err := fs.Glob(files, string(e)+"/*.sql")
	if err != nil {
		return nil, err
	}
	var all []*goose.Migration
	for _, name := range names { // sorted
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		digits, _, _ := strings.Cut(path.Base(name), "_")
		version, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", name, err)
		}
		all = append(all, goose.NewGoMigration(version, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, string(text)); err != nil {
				return err
			}
			if beforeCommit == nil {
				return nil
			}
			return beforeCommit()
		}}, nil))
	}
	return all, nil
}
