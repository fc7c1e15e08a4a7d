package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// zones have what makes local time hard: summer time both ways, a change of half an
// hour, a quarter of an hour to UTC, midnights that are skipped or come twice, changes
// at one minute past midnight, and a day that never was.
var zones = []string{
	"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo", "Pacific/Apia",
	"America/Havana", "America/St_Johns", "Africa/Cairo", "Asia/Beirut", "Pacific/Kwajalein", "Europe/Dublin", "Africa/Casablanca", "Asia/Tehran", "America/Asuncion", "Asia/Manila", "America/Juneau",
}

func zone(t testing.TB, name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func instant(t testing.TB, s string) time.Time {
	x, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestWindowAt(t *testing.T) {
	for _, c := range []struct {
		window, zone, from string
		at, start, end     string
	}{
		// Summer time makes days of 23, 25, 23.5 and 24.5 hours.
		{"day", "Europe/Berlin", "", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"},
		{"day", "Europe/Berlin", "", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"},
		{"day", "America/New_York", "", "2026-03-08T12:00:00Z", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"},
		{"day", "Australia/Lord_Howe", "", "2026-04-04T20:00:00Z", "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z"},
		{"day", "Australia/Lord_Howe", "", "2026-10-03T20:00:00Z", "2026-10-03T13:30:00Z", "2026-10-04T13:00:00Z"},
		{"day", "Asia/Kathmandu", "", "2026-11-23T18:14:59Z", "2026-11-22T18:15:00Z", "2026-11-23T18:15:00Z"},
		{"day", "Asia/Kathmandu", "", "2026-11-23T18:15:00Z", "2026-11-23T18:15:00Z", "2026-11-24T18:15:00Z"},
		// São Paulo skipped midnight: the day began at one.
		{"day", "America/Sao_Paulo", "", "2018-11-04T02:30:00Z", "2018-11-03T03:00:00Z", "2018-11-04T03:00:00Z"},
		{"day", "America/Sao_Paulo", "", "2018-11-04T03:00:00Z", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"},
		{"day", "America/Sao_Paulo", "", "2018-02-18T02:30:00Z", "2018-02-17T02:00:00Z", "2018-02-18T03:00:00Z"},
		{"day", "Africa/Cairo", "", "2010-04-29T21:59:59Z", "2010-04-28T22:00:00Z", "2010-04-29T22:00:00Z"},
		// Havana has midnight twice: the day begins with the first.
		{"day", "America/Havana", "", "2023-11-05T04:30:00Z", "2023-11-05T04:00:00Z", "2023-11-06T05:00:00Z"},
		{"day", "America/Havana", "", "2023-11-05T05:30:00Z", "2023-11-05T04:00:00Z", "2023-11-06T05:00:00Z"},
		// St. John's went from 00:01 back to 23:01: the day had begun.
		{"day", "America/St_Johns", "", "2000-10-29T02:30:00Z", "2000-10-29T02:30:00Z", "2000-10-30T03:30:00Z"},
		{"day", "America/St_Johns", "", "2000-10-29T03:00:00Z", "2000-10-29T02:30:00Z", "2000-10-30T03:30:00Z"},
		// Samoa had no 30 December 2011.
		{"day", "Pacific/Apia", "", "2011-12-30T09:59:59Z", "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z"},
		{"day", "Pacific/Apia", "", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"},
		{"month", "Pacific/Apia", "", "2011-12-30T10:00:00Z", "2011-12-01T10:00:00Z", "2011-12-31T10:00:00Z"},
		// Weeks begin on Monday.
		{"week", "UTC", "", "2026-11-22T23:59:59Z", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"},
		{"week", "UTC", "", "2026-11-23T00:00:00Z", "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z"},
		{"week", "Europe/Berlin", "", "2026-11-22T23:00:00Z", "2026-11-22T23:00:00Z", "2026-11-29T23:00:00Z"},
		{"week", "UTC", "", "1969-12-31T00:00:00Z", "1969-12-29T00:00:00Z", "1970-01-05T00:00:00Z"},
		{"2 weeks", "UTC", "", "1970-01-18T23:59:59Z", "1970-01-05T00:00:00Z", "1970-01-19T00:00:00Z"},
		// Months of every length, and leap days.
		{"month", "UTC", "", "2026-02-28T23:59:59Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"},
		{"month", "UTC", "", "2028-02-29T12:00:00Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"},
		{"month", "Europe/Berlin", "", "2026-12-31T23:00:00Z", "2026-12-31T23:00:00Z", "2027-01-31T23:00:00Z"},
		{"month", "UTC", "", "1969-12-31T23:59:59Z", "1969-12-01T00:00:00Z", "1970-01-01T00:00:00Z"},
		{"3 months", "UTC", "", "2026-11-23T00:00:00Z", "2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z"},
		{"12 months", "UTC", "", "2026-11-23T00:00:00Z", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"},
		{"3 days", "UTC", "", "1970-01-07T23:59:59Z", "1970-01-05T00:00:00Z", "1970-01-08T00:00:00Z"},
		{"3 days", "UTC", "", "1970-01-04T00:00:00Z", "1970-01-02T00:00:00Z", "1970-01-05T00:00:00Z"},
		// Package time misjudges the last day of leap years after 2037.
		{"day", "Europe/Berlin", "", "2040-12-31T12:00:00Z", "2040-12-30T23:00:00Z", "2040-12-31T23:00:00Z"},
		{"month", "America/New_York", "", "2040-12-31T12:00:00Z", "2040-12-01T05:00:00Z", "2041-01-01T05:00:00Z"},
		// Hours and minutes are those of the clock on the wall. The hour that it shows twice
		// is one, and the one that it skips is none.
		{"hour", "UTC", "", "2026-11-23T12:59:59Z", "2026-11-23T12:00:00Z", "2026-11-23T13:00:00Z"},
		{"hour", "Asia/Kathmandu", "", "2026-11-23T12:10:00Z", "2026-11-23T11:15:00Z", "2026-11-23T12:15:00Z"},
		{"15 minutes", "UTC", "", "2026-11-23T12:44:59Z", "2026-11-23T12:30:00Z", "2026-11-23T12:45:00Z"},
		{"minute", "UTC", "", "1969-12-31T23:59:59Z", "1969-12-31T23:59:00Z", "1970-01-01T00:00:00Z"},
		{"6 hours", "Europe/Berlin", "", "2026-11-23T04:59:59Z", "2026-11-22T23:00:00Z", "2026-11-23T05:00:00Z"},
		{"6 hours", "Europe/Berlin", "", "2026-07-23T04:00:00Z", "2026-07-23T04:00:00Z", "2026-07-23T10:00:00Z"},
		{"hour", "Europe/Berlin", "", "2026-10-25T01:30:00Z", "2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z"},
		{"hour", "Europe/Berlin", "", "2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z"},
		{"hour", "Australia/Lord_Howe", "", "2026-04-04T15:15:00Z", "2026-04-04T14:00:00Z", "2026-04-04T15:30:00Z"},
		{"hour", "UTC", "2026-11-23T08:20:00Z", "2026-11-23T09:19:59Z", "2026-11-23T08:20:00Z", "2026-11-23T09:20:00Z"},
		{"6 hours", "Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T04:30:00Z", "2026-03-28T23:00:00Z", "2026-03-29T05:00:00Z"},
		// Far from now a duration no longer reaches.
		{"day", "UTC", "", "2600-02-03T04:05:06Z", "2600-02-03T00:00:00Z", "2600-02-04T00:00:00Z"},
		{"week", "UTC", "", "2600-02-03T04:05:06Z", "2600-02-03T00:00:00Z", "2600-02-10T00:00:00Z"},
		// Rolling from an instant: the same time of day, by the clock on the wall.
		{"day", "Europe/Berlin", "2026-03-27T08:30:00Z", "2026-03-29T07:29:59Z", "2026-03-28T08:30:00Z", "2026-03-29T07:30:00Z"},
		// From the second of two half past two: not from the first.
		{"day", "Europe/Berlin", "2026-10-25T01:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"},
		{"30 days", "UTC", "2026-11-23T08:00:00Z", "2026-11-23T08:00:00Z", "2026-11-23T08:00:00Z", "2026-12-23T08:00:00Z"},
		{"30 days", "UTC", "2026-11-23T08:00:00Z", "2026-11-23T07:59:59Z", "2026-10-24T08:00:00Z", "2026-11-23T08:00:00Z"},
		{"2 weeks", "UTC", "2026-11-24T00:00:00Z", "2026-12-08T00:00:00Z", "2026-12-08T00:00:00Z", "2026-12-22T00:00:00Z"},
		{"month", "UTC", "2027-01-31T10:00:00Z", "2027-02-28T09:59:59Z", "2027-01-31T10:00:00Z", "2027-02-28T10:00:00Z"},
		{"month", "UTC", "2027-01-31T10:00:00Z", "2027-03-01T00:00:00Z", "2027-02-28T10:00:00Z", "2027-03-31T10:00:00Z"},
		{"month", "UTC", "2028-01-31T10:00:00Z", "2028-02-29T10:00:00Z", "2028-02-29T10:00:00Z", "2028-03-31T10:00:00Z"},
		{"12 months", "UTC", "2028-02-29T00:00:00Z", "2029-03-01T00:00:00Z", "2029-02-28T00:00:00Z", "2030-02-28T00:00:00Z"},
		{"day", "America/Sao_Paulo", "2018-11-01T03:00:00Z", "2018-11-04T02:30:00Z", "2018-11-03T03:00:00Z", "2018-11-04T03:00:00Z"},
	} {
		w, err := ParseWindow(c.window)
		if err != nil {
			t.Fatal(err)
		}
		w.Zone = zone(t, c.zone)
		if c.from != "" {
			w.Start = instant(t, c.from)
		}
		p := w.At(instant(t, c.at))
		if start, end := p.Start.Format(time.RFC3339), p.End.Format(time.RFC3339); start != c.start || end != c.end {
			t.Errorf("%s in %s from %q at %s:\n got %s to %s\nwant %s to %s", c.window, c.zone, c.from, c.at, start, end, c.start, c.end)
		}
	}
}

func TestWindowTotal(t *testing.T) {
	for _, w := range []Window{{}, {Unit: Total}, {Unit: Total, Zone: zone(t, "Pacific/Apia")}} {
		p := w.At(time.Now())
		if !p.End.IsZero() || p.Start.Unix() != 0 || w.At(instant(t, "2200-01-01T00:00:00Z")) != p {
			t.Errorf("%+v", p)
		}
	}
}

// check holds a period against what every period has to be.
func check(t interface{ Fatalf(string, ...any) }, w Window, x time.Time) Period {
	p := w.At(x)
	name := fmt.Sprintf("%s in %v from %v at %v", w, w.Zone, w.Start, x.UTC())
	if p.Start.After(x) || !p.End.After(x) {
		t.Fatalf("%s: %v to %v does not hold it", name, p.Start, p.End)
	}
	if p.Start.Location() != time.UTC || p.End.Location() != time.UTC {
		t.Fatalf("%s: a period that is not in UTC would be another counter", name)
	}
	if got := w.At(p.Start); got != p {
		t.Fatalf("%s: its first instant is in %v, not in %v", name, got, p)
	}
	if got := w.At(p.End.Add(-1)); got != p {
		t.Fatalf("%s: its last instant is in %v, not in %v", name, got, p)
	}
	if next := w.At(p.End); !next.Start.Equal(p.End) {
		t.Fatalf("%s: a gap or overlap between %v and %v", name, p.End, next.Start)
	}
	if before := w.At(p.Start.Add(-1)); !before.End.Equal(p.Start) {
		t.Fatalf("%s: a gap or overlap between %v and %v", name, before.End, p.Start)
	}
	if w.Start.IsZero() {
		local, before := p.Start.In(w.Zone), p.Start.Add(-1).In(w.Zone)
		since, _ := local.ZoneBounds()
		h, m, s := local.Clock()
		short := w.Unit == Minute || w.Unit == Hour
		switch {
		case since.Equal(p.Start):
		case short && (s != 0 || w.Unit == Hour && m != 0):
			t.Fatalf("%s: begins at %v, neither a full %s nor a change of the clock", name, local, w.Unit)
		case short && w.Unit == Hour && 24%max(w.Count, 1) == 0 && h%max(w.Count, 1) != 0:
			t.Fatalf("%s: begins at %v, not at a multiple of its hours", name, local)
		case !short && h+m+s != 0:
			t.Fatalf("%s: begins at %v, neither midnight nor a change of the clock", name, local)
		}
		if !short && before.Format(time.DateOnly) >= local.Format(time.DateOnly) {
			t.Fatalf("%s: begins at %v, but the day had begun at %v", name, local, before)
		}
		if w.Unit == Month && local.Day() != 1 && local.AddDate(0, 0, -1).Month() == local.Month() && since != p.Start {
			t.Fatalf("%s: a month begins on %v", name, local)
		}
		if w.Unit == Week && local.Weekday() != time.Monday && !since.Equal(p.Start) {
			t.Fatalf("%s: a week begins on %v", name, local)
		}
	}
	return p
}

// TestWindowsTile walks through two centuries of changing clocks, zone by zone.
func TestWindowsTile(t *testing.T) {
	from, to := instant(t, "1900-01-01T00:00:00Z"), instant(t, "2200-01-01T00:00:00Z")
	for _, name := range zones {
		z := zone(t, name)
		for _, text := range []string{"15 minutes", "hour", "6 hours", "36 hours", "day", "3 days", "week", "2 weeks", "month", "3 months"} {
			w, _ := ParseWindow(text)
			w.Zone = z
			// Every change of the clock, and a day before and after each.
			for x := from; x.Before(to); {
				_, end := x.In(z).ZoneBounds()
				if end.IsZero() || end.After(to) {
					break
				}
				if !end.After(x) { // package time knows no bounds for the last day of leap years after 2037
					end = x.Add(24 * time.Hour)
				}
				if end.Year() < 2040 || end.Year()%10 == 0 {
					for _, d := range []time.Duration{-25 * time.Hour, -61 * time.Minute, -1, 0, 59 * time.Second, 61 * time.Minute, 25 * time.Hour} {
						check(t, w, end.Add(d))
					}
				}
				x = end
			}
			for x := from; x.Before(to); x = x.AddDate(1, 1, 1).Add(7 * time.Hour) {
				check(t, w, x)
			}
		}
	}
}

func TestWindowProperties(t *testing.T) { rapid.Check(t, windowProperties) }

// FuzzWindow is the same property, led by what the code does with it.
func FuzzWindow(f *testing.F) {
	f.Add(bytes.Repeat([]byte("a window, a zone and an instant are drawn from these bytes, and from no others"), 100))
	f.Fuzz(rapid.MakeFuzz(windowProperties))
}

func windowProperties(t *rapid.T) {
	seconds := rapid.Int64Range(time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).Unix(), time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC).Unix())
	w := Window{
		Unit:  rapid.SampledFrom([]Unit{Minute, Hour, Day, Week, Month}).Draw(t, "unit"),
		Count: rapid.OneOf(rapid.Just(0), rapid.IntRange(1, 5), rapid.IntRange(1, MaxWindow)).Draw(t, "count"),
	}
	w.Zone, _ = time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
	if rapid.Bool().Draw(t, "rolling") {
		w.Start = time.Unix(seconds.Draw(t, "start"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanos"))
		if got := check(t, w, w.Start); !got.Start.Equal(w.Start) {
			t.Fatalf("the first period begins at %v, not at %v", got.Start, w.Start)
		}
	}
	x := time.Unix(seconds.Draw(t, "at"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanosecond"))
	p := check(t, w, x)
	n := max(w.Count, 1)
	least, most := time.Duration(n)*24*time.Hour, time.Duration(n)*24*time.Hour
	switch w.Unit {
	case Minute:
		least, most = time.Duration(n)*time.Minute, time.Duration(n)*time.Minute
	case Hour:
		least, most = time.Duration(n)*time.Hour, time.Duration(n)*time.Hour
	case Week:
		least, most = 7*least, 7*most
	case Month:
		least, most = time.Duration(n)*28*24*time.Hour, time.Duration(n)*31*24*time.Hour
	}
	if d := p.End.Sub(p.Start); d < least-26*time.Hour || d > most+26*time.Hour {
		t.Fatalf("%s lasts %v", w, d)
	}
}

func TestParseWindow(t *testing.T) {
	for text, want := range map[string]string{
		"total": "total", "minute": "minute", "Hours": "hour", "5 hours": "5 hours", "90 minutes": "90 minutes", "1001 minutes": "!", "day": "day", "Week": "week", "months": "month", "1 month": "month", "3 months": "3 months", " 30  days ": "30 days", "1000 weeks": "1000 weeks", "1 total": "total",
		"": "!", "0 days": "!", "-1 days": "!", "1001 days": "!", "fortnight": "!", "2 totals": "!", "day day": "!", "2 2 days": "!", "1.5 days": "!", "s": "!", "99999999999999999999 days": "!",
	} {
		w, err := ParseWindow(text)
		got := w.String()
		if err != nil {
			got = "!"
			if !errors.Is(err, ErrBadWindow) {
				t.Errorf("%q: %v", text, err)
			}
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
		if err == nil {
			if again, err := ParseWindow(got); err != nil || again.String() != got {
				t.Errorf("%q is written %q, which reads as %v, %v", text, got, again, err)
			}
		}
	}
}

func BenchmarkWindowAt(b *testing.B) {
	for _, name := range []string{"UTC", "Europe/Berlin"} {
		w := Window{Unit: Month, Zone: zone(b, name)}
		now := instant(b, "2026-11-23T12:00:00Z")
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				w.At(now)
			}
		})
	}
}
