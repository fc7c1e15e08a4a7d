package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/gateway/store"
	"tollgate/providers/providertest"
)

// gate is the whole program in this process: a real listener, a real database and a
// scripted upstream.
type gate struct {
	t      *testing.T
	srv    *server
	url    string
	db     string // path of the database, or its URL
	config string // path of the configuration
	up     *providertest.Upstream
	client *http.Client
	logs   *logBuffer
	reload *reloader
	stop   func()
	users  int
	clock  func() time.Time // nil: the world's
	// prepare changes a program before it listens; nil leaves it as it is.
	prepare func(*server)
	opened  []func(*store.Options) // how the database is opened
	// around is the database's URL when the program reaches it over a wire that may be cut.
	around string
	shadow string // the URL of a gateway that the program runs beside; "": none
	killed bool   // the program never gets to its books again
}

// upstreamKey is tollgate's credential at the scripted upstream. No caller may ever
// see it.
const upstreamKey = "sk-upstream-canary-4711"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	if err := os.Setenv("CLOUD_KEY", upstreamKey); err != nil {
		panic(err)
	}
	// Every server, stream and watch of a test must be gone when all is over. gorm keeps
	// one goroutine for the statement cache of each database it ever opened; fasthttp
	// keeps its clock, and the sweeper of a closed server until it next wakes.
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) { removeBuilt(); os.Exit(code) }),
		goleak.IgnoreAnyFunction("gorm.io/gorm/internal/lru.NewLRU[...].func1"),
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.updateServerDate.func1"),
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"))
}

type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// upstreamConfig has one provider for each price state. Rates are per million
// tokens: a reported usage of 1000 input and 1000 output tokens costs 0.011 USD.
const upstreamConfig = `
providers:
  gpu:    { kind: vllm, url: UPSTREAM/v1 }
  laptop: { kind: ollama, url: UPSTREAM }
  cloud:  { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY }
models:
  free: gpu/free
  paid: { to: cloud/paid, price: { input: 1, output: 10 } }
  paid2: { to: cloud/paid2, price: { input: 1, output: 10 } }
  unknown: cloud/unknown
  ceiling: { to: cloud/ceiling, ceiling_price: { input: 1, output: 10 } }
`

// start runs a gate with a configuration in which UPSTREAM stands for the scripted
// upstream's address.
func start(t *testing.T, config string) *gate {
	t.Helper()
	return startWith(t, config, nil)
}

// startWith is start with a change to the program before it listens.
func startWith(t *testing.T, config string, prepare func(*server), options ...option) *gate {
	t.Helper()
	g := &gate{t: t, prepare: prepare, up: providertest.NewUpstream(t), client: &http.Client{Transport: &http.Transport{}}, logs: &logBuffer{}}
	dir := t.TempDir()
	g.db = filepath.Join(dir, "tollgate.db")
	g.config = filepath.Join(dir, "tollgate.yaml")
	for _, o := range options {
		o(g)
	}
	g.write(config)
	g.run()
	return g
}

func (g *gate) write(config string) {
	g.t.Helper()
	text := "listen: 127.0.0.1:0\n" + strings.ReplaceAll(config, "UPSTREAM", g.up.Ollama())
	if err := os.WriteFile(g.config, []byte(text), 0o600); err != nil {
		g.t.Fatal(err)
	}
}

func (g *gate) run() {
	g.t.Helper()
	gl := globals{Config: g.config, Database: g.db, Shadow: g.shadow}
	log := slog.New(slog.NewJSONHandler(g.logs, nil))
	g.reload = &reloader{globals: gl, log: log}
	cfg, problems := g.reload.load()
	if len(problems) > 0 {
		g.t.Fatal(problemsError(g.config, problems))
	}
	opened := g.opened
	if g.clock != nil {
		opened = append(slices.Clone(opened), func(o *store.Options) { o.Now = g.clock })
	}
	srv, err := newServer(context.Background(), cfg, log, g.reload.reload, opened...)
	if err != nil {
		g.t.Fatal(err)
	}
	g.reload.server = srv
	if g.prepare != nil {
		g.prepare(srv)
	}
	srv.keep()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		g.t.Fatal(err)
	}
	go func() { _ = srv.listen(ln) }()
	g.srv, g.url = srv, "http://"+ln.Addr().String()
	srv.control.Discover(context.Background(), false)
	g.up.Reset()
	var once sync.Once
	g.stop = func() {
		once.Do(func() {
			g.client.CloseIdleConnections()
			srv.drain(context.Background(), 2*time.Second)
			_ = ln.Close() // a server that was stopped before it had begun does not know its listener
			patience := 10 * time.Second
			if g.killed {
				patience = 100 * time.Millisecond
			}
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			if err := srv.close(ctx); (err != nil) != g.killed {
				g.t.Errorf("closing: %v", err)
			}
		})
	}
	g.t.Cleanup(g.stop)
}

// mend forgets what has failed so far, as a reload does, so that the rows of a table do
// not leave each other's deployments out.
func (g *gate) mend() { g.srv.balancer.Mend() }

func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// person is a caller with every scope: a user in a team of an organization, with a key
// for both, whose calls have two tags.
type person struct {
	user, team, org, keyID, key, endUser, tag string
}

func (p person) account(k ledger.Kind) string {
	switch k {
	case ledger.User:
		return p.user
	case ledger.Team:
		return p.team
	case ledger.Org:
		return p.org
	case ledger.Member:
		return p.team + "/" + p.user
	case ledger.Key:
		return p.keyID
	case ledger.EndUser:
		return p.endUser
	case ledger.Tag:
		return p.tag
	}
	return ""
}

func (g *gate) person(ch control.KeyChange) person {
	g.t.Helper()
	g.users++
	p := person{user: fmt.Sprintf("user%d", g.users), team: fmt.Sprintf("team%d", g.users), org: fmt.Sprintf("org%d", g.users), endUser: fmt.Sprintf("end%d", g.users), tag: fmt.Sprintf("tag%d", g.users)}
	ctx := context.Background()
	must(g.srv.control.CreateUser(ctx, p.user, control.UserChange{}))(g.t)
	must(g.srv.control.CreateOrg(ctx, p.org, control.OrgChange{}))(g.t)
	must(g.srv.control.CreateTeam(ctx, p.team, control.TeamChange{Org: &p.org}))(g.t)
	must(g.srv.control.AddMember(ctx, p.team, p.user, nil))(g.t)
	yes := true
	ch.EndUsers = &yes
	if ch.Tags == nil {
		ch.Tags = &[]string{p.tag, p.tag + "/more: of all"}
	}
	k, secret, err := g.srv.control.CreateKey(ctx, control.KeyOwner{UserID: p.user, TeamID: p.team}, ch)
	if err != nil {
		g.t.Fatal(err)
	}
	p.keyID, p.key = k.ID, secret
	return p
}

// budget gives one account of a person a budget.
func (g *gate) budget(p person, k ledger.Kind, limit string, models ...string) ledger.Budget {
	g.t.Helper()
	m := must(accounting.ParseMoney(limit))(g.t)
	return g.made(ledger.Budget{Kind: k, Owner: p.account(k), Limit: &m, Models: models, Window: ledger.Window{Unit: ledger.Month}})
}

// made makes a budget, with a name of its own if there is one like it, as everybody's may be.
func (g *gate) made(b ledger.Budget) ledger.Budget {
	g.t.Helper()
	made, err := g.srv.control.CreateBudget(context.Background(), b)
	if errors.Is(err, control.ErrExists) {
		b.Name = newID()
		made, err = g.srv.control.CreateBudget(context.Background(), b)
	}
	return must(made, err)(g.t)
}

type answer struct {
	Status int
	Header http.Header
	Body   string
}

func (a answer) json(t *testing.T) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(a.Body), &v); err != nil {
		t.Fatalf("not JSON: %v: %s", err, a.Body)
	}
	return v
}

// errorField reads a field of the error object, as text.
func (a answer) errorField(t *testing.T, name string) string {
	t.Helper()
	e, ok := a.json(t)["error"].(map[string]any)
	if !ok {
		t.Fatalf("no error object: %s", a.Body)
	}
	if e[name] == nil {
		return ""
	}
	return fmt.Sprint(e[name])
}

type header map[string]string

func (g *gate) do(method, path, key, body string, h header) answer {
	g.t.Helper()
	a, err := g.try(method, path, key, body, h)
	if err != nil {
		g.t.Fatal(err)
	}
	return a
}

func (g *gate) try(method, path, key, body string, h header) (answer, error) {
	req, err := http.NewRequest(method, g.url+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	for k, v := range h {
		req.Header.Set(k, v)
	}
	res, err := g.client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	a := answer{res.StatusCode, res.Header, string(b)}
	if strings.Contains(a.Body+fmt.Sprint(a.Header), upstreamKey) {
		g.t.Errorf("%s %s: the upstream's credential is in the answer: %v %s", method, path, a.Header, a.Body)
	}
	return a, err
}

// chat makes a small chat call. extra are further members of the body.
func (g *gate) chat(p person, model, extra string, h header) answer {
	g.t.Helper()
	return g.do("POST", "/v1/chat/completions", p.key, chatBody(p, model, extra), h)
}

func chatBody(p person, model, extra string) string {
	if extra != "" {
		extra = "," + extra
	}
	return fmt.Sprintf(`{"model":%q,"user":%q,"messages":[{"role":"user","content":"hi"}]%s}`, model, p.endUser, extra)
}

// query reads one number from the database, through a connection of its own.
func (g *gate) query(text string, args ...any) int64 {
	g.t.Helper()
	db := g.connect()
	defer db.Close()
	var n sql.NullInt64
	if err := db.QueryRow(g.dialect(text), args...).Scan(&n); err != nil {
		g.t.Fatalf("%s: %v", text, err)
	}
	return n.Int64
}

// forPostgres puts a query of the tests into PostgreSQL's words.
func forPostgres(text string) string {
	text = strings.NewReplacer("json_each(e.claims) j", "jsonb_array_elements(e.claims::jsonb) j (value)",
		"j.value ->> 'start' = c.period_start", "(j.value ->> 'start')::bigint = c.period_start").Replace(text)
	for n := 1; strings.Contains(text, "?"); n++ {
		text = strings.Replace(text, "?", fmt.Sprint("$", n), 1)
	}
	return text
}

// eventually waits for a condition that becomes true behind the caller's back.
func (g *gate) eventually(what string, ok func() bool) {
	g.t.Helper()
	for until := time.Now().Add(15 * time.Second); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
	}
	g.t.Fatalf("never happened: %s", what)
}

// blockBooks takes the database's write lock, so that the books do not answer,
// until the returned function is called.
func (g *gate) blockBooks() (release func()) {
	g.t.Helper()
	db := must(sql.Open("sqlite3", "file:"+g.db+"?_busy_timeout=10000"))(g.t)
	conn := must(db.Conn(context.Background()))(g.t)
	if _, err := conn.ExecContext(context.Background(), "begin immediate"); err != nil {
		g.t.Fatal(err)
	}
	var once sync.Once
	release = func() {
		once.Do(func() {
			_, err := conn.ExecContext(context.Background(), "rollback")
			if err != nil {
				g.t.Error(err)
			}
			_ = conn.Close()
			_ = db.Close()
		})
	}
	g.t.Cleanup(release)
	return release
}
