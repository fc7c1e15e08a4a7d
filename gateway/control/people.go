package control

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"tollgate/gateway/access"
)

// Users lists the users by id.
func (c *Control) Users(ctx context.Context) ([]access.User, error) { return c.store.Users(ctx) }

// User returns one user, or [ErrNotFound].
func (c *Control) User(id string) (access.User, error) {
	return found(c.directory.User(id), UserChanged, id)
}

// UsersWithEmail returns the users that have an e-mail, however it is written, for those who
// keep e-mails unique. It looks at every user.
func (c *Control) UsersWithEmail(email string) (found []access.User) {
	for _, id := range c.directory.UserIDs() {
		if u := c.directory.User(id); u != nil && strings.EqualFold(u.Email, email) {
			found = append(found, *u)
		}
	}
	return found
}

// Attributes returns the attributes of things of one kind, by their ids.
func (c *Control) Attributes(ctx context.Context, kind ChangeKind, ids ...string) (map[string]json.RawMessage, error) {
	return c.store.Attributes(ctx, kind, ids)
}

// UserChange is what can be said of a user; nil leaves a field as it is.
type UserChange struct {
	Name       *string
	Email      *string
	Role       *access.UserRole
	Blocked    *bool
	Models     *[]string
	Attributes json.RawMessage
}

func (ch *UserChange) apply(u *access.User) (err error) {
	set(&u.Name, ch.Name)
	set(&u.Email, ch.Email)
	set(&u.Role, ch.Role)
	set(&u.Blocked, ch.Blocked)
	set(&u.Models, ch.Models)
	ch.Attributes, err = checkAttributes(ch.Attributes)
	if !slices.Contains(access.UserRoles(), u.Role) {
		err = errors.Join(err, inField("role", invalid("a user's role is one of %s, not %q", listed(access.UserRoles()), u.Role)))
	}
	return errors.Join(inField("name", checkText("a user's name", u.Name)), inField("email", checkText("a user's e-mail", u.Email)), inField("models", said(ch.Models, checkModels)), err)
}

// said checks a list of a change, if the change says one. One that is there was good when it
// was said: though less may be said now, it keeps nobody from changing something else, such
// as whether a key is blocked.
func said[T any](list *T, check func(T) error) error {
	if list == nil {
		return nil
	}
	return check(*list)
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

func (d *draft) createUser(id string, ch UserChange) (access.User, error) {
	u := access.User{ID: id, Role: access.PlainUser, Models: []string{}, Created: d.at}
	if err := errors.Join(inField("id", checkID("a user", id)), ch.apply(&u)); err != nil {
		return u, err
	}
	return u, d.users.add(id, u, PutUser{u, true, ch.Attributes})
}

func (d *draft) updateUser(id string, ch UserChange) (access.User, error) {
	return d.users.change(id, ch.apply, func(u access.User) Write { return PutUser{u, false, ch.Attributes} })
}

// deleteUser takes keys and memberships along, as the store does: a key that stayed would
// come to life again with a new owner of the same name.
func (d *draft) deleteUser(id string) error {
	if err := d.users.drop(id); err != nil {
		return err
	}
	for _, key := range d.keysOf(owner{UserChanged, id}) {
		d.keys.next[key] = nil
	}
	d.teams.each(d.directory.TeamIDs(), func(t access.Team) {
		if access.Is(id, t.Members) {
			t.Members, t.Admins = without(t.Members, id), without(t.Admins, id)
			d.teams.next[t.ID] = &t
		}
	})
	d.orgs.each(d.directory.OrgIDs(), func(o access.Organization) {
		if access.Is(id, o.Members) {
			o.Members, o.Admins = without(o.Members, id), without(o.Admins, id)
			d.orgs.next[o.ID] = &o
		}
	})
	return nil
}

// CreateUser makes a user.
func (c *Control) CreateUser(ctx context.Context, id string, ch UserChange) (access.User, error) {
	return changed(ctx, c, func(d *draft) (access.User, error) { return d.createUser(id, ch) })
}

// UpdateUser changes a user.
func (c *Control) UpdateUser(ctx context.Context, id string, ch UserChange) (access.User, error) {
	return changed(ctx, c, func(d *draft) (access.User, error) { return d.updateUser(id, ch) })
}

// DeleteUser removes a user with its keys and memberships. What it spent stays in
// the books.
func (c *Control) DeleteUser(ctx context.Context, id string) error {
	return c.run(ctx, func(d *draft) error { return d.deleteUser(id) })
}
