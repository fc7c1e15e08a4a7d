package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"tollgate/accounting/ledger"
	"tollgate/configs"
	"tollgate/gateway/catalog"
	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// The files of docs/deploying.md are what people copy.

// deploying returns the blocks of one language below a heading of the document.
func deploying(t *testing.T, heading, language string) []string {
	t.Helper()
	text := string(must(os.ReadFile("../../docs/deploying.md"))(t))
	_, section, ok := strings.Cut(text, "\n## "+heading+"\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var blocks []string
	for _, part := range strings.Split(section, "```"+language+"\n")[1:] {
		block, _, _ := strings.Cut(part, "\n```")
		blocks = append(blocks, block+"\n")
	}
	if !ok || len(blocks) == 0 {
		t.Fatalf("docs/deploying.md has no %s below %q", language, heading)
	}
	return blocks
}

// replaced is a text with each of some parts, which it must have, in another form.
func replaced(t *testing.T, text string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("it lacks %q: %s", pairs[i], text)
		}
		text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
	}
	return text
}

// documented are the proxies with the configurations of the document: they listen at a
// socket in place of TLS, and nothing else is changed.
func documented(t *testing.T) []behind {
	nginx, haproxy := proxies[0], proxies[1]
	head, _, _ := strings.Cut(nginx.config, "client_header_timeout")
	nginx.config = head + "client_body_temp_path DIR/body; proxy_temp_path DIR/proxy; fastcgi_temp_path DIR/fastcgi; uwsgi_temp_path DIR/uwsgi; scgi_temp_path DIR/scgi;\n" +
		replaced(t, deploying(t, "nginx", "nginx")[0], "127.0.0.1:4000", "ADDRESS", "listen 443 ssl;", "listen unix:DIR/sock;",
			"ssl_certificate /etc/nginx/models.pem;", "", "ssl_certificate_key /etc/nginx/models.key;", "") + "}\n"
	haproxy.config = replaced(t, deploying(t, "HAProxy", "haproxy")[0], "127.0.0.1:4000", "ADDRESS", "bind :443 ssl crt /etc/haproxy/models.pem alpn h2,http/1.1", "bind unix@DIR/sock")
	return []behind{nginx, haproxy}
}

// TestDeployingBehindProxies: with the documented configurations each event of a stream comes
// at once, large bodies pass, and who leaves is gone for the upstream, too.
func TestDeployingBehindProxies(t *testing.T) {
	t.Parallel()
	for _, proxy := range documented(t) {
		t.Run(proxy.name, func(t *testing.T) {
			t.Parallel()
			g := audited(t, upstreamConfig)
			p := g.person(control.KeyChange{})
			socket := proxy.start(t, strings.TrimPrefix(g.url, "http://"))
			front := *g
			front.t, front.url = t, "http://gate"
			front.client = &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, "unix", socket)
			}}}
			defer front.client.CloseIdleConnections()
			g.eventually("the proxy lets requests through", func() bool { return front.do("GET", "/health/ready", "", "", nil).Status == 200 }) // HAProxy has asked

			g.up.Set("free", providertest.Script{Text: "one two three", HangAfter: 2})
			stream := front.open(p, "/v1/chat/completions", `{"model":"free","stream":true,"messages":[{"role":"user","content":"hi"}]}`)
			if first := stream.next(); !strings.Contains(first, "chat.completion.chunk") {
				t.Errorf("the first event: %q", first)
			}
			gone := func() bool { calls := g.up.Calls(); return !calls[len(calls)-1].Aborted.IsZero() }
			if gone() {
				t.Error("the upstream is left before its client is")
			}
			stream.cancel()
			g.eventually("the upstream of a stream is left", gone)

			before := len(g.up.Calls())
			g.up.Set("free", providertest.Script{Hang: true})
			_, cancel := front.background(p, "/v1/chat/completions", `{"model":"free","messages":[{"role":"user","content":"hi"}]}`)
			g.eventually("the upstream is asked", func() bool { return len(g.up.Calls()) > before })
			cancel()
			g.eventually("the upstream of a whole answer is left", gone)

			g.up.Set("free", providertest.Script{})
			large := `{"model":"free","messages":[{"role":"user","content":"` + strings.Repeat("a", 8<<20) + `"}]}`
			if a := front.do("POST", "/v1/chat/completions", p.key, large, nil); a.Status != 200 {
				t.Errorf("8 MiB: %d %.200s", a.Status, a.Body)
			}
		})
	}
}

// TestDeployingConfigurations: the program's own reader takes them.
func TestDeployingConfigurations(t *testing.T) {
	var config struct {
		Data map[string]string `yaml:"data"`
	}
	if err := yaml.Unmarshal([]byte(deploying(t, "Kubernetes", "yaml")[0]), &config); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"openai_key", "admin_key", "metrics"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.Repeat(name+"-0123456789", 4)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{
		"systemd":    replaced(t, deploying(t, "systemd", "yaml")[0], "/run/credentials/tollgate.service", dir),
		"Kubernetes": replaced(t, config.Data["tollgate.yaml"], "/etc/tollgate/secrets", dir),
	} {
		if _, problems := configs.Parse([]byte(text), kinds(), os.LookupEnv); len(problems) > 0 {
			t.Errorf("%s: %v", name, problems)
		}
	}
}

// TestDeployingTimes: whatever ends the program waits longer than it takes, and a proxy longer
// than a request may.
func TestDeployingTimes(t *testing.T) {
	d := configs.Default()
	ends, total := d.DrainDelay+d.Drain, catalog.TotalDefault
	number := func(text, pattern string, unit time.Duration) time.Duration {
		m := regexp.MustCompile(pattern).FindStringSubmatch(text)
		if m == nil {
			t.Fatalf("it lacks %s: %s", pattern, text)
		}
		var n int
		if _, err := fmt.Sscan(m[1], &n); err != nil {
			t.Fatal(err)
		}
		return time.Duration(n) * unit
	}
	for what, given := range map[string]time.Duration{
		"systemd":    number(deploying(t, "systemd", "ini")[0], `TimeoutStopSec=(\d+)\n`, time.Second),
		"Compose":    number(deploying(t, "Docker Compose", "yaml")[0], `stop_grace_period: (\d+)s\n`, time.Second),
		"Kubernetes": number(deploying(t, "Kubernetes", "yaml")[0], `terminationGracePeriodSeconds: (\d+)\n`, time.Second),
	} {
		if given < ends+10*time.Second {
			t.Errorf("%s gives %v to end, of which the program takes up to %v", what, given, ends)
		}
	}
	for what, given := range map[string]time.Duration{
		"nginx":                number(deploying(t, "nginx", "nginx")[0], `proxy_read_timeout (\d+)m;`, time.Minute),
		"HAProxy, to a client": number(deploying(t, "HAProxy", "haproxy")[0], `timeout client (\d+)m\n`, time.Minute),
		"HAProxy, to a server": number(deploying(t, "HAProxy", "haproxy")[0], `timeout server (\d+)m\n`, time.Minute),
	} {
		if given <= total {
			t.Errorf("%s ends what takes %v, and a request may take %v", what, given, total)
		}
	}
}

// TestDeployingAlerts: each metric that an alert reads is served, with these labels, and each
// reason is one of those that there are.
func TestDeployingAlerts(t *testing.T) {
	t.Parallel()
	g := begin(t, upstreamConfig+tokenConfig, withToken)
	p := g.person(control.KeyChange{})
	g.budget(p, ledger.User, "5")
	if a := g.chat(p, "paid", "", nil); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := g.chat(p, "unknown", "", nil); a.Status == 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	_, served := g.scrape()
	codes := string(must(os.ReadFile("../../docs/errors.md"))(t))
	rules := deploying(t, "Prometheus", "yaml")[1]
	names := regexp.MustCompile(`(tollgate_\w+)(?:\{(\w+)!?="(\w+)"\})?`).FindAllStringSubmatch(rules, -1)
	if len(names) < 8 {
		t.Fatalf("%d metrics", len(names))
	}
	for _, m := range names {
		line := regexp.MustCompile(`(?m)^` + m[1] + `(\{.*\})? `)
		if m[2] == "reason" {
			if !strings.Contains(served, "\n"+m[1]+"{reason=") || !strings.Contains(codes, "| `"+m[3]+"` |") {
				t.Errorf("nothing is counted by the reason %s in %s", m[3], m[1])
			}
			continue
		}
		found := line.FindAllString(served, -1)
		if m[2] != "" {
			found = slices.DeleteFunc(found, func(l string) bool { return !strings.Contains(l, m[2]+`="`+m[3]+`"`) })
		}
		if len(found) == 0 {
			t.Errorf("no metric is %s", m[0])
		}
	}
}

// TestDeployingProbes: what asks a process how it is finds an answer.
func TestDeployingProbes(t *testing.T) {
	t.Parallel()
	g := audited(t, upstreamConfig)
	paths := regexp.MustCompile(`/health/\w+`).FindAllString(deploying(t, "Kubernetes", "yaml")[0]+deploying(t, "HAProxy", "haproxy")[0], -1)
	if len(paths) != 3 {
		t.Fatalf("%v", paths)
	}
	for _, path := range paths {
		if a := g.do("GET", path, "", "", nil); a.Status != 200 {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
}
