package access

import (
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
	was := all.keys.get(k.ID, readKey)
	all.remember(&k) // first: who brings the secret that is replaced now finds the key all the time
	all.record = appendKey(all.record[:0], &k, foreign)
	all.keys.put(all.record)
	if was != nil && was.Former != k.Former {
		all.forget(was)
	}
}

// remember lets a key be found by the digest it had before.
func (e *everybody) remember(k *Key) {
	if !k.FormerUntil.IsZero() {
		e.former.Store(k.Former, k.ID)
	}
}

// forget undoes remember for a key that was replaced or goes.
func (e *everybody) forget(k *Key) {
	if !k.FormerUntil.IsZero() {
		e.former.CompareAndDelete(k.Former, k.ID)
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

// DropKey removes a key.
func (d *Directory) DropKey(id string) {
	all := d.change()
	defer d.mu.Unlock()
	if k := all.keys.get(id, readKey); k != nil {
		all.forget(k)
	}
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
