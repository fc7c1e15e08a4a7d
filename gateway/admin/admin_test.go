package admin_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tollgate/accounting/ledger"
	"tollgate/gateway/admin"
	"tollgate/gateway/control"
	"tollgate/gateway/edge"
)

func TestEveryRouteAnswersAsDescribed(t *testing.T) {
	s := start(t)
	s.ok("POST", "/users", `{"id":"alice","name":"Alice","email":"a@example.org","models":["free","p*"]}`)
	s.ok("POST", "/users", `{"id":"bob@example.org"}`)
	s.ok("GET", "/users", "")
	s.ok("GET", "/users/bob@example.org", "")
	s.ok("GET", "/users/bob%40example.org", "")
	if a := s.ok("PATCH", "/users/alice", `{"models":[],"blocked":false}`); fmt.Sprint(a.field("models")) != "[]" || a.field("name") != "Alice" {
		t.Errorf("%s", a.raw)
	}
	s.ok("POST", "/teams", `{"id":"physics","name":"Physics"}`)
	s.ok("PUT", "/teams/physics/members/alice", "")
	if a := s.ok("PUT", "/teams/physics/members/alice", ""); fmt.Sprint(a.field("members")) != "[alice]" {
		t.Errorf("%s", a.raw)
	}
	s.ok("PUT", "/teams/physics/members/bob%40example.org", "")
	s.ok("DELETE", "/teams/physics/members/bob%40example.org", "")
	s.ok("GET", "/teams", "")
	s.ok("GET", "/teams/physics", "")
	s.ok("PATCH", "/teams/physics", `{"name":"P"}`)
	if a := s.ok("GET", "/users/alice", ""); fmt.Sprint(a.field("teams")) != "[physics]" {
		t.Errorf("%s", a.raw)
	}
	secret, id := s.key("alice", `,"team":"physics","name":"laptop","expires":"2099-01-31T00:00:00+01:00","end_users":true,"budget_fallback":["echo"],"metadata":{"room":"4.11"}`)
	s.ok("GET", "/keys", "")
	s.ok("GET", "/keys?user=alice&team=physics", "")
	if a := s.ok("GET", "/keys/"+id, ""); a.field("expires") != "2099-01-30T23:00:00Z" || a.field("metadata.room") != "4.11" {
		t.Errorf("%s", a.raw)
	}
	if a := s.ok("PATCH", "/keys/"+id, `{"expires":null,"metadata":{}}`); a.field("expires") != nil || a.field("name") != "laptop" {
		t.Errorf("%s", a.raw)
	}
	b := s.ok("POST", "/budgets", `{"scope":"user","owner":"alice","limit":"5.00","soft":"4","per":"month","zone":"Europe/Berlin","name":"grant"}`)
	budget := b.field("id").(string)
	s.ok("POST", "/budgets", `{"scope":"gateway","limit":null,"per":"30 days","rolling":true}`)
	s.ok("POST", "/budgets", `{"scope":"member","owner":"physics/alice","limit":"3","per":"total"}`)
	s.ok("POST", "/budgets", `{"scope":"end_user","each":true,"limit":"0","per":"day","models":["gpt-5*"]}`)
	s.ok("POST", "/budgets", fmt.Sprintf(`{"scope":"key","owner":%q,"limit":"9","per":"week","rolls_from":"2026-11-01T08:00:00Z"}`, id))
	if err := s.call(secret, "paid"); err != nil {
		t.Fatal(err)
	}
	if err := s.call(secret, "echo"); err != nil {
		t.Fatal(err)
	}
	if a := s.ok("GET", "/budgets/"+budget, ""); a.field("standing.spent") != "0.011" || a.field("standing.left") != "4.989" || a.field("standing.held") != "0.00" {
		t.Errorf("%s", a.raw)
	}
	if a := s.ok("GET", "/budgets", ""); a.field("data.0.origin") != "file" || a.field("data.0.standing") != nil || a.field("books") != "ok" {
		t.Errorf("%s", a.raw)
	}
	for _, path := range []string{"/users/alice/budgets", "/teams/physics/budgets", "/keys/" + id + "/budgets"} {
		s.ok("GET", path, "")
	}
	if a := s.ok("GET", "/keys/"+id+"/budgets", ""); len(a.field("data").([]any)) != 4 { // key, member, her own in place of the file's, gateway
		t.Errorf("%s", a.raw)
	}
	if a := s.ok("PATCH", "/budgets/"+budget, `{"limit":null,"soft":null}`); a.field("limit") != nil || a.field("standing.left") != nil || a.field("standing.state") != "none" {
		t.Errorf("%s", a.raw)
	}
	if a := s.ok("PATCH", "/budgets/"+budget, `{"name":"n"}`); a.field("limit") != nil {
		t.Errorf("an absent limit changed: %s", a.raw)
	}
	if a := s.ok("PATCH", "/budgets/"+budget, `{"limit":"0"}`); a.field("limit") != "0.00" || a.field("standing.state") != "zero" {
		t.Errorf("%s", a.raw)
	}
	for _, key := range []string{id, "laptop", secret} {
		if a := s.ok("POST", "/explain", fmt.Sprintf(`{"key":%q,"model":"mixed"}`, key)); a.field("served") != true || a.field("serves") != "echo/echo" || a.field("key.id") != id {
			t.Errorf("%s", a.raw)
		}
	}
	limit := s.limitsAnswer()
	if a := s.ok("POST", "/explain", fmt.Sprintf(`{"key":%q,"model":"mixed"}`, id)); a.field("served") != false || !strings.Contains(a.field("verdict").(string), "lets through 0 requests per minute") {
		t.Errorf("%s", a.raw)
	}
	models := s.ok("GET", "/models", "")
	seen := map[string]object{}
	for _, m := range models.field("data").([]any) {
		seen[m.(object)["name"].(string)] = m.(object)
	}
	for name, want := range map[string][2]string{"paid": {"paid", "refused, unless the key has a budget fallback"}, "mixed": {"mixed", "served free by echo/echo"},
		"unknown": {"unknown", "refused to everybody with a budget: its price is unknown"}, "echo": {"free", "served: it is free"}} {
		if m := seen[name]; m == nil || m["price"] != want[0] || m["when_spent"] != want[1] || m["keys"] != 1.0 {
			t.Errorf("%s: %v, wanted %v", name, m, want)
		}
	}
	for _, path := range []string{"/usage", "/usage?by=day,user,team,key,model,deployment,end_user&from=2026-01-01&to=2099-01-01T00:00:00Z", "/usage?user=alice", "/entries", "/entries?user=alice&limit=1", "/entries?from=2099-01-01", "/entries?source=reported", "/entries?source=uncertain&user=alice"} {
		s.ok("GET", path, "")
	}
	if a := s.ok("GET", "/usage?by=model&user=alice", ""); a.field("rows.0.group.model") == nil || a.field("total.cost") != "0.011" || a.field("total.paid.calls") != 1.0 || a.field("total.free.worth") != nil {
		t.Errorf("%s", a.raw)
	}
	if a := s.ok("GET", "/entries", ""); a.field("data.0.cost") != "0.011" || a.field("next") != nil {
		t.Errorf("%s", a.raw)
	}
	s.deploymentsAnswer(secret)
	a := s.ok("GET", "/check?probe=true", "")
	if a.field("ok") != false || a.field("prices.source") != "built-in" || a.field("keys") != 1.0 {
		t.Errorf("%s", a.raw)
	}
	reach := map[any]any{}
	for _, e := range a.field("engines").([]any) {
		reach[e.(object)["provider"]] = e.(object)["reachable"]
	}
	if reach["cloud"] != true || reach["gone"] != false || reach["echo"] != true {
		t.Errorf("%v", reach)
	}
	if text := string(a.raw); !strings.Contains(text, "models.broken") || !strings.Contains(text, "open to the network") {
		t.Errorf("findings are missing: %s", text)
	}
	s.ok("POST", "/reload", "")
	if a := s.do(secret, "GET", "/me", ""); a.field("key.id") != id || a.field("user.id") != "alice" || a.field("usage.paid.calls") != 1.0 || a.field("usage.cost") != "0.011" {
		t.Errorf("%s", a.raw)
	}
	s.ok("GET", "/me", "")
	if a := s.ok("GET", "/shadow?from=2026-11-01&to=2026-11-02", ""); a.field("total.calls") != 2.0 || a.field("differences.0.kind") != "budget_spent" || a.field("budgets.0.refused") != 1.0 {
		t.Errorf("%s", a.raw)
	}
	for _, query := range []string{"limit=1001", "limit=-1", "limit=x", "from=2026-11-02&to=2026-11-01", "by=key"} {
		if a := s.do(s.admin, "GET", "/shadow?"+query, ""); a.status != 400 || a.code() != "invalid_value" {
			t.Errorf("%s: %d %s", query, a.status, a.raw)
		}
	}
	if a := s.ok("GET", "/shadow?limit=0&to=2026-10-01", ""); a.field("total.calls") != 0.0 {
		t.Errorf("%s", a.raw)
	}
	if a := s.ok("GET", "/verify", ""); a.field("entries") != 1.0 || a.field("cost") != "0.011" || len(a.field("differences").([]any)) != 0 {
		t.Errorf("%s", a.raw)
	}
	if a := s.ok("POST", "/retain", `{"months":13}`); len(a.field("removals").([]any)) != 0 {
		t.Errorf("%s", a.raw)
	}
	s.do("local-secret-of-this-process", "GET", "/me", "")
	s.do("", "GET", "/openapi.yaml", "")
	if a := s.do("", "GET", "/openapi.json", ""); a.field("openapi") != "3.1.0" {
		t.Errorf("%.100s", a.raw)
	}
	s.peopleAnswer(id)
	s.additionsAnswer()
	for _, path := range []string{"/budgets/" + budget, "/limits/" + limit, "/orgs/science", "/keys/" + id, "/teams/physics", "/users/alice"} {
		s.ok("DELETE", path, "")
		if a := s.do(s.admin, "DELETE", path, ""); a.status != 404 || a.code() != "not_found" {
			t.Errorf("%s twice: %d %s", path, a.status, a.raw)
		}
	}
	for _, r := range admin.Routes(admin.Deps{}) {
		if !s.touched[r.Method+" "+template(r.Path)] {
			t.Errorf("%s %s was never answered with success", r.Method, r.Path)
		}
	}
}

func TestWhoMayCall(t *testing.T) {
	s := start(t)
	caller, _ := s.key("alice", "")
	for _, r := range admin.Routes(admin.Deps{}) {
		path := strings.TrimPrefix(param.ReplaceAllString(r.Path, "alice"), admin.Prefix)
		none, unknown, wrong := s.do("", r.Method, path, ""), s.do("sk-tg-wrong", r.Method, path, ""), s.do(caller, r.Method, path, "")
		switch r.Access {
		case edge.Open:
			if none.status != 200 {
				t.Errorf("%s %s without a key: %d", r.Method, path, none.status)
			}
		case edge.AnyKey:
			if none.status != 401 || unknown.status != 401 || wrong.status != 200 {
				t.Errorf("%s %s: %d %d %d", r.Method, path, none.status, unknown.status, wrong.status)
			}
		case edge.ByRole: // she sees herself, and changes nothing
			denied := wrong.status == 403 && wrong.code() == "not_permitted" || wrong.status == 400 // without a body
			if none.status != 401 || unknown.status != 401 || !denied && (r.Method != http.MethodGet || wrong.status != 200) {
				t.Errorf("%s %s: %d %d %d", r.Method, path, none.status, unknown.status, wrong.status)
			}
		case edge.AdminKey:
			if none.code() != "missing_api_key" || none.status != 401 || unknown.code() != "invalid_api_key" || unknown.status != 401 || wrong.code() != "admin_only" || wrong.status != 403 {
				t.Errorf("%s %s: %d %d %d", r.Method, path, none.status, unknown.status, wrong.status)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	s := start(t)
	_, id := s.key("alice", `,"name":"twin"`)
	s.key("alice", `,"name":"twin"`)
	s.ok("POST", "/users", `{"id":"bob"}`)
	s.ok("POST", "/teams", `{"id":"physics"}`)
	budget := s.ok("POST", "/budgets", `{"scope":"user","owner":"alice","limit":"5","per":"month"}`).field("id").(string)
	limit := s.ok("POST", "/limits", `{"scope":"user","owner":"alice","requests_per_minute":5}`).field("id").(string)
	for _, c := range []struct {
		method, path, body string
		status             int
		code, param, say   string
	}{
		// not there
		{"GET", "/users/zed", "", 404, "not_found", "", "zed"},
		{"PATCH", "/users/zed", `{"name":"x"}`, 404, "not_found", "", ""},
		{"GET", "/users/zed/budgets", "", 404, "not_found", "", ""},
		{"GET", "/teams/zed", "", 404, "not_found", "", ""},
		{"PATCH", "/teams/zed", `{"name":"x"}`, 404, "not_found", "", ""},
		{"GET", "/teams/zed/budgets", "", 404, "not_found", "", ""},
		{"PUT", "/teams/zed/members/alice", "", 404, "not_found", "", "team"},
		{"PUT", "/teams/physics/members/zed", "", 404, "not_found", "", "user"},
		{"DELETE", "/teams/physics/members/alice", "", 404, "not_found", "", ""},
		{"GET", "/keys/zed", "", 404, "not_found", "", ""},
		{"PATCH", "/keys/zed", `{"name":"x"}`, 404, "not_found", "", ""},
		{"GET", "/keys/zed/budgets", "", 404, "not_found", "", ""},
		{"POST", "/keys", `{"user":"zed"}`, 404, "not_found", "", `user "zed"`},
		{"POST", "/keys", `{"team":"zed"}`, 404, "not_found", "", `team "zed"`},
		{"GET", "/budgets/zed", "", 404, "not_found", "", ""},
		{"PATCH", "/budgets/zed", `{"name":"x"}`, 404, "not_found", "", ""},
		{"POST", "/budgets", `{"scope":"user","owner":"zed","limit":"1","per":"day"}`, 404, "not_found", "", "zed"},
		{"GET", "/limits/zed", "", 404, "not_found", "", "limit"},
		{"PATCH", "/limits/zed", `{"name":"x"}`, 404, "not_found", "", "limit"},
		{"DELETE", "/limits/zed", "", 404, "not_found", "", "limit"},
		{"POST", "/limits", `{"scope":"user","owner":"zed","requests_per_minute":1}`, 404, "not_found", "", `user "zed"`},
		{"POST", "/limits", `{"scope":"team","owner":"zed","requests_per_minute":1}`, 404, "not_found", "", `team "zed"`},
		{"POST", "/limits", `{"scope":"key","owner":"zed","requests_per_minute":1}`, 404, "not_found", "", `key "zed"`},
		{"POST", "/limits", `{"scope":"member","owner":"physics/alice","requests_per_minute":1}`, 404, "not_found", "", "TEAM/USER"},
		{"POST", "/explain", `{"key":"zed","model":"paid"}`, 404, "not_found", "", ""},
		{"POST", "/explain", `{"key":"` + id + `","model":"zed"}`, 404, "model_not_found", "model", ""},
		{"GET", "/nothing", "", 404, "unknown_path", "", ""},
		{"GET", "/users/a%2Fb", "", 404, "unknown_path", "", "nothing"},
		{"DELETE", "/users", "", 405, "method_not_allowed", "", ""},
		// there already
		{"POST", "/users", `{"id":"alice"}`, 409, "exists", "", "alice"},
		{"POST", "/teams", `{"id":"physics"}`, 409, "exists", "", "physics"},
		{"PATCH", "/budgets/file-1", `{"limit":"1"}`, 409, "declared_in_file", "", ""},
		{"DELETE", "/budgets/file-1", "", 409, "declared_in_file", "", ""},
		{"PATCH", "/limits/file-2", `{"requests_per_minute":1}`, 409, "declared_in_file", "", ""},
		{"DELETE", "/limits/file-2", "", 409, "declared_in_file", "", ""},
		// values that are wrong
		{"POST", "/users", `{}`, 400, "invalid_value", "id", "needed"},
		{"POST", "/users", `{"id":7}`, 400, "invalid_value", "id", "string"},
		{"POST", "/users", `{"id":"a/b"}`, 400, "invalid_value", "id", "slash"},
		{"POST", "/users", `{"id":".."}`, 400, "invalid_value", "id", "path"},
		{"POST", "/users", `{"id":"x","name":null}`, 400, "invalid_value", "name", "string"},
		{"POST", "/users", `{"id":"x","blocked":"yes"}`, 400, "invalid_value", "blocked", "true or false"},
		{"POST", "/users", `{"id":"x","models":"free"}`, 400, "invalid_value", "models", "list"},
		{"POST", "/users", `{"id":"x","models":[1]}`, 400, "invalid_value", "models[0]", "string"},
		{"POST", "/users", `{"id":"x","models":[""]}`, 400, "invalid_value", "models", ""},
		{"POST", "/users", `{"id":"x","models":["a\u0000b"]}`, 400, "invalid_value", "models", "control character"},
		{"POST", "/teams", `{"id":"x","aliases":{"a\nb":"paid"}}`, 400, "invalid_value", "aliases", "control character"},
		{"POST", "/model_groups", `{"name":"x","models":["a\u0000b"]}`, 400, "invalid_value", "models", "control character"},
		{"POST", "/budgets", `{"scope":"user","each":true,"models":["gpt-5*\n"],"limit":"1","per":"day"}`, 400, "invalid_value", "models", "control character"},
		{"POST", "/keys", `{}`, 400, "invalid_value", "", "needs a user"},
		{"POST", "/keys", `{"user":"alice","role":"god"}`, 400, "invalid_value", "role", "role"},
		{"POST", "/keys", `{"user":"alice","role":"admin"}`, 400, "invalid_value", "role", ""},
		{"POST", "/keys", `{"user":"bob","team":"physics"}`, 400, "invalid_value", "team", "no member"},
		{"POST", "/keys", `{"user":"alice","expires":"tomorrow"}`, 400, "invalid_value", "expires", "RFC 3339"},
		{"POST", "/keys", `{"user":"alice","expires":"2001-01-01T00:00:00Z"}`, 400, "invalid_value", "expires", "expired already"},
		{"POST", "/keys", `{"user":"alice","metadata":{"a":1}}`, 400, "invalid_value", "metadata.a", "string"},
		{"POST", "/keys", `{"user":"alice","metadata":{"a":"1","a":"2"}}`, 400, "invalid_value", "metadata", "twice"},
		{"PATCH", "/keys/admin", `{"blocked":true}`, 400, "invalid_value", "", "first admin key"},
		{"DELETE", "/keys/admin", "", 400, "invalid_value", "", "first admin key"},
		{"POST", "/budgets", `{"scope":"user","owner":"alice","per":"day"}`, 400, "invalid_value", "limit", "needed"},
		{"POST", "/budgets", `{"scope":"user","owner":"alice","limit":5,"per":"day"}`, 400, "invalid_value", "limit", "string"},
		{"POST", "/budgets", `{"scope":"user","owner":"alice","limit":"-1","per":"day"}`, 400, "invalid_value", "limit", "negative"},
		{"POST", "/budgets", `{"scope":"user","owner":"alice","limit":"1e3","per":"day"}`, 400, "invalid_value", "limit", ""},
		{"POST", "/budgets", `{"scope":"user","owner":"alice","limit":"1"}`, 400, "invalid_value", "per", "needed"},
		{"POST", "/budgets", `{"scope":"user","owner":"alice","limit":"1","per":"fortnight"}`, 400, "invalid_value", "per", "month"},
		{"POST", "/budgets", `{"scope":"user","owner":"alice","limit":"1","per":"day","zone":"Mars"}`, 400, "invalid_value", "zone", "Europe/Berlin"},
		{"POST", "/budgets", `{"scope":"user","owner":"alice","limit":"1","per":"day","zone":"Local"}`, 400, "invalid_value", "zone", ""},
		{"POST", "/budgets", `{"scope":"user","owner":"alice","limit":"1","per":"total","rolling":true}`, 400, "invalid_value", "per", "total"},
		{"POST", "/budgets", `{"scope":"user","limit":"1","per":"day"}`, 400, "invalid_value", "owner", "each"},
		{"POST", "/budgets", `{"scope":"planet","each":true,"limit":"1","per":"day"}`, 400, "invalid_value", "scope", "planet"},
		{"POST", "/budgets", `{"scope":"user","each":true,"limit":"1","soft":"2","per":"day"}`, 400, "invalid_value", "soft", "soft"},
		{"PATCH", "/budgets/" + budget, `{"per":"day"}`, 400, "invalid_value", "per", "another budget"},
		{"PATCH", "/budgets/" + budget, `{"limit":""}`, 400, "invalid_value", "limit", ""},
		{"POST", "/limits", `{"owner":"alice","requests_per_minute":1}`, 400, "invalid_value", "scope", "needed"},
		{"POST", "/limits", `{"scope":"user","owner":"alice"}`, 400, "invalid_value", "", "requests per minute, tokens per minute or concurrent requests"},
		{"POST", "/limits", `{"scope":"user","owner":"alice","requests_per_minute":null,"tokens_per_minute":null}`, 400, "invalid_value", "", "requests per minute"},
		{"POST", "/limits", `{"scope":"user","owner":"alice","requests_per_minute":-1}`, 400, "invalid_value", "requests_per_minute", "not negative"},
		{"POST", "/limits", `{"scope":"user","owner":"alice","requests_per_minute":-99999999999999999999}`, 400, "invalid_value", "requests_per_minute", "not negative"},
		{"POST", "/limits", `{"scope":"user","owner":"alice","tokens_per_minute":1000000000001}`, 400, "invalid_value", "tokens_per_minute", "at most 1,000,000,000,000"},
		{"POST", "/limits", `{"scope":"user","owner":"alice","tokens_per_minute":99999999999999999999}`, 400, "invalid_value", "tokens_per_minute", "at most 1,000,000,000,000"},
		{"POST", "/limits", `{"scope":"user","owner":"alice","concurrent_requests":1.5}`, 400, "invalid_value", "concurrent_requests", "whole number"},
		{"POST", "/limits", `{"scope":"user","owner":"alice","concurrent_requests":1e3}`, 400, "invalid_value", "concurrent_requests", "whole number"},
		{"POST", "/limits", `{"scope":"user","owner":"alice","concurrent_requests":"5"}`, 400, "invalid_value", "concurrent_requests", "whole number"},
		{"POST", "/limits", `{"scope":"user","owner":"alice","concurrent_requests":true}`, 400, "invalid_value", "concurrent_requests", "whole number"},
		{"POST", "/limits", `{"scope":"user","requests_per_minute":1}`, 400, "invalid_value", "owner", "each"},
		{"POST", "/limits", `{"scope":"user","each":true,"owner":"alice","requests_per_minute":1}`, 400, "invalid_value", "each", "each"},
		{"POST", "/limits", `{"scope":"gateway","owner":"x","requests_per_minute":1}`, 400, "invalid_value", "owner", "gateway"},
		{"POST", "/limits", `{"scope":"planet","each":true,"requests_per_minute":1}`, 400, "invalid_value", "scope", "planet"},
		{"POST", "/limits", `{"scope":"user","each":"yes","requests_per_minute":1}`, 400, "invalid_value", "each", "true or false"},
		{"POST", "/limits", `{"scope":"user","each":true,"models":["a\u0000b"],"requests_per_minute":1}`, 400, "invalid_value", "models", "control character"},
		{"POST", "/limits", `{"scope":"user","each":true,"models":[""],"requests_per_minute":1}`, 400, "invalid_value", "models", "empty model"},
		{"POST", "/limits", `{"scope":"user","each":true,"name":"a\u0000b","requests_per_minute":1}`, 400, "invalid_value", "name", "control character"},
		{"PATCH", "/limits/" + limit, `{"models":[]}`, 400, "invalid_value", "models", "another limit"},
		{"PATCH", "/limits/" + limit, `{"owner":"bob"}`, 400, "invalid_value", "owner", "another limit"},
		{"PATCH", "/limits/" + limit, `{"requests_per_minute":null}`, 400, "invalid_value", "", "requests per minute"},
		{"PATCH", "/limits/" + limit, `{"requests_per_minute":-5}`, 400, "invalid_value", "requests_per_minute", "not negative"},
		{"POST", "/explain", `{"key":"twin","model":"paid"}`, 400, "invalid_value", "key", "2 keys"},
		{"POST", "/explain", `{"model":"paid"}`, 400, "invalid_value", "key", ""},
		// fields, parameters and bodies that are not known
		{"POST", "/users", `{"id":"x","nmae":"y"}`, 400, "invalid_value", "nmae", "did you mean name?"},
		{"PATCH", "/users/alice", `{"id":"x"}`, 400, "invalid_value", "id", "no such field"},
		{"POST", "/teams", `{"id":"x","members":[]}`, 400, "invalid_value", "members", "no such field"},
		{"POST", "/keys", `{"user":"alice","max_budget":1}`, 400, "invalid_value", "max_budget", "no such field"},
		{"PATCH", "/keys/" + id, `{"role":"admin"}`, 400, "invalid_value", "role", "no such field"},
		{"PATCH", "/keys/" + id, `{"key":"sk"}`, 400, "invalid_value", "key", "no such field"},
		{"POST", "/budgets", `{"scope":"user","each":true,"limt":"1","per":"day"}`, 400, "invalid_value", "limit", ""},
		{"POST", "/budgets", `{"scope":"user","each":true,"limit":"1","per":"day","zome":"UTC"}`, 400, "invalid_value", "zome", "did you mean zone?"},
		{"POST", "/limits", `{"scope":"user","each":true,"request_per_minute":1}`, 400, "invalid_value", "request_per_minute", "did you mean requests_per_minute?"},
		{"POST", "/limits", `{"scope":"user","each":true,"requests_per_minute":1,"per":"day"}`, 400, "invalid_value", "per", "no such field"},
		{"PATCH", "/limits/" + limit, `{"limit":1}`, 400, "invalid_value", "limit", "no such field"},
		{"POST", "/explain", `{"key":"x","model":"y","mode":"z"}`, 400, "invalid_value", "mode", "did you mean model?"},
		{"POST", "/reload", `{"x":1}`, 400, "invalid_value", "x", "none is known"},
		{"POST", "/users", `{"id":"x","id":"y"}`, 400, "duplicate_key", "id", "id"},
		{"POST", "/users", `{"id":"x"`, 400, "invalid_json", "", ""},
		{"POST", "/users", `[]`, 400, "invalid_json", "", ""},
		{"POST", "/users", ``, 400, "invalid_json", "", ""},
		{"POST", "/users?role=admin", `{"id":"x"}`, 400, "invalid_value", "role", "no such parameter"},
		{"PATCH", "/keys/" + id + "?blocked=false", `{"name":"x"}`, 400, "invalid_value", "blocked", "no such parameter"},
		{"PUT", "/teams/red/members/alice", `{"role":"admin"}`, 400, "invalid_value", "role", "takes no body"},
		{"DELETE", "/users/alice?keys=keep", "", 400, "invalid_value", "keys", "no such parameter"},
		{"DELETE", "/tags/none", `{"id":"x"}`, 400, "invalid_value", "id", "takes no body"},
		{"DELETE", "/keys/" + id, `nothing`, 400, "invalid_value", "body", "takes no body"},
		{"GET", "/users", `{"limit":5}`, 400, "invalid_value", "limit", "takes no body"},
		{"DELETE", "/tags/none", `{}`, 404, "not_found", "", "none"},
		{"POST", "/users", `{"id":"x","name":"a\u0000b"}`, 400, "invalid_value", "name", "control"},
		{"POST", "/users", `{"id":"x","email":"a\u0000b"}`, 400, "invalid_value", "email", "control"},
		{"POST", "/users", `{"id":"x","role":"king"}`, 400, "invalid_value", "role", "king"},
		{"POST", "/teams", `{"id":"x","aliases":{"":"y"}}`, 400, "invalid_value", "aliases", ""},
		{"POST", "/teams", `{"id":"x","tags":["a","a"]}`, 400, "invalid_value", "tags", "twice"},
		{"POST", "/end_users", `{"id":"` + strings.Repeat("x", 600) + `"}`, 400, "invalid_value", "id", "longer"},
		{"POST", "/tags", `{"id":"a//b"}`, 400, "invalid_value", "id", "path"},
		{"POST", "/tags", `{"id":"a","description":"` + strings.Repeat("x", 2000) + `"}`, 400, "invalid_value", "description", "longer"},
		{"POST", "/plans", `{"id":"a/b"}`, 400, "invalid_value", "id", "slash"},
		{"POST", "/keys", `{"user":"alice","standalone":true}`, 400, "invalid_value", "standalone", "alone"},
		{"POST", "/keys", `{"user":"alice","hint":"abcd"}`, 400, "invalid_value", "hint", "digest"},
		{"POST", "/keys", `{"user":"alice","key":"sk-1"}`, 400, "weak_secret", "key", ""},
		{"POST", "/keys", `{"user":"alice","routes":["what ever"]}`, 400, "invalid_value", "routes", ""},
		{"POST", "/keys", `{"user":"alice","budget_fallback":[""]}`, 400, "invalid_value", "budget_fallback", ""},
		{"POST", "/budgets", `{"scope":"tag","owner":" x","limit":"1","per":"day"}`, 400, "invalid_value", "owner", "space"},
		{"POST", "/budgets", `{"scope":"user","each":true,"limit":"1","soft":"-1","per":"day"}`, 400, "invalid_value", "soft", "negative"},
		{"POST", "/adjustments", `{"scope":"user","owner":"alice","amount":"1","reason":" "}`, 400, "invalid_value", "reason", ""},
		{"POST", "/model_groups", `{"id":"free","models":["paid"]}`, 400, "invalid_value", "id", "free"},
		{"POST", "/fallbacks", `{"model":"paid","when":"never","to":["mixed"]}`, 400, "invalid_value", "when", "never"},
		{"POST", "/fallbacks", `{"model":"paid","to":["paid"]}`, 400, "invalid_value", "to", "itself"},
		{"POST", "/models", `{"name":"x"}`, 400, "invalid_value", "declaration", ""},
		{"POST", "/models", `{"name":"x","declaration":{"provider":"none","model":"y"}}`, 400, "invalid_value", "declaration", "none"},
		{"POST", "/apply", `{"edits":[{"action":"create","kind":"user","id":"ok"},{"action":"create","kind":"user","id":"a/b"}]}`, 400, "invalid_value", "edits[1].id", "slash"},
		{"GET", "/entries?before=nothing", "", 400, "invalid_value", "before", "nothing"},
		{"GET", "/entries?from=2026-02-01&to=2026-01-01", "", 400, "invalid_value", "to", ""},
		{"PUT", "/teams/red/members/alice?role=king", "", 400, "invalid_value", "role", "member or admin"},
		{"GET", "/users?limit=0", "", 400, "invalid_value", "limit", "1000"},
		{"GET", "/users?limit=1001", "", 400, "invalid_value", "limit", "1000"},
		{"GET", "/users?limit=x", "", 400, "invalid_value", "limit", ""},
		{"GET", "/users?limt=5", "", 400, "invalid_value", "limt", "did you mean limit?"},
		{"GET", "/users?limit=5&limit=6", "", 400, "invalid_value", "limit", "2 times"},
		{"GET", "/users/alice?x=1", "", 400, "invalid_value", "x", ""},
		{"GET", "/users?a=%zz", "", 400, "invalid_value", "", ""},
		{"GET", "/keys?after=zed", "", 400, "invalid_value", "after", ""},
		{"GET", "/usage?by=planet", "", 400, "invalid_value", "by", "deployment"},
		{"GET", "/usage?by=day,day", "", 400, "invalid_value", "by", "twice"},
		{"GET", "/usage?from=2026-02-01&to=2026-01-01", "", 400, "invalid_value", "to", ""},
		{"GET", "/usage?from=yesterday", "", 400, "invalid_value", "from", "2026-11-23"},
		{"GET", "/entries?limit=5000", "", 400, "invalid_value", "limit", ""},
		{"GET", "/entries?from=2026-02-01&to=2026-01-01", "", 400, "invalid_value", "to", ""},
		{"GET", "/entries?source=guessed", "", 400, "invalid_value", "source", "uncertain"},
		{"GET", "/limits/" + limit + "?x=1", "", 400, "invalid_value", "x", ""},
		{"GET", "/entries?operation=nonsense", "", 400, "invalid_value", "operation", "chat"},
		{"GET", "/entries?operation=Chat", "", 400, "invalid_value", "operation", "adjustment"},
		{"GET", "/usage?user=", "", 400, "invalid_value", "user", "empty"},
		{"GET", "/entries?key", "", 400, "invalid_value", "key", "empty"},
		{"GET", "/users?limit=", "", 400, "invalid_value", "limit", "empty"},
		{"GET", "/usage?from=", "", 400, "invalid_value", "from", "empty"},
		{"GET", "/check?probe=", "", 400, "invalid_value", "probe", "empty"},
		{"PUT", "/teams/physics/members/alice?role=", "", 400, "invalid_value", "role", "empty"},
		{"GET", "/usage?user=a%00b", "", 400, "invalid_value", "user", "UTF-8"},
		{"GET", "/entries?tag=%ff", "", 400, "invalid_value", "tag", "UTF-8"},
		// what a script writes whose variable is not set
		{"POST", "/adjustments", `{"scope":"user","owner":"alice","amount":"1","reason":"x","budget":""}`, 400, "invalid_value", "budget", "every budget"},
		{"POST", "/adjustments", `{"scope":"user","owner":"alice","amount":"1","reason":"x","id":""}`, 400, "invalid_value", "id", "empty"},
		{"POST", "/keys", `{"user":"alice","key":""}`, 400, "invalid_value", "key", "empty"},
		{"POST", "/plans", `{"id":""}`, 400, "invalid_value", "id", "empty"},
		{"POST", "/apply", `{"edits":[{"action":"create","kind":"adjustment","id":"","scope":"user","owner":"alice","amount":"1","reason":"x"}]}`, 400, "invalid_value", "edits[0].id", "empty"},
		// what would do nothing
		{"PATCH", "/budgets/" + budget, `{"extra":{"amount":"1","until":"2020-01-01T00:00:00Z"}}`, 400, "invalid_value", "extra", "ended already"},
		{"POST", "/budgets", `{"scope":"user","owner":"bob","limit":"1","per":"day","extra":{"amount":"1","until":"2020-01-01T00:00:00Z"}}`, 400, "invalid_value", "extra", "ended already"},
		{"POST", "/keys", `{"user":"alice","routes":["/v1/nosuch"]}`, 400, "invalid_value", "routes", "/v1/nosuch"},
		{"POST", "/keys", `{"user":"alice","routes":["calls","/api/v1/user"]}`, 400, "invalid_value", "routes", "did you mean /api/v1/users?"},
		{"PATCH", "/keys/" + id, `{"routes":["/api/v2/*"]}`, 400, "invalid_value", "routes", "/api/v2/*"},
		// filters by what is not there and never was
		{"GET", "/usage?user=zed", "", 404, "not_found", "user", `user "zed": not found`},
		{"GET", "/usage?by=model&team=zed", "", 404, "not_found", "team", `team "zed"`},
		{"GET", "/usage?org=zed", "", 404, "not_found", "org", `org "zed"`},
		{"GET", "/usage?key=zed", "", 404, "not_found", "key", "never was"},
		{"GET", "/usage?key=Twin", "", 404, "not_found", "key", ""},
		{"GET", "/usage?model=zed", "", 404, "model_not_found", "model", `"zed"`},
		{"GET", "/entries?user=zed", "", 404, "not_found", "user", ""},
		{"GET", "/entries?key=zed&operation=chat", "", 404, "not_found", "key", ""},
		{"GET", "/keys?user=zed", "", 404, "not_found", "user", ""},
		{"GET", "/keys?team=zed", "", 404, "not_found", "team", ""},
		{"GET", "/keys?org=zed", "", 404, "not_found", "org", ""},
		{"GET", "/audit?user=zed", "", 404, "not_found", "user", ""},
		{"GET", "/audit?key=zed", "", 404, "not_found", "key", ""},
		{"GET", "/check?probe=maybe", "", 400, "invalid_value", "probe", ""},
	} {
		a := s.do(s.admin, c.method, c.path, c.body)
		gotParam, _ := a.field("error.param").(string)
		message, _ := a.field("error.message").(string)
		if a.status != c.status || a.code() != c.code || gotParam != c.param || !strings.Contains(message, c.say) {
			t.Errorf("%s %s %s:\n got %d %s param %q: %s\nwant %d %s param %q: …%s…", c.method, c.path, c.body, a.status, a.code(), gotParam, message, c.status, c.code, c.param, c.say)
		}
	}
	if a := s.ok("GET", "/users", ""); len(a.field("data").([]any)) != 2 {
		t.Errorf("a refusal made something: %s", a.raw)
	}
	if a := s.ok("GET", "/limits", ""); len(a.field("data").([]any)) != 2 || a.field("data.1.requests_per_minute") != 5.0 {
		t.Errorf("a refusal made or changed something: %s", a.raw)
	}
}

// TestFiltersByWhatIsGone: what was deleted, or has done nothing, is no typing error.
func TestFiltersByWhatIsGone(t *testing.T) {
	s := start(t)
	secret, id := s.key("alice", "")
	s.ok("POST", "/teams", `{"id":"physics"}`)
	if err := s.call(secret, "paid"); err != nil {
		t.Fatal(err)
	}
	entries := func(query string) int { return len(s.ok("GET", "/entries?"+query, "").field("data").([]any)) }
	for range 2 {
		if entries("user=alice") != 1 || entries("key="+id) != 1 || entries("key="+id+"&from=2090-01-01") != 0 || entries("team=physics") != 0 {
			t.Error("the books have one entry of alice's key")
		}
		for _, path := range []string{"/usage?by=day&team=physics", "/usage?user=alice&from=2090-01-01", "/usage?model=mixed", "/keys?team=physics", "/keys?user=alice", "/audit?user=alice", "/audit?key=" + id} {
			s.ok("GET", path, "")
		}
		if a := s.do(s.admin, "DELETE", "/users/alice", ""); a.status != 204 && a.status != 404 {
			t.Fatalf("%d %s", a.status, a.raw)
		}
		if a := s.do(s.admin, "DELETE", "/teams/physics", ""); a.status != 204 && a.status != 404 {
			t.Fatalf("%d %s", a.status, a.raw)
		}
	}
}

// TestRulesForNoModel: a budget or a limit whose models nobody has is a finding.
func TestRulesForNoModel(t *testing.T) {
	s := start(t)
	s.key("alice", "")
	budget := s.ok("POST", "/budgets", `{"scope":"user","owner":"alice","limit":"5","per":"month","models":["piad","paid","mixed","cloud/*","echo/echo","unknown"]}`).field("id").(string)
	limit := s.ok("POST", "/limits", `{"scope":"user","each":true,"requests_per_minute":5,"models":["piad","gpu/*"]}`).field("id").(string)
	got := ""
	for _, f := range s.ok("GET", "/check", "").field("findings").([]any) {
		if f := f.(object); f["path"] == "models" {
			got += fmt.Sprintf("%s: %s (%v)\n", f["value"], f["message"], f["warning"])
		}
	}
	const say = "no model and no deployment has a name like that, so nothing of it is counted: "
	if want := "gpu/*: " + say + "limit " + limit + " (true)\npiad: " + say + "budget " + budget + ", limit " + limit + " (true)\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestRulesThatAreThereAlready: a budget or a limit that could not be told from another one is
// refused, and the refusal names the other.
func TestRulesThatAreThereAlready(t *testing.T) {
	s := start(t)
	s.key("alice", "")
	s.ok("POST", "/users", `{"id":"bob"}`)
	make := func(path, body string) string { return s.ok("POST", path, body).field("id").(string) }
	budget := make("/budgets", `{"scope":"user","owner":"alice","limit":"5","per":"month","models":["paid","big"]}`)
	other := make("/budgets", `{"scope":"user","owner":"alice","limit":"5","per":"month","models":["big","paid"],"name":"grant"}`)
	for _, body := range []string{
		`{"scope":"user","owner":"alice","limit":"5","per":"month"}`, `{"scope":"user","owner":"alice","limit":"5","per":"week","models":["paid","big"]}`,
		`{"scope":"user","owner":"alice","limit":"5","per":"month","models":["paid","big"],"zone":"Europe/Berlin"}`,
		`{"scope":"user","owner":"alice","limit":"5","per":"month","models":["paid","big"],"rolls_from":"2026-01-05T00:00:00Z"}`,
		`{"scope":"user","owner":"bob","limit":"5","per":"month","models":["paid","big"]}`, `{"scope":"user","each":true,"limit":"5","per":"month","models":["paid","big"]}`,
	} {
		make("/budgets", body)
	}
	limit := make("/limits", `{"scope":"user","owner":"alice","requests_per_minute":5}`)
	make("/limits", `{"scope":"user","owner":"alice","tokens_per_minute":5}`)
	make("/limits", `{"scope":"user","owner":"alice","requests_per_minute":5,"models":["paid"]}`)
	make("/limits", `{"scope":"user","owner":"alice","requests_per_minute":7,"name":"while the grant lasts"}`)
	before := s.everything()
	for _, c := range []struct{ method, path, body, names string }{
		{"POST", "/budgets", `{"scope":"user","owner":"alice","limit":"5","per":"month","models":["paid","big"]}`, budget},
		{"POST", "/budgets", `{"scope":"user","owner":"alice","limit":"9","soft":"1","per":"1 month","models":["big","paid","big"],"zone":"UTC"}`, budget},
		{"POST", "/budgets", `{"scope":"user","owner":"alice","limit":"1","per":"month","models":["paid","big"],"name":"grant"}`, other},
		{"PATCH", "/budgets/" + other, `{"name":""}`, budget},
		{"POST", "/budgets", `{"scope":"user","each":true,"limit":"5","per":"month"}`, "file-1"},
		{"POST", "/apply", `{"edits":[{"action":"create","kind":"budget","scope":"team","each":true,"limit":"5","per":"day"},{"action":"create","kind":"budget","scope":"team","each":true,"limit":"6","per":"day"}]}`, "budget"},
		{"POST", "/limits", `{"scope":"user","owner":"alice","requests_per_minute":6,"concurrent_requests":1}`, limit},
		{"POST", "/limits", `{"scope":"key","each":true,"requests_per_minute":6}`, "file-2"},
	} {
		if a := s.do(s.admin, c.method, c.path, c.body); a.status != 409 || a.code() != "exists" || !strings.Contains(string(a.raw), c.names) || !strings.Contains(string(a.raw), "a name of its own") {
			t.Errorf("%s %s: %d %s", c.path, c.body, a.status, a.raw)
		}
	}
	if s.everything() != before {
		t.Error("a refusal changed something")
	}
	// What is changed, made anew in one go, or left by another name is none beside another.
	s.ok("PATCH", "/budgets/"+budget, `{"limit":"6","name":""}`)
	s.ok("POST", "/apply", `{"edits":[{"action":"delete","kind":"budget","id":"`+budget+`"},{"action":"create","kind":"budget","scope":"user","owner":"alice","limit":"5","per":"month","models":["paid","big"]}]}`)
}

func TestBodies(t *testing.T) {
	s := start(t)
	post := func(body, contentType string) answer {
		req, err := http.NewRequest("POST", s.url+admin.Prefix+"/users", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+s.admin)
		req.Header.Set("Content-Type", contentType)
		return s.send(req)
	}
	pad := func(n int) string {
		b := `{"id":"big","models":[]}`
		return b + strings.Repeat(" ", n-len(b))
	}
	if a := post(pad(admin.MaxBody+1), "application/json"); a.status != 413 || a.code() != "request_too_large" || !strings.Contains(string(a.raw), "1 MiB") {
		t.Errorf("%d %s", a.status, a.raw)
	}
	if a := post(pad(admin.MaxBody), "application/json; charset=utf-8"); a.status != 201 {
		t.Errorf("%d %s", a.status, a.raw)
	}
	if a := post(`{"id":"x"}`, "application/xml"); a.status != 415 || a.code() != "unsupported_content_type" {
		t.Errorf("%d %s", a.status, a.raw)
	}
}

func TestPages(t *testing.T) {
	s := start(t)
	for i := range 25 {
		s.ok("POST", "/users", fmt.Sprintf(`{"id":"user%02d"}`, i))
		s.ok("POST", "/keys", fmt.Sprintf(`{"user":"user%02d"}`, i))
		s.ok("POST", "/budgets", fmt.Sprintf(`{"scope":"user","owner":"user%02d","limit":"1","per":"day"}`, i))
		s.ok("POST", "/limits", fmt.Sprintf(`{"scope":"user","owner":"user%02d","requests_per_minute":%d}`, i, i))
	}
	for path, want := range map[string]int{"/users": 25, "/keys": 26, "/budgets": 26, "/limits": 26} {
		seen := map[any]bool{}
		after, pages := "", 0
		for {
			a := s.ok("GET", path+"?limit=10"+after, "")
			data := a.field("data").([]any)
			for _, x := range data {
				seen[x.(object)["id"]] = true
			}
			pages++
			if a.field("next") == nil {
				break
			}
			after = "&after=" + a.field("next").(string)
		}
		if len(seen) != want || pages != 3 {
			t.Errorf("%s: %d in %d pages", path, len(seen), pages)
		}
	}
	// A page whose mark was deleted goes on where it stopped.
	s.ok("DELETE", "/users/user09", "")
	if a := s.ok("GET", "/users?limit=1&after=user09", ""); a.field("data.0.id") != "user10" {
		t.Errorf("%s", a.raw)
	}
}

// TestKeysGoWithTheirOwner: a new owner of an old name does not bring the old keys
// back to life.
func TestKeysGoWithTheirOwner(t *testing.T) {
	s := start(t)
	secret, id := s.key("alice", "")
	if a := s.do(secret, "GET", "/me", ""); a.status != 200 {
		t.Fatalf("%d", a.status)
	}
	s.ok("DELETE", "/users/alice", "")
	if a := s.do(secret, "GET", "/me", ""); a.status != 401 {
		t.Errorf("%d", a.status)
	}
	if a := s.do(s.admin, "GET", "/keys/"+id, ""); a.status != 404 {
		t.Errorf("%d", a.status)
	}
	s.ok("POST", "/users", `{"id":"alice"}`)
	if a := s.do(secret, "GET", "/me", ""); a.status != 401 {
		t.Errorf("the key came back to life: %d", a.status)
	}
	s.ok("POST", "/teams", `{"id":"t"}`)
	team := s.ok("POST", "/keys", `{"team":"t"}`).field("key").(string)
	s.ok("DELETE", "/teams/t", "")
	s.ok("POST", "/teams", `{"id":"t"}`)
	if a := s.do(team, "GET", "/me", ""); a.status != 401 {
		t.Errorf("the team's key came back to life: %d", a.status)
	}
}

// TestExplainTellsWhyAKeyIsRefused: a blocked key's explanation says so instead of
// what it could do otherwise.
func TestExplainTellsWhyAKeyIsRefused(t *testing.T) {
	s := start(t)
	secret, id := s.key("alice", "")
	s.ok("PATCH", "/users/alice", `{"blocked":true}`)
	for _, key := range []string{id, secret} {
		a := s.ok("POST", "/explain", fmt.Sprintf(`{"key":%q,"model":"echo"}`, key))
		if a.field("served") != false || !strings.Contains(a.field("verdict").(string), "user is blocked") {
			t.Errorf("%s", a.raw)
		}
	}
}

func TestReload(t *testing.T) {
	s := start(t)
	s.reload = &configError{[]admin.Problem{{Path: "models.x", Line: 3, Column: 5, Value: "nope", Message: "no such provider", Write: "x: gpu/x"}}}
	if a := s.do(s.admin, "POST", "/reload", ""); a.status != 422 || a.code() != "invalid_configuration" || a.field("error.problems.0.line") != 3.0 {
		t.Errorf("%d %s", a.status, a.raw)
	}
	s.reload = errors.New("tollgate was started without a configuration file")
	if a := s.do(s.admin, "POST", "/reload", ""); a.status != 422 || !strings.Contains(string(a.raw), "without a configuration file") {
		t.Errorf("%d %s", a.status, a.raw)
	}
	s.reload = fmt.Errorf("budget x is in both: %w", control.ErrExists)
	if a := s.do(s.admin, "POST", "/reload", ""); a.status != 409 || a.code() != "exists" {
		t.Errorf("%d %s", a.status, a.raw)
	}
}

type configError struct{ problems []admin.Problem }

func (e *configError) Error() string { return "the configuration has problems" }

func (e *configError) Problems() []admin.Problem { return e.problems }

// TestBooksDown: reading is answered while the books do not answer.
func TestBooksDown(t *testing.T) {
	s := start(t)
	secret, id := s.key("alice", "")
	s.ok("POST", "/budgets", `{"scope":"user","owner":"alice","limit":"5","per":"month"}`)
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	a := s.do(secret, "GET", "/me", "")
	if a.status != 200 || a.field("books") != "unavailable" || a.field("usage") != nil || a.field("key.id") != id || a.field("models.open").(float64) < 1 {
		t.Errorf("%d %s", a.status, a.raw)
	}
	if a := s.ok("GET", "/budgets", ""); a.field("books") != "unavailable" || len(a.field("data").([]any)) != 2 || a.field("data.1.standing") != nil {
		t.Errorf("%s", a.raw)
	}
	if a := s.ok("GET", "/keys/"+id+"/budgets", ""); a.field("books") != "unavailable" {
		t.Errorf("%s", a.raw)
	}
	if a := s.ok("GET", "/check", ""); a.field("ok") != false || a.field("books") != "unavailable" || len(a.field("models").([]any)) == 0 {
		t.Errorf("%s", a.raw)
	}
	s.ok("GET", "/models", "")
	s.ok("GET", "/limits", "")
	for _, path := range []string{"/users", "/teams", "/keys", "/usage", "/entries", "/entries?source=uncertain"} {
		if a := s.do(s.admin, "GET", path, ""); a.status != 503 || a.code() != "books_unavailable" {
			t.Errorf("%s: %d %s", path, a.status, a.raw)
		}
	}
}

// TestCheckOfBooksThatTakeNothing: what keeps paid calls from being begun is a problem,
// though the books can be read.
func TestCheckOfBooksThatTakeNothing(t *testing.T) {
	s := start(t)
	told := func(a answer) (of []any) {
		for _, f := range a.field("findings").([]any) {
			if f := f.(map[string]any); f["path"] == "database" {
				of = append(of, f["message"], f["warning"])
			}
		}
		return of
	}
	if of := told(s.ok("GET", "/check", "")); len(of) > 0 {
		t.Fatal(of...)
	}
	s.closed = fmt.Errorf("%w: the disk is full", ledger.ErrUnavailable)
	a := s.ok("GET", "/check", "")
	if of := told(a); a.field("ok") != false || len(of) != 2 || !strings.HasSuffix(of[0].(string), "the disk is full") || of[1] != false {
		t.Errorf("%s", a.raw)
	}
	s.closed = fmt.Errorf("%w: %w", ledger.ErrUnavailable, context.DeadlineExceeded) // it hangs, and would for whoever reads it
	if a := s.ok("GET", "/check", ""); a.field("ok") != false || a.field("books") != "unavailable" || len(told(a)) != 0 {
		t.Errorf("%s", a.raw)
	}
}
