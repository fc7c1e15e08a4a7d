package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tidwall/gjson"

	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// TestLiteLLMChangesWhole: a change through LiteLLM's API is done as a whole or not at all,
// loses nothing of another one at the same time, and opens nothing that was not meant.
func TestLiteLLMChangesWhole(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	limits := func(kind scope.Kind, id string) (all []string) {
		for _, b := range c.srv.control.BudgetsOf(scope.Account{Kind: kind, ID: id}) {
			all = append(all, b.Limit.String()+" + "+b.Extra.Amount.String())
		}
		return all
	}
	keyID := func(secret string) string {
		k, _ := c.srv.control.KeyByDigest(access.DigestOf(secret))
		return k.ID
	}
	fresh := func(who, body string) string { return c.ok(who, "POST /key/generate", body).Get("key").String() }

	// A key that does not get the secret that was asked for gets nothing else either.
	one, other := fresh("master", `{}`), fresh("master", `{}`)
	if a := c.as("master", "POST /key/"+one+"/regenerate", fmt.Sprintf(`{"new_key":%q,"max_budget":5,"metadata":{"a":1}}`, other)); a.Status != 409 {
		t.Errorf("another key's secret: %d %s", a.Status, a.Body)
	}
	if info := c.ok("master", "GET /key/info?key="+one, "").Get("info"); info.Get("max_budget").Raw != "null" || info.Get("metadata.a").Exists() {
		t.Errorf("the key was changed by what was refused: %s", info.Raw)
	}
	if got := c.ok("master", "POST /key/"+one+"/regenerate", `{"max_budget":5}`); got.Get("max_budget").Raw != "5.0" || got.Get("key").String() == one {
		t.Errorf("a key with another secret and a budget: %s", got.Raw)
	}

	// Who is named twice has one budget, and is what was said last.
	c.ok("master", "POST /team/new", `{"team_id":"twice","team_member_budget":4,"members_with_roles":[{"user_id":"mia"},{"user_id":"mia","role":"admin"},{"user_id":"new"},{"user_id":"new"}]}`)
	c.ok("master", "POST /team/member_add", `{"team_id":"twice","member":[{"user_id":"pia"},{"user_id":"pia"}],"max_budget_in_team":3}`)
	for user, want := range map[string]string{"mia": "[4.00 + 0.00]", "new": "[4.00 + 0.00]", "pia": "[3.00 + 0.00]"} {
		if got := fmt.Sprint(limits(scope.Member, "twice/"+user)); got != want {
			t.Errorf("%s has %s, want %s", user, got, want)
		}
	}
	if got := c.ok("master", "GET /team/info?team_id=twice", "").Get(`team_info.members_with_roles.#(user_id=="mia").role`).Str; got != "admin" {
		t.Errorf("mia is %q", got)
	}

	// What would be on top of a budget is the managers' matter before there is one.
	const more = `"metadata":{"temp_budget_increase":100,"temp_budget_expiry":"2999-01-01T00:00:00Z"}`
	own := fresh("sue", `{}`)
	for call, body := range map[string]string{"POST /key/update": fmt.Sprintf(`{"key":%q,%s}`, own, more), "POST /key/generate": "{" + more + "}"} {
		if a := c.as("sue", call, body); a.Status != 401 {
			t.Errorf("sue, %s: %d %s", call, a.Status, a.Body)
		}
	}
	c.ok("sue", "POST /key/update", fmt.Sprintf(`{"key":%q,"metadata":{"a":1}}`, own))

	// Two changes at once are both there afterwards.
	for i := range 10 {
		name := fmt.Sprint("t", i)
		c.ok("master", "POST /team/new", fmt.Sprintf(`{"team_id":%q}`, name))
		key := fresh("master", fmt.Sprintf(`{"team_id":%q}`, name))
		var wg sync.WaitGroup
		for body, path := range map[string]string{
			`{"team_id":%q,"metadata":{"a":1}}`: "/team/update", `{"team_id":%q,"team_member_budget":7,"max_budget":5}`: "/team/update", `{"team_id":%q,"max_budget":5}`: "/team/update",
			`{"team_id":%q,"models":["free"]}`: "/team/model/add", `{"team_id":%q,"team_member_permissions":["/key/info"]}`: "/team/permissions_update",
		} {
			wg.Go(func() { c.ok("master", "POST "+path, fmt.Sprintf(body, name)) })
		}
		wg.Go(func() { c.ok("master", "POST /key/update", fmt.Sprintf(`{"key":%q,"metadata":{"a":1}}`, key)) })
		wg.Go(func() { c.ok("master", "POST /key/block", fmt.Sprintf(`{"key":%q}`, key)) })
		wg.Wait()
		team := c.ok("master", "GET /team/info?team_id="+name, "").Get("team_info")
		info := c.ok("master", "GET /key/info?key="+key, "").Get("info")
		got := fmt.Sprint(limits(scope.Team, name), team.Get("metadata.a"), team.Get("team_member_budget_table.max_budget"), team.Get("models"), team.Get("team_member_permissions"), info.Get("metadata.a"), info.Get("blocked"))
		if want := `[5.00 + 0.00] 1 7 ["free"] ["/key/info"] 1 true`; got != want {
			t.Fatalf("%d: %s, want %s", i, got, want)
		}
	}

	// With a path LiteLLM opens what is below it, and below one that ends with a slash nothing: what
	// names no route here is left out, and nothing is left open.
	for routes, want := range map[string]string{`["/"]`: "[/nowhere]", `["/key/"]`: "[/nowhere]", `["/key"]`: "[/key/*]"} {
		k, err := c.srv.control.Key(keyID(fresh("master", `{"allowed_routes":`+routes+`}`)))
		if got := fmt.Sprint(k.Routes); err != nil || got != want {
			t.Errorf("%s: %s, want %s (%v)", routes, got, want, err)
		}
	}
}

// TestLiteLLMChangesOnReplicas: changes that two replicas make at the same moment lose nothing
// of each other's, and are what they would be one after the other.
func TestLiteLLMChangesOnReplicas(t *testing.T) {
	t.Parallel()
	cl := newCluster(t, 2, likeLiteLLM)
	one, other := cl.gates[0], cl.gates[1]
	master := must(one.srv.control.EnsureAdmin(t.Context(), ""))(t)
	ask := func(g *gate, call, body string) answer {
		method, path, _ := strings.Cut(call, " ")
		return g.do(method, path, master, body, nil)
	}
	ok := func(g *gate, call, body string) gjson.Result {
		t.Helper()
		a := ask(g, call, body)
		if a.Status != http.StatusOK {
			t.Errorf("%s %s: %d %s", call, body, a.Status, a.Body)
		}
		return gjson.Parse(a.Body)
	}
	limits := func(kind scope.Kind, id string) (all []string) {
		for _, b := range one.srv.control.BudgetsOf(scope.Account{Kind: kind, ID: id}) {
			all = append(all, b.Limit.String())
		}
		return all
	}
	ok(one, "POST /organization/new", `{"organization_id":"from","organization_alias":"from"}`)
	ok(one, "POST /organization/new", `{"organization_id":"to","organization_alias":"to"}`)
	for i := range 12 {
		team, user, alias, plan := fmt.Sprint("t", i), fmt.Sprint("u", i), fmt.Sprint("a", i), fmt.Sprint("p", i)
		ok(one, "POST /team/new", fmt.Sprintf(`{"team_id":%q,"organization_id":"from"}`, team))
		ok(one, "POST /user/new", fmt.Sprintf(`{"user_id":%q,"auto_create_key":false}`, user))
		ok(one, "POST /budget/new", fmt.Sprintf(`{"budget_id":%q,"max_budget":1}`, plan))
		key := ok(one, "POST /key/generate", `{}`).Get("key").String()
		var wg sync.WaitGroup
		both := func(call, first, second string) {
			wg.Go(func() { ok(one, call, first) })
			wg.Go(func() { ok(other, call, second) })
			wg.Wait()
		}
		both("POST /team/update", fmt.Sprintf(`{"team_id":%q,"max_budget":5,"metadata":{"a":1}}`, team), fmt.Sprintf(`{"team_id":%q,"max_budget":5,"team_member_permissions":["/key/info"]}`, team))
		both("POST /user/update", fmt.Sprintf(`{"user_id":%q,"max_budget":5,"metadata":{"a":1}}`, user), fmt.Sprintf(`{"user_id":%q,"max_budget":5,"sso_user_id":"s"}`, user))
		both("POST /key/update", fmt.Sprintf(`{"key":%q,"max_budget":5,"metadata":{"a":1}}`, key), fmt.Sprintf(`{"key":%q,"max_budget":5,"permissions":{"b":1}}`, key))
		both("POST /key/bulk_update", fmt.Sprintf(`{"keys":[{"key":%q,"metadata":{"a":2}}]}`, key), fmt.Sprintf(`{"keys":[{"key":%q,"config":{"c":1}}]}`, key))

		var moved, named [2]answer
		wg.Go(func() {
			moved[0] = ask(one, "POST /team/update", fmt.Sprintf(`{"team_id":%q,"organization_id":"to"}`, team))
		})
		wg.Go(func() {
			moved[1] = ask(other, "POST /key/generate", fmt.Sprintf(`{"team_id":%q,"organization_id":"from"}`, team))
		})
		wg.Wait()
		for n, g := range cl.gates {
			wg.Go(func() { named[n] = ask(g, "POST /key/generate", fmt.Sprintf(`{"key_alias":%q}`, alias)) })
		}
		wg.Wait()
		wg.Go(func() { ok(one, "POST /budget/update", fmt.Sprintf(`{"budget_id":%q,"max_budget":2}`, plan)) })
		wg.Go(func() { ok(other, "POST /customer/new", fmt.Sprintf(`{"user_id":"c-%s","budget_id":%[1]q}`, plan)) })
		wg.Wait()

		for _, g := range cl.gates {
			if !g.srv.control.CaughtUp() {
				t.Fatal("a replica is not told what has changed")
			}
		}
		info := ok(one, "GET /key/info?key="+key, "").Get("info")
		keys := must(one.srv.control.Keys(t.Context(), control.KeyFilter{TeamID: team}))(t)
		k, _ := one.srv.control.KeyByDigest(access.DigestOf(key))
		rows := ok(one, "GET /team/info?team_id="+team, "").Get("team_info")
		person := ok(one, "GET /user/info?user_id="+user, "").Get("user_info")
		got := fmt.Sprint(limits(scope.Team, team), rows.Get("metadata.a"), rows.Get("team_member_permissions"), limits(scope.User, user), person.Get("metadata.a"), person.Get("sso_user_id"),
			limits(scope.Key, k.ID), info.Get("metadata.a"), info.Get("permissions.b"), info.Get("config.c"), limits(scope.EndUser, "c-"+plan))
		if want := `[5.00] 1 ["/key/info"] [5.00] 1 s [5.00] 2 1 1 [2.00]`; got != want {
			t.Errorf("%d: %s, want %s", i, got, want)
		}
		if moved[0].Status != 200 || slices.ContainsFunc(keys, func(k access.Key) bool { return k.OrgID != "to" }) {
			t.Errorf("%d: keys of a team that has moved are in %v (%d)", i, keys, moved[0].Status)
		}
		if (named[0].Status == 200) == (named[1].Status == 200) {
			t.Errorf("%d: one alias for two keys: %d and %d", i, named[0].Status, named[1].Status)
		}
	}
	one.audit()
}

// TestLiteLLMMembersKeepWhatBoundsThem: who puts members into a team and takes them out, and may
// not say what they spend, cannot say it by doing both.
func TestLiteLLMMembersKeepWhatBoundsThem(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	bounds := func(user string) string {
		var all []string
		for _, b := range c.srv.control.BudgetsOf(scope.Account{Kind: scope.Member, ID: "red/" + user}) {
			all = append(all, b.Limit.String())
		}
		for _, l := range c.srv.control.LimitsOf(scope.Account{Kind: scope.Member, ID: "red/" + user}) {
			all = append(all, fmt.Sprint(*l.Requests, " a minute"))
		}
		return fmt.Sprint(all)
	}
	c.ok("master", "POST /organization/member_add", `{"organization_id":"corp","member":[{"user_id":"mia","role":"internal_user"},{"user_id":"pia","role":"internal_user"}]}`)
	c.ok("master", "POST /team/update", `{"team_id":"red","team_member_budget":9}`)
	c.ok("master", "POST /team/member_update", `{"team_id":"red","user_id":"mia","max_budget_in_team":1,"rpm_limit":2}`)
	again := func(who string) {
		t.Helper()
		c.ok(who, "POST /team/member_add", `{"team_id":"red","member":{"user_id":"mia"}}`)
	}
	c.ok("tina", "POST /team/member_delete", `{"team_id":"red","user_id":"mia"}`)
	again("tina")
	if got := bounds("mia"); got != "[1.00 2 a minute]" {
		t.Errorf("put in again by the team's admin: %s", got)
	}
	must(c.srv.control.RemoveMember(t.Context(), "red", "mia"))(t)
	again("olga")
	if got := bounds("mia"); got != "[1.00 2 a minute]" {
		t.Errorf("put in again by the organization's admin: %s", got)
	}
	// Those who may have the terms of the team take the place of the others, each once.
	must(c.srv.control.RemoveMember(t.Context(), "red", "mia"))(t)
	c.ok("master", "POST /key/generate", `{"team_id":"red","user_id":"mia"}`)
	if got := bounds("mia"); got != "[9.00]" {
		t.Errorf("put in again with a key: %s", got)
	}
	c.ok("master", "POST /team/member_delete", `{"team_id":"red","user_id":"mia"}`)
	if got := bounds("mia"); got != "[]" {
		t.Errorf("taken out by the managers: %s", got)
	}
	c.ok("tina", "POST /team/member_add", `{"team_id":"red","member":{"user_id":"mia"}}`)
	if got := bounds("mia"); got != "[9.00]" {
		t.Errorf("a new member has %s", got)
	}
	// By tollgate's own API one joins as by LiteLLM's, and a member who gets another role keeps what it has.
	for _, role := range []string{"", "?role=admin"} {
		if a := c.do("PUT", "/api/v1/teams/red/members/pia"+role, c.keys["tina"], "", nil); a.Status != 200 || bounds("pia") != "[9.00]" {
			t.Errorf("put in by the other API%s: %d %s, and may spend %s", role, a.Status, a.Body, bounds("pia"))
		}
	}
	c.ok("master", "POST /team/member_delete", `{"team_id":"red","user_id":"pia"}`)
	// With the user, or the team, goes what it had where it is no member any more.
	c.ok("tina", "POST /team/member_delete", `{"team_id":"red","user_id":"mia"}`)
	c.ok("master", "POST /user/delete", `{"user_ids":["mia"]}`)
	if got := bounds("mia"); got != "[]" {
		t.Errorf("a user that is deleted had %s", got)
	}
	c.ok("tina", "POST /team/member_add", `{"team_id":"red","member":{"user_id":"pia"}}`)
	c.ok("tina", "POST /team/member_delete", `{"team_id":"red","user_id":"pia"}`)
	c.ok("master", "POST /team/delete", `{"team_ids":["red"]}`)
	if got := bounds("pia"); got != "[]" {
		t.Errorf("a team that is deleted had %s", got)
	}
}

// TestLiteLLMMembersSeeThemselves: who is in a team or an organization sees who else is, and
// neither what others spend nor how to reach them, which its admins see.
func TestLiteLLMMembersSeeThemselves(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	c.ok("master", "POST /user/update", `{"user_id":"tina","user_email":"tina@example.com"}`)
	c.ok("master", "POST /team/member_update", `{"team_id":"red","user_id":"tina","max_budget_in_team":3}`)
	c.ok("master", "POST /organization/member_add", `{"organization_id":"corp","member":[{"user_id":"tina","role":"internal_user"},{"user_id":"mia","role":"internal_user"}]}`)
	for who, sees := range map[string]bool{"mia": false, "tina": true, "olga": true, "vic": true, "master": true} {
		info := c.ok(who, "GET /team/info?team_id=red", "")
		if n := len(info.Get("team_info.members_with_roles").Array()); n != 2 {
			t.Errorf("%s sees %d members", who, n)
		}
		if got := info.Get(`team_memberships.#(user_id=="tina").litellm_budget_table.max_budget`).Float() == 3; got != sees {
			t.Errorf("%s sees the budget of another: %v", who, got)
		}
		if got := strings.Contains(info.Raw, "tina@example.com"); got != sees {
			t.Errorf("%s sees the address of another: %v", who, got)
		}
		if who == "tina" {
			continue // a member of the organization, as mia is
		}
		if got := strings.Contains(c.ok(who, "GET /organization/info?organization_id=corp", "").Raw, "tina@example.com"); got != sees {
			t.Errorf("%s sees the address of another in the organization: %v", who, got)
		}
	}
	if got := c.ok("mia", "GET /team/info?team_id=red", "").Get("team_memberships.#.user_id").Raw; got != `["mia"]` {
		t.Errorf("mia sees %s", got)
	}
}

// TestLiteLLMNullOpensNothing: null in place of a list or a truth that restricts something is
// refused, or leaves what there is, as in LiteLLM. So is a budget's increase one no longer when
// its end is taken away.
func TestLiteLLMNullOpensNothing(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	key := c.ok("master", "POST /key/generate", `{"models":["free"],"allowed_routes":["llm_api_routes"],"max_budget":1}`).Get("key").String()
	c.ok("master", "POST /team/new", `{"team_id":"shut","models":["free"],"blocked":true}`)
	c.ok("master", "POST /organization/new", `{"organization_id":"few","organization_alias":"few","models":["free"]}`)
	c.ok("master", "POST /customer/new", `{"user_id":"out","blocked":true}`)
	c.ok("master", "POST /user/new", `{"user_id":"low","user_role":"internal_user_viewer","models":["free"],"blocked":true,"user_email":"low@example.com","metadata":{"model_rpm_limit":{"paid":1}},"auto_create_key":false}`)
	for body, call := range map[string]string{
		`{"key":"` + key + `","models":null}`:         "POST /key/update",
		`{"key":"` + key + `","allowed_routes":null}`: "POST /key/update",
		`{"models":null}`:                             "POST /key/" + key + "/regenerate",
		`{"team_id":"shut","models":null}`:            "POST /team/update",
		`{"team_id":"shut","blocked":null}`:           "POST /team/update",
		`{"organization_id":"few","models":null}`:     "PATCH /organization/update",
		`{"user_id":"out","blocked":null}`:            "POST /customer/update",
	} {
		if a := c.as("master", call, body); a.Status != 422 || !strings.Contains(a.Body, "leave it out") {
			t.Errorf("%s %s: %d %s", call, body, a.Status, a.Body)
		}
	}
	for _, field := range []string{`"user_role":null`, `"models":null`, `"models":[]`, `"blocked":null`, `"user_email":null`, `"metadata":null`} {
		c.ok("master", "POST /user/update", `{"user_id":"low",`+field+`}`)
	}
	u := must(c.srv.control.User("low"))(t)
	if u.Role != access.PlainUser || !slices.Equal(u.Models, []string{"free"}) || !u.Blocked || u.Email == "" {
		t.Errorf("%+v", u)
	}
	if l := c.srv.control.LimitsOf(scope.Account{Kind: scope.User, ID: "low"}); len(l) != 1 || *l[0].Requests != 1 {
		t.Errorf("the rate limits of a model: %+v", l)
	}
	c.ok("master", "POST /user/update", `{"user_id":"low","models":["all-proxy-models"]}`)
	if u := must(c.srv.control.User("low"))(t); len(u.Models) != 0 {
		t.Errorf("all models: %v", u.Models)
	}
	c.ok("master", "POST /key/update", `{"key":"`+key+`","temp_budget_increase":5,"temp_budget_expiry":"2999-01-01T00:00:00Z"}`)
	c.ok("master", "POST /key/update", `{"key":"`+key+`","temp_budget_expiry":null}`)
	k, _ := c.srv.control.KeyByDigest(access.DigestOf(key))
	for _, b := range c.srv.control.BudgetsOf(scope.Account{Kind: scope.Key, ID: k.ID}) {
		if b.Extra.Amount != 0 {
			t.Errorf("%s more is to be spent until %s", b.Extra.Amount, b.Extra.Until)
		}
	}
}
