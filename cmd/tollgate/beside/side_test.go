//go:build beside

package beside

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tollgate/providers/providertest"
)

const (
	// patience bounds the start of either program, and each answer. LiteLLM takes some
	// ten seconds to start, more on a busy machine.
	patience = 3 * time.Minute
	// written is how long LiteLLM may take to write down what was spent: it does so in
	// the background, each second or less often, and reads it through caches.
	written = 4 * time.Second

	master  = "sk-beside-Jq7mWc4TzR9vKx2LhNpYd8Gf"
	salt    = "sk-beside-Vb3nXs6PqZ1tFy5MgHrUe7Kw"
	version = "1.108.7"
)

// side is one of the two programs.
type side struct {
	name   string
	url    string
	values map[string]string // its variables
	http   *http.Client
}

func newSide(name, url string) *side {
	return &side{name: name, url: url, values: Values(master), http: &http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}}
}

// ask sends a request and keeps what it saves.
func (s *side) ask(t *testing.T, r Request) Answer {
	t.Helper()
	if r.Wait {
		time.Sleep(written)
	}
	a, err := Ask(t.Context(), s.http, s.url, r, s.values)
	if err != nil {
		t.Fatalf("%s: %v", s.name, err)
	}
	return a
}

// upstream is what both programs have behind them.
func upstream(t *testing.T) *providertest.Upstream {
	up := providertest.NewUpstream(t)
	Script(up)
	return up
}

// set is a setting that `make beside` gives.
func set(t *testing.T, name string) string {
	t.Helper()
	v := os.Getenv(name)
	if v == "" {
		t.Fatalf("%s is not set: run this with make beside", name)
	}
	return v
}

func freeAddress(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// begin starts a program, which is ended with the test, and waits until it is ready. Its
// output is shown if the test fails.
func begin(t *testing.T, cmd *exec.Cmd, ready string) {
	t.Helper()
	logs, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = logs, logs
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // with what it starts
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	said := func() string { text, _ := os.ReadFile(logs.Name()); return string(text) }
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
		}
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		if name := os.Getenv("TOLLGATE_BESIDE_LOG"); name != "" {
			_ = os.WriteFile(name+"-"+filepath.Base(cmd.Path), []byte(said()), 0o600)
		}
		_ = logs.Close()
	})
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("%s ended: %v\n%s", cmd.Path, err, said())
		default:
		}
		if resp, err := http.Get(ready); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
	}
	t.Fatalf("%s is not ready after %v:\n%s", cmd.Path, patience, said())
}

// database makes an empty database for LiteLLM and returns its URL.
func database(t *testing.T, migrations string) string {
	t.Helper()
	u, err := url.Parse(set(t, "TOLLGATE_TEST_POSTGRES"))
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("litellm_%d", time.Now().UnixNano())
	conn, err := pgx.Connect(t.Context(), u.String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), "create database "+name); err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	cmd := exec.CommandContext(t.Context(), "psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", migrations, u.String())
	cmd.Env = append(os.Environ(), "PGOPTIONS=-c client_min_messages=warning -c synchronous_commit=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("LiteLLM's migrations: %v\n%s", err, out)
	}
	return u.String()
}

func environment(up *providertest.Upstream, more ...string) []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "LITELLM_") && !strings.HasPrefix(v, "TOLLGATE_") {
			env = append(env, v)
		}
	}
	return append(append(env, "BESIDE_OPENAI="+up.OpenAI(), "BESIDE_OLLAMA="+up.Ollama(), "LITELLM_MASTER_KEY="+master, "LITELLM_SALT_KEY="+salt), more...)
}

// startLiteLLM starts the real one, and returns the URL of its database too.
func startLiteLLM(t *testing.T, up *providertest.Upstream) (*side, string) {
	t.Helper()
	dir := set(t, "TOLLGATE_BESIDE_LITELLM")
	db := database(t, filepath.Join(dir, "migrations.sql"))
	host, port, err := net.SplitHostPort(freeAddress(t))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(dir, "venv/bin/litellm"), "--config", configFile, "--host", host, "--port", port)
	cmd.Dir = t.TempDir()
	cmd.Env = environment(up, "PATH="+filepath.Join(dir, "venv/bin")+":"+os.Getenv("PATH"), "DATABASE_URL="+db,
		"PRISMA_QUERY_ENGINE_BINARY="+filepath.Join(dir, "node/engine.mjs"), "DISABLE_SCHEMA_UPDATE=true",
		"LITELLM_LOCAL_MODEL_COST_MAP=True", "LITELLM_TELEMETRY=False", "CHECKPOINT_DISABLE=1", "HF_HUB_OFFLINE=1")
	base := "http://" + net.JoinHostPort(host, port)
	begin(t, cmd, base+"/health/liveliness")
	return newSide("LiteLLM", base), db
}

// startTollgate starts the program.
func startTollgate(t *testing.T, up *providertest.Upstream) *side {
	t.Helper()
	address := freeAddress(t)
	s := newSide("tollgate", "http://"+address)
	dir := t.TempDir()
	cmd := exec.Command(set(t, "TOLLGATE_BIN"), "serve")
	cmd.Dir = dir
	cmd.Env = environment(up, "TOLLGATE_CONFIG="+configFile, "TOLLGATE_LISTEN="+address, "TOLLGATE_DATABASE="+filepath.Join(dir, "books.db"))
	begin(t, cmd, s.url+"/health/ready")
	return s
}

func stderr(err error) []byte {
	if exit, ok := err.(*exec.ExitError); ok {
		return exit.Stderr
	}
	return nil
}
