package store

import (
	"context"

	"tollgate/accounting/scope"
	"tollgate/gateway/limits"
)

type limitRow struct {
	ID         string
	Name       string
	Scope      string
	Each       bool
	Owner      string
	Models     string
	Requests   *int64
	Tokens     *int64
	Concurrent *int64
	CreatedAt  int64
}

// Limits implements [control.Store].
func (s *Store) Limits(ctx context.Context) ([]limits.Rule, error) {
	return list(ctx, s.read, "limits", "created_at, id", func(r limitRow) (limits.Rule, error) {
		rule := limits.Rule{ID: r.ID, Name: r.Name, Selector: scope.Selector{Kind: scope.Kind(r.Scope), Each: r.Each, Owner: r.Owner},
			Requests: r.Requests, Tokens: r.Tokens, Concurrent: r.Concurrent, Origin: "api"}
		return rule, fromJSON(r.Models, &rule.Models)
	})
}
