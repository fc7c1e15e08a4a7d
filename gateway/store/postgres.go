package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"tollgate/accounting"
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
	if err := e.migrate(ctx, d.URL); err != nil {
		return e, err
	}
	sync := "on"
	if d.Relaxed {
		sync = "off" // PostgreSQL writes it within three times wal_writer_delay, 0.6 s
	}
	if e.db, e.write, err = dialPostgres(d.URL, writeConnections, map[string]string{"statement_timeout": ms(statementTimeout), "synchronous_commit": sync}); err != nil {
		return e, err
	}
	if e.read, e.reader, err = dialPostgres(d.URL, readConnections, map[string]string{"statement_timeout": ms(readLimit), "default_transaction_read_only": "on"}); err != nil {
		return e, err
	}
	return e, e.renew(ctx)
}

func ms(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// configOf reads a URL. Nothing of it is taken from the environment's PG… variables
// that the URL does not leave out.
func configOf(text string, params map[string]string) (*pgx.ConnConfig, error) {
	c, err := pgx.ParseConfig(text)
	if err != nil {
		return nil, err
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = connectTimeout
	}
	c.RuntimeParams["application_name"] = "tollgate"
	c.RuntimeParams["timezone"] = "UTC"
	c.RuntimeParams["default_transaction_isolation"] = "read committed" // a row is read again after a wait for it
	c.RuntimeParams["lock_timeout"] = ms(lockTimeout)
	c.RuntimeParams["idle_in_transaction_session_timeout"] = ms(idleTimeout)
	for k, v := range params {
		c.RuntimeParams[k] = v
	}
	return c, nil
}

func dialPostgres(text string, conns int, params map[string]string) (*gorm.DB, *sql.DB, error) {
	c, err := configOf(text, params)
	if err != nil {
		return nil, nil, err
	}
	db := stdlib.OpenDB(*c)
	db.SetConnMaxLifetime(connectionLifetime)
	g, _, err := dial(postgres.New(postgres.Config{Conn: db}), conns)
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return g, db, nil
}

// migrationPool opens connections on which statements may take their time, and of which
// one can be many.
func migrationPool(text string) (*sql.DB, error) {
	c, err := configOf(text, map[string]string{"lock_timeout": "0"})
	if err != nil {
		return nil, err
	}
	c.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	return stdlib.OpenDB(*c), nil
}

// migrate brings the schema up to date.
func (e *postgresEngine) migrate(ctx context.Context, text string) error {
	db, err := migrationPool(text)
	if err != nil {
		return err
	}
	defer db.Close()
	return migrations.Up(ctx, db, migrations.Postgres, func() error { return failpoint.Hit(failpoint.InMigration) })
}

// hideURL takes a database's URL and password out of an error.
func hideURL(err error, text string) error {
	said := strings.ReplaceAll(err.Error(), text, "[redacted]")
	if u, bad := url.Parse(text); bad == nil && u.User != nil {
		if password, ok := u.User.Password(); ok && password != "" {
			said = strings.ReplaceAll(said, password, "[redacted]")
		}
	}
	if said == err.Error() {
		return err
	}
	return errors.New(said)
}

// classify gives an error its meaning for a commit. committing says that it came from
// the commit itself.
func (e *postgresEngine) classify(err error, committing bool) error {
	if err == nil {
		return nil
	}
	var own *pgconn.PgError
	if !errors.As(err, &own) { // the connection
		if committing {
			return fmt.Errorf("%w: %w", ledger.ErrUnsure, err)
		}
		return fmt.Errorf("%w: %w", errAgain, err)
	}
	switch own.Code {
	case "40001", "40P01", "55P03", "57014", "25P03": // serialization, deadlock, timeouts of a lock, of a statement and of a pause
		return fmt.Errorf("%w: %w", errAgain, err)
	case "23505":
		if own.ConstraintName == "idempotency_pkey" { // another replica has just taken it
			return fmt.Errorf("%w: %w", errAgain, err)
		}
	}
	switch own.Code[:2] {
	case "22", "23":
		return fmt.Errorf("%w: %w", errStep, err)
	case "08", "57":
		if committing {
			return fmt.Errorf("%w: %w", ledger.ErrUnsure, err)
		}
		return fmt.Errorf("%w: %w", errAgain, err)
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
	// The rows are locked in the order of their names, on every replica, so that no two
	// ever wait for each other in a circle.
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
		select * from unnest($1::text[], $2::text[], $3::bigint[]) order by 1, 2, 3 on conflict do nothing`, budgets, accounts, starts); err != nil {
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
		order by 1, 2, 3`+lock, budgets, accounts, starts)
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

func (e *postgresEngine) standings(ctx context.Context, keys []counterKey) ([]ledger.Standing, error) {
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
	return e.apart(ctx, func(tx *gorm.DB) error {
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
		return insertCalls(rows, with(recordDollars), with(recordDollar))
	})
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
