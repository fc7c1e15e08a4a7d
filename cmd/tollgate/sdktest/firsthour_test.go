//go:build sdk

package sdktest

import (
	"encoding/json"
	"net"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestFirstMinute starts the program with nothing at all, as the first step of the
// manual does, and makes the first call.
func TestFirstMinute(t *testing.T) {
	bin, dir := need(t, "TOLLGATE_BIN"), t.TempDir()
	run := func() *program {
		// A port of its own: 4000 may be taken on the machine that tests.
		cmd := exec.Command(bin, "--listen", "127.0.0.1:0")
		cmd.Dir, cmd.Env = dir, clean()
		return begin(t, cmd)
	}
	tollgate := func(args ...string) []byte {
		t.Helper()
		cmd := exec.Command(bin, args...)
		cmd.Dir, cmd.Env = dir, clean()
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("tollgate %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return out
	}
	p := run()
	if strings.HasSuffix(p.url, ":4000") {
		t.Errorf("--listen is not obeyed: %s", p.url)
	}
	adminLine := regexp.MustCompile(`(?m)^\s*admin key\s+(\S{20,})$`)
	shown := adminLine.FindStringSubmatch(p.stdout.String())
	if shown == nil {
		t.Fatalf("the first start shows no admin key:\n%s", p.stdout.String())
	}
	admin := shown[1]

	if status, _ := get(p.url+"/v1/models", ""); status != 401 {
		t.Errorf("without a key: %d, want 401", status)
	}
	if status, body := send("POST", p.url+"/v1/chat/completions", admin, chatBody("echo", "hi")); status != 403 {
		t.Errorf("the admin key calls a model: %d %s", status, body)
	}
	if status, body := get(p.url+"/api/v1/keys", admin); status != 200 {
		t.Errorf("the admin key manages nothing: %d %s", status, body)
	}

	// What the greeting says to type, in the same directory.
	var key struct{ Key string }
	if err := json.Unmarshal(tollgate("key", "create", "--user", "me", "--create-user", "--json"), &key); err != nil {
		t.Fatal(err)
	}
	status, body := get(p.url+"/v1/models", key.Key)
	if status != 200 || !strings.Contains(body, `"id"`) {
		t.Fatalf("no models: %d %s", status, body)
	}
	t.Run("echo", func(t *testing.T) {
		if engineHere() {
			t.Skip("an engine runs on this machine, so there is no echo to call")
		}
		if !strings.Contains(p.stdout.String(), "echo") {
			t.Errorf("the greeting does not name echo:\n%s", p.stdout.String())
		}
		status, body := send("POST", p.url+"/v1/chat/completions", key.Key, chatBody("echo", "hello tollgate"))
		if status != 200 || !strings.Contains(answerText(t, body), "hello tollgate") {
			t.Errorf("echo: %d %s", status, body)
		}
	})
	tollgate("check")
	p.stop()

	p = run()
	if out := p.stdout.String(); adminLine.MatchString(out) || strings.Contains(out, admin) {
		t.Errorf("the second start shows the admin key again:\n%s", out)
	}
	if status, _ := get(p.url+"/api/v1/keys", admin); status != 200 {
		t.Errorf("the admin key of the first start: %d", status)
	}
	if status, _ := get(p.url+"/v1/models", key.Key); status != 200 {
		t.Errorf("the key of the first start: %d", status)
	}
}

// engineHere says whether something answers where a start without a configuration
// looks for engines.
func engineHere() bool {
	for _, address := range []string{"127.0.0.1:11434", "127.0.0.1:8000"} {
		if conn, err := net.DialTimeout("tcp", address, time.Second); err == nil {
			_ = conn.Close() // nothing was said on it
			return true
		}
	}
	return false
}
