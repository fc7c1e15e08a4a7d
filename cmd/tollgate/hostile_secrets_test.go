package main

import (
	"bufio"
	"bytes"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"tollgate/gateway/control"
	"tollgate/gateway/store/storetest"
)

// asProgram in the environment makes the test binary the program itself.
const asProgram = "TOLLGATE_TEST_AS_PROGRAM"

// canaries are secrets, one for each place where one can be, and what must not be kept
// or told either. None may be found in anything that the program writes.
type canaries struct {
	mu    sync.Mutex
	names map[string]string // by value
	seen  map[string]string // outputs by what they are
	owned []string          // may stand in answers to calls
}

func (c *canaries) made(name string) string {
	v := fmt.Sprintf("sk-canary-%s-%s", strings.ReplaceAll(name, " ", "-"), newSecret())
	c.add(name, v)
	return v
}

func (c *canaries) add(name, value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.names[value] = name
}

// own says that a value is the caller's own and may stand in answers to calls.
func (c *canaries) own(value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.owned = append(c.owned, value)
}

// output keeps something that the program wrote, to be searched at the end.
func (c *canaries) output(what, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen[what] += text + "\n"
}

// search says where each canary was found, written plainly or in a usual encoding.
func (c *canaries) search(t *testing.T) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for value, name := range c.names {
		forms := map[string]string{"plain": value, "base64": base64.StdEncoding.EncodeToString([]byte(value)), "escaped": url.QueryEscape(value), "first half": value[:len(value)-20]}
		for what, text := range c.seen {
			if slices.Contains(c.owned, value) && strings.HasPrefix(what, "the answer to POST /v1/") {
				continue
			}
			for form, v := range forms {
				if i := strings.Index(text, v); i >= 0 {
					t.Errorf("the canary %q (%s) is in %s: …%s…", name, form, what, text[max(0, i-80):min(len(text), i+len(v)+80)])
				}
			}
		}
	}
}

// parrot is an upstream that quotes whatever it was sent, in the way that the model's
// name says.
func parrot(t *testing.T) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		var quoted strings.Builder
		for k, v := range r.Header {
			fmt.Fprintf(&quoted, "%s: %s; ", k, strings.Join(v, ","))
		}
		var b struct{ Model string }
		_ = json.Unmarshal(raw, &b)
		e := func(extra string) string {
			q, _ := json.Marshal("you sent " + extra + quoted.String())
			return fmt.Sprintf(`{"error":{"message":%s,"type":%s,"code":%s,"param":%s}}`, q, q, q, q)
		}
		w.Header().Set("X-Request-Id", quoted.String())
		w.Header().Set("Content-Type", "application/json")
		quoted.Write(raw)
		var status int
		switch kind, rest, _ := strings.Cut(b.Model, "-"); {
		case r.Method == http.MethodGet:
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, e(""))
		case kind == "status":
			_, _ = fmt.Sscan(rest, &status)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, e(""))
		case kind == "long": // the quote is cut in the middle of the key
			w.WriteHeader(http.StatusBadRequest)
			var pad int
			_, _ = fmt.Sscan(rest, &pad)
			_, _ = io.WriteString(w, e(strings.Repeat("x", pad)))
		case kind == "html":
			w.WriteHeader(http.StatusBadGateway)
			_, _ = io.WriteString(w, "<html><title>"+quoted.String()+"</title>")
		case kind == "text":
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = io.WriteString(w, quoted.String())
		case kind == "under200":
			_, _ = io.WriteString(w, e(""))
		case kind == "nonsense":
			_, _ = io.WriteString(w, quoted.String())
		case kind == "event":
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = io.WriteString(w, goodChunk+"data: "+e("")+"\n\n")
		case kind == "badevent":
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = io.WriteString(w, goodChunk+"data: "+quoted.String()+"\n\n")
		case strings.Contains(string(raw), `"stream":true`):
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = io.WriteString(w, goodChunk+goodEnd)
		default:
			_, _ = io.WriteString(w, goodWhole)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// TestF9_Canaries runs the program as a process of its own, with a secret in every place
// where one can be, through success and failure, and searches all that it wrote: its
// output, its answers, its commands, its database and its backup (trust.md F9, T31).
func TestF9_Canaries(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "tollgate.db")
		canaryRun(t, &canaries{names: map[string]string{}, seen: map[string]string{}}, file, func() string {
			var all strings.Builder
			for _, name := range must(filepath.Glob(file + "*"))(t) {
				if strings.HasSuffix(name, ".lock") {
					continue // holds the local credential, for this user's commands alone
				}
				all.Write(must(os.ReadFile(name))(t))
			}
			return all.String()
		})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		c := &canaries{names: map[string]string{}, seen: map[string]string{}}
		plain := storetest.Database(t)
		u := must(url.Parse(plain))(t)
		u.User = url.UserPassword(u.User.Username(), c.made("database password"))
		canaryRun(t, c, u.String(), func() string { return dump(t, plain) })
	})
}

// dump is every value of every table.
func dump(t *testing.T, database string) string {
	t.Helper()
	db := must(sql.Open("pgx", database))(t)
	defer db.Close()
	rows := must(db.Query("select table_name from information_schema.tables where table_schema = 'public'"))(t)
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	_ = rows.Close()
	if len(tables) < 10 {
		t.Fatalf("only the tables %v were found", tables)
	}
	var all strings.Builder
	for _, name := range tables {
		var text sql.NullString
		if err := db.QueryRow(fmt.Sprintf("select string_agg(t::text, E'\\n') from %q t", name)).Scan(&text); err != nil {
			t.Fatal(err)
		}
		all.WriteString(text.String)
	}
	return all.String()
}

// process is the program in a process of its own.
type process struct {
	t   *testing.T
	c   *canaries
	env []string
	cmd *exec.Cmd
	url string
}

func (p *process) command(args ...string) *exec.Cmd {
	cmd := exec.Command(must(os.Executable())(p.t), args...)
	cmd.Env = append([]string{asProgram + "=1", "PATH=" + os.Getenv("PATH")}, p.env...)
	return cmd
}

// run runs a command line and keeps what it prints.
func (p *process) run(args ...string) string {
	p.t.Helper()
	out, err := p.command(args...).CombinedOutput()
	if _, exited := err.(*exec.ExitError); err != nil && !exited { //nolint:errorlint // an exit code is an answer too
		p.t.Fatal(err)
	}
	p.c.output("the command "+strings.Join(args[:min(2, len(args))], " "), string(out))
	return string(out)
}

// serve starts the server and waits until it says where it listens.
func (p *process) serve(config string) (stop func()) {
	p.t.Helper()
	p.cmd = p.command("serve", "--config", config)
	var stderr bytes.Buffer
	p.cmd.Stderr = &stderr
	stdout := must(p.cmd.StdoutPipe())(p.t)
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	found := make(chan string, 1)
	read := make(chan struct{})
	var printed strings.Builder
	go func() {
		defer close(read)
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			printed.WriteString(lines.Text() + "\n")
			if f := strings.Fields(lines.Text()); len(f) == 2 && f[0] == "address" {
				found <- f[1]
			}
		}
	}()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
				p.t.Error(err)
			}
			timer := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
			<-read
			err := p.cmd.Wait()
			timer.Stop()
			if err != nil {
				p.t.Errorf("the program ended with %v: %s", err, stderr.String())
			}
			p.c.output("the standard output", printed.String())
			p.c.output("the log", stderr.String())
			if n := strings.Count(stderr.String(), "\n"); n < 20 {
				p.t.Errorf("only %d lines of log: %s", n, stderr.String())
			}
		})
	}
	p.t.Cleanup(stop)
	select {
	case p.url = <-found:
	case <-time.After(patience):
		p.t.Fatalf("the program does not start: %s", stderr.String())
	}
	return stop
}

// call makes one request and keeps its answer.
func (p *process) call(method, path, body string, h header) answer {
	p.t.Helper()
	req := must(http.NewRequest(method, p.url+path, strings.NewReader(body)))(p.t)
	for k, v := range h {
		req.Header.Set(k, v)
	}
	res := must(http.DefaultTransport.RoundTrip(req))(p.t)
	defer res.Body.Close()
	b := must(io.ReadAll(res.Body))(p.t)
	a := answer{res.StatusCode, res.Header, string(b)}
	path, _, _ = strings.Cut(path, "?")
	p.c.output("the answer to "+method+" "+path, fmt.Sprint(a.Header)+a.Body)
	return a
}

func canaryRun(t *testing.T, c *canaries, database string, dumped func() string) {
	up := parrot(t)
	dir := t.TempDir()
	fileKey, adminKey := c.made("provider key in a file"), c.made("key that manages")
	if err := os.WriteFile(filepath.Join(dir, "provider.key"), []byte(fileKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	// This Redis has no password: it refuses the one it is given, in words of its own.
	redis := must(url.Parse(os.Getenv("TOLLGATE_TEST_REDIS")))(t)
	redis.User = url.UserPassword("", c.made("redis password"))
	config := filepath.Join(dir, "tollgate.yaml")
	text := fmt.Sprintf(`listen: 127.0.0.1:0
database: env:DATABASE_URL
rate_limit_store: env:REDIS_URL
admin_key: env:ADMIN_KEY
log_level: debug
drain: 1s
providers:
  gpu:   { kind: vllm, url: %[1]s/v1, key: file:provider.key }
  cloud: { kind: openai, url: %[1]s/v1, key: env:CLOUD_KEY, headers: { X-Org-Secret: env:HEADER_SECRET }, price: { input: 1, output: 10 } }
  gone:  { kind: openai, url: http://127.0.0.1:1/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 } }
models:
  free: gpu/free
  paid: cloud/paid
  gone: gone/gone
`, up.URL)
	if !strings.HasPrefix(database, "postgres:") {
		text = strings.Replace(text, "env:DATABASE_URL", "sqlite:"+database, 1)
	}
	kinds := []string{"status-400", "status-401", "status-403", "status-404", "status-409", "status-422", "status-402", "status-408", "status-429", "status-500", "status-503", "status-504", "status-302",
		"long-700", "long-900", "long-1000", "html", "text", "under200", "nonsense", "event", "badevent"}
	for _, k := range kinds {
		text += fmt.Sprintf("  free-%[1]s: gpu/%[1]s\n  paid-%[1]s: cloud/%[1]s\n", k)
	}
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, c: c, env: []string{"DATABASE_URL=" + database, "REDIS_URL=" + redis.String(), "ADMIN_KEY=" + adminKey,
		"CLOUD_KEY=" + c.made("provider key in the environment"), "HEADER_SECRET=" + c.made("header of a provider"), "TOLLGATE_CONFIG=" + config}}
	stop := p.serve(config)
	asAdmin := header{"Authorization": "Bearer " + adminKey, "Content-Type": "application/json"}

	// A key is shown when it is made, and never again.
	for _, body := range []string{`{"id":"ann"}`, `{"id":"bob"}`} {
		if a := p.call("POST", "/api/v1/users", body, asAdmin); a.Status > 299 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	var keys []string
	for _, user := range []string{"ann", "bob"} {
		req := must(http.NewRequest("POST", p.url+"/api/v1/keys", strings.NewReader(fmt.Sprintf(`{"user":%q}`, user))))(t)
		req.Header.Set("Authorization", "Bearer "+adminKey)
		res := must(http.DefaultTransport.RoundTrip(req))(t)
		var made struct{ Key string }
		err := json.NewDecoder(res.Body).Decode(&made)
		_ = res.Body.Close()
		if err != nil || made.Key == "" {
			t.Fatalf("no key: %d %v", res.StatusCode, err)
		}
		keys = append(keys, made.Key)
		c.add("key of "+user, made.Key)
	}
	p.call("POST", "/api/v1/limits", `{"scope":"user","requests":1000000}`, asAdmin)
	p.call("POST", "/api/v1/budgets", `{"scope":"user","limit":"1000","per":"month"}`, asAdmin)

	// Calls that succeed and calls that fail, each with more secrets on it.
	models := []string{"free", "paid", "gone", "nosuch"}
	for _, k := range kinds {
		models = append(models, "free-"+k, "paid-"+k)
	}
	prompt := c.made("prompt")
	c.own(prompt)
	for n, model := range models {
		for _, stream := range []string{"false", "true"} {
			key := keys[n%2]
			p.call("POST", "/v1/chat/completions?api_key="+c.made("query")+"&token="+key, fmt.Sprintf(`{"model":%q,"stream":%s,"max_tokens":5,"messages":[{"role":"user","content":%q}]}`, model, stream, prompt),
				header{"Authorization": "Bearer " + key, "Content-Type": "application/json", "Cookie": "session=" + c.made("cookie"), "Idempotency-Key": c.made("idempotency key"),
					"Proxy-Authorization": "Basic " + c.made("proxy credential"), "Openai-Organization": c.made("organization"), "X-Secret": c.made("header of a client")})
		}
	}
	p.call("POST", "/v1/embeddings", fmt.Sprintf(`{"model":"free","input":%q}`, prompt), header{"X-Api-Key": keys[0]})
	for name, h := range map[string]header{
		"wrong key":            {"Authorization": "Bearer " + c.made("wrong key")},
		"wrong key of our own": {"Authorization": "Bearer sk-tg-" + c.made("malformed key")},
		"basic":                {"Authorization": "Basic " + c.made("basic credential")},
		"two keys":             {"Authorization": "Bearer " + keys[0], "X-Api-Key": c.made("second key")},
		"upper case":           {"Api-Key": strings.ToUpper(c.made("upper case"))},
	} {
		if a := p.call("POST", "/v1/chat/completions", `{"model":"free"}`, h); a.Status != 401 && (name != "two keys" || a.Status != 400) {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	p.call("POST", "/v1/chat/completions", `{"model":"`+prompt, header{"Authorization": "Bearer " + keys[0]})
	p.call("POST", "/v1/chat/completions", `{"model":"free","n":"`+prompt+`"}`, header{"Authorization": "Bearer " + keys[0]})
	p.call("GET", "/no/such/path?key="+keys[0], "", header{"Authorization": "Bearer " + keys[0]})
	p.call("DELETE", "/v1/models", "", header{"Authorization": "Bearer " + keys[0]})
	addr := strings.TrimPrefix(p.url, "http://")
	for _, a := range attacks() {
		if a.second == 200 {
			continue
		}
		answers, _ := exchange(t, addr, strings.NewReplacer("KEY", keys[0], "HIDDEN", hidden(keys[1])).Replace(a.raw), 0)
		for _, got := range answers {
			c.output("the answer to a raw request", fmt.Sprint(got.Header)+got.Body)
		}
	}

	// The whole management, by its API and by its commands.
	for _, r := range routeTable {
		if r.method == "GET" && r.path != "/health/live" {
			p.call("GET", strings.NewReplacer(":id", "ann", "+", "free").Replace(r.path), "", asAdmin)
		}
	}
	for _, path := range []string{"/metrics", "/api/v1/usage?by=key,model", "/api/v1/entries?limit=500"} {
		p.call("GET", path, "", asAdmin)
	}
	p.call("POST", "/api/v1/keys", `{"user":"`+c.made("field of a request")[:30]+`"}`, asAdmin)
	p.call("POST", "/api/v1/explain", `{"key":"`+keys[0]+`","model":"paid"}`, asAdmin)
	p.env = append(p.env, "TOLLGATE_URL="+p.url, "TOLLGATE_ADMIN_KEY="+adminKey)
	for _, args := range [][]string{{"check"}, {"check", "--json"}, {"key", "list"}, {"key", "list", "--json"}, {"user", "list"}, {"budget", "list"}, {"limit", "list"}, {"usage", "--json"},
		{"entries", "--json"}, {"verify"}, {"explain", "admin", "paid"}, {"health"}, {"version"}, {"key", "list", "--admin-key", c.made("wrong admin key")}} {
		p.run(args...)
	}
	// A configuration with a secret where none may be says where, and not what.
	bad := strings.Replace(text, "key: file:provider.key", "key: "+c.made("inline key"), 1) + "admin_keys: " + c.made("misspelt") + "\n"
	if err := os.WriteFile(config, []byte(bad), 0o600); err != nil {
		t.Fatal(err)
	}
	if a := p.call("POST", "/api/v1/reload", "", asAdmin); a.Status < 400 {
		t.Errorf("a bad configuration was taken: %d %s", a.Status, a.Body)
	}
	p.run("check", "--config", config)
	p.env = p.env[:len(p.env)-2]
	p.run("check", "--config", config) // starts nothing with it
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	backup := filepath.Join(dir, "backup")
	p.run("backup", backup)
	stop()
	for _, database := range []string{"postgres://u:" + c.made("password of a dead database") + "@127.0.0.1:1/x", "postgres://u:" + c.made("password of a bad URL") + "@[::1/x"} {
		p.run("serve", "--database", database)
	}

	c.output("the database", dumped())
	c.output("the backup", inflated(t, backup))
	for _, must := range []string{"the log", "the database", "the backup", "the command check", "the answer to POST /v1/chat/completions"} {
		if len(c.seen[must]) < 200 {
			t.Errorf("%s is too short to have been looked at: %q", must, c.seen[must])
		}
	}
	c.search(t)
}

// inflated is a backup's content, of which all but the head is compressed.
func inflated(t *testing.T, file string) string {
	t.Helper()
	raw := must(os.ReadFile(file))(t)
	start := bytes.Index(raw, []byte{0x28, 0xb5, 0x2f, 0xfd})
	if start < 0 {
		t.Fatal("the backup is not compressed as it was")
	}
	z, err := zstd.NewReader(bytes.NewReader(raw[start:]), zstd.WithDecoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	text := must(io.ReadAll(z))(t)
	if !bytes.Contains(text, []byte("ann")) {
		t.Error("the backup does not show who was in the database")
	}
	return string(raw) + string(text)
}

// TestF9_KeysInPlaceOfModels: a program that sends a key where the model belongs has it
// written down nowhere.
func TestF9_KeysInPlaceOfModels(t *testing.T) {
	t.Parallel()
	g := start(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	for _, model := range []string{p.key, "sk-proj-canary-of-a-vendor-0815"} {
		if a := g.chat(p, model, "", nil); a.Status != 404 || a.errorField(t, "code") != "model_not_found" {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		if strings.Contains(g.logs.String(), model) {
			t.Errorf("%s is in the log", model)
		}
	}
	g.eventually("the calls are recorded, without the keys", func() bool { return g.query("select count(*) from calls where model = '(a key)'") == 2 })
}
