package main

import (
	"fmt"
	"testing"

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
