

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

INSERT INTO public."LiteLLM_AccessGroupTable" VALUES ('79059b74-fa88-4ac9-afa5-289a39e71aad', 'unified', 'e', '{}', '{}', '{}', '{72010d5600480d88a35f8c7101ecf1f6fb9d9e260eef81e7bde779fcff583b85}', '2026-11-29 17:10:34.847', 'default_user_id', '2026-11-29 17:10:35.143', 'default_user_id', '{local}', 'null', '{}');

INSERT INTO public."LiteLLM_BudgetTable" VALUES ('16350f5a-4368-456b-9454-0eea2acc2294', NULL, 4, NULL, NULL, NULL, '{}', NULL, NULL, '2026-11-29 17:09:35.078', 'default_user_id', '2026-11-29 17:09:35.078', 'default_user_id', '{}', NULL, NULL, NULL);
INSERT INTO public."LiteLLM_BudgetTable" VALUES ('team-budget-2de08d3330a84feb83c822c8d81d2ea6', 2, NULL, NULL, NULL, 5, NULL, '30d', '2026-12-01 00:00:00', '2026-11-29 17:09:57.855', 'default_user_id', '2026-11-29 17:09:57.855', 'default_user_id', '{}', NULL, NULL, NULL);
INSERT INTO public."LiteLLM_BudgetTable" VALUES ('a0d99dc0-6aaa-446f-b627-3fc86e8a9759', 4, NULL, NULL, 99, 9, NULL, NULL, NULL, '2026-11-29 17:09:59.886', 'default_user_id', '2026-11-29 17:10:01.176', 'default_user_id', '{}', NULL, NULL, NULL);
INSERT INTO public."LiteLLM_BudgetTable" VALUES ('22e145df-a392-43f9-8e58-d88e5bd49ef6', 1, NULL, NULL, NULL, NULL, '{}', NULL, NULL, '2026-11-29 17:10:01.432', 'default_user_id', '2026-11-29 17:10:01.432', 'default_user_id', '{}', NULL, NULL, NULL);
INSERT INTO public."LiteLLM_BudgetTable" VALUES ('703e65d0-e2d6-45ef-ba38-ab6bba16af41', 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-29 17:10:10.286', 'default_user_id', '2026-11-29 17:10:10.286', 'default_user_id', '{}', NULL, NULL, NULL);
INSERT INTO public."LiteLLM_BudgetTable" VALUES ('small', 4, 0.5, NULL, 100, 10, NULL, '7d', '2026-11-30 00:00:00', '2026-11-29 17:10:10.161', 'default_user_id', '2026-11-29 17:10:10.677', 'default_user_id', '{}', NULL, NULL, NULL);
INSERT INTO public."LiteLLM_BudgetTable" VALUES ('ddc7d209-8409-4861-b09f-edc91c96a6fb', 6, NULL, NULL, NULL, NULL, NULL, '30d', '2026-12-29 17:10:11.301', '2026-11-29 17:10:11.308', 'default_user_id', '2026-11-29 17:10:12.061', 'default_user_id', '{}', NULL, NULL, NULL);
INSERT INTO public."LiteLLM_BudgetTable" VALUES ('78410bd5-2699-4e08-959e-c1d9ceece538', 1e-08, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-29 17:10:20.871', 'default_user_id', '2026-11-29 17:10:20.871', 'default_user_id', '{}', NULL, NULL, NULL);
INSERT INTO public."LiteLLM_BudgetTable" VALUES ('b2694aee-b35a-42fa-ad77-94089563a8e4', 4, NULL, NULL, NULL, NULL, NULL, '30d', NULL, '2026-11-29 17:10:25.284', 'default_user_id', '2026-11-29 17:10:25.505', 'default_user_id', '{}', NULL, NULL, NULL);
INSERT INTO public."LiteLLM_BudgetTable" VALUES ('a32fe590-fbd5-4ccf-ba03-8973c46d7de8', 1e-08, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-29 17:10:51.441', 'default_user_id', '2026-11-29 17:10:51.441', 'default_user_id', '{}', NULL, NULL, NULL);

INSERT INTO public."LiteLLM_Config" VALUES ('auto_router_tuning_baseline_v3', '{}', NULL, 0);
INSERT INTO public."LiteLLM_Config" VALUES ('router_settings', '{"fallbacks": [{"falls": ["local"]}], "num_retries": 0, "disable_cooldowns": true, "model_group_alias": {"nick": "local", "hidden-nick": {"model": "local", "hidden": true}}, "context_window_fallbacks": []}', NULL, 0);

INSERT INTO public."LiteLLM_CredentialsTable" VALUES ('505874d9-40fe-454b-abf3-70949a561245', 'vault', '{"api_key": "8L1BH2UThiGTTNW3LqfQ3KrmI9wZ0RlxHSmyVHElk5Bm8FyLUaFdv__PGJR3UPAYfD5mZjYrtbe8g7k4", "api_base": "E7RqMpqeavcXZk92dOKgCe6HQqxmU-AX8Hzy0yVr2ow4YzKj80IJmeqL7SJx6f_b2_DXfKSW7NU5jwSCmQ=="}', '{"note": "n"}', '2026-11-29 17:10:35.492', 'default_user_id', '2026-11-29 17:10:35.84', 'default_user_id', NULL);

INSERT INTO public."LiteLLM_DailyEndUserSpend" VALUES ('b83051e2-7ce6-4af9-995d-ab38871a76d1', 'customer-by-end-user', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', '', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:24.001', '2026-11-29 17:09:24.001', '/chat/completions', 0, 0, 0, 0, 0, 19, 1);
INSERT INTO public."LiteLLM_DailyEndUserSpend" VALUES ('25e7427b-dfc4-4f93-a537-41673d4b2fd4', 'customer-by-header', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', '', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:24.001', '2026-11-29 17:09:24.001', '/chat/completions', 0, 0, 0, 0, 0, 25, 1);
INSERT INTO public."LiteLLM_DailyEndUserSpend" VALUES ('9b67eeac-976b-48c6-a1d0-b02e49ead053', 'customer-by-mapping', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', '', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:24.001', '2026-11-29 17:09:24.001', '/chat/completions', 0, 0, 0, 0, 0, 12, 1);
INSERT INTO public."LiteLLM_DailyEndUserSpend" VALUES ('ef929d0e-3314-4355-a32f-613b922c8416', 'customer-by-safety', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', '', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:24.001', '2026-11-29 17:09:24.001', '/chat/completions', 0, 0, 0, 0, 0, 14, 1);
INSERT INTO public."LiteLLM_DailyEndUserSpend" VALUES ('00665aed-68cd-43eb-9875-8550624c884f', 'customer-by-user', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', '', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:24.001', '2026-11-29 17:09:24.001', '/chat/completions', 0, 0, 0, 0, 0, 33, 1);
INSERT INTO public."LiteLLM_DailyEndUserSpend" VALUES ('8687c0e8-002c-4d51-aefe-0854668067f7', 'acme', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/paid', 'paid', 'openai', '', 10, 5, 0, 0, 6e-05, 1, 1, 0, '2026-11-29 17:10:14.166', '2026-11-29 17:10:14.166', '/chat/completions', 0, 0, 0, 0, 0, 48, 1);
INSERT INTO public."LiteLLM_DailyEndUserSpend" VALUES ('77795206-5b82-4165-8bb7-0a3ff9cee9d9', 'acme', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', '', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:10:18.082', '2026-11-29 17:10:18.082', '/chat/completions', 0, 0, 0, 0, 0, 15, 1);
INSERT INTO public."LiteLLM_DailyEndUserSpend" VALUES ('bccd7771-0d47-46f1-ad40-71553258d237', 'tiny', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', '', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:10:26.166', '2026-11-29 17:10:26.166', '/chat/completions', 0, 0, 0, 0, 0, 9, 1);
INSERT INTO public."LiteLLM_DailyEndUserSpend" VALUES ('366f6cbe-1276-4e7f-8088-02e5f3661867', 'tiny', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/paid', 'paid', 'openai', '', 10, 5, 0, 0, 6e-05, 2, 1, 1, '2026-11-29 17:10:22.463', '2026-11-29 17:10:26.166', '/chat/completions', 0, 0, 0, 0, 0, 11, 1);

INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/chat/completions', 307, 1, '2026-11-29 17:09:24.032', '2026-11-29 17:09:24.032');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/completions', 400, 2, '2026-11-29 17:09:28.007', '2026-11-29 17:09:28.007');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/embeddings', 400, 2, '2026-11-29 17:09:28.007', '2026-11-29 17:09:28.007');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/responses', 400, 1, '2026-11-29 17:09:28.007', '2026-11-29 17:09:28.007');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/v1/messages', 400, 1, '2026-11-29 17:09:28.007', '2026-11-29 17:09:28.007');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/chat/completions', 400, 8, '2026-11-29 17:09:32.222', '2026-11-29 17:09:36.04');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/chat/completions', 404, 1, '2026-11-29 17:09:36.04', '2026-11-29 17:09:36.04');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/chat/completions', 408, 1, '2026-11-29 17:09:36.04', '2026-11-29 17:09:36.04');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/chat/completions', 500, 7, '2026-11-29 17:09:20.043', '2026-11-29 17:09:36.04');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/chat/completions', 503, 1, '2026-11-29 17:09:36.04', '2026-11-29 17:09:36.04');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/chat/completions', 403, 5, '2026-11-29 17:09:32.222', '2026-11-29 17:10:04.013');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/chat/completions', 429, 2, '2026-11-29 17:09:36.04', '2026-11-29 17:10:44.008');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/chat/completions', 422, 6, '2026-11-29 17:09:32.222', '2026-11-29 17:10:56.032');
INSERT INTO public."LiteLLM_DailyGatewayFailedRequests" VALUES ('2026-11-29', 'llm', '/chat/completions', 401, 8, '2026-11-29 17:09:28.007', '2026-11-29 17:11:00.032');

INSERT INTO public."LiteLLM_DailyGatewayRequests" VALUES ('2026-11-29', 'llm', '/audio/speech', 1, 0, '2026-11-29 17:09:28.007', '2026-11-29 17:09:28.007');
INSERT INTO public."LiteLLM_DailyGatewayRequests" VALUES ('2026-11-29', 'llm', '/completions', 9, 2, '2026-11-29 17:09:28.007', '2026-11-29 17:09:28.007');
INSERT INTO public."LiteLLM_DailyGatewayRequests" VALUES ('2026-11-29', 'llm', '/embeddings', 7, 2, '2026-11-29 17:09:28.007', '2026-11-29 17:09:28.007');
INSERT INTO public."LiteLLM_DailyGatewayRequests" VALUES ('2026-11-29', 'llm', '/images/generations', 1, 0, '2026-11-29 17:09:28.007', '2026-11-29 17:09:28.007');
INSERT INTO public."LiteLLM_DailyGatewayRequests" VALUES ('2026-11-29', 'llm', '/moderations', 1, 0, '2026-11-29 17:09:28.007', '2026-11-29 17:09:28.007');
INSERT INTO public."LiteLLM_DailyGatewayRequests" VALUES ('2026-11-29', 'llm', '/rerank', 1, 0, '2026-11-29 17:09:28.007', '2026-11-29 17:09:28.007');
INSERT INTO public."LiteLLM_DailyGatewayRequests" VALUES ('2026-11-29', 'llm', '/responses', 4, 1, '2026-11-29 17:09:28.007', '2026-11-29 17:09:28.007');
INSERT INTO public."LiteLLM_DailyGatewayRequests" VALUES ('2026-11-29', 'llm', '/v1/messages', 3, 1, '2026-11-29 17:09:28.007', '2026-11-29 17:09:28.007');
INSERT INTO public."LiteLLM_DailyGatewayRequests" VALUES ('2026-11-29', 'llm', '/chat/completions', 69, 40, '2026-11-29 17:09:16.014', '2026-11-29 17:11:00.032');

INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'falls', 'openai/fails-500', 'openai', 'uncategorized', 0, 8, 0, 1, 0, 1, '2026-11-29 17:09:19.108', '2026-11-29 17:09:19.108');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'hidden-nick', 'openai/local', 'openai', 'uncategorized', 0, 10, 5, 1, 1, 0, '2026-11-29 17:09:19.108', '2026-11-29 17:09:19.108');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'local-1', 'openai/local', 'openai', 'uncategorized', 0, 10, 5, 1, 1, 0, '2026-11-29 17:09:19.108', '2026-11-29 17:09:19.108');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'nick', 'openai/local', 'openai', 'uncategorized', 0, 10, 5, 1, 1, 0, '2026-11-29 17:09:19.108', '2026-11-29 17:09:19.108');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'open/thing', 'hosted_vllm/thing', 'hosted_vllm', 'uncategorized', 0, 10, 5, 1, 1, 0, '2026-11-29 17:09:19.108', '2026-11-29 17:09:19.108');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'pool', 'openai/pool-b', 'openai', 'uncategorized', 0, 10, 5, 1, 1, 0, '2026-11-29 17:09:19.108', '2026-11-29 17:09:19.108');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'nothing', 'nothing', 'unknown', 'uncategorized', 0, 0, 0, 5, 0, 5, '2026-11-29 17:09:25.917', '2026-11-29 17:09:33.952');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'local', 'local', 'openai', 'uncategorized', 0, 10, 5, 1, 1, 0, '2026-11-29 17:10:42.455', '2026-11-29 17:10:42.455');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'too-long', 'openai/too-long', 'openai', 'uncategorized', 0, 8, 0, 1, 0, 1, '2026-11-29 17:09:33.952', '2026-11-29 17:09:33.952');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'open/slow', 'hosted_vllm/slow', 'hosted_vllm', 'uncategorized', 0, 8, 0, 1, 0, 1, '2026-11-29 17:09:39.348', '2026-11-29 17:09:39.348');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'mocked', 'openai/mocked', 'openai', 'uncategorized', 0, 18, 25, 2, 2, 0, '2026-11-29 17:09:19.108', '2026-11-29 17:09:24.324');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'ollama', 'ollama_chat/llama3.2:3b', 'ollama_chat', 'uncategorized', 0, 30, 15, 3, 3, 0, '2026-11-29 17:09:19.108', '2026-11-29 17:09:24.324');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'tools', 'openai/tools', 'openai', 'uncategorized', 0, 20, 10, 2, 2, 0, '2026-11-29 17:09:19.108', '2026-11-29 17:09:24.324');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'embed', 'openai/embed', 'openai', 'uncategorized', 7e-05, 70, 0, 8, 7, 1, '2026-11-29 17:09:25.917', '2026-11-29 17:09:25.917');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'local', 'openai/local', 'text-completion-openai', 'uncategorized', 0, 10, 5, 1, 1, 0, '2026-11-29 17:09:25.917', '2026-11-29 17:09:25.917');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'paid', 'openai/paid', 'text-completion-openai', 'uncategorized', 6e-05, 10, 5, 1, 1, 0, '2026-11-29 17:09:25.917', '2026-11-29 17:09:25.917');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'text', 'text-completion-openai/text', 'text-completion-openai', 'uncategorized', 0, 50, 25, 7, 6, 1, '2026-11-29 17:09:24.324', '2026-11-29 17:09:25.917');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'paid', 'openai/paid', 'openai', 'uncategorized', 0.0008400000000000003, 160, 80, 23, 16, 7, '2026-11-29 17:09:14.582', '2026-11-29 17:10:58.173');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'local', 'openai/local', 'openai', 'uncategorized', 0, 450, 225, 59, 47, 12, '2026-11-29 17:09:19.108', '2026-11-29 17:11:02.481');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'unknown', 'unknown', 'unknown', 'uncategorized', 0, 0, 0, 10, 0, 10, '2026-11-29 17:09:19.108', '2026-11-29 17:11:02.481');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'vllm', 'hosted_vllm/Qwen/Qwen3', 'hosted_vllm', 'uncategorized', 0, 30, 15, 4, 4, 0, '2026-11-29 17:09:19.108', '2026-11-29 17:09:26.626');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'cut', 'openai/cut', 'openai', 'uncategorized', 0, 16, 3, 2, 0, 2, '2026-11-29 17:09:24.324', '2026-11-29 17:09:33.952');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'dead', 'openai/dead', 'openai', 'uncategorized', 0, 8, 0, 1, 0, 1, '2026-11-29 17:09:33.952', '2026-11-29 17:09:33.952');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'fails-400', 'openai/fails-400', 'openai', 'uncategorized', 0, 8, 0, 1, 0, 1, '2026-11-29 17:09:33.952', '2026-11-29 17:09:33.952');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'fails-401', 'openai/fails-401', 'openai', 'uncategorized', 0, 8, 0, 1, 0, 1, '2026-11-29 17:09:33.952', '2026-11-29 17:09:33.952');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'fails-404', 'openai/fails-404', 'openai', 'uncategorized', 0, 8, 0, 1, 0, 1, '2026-11-29 17:09:33.952', '2026-11-29 17:09:33.952');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'fails-429', 'openai/fails-429', 'openai', 'uncategorized', 0, 8, 0, 1, 0, 1, '2026-11-29 17:09:33.952', '2026-11-29 17:09:33.952');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'fails-500', 'openai/fails-500', 'openai', 'uncategorized', 0, 24, 0, 3, 0, 3, '2026-11-29 17:09:19.108', '2026-11-29 17:09:33.952');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'fails-503', 'openai/fails-503', 'openai', 'uncategorized', 0, 8, 0, 1, 0, 1, '2026-11-29 17:09:33.952', '2026-11-29 17:09:33.952');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'garbage', 'openai/garbage', 'openai', 'uncategorized', 0, 8, 0, 1, 0, 1, '2026-11-29 17:09:33.952', '2026-11-29 17:09:33.952');
INSERT INTO public."LiteLLM_DailyModelUsage" VALUES ('2026-11-29', 'unpriced', 'openai/unpriced', 'openai', 'uncategorized', 0, 10, 5, 2, 1, 1, '2026-11-29 17:09:19.108', '2026-11-29 17:10:06.463');

INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', '', '', 'falls', 0, 1, '2026-11-29 17:09:18.087', '2026-11-29 17:09:18.087');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', '', '', 'embed', 400, 1, '2026-11-29 17:09:26.096', '2026-11-29 17:09:26.096');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', '', '', 'text', 400, 1, '2026-11-29 17:09:26.096', '2026-11-29 17:09:26.096');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '', '', '', '', 0, 4, '2026-11-29 17:09:18.087', '2026-11-29 17:09:30.035');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '', '', '', 'local', 0, 1, '2026-11-29 17:09:30.035', '2026-11-29 17:09:30.035');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '0e9d220616f08345a714ee57d8516310770588484b5239844635f952965e34a6', '', '', '', 401, 1, '2026-11-29 17:09:30.035', '2026-11-29 17:09:30.035');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '2ab06cfadcdcc1bb1a1ff9edefb028084a837b3ed7b95f97e602b960ee127471', '', '', 'local', 401, 1, '2026-11-29 17:09:30.035', '2026-11-29 17:09:30.035');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '423e02a0cb8487ec5f84d0ff4e85248aaf0ebc70154ae55e84f06c4847b36786', '', '', 'local', 0, 1, '2026-11-29 17:09:30.035', '2026-11-29 17:09:30.035');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '999aaa8645bb72ff599e143b1e3d2a94777127f4783a69f067251f7bbebc5ab6', '', '', 'local', 401, 1, '2026-11-29 17:09:30.035', '2026-11-29 17:09:30.035');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', '', '', '', 400, 3, '2026-11-29 17:09:34.042', '2026-11-29 17:09:34.042');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', '', '', 'cut', 500, 2, '2026-11-29 17:09:26.096', '2026-11-29 17:09:34.042');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', '', '', 'dead', 500, 1, '2026-11-29 17:09:34.042', '2026-11-29 17:09:34.042');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', '', '', 'fails-400', 0, 1, '2026-11-29 17:09:34.042', '2026-11-29 17:09:34.042');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', '', '', 'fails-401', 401, 1, '2026-11-29 17:09:34.042', '2026-11-29 17:09:34.042');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', '', '', 'fails-404', 404, 1, '2026-11-29 17:09:34.042', '2026-11-29 17:09:34.042');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', '', '', 'fails-429', 429, 1, '2026-11-29 17:09:34.042', '2026-11-29 17:09:34.042');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', '', '', 'fails-500', 0, 3, '2026-11-29 17:09:22.19', '2026-11-29 17:09:34.042');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', '', '', 'fails-503', 503, 1, '2026-11-29 17:09:34.042', '2026-11-29 17:09:34.042');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', '', '', 'garbage', 500, 1, '2026-11-29 17:09:34.042', '2026-11-29 17:09:34.042');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', '', '', 'local', 400, 1, '2026-11-29 17:09:34.042', '2026-11-29 17:09:34.042');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', '', '', 'local', 500, 1, '2026-11-29 17:09:34.042', '2026-11-29 17:09:34.042');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', '', '', 'nothing', 400, 5, '2026-11-29 17:09:26.096', '2026-11-29 17:09:34.042');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', '', '', 'too-long', 400, 1, '2026-11-29 17:09:34.042', '2026-11-29 17:09:34.042');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '93d6e6880324a5a9cf0deb4a86cd3497d5abeaf72ee9f85fb578844c5802eb3f', '', '', 'paid', 422, 1, '2026-11-29 17:09:34.042', '2026-11-29 17:09:34.042');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', 'f9d5fa2c1628191a0e77bec9c8087bc1e5d93b0b6e6e52fa5dec0e275605c735', '', '', 'paid', 403, 1, '2026-11-29 17:09:34.042', '2026-11-29 17:09:34.042');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', '', '', 'open/slow', 408, 1, '2026-11-29 17:09:38.056', '2026-11-29 17:09:38.056');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '429d185c5c28858ebdce66bd81dc739678ecce84490a808b2912b6044eac4a82', '', '', 'local', 0, 1, '2026-11-29 17:09:42.045', '2026-11-29 17:09:42.045');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', 'ef9d376b3a636df6d24b5825ab6b9e760e9d2a6dcf2905627bb1e48f88eace2a', '', '', 'paid', 422, 1, '2026-11-29 17:09:46.008', '2026-11-29 17:09:46.008');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', 'bb21169afc89ee41926c18e1582c76153c2115817d8ac91a032d5713b048c5dd', '', 'ann', '', 403, 1, '2026-11-29 17:09:50.013', '2026-11-29 17:09:50.013');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '53f40353bef6c5b2cffad40351dfe2d055c952d9bb4f2815109b56114e159c42', 'red', '', 'unpriced', 403, 1, '2026-11-29 17:10:06.024', '2026-11-29 17:10:06.024');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '53f40353bef6c5b2cffad40351dfe2d055c952d9bb4f2815109b56114e159c42', 'red', '', 'local', 0, 1, '2026-11-29 17:10:10.161', '2026-11-29 17:10:10.161');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', 'a70ef875fe5e3f224c7c55012acd0019c652593a1a11913e6d155b44466423e1', '', '', 'local', 429, 1, '2026-11-29 17:10:46.015', '2026-11-29 17:10:46.015');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '4a2f8e8935925d09f7785959a62ec98684cca88b35960082241db9ad59fae439', 'poor', '', 'paid', 422, 1, '2026-11-29 17:10:50.009', '2026-11-29 17:10:50.009');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '1b72538f89bbed6d2f57498881838b73b29976a54b0169c511816865b31cb4e3', '', 'poor-user', 'paid', 422, 1, '2026-11-29 17:10:54.013', '2026-11-29 17:10:54.013');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', '', '', 'paid', 422, 2, '2026-11-29 17:10:26.02', '2026-11-29 17:10:58.007');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '18fbca73e6a3d7a53f27e68288aef1adc92e0c35f1c40bf5102e67b9587cdbae', '', '', '', 401, 1, '2026-11-29 17:11:02.045', '2026-11-29 17:11:02.045');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '6907f49d658fc12aeff702c682bca1c92e270248bdd1d30bd5e17d4315744738', '', '', 'local', 401, 1, '2026-11-29 17:11:02.045', '2026-11-29 17:11:02.045');
INSERT INTO public."LiteLLM_DailyRequestErrors" VALUES ('2026-11-29', '855e4fdbfd43cacef7f78d7e24b817c098bdd224926c02165653401eb0e1275e', '', '', 'local', 429, 2, '2026-11-29 17:11:02.045', '2026-11-29 17:11:02.045');

INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('ad666804-879c-4d4d-9829-31144566a186', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'hosted_vllm/thing', 'open/thing', 'hosted_vllm', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:22.168', '2026-11-29 17:09:22.168', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 3, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('91098a99-ee82-43bc-8d8b-89e90e3b0931', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/pool-b', 'pool', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:22.168', '2026-11-29 17:09:22.168', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 11, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('9359a601-e25b-4888-be6e-d701ce881814', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/unpriced', 'unpriced', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:22.168', '2026-11-29 17:09:22.168', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 9, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('0c79f01d-e16c-46a1-bc59-999a5f46b6d2', 'User-Agent: beside', '2026-11-29', '93d6e6880324a5a9cf0deb4a86cd3497d5abeaf72ee9f85fb578844c5802eb3f', 'openai/paid', 'paid', 'openai', 10, 5, 0, 0, 6e-05, 1, 1, 0, '2026-11-29 17:09:22.168', '2026-11-29 17:09:22.168', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 236, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('29e8eafa-428e-4c96-be6e-f5df7b7c896c', 'User-Agent: beside', '2026-11-29', 'litellm_proxy_master_key', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:22.168', '2026-11-29 17:09:22.168', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 22, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('0df8f9ce-31f8-404d-8ab6-dfb7eb67f287', 'blue', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:22.168', '2026-11-29 17:09:22.168', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 23, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('b6c93bc6-353b-46e9-8599-bdde10914018', 'green', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:22.168', '2026-11-29 17:09:22.168', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 17, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('b38eea0c-40f8-473d-ada6-11fce6ba4e9f', 'red', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:22.168', '2026-11-29 17:09:22.168', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 23, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('b1ea06c4-e477-4b51-86a3-bda93b8b5a5c', 'yellow', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:22.168', '2026-11-29 17:09:22.168', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 17, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('ccda7653-7816-4c95-b7cb-1ea48950d03b', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'hosted_vllm/Qwen/Qwen3', 'vllm', 'hosted_vllm', 20, 10, 0, 0, 0, 2, 2, 0, '2026-11-29 17:09:22.168', '2026-11-29 17:09:31.022', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 201, 2);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('787fce3b-57f9-4107-b588-21a275daad74', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'hosted_vllm/Qwen/Qwen3', 'vllm', 'hosted_vllm', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:31.022', '2026-11-29 17:09:31.022', '', 'chatcmpl-test', '/completions', 0, 0, 0, 0, 0, 25, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('cad1ce9a-52ea-4b31-844b-612d302e225e', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'hosted_vllm/Qwen/Qwen3', 'vllm', 'hosted_vllm', 0, 0, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:31.022', '2026-11-29 17:09:31.022', '', 'rerank-1', '/rerank', 0, 0, 0, 0, 0, 10, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('7d2e3207-d499-4725-b522-e628829dabb4', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'nothing', 'nothing', '', 0, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:31.022', '2026-11-29 17:09:31.022', '', '53877a87-9343-4241-a7cf-989dd11e4952', '', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('a553c0e0-bad9-4de6-b514-3367b7465723', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'nothing', 'nothing', '', 0, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:31.022', '2026-11-29 17:09:31.022', '', '7f7ffb5c-b119-4ac1-b8d2-cdf454bf285c', '/embeddings', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('339993d5-6d2d-4c82-a8f8-3dda1ab8698e', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'nothing', 'nothing', '', 0, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:31.022', '2026-11-29 17:09:31.022', '', '892786e0-ca00-446d-b13d-00bc960afe17', '/responses', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('efa07ddd-f9de-424d-be22-895b4d740c42', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/paid', 'paid', 'openai', 80, 40, 0, 0, 0.00048, 8, 8, 0, '2026-11-29 17:09:22.168', '2026-11-29 17:10:52.048', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 209, 8);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('f9430945-2531-4024-b54e-4a6b0b937f08', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'ollama_chat/llama3.2:3b', 'ollama', 'ollama_chat', 30, 15, 0, 0, 0, 3, 3, 0, '2026-11-29 17:09:22.168', '2026-11-29 17:09:31.022', '', '9156d94a-a9df-46f2-b4e3-dd0690b5c29f', '/chat/completions', 0, 0, 0, 0, 0, 422, 3);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('3d0d77c2-34b5-4163-b724-543f2b6bf9c8', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/embed', 'embed', 'openai', 70, 0, 0, 0, 7e-05, 8, 7, 1, '2026-11-29 17:09:31.022', '2026-11-29 17:09:31.022', '', 'd40e9f98-76b7-442f-a440-69bc13dba717', '/embeddings', 0, 0, 0, 0, 0, 35, 7);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('3a002fe3-0f97-46da-9a0e-dd20bce07d5e', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', 20, 10, 0, 0, 0, 2, 2, 0, '2026-11-29 17:09:31.022', '2026-11-29 17:09:31.022', '', 'resp_bGl0ZWxsbTpjdXN0b21fbGxtX3Byb3ZpZGVyOm9wZW5haTttb2RlbF9pZDpsb2NhbC0xO3Jlc3BvbnNlX2lkOnJlc3BfdXBzdHJlYW1fNQ==', '', 0, 0, 0, 0, 0, 120, 2);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('15a8842c-7fe6-4b07-87a3-6c1de3c09c0b', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', 0, 0, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:31.022', '2026-11-29 17:09:31.022', '', '9fe7730d-2a5e-49cc-9a94-247628ef7e46', '/audio/speech', 0, 0, 0, 0, 0, 14, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('4367692a-04ee-4299-a662-c4b2e83e537b', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:31.022', '2026-11-29 17:09:31.022', '', '54ff27c0-0b8e-4f9c-aecb-3fe5b6834af0', '/image/generations', 0, 0, 0, 0, 0, 12, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('13848054-f795-43dc-b906-e1814a077a92', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', 0, 0, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:31.022', '2026-11-29 17:09:31.022', '', 'modr-1', '/moderations', 0, 0, 0, 0, 0, 10, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('9c87158c-f3ad-4284-90ff-fa838079eb9d', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', 30, 15, 0, 0, 0, 3, 3, 0, '2026-11-29 17:09:31.022', '2026-11-29 17:09:31.022', '', 'resp_Gh9YPPIQiCqXQ1ZtF4hYdPJfINFHkYLDupkYiAwvBpVB8Z4oi3T8aypfQqKWkIj0Mw37uWTwS4mGFW2bYn0E1tLPJpFJuVXvnCJIEH7k6g6C-Ee96EVReQgvAsPg9LetP_qpYBUDIGwWxh492u1kFafBvIOYsMs5v4tIRoxWZj-hvfJv1Yfc-GH7H6ETnW3EQ0SUAxu7SvXRN-wXURmgAnS6_9vi5ryC1DQcfLPod-mln9EUZwcSP_7Y2SJnUmmsiuB6dxCuG7PYqgQF9V8RBDPYug==', '/responses', 0, 0, 0, 0, 0, 386, 3);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('9a150e52-4995-4b75-bd16-c18866314f0d', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'text-completion-openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:31.022', '2026-11-29 17:09:31.022', '', 'chatcmpl-test', '/completions', 0, 0, 0, 0, 0, 6, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('f69817e5-bab2-40d3-b099-f13d4cef15e6', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/mocked', 'mocked', 'openai', 18, 25, 0, 0, 0, 2, 2, 0, '2026-11-29 17:09:22.168', '2026-11-29 17:09:31.022', '', 'chatcmpl-2a79deb6-7053-4551-9b7e-4bfd3d8939fb', '/chat/completions', 0, 0, 0, 0, 0, 254, 2);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('cace24fd-0cda-4c77-ad90-f8c1a0d05d2b', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/paid', 'paid', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:31.022', '2026-11-29 17:09:31.022', '', 'resp_bGl0ZWxsbTpjdXN0b21fbGxtX3Byb3ZpZGVyOm9wZW5haTttb2RlbF9pZDpwYWlkLTE7cmVzcG9uc2VfaWQ6cmVzcF91cHN0cmVhbV83', '', 0, 0, 0, 0, 0, 6, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('3bd126e0-2834-49c4-ac55-320ff0003b8c', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/paid', 'paid', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:31.022', '2026-11-29 17:09:31.022', '', 'resp_XgYtwo9sPT0zhfYCFsTt5svKllD44hudrynN2skpbUeGuDSOudF2yzp9fzfJDkYqmmc3aAYbN3CaczJH4N2dv-rYY3iZjBx5RivuiFel4MiXjLmg8IfND-nybn8vNhY-YzwANeu939mgkFkBLrhy3AdbdyAzIrZGgxQWIITptNts1pu8OBALrgtH3szJ_LARLV52LCq-r_BkxmV9yndbfGBTi-3D6gn68VWO6_LvCwiSdXfja17MSgkmSBzeN35IW57X4fqRA_tz0X9aEghD', '/responses', 0, 0, 0, 0, 0, 10, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('393ef4a8-58ac-4100-9f0f-e23d7c605937', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/paid', 'paid', 'text-completion-openai', 10, 5, 0, 0, 6e-05, 1, 1, 0, '2026-11-29 17:09:31.022', '2026-11-29 17:09:31.022', '', 'chatcmpl-test', '/completions', 0, 0, 0, 0, 0, 36, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('509be41d-6e09-4f2b-a1b1-5080f5412e80', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/tools', 'tools', 'openai', 20, 10, 0, 0, 0, 2, 2, 0, '2026-11-29 17:09:22.168', '2026-11-29 17:09:31.022', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 251, 2);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('64da0904-502b-4a29-9ce9-33e1fab0ac97', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'text-completion-openai/text', 'text', 'text-completion-openai', 50, 25, 0, 0, 0, 6, 6, 0, '2026-11-29 17:09:31.022', '2026-11-29 17:09:31.022', '', 'chatcmpl-test', '/completions', 0, 0, 0, 0, 0, 390, 6);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('b95b44ff-152c-4c1d-bc30-422b66d4591c', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/cut', 'cut', 'openai', 16, 3, 0, 0, 0, 2, 0, 2, '2026-11-29 17:09:31.022', '2026-11-29 17:09:40.019', '', '42b1f2f4-c93f-4f25-b72c-48713da3168c', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('1f80c0a4-3ac4-4eb7-a809-a3e849aa43aa', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/fails-500', 'falls', 'openai', 32, 0, 0, 0, 0, 4, 0, 4, '2026-11-29 17:09:22.168', '2026-11-29 17:09:40.019', '', '342b45bf-a954-43e9-b015-5f58c78bd377', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('e0c9ab52-9279-480a-83d5-e2257e6bb98f', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', '', '', '', 0, 0, 0, 0, 0, 2, 0, 2, '2026-11-29 17:09:40.019', '2026-11-29 17:09:40.019', '', 'f8aa9449-7c90-4381-aac6-b8779ed8dbd8', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('8d78650f-ea6b-4843-8433-223c0969faaf', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'hosted_vllm/slow', 'open/slow', 'hosted_vllm', 8, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:40.019', '2026-11-29 17:09:40.019', '', '7496eeea-e5c5-4fee-a477-6a247ad6e115', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('73d80a41-3174-46e8-9ecc-4878929a4416', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'nothing', 'nothing', '', 0, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:40.019', '2026-11-29 17:09:40.019', '', 'd04b9a1e-c3b2-4e7b-8795-5a68b0aba143', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('b53f0127-ce07-4837-9de9-4b48393a88c5', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/dead', 'dead', 'openai', 8, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:40.019', '2026-11-29 17:09:40.019', '', '27050d70-47fa-4257-bb51-b60aae076969', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('cecc923f-e4ce-4d38-bfcc-56ddbbe98d01', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/fails-400', 'fails-400', 'openai', 8, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:40.019', '2026-11-29 17:09:40.019', '', '36e51138-e98c-4664-95d8-fd7ea0328365', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('eb56a0d6-6765-4012-baf8-13e012791bde', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/fails-401', 'fails-401', 'openai', 8, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:40.019', '2026-11-29 17:09:40.019', '', '456557fe-7993-445d-85de-a237234c76a6', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('c42948d4-6056-4a1d-b799-6d4c8a6f0437', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/fails-404', 'fails-404', 'openai', 8, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:40.019', '2026-11-29 17:09:40.019', '', 'b14808bb-4396-4104-894a-b1bf1dbd432e', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('1a77a46b-1054-4453-86e0-4d4d0c3f089a', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/fails-429', 'fails-429', 'openai', 8, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:40.019', '2026-11-29 17:09:40.019', '', 'ce78c01e-3e2c-435a-b3ab-ed47ed95a2f0', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('83409cfd-df3c-4290-b8e7-4f8d937e989c', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/fails-503', 'fails-503', 'openai', 8, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:40.019', '2026-11-29 17:09:40.019', '', '39b37f13-7cc2-4ce0-896a-8aa8d3364eeb', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('75b90cbb-c466-4514-845f-f28b0747dc19', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/garbage', 'garbage', 'openai', 8, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:40.019', '2026-11-29 17:09:40.019', '', '2f8910b6-c60a-4075-a184-d2f544b8b3a8', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('4320e66f-7857-4193-8eae-81fc236d0496', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/too-long', 'too-long', 'openai', 8, 0, 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:40.019', '2026-11-29 17:09:40.019', '', '95259d14-dfd1-46f7-a79f-7dab067e7ad1', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('efb2ae9d-5190-47d4-92fd-d0b6f964de2e', 'User-Agent: beside', '2026-11-29', '93d6e6880324a5a9cf0deb4a86cd3497d5abeaf72ee9f85fb578844c5802eb3f', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:40.019', '2026-11-29 17:09:40.019', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 34, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('35aa66b0-53cb-43fd-a750-d03e345a4ec2', 'User-Agent: beside', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', 340, 170, 0, 0, 0, 36, 34, 2, '2026-11-29 17:09:22.168', '2026-11-29 17:10:34.088', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 1039, 34);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('fd4d2fa7-2d2a-4bf3-8c0b-7bd2415cb703', 'User-Agent: beside', '2026-11-29', '68ccfafea778f4ac870515dbeefcca0dd5343f663184b9486eb9c0ff5c0a8713', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:49.02', '2026-11-29 17:09:49.02', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 28, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('b7fb9abe-2df6-414a-ae5a-2f62c9cf3de1', 'User-Agent: beside', '2026-11-29', 'ef9d376b3a636df6d24b5825ab6b9e760e9d2a6dcf2905627bb1e48f88eace2a', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:49.02', '2026-11-29 17:09:49.02', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 59, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('b1813a82-d055-4c4b-a1f4-5cc13ca027f7', 'User-Agent: beside', '2026-11-29', 'bb21169afc89ee41926c18e1582c76153c2115817d8ac91a032d5713b048c5dd', 'openai/paid', 'paid', 'openai', 10, 5, 0, 0, 6e-05, 1, 1, 0, '2026-11-29 17:09:58.02', '2026-11-29 17:09:58.02', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 11, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('7edb209e-60ae-4c9d-b5b3-f7803c63ff30', 'User-Agent: beside', '2026-11-29', '53f40353bef6c5b2cffad40351dfe2d055c952d9bb4f2815109b56114e159c42', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:10:07.079', '2026-11-29 17:10:07.079', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 41, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('0854ade1-1b52-459a-9f10-91be8c59c7af', 'User-Agent: beside', '2026-11-29', '53f40353bef6c5b2cffad40351dfe2d055c952d9bb4f2815109b56114e159c42', 'openai/paid', 'paid', 'openai', 10, 5, 0, 0, 6e-05, 1, 1, 0, '2026-11-29 17:10:07.079', '2026-11-29 17:10:07.079', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 21, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('0a468326-daf6-47d0-8b9e-249001e48de2', 'User-Agent: beside', '2026-11-29', '7cc0b044ba60ce4a37deb744a5fddfa07b8644c6fabe8692eff2bf4d902ed5d6', 'openai/paid', 'paid', 'openai', 10, 5, 0, 0, 6e-05, 1, 1, 0, '2026-11-29 17:10:07.079', '2026-11-29 17:10:07.079', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 16, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('1d7c0193-5203-4346-b5c4-5baf01b4c824', 'gold', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/paid', 'paid', 'openai', 10, 5, 0, 0, 6e-05, 1, 1, 0, '2026-11-29 17:10:34.088', '2026-11-29 17:10:34.088', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 9, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('71b2b9f4-bc63-4553-9dd9-431c06da8688', 'User-Agent: beside', '2026-11-29', '4a2f8e8935925d09f7785959a62ec98684cca88b35960082241db9ad59fae439', 'openai/paid', 'paid', 'openai', 10, 5, 0, 0, 6e-05, 1, 1, 0, '2026-11-29 17:10:43.007', '2026-11-29 17:10:43.007', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 33, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('95b9f180-ef8f-43d2-b62a-c16fa9f5214a', 'User-Agent: beside', '2026-11-29', 'a70ef875fe5e3f224c7c55012acd0019c652593a1a11913e6d155b44466423e1', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 2, 1, 1, '2026-11-29 17:10:43.007', '2026-11-29 17:10:43.007', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 8, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('5db7b946-4956-448e-b0ea-5f8c7059fccc', 'litellm-internal-health-check', '2026-11-29', 'litellm-internal-health-check', 'local', '', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:10:43.007', '2026-11-29 17:10:43.007', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 44, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('b106c286-9d50-4d30-850c-f621950493c5', 'User-Agent: beside', '2026-11-29', '1b72538f89bbed6d2f57498881838b73b29976a54b0169c511816865b31cb4e3', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:10:52.048', '2026-11-29 17:10:52.048', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 34, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('9ae68f47-0fe6-4710-ac33-fb74702b090b', 'User-Agent: beside', '2026-11-29', '1b72538f89bbed6d2f57498881838b73b29976a54b0169c511816865b31cb4e3', 'openai/paid', 'paid', 'openai', 10, 5, 0, 0, 6e-05, 1, 1, 0, '2026-11-29 17:10:52.048', '2026-11-29 17:10:52.048', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 13, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('fade9abf-2809-457a-9207-9dab62bbd58a', 'User-Agent: beside', '2026-11-29', '4a2f8e8935925d09f7785959a62ec98684cca88b35960082241db9ad59fae439', 'openai/local', 'local', 'openai', 10, 5, 0, 0, 0, 1, 1, 0, '2026-11-29 17:10:52.048', '2026-11-29 17:10:52.048', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 12, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('5c58016f-cefb-4c20-b7b3-0015b86de260', 'poor-tag', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/paid', 'paid', 'openai', 10, 5, 0, 0, 6e-05, 1, 1, 0, '2026-11-29 17:10:52.048', '2026-11-29 17:10:52.048', '', 'chatcmpl-test', '/chat/completions', 0, 0, 0, 0, 0, 19, 1);
INSERT INTO public."LiteLLM_DailyTagSpend" VALUES ('209e673a-7cc3-42c7-aeac-3f11558f98f2', 'User-Agent: beside', '2026-11-29', '855e4fdbfd43cacef7f78d7e24b817c098bdd224926c02165653401eb0e1275e', 'openai/local', 'local', 'openai', 0, 0, 0, 0, 0, 2, 0, 2, '2026-11-29 17:11:01.023', '2026-11-29 17:11:01.023', '', '814dd987-828b-4546-b1b4-85b66cea9df9', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);

INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('eef18e40-fc4f-4641-bb80-dd150ba998a4', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'hosted_vllm/thing', 'open/thing', 'hosted_vllm', 10, 5, 0, 1, 1, 0, '2026-11-29 17:09:18.445', '2026-11-29 17:09:18.445', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 3, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('c2940c10-79c4-46bb-bec5-bfeec3c05515', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/pool-b', 'pool', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:09:18.445', '2026-11-29 17:09:18.445', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 11, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('27a53331-234c-47b0-93c3-4ef016e3512a', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/unpriced', 'unpriced', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:09:18.445', '2026-11-29 17:09:18.445', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 9, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('6e5de98a-7f6f-4db1-8d15-8223df8d0de4', '', '2026-11-29', 'litellm_proxy_master_key', 'openai/local', 'local', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:09:18.445', '2026-11-29 17:09:18.445', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 22, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('00bccec7-c0e9-4848-9306-bf26141dabf2', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'hosted_vllm/Qwen/Qwen3', 'vllm', 'hosted_vllm', 20, 10, 0, 2, 2, 0, '2026-11-29 17:09:18.445', '2026-11-29 17:09:23.304', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 201, 2);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('af8b7277-a8ba-4089-91ff-0fca90ab10c6', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'ollama_chat/llama3.2:3b', 'ollama', 'ollama_chat', 30, 15, 0, 3, 3, 0, '2026-11-29 17:09:18.445', '2026-11-29 17:09:23.304', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 422, 3);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('990252da-bbde-499c-80db-2ec570470107', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/mocked', 'mocked', 'openai', 18, 25, 0, 2, 2, 0, '2026-11-29 17:09:18.445', '2026-11-29 17:09:23.304', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 254, 2);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('a46136f8-2025-4fef-8ef6-1e2bab4a6a7e', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', 340, 170, 0, 36, 34, 2, '2026-11-29 17:09:18.445', '2026-11-29 17:10:26.142', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 1039, 34);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('9c9a750b-7c54-4aea-8fbf-e60687ef3f7b', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/tools', 'tools', 'openai', 20, 10, 0, 2, 2, 0, '2026-11-29 17:09:18.445', '2026-11-29 17:09:23.304', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 251, 2);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('f5c96b3e-4b7a-4977-b24f-2ab482e52a08', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'hosted_vllm/Qwen/Qwen3', 'vllm', 'hosted_vllm', 10, 5, 0, 1, 1, 0, '2026-11-29 17:09:26.51', '2026-11-29 17:09:26.51', 0, 0, '', '/completions', 0, 0, 0, 0, 0, 0, 25, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('a1329dbb-da3d-4617-b00a-53c7e943409c', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'hosted_vllm/Qwen/Qwen3', 'vllm', 'hosted_vllm', 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:26.51', '2026-11-29 17:09:26.51', 0, 0, '', '/rerank', 0, 0, 0, 0, 0, 0, 10, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('e9fa442f-2f9f-41e6-af42-6dda39c25849', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'nothing', 'nothing', '', 0, 0, 0, 2, 0, 2, '2026-11-29 17:09:26.51', '2026-11-29 17:09:26.51', 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('d745a51a-8b75-4912-997e-064213fea890', '', '2026-11-29', '', '', '', '', 0, 0, 0, 4, 0, 4, '2026-11-29 17:09:18.445', '2026-11-29 17:09:30.144', 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('9b2e09f1-35e1-431b-879c-815d53900c71', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/fails-500', 'falls', 'openai', 32, 0, 0, 4, 0, 4, '2026-11-29 17:09:18.445', '2026-11-29 17:09:34.281', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('e71801fd-d584-45fd-b012-ae0e2d32290d', '', '2026-11-29', '93d6e6880324a5a9cf0deb4a86cd3497d5abeaf72ee9f85fb578844c5802eb3f', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, 2, 1, 1, '2026-11-29 17:09:14.307', '2026-11-29 17:09:34.281', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 236, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('8ff59a38-12fb-4a22-a567-5cb7b0c41360', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/paid', 'paid', 'openai', 80, 40, 0.00048, 10, 8, 2, '2026-11-29 17:09:18.445', '2026-11-29 17:10:58.062', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 209, 8);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('35942906-f53f-40b3-9f88-3065a30b4f55', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'nothing', 'nothing', '', 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:26.51', '2026-11-29 17:09:26.51', 0, 0, '', '/embeddings', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('8c368197-4898-467a-9977-bd7e43abfb1b', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'nothing', 'nothing', '', 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:26.51', '2026-11-29 17:09:26.51', 0, 0, '', '/responses', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('6cf5c93a-327b-4993-8b6b-f1ff4572e8fd', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/embed', 'embed', 'openai', 70, 0, 7e-05, 8, 7, 1, '2026-11-29 17:09:26.51', '2026-11-29 17:09:26.51', 0, 0, '', '/embeddings', 0, 0, 0, 0, 0, 0, 35, 7);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('90f2422c-9b37-47f2-a77a-f4dbf2c3336a', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', 20, 10, 0, 2, 2, 0, '2026-11-29 17:09:26.51', '2026-11-29 17:09:26.51', 0, 0, '', '', 0, 0, 0, 0, 0, 0, 120, 2);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('15b2eff0-1efd-4100-936d-9089ed388b46', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:26.51', '2026-11-29 17:09:26.51', 0, 0, '', '/audio/speech', 0, 0, 0, 0, 0, 0, 14, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('48244888-12fc-4ea2-9b21-684c1cb97e9c', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:09:26.51', '2026-11-29 17:09:26.51', 0, 0, '', '/image/generations', 0, 0, 0, 0, 0, 0, 12, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('a4426308-8c7a-4d98-b1c5-c21e75adf782', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', 0, 0, 0, 1, 1, 0, '2026-11-29 17:09:26.51', '2026-11-29 17:09:26.51', 0, 0, '', '/moderations', 0, 0, 0, 0, 0, 0, 10, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('bdad38e3-89f7-4033-aa46-bd09f7735911', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', 30, 15, 0, 3, 3, 0, '2026-11-29 17:09:26.51', '2026-11-29 17:09:26.51', 0, 0, '', '/responses', 0, 0, 0, 0, 0, 0, 386, 3);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('4c4cfa1d-ec2e-4cce-92e6-16c0d2b0a38d', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'text-completion-openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:09:26.51', '2026-11-29 17:09:26.51', 0, 0, '', '/completions', 0, 0, 0, 0, 0, 0, 6, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('3983fc96-25e7-45c1-848b-0977287451c9', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/paid', 'paid', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:09:26.51', '2026-11-29 17:09:26.51', 0, 0, '', '', 0, 0, 0, 0, 0, 0, 6, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('8e83a899-bed8-4e5e-964d-c16ecf7a1ddc', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/paid', 'paid', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:09:26.51', '2026-11-29 17:09:26.51', 0, 0, '', '/responses', 0, 0, 0, 0, 0, 0, 10, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('ac28f960-6419-420d-baf4-833d2a6c6c43', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/paid', 'paid', 'text-completion-openai', 10, 5, 6e-05, 1, 1, 0, '2026-11-29 17:09:26.51', '2026-11-29 17:09:26.51', 0, 0, '', '/completions', 0, 0, 0, 0, 0, 0, 36, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('8ce7a45e-56f2-4566-a953-307188252261', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'text-completion-openai/text', 'text', 'text-completion-openai', 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:26.51', '2026-11-29 17:09:26.51', 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('7128e9c0-abb9-466d-8861-d524e72e9f67', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'text-completion-openai/text', 'text', 'text-completion-openai', 50, 25, 0, 6, 6, 0, '2026-11-29 17:09:26.51', '2026-11-29 17:09:26.51', 0, 0, '', '/completions', 0, 0, 0, 0, 0, 0, 390, 6);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('d9ddec89-7af3-4cb1-9e4d-062f7f97ce54', '', '2026-11-29', '', 'openai/local', 'local', 'openai', 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:30.144', '2026-11-29 17:09:30.144', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('ab4acd83-8746-4d7d-8bea-12ad6876fffc', '', '2026-11-29', '0e9d220616f08345a714ee57d8516310770588484b5239844635f952965e34a6', '', '', '', 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:30.144', '2026-11-29 17:09:30.144', 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('0d9a1679-6e84-46bf-9a0e-de72f8c656d2', '', '2026-11-29', '2ab06cfadcdcc1bb1a1ff9edefb028084a837b3ed7b95f97e602b960ee127471', 'openai/local', 'local', 'openai', 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:30.144', '2026-11-29 17:09:30.144', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('fcf7b19c-aabf-45eb-b64f-cac07c3e2750', '', '2026-11-29', '423e02a0cb8487ec5f84d0ff4e85248aaf0ebc70154ae55e84f06c4847b36786', 'openai/local', 'local', 'openai', 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:30.144', '2026-11-29 17:09:30.144', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('eee4ab07-d299-45a8-a45f-d9f81df46d8c', '', '2026-11-29', '999aaa8645bb72ff599e143b1e3d2a94777127f4783a69f067251f7bbebc5ab6', 'openai/local', 'local', 'openai', 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:30.144', '2026-11-29 17:09:30.144', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('653f48bf-057b-4bea-9c2b-8b571908b2e4', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', '', '', '', 0, 0, 0, 3, 0, 3, '2026-11-29 17:09:34.281', '2026-11-29 17:09:34.281', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('d67657c2-f762-489d-8858-d70bf085f5f9', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'nothing', 'nothing', '', 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:34.281', '2026-11-29 17:09:34.281', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('0c16d4de-a07e-4ecf-a93a-2156686491e6', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/cut', 'cut', 'openai', 16, 3, 0, 2, 0, 2, '2026-11-29 17:09:26.51', '2026-11-29 17:09:34.281', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('9d879205-818f-4019-9fae-020d90d6d536', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/dead', 'dead', 'openai', 8, 0, 0, 1, 0, 1, '2026-11-29 17:09:34.281', '2026-11-29 17:09:34.281', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('a6c1d462-32d2-47ab-9399-bba89565350e', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/fails-400', 'fails-400', 'openai', 8, 0, 0, 1, 0, 1, '2026-11-29 17:09:34.281', '2026-11-29 17:09:34.281', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('254a0f1e-91fd-454e-a11f-876f2df3c7c4', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/fails-401', 'fails-401', 'openai', 8, 0, 0, 1, 0, 1, '2026-11-29 17:09:34.281', '2026-11-29 17:09:34.281', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('0f3402d0-8f89-4d88-9435-1b41a5f59734', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/fails-404', 'fails-404', 'openai', 8, 0, 0, 1, 0, 1, '2026-11-29 17:09:34.281', '2026-11-29 17:09:34.281', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('87da1ff2-0507-4478-96bb-d022cf118f93', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/fails-429', 'fails-429', 'openai', 8, 0, 0, 1, 0, 1, '2026-11-29 17:09:34.281', '2026-11-29 17:09:34.281', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('ad2b72ab-cec1-489d-8b08-ff931518eb22', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/fails-503', 'fails-503', 'openai', 8, 0, 0, 1, 0, 1, '2026-11-29 17:09:34.281', '2026-11-29 17:09:34.281', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('f73f0160-ebfa-4ead-8ccb-96b85fcd03f7', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/garbage', 'garbage', 'openai', 8, 0, 0, 1, 0, 1, '2026-11-29 17:09:34.281', '2026-11-29 17:09:34.281', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('1c88c7e1-e4f5-4cf1-9172-42810d0ff3a9', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/too-long', 'too-long', 'openai', 8, 0, 0, 1, 0, 1, '2026-11-29 17:09:34.281', '2026-11-29 17:09:34.281', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('b66e4735-907d-4bea-9de9-0ce9865d530d', '', '2026-11-29', '93d6e6880324a5a9cf0deb4a86cd3497d5abeaf72ee9f85fb578844c5802eb3f', 'openai/local', 'local', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:09:34.281', '2026-11-29 17:09:34.281', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 34, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('1566e3c8-c6f1-45c9-9cca-0991e3affaec', '', '2026-11-29', 'f9d5fa2c1628191a0e77bec9c8087bc1e5d93b0b6e6e52fa5dec0e275605c735', 'openai/paid', 'paid', 'openai', 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:34.281', '2026-11-29 17:09:34.281', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('1acea5e1-270d-40ab-8a06-15258df5e55a', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'hosted_vllm/slow', 'open/slow', 'hosted_vllm', 8, 0, 0, 1, 0, 1, '2026-11-29 17:09:39.276', '2026-11-29 17:09:39.276', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('85a240ce-ef68-47f4-be5c-72dcba036c94', '', '2026-11-29', '429d185c5c28858ebdce66bd81dc739678ecce84490a808b2912b6044eac4a82', 'openai/local', 'local', 'openai', 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:42.41', '2026-11-29 17:09:42.41', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('873db7ab-d084-4cfa-8436-11237b82cfa6', '', '2026-11-29', '68ccfafea778f4ac870515dbeefcca0dd5343f663184b9486eb9c0ff5c0a8713', 'openai/local', 'local', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:09:46.498', '2026-11-29 17:09:46.498', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 28, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('267ae6de-333d-4c4a-884f-de4496d19314', '', '2026-11-29', 'ef9d376b3a636df6d24b5825ab6b9e760e9d2a6dcf2905627bb1e48f88eace2a', 'openai/local', 'local', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:09:46.498', '2026-11-29 17:09:46.498', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 59, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('e9385f68-3ec2-4e2b-b170-9edaa3501229', '', '2026-11-29', 'ef9d376b3a636df6d24b5825ab6b9e760e9d2a6dcf2905627bb1e48f88eace2a', 'openai/paid', 'paid', 'openai', 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:46.498', '2026-11-29 17:09:46.498', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('1aee57bd-b4e2-47a2-8781-c25ed2bb07b9', '', '2026-11-29', 'bb21169afc89ee41926c18e1582c76153c2115817d8ac91a032d5713b048c5dd', '', '', '', 0, 0, 0, 1, 0, 1, '2026-11-29 17:09:50.146', '2026-11-29 17:09:50.146', 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('e3653181-e2fa-4f8a-86d3-94485ecc78ef', '', '2026-11-29', 'bb21169afc89ee41926c18e1582c76153c2115817d8ac91a032d5713b048c5dd', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, 1, 1, 0, '2026-11-29 17:09:50.146', '2026-11-29 17:09:50.146', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 11, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('f1820e39-0178-4ae0-ac87-5f8df6807187', 'red', '2026-11-29', '53f40353bef6c5b2cffad40351dfe2d055c952d9bb4f2815109b56114e159c42', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, 1, 1, 0, '2026-11-29 17:10:06.352', '2026-11-29 17:10:06.352', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 21, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('f1276d68-255d-45a0-8fda-efe663cffda4', 'red', '2026-11-29', '53f40353bef6c5b2cffad40351dfe2d055c952d9bb4f2815109b56114e159c42', 'openai/unpriced', 'unpriced', 'openai', 0, 0, 0, 1, 0, 1, '2026-11-29 17:10:06.352', '2026-11-29 17:10:06.352', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('7c5210fe-8b6f-4760-ba81-ecadbbf9f0ea', 'red', '2026-11-29', '7cc0b044ba60ce4a37deb744a5fddfa07b8644c6fabe8692eff2bf4d902ed5d6', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, 1, 1, 0, '2026-11-29 17:10:06.352', '2026-11-29 17:10:06.352', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 16, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('78fc5fc3-e271-4f5a-bd1c-e33f79747fc9', 'red', '2026-11-29', '53f40353bef6c5b2cffad40351dfe2d055c952d9bb4f2815109b56114e159c42', 'openai/local', 'local', 'openai', 10, 5, 0, 2, 1, 1, '2026-11-29 17:10:06.352', '2026-11-29 17:10:10.398', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 41, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('ee11fea7-347c-432b-957a-81409d28eabb', 'litellm-internal-health-check', '2026-11-29', 'litellm-internal-health-check', 'local', '', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:10:42.319', '2026-11-29 17:10:42.319', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 44, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('91af39af-13ce-4469-9558-798683f16b0a', '', '2026-11-29', 'a70ef875fe5e3f224c7c55012acd0019c652593a1a11913e6d155b44466423e1', 'openai/local', 'local', 'openai', 10, 5, 0, 2, 1, 1, '2026-11-29 17:10:46.138', '2026-11-29 17:10:46.138', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 8, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('8497ace0-b039-4bda-ad83-098c08fdf2e6', 'poor', '2026-11-29', '4a2f8e8935925d09f7785959a62ec98684cca88b35960082241db9ad59fae439', 'openai/local', 'local', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:10:50.143', '2026-11-29 17:10:50.143', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 12, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('aa36068c-c80b-478e-9f78-ef359be5f153', 'poor', '2026-11-29', '4a2f8e8935925d09f7785959a62ec98684cca88b35960082241db9ad59fae439', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, 2, 1, 1, '2026-11-29 17:10:46.138', '2026-11-29 17:10:50.143', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 33, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('b3884ff0-8b43-4888-bb03-381674dfdf0b', '', '2026-11-29', '1b72538f89bbed6d2f57498881838b73b29976a54b0169c511816865b31cb4e3', 'openai/local', 'local', 'openai', 10, 5, 0, 1, 1, 0, '2026-11-29 17:10:54.303', '2026-11-29 17:10:54.303', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 34, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('9eb4e71d-e173-4d79-9935-e30ce7e86ca1', '', '2026-11-29', '1b72538f89bbed6d2f57498881838b73b29976a54b0169c511816865b31cb4e3', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, 2, 1, 1, '2026-11-29 17:10:50.143', '2026-11-29 17:10:54.303', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 13, 1);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('d2e09fa1-fa45-4d09-982b-923fe17e7d8c', '', '2026-11-29', '18fbca73e6a3d7a53f27e68288aef1adc92e0c35f1c40bf5102e67b9587cdbae', '', '', '', 0, 0, 0, 1, 0, 1, '2026-11-29 17:11:02.219', '2026-11-29 17:11:02.219', 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('22dc0452-ffef-4bf8-b018-2790ff0b558f', '', '2026-11-29', '6907f49d658fc12aeff702c682bca1c92e270248bdd1d30bd5e17d4315744738', 'openai/local', 'local', 'openai', 0, 0, 0, 1, 0, 1, '2026-11-29 17:11:02.219', '2026-11-29 17:11:02.219', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyTeamSpend" VALUES ('04444185-dcfa-4121-bc66-2df90aa28ce5', '', '2026-11-29', '855e4fdbfd43cacef7f78d7e24b817c098bdd224926c02165653401eb0e1275e', 'openai/local', 'local', 'openai', 0, 0, 0, 2, 0, 2, '2026-11-29 17:11:02.219', '2026-11-29 17:11:02.219', 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0, 0);

INSERT INTO public."LiteLLM_DailyToolSpend" VALUES ('2026-11-29', 'get_weather', 0, 30, 2, '2026-11-29 17:09:18.994', '2026-11-29 17:09:24.244');

INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('95ea18fd-1b68-4b38-b0b4-7f666eb16594', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'hosted_vllm/thing', 'open/thing', 'hosted_vllm', 10, 5, 0, '2026-11-29 17:09:18.277', '2026-11-29 17:09:18.277', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 3, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('ebb15be4-0c34-42c7-8612-2ae03cfebbc9', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/pool-b', 'pool', 'openai', 10, 5, 0, '2026-11-29 17:09:18.277', '2026-11-29 17:09:18.277', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 11, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('d1dea0e4-b581-4781-ab1b-d3e2dfa58d87', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/unpriced', 'unpriced', 'openai', 10, 5, 0, '2026-11-29 17:09:18.277', '2026-11-29 17:09:18.277', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 9, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('e5043753-5a33-442c-9493-d7c85b2e79b0', 'default_user_id', '2026-11-29', 'litellm_proxy_master_key', 'openai/local', 'local', 'openai', 10, 5, 0, '2026-11-29 17:09:18.277', '2026-11-29 17:09:18.277', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 22, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('78fba5dc-2dfb-4350-810c-f4b955f4b479', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'hosted_vllm/Qwen/Qwen3', 'vllm', 'hosted_vllm', 20, 10, 0, '2026-11-29 17:09:18.277', '2026-11-29 17:09:22.891', 2, 0, 2, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 201, 2);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('054a9c3e-b902-49a0-83b0-34cf3a11447e', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'ollama_chat/llama3.2:3b', 'ollama', 'ollama_chat', 30, 15, 0, '2026-11-29 17:09:18.277', '2026-11-29 17:09:22.891', 3, 0, 3, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 422, 3);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('85f5fe1c-b187-461f-ac54-5f3fedb1aaf0', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/fails-500', 'falls', 'openai', 32, 0, 0, '2026-11-29 17:09:18.277', '2026-11-29 17:09:34.244', 4, 4, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('8cee0b41-6901-40a3-bd14-4e918e4543ca', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/paid', 'paid', 'openai', 80, 40, 0.00048, '2026-11-29 17:09:18.277', '2026-11-29 17:10:58.037', 10, 2, 8, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 209, 8);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('e0f4df2c-1a40-42f4-8847-e752cf47278b', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/tools', 'tools', 'openai', 20, 10, 0, '2026-11-29 17:09:18.277', '2026-11-29 17:09:22.891', 2, 0, 2, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 251, 2);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('b6a1746a-4ee2-450c-b842-e6997dbdaab4', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'hosted_vllm/Qwen/Qwen3', 'vllm', 'hosted_vllm', 10, 5, 0, '2026-11-29 17:09:26.248', '2026-11-29 17:09:26.248', 1, 0, 1, 0, 0, '', '/completions', 0, 0, 0, 0, 0, 25, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('36e72c9b-da9d-4d47-bc3e-f1c866bb4165', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'nothing', 'nothing', '', 0, 0, 0, '2026-11-29 17:09:26.248', '2026-11-29 17:09:26.248', 2, 2, 0, 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('454edb64-7e77-41e8-b1cb-9ec1a4302887', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'nothing', 'nothing', '', 0, 0, 0, '2026-11-29 17:09:26.248', '2026-11-29 17:09:26.248', 1, 1, 0, 0, 0, '', '/embeddings', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('538581cf-3d72-45f4-8e8a-8a628fa5614f', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'nothing', 'nothing', '', 0, 0, 0, '2026-11-29 17:09:26.248', '2026-11-29 17:09:26.248', 1, 1, 0, 0, 0, '', '/responses', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('2bc5b618-26a4-42d7-97a2-fff001c3bb17', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', 340, 170, 0, '2026-11-29 17:09:18.277', '2026-11-29 17:10:26.127', 36, 2, 34, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 1039, 34);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('fb1e9e98-ce85-4a35-908d-89ef3550bd7c', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/mocked', 'mocked', 'openai', 18, 25, 0, '2026-11-29 17:09:18.277', '2026-11-29 17:09:26.248', 2, 0, 2, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 254, 2);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('5b438916-0676-4a10-bc3e-26ac2d930d8c', '', '2026-11-29', '', '', '', '', 0, 0, 0, '2026-11-29 17:09:18.277', '2026-11-29 17:09:30.119', 4, 4, 0, 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('597d1508-21f1-40f8-a679-b1fd3d75970b', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/cut', 'cut', 'openai', 16, 3, 0, '2026-11-29 17:09:26.248', '2026-11-29 17:09:34.244', 2, 2, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('38b9c0c2-715d-4d67-8d41-1f3252ee555e', '', '2026-11-29', '93d6e6880324a5a9cf0deb4a86cd3497d5abeaf72ee9f85fb578844c5802eb3f', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, '2026-11-29 17:09:14.245', '2026-11-29 17:09:34.244', 2, 1, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 236, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('7e55582f-069e-4de6-9646-afa64a07ae49', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/embed', 'embed', 'openai', 70, 0, 7e-05, '2026-11-29 17:09:26.248', '2026-11-29 17:09:26.248', 8, 1, 7, 0, 0, '', '/embeddings', 0, 0, 0, 0, 0, 35, 7);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('78ed4baf-316b-47db-b048-2a590f310917', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', 20, 10, 0, '2026-11-29 17:09:26.248', '2026-11-29 17:09:26.248', 2, 0, 2, 0, 0, '', '', 0, 0, 0, 0, 0, 120, 2);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('5614a993-e197-48ef-b98e-40434f355560', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', 0, 0, 0, '2026-11-29 17:09:26.248', '2026-11-29 17:09:26.248', 1, 0, 1, 0, 0, '', '/moderations', 0, 0, 0, 0, 0, 10, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('81486342-220e-4a62-a554-b02d92c6ba70', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', 30, 15, 0, '2026-11-29 17:09:26.248', '2026-11-29 17:09:26.248', 3, 0, 3, 0, 0, '', '/responses', 0, 0, 0, 0, 0, 386, 3);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('1c78b283-2e23-469c-bf90-b7996764d1c4', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'text-completion-openai', 10, 5, 0, '2026-11-29 17:09:26.248', '2026-11-29 17:09:26.248', 1, 0, 1, 0, 0, '', '/completions', 0, 0, 0, 0, 0, 6, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('4e995edd-c987-4358-87e4-1a1b03daae51', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/paid', 'paid', 'openai', 10, 5, 0, '2026-11-29 17:09:26.248', '2026-11-29 17:09:26.248', 1, 0, 1, 0, 0, '', '', 0, 0, 0, 0, 0, 6, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('c700f01a-a0ab-4c15-8662-79e3931a68c4', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/paid', 'paid', 'openai', 10, 5, 0, '2026-11-29 17:09:26.248', '2026-11-29 17:09:26.248', 1, 0, 1, 0, 0, '', '/responses', 0, 0, 0, 0, 0, 10, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('e21c5960-d36b-4552-a376-7df513735c8f', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/paid', 'paid', 'text-completion-openai', 10, 5, 6e-05, '2026-11-29 17:09:26.248', '2026-11-29 17:09:26.248', 1, 0, 1, 0, 0, '', '/completions', 0, 0, 0, 0, 0, 36, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('758c9c6e-57e9-4bd5-8288-7b2a05f85b9b', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'text-completion-openai/text', 'text', 'text-completion-openai', 0, 0, 0, '2026-11-29 17:09:26.248', '2026-11-29 17:09:26.248', 1, 1, 0, 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('ea76a91e-604e-440b-85cb-30c9daa777bd', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'text-completion-openai/text', 'text', 'text-completion-openai', 50, 25, 0, '2026-11-29 17:09:26.248', '2026-11-29 17:09:26.248', 6, 0, 6, 0, 0, '', '/completions', 0, 0, 0, 0, 0, 390, 6);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('62406ab4-130f-4f34-87aa-97852cbb064b', '', '2026-11-29', '', 'openai/local', 'local', 'openai', 0, 0, 0, '2026-11-29 17:09:30.119', '2026-11-29 17:09:30.119', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('0c7d6970-f524-4eab-b5e0-2274fe48f09b', '', '2026-11-29', '0e9d220616f08345a714ee57d8516310770588484b5239844635f952965e34a6', '', '', '', 0, 0, 0, '2026-11-29 17:09:30.119', '2026-11-29 17:09:30.119', 1, 1, 0, 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('a0eb87ca-155e-46dd-b7e8-c2f29fda6ee4', '', '2026-11-29', '2ab06cfadcdcc1bb1a1ff9edefb028084a837b3ed7b95f97e602b960ee127471', 'openai/local', 'local', 'openai', 0, 0, 0, '2026-11-29 17:09:30.119', '2026-11-29 17:09:30.119', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('1079e596-4d54-45d9-8565-3db443b5ee64', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'hosted_vllm/Qwen/Qwen3', 'vllm', 'hosted_vllm', 0, 0, 0, '2026-11-29 17:09:30.119', '2026-11-29 17:09:30.119', 1, 0, 1, 0, 0, '', '/rerank', 0, 0, 0, 0, 0, 10, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('3d676ffd-7096-41fe-a313-97c9010f1a67', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', 0, 0, 0, '2026-11-29 17:09:30.119', '2026-11-29 17:09:30.119', 1, 0, 1, 0, 0, '', '/audio/speech', 0, 0, 0, 0, 0, 14, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('30cb3e32-7084-4f2f-83d1-5ddf43657d4c', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/local', 'local', 'openai', 10, 5, 0, '2026-11-29 17:09:30.119', '2026-11-29 17:09:30.119', 1, 0, 1, 0, 0, '', '/image/generations', 0, 0, 0, 0, 0, 12, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('33eac211-9c4f-4979-a2cf-f93596b9f0d2', '', '2026-11-29', '423e02a0cb8487ec5f84d0ff4e85248aaf0ebc70154ae55e84f06c4847b36786', 'openai/local', 'local', 'openai', 0, 0, 0, '2026-11-29 17:09:30.119', '2026-11-29 17:09:30.119', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('f5306ec5-6b7c-45d8-a9e4-94c28257ff40', '', '2026-11-29', '999aaa8645bb72ff599e143b1e3d2a94777127f4783a69f067251f7bbebc5ab6', 'openai/local', 'local', 'openai', 0, 0, 0, '2026-11-29 17:09:30.119', '2026-11-29 17:09:30.119', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('a8be857e-7e0b-439a-8061-f1270d51798a', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', '', '', '', 0, 0, 0, '2026-11-29 17:09:34.244', '2026-11-29 17:09:34.244', 3, 3, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('771e0885-60e4-4daa-9d46-79b54bc1cd2c', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'nothing', 'nothing', '', 0, 0, 0, '2026-11-29 17:09:34.244', '2026-11-29 17:09:34.244', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('3ba39320-3be5-4979-ae24-25cc69eb7e2d', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/dead', 'dead', 'openai', 8, 0, 0, '2026-11-29 17:09:34.244', '2026-11-29 17:09:34.244', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('7231f437-b5a2-4358-924e-a97f0cfd6f5e', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/fails-400', 'fails-400', 'openai', 8, 0, 0, '2026-11-29 17:09:34.244', '2026-11-29 17:09:34.244', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('d6e7748a-ba98-41f8-9b06-82bb4ed00de4', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/fails-401', 'fails-401', 'openai', 8, 0, 0, '2026-11-29 17:09:34.244', '2026-11-29 17:09:34.244', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('89b4044d-6a6d-46a3-ba46-68b7a72f0a01', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/fails-404', 'fails-404', 'openai', 8, 0, 0, '2026-11-29 17:09:34.244', '2026-11-29 17:09:34.244', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('168e4335-5e3f-41da-ae29-d05abc9ecc67', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/fails-429', 'fails-429', 'openai', 8, 0, 0, '2026-11-29 17:09:34.244', '2026-11-29 17:09:34.244', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('ec1fca30-2fbc-426f-87c4-975f5860e440', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/fails-503', 'fails-503', 'openai', 8, 0, 0, '2026-11-29 17:09:34.244', '2026-11-29 17:09:34.244', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('f49e6a81-9709-4689-891a-a290b3be9934', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/garbage', 'garbage', 'openai', 8, 0, 0, '2026-11-29 17:09:34.244', '2026-11-29 17:09:34.244', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('502b2def-9481-4a7c-ba8d-330e3c17014a', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'openai/too-long', 'too-long', 'openai', 8, 0, 0, '2026-11-29 17:09:34.244', '2026-11-29 17:09:34.244', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('9653ae24-f9c5-4e2c-92b6-5bb15e8ef9ae', '', '2026-11-29', '93d6e6880324a5a9cf0deb4a86cd3497d5abeaf72ee9f85fb578844c5802eb3f', 'openai/local', 'local', 'openai', 10, 5, 0, '2026-11-29 17:09:34.244', '2026-11-29 17:09:34.244', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 34, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('db2ba434-c9ed-4615-ae44-6d89946ddc30', '', '2026-11-29', 'f9d5fa2c1628191a0e77bec9c8087bc1e5d93b0b6e6e52fa5dec0e275605c735', 'openai/paid', 'paid', 'openai', 0, 0, 0, '2026-11-29 17:09:34.244', '2026-11-29 17:09:34.244', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('221a979a-ae97-476d-8dc6-6e3c0c84e739', '', '2026-11-29', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'hosted_vllm/slow', 'open/slow', 'hosted_vllm', 8, 0, 0, '2026-11-29 17:09:38.44', '2026-11-29 17:09:38.44', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('f0f1813f-1b6f-44fa-ae09-a11e8a103878', '', '2026-11-29', '429d185c5c28858ebdce66bd81dc739678ecce84490a808b2912b6044eac4a82', 'openai/local', 'local', 'openai', 0, 0, 0, '2026-11-29 17:09:42.212', '2026-11-29 17:09:42.212', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('425930a5-7cde-4aec-876b-7f7c9faa4813', '', '2026-11-29', '68ccfafea778f4ac870515dbeefcca0dd5343f663184b9486eb9c0ff5c0a8713', 'openai/local', 'local', 'openai', 10, 5, 0, '2026-11-29 17:09:46.249', '2026-11-29 17:09:46.249', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 28, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('351d40d2-b4d6-4fb4-a976-4f189496c9a0', '', '2026-11-29', 'ef9d376b3a636df6d24b5825ab6b9e760e9d2a6dcf2905627bb1e48f88eace2a', 'openai/local', 'local', 'openai', 10, 5, 0, '2026-11-29 17:09:46.249', '2026-11-29 17:09:46.249', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 59, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('c07e73a3-f66a-4f48-b2a1-395bba4dbbd5', '', '2026-11-29', 'ef9d376b3a636df6d24b5825ab6b9e760e9d2a6dcf2905627bb1e48f88eace2a', 'openai/paid', 'paid', 'openai', 0, 0, 0, '2026-11-29 17:09:46.249', '2026-11-29 17:09:46.249', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('42c01854-0044-4269-8e5b-98f775fadf0e', 'ann', '2026-11-29', 'bb21169afc89ee41926c18e1582c76153c2115817d8ac91a032d5713b048c5dd', '', '', '', 0, 0, 0, '2026-11-29 17:09:50.125', '2026-11-29 17:09:50.125', 1, 1, 0, 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('a4a3ed43-58c2-4228-b6cd-88beefd378a4', 'ann', '2026-11-29', 'bb21169afc89ee41926c18e1582c76153c2115817d8ac91a032d5713b048c5dd', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, '2026-11-29 17:09:50.125', '2026-11-29 17:09:50.125', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 11, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('a08bf9ae-457d-4d37-99f3-4fc18736cdbe', '', '2026-11-29', '53f40353bef6c5b2cffad40351dfe2d055c952d9bb4f2815109b56114e159c42', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, '2026-11-29 17:10:06.312', '2026-11-29 17:10:06.312', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 21, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('8b7d27ed-58ce-44fe-9d12-f399761bec14', '', '2026-11-29', '53f40353bef6c5b2cffad40351dfe2d055c952d9bb4f2815109b56114e159c42', 'openai/unpriced', 'unpriced', 'openai', 0, 0, 0, '2026-11-29 17:10:06.312', '2026-11-29 17:10:06.312', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('5fe0badd-a09e-4e7a-9447-5c7d82f4e98c', 'bob', '2026-11-29', '7cc0b044ba60ce4a37deb744a5fddfa07b8644c6fabe8692eff2bf4d902ed5d6', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, '2026-11-29 17:10:06.312', '2026-11-29 17:10:06.312', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 16, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('cb077e4d-5f29-40f6-b095-9353575da21b', '', '2026-11-29', '53f40353bef6c5b2cffad40351dfe2d055c952d9bb4f2815109b56114e159c42', 'openai/local', 'local', 'openai', 10, 5, 0, '2026-11-29 17:10:06.312', '2026-11-29 17:10:10.292', 2, 1, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 41, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('5ea0213b-c899-4a99-a92f-45d4a06f1d49', '', '2026-11-29', 'litellm-internal-health-check', 'local', '', 'openai', 10, 5, 0, '2026-11-29 17:10:42.296', '2026-11-29 17:10:42.296', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 44, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('3e7370f6-f446-46c0-b56a-faa52d3fabdd', '', '2026-11-29', 'a70ef875fe5e3f224c7c55012acd0019c652593a1a11913e6d155b44466423e1', 'openai/local', 'local', 'openai', 10, 5, 0, '2026-11-29 17:10:46.113', '2026-11-29 17:10:46.113', 2, 1, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 8, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('ec9d1036-72ab-417d-8366-afd4fbb5bc70', '', '2026-11-29', '4a2f8e8935925d09f7785959a62ec98684cca88b35960082241db9ad59fae439', 'openai/local', 'local', 'openai', 10, 5, 0, '2026-11-29 17:10:50.125', '2026-11-29 17:10:50.125', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 12, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('b24ddec6-c403-439a-9510-ad4253c04d48', '', '2026-11-29', '4a2f8e8935925d09f7785959a62ec98684cca88b35960082241db9ad59fae439', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, '2026-11-29 17:10:46.113', '2026-11-29 17:10:50.125', 2, 1, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 33, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('8c5c2cac-de7c-4378-907f-d17b67adfa8b', 'poor-user', '2026-11-29', '1b72538f89bbed6d2f57498881838b73b29976a54b0169c511816865b31cb4e3', 'openai/local', 'local', 'openai', 10, 5, 0, '2026-11-29 17:10:54.246', '2026-11-29 17:10:54.246', 1, 0, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 34, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('0b2e1a28-7086-435f-83f6-6be53828c670', 'poor-user', '2026-11-29', '1b72538f89bbed6d2f57498881838b73b29976a54b0169c511816865b31cb4e3', 'openai/paid', 'paid', 'openai', 10, 5, 6e-05, '2026-11-29 17:10:50.125', '2026-11-29 17:10:54.246', 2, 1, 1, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 13, 1);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('88e1df15-b771-48a9-b4b3-a02877d595e2', '', '2026-11-29', '18fbca73e6a3d7a53f27e68288aef1adc92e0c35f1c40bf5102e67b9587cdbae', '', '', '', 0, 0, 0, '2026-11-29 17:11:02.207', '2026-11-29 17:11:02.207', 1, 1, 0, 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('278ebfbd-5f38-4027-898b-caa5470c68e4', '', '2026-11-29', '6907f49d658fc12aeff702c682bca1c92e270248bdd1d30bd5e17d4315744738', 'openai/local', 'local', 'openai', 0, 0, 0, '2026-11-29 17:11:02.207', '2026-11-29 17:11:02.207', 1, 1, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);
INSERT INTO public."LiteLLM_DailyUserSpend" VALUES ('05c2ce85-17a6-478a-8b11-1e8acdf5aa92', '', '2026-11-29', '855e4fdbfd43cacef7f78d7e24b817c098bdd224926c02165653401eb0e1275e', 'openai/local', 'local', 'openai', 0, 0, 0, '2026-11-29 17:11:02.207', '2026-11-29 17:11:02.207', 2, 2, 0, 0, 0, '', '/chat/completions', 0, 0, 0, 0, 0, 0, 0);

INSERT INTO public."LiteLLM_DeletedTeamTable" VALUES ('286d73b8-2140-4068-aec6-93add64a1b19', '3b047d58-7972-4a75-aacf-5c5f5f2ba4cf', NULL, NULL, NULL, '{}', '{}', '[{"role": "admin", "user_id": "default_user_id", "user_email": null}]', '{}', NULL, 0, '{}', NULL, NULL, NULL, NULL, NULL, false, '{}', '{}', '{}', NULL, '2026-11-29 17:09:55.719', '2026-11-29 17:09:55.928', '2026-11-29 17:10:09.657', 'default_user_id', 'litellm_proxy_master_key', NULL, '{}', '{}', false, NULL, '{}', NULL);

INSERT INTO public."LiteLLM_DeletedVerificationToken" VALUES ('bf68b917-9370-4e12-96ec-103807355ac9', '18fbca73e6a3d7a53f27e68288aef1adc92e0c35f1c40bf5102e67b9587cdbae', 'sk-...qr4A', 'routes', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{/v1/models}', '{}', '{}', NULL, NULL, NULL, '2026-11-29 17:09:37.244', 'default_user_id', '2026-11-29 17:09:37.244', 'default_user_id', 0, false, NULL, NULL, NULL, '2026-11-29 17:11:00.123', 'default_user_id', 'litellm_proxy_master_key', NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_DeletedVerificationToken" VALUES ('1bcfa26e-1d59-4d7a-b219-bffb501daa9e', '84fae726f6ffb1e4dfb3dbee54c3040f57c29f2115234b611426aa55c03f4f9b', 'sk-...biyQ', 'llm-only', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{llm_api_routes}', '{}', '{}', NULL, NULL, NULL, '2026-11-29 17:09:36.979', 'default_user_id', '2026-11-29 17:09:36.979', 'default_user_id', 0, false, NULL, NULL, NULL, '2026-11-29 17:11:00.304', 'default_user_id', 'litellm_proxy_master_key', NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'llm_api', NULL, NULL, 0);
INSERT INTO public."LiteLLM_DeletedVerificationToken" VALUES ('63bbcd4c-1aff-46b4-86e0-9828710a88bd', '45cb4bb21a17b33893621f7029d4b53610176b18eea407a7e0afaafa85f594f2', 'sk-...e9Pg', 'ann-second', false, 0, NULL, '{}', '{}', '{}', 'ann', NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', '{}', NULL, NULL, NULL, '2026-11-29 17:09:49.355', 'ann', '2026-11-29 17:09:49.355', 'ann', 0, false, NULL, NULL, NULL, '2026-11-29 17:11:01.13', 'ann', 'bb21169afc89ee41926c18e1582c76153c2115817d8ac91a032d5713b048c5dd', NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);

INSERT INTO public."LiteLLM_EndUserTable" VALUES ('customer-by-end-user', NULL, 0, NULL, NULL, NULL, false, NULL, '{}');
INSERT INTO public."LiteLLM_EndUserTable" VALUES ('customer-by-header', NULL, 0, NULL, NULL, NULL, false, NULL, '{}');
INSERT INTO public."LiteLLM_EndUserTable" VALUES ('customer-by-mapping', NULL, 0, NULL, NULL, NULL, false, NULL, '{}');
INSERT INTO public."LiteLLM_EndUserTable" VALUES ('customer-by-safety', NULL, 0, NULL, NULL, NULL, false, NULL, '{}');
INSERT INTO public."LiteLLM_EndUserTable" VALUES ('customer-by-user', NULL, 0, NULL, NULL, NULL, false, NULL, '{}');
INSERT INTO public."LiteLLM_EndUserTable" VALUES ('beta-corp', NULL, 0, NULL, NULL, 'small', false, NULL, '{}');
INSERT INTO public."LiteLLM_EndUserTable" VALUES ('european', NULL, 0, 'eu', 'local', NULL, false, NULL, '{}');
INSERT INTO public."LiteLLM_EndUserTable" VALUES ('acme', 'Acme 2', 6e-05, NULL, NULL, 'ddc7d209-8409-4861-b09f-edc91c96a6fb', true, NULL, '{}');
INSERT INTO public."LiteLLM_EndUserTable" VALUES ('tiny', NULL, 6e-05, NULL, NULL, '78410bd5-2699-4e08-959e-c1d9ceece538', false, NULL, '{}');

INSERT INTO public."LiteLLM_HealthCheckTable" VALUES ('adf4de8b-2131-48ec-b466-febafcdbda5b', 'local', NULL, 'healthy', 1, 0, NULL, 100.6910800933838, NULL, 'default_user_id', '2026-11-29 17:10:39.145', '2026-11-29 17:10:39.145', '2026-11-29 17:10:39.145');

INSERT INTO public."LiteLLM_InvitationLink" VALUES ('75e9eb72-00c6-45b8-b38b-29d4d5e86dc4', 'ann', false, NULL, '2026-12-06 17:10:41.41', '2026-11-29 17:10:41.41', 'default_user_id', '2026-11-29 17:10:41.41', 'default_user_id');

INSERT INTO public."LiteLLM_ModelTable" VALUES (1, '{"cheap": "local"}', '2026-11-29 17:09:56.246', 'default_user_id', '2026-11-29 17:09:56.246', 'default_user_id');

INSERT INTO public."LiteLLM_ProxyModelTable" VALUES ('stored-2', 'stored-by-credential', '{"model": "aTv83nmr64frx0X28z_iLsFkAFo2jwpVNNmSaTR6T43ky27O2u9_TsmRvwUphzIs", "use_xai_oauth": false, "use_litellm_proxy": false, "use_in_pass_through": false, "litellm_credential_name": "eDksjpry6gR21kaiePhOaq7SOFRXqm4ReEoZpQFiL5Rx9B3PlRadAOlZvpG3", "allow_client_keepalive_override": false, "merge_reasoning_content_in_choices": false}', '{"id": "stored-2", "db_model": false, "member_auto_router": false}', '2026-11-29 17:10:35.978', 'default_user_id', '2026-11-29 17:10:35.978', 'default_user_id', false);
INSERT INTO public."LiteLLM_ProxyModelTable" VALUES ('stored-1', 'stored', '{"model": "g4esnVEA22wNM-ly49dtyaTyahAWIIjuSb-osw0panx54Jx-PSLYau8GS4CYhTLsPfWm7sQ=", "api_key": "KjAb8GG9zRlSc0syD6wzTErVrqsQDjUxmff5kqyDDYX4s52IzvOon7e941Jg6VflP8MB_9SUQG4=", "api_base": "4WWTQv6YUE0M6-MiUSGABWCWs7JicTeqR-uZa9eSEvbvkm7BMg8o_nQO697Lf9bjEgGcuiHiOL-8JAXfWQ==", "use_xai_oauth": false, "use_litellm_proxy": false, "use_in_pass_through": false, "input_cost_per_token": 0.000003, "allow_client_keepalive_override": false, "merge_reasoning_content_in_choices": false}', '{"id": "afd26f85-65e9-4f21-85b9-939a5bb65e9a", "note": "hello", "db_model": false, "access_groups": ["stored-group"], "member_auto_router": false}', '2026-11-29 17:10:30.288', 'default_user_id', '2026-11-29 17:10:34.434', 'default_user_id', false);

INSERT INTO public."LiteLLM_ProxyWorkerHeartbeat" VALUES ('dd2e260b-6428-4741-a5da-67c71e1cb78c', 'vm', '2026-11-29 17:09:05.955', '2026-11-29 17:10:24.01');

INSERT INTO public."LiteLLM_SpendLogToolIndex" VALUES ('chatcmpl-test', 'get_weather', '2026-11-29 17:09:15.255');

INSERT INTO public."LiteLLM_SpendLogs" VALUES ('resp_XgYtwo9sPT0zhfYCFsTt5svKllD44hudrynN2skpbUeGuDSOudF2yzp9fzfJDkYqmmc3aAYbN3CaczJH4N2dv-rYY3iZjBx5RivuiFel4MiXjLmg8IfND-nybn8vNhY-YzwANeu939mgkFkBLrhy3AdbdyAzIrZGgxQWIITptNts1pu8OBALrgtH3szJ_LARLV52LCq-r_BkxmV9yndbfGBTi-3D6gn68VWO6_LvCwiSdXfja17MSgkmSBzeN35IW57X4fqRA_tz0X9aEghD', 'aresponses', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 15, 10, 5, '2026-11-29 17:09:25.591', '2026-11-29 17:09:25.602', '2026-11-29 17:09:25.601', 'openai/paid', 'paid-1', 'paid', 'openai', 'http://127.0.0.1:43035/v1/responses', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "reasoning_tokens": 0, "accepted_prediction_tokens": null, "rejected_prediction_tokens": null}}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "50d9e620-86fb-42e3-822b-aad7547fe55f", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "paid", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 15.878, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '2eea0bcb-4509-4bd5-bc17-fee261747337', 'success', NULL, '', NULL, 10, '2026-11-29 17:09:25.777', '2026-11-29 17:09:25.777', '50d9e620-86fb-42e3-822b-aad7547fe55f', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('892786e0-ca00-446d-b13d-00bc960afe17', 'aresponses', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 0, 0, 0, '2026-11-29 17:09:25.623', '2026-11-29 17:09:25.652', '2026-11-29 17:09:25.652', 'nothing', '', 'nothing', '', '', '', '{"status": "failure", "user_agent": null, "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "892786e0-ca00-446d-b13d-00bc960afe17", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "400", "error_class": "BadRequestError", "llm_provider": "", "error_message": "litellm.BadRequestError: You passed in model=nothing. There are no healthy deployments for this model\n\nLiteLLM: model group ''nothing'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "429_NO_HEALTHY_DEPLOYMENTS", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": null, "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', NULL, '{}', '{}', '{}', '938b9884-3b86-4991-b80b-de8e20342eaa', 'failure', NULL, '', NULL, 29, '2026-11-29 17:09:25.777', '2026-11-29 17:09:25.777', '892786e0-ca00-446d-b13d-00bc960afe17', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('95259d14-dfd1-46f7-a79f-7dab067e7ad1', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 8, 8, 0, '2026-11-29 17:09:32.633', '2026-11-29 17:09:32.779', '2026-11-29 17:09:32.779', 'openai/too-long', 'too-long-1', 'too-long', 'openai', 'http://127.0.0.1:43035/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "95259d14-dfd1-46f7-a79f-7dab067e7ad1", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "400", "error_class": "ContextWindowExceededError", "llm_provider": "openai", "error_message": "litellm.ContextWindowExceededError: litellm.BadRequestError: ContextWindowExceededError: OpenAIException - This model''s maximum context length is 10 tokens.\nmodel=too-long. context_window_fallbacks=None. fallbacks=[{''falls'': [''local'']}].\n\nSet ''context_window_fallback'' - https://docs.litellm.ai/docs/routing#fallbacks\n\nLiteLLM: model group ''too-long'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "400_CONTEXT_WINDOW_EXCEEDED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "too-long", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'a6827a10-c4a3-448f-b0a0-1abd4a70b26a', 'failure', NULL, '', NULL, 146, '2026-11-29 17:09:33.896', '2026-11-29 17:09:33.896', '95259d14-dfd1-46f7-a79f-7dab067e7ad1', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('chatcmpl-test', 'acompletion', '93d6e6880324a5a9cf0deb4a86cd3497d5abeaf72ee9f85fb578844c5802eb3f', 6e-05, 15, 10, 5, '2026-11-29 17:09:12.566', '2026-11-29 17:09:12.802', '2026-11-29 17:09:12.802', 'openai/paid', 'paid-1', 'paid', 'openai', 'http://127.0.0.1:43035/v1/', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"audio_tokens": 0, "cached_tokens": 0}, "completion_tokens_details": {"audio_tokens": 0, "reasoning_tokens": 0}}, "user_api_key": "93d6e6880324a5a9cf0deb4a86cd3497d5abeaf72ee9f85fb578844c5802eb3f", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.000009999999999999999, "total_cost": 0.00006, "output_cost": 0.00005, "service_tier": null, "original_cost": 0.00006, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "cab4ffcb-10b7-480c-b0b4-6db1c965615c", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "broke", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "paid", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": {"audio_tokens": 0, "cached_tokens": 0}, "completion_tokens_details": {"audio_tokens": 0, "reasoning_tokens": 0}}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 762.2149, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'd75ef761-a0cf-4d3c-a982-e10c840f721b', 'success', NULL, '', NULL, 236, '2026-11-29 17:09:14.48', '2026-11-29 17:09:14.48', 'cab4ffcb-10b7-480c-b0b4-6db1c965615c', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('0e697877-892b-4d30-a3ef-881aeb43a7bf', '/v1/models', '', 0, 0, 0, 0, '2026-11-29 17:09:14.758', '2026-11-29 17:09:14.782', '2026-11-29 17:09:14.781', '', '', '', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": null, "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "0e697877-892b-4d30-a3ef-881aeb43a7bf", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "", "error_class": "Exception", "llm_provider": "", "error_message": "No api key passed in.", "normalized_error": "UNCLASSIFIED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', 'a9abee47-5b40-43f3-bd96-d607e7239d22', 'failure', NULL, '', NULL, 23, '2026-11-29 17:09:18.542', '2026-11-29 17:09:18.542', '0e697877-892b-4d30-a3ef-881aeb43a7bf', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('chatcmpl-cd448458-4c74-4c4e-960f-ddf78dbe3f90', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 15, 10, 5, '2026-11-29 17:09:15.226', '2026-11-29 17:09:15.232', '2026-11-29 17:09:15.232', 'ollama_chat/llama3.2:3b', 'ollama-1', 'ollama', 'ollama_chat', 'http://127.0.0.1:43035/api/chat', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": null, "completion_tokens_details": null}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "24ab3561-f4db-42f6-9602-8b3d122029ff", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "ollama", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 12.44, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '5fed9067-9f91-49cc-8e92-53bf11cc6b5f', 'success', NULL, '', NULL, 6, '2026-11-29 17:09:18.542', '2026-11-29 17:09:18.542', '24ab3561-f4db-42f6-9602-8b3d122029ff', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('chatcmpl-bec9291d-a167-4ebc-b01b-82c172fc8784', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 30, 10, 20, '2026-11-29 17:09:15.282', '2026-11-29 17:09:15.285', '2026-11-29 17:09:15.284', 'openai/mocked', 'mocked-1', 'mocked', 'openai', '', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 30, "prompt_tokens": 10, "completion_tokens": 20, "prompt_tokens_details": null, "completion_tokens_details": null}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "ea727f33-b3cf-4048-b1b1-64dcf012d633", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "mocked", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'f35e504c-6ecf-476f-9f30-33e9a9c2c6dc', 'success', NULL, '', NULL, 2, '2026-11-29 17:09:18.542', '2026-11-29 17:09:18.542', 'ea727f33-b3cf-4048-b1b1-64dcf012d633', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('52b70e8c-424c-4f95-838f-de1418577a40', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 8, 8, 0, '2026-11-29 17:09:16.004', '2026-11-29 17:09:16.093', '2026-11-29 17:09:16.093', 'openai/fails-500', 'falls-1', 'falls', 'openai', 'http://127.0.0.1:43035/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "52b70e8c-424c-4f95-838f-de1418577a40", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "broken", "error_class": "InternalServerError", "llm_provider": "openai", "error_message": "litellm.InternalServerError: InternalServerError: OpenAIException - The engine is on fire", "normalized_error": "500_PROVIDER_INTERNAL_ERROR", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "falls", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '6fdb1f7a-a779-4534-804b-9bdcd0adf8da', 'failure', NULL, '', NULL, 88, '2026-11-29 17:09:18.542', '2026-11-29 17:09:18.542', '52b70e8c-424c-4f95-838f-de1418577a40', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('98dbc734-7028-4d19-966c-43e7b15b6cd7', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 8, 8, 0, '2026-11-29 17:09:16.13', '2026-11-29 17:09:18.927', '2026-11-29 17:09:18.927', 'openai/fails-500', 'fails-500-1', 'fails-500', 'openai', 'http://127.0.0.1:43035/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 1, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "98dbc734-7028-4d19-966c-43e7b15b6cd7", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 1, "error_information": {"error_code": "broken", "error_class": "InternalServerError", "llm_provider": "openai", "error_message": "litellm.InternalServerError: InternalServerError: OpenAIException - The engine is on fire\n\nLiteLLM: model group ''fails-500'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "500_PROVIDER_INTERNAL_ERROR", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "fails-500", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '0ca68141-6d11-4b0e-992a-b389dbe9a79b', 'failure', NULL, '', NULL, 2796, '2026-11-29 17:09:22.049', '2026-11-29 17:09:22.049', '98dbc734-7028-4d19-966c-43e7b15b6cd7', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('chatcmpl-e9bd49ee-0b69-47a9-84b2-b2b945e12c36', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 15, 10, 5, '2026-11-29 17:09:20.35', '2026-11-29 17:09:20.666', '2026-11-29 17:09:20.665', 'ollama_chat/llama3.2:3b', 'ollama-1', 'ollama', 'ollama_chat', 'http://127.0.0.1:43035/api/chat', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": null, "completion_tokens_details": null}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "4ba43f9c-5a67-49ec-9477-18d0b5e28448", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "ollama", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 308.6259, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'f1a25b27-a3d6-45db-8957-6998f725239c', 'success', NULL, '', NULL, 315, '2026-11-29 17:09:22.049', '2026-11-29 17:09:22.049', '4ba43f9c-5a67-49ec-9477-18d0b5e28448', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('9156d94a-a9df-46f2-b4e3-dd0690b5c29f', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 15, 10, 5, '2026-11-29 17:09:22.198', '2026-11-29 17:09:22.299', '2026-11-29 17:09:22.254', 'ollama_chat/llama3.2:3b', 'ollama-1', 'ollama', 'ollama_chat', 'http://127.0.0.1:43035/api/chat', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": null, "completion_tokens_details": {"text_tokens": 5, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "reasoning_tokens": 0, "accepted_prediction_tokens": null, "rejected_prediction_tokens": null}}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "57640b2e-7e9d-44f0-bffa-979c2a663292", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "ollama", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": {"text_tokens": 5, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "reasoning_tokens": 0, "accepted_prediction_tokens": null, "rejected_prediction_tokens": null}}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '60f9c000-790e-41f0-a528-cd276ca0a0a5', 'success', NULL, '', NULL, 101, '2026-11-29 17:09:24.111', '2026-11-29 17:09:24.111', '57640b2e-7e9d-44f0-bffa-979c2a663292', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('chatcmpl-2a79deb6-7053-4551-9b7e-4bfd3d8939fb', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 13, 8, 5, '2026-11-29 17:09:22.666', '2026-11-29 17:09:22.919', '2026-11-29 17:09:22.84', 'openai/mocked', 'mocked-1', 'mocked', 'openai', '', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 13, "prompt_tokens": 8, "completion_tokens": 5, "prompt_tokens_details": null, "completion_tokens_details": {"text_tokens": 5, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "reasoning_tokens": 0, "accepted_prediction_tokens": null, "rejected_prediction_tokens": null}}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "cbd41313-9a38-4602-8eee-994775e94810", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "mocked", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": {"text_tokens": 5, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "reasoning_tokens": 0, "accepted_prediction_tokens": null, "rejected_prediction_tokens": null}}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '0653bab6-fc31-4d98-ba93-a163089226cc', 'success', NULL, '', NULL, 252, '2026-11-29 17:09:24.111', '2026-11-29 17:09:24.111', 'cbd41313-9a38-4602-8eee-994775e94810', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('8f847440-3fb9-4a1d-b637-07fbee3c7ea5', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 8, 8, 0, '2026-11-29 17:09:23.258', '2026-11-29 17:09:23.419', '2026-11-29 17:09:23.419', 'openai/fails-500', 'fails-500-1', 'fails-500', 'openai', 'http://127.0.0.1:43035/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "8f847440-3fb9-4a1d-b637-07fbee3c7ea5", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "broken", "error_class": "InternalServerError", "llm_provider": "openai", "error_message": "litellm.InternalServerError: InternalServerError: OpenAIException - The engine is on fire\n\nLiteLLM: model group ''fails-500'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "500_PROVIDER_INTERNAL_ERROR", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "fails-500", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '975f7d93-481c-4737-b9b6-39966dc9956c', 'failure', NULL, '', NULL, 161, '2026-11-29 17:09:24.111', '2026-11-29 17:09:24.111', '8f847440-3fb9-4a1d-b637-07fbee3c7ea5', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('fa98e85c-c0fc-41b5-9b78-51cd860a5688', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 11, 8, 3, '2026-11-29 17:09:23.478', '2026-11-29 17:09:23.648', '2026-11-29 17:09:23.647', 'openai/cut', 'cut-1', 'cut', 'openai', 'http://127.0.0.1:43035/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 11, "prompt_tokens": 8, "completion_tokens": 3, "prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "cache_read_input_tokens": 0, "completion_tokens_details": {"text_tokens": 3, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "reasoning_tokens": 0, "accepted_prediction_tokens": null, "rejected_prediction_tokens": null}, "cache_creation_input_tokens": 0}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "fa98e85c-c0fc-41b5-9b78-51cd860a5688", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "500", "error_class": "APIConnectionError", "llm_provider": "openai", "error_message": "litellm.APIConnectionError: APIConnectionError: OpenAIException - Connection error.", "normalized_error": "500_PROVIDER_CONNECTION_ERROR", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "cut", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "cache_read_input_tokens": 0, "completion_tokens_details": {"text_tokens": 3, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "reasoning_tokens": 0, "accepted_prediction_tokens": null, "rejected_prediction_tokens": null}, "cache_creation_input_tokens": 0}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '2d353a86-2d9f-44c7-8a52-7aef205afd8f', 'failure', NULL, '', NULL, 169, '2026-11-29 17:09:24.111', '2026-11-29 17:09:24.111', 'fa98e85c-c0fc-41b5-9b78-51cd860a5688', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('ffd73a98-68bd-47c3-a95b-a42e3cac4118', 'IGNORE_THIS', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 0, 0, 0, '2026-11-29 17:09:24.541', '2026-11-29 17:09:24.545', '2026-11-29 17:09:24.545', 'text-completion-openai/text', 'text-1', 'text', 'text-completion-openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "ffd73a98-68bd-47c3-a95b-a42e3cac4118", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "400", "error_class": "ProxyMissingRequiredParamError", "llm_provider": "", "error_message": "/completions: Missing required parameter: ''prompt''.", "normalized_error": "400_MISSING_REQUIRED_PARAMETER", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '0cf59e03-dadc-45c2-8253-a20c83cf9756', 'failure', NULL, '', NULL, 3, '2026-11-29 17:09:25.777', '2026-11-29 17:09:25.777', 'ffd73a98-68bd-47c3-a95b-a42e3cac4118', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('resp_kASw_jFkMsa6-dc6XfZNvJ3kTw7BTuIrDXUb9IznQdL0mXfoBrGFQgsxlDlWMNvrFOOJ9aWXOUUO6QVN13SkfFdT55TsjBK8uMwZ_1I62uyFeV-aQ_-5YjPgXjH_1SoVWFSJau8AHXf9hNslQvPj3ay7AqQyNFGmnDFeKixV4tviQ4Sbo5bHl4FmW10zBF6rzbz19ycdmwOqSxImQQ5oglofi8j1pzKBLm2cZXDxH6TIFpUQRKuKHj3nN0OckM05DCiIiVFGgvGNuvbRsNgMgpCG1w==', 'aresponses', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 15, 10, 5, '2026-11-29 17:09:25.169', '2026-11-29 17:09:25.184', '2026-11-29 17:09:25.183', 'openai/local', 'local-1', 'local', 'openai', 'http://127.0.0.1:43035/v1/responses', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "reasoning_tokens": 0, "accepted_prediction_tokens": null, "rejected_prediction_tokens": null}}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "d81984bc-0a65-44dc-a9d3-57f9a9241d41", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "local", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 34.6081, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '72633634-11ee-4d58-a283-b188fa210418', 'success', NULL, '', NULL, 14, '2026-11-29 17:09:25.777', '2026-11-29 17:09:25.777', 'd81984bc-0a65-44dc-a9d3-57f9a9241d41', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('resp_bGl0ZWxsbTpjdXN0b21fbGxtX3Byb3ZpZGVyOm9wZW5haTttb2RlbF9pZDpsb2NhbC0xO3Jlc3BvbnNlX2lkOnJlc3BfdXBzdHJlYW1fMw==', 'aresponses', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 15, 10, 5, '2026-11-29 17:09:25.358', '2026-11-29 17:09:25.528', '2026-11-29 17:09:25.441', 'openai/local', 'local-1', 'local', 'openai', 'http://127.0.0.1:43035/v1/responses', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "reasoning_tokens": 0, "accepted_prediction_tokens": null, "rejected_prediction_tokens": null}}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "542b4ede-b354-4900-a86a-fbe0b469d7ca", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "local", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "reasoning_tokens": 0, "accepted_prediction_tokens": null, "rejected_prediction_tokens": null}}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '47d2fd50-6d92-4c58-8f3a-223306f2e32f', 'success', NULL, '', NULL, 169, '2026-11-29 17:09:25.777', '2026-11-29 17:09:25.777', '542b4ede-b354-4900-a86a-fbe0b469d7ca', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('4793ae36-c517-4979-9599-bd26f220e19a', '', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 0, 0, 0, '2026-11-29 17:09:24.569', '2026-11-29 17:09:24.569', '2026-11-29 17:09:24.568', 'nothing', '', 'nothing', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": null, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "4793ae36-c517-4979-9599-bd26f220e19a", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "400", "error_class": "BadRequestError", "llm_provider": "", "error_message": "litellm.BadRequestError: You passed in model=nothing. There are no healthy deployments for this model\n\nLiteLLM: model group ''nothing'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "429_NO_HEALTHY_DEPLOYMENTS", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": null, "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "nothing", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '763ae5aa-4c24-4bf5-988d-6363793bd651', 'failure', NULL, '', NULL, 0, '2026-11-29 17:09:25.777', '2026-11-29 17:09:25.777', '4793ae36-c517-4979-9599-bd26f220e19a', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('d40e9f98-76b7-442f-a440-69bc13dba717', 'aembedding', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 9.999999999999999e-06, 10, 10, 0, '2026-11-29 17:09:24.583', '2026-11-29 17:09:24.591', '2026-11-29 17:09:24.59', 'openai/embed', 'embed-1', 'embed', 'openai', 'http://127.0.0.1:43035/v1', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 10, "prompt_tokens": 10, "completion_tokens": 0, "prompt_tokens_details": null, "completion_tokens_details": null}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.000009999999999999999, "total_cost": 0.000009999999999999999, "output_cost": 0.0, "service_tier": null, "original_cost": 0.000009999999999999999, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "d40e9f98-76b7-442f-a440-69bc13dba717", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "embed", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 10.3889, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'a1d7ba3d-f4a0-4b28-8ed4-6039a29f3d6d', 'success', NULL, '', NULL, 7, '2026-11-29 17:09:25.777', '2026-11-29 17:09:25.777', 'd40e9f98-76b7-442f-a440-69bc13dba717', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('6cf41ec8-5615-4cdf-b52d-0db5b101be5c', 'aembedding', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 9.999999999999999e-06, 10, 10, 0, '2026-11-29 17:09:24.611', '2026-11-29 17:09:24.615', '2026-11-29 17:09:24.615', 'openai/embed', 'embed-1', 'embed', 'openai', 'http://127.0.0.1:43035/v1', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 10, "prompt_tokens": 10, "completion_tokens": 0, "prompt_tokens_details": null, "completion_tokens_details": null}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.000009999999999999999, "total_cost": 0.000009999999999999999, "output_cost": 0.0, "service_tier": null, "original_cost": 0.000009999999999999999, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "6cf41ec8-5615-4cdf-b52d-0db5b101be5c", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "embed", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 8.436, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '327dc991-8909-48d1-8ff1-52918fe55c3c', 'success', NULL, '', NULL, 3, '2026-11-29 17:09:25.777', '2026-11-29 17:09:25.777', '6cf41ec8-5615-4cdf-b52d-0db5b101be5c', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('b188e438-7154-49b4-935f-cae8f341d2d4', 'aembedding', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 9.999999999999999e-06, 10, 10, 0, '2026-11-29 17:09:24.652', '2026-11-29 17:09:24.657', '2026-11-29 17:09:24.657', 'openai/embed', 'embed-1', 'embed', 'openai', 'http://127.0.0.1:43035/v1', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 10, "prompt_tokens": 10, "completion_tokens": 0, "prompt_tokens_details": null, "completion_tokens_details": null}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.000009999999999999999, "total_cost": 0.000009999999999999999, "output_cost": 0.0, "service_tier": null, "original_cost": 0.000009999999999999999, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "b188e438-7154-49b4-935f-cae8f341d2d4", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "embed", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 18.338, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'db999226-e458-4439-aff9-8bf586f2d8ce', 'success', NULL, '', NULL, 5, '2026-11-29 17:09:25.777', '2026-11-29 17:09:25.777', 'b188e438-7154-49b4-935f-cae8f341d2d4', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('3f6c7581-31f7-4924-8de6-df6dd0aa157a', 'aembedding', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 9.999999999999999e-06, 10, 10, 0, '2026-11-29 17:09:24.678', '2026-11-29 17:09:24.684', '2026-11-29 17:09:24.684', 'openai/embed', 'embed-1', 'embed', 'openai', 'http://127.0.0.1:43035/v1', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 10, "prompt_tokens": 10, "completion_tokens": 0, "prompt_tokens_details": null, "completion_tokens_details": null}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.000009999999999999999, "total_cost": 0.000009999999999999999, "output_cost": 0.0, "service_tier": null, "original_cost": 0.000009999999999999999, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "3f6c7581-31f7-4924-8de6-df6dd0aa157a", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "embed", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 10.5681, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'b6b8a6f4-430f-492e-887c-8563c4daae1c', 'success', NULL, '', NULL, 6, '2026-11-29 17:09:25.777', '2026-11-29 17:09:25.777', '3f6c7581-31f7-4924-8de6-df6dd0aa157a', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('5f0c6b02-e287-4d35-b5ee-f830ac468255', 'aembedding', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 9.999999999999999e-06, 10, 10, 0, '2026-11-29 17:09:24.701', '2026-11-29 17:09:24.708', '2026-11-29 17:09:24.708', 'openai/embed', 'embed-1', 'embed', 'openai', 'http://127.0.0.1:43035/v1', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 10, "prompt_tokens": 10, "completion_tokens": 0, "prompt_tokens_details": null, "completion_tokens_details": null}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.000009999999999999999, "total_cost": 0.000009999999999999999, "output_cost": 0.0, "service_tier": null, "original_cost": 0.000009999999999999999, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "5f0c6b02-e287-4d35-b5ee-f830ac468255", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "embed", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 8.7221, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '76ef336c-c060-40f6-87c5-23716d9ed24e', 'success', NULL, '', NULL, 7, '2026-11-29 17:09:25.777', '2026-11-29 17:09:25.777', '5f0c6b02-e287-4d35-b5ee-f830ac468255', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('c0db596e-1a6c-4479-b78f-cb004574a736', 'aembedding', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 9.999999999999999e-06, 10, 10, 0, '2026-11-29 17:09:24.725', '2026-11-29 17:09:24.728', '2026-11-29 17:09:24.728', 'openai/embed', 'embed-1', 'embed', 'openai', 'http://127.0.0.1:43035/v1', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 10, "prompt_tokens": 10, "completion_tokens": 0, "prompt_tokens_details": null, "completion_tokens_details": null}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.000009999999999999999, "total_cost": 0.000009999999999999999, "output_cost": 0.0, "service_tier": null, "original_cost": 0.000009999999999999999, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "c0db596e-1a6c-4479-b78f-cb004574a736", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "embed", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 8.5752, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '266c9b75-672f-436e-af68-0fa1d6fbfd77', 'success', NULL, '', NULL, 2, '2026-11-29 17:09:25.777', '2026-11-29 17:09:25.777', 'c0db596e-1a6c-4479-b78f-cb004574a736', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('7e7e8962-ce13-4f46-ac7e-89aa6b299127', 'aembedding', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 9.999999999999999e-06, 10, 10, 0, '2026-11-29 17:09:24.744', '2026-11-29 17:09:24.749', '2026-11-29 17:09:24.748', 'openai/embed', 'embed-1', 'embed', 'openai', 'http://127.0.0.1:43035/v1', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 10, "prompt_tokens": 10, "completion_tokens": 0, "prompt_tokens_details": null, "completion_tokens_details": null}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.000009999999999999999, "total_cost": 0.000009999999999999999, "output_cost": 0.0, "service_tier": null, "original_cost": 0.000009999999999999999, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "7e7e8962-ce13-4f46-ac7e-89aa6b299127", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "embed", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 8.2691, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '13122e41-675d-4687-bc8d-405feccce5d2', 'success', NULL, '', NULL, 5, '2026-11-29 17:09:25.777', '2026-11-29 17:09:25.777', '7e7e8962-ce13-4f46-ac7e-89aa6b299127', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('71ae66e4-5a48-4261-935f-aeade76f7fc1', 'aembedding', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 0, 0, 0, '2026-11-29 17:09:24.764', '2026-11-29 17:09:24.774', '2026-11-29 17:09:24.773', 'openai/embed', 'embed-1', 'embed', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "71ae66e4-5a48-4261-935f-aeade76f7fc1", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "400", "error_class": "ProxyMissingRequiredParamError", "llm_provider": "", "error_message": "/embeddings: Missing required parameter: ''input''.", "normalized_error": "400_MISSING_REQUIRED_PARAMETER", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '2599f7bb-c998-4abe-9a2e-7269dfff230d', 'failure', NULL, '', NULL, 10, '2026-11-29 17:09:25.777', '2026-11-29 17:09:25.777', '71ae66e4-5a48-4261-935f-aeade76f7fc1', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('7f7ffb5c-b119-4ac1-b8d2-cdf454bf285c', 'aembedding', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 0, 0, 0, '2026-11-29 17:09:24.797', '2026-11-29 17:09:24.83', '2026-11-29 17:09:24.829', 'nothing', '', 'nothing', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "7f7ffb5c-b119-4ac1-b8d2-cdf454bf285c", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "400", "error_class": "BadRequestError", "llm_provider": "", "error_message": "litellm.BadRequestError: You passed in model=nothing. There are no healthy deployments for this model\n\nLiteLLM: model group ''nothing'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "429_NO_HEALTHY_DEPLOYMENTS", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "nothing", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '2c79b90a-5fdd-45a1-960d-c44ce342c08e', 'failure', NULL, '', NULL, 33, '2026-11-29 17:09:25.777', '2026-11-29 17:09:25.777', '7f7ffb5c-b119-4ac1-b8d2-cdf454bf285c', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('resp_Gh9YPPIQiCqXQ1ZtF4hYdPJfINFHkYLDupkYiAwvBpVB8Z4oi3T8aypfQqKWkIj0Mw37uWTwS4mGFW2bYn0E1tLPJpFJuVXvnCJIEH7k6g6C-Ee96EVReQgvAsPg9LetP_qpYBUDIGwWxh492u1kFafBvIOYsMs5v4tIRoxWZj-hvfJv1Yfc-GH7H6ETnW3EQ0SUAxu7SvXRN-wXURmgAnS6_9vi5ryC1DQcfLPod-mln9EUZwcSP_7Y2SJnUmmsiuB6dxCuG7PYqgQF9V8RBDPYug==', 'aresponses', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 15, 10, 5, '2026-11-29 17:09:24.864', '2026-11-29 17:09:25.067', '2026-11-29 17:09:25.067', 'openai/local', 'local-1', 'local', 'openai', 'http://127.0.0.1:43035/v1/responses', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "reasoning_tokens": 0, "accepted_prediction_tokens": null, "rejected_prediction_tokens": null}}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "312ad356-a942-43fa-8fdf-3840788bedb8", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "local", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 211.6129, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '228cd071-2ae0-4770-98bd-982407e76c57', 'success', NULL, '', NULL, 203, '2026-11-29 17:09:25.777', '2026-11-29 17:09:25.777', '312ad356-a942-43fa-8fdf-3840788bedb8', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('resp_bGl0ZWxsbTpjdXN0b21fbGxtX3Byb3ZpZGVyOm9wZW5haTttb2RlbF9pZDpsb2NhbC0xO3Jlc3BvbnNlX2lkOnJlc3BfdXBzdHJlYW1fNQ==', 'anthropic_messages', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 15, 10, 5, '2026-11-29 17:09:25.778', '2026-11-29 17:09:25.785', '2026-11-29 17:09:25.784', 'openai/local', 'local-1', 'local', 'openai', 'http://127.0.0.1:43035/v1/responses', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "reasoning_tokens": 0}}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "802f5b8e-38ac-4b8f-a5d5-b11496ff5640", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "local", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "reasoning_tokens": 0}}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 48.6381, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '75c72fb6-8d89-4478-9f71-75ec29f6b3ee', 'success', NULL, '', NULL, 6, '2026-11-29 17:09:26.588', '2026-11-29 17:09:26.588', '802f5b8e-38ac-4b8f-a5d5-b11496ff5640', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('msg_6efde923-90b1-491b-be12-cd566af112e3', 'anthropic_messages', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 15, 10, 5, '2026-11-29 17:09:25.824', '2026-11-29 17:09:25.938', '2026-11-29 17:09:25.932', 'openai/local', 'local-1', 'local', 'openai', 'http://127.0.0.1:43035/v1/responses', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "reasoning_tokens": 0}}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "5ff5524d-7df9-477c-a52e-4e831bafcc84", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "local", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "reasoning_tokens": 0}}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 89.6258, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'bd8822d4-c6cc-4ec3-a123-4f43bb1946a9', 'success', NULL, '', NULL, 114, '2026-11-29 17:09:26.588', '2026-11-29 17:09:26.588', '5ff5524d-7df9-477c-a52e-4e831bafcc84', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('resp_bGl0ZWxsbTpjdXN0b21fbGxtX3Byb3ZpZGVyOm9wZW5haTttb2RlbF9pZDpwYWlkLTE7cmVzcG9uc2VfaWQ6cmVzcF91cHN0cmVhbV83', 'anthropic_messages', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 15, 10, 5, '2026-11-29 17:09:25.987', '2026-11-29 17:09:25.993', '2026-11-29 17:09:25.993', 'openai/paid', 'paid-1', 'paid', 'openai', 'http://127.0.0.1:43035/v1/responses', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "reasoning_tokens": 0}}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "b89270b6-cbba-44fa-b5c8-3ce4512a2136", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "paid", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": {"text_tokens": null, "audio_tokens": null, "image_tokens": null, "reasoning_tokens": 0}}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 19.9139, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '7cc61a4d-6731-46a7-abe1-933c396fa8d8', 'success', NULL, '', NULL, 6, '2026-11-29 17:09:26.588', '2026-11-29 17:09:26.588', 'b89270b6-cbba-44fa-b5c8-3ce4512a2136', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('53877a87-9343-4241-a7cf-989dd11e4952', 'anthropic_messages', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 0, 0, 0, '2026-11-29 17:09:26.082', '2026-11-29 17:09:26.139', '2026-11-29 17:09:26.139', 'nothing', '', 'nothing', '', '', '', '{"status": "failure", "user_agent": null, "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "53877a87-9343-4241-a7cf-989dd11e4952", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "400", "error_class": "BadRequestError", "llm_provider": "", "error_message": "litellm.BadRequestError: You passed in model=nothing. There are no healthy deployments for this model\n\nLiteLLM: model group ''nothing'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "429_NO_HEALTHY_DEPLOYMENTS", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": null, "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', NULL, '{}', '{}', '{}', '54e7eb77-d610-48ab-a217-8ccab034e5d1', 'failure', NULL, '', NULL, 56, '2026-11-29 17:09:26.588', '2026-11-29 17:09:26.588', '53877a87-9343-4241-a7cf-989dd11e4952', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('modr-1', 'amoderation', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 0, 0, 0, '2026-11-29 17:09:26.194', '2026-11-29 17:09:26.204', '2026-11-29 17:09:26.204', 'openai/local', 'local-1', 'local', 'openai', 'http://127.0.0.1:43035/v1/', '', '{"status": null, "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "9a8fc9fd-2e33-407e-b1a0-238ba35b80b4", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'd4425009-e363-40c0-98a0-d67ea6e5f986', 'success', NULL, '', NULL, 10, '2026-11-29 17:09:26.588', '2026-11-29 17:09:26.588', '9a8fc9fd-2e33-407e-b1a0-238ba35b80b4', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('rerank-1', 'arerank', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 0, 0, 0, '2026-11-29 17:09:26.227', '2026-11-29 17:09:26.237', '2026-11-29 17:09:26.237', 'hosted_vllm/Qwen/Qwen3', 'vllm-1', 'vllm', 'hosted_vllm', 'http://127.0.0.1:43035/v1/rerank', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": {"input_cost": 0.0, "total_cost": 0.0, "output_cost": 0.0, "service_tier": null, "original_cost": 0.0, "data_residency": null, "margin_percent": 0.0, "discount_amount": 0.0, "tool_usage_cost": 0.0, "vertex_location": null, "discount_percent": 0.0, "margin_fixed_amount": 0.0, "margin_total_amount": 0.0}, "azure_spillover": null, "litellm_call_id": "1e5f90bc-d118-476e-94e2-702f1f70c655", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "vllm", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": 22.121, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'ede259c8-cdac-4f32-8082-16606e721daf', 'success', NULL, '', NULL, 10, '2026-11-29 17:09:26.588', '2026-11-29 17:09:26.588', '1e5f90bc-d118-476e-94e2-702f1f70c655', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('9fe7730d-2a5e-49cc-9a94-247628ef7e46', 'aspeech', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 0, 0, 0, '2026-11-29 17:09:26.255', '2026-11-29 17:09:26.27', '2026-11-29 17:09:26.269', 'openai/local', 'local-1', 'local', 'openai', 'http://127.0.0.1:43035/v1/', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "9fe7730d-2a5e-49cc-9a94-247628ef7e46", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "local", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '9c46b391-817d-445e-9ff1-6309ea8890c8', 'success', NULL, '', NULL, 14, '2026-11-29 17:09:26.588', '2026-11-29 17:09:26.588', '9fe7730d-2a5e-49cc-9a94-247628ef7e46', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('54ff27c0-0b8e-4f9c-aecb-3fe5b6834af0', 'aimage_generation', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 15, 10, 5, '2026-11-29 17:09:26.298', '2026-11-29 17:09:26.31', '2026-11-29 17:09:26.31', 'openai/local', 'local-1', 'local', 'openai', 'http://127.0.0.1:43035/v1/', '', '{"status": null, "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {"total_tokens": 15, "prompt_tokens": 10, "completion_tokens": 5, "output_image_count": 1, "prompt_tokens_details": {"text_tokens": 10, "audio_tokens": null, "image_tokens": 0, "video_tokens": null, "cached_tokens": 0, "initial_prompt_tokens": null}, "completion_tokens_details": null}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "54ff27c0-0b8e-4f9c-aecb-3fe5b6834af0", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": null, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "local", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"input_tokens": 10, "output_tokens": 5, "input_tokens_details": {"text_tokens": 10, "image_tokens": 0}, "output_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'None', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '7ca7baa2-7b1e-4a94-a19e-25dbe2714dff', 'success', NULL, '', NULL, 12, '2026-11-29 17:09:26.588', '2026-11-29 17:09:26.588', '54ff27c0-0b8e-4f9c-aecb-3fe5b6834af0', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('3f1d3dc8-c1cd-40cd-b8af-5bbf16b40e94', '/v1/models', '', 0, 0, 0, 0, '2026-11-29 17:09:26.351', '2026-11-29 17:09:26.369', '2026-11-29 17:09:26.369', '', '', '', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": null, "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "3f1d3dc8-c1cd-40cd-b8af-5bbf16b40e94", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "", "error_class": "Exception", "llm_provider": "", "error_message": "Malformed API Key passed in. Ensure Key has `Bearer ` prefix.", "normalized_error": "UNCLASSIFIED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '9e6bc8e3-c875-4b6e-ace5-41f338cbc01f', 'failure', NULL, '', NULL, 18, '2026-11-29 17:09:26.588', '2026-11-29 17:09:26.588', '3f1d3dc8-c1cd-40cd-b8af-5bbf16b40e94', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('dcf211c4-e585-453b-8eff-27fec441368b', '/v1/models', '0e9d220616f08345a714ee57d8516310770588484b5239844635f952965e34a6', 0, 0, 0, 0, '2026-11-29 17:09:26.508', '2026-11-29 17:09:26.531', '2026-11-29 17:09:26.53', '', '', '', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "0e9d220616f08345a714ee57d8516310770588484b5239844635f952965e34a6", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "dcf211c4-e585-453b-8eff-27fec441368b", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "401", "error_class": "HTTPException", "llm_provider": "", "error_message": "401: LiteLLM Virtual Key expected. Received=dXNl****YXNz, expected to start with ''sk-''.", "normalized_error": "401_AUTHENTICATION_FAILED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', 'c1d3a57d-ff22-4478-bdac-97f4d4fac62a', 'failure', NULL, '', NULL, 22, '2026-11-29 17:09:26.588', '2026-11-29 17:09:26.588', 'dcf211c4-e585-453b-8eff-27fec441368b', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('40944726-9a3b-41cc-a1da-538912979815', '/v1/models', '', 0, 0, 0, 0, '2026-11-29 17:09:26.538', '2026-11-29 17:09:26.548', '2026-11-29 17:09:26.548', '', '', '', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": null, "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "40944726-9a3b-41cc-a1da-538912979815", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "", "error_class": "Exception", "llm_provider": "", "error_message": "Malformed API Key passed in. Ensure Key has `Bearer ` prefix.", "normalized_error": "UNCLASSIFIED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '2c01f142-a550-4091-9b0e-110434354a88', 'failure', NULL, '', NULL, 10, '2026-11-29 17:09:26.588', '2026-11-29 17:09:26.588', '40944726-9a3b-41cc-a1da-538912979815', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('f87b94f3-fc82-4a28-ae95-a193783eb02d', '/v1/models', '', 0, 0, 0, 0, '2026-11-29 17:09:26.563', '2026-11-29 17:09:26.571', '2026-11-29 17:09:26.571', '', '', '', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": null, "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "f87b94f3-fc82-4a28-ae95-a193783eb02d", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "", "error_class": "Exception", "llm_provider": "", "error_message": "No api key passed in.", "normalized_error": "UNCLASSIFIED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '262b8316-d82f-4594-b5d9-3a8aa54c546b', 'failure', NULL, '', NULL, 8, '2026-11-29 17:09:29.153', '2026-11-29 17:09:29.153', 'f87b94f3-fc82-4a28-ae95-a193783eb02d', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('3a4e3f51-5c86-44e6-8e77-5153b387f152', 'acompletion', '', 0, 0, 0, 0, '2026-11-29 17:09:26.595', '2026-11-29 17:09:26.604', '2026-11-29 17:09:26.604', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": null, "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "3a4e3f51-5c86-44e6-8e77-5153b387f152", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "", "error_class": "Exception", "llm_provider": "", "error_message": "No api key passed in.", "normalized_error": "UNCLASSIFIED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', 'c1385373-d6c6-49cb-8280-eb6b48122ab5', 'failure', NULL, '', NULL, 8, '2026-11-29 17:09:29.153', '2026-11-29 17:09:29.153', '3a4e3f51-5c86-44e6-8e77-5153b387f152', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('19ce3da8-1ad5-4cda-8fa7-29120675a928', 'acompletion', '2ab06cfadcdcc1bb1a1ff9edefb028084a837b3ed7b95f97e602b960ee127471', 0, 0, 0, 0, '2026-11-29 17:09:26.878', '2026-11-29 17:09:26.908', '2026-11-29 17:09:26.908', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "2ab06cfadcdcc1bb1a1ff9edefb028084a837b3ed7b95f97e602b960ee127471", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "19ce3da8-1ad5-4cda-8fa7-29120675a928", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "401", "error_class": "KeyNotFoundError", "llm_provider": "", "error_message": "Authentication Error, Invalid API key provided.", "normalized_error": "401_AUTHENTICATION_FAILED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', 'a1660ebb-5e77-4257-aa6a-c3eab54d11de', 'failure', NULL, '', NULL, 30, '2026-11-29 17:09:29.153', '2026-11-29 17:09:29.153', '19ce3da8-1ad5-4cda-8fa7-29120675a928', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('5e0f3038-0d62-4655-a51a-66f16339a24d', 'acompletion', '999aaa8645bb72ff599e143b1e3d2a94777127f4783a69f067251f7bbebc5ab6', 0, 0, 0, 0, '2026-11-29 17:09:26.951', '2026-11-29 17:09:26.995', '2026-11-29 17:09:26.995', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "999aaa8645bb72ff599e143b1e3d2a94777127f4783a69f067251f7bbebc5ab6", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "5e0f3038-0d62-4655-a51a-66f16339a24d", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "401", "error_class": "HTTPException", "llm_provider": "", "error_message": "401: LiteLLM Virtual Key expected. Received=****, expected to start with ''sk-''.", "normalized_error": "401_AUTHENTICATION_FAILED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '7c774103-8fb6-4d64-af17-4231251e6e45', 'failure', NULL, '', NULL, 43, '2026-11-29 17:09:29.153', '2026-11-29 17:09:29.153', '5e0f3038-0d62-4655-a51a-66f16339a24d', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('6a49a096-1f95-41ee-a65c-f5965a1dc963', 'acompletion', '423e02a0cb8487ec5f84d0ff4e85248aaf0ebc70154ae55e84f06c4847b36786', 0, 0, 0, 0, '2026-11-29 17:09:27.011', '2026-11-29 17:09:27.022', '2026-11-29 17:09:27.022', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "423e02a0cb8487ec5f84d0ff4e85248aaf0ebc70154ae55e84f06c4847b36786", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "6a49a096-1f95-41ee-a65c-f5965a1dc963", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "", "error_class": "Exception", "llm_provider": "", "error_message": "Key is blocked. Update via `/key/unblock` if you''re an admin.", "normalized_error": "UNCLASSIFIED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "blocked", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', 'd6e2a261-7329-47d1-824d-c5c56e8f7ea6', 'failure', NULL, '', NULL, 10, '2026-11-29 17:09:29.153', '2026-11-29 17:09:29.153', '6a49a096-1f95-41ee-a65c-f5965a1dc963', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('14f6c729-0e86-48f6-a9d4-a3d5924be861', 'acompletion', '93d6e6880324a5a9cf0deb4a86cd3497d5abeaf72ee9f85fb578844c5802eb3f', 0, 0, 0, 0, '2026-11-29 17:09:31.07', '2026-11-29 17:09:31.082', '2026-11-29 17:09:31.082', 'openai/paid', 'paid-1', 'paid', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "93d6e6880324a5a9cf0deb4a86cd3497d5abeaf72ee9f85fb578844c5802eb3f", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "14f6c729-0e86-48f6-a9d4-a3d5924be861", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "422", "error_class": "BudgetExceededError", "llm_provider": "openai", "error_message": "Budget has been exceeded! Key=broke (sk-...vTqw) Current cost: 5.999999999999994e-05, Max budget: 1e-08", "normalized_error": "429_BUDGET_EXCEEDED", "error_budget_limit": 0.00000001, "error_budget_spend": 0.00005999999999999994, "error_rate_limit_type": "budget", "error_budget_entity_id": "93d6e6880324a5a9cf0deb4a86cd3497d5abeaf72ee9f85fb578844c5802eb3f", "error_budget_entity_type": "key", "error_provider_request_id": null, "error_rate_limit_category": "litellm_rate_limit"}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "broke", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', 'f56d0167-8b51-442e-a1da-8f78c24373e6', 'failure', NULL, '', NULL, 12, '2026-11-29 17:09:33.896', '2026-11-29 17:09:33.896', '14f6c729-0e86-48f6-a9d4-a3d5924be861', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('08a74f85-55c2-4cc2-9c0e-49e2c4b23328', 'acompletion', 'f9d5fa2c1628191a0e77bec9c8087bc1e5d93b0b6e6e52fa5dec0e275605c735', 0, 0, 0, 0, '2026-11-29 17:09:31.191', '2026-11-29 17:09:31.21', '2026-11-29 17:09:31.209', 'openai/paid', 'paid-1', 'paid', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "f9d5fa2c1628191a0e77bec9c8087bc1e5d93b0b6e6e52fa5dec0e275605c735", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "08a74f85-55c2-4cc2-9c0e-49e2c4b23328", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "403", "error_class": "ModelAccessDeniedProxyException", "llm_provider": "", "error_message": "The requested model ''paid'' is not available for this API key, or the model name is invalid. Check the models available to you and try again.", "normalized_error": "403_MODEL_ACCESS_DENIED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "narrow", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '7fc6eef4-5b2f-4a3b-adce-8e12cfbc1b7f', 'failure', NULL, '', NULL, 19, '2026-11-29 17:09:33.896', '2026-11-29 17:09:33.896', '08a74f85-55c2-4cc2-9c0e-49e2c4b23328', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('d812f83c-44a2-4d5f-8780-49ecb7e816c4', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 0, 0, 0, '2026-11-29 17:09:31.419', '2026-11-29 17:09:31.465', '2026-11-29 17:09:31.464', '', '', '', '', '', '', '{"status": "failure", "user_agent": null, "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "d812f83c-44a2-4d5f-8780-49ecb7e816c4", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "400", "error_class": "ProxyException", "llm_provider": "", "error_message": "Invalid JSON payload: unexpected end of data: line 1 column 2 (char 1)", "normalized_error": "400_INVALID_REQUEST", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": null, "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', NULL, '{}', '{}', '{}', 'c4654f83-8aef-4502-a1dc-b3cd3a8a9a18', 'failure', NULL, '', NULL, 46, '2026-11-29 17:09:33.896', '2026-11-29 17:09:33.896', 'd812f83c-44a2-4d5f-8780-49ecb7e816c4', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('d04b9a1e-c3b2-4e7b-8795-5a68b0aba143', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 0, 0, 0, '2026-11-29 17:09:31.227', '2026-11-29 17:09:31.237', '2026-11-29 17:09:31.237', 'nothing', '', 'nothing', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "d04b9a1e-c3b2-4e7b-8795-5a68b0aba143", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "400", "error_class": "BadRequestError", "llm_provider": "", "error_message": "litellm.BadRequestError: You passed in model=nothing. There are no healthy deployments for this model\n\nLiteLLM: model group ''nothing'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "429_NO_HEALTHY_DEPLOYMENTS", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "nothing", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'b151e477-32cc-45fe-90c9-dbdf8955b539', 'failure', NULL, '', NULL, 10, '2026-11-29 17:09:33.896', '2026-11-29 17:09:33.896', 'd04b9a1e-c3b2-4e7b-8795-5a68b0aba143', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('f8aa9449-7c90-4381-aac6-b8779ed8dbd8', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 0, 0, 0, '2026-11-29 17:09:31.246', '2026-11-29 17:09:31.252', '2026-11-29 17:09:31.252', '', '', '', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "f8aa9449-7c90-4381-aac6-b8779ed8dbd8", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "400", "error_class": "BadRequestError", "llm_provider": "", "error_message": "litellm.BadRequestError: You passed in model=None. There are no healthy deployments for this model", "normalized_error": "429_NO_HEALTHY_DEPLOYMENTS", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'b4525476-4f0f-4e81-8301-886145261aaa', 'failure', NULL, '', NULL, 5, '2026-11-29 17:09:33.896', '2026-11-29 17:09:33.896', 'f8aa9449-7c90-4381-aac6-b8779ed8dbd8', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('035c7202-e1de-4bf3-8015-a225480bf880', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 0, 0, 0, '2026-11-29 17:09:31.259', '2026-11-29 17:09:31.282', '2026-11-29 17:09:31.281', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "035c7202-e1de-4bf3-8015-a225480bf880", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "400", "error_class": "ProxyMissingRequiredParamError", "llm_provider": "", "error_message": "/chat/completions: Missing required parameter: ''messages''.", "normalized_error": "400_MISSING_REQUIRED_PARAMETER", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '16728d5b-8319-47ed-8cdc-11b524c31b05', 'failure', NULL, '', NULL, 22, '2026-11-29 17:09:33.896', '2026-11-29 17:09:33.896', '035c7202-e1de-4bf3-8015-a225480bf880', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('af16ee9e-03c2-4b8f-b3c6-44ed8109848b', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 0, 0, 0, '2026-11-29 17:09:31.316', '2026-11-29 17:09:31.399', '2026-11-29 17:09:31.398', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "af16ee9e-03c2-4b8f-b3c6-44ed8109848b", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "500", "error_class": "APIConnectionError", "llm_provider": "openai", "error_message": "litellm.APIConnectionError: APIConnectionError: OpenAIException - ''str'' object has no attribute ''get''\n\nLiteLLM: model group ''local'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "500_PROVIDER_CONNECTION_ERROR", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "local", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '26e4af1e-6f4a-46e6-a86f-2f48be327fba', 'failure', NULL, '', NULL, 83, '2026-11-29 17:09:33.896', '2026-11-29 17:09:33.896', 'af16ee9e-03c2-4b8f-b3c6-44ed8109848b', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('34886179-7b34-4185-ab8d-b8db0dbd5448', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 0, 0, 0, '2026-11-29 17:09:31.655', '2026-11-29 17:09:31.698', '2026-11-29 17:09:31.697', '', '', '', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "34886179-7b34-4185-ab8d-b8db0dbd5448", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "400", "error_class": "ProxyMissingRequiredParamError", "llm_provider": "", "error_message": "/chat/completions: Missing required parameter: ''messages''.", "normalized_error": "400_MISSING_REQUIRED_PARAMETER", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'bf47bad6-cea6-402d-9915-cb82130b4511', 'failure', NULL, '', NULL, 42, '2026-11-29 17:09:33.896', '2026-11-29 17:09:33.896', '34886179-7b34-4185-ab8d-b8db0dbd5448', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('36e51138-e98c-4664-95d8-fd7ea0328365', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 8, 8, 0, '2026-11-29 17:09:31.707', '2026-11-29 17:09:31.742', '2026-11-29 17:09:31.742', 'openai/fails-400', 'fails-400-1', 'fails-400', 'openai', 'http://127.0.0.1:43035/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "36e51138-e98c-4664-95d8-fd7ea0328365", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "bad_value", "error_class": "BadRequestError", "llm_provider": "openai", "error_message": "litellm.BadRequestError: OpenAIException - temperature is too high\n\nLiteLLM: model group ''fails-400'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "400_INVALID_REQUEST", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "fails-400", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '5b027d64-e990-49a0-afbe-5432d9df7e85', 'failure', NULL, '', NULL, 35, '2026-11-29 17:09:33.896', '2026-11-29 17:09:33.896', '36e51138-e98c-4664-95d8-fd7ea0328365', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('456557fe-7993-445d-85de-a237234c76a6', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 8, 8, 0, '2026-11-29 17:09:31.754', '2026-11-29 17:09:31.88', '2026-11-29 17:09:31.88', 'openai/fails-401', 'fails-401-1', 'fails-401', 'openai', 'http://127.0.0.1:43035/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "456557fe-7993-445d-85de-a237234c76a6", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "401", "error_class": "AuthenticationError", "llm_provider": "openai", "error_message": "litellm.AuthenticationError: AuthenticationError: OpenAIException - Incorrect API key provided\n\nLiteLLM: model group ''fails-401'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "401_AUTHENTICATION_FAILED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "fails-401", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'b920f57d-64c5-4960-affc-94677487a73e', 'failure', NULL, '', NULL, 126, '2026-11-29 17:09:33.896', '2026-11-29 17:09:33.896', '456557fe-7993-445d-85de-a237234c76a6', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('b14808bb-4396-4104-894a-b1bf1dbd432e', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 8, 8, 0, '2026-11-29 17:09:31.903', '2026-11-29 17:09:32.157', '2026-11-29 17:09:32.156', 'openai/fails-404', 'fails-404-1', 'fails-404', 'openai', 'http://127.0.0.1:43035/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "b14808bb-4396-4104-894a-b1bf1dbd432e", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "404", "error_class": "NotFoundError", "llm_provider": "openai", "error_message": "litellm.NotFoundError: NotFoundError: OpenAIException - The model does not exist\n\nLiteLLM: model group ''fails-404'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "404_RESOURCE_NOT_FOUND", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "fails-404", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'f4815b34-a947-4802-b685-57612e58fa80', 'failure', NULL, '', NULL, 254, '2026-11-29 17:09:33.896', '2026-11-29 17:09:33.896', 'b14808bb-4396-4104-894a-b1bf1dbd432e', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('ce78c01e-3e2c-435a-b3ab-ed47ed95a2f0', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 8, 8, 0, '2026-11-29 17:09:32.174', '2026-11-29 17:09:32.378', '2026-11-29 17:09:32.378', 'openai/fails-429', 'fails-429-1', 'fails-429', 'openai', 'http://127.0.0.1:43035/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "ce78c01e-3e2c-435a-b3ab-ed47ed95a2f0", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "429", "error_class": "RateLimitError", "llm_provider": "openai", "error_message": "litellm.RateLimitError: RateLimitError: OpenAIException - Rate limit reached\n\nLiteLLM: model group ''fails-429'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "429_RATE_LIMIT_EXCEEDED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": "vendor_rate_limit"}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "fails-429", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '4ca6130c-bc61-4ef9-82a8-b271810936b3', 'failure', NULL, '', NULL, 204, '2026-11-29 17:09:33.896', '2026-11-29 17:09:33.896', 'ce78c01e-3e2c-435a-b3ab-ed47ed95a2f0', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('342b45bf-a954-43e9-b015-5f58c78bd377', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 8, 8, 0, '2026-11-29 17:09:32.388', '2026-11-29 17:09:32.428', '2026-11-29 17:09:32.427', 'openai/fails-500', 'fails-500-1', 'fails-500', 'openai', 'http://127.0.0.1:43035/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "342b45bf-a954-43e9-b015-5f58c78bd377", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "broken", "error_class": "InternalServerError", "llm_provider": "openai", "error_message": "litellm.InternalServerError: InternalServerError: OpenAIException - The engine is on fire\n\nLiteLLM: model group ''fails-500'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "500_PROVIDER_INTERNAL_ERROR", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "fails-500", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'e0995e59-9913-4b75-a231-f8cc734db927', 'failure', NULL, '', NULL, 39, '2026-11-29 17:09:33.896', '2026-11-29 17:09:33.896', '342b45bf-a954-43e9-b015-5f58c78bd377', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('39b37f13-7cc2-4ce0-896a-8aa8d3364eeb', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 8, 8, 0, '2026-11-29 17:09:32.44', '2026-11-29 17:09:32.621', '2026-11-29 17:09:32.62', 'openai/fails-503', 'fails-503-1', 'fails-503', 'openai', 'http://127.0.0.1:43035/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "39b37f13-7cc2-4ce0-896a-8aa8d3364eeb", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "503", "error_class": "ServiceUnavailableError", "llm_provider": "openai", "error_message": "litellm.ServiceUnavailableError: ServiceUnavailableError: OpenAIException - The engine is overloaded\n\nLiteLLM: model group ''fails-503'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "503_PROVIDER_OVERLOADED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "fails-503", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'a59d4d44-ca71-4cb8-8c63-9a24f1a6fa32', 'failure', NULL, '', NULL, 181, '2026-11-29 17:09:33.896', '2026-11-29 17:09:33.896', '39b37f13-7cc2-4ce0-896a-8aa8d3364eeb', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('27050d70-47fa-4257-bb51-b60aae076969', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 8, 8, 0, '2026-11-29 17:09:32.805', '2026-11-29 17:09:33.107', '2026-11-29 17:09:33.107', 'openai/dead', 'dead-1', 'dead', 'openai', 'http://127.0.0.1:9/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "27050d70-47fa-4257-bb51-b60aae076969", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "500", "error_class": "InternalServerError", "llm_provider": "openai", "error_message": "litellm.InternalServerError: InternalServerError: OpenAIException - Connection error.\n\nLiteLLM: model group ''dead'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "500_PROVIDER_CONNECTION_ERROR", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "dead", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '782ca8b6-8dd3-45f0-b74c-a194903f7588', 'failure', NULL, '', NULL, 302, '2026-11-29 17:09:33.896', '2026-11-29 17:09:33.896', '27050d70-47fa-4257-bb51-b60aae076969', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('42b1f2f4-c93f-4f25-b72c-48713da3168c', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 8, 8, 0, '2026-11-29 17:09:33.138', '2026-11-29 17:09:33.345', '2026-11-29 17:09:33.344', 'openai/cut', 'cut-1', 'cut', 'openai', 'http://127.0.0.1:43035/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "42b1f2f4-c93f-4f25-b72c-48713da3168c", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "500", "error_class": "InternalServerError", "llm_provider": "openai", "error_message": "litellm.InternalServerError: InternalServerError: OpenAIException - Connection error.\n\nLiteLLM: model group ''cut'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "500_PROVIDER_CONNECTION_ERROR", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "cut", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '2dae8826-14f1-47c3-8a56-7826b3ba97b9', 'failure', NULL, '', NULL, 206, '2026-11-29 17:09:33.896', '2026-11-29 17:09:33.896', '42b1f2f4-c93f-4f25-b72c-48713da3168c', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('2f8910b6-c60a-4075-a184-d2f544b8b3a8', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 8, 8, 0, '2026-11-29 17:09:33.361', '2026-11-29 17:09:33.407', '2026-11-29 17:09:33.407', 'openai/garbage', 'garbage-1', 'garbage', 'openai', 'http://127.0.0.1:43035/v1', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "2f8910b6-c60a-4075-a184-d2f544b8b3a8", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "500", "error_class": "InternalServerError", "llm_provider": "openai", "error_message": "litellm.InternalServerError: InternalServerError: OpenAIException - Expecting value: line 1 column 1 (char 0)\n\nLiteLLM: model group ''garbage'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "500_PROVIDER_INTERNAL_ERROR", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "garbage", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'fa4bf8e8-b283-46f5-be49-7c56e0ddeb8d', 'failure', NULL, '', NULL, 46, '2026-11-29 17:09:33.896', '2026-11-29 17:09:33.896', '2f8910b6-c60a-4075-a184-d2f544b8b3a8', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('7496eeea-e5c5-4fee-a477-6a247ad6e115', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 8, 8, 0, '2026-11-29 17:09:33.421', '2026-11-29 17:09:34.485', '2026-11-29 17:09:34.485', 'hosted_vllm/slow', 'open-1', 'open/slow', 'hosted_vllm', 'http://127.0.0.1:43035/v1/chat/completions', '', '{"status": "failure", "user_agent": "beside", "max_retries": 0, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "7496eeea-e5c5-4fee-a477-6a247ad6e115", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": 0, "error_information": {"error_code": "408", "error_class": "Timeout", "llm_provider": "hosted_vllm", "error_message": "litellm.Timeout: Timeout Error: Hosted_vllmException - litellm.Timeout: Connection timed out. Timeout passed=1.0, time taken=1.002 seconds\n\nDeployment Info: request_timeout: None\ntimeout: None\n\nLiteLLM: model group ''open/slow'' failed with the error above and no fallback model group was found for it, so the request was not retried on another model. Fallbacks are configured for: falls. Add a fallbacks entry for that model group (Router fallbacks or proxy router_settings.fallbacks) to retry on another model.", "normalized_error": "408_UPSTREAM_TIMEOUT", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": 0, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": "open/slow", "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {"prompt_tokens_details": null, "completion_tokens_details": null}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '158dd2b2-e355-402e-b979-4d8cea80a932', 'failure', NULL, '', NULL, 1064, '2026-11-29 17:09:39.317', '2026-11-29 17:09:39.317', '7496eeea-e5c5-4fee-a477-6a247ad6e115', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('f2449ac8-608d-41c1-8830-aadb6dd713aa', 'acompletion', '429d185c5c28858ebdce66bd81dc739678ecce84490a808b2912b6044eac4a82', 0, 0, 0, 0, '2026-11-29 17:09:41.261', '2026-11-29 17:09:41.276', '2026-11-29 17:09:41.275', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "429d185c5c28858ebdce66bd81dc739678ecce84490a808b2912b6044eac4a82", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "f2449ac8-608d-41c1-8830-aadb6dd713aa", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "", "error_class": "Exception", "llm_provider": "", "error_message": "Key is blocked. Update via `/key/unblock` if you''re an admin.", "normalized_error": "UNCLASSIFIED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "own", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '69ea18fe-0d14-4d7d-864d-e47171c8648e', 'failure', NULL, '', NULL, 14, '2026-11-29 17:09:42.568', '2026-11-29 17:09:42.568', 'f2449ac8-608d-41c1-8830-aadb6dd713aa', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('c3dfb0a1-3844-4285-ac34-599298a97565', 'acompletion', 'ef9d376b3a636df6d24b5825ab6b9e760e9d2a6dcf2905627bb1e48f88eace2a', 0, 0, 0, 0, '2026-11-29 17:09:44.365', '2026-11-29 17:09:44.397', '2026-11-29 17:09:44.397', 'openai/paid', 'paid-1', 'paid', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "ef9d376b3a636df6d24b5825ab6b9e760e9d2a6dcf2905627bb1e48f88eace2a", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "c3dfb0a1-3844-4285-ac34-599298a97565", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "422", "error_class": "BudgetExceededError", "llm_provider": "openai", "error_message": "Budget has been exceeded! Key=zero (sk-...4W2w) Current cost: 0.0, Max budget: 0.0", "normalized_error": "429_BUDGET_EXCEEDED", "error_budget_limit": 0.0, "error_budget_spend": 0.0, "error_rate_limit_type": "budget", "error_budget_entity_id": "ef9d376b3a636df6d24b5825ab6b9e760e9d2a6dcf2905627bb1e48f88eace2a", "error_budget_entity_type": "key", "error_provider_request_id": null, "error_rate_limit_category": "litellm_rate_limit"}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "zero", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '7b809202-a582-4400-8126-01a2939cdfe3', 'failure', NULL, '', NULL, 32, '2026-11-29 17:09:46.939', '2026-11-29 17:09:46.939', 'c3dfb0a1-3844-4285-ac34-599298a97565', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('4a3a907e-7594-4ad0-b48b-3cd314bcaa6c', '/user/info', 'bb21169afc89ee41926c18e1582c76153c2115817d8ac91a032d5713b048c5dd', 0, 0, 0, 0, '2026-11-29 17:09:47.449', '2026-11-29 17:09:47.454', '2026-11-29 17:09:47.453', '', '', '', '', '', 'ann', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "bb21169afc89ee41926c18e1582c76153c2115817d8ac91a032d5713b048c5dd", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "4a3a907e-7594-4ad0-b48b-3cd314bcaa6c", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "403", "error_class": "HTTPException", "llm_provider": "", "error_message": "403: key not allowed to access this user''s info. user_id=bob, key''s user_id=ann", "normalized_error": "403_PERMISSION_DENIED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": "ann", "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '3177297a-476e-4205-b002-81f901982205', 'failure', NULL, '', NULL, 5, '2026-11-29 17:09:50.177', '2026-11-29 17:09:50.177', '4a3a907e-7594-4ad0-b48b-3cd314bcaa6c', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('ed0fe931-06e7-4d17-82f5-7f1ff187a4a4', 'acompletion', '53f40353bef6c5b2cffad40351dfe2d055c952d9bb4f2815109b56114e159c42', 0, 0, 0, 0, '2026-11-29 17:10:02.72', '2026-11-29 17:10:02.732', '2026-11-29 17:10:02.732', 'openai/unpriced', 'unpriced-1', 'unpriced', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "53f40353bef6c5b2cffad40351dfe2d055c952d9bb4f2815109b56114e159c42", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "ed0fe931-06e7-4d17-82f5-7f1ff187a4a4", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "403", "error_class": "ModelAccessDeniedProxyException", "llm_provider": "", "error_message": "The requested model ''unpriced'' is not available for this API key, or the model name is invalid. Check the models available to you and try again.", "normalized_error": "403_MODEL_ACCESS_DENIED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "red-key", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": "red", "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": "Red", "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', 'red', '', '127.0.0.1', '{}', '{}', '{}', '833c24a3-f907-4694-8f16-8e9c317ecf67', 'failure', NULL, '', NULL, 12, '2026-11-29 17:10:06.402', '2026-11-29 17:10:06.402', 'ed0fe931-06e7-4d17-82f5-7f1ff187a4a4', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('5cb5865c-539b-42d3-b507-fb72d4e4ddb6', 'acompletion', '53f40353bef6c5b2cffad40351dfe2d055c952d9bb4f2815109b56114e159c42', 0, 0, 0, 0, '2026-11-29 17:10:08.673', '2026-11-29 17:10:08.691', '2026-11-29 17:10:08.691', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "53f40353bef6c5b2cffad40351dfe2d055c952d9bb4f2815109b56114e159c42", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "5cb5865c-539b-42d3-b507-fb72d4e4ddb6", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "", "error_class": "Exception", "llm_provider": "", "error_message": "Team=red is blocked. Update via `/team/unblock` if you''re an admin.", "normalized_error": "UNCLASSIFIED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "red-key", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": "red", "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": "Red", "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', 'red', '', '127.0.0.1', '{}', '{}', '{}', '747c0ee0-02bb-4190-9d81-ca9de8a66522', 'failure', NULL, '', NULL, 18, '2026-11-29 17:10:10.517', '2026-11-29 17:10:10.517', '5cb5865c-539b-42d3-b507-fb72d4e4ddb6', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('c2f95a1d-cb4e-43c4-b6c3-f31f6362922f', '/v1/models', '18fbca73e6a3d7a53f27e68288aef1adc92e0c35f1c40bf5102e67b9587cdbae', 0, 0, 0, 0, '2026-11-29 17:11:01.572', '2026-11-29 17:11:01.59', '2026-11-29 17:11:01.589', '', '', '', '', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "18fbca73e6a3d7a53f27e68288aef1adc92e0c35f1c40bf5102e67b9587cdbae", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "c2f95a1d-cb4e-43c4-b6c3-f31f6362922f", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "401", "error_class": "KeyNotFoundError", "llm_provider": "", "error_message": "Authentication Error, Invalid API key provided.", "normalized_error": "401_AUTHENTICATION_FAILED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', 'df733850-106b-4b3b-b9df-67617441e163', 'failure', NULL, '', NULL, 18, '2026-11-29 17:11:02.247', '2026-11-29 17:11:02.247', 'c2f95a1d-cb4e-43c4-b6c3-f31f6362922f', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('adf0705e-6707-4e2f-9e4f-4b3700335f47', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 0, 0, 0, '2026-11-29 17:10:25.044', '2026-11-29 17:10:25.053', '2026-11-29 17:10:25.053', 'openai/paid', 'paid-1', 'paid', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "adf0705e-6707-4e2f-9e4f-4b3700335f47", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "422", "error_class": "BudgetExceededError", "llm_provider": "openai", "error_message": "ExceededBudget: End User=tiny over budget. Spend=5.999999999999994e-05, Budget=1e-08", "normalized_error": "429_BUDGET_EXCEEDED", "error_budget_limit": 0.00000001, "error_budget_spend": 0.00005999999999999994, "error_rate_limit_type": "budget", "error_budget_entity_id": "tiny", "error_budget_entity_type": "end_user", "error_provider_request_id": null, "error_rate_limit_category": "litellm_rate_limit"}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', 'tiny', '127.0.0.1', '{}', '{}', '{}', '64304cb2-eb3b-48ae-822e-6ee2811f1298', 'failure', NULL, '', NULL, 9, '2026-11-29 17:10:26.188', '2026-11-29 17:10:26.188', 'adf0705e-6707-4e2f-9e4f-4b3700335f47', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('8dfb4d39-2b58-4108-900e-1229c75940d6', 'acompletion', 'a70ef875fe5e3f224c7c55012acd0019c652593a1a11913e6d155b44466423e1', 0, 0, 0, 0, '2026-11-29 17:10:42.338', '2026-11-29 17:10:42.346', '2026-11-29 17:10:42.345', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "a70ef875fe5e3f224c7c55012acd0019c652593a1a11913e6d155b44466423e1", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "8dfb4d39-2b58-4108-900e-1229c75940d6", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "429", "error_class": "ProxyRateLimitError", "llm_provider": "openai", "error_message": "litellm.RateLimitError: Rate limit exceeded for REDACTED Limit type: requests. Current limit: 1, Remaining: 0. Limit resets at: 2026-11-29 17:11:42 UTC", "normalized_error": "429_RATE_LIMIT_EXCEEDED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": "requests", "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": "litellm_rate_limit"}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "slow", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'b966e659-4719-4ff9-a94f-e6cd234b2e67', 'failure', NULL, '', NULL, 7, '2026-11-29 17:10:42.374', '2026-11-29 17:10:42.374', '8dfb4d39-2b58-4108-900e-1229c75940d6', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('041f4bfd-e871-438d-b4e1-1729dadc3c9e', 'acompletion', '4a2f8e8935925d09f7785959a62ec98684cca88b35960082241db9ad59fae439', 0, 0, 0, 0, '2026-11-29 17:10:46.85', '2026-11-29 17:10:46.854', '2026-11-29 17:10:46.853', 'openai/paid', 'paid-1', 'paid', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "4a2f8e8935925d09f7785959a62ec98684cca88b35960082241db9ad59fae439", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "041f4bfd-e871-438d-b4e1-1729dadc3c9e", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "422", "error_class": "BudgetExceededError", "llm_provider": "openai", "error_message": "Budget has been exceeded! Team=poor Current cost: 5.999999999999994e-05, Max budget: 1e-08", "normalized_error": "429_BUDGET_EXCEEDED", "error_budget_limit": 0.00000001, "error_budget_spend": 0.00005999999999999994, "error_rate_limit_type": "budget", "error_budget_entity_id": "poor", "error_budget_entity_type": "team", "error_provider_request_id": null, "error_rate_limit_category": "litellm_rate_limit"}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "poor-key", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": "poor", "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', 'poor', '', '127.0.0.1', '{}', '{}', '{}', 'f674b52a-957f-403b-975a-cfaaef849e53', 'failure', NULL, '', NULL, 3, '2026-11-29 17:10:50.167', '2026-11-29 17:10:50.167', '041f4bfd-e871-438d-b4e1-1729dadc3c9e', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('8cce6146-1c6d-43fd-b577-4f492127878a', 'acompletion', '1b72538f89bbed6d2f57498881838b73b29976a54b0169c511816865b31cb4e3', 0, 0, 0, 0, '2026-11-29 17:10:51.184', '2026-11-29 17:10:51.189', '2026-11-29 17:10:51.188', 'openai/paid', 'paid-1', 'paid', 'openai', '', 'poor-user', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "1b72538f89bbed6d2f57498881838b73b29976a54b0169c511816865b31cb4e3", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "8cce6146-1c6d-43fd-b577-4f492127878a", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "422", "error_class": "BudgetExceededError", "llm_provider": "openai", "error_message": "ExceededBudget: User=poor-user over budget. Spend=5.999999999999994e-05, Budget=1e-08", "normalized_error": "429_BUDGET_EXCEEDED", "error_budget_limit": 0.00000001, "error_budget_spend": 0.00005999999999999994, "error_rate_limit_type": "budget", "error_budget_entity_id": "poor-user", "error_budget_entity_type": "user", "error_provider_request_id": null, "error_rate_limit_category": "litellm_rate_limit"}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": null, "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": "poor-user", "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '6b29212b-e150-44c3-9221-0a63ff578ec1', 'failure', NULL, '', NULL, 4, '2026-11-29 17:10:54.351', '2026-11-29 17:10:54.351', '8cce6146-1c6d-43fd-b577-4f492127878a', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('8adccd12-7715-4abc-bc4a-b2c04f150b41', 'acompletion', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 0, 0, 0, 0, '2026-11-29 17:10:55.631', '2026-11-29 17:10:55.65', '2026-11-29 17:10:55.649', 'openai/paid', 'paid-1', 'paid', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "8adccd12-7715-4abc-bc4a-b2c04f150b41", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "422", "error_class": "BudgetExceededError", "llm_provider": "openai", "error_message": "Budget has been exceeded! Tag=poor-tag Current cost: 5.999999999999994e-05, Max budget: 1e-08", "normalized_error": "429_BUDGET_EXCEEDED", "error_budget_limit": 0.00000001, "error_budget_spend": 0.00005999999999999994, "error_rate_limit_type": "budget", "error_budget_entity_id": "poor-tag", "error_budget_entity_type": "tag", "error_provider_request_id": null, "error_rate_limit_category": "litellm_rate_limit"}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "caller", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', 'bca866b6-1b58-4d99-8098-8eb988f7b503', 'failure', NULL, '', NULL, 18, '2026-11-29 17:10:58.114', '2026-11-29 17:10:58.114', '8adccd12-7715-4abc-bc4a-b2c04f150b41', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('15c37349-f53c-4936-a4a4-3e22d5d00bfd', 'acompletion', '6907f49d658fc12aeff702c682bca1c92e270248bdd1d30bd5e17d4315744738', 0, 0, 0, 0, '2026-11-29 17:10:59.817', '2026-11-29 17:10:59.837', '2026-11-29 17:10:59.837', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "6907f49d658fc12aeff702c682bca1c92e270248bdd1d30bd5e17d4315744738", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "15c37349-f53c-4936-a4a4-3e22d5d00bfd", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "401", "error_class": "ProxyException", "llm_provider": "", "error_message": "Authentication Error - Expired Key. Key Expiry time 2026-11-29 17:10:56.684000+00:00 and current time 2026-11-29 17:10:59.806922+00:00", "normalized_error": "401_AUTHENTICATION_FAILED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": null, "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": null}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "brief", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": null, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '[]', '', '', '127.0.0.1', '{}', '{}', '{}', '1718d6be-c783-43b3-accd-2135bef9336d', 'failure', NULL, '', NULL, 20, '2026-11-29 17:11:02.247', '2026-11-29 17:11:02.247', '15c37349-f53c-4936-a4a4-3e22d5d00bfd', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('814dd987-828b-4546-b1b4-85b66cea9df9', 'acompletion', '855e4fdbfd43cacef7f78d7e24b817c098bdd224926c02165653401eb0e1275e', 0, 0, 0, 0, '2026-11-29 17:11:00.022', '2026-11-29 17:11:00.034', '2026-11-29 17:11:00.034', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "855e4fdbfd43cacef7f78d7e24b817c098bdd224926c02165653401eb0e1275e", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "814dd987-828b-4546-b1b4-85b66cea9df9", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "429", "error_class": "ProxyRateLimitError", "llm_provider": "openai", "error_message": "litellm.RateLimitError: Rate limit exceeded for REDACTED Limit type: tokens. Current limit: 1, Remaining: 1. Limit resets at: 2026-11-29 17:12:00 UTC", "normalized_error": "429_RATE_LIMIT_EXCEEDED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": "tokens", "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": "litellm_rate_limit"}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "few-tokens", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', '04013764-c225-4813-b6b7-edcfda4851fc', 'failure', NULL, '', NULL, 12, '2026-11-29 17:11:02.247', '2026-11-29 17:11:02.247', '814dd987-828b-4546-b1b4-85b66cea9df9', NULL);
INSERT INTO public."LiteLLM_SpendLogs" VALUES ('4ab6b3f8-854f-4de2-b9d0-6b0057f88929', 'acompletion', '855e4fdbfd43cacef7f78d7e24b817c098bdd224926c02165653401eb0e1275e', 0, 0, 0, 0, '2026-11-29 17:11:00.061', '2026-11-29 17:11:00.066', '2026-11-29 17:11:00.066', 'openai/local', 'local-1', 'local', 'openai', '', '', '{"status": "failure", "user_agent": "beside", "max_retries": null, "batch_models": null, "usage_object": {}, "user_api_key": "855e4fdbfd43cacef7f78d7e24b817c098bdd224926c02165653401eb0e1275e", "actor_agent_id": null, "cost_breakdown": null, "azure_spillover": null, "litellm_call_id": "4ab6b3f8-854f-4de2-b9d0-6b0057f88929", "router_metadata": null, "target_agent_id": null, "billing_agent_id": null, "eval_information": null, "routing_decision": null, "attempted_retries": null, "error_information": {"error_code": "429", "error_class": "ProxyRateLimitError", "llm_provider": "openai", "error_message": "litellm.RateLimitError: Rate limit exceeded for REDACTED Limit type: tokens. Current limit: 1, Remaining: 1. Limit resets at: 2026-11-29 17:12:00 UTC", "normalized_error": "429_RATE_LIMIT_EXCEEDED", "error_budget_limit": null, "error_budget_spend": null, "error_rate_limit_type": "tokens", "error_budget_entity_id": null, "error_budget_entity_type": null, "error_provider_request_id": null, "error_rate_limit_category": "litellm_rate_limit"}, "applied_guardrails": [], "autorouter_savings": null, "user_api_key_alias": "few-tokens", "attempted_fallbacks": null, "compression_savings": null, "spend_logs_metadata": null, "user_api_key_org_id": null, "agent_execution_mode": null, "billed_retry_attempt": false, "internal_call_origin": null, "original_model_group": null, "proxy_server_request": null, "requester_ip_address": "127.0.0.1", "user_api_key_team_id": null, "user_api_key_user_id": null, "batch_failed_requests": null, "guardrail_information": null, "litellm_roi_estimator": false, "mcp_tool_call_metadata": null, "verified_human_user_id": null, "additional_usage_values": {}, "cold_storage_object_key": null, "used_client_oauth_token": false, "user_api_key_project_id": null, "user_api_key_team_alias": null, "litellm_overhead_time_ms": null, "batch_successful_requests": null, "user_api_key_project_alias": null, "autorouter_savings_estimate": null, "vector_store_request_metadata": null, "litellm_gateway_injected_cache": null, "autorouter_baseline_observation": null}', 'False', 'Cache OFF', '["User-Agent: beside"]', '', '', '127.0.0.1', '{}', '{}', '{}', 'df5c69b8-975f-4ded-a376-4ee6ce174843', 'failure', NULL, '', NULL, 5, '2026-11-29 17:11:02.247', '2026-11-29 17:11:02.247', '4ab6b3f8-854f-4de2-b9d0-6b0057f88929', NULL);

INSERT INTO public."LiteLLM_TagTable" VALUES ('gold', 'Still the best', '{}', '{}', 6e-05, 'b2694aee-b35a-42fa-ad77-94089563a8e4', '2026-11-29 17:10:25.296', 'default_user_id', '2026-11-29 17:10:26.108');
INSERT INTO public."LiteLLM_TagTable" VALUES ('poor-tag', NULL, '{}', '{}', 6e-05, 'a32fe590-fbd5-4ccf-ba03-8973c46d7de8', '2026-11-29 17:10:51.461', 'default_user_id', '2026-11-29 17:10:54.213');

INSERT INTO public."LiteLLM_TeamMembership" VALUES ('ann', 'red', 0, NULL, 0);
INSERT INTO public."LiteLLM_TeamMembership" VALUES ('default_user_id', 'red', 0, NULL, 0);
INSERT INTO public."LiteLLM_TeamMembership" VALUES ('ann', 'led', 0, NULL, 0);
INSERT INTO public."LiteLLM_TeamMembership" VALUES ('default_user_id', 'led', 0, NULL, 0);
INSERT INTO public."LiteLLM_TeamMembership" VALUES ('default_user_id', 'windows', 0, NULL, 0);
INSERT INTO public."LiteLLM_TeamMembership" VALUES ('default_user_id', 'members', 0, 'team-budget-2de08d3330a84feb83c822c8d81d2ea6', 0);
INSERT INTO public."LiteLLM_TeamMembership" VALUES ('none-such', 'red', 0, '22e145df-a392-43f9-8e58-d88e5bd49ef6', 0);
INSERT INTO public."LiteLLM_TeamMembership" VALUES ('bob', 'red', 0, 'a0d99dc0-6aaa-446f-b627-3fc86e8a9759', 6e-05);
INSERT INTO public."LiteLLM_TeamMembership" VALUES ('hal', 'red', 0, NULL, 0);
INSERT INTO public."LiteLLM_TeamMembership" VALUES ('default_user_id', 'poor', 0, NULL, 0);

INSERT INTO public."LiteLLM_TeamTable" VALUES ('red', 'Red', NULL, '{}', '{}', '[{"role": "user", "user_id": "ann", "user_email": "ann@example.com"}, {"role": "admin", "user_id": "default_user_id", "user_email": null}, {"role": "user", "user_id": "bob", "user_email": "bob@example.com"}, {"role": "user", "user_id": "hal", "user_email": null}]', '{"floor": 5}', 60, 0.00012, '{local,paid}', NULL, NULL, 500, '30d', '2026-12-01 00:00:00', false, '2026-11-29 17:09:56.298', '2026-11-29 17:10:10.224', '{}', '{}', 1, '{/key/generate,/key/info}', NULL, '{}', '{}', false, NULL, '{}', NULL, '{}', NULL);
INSERT INTO public."LiteLLM_TeamTable" VALUES ('led', NULL, NULL, '{}', '{}', '[{"role": "admin", "user_id": "ann", "user_email": "ann@example.com"}, {"role": "admin", "user_id": "default_user_id", "user_email": null}]', '{}', NULL, 0, '{}', NULL, NULL, NULL, NULL, NULL, false, '2026-11-29 17:09:56.628', '2026-11-29 17:09:56.69', '{}', '{}', NULL, '{}', NULL, '{}', '{}', false, NULL, '{}', NULL, '{}', NULL);
INSERT INTO public."LiteLLM_TeamTable" VALUES ('windows', NULL, NULL, '{}', '{}', '[{"role": "admin", "user_id": "default_user_id", "user_email": null}]', '{}', NULL, 0, '{}', NULL, NULL, NULL, NULL, NULL, false, '2026-11-29 17:09:57.52', '2026-11-29 17:09:57.559', '{}', '{}', NULL, '{}', NULL, '{}', '{}', false, NULL, '{}', '[{"reset_at": "2026-11-30T00:00:00+00:00", "max_budget": 1.0, "budget_duration": "24h"}]', '{}', NULL);
INSERT INTO public."LiteLLM_TeamTable" VALUES ('members', NULL, NULL, '{}', '{}', '[{"role": "admin", "user_id": "default_user_id", "user_email": null}]', '{"team_member_budget_id": "team-budget-2de08d3330a84feb83c822c8d81d2ea6"}', NULL, 0, '{}', NULL, NULL, NULL, NULL, NULL, false, '2026-11-29 17:09:57.931', '2026-11-29 17:09:58.126', '{}', '{}', NULL, '{}', NULL, '{}', '{}', false, NULL, '{}', NULL, '{}', NULL);
INSERT INTO public."LiteLLM_TeamTable" VALUES ('poor', NULL, NULL, '{}', '{}', '[{"role": "admin", "user_id": "default_user_id", "user_email": null}]', '{}', 1e-08, 6e-05, '{}', NULL, NULL, NULL, '30d', '2026-12-01 00:00:00', false, '2026-11-29 17:10:42.381', '2026-11-29 17:10:50.086', '{}', '{}', NULL, '{}', NULL, '{}', '{}', false, NULL, '{}', NULL, '{}', NULL);

INSERT INTO public."LiteLLM_ToolTable" VALUES ('da9d0ae9-6933-4e03-b094-944290b5a755', 'get_weather', 'user_defined', 'untrusted', 4, '{}', '414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', NULL, 'caller', '2026-11-29 17:09:19.029', 'system', '2026-11-29 17:09:23.073', 'system', 'untrusted', 'beside', '2026-11-29 17:09:23.073');

INSERT INTO public."LiteLLM_UserTable" VALUES ('eve', NULL, NULL, NULL, NULL, NULL, '{}', 'proxy_admin', NULL, 0, NULL, '{}', '{}', NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:09:45.94', '2026-11-29 17:09:45.94', NULL, '{}', NULL, NULL);
INSERT INTO public."LiteLLM_UserTable" VALUES ('vic', NULL, NULL, NULL, NULL, NULL, '{}', 'proxy_admin_viewer', NULL, 0, NULL, '{}', '{}', NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:09:46.053', '2026-11-29 17:09:46.053', NULL, '{}', NULL, NULL);
INSERT INTO public."LiteLLM_UserTable" VALUES ('default_user_id', NULL, NULL, NULL, NULL, NULL, '{red,led,windows,members,poor}', 'internal_user', NULL, 0, NULL, '{}', '{}', NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:09:55.928', '2026-11-29 17:10:42.511', NULL, '{}', NULL, NULL);
INSERT INTO public."LiteLLM_UserTable" VALUES ('nobody-such', NULL, NULL, NULL, NULL, NULL, '{}', NULL, 1, 0, NULL, NULL, '{}', NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:09:48.544', '2026-11-29 17:09:48.544', NULL, '{}', NULL, NULL);
INSERT INTO public."LiteLLM_UserTable" VALUES ('poor-user', NULL, NULL, NULL, NULL, NULL, '{}', NULL, 1e-08, 6e-05, NULL, '{}', '{}', NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:10:47.01', '2026-11-29 17:10:54.008', NULL, '{}', NULL, NULL);
INSERT INTO public."LiteLLM_UserTable" VALUES ('ann', 'Anna', NULL, NULL, NULL, NULL, '{red,led}', 'internal_user', 21, 6e-05, 'ann@example.com', '{local,paid}', '{"floor": 3}', NULL, NULL, 50, '30d', '2026-12-01 00:00:00', '{}', '{}', '{}', '2026-11-29 17:09:45.468', '2026-11-29 17:09:56.69', NULL, '{}', NULL, NULL);
INSERT INTO public."LiteLLM_UserTable" VALUES ('bob', NULL, NULL, NULL, NULL, NULL, '{red}', 'internal_user_viewer', 22, 6e-05, 'bob@example.com', '{}', '{}', NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:09:45.622', '2026-11-29 17:10:06.016', NULL, '{}', NULL, NULL);
INSERT INTO public."LiteLLM_UserTable" VALUES ('hal', NULL, NULL, NULL, NULL, NULL, '{red}', 'internal_user', NULL, 0, NULL, '{}', '{}', NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:10:08.407', '2026-11-29 17:10:08.407', NULL, '{}', NULL, NULL);
INSERT INTO public."LiteLLM_UserTable" VALUES ('cat', NULL, NULL, NULL, NULL, NULL, '{}', 'internal_user', NULL, 0, NULL, '{}', '{}', NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:10:00.448', '2026-11-29 17:10:08.874', NULL, '{}', NULL, NULL);
INSERT INTO public."LiteLLM_UserTable" VALUES ('764d0356-ae55-46bb-9ca5-667b205510d6', NULL, NULL, NULL, NULL, NULL, '{}', 'internal_user', NULL, 0, 'dan@example.com', '{}', '{}', NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:10:00.448', '2026-11-29 17:10:09.266', NULL, '{}', NULL, NULL);

INSERT INTO public."LiteLLM_VerificationToken" VALUES ('81b438fae9c9d9ee2a0cce9ce5e50e01353ffa138b144ba698a626901043cb1c', 'sk-...Pgpw', 'unknown-field', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:09:36.689', 'default_user_id', '2026-11-29 17:09:36.689', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('d40e12189a5c07aa35abd25780bd1311f011109c408c2d309758bbb41996b0b3', 'sk-...RTiA', NULL, false, 0, NULL, '{}', '{}', '{}', NULL, 'no-such-team', '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:09:36.724', 'default_user_id', '2026-11-29 17:09:36.724', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('fc3c8171b3e8893086bde5171d6121191ebcd4b4d5f2225c5a1d7af04ba776b6', 'sk-...Z90w', NULL, false, 0, NULL, '{}', '{}', '{}', 'no-such-user', NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:09:36.792', 'default_user_id', '2026-11-29 17:09:36.792', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('8f030f4df7833087be155d20816aee66c66e2b31bf4ee0ed610098c1daf7bacd', 'sk-...1jYw', 'spent', false, 1.25, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, 2, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:09:36.848', 'default_user_id', '2026-11-29 17:09:36.848', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('9fbdf7c9a10a9a683fcbb365ae5a14d00cb19d075c045733a46db9245431ec4a', 'sk-...XWzg', 'management-only', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:09:37.053', 'default_user_id', '2026-11-29 17:09:37.053', 'default_user_id', '{management_routes}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'management', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('423e02a0cb8487ec5f84d0ff4e85248aaf0ebc70154ae55e84f06c4847b36786', 'sk-...6Nmg', 'blocked', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', true, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:09:11.848', 'default_user_id', '2026-11-29 17:09:30.028', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:09:30.049', NULL, NULL, '{}', 'default', '2026-11-29 17:09:11.895', NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('93d6e6880324a5a9cf0deb4a86cd3497d5abeaf72ee9f85fb578844c5802eb3f', 'sk-...vTqw', 'broke', false, 6e-05, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, 1e-08, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:09:11.94', 'default_user_id', '2026-11-29 17:09:34.028', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:09:34.077', NULL, NULL, '{}', 'default', NULL, NULL, 6e-05);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('f9d5fa2c1628191a0e77bec9c8087bc1e5d93b0b6e6e52fa5dec0e275605c735', 'sk-...sy-g', 'narrow', false, 0, NULL, '{local}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:09:11.788', 'default_user_id', '2026-11-29 17:09:34.028', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:09:34.077', NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('0018993829b135a815f3abf4c44037c885b512cadc03f2ac6b11ea40dd892e06', 'sk-...FPhA', NULL, false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:09:34.885', 'default_user_id', '2026-11-29 17:09:34.885', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('2371102f621b6feeed230c0877ad2df86e4b5d61bc6f67b26ea393d0e9ad3863', 'sk-...iQuA', 'tagged-2', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{"tags": ["one", "two"]}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:09:35.225', 'default_user_id', '2026-11-29 17:09:35.225', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('15bb7ac5327e60ebb46155230080150708f8e54dde8b398afa2a5714767f5fbf', 'sk-...b3cw', 'model-limits', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{"model_rpm_limit": {"local": 5}, "model_tpm_limit": {"local": 500}}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:09:35.51', 'default_user_id', '2026-11-29 17:09:35.51', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('099e8bb569ad5599e3a9a2ddc0c773e843aee12e387460f0b6da95873e1de3fa', 'sk-...Fs4A', 'windows', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:09:35.954', 'default_user_id', '2026-11-29 17:09:35.954', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '[{"reset_at": "2026-11-30T00:00:00+00:00", "max_budget": 1.0, "budget_duration": "24h"}, {"reset_at": "2026-12-01T00:00:00+00:00", "max_budget": 10.0, "budget_duration": "30d"}]', '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('32a3c19850c5fff397d1bf79c8a1d9749027975196fbbe85df4b9de3f32e9e8c', 'sk-...PLXw', 'read-only', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:09:37.124', 'default_user_id', '2026-11-29 17:09:37.124', 'default_user_id', '{info_routes}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'read_only', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('357eac7d354b9e3b0e244d64712595bb9330c39b7b0dba1308c79e72f1ac32e0', 'sk-...fM9A', 'rotated', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:09:37.317', 'default_user_id', '2026-11-29 17:09:37.317', 'default_user_id', '{}', NULL, true, '2026-12-29 17:09:37.311', NULL, 0, '30d', NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('414c63cea938754022652227499a49f2ab56cad978b5047f4a547ce6cc39aa22', 'sk-...ILmQ', 'caller', false, 0.0006100000000000001, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{"app": "beside"}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:09:11.462', 'default_user_id', '2026-11-29 17:10:58.005', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:10:58.024', NULL, NULL, '{}', 'default', NULL, NULL, 0.0006100000000000001);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('429d185c5c28858ebdce66bd81dc739678ecce84490a808b2912b6044eac4a82', 'sk-...6789', 'own', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', false, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:09:35.586', 'default_user_id', '2026-11-29 17:09:42.023', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:09:42.072', NULL, NULL, '{}', 'default', '2026-11-29 17:09:41.301', NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('bb21169afc89ee41926c18e1582c76153c2115817d8ac91a032d5713b048c5dd', 'sk-...Ej2Q', NULL, false, 6e-05, NULL, '{local,paid}', '{}', '{}', 'ann', NULL, '{}', NULL, '{"floor": 3}', NULL, 1000, 100, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:09:45.503', NULL, '2026-11-29 17:09:50.069', NULL, '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:09:50.077', NULL, NULL, '{}', NULL, NULL, NULL, 6e-05);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('b922679ccba2b56074877c4124d8752f67e5c8db7a8f4527c22330e95d0d4a91', 'sk-..._KlQ', NULL, false, 0, NULL, '{}', '{}', '{}', 'eve', NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:09:45.966', NULL, '2026-11-29 17:09:45.966', NULL, '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', NULL, NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('68ccfafea778f4ac870515dbeefcca0dd5343f663184b9486eb9c0ff5c0a8713', 'sk-...jDVQ', 'much', false, 0, NULL, '{local}', '{"short": "local"}', '{}', NULL, NULL, '{}', 3, '{"team": "blue", "temp_budget_expiry": "2030-01-01T00:00:00+00:00", "temp_budget_increase": 5.0}', false, 1000, 20, 3, '30d', '2026-12-01 00:00:00', '{}', '{}', '{}', '16350f5a-4368-456b-9454-0eea2acc2294', NULL, '2026-11-29 17:09:35.111', 'default_user_id', '2026-11-29 17:09:46.006', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:09:46.03', NULL, NULL, '{}', 'default', '2026-11-29 17:09:41.985', NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('ef9d376b3a636df6d24b5825ab6b9e760e9d2a6dcf2905627bb1e48f88eace2a', 'sk-...4W2w', 'zero', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:09:36.299', 'default_user_id', '2026-11-29 17:09:46.006', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:09:46.03', NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('99e162224ec2e5edca4e8df7bd8d9ded5691c8f4dd4e03aea2a97fe0842d1818', 'sk-...RDDg', NULL, false, 0, NULL, '{}', '{}', '{}', 'vic', NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:09:46.072', NULL, '2026-11-29 17:09:46.072', NULL, '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', NULL, NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('2b286dbeee6289dc98e8b4f91d78c9a9fb5bf42e925833ba7159490814b6059c', 'sk-...Z_aQ', NULL, false, 0, NULL, '{unpriced}', '{}', '{}', NULL, 'red', '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:10:01.953', 'default_user_id', '2026-11-29 17:10:01.953', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('c6d30cc1098dae3e35e5124b5aa4d653e2d9d5a0bc27726a02c3542b0721805d', 'sk-...wt1g', 'robot', false, 0, NULL, '{}', '{}', '{}', NULL, 'red', '{}', NULL, '{"service_account_id": "robot"}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:10:02.117', 'default_user_id', '2026-11-29 17:10:02.117', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('7cc0b044ba60ce4a37deb744a5fddfa07b8644c6fabe8692eff2bf4d902ed5d6', 'sk-...qTpg', 'bob-red', false, 6e-05, NULL, '{}', '{}', '{}', 'bob', 'red', '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:10:01.794', 'default_user_id', '2026-11-29 17:10:06.081', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:10:06.1', NULL, NULL, '{}', 'default', NULL, NULL, 6e-05);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('53f40353bef6c5b2cffad40351dfe2d055c952d9bb4f2815109b56114e159c42', 'sk-...updA', 'red-key', false, 6e-05, NULL, '{all-team-models}', '{}', '{}', NULL, 'red', '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:10:01.667', 'default_user_id', '2026-11-29 17:10:10.134', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:10:10.205', NULL, NULL, '{}', 'default', NULL, NULL, 6e-05);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('5a7b0f4a92283d267f9e30b8746e3ffc8db778b548b45a016bdb44a2265dd985', 'sk-...VPVQ', 'budgeted', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', 'small', NULL, '2026-11-29 17:10:10.871', 'default_user_id', '2026-11-29 17:10:10.871', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('72010d5600480d88a35f8c7101ecf1f6fb9d9e260eef81e7bde779fcff583b85', 'sk-...nj4Q', 'grouped', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:10:35.368', 'default_user_id', '2026-11-29 17:10:35.368', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{79059b74-fa88-4ac9-afa5-289a39e71aad}', NULL, NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('6907f49d658fc12aeff702c682bca1c92e270248bdd1d30bd5e17d4315744738', 'sk-...e48Q', 'brief', false, 0, '2026-11-29 17:10:56.684', '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:10:55.687', 'default_user_id', '2026-11-29 17:11:02.008', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:11:02.063', NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('a70ef875fe5e3f224c7c55012acd0019c652593a1a11913e6d155b44466423e1', 'sk-...jGVw', 'slow', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, 100000, 1, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:10:42.26', 'default_user_id', '2026-11-29 17:10:46.015', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:10:46.044', NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('855e4fdbfd43cacef7f78d7e24b817c098bdd224926c02165653401eb0e1275e', 'sk-...tXTg', 'few-tokens', false, 0, NULL, '{}', '{}', '{}', NULL, NULL, '{}', NULL, '{}', NULL, 1, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:10:59.883', 'default_user_id', '2026-11-29 17:11:02.008', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:11:02.065', NULL, NULL, '{}', 'default', NULL, NULL, 0);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('4a2f8e8935925d09f7785959a62ec98684cca88b35960082241db9ad59fae439', 'sk-...BKiw', 'poor-key', false, 6e-05, NULL, '{}', '{}', '{}', NULL, 'poor', '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:10:42.61', 'default_user_id', '2026-11-29 17:10:50.052', 'default_user_id', '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:10:50.065', NULL, NULL, '{}', 'default', NULL, NULL, 6e-05);
INSERT INTO public."LiteLLM_VerificationToken" VALUES ('1b72538f89bbed6d2f57498881838b73b29976a54b0169c511816865b31cb4e3', 'sk-...B-ow', NULL, false, 6e-05, NULL, '{}', '{}', '{}', 'poor-user', NULL, '{}', NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{}', NULL, NULL, '2026-11-29 17:10:47.022', NULL, '2026-11-29 17:10:54.037', NULL, '{}', NULL, false, NULL, NULL, 0, NULL, NULL, '{}', '{}', '{}', '2026-11-29 17:10:54.158', NULL, NULL, '{}', NULL, NULL, NULL, 6e-05);

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

