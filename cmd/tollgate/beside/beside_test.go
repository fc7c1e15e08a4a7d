//go:build beside

package beside

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestRecord asks LiteLLM alone and writes down what it answered. TOLLGATE_BESIDE_DUMP
// names a file for what its database holds after that.
func TestRecord(t *testing.T) {
	groups, err := Groups("testdata/requests")
	if err != nil {
		t.Fatal(err)
	}
	up := upstream(t)
	litellm, db := startLiteLLM(t, up)
	for _, g := range groups {
		r := Recording{LiteLLM: version, Group: g.Name}
		for _, request := range g.Requests {
			r.Answers = append(r.Answers, NewRecorded(request, litellm.ask(t, request)))
		}
		if err := r.Write("testdata/recorded"); err != nil {
			t.Fatal(err)
		}
	}
	if file := os.Getenv("TOLLGATE_BESIDE_DUMP"); file != "" {
		dump(t, db, file)
	}
}

// dump writes a database as SQL that psql and pgx can run.
func dump(t *testing.T, db, file string) {
	t.Helper()
	out, err := exec.Command("pg_dump", "--inserts", "--no-owner", "--no-privileges", "--no-comments", db).Output()
	if err != nil {
		t.Fatalf("pg_dump: %v: %s", err, stderr(err))
	}
	// What psql alone understands, and what newer servers alone do.
	text := regexp.MustCompile(`(?m)^(\\.*|SET (transaction_timeout|idle_in_transaction_session_timeout).*|--.*)\n`).ReplaceAllString(string(out), "")
	text = regexp.MustCompile(`\n{3,}`).ReplaceAllString(text, "\n\n")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestBeside asks both and tells each difference that the reviewed list does not.
// TOLLGATE_BESIDE_GROUPS is a list of groups, in place of those that are compared.
func TestBeside(t *testing.T) {
	groups, err := Groups("testdata/requests")
	if err != nil {
		t.Fatal(err)
	}
	expected, err := Expectations("testdata/expected.yaml")
	if err != nil {
		t.Fatal(err)
	}
	only := strings.FieldsFunc(os.Getenv("TOLLGATE_BESIDE_GROUPS"), func(r rune) bool { return r == ',' })
	up := upstream(t)
	litellm, _ := startLiteLLM(t, up)
	tollgate := startTollgate(t, up)

	var found []Difference
	asked := 0
	for _, g := range groups {
		compared := g.Compared
		if len(only) > 0 {
			compared = slices.Contains(only, g.Name)
		}
		for _, request := range g.Requests {
			theirs := litellm.ask(t, request)
			if !compared {
				continue
			}
			// LiteLLM has waited for both.
			request.Wait = false
			found = append(found, Compare(filepath.Join(g.Name, request.Name), theirs, tollgate.ask(t, request))...)
			asked++
		}
	}
	unexpected, unmet := Review(found, expected)
	t.Logf("%d requests, %d differences, %d of them not in the reviewed list", asked, len(found), len(unexpected))
	for _, d := range unexpected {
		t.Errorf("%s", d)
	}
	if len(only) > 0 {
		return // the list is about more
	}
	for _, e := range unmet {
		t.Logf("occurs no more: %s: %s", e.Request, e.What)
	}
}
