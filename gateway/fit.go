package gateway

import (
	"tollgate/gateway/catalog"
	"tollgate/providers/wire"
)

// longToken is more bytes than the tokens of a text have on average in any vocabulary:
// a prompt with so many bytes for each token of a context clearly does not fit.
const longToken = 8

// requirement is what a deployment has to be for, to be worth a call: for the length of the
// prompt as it came, and for what others have said of it since.
type requirement struct {
	prompt int64        // tokens that it has at least, if that leaves somebody out; 0: nobody
	small  int64        // the largest context, in tokens, that was too small; 0: none was
	met    catalog.When // the case that has arisen
}

// requires says what is known before anybody is called. What the prompt clearly does not fit
// is left out where something larger is among the choices; otherwise its own word is the
// best that can be had.
func (c *call) requires(tiers [][]catalog.Choice) requirement {
	least, most := int64(0), int64(0)
	for _, tier := range tiers {
		if tier[0].When == catalog.WhenRefused {
			continue
		}
		for _, ch := range tier {
			if n := ch.Candidate.Of().Context; n > 0 {
				most = max(most, n)
				if least == 0 || n < least {
					least = n
				}
			}
		}
	}
	// The bound is in bytes of the body without its media.
	if least == most || c.req.Params.InputBound/longToken <= least {
		return requirement{}
	}
	prompt := wire.PromptSize(c.req.Body) / longToken
	if prompt <= least || prompt > most {
		return requirement{}
	}
	return requirement{prompt: prompt, met: catalog.WhenContext}
}

// learn takes what a failure has shown.
func (r *requirement) learn(next remedy) {
	if next.refused {
		r.met = catalog.WhenRefused
	}
	if next.larger > 0 {
		r.small = max(r.small, next.larger)
		if r.met == catalog.Always {
			r.met = catalog.WhenContext
		}
	}
}

// covers says whether what is taken in some case is for the one that has arisen. What a
// content filter has refused goes nowhere but where the operator says so.
func (r *requirement) covers(when catalog.When) bool {
	return when == r.met || when == catalog.Always && r.met != catalog.WhenRefused
}

// fits says whether a choice has room for the prompt, as far as that is known. Once a context
// was too small, one of which nothing is known is worth trying only where the operator names
// it for prompts that are too long.
func (r *requirement) fits(ch catalog.Choice) bool {
	context := ch.Candidate.Of().Context
	if context == 0 {
		return r.small == 0 || ch.When == catalog.WhenContext
	}
	return context > r.small && context >= r.prompt
}

// tooSmall are the choices that the length of the prompt as it came leaves out.
func (r *requirement) tooSmall(tiers [][]catalog.Choice) (out [][]catalog.Choice) {
	for _, tier := range tiers {
		var small []catalog.Choice
		for _, ch := range tier {
			if n := ch.Candidate.Of().Context; n > 0 && n < r.prompt && ch.When == catalog.Always {
				small = append(small, ch)
			}
		}
		if len(small) > 0 {
			out = append(out, small)
		}
	}
	return out
}
