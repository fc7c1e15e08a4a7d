package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/configs"
	"tollgate/gateway/admin"
	"tollgate/gateway/control"
	"tollgate/gateway/store"
)

// booksTimeout is how long the command line waits for what goes through all entries.
const booksTimeout = 6 * time.Hour

// patient is the client with more time.
func (c *client) patient() *client {
	slow, h := *c, *c.http
	h.Timeout = booksTimeout
	slow.http = &h
	return &slow
}

// books is the client of a command that tells of the books. It makes none: whoever reads a
// database that is not there has named another one than was meant.
func (s *session) books() (*client, error) {
	if s.g.URL == "" {
		cfg, problems := loadPlace(s.g)
		if len(problems) == 0 { // else it is told by the client
			if err := absent(database(cfg)); err != nil {
				return nil, err
			}
		}
	}
	return s.client()
}

// absent is the error of an SQLite database that is not there; nil: it is, or may be.
func absent(d store.Database) error {
	if d.Driver != configs.SQLite {
		return nil
	}
	if _, err := os.Stat(d.Path); !errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return &fault{code: exitNotFound, err: fmt.Errorf("there is no database %s", d.Path), next: "give --config, --database or --url of the one that is meant"}
}

type verifyCmd struct{}

// Run adds up the books anew.
func (verifyCmd) Run(s *session) error {
	api, err := s.books()
	if err != nil {
		return err
	}
	var v control.Verification
	raw, err := api.patient().do(s.ctx, http.MethodGet, "/verify", nil, nil, &v)
	if err != nil {
		return err
	}
	if s.g.JSON {
		err = s.raw(raw)
	} else {
		s.printVerification(v)
	}
	if err == nil && !v.Clean() {
		return silent(exitFailed)
	}
	return err
}

// printVerification shows what differs, or what was checked if nothing does.
func (s *session) printVerification(v control.Verification) {
	for _, d := range v.Differences {
		s.say("%s  %s", d.What, d.Where)
		s.say("  expected  %s", d.Expected)
		s.say("  found     %s", d.Found)
	}
	if v.More > 0 {
		s.say("and %s more", number(v.More))
	}
	if !v.Clean() {
		s.say("")
		s.say("the books differ in %s; nothing was changed", plural(len(v.Differences)+int(v.More), "place"))
		s.say("  counters alone are made anew by: tollgate rebuild (with no server running)")
		return
	}
	t := newTable("checked", ">number", ">cost", "")
	note := ""
	if v.Corrections > 0 {
		note = fmt.Sprintf("%s of them correct another one", number(v.Corrections))
	}
	t.add("entries", number(v.Entries), dollars(v.Cost), note)
	note = "every hash, in order"
	if v.Unchained > 0 {
		note += fmt.Sprintf("; %s entries are older than the hashes", number(v.Unchained))
	}
	t.add("chains", number(v.Chains), "", note)
	if v.Removed.Chains > 0 {
		t.add("removed chains", number(v.Removed.Chains), dollars(v.Removed.Cost), fmt.Sprintf("%s entries that retention took", number(v.Removed.Entries)))
	}
	t.add("counters", number(v.Counters), "", "each is the sum of its entries and holds")
	note = ""
	if v.Orphans > 0 {
		note = fmt.Sprintf("%s of processes that are gone", number(v.Orphans))
	}
	t.add("holds", number(v.Holds), "", note)
	t.add("report lines", number(v.ReportRows), "", "in all, and by key, user, team, model and day")
	t.print(s.stdout)
	s.say("")
	s.say("nothing differs (epoch %d)", v.Epoch)
}

// here is the database, for commands that work on it themselves. They need nothing else of
// the configuration, so nothing else keeps anybody from a backup.
func (s *session) here(command string) (store.Database, error) {
	if s.g.URL != "" {
		return store.Database{}, usageError("%s works on the database itself: run it where the database is, and without --url or TOLLGATE_URL", command)
	}
	cfg, problems := loadPlace(s.g)
	if len(problems) > 0 {
		return store.Database{}, problemsError(s.g.Config, problems)
	}
	return database(cfg), nil
}

// printed prints a value as JSON if that is wanted.
func (s *session) printed(v any) (bool, error) {
	if !s.g.JSON {
		return false, nil
	}
	return true, json.NewEncoder(s.stdout).Encode(v)
}

type backupCmd struct {
	File  string `arg:"" type:"path" help:"The file to write."`
	Force bool   `help:"Replace the file if it is there."`
}

// Run writes a backup.
func (c *backupCmd) Run(s *session) error {
	if c.File == "-" {
		return usageError("a backup is written to a file, and not to standard output: name one")
	}
	dir := filepath.Dir(c.File)
	if _, err := os.Stat(dir); err != nil {
		return noFile("the directory of the backup, "+dir+",", err)
	}
	d, err := s.here("backup")
	if err != nil {
		return err
	}
	r, err := store.Backup(s.ctx, d, c.File, store.BackupOptions{By: version(), Now: time.Now, Force: c.Force})
	if err != nil {
		return err
	}
	if printed, err := s.printed(r); printed || err != nil {
		return err
	}
	s.say("%s: %s bytes, %s", r.File, number(r.Bytes), rowsOf(r.Rows))
	s.say("SHA-256 of what it holds: %s", r.SHA256)
	return nil
}

// rowsOf says how much a backup holds.
func rowsOf(rows map[string]int64) string {
	count := func(table, one, more string) string {
		if rows[table] == 1 {
			return "1 " + one
		}
		return number(rows[table]) + " " + more
	}
	return fmt.Sprintf("%s, %s, %s, %s and %s", count("entries", "entry", "entries"), count("counters", "counter", "counters"),
		count("users", "user", "users"), count("keys", "key", "keys"), count("budgets", "budget", "budgets"))
}

type restoreCmd struct {
	File string `arg:"" type:"path" help:"The backup."`
}

// Run restores a backup into an empty database.
func (c *restoreCmd) Run(s *session) error {
	if _, err := os.Stat(c.File); err != nil { // before a database is made for it
		return noFile(c.File, err)
	}
	d, err := s.here("restore")
	if err != nil {
		return err
	}
	r, err := store.Restore(s.ctx, d, c.File, store.RestoreOptions{By: operator() + ", tollgate " + version(), Now: time.Now})
	if err != nil {
		return err
	}
	if printed, err := s.printed(r); err != nil {
		return err
	} else if !printed {
		s.say("restored the backup of %s, made by tollgate %s from %s: %s", second(r.Header.MadeAt), r.Header.MadeBy, r.Header.Engine, rowsOf(r.Rows))
		s.say("the epoch of the books is %d now; the database says when, by whom and from what it was restored", r.Epoch)
		if n := r.Rows["holds"]; n > 0 {
			s.say("%s under way at that moment: the next start books each as uncertain", plural(int(n), "call"))
		}
		s.say("keys, users and budgets are as they were then: what was revoked since has to be revoked again")
		s.say("")
		s.printVerification(r.Verify)
	}
	if !r.Verify.Clean() {
		return silent(exitFailed)
	}
	return nil
}

// operator is who runs this program, as the machine knows them.
func operator() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "user " + strconv.Itoa(os.Getuid())
}

type retainCmd struct {
	Keep string `placeholder:"'13 months'" help:"How many whole months to keep beside the one that runs. Without it: what the configuration says under retention."`
	Yes  bool   `short:"y" help:"Do not ask; a script is not asked anyway."`
}

// Run removes old months.
func (c *retainCmd) Run(s *session) error {
	months, err := c.months(s)
	if err != nil {
		return err
	}
	if err := s.confirm(c.Yes, fmt.Sprintf("Remove the entries and reports of all months but the last %d?", months)); err != nil {
		return err
	}
	api, err := s.books()
	if err != nil {
		return err
	}
	var r admin.Retained
	raw, err := api.patient().do(s.ctx, http.MethodPost, "/retain", nil, values{"months": months}, &r)
	if err != nil {
		return err
	}
	if s.g.JSON {
		return s.raw(raw)
	}
	if len(r.Removals) == 0 {
		s.say("nothing is older than %s", plural(r.Months, "month"))
		return nil
	}
	t := newTable("month", ">entries", ">cost", ">calls", "")
	for _, m := range r.Removals {
		note := "removed"
		if m.Kept != "" {
			note = "stays: " + m.Kept
		}
		t.add(m.Month, number(m.Entries), dollars(m.Cost), number(m.Calls), note)
	}
	t.print(s.stdout)
	return nil
}

func (c *retainCmd) months(s *session) (int, error) {
	if c.Keep == "" {
		cfg, problems := loadConfig(s.g)
		if len(problems) > 0 {
			return 0, problemsError(s.g.Config, problems)
		}
		if cfg.Retention == 0 {
			return 0, &fault{code: exitUsage, err: errors.New("how many months are kept?"), next: "give --keep '13 months', or write retention: 13 months into the configuration"}
		}
		return cfg.Retention, nil
	}
	number, unit, _ := strings.Cut(c.Keep, " ")
	if years, err := strconv.Atoi(number); err == nil && strings.TrimSuffix(unit, "s") == "year" && years > 0 && years <= control.MaxRetention/12 {
		return years * 12, nil
	}
	w, err := ledger.ParseWindow(c.Keep)
	if err != nil || w.Unit != ledger.Month {
		return 0, usageError("--keep: %q is no number of months or years: write '13 months'", c.Keep)
	}
	return max(w.Count, 1), nil
}

type rebuildCmd struct{}

// Run makes the counters anew.
func (rebuildCmd) Run(s *session) error {
	d, err := s.here("rebuild")
	if err != nil {
		return err
	}
	r, err := store.Rebuild(s.ctx, d)
	if err != nil {
		return err
	}
	if printed, err := s.printed(r); printed || err != nil {
		return err
	}
	for _, c := range r.Changes {
		s.say("%s", c.Counter)
		s.say("  was  %s", c.Was)
		s.say("  now  %s", c.Now)
	}
	if n := r.Changed - int64(len(r.Changes)); n > 0 {
		s.say("and %s more", number(n))
	}
	s.say("%s of %s changed", number(r.Changed), plural(int(r.Counters), "counter"))
	return nil
}

type migrateCmd struct {
	DryRun bool `help:"Say what would be done, and change nothing."`
}

// Run brings the schema up to date.
func (c *migrateCmd) Run(s *session) error {
	d, err := s.here("migrate")
	if err != nil {
		return err
	}
	if err := absent(d); err != nil {
		return err
	}
	migrate := store.Migrate
	if c.DryRun {
		migrate = store.SchemaOf
	}
	m, err := migrate(s.ctx, d)
	if err != nil {
		return err
	}
	if printed, err := s.printed(m); printed || err != nil {
		return err
	}
	switch {
	case m.From == m.To:
		s.say("the database has schema %d, the newest that this program knows: nothing is to be done", m.To)
	case m.Done:
		s.say("the database had schema %d and has %d now", m.From, m.To)
	default:
		s.say("the database has schema %d; tollgate migrate, or the next start, brings it to %d. Only a backup leads back", m.From, m.To)
	}
	return nil
}
