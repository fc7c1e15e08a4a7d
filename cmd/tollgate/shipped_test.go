package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tollgate/providers/providertest"
)

// builtIn is where the program was built, if it was.
var builtIn string

// built is the program as it is shipped, without the race detector, in a place of its own.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "tollgate-test-*")
	if err != nil {
		return "", err
	}
	builtIn = dir
	file := filepath.Join(dir, "tollgate")
	cmd := exec.Command("go", "build", "-trimpath", "-tags", "sqlite_omit_load_extension,netgo,osusergo,timetzdata", "-o", file, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1", "CGO_CFLAGS=-O2 -g0") // as make builds it
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return file, nil
})

func removeBuilt() {
	if builtIn != "" {
		_ = os.RemoveAll(builtIn)
	}
}

// shipped is the built program, running.
type shipped struct {
	t     *testing.T
	cmd   *exec.Cmd
	out   *logBuffer
	logs  *logBuffer
	url   string
	dir   string
	ended chan error
}

// shippedKey is the admin key of every process.
const shippedKey = "d0hzZ8mWq4vK2rTnXb7LcPfYs1uJgA5eQx9oViNkRt3"

var addressLine = regexp.MustCompile(`(?m)^\s*address\s+(http://\S+)$`)

// launch runs the built program with a configuration, until the test ends.
func launch(t *testing.T, config string) *shipped {
	t.Helper()
	return launchAs(t, config, `exec "$0" "$@"`)
}

// launchAs is launch by a line of the shell.
func launchAs(t *testing.T, config, line string) *shipped {
	t.Helper()
	file, err := built()
	if err != nil {
		t.Fatal(err)
	}
	p := &shipped{t: t, out: &logBuffer{}, logs: &logBuffer{}, dir: t.TempDir(), ended: make(chan error, 1)}
	if err := os.WriteFile(filepath.Join(p.dir, "tollgate.yaml"), []byte("listen: 127.0.0.1:0\ndatabase: sqlite:tollgate.db\n"+config), 0o600); err != nil {
		t.Fatal(err)
	}
	p.cmd = exec.Command("sh", "-c", line, file, "--config", filepath.Join(p.dir, "tollgate.yaml"))
	p.cmd.Env = append(os.Environ(), "TOLLGATE_ADMIN_KEY="+shippedKey)
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.logs
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.ended <- p.cmd.Wait() }()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // it may have ended
		p.exit()
	})
	p.until("it says its address", func() bool {
		m := addressLine.FindStringSubmatch(p.out.String())
		if m != nil {
			p.url = m[1]
		}
		return m != nil
	})
	p.until("it is ready", func() bool { return p.ready() == 200 })
	return p
}

func (p *shipped) until(what string, ok func() bool) {
	p.t.Helper()
	for until := time.Now().Add(2 * time.Minute); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
		select {
		case err := <-p.ended:
			p.ended <- err
			p.t.Fatalf("it ended before %s: %v\n%s", what, err, p.logs.String())
		default:
		}
	}
	p.t.Fatalf("never happened: %s\n%s%s", what, p.out.String(), p.logs.String())
}

// ready is the status of the readiness check, 0 if nobody answers.
func (p *shipped) ready() int {
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get(p.url + "/health/ready")
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	return res.StatusCode
}

func (p *shipped) signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// exit waits for the end of the program and returns its exit code.
func (p *shipped) exit() int {
	p.t.Helper()
	select {
	case err := <-p.ended:
		p.ended <- err
		var failed *exec.ExitError
		if errors.As(err, &failed) {
			return failed.ExitCode()
		}
		return 0
	case <-time.After(time.Minute):
		_ = p.cmd.Process.Kill()
		p.t.Fatalf("it does not end:\n%s", p.logs.String())
		return 0
	}
}

// key makes a key for a user of that name.
func (p *shipped) key(user string) string {
	p.t.Helper()
	env := func(name string) string {
		return map[string]string{"TOLLGATE_ADMIN_KEY": shippedKey, "TOLLGATE_URL": p.url}[name]
	}
	var out, errs logBuffer
	if code := runCLI(context.Background(), []string{"key", "create", "--url", p.url, "--user", user, "--create-user", "--quiet"}, env, strings.NewReader(""), &out, &errs); code != 0 {
		p.t.Fatal(errs.String())
	}
	return strings.TrimSpace(out.String())
}

// send begins a request on a connection of its own.
func (p *shipped) send(key, body string) net.Conn {
	p.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, rawChat(key, body)); err != nil {
		p.t.Fatal(err)
	}
	return conn
}

// rawChat is a chat call as it goes over the wire.
func rawChat(key, body string) string {
	return fmt.Sprintf("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", key, len(body), body)
}

const streamBody = `{"model":"paid","stream":true,"messages":[{"role":"user","content":"hi"}]}`

// drainConfig has a model at two prices and what the test says of the end.
func drainConfig(up *providertest.Upstream, more string) string {
	return fmt.Sprintf(`
providers:
  cloud: { kind: openai, url: %s, key: env:CLOUD_KEY }
models:
  paid: { to: cloud/paid, price: { input: 1, output: 10 } }
%s`, up.OpenAI(), more)
}

// TestT42_DrainLetsAllFinish: at SIGTERM the readiness check fails, requests are still
// taken for the delay, each answer ends its connection, and a hundred running streams
// all end well. The exit code is 0 and nothing is held.
func TestT42_DrainLetsAllFinish(t *testing.T) {
	t.Parallel()
	up := providertest.NewUpstream(t)
	up.Set("paid", providertest.Script{Text: strings.Repeat("word ", 40), DelayChunk: 50 * time.Millisecond})
	p := launch(t, drainConfig(up, "drain_delay: 1s\ndrain: 30s\n"))
	key := p.key("ann")
	idle := p.send(key, `{"model":"paid","messages":[]}`)
	reader := bufio.NewReader(idle)
	first, err := http.ReadResponse(reader, nil)
	if err != nil || first.Close {
		t.Fatalf("%v %+v", err, first)
	}
	if _, err := io.Copy(io.Discard, first.Body); err != nil {
		t.Fatal(err)
	}
	const streams = 100
	var wg sync.WaitGroup
	ends := make(chan string, streams)
	for range streams {
		conn := p.send(key, streamBody)
		wg.Go(func() {
			res, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				ends <- err.Error()
				return
			}
			b, err := io.ReadAll(res.Body)
			ends <- fmt.Sprint(err, " ", string(b[max(0, len(b)-40):]))
		})
	}
	p.until("all streams run", func() bool { return len(up.CallsTo("/v1/chat/completions")) == streams+1 })
	p.signal(syscall.SIGTERM)
	p.until("it is not ready any more", func() bool { return p.ready() == 503 })
	if _, err := io.WriteString(idle, rawChat(key, `{"model":"nope","messages":[]}`)); err != nil {
		t.Fatal(err)
	}
	if res, err := http.ReadResponse(reader, nil); err != nil || res.StatusCode != 404 || !res.Close {
		t.Errorf("a request during the delay: %v %+v", err, res)
	}
	p.until("nothing is taken after the delay", func() bool { return p.ready() == 0 })
	wg.Wait()
	for range streams {
		if end := <-ends; !strings.HasSuffix(strings.TrimSpace(end), "data: [DONE]") || !strings.HasPrefix(end, "<nil>") {
			t.Errorf("a stream ended with %s", end)
		}
	}
	if code := p.exit(); code != 0 {
		t.Errorf("exit %d: %s", code, p.logs.String())
	}
	p.books(t, "ok", streams+1)
}

// books checks, after the end, that so many calls are booked with a status and that
// nothing is held.
func (p *shipped) books(t *testing.T, status string, calls int64) {
	t.Helper()
	g := &gate{t: t, db: filepath.Join(p.dir, "tollgate.db")}
	if n := g.query("select count(*) from holds"); n != 0 {
		t.Errorf("%d calls hold something after the end", n)
	}
	if n := g.query("select count(*) from entries where status = ? and cost > 0", status); n != calls {
		t.Errorf("%d entries with the status %s, want %d: %s", n, status, calls, p.logs.String())
	}
}

// TestT42_SecondSignalShortens: the delay, and the wait for what runs. What is cut is
// told, and booked. A terminal's Ctrl-C has no delay.
func TestT42_SecondSignalShortens(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		more    string
		signals []os.Signal
	}{
		"in the delay":   {"drain_delay: 5m\ndrain: 1h\n", []os.Signal{syscall.SIGTERM, syscall.SIGTERM}},
		"after it":       {"drain_delay: 0s\ndrain: 1h\n", []os.Signal{syscall.SIGTERM, os.Interrupt}},
		"at a terminal":  {"drain_delay: 5m\ndrain: 1s\n", []os.Signal{os.Interrupt}},
		"no patience":    {"drain_delay: 0s\ndrain: 0s\n", []os.Signal{syscall.SIGTERM}},
		"delay and none": {"drain_delay: 1s\ndrain: 0s\n", []os.Signal{syscall.SIGTERM}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			up := providertest.NewUpstream(t)
			up.Set("paid", providertest.Script{Text: "a b c d", HangAfter: 2})
			p := launch(t, drainConfig(up, row.more))
			conn := p.send(p.key("ann"), streamBody)
			r := bufio.NewReader(conn)
			res, err := http.ReadResponse(r, nil)
			if err != nil || res.StatusCode != 200 {
				t.Fatal(err, res)
			}
			p.until("the stream runs", func() bool { return len(up.CallsTo("/v1/chat/completions")) == 1 })
			p.signal(row.signals[0])
			p.until("it has understood", func() bool { return strings.Contains(p.logs.String(), shutdownMsg) })
			for _, s := range row.signals[1:] {
				p.signal(s)
			}
			b, err := io.ReadAll(res.Body)
			if err != nil || !strings.Contains(string(b), `"code":"shutting_down"`) || strings.Contains(string(b), "[DONE]") {
				t.Errorf("the stream ended with %v %s", err, b)
			}
			if code := p.exit(); code != 0 {
				t.Errorf("exit %d: %s", code, p.logs.String())
			}
			p.books(t, "cut_off", 1)
			if calls := up.CallsTo("/v1/chat/completions"); calls[0].Aborted.IsZero() {
				t.Error("the upstream was not left")
			}
		})
	}
}
