package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
)

// TestLiteLLMModels goes through the life of deployments, credentials, groups and fallbacks
// as LiteLLM's clients make them: each can be called at once, is free or paid as its
// parameters say, and no answer and no file has its secrets.
func TestLiteLLMModels(t *testing.T) {
	t.Setenv("VENDOR_API_KEY", "sk-canary-environment")
	t.Setenv("OPENAI_API_KEY", "sk-canary-openai")
	t.Setenv("UNRELATED_PASSWORD", "sk-canary-unrelated")
	const master = "sk-beside-Jq7mWc4TzR9vKx2LhNpYd8Gf"
	g := startLiteLLM(t, `
model_list:
  - { model_name: local, litellm_params: { model: hosted_vllm/local, api_base: "UPSTREAM/v1" }, model_info: { id: local-1 } }
  - { model_name: cloud, litellm_params: { model: openai/cloud, api_base: "UPSTREAM/v1", api_key: os.environ/VENDOR_API_KEY, extra_headers: { X-Office: inner }, input_cost_per_token: 0.000001, output_cost_per_token: 0.00001 } }
general_settings: { master_key: `+master+` }
`, "{}")
	must(g.srv.control.EnsureAdmin(t.Context(), master))(t)
	p := g.person(control.KeyChange{})
	narrow := g.person(control.KeyChange{Models: &[]string{"local", "team-models"}})
	viewer := g.person(control.KeyChange{})
	b := g.budget(p, ledger.User, "1")
	ask := func(key, method, path, body string, status int) gjson.Result {
		t.Helper()
		a := g.do(method, path, key, strings.ReplaceAll(body, "UPSTREAM", g.up.Ollama()+"/v1"), nil)
		if a.Status != status {
			t.Fatalf("%s %s %s: %d %s", method, path, body, a.Status, a.Body)
		}
		if strings.Contains(a.Body, "canary") {
			t.Errorf("%s %s tells a secret: %s", method, path, a.Body)
		}
		return gjson.Parse(a.Body)
	}
	calls := func(who person, model string, status int) {
		t.Helper()
		g.mend()
		if a := g.chat(who, model, `"max_tokens":10`, nil); a.Status != status {
			t.Errorf("%s: %d %s", model, a.Status, a.Body)
		}
	}
	sent := func() string {
		all := g.up.Calls()
		return all[len(all)-1].Header.Get("Authorization")
	}

	// Deployments.
	ask(master, "POST", "/model/new", `{"model_name":"mine","litellm_params":{"model":"openai/mine","api_base":"UPSTREAM","api_key":"sk-canary-mine","input_cost_per_token":0.000001,"output_cost_per_token":0.00001},"model_info":{"id":"mine-1","team":"x"}}`, 200)
	calls(p, "mine", 200)
	if sent() != "Bearer sk-canary-mine" {
		t.Errorf("sent %q", sent())
	}
	g.settled()
	if g.posted(b) == 0 {
		t.Error("a paid call of an added model is not counted")
	}
	free := ask(master, "POST", "/model/new", `{"model_name":"free","litellm_params":{"model":"openai/free","api_base":"UPSTREAM","api_key":"os.environ/VENDOR_API_KEY","input_cost_per_token":0,"output_cost_per_token":0}}`, 200).Get("model_id").String()
	posted := g.posted(b)
	calls(p, "free", 200)
	if g.settled(); g.posted(b) != posted || sent() != "Bearer sk-canary-environment" {
		t.Errorf("a free call is counted, or goes with %q", sent())
	}
	// A secret of the environment goes where the file sends it, and nowhere else.
	for _, params := range []string{`"api_base":"UPSTREAM","api_key":"os.environ/UNRELATED_PASSWORD"`, `"api_base":"UPSTREAM","api_key":"os.environ/OPENAI_API_KEY"`,
		`"api_base":"http://127.0.0.1:9","api_key":"os.environ/VENDOR_API_KEY"`, `"api_base":"UPSTREAM","user":"os.environ/VENDOR_API_KEY"`} {
		ask(master, "POST", "/model/new", `{"model_name":"leak","litellm_params":{"model":"openai/leak",`+params+`}}`, 400)
	}
	ask(master, "POST", "/model/new", `{"model_name":"leak","litellm_params":{"model":"openai/leak","api_base":"UPSTREAM","input_cost_per_token":0,"output_cost_per_token":0}}`, 200)
	calls(p, "leak", 200)
	if sent() == "Bearer sk-canary-openai" {
		t.Error("a key of the environment goes where it was not sent")
	}
	ask(master, "POST", "/model/new", `{"model_name":"azure","litellm_params":{"model":"azure/x","api_base":"https://x","api_key":"sk-canary-azure"}}`, 200)
	calls(p, "azure", 404)
	// One more of a name that the file has: both serve it.
	ask(master, "POST", "/model/new", `{"model_name":"local","litellm_params":{"model":"hosted_vllm/local-2","api_base":"UPSTREAM","order":2}}`, 200)
	calls(p, "local", 200)

	info := func(key, query string) gjson.Result {
		return ask(key, "GET", "/v1/model/info"+query, "", 200).Get("data")
	}
	if one := info(master, "?litellm_model_id=mine-1"); one.Get("0.model_info.db_model").Bool() != true || one.Get("0.model_info.input_cost_per_token").Raw != "0.000001" || one.Get("0.model_info.team").String() != "x" || one.Get("0.litellm_params.api_key").Exists() {
		t.Errorf("%s", one.Raw)
	}
	if all := info(master, ""); all.Get("#").Int() != 7 || all.Get("0.model_info.id").String() != "local-1" || all.Get("0.model_info.input_cost_per_token").Raw != "0" {
		t.Errorf("%s", all.Raw)
	}
	if own := info(narrow.key, ""); own.Get("#").Int() != 2 || own.Get("#(model_name!=\"local\")").Exists() {
		t.Errorf("a key sees others' models: %s", own.Raw)
	}
	ask(narrow.key, "GET", "/v1/model/info?litellm_model_id=mine-1", "", 400)
	// Where a model is, and who made it, is for those who see all.
	for _, path := range []string{"/model/info", "/v1/model/info", "/v2/model/info", "/v2/model/info?include_team_models=true", "/model_group/info"} {
		if text := ask(p.key, "GET", path, "", 200).Raw; strings.Contains(text, "127.0.0.1") || strings.Contains(text, "api_base\"") || strings.Contains(text, "X-Office") || strings.Contains(text, "created_by") || !strings.Contains(text, "mine") {
			t.Errorf("%s tells a caller %s", path, text)
		}
		if text := ask(master, "GET", path, "", 200).Raw; path != "/model_group/info" && !strings.Contains(text, g.up.Ollama()) {
			t.Errorf("%s tells an admin %s", path, text)
		}
	}
	for _, no := range []struct{ method, path, body string }{
		{"POST", "/model/new", `{"model_name":"x","litellm_params":{"model":"openai/x"}}`}, {"POST", "/model/update", `{"model_info":{"id":"mine-1"}}`},
		{"PATCH", "/model/mine-1/update", `{}`}, {"POST", "/model/delete", `{"id":"mine-1"}`},
	} {
		ask(viewer.key, no.method, no.path, no.body, 403)
	}
	for _, path := range []string{"/credentials", "/access_group/list", "/v1/access_group", "/fallback/local"} {
		ask(viewer.key, "GET", path, "", 401)
	}

	// A change keeps what it does not name, secrets too.
	ask(master, "PATCH", "/model/mine-1/update", `{"litellm_params":{"input_cost_per_token":0,"output_cost_per_token":0},"model_info":{"note":"now free"}}`, 200)
	posted = g.posted(b)
	calls(p, "mine", 200)
	if g.settled(); g.posted(b) != posted || sent() != "Bearer sk-canary-mine" {
		t.Errorf("counted, or goes with %q", sent())
	}
	ask(master, "POST", "/model/update", `{"model_name":"renamed","litellm_params":{"api_key":"sk-canary-other"},"model_info":{"id":"mine-1"}}`, 200)
	calls(p, "mine", 400)
	calls(p, "renamed", 200)
	if one := info(master, "?litellm_model_id=mine-1"); sent() != "Bearer sk-canary-other" || one.Get("0.model_info.note").String() != "now free" {
		t.Errorf("%q %s", sent(), one.Raw)
	}
	// A key goes to no other address than the one that it was given for (trust.md T29).
	ask(master, "POST", "/model/update", `{"litellm_params":{"api_base":"http://127.0.0.1:1/v1"},"model_info":{"id":"mine-1"}}`, 400)
	ask(master, "PATCH", "/model/mine-1/update", `{"litellm_params":{"api_base":"http://127.0.0.1:1/v1","extra_headers":{"X-Office":"b"}}}`, 400)
	calls(p, "renamed", 200)
	// LiteLLM's command line sends the id by itself, and numbers as text.
	ask(master, "POST", "/model/update", `{"id":"mine-1","litellm_params":{"rpm":"600","output_cost_per_token":"1e-5"}}`, 200)
	if one := info(master, "?litellm_model_id=mine-1"); one.Get("0.litellm_params.rpm").Raw != "600" || one.Get("0.model_info.output_cost_per_token").Float() != 1e-5 {
		t.Errorf("%s", one.Raw)
	}
	for body, status := range map[string]int{`{"model_info":{"id":"local-1"}}`: 400, `{"id":"local-1"}`: 400, `{"model_info":{"id":"none"}}`: 400, `{"model_info":{}}`: 400, ``: 422, `{"model_info":1}`: 422} {
		ask(master, "POST", "/model/update", body, status)
	}
	for _, body := range []string{`{"model_name":"x","litellm_params":{}}`, `{"model_name":"x","litellm_params":{"model":"openai/x","max_budget":1}}`, `{"model_name":"x","litellm_params":{"model":"openai/x","litellm_credential_name":"none"}}`,
		`{"model_name":"x","litellm_params":{"model":"openai/x","api_base":"UPSTREAM"},"model_info":{"id":"a/b"}}`} {
		ask(master, "POST", "/model/new", body, 400)
	}

	// Credentials.
	ask(master, "POST", "/credentials", `{"credential_name":"the vault","credential_values":{"api_key":"sk-canary-vault","api_base":"UPSTREAM"},"credential_info":{"a":1}}`, 200)
	ask(master, "POST", "/model/new", `{"model_name":"by-credential","litellm_params":{"model":"openai/free","litellm_credential_name":"the vault"},"model_info":{"id":"by-1","input_cost_per_token":0,"output_cost_per_token":0}}`, 200)
	calls(p, "by-credential", 200)
	ask(master, "PATCH", "/credentials/the%20vault", `{"credential_values":{"api_key":"sk-canary-next"}}`, 200)
	calls(p, "by-credential", 200)
	if sent() != "Bearer sk-canary-next" {
		t.Errorf("sent %q", sent())
	}
	ask(master, "PATCH", "/credentials/the%20vault", `{"credential_values":{"api_base":"http://127.0.0.1:1"}}`, 400) // with the key of another address
	ask(master, "PATCH", "/credentials/the%20vault", `{"credential_values_to_delete":["api_base"]}`, 400)
	calls(p, "by-credential", 200)
	ask(master, "PATCH", "/credentials/the%20vault", `{"credential_values":{"api_base":"UPSTREAM","api_key":"sk-canary-next"}}`, 200)
	calls(p, "by-credential", 200)
	if c := ask(master, "GET", "/credentials/by_name/the%20vault", "", 200); c.Get("credential_values.api_key").String() != "sk****xt" || c.Get("credential_info.a").Int() != 1 {
		t.Errorf("%s", c.Raw)
	}
	ask(master, "PATCH", "/credentials/the%20vault", `{"display_name":"Vault","credential_values":{"api_version":"1"}}`, 200)
	ask(master, "PATCH", "/credentials/the%20vault", `{"credential_info":{},"credential_values_to_delete":["api_version"]}`, 200)
	if c := ask(master, "GET", "/credentials/by_name/the%20vault", "", 200); c.Get("display_name").String() != "Vault" || c.Get("credential_values.api_version").Exists() || !c.Get("credential_values.api_base").Exists() {
		t.Errorf("%s", c.Raw)
	}
	ask(master, "PATCH", "/credentials/the%20vault", `{"credential_name":"another"}`, 400)
	ask(master, "PATCH", "/credentials/the%20vault", `{"display_name":null}`, 200)
	if c := ask(master, "GET", "/credentials/by_name/the%20vault", "", 200); c.Get("display_name").Type != gjson.Null {
		t.Errorf("%s", c.Raw)
	}
	// Its secrets go where it is for, and so do those of a deployment that a credential is made of.
	ask(master, "POST", "/model/new", `{"model_name":"elsewhere","litellm_params":{"model":"openai/free","api_base":"http://127.0.0.1:1/v1","litellm_credential_name":"the vault"}}`, 400)
	ask(master, "PATCH", "/model/by-1/update", `{"litellm_params":{"api_base":"http://127.0.0.1:1/v1"}}`, 400)
	ask(master, "PATCH", "/model/by-1/update", `{"litellm_params":{"api_base":"UPSTREAM"}}`, 200)
	calls(p, "by-credential", 200)
	ask(master, "POST", "/model/new", `{"model_name":"bare","litellm_params":{"model":"openai/gpt-5-mini","api_key":"sk-canary-bare"},"model_info":{"id":"bare-1"}}`, 200)
	ask(master, "POST", "/credentials", `{"credential_name":"of bare","credential_info":{},"model_id":"bare-1"}`, 200)
	if c := ask(master, "GET", "/credentials/by_name/of%20bare", "", 200); c.Get("credential_values.api_base").String() != "https://api.openai.com/v1" {
		t.Errorf("%s", c.Raw)
	}
	ask(master, "POST", "/model/new", `{"model_name":"elsewhere","litellm_params":{"model":"openai/free","api_base":"UPSTREAM","litellm_credential_name":"of bare"}}`, 400)
	ask(master, "POST", "/model/delete", `{"id":"bare-1"}`, 200)
	ask(master, "DELETE", "/credentials/of%20bare", "", 200)
	// One that says no address is for that of the first model that names it, also when that is gone.
	ask(master, "POST", "/credentials", `{"credential_name":"of no place","credential_info":{},"credential_values":{"api_key":"sk-canary-nowhere"}}`, 200)
	ask(master, "POST", "/model/new", `{"model_name":"placed","litellm_params":{"model":"openai/free","api_base":"UPSTREAM","litellm_credential_name":"of no place"},"model_info":{"id":"placed-1"}}`, 200)
	elsewhere := `{"model_name":"elsewhere","litellm_params":{"model":"openai/free","api_base":"http://127.0.0.1:1/v1","litellm_credential_name":"of no place"}}`
	if a := ask(master, "POST", "/model/new", elsewhere, 400); !strings.Contains(a.Raw, "the secrets of credential of no place are for "+g.up.Ollama()) {
		t.Errorf("%s", a.Raw)
	}
	ask(master, "PATCH", "/model/placed-1/update", `{"litellm_params":{"api_base":"http://127.0.0.1:1/v1"}}`, 400)
	ask(master, "PATCH", "/credentials/of%20no%20place", `{"credential_values":{"api_base":"http://127.0.0.1:1/v1"}}`, 400)
	ask(master, "POST", "/model/delete", `{"id":"placed-1"}`, 200)
	ask(master, "POST", "/model/new", elsewhere, 400)
	ask(master, "DELETE", "/credentials/of%20no%20place", "", 200)
	ask(master, "DELETE", "/credentials/the%20vault", "", 400) // it is used
	ask(master, "POST", "/model/delete", `{"id":"by-1"}`, 200)
	ask(master, "DELETE", "/credentials/the%20vault", "", 200)
	ask(master, "DELETE", "/credentials/the%20vault", "", 404)

	// Groups of models.
	calls(narrow, "free", 403)
	group := ask(master, "POST", "/v1/access_group", `{"access_group_name":"G","access_model_names":["free"]}`, 201).Get("access_group_id").String()
	grouped := g.person(control.KeyChange{Models: &[]string{group}})
	calls(grouped, "free", 200)
	calls(grouped, "renamed", 403)
	// The same by a key's or a team's access_group_ids, which are on top of its models.
	byGroup := ask(master, "POST", "/key/generate", `{"models":["local"],"access_group_ids":["`+group+`"]}`, 200)
	if byGroup.Get("models").Raw != `["local"]` || byGroup.Get("access_group_ids.0").String() != group {
		t.Errorf("%s", byGroup.Raw)
	}
	with := person{key: byGroup.Get("key").String()}
	calls(with, "local", 200)
	calls(with, "free", 200)
	calls(with, "renamed", 403)
	ask(master, "POST", "/key/update", `{"key":"`+with.key+`","models":["renamed"]}`, 200)
	calls(with, "renamed", 200)
	calls(with, "free", 200)
	if k := ask(master, "POST", "/key/update", `{"key":"`+with.key+`","access_group_ids":[]}`, 200); k.Get("models").Raw != `["renamed"]` || k.Get("access_group_ids").Raw != `[]` {
		t.Errorf("%s", k.Raw)
	}
	calls(with, "free", 403)
	whole := person{key: ask(master, "POST", "/key/generate", `{"access_group_ids":["`+group+`"]}`, 200).Get("key").String()}
	calls(whole, "renamed", 200) // it had all models already
	ask(master, "POST", "/key/generate", `{"access_group_ids":["none"]}`, 404)
	ask(master, "POST", "/team/new", `{"team_id":"club","models":["local"],"access_group_ids":["`+group+`"]}`, 200)
	member := person{key: ask(master, "POST", "/key/generate", `{"team_id":"club"}`, 200).Get("key").String()}
	calls(member, "free", 200)
	calls(member, "renamed", 403)
	if club := ask(master, "POST", "/team/model/add", `{"team_id":"club","models":["renamed"]}`, 200); club.Get("models").Raw != `["local","renamed"]` {
		t.Errorf("%s", club.Raw)
	}
	calls(member, "renamed", 200)
	calls(member, "free", 200)
	// Whoever has all models of a pattern has no group whose name fits it.
	ask(master, "PATCH", "/model/"+free+"/update", `{"model_info":{"access_groups":["clo-group"]}}`, 200)
	ask(master, "POST", "/user/new", `{"user_id":"sue","user_role":"internal_user","auto_create_key":false}`, 200)
	sue := ask(master, "POST", "/key/generate", `{"user_id":"sue","models":["clo*"]}`, 200).Get("key").String()
	ask(sue, "POST", "/key/generate", `{"models":["clo-group"]}`, 401)
	ask(sue, "POST", "/key/generate", `{"models":["cloud"]}`, 200)
	ask(master, "POST", "/access_group/new", `{"access_group":"team-models","model_names":["free"]}`, 200)
	calls(narrow, "free", 200)
	ask(master, "DELETE", "/access_group/team-models/delete", "", 200)
	calls(narrow, "free", 403)
	ask(master, "DELETE", "/v1/access_group/"+group, "", 204)
	calls(grouped, "free", 403)
	calls(member, "free", 403)
	ask(master, "POST", "/v1/access_group", `{"access_group_name":"H","assigned_key_ids":["x"]}`, 400)

	// Fallbacks: a paid model that cannot be paid for goes on to a free one.
	spent := g.person(control.KeyChange{})
	g.budget(spent, ledger.User, "0.000001")
	calls(spent, "cloud", 429)
	ask(master, "POST", "/fallback", `{"model":"cloud","fallback_models":["free"],"fallback_type":"general"}`, 200)
	calls(spent, "cloud", 200)
	ask(master, "DELETE", "/fallback/cloud?fallback_type=general", "", 200)
	calls(spent, "cloud", 429)

	ask(master, "POST", "/model/delete", fmt.Sprintf(`{"id":%q}`, free), 200)
	calls(p, "free", 400)
	var audits struct{ Data []json.RawMessage }
	if err := json.Unmarshal([]byte(g.do("GET", "/api/v1/audit?limit=1000", master, "", nil).Body), &audits); err != nil || len(audits.Data) == 0 {
		t.Fatalf("%v", err)
	}
	for _, a := range audits.Data {
		if strings.Contains(string(a), "canary") {
			t.Errorf("an audit has a secret: %s", a)
		}
	}
	g.stop()
	for _, file := range []string{g.db, g.db + "-wal"} {
		if data, err := os.ReadFile(file); err == nil && strings.Contains(string(data), "canary") {
			t.Errorf("a secret stands in %s", file)
		}
	}
	if strings.Contains(g.logs.String(), "canary") {
		t.Error("a secret stands in the log")
	}
}
