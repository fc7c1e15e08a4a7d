package gateway

import (
	"tollgate/gateway/catalog"
	"tollgate/providers/wire"
)

// longToken is more bytes than the tokens of a text have on average in any vocabulary:
// a prompt with so many bytes for each token of a context clearly does not fit.
const longToken = 8

// fits says of a deployment whether it is worth trying for the length of the prompt.
// What clearly does not fit is left out where something larger is among the choices;
// otherwise its own word is the best that can be had.
//
// tight says that something may be left out.
func (c *call) fits(tiers [][]catalog.Choice) (fits func(*catalog.Deployment) bool, tight bool) {
	all := func(*catalog.Deployment) bool { return true }
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
		return all, false
	}
	prompt := wire.PromptSize(c.req.Body) / longToken
	if prompt <= least || prompt > most {
		return all, false
	}
	return func(dep *catalog.Deployment) bool { return dep.Context == 0 || dep.Context >= prompt }, true
}

// larger adds to a rule that a deployment has a larger context. said tells that the
// operator names it for prompts that are too long: then one of which nothing is known is
// worth trying too.
func larger(than int64, said bool, fits func(*catalog.Deployment) bool) func(*catalog.Deployment) bool {
	return func(dep *catalog.Deployment) bool {
		return (dep.Context > than || said && dep.Context == 0) && fits(dep)
	}
}
