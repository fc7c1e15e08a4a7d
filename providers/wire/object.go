package wire

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// The bounds of a request body's form.
const (
	MaxDepth   = 64     // objects and arrays within each other
	MaxMembers = 10_000 // top-level keys; those of objects within are not counted
)

// The reasons for which a body is refused. Each comes wrapped with what and where.
var (
	ErrNotJSON      = errors.New("the body is not valid JSON")
	ErrNotObject    = errors.New("the body is not a JSON object")
	ErrNotUTF8      = errors.New("the body is not valid UTF-8")
	ErrTooDeep      = errors.New("the body nests too deeply")
	ErrDuplicateKey = errors.New("the body has a key twice")
	ErrTooManyKeys  = errors.New("the body has too many keys")
)

// Object is a JSON object that keeps its bytes: members are found by position, so
// that one can be replaced and everything else stays as it came.
type Object struct {
	raw     []byte
	members []member
	nested  uint64 // see [scan.nested]
}

type member struct {
	key        string
	from       int // start of the key's opening quote
	start, end int // of the value
}

// ParseObject checks that b is one JSON object in valid UTF-8, nested no deeper
// than [MaxDepth], with no more than [MaxMembers] top-level keys and none that stands
// twice, and indexes its members. Two spellings of one key ("model" and "mod\u0065l")
// are the same key. It looks at each byte once. The object keeps b; the caller must not
// change it.
func ParseObject(b []byte) (Object, error) {
	s := scan{b: b}
	i := s.space(0)
	switch {
	case i == len(b):
		return Object{}, fmt.Errorf("%w: it is empty", ErrNotJSON)
	case bytes.HasPrefix(b, byteOrderMark):
		return Object{}, fmt.Errorf("%w: it begins with a byte order mark", ErrNotJSON)
	case b[i] != '{':
		if end, err := s.value(i, 0); err != nil {
			return Object{}, err
		} else if end = s.space(end); end < len(b) {
			return Object{}, s.bad(end)
		}
		return Object{}, ErrNotObject
	}
	o := Object{raw: b}
	end, err := o.index(&s, i)
	if err != nil {
		return Object{}, err
	}
	if end = s.space(end); end < len(b) {
		return Object{}, s.bad(end)
	}
	o.nested = s.nested
	return o, nil
}

// byteOrderMark is what some editors put before a text. JSON has none (RFC 8259, 8.1).
var byteOrderMark = []byte("\uFEFF")

// fewMembers is how many keys are compared one by one before a set pays.
const fewMembers = 16

// index reads the members of the object whose brace is at i and returns its end.
func (o *Object) index(s *scan, i int) (int, error) {
	o.members = make([]member, 0, 8)
	var set map[string]struct{}
	for {
		i = s.space(i + 1)
		if len(o.members) == 0 && i < len(s.b) && s.b[i] == '}' {
			return i + 1, nil
		}
		m := member{from: i}
		end, escaped, err := s.key(i)
		if err != nil {
			return 0, err
		}
		m.key = keyText(s.b[i:end], escaped)
		if set == nil && len(o.members) == fewMembers {
			set = make(map[string]struct{}, 4*fewMembers)
			for _, other := range o.members {
				set[other.key] = struct{}{}
			}
		}
		if o.twice(m.key, set) {
			return 0, &DuplicateKey{m.key}
		}
		if set != nil {
			set[m.key] = struct{}{}
		}
		if len(o.members) == MaxMembers {
			return 0, fmt.Errorf("%w: more than %d", ErrTooManyKeys, MaxMembers)
		}
		if m.start, err = s.colon(end); err != nil {
			return 0, err
		}
		if m.end, err = s.value(m.start, 1); err != nil {
			return 0, err
		}
		o.members = append(o.members, m)
		if i = s.space(m.end); i >= len(s.b) || s.b[i] != ',' {
			return s.closed(i, '}')
		}
	}
}

func (o *Object) twice(key string, set map[string]struct{}) bool {
	if set != nil {
		_, there := set[key]
		return there
	}
	return slices.ContainsFunc(o.members, func(m member) bool { return m.key == key })
}

// keyText is a key as text, given with its quotes. Those that every request has cost
// no allocation.
func keyText(quoted []byte, escaped bool) string {
	if escaped {
		return gjson.ParseBytes(quoted).String()
	}
	key := quoted[1 : len(quoted)-1]
	switch string(key) {
	case "model":
		return "model"
	case "messages":
		return "messages"
	case "stream":
		return "stream"
	case "max_tokens":
		return "max_tokens"
	case "temperature":
		return "temperature"
	case "id":
		return "id"
	case "object":
		return "object"
	case "created":
		return "created"
	case "choices":
		return "choices"
	case "usage":
		return "usage"
	}
	return string(key)
}

// Bytes returns the object as it came.
func (o Object) Bytes() []byte { return o.raw }

// Get returns the value of a top-level key, and whether there is one. Keys are
// compared exactly: "Model" is not "model".
func (o Object) Get(key string) (gjson.Result, bool) {
	for _, m := range o.members {
		if m.key == key {
			return gjson.ParseBytes(o.raw[m.start:m.end]), true
		}
	}
	return gjson.Result{}, false
}

// Raw returns the bytes of a top-level key's value, which must not be changed, and
// whether there is one. Unlike [Object.Get] it copies nothing.
func (o Object) Raw(key string) ([]byte, bool) {
	for _, m := range o.members {
		if m.key == key {
			return o.raw[m.start:m.end], true
		}
	}
	return nil, false
}

// Text returns the text of a top-level key; "" if it has none.
func (o Object) Text(key string) string {
	raw, ok := o.Raw(key)
	switch {
	case !ok || raw[0] != '"':
		return ""
	case bytes.IndexByte(raw, '\\') >= 0:
		return gjson.ParseBytes(raw).Str
	}
	return string(raw[1 : len(raw)-1])
}

// EachMember calls do for each member of a JSON object, in order, until it returns false:
// with the key as text, and the value as it is written. Both are views of the object's
// bytes where that can be. It ends early where the bytes are no object.
func EachMember(object []byte, do func(key, value []byte) bool) {
	eachMember(object, func(key []byte, from, end int) bool { return do(key, object[from:end]) })
}

// eachMember is [EachMember] with the place of the value instead of its bytes.
func eachMember(object []byte, do func(key []byte, from, end int) bool) {
	s := scan{b: object}
	i := s.space(0)
	if i >= len(object) || object[i] != '{' {
		return
	}
	for {
		i = s.space(i + 1)
		end, escaped, err := s.key(i) // of an empty object it is an error, too
		if err != nil {
			return
		}
		key := object[i+1 : end-1]
		if escaped {
			key = []byte(gjson.ParseBytes(object[i:end]).Str)
		}
		from, err := s.colon(end)
		if err != nil {
			return
		}
		if i, err = s.value(from, 1); err != nil || !do(key, from, i) {
			return
		}
		if i = s.space(i); i >= len(object) || object[i] != ',' {
			return
		}
	}
}

// MayNest says whether a key may stand somewhere below the top: false is certain, true
// is not. It saves walks in search of what is seldom there.
func (o Object) MayNest(keys ...string) bool {
	for _, key := range keys {
		if o.nested&keyBit([]byte(key)) != 0 {
			return true
		}
	}
	return false
}

// Keys lists the top-level keys in order.
func (o Object) Keys() []string {
	keys := make([]string, len(o.members))
	for i, m := range o.members {
		keys[i] = m.key
	}
	return keys
}

// Edit is one change to an object: a new raw JSON value for a key, or its removal
// when Value is nil. A key that is absent is added at the end.
type Edit struct {
	Key   string
	Value []byte
}

// Patch returns a copy of the object's bytes with the edits made and everything
// else untouched: order, spacing, number spelling and unknown keys.
func (o Object) Patch(edits ...Edit) []byte {
	extra := 0
	for _, e := range edits {
		extra += len(e.Key) + len(e.Value) + 8
	}
	out := make([]byte, 0, len(o.raw)+extra)
	o.edit(edits, func(piece []byte) { out = append(out, piece...) })
	return out
}

// Pieces is [Object.Patch] without the copy: one after the other, the pieces are what
// that returns. They share the object's bytes, and must not be changed.
func (o Object) Pieces(edits ...Edit) [][]byte {
	pieces := make([][]byte, 0, 2*len(edits)+2)
	o.edit(edits, func(piece []byte) { pieces = append(pieces, piece) })
	return pieces
}

// edit gives out the pieces of the edited object in order.
func (o Object) edit(edits []Edit, emit func([]byte)) {
	type change struct {
		from, to int
		value    []byte
	}
	var room [4]change // seldom more
	changes := room[:0]
	var added []Edit
	removed := 0
	for _, e := range edits {
		i := slices.IndexFunc(o.members, func(m member) bool { return m.key == e.Key })
		switch {
		case i < 0 && e.Value != nil:
			added = append(added, e)
		case i >= 0 && e.Value != nil:
			changes = append(changes, change{o.members[i].start, o.members[i].end, e.Value})
		case i >= 0:
			// Take one comma with it: the one before, or for the first member the one after.
			from, to := o.members[i].from, o.members[i].end
			first := true
			for j := range i {
				if !slices.ContainsFunc(edits, func(e Edit) bool { return e.Value == nil && e.Key == o.members[j].key }) {
					first = false
				}
			}
			switch {
			case !first:
				from = bytes.LastIndexByte(o.raw[:from], ',')
			case i+1 < len(o.members):
				to = o.members[i+1].from
			}
			removed++
			changes = append(changes, change{from, to, nil})
		}
	}
	slices.SortFunc(changes, func(a, b change) int { return a.from - b.from })
	at := 0
	for _, c := range changes {
		emit(o.raw[at:c.from])
		emit(c.value)
		at = c.to
	}
	if len(added) == 0 {
		emit(o.raw[at:])
		return
	}
	closing := bytes.LastIndexByte(o.raw, '}')
	emit(o.raw[at:closing])
	var members []byte
	empty := len(o.members) == removed
	for _, e := range added {
		if !empty {
			members = append(members, ',')
		}
		empty = false
		members = AppendString(members, e.Key)
		members = append(members, ':')
		members = append(members, e.Value...)
	}
	emit(members)
	emit(o.raw[closing:])
}

// AppendString appends s as a JSON string. Bytes that are not valid UTF-8 become
// the replacement character, as encoding/json has it.
func AppendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, '\\', 'n')
		case r == '\r':
			dst = append(dst, '\\', 'r')
		case r == '\t':
			dst = append(dst, '\\', 't')
		case r < 0x20 || r == 0x7f:
			dst = append(dst, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return append(dst, '"')
}

// String returns s as a JSON string.
func String(s string) []byte { return AppendString(make([]byte, 0, len(s)+2), s) }
