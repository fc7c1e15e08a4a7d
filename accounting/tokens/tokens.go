// Package tokens counts the tokens of a text when no upstream has counted them.
//
// It imports nothing of ours. It knows one vocabulary, OpenAI's o200k_base, which
// is compiled in: exact for OpenAI's newer models and near for others, so whoever
// books such a count marks it as counted here.
package tokens

import (
	"sync"

	"github.com/tiktoken-go/tokenizer/codec"
)

// chunk bounds the text that is encoded at once, in bytes: the encoder's time grows
// faster than the text when it has no spaces.
const chunk = 16 << 10

// vocabulary is made when it is first needed. The module's own choice by name would link
// every vocabulary it has into the program.
var vocabulary = sync.OnceValue(codec.NewO200kBase)

// Count returns the number of tokens of a text. Text that the vocabulary cannot
// encode counts a token a byte, which is never too few.
func Count(text string) int64 {
	var n int64
	for len(text) > 0 {
		piece := text[:min(chunk, len(text))]
		text = text[len(piece):]
		n += count(piece)
	}
	return n
}

func count(piece string) int64 {
	k, err := vocabulary().Count(piece)
	if err != nil {
		k = len(piece)
	}
	return int64(k)
}

// Counter counts the tokens of a text that comes in pieces, as [Count] does of the
// whole. The zero value has seen nothing.
type Counter struct {
	n       int64
	pending []byte // not yet a chunk
}

// WriteString adds a piece. It never fails.
func (c *Counter) WriteString(s string) (int, error) {
	n := len(s)
	for len(s) > 0 {
		room := min(chunk-len(c.pending), len(s))
		c.pending, s = append(c.pending, s[:room]...), s[room:]
		if len(c.pending) == chunk {
			c.n += count(string(c.pending))
			c.pending = c.pending[:0]
		}
	}
	return n, nil
}

// Tokens is how many tokens the text has so far.
func (c *Counter) Tokens() int64 { return c.n + Count(string(c.pending)) }
