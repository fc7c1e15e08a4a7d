package main

import (
	"encoding/json"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/gateway/edge"
	"tollgate/providers/providertest"
)

// TestLiteLLMRouteWalk: with the setting the router has its table besides, each route answers
// whom it names, and no other method.
func TestLiteLLMRouteWalk(t *testing.T) {
	t.Parallel()
	g := audited(t, likeLiteLLM)
	p := g.person(control.KeyChange{})
	admin := must(g.srv.control.EnsureAdmin(t.Context(), ""))(t)
	var written, found []string
	for _, r := range append(slices.Clone(routeTable), likeLiteLLMTable...) {
		written = append(written, r.method+" "+r.path)
	}
	for _, stack := range g.srv.app.Stack() {
		for _, r := range stack {
			if line := r.Method + " " + r.Path; r.Path != "/" && !slices.Contains(found, line) {
				found = append(found, line)
			}
		}
	}
	slices.Sort(written)
	slices.Sort(found)
	if !slices.Equal(written, found) {
		t.Errorf("served are %v, written down are %v", found, written)
	}
	served := func(method, path string) bool {
		return slices.ContainsFunc(likeLiteLLMTable, func(r route) bool { return r.method == method && matches(r.path, path) })
	}
	other := func(path string) string {
		for _, m := range []string{"POST", "PUT", "PATCH", "DELETE", "GET"} {
			if !served(m, path) {
				return m
			}
		}
		return "TRACE"
	}
	w := &rawConn{g: g}
	defer w.close()
	for _, r := range likeLiteLLMTable {
		path := regexp.MustCompile(`[:+*][a-z_]*`).ReplaceAllString(r.path, "none-such")
		for role, key := range map[string]string{"nobody": "", "a caller": p.key, "the admin": admin} {
			body := ""
			if r.method == "POST" && r.access != edge.ByRole {
				body = `{"model":"free","prompt":"hi"}`
			}
			a := g.do(r.method, path, key, body, nil)
			switch {
			case r.access != edge.Open && key == "":
				if a.Status != 401 {
					t.Errorf("%s %s by %s: %d %s", r.method, path, role, a.Status, a.Body)
				}
			case r.access == edge.AdminKey && key == p.key:
				if a.Status != 403 {
					t.Errorf("%s %s by %s: %d %s", r.method, path, role, a.Status, a.Body)
				}
			case r.access == edge.ByRole: // what it says depends on what it is asked
				if a.Status >= 500 && a.Status != 501 && a.Status != 503 || a.Status == 405 || strings.Contains(a.Body, "no such route") {
					t.Errorf("%s %s by %s: %d %s", r.method, path, role, a.Status, a.Body)
				}
			case a.Status != 200:
				t.Errorf("%s %s by %s: %d %s", r.method, path, role, a.Status, a.Body)
			}
			if m := other(path); m != "" {
				if a := g.do(m, path, key, "{}", nil); a.Status != 405 || !strings.Contains(a.Header.Get("Allow"), r.method) {
					t.Errorf("%s %s by %s: %d %v %s", m, path, role, a.Status, a.Header, a.Body)
				}
			}
			if a := g.do(r.method, path+"/", key, "", nil); a.Status != 404 {
				t.Errorf("%s/ by %s: %d %s", path, role, a.Status, a.Body)
			}
		}
	}
	for _, c := range g.up.CallsTo("/v1/chat/completions") {
		t.Errorf("%s %s reached the upstream", c.Method, c.Path)
	}
	// A path that is bent leads past nobody who asks for a key (A5).
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	open := func(path string) bool {
		return slices.ContainsFunc(likeLiteLLMTable, func(r route) bool { return r.access == edge.Open && matches(r.path, path) })
	}
	for _, r := range likeLiteLLMTable {
		for range 3 {
			path := bends[rng.IntN(len(bends))](regexp.MustCompile(`[:+*][a-z_]*`).ReplaceAllString(r.path, "none-such"), rng)
			if open(strings.SplitN(path, "?", 2)[0]) {
				continue
			}
			if a := w.send(r.method, path, "", "", "{}"); !slices.Contains([]int{400, 401, 404, 405}, a.Status) {
				t.Errorf("%s %q by nobody: %d %s", r.method, path, a.Status, a.Body)
			}
		}
	}
	// Nor does LiteLLM's word lead to what engines serve beside inference (A18).
	g.up.Reset()
	for _, path := range backendPaths() {
		for _, m := range []string{"GET", "POST", "DELETE"} {
			if served(m, path) {
				continue
			}
			if a := g.do(m, path, p.key, `{"model":"free","prompt":"hi"}`, nil); a.Status != 404 && a.Status != 405 {
				t.Errorf("%s %s: %d %s", m, path, a.Status, a.Body)
			}
		}
	}
	for _, c := range g.up.Calls() {
		t.Errorf("%s %s reached the upstream", c.Method, c.Path)
	}
}

// TestLiteLLMTokenCounter: counting costs nothing, calls nobody and asks of a model only that
// the caller may use it.
func TestLiteLLMTokenCounter(t *testing.T) {
	t.Parallel()
	g := start(t, likeLiteLLM)
	p := g.person(control.KeyChange{Models: &[]string{"paid"}})
	g.budget(p, ledger.Key, "0")
	for _, c := range []struct {
		body   string
		status int
		tokens float64
	}{
		{`{"model":"paid","prompt":"one two three"}`, 200, 3},
		{`{"model":"paid","messages":[{"role":"user","content":"one two three"}]}`, 200, 3},
		{`{"model":"free","prompt":"hi"}`, 403, 0},
		{`{"model":"nothing","prompt":"hi"}`, 400, 0},
		{`{"prompt":"hi"}`, 400, 0},
		{`[]`, 400, 0},
	} {
		a := g.do("POST", "/utils/token_counter", p.key, c.body, nil)
		if a.Status != c.status {
			t.Errorf("%s: %d %s", c.body, a.Status, a.Body)
			continue
		}
		if c.status != 200 {
			continue
		}
		v := a.json(t)
		if n, _ := v["total_tokens"].(float64); n < c.tokens || n > c.tokens+2 || v["request_model"] != "paid" || v["error"] != false {
			t.Errorf("%s: %s", c.body, a.Body)
		}
	}
	if calls := g.up.Calls(); len(calls) > 0 {
		t.Errorf("%d calls", len(calls))
	}
}

// TestLiteLLMHealth: the bodies are LiteLLM's, and a check costs nothing.
func TestLiteLLMHealth(t *testing.T) {
	t.Parallel()
	g := start(t, likeLiteLLM)
	p := g.person(control.KeyChange{Models: &[]string{"paid", "paid2"}})
	admin := must(g.srv.control.EnsureAdmin(t.Context(), ""))(t)
	for path, want := range map[string]string{"/health/liveliness": `"I'm alive!"`, "/health/liveness": `"I'm alive!"`, "/health/readiness": `{"db":"connected","status":"healthy"}`} {
		if a := g.do("GET", path, "", "", nil); a.Status != 200 || a.Body != want {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	if a := g.do("GET", "/health/readiness/details", admin, "", nil); a.json(t)["litellm_version"] != version() {
		t.Errorf("%s", a.Body)
	}
	type health struct {
		Healthy   []map[string]string `json:"healthy_endpoints"`
		Unhealthy []map[string]string `json:"unhealthy_endpoints"`
		Good      int                 `json:"healthy_count"`
		Bad       int                 `json:"unhealthy_count"`
	}
	read := func(key, query string) (h health) {
		t.Helper()
		a := g.do("GET", "/health"+query, key, "", nil)
		if err := json.Unmarshal([]byte(a.Body), &h); err != nil || a.Status != 200 || strings.Contains(a.Body, "127.0.0.1") {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		return h
	}
	if h := read(p.key, ""); h.Good != 2 || h.Bad != 0 || len(h.Healthy) != 2 {
		t.Errorf("%+v", h)
	}
	if h := read(admin, ""); h.Good < 8 {
		t.Errorf("%+v", h)
	}
	g.up.Set("paid", providertest.Script{Status: 500})
	for range 10 {
		g.chat(p, "paid", "", nil)
	}
	if h := read(p.key, ""); h.Good != 1 || h.Bad != 1 || h.Unhealthy[0]["model"] != "paid" || h.Unhealthy[0]["error"] == "" {
		t.Errorf("%+v", h)
	}
	if h := read(p.key, "?model=paid2"); h.Good != 1 || h.Bad != 0 {
		t.Errorf("%+v", h)
	}
	var routes struct {
		Routes []struct {
			Path    string
			Methods []string
		}
	}
	a := g.do("GET", "/routes", p.key, "", nil)
	if err := json.Unmarshal([]byte(a.Body), &routes); err != nil || !strings.Contains(a.Body, `{"path":"/engines/{model}/chat/completions","methods":["POST"]}`) || len(routes.Routes) < 80 {
		t.Errorf("%s", a.Body)
	}
	g.srv.api.Drain()
	if a := g.do("GET", "/health/readiness", "", "", nil); a.Status != 503 || a.Body != `{"status":"shutting_down"}` {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}
