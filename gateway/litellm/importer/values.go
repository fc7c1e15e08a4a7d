package importer

import (
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/configs/litellm"
	"tollgate/configs/litellm/database"
	"tollgate/gateway/control"
	"tollgate/gateway/limits"
	"tollgate/gateway/litellm/mapping"
)

// thing is a row whose fields are read one by one. What cannot be read is found.
type thing struct {
	*findings
	kind string // of finding
	name string // as people know it
	row  gjson.Result
}

func (p *planner) thing(kind, name string, row database.Row) thing {
	return thing{&p.findings, kind, name, row.Value}
}

func (t thing) say(severity litellm.Severity, field, message string) {
	t.find(severity, t.kind, t.name, field, message)
}

// sayOf is say with a value that is told beside the name.
func (t thing) sayOf(severity litellm.Severity, field, value, message string) {
	t.find(severity, t.kind, t.name+" ("+value+")", field, message)
}

func (t thing) there(field string) bool {
	v := t.row.Get(field)
	return v.Exists() && v.Type != gjson.Null
}

// text reads a text; "" if there is none.
func (t thing) text(field string) string {
	v := t.row.Get(field)
	if v.Type != gjson.String {
		return ""
	}
	return v.Str
}

// label reads a name for people, which may be shortened.
func (t thing) label(field string) string {
	text := t.text(field)
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return -1
		}
		return r
	}, text)
	for len(clean) > control.MaxID {
		_, size := utf8.DecodeLastRuneInString(clean)
		clean = clean[:len(clean)-size]
	}
	if clean != text {
		t.say(litellm.Changed, field, "names have at most "+strconv.Itoa(control.MaxID)+" bytes and no control characters here: it is shortened")
	}
	return clean
}

func (t thing) flag(field string) bool { return t.row.Get(field).Type == gjson.True }

// texts reads a list of texts.
func (t thing) texts(field string) []string {
	out := []string{}
	v := t.row.Get(field)
	switch {
	case !v.Exists() || v.Type == gjson.Null:
	case v.IsArray():
		for _, x := range v.Array() {
			if x.Type != gjson.String {
				t.say(litellm.Changed, field, "only texts can stand in it: what else there is, is left out")
				continue
			}
			out = append(out, strings.Clone(x.Str))
		}
	default:
		t.say(litellm.Changed, field, "it is no list: it is left out")
	}
	return out
}

// instant reads a time; those without a zone are UTC.
func (t thing) instant(field string) time.Time {
	text := t.text(field)
	if text == "" {
		return time.Time{}
	}
	at, ok := mapping.Instant(text)
	if !ok {
		t.sayOf(litellm.Changed, field, text, "it is no time: it is left out")
	}
	return at
}

// count reads a number of a rate limit; nil is none.
func (t thing) count(field string) *int64 { return t.countOf(field, t.row.Get(field)) }

func (t thing) countOf(field string, v gjson.Result) *int64 {
	if !v.Exists() || v.Type == gjson.Null {
		return nil
	}
	text := v.Raw
	if v.Type == gjson.String {
		text = v.Str
	}
	r, ok := figure(text)
	switch {
	case !ok:
		t.sayOf(litellm.Changed, field, text, "it is no number: the limit is 0, so that nothing passes until somebody sets it")
		return new(int64)
	case r.Sign() < 0:
		t.sayOf(litellm.Changed, field, text, "a limit is not negative: it is 0, so that nothing passes")
		return new(int64)
	}
	n := new(big.Int).Quo(r.Num(), r.Denom())
	if !n.IsInt64() || n.Int64() > limits.MaxLimit {
		t.sayOf(litellm.Changed, field, text, "a limit is at most "+strconv.Itoa(limits.MaxLimit)+": it is that")
		most := int64(limits.MaxLimit)
		return &most
	}
	whole := n.Int64()
	return &whole
}

// figure reads a decimal number exactly.
func figure(text string) (*big.Rat, bool) {
	if len(text) > 64 || text == "" || strings.ContainsAny(text, "/_xXpPbBoO") {
		return nil, false
	}
	if _, exponent, ok := strings.Cut(strings.ToLower(text), "e"); ok {
		if n, err := strconv.Atoi(exponent); err != nil || n > 400 || n < -400 {
			return nil, false
		}
	}
	return new(big.Rat).SetString(text)
}

// limit reads how much may be spent; nil is without limit. What cannot be read is 0: free
// models only, until somebody says more.
func (t thing) limit(field string) *accounting.Money { return t.limitOf(field, t.row.Get(field)) }

func (t thing) limitOf(field string, v gjson.Result) *accounting.Money {
	if !v.Exists() || v.Type == gjson.Null {
		return nil
	}
	text := v.Raw
	if v.Type == gjson.String {
		text = v.Str
	}
	if text == "Infinity" {
		t.sayOf(litellm.Changed, field, text, "it means no limit, so none is set")
		return nil
	}
	r, ok := figure(text)
	switch {
	case !ok:
		t.sayOf(litellm.Changed, field, text, "it is no amount of money: the limit is 0, so that only free models are open until somebody sets it")
		return new(accounting.Money)
	case r.Sign() < 0:
		t.sayOf(litellm.Changed, field, text, "a limit is not negative: it is 0, so that only free models are open")
		return new(accounting.Money)
	case r.Sign() == 0:
		t.say(litellm.Changed, field, "0 means free models only; those stay open, which they did not with LiteLLM")
		return new(accounting.Money)
	}
	m, fits := nanos(r)
	switch {
	case !fits:
		t.sayOf(litellm.Changed, field, text, "amounts end at about 9 billion dollars here: the limit is that")
		m = accounting.MaxMoney
	case m == 0:
		t.sayOf(litellm.Changed, field, text, "amounts are no finer than a billionth of a dollar here: the limit is that")
		m = 1
	}
	return &m
}

// spent reads what was spent. ok is false if nobody can say.
func (t thing) spent(field string) (m accounting.Money, ok bool) {
	v := t.row.Get(field)
	if !v.Exists() || v.Type == gjson.Null {
		return 0, true
	}
	text := v.Raw
	if v.Type == gjson.String {
		text = v.Str
	}
	r, ok := figure(text)
	if !ok {
		return 0, false
	}
	if r.Sign() < 0 {
		t.sayOf(litellm.Changed, field, text, "nobody spends less than nothing: it begins at 0")
		return 0, true
	}
	return nanos(r)
}

// nanos is a number of dollars to the nearest nano-dollar: LiteLLM adds floats, whose last
// digits are noise. fits is false beyond the range of money.
func nanos(dollars *big.Rat) (m accounting.Money, fits bool) {
	r := new(big.Rat).Mul(dollars, big.NewRat(int64(accounting.Dollar), 1))
	r.Add(r, big.NewRat(1, 2)) // not negative
	n := new(big.Int).Quo(r.Num(), r.Denom())
	return accounting.Money(n.Int64()), n.IsInt64()
}

// dictionary reads an object of texts.
func (t thing) dictionary(field string, v gjson.Result) map[string]string {
	out := map[string]string{}
	if v.Type == gjson.String && gjson.Valid(v.Str) { // some versions write JSON into JSON
		v = gjson.Parse(v.Str)
	}
	if !v.IsObject() {
		return out
	}
	bytes := 0
	v.ForEach(func(key, x gjson.Result) bool { // in their order: the same are left out each time
		name := key.Str
		size := len(name) + len(x.Str)
		switch {
		case x.Type != gjson.String || x.Str == "" || name == "" || len(name) > maxName || len(x.Str) > maxName:
			t.say(litellm.Changed, field, "it is no name for a model: it is left out")
		case len(out) == control.MaxAliases || bytes+size > control.MaxList:
			t.say(litellm.Changed, field, "there are more than "+strconv.Itoa(control.MaxAliases)+", or than "+strconv.Itoa(control.MaxList>>10)+" KiB of them: the others are left out")
			return false
		default:
			out[strings.Clone(name)] = strings.Clone(x.Str)
			bytes += size
		}
		return true
	})
	return out
}

// maxName is how many bytes a model's name has at most.
const maxName = 512
