package store

import (
	"context"
	"fmt"

	"tollgate/accounting"
)

var sqlHolds = fmt.Sprintf(`select count(*) as holds, sum(amount / %d) as dollars, sum(amount %% %[1]d) as nanos from holds`, nanosPerDollar)

// Holds counts the open holds of all processes and adds them up.
func (s *Store) Holds(ctx context.Context) (holds int64, held accounting.Money, err error) {
	ctx, cancel := reading(ctx)
	defer cancel()
	var sums struct {
		Holds   int64
		Dollars *int64
		Nanos   *int64
	}
	if err := s.read.WithContext(ctx).Raw(sqlHolds).Scan(&sums).Error; err != nil {
		return 0, 0, unavailable(err)
	}
	if sum := worthOf(sums.Dollars, sums.Nanos); sum != nil {
		held = *sum
	}
	return sums.Holds, held, nil
}
