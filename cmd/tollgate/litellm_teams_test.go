package main

import (
	"fmt"
	"strings"
	"testing"

	"tollgate/gateway/access"
)

// TestLiteLLMTeamPermissions: who may do what with a team, its members and an organization.
func TestLiteLLMTeamPermissions(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	roles := []string{"master", "ada", "vic", "sue", "pia", "tina", "mia", "olga", "alone"}
	n := 0
	for _, row := range []struct{ name, call, body, may string }{
		{"makes a team", "POST /team/new", `{"team_id":"NEW"}`, "master ada"},
		{"makes a team of an organization", "POST /team/new", `{"team_id":"NEW","organization_id":"corp"}`, "master ada olga"},
		{"gives a new team money", "POST /team/new", `{"team_id":"NEW","organization_id":"corp","max_budget":5}`, "master ada"},
		{"changes a team", "POST /team/update", `{"team_id":"red","team_alias":"R"}`, "master ada olga"},
		{"gives a team money", "POST /team/update", `{"team_id":"red","max_budget":NUM}`, "master ada"},
		{"forgives a team", "POST /team/update", `{"team_id":"red","spend":NUM}`, "master ada"},
		{"takes another organization's team", "POST /team/update", `{"team_id":"GOES","organization_id":"corp"}`, "master ada"},
		{"takes a team out of its organization", "POST /team/update", `{"team_id":"MINE","organization_id":null}`, "master ada"},
		{"says again where a team is", "POST /team/update", `{"team_id":"MINE","organization_id":"corp"}`, "master ada olga"},
		{"gives a new team's members money", "POST /team/new", `{"team_id":"NEW","organization_id":"corp","team_member_budget":5}`, "master ada"},
		{"gives those money who join a team", "POST /team/update", `{"team_id":"red","team_member_budget":NUM}`, "master ada"},
		{"has a new team's calls counted for a tag", "POST /team/new", `{"team_id":"NEW","organization_id":"corp","tags":["t"]}`, "master ada"},
		{"has a team's calls counted for a tag", "POST /team/update", `{"team_id":"MINE","metadata":{"tags":["t"]}}`, "master ada"},
		{"sees a team", "GET /team/info?team_id=red", "", "master ada vic tina mia olga"},
		{"sees another team", "GET /team/info?team_id=blue", "", "master ada vic"},
		{"lists all teams", "GET /team/list", "", "master ada vic olga"},
		{"adds somebody of the organization", "POST /team/member_add", `{"team_id":"red","member":{"user_id":"FELLOW","role":"user"}}`, "master ada tina olga"},
		{"adds somebody of another team", "POST /team/member_add", `{"team_id":"red","member":{"user_id":"MEMBER","role":"user"}}`, "master ada"},
		{"adds a member that is not there", "POST /team/member_add", `{"team_id":"red","member":{"user_id":"NEW","role":"user"}}`, "master ada"},
		{"adds a member with money", "POST /team/member_add", `{"team_id":"red","member":{"user_id":"FELLOW"},"max_budget_in_team":1}`, "master ada"},
		{"makes a member an admin", "POST /team/member_update", `{"team_id":"red","user_id":"mia","role":"user"}`, "master ada tina olga"},
		{"gives a member money", "POST /team/member_update", `{"team_id":"red","user_id":"mia","max_budget_in_team":NUM}`, "master ada"},
		{"blocks a team", "POST /team/block", `{"team_id":"blue"}`, "master ada"},
		{"unblocks a team", "POST /team/unblock", `{"team_id":"blue"}`, "master ada"},
		{"gives a team models", "POST /team/model/add", `{"team_id":"blue","models":["free"]}`, "master ada"},
		{"deletes a team", "POST /team/delete", `{"team_ids":["GOES"]}`, "master ada"},
		{"makes an organization", "POST /organization/new", `{"organization_alias":"x"}`, "master ada"},
		{"changes an organization", "PATCH /organization/update", `{"organization_id":"corp","organization_alias":"C"}`, "master ada"},
		{"sees an organization", "GET /organization/info?organization_id=corp", "", "master ada vic olga"},
		{"adds a member to an organization", "POST /organization/member_add", `{"organization_id":"corp","member":{"user_id":"FELLOW","role":"internal_user"}}`, "master ada olga"},
		{"adds a stranger to an organization", "POST /organization/member_add", `{"organization_id":"corp","member":{"user_id":"MEMBER","role":"internal_user"}}`, "master ada"},
		{"adds a stranger to a new team", "POST /team/new", `{"organization_id":"corp","members_with_roles":[{"user_id":"MEMBER","role":"user"}]}`, "master ada"},
		{"adds a fellow to a new team", "POST /team/new", `{"organization_id":"corp","members_with_roles":[{"user_id":"FELLOW","role":"user"}]}`, "master ada olga"},
		{"makes a team's key for a stranger", "POST /key/generate", `{"team_id":"red","user_id":"MEMBER"}`, "master ada"},
		{"makes a team's key for a fellow", "POST /key/generate", `{"team_id":"red","user_id":"FELLOW"}`, "master ada tina olga"},
		{"makes an organization's key for a stranger", "POST /key/generate", `{"organization_id":"corp","user_id":"MEMBER"}`, "master ada"},
		{"makes an organization's key for a fellow", "POST /key/generate", `{"organization_id":"corp","user_id":"FELLOW"}`, "master ada olga"},
		{"unblocks a team of the organization", "POST /team/unblock", `{"team_id":"BLOCKED"}`, "master ada"},
		{"opens a team of the organization", "POST /team/update", `{"team_id":"BLOCKED","blocked":false}`, "master ada"},
		{"unblocks a key of the team", "POST /key/unblock", `{"key":"SHUT"}`, "master ada"},
		{"opens a key of the team", "POST /key/update", `{"key":"SHUT","blocked":false}`, "master ada"},
		{"blocks a key of the team", "POST /key/block", `{"key":"SHUT"}`, "master ada tina olga"},
		{"deletes an organization", "DELETE /organization/delete", `{"organization_ids":["ORG"]}`, "master ada"},
	} {
		for _, who := range roles {
			n++
			fellow, blocked, shut := fmt.Sprintf("fellow%d", n), fmt.Sprintf("blocked%d", n), ""
			if strings.Contains(row.body, "FELLOW") {
				c.ok("master", "POST /user/new", fmt.Sprintf(`{"user_id":%q,"auto_create_key":false,"organizations":["corp"]}`, fellow))
			}
			if strings.Contains(row.body, "BLOCKED") {
				c.ok("master", "POST /team/new", fmt.Sprintf(`{"team_id":%q,"organization_id":"corp","blocked":true}`, blocked))
			}
			if strings.Contains(row.body, "SHUT") {
				shut = c.ok("master", "POST /key/generate", `{"team_id":"red","blocked":true}`).Get("key").String()
			}
			member, goes, org, mine := fmt.Sprintf("member%d", n), fmt.Sprintf("goes%d", n), fmt.Sprintf("org%d", n), fmt.Sprintf("mine%d", n)
			if strings.Contains(row.body, "MEMBER") {
				c.ok("master", "POST /user/new", fmt.Sprintf(`{"user_id":%q,"auto_create_key":false,"teams":["blue"]}`, member))
			}
			if strings.Contains(row.body, "GOES") {
				c.ok("master", "POST /team/new", fmt.Sprintf(`{"team_id":%q}`, goes))
			}
			if strings.Contains(row.body, "MINE") {
				c.ok("master", "POST /team/new", fmt.Sprintf(`{"team_id":%q,"organization_id":"corp"}`, mine))
			}
			if strings.Contains(row.body, "ORG") {
				c.ok("master", "POST /organization/new", fmt.Sprintf(`{"organization_id":%q,"organization_alias":"o"}`, org))
			}
			body := strings.NewReplacer("NEW", fmt.Sprintf("new%d", n), "NUM", fmt.Sprint(n), "MEMBER", member, "FELLOW", fellow, "BLOCKED", blocked, "SHUT", shut, "GOES", goes, "ORG", org, "MINE", mine).Replace(row.body)
			a := c.as(who, row.call, body)
			if may := a.Status < 300; may != strings.Contains(" "+row.may+" ", " "+who+" ") {
				t.Errorf("%s as %s: %d %s", row.name, who, a.Status, a.Body)
			} else if !may && a.Status != 401 && a.Status != 403 && a.Status != 404 {
				t.Errorf("%s as %s: %d, want a refusal of the role: %s", row.name, who, a.Status, a.Body)
			}
		}
	}
	// Whom somebody makes who manages an organization is a plain user, wherever it is asked for.
	c.ok("olga", "POST /organization/member_add", `{"organization_id":"corp","member":{"user_id":"fresh","role":"internal_user"}}`)
	if u := must(c.srv.control.User("fresh"))(t); u.Role != access.PlainUser {
		t.Errorf("olga has made a user with the role %q", u.Role)
	}
}

// TestLiteLLMStrangersAreLikeNobody: to who manages a team or an organization somebody who is
// in none of theirs is like somebody who is not there, wherever one is to be put into a team.
func TestLiteLLMStrangersAreLikeNobody(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	c.ok("master", "POST /budget/new", `{"budget_id":"dear","max_budget":1}`)
	c.ok("master", "POST /organization/new", `{"organization_id":"away","organization_alias":"A"}`)
	c.ok("master", "POST /key/generate", `{"team_id":"blue","key_alias":"stranger"}`)
	c.ok("master", "POST /user/new", `{"user_id":"stranger","user_email":"stranger@example.com","auto_create_key":false,"teams":["blue"],"max_budget":100}`)
	for _, who := range []string{"tina", "olga"} {
		for _, row := range []struct{ call, body string }{
			{"POST /team/member_add", `{"team_id":"red","member":{"user_id":"WHO","role":"user"}}`},
			{"POST /team/member_add", `{"team_id":"red","member":{"user_email":"WHO@example.com","role":"user"}}`},
			{"POST /team/member_add", `{"team_id":"red","member":[{"user_id":"mia"},{"user_id":"WHO"}]}`},
			{"POST /team/bulk_member_add", `{"team_id":"red","members":[{"user_id":"WHO","role":"user"}]}`},
			{"POST /team/member_update", `{"team_id":"red","user_id":"WHO","role":"user"}`},
			{"POST /team/member_delete", `{"team_id":"red","user_id":"WHO"}`},
			{"POST /team/member_delete", `{"team_id":"red","user_email":"WHO@example.com"}`},
			{"POST /team/new", `{"organization_id":"corp","members_with_roles":[{"user_id":"WHO","role":"user"}]}`},
			{"POST /key/generate", `{"team_id":"red","user_id":"WHO"}`},
			{"POST /key/generate", `{"organization_id":"corp","user_id":"WHO"}`},
			{"PATCH /organization/member_update", `{"organization_id":"corp","user_id":"WHO"}`},
			{"DELETE /organization/member_delete", `{"organization_id":"corp","user_id":"WHO"}`},
			{"GET /user/info?user_id=WHO", ""}, {"GET /v2/user/info?user_id=WHO", ""}, {"GET /team/list?user_id=WHO", ""}, {"GET /key/list?user_id=WHO", ""}, {"GET /user/list?user_ids=WHO", ""},
			{"GET /spend/logs/v2?start_date=2026-01-01&end_date=2026-12-31&key_alias=WHO", ""},
			{"GET /spend/logs?user_id=WHO", ""}, {"GET /user/daily/activity?start_date=2026-01-01&end_date=2026-12-31&user_id=WHO", ""},
		} {
			ask := func(user string) answer {
				a := c.as(who, strings.ReplaceAll(row.call, "WHO", user), strings.ReplaceAll(row.body, "WHO", user))
				a.Body = strings.ReplaceAll(a.Body, user, "WHO")
				return a
			}
			theirs, none := ask("stranger"), ask("nobodyyy")
			if theirs.Status != none.Status || theirs.Body != none.Body {
				t.Errorf("%s: %s %s: of a stranger %d %s\nof nobody: %d %s", who, row.call, row.body, theirs.Status, theirs.Body, none.Status, none.Body)
			}
		}
		// Whoever sees no budgets names none, be it there or not.
		for _, id := range []string{"dear", "none"} {
			for call, body := range map[string]string{"POST /key/generate": `{"team_id":"red","budget_id":%q}`, "POST /key/service-account/generate": `{"team_id":"red","max_budget":1,"budget_id":%q}`, "POST /user/new": `{"organization_id":"corp","budget_id":%q}`} {
				if a := c.as(who, call, fmt.Sprintf(body, id)); a.Status != 401 || strings.Contains(a.Body, "dear") {
					t.Errorf("%s: %s with the budget %s: %d %s", who, call, id, a.Status, a.Body)
				}
			}
		}
		if a := c.as(who, "POST /key/generate", `{"team_id":"red","organization_id":"away"}`); a.Status != 400 || strings.ReplaceAll(a.Body, "away", "none") != c.as(who, "POST /key/generate", `{"team_id":"red","organization_id":"none"}`).Body {
			t.Errorf("%s: an organization that is not the team's: %d %s", who, a.Status, a.Body)
		}
		all := c.ok(who, "POST /team/bulk_member_add", `{"team_id":"red","all_users":true}`)
		if strings.Contains(all.Raw, "stranger") || strings.Contains(all.Raw, "pia") {
			t.Errorf("all users, as %s: %s", who, all.Raw)
		}
	}
	robot := c.ok("master", "POST /key/generate", `{"team_id":"red"}`).Get("key").String()
	logs := func(alias string) answer {
		return c.do("GET", "/spend/logs/v2?start_date=2026-01-01&end_date=2026-12-31&key_alias="+alias, robot, "", nil)
	}
	if there, none := logs("stranger"), logs("nobody"); there.Status != none.Status || there.Body != none.Body {
		t.Errorf("a team's key: logs of a stranger's key %d %s\nof none: %d %s", there.Status, there.Body, none.Status, none.Body)
	}
	// What tells of somebody tells of no group that is another's.
	c.ok("master", "POST /team/member_add", `{"team_id":"blue","member":{"user_id":"mia","role":"user"}}`)
	hers := c.ok("tina", "POST /key/generate", `{"team_id":"red","user_id":"mia"}`).Get("key").String()
	c.ok("master", "POST /organization/member_add", `{"organization_id":"corp","member":{"user_id":"mia","role":"internal_user"}}`)
	inCorp := c.ok("olga", "POST /key/generate", `{"organization_id":"corp","user_id":"mia"}`).Get("key").String()
	for key, want := range map[string]int{hers: 404, inCorp: 404, c.keys["mia"]: 200} {
		if a := c.do("GET", "/team/blue/members/me", key, "", nil); a.Status != want {
			t.Errorf("what mia may spend in a team: %d %s, want %d", a.Status, a.Body, want)
		}
	}
	if a := c.do("GET", "/team/red/members/me", hers, "", nil); a.Status != 200 {
		t.Errorf("a team's key of mia, of her membership there: %d %s", a.Status, a.Body)
	}
	for _, call := range []string{"GET /user/info?user_id=mia", "GET /v2/user/info?user_id=mia"} {
		if a := c.ok("tina", call, ""); strings.Contains(a.Raw, "blue") || !strings.Contains(a.Raw, "red") {
			t.Errorf("tina, %s: %s", call, a.Raw)
		}
		if a := c.ok("mia", call, ""); !strings.Contains(a.Raw, "blue") {
			t.Errorf("mia, %s: %s", call, a.Raw)
		}
		// Nor does a key that tina makes in mia's name tell her more.
		if a := c.do("GET", strings.TrimPrefix(call, "GET "), hers, "", nil); a.Status != 200 || strings.Contains(a.Body, "blue") {
			t.Errorf("a team's key of mia, %s: %d %s", call, a.Status, a.Body)
		}
	}
	// Nobody is made with somebody else's e-mail, to be taken for that person.
	for who, body := range map[string]string{"olga": `{"organization_id":"corp","member":{"user_id":"fake","user_email":"Stranger@example.com","role":"internal_user"}}`, "master": `{"organization_id":"corp","member":{"user_id":"fake","user_email":"STRANGER@example.com","role":"internal_user"}}`} {
		if a := c.as(who, "POST /organization/member_add", body); a.Status != 409 {
			t.Errorf("%s makes a user with the e-mail of another one: %d %s", who, a.Status, a.Body)
		}
	}
	c.do("POST", "/api/v1/users", c.keys["olga"], `{"id":"fake","org":"corp","email":"stranger@example.com"}`, nil)
	if a := c.as("master", "POST /team/member_add", `{"team_id":"blue","member":{"user_email":"stranger@example.com","role":"admin"}}`); a.Status != 400 || !strings.Contains(a.Body, "2 users") {
		t.Errorf("two with one e-mail: %d %s", a.Status, a.Body)
	}
	if a := c.as("tina", "POST /team/member_add", `{"team_id":"red","member":{"user_email":"stranger@example.com","role":"user"}}`); a.Status != 200 || !strings.Contains(a.Body, "fake") {
		t.Errorf("the one whom tina has: %d %s", a.Status, a.Body)
	}
	// A budget outlives the team that somebody deletes who manages no budgets.
	c.ok("master", "POST /team/new", `{"team_id":"again","organization_id":"corp","max_budget":5,"members_with_roles":[{"user_id":"mia","role":"user"}],"team_member_budget":2}`)
	c.ok("olga", "POST /team/delete", `{"team_ids":["again"]}`)
	if got := c.ok("olga", "POST /team/new", `{"team_id":"again","organization_id":"corp","members_with_roles":[{"user_id":"mia","role":"user"}]}`); got.Get("max_budget").Float() != 5 {
		t.Errorf("made again, without its budget: %s", got.Raw)
	}
	if got := c.ok("master", "GET /team/info?team_id=again", "").Get("team_memberships.0.litellm_budget_table.max_budget").Float(); got != 2 {
		t.Errorf("a member of it may spend %v", got)
	}
	c.ok("olga", "POST /team/delete", `{"team_ids":["again"]}`)
	if got := c.ok("master", "POST /team/new", `{"team_id":"again","max_budget":7}`); got.Get("max_budget").Float() != 7 {
		t.Errorf("made again by who says what teams may spend: %s", got.Raw)
	}
	if got := must(c.srv.control.Team("red"))(t); access.Is("stranger", got.Members) || !access.Is("olga", got.Members) {
		t.Errorf("red has %v", got.Members)
	}
}

// TestLiteLLMTeamLife: a team's and its members' budgets hold for their calls, and what a
// member had in a team goes with it.
func TestLiteLLMTeamLife(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	c.ok("master", "POST /team/new", `{"team_id":"t","team_alias":"T","max_budget":1,"budget_duration":"7d","model_aliases":{"cheap":"free"},"metadata":{"a":1},
		"team_member_budget":0.5,"team_member_budget_duration":"24h","members_with_roles":[{"user_id":"mia","role":"user"}]}`)
	info := c.ok("master", "GET /team/info?team_id=t", "")
	for path, want := range map[string]string{"team_info.budget_duration": "7d", "team_info.metadata.a": "1", "team_info.litellm_model_table.model_aliases.cheap": "free",
		"team_memberships.0.litellm_budget_table.max_budget": "0.5", "team_info.members_with_roles.0.user_id": "mia"} {
		if got := info.Get(path); got.String() != want && got.Raw != want {
			t.Errorf("%s is %s, want %s", path, got.Raw, want)
		}
	}
	c.ok("master", "POST /team/member_add", `{"team_id":"t","member":[{"user_email":"New@Example.com"},{"user_id":"pia","role":"admin"}],"max_budget_in_team":0.25}`)
	if a := c.as("master", "POST /team/member_add", `{"team_id":"t","member":{"user_email":"new@example.com"}}`); a.Status != 400 || !strings.Contains(a.Body, "team_member_already_in_team") {
		t.Errorf("a member twice: %d %s", a.Status, a.Body)
	}
	key := c.ok("master", "POST /key/generate", `{"team_id":"t","user_id":"pia"}`).Get("key").String()
	p := person{key: key}
	for _, model := range []string{"paid", "cheap", "free"} {
		if a := c.chat(p, model, "", nil); a.Status != 200 {
			t.Errorf("%s: %d %s", model, a.Status, a.Body)
		}
	}
	me := c.do("GET", "/team/t/members/me", key, "", nil)
	spent := me.json(t)["spend"].(float64)
	if spent <= 0 || c.ok("master", "GET /team/info?team_id=t", "").Get("team_info.spend").Float() != spent {
		t.Errorf("spent %v: %s", spent, me.Body)
	}
	c.ok("master", "POST /team/member_update", fmt.Sprintf(`{"team_id":"t","user_id":"pia","max_budget_in_team":%v}`, spent))
	if a := c.chat(p, "paid", "", nil); !strings.Contains(a.Body, "Budget has been exceeded! TeamMember=") {
		t.Errorf("the member's budget does not hold: %d %s", a.Status, a.Body)
	}
	if a := c.chat(p, "free", "", nil); a.Status != 200 {
		t.Errorf("a free model is refused: %d %s", a.Status, a.Body)
	}
	if got := c.ok("master", "POST /team/t/member/pia/reset_spend", `{"reset_to":0}`).Get("previous_spend").Float(); got != spent {
		t.Errorf("previous_spend is %v, want %v", got, spent)
	}
	c.ok("master", "POST /team/member_update", `{"team_id":"t","user_id":"pia","max_budget_in_team":1}`)
	if a := c.chat(p, "paid", "", nil); a.Status != 200 {
		t.Errorf("after the spending was forgiven: %d %s", a.Status, a.Body)
	}
	c.ok("master", "POST /team/block", `{"team_id":"t"}`)
	if a := c.chat(p, "free", "", nil); a.Status != 401 || !strings.Contains(a.Body, "blocked") {
		t.Errorf("a blocked team: %d %s", a.Status, a.Body)
	}
	c.ok("master", "POST /team/unblock", `{"team_id":"t"}`)
	c.ok("master", "POST /team/member_delete", `{"team_id":"t","user_id":"pia"}`)
	if a := c.chat(p, "free", "", nil); a.Status != 401 {
		t.Errorf("the key of somebody who left: %d %s", a.Status, a.Body)
	}
	// What a team's admin makes in somebody's name is counted on that person too, who sees it
	// and may take it away.
	c.ok("master", "POST /user/update", `{"user_id":"sue","max_budget":0}`)
	if a := c.as("tina", "POST /team/member_add", `{"team_id":"red","member":{"user_id":"sue","role":"user"}}`); a.Status != 404 {
		t.Errorf("sue, who is none of hers: %d %s", a.Status, a.Body)
	}
	c.ok("master", "POST /organization/member_add", `{"organization_id":"corp","member":{"user_id":"sue","role":"internal_user"}}`)
	c.ok("tina", "POST /team/member_add", `{"team_id":"red","member":{"user_id":"sue","role":"user"}}`)
	c.ok("master", "DELETE /organization/member_delete", `{"organization_id":"corp","user_id":"sue"}`)
	hers := c.ok("tina", "POST /key/generate", `{"team_id":"red","user_id":"sue"}`).Get("key").String()
	if a := c.chat(person{key: hers}, "paid", "", nil); a.Status != 429 || a.member(t, "budget", "scope") != "user" {
		t.Errorf("a team's key of somebody without money: %d %s", a.Status, a.Body)
	}
	if a := c.chat(person{key: hers}, "free", "", nil); a.Status != 200 {
		t.Errorf("a free model is refused: %d %s", a.Status, a.Body)
	}
	c.ok("sue", "GET /key/info?key="+hers, "")
	if a := c.as("mia", "POST /key/delete", fmt.Sprintf(`{"keys":[%q]}`, hers)); a.Status != 403 {
		t.Errorf("a key of somebody else is deleted: %d %s", a.Status, a.Body)
	}
	c.ok("sue", "POST /key/delete", fmt.Sprintf(`{"keys":[%q]}`, hers))
	if a := c.chat(person{key: hers}, "free", "", nil); a.Status != 401 {
		t.Errorf("a key that its bearer took away: %d %s", a.Status, a.Body)
	}
	robot := c.ok("master", "POST /key/service-account/generate", `{"team_id":"t","key_alias":"robot"}`)
	if robot.Get("metadata.service_account_id").String() != "robot" {
		t.Errorf("a service account: %s", robot.Raw)
	}
	c.ok("master", "POST /team/delete", `{"team_ids":["t"]}`)
	if a := c.as("master", "GET /team/info?team_id=t", ""); a.Status != 404 || !strings.Contains(a.Body, "not found") {
		t.Errorf("a deleted team: %d %s", a.Status, a.Body)
	}
	if a := c.chat(person{key: robot.Get("key").String()}, "free", "", nil); a.Status != 401 {
		t.Errorf("a key of a deleted team: %d %s", a.Status, a.Body)
	}
	// Organizations.
	c.ok("master", "POST /organization/new", `{"organization_id":"o","organization_alias":"O","max_budget":3,"budget_duration":"30d","models":["free","paid"],"metadata":{"x":1}}`)
	c.ok("master", "POST /organization/member_add", `{"organization_id":"o","member":{"user_id":"sue","role":"org_admin"}}`)
	c.ok("sue", "POST /team/new", `{"team_id":"ot","organization_id":"o"}`)
	org := c.ok("sue", "GET /organization/info?organization_id=o", "")
	for path, want := range map[string]string{"organization_alias": "O", "litellm_budget_table.max_budget": "3.0", "litellm_budget_table.budget_duration": "30d", "members.0.user_id": "sue",
		"members.0.user_role": "org_admin", "teams.0.team_id": "ot", "models.1": "paid", "metadata.x": "1"} {
		if got := org.Get(path); got.String() != want && got.Raw != want {
			t.Errorf("organization: %s is %s, want %s", path, got.Raw, want)
		}
	}
	if got := c.ok("sue", "GET /organization/list", "").Get("#").Int(); got != 1 {
		t.Errorf("sue sees %d organizations", got)
	}
	c.ok("master", "PATCH /organization/member_update", `{"organization_id":"o","user_id":"sue","role":"internal_user"}`)
	if a := c.as("sue", "POST /team/new", `{"organization_id":"o"}`); a.Status != 401 {
		t.Errorf("who is no admin any more makes a team: %d %s", a.Status, a.Body)
	}
	c.ok("master", "DELETE /organization/member_delete", `{"organization_id":"o","user_id":"sue"}`)
	c.ok("master", "POST /team/delete", `{"team_ids":["ot"]}`)
	if got := c.ok("master", "DELETE /organization/delete", `{"organization_ids":["o"]}`).Get("0.organization_id").String(); got != "o" {
		t.Errorf("deleted %q", got)
	}
	// What is wrong is refused.
	for call, want := range map[string]string{
		`POST /team/new {"team_id":"red"}`:                                                  "400 already exists",
		`POST /team/new {"team_id":"a/b"}`:                                                  "400 a/b",
		`POST /team/new {"organization_id":"none"}`:                                         "400 not found",
		`POST /team/new {"members_with_roles":[{"role":"emperor","user_id":"x"}]}`:          "422 admin",
		`POST /team/new {"members_with_roles":[{}]}`:                                        "422 user id or user email",
		`POST /team/new {"guardrails":["x"]}`:                                               "400 guardrails",
		`POST /team/new {"team_member_budget":-1}`:                                          "400 non-negative",
		`POST /team/new {"team_member_budget_duration":"x"}`:                                "422 team_member_budget_duration",
		`POST /team/update {"team_id":"none"}`:                                              "404 not found",
		`POST /team/update {}`:                                                              "422 team_id",
		`POST /team/member_delete {"team_id":"red","user_id":"none"}`:                       "400 not found",
		`POST /team/member_add {"team_id":"none","member":{"user_id":"x"}}`:                 "404 not found",
		`POST /team/member_add {"team_id":"red"}`:                                           "422 member",
		`POST /team/model/delete {"team_id":"red","models":["x"]}`:                          "200 ",
		`POST /organization/new {}`:                                                         "422 organization_alias",
		`POST /organization/member_add {"organization_id":"none","member":{"user_id":"x"}}`: "404 not found",
		`GET /v2/team/list?page_size=1000`:                                                  "422 less than",
	} {
		method, rest, _ := strings.Cut(call, " ")
		path, body, _ := strings.Cut(rest, " ")
		a := c.as("master", method+" "+path, body)
		if status, words, _ := strings.Cut(want, " "); fmt.Sprint(a.Status) != status || !strings.Contains(a.Body, words) {
			t.Errorf("%s: %d %s, want %s", call, a.Status, a.Body, want)
		}
	}
}

// TestLiteLLMMembersFollow: what a team gives its members holds for those who are in it
// already, with what they have spent, and not for who has something of its own in its place.
func TestLiteLLMMembersFollow(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	c.ok("master", "POST /team/new", `{"team_id":"t","members_with_roles":[{"user_id":"mia"},{"user_id":"pia"},{"user_id":"sue"}]}`)
	c.ok("master", "POST /team/member_update", `{"team_id":"t","user_id":"pia","max_budget_in_team":7,"temp_budget_increase":2,"temp_budget_expiry":"2999-01-01T00:00:00Z"}`)
	p := person{key: c.ok("master", "POST /key/generate", `{"team_id":"t","user_id":"mia"}`).Get("key").String()}
	if a := c.chat(p, "paid", "", nil); a.Status != 200 {
		t.Fatal(a.Body)
	}
	member := func(user string) (told string) {
		t.Helper()
		for _, m := range c.ok("master", "GET /team/info?team_id=t", "").Get("team_memberships").Array() {
			if b := m.Get("litellm_budget_table"); m.Get("user_id").Str == user {
				told = strings.Join([]string{b.Get("max_budget").Raw, b.Get("budget_duration").Str, b.Get("rpm_limit").Raw, b.Get("model_max_budget").Raw, b.Get("temp_budget_increase").Raw, m.Get("budget_source").Str}, " ")
			}
		}
		return told
	}
	for _, step := range []struct{ body, mia, pia, gives string }{
		{`"team_member_budget":0.00000001,"team_member_budget_duration":"30d"`, `0.00000001 30d null null null team_default`, `7.0  null null 2.0 custom`, `0.00000001 30d null`},
		{`"team_alias":"T"`, `0.00000001 30d null null null team_default`, `7.0  null null 2.0 custom`, `0.00000001 30d null`},
		{`"team_member_rpm_limit":60,"team_member_model_max_budget":{"paid":{"budget_limit":3,"time_period":"1d"}}`, `0.00000001 30d 60 {"paid":{"budget_limit":3.0,"time_period":"1d"}} null team_default`, `7.0  60 {"paid":{"budget_limit":3.0,"time_period":"1d"}} 2.0 custom`, `0.00000001 30d 60`},
		{`"team_member_budget":5,"team_member_rpm_limit":null,"team_member_model_max_budget":null`, `5.0 30d null null null team_default`, `7.0  null null 2.0 custom`, `5.0 30d null`},
		{`"team_member_budget":null,"team_member_budget_duration":null`, `     none`, `7.0  null null 2.0 custom`, `  `},
	} {
		c.ok("master", "POST /team/update", `{"team_id":"t",`+step.body+`}`)
		gives := c.ok("master", "GET /team/info?team_id=t", "").Get("team_info.team_member_budget_table")
		if got := strings.Join([]string{gives.Get("max_budget").Raw, gives.Get("budget_duration").Str, gives.Get("rpm_limit").Raw}, " "); got != step.gives || member("mia") != step.mia || member("pia") != step.pia {
			t.Errorf("%s: the team gives %q; mia has %q, pia %q", step.body, got, member("mia"), member("pia"))
		}
		want := 200
		if strings.HasPrefix(step.mia, "0.00000001") {
			want = 429 // what was spent before counts
		}
		if a := c.chat(p, "paid", "", nil); a.Status != want {
			t.Errorf("%s: %d, want %d: %s", step.body, a.Status, want, a.Body)
		}
	}
	// A budget in the window of the team's own follows that, too.
	c.ok("master", "POST /team/update", `{"team_id":"t","max_budget":100,"budget_duration":"30d","team_member_budget":4}`)
	c.ok("master", "POST /team/update", `{"team_id":"t","budget_duration":"7d"}`)
	if got, want := member("mia"), `4.0 7d null null null team_default`; got != want {
		t.Errorf("in the window of the team mia has %q, want %q", got, want)
	}
	// What is named twice is deleted once.
	c.ok("master", "POST /team/delete", `{"team_ids":["t","t"]}`)
	key := c.ok("master", "POST /key/generate", `{"key_alias":"twice"}`).Get("key").String()
	c.ok("master", "POST /key/delete", fmt.Sprintf(`{"keys":[%q,%q],"key_aliases":["twice"]}`, key, key))
}
