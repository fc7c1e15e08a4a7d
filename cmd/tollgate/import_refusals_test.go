package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

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

// TestImportedZone: budgets begin anew when LiteLLM's do, whose days are those of its time zone:
// next month and next summer too. So do those that are made through its API.
func TestImportedZone(t *testing.T) {
	t.Parallel()
	from := litellmDatabase(t, keyRow("monthly", "max_budget, spend, budget_duration, budget_reset_at", "5, 4, '30d', '2026-11-30 23:00:00'"),
		keyRow("daily", "max_budget, spend, budget_duration, budget_reset_at", "5, 4, '1d', '2026-11-29 23:00:00'"),
		keyRow("weekly", "max_budget, spend, budget_duration, budget_reset_at", "5, 4, '7d', '2026-11-29 23:00:00'"),
		keyRow("tenth", "max_budget, spend, budget_duration, budget_reset_at", "5, 4, '10d', '2026-12-04 23:00:00'"),
		keyRow("window", "budget_limits", `'[{"reset_at": "2026-12-01T00:00:00+01:00", "max_budget": 5, "budget_duration": "30d"}]'`))
	clock := clockAt(litellmStopped)
	config := strings.Replace(litellmModels, "compatibility: litellm", "compatibility: litellm\nzone: Europe/Berlin\nbudgets: [{ each: team, limit: 3 USD, per: day }]", 1)
	k := &taker{gate: begin(t, config, by(clock)), clock: clock, from: from, zone: must(time.LoadLocation("Europe/Berlin"))(t)}
	k.apply()
	admin := must(k.srv.control.EnsureAdmin(t.Context(), ""))(t)
	made := k.do("POST", "/key/generate", admin, `{"key_alias":"made","max_budget":5,"budget_duration":"1mo"}`, nil)
	if made.Status != 200 {
		t.Fatal(made.Body)
	}
	for _, at := range []struct{ now, want string }{
		{"2026-11-29T18:00:00Z", "monthly 4.00/5.00 11-30T23:00:00, daily 4.00/5.00 11-29T23:00:00, weekly 4.00/5.00 11-29T23:00:00, tenth 4.00/5.00 12-04T23:00:00, window 0.00/5.00 11-30T23:00:00, made 0.00/5.00 11-30T23:00:00"},
		{"2026-12-15T18:00:00Z", "monthly 0.00/5.00 12-31T23:00:00, daily 0.00/5.00 12-15T23:00:00, weekly 0.00/5.00 12-20T23:00:00, tenth 0.00/5.00 12-24T23:00:00, window 0.00/5.00 12-31T23:00:00, made 0.00/5.00 12-31T23:00:00"},
		{"2027-07-15T18:00:00Z", "monthly 0.00/5.00 07-31T22:00:00, daily 0.00/5.00 07-15T22:00:00, weekly 0.00/5.00 07-18T22:00:00, tenth 0.00/5.00 07-22T22:00:00, window 0.00/5.00 07-31T22:00:00, made 0.00/5.00 07-31T22:00:00"},
	} {
		k.clock.set(instant(at.now))
		var got []string
		for _, name := range []string{"monthly", "daily", "weekly", "tenth", "window", "made"} {
			got = append(got, name+" "+k.standings(scope.Key, k.named(name).ID))
		}
		if all := strings.Join(got, ", "); all != at.want {
			t.Errorf("at %s\n got %s\nwant %s", at.now, all, at.want)
		}
	}
	if got := k.standings(scope.Team, "red"); !strings.Contains(got, "3.00 07-15T22:00:00") {
		t.Errorf("the file's own: %s", got)
	}
	k.clock.set(instant(litellmStopped))
	if p := k.plan(); len(p.Edits) != 0 {
		t.Errorf("again: %+v", p.Edits)
	}
}

// TestImportedProjects: a project of LiteLLM closes its keys if it is blocked, opens no more
// models than its own, and spends no more than its budget, free models aside.
func TestImportedProjects(t *testing.T) {
	t.Parallel()
	project := func(id, columns, values string) string {
		return fmt.Sprintf(`insert into "LiteLLM_ProjectTable" (project_id, created_by, updated_by, %s) values ('%s', 'a', 'a', %s)`, columns, id, values)
	}
	k := takeOver(t, litellmDatabase(t, `insert into "LiteLLM_BudgetTable" (budget_id, max_budget, budget_duration, budget_reset_at, created_by, updated_by) values ('project', 5, '30d', '2026-12-01', 'a', 'a')`,
		project("shut", "blocked", "true"), project("narrow", "models", "'{paid}'"), project("spent", "budget_id, spend", "'project', 5"), project("room", "budget_id, spend, model_rpm_limit", `'project', 1, '{"local": 0}'`), project("plain", "spend", "0"),
		keyRow("in-shut", "project_id", "'shut'"), keyRow("in-narrow", "project_id", "'narrow'"), keyRow("in-spent", "project_id", "'spent'"), keyRow("in-room", "project_id, metadata", `'room', '{"tags": ["mine"]}'`), keyRow("in-plain", "project_id", "'plain'")))
	p := k.apply()
	k.calls(map[string][2]int{"sk-in-shut": {401, 401}, "sk-in-narrow": {403, 200}, "sk-in-spent": {200, 429}, "sk-in-room": {429, 200}, "sk-in-plain": {200, 200}})
	if got := k.standings(scope.Tag, "project:spent"); got != "5.00/5.00 12-01T00:00:00" {
		t.Error(got)
	}
	if key := k.named("in-room"); !slices.Equal(key.Tags, []string{"project:room", "mine"}) {
		t.Errorf("%+v", key)
	}
	if !finds(p, "changed", "project", "blocked", "shut") || !finds(p, "changed", "project", "", "spent") {
		t.Errorf("%+v", p.Findings)
	}
	sqlOn(t, k.from, `update "LiteLLM_ProjectTable" set spend = 2 where project_id = 'room'`)
	if p := k.apply(); len(p.Edits) != 1 || p.Carried.String() != "1.00" {
		t.Errorf("again: %+v", p.Edits)
	}
}

// TestImportedEndUserBudget: end users who have no budget of their own have the one that
// LiteLLM gives them, with what they have spent, and so have those who are new.
func TestImportedEndUserBudget(t *testing.T) {
	t.Parallel()
	k := takeOver(t, litellmDatabase(t, `insert into "LiteLLM_BudgetTable" (budget_id, max_budget, budget_duration, budget_reset_at, rpm_limit, created_by, updated_by) values ('everybody', 5, '1d', '2026-11-30', 50, 'a', 'a')`,
		`insert into "LiteLLM_EndUserTable" (user_id, spend, blocked) values ('over', 5.5, false), ('under', 1, false)`))
	k.other = "everybody"
	k.apply()
	caller := litellmSecrets(t)["caller"]
	for user, want := range map[string]int{"over": 429, "under": 200, "never-seen": 200} {
		for model, status := range map[string]int{"paid": want, "local": 200} {
			if a := k.do("POST", "/v1/chat/completions", caller, fmt.Sprintf(`{"model":%q,"user":%q,"max_tokens":5,"messages":[{"role":"user","content":"x"}]}`, model, user), nil); a.Status != status {
				t.Errorf("%s, %s: %d, want %d: %s", user, model, a.Status, status, a.Body)
			}
		}
	}
	if got := k.standings(scope.EndUser, "over"); got != "5.50/5.00 11-30T00:00:00" {
		t.Error(got)
	}
	if p := k.plan(); len(p.Edits) != 0 {
		t.Errorf("again: %+v", p.Edits)
	}
	sqlOn(t, k.from, `update "LiteLLM_BudgetTable" set max_budget = 6 where budget_id = 'everybody'`)
	if p := k.apply(); len(p.Edits) != 2 { // the budget, and what is kept of the row
		t.Errorf("changed: %+v", p.Edits)
	}
	if got := k.standings(scope.EndUser, "over"); got != "5.50/6.00 11-30T00:00:00" {
		t.Error(got)
	}
}
