package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"tollgate/providers/providertest"
)

// TestOldFlags: what stands behind the word litellm in containers is taken; each flag that
// has no effect is told once.
func TestOldFlags(t *testing.T) {
	for line, want := range map[string]string{
		"--port 4000": "",
		"--config c.yaml --port 4000 --detailed_debug --num_workers 8":                                                              "--num_workers --detailed_debug",
		"-c c.yaml --host 0.0.0.0 --num_workers=8":                                                                                  "--num_workers",
		"--granian_threads 2 --max_requests_before_restart 9 --max_requests_before_restart_jitter 3 --timeout_worker_healthcheck 5": "--granian_threads --max_requests_before_restart --max_requests_before_restart_jitter --timeout_worker_healthcheck",
		"--run_gunicorn --run_hypercorn --run_granian --use_queue":                                                                  "--run_gunicorn --run_hypercorn --run_granian --use_queue",
		"--use_prisma_migrate --use_prisma_db_push --enforce_prisma_migration_check":                                                "--use_prisma_migrate --use_prisma_db_push --enforce_prisma_migration_check",
		"--use_v2_migration_resolver --use_legacy_migration_resolver":                                                               "--use_v2_migration_resolver --use_legacy_migration_resolver",
		"--debug --telemetry False --keepalive_timeout 75 --limit_concurrency 5 --prometheus_metrics_port 9":                        "--debug --telemetry --keepalive_timeout --limit_concurrency --prometheus_metrics_port",
		"serve --num_workers 8":                      "--num_workers",
		"--model gpt-4o":                             "error: --model and --api_base",
		"--api_base http://127.0.0.1:11434":          "error: --model and --api_base",
		"--ssl_keyfile_path k --ssl_certfile_path c": "error: --ssl_keyfile_path",
		"--ssl_certfile_path c":                      "error: --ssl_keyfile_path",
	} {
		_, run, ok := parseServe(strings.Fields(line))
		if !ok {
			t.Errorf("%s is not taken", line)
			continue
		}
		ignored, err := run.oldFlags.read()
		var got []string
		for _, p := range ignored {
			got = append(got, p.Path)
		}
		if message, wrong := strings.CutPrefix(want, "error: "); wrong != (err != nil) || wrong && !strings.HasPrefix(err.Error(), message) {
			t.Errorf("%s: %v", line, err)
		} else if !wrong && strings.Join(got, " ") != want {
			t.Errorf("%s: %v are told, want %s", line, got, want)
		}
	}
	s := newShell(t)
	for _, line := range []string{"--model gpt-4o", "--ssl_certfile_path c", "--listen 127.0.0.1:0 --port 4000", "serve --host h --listen 127.0.0.1:0", "--num_worker 8", "--max_budget 5", "key list --num_workers 8", "check --port 4000"} {
		s.run(exitUsage, strings.Fields(line)...).complains(t)
	}
	help := s.run(exitOK, "serve", "--help").out
	flags := reflect.TypeFor[oldFlags]()
	for i := range flags.NumField() {
		if name := "--" + flags.Field(i).Tag.Get("name"); strings.Contains(help, name) {
			t.Errorf("the help shows %s:\n%s", name, help)
		}
	}
}

// TestWhereToListen: a host and a port each replace their part of the address.
func TestWhereToListen(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tollgate.yaml")
	put(t, file, "listen: 127.0.0.2:5000\nproviders: { e: { kind: echo } }\nmodels: { m: e/echo }\n")
	for _, row := range []struct {
		g    globals
		want string
	}{
		{globals{}, "127.0.0.2:5000"},
		{globals{Port: "4001"}, "127.0.0.2:4001"},
		{globals{Host: "0.0.0.0"}, "0.0.0.0:5000"},
		{globals{Host: "::1", Port: "4001"}, "[::1]:4001"},
		{globals{Listen: "127.0.0.3:6000", Port: "4001"}, "127.0.0.3:4001"},
		{globals{Port: "70000"}, "problem"},
		{globals{Port: "http"}, "problem"},
		{globals{Host: "a b"}, "problem"},
	} {
		row.g.Config = file
		cfg, problems := loadConfig(row.g)
		if got := len(problems) > 0; got != (row.want == "problem") || cfg != nil && cfg.Listen != row.want {
			t.Errorf("%+v: %v %v, want %s", row.g, cfg, problems, row.want)
		}
	}
}

// TestWhichConfig: tollgate's own variable comes before LiteLLM's, and a flag before both.
func TestWhichConfig(t *testing.T) {
	env := map[string]string{"CONFIG_FILE_PATH": "old.yaml"}
	for _, row := range [][2]string{{"", "old.yaml"}, {"", "own.yaml"}, {"flag.yaml", "flag.yaml"}} {
		g := globals{Config: row[0]}
		if g.fill(func(name string) string { return env[name] }); g.Config != row[1] {
			t.Errorf("%q: %q, want %q", row[0], g.Config, row[1])
		}
		env["TOLLGATE_CONFIG"] = "own.yaml"
	}
}

// TestDatabaseInParts: LiteLLM's database is found by the parts of its URL as well.
func TestDatabaseInParts(t *testing.T) {
	for _, name := range []string{"DATABASE_URL", "DATABASE_HOST", "DATABASE_USERNAME", "DATABASE_PASSWORD", "DATABASE_NAME"} {
		t.Setenv(name, "")
	}
	if err := os.Unsetenv("DATABASE_URL"); err != nil {
		t.Fatal(err)
	}
	if got, err := referred("--database-url", "env:DATABASE_URL"); err == nil {
		t.Errorf("nothing is set: %q", got)
	}
	for _, row := range [][2]string{{"DATABASE_HOST", ""}, {"DATABASE_USERNAME", ""}, {"DATABASE_NAME", "postgresql://x%2Fy@x%2Fy/x/y"}} {
		t.Setenv(row[0], "x/y")
		if got, _ := referred("--database-url", "env:DATABASE_URL"); row[1] == "" && got != "" {
			t.Errorf("%s: %q", row[0], got)
		}
	}
	t.Setenv("DATABASE_HOST", "db:5433")
	t.Setenv("DATABASE_NAME", "litellm")
	t.Setenv("DATABASE_PASSWORD", "p@ss/w:rd")
	if got, err := referred("--database-url", "env:DATABASE_URL"); err != nil || got != "postgresql://x%2Fy:p%40ss%2Fw%3Ard@db:5433/litellm" {
		t.Errorf("%q %v", got, err)
	}
	t.Setenv("DATABASE_URL", "postgresql://whole")
	if got, err := referred("--database-url", "env:DATABASE_URL"); err != nil || got != "postgresql://whole" {
		t.Errorf("%q %v", got, err)
	}
}

// TestStartInPlaceOfLiteLLM: a container's command line and environment, of which nothing
// but the first word has changed, start tollgate and serve its clients under their paths.
func TestStartInPlaceOfLiteLLM(t *testing.T) {
	up := providertest.NewUpstream(t)
	up.Models("qwen")
	dir := t.TempDir()
	file := filepath.Join(dir, "config.yaml")
	put(t, file, "model_list:\n  - { model_name: qwen, litellm_params: { model: hosted_vllm/qwen } }\n  - { model_name: llama, litellm_params: { model: ollama/llama } }\n"+
		"  - { model_name: gpt, litellm_params: { model: openai/gpt-4o } }\n")
	const master = "sk-Zx81kdPq72Lm04Vn5tRw93Yb6cJfHg20"
	for name, v := range map[string]string{
		"CONFIG_FILE_PATH": file, "LITELLM_MASTER_KEY": master, "LITELLM_SALT_KEY": "sk-salt", "HOST": "127.0.0.1", "PORT": "4000",
		"DATABASE_URL": "postgresql://u:pass-4711@127.0.0.1:1/litellm", "DIRECT_URL": "postgresql://u:pass-4711@127.0.0.1:1/litellm", "STORE_MODEL_IN_DB": "True",
		"SERVER_ROOT_PATH": "/api", "REDIS_HOST": "127.0.0.1", "REDIS_PORT": "1", "REDIS_PASSWORD": "pass-4711", "LITELLM_LOG": "DEBUG", "LITELLM_MODE": "PRODUCTION",
		"LITELLM_LOCAL_MODEL_COST_MAP": "True", "SSL_VERIFY": "False", "NO_DOCS": "True", "UI_USERNAME": "admin", "UI_PASSWORD": "pass-4711", "NUM_WORKERS": "8",
		"HOSTED_VLLM_API_BASE": up.Ollama() + "/v1", "OLLAMA_API_BASE": up.Ollama(), "OPENAI_API_BASE": up.Ollama() + "/v1", "OPENAI_API_KEY": "sk-upstream-pass-4711",
	} {
		t.Setenv(name, v)
	}
	p := serveProgramIn(t, os.Getenv, "--port", "0", "--detailed_debug", "--num_workers", "8")
	out := p.wait(p.out, "gpt")
	root := field(t, out, "address")
	host, isBelow := strings.CutSuffix(root, "/api")
	if !isBelow || field(t, out, "database") != filepath.Join(dir, "tollgate.db") {
		t.Fatal(out)
	}
	for path, want := range map[string]string{
		"/api/v1/models": `"qwen"`, "/v1/models": `"qwen"`, "/api/models": `"qwen"`, "/api/health/readiness": "", "/health/ready": "", "/health/live": "", "/api/health/live": "",
		"/api/key/info": "", "/api/api/v1/keys": "", "/api/openai/deployments/qwen/chat/completions": "405 or 404",
		"//api/v1/models": "404", "/api/../v1/models": "404", "/api%2fv1/models": "404", "/apix/v1/models": "404", "/api/api/api/v1/keys": "404", "/API/v1/models": "404",
	} {
		status, body := get(t, host+path, master)
		switch {
		case strings.HasSuffix(want, "404"):
			if status != 404 && status != 405 {
				t.Errorf("%s: %d %s", path, status, body)
			}
		case status != 200 || !strings.Contains(body, want):
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if status, _ := get(t, host+"/api/api/v1/keys", "sk-nobody-of-them-has-this-key"); status != 401 {
		t.Errorf("below the root path anybody manages: %d", status)
	}
	s := &shell{t, map[string]string{"CONFIG_FILE_PATH": file}}
	s.run(exitOK, "key", "create", "--user", "u", "--create-user", "--quiet") // of the running server
	logs := p.wait(p.logs, "SSL_VERIFY is set")
	for _, want := range []string{"--num_workers: this flag", "--detailed_debug: this flag", "DATABASE_URL is set", "STORE_MODEL_IN_DB is set", "REDIS_HOST is set: tollgate needs no Redis", "rate_limit_store"} {
		if strings.Count(logs, want) == 0 {
			t.Errorf("%q is not told:\n%s", want, logs)
		}
	}
	if n := strings.Count(logs, "--num_workers: this flag"); n != 1 {
		t.Errorf("a flag is told %d times", n)
	}
	if all := logs + out; strings.Contains(all, "pass-4711") || strings.Contains(all, master) {
		t.Errorf("a secret is shown:\n%s", all)
	}
	if code := p.end(); code != exitOK {
		t.Errorf("exit %d\n%s", code, p.logs)
	}
	s.run(exitOK, "key", "list") // of the database itself, with no server
}
