package store

import (
	"context"
	"time"

	"gorm.io/gorm"

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
	CreatedAt  int64 `gorm:"autoCreateTime:false"`
}

// Limits implements [control.Store].
func (s *Store) Limits(ctx context.Context) ([]limits.Rule, error) {
	return list(ctx, s.read, "limits", "created_at, id", func(r limitRow) (limits.Rule, error) {
		rule := limits.Rule{ID: r.ID, Name: r.Name, Selector: scope.Selector{Kind: scope.Kind(r.Scope), Each: r.Each, Owner: r.Owner},
			Requests: r.Requests, Tokens: r.Tokens, Concurrent: r.Concurrent, Origin: "api"}
		return rule, fromJSON(r.Models, &rule.Models)
	})
}

// CreateLimit implements [control.Store].
func (s *Store) CreateLimit(ctx context.Context, r limits.Rule, at time.Time) error {
	row := limitRow{ID: r.ID, Name: r.Name, Scope: string(r.Kind), Each: r.Each, Owner: r.Owner, Models: toJSON(r.Models),
		Requests: r.Requests, Tokens: r.Tokens, Concurrent: r.Concurrent, CreatedAt: micros(at)}
	return s.change(ctx, changedLimit, r.ID, true, func(tx *gorm.DB) *gorm.DB { return tx.Table("limits").Create(&row) })
}

// UpdateLimit implements [control.Store].
func (s *Store) UpdateLimit(ctx context.Context, r limits.Rule) error {
	return s.change(ctx, changedLimit, r.ID, true, func(tx *gorm.DB) *gorm.DB {
		return tx.Exec(`update limits set name = ?, requests = ?, tokens = ?, concurrent = ? where id = ?`, r.Name, r.Requests, r.Tokens, r.Concurrent, r.ID)
	})
}

// DeleteLimit implements [control.Store].
func (s *Store) DeleteLimit(ctx context.Context, id string) error {
	return s.change(ctx, changedLimit, id, true, func(tx *gorm.DB) *gorm.DB { return tx.Exec(`delete from limits where id = ?`, id) })
}
