package manage

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

func (a *api) groupRoutes() []route {
	fields := honoured("access_group", "model_names", "model_ids")
	unified := slices.Concat(honoured("access_group_name", "description", "access_model_names"),
		as(Refused, "Give the group to the key or the team instead: its access_group_ids.", "assigned_team_ids", "assigned_key_ids"),
		as(Refused, "There is no such thing here.", "access_mcp_server_ids", "access_agent_ids", "access_skill_names", "mcp_tool_permissions"))
	return []route{
		{http.MethodPost, "/access_group/new", fields, a.newAccessGroup},
		{http.MethodGet, "/access_group/list", nil, a.listAccessGroups},
		{http.MethodGet, "/access_group/:group/info", nil, a.accessGroupInfo},
		{http.MethodPut, "/access_group/:group/update", fields, a.updateAccessGroup},
		{http.MethodDelete, "/access_group/:group/delete", nil, a.deleteAccessGroup},

		{http.MethodPost, "/v1/access_group", unified, a.newGroup},
		{http.MethodGet, "/v1/access_group", nil, a.listGroups},
		{http.MethodGet, "/v1/access_group/:id", nil, a.getGroup},
		{http.MethodPut, "/v1/access_group/:id", unified, a.updateGroup},
		{http.MethodDelete, "/v1/access_group/:id", nil, a.deleteGroup},
	}
}

// accessGroups are the groups that deployments of the API name, with the public names and
// the number of the deployments of each.
func (a *api) accessGroups(in *call) (map[string][]deployed, error) {
	all, err := a.deployments(in)
	if err != nil {
		return nil, err
	}
	out := map[string][]deployed{}
	for _, d := range all {
		if !d.db {
			continue
		}
		for _, g := range d.info.texts("access_groups") {
			out[g] = append(out[g], d)
		}
	}
	return out, nil
}

func accessGroupRow(name string, of []deployed) row {
	names := []string{}
	for _, d := range of {
		if !slices.Contains(names, d.name) {
			names = append(names, d.name)
		}
	}
	slices.Sort(names)
	return row{"access_group": name, "model_names": names, "deployment_count": len(of), "spend": json.Number("0.0")}
}

// groupMembers says which deployments of the API a request names, by their public names or by
// their ids.
func (a *api) groupMembers(in *call) (ids []string, err error) {
	names, byID := in.texts("model_names"), in.texts("model_ids")
	if err := in.done(); err != nil {
		return nil, err
	}
	if len(names.or(nil)) == 0 && len(byID.or(nil)) == 0 {
		return nil, bad("model_names", "model_names or model_ids is required and cannot be empty")
	}
	made := a.Control.Deployments()
	for _, id := range byID.or(nil) {
		if !slices.ContainsFunc(made, func(d control.Deployment) bool { return d.ID == id }) {
			return nil, bad("model_ids", "Can't find model '%s' in Database. Access group management is only supported for database models.", id)
		}
		ids = append(ids, id)
	}
	if len(byID.or(nil)) > 0 {
		return ids, nil
	}
	for _, name := range names.or(nil) {
		found := false
		for _, d := range made {
			if d.Name == name {
				ids, found = append(ids, d.ID), true
			}
		}
		if !found {
			return nil, bad("model_names", "Can't find model '%s' in Database. Access group management is only supported for database models.", name)
		}
	}
	return ids, nil
}

// setMembers makes the deployments of some ids, and no others, members of a group. It
// returns how many were changed.
func (a *api) setMembers(in *call, group string, ids []string) (int, error) {
	var edits []control.Edit
	for _, d := range a.Control.Deployments() {
		w, err := a.stored(in, d)
		if err != nil {
			return 0, err
		}
		if len(w.params) == 0 { // another face made it, in its own words
			continue
		}
		groups := w.info.texts("access_groups")
		is, want := slices.Contains(groups, group), slices.Contains(ids, d.ID)
		switch {
		case is == want:
			continue
		case want:
			groups = append(groups, group)
		default:
			groups = slices.DeleteFunc(groups, func(g string) bool { return g == group })
		}
		w.info = w.info.over(object{"access_groups": mapping.JSON(list(groups))})
		w.kept = in.fill(w.kept)
		ch, err := a.deploymentChange(w, nil)
		if err != nil {
			return 0, err
		}
		edits = append(edits, control.DeploymentEdit{Action: control.Update, ID: d.ID, DeploymentChange: ch})
	}
	_, err := a.Control.Apply(in.ctx, edits)
	return len(edits), plain(err)
}

func (a *api) newAccessGroup(in *call) error {
	if err := a.may(in, control.Alter); err != nil {
		return err
	}
	in.needBody()
	name := in.text("access_group").or("")
	ids, err := a.groupMembers(in)
	if err != nil {
		return err
	}
	if name == "" {
		return bad("access_group", "access_group is required and cannot be empty")
	}
	groups, err := a.accessGroups(in)
	if err != nil {
		return err
	}
	if _, there := groups[name]; there {
		return &refusal{status: http.StatusConflict, kind: "bad_request_error", message: fmt.Sprintf("Access group '%s' already exists. Use PUT /access_group/%s/update to update it.", name, name)}
	}
	n, err := a.setMembers(in, name, ids)
	if err != nil {
		return err
	}
	return in.answer(row{"access_group": name, "model_names": in.texts("model_names").v, "model_ids": in.texts("model_ids").v, "models_updated": n})
}

func (a *api) listAccessGroups(in *call) error {
	if err := a.may(in, control.See); err != nil {
		return err
	}
	groups, err := a.accessGroups(in)
	if err != nil {
		return err
	}
	rows := []row{}
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		rows = append(rows, accessGroupRow(name, groups[name]))
	}
	return in.answer(row{"access_groups": rows})
}

// thereGroup returns a group that a path names.
func (a *api) thereGroup(in *call) (name string, of []deployed, err error) {
	name = in.param("group")
	groups, err := a.accessGroups(in)
	if err != nil {
		return "", nil, err
	}
	of, there := groups[name]
	if !there {
		return "", nil, missing("", "Access group '%s' not found", name)
	}
	return name, of, nil
}

func (a *api) accessGroupInfo(in *call) error {
	if err := a.may(in, control.See); err != nil {
		return err
	}
	name, of, err := a.thereGroup(in)
	if err != nil {
		return err
	}
	return in.answer(accessGroupRow(name, of))
}

func (a *api) updateAccessGroup(in *call) error {
	if err := a.may(in, control.Alter); err != nil {
		return err
	}
	in.needBody()
	ids, err := a.groupMembers(in)
	if err != nil {
		return err
	}
	name, _, err := a.thereGroup(in)
	if err != nil {
		return err
	}
	if _, err := a.setMembers(in, name, ids); err != nil {
		return err
	}
	return in.answer(row{"access_group": name, "model_names": in.texts("model_names").v, "model_ids": in.texts("model_ids").v, "models_updated": len(ids)})
}

func (a *api) deleteAccessGroup(in *call) error {
	if err := a.may(in, control.Alter); err != nil {
		return err
	}
	name, of, err := a.thereGroup(in)
	if err != nil {
		return err
	}
	if _, err := a.setMembers(in, name, nil); err != nil {
		return err
	}
	return in.answer(row{"access_group": name, "message": fmt.Sprintf("Access group '%s' deleted successfully", name), "models_updated": len(of)})
}

// groupRows tell groups of models.
func (a *api) groupRows(in *call, all ...control.Group) ([]row, error) {
	ids := make([]string, len(all))
	for i, g := range all {
		ids[i] = g.ID
	}
	attributes, err := a.attributes(in, control.GroupChanged, ids...)
	if err != nil {
		return nil, err
	}
	rows := make([]row, len(all))
	for i, g := range all {
		rows[i] = groupRow(g, mapping.KeptOf(attributes[g.ID]))
	}
	return rows, nil
}

func groupRow(g control.Group, k mapping.Kept) row {
	r := row{"access_group_id": g.ID, "access_group_name": g.Name, "description": k["description"], "access_model_names": list(g.Models), "created_at": instant(g.Created),
		"created_by": k["created_by"], "updated_at": k["updated_at"], "updated_by": k["updated_by"], "mcp_tool_permissions": nil}
	for _, name := range []string{"access_agent_ids", "access_agents", "access_mcp_server_ids", "access_mcp_servers", "access_skill_names", "assigned_key_ids", "assigned_keys", "assigned_team_ids", "assigned_teams"} {
		r[name] = []string{}
	}
	return r
}

// groupsThere makes sure that there are the groups that a request gives to something.
func (a *api) groupsThere(in *call) error {
	ids := in.texts("access_group_ids").or(nil)
	if err := in.done(); err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := a.Control.Group(id); err != nil {
			return missing("access_group_ids", "Access group '%s' not found. Make it first: POST /v1/access_group", id)
		}
	}
	return nil
}

// models reads which models something may use: those of `models`, and with them those of the
// groups in access_group_ids. have are those that it has; nil says that they stay.
func (in *call) models(k mapping.Kept, have []string) *[]string {
	list, groups := in.texts("models"), in.texts("access_group_ids")
	if !list.given && !groups.given {
		return nil
	}
	written := writtenModels(k, have)
	if list.given {
		written = list.or([]string{})
	}
	if groups.given {
		k.Set("access_group_ids", nil)
		if ids := groups.or(nil); len(ids) > 0 {
			k.Set("access_group_ids", ids)
		}
	}
	return ptr(withGroups(k, written))
}

// writtenModels are the models that something has as they were written, without its groups.
func writtenModels(k mapping.Kept, have []string) []string {
	if _, other := k["models"]; other {
		return object(k).texts("models")
	}
	return slices.Clone(have)
}

// withGroups keeps a list of models as it was written and returns what it is here. A list
// that restricts nothing is not made narrower by groups.
func withGroups(k mapping.Kept, written []string) []string {
	models := slices.Clone(keepModels(k, written, mapping.Models(written)))
	if len(models) == 0 {
		return models
	}
	for _, id := range object(k).texts("access_group_ids") {
		if !slices.Contains(models, id) {
			models = append(models, id)
		}
		k.Set("models", written)
	}
	return models
}

func (a *api) answerGroup(in *call, g control.Group, err error) error {
	if err != nil {
		return plain(err)
	}
	rows, err := a.groupRows(in, g)
	if err != nil {
		return err
	}
	return in.answer(rows[0])
}

// group reads what a request says of a group.
func (in *call) group(kept mapping.Kept, attributes json.RawMessage) (control.GroupChange, error) {
	ch := control.GroupChange{Name: in.text("access_group_name").v, Models: in.texts("access_model_names").v}
	k := in.fill(kept)
	if v := in.text("description"); v.given {
		k.Set("description", v.v)
	}
	ch.Attributes = k.Into(attributes)
	return ch, in.done()
}

// groupNamed makes sure that no other group has a name. LiteLLM's are unique.
func (a *api) groupNamed(name *string, id string) error {
	if name == nil {
		return nil
	}
	for _, g := range a.Control.Groups() {
		if g.Name == *name && g.ID != id {
			return bare(&refusal{status: http.StatusConflict, kind: "bad_request_error", message: fmt.Sprintf("Access group '%s' already exists", *name)})
		}
	}
	return nil
}

func (a *api) newGroup(in *call) error {
	if err := a.may(in, control.Make); err != nil {
		return err
	}
	in.needBody()
	ch, err := in.group(mapping.Kept{}, nil)
	switch {
	case err != nil:
		return err
	case in.text("access_group_name").or("") == "":
		in.fail("missing", "Field required", "access_group_name")
		return in.done()
	}
	if err := a.groupNamed(ch.Name, ""); err != nil {
		return err
	}
	id, err := a.uuid()
	if err != nil {
		return err
	}
	g, err := a.Control.CreateGroup(in.ctx, id, ch)
	in.c.Status(http.StatusCreated)
	return a.answerGroup(in, g, err)
}

func (a *api) listGroups(in *call) error {
	if err := a.may(in, control.See); err != nil {
		return err
	}
	rows, err := a.groupRows(in, a.Control.Groups()...)
	if err != nil {
		return err
	}
	return in.answer(rows)
}

// bare tells a refusal as these routes do: its message alone.
func bare(r *refusal) error { return &detailed{r, r.message} }

// there returns the group that a path names.
func (a *api) there(in *call) (control.Group, error) {
	g, err := a.Control.Group(in.param("id"))
	if errors.Is(err, control.ErrNotFound) {
		return g, bare(missing("", "Access group '%s' not found", in.param("id")))
	}
	return g, err
}

func (a *api) getGroup(in *call) error {
	if err := a.may(in, control.See); err != nil {
		return err
	}
	g, err := a.there(in)
	return a.answerGroup(in, g, err)
}

func (a *api) updateGroup(in *call) error {
	if err := a.may(in, control.Alter); err != nil {
		return err
	}
	in.needBody()
	g, err := a.there(in)
	if err != nil {
		return err
	}
	attributes, err := a.attributes(in, control.GroupChanged, g.ID)
	if err != nil {
		return err
	}
	ch, err := in.group(mapping.KeptOf(attributes[g.ID]), attributes[g.ID])
	if err != nil {
		return err
	}
	if err := a.groupNamed(ch.Name, g.ID); err != nil {
		return err
	}
	g, err = a.Control.UpdateGroup(in.ctx, g.ID, ch)
	return a.answerGroup(in, g, err)
}

func (a *api) deleteGroup(in *call) error {
	if err := a.may(in, control.Remove); err != nil {
		return err
	}
	g, err := a.there(in)
	if err != nil {
		return err
	}
	if err := a.Control.DeleteGroup(in.ctx, g.ID); err != nil {
		return err
	}
	return in.c.SendStatus(http.StatusNoContent)
}
