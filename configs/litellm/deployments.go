package litellm

import (
	"fmt"
	"math/big"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	upstream "tollgate/gateway/address"
)

// The bounds of what tollgate's configuration holds.
const (
	maxName    = 256 // bytes of a model's name
	maxMembers = 100
	maxJSON    = 16 << 10 // bytes of one member of requests
	maxNesting = 12       // of one
)

// provider is one of tollgate's: a server or an account that deployments share.
type provider struct {
	name   string
	kind   string
	url    string // "" is the kind's own
	key    string // a reference, or ""
	remote bool   // models of somebody else's machines are among its
	prices string // vendor whose price list holds for what it states no price of; "" is none
	at     place

	headers []member // references, or plain values
	same    string   // what deployments that share it have in common
	total   string
	first   string
}

// deployment is one element of model_list.
type deployment struct {
	name   string // the public one
	at     place
	why    string // it is not available; "" if it is
	prefix string
	vendor vendor
	own    bool // it is at the vendor's own address

	upstream string
	provider *provider
	mode     string
	base     string // base_model
	baseAt   place

	price    string // as it is written; "" states none
	listed   bool   // charged as the list says though it is elsewhere
	listedAs string

	order    int64 // 0: none
	weight   *big.Rat
	rpm, tpm int64 // 0: none
	groups   []string
	id       string // as clients may call it; may be empty
	idAt     place
	settings []member // of the target
	changes  changes  // of requests
}

// changes are what is changed in requests.
type changes struct {
	defaults, set []member
	drop          []string
}

// leave says why a deployment is not available. The first reason stays.
func (d *deployment) leave(format string, args ...any) {
	if d.why == "" {
		d.why = fmt.Sprintf(format, args...)
	}
}

// models reads the deployments.
func (c *converter) models(v *value) {
	if v.null() {
		if c.settings["model_list"] == nil && !c.Serious() {
			c.find(Changed, place{file: c.File}, "", "there is no model_list: models that stand in LiteLLM's database are imported with it")
		}
		return
	}
	if v.kind != yaml.SequenceNode {
		c.find(Problem, v.at, "model_list: [{ model_name: qwen, litellm_params: { model: hosted_vllm/qwen, api_base: http://HOST:8000/v1 } }]", "a list of deployments is wanted")
		return
	}
	ids := map[string]bool{}
	for _, item := range v.items {
		if item.kind != yaml.MappingNode {
			c.find(Unavailable, item.at, "- { model_name: ..., litellm_params: { model: ... } }", "a deployment is a mapping, so this one is left out")
			continue
		}
		if d := c.deployment(item, ids); d != nil {
			c.callable(d)
			c.deployments = append(c.deployments, d)
			c.Listed = append(c.Listed, c.listed(item, d))
		}
	}
}

// callable finds an address that tollgate calls by no spelling, or not by this one. Its own
// reader would refuse the whole file then, in words for another.
func (c *converter) callable(d *deployment) {
	if d.why != "" || d.provider == nil || d.provider.url == "" {
		return
	}
	if u, err := url.Parse(d.provider.url); err == nil {
		if err := upstream.CheckUpstream(u.Hostname()); err != nil {
			c.find(Problem, d.at, "api_base: http://HOST:PORT/v1", "its api_base: %v", err)
		}
	}
}

func modelName(s string) bool {
	return s != "" && len(s) <= maxName && strings.TrimSpace(s) == s && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || !printable(r) }) && !secretive(s)
}

// deployment reads one element. nil says that it has no name to be known by.
func (c *converter) deployment(item *value, ids map[string]bool) *deployment {
	name, ok := c.word(item.get("model_name"))
	if !ok || !modelName(name) || strings.Count(name, "*") > 1 {
		c.find(Unavailable, item.at, "model_name: NAME", "a deployment has a model_name of 1 to %d printable bytes, with one * at most, so this one is left out", maxName)
		return nil
	}
	d := &deployment{name: name, at: item.at}
	params, info := item.get("litellm_params"), item.get("model_info")
	if info != nil && info.kind != yaml.MappingNode {
		if !info.null() {
			c.find(Ignored, info.at, "", "a mapping is wanted, so this is left out")
		}
		info = nil
	}
	if params == nil || params.kind != yaml.MappingNode {
		d.leave("its litellm_params are missing")
		c.find(Unavailable, item.at, "litellm_params: { model: ... }", "the deployment has no litellm_params")
		return d
	}
	params = c.credential(d, c.common(params))
	c.info(d, info, ids)
	if v := first(info.get("base_model"), params.get("base_model")); v != nil {
		d.base, _ = c.word(v)
		d.baseAt = v.at
	}
	c.which(d, params)
	if d.why == "" {
		c.join(d, params)
	}
	before := len(c.Findings)
	if d.why == "" {
		c.price(d, params, info)
	}
	c.params(d, item, params)
	if d.why != "" {
		said := slices.DeleteFunc(c.Findings[before:], func(f Finding) bool { return f.Severity == Changed && f.Path == d.at.path })
		c.Findings = c.Findings[:before+len(said)] // of what is not served no price matters
		c.find(Unavailable, d.at, "", "%s is not served from here: %s", hidden(d.name), d.why)
	}
	return d
}

// mock makes a deployment one of the built-in provider that says what it is told: nothing is
// called, as with LiteLLM. Some texts stand for errors there.
func (c *converter) mock(d *deployment, v *value) {
	text, ok := c.word(v)
	switch {
	case !ok || strings.HasPrefix(text, "litellm.") || strings.HasPrefix(text, "Exception"):
		d.leave("its mock_response is an error, and none is made up here")
		return
	case strings.Contains(d.name, "*"):
		d.leave("a name with a * has no mock_response")
		return
	}
	d.prefix, d.vendor, d.upstream = "echo", vendor{kind: "echo", local: true}, "echo"
	c.fixed(d, pair{key: "answer", v: v, at: v.at}, &d.changes.set)
	if d.why != "" {
		return
	}
	c.find(Changed, v.at, "", "the text is the answer of the built-in provider echo, which calls nothing and says so in `system_fingerprint`")
}

// which settles what a deployment calls.
func (c *converter) which(d *deployment, params *value) {
	model, ok := c.word(params.get("model"))
	switch {
	case !ok:
		d.leave("its litellm_params name no model")
		return
	case secretive(model):
		d.leave("its model looks like a credential")
		return
	case !c.empty(params.get("mock_response")):
		c.mock(d, params.get("mock_response"))
		return
	}
	provider, _ := c.word(params.get("custom_llm_provider"))
	var why string
	d.prefix, d.vendor, d.upstream, why = split(model, provider)
	if why != "" {
		d.leave("%s", why)
		return
	}
	if rest, is := strings.CutPrefix(d.upstream, "responses/"); is && d.vendor.kind == "openai" {
		d.upstream = rest
		c.find(Changed, d.at, "", "chat is asked for at /v1/chat/completions of the server, and not by way of its /v1/responses")
	}
	if d.prefix == "ollama" {
		c.once(Changed, d.at, "", "models of ollama/ are called by the server's chat interface, as those of ollama_chat/: tools and roles arrive")
	}
	star := strings.Count(d.upstream, "*")
	switch {
	case strings.Contains(d.name, "*") != (star == 1):
		d.leave("a * stands in model_name and in model, or in neither")
	case !modelName(d.upstream):
		d.leave("its model is no name that can be called")
	}
}

// info reads model_info.
func (c *converter) info(d *deployment, info *value, ids map[string]bool) {
	if info == nil {
		return
	}
	d.mode, _ = c.word(info.get("mode"))
	for _, p := range info.pairs {
		switch p.key {
		case "id":
			if id, ok := c.word(p.v); ok && modelName(id) {
				d.id, d.idAt = id, p.at
			}
			if id, ok := c.word(p.v); ok && ids[id] {
				c.find(Ignored, p.at, "", "two deployments have this id; here each is known by its provider and model")
			} else {
				ids[id] = true
			}
		case "mode", "base_model", "skip_budget_checks", "tier", "db_model", "created_at", "created_by", "updated_at", "updated_by", "version", "description", "max_tokens", "litellm_provider":
		case "order":
			if n, ok := c.count(d, p, 0); ok {
				d.order = n
			}
		case "max_output_tokens":
			if n, ok := c.count(d, p, 1); ok {
				d.settings = append(d.settings, member{"max_output", fmt.Sprint(min(n, 1_000_000_000))})
			}
		case "max_input_tokens":
			c.once(Ignored, p.at, "", "max_input_tokens is not needed: tollgate knows a model's context from its engine or the price list, and what an upstream refuses as too long goes to one that is larger")
		case "access_groups":
			for _, g := range c.list(p.v) {
				name, ok := c.word(g)
				switch {
				case !ok || !modelName(name) || strings.Contains(name, "*"):
					c.find(Changed, g.at, "", "the name of an access group is wanted, so this is left out")
				case name == freeWord:
					c.find(Changed, g.at, "access_groups: [another name]", "a key that may call \"free\" may call every model that is free, so no group has this name")
				case !slices.Contains(d.groups, name):
					d.groups = append(d.groups, name)
				}
			}
		case "team_id", "team_public_model_name":
			if !c.empty(p.v) {
				d.leave("it is for one team only, which a model of the configuration cannot be: name it in no other list, and say so in the teams' lists of models")
			}
		case "access_windows":
			if !p.v.null() {
				d.leave("at some hours it is for some teams only, which a model here cannot be")
			}
		case "enable_tag_filtering":
			if yes, _ := c.truth(p.v); yes {
				c.once(Changed, p.at, "", noTagRouting)
			}
		case "rpm", "tpm": // read with litellm_params
		case "blocked":
			if yes, _ := c.truth(p.v); yes {
				d.leave("it is blocked")
			}
		case "supported_environments":
			here, ok := c.lookup("LITELLM_ENVIRONMENT")
			if p.v.null() {
				continue
			}
			if !ok {
				d.leave("it is for some environments, and LITELLM_ENVIRONMENT does not say which this is")
			}
			if !slices.ContainsFunc(c.list(p.v), func(v *value) bool { s, _ := c.word(v); return s == here }) {
				d.leave("it is not for this environment")
			}
		default:
			switch {
			case isPrice(p.key), strings.HasPrefix(p.key, "supports_"), strings.HasPrefix(p.key, "supported_"), c.empty(p.v):
			case strings.HasPrefix(p.key, "health_check_"), p.key == "disable_background_health_check":
				c.once(Ignored, p.at, "", "health checks of models are not needed: an engine is watched without calling a model, and one that fails is left out")
			}
		}
	}
}

func printable(r rune) bool { return unicode.IsPrint(r) }

var (
	providerChars  = pattern(`[^a-z0-9_.-]+`)
	wholeNumber    = pattern(`^-?[0-9]{1,9}$`)
	notInVariables = pattern(`[^A-Z0-9]+`)
	plainHeader    = pattern(`^[A-Za-z0-9][A-Za-z0-9 ._/;=,-]*$`)
	tellingHeader  = pattern(`(?i)auth|key|token|secret|password|cookie|credential`)
	likeKey        = pattern(`(?i)(^|[^a-z0-9])[a-z]{2,5}[-_][a-z0-9_-]{6,}`)
)
