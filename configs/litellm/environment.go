package litellm

import (
	"slices"
	"strings"
)

// variables are those of LiteLLM's environment that change something there and nothing, or
// something else, here. Of each line one finding is made if one of its names is set. What
// is read elsewhere (PORT, LITELLM_MASTER_KEY, OPENAI_API_BASE) does not stand here, nor what
// has no meaning without LiteLLM (NO_DOCS, UI_USERNAME).
var variables = []struct {
	names []string
	// section and key are the setting that says the same; where the file has it, it has its
	// finding already.
	section, key string
	sev          Severity
	wrote, say   string
}{
	{[]string{"DATABASE_URL", "DATABASE_HOST", "DIRECT_URL"}, "general_settings", "database_url", Changed, "", ownBooks},
	{[]string{"STORE_MODEL_IN_DB"}, "general_settings", "store_model_in_db", Changed, "", "models stand in the configuration; those of LiteLLM's database come with its import"},
	{[]string{"REDIS_URL", "REDIS_HOST", "REDIS_CLUSTER_NODES", "REDIS_SENTINEL_NODES"}, "router_settings", "redis_host", Changed, "rate_limit_store: env:REDIS_URL", noRedis},
	{[]string{"LITELLM_CONFIG_BUCKET_NAME"}, "", "", Changed, "", "this file is read, and none from an object store"},
	{[]string{"LITELLM_MODEL_COST_MAP_URL"}, "", "", Changed, "prices: file:prices.json", "prices are built in and nothing is fetched; a list of your own is named in tollgate's configuration"},
	{[]string{"MICROSOFT_CLIENT_ID", "GOOGLE_CLIENT_ID", "GENERIC_CLIENT_ID"}, "", "", Unavailable, "", noSSO},
	{[]string{"SMTP_HOST", "SLACK_WEBHOOK_URL", "WEBHOOK_URL"}, "general_settings", "alerting", Unavailable, "", noAlerts},
	{[]string{"SSL_KEYFILE_PATH", "SSL_CERTFILE_PATH"}, "", "", Problem, "", "tollgate speaks no TLS to clients: put a proxy with TLS in front, and leave these variables out"},
}

// environment reads what LiteLLM takes from its environment beside what the file names.
// What the file itself exports comes too late for most of it, there as well.
func (c *converter) environment() {
	at := place{file: c.File}
	for _, v := range variables {
		if v.section != "" && !c.empty(c.part(v.section).get(v.key)) {
			continue
		}
		i := slices.IndexFunc(v.names, func(name string) bool {
			text, ok := c.lookup(name)
			return ok && text != "" && !strings.EqualFold(text, "false")
		})
		if i >= 0 {
			c.find(v.sev, at, v.wrote, "%s is set: %s", v.names[i], v.say)
		}
	}
	c.rootPath(at)
	c.logLevel(at)
	if v, _ := c.lookup("SSL_VERIFY"); strings.EqualFold(v, "false") {
		c.find(Changed, at, "", "SSL_VERIFY is set: %s", ownTrust)
	} else if v != "" && !strings.EqualFold(v, "true") {
		c.find(Changed, at, "", "SSL_VERIFY is set: %s", ownBundle)
	}
}

// rootPath takes over the path before every other.
func (c *converter) rootPath(at place) {
	raw, _ := c.Env("SERVER_ROOT_PATH")
	path := strings.Trim(strings.TrimSpace(raw), "/")
	segments := strings.Split(path, "/")
	switch {
	case path == "":
	case len(path) > 255, !rootSegments().MatchString(path), slices.Contains(segments, "."), slices.Contains(segments, ".."):
		c.find(Problem, at, "SERVER_ROOT_PATH=/llm", "SERVER_ROOT_PATH is no path of letters, digits and - . _ ~")
	case segments[0] == "health", segments[0] == "metrics":
		c.find(Problem, at, "SERVER_ROOT_PATH=/llm", "SERVER_ROOT_PATH begins with /%s, which is asked for without it", segments[0])
	default:
		c.set(at, "Everything is found below this path as well, as SERVER_ROOT_PATH says.", "root_path", quote("/"+path))
	}
}

var rootSegments = pattern(`^[A-Za-z0-9_~.-]+(/[A-Za-z0-9_~.-]+)*$`)

// logLevel takes over how much is logged.
func (c *converter) logLevel(at place) {
	v, _ := c.Env("LITELLM_LOG")
	switch strings.ToUpper(v) {
	case "", "INFO":
	case "DEBUG":
		c.set(at, "", "log_level", "debug")
	case "WARNING", "WARN":
		c.set(at, "", "log_level", "warn")
	case "ERROR", "CRITICAL":
		c.set(at, "Calls and warnings are not logged either, as LITELLM_LOG says.", "log_level", "error")
	default:
		c.find(Ignored, at, "LITELLM_LOG=INFO", "LITELLM_LOG is none of DEBUG, INFO, WARNING and ERROR")
	}
}
