package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestFewOpenFiles: who lets in more requests than there may be files for is told at the
// start, with what to do.
func TestFewOpenFiles(t *testing.T) {
	for _, test := range []struct {
		files, requests int
		warned          bool
	}{
		{600, 301, true},
		{600, 300, false},
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
