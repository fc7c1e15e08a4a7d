package access

import (
	"crypto/subtle"
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
	teams  sync.Map // id -> *Team
	record []byte   // the last that was written, for the next; who writes holds the lock
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
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all.Store(all)
}

// PutKey adds or replaces a key. Foreign says that the key has another form than
// [NewKey] gives, such as an admin key set by hand.
func (d *Directory) PutKey(k Key, foreign bool) {
	all := d.change()
	defer d.mu.Unlock()
	all.record = appendKey(all.record[:0], &k, foreign)
	all.keys.put(all.record)
}

// FillKey adds a key to a directory that nobody reads before it takes another's place with
// [Directory.Replace]: until then the key cannot be found. No id may come twice. It is for
// a start, which waits for every key there is.
func (d *Directory) FillKey(k *Key, foreign bool) {
	all := d.change()
	defer d.mu.Unlock()
	all.record = appendKey(all.record[:0], k, foreign)
	all.keys.fill(all.record)
}

// FillUser is FillKey for a user.
func (d *Directory) FillUser(u *User) {
	all := d.change()
	defer d.mu.Unlock()
	all.record = appendUser(all.record[:0], u)
	all.users.fill(all.record)
}

// ChangeKey replaces a key whose form stays the same.
func (d *Directory) ChangeKey(k Key) {
	all := d.change()
	defer d.mu.Unlock()
	g, at, p := all.keys.find(k.ID)
	all.record = appendKey(all.record[:0], &k, at >= 0 && g.record(p)[0]&flagForeign != 0)
	all.keys.put(all.record)
}

// DropKey removes a key.
func (d *Directory) DropKey(id string) {
	all := d.change()
	defer d.mu.Unlock()
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

// UserIDs lists the ids of all users, in no order.
func (d *Directory) UserIDs() []string { return d.now().users.ids() }

// TeamIDs lists the ids of all teams, in no order.
func (d *Directory) TeamIDs() []string {
	var ids []string
	d.now().teams.Range(func(id, _ any) bool { ids = append(ids, id.(string)); return true })
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
	slices.Sort(t.Members) // a database may have another order of texts
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
	k := all.keys.getDigest(DigestOf(key), readKey)
	if k == nil || !k.foreign && !strings.HasPrefix(key, Prefix) {
		return Principal{}, ErrUnknownKey
	}
	p := Principal{Key: k, Team: all.team(k.TeamID)}
	if k.UserID != "" {
		p.User = all.users.get(k.UserID, readUser)
	}
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
	return Principal{Key: k, User: d.User(k.UserID), Team: d.Team(k.TeamID)}.Refusal(now)
}
