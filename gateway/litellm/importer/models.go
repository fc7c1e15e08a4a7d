package importer

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"tollgate/configs/litellm"
	"tollgate/configs/litellm/database"
)

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

func (p *planner) readModels() error {
	closed := "the database's own credentials cannot be read with the keys that were given, so it is left out: give the salt key that LiteLLM ran with"
	if err := p.each(database.Credentials, kindSecret, func(r database.Row) error {
		c := p.counts[kindSecret]
		c.Found++
		c.Left++
		t := p.thing(kindSecret, r.ID, r)
		if _, why := p.open(r.Value.Get("credential_values"), 0); why != nil {
			t.sayOf(litellm.Unavailable, "credential_values", why.Error(), closed)
			return nil
		}
		t.say(litellm.Unavailable, "", "credentials are not brought over: write them into the configuration")
		return nil
	}); err != nil {
		return err
	}
	return p.each(database.Models, kindModel, func(r database.Row) error {
		c := p.counts[kindModel]
		c.Found++
		c.Left++
		t := p.thing(kindModel, r.Value.Get("model_name").Str+" "+r.ID, r)
		if _, why := p.open(r.Value.Get("litellm_params"), 0); why != nil {
			t.sayOf(litellm.Unavailable, "litellm_params", why.Error(), closed)
			return nil
		}
		t.say(litellm.Unavailable, "", "models are not brought over: write them into the configuration")
		return nil
	})
}

// work are rows of the settings that LiteLLM keeps for itself.
var work = []string{"auto_router_tuning_baseline_v3", "mcp_catalog", "model_cost_map_reload_config", "anthropic_beta_headers_reload_config"}

// readSettings tells what was set in LiteLLM's pages and stands in no file.
func (p *planner) readSettings() error {
	return p.each(database.Settings, kindSettings, func(r database.Row) error {
		v := r.Value.Get("param_value")
		if slices.Contains(work, r.ID) || slices.Contains(none, v.Raw) {
			return nil
		}
		t := p.thing(kindSettings, r.ID, r)
		var names []string
		v.ForEach(func(name, x gjson.Result) bool {
			if !slices.Contains(none, x.Raw) {
				names = append(names, name.Str)
			}
			return true
		})
		slices.Sort(names)
		if len(names) == 0 {
			return nil
		}
		t.find(litellm.Unavailable, kindSettings, "", r.ID, "LiteLLM's pages have set "+strings.Join(names, ", ")+" in the database, where it goes before config.yaml: write it into the configuration")
		return nil
	})
}
