package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tollgate/gateway/failpoint"
	"tollgate/migrations"
)

// backupTables are what a backup holds, in an order in which references lead to what
// stands before. A test holds them against the schema of both engines.
var backupTables = []backupTable{
	tableOf("meta", "name text, value text"),
	tableOf("users", "id text, name text, email text, blocked boolean, models text, created_at bigint, role text, attributes text"),
	tableOf("orgs", "id text, name text, blocked boolean, models text, attributes text, created_at bigint"),
	tableOf("org_members", "org_id text, user_id text, role text"),
	tableOf("end_users", "id text, name text, blocked boolean, attributes text, created_at bigint"),
	tableOf("tags", "id text, description text, blocked boolean, attributes text, created_at bigint"),
	tableOf("teams", "id text, name text, blocked boolean, models text, created_at bigint, org_id text, aliases text, attributes text, tags text"),
	tableOf("members", "team_id text, user_id text, role text"),
	tableOf("keys", "id text, name text, digest text, hint text, own_form boolean, role text, user_id text, team_id text, models text, expires_at bigint, blocked boolean, end_users boolean, budget_fallback text, metadata text, created_at bigint, org_id text, aliases text, attributes text, former_digest text, former_until bigint, routes text, tags text, call_tags boolean"),
	tableOf("budgets", "id text, name text, scope text, each boolean, owner text, models text, limit_nusd bigint, soft_nusd bigint, per text, zone text, rolls_from bigint, created_at bigint, extra_nusd bigint, extra_until bigint"),
	tableOf("limits", "id text, name text, scope text, each boolean, owner text, models text, requests bigint, tokens bigint, concurrent bigint, created_at bigint"),
	tableOf("plans", "id text, name text, attributes text, created_at bigint"),
	tableOf("credentials", "id text, secrets text, sealed text, attributes text, created_at bigint, urls text"),
	tableOf("deployments", "id text, name text, declaration text, credential_id text, secrets text, sealed text, attributes text, created_at bigint"),
	tableOf("model_groups", "id text, name text, models text, attributes text, created_at bigint"),
	tableOf("fallbacks", "id text, model text, in_case text, models text, created_at bigint"),
	tableOf("changes", "seq bigint, kind text, id text, at bigint"),
	tableOf("audit", "seq bigint, at bigint, key_id text, user_id text, actor text, action text, kind text, thing text, was text, became text"),
	tableOf("counters", "budget_id text, account_id text, period_start bigint, posted bigint, held bigint"),
	tableOf("holds", "id text, held_at bigint, amount bigint, hold text, owner text, progress text"),
	tableOf("idempotency", "key_id text, token text, body text, request_id text, hold_id text, at bigint"),
	tableOf("chains", "writer text, month bigint, entries bigint, head text, cost bigint, removed_at bigint"),
	tableOf("carried", "budget_id text, account_id text, period_start bigint, month bigint, posted bigint"),
	entriesTable(),
	tableOf("calls", "id bigint, at bigint, request_id text, key_id text, user_id text, team_id text, end_user text, operation text, model text, deployment text, answered text, stream boolean, price text, input bigint, cached bigint, output bigint, reasoning bigint, source text, worth bigint, status text, took_us bigint, org_id text, tags text"),
}

// notInBackup are the tables that a backup leaves out: which processes are alive, where
// rate limits stand, what a trial beside another gateway has recorded, and the schema's
// number, which the header has.
var notInBackup = []string{"replicas", "rate_buckets", "rate_slots", "shadow_calls", "goose_db_version", "sqlite_sequence"}

func tableOf(name, columns string) backupTable {
	t := backupTable{Name: name}
	for c := range strings.SplitSeq(columns, ", ") {
		column, kind, _ := strings.Cut(c, " ")
		t.Columns = append(t.Columns, backupColumn{column, kind})
	}
	return t
}

func entriesTable() backupTable {
	t := backupTable{Name: "entries"}
	for _, c := range entryColumns {
		t.Columns = append(t.Columns, backupColumn{c.name, c.kind})
	}
	return t
}

// BackupOptions say how a backup is made.
type BackupOptions struct {
	By    string // the version of tollgate
	Now   func() time.Time
	Force bool // replace a file that is there
}

// BackupResult says what a backup holds.
type BackupResult struct {
	File   string           `json:"file"`
	Bytes  int64            `json:"bytes"`
	Header BackupHeader     `json:"header"`
	Rows   map[string]int64 `json:"rows"` // of each table
	SHA256 string           `json:"sha256"`
}

// partial stands in the name of a backup that is not finished.
const partial = ".partial-"

// Backup writes a whole database into a file, in one consistent look at it, whoever
// works with it meanwhile: it reads the database itself, an SQLite file beside the
// process that has it open and without its lock. The file appears at once and whole, on
// disk and readable by its owner alone; until then it has another name, with .partial-
// in it, and stays there if the process is killed.
func Backup(ctx context.Context, d Database, file string, o BackupOptions) (_ BackupResult, err error) {
	out := BackupResult{File: file}
	if err := free(file, o.Force); err != nil {
		return out, err
	}
	s, err := openSnapshot(ctx, d)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	dir := filepath.Dir(file)
	f, err := os.CreateTemp(dir, filepath.Base(file)+partial+"*") // with mode 0600
	if err != nil {
		return out, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("backup: %w", err), f.Close(), os.Remove(f.Name()))
		}
	}()
	if err := out.write(ctx, s, f, o); err != nil {
		return out, tellPlace(d, err)
	}
	if err := f.Sync(); err != nil {
		return out, err
	}
	st, err := f.Stat()
	if err != nil {
		return out, err
	}
	out.Bytes = st.Size()
	if err := name(f.Name(), file, o.Force); err != nil {
		return out, err
	}
	if err := syncDir(dir); err != nil {
		return out, err
	}
	return out, f.Close()
}

// free makes sure that no file is replaced that nobody wanted replaced.
func free(file string, force bool) error {
	st, err := os.Lstat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !st.Mode().IsRegular():
		return fmt.Errorf("%s is no regular file", file)
	case !force:
		return isThere(file)
	}
	return nil
}

func isThere(file string) error {
	return fmt.Errorf("%s is there already: name another file, or give --force to replace it", file)
}

// name gives the finished file its name. A link, unlike a rename, never replaces.
func name(from, to string, force bool) error {
	if !force {
		err := os.Link(from, to)
		if err == nil {
			return os.Remove(from)
		}
		if errors.Is(err, fs.ErrExist) {
			return isThere(to)
		}
		if err := free(to, false); err != nil { // a file system without links
			return err
		}
	}
	return os.Rename(from, to)
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func (out *BackupResult) write(ctx context.Context, s *snapshot, f *os.File, o BackupOptions) error {
	out.Header = BackupHeader{Format: backupFormat, MadeAt: o.Now().UTC(), MadeBy: o.By, Engine: string(s.engine)}
	var err error
	if out.Header.Schema, err = migrations.Newest(); err != nil {
		return err
	}
	if out.Header.Epoch, err = epochOf(ctx, s.tx); err != nil {
		return err
	}
	w, err := newBackupWriter(f, out.Header)
	if err != nil {
		return err
	}
	for _, t := range backupTables {
		if err := copyTable(ctx, s, w, t); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
		if err := failpoint.Hit(failpoint.InBackup); err != nil {
			return err
		}
	}
	out.SHA256, err = w.end()
	out.Rows = w.rows
	return err
}

func copyTable(ctx context.Context, s *snapshot, w *backupWriter, t backupTable) error {
	if err := w.table(t); err != nil {
		return err
	}
	into, values := make([]any, len(t.Columns)), make([]any, len(t.Columns))
	for i, c := range t.Columns {
		switch c.Type {
		case "text":
			into[i] = new(sql.NullString)
		case "bigint":
			into[i] = new(sql.NullInt64)
		case "boolean":
			into[i] = new(sql.NullBool)
		}
	}
	return eachRow(ctx, s.tx, "select "+strings.Join(t.names(), ", ")+" from "+t.Name, func(r *sql.Rows) error {
		if err := r.Scan(into...); err != nil {
			return err
		}
		for i, v := range into {
			values[i] = nil
			switch v := v.(type) {
			case *sql.NullString:
				if v.Valid {
					values[i] = v.String
				}
			case *sql.NullInt64:
				if v.Valid {
					values[i] = v.Int64
				}
			case *sql.NullBool:
				if v.Valid {
					values[i] = v.Bool
				}
			}
		}
		return w.row(values)
	})
}

// rower is a pool, a connection or a transaction.
type rower interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}

// epochOf reads how often the books were restored, plus one.
func epochOf(ctx context.Context, q rower) (epoch int64, err error) {
	err = q.QueryRowContext(ctx, `select cast(value as bigint) from meta where name = 'epoch'`).Scan(&epoch)
	if err == nil && epoch < 1 {
		err = errors.New("it is no number from 1 on")
	}
	if err != nil {
		return 0, fmt.Errorf("the epoch: %w", err)
	}
	return epoch, nil
}
