package access_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tollgate/gateway/access"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// TestKeyForm: a key has the declared form, and no other text passes its checksum.
func TestKeyForm(t *testing.T) {
	for _, random := range [][]byte{make([]byte, 64), bytes.Repeat([]byte{0xff}, 64)} {
		key, err := access.NewKey(bytes.NewReader(random))
		if err != nil || len(key) != len("sk-tg-")+43+6 || !strings.HasPrefix(key, "sk-tg-") || !access.WellFormed(key) {
			t.Errorf("%q, %v", key, err)
		}
	}
	if _, err := access.NewKey(bytes.NewReader(nil)); err == nil {
		t.Error("a key of no random bytes")
	}
	key, err := access.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if old := "sk-tg-BQT3k2HaBPmAQkGL8MGLH6s5TWwGT2pQMJTdlFdODf54fLRya"; !access.WellFormed(old) {
		t.Errorf("%s, which was made before, is none any more", old)
	}
	for i := range key {
		for _, c := range "0Az" {
			if typo := key[:i] + string(c) + key[i+1:]; typo != key && access.WellFormed(typo) {
				t.Errorf("a typing error at %d passes", i)
			}
		}
	}
	for _, other := range []string{"", "sk-tg-", key + "a", key[1:], strings.ToLower(key), strings.Repeat("a", len(key))} {
		if other != key && access.WellFormed(other) {
			t.Errorf("%q passes", other)
		}
	}
	for text, may := range map[string]bool{key: true, key[:len(key)-1] + ".": false, key[:20]: false, "sk-1234567890abcdef": true, "tg-nobody": false, "": false} {
		if got := access.MayBeKey(text); got != may {
			t.Errorf("%q may be a key: %v", text, got)
		}
	}
	seen := map[string]bool{}
	for range 1000 {
		k, err := access.NewKey(rand.Reader)
		if err != nil || seen[k] {
			t.Fatalf("%q again, %v", k, err)
		}
		seen[k] = true
	}
}

func FuzzWellFormed(f *testing.F) {
	f.Add("sk-tg-0000000000000000000000000000000000000000000000000")
	f.Fuzz(func(t *testing.T, s string) {
		if access.WellFormed(s) && len(s) != 55 {
			t.Fatalf("%q", s)
		}
	})
}

func TestExtract(t *testing.T) {
	for _, c := range []struct {
		c    access.Credentials
		want string
		err  error
	}{
		{access.Credentials{Authorization: "Bearer k"}, "k", nil},
		{access.Credentials{Authorization: "BEARER   k  "}, "k", nil},
		{access.Credentials{XAPIKey: "k"}, "k", nil},
		{access.Credentials{APIKey: " k"}, "k", nil},
		{access.Credentials{Authorization: "Bearer k", XAPIKey: "k", APIKey: "k"}, "k", nil},
		{access.Credentials{Authorization: "Bearer k", XAPIKey: "l"}, "", access.ErrTwoCredentials},
		{access.Credentials{APIKey: "k", XAPIKey: "l"}, "", access.ErrTwoCredentials},
		{access.Credentials{Authorization: "Bearer", APIKey: "k"}, "k", nil},
		{access.Credentials{Subscription: "k"}, "k", nil},
		{access.Credentials{Google: "k", Other: "bearer  k"}, "k", nil},
		{access.Credentials{Other: " k "}, "k", nil},
		{access.Credentials{Other: "Bearer k", Authorization: "Bearer l"}, "", access.ErrTwoCredentials},
		{access.Credentials{Other: "Bearer"}, "", access.ErrNoCredential},
		{access.Credentials{Google: "k", Subscription: "l"}, "", access.ErrTwoCredentials},
		{access.Credentials{Authorization: "Basic abc"}, "", access.ErrUnknownKey},
		{access.Credentials{Authorization: "k"}, "", access.ErrUnknownKey},
		{access.Credentials{Authorization: "Bearerk"}, "", access.ErrUnknownKey},
		{access.Credentials{Authorization: "Bearer "}, "", access.ErrNoCredential},
		{access.Credentials{}, "", access.ErrNoCredential},
		{access.Credentials{XAPIKey: strings.Repeat("k", access.MaxCredential)}, strings.Repeat("k", access.MaxCredential), nil},
		{access.Credentials{XAPIKey: strings.Repeat("k", access.MaxCredential+1)}, "", access.ErrUnknownKey},
	} {
		if got, err := access.Extract(c.c); got != c.want || !errors.Is(err, c.err) {
			t.Errorf("%.60q: %.20q, %v", c.c, got, err)
		}
	}
}

// TestAuthenticate: what has to be so for a key to work, one thing at a time.
func TestAuthenticate(t *testing.T) {
	secret, err := access.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	base := access.Key{ID: "k", Role: access.Caller, Digest: access.DigestOf(secret), UserID: "u", TeamID: "t"}
	for name, c := range map[string]struct {
		change func(k *access.Key, u *access.User, tm *access.Team)
		at     time.Time
		err    error
	}{
		"all is well":           {err: nil},
		"blocked":               {change: func(k *access.Key, _ *access.User, _ *access.Team) { k.Blocked = true }, err: access.ErrKeyBlocked},
		"before it expires":     {change: func(k *access.Key, _ *access.User, _ *access.Team) { k.Expires = now.Add(1) }},
		"when it expires":       {change: func(k *access.Key, _ *access.User, _ *access.Team) { k.Expires = now }, err: access.ErrKeyExpired},
		"a blocked user":        {change: func(_ *access.Key, u *access.User, _ *access.Team) { u.Blocked = true }, err: access.ErrUserBlocked},
		"a blocked team":        {change: func(_ *access.Key, _ *access.User, tm *access.Team) { tm.Blocked = true }, err: access.ErrTeamBlocked},
		"no longer a member":    {change: func(_ *access.Key, _ *access.User, tm *access.Team) { tm.Members = nil }, err: access.ErrUnknownKey},
		"a user who is gone":    {change: func(_ *access.Key, u *access.User, _ *access.Team) { u.ID = "other" }, err: access.ErrUnknownKey},
		"a team that is gone":   {change: func(_ *access.Key, _ *access.User, tm *access.Team) { tm.ID = "other" }, err: access.ErrUnknownKey},
		"a key of a team alone": {change: func(k *access.Key, _ *access.User, tm *access.Team) { k.UserID = ""; tm.Members = nil }},
		"a key of a user alone": {change: func(k *access.Key, _ *access.User, tm *access.Team) { k.TeamID = ""; tm.Blocked = true }},
	} {
		var d access.Directory
		k, u, tm := base, access.User{ID: "u"}, access.Team{ID: "t", Members: []string{"u"}}
		if c.change != nil {
			c.change(&k, &u, &tm)
		}
		d.PutKey(k, false)
		d.PutUser(u)
		d.PutTeam(tm)
		p, err := d.Authenticate(secret, now)
		if !errors.Is(err, c.err) {
			t.Errorf("%s: %v, want %v", name, err, c.err)
		}
		if err == nil && p.Key.ID != "k" {
			t.Errorf("%s: %+v", name, p)
		}
		if _, err := d.Authenticate(access.DigestOf(secret).String(), now); !errors.Is(err, access.ErrUnknownKey) {
			t.Errorf("%s: the digest works as a key: %v", name, err)
		}
	}
}

// TestOrganizations: a key is within its own organization, or its team's, and works no
// longer than that.
func TestOrganizations(t *testing.T) {
	secret := secretOf(0)
	for name, c := range map[string]struct {
		key, team string // the organization of each
		org       access.Organization
		err       error
	}{
		"of its own":                   {"o", "", access.Organization{ID: "o"}, nil},
		"its team's":                   {"", "o", access.Organization{ID: "o"}, nil},
		"its own, and not its team's":  {"o", "other", access.Organization{ID: "o"}, nil},
		"one that is gone":             {"o", "", access.Organization{ID: "other"}, access.ErrUnknownKey},
		"its team's, which is gone":    {"", "o", access.Organization{ID: "other"}, access.ErrUnknownKey},
		"one that is blocked":          {"o", "", access.Organization{ID: "o", Blocked: true}, access.ErrOrgBlocked},
		"its team's, which is blocked": {"", "o", access.Organization{ID: "o", Blocked: true}, access.ErrOrgBlocked},
		"none":                         {"", "", access.Organization{ID: "o", Blocked: true}, nil},
	} {
		var d access.Directory
		d.PutTeam(access.Team{ID: "t", OrgID: c.team})
		d.PutOrg(c.org)
		d.PutKey(access.Key{ID: "k", Role: access.Caller, Digest: access.DigestOf(secret), TeamID: "t", OrgID: c.key}, false)
		p, err := d.Authenticate(secret, now)
		if !errors.Is(err, c.err) {
			t.Errorf("%s: %v, want %v", name, err, c.err)
		}
		if err == nil && (p.Org != nil) != (c.key+c.team != "") || p.Org != nil && p.Org.ID != "o" {
			t.Errorf("%s: within %+v", name, p.Org)
		}
	}
}

// TestReplacedKeys: a key whose secret changes, or that is dropped, stops working at
// once; one of another form works only where it was put as such.
func TestReplacedKeys(t *testing.T) {
	var d access.Directory
	one, two := strings.Repeat("x9", 20), strings.Repeat("y7", 20)
	put := func(secret string, foreign bool) {
		d.PutKey(access.Key{ID: "admin", Role: access.Admin, Digest: access.DigestOf(secret)}, foreign)
	}
	works := func(secret string) bool { _, err := d.Authenticate(secret, now); return err == nil }
	counts := func(want int) {
		t.Helper()
		if n := d.Keys(); n != want || n != len(d.KeyIDs()) {
			t.Errorf("%d keys are counted, want %d", n, want)
		}
	}
	counts(0)
	put(one, false)
	counts(1)
	if works(one) {
		t.Error("a key of another form works though nobody said so")
	}
	put(one, true)
	if !works(one) {
		t.Error("a foreign key does not work")
	}
	put(two, true)
	counts(1)
	if works(one) || !works(two) {
		t.Error("the old secret works, or the new one does not")
	}
	// A foreign key that is rotated gets one of the usual form, and works on for a while.
	own := secretOf(0)
	d.PutKey(access.Key{ID: "admin", Role: access.Admin, Digest: access.DigestOf(own), Former: access.DigestOf(two), FormerUntil: now.Add(1)}, false)
	if !works(own) || !works(two) || works(one) {
		t.Error("of a rotated key the new secret does not work, or the old one ends at once, or the one before it works")
	}
	if _, err := d.Authenticate(two, now.Add(1)); !errors.Is(err, access.ErrUnknownKey) {
		t.Errorf("the old secret works on: %v", err)
	}
	put(two, true)
	if works(own) {
		t.Error("the secret between works")
	}
	k := *d.Key("admin")
	k.Blocked = true
	d.PutKey(k, k.Foreign())
	if works(two) {
		t.Error("a blocked key works")
	}
	d.DropKey("admin")
	if d.Key("admin") != nil || works(two) {
		t.Error("a dropped key is there")
	}
	counts(0)
	d.DropKey("admin")
	counts(0)
}

func TestAllows(t *testing.T) {
	who := func(key, user, team []string) access.Principal {
		p := access.Principal{Key: &access.Key{Models: key}}
		if user != nil {
			p.User = &access.User{Models: user}
		}
		if team != nil {
			p.Team = &access.Team{Models: team}
		}
		return p
	}
	all := []string{}
	for _, c := range []struct {
		p     access.Principal
		model string
		free  bool
		want  bool
	}{
		{who(nil, nil, nil), "x", false, true},
		{who(all, all, all), "x", false, true},
		{who([]string{"x"}, nil, nil), "x", false, true},
		{who([]string{"x"}, nil, nil), "y", false, false},
		{who([]string{"gpt-*"}, nil, nil), "gpt-5", false, true},
		{who([]string{"*/*"}, nil, nil), "Qwen/Qwen3", true, true},
		{who([]string{"free"}, nil, nil), "x", true, true},
		{who([]string{"free"}, nil, nil), "x", false, false},
		{who([]string{"free", "gpt-5"}, nil, nil), "gpt-5", false, true},
		{who([]string{"x"}, []string{"y"}, nil), "x", false, false},
		{who([]string{"x"}, []string{"x"}, []string{"free"}), "x", false, false},
		{who([]string{"x"}, []string{"x"}, []string{"free"}), "x", true, true},
		{who(nil, nil, []string{"x"}), "X", false, false},
	} {
		if got := c.p.Allows(c.model, nil, c.free); got != c.want {
			t.Errorf("%v %v: %s, free %v: %v", c.p.Key, c.p.User, c.model, c.free, got)
		}
	}
	within := who(nil, nil, nil)
	within.Org = &access.Organization{Models: []string{"x", "free"}}
	if !within.Allows("x", nil, false) || !within.Allows("y", nil, true) || within.Allows("y", nil, false) {
		t.Error("what the organization allows is not what its key may use")
	}
	inGroups := []string{"small", "local"}
	for list, want := range map[string]bool{"small": true, "local": true, "sm*": false, "other": false, "x": true} {
		if got := who([]string{list}, nil, nil).Allows("x", inGroups, false); got != want {
			t.Errorf("a list of %s: %v, want %v", list, got, want)
		}
	}
	// Another list can only take away.
	rapid.Check(t, func(t *rapid.T) {
		lists := rapid.SliceOfN(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b*", "*", "free"}), 0, 3), 3, 3).Draw(t, "lists")
		model, free := rapid.SampledFrom([]string{"a", "b", "bc", "d"}).Draw(t, "model"), rapid.Bool().Draw(t, "free")
		all := who(lists[0], lists[1], lists[2]).Allows(model, nil, free)
		if all && !(who(lists[0], nil, nil).Allows(model, nil, free) && who(lists[1], nil, nil).Allows(model, nil, free) && who(lists[2], nil, nil).Allows(model, nil, free)) {
			t.Fatal("the three together allow what one of them does not")
		}
	})
}

func TestCheckAdminSecret(t *testing.T) {
	key, err := access.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for secret, ok := range map[string]bool{
		key: true, "4f9c1d7be2a86035c4f9c1d7be2a8603": true, "4f9c1d7be2a86035c4f9c1d7be2a860": false, "": false, "sk-1234": false,
		strings.Repeat("a", 40): false, "0123456789abcdefghijklmnop-password-xyz": false, strings.Repeat("4f9c1d7be2a86035", 33): false, "4f9c1d7be2a86035 c4f9c1d7be2a8603": false,
	} {
		if err := access.CheckAdminSecret(secret); (err == nil) != ok || err != nil && (!errors.Is(err, access.ErrWeakSecret) || len(secret) > 7 && strings.Contains(err.Error(), secret)) {
			t.Errorf("%.20q: %v", secret, err)
		}
	}
}

// TestNameTag: what a call names is added to what it has, each tag once and no more than
// there may be; what the key and its team have stays as it is for others.
func TestNameTag(t *testing.T) {
	var d access.Directory
	own := append(make([]string, 0, 8), "a", "b/c") // with room behind
	d.PutTeam(access.Team{ID: "t", Tags: []string{"b/c", "d"}})
	d.PutKey(access.Key{ID: "k", Digest: access.DigestOf("k"), TeamID: "t", Tags: own}, true)
	p, other := d.Principal(d.Key("k")), d.Principal(d.Key("k"))
	has := []string{"a", "b/c", "d"}
	if !slices.Equal(p.Tags, has) {
		t.Fatalf("%q", p.Tags)
	}
	for _, tag := range []string{"", " ", "a", " d ", "e", "e ", "f\x00\xff"} {
		if err := p.NameTag(tag); err != nil {
			t.Errorf("%q: %v", tag, err)
		}
	}
	if err := other.NameTag("x"); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(p.Tags, append(has, "e", "f\uFFFD\uFFFD")) || !slices.Equal(other.Tags, append(has, "x")) {
		t.Errorf("%q, %q", p.Tags, other.Tags)
	}
	for i := range access.MaxTags - 2 {
		if err := p.NameTag(fmt.Sprint("more ", i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.NameTag("one too many"); !errors.Is(err, access.ErrTagsMany) {
		t.Error(err)
	}
	if err := p.NameTag("e"); err != nil {
		t.Errorf("one that is there: %v", err)
	}
	if err := other.NameTag(strings.Repeat("x", access.MaxTag)); err != nil {
		t.Error(err)
	}
	if err := other.NameTag(strings.Repeat("x", access.MaxTag+1)); !errors.Is(err, access.ErrTagLong) {
		t.Error(err)
	}
	if again := d.Principal(d.Key("k")); !slices.Equal(again.Tags, has) || len(p.Tags) != len(has)+access.MaxTags {
		t.Errorf("%q, %q", again.Tags, p.Tags)
	}
	d.PutTag(access.Tag{ID: "d", Blocked: true})
	if err := d.Still(p, time.Now()); !errors.Is(err, access.ErrTagBlocked) {
		t.Error(err)
	}
	d.DropTag("d")
	if err := d.Still(p, time.Now()); err != nil {
		t.Error(err)
	}
}

// TestA11_KeysThatBeginAlike: a key is the whole of it. Of those set by hand, which have no
// checksum, each of two that begin alike is its own, and a third is nobody's.
func TestA11_KeysThatBeginAlike(t *testing.T) {
	var d access.Directory
	long := "sk-" + strings.Repeat("a", 100)
	keys := []string{long, long + "b", long + "c", long + strings.Repeat("d", 4000), "sk-" + strings.Repeat("a", 99) + "b"}
	for i, key := range keys {
		d.PutKey(access.Key{ID: fmt.Sprint(i), Role: access.Caller, Digest: access.DigestOf(key)}, true)
	}
	for range 2 { // the second time as the first
		for i, key := range keys {
			if p, err := d.Authenticate(key, now); err != nil || p.Key.ID != fmt.Sprint(i) {
				t.Errorf("key %d: %+v, %v", i, p, err)
			}
		}
		for _, key := range []string{long[:20], long[:len(long)-1], long + "bb", long + "B", long + "b ", "x" + long, keys[3][:2000], keys[3] + "e"} {
			if _, err := d.Authenticate(key, now); !errors.Is(err, access.ErrUnknownKey) {
				t.Errorf("%.120q: %v", key, err)
			}
		}
	}
}
