package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/mattn/go-sqlite3"
)

// bookConn is the connection that the books are written through. It is one of the driver
// itself: what a paid call costs here is mostly the way of its values into the engine,
// one by one through database/sql, and all of a row at once this way. It is used by the
// writer alone, in a transaction from begin to commit or rollback.
type bookConn struct {
	conn     *sqlite3.SQLiteConn
	prepared map[string]rowStatement
	args     []driver.NamedValue
	open     bool  // a transaction may be open
	before   int64 // changes of this connection when the transaction began
	expected int64 // changes that the transaction must have made when it is committed
}

// rowStatement is a statement of the driver that is given a whole row.
type rowStatement interface {
	driver.Stmt
	driver.StmtQueryContext
}

func openBookConn(url string) (*bookConn, error) {
	conn, err := (&sqlite3.SQLiteDriver{}).Open(url)
	if err != nil {
		return nil, err
	}
	own, ok := conn.(*sqlite3.SQLiteConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the SQLite driver opens a %T", conn), conn.Close())
	}
	return &bookConn{conn: own, prepared: map[string]rowStatement{}}, nil
}

// begin opens a transaction that no other connection can write beside.
func (b *bookConn) begin() error {
	if b.open && !b.conn.AutoCommit() { // the end of the last one failed
		if err := b.rollback(); err != nil {
			return err
		}
	}
	if err := b.run("begin immediate"); err != nil {
		return err
	}
	b.open, b.expected = true, 0
	var err error
	b.before, err = b.changed()
	return err
}

// commit ends the transaction, unless it has changed other rows than were meant: then
// something is not where this process left it, and nothing is written.
func (b *bookConn) commit() error {
	if err := b.run("commit"); err != nil {
		return errors.Join(err, b.rollback())
	}
	b.open = false
	return nil
}

// check says whether each change that was made so far has changed one row.
func (b *bookConn) check() error {
	now, err := b.changed()
	if err != nil {
		return err
	}
	if now-b.before != b.expected {
		return fmt.Errorf("%w: %d rows were changed in place of %d: a counter, a hold or a chain is not where this process left it", errAgain, now-b.before, b.expected)
	}
	return nil
}

func (b *bookConn) rollback() error {
	if b.conn.AutoCommit() { // the engine has done it
		b.open = false
		return nil
	}
	err := b.run("rollback")
	b.open = err != nil
	return err
}

// change runs a statement that must change one row, which check looks at.
func (b *bookConn) change(text string, values ...any) error {
	b.expected++
	return b.run(text, values...)
}

// changeAny runs a statement that may change any number of rows.
func (b *bookConn) changeAny(text string, values ...any) error {
	was, err := b.changed()
	if err != nil {
		return err
	}
	if err := b.run(text, values...); err != nil {
		return err
	}
	now, err := b.changed()
	b.expected += now - was
	return err
}

// changed is how many rows this connection has changed since it was opened.
func (b *bookConn) changed() (n int64, err error) {
	rows, err := b.query("select total_changes()", nil)
	if err != nil {
		return 0, err
	}
	row := make([]driver.Value, 1)
	err = rows.Next(row)
	n, _ = row[0].(int64)
	return n, errors.Join(err, rows.Close())
}

func (b *bookConn) run(text string, values ...any) error {
	rows, err := b.query(text, values)
	if err != nil {
		return err
	}
	return rows.Close()
}

// query runs a statement, all of it if it returns no rows. Values are text, integers of
// 64 bits, truth values, and pointers to the first two, which may be nil.
func (b *bookConn) query(text string, values []any) (driver.Rows, error) {
	st, ok := b.prepared[text]
	if !ok {
		prepared, err := b.conn.Prepare(text)
		if err != nil {
			return nil, err
		}
		if st, ok = prepared.(rowStatement); !ok {
			return nil, errors.Join(fmt.Errorf("the SQLite driver prepares a %T", prepared), prepared.Close())
		}
		b.prepared[text] = st
	}
	b.args = b.args[:0]
	for i, v := range values {
		switch to := v.(type) {
		case *int64:
			if v = nil; to != nil {
				v = *to
			}
		case *string:
			if v = nil; to != nil {
				v = *to
			}
		}
		b.args = append(b.args, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	// A context would cost a goroutine a statement; there is nobody to wait for but the
	// disk.
	return st.QueryContext(context.Background(), b.args)
}

func (b *bookConn) close() error {
	var errs []error
	for _, st := range b.prepared {
		errs = append(errs, st.Close())
	}
	return errors.Join(append(errs, b.conn.Close())...)
}
