package admin

import (
	"encoding/json"
	"net/http"
	"time"

	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// Key is what is told of a key: neither the key nor its digest.
type Key struct {
	ID             string            `json:"id"`
	Name           string            `json:"name"`
	Hint           string            `json:"hint"` // its last four characters
	Role           access.Role       `json:"role"`
	User           string            `json:"user"` // "" if it has none
	Team           string            `json:"team"` // "" if it has none
	Org            string            `json:"org"`  // the key's own; "" if it has none
	Models         []string          `json:"models"`
	Expires        *time.Time        `json:"expires"` // null: never
	Blocked        bool              `json:"blocked"`
	EndUsers       bool              `json:"end_users"`
	Tags           []string          `json:"tags"` // of every call of the key
	CallTags       bool              `json:"call_tags"`
	BudgetFallback []string          `json:"budget_fallback"`
	Aliases        map[string]string `json:"aliases"` // names for models
	Metadata       map[string]string `json:"metadata"`
	Routes         []string          `json:"routes"`               // that the key is kept to; empty: every route
	Attributes     json.RawMessage   `json:"attributes,omitempty"` // not told to the key itself
	FormerUntil    *time.Time        `json:"former_until"`         // until when the secret before the last works; null: it does not
	Created        *time.Time        `json:"created"`
}

// NewKey is a key that was just made: the only answer that holds its secret.
type NewKey struct {
	Key
	Secret string `json:"key"` // "" if only its digest was given
}

func viewKey(k access.Key, attributes json.RawMessage) Key {
	return Key{ID: k.ID, Name: k.Name, Hint: k.Hint, Role: k.Role, User: k.UserID, Team: k.TeamID, Org: k.OrgID, Models: list(k.Models), Expires: instant(k.Expires),
		Blocked: k.Blocked, EndUsers: k.EndUsers, Tags: list(k.Tags), CallTags: k.CallTags, BudgetFallback: list(k.BudgetFallback), Aliases: dictionary(k.Aliases), Metadata: dictionary(k.Metadata), Routes: list(k.Routes),
		Attributes: attributes, FormerUntil: instant(k.FormerUntil), Created: instant(k.Created)}
}

// dictionary makes a map that is never null in JSON.
func dictionary(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

func (a *api) listKeys(r *request) error {
	q := r.query()
	s, filter := q.span(), control.KeyFilter{UserID: q.text("user"), TeamID: q.text("team"), OrgID: q.text("org")}
	if err := q.done(); err != nil {
		return err
	}
	keys, err := a.Control.Keys(r.ctx, filter)
	if err != nil {
		return err
	}
	if len(keys) == 0 && a.Control.May(r.who, control.See, control.TheKey, control.Place{}) == nil { // to others it is like one that is not theirs
		if err := a.everWere(r, map[control.ChangeKind]string{control.UserChanged: filter.UserID, control.TeamChanged: filter.TeamID, control.OrgChanged: filter.OrgID}); err != nil {
			return err
		}
	}
	seen := visible(a, r, control.TheKey, keys, a.Control.PlaceOfKey)
	return listed(a, r, control.KeyChanged, seen, s, func(k access.Key) string { return k.ID }, false, viewKey)
}

func (b *body) key() control.KeyChange {
	return control.KeyChange{Name: b.text("name"), Models: b.texts("models"), Expires: b.instant("expires"), Blocked: b.flag("blocked"),
		EndUsers: b.flag("end_users"), Tags: b.texts("tags"), CallTags: b.flag("call_tags"), BudgetFallback: b.texts("budget_fallback"), Aliases: b.dictionary("aliases"), Metadata: b.dictionary("metadata"), Routes: b.texts("routes"), Attributes: b.attributes()}
}

func (b *body) owner() control.KeyOwner {
	var owner control.KeyOwner
	set(&owner.Role, word[access.Role](b, "role"))
	set(&owner.UserID, b.text("user"))
	set(&owner.TeamID, b.text("team"))
	set(&owner.OrgID, b.text("org"))
	set(&owner.Standalone, b.flag("standalone"))
	return owner
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// secret reads what a key is to be known by.
func (b *body) secret() control.KeySecret {
	var s control.KeySecret
	set(&s.Secret, b.filled("key", "one is made"))
	set(&s.Hint, b.text("hint"))
	if v := b.text("digest"); v != nil {
		var err error
		if s.Digest, err = access.ParseDigest(*v); err != nil {
			b.fail("digest", "it must be the SHA-256 of the key, in hexadecimal")
		}
	}
	return s
}

func (a *api) createKey(r *request) error {
	b := r.body()
	owner, secret, ch := b.owner(), b.secret(), b.key()
	if err := b.done(); err != nil {
		return err
	}
	a.making.Lock()
	defer a.making.Unlock()
	if err := a.Control.MayMakeKey(r.who, owner, secret, ch); err != nil {
		return err
	}
	if err := a.Control.MayOutpace(r.who, owner, ""); err != nil {
		return err
	}
	if err := a.mayKeep(r, ch.Attributes); err != nil {
		return err
	}
	k, text, err := a.Control.CreateKeyKnown(r.ctx, owner, secret, ch)
	return a.answerNewKey(r, http.StatusCreated, k, text, err)
}

func (a *api) answerNewKey(r *request, status int, k access.Key, text string, err error) error {
	if err != nil {
		return err
	}
	attributes, err := a.attributes(r, control.KeyChanged, k.ID)
	if err != nil {
		return err
	}
	return r.answer(status, NewKey{viewKey(k, attributes), text})
}

func (a *api) answerKey(r *request, k access.Key, err error) error {
	if err != nil {
		return err
	}
	attributes, err := a.attributes(r, control.KeyChanged, k.ID)
	if err != nil {
		return err
	}
	return r.answer(http.StatusOK, viewKey(k, attributes))
}

// maySeeKey says whether somebody may see a key. To others than those who may see all of
// them, one that is not there is like one that is not theirs.
func (a *api) maySeeKey(r *request) error {
	k, err := a.Control.Key(r.param("id"))
	at := control.Place{}
	if err == nil {
		at = a.Control.PlaceOfKey(k)
	}
	return a.Control.May(r.who, control.See, control.TheKey, at)
}

func (a *api) getKey(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	if err := a.maySeeKey(r); err != nil {
		return err
	}
	k, err := a.Control.Key(r.param("id"))
	return a.answerKey(r, k, err)
}

func (a *api) updateKey(r *request) error {
	b := r.body()
	ch := b.key()
	if err := b.done(); err != nil {
		return err
	}
	if err := a.Control.MayAlterKey(r.who, r.param("id"), ch); err != nil {
		return err
	}
	if err := a.mayKeep(r, ch.Attributes); err != nil {
		return err
	}
	k, err := a.Control.UpdateKey(r.ctx, r.param("id"), ch)
	return a.answerKey(r, k, err)
}

func (b *body) grace() time.Duration {
	return time.Duration(b.number("grace_seconds", int64(control.MaxGrace/time.Second))) * time.Second
}

func (a *api) rotateKey(r *request) error {
	b := r.body()
	secret, grace := b.secret(), b.grace()
	if err := b.done(); err != nil {
		return err
	}
	if err := a.Control.MayRotateKey(r.who, r.param("id"), secret); err != nil {
		return err
	}
	if k, err := a.Control.Key(r.param("id")); err == nil { // else the rotation says so
		if err := a.Control.MayOutpace(r.who, control.KeyOwner{UserID: k.UserID, TeamID: k.TeamID, OrgID: k.OrgID}, k.ID); err != nil {
			return err
		}
	}
	k, text, err := a.Control.RotateKey(r.ctx, r.param("id"), secret, grace)
	return a.answerNewKey(r, http.StatusOK, k, text, err)
}

func (a *api) deleteKey(r *request) error {
	if err := a.Control.MayDeleteKey(r.who, r.param("id")); err != nil {
		return err
	}
	if err := a.Control.DeleteKey(r.ctx, r.param("id")); err != nil {
		return err
	}
	return r.gone()
}
