package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tollgate/accounting"
)

// table is rows for eyes. A heading that begins with ">" belongs to numbers, which
// stand at the right.
type table struct {
	head  []string
	right []bool
	rows  [][]string
}

func newTable(head ...string) *table {
	t := &table{}
	for _, h := range head {
		t.head = append(t.head, strings.ToUpper(strings.TrimPrefix(h, ">")))
		t.right = append(t.right, strings.HasPrefix(h, ">"))
	}
	return t
}

func (t *table) add(cells ...string) {
	for i, c := range cells {
		cells[i] = shown(c)
	}
	t.rows = append(t.rows, cells)
}

// shown is a text as a terminal may be given it. Names of models and of end users, and
// what upstreams say, come from outside: control characters among them could write
// over lines, and those that turn the direction of writing could feign others.
func shown(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return utf8.RuneError
		}
		return r
	}, text)
}

// word is a text as one word of a shell's line. What commands suggest is copied and run, and
// names come from outside.
func word(text string) string {
	plain := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("@%+:,./_-", r)
	}
	if text != "" && strings.TrimLeftFunc(text, plain) == "" {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// firstChat is the body of a first chat with a model, as one word of a shell's line.
func firstChat(model string) string {
	name, err := json.Marshal(model)
	if err != nil {
		panic(err) // it is a text
	}
	return word(fmt.Sprintf(`{"model": %s, "messages": [{"role": "user", "content": "hello"}]}`, name))
}

// columns is how many columns of a terminal a text takes: marks stand above what is before
// them, and the writing of East Asia is twice as wide as others.
func columns(text string) (n int) {
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me):
		case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana), '\u3000' <= r && r <= '\u303f', '\uff01' <= r && r <= '\uff60':
			n += 2
		default:
			n++
		}
	}
	return n
}

// print writes the table.
func (t *table) print(w io.Writer) {
	all := append([][]string{t.head}, t.rows...)
	width := make([]int, len(t.head))
	for _, row := range all {
		for i, c := range row {
			width[i] = max(width[i], columns(c))
		}
	}
	for _, row := range all {
		var b strings.Builder
		for i, c := range row {
			if i > 0 {
				b.WriteString("  ")
			}
			pad := strings.Repeat(" ", width[i]-columns(c))
			if t.right[i] {
				b.WriteString(pad + c)
			} else {
				b.WriteString(c + pad)
			}
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}

// fields prints names and values, one per line.
func fields(w io.Writer, pairs ...string) {
	width := 0
	for i := 0; i < len(pairs); i += 2 {
		width = max(width, len(pairs[i]))
	}
	for i := 0; i < len(pairs); i += 2 {
		fmt.Fprintf(w, "%-*s  %s\n", width, pairs[i], shown(pairs[i+1]))
	}
}

func dollars(m accounting.Money) string {
	if m < 0 {
		return "-$" + (-m).String()
	}
	return "$" + m.String()
}

// dollarsOr writes an amount, or a word where there is none.
func dollarsOr(m *accounting.Money, none string) string {
	if m == nil {
		return none
	}
	return dollars(*m)
}

// when writes an instant in UTC, short.
func when(t *time.Time, none string) string {
	if t == nil || t.IsZero() {
		return none
	}
	u := t.UTC()
	if u.Hour() == 0 && u.Minute() == 0 && u.Second() == 0 {
		return u.Format(time.DateOnly)
	}
	return u.Format("2006-01-02 15:04Z")
}

// second writes an instant in UTC, to the second.
func second(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }

// number groups digits by thousands.
func number(n int64) string {
	s := fmt.Sprint(n)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

func numberOr(n int64, zero string) string {
	if n == 0 {
		return zero
	}
	return number(n)
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func joined(list []string, none string) string {
	if len(list) == 0 {
		return none
	}
	return strings.Join(list, ", ")
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(int64(n)) + " " + one + "s"
}
