package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/httpapi"
	"tollgate/providers/providertest"
)

// TestMetricsNeedACredential: T27. What opens them opens nothing else.
func TestMetricsNeedACredential(t *testing.T) {
	t.Parallel()
	admin := func(g *gate) string { return g.srv.auth.Local }
	for name, c := range map[string]struct {
		config                           string
		nobody, token, caller, adminWant int
	}{
		"off":    {"metrics: off\n", 404, 404, 404, 404},
		"unsaid": {"", 404, 404, 404, 404},
		"on":     {"metrics: on\n", 401, 401, 403, 200},
		"token":  {tokenConfig, 401, 200, 403, 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := begin(t, upstreamConfig+c.config, withToken)
			p := g.person(control.KeyChange{})
			for _, try := range []struct {
				who, key string
				want     int
			}{{"nobody", "", c.nobody}, {"the token", scrapeToken, c.token}, {"a caller", p.key, c.caller}, {"the admin", admin(g), c.adminWant},
				{"nearly the token", scrapeToken[:len(scrapeToken)-1], c.nobody}, {"more than the token", scrapeToken + "x", c.nobody}} {
				a := g.do("GET", "/metrics", try.key, "", nil)
				if a.Status != try.want || strings.Contains(a.Body, "tollgate_") != (try.want == 200) {
					t.Errorf("%s: %d, want %d: %.200s", try.who, a.Status, try.want, a.Body)
				}
			}
			for _, h := range []header{{"x-api-key": scrapeToken}, {"api-key": scrapeToken}, {"Authorization": "Basic " + scrapeToken}, {"Authorization": scrapeToken}} {
				if a := g.do("GET", "/metrics", "", "", h); a.Status != c.nobody {
					t.Errorf("%v: %d", h, a.Status)
				}
			}
			for _, path := range []string{"/v1/models", "/api/v1/users", "/metrics/x", "/v1/metrics"} {
				if a := g.do("GET", path, scrapeToken, "", nil); a.Status != 401 && a.Status != 404 {
					t.Errorf("the token opens %s: %d", path, a.Status)
				}
			}
			if strings.Contains(g.logs.String(), scrapeToken) {
				t.Error("the token is in the log")
			}
		})
	}
}

// TestMetricsListenApart: with an address of their own they are nowhere else, and the
// listener ends with the server.
func TestMetricsListenApart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "metrics.token"), []byte(scrapeToken), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		config string
		nobody int
	}{
		"open":  {"metrics: { listen: 127.0.0.1:0 }", 200},
		"token": {"metrics: { listen: 127.0.0.1:0, token: file:metrics.token }", 401},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(dir, name+".yaml")
			if err := os.WriteFile(file, []byte("listen: 127.0.0.1:0\nproviders: { e: { kind: echo } }\n"+c.config+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			p := serveProgram(t, "--config", file, "--database", filepath.Join(dir, name+".db"))
			out := p.wait(p.out, "next, in another terminal")
			url, at, key := field(t, out, "address"), field(t, out, "metrics"), field(t, out, "admin key")
			for _, try := range []struct {
				what, url, key string
				want           int
			}{
				{"nobody", at, "", c.nobody}, {"the token", at, scrapeToken, 200}, {"the admin", at, key, 200},
				{"beside everything else", url + "/metrics", key, 404},
				{"nothing else is there", strings.TrimSuffix(at, "/metrics") + "/v1/models", key, 404},
				{"not even health", strings.TrimSuffix(at, "/metrics") + "/health/live", key, 404},
			} {
				if status, body := get(t, try.url, try.key); status != try.want || status == 200 && !strings.Contains(body, "\ntollgate_keys 1\n") {
					t.Errorf("%s: %d, want %d: %.200s", try.what, status, try.want, body)
				}
			}
			if code := p.end(); code != 0 {
				t.Errorf("exit %d: %s", code, p.logs.String())
			}
			if conn, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(at, "http://"), "/metrics")); err == nil {
				_ = conn.Close()
				t.Error("the listener is still there after the end")
			}
		})
	}
	t.Run("commands", func(t *testing.T) { // they open the database in a program that does not listen
		var out, logs bytes.Buffer
		args := []string{"key", "list", "--config", filepath.Join(dir, "open.yaml"), "--database", filepath.Join(dir, "open.db")}
		if code := runCLI(context.Background(), args, func(string) string { return "" }, strings.NewReader(""), &out, &logs); code != 0 || logs.Len() > 0 {
			t.Errorf("exit %d: %s %s", code, out.String(), logs.String())
		}
	})
	t.Run("taken", func(t *testing.T) {
		ln := must(net.Listen("tcp", "127.0.0.1:0"))(t)
		defer ln.Close()
		file := filepath.Join(dir, "taken.yaml")
		if err := os.WriteFile(file, []byte("listen: 127.0.0.1:0\nproviders: { e: { kind: echo } }\nmetrics: { listen: "+ln.Addr().String()+" }\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		p := serveProgram(t, "--config", file, "--database", filepath.Join(dir, "taken.db"))
		code := <-p.done
		p.done <- code
		if said := p.logs.String(); code == 0 || !strings.Contains(said, "for the metrics") || !strings.Contains(said, ln.Addr().String()) || strings.Contains(said, "closing") {
			t.Errorf("exit %d: %s", code, said)
		}
	})
}

// TestA40_NamesMakeNoSeries: 100,000 names of models, with and without a wildcard that
// they fit, make no series.
func TestA40_NamesMakeNoSeries(t *testing.T) {
	t.Parallel()
	g := begin(t, upstreamConfig+"  'any/*': 'cloud/*'\n  'ours/*': 'gpu/*'\n"+tokenConfig, withToken)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "0") // so that no upstream is asked for what costs
	call := func(name string) {
		body := fmt.Sprintf(`{"model":%q,"messages":[],"user":%q}`, name, name)
		if a, err := g.try("POST", "/v1/chat/completions", p.key, body, header{"User-Agent": name}); err != nil || a.Status < 400 {
			t.Errorf("%s: %v %d %s", name, err, a.Status, a.Body)
		}
	}
	series := func() (names []string) {
		s, _ := g.scrape()
		for k := range s {
			names = append(names, k)
		}
		slices.Sort(names)
		return names
	}
	for _, name := range []string{"x-first", "any/first"} {
		call(name)
	}
	g.up.Set("first", providertest.Script{Status: 400, Body: `{"error":{"message":"no"}}`})
	if a := g.chat(p, "ours/first", "", nil); a.Status != 400 {
		t.Fatal(a.Body)
	}
	before := series()

	// A thousand go over the wire; of the rest it is looked at what they would be counted
	// under, which is all that differs.
	const over = 500
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range over / 4 {
				name := fmt.Sprintf("x-%d-%d", w, i)
				call(name)
				call("any/" + name)
			}
		})
	}
	wg.Wait()
	snapshot := g.srv.gateway.Catalog.Snapshot()
	for i := range 100_000 {
		name := fmt.Sprintf("any/%d", i)
		route := must(snapshot.Resolve(name))(t)
		if dep := route.Candidates()[0].Of(); route.Family != "any/*" || dep.Family != "cloud/*" || dep.ID == dep.Family {
			t.Fatalf("%s is counted under %s and %s", name, route.Family, dep.Family)
		}
	}
	after := series()
	if !slices.Equal(before, after) {
		for _, k := range after {
			if !slices.Contains(before, k) {
				t.Logf("  new: %s", k)
			}
		}
		t.Errorf("%d series, and %d after more names", len(before), len(after))
	}
}

// TestMetricsHoldNoSecret: F9. Nothing that belongs to one person or one request is in a
// scrape.
func TestMetricsHoldNoSecret(t *testing.T) {
	t.Parallel()
	g := begin(t, upstreamConfig+"  'any/*': 'cloud/*'\n"+tokenConfig, withToken)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "5")
	p.endUser = "canary@example.org"
	canaries := []string{upstreamKey, scrapeToken, p.key, p.key[10:30], p.keyID, p.user, p.team, p.endUser, g.srv.auth.Local, "canary", g.up.OpenAI(), filepath.Dir(g.db)}
	g.up.Set("paid", providertest.Script{Text: "canary-answer", Header: http.Header{"X-Request-Id": {"canary-upstream"}}})
	g.up.Set("free", providertest.Script{Status: 400, Body: `{"error":{"message":"canary-message","code":"canary-code","type":"canary-type"}}`})
	h := header{"User-Agent": "canary-agent", "X-Client-Request-Id": "canary-request", "Idempotency-Key": "canary-once", "X-Stainless-Retry-Count": "canary"}
	for _, name := range []string{"paid", "free", "canary-model", "any/canary-model", "any/canary/\u2603"} {
		for _, extra := range []string{`"metadata":{"a":"canary-prompt"}`, `"stream":true,"metadata":{"a":"canary-prompt"}`} {
			g.chat(p, name, extra, h)
		}
	}
	g.do("GET", "/canary?key=canary", "canary-key", "", h)
	g.do("CANARY", "/v1/models", "canary-key", "", h)
	s, text := g.scrape()
	if n := s[`tollgate_requests_total{model="unknown",operation="chat",outcome="model_not_found",price="none"}`]; n != 2 {
		t.Errorf("%v requests for an unknown model were counted, want 2", n)
	}
	for _, c := range append(canaries, access.DigestOf(p.key).String()) {
		if strings.Contains(text, c) {
			t.Errorf("%q is in a scrape", c)
		}
	}
}

// TestTooManyScrapes: more than MaxScrapes at once are told to come again, and nobody
// else waits.
func TestTooManyScrapes(t *testing.T) {
	t.Parallel()
	begun, let := make(chan struct{}, httpapi.MaxScrapes), make(chan struct{})
	g := begin(t, upstreamConfig+tokenConfig, withToken, func(g *gate) {
		g.prepare = func(s *server) {
			src := s.sources()
			keys := src.Keys
			src.Keys = func() int {
				select {
				case begun <- struct{}{}:
				default:
				}
				<-let
				return keys()
			}
			s.metrics.Watch(src)
		}
	})
	statuses := make(chan int, httpapi.MaxScrapes)
	for range httpapi.MaxScrapes {
		go func() {
			a, err := g.try("GET", "/metrics", scrapeToken, "", nil)
			if err != nil {
				t.Error(err)
			}
			statuses <- a.Status
		}()
	}
	for range httpapi.MaxScrapes {
		<-begun
	}
	if a := g.do("GET", "/metrics", scrapeToken, "", nil); a.Status != 503 || a.errorField(t, "code") != "too_many_scrapes" || a.Header.Get("Retry-After") != "1" {
		t.Errorf("one too many: %d %v %s", a.Status, a.Header, a.Body)
	}
	p := g.person(control.KeyChange{})
	if a := g.chat(p, "free", "", nil); a.Status != 200 {
		t.Errorf("a call beside the scrapes: %d", a.Status)
	}
	close(let)
	for range httpapi.MaxScrapes {
		if status := <-statuses; status != 200 {
			t.Errorf("a scrape: %d", status)
		}
	}
}
