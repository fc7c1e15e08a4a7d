package manage

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"tollgate/configs/litellm"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

// modelFields are the fields of a deployment.
var modelFields = slices.Concat(
	honoured("model_name", "litellm_params", "model_info"),
	as(Ignored, "A deployment's model_info has it.", "blocked", "model_id"),
)

func (a *api) modelRoutes() []route {
	return []route{
		{http.MethodPost, "/model/new", modelFields, a.newModel},
		{http.MethodPost, "/model/update", modelFields.and(honoured("id")), a.updateModel},
		{http.MethodPatch, "/model/:id/update", modelFields, a.patchModel},
		{http.MethodPost, "/model/delete", honoured("id"), a.deleteModel},
		{http.MethodGet, "/model/info", nil, a.modelInfo},
		{http.MethodGet, "/v1/model/info", nil, a.modelInfo},
		{http.MethodGet, "/v2/model/info", nil, a.modelInfoPage},
		{http.MethodGet, "/model_group/info", nil, a.groupInfo},
		{http.MethodGet, "/utils/supported_openai_params", nil, a.supportedParams},
	}
}

// uuid makes an id as LiteLLM makes them.
func (a *api) uuid() (string, error) {
	b := make([]byte, 16)
	if _, err := io.ReadFull(a.Random, b); err != nil {
		return "", err
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}

// mayModels refuses whoever may not change deployments, in the words that LiteLLM has for
// it.
func (a *api) mayModels(in *call, do control.Verb) error {
	if a.Control.May(in.who, do, control.TheOperation, control.Place{}) == nil {
		return nil
	}
	role := "internal_user"
	if p := in.who.Person(); p != nil && a.oversees(in) {
		role = "proxy_admin_viewer"
	}
	return forbidden("None", "User does not have permission to make this model call. Your role=%s. You can only make model calls if you are a PROXY_ADMIN.", role)
}

// oversees says whether somebody sees all that there is.
func (a *api) oversees(in *call) bool {
	return a.Control.May(in.who, control.See, control.TheOperation, control.Place{}) == nil
}

// wanted is a deployment as LiteLLM has it.
type wanted struct {
	id, name     string
	params, info object // with all secrets, and without the id
	kept         mapping.Kept
	attributes   json.RawMessage
}

// stored reads a deployment back.
func (a *api) stored(in *call, d control.Deployment) (wanted, error) {
	attributes, err := a.attributes(in, control.DeploymentChanged, d.ID)
	if err != nil {
		return wanted{}, err
	}
	w := wanted{id: d.ID, name: d.Name, attributes: attributes[d.ID], kept: mapping.KeptOf(attributes[d.ID])}
	w.params, w.info = objectOf(w.kept["litellm_params"]), objectOf(w.kept["model_info"])
	secrets, err := a.Control.DeploymentSecrets(d.ID)
	if err != nil {
		return w, bad("model_id", "Model %s cannot be changed: %v", d.ID, err)
	}
	for name, v := range secrets {
		if key, ok := strings.CutPrefix(name, mapping.SecretParam); ok {
			w.params[key] = json.RawMessage(v)
		}
	}
	return w, nil
}

// deploymentChange is what makes a deployment of it.
func (a *api) deploymentChange(w wanted, credential json.RawMessage) (control.DeploymentChange, error) {
	name := w.params.text("litellm_credential_name")
	if name != "" && credential == nil {
		values, err := a.credentialValues(name)
		switch {
		case errors.Is(err, control.ErrNotFound):
			return control.DeploymentChange{}, bad("litellm_credential_name", "No credential is called %s. Make it first: POST /credentials", name)
		case err != nil:
			return control.DeploymentChange{}, err
		}
		credential = mapping.JSON(values)
	}
	if w.params.text("model") == "" {
		return control.DeploymentChange{}, bad("litellm_params", "litellm_params.model is missing: PROVIDER/MODEL, such as hosted_vllm/Qwen/Qwen3-32B")
	}
	ch, _, err := mapping.Deployment{Name: w.name, Params: w.params, Info: w.info, Credential: credential, Env: a.Env, Sent: a.sent()}.Change(w.kept, w.attributes)
	if err != nil {
		return ch, bad("litellm_params", "%v", err)
	}
	return ch, nil
}

// sent are the variables that the configuration file sends to upstreams.
func (a *api) sent() (out []litellm.Sent) {
	for _, l := range a.Listed() {
		out = append(out, l.Sent...)
	}
	return out
}

func (a *api) newModel(in *call) error {
	if err := a.mayModels(in, control.Make); err != nil {
		return err
	}
	in.needBody()
	name := in.text("model_name")
	params := in.raw("litellm_params")
	if name.v == nil && !in.none {
		in.fail("missing", "Field required", "model_name")
	}
	if params.v == nil && !in.none {
		in.fail("missing", "Field required", "litellm_params")
	}
	info := objectOf(in.raw("model_info").or(nil)).numbers()
	if err := in.done(); err != nil {
		return err
	}
	id, err := info.text("id"), error(nil)
	if id == "" {
		if id, err = a.uuid(); err != nil {
			return err
		}
	}
	delete(info, "id")
	w := wanted{id: id, name: *name.v, params: objectOf(*params.v).numbers(), info: info, kept: in.fill(mapping.Kept{})}
	ch, err := a.deploymentChange(w, nil)
	if err != nil {
		return err
	}
	d, err := a.Control.CreateDeployment(in.ctx, id, ch)
	if errors.Is(err, control.ErrExists) {
		return &refusal{status: http.StatusConflict, kind: "bad_request_error", param: "model_info.id", message: fmt.Sprintf("Model id = %s exists already. %v", id, err)}
	}
	return a.answerModel(in, d, err)
}

// answerModel answers with the row of a deployment.
func (a *api) answerModel(in *call, d control.Deployment, err error) error {
	if err != nil {
		return err
	}
	w, err := a.stored(in, d)
	if err != nil {
		return err
	}
	params := shape("model_params").add(row{})
	for key, v := range w.params {
		params[key] = masked(key, v)
	}
	info := row{"id": d.ID, "db_model": false, "member_auto_router": false}
	for key, v := range w.info {
		info[key] = v
	}
	return in.answer(row{"model_id": d.ID, "model_name": d.Name, "litellm_params": params, "model_info": info, "blocked": false, "created_at": instant(d.Created),
		"created_by": w.kept["created_by"], "updated_at": w.kept["updated_at"], "updated_by": w.kept["updated_by"]})
}

// secretsBut are the secrets among what there is that a request does not say.
func secretsBut(have, said object) (names []string) {
	for _, key := range slices.Sorted(maps.Keys(have)) {
		if _, ok := said[key]; !ok && litellm.Secret(key) {
			names = append(names, key)
		}
	}
	return names
}

// masked is a value as it may be shown.
func masked(key string, v json.RawMessage) any {
	if !litellm.Secret(key) {
		return v
	}
	var s string
	if json.Unmarshal(v, &s) != nil || len(s) < 8 {
		return "****"
	}
	return s[:2] + "****" + s[len(s)-2:]
}

func (a *api) updateModel(in *call) error {
	in.needBody()
	info := objectOf(in.raw("model_info").or(nil))
	id := cmp.Or(info.text("id"), in.text("id").or("")) // the one of LiteLLM's own client
	if id == "" && in.done() == nil {
		if err := a.mayModels(in, control.Alter); err != nil {
			return err
		}
		return bad("model_info.id", "model_info.id is missing: the id of the model to change")
	}
	return a.alter(in, id, bad("model_info.id", "Model with id=%s not found in db", id))
}

func (a *api) patchModel(in *call) error {
	id := in.param("id")
	return a.alter(in, id, missing("", "Model %s not found on proxy.", id))
}

// alter changes a deployment, or answers with none if there is no such.
func (a *api) alter(in *call, id string, none error) error {
	if err := a.mayModels(in, control.Alter); err != nil {
		return err
	}
	in.needBody()
	name, params, info := in.text("model_name"), objectOf(in.raw("litellm_params").or(nil)).numbers(), objectOf(in.raw("model_info").or(nil)).numbers()
	if err := in.done(); err != nil {
		return err
	}
	d, err := a.Control.Deployment(id)
	if errors.Is(err, control.ErrNotFound) {
		if slices.ContainsFunc(a.inFile(), func(d deployed) bool { return d.id == id }) {
			return bad("model_info.id", "Can't edit model. Model in config. Store model in db via `/model/new`. to edit.")
		}
		return none
	}
	if err != nil {
		return err
	}
	w, err := a.stored(in, d)
	if err != nil {
		return err
	}
	delete(info, "id")
	unsaid := secretsBut(w.params, params)
	w.name, w.params, w.info, w.kept = name.or(w.name), w.params.over(params), w.info.over(info), in.fill(w.kept)
	ch, err := a.deploymentChange(w, nil)
	if err != nil {
		return err
	}
	ch.Unsaid = unsaid
	d, err = a.Control.UpdateDeployment(in.ctx, id, ch)
	return a.answerModel(in, d, err)
}

func (a *api) deleteModel(in *call) error {
	if err := a.mayModels(in, control.Remove); err != nil {
		return err
	}
	in.needBody()
	id := in.text("id")
	if id.v == nil && !in.none {
		in.fail("missing", "Field required", "id")
	}
	if err := in.done(); err != nil {
		return err
	}
	err := a.Control.DeleteDeployment(in.ctx, *id.v)
	if errors.Is(err, control.ErrNotFound) {
		return bad("id", "Model with id=%s not found in db", *id.v)
	}
	if err != nil {
		return err
	}
	return in.answer(row{"message": fmt.Sprintf("Model: %s deleted successfully", *id.v)})
}
