package manage

import (
	"errors"
	"slices"

	"github.com/tidwall/gjson"

	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

func (a *api) updateUser(in *call) error {
	in.needBody()
	id, email := in.text("user_id").or(""), in.text("user_email").or("")
	if id == "" && email == "" && len(in.wrong) == 0 {
		in.fail("value_error", "Value error, Either user id or user email must be provided")
	}
	if err := in.done(); err != nil {
		return err
	}
	r, err := a.changeUser(in, id, email)
	if err != nil {
		return err
	}
	return in.answer(r)
}

// changeUser does what a request says of the user that has an id, or else an e-mail, and
// tells of it. LiteLLM makes one that is not there.
func (a *api) changeUser(in *call, id, email string) (row, error) {
	if err := a.Control.May(in.who, control.Alter, control.TheUser, control.Place{User: id}); err != nil {
		return nil, err
	}
	if id == "" {
		switch all := a.Control.UsersWithEmail(email); len(all) {
		case 0:
		case 1:
			id = all[0].ID
		default:
			return nil, bad("user_email", "%d users have the e-mail %s: give the user_id of one of them", len(all), email)
		}
	}
	_, err := a.Control.User(id)
	switch {
	case errors.Is(err, control.ErrNotFound):
		id, err = a.insertUser(in, id)
	case err == nil:
		err = a.alterUser(in, id)
	}
	if err != nil {
		return nil, err
	}
	u, err := a.Control.User(id)
	if err != nil {
		return nil, err
	}
	rows, err := a.userRows(in, "user_updated", u)
	if err != nil {
		return nil, err
	}
	return row{"user_id": id, "data": rows[0]}, nil
}

func (a *api) insertUser(in *call, id string) (string, error) {
	w, err := in.user(mapping.Terms{}, nil)
	if err != nil {
		return "", err
	}
	if err := a.Control.MayGiveRole(in.who, w.Role); err != nil {
		return "", err
	}
	if err := a.sameEmail(w.Email, ""); err != nil {
		return "", err
	}
	if id == "" {
		if id, err = a.newID("user"); err != nil {
			return "", err
		}
	}
	edits, err := a.makeUser(id, w)
	if err != nil {
		return "", err
	}
	_, err = a.Control.Apply(in.ctx, edits)
	return id, plain(err)
}

func (a *api) alterUser(in *call, id string) error {
	account := scope.Account{Kind: scope.User, ID: id}
	now, err := a.standing(in.ctx, account.Kind, id)
	if err != nil {
		return err
	}
	attributes, err := a.attributes(in, control.UserChanged, id)
	if err != nil {
		return err
	}
	w, err := in.user(now.Terms, attributes[id])
	if err != nil {
		return err
	}
	if err := a.Control.MayGiveRole(in.who, w.Role); err != nil {
		return err
	}
	if err := a.sameEmail(w.Email, id); err != nil {
		return err
	}
	more, err := a.change(account, now, w.terms, w.spend)
	if err != nil {
		return err
	}
	_, err = a.Control.Apply(in.ctx, append([]control.Edit{control.UserEdit{Action: control.Update, ID: id, UserChange: w.change()}}, more...))
	return plain(err)
}

func (a *api) updateUsers(in *call) error {
	if err := a.Control.May(in.who, control.Alter, control.TheUser, control.Place{}); err != nil {
		return err
	}
	type update struct {
		id, email string
		object    gjson.Result
	}
	var all []update
	users, _, listed := in.get("users")
	updates, _, same := in.get("user_updates")
	switch everyone := in.flag("all_users").or(false); {
	case everyone && same && updates.IsObject():
		if !empty(updates.Get("user_id")) || !empty(updates.Get("user_email")) {
			return bad("user_updates", "user_updates is for all users: it has neither user_id nor user_email")
		}
		every, err := a.Control.Users(in.ctx)
		if err != nil {
			return err
		}
		for _, u := range every {
			all = append(all, update{u.ID, u.Email, updates})
		}
	case listed && users.IsArray():
		if n := users.Get("#").Int(); n > MaxBulk {
			return bad("users", "Maximum %d users can be updated at once. Found %d users.", MaxBulk, n)
		}
		for _, x := range first(users, MaxBulk) {
			all = append(all, update{x.Get("user_id").String(), x.Get("user_email").String(), x})
		}
	default:
		return bad("users", "Must specify either 'users' for individual updates or 'all_users=True' with 'user_updates' for bulk updates")
	}
	if err := in.done(); err != nil {
		return err
	}
	switch {
	case len(all) == 0:
		return bad("users", "No users found to update")
	case len(all) > MaxBulk:
		return bad("users", "Maximum %d users can be updated at once. Found %d users.", MaxBulk, len(all))
	}
	results, failed := []row{}, 0
	for _, one := range all {
		r := row{"user_id": null(one.id), "user_email": null(one.email), "success": true, "error": nil, "updated_user": nil}
		err := a.each(in, one.object, userFields, func(of *call) error {
			if one.id == "" && one.email == "" {
				return bad("users", "Either user id or user email must be provided")
			}
			done, err := a.changeUser(of, one.id, one.email)
			r["updated_user"] = done
			return err
		})
		if err != nil {
			failed++
			r.add(row{"success": false, "error": err.Error(), "updated_user": nil})
		}
		results = append(results, r)
	}
	return in.answer(row{"results": results, "total_requested": len(all), "successful_updates": len(all) - failed, "failed_updates": failed})
}

// ids reads a list of ids that a request is about, each once.
func (in *call) ids(name string) ([]string, error) {
	ids, err := needed(in, name, in.texts(name))
	if err != nil {
		return nil, err
	}
	if len(ids) > MaxBulk {
		return nil, bad(name, "at most %d are taken at once, and these are %d", MaxBulk, len(ids))
	}
	return slices.Compact(sorted(ids)), nil
}

// deleteUsers deletes users with their keys, their memberships and what these might spend.
func (a *api) deleteUsers(in *call) error {
	ids, err := in.ids("user_ids")
	if err != nil {
		return err
	}
	if err := a.Control.May(in.who, control.Remove, control.TheUser, control.Place{}); err != nil {
		return err
	}
	var accounts []scope.Account
	var edits []control.Edit
	for _, id := range ids {
		if _, err := a.Control.User(id); err != nil {
			return missing("user_ids", "User not found, passed user_id=%s", id)
		}
		accounts = append(accounts, scope.Account{Kind: scope.User, ID: id})
		edits = append(edits, control.UserEdit{Action: control.Delete, ID: id})
	}
	forgotten, err := a.forgetWithKeys(in, accounts, func(k access.Key) bool { return slices.Contains(ids, k.UserID) })
	if err != nil {
		return err
	}
	if _, err := a.Control.Apply(in.ctx, append(forgotten, edits...)); err != nil {
		return plain(err)
	}
	return in.answer(len(ids))
}
