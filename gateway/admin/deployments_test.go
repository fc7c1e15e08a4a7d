package admin_test

import (
	"strings"

	"tollgate/gateway/balancer"
	"tollgate/providers"
)

// deploymentsAnswer makes one engine speak and another fail, and reads how they are.
func (s *site) deploymentsAnswer(secret string) {
	s.t.Helper()
	well := true
	s.gateway.Balancer.Observe("echo", balancer.Signals{Healthy: &well,
		Load: providers.Load{Requests: true, Running: 3, Waiting: 2, Cache: 0.5, Loaded: map[string]bool{"echo:latest": true}}})
	route, err := s.gateway.Catalog.Snapshot().Resolve("unknown")
	if err != nil {
		s.t.Fatal(err)
	}
	use, err := s.gateway.Balancer.Enter(s.t.Context(), route.Candidates()[0].Of(), balancer.Call{})
	if err != nil {
		s.t.Fatal(err)
	}
	use.Failed(&providers.Error{Kind: providers.KeyRefused, Status: 401})
	use.Done()

	deployments := map[string]object{}
	for _, d := range s.ok("GET", "/deployments", "").field("data").([]any) {
		deployments[d.(object)["deployment"].(string)] = d.(object)
	}
	if d := deployments["cloud/mystery"]; d["breaker"] != "open" || d["last_error"] != "key_refused" || d["until"] == nil || d["failures"] != 1.0 || d["engine"] != nil {
		s.t.Errorf("%v", d)
	}
	engine, _ := deployments["echo/echo"]["engine"].(object)
	if deployments["echo/echo"]["breaker"] != "closed" || engine["healthy"] != true || engine["running"] != 3.0 || engine["waiting"] != 2.0 || engine["cache"] != 0.5 || engine["loaded"] != true {
		s.t.Errorf("%v", deployments["echo/echo"])
	}
	if d := deployments["cloud/big"]; d["breaker"] != "closed" || d["last_error"] != "" || d["first_token_ms"] != nil {
		s.t.Errorf("%v", d)
	}
	if a := s.ok("GET", "/deployments?limit=1", ""); len(a.field("data").([]any)) != 1 || a.field("next") == nil {
		s.t.Errorf("%s", a.raw)
	}
	if a := s.ok("GET", "/check", ""); !strings.Contains(string(a.raw), "it is left out until") || len(a.field("deployments").([]any)) != len(deployments) {
		s.t.Errorf("%s", a.raw)
	}
	if a := s.do(secret, "GET", "/deployments", ""); a.status != 403 {
		s.t.Errorf("a caller sees the deployments: %d", a.status)
	}
	s.gateway.Balancer.Mend()
}
