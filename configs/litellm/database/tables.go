package database

import (
	"slices"
	"strings"
)

// Table is the name of a table.
type Table string

// The tables that are read.
const (
	Keys          Table = "LiteLLM_VerificationToken"
	OldKeys       Table = "LiteLLM_DeprecatedVerificationToken"
	Users         Table = "LiteLLM_UserTable"
	Teams         Table = "LiteLLM_TeamTable"
	Members       Table = "LiteLLM_TeamMembership"
	Orgs          Table = "LiteLLM_OrganizationTable"
	OrgMembers    Table = "LiteLLM_OrganizationMembership"
	EndUsers      Table = "LiteLLM_EndUserTable"
	Budgets       Table = "LiteLLM_BudgetTable"
	BudgetWindows Table = "LiteLLM_BudgetWindowSpend"
	Tags          Table = "LiteLLM_TagTable"
	TeamAliases   Table = "LiteLLM_ModelTable"
	Models        Table = "LiteLLM_ProxyModelTable"
	Credentials   Table = "LiteLLM_CredentialsTable"
	AccessGroups  Table = "LiteLLM_AccessGroupTable"
	Projects      Table = "LiteLLM_ProjectTable"
	Settings      Table = "LiteLLM_Config"
)

// described is a table with its columns. A row means nothing without those that it needs;
// the others came or went with versions.
type described struct {
	name   Table
	key    []string
	needs  []string
	others string // separated by spaces
}

func (d described) columns() []string {
	return slices.Concat(d.key, d.needs, strings.Fields(d.others))
}

var tables = []described{
	{Budgets, []string{"budget_id"}, []string{"max_budget", "budget_duration"},
		`soft_budget max_parallel_requests tpm_limit rpm_limit tpd_limit model_max_budget budget_reset_at allowed_models temp_budget_increase temp_budget_expiry
		created_at created_by updated_at updated_by`},
	{BudgetWindows, []string{"entity_type", "entity_id", "window_duration"}, []string{"window_start", "spend"}, `created_at updated_at`},
	{Orgs, []string{"organization_id"}, []string{"budget_id", "spend", "models"}, `organization_alias metadata model_spend object_permission_id created_at created_by updated_at updated_by`},
	{Users, []string{"user_id"}, []string{"max_budget", "spend", "user_role", "models"},
		`user_alias team_id sso_user_id organization_id password teams user_email metadata max_parallel_requests tpm_limit rpm_limit budget_duration budget_reset_at
		allowed_cache_controls model_spend model_max_budget created_at updated_at object_permission_id policies password_reset_required last_breach_check_at budget_limits`},
	{OrgMembers, []string{"user_id", "organization_id"}, nil, `user_role spend budget_id created_at updated_at`},
	{TeamAliases, []string{"id"}, nil, `aliases created_at created_by updated_at updated_by`},
	{Teams, []string{"team_id"}, []string{"max_budget", "spend", "models", "members_with_roles", "blocked"},
		`team_alias organization_id admins members metadata max_parallel_requests tpm_limit rpm_limit tpd_limit budget_duration budget_reset_at created_at updated_at model_spend
		model_max_budget model_id team_member_permissions object_permission_id router_settings policies allow_team_guardrail_config soft_budget access_group_ids budget_limits
		default_team_member_models`},
	{Projects, []string{"project_id"}, []string{"budget_id", "spend", "models", "blocked"},
		`project_alias description team_id metadata model_spend model_rpm_limit model_tpm_limit object_permission_id created_at created_by updated_at updated_by`},
	{Members, []string{"user_id", "team_id"}, []string{"spend", "budget_id"}, `total_spend`},
	{AccessGroups, []string{"access_group_id"}, []string{"access_group_name"},
		`description access_mcp_server_ids access_agent_ids assigned_team_ids assigned_key_ids created_at created_by updated_at updated_by access_model_names mcp_tool_permissions access_skill_names`},
	{EndUsers, []string{"user_id"}, []string{"spend", "budget_id", "blocked"}, `alias allowed_model_region default_model object_permission_id models`},
	{Tags, []string{"tag_name"}, []string{"spend", "budget_id"}, `description models model_info created_at created_by updated_at`},
	{Keys, []string{"token"}, []string{"spend", "models", "max_budget", "blocked", "expires", "user_id", "team_id", "metadata"},
		`key_name key_alias soft_budget_cooldown aliases config permissions max_parallel_requests tpm_limit rpm_limit tpd_limit budget_duration budget_reset_at
		allowed_cache_controls model_spend model_max_budget budget_id organization_id created_at created_by updated_at updated_by allowed_routes object_permission_id auto_rotate
		key_rotation_at last_rotation_at rotation_count rotation_interval project_id router_settings policies access_group_ids last_active agent_id budget_limits
		budget_fallbacks key_type settings_updated_at total_spend`},
	{OldKeys, []string{"token"}, []string{"active_token_id", "revoke_at"}, `id created_at`},
	{Credentials, []string{"credential_name"}, []string{"credential_values"}, `credential_id credential_info display_name created_at created_by updated_at updated_by`},
	{Models, []string{"model_id"}, []string{"model_name", "litellm_params"}, `model_info blocked created_at created_by updated_at updated_by`},
	{Settings, []string{"param_name"}, []string{"param_value"}, `last_run_at reload_revision`},
}

// past are tables that tell what has been, or that LiteLLM works with by itself: no rule
// and no name that a client uses stands in them.
var past = []Table{"LiteLLM_SpendLogs", "LiteLLM_ErrorLogs", "LiteLLM_AuditLog", "LiteLLM_DeletedVerificationToken", "LiteLLM_DeletedTeamTable",
	"LiteLLM_DailyUserSpend", "LiteLLM_DailyTeamSpend", "LiteLLM_DailyOrganizationSpend", "LiteLLM_DailyEndUserSpend", "LiteLLM_DailyTagSpend", "LiteLLM_DailyAgentSpend",
	"LiteLLM_DailyGlobalSpend", "LiteLLM_DailyToolSpend", "LiteLLM_DailyModelUsage", "LiteLLM_DailyGatewayRequests", "LiteLLM_DailyGatewayFailedRequests", "LiteLLM_DailyRequestErrors",
	"LiteLLM_DailyGuardrailMetrics", "LiteLLM_DailyGuardrailUsageUnits", "LiteLLM_DailyPolicyMetrics", "LiteLLM_SpendLogToolIndex", "LiteLLM_SpendLogGuardrailIndex",
	"LiteLLM_HealthCheckTable", "LiteLLM_CronJob", "LiteLLM_ProxyWorkerHeartbeat", "LiteLLM_ToolTable", "LiteLLM_TelemetryReport", "LiteLLM_UserNotifications", "LiteLLM_CacheConfig",
	"LiteLLM_AutoRouterDailySpend", "LiteLLM_AutoRouterSession", "LiteLLM_AutoRouterUserSession", "LiteLLM_AutoRouterBaselineComparison", "LiteLLM_AutoRouterBaselineObservation"}

// leftOut is a table that is known and not read.
type leftOut struct {
	why   string
	money bool
}

var unread = map[Table]leftOut{
	"LiteLLM_AgentsTable":                 {"agents, with limits of their own", true},
	"LiteLLM_ModelAccessGroupBudgetTable": {"budgets of access groups of models", true},
	"LiteLLM_ObjectPermissionTable":       {"what keys and teams may use beside models, such as MCP servers and vector stores", false},
	"LiteLLM_JWTKeyMapping":               {"claims of JWTs that stand for keys", false},
	"LiteLLM_SSOConfig":                   {"the single sign-on of the pages", false},
	"LiteLLM_UISettings":                  {"settings of the pages", false},
	"LiteLLM_ConfigOverrides":             {"settings that were made in the pages", false},
	"LiteLLM_InvitationLink":              {"invitations to the pages", false},
	"LiteLLM_UserProviderCredentials":     {"credentials of users for providers", false},
	"LiteLLM_GuardrailsTable":             {"guardrails", false},
	"LiteLLM_PolicyTable":                 {"policies", false},
	"LiteLLM_PolicyAttachmentTable":       {"policies", false},
	"LiteLLM_PromptTable":                 {"prompts", false},
	"LiteLLM_MCPServerTable":              {"MCP servers", false},
	"LiteLLM_ManagedFileTable":            {"files of the files API", false},
	"LiteLLM_ManagedObjectTable":          {"batches and other things that a provider keeps", false},
	"LiteLLM_ManagedVectorStoresTable":    {"vector stores", false},
	"LiteLLM_SearchToolsTable":            {"search tools", false},
}
