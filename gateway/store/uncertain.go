package store

import (
	"context"
	"fmt"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
)

// sqlUncertain counts uncertain entries and adds them up, orphans and others. An entry
// whose process turned out to be alive is left out: a correction has made it true. The
// source stands in the statement itself, so that an index on uncertain entries alone can
// serve it.
var sqlUncertain = fmt.Sprintf(`select status = '%[2]s' as orphaned, count(*) as entries, sum(cost / %[1]d) as dollars, sum(cost %% %[1]d) as nanos from entries e
where source = 'uncertain' and at >= ? and corrects is null and not exists (select 1 from entries c where c.id = e.id || '%[3]s') group by 1`,
	nanosPerDollar, ledger.Orphaned, correction(""))

// Uncertain implements [control.Store].
func (s *Store) Uncertain(ctx context.Context, since time.Time) (control.Uncertain, error) {
	ctx, cancel := reading(ctx)
	defer cancel()
	var sums []struct {
		Orphaned bool
		Entries  int64
		Dollars  *int64
		Nanos    *int64
	}
	if err := s.read.WithContext(ctx).Raw(sqlUncertain, micros(since)).Scan(&sums).Error; err != nil {
		return control.Uncertain{}, unavailable(err)
	}
	var u control.Uncertain
	for _, sum := range sums {
		of := &u.Untold
		if sum.Orphaned {
			of = &u.Orphaned
		}
		of.Entries = sum.Entries
		if cost := worthOf(sum.Dollars, sum.Nanos); cost != nil {
			of.Cost = *cost
		}
	}
	return u, nil
}
