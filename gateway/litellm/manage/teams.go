package manage

import (
	"bytes"
	"net/http"
	"slices"

	"tollgate/accounting"
	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

// teamFields are the fields of a team.
var teamFields = slices.Concat(termFields,
	honoured("team_id", "team_alias", "organization_id", "models", "model_aliases", "blocked", "spend", "tags",
		"access_group_ids"),
	as(Honoured, "Members have it who have nothing of their own in its place, and those who join.", memberTerms...),
	as(Kept, "It is told again.", "metadata", "router_settings", "default_estimated_output_tokens", "default_estimated_output_tokens_per_model"),
	as(Kept, "It is told again: members see their team, and its admins change it.", "team_member_permissions"),
	as(Refused, "It would restrict what members or keys may do, and nothing here does that.", "object_permission", "guardrails", "policies", "prompts",
		"default_team_member_models", "team_member_key_duration", "disable_global_guardrails", "require_trace_id", "allowed_vector_store_indexes"),
	as(Refused, "No route is passed through unmetered.", "allowed_passthrough_routes", "denied_passthrough_routes"),
	as(Ignored, "Files and batches are not served.", "enforced_file_expires_after", "enforced_batch_output_expires_after"),
	as(Refused, "Secrets of engines stand in the configuration.", "secret_manager_settings"),
)

func (a *api) teamRoutes() []route {
	fresh := slices.Concat(teamFields, honoured("members_with_roles"), as(Ignored, "Members and admins are those of members_with_roles.", "members", "admins"))
	return []route{
		{http.MethodPost, "/team/new", fresh, a.newTeam},
		{http.MethodPost, "/team/update", teamFields, a.updateTeam},
		{http.MethodGet, "/team/info", nil, a.teamInfo},
		{http.MethodGet, "/team/list", nil, a.listTeams},
		{http.MethodGet, "/v2/team/list", nil, a.pageTeams},
		{http.MethodPost, "/team/delete", honoured("team_ids"), a.deleteTeams},
		{http.MethodPost, "/team/block", honoured("team_id"), func(in *call) error { return a.blockTeam(in, true) }},
		{http.MethodPost, "/team/unblock", honoured("team_id"), func(in *call) error { return a.blockTeam(in, false) }},
		{http.MethodPost, "/team/model/add", honoured("team_id", "models"), func(in *call) error { return a.teamModels(in, true) }},
		{http.MethodPost, "/team/model/delete", honoured("team_id", "models"), func(in *call) error { return a.teamModels(in, false) }},
		{http.MethodGet, "/team/available", nil, func(in *call) error { return in.answer([]row{}) }},
		{http.MethodGet, "/team/permissions_list", nil, a.teamPermissions},
		{http.MethodPost, "/team/permissions_update", slices.Concat(honoured("team_id"), as(Kept, "It is told again: members see their team, and its admins change it.", "team_member_permissions")), a.updateTeamPermissions},
		{http.MethodPost, "/team/key/bulk_update", honoured("team_id", "key_ids", "all_keys_in_team", "update_fields"), a.updateTeamKeys},
	}
}

// wantedTeam is what a request says of a team.
type wantedTeam struct {
	control.TeamChange
	terms mapping.Terms
	spend *accounting.Money
}

// team reads what a request says of a team that has some terms, attributes and models.
func (in *call) team(terms mapping.Terms, attributes []byte, models []string) (wantedTeam, error) {
	if err := in.spread(mapping.KeptOf(attributes)); err != nil {
		return wantedTeam{}, err
	}
	w := wantedTeam{terms: in.terms(terms), spend: in.money("spend").v}
	kept := in.fill(mapping.KeptOf(attributes))
	for _, name := range []string{"metadata", "router_settings"} {
		in.raw(name) // it must be one
	}
	in.texts("team_member_permissions")
	in.texts("tags")
	if v := in.text("team_alias"); v.given {
		w.Name = ptr(v.or(""))
	}
	if v := in.text("organization_id"); v.given {
		w.Org = ptr(v.or(""))
	}
	w.Models = in.models(kept, models)
	if v := in.dictionary("model_aliases"); v.given {
		w.Aliases = ptr(v.or(map[string]string{}))
	}
	if v := in.flag("blocked"); v.given {
		w.Blocked = ptr(v.or(false))
	}
	in.keepTerms(kept, w.terms)
	kept.SetMetadata(in.inMetadata())
	w.Tags = newTags(mapping.KeptOf(attributes), kept)
	in.keepMemberTerms(kept)
	w.Attributes = kept.Into(attributes)
	return w, in.done()
}

func ptr[T any](v T) *T { return &v }

// mayTeam returns the team of an id, if somebody may do something with it.
func (a *api) mayTeam(in *call, id string, do control.Verb) (access.Team, error) {
	t, err := a.Control.Team(id)
	at := control.Place{}
	if err == nil {
		at = a.Control.PlaceOfTeam(id)
	}
	if no := a.Control.May(in.who, do, control.TheTeam, at); no != nil {
		return t, forbidden("team_id", "You do not have access to this team: team_id=%s. %v", id, no)
	}
	if err != nil {
		return t, missing("team_id", "Team not found, passed team_id=%s", id)
	}
	return t, nil
}

// mayRaiseMembers is mayRaise for what a team gives its members.
func (a *api) mayRaiseMembers(in *call, before, after []byte) error {
	was, is := mapping.KeptOf(before), mapping.KeptOf(after)
	for _, name := range memberTerms {
		if !bytes.Equal(was[name], is[name]) {
			return a.Control.May(in.who, control.Alter, control.TheBudget, control.Place{})
		}
	}
	return nil
}

func (a *api) newTeam(in *call) error {
	in.needBody()
	if err := a.groupsThere(in); err != nil {
		return err
	}
	w, err := in.team(mapping.Terms{}, nil, nil)
	if err != nil {
		return err
	}
	members, err := in.members("members_with_roles")
	if err != nil {
		return err
	}
	org := ""
	if w.Org != nil {
		org = *w.Org
	}
	at := control.Place{}
	if org != "" {
		at.Orgs = []string{org}
	}
	if err := a.Control.MayMakeTeam(in.who, w.TeamChange); err != nil {
		return err
	}
	if org != "" {
		if _, err := a.Control.Org(org); err != nil {
			return bad("organization_id", "Organization not found for organization_id=%s", org)
		}
	}
	id := in.text("team_id").or("")
	if id == "" {
		if id, err = a.newID("team"); err != nil {
			return err
		}
	}
	if _, err := a.Control.Team(id); err == nil {
		return bad("team_id", "Team id = %s already exists. Please use a different team id.", id)
	}
	account := scope.Account{Kind: scope.Team, ID: id}
	if err := a.mayRaise(in, &mapping.Standing{}, w.terms, w.spend); err != nil {
		return err
	}
	if err := a.mayRaiseMembers(in, nil, w.Attributes); err != nil {
		return err
	}
	left := &mapping.Standing{} // by one of the same id that is gone; it stays, unless who asks may say what others spend
	if a.mayBound(in) {
		if left, err = a.standing(in.ctx, account.Kind, id); err != nil {
			return err
		}
	}
	edits := []control.Edit{control.TeamEdit{Action: control.Create, ID: id, TeamChange: w.TeamChange}}
	more, err := a.change(account, left, w.terms, w.spend)
	if err != nil {
		return err
	}
	edits = append(edits, more...)
	more, _, err = a.joining(in, id, at, members, termsOfTeam(w.Attributes, w.terms))
	if err != nil {
		return err
	}
	if _, err := a.Control.Apply(in.ctx, append(edits, more...)); err != nil {
		return plain(err)
	}
	return a.answerTeam(in, "team", id, nil)
}

// answerTeam answers with the row of a team; wrap, unless nil, puts it into something.
func (a *api) answerTeam(in *call, form, id string, wrap func(row) row) error {
	t, err := a.Control.Team(id)
	if err != nil {
		return err
	}
	rows, err := a.teamRows(in, form, t)
	if err != nil {
		return err
	}
	if wrap != nil {
		return in.answer(wrap(rows[0]))
	}
	return in.answer(rows[0])
}
