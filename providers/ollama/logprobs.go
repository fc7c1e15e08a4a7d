package ollama

import (
	"unicode/utf8"

	"tollgate/providers"
)

// chatLogprobs is the logprobs of a chat choice.
type chatLogprobs struct {
	Content []chatLogprob `json:"content"`
	Refusal []chatLogprob `json:"refusal"`
}

type chatLogprob struct {
	Token       string        `json:"token"`
	Logprob     float64       `json:"logprob"`
	Bytes       []int         `json:"bytes"`
	TopLogprobs []chatLogprob `json:"top_logprobs,omitzero"` // none in an alternative
}

// textLogprobs is the logprobs of a legacy completion.
type textLogprobs struct {
	Tokens        []string             `json:"tokens"`
	TokenLogprobs []float64            `json:"token_logprobs"`
	TopLogprobs   []map[string]float64 `json:"top_logprobs"`
	TextOffset    []int                `json:"text_offset"` // in characters
}

// logprobs returns the token probabilities in the shape of the operation; nil,
// which is JSON's null, if there are none.
func (r *reply) logprobs(p piece) any {
	if len(p.logprobs) == 0 {
		return nil
	}
	if r.call.Operation == providers.Completions {
		return r.textLogprobs(p.logprobs)
	}
	list := chatLogprobs{Content: make([]chatLogprob, len(p.logprobs))}
	for i, l := range p.logprobs {
		top := make([]chatLogprob, len(l.TopLogprobs))
		for j, t := range l.TopLogprobs {
			top[j] = chatLogprob{Token: t.Token, Logprob: t.Logprob, Bytes: t.Bytes}
		}
		list.Content[i] = chatLogprob{Token: l.Token, Logprob: l.Logprob, Bytes: l.Bytes, TopLogprobs: top}
	}
	return list
}

func (r *reply) textLogprobs(native []logprob) textLogprobs {
	var list textLogprobs
	for _, l := range native {
		top := make(map[string]float64, len(l.TopLogprobs))
		for _, t := range l.TopLogprobs {
			top[t.Token] = t.Logprob
		}
		list.Tokens = append(list.Tokens, l.Token)
		list.TokenLogprobs = append(list.TokenLogprobs, l.Logprob)
		list.TopLogprobs = append(list.TopLogprobs, top)
		list.TextOffset = append(list.TextOffset, r.offset)
		r.offset += utf8.RuneCountInString(l.Token)
	}
	return list
}
