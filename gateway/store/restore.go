package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"tollgate/gateway/control"
	"tollgate/migrations"
)

// RestoreOptions say who restores.
type RestoreOptions struct {
	By  string // the person and the version of tollgate
	Now func() time.Time
}

// RestoreResult says what was restored.
type RestoreResult struct {
	Header BackupHeader         `json:"backup"`
	Rows   map[string]int64     `json:"rows"`
	Epoch  int64                `json:"epoch"` // of the books from now on
	Verify control.Verification `json:"verify"`
}

// restoredRow is what `meta` says of a restore under restored_EPOCH: nobody can go back
// to an earlier state of the books without leaving it there.
type restoredRow struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	SHA256 string    `json:"sha256"` // of the backup
	MadeAt time.Time `json:"made_at"`
	MadeBy string    `json:"made_by"`
	Epoch  int64     `json:"epoch"` // of the backup
}

// checkBackup reads a backup from end to end. The error wraps errNoBackup if the file
// is none, or not whole.
func checkBackup(file string) (BackupResult, error) {
	out := BackupResult{File: file}
	f, err := os.Open(file)
	if err != nil {
		return out, err
	}
	defer f.Close()
	b, err := newBackupReader(f)
	if err != nil {
		return out, fmt.Errorf("%s: %w", file, err)
	}
	defer b.close()
	for b.total == "" {
		if _, _, err := b.read(); err != nil {
			return out, fmt.Errorf("%s: %w", file, err)
		}
	}
	st, err := f.Stat()
	if err != nil {
		return out, err
	}
	out.Bytes, out.Header, out.Rows, out.SHA256 = st.Size(), b.header, b.rows, b.total
	return out, nil
}

// Restore brings the state of a backup into an empty database that no server has open,
// of either engine. The whole file is read before anything is written, and everything
// is written in one transaction, but for the schema. A backup of an older schema is
// loaded into that schema and brought up to date then.
//
// Every row is as it was. Beside that, the epoch is one more and `meta` says when, by
// whom and from which backup. Calls that were under way at the moment of the backup are
// orphans, which the next start settles as uncertain. Then the books are verified; the
// error is not about what was found.
func Restore(ctx context.Context, d Database, file string, o RestoreOptions) (RestoreResult, error) {
	var out RestoreResult
	checked, err := checkBackup(file)
	if err != nil {
		return out, err
	}
	newest, err := migrations.Newest()
	if err != nil {
		return out, err
	}
	if checked.Header.Schema > newest {
		return out, fmt.Errorf("%s has schema %d and this program knows %d: restore it with the tollgate that made it, or a newer one", file, checked.Header.Schema, newest)
	}
	out.Header, out.Rows, out.Epoch = checked.Header, checked.Rows, checked.Header.Epoch+1
	if err := restore(ctx, d, checked, o, newest); err != nil {
		return out, err
	}
	out.Verify, err = verify(ctx, d, liveness{})
	return out, err
}

func restore(ctx context.Context, d Database, checked BackupResult, o RestoreOptions, newest int64) (err error) {
	off, err := openOffline(ctx, d)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, off.close()) }()
	if err := off.vacant(ctx); err != nil { // else what is refused would have another schema
		return tellPlace(d, err)
	}
	if err := off.migrate(ctx, checked.Header.Schema); err != nil {
		return tellPlace(d, err)
	}
	if err := off.load(ctx, checked, o); err != nil {
		return tellPlace(d, err)
	}
	if err := off.migrate(ctx, newest); err != nil {
		return tellPlace(d, err)
	}
	return nil
}

// load writes the rows of a backup that was checked.
func (o *offline) load(ctx context.Context, checked BackupResult, opt RestoreOptions) (err error) {
	f, err := os.Open(checked.File)
	if err != nil {
		return err
	}
	defer f.Close()
	b, err := newBackupReader(f)
	if err != nil {
		return fmt.Errorf("%s: %w", checked.File, err)
	}
	defer b.close()
	tables, err := o.tables(ctx)
	if err != nil {
		return err
	}
	conn, tx, err := o.begin(ctx, tables...)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
		err = errors.Join(err, conn.Close())
	}()
	if err := empty(ctx, tx, tables); err != nil {
		return err
	}
	l := &loader{offline: o, conn: conn, tx: tx, file: b}
	if err := l.all(ctx, tables); err != nil {
		return fmt.Errorf("%s: %w", checked.File, err)
	}
	if b.total != checked.SHA256 {
		return fmt.Errorf("%s was changed while it was read; nothing was restored", checked.File)
	}
	if slices.Contains(tables, "meta") {
		if err := l.raiseEpoch(ctx, checked, opt); err != nil {
			return err
		}
	}
	if err := l.sequences(ctx, tables); err != nil {
		return err
	}
	return tx.Commit()
}

// tables lists what a backup of the database's schema holds.
func (o *offline) tables(ctx context.Context) ([]string, error) {
	text := `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name`
	if o.engine == migrations.Postgres {
		text = `select tablename from pg_tables where schemaname = current_schema() order by tablename`
	}
	var out []string
	err := eachRow(ctx, o.db, text, func(r *sql.Rows) error {
		var name string
		err := r.Scan(&name)
		if !slices.Contains(notInBackup, name) {
			out = append(out, name)
		}
		return err
	})
	return out, err
}

// vacant makes sure that a database is new, or made and never used, whatever its schema.
func (o *offline) vacant(ctx context.Context) error {
	tables, err := o.tables(ctx)
	if err != nil {
		return err
	}
	return empty(ctx, o.db, tables)
}

// empty makes sure that nothing is written over.
func empty(ctx context.Context, q rower, tables []string) error {
	for _, t := range tables {
		if t == "meta" { // the schema itself writes into it
			continue
		}
		var used bool
		if err := q.QueryRowContext(ctx, "select exists (select 1 from "+t+")").Scan(&used); err != nil {
			return err
		}
		if used {
			return fmt.Errorf("it is not empty: there are rows in its table %s. A backup is restored into a new, empty database only: name another one, or move this one away", t)
		}
	}
	return nil
}

// loader writes a backup's rows.
type loader struct {
	*offline
	conn *sql.Conn
	tx   *sql.Tx
	file *backupReader
	next *backupTable // that was read already
	bad  error        // of the file, which COPY would hide
}

func (l *loader) all(ctx context.Context, tables []string) error {
	if slices.Contains(tables, "meta") {
		if _, err := l.tx.ExecContext(ctx, `delete from meta`); err != nil {
			return err
		}
	}
	first, _, err := l.file.read()
	if err != nil {
		return err
	}
	for l.next = first; l.next != nil; {
		t := *l.next
		l.next = nil
		if !slices.Contains(tables, t.Name) {
			return fmt.Errorf("schema %d has no table %s", l.file.header.Schema, t.Name)
		}
		if err := l.checkColumns(ctx, t); err != nil {
			return err
		}
		if err := l.fill(ctx, t); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	for _, t := range tables {
		if _, ok := l.file.rows[t]; !ok {
			return fmt.Errorf("table %s is missing in it", t)
		}
	}
	return nil
}

// checkColumns makes sure that a table has just the columns of the backup: names of the
// file stand in statements only if the database has them.
func (l *loader) checkColumns(ctx context.Context, t backupTable) error {
	have, err := columnsOf(ctx, l.tx, l.engine, t.Name)
	if err != nil {
		return err
	}
	names := t.names()
	slices.Sort(names)
	if want := slices.Sorted(maps.Keys(have)); !slices.Equal(names, want) {
		return fmt.Errorf("table %s of schema %d has the columns %v, and the backup %v", t.Name, l.file.header.Schema, want, names)
	}
	return nil
}

// row returns the next row of the table, or nil at its end.
func (l *loader) row() ([]any, error) {
	t, values, err := l.file.read()
	if err != nil || values != nil {
		return values, err
	}
	l.next = t
	return nil, nil
}

func (l *loader) fill(ctx context.Context, t backupTable) error {
	if l.engine == migrations.Postgres {
		return l.copy(ctx, t)
	}
	st, err := l.tx.PrepareContext(ctx, "insert into "+t.Name+" ("+strings.Join(t.names(), ", ")+") values ("+numbered(len(t.Columns))+")")
	if err != nil {
		return err
	}
	for {
		values, err := l.row()
		if err != nil || values == nil {
			return errors.Join(err, st.Close())
		}
		if _, err := st.ExecContext(ctx, values...); err != nil {
			return errors.Join(err, st.Close())
		}
	}
}

// copy is fill for PostgreSQL. Its COPY writes identities as they are given.
func (l *loader) copy(ctx context.Context, t backupTable) error {
	err := l.conn.Raw(func(driver any) error {
		_, err := driver.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{t.Name}, t.names(), &copySource{loader: l})
		return err
	})
	if l.bad != nil {
		return l.bad
	}
	return err
}

// copySource gives COPY the rows of a table.
type copySource struct {
	loader *loader
	values []any
}

func (c *copySource) Next() bool {
	c.values, c.loader.bad = c.loader.row()
	return c.values != nil
}

func (c *copySource) Values() ([]any, error) {
	for i, v := range c.values {
		if s, ok := v.(string); ok {
			c.values[i] = clean(s) // only rows of an old SQLite file can need it
		}
	}
	return c.values, nil
}

func (c *copySource) Err() error { return c.loader.bad }

// raiseEpoch leaves a trace of the restore.
func (l *loader) raiseEpoch(ctx context.Context, checked BackupResult, o RestoreOptions) error {
	h := checked.Header
	epoch := h.Epoch + 1
	b, err := json.Marshal(restoredRow{At: o.Now().UTC(), By: o.By, SHA256: checked.SHA256, MadeAt: h.MadeAt, MadeBy: h.MadeBy, Epoch: h.Epoch})
	if err != nil {
		return err
	}
	for name, value := range map[string]string{"epoch": fmt.Sprint(epoch), fmt.Sprintf("restored_%d", epoch): string(b)} {
		if _, err := l.tx.ExecContext(ctx, `insert into meta (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value`, name, value); err != nil {
			return err
		}
	}
	return nil
}

// sequences makes PostgreSQL number new rows behind those that were restored; SQLite
// does it by itself.
func (l *loader) sequences(ctx context.Context, tables []string) error {
	if l.engine != migrations.Postgres {
		return nil
	}
	type identity struct{ table, column string }
	var all []identity
	err := eachRow(ctx, l.tx, `select table_name, column_name from information_schema.columns where table_schema = current_schema() and is_identity = 'YES'`, func(r *sql.Rows) error {
		var i identity
		err := r.Scan(&i.table, &i.column)
		if slices.Contains(tables, i.table) {
			all = append(all, i)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, i := range all {
		if _, err := l.tx.ExecContext(ctx, fmt.Sprintf(`select setval(pg_get_serial_sequence('%s', '%s'), coalesce(max(%[2]s), 0) + 1, false) from %[1]s`, i.table, i.column)); err != nil {
			return err
		}
	}
	return nil
}
