package gateway

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// What a refusal quotes of what can be had instead.
const (
	maxListed = 5   // models that do what was asked for
	maxNamed  = 200 // bytes of the name that was asked for
)

// permitted keeps the choices that the caller may use and that do what is asked.
func (c *call) permitted(r catalog.Route) ([][]catalog.Choice, error) {
	refused := func(ch catalog.Choice) bool { return c.refusal(r, ch) != nil }
	if !slices.ContainsFunc(r.Tiers, func(tier []catalog.Choice) bool { return slices.ContainsFunc(tier, refused) }) && len(r.Tiers) > 0 {
		return c.pinned(r.Tiers) // everything, as it mostly is
	}
	err := access.ErrModelDenied
	var tiers [][]catalog.Choice
	for _, tier := range r.Tiers {
		var kept []catalog.Choice
		for _, ch := range tier {
			switch why := c.refusal(r, ch); {
			case why == nil:
				kept = append(kept, ch)
			case !errors.Is(why, access.ErrModelDenied):
				err = why
			}
		}
		if len(kept) > 0 {
			tiers = append(tiers, kept)
		}
	}
	if !slices.ContainsFunc(tiers, func(tier []catalog.Choice) bool { return tier[0].When == catalog.Always }) {
		if err == ErrOperation { //nolint:errorlint // it was set above
			err = c.unsupported(r)
		}
		return nil, err
	}
	return c.pinned(tiers)
}

// refusal is why a choice of a route is not for this call; nil: it is.
func (c *call) refusal(r catalog.Route, ch catalog.Choice) error {
	_, free := ch.Candidate.(catalog.Free)
	dep := ch.Candidate.Of()
	switch {
	case !c.req.Who.Allows(r.Name, r.Groups, free):
		return access.ErrModelDenied
	case dep.Provider.Kind.For(c.req.Operation) == nil:
		return ErrOperation
	case c.req.Params.Background && !free && dep.Provider.Kind.For(providers.ResponsesGet) == nil:
		return ErrBackground
	case dep.DenyMedia && len(c.req.Params.Media) > 0:
		return access.ErrMediaDenied
	}
	return nil
}

// unsupported says what a model does instead of what was asked for, and which models that
// the caller may use do that.
func (c *call) unsupported(r catalog.Route) error {
	op := c.req.Operation
	var does []string
	for _, o := range providers.Operations() {
		if !o.Kept() && c.serves(r, o) {
			does = append(does, o.String())
		}
	}
	var instead []string
	for _, other := range c.snapshot.Routes() {
		if len(instead) < maxListed && c.serves(other, op) {
			instead = append(instead, other.Name)
		}
	}
	by := fmt.Sprintf("no model that this key may use does %s", op)
	if len(instead) > 0 {
		by = fmt.Sprintf("%s is done by %s", op, strings.Join(instead, ", "))
	}
	return fmt.Errorf("%w: %q does %s and not %s; %s", ErrOperation, wire.Excerpt(r.Name, maxNamed), cmp.Or(strings.Join(does, ", "), "nothing"), op, by)
}

// serves says whether the caller may use a model for an operation.
func (c *call) serves(r catalog.Route, op providers.Operation) bool {
	return slices.ContainsFunc(r.Candidates(), func(cand catalog.Candidate) bool {
		_, free := cand.(catalog.Free)
		dep := cand.Of()
		return c.req.Who.Allows(r.Name, r.Groups, free) && dep.Provider.Kind.For(op) != nil && dep.Embeds(op == providers.Embeddings)
	})
}
