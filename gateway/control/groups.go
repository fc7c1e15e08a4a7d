package control

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"tollgate/gateway/access"
)

// Teams lists the teams by id.
func (c *Control) Teams(ctx context.Context) ([]access.Team, error) { return c.store.Teams(ctx) }

// Team returns one team, or [ErrNotFound].
func (c *Control) Team(id string) (access.Team, error) {
	if t := c.directory.Team(id); t != nil {
		return *t, nil
	}
	return access.Team{}, missing(TeamChanged, id)
}

// TeamChange is what can be said of a team; nil leaves a field as it is.
type TeamChange struct {
	Name       *string
	Org        *string // "": none
	Blocked    *bool
	Models     *[]string
	Aliases    *map[string]string
	Tags       *[]string // of every call of its keys
	Attributes json.RawMessage
}

func (ch *TeamChange) apply(d *draft, t *access.Team) (err error) {
	set(&t.Name, ch.Name)
	set(&t.OrgID, ch.Org)
	set(&t.Blocked, ch.Blocked)
	set(&t.Models, ch.Models)
	set(&t.Aliases, ch.Aliases)
	set(&t.Tags, ch.Tags)
	ch.Attributes, err = checkAttributes(ch.Attributes)
	if ch.Org != nil && *ch.Org != "" {
		_, none := d.org(*ch.Org)
		err = errors.Join(err, none)
	}
	return errors.Join(checkText("a team's name", t.Name), checkModels(t.Models), checkAliases(t.Aliases), checkTags(t.Tags), err)
}

func (d *draft) createTeam(id string, ch TeamChange) (access.Team, error) {
	t := access.Team{ID: id, Models: []string{}, Aliases: map[string]string{}, Tags: []string{}, Members: []string{}, Admins: []string{}, Created: d.at}
	if err := errors.Join(checkID("a team", id), ch.apply(d, &t)); err != nil {
		return t, err
	}
	if _, err := d.team(id); err == nil {
		return t, named(TeamChanged, id, ErrExists)
	}
	d.write(PutTeam{t, true, ch.Attributes})
	d.teams[id] = &t
	return t, nil
}

func (d *draft) updateTeam(id string, ch TeamChange) (access.Team, error) {
	t, err := d.team(id)
	if err != nil {
		return t, err
	}
	t.Aliases = maps.Clone(t.Aliases)
	if err := ch.apply(d, &t); err != nil {
		return t, err
	}
	d.write(PutTeam{t, false, ch.Attributes})
	d.teams[id] = &t
	return t, nil
}

func (d *draft) deleteTeam(id string) error {
	if _, err := d.team(id); err != nil {
		return err
	}
	for _, key := range d.keysOf(owner{TeamChanged, id}) {
		d.keys[key] = nil
	}
	d.write(Drop{TeamChanged, id})
	d.teams[id] = nil
	return nil
}

// CreateTeam makes a team without members.
func (c *Control) CreateTeam(ctx context.Context, id string, ch TeamChange) (t access.Team, err error) {
	err = c.run(ctx, func(d *draft) (err error) { t, err = d.createTeam(id, ch); return err })
	return t, err
}

// UpdateTeam changes a team.
func (c *Control) UpdateTeam(ctx context.Context, id string, ch TeamChange) (t access.Team, err error) {
	err = c.run(ctx, func(d *draft) (err error) { t, err = d.updateTeam(id, ch); return err })
	return t, err
}

// DeleteTeam removes a team with its keys. What it spent stays in the books.
func (c *Control) DeleteTeam(ctx context.Context, id string) error {
	return c.run(ctx, func(d *draft) error { return d.deleteTeam(id) })
}

// Orgs lists the organizations by id.
func (c *Control) Orgs(ctx context.Context) ([]access.Organization, error) { return c.store.Orgs(ctx) }

// Org returns one organization, or [ErrNotFound].
func (c *Control) Org(id string) (access.Organization, error) {
	if o := c.directory.Org(id); o != nil {
		return *o, nil
	}
	return access.Organization{}, missing(OrgChanged, id)
}

// OrgChange is what can be said of an organization; nil leaves a field as it is.
type OrgChange struct {
	Name       *string
	Blocked    *bool
	Models     *[]string
	Attributes json.RawMessage
}

func (ch *OrgChange) apply(o *access.Organization) (err error) {
	set(&o.Name, ch.Name)
	set(&o.Blocked, ch.Blocked)
	set(&o.Models, ch.Models)
	ch.Attributes, err = checkAttributes(ch.Attributes)
	return errors.Join(checkText("an organization's name", o.Name), checkModels(o.Models), err)
}

func (d *draft) createOrg(id string, ch OrgChange) (access.Organization, error) {
	o := access.Organization{ID: id, Models: []string{}, Members: []string{}, Admins: []string{}, Created: d.at}
	if err := errors.Join(checkID("an organization", id), ch.apply(&o)); err != nil {
		return o, err
	}
	if _, err := d.org(id); err == nil {
		return o, named(OrgChanged, id, ErrExists)
	}
	d.write(PutOrg{o, true, ch.Attributes})
	d.orgs[id] = &o
	return o, nil
}

func (d *draft) updateOrg(id string, ch OrgChange) (access.Organization, error) {
	o, err := d.org(id)
	if err != nil {
		return o, err
	}
	if err := ch.apply(&o); err != nil {
		return o, err
	}
	d.write(PutOrg{o, false, ch.Attributes})
	d.orgs[id] = &o
	return o, nil
}

// deleteOrg removes an organization that nothing belongs to any more: what belonged to
// it would open up to models and budgets that it had closed.
func (d *draft) deleteOrg(id string) error {
	if _, err := d.org(id); err != nil {
		return err
	}
	var teams int
	d.eachTeam(func(t access.Team) {
		if t.OrgID == id {
			teams++
		}
	})
	if keys := len(d.keysOf(owner{OrgChanged, id})); teams+keys > 0 {
		return invalid("organization %q has %d teams and %d keys of its own: delete these, or move the teams, first", id, teams, keys)
	}
	d.write(Drop{OrgChanged, id})
	d.orgs[id] = nil
	return nil
}

// CreateOrg makes an organization without members.
func (c *Control) CreateOrg(ctx context.Context, id string, ch OrgChange) (o access.Organization, err error) {
	err = c.run(ctx, func(d *draft) (err error) { o, err = d.createOrg(id, ch); return err })
	return o, err
}

// UpdateOrg changes an organization.
func (c *Control) UpdateOrg(ctx context.Context, id string, ch OrgChange) (o access.Organization, err error) {
	err = c.run(ctx, func(d *draft) (err error) { o, err = d.updateOrg(id, ch); return err })
	return o, err
}

// DeleteOrg removes an organization that has no teams and no keys. What was spent in it
// stays in the books.
func (c *Control) DeleteOrg(ctx context.Context, id string) error {
	return c.run(ctx, func(d *draft) error { return d.deleteOrg(id) })
}

// putMember puts a user into a team or an organization, or gives a member a role. Without
// a role a new member is a plain one, and another keeps its own.
func (d *draft) putMember(in ChangeKind, id, user string, role *access.MemberRole) error {
	if role != nil && *role != access.PlainMember && *role != access.GroupAdmin {
		return invalid("a member's role is member or admin, not %q", *role)
	}
	return d.member(in, id, user, func(members, admins *[]string) error {
		if role != nil {
			*admins = without(*admins, user)
			if *role == access.GroupAdmin {
				*admins = with(*admins, user)
			}
		}
		*members = with(*members, user)
		r := access.PlainMember
		if access.Is(user, *admins) {
			r = access.GroupAdmin
		}
		d.write(PutMember{in, id, user, r})
		return nil
	})
}

func (d *draft) dropMember(in ChangeKind, id, user string) error {
	return d.member(in, id, user, func(members, admins *[]string) error {
		if !access.Is(user, *members) {
			return missing("member", id+"/"+user)
		}
		*members, *admins = without(*members, user), without(*admins, user)
		d.write(DropMember{in, id, user})
		return nil
	})
}

func (d *draft) member(in ChangeKind, id, user string, change func(members, admins *[]string) error) error {
	if in == OrgChanged {
		o, err := d.org(id)
		if err == nil {
			_, err = d.user(user)
		}
		if err == nil {
			err = change(&o.Members, &o.Admins)
		}
		if err == nil {
			d.orgs[id] = &o
		}
		return err
	}
	t, err := d.team(id)
	if err == nil {
		_, err = d.user(user)
	}
	if err == nil {
		err = change(&t.Members, &t.Admins)
	}
	if err == nil {
		d.teams[id] = &t
	}
	return err
}

// with returns a list in order that holds an id too.
func with(in []string, id string) []string {
	at, there := slices.BinarySearch(in, id)
	if there {
		return in
	}
	return slices.Insert(slices.Clone(in), at, id)
}

// without returns a list without an id.
func without(in []string, id string) []string {
	at, there := slices.BinarySearch(in, id)
	if !there {
		return in
	}
	return slices.Delete(slices.Clone(in), at, at+1)
}

// AddMember puts a user into a team, or gives a member another role; nil is a plain
// member, or the role that it has. Doing it twice is no error.
func (c *Control) AddMember(ctx context.Context, team, user string, role *access.MemberRole) (t access.Team, err error) {
	err = c.run(ctx, func(d *draft) (err error) {
		if err = d.putMember(TeamChanged, team, user, role); err == nil {
			t, err = d.team(team)
		}
		return err
	})
	return t, err
}

// RemoveMember takes a user out of a team. The user's keys for the team stop
// working.
func (c *Control) RemoveMember(ctx context.Context, team, user string) (t access.Team, err error) {
	err = c.run(ctx, func(d *draft) (err error) {
		if err = d.dropMember(TeamChanged, team, user); err == nil {
			t, err = d.team(team)
		}
		return err
	})
	return t, err
}

// AddOrgMember is [Control.AddMember] for an organization.
func (c *Control) AddOrgMember(ctx context.Context, org, user string, role *access.MemberRole) (o access.Organization, err error) {
	err = c.run(ctx, func(d *draft) (err error) {
		if err = d.putMember(OrgChanged, org, user, role); err == nil {
			o, err = d.org(org)
		}
		return err
	})
	return o, err
}

// RemoveOrgMember takes a user out of an organization.
func (c *Control) RemoveOrgMember(ctx context.Context, org, user string) (o access.Organization, err error) {
	err = c.run(ctx, func(d *draft) (err error) {
		if err = d.dropMember(OrgChanged, org, user); err == nil {
			o, err = d.org(org)
		}
		return err
	})
	return o, err
}
