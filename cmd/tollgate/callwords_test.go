package main

import (
	"testing"

	"tollgate/gateway/control"
)

// TestWordsOfCalls: what a caller writes in tollgate's own words is understood, or refused by
// its name.
func TestWordsOfCalls(t *testing.T) {
	g := audited(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	for query, status := range map[string]int{"": 200, "?open=true": 200, "?open=false": 200, "?limit=5": 200, "?open=nonsense": 400, "?open=1": 400, "?open=T": 400, "?open=": 400, "?open=true&open=false": 400} {
		if a := g.do("GET", "/v1/models"+query, p.key, "", nil); a.Status != status {
			t.Errorf("%s: %d %s", query, a.Status, a.Body)
		}
	}
	if a := g.chat(p, "free", "", header{"X-Tollgate-Falback": "deny"}); a.Status != 400 || a.errorField(t, "param") != "X-Tollgate-Falback" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := g.chat(p, "free", "", header{"X-Tollgate-Fallback": "deny", "X-Tollgate-Session": "s"}); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}
