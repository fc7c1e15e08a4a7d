package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/stdlib"

	"tollgate/gateway/limits"
)

// tidyBatch is how many rows one statement forgets, or renews.
const tidyBatch = 1000

// PostgresLimits keeps the buckets of rate limits for all replicas, as a
// [limits.Backend]. The steps are functions of the schema: one round trip each, by the
// server's clock, with the rows locked in the order of the buckets.
type PostgresLimits struct{ db *sql.DB }

// OpenPostgresLimits keeps buckets in the database at a URL, over connections of its
// own, so that neither the books nor the limits wait for the other's. The server does
// not have to be there yet. The error does not show the URL.
func OpenPostgresLimits(url string) (*PostgresLimits, error) {
	// A step that the caller has given up is given up by the server too. Nothing here is
	// worth waiting for a disk.
	patience := ms(limits.Deadline)
	c, err := configOf(url, map[string]string{"statement_timeout": patience, "lock_timeout": patience, "synchronous_commit": "off"})
	if err != nil {
		return nil, errors.New("the address of the store of the rate limits is not a PostgreSQL URL: write postgres://USER@HOST/DATABASE")
	}
	c.ConnectTimeout = connectTimeout
	db := stdlib.OpenDB(*c)
	db.SetMaxOpenConns(limits.InFlight)
	db.SetMaxIdleConns(limits.InFlight)
	db.SetConnMaxLifetime(connectionLifetime)
	return &PostgresLimits{db}, nil
}

// Take is [limits.Backend]'s.
func (s *PostgresLimits) Take(ctx context.Context, asks []limits.Ask, slot string) (bool, []limits.State, error) {
	var names []string
	var caps, costs, rests []int64
	for _, a := range asks {
		c := limits.Level{Micros: -1} // a slot
		if a.Bucket.Metric != limits.Concurrent {
			c = a.Cost()
		}
		names, caps, costs, rests = append(names, a.Bucket.Key()), append(caps, a.Limit), append(costs, c.Micros), append(rests, c.Part)
	}
	got, err := s.numbers(ctx, 1+2*len(asks), "select unnest(rate_take($1, $2, $3, $4, $5, $6, $7, $8))",
		names, caps, costs, rests, slot, limits.Lease.Microseconds(), int64(limits.Empty), int64(limits.Deepest))
	if err != nil {
		return false, nil, err
	}
	return got[0] == 1, limits.StatesOf(asks, got[1:]), nil
}

// Put is [limits.Backend]'s.
func (s *PostgresLimits) Put(ctx context.Context, changes []limits.Change, slot string) ([]limits.State, error) {
	names, slots := []string{}, []string{}
	var caps, costs, rests []int64
	for _, c := range changes {
		if c.Bucket.Metric == limits.Concurrent {
			slots = append(slots, c.Bucket.Key())
			continue
		}
		v, back := c.Cost()
		if back {
			v.Micros, v.Part = -v.Micros, -v.Part
		}
		names, caps, costs, rests = append(names, c.Bucket.Key()), append(caps, c.Limit), append(costs, v.Micros), append(rests, v.Part)
	}
	got, err := s.numbers(ctx, 2*len(names), `with given_back as (
			delete from rate_slots where (bucket, slot) in (
				select s.bucket, s.slot from rate_slots s where s.slot = $6 and s.bucket = any($7) order by s.bucket for update))
		select unnest(rate_put($1, $2, $3, $4, $5))`, names, caps, costs, rests, int64(limits.Deepest), slot, slots)
	if err != nil {
		return nil, err
	}
	after := make([]limits.State, len(changes))
	for i, c := range changes {
		if c.Bucket.Metric != limits.Concurrent {
			after[i].Level, got = limits.Level{Micros: got[0], Part: got[1]}, got[2:]
		}
	}
	return after, nil
}

// Renew is [limits.Backend]'s, in steps of so many slots.
func (s *PostgresLimits) Renew(ctx context.Context, slots []limits.Slot) error {
	for len(slots) > 0 {
		n := min(len(slots), tidyBatch)
		names, ids := make([]string, n), make([]string, n)
		for i, x := range slots[:n] {
			names[i], ids[i] = x.Bucket.Key(), x.ID
		}
		_, err := s.db.ExecContext(ctx, `insert into rate_slots
			select bucket, slot, (extract(epoch from clock_timestamp()) * 1000000)::bigint + $3
			from unnest($1::text[], $2::text[]) as x (bucket, slot) order by bucket collate "C", slot collate "C"
			on conflict (bucket, slot) do update set lease_ends = excluded.lease_ends`, names, ids, limits.Lease.Microseconds())
		if err != nil {
			return err
		}
		slots = slots[n:]
	}
	return nil
}

// Tidy is [limits.Backend]'s. Rows that somebody uses at the moment are left for the
// next time.
func (s *PostgresLimits) Tidy(ctx context.Context) error {
	for _, text := range []string{
		`delete from rate_slots where (bucket, slot) in (select s.bucket, s.slot from rate_slots s
			where s.lease_ends <= (extract(epoch from clock_timestamp()) * 1000000)::bigint order by s.lease_ends limit $1 for update skip locked)`,
		`delete from rate_buckets where bucket in (select b.bucket from rate_buckets b
			where b.at + b.level < (extract(epoch from clock_timestamp()) * 1000000)::bigint limit $1 for update skip locked)`,
	} {
		for n := int64(tidyBatch); n == tidyBatch; {
			r, err := s.db.ExecContext(ctx, text, tidyBatch)
			if err != nil {
				return err
			}
			if n, err = r.RowsAffected(); err != nil {
				return err
			}
		}
	}
	return nil
}

// Close gives up the connections.
func (s *PostgresLimits) Close() error { return s.db.Close() }

// numbers reads a column of so many numbers.
func (s *PostgresLimits) numbers(ctx context.Context, want int, text string, args ...any) (out []int64, err error) {
	rows, err := s.db.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if len(out) != want {
		return nil, fmt.Errorf("the store of the rate limits answers with %d numbers, not %d", len(out), want)
	}
	return out, nil
}
