package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"tollgate/accounting"
)

// postgresPage writes each table with one statement, whatever the number of rows.
type postgresPage struct {
	e     *postgresEngine
	ctx   context.Context
	tx    *sql.Tx
	ended bool
}

func (p *postgresPage) holds(ids []string) (map[string]accounting.Money, error) {
	out := make(map[string]accounting.Money, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := p.tx.QueryContext(p.ctx, `select id, amount from holds where id = any($1) order by id for update`, ids)
	if err != nil {
		return nil, p.e.classify(err, false)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var amount accounting.Money
		if err := rows.Scan(&id, &amount); err != nil {
			return nil, err
		}
		out[id] = amount
	}
	return out, p.e.classify(rows.Err(), false)
}

func (p *postgresPage) posted(ids []string) (map[string]entryRow, error) {
	rows, err := p.tx.QueryContext(p.ctx, sqlPosted+" = any($1)", ids)
	if err != nil {
		return nil, p.e.classify(err, false)
	}
	defer rows.Close()
	out := map[string]entryRow{}
	for rows.Next() {
		row, err := readEntry(rows)
		if err != nil {
			return nil, err
		}
		out[row.ID] = row
	}
	return out, p.e.classify(rows.Err(), false)
}

func (p *postgresPage) once(key onceKey) (onceRow, bool, error) {
	row, ok, err := readOnce(key, p.tx.QueryRowContext(p.ctx, sqlOnce, key.key, key.token))
	return row, ok, p.e.classify(err, false)
}

func (p *postgresPage) onceCount(key string, since int64) (n int, err error) {
	err = p.tx.QueryRowContext(p.ctx, sqlOnceCount, key, since).Scan(&n)
	return n, p.e.classify(err, false)
}

func (p *postgresPage) chain(writer string, month int64) (chain, error) {
	c, err := readChain(p.tx.QueryRowContext(p.ctx, sqlChainHead, writer, month))
	return c, p.e.classify(err, false)
}

// settled makes a row of the id, which waits for whoever is just making one, and takes
// it back.
func (p *postgresPage) settled(id string) (there bool, err error) {
	res, err := p.tx.ExecContext(p.ctx, `insert into holds (id, held_at, amount, hold) values ($1, 0, 0, '') on conflict do nothing`, id)
	if err != nil {
		return false, p.e.classify(err, false)
	}
	n, err := res.RowsAffected()
	if err != nil || n == 0 {
		return true, err
	}
	_, err = p.tx.ExecContext(p.ctx, `delete from holds where id = $1`, id)
	return false, p.e.classify(err, false)
}

func (p *postgresPage) write(c *changes) error {
	return p.e.classify(p.writeAll(c), false)
}

func (p *postgresPage) writeAll(c *changes) error {
	exec := func(text string, args ...any) error {
		_, err := p.tx.ExecContext(p.ctx, text, args...)
		return err
	}
	if len(c.counters) > 0 {
		if err := p.move(c.counters); err != nil {
			return err
		}
	}
	if len(c.holds) > 0 {
		var ids, texts, owners []string
		var ats, amounts []int64
		for _, h := range c.holds {
			ids, ats, amounts, texts, owners = append(ids, h.id), append(ats, h.at), append(amounts, int64(h.amount)), append(texts, h.text), append(owners, h.owner)
		}
		if err := exec(`insert into holds (id, held_at, amount, hold, owner)
			select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[])`, ids, ats, amounts, texts, owners); err != nil {
			return err
		}
	}
	if len(c.amounts) > 0 {
		var ids []string
		var amounts []int64
		for _, h := range c.amounts {
			ids, amounts = append(ids, h.id), append(amounts, int64(h.amount))
		}
		if err := exec(`update holds h set amount = v.amount from unnest($1::text[], $2::bigint[]) as v (id, amount) where h.id = v.id`, ids, amounts); err != nil {
			return err
		}
	}
	if len(c.progress) > 0 {
		var ids, texts []string
		for _, h := range c.progress {
			ids, texts = append(ids, h.id), append(texts, h.text)
		}
		if err := exec(`update holds h set progress = v.progress from unnest($1::text[], $2::text[]) as v (id, progress) where h.id = v.id`, ids, texts); err != nil {
			return err
		}
	}
	if len(c.ended) > 0 {
		if err := exec(`delete from holds where id = any($1)`, c.ended); err != nil {
			return err
		}
	}
	if len(c.entries) > 0 {
		if err := exec(postgresEntries, entryArrays(c.entries)...); err != nil {
			return err
		}
		for _, h := range c.chains {
			res, err := p.tx.ExecContext(p.ctx, sqlChain, h.args()...)
			if err == nil {
				err = chained(res)
			}
			if err != nil {
				return err
			}
		}
	}
	return writeOnce(c, exec)
}

// move writes where counters stand now. The rows are locked; that they still stand
// where they were read is a condition all the same, so that no fault of ours above
// could lose a sum.
func (p *postgresPage) move(all []counterChange) error {
	var keys []counterKey
	var posted, held, wasPosted, wasHeld []int64
	for _, c := range all {
		keys = append(keys, c.key)
		posted, held = append(posted, int64(c.now.Posted)), append(held, int64(c.now.Held))
		wasPosted, wasHeld = append(wasPosted, int64(c.was.Posted)), append(wasHeld, int64(c.was.Held))
	}
	budgets, accounts, starts := keyArrays(keys)
	res, err := p.tx.ExecContext(p.ctx, `update counters c set posted = v.posted, held = v.held
		from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
			as v (budget, account, start, posted, held, was_posted, was_held)
		where c.budget_id = v.budget and c.account_id = v.account and c.period_start = v.start and c.posted = v.was_posted and c.held = v.was_held`,
		budgets, accounts, starts, posted, held, wasPosted, wasHeld)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != int64(len(all)) {
		return fmt.Errorf("%d of %d counters moved within a commit: %w", n, len(all), cmp.Or(err, errors.New("another process changed them")))
	}
	return nil
}

var postgresEntries = func() string {
	var arrays []string
	for i, c := range entryColumns {
		arrays = append(arrays, fmt.Sprintf("$%d::%s[]", i+1, c.kind))
	}
	return "insert into entries (" + entryNames + ") select * from unnest(" + strings.Join(arrays, ", ") + ")"
}()

// entryArrays turns rows into one array a column.
func entryArrays(rows []*entryRow) []any {
	out := make([]any, len(entryColumns))
	for i, c := range entryColumns {
		switch c.of(rows[0]).(type) {
		case string:
			out[i] = array[string](rows, c)
		case *string:
			out[i] = array[*string](rows, c)
		case int64:
			out[i] = array[int64](rows, c)
		case *int64:
			out[i] = array[*int64](rows, c)
		case bool:
			out[i] = array[bool](rows, c)
		}
	}
	return out
}

func array[T any](rows []*entryRow, c entryColumn) []T {
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = c.of(r).(T)
	}
	return out
}

func (p *postgresPage) commit() error {
	p.ended = true
	return p.e.classify(p.tx.Commit(), true)
}

func (p *postgresPage) rollback() {
	if !p.ended {
		p.ended = true
		_ = p.tx.Rollback() // what is not committed is gone either way
	}
}
