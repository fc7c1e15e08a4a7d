// Package migrations owns the database schema: numbered SQL files per engine,
// forward only, each in one transaction, embedded in the binary.
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

	"github.com/pressly/goose/v3"
)

//go:embed sqlite/*.sql
var files embed.FS

// Up brings an SQLite database to the newest schema. A database that is newer than
// this program is refused, since an older program would misread it.
func Up(ctx context.Context, db *sql.DB) error {
	dir, err := fs.Sub(files, "sqlite")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, dir)
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("reading the schema's version: %w", err)
	}
	all := p.ListSources()
	if newest := all[len(all)-1].Version; have > newest {
		return fmt.Errorf("the database has schema %d and this program knows %d: run the newer tollgate, or restore a backup", have, newest)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrating the database: %w", err)
	}
	return nil
}
