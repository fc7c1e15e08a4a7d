package admin

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/gateway/edge"
	"tollgate/gateway/limits"
	"tollgate/gateway/spelling"
	"tollgate/providers/wire"
)

// MaxBody is how many bytes a management request's body may have, inflated.
const MaxBody = 1 << 20

// maxTexts is how many texts a list may have. Each list has a limit of its own besides.
const maxTexts = 10_000

// tooLarge is [edge.ErrBodyTooLarge] with the limit of this API.
type tooLarge struct{ most int }

func (t tooLarge) Error() string      { return fmt.Sprintf("the body is larger than %d MiB", t.most>>20) }
func (tooLarge) Is(target error) bool { return target == edge.ErrBodyTooLarge }

// body is a JSON object whose fields are asked for one by one. The first thing that
// is wrong is kept and told by done, which also refuses fields that nobody asked for.
type body struct {
	object wire.Object
	known  []string
	err    error
}

func (r *request) body() *body { return r.bodyOf(MaxBody) }

// bodyOf is body for another number of bytes at most.
func (r *request) bodyOf(most int) *body {
	b := &body{}
	if !edge.JSON(r.c) {
		b.err = edge.ErrContentType
		return b
	}
	var raw []byte
	if len(r.c.Request().Body()) > most {
		b.err = tooLarge{most}
	} else if raw, b.err = edge.Body(r.c); b.err == nil && len(raw) > most {
		b.err = tooLarge{most}
	}
	if b.err == nil {
		b.object, b.err = wire.ParseObject(raw)
	}
	if b.err == nil { // whoever puts a field there would think that it counts
		b.err = r.query().done()
	}
	return b
}

// bare says that a request has a body which nobody would read, and what is read instead. An
// empty object is none, since some clients always send one.
func (r *request) bare(problem string) error {
	if len(r.c.Request().Body()) == 0 {
		return nil
	}
	raw, err := edge.Body(r.c)
	if err != nil {
		return err
	}
	o, err := wire.ParseObject(raw)
	switch keys := o.Keys(); {
	case err != nil:
		return &wire.ErrField{Field: "body", Problem: problem}
	case len(keys) > 0:
		return &wire.ErrField{Field: wire.Excerpt(keys[0], maxShown), Problem: problem}
	}
	return nil
}

// get returns a field; absent and null are told apart by given and by the value's
// type.
func (b *body) get(name string) (v gjson.Result, given bool) {
	if !slices.Contains(b.known, name) {
		b.known = append(b.known, name)
	}
	if b.err != nil {
		return v, false
	}
	return b.object.Get(name)
}

func (b *body) fail(field, format string, args ...any) {
	if b.err == nil {
		b.err = &wire.ErrField{Field: field, Problem: fmt.Sprintf(format, args...)}
	}
}

// done returns the first thing that is wrong.
func (b *body) done() error {
	if b.err != nil {
		return b.err
	}
	for _, k := range b.object.Keys() {
		if !slices.Contains(b.known, k) {
			return unknown(k, "field", b.known)
		}
	}
	return nil
}

// maxShown is how much of a name that means nothing is told, in bytes.
const maxShown = 64

// unknown refuses a name that means nothing here, and offers the nearest that does.
func unknown(name, what string, known []string) error {
	shown := name
	if len(shown) > maxShown {
		shown = strings.ToValidUTF8(shown[:maxShown], "") + "…"
	}
	hint := "known are " + strings.Join(known, ", ")
	if len(known) == 0 {
		hint = "none is known"
	}
	if near := nearest(name, known); near != "" {
		hint = "did you mean " + near + "?"
	}
	return &wire.ErrField{Field: shown, Problem: fmt.Sprintf("there is no such %s; %s", what, hint)}
}

func (b *body) text(name string) *string {
	v, ok := b.get(name)
	switch {
	case !ok:
		return nil
	case v.Type != gjson.String:
		b.fail(name, "it must be a string")
		return nil
	}
	s := strings.Clone(v.String())
	return &s
}

// required is text that must be there and not empty.
func (b *body) required(name, example string) string {
	s := b.text(name)
	if s == nil || *s == "" {
		b.fail(name, "it is needed: write %q: %q", name, example)
		return ""
	}
	return *s
}

// filled is text that says something where it is given: what is empty comes from a script
// whose variable is not set, and means another thing than leaving it out does.
func (b *body) filled(name, without string) *string {
	s := b.text(name)
	if s != nil && *s == "" {
		b.fail(name, "it is empty: give it a value, or leave it out, and %s", without)
		return nil
	}
	return s
}

func (b *body) flag(name string) *bool {
	v, ok := b.get(name)
	switch {
	case !ok:
		return nil
	case v.Type != gjson.True && v.Type != gjson.False:
		b.fail(name, "it must be true or false")
		return nil
	}
	t := v.Type == gjson.True
	return &t
}

func (b *body) texts(name string) *[]string {
	v, ok := b.get(name)
	if !ok {
		return nil
	}
	out := []string{}
	if !v.IsArray() {
		b.fail(name, "it must be a list of strings")
		return nil
	}
	v.ForEach(func(_, x gjson.Result) bool {
		switch {
		case x.Type != gjson.String:
			b.fail(fmt.Sprintf("%s[%d]", name, len(out)), "it must be a string")
			return false
		case len(out) == maxTexts:
			b.fail(name, "there are more than %d", maxTexts)
			return false
		}
		out = append(out, strings.Clone(x.String()))
		return true
	})
	if b.err != nil {
		return nil
	}
	return &out
}

// money reads an amount in dollars. nil: it was not given; a nil within: null.
func (b *body) money(name, null string) **accounting.Money {
	v, ok := b.get(name)
	var none *accounting.Money
	switch {
	case !ok:
		return nil
	case v.Type == gjson.Null:
		return &none
	case v.Type != gjson.String:
		b.fail(name, `money is a string in dollars, such as "5.00"; null is %s`, null)
		return nil
	}
	m, err := accounting.ParseMoney(v.String())
	if err != nil {
		b.fail(name, "%v", err)
		return nil
	}
	some := &m
	return &some
}

// whole is a number without fraction and exponent.
var whole = regexp.MustCompile(`^-?[0-9]+$`)

// count reads a number of a limit. nil: it was not given; a nil within: null, no limit.
func (b *body) count(name string) **int64 {
	v, ok := b.get(name)
	var none *int64
	switch {
	case !ok:
		return nil
	case v.Type == gjson.Null:
		return &none
	case v.Type != gjson.Number || !whole.MatchString(v.Raw):
		b.fail(name, "it must be a whole number such as 60; 0 lets nothing pass, null is no limit")
		return nil
	}
	n, err := strconv.ParseInt(v.Raw, 10, 64)
	switch {
	case v.Raw[0] == '-' && n != 0:
		b.fail(name, "%v", limits.ErrNegative)
		return nil
	case err != nil || n > limits.MaxLimit:
		b.fail(name, "%v", limits.ErrTooLarge)
		return nil
	}
	some := &n
	return &some
}

// fixed refuses a field that cannot be changed, and says why.
func (b *body) fixed(name, why string) {
	if b.err != nil {
		return
	}
	if _, given := b.object.Get(name); given {
		b.fail(name, "it cannot be changed, because %s", why)
	}
}

// instant reads a time; null is the zero time.
func (b *body) instant(name string) *time.Time {
	v, ok := b.get(name)
	switch {
	case !ok:
		return nil
	case v.Type == gjson.Null:
		return &time.Time{}
	}
	t, err := time.Parse(time.RFC3339, v.String())
	if v.Type != gjson.String || err != nil || t.Year() < 1970 || t.Year() > 9999 {
		b.fail(name, "it must be a time as RFC 3339 has it, such as 2027-01-31T12:00:00Z, or null")
		return nil
	}
	t = t.UTC()
	return &t
}

// dictionary reads an object of strings.
func (b *body) dictionary(name string) *map[string]string {
	v, ok := b.get(name)
	if !ok {
		return nil
	}
	if !v.IsObject() {
		b.fail(name, "it must be an object of strings")
		return nil
	}
	inner, err := wire.ParseObject([]byte(v.Raw))
	if err != nil {
		b.fail(name, "%v", err)
		return nil
	}
	out := map[string]string{}
	for _, k := range inner.Keys() {
		x, _ := inner.Get(k)
		if x.Type != gjson.String {
			b.fail(name+"."+k, "it must be a string")
			return nil
		}
		out[strings.Clone(k)] = strings.Clone(x.String())
	}
	return &out
}

// attributes reads an object that is kept as it is; null is the empty one.
func (b *body) attributes() json.RawMessage {
	v, ok := b.get("attributes")
	switch {
	case !ok:
		return nil
	case v.Type == gjson.Null:
		return json.RawMessage("{}")
	case !v.IsObject():
		b.fail("attributes", "it must be an object")
		return nil
	}
	return json.RawMessage(strings.Clone(v.Raw))
}

// inner reads an object within the body, whose fields are told with the name before
// them. It is nil if it was not given, and null says that it was null.
func (b *body) inner(name string) (in *body, null bool) {
	v, ok := b.get(name)
	switch {
	case !ok:
		return nil, false
	case v.Type == gjson.Null:
		return nil, true
	case !v.IsObject():
		b.fail(name, "it must be an object or null")
		return nil, false
	}
	in = &body{}
	in.object, in.err = wire.ParseObject([]byte(v.Raw))
	return in, false
}

// within takes over what is wrong in an object within the body.
func (b *body) within(name string, in *body) {
	err := in.done()
	var field *wire.ErrField
	if errors.As(err, &field) {
		err = &wire.ErrField{Field: name + "." + field.Field, Problem: field.Problem}
	}
	if b.err == nil {
		b.err = err
	}
}

// number reads a whole number of a range; absent is 0.
func (b *body) number(name string, most int64) int64 {
	v, ok := b.get(name)
	if !ok {
		return 0
	}
	n, err := strconv.ParseInt(v.Raw, 10, 64)
	if v.Type != gjson.Number || !whole.MatchString(v.Raw) || err != nil || n < 0 || n > most {
		b.fail(name, "it must be a whole number from 0 to %d", most)
		return 0
	}
	return n
}

// nearest returns the known word that is fewest edits away, if that is few.
func nearest(word string, known []string) string {
	best, at := "", 3
	if len(word) > spelling.MaxWord {
		return ""
	}
	for _, k := range known {
		if d := spelling.Distance(strings.ToLower(word), k); d < at && d < max(len(k), 2) {
			best, at = k, d
		}
	}
	return best
}
