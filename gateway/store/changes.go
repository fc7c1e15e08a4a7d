package store

import (
	"context"

	"tollgate/gateway/control"
)

// changesPage is how many changes are read at once.
const changesPage = 1000

// changeRow tells other replicas that something was made, changed or deleted.
type changeRow struct {
	Kind string
	ID   string
	At   int64
}

// LastChange implements [control.Store].
func (s *Store) LastChange(ctx context.Context) (int64, error) {
	ctx, cancel := reading(ctx)
	defer cancel()
	var seq int64
	if err := s.read.WithContext(ctx).Raw(`select coalesce(max(seq), 0) from changes`).Scan(&seq).Error; err != nil {
		return 0, unavailable(err)
	}
	return seq, nil
}

// Changes implements [control.Store].
func (s *Store) Changes(ctx context.Context, from int64) ([]control.Change, error) {
	ctx, cancel := reading(ctx)
	defer cancel()
	var rows []control.Change
	if err := s.read.WithContext(ctx).Table("changes").Select("seq, kind, id").Where("seq >= ?", from).Order("seq").Limit(changesPage).Find(&rows).Error; err != nil {
		return nil, unavailable(err)
	}
	return rows, nil
}
