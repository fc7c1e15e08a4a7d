package main

import (
	"cmp"
	"database/sql"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tollgate/gateway/store/storetest"
	"tollgate/providers/providertest"
)

// fakeClock is a clock that stands still until it is set.
type fakeClock struct {
	mu  sync.Mutex
	now time.Time
}

func clockAt(at string) *fakeClock {
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		panic(err)
	}
	return &fakeClock{now: t}
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

func (c *fakeClock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// option changes a gate before it runs.
type option func(*gate)

// by makes the whole program go by a clock.
func by(c *fakeClock) option { return func(g *gate) { g.clock = c.Now } }

// begin is audited with options.
func begin(t *testing.T, config string, options ...option) *gate {
	t.Helper()
	g := &gate{t: t, up: providertest.NewUpstream(t), client: &http.Client{Transport: &http.Transport{}}, logs: &logBuffer{}}
	dir := t.TempDir()
	g.db = filepath.Join(dir, "tollgate.db")
	g.config = filepath.Join(dir, "tollgate.yaml")
	for _, o := range options {
		o(g)
	}
	g.write(config)
	g.run()
	t.Cleanup(g.audit)
	return g
}

// replica runs another program over the same database and upstream.
func (g *gate) replica() *gate {
	g.t.Helper()
	r := &gate{t: g.t, up: g.up, client: g.client, logs: &logBuffer{}, db: g.db, config: g.config, clock: g.clock, users: 1000}
	r.run()
	return r
}

// eachEngine runs a test over databases of each engine: each gate has one of its own.
func eachEngine(t *testing.T, test func(t *testing.T, db option)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, func(*gate) {})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, func(g *gate) { g.db = storetest.Database(g.t) })
	})
}

func (g *gate) postgres() bool { return strings.HasPrefix(g.db, "postgres:") }

// connect opens the database for a look at it.
func (g *gate) connect() *sql.DB {
	g.t.Helper()
	if g.postgres() {
		return must(sql.Open("pgx", cmp.Or(g.around, g.db)))(g.t)
	}
	return must(sql.Open("sqlite3", "file:"+g.db+"?mode=ro&_busy_timeout=5000"))(g.t)
}

// exec changes the database behind the program's back.
func (g *gate) exec(text string, args ...any) {
	g.t.Helper()
	db := g.connect()
	if !g.postgres() {
		_ = db.Close()
		db = must(sql.Open("sqlite3", "file:"+g.db+"?_busy_timeout=5000"))(g.t)
	}
	defer db.Close()
	if _, err := db.Exec(g.dialect(text), args...); err != nil {
		g.t.Fatalf("%s: %v", text, err)
	}
}

// dialect writes a query as the engine wants it.
func (g *gate) dialect(text string) string {
	if g.postgres() {
		return forPostgres(text)
	}
	return text
}

// copy is the database as it is at this moment, as a process that dies leaves it.
func (g *gate) copy() string {
	g.t.Helper()
	file := filepath.Join(g.t.TempDir(), "copy.db")
	g.exec("vacuum into ?", file)
	return file
}

// progress is what the books know of the answers that run, oldest call first.
func (g *gate) progress() []string {
	g.t.Helper()
	db := g.connect()
	defer db.Close()
	rows := must(db.Query("select progress from holds order by held_at, id"))(g.t)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			g.t.Fatal(err)
		}
		out = append(out, text)
	}
	return out
}
