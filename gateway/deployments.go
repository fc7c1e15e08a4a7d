package gateway

import (
	"slices"
	"strings"

	"tollgate/gateway/balancer"
)

// Deployments says how every deployment is at present, by name: those that routes lead
// to, and those under a wildcard that somebody has called. What the engines say of
// themselves is kept fresh for a while after the question.
func (g *Gateway) Deployments() []balancer.State {
	snapshot := g.Catalog.Snapshot()
	g.Balancer.Ask(snapshot.Providers())
	out := g.Balancer.States()
	known := map[string]bool{}
	for _, s := range out {
		known[s.Deployment] = true
	}
	for _, r := range snapshot.Routes() {
		for _, c := range r.Candidates() {
			if dep := c.Of(); !known[dep.ID] {
				known[dep.ID] = true
				out = append(out, balancer.State{Deployment: dep.ID, Provider: dep.Provider.Name, Breaker: balancer.Closed, Signals: g.Balancer.Engine(dep.Provider.Name)})
			}
		}
	}
	slices.SortFunc(out, func(a, b balancer.State) int { return strings.Compare(a.Deployment, b.Deployment) })
	return out
}
