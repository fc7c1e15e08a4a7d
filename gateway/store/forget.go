package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"tollgate/accounting/ledger"
)

// changesKept is how long a change is kept for replicas that have not seen it.
const changesKept = 24 * time.Hour

// forget removes what has run out: Idempotency-Keys, changes that every replica has
// seen, and replicas that are long gone and hold nothing.
func (s *Store) forget(ctx context.Context) error {
	now := s.Now()
	return s.apart(ctx, func(tx *gorm.DB) error {
		for _, q := range []struct {
			text   string
			before time.Time
		}{
			{`delete from idempotency where at <= ? and hold_id = ''`, now.Add(-ledger.OnceFor)},
			{`delete from changes where at <= ?`, now.Add(-changesKept)},
			{`delete from replicas where lease_ends <= ? and not exists (select 1 from holds where holds.owner = replicas.id)`, now.Add(-changesKept)},
		} {
			if err := tx.Exec(q.text, micros(q.before)).Error; err != nil {
				return err
			}
		}
		return nil
	})
}
