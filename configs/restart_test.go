package configs

import (
	"reflect"
	"strings"
	"testing"
)

// followed are the fields of a configuration that a reload puts in force, or that no file
// sets.
var followed = []string{"Shadow", "Retention", "Prices", "ClampOutput", "BooksDown", "BudgetStatus", "Drain", "DrainDelay", "Spec", "Budgets", "Zone", "Limits", "Warnings", "Files", "Told"}

// TestAtNextStart: of every setting it is known whether it follows a changed file, and what
// does not is told.
func TestAtNextStart(t *testing.T) {
	known := map[string]bool{}
	for _, field := range followed {
		known[field] = true
	}
	for field := range atStart {
		if known[field] {
			t.Errorf("%s is said to follow a changed file and not to", field)
		}
		known[field] = true
	}
	for f := range reflect.TypeFor[Config]().Fields() {
		if f.IsExported() && !known[f.Name] {
			t.Errorf("nobody says whether %s follows a changed file", f.Name)
		}
	}
	read := func(text string) *Config {
		t.Helper()
		c, problems := Parse([]byte(text), nil, func(name string) (string, bool) { return strings.Repeat(name+"-Kx7", 8), true })
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		return c
	}
	before := read("admin_key: env:ONE\nmetrics: { token: env:ONE }\n")
	for text, want := range map[string]string{
		"admin_key: env:ONE\nmetrics: { token: env:ONE }\ndrain: 5s\nclamp_output: true\nbudgets: [{ each: user, limit: 1, per: day }]\n": "",
		"admin_key: env:TWO\nmetrics: { token: env:TWO }\nlog_level: debug\nadmission: headroom\nfront: { requests: 5 }\n":                "admin_key admission front log_level metrics",
		"admin_key: env:ONE\nmetrics: { token: env:ONE }\ndatabase: postgres://h/d\n":                                                     "database rate_limit_store",
	} {
		if got := strings.Join(before.AtNextStart(read(text)), " "); got != want {
			t.Errorf("%s\nat the next start: %s; wanted %s", text, got, want)
		}
	}
}
