package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway"
	"tollgate/gateway/access"
	"tollgate/migrations"
)

func accessUser(id string) access.User { return access.User{ID: id, Created: day} }

func recordOf(request string) gateway.Record {
	return gateway.Record{At: day, RequestID: request, KeyID: "k", Model: "free", Price: "free", Status: "ok"}
}

func sumOf(lines []string) string {
	h := sha256.Sum256([]byte(strings.Join(lines, "")))
	return hex.EncodeToString(h[:])
}

// oldEntries are rows of entries as schema 1 had them.
var oldEntries = [][]any{
	{"e1", micros(day.AddDate(0, -1, 0)), micros(day.AddDate(0, -1, 0)), "r1", "k", "alice", "", "", "chat", "m", "p/m", "m", true, int64(10), int64(20), int64(5), int64(0), int64(5), int64(0),
		`{"input":5}`, `[{"meter":"input","count":10,"rate":1000000}]`, "v", "", "reported", "ok", "[]", int64(7), `[{"budget":"b","scope":"user","account":"alice","start":0}]`},
	{"e2", micros(day), micros(day), "r2", "k", "alice", "", "", "chat", "m", "p/m", "m", false, int64(20), int64(20), int64(5), int64(0), int64(5), int64(0),
		`{"input":5}`, `[]`, "v", "", "uncertain", "orphaned", "[]", int64(7), `[{"budget":"b","scope":"user","account":"alice","start":0}]`},
}

// rawly opens a database without bringing it up to date.
func rawly(t testing.TB, d Database) (*sql.DB, migrations.Engine) {
	t.Helper()
	var db *sql.DB
	var err error
	if d.Driver == "postgres" {
		db, err = migrationPool(d.URL)
	} else {
		db, err = sql.Open("sqlite3", sqliteURL(d.Path, "rwc", nil))
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db, migrations.Engine(d.Driver)
}

// old makes a database of schema 1 with a user, two entries, their counter and a call
// under way.
func old(t testing.TB, d Database) {
	t.Helper()
	db, e := rawly(t, d)
	if err := migrations.To(context.Background(), db, e, 1, nil); err != nil {
		t.Fatal(err)
	}
	exec := func(text string, args ...any) {
		t.Helper()
		if e == migrations.Postgres { // this pool takes no parameters apart
			for i, a := range slices.Backward(args) {
				value := fmt.Sprint(a)
				if s, ok := a.(string); ok {
					value = "'" + s + "'"
				}
				text = strings.ReplaceAll(text, fmt.Sprintf("$%d", i+1), value)
			}
			args = nil
		}
		if _, err := db.Exec(text, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`insert into users (id, name, email, blocked, models, created_at) values ('alice', '', '', false, '[]', 1)`)
	exec(`insert into counters (budget_id, account_id, period_start, posted, held) values ('b', 'alice', 0, 30, 7)`)
	exec(`insert into holds (id, held_at, amount, hold) values ('h', $1, 7, '{"prompt":3,"version":"v","facts":{"RequestID":"r3"},"claims":[{"budget":"b","scope":"user","account":"alice","start":0}]}')`, micros(day))
	for _, row := range oldEntries {
		exec("insert into entries values ("+numbered(len(row))+")", row...)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestT45_Upgrade: a database of the first schema keeps every sum, verifies, and goes on.
func TestT45_Upgrade(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		old(t, d)
		s := atDay(t, d)
		v := verified(t, s)
		if v.Entries != 2 || v.Unchained != 2 || v.Cost != 30 || v.Chains != 2 || v.Counters != 1 || v.Holds != 1 || v.Orphans != 1 {
			t.Errorf("%+v", v)
		}
		mustBeClean(t, v)
		l := ledger.New(s, ledger.Rules{Orphans: ledger.OrphanPrompt}, now)
		if n, err := l.SettleOrphans(t.Context()); n != 1 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		h := hold("new", 10, claimFrom("b", "alice", time.Unix(0, 0)))
		spend(t, s, h, billed(h, 9))
		v = verified(t, s)
		mustBeClean(t, v)
		if v.Entries != 4 || v.Unchained != 2 || v.Chains != 3 || v.Cost != 30+3+9 || v.Holds != 0 {
			t.Errorf("%+v", v)
		}
		if n := number(t, s, `select posted from counters`); n != 42 {
			t.Errorf("the counter stands at %d", n)
		}
		for _, text := range []string{"update entries set cost = 0 where id = 'e1'", "delete from entries where id = 'e1'"} {
			if err := s.write.Exec(text).Error; err == nil {
				t.Errorf("%s: an old entry is not kept", text)
			}
		}
	})
}

// TestX12_AMigrationThatFailsIsTakenBack: whichever one is interrupted before its end,
// the database is as it was before, and the next start does it.
func TestX12_AMigrationThatFailsIsTakenBack(t *testing.T) {
	newest, err := migrations.Newest()
	if err != nil {
		t.Fatal(err)
	}
	each(t, func(t *testing.T, d Database) {
		db, e := rawly(t, d)
		for n := int64(1); n <= newest; n++ {
			before := schemaOf(t, db, e)
			died := errors.New("died")
			if err := migrations.To(t.Context(), db, e, n, func() error { return died }); !errors.Is(err, died) {
				t.Fatalf("migration %d: %v", n, err)
			}
			if have, err := migrations.Version(t.Context(), db, e); err != nil || have != n-1 {
				t.Errorf("version %d, %v", have, err)
			}
			after := schemaOf(t, db, e)
			delete(after, "goose_db_version")
			delete(after, "sqlite_sequence")
			delete(before, "goose_db_version")
			delete(before, "sqlite_sequence")
			if !reflect.DeepEqual(before, after) {
				t.Errorf("migration %d left something behind: %v, before %v", n, after, before)
			}
			if n == 1 {
				old(t, d)
				continue
			}
			if err := migrations.To(t.Context(), db, e, n, nil); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		v := verified(t, atDay(t, d))
		mustBeClean(t, v)
		if v.Cost != 30 {
			t.Errorf("%+v", v)
		}
	})
}

// TestT45_ANewerSchemaIsRefused: an older program would misread it.
func TestT45_ANewerSchemaIsRefused(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		if err := open(t, d).Close(); err != nil {
			t.Fatal(err)
		}
		db, _ := rawly(t, d)
		if _, err := db.Exec(`insert into goose_db_version (version_id, is_applied) values (99, true)`); err != nil {
			t.Fatal(err)
		}
		_ = db.Close()
		_, err := Open(t.Context(), d, Options{Log: slog.New(slog.DiscardHandler)})
		_, looked := openSnapshot(t.Context(), d)
		_, migrated := Migrate(t.Context(), d)
		for _, err := range []error{err, looked, migrated} {
			if err == nil || !strings.Contains(err.Error(), "schema 99") || !strings.Contains(err.Error(), "newer tollgate") {
				t.Errorf("%v", err)
			}
		}
	})
}

// TestA45_ReplicasThatStartTogether: five on an empty database migrate it once, each of
// twenty times. Those that come second look again every second, so a few databases are
// made at once.
func TestA45_ReplicasThatStartTogether(t *testing.T) {
	const databases, atOnce, replicas = 20, 5, 5
	for range databases / atOnce {
		var wg sync.WaitGroup
		var all []Database
		for range atOnce {
			d := postgresDatabase(t)
			all = append(all, d)
			for range replicas {
				wg.Go(func() {
					s, err := Open(context.Background(), d, Options{Log: slog.New(slog.DiscardHandler)})
					if err != nil {
						t.Error(err)
						return
					}
					if err := s.Close(); err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		for _, d := range all {
			db, _ := rawly(t, d)
			var rows, versions int
			if err := db.QueryRow(`select count(*), count(distinct version_id) from goose_db_version`).Scan(&rows, &versions); err != nil || rows != versions || rows < 3 {
				t.Errorf("%d rows for %d versions, %v", rows, versions, err)
			}
		}
	}
}

// schemaOf lists the tables with the columns of each and their types.
func schemaOf(t testing.TB, db *sql.DB, e migrations.Engine) map[string]map[string]string {
	t.Helper()
	text := `select name from sqlite_master where type = 'table'`
	if e == migrations.Postgres {
		text = `select tablename from pg_tables where schemaname = 'public'`
	}
	var names []string
	if err := eachRow(context.Background(), db, text, func(r *sql.Rows) error {
		var name string
		err := r.Scan(&name)
		names = append(names, name)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]string{}
	for _, name := range names {
		columns, err := columnsOf(context.Background(), db, e, name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = columns
	}
	return out
}

// TestS17_BothEnginesHaveOneSchema: each migration is there for both, and both end with
// the same tables and columns, but for what is declared here. A backup holds every one
// of them.
func TestS17_BothEnginesHaveOneSchema(t *testing.T) {
	list := func(engine string) (out []string) {
		files, err := os.ReadDir(filepath.Join("..", "..", "migrations", engine))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			out = append(out, f.Name())
		}
		return out
	}
	if a, b := list("sqlite"), list("postgres"); !slices.Equal(a, b) || len(a) == 0 {
		t.Errorf("SQLite has %v, PostgreSQL %v", a, b)
	}
	// PostgreSQL counts rate limits for all replicas; each engine and goose keep their own.
	alone := []string{"rate_buckets", "rate_slots", "goose_db_version", "sqlite_sequence"}
	schema := map[migrations.Engine]map[string]map[string]string{}
	each(t, func(t *testing.T, d Database) {
		if err := open(t, d).Close(); err != nil {
			t.Fatal(err)
		}
		db, e := rawly(t, d)
		s := schemaOf(t, db, e)
		for _, name := range alone {
			delete(s, name)
		}
		schema[e] = s
	})
	mine, theirs := schema[migrations.SQLite], schema[migrations.Postgres]
	for table, columns := range theirs {
		plain := map[string]string{}
		for name, kind := range columns {
			plain[name] = map[string]string{"text": "text", "bigint": "integer", "boolean": "integer"}[kind]
		}
		if !reflect.DeepEqual(plain, mine[table]) {
			t.Errorf("%s: PostgreSQL has %v, SQLite %v", table, columns, mine[table])
		}
	}
	if len(mine) != len(theirs) {
		t.Errorf("SQLite has %d tables, PostgreSQL %d", len(mine), len(theirs))
	}
	for _, b := range backupTables {
		columns := map[string]string{}
		for _, c := range b.Columns {
			columns[c.Name] = c.Type
		}
		if !reflect.DeepEqual(columns, theirs[b.Name]) {
			t.Errorf("a backup has %v of %s, which has %v", columns, b.Name, theirs[b.Name])
		}
		delete(theirs, b.Name)
	}
	for table := range theirs {
		if !slices.Contains(notInBackup, table) {
			t.Errorf("no backup has the table %s", table)
		}
	}
}
