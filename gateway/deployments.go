package gateway

import (
	"slices"
	"strings"

	"tollgate/gateway/access"
	"tollgate/gateway/balancer"
	"tollgate/gateway/catalog"
)

// Health is whether a deployment of a model is called at present.
type Health struct {
	Model      string
	Deployment string // "" if the model has none
	Problem    string // why it is not called; "" if it is
}

// Health says of each deployment that a caller may use whether it is called at present, by
// what its last calls have shown. It calls nothing.
func (g *Gateway) Health(who access.Principal) []Health {
	var out []Health
	for _, r := range g.Catalog.Snapshot().Routes() {
		if r.Unavailable != "" && who.Allows(r.Name, r.Groups, false) {
			out = append(out, Health{Model: r.Name, Problem: r.Unavailable})
		}
		for _, c := range r.Candidates() {
			_, free := c.(catalog.Free)
			if !who.Allows(r.Name, r.Groups, free) {
				continue
			}
			h := Health{Model: r.Name, Deployment: c.Of().ID}
			if shut := g.Balancer.Usable(c.Of()); shut != nil {
				h.Problem = "it failed last with " + shut.Kind.String()
			}
			out = append(out, h)
		}
	}
	return out
}

// Called says how the deployments are that somebody has called, by name. One to which nothing
// leads any more is among them while calls of it run: else it would be told as failing for as
// long as the program runs.
func (g *Gateway) Called() []balancer.State { return g.called(g.Catalog.Snapshot()) }

func (g *Gateway) called(snapshot *catalog.Snapshot) []balancer.State {
	return slices.DeleteFunc(g.Balancer.States(), func(s balancer.State) bool {
		return s.InFlight == 0 && s.Waiting == 0 && !snapshot.Leads(s.Deployment)
	})
}

// Deployments says how every deployment is at present, by name: those that routes lead
// to, and those under a wildcard that somebody has called. What the engines say of
// themselves is kept fresh for a while after the question.
func (g *Gateway) Deployments() []balancer.State {
	snapshot := g.Catalog.Snapshot()
	g.Balancer.Ask(snapshot.Providers())
	out := g.called(snapshot)
	known := map[string]bool{}
	for _, s := range out {
		known[s.Deployment] = true
	}
	for _, r := range snapshot.Routes() {
		for _, c := range r.Candidates() {
			if dep := c.Of(); !known[dep.ID] {
				known[dep.ID] = true
				out = append(out, balancer.State{Deployment: dep.ID, Provider: dep.Provider.Name, Breaker: balancer.Closed, Ill: g.Balancer.Ill(dep), Signals: g.Balancer.Engine(dep.Provider.Name)})
			}
		}
	}
	slices.SortFunc(out, func(a, b balancer.State) int { return strings.Compare(a.Deployment, b.Deployment) })
	return out
}
