package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"tollgate/accounting/ledger"
	"tollgate/migrations"
)

// Rebuilt is what [Rebuild] did.
type Rebuilt struct {
	Counters int64           `json:"counters"` // that there are now
	Changed  int64           `json:"changed"`
	Changes  []RebuiltChange `json:"changes"` // the first of them
}

// RebuiltChange is a counter that stood somewhere else.
type RebuiltChange struct {
	Counter string `json:"counter"`
	Was     string `json:"was"`
	Now     string `json:"now"`
}

// MaxRebuiltChanges is how many changes [Rebuild] lists.
const MaxRebuiltChanges = 100

// Rebuild makes the counters anew from entries, what was carried over, and open holds:
// what was lost, restored or doubled in them is gone, and nothing is added to what
// stood there. It works on a database that no server has open, in one transaction; a
// second run changes nothing. Nobody's entries are touched.
func Rebuild(ctx context.Context, d Database) (_ Rebuilt, err error) {
	out := Rebuilt{Changes: []RebuiltChange{}}
	newest, err := migrations.Newest()
	if err != nil {
		return out, err
	}
	o, err := openOffline(ctx, d)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	if err := o.migrate(ctx, newest); err != nil {
		return out, tellPlace(d, err)
	}
	conn, tx, err := o.begin(ctx, "counters", "holds", "entries", "carried")
	if err != nil {
		return out, tellPlace(d, err)
	}
	defer conn.Close()
	if err := out.run(ctx, tx); err != nil {
		return out, tellPlace(d, errors.Join(err, tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		return out, tellPlace(d, err)
	}
	return out, nil
}

func (out *Rebuilt) run(ctx context.Context, tx *sql.Tx) error {
	want, err := tallied(ctx, tx)
	if err != nil {
		return err
	}
	var wrong []counterChange
	err = eachRow(ctx, tx, `select budget_id, account_id, period_start, posted, held from counters`, func(r *sql.Rows) error {
		var c counterChange
		if err := r.Scan(&c.key.budget, &c.key.account, &c.key.start, &c.was.Posted, &c.was.Held); err != nil {
			return err
		}
		out.Counters++
		if st := want[c.key]; st != nil {
			c.now = *st
			delete(want, c.key)
		}
		if c.was != c.now {
			wrong = append(wrong, c)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for k, st := range want {
		if *st != (ledger.Standing{}) {
			out.Counters++
			wrong = append(wrong, counterChange{key: k, now: *st})
		}
	}
	slices.SortFunc(wrong, func(a, b counterChange) int { return a.key.compare(b.key) })
	for _, c := range wrong {
		if _, err := tx.ExecContext(ctx, `insert into counters (budget_id, account_id, period_start, posted, held) values ($1, $2, $3, $4, $5)
			on conflict (budget_id, account_id, period_start) do update set posted = excluded.posted, held = excluded.held`,
			c.key.budget, c.key.account, c.key.start, int64(c.now.Posted), int64(c.now.Held)); err != nil {
			return err
		}
		if out.Changed++; out.Changed <= MaxRebuiltChanges {
			out.Changes = append(out.Changes, RebuiltChange{c.key.String(), standing(c.was), standing(c.now)})
		}
	}
	return nil
}
