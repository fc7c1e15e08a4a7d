package manage

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"tollgate/configs/litellm"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

// credentialFields are the fields of a credential.
var credentialFields = slices.Concat(
	honoured("credential_name", "credential_info", "credential_values", "model_id"),
	as(Kept, "The label that user interfaces show.", "display_name"),
)

func (a *api) credentialRoutes() []route {
	return []route{
		{http.MethodPost, "/credentials", credentialFields, a.newCredential},
		{http.MethodGet, "/credentials", nil, a.listCredentials},
		{http.MethodGet, "/credentials/by_name/:name", nil, a.credentialByName},
		{http.MethodGet, "/credentials/by_model/:id", nil, a.credentialByModel},
		{http.MethodPatch, "/credentials/:name", credentialFields.and(honoured("credential_values_to_delete")), a.patchCredential},
		{http.MethodDelete, "/credentials/:name", nil, a.deleteCredential},
	}
}

// may refuses whoever may not do something with what runs the gateway.
func (a *api) may(in *call, do control.Verb) error {
	return a.Control.May(in.who, do, control.TheOperation, control.Place{})
}

// credentialValues are all values of a credential: those that are secret are sealed, the
// others stand in its attributes.
func (a *api) credentialValues(name string) (object, error) {
	secrets, err := a.Control.CredentialSecrets(name)
	if err != nil {
		return nil, err
	}
	out := object{}
	for k, v := range secrets {
		if k == "key" {
			continue // it is api_key
		}
		if json.Valid([]byte(v)) && v[0] == '"' {
			out[k] = json.RawMessage(v)
		} else {
			out[k] = mapping.JSON(v)
		}
	}
	if _, ok := out["api_key"]; !ok && secrets["key"] != "" {
		out["api_key"] = mapping.JSON(secrets["key"])
	}
	return out, nil
}

func (a *api) newCredential(in *call) error {
	if err := a.may(in, control.Make); err != nil {
		return err
	}
	in.needBody()
	name, info, values := in.text("credential_name"), in.raw("credential_info"), objectOf(in.raw("credential_values").or(nil))
	model := in.text("model_id").or("")
	in.text("display_name") // it is kept
	if name.v == nil && !in.none {
		in.fail("missing", "Field required", "credential_name")
	}
	if err := in.done(); err != nil {
		return err
	}
	if model != "" {
		var err error
		if values, err = a.valuesOfModel(in, model); err != nil {
			return err
		}
		if len(secretsBut(values, nil)) > 0 && mapping.Address(values, a.Env) == "" {
			return bad("model_id", "It is not known where the secrets of the model %s go: say them again with credential_values.", model)
		}
	}
	if len(values) == 0 {
		return bad("credential_values", "credential_values or a model_id is needed.")
	}
	kept := in.fill(mapping.Kept{})
	kept.Set("credential_info", objectOf(info.or(nil)))
	_, err := a.Control.CreateCredential(in.ctx, *name.v, mapping.CredentialChange(values, kept, nil, a.Env))
	if errors.Is(err, control.ErrExists) {
		return &refusal{status: http.StatusConflict, kind: "internal_server_error", message: fmt.Sprintf("Credential '%s' already exists. Update it with PATCH /credentials/%s, or delete it first.", *name.v, *name.v)}
	}
	if err != nil {
		return err
	}
	return in.answer(row{"success": true, "message": "Credential created successfully"})
}

// valuesOfModel are the parts of a deployment's parameters that a credential has.
func (a *api) valuesOfModel(in *call, id string) (object, error) {
	d, err := a.Control.Deployment(id)
	if errors.Is(err, control.ErrNotFound) {
		for _, d := range a.inFile() {
			if d.id == id {
				return pick(d.params), nil
			}
		}
		return nil, missing("", "Model not found. Got model ID: %s", id)
	}
	if err != nil {
		return nil, err
	}
	w, err := a.stored(in, d)
	if err != nil {
		return nil, err
	}
	values := pick(w.params)
	if mapping.Address(values, a.Env) == "" {
		at, err := a.calledAt(in, id)
		if err != nil {
			return nil, err
		}
		if at != "" {
			values["api_base"] = mapping.JSON(at) // its secrets were given for that
		}
	}
	return values, nil
}

// calledAt is where the calls of a deployment go; "" if that is not known.
func (a *api) calledAt(in *call, id string) (string, error) {
	all, err := a.deployments(in)
	for _, d := range all {
		if d.id != id {
			continue
		}
		for _, c := range a.candidates(d) {
			if base := c.Of().Provider.Base; base != nil {
				return base.String(), err
			}
		}
	}
	return "", err
}

func pick(params object) object {
	out := object{}
	for k, v := range params {
		if litellm.Secret(k) || slices.Contains([]string{"api_base", "base_url", "api_version", "organization", "region_name"}, k) {
			out[k] = v
		}
	}
	return out
}

// credentialRow tells a credential. What is secret is masked.
func credentialRow(name string, kept mapping.Kept, values object) row {
	info := kept["credential_info"]
	if len(info) == 0 {
		info = json.RawMessage("{}")
	}
	shown := row{}
	for k, v := range values {
		shown[k] = masked(k, v)
	}
	return row{"credential_name": name, "credential_info": info, "credential_values": shown, "display_name": kept["display_name"]}
}

func (a *api) credentialRows(in *call, all ...control.Credential) ([]row, error) {
	ids := make([]string, len(all))
	for i, c := range all {
		ids[i] = c.ID
	}
	attributes, err := a.attributes(in, control.CredentialChanged, ids...)
	if err != nil {
		return nil, err
	}
	rows := []row{}
	for _, c := range all {
		values, err := a.credentialValues(c.ID)
		if err != nil { // it was sealed with another key: its names are known
			values = object{}
			for _, name := range c.Secrets {
				values[name] = mapping.JSON("")
			}
		}
		rows = append(rows, credentialRow(c.ID, mapping.KeptOf(attributes[c.ID]), values).add(row{"source": "db"}))
	}
	return rows, nil
}

func (a *api) listCredentials(in *call) error {
	if err := a.may(in, control.See); err != nil {
		return err
	}
	rows, err := a.credentialRows(in, a.Control.Credentials()...)
	if err != nil {
		return err
	}
	return in.answer(row{"success": true, "credentials": rows})
}

// noCredential refuses a request for a credential that is not there.
func noCredential(name string) error {
	return missing("", "Credential not found. Got credential name: %s", name)
}

func (a *api) credentialByName(in *call) error {
	if err := a.may(in, control.See); err != nil {
		return err
	}
	c, err := a.Control.Credential(in.param("name"))
	if errors.Is(err, control.ErrNotFound) {
		return noCredential(in.param("name"))
	}
	if err != nil {
		return err
	}
	rows, err := a.credentialRows(in, c)
	if err != nil {
		return err
	}
	return in.answer(rows[0])
}

func (a *api) credentialByModel(in *call) error {
	if err := a.may(in, control.See); err != nil {
		return err
	}
	id := in.param("id")
	values, err := a.valuesOfModel(in, id)
	if err != nil {
		return err
	}
	name := id
	if d, err := a.Control.Deployment(id); err == nil {
		name = d.Name
	}
	return in.answer(credentialRow(name+"-credential-"+id, nil, values))
}

// patchCredential changes a credential, and in the same change every deployment that uses
// it: its address may be the credential's.
func (a *api) patchCredential(in *call) error {
	if err := a.may(in, control.Alter); err != nil {
		return err
	}
	in.needBody()
	name := in.param("name")
	info, values := objectOf(in.raw("credential_info").or(nil)), objectOf(in.raw("credential_values").or(nil))
	gone, told := in.texts("credential_values_to_delete").or(nil), in.text("credential_name").or(name)
	in.text("display_name") // it is kept
	if err := in.done(); err != nil {
		return err
	}
	if told != name {
		return bad("credential_name", "credential_name is immutable. Set display_name to change how the credential is labeled.")
	}
	have, err := a.credentialValues(name)
	if errors.Is(err, control.ErrNotFound) {
		return noCredential(name)
	}
	if err != nil { // it was sealed with another key, so what it has now is all that is told
		have = object{}
	}
	attributes, err := a.attributes(in, control.CredentialChanged, name)
	if err != nil {
		return err
	}
	for _, k := range gone {
		delete(have, k)
	}
	unsaid := secretsBut(have, values)
	have = have.over(values)
	kept := in.fill(mapping.KeptOf(attributes[name]))
	kept.Set("credential_info", objectOf(kept["credential_info"]).over(info))
	ch := mapping.CredentialChange(have, kept, attributes[name], a.Env)
	ch.Unsaid = unsaid
	edits := []control.Edit{control.CredentialEdit{Action: control.Update, ID: name, CredentialChange: ch}}
	for _, d := range a.Control.Deployments() {
		if d.Credential != name {
			continue
		}
		w, err := a.stored(in, d)
		if err != nil {
			return err
		}
		if w.params.text("litellm_credential_name") != name {
			continue // it was made by another face, and refers to the credential itself
		}
		ch, err := a.deploymentChange(w, mapping.JSON(have))
		if err != nil {
			return err
		}
		edits = append(edits, control.DeploymentEdit{Action: control.Update, ID: d.ID, DeploymentChange: ch})
	}
	if _, err := a.Control.Apply(in.ctx, edits); err != nil {
		return plain(err)
	}
	return in.answer(row{"success": true, "message": "Credential updated successfully"})
}

func (a *api) deleteCredential(in *call) error {
	if err := a.may(in, control.Remove); err != nil {
		return err
	}
	name := in.param("name")
	err := a.Control.DeleteCredential(in.ctx, name)
	if errors.Is(err, control.ErrNotFound) {
		return noCredential(name)
	}
	if err != nil {
		return err
	}
	return in.answer(row{"success": true, "message": "Credential deleted successfully"})
}
