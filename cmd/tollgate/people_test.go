package main

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// TestBlockedEndUser: a call for somebody who is blocked is refused, paid or free, however
// the person is named; others, of whom nothing is known, are served.
func TestBlockedEndUser(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	ctx, yes, no := context.Background(), true, false
	must(g.srv.control.CreateEndUser(ctx, "mallory", control.EndUserChange{Blocked: &yes}))(t)
	p.endUser = "mallory"
	for _, model := range []string{"free", "paid"} {
		for _, extra := range []string{"", `,"stream":true`} {
			if a := g.chat(p, model, `"max_tokens":10`+extra, nil); a.Status != 403 || a.errorField(t, "code") != "blocked_end_user" {
				t.Errorf("%s%s: %d %s", model, extra, a.Status, a.Body)
			}
		}
	}
	if n := len(g.up.Calls()); n != 0 {
		t.Errorf("%d calls reached the upstream", n)
	}
	other := p
	other.endUser = "never seen"
	for _, h := range []header{nil, {"X-Tollgate-End-User": "mallory"}} {
		want := map[bool]int{true: 200, false: 403}[h == nil]
		if a := g.chat(other, "free", "", h); a.Status != want {
			t.Errorf("%v: %d %s", h, a.Status, a.Body)
		}
	}
	must(g.srv.control.UpdateEndUser(ctx, "mallory", control.EndUserChange{Blocked: &no}))(t)
	if a := g.chat(p, "paid", "", nil); a.Status != 200 {
		t.Errorf("no longer blocked: %d %s", a.Status, a.Body)
	}
}

// TestManagerCallsToo: the key of a user who manages does both with one key; the printed
// admin key calls nothing; and a viewer changes nothing.
func TestManagerCallsToo(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	ctx := context.Background()
	key := func(user string, role access.UserRole) string {
		must(g.srv.control.CreateUser(ctx, user, control.UserChange{Role: &role}))(t)
		_, secret, err := g.srv.control.CreateKey(ctx, control.KeyOwner{UserID: user}, control.KeyChange{})
		if err != nil {
			t.Fatal(err)
		}
		return secret
	}
	manager, viewer := key("root", access.Manager), key("auditor", access.Viewer)
	for _, c := range []struct {
		key, method, path, body string
		status                  int
		code                    string
	}{
		{manager, "POST", "/api/v1/users", `{"id":"x"}`, 201, ""},
		{manager, "GET", "/api/v1/verify", "", 200, ""},
		{manager, "POST", "/v1/chat/completions", `{"model":"paid","max_tokens":5,"messages":[{"role":"user","content":"x"}]}`, 200, ""},
		{viewer, "GET", "/api/v1/users", "", 200, ""},
		{viewer, "POST", "/api/v1/users", `{"id":"y"}`, 403, "not_permitted"},
		{viewer, "DELETE", "/api/v1/users/x", "", 403, "admin_only"},
		{viewer, "POST", "/api/v1/reload", "", 403, "admin_only"},
		{viewer, "POST", "/v1/chat/completions", `{"model":"free","max_tokens":5,"messages":[{"role":"user","content":"x"}]}`, 200, ""},
	} {
		a := g.do(c.method, c.path, c.key, c.body, nil)
		if a.Status != c.status || c.code != "" && a.errorField(t, "code") != c.code {
			t.Errorf("%s %s: %d %s", c.method, c.path, a.Status, a.Body)
		}
	}
	role := access.PlainUser
	must(g.srv.control.UpdateUser(ctx, "root", control.UserChange{Role: &role}))(t)
	if a := g.do("POST", "/api/v1/users", manager, `{"id":"z"}`, nil); a.Status != 403 {
		t.Errorf("who manages no longer: %d %s", a.Status, a.Body)
	}
}

// TestAliasesOfKeys: a name of the key's or its team's own serves what it stands for, and
// is decided on as that: free stays free, paid is paid, closed is closed.
func TestAliasesOfKeys(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	aliases := map[string]string{"small": "free", "large": "paid", "loop": "loop2", "loop2": "loop"}
	p := g.person(control.KeyChange{Aliases: &aliases, Models: &[]string{"free", "paid"}})
	ctx := context.Background()
	team := map[string]string{"small": "paid", "teams": "free", "shut": "paid2"}
	must(g.srv.control.UpdateTeam(ctx, p.team, control.TeamChange{Aliases: &team}))(t)
	g.budget(p, "user", "0")
	for model, want := range map[string]struct {
		status int
		code   string
	}{
		"small": {200, ""}, "teams": {200, ""}, // the key's own goes before the team's
		"large": {http.StatusTooManyRequests, "budget_exceeded"},
		"shut":  {403, "model_not_allowed"},
		"loop":  {404, "model_not_found"}, "other": {404, "model_not_found"},
	} {
		a := g.chat(p, model, `"max_tokens":5`, nil)
		if a.Status != want.status || want.code != "" && a.errorField(t, "code") != want.code {
			t.Errorf("%s: %d %s", model, a.Status, a.Body)
		}
	}
	if a := g.do("GET", "/v1/models/small", p.key, "", nil); a.Status != 200 || !strings.Contains(a.Body, `"free"`) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}
