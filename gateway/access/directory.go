package access

import (
	"crypto/subtle"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Directory holds everybody in memory. Reads take no lock that a call could wait
// on; an object in it is replaced, never changed. The zero value is empty.
type Directory struct {
	keys    sync.Map // Digest -> *Key
	byID    sync.Map // key id -> Digest
	users   sync.Map // id -> *User
	teams   sync.Map // id -> *Team
	foreign sync.Map // Digest -> struct{}: keys that were not made by NewKey
	count   atomic.Int64
}

// PutKey adds or replaces a key. Foreign says that the key has another form than
// [NewKey] gives, such as an admin key set by hand.
func (d *Directory) PutKey(k Key, foreign bool) {
	c := k.Clone()
	old, known := d.byID.Swap(k.ID, k.Digest)
	switch {
	case !known:
		d.count.Add(1)
	case old.(Digest) != k.Digest:
		d.keys.Delete(old)
		d.foreign.Delete(old)
	}
	if foreign {
		d.foreign.Store(k.Digest, struct{}{})
	}
	d.keys.Store(k.Digest, &c)
}

// ChangeKey replaces a key whose digest stays the same.
func (d *Directory) ChangeKey(k Key) {
	c := k.Clone()
	d.keys.Store(k.Digest, &c)
}

// DropKey removes a key.
func (d *Directory) DropKey(id string) {
	if digest, ok := d.byID.LoadAndDelete(id); ok {
		d.count.Add(-1)
		d.keys.Delete(digest)
		d.foreign.Delete(digest)
	}
}

// Key returns the key of an id, or nil.
func (d *Directory) Key(id string) *Key {
	if digest, ok := d.byID.Load(id); ok {
		if k, ok := d.keys.Load(digest); ok {
			return k.(*Key)
		}
	}
	return nil
}

// Keys is how many keys there are.
func (d *Directory) Keys() int { return int(d.count.Load()) }

// KeyIDs lists the ids of all keys, in no order.
func (d *Directory) KeyIDs() []string { return ids(&d.byID) }

// UserIDs lists the ids of all users, in no order.
func (d *Directory) UserIDs() []string { return ids(&d.users) }

// TeamIDs lists the ids of all teams, in no order.
func (d *Directory) TeamIDs() []string { return ids(&d.teams) }

func ids(m *sync.Map) []string {
	var out []string
	m.Range(func(id, _ any) bool { out = append(out, id.(string)); return true })
	return out
}

// PutUser adds or replaces a user.
func (d *Directory) PutUser(u User) {
	u.Models = slices.Clone(u.Models)
	d.users.Store(u.ID, &u)
}

// DropUser removes a user.
func (d *Directory) DropUser(id string) { d.users.Delete(id) }

// User returns a user, or nil.
func (d *Directory) User(id string) *User {
	if u, ok := d.users.Load(id); ok {
		return u.(*User)
	}
	return nil
}

// PutTeam adds or replaces a team.
func (d *Directory) PutTeam(t Team) {
	t.Models, t.Members = slices.Clone(t.Models), slices.Clone(t.Members)
	d.teams.Store(t.ID, &t)
}

// DropTeam removes a team.
func (d *Directory) DropTeam(id string) { d.teams.Delete(id) }

// Team returns a team, or nil.
func (d *Directory) Team(id string) *Team {
	if t, ok := d.teams.Load(id); ok {
		return t.(*Team)
	}
	return nil
}

// Credentials are the headers of a request that may carry a key.
type Credentials struct {
	Authorization string // `Bearer …`
	XAPIKey       string // `x-api-key`, as Anthropic's clients send it
	APIKey        string // `api-key`, as Azure's clients send it
}

// Extract returns the one key among the headers. The same key in two headers is
// one; two different ones are [ErrTwoCredentials], since one of them would be
// ignored. A header that is there but empty is as if absent.
func Extract(c Credentials) (string, error) {
	var found string
	bearer, ok := cutPrefixFold(strings.TrimSpace(c.Authorization)+" ", "bearer ")
	if !ok && strings.TrimSpace(c.Authorization) != "" {
		return "", ErrUnknownKey // another scheme
	}
	for _, v := range []string{bearer, c.XAPIKey, c.APIKey} {
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

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return "", false
	}
	return s[len(prefix):], true
}

// Authenticate returns who a key stands for at the instant now. A key in
// tollgate's own form whose checksum is wrong is refused before anything is looked
// up. The key's user and team must exist and be open too.
func (d *Directory) Authenticate(key string, now time.Time) (Principal, error) {
	if strings.HasPrefix(key, Prefix) && !WellFormed(key) {
		return Principal{}, ErrUnknownKey
	}
	digest := DigestOf(key)
	if !strings.HasPrefix(key, Prefix) {
		if _, ok := d.foreign.Load(digest); !ok {
			return Principal{}, ErrUnknownKey
		}
	}
	v, ok := d.keys.Load(digest)
	if !ok {
		return Principal{}, ErrUnknownKey
	}
	k := v.(*Key)
	p := Principal{Key: k, User: d.User(k.UserID), Team: d.Team(k.TeamID)}
	if err := p.Refusal(now); err != nil {
		return Principal{}, err
	}
	return p, nil
}
