package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"tollgate/gateway/access"
	"tollgate/gateway/admin"
	"tollgate/gateway/control"
	"tollgate/gateway/store"
)

// shell runs command lines with a fixed environment.
type shell struct {
	t   *testing.T
	env map[string]string
}

// result is what a command line left behind.
type result struct {
	code     int
	out, err string
}

func newShell(t *testing.T) *shell {
	t.Helper()
	return &shell{t, map[string]string{"TOLLGATE_DATABASE": filepath.Join(t.TempDir(), "tollgate.db")}}
}

func (s *shell) type_(stdin string, args ...string) result {
	s.t.Helper()
	var out, errs bytes.Buffer
	code := runCLI(context.Background(), args, func(k string) string { return s.env[k] }, strings.NewReader(stdin), &out, &errs)
	return result{code, out.String(), errs.String()}
}

// run runs a command line that must end with a code.
func (s *shell) run(code int, args ...string) result {
	s.t.Helper()
	r := s.type_("", args...)
	if r.code != code {
		s.t.Fatalf("tollgate %s: exit %d, wanted %d\n%s%s", strings.Join(args, " "), r.code, code, r.out, r.err)
	}
	return r
}

// shows asserts what is printed, blanks aside.
func (r result) shows(t *testing.T, texts ...string) result {
	t.Helper()
	flat := strings.Join(strings.Fields(r.out), " ")
	for _, text := range texts {
		if !strings.Contains(flat, text) {
			t.Errorf("%q is not in\n%s", text, r.out)
		}
	}
	return r
}

func (r result) complains(t *testing.T, texts ...string) result {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(r.err, text) {
			t.Errorf("%q is not in\n%s", text, r.err)
		}
	}
	if n := strings.Count(r.err, "\n"); n < 1 || n > 2 {
		t.Errorf("an error takes one line or two, not %d:\n%s", n, r.err)
	}
	return r
}

func TestPeopleWithoutAServer(t *testing.T) {
	s := newShell(t)
	s.run(exitOK, "user", "list").shows(t, "no users yet", "tollgate user create")
	s.run(exitOK, "user", "create", "alice", "--name", "Alice A.", "--email", "a@example.org", "--budget", "5 USD", "--per", "month").
		shows(t, "user alice made", "$5.00 per month", "tollgate key create --user alice")
	s.run(exitFailed, "user", "create", "alice").complains(t, "exists already", "tollgate user update alice")
	s.run(exitUsage, "user", "create", "carol", "--budget", "lots").complains(t, "--budget", "lots")
	s.run(exitNotFound, "user", "show", "carol").complains(t, "carol", "tollgate user list")
	s.run(exitOK, "user", "update", "alice", "--models", "free,gpt-5*").shows(t, "changed")
	s.run(exitOK, "user", "list").shows(t, "USER NAME E-MAIL ROLE TEAMS MODELS STATE CREATED", "alice Alice A. a@example.org member - free, gpt-5* open")
	s.run(exitOK, "user", "update", "alice", "--models", "all")
	s.run(exitUsage, "user", "update", "alice").complains(t, "nothing to change")
	s.run(exitOK, "user", "block", "alice")
	s.run(exitOK, "user", "show", "alice").shows(t, "state blocked", "models all", "user alice all $5.00 month $0.00 $0.00 $5.00 open", "no keys; make one with: tollgate key create --user alice")
	s.run(exitOK, "user", "unblock", "alice")

	s.run(exitOK, "team", "list").shows(t, "no teams yet")
	s.run(exitOK, "team", "create", "physics", "--name", "Physics").shows(t, "tollgate team add physics USER")
	s.run(exitOK, "team", "add", "physics", "alice").shows(t, "alice is in team physics")
	s.run(exitNotFound, "team", "add", "physics", "zed").complains(t, `user "zed"`)
	s.run(exitOK, "team", "update", "physics", "--blocked")
	s.run(exitOK, "team", "list").shows(t, "physics Physics 1 all blocked")
	s.run(exitOK, "team", "update", "physics", "--no-blocked")
	s.run(exitOK, "team", "show", "physics").shows(t, "members alice", "no budget applies")
	s.run(exitOK, "team", "remove", "physics", "alice").shows(t, "no longer")
	s.run(exitOK, "team", "delete", "physics")
	s.run(exitOK, "user", "delete", "alice").shows(t, "stays in the books")
	s.run(exitNotFound, "user", "delete", "alice")
}

func TestKeys(t *testing.T) {
	s := newShell(t)
	s.run(exitOK, "key", "list").shows(t, "no keys")
	s.run(exitUsage, "key", "create").complains(t, "whose key", "--user USER")
	s.run(exitNotFound, "key", "create", "--user", "bob").complains(t, "there is no user bob", "tollgate user create bob", "--create-user")
	s.run(exitNotFound, "key", "create", "--team", "physics").complains(t, "tollgate team create physics")
	made := s.run(exitOK, "key", "create", "--user", "bob", "--create-user", "--name", "laptop", "--models", "free,gpt-5-mini", "--expires", "90d", "--end-users", "--budget-fallback", "qwen3", "--metadata", "room=4.11", "--metadata", "x=a;b=c").
		shows(t, "name laptop", "models free, gpt-5-mini", "end users", "when spent qwen3", "metadata room=4.11", "metadata x=a;b=c", "no model is open to it at present: tollgate check")
	secret, _, _ := strings.Cut(made.out, "\n")
	if !access.WellFormed(secret) {
		t.Errorf("the first line is %q, no key", secret)
	}
	quiet := s.run(exitOK, "key", "create", "--user", "bob", "--create-user", "--quiet")
	if !access.WellFormed(strings.TrimSuffix(quiet.out, "\n")) || quiet.err != "" {
		t.Errorf("%q %q", quiet.out, quiet.err)
	}
	var k admin.NewKey
	if r := s.run(exitOK, "key", "create", "--user", "bob", "--name", "script", "--json"); json.Unmarshal([]byte(r.out), &k) != nil || !access.WellFormed(k.Secret) {
		t.Errorf("%s", r.out)
	}
	list := s.run(exitOK, "key", "list", "--user", "bob").shows(t, "laptop", "script", "free, gpt-5-mini", "never")
	for _, hidden := range []string{secret, k.Secret, access.DigestOf(secret).String()} {
		if strings.Contains(list.out, hidden) {
			t.Errorf("the list shows %s", hidden)
		}
	}
	s.run(exitOK, "key", "update", "laptop", "--expires", "never", "--no-end-users", "--models", "all")
	s.run(exitOK, "key", "show", "laptop").shows(t, "expires never", "models all", "no budget applies")
	s.run(exitOK, "key", "block", "laptop")
	s.run(exitOK, "key", "show", "laptop").shows(t, "state blocked")
	s.run(exitOK, "key", "unblock", k.ID)
	s.run(exitNotFound, "key", "show", "zed").complains(t, "tollgate key list")
	s.run(exitUsage, "key", "show", secret).complains(t, "does not belong on a command line")
	s.run(exitUsage, "key", "create", "--user", "bob", "--expires", "soon").complains(t, "90d")
	s.run(exitUsage, "key", "create", "--user", "bob", "--admin").complains(t, "admin key")
	s.run(exitOK, "key", "create", "--admin", "--name", "ops").shows(t, "role admin")
	s.run(exitOK, "team", "create", "physics")
	s.run(exitUsage, "key", "create", "--user", "bob", "--team", "physics").complains(t, "not in team", "tollgate team add physics bob")
	s.run(exitOK, "key", "create", "--user", "carol", "--team", "physics", "--create-user").shows(t, "team physics")
	s.run(exitOK, "key", "delete", "laptop")
	s.run(exitNotFound, "key", "delete", "laptop")
	if r := s.run(exitOK, "key", "generate"); !access.WellFormed(strings.TrimSpace(r.out)) {
		t.Errorf("%s", r.out)
	}
}

func TestBudgets(t *testing.T) {
	s := newShell(t)
	s.run(exitOK, "user", "create", "alice")
	s.run(exitOK, "team", "create", "t")
	s.run(exitOK, "team", "add", "t", "alice")
	s.run(exitOK, "key", "create", "--user", "alice", "--name", "k")
	s.run(exitOK, "budget", "list").shows(t, "nobody is limited", "tollgate budget create")
	s.run(exitUsage, "budget", "create", "--limit", "5", "--per", "month").complains(t, "whose budget", "--each KIND")
	s.run(exitUsage, "budget", "create", "--user", "alice", "--team", "t", "--limit", "5", "--per", "month").complains(t, "whose budget")
	s.run(exitUsage, "budget", "create", "--user", "alice", "--limit", "5 EUR", "--per", "month").complains(t, "--limit")
	s.run(exitUsage, "budget", "create", "--user", "alice", "--limit", "5", "--per", "fortnight").complains(t, "--per")
	s.run(exitUsage, "budget", "create", "--user", "alice", "--limit", "5", "--soft", "6", "--per", "day").complains(t, "soft")
	s.run(exitNotFound, "budget", "create", "--user", "zed", "--limit", "5", "--per", "day").complains(t, "zed")
	s.run(exitOK, "budget", "create", "--each", "user", "--limit", "5", "--per", "month", "--models", "gpt-5*", "--zone", "Europe/Berlin", "--rolling", "--soft", "4", "--name", "students").
		shows(t, "each user may spend $5.00 per month on gpt-5*")
	s.run(exitOK, "budget", "create", "--user", "alice", "--limit", "0", "--per", "day").shows(t, "free models only")
	s.run(exitOK, "budget", "create", "--team", "t", "--limit", "none", "--per", "total").shows(t, "no limit")
	s.run(exitOK, "budget", "create", "--key", "k", "--limit", "$1.50", "--per", "2 weeks", "--from", "2026-11-01")
	s.run(exitOK, "budget", "create", "--member", "t/alice", "--limit", "2", "--per", "week")
	s.run(exitOK, "budget", "create", "--end-user", "webshop", "--limit", "2", "--per", "week")
	s.run(exitOK, "budget", "create", "--gateway", "--limit", "1000", "--per", "month", "--name", "card")
	s.run(exitOK, "budget", "list").shows(t, "students each user gpt-5* $5.00 month - - - -", "- user alice all $0.00 day $0.00 $0.00 $0.00 free only",
		"- team t all no limit total $0.00 $0.00 - unlimited never api", "$1.50 2 weeks", "- member t/alice all $2.00 week", "- end_user webshop", "card the gateway all $1000.00")
	s.run(exitOK, "budget", "update", "students", "--limit", "none", "--soft", "none")
	s.run(exitOK, "budget", "show", "students").shows(t, "limit no limit", "soft -", "zone Europe/Berlin", "for each user")
	s.run(exitOK, "budget", "update", "card", "--limit", "0")
	s.run(exitOK, "budget", "show", "card").shows(t, "limit $0.00", "state free only")
	s.run(exitOK, "budget", "delete", "card")
	s.run(exitNotFound, "budget", "show", "card").complains(t, "tollgate budget list")
}

// TestJSONIsTheAPIsOwn: scripts get what the API says, whatever the tables show.
func TestJSONIsTheAPIsOwn(t *testing.T) {
	s := newShell(t)
	for _, args := range [][]string{{"user", "create", "alice"}, {"team", "create", "t"}, {"team", "add", "t", "alice"}, {"user", "list"}, {"user", "show", "alice"}, {"team", "list"}, {"team", "show", "t"}, {"key", "list"},
		{"budget", "create", "--user", "alice", "--limit", "5", "--per", "day"}, {"budget", "list"}, {"usage"}, {"entries"}, {"check"}, {"version"}, {"user", "update", "alice", "--name", "x"}} {
		r := s.run(exitOK, append(args, "--json")...)
		var v map[string]any
		if err := json.Unmarshal([]byte(r.out), &v); err != nil {
			t.Errorf("%v: %v\n%s", args, err, r.out)
		}
	}
}

func TestUsageOfTheCommandLine(t *testing.T) {
	s := newShell(t)
	s.run(exitOK, "--help").shows(t, "Exit codes: 0 done, 1 failed, 2 wrong usage or value, 3 not found, 4 refused", "key create", "budget list")
	s.run(exitUsage, "key", "shwo").complains(t, "shwo", "show", "tollgate key --help")
	s.run(exitUsage, "user", "create").complains(t, "tollgate user create")
	s.run(exitUsage, "nonsense").complains(t, "nonsense")
	s.run(exitOK, "version").shows(t, "tollgate devel")
	s.run(exitUsage, "usage", "--by", "planet").complains(t, "planet", "deployment")
	s.run(exitUsage, "usage", "--last", "a while").complains(t, "30d")
	s.run(exitUsage, "usage", "--last", "3d", "--from", "2026-01-01").complains(t, "--last and --from")
	s.run(exitUsage, "usage", "--to", "yesterday").complains(t, "--to")
	s.run(exitOK, "user", "list").shows(t, "no users yet") // which makes the database
	s.run(exitOK, "usage").shows(t, "nothing was used")
	s.run(exitOK, "entries").shows(t, "no entries")
	s.run(exitUnreachable, "reload").complains(t, "no server is running")
}

func TestCheckShowsEveryProblemOfTheFile(t *testing.T) {
	s := newShell(t)
	path := filepath.Join(t.TempDir(), "tollgate.yaml")
	text := "listen: here\nproviders:\n  gpu: { kind: vlm, url: http://gpu1:8000/v1 }\nbudgets:\n  - { each: user, limit: 5 USD, per: fortnight }\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s.run(exitRefused, "check", "--config", path).shows(t, path+":1:", "listen", path+":3:", "providers.gpu.kind", path+":5:", "budgets[0].per", "write per: month")
	var ch admin.Check
	if r := s.run(exitRefused, "check", "--config", path, "--json"); json.Unmarshal([]byte(r.out), &ch) != nil || ch.OK || len(ch.Findings) != 3 || !strings.Contains(r.out, "fortnight") || r.err != "" {
		t.Errorf("%s\n%s", r.out, r.err)
	}
	if r := s.run(exitRefused, "user", "list", "--config", path); !strings.Contains(r.err, "providers.gpu.kind") {
		t.Errorf("%s", r.err)
	}
}

// TestCheckSaysWhatAStartRefuses: for what ends a start there is a problem that check tells,
// in the same words.
func TestCheckSaysWhatAStartRefuses(t *testing.T) {
	taken := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	defer taken.Close()
	for name, c := range map[string]struct {
		config string
		env    map[string]string
		wants  []string
	}{
		"admin key, declared":  {"admin_key: env:DECLARED\n", map[string]string{"DECLARED": "changeme-changeme-changeme-changeme"}, []string{"admin_key", `contains "changeme"`}},
		"admin key, variable":  {"", map[string]string{"TOLLGATE_ADMIN_KEY": "sk-1234"}, []string{"TOLLGATE_ADMIN_KEY", "7 characters, at least 32"}},
		"admin key, empty":     {"", map[string]string{"TOLLGATE_ADMIN_KEY": ""}, []string{"TOLLGATE_ADMIN_KEY", "set and empty"}},
		"admin key, no file":   {"", map[string]string{"TOLLGATE_ADMIN_KEY_FILE": "not-there"}, []string{"TOLLGATE_ADMIN_KEY_FILE", "no such file"}},
		"admin key, of others": {"", map[string]string{}, []string{"admin_key", "is the key key_"}},
		"admin key, twice":     {"", map[string]string{"TOLLGATE_ADMIN_KEY": strings.Repeat("k3Y-9fQx7Lw2", 4), "TOLLGATE_ADMIN_KEY_FILE": "not-there"}, []string{"TOLLGATE_ADMIN_KEY_FILE is set as well: unset one of them"}},
		"secrets key, twice":   {"", map[string]string{"TOLLGATE_SECRETS_KEY": strings.Repeat("k3Y-9fQx7Lw2", 4), "TOLLGATE_SECRETS_KEY_FILE": "not-there"}, []string{"TOLLGATE_SECRETS_KEY_FILE is set as well"}},
		"secrets key, no file": {"", map[string]string{"TOLLGATE_SECRETS_KEY_FILE": "not-there"}, []string{"TOLLGATE_SECRETS_KEY_FILE", "no such file"}},
		"secrets key":          {"", map[string]string{"TOLLGATE_SECRETS_KEY": "short"}, []string{"TOLLGATE_SECRETS_KEY", "at least 32"}},
		"listen":               {"listen: " + taken.Addr().String() + "\n", nil, []string{"listen", "address already in use"}},
		"metrics":              {"metrics: { listen: \"" + taken.Addr().String() + "\" }\n", nil, []string{"metrics.listen", "address already in use"}},
		"two at once":          {"", map[string]string{"TOLLGATE_ADMIN_KEY": "sk-1234", "TOLLGATE_SECRETS_KEY": "short"}, []string{"2 problems", "7 characters", "at least 32"}},
	} {
		t.Run(name, func(t *testing.T) {
			s, dir := newShell(t), t.TempDir()
			config := filepath.Join(dir, "tollgate.yaml")
			text := "providers: { e: { kind: echo } }\n" + c.config
			if !strings.Contains(text, "\nlisten") {
				text += "listen: 127.0.0.1:0\n"
			}
			if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if name == "admin key, of others" {
				srv := must(visit(t.Context(), must1(loadConfig(globals{Database: s.env["TOLLGATE_DATABASE"]}))))(t)
				must(srv.control.CreateUser(t.Context(), "u", control.UserChange{}))(t)
				_, secret, err := srv.control.CreateKey(t.Context(), control.KeyOwner{UserID: "u"}, control.KeyChange{})
				if err := errors.Join(err, srv.close(t.Context())); err != nil {
					t.Fatal(err)
				}
				c.env["TOLLGATE_ADMIN_KEY"] = secret
			}
			for name, value := range c.env {
				t.Setenv(name, value)
			}
			p := serveProgram(t, "--config", config, "--database", s.env["TOLLGATE_DATABASE"])
			select {
			case code := <-p.done:
				p.done <- code
			case <-time.After(20 * time.Second):
				t.Fatalf("it started:\n%s", p.out.String())
			}
			s.run(exitRefused, "check", "--config", config).shows(t, c.wants...)
			var ch admin.Check
			if r := s.run(exitRefused, "check", "--config", config, "--json"); json.Unmarshal([]byte(r.out), &ch) != nil || ch.OK {
				t.Errorf("%s", r.out)
			}
			for _, f := range ch.Findings {
				if !f.Warning && !strings.Contains(p.logs.String(), f.Message) {
					t.Errorf("check says %q and serve %s", f.Message, p.logs.String())
				}
			}
			for name := range c.env {
				if err := os.Unsetenv(name); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestCheckWithoutAStartInItsWay: what serve takes, check takes, and it is not in its way.
func TestCheckWithoutAStartInItsWay(t *testing.T) {
	s := newShell(t)
	config := filepath.Join(t.TempDir(), "tollgate.yaml")
	if err := os.WriteFile(config, []byte("listen: 127.0.0.1:0\nproviders: { e: { kind: echo } }\nmetrics: { listen: \"127.0.0.1:0\" }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TOLLGATE_ADMIN_KEY", strings.Repeat("k3Y-9fQx7Lw2", 4))
	s.run(exitOK, "check", "--config", config).shows(t, "no problems")
	p := serveProgram(t, "--config", config, "--database", s.env["TOLLGATE_DATABASE"])
	p.wait(p.out, "models")
	s.run(exitOK, "check", "--config", config).shows(t, "no problems")
}

// TestAWrongFileIsInNobodysWay: a server that runs goes on with the file as it was, so it is
// found and asked all the same, and so are its books.
func TestAWrongFileIsInNobodysWay(t *testing.T) {
	g, s, _ := serving(t)
	if err := g.srv.store.Announce(store.Holder{URL: g.url, Token: g.srv.auth.Local}); err != nil {
		t.Fatal(err)
	}
	config, dir := filepath.Join(t.TempDir(), "tollgate.yaml"), t.TempDir()
	write := func(text string) {
		t.Helper()
		text = "listen: " + strings.TrimPrefix(g.url, "http://") + "\ndatabase: sqlite:" + g.db + "\n" + text
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.env = map[string]string{"TOLLGATE_CONFIG": config}
	write("providers:\n  cloud: { kind: openai, key: env:NOT_SET_HERE }\nnonsense: 1\n")
	s.run(exitOK, "health").shows(t, `"ok"`)
	s.run(exitOK, "user", "create", "zoe")
	s.run(exitOK, "verify").shows(t, "nothing differs")
	s.run(exitOK, "backup", filepath.Join(dir, "1"))
	s.run(exitRefused, "check").shows(t, "2 problems", "NOT_SET_HERE is not set", "nonsense", "in force is what the server has read before", "tollgate devel at "+g.url)
	var ch admin.Check
	if r := s.run(exitRefused, "check", "--json"); json.Unmarshal([]byte(r.out), &ch) != nil || ch.OK || len(ch.Models) == 0 || !strings.Contains(r.out, "NOT_SET_HERE") {
		t.Errorf("%s", r.out)
	}
	write("providers: [") // is no YAML
	s.run(exitRefused, "health")
	s.env["TOLLGATE_DATABASE"], s.env["TOLLGATE_LISTEN"] = g.db, strings.TrimPrefix(g.url, "http://")
	s.run(exitOK, "health")
	s.run(exitOK, "user", "list").shows(t, "zoe")
	s.env = map[string]string{"TOLLGATE_CONFIG": config}
	write("nonsense: 1\n")
	g.stop()
	s.run(exitRefused, "user", "list")
	s.run(exitOK, "backup", filepath.Join(dir, "2"))
	s.run(exitOK, "rebuild")
	write("databse: sqlite:elsewhere.db\n") // whose books would these be?
	if r := s.run(exitRefused, "backup", filepath.Join(dir, "3")); !strings.Contains(r.err, "database: …") {
		t.Errorf("%s", r.err)
	}
}

// serving lets a gate be found: by URL, or by its lock.
func serving(t *testing.T) (*gate, *shell, string) {
	t.Helper()
	g := start(t, upstreamConfig)
	secret := must(access.NewKey(strings.NewReader(strings.Repeat("0123456789abcdef", 100))))(t)
	must(g.srv.control.EnsureAdmin(context.Background(), secret))(t)
	return g, &shell{t, map[string]string{}}, secret
}

func TestARunningServer(t *testing.T) {
	g, s, secret := serving(t)
	s.run(exitUsage, "user", "list", "--url", g.url).complains(t, "TOLLGATE_ADMIN_KEY")
	s.run(exitFailed, "user", "list", "--url", g.url, "--admin-key", "sk-tg-wrong").complains(t, "admin key was refused")
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.run(exitOK, "user", "list", "--url", g.url, "--admin-key-file", file).shows(t, "no users yet")
	s.env["TOLLGATE_URL"], s.env["TOLLGATE_ADMIN_KEY"] = g.url+"/v1/", secret
	s.run(exitOK, "user", "create", "alice", "--budget", "1")
	made := s.run(exitOK, "key", "create", "--user", "alice", "--name", "laptop").shows(t, "curl "+g.url)
	key, _, _ := strings.Cut(made.out, "\n")
	if r := s.run(exitFailed, "budget", "list", "--admin-key", key); !strings.Contains(r.err, "a wider role") {
		t.Errorf("%s", r.err)
	}

	s.run(exitOK, "explain", "laptop", "free").shows(t, "served by gpu/free (free)", "TIER DEPLOYMENT PRICE OPEN HOLD WHY", "free: no budget counts or blocks it")
	s.run(exitOK, "explain", "laptop", "paid").shows(t, "served by cloud/paid (paid)", "yes $0.0", "has 1.00 of 1.00 USD left")
	s.run(exitRefused, "explain", "laptop", "unknown").shows(t, "refused", "free right now:")
	s.run(exitNotFound, "explain", "laptop", "nothing").complains(t, "nothing", "tollgate check")
	s.run(exitNotFound, "explain", "zed", "free").complains(t, "no key has this id, name or secret", "tollgate key list")
	if r := s.type_(key+"\n", "explain", "-", "free"); r.code != exitOK || strings.Contains(r.out, key) {
		t.Errorf("%d %s", r.code, r.out)
	}
	s.run(exitUsage, "explain", "-", "free").complains(t, "standard input")
	s.run(exitOK, "user", "block", "alice")
	s.run(exitRefused, "explain", "laptop", "free").shows(t, "refused: the API key's user is blocked")
	s.run(exitOK, "user", "unblock", "alice")

	for _, model := range []string{"paid", "free"} {
		if a := g.do("POST", "/v1/chat/completions", key, `{"model":"`+model+`","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}`, nil); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	g.eventually("the free call is recorded", func() bool { return g.query("select count(*) from calls") == 1 })
	s.run(exitOK, "usage", "--by", "user,model", "--last", "30d").shows(t, "usage from "+time.Now().UTC().Add(-30*24*time.Hour).Format(time.DateOnly)+" to ", "USER MODEL COST PAID CALLS TOKENS IN OUT FREE CALLS TOKENS IN OUT UNPRICED REFUSED", "alice free $0.00 0 0 0 1", "alice paid $0.0", "total")
	s.run(exitOK, "entries", "--user", "alice", "--key", "laptop").shows(t, "alice key_", "paid cloud/paid", "ok")

	check := s.type_("", "check")
	check.shows(t, "at "+g.url, "books answer", "prices built-in list", "ENGINE KIND WHERE STATE MODELS SINCE WHY", "MODEL PRICE CONTEXT OUTPUT KEYS SERVED BY WHEN A BUDGET IS SPENT", "DEPLOYMENT PRICE WHY RATES IN $", "cloud/paid paid",
		"free", "served: it is free", "refused, unless the key has a budget fallback", "refused to everybody with a budget: its price is unknown")
	if check.code != exitOK && check.code != exitRefused {
		t.Errorf("%d %s%s", check.code, check.out, check.err)
	}
	s.run(exitOK, "reload").shows(t, "in force")
	g.write("listen: nowhere\n")
	if r := s.type_("", "reload"); r.code != exitRefused || !strings.Contains(r.err, "listen") {
		t.Errorf("%d %s%s", r.code, r.out, r.err)
	}
}

// TestTheLockLeadsToTheServer: whoever may read the database needs no key.
func TestTheLockLeadsToTheServer(t *testing.T) {
	g, s, _ := serving(t)
	s.env["TOLLGATE_DATABASE"] = g.db
	if err := g.srv.store.Announce(store.Holder{URL: g.url, Token: g.srv.auth.Local}); err != nil {
		t.Fatal(err)
	}
	s.run(exitOK, "user", "create", "alice")
	if _, err := g.srv.control.User("alice"); err != nil {
		t.Errorf("the server does not know: %v", err)
	}
	if err := g.srv.store.Announce(store.Holder{}); err != nil {
		t.Fatal(err)
	}
	s.run(exitUnreachable, "user", "list").complains(t, "has the database open", "try again")
}

func TestAServerThatDoesNotAnswer(t *testing.T) {
	s := newShell(t)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + ln.Addr().String()
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
	s.run(exitUnreachable, "user", "list", "--url", url, "--admin-key", "x").complains(t, url, "tollgate serve")
	s.run(exitUsage, "user", "list", "--url", "ftp://x", "--admin-key", "x").complains(t, "--url")
	s.run(exitUsage, "user", "list", "--url", "http://me:pw@x", "--admin-key", "x").complains(t, "--url")
}

// TestServeStartsByDefault: no command is serve, and its flags need no command.
func TestServeStartsByDefault(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, args := range [][]string{{}, {"serve"}, {"--config", "nowhere.yaml"}, {"--listen", "127.0.0.1:0", "--config", "nowhere.yaml"}} {
		var out, errs bytes.Buffer
		env := map[string]string{"TOLLGATE_CONFIG": "nowhere.yaml"}
		code := runCLI(ctx, args, func(k string) string { return env[k] }, strings.NewReader(""), &out, &errs)
		if code != exitRefused || !strings.Contains(errs.String(), "nowhere.yaml") {
			t.Errorf("%v: %d %s", args, code, errs.String())
		}
	}
}

// TestServeIsReadAsByTheWholeGrammar: what a start reads by itself means the same to the
// whole grammar, and what it does not read is left to that.
func TestServeIsReadAsByTheWholeGrammar(t *testing.T) {
	for line, quick := range map[string]bool{
		"":                                     true,
		"serve":                                true,
		"serve --listen :80 -c f --database d": true,
		"-c f --listen=:80":                    true,
		"--config f serve --listen :80":        true,
		"--json --url u serve --admin-key k":   true,
		"serve --admin-key-file f":             true,
		"--help":                               false,
		"serve --help":                         false,
		"serve -h":                             false,
		"serve --lisen :80":                    false,
		"serve --listen":                       false,
		"serve now":                            false,
		"serve serve":                          false,
		"--config f key list":                  false,
		"key list":                             false,
		"version":                              false,
		"--version":                            false,
	} {
		args := strings.Fields(line)
		g, run, ok := parseServe(args)
		if ok != quick {
			t.Errorf("%q is read by itself: %v, want %v", line, ok, quick)
		}
		if !ok {
			continue
		}
		var cli commands
		parser, err := kong.New(&cli)
		if err != nil {
			t.Fatal(err)
		}
		k, err := parser.Parse(args)
		if err != nil || k.Selected().Name != "serve" || !reflect.DeepEqual(cli.globals, g) || cli.Serve != run {
			t.Errorf("%q: %+v %+v by itself, but %+v %+v by the whole grammar (%v)", line, g, run, cli.globals, cli.Serve, err)
		}
	}
}

func TestTable(t *testing.T) {
	tab := newTable("name", ">cost")
	tab.add("ä", "$5.00")
	tab.add("longer", "$10.00")
	var b bytes.Buffer
	tab.print(&b)
	want := "NAME      COST\nä        $5.00\nlonger  $10.00\n"
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

func TestValues(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567"} {
		if got := number(n); got != want {
			t.Errorf("number(%d) = %s", n, got)
		}
	}
	for text, want := range map[string]time.Duration{"12h": 12 * time.Hour, "30d": 720 * time.Hour, "2w": 336 * time.Hour, "": 0, "d": 0, "-1d": 0, "5y": 0, "x": 0} {
		if got, _ := span(text); got != want {
			t.Errorf("span(%q) = %s", text, got)
		}
	}
	for text, want := range map[string]string{"a, b": "[a b]", "all": "[]", "": "<nil>", " , ": "<nil>", "all,b": "[all b]"} {
		v := values{}
		err := v.names("models", &text)
		if got := fmt.Sprint(v["models"]); got != want || (err == nil) != (want != "<nil>") {
			t.Errorf("names(%q) = %s, %v", text, got, err)
		}
	}
	if code := tell(&bytes.Buffer{}, errors.New("x")); code != exitFailed {
		t.Errorf("%d", code)
	}
}

// TestHelpNamesEveryVariable: what the environment can set is said in --help.
func TestHelpNamesEveryVariable(t *testing.T) {
	s := newShell(t)
	help := s.run(exitOK, "serve", "--help").out
	src, err := os.ReadFile("cli.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`getenv\("(TOLLGATE_[A-Z_]+)"\)`).FindAllSubmatch(src, -1) {
		if !strings.Contains(help, string(m[1])) {
			t.Errorf("%s is not in the help", m[1])
		}
	}
}
