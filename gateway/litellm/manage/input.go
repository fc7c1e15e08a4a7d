package manage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2/utils"
	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/gateway/edge"
	"tollgate/gateway/limits"
	"tollgate/providers/wire"
)

// MaxBody is how many bytes a management request's body may have, inflated.
const MaxBody = 4 << 20

// Fate says what becomes of a field of a request.
type Fate uint8

// The fates of a field. One that no list names is ignored, as LiteLLM does, and the answer
// names it in x-tollgate-ignored.
const (
	Honoured Fate = iota + 1 // it means what it means there
	Kept                     // it is kept and told again, and nothing here looks at it
	Refused                  // it would restrict or route in a way that tollgate cannot: only empty is taken
	Ignored                  // it has no meaning here, and none that would be missed
)

// field is a field of a request, and for the documentation what is to be said of it.
type field struct {
	name string
	fate Fate
	note string
}

// fields are the fields of a request.
type fields []field

func honoured(names ...string) fields { return as(Honoured, "", names...) }

func as(fate Fate, note string, names ...string) fields {
	out := make(fields, len(names))
	for i, n := range names {
		out[i] = field{n, fate, note}
	}
	return out
}

func (f fields) of(name string) (field, bool) {
	i := slices.IndexFunc(f, func(x field) bool { return x.name == name })
	if i < 0 {
		return field{}, false
	}
	return f[i], true
}

// and adds those fields that are not there yet.
func (f fields) and(more fields) fields {
	out := slices.Clone(f)
	for _, x := range more {
		if _, there := out.of(x.name); !there {
			out = append(out, x)
		}
	}
	return out
}

// only are the fields of one fate.
func (f fields) only(fate Fate) fields {
	return slices.DeleteFunc(slices.Clone(f), func(x field) bool { return x.fate != fate })
}

// headerIgnored names in an answer the fields of the request that had no effect.
const headerIgnored = "X-Tollgate-Ignored"

// body is a request's object, whose fields are asked for one by one.
type body struct {
	object wire.Object
	fields fields
	beside map[string]gjson.Result // fields that are said within the metadata; see [body.spread]
	left   []string                // fields of which null is said, which says nothing; see [body.leave]
	wrong  []invalid
	none   bool // there is no body
}

// read reads the body and judges the names of its fields.
func (in *call) read(f fields) error {
	raw, err := edge.Body(in.c)
	if err != nil {
		return err
	}
	if len(raw) > MaxBody {
		return &refusal{status: http.StatusRequestEntityTooLarge, kind: "bad_request_error", message: fmt.Sprintf("the body is larger than %d MiB", MaxBody>>20)}
	}
	return in.parse(raw, f)
}

// parse is read for an object that stands somewhere else.
func (in *call) parse(raw []byte, f fields) (err error) {
	in.fields, in.beside, in.left = f, nil, nil
	if in.none = len(bytes.TrimSpace(raw)) == 0; in.none {
		return nil
	}
	if in.object, err = wire.ParseObject(raw); err != nil {
		return &refusal{status: http.StatusUnprocessableEntity, kind: "invalid_request_error", message: err.Error(), wrong: []invalid{{[]any{"body"}, err.Error(), "json_invalid"}}}
	}
	var ignored []string
	for _, name := range in.object.Keys() {
		switch f, known := f.of(name); {
		case known && f.fate == Refused:
			if v, _ := in.object.Get(name); !empty(v) {
				return bad(name, "tollgate has no %s: leave it out. %s", name, f.note)
			}
		case !known, f.fate == Ignored:
			ignored = append(ignored, name)
		}
	}
	for _, name := range []string{"model_max_budget", "team_member_model_max_budget"} {
		if v, _ := in.object.Get(name); v.IsObject() {
			if err := noRates(name, v); err != nil {
				return err
			}
		}
	}
	if len(ignored) > 0 {
		in.c.Set(headerIgnored, printable(strings.Join(ignored, ", ")))
	}
	return nil
}

// printable makes a text fit for a header.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
	return s[:min(len(s), 256)]
}

// empty says that a value restricts nothing.
func empty(v gjson.Result) bool {
	switch {
	case v.Type == gjson.Null, v.Type == gjson.False:
		return true
	case v.Type == gjson.String:
		return v.Str == ""
	case v.IsArray(), v.IsObject():
		return len(first(v, 1)) == 0
	}
	return false
}

// first are the first elements of a list, or values of an object: no more are looked at,
// however many there are.
func first(v gjson.Result, n int) (all []gjson.Result) {
	v.ForEach(func(_, x gjson.Result) bool { all = append(all, x); return len(all) < n })
	return all
}

// opt is a value that may have been left out, or be null.
type opt[T any] struct {
	given bool
	v     *T // nil: null, or left out
}

func some[T any](v T) opt[T] { return opt[T]{true, &v} }

// or is the value, or another one if there is none.
func (o opt[T]) or(other T) T {
	if o.v != nil {
		return *o.v
	}
	return other
}

// set puts the value into what it is of, if it was given; null is the zero value.
func (o opt[T]) set(to **T) {
	if o.given {
		*to = o.v
	}
}

// fail notes that a field is not as it must be.
func (b *body) fail(kind, what string, where ...any) {
	b.wrong = append(b.wrong, invalid{append([]any{"body"}, where...), what, kind})
}

// negative is what is wrong with an amount below 0, which LiteLLM tells of otherwise than of
// what is no amount.
const negative = "negative"

// done returns what was found wrong with the fields.
func (b *body) done() error {
	if len(b.wrong) == 0 {
		return nil
	}
	first := b.wrong[0]
	at := make([]string, len(first.Where))
	for i, w := range first.Where {
		at[i] = fmt.Sprint(w)
	}
	if first.Kind == negative {
		return bad(at[len(at)-1], "%s %s", at[len(at)-1], first.What)
	}
	return &refusal{status: http.StatusUnprocessableEntity, kind: "invalid_request_error", param: at[len(at)-1],
		message: strings.Join(at, ".") + ": " + first.What, wrong: b.wrong}
}

// notNull refuses null for lists and truths of something that is there. It would lift what they
// restrict, and LiteLLM has no such value of them.
func (b *body) notNull(names ...string) error {
	for _, name := range names {
		if _, given, there := b.get(name); given && !there {
			b.fail("value_error", "null is no value of it: leave it out to keep what there is, or say what it is to be", name)
		}
	}
	return b.done()
}

// leave takes null for nothing said of some fields.
func (b *body) leave(names ...string) {
	for _, name := range names {
		if _, given, there := b.get(name); given && !there {
			b.left = append(b.left, name)
		}
	}
}

// needBody notes that there must be a body.
func (b *body) needBody() {
	if b.none {
		b.fail("missing", "Field required")
	}
}

// needed is the value of a field without which a request says nothing.
func needed[T any](in *call, name string, v opt[T]) (value T, err error) {
	if v.v == nil && len(in.wrong) == 0 {
		in.fail("missing", "Field required", name)
	}
	if err := in.done(); err != nil {
		return value, err
	}
	return *v.v, nil
}

// needText is a text that a request needs, such as the id of what it is about.
func (in *call) needText(name string) (string, error) {
	in.needBody()
	return needed(in, name, in.text(name))
}

// get returns a field, and whether it is there and not null.
func (b *body) get(name string) (v gjson.Result, given, there bool) {
	if b.none || slices.Contains(b.left, name) {
		return v, false, false
	}
	if v, given = b.object.Get(name); !given {
		v, given = b.beside[name]
	}
	return v, given, given && v.Type != gjson.Null
}

// value reads a field by a function that says what the value is, or why it is none.
func value[T any](b *body, name string, read func(gjson.Result) (T, string, string)) opt[T] {
	v, given, there := b.get(name)
	if !there {
		return opt[T]{given: given}
	}
	x, kind, problem := read(v)
	if problem != "" {
		b.fail(kind, problem, name)
		return opt[T]{}
	}
	return opt[T]{true, &x}
}

func (b *body) text(name string) opt[string] {
	return value(b, name, func(v gjson.Result) (string, string, string) {
		if v.Type != gjson.String {
			return "", "string_type", "Input should be a valid string"
		}
		return strings.Clone(v.Str), "", ""
	})
}

func (b *body) flag(name string) opt[bool] {
	return value(b, name, func(v gjson.Result) (bool, string, string) {
		text := v.Raw
		if v.Type == gjson.String {
			text = v.Str
		}
		yes, ok := truth(text)
		if !ok {
			return false, "bool_type", "Input should be a valid boolean"
		}
		return yes, "", ""
	})
}

func (b *body) texts(name string) opt[[]string] {
	return value(b, name, func(v gjson.Result) ([]string, string, string) {
		out := []string{}
		if !v.IsArray() {
			return nil, "list_type", "Input should be a valid list"
		}
		ok := true
		v.ForEach(func(_, x gjson.Result) bool {
			if ok = x.Type == gjson.String; ok {
				out = append(out, strings.Clone(x.Str))
			}
			return ok
		})
		if !ok {
			return nil, "string_type", "Input should be a valid string"
		}
		return out, "", ""
	})
}

// raw reads an object as it stands.
func (b *body) raw(name string) opt[json.RawMessage] {
	return value(b, name, func(v gjson.Result) (json.RawMessage, string, string) {
		if !v.IsObject() {
			return nil, "dict_type", "Input should be a valid dictionary"
		}
		return json.RawMessage(strings.Clone(v.Raw)), "", ""
	})
}

// dictionary reads an object of texts.
func (b *body) dictionary(name string) opt[map[string]string] {
	return value(b, name, func(v gjson.Result) (map[string]string, string, string) {
		if !v.IsObject() {
			return nil, "dict_type", "Input should be a valid dictionary"
		}
		out := map[string]string{}
		ok := true
		v.ForEach(func(k, x gjson.Result) bool {
			if ok = x.Type == gjson.String; ok {
				out[strings.Clone(k.Str)] = strings.Clone(x.Str)
			}
			return ok
		})
		if !ok {
			return nil, "string_type", "Input should be a dictionary of strings"
		}
		return out, "", ""
	})
}

// count reads a number of a rate limit.
func (b *body) count(name string) opt[int64] {
	return value(b, name, countOf)
}

func countOf(v gjson.Result) (int64, string, string) {
	text := v.Raw
	if v.Type == gjson.String {
		text = v.Str
	}
	n, err := strconv.ParseInt(strings.TrimSuffix(text, ".0"), 10, 64)
	switch {
	case err != nil:
		return 0, "int_parsing", "Input should be a valid integer, unable to parse string as an integer"
	case n < 0 || n > limits.MaxLimit:
		return 0, "greater_than_equal", fmt.Sprintf("Input should be from 0 to %d", limits.MaxLimit)
	}
	return n, "", ""
}

// counts reads an object of numbers of rate limits.
func (b *body) counts(name string) opt[map[string]int64] {
	return value(b, name, func(v gjson.Result) (map[string]int64, string, string) {
		if !v.IsObject() {
			return nil, "dict_type", "Input should be a valid dictionary"
		}
		out := map[string]int64{}
		for k, x := range v.Map() {
			n, kind, problem := countOf(x)
			if problem != "" {
				return nil, kind, problem
			}
			out[strings.Clone(k)] = n
		}
		return out, "", ""
	})
}

// money reads an amount of dollars that is not negative. An empty text, as forms send it, is
// null.
func (b *body) money(name string) opt[accounting.Money] {
	if v, given, _ := b.get(name); given && v.Type == gjson.String && v.Str == "" {
		return opt[accounting.Money]{given: true}
	}
	return value(b, name, moneyOf)
}

// moneyOf reads an amount of dollars: a number or one in a string, exactly, to the nearest
// nano-dollar.
func moneyOf(v gjson.Result) (accounting.Money, string, string) {
	text := v.Raw
	if v.Type == gjson.String {
		text = v.Str
	}
	if len(text) > 64 || v.Type != gjson.String && v.Type != gjson.Number {
		return 0, "float_type", "Input should be a valid number"
	}
	m, ok := dollars(text)
	switch {
	case !ok:
		return 0, "float_parsing", "Input should be a valid number, unable to parse string as a number"
	case m < 0:
		return 0, negative, "must be a non-negative finite number. Received: " + text
	}
	return m, "", ""
}

// dollars reads a number of dollars to the nearest nano-dollar. It refuses what is beyond
// the range of money.
func dollars(text string) (accounting.Money, bool) {
	if _, exponent, ok := strings.Cut(strings.ToLower(text), "e"); ok {
		if n, err := strconv.Atoi(exponent); err != nil || n > 18 || n < -64 {
			return 0, false // big.Rat would compute it all the same
		}
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok || strings.ContainsAny(text, "/_xXpP") {
		return 0, false
	}
	r.Mul(r, big.NewRat(1e9, 1))
	half := big.NewRat(1, 2)
	if r.Sign() < 0 {
		half.Neg(half)
	}
	r.Add(r, half)
	n := new(big.Int).Quo(r.Num(), r.Denom())
	if !n.IsInt64() {
		return 0, false
	}
	m := accounting.Money(n.Int64())
	return m, m <= accounting.MaxMoney && m >= -accounting.MaxMoney
}

// number writes money as LiteLLM does: a number of dollars.
func number(m accounting.Money) json.Number {
	text := strings.TrimRight(m.String(), "0")
	if strings.HasSuffix(text, ".") {
		text += "0"
	}
	return json.Number(text)
}

// amount is number, or null.
func amount(m *accounting.Money) any {
	if m == nil {
		return nil
	}
	return number(*m)
}

// instant writes a time as LiteLLM does; the zero time is null.
func instant(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000Z")
}

// params are the parameters of a URL. Those that nobody asks for are ignored.
type params struct {
	values url.Values
	wrong  []invalid
}

func (in *call) query() *params {
	values, err := url.ParseQuery(utils.CopyString(string(in.c.Request().URI().QueryString())))
	q := &params{values: values}
	if err != nil {
		q.fail("url_parsing", "the query of the URL cannot be read")
	}
	return q
}

func (q *params) fail(kind, what string, where ...any) {
	q.wrong = append(q.wrong, invalid{append([]any{"query"}, where...), what, kind})
}

func (q *params) done() error { return (&body{wrong: q.wrong}).done() }

func (q *params) text(name string) string { return q.values.Get(name) }

// list reads a parameter that is given several times, or with commas.
func (q *params) list(name string) []string {
	var out []string
	for _, v := range q.values[name] {
		for _, s := range strings.Split(v, ",") {
			if s = strings.TrimSpace(s); s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}

func (q *params) flag(name string) bool {
	text := q.text(name)
	yes, ok := truth(text)
	if !ok && text != "" {
		q.fail("bool_parsing", "Input should be a valid boolean, unable to interpret input", name)
	}
	return yes
}

// truth reads a truth as LiteLLM does.
func truth(text string) (yes, ok bool) {
	switch strings.ToLower(text) {
	case "true", "t", "1", "yes", "y", "on":
		return true, true
	case "false", "f", "0", "no", "n", "off":
		return false, true
	}
	return false, false
}

// number reads a whole number from 1 on; most bounds it unless it is 0.
func (q *params) number(name string, other, most int) int {
	v := q.text(name)
	if v == "" {
		return other
	}
	n, err := strconv.Atoi(v)
	switch {
	case err != nil:
		q.fail("int_parsing", "Input should be a valid integer, unable to parse string as an integer", name)
	case n < 1:
		q.fail("greater_than_equal", "Input should be greater than or equal to 1", name)
	case most > 0 && n > most:
		q.fail("less_than_equal", fmt.Sprintf("Input should be less than or equal to %d", most), name)
	default:
		return n
	}
	return other
}

// page is a part of a list.
type page struct{ number, size int }

// cut cuts the page out of a list; pages is how many there are.
func cut[T any](p page, all []T) (part []T, pages int) {
	from := len(all)
	if p.number-1 <= len(all)/p.size { // a page far behind the last one has nothing, and a number that does not fit
		from = min((p.number-1)*p.size, len(all))
	}
	return all[from:min(from+p.size, len(all))], (len(all) + p.size - 1) / p.size
}

// bad refuses a request for one of its fields.
func bad(param, format string, args ...any) *refusal {
	return &refusal{status: http.StatusBadRequest, kind: "bad_request_error", param: param, message: fmt.Sprintf(format, args...)}
}

// missing refuses a request for what is not there. The words `not found` are what clients
// look for.
func missing(param, format string, args ...any) *refusal {
	return &refusal{status: http.StatusNotFound, kind: "not_found_error", param: param, message: fmt.Sprintf(format, args...)}
}

// forbidden refuses somebody what is not theirs.
func forbidden(param, format string, args ...any) *refusal {
	return &refusal{status: http.StatusForbidden, kind: "auth_error", param: param, message: fmt.Sprintf(format, args...)}
}

func statusText(status int) string { return strconv.Itoa(status) }
