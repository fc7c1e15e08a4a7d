package gateway

import (
	"errors"
	"net/http"

	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
	"tollgate/gateway/handles"
	"tollgate/providers"
)

// ErrElsewhere says that the response that a request goes on from is at no deployment of
// the model that it names.
var ErrElsewhere = errors.New("the response of previous_response_id was made by another model: ask the same model, or send the conversation instead")

// ErrBackground says that nobody could tell what a call in the background has cost.
var ErrBackground = errors.New("this model costs, and its upstream does not tell what a call in the background has used: leave background out")

// ErrFollowed says that a response must stay because its cost is read from it.
var ErrFollowed = errors.New("a response that was made in the background by a model that costs cannot be deleted: its cost is read from it; it can be cancelled")

// tenant is whom a kept response belongs to: the key's team, else its user, else the key
// by itself.
func tenant(who access.Principal) string {
	switch {
	case who.Team != nil:
		return "team/" + who.Team.ID
	case who.User != nil:
		return "user/" + who.User.ID
	}
	return "key/" + who.Key.ID
}

// openHandle reads the handle that the request names. A read of a kept response asks for
// the model that made it.
func (c *call) openHandle() error {
	handle := c.req.Params.Previous
	if c.req.Operation.Kept() {
		handle = c.req.Handle
	}
	if handle == "" {
		return nil
	}
	if c.g.Handles == nil {
		return handles.ErrUnknown
	}
	k, err := c.g.Handles.Open(tenant(c.req.Who), handle)
	if err != nil {
		return err
	}
	if k.Followed && c.req.Operation == providers.ResponsesDelete {
		return ErrFollowed
	}
	c.kept, c.handle = &k, handle
	if c.req.Operation.Kept() {
		c.req.Params.Model = k.Model
	}
	return nil
}

// pinned keeps the choices at the deployment that has what the request is about.
func (c *call) pinned(tiers [][]catalog.Choice) ([][]catalog.Choice, error) {
	if c.kept == nil {
		return tiers, nil
	}
	for _, tier := range tiers {
		for _, ch := range tier {
			if ch.Candidate.Of().ID == c.kept.Deployment {
				return [][]catalog.Choice{{ch}}, nil
			}
		}
	}
	if c.req.Operation.Kept() {
		return nil, handles.ErrUnknown // its deployment is gone, and with it what it kept
	}
	return nil, ErrElsewhere
}

// keep puts into a call what it needs to know of kept responses.
func (c *call) keep(p *prepared) {
	_, free := p.choice.Candidate.(catalog.Free)
	model, followed, deployment := p.model, c.req.Params.Background && !free, p.choice.Candidate.Of().ID
	if c.kept != nil {
		p.Response, p.Query = c.kept.ID, c.req.Query
		if c.req.Operation.Kept() {
			model = c.kept.Model
		}
	}
	if c.g.Handles == nil {
		return
	}
	p.Handle = func(id string) string {
		if c.kept != nil && id == c.kept.ID {
			return c.handle // as the client called it, under whichever name it was made
		}
		return c.g.Handles.Seal(tenant(c.req.Who), handles.Kept{Model: model, Deployment: deployment, ID: id, Followed: followed})
	}
}

// absent says what a failed call about a kept response means to its caller: one that the
// upstream does not have is like one that there never was.
func (c *call) absent(err error) error {
	up := providers.AsError(err)
	if c.kept == nil || up == nil {
		return err
	}
	if c.req.Operation.Kept() && up.Status == http.StatusNotFound || up.Code == "previous_response_not_found" ||
		up.Code != "model_not_found" && (up.Kind == providers.ModelMissing || up.Status == http.StatusNotFound && up.Param == "response_id") { // the latter is vLLM's
		return handles.ErrUnknown
	}
	return err
}
