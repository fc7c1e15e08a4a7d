package control

import (
	"context"
	"time"

	"tollgate/accounting"
)

// MaxLog is how many calls back, from the newest that a [LogQuery] is for, calls can be
// listed: a list is made for people, and a longer one is a report.
const MaxLog = 100_000

// LogQuery asks for single calls, newest first: those of the books and those that cost
// nothing or were refused, side by side. "" matches every one.
type LogQuery struct {
	From, To   time.Time // To is not included; zero: no bound
	UserID     string
	TeamID     string
	OrgID      string
	KeyID      string
	EndUser    string
	Tag        string
	Model      string
	Deployment string
	Request    string
	Status     string            // ok, failed for all others, or the code of an error
	Least      *accounting.Money // what a call cost at least and at most; one of unknown price is none
	Most       *accounting.Money
	Offset     int // how many are skipped, at most MaxLog
	Limit      int // 1 to MaxEntries
}

// The states of calls that a query can be for, beside the codes of errors.
const (
	StatusOK     = "ok"
	StatusFailed = "failed"
)

// LogRow is one call. An entry that corrects another one is a row of its own, so that the
// rows add up to what the books say.
type LogRow struct {
	At         time.Time // when it ended
	Request    string
	Key        string
	User       string
	Team       string
	Org        string
	EndUser    string
	Tags       []string
	Operation  string
	Model      string
	Deployment string // "" if none was called
	Answered   string
	Stream     bool
	Cost       *accounting.Money // nil: the price is unknown; zero, if it is free or was refused
	Input      int64
	Cached     int64 // of Input
	Output     int64
	Status     string // ok, or the code of the error that ended it
	Took       time.Duration
}

// Log lists calls, and says how many there are in all; MaxLog stands for more.
func (c *Control) Log(ctx context.Context, q LogQuery) (rows []LogRow, total int, err error) {
	if q.Limit < 1 || q.Limit > MaxEntries {
		return nil, 0, invalid("a page has 1 to %d calls", MaxEntries)
	}
	if q.Offset < 0 || q.Offset > MaxLog {
		return nil, 0, invalid("only the newest %d calls are listed: ask for a shorter time", MaxLog)
	}
	return c.store.Log(ctx, q)
}
