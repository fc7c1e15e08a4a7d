package admin

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2/utils"

	"tollgate/gateway/edge"
	"tollgate/providers/wire"
)

// The bounds of a page.
const (
	DefaultPage = 100
	MaxPage     = 1000
)

// query reads the parameters of a request by name. Like body it keeps the first
// thing that is wrong, and refuses what nobody asked for. Who reads a body has none.
type query struct {
	values url.Values
	known  []string
	err    error
}

func (r *request) query() *query {
	q := &query{}
	q.values, q.err = url.ParseQuery(utils.CopyString(string(r.c.Request().URI().QueryString())))
	if q.err != nil {
		q.err = fmt.Errorf("the query of the URL cannot be read: %w", edge.ErrField)
	}
	return q
}

// text is the value of a parameter; "" if it is not given.
func (q *query) text(name string) string {
	q.known = append(q.known, name)
	switch v := q.values[name]; {
	case len(v) > 1:
		q.fail(name, "it is given %d times", len(v))
	case len(v) == 1 && v[0] == "": // of a script whose variable is not set
		q.fail(name, "it is empty: give it a value, or leave it out")
	case len(v) == 1 && (!utf8.ValidString(v[0]) || strings.ContainsRune(v[0], 0)):
		q.fail(name, "it is no text: it must be UTF-8 without NUL, percent-encoded")
	}
	return q.values.Get(name)
}

func (q *query) fail(name, format string, args ...any) {
	if q.err == nil {
		q.err = &wire.ErrField{Field: name, Problem: fmt.Sprintf(format, args...)}
	}
}

// joined names the words that a parameter may be.
func joined[T ~string](words []T) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(w))
	}
	return b.String()
}

// oneOf is text that is one of some words; "" if it is not given.
func oneOf[T ~string](q *query, name string, words []T) T {
	v := T(q.text(name))
	if v == "" || slices.Contains(words, v) {
		return v
	}
	var known []string
	for _, w := range words {
		known = append(known, string(w))
	}
	hint := ""
	if near := nearest(string(v), known); near != "" {
		hint = "; did you mean " + near + "?"
	}
	q.fail(name, "it is one of %s, not %.64q%s", joined(words), string(v), hint)
	return ""
}

func (q *query) flag(name string) bool {
	switch v := q.text(name); v {
	case "", "false":
		return false
	case "true":
		return true
	default:
		q.fail(name, "it must be true or false")
		return false
	}
}

// instant reads a time or a day; a day begins at midnight in UTC.
func (q *query) instant(name string) time.Time {
	v := q.text(name)
	if v == "" {
		return time.Time{}
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, v); err == nil {
			return t.UTC()
		}
	}
	q.fail(name, "it must be a day such as 2026-11-23 or a time such as 2026-11-23T08:00:00Z")
	return time.Time{}
}

// limit reads how many items a page may have.
func (q *query) limit() int {
	v := q.text("limit")
	if v == "" {
		return DefaultPage
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > MaxPage {
		q.fail("limit", "it must be a whole number from 1 to %d", MaxPage)
	}
	return n
}

func (q *query) done() error {
	if q.err != nil {
		return q.err
	}
	for name := range q.values {
		if !slices.Contains(q.known, name) {
			return unknown(name, "parameter", q.known)
		}
	}
	return nil
}

// page is one page of a long list. Next is what to give as `after` for the next one,
// null on the last.
type page[T any] struct {
	Data []T     `json:"data"`
	Next *string `json:"next"`
}

// span is which part of a list is asked for.
type span struct {
	after string
	limit int
}

func (q *query) span() span { return span{after: q.text("after"), limit: q.limit()} }

// cut returns the part of a list that a span asks for. In a list that is sorted by
// id, after need not be among them any more; the order may be the database's own, which
// is another than that of bytes.
func cut[T any](all []T, s span, id func(T) string, sorted bool) ([]T, *string, error) {
	from := 0
	if s.after != "" {
		from = slices.IndexFunc(all, func(x T) bool { return id(x) == s.after })
		if from < 0 && sorted {
			if from = slices.IndexFunc(all, func(x T) bool { return id(x) > s.after }); from < 0 {
				from = len(all)
			}
			from--
		} else if from < 0 {
			return nil, nil, &wire.ErrField{Field: "after", Problem: "nothing in the list has this id any more: begin again without it"}
		}
		from++
	}
	out, next := first(all[from:], s.limit, id)
	return out, next, nil
}

// first returns as much of a list as a page takes, and what names the next one: nil where
// nothing would be on it, so a list that is read by pages is read with one item more.
func first[T any](all []T, limit int, id func(T) string) ([]T, *string) {
	if len(all) <= limit {
		return all, nil
	}
	next := id(all[limit-1])
	return all[:limit], &next
}

// pageOf maps the part of a list that is asked for.
func pageOf[T, V any](all []T, s span, id func(T) string, sorted bool, view func(T) V) (page[V], error) {
	part, next, err := cut(all, s, id, sorted)
	if err != nil {
		return page[V]{}, err
	}
	out := page[V]{Data: make([]V, len(part)), Next: next}
	for i, x := range part {
		out.Data[i] = view(x)
	}
	return out, nil
}
