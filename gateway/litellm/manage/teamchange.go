package manage

import (
	"reflect"
	"slices"

	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

func (a *api) updateTeam(in *call) error {
	id, err := in.needText("team_id")
	if err != nil {
		return err
	}
	t, err := a.mayTeam(in, id, control.Alter)
	if err != nil {
		return err
	}
	if err := in.notNull("models", "blocked"); err != nil {
		return err
	}
	if err := a.groupsThere(in); err != nil {
		return err
	}
	now, err := a.standing(in.ctx, scope.Team, id)
	if err != nil {
		return err
	}
	attributes, err := a.attributes(in, control.TeamChanged, id)
	if err != nil {
		return err
	}
	w, err := in.team(now.Terms, attributes[id], t.Models)
	if err != nil {
		return err
	}
	if err := a.mayRaise(in, now, w.terms, w.spend); err != nil {
		return err
	}
	if err := a.Control.MayAlterTeam(in.who, id, w.TeamChange); err != nil {
		return err
	}
	if err := a.mayRaiseMembers(in, attributes[id], w.Attributes); err != nil {
		return err
	}
	if w.Org != nil && *w.Org != "" {
		if _, err := a.Control.Org(*w.Org); err != nil {
			return missing("organization_id", "Organization not found, passed organization_id=%s", *w.Org)
		}
	}
	edits := []control.Edit{control.TeamEdit{Action: control.Update, ID: id, TeamChange: w.TeamChange}}
	more, err := a.change(scope.Account{Kind: scope.Team, ID: id}, now, w.terms, w.spend)
	if err != nil {
		return err
	}
	edits = append(edits, more...)
	was, is := termsOfTeam(attributes[id], now.Terms), termsOfTeam(w.Attributes, w.terms)
	if !reflect.DeepEqual(was, is) { // also by the window of the team's own budget
		more, err := a.follow(in, t, was, is)
		if err != nil {
			return err
		}
		edits = append(edits, more...)
	}
	if _, err := a.Control.Apply(in.ctx, edits); err != nil {
		return plain(err)
	}
	return a.answerTeam(in, "team_updated", id, func(r row) row { return row{"team_id": id, "data": r} })
}

func (a *api) deleteTeams(in *call) error {
	in.needBody()
	ids, err := in.ids("team_ids")
	if err != nil {
		return err
	}
	var edits []control.Edit
	var accounts []scope.Account
	for _, id := range ids {
		if _, err := a.mayTeam(in, id, control.Remove); err != nil {
			return err
		}
		accounts = append(accounts, scope.Account{Kind: scope.Team, ID: id})
		edits = append(edits, control.TeamEdit{Action: control.Delete, ID: id})
	}
	var forgotten []control.Edit
	if a.mayBound(in) { // else a team that is made again would have what this one had not
		if forgotten, err = a.forgetWithKeys(in, accounts, func(k access.Key) bool { return k.TeamID != "" && slices.Contains(ids, k.TeamID) }); err != nil {
			return err
		}
	}
	if _, err := a.Control.Apply(in.ctx, append(forgotten, edits...)); err != nil {
		return plain(err)
	}
	return in.answer(row{"deleted_teams": ids})
}

func (a *api) blockTeam(in *call, blocked bool) error {
	id, err := in.needText("team_id")
	if err != nil {
		return err
	}
	if _, err := a.mayTeam(in, id, control.Alter); err != nil {
		return err
	}
	ch := control.TeamChange{Blocked: &blocked}
	if err := a.Control.MayAlterTeam(in.who, id, ch); err != nil {
		return err
	}
	if _, err := a.Control.UpdateTeam(in.ctx, id, ch); err != nil {
		return err
	}
	return a.answerTeam(in, "team_blocked", id, nil)
}

// teamModels adds models to what a team may use, or takes them away. A team that may use
// everything gets a list of its own by the first that is added.
func (a *api) teamModels(in *call, add bool) error {
	id, err := in.needText("team_id")
	if err != nil {
		return err
	}
	models, err := needed(in, "models", in.texts("models"))
	if err != nil {
		return err
	}
	t, err := a.mayTeam(in, id, control.Alter)
	if err != nil {
		return err
	}
	attributes, err := a.attributes(in, control.TeamChanged, id)
	if err != nil {
		return err
	}
	kept := in.fill(mapping.KeptOf(attributes[id]))
	next := writtenModels(kept, t.Models)
	if len(t.Models) == 0 {
		next = nil
	}
	for _, m := range models {
		i := slices.Index(next, m)
		switch {
		case add && i < 0:
			next = append(next, m)
		case !add && i >= 0:
			next = slices.Delete(next, i, i+1)
		}
	}
	if !add && len(next) == 0 && len(t.Models) > 0 {
		return bad("models", "A team without models in its list may use every model. Block the team, or update it with the models it is to have.")
	}
	next = withGroups(kept, next)
	if _, err := a.Control.UpdateTeam(in.ctx, id, control.TeamChange{Models: &next, Attributes: kept.Into(attributes[id])}); err != nil {
		return err
	}
	return a.answerTeam(in, "team_updated", id, nil)
}

func (a *api) updateTeamPermissions(in *call) error {
	id, err := in.needText("team_id")
	if err != nil {
		return err
	}
	in.texts("team_member_permissions")
	if err := in.done(); err != nil {
		return err
	}
	if _, err := a.mayTeam(in, id, control.Alter); err != nil {
		return err
	}
	attributes, err := a.attributes(in, control.TeamChanged, id)
	if err != nil {
		return err
	}
	kept := in.fill(mapping.KeptOf(attributes[id]))
	if _, err := a.Control.UpdateTeam(in.ctx, id, control.TeamChange{Attributes: kept.Into(attributes[id])}); err != nil {
		return err
	}
	return a.answerTeam(in, "team", id, nil)
}

// updateTeamKeys changes many keys of a team alike.
func (a *api) updateTeamKeys(in *call) error {
	id, err := in.needText("team_id")
	if err != nil {
		return err
	}
	names, all := in.texts("key_ids"), in.flag("all_keys_in_team").or(false)
	fields, _, there := in.get("update_fields")
	if !there || !fields.IsObject() {
		in.fail("missing", "Field required", "update_fields")
	}
	if err := in.done(); err != nil {
		return err
	}
	if _, err := a.mayTeam(in, id, control.See); err != nil {
		return err
	}
	keys, err := a.visibleKeys(in, control.KeyFilter{TeamID: id})
	if err != nil {
		return err
	}
	var asked []string
	for _, k := range keys {
		hash := k.Digest.String()
		if all || slices.ContainsFunc(names.or(nil), func(n string) bool { d, ok := a.find(n); return ok && d.ID == k.ID }) {
			asked = append(asked, hash)
		}
	}
	if len(asked) > MaxBulk {
		return bad("key_ids", "at most %d keys are updated at once", MaxBulk)
	}
	done, failed := []row{}, []row{}
	for _, n := range names.or(nil) {
		if k, ok := a.find(n); !ok || k.TeamID != id {
			failed = append(failed, row{"key": n, "key_info": nil, "failed_reason": "Key not found in this team."})
		}
	}
	for _, hash := range asked {
		key, err := a.updateOne(in, fields, hash)
		if err != nil {
			failed = append(failed, row{"key": hash, "key_info": nil, "failed_reason": err.Error()})
			continue
		}
		done = append(done, row{"key": hash, "key_info": key})
	}
	return in.answer(row{"team_id": id, "total_requested": len(done) + len(failed), "successful_updates": done, "failed_updates": failed})
}
