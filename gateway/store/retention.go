package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"tollgate/accounting"
	"tollgate/gateway/control"
)

// The bounds of one commit of retention. In SQLite a paid call waits for one of them at
// most.
const (
	removeBatch = 200 // rows that go, and what they were posted to: a few hundredths of a second with a slow disk
	carryBatch  = 100 // rows of one statement
)

// Retain implements [control.Store].
//
// A chain goes in two steps. First its row is marked, which stays for ever with the number
// of entries, their cost and the last hash. Then the entries go, some at a time, and what
// those had posted is added to `carried` in the same transaction: one for all of them
// would keep every paid call waiting while a large month is deleted. A run that is
// interrupted anywhere is finished by the next one, and two at once do no harm.
//
// Only months that have been over for a whole month are touched, so nobody writes into
// them any more.
func (s *Store) Retain(ctx context.Context, now time.Time, months int, ends control.Ends) ([]control.Removal, error) {
	now = now.UTC()
	first := time.Date(now.Year(), now.Month()-time.Month(max(months, 1)), 1, 0, 0, 0, 0, time.UTC) // of those that stay
	todo, err := s.oldMonths(ctx, first)
	if err != nil {
		return nil, unavailable(err)
	}
	out := []control.Removal{}
	for _, month := range todo {
		r, err := s.retainMonth(ctx, now, month, ends)
		if r.Entries+r.Calls > 0 || r.Kept != "" {
			out = append(out, r)
		}
		if err != nil {
			return out, err
		}
	}
	if err := s.closeCounters(ctx, first, ends); err != nil {
		return out, err
	}
	return out, s.forgetAudits(ctx, first)
}

// oldMonths lists the months before an instant of which anything is left, oldest first.
func (s *Store) oldMonths(ctx context.Context, before time.Time) ([]int64, error) {
	db, err := s.read.DB()
	if err != nil {
		return nil, err
	}
	months := map[int64]bool{}
	end := monthOf(micros(before))
	err = eachRow(ctx, db, `select distinct c.month from chains c where c.month < $1 and (c.removed_at is null
		or exists (select 1 from entries e where e.writer = c.writer and e.month = c.month))`, func(r *sql.Rows) error {
		var m int64
		err := r.Scan(&m)
		months[m] = true
		return err
	}, end)
	if err != nil {
		return nil, err
	}
	// Calls have no month of their own: from each the next one is looked for.
	for from := int64(0); ; {
		var at *int64
		if err := db.QueryRowContext(ctx, `select min(at) from calls where at >= $1 and at < $2`, from, micros(before)).Scan(&at); err != nil {
			return nil, err
		}
		if at == nil {
			return slices.Sorted(maps.Keys(months)), nil
		}
		months[monthOf(*at)] = true
		_, to := spanOf(monthOf(*at))
		from = micros(to)
	}
}

// spanOf is from when to when a month goes.
func spanOf(month int64) (from, to time.Time) {
	from = time.Date(int(month/100), time.Month(month%100), 1, 0, 0, 0, 0, time.UTC)
	return from, from.AddDate(0, 1, 0)
}

// period is one of a budget, whoever's.
type period struct {
	budget string
	start  int64
}

// oldChain is a chain that may go, with the periods that its entries were posted to, and
// one of the accounts in each.
type oldChain struct {
	writer string
	month  int64
	row    chain
	posted map[period]string
}

func (s *Store) retainMonth(ctx context.Context, now time.Time, month int64, ends control.Ends) (control.Removal, error) {
	out := control.Removal{Month: monthName(month)}
	chains, err := s.readMonth(ctx, month)
	var damage *damaged
	if errors.As(err, &damage) {
		out.Kept = damage.Error() + "; see: tollgate verify"
		return out, nil
	}
	if err != nil {
		return out, unavailable(err)
	}
	for _, c := range chains {
		for _, p := range slices.SortedFunc(maps.Keys(c.posted), func(a, b period) int {
			return cmp.Or(strings.Compare(a.budget, b.budget), cmp.Compare(a.start, b.start))
		}) {
			if end, _ := ends(p.budget, instant(p.start)); end.After(now) { // the zero end is of a period that never ends
				out.Kept = "the period of " + counterKey{p.budget, c.posted[p], p.start}.String() + ", is still running"
				return out, nil
			}
		}
	}
	for _, c := range chains {
		ok, err := s.mark(ctx, now, c)
		if err != nil {
			return out, err
		}
		if !ok {
			out.Kept = "somebody else is at it"
			return out, nil
		}
	}
	if out.Entries, out.Cost, err = s.removeEntries(ctx, month); err != nil {
		return out, err
	}
	from, to := spanOf(month)
	out.Calls, err = s.remove(ctx, `delete from calls where id in (select id from calls where at >= ? and at < ? limit ?)`, micros(from), micros(to))
	return out, err
}

// damaged says that a chain is not what it was: it is kept as it is.
type damaged struct{ what string }

func (d *damaged) Error() string { return d.what }

// readMonth reads the chains of a month that are not marked yet, and makes sure that
// they are whole: what is not is evidence and stays.
func (s *Store) readMonth(ctx context.Context, month int64) (out []*oldChain, err error) {
	look, err := openSnapshot(ctx, s.place)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, look.close()) }()
	err = eachRow(ctx, look.tx, `select writer, entries, head, cost from chains where month = $1 and removed_at is null order by writer`, func(r *sql.Rows) error {
		c := &oldChain{month: month, posted: map[period]string{}}
		out = append(out, c)
		return r.Scan(&c.writer, &c.row.entries, &c.row.head, &c.row.cost)
	}, month)
	if err != nil {
		return nil, err
	}
	for _, c := range out {
		var sum chain
		err := eachRow(ctx, look.tx, "select "+entryNames+" from entries where writer = $1 and month = $2 order by seq, id", func(rows *sql.Rows) error {
			r, err := readEntry(rows)
			if err != nil {
				return err
			}
			return c.take(&sum, &r)
		}, c.writer, month)
		if err != nil {
			return nil, err
		}
		if sum != c.row {
			return nil, &damaged{fmt.Sprintf("the chain of %s does not end as its row says", chainKey{c.writer, month})}
		}
	}
	return out, nil
}

// take adds an entry to its chain.
func (c *oldChain) take(sum *chain, r *entryRow) error {
	sum.entries++
	if r.Seq != 0 {
		if r.Seq != sum.entries || r.digest(sum.head) != r.Hash {
			return &damaged{fmt.Sprintf("entry %s is not as it was written, or not in its place", r.ID)}
		}
		sum.head = r.Hash
	}
	cost := accounting.Money(0)
	if r.Cost != nil {
		cost = accounting.Money(*r.Cost)
	}
	claims, err := readClaims(r.Claims)
	if err == nil {
		sum.cost, err = sum.cost.Add(cost)
	}
	if err != nil {
		return &damaged{fmt.Sprintf("entry %s: %v", r.ID, err)}
	}
	for _, cl := range claims {
		p := period{cl.Budget, cl.Start}
		if account, ok := c.posted[p]; !ok || cl.Account < account {
			c.posted[p] = cl.Account
		}
	}
	return nil
}

// mark says in the row of a chain that its entries go. It is false if the chain is not as
// it was read.
func (s *Store) mark(ctx context.Context, now time.Time, c *oldChain) (done bool, err error) {
	err = s.apart(ctx, func(tx *gorm.DB) error {
		res := tx.Exec(`update chains set removed_at = ? where writer = ? and month = ? and removed_at is null and entries = ? and head = ?`,
			micros(now), c.writer, c.month, c.row.entries, c.row.head)
		done = res.RowsAffected == 1
		return res.Error
	})
	return done && err == nil, err
}

// carryAll adds what entries of a month had posted to what is carried over from it.
func carryAll(tx *gorm.DB, month int64, posted tally) error {
	keys := slices.SortedFunc(maps.Keys(posted), counterKey.compare)
	for len(keys) > 0 {
		n := carryBatch // and the rest one by one, so that there are two statements to prepare
		if len(keys) < n {
			n = 1
		}
		if err := carry(tx, month, posted, keys[:n]); err != nil {
			return err
		}
		keys = keys[n:]
	}
	return nil
}

func carry(tx *gorm.DB, month int64, posted tally, keys []counterKey) error {
	var args []any
	for _, k := range keys {
		args = append(args, k.budget, k.account, k.start, month, int64(posted[k].Posted))
	}
	return tx.Exec(`insert into carried (budget_id, account_id, period_start, month, posted) values `+strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?, ?), ", len(keys)), ", ")+
		` on conflict (budget_id, account_id, period_start, month) do update set posted = carried.posted + excluded.posted`, args...).Error
}

// removeEntries deletes the entries of a month's marked chains and says what they were.
func (s *Store) removeEntries(ctx context.Context, month int64) (entries int64, cost accounting.Money, err error) {
	for {
		var gone []struct {
			ID     string
			Cost   accounting.Money
			Claims string
		}
		err := s.apart(ctx, func(tx *gorm.DB) error {
			gone = nil
			err := tx.Raw(`delete from entries where id in (select e.id from entries e join chains c on c.writer = e.writer and c.month = e.month
				where c.month = ? and c.removed_at is not null limit ?) returning id, coalesce(cost, 0) as cost, claims`, month, removeBatch).Scan(&gone).Error
			if err != nil {
				return err
			}
			posted := tally{}
			for _, r := range gone {
				if err := posted.post(r.Claims, r.Cost); err != nil {
					return fmt.Errorf("entry %s: %w", r.ID, err)
				}
			}
			return carryAll(tx, month, posted)
		})
		if err != nil || len(gone) == 0 {
			return entries, cost, err
		}
		for _, r := range gone {
			cost += r.Cost // they were added up before, within the range
		}
		entries += int64(len(gone))
	}
}

// remove runs a statement that deletes a number of rows until there are none, and says
// how many there were.
func (s *Store) remove(ctx context.Context, text string, args ...any) (n int64, err error) {
	for {
		var hit int64
		if err := s.apart(ctx, func(tx *gorm.DB) error {
			res := tx.Exec(text, append(slices.Clone(args), removeBatch)...)
			hit = res.RowsAffected
			return res.Error
		}); err != nil || hit == 0 {
			return n, err
		}
		n += hit
	}
}
