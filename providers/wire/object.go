package wire

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// MaxDepth is how deep a request body may nest objects and arrays.
const MaxDepth = 64

// The reasons for which a body is refused. Each comes wrapped with what and where.
var (
	ErrNotJSON      = errors.New("the body is not valid JSON")
	ErrNotObject    = errors.New("the body is not a JSON object")
	ErrNotUTF8      = errors.New("the body is not valid UTF-8")
	ErrTooDeep      = errors.New("the body nests too deeply")
	ErrDuplicateKey = errors.New("the body has a key twice")
)

// Object is a JSON object that keeps its bytes: members are found by position, so
// that one can be replaced and everything else stays as it came.
type Object struct {
	raw     []byte
	members []member
}

type member struct {
	key        string
	from       int // start of the key's opening quote
	start, end int // of the value
}

// ParseObject checks that b is one JSON object in valid UTF-8, nested no deeper
// than [MaxDepth] and without a top-level key that stands twice, and indexes its
// members. Two spellings of one key ("model" and "mod\u0065l") are the same key.
// The object keeps b; the caller must not change it.
func ParseObject(b []byte) (Object, error) {
	if !utf8.Valid(b) {
		return Object{}, ErrNotUTF8
	}
	if err := checkDepth(b); err != nil {
		return Object{}, err
	}
	if !gjson.ValidBytes(b) {
		return Object{}, ErrNotJSON
	}
	root := gjson.ParseBytes(b)
	if !root.IsObject() {
		return Object{}, ErrNotObject
	}
	o := Object{raw: b}
	var dup string
	twice := false // not `dup != ""`: the empty key is a key, too
	root.ForEach(func(k, v gjson.Result) bool {
		key := k.String()
		for _, m := range o.members {
			if m.key == key {
				dup, twice = key, true
				return false
			}
		}
		o.members = append(o.members, member{key: key, from: k.Index, start: v.Index, end: v.Index + len(v.Raw)})
		return true
	})
	if twice {
		return Object{}, fmt.Errorf("%w: %q", ErrDuplicateKey, dup)
	}
	return o, nil
}

func checkDepth(b []byte) error {
	depth, inString := 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case inString:
			if c == '\\' {
				i++
			} else if c == '"' {
				inString = false
			}
		case c == '"':
			inString = true
		case c == '{' || c == '[':
			if depth++; depth > MaxDepth {
				return fmt.Errorf("%w: more than %d levels", ErrTooDeep, MaxDepth)
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
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
	type change struct {
		from, to int
		value    []byte
	}
	var changes []change
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
		out = append(out, o.raw[at:c.from]...)
		out = append(out, c.value...)
		at = c.to
	}
	if len(added) == 0 {
		return append(out, o.raw[at:]...)
	}
	closing := bytes.LastIndexByte(o.raw, '}')
	out = append(out, o.raw[at:closing]...)
	empty := len(o.members) == removed
	for _, e := range added {
		if !empty {
			out = append(out, ',')
		}
		empty = false
		out = AppendString(out, e.Key)
		out = append(out, ':')
		out = append(out, e.Value...)
	}
	return append(out, o.raw[closing:]...)
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
