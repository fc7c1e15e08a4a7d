package control

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"tollgate/gateway/access"
)

// Teams lists the teams by id.
func (c *Control) Teams(ctx context.Context) ([]access.Team, error) { return c.store.Teams(ctx) }

// Team returns one team, or [ErrNotFound].
func (c *Control) Team(id string) (access.Team, error) {
	return found(c.directory.Team(id), TeamChanged, id)
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
		_, none := d.orgs.get(*ch.Org)
		err = errors.Join(err, none)
	}
	return errors.Join(inField("name", checkText("a team's name", t.Name)), inField("models", said(ch.Models, checkModels)), inField("aliases", said(ch.Aliases, checkAliases)), inField("tags", said(ch.Tags, checkTags)), err)
}

func (d *draft) createTeam(id string, ch TeamChange) (access.Team, error) {
	t := access.Team{ID: id, Models: []string{}, Aliases: map[string]string{}, Tags: []string{}, Members: []string{}, Admins: []string{}, Created: d.at}
	if err := errors.Join(inField("id", checkID("a team", id)), ch.apply(d, &t)); err != nil {
		return t, err
	}
	return t, d.teams.add(id, t, PutTeam{t, true, ch.Attributes})
}

func (d *draft) updateTeam(id string, ch TeamChange) (access.Team, error) {
	was := d.teams.find(id)
	t, err := d.teams.change(id, func(t *access.Team) error { return ch.apply(d, t) }, func(t access.Team) Write { return PutTeam{t, false, ch.Attributes} })
	if err == nil && t.OrgID != was.OrgID {
		d.takeAlong(t)
	}
	return t, err
}

// takeAlong moves the keys of a team that name its organization to the one where it is now:
// else they would stay in the one before, with its budgets, models and admins.
func (d *draft) takeAlong(t access.Team) {
	for _, id := range d.keysOf(owner{TeamChanged, t.ID}) {
		if k, err := d.key(id); err == nil && k.OrgID != "" && k.OrgID != t.OrgID {
			k.OrgID = t.OrgID
			d.keys.put(id, k, PutKey{k, false, nil})
		}
	}
	d.owned = nil // it has them where they were
}

func (d *draft) deleteTeam(id string) error {
	if err := d.teams.drop(id); err != nil {
		return err
	}
	for _, key := range d.keysOf(owner{TeamChanged, id}) {
		d.keys.next[key] = nil
	}
	return nil
}

// CreateTeam makes a team without members.
func (c *Control) CreateTeam(ctx context.Context, id string, ch TeamChange) (access.Team, error) {
	return changed(ctx, c, func(d *draft) (access.Team, error) { return d.createTeam(id, ch) })
}

// UpdateTeam changes a team.
func (c *Control) UpdateTeam(ctx context.Context, id string, ch TeamChange) (access.Team, error) {
	return changed(ctx, c, func(d *draft) (access.Team, error) { return d.updateTeam(id, ch) })
}

// DeleteTeam removes a team with its keys. What it spent stays in the books.
func (c *Control) DeleteTeam(ctx context.Context, id string) error {
	return c.run(ctx, func(d *draft) error { return d.deleteTeam(id) })
}

// Orgs lists the organizations by id.
func (c *Control) Orgs(ctx context.Context) ([]access.Organization, error) { return c.store.Orgs(ctx) }

// Org returns one organization, or [ErrNotFound].
func (c *Control) Org(id string) (access.Organization, error) {
	return found(c.directory.Org(id), OrgChanged, id)
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
	return errors.Join(inField("name", checkText("an organization's name", o.Name)), inField("models", said(ch.Models, checkModels)), err)
}

func (d *draft) createOrg(id string, ch OrgChange) (access.Organization, error) {
	o := access.Organization{ID: id, Models: []string{}, Members: []string{}, Admins: []string{}, Created: d.at}
	if err := errors.Join(inField("id", checkID("an organization", id)), ch.apply(&o)); err != nil {
		return o, err
	}
	return o, d.orgs.add(id, o, PutOrg{o, true, ch.Attributes})
}

func (d *draft) updateOrg(id string, ch OrgChange) (access.Organization, error) {
	return d.orgs.change(id, ch.apply, func(o access.Organization) Write { return PutOrg{o, false, ch.Attributes} })
}

// deleteOrg removes an organization that nothing belongs to any more: what belonged to
// it would open up to models and budgets that it had closed.
func (d *draft) deleteOrg(id string) error {
	if _, err := d.orgs.get(id); err != nil {
		return err
	}
	var teams int
	d.teams.each(d.directory.TeamIDs(), func(t access.Team) {
		if t.OrgID == id {
			teams++
		}
	})
	if keys := len(d.keysOf(owner{OrgChanged, id})); teams+keys > 0 {
		return invalid("organization %q has %d teams and %d keys of its own: delete these, or move the teams, first", id, teams, keys)
	}
	return d.orgs.drop(id)
}

// CreateOrg makes an organization without members.
func (c *Control) CreateOrg(ctx context.Context, id string, ch OrgChange) (access.Organization, error) {
	return changed(ctx, c, func(d *draft) (access.Organization, error) { return d.createOrg(id, ch) })
}

// UpdateOrg changes an organization.
func (c *Control) UpdateOrg(ctx context.Context, id string, ch OrgChange) (access.Organization, error) {
	return changed(ctx, c, func(d *draft) (access.Organization, error) { return d.updateOrg(id, ch) })
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
		return inField("role", invalid("a member's role is member or admin, not %q", *role))
	}
	return d.member(in, id, func(members, admins *[]string) error {
		if _, err := d.users.get(user); err != nil {
			return err
		}
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

// dropMember says the same of somebody who is no member whether there is such a user or not.
func (d *draft) dropMember(in ChangeKind, id, user string) error {
	return d.member(in, id, func(members, admins *[]string) error {
		if !access.Is(user, *members) {
			return missing("member", id+"/"+user)
		}
		*members, *admins = without(*members, user), without(*admins, user)
		d.write(DropMember{in, id, user})
		return nil
	})
}

func (d *draft) member(in ChangeKind, id string, change func(members, admins *[]string) error) error {
	if in == OrgChanged {
		o, err := d.orgs.get(id)
		if err == nil {
			err = change(&o.Members, &o.Admins)
		}
		if err == nil {
			d.orgs.next[id] = &o
		}
		return err
	}
	t, err := d.teams.get(id)
	if err == nil {
		err = change(&t.Members, &t.Admins)
	}
	if err == nil {
		d.teams.next[id] = &t
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
func (c *Control) AddMember(ctx context.Context, team, user string, role *access.MemberRole) (access.Team, error) {
	return changed(ctx, c, func(d *draft) (access.Team, error) {
		if err := d.putMember(TeamChanged, team, user, role); err != nil {
			return access.Team{}, err
		}
		return d.teams.get(team)
	})
}

// RemoveMember takes a user out of a team. The user's keys for the team stop
// working.
func (c *Control) RemoveMember(ctx context.Context, team, user string) (access.Team, error) {
	return changed(ctx, c, func(d *draft) (access.Team, error) {
		if err := d.dropMember(TeamChanged, team, user); err != nil {
			return access.Team{}, err
		}
		return d.teams.get(team)
	})
}

// AddOrgMember is [Control.AddMember] for an organization.
func (c *Control) AddOrgMember(ctx context.Context, org, user string, role *access.MemberRole) (access.Organization, error) {
	return changed(ctx, c, func(d *draft) (access.Organization, error) {
		if err := d.putMember(OrgChanged, org, user, role); err != nil {
			return access.Organization{}, err
		}
		return d.orgs.get(org)
	})
}

// RemoveOrgMember takes a user out of an organization.
func (c *Control) RemoveOrgMember(ctx context.Context, org, user string) (access.Organization, error) {
	return changed(ctx, c, func(d *draft) (access.Organization, error) {
		if err := d.dropMember(OrgChanged, org, user); err != nil {
			return access.Organization{}, err
		}
		return d.orgs.get(org)
	})
}
