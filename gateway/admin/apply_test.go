package admin_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tollgate/gateway/access"
)

// TestApply: all of many edits happen, or none.
func TestApply(t *testing.T) {
	s := start(t)
	a := s.ok("POST", "/apply", `{"edits":[
		{"action":"create","kind":"org","id":"science"},
		{"action":"create","kind":"team","id":"physics","org":"science","aliases":{"fast":"echo"}},
		{"action":"create","kind":"user","id":"alice","attributes":{"x":1}},
		{"action":"update","kind":"team_member","id":"physics","user":"alice","role":"admin"},
		{"action":"update","kind":"org_member","id":"science","user":"alice"},
		{"action":"create","kind":"key","id":"laptop","user":"alice","team":"physics"},
		{"action":"create","kind":"key","org":"science","digest":"`+strings.Repeat("ab", 32)+`","hint":"1234"},
		{"action":"create","kind":"budget","id":"alices","scope":"member","owner":"physics/alice","limit":"5","per":"month"},
		{"action":"create","kind":"limit","id":"pace","scope":"org","owner":"science","requests_per_minute":5},
		{"action":"update","kind":"budget","id":"alices","extra":{"amount":"2","until":"2999-01-01T00:00:00Z"}},
		{"action":"rotate","kind":"key","id":"laptop"}]}`)
	for i, want := range []string{"science", "physics", "alice", "physics/alice", "science/alice", "laptop"} {
		if got := a.field(fmt.Sprintf("edits.%d.id", i)); got != want {
			t.Errorf("edit %d: %v, want %s", i, got, want)
		}
	}
	first, second := fmt.Sprint(a.field("edits.5.key")), fmt.Sprint(a.field("edits.10.key"))
	if err := s.call(second, "echo"); err != nil || !access.WellFormed(first) {
		t.Errorf("%v %s", err, first)
	}
	if err := s.call(second, "fast"); err != nil {
		t.Errorf("the team's alias: %v", err)
	}
	if b := s.ok("GET", "/keys/laptop/budgets", ""); b.field("data.0.budget.limit") != "7.00" || b.field("data.0.budget.extra") != nil || b.field("data.0.left") != "7.00" {
		t.Errorf("%s", b.raw)
	}
	if b := s.ok("GET", "/budgets/alices", ""); b.field("limit") != "5.00" || b.field("extra.amount") != "2.00" {
		t.Errorf("%s", b.raw)
	}
	before := s.everything()
	for _, c := range []struct {
		edits, code, says string
		status            int
	}{
		{`{"action":"create","kind":"user","id":"bob"},{"action":"create","kind":"user","id":"alice"}`, "exists", "edit 2 (create user \"alice\")", 409},
		{`{"action":"create","kind":"user","id":"bob"},{"action":"create","kind":"user","id":"bob"}`, "exists", "edit 2", 409},
		{`{"action":"delete","kind":"user","id":"alice"},{"action":"create","kind":"key","user":"alice"}`, "not_found", "edit 2", 404},
		{`{"action":"delete","kind":"team","id":"physics"},{"action":"update","kind":"key","id":"laptop","blocked":true}`, "not_found", "edit 2", 404},
		{`{"action":"create","kind":"user","id":"bob"},{"action":"update","kind":"budget","id":"file-1","limit":"1"}`, "declared_in_file", "edit 2", 409},
		{`{"action":"delete","kind":"org","id":"science"}`, "invalid_value", "1 teams and 1 keys", 400},
		{`{"action":"create","kind":"key","standalone":true,"digest":"` + strings.Repeat("AB", 32) + `"}`, "exists", "another key's", 409},
		{`{"action":"create","kind":"user","id":"bob"},{"action":"create","kind":"user","id":"b/b"}`, "invalid_value", "edit 2", 400},
		{`{"action":"create","kind":"user","id":"bob","nmae":"x"}`, "invalid_value", "edits[0].nmae", 400},
		{`{"action":"create","kind":"user","id":"bob"},{"action":"rotate","kind":"user","id":"bob"}`, "invalid_value", "rotate", 400},
		{`{"action":"create","kind":"cat","id":"bob"}`, "invalid_value", "kind", 400},
		{`{"action":"create","kind":"user"}`, "invalid_value", "edits[0].id", 400},
		{`{"action":"create","kind":"user","id":"bob","attributes":[]}`, "invalid_value", "attributes", 400},
		{`{"action":"create","kind":"user","id":"bob","attributes":{"a":"` + strings.Repeat("x", 64<<10) + `"}}`, "invalid_value", "65536 are kept", 400},
		{`7`, "invalid_value", "edits[0]", 400},
		{`{"action":"delete","kind":"user","id":"bob"},`, "invalid_json", "", 400},
		{strings.Repeat(`{"action":"create","kind":"user","id":"bob"},`, 10_000) + `{"action":"create","kind":"user","id":"bob"}`, "invalid_value", "more than 10000", 400},
	} {
		a := s.do(s.admin, "POST", "/apply", `{"edits":[`+c.edits+`]}`)
		if a.status != c.status || a.code() != c.code || !strings.Contains(fmt.Sprint(a.field("error.message"), a.field("error.param")), c.says) {
			t.Errorf("%.200s: %d %s", c.edits, a.status, a.raw)
		}
		if after := s.everything(); after != before {
			t.Fatalf("%.200s changed something:\n%s\n%s", c.edits, before, after)
		}
	}
	s.ok("POST", "/apply", `{"edits":[{"action":"delete","kind":"user","id":"alice"},{"action":"delete","kind":"team","id":"physics"}]}`)
	if a := s.do(s.admin, "GET", "/keys/laptop", ""); a.status != 404 {
		t.Errorf("a key outlived its owner: %s", a.raw)
	}
	if a := s.ok("GET", "/orgs/science", ""); fmt.Sprint(a.field("members")) != "[]" {
		t.Errorf("%s", a.raw)
	}
}

// everything is all that can be listed.
func (s *site) everything() string {
	s.t.Helper()
	var b strings.Builder
	for _, path := range []string{"/users", "/orgs", "/teams", "/keys", "/budgets", "/limits"} {
		b.Write(s.ok("GET", path, "").raw)
	}
	return b.String()
}

// TestApplyTheMost: as many edits as are taken, users with their keys, over a socket.
func TestApplyTheMost(t *testing.T) {
	const many = 10_000
	s := start(t)
	edits := make([]string, 0, many)
	for i := range many / 2 {
		edits = append(edits, fmt.Sprintf(`{"action":"create","kind":"user","id":"u%d"}`, i), fmt.Sprintf(`{"action":"create","kind":"key","user":"u%d"}`, i))
	}
	began := time.Now()
	a := s.ok("POST", "/apply", `{"edits":[`+strings.Join(edits, ",")+`]}`)
	t.Logf("%d edits in %s", len(edits), time.Since(began))
	if n := len(a.field("edits").([]any)); n != len(edits) {
		t.Errorf("%d edits were done", n)
	}
	if err := s.call(a.field("edits.9999.key").(string), "echo"); err != nil {
		t.Errorf("the last key: %v", err)
	}
	gone := make([]string, 0, len(edits))
	for i := range many / 2 {
		gone = append(gone, fmt.Sprintf(`{"action":"delete","kind":"user","id":"u%d"}`, i))
	}
	began = time.Now()
	s.ok("POST", "/apply", `{"edits":[`+strings.Join(gone, ",")+`]}`)
	t.Logf("%d users with their keys deleted in %s", len(gone), time.Since(began))
	if a := s.ok("GET", "/keys", ""); len(a.field("data").([]any)) != 1 { // the admin's
		t.Errorf("keys outlived their users: %.500s", a.raw)
	}
}
