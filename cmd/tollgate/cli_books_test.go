package main

import (
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/admin"
	"tollgate/gateway/control"
	"tollgate/gateway/store"
	"tollgate/gateway/store/storetest"
	"tollgate/migrations"
)

// paying is a gate with some paid calls in its books, and a shell beside it that finds
// it by its lock.
func paying(t *testing.T, calls int) (*gate, *shell, ledger.Budget) {
	t.Helper()
	g := audited(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.User, "5")
	for range calls {
		if a := g.chat(p, "paid", "", nil); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	g.chat(p, "free", "", nil)
	if err := g.srv.store.Announce(store.Holder{URL: g.url, Token: g.srv.auth.Local}); err != nil {
		t.Fatal(err)
	}
	return g, &shell{t, map[string]string{"TOLLGATE_DATABASE": g.db}}, b
}

// spoil changes the database behind the server's back.
func (g *gate) spoil(texts ...string) {
	g.t.Helper()
	db := must(sql.Open("sqlite3", "file:"+g.db+"?_busy_timeout=5000"))(g.t)
	defer db.Close()
	for _, text := range texts {
		if _, err := db.Exec(text); err != nil {
			g.t.Fatal(err)
		}
	}
}

func TestVerifyCommand(t *testing.T) {
	g, s, b := paying(t, 3)
	g.settled()
	s.run(exitOK, "verify").shows(t, "entries 3 $0.", "chains 1", "counters 1", "holds 0", "nothing differs (epoch 1)")
	var v control.Verification
	if r := s.run(exitOK, "verify", "--json"); json.Unmarshal([]byte(r.out), &v) != nil || !v.Clean() || v.Entries != 3 || v.Cost != accounting.Money(g.posted(b)) {
		t.Errorf("%s", r.out)
	}
	posted := g.posted(b)
	g.spoil(`update counters set posted = posted + 5`)
	s.run(exitFailed, "verify").shows(t, "counter budget "+b.ID, fmt.Sprintf("expected posted %s, held 0.00", accounting.Money(posted)), fmt.Sprintf("found posted %s, held 0.00", accounting.Money(posted+5)), "differ in 1 place", "tollgate rebuild")
	if r := s.type_("", "verify", "--json"); r.code != exitFailed || json.Unmarshal([]byte(r.out), &v) != nil || len(v.Differences) != 1 {
		t.Errorf("%d %s", r.code, r.out)
	}
	g.spoil(`insert into counters (budget_id, account_id, period_start, posted, held) with recursive n(i) as (select 1 union all select i + 1 from n where i < 130) select 'z' || i, 'a', 0, 1, 0 from n`)
	s.run(exitFailed, "verify").shows(t, "and 31 more", "differ in 131 places")

	// Counters are made anew only while nobody else has them.
	s.run(exitUnreachable, "rebuild").complains(t, "has the database open")
	g.stop()
	s.run(exitOK, "rebuild").shows(t, "and 31 more", "131 of 131 counters changed", fmt.Sprintf("was posted %s, held 0.00 now posted %s, held 0.00", accounting.Money(posted+5), accounting.Money(posted)))
	s.run(exitOK, "rebuild").shows(t, "0 of 131 counters changed")
	s.run(exitOK, "rebuild", "--json").shows(t, `"changed":0`)
	s.run(exitOK, "verify").shows(t, "nothing differs")
	if g.posted(b) != posted {
		t.Errorf("posted %d, want %d", g.posted(b), posted)
	}
}

// TestMigrateCommand: what would be done to the schema, and that it is done, by a server's
// start or without one.
func TestMigrateCommand(t *testing.T) {
	file := filepath.Join(t.TempDir(), "t.db")
	s := &shell{t, map[string]string{"TOLLGATE_DATABASE": file}}
	s.run(exitNotFound, "migrate").complains(t, "there is no database "+file, "--database")
	db := must(sql.Open("sqlite3", "file:"+file))(t)
	if err := migrations.To(t.Context(), db, migrations.SQLite, 3, nil); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	newest := must(migrations.Newest())(t)
	s.run(exitOK, "migrate", "--dry-run").shows(t, fmt.Sprintf("the database has schema 3; tollgate migrate, or the next start, brings it to %d", newest))
	s.run(exitOK, "migrate", "--dry-run", "--json").shows(t, fmt.Sprintf(`{"from":3,"to":%d,"done":false}`, newest))
	s.run(exitOK, "migrate").shows(t, fmt.Sprintf("the database had schema 3 and has %d now", newest))
	s.run(exitOK, "migrate").shows(t, fmt.Sprintf("the database has schema %d, the newest", newest))
	s.run(exitUsage, "migrate", "--url", "http://127.0.0.1:1").complains(t, "works on the database itself")

	_, s, _ = paying(t, 1)
	s.run(exitOK, "migrate").shows(t, "nothing is to be done")
}

// TestReportsTellOfAdjustments: whose spending was set right, by how much and why stands in
// every list, and a spreadsheet gets all of it as text and numbers.
func TestReportsTellOfAdjustments(t *testing.T) {
	g, s, b := paying(t, 1)
	g.settled()
	s.run(exitOK, "budget", "adjust", "--user", b.Owner, "--budget", b.ID, "--amount=-0.00001 USD", "--reason", "=a wrong price", "--id", "refund")
	s.run(exitOK, "entries").shows(t, "REQUEST WHY", b.Owner+" - - - - - -$0.00001 - adjustment - =a wrong price")
	s.run(exitOK, "usage", "--by", "user").shows(t, "COST ADJUSTED PAID CALLS", "- $0.00 -$0.00001 0")
	s.run(exitOK, "audit", "--limit", "1").shows(t, "local for "+operator()+" create adjustment refund amount: \"-0.00001\", budgets: [\""+b.ID+"\"], owner")
	s.run(exitUsage, "entries", "--before", "nope").complains(t, "before: there is no entry")
	s.run(exitUsage, "entries", "--csv", "--json").complains(t, "--csv and --json")

	rows := must(csv.NewReader(strings.NewReader(s.run(exitOK, "entries", "--csv").out)).ReadAll())(t)
	if len(rows) != 3 {
		t.Fatalf("%q", rows)
	}
	for i, want := range []map[string]string{
		{"id": "refund", "user": "", "operation": "adjustment", "cost": "-0.00001", "budgets": b.ID + " of user " + b.Owner, "reason": "'=a wrong price", "actor": "key local, for " + operator()},
		{"user": b.Owner, "operation": "chat", "model": "paid", "cost": accounting.Money(g.posted(b) + 10_000).String(), "budgets": b.ID + " of user " + b.Owner, "reason": ""},
	} {
		for name, text := range want {
			if at := slices.Index(rows[0], name); at < 0 || rows[i+1][at] != text {
				t.Errorf("row %d: %s is not %q: %q", i, name, text, rows)
			}
		}
	}
	rows = must(csv.NewReader(strings.NewReader(s.run(exitOK, "usage", "--by", "user,model", "--csv").out)).ReadAll())(t)
	if len(rows) < 3 || !slices.Equal(rows[0][:4], []string{"user", "model", "cost", "adjusted"}) || !slices.Equal(rows[1][:4], []string{"", "", "0.00", "-0.00001"}) {
		t.Errorf("%q", rows)
	}
	var out strings.Builder
	part := admin.Usage{By: []string{"user"}, Rows: []admin.UsageRow{{Group: map[string]string{"user": "bob"}}}, Truncated: true}
	if err := usageCSV(&session{stdout: &out}, part); err == nil || !strings.Contains(err.Error(), "more rows than these 1") || !strings.Contains(out.String(), "\nbob,0.00,") {
		t.Errorf("a part of a report: %v\n%s", err, &out)
	}
}

func TestBackupAndRestoreCommands(t *testing.T) {
	g, s, b := paying(t, 2)
	g.settled()
	dir := t.TempDir()
	file := filepath.Join(dir, "books.backup")
	s.run(exitOK, "backup", file).shows(t, "books.backup:", "2 entries, 1 counter, 1 user, 1 key and 1 budget", "SHA-256")
	s.run(exitFailed, "backup", file).complains(t, "is there already", "--force")
	s.run(exitOK, "backup", file, "--force")
	var made store.BackupResult
	if r := s.run(exitOK, "backup", filepath.Join(dir, "2"), "--json"); json.Unmarshal([]byte(r.out), &made) != nil || made.Rows["entries"] != 2 || made.Header.Engine != "sqlite" {
		t.Errorf("%s", r.out)
	}
	s.run(exitUsage, "backup", file, "--url", g.url, "--admin-key", "x").complains(t, "where the database is")
	s.run(exitUnreachable, "restore", file).complains(t, "has the database open")

	other := &shell{t, map[string]string{"TOLLGATE_DATABASE": filepath.Join(dir, "other.db")}}
	half := filepath.Join(dir, "half")
	whole := must(os.ReadFile(file))(t)
	if err := os.WriteFile(half, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	other.run(exitFailed, "restore", half).complains(t, "not a whole backup")
	other.run(exitOK, "restore", file).shows(t, "restored the backup of", "from sqlite: 2 entries", "epoch of the books is 2", "revoked again", "nothing differs (epoch 2)")
	other.run(exitFailed, "restore", file).complains(t, "not empty")
	other.run(exitOK, "verify").shows(t, "entries 2", "nothing differs (epoch 2)")
	other.run(exitOK, "budget", "list").shows(t, b.ID, dollars(accounting.Money(g.posted(b))))
	var r store.RestoreResult
	third := &shell{t, map[string]string{"TOLLGATE_DATABASE": filepath.Join(dir, "third.db")}}
	if out := third.run(exitOK, "restore", file, "--json"); json.Unmarshal([]byte(out.out), &r) != nil || r.Epoch != 2 || !r.Verify.Clean() {
		t.Errorf("%s", out.out)
	}
}

// TestMovingToPostgres: a backup of an SQLite file restores into PostgreSQL by the same
// commands, and no answer tells the server's address.
func TestMovingToPostgres(t *testing.T) {
	url := storetest.Database(t)
	_, s, _ := paying(t, 2)
	file := filepath.Join(t.TempDir(), "books.backup")
	s.run(exitOK, "backup", file)
	moved := &shell{t, map[string]string{"TOLLGATE_DATABASE": url}}
	moved.run(exitOK, "restore", file).shows(t, "from sqlite: 2 entries", "nothing differs (epoch 2)")
	moved.run(exitOK, "verify").shows(t, "entries 2", "nothing differs (epoch 2)")
	moved.run(exitOK, "user", "list").shows(t, "user1")
	moved.run(exitOK, "rebuild").shows(t, "0 of 1 counter changed")
	moved.run(exitOK, "backup", file, "--force").shows(t, "2 entries")
	if r := moved.type_("", "restore", file); r.code != exitFailed || strings.Contains(r.err, url) || !strings.Contains(r.err, "not empty") {
		t.Errorf("%d %s", r.code, r.err)
	}
	back := newShell(t)
	back.run(exitOK, "restore", file).shows(t, "from postgres: 2 entries", "nothing differs (epoch 3)")
}

// old puts an entry of a past month into the books.
func (g *gate) old(b ledger.Budget, id string, at time.Time, cost accounting.Money) {
	g.t.Helper()
	account := ledger.Account{Kind: b.Kind, ID: b.Owner}
	h := ledger.Hold{ID: id, At: at, Amount: cost, Need: 1, Facts: ledger.Facts{RequestID: id, KeyID: "k", UserID: b.Owner, Model: "paid"},
		Claims: []ledger.Claim{{Counter: ledger.Counter{Budget: b.ID, Account: account, Start: b.Window.At(at).Start}, Budget: &ledger.Budget{ID: b.ID}}}}
	must(g.srv.store.Reserve(context.Background(), h))(g.t)
	if err := g.srv.store.Settle(context.Background(), ledger.Entry{Hold: h, Outcome: ledger.Outcome{At: at, Status: "ok", Cost: &accounting.Cost{Total: cost}}}); err != nil {
		g.t.Fatal(err)
	}
}

func TestRetainCommand(t *testing.T) {
	g := start(t, upstreamConfig+"retention: 13 months\n")
	p := g.person(control.KeyChange{})
	if err := g.srv.store.Announce(store.Holder{URL: g.url, Token: g.srv.auth.Local}); err != nil {
		t.Fatal(err)
	}
	s := &shell{t, map[string]string{"TOLLGATE_DATABASE": g.db}}
	month := g.budget(p, ledger.User, "100")
	total := g.window(ledger.Team, p.team, "100", ledger.Window{Unit: ledger.Total})
	years := g.window(ledger.Key, p.keyID, "100", ledger.Window{Unit: ledger.Month, Count: 600})
	g.exec("update budgets set created_at = 0") // they are older than all that they count
	first := time.Now().UTC().AddDate(0, 0, 1-time.Now().UTC().Day())
	ago := func(months int) time.Time { return first.AddDate(0, -months, 3) }
	g.old(month, "a", ago(20), 1*accounting.Dollar)
	g.old(total, "b", ago(20), 2*accounting.Dollar)
	g.old(years, "c", ago(15), 3*accounting.Dollar)
	g.old(month, "d", ago(13), 4*accounting.Dollar)
	if !years.Window.At(ago(15)).End.After(time.Now()) {
		t.Fatal("fifty years have just ended: the budget needs another window")
	}

	s.run(exitUsage, "retain").complains(t, "how many months", "--keep '13 months'")
	s.run(exitUsage, "retain", "--keep", "3 weeks").complains(t, "'13 months'")
	s.run(exitUsage, "retain", "--keep", "0 months").complains(t, "'13 months'")
	s.run(exitOK, "retain", "--keep", "2 years").shows(t, "nothing is older than 24 months")
	s.run(exitOK, "retain", "--keep", "30 months").shows(t, "nothing is older than 30 months")
	s.run(exitOK, "retain", "--config", g.config).shows(t, "MONTH ENTRIES COST CALLS",
		ago(20).Format("2006-01")+" 2 $3.00 0 removed",
		ago(15).Format("2006-01")+" 0 $0.00 0 stays: the period of budget "+years.ID)
	if n := g.query(`select count(*) from entries`); n != 2 {
		t.Errorf("%d entries are left", n)
	}
	s.run(exitOK, "verify").shows(t, "removed chains 1 $3.00 2 entries that retention took", "nothing differs")
	// The counter of a period that was over before goes with what it has counted.
	for b, want := range map[string]accounting.Money{month.ID: 4, total.ID: 2, years.ID: 3} {
		if got := g.query("select coalesce(sum(posted), 0) from counters where budget_id = ?", b); accounting.Money(got) != want*accounting.Dollar {
			t.Errorf("budget %s: %d posted, want %d dollars", b, got, want)
		}
	}
	if log := g.logs.String(); strings.Count(log, "audit: retention removed a month") != 1 || strings.Count(log, "audit: retention keeps a month") != 1 || !strings.Contains(log, `"by":"key local"`) {
		t.Errorf("the log does not say what was removed, and for whom:\n%s", log)
	}
	// With the budget goes its reason.
	if err := g.srv.control.DeleteBudget(context.Background(), years.ID); err != nil {
		t.Fatal(err)
	}
	var r admin.Retained
	if out := s.run(exitOK, "retain", "--keep", "month", "--json"); json.Unmarshal([]byte(out.out), &r) != nil || r.Months != 1 || len(r.Removals) != 2 || r.Removals[0].Cost != 3*accounting.Dollar || r.Removals[1].Cost != 4*accounting.Dollar {
		t.Errorf("%s", out.out)
	}
	s.run(exitOK, "verify").shows(t, "entries 0 $0.00", "removed chains 3 $10.00", "nothing differs")
}

// TestLookingForWhatIsNotThere: a filter by what never was is an error, and what was deleted
// can be looked for by its id.
func TestLookingForWhatIsNotThere(t *testing.T) {
	_, s, b := paying(t, 1)
	var keys struct{ Data []admin.Key }
	if err := json.Unmarshal([]byte(s.run(exitOK, "key", "list", "--json").out), &keys); err != nil {
		t.Fatal(err)
	}
	id := ""
	for _, k := range keys.Data {
		if k.User == b.Owner {
			id = k.ID
		}
	}
	for _, command := range []string{"usage", "entries"} {
		s.run(exitNotFound, command, "--key", "zed").complains(t, `key "zed"`, "never was there", "tollgate key list")
		s.run(exitNotFound, command, "--user", "zed").complains(t, `user "zed"`, "tollgate user list")
		s.run(exitNotFound, command, "--team", "zed").complains(t, `team "zed"`, "tollgate team list")
		s.run(exitNotFound, command, "--org", "zed").complains(t, `org "zed"`, "tollgate org list")
	}
	s.run(exitNotFound, "audit", "--key", "zed").complains(t, `key "zed"`)
	s.run(exitNotFound, "usage", "--model", "zed").complains(t, `"zed"`)
	s.run(exitUsage, "entries", "--operation", "nonsense").complains(t, "operation", "chat", "adjustment")
	s.run(exitOK, "audit", "--kind", "plan").shows(t, "nothing was changed like that")
	s.run(exitOK, "key", "delete", id, "--yes")
	s.run(exitOK, "entries", "--key", id, "--operation", "chat").shows(t, id)
	s.run(exitOK, "entries", "--key", id, "--operation", "adjustment").shows(t, "no entries like that")
	s.run(exitOK, "usage", "--key", id, "--by", "user").shows(t, b.Owner)
}
