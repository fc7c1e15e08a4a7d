package access

import (
	"crypto/subtle"
	"strings"
	"time"
)

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
		return Principal{}, &KeyError{k.ID, err}
	}
	return p, nil
}

// KeyError is why a key is refused that there is.
type KeyError struct {
	Key string // its id
	Err error
}

func (e *KeyError) Error() string { return e.Err.Error() }
func (e *KeyError) Unwrap() error { return e.Err }

// Still says why somebody who was let in would be refused at the instant now, or nil.
func (d *Directory) Still(p Principal, now time.Time) error {
	k := d.Key(p.Key.ID)
	if k == nil {
		return ErrUnknownKey
	}
	if u := d.EndUser(p.EndUser); u != nil && u.Blocked {
		return ErrEndUser
	}
	for _, tag := range p.Tags {
		if t := d.Tag(tag); t != nil && t.Blocked {
			return ErrTagBlocked
		}
	}
	return d.Principal(k).Refusal(now)
}
