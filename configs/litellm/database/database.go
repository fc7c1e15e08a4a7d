// Package database reads the database of a LiteLLM Proxy: the rows of its tables as JSON
// objects in LiteLLM's own words, and the values among them that LiteLLM encrypted.
//
// It is a package of its own beside the one that reads LiteLLM's files, since only it
// talks to a server. It imports the PostgreSQL driver and a JSON reader, and nothing of
// ours: what a row means to tollgate is said elsewhere. It never writes: everything is read
// in one transaction that is read-only, as it was at one moment.
//
// LiteLLM's versions differ in their columns, so a row has those that are there. What
// 1.108.7 does not have is told by [Reader.Strange], and a column that nothing can be
// understood without is an error.
package database

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/tidwall/gjson"
)

// The limits of a reading.
const (
	MaxRow  = 1 << 20   // bytes of one row as JSON; of a longer one there are only the names
	MaxRows = 1_000_000 // of one table

	connectLimit   = 10 * time.Second
	statementLimit = 10 * time.Minute // for one table, with all that is done with its rows
	lockLimit      = 10 * time.Second // while something else changes the tables themselves
	closeLimit     = 5 * time.Second
)

// ErrNotLiteLLM says that a database has no tables of LiteLLM.
var ErrNotLiteLLM = errors.New("the database has no tables of LiteLLM")

// Reader reads one database as it was when it was opened. It reads one table at a time.
type Reader struct {
	conn    *pgx.Conn
	tx      pgx.Tx
	schema  string
	columns map[Table][]string // of the tables that are there, in order
}

// Row is a row of a table.
type Row struct {
	Table Table
	ID    string       // the values of its key, with a slash between them
	Value gjson.Result // an object; not there if the row is longer than MaxRow
}

// prisma are parameters of URLs that LiteLLM's own client understands, and the driver does
// not. `schema` is read.
var prisma = []string{"schema", "connection_limit", "pool_timeout", "pgbouncer", "socket_timeout", "statement_cache_size", "sslaccept", "sslidentity", "sslpassword"}

// Open connects to the database of a URL as LiteLLM's DATABASE_URL has it. No error holds
// its password.
func Open(ctx context.Context, text string) (*Reader, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" || u.Host == "" {
		return nil, errors.New("not the URL of a PostgreSQL database: write postgres://USER:PASSWORD@HOST:5432/NAME")
	}
	q := u.Query()
	r := &Reader{schema: q.Get("schema")}
	if r.schema == "" {
		r.schema = "public"
	}
	for _, name := range prisma {
		q.Del(name)
	}
	u.RawQuery = q.Encode()
	config, err := pgx.ParseConfig(u.String())
	if err != nil {
		return nil, fmt.Errorf("the URL of LiteLLM's database: %w", err) // the driver leaves passwords out
	}
	// A pooler between may keep no prepared statements.
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	config.RuntimeParams["application_name"] = "tollgate import"
	config.ConnectTimeout = connectLimit
	if r.conn, err = pgx.ConnectConfig(ctx, config); err != nil {
		return nil, fmt.Errorf("LiteLLM's database does not answer: %w", err)
	}
	if err = r.begin(ctx); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (r *Reader) begin(ctx context.Context) (err error) {
	r.tx, err = r.conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return fmt.Errorf("LiteLLM's database: %w", err)
	}
	for _, setting := range []string{
		fmt.Sprintf("set local statement_timeout = %d", statementLimit.Milliseconds()),
		fmt.Sprintf("set local lock_timeout = %d", lockLimit.Milliseconds()),
		fmt.Sprintf("set local idle_in_transaction_session_timeout = %d", statementLimit.Milliseconds()),
		"set local extra_float_digits = 3", // amounts as exact as they are, before PostgreSQL 12 too
		"set local timezone = 'UTC'",
	} {
		if _, err := r.tx.Exec(ctx, setting); err != nil {
			return fmt.Errorf("LiteLLM's database: %w", err)
		}
	}
	if err := r.look(ctx); err != nil {
		return err
	}
	return r.check()
}

// Close ends the reading.
func (r *Reader) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeLimit)
	defer cancel()
	var err error
	if r.tx != nil {
		if err = r.tx.Rollback(ctx); errors.Is(err, pgx.ErrTxClosed) {
			err = nil
		}
	}
	return errors.Join(err, r.conn.Close(ctx))
}

// look reads which tables and columns there are.
func (r *Reader) look(ctx context.Context) error {
	rows, err := r.tx.Query(ctx, `select c.table_name, c.column_name from information_schema.columns c
		join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name and t.table_type = 'BASE TABLE'
		where c.table_schema = $1 and starts_with(c.table_name, 'LiteLLM_') order by c.table_name, c.ordinal_position limit 100000`, r.schema)
	if err != nil {
		return fmt.Errorf("LiteLLM's database: %w", err)
	}
	r.columns = map[Table][]string{}
	var table, column string
	if _, err = pgx.ForEachRow(rows, []any{&table, &column}, func() error {
		r.columns[Table(table)] = append(r.columns[Table(table)], column)
		return nil
	}); err != nil {
		return fmt.Errorf("LiteLLM's database: %w", err)
	}
	return nil
}

// check makes sure that there is what nothing can be understood without.
func (r *Reader) check() error {
	if _, ok := r.columns[Keys]; !ok {
		return fmt.Errorf("%w: there is no %s in its schema %q; another one is named by ?schema= in the URL", ErrNotLiteLLM, Keys, r.schema)
	}
	var err error
	for _, t := range tables {
		there, ok := r.columns[t.name]
		if !ok {
			continue // an older version
		}
		for _, c := range append(slices.Clone(t.key), t.needs...) {
			if !slices.Contains(there, c) {
				err = errors.Join(err, fmt.Errorf("%s has no column %s, without which it cannot be understood: this is no version of LiteLLM that tollgate knows", t.name, c))
			}
		}
	}
	return err
}

// Name names the database, the same one always: by the server that has it, if that may be
// asked, else by where it was found.
func (r *Reader) Name(ctx context.Context) (string, error) {
	var server *string
	if err := r.tx.QueryRow(ctx, `select case when has_function_privilege('pg_control_system()', 'execute') then (select system_identifier::text from pg_control_system()) end`).Scan(&server); err != nil {
		return "", fmt.Errorf("LiteLLM's database: %w", err)
	}
	where := fmt.Sprintf("%s:%d", r.conn.Config().Host, r.conn.Config().Port)
	if server != nil {
		where = *server
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{where, r.conn.Config().Database, r.schema}, "\x00")))
	return hex.EncodeToString(sum[:6]), nil
}

// Has says whether a table has a column; "" asks for the table alone.
func (r *Reader) Has(t Table, column string) bool {
	columns, ok := r.columns[t]
	return ok && (column == "" || slices.Contains(columns, column))
}

// Each hands over the rows of a table, ordered by their keys, one after the other as they
// come from the server. A table that is not there has none. put must not read another
// table.
func (r *Reader) Each(ctx context.Context, t Table, put func(Row) error) error {
	i := slices.IndexFunc(tables, func(d described) bool { return d.name == t })
	if i < 0 || !r.Has(t, "") {
		return nil
	}
	key := make([]string, len(tables[i].key))
	for j, c := range tables[i].key {
		key[j] = "t." + pgx.Identifier{c}.Sanitize()
	}
	text := fmt.Sprintf(`select concat_ws('/', %s), case when octet_length(r.j) <= %d then r.j end
		from %s t cross join lateral (select to_jsonb(t)::text as j) r order by %s limit %d`,
		strings.Join(key, ", "), MaxRow, pgx.Identifier{r.schema, string(t)}.Sanitize(), strings.Join(key, ", "), MaxRows+1)
	rows, err := r.tx.Query(ctx, text)
	if err != nil {
		return readFailed(t, err)
	}
	defer rows.Close()
	for n := 1; rows.Next(); n++ {
		if n > MaxRows {
			return fmt.Errorf("%s has more than %d rows", t, MaxRows)
		}
		row := Row{Table: t}
		var value *string
		if err := rows.Scan(&row.ID, &value); err != nil {
			return readFailed(t, err)
		}
		if value != nil {
			row.Value = gjson.Parse(*value)
		}
		if err := put(row); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return readFailed(t, err)
	}
	return nil
}

func readFailed(t Table, err error) error {
	var own *pgconn.PgError
	if errors.As(err, &own) && own.Code == "42501" {
		return fmt.Errorf("reading %s: %w; the role needs the right to select from it", t, err)
	}
	return fmt.Errorf("reading %s: %w", t, err)
}

// Strange is something of LiteLLM's that is there and is not read.
type Strange struct {
	Table  Table
	Column string // "" is the table as a whole
	Known  bool   // 1.108.7 has it too
	Why    string // of what is known: what it holds
	Money  bool   // by its name it may hold a rule on money, or on how much may be used
}

// Strange lists what is there beside what is read: columns, and tables that have rows.
// Those that only tell the past are left out.
func (r *Reader) Strange(ctx context.Context) ([]Strange, error) {
	var out []Strange
	for _, t := range tables {
		for _, c := range r.columns[t.name] {
			if !slices.Contains(t.columns(), c) {
				out = append(out, Strange{Table: t.name, Column: c, Money: ofMoney(c)})
			}
		}
	}
	names := make([]Table, 0, len(r.columns))
	for t := range r.columns {
		names = append(names, t)
	}
	slices.Sort(names)
	for _, t := range names {
		if slices.ContainsFunc(tables, func(d described) bool { return d.name == t }) || slices.Contains(past, t) {
			continue
		}
		var rows bool
		if err := r.tx.QueryRow(ctx, fmt.Sprintf("select exists (select 1 from %s)", pgx.Identifier{r.schema, string(t)}.Sanitize())).Scan(&rows); err != nil {
			return nil, readFailed(t, err)
		}
		if !rows {
			continue
		}
		s := Strange{Table: t, Money: slices.ContainsFunc(r.columns[t], ofMoney)}
		if l, ok := unread[t]; ok {
			s.Known, s.Why, s.Money = true, l.why, l.money
		}
		out = append(out, s)
	}
	return out, nil
}

// ofMoney says whether a column may hold a rule on money, by its name.
func ofMoney(column string) bool {
	return slices.ContainsFunc([]string{"budget", "spend", "limit", "quota", "cost", "price"}, func(word string) bool { return strings.Contains(strings.ToLower(column), word) })
}
