package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tollgate/gateway/control"
)

// behind is a proxy in front of the program, as people run it: with connections to it
// that are kept and shared by all of the proxy's clients.
type behind struct {
	name, env, program string
	args               func(dir, config string) []string
	config             string
}

var proxies = []behind{
	{"nginx", "TOLLGATE_TEST_NGINX", "nginx", func(dir, config string) []string { return []string{"-p", dir, "-c", config, "-e", "stderr"} }, `
daemon off;
master_process off;
pid DIR/pid;
error_log stderr;
events { worker_connections 512; }
http {
	access_log off;
	client_header_timeout 3s;
	client_body_timeout 3s;
	keepalive_timeout 3s;
	client_body_temp_path DIR/body;
	proxy_temp_path DIR/proxy;
	fastcgi_temp_path DIR/fastcgi;
	uwsgi_temp_path DIR/uwsgi;
	scgi_temp_path DIR/scgi;
	underscores_in_headers on;
	ignore_invalid_headers off;
	merge_slashes off;
	upstream gate { server ADDRESS; keepalive 2; }
	server {
		listen unix:DIR/sock;
		location / {
			proxy_pass http://gate;
			proxy_http_version 1.1;
			proxy_set_header Connection "";
			proxy_buffering off;
			proxy_request_buffering off;
		}
	}
}
`},
	{"haproxy", "TOLLGATE_TEST_HAPROXY", "haproxy", func(_, config string) []string { return []string{"-db", "-f", config} }, `
global
	maxconn 512
defaults
	mode http
	timeout connect 5s
	timeout client 3s
	timeout server 6s
	timeout http-request 3s
	timeout http-keep-alive 3s
	option accept-invalid-http-request
frontend front
	bind unix@DIR/sock
	default_backend gate
backend gate
	http-reuse always
	server gate ADDRESS maxconn 2
`},
}

// start runs the proxy in front of an address and returns its socket.
func (b behind) start(t *testing.T, address string) string {
	t.Helper()
	program := os.Getenv(b.env)
	for _, at := range []string{b.program, "/usr/sbin/" + b.program} {
		if found, err := exec.LookPath(at); err == nil && program == "" {
			program = found
		}
	}
	if program == "" {
		t.Fatalf("%s is missing: run the tests with make test, or install it with .ci/services install", b.program)
	}
	dir, err := os.MkdirTemp("", "tg") // the name of a socket has to be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	config := filepath.Join(dir, "config")
	if err := os.WriteFile(config, []byte(strings.NewReplacer("DIR", dir, "ADDRESS", address).Replace(b.config)), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, b.args(dir, config)...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }() // it is killed in the end
	t.Cleanup(func() { _ = cmd.Process.Kill(); <-ended })
	socket := filepath.Join(dir, "sock")
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		select {
		case <-ended:
			t.Fatalf("%s does not run: %s", b.name, out.String())
		default:
		}
		if conn, err := net.Dial("unix", socket); err == nil {
			_ = conn.Close()
			return socket
		}
	}
	t.Fatalf("%s does not listen: %s", b.name, out.String())
	return ""
}

// record is an upstream that answers with what it was told and remembers it.
type record struct {
	mu    sync.Mutex
	texts []string
}

func (r *record) count(text string) (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range r.texts {
		if t == text {
			n++
		}
	}
	return n
}

func (r *record) starting(with string) (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range r.texts {
		if strings.HasPrefix(t, with) {
			n++
		}
	}
	return n
}

func (r *record) upstream(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		raw, err := io.ReadAll(req.Body)
		if err != nil || req.Method != http.MethodPost {
			return
		}
		_, text, _ := strings.Cut(string(raw), `"content":"`)
		text, _, _ = strings.Cut(text, `"`)
		r.mu.Lock()
		r.texts = append(r.texts, text)
		r.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":%q},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}`, text)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// TestA19_BehindProxies sends the corpus through proxies whose connections to the
// program are shared. Whatever a proxy lets through: for each attack as many calls reach
// the upstream as its sender gets answers to, so that no request was read by the program
// that the proxy did not see; and others behind the same proxy always get the answers to
// their own requests.
func TestA19_BehindProxies(t *testing.T) {
	t.Parallel()
	for _, proxy := range proxies {
		t.Run(proxy.name, func(t *testing.T) {
			t.Parallel()
			var up record
			g := audited(t, strings.ReplaceAll(upstreamConfig, "UPSTREAM/v1", up.upstream(t)+"/v1"))
			p := g.person(control.KeyChange{})
			socket := proxy.start(t, strings.TrimPrefix(g.url, "http://"))

			victim := func(client *http.Client, text string) {
				body := strings.Replace(freeBody, "hello", text, 1)
				req := must(http.NewRequest("POST", "http://gate/v1/chat/completions", strings.NewReader(body)))(t)
				req.Header.Set("Authorization", "Bearer "+p.key)
				res, err := client.Do(req)
				if err != nil {
					t.Errorf("an honest client: %v", err)
					return
				}
				defer res.Body.Close()
				b, err := io.ReadAll(res.Body)
				if err != nil || res.StatusCode != 200 || !strings.Contains(string(b), `"content":"`+text+`"`) {
					t.Errorf("an honest client asked for %s and got %d %s %v", text, res.StatusCode, b, err)
				}
				if n := up.count(text); n != 1 {
					t.Errorf("one call of an honest client reached the upstream %d times", n)
				}
			}
			dial := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, "unix", socket)
			}}}
			defer dial.CloseIdleConnections()

			stop := make(chan struct{})
			var honest, attackers sync.WaitGroup
			for who := range 3 {
				honest.Go(func() {
					for n := 0; ; n++ {
						select {
						case <-stop:
							return
						default:
							victim(dial, fmt.Sprintf("honest-%d-%d", who, n))
						}
					}
				})
			}
			room := make(chan struct{}, 24)
			served := 0
			var mu sync.Mutex
			for i, a := range attacks() {
				attackers.Go(func() {
					room <- struct{}{}
					defer func() { <-room }()
					first, second := fmt.Sprintf("a%04d", i), fmt.Sprintf("hidden%04d", i)
					last := fmt.Sprintf("last%04d", i)
					// A last request ends the connection, unless something before it did.
					raw := strings.NewReplacer("hello", first, mark, second).Replace(a.bytes(p.key)) +
						strings.NewReplacer("KEY", p.key).Replace(head) + "Connection: close\r\n" + length(strings.Replace(freeBody, "hello", last, 1))
					answers, got := through(t, socket, raw)
					calls := []int{up.count(first), up.count(second), up.count(last)}
					if calls[0]+calls[1]+calls[2] != got || slices.Max(calls) > 1 {
						t.Errorf("%s: %v calls of the first, the hidden and the last request reached the upstream for %d answers: %v", a.name, calls, got, answers)
					}
					mu.Lock()
					defer mu.Unlock()
					served += got
				})
			}
			attackers.Wait()
			close(stop)
			honest.Wait()
			for n := range 20 {
				victim(dial, fmt.Sprintf("after-%d", n))
			}
			if n := up.starting("a0") + up.starting("hidden") + up.starting("last"); n != served {
				t.Errorf("in the end %d requests of the corpus had reached the upstream, and %d were answered", n, served)
			}
			if served < 8 {
				t.Errorf("only %d requests of the corpus were served: the proxy lets nothing through", served)
			}
		})
	}
}

// through sends raw bytes by a socket and reads answers until the other side closes. It
// says how many of them were answers of a model.
func through(t *testing.T, socket, raw string) (answers []answer, served int) {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		t.Error(err)
		return nil, 0
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(2 * patience)); err != nil {
		t.Error(err)
		return nil, 0
	}
	go func() { _, _ = io.WriteString(conn, raw) }() // the proxy may close in the middle of it
	for r := bufio.NewReader(conn); ; {
		res, err := http.ReadResponse(r, nil)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("the proxy keeps a connection open: %q", raw)
		}
		if err != nil {
			return answers, served
		}
		b, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil {
			return answers, served
		}
		if res.StatusCode == http.StatusContinue {
			continue
		}
		answers = append(answers, answer{res.StatusCode, res.Header, string(b)})
		if res.StatusCode == 200 && bytes.Contains(b, []byte(`"choices"`)) {
			served++
		}
	}
}
