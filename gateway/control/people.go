package control

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tollgate/gateway/access"
)

// Users lists the users by id.
func (c *Control) Users(ctx context.Context) ([]access.User, error) { return c.store.Users(ctx) }

// User returns one user, or [ErrNotFound].
func (c *Control) User(id string) (access.User, error) {
	if u := c.directory.User(id); u != nil {
		return *u, nil
	}
	return access.User{}, fmt.Errorf("user %q: %w", id, ErrNotFound)
}

// UserChange is what can be said of a user; nil leaves a field as it is.
type UserChange struct {
	Name    *string
	Email   *string
	Blocked *bool
	Models  *[]string
}

func (ch UserChange) apply(u *access.User) error {
	set(&u.Name, ch.Name)
	set(&u.Email, ch.Email)
	set(&u.Blocked, ch.Blocked)
	set(&u.Models, ch.Models)
	return errors.Join(checkText("a user's name", u.Name), checkText("a user's e-mail", u.Email), checkModels(u.Models))
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// CreateUser makes a user.
func (c *Control) CreateUser(ctx context.Context, id string, ch UserChange) (access.User, error) {
	u := access.User{ID: id, Models: []string{}, Created: c.now()}
	if err := errors.Join(checkID("a user", id), ch.apply(&u)); err != nil {
		return u, err
	}
	if err := c.lock(ctx); err != nil {
		return u, err
	}
	defer c.mu.Unlock()
	if err := c.store.CreateUser(ctx, u); err != nil {
		return u, fmt.Errorf("user %q: %w", id, err)
	}
	c.directory.PutUser(u)
	return u, nil
}

// UpdateUser changes a user.
func (c *Control) UpdateUser(ctx context.Context, id string, ch UserChange) (access.User, error) {
	if err := c.lock(ctx); err != nil {
		return access.User{}, err
	}
	defer c.mu.Unlock()
	u, err := c.User(id)
	if err != nil {
		return u, err
	}
	if err := ch.apply(&u); err != nil {
		return u, err
	}
	if err := c.store.UpdateUser(ctx, u); err != nil {
		return u, fmt.Errorf("user %q: %w", id, err)
	}
	c.directory.PutUser(u)
	return u, nil
}

// DeleteUser removes a user with its keys and memberships. What it spent stays in
// the books.
func (c *Control) DeleteUser(ctx context.Context, id string) error {
	if err := c.lock(ctx); err != nil {
		return err
	}
	defer c.mu.Unlock()
	if err := c.store.DeleteUser(ctx, id); err != nil {
		return fmt.Errorf("user %q: %w", id, err)
	}
	c.directory.DropUser(id)
	return c.refresh(ctx)
}

// refresh brings teams and keys in line with the store after rows went with others.
// A key that stayed would come to life again with a new owner of the same name.
func (c *Control) refresh(ctx context.Context) error {
	teams, err := c.store.Teams(ctx)
	if err != nil {
		return err
	}
	for _, t := range teams {
		c.directory.PutTeam(t)
	}
	keys, err := c.store.Keys(ctx)
	if err != nil {
		return err
	}
	stay := map[string]bool{}
	for _, k := range keys {
		stay[k.ID] = true
	}
	for _, id := range c.directory.KeyIDs() {
		if !stay[id] {
			c.directory.DropKey(id)
		}
	}
	return nil
}

// Teams lists the teams by id.
func (c *Control) Teams(ctx context.Context) ([]access.Team, error) { return c.store.Teams(ctx) }

// Team returns one team, or [ErrNotFound].
func (c *Control) Team(id string) (access.Team, error) {
	if t := c.directory.Team(id); t != nil {
		return *t, nil
	}
	return access.Team{}, fmt.Errorf("team %q: %w", id, ErrNotFound)
}

// TeamChange is what can be said of a team; nil leaves a field as it is.
type TeamChange struct {
	Name    *string
	Blocked *bool
	Models  *[]string
}

func (ch TeamChange) apply(t *access.Team) error {
	set(&t.Name, ch.Name)
	set(&t.Blocked, ch.Blocked)
	set(&t.Models, ch.Models)
	return errors.Join(checkText("a team's name", t.Name), checkModels(t.Models))
}

// CreateTeam makes a team without members.
func (c *Control) CreateTeam(ctx context.Context, id string, ch TeamChange) (access.Team, error) {
	t := access.Team{ID: id, Models: []string{}, Members: []string{}, Created: c.now()}
	if err := errors.Join(checkID("a team", id), ch.apply(&t)); err != nil {
		return t, err
	}
	if err := c.lock(ctx); err != nil {
		return t, err
	}
	defer c.mu.Unlock()
	if err := c.store.CreateTeam(ctx, t); err != nil {
		return t, fmt.Errorf("team %q: %w", id, err)
	}
	c.directory.PutTeam(t)
	return t, nil
}

// UpdateTeam changes a team.
func (c *Control) UpdateTeam(ctx context.Context, id string, ch TeamChange) (access.Team, error) {
	if err := c.lock(ctx); err != nil {
		return access.Team{}, err
	}
	defer c.mu.Unlock()
	t, err := c.Team(id)
	if err != nil {
		return t, err
	}
	if err := ch.apply(&t); err != nil {
		return t, err
	}
	if err := c.store.UpdateTeam(ctx, t); err != nil {
		return t, fmt.Errorf("team %q: %w", id, err)
	}
	c.directory.PutTeam(t)
	return t, nil
}

// DeleteTeam removes a team with its keys.
func (c *Control) DeleteTeam(ctx context.Context, id string) error {
	if err := c.lock(ctx); err != nil {
		return err
	}
	defer c.mu.Unlock()
	if err := c.store.DeleteTeam(ctx, id); err != nil {
		return fmt.Errorf("team %q: %w", id, err)
	}
	c.directory.DropTeam(id)
	return c.refresh(ctx)
}

// AddMember puts a user into a team. Doing it twice is no error.
func (c *Control) AddMember(ctx context.Context, team, user string) (access.Team, error) {
	return c.member(ctx, team, user, func() error { return c.store.AddMember(ctx, team, user) }, func(t *access.Team) {
		if !slices.Contains(t.Members, user) {
			t.Members = append(slices.Clone(t.Members), user)
			slices.Sort(t.Members)
		}
	})
}

// RemoveMember takes a user out of a team. The user's keys for the team stop
// working.
func (c *Control) RemoveMember(ctx context.Context, team, user string) (access.Team, error) {
	return c.member(ctx, team, user, func() error { return c.store.RemoveMember(ctx, team, user) }, func(t *access.Team) {
		t.Members = slices.DeleteFunc(slices.Clone(t.Members), func(m string) bool { return m == user })
	})
}

func (c *Control) member(ctx context.Context, team, user string, write func() error, change func(*access.Team)) (access.Team, error) {
	if err := c.lock(ctx); err != nil {
		return access.Team{}, err
	}
	defer c.mu.Unlock()
	t, err := c.Team(team)
	if err != nil {
		return t, err
	}
	if _, err := c.User(user); err != nil {
		return t, err
	}
	if err := write(); err != nil {
		return t, fmt.Errorf("member %s of team %s: %w", user, team, err)
	}
	change(&t)
	c.directory.PutTeam(t)
	return t, nil
}

// KeyFilter narrows a list of keys; empty fields match everything.
type KeyFilter struct{ UserID, TeamID string }

// Keys lists the keys, without the secrets, by creation.
func (c *Control) Keys(ctx context.Context, f KeyFilter) ([]access.Key, error) {
	stored, err := c.store.Keys(ctx)
	if err != nil {
		return nil, err
	}
	keys := []access.Key{}
	for _, k := range stored {
		if (f.UserID == "" || k.UserID == f.UserID) && (f.TeamID == "" || k.TeamID == f.TeamID) {
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
	return access.Key{}, fmt.Errorf("key %q: %w", id, ErrNotFound)
}

// KeyChange is what can be said of a key; nil leaves a field as it is.
type KeyChange struct {
	Name           *string
	Models         *[]string
	Expires        *time.Time // zero: never
	Blocked        *bool
	EndUsers       *bool
	BudgetFallback *[]string
	Metadata       *map[string]string
}

func (ch KeyChange) apply(k *access.Key) error {
	set(&k.Name, ch.Name)
	set(&k.Models, ch.Models)
	set(&k.Expires, ch.Expires)
	set(&k.Blocked, ch.Blocked)
	set(&k.EndUsers, ch.EndUsers)
	set(&k.BudgetFallback, ch.BudgetFallback)
	set(&k.Metadata, ch.Metadata)
	err := errors.Join(checkText("a key's name", k.Name), checkModels(k.Models), checkModels(k.BudgetFallback))
	if len(k.Metadata) > MaxMetadata {
		err = errors.Join(err, invalid("more than %d metadata entries", MaxMetadata))
	}
	for name, v := range k.Metadata {
		if len(name) > MaxID || len(v) > MaxValue {
			err = errors.Join(err, invalid("metadata %q: a name has at most %d bytes and a value %d", name[:min(len(name), MaxID)], MaxID, MaxValue))
		}
	}
	return err
}

// KeyOwner says whose a new key is. A key of a user, of a team, or of a user within
// a team; an admin key is nobody's.
type KeyOwner struct {
	Role   access.Role // "" is a caller
	UserID string
	TeamID string
}

// CreateKey makes a key and returns its secret, which is kept nowhere and cannot be
// shown again.
func (c *Control) CreateKey(ctx context.Context, owner KeyOwner, ch KeyChange) (access.Key, string, error) {
	if owner.Role == "" {
		owner.Role = access.Caller
	}
	k := access.Key{Role: owner.Role, UserID: owner.UserID, TeamID: owner.TeamID, Models: []string{}, BudgetFallback: []string{}, Metadata: map[string]string{}, Created: c.now()}
	err := ch.apply(&k)
	switch {
	case owner.Role != access.Caller && owner.Role != access.Admin:
		err = errors.Join(err, invalid("a key's role is caller or admin, not %q", owner.Role))
	case owner.Role == access.Admin && (owner.UserID != "" || owner.TeamID != ""):
		err = errors.Join(err, invalid("an admin key has neither user nor team"))
	case owner.Role == access.Caller && owner.UserID == "" && owner.TeamID == "":
		err = errors.Join(err, invalid("a key needs a user, a team or both, so that its budgets and reports have an owner"))
	}
	if !k.Expires.IsZero() && !k.Expires.After(c.now()) {
		err = errors.Join(err, invalid("the key would have expired already, at %s", k.Expires.UTC().Format(time.RFC3339)))
	}
	if err != nil {
		return k, "", err
	}
	if err := c.lock(ctx); err != nil {
		return k, "", err
	}
	defer c.mu.Unlock()
	if err := c.ownerExists(owner); err != nil {
		return k, "", err
	}
	secret, err := access.NewKey(c.random)
	if err != nil {
		return k, "", err
	}
	if k.ID, err = c.newID("key"); err != nil {
		return k, "", err
	}
	k.Digest, k.Hint = access.DigestOf(secret), access.Hint(secret)
	if err := c.store.CreateKey(ctx, StoredKey{Key: k}); err != nil {
		return k, "", err
	}
	c.directory.PutKey(k, false)
	return k, secret, nil
}

func (c *Control) ownerExists(owner KeyOwner) error {
	if owner.UserID != "" {
		if _, err := c.User(owner.UserID); err != nil {
			return err
		}
	}
	if owner.TeamID == "" {
		return nil
	}
	t, err := c.Team(owner.TeamID)
	if err != nil {
		return err
	}
	if owner.UserID != "" && !slices.Contains(t.Members, owner.UserID) {
		return invalid("user %q is no member of team %q: add it first", owner.UserID, owner.TeamID)
	}
	return nil
}

// UpdateKey changes a key.
func (c *Control) UpdateKey(ctx context.Context, id string, ch KeyChange) (access.Key, error) {
	if err := c.lock(ctx); err != nil {
		return access.Key{}, err
	}
	defer c.mu.Unlock()
	k, err := c.Key(id)
	if err != nil {
		return k, err
	}
	if err := ch.apply(&k); err != nil {
		return k, err
	}
	if id == AdminKeyID && (k.Blocked || !k.Expires.IsZero()) {
		return k, invalid("the first admin key cannot be blocked or expire; set another with admin_key or TOLLGATE_ADMIN_KEY")
	}
	if err := c.store.UpdateKey(ctx, k); err != nil {
		return k, fmt.Errorf("key %q: %w", id, err)
	}
	c.directory.ChangeKey(k)
	return k, nil
}

// DeleteKey revokes a key for good. What it spent stays in the books.
func (c *Control) DeleteKey(ctx context.Context, id string) error {
	if id == AdminKeyID {
		return invalid("the first admin key cannot be deleted")
	}
	if err := c.lock(ctx); err != nil {
		return err
	}
	defer c.mu.Unlock()
	if err := c.store.DeleteKey(ctx, id); err != nil {
		return fmt.Errorf("key %q: %w", id, err)
	}
	c.directory.DropKey(id)
	return nil
}

// ensureTries is how often replicas that start together may be in each other's way.
const ensureTries = 10

// EnsureAdmin sees to it that there is an admin key. A given secret becomes the
// admin key, in place of an earlier one; without one, a key is made at the first
// start and returned, to be shown once: of replicas that start together, by one.
func (c *Control) EnsureAdmin(ctx context.Context, given string) (made string, err error) {
	if given != "" {
		if err := access.CheckAdminSecret(given); err != nil {
			return "", err
		}
	}
	if err := c.lock(ctx); err != nil {
		return "", err
	}
	defer c.mu.Unlock()
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
	if replace {
		if err := c.store.DeleteKey(ctx, AdminKeyID); err != nil {
			return "", err
		}
	}
	if err := c.store.CreateKey(ctx, StoredKey{Key: k, Foreign: foreign}); err != nil {
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
	return access.Principal{}, invalid("%d keys are called %q: give the id of one of them", len(named), key)
}

// Principal returns the principal of a key's id.
func (c *Control) Principal(id string) (access.Principal, error) {
	k, err := c.Key(id)
	if err != nil {
		return access.Principal{}, err
	}
	return c.principal(k), nil
}

func (c *Control) principal(k access.Key) access.Principal {
	return access.Principal{Key: &k, User: c.directory.User(k.UserID), Team: c.directory.Team(k.TeamID)}
}
