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
	c := vocabulary()
	var n int64
	for len(text) > 0 {
		piece := text[:min(chunk, len(text))]
		text = text[len(piece):]
		k, err := c.Count(piece)
		if err != nil {
			k = len(piece)
		}
		n += int64(k)
	}
	return n
}
