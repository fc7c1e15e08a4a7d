package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"tollgate/configs/litellm"
	"tollgate/configs/litellm/database"
	"tollgate/gateway/catalog"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

// plainly is what is wrong with an edit, without which one of some it is.
func plainly(err error) string {
	var edit *control.EditError
	if errors.As(err, &edit) {
		err = edit.Err
	}
	return err.Error()
}

// open opens the texts of an object, at any depth, that LiteLLM may have encrypted. why says
// what kept one of them closed; nothing that is half open is returned.
func (p *planner) open(v gjson.Result, depth int) (plain any, why error) {
	const deepest = 32
	switch {
	case depth > deepest:
		return nil, errors.New("it is nested too deeply")
	case v.Type == gjson.String:
		return p.Keyring.Open(v.Str)
	case v.IsArray():
		out := []any{}
		for _, x := range v.Array() {
			one, why := p.open(x, depth+1)
			if why != nil {
				return nil, why
			}
			out = append(out, one)
		}
		return out, nil
	case v.IsObject():
		out := map[string]any{}
		var failed error
		v.ForEach(func(name, x gjson.Result) bool {
			one, why := p.open(x, depth+1)
			if why != nil {
				failed = fmt.Errorf("%s: %w", name.Str, why)
				return false
			}
			out[strings.Clone(name.Str)] = one
			return true
		})
		if failed != nil {
			return nil, failed
		}
		return out, nil
	}
	return json.RawMessage(strings.Clone(v.Raw)), nil
}

// members opens an object and returns its members as JSON. why says what kept it closed.
func (p *planner) members(v gjson.Result) (out map[string]json.RawMessage, why error) {
	plain, why := p.open(v, 0)
	if why != nil {
		return nil, why
	}
	raw, err := json.Marshal(plain)
	if err != nil || json.Unmarshal(raw, &out) != nil || out == nil {
		return nil, errors.New("it is no object")
	}
	return out, nil
}

// closed is what is told of a row that cannot be opened, and unopened what clients are told.
const (
	closed   = "what LiteLLM encrypted of it cannot be read with the keys that were given, so that nothing serves it: give the salt key that LiteLLM ran with, and import again"
	unopened = "its settings could not be read out of the database that it was imported from: whoever runs this gateway knows"
)

// readModels brings over credentials, and the models of the database with them.
func (p *planner) readModels() error {
	credentials := map[string]map[string]json.RawMessage{}
	if err := p.each(database.Credentials, kindSecret, func(r database.Row) error {
		p.counts[kindSecret].Found++
		t := p.thing(kindSecret, strings.Clone(r.ID), r)
		values, why := p.members(r.Value.Get("credential_values"))
		if why != nil {
			p.counts[kindSecret].Left++
			t.sayOf(litellm.Unavailable, "credential_values", why.Error(), "what LiteLLM encrypted of it cannot be read with the keys that were given, so it is left out: give the salt key that LiteLLM ran with, and import again")
			return nil
		}
		there, err := p.credential(t, values)
		if there {
			credentials[t.name] = values
		}
		return err
	}); err != nil {
		return err
	}
	if err := p.each(database.Models, kindModel, func(r database.Row) error {
		p.counts[kindModel].Found++
		return p.model(p.thing(kindModel, r.Value.Get("model_name").Str+" "+r.ID, r), strings.Clone(r.ID), credentials)
	}); err != nil {
		return err
	}
	p.bind()
	return nil
}

// credential brings one over. there says that it is there afterwards.
func (p *planner) credential(t thing, values map[string]json.RawMessage) (there bool, err error) {
	id := t.name
	was, err := p.Control.Credential(id)
	fresh, err := missing(err)
	if err != nil || fresh && p.dropped(control.CredentialChanged, id, t) {
		return false, err
	}
	raw, kept, err := p.kept(control.CredentialChanged, id, !fresh)
	if err != nil {
		return false, err
	}
	e := control.CredentialEdit{ID: id, CredentialChange: mapping.CredentialChange(values, t.keep(kept, "credential_id", "credential_name", "credential_values"), raw, p.Env)}
	if have, err := p.Control.CredentialSecrets(id); err == nil && maps.Equal(have, *e.Secrets) { // else it is sealed anew
		e.Secrets = nil
	}
	e.URLs = p.goes(id, was, e)
	if bytes.Equal(e.Attributes, raw) {
		e.Attributes = nil
	}
	same := e.Secrets == nil && e.Attributes == nil
	edit := func(a control.Action) control.Edit { e.Action = a; return e }
	if ok, err := p.fits(t, fresh, same, edit); !ok {
		return false, err
	}
	n := len(p.edits)
	err = p.putThing(kindSecret, fresh, same, edit)
	p.secrets = append(p.secrets, p.edits[n:]...)
	return true, err
}

// goes is where a credential is said to be for. LiteLLM sends its secrets to its api_base and
// to whatever else the models say that name it, so one that comes with models that do is for
// where those go. One that was here before may have been given more addresses since.
func (p *planner) goes(id string, was control.Credential, e control.CredentialEdit) *[]string {
	switch {
	case e.URLs == nil:
		return nil
	case len(was.URLs) == 0:
		p.bound[id] = e.URLs // unless models name it: see bind
		return nil
	case e.Secrets == nil:
		return nil
	}
	both := append(slices.Clone(was.URLs), *e.URLs...)
	return &both
}

// bind says where those of the new credentials are for that no model names.
func (p *planner) bind() {
	for _, d := range p.Control.Deployments() {
		delete(p.bound, d.Credential)
	}
	for _, e := range p.edits {
		if d, is := e.(control.DeploymentEdit); is && d.Credential != nil {
			delete(p.bound, *d.Credential)
		}
	}
	for i, e := range p.edits {
		if c, is := e.(control.CredentialEdit); is && p.bound[c.ID] != nil {
			c.URLs = p.bound[c.ID]
			p.edits[i] = c
		}
	}
}

// model brings one deployment over. One that nothing can serve is there all the same, so that
// clients are told why, unless an earlier import has brought it over as it was.
func (p *planner) model(t thing, there string, credentials map[string]map[string]json.RawMessage) error {
	id := p.id(kindModel, there)
	was, err := p.Control.Deployment(id)
	fresh, err := missing(err)
	if err != nil || fresh && p.dropped(control.DeploymentChanged, id, t) {
		return err
	}
	raw, kept, err := p.kept(control.DeploymentChanged, id, !fresh)
	if err != nil {
		return err
	}
	kept = t.keep(kept, "model_id", "model_name", "litellm_params", "model_info", "blocked")
	d := mapping.Deployment{Name: t.text("model_name"), Info: t.modelInfo(), Env: p.Env}
	var ch control.DeploymentChange
	params, why := p.members(t.row.Get("litellm_params"))
	credential := mapping.Kept(params).Text("litellm_credential_name")
	if values, ok := credentials[credential]; ok {
		if d.Credential, err = json.Marshal(values); err != nil {
			return err
		}
	}
	switch {
	case why != nil && !fresh, why == nil && credential != "" && d.Credential == nil && !fresh:
		p.counts[kindModel].Left++
		t.say(litellm.Unavailable, "litellm_params", "it, or its credential, cannot be read with the keys that were given: it stays as it is here")
		return nil
	case why != nil:
		t.sayOf(litellm.Unavailable, "litellm_params", why.Error(), closed)
		ch = d.Unserved(unopened, kept, raw)
	default:
		d.Params = params
		converted, err := &litellm.Converted{}, error(nil)
		if ch, converted, err = d.Change(kept, raw); err != nil {
			t.sayOf(litellm.Unavailable, "litellm_params", err.Error(), "it is brought over, and nothing serves it")
			ch = d.Unserved(err.Error(), kept, raw)
			break
		}
		t.converted(converted)
	}
	return p.deployment(t, id, fresh, was, raw, ch)
}

// modelInfo is model_info without what LiteLLM says of the row itself. Whether it is blocked
// stands in a column of its own.
func (t thing) modelInfo() map[string]json.RawMessage {
	info := map[string]json.RawMessage{}
	t.row.Get("model_info").ForEach(func(name, v gjson.Result) bool {
		if name.Str != "id" && name.Str != "db_model" {
			info[strings.Clone(name.Str)] = json.RawMessage(strings.Clone(v.Raw))
		}
		return true
	})
	if t.flag("blocked") {
		info["blocked"] = json.RawMessage("true")
	}
	return info
}

// converted tells what could not be taken over of a deployment.
func (t thing) converted(c *litellm.Converted) {
	for _, f := range c.Findings {
		if c.Unavailable != "" && strings.HasSuffix(f.Message, c.Unavailable) {
			continue // told below
		}
		message := f.Message
		if f.Wrote != "" {
			message += "; write: " + f.Wrote
		}
		t.say(f.Severity, f.Path, message)
	}
	if c.Unavailable != "" {
		t.sayOf(litellm.Unavailable, "", c.Unavailable, "it is brought over, and nothing serves it")
	}
}

// deployment makes the edit of one, as far as it is otherwise.
func (p *planner) deployment(t thing, id string, fresh bool, was control.Deployment, raw json.RawMessage, ch control.DeploymentChange) error {
	e := control.DeploymentEdit{ID: id, DeploymentChange: ch}
	same := false
	if !fresh {
		e.Name, e.Credential = changed(was.Name, *ch.Name), changed(was.Credential, *ch.Credential)
		if bytes.Equal(was.Declaration, ch.Declaration) {
			e.Declaration = nil
		}
		if bytes.Equal(raw, ch.Attributes) {
			e.Attributes = nil
		}
		if have, err := p.Control.DeploymentSecrets(id); err == nil && maps.Equal(have, *ch.Secrets) { // else it is sealed anew
			e.Secrets = nil
		}
		same = e.Name == nil && e.Credential == nil && e.Declaration == nil && e.Attributes == nil && e.Secrets == nil
	}
	edit := func(a control.Action) control.Edit { e.Action = a; return e }
	if ok, err := p.fits(t, fresh, same, edit, slices.Clone(p.secrets)...); !ok {
		return err
	}
	n := len(p.edits)
	err := p.putThing(kindModel, fresh, same, edit)
	p.served = append(p.served, p.edits[n:]...)
	return err
}

// work are rows of the settings that LiteLLM keeps for itself.
var work = []string{"auto_router_tuning_baseline_v3", "mcp_catalog", "model_cost_map_reload_config", "anthropic_beta_headers_reload_config"}

// fallbackField is a setting that says what takes over from models.
type fallbackField struct {
	name string
	when catalog.When
}

var fallbackFields = []fallbackField{{"fallbacks", catalog.Always}, {"context_window_fallbacks", catalog.WhenContext}, {"content_policy_fallbacks", catalog.WhenRefused}}

// readSettings brings over what was set in LiteLLM's pages and has a place here beside the
// configuration file, and tells of the rest.
func (p *planner) readSettings() error {
	type of struct {
		model string
		when  catalog.When
	}
	said := map[of]bool{}
	rows := map[string]thing{}
	if err := p.each(database.Settings, kindSettings, func(r database.Row) error {
		if !slices.Contains(work, r.ID) {
			rows[strings.Clone(r.ID)] = p.thing(kindSettings, strings.Clone(r.ID), r)
		}
		return nil
	}); err != nil {
		return err
	}
	for _, section := range []string{"router_settings", "litellm_settings"} { // the first one counts
		t, ok := rows[section]
		if !ok {
			continue
		}
		for _, f := range fallbackFields {
			for _, x := range t.setting().Get(f.name).Array() {
				for model, to := range x.Map() {
					if one := (of{strings.Clone(model), f.when}); !said[one] {
						said[one] = true
						if err := p.fallback(section+"."+f.name, control.Fallback{Model: one.model, When: one.when}, to); err != nil {
							return err
						}
					}
				}
			}
		}
	}
	for _, section := range slices.Sorted(maps.Keys(rows)) {
		rows[section].settings()
	}
	return nil
}

// setting is what a row of settings says; some versions write JSON into JSON.
func (t thing) setting() gjson.Result {
	v := t.row.Get("param_value")
	if v.Type == gjson.String && gjson.Valid(v.Str) {
		return gjson.Parse(v.Str)
	}
	return v
}

// settings tells of what is set and is not brought over.
func (t thing) settings() {
	var names []string
	t.setting().ForEach(func(name, x gjson.Result) bool {
		isFallback := slices.ContainsFunc(fallbackFields, func(f fallbackField) bool { return f.name == name.Str })
		if !slices.Contains(none, x.Raw) && !(isFallback && (t.name == "router_settings" || t.name == "litellm_settings")) {
			names = append(names, strings.Clone(name.Str))
		}
		return true
	})
	if slices.Sort(names); len(names) > 0 {
		t.find(litellm.Unavailable, kindSettings, "", t.name, "LiteLLM's pages have set "+strings.Join(names, ", ")+" in the database, where it goes before config.yaml: write it into the configuration")
	}
}

// fallback brings over what takes over from one model in one case.
func (p *planner) fallback(field string, f control.Fallback, to gjson.Result) error {
	c := p.counts[kindFallback]
	c.Found++
	t := thing{&p.findings, kindFallback, f.Model, gjson.Result{}}
	for _, x := range to.Array() {
		if x.Type != gjson.String {
			c.Left++
			t.say(litellm.Unavailable, field, "what takes over is not the name of a model alone: it is left out")
			return nil
		}
		f.To = append(f.To, strings.Clone(x.Str))
	}
	fresh, same := true, false
	f.ID = derived("fallback", f.Model, string(f.When))
	for _, have := range p.Control.Fallbacks() {
		if have.Model == f.Model && have.When == f.When {
			fresh, same, f.ID = false, slices.Equal(have.To, f.To), have.ID
		}
	}
	if fresh && p.dropped(control.FallbackChanged, f.ID, t) {
		return nil
	}
	edit := func(a control.Action) control.Edit { return control.FallbackEdit{Action: a, Fallback: f} }
	if ok, err := p.fits(t, fresh, same, edit, slices.Concat(p.secrets, p.served)...); !ok {
		return err
	}
	return p.putThing(kindFallback, fresh, same, edit)
}
