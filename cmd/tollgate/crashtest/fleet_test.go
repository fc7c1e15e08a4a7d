//go:build crash

package crashtest

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"tollgate/accounting"
)

// config is the program's configuration; UPSTREAM and DATABASE are filled in. Prices
// are those of [rates]. Every call claims one budget of each of five kinds,
// and that of each of its two tags.
const config = `
database: DATABASE
drain_delay: 0s
drain: 400ms
admission: strict
providers:
  alpha: { kind: vllm, url: UPSTREAM/alpha/v1, key: env:CLOUD_KEY, price: { input: 1, output: 10 }, default_output: 40, max_output: 400 }
  beta:  { kind: vllm, url: UPSTREAM/beta/v1, key: env:CLOUD_KEY, price: { input: 0.1375, cached_input: 0.06875, output: 0.6001 }, default_output: 40, max_output: 400 }
  gpu:   { kind: vllm, url: UPSTREAM/gpu/v1 }
models:
  paid: alpha/large
  other: beta/small
  backed: [alpha/large, beta/small]
  free: gpu/open
budgets:
  - { scope: gateway, limit: 100000 USD, per: day }
  - { each: team, limit: 10000 USD, per: day }
  - { each: user, limit: 1000 USD, per: day }
  - { each: member, limit: 1000 USD, per: day }
  - { each: key, limit: 1000 USD, per: day }
  - { each: tag, limit: 10000 USD, per: day }
  - { user: poor, limit: 0.005 USD, per: day }
  - { user: broke, limit: 0, per: day }
`

// claims is how many budgets of config apply to every call.
const claims = 7

// vendorKey is the gateway's credential at the upstream.
const vendorKey = "sk-vendor-canary-8150"

// need is a setting that make gives. Without it the tests fail: none is left out in
// silence.
func need(t *testing.T, name, what string) string {
	t.Helper()
	v := os.Getenv(name)
	if v == "" {
		t.Fatalf("%s is not set (%s): run these tests with make test-crash", name, what)
	}
	return v
}

// fleet is the program in one or more replicas over one database, with its upstream.
type fleet struct {
	t        *testing.T
	bin      string
	file     string // the configuration
	env      []string
	admin    string // the admin key
	up       *upstream
	book     *book
	keys     map[string]string // by the caller's name
	db       *sql.DB           // the oracle's own, which only reads
	replicas []*replica
	kills    atomic.Int64 // and other ends of processes under load
	phase    atomic.Int64 // of a test that has several; calls note in which they began
	// troubled says that the books were made to fail: what could not be released may be
	// left to the next start.
	troubled bool
	// mayDie says that a process may end by itself, by a panic that was asked for.
	mayDie bool
}

type replica struct {
	fleet *fleet
	index int
	addr  atomic.Pointer[string] // nil while it does not serve
	prog  *program
}

// newFleet lays out a database's configuration for so many replicas; none is started.
// database is what the configuration says, and open how the oracle reads it.
func newFleet(t *testing.T, dir, database string, replicas int, env ...string) *fleet {
	t.Helper()
	f := &fleet{t: t, bin: need(t, "TOLLGATE_CRASH_BIN", "the program, built with the tag failpoints"), book: &book{calls: map[string]*call{}}, keys: map[string]string{}}
	f.up = newUpstream(t, f.book)
	out, err := exec.Command(f.bin, "key", "generate").Output()
	if err != nil {
		t.Fatalf("%s key generate: %v", f.bin, err)
	}
	f.admin = strings.TrimSpace(string(out))
	f.file = filepath.Join(dir, "tollgate.yaml")
	text := strings.NewReplacer("UPSTREAM", f.up.url, "DATABASE", database).Replace(config)
	if err := os.WriteFile(f.file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f.env = append([]string{"PATH=" + os.Getenv("PATH"), "TOLLGATE_ADMIN_KEY=" + f.admin, "CLOUD_KEY=" + vendorKey}, env...)
	for i := range replicas {
		f.replicas = append(f.replicas, &replica{fleet: f, index: i})
	}
	t.Cleanup(func() {
		for _, r := range f.replicas {
			if r.prog != nil {
				r.prog.kill()
			}
		}
	})
	return f
}

// sqliteFleet is one process over a SQLite database of its own.
func sqliteFleet(t *testing.T, env ...string) *fleet {
	t.Helper()
	dir := t.TempDir()
	f := newFleet(t, dir, "sqlite:tollgate.db", 1, env...)
	f.open("sqlite3", sqliteDSN(filepath.Join(dir, "tollgate.db")))
	return f
}

func sqliteDSN(path string) string {
	return "file:" + path + "?mode=ro&_query_only=true&_busy_timeout=10000"
}

// open gives the oracle its way into the database.
func (f *fleet) open(driver, dsn string) {
	f.t.Helper()
	var err error
	if f.db, err = sql.Open(driver, dsn); err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { _ = f.db.Close() })
}

// command is the binary with the fleet's configuration and environment.
func (f *fleet) command(env []string, args ...string) *exec.Cmd {
	cmd := exec.Command(f.bin, append(args, "--config", f.file)...)
	cmd.Dir = filepath.Dir(f.file)
	cmd.Env = append(append([]string(nil), f.env...), env...)
	return cmd
}

// begin starts a replica and does not wait for it. env is for this process alone.
func (r *replica) begin(env ...string) {
	f := r.fleet
	f.t.Helper()
	cmd := f.command(env, "serve", "--listen", "127.0.0.1:0")
	secrets := []string{vendorKey, f.admin}
	for _, k := range f.keys {
		secrets = append(secrets, k)
	}
	p, err := begin(cmd, secrets)
	if err != nil {
		f.t.Fatalf("%s: %v", cmd, err)
	}
	r.prog = p
}

// start starts a replica and waits until it serves.
func (r *replica) start(env ...string) {
	r.fleet.t.Helper()
	r.begin(env...)
	r.serve()
}

// serve waits until a replica that was begun serves.
func (r *replica) serve() {
	r.fleet.t.Helper()
	url, err := r.prog.wait()
	if err != nil {
		r.fleet.t.Fatalf("starting replica %d after %d kills: %v", r.index, r.fleet.kills.Load(), err)
	}
	r.addr.Store(&url)
}

// kill kills a replica's process and looks at what it wrote.
func (r *replica) kill() {
	r.addr.Store(nil)
	r.fleet.kills.Add(1)
	r.prog.kill()
	if !r.prog.killed() && !r.fleet.mayDie {
		r.fleet.t.Errorf("replica %d ended by itself, with %v:\n%s", r.index, r.prog.result, r.prog.errs.tail())
	}
	r.inspect()
}

// inspect looks at what a process has written: log records without secrets, and
// nothing else.
func (r *replica) inspect() {
	odd, leaks := r.prog.errs.odd()
	if len(odd) > 0 && !r.fleet.mayDie {
		r.fleet.t.Errorf("replica %d wrote what is no log record:\n%s", r.index, strings.Join(odd[:min(len(odd), 20)], "\n"))
	}
	if leaks > 0 {
		r.fleet.t.Errorf("%d lines of replica %d's log hold a secret", leaks, r.index)
	}
}

// terminate ends a replica as a service manager does; it must end well.
func (r *replica) terminate() {
	r.fleet.t.Helper()
	r.addr.Store(nil)
	if err := r.prog.terminate(); err != nil {
		r.fleet.t.Errorf("replica %d: %v", r.index, err)
	}
	r.inspect()
}

// pick returns a replica that serves and its address, waiting for one until stop; nil
// then.
func (f *fleet) pick(stop *atomic.Bool, n uint64) (*replica, string) {
	for !stop.Load() {
		for i := range f.replicas {
			r := f.replicas[(n+uint64(i))%uint64(len(f.replicas))]
			if a := r.addr.Load(); a != nil {
				return r, *a
			}
		}
		time.Sleep(time.Millisecond)
	}
	return nil, ""
}

// first starts the first replica on the empty database and makes the callers and
// their keys.
func (f *fleet) first() {
	f.t.Helper()
	f.replicas[0].start()
	f.populate()
}

func (f *fleet) populate() {
	f.t.Helper()
	f.api("POST", "/teams", `{"id":"crew","tags":["crew/all"]}`, nil)
	for _, who := range callers {
		f.api("POST", "/users", fmt.Sprintf(`{"id":%q}`, who), nil)
		f.api("PUT", "/teams/crew/members/"+who, "", nil)
		var k struct{ Key string }
		f.api("POST", "/keys", fmt.Sprintf(`{"user":%q,"team":"crew","end_users":true,"tags":["of %[1]s"]}`, who), &k)
		f.keys[who] = k.Key
	}
}

// api asks the management API of a replica that serves.
func (f *fleet) api(method, path, body string, into any) {
	f.t.Helper()
	_, url := f.pick(new(atomic.Bool), 0)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, url+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		f.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+f.admin)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Close = true // a connection that is kept would be waited for at the end
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		f.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode > 299 {
		f.t.Fatalf("%s %s: %d %v %s", method, path, res.StatusCode, err, b)
	}
	if into != nil {
		if err := json.NewDecoder(bytes.NewReader(b)).Decode(into); err != nil {
			f.t.Fatalf("%s %s: %v: %s", method, path, err, b)
		}
	}
}

// money reads an amount of the management API, in nano-dollars.
func money(t *testing.T, s string) int64 {
	t.Helper()
	m, err := accounting.ParseMoney(s)
	if err != nil {
		t.Fatal(err)
	}
	return int64(m)
}
