package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	trial "tollgate/cmd/tollgate/beside"
)

// TestManagementIsLikeLiteLLMs sends everything that LiteLLM was asked when its answers were
// recorded, in the same order, and holds the answers of the groups that are compared against
// the recorded ones. What is meant to differ stands in the list that `make beside` reads too.
func TestManagementIsLikeLiteLLMs(t *testing.T) {
	t.Parallel()
	dir := filepath.Join("beside", "testdata")
	groups, err := trial.Groups(filepath.Join(dir, "requests"))
	if err != nil {
		t.Fatal(err)
	}
	expected, err := trial.Expectations(filepath.Join(dir, "expected.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "litellm.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	const master = "sk-beside-Jq7mWc4TzR9vKx2LhNpYd8Gf" // as it was recorded with
	config := strings.NewReplacer("os.environ/BESIDE_OPENAI", `"UPSTREAM/v1"`, "os.environ/BESIDE_OLLAMA", `"UPSTREAM"`, "os.environ/LITELLM_MASTER_KEY", master).Replace(string(text))
	g := startLiteLLM(t, config, "{}")
	must(g.srv.control.EnsureAdmin(t.Context(), master))(t)
	values := trial.Values(master)
	only := os.Getenv("TOLLGATE_BESIDE_GROUPS")
	for _, group := range groups {
		recording, err := trial.ReadRecording(filepath.Join(dir, "recorded"), group.Name)
		if err != nil {
			t.Fatal(err)
		}
		for i, request := range group.Requests {
			g.mend()
			request.Wait = false // nothing here is written later
			ours, err := trial.Ask(t.Context(), g.client, g.url, request, values)
			if err != nil {
				t.Fatal(err)
			}
			if !manages(group.Name) || !group.Compared && only != group.Name || strings.HasPrefix(request.Path(), "/v1/") {
				continue // what calls are answered with is another test's matter
			}
			unexpected, _ := trial.Review(trial.Compare(group.Name+"/"+request.Name, recording.Answers[i].Answer, ours), expected)
			for _, d := range unexpected {
				t.Errorf("%s", d)
			}
		}
	}
}

// manages says whether a group of requests is about the management of things.
func manages(group string) bool {
	switch group {
	case "setup", "health", "keys", "users", "teams", "budgets", "customers", "tags", "organizations", "deployments", "spend", "settings", "deletes", "reset":
		return true
	}
	return false
}
