//go:build sdk || image

package sdktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience bounds every wait; nothing here takes a tenth of it.
const patience = 20 * time.Second

// buffer takes what a process writes while others read it.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// program is a running tollgate.
type program struct {
	t              *testing.T
	cmd            *exec.Cmd
	stdout, stderr buffer
	url            string
	ended          chan error
}

var addressLine = regexp.MustCompile(`(?m)^\s*address\s+(http://\S+)$`)

// begin starts a command that is a tollgate and waits until it says its address and
// is ready. It is stopped when the test ends.
func begin(t *testing.T, cmd *exec.Cmd) *program {
	t.Helper()
	p := &program{t: t, cmd: cmd, ended: make(chan error, 1)}
	cmd.Stdout, cmd.Stderr = &p.stdout, &p.stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.ended <- cmd.Wait() }()
	t.Cleanup(p.stop)
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		select {
		case err := <-p.ended:
			p.ended <- err
			t.Fatalf("%s ended: %v\n%s%s", cmd, err, p.stdout.String(), p.stderr.String())
		default:
		}
		m := addressLine.FindStringSubmatch(p.stdout.String())
		if m == nil {
			continue
		}
		p.url = m[1]
		if status, _ := get(p.url+"/health/ready", ""); status == http.StatusOK {
			return p
		}
	}
	t.Fatalf("%s is not ready:\n%s%s", cmd, p.stdout.String(), p.stderr.String())
	return nil
}

// stop ends the program as a service manager does; it must end well and in time.
func (p *program) stop() {
	p.t.Helper()
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	select {
	case err := <-p.ended:
		p.ended <- err
		if err != nil {
			p.t.Errorf("%s ended badly: %v\n%s", p.cmd, err, p.stderr.String())
		}
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		p.t.Errorf("%s does not end when told to\n%s", p.cmd, p.stderr.String())
	}
}

var client = &http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}

func get(url, key string) (int, string) { return send("GET", url, key, "") }

// send makes one request as curl would. A status of 0 says that nobody answered.
func send(method, url, key, body string) (int, string) {
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return 0, err.Error()
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := client.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err.Error()
	}
	return res.StatusCode, string(b)
}

// chatBody is a chat of one message.
func chatBody(model, text string) string {
	return fmt.Sprintf(`{"model":%q,"messages":[{"role":"user","content":%q}]}`, model, text)
}

// answerText is the text of a chat's answer.
func answerText(t *testing.T, body string) string {
	t.Helper()
	var v struct {
		Choices []struct{ Message struct{ Content string } }
	}
	if err := json.Unmarshal([]byte(body), &v); err != nil || len(v.Choices) != 1 {
		t.Fatalf("no answer: %v: %s", err, body)
	}
	return v.Choices[0].Message.Content
}
