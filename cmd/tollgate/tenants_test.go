package main

import (
	"fmt"
	"strings"
	"testing"

	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// TestT20_OthersAreLikeNobody: what belongs to somebody else answers as what is not there,
// with the same status and the same words but for the name that was asked for, on every
// route of both management APIs that names a thing; to a plain caller, and to one who
// manages a team and an organization of his own.
func TestT20_OthersAreLikeNobody(t *testing.T) {
	t.Parallel()
	g := audited(t, "compatibility: litellm\n"+upstreamConfig)
	plain, boss, other := g.person(control.KeyChange{}), g.person(control.KeyChange{}), g.person(control.KeyChange{Name: ptr("the other's laptop")})
	lead := access.GroupAdmin
	must(g.srv.control.AddMember(t.Context(), boss.team, boss.user, &lead))(t)
	must(g.srv.control.AddOrgMember(t.Context(), boss.org, boss.user, &lead))(t)
	b := g.budget(other, ledger.User, "5")
	admin := must(g.srv.control.EnsureAdmin(t.Context(), ""))(t)
	limit := g.do("POST", "/api/v1/limits", admin, fmt.Sprintf(`{"scope":"user","owner":%q,"requests_per_minute":100}`, other.user), nil)
	things := map[string]string{"users": other.user, "teams": other.team, "orgs": other.org, "keys": other.keyID, "budgets": b.ID, "limits": fmt.Sprint(limit.json(t)["id"]), "end_users": other.endUser, "tags": other.tag}
	type request struct{ method, path, body, id string }
	var all []request
	for _, r := range routeTable {
		kind, _, _ := strings.Cut(strings.TrimPrefix(r.path, "/api/v1/"), "/")
		if id := things[kind]; id != "" && strings.HasPrefix(r.path, "/api/v1/") && strings.Contains(r.path, ":id") {
			all = append(all, request{r.method, strings.ReplaceAll(r.path, ":user", "nobody"), map[bool]string{true: "{}"}[r.method != "GET" && r.method != "DELETE"], id})
		}
	}
	if len(all) < 30 {
		t.Fatalf("only %d routes name a thing", len(all))
	}
	for path, id := range map[string]string{"/key/info?key=": other.keyID, "/user/info?user_id=": other.user, "/v2/user/info?user_id=": other.user, "/team/info?team_id=": other.team,
		"/organization/info?organization_id=": other.org, "/customer/info?end_user_id=": other.endUser, "/spend/logs?user_id=": other.user, "/team/daily/activity?start_date=2026-01-01&end_date=2026-12-31&team_ids=": other.team} {
		all = append(all, request{"GET", path + ":id", "", id})
	}
	for path, c := range map[string][2]string{"/key/update": {"key", other.keyID}, "/key/block": {"key", other.keyID}, "/key/unblock": {"key", other.keyID}, "/key/regenerate": {"key", other.keyID},
		"/user/update": {"user_id", other.user}, "/team/update": {"team_id", other.team}, "/team/block": {"team_id", other.team}, "/organization/update": {"organization_id", other.org},
		"/customer/update": {"user_id", other.endUser}, "/budget/update": {"budget_id", b.ID}, "/tag/update": {"name", other.tag}} {
		all = append(all, request{map[bool]string{true: "PATCH", false: "POST"}[path == "/organization/update"], path, fmt.Sprintf(`{%q:":id"}`, c[0]), c[1]})
	}
	for path, c := range map[string][2]string{"/key/delete": {"keys", other.keyID}, "/v2/key/info": {"keys", other.keyID}, "/user/delete": {"user_ids", other.user}, "/team/delete": {"team_ids", other.team},
		"/customer/delete": {"user_ids", other.endUser}, "/budget/info": {"budgets", b.ID}, "/tag/info": {"names", other.tag}} {
		all = append(all, request{"POST", path, fmt.Sprintf(`{%q:[":id"]}`, c[0]), c[1]})
	}
	all = append(all, request{"POST", "/key/update", `{"key_alias":":id","blocked":true}`, "the other's laptop"}, request{"POST", "/key/delete", `{"key_aliases":[":id"]}`, "the other's laptop"})
	members := `{"team_id":":id","member":{"user_id":"nobody","role":"user"}}`
	all = append(all, request{"POST", "/team/member_add", members, other.team}, request{"POST", "/team/member_delete", `{"team_id":":id","user_id":"nobody"}`, other.team},
		request{"POST", "/organization/member_add", strings.Replace(members, "team_id", "organization_id", 1), other.org}, request{"POST", "/key/generate", `{"team_id":":id"}`, other.team},
		request{"POST", "/key/generate", `{"user_id":":id"}`, other.user}, request{"DELETE", "/organization/delete", `{"organization_ids":[":id"]}`, other.org})
	for who, key := range map[string]string{"a plain caller": plain.key, "an admin of a team and an organization": boss.key} {
		for _, r := range all {
			ask := func(id string) answer {
				a := g.do(r.method, strings.ReplaceAll(r.path, ":id", id), key, strings.ReplaceAll(r.body, ":id", id), nil)
				a.Body = strings.ReplaceAll(a.Body, id, "ID")
				return a
			}
			theirs, none := ask(r.id), ask(strings.Repeat("z", len(r.id)))
			if theirs.Status != none.Status || theirs.Body != none.Body {
				t.Errorf("%s: %s %s %s of somebody else: %d %s\nof nobody: %d %s", who, r.method, r.path, r.body, theirs.Status, theirs.Body, none.Status, none.Body)
			}
		}
	}
	if a := g.chat(other, "free", "", nil); a.Status != 200 {
		t.Errorf("something was done to somebody else: %d %s", a.Status, a.Body)
	}
}
