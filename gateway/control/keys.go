package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tollgate/gateway/access"
	"tollgate/gateway/spelling"
)

// KeyFilter narrows a list of keys; empty fields match everything.
type KeyFilter struct{ UserID, TeamID, OrgID string }

// Keys lists the keys, without the secrets, by creation.
func (c *Control) Keys(ctx context.Context, f KeyFilter) ([]access.Key, error) {
	stored, err := c.store.Keys(ctx)
	if err != nil {
		return nil, err
	}
	keys := []access.Key{}
	for _, k := range stored {
		if (f.UserID == "" || k.UserID == f.UserID) && (f.TeamID == "" || k.TeamID == f.TeamID) && (f.OrgID == "" || k.OrgID == f.OrgID) {
			keys = append(keys, k.Key)
		}
	}
	return keys, nil
}

// Key returns one key by its id, or [ErrNotFound].
func (c *Control) Key(id string) (access.Key, error) {
	if k := c.directory.Key(id); k != nil {
		return k.Clone(), nil
	}
	return access.Key{}, missing(KeyChanged, id)
}

// KeyChange is what can be said of a key; nil leaves a field as it is.
type KeyChange struct {
	Name           *string
	Models         *[]string
	Expires        *time.Time // zero: never
	Blocked        *bool
	EndUsers       *bool
	Tags           *[]string
	CallTags       *bool
	BudgetFallback *[]string
	Aliases        *map[string]string
	Metadata       *map[string]string
	Routes         *[]string // see [access.Key]
	Attributes     json.RawMessage
}

// applyTo makes a change of a key.
func (c *Control) applyTo(k *access.Key, ch *KeyChange) (err error) {
	set(&k.Name, ch.Name)
	set(&k.Models, ch.Models)
	set(&k.Expires, ch.Expires)
	set(&k.Blocked, ch.Blocked)
	set(&k.EndUsers, ch.EndUsers)
	set(&k.Tags, ch.Tags)
	set(&k.CallTags, ch.CallTags)
	set(&k.BudgetFallback, ch.BudgetFallback)
	set(&k.Aliases, ch.Aliases)
	set(&k.Metadata, ch.Metadata)
	set(&k.Routes, ch.Routes)
	ch.Attributes, err = checkAttributes(ch.Attributes)
	err = errors.Join(inField("name", checkText("a key's name", k.Name)), inField("models", said(ch.Models, checkModels)), inField("budget_fallback", said(ch.BudgetFallback, checkModels)), inField("aliases", said(ch.Aliases, checkAliases)), inField("routes", said(ch.Routes, c.CheckRoutes)), inField("tags", said(ch.Tags, checkTags)), err)
	if len(k.Metadata) > MaxMetadata {
		err = errors.Join(err, inField("metadata", invalid("more than %d metadata entries", MaxMetadata)))
	}
	for name, v := range k.Metadata {
		if name == "" && ch.Metadata != nil {
			err = errors.Join(err, inField("metadata", invalid("a name of metadata is not empty")))
		}
		if len(name) > MaxID || len(v) > MaxValue {
			err = errors.Join(err, inField("metadata", invalid("metadata %q: a name has at most %d bytes and a value %d", name[:min(len(name), MaxID)], MaxID, MaxValue)))
		}
	}
	return err
}

// CheckRoutes checks what a key is to be kept to: words, and paths that name a route which
// there is, in some configuration at least.
func (c *Control) CheckRoutes(routes []string) error {
	if len(routes) > MaxRoutes {
		return invalid("more than %d routes", MaxRoutes)
	}
	for _, r := range routes {
		printable := !strings.ContainsFunc(r, func(c rune) bool { return c <= ' ' || c > '~' || c == '?' || c == '#' })
		if !slices.Contains(access.RouteWords(), r) && (!strings.HasPrefix(r, "/") || len(r) > MaxRoute || !printable) {
			return invalid("the route %.64q is neither one of %s nor a path such as /v1/chat/completions or /v1/*, of at most %d bytes", r, listed(access.RouteWords()), MaxRoute)
		}
		if strings.HasPrefix(r, "/") && !c.HasRoute(r) {
			return invalid("there is no route %q, which would open nothing%s; of a path with an id in it write the part before, such as /v1/responses/*", r, c.nearRoute(r))
		}
	}
	return nil
}

// HasRoute says whether a path or a pattern of paths names a route.
func (c *Control) HasRoute(kept string) bool {
	return c.routes == nil || kept == access.Nowhere || slices.ContainsFunc(c.routes(), func(r access.Route) bool { return r.Named(kept) })
}

// nearRoute offers the route that was meant instead of one that is not there.
func (c *Control) nearRoute(kept string) string {
	if len(kept) > spelling.MaxWord {
		return ""
	}
	near, at := "", 4
	for _, r := range c.routes() {
		if d := spelling.Distance(kept, r.Path); d < at && d < len(kept) {
			near, at = r.Path, d
		}
	}
	if near == "" {
		return ""
	}
	return ": did you mean " + near + "?"
}

// KeyOwner says whose a new key is: of a user, of a team, of a user within a team, or of
// an organization; an admin key is nobody's, and neither is one that stands alone.
type KeyOwner struct {
	Role       access.Role // "" is a caller
	UserID     string
	TeamID     string
	OrgID      string // with TeamID: the team's
	Standalone bool   // a caller's key that belongs to nobody but itself
}

func (o KeyOwner) check() error {
	none := o.UserID == "" && o.TeamID == "" && o.OrgID == ""
	switch {
	case o.Role != access.Caller && o.Role != access.Admin:
		return inField("role", invalid("a key's role is caller or admin, not %q", o.Role))
	case o.Role == access.Admin && (!none || o.Standalone):
		return inField("role", invalid("an admin key has neither user nor team nor organization"))
	case o.Role == access.Admin:
	case o.Standalone && !none:
		return inField("standalone", invalid("a key that stands alone has neither user nor team nor organization"))
	case none && !o.Standalone:
		return invalid("a key needs a user, a team or both, or an organization, so that its budgets and reports have an owner; or say that it is to stand alone")
	}
	return nil
}

// KeySecret is what a new key is to be known by. The zero value is a secret that is made.
type KeySecret struct {
	Secret string // begins with sk-; see [access.CheckSecret]
	// Digest is that of a secret that nobody has here, such as an imported key's, and
	// Hint the last characters of it, at most four.
	Digest access.Digest
	Hint   string
}

// secret is a secret that was chosen for a key: its text is "" if it is not known.
type secret struct {
	text    string
	digest  access.Digest
	hint    string
	foreign bool // of another form than tollgate's
}

// choose makes the secret of a key, or takes the one that was given.
func (d *draft) choose(s KeySecret, role access.Role) (secret, error) {
	var out secret
	switch {
	case s.Secret != "" && s.Digest != access.Digest{}:
		return out, inField("digest", invalid("a key is known by its secret or by its digest, not by both"))
	case s.Digest != access.Digest{}:
		if len(s.Hint) > 4 {
			return out, inField("hint", invalid("a hint is the last four characters of a key, or fewer"))
		}
		if err := inField("hint", checkText("a hint", s.Hint)); err != nil {
			return out, err
		}
		out = secret{digest: s.Digest, hint: s.Hint, foreign: true}
	case s.Hint != "":
		return out, inField("hint", invalid("a hint comes with a digest"))
	case s.Secret != "":
		check := access.CheckSecret
		if role == access.Admin {
			check = access.CheckAdminSecret
		}
		if err := inField("key", check(s.Secret)); err != nil {
			return out, err
		}
		out = secret{s.Secret, access.DigestOf(s.Secret), access.Hint(s.Secret), !strings.HasPrefix(s.Secret, access.Prefix)}
	default:
		text, err := access.NewKey(d.random)
		if err != nil {
			return out, err
		}
		out = secret{text: text, digest: access.DigestOf(text), hint: access.Hint(text)}
	}
	if d.taken(out.digest) {
		return out, fmt.Errorf("the secret is another key's, or was one's before: %w", ErrExists)
	}
	d.digests[out.digest] = true
	return out, nil
}

// createKey makes a key. An id that is "" is made.
func (d *draft) createKey(id string, owner KeyOwner, s KeySecret, ch KeyChange) (access.Key, string, error) {
	if owner.Role == "" {
		owner.Role = access.Caller
	}
	k := access.Key{ID: id, Role: owner.Role, UserID: owner.UserID, TeamID: owner.TeamID, OrgID: owner.OrgID, Models: []string{}, BudgetFallback: []string{}, Tags: []string{},
		Aliases: map[string]string{}, Metadata: map[string]string{}, Created: d.at}
	err := errors.Join(d.applyTo(&k, &ch), owner.check())
	if !k.Expires.IsZero() && !k.Expires.After(d.at) {
		err = errors.Join(err, inField("expires", invalid("the key would have expired already, at %s", k.Expires.UTC().Format(time.RFC3339))))
	}
	if id != "" {
		err = errors.Join(err, inField("id", checkID("a key", id)))
	}
	if err != nil {
		return k, "", err
	}
	if err := d.ownerExists(owner); err != nil {
		return k, "", err
	}
	chosen, err := d.choose(s, owner.Role)
	if err != nil {
		return k, "", err
	}
	if id == "" {
		if k.ID, err = d.newID("key"); err != nil {
			return k, "", err
		}
	}
	k.Digest, k.Hint = chosen.digest, chosen.hint
	stored := StoredKey{Key: k, Foreign: chosen.foreign}
	if err := d.keys.add(k.ID, stored, PutKey{stored, true, ch.Attributes}); err != nil {
		return k, "", err
	}
	d.own(&k)
	return k, chosen.text, nil
}

func (d *draft) ownerExists(owner KeyOwner) error {
	if owner.UserID != "" {
		if _, err := d.users.get(owner.UserID); err != nil {
			return err
		}
	}
	if owner.TeamID == "" {
		if owner.OrgID == "" {
			return nil
		}
		_, err := d.orgs.get(owner.OrgID)
		return err
	}
	t, err := d.teams.get(owner.TeamID)
	switch {
	case err != nil:
		return err
	case owner.UserID != "" && !access.Is(owner.UserID, t.Members):
		return inField("team", invalid("user %q is no member of team %q: add it first", owner.UserID, owner.TeamID))
	case owner.OrgID != "" && owner.OrgID != t.OrgID:
		return inField("org", invalid("team %q is not in organization %q", owner.TeamID, owner.OrgID))
	}
	return nil
}

func (d *draft) updateKey(id string, ch KeyChange) (access.Key, error) {
	k, err := d.key(id)
	if err != nil {
		return k.Key, err
	}
	if err := d.applyTo(&k.Key, &ch); err != nil {
		return k.Key, err
	}
	if id == AdminKeyID && (k.Blocked || !k.Expires.IsZero() || len(k.Routes) > 0) {
		return k.Key, invalid("the first admin key cannot be blocked, expire or be kept to some routes; set another with admin_key or TOLLGATE_ADMIN_KEY")
	}
	d.keys.put(id, k, PutKey{k, false, ch.Attributes})
	return k.Key, nil
}

// MaxGrace is the longest that a key's secret may work beside the one that took its place.
const MaxGrace = 90 * 24 * time.Hour

// rotateKey gives a key another secret.
func (d *draft) rotateKey(id string, s KeySecret, grace time.Duration) (access.Key, string, error) {
	k, err := d.key(id)
	if err != nil {
		return k.Key, "", err
	}
	if id == AdminKeyID && d.outside { // see AdminIsSet
		return k.Key, "", invalid("the first admin key is set by admin_key or TOLLGATE_ADMIN_KEY: set another there and start again")
	}
	if grace < 0 || grace > MaxGrace {
		return k.Key, "", inField("grace_seconds", invalid("a secret works on for at most %d days after it was replaced, and not %s", MaxGrace/(24*time.Hour), grace))
	}
	chosen, err := d.choose(s, k.Role)
	if err != nil {
		return k.Key, "", err
	}
	k.Former, k.FormerUntil = access.Digest{}, time.Time{}
	if grace > 0 {
		k.Former, k.FormerUntil = k.Digest, d.at.Add(grace)
	}
	k.Digest, k.Hint, k.Foreign = chosen.digest, chosen.hint, chosen.foreign
	d.keys.put(id, k, PutKey{k, false, nil})
	return k.Key, chosen.text, nil
}

func (d *draft) deleteKey(id string) error {
	if id == AdminKeyID {
		return invalid("the first admin key cannot be deleted")
	}
	return d.keys.drop(id)
}

// CreateKey makes a key and returns its secret, which is kept nowhere and cannot be
// shown again.
func (c *Control) CreateKey(ctx context.Context, owner KeyOwner, ch KeyChange) (access.Key, string, error) {
	return c.CreateKeyKnown(ctx, owner, KeySecret{}, ch)
}

// CreateKeyKnown is [Control.CreateKey] with a secret that was given; what it returns of
// one of which only the digest was given is "".
func (c *Control) CreateKeyKnown(ctx context.Context, owner KeyOwner, s KeySecret, ch KeyChange) (k access.Key, text string, err error) {
	err = c.run(ctx, func(d *draft) (err error) { k, text, err = d.createKey("", owner, s, ch); return err })
	return k, text, err
}

// UpdateKey changes a key.
func (c *Control) UpdateKey(ctx context.Context, id string, ch KeyChange) (access.Key, error) {
	return changed(ctx, c, func(d *draft) (access.Key, error) { return d.updateKey(id, ch) })
}

// RotateKey gives a key another secret and returns it. The one before works on for as
// long as grace says, at most [MaxGrace]; one that was replaced earlier stops now.
func (c *Control) RotateKey(ctx context.Context, id string, s KeySecret, grace time.Duration) (k access.Key, text string, err error) {
	err = c.run(ctx, func(d *draft) (err error) { k, text, err = d.rotateKey(id, s, grace); return err })
	return k, text, err
}

// DeleteKey revokes a key for good. What it spent stays in the books.
func (c *Control) DeleteKey(ctx context.Context, id string) error {
	return c.run(ctx, func(d *draft) error { return d.deleteKey(id) })
}

// ensureTries is how often replicas that start together may be in each other's way.
const ensureTries = 10

// EnsureAdmin sees to it that there is an admin key. A given secret becomes the
// admin key, in place of an earlier one, and is not rotated here; without one, a key is
// made at the first start and returned, to be shown once: of replicas that start
// together, by one.
func (c *Control) EnsureAdmin(ctx context.Context, given string) (made string, err error) {
	if given != "" {
		if err := access.CheckAdminSecret(given); err != nil {
			return "", err
		}
	}
	return c.ensureAdmin(ctx, given)
}

// EnsureOldAdmin is [Control.EnsureAdmin] with a secret that another gateway had before,
// which may be shorter: see [access.CheckOldAdminSecret].
func (c *Control) EnsureOldAdmin(ctx context.Context, given string) error {
	if err := access.CheckOldAdminSecret(given); err != nil {
		return err
	}
	_, err := c.ensureAdmin(ctx, given)
	return err
}

// AdminIsSet says that whoever starts the program sets the secret of the first admin key,
// which then is not rotated here: the next start would bring back the one that is set.
func (c *Control) AdminIsSet() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.outside = true
}

func (c *Control) ensureAdmin(ctx context.Context, given string) (made string, err error) {
	if err := c.lock(ctx); err != nil {
		return "", err
	}
	defer c.mu.Unlock()
	c.outside = given != ""
	for try := 1; ; try++ {
		have := c.directory.Key(AdminKeyID)
		if have != nil && (given == "" || have.Digest == access.DigestOf(given)) {
			return "", nil
		}
		made, err = c.makeAdmin(ctx, given, have != nil)
		// Another replica has just made one, or taken the old one away.
		if !errors.Is(err, ErrExists) && !errors.Is(err, ErrNotFound) || try == ensureTries {
			return made, err
		}
		if err := bring(ctx, AdminKeyID, c.store.KeyByID, func(k StoredKey) { c.directory.PutKey(k.Key, k.Foreign) }, c.directory.DropKey); err != nil {
			return "", err
		}
	}
}

// makeAdmin writes the admin key, in place of an earlier one if there is one, and
// returns its secret if none was given.
func (c *Control) makeAdmin(ctx context.Context, given string, replace bool) (made string, err error) {
	secret := given
	if given == "" {
		if secret, err = access.NewKey(c.random); err != nil {
			return "", err
		}
		made = secret
	}
	k := access.Key{ID: AdminKeyID, Name: "admin", Role: access.Admin, Digest: access.DigestOf(secret), Hint: access.Hint(secret),
		Models: []string{}, BudgetFallback: []string{}, Metadata: map[string]string{}, Created: c.now()}
	foreign := !strings.HasPrefix(secret, access.Prefix)
	var writes []Write
	if replace {
		writes = append(writes, Drop{KeyChanged, AdminKeyID})
	}
	put := PutKey{Key: StoredKey{Key: k, Foreign: foreign}, New: true}
	if err := c.store.Write(ctx, append(writes, put, c.draft(ctx, k.Created).audit(put)), nil); err != nil {
		return "", err
	}
	c.directory.PutKey(k, foreign)
	return made, nil
}

// Caller returns the principal of a key's id, name or secret, for explaining what
// it may do; see [access.Principal.Refusal] for whether it may do anything. An id
// goes before a name, and a name must be unique.
func (c *Control) Caller(ctx context.Context, key string) (access.Principal, error) {
	stored, err := c.store.Keys(ctx)
	if err != nil {
		return access.Principal{}, err
	}
	digest := access.DigestOf(key)
	var named []access.Key
	for _, k := range stored {
		switch {
		case k.Digest == digest, k.ID == key:
			return c.principal(k.Key), nil
		case k.Name != "" && k.Name == key:
			named = append(named, k.Key)
		}
	}
	switch len(named) {
	case 0:
		return access.Principal{}, fmt.Errorf("no key has this id, name or secret: %w", ErrNotFound)
	case 1:
		return c.principal(named[0]), nil
	}
	return access.Principal{}, inField("key", invalid("%d keys are called %q: give the id of one of them", len(named), key))
}

// Principal returns the principal of a key's id.
func (c *Control) Principal(id string) (access.Principal, error) {
	k, err := c.Key(id)
	if err != nil {
		return access.Principal{}, err
	}
	return c.principal(k), nil
}

func (c *Control) principal(k access.Key) access.Principal { return c.directory.Principal(&k) }

// KeyByDigest returns the key that has a digest now; not one that had it before.
func (c *Control) KeyByDigest(digest access.Digest) (access.Key, bool) {
	if k := c.directory.ByDigest(digest, time.Time{}); k != nil && k.Digest == digest {
		return k.Clone(), true
	}
	return access.Key{}, false
}

// KeyNamed returns a key that has a name, for those who keep names unique. It looks at
// every key.
func (c *Control) KeyNamed(name string) (access.Key, bool) {
	for _, id := range c.directory.KeyIDs() {
		if k := c.directory.Key(id); k != nil && k.Name == name {
			return k.Clone(), true
		}
	}
	return access.Key{}, false
}
