package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
	"go.yaml.in/yaml/v3"
)

// terraformStep is a request of the provider's and what it makes of the answer.
type terraformStep struct {
	Call   string
	Body   any
	Status int // of an error that it looks into with Raw; 0: it wants success
	Raw    string
	Gone   bool              // the answer has to say that it is not there
	Reads  map[string]any    // by the place in the answer
	Save   map[string]string // names for later, by the place in the answer
	Hides  string            // what no answer may have
}

// TestTerraformProvider replays what the provider sends for each of its resources: what was
// written is what is read, twice, so that a plan after an apply has nothing to do; what is
// gone says so in words that the provider knows.
func TestTerraformProvider(t *testing.T) {
	t.Parallel()
	var resources []struct {
		Resource string
		Steps    []terraformStep
	}
	file := yaml.NewDecoder(bytes.NewReader(must(os.ReadFile("testdata/terraform.yaml"))(t)))
	file.KnownFields(true)
	if err := file.Decode(&resources); err != nil {
		t.Fatal(err)
	}
	g := issues(t, issuesConfig)
	for _, r := range resources {
		t.Run(r.Resource, func(t *testing.T) {
			values := map[string]string{"upstream": g.up.OpenAI()}
			for _, s := range r.Steps {
				if !g.terraform(t, s, values) {
					return // the steps that follow need this one
				}
			}
		})
	}
}

// terraform does one step, as the provider's client does, and says whether it went well.
func (g *gate) terraform(t *testing.T, s terraformStep, values map[string]string) bool {
	t.Helper()
	fill := func(text string) string {
		for name, v := range values {
			text = strings.ReplaceAll(text, "${"+name+"}", v)
		}
		return text
	}
	method, path, _ := strings.Cut(fill(s.Call), " ")
	var body []byte
	if s.Body != nil {
		body = []byte(fill(string(must(json.Marshal(s.Body))(t))))
	}
	send := func() (int, string) {
		h := header{"X-Api-Key": masterKey, "Accept": "application/json", "Content-Type": "application/json", "Litellm-Changed-By": "terraform"}
		a := g.do(method, path, masterKey, string(body), h)
		return a.Status, a.Body
	}
	status, answer := send()
	failed := status < 200 || status > 299
	what := fmt.Sprintf("%s %s: %d %s", method, path, status, answer)
	switch {
	case s.Hides != "" && strings.Contains(answer, s.Hides):
		t.Errorf("%s: a secret is shown", what)
	case s.Gone && (method == http.MethodPost && strings.HasSuffix(path, "/info") && !failed):
		// Those that take a list answer with none of it.
		if v := gjson.Parse(answer); len(v.Array())+len(v.Map()) > 1 || v.IsObject() && len(v.Map()) > 0 || v.IsArray() && len(v.Array()) > 0 {
			t.Errorf("%s: it is still there", what)
			return false
		}
		return true
	case s.Gone:
		if told := fmt.Sprintf("API request failed with status %d: %s", status, answer); !failed || !strings.Contains(told, "not found") && !strings.Contains(told, "404") && !strings.Contains(told, "does not exist") {
			t.Errorf("%s: the provider does not see that it is gone", what)
			return false
		}
		return true
	case s.Raw != "":
		if status != s.Status || !strings.Contains(answer, s.Raw) {
			t.Errorf("%s: want %d with %q", what, s.Status, s.Raw)
			return false
		}
		return true
	case failed || answer != "" && answer != "null" && !gjson.Valid(answer):
		t.Errorf("%s", what)
		return false
	}
	right := true
	check := func(answer string) {
		for place, v := range s.Reads {
			var want any
			if err := json.Unmarshal([]byte(fill(string(must(json.Marshal(v))(t)))), &want); err != nil {
				t.Fatal(err)
			}
			if got := gjson.Get(answer, fill(place)).Value(); !reflect.DeepEqual(got, want) {
				t.Errorf("%s %s: %s is %v, want %v: %s", method, path, place, got, want, answer)
				right = false
			}
		}
	}
	check(answer)
	if len(s.Reads) > 0 && (method == http.MethodGet || strings.HasSuffix(path, "/info")) {
		_, again := send()
		check(again)
	}
	for name, place := range s.Save {
		values[name] = gjson.Get(answer, place).String()
		if values[name] == "" {
			t.Errorf("%s: no %s", what, place)
			right = false
		}
	}
	return right
}
