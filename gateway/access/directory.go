package access

import (
	"crypto/subtle"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Directory holds everybody in memory. Reads take no lock; what they return is never
// changed, and what was changed is what they return from then on. The zero value is
// empty.
type Directory struct {
	mu  sync.Mutex // held by who changes something
	all atomic.Pointer[everybody]
}

// everybody is the content of a directory.
type everybody struct {
	keys   table[Key]
	users  table[User]
	others table[EndUser] // of whom something is known
	tags   table[Tag]     // of which something is known
	teams  sync.Map       // id -> *Team
	orgs   sync.Map       // id -> *Organization
	former sync.Map       // Digest -> id of the key that had it before; there are few
	record []byte         // the last that was written, for the next; who writes holds the lock
}

var nobody everybody // never written

func (d *Directory) now() *everybody {
	if all := d.all.Load(); all != nil {
		return all
	}
	return &nobody
}

// change takes the lock and returns what may be written until it is given back.
func (d *Directory) change() *everybody {
	d.mu.Lock()
	if d.all.Load() == nil {
		d.all.Store(&everybody{})
	}
	return d.all.Load()
}

// Replace puts all that another directory holds in the place of all that this one
// holds, at one moment. The other must not be used any more.
func (d *Directory) Replace(with *Directory) {
	all := with.change()
	with.mu.Unlock()
	all.keys.index()
	all.users.index()
	all.others.index()
	all.tags.index()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all.Store(all)
}

// PutKey adds or replaces a key. Foreign says that the key has another form than
// [NewKey] gives, such as an admin key set by hand.
func (d *Directory) PutKey(k Key, foreign bool) {
	all := d.change()
	defer d.mu.Unlock()
	all.forget(k.ID)
	all.record = appendKey(all.record[:0], &k, foreign)
	all.keys.put(all.record)
	all.remember(&k)
}

// remember lets a key be found by the digest it had before.
func (e *everybody) remember(k *Key) {
	if !k.FormerUntil.IsZero() {
		e.former.Store(k.Former, k.ID)
	}
}

// forget undoes remember, before a key is replaced or goes.
func (e *everybody) forget(id string) {
	if k := e.keys.get(id, readKey); k != nil && !k.FormerUntil.IsZero() {
		e.former.CompareAndDelete(k.Former, id)
	}
}

// FillKey adds a key to a directory that nobody reads before it takes another's place with
// [Directory.Replace]: until then the key cannot be found. No id may come twice. It is for
// a start, which waits for every key there is.
func (d *Directory) FillKey(k *Key, foreign bool) {
	all := d.change()
	defer d.mu.Unlock()
	all.record = appendKey(all.record[:0], k, foreign)
	all.keys.fill(all.record)
	all.remember(k)
}

// FillUser is FillKey for a user.
func (d *Directory) FillUser(u *User) {
	all := d.change()
	defer d.mu.Unlock()
	all.record = appendUser(all.record[:0], u)
	all.users.fill(all.record)
}

// DropKey removes a key.
func (d *Directory) DropKey(id string) {
	all := d.change()
	defer d.mu.Unlock()
	all.forget(id)
	all.keys.drop(id)
}

// Key returns the key of an id, or nil.
func (d *Directory) Key(id string) *Key { return d.now().keys.get(id, readKey) }

// Keys is how many keys there are.
func (d *Directory) Keys() int {
	d.mu.Lock() // the count is the writer's
	defer d.mu.Unlock()
	if g := d.now().keys.now.Load(); g != nil {
		return g.live
	}
	return 0
}

// KeyIDs lists the ids of all keys, in no order.
func (d *Directory) KeyIDs() []string { return d.now().keys.ids() }

// FillEndUser is FillKey for an end user.
func (d *Directory) FillEndUser(u *EndUser) {
	all := d.change()
	defer d.mu.Unlock()
	all.record = appendEndUser(all.record[:0], u)
	all.others.fill(all.record)
}

// PutEndUser adds or replaces an end user.
func (d *Directory) PutEndUser(u EndUser) {
	all := d.change()
	defer d.mu.Unlock()
	all.record = appendEndUser(all.record[:0], &u)
	all.others.put(all.record)
}

// DropEndUser removes an end user.
func (d *Directory) DropEndUser(id string) {
	all := d.change()
	defer d.mu.Unlock()
	all.others.drop(id)
}

// EndUser returns an end user of whom something is known, or nil.
func (d *Directory) EndUser(id string) *EndUser { return d.now().others.get(id, readEndUser) }

// FillTag is FillKey for a tag.
func (d *Directory) FillTag(t *Tag) {
	all := d.change()
	defer d.mu.Unlock()
	all.record = appendTag(all.record[:0], t)
	all.tags.fill(all.record)
}

// PutTag adds or replaces a tag.
func (d *Directory) PutTag(t Tag) {
	all := d.change()
	defer d.mu.Unlock()
	all.record = appendTag(all.record[:0], &t)
	all.tags.put(all.record)
}

// DropTag removes a tag.
func (d *Directory) DropTag(id string) {
	all := d.change()
	defer d.mu.Unlock()
	all.tags.drop(id)
}

// Tag returns a tag of which something is known, or nil.
func (d *Directory) Tag(id string) *Tag { return d.now().tags.get(id, readTag) }

// UserIDs lists the ids of all users, in no order.
func (d *Directory) UserIDs() []string { return d.now().users.ids() }

// TeamIDs lists the ids of all teams, in no order.
func (d *Directory) TeamIDs() []string {
	var ids []string
	d.now().teams.Range(func(id, _ any) bool { ids = append(ids, id.(string)); return true })
	return ids
}

// OrgIDs lists the ids of all organizations, in no order.
func (d *Directory) OrgIDs() []string {
	var ids []string
	d.now().orgs.Range(func(id, _ any) bool { ids = append(ids, id.(string)); return true })
	return ids
}

// PutUser adds or replaces a user.
func (d *Directory) PutUser(u User) {
	all := d.change()
	defer d.mu.Unlock()
	all.record = appendUser(all.record[:0], &u)
	all.users.put(all.record)
}

// DropUser removes a user.
func (d *Directory) DropUser(id string) {
	all := d.change()
	defer d.mu.Unlock()
	all.users.drop(id)
}

// User returns a user, or nil.
func (d *Directory) User(id string) *User { return d.now().users.get(id, readUser) }

// PutTeam adds or replaces a team.
func (d *Directory) PutTeam(t Team) {
	t.Models, t.Members = slices.Clone(t.Models), slices.Clone(t.Members)
	t.Admins, t.Aliases, t.Tags = slices.Clone(t.Admins), maps.Clone(t.Aliases), slices.Clone(t.Tags)
	slices.Sort(t.Members) // a database may have another order of texts
	slices.Sort(t.Admins)
	all := d.change()
	defer d.mu.Unlock()
	all.teams.Store(t.ID, &t)
}

// DropTeam removes a team.
func (d *Directory) DropTeam(id string) {
	all := d.change()
	defer d.mu.Unlock()
	all.teams.Delete(id)
}

// Team returns a team, or nil.
func (d *Directory) Team(id string) *Team { return d.now().team(id) }

func (e *everybody) team(id string) *Team {
	if id == "" {
		return nil
	}
	if t, ok := e.teams.Load(id); ok {
		return t.(*Team)
	}
	return nil
}

// PutOrg adds or replaces an organization.
func (d *Directory) PutOrg(o Organization) {
	o.Models, o.Members, o.Admins = slices.Clone(o.Models), slices.Clone(o.Members), slices.Clone(o.Admins)
	slices.Sort(o.Members)
	slices.Sort(o.Admins)
	all := d.change()
	defer d.mu.Unlock()
	all.orgs.Store(o.ID, &o)
}

// DropOrg removes an organization.
func (d *Directory) DropOrg(id string) {
	all := d.change()
	defer d.mu.Unlock()
	all.orgs.Delete(id)
}

// Org returns an organization, or nil.
func (d *Directory) Org(id string) *Organization { return d.now().org(id) }

func (e *everybody) org(id string) *Organization {
	if id == "" {
		return nil
	}
	if o, ok := e.orgs.Load(id); ok {
		return o.(*Organization)
	}
	return nil
}

// principal puts together who a key stands for.
func (e *everybody) principal(k *Key) Principal {
	p := Principal{Key: k, Team: e.team(k.TeamID)}
	p.Tags = tagsOf(k, p.Team)
	if k.UserID != "" {
		p.User = e.users.get(k.UserID, readUser)
	}
	org := k.OrgID
	if org == "" && p.Team != nil {
		org = p.Team.OrgID
	}
	p.Org = e.org(org)
	return p
}

// Principal returns who a key stands for, be it let in or not.
func (d *Directory) Principal(k *Key) Principal { return d.now().principal(k) }

// ByDigest returns the key that has a digest, or had it before and may still be used by
// it; nil if there is none.
func (d *Directory) ByDigest(digest Digest, now time.Time) *Key { return d.now().byDigest(digest, now) }

func (e *everybody) byDigest(digest Digest, now time.Time) *Key {
	if k := e.keys.getDigest(digest, readKey); k != nil {
		return k
	}
	if id, ok := e.former.Load(digest); ok {
		if k := e.keys.get(id.(string), readKey); k != nil && k.Former == digest && now.Before(k.FormerUntil) {
			return k
		}
	}
	return nil
}

// Credentials are the headers of a request that may carry a key.
type Credentials struct {
	Authorization string // `Bearer …`
	XAPIKey       string // `x-api-key`, as Anthropic's clients send it
	APIKey        string // `api-key`, as Azure's clients send it
	Subscription  string // `Ocp-Apim-Subscription-Key`, as clients of Azure's API management send it
	Google        string // `x-goog-api-key`, as Google's clients send it
	Other         string // of one more header, alone or as `Bearer …`
}

// Extract returns the one key among the headers. The same key in two headers is
// one; two different ones are [ErrTwoCredentials], since one of them would be
// ignored. A header that is there but empty is as if absent.
func Extract(c Credentials) (string, error) {
	var found string
	scheme, bearer, _ := strings.Cut(strings.TrimSpace(c.Authorization), " ")
	if scheme != "" && !strings.EqualFold(scheme, "bearer") {
		return "", ErrUnknownKey // another scheme
	}
	other := strings.TrimSpace(c.Other)
	if scheme, rest, _ := strings.Cut(other, " "); strings.EqualFold(scheme, "bearer") {
		other = rest
	}
	for _, v := range [...]string{bearer, c.XAPIKey, c.APIKey, c.Subscription, c.Google, other} {
		v = strings.TrimSpace(v)
		switch {
		case v == "":
		case found == "":
			found = v
		case subtle.ConstantTimeCompare([]byte(found), []byte(v)) != 1:
			return "", ErrTwoCredentials
		}
	}
	switch {
	case found == "":
		return "", ErrNoCredential
	case len(found) > MaxCredential:
		return "", ErrUnknownKey
	}
	return found, nil
}

// Authenticate returns who a key stands for at the instant now. A key in
// tollgate's own form whose checksum is wrong is refused before anything is looked
// up. The key's user and team must exist and be open too.
func (d *Directory) Authenticate(key string, now time.Time) (Principal, error) {
	if strings.HasPrefix(key, Prefix) && !WellFormed(key) {
		return Principal{}, ErrUnknownKey
	}
	all := d.now()
	k := all.byDigest(DigestOf(key), now)
	if k == nil || !k.foreign && k.FormerUntil.IsZero() && !strings.HasPrefix(key, Prefix) {
		return Principal{}, ErrUnknownKey
	}
	p := all.principal(k)
	if err := p.Refusal(now); err != nil {
		return Principal{}, err
	}
	return p, nil
}

// Still says why somebody who was let in would be refused at the instant now, or nil.
func (d *Directory) Still(p Principal, now time.Time) error {
	k := d.Key(p.Key.ID)
	if k == nil {
		return ErrUnknownKey
	}
	if p.EndUser != "" {
		if u := d.EndUser(p.EndUser); u != nil && u.Blocked {
			return ErrEndUser
		}
	}
	for _, tag := range p.Tags {
		if t := d.Tag(tag); t != nil && t.Blocked {
			return ErrTagBlocked
		}
	}
	return d.Principal(k).Refusal(now)
}
