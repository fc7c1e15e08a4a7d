package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tollgate/accounting/scope"
	litellmdb "tollgate/configs/litellm/database"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/importer"
	"tollgate/gateway/store/storetest"
)

// litellmDump is where what LiteLLM left in its database lies, and the secrets to it.
const litellmDump = "../../configs/litellm/testdata/database/"

// litellmStopped is a moment after LiteLLM wrote the last of it.
const litellmStopped = "2026-11-29T18:00:00Z"

// litellmDatabase makes a database with what the real LiteLLM left in its own, and runs some
// statements on it.
func litellmDatabase(t *testing.T, statements ...string) string {
	t.Helper()
	u := storetest.Database(t)
	dump := must(os.ReadFile(litellmDump + "litellm-1.108.7.sql"))(t)
	sqlOn(t, u, string(dump))
	sqlOn(t, u, statements...)
	return u
}

// sqlOn runs statements on a database.
func sqlOn(t *testing.T, u string, statements ...string) {
	t.Helper()
	ctx := context.Background()
	conn := must(pgx.Connect(ctx, u))(t)
	for _, s := range append([]string{"set search_path to public"}, statements...) {
		if _, err := conn.PgConn().Exec(ctx, s).ReadAll(); err != nil {
			t.Fatalf("%.200s: %v", s, err)
		}
	}
	if err := conn.Close(ctx); err != nil {
		t.Fatal(err)
	}
}

// litellmSecrets are the secrets of the dump by the names that its requests give them.
func litellmSecrets(t *testing.T) map[string]string {
	t.Helper()
	secrets := map[string]string{}
	if err := json.Unmarshal(must(os.ReadFile(litellmDump+"secrets.json"))(t), &secrets); err != nil {
		t.Fatal(err)
	}
	return secrets
}

// litellmModels are the models that LiteLLM had, as far as they matter to its keys.
const litellmModels = `
compatibility: litellm
providers:
  gpu:    { kind: vllm, url: UPSTREAM/v1 }
  cloud:  { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY }
models:
  local: gpu/local
  paid: { to: cloud/paid, price: { input: 1, output: 10 } }
`

// taker is a running tollgate that takes over a database of LiteLLM.
type taker struct {
	*gate
	clock *fakeClock
	from  string
	ring  litellmdb.Keyring
	zone  *time.Location
	other string // the budget of end users who have none
}

func takeOver(t *testing.T, from string) *taker {
	t.Helper()
	clock := clockAt(litellmStopped)
	k := &taker{gate: begin(t, litellmModels, by(clock)), clock: clock, from: from, ring: litellmdb.Keyring{litellmSecrets(t)["LITELLM_SALT_KEY"], litellmSecrets(t)["LITELLM_MASTER_KEY"]}}
	return k
}

// plan makes a plan against the running program.
func (k *taker) plan() *importer.Plan {
	k.t.Helper()
	r := must(litellmdb.Open(context.Background(), k.from))(k.t)
	defer r.Close()
	return must(importer.Make(context.Background(), importer.Parts{Control: k.srv.control, Reader: r, Keyring: k.ring, Master: append(k.ring, "", "")[1], Now: k.clock.Now(), Zone: k.zone, EndUserBudget: k.other, NewID: importID}))(k.t)
}

// apply makes a plan and carries it out.
func (k *taker) apply() *importer.Plan {
	k.t.Helper()
	p := k.plan()
	if err := k.srv.control.Check(context.Background(), p.Edits); err != nil {
		k.t.Fatal(err)
	}
	must(k.srv.control.Apply(context.Background(), p.Edits))(k.t)
	return p
}

// named returns the key of a name.
func (k *taker) named(name string) access.Key {
	k.t.Helper()
	key, ok := k.srv.control.KeyNamed(name)
	if !ok {
		k.t.Fatalf("no key is called %s", name)
	}
	return key
}

// standings writes how the budgets of an account stand: posted/limit until.
func (k *taker) standings(kind scope.Kind, id string) string {
	k.t.Helper()
	var out []string
	for _, s := range must(k.srv.control.Standings(context.Background(), scope.Account{Kind: kind, ID: id}))(k.t) {
		limit, until, models := "none", "ever", ""
		if l := s.Claim.Budget.Limit; l != nil {
			limit = l.String()
		}
		if !s.Claim.Period.End.IsZero() {
			until = s.Claim.Period.End.Format("01-02T15:04:05")
		}
		if len(s.Claim.Budget.Models) > 0 {
			models = " " + strings.Join(s.Claim.Budget.Models, ",")
		}
		out = append(out, fmt.Sprintf("%s/%s %s%s", s.Standing.Posted, limit, until, models))
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

// finds says whether a plan has a finding whose kind, field and message hold some words.
func finds(p *importer.Plan, severity, kind, field, words string) bool {
	return slices.ContainsFunc(p.Findings, func(f importer.Finding) bool {
		return string(f.Severity) == severity && f.Kind == kind && f.Field == field && (strings.Contains(f.Message, words) || slices.ContainsFunc(f.Examples, func(e string) bool { return strings.Contains(e, words) }))
	})
}

// TestImportedKeysWork imports what the real LiteLLM left, and calls a free and a paid model
// with every secret that it had: each is answered as LiteLLM would have, but that free
// models are open whatever was spent.
func TestImportedKeysWork(t *testing.T) {
	t.Parallel()
	k := takeOver(t, litellmDatabase(t))
	k.apply()
	want := map[string][2]int{ // of local and of paid
		"key_routes": {401, 401}, "key_llm": {401, 401}, "user_plain_key": {401, 401}, "ann_second": {401, 401}, // deleted
		"blocked": {401, 401}, "brief": {401, 401}, // blocked, expired
		"narrow": {200, 403}, "red_key": {200, 200}, "key_much": {200, 403},
		"broke": {200, 429}, "key_zero": {200, 429}, "poor_key": {200, 429}, "poor_user_key": {200, 429},
		"key_management": {403, 403}, "key_read": {403, 403},
		"slow": {200, 429}, // one a minute
	}
	for name, secret := range litellmSecrets(t) {
		if strings.HasPrefix(name, "LITELLM_") || name == "few_tokens" {
			continue
		}
		expect, ok := want[name]
		if !ok {
			expect = [2]int{200, 200}
		}
		for i, model := range []string{"local", "paid"} {
			a := k.do("POST", "/v1/chat/completions", secret, fmt.Sprintf(`{"model":%q,"user":"somebody","max_tokens":5,"messages":[{"role":"user","content":"x"}]}`, model), nil)
			if a.Status != expect[i] {
				t.Errorf("%s, %s: %d, want %d: %s", name, model, a.Status, expect[i], a.Body)
			}
		}
	}
	if n := k.query("select count(*) from keys where role = 'caller'"); n != 32 {
		t.Errorf("%d keys", n)
	}
}

// TestImportedBudgetsStand: what was spent with LiteLLM is spent, until its windows end.
func TestImportedBudgetsStand(t *testing.T) {
	t.Parallel()
	k := takeOver(t, litellmDatabase(t, `insert into "LiteLLM_BudgetWindowSpend" values ('key', '099e8bb569ad5599e3a9a2ddc0c773e843aee12e387460f0b6da95873e1de3fa', '24h', '2026-11-29', 0.25, now(), now())`,
		`insert into "LiteLLM_BudgetWindowSpend" values ('team', 'windows', '24h', '2026-11-27', 0.5, now(), now())`)) // of a window that has ended
	p := k.apply()
	if p.Carried.String() != "1.50157" {
		t.Errorf("carried %s", p.Carried)
	}
	key := func(name string) string { return k.named(name).ID }
	for _, c := range []struct {
		kind     scope.Kind
		id, want string
	}{
		{scope.Key, key("spent"), "1.25/2.00 ever"},
		{scope.Key, key("zero"), "0.00/0.00 ever"},
		{scope.Key, key("much"), "0.00/8.00 12-01T00:00:00"}, // raised for a time
		{scope.Key, key("windows"), "0.00/10.00 12-01T00:00:00; 0.25/1.00 11-30T00:00:00"},
		{scope.Key, key("budgeted"), "0.00/4.00 11-30T00:00:00"},
		{scope.Key, key("caller"), ""},
		{scope.Team, "red", "0.00012/60.00 12-01T00:00:00"},
		{scope.Team, "windows", "0.00/1.00 11-30T00:00:00"},
		{scope.Member, "red/bob", "0.00/4.00 ever"},
		{scope.Member, "members/default_user_id", "0.00/2.00 12-01T00:00:00"},
		{scope.User, "ann", "0.00006/21.00 12-01T00:00:00"},
		{scope.User, "nobody-such", "0.00/1.00 ever"},
		{scope.User, "poor-user", "0.00006/0.00000001 ever"},
		{scope.EndUser, "acme", "0.00006/6.00 12-29T17:10:11"},
		{scope.EndUser, "beta-corp", "0.00/4.00 11-30T00:00:00"},
		{scope.Tag, "gold", "0.00006/4.00 12-01T00:00:00"},
		{scope.Tag, "poor-tag", "0.00006/0.00000001 ever"},
		{scope.EndUser, "tiny", "0.00006/0.00000001 ever"},
	} {
		if got := k.standings(c.kind, c.id); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.kind, c.id, got, c.want)
		}
	}
	rows := must(k.srv.control.Usage(context.Background(), control.UsageQuery{By: []string{"key"}}))(t)
	if i := slices.IndexFunc(rows, func(r control.UsageRow) bool { return r.Group[0] == key("caller") }); i < 0 || rows[i].Adjusted.String() != "0.00061" {
		t.Errorf("%+v", rows)
	}
	limits := k.srv.control.LimitsOf(scope.Account{Kind: scope.Key, ID: key("model-limits")})
	if len(limits) != 1 || *limits[0].Requests != 5 || *limits[0].Tokens != 500 || !slices.Equal(limits[0].Models, []string{"local"}) {
		t.Errorf("%+v", limits)
	}
	if much := k.srv.control.LimitsOf(scope.Account{Kind: scope.Key, ID: key("much")}); len(much) != 1 || *much[0].Requests != 20 || *much[0].Tokens != 1000 || *much[0].Concurrent != 3 {
		t.Errorf("%+v", much)
	}
	red := must(k.srv.control.Team("red"))(t)
	if red.Name != "Red" || !slices.Equal(red.Members, []string{"ann", "bob", "default_user_id", "hal"}) || !slices.Equal(red.Admins, []string{"default_user_id"}) || red.Aliases["cheap"] != "local" || !slices.Equal(red.Models, []string{"local", "paid"}) {
		t.Errorf("%+v", red)
	}
	for id, role := range map[string]access.UserRole{"eve": access.Manager, "vic": access.Viewer, "ann": access.SelfService, "bob": access.PlainUser} {
		if u := must(k.srv.control.User(id))(t); u.Role != role {
			t.Errorf("%+v", u)
		}
	}
	if acme := must(k.srv.control.EndUser("acme"))(t); acme.Name != "Acme 2" || !acme.Blocked {
		t.Errorf("%+v", acme)
	}
	if tagged := k.named("tagged-2"); !slices.Equal(tagged.Tags, []string{"one", "two"}) {
		t.Errorf("%+v", tagged)
	}
	for at, want := range map[string]string{"2026-12-29T17:10:11Z": "0.00006/6.00", "2026-12-29T17:10:12Z": "0.00/6.00"} {
		k.clock.set(instant(at))
		if got := k.standings(scope.EndUser, "acme"); !strings.HasPrefix(got, want) {
			t.Errorf("at %s: %s", at, got)
		}
	}
}

// TestImportAgain: an import that is repeated changes what has changed in LiteLLM since, and
// counts nothing twice.
func TestImportAgain(t *testing.T) {
	t.Parallel()
	k := takeOver(t, litellmDatabase(t))
	k.apply()
	if p := k.plan(); len(p.Edits) != 0 || p.Carried != 0 {
		t.Fatalf("the second plan: %+v", p.Edits)
	}
	spent := litellmSecrets(t)["key_spent"]
	if a := k.do("POST", "/v1/chat/completions", spent, `{"model":"paid","max_tokens":5,"messages":[{"role":"user","content":"x"}]}`, nil); a.Status != 200 {
		t.Fatal(a.Body)
	}
	id := k.named("spent").ID
	before := must(k.srv.control.Standings(context.Background(), scope.Account{Kind: scope.Key, ID: id}))(t)[0].Standing.Posted
	sqlOn(t, k.from, `update "LiteLLM_VerificationToken" set spend = 1.75, max_budget = 3, models = '{paid}' where key_alias = 'spent'`,
		`delete from "LiteLLM_VerificationToken" where key_alias = 'narrow'`,
		`insert into "LiteLLM_VerificationToken" (token, key_name, key_alias, spend, max_budget) values (encode(sha256('sk-new-one'), 'hex'), 'sk-...-one', 'new', 0.5, 1)`,
		`update "LiteLLM_VerificationToken" set budget_limits = '[{"reset_at": "2026-11-30T00:00:00+00:00", "max_budget": 2.0, "budget_duration": "24h"}]' where key_alias = 'windows'`,
		`update "LiteLLM_TeamTable" set team_alias = 'Redder', members_with_roles = members_with_roles || '[{"role": "user", "user_id": "eve"}]' where team_id = 'red'`)
	if p := k.apply(); p.Carried.String() != "1.00" || !finds(p, "changed", "key", "", "narrow") {
		t.Errorf("%+v", p)
	}
	after := must(k.srv.control.Standings(context.Background(), scope.Account{Kind: scope.Key, ID: id}))(t)[0]
	if after.Standing.Posted != before+500_000_000 || after.Claim.Budget.Limit.String() != "3.00" {
		t.Errorf("%s, before %s: %s", after.Standing.Posted, before, after.Claim.Budget.Limit)
	}
	if key := k.named("spent"); !slices.Equal(key.Models, []string{"paid"}) {
		t.Errorf("%+v", key)
	}
	if key := k.named("narrow"); !key.Blocked {
		t.Errorf("%+v", key)
	}
	if got := k.standings(scope.Key, k.named("new").ID); got != "0.50/1.00 ever" {
		t.Error(got)
	}
	if got := k.standings(scope.Key, k.named("windows").ID); got != "0.00/2.00 11-30T00:00:00" {
		t.Error(got)
	}
	if red := must(k.srv.control.Team("red"))(t); red.Name != "Redder" || !access.Is("eve", red.Members) {
		t.Errorf("%+v", red)
	}
	if p := k.plan(); len(p.Edits) != 0 {
		t.Errorf("the last plan: %+v", p.Edits)
	}
	// A window that has ended there has ended here, and what was spent in it is not carried
	// into the next.
	k.clock.set(instant("2026-12-02T00:00:00Z"))
	sqlOn(t, k.from, `update "LiteLLM_TeamTable" set spend = 0.75, budget_reset_at = '2027-01-01' where team_id = 'red'`)
	k.apply()
	if got := k.standings(scope.Team, "red"); got != "0.75/60.00 01-01T00:00:00" {
		t.Error(got)
	}
	if p := k.plan(); len(p.Edits) != 0 {
		t.Errorf("after the reset: %+v", p.Edits)
	}
	// A key that has got another secret here is not brought back with the one it had.
	if _, _, err := k.srv.control.RotateKey(context.Background(), id, control.KeySecret{}, 0); err != nil {
		t.Fatal(err)
	}
	if p := k.apply(); len(p.Edits) != 0 || !finds(p, "changed", "key", "token", "another secret") {
		t.Errorf("after a rotation: %+v", p.Edits)
	}
	if a := k.do("GET", "/v1/models", spent, "", nil); a.Status != 401 {
		t.Errorf("a secret that was replaced opens again: %d", a.Status)
	}
}

// TestImportOfBadRows: what cannot be as it was is told, and money is never guessed.
func TestImportOfBadRows(t *testing.T) {
	t.Parallel()
	k := takeOver(t, litellmDatabase(t,
		keyRow("negative", "spend, max_budget", "-3.2, 5"), keyRow("minus", "max_budget", "-1"), keyRow("nan", "max_budget", "'NaN'"), keyRow("endless", "max_budget", "'Infinity'"),
		keyRow("huge", "max_budget", "1e15"), keyRow("tinier", "max_budget", "1e-12"), keyRow("unspoken", "spend, max_budget", "'NaN', 5"),
		keyRow("odd-window", "max_budget, budget_duration", "5, '1d12h'"), keyRow("late", "spend, max_budget, budget_duration, budget_reset_at", "4, 5, '30d', '2026-11-01'"),
		keyRow("rolling", "spend, max_budget, budget_duration, budget_reset_at", "4, 5, '10d', '2026-12-04 00:00:00'"),
		keyRow("outsider", "user_id, team_id", "'cat', 'red'"), keyRow("session", "team_id, expires", "'litellm-dashboard', now() + interval '1 day'"),
		keyRow("slowest", "rpm_limit, tpm_limit, tpd_limit", "-1, 9000000000000, 5"), keyRow("no-models", "models", "'{no-default-models}'"), keyRow("widest", "models", "'{all-proxy-models}'"),
		keyRow("guarded", "metadata", `'{"guardrails": ["x"]}'`), keyRow("spaced", "user_id", `'auth0|some one/else'`),
		keyRow("twice", "max_budget", "1"), `update "LiteLLM_VerificationToken" set key_alias = 'spent' where key_alias = 'twice'`,
		`insert into "LiteLLM_VerificationToken" (token, key_alias) values ('not-a-hash', 'not-a-hash')`,
		`insert into "LiteLLM_VerificationToken" (token, key_alias) values (encode(sha256('`+litellmSecrets(t)["LITELLM_MASTER_KEY"]+`'), 'hex'), 'master')`,
		keyRow("renewed", "spend", "0"),
		keyRow("kept-to", "allowed_routes", "'{openai_routes,mcp_routes}'"), keyRow("shut-in", "allowed_routes", `'{mcp_routes,"/a b"}'`), keyRow("below", "allowed_routes", "'{/v1/chat}'"),
		keyRow("stuffed", "metadata", `'{"model_rpm_limit": {"local": 0}, "more": "`+strings.Repeat("x", control.MaxAttributes)+`"}'`),
		keyRow("long-list", "models", "(select array_agg(g || repeat('x', 400)) from generate_series(1, 200) g)"),
		keyRow("long-aliases", "aliases", "(select jsonb_object_agg(g || repeat('x', 400), 'local') from generate_series(1, 200) g)"),
		keyRow("rated", "model_max_budget", `'{"local": {"budget_limit": 1, "rpm_limit": 0}}'`),
		`insert into "LiteLLM_BudgetTable" (budget_id, max_budget, budget_duration, budget_reset_at, rpm_limit, created_by, updated_by) values ('team-budget-1', 3, '30d', '2026-12-01', 40, 'a', 'a'), ('team-budget-0', 0, null, null, null, 'a', 'a'), ('own-rate', null, null, null, 9, 'a', 'a')`,
		`insert into "LiteLLM_TeamTable" (team_id, members_with_roles, metadata, updated_at) values ('given', '[{"role": "user", "user_id": "ann"}, {"role": "user", "user_id": "bob"}, {"role": "user", "user_id": "cat"}]', '{"team_member_budget_id": "team-budget-1"}', now()), ('nought', '[{"role": "user", "user_id": "ann"}]', '{"team_member_budget_id": "team-budget-0"}', now())`,
		`insert into "LiteLLM_TeamMembership" (user_id, team_id, spend, budget_id) values ('ann', 'given', 2, null), ('bob', 'given', 1, 'own-rate')`,
		`insert into "LiteLLM_DeprecatedVerificationToken" (id, token, active_token_id, revoke_at) values ('1', encode(sha256('sk-before'), 'hex'), encode(sha256('sk-renewed'), 'hex'), '2026-12-01')`,
		`insert into "LiteLLM_UserTable" (user_id, metadata) values ('left', '{"scim_active": false}'), ('stays', '{"scim_active": true}')`, keyRow("left-key", "user_id", "'left'"), keyRow("stays-key", "user_id", "'stays'"),
		`insert into "LiteLLM_UserTable" (user_id, user_role, max_budget) values ('strange', 'emperor', 1), ('Übermut & Söhne', 'internal_user', 2)`,
		`insert into "LiteLLM_TeamTable" (team_id, members_with_roles, updated_at) values ('empty', '{}', now()), ('wrong', '"x"', now()), ('ghosts', '[{"role": "admin"}, {"role": "user", "user_id": "ghost"}, {"role": "user", "user_id": "ghost"}]', now())`,
		`update "LiteLLM_UserTable" set models = '{local}' where user_id = 'bob'`,
		`insert into "LiteLLM_BudgetTable" (budget_id, max_budget, created_by, updated_by) values ('org', 100, 'a', 'a')`,
		`insert into "LiteLLM_OrganizationTable" (organization_id, organization_alias, budget_id, spend, models, created_by, updated_by) values ('science', 'Science', 'org', 40, '{}', 'a', 'a')`,
		`insert into "LiteLLM_OrganizationMembership" (user_id, organization_id, user_role) values ('ann', 'science', 'org_admin')`,
		`insert into "LiteLLM_UserTable" (user_id, spend, max_budget, budget_duration) values ('litellm-proxy-budget', 7, 1000, '30d')`,
		`update "LiteLLM_ProxyModelTable" set litellm_params = jsonb_set(litellm_params, '{api_key}', '"v2:gcm:AAAA"') where model_id = 'stored-1'`,
	))
	p := k.apply()
	for _, f := range [][4]string{
		{"changed", "key", "spend", "negative (-3.2)"}, {"changed", "key", "max_budget", "minus (-1)"}, {"changed", "key", "max_budget", "nan (NaN)"}, {"changed", "key", "max_budget", "endless"},
		{"changed", "key", "max_budget", "huge"}, {"changed", "key", "max_budget", "tinier"}, {"changed", "key", "spend", "unspoken"}, {"changed", "key", "budget_duration", "odd-window (1d12h)"},
		{"changed", "key", "budget_reset_at", "late"}, {"changed", "key", "team_id", "outsider"}, {"ignored", "key", "team_id", "session"}, {"unavailable", "key", "tpd_limit", "slowest"},
		{"changed", "key", "rpm_limit", "slowest (-1)"}, {"unavailable", "key", "metadata.guardrails", "guarded"}, {"unavailable", "key", "token", "not-a-hash"}, {"ignored", "key", "token", "master"},
		{"changed", "user", "", "auth0|some one/else is auth0-some-one-else-"}, {"changed", "user", "user_role", "strange (emperor)"},
		{"changed", "team", "members_with_roles", "wrong"}, {"changed", "team", "members_with_roles", "ghosts"}, {"changed", "team", "user_id", "ghosts (ghost)"}, {"changed", "user", "models", "bob"},
		{"unavailable", "model", "litellm_params", "another key"},
		{"changed", "key", "allowed_routes", "kept-to (mcp_routes)"}, {"changed", "key", "allowed_routes", "shut-in (/a b)"}, {"unavailable", "key", "metadata", "stuffed"}, {"changed", "key", "models", "long-list"}, {"changed", "key", "aliases", "long-aliases"}, {"changed", "team", "max_budget", "nought"}, {"changed", "user", "metadata.scim_active", "left"}, {"changed", "user", "max_budget", "bob"},
	} {
		if !finds(p, f[0], f[1], f[2], f[3]) {
			t.Errorf("nothing is found of %v", f)
		}
	}
	for name, want := range map[string]string{"negative": "0.00/5.00 ever", "minus": "0.00/0.00 ever", "nan": "0.00/0.00 ever", "endless": "", "huge": "0.00/9223372036.854775807 ever", "tinier": "0.00/0.000000001 ever",
		"unspoken": "5.00/5.00 ever", "odd-window": "0.00/5.00 11-30T00:00:00", "late": "0.00/5.00 12-01T00:00:00", "rolling": "4.00/5.00 12-04T00:00:00"} {
		if got := k.standings(scope.Key, k.named(name).ID); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	for member, want := range map[string]string{"given/ann": "2.00/3.00 12-01T00:00:00", "given/bob": "1.00/3.00 12-01T00:00:00", "given/cat": "0.00/3.00 12-01T00:00:00", "nought/ann": ""} {
		if got := k.standings(scope.Member, member); got != want {
			t.Errorf("%s: %s, want %s", member, got, want)
		}
	}
	for member, want := range map[string]int64{"given/ann": 40, "given/bob": 9, "given/cat": 40} {
		if l := k.srv.control.LimitsOf(scope.Account{Kind: scope.Member, ID: member}); len(l) != 1 || *l[0].Requests != want {
			t.Errorf("%s: %+v", member, l)
		}
	}
	if got := k.standings(scope.Org, "science"); got != "40.00/100.00 ever" {
		t.Error(got)
	}
	if got := k.standings(scope.Gateway, ""); got != "7.00/1000.00 12-01T00:00:00" {
		t.Error(got)
	}
	for secret, want := range map[string][2]int{"sk-outsider": {200, 200}, "sk-session": {401, 401}, "sk-no-models": {403, 403}, "sk-widest": {200, 200}, "sk-spaced": {200, 200}, "sk-renewed": {200, 200}, "sk-before": {200, 200},
		"sk-negative": {200, 200}, "sk-unspoken": {200, 429}, "sk-nan": {200, 429}, "sk-slowest": {429, 429}, "sk-twice": {200, 200}, "sk-kept-to": {200, 200}, "sk-shut-in": {403, 403}, "sk-below": {200, 200}, "sk-stuffed": {429, 200}, "sk-rated": {429, 200}, "sk-left-key": {401, 401}, "sk-stays-key": {200, 200}, litellmSecrets(t)["bob_red"]: {200, 200}} {
		for i, model := range []string{"local", "paid"} {
			if a := k.do("POST", "/v1/chat/completions", secret, fmt.Sprintf(`{"model":%q,"max_tokens":5,"messages":[{"role":"user","content":"x"}]}`, model), nil); a.Status != want[i] {
				t.Errorf("%s, %s: %d, want %d: %s", secret, model, a.Status, want[i], a.Body)
			}
		}
	}
	k.clock.set(instant("2026-12-02T00:00:00Z"))
	if a := k.do("GET", "/v1/models", "sk-before", "", nil); a.Status != 401 {
		t.Errorf("a secret works beyond its grace: %d", a.Status)
	}
	k.clock.set(instant(litellmStopped))
	if p := k.plan(); len(p.Edits) != 0 {
		t.Errorf("again: %+v", p.Edits)
	}
}

// TestImportedModelsServe: models of LiteLLM's database can be called, with the keys that it
// had encrypted; they are counted by the prices that stand in them, and one that cannot be
// read says so.
func TestImportedModelsServe(t *testing.T) {
	t.Parallel()
	k := takeOver(t, litellmDatabase(t))
	up := k.up.Ollama()                                           // in the place of what LiteLLM called; the secrets stay encrypted
	elsewhere := strings.Replace(up, "127.0.0.1", "localhost", 1) // for LiteLLM a model's own address goes before that of its credential
	plain := func(id, name, params, more string) string {
		return fmt.Sprintf(`insert into "LiteLLM_ProxyModelTable" (model_id, model_name, litellm_params, model_info, created_by, updated_by%s) values ('%s', '%s', '%s', '{}', 'a', 'a'%s)`,
			map[bool]string{true: ", blocked"}[more != ""], id, name, strings.ReplaceAll(params, "UPSTREAM", up), more)
	}
	sqlOn(t, k.from,
		`update "LiteLLM_ProxyModelTable" set litellm_params = litellm_params || '{"api_base": "`+up+`/v1", "output_cost_per_token": 0.00001}' where model_id = 'stored-1'`,
		`update "LiteLLM_CredentialsTable" set credential_values = credential_values || '{"api_base": "`+up+`/v1"}'`,
		`update "LiteLLM_ProxyModelTable" set litellm_params = litellm_params || '{"input_cost_per_token": 0, "output_cost_per_token": 0}' where model_id = 'stored-2'`,
		plain("shut", "shut", `{"model": "openai/shut", "api_base": "UPSTREAM/v1"}`, ", true"),
		plain("odd *", "odd", `{"model": "hosted_vllm/odd", "api_base": "UPSTREAM/v1"}`, ""),
		plain("apart", "apart", strings.ReplaceAll(`{"model": "openai/apart", "api_base": "UPSTREAM/v1", "litellm_credential_name": "vault", "input_cost_per_token": 0, "output_cost_per_token": 0}`, "UPSTREAM", elsewhere), ""),
		plain("rich", "rich", `{"model": "openai/rich", "max_budget": 5, "budget_duration": "1d"}`, ""),
		plain("nameless", "", `{"model": "openai/x"}`, ""),
		plain("torn", "torn", `{"model": "v2:gcm:AAAA"}`, ""),
		`update "LiteLLM_Config" set param_value = '{"fallbacks": [{"local": ["stored"]}, {"falls": ["local"]}], "context_window_fallbacks": [{"local": ["paid"]}], "num_retries": 3, "model_group_alias": {"nick": "local"}}' where param_name = 'router_settings'`)
	p := k.apply()
	caller := litellmSecrets(t)["caller"]
	call := func(model string, status int, words string) {
		t.Helper()
		a := k.do("POST", "/v1/chat/completions", caller, fmt.Sprintf(`{"model":%q,"max_tokens":5,"messages":[{"role":"user","content":"x"}]}`, model), nil)
		if a.Status != status || !strings.Contains(a.Body, words) || strings.Contains(a.Body, "sk-stored-secret") {
			t.Errorf("%s: %d %s", model, a.Status, a.Body)
		}
	}
	sent := func() string {
		all := k.up.Calls()
		return all[len(all)-1].Header.Get("Authorization")
	}
	call("stored", 200, "")
	if sent() != "Bearer sk-stored-secret" {
		t.Errorf("stored is called with %s", sent())
	}
	call("stored-by-credential", 200, "")
	if sent() != "Bearer sk-credential-secret" {
		t.Errorf("stored-by-credential is called with %s", sent())
	}
	call("apart", 200, "")
	if sent() != "Bearer sk-credential-secret" {
		t.Errorf("apart is called with %s", sent())
	}
	if c, err := k.srv.control.Credential("vault"); err != nil || !slices.Equal(c.URLs, []string{up, elsewhere}) {
		t.Errorf("a credential that two models name is for %v, %v", c.URLs, err)
	}
	call("shut", 404, "blocked")
	call("odd", 200, "")
	call("rich", 404, "max_budget")
	call("torn", 404, "could not be read")
	for _, f := range [][4]string{{"unavailable", "model", "", "shut"}, {"unavailable", "model", "litellm_params", "rich"}, {"unavailable", "model", "", "nameless"}, {"unavailable", "model", "litellm_params", "torn"},
		{"changed", "model", "", "odd * is odd"}, {"unavailable", "fallback", "", "falls"}, {"unavailable", "setting", "router_settings", "num_retries"}, {"unavailable", "setting", "router_settings", "model_group_alias"}} {
		if !finds(p, f[0], f[1], f[2], f[3]) {
			t.Errorf("nothing is found of %v: %+v", f, p.Findings)
		}
	}
	if all := k.srv.control.Fallbacks(); len(all) != 2 {
		t.Errorf("%+v", all)
	}
	if p := k.plan(); len(p.Edits) != 0 {
		t.Errorf("again: %+v", p.Edits)
	}

	// What is otherwise there is so here; what the keys do not open stays as it was.
	sqlOn(t, k.from, `update "LiteLLM_ProxyModelTable" set model_name = 'renamed' where model_id = 'stored-1'`,
		`update "LiteLLM_Config" set param_value = '{"fallbacks": [{"local": ["stored-by-credential"]}]}' where param_name = 'router_settings'`)
	k.apply()
	call("renamed", 200, "")
	k.ring = litellmdb.Keyring{"sk-other"}
	if p := k.plan(); len(p.Edits) != 0 || !finds(p, "unavailable", "model", "litellm_params", "renamed stored-1") {
		t.Errorf("with another salt key: %+v", p)
	}
}

// TestImportOfWhatWasDeleted: what somebody deleted here is not brought back, nor is what
// would need it.
func TestImportOfWhatWasDeleted(t *testing.T) {
	t.Parallel()
	k := takeOver(t, litellmDatabase(t))
	k.apply()
	ctx, c := context.Background(), k.srv.control
	spent := litellmSecrets(t)["key_spent"]
	var edits []control.Edit
	of := func(theirs func(access.Key) bool) {
		for _, key := range must(c.Keys(ctx, control.KeyFilter{}))(t) {
			if theirs(key) {
				edits = append(edits, control.KeyEdit{Action: control.Delete, ID: key.ID})
			}
		}
	}
	of(func(key access.Key) bool {
		return key.Name == "spent" || key.UserID == "poor-user" || key.TeamID == "led" || key.UserID == "bob" && key.TeamID == "red"
	})
	n := len(edits)
	edits = append(edits, control.UserEdit{Action: control.Delete, ID: "poor-user"}, control.TeamEdit{Action: control.Delete, ID: "led"}, control.MemberEdit{Action: control.Delete, In: control.TeamChanged, ID: "red", User: "bob"},
		control.EndUserEdit{Action: control.Delete, ID: "acme"}, control.TagEdit{Action: control.Delete, ID: "gold"}, control.PlanEdit{Action: control.Delete, ID: "small"},
		control.DeploymentEdit{Action: control.Delete, ID: "stored-2"}, control.CredentialEdit{Action: control.Delete, ID: "vault"}, control.GroupEdit{Action: control.Delete, ID: "79059b74-fa88-4ac9-afa5-289a39e71aad"})
	must(c.Apply(ctx, edits))(t)
	if p := k.plan(); len(p.Edits) != 0 {
		t.Errorf("%d edits: %+v", len(p.Edits), p.Edits)
	}
	sqlOn(t, k.from, `insert into "LiteLLM_VerificationToken" (token, key_name, key_alias, user_id, team_id) values (encode(sha256('sk-l1'), 'hex'), 'sk-...', 'late-1', 'poor-user', null), (encode(sha256('sk-l2'), 'hex'), 'sk-...', 'late-2', null, 'led'), (encode(sha256('sk-l3'), 'hex'), 'sk-...', 'late-3', 'bob', 'red')`)
	p := k.plan()
	if len(p.Edits) != 0 {
		t.Errorf("%+v", p.Edits)
	}
	for _, f := range [][2]string{{"key", "spent"}, {"user", "poor-user"}, {"team", "led"}, {"member", "red/bob"}, {"customer", "acme"}, {"tag", "gold"}, {"budget", "small"}, {"model", "stored-2"}, {"credential", "vault"}, {"access group", "unified"}} {
		if !finds(p, "changed", f[0], "", f[1]) {
			t.Errorf("nothing is told of %v", f)
		}
	}
	if !finds(p, "changed", "key", "user_id", "late-1") || !finds(p, "changed", "key", "user_id", "late-2") || !finds(p, "changed", "key", "user_id", "late-3") {
		t.Errorf("%+v", p.Findings)
	}
	if a := k.do("GET", "/v1/models", spent, "", nil); a.Status != 401 || n < 3 {
		t.Errorf("%d keys deleted, %d", n, a.Status)
	}
	// Made again here by its id, it is followed again.
	must(c.CreateUser(ctx, "poor-user", control.UserChange{}))(t)
	if p := k.apply(); len(p.Edits) == 0 || k.standings(scope.User, "poor-user") != "0.00006/0.00000001 ever" {
		t.Errorf("%s: %+v", k.standings(scope.User, "poor-user"), p.Edits)
	}
}

// TestImportCommand: what is only tried changes nothing and makes no database; what is
// brought over is all there or, when the database goes away before its end, not at all; and
// a command that cannot be understood says why.
func TestImportCommand(t *testing.T) {
	t.Parallel()
	from := litellmDatabase(t)
	dir := t.TempDir()
	secret := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	salt, other := secret("salt", litellmSecrets(t)["LITELLM_SALT_KEY"]), secret("other", "sk-other")
	where := "file:" + secret("url", from)
	s := newShell(t)
	file := s.env["TOLLGATE_DATABASE"]

	// Tried: told, in a table and in JSON.
	s.run(exitRefused, "import", "litellm", "--database-url", where, "--salt-key-file", salt).shows(t, "KIND FOUND NEW CHANGED SAME LEFT OUT", "key 32 32 0 0 0", "nothing was changed")
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("what was only tried made a database: %v", err)
	}
	var told importedDatabase
	r := s.run(exitRefused, "import", "litellm", "--database-url", where, "--salt-key-file", other, "--dry-run", "--json")
	if err := json.Unmarshal([]byte(r.out), &told); err != nil || told.Applied || told.Edits < 100 || told.Carried == 0 {
		t.Errorf("%v: %+v", err, told)
	}
	closed := slices.ContainsFunc(told.Findings, func(f importedDatabaseFinding) bool {
		return f.Kind == "model" && f.Severity == "unavailable" && f.Count == 2 && strings.Contains(strings.Join(f.Examples, " "), "another key")
	})
	if !closed {
		t.Errorf("the wrong salt key is not told: %+v", told.Findings)
	}
	for text, what := range map[string]string{r.out: "the table", r.err: "the errors"} {
		for _, secret := range []string{"sk-stored-secret", "sk-credential-secret", litellmSecrets(t)["LITELLM_SALT_KEY"]} {
			if strings.Contains(text, secret) {
				t.Errorf("a secret is in %s", what)
			}
		}
	}

	// Brought over, once.
	s.run(exitOK, "import", "litellm", "--database-url", where, "--salt-key-file", salt, "--apply").shows(t, "key 32 32 0 0 0", "edits done")
	s.run(exitOK, "import", "litellm", "--database-url", where, "--salt-key-file", salt, "--apply").shows(t, "key 32 0 0 32 0", "0 edits done")
	s.run(exitOK, "verify").shows(t, "nothing differs")
	s.run(exitOK, "key", "list").shows(t, "bob-red")
	audits := s.run(exitOK, "audit", "--json").out
	if !strings.Contains(audits, "tollgate import litellm") {
		t.Errorf("%.500s", audits)
	}

	// A column less that nothing is understood without: nothing happens.
	sqlOn(t, from, `alter table "LiteLLM_TeamTable" rename column spend to cost`)
	s.run(exitFailed, "import", "litellm", "--database-url", where, "--apply").complains(t, "LiteLLM_TeamTable has no column spend")
	sqlOn(t, from, `alter table "LiteLLM_TeamTable" rename column cost to spend`)

	for _, c := range []struct {
		code int
		args []string
		want string
	}{
		{exitUsage, nil, "--database-url"},
		{exitUsage, []string{"config.yaml", "--database-url", where}, "--database-url"},
		{exitUsage, []string{"config.yaml", "--apply"}, "--database-url"},
		{exitUsage, []string{"--database-url", where, "--apply", "--dry-run"}, "one of them"},
		{exitUsage, []string{"--database-url", "env:TOLLGATE_NO_SUCH"}, "TOLLGATE_NO_SUCH"},
		{exitUsage, []string{"--database-url", where, "--salt-key-file", filepath.Join(dir, "none")}, "none"},
		{exitUsage, []string{"--database-url", where, "--url", "http://127.0.0.1:1"}, "--url"},
		{exitFailed, []string{"--database-url", "mysql://u:hunter2@h/d"}, "postgres://"},
		{exitFailed, []string{"--database-url", storetest.Database(t)}, "no tables of LiteLLM"},
	} {
		if r := s.type_("", append([]string{"import", "litellm"}, c.args...)...); r.code != c.code || !strings.Contains(r.err, c.want) || strings.Contains(r.err, "hunter2") {
			t.Errorf("%v: %d %s", c.args, r.code, r.err)
		}
	}
}

// TestImportIsCutOff: a connection that breaks at the commit leaves nothing behind, and the
// next try brings all of it.
func TestImportIsCutOff(t *testing.T) {
	t.Parallel()
	from := litellmDatabase(t)
	wire := storetest.NewWire(t, storetest.Database(t))
	s := newShell(t)
	s.env["TOLLGATE_DATABASE"] = wire.URL()
	s.run(exitOK, "key", "list") // the schema is there
	wire.OnCommit(func() storetest.Fate { return storetest.Before })
	s.run(exitFailed, "import", "litellm", "--database-url", from, "--apply").complains(t, "nothing was brought over")
	wire.OnCommit(nil)
	for _, kind := range []string{"key", "user", "team", "budget"} {
		if out := s.run(exitOK, kind, "list", "--json").out; strings.Contains(out, `"id"`) && kind != "key" || strings.Contains(out, "bob-red") {
			t.Errorf("half an import: %s", out)
		}
	}
	s.run(exitOK, "import", "litellm", "--database-url", from, "--apply").shows(t, "key 32 32 0 0 0")
	s.run(exitOK, "import", "litellm", "--database-url", from, "--apply").shows(t, "key 32 0 0 32 0", "0 edits done")
}
