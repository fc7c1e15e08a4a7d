package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"tollgate/accounting/ledger"
)

// engine is what differs between the two databases. Everything else is the same code
// over both, and one suite of tests holds them to the same behaviour.
type engine interface {
	// begin opens a transaction of the books and returns where some counters stand, in
	// their order, which is ascending. Those that are missing are made, and nobody else
	// changes them before the transaction ends. Errors that are worth another try wrap
	// errAgain or [ledger.ErrUnsure], those of a step's own making errStep.
	begin(ctx context.Context, keys []counterKey) (page, []ledger.Standing, error)
	// standings reads counters without keeping anybody from them. A missing one stands
	// at zero. Of none it says whether the database can be reached.
	standings(ctx context.Context, keys []counterKey) ([]ledger.Standing, error)
	// orphans lists at most limit holds of processes that are gone. mine is this one.
	orphans(ctx context.Context, mine string, limit int) ([]orphan, error)
	// apart runs a transaction that is no step of the books.
	apart(ctx context.Context, run func(tx *gorm.DB) error) error
	// forget drops what the engine knows of counters that change within apart.
	forget(keys []counterKey)
	// record writes records of calls that cost nothing, all or none. An error that wraps
	// errLater says that it was none, and that they may be given again.
	record(ctx context.Context, rows []callRow) error
	// ordered makes the numbers of changes come in the order in which they are seen.
	ordered(tx *gorm.DB) error
	// broke says whether an error is a broken rule of the schema, and if so whether it is
	// a reference to something that is not there.
	broke(err error) (rule, reference bool)
	// renew says to other processes that this one is alive.
	renew(ctx context.Context) error
	// passOver ends a selection of rows that are to be deleted, so that it leaves out those
	// that another process has locked: who waits for nobody is in nobody's way.
	passOver() string
	words
	// room is an error that wraps [ledger.ErrUnavailable] if the disk is about to be full:
	// what is left is for the ends of calls that run (trust.md A44).
	room() error
	// touch is the SQL of a write that changes nothing and reaches the disk all the same, where
	// one of no rows does not say whether the disk takes it.
	touch() string
	// now is the time of the books.
	now() time.Time
	close() error
}

// orphan is a row of holds.
type orphan struct {
	id       string
	at       int64
	amount   int64
	text     string
	progress string
}
