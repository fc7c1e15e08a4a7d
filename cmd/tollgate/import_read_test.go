package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"tollgate/accounting/scope"
	litellmdb "tollgate/configs/litellm/database"
)

// TestImportedKeysRead: LiteLLM's clients read of a key what LiteLLM's own row has of it.
func TestImportedKeysRead(t *testing.T) {
	t.Parallel()
	k := takeOver(t, litellmDatabase(t))
	k.apply()
	admin := litellmSecrets(t)["eve_key"]
	r := must(litellmdb.Open(context.Background(), k.from))(t)
	defer r.Close()
	n := 0
	if err := r.Each(context.Background(), litellmdb.Keys, func(row litellmdb.Row) error {
		n++
		a := k.do("GET", "/key/info?key="+row.ID, admin, "", nil)
		if a.Status != 200 {
			t.Errorf("%s: %d %s", row.ID, a.Status, a.Body)
			return nil
		}
		info := gjson.Get(a.Body, "info")
		for _, name := range []string{"key_name", "key_alias", "models", "aliases", "user_id", "team_id", "metadata", "permissions", "blocked", "rpm_limit", "tpm_limit", "max_parallel_requests",
			"budget_duration", "allowed_routes", "auto_rotate", "rotation_interval", "budget_id", "created_by", "updated_at", "spend", "max_budget"} {
			want, got := row.Value.Get(name), info.Get(name)
			switch {
			case row.Value.Get("budget_id").Str == "small" && slices.Contains([]string{"rpm_limit", "tpm_limit", "budget_duration", "max_budget"}, name): // told with the budget's own
			case name == "updated_at" || name == "spend" || name == "max_budget":
				if !strings.HasPrefix(got.String(), strings.TrimSuffix(want.String(), "Z")) && math.Abs(got.Num-want.Num) > 1e-9 {
					t.Errorf("%s: %s is %s, and was %s", row.Value.Get("key_alias"), name, got, want)
				}
			case !sameJSON(t, got.Raw, want.Raw):
				t.Errorf("%s: %s is %s, and was %s", row.Value.Get("key_alias"), name, got.Raw, want.Raw)
			}
		}
		return nil
	}); err != nil || n != 32 {
		t.Fatal(n, err)
	}
}

func sameJSON(t *testing.T, x, y string) bool {
	t.Helper()
	var a, b any
	for text, into := range map[string]*any{x: &a, y: &b} {
		if text == "" {
			text = "null"
		}
		if err := json.Unmarshal([]byte(text), into); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	if x == y {
		return true
	}
	return reflect.DeepEqual(a, b)
}

// asks makes a request with the key of an administrator that LiteLLM had, and reads its
// answer.
func (k *taker) asks(method, path, body string) gjson.Result {
	k.t.Helper()
	a := k.do(method, path, litellmSecrets(k.t)["eve_key"], body, nil)
	if a.Status != 200 {
		k.t.Errorf("%s %s %s: %d %s", method, path, body, a.Status, a.Body)
	}
	return gjson.Parse(a.Body)
}

// rows hands over the rows of a table of LiteLLM's.
func (k *taker) rows(table litellmdb.Table, put func(gjson.Result)) {
	k.t.Helper()
	r := must(litellmdb.Open(context.Background(), k.from))(k.t)
	defer r.Close()
	n := 0
	if err := r.Each(context.Background(), table, func(row litellmdb.Row) error { n++; put(row.Value); return nil }); err != nil || n == 0 {
		k.t.Fatalf("%s: %d rows, %v", table, n, err)
	}
}

// told compares some members of a row of LiteLLM's with what is told of the thing.
func (k *taker) told(what string, got, want gjson.Result, names ...string) {
	k.t.Helper()
	for _, name := range names {
		g, w := got.Get(name), want.Get(name)
		switch {
		case w.Type == gjson.Number && math.Abs(g.Num-w.Num) < 1e-9 && g.Type == gjson.Number:
		case strings.HasSuffix(name, "_at") && w.Type == gjson.String && strings.HasPrefix(strings.TrimSuffix(g.Str, "Z"), w.Str):
		case !sameJSON(k.t, g.Raw, w.Raw):
			k.t.Errorf("%s: %s is %s, and was %s", what, name, g.Raw, w.Raw)
		}
	}
}

// sorted are the texts of a list, in order.
func sorted(list gjson.Result) []string {
	out := []string{}
	for _, x := range list.Array() {
		out = append(out, x.Str)
	}
	slices.Sort(out)
	return out
}

// TestImportedThingsRead: LiteLLM's clients read of users, teams, customers, tags, budgets,
// organizations, models and credentials what LiteLLM's own rows have of them.
func TestImportedThingsRead(t *testing.T) {
	t.Parallel()
	k := takeOver(t, litellmDatabase(t,
		`insert into "LiteLLM_BudgetTable" (budget_id, max_budget, budget_duration, rpm_limit, created_by, updated_by) values ('org', 100, '30d', 7, 'a', 'a')`,
		`insert into "LiteLLM_OrganizationTable" (organization_id, organization_alias, budget_id, spend, models, metadata, created_by, updated_by) values ('science', 'Science', 'org', 40, '{local}', '{"floor": 9}', 'a', 'b')`))
	k.apply()
	terms := []string{"max_budget", "budget_duration", "budget_reset_at", "rpm_limit", "tpm_limit", "max_parallel_requests"}
	budgets := map[string]gjson.Result{}
	k.rows(litellmdb.Budgets, func(r gjson.Result) { budgets[r.Get("budget_id").Str] = gjson.Parse(strings.Clone(r.Raw)) })

	k.rows(litellmdb.Users, func(r gjson.Result) {
		id := r.Get("user_id").Str
		got := k.asks("GET", "/user/info?user_id="+id, "").Get("user_info")
		for _, name := range []string{"models", "teams"} {
			if there, was := sorted(got.Get(name)), sorted(r.Get(name)); !slices.Equal(there, was) {
				t.Errorf("user %s: %s is %v, and was %v", id, name, there, was)
			}
		}
		k.told("user "+id, got, r,
			append(terms, "user_id", "user_alias", "user_email", "user_role", "metadata", "spend", "model_max_budget")...)
	})
	k.rows(litellmdb.Teams, func(r gjson.Result) {
		id := r.Get("team_id").Str
		got := k.asks("GET", "/team/info?team_id="+id, "").Get("team_info")
		k.told("team "+id, got, r, append(terms, "team_id", "team_alias", "models", "metadata", "spend", "blocked", "organization_id", "budget_limits.#.max_budget", "budget_limits.#.budget_duration")...)
		var there, was []string
		for into, list := range map[*[]string]gjson.Result{&there: got.Get("members_with_roles"), &was: r.Get("members_with_roles")} {
			for _, m := range list.Array() {
				*into = append(*into, m.Get("user_id").Str+" "+m.Get("role").Str)
			}
			slices.Sort(*into)
		}
		if !slices.Equal(there, was) {
			t.Errorf("team %s: %v are its members, and were %v", id, there, was)
		}
	})
	k.rows(litellmdb.EndUsers, func(r gjson.Result) {
		if r.Get("alias").Str == "" && r.Get("budget_id").Str == "" {
			return // nothing was known of it, or nothing that there is here
		}
		id := r.Get("user_id").Str
		got := k.asks("GET", "/customer/info?end_user_id="+id, "")
		k.told("customer "+id, got, r, "user_id", "alias", "blocked", "spend", "budget_id")
		if b := r.Get("budget_id").Str; b != "" {
			k.told("customer "+id, got.Get("litellm_budget_table"), budgets[b], append(terms, "budget_id")...)
		}
	})
	k.rows(litellmdb.Tags, func(r gjson.Result) {
		name := r.Get("tag_name").Str
		got := k.asks("POST", "/tag/info", fmt.Sprintf(`{"names":[%q]}`, name)).Get(name)
		k.told("tag "+name, got, r, "description", "models", "spend", "model_info")
		k.told("tag "+name, got.Get("litellm_budget_table"), budgets[r.Get("budget_id").Str], "budget_id", "max_budget", "budget_duration", "rpm_limit")
	})
	k.rows(litellmdb.Orgs, func(r gjson.Result) {
		got := k.asks("GET", "/organization/info?organization_id="+r.Get("organization_id").Str, "")
		k.told("organization", got, r, "organization_id", "organization_alias", "models", "spend", "budget_id", "metadata", "created_by", "updated_by")
		k.told("organization", got.Get("litellm_budget_table"), budgets["org"], "max_budget", "budget_duration", "rpm_limit")
	})

	// Budgets that are shared, or nobody's, are there under their ids; those that LiteLLM
	// made for one thing alone are the thing's own.
	own := []string{"16350f5a-4368-456b-9454-0eea2acc2294", "a0d99dc0-6aaa-446f-b627-3fc86e8a9759", "ddc7d209-8409-4861-b09f-edc91c96a6fb", "78410bd5-2699-4e08-959e-c1d9ceece538",
		"b2694aee-b35a-42fa-ad77-94089563a8e4", "a32fe590-fbd5-4ccf-ba03-8973c46d7de8", "22e145df-a392-43f9-8e58-d88e5bd49ef6"}
	for id, b := range budgets {
		got := k.asks("POST", "/budget/info", fmt.Sprintf(`{"budgets":[%q]}`, id))
		if slices.Contains(own, id) != (len(got.Array()) == 0) {
			t.Errorf("budget %s: %s", id, got)
		} else if !slices.Contains(own, id) {
			k.told("budget "+id, got.Get("0"), b, "budget_id", "max_budget", "soft_budget", "budget_duration", "rpm_limit", "tpm_limit", "max_parallel_requests", "created_by", "updated_by", "updated_at")
		}
	}
	if got := k.asks("POST", "/budget/update", `{"budget_id":"small","max_budget":3}`); got.Get("max_budget").Num != 3 || k.standings(scope.EndUser, "beta-corp") != "0.00/3.00 11-30T00:00:00" {
		t.Errorf("who shares a budget does not follow it: %s, %s", got, k.standings(scope.EndUser, "beta-corp"))
	}

	// Models and credentials, with what was encrypted of them.
	k.rows(litellmdb.Models, func(r gjson.Result) {
		id := r.Get("model_id").Str
		got := k.asks("GET", "/model/info?litellm_model_id="+id, "").Get("data.0")
		k.told("model "+id, got, r, "model_name", "litellm_params.input_cost_per_token", "litellm_params.use_in_pass_through", "model_info.access_groups", "model_info.note")
		if got.Get("model_info.id").Str != id || !got.Get("model_info.db_model").Bool() || got.Get("litellm_params.api_key").Exists() && got.Get("litellm_params.api_key").Str != "" {
			t.Errorf("%s", got)
		}
		for name, want := range map[string]string{"stored-1": "openai/stored", "stored-2": "openai/x"} {
			if id == name && got.Get("litellm_params.model").Str != want {
				t.Errorf("%s calls %s", id, got.Get("litellm_params.model"))
			}
		}
	})
	if got := k.asks("GET", "/credentials/by_name/vault", ""); got.Get("credential_values.api_key").Str != "sk****et" || got.Get("credential_values.api_base").Str != "http://127.0.0.1:9/v1" || got.Get("credential_info.note").Str != "n" {
		t.Errorf("%s", got)
	}
	if got := k.asks("GET", "/v1/access_group", "").Get("0"); got.Get("access_group_name").Str != "unified" || got.Get("access_model_names.0").Str != "local" || got.Get("description").Str != "e" {
		t.Errorf("%s", got)
	}
	for name, want := range map[string]string{"stored-1": "sk-stored-secret", "stored-2": ""} {
		if have := must(k.srv.control.DeploymentSecrets(name))(t); have["litellm_params.api_key"] != want && have["litellm_params.api_key"] != `"`+want+`"` {
			t.Errorf("%s: its secret is another one", name)
		}
	}
}
