package admin_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway"
	"tollgate/gateway/admin"
	"tollgate/gateway/edge"
	"tollgate/gateway/limits"
	"tollgate/providers"
)

var param = regexp.MustCompile(`:([a-z]+)`)

func template(path string) string { return param.ReplaceAllString(path, "{$1}") }

// security says what the document tells of who may call an operation.
func (d document) security(op object) edge.Access {
	list, own := op["security"].([]any)
	if !own {
		list = d.root["security"].([]any)
	}
	if len(list) == 0 {
		return edge.Open
	}
	if _, ok := list[0].(object)["adminKey"]; ok {
		return edge.AdminKey
	}
	if _, ok := list[0].(object)["roleKey"]; ok {
		return edge.ByRole
	}
	return edge.AnyKey
}

func TestEveryRouteIsDescribed(t *testing.T) {
	d := readDocument(t)
	for _, r := range admin.Routes(admin.Deps{}) {
		op := d.operation(r.Method, template(r.Path))
		if op == nil {
			t.Errorf("%s %s is not in openapi.yaml", r.Method, r.Path)
			continue
		}
		if got := d.security(op); got != r.Access {
			t.Errorf("%s %s: the document says access %d, the route %d", r.Method, r.Path, got, r.Access)
		}
		for _, name := range []string{"summary", "operationId", "tags", "responses"} {
			if op[name] == nil {
				t.Errorf("%s %s has no %s", r.Method, r.Path, name)
			}
		}
		_, body := op["requestBody"]
		if want := (r.Method == http.MethodPost && !strings.HasSuffix(r.Path, "/reload")) || r.Method == http.MethodPatch; body != want {
			t.Errorf("%s %s: a body is described: %v, wanted %v", r.Method, r.Path, body, want)
		}
	}
}

func TestEveryDescriptionIsARoute(t *testing.T) {
	d := readDocument(t)
	have := map[string]bool{}
	for _, r := range admin.Routes(admin.Deps{}) {
		have[r.Method+" "+template(r.Path)] = true
	}
	seen := map[string]bool{}
	for path, item := range d.root["paths"].(object) {
		for method, op := range item.(object) {
			if method == "parameters" {
				continue
			}
			id := op.(object)["operationId"]
			if id == nil || seen[fmt.Sprint(id)] {
				t.Errorf("%s %s: operationId %v is missing or stands twice", method, path, id)
			}
			seen[fmt.Sprint(id)] = true
			if strings.HasPrefix(path, admin.Prefix+"/") && !have[strings.ToUpper(method)+" "+path] {
				t.Errorf("%s %s is described and no route", method, path)
			}
			for _, name := range param.FindAllString(path, -1) {
				t.Errorf("%s: write {%s}", path, name)
			}
		}
	}
}

// TestPathParametersAreDescribed also finds parameters that a path does not have.
func TestPathParametersAreDescribed(t *testing.T) {
	d := readDocument(t)
	for path, item := range d.root["paths"].(object) {
		var have []string
		add := func(list any) {
			for _, p := range listOf(list) {
				if p := d.resolve(p.(object)); p["in"] == "path" {
					have = append(have, p["name"].(string))
				}
			}
		}
		add(item.(object)["parameters"])
		for method, op := range item.(object) {
			if method != "parameters" {
				add(op.(object)["parameters"])
			}
		}
		var want []string
		for _, m := range regexp.MustCompile(`\{([a-z]+)\}`).FindAllStringSubmatch(path, -1) {
			want = append(want, m[1])
		}
		slices.Sort(have)
		slices.Sort(want)
		if !slices.Equal(have, want) {
			t.Errorf("%s has the parameters %v and describes %v", path, want, have)
		}
	}
}

func TestReferencesLeadSomewhereAndAllAreUsed(t *testing.T) {
	d := readDocument(t)
	used := map[string]bool{}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case object:
			if ref, ok := v["$ref"].(string); ok {
				used[ref] = true
				d.resolve(v)
			}
			for _, x := range v {
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(d.root)
	components := d.root["components"].(object)
	for _, kind := range []string{"schemas", "parameters", "responses"} {
		for name := range components[kind].(object) {
			if !used["#/components/"+kind+"/"+name] {
				t.Errorf("%s %s is described and never used", kind, name)
			}
		}
	}
}

func TestExamplesFitTheirSchemas(t *testing.T) {
	d := readDocument(t)
	checked := 0
	var walk func(v any, at string)
	walk = func(v any, at string) {
		switch v := v.(type) {
		case object:
			schema, _ := v["schema"].(object)
			if schema == nil && v["type"] != nil {
				schema = v
			}
			try := func(example any) {
				checked++
				for _, w := range d.check(schema, plain(t, example), at) {
					t.Error(w)
				}
			}
			if x, ok := v["example"]; ok && schema != nil {
				try(x)
			}
			if all, ok := v["examples"].(object); ok && schema != nil {
				for _, x := range all {
					try(x.(object)["value"])
				}
			}
			for k, x := range v {
				if k != "example" && k != "examples" && k != "properties" {
					walk(x, at+"."+k)
				}
			}
			props, _ := v["properties"].(object)
			for k, x := range props {
				walk(x, at+"."+k)
			}
		case []any:
			for i, x := range v {
				walk(x, fmt.Sprintf("%s[%d]", at, i))
			}
		}
	}
	walk(d.root["paths"], "paths")
	walk(d.root["components"], "components")
	if checked < 15 {
		t.Errorf("only %d examples were found", checked)
	}
}

func TestEveryCodeIsDescribed(t *testing.T) {
	d := readDocument(t)
	code := d.resolve(object{"$ref": "#/components/schemas/Code"})
	for _, row := range edge.Table {
		if !slices.Contains(code["enum"].([]any), any(row.Code)) {
			t.Errorf("the code %s is not described", row.Code)
		}
	}

	// docs/errors.md has a row for each of them, with its status.
	text, err := os.ReadFile("../../docs/errors.md")
	if err != nil {
		t.Fatal(err)
	}
	status := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| ([0-9]{3}) \\| [^|]+ \\| [^|]+ \\|$").FindAllStringSubmatch(string(text), -1) {
		if status[row[1]] != "" || !slices.Contains(code["enum"].([]any), any(row[1])) {
			t.Errorf("docs/errors.md has the code %s twice, or there is none", row[1])
		}
		status[row[1]] = row[2]
	}
	for _, c := range code["enum"].([]any) {
		if status[c.(string)] == "" {
			t.Errorf("docs/errors.md does not have the code %s", c)
		}
	}
	for _, row := range edge.Table {
		if status[row.Code] != strconv.Itoa(row.Status) {
			t.Errorf("docs/errors.md gives %s the status %s, the program %d", row.Code, status[row.Code], row.Status)
		}
	}
}

// TestEveryErrorOfACallIsDescribed: a generated client decodes all of them, whatever their
// status.
func TestEveryErrorOfACallIsDescribed(t *testing.T) {
	d := readDocument(t)
	short := ledger.Shortfall{State: ledger.Spent, Claim: ledger.Claim{Budget: &ledger.Budget{ID: "b", Kind: ledger.User, Limit: new(accounting.Money)}, Period: ledger.Period{End: time.Unix(2e9, 0)}}}
	budget := &gateway.BudgetError{Refusal: &ledger.Refusal{Short: []ledger.Shortfall{short, short}}, Model: "m", Free: []string{"echo"}}
	for _, agent := range []string{"", "codex"} {
		for name, err := range map[string]error{
			"budget":      budget,
			"rate limit":  &gateway.LimitError{Refusal: &limits.Refusal{Rule: limits.Rule{ID: "l", Selector: scope.Selector{Kind: scope.Gateway}, Requests: new(int64)}, Account: scope.Account{Kind: scope.Gateway}, Metric: limits.Requests, Wait: time.Second}, Model: "m"},
			"closed":      &gateway.LimitError{Refusal: &limits.Refusal{Rule: limits.Rule{ID: "l", Selector: scope.Selector{Kind: scope.Gateway}, Requests: new(int64)}, Account: scope.Account{Kind: scope.Gateway}, Metric: limits.Requests}, Model: "m"},
			"upstream's":  &providers.Error{Kind: providers.BadRequest, Status: 400, Type: "BadRequestError", Code: "string_above_max_length", Message: "too long"},
			"limited":     &providers.Error{Kind: providers.RateLimited, Status: 429},
			"passed over": &gateway.AttemptError{Err: &providers.Error{Kind: providers.TimedOut}, Deployment: "a/b", Skipped: &gateway.Skipped{Deployments: []string{"c/d"}, Reason: "budget_exceeded"}},
			"repeated":    &ledger.Repeated{RequestID: "r", Running: true},
		} {
			told := edge.Describe(err, "req", agent, 0)
			var got any
			if err := json.Unmarshal(told.Object.Body(), &got); err != nil {
				t.Fatal(err)
			}
			for _, path := range []string{"/v1/chat/completions", "/v1/completions", "/v1/embeddings"} {
				schema, ok := d.answerSchema(d.operation(http.MethodPost, path), told.Status)
				if !ok {
					t.Errorf("%s: the status %d of an error (%s) is not described", path, told.Status, name)
				}
				for _, w := range d.check(schema, got, path) {
					t.Errorf("%s with %q: %s", name, agent, w)
				}
			}
		}
	}
}

// TestNamesAreUsedOnce: generators make types of schemas, parameters and responses, all in
// one name space.
func TestNamesAreUsedOnce(t *testing.T) {
	kinds := map[string]string{}
	for kind, named := range readDocument(t).root["components"].(object) {
		for name := range named.(object) {
			if other, twice := kinds[name]; twice && kind != "securitySchemes" && other != "securitySchemes" {
				t.Errorf("%s is one of the %s and one of the %s", name, kind, other)
			}
			kinds[name] = kind
		}
	}
}

// TestNothingLeftOutIsRequired: generators of typed clients take a property with a default
// for one that is always there, and have their users write what the API wants from nobody.
func TestNothingLeftOutIsRequired(t *testing.T) {
	d := readDocument(t)
	for path, item := range d.root["paths"].(object) {
		for method, op := range item.(object) {
			if method == "parameters" || op.(object)["requestBody"] == nil || !strings.HasPrefix(path, admin.Prefix) {
				continue
			}
			schema := d.resolve(op.(object)["requestBody"].(object)["content"].(object)["application/json"].(object)["schema"].(object))
			properties, _ := d.properties(schema)
			for name, p := range properties {
				if _, has := p["default"]; has {
					t.Errorf("%s %s: %s has a default: say it in its description", method, path, name)
				}
			}
		}
	}
}

// TestRequestSchemasAreStrict: what the API refuses, its description refuses.
func TestRequestSchemasAreStrict(t *testing.T) {
	d := readDocument(t)
	for path, item := range d.root["paths"].(object) {
		for method, op := range item.(object) {
			if method == "parameters" {
				continue
			}
			body, ok := op.(object)["requestBody"].(object)
			if !ok || !strings.HasPrefix(path, admin.Prefix) {
				continue
			}
			schema := d.resolve(body["content"].(object)["application/json"].(object)["schema"].(object))
			if schema["additionalProperties"] != false {
				t.Errorf("%s %s: the schema of the body lets unknown fields through", method, path)
			}
		}
	}
}
