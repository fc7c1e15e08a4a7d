package admin_test

import (
	"errors"
	"fmt"
	"strings"

	"tollgate/configs"
	"tollgate/gateway/catalog"
	"tollgate/gateway/control"
	"tollgate/gateway/vault"
	"tollgate/providers/openai"
)

// plainVault is a vault for tests.
func plainVault() *vault.Vault {
	v, err := vault.New([]byte(strings.Repeat("k", vault.MinKey)))
	if err != nil {
		panic(err)
	}
	return v
}

func readDeclaration(d control.Declaration) (catalog.Addition, error) {
	a, problems := configs.ReadDeployment(configs.Deployment{ID: d.ID, Name: d.Name, Path: d.Path, Text: d.Text, Secret: d.Secret}, openai.Kinds(), d.Prices)
	if len(problems) > 0 {
		return a, errors.New(problems[0].String())
	}
	return a, nil
}

// additionsAnswer goes through the life of what the API adds to the catalog.
func (s *site) additionsAnswer() {
	s.t.Helper()
	want := func(a answer, fields map[string]any) {
		s.t.Helper()
		for name, v := range fields {
			if got := a.field(name); fmt.Sprint(got) != fmt.Sprint(v) {
				s.t.Errorf("%s is %v, want %v: %s", name, got, v, a.raw)
			}
		}
	}
	there := upstream(s.t)
	s.secrets = append(s.secrets, "sk-canary-credential", "sk-canary-own", "sk-canary-next")
	want(s.ok("POST", "/credentials", `{"id":"vendor's","urls":["`+there+`"],"secrets":{"key":"sk-canary-credential"},"attributes":{"x":1}}`), map[string]any{"id": "vendor's", "urls": "[" + strings.TrimSuffix(there, "/v1") + "]", "secrets": "[key]", "attributes.x": 1})
	want(s.ok("POST", "/models", `{"id":"m1","name":"added","credential":"vendor's","declaration":{"provider":{"kind":"openai","url":"`+there+`"},"model":"big","price":{"input":1,"output":10}}}`),
		map[string]any{"id": "m1", "name": "added", "credential": "vendor's", "secrets": "[]", "unavailable": "", "declaration.model": "big"})
	made := s.ok("POST", "/models", `{"name":"added","secrets":{"key":"sk-canary-own"},"declaration":{"provider":"cloud","model":"other","price":"free","order":2}}`)
	want(made, map[string]any{"name": "added", "secrets": "[key]"})
	id := made.field("id").(string)
	want(s.ok("PATCH", "/models/m1", `{"secrets":{"key":"sk-canary-next"},"credential":"","attributes":{"y":2}}`), map[string]any{"secrets": "[key]", "credential": "", "attributes.y": 2, "declaration.model": "big"})
	want(s.ok("GET", "/additions?limit=1", ""), map[string]any{"data.0.id": "m1", "data.0.attributes.y": 2, "next": "m1"})
	want(s.ok("GET", "/models/"+id, ""), map[string]any{"id": id, "declaration.order": 2})
	found := false
	for _, m := range s.ok("GET", "/models", "").field("data").([]any) {
		if m := m.(object); m["name"] == "added" {
			found = fmt.Sprint(m["added"]) == fmt.Sprint([]any{"m1", id}) && m["price"] == "mixed"
		}
	}
	if !found {
		s.t.Error("the models do not have what was added")
	}
	want(s.ok("GET", "/credentials", ""), map[string]any{"data.0.id": "vendor's", "next": nil})
	want(s.ok("GET", "/credentials/vendor's", ""), map[string]any{"secrets": "[key]"})
	want(s.ok("PATCH", "/credentials/vendor's", `{"secrets":null}`), map[string]any{"secrets": "[]", "attributes.x": 1})
	s.ok("POST", "/credentials", `{"id":"team/vendor","urls":["https://vendor.example"]}`) // a name may have a slash, as another gateway's have
	want(s.ok("GET", "/credentials/team%2Fvendor", ""), map[string]any{"id": "team/vendor"})
	s.ok("DELETE", "/credentials/team%2Fvendor", "")
	want(s.ok("POST", "/model_groups", `{"id":"lab","name":"Lab","models":["added","paid"]}`), map[string]any{"id": "lab", "models": "[added paid]"})
	want(s.ok("PATCH", "/model_groups/lab", `{"models":["added"]}`), map[string]any{"name": "Lab", "models": "[added]"})
	s.ok("GET", "/model_groups", "")
	s.ok("GET", "/model_groups/lab", "")
	fallback := s.ok("POST", "/fallbacks", `{"model":"added","when":"context","to":["paid"]}`)
	want(fallback, map[string]any{"model": "added", "when": "context", "to": "[paid]"})
	want(s.ok("PATCH", "/fallbacks/"+fallback.field("id").(string), `{"to":["unknown","paid"]}`), map[string]any{"to": "[unknown paid]"})
	s.ok("GET", "/fallbacks", "")
	s.ok("GET", "/fallbacks/"+fallback.field("id").(string), "")
	s.ok("POST", "/apply", `{"edits":[
		{"action":"create","kind":"credential","id":"c2","urls":["https://vendor.example"],"secrets":{"key":"x"}},
		{"action":"create","kind":"deployment","name":"more","credential":"c2","declaration":{"provider":"cloud","model":"more"}},
		{"action":"create","kind":"model_group","models":["more"]},
		{"action":"create","kind":"fallback","id":"f2","model":"more","to":["paid"]},
		{"action":"update","kind":"fallback","id":"f2","to":["unknown"]},
		{"action":"delete","kind":"fallback","id":"f2"}]}`)
	for _, bad := range []struct{ method, path, body, code string }{
		{"POST", "/models", `{"name":"x"}`, "invalid_value"},
		{"POST", "/models", `{"declaration":{}}`, "invalid_value"},
		{"POST", "/models", `{"name":"x","declaration":{"provider":"none","model":"y"}}`, "invalid_value"},
		{"POST", "/models", `{"name":"x","declaration":{"provider":{"kind":"openai","key":"sk-canary-own"},"model":"y"}}`, "invalid_value"},
		{"POST", "/models", `{"id":"cloud","name":"x","declaration":{"provider":{"kind":"openai","url":"http://x/v1"},"model":"y"}}`, "exists"},
		{"POST", "/models", `{"name":"x","declaration":{"provider":"cloud","model":"y"},"secrets":{"key":1}}`, "invalid_value"},
		{"PATCH", "/fallbacks/" + fallback.field("id").(string), `{"model":"paid","to":["paid"]}`, "invalid_value"},
		{"POST", "/fallbacks", `{"model":"added","when":"context","to":["paid"]}`, "exists"},
		{"POST", "/credentials", `{"id":"vendor's","urls":["https://vendor.example"]}`, "exists"},
		{"POST", "/credentials", `{"id":"new","secrets":{"key":"x"}}`, "invalid_value"},
		{"POST", "/credentials", `{"id":"new","urls":[],"secrets":{"key":"x"}}`, "invalid_value"},
		{"POST", "/credentials", `{"id":"new","urls":["vendor.example"],"secrets":{"key":"x"}}`, "invalid_value"},
		{"POST", "/credentials", `{"id":"new","urls":["https://:8443"],"secrets":{"key":"x"}}`, "invalid_value"},
		{"POST", "/credentials", `{"id":"new","urls":["https://sk-canary-own@vendor.example"],"secrets":{"key":"x"}}`, "invalid_value"},
		{"POST", "/apply", `{"edits":[{"action":"create","kind":"credential","id":"new","secrets":{"key":"x"}}]}`, "invalid_value"},
	} {
		if a := s.do(s.admin, bad.method, bad.path, bad.body); a.code() != bad.code {
			s.t.Errorf("%s %s %s: %d %s", bad.method, bad.path, bad.body, a.status, a.raw)
		}
	}
	for _, path := range []string{"/fallbacks/" + fallback.field("id").(string), "/model_groups/lab", "/models/m1", "/models/" + id, "/credentials/vendor's"} {
		s.ok("DELETE", path, "")
		if a := s.do(s.admin, "DELETE", path, ""); a.status != 404 || a.code() != "not_found" {
			s.t.Errorf("%s twice: %d %s", path, a.status, a.raw)
		}
	}
}
