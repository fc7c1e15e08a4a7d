// Package failpoint names the places at which the crash tests make the program die,
// wait or fail. Only a build with the tag `failpoints` has them: in every other one
// Hit does nothing and costs nothing, and no setting is read.
//
// It imports nothing of ours and does not know what the places mean to the books.
//
// A test build reads TOLLGATE_FAILPOINTS when it starts, a list such as
//
//	after_hold=exit@3,mid_stream=sleep:200ms,in_commit=diskfull
//
// of point=action, where @n says: only the n-th time; without it, every time. What
// cannot be read ends the process with status 2. The actions:
//
//	exit        the process kills itself with SIGKILL: nothing deferred runs
//	sleep:200ms Hit returns after that time
//	error       Hit returns an error
//	diskfull    Hit returns an error that is syscall.ENOSPC
//	panic       Hit panics
//
// Every action that is taken is a line on stderr, so that a test can tell whether its
// point was reached.
package failpoint

// A Point is a place in the program.
type Point string

// The points, in the order in which a paid call passes them; the last four are the
// store's own.
const (
	// AfterAuth (X1): the caller is known and the request is read. Nothing is held.
	AfterAuth Point = "after_auth"
	// AfterHold (X2): the hold is committed, nothing was sent upstream.
	AfterHold Point = "after_hold"
	// AfterDispatch (X3): the request was written to the upstream.
	AfterDispatch Point = "after_dispatch"
	// AfterFirstByte (X4): the first event of a stream has come, nothing was relayed.
	AfterFirstByte Point = "after_first_byte"
	// MidStream (X5): a later event of a stream has come.
	MidStream Point = "mid_stream"
	// AfterUpstreamEnd (X6): the upstream's answer is complete and not yet in the books.
	AfterUpstreamEnd Point = "after_upstream_end"
	// AfterPost (X7): the entry is committed, the end of the answer was not yet sent.
	AfterPost Point = "after_post"
	// AfterLastByte (X8): the last byte of the answer was written to the client.
	AfterLastByte Point = "after_last_byte"
	// InCommit (X9): within a group commit, its steps done and not yet committed.
	InCommit Point = "in_commit"
	// AtRollover (X10): a counter of a new period is about to be made.
	AtRollover Point = "at_rollover"
	// InSweep (X11): within the settling of an orphan.
	InSweep Point = "in_sweep"
	// InMigration (X12): within a migration of the schema.
	InMigration Point = "in_migration"
	// InBackup (X13): within a checkpoint of the database or a backup.
	InBackup Point = "in_backup"
)

// Points are all points.
var Points = []Point{AfterAuth, AfterHold, AfterDispatch, AfterFirstByte, MidStream, AfterUpstreamEnd, AfterPost, AfterLastByte,
	InCommit, AtRollover, InSweep, InMigration, InBackup}
