package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// TestLiteLLMUserPermissions: each role does with users and customers what it may do in
// LiteLLM, as far as tollgate's own table of permissions lets it.
func TestLiteLLMUserPermissions(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	must(c.srv.control.Apply(t.Context(), []control.Edit{
		control.MemberEdit{Action: control.Update, In: control.OrgChanged, ID: "corp", User: "mia"},
		control.EndUserEdit{Action: control.Create, ID: "acme"},
		control.KeyEdit{Action: control.Create, ID: "teamkey_key", Owner: control.KeyOwner{TeamID: "red", UserID: "mia"}, Secret: control.KeySecret{Secret: "sk-team-" + strings.Repeat("x", 40)}},
	}))(t)
	c.keys["teamkey"] = "sk-team-" + strings.Repeat("x", 40)
	everybody := []string{"master", "ada", "vic", "sue", "pia", "tina", "mia", "olga", "alone", "teamkey"}
	n := 0
	for _, row := range []struct {
		call, body string // NEW is an id that is nobody's yet
		may        string
	}{
		{"POST /user/new", `{"user_id":"NEW"}`, "master ada"},
		{"POST /user/new", `{"user_id":"NEW","organizations":["corp"]}`, "master ada olga"},
		{"POST /user/new", `{"user_id":"NEW","organization_id":"corp","teams":["red"],"auto_create_key":false}`, "master ada olga"},
		{"POST /user/new", `{"user_id":"NEW","organizations":["corp"],"teams":["blue"]}`, "master ada"},
		{"POST /user/new", `{"user_id":"NEW","organizations":["corp"],"user_role":"internal_user_viewer"}`, "master ada olga"},
		{"POST /user/new", `{"user_id":"NEW","organizations":["corp"],"user_role":"internal_user"}`, "master ada"},
		{"POST /user/new", `{"user_id":"NEW","organizations":["corp"],"user_role":"proxy_admin"}`, "master ada"},
		{"POST /user/new", `{"user_id":"NEW","organizations":["corp"],"max_budget":5}`, "master ada"},
		{"POST /user/new", `{"user_id":"NEW","organizations":["corp"],"teams":[{"team_id":"red","max_budget_in_team":5}]}`, "master ada"},
		{"POST /user/new", `{"user_id":"NEW","organizations":["corp"],"teams":[{"team_id":"red","user_role":"admin"}]}`, "master ada olga"},
		{"POST /user/update", `{"user_id":"pia","user_alias":"P"}`, "master ada"},
		{"POST /user/update", `{"user_id":"sue","max_budget":1000}`, "master ada"},
		{"POST /user/update", `{"user_id":"sue","user_role":"proxy_admin_viewer"}`, "master ada"},
		{"POST /user/update", `{"user_id":"sue","user_role":"internal_user"}`, "master ada"},
		{"POST /user/bulk_update", `{"users":[{"user_id":"pia","user_alias":"P"}]}`, "master ada"},
		{"POST /user/bulk_update", `{"all_users":true,"user_updates":{"metadata":{"a":1}}}`, "master ada"},
		{"POST /user/delete", `{"user_ids":[]}`, "master ada"},
		{"GET /user/info", "", "master ada vic sue pia tina mia olga alone teamkey"},
		{"GET /user/info?user_id=mia", "", "master ada vic tina mia olga teamkey"},
		{"GET /user/info?user_id=pia", "", "master ada vic pia"},
		{"GET /v2/user/info?user_id=mia", "", "master ada vic tina mia olga teamkey"},
		{"GET /user/list", "", "master ada vic olga"},
		{"GET /user/filter/ui", "", "master ada vic olga"},
		{"GET /user/available_users", "", "master ada vic"},
		{"GET /user/available_roles", "", "master ada vic sue pia tina mia olga alone teamkey"},
		{"POST /customer/new", `{"user_id":"NEW"}`, "master ada"},
		{"POST /end_user/new", `{"user_id":"NEW","max_budget":1}`, "master ada"},
		{"POST /customer/update", `{"user_id":"acme","alias":"A"}`, "master ada"},
		{"POST /customer/block", `{"user_ids":["acme"]}`, "master ada"},
		{"POST /customer/unblock", `{"user_ids":["acme"]}`, "master ada"},
		{"GET /customer/info?end_user_id=acme", "", "master ada vic"},
		{"GET /end_user/info?end_user_id=acme", "", "master ada vic"},
		{"GET /customer/list", "", "master ada vic"},
		{"POST /customer/delete", `{"user_ids":["none-such"]}`, ""},
	} {
		for _, who := range everybody {
			n++
			a := c.as(who, row.call, strings.ReplaceAll(row.body, "NEW", fmt.Sprint("new-", n)))
			may := slices.Contains(strings.Fields(row.may), who)
			switch refused := slices.Contains([]int{401, 403, 404}, a.Status); {
			case may && a.Status != 200, !may && !refused:
				t.Errorf("%s %s as %s: %d %s", row.call, row.body, who, a.Status, a.Body)
			case who == "vic" && !may && a.Status != 403:
				t.Errorf("%s as a viewer: %d, which LiteLLM answers with 403", row.call, a.Status)
			}
		}
	}
	// An organization's admin lists its own people, and the user it made has a key in the
	// organization.
	list := c.ok("olga", "GET /user/list?page_size=100", "")
	for _, u := range list.Get("users").Array() {
		if o := must(c.srv.control.Org("corp"))(t); !access.Is(u.Get("user_id").String(), o.Members) {
			t.Errorf("olga sees %s", u.Get("user_id").String())
		}
	}
	made := c.ok("olga", "POST /user/new", `{"user_id":"otto","organizations":["corp"]}`)
	if k := must(c.srv.control.Key(c.keyID(made.Get("key").String())))(t); k.OrgID != "corp" || k.UserID != "otto" {
		t.Errorf("the key is %+v", k)
	}
	if u := must(c.srv.control.User("otto"))(t); u.Role != access.PlainUser || made.Get("user_role").Raw != "null" {
		t.Errorf("otto is a %s, told as %s", u.Role, made.Get("user_role").Raw)
	}
	// A key sees its own user and no other key of it; a key of nobody sees itself.
	info := c.ok("teamkey", "GET /user/info?user_id=mia", "")
	if info.Get("user_info.user_id").String() != "mia" || info.Get("keys.#").Int() != 1 || info.Get("keys.0.token").String() != access.DigestOf(c.keys["teamkey"]).String() {
		t.Errorf("a team's key of mia sees %s", info.Raw)
	}
	if info := c.ok("alone", "GET /user/info", ""); info.Get("user_id").Raw != "null" || info.Get("keys.#").Int() != 1 || info.Get("keys.0.token").String() != access.DigestOf(c.keys["alone"]).String() {
		t.Errorf("a key of nobody sees %s", info.Raw)
	}
	if info := c.ok("tina", "GET /user/info?user_id=mia", ""); info.Get("teams.#").Int() != 1 || info.Get("teams.0.members_with_roles.#").Int() < 2 {
		t.Errorf("the teams are %s", info.Get("teams").Raw)
	}
}

// keyID is the id of a secret.
func (c cast) keyID(secret string) string {
	k, _ := c.srv.control.KeyByDigest(access.DigestOf(secret))
	return k.ID
}

// TestLiteLLMUserLife: what a user is given holds for calls, is read as it was written and
// goes with the user; free models pass whatever was spent.
func TestLiteLLMUserLife(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	made := c.ok("master", "POST /user/new", `{"user_id":"lea","user_email":"lea+x@example.com","user_alias":"Lea","user_role":"internal_user","max_budget":10,"budget_duration":"24h","rpm_limit":60,
		"metadata":{"app":"x"},"sso_user_id":"sso-1","teams":[{"team_id":"red","max_budget_in_team":2,"user_role":"admin"},"blue"],"organizations":["corp"],"spend":0.5,"key_alias":"lea-key","budget_limits":[{"max_budget":3,"budget_duration":"7d"}]}`)
	key := made.Get("key").String()
	check := func(what string, got gjson.Result, want map[string]string) {
		t.Helper()
		for path, w := range want {
			if g := got.Get(path); g.String() != w && g.Raw != w {
				t.Errorf("%s: %s is %s, want %s", what, path, g.Raw, w)
			}
		}
	}
	check("made", made, map[string]string{"user_id": "lea", "user_email": "lea+x@example.com", "user_role": "internal_user", "max_budget": "10.0", "budget_duration": "24h", "rpm_limit": "60",
		"teams": `["blue","red"]`, "spend": "0.5", "key_alias": "lea-key", "metadata.app": "x", "token": "null"})
	info := func() gjson.Result { return c.ok("master", "GET /user/info?user_id=lea", "") }
	check("info", info(), map[string]string{"user_info.spend": "0.5", "user_info.sso_user_id": "sso-1", "user_info.budget_limits.0.max_budget": "3.0", "user_info.organization_memberships.0.organization_id": "corp",
		"teams.#": "2", "keys.#": "1", "keys.0.rpm_limit": "60", "keys.0.max_budget": "null", "keys.0.spend": "0.0", "keys.0.metadata.app": "x"})
	if team := must(c.srv.control.Team("red"))(t); !access.Is("lea", team.Admins) {
		t.Errorf("admins of red are %v", team.Admins)
	}
	member := c.srv.control.Budgets()
	if !slices.ContainsFunc(member, func(b ledger.Budget) bool { return b.Kind == scope.Member && b.Owner == "red/lea" }) {
		t.Error("there is no max_budget_in_team")
	}
	for _, user := range []string{"lea", "Lea%2Bx@example.com"} {
		if got := c.ok("master", "GET /user/list?user_ids=lea&user_email="+strings.TrimPrefix(user, "lea"), "").Get("users.0.user_id").String(); got != "lea" {
			t.Errorf("the list has %q", got)
		}
	}
	for query, want := range map[string]int64{"sso_user_ids=sso-1": 1, "team=red&role=internal_user": 1, "team=none": 0, "organization_ids=corp": 2, "search=EXAMPLE": 1, "page=9223372036854775807": 0, "sort_by=spend&sort_order=desc&page_size=1": 1} {
		if got := c.ok("master", "GET /user/list?"+query, "").Get("users.#").Int(); got != want {
			t.Errorf("%s: %d users, want %d", query, got, want)
		}
	}
	// A budget that the key shares with others is the key's, beside the user's own.
	c.ok("master", "POST /budget/new", `{"budget_id":"tiny","max_budget":0.000001,"rpm_limit":9}`)
	shared := c.ok("master", "POST /user/new", `{"user_id":"sid","max_budget":5,"budget_id":"tiny","tags":["t1"]}`)
	if k := must(c.srv.control.Key(c.keyID(shared.Get("key").String())))(t); !slices.Equal(k.Tags, []string{"t1"}) {
		t.Errorf("the key's tags are %v", k.Tags)
	}
	check("shared", c.ok("master", "GET /user/info?user_id=sid", ""), map[string]string{"user_info.max_budget": "5.0", "keys.0.budget_id": "tiny", "keys.0.litellm_budget_table.rpm_limit": "9"})
	if a := c.chat(person{key: shared.Get("key").String()}, "paid", "", nil); a.Status != 429 {
		t.Errorf("the budget that the key shares does not hold: %d %s", a.Status, a.Body)
	}
	// The user's budget bounds its key, and no free model.
	if a := c.chat(person{key: key}, "paid", "", nil); a.Status != 200 {
		t.Fatalf("a paid call: %d %s", a.Status, a.Body)
	}
	spent := info().Get("user_info.spend").Float()
	if spent <= 0.5 {
		t.Errorf("spend is %v after a paid call", spent)
	}
	c.ok("master", "POST /user/update", fmt.Sprintf(`{"user_email":"LEA+x@example.com","max_budget":%v,"user_alias":null}`, spent))
	check("after an update by e-mail", info(), map[string]string{"user_info.max_budget": fmt.Sprint(spent), "user_info.user_alias": "Lea", "user_info.rpm_limit": "60", "user_info.metadata.app": "x"})
	if a := c.chat(person{key: key}, "paid", "", nil); !strings.Contains(a.Body, "ExceededBudget") && !strings.Contains(a.Body, "Budget has been exceeded") {
		t.Errorf("the budget does not hold: %d %s", a.Status, a.Body)
	}
	if a := c.chat(person{key: key}, "free", "", nil); a.Status != 200 {
		t.Errorf("a free model is refused: %d %s", a.Status, a.Body)
	}
	// The spending is set to nothing, in one go with a larger budget.
	c.ok("master", "POST /user/update", `{"user_id":"lea","spend":0,"max_budget":20}`)
	if a := c.chat(person{key: key}, "paid", "", nil); a.Status != 200 {
		t.Errorf("after the spending was forgiven: %d %s", a.Status, a.Body)
	}
	c.ok("master", "POST /user/update", `{"user_id":"lea","blocked":true}`)
	if a := c.chat(person{key: key}, "free", "", nil); a.Status < 400 {
		t.Errorf("a blocked user calls: %d", a.Status)
	}
	c.ok("master", "POST /user/update", `{"user_id":"lea","blocked":false,"max_budget":null,"budget_duration":null,"rpm_limit":null,"budget_limits":null,"user_role":null}`)
	check("after nulls", info(), map[string]string{"user_info.max_budget": "null", "user_info.rpm_limit": "null", "user_info.user_role": "internal_user"})
	// A user that is not there is made by an update, as LiteLLM does, and has no key.
	c.ok("master", "POST /user/update", `{"user_email":"new@example.com","max_budget":1}`)
	if got := c.ok("master", "GET /user/list?user_email=new@", "").Get("users.0"); got.Get("max_budget").Float() != 1 || got.Get("key_count").Int() != 0 {
		t.Errorf("made by an update: %s", got.Raw)
	}
	many := c.ok("master", "POST /user/bulk_update", `{"users":[{"user_id":"lea","max_budget":7},{"user_id":"pia","max_budget":-7},{"user_alias":"x"}]}`)
	check("bulk", many, map[string]string{"total_requested": "3", "successful_updates": "1", "failed_updates": "2", "results.0.updated_user.data.max_budget": "7.0", "results.1.success": "false"})
	// Gone is gone: keys, memberships, and what bounded it.
	if got := c.ok("master", "POST /user/delete", `{"user_ids":["lea","lea"]}`); got.Raw != "1" {
		t.Errorf("deleted %s", got.Raw)
	}
	if a := c.chat(person{key: key}, "free", "", nil); a.Status != 401 {
		t.Errorf("the key of a deleted user: %d", a.Status)
	}
	for _, b := range c.srv.control.Budgets() {
		if strings.Contains(b.Owner, "lea") {
			t.Errorf("the budget %+v stays", b)
		}
	}
	if a := c.as("master", "GET /user/info?user_id=lea", ""); a.Status != 404 || !strings.Contains(a.Body, "not found") {
		t.Errorf("a deleted user: %d %s", a.Status, a.Body)
	}
	c.ok("master", "POST /user/new", `{"user_id":"lea"}`)
	if got := info().Get("user_info"); got.Get("max_budget").Raw != "null" || got.Get("teams").Raw != "[]" {
		t.Errorf("a new user of that name: %s", got.Raw)
	}
}

// TestLiteLLMUsersOwnKeys: what somebody says nothing of is in a key that it makes as in the
// key that it has.
func TestLiteLLMUsersOwnKeys(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	c.keys["ned"] = c.ok("master", "POST /user/new", `{"user_id":"ned","models":["free"],"duration":"2h"}`).Get("key").String()
	made := c.ok("ned", "POST /key/generate", `{"key_alias":"second"}`)
	if made.Get("models").Raw != `["free"]` || made.Get("expires").Raw == "null" || made.Get("user_id").String() != "ned" || made.Get("created_by").String() != "ned" {
		t.Errorf("made: %s", made.Raw)
	}
	if a := c.as("ned", "POST /key/generate", `{"models":["paid"]}`); a.Status != 401 {
		t.Errorf("a key with another model: %d %s", a.Status, a.Body)
	}
	if a := c.as("ned", "POST /key/delete", `{"keys":["`+c.keys["sue"]+`"]}`); a.Status != 403 {
		t.Errorf("deletes another's: %d %s", a.Status, a.Body)
	}
	// Of those who want one e-mail at the same time one gets it.
	statuses := make(chan int)
	for range 8 {
		go func() { statuses <- c.as("master", "POST /user/new", `{"user_email":"one@example.com"}`).Status }()
	}
	count := map[int]int{}
	for range 8 {
		count[<-statuses]++
	}
	if count[200] != 1 || count[409] != 7 {
		t.Errorf("statuses are %v", count)
	}
}

// TestLiteLLMWhatGoesAlong: who is put into a team has what the team gives its members, and
// what bounded somebody who is gone bounds nobody of the same name.
func TestLiteLLMWhatGoesAlong(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	c.ok("master", "POST /organization/new", `{"organization_id":"firm","organization_alias":"firm","max_budget":8}`)
	before := len(c.srv.control.Budgets())
	build := func() {
		c.ok("master", "POST /team/new", `{"team_id":"green","team_member_budget":3,"max_budget":9,"rpm_limit":50}`)
		c.ok("master", "POST /user/new", `{"user_id":"gus","teams":["green",{"team_id":"blue","max_budget_in_team":4}],"max_budget":7}`)
		c.ok("master", "POST /key/generate", `{"user_id":"gil","team_id":"green","max_budget":1,"key_alias":"gil"}`)
	}
	build()
	limits := map[string]string{}
	for _, b := range c.srv.control.Budgets() {
		limits[string(b.Kind)+" "+b.Owner] = b.Limit.String()
	}
	for owner, limit := range map[string]string{"member green/gus": "3.00", "member green/gil": "3.00", "member blue/gus": "4.00", "team green": "9.00", "user gus": "7.00"} {
		if limits[owner] != limit {
			t.Errorf("%s has %q, want %s: %v", owner, limits[owner], limit, limits)
		}
	}
	c.ok("master", "POST /team/member_delete", `{"team_id":"green","user_id":"gil"}`)
	c.ok("master", "POST /team/delete", `{"team_ids":["green"]}`)
	c.ok("master", "POST /user/delete", `{"user_ids":["gus","gil"]}`)
	if after := len(c.srv.control.Budgets()); after != before || len(c.srv.control.Limits()) != 0 {
		t.Errorf("%d budgets and %d limits stay", after-before, len(c.srv.control.Limits()))
	}
	build()
	c.ok("master", "POST /key/delete", `{"key_aliases":["gil"]}`)
	c.ok("master", "DELETE /organization/delete", `{"organization_ids":["firm"]}`)
	for _, b := range c.srv.control.Budgets() {
		if b.Kind == scope.Key || b.Kind == scope.Org {
			t.Errorf("the budget %+v stays", b)
		}
	}
}

// TestLiteLLMCustomerLife: what a customer is given holds for calls that name it.
func TestLiteLLMCustomerLife(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	c.keys["caller"] = c.ok("master", "POST /key/generate", `{"key_alias":"caller"}`).Get("key").String()
	call := func(model, customer string) answer {
		return c.as("caller", "POST /v1/chat/completions", fmt.Sprintf(`{"model":%q,"user":%q,"messages":[{"role":"user","content":"hi"}]}`, model, customer))
	}
	row := c.ok("master", "POST /end_user/new", `{"user_id":"a/b%20c","alias":"A","max_budget":1,"budget_duration":"30d","rpm_limit":100,"spend":0.25}`)
	if row.Get("spend").Float() != 0.25 || row.Get("litellm_budget_table.rpm_limit").Int() != 100 || row.Get("budget_id").String() == "" {
		t.Errorf("made: %s", row.Raw)
	}
	info := func(id string) gjson.Result { return c.ok("master", "GET /customer/info?end_user_id="+id, "") }
	if got := info("a%2Fb%2520c"); got.Get("alias").String() != "A" {
		t.Errorf("info: %s", got.Raw)
	}
	if a := call("paid", "a/b%20c"); a.Status != 200 {
		t.Fatalf("a paid call: %d %s", a.Status, a.Body)
	}
	c.ok("master", "POST /customer/update", `{"user_id":"a/b%20c","max_budget":0.25}`)
	if got := info("a%2Fb%2520c"); got.Get("litellm_budget_table.budget_duration").String() != "30d" || got.Get("litellm_budget_table.rpm_limit").Int() != 100 {
		t.Errorf("after an update: %s", got.Raw)
	}
	if a := call("paid", "a/b%20c"); !strings.Contains(a.Body, "End User=") {
		t.Errorf("the budget does not hold: %d %s", a.Status, a.Body)
	}
	if a := call("free", "a/b%20c"); a.Status != 200 {
		t.Errorf("a free model is refused: %d %s", a.Status, a.Body)
	}
	c.ok("master", "POST /customer/block", `{"user_ids":["a/b%20c","unheard-of"]}`)
	for _, id := range []string{"a/b%20c", "unheard-of"} {
		if a := call("free", id); a.Status != 403 {
			t.Errorf("%s is blocked, and called: %d %s", id, a.Status, a.Body)
		}
	}
	if got := c.ok("master", "POST /end_user/unblock", `{"user_ids":["a/b%20c","none-such"]}`).Get("blocked_users").Raw; got != `["unheard-of"]` {
		t.Errorf("still blocked: %s", got)
	}
	// One that came by itself is told of, and can be given a budget.
	if a := call("paid", "came"); a.Status != 200 {
		t.Fatalf("a paid call: %d %s", a.Status, a.Body)
	}
	spent := info("came").Get("spend").Float()
	if spent <= 0 {
		t.Errorf("came has spent %v", spent)
	}
	if got := c.ok("master", "POST /customer/update", `{"user_id":"came","max_budget":5}`); got.Get("spend").Float() != spent || got.Get("litellm_budget_table.max_budget").Float() != 5 {
		t.Errorf("came: %s", got.Raw)
	}
	if got := c.ok("vic", "GET /customer/list", ""); got.Get("#").Int() != 3 || got.Get("1.user_id").String() != "came" {
		t.Errorf("the list: %s", got.Raw)
	}
	// A budget that several share gives its terms, until the customer has one of its own. Its
	// window is new, and begins with nothing.
	must(c.srv.control.CreatePlan(t.Context(), "small", control.PlanChange{Attributes: []byte(`{"litellm":{"max_budget":4,"budget_duration":"7d","soft_budget":0.5,"rpm_limit":10}}`)}))(t)
	if got := c.ok("master", "POST /customer/update", `{"user_id":"came","budget_id":"small"}`); got.Get("budget_id").String() != "small" || got.Get("litellm_budget_table.max_budget").Float() != 4 || got.Get("litellm_budget_table.rpm_limit").Int() != 10 || got.Get("spend").Float() != 0 {
		t.Errorf("with a shared budget: %s", got.Raw)
	}
	if got := c.ok("master", "POST /customer/update", `{"user_id":"came","max_budget":6}`); got.Get("budget_id").String() == "small" || got.Get("litellm_budget_table.max_budget").Float() != 6 {
		t.Errorf("with its own again: %s", got.Raw)
	}
	if got := c.ok("master", "POST /customer/update", `{"user_id":"came","budget_id":null}`); got.Get("budget_id").Raw != "null" || got.Get("litellm_budget_table").Raw != "null" || got.Get("spend").Float() != spent {
		t.Errorf("without: %s", got.Raw)
	}
	if got := c.ok("master", "POST /customer/delete", `{"user_ids":["unheard-of","a/b%20c"]}`); got.Get("deleted_customers").Int() != 2 {
		t.Errorf("deleted: %s", got.Raw)
	}
	if a := c.as("master", "GET /customer/info?end_user_id=unheard-of", ""); a.Status != 404 || !strings.Contains(a.Body, "does not exist") {
		t.Errorf("a deleted customer: %d %s", a.Status, a.Body)
	}
	for _, b := range c.srv.control.Budgets() {
		if b.Kind == scope.EndUser && b.Owner != "came" {
			t.Errorf("the budget %+v stays", b)
		}
	}
}

// TestLiteLLMUsersBadInput: what cannot be done is refused with a reason, and nothing of it
// is done.
func TestLiteLLMUsersBadInput(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	c.ok("master", "POST /user/update", `{"user_id":"pia","user_email":"pia@example.com"}`)
	c.ok("master", "POST /user/new", `{"user_id":"twin","user_email":"twin@example.com","auto_create_key":false}`)
	c.ok("master", "POST /customer/new", `{"user_id":"acme"}`)
	keys, users, budgets := len(must(c.srv.control.Keys(t.Context(), control.KeyFilter{}))(t)), len(must(c.srv.control.Users(t.Context()))(t)), len(c.srv.control.Budgets())
	long := strings.Repeat("a", 200)
	for _, row := range []struct{ call, body, want string }{
		{"POST /user/new", ``, "422 Field required"},
		{"POST /user/new", `[]`, "422 "},
		{"POST /user/new", `{"user_id":7}`, "422 valid string"},
		{"POST /user/new", `{"user_id":"a/b"}`, "400 a/b"},
		{"POST /user/new", `{"user_id":"` + long + `"}`, "400 longer"},
		{"POST /user/new", `{"user_id":"pia"}`, "409 User with id pia already exists"},
		{"POST /user/new", `{"user_email":"PIA@example.com"}`, "409 User with email pia@example.com already exists"},
		{"POST /user/new", `{"user_role":"emperor"}`, "422 internal_user_viewer"},
		{"POST /user/new", `{"user_role":"org_admin"}`, "422 internal_user_viewer"},
		{"POST /user/new", `{"max_budget":-1}`, "400 non-negative"},
		{"POST /user/new", `{"spend":-1}`, "400 non-negative"},
		{"POST /user/new", `{"budget_duration":"often"}`, "400 budget_duration"},
		{"POST /user/new", `{"duration":"soon"}`, "400 duration"},
		{"POST /user/new", `{"rpm_limit":"x"}`, "422 integer"},
		{"POST /user/new", `{"metadata":[1]}`, "422 dictionary"},
		{"POST /user/new", `{"password":"secret"}`, "400 password"},
		{"POST /user/new", `{"guardrails":["pii"]}`, "400 guardrails"},
		{"POST /user/new", `{"auto_create_key":"maybe"}`, "422 boolean"},
		{"POST /user/new", `{"teams":"red"}`, "422 valid list"},
		{"POST /user/new", `{"teams":[7]}`, "422 team"},
		{"POST /user/new", `{"teams":["none"]}`, "404 not found"},
		{"POST /user/new", `{"teams":[{"team_id":"red","user_role":"king"}]}`, "422 user_role"},
		{"POST /user/new", `{"teams":[{"team_id":"red","max_budget_in_team":-1}]}`, "400 max_budget_in_team"},
		{"POST /user/new", `{"organizations":["none"]}`, "404 not found"},
		{"POST /user/new", `{"budget_id":"none"}`, "404 not found"},
		{"POST /user/new", `{"key_alias":"` + long + `"}`, "400 longer"},
		{"POST /user/update", `{"max_budget":1}`, "422 user id or user email"},
		{"POST /user/update", `{"user_id":"pia","user_email":"twin@example.com"}`, "409 already exists"},
		{"POST /user/update", `{"user_id":"pia","budget_limits":[{"max_budget":1,"budget_duration":"x"}]}`, "422 budget_duration"},
		{"POST /user/update", `{"user_id":"pia","models":7}`, "422 valid list"},
		{"POST /user/bulk_update", `{}`, "400 users"},
		{"POST /user/bulk_update", `{"users":[]}`, "400 No users"},
		{"POST /user/bulk_update", `{"users":[` + strings.Repeat(`{},`, 500) + `{}]}`, "400 Maximum 500"},
		{"POST /user/bulk_update", `{"all_users":true,"user_updates":{"user_id":"pia"}}`, "400 user_updates"},
		{"POST /user/delete", `{}`, "422 Field required"},
		{"POST /user/delete", `{"user_ids":["pia","none"]}`, "404 not found"},
		{"GET /user/info?user_id=none%2Fsuch", ``, "404 not found"},
		{"GET /v2/user/info?user_id=%25", ``, "404 not found"},
		{"GET /user/list?page=0", ``, "422 page"},
		{"GET /user/list?page_size=101", ``, "422 page_size"},
		{"GET /user/list?sort_by=secret", ``, "400 sort"},
		{"GET /user/list?sort_by=spend&sort_order=up", ``, "400 sort"},
		{"POST /customer/new", `{"alias":"x"}`, "422 Field required"},
		{"POST /customer/new", `{"user_id":""}`, "400 id"},
		{"POST /customer/new", `{"user_id":"` + strings.Repeat("a", 3000) + `"}`, "400 longer"},
		{"POST /customer/new", `{"user_id":"acme"}`, "400 already exists"},
		{"POST /customer/new", `{"user_id":"x","max_budget":1,"budget_id":"small"}`, "422 not both"},
		{"POST /customer/new", `{"user_id":"x","budget_id":"none"}`, "404 not found"},
		{"POST /customer/new", `{"user_id":"x","allowed_model_region":"eu"}`, "400 allowed_model_region"},
		{"POST /customer/new", `{"user_id":"x","max_budget":-1}`, "400 non-negative"},
		{"POST /customer/update", `{"user_id":"none-such","max_budget":1}`, "404 does not exist"},
		{"GET /customer/info", ``, "422 end_user_id"},
		{"GET /customer/info?end_user_id=none-such", ``, "404 does not exist"},
		{"POST /customer/delete", `{"user_ids":["acme","none-such"]}`, "404 do not exist"},
		{"POST /customer/delete", `{"user_ids":[]}`, "400 user_ids"},
		{"POST /customer/block", `{}`, "422 Field required"},
	} {
		a := c.as("master", row.call, row.body)
		if status, words, _ := strings.Cut(row.want, " "); fmt.Sprint(a.Status) != status || !strings.Contains(a.Body, words) {
			t.Errorf("%s %.200s: %d %s, want %s", row.call, row.body, a.Status, a.Body, row.want)
		}
	}
	if k, u, b := len(must(c.srv.control.Keys(t.Context(), control.KeyFilter{}))(t)), len(must(c.srv.control.Users(t.Context()))(t)), len(c.srv.control.Budgets()); k != keys || u != users || b != budgets {
		t.Errorf("requests that were refused made %d keys, %d users and %d budgets", k-keys, u-users, b-budgets)
	}
	if _, err := c.srv.control.EndUser("x"); err == nil {
		t.Error("a customer was made by a request that was refused")
	}
}
