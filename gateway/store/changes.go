package store

import (
	"context"

	"gorm.io/gorm"

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

// change runs one statement, notes for the other replicas what it was about, and gives
// its failures control's names.
func (s *Store) change(ctx context.Context, kind control.ChangeKind, id string, mustHit bool, run func(tx *gorm.DB) *gorm.DB) error {
	return s.changeMore(ctx, kind, id, mustHit, run, "")
}

// changeMore is change for what takes other things along: more, unless empty, selects
// their kinds and ids before the statement runs.
func (s *Store) changeMore(ctx context.Context, kind control.ChangeKind, id string, mustHit bool, run func(tx *gorm.DB) *gorm.DB, more string, args ...any) error {
	return s.apart(ctx, func(tx *gorm.DB) error {
		if err := s.engine.ordered(tx); err != nil {
			return err
		}
		var rows []changeRow
		if more != "" {
			if err := tx.Raw(more, args...).Scan(&rows).Error; err != nil {
				return err
			}
		}
		res := run(tx)
		if rule, reference := s.engine.broke(res.Error); reference {
			return refuse(control.ErrNotFound)
		} else if rule {
			return refuse(control.ErrExists)
		}
		switch {
		case res.Error != nil:
			return res.Error
		case mustHit && res.RowsAffected == 0:
			return refuse(control.ErrNotFound)
		}
		rows = append(rows, changeRow{Kind: string(kind), ID: id})
		for i := range rows {
			rows[i].At = micros(s.Now())
		}
		return tx.Table("changes").CreateInBatches(&rows, 100).Error
	})
}

// LastChange implements [control.Store].
func (s *Store) LastChange(ctx context.Context) (int64, error) {
	ctx, cancel := reading(ctx)
	defer cancel()
	var seq int64
	if err := s.read.WithContext(ctx).Raw(`select coalesce(max(seq), 0) from changes`).Row().Scan(&seq); err != nil {
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
