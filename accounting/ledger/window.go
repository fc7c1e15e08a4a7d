package ledger

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Unit is the length that a window is counted in.
type Unit string

// The units of a window.
const (
	Total Unit = "total" // one window, for ever
	Day   Unit = "day"
	Week  Unit = "week" // weeks begin on Monday
	Month Unit = "month"
)

// MaxWindow is how many units one window may span.
const MaxWindow = 1000

// ErrBadWindow says that a text is not a window.
var ErrBadWindow = errors.New("not a window: write total, day, week, month or a number of them such as 3 months")

// Window says how a budget's time is cut into periods: a pure function of the
// instant. The zero Window is [Total].
type Window struct {
	Unit  Unit
	Count int            // how many units one period spans; 0 is 1
	Zone  *time.Location // nil is UTC
	// Start, unless zero, makes the window roll: periods are counted from that
	// instant on instead of from the calendar's own beginnings.
	Start time.Time
}

// ParseWindow reads "total", "day", "week", "month", "2 weeks" or "30 days". The
// zone and the start are not part of the text.
func ParseWindow(s string) (Window, error) {
	fields := strings.Fields(strings.ToLower(s))
	n := 1
	if len(fields) == 2 {
		v, err := strconv.Atoi(fields[0])
		if err != nil || v < 1 || v > MaxWindow {
			return Window{}, fmt.Errorf("%q: %w (1 to %d)", s, ErrBadWindow, MaxWindow)
		}
		n, fields = v, fields[1:]
	}
	if len(fields) != 1 {
		return Window{}, fmt.Errorf("%q: %w", s, ErrBadWindow)
	}
	u := Unit(strings.TrimSuffix(fields[0], "s"))
	switch u {
	case Day, Week, Month:
		return Window{Unit: u, Count: n}, nil
	case Total:
		if n == 1 {
			return Window{Unit: Total}, nil
		}
	}
	return Window{}, fmt.Errorf("%q: %w", s, ErrBadWindow)
}

// String writes what [ParseWindow] reads.
func (w Window) String() string {
	switch {
	case w.Unit == Total || w.Unit == "":
		return string(Total)
	case w.Count <= 1:
		return string(w.Unit)
	}
	return fmt.Sprintf("%d %ss", w.Count, w.Unit)
}

// Period is one run of a window: from Start, up to but not including End. A zero
// End means that it never ends.
type Period struct{ Start, End time.Time }

// epoch is a Monday and the first day of a month's quarter-year count: windows of
// several weeks count from it, windows of several months from January of its year,
// so that three months are a calendar quarter.
var epoch = struct{ year, month, day int }{1970, 1, 5}

// At returns the period that holds the instant t. Calendar periods begin at
// midnight in the window's zone; where a zone skips midnight, at the first instant
// of that day.
func (w Window) At(t time.Time) Period {
	zone := w.Zone
	if zone == nil {
		zone = time.UTC
	}
	n := max(w.Count, 1)
	if w.Unit == Total || w.Unit == "" {
		return Period{Start: time.Unix(0, 0).UTC()}
	}
	if !w.Start.IsZero() {
		return w.rolling(t, zone, n)
	}
	local := t.In(zone)
	y, m, d := local.Date()
	midnight := func(y int, m time.Month, d int) time.Time {
		return time.Date(y, m, d, 0, 0, 0, 0, zone).UTC()
	}
	switch w.Unit {
	case Month:
		months := (y-epoch.year)*12 + int(m) - 1
		first := floorTo(months, n)
		return Period{
			Start: midnight(epoch.year, time.Month(1+first), 1),
			End:   midnight(epoch.year, time.Month(1+first+n), 1),
		}
	default:
		days, from := n, epoch.day
		if w.Unit == Week {
			days = 7 * n
		}
		passed := int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Sub(
			time.Date(epoch.year, time.Month(epoch.month), epoch.day, 0, 0, 0, 0, time.UTC)).Hours() / 24)
		first := floorTo(passed, days)
		return Period{
			Start: midnight(epoch.year, time.Month(epoch.month), from+first),
			End:   midnight(epoch.year, time.Month(epoch.month), from+first+days),
		}
	}
}

// rolling counts periods from w.Start. A month that lacks the day of the start
// ends its period on its last day.
func (w Window) rolling(t time.Time, zone *time.Location, n int) Period {
	start := w.Start.In(zone)
	at := func(i int) time.Time {
		switch w.Unit {
		case Day:
			return start.AddDate(0, 0, i*n)
		case Week:
			return start.AddDate(0, 0, 7*i*n)
		}
		y, m, d := start.Date()
		h, mi, s := start.Clock()
		last := time.Date(y, m+time.Month(i*n)+1, 0, 0, 0, 0, 0, zone).Day()
		return time.Date(y, m+time.Month(i*n), min(d, last), h, mi, s, start.Nanosecond(), zone)
	}
	span := time.Duration(n) * 24 * time.Hour
	switch w.Unit {
	case Week:
		span *= 7
	case Month:
		span *= 30
	}
	i := int(t.Sub(start) / span) // near; walk the rest
	for at(i).After(t) {
		i--
	}
	for !at(i + 1).After(t) {
		i++
	}
	return Period{Start: at(i).UTC(), End: at(i + 1).UTC()}
}

func floorTo(v, n int) int {
	q := v / n
	if v%n < 0 {
		q--
	}
	return q * n
}
