package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"tollgate/accounting/scope"
	"tollgate/gateway/access"
)

// TestLiteLLMSharedBudgets: who names a budget is bounded by it, and by what it becomes; each
// has spent for itself.
func TestLiteLLMSharedBudgets(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	c.ok("master", "POST /budget/new", `{"budget_id":"small","max_budget":0.00001,"budget_duration":"7d","rpm_limit":50}`)
	keys := []string{c.ok("master", "POST /key/generate", `{"budget_id":"small"}`).Get("key").String(), c.ok("master", "POST /key/generate", `{"budget_id":"small","tpm_limit":100000}`).Get("key").String()}
	c.ok("master", "POST /customer/new", `{"user_id":"acme","budget_id":"small"}`)
	c.ok("master", "POST /organization/new", `{"organization_id":"o1","organization_alias":"O","budget_id":"small"}`)
	c.ok("master", "POST /tag/new", `{"name":"gold","budget_id":"small"}`)
	limits := func() (n int) {
		for _, b := range c.srv.control.Budgets() {
			if b.Limit != nil && b.Limit.String() == "0.00001" {
				n++
			}
		}
		return n
	}
	if n := limits(); n != 5 {
		t.Fatalf("%d accounts are bounded, want 5", n)
	}
	info := c.ok("master", "GET /key/info?key="+keys[1], "").Get("info")
	for path, want := range map[string]string{"max_budget": "null", "rpm_limit": "null", "tpm_limit": "100000", "budget_id": `"small"`, "litellm_budget_table.max_budget": "0.00001", "litellm_budget_table.rpm_limit": "50", "spend": "0.0"} {
		if got := info.Get(path).Raw; got != want {
			t.Errorf("a key's %s is %s, want %s", path, got, want)
		}
	}
	// Beyond it nothing paid is served, and free models are.
	p := person{key: keys[0], user: "x"}
	if a := c.chat(p, "paid", "", nil); a.Status != 429 {
		t.Errorf("a call beyond the shared budget: %d %s", a.Status, a.Body)
	}
	if a := c.chat(p, "free", "", nil); a.Status != 200 {
		t.Errorf("a free call: %d %s", a.Status, a.Body)
	}
	c.ok("master", "POST /budget/update", `{"budget_id":"small","max_budget":5,"rpm_limit":null}`)
	if a := c.chat(p, "paid", "", nil); a.Status != 200 {
		t.Errorf("after it was raised: %d %s", a.Status, a.Body)
	}
	info = c.ok("master", "GET /key/info?key="+keys[0], "").Get("info")
	if info.Get("spend").Float() <= 0 || info.Get("max_budget").Type != gjson.Null {
		t.Errorf("the key that has spent is %s", info.Raw)
	}
	if got := c.ok("master", "GET /key/info?key="+keys[1], "").Get("info.spend").Float(); got != 0 {
		t.Errorf("the other one has spent %v", got)
	}
	if n := limits(); n != 0 {
		t.Errorf("%d accounts have the old bound", n)
	}
	// Another window keeps what was spent.
	c.ok("master", "POST /budget/update", `{"budget_id":"small","budget_duration":"30d"}`)
	if got := c.ok("master", "GET /key/info?key="+keys[0], "").Get("info.spend").Float(); got <= 0 {
		t.Errorf("the window took %v away", got)
	}
	// One that says something itself cannot say it once more.
	a := c.as("master", "POST /key/update", fmt.Sprintf(`{"key":%q,"max_budget":1}`, keys[0]))
	if a.Status != 400 || !strings.Contains(a.Body, "budget_id") {
		t.Errorf("a second max_budget: %d %s", a.Status, a.Body)
	}
	c.ok("master", "POST /key/update", fmt.Sprintf(`{"key":%q,"max_budget":1,"budget_id":null}`, keys[0]))
	if got := c.ok("master", "GET /key/info?key="+keys[0], "").Get("info"); got.Get("max_budget").Raw != "1.0" || got.Get("budget_id").Type != gjson.Null || got.Get("spend").Float() <= 0 {
		t.Errorf("a key that left is %s", got.Raw)
	}
	// Budgets for models are shared, too, and stand beside a key's own money.
	c.ok("master", "POST /budget/new", `{"budget_id":"models","model_max_budget":{"paid":{"max_budget":0.00001,"budget_duration":"1d"}}}`)
	p.key = c.ok("master", "POST /key/generate", `{"budget_id":"models","max_budget":7}`).Get("key").String()
	if a := c.chat(p, "paid", "", nil); a.Status != 429 {
		t.Errorf("a call beyond the model's budget: %d %s", a.Status, a.Body)
	}
	if a := c.chat(p, "paid2", "", nil); a.Status != 200 {
		t.Errorf("a call of another model: %d %s", a.Status, a.Body)
	}
	info = c.ok("master", "GET /key/info?key="+p.key, "").Get("info")
	if info.Get("max_budget").Raw != "7.0" || info.Get("model_max_budget").Raw != "{}" || info.Get("litellm_budget_table.model_max_budget.paid.max_budget").Raw != "0.00001" {
		t.Errorf("the key is %s", info.Raw)
	}
	// A key's own budget has an id as well, which clients send back.
	own := c.ok("master", "POST /key/generate", `{"max_budget":2,"soft_budget":1}`)
	c.ok("master", "POST /key/update", fmt.Sprintf(`{"key":%q,"max_budget":3,"budget_id":%q}`, own.Get("key").String(), own.Get("budget_id").String()))
	if got := c.ok("master", "GET /key/info?key="+own.Get("key").String(), "").Get("info"); got.Get("max_budget").Raw != "3.0" || got.Get("soft_budget").Raw == "" && got.Get("litellm_budget_table.soft_budget").Raw != "1.0" {
		t.Errorf("a key that was sent back is %s", got.Raw)
	}
	c.ok("master", "POST /key/delete", fmt.Sprintf(`{"keys":[%q]}`, own.Get("key").String()))
	// What is deleted bounds nobody.
	c.ok("master", "POST /budget/delete", `{"id":"small"}`)
	for _, b := range c.srv.control.Budgets() {
		if b.Limit != nil && b.Kind != scope.Key {
			t.Errorf("a budget of %s %s is left: %v", b.Kind, b.Owner, b.Limit)
		}
	}
	for _, row := range []struct {
		call, body string
		status     int
		says       string
	}{
		{"POST /budget/new", `{"max_budget":-1}`, 400, "non-negative"},
		{"POST /budget/new", `{"max_budget":"much"}`, 422, "max_budget"},
		{"POST /budget/new", `{"budget_duration":"1d12h"}`, 400, "budget_duration"},
		{"POST /budget/new", `{"budget_id":"a/b"}`, 400, "a/b"},
		{"POST /budget/new", `{"budget_id":"` + strings.Repeat("x", 1000) + `"}`, 400, "longer"},
		{"POST /budget/new", `{"allowed_models":["free"]}`, 400, "allowed_models"},
		{"POST /budget/new", `{"tpd_limit":1}`, 400, "tpd_limit"},
		{"POST /budget/update", `{"max_budget":1}`, 422, "budget_id"},
		{"POST /budget/update", `{"budget_id":"none"}`, 404, "not found"},
		{"POST /budget/delete", `{"id":"none"}`, 404, "not found"},
		{"POST /budget/delete", `{"budget_id":"none"}`, 422, "id"},
		{"POST /budget/info", `{}`, 422, "budgets"},
		{"POST /key/generate", `{"budget_id":"none"}`, 404, "not found"},
		{"POST /tag/new", `{"name":"x","budget_id":"none"}`, 404, "not found"},
		{"POST /tag/new", `{"name":" x"}`, 400, "space"},
		{"POST /tag/new", `{"name":"gold"}`, 400, "already exists"},
		{"POST /tag/new", `{"name":7}`, 422, "name"},
		{"POST /tag/update", `{"name":"none"}`, 404, "not found"},
		{"POST /tag/info", `{"names":["gold","none"]}`, 404, "not found"},
		{"POST /tag/delete", `{"name":"none"}`, 404, "not found"},
	} {
		if a := c.as("master", row.call, row.body); a.Status != row.status || !strings.Contains(a.Body, row.says) {
			t.Errorf("%s %s: %d %s, want %d with %q", row.call, row.body, a.Status, a.Body, row.status, row.says)
		}
	}
}

// TestLiteLLMSpend: what everybody may see of what was spent, and that the reports agree.
func TestLiteLLMSpend(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	key := func(who, owner string) string {
		c.keys[who] = c.ok("master", "POST /key/generate", owner).Get("key").String()
		return c.keys[who]
	}
	key("mia in red", `{"user_id":"mia","team_id":"red","key_alias":"mias","metadata":{"tags":["own","gold"]}}`)
	key("service of blue", `{"team_id":"blue"}`)
	key("broke", `{"max_budget":0.00000001,"team_id":null}`)
	for who, models := range map[string][]string{"pia": {"paid", "free"}, "mia in red": {"paid", "free"}, "service of blue": {"paid"}, "alone": {"free"}, "broke": {"paid"}} {
		for _, model := range models {
			c.mend()
			c.chat(person{key: c.keys[who], endUser: "acme"}, model, "", nil)
		}
	}
	today := time.Now().UTC().Format(time.DateOnly)
	span := "start_date=" + today + "&end_date=" + today
	const one = 0.00006 // a paid call's 10 and 5 tokens
	near := func(what string, got gjson.Result, want float64) {
		t.Helper()
		if d := got.Float() - want; d < -1e-12 || d > 1e-12 {
			t.Errorf("%s is %s, want %v", what, got.Raw, want)
		}
	}
	// Free calls are recorded behind their callers' backs.
	c.eventually("the free calls are in the reports", func() bool {
		return c.ok("master", "GET /global/activity?"+span, "").Get("sum_api_requests").Int() == 7
	})
	near("all spend", c.ok("vic", "GET /global/spend", "").Get("spend"), 3*one)
	near("the spend of the days", c.ok("master", "GET /global/spend/logs", "").Get("0.spend"), 3*one)
	near("a team's", c.ok("master", "GET /global/spend/teams", "").Get(`total_spend_per_team.#(team_id=="red").total_spend`), one)
	near("a provider's", c.ok("master", "GET /global/spend/provider", "").Get("0.spend"), 3*one)
	near("an end user's", c.ok("master", "POST /global/spend/end_users", "{}").Get("0.total_spend"), 3*one)
	near("a tag's", c.ok("master", "GET /spend/tags", "").Get(`#(individual_request_tag=="own").total_spend`), one)
	near("a tag's", c.ok("master", "GET /global/spend/tags?tags=gold", "").Get("spend_per_tag.0.spend"), one)
	near("a report's", c.ok("master", "GET /global/spend/report?group_by=team&"+span, "").Get(`0.teams.#(team_name=="blue").total_spend`), one)
	near("a customer's", c.ok("master", "GET /global/spend/report?group_by=customer&"+span, "").Get("0.customers.0.total_spend"), 3*one)
	near("a user's keys'", c.ok("master", "GET /global/spend/report?internal_user_id=mia&"+span, "").Get("0.total_cost"), one)
	near("the logs' sum", c.ok("master", "GET /spend/logs?"+span, "").Get("0.spend"), 3*one)
	logs := c.ok("master", "GET /spend/logs/v2?"+span+"&page_size=2&page=2", "")
	if logs.Get("total").Int() != 7 || logs.Get("total_pages").Int() != 4 || logs.Get("data.#").Int() != 2 {
		t.Errorf("a page of the logs is %s", logs.Raw)
	}
	for query, want := range map[string]int64{"status_filter=failure": 1, "status_filter=success": 6, "min_spend=0.00001": 3, "max_spend=0": 4, "team_id=red": 2, "key_alias=mias&min_spend=0.00006&max_spend=0.00006": 1,
		"key_alias=none": 0, "user_id=pia": 2, "end_user=acme": 7, "model=free": 3, "model_group=free": 3, "request_id=none": 0, "page_size=1000": 7} {
		if got := c.ok("master", "GET /spend/logs/v2?"+span+"&"+query, ""); got.Get("total").Int() != want {
			t.Errorf("%s: %d calls, want %d", query, got.Get("total").Int(), want)
		}
	}
	row := c.ok("master", "GET /spend/logs/v2?"+span+"&key_alias=mias&min_spend=0.00001", "").Get("data.0")
	for path, want := range map[string]string{"team_id": "red", "user": "mia", "request_tags": `["own","gold"]`, "status": "success", "total_tokens": "15", "call_type": "acompletion", "metadata.user_api_key_alias": "mias", "end_user": "acme"} {
		if got := row.Get(path); got.String() != want && got.Raw != want {
			t.Errorf("a call's %s is %s, want %s", path, got.Raw, want)
		}
	}
	if got := c.ok("master", "GET /spend/logs/ui/"+row.Get("request_id").String()+"?"+span, ""); got.Get("messages").Raw != "{}" {
		t.Errorf("what was said in a call is %s", got.Raw)
	}
	// Free calls count as calls, and cost nothing.
	daily := c.ok("master", "GET /user/daily/activity?"+span, "")
	meta := daily.Get("metadata")
	near("the days' spend", meta.Get("total_spend"), 3*one)
	if meta.Get("total_api_requests").Int() != 7 || meta.Get("total_failed_requests").Int() != 1 || meta.Get("total_tokens").Int() != 6*15 || daily.Get("results.#").Int() != 1 {
		t.Errorf("the days are %s", meta.Raw)
	}
	near("a free model's", daily.Get("results.0.breakdown.model_groups.free.metrics.spend"), 0)
	if n := daily.Get("results.0.breakdown.model_groups.free.metrics.successful_requests").Int(); n != 3 {
		t.Errorf("a free model had %d calls, want 3", n)
	}
	for query, want := range map[string]float64{"/team/daily/activity?team_ids=red": one, "/team/daily/activity?team_ids=red,blue": 2 * one, "/team/daily/activity?team_ids=red,red": one, "/team/daily/activity?team_ids=red,blue&exclude_team_ids=red": one, "/organization/daily/activity?organization_ids=corp": one, "/organization/daily/activity?page=1": one, "/team/daily/activity?exclude_team_ids=red": 2 * one,
		"/customer/daily/activity?end_user_ids=acme": 3 * one, "/user/daily/activity?page=2": 0, "/end_user/daily/activity?end_user_ids=none": 0, "/tag/daily/activity?tags=own": one, "/user/daily/activity/aggregated?user_id=mia": one} {
		near(query, c.ok("master", "GET "+query+"&"+span, "").Get("metadata.total_spend"), want)
	}
	near("what no team has spent", c.ok("master", "GET /team/daily/activity?"+span, "").Get("results.0.breakdown.entities.Unassigned.metrics.spend"), one)
	// Who may see what: each row says how much of the calls, -1 that it is refused.
	for _, r := range []struct {
		call string
		sees map[string]int64
		path string
	}{
		{"GET /user/daily/activity?" + span, map[string]int64{"ada": 7, "vic": 7, "pia": 2, "mia": 2, "sue": 0, "tina": 0, "olga": 0, "alone": 1}, "metadata.total_api_requests"},
		{"GET /user/daily/activity?user_id=mia&" + span, map[string]int64{"ada": 2, "vic": 2, "mia": 2, "pia": -1, "tina": -1, "alone": 0}, "metadata.total_api_requests"},
		{"GET /team/daily/activity?team_ids=red&" + span, map[string]int64{"ada": 2, "tina": 2, "olga": 2, "mia": 2, "pia": 0, "alone": 0}, "metadata.total_api_requests"},
		{"GET /team/daily/activity?" + span, map[string]int64{"ada": 7, "tina": 2, "olga": 2, "mia": 2, "pia": 2}, "metadata.total_api_requests"},
		{"GET /spend/logs/v2?" + span, map[string]int64{"ada": 7, "vic": 7, "pia": 2, "mia": 2, "sue": 0, "alone": 1}, "total"},
		{"GET /spend/logs/v2?team_id=red&" + span, map[string]int64{"tina": 2, "olga": 2, "pia": 0}, "total"},
		{"GET /spend/logs/v2?user_id=mia&" + span, map[string]int64{"tina": -1, "pia": -1, "mia": 2}, "total"},
		{"GET /spend/logs?summarize=false&" + span, map[string]int64{"pia": 2, "vic": 7, "alone": 1}, "#"},
		{"GET /spend/logs?api_key=" + c.keys["mia in red"], map[string]int64{"pia": 0, "mia": 2, "tina": 2, "sue": 0, "alone": -1}, "#"},
		{"GET /global/activity?" + span, map[string]int64{"pia": 2, "vic": 7}, "sum_api_requests"},
		{"GET /global/spend", map[string]int64{"pia": -1, "sue": -1, "tina": -1, "alone": -1, "vic": 0}, "max_budget"},
		{"GET /spend/keys", map[string]int64{"sue": 1, "pia": 1}, "#"},
		{"GET /spend/users", map[string]int64{"sue": 1, "vic": 7}, "#"},
		{"GET /budget/list", map[string]int64{"pia": -1, "tina": -1, "alone": -1, "vic": 0, "ada": 0}, "#"},
		{"GET /tag/list", map[string]int64{"pia": 0, "mia": 2, "vic": 2}, "#"},
		{"POST /budget/new", map[string]int64{"pia": -1, "tina": -1, "olga": -1, "vic": -1, "sue": -1, "alone": -1, "ada": 0}, "none"},
		{"POST /tag/new", map[string]int64{"pia": -1, "tina": -1, "olga": -1, "vic": -1, "sue": -1, "alone": -1, "ada": 0}, "none"},
		{"POST /global/spend/reset", map[string]int64{"ada": -1, "vic": -1, "sue": -1, "alone": -1}, "none"},
	} {
		for who, want := range r.sees {
			body := ""
			if strings.HasPrefix(r.call, "POST") {
				body = `{"name":"t"}`
			}
			a := c.as(who, r.call, body)
			switch got := gjson.Get(a.Body, r.path).Int(); {
			case want < 0 && a.Status != 401 && a.Status != 403:
				t.Errorf("%s as %s: %d %s, want a refusal", r.call, who, a.Status, a.Body)
			case want >= 0 && (a.Status != 200 || got != want):
				t.Errorf("%s as %s: %d, %s is %d, want %d", r.call, who, a.Status, r.path, got, want)
			}
		}
	}
	// What things cost.
	for _, r := range []struct {
		who, call, body, path string
		want                  float64
	}{
		{"pia", "POST /spend/calculate", `{"model":"paid","messages":[{"role":"user","content":"hi"}]}`, "cost", 0.000008},
		{"pia", "POST /spend/calculate", `{"completion_response":{"model":"paid","usage":{"prompt_tokens":10,"completion_tokens":5}}}`, "cost", one},
		{"pia", "POST /spend/calculate", `{"model":"free","messages":[{"role":"user","content":"hi"}]}`, "cost", 0},
		{"master", "POST /cost/estimate", `{"model":"paid","input_tokens":1000,"output_tokens":100,"num_requests_per_day":10}`, "daily_cost", 0.02},
		{"master", "POST /cost/estimate", `{"model":"paid","input_tokens":1000}`, "input_cost_per_token", 0.000001},
		{"master", "POST /cost/estimate", `{"model":"free","input_tokens":1000}`, "cost_per_request", 0},
	} {
		near(r.call+" "+r.body, c.ok(r.who, r.call, r.body).Get(r.path), r.want)
	}
	many := ""
	for i := range 101 {
		many += fmt.Sprint(i, ",")
	}
	for _, r := range []struct {
		call, body string
		status     int
		says       string
	}{
		{"POST /spend/calculate", `{"model":"paid"}`, 400, "messages"},
		{"POST /spend/calculate", `{"model":"none","messages":[]}`, 404, "not found"},
		{"POST /spend/calculate", `{"model":"unknown","messages":[]}`, 400, "No price is known"},
		{"POST /spend/calculate", `{"model":"paid","messages":"hi"}`, 422, "messages"},
		{"POST /spend/calculate", `{"completion_response":{"model":"paid","usage":{"prompt_tokens":-5,"completion_tokens":1e300}}}`, 400, "negative"},
		{"POST /cost/estimate", `{"input_tokens":1}`, 422, "model"},
		{"POST /cost/estimate", `{"model":"paid","input_tokens":-1}`, 422, "input_tokens"},
		{"POST /cost/estimate", `{"model":"paid","output_tokens":1000000000,"num_requests_per_day":1000000000}`, 400, "more than can be told"},
		{"GET /user/daily/activity", "", 400, "start_date"},
		{"GET /user/daily/activity?start_date=x&end_date=y", "", 422, "start_date"},
		{"GET /user/daily/activity?start_date=2026-02-02&end_date=2026-01-01", "", 422, "end_date"},
		{"GET /spend/logs/v2", "", 400, "start"},
		{"GET /spend/logs/v2?" + span + "&page=0", "", 422, "page"},
		{"GET /spend/logs/v2?" + span + "&page=9223372036854775807&page_size=100", "", 400, "newest"},
		{"GET /spend/logs/v2?" + span + "&page_size=1001", "", 422, "page_size"},
		{"GET /spend/logs/v2?" + span + "&min_spend=x", "", 422, "min_spend"},
		{"GET /spend/logs/v2?" + span + "&error_code=500", "", 400, "error_code"},
		{"GET /spend/logs/v2?" + span + "&search=x", "", 400, "search"},
		{"GET /spend/logs/v2?" + span + "&model=free&model_group=paid", "", 400, "model_group"},
		{"GET /spend/logs/v2?" + span + "&sort_by=spend", "", 400, "sort_by"},
		{"GET /spend/logs/v2?" + span + "&status_filter=odd", "", 400, "status_filter"},
		{"GET /spend/logs?start_date=2020-01-01&end_date=2026-01-01", "", 400, "days"},
		{"GET /spend/logs/ui/none", "", 404, "not found"},
		{"GET /global/spend/report?" + span + "&group_by=odd", "", 400, "group_by"},
		{"GET /global/spend/report", "", 400, "start_date"},
		{"POST /global/spend/end_users", `{"startTime":"x"}`, 422, "startTime"},
		{"GET /provider/budgets", "", 404, "not found"},
		{"GET /team/daily/activity?" + span + "&team_ids=" + many, "", 400, "100"},
	} {
		if a := c.as("master", r.call, r.body); a.Status != r.status || !strings.Contains(strings.ToLower(a.Body), strings.ToLower(r.says)) {
			t.Errorf("%s %s: %d %s, want %d with %q", r.call, r.body, a.Status, a.Body, r.status, r.says)
		}
	}
	// A reset takes keys and teams back to zero, and leaves the reports as they are.
	c.ok("master", "POST /key/update", fmt.Sprintf(`{"key":%q,"max_budget":1,"budget_duration":"1d"}`, c.keys["mia in red"]))
	c.ok("master", "POST /global/spend/reset", "")
	for _, who := range []string{"mia in red", "pia", "service of blue"} {
		near("the spend of a key after the reset", c.ok("master", "GET /key/info?key="+c.keys[who], "").Get("info.spend"), 0)
	}
	near("a team's after the reset", c.ok("master", "GET /team/info?team_id=red", "").Get("team_info.spend"), 0)
	near("all spend after it", c.ok("master", "GET /global/spend", "").Get("spend"), 3*one)
	near("a user's after it", c.ok("master", "GET /spend/users?user_id=pia", "").Get("0.spend"), one)
	if v := must(c.srv.control.Verify(t.Context()))(t); !v.Clean() {
		t.Errorf("the books do not add up: %+v", v.Differences)
	}
}

// TestLiteLLMTagThings: the tags of keys and teams are those in their metadata, and a tag's budget
// holds.
func TestLiteLLMTagThings(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	c.ok("master", "POST /tag/new", `{"name":"team/red gold","description":"The best","max_budget":0.00001,"models":["paid"]}`)
	key := c.ok("master", "POST /key/generate", `{"tags":["team/red gold"]}`).Get("key").String()
	if a := c.chat(person{key: key}, "paid", "", nil); a.Status != 429 || !strings.Contains(a.Body, "team/red gold") {
		t.Errorf("a call beyond its tag's budget: %d %s", a.Status, a.Body)
	}
	if a := c.chat(person{key: key}, "free", "", nil); a.Status != 200 {
		t.Errorf("a free call: %d %s", a.Status, a.Body)
	}
	got := c.ok("master", "POST /tag/info", `{"names":["team/red gold"]}`).Get(`team/red gold`)
	for path, want := range map[string]string{"litellm_budget_table.max_budget": "0.00001", "description": `"The best"`, "models": `["paid"]`, "spend": "0.0"} {
		if v := got.Get(path).Raw; v != want {
			t.Errorf("a tag's %s is %s, want %s", path, v, want)
		}
	}
	c.ok("master", "POST /tag/update", `{"name":"team/red gold","max_budget":2}`)
	if a := c.chat(person{key: key}, "paid", "", nil); a.Status != 200 {
		t.Errorf("after it was raised: %d %s", a.Status, a.Body)
	}
	if v := c.ok("master", "POST /tag/info", `{"names":["team/red gold"]}`).Get(`team/red gold.spend`).Float(); v <= 0 {
		t.Errorf("the tag has spent %v", v)
	}
	c.ok("master", "POST /tag/delete", `{"name":"team/red gold"}`)
	for _, b := range c.srv.control.Budgets() {
		t.Errorf("a budget of %s %s is left", b.Kind, b.Owner)
	}
	c.ok("master", "POST /key/update", fmt.Sprintf(`{"key":%q,"metadata":{}}`, key))
	k, _ := c.srv.control.KeyByDigest(access.DigestOf(key))
	if len(k.Tags) != 0 {
		t.Errorf("the key's tags are %v", k.Tags)
	}
	c.ok("master", "POST /team/update", `{"team_id":"red","metadata":{"tags":["a",7,"a","b"]}}`)
	if team := must(c.srv.control.Team("red"))(t); strings.Join(team.Tags, ",") != "a,b" {
		t.Errorf("the team's tags are %v", team.Tags)
	}
	if a := c.as("master", "POST /key/generate", `{"tags":["`+strings.Repeat("x", 5000)+`"]}`); a.Status != 400 {
		t.Errorf("a tag that is too long: %d %s", a.Status, a.Body)
	}
	var names []string
	for _, v := range c.ok("master", "GET /tag/list", "").Array() {
		names = append(names, v.Get("name").String())
	}
	if len(names) != 1 || names[0] != "team/red gold" {
		t.Errorf("the list has %v", names)
	}
}
