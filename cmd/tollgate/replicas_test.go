package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/gateway/store"
	"tollgate/gateway/store/storetest"
	"tollgate/migrations"
	"tollgate/providers/providertest"
)

// leases makes a replica count as alive for so long, and tend to its store six times
// within it.
func leases(d time.Duration) func(*store.Options) {
	return func(o *store.Options) { o.Lease = d }
}

// logged waits for a text in the log of a program.
func (g *gate) logged(text string) {
	g.t.Helper()
	g.eventually(fmt.Sprintf("the log says %q", text), func() bool { return strings.Contains(g.logs.String(), text) })
}

// sum is what the entries of a key add up to.
func (g *gate) sum(p person) int64 {
	g.t.Helper()
	return g.query("select coalesce(sum(cost), 0) from entries where key_id = ?", p.keyID)
}

// TestT07_KilledReplica: what a replica held that is gone is booked by another when its
// lease has ended, as uncertain, at what is known of it; the books of the others go on.
func TestT07_KilledReplica(t *testing.T) {
	t.Parallel()
	c := &cluster{t: t, up: providertest.NewUpstream(t), database: storetest.Database(t)}
	alive := c.add(admissionConfig, nil, leases(12*time.Second))
	wire := storetest.NewWire(t, c.database)
	dying := c.add(admissionConfig, wire, leases(time.Second))
	dying.killed = true
	p := alive.person(control.KeyChange{})
	b := alive.budget(p, ledger.Team, "5")
	c.known(p)
	c.up.Set("paid", providertest.Script{Text: strings.Repeat("word ", 40), HangAfter: 30})
	c.up.Set("dear", providertest.Script{Hang: true})
	stream := dying.open(p, "/v1/chat/completions", chatBody(p, "paid", `"stream":true`))
	stream.next()
	whole, leave := dying.background(p, "/v1/chat/completions", chatBody(p, "dear", ""))
	dying.arrived(2)
	if n := alive.query("select count(*) from holds"); n != 2 {
		t.Fatalf("%d calls are held for, want 2", n)
	}
	wire.Cut() // it answers nobody any more, and writes nothing
	stream.cancel()
	leave()
	<-whole
	alive.logged("a process ended with calls under way")
	alive.settled()
	entries := must(alive.srv.control.Entries(context.Background(), control.EntryQuery{KeyID: p.keyID}))(t)
	if len(entries) != 2 {
		t.Fatalf("%d entries, want 2: %+v", len(entries), entries)
	}
	posted := accounting.Money(0)
	for _, e := range entries {
		if e.Status != ledger.Orphaned || e.Source != string(accounting.Uncertain) || e.Cost == nil || *e.Cost <= 0 || *e.Cost > e.Held {
			t.Errorf("%+v", e)
		}
		posted += *e.Cost
	}
	if got := alive.posted(b); got != int64(posted) {
		t.Errorf("%d posted, and the entries add up to %d", got, posted)
	}
	c.up.Set("paid", providertest.Script{})
	if a := alive.chat(p, "paid", "", nil); a.Status != 200 {
		t.Errorf("another replica, after all: %d %s", a.Status, a.Body)
	}
	dying.logged("the lease has ended")
	dying.stop()
	alive.audit()
}

// TestT07_SlowReplica: a replica that was only cut off from the database is taken for dead,
// says so itself, renews its lease first when it is back, and makes what was booked for
// it true. Its free models go on all the while.
func TestT07_SlowReplica(t *testing.T) {
	t.Parallel()
	c := &cluster{t: t, up: providertest.NewUpstream(t), database: storetest.Database(t)}
	alive := c.add(admissionConfig, nil, leases(12*time.Second))
	wire := storetest.NewWire(t, c.database)
	slow := c.add(admissionConfig, wire, leases(time.Second))
	p := alive.person(control.KeyChange{})
	alive.budget(p, ledger.Team, "5")
	c.known(p)
	c.up.Set("paid", providertest.Script{Text: strings.Repeat("word ", 40), HangAfter: 30})
	c.up.Set("dear", providertest.Script{DelayHeaders: 100 * time.Millisecond, Status: 500})
	stream := slow.open(p, "/v1/chat/completions", chatBody(p, "paid", `"stream":true`))
	for range 20 {
		stream.next()
	}
	failing, _ := slow.background(p, "/v1/chat/completions", chatBody(p, "dear", ""))
	slow.arrived(2)
	wire.Cut()
	if a := finishes(t, failing); a.Status < 500 {
		t.Errorf("the upstream's failure: %d %s", a.Status, a.Body)
	}
	slow.logged("the lease has ended")
	if a := slow.chat(p, "free", "", nil); a.Status != 200 {
		t.Errorf("a free call without the database: %d %s", a.Status, a.Body)
	}
	alive.settled()
	guessed := alive.sum(p)
	if guessed == 0 {
		t.Fatal("nothing was booked for the slow replica's calls")
	}
	stream.cancel()
	wire.Mend()
	slow.logged("the database answers again and the lease is renewed")
	slow.eventually("both calls are corrected", func() bool {
		return alive.query("select count(*) from entries where key_id = ? and corrects is not null", p.keyID) == 2
	})
	var truth int64
	for _, e := range must(alive.srv.control.Entries(context.Background(), control.EntryQuery{KeyID: p.keyID}))(t) {
		if e.Model == "paid" {
			truth += int64(*e.Cost)
		}
	}
	if sum := alive.sum(p); sum != truth || truth == 0 || sum == guessed {
		t.Errorf("the entries add up to %d, of the stream alone %d, and were guessed at %d", sum, truth, guessed)
	}
	if a := slow.chat(p, "paid", "", nil); a.Status != 200 {
		t.Errorf("a paid call after all: %d %s", a.Status, a.Body)
	}
	alive.audit()
}

// TestT36_DatabaseDown: while the database does not answer, a paid call is refused with
// 503 and a moment to wait, never for its key, also not for one that another replica has
// made meanwhile; free ones are served; and when it answers again all is as before.
func TestT36_DatabaseDown(t *testing.T) {
	t.Parallel()
	c := &cluster{t: t, up: providertest.NewUpstream(t), database: storetest.Database(t)}
	wire := storetest.NewWire(t, c.database)
	alive, g := c.add(admissionConfig, nil), c.add(admissionConfig, wire)
	admin := must(alive.srv.control.EnsureAdmin(context.Background(), ""))(t)
	p := alive.person(control.KeyChange{})
	alive.budget(p, ledger.User, "5")
	c.known(p)
	if a := g.chat(p, "paid", "", nil); a.Status != 200 {
		t.Fatalf("before: %d %s", a.Status, a.Body)
	}
	for name, down := range map[string]func(){"cut": wire.Cut, "silent": wire.Silence} {
		if a := g.chat(alive.person(control.KeyChange{}), "free", "", nil); a.Status != 200 {
			t.Errorf("a key that another replica has just made: %d %s", a.Status, a.Body)
		}
		down()
		fresh := alive.person(control.KeyChange{})
		for range 2 { // from the first moment on
			if a := g.chat(fresh, "free", "", nil); a.Status != 503 || a.errorField(t, "code") != "books_unavailable" || a.Header.Get("Retry-After") == "" {
				t.Errorf("%s: a key of which it is not known whether it is one: %d %v %s", name, a.Status, a.Header, a.Body)
			}
		}
		ways := operations
		if name == "silent" { // each paid one takes a second to find out
			ways = operations[:2]
		}
		for _, op := range ways {
			if a := g.ask(op, p, "free", nil); a.Status != 200 {
				t.Errorf("%s of free: %d %s", op.name, a.Status, a.Body)
			}
			a := g.ask(op, p, "paid", nil)
			if a.Status != 503 || a.errorField(t, "code") != "books_unavailable" || a.Header.Get("Retry-After") == "" {
				t.Errorf("%s of paid: %d %v %s", op.name, a.Status, a.Header, a.Body)
			}
		}
		if a := g.do("POST", "/api/v1/users", admin, `{"id":"bob"}`, nil); a.Status != 503 || a.Header.Get("Retry-After") == "" {
			t.Errorf("a change: %d %v %s", a.Status, a.Header, a.Body)
		}
		if a := g.do("GET", "/health/ready", "", "", nil); a.Status != 200 || !strings.Contains(a.Body, "degraded") {
			t.Errorf("readiness: %d %s", a.Status, a.Body)
		}
		if a := g.do("GET", "/v1/models", p.key, "", nil); a.Status != 200 || !strings.Contains(a.Body, `"free"`) {
			t.Errorf("the models: %d %s", a.Status, a.Body)
		}
		if a := g.do("POST", "/v1/chat/completions", "tg-nobody", chatBody(p, "free", ""), nil); a.Status != 401 {
			t.Errorf("a key that is none: %d %s", a.Status, a.Body)
		}
		typo := fresh.key[:len(fresh.key)-1] + "."
		if a := g.do("POST", "/v1/chat/completions", typo, chatBody(p, "free", ""), nil); a.Status != 401 {
			t.Errorf("a key that cannot be one: %d %s", a.Status, a.Body)
		}
		wire.Mend()
		g.eventually("the other replica's key is known", func() bool { return g.chat(fresh, "free", "", nil).Status == 200 })
		g.eventually("a paid call passes", func() bool { return g.chat(p, "paid", "", nil).Status == 200 })
	}
	if a := g.do("POST", "/api/v1/users", admin, `{"id":"bob"}`, nil); a.Status != 201 {
		t.Errorf("a change: %d %s", a.Status, a.Body)
	}
	// One that is away for a moment is waited for, when a call begins and when it ends.
	away := func() {
		wire.Cut()
		time.AfterFunc(500*time.Millisecond, wire.Mend)
	}
	away()
	if a := g.chat(p, "paid", "", nil); a.Status != 200 {
		t.Errorf("a call that began in a restart: %d %s", a.Status, a.Body)
	}
	c.up.Set("paid", providertest.Script{DelayHeaders: 200 * time.Millisecond})
	n := len(g.called())
	ending, _ := g.background(p, "/v1/chat/completions", chatBody(p, "paid", ""))
	g.arrived(n + 1)
	away()
	if a := finishes(t, ending); a.Status != 200 {
		t.Errorf("a call that ended in a restart: %d %s", a.Status, a.Body)
	}
	g.audit()
}

// TestT22_RevokedEverywhere: what is changed by one replica's management API is refused
// by the others, without a restart and without anybody telling them.
func TestT22_RevokedEverywhere(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 3, admissionConfig)
	first := c.gates[0]
	admin := must(first.srv.control.EnsureAdmin(context.Background(), ""))(t)
	manage := func(method, path, body string, status int) {
		t.Helper()
		if a := first.do(method, "/api/v1"+path, admin, body, nil); a.Status != status {
			t.Fatalf("%s %s: %d %s", method, path, a.Status, a.Body)
		}
	}
	everywhere := func(what string, p person, model string, status int, code string) {
		t.Helper()
		for _, g := range c.gates {
			g.eventually(what, func() bool {
				a := g.chat(p, model, "", nil)
				return a.Status == status && (status == 200 || a.errorField(t, "code") == code)
			})
		}
	}
	p := first.person(control.KeyChange{})
	b := first.budget(p, ledger.User, "5")
	everywhere("a new key", p, "paid", 200, "")
	manage("PATCH", "/budgets/"+b.ID, `{"limit":"0"}`, 200)
	everywhere("a budget of nothing", p, "paid", 429, "budget_exceeded")
	everywhere("free models", p, "free", 200, "")
	manage("DELETE", "/budgets/"+b.ID, "", 204)
	everywhere("no budget", p, "paid", 200, "")
	manage("POST", "/limits", fmt.Sprintf(`{"scope":"user","owner":%q,"requests_per_minute":0}`, p.user), 201)
	everywhere("a limit of nothing", p, "free", 429, "rate_limit_exceeded")
	other := first.person(control.KeyChange{})
	everywhere("another", other, "free", 200, "")
	manage("PATCH", "/keys/"+other.keyID, `{"blocked":true}`, 200)
	everywhere("a blocked key", other, "free", 401, "blocked_api_key")
	manage("PATCH", "/keys/"+other.keyID, `{"blocked":false,"models":["paid"]}`, 200)
	everywhere("a key for other models", other, "free", 403, "model_not_allowed")
	manage("DELETE", "/users/"+other.user, "", 204)
	everywhere("a user who is gone", other, "paid", 401, "invalid_api_key")
	// The management API itself: an admin key of one is one of all.
	for _, g := range c.gates {
		g.eventually("the admin key", func() bool { return g.do("GET", "/api/v1/users", admin, "", nil).Status == 200 })
	}
	for _, g := range c.gates {
		g.settled()
	}
	first.audit()
}

// withPassword is the database's URL with a password that nobody may see.
func withPassword(t *testing.T, database string) string {
	t.Helper()
	u := must(url.Parse(database))(t)
	u.User = url.UserPassword(u.User.Username(), databaseCanary)
	return u.String()
}

const databaseCanary = "database-canary-0815"

// TestCommandsBesideServers: with PostgreSQL a command works on the database itself,
// beside servers that run; they take over what it did, and it touches nothing of what
// they hold.
func TestCommandsBesideServers(t *testing.T) {
	t.Parallel()
	database := withPassword(t, storetest.Database(t))
	c := &cluster{t: t, up: providertest.NewUpstream(t), database: database}
	g := c.add(admissionConfig, nil)
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.User, "5")
	c.up.Set("paid", providertest.Script{Text: "a b c d", HangAfter: 2})
	l := g.open(p, "/v1/chat/completions", chatBody(p, "paid", `"stream":true`))
	l.next()
	held := g.held(b)
	if held == 0 {
		t.Fatal("nothing is held")
	}
	s := &shell{t, map[string]string{"TOLLGATE_DATABASE": database, "TOLLGATE_CONFIG": g.config}}
	key := strings.TrimSpace(s.run(exitOK, "key", "create", "--user", "bob", "--create-user", "--quiet").out)
	bob := person{key: key, endUser: "bob"}
	g.eventually("the new key is known", func() bool { return g.chat(bob, "free", "", nil).Status == 200 })
	s.run(exitOK, "budget", "create", "--user", "bob", "--limit", "0", "--per", "month")
	g.eventually("the new budget is in force", func() bool { return g.chat(bob, "other", "", nil).Status == 429 })
	s.run(exitOK, "budget", "list").shows(t, "bob")
	s.run(exitUnreachable, "reload").complains(t, "--url")
	if n := g.query("select count(*) from replicas"); n != 1 {
		t.Errorf("%d replicas, want 1: commands take no lease", n)
	}
	if g.held(b) != held || g.query("select count(*) from holds where id not in (select id from entries)") != 1 || g.query("select count(*) from entries where key_id = ?", p.keyID) != 0 {
		t.Error("a command has touched what a server holds")
	}
	l.cancel()
	g.audit()

	// Where it is not there, the error says so, and no password.
	u := must(url.Parse(database))(t)
	u.Host = "127.0.0.1:1"
	s.env["TOLLGATE_DATABASE"] = u.String()
	r := s.type_("", "user", "list")
	if r.code != exitFailed || !strings.Contains(r.err, "database") || strings.Contains(r.err+r.out, databaseCanary) {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
}

// TestA45_StartTogether: replicas that start at the same moment over an empty database
// migrate it once, and one of them makes the admin key and shows it. Their greeting and
// their logs hold no password. When they end, nothing of them stays.
func TestA45_StartTogether(t *testing.T) {
	t.Parallel()
	times := 2 // trust.md asks for 50, which TOLLGATE_STARTS=50 makes
	if n, err := strconv.Atoi(os.Getenv("TOLLGATE_STARTS")); err == nil {
		times = n
	}
	for range times {
		database := withPassword(t, storetest.Database(t))
		up := providertest.NewUpstream(t)
		g := &gate{t: t, up: up, config: t.TempDir() + "/tollgate.yaml"}
		g.write(admissionConfig)
		var all []*program
		for range 5 {
			all = append(all, serveProgram(t, "--config", g.config, "--database", database))
		}
		var made []string
		for _, p := range all {
			out := p.wait(p.out, "models")
			if strings.Contains(out, "admin key") {
				made = append(made, field(t, out, "admin key"))
			}
			if shown := field(t, out, "database"); !strings.HasPrefix(shown, "postgres://tollgate@127.0.0.1:") {
				t.Errorf("the greeting says of the database: %s", shown)
			}
		}
		if len(made) != 1 {
			t.Fatalf("%d replicas have shown an admin key", len(made))
		}
		for _, p := range all {
			base := field(t, p.out.String(), "address")
			for until := time.Now().Add(15 * time.Second); ; time.Sleep(10 * time.Millisecond) {
				if status, _ := get(t, base+"/api/v1/users", made[0]); status == 200 {
					break
				} else if time.Now().After(until) {
					t.Errorf("%s does not know the admin key: %d", base, status)
					break
				}
			}
		}
		db := &gate{t: t, db: database, srv: &server{store: must(store.Open(t.Context(), store.Postgres(database), store.Options{Visit: true, Log: slog.New(slog.DiscardHandler)}))(t)}}
		if n := db.query("select count(*) from replicas"); n != 5 {
			t.Errorf("%d replicas", n)
		}
		newest := must(migrations.Newest())(t)
		if n := db.query("select count(*) from goose_db_version where version_id > 0"); n != newest {
			t.Errorf("%d migrations were done, want %d", n, newest)
		}
		var wg sync.WaitGroup
		for _, p := range all {
			wg.Go(func() {
				if code := p.end(); code != 0 {
					t.Errorf("exit %d: %s", code, p.logs.String())
				}
			})
		}
		wg.Wait()
		for _, p := range all {
			if text := p.out.String() + p.logs.String(); strings.Contains(text, databaseCanary) {
				t.Errorf("the database's password is shown: %s", text)
			}
		}
		if n := db.query("select count(*) from replicas"); n != 0 {
			t.Errorf("%d replicas are left behind", n)
		}
		if err := db.srv.store.Close(); err != nil {
			t.Error(err)
		}
	}
}
