package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"tollgate/accounting/ledger"
	"tollgate/gateway/shadow"
)

// changesKept is how long a change is kept for replicas that have not seen it.
const changesKept = 24 * time.Hour

// forgetPage is how many rows one transaction removes.
const forgetPage = 1000

// Forget removes what has run out: Idempotency-Keys, changes that every replica has
// seen, old calls of a trial beside another gateway, and replicas that are long gone and
// hold nothing. The newest change stays, so
// that a replica that was away finds out that it has missed some.
func (s *Store) Forget(ctx context.Context) error {
	now := s.Now()
	for _, q := range []struct {
		table, key, where string
		before            time.Time
	}{
		{"idempotency", "key_id, token", "at <= ? and hold_id = ''", now.Add(-ledger.OnceFor)},
		{"changes", "seq", "at <= ? and seq < (select max(seq) from changes)", now.Add(-changesKept)},
		{"shadow_calls", "id", "at <= ?", now.Add(-shadow.KeptFor)},
		{"replicas", "id", "lease_ends <= ? and not exists (select 1 from holds where holds.owner = replicas.id)", now.Add(-changesKept)},
	} {
		text := "delete from " + q.table + " where (" + q.key + ") in (select " + q.key + " from " + q.table + " where " + q.where + " order by " + q.key + " limit ?" + s.engine.passOver() + ")"
		for gone := int64(forgetPage); gone == forgetPage; {
			if err := s.apart(ctx, func(tx *gorm.DB) error {
				res := tx.Exec(text, micros(q.before), forgetPage)
				gone = res.RowsAffected
				return res.Error
			}); err != nil {
				return err
			}
		}
	}
	return nil
}
