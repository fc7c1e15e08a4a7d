package control

import (
	"context"
	"encoding/json"
	"errors"

	"tollgate/gateway/access"
)

// EndUsers lists end users of whom something is known, by id: at most so many, from
// behind one on.
func (c *Control) EndUsers(ctx context.Context, after string, limit int) ([]access.EndUser, error) {
	return c.store.EndUsers(ctx, after, limit)
}

// EndUser returns one end user of whom something is known, or [ErrNotFound].
func (c *Control) EndUser(id string) (access.EndUser, error) {
	return found(c.directory.EndUser(id), EndUserChanged, id)
}

// EndUserChange is what can be said of an end user; nil leaves a field as it is.
type EndUserChange struct {
	Name       *string
	Blocked    *bool
	Attributes json.RawMessage
}

func (ch *EndUserChange) apply(u *access.EndUser) (err error) {
	set(&u.Name, ch.Name)
	set(&u.Blocked, ch.Blocked)
	ch.Attributes, err = checkAttributes(ch.Attributes)
	return errors.Join(inField("name", checkText("an end user's name", u.Name)), err)
}

// checkEndUser accepts what calls may name somebody by and what can stand in a path.
func checkEndUser(id string) error {
	switch {
	case id == "":
		return inField("id", invalid("an end user needs an id"))
	case len(id) > access.MaxEndUser:
		return inField("id", invalid("the id of an end user is longer than %d bytes", access.MaxEndUser))
	}
	return inField("id", checkPrintable("the id of an end user", id))
}

func (d *draft) createEndUser(id string, ch EndUserChange) (access.EndUser, error) {
	u := access.EndUser{ID: id, Created: d.at}
	if err := errors.Join(checkEndUser(id), ch.apply(&u)); err != nil {
		return u, err
	}
	return u, d.others.add(id, u, PutEndUser{u, true, ch.Attributes})
}

func (d *draft) updateEndUser(id string, ch EndUserChange) (access.EndUser, error) {
	return d.others.change(id, ch.apply, func(u access.EndUser) Write { return PutEndUser{u, false, ch.Attributes} })
}

// CreateEndUser keeps something of an end user, by the name that calls give it.
func (c *Control) CreateEndUser(ctx context.Context, id string, ch EndUserChange) (access.EndUser, error) {
	return changed(ctx, c, func(d *draft) (access.EndUser, error) { return d.createEndUser(id, ch) })
}

// UpdateEndUser changes an end user.
func (c *Control) UpdateEndUser(ctx context.Context, id string, ch EndUserChange) (access.EndUser, error) {
	return changed(ctx, c, func(d *draft) (access.EndUser, error) { return d.updateEndUser(id, ch) })
}

// DeleteEndUser forgets what is known of an end user. Calls may still name it, and what
// was spent for it stays in the books.
func (c *Control) DeleteEndUser(ctx context.Context, id string) error {
	return c.run(ctx, func(d *draft) error { return d.others.drop(id) })
}
