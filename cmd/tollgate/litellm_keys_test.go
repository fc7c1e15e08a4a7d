package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// cast is everybody who may ask LiteLLM's routes for something, by role.
type cast struct {
	*gate
	keys map[string]string // secrets
}

// newCast starts the program with somebody of each role: an organization `corp` with a team
// `red` that tina manages and mia is a member of, and a team `blue`.
func newCast(t *testing.T) cast {
	t.Helper()
	g := start(t, likeLiteLLM)
	c := cast{g, map[string]string{"master": must(g.srv.control.EnsureAdmin(t.Context(), ""))(t)}}
	role := func(r access.UserRole) *access.UserRole { return &r }
	admin := access.GroupAdmin
	edits := []control.Edit{
		control.OrgEdit{Action: control.Create, ID: "corp"},
		control.TeamEdit{Action: control.Create, ID: "red", TeamChange: control.TeamChange{Org: ptr("corp")}},
		control.TeamEdit{Action: control.Create, ID: "blue"},
	}
	for name, r := range map[string]access.UserRole{"ada": access.Manager, "vic": access.Viewer, "sue": access.SelfService, "pia": access.PlainUser, "tina": access.PlainUser, "mia": access.PlainUser, "olga": access.PlainUser} {
		edits = append(edits, control.UserEdit{Action: control.Create, ID: name, UserChange: control.UserChange{Role: role(r)}})
	}
	edits = append(edits,
		control.MemberEdit{Action: control.Update, In: control.TeamChanged, ID: "red", User: "tina", Role: &admin},
		control.MemberEdit{Action: control.Update, In: control.TeamChanged, ID: "red", User: "mia"},
		control.MemberEdit{Action: control.Update, In: control.OrgChanged, ID: "corp", User: "olga", Role: &admin})
	for _, name := range []string{"ada", "vic", "sue", "pia", "tina", "mia", "olga"} {
		edits = append(edits, control.KeyEdit{Action: control.Create, ID: name + "_key", Owner: control.KeyOwner{UserID: name}})
	}
	edits = append(edits, control.KeyEdit{Action: control.Create, ID: "alone_key", Owner: control.KeyOwner{Standalone: true}})
	for _, e := range must(g.srv.control.Apply(t.Context(), edits))(t) {
		if e.Secret != "" {
			c.keys[strings.TrimSuffix(e.ID, "_key")] = e.Secret
		}
	}
	return c
}

// as asks for something in somebody's name.
func (c cast) as(who, call, body string) answer {
	c.t.Helper()
	method, path, _ := strings.Cut(call, " ")
	return c.do(method, path, c.keys[who], body, nil)
}

// ok is as for what must be done; it returns the answer.
func (c cast) ok(who, call, body string) gjson.Result {
	c.t.Helper()
	a := c.as(who, call, body)
	if a.Status != http.StatusOK {
		c.t.Fatalf("%s as %s: %d %s", call, who, a.Status, a.Body)
	}
	return gjson.Parse(a.Body)
}

// TestLiteLLMKeyPermissions: each role does what it may do in LiteLLM, and nothing that
// tollgate's own table of permissions does not let it do.
func TestLiteLLMKeyPermissions(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	roles := []string{"master", "ada", "vic", "sue", "pia", "tina", "mia", "olga", "alone"}
	only := func(who ...string) map[string]bool {
		m := map[string]bool{}
		for _, w := range who {
			m[w] = true
		}
		return m
	}
	managers := []string{"master", "ada"}
	fresh := func(body string) string {
		return c.ok("master", "POST /key/generate", body).Get("key").String()
	}
	for _, row := range []struct {
		name, call string
		body       func() string
		may        map[string]bool
	}{
		{"a key of nobody", "POST /key/generate", func() string { return `{"team_id":null,"user_id":null,"max_budget":1}` }, only(append(managers, "sue")...)}, // sue's is her own
		{"a key for another", "POST /key/generate", func() string { return `{"user_id":"pia"}` }, only(managers...)},
		{"a key of a team", "POST /key/generate", func() string { return `{"team_id":"red"}` }, only(append(managers, "tina", "olga")...)},
		{"a key of another team", "POST /key/generate", func() string { return `{"team_id":"blue"}` }, only(managers...)},
		{"a service account", "POST /key/service-account/generate", func() string { return `{"team_id":"red"}` }, only(append(managers, "tina", "olga")...)},
		{"sees another's key", "GET /key/info?key=KEY", func() string { return "" }, only(append(managers, "vic")...)},
		{"more money for another's key", "POST /key/update", func() string { return `{"key":"KEY","max_budget":100}` }, only(managers...)},
		{"blocks another's key", "POST /key/block", func() string { return `{"key":"KEY"}` }, only(managers...)},
		{"another secret for another's key", "POST /key/regenerate", func() string { return `{"key":"KEY"}` }, only(managers...)},
		{"forgives another's spending", "POST /key/KEY/reset_spend", func() string { return `{"reset_to":0}` }, only(managers...)},
		{"says what a new key has spent", "POST /key/generate", func() string { return `{"team_id":"red","spend":1}` }, only(managers...)},
		{"deletes another's key", "POST /key/delete", func() string { return `{"keys":["KEY"]}` }, only(managers...)},
		{"lists keys", "GET /key/list", func() string { return "" }, only("master", "ada", "vic", "sue", "pia", "tina", "mia", "olga")},
	} {
		for _, who := range roles {
			key := ""
			if strings.Contains(row.call+row.body(), "KEY") {
				key = fresh(`{"user_id":"pia"}`)
				if who == "pia" && !strings.HasPrefix(row.call, "POST") {
					continue // it is her own
				}
			}
			put := func(s string) string { return strings.ReplaceAll(s, "KEY", key) }
			a := c.as(who, put(row.call), put(row.body()))
			if row.name == "a key of nobody" && !row.may[who] {
				a = c.as(who, row.call, `{}`)
			}
			if may := a.Status < 300; may != row.may[who] {
				t.Errorf("%s as %s: %d %s", row.name, who, a.Status, a.Body)
			} else if !may && a.Status != 401 && a.Status != 403 {
				t.Errorf("%s as %s: %d, want a refusal of the role: %s", row.name, who, a.Status, a.Body)
			}
		}
	}
	// What a list shows is what one may see.
	for who, most := range map[string]int{"sue": 1, "pia": 1, "mia": 1} {
		for _, hash := range c.ok(who, "GET /key/list?size=100", "").Get("keys").Array() {
			k, found := c.srv.control.KeyByDigest(must(access.ParseDigest(hash.String()))(t))
			if !found || k.UserID != who {
				t.Errorf("%s sees a key of %q (at most %d of its own)", who, k.UserID, most)
			}
		}
	}
	// A key sees itself, whatever it is kept to.
	narrow := fresh(`{"allowed_routes":["/v1/chat/completions"],"key_alias":"kept"}`)
	if a := c.do("GET", "/key/info", narrow, "", nil); a.Status != 200 || gjson.Get(a.Body, "info.key_alias").String() != "kept" {
		t.Errorf("a key that is kept to one route does not see itself: %d %s", a.Status, a.Body)
	}
	if a := c.do("GET", "/key/list", narrow, "", nil); a.Status != 403 {
		t.Errorf("and sees others: %d %s", a.Status, a.Body)
	}
	// Nobody raises what bounds the own key.
	own := c.ok("sue", "POST /key/generate", `{"max_budget":1}`)
	for _, body := range []string{`"max_budget":2`, `"max_budget":null`, `"spend":0.5`, `"budget_duration":"1d"`} {
		if a := c.as("sue", "POST /key/update", fmt.Sprintf(`{"key":%q,%s}`, own.Get("key").String(), body)); a.Status != 401 {
			t.Errorf("sue changes her budget by %s: %d %s", body, a.Status, a.Body)
		}
	}
	if a := c.as("sue", "POST /key/generate", `{"spend":1}`); a.Status != 401 {
		t.Errorf("sue says what her new key has spent: %d %s", a.Status, a.Body)
	}
	// Nor does anybody get past it by another key.
	c.keys["bounded"] = own.Get("key").String()
	for _, body := range []string{`{}`, `{"max_budget":1}`} {
		if a := c.as("bounded", "POST /key/generate", body); a.Status != 401 || !strings.Contains(a.Body, "max_budget") {
			t.Errorf("sue makes another key by the one with a budget, by %s: %d %s", body, a.Status, a.Body)
		}
	}
}

// TestLiteLLMKeyLife: what a key is given holds for its calls, is read as it was written, and
// free models pass whatever was spent.
func TestLiteLLMKeyLife(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	made := c.ok("master", "POST /key/generate", `{"key_alias":"life","max_budget":1,"budget_duration":"24h","rpm_limit":50,"models":["paid","free"],
		"metadata":{"app":"x","deep":{"a":[1,2]}},"tags":["t1"],"model_rpm_limit":{"paid":40},"permissions":{"x":true},"duration":"2h"}`)
	key := made.Get("key").String()
	info := func() gjson.Result { return c.ok("master", "GET /key/info?key="+key, "").Get("info") }
	for path, want := range map[string]string{"budget_duration": "24h", "max_budget": "1.0", "rpm_limit": "50", "metadata.app": "x", "metadata.deep.a.1": "2", "metadata.tags.0": "t1",
		"metadata.model_rpm_limit.paid": "40", "permissions.x": "true", "models.0": "paid", "key_alias": "life", "created_by": "default_user_id", "spend": "0.0"} {
		if got := info().Get(path); got.String() != want && got.Raw != want {
			t.Errorf("info.%s is %s, want %s", path, got.Raw, want)
		}
	}
	if expires, err := time.Parse(time.RFC3339Nano, info().Get("expires").String()); err != nil || time.Until(expires) > 2*time.Hour || time.Until(expires) < time.Hour {
		t.Errorf("expires %s", info().Get("expires").String())
	}
	p := person{key: key}
	if a := c.chat(p, "paid", "", nil); a.Status != 200 {
		t.Fatalf("a paid call: %d %s", a.Status, a.Body)
	}
	if got := c.query("select count(*) from entries where tags like '%t1%'"); got != 1 {
		t.Errorf("%d entries have the key's tag", got)
	}
	spent := info().Get("spend").Float()
	if spent <= 0 {
		t.Fatalf("spend is %v after a paid call", spent)
	}
	// The window changes, and what was spent stays spent.
	c.ok("master", "POST /key/update", fmt.Sprintf(`{"key":%q,"budget_duration":"30d","max_budget":%v}`, key, spent))
	if got := info(); got.Get("spend").Float() != spent || got.Get("budget_duration").String() != "30d" || got.Get("rpm_limit").Int() != 50 {
		t.Errorf("after a change of the window: %s", got.Raw)
	}
	if a := c.chat(p, "paid", "", nil); !strings.Contains(a.Body, "Budget has been exceeded") {
		t.Errorf("the budget does not hold: %d %s", a.Status, a.Body)
	}
	if a := c.chat(p, "free", "", nil); a.Status != 200 {
		t.Errorf("a free model is refused: %d %s", a.Status, a.Body)
	}
	c.ok("master", "POST /key/"+made.Get("token").String()+"/reset_spend", `{"reset_to":0}`)
	if got := info().Get("spend").Float(); got != 0 {
		t.Errorf("%v was spent after it was forgiven", got)
	}
	c.ok("master", "POST /key/update", fmt.Sprintf(`{"key":%q,"max_budget":1}`, key))
	if a := c.chat(p, "paid", "", nil); a.Status != 200 {
		t.Errorf("after the spending was forgiven: %d %s", a.Status, a.Body)
	}
	// Another secret, and the first one works on for a while.
	next := c.ok("master", "POST /key/regenerate", fmt.Sprintf(`{"key":%q,"grace_period":"1h"}`, key)).Get("key").String()
	for _, k := range []string{key, next} {
		if a := c.chat(person{key: k}, "free", "", nil); a.Status != 200 {
			t.Errorf("a secret does not work: %d %s", a.Status, a.Body)
		}
	}
	key = next
	// null takes away, and what is left out stays.
	c.ok("master", "POST /key/update", fmt.Sprintf(`{"key":%q,"rpm_limit":null,"duration":null,"metadata":null,"max_budget":null,"budget_duration":null}`, key))
	if got := info(); got.Get("rpm_limit").Raw != "null" || got.Get("expires").Raw != "null" || got.Get("max_budget").Raw != "null" || got.Get("models.#").Int() != 2 {
		t.Errorf("after nulls: %s", got.Raw)
	}
	if got := c.ok("master", "POST /key/delete", `{"key_aliases":["life"]}`).Get("deleted_keys.0").String(); got != "life" {
		t.Errorf("deleted %q", got)
	}
	if a := c.as("master", "GET /key/info?key="+key, ""); a.Status != 404 || !strings.Contains(a.Body, "not found") {
		t.Errorf("a deleted key: %d %s", a.Status, a.Body)
	}
	// A user that is not there is made with its key, and is a member of the key's team.
	c.ok("master", "POST /key/generate", `{"user_id":"newcomer","team_id":"blue"}`)
	if team := must(c.srv.control.Team("blue"))(t); !slices.Contains(team.Members, "newcomer") {
		t.Errorf("members are %v", team.Members)
	}
}

// TestLiteLLMKeysBadInput: what cannot be done is refused with a reason, and nothing of it is
// done.
func TestLiteLLMKeysBadInput(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	before := len(must(c.srv.control.Keys(t.Context(), control.KeyFilter{}))(t))
	for body, want := range map[string]string{
		``:                              "422 Field required",
		`{`:                             "422 ",
		`{"max_budget":-1}`:             "400 non-negative",
		`{"max_budget":"much"}`:         "422 valid number",
		`{"max_budget":1e30}`:           "422 valid number",
		`{"spend":-3,"max_budget":1}`:   "400 non-negative",
		`{"budget_duration":"often"}`:   "400 budget_duration",
		`{"duration":"soon"}`:           "400 duration",
		`{"duration":"99999999d"}`:      "400 duration",
		`{"models":"all"}`:              "422 valid list",
		`{"models":[1]}`:                "422 valid string",
		`{"rpm_limit":-1}`:              "422 from 0",
		`{"rpm_limit":1.5}`:             "422 integer",
		`{"tpd_limit":5}`:               "400 tpd_limit",
		`{"object_permission":{"a":1}}`: "400 object_permission",
		`{"guardrails":["pii"]}`:        "400 guardrails",
		`{"key":"sk-1234"}`:             "400 at least",
		`{"key":"nonsense"}`:            "400 sk-",
		`{"key_type":"emperor"}`:        "422 llm_api",
		`{"team_id":"no-such"}`:         "404 not found",
		`{"organization_id":"no-such"}`: "404 not found",
		`{"user_id":"a/b"}`:             "400 a/b",
		`{"model_max_budget":{"a":{}}}`: "422 number",
		`{"budget_limits":[{"max_budget":1,"budget_duration":"x"}]}`: "422 budget_duration",
		`{"key_alias":"` + strings.Repeat("a", 200) + `"}`:           "400 longer",
		`{"metadata":[1]}`: "422 dictionary",
	} {
		a := c.as("master", "POST /key/generate", body)
		if status, words, _ := strings.Cut(want, " "); fmt.Sprint(a.Status) != status || !strings.Contains(a.Body, words) {
			t.Errorf("%s: %d %s, want %s", body, a.Status, a.Body, want)
		}
	}
	if after := len(must(c.srv.control.Keys(t.Context(), control.KeyFilter{}))(t)); after != before {
		t.Errorf("%d keys were made by requests that were refused", after-before)
	}
	if len(must(c.srv.control.Users(t.Context()))(t)) != 7 {
		t.Error("a user was made by a request that was refused")
	}
	if a := c.as("master", "POST /key/generate", `{"no_such_field":1,"send_invite_email":true}`); a.Status != 200 || a.Header.Get("X-Tollgate-Ignored") != "no_such_field, send_invite_email" {
		t.Errorf("%d, ignored: %q", a.Status, a.Header.Get("X-Tollgate-Ignored"))
	}
}

// TestLiteLLMMetadataHolds: what LiteLLM heeds within the metadata holds here, as if it stood
// beside them; metadata that take the place of others take it away; and what would be refused
// beside them is refused within.
func TestLiteLLMMetadataHolds(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	made := c.ok("master", "POST /key/generate", `{"metadata":{"owner":"x","model_rpm_limit":{"free":1},"temp_budget_increase":5,"temp_budget_expiry":"2999-01-01T00:00:00Z"},"max_budget":1}`)
	p := person{key: made.Get("key").String()}
	call := func(when string, want int) {
		t.Helper()
		if a := c.chat(p, "free", "", nil); a.Status != want {
			t.Errorf("%s: %d, want %d: %s", when, a.Status, want, a.Body)
		}
	}
	info := func(path string) string {
		t.Helper()
		return c.ok("master", "GET /key/info?key="+p.key, "").Get("info." + path).Raw
	}
	call("the first call of a minute", 200)
	call("the second", 429)
	budget := func() string {
		k, _ := c.srv.control.KeyByDigest(access.DigestOf(p.key))
		b := c.srv.control.BudgetsOf(scope.Account{Kind: scope.Key, ID: k.ID})
		return b[0].Limit.String() + " + " + b[0].Extra.Amount.String()
	}
	if got := budget(); got != "1.00 + 5.00" {
		t.Errorf("the budget is %s", got)
	}
	c.ok("master", "POST /key/update", fmt.Sprintf(`{"key":%q,"tpm_limit":100000}`, p.key))
	call("after a change that says nothing of it", 429)
	c.ok("master", "POST /key/update", fmt.Sprintf(`{"key":%q,"metadata":{"owner":"y","model_tpm_limit":{"free":100000}}}`, p.key))
	call("after other metadata", 200)
	call("after other metadata", 200)
	if got := budget() + " " + info("metadata"); got != `1.00 + 0.00 {"owner":"y","model_tpm_limit":{"free":100000}}` {
		t.Errorf("%s", got)
	}
	c.ok("master", "POST /key/update", fmt.Sprintf(`{"key":%q,"metadata":{"owner":"y"},"model_rpm_limit":{"free":1}}`, p.key))
	call("the limit beside the metadata", 429)
	for body, want := range map[string]string{
		`{"metadata":{"guardrails":["pii"]}}`:                            "guardrails",
		`{"metadata":{"enforced_params":["user"]}}`:                      "enforced_params",
		`{"metadata":{"model_rpm_limit":7}}`:                             "model_rpm_limit",
		`{"model_max_budget":{"free":{"budget_limit":1,"rpm_limit":2}}}`: "model_rpm_limit",
	} {
		if a := c.as("master", "POST /key/generate", body); a.Status != 400 && a.Status != 422 || !strings.Contains(a.Body, want) {
			t.Errorf("%s: %d %s", body, a.Status, a.Body)
		}
	}
	c.ok("master", "POST /key/generate", `{"metadata":{"guardrails":[],"policies":null}}`)
	if a := c.as("master", "POST /team/new", `{"require_trace_id":true}`); a.Status != 400 {
		t.Errorf("a team whose calls must have a trace: %d %s", a.Status, a.Body)
	}
	// One's own limit is not taken off by other metadata.
	own := c.ok("master", "POST /key/generate", `{"user_id":"sue","metadata":{"model_rpm_limit":{"free":1}}}`).Get("key").String()
	if a := c.as("sue", "POST /key/update", fmt.Sprintf(`{"key":%q,"metadata":{}}`, own)); a.Status != 401 && a.Status != 403 {
		t.Errorf("sue takes off her limit: %d %s", a.Status, a.Body)
	}
}

// TestLiteLLMKeyFilters: a list of keys has those that were asked for, and a filter that
// means nothing is refused: scripts delete what they are told of.
func TestLiteLLMKeyFilters(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	group := c.ok201("master", "POST /v1/access_group", `{"access_group_name":"g","access_model_names":["free"]}`).Get("access_group_id").String()
	made := map[string]string{} // names by hash
	for name, body := range map[string]string{
		"runs":    `{"project_id":"p1"}`,
		"Stopped": `{"blocked":"true"}`,
		"over":    `{"duration":"1h","max_budget":""}`,
		"grouped": fmt.Sprintf(`{"models":["paid"],"access_group_ids":[%q],"user_id":"sue"}`, group),
	} {
		made[c.ok("master", "POST /key/generate", strings.Replace(body, "{", fmt.Sprintf(`{"key_alias":%q,"team_id":"blue",`, name), 1)).Get("token").String()] = name
	}
	long := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)
	over, _ := c.srv.control.KeyNamed("over")
	must(c.srv.control.UpdateKey(t.Context(), over.ID, control.KeyChange{Expires: &long}))(t)
	list := func(query string) string {
		t.Helper()
		var names []string
		for _, k := range c.ok("master", "GET /key/list?team_id=blue&sort_by=key_alias&sort_order=asc&"+query, "").Get("keys").Array() {
			names = append(names, made[k.Str])
		}
		return strings.Join(names, " ")
	}
	for query, want := range map[string]string{
		"":                                       "Stopped grouped over runs",
		"status=active":                          "grouped runs",
		"status=revoked":                         "Stopped",
		"status=expired":                         "over",
		"status=deleted":                         "",
		"expires=expired":                        "over",
		"expires=active":                         "Stopped grouped runs",
		"search=STOP":                            "Stopped",
		"key_alias=stop":                         "",
		"key_alias=stop&substring_matching=true": "Stopped",
		"user_id=su":                             "",
		"user_id=su&substring_matching=1":        "grouped",
		"project_id=p1":                          "runs",
		"agent_id=x":                             "",
		"access_group_id=" + group:               "grouped",
		"access_group_id=other":                  "",
	} {
		if got := list(query); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	for _, query := range []string{"status=x", "expires=x", "sort_order=x", "sort_by=x"} {
		if a := c.as("master", "GET /key/list?"+query, ""); a.Status != 400 {
			t.Errorf("%s: %d %s", query, a.Status, a.Body)
		}
	}
	for hash, name := range made {
		if got := c.ok("master", "GET /key/info?key="+hash, "").Get("info.status").Str; name == "Stopped" && got != "revoked" || name == "over" && got != "expired" {
			t.Errorf("%s is %s", name, got)
		}
	}
	for body, want := range map[string]int{`{"tags":"a"}`: 422, `{"tags":[1]}`: 422, `{"blocked":"maybe"}`: 422, `{"blocked":0}`: 200, `{"max_budget":" "}`: 422} {
		if a := c.as("master", "POST /key/generate", body); a.Status != want {
			t.Errorf("%s: %d %s", body, a.Status, a.Body)
		}
	}
	if a := c.as("master", "GET /v1/models/none", ""); a.Status != 404 || !strings.Contains(a.Body, `"code":"404"`) {
		t.Errorf("a model that is not there: %d %s", a.Status, a.Body)
	}
	// Teams: upwards by a column that is named.
	for query, want := range map[string]string{"": "red blue", "sort_by=team_id": "blue red", "sort_by=team_id&sort_order=desc": "red blue", "sort_by=spend": "red blue", "status=deleted": ""} {
		var ids []string
		for _, team := range c.ok("master", "GET /v2/team/list?"+query, "").Get("teams").Array() {
			ids = append(ids, team.Get("team_id").Str)
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("teams by %s: %q, want %q", query, got, want)
		}
	}
	if a := c.as("master", "GET /v2/team/list?status=x", ""); a.Status != 400 {
		t.Errorf("teams of no status: %d %s", a.Status, a.Body)
	}
}

// ok201 is ok for what is made with another status.
func (c cast) ok201(who, call, body string) gjson.Result {
	c.t.Helper()
	a := c.as(who, call, body)
	if a.Status != http.StatusCreated {
		c.t.Fatalf("%s as %s: %d %s", call, who, a.Status, a.Body)
	}
	return gjson.Parse(a.Body)
}
