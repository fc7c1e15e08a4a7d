package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"tollgate/accounting"
	"tollgate/configs"
	litellmdb "tollgate/configs/litellm/database"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/importer"
	"tollgate/gateway/store"
)

// importedDatabase is what an import does, or did, in JSON.
type importedDatabase struct {
	Applied  bool                      `json:"applied"`
	Edits    int                       `json:"edits"`
	Carried  accounting.Money          `json:"carried"`
	Counts   []importedCount           `json:"counts"`
	Findings []importedDatabaseFinding `json:"findings"`
}

type importedCount struct {
	Kind    string `json:"kind"`
	Found   int    `json:"found"`
	New     int    `json:"new"`
	Changed int    `json:"changed"`
	Same    int    `json:"same"`
	Left    int    `json:"left_out"`
}

type importedDatabaseFinding struct {
	Severity string   `json:"severity"`
	Kind     string   `json:"kind"`
	Field    string   `json:"field"`
	Message  string   `json:"message"`
	Count    int      `json:"count"`
	Examples []string `json:"examples"`
}

// importDatabase makes the plan of an import in this process, over the database itself as
// every command without a server does, and carries it out if that is wanted. The edits of
// thousands of keys are one change this way, which no body of the API would hold, and the
// secrets of LiteLLM's database go nowhere.
func (c *importLiteLLMCmd) importDatabase(s *session) (err error) {
	if c.Apply && c.DryRun {
		return usageError("--apply brings over, --dry-run does not: give one of them")
	}
	if s.g.URL != "" {
		return usageError("import works on the database itself: run it where the database is, and without --url or TOLLGATE_URL")
	}
	where, err := referred("--database-url", c.DatabaseURL)
	if err != nil {
		return err
	}
	ring, err := c.keyring()
	if err != nil {
		return err
	}
	from, err := litellmdb.Open(s.ctx, where)
	if err != nil {
		return &fault{code: exitFailed, err: err}
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	here, closeHere, err := c.open(s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeHere()) }()
	ctx, err := here.control.Look(control.By(s.ctx, control.Actor{Name: operator() + ", tollgate import litellm"}))
	if err != nil {
		return err
	}
	plan, err := importer.Make(ctx, importer.Parts{Control: here.control, Reader: from, Keyring: ring, Master: ring[1], Now: here.store.Now(), Zone: here.settings.Load().zone, EndUserBudget: here.settings.Load().told.EndUserBudget, NewID: importID, Env: os.LookupEnv})
	if err != nil {
		return err
	}
	if c.Apply {
		_, err = here.control.Apply(ctx, plan.Edits)
	} else {
		err = here.control.Check(ctx, plan.Edits)
	}
	if err != nil {
		return fmt.Errorf("nothing was brought over: %w", err)
	}
	if err := c.tell(s, plan); err != nil {
		return err
	}
	if !c.Apply && plan.Left() {
		return silent(exitRefused)
	}
	return nil
}

// open opens tollgate's own database. What is only tried does not make one.
func (c *importLiteLLMCmd) open(s *session) (here *server, closeHere func() error, err error) {
	cfg, problems := loadConfig(s.g)
	if len(problems) > 0 {
		return nil, nil, problemsError(s.g.Config, problems)
	}
	clean := func() error { return nil }
	if _, err := os.Stat(cfg.Database.Path); !c.Apply && cfg.Database.Driver == configs.SQLite && errors.Is(err, os.ErrNotExist) {
		dir, err := os.MkdirTemp("", "tollgate-import")
		if err != nil {
			return nil, nil, err
		}
		cfg.Database.Path = filepath.Join(dir, "tollgate.db")
		clean = func() error { return os.RemoveAll(dir) }
	}
	if here, err = visit(s.ctx, cfg); err != nil {
		var locked *store.LockedError
		if errors.As(err, &locked) {
			err = &fault{code: exitUnreachable, err: err, next: "stop it for as long as the import takes; with PostgreSQL an import runs beside servers"}
		}
		return nil, nil, errors.Join(err, clean())
	}
	return here, func() error { return errors.Join(here.close(context.WithoutCancel(s.ctx)), clean()) }, nil
}

// keyring reads the keys that may open what LiteLLM encrypted: its salt key, and its master
// key.
func (c *importLiteLLMCmd) keyring() (ring litellmdb.Keyring, err error) {
	for _, k := range []struct{ file, env string }{{c.SaltKeyFile, "LITELLM_SALT_KEY"}, {c.MasterKeyFile, "LITELLM_MASTER_KEY"}} {
		v := os.Getenv(k.env)
		if k.file != "" {
			if v, err = secretFile(k.file); err != nil {
				return nil, err
			}
		}
		ring = append(ring, v)
	}
	return ring, nil
}

// secretFile reads a secret that is all of a small file.
func secretFile(name string) (string, error) {
	b, err := readRegular(name)
	if err != nil {
		return "", usageError("%s: %w", name, err)
	}
	return strings.TrimSpace(string(b)), nil
}

// databaseInParts is the URL of LiteLLM's database where its environment has the parts of it,
// as LiteLLM puts them together.
func databaseInParts() (text string, ok bool) {
	host, user, name := os.Getenv("DATABASE_HOST"), os.Getenv("DATABASE_USERNAME"), os.Getenv("DATABASE_NAME")
	if host == "" || user == "" || name == "" {
		return "", false
	}
	u := url.URL{Scheme: "postgresql", Host: host, User: url.User(user), Path: "/" + name}
	if password := os.Getenv("DATABASE_PASSWORD"); password != "" {
		u.User = url.UserPassword(user, password)
	}
	return u.String(), true
}

// referred is the value of a flag that may name where its value stands, since others can see
// a command line.
func referred(flag, text string) (string, error) {
	if name, ok := strings.CutPrefix(text, "env:"); ok {
		v, ok := os.LookupEnv(name)
		if v == "" && name == "DATABASE_URL" {
			v, ok = databaseInParts()
		}
		if !ok {
			return "", usageError("%s: the variable %s is not set", flag, name)
		}
		return v, nil
	}
	if name, ok := strings.CutPrefix(text, "file:"); ok {
		return secretFile(name)
	}
	return text, nil
}

// importID makes the id of something that an import makes.
func importID(prefix string) (string, error) {
	const alphabet = "0123456789abcdefghijklmnopqrstuv"
	b := make([]byte, 16)
	if _, err := rand.Read(b); err != nil {
		return "", err
	}
	for i := range b {
		b[i] = alphabet[b[i]%32]
	}
	return prefix + "_" + string(b), nil
}

// tell prints what is, or was, done.
func (c *importLiteLLMCmd) tell(s *session, plan *importer.Plan) error {
	if s.g.JSON {
		out := importedDatabase{Applied: c.Apply, Edits: len(plan.Edits), Carried: plan.Carried, Counts: []importedCount{}, Findings: []importedDatabaseFinding{}}
		for _, n := range plan.Counts {
			out.Counts = append(out.Counts, importedCount(n))
		}
		for _, f := range plan.Findings {
			out.Findings = append(out.Findings, importedDatabaseFinding{string(f.Severity), f.Kind, f.Field, f.Message, f.Count, append([]string{}, f.Examples...)})
		}
		e := json.NewEncoder(s.stdout)
		e.SetIndent("", "  ")
		return e.Encode(out)
	}
	t := newTable("kind", ">found", ">new", ">changed", ">same", ">left out")
	for _, n := range plan.Counts {
		if n != (importer.Count{Kind: n.Kind}) {
			t.add(n.Kind, number(int64(n.Found)), number(int64(n.New)), number(int64(n.Changed)), number(int64(n.Same)), number(int64(n.Left)))
		}
	}
	t.print(s.stdout)
	for i, f := range plan.Findings {
		if i == 0 {
			s.say("")
		}
		at := f.Kind
		if f.Field != "" {
			at += "." + f.Field
		}
		s.say("%s: %s: %s", f.Severity, at, f.Message)
		if len(f.Examples) > 0 {
			more := ""
			if n := f.Count - len(f.Examples); n > 0 {
				more = fmt.Sprintf(" and %s more", number(int64(n)))
			}
			s.say("  %s%s", strings.Join(f.Examples, ", "), more)
		}
	}
	s.say("")
	if c.Apply {
		s.say("%s done, %s of spending carried", plural(len(plan.Edits), "edit"), dollars(plan.Carried))
		return nil
	}
	s.say("%s to be done, %s of spending to be carried; nothing was changed: --apply does it", plural(len(plan.Edits), "edit"), dollars(plan.Carried))
	return nil
}
