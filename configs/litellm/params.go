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
	for _, key := range []string{"rpm", "tpm"} { // there they are limits and no weights
		if v := item.get("model_info").get(key); c.opt.enforce && !v.null() && first(params.get(key), item.get(key)) == nil {
			c.param(d, params, pair{key, v.at, v})
		}
	}
	c.deadlines(&d.settings, first(params.get("timeout"), params.get("request_timeout")), params.get("stream_timeout"))
	if params.get("max_parallel_requests").null() && c.opt.parallel > 0 {
		d.settings = append(d.settings, member{"parallel", fmt.Sprint(min(c.opt.parallel, 100_000))})
	}
}

// deadlines writes what LiteLLM's timeouts are here.
func (c *converter) deadlines(to *[]member, timeout, stream *value) {
	t, hasTotal := c.seconds(timeout)
	f, hasFirst := c.seconds(stream)
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
var quiet = []string{"model", "custom_llm_provider", "litellm_credential_name", "api_base", "base_url", "api_key", "organization", "base_model",
	"extra_headers", "default_headers", "headers", "timeout", "request_timeout", "stream_timeout", "mock_response", "allowed_openai_params", "model_info", "id", "use_litellm_proxy"}

const (
	noTagRouting = "there is no routing by tags: every deployment of a name may get every call"
	noUse        = "this has no use here"
	noClouds     = "settings of other clouds and of routers that choose a model have no use here"
	theirOwn     = "LiteLLM keeps this for itself, and it has no use here"
	perModel     = "what takes over stands in router_settings: fallbacks"
)

// told are parameters that are left out with a word about it, and above all those that LiteLLM
// keeps for itself: none of them may be taken for a member of requests.
var told = keptBack(table{
	"api_version":                         ignored("api_version is for providers that tollgate does not speak to"),
	"max_retries":                         ignored(ownRetries),
	"num_retries":                         ignored(ownRetries),
	"cooldown_time":                       ignored("how long a failing deployment is left out is tollgate's own rule: 10 seconds to 2 minutes, or as long as its upstream asks"),
	"configurable_clientside_auth_params": ignored("clients cannot bring keys or addresses of their own"),
	"use_in_pass_through":                 ignored("there is no pass-through: what is not served by name is not reached"),
	"use_chat_completions_api":            ignored("/v1/responses goes to the engine's own interface; engines without one are not asked"),
	"merge_reasoning_content_in_choices":  ignored("reasoning stays in a field of its own and is not put into the text: tell clients to show reasoning_content"),
	"tag_regex":                           ignored(noTagRouting),
	"tags":                                ignored(noTagRouting),
	"enable_tag_filtering":                changed(noTagRouting),
	"drop_params":                         ignored("what a model does not support is passed on as it is, since engines ignore or refuse it themselves; name what must not arrive in additional_drop_params"),
	"caching":                             ignored("answers are not kept to be used again"),
	"cache":                               ignored("answers are not kept to be used again"),
	"ttl":                                 ignored("answers are not kept to be used again"),
	"cache_control_injection_points":      ignored("marks for the prompt cache are left to the client"),
	"enable_prompt_caching":               ignored("marks for the prompt cache are left to the client"),
	"region_name":                         ignored("regions are for providers that tollgate does not speak to"),
	"allowed_model_region":                changed("tollgate knows no regions of models"),
	"itpm":                                changed("limits count the tokens of prompt and answer together: write tpm"),
	"otpm":                                changed("limits count the tokens of prompt and answer together: write tpm"),
	"guardrails":                          unavailable("there are no guardrails: what they refused is not refused"),
	"enable_json_schema_validation":       changed("answers are not held against a schema"),
	"fallbacks":                           changed(perModel),
	"context_window_fallback_dict":        changed(perModel),
	"model_list":                          changed(perModel),
	"ensure_alternating_roles":            changed(noRepair),
	"user_continue_message":               changed(noRepair),
	"assistant_continue_message":          changed(noRepair),
	"silent_model":                        changed("no call is sent to a second model beside the first"),
	"prompt_id":                           unavailable("there are no stored prompts"), "prompt_label": ignored("there are no stored prompts"), "prompt_variables": ignored("there are no stored prompts"), "prompt_version": ignored("there are no stored prompts"), "prompt_environment": ignored("there are no stored prompts"),
	"vector_store_id": unavailable("there are no vector stores"), "vector_store_ids": unavailable("there are no vector stores"),
	"no-log": ignored(noLog), "turn_off_message_logging": ignored(noPrompt), "log_client_error_tracebacks": ignored(noLog), "langfuse_*": ignored(noLog), "langsmith_*": ignored(noLog), "arize_*": ignored(noLog), "dd_*": ignored(noLog),
	"gcs_*": ignored(noLog), "s3_*": ignored(noLog), "posthog_*": ignored(noLog), "newrelic_*": ignored(noLog), "signoz_*": ignored(noLog), "weave_*": ignored(noLog), "humanloop_*": ignored(noLog),
	"aws_*": ignored(noClouds), "vertex_*": ignored(noClouds), "azure_*": ignored(noClouds), "watsonx_*": ignored(noClouds), "bedrock_*": ignored(noClouds),
	"auto_router_*": ignored(noClouds), "complexity_router_*": ignored(noClouds), "adaptive_router_*": ignored(noClouds), "quality_router_*": ignored(noClouds),
	"milvus_*": ignored("there are no vector stores"), "valkey_*": ignored("there are no vector stores"),
	"keepalive_seconds": ignored("a stream that stands still is kept open by comments"), "allow_client_keepalive_override": ignored("a stream that stands still is kept open by comments"),
	"timeout_by_service_tier": changed("a timeout is one for all service tiers"), "stream_timeout_by_service_tier": changed("a timeout is one for all service tiers"),
	"litellm_*": ignored(noUse), "mock_*": ignored(noUse), "cooldown*": ignored(noUse), "_*": ignored(theirOwn),
	"regional_endpoint_uplift_multiplier": changed(noUplift), "regional_processing_uplift_multiplier*": changed(noUplift), "output_vector_size": ignored(theirOwn),
	"anthropic_issuer_*": ignored(noFederation), "anthropic_keycloak_*": ignored(noFederation), "anthropic_federation_*": ignored(noFederation), "anthropic_identity_*": ignored(noFederation), "token_exchange_*": ignored(noFederation), "openai_identity_*": ignored(noFederation),
})

const (
	noUplift     = "prices are not multiplied: write what is charged as the model's price"
	noFederation = "an upstream is shown a key, and no token of another service"
)

// keptBack adds to a table what LiteLLM keeps for itself and nobody misses.
func keptBack(t table) table {
	for _, key := range strings.Fields(`acompletion aembedding aimg_generation allm_passthrough_route anthropic_disable_workload_identity_federation anthropic_organization_id anthropic_service_account_id
		async_call atext_completion attempted_targets azure bos_token bucket_name cache_key caching_groups client client_id client_side_timeout complete_response completion_call_id custom_prompt_dict
		data_residency disable_add_transform_inline_image_block eos_token fallback_depth fastest_response final_prompt_value fireworks_forward_user_id force_timeout github_copilot_user_session
		hf_model_name logger_fn max_agentic_loops max_fallbacks max_file_size_mb model_alias_map model_config model_file_id_mapping openai_service_account_id preset_cache_key
		provider_affinity_header provider_specific_header proxy_server_request retry_policy retry_strategy roles routing_strategy rust search_tool_name self shared_session stream_chunk_size
		stream_response tenant_id text_completion use_client use_xai_oauth verbose`) {
		t[key] = ignored(theirOwn)
	}
	return t
}

func (c *converter) param(d *deployment, params *value, p pair) {
	switch p.key {
	case "rpm", "tpm":
		n, ok := c.count(d, p, 0)
		if ok && n == 0 && c.opt.enforce {
			d.leave("its %s is 0, so that no call fits", p.key)
		}
		if p.key == "rpm" {
			d.rpm = n
		} else {
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
	case "supports_system_message":
		if yes, ok := c.truth(p.v); ok && !yes {
			c.once(Changed, p.at, "", noRepair)
		}
	case "ssl_verify":
		switch text, tag, _ := c.scalar(p.v); {
		case strings.EqualFold(text, "false"):
			c.once(Changed, p.at, "", ownTrust)
		case tag != "!!null" && !strings.EqualFold(text, "true"):
			c.once(Changed, p.at, "", ownBundle)
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
		w, left := told.of(p.key)
		switch {
		case slices.Contains(quiet, p.key), isPrice(p.key), left && c.empty(p.v):
		case left:
			c.once(w.sev, p.at, "", w.say)
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
