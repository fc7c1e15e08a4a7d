package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tollgate/providers/providertest"
)

// TestFewOpenFiles: who lets in more requests than there may be files for is told at the
// start, with what to do.
func TestFewOpenFiles(t *testing.T) {
	for _, test := range []struct {
		files, requests int
		warned          bool
	}{
		{664, 301, true},
		{664, 300, false},
	} {
		t.Run(fmt.Sprintf("%d files for %d requests", test.files, test.requests), func(t *testing.T) {
			dir := t.TempDir()
			config := filepath.Join(dir, "tollgate.yaml")
			put(t, config, fmt.Sprintf("database: sqlite:%s\ndrain_delay: 0s\nfront: { requests: %d, requests_per_key: 10 }\nproviders: { built-in: { kind: echo } }\nmodels: { echo: built-in/echo }\n",
				filepath.Join(dir, "tollgate.db"), test.requests))
			cmd := exec.Command("sh", "-c", fmt.Sprintf(`ulimit -n %d; exec "$0" serve --config "$1" --listen 127.0.0.1:0`, test.files), must(os.Executable())(t), config)
			cmd.Env = append(os.Environ(), asProgram+"=1")
			out, log := &logBuffer{}, &logBuffer{}
			cmd.Stdout, cmd.Stderr = out, log
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			t.Cleanup(func() { _ = cmd.Process.Kill(); <-ended })
			(&program{t: t, out: out, logs: log}).wait(log, `"msg":"started"`)
			if got := strings.Contains(log.String(), `"next":"allow it more (ulimit -n, LimitNOFILE=`); got != test.warned {
				t.Errorf("warned: %v\n%s", got, log.String())
			}
		})
	}
}

// TestSilentConnectionsLeaveFilesForCalls: whoever opens connections and says nothing takes
// no file that a call needs which was let in. No engine is taken for one that fails, and who
// finds no room is told so.
func TestSilentConnectionsLeaveFilesForCalls(t *testing.T) {
	const files, callers = 200, 30
	up := providertest.NewUpstream(t)
	up.Set("m", providertest.Script{DelayHeaders: 200 * time.Millisecond})
	p := launchAs(t, fmt.Sprintf("drain_delay: 0s\ndrain: 1s\nproviders: { gpu: { kind: vllm, url: %s/v1 } }\nmodels: { free: gpu/m }\n", up.Ollama()),
		fmt.Sprintf(`ulimit -n %d; exec "$0" "$@"`, files))
	key := p.key("me")
	dial := func() net.Conn {
		conn := must(net.Dial("tcp", strings.TrimPrefix(p.url, "http://")))(t)
		t.Cleanup(func() { _ = conn.Close() })
		_ = conn.SetDeadline(time.Now().Add(time.Minute))
		return conn
	}
	read := func(conn net.Conn) (status int, body string, err error) {
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			return 0, "", err
		}
		b, err := io.ReadAll(res.Body)
		return res.StatusCode, string(b), err
	}
	var conns []net.Conn
	for range callers {
		conn := dial()
		if _, err := io.WriteString(conn, "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		if status, _, err := read(conn); status != 200 || err != nil { // it is let in
			t.Fatal(status, err)
		}
		conns = append(conns, conn)
	}
	var last net.Conn
	for range files {
		last = dial()
	}
	if status, body, err := read(last); status != 503 || !strings.Contains(body, "gateway_overloaded") {
		t.Errorf("who finds no room gets %d %s %v", status, body, err)
	}
	var wg sync.WaitGroup
	for _, conn := range conns {
		wg.Go(func() {
			if _, err := io.WriteString(conn, rawChat(key, `{"model":"free","messages":[{"role":"user","content":"hi"}]}`)); err != nil {
				t.Error(err)
				return
			}
			if status, body, err := read(conn); status != 200 || err != nil {
				t.Errorf("who was let in gets %d %s %v", status, body, err)
			}
		})
	}
	wg.Wait()
}
