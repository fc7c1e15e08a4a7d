package admin_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"tollgate/gateway"
)

// TestAdjustments: what is adjusted moves counters and the books alike.
func TestAdjustments(t *testing.T) {
	s := start(t)
	secret, _ := s.key("alice", "")
	budget := s.ok("POST", "/budgets", `{"scope":"user","owner":"alice","limit":"5","per":"month"}`).field("id").(string)
	small := s.ok("POST", "/budgets", `{"scope":"user","owner":"alice","limit":"1","per":"day","models":["paid"]}`).field("id").(string)
	spent := func(id, want string) {
		t.Helper()
		if a := s.ok("GET", "/budgets/"+id, ""); a.field("standing.spent") != want {
			t.Errorf("%s: %s, want %s spent", id, a.raw, want)
		}
		if a := s.ok("GET", "/verify", ""); len(a.field("differences").([]any)) != 0 {
			t.Errorf("%s", a.raw)
		}
	}
	if err := s.call(secret, "paid"); err != nil {
		t.Fatal(err)
	}
	s.ok("POST", "/adjustments", `{"scope":"user","owner":"alice","amount":"4.989","reason":"imported","id":"import-1"}`)
	spent(budget, "5.00")
	spent(small, "0.011") // it is for one model
	if a := s.do(s.admin, "POST", "/adjustments", `{"scope":"user","owner":"alice","amount":"4.98","reason":"imported","id":"import-1"}`); a.status != 409 {
		t.Errorf("twice: %d %s", a.status, a.raw)
	}
	var refused *gateway.BudgetError
	if err := s.call(secret, "paid"); !errors.As(err, &refused) {
		t.Errorf("with nothing left: %v", err)
	}
	if a := s.ok("POST", "/adjustments", fmt.Sprintf(`{"scope":"user","owner":"alice","budget":%q,"to":"0","reason":"reset"}`, budget)); a.field("amount") != "-5.00" {
		t.Errorf("%s", a.raw)
	}
	spent(budget, "0.00")
	spent(small, "0.011")
	if err := s.call(secret, "paid"); err != nil {
		t.Errorf("after the reset: %v", err)
	}
	s.ok("POST", "/adjustments", `{"scope":"user","owner":"alice","amount":"-1","reason":"forgiven"}`)
	spent(budget, "-0.989")
	if a := s.ok("GET", "/usage?by=user", ""); a.field("rows.0.adjusted") != "-5.00" || a.field("rows.1.cost") != "0.022" || a.field("rows.1.adjusted") != "3.989" {
		t.Errorf("%s", a.raw)
	}
	for body, want := range map[string]string{
		`{"scope":"user","owner":"nobody","amount":"1","reason":"r"}`:                                             "not_found",
		`{"scope":"user","owner":"alice","amount":"1","budget":"none","reason":"r"}`:                              "not_found",
		`{"scope":"user","owner":"alice","amount":"0","reason":"r"}`:                                              "invalid_value",
		`{"scope":"user","owner":"alice","to":"0","reason":"r"}`:                                                  "invalid_value",
		fmt.Sprintf(`{"scope":"user","owner":"alice","budget":%q,"to":"-1","reason":"r"}`, budget):                "invalid_value",
		fmt.Sprintf(`{"scope":"user","owner":"alice","budget":%q,"to":"-0.989","reason":"r"}`, budget):            "invalid_value",
		`{"scope":"user","owner":"alice","amount":"1"}`:                                                           "invalid_value",
		`{"scope":"user","owner":"alice","amount":"1","to":"1","reason":"r"}`:                                     "invalid_value",
		`{"scope":"user","owner":"alice","amount":"9223372036.854775807","reason":"r","budget":"` + budget + `"}`: "",
		`{"scope":"planet","owner":"alice","amount":"1","reason":"r"}`:                                            "invalid_value",
	} {
		a := s.do(s.admin, "POST", "/adjustments", body)
		if want == "" && a.status == 201 {
			continue // below 0 there was room for it
		}
		if a.code() != want || a.status == 400 && a.field("error.param") == nil {
			t.Errorf("%s: %d %s", body, a.status, a.raw)
		}
	}
	if a := s.do(s.admin, "POST", "/adjustments", `{"scope":"user","owner":"alice","amount":"9223372036","reason":"beyond"}`); a.status < 400 {
		t.Errorf("beyond the range of money: %d %s", a.status, a.raw)
	}
	if a := s.ok("GET", "/verify", ""); len(a.field("differences").([]any)) != 0 {
		t.Errorf("%s", a.raw)
	}
}

// TestApplyAdjustments: a budget, and what of it was spent already, are made in one change;
// so is one in place of another with the spending moved.
func TestApplyAdjustments(t *testing.T) {
	s := start(t)
	a := s.ok("POST", "/apply", `{"edits":[
		{"action":"create","kind":"user","id":"alice"},
		{"action":"create","kind":"key","id":"laptop","user":"alice"},
		{"action":"create","kind":"budget","id":"laptops","scope":"key","owner":"laptop","limit":"5","per":"month"},
		{"action":"create","kind":"adjustment","scope":"key","owner":"laptop","budget":"laptops","to":"3.50","reason":"spent before"},
		{"action":"create","kind":"adjustment","id":"alices","scope":"user","owner":"alice","amount":"4","reason":"spent before"}]}`)
	if a.field("edits.3.kind") != "adjustment" || !strings.HasPrefix(fmt.Sprint(a.field("edits.3.id")), "adj_") || a.field("edits.4.id") != "alices" {
		t.Errorf("%s", a.raw)
	}
	spent := func(want string) {
		t.Helper()
		if a := s.ok("GET", "/budgets/laptops", ""); a.field("standing.spent") != want {
			t.Errorf("%s, want %s spent", a.raw, want)
		}
		if a := s.ok("GET", "/verify", ""); len(a.field("differences").([]any)) != 0 {
			t.Errorf("%s", a.raw)
		}
	}
	spent("3.50")
	if a := s.ok("GET", "/usage?by=user", ""); a.field("rows.1.group.user") != "alice" || a.field("rows.1.adjusted") != "4.00" {
		t.Errorf("%s", a.raw)
	}
	if err := s.call(a.field("edits.1.key").(string), "paid"); err != nil {
		t.Fatal(err)
	}
	spent("3.511")
	moved := `{"edits":[{"action":"delete","kind":"budget","id":"laptops"},
		{"action":"create","kind":"budget","id":"laptops","scope":"key","owner":"laptop","limit":"5","per":"30 days","rolls_from":"2999-01-01T08:00:00Z"},
		{"action":"create","kind":"adjustment","scope":"key","owner":"laptop","budget":"laptops","to":"3.511","reason":"another window"}]}`
	s.ok("POST", "/apply", moved)
	spent("3.511")
	s.ok("POST", "/apply", moved) // it stands there already
	spent("3.511")
	if err := s.call(a.field("edits.1.key").(string), "paid"); err != nil {
		t.Fatal(err)
	}
	spent("3.522")
	for edits, want := range map[string]string{
		`{"action":"create","kind":"adjustment","id":"alices","scope":"user","owner":"alice","amount":"1","reason":"r"}`:                                                                           "exists",
		`{"action":"delete","kind":"budget","id":"laptops"},{"action":"create","kind":"adjustment","scope":"key","owner":"laptop","budget":"laptops","to":"1","reason":"r"}`:                       "not_found",
		`{"action":"create","kind":"user","id":"bob"},{"action":"create","kind":"adjustment","scope":"user","owner":"bob","amount":"0","reason":"r"}`:                                              "invalid_value",
		`{"action":"create","kind":"user","id":"bob"},{"action":"delete","kind":"adjustment","id":"alices","scope":"user","owner":"alice","amount":"1","reason":"r"}`:                              "invalid_value",
		`{"action":"create","kind":"user","id":"bob"},{"action":"create","kind":"adjustment","scope":"key","owner":"laptop","budget":"laptops","amount":"9223372036","reason":"beyond the range"}`: "invalid_value",
	} {
		if a := s.do(s.admin, "POST", "/apply", `{"edits":[`+edits+`]}`); a.code() != want {
			t.Errorf("%s: %d %s", edits, a.status, a.raw)
		}
	}
	if a := s.do(s.admin, "GET", "/users/bob", ""); a.status != 404 {
		t.Errorf("half a change happened: %s", a.raw)
	}
	spent("3.522")
	if a := s.ok("GET", "/audit?kind=adjustment&id=alices", ""); a.field("data.0.after.amount") != "4.00" || a.field("data.0.after.owner") != "alice" || a.field("data.1") != nil {
		t.Errorf("%s", a.raw)
	}
}
