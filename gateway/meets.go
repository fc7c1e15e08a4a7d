package gateway

import (
	"errors"
	"strings"

	"tollgate/accounting/scope"
	"tollgate/gateway/catalog"
	"tollgate/gateway/toll"
)

// Meets says whether a rule for a model, or a pattern of models, meets anything that is
// declared: by its name, its deployment or another name of it. A pattern that a wildcard would
// take meets what the wildcard stands for.
func (g *Gateway) Meets(model string) bool {
	snapshot, rule := g.Catalog.Snapshot(), scope.Selector{Models: []string{model}}
	for _, r := range snapshot.Routes() {
		if rule.Matches(scope.Target{Model: r.Name, Also: r.Aliases}) {
			return true
		}
		for _, tier := range r.Tiers {
			for _, ch := range tier {
				if rule.Matches(toll.Target(r.Name, ch.Via, ch.Candidate.Of())) {
					return true
				}
			}
		}
	}
	for _, w := range snapshot.Wildcards() {
		if rule.Matches(scope.Target{Model: strings.ReplaceAll(w.Name, "*", "x")}) {
			return true
		}
	}
	_, err := snapshot.Resolve(strings.ReplaceAll(model, "*", "x"))
	return err == nil || errors.Is(err, catalog.ErrModelGone)
}
