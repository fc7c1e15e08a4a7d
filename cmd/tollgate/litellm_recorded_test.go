package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	trial "tollgate/cmd/tollgate/beside"
	"tollgate/gateway/control"
	"tollgate/gateway/limits"
)

// besideMaster is the master key of LiteLLM's configuration beside which answers were
// recorded.
const besideMaster = "sk-beside-Jq7mWc4TzR9vKx2LhNpYd8Gf"

// besideLiteLLM starts the program from the configuration that LiteLLM was recorded with,
// before the same upstream, and returns the keys that the requests are sent with.
func besideLiteLLM(t *testing.T) (*gate, map[string]string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("beside", "testdata", "litellm.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	config := strings.NewReplacer("os.environ/BESIDE_OPENAI", `"UPSTREAM/v1"`, "os.environ/BESIDE_OLLAMA", `"UPSTREAM"`, "os.environ/LITELLM_MASTER_KEY", besideMaster).Replace(string(text))
	g := startLiteLLM(t, config, "{}")
	trial.Script(g.up)

	ctx, keys := t.Context(), map[string]string{"master": besideMaster}
	must(g.srv.control.EnsureAdmin(ctx, besideMaster))(t)
	money := func(kind ledger.Kind, owner string) {
		must(g.srv.control.CreateBudget(ctx, ledger.Budget{Kind: kind, Owner: owner, Limit: ptr(accounting.Money(10)), Window: ledger.Window{Unit: ledger.Month}}))(t)
	}
	rate := func(owner string, rule limits.Rule) {
		rule.Kind, rule.Owner = ledger.Key, owner
		must(g.srv.control.CreateLimit(ctx, rule))(t)
	}
	yes, past := true, time.Now().Add(-time.Hour)
	for name, ch := range map[string]control.KeyChange{
		"caller": {}, "narrow": {Models: &[]string{"local"}}, "blocked": {Blocked: &yes}, "broke": {}, "slow": {}, "few_tokens": {}, "brief": {},
		"poor_key": {}, "poor_user_key": {},
	} {
		user, team := name+"-user", ""
		must(g.srv.control.CreateUser(ctx, user, control.UserChange{}))(t)
		if name == "poor_key" {
			team = "poor"
			must(g.srv.control.CreateTeam(ctx, team, control.TeamChange{}))(t)
			must(g.srv.control.AddMember(ctx, team, user, nil))(t)
			money(ledger.Team, team)
		}
		k, secret, err := g.srv.control.CreateKey(ctx, control.KeyOwner{UserID: user, TeamID: team}, ch)
		if err != nil {
			t.Fatal(err)
		}
		keys[name] = secret
		switch name {
		case "brief":
			must(g.srv.control.UpdateKey(ctx, k.ID, control.KeyChange{Expires: &past}))(t)
		case "broke":
			money(ledger.Key, k.ID)
		case "poor_user_key":
			money(ledger.User, user)
		case "slow":
			rate(k.ID, limits.Rule{Requests: ptr(int64(1)), Tokens: ptr(int64(100_000))})
		case "few_tokens":
			rate(k.ID, limits.Rule{Tokens: ptr(int64(1))})
		}
	}
	return g, keys
}

// TestAnswersAreLikeLiteLLMs holds every answer of the data plane against the one that
// LiteLLM gave to the same request. What is meant to differ stands in the list that
// `make beside` reads too.
func TestAnswersAreLikeLiteLLMs(t *testing.T) {
	t.Parallel()
	groups, err := trial.Groups(filepath.Join("beside", "testdata", "requests"))
	if err != nil {
		t.Fatal(err)
	}
	expected, err := trial.Expectations(filepath.Join("beside", "testdata", "expected.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	g, keys := besideLiteLLM(t)
	asked := 0
	for _, group := range groups {
		if !slices.Contains([]string{"health", "models", "chat", "stream", "completions", "embeddings", "surfaces", "credentials", "errors", "limits"}, group.Name) {
			continue
		}
		recording, err := trial.ReadRecording(filepath.Join("beside", "testdata", "recorded"), group.Name)
		if err != nil {
			t.Fatal(err)
		}
		for i, request := range group.Requests {
			if makes(request) || strings.HasPrefix(request.Name, "tag's") {
				continue // besideLiteLLM has made what it makes, and there are no budgets of tags
			}
			g.mend()
			ours, err := trial.Ask(t.Context(), g.client, g.url, request, keys)
			if err != nil {
				t.Fatal(err)
			}
			asked++
			unexpected, _ := trial.Review(trial.Compare(group.Name+"/"+request.Name, recording.Answers[i].Answer, ours), expected)
			for _, d := range unexpected {
				t.Errorf("%s", d)
			}
		}
	}
	if asked < 150 {
		t.Errorf("only %d requests were compared", asked)
	}
}

// makes says that a request makes something that others of its group are about.
func makes(r trial.Request) bool {
	return slices.ContainsFunc([]string{"/key/", "/team/", "/user/", "/tag/"}, func(p string) bool { return strings.HasPrefix(r.Path(), p) })
}
