package litellm

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// options are what the sections beside model_list say of deployments.
type options struct {
	timeout, first *value
	parallel       int64  // default_max_parallel_requests; 0: none
	defaults       *value // default_litellm_params
	balance        string
	fallbacks      map[string]*value
	alias          *value
	enforce        bool            // rpm and tpm are limits
	firsts         map[string]bool // first parts of public names, which no provider may have
	zone           string
}

// setting is a line of tollgate's configuration.
type setting struct {
	at         place
	key, value string
	comment    string
}

// set writes a line of tollgate's configuration, in place of one of the same key.
func (c *converter) set(at place, comment, key, value string) {
	c.top = slices.DeleteFunc(c.top, func(s setting) bool { return s.key == key })
	c.top = append(c.top, setting{at, key, value, comment})
}

// word is what is known of a setting: how it is taken over, or why not.
type word struct {
	take func(*converter, pair) // takes it over; nil does not
	sev  Severity               // of what is said of it; "" says nothing
	say  string
}

// known words of the sections. A name that ends with * stands for all that begin so.
type table map[string]word

func (t table) of(key string) (word, bool) {
	if w, ok := t[key]; ok {
		return w, true
	}
	longest, found := "", false
	for name := range t {
		if stem, is := strings.CutSuffix(name, "*"); is && strings.HasPrefix(key, stem) && len(name) > len(longest) {
			longest, found = name, true
		}
	}
	return t[longest], found
}

func ignored(say string) word     { return word{sev: Ignored, say: say} }
func changed(say string) word     { return word{sev: Changed, say: say} }
func unavailable(say string) word { return word{sev: Unavailable, say: say} }
func refused(say string) word     { return word{sev: Problem, say: say} }
func takes(f func(*converter, pair)) word {
	return word{take: f}
}

// read is for what is read beside others, or holds always: nothing is said of it.
var read = word{}

// section reads the settings of one section.
func (c *converter) section(name string, t table) {
	v := c.settings[name]
	if v == nil || !c.isMap(v) {
		return
	}
	for _, p := range v.pairs {
		w, ok := t.of(p.key)
		if !ok {
			c.unknown(p, sortedKeys(t))
			continue
		}
		if w.take != nil && !p.v.null() {
			w.take(c, p)
		}
		if w.sev != "" && !c.empty(p.v) {
			c.find(w.sev, p.at, "", "%s", w.say)
		}
	}
}

func (c *converter) unknown(p pair, known []string) {
	near := nearest(p.key, known)
	if near == "" {
		c.find(Ignored, p.at, "", "this key is not known and has no effect")
		return
	}
	c.find(Ignored, p.at, near+": …", "this key is not known and has no effect")
}

const (
	ownBooks    = "tollgate keeps books of its own, in tollgate.db or where `database` says, and never writes to LiteLLM's database; its keys, users, teams and budgets have to be brought over"
	ownRetries  = "how often a call is tried is tollgate's own rule: 3 deployments at most, and only where nothing is paid for twice"
	ownCooldown = "when a failing deployment is left out is tollgate's own rule: after 5 failures in a row, or half of 20 calls within 30 seconds, for 10 seconds to 2 minutes, or as long as its upstream asks"
	tagsNamed   = "tags come from keys, teams, bodies and the header x-litellm-tags, and from nothing else"
	noRedis     = "tollgate needs no Redis; replicas count rate limits together in PostgreSQL, or in the store that rate_limit_store names"
	noLoop      = "there is no such background work to set: budgets are counted and reset by the clock, as they are used"
	noUI        = "this is for LiteLLM's user interface"
	noSSO       = "there is no sign-in by other services: the management interface asks for a key"
	ownTrust    = "certificates are always verified: let the machine trust your own authority (SSL_CERT_FILE)"
	noRepair    = "requests are not repaired: the upstream's refusal is told"
	ownBundle   = "the file of an authority of your own is named by SSL_CERT_FILE"
	noPrompt    = "prompts and answers are never kept"
	noAlerts    = "alerts are not sent; metrics have what budgets have left, and `soft` in a budget warns in every answer"
	noRules     = "what a key gets is said when it is made, by those who manage, by admins of teams and organizations, and by each internal_user for the own keys"
	noHooks     = "Python code of your own cannot run in tollgate. What it refuses would pass, so nothing starts with it: remove the line if it is not needed"
	noFiles     = "files and batches are not served"
	noChoice    = "clients do not say where a call goes, and nothing that a request names is fetched"
	openDoors   = "what takes over from a model is the operator's word: a key that may call the name may be served by what stands behind it"
	noVault     = "secrets come from the environment or from files"
	noLog       = "what is logged is tollgate's own rule: one line for each call, without prompts and answers"
)

// liteLLM are the words of litellm_settings.
var liteLLM = table{
	"drop_params":     changed("what a model does not support is passed on as it is, since engines ignore or refuse it themselves; name what must not arrive in `drop` of a provider or model"),
	"modify_params":   changed(noRepair),
	"request_timeout": read, "fallbacks": read, "context_window_fallbacks": read, "content_policy_fallbacks": read, "default_fallbacks": read, "timezone": read,
	"num_retries": ignored(ownRetries), "num_retries_per_request": ignored(ownRetries), "max_fallbacks": ignored(ownRetries),
	"allowed_fails": ignored(ownCooldown), "cooldown_time": ignored(ownCooldown),
	"max_budget": takes((*converter).globalBudget), "budget_duration": read, "budget_reset_time": read,
	"max_user_budget": read, "max_internal_user_budget": read, "default_max_internal_user_budget": read, "internal_user_budget_duration": read, "default_internal_user_params": read,
	"budget_exceeded_status_code":               takes((*converter).budgetStatus),
	"budget_rollover":                           changed("what was spent beyond a budget is not carried into its next period"),
	"block_requests_for_models_without_pricing": changed("a model whose price nobody knows is closed to whoever has a budget, and open to the others"),
	"validate_end_user_id_in_db":                changed("a call may name any end user: budgets with each: end_user hold for those too of whom nothing is known"),
	"personal_key_model_access_from_teams":      changed("a key of one's own opens what its list and its user's allow, and not what is a team's"),
	"default_soft_budget":                       ignored(noAlerts), "default_key_max_budget_alert_emails": unavailable(noAlerts), "default_team_settings": ignored(noLog),
	"enable_json_schema_validation": changed("answers are not held against a schema"),
	"headers":                       unavailable("headers are written with each deployment: extra_headers"),
	"user_url_*":                    ignored(noChoice), "provider_url_*": ignored(noChoice),
	"max_end_user_budget_id": {take: func(c *converter, p pair) { c.EndUserBudget, _ = c.word(p.v) }, sev: Changed,
		say: "the budget of this id stands in LiteLLM's database, whose import with this file gives it to each end user; until then none has it: write budgets: [{ each: end_user, limit: 1 USD, per: month }]"},
	"max_end_user_budget":            unavailable("LiteLLM does not enforce this any more, so nothing is taken over; budgets: [{ each: end_user, limit: 1 USD, per: month }] is enforced"),
	"max_ui_session_budget":          ignored(noUI),
	"default_team_params":            takes(func(c *converter, p pair) { c.defaultsFor(p, "team") }),
	"default_key_generate_params":    takes(func(c *converter, p pair) { c.defaultsFor(p, "key") }),
	"upperbound_key_generate_params": changed(noRules),
	"key_generation_settings":        changed(noRules), "enable_key_alias_format_validation": ignored("names of keys are free text of up to 128 bytes"), "key_alias_pattern": ignored("names of keys are free text of up to 128 bytes"),
	"cache":                   unavailable("answers are not kept to be used again: every call reaches its model, and a paid one is paid"),
	"cache_params":            ignored("answers are not kept to be used again"),
	"enable_redis_auth_cache": ignored(noRedis),
	"callbacks":               takes((*converter).callbacks), "input_callback": takes((*converter).callbacks), "success_callback": takes((*converter).callbacks), "failure_callback": takes((*converter).callbacks), "service_callbacks": takes((*converter).callbacks), "service_callback": takes((*converter).callbacks), "audit_log_callbacks": takes((*converter).callbacks),
	"turn_off_message_logging": ignored(noPrompt), "redact_user_api_key_info": ignored(noLog), "redact_messages_in_exceptions": ignored(noPrompt), "json_logs": ignored(noLog), "set_verbose": ignored(noLog), "suppress_debug_info": ignored(noLog), "log_raw_request_response": ignored(noPrompt),
	"extra_spend_tag_headers": unavailable(tagsNamed), "disable_add_user_agent_to_request_tags": ignored(tagsNamed),
	"tag_budget_config":                   takes((*converter).tagBudgets),
	"disable_end_user_cost_tracking*":     ignored("end users are in reports and in no metric's labels; a key names them only if it may"),
	"cost_discount_config":                changed("discounts are not taken off: write what is charged as the models' price"),
	"cost_margin_config":                  changed("margins are not put on top, so calls cost what their price says: write what is charged as the models' price"),
	"budget_exceeded_throttle_percentage": unavailable("who has spent a budget is refused, not slowed down"),
	"priority_reservation*":               unavailable("limits are not divided by priority"),
	"enforce_fallback_budget": word{take: func(c *converter, p pair) {
		if yes, ok := c.truth(p.v); ok && !yes {
			c.find(Changed, p.at, "", "what takes over is always held against every budget")
		}
	}},
	"enforce_fallback_model_access": changed(openDoors),
	"public_model_groups*":          ignored("there is no public list of models"), "custom_prompt_dict": ignored("templates are the engine's"),
	"ssl_verify": word{take: func(c *converter, p pair) {
		if yes, ok := c.truth(p.v); ok && !yes {
			c.find(Changed, p.at, "", "%s", ownTrust)
		}
	}},
	"ssl_*": ignored("TLS to upstreams is as the machine trusts it (SSL_CERT_FILE)"), "force_ipv4": ignored("addresses are as the name service says"), "telemetry": ignored("tollgate reports to nobody"),
	"langfuse_*": ignored(noLog), "aiohttp_*": ignored("connections are tollgate's own rule"), "default_redis_*": ignored(noRedis), "s3_*": ignored(noLog), "datadog_*": ignored(noLog), "gcs_*": ignored(noLog),
	"use_chat_completions_url_for_anthropic_messages": ignored("/v1/messages goes to the engine's own interface"), "route_all_chat_openai_to_responses": ignored("chat goes to /v1/chat/completions"),
	"prometheus_*": ignored("metrics and their labels are tollgate's own"), "custom_prometheus_*": ignored("metrics and their labels are tollgate's own"),
	"require_auth_for_metrics_endpoint": ignored("metrics ask for the admin key or a token of their own"),
	"guardrails":                        unavailable("there are no guardrails: what they refused is not refused"), "default_guardrails": unavailable("there are no guardrails: what they refused is not refused"),
	"banned_keywords_list": unavailable("there are no guardrails: what they refused is not refused"), "blocked_user_list": changed("block end users by a budget or limit of 0"),
	"forward_traceparent_to_llm_provider": ignored("upstreams get tollgate's own request id"), "return_response_headers": ignored("headers of upstreams are not passed on"),
	"model_group_settings": ignored("settings stand with each model"), "store_audit_logs": ignored("every change is in the log of changes, always: GET /audit"),
	"add_function_to_prompt": ignored("requests are not repaired"), "always_include_stream_usage": ignored("usage is always asked for upstream"), "include_cost_in_streaming_usage": ignored("what a call costs is in X-Tollgate-Cost and in reports"),
	"default_in_memory_ttl": ignored("nothing is cached that could be stale"), "user_api_key_cache_ttl": ignored("changes to keys take effect at once"), "mcp_aliases": unavailable("there is no MCP"), "vector_store_registry": unavailable("there are no vector stores"), "num_workers": ignored("one process uses all cores"), "max_tokens": ignored("this has no effect here: write defaults: { max_tokens: N } with models"), "api_key": ignored("keys stand with their models"), "api_base": ignored("addresses stand with their models"),
	"pre_call_rules": refused(noHooks), "post_call_rules": refused(noHooks), "custom_provider_map": refused(noHooks),
	"model_alias_map": takes(func(c *converter, p pair) { c.opt.alias = join(c.opt.alias, p.v) }),
}

// router are the words of router_settings.
var router = table{
	"routing_strategy":      takes((*converter).strategy),
	"routing_strategy_args": ignored("how the fastest is found is tollgate's own rule"),
	"num_retries":           ignored(ownRetries), "retry_after": ignored(ownRetries), "retry_policy": ignored(ownRetries), "model_group_retry_policy": ignored(ownRetries), "max_fallbacks": ignored(ownRetries),
	"timeout": read, "stream_timeout": read, "fallbacks": read, "context_window_fallbacks": read, "content_policy_fallbacks": read, "default_fallbacks": read, "model_group_alias": read,
	"allowed_fails": ignored(ownCooldown), "allowed_fails_policy": ignored(ownCooldown), "cooldown_time": ignored(ownCooldown), "disable_cooldowns": changed(ownCooldown),
	"enable_pre_call_check*":          read, // always so
	"optional_pre_call_checks":        takes((*converter).checks),
	"deployment_affinity_ttl_seconds": ignored("a conversation stays at its engine as long as it goes on"), "model_group_affinity_config": ignored("balance: session stands with each model"),
	"enable_tag_filtering":    changed("there is no routing by tags: every deployment of a name may get every call"),
	"tag_filtering_match_any": ignored("there is no routing by tags"), "tag_routing_prefix": ignored("there is no routing by tags"),
	"default_max_parallel_requests": read, "default_litellm_params": read,
	"provider_budget_config":      read,
	"enable_health_check_routing": ignored("an engine that does not answer is always left out"), "health_check_*": ignored("an engine is watched without calling a model"),
	"redis_*": ignored(noRedis), "cache_kwargs": ignored(noRedis), "cache_responses": ignored("answers are not kept to be used again"),
	"routing_groups": changed("how one of several deployments is chosen stands with each model: balance"), "enable_weighted_failover": ignored("weights hold for what is left after a failure, always"),
	"ignore_invalid_deployments": read, // always so
	"client_ttl":                 ignored("connections are tollgate's own rule"), "polling_interval": ignored(noLoop), "default_priority": ignored("requests have no priorities"), "assistants_config": unavailable("there are no assistants"),
	"plugins": unavailable("Python code of your own cannot run in tollgate, and chooses no deployment"), "router_general_settings": ignored("these have no use here"), "search_tools": unavailable("there are no search tools"), "guardrail_list": unavailable("there are no guardrails: what they refused is not refused"), "set_verbose": ignored(noLog), "debug_level": ignored(noLog),
	"caching_groups": ignored("answers are not kept to be used again"), "model_list": ignored("models stand in model_list at the top"), "alerting_config": unavailable(noAlerts), "num_workers": ignored("one process uses all cores"), "tag_budget_config": takes((*converter).tagBudgets),
}

// customer is the role of whom a header names for whom a call is made.
const customer = "customer"

// userHeaders takes over the headers that name end users. Those of internal users are not
// read: a key says whose it is.
func (c *converter) userHeaders(p pair) {
	var all []string
	for _, item := range c.list(p.v) {
		name, ok := c.word(item.get("header_name"))
		role, _ := c.word(item.get("litellm_user_role"))
		switch {
		case !ok || !names(name) || c.isKeyHeader(name):
			c.find(Changed, item.at, "", "a mapping has a header_name of a header that carries no credential, so this one is left out")
		case role != customer:
			c.find(Changed, item.at, "", "a header names nobody but an end user here: whose a call is, the key says")
		case len(all) == maxEndUserHeaders:
			c.find(Changed, item.at, "", "more than %d headers are not read", maxEndUserHeaders)
		default:
			all = append(all, name)
		}
	}
	if len(all) > 0 {
		c.set(p.at, "", "end_user_headers", series(all))
	}
}

// keyHeader takes over the header that keys come in.
func (c *converter) keyHeader(p pair) {
	name, ok := c.word(p.v)
	switch {
	case !ok:
	case slices.Contains(credentials, strings.ToLower(name)):
		c.find(Ignored, p.at, "", "a key in this header is taken without being named")
	case !names(name):
		c.find(Changed, p.at, "key_header: X-My-Key", "this is not the name of a header, so it is left out")
	default:
		c.set(p.at, "", "key_header", quote(name))
	}
}

// isKeyHeader says that a header is the one that keys come in.
func (c *converter) isKeyHeader(name string) bool {
	own, ok := c.word(c.part("general_settings").get("litellm_key_header_name"))
	return ok && strings.EqualFold(name, own)
}

// userHeader takes over the one header that names end users, which the mappings replace.
func (c *converter) userHeader(p pair) {
	name, ok := c.word(p.v)
	switch {
	case !ok:
	case !names(name) || c.isKeyHeader(name):
		c.find(Changed, p.at, "", "this is not the name of a header that carries no credential, so it is left out")
	case !slices.ContainsFunc(c.top, func(s setting) bool { return s.key == "end_user_headers" }):
		c.set(p.at, "", "end_user_headers", series([]string{name}))
	}
}

// maxEndUserHeaders is how many headers tollgate's configuration may name.
const maxEndUserHeaders = 10

// credentials are headers that nobody is named by.
var credentials = []string{"authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "x-goog-api-key", "ocp-apim-subscription-key", "x-litellm-api-key"}

// names says whether somebody may be named by a header.
func names(header string) bool {
	return userHeaderName().MatchString(header) && !secretive(header) && !slices.Contains(credentials, strings.ToLower(header))
}

var userHeaderName = pattern(`^[A-Za-z0-9][A-Za-z0-9-]{0,63}$`)

// general are the words of general_settings.
var general = table{
	"master_key":              takes((*converter).masterKey),
	"database_url":            changed(ownBooks),
	"database_*":              ignored("this is for LiteLLM's own database"),
	"store_model_in_db":       changed("models stand in the configuration; those of LiteLLM's database come with its import"),
	"supported_db_objects":    ignored("this is for LiteLLM's own database"),
	"litellm_key_header_name": takes((*converter).keyHeader),
	"user_header_mappings":    takes((*converter).userHeaders),
	"user_header_name":        takes((*converter).userHeader),
	"enforce_user_param":      unavailable("a request need not name its user"), "reject_clientside_metadata_tags": changed("a call may name tags of its own: they can only narrow what its key may spend, and those of the key and its team always count"),
	"completion_model": unavailable("the model is the one that a request names"), "embedding_model": unavailable("the model is the one that a request names"), "image_generation_model": unavailable("the model is the one that a request names"), "moderation_model": unavailable("the model is the one that a request names"),
	"infer_model_from_keys": ignored("models stand in model_list"),
	"max_parallel_requests": takes(func(c *converter, p pair) {
		if n, ok := c.whole(p.v, 0); ok {
			c.limit(p.at, "each: key", nil, member{"concurrent_requests", fmt.Sprint(n)})
		}
	}),
	"global_max_parallel_requests": takes(func(c *converter, p pair) {
		if n, ok := c.whole(p.v, 0); ok {
			c.limit(p.at, "scope: gateway", nil, member{"concurrent_requests", fmt.Sprint(n)})
		}
	}),
	"token_rate_limit_type": word{take: func(c *converter, p pair) {
		if s, ok := c.word(p.v); ok && s != "total" {
			c.find(Changed, p.at, "", "limits count the tokens of prompt and answer together")
		}
	}},
	"user_api_key_cache_ttl": ignored("changes to keys take effect at once"), "user_api_key_cache_max_size": ignored("changes to keys take effect at once"),
	"proxy_batch_write_at": ignored(noLoop), "proxy_budget_rescheduler_*": ignored(noLoop), "proxy_batch_polling_interval": ignored(noLoop), "proxy_config_reload_interval_seconds": ignored("a changed file is taken over within seconds"), "proxy_*": ignored(noLoop),
	"disable_spend_logs": changed("every paid call is an entry of the books; `retention` says for how long"), "disable_spend_updates": changed("every paid call is counted"), "disable_error_logs": ignored(noLog), "disable_reset_budget": changed("a budget's window ends by the clock: write per: total for one that never does"),
	"store_prompts_in_spend_logs":         unavailable(noPrompt),
	"maximum_spend_logs_retention_period": takes((*converter).retention), "maximum_spend_logs_retention_interval": ignored(noLoop), "maximum_spend_logs_cleanup_cron": ignored(noLoop),
	"allow_requests_on_db_unavailable": changed("while the books do not answer, free models are served and paid ones are not; when_books_are_down: { allow: 1 USD } lets so much pass"),
	"background_health_checks":         ignored("an engine is watched without calling a model"), "health_check_*": ignored("an engine is watched without calling a model"), "use_shared_health_check": ignored("an engine is watched without calling a model"),
	"alerting*": unavailable(noAlerts), "alert_*": unavailable(noAlerts), "spend_report_frequency": unavailable(noAlerts), "slack_*": unavailable(noAlerts),
	"allowed_ips":         changed("whoever can connect and has a key is served: who may connect is for a firewall or the proxy in front"),
	"use_x_forwarded_for": ignored("addresses of clients decide nothing"),
	"allowed_routes":      changed("every key may use every path for models, and none that manages; the admin key the others"), "public_routes": ignored("only the health checks ask for no key"), "admin_only_routes": changed("every key may use every path for models, and none that manages"),
	"role_permissions": unavailable("what each role may do is fixed, and docs/litellm.md says what"), "enforce_rbac": unavailable("what each role may do is fixed, and docs/litellm.md says what"),
	"enforced_params": unavailable("requests need no members beyond the model's own"),
	"max_request_size_mb": takes(func(c *converter, p pair) {
		if n, ok := c.whole(p.v, 1); ok {
			n = min(n, 1024)
			c.set(p.at, "", "front", flow([]member{{"max_body", fmt.Sprintf("%d MiB", n)}, {"bodies", fmt.Sprintf("%d MiB", max(1024, 2*n))}}))
		}
	}),
	"max_response_size_mb": ignored("an answer may have 32 MiB"),
	"enable_jwt_auth":      unavailable("tokens of other services are not taken: callers need a key of tollgate"), "litellm_jwtauth": unavailable("tokens of other services are not taken: callers need a key of tollgate"), "enable_oauth2*": unavailable("tokens of other services are not taken: callers need a key of tollgate"), "oauth2_config_mappings": unavailable("tokens of other services are not taken: callers need a key of tollgate"),
	"custom_auth": refused(noHooks), "custom_*": refused(noHooks), "custom_key_generate": refused(noHooks), "custom_key_update": refused(noHooks), "custom_sso": refused(noHooks), "custom_ui_sso_sign_in_handler": refused(noHooks), "post_call_rules": refused(noHooks), "custom_provider_map": refused(noHooks),
	"pass_through_endpoints": unavailable("there is no pass-through: these paths are not served"), "pass_through_request_timeout": ignored("there is no pass-through"),
	"forward_client_headers_to_llm_api": changed("clients' own headers do not reach upstreams, but anthropic-version and anthropic-beta"), "forward_openai_org_id": changed("clients' own headers do not reach upstreams"), "forward_llm_provider_auth_headers": changed("clients' own headers do not reach upstreams"),
	"allow_client_side_credentials": changed("clients cannot bring keys or addresses of their own"),
	"service_account_settings":      unavailable("requests need no members beyond the model's own"), "always_include_stream_usage": ignored("usage is always asked for upstream, and told to clients that ask for it"),
	"default_team_disabled": changed(noRules), "disable_master_key_return": ignored("the admin key is never shown"), "disable_adding_master_key_hash_to_db": ignored("the admin key is never shown"),
	"ui_*": ignored(noUI), "auto_redirect_ui_login_to_sso": ignored(noUI), "disable_budget_reservation": changed("what a call may cost at most is always held; admission: headroom lets anything under the limit begin"),
	"fail_closed_budget_enforcement": read, // always so
	"fail_closed_rate_limit_enforcement": takes(func(c *converter, p pair) {
		if yes, _ := c.truth(p.v); yes {
			c.set(p.at, "", "when_limits_are_down", "refuse")
		}
	}),
	"apply_user_budget_to_team_keys": read, // always so
	"budget_reset_time":              read,
	"cancel_on_disconnect":           read, // always so
	"max_in_flight_requests_per_worker": takes(func(c *converter, p pair) {
		if n, ok := c.whole(p.v, 1); ok {
			c.limit(p.at, "scope: gateway", nil, member{"concurrent_requests", fmt.Sprint(n)})
		}
	}),
	"keepalive_seconds": ignored("a stream that stands still is kept open by comments"), "sse_keepalive_*": ignored("a stream that stands still is kept open by comments"),
	"missing_session_id": ignored("sessions are not asked for"), "include_call_id_in_error_body": ignored("the request id is a header of every answer"), "overwrite_user_with_key_hash": ignored("what names the user in a request stays"), "store_audit_logs": ignored("every change is in the log of changes, always: GET /audit"),
	"key_management_system": changed(noVault + ": os.environ/NAME is looked for there"), "key_management_settings": changed(noVault), "use_google_kms": changed(noVault), "use_azure_key_vault": changed(noVault),
	"disable_custom_api_keys": changed("whoever makes a key may choose its secret"), "disable_key_generate_for_org_admin": changed(noRules), "enforce_fallback_model_access": changed(openDoors),
	"team_metadata_*": changed("metadata are free, up to a size"), "coordination_redis": ignored(noRedis), "use_redis_transaction_buffer": ignored(noRedis),
	"maximum_*": ignored(noLoop), "use_spend_logs_partitioning": ignored(noLoop), "spend_logs_metadata_fields": ignored(noLog), "disable_requester_ip_address_logging": ignored(noLog), "trusted_proxy_ranges": ignored("addresses of clients decide nothing"),
	"password_policy_*": ignored(noUI), "failed_login_*": ignored(noUI), "max_failed_login_*": ignored(noUI), "plugins": ignored(noUI),
	"max_file_*": ignored(noFiles), "max_batch_*": ignored(noFiles), "allowed_file_extensions": ignored(noFiles), "blocked_file_extensions": ignored(noFiles), "user_url_*": ignored(noChoice), "provider_url_*": ignored(noChoice),
	"agent_access_default_deny": ignored("there are no agents"), "vector_store_deny_by_default": ignored("there are no vector stores"), "search_tool_deny_by_default": ignored("there are no search tools"),
	"dangerously_permit_weak_or_unset_master_key": changed("a weak admin key is refused all the same"), "proxy_admin_*": ignored(noSSO), "otel*": ignored(noLog), "block_robots": ignored("nothing is served to robots"), "health_check_interval": ignored("an engine is watched without calling a model"), "disable_env_credential_login": ignored(noUI), "num_workers": ignored("one process uses all cores"), "detect_prompt_injection": unavailable("there are no guardrails: what they refused is not refused"), "prompt_injection_params": unavailable("there are no guardrails: what they refused is not refused"), "mcp_*": unavailable("there is no MCP"), "image_*": unavailable("the model is the one that a request names"),
}

// sections are the top-level keys that are not taken over.
var sections = table{
	"model_list": read, "litellm_settings": read, "router_settings": read, "general_settings": read, "environment_variables": read, "credential_list": read,
	"guardrails": unavailable("there are no guardrails: what they refused is not refused"), "mcp_servers": unavailable("there is no MCP"), "files_settings": unavailable("files are not served"), "finetune_settings": unavailable("fine-tuning is not served"),
	"callback_settings": ignored(noLog), "assistant_settings": unavailable("there are no assistants"), "search_tools": unavailable("there are no search tools"), "vector_store_registry": unavailable("there are no vector stores"), "prompts": unavailable("there are no stored prompts"),
	"policies": unavailable("there are no guardrails: what they refused is not refused"), "policy_attachments": unavailable("there are no guardrails: what they refused is not refused"), "mcp_tools": unavailable("there is no MCP"), "agent_list": unavailable("there are no agents"),
}

func join(a, b *value) *value {
	if a == nil || a.kind != yaml.MappingNode || b.kind != yaml.MappingNode {
		return b
	}
	all := *a
	all.pairs = append(slices.Clone(a.pairs), b.pairs...)
	return &all
}

// options reads everything beside the models.
func (c *converter) options(found []pair) {
	o := &c.opt
	o.fallbacks, o.firsts = map[string]*value{}, map[string]bool{}
	for _, p := range found {
		w, ok := sections.of(p.key)
		switch {
		case strings.HasPrefix(p.key, "x-") || strings.HasPrefix(p.key, "_"): // where people keep what they repeat
		case !ok:
			c.unknown(p, append(sortedKeys(sections), "include"))
		case w.sev != "" && !c.empty(p.v):
			c.find(w.sev, p.at, "", "%s", w.say)
		}
	}
	lite, rout, gen := c.part("litellm_settings"), c.part("router_settings"), c.part("general_settings")
	o.zone = "UTC"
	if s, ok := c.word(lite.get("timezone")); ok {
		o.zone = s
		if !zoneName().MatchString(s) || !isZone(s) {
			o.zone = "UTC"
			c.find(Changed, lite.get("timezone").at, "timezone: Europe/Berlin", "not the name of a time zone, so budgets go by UTC, as with LiteLLM")
		}
	}
	if o.zone != "UTC" {
		c.set(lite.get("timezone").at, "", "zone", quote(o.zone))
	}
	if v := first(lite.get("budget_reset_time"), gen.get("budget_reset_time")); !c.empty(v) {
		if s, _ := c.word(v); s != "00:00" {
			c.find(Changed, v.at, "", "budgets of days, weeks and months begin at midnight; from: in a budget begins them at another time")
		}
	}
	for _, item := range c.list(c.settings["model_list"]) {
		if name, ok := c.word(item.get("model_name")); ok {
			if head, rest, slash := strings.Cut(name, "/"); slash && !strings.Contains(name, "*") && rest != "" {
				o.firsts[head] = true
			}
		}
	}
	o.alias = rout.get("model_group_alias")
	if o.alias != nil {
		for _, p := range o.alias.pairs {
			if head, _, slash := strings.Cut(p.key, "/"); slash {
				o.firsts[head] = true
			}
		}
	}
	o.timeout, o.first = first(rout.get("timeout"), lite.get("request_timeout")), rout.get("stream_timeout")
	o.defaults = rout.get("default_litellm_params")
	if o.defaults != nil && !c.isMap(o.defaults) {
		o.defaults = nil
	}
	if n, ok := c.whole(rout.get("default_max_parallel_requests"), 1); ok {
		o.parallel = n
	}
	for _, key := range []string{"fallbacks", "context_window_fallbacks", "content_policy_fallbacks", "default_fallbacks"} {
		o.fallbacks[key] = first(rout.get(key), lite.get(key))
	}
	c.environment()
	c.section("litellm_settings", liteLLM)
	c.section("router_settings", router)
	c.section("general_settings", general)
	if gen.get("master_key").null() {
		if v, ok := c.lookup("LITELLM_MASTER_KEY"); ok && v != "" {
			c.admin(place{file: c.File}, c.reference("LITELLM_MASTER_KEY"), v)
		}
	}
	c.userBudget(lite)
}

// part is a section, or an empty one.
func (c *converter) part(name string) *value {
	if v := c.settings[name]; v != nil && v.kind == yaml.MappingNode {
		return v
	}
	return &value{kind: yaml.MappingNode}
}

// masterKey makes LiteLLM's master key the admin key.
func (c *converter) masterKey(p pair) {
	text, tag, env := c.scalar(p.v)
	switch {
	case env != "" && variable().MatchString(env) && (strings.TrimSpace(text) != "" || !c.InPlace):
		c.admin(p.at, c.reference(env), text)
	case tag == "!!null" || strings.TrimSpace(text) == "":
	case !header(strings.TrimSpace(text)) || p.v.kind != yaml.ScalarNode:
		c.find(Problem, p.at, "master_key: os.environ/LITELLM_MASTER_KEY", "this is no key that a header can carry")
	default:
		c.admin(p.at, c.secret(p.at, "ADMIN_KEY", strings.TrimSpace(text)), text)
	}
}

// admin writes the admin key. secret is its value, if that is known.
func (c *converter) admin(at place, reference, secret string) {
	if secret = strings.TrimSpace(secret); secret != "" && c.Weak != nil {
		if err := c.Weak(secret); err != nil {
			c.find(Problem, at, "", "the master key is refused as an admin key: %s", err)
			return
		}
	}
	if secret != "" && c.Short != nil {
		if err := c.Short(secret); err != nil {
			c.find(Changed, at, "", "the master key is taken as it is, so that what has it goes on working, and should be replaced soon, since whoever guesses it manages everything: %s", err)
		}
	}
	c.set(at, "", "admin_key", reference)
	c.set(at, "As with LiteLLM it calls models too. Programs should have keys of their own instead.", "admin_key_calls", "true")
	c.find(Changed, at, "", "the master key manages, and calls models too as long as admin_key_calls says so; what it uses counts for no user: give programs a key of their own, made with: tollgate key create --user NAME --create-user")
}

// strategy is how one of several deployments is chosen.
func (c *converter) strategy(p pair) {
	s, ok := c.word(p.v)
	switch {
	case !ok:
	case s == "simple-shuffle":
		c.opt.balance = "weights"
	case s == "least-busy":
		c.opt.balance = "least_busy"
	case s == "latency-based-routing":
		c.opt.balance = "fastest"
	case strings.HasPrefix(s, "usage-based-routing"):
		c.opt.balance = "least_busy"
		c.find(Changed, p.at, "", "the least busy deployment is chosen, by the calls that run and not by the tokens of the last minute")
	case s == "cost-based-routing":
		c.opt.balance = "weights"
		c.find(Changed, p.at, "order: 1", "the cheapest deployment is not chosen by itself: give deployments an order")
	default:
		c.find(Changed, p.at, "", "this way to choose is not known, so each name's own default holds")
	}
}

// checks are optional_pre_call_checks.
func (c *converter) checks(p pair) {
	for _, v := range c.list(p.v) {
		s, _ := c.word(v)
		switch s {
		case "enforce_model_rate_limits":
			c.opt.enforce = true
		case "router_budget_limiting":
		case "session_affinity", "deployment_affinity", "prompt_caching":
			c.opt.balance = "session"
		case "responses_api_deployment_check", "encrypted_content_affinity":
		case "forward_client_headers_by_model_group":
			c.find(Changed, v.at, "", "clients' own headers do not reach upstreams, but anthropic-version and anthropic-beta")
		default:
			c.find(Ignored, v.at, "", "this check is not known and has no effect")
		}
	}
}

// sinks are where LiteLLM can send what it logs; a word with a dot is Python code.
var pythonCode = pattern(`^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)+$`)

func (c *converter) callbacks(p pair) {
	for _, v := range c.list(p.v) {
		s, ok := c.word(v)
		switch {
		case !ok:
		case s == "prometheus" || s == "prometheus_system":
			c.set(p.at, "", "metrics", quote("on"))
			c.once(Changed, v.at, "metrics: { token: env:METRICS_TOKEN }", "/metrics asks for the admin key, or for a token of its own; metrics have tollgate's names")
		case pythonCode().MatchString(s):
			c.find(Problem, v.at, "", "%s", noHooks)
		case strings.HasPrefix(s, "dynamic_rate_limiter"), s == "detect_prompt_injection", strings.Contains(s, "moderation"), strings.Contains(s, "presidio"), s == "banned_keywords", s == "blocked_user_check", s == "llmguard_moderations", s == "hide_secrets", strings.Contains(s, "lakera"), strings.Contains(s, "aporia"):
			c.find(Unavailable, v.at, "", "%s is not had: what it refused is not refused", hidden(s))
		default:
			c.once(Unavailable, v.at, "", "calls are not sent to other services: "+hidden(s))
		}
	}
}

// budgetStatus is the status of an answer to who has spent a budget.
func (c *converter) budgetStatus(p pair) {
	n, ok := c.whole(p.v, 0)
	switch status := strconv.FormatInt(n, 10); {
	case !ok:
	case slices.Contains([]string{"400", "402", "422", "429"}, status):
		c.set(p.at, "", "errors", flow([]member{{"budget_status", status}}))
	default:
		c.find(Changed, p.at, "budget_exceeded_status_code: 429", "a spent budget is answered with 400, 402, 422 or 429, so this is left out")
	}
}

// retention is how long entries are kept.
func (c *converter) retention(p pair) {
	s, ok := c.word(p.v)
	if !ok {
		return
	}
	w, ok := duration(s)
	months := int64(0)
	switch {
	case !ok:
		c.find(Changed, p.at, "retention: 13 months", "not a length of time, so everything is kept")
		return
	case w.unit == "mo":
		months = w.n
	case w.unit == "w":
		months = (w.n*7 + 27) / 28
	case w.unit == "d":
		months = (w.n + 27) / 28
	default:
		months = 1
	}
	if months < 1 || months > 1000 {
		c.find(Changed, p.at, "retention: 13 months", "not a length of time that entries can be kept, so everything is")
		return
	}
	text := fmt.Sprintf("%d months", months)
	if months == 1 {
		text = "1 month"
	}
	c.set(p.at, "", "retention", text)
	if w.unit != "mo" {
		c.find(Changed, p.at, "", "entries go by whole months: %s are kept", text)
	}
}
