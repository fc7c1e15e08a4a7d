// Package tokens counts the tokens of a text when no upstream has counted them.
//
// It imports nothing of ours. It knows one vocabulary, OpenAI's o200k_base, which
// is compiled in: exact for OpenAI's newer models and near for others, so whoever
// books such a count marks it as counted here. Of a text longer than [Most] it looks
// at a part, and estimates the whole upward.
package tokens

import (
	"math"
	"math/rand/v2"
	"sync"

	"github.com/tiktoken-go/tokenizer/codec"
)

// Most is how much of one text is encoded at most, in bytes: about a tenth of a second
// of work. A longer text is estimated.
const Most = 256 << 10

const (
	// chunk bounds the text that is encoded at once, in bytes: the encoder's time grows
	// faster than the text when it has no spaces.
	chunk = 16 << 10
	// sample is the length of each stretch of a longer text that is encoded, in bytes.
	sample = 512
)

// vocabulary is made when it is first needed. The module's own choice by name would link
// every vocabulary it has into the program.
var vocabulary = sync.OnceValue(codec.NewO200kBase)

// secret decides where a long text is looked at, so that nobody can put what has many
// tokens elsewhere. Within one process a text has the same count each time.
var secret = rand.Uint64()

// Count returns the number of tokens of a text. Text that the vocabulary cannot
// encode counts a token a byte, which is never too few. A text longer than [Most] is
// estimated as a [Counter] does.
func Count(text string) int64 {
	c := NewCounter(int64(len(text)), Most)
	_, _ = c.WriteString(text) // it never fails
	return c.Tokens()
}

// Counter counts the tokens of one text that comes in pieces, however they are cut.
//
// A text that is longer than may be encoded is divided into equal parts, and of each a
// stretch is encoded whose place cannot be foreseen. The rest is taken to have as many
// tokens for its length, and the whole two standard errors more, since what is dear may
// have been missed: about one text in fifty is estimated too low, and hardly any by more
// than a tenth, or, where it has few tokens for its length, by one token in 50 bytes.
type Counter struct {
	sampled bool
	part    int64 // bytes of each part
	window  int64 // bytes of what is encoded of it
	random  *rand.Rand

	seen     int64  // bytes so far
	from, to int64  // where what is encoded next begins and ends
	pending  []byte // what is there of it

	encoded int64 // bytes
	windows int64 // that were encoded
	n       int64 // tokens of them
	squares int64 // the sum of the squares of each one's tokens
}

// NewCounter returns a counter for a text of size bytes, of which it encodes so many at
// most: all of a text that is not longer.
func NewCounter(size, most int64) *Counter {
	c := &Counter{part: chunk, window: chunk}
	if size > most {
		c.sampled, c.part, c.window = true, size/(most/sample), sample
		c.random = rand.New(rand.NewPCG(secret, uint64(size)))
	}
	c.look(0)
	return c
}

// Sampled says that the count is an estimate.
func (c *Counter) Sampled() bool { return c.sampled }

// look chooses what is encoded of the part that begins at a byte.
func (c *Counter) look(part int64) {
	c.from = part
	if c.sampled {
		c.from += c.random.Int64N(c.part - c.window + 1)
	}
	c.to = c.from + c.window
}

// WriteString adds a piece. It never fails.
func (c *Counter) WriteString(s string) (int, error) {
	for rest := s; len(rest) > 0; {
		if c.seen < c.from {
			n := min(c.from-c.seen, int64(len(rest)))
			c.seen, rest = c.seen+n, rest[n:]
			continue
		}
		n := min(c.to-c.seen, int64(len(rest)))
		c.pending = append(c.pending, rest[:n]...)
		c.seen, rest = c.seen+n, rest[n:]
		if c.seen == c.to {
			c.encode()
			c.look(c.from/c.part*c.part + c.part)
		}
	}
	return len(s), nil
}

func (c *Counter) encode() {
	k := count(string(c.pending))
	c.encoded, c.windows = c.encoded+int64(len(c.pending)), c.windows+1
	c.n, c.squares = c.n+k, c.squares+k*k
	c.pending = c.pending[:0]
}

// Tokens is how many tokens the text has. Ask once all of it was written.
func (c *Counter) Tokens() int64 {
	switch {
	case !c.sampled && len(c.pending) > 0:
		c.encode()
		fallthrough
	case !c.sampled:
		return c.n
	case c.windows < 2:
		return c.seen // shorter than was said: a token a byte is never too few
	}
	spread := float64(c.windows*c.squares-c.n*c.n) / float64(c.windows-1) // the variance of n
	n := c.n + int64(math.Ceil(2*math.Sqrt(spread)))
	return min((n*c.seen+c.encoded-1)/c.encoded, c.seen)
}

func count(piece string) int64 {
	k, err := vocabulary().Count(piece)
	if err != nil {
		k = len(piece)
	}
	return int64(k)
}
