package admin_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
)

func number(n int64) *int64 { return &n }

// limitsAnswer goes through the life of limits and returns the id of one that is there.
// It needs alice in the team physics.
func (s *site) limitsAnswer() (id string) {
	s.t.Helper()
	want := func(a answer, fields map[string]any) {
		s.t.Helper()
		for name, v := range fields {
			if got := a.field(name); fmt.Sprint(got) != fmt.Sprint(v) {
				s.t.Errorf("%s is %v, want %v: %s", name, got, v, a.raw)
			}
		}
	}
	a := s.ok("POST", "/limits", `{"scope":"user","owner":"alice","models":["gpu/*"],"tokens_per_minute":200000,"concurrent_requests":4,"name":"fair share"}`)
	want(a, map[string]any{"scope": "user", "each": false, "owner": "alice", "models": "[gpu/*]", "requests_per_minute": nil, "tokens_per_minute": 200000, "concurrent_requests": 4, "name": "fair share", "origin": "api"})
	id = a.field("id").(string)
	want(s.ok("POST", "/limits", `{"scope":"member","owner":"physics/alice","requests_per_minute":0,"tokens_per_minute":null}`), map[string]any{"requests_per_minute": 0, "tokens_per_minute": nil, "models": "[]"})
	want(s.ok("POST", "/limits", `{"scope":"end_user","each":true,"concurrent_requests":1000000000000}`), map[string]any{"each": true, "owner": "", "concurrent_requests": 1e12})
	want(s.ok("POST", "/limits", `{"scope":"gateway","requests_per_minute":-0}`), map[string]any{"owner": "", "requests_per_minute": 0})
	want(s.ok("PATCH", "/limits/"+id, `{"tokens_per_minute":null,"requests_per_minute":10,"name":""}`), map[string]any{"tokens_per_minute": nil, "requests_per_minute": 10, "concurrent_requests": 4, "name": ""})
	want(s.ok("GET", "/limits/"+id, ""), map[string]any{"tokens_per_minute": nil, "requests_per_minute": 10, "concurrent_requests": 4, "owner": "alice"})
	want(s.ok("GET", "/limits", ""), map[string]any{"data.0.id": "file-2", "data.0.origin": "file", "data.0.each": true, "data.0.requests_per_minute": 60, "data.1.id": id, "next": nil})
	want(s.ok("GET", "/limits/file-2", ""), map[string]any{"scope": "key", "origin": "file"})
	return id
}

// TestUncertainIsAFinding: calls whose process died show in the check for a week, with
// what they were booked at, and can be listed; they are a note and no problem.
func TestUncertainIsAFinding(t *testing.T) {
	s := start(t)
	finding := func() string {
		t.Helper()
		a := s.ok("GET", "/check", "")
		for _, f := range a.field("findings").([]any) {
			if f.(object)["path"] == "orphans" {
				if f.(object)["warning"] != true {
					t.Errorf("it is no note: %v", f)
				}
				return f.(object)["message"].(string)
			}
		}
		return ""
	}
	put := func(id string, source accounting.Source, age time.Duration, cost accounting.Money) {
		t.Helper()
		h := ledger.Hold{ID: id, At: time.Now().Add(-age), Amount: cost, Prompt: cost, Need: 1, Facts: ledger.Facts{RequestID: "r-" + id, KeyID: "k", UserID: "u", Operation: "chat", Model: "m", Deployment: "p/m"}, PriceVersion: "v"}
		if _, err := s.store.Reserve(context.Background(), h); err != nil {
			t.Fatal(err)
		}
		e := ledger.Entry{Hold: h, Outcome: ledger.Outcome{At: h.At, Source: source, Status: "orphaned", Cost: &accounting.Cost{Total: cost}}}
		if err := s.store.Settle(context.Background(), e); err != nil {
			t.Fatal(err)
		}
	}
	put("fine", accounting.Reported, 0, accounting.Dollar)
	put("old", accounting.Uncertain, 8*24*time.Hour, accounting.Dollar)
	if got := finding(); got != "" {
		t.Errorf("without any: %s", got)
	}
	put("one", accounting.Uncertain, 6*24*time.Hour, accounting.Dollar/4)
	if got := finding(); !strings.Contains(got, "cut off 1 paid call in the last 7 days") || !strings.Contains(got, "0.25 USD") || !strings.Contains(got, "tollgate entries --uncertain") {
		t.Errorf("with one: %s", got)
	}
	put("two", accounting.Uncertain, time.Hour, accounting.Dollar)
	if got := finding(); !strings.Contains(got, "cut off 2 paid calls") || !strings.Contains(got, "1.25 USD") {
		t.Errorf("with two: %s", got)
	}
	for query, want := range map[string]string{"source=uncertain": "two one old", "source=reported": "fine", "source=counted": "", "source=uncertain&limit=1": "two", "source=uncertain&before=two": "one old"} {
		var ids []string
		for _, e := range s.ok("GET", "/entries?"+query, "").field("data").([]any) {
			ids = append(ids, e.(object)["id"].(string))
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	if a := s.do(s.admin, "GET", "/entries?before=yesterday", ""); a.status != 400 || !strings.Contains(string(a.raw), "before: there is no entry") {
		t.Errorf("a page behind what is no entry: %d %s", a.status, a.raw)
	}
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	if got := finding(); got != "" {
		t.Errorf("while the books do not answer: %s", got)
	}
}
