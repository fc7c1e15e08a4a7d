package mapping

import (
	"cmp"
	"encoding/json"
	"net/url"

	"tollgate/configs/litellm"
	"tollgate/gateway/control"
)

// SecretParam begins the names under which a deployment keeps the secrets among its
// litellm_params, as JSON, beside those that its declaration refers to.
const SecretParam = "litellm_params."

// Deployment is one as LiteLLM has it.
type Deployment struct {
	Name   string
	Params map[string]json.RawMessage // litellm_params, with what is secret in plain
	Info   map[string]json.RawMessage // model_info, without the id
	// Credential are the values of the credential that Params name; nil: there is none.
	Credential json.RawMessage
	Env        func(name string) (string, bool) // looks a variable up
	Sent       []litellm.Sent                   // the variables that the file sends
}

// Change is what makes a deployment of it. Its parameters are kept, to be told again and to
// be changed one by one, those that are secret among the secrets. The error is a
// [*litellm.ErrDeployment].
func (d Deployment) Change(kept Kept, attributes json.RawMessage) (control.DeploymentChange, *litellm.Converted, error) {
	converted, err := litellm.ConvertDeployment(litellm.Deployment{Name: d.Name, Params: JSON(d.Params), Info: JSON(d.Info), Credential: d.Credential, Env: d.Env, Sent: d.Sent})
	if err != nil {
		return control.DeploymentChange{}, nil, err
	}
	secrets := converted.Secrets
	d.keep(kept, secrets)
	credential := Kept(d.Params).Text("litellm_credential_name")
	if d.Credential == nil {
		credential = "" // what is not there cannot be referred to
	}
	return control.DeploymentChange{Name: &d.Name, Declaration: converted.Declaration, Credential: &credential, Secrets: &secrets, Attributes: kept.Into(attributes)}, converted, nil
}

// keep keeps the parameters, those that are secret among the secrets.
func (d Deployment) keep(kept Kept, secrets map[string]string) {
	open := map[string]json.RawMessage{}
	for key, v := range d.Params {
		if litellm.Secret(key) {
			secrets[SecretParam+key] = string(v)
		} else {
			open[key] = v
		}
	}
	kept.Set("litellm_params", open)
	kept.Set("model_info", d.Info)
}

// Unserved is what makes a deployment that nothing serves, for a reason of a few words that
// clients are told, so that it can be mended where it is.
func (d Deployment) Unserved(why string, kept Kept, attributes json.RawMessage) control.DeploymentChange {
	secrets, none := map[string]string{}, ""
	d.keep(kept, secrets)
	return control.DeploymentChange{Name: &d.Name, Declaration: JSON(map[string]string{"unavailable": why}), Credential: &none, Secrets: &secrets, Attributes: kept.Into(attributes)}
}

// CredentialChange is what makes a credential of credential_values. All of them are sealed:
// what is shown of them is masked each time anew. It is for its api_base, if it has one,
// which may be that of a variable.
func CredentialChange(values map[string]json.RawMessage, kept Kept, attributes json.RawMessage, env func(name string) (string, bool)) control.CredentialChange {
	secrets := map[string]string{}
	for k, v := range values {
		secrets[k] = string(v)
	}
	if key := Kept(values).Text("api_key"); key != "" {
		secrets["key"] = key // what tollgate's own API calls it
	}
	ch := control.CredentialChange{Secrets: &secrets, Attributes: kept.Into(attributes)}
	if at := Address(values, env); at != "" {
		ch.URLs = &[]string{at}
	}
	return ch
}

// Address is the scheme and host of the api_base among some values, which may be that of a
// variable; "" if there is none.
func Address(values map[string]json.RawMessage, env func(name string) (string, bool)) string {
	u, err := url.Parse(litellm.Address(cmp.Or(Kept(values).Text("api_base"), Kept(values).Text("base_url")), env))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
