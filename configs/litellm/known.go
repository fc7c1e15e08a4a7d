package litellm

import (
	"cmp"
	"slices"
	"strings"
)

// Word is what is known of one key of LiteLLM's configuration.
type Word struct {
	Section  string   // the key at the top under which it stands; litellm_params and model_info are those of model_list's elements, "" is the top
	Key      string   // one that ends with * stands for all that begin so
	Severity Severity // "": it is taken over, or holds always
	Say      string   // what becomes of it; "" if it means what it meant
}

// Words lists every key that is known, by section and key, for whoever tells people of them.
func Words() []Word {
	var all []Word
	for _, s := range []struct {
		name string
		t    table
	}{{"", sections}, {"litellm_settings", liteLLM}, {"router_settings", router}, {"general_settings", general}} {
		for _, key := range sortedKeys(s.t) {
			w := s.t[key]
			all = append(all, Word{s.name, key, w.sev, cmp.Or(w.say, becomes[s.name+"."+key])})
		}
	}
	for _, key := range sortedKeys(told) {
		all = append(all, Word{"litellm_params", key, told[key].sev, told[key].say})
	}
	for _, key := range quiet {
		all = append(all, Word{"litellm_params", key, "", becomes["litellm_params."+key]})
	}
	for _, name := range sortedKeys(becomes) {
		section, key, _ := strings.Cut(name, ".")
		if known := slices.ContainsFunc(all, func(w Word) bool { return w.Section == section && w.Key == key }); !known {
			all = append(all, Word{section, key, "", becomes[name]})
		}
	}
	slices.SortStableFunc(all, func(a, b Word) int {
		return cmp.Or(cmp.Compare(a.Section, b.Section), cmp.Compare(a.Key, b.Key))
	})
	return all
}

// becomes says of keys that are taken over, by section and key, what they are here. It holds
// every key of a deployment that is looked at and stands in no list.
var becomes = map[string]string{
	".model_list": "`providers` and `models`", ".litellm_settings": "see there", ".router_settings": "see there", ".general_settings": "see there",
	".environment_variables": "for `os.environ/` of this file alone: what the machine itself reads is set in the environment", ".credential_list": "the keys of `providers`",
	".include": "read, with the same rules of what wins",

	"litellm_settings.request_timeout": "`first_byte` and `total` of providers", "litellm_settings.fallbacks": "targets of a model that come after its own", "litellm_settings.context_window_fallbacks": "targets with `when: context`",
	"litellm_settings.content_policy_fallbacks": "targets with `when: refused`", "litellm_settings.default_fallbacks": "targets of every model", "litellm_settings.timezone": "`zone`", "litellm_settings.budget_reset_time": "00:00; another time is said to be changed", "litellm_settings.input_callback": sinks,
	"litellm_settings.max_budget": "a budget with `scope: gateway`; 0 meant no limit and makes none", "litellm_settings.budget_duration": "`per` of that budget",
	"litellm_settings.max_user_budget": "a budget with `each: user`", "litellm_settings.max_internal_user_budget": "a budget with `each: user`", "litellm_settings.default_max_internal_user_budget": "a budget with `each: user`", "litellm_settings.budget_exceeded_status_code": "`errors: { budget_status }`", "litellm_settings.internal_user_budget_duration": "`per` of that budget",
	"litellm_settings.default_internal_user_params": "its max_budget is a budget with `each: user`; nothing else is given to users by itself",
	"litellm_settings.default_team_params":          "budgets and limits with `each: team`, for those too that are there already", "litellm_settings.default_key_generate_params": "budgets and limits with `each: key`, for those too that are there already",
	"litellm_settings.callbacks": sinks, "litellm_settings.success_callback": sinks, "litellm_settings.failure_callback": sinks, "litellm_settings.service_callback": sinks, "litellm_settings.service_callbacks": sinks, "litellm_settings.audit_log_callbacks": sinks,
	"litellm_settings.enforce_fallback_budget": "always so; false is said to be changed", "litellm_settings.ssl_verify": "always so; false is said to be changed", "litellm_settings.model_alias_map": "models that stand for others",

	"litellm_settings.tag_budget_config": "budgets of tags", "router_settings.tag_budget_config": "budgets of tags", "general_settings.litellm_key_header_name": "`key_header`",

	"router_settings.routing_strategy": "`balance` of models; what is not known leaves each name's default", "router_settings.timeout": "`first_byte` and `total` of providers", "router_settings.stream_timeout": "`first_byte`",
	"router_settings.fallbacks": "targets of a model that come after its own", "router_settings.context_window_fallbacks": "targets with `when: context`", "router_settings.content_policy_fallbacks": "targets with `when: refused`",
	"router_settings.default_fallbacks": "targets of every model", "router_settings.model_group_alias": "models that stand for others; hidden ones are in no list", "router_settings.enable_pre_call_check*": "always so",
	"router_settings.optional_pre_call_checks": "affinity is `balance: session`; enforce_model_rate_limits makes limits of rpm and tpm", "router_settings.default_max_parallel_requests": "`parallel` of deployments",
	"router_settings.default_litellm_params": "what a deployment does not say itself", "router_settings.provider_budget_config": "budgets with `scope: gateway` for the provider's models", "router_settings.ignore_invalid_deployments": "always so: what cannot be served is shown with the reason",

	"general_settings.master_key": "`admin_key`", "general_settings.user_header_mappings": "`end_user_headers`, those of customers", "general_settings.user_header_name": "`end_user_headers`",
	"general_settings.max_parallel_requests": "a limit with `each: key`", "general_settings.global_max_parallel_requests": "a limit with `scope: gateway`", "general_settings.max_in_flight_requests_per_worker": "a limit with `scope: gateway`",
	"general_settings.token_rate_limit_type": "prompt and answer are counted together; another type is said to be changed", "general_settings.maximum_spend_logs_retention_period": "`retention`, in whole months",
	"general_settings.max_request_size_mb": "`front: { max_body }`", "general_settings.fail_closed_budget_enforcement": "always so", "general_settings.fail_closed_rate_limit_enforcement": "`when_limits_are_down: refuse`",
	"general_settings.apply_user_budget_to_team_keys": "always so", "general_settings.budget_reset_time": "00:00; another time is said to be changed", "general_settings.cancel_on_disconnect": "always so",

	"litellm_params.model": "a target PROVIDER/MODEL", "litellm_params.custom_llm_provider": "the kind of the provider", "litellm_params.litellm_credential_name": "the credential's values", "litellm_params.api_base": "`url` of the provider", "litellm_params.base_url": "`url` of the provider",
	"litellm_params.api_key": "`key` of the provider", "litellm_params.organization": "a header of the provider", "litellm_params.extra_headers": headersBecome, "litellm_params.default_headers": headersBecome, "litellm_params.headers": headersBecome,
	"litellm_params.base_model": "as that of model_info, which goes before", "litellm_params.request_timeout": "as timeout, which goes before", "litellm_params.timeout": "`first_byte`, and `total` if it is longer than 15 minutes", "litellm_params.stream_timeout": "`first_byte`", "litellm_params.mock_response": "the answer of the built-in provider echo; one that stands for an error makes the deployment unavailable", "litellm_params.allowed_openai_params": "always so: what a client sends arrives",
	"litellm_params.supports_system_message": "always so; false is said to be changed", "litellm_params.ssl_verify": "always so; false is said to be changed", "litellm_params.model_info": "no use here", "litellm_params.id": "no use here", "litellm_params.use_litellm_proxy": "no use here",
	"litellm_params.rpm": "the deployment's weight, or a limit with enforce_model_rate_limits", "litellm_params.tpm": "the deployment's weight, or a limit with enforce_model_rate_limits", "litellm_params.weight": "`weight` of the target", "litellm_params.order": "the order of the targets",
	"litellm_params.max_parallel_requests": "`parallel`; a call waits 10 seconds for its turn", "litellm_params.max_budget": "a budget with `scope: gateway` for the deployment", "litellm_params.budget_duration": "`per` of that budget",
	"litellm_params.default_api_key_rpm_limit": "a limit with `each: key` for the model", "litellm_params.default_api_key_tpm_limit": "a limit with `each: key` for the model", "litellm_params.num_ctx": "`num_ctx` with Ollama, else a member of requests",
	"litellm_params.keep_alive": "`keep_alive` with Ollama, else a member of requests", "litellm_params.additional_drop_params": "`drop`, of whole members", "litellm_params.extra_body": "`set`",
	"litellm_params.*_cost_per_*": "`price` of the target", "litellm_params.*": "`defaults`: it is sent with every request that does not say otherwise, as LiteLLM does",

	"model_info.id": "LiteLLM's clients find the deployment by it", "model_info.mode": "what the price list is looked up for", "model_info.base_model": "the name that the price list is looked up by", "model_info.*_cost_per_*": "`price` of the target",
	"model_info.order": "the order of the targets", "model_info.max_output_tokens": "`max_output`", "model_info.max_input_tokens": "not needed: an engine or the price list says it", "model_info.access_groups": "`groups` of models",
	"model_info.team_id": "the deployment is shown unavailable: it is for one team only", "model_info.team_public_model_name": "the deployment is shown unavailable: it is for one team only", "model_info.blocked": "the deployment is shown unavailable",
	"model_info.rpm": "a limit with enforce_model_rate_limits", "model_info.tpm": "a limit with enforce_model_rate_limits", "model_info.access_windows": "the deployment is shown unavailable: at some hours it is for some teams only",
	"model_info.enable_tag_filtering":   "true is said to be changed: there is no routing by tags",
	"model_info.supported_environments": "another environment's is shown unavailable", "model_info.health_check_*": "no model is called to see whether it answers", "model_info.disable_background_health_check": "no model is called to see whether it answers",
	"model_info.skip_budget_checks": noMeaning, "model_info.tier": noMeaning, "model_info.db_model": noMeaning, "model_info.created_at": noMeaning, "model_info.created_by": noMeaning, "model_info.updated_at": noMeaning, "model_info.updated_by": noMeaning,
	"model_info.version": noMeaning, "model_info.description": noMeaning, "model_info.max_tokens": noMeaning, "model_info.litellm_provider": noMeaning, "model_info.supports_*": noMeaning,
}

const (
	sinks         = "`prometheus` turns `metrics` on; other services are sent nothing, and code of your own stops the start"
	headersBecome = "`headers` of the provider"
	noMeaning     = "it decides nothing"
)
