package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestWrongWords: whatever is mistyped, left out or empty is told with what to write or
// where to look, and nothing is done.
func TestWrongWords(t *testing.T) {
	s := newShell(t)
	for _, command := range []string{"verify", "usage --csv --key x", "entries --csv", "audit", "retain --yes --keep=month"} { // whoever tells of books makes none
		s.run(exitNotFound, strings.Fields(command)...).complains(t, "there is no database "+s.env["TOLLGATE_DATABASE"], "--database")
	}
	if r := s.run(exitOK, "user", "create", "alice", "--budget", "5 USD"); !strings.Contains(r.err, "there was no database "+s.env["TOLLGATE_DATABASE"]) || strings.Count(r.err, "\n") != 1 {
		t.Errorf("that a database was made: %s", r.err)
	}
	for _, c := range []struct {
		args  string
		code  int
		texts []string
	}{
		{"chekc", exitUsage, []string{`did you mean "check"?`, "see: tollgate --help"}},
		{"key craete", exitUsage, []string{`did you mean "create"?`, "see: tollgate key --help"}},
		{"key create --usr alice", exitUsage, []string{`"--user"`}},
		{"key create --user", exitUsage, []string{"--user: its value is missing", "see: tollgate key create --help"}},
		{"key create --user alice --models=", exitUsage, []string{"--models: it is empty: write all for everything"}},
		{"key create --user alice --routes=,", exitUsage, []string{"--routes: it is empty"}},
		{"key create --user alice --budget-fallback=", exitUsage, []string{"--budget-fallback: it is empty"}},
		{"key create --user alice --tags=", exitUsage, []string{"--tags: it is empty: write none for none"}},
		{"user update alice --models=", exitUsage, []string{"--models: it is empty"}},
		{"team create physics --models=", exitUsage, []string{"--models: it is empty"}},
		{"org create uni --models=", exitUsage, []string{"--models: it is empty"}},
		{"budget create --user alice --limit 1 --per day --models=", exitUsage, []string{"--models: it is empty"}},
		{"limit create --user alice --requests 1 --models=", exitUsage, []string{"--models: it is empty"}},
		{"user create bob --budget 5EUR", exitUsage, []string{"--budget: "}},
		{"budget create --user alice", exitUsage, []string{"--limit='5 USD'", "--per=WINDOW"}},
		{"budget update x --extra lots --extra-until 1d", exitUsage, []string{"--extra: "}},
		{"audit --kind what", exitUsage, []string{"kind: it is one of user, ", "team member"}},
		{"backup -", exitUsage, []string{"not to standard output"}},
		{"backup " + filepath.Join(t.TempDir(), "nowhere", "file"), exitUsage, []string{"the directory of the backup", "no such file"}},
		{"user list --database env:DATABASE_URL", exitUsage, []string{"TOLLGATE_DATABASE"}},
		{"serve --listen 4000", exitUsage, []string{"--listen 127.0.0.1:4000"}},
		{"health --url 127.0.0.1:1", exitUnreachable, []string{"http://127.0.0.1:1", "connection refused", "tollgate serve"}},
		{"credential add vendor --for https://vendor.example --key-file " + os.DevNull, exitUsage, []string{"--key-file: nothing stands in"}},
		{"credential remove vendor", exitNotFound, []string{"tollgate credential list"}},
		{"model show nothing", exitNotFound, []string{"tollgate model list"}},
		{"user update alice", exitUsage, []string{"nothing to change", "see: tollgate user update --help"}},
		{"key rotate x --grace foo", exitUsage, []string{`--grace: "foo" is not a length of time: write 30m, 24h or 7d`}},
		{"model add m --file nowhere.json", exitUsage, []string{"nowhere.json cannot be read: no such file"}},
		{"credential add vendor --for https://vendor.example --key-file nowhere", exitUsage, []string{"nowhere cannot be read: no such file"}},
		{"restore nowhere", exitUsage, []string{"nowhere cannot be read: no such file"}},
		{"budget create --member physics --limit 1 --per day", exitNotFound, []string{`member "physics" (written TEAM/USER): not found`}},
		{"budget create --each nobody --limit 1 --per day", exitUsage, []string{`the scope is gateway, org, team, tag, member, user, key or end_user, not "nobody"`}},
		{"key create --standalone --routes /v1/chat/completion", exitUsage, []string{`there is no route "/v1/chat/completion", which would open nothing: did you mean /v1/chat/completions?`}},
		{"key create --standalone --routes /metrics/*,calls", exitUsage, []string{`there is no route "/metrics/*"`}},
		{"budget create --user alice --limit 5 --per month", exitFailed, []string{"exists already for the same account, models and time", "change it with: tollgate budget update budget_"}},
		{"usage --user alice --user bob", exitUsage, []string{"--user: it is given twice", "see: tollgate usage --help"}},
		{"user list --url http://127.0.0.1:1 --admin-key a --admin-key-file f", exitUsage, []string{"the admin key is given twice"}},
		{"user list --json --json", exitUsage, []string{"--json: it is given twice"}},
		{"serve --port 1 --port 2", exitUsage, []string{"--port: it is given twice"}},
		{"key create --standalone --end-users --no-end-users", exitUsage, []string{"--end-users: it is given twice"}},
		{"user create zoe --per week", exitUsage, []string{"give --budget"}},
		{"entries --csv --limit 5", exitUsage, []string{"leave --limit out"}},
		{"usage --last 30d --to 2026-11-01", exitUsage, []string{"give --from and --to"}},
		{"user update alice --models none", exitUsage, []string{"--models: none is no model", "all for everything"}},
		{"key create --standalone --budget-fallback ,", exitUsage, []string{"--budget-fallback: it is empty: write none for none"}},
		{"key create --standalone --metadata =x", exitUsage, []string{"a name of metadata is not empty"}},
		{"budget create --each gateway --limit 5 --per month", exitUsage, []string{"give --gateway"}},
		{"budget create --user alice --limit 5 --per total --zone Europe/Berlin", exitUsage, []string{"a total has no periods"}},
		{"user list --url http://127.0.0.1:1/?x=1", exitUsage, []string{"write the server's address"}},
		{"key create --standalone --routes call", exitUsage, []string{`the route "call" is neither one of calls, read, manage nor a path`}},
		{"user list --database postgres://tollgate:canary@127.0.0.1:1/x", exitFailed, []string{"127.0.0.1:1", "connection refused", "is PostgreSQL running there, and is its URL right?"}},
		{"user create a/b", exitUsage, []string{`the id "a/b" of a user holds a slash`}},
		{"budget adjust --user alice --amount 0 --reason none", exitUsage, []string{"the adjustment changes nothing"}},
	} {
		if r := s.run(c.code, strings.Fields(c.args)...).complains(t, c.texts...); strings.Contains(r.err, "not valid") || strings.Contains(r.err, "invalid duration") || strings.Contains(r.err, "stat ") {
			t.Errorf("words that help nobody: %s", r.err)
		}
	}
	s.run(exitOK, "entries", "--operation", "chat").shows(t, "no entries like that; all there are: tollgate entries")
	s.run(exitUsage, "entries", "--operation", "chta").complains(t, "operation: it is one of chat, completions,", "did you mean chat?")
	var errs strings.Builder
	if code := runCLI(t.Context(), []string{"user", "list"}, func(k string) string { return s.env[k] }, strings.NewReader(""), fullDisk{}, &errs); code != exitFailed || !strings.Contains(errs.String(), "could not be told: no space left") {
		t.Errorf("%d %s", code, &errs)
	}

	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	s.run(exitFailed, "user", "list", "--url", other.URL, "--admin-key", "x").complains(t, "404 Not Found", "is this a tollgate?")

	// What a variable leaves that is not set names nothing, and nobody.
	s.run(exitOK, "limit", "create", "--each", "key", "--requests", "60")
	s.run(exitUsage, "limit", "delete", "", "-y").complains(t, "<limit>: it is the empty text", "tollgate limit delete --help")
	s.run(exitUsage, "team", "add", "physics", "alice", "").complains(t, "<user>: it is the empty text")
	s.run(exitUsage, "key", "create", "--standalone", "--team", "").complains(t, "--team: its value is the empty text")
	s.run(exitUsage, "--config", "").complains(t, "--config: its value is the empty text", "tollgate serve --help")
	if r := s.run(exitOK, "limit", "list"); !strings.Contains(r.out, "each key") {
		t.Errorf("the limit is gone:\n%s", r.out)
	}
	if files, err := filepath.Glob("env:*"); err != nil || len(files) > 0 {
		t.Errorf("a file was made: %v %v", files, err)
	}
	s.run(exitOK, "key", "list").shows(t, "no keys")
	s.run(exitOK, "tag", "create", "red").shows(t, "tollgate budget create --tag red")
	s.run(exitOK, "help").shows(t, "Commands:")
	s.run(exitOK, "help", "key", "create").shows(t, "Usage: tollgate key create")
	s.run(exitOK, "--version").shows(t, "tollgate "+version())
	if help := s.run(exitOK, "key", "create", "--help").out; strings.Index(help, "--admin-key-file") < strings.Index(help, "--models") {
		t.Errorf("what every command takes stands before what this one does:\n%s", help)
	}
}

// TestRoutesThatThereAre: a key can be kept to any route that some configuration has.
func TestRoutesThatThereAre(t *testing.T) {
	s := newShell(t)
	for _, route := range []string{"calls", "/v1/models", "/models", "/embeddings", "/v1/chat/completions", "/v1/*", "/v1/responses/*", "/key/*", "/key/generate", "/api/v1/usage", "/api/v1/keys/*", "/health/readiness", "/scim/v2/*"} {
		s.run(exitOK, "key", "create", "--standalone", "--quiet", "--routes", route)
	}
	for _, route := range []string{"/v1/model", "/nothing/*", "/api/v1/keys/key_1234", "/v2/chat/completions"} {
		s.run(exitUsage, "key", "create", "--standalone", "--routes", route).complains(t, "there is no route")
	}
}

// fullDisk takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// TestTheKeyIsTriedWithAModelOfItsOwn: the call that is suggested for a new key is one that
// it may make, and a chat.
func TestTheKeyIsTriedWithAModelOfItsOwn(t *testing.T) {
	s := newShell(t)
	config := filepath.Join(t.TempDir(), "tollgate.yaml")
	if err := os.WriteFile(config, []byte("providers: { a: { kind: echo }, b: { kind: echo, unlisted: true, price: { request: 1 } }, c: { kind: openai, url: http://127.0.0.1:1/v1, prices: openai } }\n"+
		"models: { one: a/echo, two: b/echo, an-embedder: { to: c/text-embedding-3-small, price: free } }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.env["TOLLGATE_CONFIG"] = config
	for models, want := range map[string]string{"all": `"model": "echo"`, "two": `"model": "two"`, "free": `"model": "echo"`, "one,two": `"model": "one"`, "nothing-like-it": "no model is open to it at present", "an-embedder": "no model is open to it at present"} {
		s.run(exitOK, "key", "create", "--user", "alice", "--create-user", "--models", models).shows(t, want)
	}
}

// TestCtrlC: it ends the wait for what a person is asked to type.
func TestCtrlC(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	r, w := io.Pipe()
	defer w.Close()
	done := make(chan error, 1)
	s := &session{ctx: ctx, stdin: r}
	go func() { _, err := s.readSecret(); done <- err }()
	cancel(stopped{signal: syscall.SIGINT})
	if err := <-done; !errors.As(err, &stopped{}) {
		t.Errorf("%v", err)
	}
}

// TestDamagedDatabase: what to do about it is told.
func TestDamagedDatabase(t *testing.T) {
	s := newShell(t)
	if err := os.WriteFile(s.env["TOLLGATE_DATABASE"], []byte(strings.Repeat("this is no database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	s.run(exitFailed, "user", "list").complains(t, "file is not a database", "tollgate restore BACKUP --database NEW")
}

// TestJSONOfSecrets: what makes a secret or keeps one answers --json too.
func TestJSONOfSecrets(t *testing.T) {
	s := newShell(t)
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte("sk-vendor-canary\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"key", "generate"}, {"credential", "add", "vendor", "--for", "https://vendor.example", "--key-file", file}} {
		var v map[string]any
		if r := s.run(exitOK, append(args, "--json")...); json.Unmarshal([]byte(r.out), &v) != nil || len(v) == 0 || strings.Contains(r.out, "canary") {
			t.Errorf("%v: %s", args, r.out)
		}
	}
}

// TestNothingIsMadeOfNoConfiguration: what cannot be read as LiteLLM's leaves no
// configuration on standard output, which goes into a file.
func TestNothingIsMadeOfNoConfiguration(t *testing.T) {
	s := newShell(t)
	if r := s.run(exitRefused, "import", "litellm", filepath.Join(t.TempDir(), "missing.yaml")); r.out != "" {
		t.Errorf("of a file that is not there: %s", r.out)
	}
	for _, text := range []string{"a: [", "hello"} {
		file := filepath.Join(t.TempDir(), "config.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if r := s.run(exitRefused, "import", "litellm", file); r.out != "" || !strings.Contains(r.err, "config.yaml:1:1") {
			t.Errorf("%q: %s%s", text, r.out, r.err)
		}
	}
}

// TestSuggestionsAreWords: what is suggested to be typed is what it says to a shell, too,
// whatever things are called.
func TestSuggestionsAreWords(t *testing.T) {
	for _, text := range []string{"", "me", "a b", "O'Neill", `say "hi"`, "$(id) `id`", "x'; id #", "*", "~", "\\n", "張三", "gpt-5*", "a&b|c", "!!"} {
		out, err := exec.Command("sh", "-c", "printf %s "+word(text)+"; printf '\n'; printf %s "+firstChat(text)).Output()
		said, body, _ := strings.Cut(string(out), "\n")
		var chat struct{ Model string }
		if bad := json.Unmarshal([]byte(body), &chat); err != nil || bad != nil || said != text || chat.Model != text {
			t.Errorf("%q: %q in a shell, and %s in a body (%v)", text, said, body, errors.Join(err, bad))
		}
	}
	s := newShell(t)
	s.run(exitOK, "user", "create", "Mary O'Neill").shows(t, `next: tollgate key create --user 'Mary O'\''Neill'`)
	s.run(exitOK, "user", "create", "張三").shows(t, "next: tollgate key create --user 張三")
}

// TestColumns: what stands below each other in a table does so in every writing.
func TestColumns(t *testing.T) {
	for text, want := range map[string]int{"": 0, "zoe\u0308": 3, "李小龙": 6, "김, J.": 6, "ｔ": 2, "λ": 1} {
		if got := columns(text); got != want {
			t.Errorf("%q takes %d columns, not %d", text, got, want)
		}
	}
}
