package main

import (
	"errors"

	"tollgate/configs"
)

// oldFlags are flags of LiteLLM's command line that stand in containers and start scripts,
// so that only the word before them has to change. The help does not show them.
type oldFlags struct {
	NumWorkers         string `name:"num_workers" hidden:""`
	GranianThreads     string `name:"granian_threads" hidden:""`
	MaxRequests        string `name:"max_requests_before_restart" hidden:""`
	MaxRequestsJitter  string `name:"max_requests_before_restart_jitter" hidden:""`
	TimeoutWorker      string `name:"timeout_worker_healthcheck" hidden:""`
	RunGunicorn        bool   `name:"run_gunicorn" hidden:""`
	RunHypercorn       bool   `name:"run_hypercorn" hidden:""`
	RunGranian         bool   `name:"run_granian" hidden:""`
	UseQueue           bool   `name:"use_queue" hidden:""`
	UsePrismaMigrate   bool   `name:"use_prisma_migrate" hidden:""`
	UsePrismaPush      bool   `name:"use_prisma_db_push" hidden:""`
	EnforcePrisma      bool   `name:"enforce_prisma_migration_check" hidden:""`
	UseV2Migration     bool   `name:"use_v2_migration_resolver" hidden:""`
	UseLegacyMigration bool   `name:"use_legacy_migration_resolver" hidden:""`
	Debug              bool   `name:"debug" hidden:""`
	DetailedDebug      bool   `name:"detailed_debug" hidden:""`
	Telemetry          string `name:"telemetry" hidden:""`
	KeepaliveTimeout   string `name:"keepalive_timeout" hidden:""`
	LimitConcurrency   string `name:"limit_concurrency" hidden:""`
	MetricsPort        string `name:"prometheus_metrics_port" hidden:""`
	Model              string `name:"model" hidden:""`
	APIBase            string `name:"api_base" hidden:""`
	KeyFile            string `name:"ssl_keyfile_path" hidden:""`
	CertFile           string `name:"ssl_certfile_path" hidden:""`
}

// read says which of the flags were given and have no effect. One that asks for what
// tollgate does not do is an error.
func (f oldFlags) read() (ignored []configs.Problem, err error) {
	const (
		oneProcess = "one process uses all cores"
		ownTables  = "the database is brought up to date at every start"
		ownLog     = "how much is logged is said by log_level in the configuration"
	)
	for _, flag := range []struct {
		name  string
		given bool
		say   string
	}{
		{"num_workers", f.NumWorkers != "", oneProcess},
		{"granian_threads", f.GranianThreads != "", oneProcess},
		{"max_requests_before_restart", f.MaxRequests != "", oneProcess},
		{"max_requests_before_restart_jitter", f.MaxRequestsJitter != "", oneProcess},
		{"timeout_worker_healthcheck", f.TimeoutWorker != "", oneProcess},
		{"run_gunicorn", f.RunGunicorn, oneProcess},
		{"run_hypercorn", f.RunHypercorn, oneProcess},
		{"run_granian", f.RunGranian, oneProcess},
		{"use_queue", f.UseQueue, oneProcess},
		{"use_prisma_migrate", f.UsePrismaMigrate, ownTables},
		{"use_prisma_db_push", f.UsePrismaPush, ownTables},
		{"enforce_prisma_migration_check", f.EnforcePrisma, ownTables},
		{"use_v2_migration_resolver", f.UseV2Migration, ownTables},
		{"use_legacy_migration_resolver", f.UseLegacyMigration, ownTables},
		{"debug", f.Debug, ownLog},
		{"detailed_debug", f.DetailedDebug, ownLog},
		{"telemetry", f.Telemetry != "", "tollgate reports to nobody"},
		{"keepalive_timeout", f.KeepaliveTimeout != "", "how long an idle connection is kept is said by front.idle_timeout in the configuration"},
		{"limit_concurrency", f.LimitConcurrency != "", "how many requests run at once is said by front.requests in the configuration"},
		{"prometheus_metrics_port", f.MetricsPort != "", "where metrics are is said by metrics.listen in the configuration"},
	} {
		if flag.given {
			ignored = append(ignored, configs.Problem{Path: "--" + flag.name, Message: "this flag of LiteLLM has no effect: " + flag.say})
		}
	}
	switch {
	case f.Model != "", f.APIBase != "":
		return nil, &fault{code: exitUsage, err: errors.New("--model and --api_base of LiteLLM are not had: models stand in a configuration file"),
			next: "write models: { NAME: PROVIDER/MODEL } or LiteLLM's model_list into a file and give it by --config"}
	case f.KeyFile != "", f.CertFile != "":
		return nil, &fault{code: exitUsage, err: errors.New("--ssl_keyfile_path and --ssl_certfile_path of LiteLLM are not had: tollgate speaks no TLS to clients"),
			next: "put a proxy with TLS in front, and leave them out"}
	}
	return ignored, nil
}
