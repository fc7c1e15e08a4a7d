package admin_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tollgate/gateway/access"
	"tollgate/gateway/admin"
	"tollgate/gateway/control"
	"tollgate/gateway/store"
)

// peopleAnswer makes what the routes of organizations, rotation, many edits and
// adjustments need, and leaves the organization science behind, which is empty.
func (s *site) peopleAnswer(key string) {
	s.t.Helper()
	s.ok("POST", "/end_users", `{"id":"a shop?4711","blocked":true,"attributes":{"x":1}}`)
	s.ok("POST", "/end_users", `{"id":"b"}`)
	if a := s.ok("GET", "/end_users?limit=1", ""); a.field("data.0.id") != "a shop?4711" || a.field("next") != "a shop?4711" || a.field("data.0.attributes.x") != 1.0 {
		s.t.Errorf("%s", a.raw)
	}
	if a := s.ok("GET", "/end_users?limit=1&after=a%20shop%3F4711", ""); a.field("data.0.id") != "b" || a.field("next") != nil {
		s.t.Errorf("%s", a.raw)
	}
	s.ok("GET", "/end_users/a%20shop%3F4711", "")
	s.ok("PATCH", "/end_users/a%20shop%3F4711", `{"name":"N"}`)
	s.ok("GET", "/end_users/never%20seen/budgets", "")
	s.ok("DELETE", "/end_users/b", "")
	for _, id := range []string{"", strings.Repeat("x", 257), "a\\u0001b"} {
		if a := s.do(s.admin, "POST", "/end_users", fmt.Sprintf(`{"id":"%s"}`, id)); a.status != 400 {
			s.t.Errorf("%q: %d %s", id, a.status, a.raw)
		}
	}
	s.ok("POST", "/tags", `{"id":"team red/batch: 50%","description":"Nightly","attributes":{"x":1}}`)
	s.ok("POST", "/tags", `{"id":"prod"}`)
	if a := s.ok("GET", "/tags?limit=1", ""); a.field("data.0.id") != "prod" || a.field("next") != "prod" || a.field("data.0.blocked") != false {
		s.t.Errorf("%s", a.raw)
	}
	if a := s.ok("GET", "/tags?after=prod", ""); a.field("data.0.attributes.x") != 1.0 || a.field("next") != nil {
		s.t.Errorf("%s", a.raw)
	}
	const slash = "/tags/team%20red%2Fbatch%3A%2050%25"
	if a := s.ok("GET", slash, ""); a.field("description") != "Nightly" {
		s.t.Errorf("%s", a.raw)
	}
	if a := s.ok("PATCH", slash, `{"blocked":true}`); a.field("blocked") != true || a.field("description") != "Nightly" {
		s.t.Errorf("%s", a.raw)
	}
	s.ok("GET", slash+"/budgets", "")
	s.ok("GET", "/tags/never%20seen/budgets", "")
	s.ok("DELETE", "/tags/prod", "")
	for _, id := range []string{"", " x", "x ", "..", "a//b", "/a", "a/", "a/../b", strings.Repeat("x", 257), "a\\u0001b"} {
		if a := s.do(s.admin, "POST", "/tags", fmt.Sprintf(`{"id":"%s"}`, id)); a.status != 400 {
			s.t.Errorf("%q: %d %s", id, a.status, a.raw)
		}
	}
	s.ok("POST", "/orgs", `{"id":"science","name":"Science","models":["free"],"attributes":{"cost center":[1,{"a":null}]}}`)
	if a := s.ok("GET", "/orgs/science", ""); fmt.Sprint(a.field("attributes.cost center")) != "[1 map[a:<nil>]]" {
		s.t.Errorf("%s", a.raw)
	}
	s.ok("GET", "/orgs", "")
	if a := s.ok("PATCH", "/orgs/science", `{"models":[]}`); a.field("name") != "Science" || a.field("attributes.cost center") == nil {
		s.t.Errorf("%s", a.raw)
	}
	s.ok("GET", "/orgs/science/budgets", "")
	if a := s.ok("PUT", "/orgs/science/members/alice?role=admin", ""); fmt.Sprint(a.field("admins")) != "[alice]" {
		s.t.Errorf("%s", a.raw)
	}
	s.ok("DELETE", "/orgs/science/members/alice", "")
	if a := s.ok("POST", "/keys/"+key+"/rotate", `{"grace_seconds":3600}`); a.field("former_until") == nil {
		s.t.Errorf("%s", a.raw)
	}
	if a := s.ok("POST", "/apply", `{"edits":[{"action":"create","kind":"user","id":"carol"},{"action":"delete","kind":"user","id":"carol"}]}`); a.field("edits.1.id") != "carol" {
		s.t.Errorf("%s", a.raw)
	}
	s.ok("POST", "/plans", `{"id":"my plan: 5 $","name":"Five","attributes":{"limit":"5"}}`)
	if a := s.ok("POST", "/plans", `{}`); !strings.HasPrefix(fmt.Sprint(a.field("id")), "plan_") {
		s.t.Errorf("%s", a.raw)
	}
	if a := s.do(s.admin, "POST", "/plans", `{"id":"my plan: 5 $"}`); a.status != 409 {
		s.t.Errorf("%d %s", a.status, a.raw)
	}
	if a := s.ok("PATCH", "/plans/my%20plan%3A%205%20$", `{"attributes":{"limit":"7"}}`); a.field("name") != "Five" || a.field("attributes.limit") != "7" {
		s.t.Errorf("%s", a.raw)
	}
	s.ok("GET", "/plans/my%20plan%3A%205%20$", "")
	if a := s.ok("POST", "/apply", `{"edits":[{"action":"create","kind":"plan","id":"b"},{"action":"update","kind":"plan","id":"b","name":"B"},{"action":"delete","kind":"plan","id":"my plan: 5 $"}]}`); a.field("edits.0.id") != "b" {
		s.t.Errorf("%s", a.raw)
	}
	if a := s.ok("GET", "/plans?limit=1", ""); a.field("data.0.id") != "b" || a.field("data.0.name") != "B" || a.field("next") == nil {
		s.t.Errorf("%s", a.raw)
	}
	s.ok("DELETE", "/plans/b", "")
	if a := s.do(s.admin, "GET", "/plans/b", ""); a.status != 404 {
		s.t.Errorf("%d %s", a.status, a.raw)
	}
	if a := s.ok("GET", "/audit?kind=plan&id=b", ""); a.field("data.0.action") != "delete" || a.field("data.1.before.name") != "" || a.field("data.1.after.name") != "B" {
		s.t.Errorf("%s", a.raw)
	}
	s.ok("GET", "/audit", "")
	a := s.ok("POST", "/adjustments", `{"scope":"user","owner":"alice","amount":"2.5","reason":"spent elsewhere"}`)
	if a.field("amount") != "2.50" || a.field("actor") != "key admin" {
		s.t.Errorf("%s", a.raw)
	}
	if a := s.ok("GET", "/usage?by=user&user=alice", ""); a.field("rows.0.adjusted") != "2.50" || a.field("rows.0.cost") != "0.011" || a.field("rows.0.paid.calls") != 1.0 {
		s.t.Errorf("%s", a.raw)
	}
	if a := s.ok("GET", "/entries?operation=adjustment", ""); a.field("data.0.reason") != "spent elsewhere" || a.field("data.1") != nil {
		s.t.Errorf("%s", a.raw)
	}
	if a := s.ok("GET", "/verify", ""); len(a.field("differences").([]any)) != 0 || a.field("cost") != "2.511" {
		s.t.Errorf("%s", a.raw)
	}
}

// TestRotation: the secret before works as long as was said, and no other.
func TestRotation(t *testing.T) {
	s := start(t)
	one, id := s.key("alice", "")
	works := func(secret string) bool { return s.do(secret, "GET", "/me", "").status == 200 }
	two := s.ok("POST", "/keys/"+id+"/rotate", `{"grace_seconds":60}`).field("key").(string)
	if !works(one) || !works(two) {
		t.Error("in the time of grace one of the two does not work")
	}
	three := s.ok("POST", "/keys/"+id+"/rotate", `{"grace_seconds":60,"key":"sk-9fK2mQ7xVb3TzL8w"}`).field("key").(string)
	if works(one) || !works(two) || !works(three) {
		t.Error("after the second rotation the wrong ones work")
	}
	a := s.ok("POST", "/keys/"+id+"/rotate", `{}`)
	if works(two) || works(three) || !works(a.field("key").(string)) || a.field("former_until") != nil {
		t.Error("without grace the one before works")
	}
	for body, code := range map[string]string{`{"grace_seconds":7776001}`: "invalid_value", `{"grace_seconds":-1}`: "invalid_value", `{"key":"sk-1234"}`: "weak_secret",
		`{"key":"sk-aaaaaaaaaaaaaaaaaaaa"}`: "weak_secret", `{"key":"pk-aBcDeFgHiJkLmNoP"}`: "weak_secret", `{"key":"sk-tg-aBcDeFgHiJkLmNoP"}`: "weak_secret",
		`{"key":"sk-9fK2mQ7xVb3TzL8wR","digest":"` + strings.Repeat("00", 31) + `01"}`: "invalid_value", `{"digest":"00"}`: "invalid_value", `{"hint":"abcd"}`: "invalid_value"} {
		if a := s.do(s.admin, "POST", "/keys/"+id+"/rotate", body); a.status != 400 || a.code() != code {
			t.Errorf("%s: %d %s", body, a.status, a.raw)
		}
	}
	other, _ := s.key("bob", `,"key":"sk-W4nB8sJ1yHc6PdGu"`)
	if a := s.do(s.admin, "POST", "/keys/"+id+"/rotate", fmt.Sprintf(`{"key":%q}`, other)); a.status != 409 {
		t.Errorf("another's secret: %d %s", a.status, a.raw)
	}
}

// TestRoles: who may do what, by the one table, over real requests.
func TestRoles(t *testing.T) {
	s := start(t)
	s.ok("POST", "/apply", `{"edits":[
		{"action":"create","kind":"org","id":"science"},{"action":"create","kind":"org","id":"arts"},
		{"action":"create","kind":"team","id":"physics","org":"science"},{"action":"create","kind":"team","id":"music","org":"arts"},
		{"action":"create","kind":"user","id":"manager","role":"admin"},{"action":"create","kind":"user","id":"viewer","role":"viewer"},
		{"action":"create","kind":"user","id":"dean"},{"action":"create","kind":"user","id":"prof"},{"action":"create","kind":"user","id":"student"},
		{"action":"create","kind":"user","id":"fellow"},{"action":"update","kind":"org_member","id":"science","user":"fellow"},
		{"action":"update","kind":"org_member","id":"science","user":"dean","role":"admin"},
		{"action":"update","kind":"team_member","id":"physics","user":"prof","role":"admin"},
		{"action":"update","kind":"team_member","id":"physics","user":"student"},
		{"action":"update","kind":"team_member","id":"physics","user":"manager"},
		{"action":"create","kind":"key","id":"teamkey","team":"physics","user":"student"},
		{"action":"create","kind":"key","id":"musickey","team":"music"}]}`)
	who := map[string]string{}
	for _, user := range []string{"manager", "viewer", "dean", "prof", "student"} {
		who[user], _ = s.key(user, "")
	}
	managerInTeam, _ := s.key("manager", `,"team":"physics"`)
	who["manager in a team"] = managerInTeam
	if err := s.call(who["manager"], "echo"); err != nil {
		t.Errorf("who manages calls models too: %v", err)
	}
	if err := s.call(s.admin, "echo"); !errors.Is(err, access.ErrAdminCalls) {
		t.Errorf("an admin key: %v", err)
	}
	seeing, managing := []string{"manager", "viewer"}, []string{"manager"}
	science := []string{"manager", "dean"}
	physics := append(slices.Clone(science), "prof")
	for _, c := range []struct {
		method, path, body string
		may                []string
	}{
		{"GET", "/users/student", "", append(slices.Clone(seeing), "prof", "student")},
		{"GET", "/users/student/budgets", "", append(slices.Clone(seeing), "prof", "student")},
		{"PATCH", "/users/student", `{"name":"S"}`, managing},
		{"DELETE", "/users/nobody", "", managing},
		{"GET", "/orgs/science", "", append(slices.Clone(seeing), "dean")},
		{"GET", "/orgs/arts", "", seeing},
		{"PATCH", "/orgs/science", `{"models":[]}`, managing},
		{"PUT", "/orgs/science/members/student", "", science},
		{"DELETE", "/orgs/arts/members/student", "", managing},
		{"GET", "/teams/physics", "", append(slices.Clone(physics), "viewer", "student")},
		{"PATCH", "/teams/physics", `{"name":"P"}`, science},
		{"PATCH", "/teams/music", `{"name":"M"}`, managing},
		{"PUT", "/teams/physics/members/fellow", "", physics},
		{"DELETE", "/teams/physics/members/fellow", "", physics},
		{"PUT", "/teams/music/members/viewer", "", managing},
		{"GET", "/keys/teamkey", "", append(slices.Clone(physics), "viewer", "student")},
		{"GET", "/keys/musickey", "", seeing},
		{"GET", "/keys/nothing", "", seeing},
		{"PATCH", "/keys/teamkey", `{"name":"k"}`, physics},
		{"POST", "/keys/teamkey/rotate", `{}`, physics},
		{"POST", "/keys/musickey/rotate", `{}`, managing},
		{"POST", "/keys", `{"team":"physics","user":"student"}`, physics},
		{"POST", "/keys", `{"team":"music"}`, managing},
		{"POST", "/keys", `{"org":"science"}`, science},
		{"POST", "/keys", `{"team":"physics","org":"arts"}`, nil}, // not the team's
		{"POST", "/keys", `{"user":"student"}`, managing},
		{"POST", "/keys", `{"role":"admin"}`, managing},
		{"POST", "/keys", `{"standalone":true}`, managing},
		{"GET", "/budgets", "", seeing},
		{"GET", "/plans", "", seeing},
		{"POST", "/plans", `{}`, managing},
		{"GET", "/limits", "", seeing},
		{"POST", "/budgets", `{"scope":"user","owner":"student","limit":"1","per":"day"}`, managing},
		{"GET", "/usage?user=student", "", append(slices.Clone(seeing), "student")},
		{"GET", "/usage?team=physics", "", append(slices.Clone(physics), "viewer")},
		{"GET", "/usage?org=science", "", append(slices.Clone(science), "viewer")},
		{"GET", "/entries?key=teamkey", "", append(slices.Clone(physics), "viewer", "student")},
		{"GET", "/usage", "", seeing},
		{"GET", "/check", "", seeing},
		{"GET", "/verify", "", seeing},
		{"POST", "/apply", `{"edits":[]}`, managing},
		{"POST", "/adjustments", `{"scope":"user","owner":"student","amount":"-1","reason":"r"}`, managing},
	} {
		for name, key := range who {
			a := s.do(key, c.method, c.path, c.body)
			denied := a.status == http.StatusForbidden && slices.Contains([]string{"not_permitted", "admin_only"}, a.code())
			if may := slices.Contains(c.may, name); may == denied && c.may != nil || c.may == nil && a.status < 400 {
				t.Errorf("%s %s %s as %s: %d %s", c.method, c.path, c.body, name, a.status, a.raw)
			}
		}
	}
	for _, body := range []string{`{"org":"arts"}`, `{"org":""}`} {
		if a := s.do(who["dean"], "PATCH", "/teams/physics", body); a.status != 403 {
			t.Errorf("a team goes to where it is not theirs to put, by %s: %d %s", body, a.status, a.raw)
		}
	}
	for name, want := range map[string]string{"student": "[student]", "prof": "[manager prof student]", "dean": "[dean fellow student]"} {
		var got []string
		for _, u := range s.do(who[name], "GET", "/users", "").field("data").([]any) {
			got = append(got, u.(object)["id"].(string))
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s sees %v, want %s", name, got, want)
		}
	}
	// Those who manage an organization make its users, and no managers.
	for body, status := range map[string]int{`{"id":"new","org":"science"}`: 201, `{"id":"new2"}`: 403, `{"id":"new3","org":"arts"}`: 403, `{"id":"new4","org":"science","role":"admin"}`: 403} {
		if a := s.do(who["dean"], "POST", "/users", body); a.status != status {
			t.Errorf("%s: %d %s", body, a.status, a.raw)
		}
	}
	if a := s.ok("GET", "/orgs/science", ""); !strings.Contains(fmt.Sprint(a.field("members")), "new") {
		t.Errorf("%s", a.raw)
	}
}

// TestWhomAdminsOfGroupsAdd: who manages a group adds to it whom it has in another one, and a
// team those of its organization. Anybody else is to it like somebody who is not there, and
// spends for it neither by membership nor by a key in that name.
func TestWhomAdminsOfGroupsAdd(t *testing.T) {
	s := start(t)
	edits := `{"edits":[{"action":"create","kind":"org","id":"science"},{"action":"create","kind":"org","id":"arts"},
		{"action":"create","kind":"team","id":"physics","org":"science"},{"action":"create","kind":"team","id":"optics"},{"action":"create","kind":"team","id":"music","org":"arts"}`
	for _, id := range []string{"dean", "prof", "watcher", "fellow", "colleague", "student", "stranger"} {
		edits += fmt.Sprintf(`,{"action":"create","kind":"user","id":%q,"role":%q}`, id, map[bool]string{true: "viewer", false: "member"}[id == "watcher"])
	}
	for _, m := range []string{`"org_member","id":"science","user":"dean","role":"admin"`, `"team_member","id":"physics","user":"prof","role":"admin"`, `"team_member","id":"optics","user":"prof","role":"admin"`,
		`"team_member","id":"physics","user":"watcher","role":"admin"`, `"org_member","id":"science","user":"fellow"`, `"team_member","id":"optics","user":"colleague"`,
		`"team_member","id":"physics","user":"student"`, `"team_member","id":"music","user":"stranger"`, `"org_member","id":"arts","user":"stranger"`} {
		edits += `,{"action":"update","kind":` + m + `}`
	}
	s.ok("POST", "/apply", edits+`]}`)
	who := map[string]string{}
	for _, name := range []string{"dean", "prof", "watcher"} {
		who[name], _ = s.key(name, "")
	}
	for _, c := range []struct{ group, user, may string }{
		{"teams/physics", "fellow", "dean prof watcher"},
		{"teams/physics", "colleague", "prof"},
		{"teams/physics", "student", "dean prof watcher"}, // is one, and may be given another role
		{"teams/physics", "dean", "dean prof watcher"},
		{"teams/physics", "stranger", ""},
		{"teams/optics", "student", "prof"},
		{"teams/optics", "fellow", ""},
		{"orgs/science", "prof", "dean"}, // of one of its teams
		{"orgs/science", "stranger", ""},
		{"orgs/science", "colleague", ""},
	} {
		for name, key := range who {
			ask := func(method, user string) answer { return s.do(key, method, "/"+c.group+"/members/"+user, "") }
			had := s.ok("GET", "/"+c.group, "").field("members")
			a := ask("PUT", c.user)
			if may := slices.Contains(strings.Fields(c.may), name); may != (a.status == 200) || !may && (a.status != 403 || a.code() != "not_permitted") {
				t.Errorf("%s adds %s to %s: %d %s", name, c.user, c.group, a.status, a.raw)
			}
			if !strings.Contains(fmt.Sprint(had), c.user) && a.status == 200 {
				s.ok("DELETE", "/"+c.group+"/members/"+c.user, "")
			}
		}
	}
	// One who is not theirs is like one who is not there.
	for name, key := range who {
		for _, c := range []struct{ method, path, body string }{
			{"PUT", "/teams/physics/members/WHO", ""}, {"DELETE", "/teams/physics/members/WHO", ""}, {"PUT", "/orgs/science/members/WHO", ""}, {"DELETE", "/orgs/science/members/WHO", ""},
			{"POST", "/keys", `{"team":"physics","user":"WHO"}`}, {"POST", "/keys", `{"org":"science","user":"WHO"}`}, {"POST", "/keys", `{"org":"science","team":"physics","user":"WHO"}`},
			{"GET", "/users/WHO", ""}, {"GET", "/users/WHO/budgets", ""}, {"GET", "/keys?user=WHO", ""}, {"GET", "/usage?user=WHO", ""},
		} {
			ask := func(user string) answer {
				a := s.do(key, c.method, strings.ReplaceAll(c.path, "WHO", user), strings.ReplaceAll(c.body, "WHO", user))
				a.raw = []byte(strings.ReplaceAll(string(a.raw), user, "WHO"))
				return a
			}
			if name == "watcher" && c.method == "GET" {
				continue // who sees everybody
			}
			theirs, none := ask("stranger"), ask("nobodyy")
			if theirs.status < 400 && c.method != "GET" || theirs.status != none.status || string(theirs.raw) != string(none.raw) {
				t.Errorf("%s: %s %s %s: of a stranger %d %s\nof nobody: %d %s", name, c.method, c.path, c.body, theirs.status, theirs.raw, none.status, none.raw)
			}
		}
	}
	for name, key := range who {
		if arts, none := s.do(key, "POST", "/keys", `{"team":"physics","org":"arts"}`), s.do(key, "POST", "/keys", `{"team":"physics","org":"none"}`); arts.status != none.status || arts.status != 400 || strings.ReplaceAll(string(none.raw), "none", "arts") != string(arts.raw) {
			t.Errorf("%s: a key of a team in an organization that is not its own: %d %s\nthat is none: %d %s", name, arts.status, arts.raw, none.status, none.raw)
		}
	}
	// Nor does anybody see by whom it has in which groups of others they are, or what they may spend there.
	s.ok("PUT", "/teams/music/members/student", "")
	s.ok("PUT", "/orgs/arts/members/student", "")
	s.ok("POST", "/budgets", `{"scope":"member","owner":"music/student","limit":"3","per":"month"}`)
	for name, want := range map[string]string{"prof": "[physics] []", "dean": "", "watcher": "[music physics] [arts]"} {
		a, list, budgets := s.do(who[name], "GET", "/users/student", ""), s.do(who[name], "GET", "/users", ""), s.do(who[name], "GET", "/users/student/budgets", "")
		if want == "" {
			if a.status != 403 {
				t.Errorf("%s sees the student: %s", name, a.raw)
			}
			continue
		}
		got := fmt.Sprint(a.field("teams"), " ", a.field("orgs"))
		for _, u := range list.field("data").([]any) {
			if u := u.(object); u["id"] == "student" && fmt.Sprint(u["teams"], " ", u["orgs"]) != got {
				t.Errorf("%s lists the student in %v %v", name, u["teams"], u["orgs"])
			}
		}
		if got != want || strings.Contains(string(budgets.raw), "music") != (name == "watcher") {
			t.Errorf("%s sees the student in %s, want %s, with the budgets %s", name, got, want, budgets.raw)
		}
	}
	s.ok("PUT", "/orgs/science/members/student", "")
	if a := s.do(who["dean"], "POST", "/keys", `{"org":"science","user":"student"}`); a.status != 201 {
		t.Errorf("a key in the name of a member: %d %s", a.status, a.raw)
	}
}

// TestWhatIsBlockedStaysSo: who manages a group may block its keys and teams; what is blocked
// those who manage everything unblock, and no team goes to where it would be open.
func TestWhatIsBlockedStaysSo(t *testing.T) {
	s := start(t)
	s.ok("POST", "/apply", `{"edits":[{"action":"create","kind":"org","id":"science"},{"action":"create","kind":"org","id":"arts"},{"action":"create","kind":"team","id":"physics","org":"science"},
		{"action":"create","kind":"user","id":"dean"},{"action":"create","kind":"user","id":"prof"},
		{"action":"update","kind":"org_member","id":"science","user":"dean","role":"admin"},{"action":"update","kind":"org_member","id":"arts","user":"dean","role":"admin"},
		{"action":"update","kind":"team_member","id":"physics","user":"prof","role":"admin"},
		{"action":"create","kind":"key","id":"teamkey","team":"physics"},{"action":"create","kind":"key","id":"orgkey","org":"science"}]}`)
	dean, _ := s.key("dean", "")
	prof, _ := s.key("prof", "")
	asks := func(key, path, body string, status int) {
		t.Helper()
		if a := s.do(key, "PATCH", path, body); a.status != status {
			t.Errorf("PATCH %s %s: %d %s", path, body, a.status, a.raw)
		}
	}
	for path, whose := range map[string][]string{"/keys/teamkey": {dean, prof}, "/keys/orgkey": {dean}, "/teams/physics": {dean}} {
		for _, key := range whose {
			asks(key, path, `{"blocked":true}`, 200)
			asks(key, path, `{"blocked":false}`, 403)
			asks(key, path, `{"blocked":true,"name":"n"}`, 200)
			asks(s.admin, path, `{"blocked":false}`, 200)
			asks(key, path, `{"blocked":false}`, 200) // it is not
		}
	}
	asks(s.admin, "/orgs/science", `{"blocked":true}`, 200)
	asks(dean, "/teams/physics", `{"org":"arts"}`, 403)
	asks(s.admin, "/orgs/science", `{"blocked":false}`, 200)
	asks(dean, "/teams/physics", `{"org":"arts"}`, 200)
}

// TestIDs: whatever is taken as an id is found again by it, on every route that has one,
// and what is not taken is so for a reason.
func TestIDs(t *testing.T) {
	s := start(t)
	letters := rapid.SampledFrom([]rune("aZ0._@+-|: ?#%;&=,*!'\"()[]{}<>^`~$\\é漢\u0301/\u00a0\u202e\n\x00"))
	known := []string{"auth0|5f7c8", "urn:x:y", "My Team", "a%2Fb", "%", "..a", "50% off", `c:\dir`, "*", ":id", "+", "a  b", strings.Repeat("漢", 42), strings.Repeat("x", 128)}
	refused := []string{"", ".", "...", "a/b", "a ", " a", strings.Repeat("x", 129), "a\tb", "a\u202eb", "a\u00a0b", "a\xff", "a\ufffdb"}
	survives := func(t rapid.TB, id string) bool {
		text, err1 := json.Marshal(id)
		member, err2 := json.Marshal(id + "/" + id)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		a := s.do(s.admin, "POST", "/apply", fmt.Sprintf(`{"edits":[{"action":"create","kind":"user","id":%s},{"action":"create","kind":"org","id":%[1]s},{"action":"create","kind":"team","id":%[1]s,"org":%[1]s},
			{"action":"update","kind":"team_member","id":%[1]s,"user":%[1]s},{"action":"create","kind":"key","id":%[1]s,"user":%[1]s,"team":%[1]s},{"action":"create","kind":"end_user","id":%[1]s},
			{"action":"create","kind":"budget","id":%[1]s,"scope":"member","owner":%[2]s,"limit":"1","per":"day"},{"action":"create","kind":"limit","id":%[1]s,"scope":"key","owner":%[1]s,"requests_per_minute":9},
			{"action":"create","kind":"adjustment","scope":"member","owner":%[2]s,"amount":"0.25","reason":"r"}]}`, text, member))
		if a.status != 200 {
			if a.status != 400 {
				t.Fatalf("%q: %d %s", id, a.status, a.raw)
			}
			return false
		}
		seg := url.PathEscape(id)
		for _, c := range []struct{ method, path, body string }{
			{"GET", "/users/ID", ""}, {"PATCH", "/users/ID", `{"name":"n"}`}, {"GET", "/users/ID/budgets", ""}, {"GET", "/orgs/ID", ""}, {"PATCH", "/orgs/ID", `{"name":"n"}`},
			{"GET", "/orgs/ID/budgets", ""}, {"PUT", "/orgs/ID/members/ID?role=admin", ""}, {"DELETE", "/orgs/ID/members/ID", ""}, {"GET", "/teams/ID", ""},
			{"PATCH", "/teams/ID", `{"org":""}`}, {"GET", "/teams/ID/budgets", ""}, {"PUT", "/teams/ID/members/ID?role=admin", ""}, {"GET", "/keys/ID", ""}, {"PATCH", "/keys/ID", `{"name":"n"}`},
			{"GET", "/keys/ID/budgets", ""}, {"POST", "/keys/ID/rotate", `{}`}, {"GET", "/end_users/ID", ""}, {"PATCH", "/end_users/ID", `{"name":"n"}`}, {"GET", "/end_users/ID/budgets", ""},
			{"GET", "/budgets/ID", ""}, {"PATCH", "/budgets/ID", `{"name":"n"}`}, {"GET", "/limits/ID", ""}, {"PATCH", "/limits/ID", `{"name":"n"}`}, {"GET", "/keys?user=ID", ""},
			{"GET", "/users?limit=1", ""}, {"GET", "/usage?by=user&user=QUERY", ""}, {"GET", "/audit?kind=user&id=QUERY", ""}, {"DELETE", "/budgets/ID", ""}, {"DELETE", "/limits/ID", ""},
			{"DELETE", "/end_users/ID", ""}, {"DELETE", "/keys/ID", ""}, {"DELETE", "/teams/ID/members/ID", ""}, {"DELETE", "/teams/ID", ""}, {"DELETE", "/orgs/ID", ""}, {"DELETE", "/users/ID", ""},
		} {
			path := strings.NewReplacer("user=ID", "user="+url.QueryEscape(id), "ID", seg, "QUERY", url.QueryEscape(id)).Replace(c.path)
			a := s.do(s.admin, c.method, path, c.body)
			if a.status >= 300 {
				t.Fatalf("%q: %s %s: %d %s", id, c.method, path, a.status, a.raw)
			}
			want := map[string]any{"GET /users/ID": a.field("id"), "GET /keys/ID": a.field("id"), "GET /teams/ID": a.field("members.0"), "GET /end_users/ID": a.field("id"), "GET /keys?user=ID": a.field("data.0.id"),
				"GET /usage?by=user&user=QUERY": a.field("rows.0.group.user"), "GET /audit?kind=user&id=QUERY": a.field("data.0.id"), "POST /keys/ID/rotate": a.field("user")}
			if got, told := want[c.method+" "+c.path]; told && got != id {
				t.Fatalf("%q: %s %s tells of %q: %s", id, c.method, path, got, a.raw)
			}
		}
		return true
	}
	for _, id := range known {
		if !survives(t, id) {
			t.Errorf("%q is refused", id)
		}
	}
	for _, id := range refused {
		if survives(t, id) {
			t.Errorf("%q is taken", id)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		id := string(rapid.SliceOfN(letters, 1, 12).Draw(t, "id"))
		ok := strings.TrimSpace(id) == id && strings.Trim(id, ".") != "" && !strings.ContainsAny(id, "/\u00a0\u202e\n\x00")
		if survives(t, id) != ok {
			t.Fatalf("%q is taken: %v", id, !ok)
		}
	})
}

// TestSelfService: somebody who keeps keys of its own may do so, within what the key that
// asks may do itself, and nothing else.
func TestSelfService(t *testing.T) {
	s := start(t)
	s.ok("POST", "/apply", `{"edits":[
		{"action":"create","kind":"team","id":"physics"},
		{"action":"create","kind":"user","id":"ann","role":"self_service","models":["free","paid"]},{"action":"create","kind":"user","id":"bob"},
		{"action":"create","kind":"user","id":"prof"},
		{"action":"update","kind":"team_member","id":"physics","user":"ann"},{"action":"update","kind":"team_member","id":"physics","user":"bob"},
		{"action":"update","kind":"team_member","id":"physics","user":"prof","role":"admin"},
		{"action":"create","kind":"key","id":"bobs","user":"bob"},
		{"action":"create","kind":"key","id":"teams","user":"ann","team":"physics"},
		{"action":"create","kind":"key","id":"blocked","user":"ann","blocked":true},
		{"action":"create","kind":"key","id":"wide","user":"ann"},
		{"action":"create","kind":"key","id":"naming","user":"ann","end_users":true},
		{"action":"create","kind":"key","id":"tagging","user":"ann","call_tags":true},
		{"action":"create","kind":"key","id":"tagged","user":"ann","tags":["x"]}]}`)
	who := map[string]string{}
	for name, fields := range map[string]string{"ann": "", "limited": `,"models":["free","gpt-*"],"expires":"2999-01-01T00:00:00Z"`, "reading": `,"routes":["read","/api/v1/keys"]`, "managing": `,"routes":["manage"]`, "in the team": `,"team":"physics"`} {
		who[name] = s.ok("POST", "/keys", `{"user":"ann"`+fields+`}`).field("key").(string)
	}
	who["bob"], _ = s.key("bob", "")
	who["prof"], _ = s.key("prof", "")
	who["limited prof"], _ = s.key("prof", `,"models":["free"]`)
	who["part of an admin"] = s.ok("POST", "/keys", `{"role":"admin","routes":["/api/v1/keys*"]}`).field("key").(string)
	for _, c := range []struct {
		method, path, body string
		may                []string // of those above, in any order
		end                bool
	}{
		{"POST", "/keys", `{"user":"ann"}`, []string{"ann", "managing"}, false},
		{"POST", "/keys", `{"user":"ann","models":["free"]}`, []string{"ann", "managing"}, false},
		{"POST", "/keys", `{"user":"ann","models":["free","gpt-5"],"expires":"2998-01-01T00:00:00Z"}`, []string{"ann", "managing", "limited"}, false},
		{"POST", "/keys", `{"user":"ann","models":["free","paid"],"expires":"2998-01-01T00:00:00Z"}`, []string{"ann", "managing"}, false},
		{"POST", "/keys", `{"user":"ann","models":["free"],"expires":"2999-01-02T00:00:00Z"}`, []string{"ann", "managing"}, false},
		{"POST", "/keys", `{"user":"ann","routes":["read"]}`, []string{"ann", "managing", "reading"}, false},
		{"POST", "/keys", `{"user":"ann","routes":["/api/v1/keys"]}`, []string{"ann", "managing", "reading", "part of an admin"}, false},
		{"POST", "/keys", `{"user":"ann","end_users":true}`, nil, false},
		{"POST", "/keys", `{"user":"ann","digest":"` + strings.Repeat("1", 64) + `"}`, nil, false},
		{"POST", "/keys", `{"user":"bob"}`, nil, false},
		{"POST", "/keys", `{"user":"ann","team":"physics"}`, []string{"prof"}, false},
		{"POST", "/keys", `{"user":"ann","team":"physics","models":["free"]}`, []string{"prof", "limited prof"}, false},
		{"POST", "/keys", `{"team":"physics","models":["free"],"end_users":true}`, []string{"prof", "limited prof"}, false},
		{"POST", "/keys", `{"standalone":true}`, nil, false},
		{"POST", "/keys", `{"role":"admin"}`, nil, false},
		{"PATCH", "/keys/wide", `{"name":"w"}`, []string{"ann", "managing", "limited", "part of an admin"}, false},
		{"PATCH", "/keys/wide", `{"models":["free"]}`, []string{"ann", "managing", "limited", "part of an admin"}, false},
		{"PATCH", "/keys/wide", `{"models":[]}`, []string{"ann", "managing", "part of an admin"}, false},
		{"PATCH", "/keys/wide", `{"routes":[]}`, []string{"ann", "managing", "limited"}, false},
		{"PATCH", "/keys/wide", `{"end_users":true}`, nil, true},
		{"PATCH", "/keys/naming", `{"end_users":true}`, []string{"ann", "managing", "limited", "part of an admin"}, false},
		{"PATCH", "/keys/blocked", `{"blocked":true}`, []string{"ann", "managing", "limited", "part of an admin"}, false},
		{"PATCH", "/keys/blocked", `{"blocked":false}`, nil, true},
		{"PATCH", "/keys/blocked", `{"blocked":true}`, []string{"ann", "managing", "limited", "part of an admin"}, false},
		{"PATCH", "/keys/bobs", `{"name":"b"}`, []string{"part of an admin"}, false},
		{"PATCH", "/keys/teams", `{"name":"t"}`, []string{"prof", "limited prof", "part of an admin"}, false},
		{"PATCH", "/keys/teams", `{"models":["free","paid"]}`, []string{"prof", "part of an admin"}, false},
		{"POST", "/keys/wide/rotate", `{}`, []string{"ann", "managing"}, false},
		{"POST", "/keys/naming/rotate", `{}`, nil, false}, // the answer would name end users
		{"POST", "/keys/tagging/rotate", `{}`, nil, false},
		{"POST", "/keys/tagged/rotate", `{}`, []string{"ann", "managing"}, false},
		{"POST", "/keys", `{"user":"ann","attributes":{"litellm":{"budget_id":"dear"}}}`, nil, false},
		{"PATCH", "/keys/wide", `{"attributes":{}}`, []string{"part of an admin"}, false},
		{"POST", "/keys/teams/rotate", `{}`, []string{"prof"}, false},
		{"POST", "/keys/admin/rotate", `{}`, nil, false},
		{"DELETE", "/keys/bobs", "", nil, true},
		{"PATCH", "/users/ann", `{"role":"admin"}`, nil, false},
		{"POST", "/users", `{"id":"eve"}`, nil, false},
		{"POST", "/budgets", `{"scope":"key","owner":"wide","limit":"1","per":"day"}`, nil, false},
	} {
		for name, key := range who {
			if name == "part of an admin" && c.end {
				continue // what it may would let others
			}
			a := s.do(key, c.method, c.path, c.body)
			if may := slices.Contains(c.may, name); may != (a.status < 300) || !may && a.status != http.StatusForbidden {
				t.Errorf("%s %s %s as %s: %d %s", c.method, c.path, c.body, name, a.status, a.raw)
			}
		}
	}
	if a := s.do(who["ann"], "DELETE", "/keys/wide", ""); a.status != 204 {
		t.Errorf("%d %s", a.status, a.raw)
	}
	if a := s.do(who["ann"], "PATCH", "/keys/wide", `{"name":"x"}`); a.status != 403 {
		t.Errorf("a key that is not there: %d %s", a.status, a.raw)
	}
	one := s.do(who["ann"], "POST", "/keys", `{"user":"ann"}`)
	if err := s.call(one.field("key").(string), "paid"); err != nil {
		t.Errorf("%v", err)
	}
	s.ok("PATCH", "/users/ann", `{"models":["free"]}`)
	if err := s.call(one.field("key").(string), "paid"); !errors.Is(err, access.ErrModelDenied) {
		t.Errorf("what the user may not call its keys may not: %v", err)
	}
	id := one.field("id").(string)
	if a := s.do(one.field("key").(string), "POST", "/keys/"+id+"/rotate", `{}`); a.status != 200 {
		t.Errorf("a key gives itself another secret: %d %s", a.status, a.raw)
	}
	have := len(s.ok("GET", "/keys?user=ann", "").field("data").([]any))
	var askers sync.WaitGroup
	for range 8 { // at once, and some for nothing
		askers.Go(func() {
			for range (control.MaxOwnKeys-have)/8 + 2 {
				req, err := http.NewRequest("POST", s.url+admin.Prefix+"/keys", strings.NewReader(`{"user":"ann"}`))
				if err != nil {
					t.Error(err)
					return
				}
				req.Header.Set("Content-Type", "application/json")
				req.Header.Set("Authorization", "Bearer "+who["ann"])
				res, err := http.DefaultClient.Do(req)
				if err != nil {
					t.Error(err)
					return
				}
				_ = res.Body.Close()
			}
		})
	}
	askers.Wait()
	if now := len(s.ok("GET", "/keys?user=ann&limit=1000", "").field("data").([]any)); now != control.MaxOwnKeys {
		t.Errorf("%d keys of one's own", now)
	}
	if a := s.do(who["ann"], "POST", "/keys", `{"user":"ann"}`); a.status != 403 || !strings.Contains(string(a.raw), "100 keys") {
		t.Errorf("%d %s", a.status, a.raw)
	}
	s.ok("POST", "/keys", `{"user":"ann"}`)
	s.ok("PATCH", "/users/ann", `{"role":"member"}`)
	if a := s.do(who["ann"], "PATCH", "/keys/naming", `{"name":"x"}`); a.status != 403 {
		t.Errorf("a plain user: %d %s", a.status, a.raw)
	}
}

// TestPartOfTheManagement: a key of a manager that is kept to some routes gives nobody by
// them what other routes would be needed for: neither a key nor a role.
func TestPartOfTheManagement(t *testing.T) {
	s := start(t)
	s.ok("POST", "/users", `{"id":"ann"}`)
	who := map[string]string{}
	for name, routes := range map[string]string{"all": "", "managing": `,"routes":["manage"]`, "applying": `,"routes":["/api/v1/apply","/api/v1/users*"]`, "reading": `,"routes":["read","/api/v1/apply","/api/v1/users*"]`} {
		who[name] = s.ok("POST", "/keys", `{"role":"admin"`+routes+`}`).field("key").(string)
	}
	s.ok("POST", "/keys", `{"user":"ann","name":"wide"}`)
	wide := s.ok("GET", "/keys?user=ann", "").field("data.0.id").(string)
	apply := func(edits string) string { return `{"edits":[` + edits + `]}` }
	whole := []string{"all", "managing"}
	everybody := append(slices.Clone(whole), "applying", "reading")
	n := 0
	for _, c := range []struct {
		method, path, body string
		may                []string
	}{
		{"POST", "/apply", apply(`{"action":"create","kind":"key","user":"ann"}`), whole},
		{"POST", "/apply", apply(`{"action":"create","kind":"key","role":"admin"}`), whole},
		{"POST", "/apply", apply(`{"action":"create","kind":"key","user":"ann","routes":["/api/v1/users"]}`), everybody},
		{"POST", "/apply", apply(`{"action":"create","kind":"key","id":"NEW","user":"ann","routes":["/api/v1/users"]},{"action":"update","kind":"key","id":"NEW","routes":[]}`), whole},
		{"POST", "/apply", apply(`{"action":"update","kind":"key","id":"` + wide + `","routes":[]}`), whole},
		{"POST", "/apply", apply(`{"action":"update","kind":"key","id":"` + wide + `","name":"w"}`), everybody},
		{"POST", "/apply", apply(`{"action":"rotate","kind":"key","id":"` + wide + `"}`), whole},
		{"POST", "/apply", apply(`{"action":"create","kind":"user","id":"NEW","role":"admin"}`), whole},
		{"POST", "/apply", apply(`{"action":"update","kind":"user","id":"ann","role":"admin"}`), whole},
		{"POST", "/apply", apply(`{"action":"create","kind":"user","id":"NEW","role":"viewer"}`), append(slices.Clone(whole), "reading")},
		{"POST", "/users", `{"id":"NEW","role":"admin"}`, whole},
		{"POST", "/users", `{"id":"NEW","role":"viewer"}`, append(slices.Clone(whole), "reading")},
		{"POST", "/users", `{"id":"NEW","role":"self_service"}`, everybody},
		{"PATCH", "/users/ann", `{"role":"admin"}`, whole},
		{"PATCH", "/users/ann", `{"role":"member","name":"Ann"}`, everybody},
	} {
		for name, key := range who {
			n++
			body := strings.ReplaceAll(c.body, "NEW", fmt.Sprintf("new%d", n))
			a := s.do(key, c.method, c.path, body)
			if may := slices.Contains(c.may, name); may != (a.status < 300) || !may && (a.status != http.StatusForbidden || a.code() != "not_permitted") {
				t.Errorf("%s %s %s as %s: %d %s", c.method, c.path, body, name, a.status, a.raw)
			}
		}
	}
}

// TestOwnBounds: somebody who keeps keys of its own gets by one that is kept to a budget or a
// rate none that is not, unless the person is kept to as much.
func TestOwnBounds(t *testing.T) {
	s := start(t)
	s.ok("POST", "/users", `{"id":"ann","role":"self_service"}`)
	secret, id := s.key("ann", "")
	_, other := s.key("ann", "")
	asks := func(want bool, why string) {
		t.Helper()
		for path, body := range map[string]string{"/keys": `{"user":"ann"}`, "/keys/" + other + "/rotate": `{}`} {
			if a := s.do(secret, "POST", path, body); want != (a.status < 300) || !want && (a.status != http.StatusForbidden || a.code() != "not_permitted") {
				t.Errorf("%s: POST %s: %d %s", why, path, a.status, a.raw)
			}
		}
	}
	asks(true, "nothing but what holds for each user and each key") // of the file
	rule := func(path, fields string) (remove func()) {
		id := s.ok("POST", path, fields).field("id").(string)
		return func() { s.ok("DELETE", path+"/"+id, "") }
	}
	const keys, anns = `{"scope":"key","owner":"`, `{"scope":"user","owner":"ann",`
	for _, c := range []struct{ path, own, less, more, rest string }{
		{"/budgets", `"limit":"5","per":"month"}`, `"limit":"5","per":"month"}`, `"limit":"6","per":"month"}`, ""},
		{"/budgets", `"limit":"5","per":"month"}`, `"limit":"4","per":"total"}`, `"limit":"1","per":"day"}`, ""},
		{"/budgets", `"limit":"0","per":"day","models":["paid"]}`, `"limit":"0","per":"day"}`, `"limit":"0","per":"day","models":["other"]}`, ""},
		{"/limits", `"requests_per_minute":50}`, `"requests_per_minute":50}`, `"tokens_per_minute":1}`, ""},
		{"/limits", `"tokens_per_minute":50,"concurrent_requests":2}`, `"tokens_per_minute":9,"concurrent_requests":1}`, `"tokens_per_minute":50}`, ""},
	} {
		own := rule(c.path, keys+id+`",`+c.own)
		asks(false, "only the key has "+c.own)
		more := rule(c.path, anns+c.more)
		asks(false, "the key has "+c.own+", ann "+c.more)
		more()
		less := rule(c.path, anns+c.less)
		asks(true, "the key has "+c.own+", ann "+c.less)
		less()
		own()
	}
	wider := rule("/limits", keys+id+`","requests_per_minute":1000}`) // in place of the file's 60 for each key
	asks(true, "what the key has is more than each has")
	wider()
	own := rule("/budgets", keys+id+`","limit":"5","per":"month"}`)
	defer own()
	for path, body := range map[string]string{"/keys/" + other: `{"name":"still"}`, "/keys/" + id: `{"name":"itself"}`} {
		if a := s.do(secret, "PATCH", path, body); a.status != 200 {
			t.Errorf("PATCH %s: %d %s", path, a.status, a.raw)
		}
	}
	if a := s.do(secret, "POST", "/keys/"+id+"/rotate", `{}`); a.status != 200 {
		t.Errorf("a key gives itself another secret: %d %s", a.status, a.raw)
	}
}

// TestOrganizations: what an organization closes is closed for its keys and its teams'.
func TestOrganizations(t *testing.T) {
	s := start(t)
	s.ok("POST", "/orgs", `{"id":"science"}`)
	s.ok("POST", "/teams", `{"id":"physics","org":"science"}`)
	byTeam := s.ok("POST", "/keys", `{"team":"physics","aliases":{"cheap":"echo","dear":"paid"}}`).field("key").(string)
	own := s.ok("POST", "/keys", `{"org":"science"}`).field("key").(string)
	alone := s.ok("POST", "/keys", `{"standalone":true}`).field("key").(string)
	s.ok("POST", "/budgets", `{"scope":"org","owner":"science","limit":"1","per":"month"}`)
	for _, secret := range []string{byTeam, own, alone} {
		if err := s.call(secret, "paid"); err != nil {
			t.Errorf("%v", err)
		}
	}
	if a := s.ok("GET", "/orgs/science/budgets", ""); a.field("data.0.spent") != "0.022" || a.field("data.0.account.scope") != "org" {
		t.Errorf("%s", a.raw)
	}
	if a := s.ok("GET", "/usage?by=org", ""); a.field("rows.0.group.org") != "" || a.field("rows.1.group.org") != "science" || a.field("rows.1.cost") != "0.022" {
		t.Errorf("%s", a.raw)
	}
	s.ok("PATCH", "/orgs/science", `{"models":["free"]}`)
	for secret, want := range map[string]error{byTeam: access.ErrModelDenied, own: access.ErrModelDenied, alone: nil} {
		if err := s.call(secret, "paid"); !errors.Is(err, want) {
			t.Errorf("paid: %v, want %v", err, want)
		}
		if err := s.call(secret, "echo"); err != nil {
			t.Errorf("free: %v", err)
		}
	}
	if err := s.call(byTeam, "cheap"); err != nil {
		t.Errorf("a free model through an alias: %v", err)
	}
	if err := s.call(byTeam, "dear"); !errors.Is(err, access.ErrModelDenied) {
		t.Errorf("an alias opens what is closed: %v", err)
	}
	s.ok("PATCH", "/orgs/science", `{"blocked":true}`)
	for _, secret := range []string{byTeam, own} {
		if a := s.do(secret, "GET", "/me", ""); a.status != 401 || a.code() != "blocked_organization" {
			t.Errorf("%d %s", a.status, a.raw)
		}
	}
	if a := s.do(alone, "GET", "/me", ""); a.status != 200 || a.field("org") != nil {
		t.Errorf("%s", a.raw)
	}
	for body, want := range map[string]string{`{}`: "stand alone", `{"standalone":true,"org":"science"}`: "stands alone", `{"role":"admin","org":"science"}`: "admin key", `{"team":"physics","org":"other"}`: "is not in organization"} {
		if a := s.do(s.admin, "POST", "/keys", body); a.status < 400 || !strings.Contains(string(a.raw), want) {
			t.Errorf("%s: %d %s", body, a.status, a.raw)
		}
	}
}

// TestTeamMoves: a team that goes to another organization takes its keys along, those that
// name the one before too: its models, budgets and admins are theirs no more.
func TestTeamMoves(t *testing.T) {
	s := start(t)
	s.ok("POST", "/apply", `{"edits":[
		{"action":"create","kind":"org","id":"science","models":["free"]},{"action":"create","kind":"org","id":"arts"},
		{"action":"create","kind":"team","id":"physics","org":"science"},{"action":"create","kind":"user","id":"dean"},
		{"action":"update","kind":"org_member","id":"science","user":"dean","role":"admin"},
		{"action":"create","kind":"key","id":"says","team":"physics","org":"science"},{"action":"create","kind":"key","id":"silent","team":"physics"}]}`)
	dean, _ := s.key("dean", "")
	says := s.ok("POST", "/keys/says/rotate", `{}`).field("key").(string)
	if err := s.call(says, "paid"); !errors.Is(err, access.ErrModelDenied) {
		t.Errorf("%v", err)
	}
	s.ok("PATCH", "/teams/physics", `{"org":"arts"}`)
	if a := s.ok("GET", "/keys/says", ""); a.field("org") != "arts" {
		t.Errorf("%s", a.raw)
	}
	if a := s.ok("GET", "/keys/silent", ""); a.field("org") != "" {
		t.Errorf("%s", a.raw)
	}
	if err := s.call(says, "paid"); err != nil {
		t.Errorf("the models of the organization before: %v", err)
	}
	if a := s.do(dean, "PATCH", "/keys/says", `{"name":"mine"}`); a.status != 403 {
		t.Errorf("the admin of the organization before: %d %s", a.status, a.raw)
	}
	if a := s.ok("GET", "/audit?kind=key&id=says&limit=1", ""); a.field("data.0.before.org") != "science" || a.field("data.0.after.org") != "arts" {
		t.Errorf("%s", a.raw)
	}
	s.ok("POST", "/apply", `{"edits":[{"action":"update","kind":"team","id":"physics","org":""},{"action":"delete","kind":"org","id":"arts"},{"action":"delete","kind":"org","id":"science"}]}`)
	if a := s.do(says, "GET", "/me", ""); a.status != 200 || a.field("org") != nil {
		t.Errorf("%d %s", a.status, a.raw)
	}
}

// TestTagsHandedOut: whose calls have tags, and does not manage, makes no key without them;
// takes none from a key, and gives a key none that its own calls could not name; and what a
// team's calls are counted for is the managers' matter.
func TestTagsHandedOut(t *testing.T) {
	s := start(t)
	s.ok("POST", "/apply", `{"edits":[
		{"action":"create","kind":"org","id":"science"},{"action":"create","kind":"team","id":"physics","org":"science"},
		{"action":"create","kind":"user","id":"ann","role":"self_service"},{"action":"create","kind":"user","id":"dean"},
		{"action":"update","kind":"org_member","id":"science","user":"dean","role":"admin"},
		{"action":"create","kind":"key","id":"old","user":"ann","tags":["blue"]},{"action":"create","kind":"key","id":"free","user":"ann"}]}`)
	who := map[string]string{}
	for name, fields := range map[string]string{"plain": "", "tagged": `,"tags":["red","blue"]`, "naming": `,"call_tags":true`} {
		who[name] = s.ok("POST", "/keys", `{"user":"ann"`+fields+`}`).field("key").(string)
	}
	who["dean"], _ = s.key("dean", "")
	for _, c := range []struct {
		method, path, body string
		may                []string
	}{
		{"POST", "/keys", `{"user":"ann"}`, []string{"plain", "naming"}},
		{"POST", "/keys", `{"user":"ann","tags":["red"]}`, []string{"naming"}},
		{"POST", "/keys", `{"user":"ann","tags":["blue","red"]}`, []string{"tagged", "naming"}},
		{"POST", "/keys", `{"user":"ann","tags":["blue","red","green"]}`, []string{"naming"}},
		{"POST", "/keys", `{"user":"ann","call_tags":true}`, []string{"naming"}},
		{"PATCH", "/keys/old", `{"name":"x"}`, []string{"plain", "tagged", "naming"}},
		{"PATCH", "/keys/old", `{"tags":[]}`, nil},
		{"PATCH", "/keys/old", `{"tags":["blue"]}`, []string{"plain", "naming"}},
		{"POST", "/keys/free/rotate", `{}`, []string{"plain", "naming"}},
		{"PATCH", "/teams/physics", `{"name":"x"}`, []string{"dean"}},
		{"PATCH", "/teams/physics", `{"tags":["red"]}`, nil},
		{"POST", "/teams", `{"id":"music","org":"science","tags":["red"]}`, nil},
		{"PATCH", "/teams/physics", `{"attributes":{"litellm":{"team_member_budget":500}}}`, nil},
		{"POST", "/teams", `{"id":"music","org":"science","attributes":{}}`, nil},
		{"POST", "/users", `{"id":"eve","org":"science","attributes":{}}`, nil},
		{"POST", "/tags", `{"id":"red"}`, nil},
		{"PATCH", "/tags/red", `{"blocked":true}`, nil},
	} {
		for name, key := range who {
			a := s.do(key, c.method, c.path, c.body)
			if may := slices.Contains(c.may, name); may != (a.status < 300) || !may && a.status != http.StatusForbidden {
				t.Errorf("%s %s %s as %s: %d %s", c.method, c.path, c.body, name, a.status, a.raw)
			}
		}
	}
	s.ok("PATCH", "/teams/physics", `{"tags":["red"]}`)
}

// TestTheLargestKey: somebody who keeps keys of its own can make none that is too large for a
// backup, and one as large as a key may be comes into it with each of its changes.
func TestTheLargestKey(t *testing.T) {
	s := start(t)
	s.ok("POST", "/users", `{"id":"ann","role":"self_service"}`)
	secret, _ := s.key("ann", "")
	limited, id := s.key("ann", "")
	// A < takes six bytes where JSON is kept, and a change is kept with what was before it.
	texts := func(n int) string {
		all := make([]string, n)
		for i := range all {
			all[i] = fmt.Sprintf("%03d%s", i, strings.Repeat("<", 509))
		}
		b, err := json.Marshal(all)
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(string(b), `\u003c`, "<")
	}
	aliases := func(n int) string {
		return "{" + strings.NewReplacer("[", "", "]", "", `<"`, `<":"`+strings.Repeat("<", 512)+`"`).Replace(texts(n)) + "}"
	}
	for field, make := range map[string]func(int) string{"models": texts, "budget_fallback": texts, "aliases": aliases} {
		most := 128
		if field == "aliases" {
			most = 64
		}
		for _, n := range []int{most, most + 1, 7 * most} {
			a := s.do(secret, "PATCH", "/keys/"+id, fmt.Sprintf(`{%q:%s}`, field, make(n)))
			if n == most && a.status != 200 || n > most && (a.status != 400 || !strings.Contains(string(a.raw), "at most 65536 are kept")) {
				t.Errorf("%d texts of %s: %d %.300s", n, field, a.status, a.raw)
			}
		}
	}
	if a := s.do(limited, "POST", "/keys", `{"user":"ann"}`); a.status != 403 || len(a.raw) > 4<<10 || !strings.Contains(string(a.raw), "and 123 more") {
		t.Errorf("%d %.300s in %d bytes", a.status, a.raw, len(a.raw))
	}
	s.ok("PATCH", "/keys/"+id, `{"name":"large"}`)
	if _, err := store.Backup(t.Context(), store.SQLite(s.file), filepath.Join(t.TempDir(), "b"), store.BackupOptions{By: "test", Now: time.Now}); err != nil {
		t.Error(err)
	}
}

// TestEveryNextPageHasSomething: whatever the size of its pages, a list by pages comes once and
// whole, and none of its pages is empty.
func TestEveryNextPageHasSomething(t *testing.T) {
	s := start(t)
	for _, id := range []string{"one", "two"} {
		secret, _ := s.key(id, "")
		if err := s.call(secret, "paid"); err != nil {
			t.Fatal(err)
		}
		for _, make := range []struct{ path, body string }{
			{"/end_users", `{"id":%q}`},
			{"/tags", `{"id":%q}`},
			{"/orgs", `{"id":%q}`},
			{"/teams", `{"id":%q}`},
			{"/plans", `{"id":%q}`},
			{"/budgets", `{"scope":"user","owner":%q,"limit":"5","per":"month"}`},
			{"/limits", `{"scope":"user","owner":%q,"requests_per_minute":60}`},
			{"/credentials", `{"id":%q,"urls":["https://vendor.example"],"secrets":{"key":"sk-of-some-vendor"}}`},
			{"/models", `{"id":%[1]q,"name":%[1]q,"declaration":{"provider":"echo","model":"echo"}}`},
			{"/model_groups", `{"id":%q,"models":["paid"]}`},
			{"/fallbacks", `{"model":%q,"to":["paid"]}`},
		} {
			if a := s.do(s.admin, "POST", make.path, fmt.Sprintf(make.body, id)); a.status != 201 {
				t.Errorf("%s: %d %s", make.path, a.status, a.raw)
			}
		}
	}
	lists := 0
	for path, item := range s.doc.root["paths"].(object) {
		get, ok := item.(object)["get"].(object)
		if !ok || strings.Contains(path, "{") || !strings.Contains(fmt.Sprint(get["parameters"]), "PageLimit") {
			continue
		}
		lists++
		path = strings.TrimPrefix(path, "/api/v1")
		by := "after"
		if !strings.Contains(fmt.Sprint(get["parameters"]), "PageAfter") && !strings.Contains(fmt.Sprint(get["parameters"]), "after") {
			by = "before"
		}
		whole := len(s.ok("GET", path+"?limit=1000", "").field("data").([]any))
		if whole < 2 {
			t.Errorf("%s: %d on the list", path, whole)
		}
		for size := 1; size <= whole; size++ {
			got, more := 0, ""
			for pages := 0; pages <= whole; pages++ {
				a := s.ok("GET", fmt.Sprintf("%s?limit=%d%s", path, size, more), "")
				n := len(a.field("data").([]any))
				if got += n; n == 0 {
					t.Errorf("%s by %d: a page is empty: %s", path, size, a.raw)
				}
				next, _ := a.field("next").(string)
				if next == "" {
					break
				}
				more = "&" + by + "=" + url.QueryEscape(next)
			}
			if got != whole {
				t.Errorf("%s by %d: %d of %d", path, size, got, whole)
			}
		}
	}
	if lists < 15 {
		t.Errorf("only %d lists were read", lists)
	}
}
