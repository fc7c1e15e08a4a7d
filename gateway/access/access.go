// Package access knows who asks and what they may use: organizations, teams, users,
// keys, and the [Principal] that a credential stands for.
//
// It imports accounting/pattern. It does not know models beyond their names, prices,
// budgets, HTTP or a database: [Directory] holds everybody in memory, and control
// keeps it equal to the store.
package access

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tollgate/accounting/pattern"
)

// Role says what a key is for.
type Role string

// The roles of a key.
const (
	Caller Role = "caller" // calls models, reads its own use
	Admin  Role = "admin"  // manages; calls no models
)

// UserRole says what a user may do beside calling models.
type UserRole string

// The roles of a user. Its keys that belong to it alone have them: see [Principal.Person].
const (
	PlainUser   UserRole = "member"       // sees itself
	SelfService UserRole = "self_service" // sees itself, and keeps keys of its own
	Viewer      UserRole = "viewer"       // sees everything and changes nothing
	Manager     UserRole = "admin"        // manages like an admin key, and calls models too
)

// UserRoles lists the roles of a user.
func UserRoles() []UserRole { return []UserRole{PlainUser, SelfService, Viewer, Manager} }

// MemberRole says what a member of a team or an organization may do there.
type MemberRole string

// The roles of a member.
const (
	PlainMember MemberRole = "member"
	GroupAdmin  MemberRole = "admin" // manages the team or the organization
)

// User is a person or a service that keys belong to.
type User struct {
	ID      string
	Name    string
	Email   string
	Role    UserRole // "" is PlainUser
	Blocked bool
	Models  []string // what the user's keys may call; empty: everything
	Created time.Time
}

// Organization is a part of whoever runs the gateway: it has teams, keys and members.
type Organization struct {
	ID      string
	Name    string
	Blocked bool
	Models  []string // what its keys and its teams' keys may call; empty: everything
	Members []string // ids of users, in the order of their bytes
	Admins  []string // of these, those that manage it, in the same order
	Created time.Time
}

// Team is a group of users.
type Team struct {
	ID      string
	Name    string
	OrgID   string // may be empty
	Blocked bool
	Models  []string // what the team's keys may call; empty: everything
	// Aliases are names of the team's own for models, for its keys that have no such
	// name themselves. They never open a model that is closed.
	Aliases map[string]string
	Members []string // ids of users, in the order of their bytes
	Admins  []string // of these, those that manage the team, in the same order
	Tags    []string // of every call of its keys
	Created time.Time
}

// Tag is a mark of calls of which something is known. A call may carry one of which
// nothing is known all the same.
type Tag struct {
	ID          string // as calls carry it
	Description string
	Blocked     bool // calls that carry it are refused
	Created     time.Time
}

// EndUser is somebody whom calls are made for, by the name they give. One of whom
// nothing is known may be named all the same.
type EndUser struct {
	ID      string // as calls name it
	Name    string
	Blocked bool
	Created time.Time
}

// Key is what tollgate knows of a virtual key: never the key itself.
type Key struct {
	ID      string
	Name    string
	Digest  Digest
	Hint    string // the last four characters, to recognise it by
	Role    Role
	UserID  string // these three are empty for an admin key and one that stands alone
	TeamID  string
	OrgID   string   // the key's own; empty: its team's
	Models  []string // patterns of names, names of groups of models, and the word free; empty: everything
	Expires time.Time
	Blocked bool
	// EndUsers lets calls name the person they are made for (`user` in the body, or
	// a header), who then has budgets and a line in reports.
	EndUsers bool
	// Tags are marks of every call of the key. No call can leave one out.
	Tags []string
	// CallTags lets calls name more tags, in the body or a header.
	CallTags bool
	// BudgetFallback are public names to serve instead, in order, when what was
	// asked for cannot be paid for.
	BudgetFallback []string
	Aliases        map[string]string // names of the key's own for models; see [Team]
	// Routes are those that the key is kept to, whatever else its role allows: paths of
	// routes, which begin with a slash and may have stars, and the words calls, read and
	// manage; empty: every route. See [Key.Reaches].
	Routes   []string
	Metadata map[string]string
	Created  time.Time
	// Former is the digest that the key had before it was rotated. It works until
	// FormerUntil, unless that is zero.
	Former      Digest
	FormerUntil time.Time

	foreign bool // in a directory: the key has another form than NewKey gives
}

// Principal is who makes a call. Its parts never change while the call runs.
type Principal struct {
	Key     *Key
	User    *User         // nil if the key has none
	Team    *Team         // nil if the key has none
	Org     *Organization // the key's, or its team's; nil if there is none
	EndUser string
	Tags    []string // the key's, its team's and those that the call names, each once; never written to
	named   int      // how many of them the call names
}

// Foreign says that a key of a directory has another form than [NewKey] gives.
func (k *Key) Foreign() bool { return k.foreign }

// Person returns the user whose rights the key has: those of a user alone. A key within
// a team or an organization has none, since others than the person make such keys. nil:
// there is none.
func (p Principal) Person() *User {
	if p.Key.TeamID != "" || p.Key.OrgID != "" {
		return nil
	}
	return p.User
}

// Manages says whether the principal manages everything: it has an admin key, or that of
// a manager.
func (p Principal) Manages() bool {
	person := p.Person()
	return p.Key.Role == Admin || person != nil && person.Role == Manager
}

// Is says whether a user is among the members or admins of a group, which are in order.
func Is(id string, among []string) bool {
	_, found := slices.BinarySearch(among, id)
	return found
}

// FreeWord in a list of allowed models stands for every free model.
const FreeWord = "free"

// The reasons for which a credential is refused. All but the first two look alike
// to the caller, except that a known key may be told why.
var (
	ErrNoCredential   = errors.New("no API key was given")
	ErrTwoCredentials = errors.New("two different API keys were given")
	ErrUnknownKey     = errors.New("the API key is not valid")
	ErrKeyExpired     = errors.New("the API key has expired")
	ErrKeyBlocked     = errors.New("the API key is blocked")
	ErrUserBlocked    = errors.New("the API key's user is blocked")
	ErrTeamBlocked    = errors.New("the API key's team is blocked")
	ErrOrgBlocked     = errors.New("the API key's organization is blocked")
)

// The reasons for which a known principal is refused.
var (
	ErrAdminOnly    = errors.New("this needs an admin key")
	ErrAdminCalls   = errors.New("an admin key manages and calls no models")
	ErrRoute        = errors.New("the API key is kept to other routes than this one")
	ErrModelDenied  = errors.New("the API key may not use this model")
	ErrEndUser      = errors.New("the person whom the call is made for is blocked")
	ErrEndUserLong  = errors.New("the end user's name is too long")
	ErrTagBlocked   = errors.New("a tag of the call is blocked")
	ErrTagLong      = fmt.Errorf("a tag is longer than %d bytes", MaxTag)
	ErrTagsMany     = fmt.Errorf("a call names more than %d tags", MaxTags)
	ErrMediaPrivate = errors.New("media must be at an http or https URL of a public host, written in ASCII, and not in a private network")
	ErrMediaDenied  = errors.New("this model takes no media by URL")
)

// MaxEndUser is the longest name of an end user, in bytes.
const MaxEndUser = 256

// MaxTag is the longest tag, in bytes. MaxTags is how many a key and a team may each
// have, and how many more one call may name.
const (
	MaxTag  = 256
	MaxTags = 32
)

// NameTag adds a tag that a call names to those that it has anyway. The error is
// [ErrTagLong] or [ErrTagsMany].
func (p *Principal) NameTag(tag string) error {
	tag = strings.ReplaceAll(strings.ToValidUTF8(strings.TrimSpace(tag), "\uFFFD"), "\x00", "\uFFFD") // NUL is no text to PostgreSQL
	switch {
	case tag == "" || slices.Contains(p.Tags, tag):
		return nil
	case len(tag) > MaxTag:
		return ErrTagLong
	case p.named == MaxTags:
		return ErrTagsMany
	}
	if p.named == 0 {
		p.Tags = slices.Clip(p.Tags) // the key's own are everybody's
	}
	p.Tags = append(p.Tags, strings.Clone(tag))
	p.named++
	return nil
}

// tagsOf are the tags of every call of a key: its own and its team's, each once.
func tagsOf(k *Key, t *Team) []string {
	if t == nil || len(t.Tags) == 0 {
		return k.Tags
	}
	tags := slices.Clip(k.Tags)
	for _, tag := range t.Tags {
		if !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return tags
}

// Allows says whether the principal may use a deployment under a public name, which may
// belong to groups. Every list that is not empty must allow it: the key's, its user's,
// its team's and its organization's.
func (p Principal) Allows(model string, groups []string, free bool) bool {
	ok := allows(p.Key.Models, model, groups, free)
	if p.User != nil {
		ok = ok && allows(p.User.Models, model, groups, free)
	}
	if p.Team != nil {
		ok = ok && allows(p.Team.Models, model, groups, free)
	}
	if p.Org != nil {
		ok = ok && allows(p.Org.Models, model, groups, free)
	}
	return ok
}

// Resolve returns the model that a name stands for: by the key's aliases, else by its
// team's, else itself. An alias is no name for another one.
func (p Principal) Resolve(name string) string {
	if model, ok := p.Key.Aliases[name]; ok {
		return model
	}
	if p.Team != nil {
		if model, ok := p.Team.Aliases[name]; ok {
			return model
		}
	}
	return name
}

// Refusal says why a known key is refused at the instant now, or nil: the key, its
// user, its team and its organization must exist and be open, and the user be in the
// team.
func (p Principal) Refusal(now time.Time) error {
	k := p.Key
	switch {
	case k.Blocked:
		return ErrKeyBlocked
	case !k.Expires.IsZero() && !now.Before(k.Expires):
		return ErrKeyExpired
	case k.UserID != "" && p.User == nil:
		return ErrUnknownKey
	case p.User != nil && p.User.Blocked:
		return ErrUserBlocked
	case k.TeamID != "" && p.Team == nil:
		return ErrUnknownKey
	case p.Team != nil && p.Team.Blocked:
		return ErrTeamBlocked
	case p.Org == nil && (k.OrgID != "" || p.Team != nil && p.Team.OrgID != ""):
		return ErrUnknownKey
	case p.Org != nil && p.Org.Blocked:
		return ErrOrgBlocked
	}
	if p.User != nil && p.Team != nil {
		if !Is(p.User.ID, p.Team.Members) {
			return ErrUnknownKey // no longer one
		}
	}
	return nil
}

func allows(list []string, model string, groups []string, free bool) bool {
	return len(list) == 0 || slices.ContainsFunc(list, func(p string) bool {
		return (free && p == FreeWord) || pattern.Match(p, model) || slices.Contains(groups, p)
	})
}

// Clone returns a deep copy.
func (k Key) Clone() Key {
	k.Models, k.BudgetFallback, k.Routes, k.Tags = slices.Clone(k.Models), slices.Clone(k.BudgetFallback), slices.Clone(k.Routes), slices.Clone(k.Tags)
	k.Aliases, k.Metadata = maps.Clone(k.Aliases), maps.Clone(k.Metadata)
	return k
}
