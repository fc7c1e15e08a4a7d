package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tollgate/accounting/scope"
)

// keyRow is a key of LiteLLM's database whose secret is sk-NAME. It may call every model unless
// it has a list.
func keyRow(name, columns, values string) string {
	if !slices.Contains(strings.Split(columns, ", "), "models") {
		columns, values = columns+", models", values+", '{}'"
	}
	return fmt.Sprintf(`insert into "LiteLLM_VerificationToken" (token, key_name, key_alias, %s) values (encode(sha256('sk-%s'), 'hex'), 'sk-...%s', '%s', %s)`, columns, name, name, name, values)
}

// calls asks the program for a free and a paid model with secrets, and holds the statuses
// against those that are wanted.
func (k *taker) calls(want map[string][2]int) {
	k.t.Helper()
	for secret, statuses := range want {
		for i, model := range []string{"local", "paid"} {
			if a := k.do("POST", "/v1/chat/completions", secret, fmt.Sprintf(`{"model":%q,"max_tokens":5,"messages":[{"role":"user","content":"x"}]}`, model), nil); a.Status != statuses[i] {
				k.t.Errorf("%s, %s: %d, want %d: %s", secret, model, a.Status, statuses[i], a.Body)
			}
		}
	}
}

// TestImportOpensNothing: what LiteLLM 1.108.7 refuses every call for is refused here, free
// models too: it is no budget.
func TestImportOpensNothing(t *testing.T) {
	t.Parallel()
	user := func(id, models string) string {
		return fmt.Sprintf(`insert into "LiteLLM_UserTable" (user_id, user_role, models) values ('%s', 'internal_user', '%s')`, id, models)
	}
	member := func(team, allowed string) []string {
		return []string{fmt.Sprintf(`insert into "LiteLLM_BudgetTable" (budget_id, allowed_models, created_by, updated_by) values ('of-%s', '%s', 'a', 'a')`, team, allowed),
			fmt.Sprintf(`insert into "LiteLLM_TeamTable" (team_id, models, members_with_roles, updated_at) values ('%s', '{}', '[{"role": "user", "user_id": "none"}]', now())`, team),
			fmt.Sprintf(`insert into "LiteLLM_TeamMembership" (user_id, team_id, spend, budget_id) values ('none', '%s', 0, 'of-%s')`, team, team)}
	}
	rows := []string{
		user("none", "{no-default-models}"), user("none-but", "{no-default-models,paid}"), user("team-word", "{all-team-models}"), user("all-word", "{all-proxy-models}"),
		keyRow("none", "user_id", "'none'"), keyRow("none-but", "user_id", "'none-but'"), keyRow("team-word", "user_id", "'team-word'"), keyRow("all-word", "user_id", "'all-word'"),
		keyRow("null", "models", "null"), keyRow("lost", "team_id", "'nowhere'"), keyRow("lost-team-models", "team_id, models", "'nowhere', '{all-team-models}'"),
		keyRow("all-team", "user_id, team_id", "'none', 'all-team'"), keyRow("one-model", "user_id, team_id", "'none', 'one-model'"),
	}
	rows = append(append(rows, member("all-team", "{all-team-models}")...), member("one-model", "{paid}")...)
	k := takeOver(t, litellmDatabase(t, rows...))
	p := k.apply()
	shut, open := [2]int{403, 403}, [2]int{200, 200}
	k.calls(map[string][2]int{"sk-none": shut, "sk-none-but": shut, "sk-team-word": shut, "sk-all-word": open, "sk-null": shut,
		"sk-lost": {401, 401}, "sk-lost-team-models": {401, 401}, "sk-all-team": open, "sk-one-model": {403, 200}})
	for _, f := range [][4]string{{"changed", "key", "models", "null"}, {"changed", "key", "team_id", "(nowhere)"}} {
		if !finds(p, f[0], f[1], f[2], f[3]) {
			t.Errorf("nothing is found of %v", f)
		}
	}
	if p := k.plan(); len(p.Edits) != 0 {
		t.Errorf("again: %+v", p.Edits)
	}
}

// TestImportedWindowsOfTeams: what was spent in a window of a key counts, though the key is a
// team's, which has windows as well.
func TestImportedWindowsOfTeams(t *testing.T) {
	t.Parallel()
	const limits = `'[{"reset_at": "2026-11-30T00:00:00+00:00", "max_budget": 1.0, "budget_duration": "24h"}]'`
	window := func(kind, id, spend string) string {
		return fmt.Sprintf(`insert into "LiteLLM_BudgetWindowSpend" values ('%s', %s, '24h', '2026-11-29', %s, now(), now())`, kind, id, spend)
	}
	k := takeOver(t, litellmDatabase(t, keyRow("in-team", "team_id, budget_limits", "'windows', "+limits), window("key", "encode(sha256('sk-in-team'), 'hex')", "0.75"),
		`update "LiteLLM_TeamTable" set budget_limits = `+limits+` where team_id = 'windows'`, window("team", "'windows'", "0.5")))
	k.apply()
	if got := k.standings(scope.Key, k.named("in-team").ID); got != "0.75/1.00 11-30T00:00:00" {
		t.Error(got)
	}
	if got := k.standings(scope.Team, "windows"); got != "0.50/1.00 11-30T00:00:00" {
		t.Error(got)
	}
}

// TestImportedGlobalBudget: what everybody has spent counts for the budget that LiteLLM's own
// configuration file has for everybody, once.
func TestImportedGlobalBudget(t *testing.T) {
	t.Parallel()
	from := litellmDatabase(t, `insert into "LiteLLM_UserTable" (user_id, spend, max_budget, budget_duration, budget_reset_at) values ('litellm-proxy-budget', 95.5, 100, '30d', '2026-12-01')`)
	clock := clockAt(litellmStopped)
	k := &taker{gate: begin(t, litellmModels+"budgets: [{ scope: gateway, limit: 100 USD, per: month }]\n", by(clock)), clock: clock, from: from}
	k.apply()
	if got := k.standings(scope.Gateway, ""); got != "95.50/100.00 12-01T00:00:00" {
		t.Error(got)
	}
	if p := k.plan(); len(p.Edits) != 0 {
		t.Errorf("again: %+v", p.Edits)
	}
	sqlOn(t, from, `update "LiteLLM_UserTable" set spend = 96 where user_id = 'litellm-proxy-budget'`)
	if p := k.apply(); p.Carried.String() != "0.50" || !strings.HasPrefix(k.standings(scope.Gateway, ""), "96.00/") {
		t.Errorf("%s: %s", p.Carried, k.standings(scope.Gateway, ""))
	}
	// LiteLLM has not begun the next month yet.
	clock.set(instant("2026-12-01T00:05:00Z"))
	k.apply()
	if got := k.standings(scope.Gateway, ""); got != "0.00/100.00 01-01T00:00:00" {
		t.Error(got)
	}
}
