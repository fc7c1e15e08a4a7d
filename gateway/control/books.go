package control

import (
	"context"
	"fmt"
	"time"

	"tollgate/accounting"
)

// MaxDifferences is how many differences a verification lists; the rest is counted.
const MaxDifferences = 100

// Verification is what was found when the books were added up anew.
type Verification struct {
	Epoch       int64            `json:"epoch"` // 1, and one more at each restore
	Entries     int64            `json:"entries"`
	Corrections int64            `json:"corrections"` // of these, those that correct another one
	Unchained   int64            `json:"unchained"`   // of these, those from before there were chains of hashes
	Cost        accounting.Money `json:"cost"`        // of the entries
	Chains      int64            `json:"chains"`      // with their entries; one for each writer and month
	Removed     RemovedSums      `json:"removed"`     // what retention has taken
	Counters    int64            `json:"counters"`
	Holds       int64            `json:"holds"`
	Orphans     int64            `json:"orphans"` // of these, those whose process is gone
	ReportRows  int64            `json:"report_rows"`
	Differences []Difference     `json:"differences"` // at most MaxDifferences
	More        int64            `json:"more"`        // differences that are not listed
}

// RemovedSums adds up the chains whose entries retention has taken.
type RemovedSums struct {
	Chains  int64            `json:"chains"`
	Entries int64            `json:"entries"`
	Cost    accounting.Money `json:"cost"`
}

// Clean says that nothing differs.
func (v Verification) Clean() bool { return len(v.Differences) == 0 && v.More == 0 }

// Difference is one place where the books contradict themselves.
type Difference struct {
	What     string `json:"what"` // counter, chain, entry, correction, hold, carried, report or meta
	Where    string `json:"where"`
	Expected string `json:"expected"`
	Found    string `json:"found"`
}

// Verify adds up the books anew, in one consistent look at the database and without
// keeping anybody from writing. Only one runs at a time; another one waits.
func (c *Control) Verify(ctx context.Context) (Verification, error) { return c.store.Verify(ctx) }

// MaxRetention is how many whole months entries can be said to be kept.
const MaxRetention = 1200

// Removal is what retention did with one month.
type Removal struct {
	Month   string           `json:"month"` // 2026-11, in UTC
	Entries int64            `json:"entries"`
	Cost    accounting.Money `json:"cost"` // of the entries
	Calls   int64            `json:"calls"`
	Kept    string           `json:"kept"` // why the month stays; "": it was removed
}

// Ends says when the period of a budget ends that began at an instant: the zero time if it
// never does. It is not known of a budget that there is not.
type Ends func(budget string, start time.Time) (end time.Time, known bool)

// Retain removes the entries and calls of whole months (UTC) that are older than the
// last so many, and then the counters of periods that had ended before those. A month stays as long as the period of any budget runs that something
// in it was posted to; periods that never end, those of `total`, are no such reason:
// what was posted to them is carried over. It may be called again at any time, and
// goes on where an earlier run was interrupted. It
// keeps no call waiting longer than one small commit. by says who wants it, for the log.
func (c *Control) Retain(ctx context.Context, months int, by string) ([]Removal, error) {
	if months < 1 || months > MaxRetention {
		return nil, inField("months", invalid("entries are kept for 1 to %d months, not %d", MaxRetention, months))
	}
	ends := map[string]func(time.Time) time.Time{}
	for _, b := range c.Budgets() {
		ends[b.ID] = func(start time.Time) time.Time { return b.Window.At(start).End }
	}
	now := c.now()
	removed, err := c.store.Retain(ctx, now, months, func(budget string, start time.Time) (time.Time, bool) {
		end, known := ends[budget]
		if !known {
			return time.Time{}, false
		}
		return end(start), true
	})
	for _, r := range removed {
		if r.Kept != "" {
			c.log.Warn("audit: retention keeps a month that is old enough to go", "month", r.Month, "why", r.Kept, "by", by)
			continue
		}
		c.log.Info("audit: retention removed a month", "month", r.Month, "entries", r.Entries, "cost", r.Cost.String(), "calls", r.Calls, "kept_months", months, "by", by)
	}
	if err != nil {
		return removed, fmt.Errorf("retention: %w", err)
	}
	return removed, nil
}
