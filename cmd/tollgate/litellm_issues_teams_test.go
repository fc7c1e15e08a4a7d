package main

import (
	"fmt"
	"maps"
	"testing"

	"github.com/tidwall/gjson"

	"tollgate/providers/providertest"
)

// TestLiteLLM_16057_MembersBudgetsReset (#24675, #7129): what a member of a team may spend is
// open again at the instant that a refusal names, and free models are open all the time.
func TestLiteLLM_16057_MembersBudgetsReset(t *testing.T) {
	t.Parallel()
	clock := clockAt("2026-11-25T23:00:00Z")
	g := issues(t, issuesConfig, by(clock))
	g.manage("POST /team/new", `{"team_id":"lab","team_alias":"lab","max_budget":100,"budget_duration":"7d"}`)
	g.manage("POST /team/member_add", `{"team_id":"lab","member":{"role":"user","user_id":"ann"},"max_budget_in_team":0.5,"budget_duration":"7d"}`)
	p := g.keyed(`{"team_id":"lab","user_id":"ann"}`)
	g.up.Set("paid2", providertest.Script{PromptTokens: 10, CompletionTokens: 100_000})
	g.chat(p, "paid2", `"max_tokens":10`, nil)
	g.up.Set("paid2", providertest.Script{})
	a := g.chat(p, "paid", "", nil)
	if a.Status != 429 || a.member(t, "budget", "scope") != "member" {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := g.chat(p, "free", "", nil); a.Status != 200 {
		t.Errorf("free: %d %s", a.Status, a.Body)
	}
	at := fmt.Sprint(a.member(t, "budget", "resets_at"))
	if at != "2026-11-30T00:00:00Z" {
		t.Fatalf("it resets at %s", at)
	}
	clock.set(instant(at))
	if a := g.chat(p, "paid", "", nil); a.Status != 200 {
		t.Errorf("when it resets: %d %s", a.Status, a.Body)
	}
}

// TestLiteLLM_25509_MembersBudgetsHaveTheTeamsWindow: what a member may spend is told without a
// duration, and is open again when the team's is, unless it is told to last.
func TestLiteLLM_25509_MembersBudgetsHaveTheTeamsWindow(t *testing.T) {
	t.Parallel()
	clock := clockAt("2026-11-25T23:00:00Z")
	g := issues(t, issuesConfig, by(clock))
	g.manage("POST /team/new", `{"team_id":"lab","max_budget":100,"budget_duration":"7d","team_member_budget":5,"members_with_roles":[{"user_id":"first","role":"user"}]}`)
	g.manage("POST /team/new", `{"team_id":"open"}`)
	for _, add := range []string{
		`{"team_id":"lab","member":{"user_id":"given"}}`,
		`{"team_id":"lab","member":{"user_id":"told"},"max_budget_in_team":0.5}`,
		`{"team_id":"lab","member":{"user_id":"daily"},"max_budget_in_team":0.5,"budget_duration":"24h"}`,
		`{"team_id":"lab","member":{"user_id":"lasting"},"max_budget_in_team":0.5,"budget_duration":null}`,
		`{"team_id":"open","member":{"user_id":"late"}}`,
	} {
		g.manage("POST /team/member_add", add)
	}
	g.manage("POST /team/member_update", `{"team_id":"open","user_id":"late","max_budget_in_team":1}`)
	g.manage("POST /team/update", `{"team_id":"open","max_budget":100,"budget_duration":"24h"}`)
	g.manage("POST /team/member_update", `{"team_id":"open","user_id":"late","max_budget_in_team":2}`)
	g.manage("POST /team/member_update", `{"team_id":"lab","user_id":"lasting","max_budget_in_team":0.75}`)
	durations := map[string]string{}
	for _, team := range []string{"lab", "open"} {
		for _, m := range gjson.Parse(g.do("GET", "/team/info?team_id="+team, masterKey, "", nil).Body).Get("team_memberships").Array() {
			durations[m.Get("user_id").String()] = m.Get("litellm_budget_table.budget_duration").String()
		}
	}
	want := map[string]string{"first": "7d", "given": "7d", "told": "7d", "daily": "1d", "lasting": "", "late": ""}
	if !maps.Equal(durations, want) {
		t.Errorf("%v, want %v", durations, want)
	}
	p := g.keyed(`{"team_id":"lab","user_id":"told"}`)
	g.up.Set("paid2", providertest.Script{PromptTokens: 10, CompletionTokens: 100_000})
	g.chat(p, "paid2", `"max_tokens":10`, nil)
	g.up.Set("paid2", providertest.Script{})
	a := g.chat(p, "paid", "", nil)
	if a.Status != 429 || a.member(t, "budget", "resets_at") != "2026-11-30T00:00:00Z" {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	clock.set(instant("2026-11-30T00:00:00Z"))
	if a := g.chat(p, "paid", "", nil); a.Status != 200 {
		t.Errorf("when it resets: %d %s", a.Status, a.Body)
	}
}

// TestLiteLLM_38515_ATeamWithoutMoney (#14004, #38515): a team or a person in it without money has
// the free models through every key.
func TestLiteLLM_38515_ATeamWithoutMoney(t *testing.T) {
	t.Parallel()
	g := issues(t, issuesConfig)
	g.manage("POST /team/new", `{"team_id":"lab","team_alias":"lab","max_budget":0,"model_aliases":{"ours":"free"}}`)
	g.manage("POST /team/member_add", `{"team_id":"lab","member":{"role":"user","user_id":"ann"}}`)
	p := g.keyed(`{"team_id":"lab","user_id":"ann","aliases":{"mine":"free"}}`)
	for model, want := range map[string]int{"free": 200, "ours": 200, "mine": 200, "default": 200, "gpu/x": 200, "mixed": 200, "paid": 429} {
		if a := g.chat(p, model, "", nil); a.Status != want {
			t.Errorf("%s: %d %s", model, a.Status, a.Body)
		}
	}
	// What is lifted is lifted at once.
	g.manage("POST /team/update", `{"team_id":"lab","max_budget":null}`)
	if a := g.chat(p, "paid", "", nil); a.Status != 200 {
		t.Errorf("no limit any more: %d %s", a.Status, a.Body)
	}
}
