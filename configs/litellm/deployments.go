package litellm

import (
	"cmp"
	"fmt"
	"math/big"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"go.yaml.in/yaml/v3"
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
			c.deployments = append(c.deployments, d)
			c.Listed = append(c.Listed, c.listed(item, d))
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
	params = c.credential(d, params)
	c.info(d, info, ids)
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

// credential completes a deployment's parameters with those of the credential it names.
func (c *converter) credential(d *deployment, params *value) *value {
	v := params.get("litellm_credential_name")
	name, ok := c.word(v)
	if !ok {
		return params
	}
	values := c.credentials[name]
	if values == nil {
		d.leave("no credential of credential_list is called %s", hidden(name))
		return params
	}
	all := *params
	all.pairs = slices.Clone(params.pairs)
	for _, p := range values.pairs {
		if params.get(p.key) == nil {
			all.pairs = append(all.pairs, p)
		}
	}
	return &all
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
	d.base, _ = c.word(info.get("base_model"))
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
		case "blocked":
			if yes, _ := c.truth(p.v); yes {
				d.leave("it is blocked")
			}
		case "supported_environments":
			here, ok := c.lookup("LITELLM_ENVIRONMENT")
			if !ok || c.empty(p.v) {
				continue
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

// params reads the rest of litellm_params.
func (c *converter) params(d *deployment, item, params *value) {
	for _, p := range params.pairs {
		c.param(d, params, p)
	}
	for _, p := range item.pairs {
		switch p.key {
		case "model_name", "litellm_params", "model_info":
		case "rpm", "tpm", "weight", "order":
			if params.get(p.key) == nil {
				c.param(d, params, p)
			}
		default:
			c.unknown(p, []string{"model_name", "litellm_params", "model_info", "rpm", "tpm"})
		}
	}
	if v := c.opt.defaults; v != nil {
		for _, p := range v.pairs {
			if params.get(p.key) == nil {
				c.param(d, params, p)
			}
		}
	}
	timeout, first := params.get("timeout"), params.get("stream_timeout")
	c.deadlines(&d.settings, timeout, first)
	if params.get("max_parallel_requests").null() && c.opt.parallel > 0 {
		d.settings = append(d.settings, member{"parallel", fmt.Sprint(min(c.opt.parallel, 100_000))})
	}
}

// deadlines writes what LiteLLM's timeouts are here.
func (c *converter) deadlines(to *[]member, timeout, first *value) {
	t, hasTotal := c.seconds(timeout)
	f, hasFirst := c.seconds(first)
	const longest, usual = 24 * time.Hour, 15 * time.Minute
	if !hasFirst {
		f, hasFirst = t, hasTotal
	}
	if hasFirst {
		*to = append(*to, member{"first_byte", length(min(f, longest))})
	}
	if hasTotal && t > usual {
		*to = append(*to, member{"total", length(min(t, longest))})
	}
	if hasTotal {
		c.once(Changed, timeout.at, "", "a timeout is how long an answer may take to begin; all attempts of a request together have 15 minutes, or as long as the timeout if that is more")
	}
}

func length(d time.Duration) string {
	if d%time.Second == 0 {
		return fmt.Sprintf("%ds", d/time.Second)
	}
	return fmt.Sprintf("%dms", max(d/time.Millisecond, 1))
}

// seconds reads a length of time in seconds.
func (c *converter) seconds(v *value) (time.Duration, bool) {
	if v.null() {
		return 0, false
	}
	text, err := c.figure(v)
	if err == nil {
		if n, err := exact([]byte(text)); err == nil && n.Sign() > 0 {
			ms := new(big.Rat).Mul(n, big.NewRat(1000, 1))
			whole := new(big.Int).Quo(ms.Num(), ms.Denom())
			const most = int64(10 * 365 * 24 * time.Hour / time.Millisecond)
			if !whole.IsInt64() || whole.Int64() > most {
				return 24 * time.Hour, true
			}
			return time.Duration(max(whole.Int64(), 1)) * time.Millisecond, true
		}
		if n, err := exact([]byte(text)); err == nil && n.Sign() == 0 {
			return 0, false
		}
	}
	if _, tag, env := c.scalar(v); tag == "!!null" && env != "" {
		return 0, false
	}
	c.find(Changed, v.at, "", "a number of seconds is wanted, so this is left out")
	return 0, false
}

// quiet are parameters of a deployment that need no word: they are read elsewhere, or
// mean nothing here.
var quiet = []string{"model", "custom_llm_provider", "litellm_credential_name", "api_base", "base_url", "api_key", "organization",
	"extra_headers", "default_headers", "headers", "timeout", "stream_timeout", "mock_response", "allowed_openai_params", "model_info", "id", "use_litellm_proxy"}

// told are parameters that are left out with a word about it.
var told = map[string]string{
	"api_version":                         "api_version is for providers that tollgate does not speak to",
	"max_retries":                         "how often a call is tried is tollgate's own rule: 3 deployments at most, and only where nothing is paid for twice",
	"num_retries":                         "how often a call is tried is tollgate's own rule: 3 deployments at most, and only where nothing is paid for twice",
	"cooldown_time":                       "how long a failing deployment is left out is tollgate's own rule: 10 seconds to 2 minutes, or as long as its upstream asks",
	"configurable_clientside_auth_params": "clients cannot bring keys or addresses of their own",
	"use_in_pass_through":                 "there is no pass-through: what is not served by name is not reached",
	"use_chat_completions_api":            "/v1/responses goes to the engine's own interface; engines without one are not asked",
	"merge_reasoning_content_in_choices":  "reasoning stays in a field of its own and is not put into the text: tell clients to show reasoning_content",
	"tag_regex":                           "there is no routing by tags: every deployment of a name may get every call",
	"tags":                                "there is no routing by tags: every deployment of a name may get every call",
	"drop_params":                         "what a model does not support is passed on as it is, since engines ignore or refuse it themselves; name what must not arrive in additional_drop_params",
	"caching":                             "answers are not kept to be used again",
	"cache_control_injection_points":      "marks for the prompt cache are left to the client",
	"region_name":                         "regions are for providers that tollgate does not speak to",
}

func (c *converter) param(d *deployment, params *value, p pair) {
	switch p.key {
	case "rpm":
		if n, ok := c.count(d, p, 0); ok {
			d.rpm = n
		}
	case "tpm":
		if n, ok := c.count(d, p, 0); ok {
			d.tpm = n
		}
	case "weight":
		text, err := c.figure(p.v)
		if err == nil {
			d.weight, err = exact([]byte(text))
		}
		if (err != nil || d.weight.Sign() < 0) && !p.v.null() {
			d.weight = nil
			c.find(Changed, p.at, "", "a weight is a number from 0 on, so this is left out")
		}
	case "order":
		if n, ok := c.count(d, p, 0); ok {
			d.order = n
		}
	case "max_parallel_requests":
		if n, ok := c.count(d, p, 1); ok {
			d.settings = append(d.settings, member{"parallel", fmt.Sprint(min(n, 100_000))})
			c.once(Changed, p.at, "", "a call that finds max_parallel_requests running waits for 10 seconds at most and then goes elsewhere or is refused; queue_wait makes it longer")
		}
	case "max_budget":
		c.deploymentBudget(d, params, p)
	case "budget_duration":
	case "default_api_key_rpm_limit", "default_api_key_tpm_limit":
		if n, ok := c.count(d, p, 0); ok {
			name := "requests_per_minute"
			if strings.Contains(p.key, "tpm") {
				name = "tokens_per_minute"
			}
			c.limit(p.at, "each: key", []string{d.name}, member{name, fmt.Sprint(n)})
		}
	case "num_ctx":
		if n, ok := c.count(d, p, 1); ok && d.vendor.kind == "ollama" {
			d.settings = append(d.settings, member{"num_ctx", fmt.Sprint(min(n, 1_000_000_000))})
			return
		}
		c.fixed(d, p, &d.changes.defaults)
	case "keep_alive":
		if s, ok := c.word(p.v); ok && d.vendor.kind == "ollama" {
			if _, err := time.ParseDuration(s); err == nil || wholeNumber().MatchString(s) {
				d.settings = append(d.settings, member{"keep_alive", quote(s)})
				return
			}
		}
		c.fixed(d, p, &d.changes.defaults)
	case "additional_drop_params":
		for _, v := range c.list(p.v) {
			name, ok := c.word(v)
			switch {
			case !ok || secretive(name) || len(name) > maxName:
			case strings.ContainsAny(name, ".[]"):
				c.find(Changed, v.at, "", "only whole members of a request are taken out, so %s stays", hidden(name))
			case slices.Contains(clientsOwn, name):
				c.find(Changed, v.at, "", "%s is the client's own and stays", name)
			case !slices.Contains(d.changes.drop, name) && len(d.changes.drop) < maxMembers:
				d.changes.drop = append(d.changes.drop, name)
			}
		}
	case "extra_body":
		if !c.empty(p.v) && p.v.kind != yaml.MappingNode {
			d.leave("its extra_body is no mapping")
			return
		}
		if p.v != nil {
			for _, m := range p.v.pairs {
				c.fixed(d, m, &d.changes.set)
			}
		}
	default:
		switch {
		case slices.Contains(quiet, p.key), isPrice(p.key), c.empty(p.v) && told[p.key] != "":
		case told[p.key] != "":
			c.once(Ignored, p.at, "", told[p.key])
		case strings.HasPrefix(p.key, "aws_"), strings.HasPrefix(p.key, "vertex_"), strings.HasPrefix(p.key, "azure_"), strings.HasPrefix(p.key, "watsonx_"), strings.HasPrefix(p.key, "auto_router_"), strings.HasPrefix(p.key, "complexity_router_"), strings.HasPrefix(p.key, "adaptive_router_"), strings.HasPrefix(p.key, "quality_router_"):
			c.once(Ignored, p.at, "", "settings of other clouds and of routers that choose a model have no use here")
		case strings.HasPrefix(p.key, "litellm_"), strings.HasPrefix(p.key, "mock_"), strings.HasPrefix(p.key, "cooldown"):
			c.find(Ignored, p.at, "", "this has no use here")
		default:
			c.fixed(d, p, &d.changes.defaults)
		}
	}
}

// clientsOwn are members of requests that nobody but the client says.
var clientsOwn = []string{"model", "messages", "prompt", "input", "stream", "stream_options"}

// openAIParams are members of requests that are written so often that a word about them
// would be noise.
var openAIParams = []string{"temperature", "top_p", "max_tokens", "max_completion_tokens", "seed", "stop", "presence_penalty", "frequency_penalty",
	"logit_bias", "n", "response_format", "tools", "tool_choice", "parallel_tool_calls", "reasoning_effort", "user", "service_tier", "logprobs",
	"top_logprobs", "modalities", "dimensions", "encoding_format", "verbosity", "top_k", "min_p", "repetition_penalty", "chat_template_kwargs",
	"guided_json", "guided_choice", "guided_regex", "thinking", "think", "format", "reasoning", "web_search_options", "metadata", "store", "safety_identifier"}

// fixed takes a member of requests over.
func (c *converter) fixed(d *deployment, p pair, to *[]member) {
	if p.v.null() && to == &d.changes.defaults {
		return
	}
	switch {
	case slices.Contains(clientsOwn, p.key):
		c.find(Ignored, p.at, "", "%s is the client's own and is not changed", p.key)
		return
	case len(p.key) > maxName || secretive(p.key) || p.key == "":
		c.find(Ignored, p.at, "", "this is not a member that requests have")
		return
	case keyish().MatchString(p.key):
		d.leave("a credential would be sent within the requests (%s), which tollgate does not do", hidden(p.key))
		return
	}
	raw, err := c.json(p.v, false)
	if string(raw) == "null" && to == &d.changes.defaults {
		return
	}
	switch {
	case err != nil || nesting(p.v) > maxNesting || len(raw) > maxJSON || len(*to) >= maxMembers || c.tooLong(p.v):
		d.leave("%s cannot be taken over into requests", hidden(p.key))
		return
	case secretive(string(raw)):
		d.leave("a credential would be sent within the requests (%s), which tollgate does not do", hidden(p.key))
		return
	}
	if !sane(p.key, raw) {
		d.leave("%s is no value that a request can have", hidden(p.key))
		return
	}
	if near := nearest(p.key, append(slices.Concat(quiet, openAIParams), "rpm", "tpm", "weight", "order", "max_budget", "extra_body")); near != "" && !slices.Contains(openAIParams, p.key) && to == &d.changes.defaults {
		c.find(Changed, p.at, near, "this is sent with every request, since LiteLLM does so with what it does not know; %s may be meant", near)
	}
	*to = slices.DeleteFunc(*to, func(m member) bool { return m.key == p.key })
	*to = append(*to, member{p.key, escaped(raw)})
}

// keyish are names of members that hold credentials.
var keyish = pattern(`(?i)(^|_|-)(api_?key|secret|password|credential|authorization|access_?token|auth)s?($|_|-)`)

func nesting(v *value) int {
	deepest := 0
	for _, i := range v.items {
		deepest = max(deepest, nesting(i))
	}
	for _, p := range v.pairs {
		deepest = max(deepest, nesting(p.v))
	}
	return deepest + 1
}

// tooLong says that a key within is longer than YAML takes.
func (c *converter) tooLong(v *value) bool {
	return slices.ContainsFunc(v.items, c.tooLong) || slices.ContainsFunc(v.pairs, func(p pair) bool { return len(p.key) > maxName || keyish().MatchString(p.key) || c.tooLong(p.v) })
}

// join gives a deployment its provider.
func (c *converter) join(d *deployment, params *value) {
	p := &provider{kind: d.vendor.kind, at: d.at}
	if p.kind == "echo" { // it is in the program: it has no address, key or patience
		p.same = p.kind
		if i := slices.IndexFunc(c.providers, func(o *provider) bool { return o.same == p.same }); i >= 0 {
			d.provider = c.providers[i]
			return
		}
		c.providers = append(c.providers, p)
		d.provider, p.name = p, c.nameFor(p)
		return
	}
	raw, ok := c.word(cmp.Or(params.get("api_base"), params.get("base_url")))
	said := ok // by the deployment itself
	if !ok {
		for _, name := range d.vendor.base {
			if raw, ok = c.lookup(name); ok && raw != "" {
				break
			}
			raw, ok = "", false
		}
	}
	if !ok {
		raw = d.vendor.url
	}
	d.own = !d.vendor.server
	if raw != "" {
		var why string
		if p.url, why = address(raw, d.vendor); why != "" {
			d.leave("%s", why)
			return
		}
		if d.vendor.isOwn(p.url) {
			p.url = ""
		}
		d.own = d.own && p.url == ""
	} else if d.vendor.server {
		d.leave("it needs an api_base: the address of its server")
		return
	}
	key, literal := "", ""
	if v := params.get("api_key"); !v.null() {
		text, tag, env := c.scalar(v)
		switch {
		case env != "" && variable().MatchString(env) && (strings.TrimSpace(text) != "" || !c.InPlace):
			key = c.reference(env)
		case tag == "!!null", slices.Contains(placeholders, strings.ToLower(strings.TrimSpace(text))) && !d.own:
		default:
			literal = strings.TrimSpace(text)
		}
	}
	if key == "" && literal == "" {
		for _, name := range d.vendor.key {
			if v, ok := c.lookup(name); !ok || v == "" {
				continue
			}
			if d.own || d.vendor.server || !said {
				key = c.reference(name)
			} else if params.get("api_key") == nil {
				c.find(Changed, d.at, "api_key: os.environ/"+name, "no api_key is stated, so none is sent to this address; LiteLLM sent it %s, the key of somebody else", name)
			}
			break
		}
	}
	if key == "" && literal == "" && d.own {
		if c.InPlace {
			d.leave("no key: set %s", d.vendor.key[0])
		}
		key = "env:" + d.vendor.key[0] // another day it may be set, and no name changes then
	}
	if literal != "" && !header(literal) {
		d.leave("its api_key has characters that no header can carry")
		return
	}
	headers, why := c.headers(d, params)
	if why != "" {
		d.leave("%s", why)
		return
	}
	p.key, p.remote = key, d.vendor.kind == "ollama" && strings.HasSuffix(d.upstream, "-cloud")
	p.same = fmt.Sprintf("%q", []string{p.kind, p.url, key, literal, fmt.Sprint(p.remote), fmt.Sprintf("%q", headers)})
	for _, other := range c.providers {
		if other.same == p.same {
			d.provider = other
			return
		}
	}
	c.providers = append(c.providers, p)
	d.provider = p
	p.name = c.nameFor(p)
	if literal != "" {
		p.key = c.secret(d.at, p.name+"_KEY", literal)
	}
	for _, h := range headers {
		v := quote(h.value)
		switch {
		case strings.HasPrefix(h.value, fromEnv):
			v = c.reference(strings.TrimPrefix(h.value, fromEnv))
		case !openly(h.key, h.value):
			v = c.secret(d.at, p.name+"_"+h.key, h.value)
		}
		p.headers = append(p.headers, member{h.key, v})
	}
	timeout, first := c.opt.timeout, c.opt.first
	var set []member
	c.deadlines(&set, timeout, first)
	for _, m := range set {
		switch m.key {
		case "first_byte":
			p.first = m.value
		case "total":
			p.total = m.value
		}
	}
}

// reference is how tollgate's text refers to a variable. One that the file itself sets is
// given by its value.
func (c *converter) reference(name string) string {
	if v, ok := c.exported[name]; ok {
		c.Secrets[name] = v
	}
	return "env:" + name
}

// secret keeps a value that stood in the file, under a telling name.
func (c *converter) secret(at place, name, v string) string {
	env := "TOLLGATE_" + strings.Trim(notInVariables().ReplaceAllString(strings.ToUpper(name), "_"), "_")
	for n, stem := 2, env; ; n++ {
		if before, there := c.Secrets[env]; !there || before == v {
			break
		}
		env = fmt.Sprintf("%s_%d", stem, n)
	}
	if c.Secrets[env] = v; c.stood[env].file == "" {
		c.stood[env] = at
	}
	return "env:" + env
}

// headers are what is sent with every call, names in order.
func (c *converter) headers(d *deployment, params *value) (out []member, why string) {
	if org, ok := c.word(params.get("organization")); ok && d.vendor.kind == "openai" {
		out = append(out, member{"OpenAI-Organization", org})
	}
	for _, key := range []string{"default_headers", "extra_headers", "headers"} {
		v := params.get(key)
		if c.empty(v) {
			continue
		}
		if v.kind != yaml.MappingNode {
			return nil, "its " + key + " are no mapping"
		}
		for _, p := range v.pairs {
			text, tag, env := c.scalar(p.v)
			name := strings.ToLower(p.key)
			switch {
			case tag == "!!null" && env != "" && !c.InPlace && variable().MatchString(env):
				text = fromEnv + env
			case tag == "!!null":
				continue
			case env != "" && variable().MatchString(env):
				text = fromEnv + env
			}
			switch {
			case !headerName().MatchString(p.key) || !header(text):
				return nil, "one of its headers cannot be sent"
			case name == "authorization":
				return nil, "a header of its own holds the credential: write api_key instead"
			case slices.Contains(connection, name):
				c.find(Ignored, p.at, "", "the header %s is tollgate's own", name)
				continue
			}
			out = slices.DeleteFunc(out, func(m member) bool { return strings.EqualFold(m.key, p.key) })
			out = append(out, member{p.key, text})
		}
	}
	if len(out) > 64 {
		return nil, "it has more than 64 headers of its own"
	}
	slices.SortFunc(out, func(a, b member) int { return strings.Compare(strings.ToLower(a.key), strings.ToLower(b.key)) })
	return out, ""
}

// connection are headers that belong to tollgate or to one connection.
var connection = []string{"host", "content-length", "content-type", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "accept", "accept-encoding", "expect", "proxy-connection"}

var headerName = pattern("^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$")

func header(s string) bool {
	for _, b := range []byte(s) {
		if b < ' ' || b > '~' {
			return false
		}
	}
	return s != "" && strings.TrimSpace(s) == s && len(s) <= 16<<10
}

// openly says that a header's value may stand in the text.
func openly(name, v string) bool {
	return len(v) <= 24 && plainHeader().MatchString(v) && !secretive(v) &&
		!tellingHeader().MatchString(name) && !likeKey().MatchString(v)
}

var (
	providerChars  = pattern(`[^a-z0-9_.-]+`)
	wholeNumber    = pattern(`^-?[0-9]{1,9}$`)
	notInVariables = pattern(`[^A-Z0-9]+`)
	plainHeader    = pattern(`^[A-Za-z0-9][A-Za-z0-9 ._/;=,-]*$`)
	tellingHeader  = pattern(`(?i)auth|key|token|secret|password|cookie|credential`)
	likeKey        = pattern(`(?i)(^|[^a-z0-9])[a-z]{2,5}[-_][a-z0-9_-]{6,}`)
)

// nameFor finds a name for a provider that nothing else has, and that does not change when
// others come behind it.
func (c *converter) nameFor(p *provider) string {
	host, port := "", ""
	if u, err := url.Parse(p.url); err == nil {
		host, port = strings.Trim(providerChars().ReplaceAllString(strings.ToLower(u.Hostname()), "-"), "-."), u.Port()
	}
	var tries []string
	switch {
	case p.url == "":
		tries = []string{p.kind}
	case p.kind == "openai" && (host == "localhost" || strings.HasPrefix(host, "127.") || host == ""):
		tries = []string{"local", "local-" + port}
	case p.kind == "openai":
		tries = []string{host, host + "-" + port}
	default:
		tries = []string{p.kind, p.kind + "-" + host, p.kind + "-" + host + "-" + port}
	}
	free := func(name string) bool {
		return !slices.ContainsFunc(c.providers, func(o *provider) bool { return o.name == name }) && !c.opt.firsts[name]
	}
	for i, t := range tries {
		t = strings.Trim(t, "-.")
		tries[i] = t[:min(len(t), 50)]
		if tries[i] != "" && free(tries[i]) {
			return tries[i]
		}
	}
	for n := 2; ; n++ {
		if name := fmt.Sprintf("%s-%d", cmp.Or(tries[0], p.kind), n); free(name) {
			return name
		}
	}
}
