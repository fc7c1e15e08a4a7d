package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"tollgate/accounting"
	"tollgate/gateway/control"
)

// closeBatch is how many counters go in one commit: as much work as [removeBatch] entries.
const closeBatch = 100

// closeCounters removes the counters of periods that had ended before an instant, and what
// was carried over to them, once no entry is left that they count: until then, and with holds
// open, they stay. Nobody reads them any more, and all that is left adds up as before, since
// each stood at what was carried over to it. An entry that comes after all makes its counter
// anew. What never ended is never over: a total budget that has a window for a while goes on
// from where it stood. Nor is what began before its budget was made: that may have been another
// one of the same id, with a longer window that it is given again.
func (s *Store) closeCounters(ctx context.Context, before time.Time, ends control.Ends) error {
	for last, more := (counterKey{}), true; more; {
		var page []struct {
			BudgetID, AccountID string
			PeriodStart         int64
		}
		err := s.read.WithContext(ctx).Raw(`select budget_id, account_id, period_start from counters
			where (budget_id, account_id, period_start) > (?, ?, ?) and period_start > 0 and period_start < ? and held = 0
				and not exists (select 1 from budgets b where b.id = budget_id and b.created_at > period_start)
			order by budget_id, account_id, period_start limit ?`, last.budget, last.account, last.start, micros(before), closeBatch).Scan(&page).Error
		if err != nil {
			return unavailable(err)
		}
		more = len(page) == closeBatch
		var closed []counterKey
		for _, r := range page {
			last = counterKey{r.BudgetID, r.AccountID, r.PeriodStart}
			if end, known := ends(last.budget, instant(last.start)); known && !end.IsZero() && !end.After(before) {
				closed = append(closed, last)
			}
		}
		if len(closed) == 0 {
			continue
		}
		slices.SortFunc(closed, counterKey.compare) // the order in which everybody locks them
		if err := s.apart(ctx, func(tx *gorm.DB) error {
			s.engine.forget(closed)
			for _, k := range closed {
				if err := closeCounter(tx, k); err != nil {
					return err
				}
			}
			return nil
		}); errors.Is(err, errMoves) {
			return nil // another replica is at it, and the next run goes on
		} else if err != nil {
			return err
		}
	}
	return nil
}

// errMoves says that somebody else carries something over at the same time.
var errMoves = errors.New("what was carried over moves")

// closeCounter removes a counter that stands at what was carried over to it, with that.
func closeCounter(tx *gorm.DB, k counterKey) error {
	const here = ` where budget_id = ? and account_id = ? and period_start = ?`
	var rows []struct{ Month, Posted int64 }
	if err := tx.Raw(`select month, posted from carried`+here, k.budget, k.account, k.start).Scan(&rows).Error; err != nil {
		return err
	}
	sum := accounting.Money(0)
	for _, r := range rows {
		var err error
		if sum, err = sum.Add(accounting.Money(r.Posted)); err != nil {
			return fmt.Errorf("what was carried over to %s: %w", k, err)
		}
	}
	gone := tx.Exec(`delete from counters`+here+` and held = 0 and posted = ?`, k.budget, k.account, k.start, int64(sum))
	if gone.Error != nil || gone.RowsAffected == 0 { // entries are left
		return gone.Error
	}
	for _, r := range rows {
		one := tx.Exec(`delete from carried`+here+` and month = ? and posted = ?`, k.budget, k.account, k.start, r.Month, r.Posted)
		switch {
		case one.Error != nil:
			return one.Error
		case one.RowsAffected != 1:
			return refuse(errMoves)
		}
	}
	return nil
}
