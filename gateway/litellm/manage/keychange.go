package manage

import (
	"errors"
	"slices"
	"time"

	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/accounting/scope"
	"tollgate/configs/litellm"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

func (a *api) updateKey(in *call) error {
	in.needBody()
	name := in.text("key")
	if name.v == nil && len(in.wrong) == 0 {
		if alias := in.text("key_alias").or(""); alias != "" {
			k, _ := a.Control.KeyNamed(alias) // one that is not there has the digest of none
			name = some(k.Digest.String())
		} else {
			in.fail("value_error", "Value error, either key or key_alias must be provided")
		}
	}
	if err := in.done(); err != nil {
		return err
	}
	k, err := a.mayKey(in, *name.v, control.Alter)
	if err != nil {
		return err
	}
	k, err = a.changeKey(in, k)
	if err != nil {
		return err
	}
	rows, err := a.keyRows(in, "key_updated", k)
	if err != nil {
		return err
	}
	return in.answer(rows[0].add(row{"key": *name.v}))
}

// changeKey does what a request says of a key.
func (a *api) changeKey(in *call, k access.Key) (access.Key, error) {
	edits, err := a.keyEdits(in, k)
	if err != nil {
		return k, err
	}
	if _, err := a.Control.Apply(in.ctx, edits); err != nil {
		return k, plain(err)
	}
	return a.Control.Key(k.ID)
}

// keyEdits are what a request says of a key.
func (a *api) keyEdits(in *call, k access.Key) ([]control.Edit, error) {
	if err := in.notNull("models", "allowed_routes"); err != nil {
		return nil, err
	}
	now, err := a.standing(in.ctx, scope.Key, k.ID)
	if err != nil {
		return nil, err
	}
	attributes, err := a.attributes(in, control.KeyChanged, k.ID)
	if err != nil {
		return nil, err
	}
	w, err := a.wantKey(in, now, attributes[k.ID], k.Models)
	if err != nil {
		return nil, err
	}
	if err := a.unique(w.Name, k.ID); err != nil {
		return nil, err
	}
	if err := a.Control.MayAlterKey(in.who, k.ID, w.KeyChange); err != nil {
		return nil, err
	}
	if err := in.sameOwner(k); err != nil {
		return nil, err
	}
	if err := a.mayRaise(in, now, w.terms, w.spend); err != nil {
		return nil, err
	}
	w.kept.Set("settings_updated_at", instant(in.now))
	edits := []control.Edit{control.KeyEdit{Action: control.Update, ID: k.ID, KeyChange: w.change()}}
	more, err := a.change(scope.Account{Kind: scope.Key, ID: k.ID}, now, w.terms, w.spend)
	return append(edits, more...), err
}

// sameOwner refuses to give a key to somebody else: what it spent is in the books as its
// owner's.
func (in *call) sameOwner(k access.Key) error {
	for _, o := range []struct{ field, has string }{{"user_id", k.UserID}, {"team_id", k.TeamID}, {"organization_id", k.OrgID}} {
		if v := in.text(o.field); v.given && v.or("") != o.has {
			return bad(o.field, "A key stays with whom it was made for (%s: %q). Make another key, and delete this one.", o.field, o.has)
		}
	}
	return nil
}

// mayRaise says whether somebody may change what an account may spend: that is for those
// who manage budgets. What is on top of a budget that is not there is kept, and holds once
// the budget is there.
func (a *api) mayRaise(in *call, now *mapping.Standing, want mapping.Terms, spend *accounting.Money) error {
	edits, err := mapping.Change(scope.Account{}, now, want, spend, in.zone, func(string) (string, error) { return "", nil })
	if want.Extra == now.Extra && (err != nil || len(edits) == 0) {
		return nil // told later
	}
	return a.Control.May(in.who, control.Alter, control.TheBudget, control.Place{})
}

func (a *api) updateKeys(in *call) error {
	v, _, _ := in.get("keys")
	if !v.IsArray() {
		in.fail("missing", "Field required", "keys")
	}
	if err := in.done(); err != nil {
		return err
	}
	all := first(v, MaxBulk+1)
	if len(all) > MaxBulk {
		return bad("keys", "at most %d keys are updated at once", MaxBulk)
	}
	done, failed := []row{}, []row{}
	for _, one := range all {
		name := one.Get("key").String()
		key, err := a.updateOne(in, one, name)
		if err != nil {
			failed = append(failed, row{"key": name, "key_info": nil, "failed_reason": err.Error()})
			continue
		}
		delete(key, "token")
		delete(key, "key")
		done = append(done, row{"key": name, "key_info": key})
	}
	return in.answer(row{"total_requested": len(all), "successful_updates": done, "failed_updates": failed})
}

// updateOne changes a key as a part of a request says, and returns its row.
func (a *api) updateOne(in *call, fields gjson.Result, name string) (key row, err error) {
	err = a.each(in, fields, keyFields, func(of *call) error {
		k, err := a.mayKey(of, name, control.Alter)
		if err != nil {
			return err
		}
		if k, err = a.changeKey(of, k); err != nil {
			return err
		}
		rows, err := a.keyRows(of, "key_updated", k)
		if err == nil {
			key = rows[0]
		}
		return err
	})
	return key, err
}

// MaxBulk is how many things one request changes at most.
const MaxBulk = 500

// each does a part of a request, as one change by itself.
func (a *api) each(in *call, one gjson.Result, f fields, do func(*call) error) error {
	part := *in
	part.wrong = nil
	if err := part.parse([]byte(one.Raw), slices.Concat(honoured("key"), f)); err != nil {
		return err
	}
	return a.whole(&part, do)
}

func (a *api) deleteKeys(in *call) error {
	in.needBody()
	names, aliases := in.texts("keys"), in.texts("key_aliases")
	if names.v == nil && aliases.v == nil && len(in.wrong) == 0 {
		in.fail("value_error", "Value error, At least one of 'keys' or 'key_aliases' must be provided.")
	}
	if err := in.done(); err != nil {
		return err
	}
	var edits []control.Edit
	var accounts []scope.Account
	asked, gone := []string{}, map[string]bool{}
	take := func(name, secret string) error {
		k, err := a.mayKey(in, secret, control.Remove)
		if errors.Is(err, control.ErrNotPermitted) && !in.views() {
			return forbidden("keys", "You are not authorized to delete this key")
		}
		if err != nil {
			return err
		}
		asked = append(asked, name)
		if !gone[k.ID] { // one that is named twice goes once
			gone[k.ID] = true
			edits, accounts = append(edits, control.KeyEdit{Action: control.Delete, ID: k.ID}), append(accounts, scope.Account{Kind: scope.Key, ID: k.ID})
		}
		return nil
	}
	for _, n := range names.or(nil) {
		if err := take(n, n); err != nil {
			return err
		}
	}
	for _, n := range aliases.or(nil) {
		k, ok := a.Control.KeyNamed(n)
		if !ok && (in.who.Manages() || in.views()) { // to others it is like one that is not theirs
			return missing("key_aliases", "Key not found: no key has the alias %q", n)
		}
		if err := take(n, k.Digest.String()); err != nil {
			return err
		}
	}
	if _, err := a.Control.Apply(in.ctx, append(a.forget(accounts...), edits...)); err != nil {
		return plain(err)
	}
	return in.answer(row{"deleted_keys": asked})
}

func (a *api) blockKey(in *call, blocked bool) error {
	in.needBody()
	name := in.text("key")
	if name.v == nil {
		in.fail("missing", "Field required", "key")
	}
	if err := in.done(); err != nil {
		return err
	}
	k, err := a.mayKey(in, *name.v, control.Alter)
	if err != nil {
		return err
	}
	attributes, err := a.attributes(in, control.KeyChanged, k.ID)
	if err != nil {
		return err
	}
	if err := a.Control.MayAlterKey(in.who, k.ID, control.KeyChange{Blocked: &blocked}); err != nil {
		return err
	}
	kept := in.fill(mapping.KeptOf(attributes[k.ID]))
	kept.Set("blocked", blocked)
	kept.Set("settings_updated_at", instant(in.now))
	if k, err = a.Control.UpdateKey(in.ctx, k.ID, control.KeyChange{Blocked: &blocked, Attributes: kept.Into(attributes[k.ID])}); err != nil {
		return err
	}
	form := "key_unblocked"
	if blocked {
		form = "key_blocked"
	}
	rows, err := a.keyRows(in, form, k)
	if err != nil {
		return err
	}
	return in.answer(rows[0])
}

// regenerateKey gives a key another secret, and says what else is to change of it.
func (a *api) regenerateKey(in *call) error {
	name := in.param("key")
	if name == "" {
		name = in.text("key").or("")
	}
	if name == "" {
		name = in.query().text("key")
	}
	secret := control.KeySecret{Secret: in.text("new_key").or("")}
	var grace time.Duration
	if g := in.text("grace_period").or(""); g != "" {
		until, err := litellm.After(in.now, g)
		if err != nil {
			return bad("grace_period", "%s", mapping.BadDuration("grace_period", g))
		}
		grace = until.Sub(in.now)
	}
	if err := in.done(); err != nil {
		return err
	}
	if name == "" {
		return bad("key", "give the key to regenerate, in the path or the body")
	}
	if secret.Secret != "" {
		if err := access.CheckSecret(secret.Secret); err != nil {
			return bad("new_key", "%v", err)
		}
	}
	k, err := a.mayKey(in, name, control.Alter)
	if err != nil {
		return err
	}
	if err := a.Control.MayRotateKey(in.who, k.ID, secret); err != nil {
		return err
	}
	var edits []control.Edit
	if !in.none && len(in.object.Keys()) > 0 {
		if edits, err = a.keyEdits(in, k); err != nil {
			return err
		}
	}
	return a.make(in, k.ID, append(edits, control.KeyEdit{Action: control.Rotate, ID: k.ID, Secret: secret, Grace: grace}))
}

func (a *api) resetKey(in *call) error {
	to, err := in.resetTo()
	if err != nil {
		return err
	}
	k, err := a.mayKey(in, in.param("key"), control.Alter)
	if err != nil {
		return err
	}
	if err := a.Control.May(in.who, control.Alter, control.TheBudget, control.Place{}); err != nil {
		return err
	}
	now, err := a.reset(in, scope.Account{Kind: scope.Key, ID: k.ID}, to)
	if err != nil {
		return err
	}
	return in.answer(row{"key_hash": k.Digest.String(), "spend": number(to), "previous_spend": number(now.Spend), "max_budget": amount(now.Max), "budget_reset_at": instant(now.Resets)})
}

// resetTo is what a request sets spending to.
func (in *call) resetTo() (accounting.Money, error) {
	in.needBody()
	return needed(in, "reset_to", in.money("reset_to"))
}

// reset sets what an account has spent to less than it is, and returns how it stood.
func (a *api) reset(in *call, account scope.Account, to accounting.Money) (*mapping.Standing, error) {
	now, err := a.standing(in.ctx, account.Kind, account.ID)
	if err != nil {
		return nil, err
	}
	if to > now.Spend {
		return nil, bad("reset_to", "reset_to (%s) must be <= current spend (%s)", number(to), number(now.Spend))
	}
	edits, err := a.change(account, now, now.Terms, &to)
	if err == nil && len(edits) > 0 {
		_, err = a.Control.Apply(in.ctx, edits)
	}
	return now, plain(err)
}
