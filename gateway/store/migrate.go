package store

import (
	"context"
	"errors"

	"tollgate/gateway/failpoint"
	"tollgate/migrations"
)

// Migrated says which schema a database had, and which this program works with.
type Migrated struct {
	From int64 `json:"from"` // 0: it had none
	To   int64 `json:"to"`
	Done bool  `json:"done"` // it has that of this program now
}

// SchemaOf says what [Migrate] would do, and changes nothing: it makes no database either. A
// server may have it open.
func SchemaOf(ctx context.Context, d Database) (out Migrated, err error) {
	if out.To, err = migrations.Newest(); err != nil {
		return out, err
	}
	s, err := lookAt(ctx, d)
	if err != nil {
		return out, tellPlace(d, errors.Join(err, s.close()))
	}
	out.From, err = migrations.Version(ctx, s.tx, s.engine)
	out.Done = out.From == out.To
	if err == nil && out.From > out.To {
		err = tooNew(out.From, out.To)
	}
	if err = errors.Join(err, s.close()); err != nil {
		return out, tellPlace(d, err)
	}
	return out, nil
}

// Migrate brings the schema of a database up to date, as the next start would, each step in a
// transaction. Nothing brings it back but a backup. A server that has an SQLite file open is
// refused, as a [*LockedError]; replicas over PostgreSQL that migrate at once wait for each
// other.
func Migrate(ctx context.Context, d Database) (out Migrated, err error) {
	if out, err = SchemaOf(ctx, d); err != nil || out.Done {
		return out, err
	}
	o, err := openOffline(ctx, d)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	if err := o.migrate(ctx, out.To); err != nil {
		return out, tellPlace(d, err)
	}
	out.Done = true
	return out, nil
}

// migratePostgres brings a PostgreSQL database to a schema.
func migratePostgres(ctx context.Context, url string, schema int64) error {
	db, err := migrationPool(url)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := direct(ctx, db); err != nil {
		return err
	}
	return migrations.To(ctx, db, migrations.Postgres, schema, inMigration)
}

func inMigration() error { return failpoint.Hit(failpoint.InMigration) }
