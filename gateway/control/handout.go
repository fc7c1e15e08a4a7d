package control

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
	"tollgate/gateway/limits"
)

// MaxOwnKeys is how many keys a user may have who keeps keys of its own, to make another.
const MaxOwnKeys = 100

// MayMakeKey returns [ErrNotPermitted] if somebody may not make such a key for an owner,
// else nil. A key of nobody is a manager's matter, and so is one of which only the digest is
// given, since nobody knows how strong the secret is. Who makes one in a group makes it in the
// name of members of that group alone, since it spends what they may spend; one who joins by
// the same change is left out of owner, and asked for by [Control.MayAdd].
//
// Whoever makes a key for others, or for more than one use, makes none that may do more
// than the key that asks for it: what somebody gave a limited key to do must not end in an
// unlimited one. What users, teams and organizations are bound by stays in force either way;
// what binds the key that asks alone is looked at where somebody makes keys of its own.
func (c *Control) MayMakeKey(who access.Principal, owner KeyOwner, s KeySecret, ch KeyChange) error {
	at := Place{}
	if owner.Role != access.Admin {
		at = c.placeOfOwner(owner)
	}
	if owner.TeamID != "" && owner.OrgID != "" { // making it fails unless it is the team's
		at = c.PlaceOfTeam(owner.TeamID)
	}
	if err := c.May(who, Make, TheKey, at); err != nil {
		return err
	}
	if !who.Manages() && !c.belongs(owner) {
		return fmt.Errorf("%w: to make a key in the name of %q, who is no member there", ErrNotPermitted, owner.UserID)
	}
	if !who.Manages() && s.Digest != (access.Digest{}) {
		return fmt.Errorf("%w: to make a key of which only the digest is known", ErrNotPermitted)
	}
	var k access.Key
	if err := c.applyTo(&k, &ch); err != nil {
		return err
	}
	if c.keeps(who, at) {
		if n := c.keysOfUser(at.User); n >= MaxOwnKeys {
			return fmt.Errorf("%w: to have more than %d keys; delete some", ErrNotPermitted, MaxOwnKeys)
		}
		if err := c.outruns(who, at, ""); err != nil {
			return err
		}
	}
	return c.handsOut(who, at, access.Key{}, k)
}

// belongs says whether whom a key in a group is in the name of is a member of that group.
func (c *Control) belongs(owner KeyOwner) bool {
	switch {
	case owner.UserID == "":
		return true
	case owner.TeamID != "":
		t := c.directory.Team(owner.TeamID)
		return t != nil && access.Is(owner.UserID, t.Members)
	case owner.OrgID != "":
		o := c.directory.Org(owner.OrgID)
		return o != nil && access.Is(owner.UserID, o.Members)
	}
	return true
}

// MayAlterKey is MayMakeKey for a change of a key that is there. To others than those who
// may see all keys, one that is not there is like one that is not theirs.
func (c *Control) MayAlterKey(who access.Principal, id string, ch KeyChange) error {
	k, at, err := c.mayKey(who, Alter, id)
	if err != nil || k == nil {
		return err
	}
	after := k.Clone()
	if err := c.applyTo(&after, &ch); err != nil {
		return err
	}
	// What is not changed is not handed out.
	was := *k
	if ch.Models == nil {
		after.Models = who.Key.Models
	}
	if ch.Routes == nil {
		after.Routes = who.Key.Routes
	}
	if ch.Expires == nil {
		after.Expires = who.Key.Expires
	}
	if ch.Tags == nil {
		was.Tags, after.Tags = nil, who.Key.Tags
	}
	return c.handsOut(who, at, was, after)
}

// MayRotateKey is MayAlterKey for a rotation, whose answer is a secret with all the rights
// of the key.
func (c *Control) MayRotateKey(who access.Principal, id string, s KeySecret) error {
	k, at, err := c.mayKey(who, Alter, id)
	if err != nil || k == nil {
		return err
	}
	if !who.Manages() && s.Digest != (access.Digest{}) {
		return fmt.Errorf("%w: to give a key a secret of which only the digest is known", ErrNotPermitted)
	}
	if k.ID == who.Key.ID {
		return nil
	}
	if c.keeps(who, at) {
		if err := c.outruns(who, at, k.ID); err != nil {
			return err
		}
	}
	return c.handsOut(who, at, access.Key{Tags: k.Tags}, *k) // all but its tags, which it keeps, is handed out anew
}

// MayDeleteKey is MayAlterKey for a deletion.
func (c *Control) MayDeleteKey(who access.Principal, id string) error {
	_, _, err := c.mayKey(who, Remove, id)
	return err
}

// mayKey says whether somebody may do something with a key, and returns it and where it is;
// nil if it is not there, and who asks may know.
func (c *Control) mayKey(who access.Principal, do Verb, id string) (*access.Key, Place, error) {
	k := c.directory.Key(id)
	at := Place{}
	if k != nil {
		at = c.PlaceOfKey(*k)
	}
	return k, at, c.May(who, do, TheKey, at)
}

// keeps says whether somebody may do something with a key at a place as one that keeps keys
// of its own, and not as one who manages more.
func (c *Control) keeps(who access.Principal, at Place) bool {
	person := who.Person()
	return !who.Manages() && person != nil && c.stands(person, keeper, at)
}

// notHad says what the key that asks has not, and would hand out.
func notHad(format string, args ...any) error {
	return fmt.Errorf("%w: to hand out what the key that asks has not: %s", ErrNotPermitted, fmt.Sprintf(format, args...))
}

// few names the first of a list, which may be long.
func few(texts []string) string {
	const most = 5
	if n := len(texts) - most; n > 0 {
		return fmt.Sprintf("%.64q and %d more", texts[:most], n)
	}
	return fmt.Sprintf("%.64q", texts)
}

// handsOutRoutes is handsOut of the routes alone. Who has all of the management may make any
// key; who has a part of it may not.
func handsOutRoutes(who access.Principal, routes []string) error {
	own := who.Key.Routes
	if !slices.Contains(own, access.ManageWord) && !access.RoutesWithin(routes, own) {
		return notHad("it is kept to the routes %s", few(own))
	}
	return nil
}

// MayGiveRole returns [ErrNotPermitted] if somebody who makes or changes a user may not give
// it a role; nil gives none. A manager may do what every route does, and a viewer what those
// do that read: a key that is kept to others makes neither.
func (c *Control) MayGiveRole(who access.Principal, role *access.UserRole) error {
	switch {
	case role == nil:
	case *role == access.Manager:
		return handsOutRoutes(who, nil)
	case *role == access.Viewer:
		return handsOutRoutes(who, []string{access.ReadWord})
	}
	return nil
}

// MayApply is MayMakeKey, MayAlterKey, MayRotateKey and MayGiveRole for the edits of somebody
// who manages. The error is an [*EditError].
func (c *Control) MayApply(who access.Principal, edits []Edit) error {
	for i, e := range edits {
		if err := c.mayEdit(who, e); err != nil {
			return &EditError{i, e, err}
		}
	}
	return nil
}

func (c *Control) mayEdit(who access.Principal, e Edit) error {
	switch e := e.(type) {
	case UserEdit:
		return c.MayGiveRole(who, e.Role)
	case KeyEdit:
		switch {
		case e.Routes != nil:
			return handsOutRoutes(who, *e.Routes)
		case e.Action == Create:
			return handsOutRoutes(who, nil)
		case e.Action == Rotate:
			if k := c.directory.Key(e.ID); k != nil { // else an edit before made it
				return handsOutRoutes(who, k.Routes)
			}
		}
	}
	return nil
}

// outruns returns [ErrNotPermitted] if the key that asks is kept to a budget that another key
// of its user would not be kept to. id is that of the other; "": it is new. Two keys may spend
// as much each, and do so together unless the user is kept to it.
func (c *Control) outruns(who access.Principal, at Place, id string) error {
	var budgets []ledger.Budget
	for _, a := range otherBounds(at.User, id) {
		budgets = append(budgets, c.BudgetsOf(a)...)
	}
	for _, b := range c.BudgetsOf(scope.Account{Kind: scope.Key, ID: who.Key.ID}) {
		if b.Limit != nil && !slices.ContainsFunc(budgets, func(o ledger.Budget) bool { return noMore(o, b) }) {
			return notHad("it is kept to the budget %s, and %s is to no such", cmp.Or(b.Name, b.ID), at.User)
		}
	}
	return nil
}

// MayOutpace returns [ErrNotPermitted] if the key of somebody who keeps keys of its own is kept
// to a rate that another key of the user would not be kept to. id is that of the other; "": it
// is new. It is for those who cannot give a key a rate of its own.
func (c *Control) MayOutpace(who access.Principal, owner KeyOwner, id string) error {
	at := c.placeOfOwner(owner)
	if !c.keeps(who, at) || id == who.Key.ID {
		return nil
	}
	var rates []limits.Rule
	for _, a := range otherBounds(at.User, id) {
		rates = append(rates, c.LimitsOf(a)...)
	}
	for _, r := range c.LimitsOf(scope.Account{Kind: scope.Key, ID: who.Key.ID}) {
		for _, of := range rateMetrics {
			if n := of(r); n != nil && !slices.ContainsFunc(rates, func(o limits.Rule) bool { m := of(o); return m != nil && *m <= *n && noFewer(o.Models, r.Models) }) {
				return notHad("it is kept to the rate limit %s, and %s is to no such", cmp.Or(r.Name, r.ID), at.User)
			}
		}
	}
	return nil
}

// otherBounds are what another key of a user counts for, whatever it may be in besides.
func otherBounds(user, id string) []scope.Account {
	return []scope.Account{{Kind: scope.Key, ID: id}, {Kind: scope.User, ID: user}, {Kind: scope.Gateway}}
}

// rateMetrics are what a rate limit bounds.
var rateMetrics = []func(limits.Rule) *int64{
	func(r limits.Rule) *int64 { return r.Requests }, func(r limits.Rule) *int64 { return r.Tokens }, func(r limits.Rule) *int64 { return r.Concurrent },
}

// noMore says whether a budget plainly lets through no more than another one.
func noMore(b, than ledger.Budget) bool {
	w := b.Window.String()
	return b.Limit != nil && *b.Limit <= *than.Limit && (w == string(ledger.Total) || w == than.Window.String()) && noFewer(b.Models, than.Models)
}

// noFewer says whether a rule for some models is plainly one for others, too.
func noFewer(models, than []string) bool { return len(models) == 0 || slices.Equal(models, than) }

// handsOut returns [ErrNotPermitted] if a key would have rights that the one that asks for
// it has not. was is the key before, the zero Key if it is new.
func (c *Control) handsOut(who access.Principal, at Place, was, k access.Key) error {
	own := who.Key
	if err := handsOutRoutes(who, k.Routes); err != nil || who.Manages() {
		return err
	}
	switch {
	case !access.ModelsWithin(k.Models, own.Models, c.isGroup):
		return notHad("it may use the models %s", few(own.Models))
	case !own.Expires.IsZero() && (k.Expires.IsZero() || k.Expires.After(own.Expires)):
		return notHad("it expires at %s", own.Expires.UTC().Format(time.RFC3339))
	case firstMissing(own.Tags, k.Tags) != "":
		return notHad("its calls have the tags %s", few(own.Tags))
	case firstMissing(was.Tags, k.Tags) != "":
		return fmt.Errorf("%w: to take the tag %q from a key", ErrNotPermitted, firstMissing(was.Tags, k.Tags))
	case !own.CallTags && (k.CallTags && !was.CallTags || firstMissing(k.Tags, slices.Concat(own.Tags, was.Tags)) != ""):
		return notHad("its calls name no tags")
	case was.Blocked && !k.Blocked:
		return fmt.Errorf("%w: to unblock a key", ErrNotPermitted)
	case c.keeps(who, at) && k.EndUsers && !was.EndUsers && !own.EndUsers:
		return notHad("it names nobody whom calls are made for")
	}
	return nil
}

// firstMissing is the first of some tags that is not among others; "": all are.
func firstMissing(tags, among []string) string {
	for _, tag := range tags {
		if !slices.Contains(among, tag) {
			return tag
		}
	}
	return ""
}

// isGroup says whether a name is that of a group of models, whoever made the group.
func (c *Control) isGroup(name string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.added.groups[name]; ok {
		return true
	}
	for _, d := range c.added.deployments {
		if d.read != nil && slices.Contains(d.read.Model.Groups, name) {
			return true
		}
	}
	return slices.ContainsFunc(c.declared.Spec.Models, func(m catalog.ModelSpec) bool { return slices.Contains(m.Groups, name) })
}

func (c *Control) keysOfUser(user string) (n int) {
	for _, id := range c.directory.KeyIDs() {
		if k := c.directory.Key(id); k != nil && k.UserID == user {
			n++
		}
	}
	return n
}
