package control

import (
	"errors"
	"fmt"
	"slices"

	"tollgate/gateway/access"
)

// ErrNotPermitted says that somebody's role does not allow something.
var ErrNotPermitted = errors.New("the key's role does not allow it")

// Verb is what somebody wants to do.
type Verb string

// The verbs.
const (
	See    Verb = "see"
	Make   Verb = "make"
	Alter  Verb = "alter"
	Remove Verb = "remove"
	Add    Verb = "add" // a person to a group: see [Control.MayAdd]
)

// Thing is what kind of thing somebody wants to do something with.
type Thing string

// The things.
const (
	TheUser      Thing = "user"
	TheEndUser   Thing = "end user"
	TheTag       Thing = "tag"
	TheOrg       Thing = "organization"
	TheTeam      Thing = "team"
	TheOrgMember Thing = "member of an organization"
	TheMember    Thing = "member of a team"
	TheKey       Thing = "key"
	TheBudget    Thing = "budget"
	TheLimit     Thing = "rate limit"
	ThePlan      Thing = "plan"
	TheUsage     Thing = "usage"     // and entries
	TheOperation Thing = "operation" // models, engines, problems, the books as a whole
	// TheAttributes are what a face keeps with a thing, apart from the thing: some are terms,
	// such as the budget that a team gives each who joins.
	TheAttributes Thing = "set of attributes"
)

// relation is how somebody stands to a thing.
type relation uint8

const (
	viewer     relation = iota // sees everything
	self                       // it is the person, or belongs to the person
	keeper                     // it belongs to the person alone, who keeps keys of its own
	bearer                     // it is in the person's name, in a group or not, and as keeper
	teamMember                 // of its team
	teamAdmin                  // of its team, or one of its teams
	orgMember                  // of its organization
	orgAdmin                   // of its organization, or one of its organizations
)

// permissions is the one table of who may do what to what, beside those who manage
// everything, who may do all. What is not in it nobody else may.
//
// What a group's admin may do stops where it would change what somebody above has set:
// a team's own models and blocking are its organization's matter, an organization's are
// the managers', and so are all money and the users themselves. Who blocked something nobody
// notes, so it may have been somebody above: whoever does not manage everything may block a
// key or a team, and unblocks none. A key that somebody makes
// for a member of a team has the team's rights and not the member's (see
// [access.Principal.Person]), and none that the key of who makes it has not. It is counted
// on the member too, since nobody is to spend through a team what an own budget refuses: so
// whoever a key is in the name of sees it, and may take it away. And so nobody adds to a group
// of its own somebody whom it has nothing to do with.
var permissions = map[Thing]map[Verb][]relation{
	TheUser: {
		See:  {viewer, self, teamAdmin, orgAdmin},
		Make: {orgAdmin}, // a plain one, as a member of the organization
		Add:  {self, teamAdmin, orgAdmin},
	},
	TheEndUser: {See: {viewer}},
	TheTag:     {See: {viewer}},
	TheOrg:     {See: {viewer, orgMember, orgAdmin}},
	TheOrgMember: {
		Make:   {orgAdmin},
		Alter:  {orgAdmin},
		Remove: {orgAdmin},
	},
	TheTeam: {
		See:    {viewer, teamMember, teamAdmin, orgAdmin},
		Make:   {orgAdmin},
		Alter:  {orgAdmin},
		Remove: {orgAdmin},
	},
	TheMember: {
		Make:   {teamAdmin, orgAdmin},
		Alter:  {teamAdmin, orgAdmin},
		Remove: {teamAdmin, orgAdmin},
	},
	TheKey: {
		See:    {viewer, self, teamAdmin, orgAdmin},
		Make:   {keeper, teamAdmin, orgAdmin}, // within bounds: see [Control.MayMakeKey]
		Alter:  {keeper, teamAdmin, orgAdmin},
		Remove: {bearer, teamAdmin, orgAdmin},
	},
	TheBudget:    {See: {viewer}},
	TheLimit:     {See: {viewer}},
	ThePlan:      {See: {viewer}},
	TheUsage:     {See: {viewer, self, teamAdmin, orgAdmin}},
	TheOperation: {See: {viewer}},
}

// Place says whose a thing is. The zero Place is everybody's.
type Place struct {
	User  string
	Teams []string
	Orgs  []string
}

// PlaceOfUser says in which teams and organizations a user is.
func (c *Control) PlaceOfUser(id string) Place {
	p := Place{User: id}
	for _, team := range c.directory.TeamIDs() {
		if t := c.directory.Team(team); t != nil && access.Is(id, t.Members) {
			p.Teams = append(p.Teams, team)
		}
	}
	for _, org := range c.directory.OrgIDs() {
		if o := c.directory.Org(org); o != nil && access.Is(id, o.Members) {
			p.Orgs = append(p.Orgs, org)
		}
	}
	return p
}

// PlaceOfTeam says in which organization a team is.
func (c *Control) PlaceOfTeam(id string) Place {
	p := Place{Teams: []string{id}}
	if t := c.directory.Team(id); t != nil && t.OrgID != "" {
		p.Orgs = []string{t.OrgID}
	}
	return p
}

// placeOfOwner says whose a key of an owner is. That of a user alone is in no group: it
// has the rights of the person, wherever the person is.
func (c *Control) placeOfOwner(o KeyOwner) Place {
	p := Place{User: o.UserID}
	if o.TeamID != "" {
		p = c.PlaceOfTeam(o.TeamID)
		p.User = o.UserID
	}
	if o.OrgID != "" && !slices.Contains(p.Orgs, o.OrgID) {
		p.Orgs = append(p.Orgs, o.OrgID)
	}
	return p
}

// PlaceOfKey says whose a key is.
func (c *Control) PlaceOfKey(k access.Key) Place {
	return c.placeOfOwner(KeyOwner{UserID: k.UserID, TeamID: k.TeamID, OrgID: k.OrgID})
}

// May returns [ErrNotPermitted] if somebody may not do something with a thing that is at
// a place, else nil.
func (c *Control) May(who access.Principal, do Verb, what Thing, at Place) error {
	if who.Manages() {
		return nil
	}
	if person := who.Person(); person != nil {
		for _, r := range permissions[what][do] {
			if c.stands(person, r, at) {
				return nil
			}
		}
	}
	return fmt.Errorf("%w: to %s this %s", ErrNotPermitted, do, what)
}

// Seen leaves of where somebody is the groups that another one may see.
func (c *Control) Seen(who access.Principal, at Place) Place {
	at.Teams = slices.DeleteFunc(slices.Clone(at.Teams), func(id string) bool { return c.May(who, See, TheTeam, c.PlaceOfTeam(id)) != nil })
	at.Orgs = slices.DeleteFunc(slices.Clone(at.Orgs), func(id string) bool { return c.May(who, See, TheOrg, Place{Orgs: []string{id}}) != nil })
	return at
}

// MayAdd returns [ErrNotPermitted] if somebody who may make members of a group at a place may
// not make one of a user, else nil. Who manages everything adds anybody; others whom they have
// in another group, and who is of the team's organization. To them a user who is not there is
// like one who is not theirs.
func (c *Control) MayAdd(who access.Principal, group Place, user string) error {
	is := c.PlaceOfUser(user)
	shares := func(of []string) func(string) bool { return func(id string) bool { return slices.Contains(of, id) } }
	if slices.ContainsFunc(is.Teams, shares(group.Teams)) || slices.ContainsFunc(is.Orgs, shares(group.Orgs)) {
		return nil
	}
	for _, id := range is.Teams { // whose keys the organization's admins make, too
		is.Orgs = append(is.Orgs, c.PlaceOfTeam(id).Orgs...)
	}
	return c.May(who, Add, TheUser, is)
}

// MayMakeTeam returns [ErrNotPermitted] if somebody may not make such a team, else nil.
func (c *Control) MayMakeTeam(who access.Principal, ch TeamChange) error {
	var at Place
	if ch.Org != nil && *ch.Org != "" {
		at.Orgs = []string{*ch.Org}
	}
	if err := c.May(who, Make, TheTeam, at); err != nil {
		return err
	}
	return c.mayTag(who, ch.Tags)
}

// mayTag says whether somebody may give a team tags: they say whose budgets are spent.
func (c *Control) mayTag(who access.Principal, tags *[]string) error {
	if tags == nil {
		return nil
	}
	return c.May(who, Alter, TheTag, Place{})
}

// MayAlterTeam returns [ErrNotPermitted] if somebody may not change a team like that, else nil.
// Where it goes has to be theirs too; out of every organization is the managers' matter, and
// so is what is blocked, be it the team or the organization that it would leave.
func (c *Control) MayAlterTeam(who access.Principal, id string, ch TeamChange) error {
	at := c.PlaceOfTeam(id)
	if err := c.May(who, Alter, TheTeam, at); err != nil || who.Manages() {
		return err
	}
	t := c.directory.Team(id)
	if t == nil {
		return nil // changing it says so
	}
	if ch.Blocked != nil && t.Blocked && !*ch.Blocked {
		return fmt.Errorf("%w: to unblock a team", ErrNotPermitted)
	}
	if ch.Org != nil && *ch.Org != t.OrgID {
		if o := c.directory.Org(t.OrgID); o != nil && o.Blocked {
			return fmt.Errorf("%w: to take a team out of an organization that is blocked", ErrNotPermitted)
		}
		return c.MayMakeTeam(who, ch)
	}
	return c.mayTag(who, ch.Tags)
}

func (c *Control) stands(person *access.User, r relation, at Place) bool {
	inTeam := func(of func(*access.Team) []string) bool {
		return slices.ContainsFunc(at.Teams, func(id string) bool {
			t := c.directory.Team(id)
			return t != nil && access.Is(person.ID, of(t))
		})
	}
	inOrg := func(of func(*access.Organization) []string) bool {
		return slices.ContainsFunc(at.Orgs, func(id string) bool {
			o := c.directory.Org(id)
			return o != nil && access.Is(person.ID, of(o))
		})
	}
	switch r {
	case viewer:
		return person.Role == access.Viewer
	case self:
		return at.User == person.ID
	case keeper:
		return at.User == person.ID && len(at.Teams)+len(at.Orgs) == 0 && person.Role == access.SelfService
	case bearer:
		return at.User == person.ID && person.Role == access.SelfService
	case teamMember:
		return inTeam(func(t *access.Team) []string { return t.Members })
	case teamAdmin:
		return inTeam(func(t *access.Team) []string { return t.Admins })
	case orgMember:
		return inOrg(func(o *access.Organization) []string { return o.Members })
	case orgAdmin:
		return inOrg(func(o *access.Organization) []string { return o.Admins })
	}
	return false
}
