

SET statement_timeout = 0;
SET lock_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE TYPE public."JobStatus" AS ENUM (
    'ACTIVE',
    'INACTIVE'
);

CREATE FUNCTION public.litellm_bump_mcp_catalog_revision() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  INSERT INTO "LiteLLM_Config" ("param_name", "reload_revision")
  VALUES ('mcp_catalog', 1)
  ON CONFLICT ("param_name") DO UPDATE SET "reload_revision" = "LiteLLM_Config"."reload_revision" + 1;
  RETURN NULL;
END;
$$;

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE public."LiteLLM_SpendLogs" (
    request_id text NOT NULL,
    call_type text NOT NULL,
    api_key text DEFAULT ''::text NOT NULL,
    spend double precision DEFAULT 0.0 NOT NULL,
    total_tokens integer DEFAULT 0 NOT NULL,
    prompt_tokens integer DEFAULT 0 NOT NULL,
    completion_tokens integer DEFAULT 0 NOT NULL,
    "startTime" timestamp(3) without time zone NOT NULL,
    "endTime" timestamp(3) without time zone NOT NULL,
    "completionStartTime" timestamp(3) without time zone,
    model text DEFAULT ''::text NOT NULL,
    model_id text DEFAULT ''::text,
    model_group text DEFAULT ''::text,
    custom_llm_provider text DEFAULT ''::text,
    api_base text DEFAULT ''::text,
    "user" text DEFAULT ''::text,
    metadata jsonb DEFAULT '{}'::jsonb,
    cache_hit text DEFAULT ''::text,
    cache_key text DEFAULT ''::text,
    request_tags jsonb DEFAULT '[]'::jsonb,
    team_id text,
    end_user text,
    requester_ip_address text,
    messages jsonb DEFAULT '{}'::jsonb,
    response jsonb DEFAULT '{}'::jsonb,
    proxy_server_request jsonb DEFAULT '{}'::jsonb,
    session_id text,
    status text,
    mcp_namespaced_tool_name text,
    organization_id text,
    agent_id text,
    request_duration_ms integer,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    litellm_call_id text,
    billing_agent_id text
);

CREATE VIEW public."DailyTagSpend" AS
 SELECT jsonb_array_elements_text(s.request_tags) AS individual_request_tag,
    date(s."startTime") AS spend_date,
    count(*) AS log_count,
    sum(s.spend) AS total_spend
   FROM public."LiteLLM_SpendLogs" s
  GROUP BY (jsonb_array_elements_text(s.request_tags)), (date(s."startTime"));

CREATE TABLE public."LiteLLM_VerificationToken" (
    token text NOT NULL,
    key_name text,
    key_alias text,
    soft_budget_cooldown boolean DEFAULT false NOT NULL,
    spend double precision DEFAULT 0.0 NOT NULL,
    expires timestamp(3) without time zone,
    models text[],
    aliases jsonb DEFAULT '{}'::jsonb NOT NULL,
    config jsonb DEFAULT '{}'::jsonb NOT NULL,
    user_id text,
    team_id text,
    permissions jsonb DEFAULT '{}'::jsonb NOT NULL,
    max_parallel_requests integer,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    blocked boolean,
    tpm_limit bigint,
    rpm_limit bigint,
    max_budget double precision,
    budget_duration text,
    budget_reset_at timestamp(3) without time zone,
    allowed_cache_controls text[] DEFAULT ARRAY[]::text[],
    model_spend jsonb DEFAULT '{}'::jsonb NOT NULL,
    model_max_budget jsonb DEFAULT '{}'::jsonb NOT NULL,
    budget_id text,
    organization_id text,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP,
    created_by text,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP,
    updated_by text,
    allowed_routes text[] DEFAULT ARRAY[]::text[],
    object_permission_id text,
    auto_rotate boolean DEFAULT false,
    key_rotation_at timestamp(3) without time zone,
    last_rotation_at timestamp(3) without time zone,
    rotation_count integer DEFAULT 0,
    rotation_interval text,
    project_id text,
    router_settings jsonb DEFAULT '{}'::jsonb,
    policies text[] DEFAULT ARRAY[]::text[],
    access_group_ids text[] DEFAULT ARRAY[]::text[],
    last_active timestamp(3) without time zone,
    agent_id text,
    budget_limits jsonb,
    budget_fallbacks jsonb DEFAULT '{}'::jsonb NOT NULL,
    key_type text,
    settings_updated_at timestamp(3) without time zone,
    tpd_limit bigint,
    total_spend double precision DEFAULT 0.0 NOT NULL
);

CREATE VIEW public."Last30dKeysBySpend" AS
 SELECT l.api_key,
    v.key_alias,
    v.key_name,
    sum(l.spend) AS total_spend
   FROM (public."LiteLLM_SpendLogs" l
     LEFT JOIN public."LiteLLM_VerificationToken" v ON ((l.api_key = v.token)))
  WHERE (l."startTime" >= (CURRENT_DATE - '30 days'::interval))
  GROUP BY l.api_key, v.key_alias, v.key_name
  ORDER BY (sum(l.spend)) DESC;

CREATE VIEW public."Last30dModelsBySpend" AS
 SELECT "LiteLLM_SpendLogs".model,
    sum("LiteLLM_SpendLogs".spend) AS total_spend
   FROM public."LiteLLM_SpendLogs"
  WHERE (("LiteLLM_SpendLogs"."startTime" >= (CURRENT_DATE - '30 days'::interval)) AND ("LiteLLM_SpendLogs".model <> ''::text))
  GROUP BY "LiteLLM_SpendLogs".model
  ORDER BY (sum("LiteLLM_SpendLogs".spend)) DESC;

CREATE VIEW public."Last30dTopEndUsersSpend" AS
 SELECT "LiteLLM_SpendLogs".end_user,
    count(*) AS total_events,
    sum("LiteLLM_SpendLogs".spend) AS total_spend
   FROM public."LiteLLM_SpendLogs"
  WHERE (("LiteLLM_SpendLogs".end_user <> ''::text) AND ("LiteLLM_SpendLogs".end_user <> USER) AND ("LiteLLM_SpendLogs"."startTime" >= (CURRENT_DATE - '30 days'::interval)))
  GROUP BY "LiteLLM_SpendLogs".end_user
  ORDER BY (sum("LiteLLM_SpendLogs".spend)) DESC
 LIMIT 100;

CREATE TABLE public."LiteLLM_AccessGroupTable" (
    access_group_id text NOT NULL,
    access_group_name text NOT NULL,
    description text,
    access_mcp_server_ids text[] DEFAULT ARRAY[]::text[],
    access_agent_ids text[] DEFAULT ARRAY[]::text[],
    assigned_team_ids text[] DEFAULT ARRAY[]::text[],
    assigned_key_ids text[] DEFAULT ARRAY[]::text[],
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by text,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_by text,
    access_model_names text[] DEFAULT ARRAY[]::text[],
    mcp_tool_permissions jsonb,
    access_skill_names text[] DEFAULT ARRAY[]::text[]
);

CREATE TABLE public."LiteLLM_AdaptiveRouterSession" (
    session_id text NOT NULL,
    router_name text NOT NULL,
    model_name text NOT NULL,
    classified_type text NOT NULL,
    misalignment_count integer DEFAULT 0 NOT NULL,
    stagnation_count integer DEFAULT 0 NOT NULL,
    disengagement_count integer DEFAULT 0 NOT NULL,
    satisfaction_count integer DEFAULT 0 NOT NULL,
    failure_count integer DEFAULT 0 NOT NULL,
    loop_count integer DEFAULT 0 NOT NULL,
    exhaustion_count integer DEFAULT 0 NOT NULL,
    last_user_content text,
    last_assistant_content text,
    tool_call_history jsonb DEFAULT '[]'::jsonb NOT NULL,
    pending_tool_calls jsonb DEFAULT '{}'::jsonb NOT NULL,
    turn_count integer DEFAULT 0 NOT NULL,
    last_processed_turn integer DEFAULT '-1'::integer NOT NULL,
    clean_credit_awarded boolean DEFAULT false NOT NULL,
    terminal_status integer,
    last_activity_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public."LiteLLM_AdaptiveRouterState" (
    router_name text NOT NULL,
    request_type text NOT NULL,
    model_name text NOT NULL,
    alpha double precision NOT NULL,
    beta double precision NOT NULL,
    total_samples integer DEFAULT 0 NOT NULL,
    last_updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public."LiteLLM_AgentIdentity" (
    agent_id text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    provider text NOT NULL,
    issuer text NOT NULL,
    tenant_id text NOT NULL,
    client_id text NOT NULL,
    service_principal_id text,
    required_roles text[] DEFAULT ARRAY[]::text[],
    required_scopes text[] DEFAULT ARRAY['user_impersonation'::text],
    revision text NOT NULL,
    last_authenticated_at timestamp(3) without time zone
);

CREATE TABLE public."LiteLLM_AgentsTable" (
    agent_id text NOT NULL,
    agent_name text NOT NULL,
    litellm_params jsonb,
    agent_card_params jsonb NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by text NOT NULL,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_by text NOT NULL,
    agent_access_groups text[] DEFAULT ARRAY[]::text[],
    object_permission_id text,
    spend double precision DEFAULT 0.0 NOT NULL,
    static_headers jsonb DEFAULT '{}'::jsonb,
    extra_headers text[] DEFAULT ARRAY[]::text[],
    tpm_limit integer,
    rpm_limit integer,
    session_tpm_limit integer,
    session_rpm_limit integer,
    access_group_ids text[] DEFAULT ARRAY[]::text[],
    enabled boolean DEFAULT true NOT NULL,
    execution_mode text DEFAULT 'autonomous'::text NOT NULL,
    identity_managed boolean DEFAULT false NOT NULL,
    kill_switch jsonb
);

CREATE TABLE public."LiteLLM_AuditLog" (
    id text NOT NULL,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    changed_by text DEFAULT ''::text NOT NULL,
    changed_by_api_key text DEFAULT ''::text NOT NULL,
    action text NOT NULL,
    table_name text NOT NULL,
    object_id text NOT NULL,
    before_value jsonb,
    updated_values jsonb
);

CREATE TABLE public."LiteLLM_AutoRouterBaselineComparison" (
    scope text NOT NULL,
    api_key text NOT NULL,
    session_id text NOT NULL,
    router_name text NOT NULL,
    initial_equivalent boolean NOT NULL,
    revision bigint DEFAULT 0 NOT NULL,
    published_revision bigint DEFAULT 0 NOT NULL,
    history text,
    attempted_at timestamp(3) without time zone,
    retired boolean DEFAULT false NOT NULL,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public."LiteLLM_AutoRouterBaselineObservation" (
    request_id text NOT NULL,
    scope text NOT NULL,
    started_at double precision NOT NULL,
    revision bigint NOT NULL,
    data text NOT NULL,
    publication text,
    conflicted boolean DEFAULT false NOT NULL
);

CREATE TABLE public."LiteLLM_AutoRouterDailySpend" (
    date text NOT NULL,
    api_key text NOT NULL,
    user_id text NOT NULL,
    router_name text NOT NULL,
    router_type text NOT NULL,
    turns integer DEFAULT 0 NOT NULL,
    spend double precision DEFAULT 0 NOT NULL,
    saved_spend double precision DEFAULT 0 NOT NULL,
    savings_estimated_turns integer DEFAULT 0 NOT NULL,
    savings_estimated_actual_spend double precision DEFAULT 0 NOT NULL,
    savings_estimated_saved_spend double precision DEFAULT 0 NOT NULL,
    classifier_cost double precision DEFAULT 0 NOT NULL,
    classifier_cost_recorded_turns integer DEFAULT 0 NOT NULL,
    total_tokens bigint DEFAULT 0 NOT NULL,
    token_recorded_turns integer DEFAULT 0 NOT NULL
);

CREATE TABLE public."LiteLLM_AutoRouterSession" (
    api_key text NOT NULL,
    session_id text NOT NULL,
    router_name text NOT NULL,
    router_type text NOT NULL,
    first_turn_at timestamp(3) without time zone NOT NULL,
    last_turn_at timestamp(3) without time zone NOT NULL,
    last_model text NOT NULL,
    models jsonb DEFAULT '{}'::jsonb NOT NULL,
    turns integer DEFAULT 0 NOT NULL,
    unordered_turns integer DEFAULT 0 NOT NULL,
    covered_turns integer DEFAULT 0 NOT NULL,
    cache_hits integer DEFAULT 0 NOT NULL,
    same_model_turns integer DEFAULT 0 NOT NULL,
    same_model_hits integer DEFAULT 0 NOT NULL,
    first_visit_turns integer DEFAULT 0 NOT NULL,
    first_visit_hits integer DEFAULT 0 NOT NULL,
    return_turns integer DEFAULT 0 NOT NULL,
    return_hits integer DEFAULT 0 NOT NULL,
    return_expired_misses integer DEFAULT 0 NOT NULL,
    return_within_ttl_misses integer DEFAULT 0 NOT NULL,
    ttl_5m_turns integer DEFAULT 0 NOT NULL,
    ttl_1h_turns integer DEFAULT 0 NOT NULL,
    total_tokens bigint DEFAULT 0 NOT NULL,
    spend double precision DEFAULT 0 NOT NULL,
    saved_spend double precision DEFAULT 0 NOT NULL,
    tier_turns jsonb DEFAULT '{}'::jsonb NOT NULL,
    classifier_cost double precision DEFAULT 0 NOT NULL,
    classifier_cost_recorded_turns integer DEFAULT 0 NOT NULL,
    baseline_models jsonb DEFAULT '{}'::jsonb NOT NULL,
    savings_estimated_turns integer DEFAULT 0 NOT NULL,
    savings_estimated_actual_spend double precision DEFAULT 0 NOT NULL,
    savings_estimated_saved_spend double precision DEFAULT 0 NOT NULL,
    savings_estimated_baseline_models jsonb DEFAULT '{}'::jsonb NOT NULL
);

CREATE TABLE public."LiteLLM_AutoRouterUserSession" (
    user_id text NOT NULL,
    api_key text NOT NULL,
    session_id text NOT NULL,
    router_name text NOT NULL,
    router_type text NOT NULL,
    first_turn_at timestamp(3) without time zone NOT NULL,
    last_turn_at timestamp(3) without time zone NOT NULL,
    last_model text NOT NULL,
    models jsonb DEFAULT '{}'::jsonb NOT NULL,
    turns integer DEFAULT 0 NOT NULL,
    unordered_turns integer DEFAULT 0 NOT NULL,
    covered_turns integer DEFAULT 0 NOT NULL,
    cache_hits integer DEFAULT 0 NOT NULL,
    same_model_turns integer DEFAULT 0 NOT NULL,
    same_model_hits integer DEFAULT 0 NOT NULL,
    first_visit_turns integer DEFAULT 0 NOT NULL,
    first_visit_hits integer DEFAULT 0 NOT NULL,
    return_turns integer DEFAULT 0 NOT NULL,
    return_hits integer DEFAULT 0 NOT NULL,
    return_expired_misses integer DEFAULT 0 NOT NULL,
    return_within_ttl_misses integer DEFAULT 0 NOT NULL,
    ttl_5m_turns integer DEFAULT 0 NOT NULL,
    ttl_1h_turns integer DEFAULT 0 NOT NULL,
    total_tokens bigint DEFAULT 0 NOT NULL,
    spend double precision DEFAULT 0 NOT NULL,
    saved_spend double precision DEFAULT 0 NOT NULL,
    savings_estimated_turns integer DEFAULT 0 NOT NULL,
    savings_estimated_actual_spend double precision DEFAULT 0 NOT NULL,
    savings_estimated_saved_spend double precision DEFAULT 0 NOT NULL,
    savings_estimated_baseline_models jsonb DEFAULT '{}'::jsonb NOT NULL,
    classifier_cost double precision DEFAULT 0 NOT NULL,
    classifier_cost_recorded_turns integer DEFAULT 0 NOT NULL,
    tier_turns jsonb DEFAULT '{}'::jsonb NOT NULL,
    baseline_models jsonb DEFAULT '{}'::jsonb NOT NULL
);

CREATE TABLE public."LiteLLM_BackgroundInteractionSettlement" (
    interaction_id text NOT NULL,
    custom_llm_provider text NOT NULL,
    create_context jsonb NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    claimed_at timestamp(3) without time zone,
    claimed_by text,
    settled_at timestamp(3) without time zone,
    outcome text
);

CREATE TABLE public."LiteLLM_BudgetTable" (
    budget_id text NOT NULL,
    max_budget double precision,
    soft_budget double precision,
    max_parallel_requests integer,
    tpm_limit bigint,
    rpm_limit bigint,
    model_max_budget jsonb,
    budget_duration text,
    budget_reset_at timestamp(3) without time zone,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by text NOT NULL,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_by text NOT NULL,
    allowed_models text[] DEFAULT ARRAY[]::text[],
    tpd_limit bigint,
    temp_budget_increase double precision,
    temp_budget_expiry timestamp(3) without time zone
);

CREATE TABLE public."LiteLLM_BudgetWindowSpend" (
    entity_type text NOT NULL,
    entity_id text NOT NULL,
    window_duration text NOT NULL,
    window_start timestamp(3) without time zone NOT NULL,
    spend double precision DEFAULT 0.0 NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL
);

CREATE TABLE public."LiteLLM_CacheConfig" (
    id text DEFAULT 'cache_config'::text NOT NULL,
    cache_settings jsonb NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL
);

CREATE TABLE public."LiteLLM_ClaudeCodePluginTable" (
    id text NOT NULL,
    name text NOT NULL,
    version text,
    description text,
    manifest_json text,
    files_json text DEFAULT '{}'::text,
    enabled boolean DEFAULT true NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP,
    created_by text
);

CREATE TABLE public."LiteLLM_Config" (
    param_name text NOT NULL,
    param_value jsonb,
    last_run_at timestamp(3) without time zone,
    reload_revision bigint DEFAULT 0 NOT NULL
);

CREATE TABLE public."LiteLLM_ConfigOverrides" (
    config_type text NOT NULL,
    config_value jsonb NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL
);

CREATE TABLE public."LiteLLM_CredentialsTable" (
    credential_id text NOT NULL,
    credential_name text NOT NULL,
    credential_values jsonb NOT NULL,
    credential_info jsonb,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by text NOT NULL,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_by text NOT NULL,
    display_name text
);

CREATE TABLE public."LiteLLM_CronJob" (
    cronjob_id text NOT NULL,
    pod_id text NOT NULL,
    status public."JobStatus" DEFAULT 'INACTIVE'::public."JobStatus" NOT NULL,
    last_updated timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    ttl timestamp(3) without time zone NOT NULL
);

CREATE TABLE public."LiteLLM_DailyAgentSpend" (
    id text NOT NULL,
    agent_id text,
    date text NOT NULL,
    api_key text NOT NULL,
    model text,
    model_group text,
    custom_llm_provider text,
    mcp_namespaced_tool_name text,
    prompt_tokens bigint DEFAULT 0 NOT NULL,
    completion_tokens bigint DEFAULT 0 NOT NULL,
    cache_read_input_tokens bigint DEFAULT 0 NOT NULL,
    cache_creation_input_tokens bigint DEFAULT 0 NOT NULL,
    spend double precision DEFAULT 0.0 NOT NULL,
    api_requests bigint DEFAULT 0 NOT NULL,
    successful_requests bigint DEFAULT 0 NOT NULL,
    failed_requests bigint DEFAULT 0 NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL,
    endpoint text,
    compression_saved_tokens bigint DEFAULT 0 NOT NULL,
    compression_savings_spend double precision DEFAULT 0.0 NOT NULL,
    prompt_caching_savings_spend double precision DEFAULT 0.0 NOT NULL,
    autorouter_savings_spend double precision DEFAULT 0.0 NOT NULL,
    gateway_injected_caching_savings_spend double precision DEFAULT 0.0 NOT NULL,
    total_response_time_ms bigint DEFAULT 0 NOT NULL,
    timed_requests bigint DEFAULT 0 NOT NULL
);

CREATE TABLE public."LiteLLM_DailyEndUserSpend" (
    id text NOT NULL,
    end_user_id text,
    date text NOT NULL,
    api_key text NOT NULL,
    model text,
    model_group text,
    custom_llm_provider text,
    mcp_namespaced_tool_name text,
    prompt_tokens bigint DEFAULT 0 NOT NULL,
    completion_tokens bigint DEFAULT 0 NOT NULL,
    cache_read_input_tokens bigint DEFAULT 0 NOT NULL,
    cache_creation_input_tokens bigint DEFAULT 0 NOT NULL,
    spend double precision DEFAULT 0.0 NOT NULL,
    api_requests bigint DEFAULT 0 NOT NULL,
    successful_requests bigint DEFAULT 0 NOT NULL,
    failed_requests bigint DEFAULT 0 NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL,
    endpoint text,
    compression_saved_tokens bigint DEFAULT 0 NOT NULL,
    compression_savings_spend double precision DEFAULT 0.0 NOT NULL,
    prompt_caching_savings_spend double precision DEFAULT 0.0 NOT NULL,
    autorouter_savings_spend double precision DEFAULT 0.0 NOT NULL,
    gateway_injected_caching_savings_spend double precision DEFAULT 0.0 NOT NULL,
    total_response_time_ms bigint DEFAULT 0 NOT NULL,
    timed_requests bigint DEFAULT 0 NOT NULL
);

CREATE TABLE public."LiteLLM_DailyGatewayFailedRequests" (
    date text NOT NULL,
    category text NOT NULL,
    route text NOT NULL,
    status_code integer NOT NULL,
    failed_requests bigint DEFAULT 0 NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL
);

CREATE TABLE public."LiteLLM_DailyGatewayRequests" (
    date text NOT NULL,
    category text NOT NULL,
    route text NOT NULL,
    successful_requests bigint DEFAULT 0 NOT NULL,
    failed_requests bigint DEFAULT 0 NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL
);

CREATE TABLE public."LiteLLM_DailyGlobalSpend" (
    id text NOT NULL,
    date text NOT NULL,
    model text,
    model_group text,
    custom_llm_provider text,
    mcp_namespaced_tool_name text,
    endpoint text,
    prompt_tokens bigint DEFAULT 0 NOT NULL,
    completion_tokens bigint DEFAULT 0 NOT NULL,
    cache_read_input_tokens bigint DEFAULT 0 NOT NULL,
    cache_creation_input_tokens bigint DEFAULT 0 NOT NULL,
    compression_saved_tokens bigint DEFAULT 0 NOT NULL,
    compression_savings_spend double precision DEFAULT 0.0 NOT NULL,
    prompt_caching_savings_spend double precision DEFAULT 0.0 NOT NULL,
    gateway_injected_caching_savings_spend double precision DEFAULT 0.0 NOT NULL,
    autorouter_savings_spend double precision DEFAULT 0.0 NOT NULL,
    spend double precision DEFAULT 0.0 NOT NULL,
    api_requests bigint DEFAULT 0 NOT NULL,
    successful_requests bigint DEFAULT 0 NOT NULL,
    failed_requests bigint DEFAULT 0 NOT NULL,
    total_response_time_ms bigint DEFAULT 0 NOT NULL,
    timed_requests bigint DEFAULT 0 NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL
);

CREATE TABLE public."LiteLLM_DailyGuardrailMetrics" (
    guardrail_id text NOT NULL,
    date text NOT NULL,
    requests_evaluated bigint DEFAULT 0 NOT NULL,
    passed_count bigint DEFAULT 0 NOT NULL,
    blocked_count bigint DEFAULT 0 NOT NULL,
    flagged_count bigint DEFAULT 0 NOT NULL,
    avg_score double precision,
    avg_latency_ms double precision,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL
);

CREATE TABLE public."LiteLLM_DailyGuardrailUsageUnits" (
    guardrail_id text NOT NULL,
    date text NOT NULL,
    team_id text NOT NULL,
    api_key text NOT NULL,
    usage_unit text NOT NULL,
    units bigint DEFAULT 0 NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL,
    cost double precision,
    untracked_units bigint DEFAULT 0 NOT NULL
);

CREATE TABLE public."LiteLLM_DailyModelUsage" (
    date text NOT NULL,
    model_group text NOT NULL,
    model text NOT NULL,
    custom_llm_provider text NOT NULL,
    task_type text NOT NULL,
    spend double precision DEFAULT 0.0 NOT NULL,
    prompt_tokens bigint DEFAULT 0 NOT NULL,
    completion_tokens bigint DEFAULT 0 NOT NULL,
    request_count bigint DEFAULT 0 NOT NULL,
    successful_requests bigint DEFAULT 0 NOT NULL,
    failed_requests bigint DEFAULT 0 NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL
);

CREATE TABLE public."LiteLLM_DailyOrganizationSpend" (
    id text NOT NULL,
    organization_id text,
    date text NOT NULL,
    api_key text NOT NULL,
    model text,
    model_group text,
    custom_llm_provider text,
    mcp_namespaced_tool_name text,
    prompt_tokens bigint DEFAULT 0 NOT NULL,
    completion_tokens bigint DEFAULT 0 NOT NULL,
    cache_read_input_tokens bigint DEFAULT 0 NOT NULL,
    cache_creation_input_tokens bigint DEFAULT 0 NOT NULL,
    spend double precision DEFAULT 0.0 NOT NULL,
    api_requests bigint DEFAULT 0 NOT NULL,
    successful_requests bigint DEFAULT 0 NOT NULL,
    failed_requests bigint DEFAULT 0 NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL,
    endpoint text,
    compression_saved_tokens bigint DEFAULT 0 NOT NULL,
    compression_savings_spend double precision DEFAULT 0.0 NOT NULL,
    prompt_caching_savings_spend double precision DEFAULT 0.0 NOT NULL,
    autorouter_savings_spend double precision DEFAULT 0.0 NOT NULL,
    gateway_injected_caching_savings_spend double precision DEFAULT 0.0 NOT NULL,
    total_response_time_ms bigint DEFAULT 0 NOT NULL,
    timed_requests bigint DEFAULT 0 NOT NULL
);

CREATE TABLE public."LiteLLM_DailyPolicyMetrics" (
    policy_id text NOT NULL,
    date text NOT NULL,
    requests_evaluated bigint DEFAULT 0 NOT NULL,
    passed_count bigint DEFAULT 0 NOT NULL,
    blocked_count bigint DEFAULT 0 NOT NULL,
    flagged_count bigint DEFAULT 0 NOT NULL,
    avg_score double precision,
    avg_latency_ms double precision,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL
);

CREATE TABLE public."LiteLLM_DailyRequestErrors" (
    date text NOT NULL,
    api_key text NOT NULL,
    team_id text DEFAULT ''::text NOT NULL,
    user_id text DEFAULT ''::text NOT NULL,
    model_group text DEFAULT ''::text NOT NULL,
    status_code integer NOT NULL,
    failed_requests bigint DEFAULT 0 NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL
);

CREATE TABLE public."LiteLLM_DailyTagSpend" (
    id text NOT NULL,
    tag text,
    date text NOT NULL,
    api_key text NOT NULL,
    model text,
    model_group text,
    custom_llm_provider text,
    prompt_tokens bigint DEFAULT 0 NOT NULL,
    completion_tokens bigint DEFAULT 0 NOT NULL,
    cache_read_input_tokens bigint DEFAULT 0 NOT NULL,
    cache_creation_input_tokens bigint DEFAULT 0 NOT NULL,
    spend double precision DEFAULT 0.0 NOT NULL,
    api_requests bigint DEFAULT 0 NOT NULL,
    successful_requests bigint DEFAULT 0 NOT NULL,
    failed_requests bigint DEFAULT 0 NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL,
    mcp_namespaced_tool_name text,
    request_id text,
    endpoint text,
    compression_saved_tokens bigint DEFAULT 0 NOT NULL,
    compression_savings_spend double precision DEFAULT 0.0 NOT NULL,
    prompt_caching_savings_spend double precision DEFAULT 0.0 NOT NULL,
    autorouter_savings_spend double precision DEFAULT 0.0 NOT NULL,
    gateway_injected_caching_savings_spend double precision DEFAULT 0.0 NOT NULL,
    total_response_time_ms bigint DEFAULT 0 NOT NULL,
    timed_requests bigint DEFAULT 0 NOT NULL
);

CREATE TABLE public."LiteLLM_DailyTeamSpend" (
    id text NOT NULL,
    team_id text,
    date text NOT NULL,
    api_key text NOT NULL,
    model text,
    model_group text,
    custom_llm_provider text,
    prompt_tokens bigint DEFAULT 0 NOT NULL,
    completion_tokens bigint DEFAULT 0 NOT NULL,
    spend double precision DEFAULT 0.0 NOT NULL,
    api_requests bigint DEFAULT 0 NOT NULL,
    successful_requests bigint DEFAULT 0 NOT NULL,
    failed_requests bigint DEFAULT 0 NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL,
    cache_creation_input_tokens bigint DEFAULT 0 NOT NULL,
    cache_read_input_tokens bigint DEFAULT 0 NOT NULL,
    mcp_namespaced_tool_name text,
    endpoint text,
    ptu_flat_cost double precision DEFAULT 0.0 NOT NULL,
    compression_saved_tokens bigint DEFAULT 0 NOT NULL,
    compression_savings_spend double precision DEFAULT 0.0 NOT NULL,
    prompt_caching_savings_spend double precision DEFAULT 0.0 NOT NULL,
    autorouter_savings_spend double precision DEFAULT 0.0 NOT NULL,
    gateway_injected_caching_savings_spend double precision DEFAULT 0.0 NOT NULL,
    total_response_time_ms bigint DEFAULT 0 NOT NULL,
    timed_requests bigint DEFAULT 0 NOT NULL
);

CREATE TABLE public."LiteLLM_DailyToolSpend" (
    date text NOT NULL,
    tool_name text NOT NULL,
    spend double precision DEFAULT 0.0 NOT NULL,
    total_tokens bigint DEFAULT 0 NOT NULL,
    request_count bigint DEFAULT 0 NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL
);

CREATE TABLE public."LiteLLM_DailyUserSpend" (
    id text NOT NULL,
    user_id text,
    date text NOT NULL,
    api_key text NOT NULL,
    model text,
    model_group text,
    custom_llm_provider text,
    prompt_tokens bigint DEFAULT 0 NOT NULL,
    completion_tokens bigint DEFAULT 0 NOT NULL,
    spend double precision DEFAULT 0.0 NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL,
    api_requests bigint DEFAULT 0 NOT NULL,
    failed_requests bigint DEFAULT 0 NOT NULL,
    successful_requests bigint DEFAULT 0 NOT NULL,
    cache_creation_input_tokens bigint DEFAULT 0 NOT NULL,
    cache_read_input_tokens bigint DEFAULT 0 NOT NULL,
    mcp_namespaced_tool_name text,
    endpoint text,
    compression_saved_tokens bigint DEFAULT 0 NOT NULL,
    compression_savings_spend double precision DEFAULT 0.0 NOT NULL,
    prompt_caching_savings_spend double precision DEFAULT 0.0 NOT NULL,
    autorouter_savings_spend double precision DEFAULT 0.0 NOT NULL,
    gateway_injected_caching_savings_spend double precision DEFAULT 0.0 NOT NULL,
    total_response_time_ms bigint DEFAULT 0 NOT NULL,
    timed_requests bigint DEFAULT 0 NOT NULL
);

CREATE TABLE public."LiteLLM_DeletedTeamTable" (
    id text NOT NULL,
    team_id text NOT NULL,
    team_alias text,
    organization_id text,
    object_permission_id text,
    admins text[],
    members text[],
    members_with_roles jsonb DEFAULT '{}'::jsonb NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    max_budget double precision,
    spend double precision DEFAULT 0.0 NOT NULL,
    models text[],
    max_parallel_requests integer,
    tpm_limit bigint,
    rpm_limit bigint,
    budget_duration text,
    budget_reset_at timestamp(3) without time zone,
    blocked boolean DEFAULT false NOT NULL,
    model_spend jsonb DEFAULT '{}'::jsonb NOT NULL,
    model_max_budget jsonb DEFAULT '{}'::jsonb NOT NULL,
    team_member_permissions text[] DEFAULT ARRAY[]::text[],
    model_id integer,
    created_at timestamp(3) without time zone,
    updated_at timestamp(3) without time zone,
    deleted_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    deleted_by text,
    deleted_by_api_key text,
    litellm_changed_by text,
    router_settings jsonb DEFAULT '{}'::jsonb,
    policies text[] DEFAULT ARRAY[]::text[],
    allow_team_guardrail_config boolean DEFAULT false NOT NULL,
    soft_budget double precision,
    access_group_ids text[] DEFAULT ARRAY[]::text[],
    tpd_limit bigint
);

CREATE TABLE public."LiteLLM_DeletedVerificationToken" (
    id text NOT NULL,
    token text NOT NULL,
    key_name text,
    key_alias text,
    soft_budget_cooldown boolean DEFAULT false NOT NULL,
    spend double precision DEFAULT 0.0 NOT NULL,
    expires timestamp(3) without time zone,
    models text[],
    aliases jsonb DEFAULT '{}'::jsonb NOT NULL,
    config jsonb DEFAULT '{}'::jsonb NOT NULL,
    user_id text,
    team_id text,
    permissions jsonb DEFAULT '{}'::jsonb NOT NULL,
    max_parallel_requests integer,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    blocked boolean,
    tpm_limit bigint,
    rpm_limit bigint,
    max_budget double precision,
    budget_duration text,
    budget_reset_at timestamp(3) without time zone,
    allowed_cache_controls text[] DEFAULT ARRAY[]::text[],
    allowed_routes text[] DEFAULT ARRAY[]::text[],
    model_spend jsonb DEFAULT '{}'::jsonb NOT NULL,
    model_max_budget jsonb DEFAULT '{}'::jsonb NOT NULL,
    budget_id text,
    organization_id text,
    object_permission_id text,
    created_at timestamp(3) without time zone,
    created_by text,
    updated_at timestamp(3) without time zone,
    updated_by text,
    rotation_count integer DEFAULT 0,
    auto_rotate boolean DEFAULT false,
    rotation_interval text,
    last_rotation_at timestamp(3) without time zone,
    key_rotation_at timestamp(3) without time zone,
    deleted_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    deleted_by text,
    deleted_by_api_key text,
    litellm_changed_by text,
    router_settings jsonb DEFAULT '{}'::jsonb,
    policies text[] DEFAULT ARRAY[]::text[],
    access_group_ids text[] DEFAULT ARRAY[]::text[],
    last_active timestamp(3) without time zone,
    project_id text,
    agent_id text,
    budget_fallbacks jsonb DEFAULT '{}'::jsonb NOT NULL,
    key_type text,
    settings_updated_at timestamp(3) without time zone,
    tpd_limit bigint,
    total_spend double precision DEFAULT 0.0 NOT NULL
);

CREATE TABLE public."LiteLLM_DeprecatedVerificationToken" (
    id text NOT NULL,
    token text NOT NULL,
    active_token_id text NOT NULL,
    revoke_at timestamp(3) without time zone NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public."LiteLLM_EndUserTable" (
    user_id text NOT NULL,
    alias text,
    spend double precision DEFAULT 0.0 NOT NULL,
    allowed_model_region text,
    default_model text,
    budget_id text,
    blocked boolean DEFAULT false NOT NULL,
    object_permission_id text,
    models text[] DEFAULT ARRAY[]::text[]
);

CREATE TABLE public."LiteLLM_ErrorLogs" (
    request_id text NOT NULL,
    "startTime" timestamp(3) without time zone NOT NULL,
    "endTime" timestamp(3) without time zone NOT NULL,
    api_base text DEFAULT ''::text NOT NULL,
    model_group text DEFAULT ''::text NOT NULL,
    litellm_model_name text DEFAULT ''::text NOT NULL,
    model_id text DEFAULT ''::text NOT NULL,
    request_kwargs jsonb DEFAULT '{}'::jsonb NOT NULL,
    exception_type text DEFAULT ''::text NOT NULL,
    exception_string text DEFAULT ''::text NOT NULL,
    status_code text DEFAULT ''::text NOT NULL
);

CREATE TABLE public."LiteLLM_GuardrailsTable" (
    guardrail_id text NOT NULL,
    guardrail_name text NOT NULL,
    litellm_params jsonb NOT NULL,
    guardrail_info jsonb,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL,
    team_id text,
    reviewed_at timestamp(3) without time zone,
    status text DEFAULT 'active'::text NOT NULL,
    submitted_at timestamp(3) without time zone
);

CREATE TABLE public."LiteLLM_HealthCheckTable" (
    health_check_id text NOT NULL,
    model_name text NOT NULL,
    model_id text,
    status text NOT NULL,
    healthy_count integer DEFAULT 0 NOT NULL,
    unhealthy_count integer DEFAULT 0 NOT NULL,
    error_message text,
    response_time_ms double precision,
    details jsonb,
    checked_by text,
    checked_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL
);

CREATE TABLE public."LiteLLM_InvitationLink" (
    id text NOT NULL,
    user_id text NOT NULL,
    is_accepted boolean DEFAULT false NOT NULL,
    accepted_at timestamp(3) without time zone,
    expires_at timestamp(3) without time zone NOT NULL,
    created_at timestamp(3) without time zone NOT NULL,
    created_by text NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL,
    updated_by text NOT NULL
);

CREATE TABLE public."LiteLLM_JWTKeyMapping" (
    id text NOT NULL,
    jwt_claim_name text NOT NULL,
    jwt_claim_value text NOT NULL,
    token text NOT NULL,
    description text,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by text,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_by text,
    jwt_issuer text DEFAULT ''::text NOT NULL
);

CREATE TABLE public."LiteLLM_Lens" (
    id text NOT NULL,
    version integer DEFAULT 0 NOT NULL,
    data jsonb NOT NULL,
    due_at timestamp(3) without time zone DEFAULT '1970-01-01 00:00:00'::timestamp without time zone
);

CREATE TABLE public."LiteLLM_LensDataset" (
    id text NOT NULL,
    revision integer NOT NULL,
    created_at timestamp(3) without time zone NOT NULL,
    data jsonb NOT NULL
);

CREATE TABLE public."LiteLLM_LensIngestionKey" (
    id text NOT NULL,
    data jsonb NOT NULL
);

CREATE TABLE public."LiteLLM_LensReview" (
    lens_id text NOT NULL,
    criteria_key text NOT NULL,
    execution_id text NOT NULL,
    data jsonb NOT NULL
);

CREATE TABLE public."LiteLLM_LensRun" (
    id text NOT NULL,
    lens_id text NOT NULL,
    created_at timestamp(3) without time zone NOT NULL,
    data jsonb NOT NULL
);

CREATE TABLE public."LiteLLM_LensSignalConfig" (
    id text NOT NULL,
    data jsonb NOT NULL
);

CREATE TABLE public."LiteLLM_LensTraceSignal" (
    trace_id text NOT NULL,
    trace_ref text DEFAULT ''::text NOT NULL,
    config_key text NOT NULL,
    span_count integer NOT NULL,
    claimed_until timestamp(3) without time zone,
    classified_at timestamp(3) without time zone,
    data jsonb NOT NULL
);

CREATE TABLE public."LiteLLM_LensWorker" (
    id text NOT NULL,
    token_hash text NOT NULL,
    data jsonb NOT NULL
);

CREATE TABLE public."LiteLLM_MCPServerOAuthClient" (
    server_id text NOT NULL,
    credentials jsonb,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public."LiteLLM_MCPServerTable" (
    server_id text NOT NULL,
    server_name text,
    description text,
    url text,
    transport text DEFAULT 'sse'::text NOT NULL,
    auth_type text,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP,
    created_by text,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP,
    updated_by text,
    status text DEFAULT 'unknown'::text,
    last_health_check timestamp(3) without time zone,
    health_check_error text,
    mcp_info jsonb DEFAULT '{}'::jsonb,
    args text[] DEFAULT ARRAY[]::text[],
    command text,
    env jsonb DEFAULT '{}'::jsonb,
    mcp_access_groups text[],
    alias text,
    allowed_tools text[] DEFAULT ARRAY[]::text[],
    extra_headers text[] DEFAULT ARRAY[]::text[],
    static_headers jsonb DEFAULT '{}'::jsonb,
    credentials jsonb DEFAULT '{}'::jsonb,
    authorization_url text,
    registration_url text,
    token_url text,
    allow_all_keys boolean DEFAULT false NOT NULL,
    available_on_public_internet boolean DEFAULT true NOT NULL,
    spec_path text,
    byok_api_key_help_url text,
    byok_description text[] DEFAULT ARRAY[]::text[],
    is_byok boolean DEFAULT false NOT NULL,
    tool_name_to_description jsonb DEFAULT '{}'::jsonb,
    tool_name_to_display_name jsonb DEFAULT '{}'::jsonb,
    approval_status text DEFAULT 'active'::text,
    submitted_by text,
    submitted_at timestamp(3) without time zone,
    reviewed_at timestamp(3) without time zone,
    review_notes text,
    source_url text,
    instructions text,
    delegate_auth_to_upstream boolean DEFAULT false NOT NULL,
    env_vars jsonb DEFAULT '[]'::jsonb,
    oauth_passthrough boolean DEFAULT false NOT NULL,
    oauth2_flow text,
    timeout double precision,
    max_concurrent_requests integer,
    token_exchange_endpoint text,
    audience text,
    subject_token_type text,
    token_exchange_profile text,
    dcr_bridge boolean,
    issuer text,
    per_server_oauth_discovery boolean DEFAULT false NOT NULL,
    pinned_tools jsonb DEFAULT '{}'::jsonb,
    rpm integer
);

CREATE TABLE public."LiteLLM_MCPToolsetTable" (
    toolset_id text NOT NULL,
    toolset_name text NOT NULL,
    description text,
    tools jsonb DEFAULT '[]'::jsonb NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by text,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_by text
);

CREATE TABLE public."LiteLLM_MCPUserCredentials" (
    id text NOT NULL,
    user_id text NOT NULL,
    server_id text NOT NULL,
    credential_b64 text NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public."LiteLLM_MCPUserEnvVars" (
    id text NOT NULL,
    user_id text NOT NULL,
    server_id text NOT NULL,
    values_b64 text NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public."LiteLLM_ManagedFileContentTable" (
    id text NOT NULL,
    content bytea NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public."LiteLLM_ManagedFileTable" (
    id text NOT NULL,
    unified_file_id text NOT NULL,
    file_object jsonb,
    model_mappings jsonb NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL,
    created_by text,
    flat_model_file_ids text[] DEFAULT ARRAY[]::text[],
    updated_by text,
    storage_backend text,
    storage_url text,
    team_id text
);

CREATE TABLE public."LiteLLM_ManagedObjectTable" (
    id text NOT NULL,
    unified_object_id text NOT NULL,
    model_object_id text NOT NULL,
    file_object jsonb NOT NULL,
    file_purpose text NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by text,
    updated_at timestamp(3) without time zone NOT NULL,
    updated_by text,
    status text,
    batch_processed boolean DEFAULT false NOT NULL,
    team_id text,
    api_key text,
    request_tags jsonb DEFAULT '[]'::jsonb,
    org_id text,
    end_user_id text
);

CREATE TABLE public."LiteLLM_ManagedVectorStoreIndexTable" (
    id text NOT NULL,
    index_name text NOT NULL,
    litellm_params jsonb NOT NULL,
    index_info jsonb,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by text,
    updated_at timestamp(3) without time zone NOT NULL,
    updated_by text
);

CREATE TABLE public."LiteLLM_ManagedVectorStoreTable" (
    id text NOT NULL,
    unified_resource_id text NOT NULL,
    resource_object jsonb,
    model_mappings jsonb NOT NULL,
    flat_model_resource_ids text[] DEFAULT ARRAY[]::text[],
    storage_backend text,
    storage_url text,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by text,
    updated_at timestamp(3) without time zone NOT NULL,
    updated_by text,
    team_id text
);

CREATE TABLE public."LiteLLM_ManagedVectorStoresTable" (
    vector_store_id text NOT NULL,
    custom_llm_provider text NOT NULL,
    vector_store_name text,
    vector_store_description text,
    vector_store_metadata jsonb,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL,
    litellm_credential_name text,
    litellm_params jsonb,
    team_id text,
    user_id text
);

CREATE TABLE public."LiteLLM_MemoryTable" (
    memory_id text NOT NULL,
    key text NOT NULL,
    value text NOT NULL,
    metadata jsonb,
    user_id text,
    team_id text,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by text,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_by text
);

CREATE TABLE public."LiteLLM_ModelAccessGroupBudgetTable" (
    access_group_name text NOT NULL,
    spend double precision DEFAULT 0.0 NOT NULL,
    budget_id text,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by text,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_by text
);

CREATE TABLE public."LiteLLM_ModelTable" (
    id integer NOT NULL,
    aliases jsonb,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by text NOT NULL,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_by text NOT NULL
);

CREATE SEQUENCE public."LiteLLM_ModelTable_id_seq"
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public."LiteLLM_ModelTable_id_seq" OWNED BY public."LiteLLM_ModelTable".id;

CREATE TABLE public."LiteLLM_ObjectPermissionTable" (
    object_permission_id text NOT NULL,
    mcp_servers text[] DEFAULT ARRAY[]::text[],
    vector_stores text[] DEFAULT ARRAY[]::text[],
    mcp_access_groups text[] DEFAULT ARRAY[]::text[],
    mcp_tool_permissions jsonb,
    agents text[] DEFAULT ARRAY[]::text[],
    agent_access_groups text[] DEFAULT ARRAY[]::text[],
    blocked_tools text[] DEFAULT ARRAY[]::text[],
    models text[] DEFAULT ARRAY[]::text[],
    mcp_toolsets text[] DEFAULT ARRAY[]::text[],
    search_tools text[] DEFAULT ARRAY[]::text[],
    mcp_tool_search_enabled boolean,
    skills text[] DEFAULT ARRAY[]::text[]
);

CREATE TABLE public."LiteLLM_OrganizationMembership" (
    user_id text NOT NULL,
    organization_id text NOT NULL,
    user_role text,
    spend double precision DEFAULT 0.0,
    budget_id text,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE public."LiteLLM_OrganizationTable" (
    organization_id text NOT NULL,
    organization_alias text NOT NULL,
    budget_id text NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    models text[],
    spend double precision DEFAULT 0.0 NOT NULL,
    model_spend jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by text NOT NULL,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_by text NOT NULL,
    object_permission_id text
);

CREATE TABLE public."LiteLLM_PolicyAttachmentTable" (
    attachment_id text NOT NULL,
    policy_name text NOT NULL,
    scope text,
    teams text[] DEFAULT ARRAY[]::text[],
    keys text[] DEFAULT ARRAY[]::text[],
    models text[] DEFAULT ARRAY[]::text[],
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by text,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_by text,
    tags text[] DEFAULT ARRAY[]::text[],
    priority integer,
    is_default boolean DEFAULT false NOT NULL
);

CREATE TABLE public."LiteLLM_PolicyTable" (
    policy_id text NOT NULL,
    policy_name text NOT NULL,
    inherit text,
    description text,
    guardrails_add text[] DEFAULT ARRAY[]::text[],
    guardrails_remove text[] DEFAULT ARRAY[]::text[],
    condition jsonb DEFAULT '{}'::jsonb,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by text,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_by text,
    pipeline jsonb,
    is_latest boolean DEFAULT true NOT NULL,
    parent_version_id text,
    production_at timestamp(3) without time zone,
    published_at timestamp(3) without time zone,
    version_number integer DEFAULT 1 NOT NULL,
    version_status text DEFAULT 'production'::text NOT NULL
);

CREATE TABLE public."LiteLLM_ProjectTable" (
    project_id text NOT NULL,
    project_alias text,
    team_id text,
    budget_id text,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    models text[],
    spend double precision DEFAULT 0.0 NOT NULL,
    model_spend jsonb DEFAULT '{}'::jsonb NOT NULL,
    blocked boolean DEFAULT false NOT NULL,
    object_permission_id text,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by text NOT NULL,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_by text NOT NULL,
    description text,
    model_rpm_limit jsonb DEFAULT '{}'::jsonb NOT NULL,
    model_tpm_limit jsonb DEFAULT '{}'::jsonb NOT NULL
);

CREATE TABLE public."LiteLLM_PromptTable" (
    id text NOT NULL,
    prompt_id text NOT NULL,
    litellm_params jsonb NOT NULL,
    prompt_info jsonb,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    environment text DEFAULT 'development'::text NOT NULL,
    created_by text
);

CREATE TABLE public."LiteLLM_ProxyModelTable" (
    model_id text NOT NULL,
    model_name text NOT NULL,
    litellm_params jsonb NOT NULL,
    model_info jsonb,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by text NOT NULL,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_by text NOT NULL,
    blocked boolean DEFAULT false NOT NULL
);

CREATE TABLE public."LiteLLM_ProxyWorkerHeartbeat" (
    worker_id text NOT NULL,
    hostname text NOT NULL,
    started_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    last_heartbeat_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public."LiteLLM_RetiredAgent" (
    original_agent_id text NOT NULL,
    retired_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public."LiteLLM_RetiredAgentIdentity" (
    binding_id text NOT NULL,
    agent_id text,
    provider text NOT NULL,
    issuer text NOT NULL,
    tenant_id text NOT NULL,
    client_id text NOT NULL
);

CREATE TABLE public."LiteLLM_SSOConfig" (
    id text DEFAULT 'sso_config'::text NOT NULL,
    sso_settings jsonb NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL
);

CREATE TABLE public."LiteLLM_SSOIdentityAssertion" (
    user_id text NOT NULL,
    assertion_b64 text NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public."LiteLLM_SearchToolsTable" (
    search_tool_id text NOT NULL,
    search_tool_name text NOT NULL,
    litellm_params jsonb NOT NULL,
    search_tool_info jsonb,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL
);

CREATE TABLE public."LiteLLM_ShadowEvalAttempt" (
    id text NOT NULL,
    job_id text NOT NULL,
    request_id text NOT NULL,
    outcome text NOT NULL,
    tier text,
    real_model text,
    shadow_model text,
    confidence double precision,
    judge_cost double precision DEFAULT 0 NOT NULL,
    error text,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    shadow_cost double precision DEFAULT 0 NOT NULL,
    real_cost double precision,
    real_classifier_cost double precision DEFAULT 0 NOT NULL,
    shadow_classifier_cost double precision DEFAULT 0 NOT NULL,
    real_cache_hit boolean DEFAULT false NOT NULL,
    router_name text
);

CREATE TABLE public."LiteLLM_ShadowEvalFunnel" (
    job_id text NOT NULL,
    not_sampled integer DEFAULT 0 NOT NULL,
    unjudgeable integer DEFAULT 0 NOT NULL,
    shed integer DEFAULT 0 NOT NULL,
    withheld integer DEFAULT 0 NOT NULL
);

CREATE TABLE public."LiteLLM_ShadowEvalJob" (
    id text NOT NULL,
    target_id text NOT NULL,
    router_name text NOT NULL,
    judge_model text NOT NULL,
    shadow_percentage double precision NOT NULL,
    max_turns integer NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by text,
    ends_at timestamp(3) without time zone NOT NULL,
    stopped_at timestamp(3) without time zone,
    baseline_model text,
    direction text DEFAULT 'forward'::text NOT NULL,
    group_id text NOT NULL,
    stopped_by text,
    max_budget double precision,
    target_type text DEFAULT 'key'::text NOT NULL,
    router_names text[] DEFAULT ARRAY[]::text[] NOT NULL,
    models text[] DEFAULT ARRAY[]::text[] NOT NULL
);

CREATE TABLE public."LiteLLM_SkillsTable" (
    skill_id text NOT NULL,
    display_title text,
    description text,
    instructions text,
    source text DEFAULT 'custom'::text NOT NULL,
    latest_version text,
    file_content bytea,
    file_name text,
    file_type text,
    metadata jsonb DEFAULT '{}'::jsonb,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by text,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_by text
);

CREATE TABLE public."LiteLLM_SpendLogGuardrailIndex" (
    request_id text NOT NULL,
    guardrail_id text NOT NULL,
    policy_id text,
    start_time timestamp(3) without time zone NOT NULL
);

CREATE TABLE public."LiteLLM_SpendLogToolIndex" (
    request_id text NOT NULL,
    tool_name text NOT NULL,
    start_time timestamp(3) without time zone NOT NULL
);

CREATE TABLE public."LiteLLM_TagTable" (
    tag_name text NOT NULL,
    description text,
    models text[],
    model_info jsonb,
    spend double precision DEFAULT 0.0 NOT NULL,
    budget_id text,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by text,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public."LiteLLM_TeamMembership" (
    user_id text NOT NULL,
    team_id text NOT NULL,
    spend double precision DEFAULT 0.0 NOT NULL,
    budget_id text,
    total_spend double precision DEFAULT 0.0 NOT NULL
);

CREATE TABLE public."LiteLLM_TeamTable" (
    team_id text NOT NULL,
    team_alias text,
    organization_id text,
    admins text[],
    members text[],
    members_with_roles jsonb DEFAULT '{}'::jsonb NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    max_budget double precision,
    spend double precision DEFAULT 0.0 NOT NULL,
    models text[],
    max_parallel_requests integer,
    tpm_limit bigint,
    rpm_limit bigint,
    budget_duration text,
    budget_reset_at timestamp(3) without time zone,
    blocked boolean DEFAULT false NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    model_spend jsonb DEFAULT '{}'::jsonb NOT NULL,
    model_max_budget jsonb DEFAULT '{}'::jsonb NOT NULL,
    model_id integer,
    team_member_permissions text[] DEFAULT ARRAY[]::text[],
    object_permission_id text,
    router_settings jsonb DEFAULT '{}'::jsonb,
    policies text[] DEFAULT ARRAY[]::text[],
    allow_team_guardrail_config boolean DEFAULT false NOT NULL,
    soft_budget double precision,
    access_group_ids text[] DEFAULT ARRAY[]::text[],
    budget_limits jsonb,
    default_team_member_models text[] DEFAULT ARRAY[]::text[],
    tpd_limit bigint
);

CREATE TABLE public."LiteLLM_TelemetryReport" (
    id text NOT NULL,
    window_start double precision NOT NULL,
    window_end double precision NOT NULL,
    report jsonb NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public."LiteLLM_ToolTable" (
    tool_id text NOT NULL,
    tool_name text NOT NULL,
    origin text,
    input_policy text DEFAULT 'untrusted'::text NOT NULL,
    call_count integer DEFAULT 0 NOT NULL,
    assignments jsonb DEFAULT '{}'::jsonb,
    key_hash text,
    team_id text,
    key_alias text,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by text,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_by text,
    output_policy text DEFAULT 'untrusted'::text NOT NULL,
    user_agent text,
    last_used_at timestamp(3) without time zone
);

CREATE TABLE public."LiteLLM_UISettings" (
    id text DEFAULT 'ui_settings'::text NOT NULL,
    ui_settings jsonb NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL
);

CREATE TABLE public."LiteLLM_UserNotifications" (
    request_id text NOT NULL,
    user_id text NOT NULL,
    models text[],
    justification text NOT NULL,
    status text NOT NULL
);

CREATE TABLE public."LiteLLM_UserProviderCredentials" (
    id text NOT NULL,
    user_id text NOT NULL,
    credential_name text NOT NULL,
    provider text NOT NULL,
    credential_b64 text NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public."LiteLLM_UserTable" (
    user_id text NOT NULL,
    user_alias text,
    team_id text,
    sso_user_id text,
    organization_id text,
    password text,
    teams text[] DEFAULT ARRAY[]::text[],
    user_role text,
    max_budget double precision,
    spend double precision DEFAULT 0.0 NOT NULL,
    user_email text,
    models text[],
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    max_parallel_requests integer,
    tpm_limit bigint,
    rpm_limit bigint,
    budget_duration text,
    budget_reset_at timestamp(3) without time zone,
    allowed_cache_controls text[] DEFAULT ARRAY[]::text[],
    model_spend jsonb DEFAULT '{}'::jsonb NOT NULL,
    model_max_budget jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP,
    object_permission_id text,
    policies text[] DEFAULT ARRAY[]::text[],
    password_reset_required boolean,
    last_breach_check_at timestamp(3) without time zone
);

CREATE VIEW public."LiteLLM_VerificationTokenView" AS
 SELECT v.token,
    v.key_name,
    v.key_alias,
    v.soft_budget_cooldown,
    v.spend,
    v.expires,
    v.models,
    v.aliases,
    v.config,
    v.user_id,
    v.team_id,
    v.permissions,
    v.max_parallel_requests,
    v.metadata,
    v.blocked,
    v.tpm_limit,
    v.rpm_limit,
    v.max_budget,
    v.budget_duration,
    v.budget_reset_at,
    v.allowed_cache_controls,
    v.model_spend,
    v.model_max_budget,
    v.budget_id,
    v.organization_id,
    v.created_at,
    v.created_by,
    v.updated_at,
    v.updated_by,
    v.allowed_routes,
    v.object_permission_id,
    v.auto_rotate,
    v.key_rotation_at,
    v.last_rotation_at,
    v.rotation_count,
    v.rotation_interval,
    v.project_id,
    v.router_settings,
    v.policies,
    v.access_group_ids,
    v.last_active,
    v.agent_id,
    v.budget_limits,
    v.budget_fallbacks,
    v.key_type,
    v.settings_updated_at,
    v.tpd_limit,
    v.total_spend,
    t.spend AS team_spend,
    t.max_budget AS team_max_budget,
    t.model_max_budget AS team_model_max_budget,
    t.tpm_limit AS team_tpm_limit,
    t.rpm_limit AS team_rpm_limit,
    t.tpd_limit AS team_tpd_limit,
    p.project_alias
   FROM ((public."LiteLLM_VerificationToken" v
     LEFT JOIN public."LiteLLM_TeamTable" t ON ((v.team_id = t.team_id)))
     LEFT JOIN public."LiteLLM_ProjectTable" p ON ((v.project_id = p.project_id)));

CREATE TABLE public."LiteLLM_VerifiedSubject" (
    subject_id text NOT NULL,
    issuer text NOT NULL,
    tenant_id text NOT NULL,
    oid text NOT NULL,
    kind text DEFAULT 'human'::text NOT NULL,
    user_id text,
    verified_via text DEFAULT 'sso_interactive'::text NOT NULL,
    verified_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public."LiteLLM_WorkflowEvent" (
    event_id text NOT NULL,
    run_id text NOT NULL,
    event_type text NOT NULL,
    step_name text NOT NULL,
    sequence_number integer NOT NULL,
    data jsonb,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public."LiteLLM_WorkflowMessage" (
    message_id text NOT NULL,
    run_id text NOT NULL,
    role text NOT NULL,
    content text NOT NULL,
    sequence_number integer NOT NULL,
    session_id text,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public."LiteLLM_WorkflowRun" (
    run_id text NOT NULL,
    session_id text NOT NULL,
    workflow_type text NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    created_by text,
    created_at timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL,
    input jsonb,
    output jsonb,
    metadata jsonb
);

CREATE VIEW public."MonthlyGlobalSpend" AS
 SELECT date("LiteLLM_SpendLogs"."startTime") AS date,
    sum("LiteLLM_SpendLogs".spend) AS spend
   FROM public."LiteLLM_SpendLogs"
  WHERE ("LiteLLM_SpendLogs"."startTime" >= (CURRENT_DATE - '30 days'::interval))
  GROUP BY (date("LiteLLM_SpendLogs"."startTime"));

CREATE VIEW public."MonthlyGlobalSpendPerKey" AS
 SELECT date("LiteLLM_SpendLogs"."startTime") AS date,
    sum("LiteLLM_SpendLogs".spend) AS spend,
    "LiteLLM_SpendLogs".api_key
   FROM public."LiteLLM_SpendLogs"
  WHERE ("LiteLLM_SpendLogs"."startTime" >= (CURRENT_DATE - '30 days'::interval))
  GROUP BY (date("LiteLLM_SpendLogs"."startTime")), "LiteLLM_SpendLogs".api_key;

CREATE VIEW public."MonthlyGlobalSpendPerUserPerKey" AS
 SELECT date("LiteLLM_SpendLogs"."startTime") AS date,
    sum("LiteLLM_SpendLogs".spend) AS spend,
    "LiteLLM_SpendLogs".api_key,
    "LiteLLM_SpendLogs"."user"
   FROM public."LiteLLM_SpendLogs"
  WHERE ("LiteLLM_SpendLogs"."startTime" >= (CURRENT_DATE - '30 days'::interval))
  GROUP BY (date("LiteLLM_SpendLogs"."startTime")), "LiteLLM_SpendLogs"."user", "LiteLLM_SpendLogs".api_key;

ALTER TABLE ONLY public."LiteLLM_ModelTable" ALTER COLUMN id SET DEFAULT nextval('public."LiteLLM_ModelTable_id_seq"'::regclass);

INSERT INTO public."LiteLLM_AccessGroupTable" VALUES ('23e8e55d-7cd2-4cf2-be59-ea710a71658d', 'unified', 'e', '{}', '{}', '{}', '{9081244185c09946ca13d98372d9f56cdad9412a10f01a661ab2d91217c7760b}', '2026-11-29 17:05:22.813', 'default_user_id', '2026-11-29 17:05:23.176', 'default_user_id', '{local}', 'null', '{}');

INSERT INTO public."LiteLLM_BudgetTable" VALUES ('7a24b517-99aa-4255-8761-f3925aa17072', NULL, 4, NULL, NULL, NULL, '{}', NULL, NULL, '2026-11-29 17:04:31.57', 'default_user_id', '2026-11-29 17:04:31.57', 'default_user_id', '{}', NULL, NULL, NULL);
INSERT INTO public."LiteLLM_BudgetTable" VALUES ('team-budget-7542a710643848de8b625463a19c1fd1', 2, NULL, NULL, NULL, 5, NULL, '30d', '2026-12-01 00:00:00', '2026-11-29 17:04:47.95', 'default_user_id', '2026-11-29 17:04:47.95', 'default_user_id', '{}', NULL, NULL, NULL);
INSERT INTO public."LiteLLM_BudgetTable" VALUES ('0a2e296d-6fe6-4dfa-9df1-32ac2274520d', 4, NULL, NULL, 99, 9, NULL, NULL, NULL, '2026-11-29 17:04:48.853', 'default_user_id', '2026-11-29 17:04:49.843', 'default_user_id', '{}', NULL, NULL, NULL);
INSERT INTO public."LiteLLM_BudgetTable" VALUES ('077d3f21-cb92-4ece-a457-c72ca8d08490', 1, NULL, NULL, NULL, NULL, '{}', NULL, NULL, '2026-11-29 17:04:49.957', 'default_user_id', '2026-11-29 17:04:49.957', 'default_user_id', '{}', NULL, NULL, NULL);
INSERT INTO public."LiteLLM_BudgetTable" VALUES ('15befa27-12b3-4a04-8a42-b7e4524e306e', 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-29 17:04:57.306', 'default_user_id', '2026-11-29 17:04:57.306', 'default_user_id', '{}', NULL, NULL, NULL);
INSERT INTO public."LiteLLM_BudgetTable" VALUES ('small', 4, 0.5, NULL, 100, 10, NULL, '7d', '2026-11-30 00:00:00', '2026-11-29 17:04:57.208', 'default_user_id', '2026-11-29 17:04:57.827', 'default_user_id', '{}', NULL, NULL, NULL);
INSERT INTO public."LiteLLM_BudgetTable" VALUES ('2ddd2616-ee70-4d64-a2a0-10160151136c', 6, NULL, NULL, NULL, NULL, NULL, '30d', '2026-12-29 17:04:58.604', '2026-11-29 17:04:58.606', 'default_user_id', '2026-11-29 17:04:59.001', 'default_user_id', '{}', NULL, NULL, NULL);
INSERT INTO public."LiteLLM_BudgetTable" VALUES ('92a82490-0719-45d2-a012-c179e84f5073', 1e-08, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-29 17:05:07.491', 'default_user_id', '2026-11-29 17:05:07.491', 'default_user_id', '{}', NULL, NULL, NULL);
INSERT INTO public."LiteLLM_BudgetTable" VALUES ('1769505d-1c00-4da1-a927-8e03e1ac059a', 4, NULL, NULL, NULL, NULL, NULL, '30d', NULL, '2026-11-29 17:05:12.415', 'default_user_id', '2026-11-29 17:05:12.736', 'default_user_id', '{}', NULL, NULL, NULL);
INSERT INTO public."LiteLLM_BudgetTable" VALUES ('587b21e4-1d16-4d6c-8848-7fedcac8f095', 1e-08, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-29 17:05:41.121', 'default_user_id', '2026-11-29 17:05:41.121', 'default_user_id', '{}', NULL, NULL, NULL);

INSERT INTO public."LiteLLM_Config" VALUES ('auto_router_tuning_baseline_v3', '{}', NULL, 0);
INSERT INTO public."LiteLLM_Config" VALUES ('router_settings', '{"fallbacks": [{"falls": ["local"]}], "num_retries": 0, "disable_cooldowns": true, "model_group_alias": {"nick": "local", "hidden-nick": {"model": "local", "hidden": true}}, "context_window_fallbacks": []}', NULL, 0);

INSERT INTO public."LiteLLM_CredentialsTable" VALUES ('d35b54aa-10c0-4b89-bf1a-fc7d71d7e942', 'vault', '{"api_key": "PBjjLVnpAB3tBhZsmugo07KY4QlUykhfiCzsceX7apcFZrNdHfDmAt8dK2gW9Z2iiImPXsG9zqf2zLse", "api_base": "fQZpfd8oGDSUgoot7sDHkPywEEiXM8vMQbAt15Z9s--MfonwI5mVUYLbkSyeXaLariaujzSmOEiB7uYHfQ=="}', '{"note": "n"}', '2026-11-29 17:05:23.389', 'default_user_id', '2026-11-29 17:05:23.507', 'default_user_id', NULL);

INSERT INTO public."LiteLLM_DailyEndUserSpend" VALUES ('e3a85c87-c49f-41f4-8028-da8e17c46c97', 'customer-by-end-user', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', '', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:20.452', '2026-11-29 17:04:20.452', '/chat/completions', 0, 0, 0, 0, 0, 12, 1);
INSERT INTO public."LiteLLM_DailyEndUserSpend" VALUES ('0fd1a0b5-8a15-4f2c-99f0-dc1002e00367', 'customer-by-header', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', '', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:20.452', '2026-11-29 17:04:20.452', '/chat/completions', 0, 0, 0, 0, 0, 21, 1);
INSERT INTO public."LiteLLM_DailyEndUserSpend" VALUES ('223dfca1-cb03-45ee-b3ae-63af0f77edb0', 'customer-by-mapping', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', '', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:20.452', '2026-11-29 17:04:20.452', '/chat/completions', 0, 0, 0, 0, 0, 32, 1);
INSERT INTO public."LiteLLM_DailyEndUserSpend" VALUES ('bd50d34a-0fda-4929-9af9-9236944dced8', 'customer-by-safety', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', '', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:20.452', '2026-11-29 17:04:20.452', '/chat/completions', 0, 0, 0, 0, 0, 15, 1);
INSERT INTO public."LiteLLM_DailyEndUserSpend" VALUES ('fd7e9843-797f-4660-b294-0850ef69dcd6', 'customer-by-user', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', '', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:20.452', '2026-11-29 17:04:20.452', '/chat/completions', 0, 0, 0, 0, 0, 17, 1);
INSERT INTO public."LiteLLM_DailyEndUserSpend" VALUES ('565ec6bb-41e7-4367-b64e-eb50e8c0d532', 'acme', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/paid', 'paid', 'openai', '', 10, 5, 0, 0, 6e-05, 1, 1, 0, '2026-11-29 17:04:59.76', '2026-11-29 17:04:59.76', '/chat/completions', 0, 0, 0, 0, 0, 12, 1);
INSERT INTO public."LiteLLM_DailyEndUserSpend" VALUES ('e769f297-765a-4778-9d3c-31de8b14f2cf', 'acme', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', '', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:05:03.787', '2026-11-29 17:05:03.787', '/chat/completions', 0, 0, 0, 0, 0, 7, 1);
INSERT INTO public."LiteLLM_DailyEndUserSpend" VALUES ('36546193-52d5-4d1b-a6c4-e88187d547ae', 'tiny', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', '', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:05:12.723', '2026-11-29 17:05:12.723', '/chat/completions', 0, 0, 0, 0, 0, 219, 1);
INSERT INTO public."LiteLLM_DailyEndUserSpend" VALUES ('185a1ef4-c9c4-4ea3-ac02-b3caf4c82035', 'tiny', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/paid', 'paid', 'openai', '', 10, 5, 0, 0, 6e-05, 2, 1, 1, '2026-11-29 17:05:07.667', '2026-11-29 17:05:12.723', '/chat/completions', 0, 0, 0, 0, 0, 16, 1);

INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/chat/completions', 307, 1, '2026-11-29 17:04:21.608', '2026-11-29 17:04:21.608');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/completions', 400, 2, '2026-11-29 17:04:22.812', '2026-11-29 17:04:22.812');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/embeddings', 400, 2, '2026-11-29 17:04:22.812', '2026-11-29 17:04:22.812');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/responses', 400, 1, '2026-11-29 17:04:23.653', '2026-11-29 17:04:23.653');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/v1/messages', 400, 1, '2026-11-29 17:04:24.613', '2026-11-29 17:04:24.613');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/chat/completions', 400, 8, '2026-11-29 17:04:28.605', '2026-11-29 17:04:29.762');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/chat/completions', 404, 1, '2026-11-29 17:04:29.762', '2026-11-29 17:04:29.762');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/chat/completions', 503, 1, '2026-11-29 17:04:29.762', '2026-11-29 17:04:29.762');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/chat/completions', 500, 7, '2026-11-29 17:04:16.79', '2026-11-29 17:04:30.653');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/chat/completions', 408, 1, '2026-11-29 17:04:31.59', '2026-11-29 17:04:31.59');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/chat/completions', 403, 5, '2026-11-29 17:04:28.605', '2026-11-29 17:04:50.595');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/chat/completions', 422, 6, '2026-11-29 17:04:28.605', '2026-11-29 17:05:45.594');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/chat/completions', 401, 8, '2026-11-29 17:04:24.613', '2026-11-29 17:05:49.606');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/chat/completions', 429, 4, '2026-11-29 17:04:29.762', '2026-11-29 17:05:49.606');

INSERT INTO public."LiteLLM_DailyGatewayRequests" VALUES ('2026-11-29', 'llm', '/completions', 9, 2, '2026-11-29 17:04:21.608', '2026-11-29 17:04:22.812');
INSERT INTO public."LiteLLM_DailyGatewayRequests" VALUES ('2026-11-29', 'llm', '/embeddings', 7, 2, '2026-11-29 17:04:22.812', '2026-11-29 17:04:22.812');
INSERT INTO public."LiteLLM_DailyGatewayRequests" VALUES ('2026-11-29', 'llm', '/responses', 4, 1, '2026-11-29 17:04:22.812', '2026-11-29 17:04:23.653');
INSERT INTO public."LiteLLM_DailyGatewayRequests" VALUES ('2026-11-29', 'llm', '/audio/speech', 1, 0, '2026-11-29 17:04:24.613', '2026-11-29 17:04:24.613');
INSERT INTO public."LiteLLM_DailyGatewayRequests" VALUES ('2026-11-29', 'llm', '/images/generations', 1, 0, '2026-11-29 17:04:24.613', '2026-11-29 17:04:24.613');
INSERT INTO public."LiteLLM_DailyGatewayRequests" VALUES ('2026-11-29', 'llm', '/moderations', 1, 0, '2026-11-29 17:04:24.613', '2026-11-29 17:04:24.613');
INSERT INTO public."LiteLLM_DailyGatewayRequests" VALUES ('2026-11-29', 'llm', '/rerank', 1, 0, '2026-11-29 17:04:24.613', '2026-11-29 17:04:24.613');
INSERT INTO public."LiteLLM_DailyGatewayRequests" VALUES ('2026-11-29', 'llm', '/v1/messages', 3, 1, '2026-11-29 17:04:23.653', '2026-11-29 17:04:24.613');
INSERT INTO public."LiteLLM_DailyGatewayRequests" VALUES ('2026-11-29', 'llm', '/chat/completions', 69, 42, '2026-11-29 17:04:11.89', '2026-11-29 17:05:49.606');

INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'hidden-nick', 'openai/local', 'openai', 'uncategorized', 0, 10, 5, 1, 1, 0, '2026-11-29 17:04:16.238', '2026-11-29 17:04:16.238');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'local-1', 'openai/local', 'openai', 'uncategorized', 0, 10, 5, 1, 1, 0, '2026-11-29 17:04:16.238', '2026-11-29 17:04:16.238');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'nick', 'openai/local', 'openai', 'uncategorized', 0, 10, 5, 1, 1, 0, '2026-11-29 17:04:16.238', '2026-11-29 17:04:16.238');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'open/thing', 'hosted_vllm/thing', 'hosted_vllm', 'uncategorized', 0, 10, 5, 1, 1, 0, '2026-11-29 17:04:16.238', '2026-11-29 17:04:16.238');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'pool', 'openai/pool-b', 'openai', 'uncategorized', 0, 10, 5, 1, 1, 0, '2026-11-29 17:04:16.238', '2026-11-29 17:04:16.238');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'falls', 'openai/fails-500', 'openai', 'uncategorized', 0, 8, 0, 1, 0, 1, '2026-11-29 17:04:17.754', '2026-11-29 17:04:17.754');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'cut', 'openai/cut', 'openai', 'uncategorized', 0, 16, 3, 2, 0, 2, '2026-11-29 17:04:23.25', '2026-11-29 17:04:31.037');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'garbage', 'openai/garbage', 'openai', 'uncategorized', 0, 8, 0, 1, 0, 1, '2026-11-29 17:04:31.037', '2026-11-29 17:04:31.037');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'embed', 'openai/embed', 'openai', 'uncategorized', 7e-05, 70, 0, 8, 7, 1, '2026-11-29 17:04:23.25', '2026-11-29 17:04:23.25');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'open/slow', 'hosted_vllm/slow', 'hosted_vllm', 'uncategorized', 0, 8, 0, 1, 0, 1, '2026-11-29 17:04:32.194', '2026-11-29 17:04:32.194');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'local', 'openai/local', 'text-completion-openai', 'uncategorized', 0, 10, 5, 1, 1, 0, '2026-11-29 17:04:23.25', '2026-11-29 17:04:23.25');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'mocked', 'openai/mocked', 'openai', 'uncategorized', 0, 18, 25, 2, 2, 0, '2026-11-29 17:04:16.238', '2026-11-29 17:04:23.25');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'ollama', 'ollama_chat/llama3.2:3b', 'ollama_chat', 'uncategorized', 0, 30, 15, 3, 3, 0, '2026-11-29 17:04:16.238', '2026-11-29 17:04:23.25');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'local', 'local', 'openai', 'uncategorized', 0, 10, 5, 1, 1, 0, '2026-11-29 17:05:27.668', '2026-11-29 17:05:27.668');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'paid', 'openai/paid', 'text-completion-openai', 'uncategorized', 6e-05, 10, 5, 1, 1, 0, '2026-11-29 17:04:23.25', '2026-11-29 17:04:23.25');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'text', 'text-completion-openai/text', 'text-completion-openai', 'uncategorized', 0, 50, 25, 7, 6, 1, '2026-11-29 17:04:23.25', '2026-11-29 17:04:23.25');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'tools', 'openai/tools', 'openai', 'uncategorized', 0, 20, 10, 2, 2, 0, '2026-11-29 17:04:16.238', '2026-11-29 17:04:23.25');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'vllm', 'hosted_vllm/Qwen/Qwen3', 'hosted_vllm', 'uncategorized', 0, 30, 15, 4, 4, 0, '2026-11-29 17:04:16.238', '2026-11-29 17:04:23.879');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'dead', 'openai/dead', 'openai', 'uncategorized', 0, 8, 0, 1, 0, 1, '2026-11-29 17:04:30.192', '2026-11-29 17:04:30.192');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'fails-400', 'openai/fails-400', 'openai', 'uncategorized', 0, 8, 0, 1, 0, 1, '2026-11-29 17:04:30.192', '2026-11-29 17:04:30.192');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'fails-401', 'openai/fails-401', 'openai', 'uncategorized', 0, 8, 0, 1, 0, 1, '2026-11-29 17:04:30.192', '2026-11-29 17:04:30.192');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'fails-404', 'openai/fails-404', 'openai', 'uncategorized', 0, 8, 0, 1, 0, 1, '2026-11-29 17:04:30.192', '2026-11-29 17:04:30.192');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'fails-429', 'openai/fails-429', 'openai', 'uncategorized', 0, 8, 0, 1, 0, 1, '2026-11-29 17:04:30.192', '2026-11-29 17:04:30.192');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'fails-500', 'openai/fails-500', 'openai', 'uncategorized', 0, 24, 0, 3, 0, 3, '2026-11-29 17:04:20.632', '2026-11-29 17:04:30.192');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'fails-503', 'openai/fails-503', 'openai', 'uncategorized', 0, 8, 0, 1, 0, 1, '2026-11-29 17:04:30.192', '2026-11-29 17:04:30.192');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'paid', 'openai/paid', 'openai', 'uncategorized', 0.0008400000000000003, 160, 80, 23, 16, 7, '2026-11-29 17:04:12.041', '2026-11-29 17:05:45.654');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'nothing', 'nothing', 'unknown', 'uncategorized', 0, 0, 0, 5, 0, 5, '2026-11-29 17:04:23.25', '2026-11-29 17:04:30.192');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'local', 'openai/local', 'openai', 'uncategorized', 0, 450, 225, 59, 47, 12, '2026-11-29 17:04:16.238', '2026-11-29 17:05:50.024');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'too-long', 'openai/too-long', 'openai', 'uncategorized', 0, 8, 0, 1, 0, 1, '2026-11-29 17:04:30.192', '2026-11-29 17:04:30.192');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'unknown', 'unknown', 'unknown', 'uncategorized', 0, 0, 0, 11, 0, 11, '2026-11-29 17:04:16.238', '2026-11-29 17:05:50.804');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'unpriced', 'openai/unpriced', 'openai', 'uncategorized', 0, 10, 5, 2, 1, 1, '2026-11-29 17:04:16.238', '2026-11-29 17:04:50.849');

INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', '', '', 'falls', 0, 1, '2026-11-29 17:04:16.792', '2026-11-29 17:04:16.792');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', '', '', 'embed', 400, 1, '2026-11-29 17:04:22.819', '2026-11-29 17:04:22.819');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', '', '', 'text', 400, 1, '2026-11-29 17:04:22.819', '2026-11-29 17:04:22.819');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '', '', '', '', 0, 4, '2026-11-29 17:04:13.676', '2026-11-29 17:04:24.628');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '', '', '', 'local', 0, 1, '2026-11-29 17:04:24.628', '2026-11-29 17:04:24.628');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '0e9d220616f08345a714ee57d8516310770588484b5239844635f952965e34a6', '', '', '', 401, 1, '2026-11-29 17:04:24.628', '2026-11-29 17:04:24.628');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '2ab06cfadcdcc1bb1a1ff9edefb028084a837b3ed7b95f97e602b960ee127471', '', '', 'local', 401, 1, '2026-11-29 17:04:24.628', '2026-11-29 17:04:24.628');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '999aaa8645bb72ff599e143b1e3d2a94777127f4783a69f067251f7bbebc5ab6', '', '', 'local', 401, 1, '2026-11-29 17:04:24.628', '2026-11-29 17:04:24.628');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', 'a4a9a28d043afd4cd05dc73298cb2f2480b5fb5a97f0d20ca9df379306fe0bee', '', '', 'local', 0, 1, '2026-11-29 17:04:24.628', '2026-11-29 17:04:24.628');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '7fc69a58a3eb6959c187c1ecb46e1bfb05c9977545a1866284617858edd62ebd', '', '', 'paid', 403, 1, '2026-11-29 17:04:28.616', '2026-11-29 17:04:28.616');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', '', '', 'local', 400, 1, '2026-11-29 17:04:28.616', '2026-11-29 17:04:28.616');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', '', '', 'local', 500, 1, '2026-11-29 17:04:28.616', '2026-11-29 17:04:28.616');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', '', '', 'nothing', 400, 5, '2026-11-29 17:04:22.819', '2026-11-29 17:04:28.616');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', 'ee54562913dac4af1dece151fbf7ddb29275ac2b12c6c9e3a3fa84ab68e50204', '', '', 'paid', 422, 1, '2026-11-29 17:04:28.616', '2026-11-29 17:04:28.616');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', '', '', '', 400, 3, '2026-11-29 17:04:28.616', '2026-11-29 17:04:29.858');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', '', '', 'fails-400', 0, 1, '2026-11-29 17:04:29.858', '2026-11-29 17:04:29.858');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', '', '', 'fails-401', 401, 1, '2026-11-29 17:04:29.858', '2026-11-29 17:04:29.858');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', '', '', 'fails-404', 404, 1, '2026-11-29 17:04:29.858', '2026-11-29 17:04:29.858');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', '', '', 'fails-429', 429, 1, '2026-11-29 17:04:29.858', '2026-11-29 17:04:29.858');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', '', '', 'fails-500', 0, 3, '2026-11-29 17:04:19.748', '2026-11-29 17:04:29.858');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', '', '', 'fails-503', 503, 1, '2026-11-29 17:04:29.858', '2026-11-29 17:04:29.858');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', '', '', 'too-long', 400, 1, '2026-11-29 17:04:29.858', '2026-11-29 17:04:29.858');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', '', '', 'cut', 500, 2, '2026-11-29 17:04:21.617', '2026-11-29 17:04:30.658');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', '', '', 'dead', 500, 1, '2026-11-29 17:04:30.658', '2026-11-29 17:04:30.658');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', '', '', 'garbage', 500, 1, '2026-11-29 17:04:30.658', '2026-11-29 17:04:30.658');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', '', '', 'open/slow', 408, 1, '2026-11-29 17:04:31.591', '2026-11-29 17:04:31.591');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '429d185c5c28858ebdce66bd81dc739678ecce84490a808b2912b6044eac4a82', '', '', 'local', 0, 1, '2026-11-29 17:04:34.599', '2026-11-29 17:04:34.599');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '05c17ac446a57646a6b70123d04b3b71c4f83ecd9e0ac63a598c749032c9acaa', '', '', 'paid', 422, 1, '2026-11-29 17:04:36.6', '2026-11-29 17:04:36.6');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '78a59616e1ef37744bddd8b125f5c2022a9486956f351efabd2b8e2412e03e0d', '', 'ann', '', 403, 1, '2026-11-29 17:04:39.65', '2026-11-29 17:04:39.65');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', 'fa8aeb0501fa8a6f6510cc6fa0ec5ff5ac7351a651fcded6f756aece9da55473', 'red', '', 'unpriced', 403, 1, '2026-11-29 17:04:50.605', '2026-11-29 17:04:50.605');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', 'fa8aeb0501fa8a6f6510cc6fa0ec5ff5ac7351a651fcded6f756aece9da55473', 'red', '', 'local', 0, 1, '2026-11-29 17:04:56.738', '2026-11-29 17:04:56.738');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '2d4015cb33858f37fd2d86293fe1c41273574674cbc100952a98d4a7e5afc999', '', '', 'local', 429, 1, '2026-11-29 17:05:32.799', '2026-11-29 17:05:32.799');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', 'f1f201e77a0708244259ef3c013ed89e65969cbf4337103e6d393c503f46cf0f', 'poor', '', 'paid', 422, 1, '2026-11-29 17:05:37.602', '2026-11-29 17:05:37.602');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', 'df021296696ca895986429013c0d757ebcbefb14465ab86fc9ac58df757848e7', '', 'poor-user', 'paid', 422, 1, '2026-11-29 17:05:41.603', '2026-11-29 17:05:41.603');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', '', '', 'paid', 422, 2, '2026-11-29 17:05:12.605', '2026-11-29 17:05:45.597');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '1332613bea021f151e9a8802c9dec958b10eaf6bdfb35e38a0eadd825b424ae3', '', '', 'local', 429, 2, '2026-11-29 17:05:49.643', '2026-11-29 17:05:49.643');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', 'ae744a158f8c576f59f1f56712ae8f3983a6e3b12cd27791ef4524fa66922fc4', '', '', 'local', 401, 1, '2026-11-29 17:05:49.643', '2026-11-29 17:05:49.643');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', 'f08c461aa3f88746a8b4fa43eef76a6b11a2da76182ae91f0508dfd19f1621f5', '', '', '', 401, 1, '2026-11-29 17:05:50.613', '2026-11-29 17:05:50.613');

INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('6659b406-90fa-428b-9ad2-8daed1e70853', 'User-Agent: beside', '2026-11-29', 'ee54562913dac4af1dece151fbf7ddb29275ac2b12c6c9e3a3fa84ab68e50204', 'openai/paid', 'paid', 'openai', 10, 5, 0, 0, 6e-05, 1, 1, 0, '2026-11-29 17:04:12.064', '2026-11-29 17:04:12.064', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 114, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('634d556d-8d1f-4c53-b41b-6e34f2e91249', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/pool-b', 'pool', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:14.838', '2026-11-29 17:04:14.838', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 13, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('7c02d735-3a03-41de-a7ab-d7f4f7e12af9', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/unpriced', 'unpriced', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:14.838', '2026-11-29 17:04:14.838', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 20, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('aa535b1c-df92-47b3-85c7-4cefb847600e', 'User-Agent: beside', '2026-11-29', 'litellm_proxy_master_key', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:14.838', '2026-11-29 17:04:14.838', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 34, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('facf11ee-e0c7-4c2f-bf3b-efbeaaee7356', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'hosted_vllm/thing', 'open/thing', 'hosted_vllm', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:16.794', '2026-11-29 17:04:16.794', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 16, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('5695a5ac-c5ba-4b84-9dff-d8a116e678c6', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'hosted_vllm/Qwen/Qwen3', 'vllm', 'hosted_vllm', 20, 10, 0, 0, 0, 2, 2, 0, '2026-11-29 17:04:14.838', '2026-11-29 17:04:22.819', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 31, 2);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('bb4e256a-a5c2-4b46-871c-53ef9068aa84', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', 340, 170, 0, 0, 0, 36, 34, 2, '2026-11-29 17:04:14.838', '2026-11-29 17:05:12.62', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 1359, 34);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('c9607b47-6076-49ed-8aff-c83ff094cea4', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/cut', 'cut', 'openai', 16, 3, 0, 0, 0, 2, 0, 2, '2026-11-29 17:04:22.819', '2026-11-29 17:04:30.656', '', '42d35c0e-5846-4126-92df-595b32903415', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('a9d3827a-9616-41d8-a949-0fd5a3a2ca97', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/dead', 'dead', 'openai', 8, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:30.656', '2026-11-29 17:04:30.656', '', '45d4b0b7-6c9c-4498-ac3d-9bb4d389dda7', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('41bf5321-2f7e-476b-a4a8-8c3b9b92f239', 'blue', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:20.611', '2026-11-29 17:04:20.611', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 19, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('33039517-af56-4848-8a6c-efc9a843b318', 'green', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:20.611', '2026-11-29 17:04:20.611', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 8, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('a244344e-1a8a-4921-971e-f2285eb730ff', 'red', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:20.611', '2026-11-29 17:04:20.611', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 19, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('7119a19a-40d3-401c-a258-7745398462bd', 'yellow', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:20.611', '2026-11-29 17:04:20.611', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 8, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('d8617187-69be-4d01-8f85-7e9237272ac9', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'hosted_vllm/Qwen/Qwen3', 'vllm', 'hosted_vllm', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:22.819', '2026-11-29 17:04:22.819', '', 'chatcmpl-test', '/completions', 0, 0, 0, 0, 0, 23, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('7d23cdd5-075c-4c91-9886-0cc369b2fd68', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'nothing', 'nothing', '', 0, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:22.819', '2026-11-29 17:04:22.819', '', '66032822-b27f-4e3f-9639-9983f2bc0330', '/embeddings', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('c48814db-0049-492d-b98b-0b6e3257a78f', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'ollama_chat/llama3.2:3b', 'ollama', 'ollama_chat', 30, 15, 0, 0, 0, 3, 3, 0, '2026-11-29 17:04:14.838', '2026-11-29 17:04:22.819', '', '1a4cf306-1f8a-4f04-9b67-131fc3e3a774', '/chat/completions', 0, 0, 0, 0, 0, 86, 3);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('de086e2e-c7d9-4610-85d8-4b80d3e23bf4', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/fails-400', 'fails-400', 'openai', 8, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:30.656', '2026-11-29 17:04:30.656', '', 'da0b01cb-48b3-447a-b298-b1512783767c', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('2d6d7dfe-65dd-4946-b7bc-bc4c409dbe4a', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/fails-401', 'fails-401', 'openai', 8, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:30.656', '2026-11-29 17:04:30.656', '', '625c6017-ea15-4cbb-b450-c72062c10413', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('05871111-7444-490c-af8c-f837567575b4', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/fails-404', 'fails-404', 'openai', 8, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:30.656', '2026-11-29 17:04:30.656', '', '2ca1a964-28bd-4bc8-a411-172f7b6250aa', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('f0ea617b-67e6-41ee-aaa7-a401e74e2311', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/embed', 'embed', 'openai', 70, 0, 0, 0, 7e-05, 8, 7, 1, '2026-11-29 17:04:22.819', '2026-11-29 17:04:22.819', '', '66d10517-f408-4801-a347-8e9047ee5b8c', '/embeddings', 0, 0, 0, 0, 0, 114, 7);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('6671c3f5-c10a-421c-91e6-01267483bfc4', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'text-completion-openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:22.819', '2026-11-29 17:04:22.819', '', 'chatcmpl-test', '/completions', 0, 0, 0, 0, 0, 30, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('cb0ffe34-8cda-46a2-9773-13f0415fc6f7', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/mocked', 'mocked', 'openai', 18, 25, 0, 0, 0, 2, 2, 0, '2026-11-29 17:04:14.838', '2026-11-29 17:04:22.819', '', 'chatcmpl-84037188-5d46-4a63-be6c-bb4763127a1b', '/chat/completions', 0, 0, 0, 0, 0, 19, 2);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('d4d5f653-64c8-42fd-b639-daa28422cd56', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/paid', 'paid', 'text-completion-openai', 10, 5, 0, 0, 6e-05, 1, 1, 0, '2026-11-29 17:04:22.819', '2026-11-29 17:04:22.819', '', 'chatcmpl-test', '/completions', 0, 0, 0, 0, 0, 21, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('cddab123-817f-41b0-ad6d-075350e01b34', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/tools', 'tools', 'openai', 20, 10, 0, 0, 0, 2, 2, 0, '2026-11-29 17:04:14.838', '2026-11-29 17:04:22.819', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 30, 2);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('5d04456d-459d-4976-87e3-a716349378a3', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'text-completion-openai/text', 'text', 'text-completion-openai', 50, 25, 0, 0, 0, 6, 6, 0, '2026-11-29 17:04:22.819', '2026-11-29 17:04:22.819', '', 'chatcmpl-test', '/completions', 0, 0, 0, 0, 0, 135, 6);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('92a202dc-3eab-4faa-bfb2-5b32d39e0332', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/fails-500', 'falls', 'openai', 32, 0, 0, 0, 0, 4, 0, 4, '2026-11-29 17:04:16.794', '2026-11-29 17:04:30.656', '', 'ec7df298-88c5-42e0-95df-96aec60a1461', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('d78e2e3d-f46a-41ca-b135-f6651efa6e3a', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/paid', 'paid', 'openai', 80, 40, 0, 0, 0.00048, 8, 8, 0, '2026-11-29 17:04:14.838', '2026-11-29 17:05:42.6', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 157, 8);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('36574d28-10a9-4ccf-85e5-f834d79d6483', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'hosted_vllm/Qwen/Qwen3', 'vllm', 'hosted_vllm', 0, 0, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:24.598', '2026-11-29 17:04:24.598', '', 'rerank-1', '/rerank', 0, 0, 0, 0, 0, 11, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('622c28b7-dc2b-43ff-a81b-0069b29a09f8', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'nothing', 'nothing', '', 0, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:24.598', '2026-11-29 17:04:24.598', '', '03d6bcf3-57de-4bdf-a393-6654a02e1504', '', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('c2bb9b0d-9d77-4246-8309-fc12b3f1da01', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'nothing', 'nothing', '', 0, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:24.598', '2026-11-29 17:04:24.598', '', 'd892874e-e542-44e9-a305-ceb3cc7c5ea2', '/responses', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('bb655653-9fde-4536-951e-bf033ae93a4c', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', 20, 10, 0, 0, 0, 2, 2, 0, '2026-11-29 17:04:24.598', '2026-11-29 17:04:24.598', '', 'resp_bGl0ZWxsbTpjdXN0b21fbGxtX3Byb3ZpZGVyOm9wZW5haTttb2RlbF9pZDpsb2NhbC0xO3Jlc3BvbnNlX2lkOnJlc3BfdXBzdHJlYW1fNQ==', '', 0, 0, 0, 0, 0, 56, 2);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('18dde765-6283-487b-9682-638a30b942a2', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', 0, 0, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:24.598', '2026-11-29 17:04:24.598', '', '0420ece3-7a2c-4d4b-99c2-ab6d1c0bf96e', '/audio/speech', 0, 0, 0, 0, 0, 13, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('5f0805fb-7f63-4ec1-8d47-2435f740fced', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:24.598', '2026-11-29 17:04:24.598', '', '43828bbf-4fc6-49af-9a04-3b9e4d657f78', '/image/generations', 0, 0, 0, 0, 0, 16, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('6e972074-deaf-42be-8ba4-336ca6cd4d98', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', 0, 0, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:24.598', '2026-11-29 17:04:24.598', '', 'modr-1', '/moderations', 0, 0, 0, 0, 0, 31, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('25698800-35c9-4f11-8152-18f505b438fa', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', 30, 15, 0, 0, 0, 3, 3, 0, '2026-11-29 17:04:24.598', '2026-11-29 17:04:24.598', '', 'resp_JLnkdiL8nbe6_zNmwm_6lbRczx_Ttfv-00jAShrtik3jSvxQn63yOgcmYQqy0uO5AyD4ljK_ER-2RkW1XJmEb9MtFx6ZJt81OUHD2r4e1n5bavGvwv_UEi37JDMO0gP0Rn2kEq5josGOPCVnp_KrX8rduFEGwrybh-hTyZNcbUYpj7BH7BElvcRqwy5-9qoyccwMsHbbhIP0awU3kXUYCvMILVHFQODdZnrieFWvUPprb6tHG8gukIdZeb7V0bx0EZ2aTjtUJAWOKEf309dsScNEHg==', '/responses', 0, 0, 0, 0, 0, 511, 3);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('ca95e784-db03-444f-9377-0ca15d6d56ae', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/paid', 'paid', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:24.598', '2026-11-29 17:04:24.598', '', 'resp_bGl0ZWxsbTpjdXN0b21fbGxtX3Byb3ZpZGVyOm9wZW5haTttb2RlbF9pZDpwYWlkLTE7cmVzcG9uc2VfaWQ6cmVzcF91cHN0cmVhbV83', '', 0, 0, 0, 0, 0, 3, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('f20d97f4-0c38-4c5f-84e0-7d70807cb455', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/paid', 'paid', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:24.598', '2026-11-29 17:04:24.598', '', 'resp_Iemsev-9WfLM5FPdqLlEJ61miJlzgLECbW7QI4_35ohawSwcHydTf_TcwQ68mFMi7yLnS7f4bUiLPvaMe3EEZIr6N3Wmfx0-9qIydmyhkSt1nzNMDAKbaOzS8iRlRm3xJAnZgbFuo2d3PptZNTJ6PJ6DUed8uzu5Jq4aa40UILBp6Ad-F9ZWjaDF2J-JIqHHW2ozzYCaWZfAz5uUgIeJFAPDGk8SGenw7g2hNtip7icBAee0-JOpdYlKmWodiMkI2DodR74R1ez8ISyoNmTu', '/responses', 0, 0, 0, 0, 0, 32, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('3b102bb5-585c-4061-b602-192489a6944e', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'nothing', 'nothing', '', 0, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:28.623', '2026-11-29 17:04:28.623', '', '0dbc74ff-6597-4f96-9f3e-88a6f43007d0', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('db545192-f851-4fd9-9642-f448b68dfea8', 'User-Agent: beside', '2026-11-29', 'ee54562913dac4af1dece151fbf7ddb29275ac2b12c6c9e3a3fa84ab68e50204', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:28.623', '2026-11-29 17:04:28.623', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 11, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('f813ef36-d457-46b5-a8d8-7d113ae34497', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', '', '', '', 0, 0, 0, 0, 0, 2, 0, 2, '2026-11-29 17:04:28.623', '2026-11-29 17:04:30.656', '', '1136d3cf-f5a8-4b37-8603-4399f544109d', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('95c8350a-a42c-47bb-83be-6d66b2e667ca', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'hosted_vllm/slow', 'open/slow', 'hosted_vllm', 8, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:32.595', '2026-11-29 17:04:32.595', '', 'ee8b8d16-a74d-42c0-844d-c3a923a9608d', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('f53373a4-9cdb-4755-bebc-62e519259a87', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/fails-429', 'fails-429', 'openai', 8, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:30.656', '2026-11-29 17:04:30.656', '', 'cd094e2b-f359-4f4c-9b41-75d6764ffbc1', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('f0dc15fc-e19a-4a2c-b9fe-bf1eaedb0e09', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/fails-503', 'fails-503', 'openai', 8, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:30.656', '2026-11-29 17:04:30.656', '', '0daa92e1-4b68-4e2c-897c-d4afc8d460ae', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('a79901d8-ede0-4dd5-ad25-8acba7b1a7e4', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/garbage', 'garbage', 'openai', 8, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:30.656', '2026-11-29 17:04:30.656', '', '5e9a58ea-1e1d-47de-8df2-4df0b4559f68', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('76a6269b-a07d-4329-a409-b94a6576eb00', 'User-Agent: beside', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/too-long', 'too-long', 'openai', 8, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:30.656', '2026-11-29 17:04:30.656', '', 'cd6e54dc-e4c6-41a1-ba91-c15fe590a14d', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('2da59a48-0431-48f9-a3cf-74206db0c3f5', 'User-Agent: beside', '2026-11-29', '05c17ac446a57646a6b70123d04b3b71c4f83ecd9e0ac63a598c749032c9acaa', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:36.611', '2026-11-29 17:04:36.611', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 7, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('fcc81f0e-e4cc-4483-b624-6224e5850889', 'User-Agent: beside', '2026-11-29', '30cf62a59aec60a206d0ce91983d5afb5b89d5899b109ed043c24470e32a85bc', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:36.611', '2026-11-29 17:04:36.611', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 16, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('e9a67ab7-ed65-47b5-b4e5-511280100bb0', 'User-Agent: beside', '2026-11-29', '78a59616e1ef37744bddd8b125f5c2022a9486956f351efabd2b8e2412e03e0d', 'openai/paid', 'paid', 'openai', 10, 5, 0, 0, 6e-05, 1, 1, 0, '2026-11-29 17:04:42.587', '2026-11-29 17:04:42.587', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 8, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('95890df7-96f1-4118-85c1-b44da83831ec', 'User-Agent: beside', '2026-11-29', '2252b8ee7c59c02b58b1c378e5ee6f12212356197bac1464791e695ff99000af', 'openai/paid', 'paid', 'openai', 10, 5, 0, 0, 6e-05, 1, 1, 0, '2026-11-29 17:04:50.615', '2026-11-29 17:04:50.615', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 14, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('1e2c7ece-ebdd-4034-ad15-5964a501efd5', 'User-Agent: beside', '2026-11-29', 'fa8aeb0501fa8a6f6510cc6fa0ec5ff5ac7351a651fcded6f756aece9da55473', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:50.615', '2026-11-29 17:04:50.615', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 15, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('da3ba0c7-1132-43fd-a29e-d4a1cc2b9907', 'User-Agent: beside', '2026-11-29', 'fa8aeb0501fa8a6f6510cc6fa0ec5ff5ac7351a651fcded6f756aece9da55473', 'openai/paid', 'paid', 'openai', 10, 5, 0, 0, 6e-05, 1, 1, 0, '2026-11-29 17:04:50.615', '2026-11-29 17:04:50.615', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 10, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('18eb1c8c-1c39-43bd-8753-aa93c4d55c7b', 'gold', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/paid', 'paid', 'openai', 10, 5, 0, 0, 6e-05, 1, 1, 0, '2026-11-29 17:05:14.594', '2026-11-29 17:05:14.594', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 23, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('f4672987-4961-4664-a0d0-d5a915ad913c', 'litellm-internal-health-check', '2026-11-29', 'litellm-internal-health-check', 'local', '', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:05:28.6', '2026-11-29 17:05:28.6', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 13, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('8635abeb-fcc6-49c5-8e0e-50c98ade2930', 'User-Agent: beside', '2026-11-29', '2d4015cb33858f37fd2d86293fe1c41273574674cbc100952a98d4a7e5afc999', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 2, 1, 1, '2026-11-29 17:05:32.835', '2026-11-29 17:05:32.835', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 16, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('18e97de8-82b2-4764-a714-e5e1e3ea912e', 'User-Agent: beside', '2026-11-29', 'f1f201e77a0708244259ef3c013ed89e65969cbf4337103e6d393c503f46cf0f', 'openai/paid', 'paid', 'openai', 10, 5, 0, 0, 6e-05, 1, 1, 0, '2026-11-29 17:05:34.588', '2026-11-29 17:05:34.588', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 236, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('ce15092c-d815-426a-806f-f34fb125b46c', 'User-Agent: beside', '2026-11-29', 'df021296696ca895986429013c0d757ebcbefb14465ab86fc9ac58df757848e7', 'openai/paid', 'paid', 'openai', 10, 5, 0, 0, 6e-05, 1, 1, 0, '2026-11-29 17:05:38.593', '2026-11-29 17:05:38.593', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 11, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('8561c01d-7979-41a1-9769-ad8d707eaed5', 'User-Agent: beside', '2026-11-29', 'f1f201e77a0708244259ef3c013ed89e65969cbf4337103e6d393c503f46cf0f', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:05:38.593', '2026-11-29 17:05:38.593', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 6, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('5a0ce8c9-a316-4c75-ba0d-8112f544e23b', 'User-Agent: beside', '2026-11-29', 'df021296696ca895986429013c0d757ebcbefb14465ab86fc9ac58df757848e7', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:05:42.6', '2026-11-29 17:05:42.6', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 9, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('84be3291-0940-4a1b-8153-534e144debc1', 'poor-tag', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/paid', 'paid', 'openai', 10, 5, 0, 0, 6e-05, 1, 1, 0, '2026-11-29 17:05:42.6', '2026-11-29 17:05:42.6', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 12, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('cef344de-1554-42a7-8aac-7763eda01d3b', 'User-Agent: beside', '2026-11-29', '1332613bea021f151e9a8802c9dec958b10eaf6bdfb35e38a0eadd825b424ae3', 'openai/local', 'local', 'openai', 0, 0, 0, 0, 0, 2, 0, 2, '2026-11-29 17:05:50.631', '2026-11-29 17:05:50.631', '', 'f2c849ca-d833-4621-82e6-a60cef0296cb', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);

INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('35c10070-3ebd-47f4-b1a6-b6547612d5b7', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'hosted_vllm/thing', 'open/thing', 'hosted_vllm', 10, 5, 0, 1, 1, 0, '2026-11-29 17:04:15.375', '2026-11-29 17:04:15.375', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 16, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('c8e331d8-3883-459e-978b-b48495132c76', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/pool-b', 'pool', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:04:15.375', '2026-11-29 17:04:15.375', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 13, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('5064c789-33d8-4245-87f6-fa5f34d203a5', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/unpriced', 'unpriced', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:04:15.375', '2026-11-29 17:04:15.375', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 20, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('de26da79-d52e-42f4-893b-871272683657', '', '2026-11-29', 'litellm_proxy_master_key', 'openai/local', 'local', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:04:15.375', '2026-11-29 17:04:15.375', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 34, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('9a0871ae-ece3-44d3-892d-3886d353d0ae', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/cut', 'cut', 'openai', 16, 3, 0, 2, 0, 2, '2026-11-29 17:04:21.94', '2026-11-29 17:04:30.916', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('c0a54225-bb68-4a83-a4e0-fdf6305c9481', '', '2026-11-29', '', '', '', '', 0, 0, 0, 4, 0, 4, '2026-11-29 17:04:15.375', '2026-11-29 17:04:25.147', 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('decfbc37-e9cf-4de6-aaa5-4f35416e81a2', '', '2026-11-29', '', 'openai/local', 'local', 'openai', 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:25.147', '2026-11-29 17:04:25.147', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('5defcb27-3c84-4c7d-8adf-ff3e2dfcd10e', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'hosted_vllm/Qwen/Qwen3', 'vllm', 'hosted_vllm', 20, 10, 0, 2, 2, 0, '2026-11-29 17:04:15.375', '2026-11-29 17:04:21.94', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 31, 2);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('4f5db37a-9243-4f27-be4b-0e79850e5b98', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'hosted_vllm/Qwen/Qwen3', 'vllm', 'hosted_vllm', 10, 5, 0, 1, 1, 0, '2026-11-29 17:04:21.94', '2026-11-29 17:04:21.94', 0, 0, '', '/completions', 0, 0, 0, 0, 0, 0, 23, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('ed54e9fe-5cab-49ed-a9a6-817c25b95851', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'ollama_chat/llama3.2:3b', 'ollama', 'ollama_chat', 30, 15, 0, 3, 3, 0, '2026-11-29 17:04:15.375', '2026-11-29 17:04:21.94', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 86, 3);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('e792590e-4645-4637-a195-df5a9b76add7', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', 340, 170, 0, 36, 34, 2, '2026-11-29 17:04:15.375', '2026-11-29 17:05:12.672', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 1359, 34);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('7988d518-a12a-4291-af2a-24c05ef37ff8', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'text-completion-openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:04:21.94', '2026-11-29 17:04:21.94', 0, 0, '', '/completions', 0, 0, 0, 0, 0, 0, 30, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('746ff702-a41c-44ca-ab1c-5da1656186dc', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/mocked', 'mocked', 'openai', 18, 25, 0, 2, 2, 0, '2026-11-29 17:04:15.375', '2026-11-29 17:04:21.94', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 19, 2);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('81d8485d-cbcc-4795-a69e-3b20f424e4f3', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/paid', 'paid', 'openai', 80, 40, 0.00048, 10, 8, 2, '2026-11-29 17:04:15.375', '2026-11-29 17:05:45.631', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 157, 8);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('723c7d41-4b1b-4927-9104-ff581fc52437', '', '2026-11-29', '0e9d220616f08345a714ee57d8516310770588484b5239844635f952965e34a6', '', '', '', 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:25.147', '2026-11-29 17:04:25.147', 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('c096b57e-44ca-4595-85f7-248ed1658e17', '', '2026-11-29', '2ab06cfadcdcc1bb1a1ff9edefb028084a837b3ed7b95f97e602b960ee127471', 'openai/local', 'local', 'openai', 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:25.147', '2026-11-29 17:04:25.147', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('80d4b717-cf0f-4b79-b394-b74f60f9cb30', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'hosted_vllm/Qwen/Qwen3', 'vllm', 'hosted_vllm', 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:25.147', '2026-11-29 17:04:25.147', 0, 0, '', '/rerank', 0, 0, 0, 0, 0, 0, 11, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('ab077ea6-abf7-453f-a60b-114f0ee4caf2', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'nothing', 'nothing', '', 0, 0, 0, 2, 0, 2, '2026-11-29 17:04:21.94', '2026-11-29 17:04:25.147', 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('d1f72d29-68d5-4ae5-af56-ef3bc016f3bf', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'nothing', 'nothing', '', 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:25.147', '2026-11-29 17:04:25.147', 0, 0, '', '/embeddings', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('05ec5695-60d3-44fa-b4ee-0efafc05c708', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'nothing', 'nothing', '', 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:25.147', '2026-11-29 17:04:25.147', 0, 0, '', '/responses', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('72be970c-6024-401a-93cc-8cec1e130a47', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/fails-500', 'falls', 'openai', 32, 0, 0, 4, 0, 4, '2026-11-29 17:04:17.671', '2026-11-29 17:04:29.264', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('316b2486-70e0-4bbb-a96a-2e6bff971a15', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/paid', 'paid', 'text-completion-openai', 10, 5, 6e-05, 1, 1, 0, '2026-11-29 17:04:21.94', '2026-11-29 17:04:21.94', 0, 0, '', '/completions', 0, 0, 0, 0, 0, 0, 21, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('426b53ab-068b-45f8-8168-bf45df992953', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/tools', 'tools', 'openai', 20, 10, 0, 2, 2, 0, '2026-11-29 17:04:15.375', '2026-11-29 17:04:21.94', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 30, 2);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('3d7b7675-720d-47b6-a4e8-da560b4c7985', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'text-completion-openai/text', 'text', 'text-completion-openai', 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:21.94', '2026-11-29 17:04:21.94', 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('91c18e11-5c47-44df-bf16-a1f1d0f0d533', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'text-completion-openai/text', 'text', 'text-completion-openai', 50, 25, 0, 6, 6, 0, '2026-11-29 17:04:21.94', '2026-11-29 17:04:21.94', 0, 0, '', '/completions', 0, 0, 0, 0, 0, 0, 135, 6);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('16218662-ae81-4a1e-bd8c-2343bef3e2ab', '', '2026-11-29', '429d185c5c28858ebdce66bd81dc739678ecce84490a808b2912b6044eac4a82', 'openai/local', 'local', 'openai', 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:34.65', '2026-11-29 17:04:34.65', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('98fa658f-47fc-4109-987b-d8c10d99e71b', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/embed', 'embed', 'openai', 70, 0, 7.000000000000001e-05, 8, 7, 1, '2026-11-29 17:04:21.94', '2026-11-29 17:04:25.147', 0, 0, '', '/embeddings', 0, 0, 0, 0, 0, 0, 114, 7);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('3a74c0e5-fd88-4067-9636-f157f4f0ae98', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', 20, 10, 0, 2, 2, 0, '2026-11-29 17:04:25.147', '2026-11-29 17:04:25.147', 0, 0, '', '', 0, 0, 0, 0, 0, 0, 56, 2);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('af698b74-8029-4e35-86a5-9012151e96ce', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:25.147', '2026-11-29 17:04:25.147', 0, 0, '', '/audio/speech', 0, 0, 0, 0, 0, 0, 13, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('4f846719-9b41-4632-a940-0249f6be297d', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:04:25.147', '2026-11-29 17:04:25.147', 0, 0, '', '/image/generations', 0, 0, 0, 0, 0, 0, 16, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('1eb13aea-74f4-4ea7-9234-3aed9c1a54b5', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', 0, 0, 0, 1, 1, 0, '2026-11-29 17:04:25.147', '2026-11-29 17:04:25.147', 0, 0, '', '/moderations', 0, 0, 0, 0, 0, 0, 31, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('6d8dd5eb-0af3-486f-bc5a-5d13b8ba7c38', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', 30, 15, 0, 3, 3, 0, '2026-11-29 17:04:25.147', '2026-11-29 17:04:25.147', 0, 0, '', '/responses', 0, 0, 0, 0, 0, 0, 511, 3);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('6c47505d-69c7-4de3-9e9c-b6c1e0831ed8', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/paid', 'paid', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:04:25.147', '2026-11-29 17:04:25.147', 0, 0, '', '', 0, 0, 0, 0, 0, 0, 3, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('4d5742d7-ef57-4822-bd22-5cc059984b77', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/paid', 'paid', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:04:25.147', '2026-11-29 17:04:25.147', 0, 0, '', '/responses', 0, 0, 0, 0, 0, 0, 32, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('510a413c-1efb-4b1e-b1c8-11adb6ea3562', '', '2026-11-29', '999aaa8645bb72ff599e143b1e3d2a94777127f4783a69f067251f7bbebc5ab6', 'openai/local', 'local', 'openai', 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:25.147', '2026-11-29 17:04:25.147', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('344d82c6-3194-4743-b830-dc5465031361', '', '2026-11-29', 'a4a9a28d043afd4cd05dc73298cb2f2480b5fb5a97f0d20ca9df379306fe0bee', 'openai/local', 'local', 'openai', 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:25.147', '2026-11-29 17:04:25.147', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('9e9e12e1-62da-4ef7-ab01-0092f6ec4008', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'hosted_vllm/slow', 'open/slow', 'hosted_vllm', 8, 0, 0, 1, 0, 1, '2026-11-29 17:04:32.214', '2026-11-29 17:04:32.214', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('6b3417e8-19b9-4dd3-b3e0-d3025f81f676', '', '2026-11-29', '7fc69a58a3eb6959c187c1ecb46e1bfb05c9977545a1866284617858edd62ebd', 'openai/paid', 'paid', 'openai', 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:29.264', '2026-11-29 17:04:29.264', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('8bc05cd5-9a1b-424f-9289-e234a8bfa4aa', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', '', '', '', 0, 0, 0, 3, 0, 3, '2026-11-29 17:04:29.264', '2026-11-29 17:04:29.264', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('fe4a4464-ba2f-472a-8256-92ed539bd015', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'nothing', 'nothing', '', 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:29.264', '2026-11-29 17:04:29.264', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('b6274fc5-c824-4afd-b704-6f9e8ca683ea', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/fails-400', 'fails-400', 'openai', 8, 0, 0, 1, 0, 1, '2026-11-29 17:04:29.264', '2026-11-29 17:04:29.264', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('80f614e6-c8f6-4cb4-a601-dc965822d35d', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/fails-401', 'fails-401', 'openai', 8, 0, 0, 1, 0, 1, '2026-11-29 17:04:29.264', '2026-11-29 17:04:29.264', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('b09baf05-ae3d-4a03-bd0d-6bd3fdb87864', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/fails-404', 'fails-404', 'openai', 8, 0, 0, 1, 0, 1, '2026-11-29 17:04:29.264', '2026-11-29 17:04:29.264', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('095226ae-9dc5-4e76-9848-95682ef91c78', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/fails-429', 'fails-429', 'openai', 8, 0, 0, 1, 0, 1, '2026-11-29 17:04:29.264', '2026-11-29 17:04:29.264', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('f598a0a5-b5e8-4a9f-b2ac-1a3de14632ee', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/fails-503', 'fails-503', 'openai', 8, 0, 0, 1, 0, 1, '2026-11-29 17:04:29.264', '2026-11-29 17:04:29.264', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('a863e97d-ab2a-4e9d-9e5a-9713fb0c6a90', '', '2026-11-29', 'ee54562913dac4af1dece151fbf7ddb29275ac2b12c6c9e3a3fa84ab68e50204', 'openai/local', 'local', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:04:29.264', '2026-11-29 17:04:29.264', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 11, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('8a14588c-139c-45e6-921b-d0a3a2c0edcb', '', '2026-11-29', 'ee54562913dac4af1dece151fbf7ddb29275ac2b12c6c9e3a3fa84ab68e50204', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, 2, 1, 1, '2026-11-29 17:04:12.929', '2026-11-29 17:04:29.264', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 114, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('4b50752d-829a-4ac4-9c4a-47761d20480e', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/dead', 'dead', 'openai', 8, 0, 0, 1, 0, 1, '2026-11-29 17:04:30.916', '2026-11-29 17:04:30.916', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('2c543c10-25b3-449c-92cc-fe4ca0f99ead', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/garbage', 'garbage', 'openai', 8, 0, 0, 1, 0, 1, '2026-11-29 17:04:30.916', '2026-11-29 17:04:30.916', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('01cd309f-e65b-46e1-a419-448e88e293e4', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/too-long', 'too-long', 'openai', 8, 0, 0, 1, 0, 1, '2026-11-29 17:04:30.916', '2026-11-29 17:04:30.916', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('8f3104ab-4f4d-4599-9bf7-95933c98033a', '', '2026-11-29', '05c17ac446a57646a6b70123d04b3b71c4f83ecd9e0ac63a598c749032c9acaa', 'openai/local', 'local', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:04:37.495', '2026-11-29 17:04:37.495', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 7, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('d92d05c8-18f5-41e4-9076-476659aa6760', '', '2026-11-29', '05c17ac446a57646a6b70123d04b3b71c4f83ecd9e0ac63a598c749032c9acaa', 'openai/paid', 'paid', 'openai', 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:37.495', '2026-11-29 17:04:37.495', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('c6290209-f427-4a7d-85d4-722d872c4b44', '', '2026-11-29', '30cf62a59aec60a206d0ce91983d5afb5b89d5899b109ed043c24470e32a85bc', 'openai/local', 'local', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:04:37.495', '2026-11-29 17:04:37.495', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 16, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('15a48252-cc1c-40d8-947d-d929efc8da9c', '', '2026-11-29', '78a59616e1ef37744bddd8b125f5c2022a9486956f351efabd2b8e2412e03e0d', '', '', '', 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:39.9', '2026-11-29 17:04:39.9', 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('4dd3c09c-ab85-4464-bdee-5499dc3bcbe3', '', '2026-11-29', '78a59616e1ef37744bddd8b125f5c2022a9486956f351efabd2b8e2412e03e0d', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, 1, 1, 0, '2026-11-29 17:04:41.708', '2026-11-29 17:04:41.708', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 8, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('0986ec2d-3802-428a-b474-f6f544b71c99', 'red', '2026-11-29', '2252b8ee7c59c02b58b1c378e5ee6f12212356197bac1464791e695ff99000af', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, 1, 1, 0, '2026-11-29 17:04:50.799', '2026-11-29 17:04:50.799', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 14, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('1207841f-445b-4879-946d-b828b188f47d', 'red', '2026-11-29', 'fa8aeb0501fa8a6f6510cc6fa0ec5ff5ac7351a651fcded6f756aece9da55473', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, 1, 1, 0, '2026-11-29 17:04:50.799', '2026-11-29 17:04:50.799', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 10, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('b0c3724a-2d7d-4c50-807b-99143367c707', 'red', '2026-11-29', 'fa8aeb0501fa8a6f6510cc6fa0ec5ff5ac7351a651fcded6f756aece9da55473', 'openai/unpriced', 'unpriced', 'openai', 0, 0, 0, 1, 0, 1, '2026-11-29 17:04:50.799', '2026-11-29 17:04:50.799', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('4f76a1c8-239f-4bd2-ace4-54b12c18dda3', 'red', '2026-11-29', 'fa8aeb0501fa8a6f6510cc6fa0ec5ff5ac7351a651fcded6f756aece9da55473', 'openai/local', 'local', 'openai', 10, 5, 0, 2, 1, 1, '2026-11-29 17:04:50.799', '2026-11-29 17:04:57.317', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 15, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('53b49279-bab4-4480-8e49-e2c213845d46', 'litellm-internal-health-check', '2026-11-29', 'litellm-internal-health-check', 'local', '', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:05:27.883', '2026-11-29 17:05:27.883', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 13, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('253dd71d-ab4c-4da5-a269-7d84f3c9da40', '', '2026-11-29', '2d4015cb33858f37fd2d86293fe1c41273574674cbc100952a98d4a7e5afc999', 'openai/local', 'local', 'openai', 10, 5, 0, 2, 1, 1, '2026-11-29 17:05:33.151', '2026-11-29 17:05:33.151', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 16, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('a7939172-70c8-46d7-837e-ea02d3c0756a', 'poor', '2026-11-29', 'f1f201e77a0708244259ef3c013ed89e65969cbf4337103e6d393c503f46cf0f', 'openai/local', 'local', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:05:37.697', '2026-11-29 17:05:37.697', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 6, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('195b32f9-0fbf-4db2-a51a-cf7b9ed8670c', 'poor', '2026-11-29', 'f1f201e77a0708244259ef3c013ed89e65969cbf4337103e6d393c503f46cf0f', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, 2, 1, 1, '2026-11-29 17:05:33.151', '2026-11-29 17:05:37.697', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 236, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('cecdb532-c009-47a1-b4e9-770d71686917', '', '2026-11-29', 'df021296696ca895986429013c0d757ebcbefb14465ab86fc9ac58df757848e7', 'openai/local', 'local', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:05:41.707', '2026-11-29 17:05:41.707', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 9, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('593d9541-9b45-4b61-9ee0-8e9ec2c14868', '', '2026-11-29', 'df021296696ca895986429013c0d757ebcbefb14465ab86fc9ac58df757848e7', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, 2, 1, 1, '2026-11-29 17:05:37.697', '2026-11-29 17:05:41.707', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 11, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('ecf11cf7-4f1c-43c6-a86f-b72bbdd31b02', '', '2026-11-29', '1332613bea021f151e9a8802c9dec958b10eaf6bdfb35e38a0eadd825b424ae3', 'openai/local', 'local', 'openai', 0, 0, 0, 2, 0, 2, '2026-11-29 17:05:49.922', '2026-11-29 17:05:49.922', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('7238ea10-8ecf-454b-b89b-a1974cc1fcf6', '', '2026-11-29', 'ae744a158f8c576f59f1f56712ae8f3983a6e3b12cd27791ef4524fa66922fc4', 'openai/local', 'local', 'openai', 0, 0, 0, 1, 0, 1, '2026-11-29 17:05:49.922', '2026-11-29 17:05:49.922', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('6ef7aed1-99cd-4446-bda9-341d5f21667a', '', '2026-11-29', '26b9d1994321135e5d5e206655e732f8446cba793208d7eb9c40fc1f14510d9a', '', '', '', 0, 0, 0, 1, 0, 1, '2026-11-29 17:05:50.772', '2026-11-29 17:05:50.772', 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('be126505-4b8c-4776-a5f7-8c2260378062', '', '2026-11-29', 'f08c461aa3f88746a8b4fa43eef76a6b11a2da76182ae91f0508dfd19f1621f5', '', '', '', 0, 0, 0, 1, 0, 1, '2026-11-29 17:05:50.772', '2026-11-29 17:05:50.772', 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0, 0);

INSERT INTO public."LiteLLM_DailyToolSpend" VALUES ('2026-11-29', 'get_weather', 0, 30, 2, '2026-11-29 17:04:16.054', '2026-11-29 17:04:23.128');

INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('cba5f557-572a-41a3-9b7c-a845a9e9a4c8', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/unpriced', 'unpriced', 'openai', 10, 5, 0, '2026-11-29 17:04:14.444', '2026-11-29 17:04:14.444', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 20, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('eb00c28b-1503-42c6-bd6c-5e35a651fa8d', 'default_user_id', '2026-11-29', 'litellm_proxy_master_key', 'openai/local', 'local', 'openai', 10, 5, 0, '2026-11-29 17:04:14.444', '2026-11-29 17:04:14.444', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 34, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('631905a9-cb1f-4801-ba0a-5ae91d87e0fe', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'hosted_vllm/thing', 'open/thing', 'hosted_vllm', 10, 5, 0, '2026-11-29 17:04:17.64', '2026-11-29 17:04:17.64', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 16, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('e4d01b8a-e319-4c11-9fae-c912397c7b41', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/cut', 'cut', 'openai', 16, 3, 0, '2026-11-29 17:04:21.832', '2026-11-29 17:04:30.831', 2, 2, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('ae45f362-ef6c-4af1-a8ad-4f3b868f18e2', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/pool-b', 'pool', 'openai', 10, 5, 0, '2026-11-29 17:04:17.64', '2026-11-29 17:04:17.64', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 13, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('feb5d374-ecd3-475d-8060-a0b637ec8ebd', '', '2026-11-29', '', '', '', '', 0, 0, 0, '2026-11-29 17:04:14.444', '2026-11-29 17:04:25.039', 4, 4, 0, 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('f1ffae63-d90b-42e8-8af2-897ebc15218b', '', '2026-11-29', '', 'openai/local', 'local', 'openai', 0, 0, 0, '2026-11-29 17:04:25.039', '2026-11-29 17:04:25.039', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('ba6d9862-a601-4a85-a99c-4cf524b0bd56', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'hosted_vllm/Qwen/Qwen3', 'vllm', 'hosted_vllm', 20, 10, 0, '2026-11-29 17:04:14.444', '2026-11-29 17:04:21.832', 2, 0, 2, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 31, 2);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('8bb98d94-efde-4d80-b6c4-3a31bc6b35bd', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'hosted_vllm/Qwen/Qwen3', 'vllm', 'hosted_vllm', 10, 5, 0, '2026-11-29 17:04:21.832', '2026-11-29 17:04:21.832', 1, 0, 1, 0, 0, '', '/completions', 0, 0, 0, 0, 0, 23, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('1e1318e2-441c-44f8-adfe-03d182199074', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'ollama_chat/llama3.2:3b', 'ollama', 'ollama_chat', 30, 15, 0, '2026-11-29 17:04:14.444', '2026-11-29 17:04:21.832', 3, 0, 3, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 86, 3);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('4edabb35-a445-40d6-a378-9ac8f9fdd934', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', 340, 170, 0, '2026-11-29 17:04:14.444', '2026-11-29 17:05:12.653', 36, 2, 34, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 1359, 34);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('33efd7e6-9fea-4c8f-a20e-2822041ecab4', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'text-completion-openai', 10, 5, 0, '2026-11-29 17:04:21.832', '2026-11-29 17:04:21.832', 1, 0, 1, 0, 0, '', '/completions', 0, 0, 0, 0, 0, 30, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('ecc8e95e-a839-4645-885a-ed391b5af36e', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/mocked', 'mocked', 'openai', 18, 25, 0, '2026-11-29 17:04:14.444', '2026-11-29 17:04:21.832', 2, 0, 2, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 19, 2);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('6a48a6b5-0b3b-44b3-aac8-02d9e8839b3d', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/paid', 'paid', 'openai', 80, 40, 0.00048, '2026-11-29 17:04:14.444', '2026-11-29 17:05:45.616', 10, 2, 8, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 157, 8);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('4af570c4-cb93-4f77-9f98-1165439a06ec', '', '2026-11-29', '0e9d220616f08345a714ee57d8516310770588484b5239844635f952965e34a6', '', '', '', 0, 0, 0, '2026-11-29 17:04:25.039', '2026-11-29 17:04:25.039', 1, 1, 0, 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('078620e5-545d-4db1-b8bf-3e36520ca6a4', '', '2026-11-29', '2ab06cfadcdcc1bb1a1ff9edefb028084a837b3ed7b95f97e602b960ee127471', 'openai/local', 'local', 'openai', 0, 0, 0, '2026-11-29 17:04:25.039', '2026-11-29 17:04:25.039', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('c1ea421d-077d-4fd5-adf7-e16a51597b48', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'hosted_vllm/Qwen/Qwen3', 'vllm', 'hosted_vllm', 0, 0, 0, '2026-11-29 17:04:25.039', '2026-11-29 17:04:25.039', 1, 0, 1, 0, 0, '', '/rerank', 0, 0, 0, 0, 0, 11, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('c7443025-1f57-4285-9c41-ecd0da210e27', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'nothing', 'nothing', '', 0, 0, 0, '2026-11-29 17:04:21.832', '2026-11-29 17:04:25.039', 2, 2, 0, 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('139985c6-e2a5-481a-ba26-e3a0c2e5d678', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'nothing', 'nothing', '', 0, 0, 0, '2026-11-29 17:04:25.039', '2026-11-29 17:04:25.039', 1, 1, 0, 0, 0, '', '/embeddings', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('a8bd61eb-b7bb-41b6-9d6c-7f84b6b4cc84', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'nothing', 'nothing', '', 0, 0, 0, '2026-11-29 17:04:25.039', '2026-11-29 17:04:25.039', 1, 1, 0, 0, 0, '', '/responses', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('f1685c84-0b90-4e46-a719-fbcc34b9176e', '', '2026-11-29', 'ee54562913dac4af1dece151fbf7ddb29275ac2b12c6c9e3a3fa84ab68e50204', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, '2026-11-29 17:04:12.516', '2026-11-29 17:04:29.016', 2, 1, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 114, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('acac1e7e-5543-4fa6-9b77-a4e642bdabfe', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/fails-500', 'falls', 'openai', 32, 0, 0, '2026-11-29 17:04:17.64', '2026-11-29 17:04:30.831', 4, 4, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('e0576663-5a54-4b1b-9e0c-f0de1da6b140', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/paid', 'paid', 'text-completion-openai', 10, 5, 6e-05, '2026-11-29 17:04:21.832', '2026-11-29 17:04:21.832', 1, 0, 1, 0, 0, '', '/completions', 0, 0, 0, 0, 0, 21, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('0cf0e495-e00a-437d-b68c-cbde78dfc293', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/tools', 'tools', 'openai', 20, 10, 0, '2026-11-29 17:04:14.444', '2026-11-29 17:04:21.832', 2, 0, 2, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 30, 2);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('5a01626f-1520-466c-a66a-d23c5d92c5ef', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'text-completion-openai/text', 'text', 'text-completion-openai', 0, 0, 0, '2026-11-29 17:04:21.832', '2026-11-29 17:04:21.832', 1, 1, 0, 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('012cf916-7cbf-4e0d-9a90-9b65a79372f0', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'text-completion-openai/text', 'text', 'text-completion-openai', 50, 25, 0, '2026-11-29 17:04:21.832', '2026-11-29 17:04:21.832', 6, 0, 6, 0, 0, '', '/completions', 0, 0, 0, 0, 0, 135, 6);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('9eeaa604-6509-4027-bc90-422436f025b9', '', '2026-11-29', '429d185c5c28858ebdce66bd81dc739678ecce84490a808b2912b6044eac4a82', 'openai/local', 'local', 'openai', 0, 0, 0, '2026-11-29 17:04:34.627', '2026-11-29 17:04:34.627', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('7843b5a0-9db9-45b5-8416-1064c343d195', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/embed', 'embed', 'openai', 70, 0, 7e-05, '2026-11-29 17:04:21.832', '2026-11-29 17:04:25.039', 8, 1, 7, 0, 0, '', '/embeddings', 0, 0, 0, 0, 0, 114, 7);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('926c96a0-dfac-410e-92c4-81ce041cd489', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', 20, 10, 0, '2026-11-29 17:04:25.039', '2026-11-29 17:04:25.039', 2, 0, 2, 0, 0, '', '', 0, 0, 0, 0, 0, 56, 2);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('88681831-321e-4cb5-b16c-55e145f1335e', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', 0, 0, 0, '2026-11-29 17:04:25.039', '2026-11-29 17:04:25.039', 1, 0, 1, 0, 0, '', '/audio/speech', 0, 0, 0, 0, 0, 13, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('81a5c7cc-0bda-4da1-b15a-d97821a7dfe2', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', 10, 5, 0, '2026-11-29 17:04:25.039', '2026-11-29 17:04:25.039', 1, 0, 1, 0, 0, '', '/image/generations', 0, 0, 0, 0, 0, 16, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('c4e4d4ea-39c7-42a3-ae56-38c5de56363c', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', 0, 0, 0, '2026-11-29 17:04:25.039', '2026-11-29 17:04:25.039', 1, 0, 1, 0, 0, '', '/moderations', 0, 0, 0, 0, 0, 31, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('ede97139-4f8a-4afc-8492-1da81f506721', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/local', 'local', 'openai', 30, 15, 0, '2026-11-29 17:04:25.039', '2026-11-29 17:04:25.039', 3, 0, 3, 0, 0, '', '/responses', 0, 0, 0, 0, 0, 511, 3);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('59162305-0741-4475-9e4a-8e94f664663a', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/paid', 'paid', 'openai', 10, 5, 0, '2026-11-29 17:04:25.039', '2026-11-29 17:04:25.039', 1, 0, 1, 0, 0, '', '', 0, 0, 0, 0, 0, 3, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('0c69ae2f-5fb3-4ebe-bf10-4827afebbc2f', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/paid', 'paid', 'openai', 10, 5, 0, '2026-11-29 17:04:25.039', '2026-11-29 17:04:25.039', 1, 0, 1, 0, 0, '', '/responses', 0, 0, 0, 0, 0, 32, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('ef23f45f-7199-477d-800b-c77a1202142b', '', '2026-11-29', '999aaa8645bb72ff599e143b1e3d2a94777127f4783a69f067251f7bbebc5ab6', 'openai/local', 'local', 'openai', 0, 0, 0, '2026-11-29 17:04:25.039', '2026-11-29 17:04:25.039', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('6a84038b-9683-46c3-98eb-164e3a56e051', '', '2026-11-29', 'a4a9a28d043afd4cd05dc73298cb2f2480b5fb5a97f0d20ca9df379306fe0bee', 'openai/local', 'local', 'openai', 0, 0, 0, '2026-11-29 17:04:25.039', '2026-11-29 17:04:25.039', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('7032b01d-1e7e-4812-8dfa-dc653d592b3f', '', '2026-11-29', '7fc69a58a3eb6959c187c1ecb46e1bfb05c9977545a1866284617858edd62ebd', 'openai/paid', 'paid', 'openai', 0, 0, 0, '2026-11-29 17:04:29.016', '2026-11-29 17:04:29.016', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('0568ec40-38c2-4be5-b452-927eeeabd517', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', '', '', '', 0, 0, 0, '2026-11-29 17:04:29.016', '2026-11-29 17:04:29.016', 3, 3, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('502cb64d-1f21-4d72-8899-4308395c3c9e', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'nothing', 'nothing', '', 0, 0, 0, '2026-11-29 17:04:29.016', '2026-11-29 17:04:29.016', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('23cddfb1-f251-474e-8ba8-a81a18ab0e41', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/fails-400', 'fails-400', 'openai', 8, 0, 0, '2026-11-29 17:04:29.016', '2026-11-29 17:04:29.016', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('f96d48c2-acae-422e-ad2f-38ceaa75e0ce', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/fails-401', 'fails-401', 'openai', 8, 0, 0, '2026-11-29 17:04:29.016', '2026-11-29 17:04:29.016', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('f1cce793-df99-4cd9-b507-58217eac670f', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/fails-404', 'fails-404', 'openai', 8, 0, 0, '2026-11-29 17:04:29.016', '2026-11-29 17:04:29.016', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('46e85524-b058-4753-8e4c-eb6c63839549', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/fails-429', 'fails-429', 'openai', 8, 0, 0, '2026-11-29 17:04:29.016', '2026-11-29 17:04:29.016', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('dcbed23d-bbc0-4bc5-98b4-6a1ed234532e', '', '2026-11-29', 'ee54562913dac4af1dece151fbf7ddb29275ac2b12c6c9e3a3fa84ab68e50204', 'openai/local', 'local', 'openai', 10, 5, 0, '2026-11-29 17:04:29.016', '2026-11-29 17:04:29.016', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 11, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('dfff89e7-571b-4ea0-b8ef-debcdd3fc27f', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/dead', 'dead', 'openai', 8, 0, 0, '2026-11-29 17:04:30.831', '2026-11-29 17:04:30.831', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('12efdbec-7615-4119-8813-4281a7cb29fb', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/fails-503', 'fails-503', 'openai', 8, 0, 0, '2026-11-29 17:04:30.831', '2026-11-29 17:04:30.831', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('f570563b-9633-45e1-a4ba-ea83d443311d', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/garbage', 'garbage', 'openai', 8, 0, 0, '2026-11-29 17:04:30.831', '2026-11-29 17:04:30.831', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('4355b57c-3c6d-4f7f-917d-d8d1c958e329', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'openai/too-long', 'too-long', 'openai', 8, 0, 0, '2026-11-29 17:04:30.831', '2026-11-29 17:04:30.831', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('70e21935-e768-4b13-832c-b42b2806ab81', '', '2026-11-29', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'hosted_vllm/slow', 'open/slow', 'hosted_vllm', 8, 0, 0, '2026-11-29 17:04:32.166', '2026-11-29 17:04:32.166', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('42b44308-27dd-4103-bdef-8bfd5e8f3633', '', '2026-11-29', '05c17ac446a57646a6b70123d04b3b71c4f83ecd9e0ac63a598c749032c9acaa', 'openai/local', 'local', 'openai', 10, 5, 0, '2026-11-29 17:04:37.236', '2026-11-29 17:04:37.236', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 7, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('e8062475-ce24-4a5f-9698-af21a861fb63', '', '2026-11-29', '05c17ac446a57646a6b70123d04b3b71c4f83ecd9e0ac63a598c749032c9acaa', 'openai/paid', 'paid', 'openai', 0, 0, 0, '2026-11-29 17:04:37.236', '2026-11-29 17:04:37.236', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('91a66537-e352-4091-8360-828d8c730687', '', '2026-11-29', '30cf62a59aec60a206d0ce91983d5afb5b89d5899b109ed043c24470e32a85bc', 'openai/local', 'local', 'openai', 10, 5, 0, '2026-11-29 17:04:37.236', '2026-11-29 17:04:37.236', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 16, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('5bc2f966-e0c5-4942-a660-0730524d2a8e', 'ann', '2026-11-29', '78a59616e1ef37744bddd8b125f5c2022a9486956f351efabd2b8e2412e03e0d', '', '', '', 0, 0, 0, '2026-11-29 17:04:39.824', '2026-11-29 17:04:39.824', 1, 1, 0, 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('f09775e0-9ebe-4636-9673-9b518dab3513', 'ann', '2026-11-29', '78a59616e1ef37744bddd8b125f5c2022a9486956f351efabd2b8e2412e03e0d', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, '2026-11-29 17:04:41.695', '2026-11-29 17:04:41.695', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 8, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('c7b25f01-66dc-4169-90dd-70c432698ceb', '', '2026-11-29', 'fa8aeb0501fa8a6f6510cc6fa0ec5ff5ac7351a651fcded6f756aece9da55473', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, '2026-11-29 17:04:50.785', '2026-11-29 17:04:50.785', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 10, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('5e448fde-d145-4e54-a241-a90475fa1392', '', '2026-11-29', 'fa8aeb0501fa8a6f6510cc6fa0ec5ff5ac7351a651fcded6f756aece9da55473', 'openai/unpriced', 'unpriced', 'openai', 0, 0, 0, '2026-11-29 17:04:50.785', '2026-11-29 17:04:50.785', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('2f15845c-d799-4be7-ba75-66f99326d14b', 'bob', '2026-11-29', '2252b8ee7c59c02b58b1c378e5ee6f12212356197bac1464791e695ff99000af', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, '2026-11-29 17:04:50.785', '2026-11-29 17:04:50.785', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 14, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('142943e0-265c-40bb-82b1-0d54850c6132', '', '2026-11-29', 'fa8aeb0501fa8a6f6510cc6fa0ec5ff5ac7351a651fcded6f756aece9da55473', 'openai/local', 'local', 'openai', 10, 5, 0, '2026-11-29 17:04:50.785', '2026-11-29 17:04:57.084', 2, 1, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 15, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('9a6ea085-e743-43dc-9d9b-732ba280f72f', '', '2026-11-29', 'litellm-internal-health-check', 'local', '', 'openai', 10, 5, 0, '2026-11-29 17:05:27.862', '2026-11-29 17:05:27.862', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 13, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('ef0d3123-173e-4caf-8c3d-71a2169ad03c', '', '2026-11-29', '2d4015cb33858f37fd2d86293fe1c41273574674cbc100952a98d4a7e5afc999', 'openai/local', 'local', 'openai', 10, 5, 0, '2026-11-29 17:05:33.02', '2026-11-29 17:05:33.02', 2, 1, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 16, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('407f5468-1125-4779-adfc-ad78609434a5', '', '2026-11-29', 'f1f201e77a0708244259ef3c013ed89e65969cbf4337103e6d393c503f46cf0f', 'openai/local', 'local', 'openai', 10, 5, 0, '2026-11-29 17:05:37.682', '2026-11-29 17:05:37.682', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 6, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('493d5d78-00aa-4f09-9901-1a45ea574c5f', '', '2026-11-29', 'f1f201e77a0708244259ef3c013ed89e65969cbf4337103e6d393c503f46cf0f', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, '2026-11-29 17:05:33.02', '2026-11-29 17:05:37.682', 2, 1, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 236, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('3eb8bcfd-4468-4fd3-8e28-6da72a866838', 'poor-user', '2026-11-29', 'df021296696ca895986429013c0d757ebcbefb14465ab86fc9ac58df757848e7', 'openai/local', 'local', 'openai', 10, 5, 0, '2026-11-29 17:05:41.694', '2026-11-29 17:05:41.694', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 9, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('24937d7e-4d04-4e91-b4fb-dac8cd0b9de0', 'poor-user', '2026-11-29', 'df021296696ca895986429013c0d757ebcbefb14465ab86fc9ac58df757848e7', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, '2026-11-29 17:05:37.682', '2026-11-29 17:05:41.694', 2, 1, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 11, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('2e4bd17b-193f-4600-a9a7-637a2c3fcf91', '', '2026-11-29', '1332613bea021f151e9a8802c9dec958b10eaf6bdfb35e38a0eadd825b424ae3', 'openai/local', 'local', 'openai', 0, 0, 0, '2026-11-29 17:05:49.816', '2026-11-29 17:05:49.816', 2, 2, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('d269354d-3f29-435d-8e03-e706c6d2e1a0', '', '2026-11-29', 'ae744a158f8c576f59f1f56712ae8f3983a6e3b12cd27791ef4524fa66922fc4', 'openai/local', 'local', 'openai', 0, 0, 0, '2026-11-29 17:05:49.816', '2026-11-29 17:05:49.816', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('2a9da02d-a938-42e0-976a-d9e389e90b1f', '', '2026-11-29', '26b9d1994321135e5d5e206655e732f8446cba793208d7eb9c40fc1f14510d9a', '', '', '', 0, 0, 0, '2026-11-29 17:05:50.73', '2026-11-29 17:05:50.73', 1, 1, 0, 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('35f4acfb-baeb-42ce-88ea-0a57cbede8f1', '', '2026-11-29', 'f08c461aa3f88746a8b4fa43eef76a6b11a2da76182ae91f0508dfd19f1621f5', '', '', '', 0, 0, 0, '2026-11-29 17:05:50.73', '2026-11-29 17:05:50.73', 1, 1, 0, 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0);

INSERT INTO public."LiteLLM_DeletedTeamTable" VALUES ('b379cb4b-f3f8-4eca-b717-6f4419c6ec20', '026c34eb-7a9a-407c-996f-f460ca937420', NULL, NULL, NULL, '{}', '{}', '[{"role": "admin", "user_id": "default_user_id", "user_email": null}]', '{}', NULL, 0, '{}', NULL, NULL, NULL, NULL, NULL, false, '{}', '{}', '{}', NULL, '2026-11-29 17:04:46.75', '2026-11-29 17:04:46.819', '2026-11-29 17:04:56.143', 'default_user_id', 'litellm_proxy_master_key', NULL, '{}', '{}', false, NULL, '{}', NULL);

INSERT INTO public."LiteLLM_DeletedVerificationToken" VALUES ('bef97913-f96b-4014-b02e-f7c01c9a9fcc', 'f08c461aa3f88746a8b4fa43eef76a6b11a2da76182ae91f0508dfd19f1621f5', 'sk-...rnPA', 'windows', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', '{}', NULL, NULL, NULL, '2026-11-29 17:04:32.385', 'default_user_id', '2026-11-29 17:04:32.385', 'default_user_id', 0, false, NULL, NULL, NULL, '2026-11-29 17:05:49.61', 'default_user_id', 'litellm_proxy_master_key', NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_DeletedVerificationToken" VALUES ('61d62245-308b-4da1-a29f-ed7be9f89372', '05c17ac446a57646a6b70123d04b3b71c4f83ecd9e0ac63a598c749032c9acaa', 'sk-...gswg', 'zero', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '{}', NULL, NULL, NULL, '2026-11-29 17:04:32.435', 'default_user_id', '2026-11-29 17:04:36.585', 'default_user_id', 0, false, NULL, NULL, NULL, '2026-11-29 17:05:49.794', 'default_user_id', 'litellm_proxy_master_key', NULL, '{}', '{}', '{}', '2026-11-29 17:04:36.645', NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_DeletedVerificationToken" VALUES ('dfb05cb0-e9ad-41eb-a517-1c81ff07764b', 'aaf37dba1642c2c7c260250a33bb63aee25387829d5eeb698b3d09ccf655c677', 'sk-...i0_A', 'ann-second', false, 0, NULL, '{}', '{}', '{}', 'ann', NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', '{}', NULL, NULL, NULL, '2026-11-29 17:04:40.952', 'ann', '2026-11-29 17:04:40.952', 'ann', 0, false, NULL, NULL, NULL, '2026-11-29 17:05:50.121', 'ann', '78a59616e1ef37744bddd8b125f5c2022a9486956f351efabd2b8e2412e03e0d', NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);

INSERT INTO public."LiteLLM_EndUserTable" VALUES ('customer-by-header', NULL, 0, NULL, NULL, NULL, false, NULL, '{}');
INSERT INTO public."LiteLLM_EndUserTable" VALUES ('customer-by-user', NULL, 0, NULL, NULL, NULL, false, NULL, '{}');
INSERT INTO public."LiteLLM_EndUserTable" VALUES ('customer-by-end-user', NULL, 0, NULL, NULL, NULL, false, NULL, '{}');
INSERT INTO public."LiteLLM_EndUserTable" VALUES ('customer-by-mapping', NULL, 0, NULL, NULL, NULL, false, NULL, '{}');
INSERT INTO public."LiteLLM_EndUserTable" VALUES ('customer-by-safety', NULL, 0, NULL, NULL, NULL, false, NULL, '{}');
INSERT INTO public."LiteLLM_EndUserTable" VALUES ('beta-corp', NULL, 0, NULL, NULL, 'small', false, NULL, '{}');
INSERT INTO public."LiteLLM_EndUserTable" VALUES ('european', NULL, 0, 'eu', 'local', NULL, false, NULL, '{}');
INSERT INTO public."LiteLLM_EndUserTable" VALUES ('acme', 'Acme 2', 6e-05, NULL, NULL, '2ddd2616-ee70-4d64-a2a0-10160151136c', true, NULL, '{}');
INSERT INTO public."LiteLLM_EndUserTable" VALUES ('tiny', NULL, 6e-05, NULL, NULL, '92a82490-0719-45d2-a012-c179e84f5073', false, NULL, '{}');

INSERT INTO public."LiteLLM_HealthCheckTable" VALUES ('6623c2f9-031d-4efc-960d-b4b330f1df32', 'local', NULL, 'healthy', 1, 0, NULL, 31.11934661865234, NULL, 'default_user_id', '2026-11-29 17:05:27.561', '2026-11-29 17:05:27.561', '2026-11-29 17:05:27.561');

INSERT INTO public."LiteLLM_InvitationLink" VALUES ('2e284aa2-73aa-42f7-bcc8-c62ae4b51445', 'ann', false, NULL, '2026-12-06 17:05:30.672', '2026-11-29 17:05:30.672', 'default_user_id', '2026-11-29 17:05:30.672', 'default_user_id');

INSERT INTO public."LiteLLM_ModelTable" VALUES (1, '{"cheap": "local"}', '2026-11-29 17:04:46.905', 'default_user_id', '2026-11-29 17:04:46.905', 'default_user_id');

INSERT INTO public."LiteLLM_ProxyModelTable" VALUES ('stored-2', 'stored-by-credential', '{"model": "gLRpnmTpJo_w6T49m1C173NwguM39ekLNIJC62OCo-3Wq55UJG3VEdTqrzPPxJ-P", "use_xai_oauth": false, "use_litellm_proxy": false, "use_in_pass_through": false, "litellm_credential_name": "Tpx6z0auPzruv3LCRejXSvTqw_X0xthwSptVRPwpIyZM-vxhHtBXK2pQDNzS", "allow_client_keepalive_override": false, "merge_reasoning_content_in_choices": false}', '{"id": "stored-2", "db_model": false, "member_auto_router": false}', '2026-11-29 17:05:23.544', 'default_user_id', '2026-11-29 17:05:23.544', 'default_user_id', false);
INSERT INTO public."LiteLLM_ProxyModelTable" VALUES ('stored-1', 'stored', '{"model": "Wr7k8czHQcOmvXREs4zu2F3uoO4Zk4YtWkSRlk7KNIM7GIRsmR5B2LMsTRgy72HXdq8EB_w=", "api_key": "kZrOkWjOa_BaY202eviJIOVdrK3LxioWiUEf8d4b8mT4SmoVMKhMW4EZTwU5GVGSva2CSlsTWOw=", "api_base": "n0hzxZNr12XeKvrVC-Xo-WRQepsmb7iIT-n5rIs86diGEZjv0lK1CzFtsHaCiH1HMQS0ijCLh_zwIpRF_g==", "use_xai_oauth": false, "use_litellm_proxy": false, "use_in_pass_through": false, "input_cost_per_token": 0.000003, "allow_client_keepalive_override": false, "merge_reasoning_content_in_choices": false}', '{"id": "a0fe7858-58a1-4d9f-be63-ed35c39ff7fd", "note": "hello", "db_model": false, "access_groups": ["stored-group"], "member_auto_router": false}', '2026-11-29 17:05:17.638', 'default_user_id', '2026-11-29 17:05:22.237', 'default_user_id', false);

INSERT INTO public."LiteLLM_ProxyWorkerHeartbeat" VALUES ('c17f454c-4c32-4ac5-9239-f920063baa20', 'vm', '2026-11-29 17:04:01.534', '2026-11-29 17:05:09.591');

INSERT INTO public."LiteLLM_SpendLogToolIndex" VALUES ('chatcmpl-test', 'get_weather', '2026-11-29 17:04:14.115');

INSERT INTO public."LiteLLM_SpendLogs" VALUES ('aa12b043-ce2c-42c7-8318-af7be46abe89', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 11, 8, 3, '2026-11-29 17:04:21.175', '2026-11-29 17:04:21.228', '2026-11-29 17:04:21.227', 'openai/cut', 'cut-1', 'cut', 'openai', 'http://127.0.0.1:39907/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 11, "prompt_tokens": 8, "completion_tokens": 3, "prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "cache_read_input_tokens": 0, "completion_tokens_details": {"text_tokens": 3, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "reasoning_tokens": 0, "accepted_prediction_tokens": null, "rejected_prediction_tokens": null}, "cache_creation_input_tokens": 0}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "aa12b043-ce2c-42c7-8318-af7be46abe89", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "500", "error_class": "APIConnectionError", "llm_provider": "openai", "error_message": "litellm.APIConnectionError: APIConnectionError: OpenAIException - Connection error.", "normalized_error": "500_PROVIDER_CONNECTION_ERROR", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "cut", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "cache_read_input_tokens": 0, "completion_tokens_details": {"text_tokens": 3, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "reasoning_tokens": 0, "accepted_prediction_tokens": null, "rejected_prediction_tokens": null}, "cache_creation_input_tokens": 0}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '4c397e7e-eff6-48d4-ab73-18bf844e92eb', 'failure', NULL, '', NULL, 52, '2026-11-29 17:04:22.576', '2026-11-29 17:04:22.576', 'aa12b043-ce2c-42c7-8318-af7be46abe89', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('1539b893-d150-4a32-b3ab-fbfc3c27868f', '', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 0, 0, 0, '2026-11-29 17:04:21.677', '2026-11-29 17:04:21.677', '2026-11-29 17:04:21.676', 'nothing', '', 'nothing', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": null, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "1539b893-d150-4a32-b3ab-fbfc3c27868f", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "400", "error_class": "BadRequestError", "llm_provider": "", "error_message": "litellm.BadRequestError: You passed in model=nothing. There are no healthy deployments for this model\n\nLiteLLM: model group ''nothing'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "429_NO_HEALTHY_DEPLOYMENTS", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": null, "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "nothing", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '8fee62b8-38c7-474c-8dfa-39b7e6059f47', 'failure', NULL, '', NULL, 0, '2026-11-29 17:04:22.576', '2026-11-29 17:04:22.576', '1539b893-d150-4a32-b3ab-fbfc3c27868f', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('1136d3cf-f5a8-4b37-8603-4399f544109d', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 0, 0, 0, '2026-11-29 17:04:28.584', '2026-11-29 17:04:28.598', '2026-11-29 17:04:28.598', '', '', '', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "1136d3cf-f5a8-4b37-8603-4399f544109d", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "400", "error_class": "ProxyMissingRequiredParamError", "llm_provider": "", "error_message": "/chat/completions: Missing required parameter: ''messages''.", "normalized_error": "400_MISSING_REQUIRED_PARAMETER", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '884d6c62-f970-4b04-b388-9086707eb9a2', 'failure', NULL, '', NULL, 14, '2026-11-29 17:04:30.036', '2026-11-29 17:04:30.036', '1136d3cf-f5a8-4b37-8603-4399f544109d', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('chatcmpl-test', 'acompletion', 'ee54562913dac4af1dece151fbf7ddb29275ac2b12c6c9e3a3fa84ab68e50204', 6e-05, 15, 10, 5, '2026-11-29 17:04:09.771', '2026-11-29 17:04:09.885', '2026-11-29 17:04:09.884', 'openai/paid', 'paid-1', 'paid', 'openai', 'http://127.0.0.1:39907/v1/', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"audio_tokens": 0, "cached_tokens": 0}, "completion_tokens_details": {"audio_tokens": 0, "reasoning_tokens": 0}}, "user_api_key": "ee54562913dac4af1dece151fbf7ddb29275ac2b12c6c9e3a3fa84ab68e50204", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.000009999999999999999, "total_cost": 0.00006, "output_cost": 0.00005, "service_tier": null, "original_cost": 0.00006, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "d7a3d70b-9e8a-498f-8446-1670cbf8f909", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "broke", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "paid", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": {"audio_tokens": 0, "cached_tokens": 0}, "completion_tokens_details": {"audio_tokens": 0, "reasoning_tokens": 0}}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 718.935, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'eed3527b-d89f-4712-af48-9702c5befdf4', 'success', NULL, '', NULL, 114, '2026-11-29 17:04:11.923', '2026-11-29 17:04:11.923', 'd7a3d70b-9e8a-498f-8446-1670cbf8f909', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('855a74b1-8f43-420d-89a8-745fc2157127', '/v1/models', '', 0, 0, 0, 0, '2026-11-29 17:04:13.07', '2026-11-29 17:04:13.086', '2026-11-29 17:04:13.085', '', '', '', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": null, "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "855a74b1-8f43-420d-89a8-745fc2157127", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "", "error_class": "Exception", "llm_provider": "", "error_message": "No api key passed in.", "normalized_error": "UNCLASSIFIED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', 'e97bf105-c9ee-4c32-b9cb-88300f4b9604', 'failure', NULL, '', NULL, 15, '2026-11-29 17:04:15.694', '2026-11-29 17:04:15.694', '855a74b1-8f43-420d-89a8-745fc2157127', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('chatcmpl-1c5f7682-a693-4eba-8838-ab47af2ced84', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 15, 10, 5, '2026-11-29 17:04:13.982', '2026-11-29 17:04:14.022', '2026-11-29 17:04:14.022', 'ollama_chat/llama3.2:3b', 'ollama-1', 'ollama', 'ollama_chat', 'http://127.0.0.1:39907/api/chat', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": null, "completion_tokens_details": null}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "313cba04-8250-4a1e-bd3b-61f6742f8df1", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "ollama", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 123.2729, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'c7bfbfb1-c8a0-482a-885a-0d397fd7a811', 'success', NULL, '', NULL, 40, '2026-11-29 17:04:15.694', '2026-11-29 17:04:15.694', '313cba04-8250-4a1e-bd3b-61f6742f8df1', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('chatcmpl-c5a929c6-cea9-4d22-ba78-c263de2e7729', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 30, 10, 20, '2026-11-29 17:04:14.16', '2026-11-29 17:04:14.166', '2026-11-29 17:04:14.166', 'openai/mocked', 'mocked-1', 'mocked', 'openai', '', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 30, "prompt_tokens": 10, "completion_tokens": 20, "prompt_tokens_details": null, "completion_tokens_details": null}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "04ab6ce7-18c0-47ec-bcc9-736d57829c7c", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "mocked", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'd1aa0dc0-0f22-47bc-b6d8-532fd9c70272', 'success', NULL, '', NULL, 6, '2026-11-29 17:04:15.694', '2026-11-29 17:04:15.694', '04ab6ce7-18c0-47ec-bcc9-736d57829c7c', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('b6154b7f-c467-4959-a875-6a34f8abbe38', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 8, 8, 0, '2026-11-29 17:04:16.013', '2026-11-29 17:04:16.208', '2026-11-29 17:04:16.208', 'openai/fails-500', 'falls-1', 'falls', 'openai', 'http://127.0.0.1:39907/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "b6154b7f-c467-4959-a875-6a34f8abbe38", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "broken", "error_class": "InternalServerError", "llm_provider": "openai", "error_message": "litellm.InternalServerError: InternalServerError: OpenAIException - The engine is on fire", "normalized_error": "500_PROVIDER_INTERNAL_ERROR", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "falls", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '72c0f3dc-86ac-404b-aa65-4715e3c0a895', 'failure', NULL, '', NULL, 195, '2026-11-29 17:04:17.731', '2026-11-29 17:04:17.731', 'b6154b7f-c467-4959-a875-6a34f8abbe38', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('eea95db6-f7a1-4686-8d43-1bbceacf6f7e', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 8, 8, 0, '2026-11-29 17:04:16.233', '2026-11-29 17:04:19.245', '2026-11-29 17:04:19.244', 'openai/fails-500', 'fails-500-1', 'fails-500', 'openai', 'http://127.0.0.1:39907/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 1, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "eea95db6-f7a1-4686-8d43-1bbceacf6f7e", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 1, "error_information": {"error_code": "broken", "error_class": "InternalServerError", "llm_provider": "openai", "error_message": "litellm.InternalServerError: InternalServerError: OpenAIException - The engine is on fire\n\nLiteLLM: model group ''fails-500'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "500_PROVIDER_INTERNAL_ERROR", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "fails-500", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '72cf9053-9675-4a16-9e86-911bbfb02b4e', 'failure', NULL, '', NULL, 3011, '2026-11-29 17:04:20.57', '2026-11-29 17:04:20.57', 'eea95db6-f7a1-4686-8d43-1bbceacf6f7e', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('chatcmpl-20cc0057-6c9f-4c22-a91f-2b991998ebd8', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 15, 10, 5, '2026-11-29 17:04:20.481', '2026-11-29 17:04:20.512', '2026-11-29 17:04:20.512', 'ollama_chat/llama3.2:3b', 'ollama-1', 'ollama', 'ollama_chat', 'http://127.0.0.1:39907/api/chat', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": null, "completion_tokens_details": null}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "6bdb5a2b-4dec-4689-ae87-c7ddfa04a05a", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "ollama", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 42.2828, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'b78093bf-3020-46d1-a27c-3fe7a1b6f0c4', 'success', NULL, '', NULL, 31, '2026-11-29 17:04:20.57', '2026-11-29 17:04:20.57', '6bdb5a2b-4dec-4689-ae87-c7ddfa04a05a', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('1a4cf306-1f8a-4f04-9b67-131fc3e3a774', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 15, 10, 5, '2026-11-29 17:04:20.978', '2026-11-29 17:04:20.993', '2026-11-29 17:04:20.986', 'ollama_chat/llama3.2:3b', 'ollama-1', 'ollama', 'ollama_chat', 'http://127.0.0.1:39907/api/chat', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": null, "completion_tokens_details": {"text_tokens": 5, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "reasoning_tokens": 0, "accepted_prediction_tokens": null, "rejected_prediction_tokens": null}}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "19ce7f36-833f-4600-8e84-e3551c62f681", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "ollama", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": {"text_tokens": 5, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "reasoning_tokens": 0, "accepted_prediction_tokens": null, "rejected_prediction_tokens": null}}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '3797b0c8-bf52-4a32-bc49-1bd39b54afe5', 'success', NULL, '', NULL, 15, '2026-11-29 17:04:22.576', '2026-11-29 17:04:22.576', '19ce7f36-833f-4600-8e84-e3551c62f681', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('chatcmpl-84037188-5d46-4a63-be6c-bb4763127a1b', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 13, 8, 5, '2026-11-29 17:04:21.039', '2026-11-29 17:04:21.052', '2026-11-29 17:04:21.043', 'openai/mocked', 'mocked-1', 'mocked', 'openai', '', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 13, "prompt_tokens": 8, "completion_tokens": 5, "prompt_tokens_details": null, "completion_tokens_details": {"text_tokens": 5, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "reasoning_tokens": 0, "accepted_prediction_tokens": null, "rejected_prediction_tokens": null}}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "d3e5d3a1-c8b9-4917-83d5-46c770c83699", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "mocked", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": {"text_tokens": 5, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "reasoning_tokens": 0, "accepted_prediction_tokens": null, "rejected_prediction_tokens": null}}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '2aba2a45-28ec-4557-807c-6b03142f0329', 'success', NULL, '', NULL, 13, '2026-11-29 17:04:22.576', '2026-11-29 17:04:22.576', 'd3e5d3a1-c8b9-4917-83d5-46c770c83699', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('bb785d5f-f81a-44a9-a118-47cdc1b8f1a4', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 8, 8, 0, '2026-11-29 17:04:21.104', '2026-11-29 17:04:21.147', '2026-11-29 17:04:21.146', 'openai/fails-500', 'fails-500-1', 'fails-500', 'openai', 'http://127.0.0.1:39907/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "bb785d5f-f81a-44a9-a118-47cdc1b8f1a4", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "broken", "error_class": "InternalServerError", "llm_provider": "openai", "error_message": "litellm.InternalServerError: InternalServerError: OpenAIException - The engine is on fire\n\nLiteLLM: model group ''fails-500'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "500_PROVIDER_INTERNAL_ERROR", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "fails-500", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'e09dd0a9-91ea-41ba-94b5-e3837c91ac1d', 'failure', NULL, '', NULL, 42, '2026-11-29 17:04:22.576', '2026-11-29 17:04:22.576', 'bb785d5f-f81a-44a9-a118-47cdc1b8f1a4', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('178c6ef3-c415-49b4-a959-b2c434448d28', 'IGNORE_THIS', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 0, 0, 0, '2026-11-29 17:04:21.648', '2026-11-29 17:04:21.654', '2026-11-29 17:04:21.654', 'text-completion-openai/text', 'text-1', 'text', 'text-completion-openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "178c6ef3-c415-49b4-a959-b2c434448d28", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "400", "error_class": "ProxyMissingRequiredParamError", "llm_provider": "", "error_message": "/completions: Missing required parameter: ''prompt''.", "normalized_error": "400_MISSING_REQUIRED_PARAMETER", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '4574740c-1f51-4ec9-9d75-1abf8bfbb701', 'failure', NULL, '', NULL, 5, '2026-11-29 17:04:22.576', '2026-11-29 17:04:22.576', '178c6ef3-c415-49b4-a959-b2c434448d28', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('ee8b8d16-a74d-42c0-844d-c3a923a9608d', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 8, 8, 0, '2026-11-29 17:04:30.413', '2026-11-29 17:04:31.496', '2026-11-29 17:04:31.496', 'hosted_vllm/slow', 'open-1', 'open/slow', 'hosted_vllm', 'http://127.0.0.1:39907/v1/chat/completions', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "ee8b8d16-a74d-42c0-844d-c3a923a9608d", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "408", "error_class": "Timeout", "llm_provider": "hosted_vllm", "error_message": "litellm.Timeout: Timeout Error: Hosted_vllmException - litellm.Timeout: Connection timed out. Timeout passed=1.0, time taken=1.002 seconds\n\nDeployment Info: request_timeout: None\ntimeout: None\n\nLiteLLM: model group ''open/slow'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "408_UPSTREAM_TIMEOUT", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "open/slow", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '2302939d-f288-4c06-8404-a398be75a5a6', 'failure', NULL, '', NULL, 1083, '2026-11-29 17:04:31.964', '2026-11-29 17:04:31.964', 'ee8b8d16-a74d-42c0-844d-c3a923a9608d', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('66d10517-f408-4801-a347-8e9047ee5b8c', 'aembedding', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 9.999999999999999e-06, 10, 10, 0, '2026-11-29 17:04:21.695', '2026-11-29 17:04:21.732', '2026-11-29 17:04:21.731', 'openai/embed', 'embed-1', 'embed', 'openai', 'http://127.0.0.1:39907/v1', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 10, "prompt_tokens": 10, "completion_tokens": 0, "prompt_tokens_details": null, "completion_tokens_details": null}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.000009999999999999999, "total_cost": 0.000009999999999999999, "output_cost": 0.0, "service_tier": null, "original_cost": 0.000009999999999999999, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "66d10517-f408-4801-a347-8e9047ee5b8c", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "embed", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 34.8411, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'fca25aef-d886-47bd-adbc-f9b7d5962f2b', 'success', NULL, '', NULL, 36, '2026-11-29 17:04:22.576', '2026-11-29 17:04:22.576', '66d10517-f408-4801-a347-8e9047ee5b8c', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('09a8c69e-8767-49f5-86fd-3b8c67a70983', 'aembedding', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 9.999999999999999e-06, 10, 10, 0, '2026-11-29 17:04:21.779', '2026-11-29 17:04:21.796', '2026-11-29 17:04:21.795', 'openai/embed', 'embed-1', 'embed', 'openai', 'http://127.0.0.1:39907/v1', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 10, "prompt_tokens": 10, "completion_tokens": 0, "prompt_tokens_details": null, "completion_tokens_details": null}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.000009999999999999999, "total_cost": 0.000009999999999999999, "output_cost": 0.0, "service_tier": null, "original_cost": 0.000009999999999999999, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "09a8c69e-8767-49f5-86fd-3b8c67a70983", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "embed", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 39.1541, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '1f240816-69a8-4756-9bad-961919a1a1c9', 'success', NULL, '', NULL, 17, '2026-11-29 17:04:22.576', '2026-11-29 17:04:22.576', '09a8c69e-8767-49f5-86fd-3b8c67a70983', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('dbd32f6d-a0a0-4473-8df2-15e36edb8019', 'aembedding', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 9.999999999999999e-06, 10, 10, 0, '2026-11-29 17:04:21.833', '2026-11-29 17:04:21.845', '2026-11-29 17:04:21.845', 'openai/embed', 'embed-1', 'embed', 'openai', 'http://127.0.0.1:39907/v1', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 10, "prompt_tokens": 10, "completion_tokens": 0, "prompt_tokens_details": null, "completion_tokens_details": null}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.000009999999999999999, "total_cost": 0.000009999999999999999, "output_cost": 0.0, "service_tier": null, "original_cost": 0.000009999999999999999, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "dbd32f6d-a0a0-4473-8df2-15e36edb8019", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "embed", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 28.1391, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'd3318f88-6ab7-4102-8f91-87cb84822252', 'success', NULL, '', NULL, 12, '2026-11-29 17:04:22.576', '2026-11-29 17:04:22.576', 'dbd32f6d-a0a0-4473-8df2-15e36edb8019', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('42e27896-00cf-4165-87a7-004673ddaaf3', 'aembedding', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 9.999999999999999e-06, 10, 10, 0, '2026-11-29 17:04:21.877', '2026-11-29 17:04:21.886', '2026-11-29 17:04:21.885', 'openai/embed', 'embed-1', 'embed', 'openai', 'http://127.0.0.1:39907/v1', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 10, "prompt_tokens": 10, "completion_tokens": 0, "prompt_tokens_details": null, "completion_tokens_details": null}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.000009999999999999999, "total_cost": 0.000009999999999999999, "output_cost": 0.0, "service_tier": null, "original_cost": 0.000009999999999999999, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "42e27896-00cf-4165-87a7-004673ddaaf3", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "embed", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 22.4578, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '7c924150-4057-479c-b1c2-dc1b35c699b9', 'success', NULL, '', NULL, 8, '2026-11-29 17:04:22.576', '2026-11-29 17:04:22.576', '42e27896-00cf-4165-87a7-004673ddaaf3', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('16a617e4-8600-40f0-b8a8-ad8fc5d26ba6', 'aembedding', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 9.999999999999999e-06, 10, 10, 0, '2026-11-29 17:04:21.911', '2026-11-29 17:04:21.925', '2026-11-29 17:04:21.925', 'openai/embed', 'embed-1', 'embed', 'openai', 'http://127.0.0.1:39907/v1', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 10, "prompt_tokens": 10, "completion_tokens": 0, "prompt_tokens_details": null, "completion_tokens_details": null}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.000009999999999999999, "total_cost": 0.000009999999999999999, "output_cost": 0.0, "service_tier": null, "original_cost": 0.000009999999999999999, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "16a617e4-8600-40f0-b8a8-ad8fc5d26ba6", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "embed", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 18.7957, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '4382c60d-ac00-41a9-9f45-73264aed21f6', 'success', NULL, '', NULL, 13, '2026-11-29 17:04:22.576', '2026-11-29 17:04:22.576', '16a617e4-8600-40f0-b8a8-ad8fc5d26ba6', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('2565bd64-8f1b-4d44-8184-9d0130bd543b', '/v1/models', '', 0, 0, 0, 0, '2026-11-29 17:04:24.059', '2026-11-29 17:04:24.062', '2026-11-29 17:04:24.061', '', '', '', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": null, "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "2565bd64-8f1b-4d44-8184-9d0130bd543b", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "", "error_class": "Exception", "llm_provider": "", "error_message": "No api key passed in.", "normalized_error": "UNCLASSIFIED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '53b453c9-4ce5-469f-a68a-1c1d71749805', 'failure', NULL, '', NULL, 3, '2026-11-29 17:04:25.353', '2026-11-29 17:04:25.353', '2565bd64-8f1b-4d44-8184-9d0130bd543b', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('60c4add4-fdb9-4522-9c44-00251a467237', 'aembedding', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 9.999999999999999e-06, 10, 10, 0, '2026-11-29 17:04:21.954', '2026-11-29 17:04:21.969', '2026-11-29 17:04:21.969', 'openai/embed', 'embed-1', 'embed', 'openai', 'http://127.0.0.1:39907/v1', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 10, "prompt_tokens": 10, "completion_tokens": 0, "prompt_tokens_details": null, "completion_tokens_details": null}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.000009999999999999999, "total_cost": 0.000009999999999999999, "output_cost": 0.0, "service_tier": null, "original_cost": 0.000009999999999999999, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "60c4add4-fdb9-4522-9c44-00251a467237", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "embed", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 29.9561, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '97c49a04-42f3-4207-8ca4-3761b6efbf6e', 'success', NULL, '', NULL, 15, '2026-11-29 17:04:22.576', '2026-11-29 17:04:22.576', '60c4add4-fdb9-4522-9c44-00251a467237', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('d0626e12-4ebb-44ba-b425-efe6eb7df054', 'aembedding', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 9.999999999999999e-06, 10, 10, 0, '2026-11-29 17:04:22.006', '2026-11-29 17:04:22.019', '2026-11-29 17:04:22.019', 'openai/embed', 'embed-1', 'embed', 'openai', 'http://127.0.0.1:39907/v1', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 10, "prompt_tokens": 10, "completion_tokens": 0, "prompt_tokens_details": null, "completion_tokens_details": null}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.000009999999999999999, "total_cost": 0.000009999999999999999, "output_cost": 0.0, "service_tier": null, "original_cost": 0.000009999999999999999, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "d0626e12-4ebb-44ba-b425-efe6eb7df054", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "embed", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 20.0641, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'df2d0986-d9f3-4042-9012-6a401482481f', 'success', NULL, '', NULL, 13, '2026-11-29 17:04:22.576', '2026-11-29 17:04:22.576', 'd0626e12-4ebb-44ba-b425-efe6eb7df054', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('31ce80ad-4ccb-4234-bdc6-d7711d261c7d', 'aembedding', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 0, 0, 0, '2026-11-29 17:04:22.035', '2026-11-29 17:04:22.04', '2026-11-29 17:04:22.039', 'openai/embed', 'embed-1', 'embed', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "31ce80ad-4ccb-4234-bdc6-d7711d261c7d", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "400", "error_class": "ProxyMissingRequiredParamError", "llm_provider": "", "error_message": "/embeddings: Missing required parameter: ''input''.", "normalized_error": "400_MISSING_REQUIRED_PARAMETER", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'd8c67265-163c-45fa-a7b6-8e28db63ba54', 'failure', NULL, '', NULL, 5, '2026-11-29 17:04:22.576', '2026-11-29 17:04:22.576', '31ce80ad-4ccb-4234-bdc6-d7711d261c7d', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('b515cd80-14c4-4c89-ab55-da04e418e646', 'acompletion', '429d185c5c28858ebdce66bd81dc739678ecce84490a808b2912b6044eac4a82', 0, 0, 0, 0, '2026-11-29 17:04:33.903', '2026-11-29 17:04:33.909', '2026-11-29 17:04:33.908', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "429d185c5c28858ebdce66bd81dc739678ecce84490a808b2912b6044eac4a82", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "b515cd80-14c4-4c89-ab55-da04e418e646", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "", "error_class": "Exception", "llm_provider": "", "error_message": "Key is blocked. Update via `/key/unblock` if you''re an admin.", "normalized_error": "UNCLASSIFIED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "own", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '46e18bc4-947d-4174-b23a-7b43066b7309', 'failure', NULL, '', NULL, 6, '2026-11-29 17:04:34.684', '2026-11-29 17:04:34.684', 'b515cd80-14c4-4c89-ab55-da04e418e646', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('d5b44b12-8b24-4ab4-beb9-c73ce46d9569', 'acompletion', '', 0, 0, 0, 0, '2026-11-29 17:04:24.067', '2026-11-29 17:04:24.072', '2026-11-29 17:04:24.071', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": null, "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "d5b44b12-8b24-4ab4-beb9-c73ce46d9569", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "", "error_class": "Exception", "llm_provider": "", "error_message": "No api key passed in.", "normalized_error": "UNCLASSIFIED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', 'efe76c5b-212e-450c-9cf9-fc196e9312f4', 'failure', NULL, '', NULL, 4, '2026-11-29 17:04:25.353', '2026-11-29 17:04:25.353', 'd5b44b12-8b24-4ab4-beb9-c73ce46d9569', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('66032822-b27f-4e3f-9639-9983f2bc0330', 'aembedding', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 0, 0, 0, '2026-11-29 17:04:22.217', '2026-11-29 17:04:22.315', '2026-11-29 17:04:22.314', 'nothing', '', 'nothing', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "66032822-b27f-4e3f-9639-9983f2bc0330", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "400", "error_class": "BadRequestError", "llm_provider": "", "error_message": "litellm.BadRequestError: You passed in model=nothing. There are no healthy deployments for this model\n\nLiteLLM: model group ''nothing'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "429_NO_HEALTHY_DEPLOYMENTS", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "nothing", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '545dd692-d961-4822-b2a6-fc8fae1667ad', 'failure', NULL, '', NULL, 97, '2026-11-29 17:04:23.791', '2026-11-29 17:04:23.791', '66032822-b27f-4e3f-9639-9983f2bc0330', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('resp_JLnkdiL8nbe6_zNmwm_6lbRczx_Ttfv-00jAShrtik3jSvxQn63yOgcmYQqy0uO5AyD4ljK_ER-2RkW1XJmEb9MtFx6ZJt81OUHD2r4e1n5bavGvwv_UEi37JDMO0gP0Rn2kEq5josGOPCVnp_KrX8rduFEGwrybh-hTyZNcbUYpj7BH7BElvcRqwy5-9qoyccwMsHbbhIP0awU3kXUYCvMILVHFQODdZnrieFWvUPprb6tHG8gukIdZeb7V0bx0EZ2aTjtUJAWOKEf309dsScNEHg==', 'aresponses', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 15, 10, 5, '2026-11-29 17:04:22.34', '2026-11-29 17:04:22.696', '2026-11-29 17:04:22.695', 'openai/local', 'local-1', 'local', 'openai', 'http://127.0.0.1:39907/v1/responses', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "reasoning_tokens": 0, "accepted_prediction_tokens": null, "rejected_prediction_tokens": null}}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "d7817a05-e6af-457d-a224-55b741b5b79e", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "local", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 364.012, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '308ead64-3a9f-4e99-8553-afb3045ae7d5', 'success', NULL, '', NULL, 355, '2026-11-29 17:04:23.791', '2026-11-29 17:04:23.791', 'd7817a05-e6af-457d-a224-55b741b5b79e', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('resp_-8VBKDtUmjx25MkgiKmY4EVzD9-iS4ssvlsy8TTviOD_mbT1a6367wF6jrFwcKCVDjq1Chqw93tOa1VtGO7jO7UTnlNJiwDtePgZmrs9SmgomW-fPJxURO4Ly50HSvGANPT_E6h5E14KsLWTeooRTg3XOn58SHFMnZN6Nbah6-plLMd3irEDjBu4pHVMB5MHWmLds4dxp7xXf1FrF-UfQubR3TP-GimZBPl3xyCuOYzbPcWNfbw-_Cbgg39redV5dXpvcQ7Gsy2kH5NH3QPSKwoj6A==', 'aresponses', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 15, 10, 5, '2026-11-29 17:04:22.818', '2026-11-29 17:04:22.857', '2026-11-29 17:04:22.856', 'openai/local', 'local-1', 'local', 'openai', 'http://127.0.0.1:39907/v1/responses', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "reasoning_tokens": 0, "accepted_prediction_tokens": null, "rejected_prediction_tokens": null}}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "6dad71bd-9319-4185-aca8-23f4d98138f7", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "local", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 44.6138, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'ee017aff-8f97-415e-92f6-d0c0be76a5db', 'success', NULL, '', NULL, 39, '2026-11-29 17:04:23.791', '2026-11-29 17:04:23.791', '6dad71bd-9319-4185-aca8-23f4d98138f7', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('resp_bGl0ZWxsbTpjdXN0b21fbGxtX3Byb3ZpZGVyOm9wZW5haTttb2RlbF9pZDpsb2NhbC0xO3Jlc3BvbnNlX2lkOnJlc3BfdXBzdHJlYW1fMw==', 'aresponses', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 15, 10, 5, '2026-11-29 17:04:22.97', '2026-11-29 17:04:23.087', '2026-11-29 17:04:23.035', 'openai/local', 'local-1', 'local', 'openai', 'http://127.0.0.1:39907/v1/responses', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "reasoning_tokens": 0, "accepted_prediction_tokens": null, "rejected_prediction_tokens": null}}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "326ab15f-e74f-4358-abd3-e9e5f4a35d8f", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "local", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "reasoning_tokens": 0, "accepted_prediction_tokens": null, "rejected_prediction_tokens": null}}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '1476b922-4b0d-4bf2-9013-304a836a9923', 'success', NULL, '', NULL, 117, '2026-11-29 17:04:23.791', '2026-11-29 17:04:23.791', '326ab15f-e74f-4358-abd3-e9e5f4a35d8f', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('resp_Iemsev-9WfLM5FPdqLlEJ61miJlzgLECbW7QI4_35ohawSwcHydTf_TcwQ68mFMi7yLnS7f4bUiLPvaMe3EEZIr6N3Wmfx0-9qIydmyhkSt1nzNMDAKbaOzS8iRlRm3xJAnZgbFuo2d3PptZNTJ6PJ6DUed8uzu5Jq4aa40UILBp6Ad-F9ZWjaDF2J-JIqHHW2ozzYCaWZfAz5uUgIeJFAPDGk8SGenw7g2hNtip7icBAee0-JOpdYlKmWodiMkI2DodR74R1ez8ISyoNmTu', 'aresponses', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 15, 10, 5, '2026-11-29 17:04:23.25', '2026-11-29 17:04:23.282', '2026-11-29 17:04:23.282', 'openai/paid', 'paid-1', 'paid', 'openai', 'http://127.0.0.1:39907/v1/responses', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "reasoning_tokens": 0, "accepted_prediction_tokens": null, "rejected_prediction_tokens": null}}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "db2569a5-f601-47b4-942a-b5e305586e98", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "paid", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 122.844, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '3ec1b679-cba4-4348-9fb7-fd3bb485ac3e', 'success', NULL, '', NULL, 32, '2026-11-29 17:04:23.791', '2026-11-29 17:04:23.791', 'db2569a5-f601-47b4-942a-b5e305586e98', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('d892874e-e542-44e9-a305-ceb3cc7c5ea2', 'aresponses', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 0, 0, 0, '2026-11-29 17:04:23.305', '2026-11-29 17:04:23.347', '2026-11-29 17:04:23.346', 'nothing', '', 'nothing', '', '', '', '{"status": "failure", "user_agent": null, "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "d892874e-e542-44e9-a305-ceb3cc7c5ea2", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "400", "error_class": "BadRequestError", "llm_provider": "", "error_message": "litellm.BadRequestError: You passed in model=nothing. There are no healthy deployments for this model\n\nLiteLLM: model group ''nothing'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "429_NO_HEALTHY_DEPLOYMENTS", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": null, "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', NULL, '{}', '{}', '{}', '46ec9482-1dec-47e3-a00c-f5d9103e8ec7', 'failure', NULL, '', NULL, 41, '2026-11-29 17:04:23.791', '2026-11-29 17:04:23.791', 'd892874e-e542-44e9-a305-ceb3cc7c5ea2', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('resp_bGl0ZWxsbTpjdXN0b21fbGxtX3Byb3ZpZGVyOm9wZW5haTttb2RlbF9pZDpsb2NhbC0xO3Jlc3BvbnNlX2lkOnJlc3BfdXBzdHJlYW1fNQ==', 'anthropic_messages', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 15, 10, 5, '2026-11-29 17:04:23.413', '2026-11-29 17:04:23.425', '2026-11-29 17:04:23.425', 'openai/local', 'local-1', 'local', 'openai', 'http://127.0.0.1:39907/v1/responses', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "reasoning_tokens": 0}}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "472a5604-5390-4453-b5c0-c9d1f337df6a", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "local", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "reasoning_tokens": 0}}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 51.2171, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'a90bd1df-1f7f-4257-bc3f-54fc82a885b3', 'success', NULL, '', NULL, 12, '2026-11-29 17:04:23.791', '2026-11-29 17:04:23.791', '472a5604-5390-4453-b5c0-c9d1f337df6a', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('msg_9519a349-d6ed-4acb-9fef-50cca42ae178', 'anthropic_messages', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 15, 10, 5, '2026-11-29 17:04:23.466', '2026-11-29 17:04:23.511', '2026-11-29 17:04:23.504', 'openai/local', 'local-1', 'local', 'openai', 'http://127.0.0.1:39907/v1/responses', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "reasoning_tokens": 0}}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "fa8f2afe-2be6-428e-b040-a9398288aad7", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "local", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "reasoning_tokens": 0}}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 37.631, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '6fb461bf-943f-4c5c-8a3f-5f6dcb004ac6', 'success', NULL, '', NULL, 44, '2026-11-29 17:04:23.791', '2026-11-29 17:04:23.791', 'fa8f2afe-2be6-428e-b040-a9398288aad7', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('resp_bGl0ZWxsbTpjdXN0b21fbGxtX3Byb3ZpZGVyOm9wZW5haTttb2RlbF9pZDpwYWlkLTE7cmVzcG9uc2VfaWQ6cmVzcF91cHN0cmVhbV83', 'anthropic_messages', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 15, 10, 5, '2026-11-29 17:04:23.536', '2026-11-29 17:04:23.54', '2026-11-29 17:04:23.54', 'openai/paid', 'paid-1', 'paid', 'openai', 'http://127.0.0.1:39907/v1/responses', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "reasoning_tokens": 0}}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "e1dc5857-94a1-4b08-a3c4-4f32b9c4feb2", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "paid", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "reasoning_tokens": 0}}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 10.067, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '263afdaa-40a6-49d6-85f4-afe186fefd8b', 'success', NULL, '', NULL, 3, '2026-11-29 17:04:23.791', '2026-11-29 17:04:23.791', 'e1dc5857-94a1-4b08-a3c4-4f32b9c4feb2', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('03d6bcf3-57de-4bdf-a393-6654a02e1504', 'anthropic_messages', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 0, 0, 0, '2026-11-29 17:04:23.567', '2026-11-29 17:04:23.653', '2026-11-29 17:04:23.652', 'nothing', '', 'nothing', '', '', '', '{"status": "failure", "user_agent": null, "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "03d6bcf3-57de-4bdf-a393-6654a02e1504", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "400", "error_class": "BadRequestError", "llm_provider": "", "error_message": "litellm.BadRequestError: You passed in model=nothing. There are no healthy deployments for this model\n\nLiteLLM: model group ''nothing'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "429_NO_HEALTHY_DEPLOYMENTS", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": null, "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', NULL, '{}', '{}', '{}', '734a81ae-203d-448b-8619-29a3b786ea8f', 'failure', NULL, '', NULL, 86, '2026-11-29 17:04:23.791', '2026-11-29 17:04:23.791', '03d6bcf3-57de-4bdf-a393-6654a02e1504', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('modr-1', 'amoderation', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 0, 0, 0, '2026-11-29 17:04:23.77', '2026-11-29 17:04:23.802', '2026-11-29 17:04:23.801', 'openai/local', 'local-1', 'local', 'openai', 'http://127.0.0.1:39907/v1/', '', '{"status": null, "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "c1d9e1d7-d79f-4707-b140-36396562efab", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '5d5c6c20-ac88-4dcc-b4bf-def90c076617', 'success', NULL, '', NULL, 31, '2026-11-29 17:04:25.353', '2026-11-29 17:04:25.353', 'c1d9e1d7-d79f-4707-b140-36396562efab', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('rerank-1', 'arerank', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 0, 0, 0, '2026-11-29 17:04:23.822', '2026-11-29 17:04:23.834', '2026-11-29 17:04:23.833', 'hosted_vllm/Qwen/Qwen3', 'vllm-1', 'vllm', 'hosted_vllm', 'http://127.0.0.1:39907/v1/rerank', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "41a73df8-2ab3-4e81-87f3-2002735ddd48", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "vllm", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 18.1699, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'abc605ac-2274-4cf2-b080-6075c731a4ea', 'success', NULL, '', NULL, 11, '2026-11-29 17:04:25.353', '2026-11-29 17:04:25.353', '41a73df8-2ab3-4e81-87f3-2002735ddd48', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('0420ece3-7a2c-4d4b-99c2-ab6d1c0bf96e', 'aspeech', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 0, 0, 0, '2026-11-29 17:04:23.85', '2026-11-29 17:04:23.863', '2026-11-29 17:04:23.863', 'openai/local', 'local-1', 'local', 'openai', 'http://127.0.0.1:39907/v1/', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "0420ece3-7a2c-4d4b-99c2-ab6d1c0bf96e", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "local", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'ffebc18f-bb3e-435d-813a-3267acac88e1', 'success', NULL, '', NULL, 13, '2026-11-29 17:04:25.353', '2026-11-29 17:04:25.353', '0420ece3-7a2c-4d4b-99c2-ab6d1c0bf96e', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('43828bbf-4fc6-49af-9a04-3b9e4d657f78', 'aimage_generation', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 15, 10, 5, '2026-11-29 17:04:23.91', '2026-11-29 17:04:23.927', '2026-11-29 17:04:23.926', 'openai/local', 'local-1', 'local', 'openai', 'http://127.0.0.1:39907/v1/', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "output_image_count": 1, "prompt_tokens_details": {"text_tokens": 10, "audio_tokens": null, "image_tokens": 0, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": null}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "43828bbf-4fc6-49af-9a04-3b9e4d657f78", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "local", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"input_tokens": 10, "output_tokens": 5, "input_tokens_details": {"text_tokens": 10, "image_tokens": 0}, "output_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '5e29fc26-71b6-4934-bbaa-e5b94c88dc35', 'success', NULL, '', NULL, 16, '2026-11-29 17:04:25.353', '2026-11-29 17:04:25.353', '43828bbf-4fc6-49af-9a04-3b9e4d657f78', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('c0b8708b-a862-4a7d-b33d-d2831150bf7a', '/v1/models', '', 0, 0, 0, 0, '2026-11-29 17:04:23.954', '2026-11-29 17:04:23.96', '2026-11-29 17:04:23.96', '', '', '', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": null, "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "c0b8708b-a862-4a7d-b33d-d2831150bf7a", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "", "error_class": "Exception", "llm_provider": "", "error_message": "Malformed API Key passed in. Ensure Key has `Bearer ` prefix.", "normalized_error": "UNCLASSIFIED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', 'e30aab55-44e6-4593-878a-b722f8ff4046', 'failure', NULL, '', NULL, 5, '2026-11-29 17:04:25.353', '2026-11-29 17:04:25.353', 'c0b8708b-a862-4a7d-b33d-d2831150bf7a', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('961e569c-d808-40f6-a2eb-42b5c6d2e665', '/v1/models', '0e9d220616f08345a714ee57d8516310770588484b5239844635f952965e34a6', 0, 0, 0, 0, '2026-11-29 17:04:24.017', '2026-11-29 17:04:24.044', '2026-11-29 17:04:24.043', '', '', '', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "0e9d220616f08345a714ee57d8516310770588484b5239844635f952965e34a6", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "961e569c-d808-40f6-a2eb-42b5c6d2e665", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "401", "error_class": "HTTPException", "llm_provider": "", "error_message": "401: LiteLLM Virtual Key expected. Received=dXNl****YXNz, expected to start with ''sk-''.", "normalized_error": "401_AUTHENTICATION_FAILED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', 'a24e9852-25d6-4999-9a33-939b845ba4b2', 'failure', NULL, '', NULL, 26, '2026-11-29 17:04:25.353', '2026-11-29 17:04:25.353', '961e569c-d808-40f6-a2eb-42b5c6d2e665', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('859d3fc8-4a9e-49a8-af5d-43faf954a810', '/v1/models', '', 0, 0, 0, 0, '2026-11-29 17:04:24.049', '2026-11-29 17:04:24.053', '2026-11-29 17:04:24.053', '', '', '', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": null, "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "859d3fc8-4a9e-49a8-af5d-43faf954a810", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "", "error_class": "Exception", "llm_provider": "", "error_message": "Malformed API Key passed in. Ensure Key has `Bearer ` prefix.", "normalized_error": "UNCLASSIFIED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', 'a3415830-0a51-4822-a203-56bb63da17d8', 'failure', NULL, '', NULL, 4, '2026-11-29 17:04:25.353', '2026-11-29 17:04:25.353', '859d3fc8-4a9e-49a8-af5d-43faf954a810', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('93a3a40e-88d1-4765-a923-14c677d59be5', 'acompletion', '2ab06cfadcdcc1bb1a1ff9edefb028084a837b3ed7b95f97e602b960ee127471', 0, 0, 0, 0, '2026-11-29 17:04:24.095', '2026-11-29 17:04:24.112', '2026-11-29 17:04:24.112', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "2ab06cfadcdcc1bb1a1ff9edefb028084a837b3ed7b95f97e602b960ee127471", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "93a3a40e-88d1-4765-a923-14c677d59be5", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "401", "error_class": "KeyNotFoundError", "llm_provider": "", "error_message": "Authentication Error, Invalid API key provided.", "normalized_error": "401_AUTHENTICATION_FAILED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '7539a7be-0762-4ad8-9c6f-7aaf57e6a3f1', 'failure', NULL, '', NULL, 17, '2026-11-29 17:04:25.353', '2026-11-29 17:04:25.353', '93a3a40e-88d1-4765-a923-14c677d59be5', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('195a8a4f-9375-4efb-a012-574556d20b48', 'acompletion', '999aaa8645bb72ff599e143b1e3d2a94777127f4783a69f067251f7bbebc5ab6', 0, 0, 0, 0, '2026-11-29 17:04:24.119', '2026-11-29 17:04:24.138', '2026-11-29 17:04:24.137', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "999aaa8645bb72ff599e143b1e3d2a94777127f4783a69f067251f7bbebc5ab6", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "195a8a4f-9375-4efb-a012-574556d20b48", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "401", "error_class": "HTTPException", "llm_provider": "", "error_message": "401: LiteLLM Virtual Key expected. Received=****, expected to start with ''sk-''.", "normalized_error": "401_AUTHENTICATION_FAILED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '0d7eeb82-ccc9-4e3b-ae39-01fc8e5dde82', 'failure', NULL, '', NULL, 19, '2026-11-29 17:04:25.353', '2026-11-29 17:04:25.353', '195a8a4f-9375-4efb-a012-574556d20b48', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('6e2748d0-501f-4d57-800e-ff536037f050', 'acompletion', 'a4a9a28d043afd4cd05dc73298cb2f2480b5fb5a97f0d20ca9df379306fe0bee', 0, 0, 0, 0, '2026-11-29 17:04:24.163', '2026-11-29 17:04:24.201', '2026-11-29 17:04:24.2', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "a4a9a28d043afd4cd05dc73298cb2f2480b5fb5a97f0d20ca9df379306fe0bee", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "6e2748d0-501f-4d57-800e-ff536037f050", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "", "error_class": "Exception", "llm_provider": "", "error_message": "Key is blocked. Update via `/key/unblock` if you''re an admin.", "normalized_error": "UNCLASSIFIED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "blocked", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '6e4f3f06-66b9-418d-a8ec-16a02f3e4911', 'failure', NULL, '', NULL, 38, '2026-11-29 17:04:25.353', '2026-11-29 17:04:25.353', '6e2748d0-501f-4d57-800e-ff536037f050', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('8d0ad88c-048b-48ba-96de-70ab6c1b4d46', 'acompletion', 'ee54562913dac4af1dece151fbf7ddb29275ac2b12c6c9e3a3fa84ab68e50204', 0, 0, 0, 0, '2026-11-29 17:04:28.217', '2026-11-29 17:04:28.219', '2026-11-29 17:04:28.219', 'openai/paid', 'paid-1', 'paid', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "ee54562913dac4af1dece151fbf7ddb29275ac2b12c6c9e3a3fa84ab68e50204", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "8d0ad88c-048b-48ba-96de-70ab6c1b4d46", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "422", "error_class": "BudgetExceededError", "llm_provider": "openai", "error_message": "Budget has been exceeded! Key=broke (sk-...0zEg) Current cost: 5.999999999999994e-05, Max budget: 1e-08", "normalized_error": "429_BUDGET_EXCEEDED", "error_budget_limit": 0.00000001, "error_budget_spend": 0.00005999999999999994, "error_rate_limit_type": "budget", "error_budget_entity_id": "ee54562913dac4af1dece151fbf7ddb29275ac2b12c6c9e3a3fa84ab68e50204", "error_budget_entity_type": "key", "error_provider_request_id": null, "error_rate_limit_category": "litellm_rate_limit"}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "broke", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '696e4111-ffb1-4520-b298-3db108df4115', 'failure', NULL, '', NULL, 2, '2026-11-29 17:04:30.036', '2026-11-29 17:04:30.036', '8d0ad88c-048b-48ba-96de-70ab6c1b4d46', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('fc1cd889-5bb4-4942-a65b-32f4974387d2', 'acompletion', '7fc69a58a3eb6959c187c1ecb46e1bfb05c9977545a1866284617858edd62ebd', 0, 0, 0, 0, '2026-11-29 17:04:28.264', '2026-11-29 17:04:28.27', '2026-11-29 17:04:28.27', 'openai/paid', 'paid-1', 'paid', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "7fc69a58a3eb6959c187c1ecb46e1bfb05c9977545a1866284617858edd62ebd", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "fc1cd889-5bb4-4942-a65b-32f4974387d2", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "403", "error_class": "ModelAccessDeniedProxyException", "llm_provider": "", "error_message": "The requested model ''paid'' is not available for this API key, or the model name is invalid. Check the models available to you and try again.", "normalized_error": "403_MODEL_ACCESS_DENIED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "narrow", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', 'f6d7000c-8f09-4118-9874-ae01da8a02d1', 'failure', NULL, '', NULL, 5, '2026-11-29 17:04:30.036', '2026-11-29 17:04:30.036', 'fc1cd889-5bb4-4942-a65b-32f4974387d2', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('0dbc74ff-6597-4f96-9f3e-88a6f43007d0', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 0, 0, 0, '2026-11-29 17:04:28.304', '2026-11-29 17:04:28.324', '2026-11-29 17:04:28.323', 'nothing', '', 'nothing', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "0dbc74ff-6597-4f96-9f3e-88a6f43007d0", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "400", "error_class": "BadRequestError", "llm_provider": "", "error_message": "litellm.BadRequestError: You passed in model=nothing. There are no healthy deployments for this model\n\nLiteLLM: model group ''nothing'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "429_NO_HEALTHY_DEPLOYMENTS", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "nothing", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '17d25231-bd4b-4020-9380-fbfa56e7b2fb', 'failure', NULL, '', NULL, 19, '2026-11-29 17:04:30.036', '2026-11-29 17:04:30.036', '0dbc74ff-6597-4f96-9f3e-88a6f43007d0', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('b62ba2ba-305f-415a-995d-ae1ff02b518f', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 0, 0, 0, '2026-11-29 17:04:28.332', '2026-11-29 17:04:28.342', '2026-11-29 17:04:28.342', '', '', '', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "b62ba2ba-305f-415a-995d-ae1ff02b518f", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "400", "error_class": "BadRequestError", "llm_provider": "", "error_message": "litellm.BadRequestError: You passed in model=None. There are no healthy deployments for this model", "normalized_error": "429_NO_HEALTHY_DEPLOYMENTS", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '720ffb3b-9dda-4b12-8431-b6353122e326', 'failure', NULL, '', NULL, 10, '2026-11-29 17:04:30.036', '2026-11-29 17:04:30.036', 'b62ba2ba-305f-415a-995d-ae1ff02b518f', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('e3a34a1a-40ca-4d25-ba1b-04e0179a2c1b', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 0, 0, 0, '2026-11-29 17:04:28.349', '2026-11-29 17:04:28.355', '2026-11-29 17:04:28.355', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "e3a34a1a-40ca-4d25-ba1b-04e0179a2c1b", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "400", "error_class": "ProxyMissingRequiredParamError", "llm_provider": "", "error_message": "/chat/completions: Missing required parameter: ''messages''.", "normalized_error": "400_MISSING_REQUIRED_PARAMETER", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '840246ee-a6b0-49a5-bee6-4f5f64828bf6', 'failure', NULL, '', NULL, 5, '2026-11-29 17:04:30.036', '2026-11-29 17:04:30.036', 'e3a34a1a-40ca-4d25-ba1b-04e0179a2c1b', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('d35f05e5-8a6e-4703-a10b-694d1ca0dfb8', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 0, 0, 0, '2026-11-29 17:04:28.386', '2026-11-29 17:04:28.415', '2026-11-29 17:04:28.415', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "d35f05e5-8a6e-4703-a10b-694d1ca0dfb8", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "500", "error_class": "APIConnectionError", "llm_provider": "openai", "error_message": "litellm.APIConnectionError: APIConnectionError: OpenAIException - ''str'' object has no attribute ''get''\n\nLiteLLM: model group ''local'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "500_PROVIDER_CONNECTION_ERROR", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "local", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '237ba2b0-d416-4cbd-91af-df8d159bc447', 'failure', NULL, '', NULL, 29, '2026-11-29 17:04:30.036', '2026-11-29 17:04:30.036', 'd35f05e5-8a6e-4703-a10b-694d1ca0dfb8', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('ff22d0b3-62d6-4c00-856a-e1e6e2a04280', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 0, 0, 0, '2026-11-29 17:04:28.426', '2026-11-29 17:04:28.428', '2026-11-29 17:04:28.428', '', '', '', '', '', '', '{"status": "failure", "user_agent": null, "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "ff22d0b3-62d6-4c00-856a-e1e6e2a04280", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "400", "error_class": "ProxyException", "llm_provider": "", "error_message": "Invalid JSON payload: unexpected end of data: line 1 column 2 (char 1)", "normalized_error": "400_INVALID_REQUEST", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": null, "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', NULL, '{}', '{}', '{}', '79a84f7c-2082-42e2-9db6-6a68d2e250b2', 'failure', NULL, '', NULL, 2, '2026-11-29 17:04:30.036', '2026-11-29 17:04:30.036', 'ff22d0b3-62d6-4c00-856a-e1e6e2a04280', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('da0b01cb-48b3-447a-b298-b1512783767c', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 8, 8, 0, '2026-11-29 17:04:28.614', '2026-11-29 17:04:28.675', '2026-11-29 17:04:28.674', 'openai/fails-400', 'fails-400-1', 'fails-400', 'openai', 'http://127.0.0.1:39907/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "da0b01cb-48b3-447a-b298-b1512783767c", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "bad_value", "error_class": "BadRequestError", "llm_provider": "openai", "error_message": "litellm.BadRequestError: OpenAIException - temperature is too high\n\nLiteLLM: model group ''fails-400'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "400_INVALID_REQUEST", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "fails-400", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '76258715-102c-4adc-a1a0-7dea43907690', 'failure', NULL, '', NULL, 61, '2026-11-29 17:04:30.036', '2026-11-29 17:04:30.036', 'da0b01cb-48b3-447a-b298-b1512783767c', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('625c6017-ea15-4cbb-b450-c72062c10413', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 8, 8, 0, '2026-11-29 17:04:28.699', '2026-11-29 17:04:28.79', '2026-11-29 17:04:28.79', 'openai/fails-401', 'fails-401-1', 'fails-401', 'openai', 'http://127.0.0.1:39907/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "625c6017-ea15-4cbb-b450-c72062c10413", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "401", "error_class": "AuthenticationError", "llm_provider": "openai", "error_message": "litellm.AuthenticationError: AuthenticationError: OpenAIException - Incorrect API key provided\n\nLiteLLM: model group ''fails-401'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "401_AUTHENTICATION_FAILED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "fails-401", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '65836dc6-f50a-4d07-8ddf-e00422bb9e96', 'failure', NULL, '', NULL, 90, '2026-11-29 17:04:30.036', '2026-11-29 17:04:30.036', '625c6017-ea15-4cbb-b450-c72062c10413', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('2ca1a964-28bd-4bc8-a411-172f7b6250aa', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 8, 8, 0, '2026-11-29 17:04:28.834', '2026-11-29 17:04:28.914', '2026-11-29 17:04:28.914', 'openai/fails-404', 'fails-404-1', 'fails-404', 'openai', 'http://127.0.0.1:39907/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "2ca1a964-28bd-4bc8-a411-172f7b6250aa", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "404", "error_class": "NotFoundError", "llm_provider": "openai", "error_message": "litellm.NotFoundError: NotFoundError: OpenAIException - The model does not exist\n\nLiteLLM: model group ''fails-404'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "404_RESOURCE_NOT_FOUND", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "fails-404", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '36c16fee-6830-4dd1-be9f-a7b4e706e82f', 'failure', NULL, '', NULL, 80, '2026-11-29 17:04:30.036', '2026-11-29 17:04:30.036', '2ca1a964-28bd-4bc8-a411-172f7b6250aa', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('cd094e2b-f359-4f4c-9b41-75d6764ffbc1', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 8, 8, 0, '2026-11-29 17:04:28.926', '2026-11-29 17:04:28.995', '2026-11-29 17:04:28.995', 'openai/fails-429', 'fails-429-1', 'fails-429', 'openai', 'http://127.0.0.1:39907/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "cd094e2b-f359-4f4c-9b41-75d6764ffbc1", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "429", "error_class": "RateLimitError", "llm_provider": "openai", "error_message": "litellm.RateLimitError: RateLimitError: OpenAIException - Rate limit reached\n\nLiteLLM: model group ''fails-429'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "429_RATE_LIMIT_EXCEEDED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": "vendor_rate_limit"}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "fails-429", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '0f71be26-1cee-4fa5-87e9-f4bcab605e41', 'failure', NULL, '', NULL, 69, '2026-11-29 17:04:30.036', '2026-11-29 17:04:30.036', 'cd094e2b-f359-4f4c-9b41-75d6764ffbc1', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('ec7df298-88c5-42e0-95df-96aec60a1461', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 8, 8, 0, '2026-11-29 17:04:29.007', '2026-11-29 17:04:29.07', '2026-11-29 17:04:29.069', 'openai/fails-500', 'fails-500-1', 'fails-500', 'openai', 'http://127.0.0.1:39907/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "ec7df298-88c5-42e0-95df-96aec60a1461", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "broken", "error_class": "InternalServerError", "llm_provider": "openai", "error_message": "litellm.InternalServerError: InternalServerError: OpenAIException - The engine is on fire\n\nLiteLLM: model group ''fails-500'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "500_PROVIDER_INTERNAL_ERROR", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "fails-500", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'da81f941-a1c2-4e6e-a615-5c2fffe91a70', 'failure', NULL, '', NULL, 62, '2026-11-29 17:04:30.036', '2026-11-29 17:04:30.036', 'ec7df298-88c5-42e0-95df-96aec60a1461', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('0daa92e1-4b68-4e2c-897c-d4afc8d460ae', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 8, 8, 0, '2026-11-29 17:04:29.09', '2026-11-29 17:04:29.212', '2026-11-29 17:04:29.211', 'openai/fails-503', 'fails-503-1', 'fails-503', 'openai', 'http://127.0.0.1:39907/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "0daa92e1-4b68-4e2c-897c-d4afc8d460ae", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "503", "error_class": "ServiceUnavailableError", "llm_provider": "openai", "error_message": "litellm.ServiceUnavailableError: ServiceUnavailableError: OpenAIException - The engine is overloaded\n\nLiteLLM: model group ''fails-503'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "503_PROVIDER_OVERLOADED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "fails-503", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '76a3ad51-9435-47a8-8178-e9e428fed798', 'failure', NULL, '', NULL, 122, '2026-11-29 17:04:30.036', '2026-11-29 17:04:30.036', '0daa92e1-4b68-4e2c-897c-d4afc8d460ae', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('cd6e54dc-e4c6-41a1-ba91-c15fe590a14d', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 8, 8, 0, '2026-11-29 17:04:29.238', '2026-11-29 17:04:29.71', '2026-11-29 17:04:29.71', 'openai/too-long', 'too-long-1', 'too-long', 'openai', 'http://127.0.0.1:39907/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "cd6e54dc-e4c6-41a1-ba91-c15fe590a14d", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "400", "error_class": "ContextWindowExceededError", "llm_provider": "openai", "error_message": "litellm.ContextWindowExceededError: litellm.BadRequestError: ContextWindowExceededError: OpenAIException - This model''s maximum context length is 10 tokens.\nmodel=too-long. context_window_fallbacks=None. fallbacks=[{''falls'': [''local'']}].\n\nSet ''context_window_fallback'' - https://docs.litellm.ai/docs/routing#fallbacks\n\nLiteLLM: model group ''too-long'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "400_CONTEXT_WINDOW_EXCEEDED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "too-long", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '92627e8d-1287-4f2f-8f8d-f3e3a8b38607', 'failure', NULL, '', NULL, 471, '2026-11-29 17:04:30.036', '2026-11-29 17:04:30.036', 'cd6e54dc-e4c6-41a1-ba91-c15fe590a14d', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('45d4b0b7-6c9c-4498-ac3d-9bb4d389dda7', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 8, 8, 0, '2026-11-29 17:04:29.766', '2026-11-29 17:04:30.025', '2026-11-29 17:04:30.025', 'openai/dead', 'dead-1', 'dead', 'openai', 'http://127.0.0.1:9/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "45d4b0b7-6c9c-4498-ac3d-9bb4d389dda7", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "500", "error_class": "InternalServerError", "llm_provider": "openai", "error_message": "litellm.InternalServerError: InternalServerError: OpenAIException - Connection error.\n\nLiteLLM: model group ''dead'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "500_PROVIDER_CONNECTION_ERROR", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "dead", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '2ac59145-2352-4dae-b961-9be2537b0ae4', 'failure', NULL, '', NULL, 259, '2026-11-29 17:04:30.982', '2026-11-29 17:04:30.982', '45d4b0b7-6c9c-4498-ac3d-9bb4d389dda7', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('42d35c0e-5846-4126-92df-595b32903415', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 8, 8, 0, '2026-11-29 17:04:30.086', '2026-11-29 17:04:30.201', '2026-11-29 17:04:30.201', 'openai/cut', 'cut-1', 'cut', 'openai', 'http://127.0.0.1:39907/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "42d35c0e-5846-4126-92df-595b32903415", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "500", "error_class": "InternalServerError", "llm_provider": "openai", "error_message": "litellm.InternalServerError: InternalServerError: OpenAIException - Connection error.\n\nLiteLLM: model group ''cut'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "500_PROVIDER_CONNECTION_ERROR", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "cut", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '56484073-c74a-400e-9900-c7cd867a2bfb', 'failure', NULL, '', NULL, 115, '2026-11-29 17:04:30.982', '2026-11-29 17:04:30.982', '42d35c0e-5846-4126-92df-595b32903415', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('5e9a58ea-1e1d-47de-8df2-4df0b4559f68', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 8, 8, 0, '2026-11-29 17:04:30.242', '2026-11-29 17:04:30.397', '2026-11-29 17:04:30.396', 'openai/garbage', 'garbage-1', 'garbage', 'openai', 'http://127.0.0.1:39907/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "5e9a58ea-1e1d-47de-8df2-4df0b4559f68", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "500", "error_class": "InternalServerError", "llm_provider": "openai", "error_message": "litellm.InternalServerError: InternalServerError: OpenAIException - Expecting value: line 1 column 1 (char 0)\n\nLiteLLM: model group ''garbage'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "500_PROVIDER_INTERNAL_ERROR", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "garbage", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '478095ce-c4f9-4396-8a74-6e085947a652', 'failure', NULL, '', NULL, 154, '2026-11-29 17:04:30.982', '2026-11-29 17:04:30.982', '5e9a58ea-1e1d-47de-8df2-4df0b4559f68', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('e09085a6-b9b0-4d74-8183-3e73019e7064', 'acompletion', '05c17ac446a57646a6b70123d04b3b71c4f83ecd9e0ac63a598c749032c9acaa', 0, 0, 0, 0, '2026-11-29 17:04:36.375', '2026-11-29 17:04:36.389', '2026-11-29 17:04:36.388', 'openai/paid', 'paid-1', 'paid', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "05c17ac446a57646a6b70123d04b3b71c4f83ecd9e0ac63a598c749032c9acaa", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "e09085a6-b9b0-4d74-8183-3e73019e7064", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "422", "error_class": "BudgetExceededError", "llm_provider": "openai", "error_message": "Budget has been exceeded! Key=zero (sk-...gswg) Current cost: 0.0, Max budget: 0.0", "normalized_error": "429_BUDGET_EXCEEDED", "error_budget_limit": 0.0, "error_budget_spend": 0.0, "error_rate_limit_type": "budget", "error_budget_entity_id": "05c17ac446a57646a6b70123d04b3b71c4f83ecd9e0ac63a598c749032c9acaa", "error_budget_entity_type": "key", "error_provider_request_id": null, "error_rate_limit_category": "litellm_rate_limit"}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "zero", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '0778edfb-193a-4087-a9a3-248ddd7777eb', 'failure', NULL, '', NULL, 13, '2026-11-29 17:04:37.777', '2026-11-29 17:04:37.777', 'e09085a6-b9b0-4d74-8183-3e73019e7064', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('94c8e3d6-d0eb-46e3-b296-0cc370dfbf5d', '/user/info', '78a59616e1ef37744bddd8b125f5c2022a9486956f351efabd2b8e2412e03e0d', 0, 0, 0, 0, '2026-11-29 17:04:38.931', '2026-11-29 17:04:38.945', '2026-11-29 17:04:38.944', '', '', '', '', '', 'ann', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "78a59616e1ef37744bddd8b125f5c2022a9486956f351efabd2b8e2412e03e0d", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "94c8e3d6-d0eb-46e3-b296-0cc370dfbf5d", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "403", "error_class": "HTTPException", "llm_provider": "", "error_message": "403: key not allowed to access this user''s info. user_id=bob, key''s user_id=ann", "normalized_error": "403_PERMISSION_DENIED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": "ann", "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', 'eda8f060-5f5b-45e6-9632-c6483e47667a', 'failure', NULL, '', NULL, 13, '2026-11-29 17:04:39.079', '2026-11-29 17:04:39.079', '94c8e3d6-d0eb-46e3-b296-0cc370dfbf5d', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('c4483237-3729-4447-a3e9-65bfcafead91', 'acompletion', 'fa8aeb0501fa8a6f6510cc6fa0ec5ff5ac7351a651fcded6f756aece9da55473', 0, 0, 0, 0, '2026-11-29 17:04:50.553', '2026-11-29 17:04:50.565', '2026-11-29 17:04:50.564', 'openai/unpriced', 'unpriced-1', 'unpriced', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "fa8aeb0501fa8a6f6510cc6fa0ec5ff5ac7351a651fcded6f756aece9da55473", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "c4483237-3729-4447-a3e9-65bfcafead91", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "403", "error_class": "ModelAccessDeniedProxyException", "llm_provider": "", "error_message": "The requested model ''unpriced'' is not available for this API key, or the model name is invalid. Check the models available to you and try again.", "normalized_error": "403_MODEL_ACCESS_DENIED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "red-key", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": "red", "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": "Red", "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', 'red', '', '127.0.0.1', '{}', '{}', '{}', '7fc171b1-fe74-4fb1-b9a6-feb223fa236e', 'failure', NULL, '', NULL, 11, '2026-11-29 17:04:50.816', '2026-11-29 17:04:50.816', 'c4483237-3729-4447-a3e9-65bfcafead91', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('938fdba7-6b3f-4f06-9f16-f899b8bc94c8', 'acompletion', 'fa8aeb0501fa8a6f6510cc6fa0ec5ff5ac7351a651fcded6f756aece9da55473', 0, 0, 0, 0, '2026-11-29 17:04:55.599', '2026-11-29 17:04:55.614', '2026-11-29 17:04:55.613', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "fa8aeb0501fa8a6f6510cc6fa0ec5ff5ac7351a651fcded6f756aece9da55473", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "938fdba7-6b3f-4f06-9f16-f899b8bc94c8", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "", "error_class": "Exception", "llm_provider": "", "error_message": "Team=red is blocked. Update via `/team/unblock` if you''re an admin.", "normalized_error": "UNCLASSIFIED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "red-key", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": "red", "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": "Red", "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', 'red', '', '127.0.0.1', '{}', '{}', '{}', '4bc25edb-fd1e-45aa-bdc3-c37dc261fa40', 'failure', NULL, '', NULL, 14, '2026-11-29 17:04:57.705', '2026-11-29 17:04:57.705', '938fdba7-6b3f-4f06-9f16-f899b8bc94c8', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('5f540994-c85a-4355-a96c-8a32afc69e65', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 0, 0, 0, '2026-11-29 17:05:11.605', '2026-11-29 17:05:11.609', '2026-11-29 17:05:11.608', 'openai/paid', 'paid-1', 'paid', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "5f540994-c85a-4355-a96c-8a32afc69e65", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "422", "error_class": "BudgetExceededError", "llm_provider": "openai", "error_message": "ExceededBudget: End User=tiny over budget. Spend=5.999999999999994e-05, Budget=1e-08", "normalized_error": "429_BUDGET_EXCEEDED", "error_budget_limit": 0.00000001, "error_budget_spend": 0.00005999999999999994, "error_rate_limit_type": "budget", "error_budget_entity_id": "tiny", "error_budget_entity_type": "end_user", "error_provider_request_id": null, "error_rate_limit_category": "litellm_rate_limit"}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', 'tiny', '127.0.0.1', '{}', '{}', '{}', '3a7b63ae-b3eb-4ebe-b730-c017414d4f60', 'failure', NULL, '', NULL, 4, '2026-11-29 17:05:12.825', '2026-11-29 17:05:12.825', '5f540994-c85a-4355-a96c-8a32afc69e65', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('ad73d6bf-4dcd-456c-9a3c-79d56091d457', 'acompletion', '2d4015cb33858f37fd2d86293fe1c41273574674cbc100952a98d4a7e5afc999', 0, 0, 0, 0, '2026-11-29 17:05:31.694', '2026-11-29 17:05:31.707', '2026-11-29 17:05:31.706', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "2d4015cb33858f37fd2d86293fe1c41273574674cbc100952a98d4a7e5afc999", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "ad73d6bf-4dcd-456c-9a3c-79d56091d457", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "429", "error_class": "ProxyRateLimitError", "llm_provider": "openai", "error_message": "litellm.RateLimitError: Rate limit exceeded for REDACTED Limit type: requests. Current limit: 1, Remaining: 0. Limit resets at: 2026-11-29 17:06:31 UTC", "normalized_error": "429_RATE_LIMIT_EXCEEDED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": "requests", "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": "litellm_rate_limit"}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "slow", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '1b822bd1-ab8c-4f50-9af8-e99f87cb4db7', 'failure', NULL, '', NULL, 12, '2026-11-29 17:05:33.244', '2026-11-29 17:05:33.244', 'ad73d6bf-4dcd-456c-9a3c-79d56091d457', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('77078494-b05e-4a14-a6a4-90d8579d95df', 'acompletion', 'f1f201e77a0708244259ef3c013ed89e65969cbf4337103e6d393c503f46cf0f', 0, 0, 0, 0, '2026-11-29 17:05:36.831', '2026-11-29 17:05:36.845', '2026-11-29 17:05:36.845', 'openai/paid', 'paid-1', 'paid', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "f1f201e77a0708244259ef3c013ed89e65969cbf4337103e6d393c503f46cf0f", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "77078494-b05e-4a14-a6a4-90d8579d95df", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "422", "error_class": "BudgetExceededError", "llm_provider": "openai", "error_message": "Budget has been exceeded! Team=poor Current cost: 5.999999999999994e-05, Max budget: 1e-08", "normalized_error": "429_BUDGET_EXCEEDED", "error_budget_limit": 0.00000001, "error_budget_spend": 0.00005999999999999994, "error_rate_limit_type": "budget", "error_budget_entity_id": "poor", "error_budget_entity_type": "team", "error_provider_request_id": null, "error_rate_limit_category": "litellm_rate_limit"}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "poor-key", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": "poor", "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', 'poor', '', '127.0.0.1', '{}', '{}', '{}', '21752adb-ed9e-43f7-bcd7-f046c5d9aba5', 'failure', NULL, '', NULL, 13, '2026-11-29 17:05:37.716', '2026-11-29 17:05:37.716', '77078494-b05e-4a14-a6a4-90d8579d95df', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('1f0e17c7-d9dd-4ec4-96d0-029d3a5a55c1', 'acompletion', 'df021296696ca895986429013c0d757ebcbefb14465ab86fc9ac58df757848e7', 0, 0, 0, 0, '2026-11-29 17:05:41.022', '2026-11-29 17:05:41.032', '2026-11-29 17:05:41.032', 'openai/paid', 'paid-1', 'paid', 'openai', '', 'poor-user', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "df021296696ca895986429013c0d757ebcbefb14465ab86fc9ac58df757848e7", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "1f0e17c7-d9dd-4ec4-96d0-029d3a5a55c1", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "422", "error_class": "BudgetExceededError", "llm_provider": "openai", "error_message": "ExceededBudget: User=poor-user over budget. Spend=5.999999999999994e-05, Budget=1e-08", "normalized_error": "429_BUDGET_EXCEEDED", "error_budget_limit": 0.00000001, "error_budget_spend": 0.00005999999999999994, "error_rate_limit_type": "budget", "error_budget_entity_id": "poor-user", "error_budget_entity_type": "user", "error_provider_request_id": null, "error_rate_limit_category": "litellm_rate_limit"}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": "poor-user", "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', 'f2063a45-eb98-4db0-8d7b-7983cb8acafd', 'failure', NULL, '', NULL, 10, '2026-11-29 17:05:41.738', '2026-11-29 17:05:41.738', '1f0e17c7-d9dd-4ec4-96d0-029d3a5a55c1', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('76e3e29b-5e71-4be3-b25b-a29a42555719', 'acompletion', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 0, 0, 0, 0, '2026-11-29 17:05:45.2', '2026-11-29 17:05:45.204', '2026-11-29 17:05:45.203', 'openai/paid', 'paid-1', 'paid', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "76e3e29b-5e71-4be3-b25b-a29a42555719", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "422", "error_class": "BudgetExceededError", "llm_provider": "openai", "error_message": "Budget has been exceeded! Tag=poor-tag Current cost: 5.999999999999994e-05, Max budget: 1e-08", "normalized_error": "429_BUDGET_EXCEEDED", "error_budget_limit": 0.00000001, "error_budget_spend": 0.00005999999999999994, "error_rate_limit_type": "budget", "error_budget_entity_id": "poor-tag", "error_budget_entity_type": "tag", "error_provider_request_id": null, "error_rate_limit_category": "litellm_rate_limit"}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '01affdc1-2927-488a-acc4-b1ceb339b5e8', 'failure', NULL, '', NULL, 3, '2026-11-29 17:05:45.646', '2026-11-29 17:05:45.646', '76e3e29b-5e71-4be3-b25b-a29a42555719', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('f10872ac-2f91-42cc-b99e-573041ee8ca0', 'acompletion', 'ae744a158f8c576f59f1f56712ae8f3983a6e3b12cd27791ef4524fa66922fc4', 0, 0, 0, 0, '2026-11-29 17:05:49.27', '2026-11-29 17:05:49.279', '2026-11-29 17:05:49.278', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "ae744a158f8c576f59f1f56712ae8f3983a6e3b12cd27791ef4524fa66922fc4", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "f10872ac-2f91-42cc-b99e-573041ee8ca0", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "401", "error_class": "ProxyException", "llm_provider": "", "error_message": "Authentication Error - Expired Key. Key Expiry time 2026-11-29 17:05:46.221000+00:00 and current time 2026-11-29 17:05:49.269045+00:00", "normalized_error": "401_AUTHENTICATION_FAILED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "brief", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', 'b90ddc6b-128f-4ecb-96d5-debc9922fdeb', 'failure', NULL, '', NULL, 8, '2026-11-29 17:05:49.99', '2026-11-29 17:05:49.99', 'f10872ac-2f91-42cc-b99e-573041ee8ca0', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('f2c849ca-d833-4621-82e6-a60cef0296cb', 'acompletion', '1332613bea021f151e9a8802c9dec958b10eaf6bdfb35e38a0eadd825b424ae3', 0, 0, 0, 0, '2026-11-29 17:05:49.409', '2026-11-29 17:05:49.434', '2026-11-29 17:05:49.434', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "1332613bea021f151e9a8802c9dec958b10eaf6bdfb35e38a0eadd825b424ae3", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "f2c849ca-d833-4621-82e6-a60cef0296cb", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "429", "error_class": "ProxyRateLimitError", "llm_provider": "openai", "error_message": "litellm.RateLimitError: Rate limit exceeded for REDACTED Limit type: tokens. Current limit: 1, Remaining: 1. Limit resets at: 2026-11-29 17:06:49 UTC", "normalized_error": "429_RATE_LIMIT_EXCEEDED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": "tokens", "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": "litellm_rate_limit"}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "few-tokens", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '5705e4ed-7ee9-48de-8289-7401659022a6', 'failure', NULL, '', NULL, 25, '2026-11-29 17:05:49.99', '2026-11-29 17:05:49.99', 'f2c849ca-d833-4621-82e6-a60cef0296cb', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('33971207-87b8-459c-bd16-8f7e7bbeac8d', 'acompletion', '1332613bea021f151e9a8802c9dec958b10eaf6bdfb35e38a0eadd825b424ae3', 0, 0, 0, 0, '2026-11-29 17:05:49.519', '2026-11-29 17:05:49.533', '2026-11-29 17:05:49.532', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "1332613bea021f151e9a8802c9dec958b10eaf6bdfb35e38a0eadd825b424ae3", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "33971207-87b8-459c-bd16-8f7e7bbeac8d", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "429", "error_class": "ProxyRateLimitError", "llm_provider": "openai", "error_message": "litellm.RateLimitError: Rate limit exceeded for REDACTED Limit type: tokens. Current limit: 1, Remaining: 1. Limit resets at: 2026-11-29 17:06:49 UTC", "normalized_error": "429_RATE_LIMIT_EXCEEDED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": "tokens", "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": "litellm_rate_limit"}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "few-tokens", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '15599423-57d3-474d-9c5c-40659578d2ef', 'failure', NULL, '', NULL, 13, '2026-11-29 17:05:49.99', '2026-11-29 17:05:49.99', '33971207-87b8-459c-bd16-8f7e7bbeac8d', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('764da271-b07d-47f1-9d85-642a5798db60', '/v1/models', 'f08c461aa3f88746a8b4fa43eef76a6b11a2da76182ae91f0508dfd19f1621f5', 0, 0, 0, 0, '2026-11-29 17:05:50.307', '2026-11-29 17:05:50.325', '2026-11-29 17:05:50.324', '', '', '', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "f08c461aa3f88746a8b4fa43eef76a6b11a2da76182ae91f0508dfd19f1621f5", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "764da271-b07d-47f1-9d85-642a5798db60", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"traceback": "", "error_code": "401", "error_class": "KeyNotFoundError", "llm_provider": "", "error_message": "Authentication Error, Invalid API key provided.", "normalized_error": "401_AUTHENTICATION_FAILED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "model_map_information": {"model_map_key": "", "model_map_value": null}, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '99744fe5-fe76-4aaf-87e8-33882e74f350', 'failure', NULL, '', NULL, 18, '2026-11-29 17:05:50.793', '2026-11-29 17:05:50.793', '764da271-b07d-47f1-9d85-642a5798db60', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('8feade89-cf11-4601-ba79-6e6bebe7ed0b', '/v1/models', '26b9d1994321135e5d5e206655e732f8446cba793208d7eb9c40fc1f14510d9a', 0, 0, 0, 0, '2026-11-29 17:05:50.532', '2026-11-29 17:05:50.69', '2026-11-29 17:05:50.689', '', '', '', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "26b9d1994321135e5d5e206655e732f8446cba793208d7eb9c40fc1f14510d9a", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "8feade89-cf11-4601-ba79-6e6bebe7ed0b", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"traceback": "", "error_code": "401", "error_class": "KeyNotFoundError", "llm_provider": "", "error_message": "Authentication Error, Invalid API key provided.", "normalized_error": "401_AUTHENTICATION_FAILED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "model_map_information": {"model_map_key": "", "model_map_value": null}, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '6c62e010-e130-4b77-a93c-606c4b4d210c', 'failure', NULL, '', NULL, 157, '2026-11-29 17:05:50.793', '2026-11-29 17:05:50.793', '8feade89-cf11-4601-ba79-6e6bebe7ed0b', NULL);

INSERT INTO public."LiteLLM_TagTable" VALUES ('gold', 'Still the best', '{}', '{}', 6e-05, '1769505d-1c00-4da1-a927-8e03e1ac059a', '2026-11-29 17:05:12.426', 'default_user_id', '2026-11-29 17:05:13.687');
INSERT INTO public."LiteLLM_TagTable" VALUES ('poor-tag', NULL, '{}', '{}', 6e-05, '587b21e4-1d16-4d6c-8848-7fedcac8f095', '2026-11-29 17:05:41.132', 'default_user_id', '2026-11-29 17:05:41.67');

INSERT INTO public."LiteLLM_TeamMembership" VALUES ('ann', 'red', 0, NULL, 0);
INSERT INTO public."LiteLLM_TeamMembership" VALUES ('default_user_id', 'red', 0, NULL, 0);
INSERT INTO public."LiteLLM_TeamMembership" VALUES ('ann', 'led', 0, NULL, 0);
INSERT INTO public."LiteLLM_TeamMembership" VALUES ('default_user_id', 'led', 0, NULL, 0);
INSERT INTO public."LiteLLM_TeamMembership" VALUES ('default_user_id', 'windows', 0, NULL, 0);
INSERT INTO public."LiteLLM_TeamMembership" VALUES ('default_user_id', 'members', 0, 'team-budget-7542a710643848de8b625463a19c1fd1', 0);
INSERT INTO public."LiteLLM_TeamMembership" VALUES ('none-such', 'red', 0, '077d3f21-cb92-4ece-a457-c72ca8d08490', 0);
INSERT INTO public."LiteLLM_TeamMembership" VALUES ('bob', 'red', 0, '0a2e296d-6fe6-4dfa-9df1-32ac2274520d', 6e-05);
INSERT INTO public."LiteLLM_TeamMembership" VALUES ('hal', 'red', 0, NULL, 0);
INSERT INTO public."LiteLLM_TeamMembership" VALUES ('default_user_id', 'poor', 0, NULL, 0);

INSERT INTO public."LiteLLM_TeamTable" VALUES ('red', 'Red', NULL, '{}', '{}', '[{"role": "user", "user_id": "ann", "user_email": "ann@example.com"}, {"role": "admin", "user_id": "default_user_id", "user_email": null}, {"role": "user", "user_id": "bob", "user_email": "bob@example.com"}, {"role": "user", "user_id": "hal", "user_email": null}]', '{"floor": 5}', 60, 0.00012, '{local,paid}', NULL, NULL, 500, '30d', '2026-12-01 00:00:00', false, '2026-11-29 17:04:46.91', '2026-11-29 17:04:56.894', '{}', '{}', 1, '{/key/generate,/key/info}', NULL, '{}', '{}', false, NULL, '{}', NULL, '{}', NULL);
INSERT INTO public."LiteLLM_TeamTable" VALUES ('led', NULL, NULL, '{}', '{}', '[{"role": "admin", "user_id": "ann", "user_email": "ann@example.com"}, {"role": "admin", "user_id": "default_user_id", "user_email": null}]', '{}', NULL, 0, '{}', NULL, NULL, NULL, NULL, NULL, false, '2026-11-29 17:04:47.312', '2026-11-29 17:04:47.487', '{}', '{}', NULL, '{}', NULL, '{}', '{}', false, NULL, '{}', NULL, '{}', NULL);
INSERT INTO public."LiteLLM_TeamTable" VALUES ('windows', NULL, NULL, '{}', '{}', '[{"role": "admin", "user_id": "default_user_id", "user_email": null}]', '{}', NULL, 0, '{}', NULL, NULL, NULL, NULL, NULL, false, '2026-11-29 17:04:47.724', '2026-11-29 17:04:47.75', '{}', '{}', NULL, '{}', NULL, '{}', '{}', false, NULL, '{}', '[{"reset_at": "2026-11-30T00:00:00+00:00", "max_budget": 1.0, "budget_duration": "24h"}]', '{}', NULL);
INSERT INTO public."LiteLLM_TeamTable" VALUES ('members', NULL, NULL, '{}', '{}', '[{"role": "admin", "user_id": "default_user_id", "user_email": null}]', '{"team_member_budget_id": "team-budget-7542a710643848de8b625463a19c1fd1"}', NULL, 0, '{}', NULL, NULL, NULL, NULL, NULL, false, '2026-11-29 17:04:47.963', '2026-11-29 17:04:48.019', '{}', '{}', NULL, '{}', NULL, '{}', '{}', false, NULL, '{}', NULL, '{}', NULL);
INSERT INTO public."LiteLLM_TeamTable" VALUES ('poor', NULL, NULL, '{}', '{}', '[{"role": "admin", "user_id": "default_user_id", "user_email": null}]', '{}', 1e-08, 6e-05, '{}', NULL, NULL, NULL, '30d', '2026-12-01 00:00:00', false, '2026-11-29 17:05:31.886', '2026-11-29 17:05:37.647', '{}', '{}', NULL, '{}', NULL, '{}', '{}', false, NULL, '{}', NULL, '{}', NULL);

INSERT INTO public."LiteLLM_ToolTable" VALUES ('04d8c495-25d6-4f3d-bc37-f7c3ce7bcb3f', 'get_weather', 'user_defined', 'untrusted', 4, '{}', '90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', NULL, 'caller', '2026-11-29 17:04:14.795', 'system', '2026-11-29 17:04:21.597', 'system', 'untrusted', 'beside', '2026-11-29 17:04:21.597');

INSERT INTO public."LiteLLM_UserTable" VALUES ('eve', NULL, NULL, NULL, NULL, NULL, '{}', 'proxy_admin', NULL, 0, NULL, '{}', '{}', NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:04:37.836', '2026-11-29 17:04:37.836', NULL, '{}', NULL, NULL);
INSERT INTO public."LiteLLM_UserTable" VALUES ('vic', NULL, NULL, NULL, NULL, NULL, '{}', 'proxy_admin_viewer', NULL, 0, NULL, '{}', '{}', NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:04:38.142', '2026-11-29 17:04:38.142', NULL, '{}', NULL, NULL);
INSERT INTO public."LiteLLM_UserTable" VALUES ('cat', NULL, NULL, NULL, NULL, NULL, '{}', 'internal_user', NULL, 0, NULL, '{}', '{}', NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:04:49.188', '2026-11-29 17:04:55.729', NULL, '{}', NULL, NULL);
INSERT INTO public."LiteLLM_UserTable" VALUES ('ae672464-8830-446f-a77d-ad660d95bde9', NULL, NULL, NULL, NULL, NULL, '{}', 'internal_user', NULL, 0, 'dan@example.com', '{}', '{}', NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:04:49.188', '2026-11-29 17:04:55.809', NULL, '{}', NULL, NULL);
INSERT INTO public."LiteLLM_UserTable" VALUES ('nobody-such', NULL, NULL, NULL, NULL, NULL, '{}', NULL, 1, 0, NULL, NULL, '{}', NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:04:40.273', '2026-11-29 17:04:40.273', NULL, '{}', NULL, NULL);
INSERT INTO public."LiteLLM_UserTable" VALUES ('default_user_id', NULL, NULL, NULL, NULL, NULL, '{red,led,windows,members,poor}', 'internal_user', NULL, 0, NULL, '{}', '{}', NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:04:46.819', '2026-11-29 17:05:32.123', NULL, '{}', NULL, NULL);
INSERT INTO public."LiteLLM_UserTable" VALUES ('poor-user', NULL, NULL, NULL, NULL, NULL, '{}', NULL, 1e-08, 6e-05, NULL, '{}', '{}', NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:05:36.912', '2026-11-29 17:05:41.592', NULL, '{}', NULL, NULL);
INSERT INTO public."LiteLLM_UserTable" VALUES ('ann', 'Anna', NULL, NULL, NULL, NULL, '{red,led}', 'internal_user', 21, 6e-05, 'ann@example.com', '{local,paid}', '{"floor": 3}', NULL, NULL, 50, '30d', '2026-12-01 00:00:00', '{}', '{}', '{}', '2026-11-29 17:04:37.077', '2026-11-29 17:04:47.487', NULL, '{}', NULL, NULL);
INSERT INTO public."LiteLLM_UserTable" VALUES ('bob', NULL, NULL, NULL, NULL, NULL, '{red}', 'internal_user_viewer', 22, 6e-05, 'bob@example.com', '{}', '{}', NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:04:37.764', '2026-11-29 17:04:50.59', NULL, '{}', NULL, NULL);
INSERT INTO public."LiteLLM_UserTable" VALUES ('hal', NULL, NULL, NULL, NULL, NULL, '{red}', 'internal_user', NULL, 0, NULL, '{}', '{}', NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:04:55.38', '2026-11-29 17:04:55.38', NULL, '{}', NULL, NULL);

INSERT INTO public."LiteLLM_VerificationToken" VALUES ('2fbfa331b5c7be4f55a5e605ae146a3e81c10421146d81064d320feec17837a0', 'sk-...Nnwg', 'unknown-field', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:32.508', 'default_user_id', '2026-11-29 17:04:32.508', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('702ab9024ed205db2bea6bc7b25b04b9510240e7ac09f1dea959d6450d4bddcc', 'sk-...NNCA', NULL, false, 0, NULL, '{}', '{}', '{}', NULL, 'no-such-team', '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:32.531', 'default_user_id', '2026-11-29 17:04:32.531', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('a46bd650573e1a56218fbf947f82c09fb6f6a502f58543b4b791ad0ff15d0bec', 'sk-...uR2A', NULL, false, 0, NULL, '{}', '{}', '{}', 'no-such-user', NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:32.549', 'default_user_id', '2026-11-29 17:04:32.549', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('4e964b92eec3f500f67413958a5f019cb03fa2be96e3943e27786581fa60db72', 'sk-...vU3Q', 'spent', false, 1.25, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, 2, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:32.589', 'default_user_id', '2026-11-29 17:04:32.589', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('ced6ec096b5bc24220448520efd9978c38e1b532ea9b77421d1294e27e64ef42', 'sk-...lhhg', 'llm-only', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:32.635', 'default_user_id', '2026-11-29 17:04:32.635', 'default_user_id', '{llm_api_routes}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'llm_api', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('a4a9a28d043afd4cd05dc73298cb2f2480b5fb5a97f0d20ca9df379306fe0bee', 'sk-...h88g', 'blocked', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', true, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:08.708', 'default_user_id', '2026-11-29 17:04:24.588', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:04:24.635', NULL, NULL, '{}', 'default', '2026-11-29 17:04:08.875', NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('7fc69a58a3eb6959c187c1ecb46e1bfb05c9977545a1866284617858edd62ebd', 'sk-...QNTQ', 'narrow', false, 0, NULL, '{local}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:08.525', 'default_user_id', '2026-11-29 17:04:28.6', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:04:28.665', NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('ab6d0e2e62eb078fd2fed023dc513548df45022f8216434a407dd8cacc763814', 'sk-...Jmeg', 'management-only', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:32.662', 'default_user_id', '2026-11-29 17:04:32.662', 'default_user_id', '{management_routes}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'management', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('ee54562913dac4af1dece151fbf7ddb29275ac2b12c6c9e3a3fa84ab68e50204', 'sk-...0zEg', 'broke', false, 6e-05, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, 1e-08, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:09.039', 'default_user_id', '2026-11-29 17:04:28.6', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:04:28.665', NULL, NULL, '{}', 'default', NULL, NULL, 6e-05);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('7e2311bc5bf721ed311a996d6905bc7d00f6d053c123a85198474bb962942cf7', 'sk-...2CYw', 'read-only', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:32.694', 'default_user_id', '2026-11-29 17:04:32.694', 'default_user_id', '{info_routes}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'read_only', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('bd6e0e1f8c7de63437365b2d0cc39a715d852f356d97c58181695854a0df065e', 'sk-...wnOA', NULL, false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:31.54', 'default_user_id', '2026-11-29 17:04:31.54', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('09758aad867a49bc6fcc8972e2df4435cb824fda43aea9c648d37ff7e204bb46', 'sk-...y6lg', 'tagged-2', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{"tags": ["one", "two"]}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:32.155', 'default_user_id', '2026-11-29 17:04:32.155', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('987a2f459233d016c61d87ab14540a2512b45a8778b42e5c50cd5e140b41893f', 'sk-...ayvg', 'model-limits', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{"model_rpm_limit": {"local": 5}, "model_tpm_limit": {"local": 500}}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:32.245', 'default_user_id', '2026-11-29 17:04:32.245', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('e951b0b29fe603fbe48ad581b29f349b793ae608ccef3fe89de8dec32056a2aa', 'sk-...YJ_w', 'routes', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:32.749', 'default_user_id', '2026-11-29 17:04:32.749', 'default_user_id', '{/v1/models}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('1e69ab55114b6fb6c4de202b352c4f971703b513fedf3dff867f17757ef673a8', 'sk-...3Lnw', 'rotated', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:32.797', 'default_user_id', '2026-11-29 17:04:32.797', 'default_user_id', '{}', NULL, true, '2026-12-29 17:04:32.793', NULL, 0, '30d', NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('429d185c5c28858ebdce66bd81dc739678ecce84490a808b2912b6044eac4a82', 'sk-...6789', 'own', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', false, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:32.29', 'default_user_id', '2026-11-29 17:04:34.588', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:04:34.601', NULL, NULL, '{}', 'default', '2026-11-29 17:04:33.931', NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('2d573242c9d288a4f7bc357ae1a2508fd39e32e3df11b5ffbce32c8d9360b203', 'sk-...wngA', NULL, false, 0, NULL, '{}', '{}', '{}', 'vic', NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:38.165', NULL, '2026-11-29 17:04:38.165', NULL, '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', NULL, NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('90090f4146e573cd4b6b950d88ab7f4e802effe1ccceafee8942fa6f21e7583c', 'sk-...VZHw', 'caller', false, 0.0006100000000000001, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{"app": "beside"}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:08.226', 'default_user_id', '2026-11-29 17:05:45.587', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:05:45.601', NULL, NULL, '{}', 'default', NULL, NULL, 0.0006100000000000001);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('78a59616e1ef37744bddd8b125f5c2022a9486956f351efabd2b8e2412e03e0d', 'sk-...zbYw', NULL, false, 6e-05, NULL, '{local,paid}', '{}', '{}', 'ann', NULL, '{}', NULL, '{"floor": 3}', NULL, 1000, 100, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:37.347', NULL, '2026-11-29 17:04:41.622', NULL, '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:04:41.632', NULL, NULL, '{}', NULL, NULL, NULL, 6e-05);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('30cf62a59aec60a206d0ce91983d5afb5b89d5899b109ed043c24470e32a85bc', 'sk-...qvMw', 'much', false, 0, NULL, '{local}', '{"short": "local"}', '{}', NULL, NULL, '{}', 3, '{"team": "blue", "temp_budget_expiry": "2030-01-01T00:00:00+00:00", "temp_budget_increase": 5.0}', false, 1000, 20, 3, '30d', '2026-12-01 00:00:00', '{}', '{}', '{}', '7a24b517-99aa-4255-8761-f3925aa17072', NULL, '2026-11-29 17:04:31.598', 'default_user_id', '2026-11-29 17:04:36.585', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:04:36.645', NULL, NULL, '{}', 'default', '2026-11-29 17:04:34.066', NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('6c4d1afc53ed85218d3ebecb2f0af4afee22aad59a1d9da1efedebb069418877', 'sk-...BMOg', NULL, false, 0, NULL, '{}', '{}', '{}', 'eve', NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:37.943', NULL, '2026-11-29 17:04:37.943', NULL, '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', NULL, NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('c7cfaf5e49484d89f90cc41b170a8f45f64f190a6737837d49e5bd15cbcfaa89', 'sk-...e1FQ', NULL, false, 0, NULL, '{unpriced}', '{}', '{}', NULL, 'red', '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:50.204', 'default_user_id', '2026-11-29 17:04:50.204', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('7aca1334cc726cb644d89a42355834bb678638ccaba77b9185588f7ded7a9ec4', 'sk-...4YLQ', 'robot', false, 0, NULL, '{}', '{}', '{}', NULL, 'red', '{}', NULL, '{"service_account_id": "robot"}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:50.26', 'default_user_id', '2026-11-29 17:04:50.26', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('2252b8ee7c59c02b58b1c378e5ee6f12212356197bac1464791e695ff99000af', 'sk-...60tw', 'bob-red', false, 6e-05, NULL, '{}', '{}', '{}', 'bob', 'red', '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:50.168', 'default_user_id', '2026-11-29 17:04:50.665', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:04:50.69', NULL, NULL, '{}', 'default', NULL, NULL, 6e-05);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('ae744a158f8c576f59f1f56712ae8f3983a6e3b12cd27791ef4524fa66922fc4', 'sk-...rUWA', 'brief', false, 0, '2026-11-29 17:05:46.221', '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:05:45.225', 'default_user_id', '2026-11-29 17:05:49.604', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:05:49.681', NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('fa8aeb0501fa8a6f6510cc6fa0ec5ff5ac7351a651fcded6f756aece9da55473', 'sk-...hQRA', 'red-key', false, 6e-05, NULL, '{all-team-models}', '{}', '{}', NULL, 'red', '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:04:50.118', 'default_user_id', '2026-11-29 17:04:56.693', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:04:56.794', NULL, NULL, '{}', 'default', NULL, NULL, 6e-05);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('bd5dffddec84554b63316aabd776651eec53c5641d1770bb29b774e7b6ce0762', 'sk-...v5bQ', 'budgeted', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', 'small', NULL, '2026-11-29 17:04:58.216', 'default_user_id', '2026-11-29 17:04:58.216', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('9081244185c09946ca13d98372d9f56cdad9412a10f01a661ab2d91217c7760b', 'sk-...pkDA', 'grouped', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:05:23.29', 'default_user_id', '2026-11-29 17:05:23.29', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{23e8e55d-7cd2-4cf2-be59-ea710a71658d}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('2d4015cb33858f37fd2d86293fe1c41273574674cbc100952a98d4a7e5afc999', 'sk-...FXDQ', 'slow', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, 100000, 1, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:05:31.416', 'default_user_id', '2026-11-29 17:05:32.827', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:05:32.889', NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('f1f201e77a0708244259ef3c013ed89e65969cbf4337103e6d393c503f46cf0f', 'sk-...MLMg', 'poor-key', false, 6e-05, NULL, '{}', '{}', '{}', NULL, 'poor', '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:05:32.434', 'default_user_id', '2026-11-29 17:05:37.624', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:05:37.632', NULL, NULL, '{}', 'default', NULL, NULL, 6e-05);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('df021296696ca895986429013c0d757ebcbefb14465ab86fc9ac58df757848e7', 'sk-...RyeA', NULL, false, 6e-05, NULL, '{}', '{}', '{}', 'poor-user', NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:05:36.925', NULL, '2026-11-29 17:05:41.65', NULL, '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:05:41.66', NULL, NULL, '{}', NULL, NULL, NULL, 6e-05);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('1332613bea021f151e9a8802c9dec958b10eaf6bdfb35e38a0eadd825b424ae3', 'sk-...dFnQ', 'few-tokens', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, 1, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:05:49.328', 'default_user_id', '2026-11-29 17:05:49.604', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:05:49.681', NULL, NULL, '{}', 'default', NULL, NULL, 0);

SELECT pg_catalog.setval('public."LiteLLM_ModelTable_id_seq"', 1, true);

ALTER TABLE ONLY public."LiteLLM_AccessGroupTable"
    ADD CONSTRAINT "LiteLLM_AccessGroupTable_pkey" PRIMARY KEY (access_group_id);

ALTER TABLE ONLY public."LiteLLM_AdaptiveRouterSession"
    ADD CONSTRAINT "LiteLLM_AdaptiveRouterSession_pkey" PRIMARY KEY (session_id, router_name, model_name);

ALTER TABLE ONLY public."LiteLLM_AdaptiveRouterState"
    ADD CONSTRAINT "LiteLLM_AdaptiveRouterState_pkey" PRIMARY KEY (router_name, request_type, model_name);

ALTER TABLE ONLY public."LiteLLM_AgentIdentity"
    ADD CONSTRAINT "LiteLLM_AgentIdentity_pkey" PRIMARY KEY (agent_id);

ALTER TABLE ONLY public."LiteLLM_AgentsTable"
    ADD CONSTRAINT "LiteLLM_AgentsTable_pkey" PRIMARY KEY (agent_id);

ALTER TABLE ONLY public."LiteLLM_AuditLog"
    ADD CONSTRAINT "LiteLLM_AuditLog_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_AutoRouterBaselineComparison"
    ADD CONSTRAINT "LiteLLM_AutoRouterBaselineComparison_pkey" PRIMARY KEY (scope);

ALTER TABLE ONLY public."LiteLLM_AutoRouterBaselineObservation"
    ADD CONSTRAINT "LiteLLM_AutoRouterBaselineObservation_pkey" PRIMARY KEY (request_id);

ALTER TABLE ONLY public."LiteLLM_AutoRouterDailySpend"
    ADD CONSTRAINT "LiteLLM_AutoRouterDailySpend_pkey" PRIMARY KEY (date, api_key, user_id, router_name, router_type);

ALTER TABLE ONLY public."LiteLLM_AutoRouterSession"
    ADD CONSTRAINT "LiteLLM_AutoRouterSession_pkey" PRIMARY KEY (api_key, session_id, router_name);

ALTER TABLE ONLY public."LiteLLM_AutoRouterUserSession"
    ADD CONSTRAINT "LiteLLM_AutoRouterUserSession_pkey" PRIMARY KEY (user_id, api_key, session_id, router_name);

ALTER TABLE ONLY public."LiteLLM_BackgroundInteractionSettlement"
    ADD CONSTRAINT "LiteLLM_BackgroundInteractionSettlement_pkey" PRIMARY KEY (interaction_id);

ALTER TABLE ONLY public."LiteLLM_BudgetTable"
    ADD CONSTRAINT "LiteLLM_BudgetTable_pkey" PRIMARY KEY (budget_id);

ALTER TABLE ONLY public."LiteLLM_BudgetWindowSpend"
    ADD CONSTRAINT "LiteLLM_BudgetWindowSpend_pkey" PRIMARY KEY (entity_type, entity_id, window_duration);

ALTER TABLE ONLY public."LiteLLM_CacheConfig"
    ADD CONSTRAINT "LiteLLM_CacheConfig_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_ClaudeCodePluginTable"
    ADD CONSTRAINT "LiteLLM_ClaudeCodePluginTable_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_ConfigOverrides"
    ADD CONSTRAINT "LiteLLM_ConfigOverrides_pkey" PRIMARY KEY (config_type);

ALTER TABLE ONLY public."LiteLLM_Config"
    ADD CONSTRAINT "LiteLLM_Config_pkey" PRIMARY KEY (param_name);

ALTER TABLE ONLY public."LiteLLM_CredentialsTable"
    ADD CONSTRAINT "LiteLLM_CredentialsTable_pkey" PRIMARY KEY (credential_id);

ALTER TABLE ONLY public."LiteLLM_CronJob"
    ADD CONSTRAINT "LiteLLM_CronJob_pkey" PRIMARY KEY (cronjob_id);

ALTER TABLE ONLY public."LiteLLM_DailyAgentSpend"
    ADD CONSTRAINT "LiteLLM_DailyAgentSpend_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_DailyEndUserSpend"
    ADD CONSTRAINT "LiteLLM_DailyEndUserSpend_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_DailyGatewayFailedRequests"
    ADD CONSTRAINT "LiteLLM_DailyGatewayFailedRequests_pkey" PRIMARY KEY (date, category, route, status_code);

ALTER TABLE ONLY public."LiteLLM_DailyGatewayRequests"
    ADD CONSTRAINT "LiteLLM_DailyGatewayRequests_pkey" PRIMARY KEY (date, category, route);

ALTER TABLE ONLY public."LiteLLM_DailyGlobalSpend"
    ADD CONSTRAINT "LiteLLM_DailyGlobalSpend_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_DailyGuardrailMetrics"
    ADD CONSTRAINT "LiteLLM_DailyGuardrailMetrics_pkey" PRIMARY KEY (guardrail_id, date);

ALTER TABLE ONLY public."LiteLLM_DailyGuardrailUsageUnits"
    ADD CONSTRAINT "LiteLLM_DailyGuardrailUsageUnits_pkey" PRIMARY KEY (guardrail_id, date, team_id, api_key, usage_unit);

ALTER TABLE ONLY public."LiteLLM_DailyModelUsage"
    ADD CONSTRAINT "LiteLLM_DailyModelUsage_pkey" PRIMARY KEY (date, model_group, model, custom_llm_provider, task_type);

ALTER TABLE ONLY public."LiteLLM_DailyOrganizationSpend"
    ADD CONSTRAINT "LiteLLM_DailyOrganizationSpend_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_DailyPolicyMetrics"
    ADD CONSTRAINT "LiteLLM_DailyPolicyMetrics_pkey" PRIMARY KEY (policy_id, date);

ALTER TABLE ONLY public."LiteLLM_DailyRequestErrors"
    ADD CONSTRAINT "LiteLLM_DailyRequestErrors_pkey" PRIMARY KEY (date, api_key, team_id, user_id, model_group, status_code);

ALTER TABLE ONLY public."LiteLLM_DailyTagSpend"
    ADD CONSTRAINT "LiteLLM_DailyTagSpend_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_DailyTeamSpend"
    ADD CONSTRAINT "LiteLLM_DailyTeamSpend_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_DailyToolSpend"
    ADD CONSTRAINT "LiteLLM_DailyToolSpend_pkey" PRIMARY KEY (date, tool_name);

ALTER TABLE ONLY public."LiteLLM_DailyUserSpend"
    ADD CONSTRAINT "LiteLLM_DailyUserSpend_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_DeletedTeamTable"
    ADD CONSTRAINT "LiteLLM_DeletedTeamTable_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_DeletedVerificationToken"
    ADD CONSTRAINT "LiteLLM_DeletedVerificationToken_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_DeprecatedVerificationToken"
    ADD CONSTRAINT "LiteLLM_DeprecatedVerificationToken_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_EndUserTable"
    ADD CONSTRAINT "LiteLLM_EndUserTable_pkey" PRIMARY KEY (user_id);

ALTER TABLE ONLY public."LiteLLM_ErrorLogs"
    ADD CONSTRAINT "LiteLLM_ErrorLogs_pkey" PRIMARY KEY (request_id);

ALTER TABLE ONLY public."LiteLLM_GuardrailsTable"
    ADD CONSTRAINT "LiteLLM_GuardrailsTable_pkey" PRIMARY KEY (guardrail_id);

ALTER TABLE ONLY public."LiteLLM_HealthCheckTable"
    ADD CONSTRAINT "LiteLLM_HealthCheckTable_pkey" PRIMARY KEY (health_check_id);

ALTER TABLE ONLY public."LiteLLM_InvitationLink"
    ADD CONSTRAINT "LiteLLM_InvitationLink_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_JWTKeyMapping"
    ADD CONSTRAINT "LiteLLM_JWTKeyMapping_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_LensDataset"
    ADD CONSTRAINT "LiteLLM_LensDataset_pkey" PRIMARY KEY (id, revision);

ALTER TABLE ONLY public."LiteLLM_LensIngestionKey"
    ADD CONSTRAINT "LiteLLM_LensIngestionKey_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_LensReview"
    ADD CONSTRAINT "LiteLLM_LensReview_pkey" PRIMARY KEY (lens_id, criteria_key, execution_id);

ALTER TABLE ONLY public."LiteLLM_LensRun"
    ADD CONSTRAINT "LiteLLM_LensRun_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_LensSignalConfig"
    ADD CONSTRAINT "LiteLLM_LensSignalConfig_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_LensTraceSignal"
    ADD CONSTRAINT "LiteLLM_LensTraceSignal_pkey" PRIMARY KEY (trace_id, trace_ref);

ALTER TABLE ONLY public."LiteLLM_LensWorker"
    ADD CONSTRAINT "LiteLLM_LensWorker_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_LensWorker"
    ADD CONSTRAINT "LiteLLM_LensWorker_token_hash_key" UNIQUE (token_hash);

ALTER TABLE ONLY public."LiteLLM_Lens"
    ADD CONSTRAINT "LiteLLM_Lens_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_MCPServerOAuthClient"
    ADD CONSTRAINT "LiteLLM_MCPServerOAuthClient_pkey" PRIMARY KEY (server_id);

ALTER TABLE ONLY public."LiteLLM_MCPServerTable"
    ADD CONSTRAINT "LiteLLM_MCPServerTable_pkey" PRIMARY KEY (server_id);

ALTER TABLE ONLY public."LiteLLM_MCPToolsetTable"
    ADD CONSTRAINT "LiteLLM_MCPToolsetTable_pkey" PRIMARY KEY (toolset_id);

ALTER TABLE ONLY public."LiteLLM_MCPUserCredentials"
    ADD CONSTRAINT "LiteLLM_MCPUserCredentials_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_MCPUserEnvVars"
    ADD CONSTRAINT "LiteLLM_MCPUserEnvVars_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_ManagedFileContentTable"
    ADD CONSTRAINT "LiteLLM_ManagedFileContentTable_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_ManagedFileTable"
    ADD CONSTRAINT "LiteLLM_ManagedFileTable_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_ManagedObjectTable"
    ADD CONSTRAINT "LiteLLM_ManagedObjectTable_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_ManagedVectorStoreIndexTable"
    ADD CONSTRAINT "LiteLLM_ManagedVectorStoreIndexTable_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_ManagedVectorStoreTable"
    ADD CONSTRAINT "LiteLLM_ManagedVectorStoreTable_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_ManagedVectorStoresTable"
    ADD CONSTRAINT "LiteLLM_ManagedVectorStoresTable_pkey" PRIMARY KEY (vector_store_id);

ALTER TABLE ONLY public."LiteLLM_MemoryTable"
    ADD CONSTRAINT "LiteLLM_MemoryTable_pkey" PRIMARY KEY (memory_id);

ALTER TABLE ONLY public."LiteLLM_ModelAccessGroupBudgetTable"
    ADD CONSTRAINT "LiteLLM_ModelAccessGroupBudgetTable_pkey" PRIMARY KEY (access_group_name);

ALTER TABLE ONLY public."LiteLLM_ModelTable"
    ADD CONSTRAINT "LiteLLM_ModelTable_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_ObjectPermissionTable"
    ADD CONSTRAINT "LiteLLM_ObjectPermissionTable_pkey" PRIMARY KEY (object_permission_id);

ALTER TABLE ONLY public."LiteLLM_OrganizationMembership"
    ADD CONSTRAINT "LiteLLM_OrganizationMembership_pkey" PRIMARY KEY (user_id, organization_id);

ALTER TABLE ONLY public."LiteLLM_OrganizationTable"
    ADD CONSTRAINT "LiteLLM_OrganizationTable_pkey" PRIMARY KEY (organization_id);

ALTER TABLE ONLY public."LiteLLM_PolicyAttachmentTable"
    ADD CONSTRAINT "LiteLLM_PolicyAttachmentTable_pkey" PRIMARY KEY (attachment_id);

ALTER TABLE ONLY public."LiteLLM_PolicyTable"
    ADD CONSTRAINT "LiteLLM_PolicyTable_pkey" PRIMARY KEY (policy_id);

ALTER TABLE ONLY public."LiteLLM_ProjectTable"
    ADD CONSTRAINT "LiteLLM_ProjectTable_pkey" PRIMARY KEY (project_id);

ALTER TABLE ONLY public."LiteLLM_PromptTable"
    ADD CONSTRAINT "LiteLLM_PromptTable_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_ProxyModelTable"
    ADD CONSTRAINT "LiteLLM_ProxyModelTable_pkey" PRIMARY KEY (model_id);

ALTER TABLE ONLY public."LiteLLM_ProxyWorkerHeartbeat"
    ADD CONSTRAINT "LiteLLM_ProxyWorkerHeartbeat_pkey" PRIMARY KEY (worker_id);

ALTER TABLE ONLY public."LiteLLM_RetiredAgentIdentity"
    ADD CONSTRAINT "LiteLLM_RetiredAgentIdentity_pkey" PRIMARY KEY (binding_id);

ALTER TABLE ONLY public."LiteLLM_RetiredAgent"
    ADD CONSTRAINT "LiteLLM_RetiredAgent_pkey" PRIMARY KEY (original_agent_id);

ALTER TABLE ONLY public."LiteLLM_SSOConfig"
    ADD CONSTRAINT "LiteLLM_SSOConfig_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_SSOIdentityAssertion"
    ADD CONSTRAINT "LiteLLM_SSOIdentityAssertion_pkey" PRIMARY KEY (user_id);

ALTER TABLE ONLY public."LiteLLM_SearchToolsTable"
    ADD CONSTRAINT "LiteLLM_SearchToolsTable_pkey" PRIMARY KEY (search_tool_id);

ALTER TABLE ONLY public."LiteLLM_ShadowEvalAttempt"
    ADD CONSTRAINT "LiteLLM_ShadowEvalAttempt_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_ShadowEvalFunnel"
    ADD CONSTRAINT "LiteLLM_ShadowEvalFunnel_pkey" PRIMARY KEY (job_id);

ALTER TABLE ONLY public."LiteLLM_ShadowEvalJob"
    ADD CONSTRAINT "LiteLLM_ShadowEvalJob_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_SkillsTable"
    ADD CONSTRAINT "LiteLLM_SkillsTable_pkey" PRIMARY KEY (skill_id);

ALTER TABLE ONLY public."LiteLLM_SpendLogGuardrailIndex"
    ADD CONSTRAINT "LiteLLM_SpendLogGuardrailIndex_pkey" PRIMARY KEY (request_id, guardrail_id);

ALTER TABLE ONLY public."LiteLLM_SpendLogToolIndex"
    ADD CONSTRAINT "LiteLLM_SpendLogToolIndex_pkey" PRIMARY KEY (request_id, tool_name);

ALTER TABLE ONLY public."LiteLLM_SpendLogs"
    ADD CONSTRAINT "LiteLLM_SpendLogs_pkey" PRIMARY KEY (request_id);

ALTER TABLE ONLY public."LiteLLM_TagTable"
    ADD CONSTRAINT "LiteLLM_TagTable_pkey" PRIMARY KEY (tag_name);

ALTER TABLE ONLY public."LiteLLM_TeamMembership"
    ADD CONSTRAINT "LiteLLM_TeamMembership_pkey" PRIMARY KEY (user_id, team_id);

ALTER TABLE ONLY public."LiteLLM_TeamTable"
    ADD CONSTRAINT "LiteLLM_TeamTable_pkey" PRIMARY KEY (team_id);

ALTER TABLE ONLY public."LiteLLM_TelemetryReport"
    ADD CONSTRAINT "LiteLLM_TelemetryReport_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_ToolTable"
    ADD CONSTRAINT "LiteLLM_ToolTable_pkey" PRIMARY KEY (tool_id);

ALTER TABLE ONLY public."LiteLLM_UISettings"
    ADD CONSTRAINT "LiteLLM_UISettings_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_UserNotifications"
    ADD CONSTRAINT "LiteLLM_UserNotifications_pkey" PRIMARY KEY (request_id);

ALTER TABLE ONLY public."LiteLLM_UserProviderCredentials"
    ADD CONSTRAINT "LiteLLM_UserProviderCredentials_pkey" PRIMARY KEY (id);

ALTER TABLE ONLY public."LiteLLM_UserTable"
    ADD CONSTRAINT "LiteLLM_UserTable_pkey" PRIMARY KEY (user_id);

ALTER TABLE ONLY public."LiteLLM_VerificationToken"
    ADD CONSTRAINT "LiteLLM_VerificationToken_pkey" PRIMARY KEY (token);

ALTER TABLE ONLY public."LiteLLM_VerifiedSubject"
    ADD CONSTRAINT "LiteLLM_VerifiedSubject_pkey" PRIMARY KEY (subject_id);

ALTER TABLE ONLY public."LiteLLM_WorkflowEvent"
    ADD CONSTRAINT "LiteLLM_WorkflowEvent_pkey" PRIMARY KEY (event_id);

ALTER TABLE ONLY public."LiteLLM_WorkflowMessage"
    ADD CONSTRAINT "LiteLLM_WorkflowMessage_pkey" PRIMARY KEY (message_id);

ALTER TABLE ONLY public."LiteLLM_WorkflowRun"
    ADD CONSTRAINT "LiteLLM_WorkflowRun_pkey" PRIMARY KEY (run_id);

CREATE UNIQUE INDEX "LiteLLM_AccessGroupTable_access_group_name_key" ON public."LiteLLM_AccessGroupTable" USING btree (access_group_name);

CREATE UNIQUE INDEX "LiteLLM_AgentIdentity_issuer_service_principal_id_key" ON public."LiteLLM_AgentIdentity" USING btree (issuer, service_principal_id);

CREATE UNIQUE INDEX "LiteLLM_AgentIdentity_provider_tenant_id_client_id_key" ON public."LiteLLM_AgentIdentity" USING btree (provider, tenant_id, client_id);

CREATE UNIQUE INDEX "LiteLLM_AgentsTable_agent_name_key" ON public."LiteLLM_AgentsTable" USING btree (agent_name);

CREATE UNIQUE INDEX "LiteLLM_ClaudeCodePluginTable_name_key" ON public."LiteLLM_ClaudeCodePluginTable" USING btree (name);

CREATE UNIQUE INDEX "LiteLLM_CredentialsTable_credential_name_key" ON public."LiteLLM_CredentialsTable" USING btree (credential_name);

CREATE UNIQUE INDEX "LiteLLM_DailyAgentSpend_agent_id_date_api_key_model_custom__key" ON public."LiteLLM_DailyAgentSpend" USING btree (agent_id, date, api_key, model, custom_llm_provider, mcp_namespaced_tool_name, endpoint);

CREATE INDEX "LiteLLM_DailyAgentSpend_agent_id_date_idx" ON public."LiteLLM_DailyAgentSpend" USING btree (agent_id, date);

CREATE INDEX "LiteLLM_DailyAgentSpend_api_key_idx" ON public."LiteLLM_DailyAgentSpend" USING btree (api_key);

CREATE INDEX "LiteLLM_DailyAgentSpend_date_idx" ON public."LiteLLM_DailyAgentSpend" USING btree (date);

CREATE INDEX "LiteLLM_DailyAgentSpend_endpoint_idx" ON public."LiteLLM_DailyAgentSpend" USING btree (endpoint);

CREATE INDEX "LiteLLM_DailyAgentSpend_mcp_namespaced_tool_name_idx" ON public."LiteLLM_DailyAgentSpend" USING btree (mcp_namespaced_tool_name);

CREATE INDEX "LiteLLM_DailyAgentSpend_model_idx" ON public."LiteLLM_DailyAgentSpend" USING btree (model);

CREATE INDEX "LiteLLM_DailyEndUserSpend_api_key_idx" ON public."LiteLLM_DailyEndUserSpend" USING btree (api_key);

CREATE INDEX "LiteLLM_DailyEndUserSpend_date_idx" ON public."LiteLLM_DailyEndUserSpend" USING btree (date);

CREATE UNIQUE INDEX "LiteLLM_DailyEndUserSpend_end_user_id_date_api_key_model_cu_key" ON public."LiteLLM_DailyEndUserSpend" USING btree (end_user_id, date, api_key, model, custom_llm_provider, mcp_namespaced_tool_name, endpoint);

CREATE INDEX "LiteLLM_DailyEndUserSpend_end_user_id_date_idx" ON public."LiteLLM_DailyEndUserSpend" USING btree (end_user_id, date);

CREATE INDEX "LiteLLM_DailyEndUserSpend_endpoint_idx" ON public."LiteLLM_DailyEndUserSpend" USING btree (endpoint);

CREATE INDEX "LiteLLM_DailyEndUserSpend_mcp_namespaced_tool_name_idx" ON public."LiteLLM_DailyEndUserSpend" USING btree (mcp_namespaced_tool_name);

CREATE INDEX "LiteLLM_DailyEndUserSpend_model_idx" ON public."LiteLLM_DailyEndUserSpend" USING btree (model);

CREATE INDEX "LiteLLM_DailyGatewayFailedRequests_date_idx" ON public."LiteLLM_DailyGatewayFailedRequests" USING btree (date);

CREATE INDEX "LiteLLM_DailyGatewayRequests_date_idx" ON public."LiteLLM_DailyGatewayRequests" USING btree (date);

CREATE INDEX "LiteLLM_DailyGlobalSpend_date_idx" ON public."LiteLLM_DailyGlobalSpend" USING btree (date);

CREATE UNIQUE INDEX "LiteLLM_DailyGlobalSpend_date_model_model_group_custom_llm__key" ON public."LiteLLM_DailyGlobalSpend" USING btree (date, model, model_group, custom_llm_provider, mcp_namespaced_tool_name, endpoint);

CREATE INDEX "LiteLLM_DailyGuardrailMetrics_date_idx" ON public."LiteLLM_DailyGuardrailMetrics" USING btree (date);

CREATE INDEX "LiteLLM_DailyGuardrailMetrics_guardrail_id_idx" ON public."LiteLLM_DailyGuardrailMetrics" USING btree (guardrail_id);

CREATE INDEX "LiteLLM_DailyGuardrailUsageUnits_date_idx" ON public."LiteLLM_DailyGuardrailUsageUnits" USING btree (date);

CREATE INDEX "LiteLLM_DailyModelUsage_date_idx" ON public."LiteLLM_DailyModelUsage" USING btree (date);

CREATE INDEX "LiteLLM_DailyModelUsage_model_group_idx" ON public."LiteLLM_DailyModelUsage" USING btree (model_group);

CREATE INDEX "LiteLLM_DailyOrganizationSpend_api_key_idx" ON public."LiteLLM_DailyOrganizationSpend" USING btree (api_key);

CREATE INDEX "LiteLLM_DailyOrganizationSpend_date_idx" ON public."LiteLLM_DailyOrganizationSpend" USING btree (date);

CREATE INDEX "LiteLLM_DailyOrganizationSpend_endpoint_idx" ON public."LiteLLM_DailyOrganizationSpend" USING btree (endpoint);

CREATE INDEX "LiteLLM_DailyOrganizationSpend_mcp_namespaced_tool_name_idx" ON public."LiteLLM_DailyOrganizationSpend" USING btree (mcp_namespaced_tool_name);

CREATE INDEX "LiteLLM_DailyOrganizationSpend_model_idx" ON public."LiteLLM_DailyOrganizationSpend" USING btree (model);

CREATE UNIQUE INDEX "LiteLLM_DailyOrganizationSpend_organization_id_date_api_key_key" ON public."LiteLLM_DailyOrganizationSpend" USING btree (organization_id, date, api_key, model, custom_llm_provider, mcp_namespaced_tool_name, endpoint);

CREATE INDEX "LiteLLM_DailyOrganizationSpend_organization_id_date_idx" ON public."LiteLLM_DailyOrganizationSpend" USING btree (organization_id, date);

CREATE INDEX "LiteLLM_DailyPolicyMetrics_date_idx" ON public."LiteLLM_DailyPolicyMetrics" USING btree (date);

CREATE INDEX "LiteLLM_DailyPolicyMetrics_policy_id_idx" ON public."LiteLLM_DailyPolicyMetrics" USING btree (policy_id);

CREATE INDEX "LiteLLM_DailyRequestErrors_date_idx" ON public."LiteLLM_DailyRequestErrors" USING btree (date);

CREATE INDEX "LiteLLM_DailyTagSpend_api_key_idx" ON public."LiteLLM_DailyTagSpend" USING btree (api_key);

CREATE INDEX "LiteLLM_DailyTagSpend_date_idx" ON public."LiteLLM_DailyTagSpend" USING btree (date);

CREATE INDEX "LiteLLM_DailyTagSpend_endpoint_idx" ON public."LiteLLM_DailyTagSpend" USING btree (endpoint);

CREATE INDEX "LiteLLM_DailyTagSpend_mcp_namespaced_tool_name_idx" ON public."LiteLLM_DailyTagSpend" USING btree (mcp_namespaced_tool_name);

CREATE INDEX "LiteLLM_DailyTagSpend_model_idx" ON public."LiteLLM_DailyTagSpend" USING btree (model);

CREATE UNIQUE INDEX "LiteLLM_DailyTagSpend_tag_date_api_key_model_custom_llm_pro_key" ON public."LiteLLM_DailyTagSpend" USING btree (tag, date, api_key, model, custom_llm_provider, mcp_namespaced_tool_name, endpoint);

CREATE INDEX "LiteLLM_DailyTagSpend_tag_date_idx" ON public."LiteLLM_DailyTagSpend" USING btree (tag, date);

CREATE INDEX "LiteLLM_DailyTeamSpend_api_key_idx" ON public."LiteLLM_DailyTeamSpend" USING btree (api_key);

CREATE INDEX "LiteLLM_DailyTeamSpend_date_idx" ON public."LiteLLM_DailyTeamSpend" USING btree (date);

CREATE INDEX "LiteLLM_DailyTeamSpend_endpoint_idx" ON public."LiteLLM_DailyTeamSpend" USING btree (endpoint);

CREATE INDEX "LiteLLM_DailyTeamSpend_mcp_namespaced_tool_name_idx" ON public."LiteLLM_DailyTeamSpend" USING btree (mcp_namespaced_tool_name);

CREATE INDEX "LiteLLM_DailyTeamSpend_model_idx" ON public."LiteLLM_DailyTeamSpend" USING btree (model);

CREATE UNIQUE INDEX "LiteLLM_DailyTeamSpend_team_id_date_api_key_model_custom_ll_key" ON public."LiteLLM_DailyTeamSpend" USING btree (team_id, date, api_key, model, custom_llm_provider, mcp_namespaced_tool_name, endpoint);

CREATE INDEX "LiteLLM_DailyTeamSpend_team_id_date_idx" ON public."LiteLLM_DailyTeamSpend" USING btree (team_id, date);

CREATE INDEX "LiteLLM_DailyUserSpend_api_key_idx" ON public."LiteLLM_DailyUserSpend" USING btree (api_key);

CREATE INDEX "LiteLLM_DailyUserSpend_date_idx" ON public."LiteLLM_DailyUserSpend" USING btree (date);

CREATE INDEX "LiteLLM_DailyUserSpend_endpoint_idx" ON public."LiteLLM_DailyUserSpend" USING btree (endpoint);

CREATE INDEX "LiteLLM_DailyUserSpend_mcp_namespaced_tool_name_idx" ON public."LiteLLM_DailyUserSpend" USING btree (mcp_namespaced_tool_name);

CREATE INDEX "LiteLLM_DailyUserSpend_model_idx" ON public."LiteLLM_DailyUserSpend" USING btree (model);

CREATE UNIQUE INDEX "LiteLLM_DailyUserSpend_user_id_date_api_key_model_custom_ll_key" ON public."LiteLLM_DailyUserSpend" USING btree (user_id, date, api_key, model, custom_llm_provider, mcp_namespaced_tool_name, endpoint);

CREATE INDEX "LiteLLM_DailyUserSpend_user_id_date_idx" ON public."LiteLLM_DailyUserSpend" USING btree (user_id, date);

CREATE INDEX "LiteLLM_DeletedTeamTable_created_at_idx" ON public."LiteLLM_DeletedTeamTable" USING btree (created_at);

CREATE INDEX "LiteLLM_DeletedTeamTable_deleted_at_idx" ON public."LiteLLM_DeletedTeamTable" USING btree (deleted_at);

CREATE INDEX "LiteLLM_DeletedTeamTable_organization_id_idx" ON public."LiteLLM_DeletedTeamTable" USING btree (organization_id);

CREATE INDEX "LiteLLM_DeletedTeamTable_team_alias_idx" ON public."LiteLLM_DeletedTeamTable" USING btree (team_alias);

CREATE INDEX "LiteLLM_DeletedTeamTable_team_id_idx" ON public."LiteLLM_DeletedTeamTable" USING btree (team_id);

CREATE INDEX "LiteLLM_DeletedVerificationToken_created_at_idx" ON public."LiteLLM_DeletedVerificationToken" USING btree (created_at);

CREATE INDEX "LiteLLM_DeletedVerificationToken_deleted_at_idx" ON public."LiteLLM_DeletedVerificationToken" USING btree (deleted_at);

CREATE INDEX "LiteLLM_DeletedVerificationToken_key_alias_idx" ON public."LiteLLM_DeletedVerificationToken" USING btree (key_alias);

CREATE INDEX "LiteLLM_DeletedVerificationToken_organization_id_idx" ON public."LiteLLM_DeletedVerificationToken" USING btree (organization_id);

CREATE INDEX "LiteLLM_DeletedVerificationToken_team_id_idx" ON public."LiteLLM_DeletedVerificationToken" USING btree (team_id);

CREATE INDEX "LiteLLM_DeletedVerificationToken_token_idx" ON public."LiteLLM_DeletedVerificationToken" USING btree (token);

CREATE INDEX "LiteLLM_DeletedVerificationToken_user_id_idx" ON public."LiteLLM_DeletedVerificationToken" USING btree (user_id);

CREATE INDEX "LiteLLM_DeprecatedVerificationToken_revoke_at_idx" ON public."LiteLLM_DeprecatedVerificationToken" USING btree (revoke_at);

CREATE UNIQUE INDEX "LiteLLM_DeprecatedVerificationToken_token_key" ON public."LiteLLM_DeprecatedVerificationToken" USING btree (token);

CREATE INDEX "LiteLLM_DeprecatedVerificationToken_token_revoke_at_idx" ON public."LiteLLM_DeprecatedVerificationToken" USING btree (token, revoke_at);

CREATE UNIQUE INDEX "LiteLLM_GuardrailsTable_guardrail_name_key" ON public."LiteLLM_GuardrailsTable" USING btree (guardrail_name);

CREATE INDEX "LiteLLM_GuardrailsTable_status_idx" ON public."LiteLLM_GuardrailsTable" USING btree (status);

CREATE INDEX "LiteLLM_HealthCheckTable_checked_at_idx" ON public."LiteLLM_HealthCheckTable" USING btree (checked_at);

CREATE INDEX "LiteLLM_HealthCheckTable_model_id_model_name_checked_at_idx" ON public."LiteLLM_HealthCheckTable" USING btree (model_id, model_name, checked_at DESC);

CREATE INDEX "LiteLLM_HealthCheckTable_model_name_idx" ON public."LiteLLM_HealthCheckTable" USING btree (model_name);

CREATE INDEX "LiteLLM_HealthCheckTable_status_idx" ON public."LiteLLM_HealthCheckTable" USING btree (status);

CREATE INDEX "LiteLLM_JWTKeyMapping_jwt_issuer_jwt_claim_name_jwt_claim_v_idx" ON public."LiteLLM_JWTKeyMapping" USING btree (jwt_issuer, jwt_claim_name, jwt_claim_value, is_active);

CREATE UNIQUE INDEX "LiteLLM_JWTKeyMapping_jwt_issuer_jwt_claim_name_jwt_claim_v_key" ON public."LiteLLM_JWTKeyMapping" USING btree (jwt_issuer, jwt_claim_name, jwt_claim_value);

CREATE INDEX "LiteLLM_LensRun_completed_executions_idx" ON public."LiteLLM_LensRun" USING gin ((((data -> 'sample'::text) -> 'executions'::text)) jsonb_path_ops) WHERE ((data ->> 'status'::text) = 'completed'::text);

CREATE INDEX "LiteLLM_LensRun_lens_id_created_at_idx" ON public."LiteLLM_LensRun" USING btree (lens_id, created_at);

CREATE INDEX "LiteLLM_LensWorker_active_scope_idx" ON public."LiteLLM_LensWorker" USING gin (((data -> 'scope'::text)) jsonb_path_ops) WHERE (data @> '{"revoked": false}'::jsonb);

CREATE INDEX "LiteLLM_Lens_due_at_idx" ON public."LiteLLM_Lens" USING btree (due_at);

CREATE INDEX "LiteLLM_Lens_jobs_idx" ON public."LiteLLM_Lens" USING gin (((data -> 'jobs'::text)) jsonb_path_ops);

CREATE INDEX "LiteLLM_MCPServerTable_approval_status_idx" ON public."LiteLLM_MCPServerTable" USING btree (approval_status);

CREATE UNIQUE INDEX "LiteLLM_MCPToolsetTable_toolset_name_key" ON public."LiteLLM_MCPToolsetTable" USING btree (toolset_name);

CREATE UNIQUE INDEX "LiteLLM_MCPUserCredentials_user_id_server_id_key" ON public."LiteLLM_MCPUserCredentials" USING btree (user_id, server_id);

CREATE INDEX "LiteLLM_MCPUserEnvVars_server_id_idx" ON public."LiteLLM_MCPUserEnvVars" USING btree (server_id);

CREATE INDEX "LiteLLM_MCPUserEnvVars_user_id_idx" ON public."LiteLLM_MCPUserEnvVars" USING btree (user_id);

CREATE UNIQUE INDEX "LiteLLM_MCPUserEnvVars_user_id_server_id_key" ON public."LiteLLM_MCPUserEnvVars" USING btree (user_id, server_id);

CREATE INDEX "LiteLLM_ManagedFileTable_flat_model_file_ids_idx" ON public."LiteLLM_ManagedFileTable" USING gin (flat_model_file_ids);

CREATE INDEX "LiteLLM_ManagedFileTable_team_id_created_at_idx" ON public."LiteLLM_ManagedFileTable" USING btree (team_id, created_at DESC);

CREATE INDEX "LiteLLM_ManagedFileTable_unified_file_id_idx" ON public."LiteLLM_ManagedFileTable" USING btree (unified_file_id);

CREATE UNIQUE INDEX "LiteLLM_ManagedFileTable_unified_file_id_key" ON public."LiteLLM_ManagedFileTable" USING btree (unified_file_id);

CREATE INDEX "LiteLLM_ManagedObjectTable_model_object_id_idx" ON public."LiteLLM_ManagedObjectTable" USING btree (model_object_id);

CREATE UNIQUE INDEX "LiteLLM_ManagedObjectTable_model_object_id_key" ON public."LiteLLM_ManagedObjectTable" USING btree (model_object_id);

CREATE INDEX "LiteLLM_ManagedObjectTable_team_id_created_at_idx" ON public."LiteLLM_ManagedObjectTable" USING btree (team_id, created_at DESC);

CREATE INDEX "LiteLLM_ManagedObjectTable_unified_object_id_idx" ON public."LiteLLM_ManagedObjectTable" USING btree (unified_object_id);

CREATE UNIQUE INDEX "LiteLLM_ManagedObjectTable_unified_object_id_key" ON public."LiteLLM_ManagedObjectTable" USING btree (unified_object_id);

CREATE UNIQUE INDEX "LiteLLM_ManagedVectorStoreIndexTable_index_name_key" ON public."LiteLLM_ManagedVectorStoreIndexTable" USING btree (index_name);

CREATE INDEX "LiteLLM_ManagedVectorStoreTable_team_id_created_at_idx" ON public."LiteLLM_ManagedVectorStoreTable" USING btree (team_id, created_at DESC);

CREATE INDEX "LiteLLM_ManagedVectorStoreTable_unified_resource_id_idx" ON public."LiteLLM_ManagedVectorStoreTable" USING btree (unified_resource_id);

CREATE UNIQUE INDEX "LiteLLM_ManagedVectorStoreTable_unified_resource_id_key" ON public."LiteLLM_ManagedVectorStoreTable" USING btree (unified_resource_id);

CREATE INDEX "LiteLLM_ManagedVectorStoresTable_team_id_idx" ON public."LiteLLM_ManagedVectorStoresTable" USING btree (team_id);

CREATE INDEX "LiteLLM_ManagedVectorStoresTable_user_id_idx" ON public."LiteLLM_ManagedVectorStoresTable" USING btree (user_id);

CREATE UNIQUE INDEX "LiteLLM_MemoryTable_key_key" ON public."LiteLLM_MemoryTable" USING btree (key);

CREATE INDEX "LiteLLM_MemoryTable_team_id_idx" ON public."LiteLLM_MemoryTable" USING btree (team_id);

CREATE INDEX "LiteLLM_MemoryTable_user_id_idx" ON public."LiteLLM_MemoryTable" USING btree (user_id);

CREATE UNIQUE INDEX "LiteLLM_OrganizationMembership_user_id_organization_id_key" ON public."LiteLLM_OrganizationMembership" USING btree (user_id, organization_id);

CREATE UNIQUE INDEX "LiteLLM_PolicyTable_policy_name_version_number_key" ON public."LiteLLM_PolicyTable" USING btree (policy_name, version_number);

CREATE INDEX "LiteLLM_PolicyTable_policy_name_version_status_idx" ON public."LiteLLM_PolicyTable" USING btree (policy_name, version_status);

CREATE INDEX "LiteLLM_PromptTable_prompt_id_environment_idx" ON public."LiteLLM_PromptTable" USING btree (prompt_id, environment);

CREATE INDEX "LiteLLM_PromptTable_prompt_id_idx" ON public."LiteLLM_PromptTable" USING btree (prompt_id);

CREATE UNIQUE INDEX "LiteLLM_PromptTable_prompt_id_version_environment_key" ON public."LiteLLM_PromptTable" USING btree (prompt_id, version, environment);

CREATE UNIQUE INDEX "LiteLLM_RetiredAgentIdentity_provider_tenant_id_client_id_key" ON public."LiteLLM_RetiredAgentIdentity" USING btree (provider, tenant_id, client_id);

CREATE UNIQUE INDEX "LiteLLM_SearchToolsTable_search_tool_name_key" ON public."LiteLLM_SearchToolsTable" USING btree (search_tool_name);

CREATE INDEX "LiteLLM_ShadowEvalAttempt_job_id_idx" ON public."LiteLLM_ShadowEvalAttempt" USING btree (job_id);

CREATE INDEX "LiteLLM_ShadowEvalJob_created_at_idx" ON public."LiteLLM_ShadowEvalJob" USING btree (created_at);

CREATE INDEX "LiteLLM_ShadowEvalJob_group_id_idx" ON public."LiteLLM_ShadowEvalJob" USING btree (group_id);

CREATE UNIQUE INDEX "LiteLLM_ShadowEvalJob_one_active_per_target_direction" ON public."LiteLLM_ShadowEvalJob" USING btree (target_type, target_id, direction) WHERE (stopped_at IS NULL);

CREATE INDEX "LiteLLM_ShadowEvalJob_target_type_target_id_idx" ON public."LiteLLM_ShadowEvalJob" USING btree (target_type, target_id);

CREATE INDEX "LiteLLM_SpendLogGuardrailIndex_guardrail_id_start_time_idx" ON public."LiteLLM_SpendLogGuardrailIndex" USING btree (guardrail_id, start_time);

CREATE INDEX "LiteLLM_SpendLogGuardrailIndex_policy_id_start_time_idx" ON public."LiteLLM_SpendLogGuardrailIndex" USING btree (policy_id, start_time);

CREATE INDEX "LiteLLM_SpendLogToolIndex_start_time_idx" ON public."LiteLLM_SpendLogToolIndex" USING btree (start_time);

CREATE INDEX "LiteLLM_SpendLogToolIndex_tool_name_start_time_idx" ON public."LiteLLM_SpendLogToolIndex" USING btree (tool_name, start_time);

CREATE INDEX "LiteLLM_SpendLogs_end_user_idx" ON public."LiteLLM_SpendLogs" USING btree (end_user);

CREATE INDEX "LiteLLM_SpendLogs_session_id_idx" ON public."LiteLLM_SpendLogs" USING btree (session_id);

CREATE INDEX "LiteLLM_SpendLogs_startTime_idx" ON public."LiteLLM_SpendLogs" USING btree ("startTime");

CREATE INDEX "LiteLLM_SpendLogs_startTime_request_id_idx" ON public."LiteLLM_SpendLogs" USING btree ("startTime", request_id);

CREATE INDEX "LiteLLM_TeamTable_created_at_idx" ON public."LiteLLM_TeamTable" USING btree (created_at);

CREATE UNIQUE INDEX "LiteLLM_TeamTable_model_id_key" ON public."LiteLLM_TeamTable" USING btree (model_id);

CREATE INDEX "LiteLLM_TeamTable_organization_id_idx" ON public."LiteLLM_TeamTable" USING btree (organization_id);

CREATE INDEX "LiteLLM_TeamTable_team_alias_idx" ON public."LiteLLM_TeamTable" USING btree (team_alias);

CREATE INDEX "LiteLLM_TelemetryReport_created_at_idx" ON public."LiteLLM_TelemetryReport" USING btree (created_at);

CREATE INDEX "LiteLLM_TelemetryReport_window_end_idx" ON public."LiteLLM_TelemetryReport" USING btree (window_end);

CREATE INDEX "LiteLLM_ToolTable_input_policy_idx" ON public."LiteLLM_ToolTable" USING btree (input_policy);

CREATE INDEX "LiteLLM_ToolTable_output_policy_idx" ON public."LiteLLM_ToolTable" USING btree (output_policy);

CREATE INDEX "LiteLLM_ToolTable_team_id_idx" ON public."LiteLLM_ToolTable" USING btree (team_id);

CREATE UNIQUE INDEX "LiteLLM_ToolTable_tool_name_key" ON public."LiteLLM_ToolTable" USING btree (tool_name);

CREATE INDEX "LiteLLM_UserProviderCredentials_credential_name_idx" ON public."LiteLLM_UserProviderCredentials" USING btree (credential_name);

CREATE UNIQUE INDEX "LiteLLM_UserProviderCredentials_user_id_credential_name_key" ON public."LiteLLM_UserProviderCredentials" USING btree (user_id, credential_name);

CREATE UNIQUE INDEX "LiteLLM_UserTable_sso_user_id_key" ON public."LiteLLM_UserTable" USING btree (sso_user_id);

CREATE INDEX "LiteLLM_UserTable_user_email_lower_idx" ON public."LiteLLM_UserTable" USING btree (lower(user_email));

CREATE INDEX "LiteLLM_VerificationToken_budget_reset_at_expires_idx" ON public."LiteLLM_VerificationToken" USING btree (budget_reset_at, expires);

CREATE INDEX "LiteLLM_VerificationToken_team_id_idx" ON public."LiteLLM_VerificationToken" USING btree (team_id);

CREATE INDEX "LiteLLM_VerificationToken_user_id_team_id_idx" ON public."LiteLLM_VerificationToken" USING btree (user_id, team_id);

CREATE UNIQUE INDEX "LiteLLM_VerifiedSubject_issuer_tenant_id_oid_key" ON public."LiteLLM_VerifiedSubject" USING btree (issuer, tenant_id, oid);

CREATE INDEX "LiteLLM_VerifiedSubject_user_id_idx" ON public."LiteLLM_VerifiedSubject" USING btree (user_id);

CREATE INDEX "LiteLLM_WorkflowEvent_run_id_idx" ON public."LiteLLM_WorkflowEvent" USING btree (run_id);

CREATE UNIQUE INDEX "LiteLLM_WorkflowEvent_run_id_sequence_number_key" ON public."LiteLLM_WorkflowEvent" USING btree (run_id, sequence_number);

CREATE INDEX "LiteLLM_WorkflowMessage_run_id_idx" ON public."LiteLLM_WorkflowMessage" USING btree (run_id);

CREATE UNIQUE INDEX "LiteLLM_WorkflowMessage_run_id_sequence_number_key" ON public."LiteLLM_WorkflowMessage" USING btree (run_id, sequence_number);

CREATE INDEX "LiteLLM_WorkflowRun_created_at_idx" ON public."LiteLLM_WorkflowRun" USING btree (created_at);

CREATE INDEX "LiteLLM_WorkflowRun_created_by_idx" ON public."LiteLLM_WorkflowRun" USING btree (created_by);

CREATE INDEX "LiteLLM_WorkflowRun_session_id_idx" ON public."LiteLLM_WorkflowRun" USING btree (session_id);

CREATE UNIQUE INDEX "LiteLLM_WorkflowRun_session_id_key" ON public."LiteLLM_WorkflowRun" USING btree (session_id);

CREATE INDEX "LiteLLM_WorkflowRun_workflow_type_status_idx" ON public."LiteLLM_WorkflowRun" USING btree (workflow_type, status);

CREATE INDEX idx_adaptive_router_session_activity ON public."LiteLLM_AdaptiveRouterSession" USING btree (last_activity_at);

CREATE INDEX idx_autorouter_baseline_dirty ON public."LiteLLM_AutoRouterBaselineComparison" USING btree (attempted_at, updated_at, scope) WHERE ((NOT retired) AND (revision <> published_revision));

CREATE INDEX idx_autorouter_baseline_event_order ON public."LiteLLM_AutoRouterBaselineObservation" USING btree (scope, started_at, request_id);

CREATE INDEX idx_autorouter_baseline_event_revision ON public."LiteLLM_AutoRouterBaselineObservation" USING btree (scope, revision, started_at);

CREATE INDEX idx_autorouter_baseline_scope ON public."LiteLLM_AutoRouterBaselineComparison" USING btree (api_key, session_id, router_name);

CREATE INDEX idx_autorouter_baseline_updated ON public."LiteLLM_AutoRouterBaselineComparison" USING btree (updated_at);

CREATE INDEX idx_autorouter_session_last_turn ON public."LiteLLM_AutoRouterSession" USING btree (last_turn_at);

CREATE INDEX idx_autorouter_user_session_last_turn ON public."LiteLLM_AutoRouterUserSession" USING btree (last_turn_at);

CREATE INDEX idx_autorouter_user_session_user_last_turn ON public."LiteLLM_AutoRouterUserSession" USING btree (user_id, last_turn_at);

CREATE INDEX idx_background_interaction_settlement_claimed_at ON public."LiteLLM_BackgroundInteractionSettlement" USING btree (claimed_at);

CREATE TRIGGER litellm_mcp_catalog_revision AFTER INSERT OR DELETE OR UPDATE ON public."LiteLLM_MCPServerTable" FOR EACH STATEMENT EXECUTE FUNCTION public.litellm_bump_mcp_catalog_revision();

ALTER TABLE ONLY public."LiteLLM_AgentIdentity"
    ADD CONSTRAINT "LiteLLM_AgentIdentity_agent_id_fkey" FOREIGN KEY (agent_id) REFERENCES public."LiteLLM_AgentsTable"(agent_id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public."LiteLLM_AgentsTable"
    ADD CONSTRAINT "LiteLLM_AgentsTable_object_permission_id_fkey" FOREIGN KEY (object_permission_id) REFERENCES public."LiteLLM_ObjectPermissionTable"(object_permission_id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."LiteLLM_EndUserTable"
    ADD CONSTRAINT "LiteLLM_EndUserTable_budget_id_fkey" FOREIGN KEY (budget_id) REFERENCES public."LiteLLM_BudgetTable"(budget_id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."LiteLLM_EndUserTable"
    ADD CONSTRAINT "LiteLLM_EndUserTable_object_permission_id_fkey" FOREIGN KEY (object_permission_id) REFERENCES public."LiteLLM_ObjectPermissionTable"(object_permission_id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."LiteLLM_InvitationLink"
    ADD CONSTRAINT "LiteLLM_InvitationLink_created_by_fkey" FOREIGN KEY (created_by) REFERENCES public."LiteLLM_UserTable"(user_id) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE ONLY public."LiteLLM_InvitationLink"
    ADD CONSTRAINT "LiteLLM_InvitationLink_updated_by_fkey" FOREIGN KEY (updated_by) REFERENCES public."LiteLLM_UserTable"(user_id) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE ONLY public."LiteLLM_InvitationLink"
    ADD CONSTRAINT "LiteLLM_InvitationLink_user_id_fkey" FOREIGN KEY (user_id) REFERENCES public."LiteLLM_UserTable"(user_id) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE ONLY public."LiteLLM_JWTKeyMapping"
    ADD CONSTRAINT "LiteLLM_JWTKeyMapping_token_fkey" FOREIGN KEY (token) REFERENCES public."LiteLLM_VerificationToken"(token) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public."LiteLLM_LensReview"
    ADD CONSTRAINT "LiteLLM_LensReview_lens_id_fkey" FOREIGN KEY (lens_id) REFERENCES public."LiteLLM_Lens"(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public."LiteLLM_ModelAccessGroupBudgetTable"
    ADD CONSTRAINT "LiteLLM_ModelAccessGroupBudgetTable_budget_id_fkey" FOREIGN KEY (budget_id) REFERENCES public."LiteLLM_BudgetTable"(budget_id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."LiteLLM_OrganizationMembership"
    ADD CONSTRAINT "LiteLLM_OrganizationMembership_budget_id_fkey" FOREIGN KEY (budget_id) REFERENCES public."LiteLLM_BudgetTable"(budget_id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."LiteLLM_OrganizationMembership"
    ADD CONSTRAINT "LiteLLM_OrganizationMembership_organization_id_fkey" FOREIGN KEY (organization_id) REFERENCES public."LiteLLM_OrganizationTable"(organization_id) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE ONLY public."LiteLLM_OrganizationMembership"
    ADD CONSTRAINT "LiteLLM_OrganizationMembership_user_id_fkey" FOREIGN KEY (user_id) REFERENCES public."LiteLLM_UserTable"(user_id) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE ONLY public."LiteLLM_OrganizationTable"
    ADD CONSTRAINT "LiteLLM_OrganizationTable_budget_id_fkey" FOREIGN KEY (budget_id) REFERENCES public."LiteLLM_BudgetTable"(budget_id) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE ONLY public."LiteLLM_OrganizationTable"
    ADD CONSTRAINT "LiteLLM_OrganizationTable_object_permission_id_fkey" FOREIGN KEY (object_permission_id) REFERENCES public."LiteLLM_ObjectPermissionTable"(object_permission_id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."LiteLLM_ProjectTable"
    ADD CONSTRAINT "LiteLLM_ProjectTable_budget_id_fkey" FOREIGN KEY (budget_id) REFERENCES public."LiteLLM_BudgetTable"(budget_id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."LiteLLM_ProjectTable"
    ADD CONSTRAINT "LiteLLM_ProjectTable_object_permission_id_fkey" FOREIGN KEY (object_permission_id) REFERENCES public."LiteLLM_ObjectPermissionTable"(object_permission_id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."LiteLLM_ProjectTable"
    ADD CONSTRAINT "LiteLLM_ProjectTable_team_id_fkey" FOREIGN KEY (team_id) REFERENCES public."LiteLLM_TeamTable"(team_id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."LiteLLM_RetiredAgentIdentity"
    ADD CONSTRAINT "LiteLLM_RetiredAgentIdentity_agent_id_fkey" FOREIGN KEY (agent_id) REFERENCES public."LiteLLM_AgentsTable"(agent_id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."LiteLLM_TagTable"
    ADD CONSTRAINT "LiteLLM_TagTable_budget_id_fkey" FOREIGN KEY (budget_id) REFERENCES public."LiteLLM_BudgetTable"(budget_id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."LiteLLM_TeamMembership"
    ADD CONSTRAINT "LiteLLM_TeamMembership_budget_id_fkey" FOREIGN KEY (budget_id) REFERENCES public."LiteLLM_BudgetTable"(budget_id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."LiteLLM_TeamTable"
    ADD CONSTRAINT "LiteLLM_TeamTable_model_id_fkey" FOREIGN KEY (model_id) REFERENCES public."LiteLLM_ModelTable"(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."LiteLLM_TeamTable"
    ADD CONSTRAINT "LiteLLM_TeamTable_object_permission_id_fkey" FOREIGN KEY (object_permission_id) REFERENCES public."LiteLLM_ObjectPermissionTable"(object_permission_id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."LiteLLM_TeamTable"
    ADD CONSTRAINT "LiteLLM_TeamTable_organization_id_fkey" FOREIGN KEY (organization_id) REFERENCES public."LiteLLM_OrganizationTable"(organization_id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."LiteLLM_UserTable"
    ADD CONSTRAINT "LiteLLM_UserTable_object_permission_id_fkey" FOREIGN KEY (object_permission_id) REFERENCES public."LiteLLM_ObjectPermissionTable"(object_permission_id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."LiteLLM_UserTable"
    ADD CONSTRAINT "LiteLLM_UserTable_organization_id_fkey" FOREIGN KEY (organization_id) REFERENCES public."LiteLLM_OrganizationTable"(organization_id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."LiteLLM_VerificationToken"
    ADD CONSTRAINT "LiteLLM_VerificationToken_budget_id_fkey" FOREIGN KEY (budget_id) REFERENCES public."LiteLLM_BudgetTable"(budget_id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."LiteLLM_VerificationToken"
    ADD CONSTRAINT "LiteLLM_VerificationToken_object_permission_id_fkey" FOREIGN KEY (object_permission_id) REFERENCES public."LiteLLM_ObjectPermissionTable"(object_permission_id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."LiteLLM_VerificationToken"
    ADD CONSTRAINT "LiteLLM_VerificationToken_organization_id_fkey" FOREIGN KEY (organization_id) REFERENCES public."LiteLLM_OrganizationTable"(organization_id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."LiteLLM_VerificationToken"
    ADD CONSTRAINT "LiteLLM_VerificationToken_project_id_fkey" FOREIGN KEY (project_id) REFERENCES public."LiteLLM_ProjectTable"(project_id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE ONLY public."LiteLLM_VerifiedSubject"
    ADD CONSTRAINT "LiteLLM_VerifiedSubject_user_id_fkey" FOREIGN KEY (user_id) REFERENCES public."LiteLLM_UserTable"(user_id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public."LiteLLM_WorkflowEvent"
    ADD CONSTRAINT "LiteLLM_WorkflowEvent_run_id_fkey" FOREIGN KEY (run_id) REFERENCES public."LiteLLM_WorkflowRun"(run_id) ON UPDATE CASCADE ON DELETE RESTRICT;

ALTER TABLE ONLY public."LiteLLM_WorkflowMessage"
    ADD CONSTRAINT "LiteLLM_WorkflowMessage_run_id_fkey" FOREIGN KEY (run_id) REFERENCES public."LiteLLM_WorkflowRun"(run_id) ON UPDATE CASCADE ON DELETE RESTRICT;

