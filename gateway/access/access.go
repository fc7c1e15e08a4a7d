// Package access knows who asks and what they may use: users, teams, keys, and
// the [Principal] that a credential stands for.
//
// It imports accounting/pattern. It does not know models beyond their names, prices,
// budgets, HTTP or a database: [Directory] holds everybody in memory, and control
// keeps it equal to the store.
package access

import (
	"errors"
	"maps"
	"slices"
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

// User is a person or a service that keys belong to.
type User struct {
	ID      string
	Name    string
	Email   string
	Blocked bool
	Models  []string // what the user's keys may call; empty: everything
	Created time.Time
}

// Team is a group of users.
type Team struct {
	ID      string
	Name    string
	Blocked bool
	Models  []string // what the team's keys may call; empty: everything
	Members []string // ids of users, in the order of their bytes
	Created time.Time
}

// Key is what tollgate knows of a virtual key: never the key itself.
type Key struct {
	ID      string
	Name    string
	Digest  Digest
	Hint    string // the last four characters, to recognise it by
	Role    Role
	UserID  string // may be empty, when TeamID is not
	TeamID  string
	Models  []string // patterns of names, names of groups of models, and the word free; empty: everything
	Expires time.Time
	Blocked bool
	// EndUsers lets calls name the person they are made for (`user` in the body, or
	// a header), who then has budgets and a line in reports.
	EndUsers bool
	// BudgetFallback are public names to serve instead, in order, when what was
	// asked for cannot be paid for.
	BudgetFallback []string
	Metadata       map[string]string
	Created        time.Time

	foreign bool // in a directory: the key has another form than NewKey gives
}

// Principal is who makes a call. Its parts never change while the call runs.
type Principal struct {
	Key     *Key
	User    *User // nil if the key has none
	Team    *Team // nil if the key has none
	EndUser string
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
)

// The reasons for which a known principal is refused.
var (
	ErrAdminOnly    = errors.New("this needs an admin key")
	ErrAdminCalls   = errors.New("an admin key manages and calls no models")
	ErrModelDenied  = errors.New("the API key may not use this model")
	ErrEndUserLong  = errors.New("the end user's name is too long")
	ErrMediaPrivate = errors.New("media must not point into a private network")
	ErrMediaDenied  = errors.New("this model takes no media by URL")
)

// MaxEndUser is the longest name of an end user, in bytes.
const MaxEndUser = 256

// Allows says whether the principal may use a deployment under a public name, which may
// belong to groups. Every list that is not empty must allow it: the key's, its user's
// and its team's.
func (p Principal) Allows(model string, groups []string, free bool) bool {
	ok := allows(p.Key.Models, model, groups, free)
	if p.User != nil {
		ok = ok && allows(p.User.Models, model, groups, free)
	}
	if p.Team != nil {
		ok = ok && allows(p.Team.Models, model, groups, free)
	}
	return ok
}

// Refusal says why a known key is refused at the instant now, or nil: the key, its
// user and its team must exist and be open, and the user be in the team.
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
	}
	if p.User != nil && p.Team != nil {
		if _, member := slices.BinarySearch(p.Team.Members, p.User.ID); !member {
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
	k.Models, k.BudgetFallback, k.Metadata = slices.Clone(k.Models), slices.Clone(k.BudgetFallback), maps.Clone(k.Metadata)
	return k
}
