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
	Total  Unit = "total" // one window, for ever
	Minute Unit = "minute"
	Hour   Unit = "hour"
	Day    Unit = "day"
	Week   Unit = "week" // weeks begin on Monday
	Month  Unit = "month"
)

// MaxWindow is how many units one window may span.
const MaxWindow = 1000

// ErrBadWindow says that a text is not a window.
var ErrBadWindow = errors.New("not a window: write total, minute, hour, day, week, month or a number of them such as 3 months")

// Window says how a budget's time is cut into periods: a pure function of the
// instant. The zero Window is [Total].
type Window struct {
	Unit  Unit
	Count int            // how many units one period spans; 0 is 1
	Zone  *time.Location // nil is UTC
	// Start, unless zero, makes the window roll: periods are counted from that
	// instant on instead of from the calendar's own beginnings. They go back from it
	// too, so that one to come is where the period that runs is to end.
	Start time.Time
}

// ParseWindow reads "total", "minute", "hour", "day", "week", "month", "2 weeks" or "30 days".
// The zone and the start are not part of the text.
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
	case Minute, Hour, Day, Week, Month:
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

// Same says that two windows have the same periods, as far as their words tell.
func (w Window) Same(other Window) bool {
	if w.String() != other.String() || !w.Start.Equal(other.Start) {
		return false
	}
	return w.String() == string(Total) || zoneOf(w) == zoneOf(other)
}

func zoneOf(w Window) string {
	if w.Zone == nil {
		return time.UTC.String()
	}
	return w.Zone.String()
}

// Period is one run of a window: from Start, up to but not including End. A zero
// End means that it never ends.
type Period struct{ Start, End time.Time }

// The lengths of units that have one, in seconds.
const (
	minute = 60
	hour   = 60 * minute
	day    = 24 * hour
)

// seconds are the lengths of the units; a month has a twelfth of the mean year.
var seconds = map[Unit]int{Minute: minute, Hour: hour, Day: day, Week: 7 * day, Month: 2_629_746}

// firstMonday is the day that windows of minutes to weeks count from, in days since 1
// January 1970. Windows of months count from January, so that three months are a
// calendar quarter.
const firstMonday = 4

// At returns the period that holds the instant t. Calendar periods begin at
// midnight in the window's zone; where a zone skips midnight, at the first instant
// of that day, and where it has it twice, at the first. Hours and minutes are those that
// its clocks show, so that a number of hours that divides a day begins at midnight every
// day; an hour that the clocks show twice is one, and one that they skip is none. Periods
// follow each other without gap or overlap, whatever the clocks do.
func (w Window) At(t time.Time) Period {
	if w.Unit == Total || w.Unit == "" {
		return Period{Start: time.Unix(0, 0).UTC()}
	}
	zone := w.Zone
	if zone == nil {
		zone = time.UTC
	}
	n := max(w.Count, 1)
	start, near := w.calendar(t, zone, n)
	if !w.Start.IsZero() {
		start, near = w.rolling(t, zone, n)
	}
	// The local date may be off by what the clocks were moved; the boundaries decide.
	p := Period{Start: start(near), End: start(near + 1)}
	for p.Start.After(t) {
		near--
		p = Period{Start: start(near), End: p.Start}
	}
	for !p.End.After(t) {
		near++
		p = Period{Start: p.End, End: start(near + 1)}
	}
	return p
}

// calendar returns where the calendar's periods begin, by their number, and the
// number of the one that t is likely in.
func (w Window) calendar(t time.Time, zone *time.Location, n int) (start func(int) time.Time, near int) {
	y, m, d := t.In(zone).Date()
	if w.Unit == Month {
		return func(i int) time.Time {
			return firstAt(time.Date(1970, time.Month(1+i*n), 1, 0, 0, 0, 0, time.UTC), zone)
		}, floorDiv((y-1970)*12+int(m)-1, n)
	}
	const from = firstMonday * day
	h, mi, s := t.In(zone).Clock()
	span := n * seconds[w.Unit]
	return func(i int) time.Time {
		return firstAt(time.Unix(int64(from+i*span), 0).UTC(), zone)
	}, floorDiv(int(time.Date(y, m, d, h, mi, s, 0, time.UTC).Unix())-from, span)
}

// rolling is calendar for periods that are counted from w.Start and begin at its
// time of day. A month that lacks its day ends the period on its last day; hours and
// minutes are as long as they are, whatever the clocks do.
func (w Window) rolling(t time.Time, zone *time.Location, n int) (start func(int) time.Time, near int) {
	y, m, d := w.Start.In(zone).Date()
	h, mi, s := w.Start.In(zone).Clock()
	span := n * seconds[w.Unit]
	return func(i int) time.Time {
		if i == 0 {
			return w.Start.UTC() // exactly, even where its time of day came twice
		}
		day, month := d, m
		switch w.Unit {
		case Minute, Hour:
			return time.Unix(w.Start.Unix()+int64(i*span), int64(w.Start.Nanosecond())).UTC()
		case Day:
			day += i * n
		case Week:
			day += 7 * i * n
		case Month:
			month += time.Month(i * n)
			day = min(d, time.Date(y, month+1, 0, 0, 0, 0, 0, time.UTC).Day())
		}
		return firstAt(time.Date(y, month, day, h, mi, s, w.Start.Nanosecond(), time.UTC), zone)
	}, floorDiv(int(t.Unix()-w.Start.Unix()), span)
}

// firstAt returns the first instant at which the clocks of a zone show the wall time,
// or, where they skip it, have passed it. The wall time is written as if it were UTC.
func firstAt(wall time.Time, zone *time.Location) time.Time {
	if zone == time.UTC {
		return wall
	}
	const reach = 26 * time.Hour // no zone is further from UTC
	for at := wall.Add(-reach).In(zone); ; {
		_, offset := at.Zone()
		_, end := at.ZoneBounds()
		first := wall.Add(-time.Duration(offset) * time.Second)
		if first.Before(at) {
			first = at // the clocks were moved past it
		}
		if !end.IsZero() && !end.After(at) {
			// package time knows no bounds for the last day of leap years after 2037
			end = at.Add(time.Hour)
		}
		if end.IsZero() || first.Before(end) {
			return first.UTC()
		}
		at = end
	}
}

func floorDiv(v, n int) int {
	q := v / n
	if v%n < 0 {
		q--
	}
	return q
}
