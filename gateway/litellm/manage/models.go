package manage

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/configs/litellm"
	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
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

// object is a JSON object by its members.
type object map[string]json.RawMessage

func objectOf(raw json.RawMessage) object {
	o := object{}
	if len(raw) > 0 && json.Unmarshal(raw, &o) != nil || o == nil {
		return object{}
	}
	return o
}

// over puts members over those that are there; null takes one away.
func (o object) over(other object) object {
	out := maps.Clone(o)
	for k, v := range other {
		if delete(out, k); string(v) != "null" {
			out[k] = v
		}
	}
	return out
}

// numbers writes those prices and rates as numbers that came as text: what LiteLLM's command
// line sends is all text.
func (o object) numbers() object {
	for k, v := range o {
		var s string
		if (isPrice(k) || k == "rpm" || k == "tpm") && json.Unmarshal(v, &s) == nil && gjson.Valid(s) && gjson.Parse(s).Type == gjson.Number {
			o[k] = json.RawMessage(s)
		}
	}
	return o
}

func (o object) text(name string) string {
	var s string
	if json.Unmarshal(o[name], &s) != nil {
		return ""
	}
	return s
}

func (o object) texts(name string) []string {
	var out []string
	if json.Unmarshal(o[name], &out) != nil {
		return nil
	}
	return out
}

func raw(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain values, and JSON that was read before
	}
	return b
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
func (a *api) deploymentChange(in *call, w wanted, credential json.RawMessage) (control.DeploymentChange, error) {
	name := w.params.text("litellm_credential_name")
	if name != "" && credential == nil {
		values, err := a.credentialValues(name)
		switch {
		case errors.Is(err, control.ErrNotFound):
			return control.DeploymentChange{}, bad("litellm_credential_name", "No credential is called %s. Make it first: POST /credentials", name)
		case err != nil:
			return control.DeploymentChange{}, err
		}
		credential = raw(values)
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
	ch, err := a.deploymentChange(in, w, nil)
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
	ch, err := a.deploymentChange(in, w, nil)
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

// deployed is a deployment as the reads tell it, whoever declared it.
type deployed struct {
	id, name     string
	params, info object
	db           bool
	served       string // its id in the catalog; "" if that is not known
	by           string // who made it through this face; "" if that is not known
}

// inFile are the deployments that the configuration file declares.
func (a *api) inFile() []deployed {
	var out []deployed
	for _, l := range a.Listed() {
		d := deployed{name: l.Name, params: l.Params, info: object(l.Info)}
		if d.id = d.info.text("id"); d.id == "" {
			sum := sha256.Sum256(raw(row{"name": l.Name, "params": l.Params}))
			d.id = hex.EncodeToString(sum[:])
		}
		out = append(out, d)
	}
	if out != nil {
		return out
	}
	for _, r := range a.Gateway.Catalog.Snapshot().Routes() { // a file in tollgate's own words
		for _, c := range r.Candidates() {
			dep := c.Of()
			if _, err := a.Control.Deployment(dep.Provider.Name); err == nil {
				continue
			}
			params := object{"model": raw(dep.Provider.Kind.Name + "/" + dep.Target.Model)}
			if dep.Provider.Base != nil {
				params["api_base"] = raw(dep.Provider.Base.String())
			}
			out = append(out, deployed{id: dep.ID, name: r.Name, params: params, info: object{}, served: dep.ID})
		}
	}
	return out
}

// deployments are all that there are, those of the file first.
func (a *api) deployments(in *call) ([]deployed, error) {
	out := a.inFile()
	made := a.Control.Deployments()
	slices.SortStableFunc(made, func(x, y control.Deployment) int { return x.Created.Compare(y.Created) })
	ids := make([]string, len(made))
	for i, d := range made {
		ids[i] = d.ID
	}
	attributes, err := a.attributes(in, control.DeploymentChanged, ids...)
	if err != nil {
		return nil, err
	}
	for _, m := range made {
		kept := mapping.KeptOf(attributes[m.ID])
		d := deployed{id: m.ID, name: m.Name, db: true, by: kept.Text("created_by"), params: objectOf(kept["litellm_params"]), info: objectOf(kept["model_info"])}
		declared := objectOf(m.Declaration)
		provider := cmp.Or(declared.text("provider"), m.ID)
		d.served = provider + "/" + declared.text("model")
		if len(d.params) == 0 { // made by another face
			own := objectOf(declared["provider"])
			d.params["model"] = raw(cmp.Or(own.text("kind"), provider) + "/" + declared.text("model"))
			if base := own.text("url"); base != "" {
				d.params["api_base"] = raw(base)
			}
			if groups, ok := declared["groups"]; ok {
				d.info["access_groups"] = groups
			}
		}
		out = append(out, d)
	}
	return out, nil
}

// routeOf is what the catalog knows of a public name, or of the names of one with a *.
func (a *api) routeOf(name string) (catalog.Route, bool) {
	r, err := a.Gateway.Catalog.Snapshot().Resolve(name)
	return r, err == nil
}

// visible leaves of the deployments those whose names somebody may call, or all for whoever
// sees all.
func (a *api) visible(in *call, all []deployed) []deployed {
	if a.oversees(in) {
		return all
	}
	return slices.DeleteFunc(all, func(d deployed) bool {
		groups, free := d.info.texts("access_groups"), false
		if r, ok := a.routeOf(d.name); ok {
			groups, free = r.Groups, r.State() == "free"
		}
		return !in.who.Allows(d.name, groups, free)
	})
}

// teamsOf are those teams that may call a name.
func teamsOf(teams []access.Team, d deployed) []string {
	out := []string{}
	for _, t := range teams {
		if (access.Principal{Key: &access.Key{}, Team: &t}).Allows(d.name, d.info.texts("access_groups"), false) {
			out = append(out, t.ID)
		}
	}
	return out
}

// openParams are the litellm_params that every caller of a deployment is told, beside prices.
// Where it is and what is sent there is for those who see all.
var openParams = []string{"model", "custom_llm_provider", "rpm", "tpm", "order", "weight", "tags"}

// closedInfo are the members of model_info that are about others.
var closedInfo = []string{"team_id", "created_by", "updated_by"}

// isPrice says whether a member tells what something costs.
func isPrice(key string) bool { return strings.Contains(key, "_cost_per_") || key == "cost_per_second" }

// infoRow tells a deployment: all of it, or what its callers may know.
func (a *api) infoRow(d deployed, all bool) row {
	params := shape("model_params").add(row{})
	info := shape("model_info").add(row{})
	overrides := []string{}
	for _, from := range []object{d.info, d.params} { // litellm_params count before model_info
		for key, v := range from {
			if isPrice(key) {
				info[key] = v
				if !slices.Contains(overrides, key) {
					overrides = append(overrides, key)
				}
			}
		}
	}
	slices.Sort(overrides)
	for key, v := range d.params {
		if !litellm.Secret(key) && (all || isPrice(key) || slices.Contains(openParams, key)) {
			params[key] = v
		}
	}
	for key, v := range d.info {
		if !isPrice(key) && (all || !slices.Contains(closedInfo, key)) {
			info[key] = v
		}
	}
	model := d.params.text("model")
	info.add(row{"id": d.id, "db_model": d.db, "key": model, "litellm_provider": litellm.Provider(model, d.params.text("custom_llm_provider")), "member_auto_router": false, "pricing_overrides": overrides})
	a.measured(d, info)
	if d.db {
		info["blocked"] = json.RawMessage("false")
		if v, ok := d.info["blocked"]; ok {
			info["blocked"] = v
		}
	}
	return row{"model_name": d.name, "litellm_params": params, "model_info": info}
}

// measured adds what the catalog knows: what a token costs, and how many there may be.
func (a *api) measured(d deployed, info row) {
	for _, c := range a.candidates(d) {
		dep := c.Of()
		set := func(name string, n int64) {
			if info[name] == nil && n > 0 {
				info[name] = n
			}
		}
		set("max_input_tokens", dep.Context)
		set("max_output_tokens", dep.MaxOutput)
		if dep.Embedder && info["mode"] == nil {
			info["mode"] = "embedding"
		}
		for _, m := range []struct {
			meter accounting.Meter
			name  string
		}{{accounting.Input, "input_cost_per_token"}, {accounting.Output, "output_cost_per_token"}} {
			if info[m.name] != nil {
				continue
			}
			switch c := c.(type) {
			case catalog.Free:
				info[m.name] = 0
			case catalog.Paid:
				if r, ok := c.Price.Rate(m.meter); ok {
					info[m.name] = perToken(r)
				}
			case catalog.Unpriced: // nobody knows it
			}
		}
		return
	}
}

// candidates are those of a deployment's name that are the deployment itself, if that is
// known, or all of the name.
func (a *api) candidates(d deployed) []catalog.Candidate {
	r, ok := a.routeOf(d.name)
	if !ok {
		return nil
	}
	all := r.Candidates()
	upstream := d.served
	if upstream == "" {
		_, upstream, _ = strings.Cut(d.params.text("model"), "/")
	}
	mine := slices.DeleteFunc(slices.Clone(all), func(c catalog.Candidate) bool { return c.Of().ID != upstream && c.Of().Target.Model != upstream })
	if len(mine) == 0 && d.served == "" {
		return all
	}
	return mine
}

// perToken writes a rate as dollars for one token.
func perToken(r accounting.Rate) json.Number {
	digits := fmt.Sprintf("%016d", int64(r)) // nano-dollars for a million, so 15 decimals
	whole, part := digits[:len(digits)-15], strings.TrimRight(digits[len(digits)-15:], "0")
	whole = strings.TrimLeft(whole, "0")
	return json.Number(cmp.Or(whole, "0") + "." + cmp.Or(part, "0"))
}

func (a *api) modelInfo(in *call) error {
	q := in.query()
	id := q.text("litellm_model_id")
	if err := q.done(); err != nil {
		return err
	}
	all, err := a.deployments(in)
	if err != nil {
		return err
	}
	if id != "" {
		all = slices.DeleteFunc(all, func(d deployed) bool { return d.id != id })
	}
	all = a.visible(in, all)
	if id != "" && len(all) == 0 {
		return bad("litellm_model_id", "Model id = %s not found on litellm proxy", id)
	}
	rows, err := a.infoRows(in, all)
	if err != nil {
		return err
	}
	return in.answer(row{"data": rows})
}

// infoRows are rows with the teams that may call each, for whoever sees all.
func (a *api) infoRows(in *call, all []deployed) ([]row, error) {
	oversees := a.oversees(in)
	var teams []access.Team
	if oversees {
		var err error
		if teams, err = a.Control.Teams(in.ctx); err != nil {
			return nil, err
		}
	}
	rows := []row{}
	for _, d := range all {
		r := a.infoRow(d, oversees)
		info := r["model_info"].(row)
		if oversees {
			info.add(row{"access_via_team_ids": teamsOf(teams, d), "direct_access": true})
		} else {
			info["direct_access"] = false
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func (a *api) modelInfoPage(in *call) error {
	q := in.query()
	p := page{number: q.number("page", 1, 0), size: q.number("size", 50, 500)}
	model, id, search, teams, own := q.text("model"), q.text("modelId"), strings.ToLower(q.text("search")), q.flag("include_team_models"), q.flag("user_models_only")
	if err := q.done(); err != nil {
		return err
	}
	all, err := a.deployments(in)
	if err != nil {
		return err
	}
	who := in.actor()
	all = slices.DeleteFunc(a.visible(in, all), func(d deployed) bool {
		return model != "" && d.name != model || id != "" && d.id != id || search != "" && !strings.Contains(strings.ToLower(d.name), search) ||
			own && (!d.db || d.by != who)
	})
	part, pages := cut(p, all)
	rows := []row{}
	if teams {
		if rows, err = a.infoRows(in, part); err != nil {
			return err
		}
	} else {
		for _, d := range part {
			rows = append(rows, a.infoRow(d, a.oversees(in)))
		}
	}
	return in.answer(row{"data": rows, "total_count": len(all), "current_page": p.number, "total_pages": pages, "size": p.size})
}

// groupInfo tells the public names.
func (a *api) groupInfo(in *call) error {
	q := in.query()
	only := q.text("model_group")
	if err := q.done(); err != nil {
		return err
	}
	all, err := a.deployments(in)
	if err != nil {
		return err
	}
	rows := []row{}
	at := map[string]int{}
	for _, d := range a.visible(in, all) {
		if only != "" && d.name != only {
			continue
		}
		one := a.infoRow(d, false)["model_info"].(row)
		i, there := at[d.name]
		if !there {
			i = len(rows)
			at[d.name] = i
			rows = append(rows, shape("model_group").add(row{"model_group": d.name, "providers": []string{}}))
		}
		r := rows[i]
		if p := fmt.Sprint(one["litellm_provider"]); !slices.Contains(r["providers"].([]string), p) {
			r["providers"] = append(r["providers"].([]string), p)
		}
		for _, name := range []string{"max_input_tokens", "max_output_tokens", "input_cost_per_token", "output_cost_per_token", "mode"} {
			if r[name] == nil {
				r[name] = one[name]
			}
		}
		for _, name := range []string{"tpm", "rpm"} {
			if v, ok := d.params[name]; ok && r[name] == nil {
				r[name] = v
			}
		}
		for key := range r {
			if strings.HasPrefix(key, "supports_") && string(d.info[key]) == "true" {
				r[key] = true
			}
		}
	}
	return in.answer(row{"data": rows})
}

// supportedParams lists the members of requests that LiteLLM knows. All others go to the
// upstream too.
func (a *api) supportedParams(in *call) error {
	q := in.query()
	model := q.text("model")
	if err := q.done(); err != nil {
		return err
	}
	if model == "" {
		return bad("model", "model is missing: write ?model=NAME")
	}
	return in.answer(row{"supported_openai_params": shape("model_info")["supported_openai_params"]})
}
