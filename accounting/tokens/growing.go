package tokens

import (
	"unicode"
	"unicode/utf8"
)

const (
	// gather is how much of a growing text waits at most until it is counted, in bytes.
	gather = 4 << 10
	// longestWord is how far back a place is looked for where a growing text can be parted,
	// in bytes. What has none in so much is parted where it ends, and may count a token more
	// for it.
	longestWord = 256
)

// Growing counts a text that comes piece by piece, each byte of it once, however often it is
// asked meanwhile. It is parted only where no token reaches across, so that the parts have as
// many tokens as the whole. The zero value is an empty text. It keeps at most 4 KiB.
type Growing struct {
	counted int64 // tokens of what is not kept
	rest    []byte
	sampled bool
}

// Add adds a piece to the text's end.
func (g *Growing) Add(piece string) {
	if len(g.rest) == 0 && len(piece) >= gather { // it need not be copied
		g.counted, g.sampled = g.counted+Count(piece), g.sampled || len(piece) > Most
		return
	}
	for len(piece) > 0 {
		n := min(gather-len(g.rest), len(piece))
		g.rest, piece = append(g.rest, piece[:n]...), piece[n:]
		if len(g.rest) == gather {
			g.Look()
		}
	}
}

// Empty says whether there is no text.
func (g *Growing) Empty() bool { return g.counted == 0 && len(g.rest) == 0 }

// Sampled says whether a part of the text was estimated.
func (g *Growing) Sampled() bool { return g.sampled }

// Most is how many tokens the text has at most. It counts nothing: a token has a byte at
// least.
func (g *Growing) Most() int64 { return g.counted + int64(len(g.rest)) }

// About is how many tokens the text has on the average, or fewer. It counts nothing.
func (g *Growing) About() int64 { return g.counted + int64(len(g.rest))/bytesPerToken }

// bytesPerToken: no text has many tokens that are shorter, on the average.
const bytesPerToken = 3

// Look counts what has come up to the last word, which may go on. [Growing.Most] is near
// the truth then.
func (g *Growing) Look() {
	at := partAt(g.rest)
	if at == 0 {
		return
	}
	g.counted += count(string(g.rest[:at]))
	g.rest = g.rest[:copy(g.rest, g.rest[at:])]
}

// Tokens counts all of the text that is there.
func (g *Growing) Tokens() int64 {
	if len(g.rest) == 0 {
		return g.counted
	}
	return g.counted + count(string(g.rest))
}

// partAt is the last place where a text can be parted; 0: nowhere.
//
// The vocabulary parts a text into words, numbers of up to three digits, and runs of other
// characters, before it looks for tokens in each. A letter is always in a word, which goes on
// with letters and marks, and may end with an apostrophe and letters; a digit in a number.
// So whatever comes before, a part ends behind a letter or a digit where none of these
// follows, and whatever follows begins a part of its own.
func partAt(text []byte) int {
	for i := len(text); i > max(len(text)-longestWord, 0); {
		last, size := utf8.DecodeLastRune(text[:i])
		if i < len(text) && utf8.FullRune(text[i:]) {
			next, _ := utf8.DecodeRune(text[i:])
			switch {
			case unicode.IsNumber(last) && !unicode.IsNumber(next):
				return i
			case unicode.IsLetter(last) && next != '\'' && !unicode.IsLetter(next) && !unicode.IsMark(next):
				return i
			}
		}
		i -= size
	}
	if len(text) < longestWord {
		return 0
	}
	end := len(text)
	for cut := end - 1; cut > end-utf8.UTFMax; cut-- { // a character that has not come as a whole waits
		if utf8.RuneStart(text[cut]) {
			if !utf8.FullRune(text[cut:]) {
				end = cut
			}
			break
		}
	}
	return end
}
