package manage

import (
	"errors"
	"strings"

	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

// generated is a key that was just made.
type generated struct {
	key    access.Key
	secret string
}

func (a *api) generateKey(in *call) error {
	in.needBody()
	owner := control.KeyOwner{UserID: in.text("user_id").or(""), TeamID: in.text("team_id").or(""), OrgID: in.text("organization_id").or("")}
	return a.generate(in, owner)
}

func (a *api) generateServiceKey(in *call) error {
	in.needBody()
	owner := control.KeyOwner{TeamID: in.text("team_id").or(""), OrgID: in.text("organization_id").or("")}
	if in.text("user_id").v != nil {
		return bad("user_id", "A service account is nobody's: leave user_id out.")
	}
	if owner.TeamID == "" {
		return bad("team_id", "team_id is required for service account keys. Please specify `team_id` in the request body.")
	}
	in.service = true
	return a.generate(in, owner)
}

func (a *api) generate(in *call, owner control.KeyOwner) error {
	if err := in.done(); err != nil {
		return err
	}
	made, edits, err := a.newKey(in, owner)
	if err != nil {
		return err
	}
	return a.make(in, made, edits)
}

// newKey is the making of a key: the edits that it takes, and those of whom it is for.
func (a *api) newKey(in *call, owner control.KeyOwner) (id string, edits []control.Edit, err error) {
	w, err := a.wantKey(in, &mapping.Standing{}, nil, nil)
	if err != nil {
		return "", nil, err
	}
	person := in.who.Person()
	if !in.who.Manages() && person != nil && owner.UserID == "" && owner.TeamID == "" && owner.OrgID == "" {
		owner.UserID = person.ID // one's own
	}
	w.within(in.who)
	secret := control.KeySecret{Secret: in.text("key").or("")}
	asks := owner
	if a.joins(owner) { // ensureOwner asks for who does
		asks.UserID = ""
	}
	if err := a.Control.MayMakeKey(in.who, asks, secret, w.KeyChange); err != nil {
		if person != nil && owner.UserID != "" && owner.UserID != person.ID {
			return "", nil, forbidden("user_id", "User can only create keys for themselves. Got user_id=%s, Your ID=%s", owner.UserID, person.ID)
		}
		return "", nil, err
	}
	// What it may spend bounds it; what it has spent is a word of the books, and what is on top of a budget bounds nothing.
	if w.spend != nil && *w.spend != 0 || w.terms.Extra != (ledger.Extra{}) {
		if err := a.Control.May(in.who, control.Alter, control.TheBudget, control.Place{}); err != nil {
			return "", nil, err
		}
	}
	if err := a.unique(w.Name, ""); err != nil {
		return "", nil, err
	}
	if owner.TeamID != "" {
		if _, err := a.Control.Team(owner.TeamID); err != nil {
			return "", nil, missing("team_id", "Team not found, passed team_id=%s. Make it first: POST /team/new", owner.TeamID)
		}
	}
	if edits, err = a.ensureOwner(in, owner); err != nil {
		return "", nil, err
	}
	owner.Standalone = owner.UserID == "" && owner.TeamID == "" && owner.OrgID == ""
	if id, err = a.newID("key"); err != nil {
		return "", nil, err
	}
	if secret.Secret != "" {
		switch {
		case !strings.HasPrefix(secret.Secret, "sk-"):
			return "", nil, bad("key", "Invalid key format. LiteLLM Virtual Key must start with 'sk-'.")
		case access.CheckSecret(secret.Secret) != nil:
			return "", nil, bad("key", "%v", access.CheckSecret(secret.Secret))
		}
	}
	edits = append(edits, control.KeyEdit{Action: control.Create, ID: id, Owner: owner, Secret: secret, KeyChange: w.change()})
	more, err := a.change(scope.Account{Kind: scope.Key, ID: id}, &mapping.Standing{}, w.terms, w.spend)
	return id, append(edits, more...), err
}

// joins says whether whom a key of a team is in the name of is still to be put into the team.
func (a *api) joins(owner control.KeyOwner) bool {
	if owner.UserID == "" || owner.TeamID == "" {
		return false
	}
	t, err := a.Control.Team(owner.TeamID)
	return err == nil && !access.Is(owner.UserID, t.Members)
}

// ensureOwner makes a user that a key is for, as LiteLLM's scripts expect, and puts it into
// the key's team: a key works only for members.
func (a *api) ensureOwner(in *call, owner control.KeyOwner) (edits []control.Edit, err error) {
	if owner.UserID == "" {
		return nil, nil
	}
	joins := a.joins(owner)
	if joins { // first, so that one who is not theirs is like one who is not there
		at := a.Control.PlaceOfTeam(owner.TeamID)
		if err := a.Control.May(in.who, control.Make, control.TheMember, at); err != nil {
			return nil, err
		}
		if err := a.Control.MayAdd(in.who, at, owner.UserID); err != nil {
			return nil, err
		}
	}
	if _, err := a.Control.User(owner.UserID); errors.Is(err, control.ErrNotFound) {
		if err := a.Control.May(in.who, control.Make, control.TheUser, control.Place{}); err != nil {
			return nil, err
		}
		of := *in
		of.fields = nil // what the request keeps is the key's
		w := wantedUser{kept: of.fill(mapping.Kept{})}
		if edits, err = a.makeUser(owner.UserID, w); err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	}
	if !joins {
		return edits, nil
	}
	more, err := a.join(in, owner.TeamID, owner.UserID, nil, nil)
	return append(edits, more...), err
}

// make does the edits and answers with the key that they made or rotated.
func (a *api) make(in *call, id string, edits []control.Edit) error {
	g, err := a.made(in, id, edits)
	if err != nil {
		return err
	}
	r, err := a.keyRows(in, "key_generated", g.key)
	if err != nil {
		return err
	}
	return in.answer(r[0].add(g.members()))
}

func (a *api) made(in *call, id string, edits []control.Edit) (generated, error) {
	done, err := a.Control.Apply(in.ctx, edits)
	if err != nil {
		return generated{}, plain(err)
	}
	var g generated
	for _, d := range done {
		if d.Kind == control.KeyChanged && d.ID == id && d.Secret != "" {
			g.secret = d.Secret
		}
	}
	g.key, err = a.Control.Key(id)
	return g, err
}

func (g generated) members() row {
	hash := g.key.Digest.String()
	return row{"key": g.secret, "token": hash, "token_id": hash}
}

// plain takes the number of an edit off an error: the client has asked for one thing.
func plain(err error) error {
	var at *control.EditError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
