package access_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tollgate/gateway/access"
)

// TestDirectoryIsAMap: whatever is put, replaced and dropped in whatever order, the
// directory answers like a map, key by key and in whole.
func TestDirectoryIsAMap(t *testing.T) {
	ids := make([]string, 40)
	for i := range ids {
		ids[i] = fmt.Sprintf("key_%d", i)
	}
	texts := rapid.SampledFrom([]string{"", "a", "gpt-*", "ä€", strings.Repeat("long ", 100)})
	list := rapid.SliceOfN(texts, 0, 3)
	instant := rapid.Map(rapid.Int64Range(-1<<33, 1<<33), func(s int64) time.Time { return time.Unix(s, s&0xffff).UTC() })
	key := rapid.Custom(func(t *rapid.T) access.Key {
		k := access.Key{ID: rapid.SampledFrom(ids).Draw(t, "id"), Name: texts.Draw(t, "name"), Hint: texts.Draw(t, "hint"), Role: rapid.SampledFrom([]access.Role{access.Caller, access.Admin}).Draw(t, "role"),
			UserID: texts.Draw(t, "user"), TeamID: texts.Draw(t, "team"), Models: list.Draw(t, "models"), BudgetFallback: list.Draw(t, "fallback"),
			Blocked: rapid.Bool().Draw(t, "blocked"), EndUsers: rapid.Bool().Draw(t, "end users"), Metadata: rapid.MapOfN(texts, texts, 0, 3).Draw(t, "metadata"),
			OrgID: texts.Draw(t, "org"), Aliases: rapid.MapOfN(texts, texts, 0, 2).Draw(t, "aliases"), Routes: list.Draw(t, "routes"), Tags: list.Draw(t, "tags"), CallTags: rapid.Bool().Draw(t, "call tags")}
		if rapid.Bool().Draw(t, "rotated") {
			k.Former, k.FormerUntil = access.DigestOf("former "+k.ID), instant.Draw(t, "until")
		}
		k.Digest = access.DigestOf(k.ID + fmt.Sprint(rapid.IntRange(0, 2).Draw(t, "secret")))
		if rapid.Bool().Draw(t, "expires") {
			k.Expires = instant.Draw(t, "when")
		}
		if rapid.Bool().Draw(t, "created") {
			k.Created = instant.Draw(t, "since")
		}
		return k
	})
	rapid.Check(t, func(t *rapid.T) {
		var d access.Directory
		keys, users := map[string]access.Key{}, map[string]access.User{}
		for range rapid.IntRange(0, 300).Draw(t, "steps") {
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0, 1, 2, 3:
				k := key.Draw(t, "key")
				d.PutKey(k, false)
				keys[k.ID] = k
			case 4, 5:
				id := rapid.SampledFrom(ids).Draw(t, "drop")
				d.DropKey(id)
				delete(keys, id)
			case 6, 7:
				u := access.User{ID: rapid.SampledFrom(ids).Draw(t, "user id"), Name: texts.Draw(t, "user name"), Email: texts.Draw(t, "mail"), Models: list.Draw(t, "user models"),
					Blocked: rapid.Bool().Draw(t, "user blocked"), Role: rapid.SampledFrom(access.UserRoles()).Draw(t, "user role"), Created: instant.Draw(t, "user since")}
				d.PutUser(u)
				users[u.ID] = u
			case 8:
				id := rapid.SampledFrom(ids).Draw(t, "drop user")
				d.DropUser(id)
				delete(users, id)
			case 9: // everything moves to another directory
				var next access.Directory
				filled := rapid.SampledFrom([]string{"filled", "put", "both"}).Draw(t, "how")
				for _, k := range keys {
					if filled == "filled" || filled == "both" && rapid.Bool().Draw(t, "fill key") {
						next.FillKey(&k, false)
					} else {
						next.PutKey(k, false)
					}
				}
				for _, u := range users {
					if filled == "filled" || filled == "both" && rapid.Bool().Draw(t, "fill user") {
						next.FillUser(&u)
					} else {
						next.PutUser(u)
					}
				}
				d.Replace(&next)
			}
		}
		if got, want := sorted(d.KeyIDs()), slices.Sorted(maps.Keys(keys)); !slices.Equal(got, want) || d.Keys() != len(want) {
			t.Fatalf("keys %v, %d are counted, want %v", got, d.Keys(), want)
		}
		if got, want := sorted(d.UserIDs()), slices.Sorted(maps.Keys(users)); !slices.Equal(got, want) {
			t.Fatalf("users %v, want %v", got, want)
		}
		for _, id := range ids {
			got, want := d.Key(id), keys[id]
			if _, there := keys[id]; (got != nil) != there {
				t.Fatalf("%s is there: %v", id, got != nil)
			} else if there && !reflect.DeepEqual(plain(*got), plain(want)) {
				t.Fatalf("%+v, want %+v", *got, want)
			}
			u, wantUser := d.User(id), users[id]
			if _, there := users[id]; (u != nil) != there {
				t.Fatalf("user %s is there: %v", id, u != nil)
			} else if there && !reflect.DeepEqual(*u, wantUser) {
				t.Fatalf("%+v, want %+v", *u, wantUser)
			}
		}
	})
}

// plain makes nothing and nothing in it look alike.
func plain(k access.Key) access.Key {
	k.Models, k.BudgetFallback, k.Routes, k.Tags = append([]string{}, k.Models...), append([]string{}, k.BudgetFallback...), append([]string{}, k.Routes...), append([]string{}, k.Tags...)
	if len(k.Metadata) == 0 {
		k.Metadata = nil
	}
	if len(k.Aliases) == 0 {
		k.Aliases = nil
	}
	return access.Key{ID: k.ID, Name: k.Name, Digest: k.Digest, Hint: k.Hint, Role: k.Role, UserID: k.UserID, TeamID: k.TeamID, Models: k.Models,
		Expires: k.Expires, Blocked: k.Blocked, EndUsers: k.EndUsers, BudgetFallback: k.BudgetFallback, Metadata: k.Metadata, Created: k.Created,
		OrgID: k.OrgID, Routes: k.Routes, Tags: k.Tags, CallTags: k.CallTags, Aliases: k.Aliases, Former: k.Former, FormerUntil: k.FormerUntil}
}

func sorted(ids []string) []string { slices.Sort(ids); return ids }

// TestEverybodyIsFound: whoever was put or filled in is there with all that is known of
// them, also after a move to another directory, until they are dropped.
func TestEverybodyIsFound(t *testing.T) {
	end, other := access.EndUser{ID: "e", Name: "Eve", Blocked: true, Created: now}, access.EndUser{ID: "f"}
	tag, mark := access.Tag{ID: "t", Description: "a tag", Blocked: true, Created: now}, access.Tag{ID: "u"}
	var put, filled, moved access.Directory
	put.PutEndUser(end)
	put.PutEndUser(other)
	put.PutTag(tag)
	put.PutTag(mark)
	for _, x := range []access.EndUser{end, other} {
		filled.FillEndUser(&x)
	}
	for _, x := range []access.Tag{tag, mark} {
		filled.FillTag(&x)
	}
	moved.Replace(&filled)
	for name, d := range map[string]*access.Directory{"put": &put, "filled": &moved} {
		if e, f := d.EndUser("e"), d.EndUser("f"); e == nil || f == nil || *e != end || *f != other {
			t.Errorf("%s: end users %+v, %+v", name, e, f)
		}
		if a, b := d.Tag("t"), d.Tag("u"); a == nil || b == nil || *a != tag || *b != mark {
			t.Errorf("%s: tags %+v, %+v", name, a, b)
		}
		d.DropEndUser("e")
		d.DropTag("t")
		if d.EndUser("e") != nil || d.Tag("t") != nil || d.EndUser("f") == nil || d.Tag("u") == nil || d.EndUser("") != nil {
			t.Errorf("%s: who was dropped is there, or another is not", name)
		}
	}
}

// TestDirectoryRecordsOfAnySize: a record may be longer than the memory that is taken for
// many, and its neighbours are whole.
func TestDirectoryRecordsOfAnySize(t *testing.T) {
	var put, filled, replaced access.Directory
	for i := range 40 {
		k := access.Key{ID: fmt.Sprint(i), Digest: access.DigestOf(fmt.Sprint(i)), Name: strings.Repeat(string(rune('a'+i%26)), i*i*2000)}
		put.PutKey(k, false)
		filled.FillKey(&k, false)
	}
	replaced.Replace(&filled)
	for i := range 40 {
		for _, d := range []*access.Directory{&put, &replaced} {
			if k := d.Key(fmt.Sprint(i)); k == nil || k.Name != strings.Repeat(string(rune('a'+i%26)), i*i*2000) {
				t.Errorf("key %d is gone or another", i)
			}
		}
	}
}

// TestDirectoryWhileItChanges: while keys come, go and are blocked, a key that stays
// always works, also while itself and its user are changed and it is rotated, and one that
// was revoked works no more from the moment the call returns.
func TestDirectoryWhileItChanges(t *testing.T) {
	var d access.Directory
	secret := func() string {
		s, err := access.NewKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	stays := secret()
	kept := access.Key{ID: "stays", Role: access.Caller, UserID: "u", Digest: access.DigestOf(stays)}
	d.PutUser(access.User{ID: "u"})
	d.PutKey(kept, false)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if p, err := d.Authenticate(stays, now); err != nil || p.Key.ID != "stays" || p.User.ID != "u" {
					t.Errorf("a key that stays: %+v, %v", p.Key, err)
					return
				}
			}
		})
	}
	for i := range 2000 {
		if i == 1000 {
			kept.Digest, kept.Former, kept.FormerUntil = access.DigestOf(secret()), kept.Digest, now.Add(time.Hour)
		}
		kept.Name = fmt.Sprint(i)
		d.PutKey(kept, false)
		d.PutUser(access.User{ID: "u", Name: kept.Name})
		s := secret()
		k := access.Key{ID: fmt.Sprintf("key_%d", i%50), Role: access.Caller, UserID: "u", Digest: access.DigestOf(s)}
		d.PutKey(k, false)
		if _, err := d.Authenticate(s, now); err != nil {
			t.Fatalf("a new key: %v", err)
		}
		k.Blocked = true
		d.PutKey(k, false)
		if _, err := d.Authenticate(s, now); !errors.Is(err, access.ErrKeyBlocked) {
			t.Fatalf("a blocked key: %v", err)
		}
		if i%3 == 0 {
			d.DropKey(k.ID)
			if _, err := d.Authenticate(s, now); !errors.Is(err, access.ErrUnknownKey) {
				t.Fatalf("a revoked key: %v", err)
			}
		}
	}
	close(stop)
	readers.Wait()
}

// TestDirectoryIsSmall: what 100,000 keys of 10,000 users take, for ever and of the
// garbage collector's time.
func TestDirectoryIsSmall(t *testing.T) {
	const n = 100_000
	before := heap()
	d := fill(n, 0)
	after := heap()
	bytes, objects := float64(after.HeapAlloc-before.HeapAlloc)/n, float64(after.HeapObjects)-float64(before.HeapObjects)
	t.Logf("%.0f bytes and %.4f objects a key", bytes, objects/n)
	if bytes > 250 || objects > n/100 {
		t.Errorf("%.0f bytes a key and %.0f objects in all; it had 160 bytes and some 100 objects", bytes, objects)
	}
	runtime.KeepAlive(d)
}

func heap() (m runtime.MemStats) {
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m
}

// fill makes n keys, the first of which are those of secretOf.
func fill(n, callers int) *access.Directory {
	d := &access.Directory{}
	for i := range n / 10 {
		d.PutUser(access.User{ID: fmt.Sprintf("user%06d", i), Name: "Some Body", Email: "some.body@example.com", Created: now})
	}
	for i := range n {
		digest := access.DigestOf(fmt.Sprint(i))
		if i < callers {
			digest = access.DigestOf(secretOf(i))
		}
		d.PutKey(access.Key{ID: fmt.Sprintf("key_%016d", i), Name: "laptop", Hint: "aXUD", Role: access.Caller, UserID: fmt.Sprintf("user%06d", i%(n/10)),
			Digest: digest, Created: now}, false)
	}
	return d
}

// BenchmarkFill is what a start does with each key once it is read.
func BenchmarkFill(b *testing.B) {
	const keys = 100_000
	ids := make([]string, keys)
	digests := make([]access.Digest, keys)
	for i := range ids {
		ids[i], digests[i] = fmt.Sprintf("key_%016d", i), access.DigestOf(fmt.Sprint(i))
	}
	b.ReportAllocs()
	for b.Loop() {
		var d, next access.Directory
		for i, id := range ids {
			next.FillKey(&access.Key{ID: id, Name: "laptop", Hint: "aXUD", Role: access.Caller, UserID: "user", Models: []string{"free", "paid"}, Digest: digests[i], Created: now}, false)
		}
		d.Replace(&next)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/keys, "ns/key")
}

// secretOf makes a key in tollgate's form.
func secretOf(i int) string {
	s, err := access.NewKey(strings.NewReader(fmt.Sprintf("%032d%0100d", i, i)))
	if err != nil {
		panic(err)
	}
	return s
}

func BenchmarkAuthenticate(b *testing.B) {
	for _, c := range []struct{ keys, callers int }{{10, 1}, {100_000, 1}, {100_000, 64}, {100_000, 5000}} {
		b.Run(fmt.Sprintf("keys=%d/callers=%d", c.keys, c.callers), func(b *testing.B) {
			d := fill(c.keys, c.callers)
			secrets := make([]string, c.callers)
			for i := range secrets {
				secrets[i] = secretOf(i)
			}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if _, err := d.Authenticate(secrets[i%len(secrets)], now); err != nil {
					b.Fatal(err)
				}
				i++
			}
		})
	}
}

func BenchmarkCollectGarbage(b *testing.B) {
	d := fill(100_000, 0)
	for b.Loop() {
		runtime.GC()
	}
	runtime.KeepAlive(d)
}
