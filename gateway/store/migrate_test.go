package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tollgate/migrations"
)

// TestMigrate: an old database is told of, brought up to date once, and keeps what it has.
func TestMigrate(t *testing.T) {
	newest, err := migrations.Newest()
	if err != nil {
		t.Fatal(err)
	}
	each(t, func(t *testing.T, d Database) {
		old(t, d)
		for range 2 { // nothing is changed by asking
			if m, err := SchemaOf(t.Context(), d); err != nil || m != (Migrated{From: 1, To: newest}) {
				t.Errorf("%+v, %v", m, err)
			}
		}
		if m, err := Migrate(t.Context(), d); err != nil || m != (Migrated{From: 1, To: newest, Done: true}) {
			t.Errorf("%+v, %v", m, err)
		}
		s := atDay(t, d) // and with a server at work
		for _, do := range []func() (Migrated, error){
			func() (Migrated, error) { return Migrate(t.Context(), d) },
			func() (Migrated, error) { return SchemaOf(t.Context(), d) },
		} {
			if m, err := do(); err != nil || m != (Migrated{From: newest, To: newest, Done: true}) {
				t.Errorf("%+v, %v", m, err)
			}
		}
		if v := verified(t, s); v.Entries != 2 || v.Cost != 30 || v.Holds != 1 {
			t.Errorf("%+v", v)
		}
	})
}

// TestMigrateRefuses: a database that a server has open, and one that is not there.
func TestMigrateRefuses(t *testing.T) {
	d := SQLite(filepath.Join(t.TempDir(), "t.db"))
	if _, err := Migrate(t.Context(), d); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(d.Path); err == nil {
		t.Error("a database was made")
	}
	old(t, d)
	lk, err := takeLock(d.Path + lockEnding)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lk.release() }()
	var locked *LockedError
	if _, err := Migrate(t.Context(), d); !errors.As(err, &locked) {
		t.Errorf("%v", err)
	}
	if m, err := SchemaOf(t.Context(), d); err != nil || m.From != 1 {
		t.Errorf("%+v, %v", m, err)
	}
}

// TestAnotherProgramsFile: a file that is not tollgate's is refused by whoever opens it, and
// left as it was.
func TestAnotherProgramsFile(t *testing.T) {
	d := SQLite(filepath.Join(t.TempDir(), "t.db"))
	db, _ := rawly(t, d)
	if _, err := db.Exec(`create table songs (id integer)`); err != nil {
		t.Fatal(err)
	}
	opened := func() error {
		s, err := Open(t.Context(), d, Options{})
		if err == nil {
			_ = s.Close()
		}
		return err
	}
	migrated := func() error { _, err := Migrate(t.Context(), d); return err }
	for _, do := range []func() error{opened, migrated} {
		if err := do(); err == nil || !strings.Contains(err.Error(), `"songs"`) || !strings.Contains(err.Error(), "name a new file") {
			t.Errorf("%v", err)
		}
	}
	var tables int
	if err := db.QueryRow(`select count(*) from sqlite_master`).Scan(&tables); err != nil || tables != 1 {
		t.Errorf("%d tables, %v", tables, err)
	}
}
