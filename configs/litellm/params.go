package litellm

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

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
