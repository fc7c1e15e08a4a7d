package control

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"
)

// Credential is a set of secrets that deployments of the API share.
type Credential struct {
	ID string
	// URLs are where its secrets may be sent: scheme, host and port, in the order of their
	// bytes. Empty: nobody has said, and nothing uses it. It is for where the deployments go
	// that the first change has that lets any use it.
	URLs    []string
	Secrets []string // their names
	Created time.Time
}

// StoredCredential is a credential as it is kept.
type StoredCredential struct {
	Credential
	Sealed string
}

type credential struct{ StoredCredential }

func (v *credential) made() time.Time { return v.Created }

// Credentials lists the credentials by id.
func (c *Control) Credentials() []Credential {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := []Credential{}
	for _, id := range slices.Sorted(maps.Keys(c.added.credentials)) {
		out = append(out, c.added.credentials[id].Credential)
	}
	return out
}

// Credential returns one credential, or [ErrNotFound].
func (c *Control) Credential(id string) (Credential, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cred := c.added.credentials[id]; cred != nil {
		return cred.Credential, nil
	}
	return Credential{}, missing(CredentialChanged, id)
}

// CredentialSecrets returns a credential's secrets. No face shows them.
func (c *Control) CredentialSecrets(id string) (map[string]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cred := c.added.credentials[id]; cred != nil {
		return c.openSecrets(CredentialChanged, id, cred.Sealed)
	}
	return nil, missing(CredentialChanged, id)
}

// CredentialChange is what can be said of a credential; nil leaves a field as it is.
type CredentialChange struct {
	URLs       *[]string          // all of them: http or https, of whose paths nothing is kept
	Secrets    *map[string]string // all of them
	Unsaid     []string           // as those of a [DeploymentChange]
	Attributes json.RawMessage
}

func (ch *CredentialChange) apply(d *draft, v *credential) (err error) {
	if ch.URLs != nil {
		urls, err := originsOf(*ch.URLs)
		if err == nil && len(urls) == 0 && len(v.URLs) > 0 {
			err = invalid("a credential that is for some address (%s) is for one at least", strings.Join(v.URLs, ", "))
		}
		if err != nil {
			return inField("urls", err)
		}
		unsaid := ch.Unsaid
		if ch.Secrets == nil {
			unsaid = v.Secrets
		}
		if len(v.URLs) > 0 {
			if err := staysWhere(unsaid, v.URLs, urls...); err != nil {
				return err
			}
		}
		v.URLs = urls
	}
	if ch.Attributes, err = checkAttributes(ch.Attributes); err != nil || ch.Secrets == nil {
		return err
	}
	if err := checkSecrets(*ch.Secrets); err != nil {
		return err
	}
	v.Secrets, v.Sealed = namesOf(*ch.Secrets), d.sealSecrets(CredentialChanged, v.ID, *ch.Secrets)
	return nil
}

func (d *draft) createCredential(id string, ch CredentialChange) (Credential, error) {
	v := &credential{StoredCredential{Credential: Credential{ID: id, URLs: []string{}, Secrets: []string{}, Created: d.at}}}
	if err := errors.Join(checkCredentialID(id), ch.apply(d, v)); err != nil {
		return v.Credential, err
	}
	if d.more().credentials[id] != nil {
		return v.Credential, named(CredentialChanged, id, ErrExists)
	}
	if len(d.more().credentials) >= MaxCredentials {
		return v.Credential, invalid("there are %d credentials already, and no more are kept", MaxCredentials)
	}
	d.write(PutCredential{v.StoredCredential, true, ch.Attributes})
	d.more().credentials[id] = v
	return v.Credential, nil
}

// checkCredentialID takes any name on one line: other programs give them spaces.
func checkCredentialID(id string) error {
	if id == "" {
		return inField("id", invalid("a credential needs an id"))
	}
	return inField("id", checkText("the id of a credential", id))
}

func (d *draft) updateCredential(id string, ch CredentialChange) (Credential, error) {
	was := d.more().credentials[id]
	if was == nil {
		return Credential{}, missing(CredentialChanged, id)
	}
	v := &credential{was.StoredCredential}
	if err := ch.apply(d, v); err != nil {
		return v.Credential, err
	}
	d.write(PutCredential{v.StoredCredential, false, ch.Attributes})
	d.more().credentials[id] = v
	d.more().forget(id) // whether they can still be served is seen when all of the change is known
	return v.Credential, nil
}

func (d *draft) deleteCredential(id string) error {
	if d.more().credentials[id] == nil {
		return missing(CredentialChanged, id)
	}
	for _, m := range byAge(d.more().deployments, (*deployment).made) {
		if m.Credential == id {
			return invalid("credential %q is used by deployment %s: give that another or delete it first", id, m.ID)
		}
	}
	d.write(Drop{CredentialChanged, id})
	delete(d.more().credentials, id)
	return nil
}

// CreateCredential keeps some secrets under a name.
func (c *Control) CreateCredential(ctx context.Context, id string, ch CredentialChange) (Credential, error) {
	return changed(ctx, c, func(d *draft) (Credential, error) { return d.createCredential(id, ch) })
}

// UpdateCredential changes a credential, and with it all deployments that use it.
func (c *Control) UpdateCredential(ctx context.Context, id string, ch CredentialChange) (Credential, error) {
	return changed(ctx, c, func(d *draft) (Credential, error) { return d.updateCredential(id, ch) })
}

// DeleteCredential removes a credential that no deployment uses.
func (c *Control) DeleteCredential(ctx context.Context, id string) error {
	return c.run(ctx, func(d *draft) error { return d.deleteCredential(id) })
}
