package admin_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"tollgate/gateway/access"
)

// TestAudit: every change leaves a row that says who, what and how, none leaves a secret,
// and what did not happen leaves nothing.
func TestAudit(t *testing.T) {
	s := start(t)
	role := `{"id":"boss","role":"admin","attributes":{"desk":7}}`
	s.ok("POST", "/users", role)
	secret := s.ok("POST", "/keys", `{"user":"boss","key":"sk-9fK2mQ7xVb3TzL8w"}`).field("key").(string)
	req, err := http.NewRequest("POST", s.url+"/api/v1/teams", strings.NewReader(`{"id":"physics"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+secret)
	req.Header.Set("X-Tollgate-Actor", "ticket 4711")
	if a := s.send(req); a.status != 201 {
		t.Fatalf("%d %s", a.status, a.raw)
	}
	s.ok("PUT", "/teams/physics/members/boss?role=admin", "")
	s.ok("PATCH", "/teams/physics", `{"name":"P"}`)
	s.do(s.admin, "PATCH", "/teams/physics", `{"name":"`+strings.Repeat("x", 200)+`"}`)
	s.do(s.admin, "POST", "/apply", `{"edits":[{"action":"create","kind":"user","id":"u"},{"action":"create","kind":"user","id":"u"}]}`)
	id := s.ok("GET", "/keys?user=boss", "").field("data.0.id").(string)
	rotated := s.ok("POST", "/keys/"+id+"/rotate", `{"grace_seconds":60}`).field("key").(string)
	s.ok("POST", "/apply", `{"edits":[{"action":"update","kind":"user","id":"boss","name":"One"},{"action":"update","kind":"user","id":"boss","name":"Two"}]}`)
	s.ok("DELETE", "/users/boss", "")
	var got []string
	all := s.ok("GET", "/audit", "")
	for _, x := range all.field("data").([]any) {
		x := x.(object)
		got = append(got, fmt.Sprint(x["action"], " ", x["kind"], " ", x["id"], " by ", x["key"], "/", x["user"], "/", x["actor"]))
	}
	slices.Reverse(got)
	want := []string{"create key admin by //", "create user boss by admin//", "create key " + id + " by admin//", "create team physics by " + id + "/boss/ticket 4711",
		"update team member physics/boss by admin//", "update team physics by admin//", "rotate key " + id + " by admin//",
		"update user boss by admin//", "update user boss by admin//", "delete user boss by admin//"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, hidden := range []string{secret, rotated, access.DigestOf(secret).String(), access.DigestOf(rotated).String()} {
		if strings.Contains(string(all.raw), hidden) {
			t.Error("a secret or its digest stands in an audit")
		}
	}
	for path, want := range map[string]any{"data.0.before.name": "Two", "data.0.after": nil, "data.1.before.name": "One", "data.1.after.name": "Two", "data.2.before.name": "",
		"data.4.before.name": "", "data.4.after.name": "P", "data.5.before": nil, "data.5.after.role": "admin", "data.8.after.attributes.desk": 7.0, "data.8.before": nil} {
		if got := all.field(path); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
	first := s.ok("GET", "/audit?limit=4", "")
	second := s.ok("GET", "/audit?limit=4&before="+first.field("next").(string), "")
	third := s.ok("GET", "/audit?limit=4&before="+second.field("next").(string), "")
	if len(third.field("data").([]any)) != 2 || third.field("next") != nil {
		t.Errorf("%s", third.raw)
	}
	for query, n := range map[string]int{"kind=team": 2, "kind=team&id=physics&user=boss": 1, "key=" + id: 1, "from=2999-01-01": 0, "to=2000-01-01": 0, "kind=team%20member": 1} {
		if a := s.ok("GET", "/audit?"+query, ""); len(a.field("data").([]any)) != n {
			t.Errorf("%s: %s", query, a.raw)
		}
	}
	for _, query := range []string{"kind=what", "kind=User", "before=x", "before=-1", "limit=0", "limit=1001", "what=1", "from=2026-02-01&to=2026-01-01"} {
		if a := s.do(s.admin, "GET", "/audit?"+query, ""); a.status != 400 {
			t.Errorf("%s: %d %s", query, a.status, a.raw)
		}
	}
}
