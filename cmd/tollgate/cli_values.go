package main

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"tollgate/accounting"
	"tollgate/gateway/limits"
)

// values are the fields of a request that flags have set.
type values map[string]any

func (v values) text(name string, s *string) {
	if s != nil {
		v[name] = *s
	}
}

// names reads a list with commas; "all" is the empty list. The empty text is an error: it is
// what a script says whose variable is not set, and would open everything.
func (v values) names(name string, s *string) error {
	if s == nil {
		return nil
	}
	if strings.Trim(*s, ", ") == "" {
		return usageError("--%s: it is empty: write all for everything", strings.ReplaceAll(name, "_", "-"))
	}
	if *s == "none" {
		return usageError("--%s: none is no model and no route, and would close everything: write all for everything", strings.ReplaceAll(name, "_", "-"))
	}
	list := []string{}
	for _, part := range strings.Split(*s, ",") {
		if part = strings.TrimSpace(part); part != "" && (part != "all" || strings.Contains(*s, ",")) {
			list = append(list, part)
		}
	}
	v[name] = list
	return nil
}

// orNone reads a list with commas; "none" is the empty list. The empty text is an error, as
// for names: the calls of a key would be in no report.
func (v values) orNone(name string, s *string) error {
	if s == nil {
		return nil
	}
	if strings.Trim(*s, ", ") == "" {
		return usageError("--%s: it is empty: write none for none", strings.ReplaceAll(name, "_", "-"))
	}
	list := []string{}
	for part := range strings.SplitSeq(*s, ",") {
		if part = strings.TrimSpace(part); part != "" && *s != "none" {
			list = append(list, part)
		}
	}
	v[name] = list
	return nil
}

// money reads an amount; none is null.
func (v values) money(flag, name string, s *string) error {
	if s == nil {
		return nil
	}
	if *s == "none" {
		v[name] = nil
		return nil
	}
	m, err := accounting.ParseMoney(*s)
	if err != nil {
		return usageError("--%s: %w; none is for no limit, 0 for free models only", flag, err)
	}
	v[name] = m
	return nil
}

// digits are those of a whole number, with _ between thousands or without.
var digits = regexp.MustCompile(`^-?([0-9]+|[0-9]{1,3}(_[0-9]{3})+)$`)

// count reads a number of a limit; none is null.
func (v values) count(flag, name string, s *string) error {
	if s == nil {
		return nil
	}
	if *s == "none" {
		v[name] = nil
		return nil
	}
	n, err := strconv.ParseInt(strings.ReplaceAll(*s, "_", ""), 10, 64)
	switch {
	case !digits.MatchString(*s):
		return usageError("--%s: %q is not a whole number, such as 60 or 200_000; 0 lets nothing pass, none is no limit", flag, *s)
	case n < 0:
		return usageError("--%s: %w", flag, limits.ErrNegative)
	case err != nil || n > limits.MaxLimit:
		return usageError("--%s: %w", flag, limits.ErrTooLarge)
	}
	v[name] = n
	return nil
}

// expires reads when a key ends: 90d, a day, a time, or never.
func (v values) expires(s *string, now time.Time) error {
	if s == nil {
		return nil
	}
	if *s == "never" {
		v["expires"] = nil
		return nil
	}
	if d, ok := span(*s); ok {
		v["expires"] = now.Add(d).UTC().Truncate(time.Second)
		return nil
	}
	t, ok := day(*s)
	if !ok {
		return usageError("--expires: %q is not a time: write 90d, 2027-01-31, 2027-01-31T12:00:00Z or never", *s)
	}
	v["expires"] = t
	return nil
}

// span reads a length of time: 12h, 30d, 8w. Months and years differ in length.
func span(s string) (time.Duration, bool) {
	unit := map[byte]time.Duration{'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}
	if s == "" {
		return 0, false
	}
	u, ok := unit[s[len(s)-1]]
	n, err := strconv.Atoi(s[:len(s)-1])
	if !ok || err != nil || n < 1 || n > 100_000 {
		return 0, false
	}
	return time.Duration(n) * u, true
}

// lasting reads a span, or one that is shorter or put together: 30m, 1h30m.
func lasting(s string) (time.Duration, bool) {
	if d, ok := span(s); ok {
		return d, true
	}
	d, err := time.ParseDuration(s)
	return d, err == nil && d >= 0
}

// day reads a day or an instant.
func day(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}
