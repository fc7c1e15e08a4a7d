//go:build beside

package beside

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// TestRecord asks LiteLLM alone and writes down what it answered. TOLLGATE_BESIDE_DUMP
// names a folder for what its database holds after that, and for the secrets of its keys.
func TestRecord(t *testing.T) {
	groups, err := Groups("testdata/requests")
	if err != nil {
		t.Fatal(err)
	}
	up := upstream(t)
	litellm, db := startLiteLLM(t, up)
	for _, g := range groups {
		if dir := os.Getenv("TOLLGATE_BESIDE_DUMP"); dir != "" && g.Name == "reset" {
			dump(t, db, dir, litellm.values)
		}
		r := Recording{LiteLLM: version, Group: g.Name}
		for _, request := range g.Requests {
			r.Answers = append(r.Answers, NewRecorded(request, litellm.ask(t, request)))
		}
		if err := r.Write("testdata/recorded"); err != nil {
			t.Fatal(err)
		}
	}
}

// dump writes a database as SQL that psql and pgx can run, and beside it the secrets that
// belong to it. Of the calls' rows two members are left out: the whole price list's
// entry, which is long, and where in LiteLLM's source a call failed, which names this
// machine.
func dump(t *testing.T, db, dir string, values map[string]string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), `update "LiteLLM_SpendLogs" set metadata = (metadata #- '{error_information,traceback}'::text[]) - 'model_map_information'::text`); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pg_dump", "--inserts", "--no-owner", "--no-privileges", "--no-comments", db).Output()
	if err != nil {
		t.Fatalf("pg_dump: %v: %s", err, stderr(err))
	}
	text := strings.ReplaceAll(string(out), configFile, "/etc/litellm/config.yaml")
	// What psql alone understands, and what newer servers alone do.
	text = regexp.MustCompile(`(?m)^(\\.*|SET (transaction_timeout|idle_in_transaction_session_timeout).*|--.*)\n`).ReplaceAllString(text, "")
	text = regexp.MustCompile(`\n{3,}`).ReplaceAllString(text, "\n\n")
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("litellm-"+version+".sql", text)

	secrets := map[string]string{"LITELLM_MASTER_KEY": master, "LITELLM_SALT_KEY": salt}
	for name, value := range values {
		if strings.HasPrefix(value, "sk-") && name != "master" {
			secrets[name] = value
		}
	}
	list, err := json.MarshalIndent(secrets, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	write("secrets.json", string(list)+"\n")
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
	last := -1
	for i, g := range groups {
		if len(only) > 0 {
			groups[i].Compared = slices.Contains(only, g.Name)
		}
		if groups[i].Compared {
			last = i
		}
	}
	up := upstream(t)
	tollgate := startTollgate(t, up)
	litellm, _ := startLiteLLM(t, up)

	var found []Difference
	asked := 0
	for _, g := range groups[:last+1] {
		for _, request := range g.Requests {
			theirs := litellm.ask(t, request)
			if !g.Compared {
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
