package wire

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"unicode/utf8"
)

// scan walks over a JSON text once: grammar, UTF-8 and depth are checked on the way,
// nothing is decoded and nothing allocated.
type scan struct {
	b []byte
	// nested is a small filter of the keys below the top: each sets one bit. A key whose
	// bit is not set is nowhere in there; one whose bit is set may be.
	nested uint64
}

func (s *scan) bad(i int) error { return fmt.Errorf("%w: see byte %d", ErrNotJSON, i) }

// space returns the first place from i on that is no white space.
func (s *scan) space(i int) int {
	for i < len(s.b) && (s.b[i] == ' ' || s.b[i] == '\n' || s.b[i] == '\r' || s.b[i] == '\t') {
		i++
	}
	return i
}

// value returns the end of the value that begins at i. depth is how many objects and
// arrays are around it.
func (s *scan) value(i, depth int) (int, error) {
	if i >= len(s.b) {
		return 0, s.bad(i)
	}
	switch c := s.b[i]; {
	case c == '"':
		end, _, err := s.text(i)
		return end, err
	case c == '{':
		return s.object(i, depth+1)
	case c == '[':
		return s.array(i, depth+1)
	case c == '-' || c-'0' < 10:
		return s.number(i)
	case c == 't':
		return s.word(i, "true")
	case c == 'f':
		return s.word(i, "false")
	case c == 'n':
		return s.word(i, "null")
	}
	return 0, s.outside(i)
}

// outside is the error of a byte that no value begins with.
func (s *scan) outside(i int) error {
	if s.b[i] >= utf8.RuneSelf {
		if r, n := utf8.DecodeRune(s.b[i:]); r == utf8.RuneError && n < 2 {
			return fmt.Errorf("%w: see byte %d", ErrNotUTF8, i)
		}
	}
	return s.bad(i)
}

func tooDeep() error { return fmt.Errorf("%w: more than %d levels", ErrTooDeep, MaxDepth) }

func (s *scan) object(i, depth int) (int, error) {
	if depth > MaxDepth {
		return 0, tooDeep()
	}
	for first := true; ; first = false {
		i = s.space(i + 1) // past the brace or the comma
		if first && i < len(s.b) && s.b[i] == '}' {
			return i + 1, nil
		}
		end, escaped, err := s.key(i)
		if err != nil {
			return 0, err
		}
		if escaped {
			s.nested = ^uint64(0) // it may be any
		} else {
			s.nested |= keyBit(s.b[i+1 : end-1])
		}
		if i, err = s.colon(end); err != nil {
			return 0, err
		}
		if i, err = s.value(i, depth); err != nil {
			return 0, err
		}
		if i = s.space(i); i >= len(s.b) || s.b[i] != ',' {
			return s.closed(i, '}')
		}
	}
}

// key returns the end of the key that begins at i.
func (s *scan) key(i int) (end int, escaped bool, err error) {
	if i >= len(s.b) {
		return 0, false, s.bad(i)
	}
	if s.b[i] != '"' {
		return 0, false, s.outside(i)
	}
	return s.text(i)
}

// colon returns the beginning of the value after a key.
func (s *scan) colon(i int) (int, error) {
	if i = s.space(i); i >= len(s.b) || s.b[i] != ':' {
		return 0, s.bad(i)
	}
	return s.space(i + 1), nil
}

func (s *scan) closed(i int, mark byte) (int, error) {
	if i >= len(s.b) || s.b[i] != mark {
		return 0, s.bad(i)
	}
	return i + 1, nil
}

func (s *scan) array(i, depth int) (int, error) {
	if depth > MaxDepth {
		return 0, tooDeep()
	}
	for first := true; ; first = false {
		i = s.space(i + 1)
		if first && i < len(s.b) && s.b[i] == ']' {
			return i + 1, nil
		}
		var err error
		if i, err = s.value(i, depth); err != nil {
			return 0, err
		}
		if i = s.space(i); i >= len(s.b) || s.b[i] != ',' {
			return s.closed(i, ']')
		}
	}
}

func (s *scan) word(i int, word string) (int, error) {
	if len(s.b)-i < len(word) || string(s.b[i:i+len(word)]) != word {
		return 0, s.bad(i)
	}
	return i + len(word), nil
}

func (s *scan) number(i int) (int, error) {
	if s.b[i] == '-' {
		i++
	}
	from := i
	if i = s.digits(i); i == from || s.b[from] == '0' && i > from+1 {
		return 0, s.bad(from)
	}
	if i < len(s.b) && s.b[i] == '.' {
		from := i + 1
		if i = s.digits(from); i == from {
			return 0, s.bad(i)
		}
	}
	if i < len(s.b) && s.b[i]|0x20 == 'e' {
		if i++; i < len(s.b) && (s.b[i] == '+' || s.b[i] == '-') {
			i++
		}
		from := i
		if i = s.digits(from); i == from {
			return 0, s.bad(i)
		}
	}
	return i, nil
}

func (s *scan) digits(i int) int {
	for i < len(s.b) && s.b[i]-'0' < 10 {
		i++
	}
	return i
}

// Eight bytes are looked at together. Of a word with bytes below 0x80 alone, x-n*ones
// has the high bit of the lowest byte that is below n; a borrow spoils only bytes above
// that one. The lowest bit that is found is therefore right, and no other is used.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// special has the high bit set in the lowest byte that ends a run of plain text: a
// quote, a backslash, a control character or one outside ASCII.
func special(x uint64) uint64 {
	return (((x ^ '"'*ones) - ones) | ((x ^ '\\'*ones) - ones) | (x - ' '*ones) | x) & highs
}

// text returns the end of the string whose quote is at i, and whether it has escapes.
func (s *scan) text(i int) (end int, escaped bool, err error) {
	b := s.b
	for i++; ; {
		for len(b)-i >= 16 {
			w := b[i : i+16]
			if m := special(binary.LittleEndian.Uint64(w)); m != 0 {
				i += bits.TrailingZeros64(m) >> 3
				break
			}
			if m := special(binary.LittleEndian.Uint64(w[8:])); m != 0 {
				i += 8 + bits.TrailingZeros64(m)>>3
				break
			}
			i += 16
		}
		if i >= len(b) {
			return 0, false, s.bad(len(b))
		}
		switch c := b[i]; {
		case c == '"':
			return i + 1, escaped, nil
		case c == '\\':
			n := s.escape(i)
			if n == 0 {
				return 0, false, s.bad(i)
			}
			escaped = true
			i += n
		case c < ' ':
			return 0, false, s.bad(i)
		case c < utf8.RuneSelf:
			i++
		default:
			n := runes(b[i:])
			if n == 0 {
				return 0, false, fmt.Errorf("%w: see byte %d", ErrNotUTF8, i)
			}
			i += n
		}
	}
}

// escape returns the length of the escape at i, or 0 if it is none.
func (s *scan) escape(i int) int {
	if len(s.b)-i < 2 {
		return 0
	}
	switch s.b[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(s.b)-i < 6 {
			return 0
		}
		for _, c := range s.b[i+2 : i+6] {
			if c-'0' >= 10 && c|0x20-'a' >= 6 {
				return 0
			}
		}
		return 6
	}
	return 0
}

// runes returns the length of the characters outside ASCII that b begins with, or 0 if
// the first is no UTF-8. The common ones of two and three bytes are read here.
func runes(b []byte) int {
	n := 0
	for n < len(b) && b[n] >= utf8.RuneSelf {
		rest := b[n:]
		switch c := rest[0]; {
		case c >= 0xC2 && c < 0xE0 && len(rest) > 1 && rest[1]&0xC0 == 0x80:
			n += 2
		case c > 0xE0 && c < 0xF0 && c != 0xED && len(rest) > 2 && rest[1]&0xC0 == 0x80 && rest[2]&0xC0 == 0x80:
			n += 3
		default:
			_, size := utf8.DecodeRune(rest)
			if size == 1 {
				return n // 0 for the first; the next look finds the others again
			}
			n += size
		}
	}
	return n
}

// keyBit is the bit of a key in [scan.nested]. The numbers are such that hardly a key of
// messages, tools and their schemas has the bit of one that is searched for.
func keyBit(key []byte) uint64 {
	if len(key) == 0 {
		return 1
	}
	return 1 << ((uint(len(key))*35 + uint(key[0]) + uint(key[len(key)-1])*53 + uint(key[len(key)/2])*45) & 63)
}
