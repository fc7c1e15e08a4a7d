package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

// TestLiteLLMSettings: what is read of the program is how it is, for those who may see it, and
// what there is not is said to be so.
func TestLiteLLMSettings(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	seers := []string{"master", "ada", "vic"}
	// Who may.
	for _, r := range likeLiteLLMTable {
		if r.method != "GET" || !slices.ContainsFunc([]string{"/health/", "/config/", "/get/", "/router/", "/provider/", "/audit", "/cache/", "/guardrails/list", "/v1/mcp/server"}, func(s string) bool { return strings.HasPrefix(r.path, s) }) ||
			slices.Contains(absences, r) || strings.HasPrefix(r.path, "/health/li") && r.path != "/health/license" || strings.HasPrefix(r.path, "/health/readiness") {
			continue
		}
		for _, who := range []string{"master", "ada", "vic", "sue", "pia", "tina", "mia", "olga", "alone"} {
			a := c.as(who, "GET "+example(r.path), "")
			if may := a.Status != 401 && a.Status != 403; may != slices.Contains(seers, who) {
				t.Errorf("%s by %s: %d %s", r.path, who, a.Status, a.Body)
			}
		}
	}
	// What there is not.
	for _, r := range absences {
		a := c.as("master", r.method+" "+example(r.path), "")
		if e := gjson.Get(a.Body, "error"); a.Status != 501 || e.Get("code").String() != "501" || len(e.Get("message").String()) < 40 || gjson.Get(a.Body, "detail.error").String() != e.Get("message").String() {
			t.Errorf("%s %s: %d %s", r.method, r.path, a.Status, a.Body)
		}
		if bare, is := strings.CutSuffix(r.path, "/*"); is {
			if a := c.as("master", r.method+" "+bare, ""); a.Status != 501 {
				t.Errorf("%s %s: %d %s", r.method, bare, a.Status, a.Body)
			}
		}
	}
	// Bad input.
	for call, want := range map[string]string{
		"GET /audit?page=0":                      "422 greater than or equal to 1",
		"GET /audit?page_size=101":               "422 less than or equal to 100",
		"GET /audit?start_date=soon":             "422 valid datetime",
		"GET /audit?sort_by=action":              "400 updated_at",
		"GET /audit?object_team_id=red":          "400 object_id",
		"GET /audit/0":                           "404 not found",
		"GET /audit/9223372036854775807":         "404 not found",
		"GET /audit/99999999999999999999":        "404 not found",
		"GET /audit/a%20b":                       "404 not found",
		"GET /health/history?limit=x":            "422 valid integer",
		"GET /health/services":                   "400 Service must be specified",
		"GET /health/services?service=%22%0Aabc": "422 not among",
		"GET /config/list":                       "400 general_settings",
		"GET /config/field/info":                 "422 Field required",
		"GET /config/field/info?field_name=x":    "400 not set",
		"GET /cache/ping":                        "503 Cache not initialized",
	} {
		a := c.as("vic", call, "")
		if status, words, _ := strings.Cut(want, " "); fmt.Sprint(a.Status) != status || !strings.Contains(a.Body, words) {
			t.Errorf("%s: %d %s, want %s", call, a.Status, a.Body, want)
		}
	}
	for body, want := range map[string]string{
		``:                                      "422 Field required",
		`{`:                                     "422 ",
		`{"litellm_params":[]}`:                 "422 dictionary",
		`{"litellm_params":{}}`:                 "422 Field required",
		`{"litellm_params":{"model":5}}`:        "422 Field required",
		`{"litellm_params":{"model":"free"}}`:   `200 "success"`,
		`{"litellm_params":{"model":"nobody"}}`: "501 nothing is called",
	} {
		a := c.as("vic", "POST /health/test_connection", body)
		if status, words, _ := strings.Cut(want, " "); fmt.Sprint(a.Status) != status || !strings.Contains(a.Body, words) {
			t.Errorf("test of %s: %d %s, want %s", body, a.Status, a.Body, want)
		}
	}
	// How it is.
	latest := c.ok("vic", "GET /health/latest", "")
	if n := latest.Get("total_models").Int(); n < 3 || int(n) != len(latest.Get("latest_health_checks").Map()) {
		t.Errorf("%s", latest.Raw)
	}
	doc := c.ok("alone", "GET /openapi.json", "")
	if !strings.HasPrefix(doc.Get("openapi").String(), "3.") || !doc.Get(`paths./key/generate.post`).Exists() || !doc.Get(`paths./guardrails/{rest}.get`).Exists() {
		t.Errorf("the description has %d paths", len(doc.Get("paths").Map()))
	}
	if a := c.do("GET", "/test", "", "", nil); a.Body != `{"route":"/test"}` {
		t.Errorf("%s", a.Body)
	}
	if n := len(c.ok("vic", "GET /config/list?config_type=general_settings", "").Array()); n < 50 {
		t.Errorf("%d settings are listed", n)
	}
}

// TestLiteLLMAudit: each change is in the log, with who made it and what it was before.
func TestLiteLLMAudit(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	key := c.do("POST", "/key/generate", c.keys["ada"], `{"key_alias":"watched","models":["free"]}`, map[string]string{"litellm-changed-by": "terraform"})
	secret, hash := gjson.Get(key.Body, "key").String(), gjson.Get(key.Body, "token").String()
	c.ok("ada", "POST /key/update", fmt.Sprintf(`{"key":%q,"models":["paid"]}`, secret))
	c.ok("ada", "POST /key/"+hash+"/regenerate", "")
	first := c.ok("vic", "GET /audit?table_name=LiteLLM_VerificationToken&changed_by=terraform", "")
	if n := first.Get("total").Int(); n != 1 {
		t.Fatalf("%d changes in the name of terraform: %s", n, first.Raw)
	}
	made := first.Get("audit_logs.0")
	if made.Get("action").String() != "created" || made.Get("before_value").Raw != "null" || made.Get("updated_values.name").String() != "watched" || made.Get("changed_by_api_key").String() == "" ||
		made.Get("object_id").String() == hash { // it has another secret by now
		t.Errorf("%s", made.Raw)
	}
	if one := c.ok("vic", "GET /audit/"+made.Get("id").String(), ""); one.Raw != made.Raw {
		t.Errorf("%s is not %s", one.Raw, made.Raw)
	}
	if strings.Contains(first.Raw, secret) {
		t.Error("a secret stands in the log")
	}
	var actions []string
	for _, x := range c.ok("vic", "GET /audit?sort_order=asc&object_id="+made.Get("object_id").String(), "").Get("audit_logs").Array() {
		actions = append(actions, x.Get("action").String())
	}
	if want := []string{"created", "updated", "rotated"}; !slices.Equal(actions, want) {
		t.Errorf("the key was %v, want %v", actions, want)
	}
	// Pages: together they are all, each once.
	seen := map[string]bool{}
	total := c.ok("vic", "GET /audit", "").Get("total").Int()
	for page := 1; ; page++ {
		part := c.ok("vic", fmt.Sprintf("GET /audit?page=%d&page_size=7", page), "").Get("audit_logs").Array()
		if len(part) == 0 {
			break
		}
		for _, x := range part {
			seen[x.Get("id").String()] = true
		}
	}
	if int64(len(seen)) != total || total < 20 {
		t.Errorf("%d changes on the pages, of %d", len(seen), total)
	}
	if n := c.ok("vic", "GET /audit?end_date=2020-01-01", "").Get("total").Int(); n != 0 {
		t.Errorf("%d changes before 2020", n)
	}
}
