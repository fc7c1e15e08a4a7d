package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"

	"tollgate/accounting/ledger"
	"tollgate/gateway/failpoint"
	"tollgate/migrations"
)

// The bounds of PostgreSQL (trust.md S13).
const (
	postgresBatch      = 256 // steps of one commit
	writeConnections   = 8
	readConnections    = 8
	connectTimeout     = 5 * time.Second
	statementTimeout   = 2 * time.Second
	lockTimeout        = time.Second
	idleTimeout        = 10 * time.Second // within a transaction
	connectionLifetime = 30 * time.Minute
	maxSeen            = 100_000 // counters that are known to be there
)

// changeLock is the advisory lock that keeps changes of people, keys and budgets in the
// order of their numbers: a replica that reads up to a number has seen all below it.
const changeLock = 0x746f6c6c67617465 // "tollgate"

// postgresEngine keeps the books on a server that several replicas share. Each has its
// own writer; where two touch the same counter, one waits for the other's commit.
type postgresEngine struct {
	db, read      *gorm.DB
	write, reader *sql.DB
	replica       string
	lease         time.Duration
	visit         bool             // this process takes no lease
	clock         func() time.Time // of a test; nil: the server's
	server        atomic.Pointer[serverClock]
	seen          map[counterKey]struct{} // used by the writer alone
}

// serverClock says what time it was on the server at a moment of this process's own
// clock, which no setting of the machine's time moves.
type serverClock struct{ server, local time.Time }

func openPostgres(ctx context.Context, d Database, o Options, replica string) (e *postgresEngine, err error) {
	e = &postgresEngine{replica: replica, clock: o.Now, lease: o.Lease, visit: o.Visit, seen: map[counterKey]struct{}{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, e.close())
		}
	}()
	newest, err := migrations.Newest()
	if err != nil {
		return e, err
	}
	if err := migratePostgres(ctx, d.URL, newest); err != nil {
		return e, err
	}
	sync := "on"
	if d.Relaxed {
		sync = "off" // PostgreSQL writes it within three times wal_writer_delay, 0.6 s
	}
	if e.db, e.write, err = dialPostgres(d.URL, writeConnections, map[string]string{"statement_timeout": ms(statementTimeout), "synchronous_commit": sync}, stdlib.OptionResetSession(leaveReader)); err != nil {
		return e, err
	}
	if e.read, e.reader, err = dialPostgres(d.URL, readConnections, map[string]string{"statement_timeout": ms(readLimit), "default_transaction_read_only": "on"}); err != nil {
		return e, err
	}
	return e, e.renew(ctx)
}

// classify gives an error its meaning for a commit. committing says that it came from
// the commit itself.
func (e *postgresEngine) classify(err error, committing bool) error {
	if err == nil {
		return nil
	}
	lost := fmt.Errorf("%w: %w", errAgain, errLost)
	if committing { // the answer may have been anything
		lost = fmt.Errorf("%w: %w", ledger.ErrUnsure, errLost)
	}
	var own *pgconn.PgError
	if !errors.As(err, &own) { // the connection
		return fmt.Errorf("%w: %w", lost, err)
	}
	switch own.Code {
	case "40001", "40P01", "55P03", "57014", "25P03", "25P04": // serialization, deadlock, timeouts of a lock, of a statement, of a pause and of a transaction
		return fmt.Errorf("%w: %w", errAgain, err)
	case "25006", "53300": // a server that only reads, where there was one that writes, or will be; too many connections, as after a restart
		return fmt.Errorf("%w: %w: %w", errAgain, errLost, err)
	case "23505":
		if own.ConstraintName == "idempotency_pkey" { // another replica has just taken it
			return fmt.Errorf("%w: %w", errAgain, err)
		}
	}
	switch own.Code[:2] {
	case "22", "23":
		return fmt.Errorf("%w: %w", errStep, err)
	case "08", "57":
		return fmt.Errorf("%w: %w", lost, err)
	}
	return err
}

// keyArrays are the columns of some counters' names, for unnest.
func keyArrays(keys []counterKey) (budgets, accounts []string, starts []int64) {
	for _, k := range keys {
		budgets, accounts, starts = append(budgets, k.budget), append(accounts, k.account), append(starts, k.start)
	}
	return budgets, accounts, starts
}

func (e *postgresEngine) begin(ctx context.Context, keys []counterKey) (page, []ledger.Standing, error) {
	if err := e.ensure(ctx, keys); err != nil {
		return nil, nil, e.classify(err, false)
	}
	tx, err := e.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, e.classify(err, false)
	}
	p := &postgresPage{e: e, ctx: ctx, tx: tx}
	// The rows are locked in the order of the bytes of their names, on every replica and by
	// changes too, so that no two ever wait for each other in a circle.
	standings, err := e.stand(ctx, tx, keys, " for update of c")
	if err == nil && len(standings) != len(keys) {
		clear(e.seen) // somebody removed a counter
		err = fmt.Errorf("%w: a counter is gone", errAgain)
	} else {
		err = e.classify(err, false)
	}
	if err != nil {
		p.rollback()
		return nil, nil, err
	}
	out := make([]ledger.Standing, len(keys))
	for i, k := range keys {
		out[i] = standings[k]
	}
	return p, out, nil
}

// ensure makes the counters that are not known to be there, outside of the transaction
// that uses them: one that made a row would hold it before those that come earlier in
// the order.
func (e *postgresEngine) ensure(ctx context.Context, keys []counterKey) error {
	unseen := slices.DeleteFunc(slices.Clone(keys), func(k counterKey) bool { _, ok := e.seen[k]; return ok })
	if len(unseen) == 0 {
		return nil
	}
	if err := failpoint.Hit(failpoint.AtRollover); err != nil {
		return err
	}
	budgets, accounts, starts := keyArrays(unseen)
	if _, err := e.write.ExecContext(ctx, `insert into counters (budget_id, account_id, period_start)
		select * from unnest($1::text[], $2::text[], $3::bigint[]) as k (budget, account, start)
		order by budget collate "C", account collate "C", start on conflict do nothing`, budgets, accounts, starts); err != nil {
		return err
	}
	if len(e.seen)+len(unseen) > maxSeen {
		clear(e.seen)
	}
	for _, k := range unseen {
		e.seen[k] = struct{}{}
	}
	return nil
}

// querier is a pool or a transaction.
type querier interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}

func (e *postgresEngine) stand(ctx context.Context, q querier, keys []counterKey, lock string) (map[counterKey]ledger.Standing, error) {
	out := make(map[counterKey]ledger.Standing, len(keys))
	if len(keys) == 0 {
		return out, nil
	}
	budgets, accounts, starts := keyArrays(keys)
	rows, err := q.QueryContext(ctx, `select c.budget_id, c.account_id, c.period_start, c.posted, c.held
		from unnest($1::text[], $2::text[], $3::bigint[]) as k (budget, account, start)
		join counters c on c.budget_id = k.budget and c.account_id = k.account and c.period_start = k.start
		order by k.budget collate "C", k.account collate "C", k.start`+lock, budgets, accounts, starts)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var k counterKey
		var s ledger.Standing
		if err := rows.Scan(&k.budget, &k.account, &k.start, &s.Posted, &s.Held); err != nil {
			return nil, err
		}
		out[k] = s
	}
	return out, rows.Err()
}

func (e *postgresEngine) standings(ctx context.Context, keys []counterKey) ([]ledger.Standing, error) {
	if len(keys) == 0 {
		return nil, e.reader.PingContext(ctx)
	}
	found, err := e.stand(ctx, e.reader, keys, "")
	if err != nil {
		return nil, err
	}
	out := make([]ledger.Standing, len(keys))
	for i, k := range keys {
		out[i] = found[k]
	}
	return out, nil
}

// sqlNow is the server's time in microseconds, within a transaction too.
const sqlNow = `(extract(epoch from clock_timestamp()) * 1000000)::bigint`

func (e *postgresEngine) orphans(ctx context.Context, mine string, limit int) ([]orphan, error) {
	return readOrphans(e.reader.QueryContext(ctx, `select id, held_at, amount, hold, progress from holds h where owner != $1
		and not exists (select 1 from replicas r where r.id = h.owner and r.lease_ends > `+sqlNow+`) order by held_at, id limit $2`, mine, limit))
}

// apart tries again what the server refused because of somebody in the way, and nothing
// else: after that the transaction is known not to have happened.
func (e *postgresEngine) apart(ctx context.Context, run func(tx *gorm.DB) error) error {
	pause := firstPause
	for try := 1; ; try++ {
		err := guarded(func() error { return e.db.WithContext(ctx).Transaction(run) })
		var own *pgconn.PgError
		if try == maxTries || !errors.As(err, &own) || !slices.Contains([]string{"40001", "40P01", "55P03"}, own.Code) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause/2 + rand.N(pause)):
		}
		pause *= 2
	}
}

func (e *postgresEngine) forget([]counterKey) {} // it knows that they are there, and no more

// recordDollars and recordDollar are prepared by the driver, once in each connection.
var recordDollars, recordDollar = insertOf(rowsAtOnce, dollar), insertOf(1, dollar)

func dollar(n int) string { return "$" + strconv.Itoa(n) }

func (e *postgresEngine) record(ctx context.Context, rows []callRow) error {
	inserted := false // what is in the way of the commit then, nobody knows whether it happened
	err := e.apart(ctx, func(tx *gorm.DB) error {
		inserted = false
		to := tx.Statement.ConnPool
		if prepares, ok := to.(*gorm.PreparedStmtTX); ok {
			to = prepares.Tx
		}
		with := func(text string) func([]any) error {
			return func(args []any) error {
				_, err := to.ExecContext(ctx, text, args...)
				return err
			}
		}
		err := insertCalls(rows, with(recordDollars), with(recordDollar))
		inserted = err == nil
		return err
	})
	if inserted || isData(err) {
		return err
	}
	return later(err)
}

// isData says that the server did not take what it was given, and never will.
func isData(err error) bool {
	var own *pgconn.PgError
	return errors.As(err, &own) && (strings.HasPrefix(own.Code, "22") || strings.HasPrefix(own.Code, "23"))
}

func (e *postgresEngine) ordered(tx *gorm.DB) error {
	return tx.Exec("select pg_advisory_xact_lock(?)", int64(changeLock)).Error
}

func (e *postgresEngine) broke(err error) (rule, reference bool) {
	var own *pgconn.PgError
	if !errors.As(err, &own) || !strings.HasPrefix(own.Code, "23") {
		return false, false
	}
	return true, own.Code == "23503"
}

// renew takes the lease or makes it longer, and sets the clock by the server's.
func (e *postgresEngine) renew(ctx context.Context) error {
	before := time.Now() //clock: how long the question took
	var row *sql.Row
	if e.visit {
		row = e.write.QueryRowContext(ctx, "select "+sqlNow)
	} else {
		row = e.write.QueryRowContext(ctx, `insert into replicas (id, started_at, lease_ends) values ($1, `+sqlNow+`, `+sqlNow+` + $2)
			on conflict (id) do update set lease_ends = excluded.lease_ends returning `+sqlNow, e.replica, e.lease.Microseconds())
	}
	var us int64
	if err := row.Scan(&us); err != nil {
		return err
	}
	e.server.Store(&serverClock{time.UnixMicro(us), before.Add(time.Since(before) / 2)}) //clock: the same
	return nil
}

func (e *postgresEngine) passOver() string { return " for update skip locked" }

func (e *postgresEngine) day(column string) string {
	return "to_char(to_timestamp(" + column + " / 1000000) at time zone 'UTC', 'YYYY-MM-DD')"
}

func (e *postgresEngine) eachTag() string {
	return "jsonb_array_elements_text(nullif(tags, '')::jsonb) as tag (value)"
}

func (e *postgresEngine) room() error { return nil } // its server's disk is the server's

func (e *postgresEngine) touch() string { return "update meta set value = value where name = 'epoch'" }

func (e *postgresEngine) now() time.Time {
	if e.clock != nil {
		return e.clock()
	}
	c := e.server.Load()
	return c.server.Add(time.Since(c.local)).UTC() //clock: by the monotonic clock alone
}

func (e *postgresEngine) close() error {
	var errs []error
	if e.write != nil && !e.visit {
		// Nothing is open any more, so nobody has to wait for the lease to end.
		ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
		_, err := e.write.ExecContext(ctx, `delete from replicas where id = $1`, e.replica)
		cancel()
		errs = append(errs, err)
	}
	for _, db := range []*sql.DB{e.reader, e.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}
