package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/admin"
	"tollgate/gateway/control"
)

// TestAddedModels: what the API adds is called, metered and budgeted as what the file
// declares: a free one is never counted and never blocked. It outlives a restart, a backup
// and the loss of the key that its secrets are sealed with.
func TestAddedModels(t *testing.T) {
	const secretsKey = "a key of the environment, 32 bytes"
	t.Setenv("TOLLGATE_SECRETS_KEY", secretsKey)
	g := start(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	b := g.budget(p, ledger.User, "0.02")
	adminKey := must(g.srv.control.EnsureAdmin(context.Background(), ""))(t)
	add := func(path, body string) {
		t.Helper()
		if a := g.do("POST", "/api/v1"+path, adminKey, strings.ReplaceAll(body, "UPSTREAM", g.up.Ollama()), nil); a.Status != 201 {
			t.Fatalf("%s: %d %s", body, a.Status, a.Body)
		}
	}
	add("/credentials", `{"id":"vendor","urls":["UPSTREAM"],"secrets":{"key":"sk-canary-vendor"}}`)
	add("/models", `{"id":"added-1","name":"added-free","declaration":{"provider":{"kind":"vllm","url":"UPSTREAM/v1"},"model":"free"}}`)
	add("/models", `{"id":"added-2","name":"added-paid","credential":"vendor","declaration":{"provider":{"kind":"openai","url":"UPSTREAM/v1"},"model":"paid","price":{"input":1,"output":10}}}`)
	add("/models", `{"id":"added-3","name":"added-unknown","secrets":{"key":"sk-canary-own"},"declaration":{"provider":{"kind":"openai","url":"UPSTREAM/v1"},"model":"unknown"}}`)
	add("/model_groups", `{"id":"added","models":["added-free","added-paid"]}`)
	member := g.person(control.KeyChange{Models: &[]string{"added"}})

	check := func() {
		t.Helper()
		g.mend()
		for model, want := range map[string]int{"added-free": 200, "added-unknown": 402} {
			if a := g.chat(p, model, "", nil); a.Status != want {
				t.Errorf("%s: %d %s", model, a.Status, a.Body)
			}
		}
		if a := g.chat(member, "free", "", nil); a.Status != 403 {
			t.Errorf("a model outside of the group: %d %s", a.Status, a.Body)
		}
		if a := g.chat(member, "added-free", "", nil); a.Status != 200 {
			t.Errorf("a model of the group: %d %s", a.Status, a.Body)
		}
	}
	check()
	if posted := g.posted(b); posted != 0 {
		t.Errorf("a free call costs %d", posted)
	}
	if a := g.chat(p, "added-paid", `"max_tokens":1000`, nil); a.Status != 200 {
		t.Fatalf("paid: %d %s", a.Status, a.Body)
	}
	calls := g.up.Calls()
	if got := calls[len(calls)-1].Header.Get("Authorization"); got != "Bearer sk-canary-vendor" {
		t.Errorf("the credential is not sent: %q", got)
	}
	g.settled()
	spent := accounting.Money(g.posted(b))
	if spent == 0 {
		t.Fatal("a paid call costs nothing")
	}
	all := &spent
	must(g.srv.control.UpdateBudget(context.Background(), b.ID, control.BudgetChange{Limit: &all}))(t)
	if a := g.chat(p, "added-paid", `"max_tokens":1000`, nil); a.Status != 429 && a.Status != 402 || !strings.Contains(a.errorField(t, "code"), "budget") {
		t.Errorf("beyond the budget: %d %s", a.Status, a.Body)
	}
	check()

	g.stop()
	dir := t.TempDir()
	s := &shell{t, map[string]string{"TOLLGATE_DATABASE": g.db}}
	s.run(exitOK, "backup", filepath.Join(dir, "b"))
	for _, file := range []string{g.db, g.db + "-wal", filepath.Join(dir, "b")} {
		if data, err := os.ReadFile(file); err == nil && strings.Contains(string(data), "canary") {
			t.Errorf("a secret stands in %s", filepath.Base(file))
		}
	}
	g.run()
	check()
	g.stop()

	// The key is lost: what needs no secret is served, and the rest says why not.
	if err := os.Unsetenv("TOLLGATE_SECRETS_KEY"); err != nil {
		t.Fatal(err)
	}
	g.run()
	for model, want := range map[string]int{"added-free": 200, "free": 200, "added-paid": 404, "added-unknown": 404} {
		if a := g.chat(p, model, "", nil); a.Status != want || strings.Contains(a.Body, "SECRETS_KEY") {
			t.Errorf("%s without the key: %d %s", model, a.Status, a.Body)
		}
	}
	told := ""
	var c admin.Check
	if err := json.Unmarshal([]byte(g.do("GET", "/api/v1/check", adminKey, "", nil).Body), &c); err != nil {
		t.Fatal(err)
	}
	for _, f := range c.Findings {
		told += fmt.Sprintln(f.Path, f.Message)
	}
	if !strings.Contains(told, "api.models.added-2 credential vendor: its secrets cannot be read") || !strings.Contains(told, "TOLLGATE_SECRETS_KEY is not set") {
		t.Errorf("check says %s", told)
	}
	g.stop()

	t.Setenv("TOLLGATE_SECRETS_KEY", secretsKey)
	restored := filepath.Join(dir, "restored.db")
	(&shell{t, map[string]string{"TOLLGATE_DATABASE": restored}}).run(exitOK, "restore", filepath.Join(dir, "b")).shows(t, "nothing differs")
	g.db = restored
	g.run()
	check()

	t.Setenv("TOLLGATE_SECRETS_KEY", "short")
	if _, err := newServer(t.Context(), must1(loadConfig(globals{Config: g.config, Database: filepath.Join(dir, "new.db")})), g.srv.log, nil); err == nil || !strings.Contains(err.Error(), "TOLLGATE_SECRETS_KEY: a key for secrets has at least 32") {
		t.Errorf("a short key: %v", err)
	}
}

func must1[T, U any](v T, _ U) T { return v }
