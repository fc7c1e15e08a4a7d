package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"tollgate/accounting/ledger"
	"tollgate/gateway/shadow"
)

// changesKept is how long a change is kept for replicas that have not seen it.
const changesKept = 24 * time.Hour

// forgetPage is how many rows one transaction removes.
const forgetPage = 1000

// runOut are rows of a table that go once they are older than so long. They are found
// without a look at those that are not, of which there may be millions.
type runOut struct {
	table, key, where, order string
	kept                     time.Duration
}

var runsOut = []runOut{
	{"idempotency", "key_id, token", "at <= ? and hold_id = ''", "at", ledger.OnceFor},
	// An older change has a smaller number.
	{"changes", "seq", fmt.Sprintf("at <= ? and seq < (select max(seq) from changes) and seq < (select min(seq) from changes) + %d", forgetPage), "seq", changesKept},
	{"shadow_calls", "id", "at <= ?", "at", shadow.KeptFor},
	{"replicas", "id", "lease_ends <= ? and not exists (select 1 from holds where holds.owner = replicas.id)", "id", changesKept},
}

// page is the statement that removes so many of them.
func (r runOut) page(passOver string) string {
	return "delete from " + r.table + " where (" + r.key + ") in (select " + r.key + " from " + r.table + " where " + r.where + " order by " + r.order + " limit ?" + passOver + ")"
}

// Forget removes what has run out: Idempotency-Keys, changes that every replica has
// seen, old calls of a trial beside another gateway, and replicas that are long gone and
// hold nothing. The newest change stays, so that a replica that was away finds out that it
// has missed some.
func (s *Store) Forget(ctx context.Context) error {
	now := s.Now()
	for _, q := range runsOut {
		text := q.page(s.engine.passOver())
		for gone := int64(forgetPage); gone == forgetPage; {
			if err := s.apart(ctx, func(tx *gorm.DB) error {
				res := tx.Exec(text, micros(now.Add(-q.kept)), forgetPage)
				gone = res.RowsAffected
				return res.Error
			}); err != nil {
				return err
			}
		}
	}
	return nil
}
