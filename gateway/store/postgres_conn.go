package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

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

func dialPostgres(text string, conns int, params map[string]string, options ...stdlib.OptionOpenDB) (*gorm.DB, *sql.DB, error) {
	c, err := configOf(text, params)
	if err != nil {
		return nil, nil, err
	}
	db := stdlib.OpenDB(*c, options...)
	db.SetConnMaxLifetime(connectionLifetime)
	g, _, err := dial(postgres.New(postgres.Config{Conn: db}), conns)
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return g, db, nil
}

// leaveReader gives up a connection that is to write before it is used again, if its server
// only reads: after a failover the address may lead to another one that writes, and nothing
// else would end a connection to the old one. From version 14 on a server tells.
func leaveReader(_ context.Context, c *pgx.Conn) error {
	for _, name := range []string{"in_hot_standby", "default_transaction_read_only"} {
		if c.PgConn().ParameterStatus(name) == "on" {
			return driver.ErrBadConn
		}
	}
	return nil
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

// pooled is what to do about a connection that is not PostgreSQL's own.
const pooled = "there is a pooler such as PgBouncer in between, whose connections do not keep what is set on them: give the address of PostgreSQL itself; each replica has a pool of its own"

// direct makes sure that what a connection asks for when it begins is in force. A pooler
// refuses that, or lets it fall; then no statement would end in time, and a lock might be
// held on another connection than the one that works.
func direct(ctx context.Context, db *sql.DB) error {
	var idle string
	err := db.QueryRowContext(ctx, "select current_setting('idle_in_transaction_session_timeout')", pgx.QueryExecModeSimpleProtocol).Scan(&idle)
	var own *pgconn.PgError
	switch {
	case errors.As(err, &own) && own.Code == "08P01": // it does not understand a word of the beginning
		return fmt.Errorf("%w; %s", err, pooled)
	case err == nil && idle == "0":
		return errors.New(pooled)
	}
	return err
}

// minSecret is the length in bytes from which a password is taken out of any text. What is
// shorter may be a piece of any word, and a message that lacks it tells it letter by letter.
const minSecret = 8

// hideURL takes a database's URL and its passwords out of an error: a short one only where
// it stands as that of a URL.
func hideURL(err error, text string) error {
	said := strings.ReplaceAll(err.Error(), text, "[redacted]")
	for _, password := range passwords(text) {
		said = strings.ReplaceAll(said, ":"+password+"@", ":[redacted]@")
		said = strings.ReplaceAll(said, "password="+password, "password=[redacted]")
		if len(password) >= minSecret {
			said = strings.ReplaceAll(said, password, "[redacted]")
		}
	}
	if said == err.Error() {
		return err
	}
	return errors.New(said)
}

// passwords are those of a database's URL, as they are and as they are written there.
func passwords(text string) []string {
	u, err := url.Parse(text)
	if err != nil {
		return nil
	}
	all := []string{u.Query().Get("password"), u.Query().Get("sslpassword")}
	if own, ok := u.User.Password(); ok {
		_, written, _ := strings.Cut(text, "://")
		written, _, _ = strings.Cut(written, "@")
		_, written, _ = strings.Cut(written, ":")
		all = append(all, own, written)
	}
	return slices.DeleteFunc(all, func(password string) bool { return password == "" })
}
