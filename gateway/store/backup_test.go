package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/migrations"
)

func now() time.Time { return day }

var byTest = BackupOptions{By: "v1", Now: now}

func backedUp(t testing.TB, d Database) BackupResult {
	t.Helper()
	r, err := Backup(context.Background(), d, filepath.Join(t.TempDir(), "books.backup"), byTest)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func restored(t testing.TB, d Database, file string) RestoreResult {
	t.Helper()
	r, err := Restore(context.Background(), d, file, RestoreOptions{By: "root, tollgate v1", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	mustBeClean(t, r.Verify)
	return r
}

// unpacked are the lines of a backup.
func unpacked(t testing.TB, file string) []string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(strings.Lines(string(b)))
}

// rowsOf are the rows of a backup in any order, each behind its table, without those of
// meta.
func rowsOf(t testing.TB, file string) []string {
	t.Helper()
	var out []string
	table := ""
	for _, line := range unpacked(t, file) {
		var head backupTable
		if strings.HasPrefix(line, `{"table"`) {
			if err := json.Unmarshal([]byte(line), &head); err != nil {
				t.Fatal(err)
			}
			table = head.Name
			continue
		}
		if line[0] == '[' && table != "meta" {
			out = append(out, table+" "+line)
		}
	}
	slices.Sort(out)
	return out
}

// TestT46_RestoreIsEqual: a backup of either engine restores on either one to the same
// rows, and the books go on from there.
func TestT46_RestoreIsEqual(t *testing.T) {
	each(t, func(t *testing.T, from Database) {
		s := atDay(t, from)
		furnish(t, s)
		before := verified(t, s)
		made := backedUp(t, from) // while it is open
		if st, err := os.Stat(made.File); err != nil || st.Mode() != 0o600 || st.Size() != made.Bytes {
			t.Errorf("%v, %v", st, err)
		}
		rows := rowsOf(t, made.File)
		each(t, func(t *testing.T, to Database) {
			r := restored(t, to, made.File)
			if r.Epoch != 2 || r.Verify.Epoch != 2 || r.Verify.Orphans != 1 || r.Verify.Entries != before.Entries || r.Verify.Cost != before.Cost || r.Header != made.Header {
				t.Errorf("%+v", r)
			}
			if again := rowsOf(t, backedUp(t, to).File); !slices.Equal(rows, again) {
				t.Errorf("restored rows differ:\n%s\nwant\n%s", strings.Join(again, ""), strings.Join(rows, ""))
			}
			s := atDay(t, to)
			var trace restoredRow
			var text string
			if err := s.read.Raw(`select value from meta where name = 'restored_2'`).Row().Scan(&text); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(text), &trace); err != nil || trace != (restoredRow{At: day, By: "root, tollgate v1", SHA256: made.SHA256, MadeAt: day, MadeBy: "v1", Epoch: 1}) {
				t.Errorf("%s, %v", text, err)
			}
			// What was under way is settled, and new rows are numbered behind the old ones.
			l := ledger.New(s, ledger.Rules{Orphans: ledger.OrphanPrompt}, now)
			if n, err := l.SettleOrphans(t.Context()); n != 1 || err != nil {
				t.Errorf("%d orphans, %v", n, err)
			}
			h := at("new", "alice", day, 10)
			spend(t, s, h, billed(h, 9))
			if err := s.DeleteUser(t.Context(), "bob"); err != nil {
				t.Error(err)
			}
			s.Record(recordOf("later"))
			await(t, s, `select count(*) from calls`, 4)
			v := verified(t, s)
			mustBeClean(t, v)
			if v.Holds != 0 || v.Entries != before.Entries+2 {
				t.Errorf("%+v", v)
			}
			// A second generation.
			r = restored(t, SQLite(filepath.Join(t.TempDir(), "2.db")), backedUp(t, to).File)
			if r.Epoch != 3 {
				t.Errorf("epoch %d", r.Epoch)
			}
		})
	})
}

// TestT46_BackupUnderLoad: a backup that is taken while calls are paid is of one moment.
func TestT46_BackupUnderLoad(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		s := open(t, d)
		stop := make(chan struct{})
		var load sync.WaitGroup
		var done [8]int
		for i := range done {
			load.Go(func() {
				for j := 0; ; j++ {
					select {
					case <-stop:
						return
					default:
					}
					h := at(fmt.Sprintf("w%d-%d", i, j), fmt.Sprint("user", i%3), day, 50)
					spend(t, s, h)
					if j%5 > 0 {
						if err := s.Settle(context.Background(), billed(h, accounting.Money(10+j%7))); err != nil {
							t.Error(err)
						}
					}
					done[i] = j
				}
			})
		}
		var made []BackupResult
		for i := range 3 {
			await(t, s, `select count(*) from entries`, int64(20*(i+1)))
			made = append(made, backedUp(t, d))
		}
		close(stop)
		load.Wait()
		mustBeClean(t, verified(t, s))
		for i, m := range made {
			other := SQLite(filepath.Join(t.TempDir(), "r.db"))
			r := restored(t, other, m.File)
			if r.Verify.Holds != r.Verify.Orphans || i > 0 && m.Rows["entries"] < made[i-1].Rows["entries"] {
				t.Errorf("backup %d: %+v", i, r.Verify)
			}
			s := open(t, other)
			for l := ledger.New(s, ledger.Rules{}, now); ; {
				if n, err := l.SettleOrphans(t.Context()); err != nil {
					t.Fatal(err)
				} else if n == 0 {
					break
				}
			}
			v := verified(t, s)
			mustBeClean(t, v)
			if v.Holds != 0 || v.Entries != r.Verify.Entries+r.Verify.Holds {
				t.Errorf("T3: %d entries of %d and %d holds", v.Entries, r.Verify.Entries, r.Verify.Holds)
			}
		}
		if made[2].Rows["entries"] == 0 {
			t.Error("nothing was paid meanwhile")
		}
	})
}

// fileOf writes a backup by hand.
func fileOf(t testing.TB, h BackupHeader, write func(*backupWriter) error) string {
	t.Helper()
	var b bytes.Buffer
	w, err := newBackupWriter(&b, h)
	if err != nil {
		t.Fatal(err)
	}
	if err := write(w); err != nil {
		t.Fatal(err)
	}
	if _, err := w.end(); err != nil {
		t.Fatal(err)
	}
	return onDisk(t, b.Bytes())
}

func onDisk(t testing.TB, b []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x.backup")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// packed compresses lines as a backup is.
func packed(t testing.TB, lines ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(backupWindow))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(z, strings.Join(lines, "")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestRestoreRefusesWhatIsNoBackup: a file that was cut, changed or is another one is
// refused with what is wrong, and no database comes of it.
func TestRestoreRefusesWhatIsNoBackup(t *testing.T) {
	from := SQLite(filepath.Join(t.TempDir(), "t.db"))
	s := atDay(t, from)
	furnish(t, s)
	made := backedUp(t, from)
	whole, err := os.ReadFile(made.File)
	if err != nil {
		t.Fatal(err)
	}
	lines := unpacked(t, made.File)
	to := SQLite(filepath.Join(t.TempDir(), "new.db"))
	refused := func(t *testing.T, what string, b []byte, want ...string) {
		t.Helper()
		_, err := Restore(t.Context(), to, onDisk(t, b), RestoreOptions{By: "x", Now: now})
		if err == nil {
			t.Fatalf("%s was restored", what)
		}
		for _, w := range want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q is not in: %v", what, w, err)
			}
		}
		if _, err := os.Stat(to.Path); !errors.Is(err, os.ErrNotExist) {
			t.Fatalf("%s: there is a database now: %v", what, err)
		}
	}
	refused(t, "an empty file", nil, "not a whole backup", "cut")
	refused(t, "another file", []byte("SQLite format 3\x00 and so on"), "another kind")
	refused(t, "another zstd file", packed(t, "hello\n"), "another kind")
	refused(t, "JSON of another kind", packed(t, `{"a":1}`+"\n"), "another kind")
	refused(t, "a newer format", packed(t, `{"tollgate_backup":2}`+"\n"), "format 2")
	refused(t, "a header with more in it", packed(t, strings.Replace(lines[0], "{", `{"x":1,`, 1)), "header")
	newest, err := migrations.Newest()
	if err != nil {
		t.Fatal(err)
	}
	ours := fmt.Sprintf(`"schema":%d`, newest)
	refused(t, "a newer schema", packed(t, withSum(strings.Replace(lines[0], ours, `"schema":99`, 1), `{"table":"a","columns":[{"name":"x","type":"text"}]}`+"\n")...), "schema 99")
	refused(t, "a line too long", packed(t, lines[0], `["`+strings.Repeat("x", maxBackupLine)+"\n"), "MiB")
	for cut := 0; cut < len(whole); cut += 1 + len(whole)/60 {
		refused(t, fmt.Sprintf("the first %d bytes", cut), whole[:cut])
	}
	refused(t, "all but the last byte", whole[:len(whole)-1])
	refused(t, "one byte more", append(slices.Clone(whole), 'x'))
	refused(t, "twice the file", append(slices.Clone(whole), whole...), "follows the end")
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		b := slices.Clone(whole)
		at := rng.IntN(len(b))
		b[at] ^= 1 << rng.IntN(8)
		if r, err := checkBackup(onDisk(t, b)); err == nil && r.SHA256 != made.SHA256 {
			t.Errorf("byte %d was changed and the file is taken for another whole one", at)
		}
	}
	for i, line := range lines {
		if line[0] != '[' {
			continue
		}
		refused(t, "without a row", packed(t, slices.Delete(slices.Clone(lines), i, i+1)...), "SHA-256")
		other := slices.Clone(lines)
		other[i] = strings.Replace(line, "1", "2", 1)
		if other[i] != line {
			refused(t, "with another row", packed(t, other...), "not a whole backup")
		}
	}
	table := func(columns string, rows ...string) []string {
		return withSum(append([]string{lines[0], `{"table":"a","columns":[` + columns + "]}\n"}, rows...)...)
	}
	const id, n, ok = `{"name":"id","type":"text"}`, `{"name":"n","type":"bigint"}`, `{"name":"ok","type":"boolean"}`
	for what, c := range map[string]struct {
		lines []string
		want  string
	}{
		"a float":                 {table(n, "[1.5]\n"), "column n: this is no bigint"},
		"an exponent":             {table(n, "[1e3]\n"), "no bigint"},
		"a number beyond 64 bits": {table(n, "[9223372036854775808]\n"), "no bigint"},
		"a text for a number":     {table(n, `["1"]`+"\n"), "no bigint"},
		"a number for a text":     {table(id, "[1]\n"), "no text"},
		"a number for a truth":    {table(ok, "[1]\n"), "no boolean"},
		"bytes that are none":     {table(id, `[{"base64":"%"}]`+"\n"), "no text"},
		"an object":               {table(id, `[{"a":"b"}]`+"\n"), "no text"},
		"too few values":          {table(id+","+n, `["x"]`+"\n"), "1 values"},
		"two rows on a line":      {table(id, `["x"]["y"]`+"\n"), "no row"},
		"a column twice":          {table(id + "," + id), "twice"},
		"a column of SQL":         {table(`{"name":"id) ; drop","type":"text"}`), "no column"},
		"no columns":              {table(""), "none"},
		"another type":            {table(`{"name":"id","type":"float"}`), "no column"},
		"a table of SQL":          {withSum(lines[0], `{"table":"a;b","columns":[`+id+"]}\n"), "no name"},
		"a table twice":           {withSum(lines[0], `{"table":"a","columns":[`+id+"]}\n", `{"table":"a","columns":[`+id+"]}\n"), "twice"},
		"a row before a table":    {withSum(lines[0], `["x"]`+"\n"), "before its table"},
		"a count that is wrong":   {append(slices.Clone(lines[:len(lines)-1]), strings.Replace(lines[len(lines)-1], `"users":2`, `"users":3`, 1)), "counts 3"},
		"a table not counted":     {append(slices.Clone(lines[:len(lines)-1]), strings.Replace(lines[len(lines)-1], `,"users":2`, ``, 1)), "counts"},
	} {
		refused(t, what, packed(t, c.lines...), c.want)
	}
}

// withSum adds the last line that is right for some lines.
func withSum(lines ...string) []string {
	rows := map[string]int64{}
	table := ""
	for _, l := range lines[1:] {
		var head backupTable
		if l[0] == '{' {
			_ = json.Unmarshal([]byte(l), &head)
			table = head.Name
			rows[table] += 0
			continue
		}
		rows[table]++
	}
	end, _ := json.Marshal(backupTrailer{rows, sumOf(lines)})
	return append(slices.Clone(lines), string(end)+"\n")
}

// TestRestoreRefusesAnUnfitDatabase: only a new one, which nobody uses, is written to;
// a file that does not fit the schema changes nothing.
func TestRestoreRefusesAnUnfitDatabase(t *testing.T) {
	from := SQLite(filepath.Join(t.TempDir(), "t.db"))
	s := atDay(t, from)
	furnish(t, s)
	made := backedUp(t, from)
	refused := func(t *testing.T, d Database, file, want string) error {
		t.Helper()
		_, err := Restore(t.Context(), d, file, RestoreOptions{By: "x", Now: now})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Fatalf("%q is not in: %v", want, err)
		}
		if d.URL != "" && strings.Contains(err.Error(), d.URL) {
			t.Errorf("the URL is told: %v", err)
		}
		return err
	}
	copied := func(change func(lines []string) []string) string {
		lines := change(unpacked(t, made.File))
		return onDisk(t, packed(t, withSum(lines[:len(lines)-1]...)...))
	}
	each(t, func(t *testing.T, d Database) {
		s := open(t, d)
		err := refused(t, d, made.File, "tollgate")
		var locked *LockedError
		if (d.Driver == "sqlite") != errors.As(err, &locked) {
			t.Errorf("a database in use: %v", err)
		}
		if err := s.CreateUser(t.Context(), accessUser("carol")); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		refused(t, d, made.File, "not empty")
		s = open(t, d)
		if n := number(t, s, `select count(*) from users`); n != 1 {
			t.Errorf("%d users", n)
		}
	})
	each(t, func(t *testing.T, d Database) {
		old(t, d) // as an older program, which may be at work, has it
		refused(t, d, made.File, "not empty")
		db, e := rawly(t, d)
		defer db.Close()
		if v, err := migrations.Version(t.Context(), db, e); err != nil || v != 1 {
			t.Errorf("what was refused has schema %d now, %v", v, err)
		}
	})
	each(t, func(t *testing.T, d Database) {
		for what, c := range map[string]struct {
			file, want string
		}{
			"a table that is not there": {copied(func(l []string) []string {
				return append(l[:len(l)-1], `{"table":"other","columns":[{"name":"x","type":"text"}]}`+"\n", "")
			}), "no table other"},
			"a table that is not restored": {copied(func(l []string) []string {
				return append(l[:len(l)-1], `{"table":"replicas","columns":[{"name":"id","type":"text"}]}`+"\n", "")
			}), "no table replicas"},
			"a table that is missing": {copied(func(l []string) []string {
				i := slices.IndexFunc(l, func(x string) bool { return strings.HasPrefix(x, `{"table":"calls"`) })
				return append(l[:i], "")
			}), "calls is missing"},
			"a column that is not there": {copied(func(l []string) []string {
				i := slices.IndexFunc(l, func(x string) bool { return strings.HasPrefix(x, `{"table":"users"`) })
				l[i] = strings.Replace(l[i], `"email"`, `"mail"`, 1)
				return l
			}), "columns"},
			"a row that breaks a rule": {copied(func(l []string) []string {
				i := slices.IndexFunc(l, func(x string) bool { return strings.HasPrefix(x, `{"table":"members"`) })
				l[i+1] = `["nobody","alice"]` + "\n"
				return l
			}), "members"},
		} {
			refused(t, d, c.file, c.want)
			s := open(t, d)
			for _, table := range backupTables {
				if n := number(t, s, "select count(*) from "+table.Name); n != 0 && table.Name != "meta" {
					t.Errorf("%s: %d rows in %s", what, n, table.Name)
				}
			}
			if n := number(t, s, `select count(*) from meta where name = 'epoch' and value = '1'`); n != 1 {
				t.Errorf("%s: the epoch is another", what)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
		restored(t, d, made.File) // it is still empty
	})
}

// TestBackupFile: no file is replaced by accident, and what fails leaves none behind.
func TestBackupFile(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		dir := t.TempDir()
		file := filepath.Join(dir, "b")
		files := func() (names []string) {
			entries, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				names = append(names, e.Name())
			}
			return names
		}
		if _, err := Backup(t.Context(), d, file, byTest); err == nil {
			t.Error("a database that was never made is backed up")
		}
		s := open(t, d)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := Backup(ctx, d, file, byTest); err == nil || len(files()) != 0 {
			t.Errorf("%v, %v", err, files())
		}
		if _, err := s.Users(t.Context()); err != nil {
			t.Error(err)
		}
		first, err := Backup(t.Context(), d, file, byTest)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Backup(t.Context(), d, file, byTest); err == nil || !strings.Contains(err.Error(), "--force") {
			t.Errorf("%v", err)
		}
		if err := s.CreateUser(t.Context(), accessUser("alice")); err != nil {
			t.Fatal(err)
		}
		force := byTest
		force.Force = true
		second, err := Backup(t.Context(), d, file, force)
		if err != nil || second.SHA256 == first.SHA256 || second.Rows["users"] != 1 {
			t.Errorf("%+v, %v", second, err)
		}
		if got := files(); !slices.Equal(got, []string{"b"}) {
			t.Errorf("%v", got)
		}
		if _, err := Backup(t.Context(), d, dir, force); err == nil || !strings.Contains(err.Error(), "no regular file") {
			t.Errorf("a directory: %v", err)
		}
		if err := name(file, file+"2", false); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := name(file, file+"2", false); err == nil { // made by somebody meanwhile
			t.Error("a file that is there was replaced")
		}
	})
}

// TestBackupWantsTheNewestSchema: an older one is told how to come up to date.
func TestBackupWantsTheNewestSchema(t *testing.T) {
	each(t, func(t *testing.T, d Database) {
		old(t, d)
		file := filepath.Join(t.TempDir(), "b")
		if _, err := Backup(t.Context(), d, file, byTest); err == nil || !strings.Contains(err.Error(), "tollgate migrate") {
			t.Errorf("%v", err)
		}
		open(t, d)
		if _, err := Backup(t.Context(), d, file, byTest); err != nil {
			t.Error(err)
		}
	})
}

// TestRestoreOfAnOlderSchema: it is loaded into the schema of its time and brought up
// to date.
func TestRestoreOfAnOlderSchema(t *testing.T) {
	made := fileOf(t, BackupHeader{Schema: 1, MadeAt: day, MadeBy: "v0", Engine: "sqlite"}, func(w *backupWriter) error {
		for _, tab := range backupTables {
			switch tab.Name {
			case "meta", "limits", "changes", "idempotency", "chains", "carried", "orgs", "org_members", "end_users", "tags", "plans", "audit", "credentials", "deployments", "model_groups", "fallbacks":
				continue
			case "members":
				tab.Columns = tab.Columns[:2]
			case "holds":
				tab.Columns = tab.Columns[:4]
			case "users":
				tab.Columns = tab.Columns[:6]
			case "teams":
				tab.Columns = tab.Columns[:5]
			case "keys":
				tab.Columns = tab.Columns[:15]
			case "budgets":
				tab.Columns = tab.Columns[:12]
			case "calls":
				tab.Columns = tab.Columns[:21]
			case "entries":
				tab.Columns = tab.Columns[:28]
			}
			if err := w.table(tab); err != nil {
				return err
			}
			if tab.Name == "users" {
				if err := w.row([]any{"alice", "not \xff UTF-8", "", false, "[]", int64(5)}); err != nil {
					return err
				}
			}
			if tab.Name == "entries" {
				for _, r := range oldEntries {
					if err := w.row(slices.Clone(r)); err != nil {
						return err
					}
				}
			}
			if tab.Name == "counters" {
				if err := w.row([]any{"b", "alice", int64(0), int64(30), int64(0)}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	each(t, func(t *testing.T, d Database) {
		r := restored(t, d, made)
		if r.Verify.Entries != 2 || r.Verify.Unchained != 2 || r.Verify.Cost != 30 || r.Epoch != 1 || r.Verify.Epoch != 1 {
			t.Errorf("%+v", r)
		}
		var name string
		s := open(t, d)
		if err := s.read.Raw(`select name from users`).Row().Scan(&name); err != nil || name != map[string]string{"sqlite": "not \xff UTF-8", "postgres": "not \uFFFD UTF-8"}[d.Driver] {
			t.Errorf("%q, %v", name, err)
		}
		_ = s.Close()
		// One that has gone on since cannot go back.
		if _, err := Restore(t.Context(), d, made, RestoreOptions{By: "x", Now: now}); err == nil || !strings.Contains(err.Error(), "new, empty database") {
			t.Errorf("%v", err)
		}
	})
}

// TestX13_AKilledBackupLeavesNoFile kills a process that makes backups of a database in
// use, again and again: there is either the whole file or none, and what is left over
// says what it is.
func TestX13_AKilledBackupLeavesNoFile(t *testing.T) {
	if db := os.Getenv("TOLLGATE_BACKUP_OF"); db != "" { // the process that is killed
		for i := 0; ; i++ {
			if _, err := Backup(t.Context(), SQLite(db), filepath.Join(os.Getenv("TOLLGATE_BACKUP_TO"), fmt.Sprint("b", i)), BackupOptions{By: "v1", Now: time.Now}); err != nil {
				t.Fatal(err)
			}
		}
	}
	d := SQLite(filepath.Join(t.TempDir(), "t.db"))
	s := open(t, d)
	furnish(t, s)
	for i := range 60 {
		h := at(fmt.Sprint("x", i), "alice", day, 10)
		spend(t, s, h, billed(h, 9))
	}
	dir := t.TempDir()
	left := 0
	for round := range 8 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestX13_AKilledBackupLeavesNoFile$")
		cmd.Env = append(os.Environ(), "TOLLGATE_BACKUP_OF="+d.Path, "TOLLGATE_BACKUP_TO="+filepath.Join(dir, fmt.Sprint(round)))
		if err := os.Mkdir(filepath.Join(dir, fmt.Sprint(round)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for until := time.Now().Add(20 * time.Second); time.Now().Before(until); time.Sleep(time.Duration(round) * 300 * time.Microsecond) {
			if found, _ := filepath.Glob(filepath.Join(dir, fmt.Sprint(round), "*"+partial+"*")); len(found) > 0 {
				break
			}
		}
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		files, err := os.ReadDir(filepath.Join(dir, fmt.Sprint(round)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.Contains(f.Name(), partial) {
				left++
			} else if _, err := checkBackup(filepath.Join(dir, fmt.Sprint(round), f.Name())); err != nil {
				t.Errorf("%s: %v", f.Name(), err)
			}
		}
	}
	if left == 0 {
		t.Error("no backup was killed half way")
	}
	mustBeClean(t, verified(t, s))
}

// FuzzReadBackup reads whatever comes, as a file and as what a file holds: no panic, and
// what is taken for whole is what its last line says.
func FuzzReadBackup(f *testing.F) {
	s, err := Open(f.Context(), SQLite(filepath.Join(f.TempDir(), "t.db")), Options{Log: slog.New(slog.DiscardHandler), Now: now})
	if err != nil {
		f.Fatal(err)
	}
	furnish(f, s)
	made := backedUp(f, s.place)
	if err := s.Close(); err != nil {
		f.Fatal(err)
	}
	whole, err := os.ReadFile(made.File)
	if err != nil {
		f.Fatal(err)
	}
	lines := strings.Join(unpacked(f, made.File), "")
	f.Add(whole, false)
	f.Add(whole[:len(whole)/2], false)
	f.Add([]byte(lines), true)
	f.Add([]byte(lines[:len(lines)/2]), true)
	f.Add([]byte(strings.Join(withSum(strings.SplitAfter(lines, "\n")[0], `{"table":"a","columns":[{"name":"x","type":"text"}]}`+"\n", `[{"base64":"/w=="}]`+"\n"), "")), true)
	f.Add([]byte("[]\n{}\n"), true)
	f.Add([]byte{0x28, 0xb5, 0x2f, 0xfd, 0xff, 0xff, 0xff}, false)
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(backupWindow))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte, plain bool) {
		if plain {
			b = z.EncodeAll(b, nil)
		}
		r, err := newBackupReader(bytes.NewReader(b))
		if err != nil {
			return
		}
		defer r.close()
		rows := map[string]int64{}
		for r.total == "" {
			table, values, err := r.read()
			if err != nil {
				return
			}
			if values != nil {
				if len(values) != len(r.of.Columns) {
					t.Fatalf("%d values for %d columns", len(values), len(r.of.Columns))
				}
				rows[r.of.Name]++
			} else if table != nil {
				rows[table.Name] += 0
			}
		}
		if fmt.Sprint(rows) != fmt.Sprint(r.rows) || len(r.total) != 64 {
			t.Fatalf("%v rows, and it says %v", rows, r.rows)
		}
	})
}
