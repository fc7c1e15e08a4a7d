package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
)

// adjustWriter is whose chains the entries of adjustments belong to. They are written with
// changes, which come one after the other on all replicas, and not by the writer of the
// books, which knows where its own chains end.
const adjustWriter = "adjustments"

// idsAtOnce is how many ids one statement names: no engine takes any number.
const idsAtOnce = 1000

// adjustment is one of the writes of a change.
type adjustment struct {
	at int // the number of the write
	control.PutAdjustment
}

// adjust does the adjustments of a change, within its transaction: counters move with the
// entries that say so, as in a commit of the books.
func (s *Store) adjust(tx *gorm.DB, all []adjustment) error {
	if len(all) == 0 {
		return nil
	}
	w := working{before: map[string]entryRow{}}
	ids := make([]string, len(all))
	counters := make([][]*counterChange, len(all)) // of each adjustment
	for i, a := range all {
		ids[i], counters[i] = a.ID, w.claim(a.Claims)
	}
	w.sort()
	s.engine.forget(w.keys())
	p := apartPage{tx.Statement.Context, tx.Statement.ConnPool}
	if err := p.stand(w.counters); err != nil {
		return err
	}
	for some := range slices.Chunk(ids, idsAtOnce) {
		var taken []string
		if err := tx.Table("entries").Where("id in ?", some).Pluck("id", &taken).Error; err != nil {
			return err
		}
		for _, id := range taken {
			w.before[id] = entryRow{ID: id}
		}
	}
	for i, a := range all {
		if err := w.adjust(a.Adjustment, counters[i]); err != nil {
			return refuse(&control.NotWritten{At: a.at, Write: a.PutAdjustment, Err: err})
		}
	}
	c, _, err := newBooks(s.engine, s.replica, adjustWriter).outcome(p, &w)
	if err != nil || c == nil {
		return err
	}
	return p.write(c)
}

// adjust posts an adjustment, and sets the amount of one that says where spending is to
// stand. One that changes nothing is not written.
func (w *working) adjust(a *ledger.Adjustment, counters []*counterChange) error {
	if _, written := w.before[a.ID]; written {
		return fmt.Errorf("%w: %w", control.ErrExists, ledger.ErrAdjusted)
	}
	if a.To != nil {
		amount, err := a.To.Add(-counters[0].now.Posted)
		if err != nil {
			return &control.InField{Field: "to", Err: control.Invalid(err)}
		}
		if a.Amount = amount; amount == 0 {
			return nil
		}
	}
	if err := give(counters, 0, a.Amount); err != nil {
		return &control.InField{Field: "amount", Err: control.Invalid(err)}
	}
	row := adjustmentRow(*a)
	w.before[a.ID] = *row
	w.entries = append(w.entries, row)
	return nil
}

// apartPage is the part of a [page] that a change needs, in a transaction of either engine.
type apartPage struct {
	ctx context.Context
	to  gorm.ConnPool
}

// stand reads where some counters stand, in their order. Those that are missing are made,
// and nobody else changes them before the transaction ends: what is written back is what
// keeps others away.
func (p apartPage) stand(counters []*counterChange) error {
	for _, c := range counters {
		if _, err := p.to.ExecContext(p.ctx, `insert into counters (budget_id, account_id, period_start, posted, held) values ($1, $2, $3, 0, 0) on conflict do nothing`,
			c.key.budget, c.key.account, c.key.start); err != nil {
			return err
		}
	}
	for _, c := range counters {
		row := p.to.QueryRowContext(p.ctx, `update counters set held = held where budget_id = $1 and account_id = $2 and period_start = $3 returning posted, held`,
			c.key.budget, c.key.account, c.key.start)
		if err := row.Scan(&c.was.Posted, &c.was.Held); err != nil {
			return err
		}
		c.now = c.was
	}
	return nil
}

func (p apartPage) chain(writer string, month int64) (chain, error) {
	return readChain(p.to.QueryRowContext(p.ctx, sqlChainHead, writer, month))
}

func (p apartPage) write(c *changes) error {
	var values []any
	for _, row := range c.entries {
		values = row.values(values)
		if err := p.one(entryInsert, values...); err != nil {
			return err
		}
	}
	for _, h := range c.chains {
		if err := p.one(sqlChain, h.args()...); err != nil {
			return err
		}
	}
	for _, x := range c.counters {
		// SQLite counts parameters as they come, whatever their numbers.
		if err := p.one(`update counters set posted = $1 where budget_id = $2 and account_id = $3 and period_start = $4 and posted = $5`,
			int64(x.now.Posted), x.key.budget, x.key.account, x.key.start, int64(x.was.Posted)); err != nil {
			return err
		}
	}
	return nil
}

// one runs a statement that must change one row.
func (p apartPage) one(text string, values ...any) error {
	res, err := p.to.ExecContext(p.ctx, text, values...)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n != 1 {
		err = errors.New("a counter or a chain is not where it was read a moment ago")
	}
	return err
}
