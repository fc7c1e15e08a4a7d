package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"tollgate/gateway/access"
	"tollgate/gateway/admin"
	"tollgate/gateway/control"
	"tollgate/gateway/edge"
	"tollgate/providers/providertest"
)

// program is `tollgate serve`, run in this process as main runs it.
type program struct {
	t      *testing.T
	out    *logBuffer
	logs   *logBuffer
	cancel context.CancelFunc
	done   chan int
}

func serveProgram(t *testing.T, args ...string) *program {
	t.Helper()
	return serveProgramIn(t, func(string) string { return "" }, append([]string{"serve"}, args...)...)
}

// serveProgramIn runs a whole command line in an environment.
func serveProgramIn(t *testing.T, getenv func(string) string, args ...string) *program {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	p := &program{t: t, out: &logBuffer{}, logs: &logBuffer{}, cancel: cancel, done: make(chan int, 1)}
	go func() {
		p.done <- runCLI(ctx, args, getenv, strings.NewReader(""), p.out, p.logs)
	}()
	t.Cleanup(func() { cancel(); <-p.done })
	return p
}

// wait returns what the program printed once it holds a text.
func (p *program) wait(b *logBuffer, text string) string {
	p.t.Helper()
	for until := time.Now().Add(20 * time.Second); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if s := b.String(); strings.Contains(s, text) {
			return s
		}
	}
	p.t.Fatalf("never printed %q:\n%s\n%s", text, p.out.String(), p.logs.String())
	return ""
}

// end stops the program and returns its exit code.
func (p *program) end() int {
	p.cancel()
	code := <-p.done
	p.done <- code
	return code
}

func field(t *testing.T, out, name string) string {
	t.Helper()
	for line := range strings.SplitSeq(out, "\n") {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), name); ok {
			return strings.TrimSpace(rest)
		}
	}
	t.Fatalf("no %q in:\n%s", name, out)
	return ""
}

func get(t *testing.T, url, key string) (int, string) {
	t.Helper()
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// TestReload: SIGHUP and a changed file put a configuration in force; one that is not
// right changes nothing and says what is wrong, to whoever asks later too; what takes effect
// at the next start only is told.
func TestReload(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "tollgate.yaml")
	write := func(models string) {
		t.Helper()
		text := "listen: 127.0.0.1:0\nmetrics: on\nproviders: { e: { kind: echo } }\nmodels: { " + models + " }\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("dear: { to: e/echo, price: { request: 1 USD } }, one: e/echo")
	p := serveProgram(t, "--config", file)
	out := p.wait(p.out, `"model": "echo"`) // what is tried first costs nothing
	url, key := field(t, out, "address"), field(t, out, "admin key")
	has := func(name string) bool {
		t.Helper()
		_, body := get(t, url+"/v1/models", key)
		return strings.Contains(body, `"id":"`+name+`"`)
	}
	until := func(name string) {
		t.Helper()
		for end := time.Now().Add(20 * time.Second); !has(name); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s never came:\n%s", name, p.logs.String())
			}
		}
	}
	if !has("one") {
		t.Fatal("the first configuration is not in force")
	}
	write("one: e/echo, two: e/echo") // by looking at the file
	until("two")

	write("one: nobody/x, two: e/echo")
	p.wait(p.logs, "the old one stays in force")
	p.wait(p.logs, `no provider is called \"nobody\"`)
	if !has("one") || !has("two") {
		t.Error("a configuration that is not right changed something")
	}
	told := func(ok bool, metric string, texts ...string) {
		t.Helper()
		_, check := get(t, url+"/api/v1/check", key)
		if !strings.Contains(check, fmt.Sprintf(`{"ok":%v,`, ok)) {
			t.Errorf("the check is not ok: %v: %s", ok, check)
		}
		for _, text := range texts {
			if !strings.Contains(check, text) {
				t.Errorf("the check does not say %s: %s", text, check)
			}
		}
		if _, metrics := get(t, url+"/metrics", key); !strings.Contains(metrics, "\ntollgate_config_last_reload_successful "+metric+"\n") {
			t.Errorf("the metric is not %s: %s", metric, metrics)
		}
	}
	told(false, "0", "the configuration file was changed, and refused at ", `no provider is called \"nobody\"`)

	write("three: e/echo }\nlog_level: warn\ndrain: 7s\nfront: { requests: 100")
	if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	until("three")
	if has("one") {
		t.Error("a model that is gone from the file is still there")
	}
	p.wait(p.logs, `"settings":"front, log_level"`)
	told(true, "1", `"path":"front"`, `"path":"log_level"`, "takes effect at the next start")
	if code := p.end(); code != 0 {
		t.Errorf("exit %d", code)
	}
	p.wait(p.logs, `"at_most":"7s"`)

	again := serveProgram(t, "--config", file)
	out = again.wait(again.out, "models")
	if strings.Contains(out, "admin key") {
		t.Error("the admin key was shown a second time")
	}
	if code, _ := get(t, field(t, out, "address")+"/v1/models", key); code != 200 {
		t.Errorf("after a restart the admin key answers %d", code)
	}
}

// TestGreetingSuggestsWhatAnswers: the first call that is suggested is one to an engine that
// is there, free if there is such a one.
func TestGreetingSuggestsWhatAnswers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	gone := httptest.NewServer(nil)
	gone.Close()
	file := filepath.Join(dir, "tollgate.yaml")
	put(t, file, "listen: 127.0.0.1:0\nproviders: { gone: { kind: vllm, url: "+gone.URL+" }, paid: { kind: echo, price: { request: 1 USD } }, here: { kind: echo } }\n"+
		"models: { a-free: gone/x, b-paid: paid/echo, c-free: here/echo }\n")
	p := serveProgram(t, "--config", file, "--database", filepath.Join(dir, "tollgate.db"))
	if out := p.wait(p.out, "hello"); !strings.Contains(out, `{"model": "c-free", `) {
		t.Errorf("another model is suggested:\n%s", out)
	}
}

// TestReloadSeesEveryChange: what is written while the start still asks engines, and what
// changes in a file that is only referred to, takes effect without anybody asking for it.
func TestReloadSeesEveryChange(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, secret, prices := filepath.Join(dir, "tollgate.yaml"), filepath.Join(dir, "secret"), filepath.Join(dir, "prices.json")
	keys := make(chan string, 100) // that the engine was asked with
	up := httptest.NewUnstartedServer(nil)
	text := "listen: 127.0.0.1:0\nprices: file:prices.json\nproviders: { e: { kind: vllm, url: http://" + up.Listener.Addr().String() + ", key: file:secret } }\nmodels: { one: e/x, two: e/x }\n"
	var write sync.Once
	up.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case keys <- r.Header.Get("Authorization"):
		default:
		}
		write.Do(func() {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Error(err)
			}
		})
		_, _ = io.WriteString(w, `{"object":"list","data":[{"id":"x"}]}`)
	})
	up.Start()
	t.Cleanup(up.Close)
	put(t, prices, `{"as_of":"2026-11-30","currency":"USD","models":[]}`)
	put(t, secret, "first-secret-of-the-engine")
	put(t, file, strings.Replace(text, ", two: e/x", "", 1))
	p := serveProgram(t, "--config", file)
	out := p.wait(p.out, "next, in another terminal")
	url, key := field(t, out, "address"), field(t, out, "admin key")
	until := func(what string, ok func() bool) {
		t.Helper()
		for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s never came:\n%s", what, p.logs.String())
			}
		}
	}
	if want := "tollgate key create --user me --create-user --config " + word(file) + "\n"; !strings.Contains(out, want) {
		t.Errorf("what is typed next is not %q:\n%s", want, out)
	}
	until("two", func() bool {
		_, body := get(t, url+"/v1/models", key)
		return strings.Contains(body, `"id":"two"`)
	})
	put(t, secret, "second-secret-of-the-engine")
	until("the new secret", func() bool {
		select {
		case k := <-keys:
			return k == "Bearer second-secret-of-the-engine"
		default:
			return false
		}
	})
	put(t, prices, "{")
	p.wait(p.logs, "the price list cannot be read")
	// What a refused configuration names is put right where it stands.
	put(t, file, strings.NewReplacer("prices: file:prices.json\n", "", "file:secret", "file:later").Replace(text))
	p.wait(p.logs, "the file later cannot be read")
	put(t, filepath.Join(dir, "later"), "third-secret-of-the-engine")
	until("the secret that was not there", func() bool {
		select {
		case k := <-keys:
			return k == "Bearer third-secret-of-the-engine"
		default:
			return false
		}
	})
}

// TestAdminKeyFromOutside: the environment and files set the admin key, in place of an
// earlier one; a weak one ends the start.
func TestAdminKeyFromOutside(t *testing.T) {
	dir := t.TempDir()
	strong := strings.Repeat("k3Y-9fQx7Lw2", 4)
	keyFile := filepath.Join(dir, "key")
	if err := os.WriteFile(keyFile, []byte(strong+"file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "tollgate.yaml")
	if err := os.WriteFile(config, []byte("listen: 127.0.0.1:0\nproviders: { e: { kind: echo } }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(dir, "empty")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ env, value, config, key, refused string }{
		"environment": {env: "TOLLGATE_ADMIN_KEY", value: strong, key: strong},
		"file":        {env: "TOLLGATE_ADMIN_KEY_FILE", value: keyFile, key: strong + "file"},
		"short":       {env: "TOLLGATE_ADMIN_KEY", value: "sk-1234", refused: "7 characters, at least 32"},
		"well known":  {env: "TOLLGATE_ADMIN_KEY", value: "changeme-changeme-changeme-changeme", refused: `contains "changeme"`},
		"monotonous":  {env: "TOLLGATE_ADMIN_KEY", value: strings.Repeat("ab", 20), refused: "only 2 different characters"},
		"with spaces": {env: "TOLLGATE_ADMIN_KEY", value: strong + " x", refused: "spaces"},
		"no file":     {env: "TOLLGATE_ADMIN_KEY_FILE", value: filepath.Join(dir, "absent"), refused: "no such file"},
		"empty":       {env: "TOLLGATE_ADMIN_KEY", value: "", refused: "TOLLGATE_ADMIN_KEY: it is set and empty"},
		"empty file":  {env: "TOLLGATE_ADMIN_KEY_FILE", value: empty, refused: "is empty"},
		"short file":  {env: "TOLLGATE_ADMIN_KEY_FILE", value: config, refused: "spaces"},              // a file that holds something else
		"a pipe":      {env: "TOLLGATE_ADMIN_KEY_FILE", value: pipe, refused: "it is no regular file"}, // for which a start would wait for ever
		"that seals":  {env: "TOLLGATE_SECRETS_KEY_FILE", value: pipe, refused: "it is no regular file"},
		"declared":    {env: "DECLARED_KEY", value: "sk-1234", config: "admin_key: env:DECLARED_KEY\n", refused: "7 characters, at least 32"},
		"none there":  {env: "DECLARED_KEY", value: "", config: "admin_key: env:DECLARED_KEY\n", refused: "DECLARED_KEY"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(c.env, c.value)
			config := config
			if c.config != "" {
				config = filepath.Join(dir, "declared.yaml")
				if err := os.WriteFile(config, []byte("listen: 127.0.0.1:0\nproviders: { e: { kind: echo } }\n"+c.config), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			p := serveProgram(t, "--config", config, "--database", filepath.Join(dir, strings.ReplaceAll(name, " ", "")+".db"))
			if c.refused != "" {
				code := <-p.done
				p.done <- code
				if code == 0 || !strings.Contains(p.logs.String(), c.refused) || strings.Contains(p.logs.String(), c.value) && c.env == "TOLLGATE_ADMIN_KEY" && len(c.value) > 10 {
					t.Errorf("exit %d: %s", code, p.logs.String())
				}
				return
			}
			out := p.wait(p.out, "models")
			if strings.Contains(out, c.key) || strings.Contains(out, "admin key") {
				t.Errorf("a key set from outside was shown:\n%s", out)
			}
			if code, body := get(t, field(t, out, "address")+"/api/v1/users", c.key); code != 200 {
				t.Errorf("the admin key answers %d %s", code, body)
			}
			// The next start would bring back the secret that was to be got rid of.
			s := &shell{t, map[string]string{"TOLLGATE_URL": field(t, out, "address"), "TOLLGATE_ADMIN_KEY": c.key}}
			s.run(exitUsage, "key", "rotate", "admin").complains(t, "admin_key", "TOLLGATE_ADMIN_KEY")
			if code, body := get(t, field(t, out, "address")+"/api/v1/users", c.key); code != 200 {
				t.Errorf("after that the admin key answers %d %s", code, body)
			}
			// And so would the one after a command that finds no server.
			p.end()
			local := &shell{t, map[string]string{}}
			at := []string{"--config", config, "--database", filepath.Join(dir, strings.ReplaceAll(name, " ", "")+".db")}
			local.run(exitUsage, append(at, "key", "rotate", "admin")...).complains(t, "admin_key", "TOLLGATE_ADMIN_KEY")
			t.Setenv(c.env, "") // of another shell, which does not know
			if os.Unsetenv(c.env); c.config == "" {
				local.run(exitOK, append(at, "key", "rotate", "admin")...).shows(t, "That is the key now", "A start that finds admin_key or TOLLGATE_ADMIN_KEY set brings that one back.")
			}
		})
	}
}

// TestFailedStartKeepsTheAdminKey: a start that finds its address taken, or that of the
// metrics, makes no admin key, which nobody would have seen; the next one shows it.
func TestFailedStartKeepsTheAdminKey(t *testing.T) {
	taken := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	dir := t.TempDir()
	config, db := filepath.Join(dir, "tollgate.yaml"), filepath.Join(dir, "tollgate.db")
	for _, text := range []string{
		"listen: " + taken.Addr().String(),
		"listen: 127.0.0.1:0\nmetrics: { listen: \"" + taken.Addr().String() + "\" }",
	} {
		if err := os.WriteFile(config, []byte(text+"\nproviders: { e: { kind: echo } }\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		p := serveProgram(t, "--config", config, "--database", db)
		code := <-p.done
		p.done <- code
		if code != exitFailed || !strings.Contains(p.logs.String(), "address already in use") || strings.Contains(p.out.String(), "admin key") {
			t.Errorf("%s: exit %d: %s%s", text, code, p.out.String(), p.logs.String())
		}
	}
	taken.Close()
	p := serveProgram(t, "--config", config, "--database", db)
	out := p.wait(p.out, "models")
	if code, body := get(t, field(t, out, "address")+"/api/v1/users", field(t, out, "admin key")); code != 200 {
		t.Errorf("the admin key answers %d %s", code, body)
	}
}

// TestEveryRouteIsInATable walks the router: what it serves stands in the tables, and
// what does not stand there is a 404 in the shape of every other error.
func TestEveryRouteIsInATable(t *testing.T) {
	g := start(t, upstreamConfig)
	table := map[string]bool{}
	for _, r := range append(g.srv.api.Routes(), admin.Routes(admin.Deps{Control: g.srv.control, Gateway: g.srv.gateway})...) {
		if r.Access < edge.Open || r.Access > edge.AdminKey {
			t.Errorf("%s %s: nobody said who may call it", r.Method, r.Path)
		}
		table[r.Method+" "+r.Path] = true
	}
	for _, r := range g.srv.app.GetRoutes(true) {
		if !table[r.Method+" "+r.Path] {
			t.Errorf("%s %s is served and stands in no table", r.Method, r.Path)
		}
	}
	p := g.person(control.KeyChange{})
	for _, path := range []string{"/", "/v1", "/v1/batches", "/v1/files", "/v1/audio/voices", "/v1/images", "/v2/moderations", "/v2/score", "/v1/responses/x/y",
		"/v1/messages/batches", "/v1/conversations", "/v1/realtime", "/v1/organization/users", "/v1/load_lora_adapter", "/api/pull", "/metrics", "/v1/chat/completions/x", "/V1/MODELS", "/v1//models", "/debug/pprof", "/.env"} {
		for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
			a := g.do(method, path, p.key, "", nil)
			if a.Status != 404 && a.Status != 405 || a.errorField(t, "code") != "unknown_path" && a.errorField(t, "code") != "method_not_allowed" {
				t.Errorf("%s %s: %d %s", method, path, a.Status, a.Body)
			}
		}
	}
	if n := len(g.up.Calls()); n != 0 {
		t.Errorf("%d calls reached the upstream", n)
	}
	// Without a credential only liveness, readiness and the API's description answer.
	for _, r := range append(g.srv.api.Routes(), admin.Routes(admin.Deps{Control: g.srv.control, Gateway: g.srv.gateway})...) {
		path := strings.NewReplacer(":id", "x", ":user", "y", "+", "z").Replace(r.Path)
		a := g.do(r.Method, path, "", "", nil)
		open := []string{"/health/live", "/health/ready", "/api/v1/openapi.json", "/api/v1/openapi.yaml"}
		if slices.Contains(open, r.Path) != (a.Status == 200) || !slices.Contains(open, r.Path) && a.Status != 401 {
			t.Errorf("%s %s without a key: %d", r.Method, r.Path, a.Status)
		}
		if r.Access == edge.AdminKey {
			if a := g.do(r.Method, path, p.key, "", nil); a.Status != 403 {
				t.Errorf("%s %s with a caller's key: %d %s", r.Method, r.Path, a.Status, a.Body)
			}
		}
	}
}

// TestShutdownLetsStreamsFinish, and cuts and settles what does not.
func TestShutdown(t *testing.T) {
	for name, c := range map[string]struct {
		drain  string
		script providertest.Script
		want   string
		status string
	}{
		"a stream that ends in time": {"20s", providertest.Script{Text: "a b c d e f", DelayChunk: 100 * time.Millisecond, PromptTokens: 100, CompletionTokens: 10}, "data: [DONE]", "ok"},
		"a stream that does not":     {"300ms", providertest.Script{Text: "a b c", HangAfter: 2}, `"code":"shutting_down"`, "cut_off"},
	} {
		t.Run(name, func(t *testing.T) {
			g := start(t, upstreamConfig+"drain: "+c.drain+"\n")
			g.stop() // only its configuration, people and upstream are wanted
			g.up.Set("paid", c.script)
			p := serveProgram(t, "--config", g.config, "--database", g.db)
			url := field(t, p.wait(p.out, "models"), "address")
			var key string
			{
				var out, errs logBuffer
				if code := runCLI(context.Background(), []string{"key", "create", "--database", g.db, "--config", g.config, "--user", "u", "--create-user", "--quiet"}, func(string) string { return "" }, strings.NewReader(""), &out, &errs); code != 0 {
					t.Fatal(errs.String())
				}
				key = strings.TrimSpace(out.String())
			}
			req, err := http.NewRequest("POST", url+"/v1/chat/completions", strings.NewReader(`{"model":"paid","stream":true,"messages":[{"role":"user","content":"hi"}]}`))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+key)
			res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			r := bufio.NewReader(res.Body)
			if line, err := r.ReadString('\n'); err != nil || !strings.HasPrefix(line, "data: ") {
				t.Fatalf("%q %v", line, err)
			}
			ended := make(chan int, 1)
			go func() { ended <- p.end() }()
			rest, err := io.ReadAll(r)
			if err != nil || !strings.Contains(string(rest), c.want) {
				t.Errorf("the rest of the stream: %v %s", err, rest)
			}
			if code := <-ended; code != 0 {
				t.Errorf("exit %d: %s", code, p.logs.String())
			}
			if n := g.query("select count(*) from holds"); n != 0 {
				t.Errorf("%d holds are open after the end", n)
			}
			if n := g.query("select count(*) from entries where cost > 0 and status = ?", c.status); n != 1 {
				t.Errorf("%d entries with the status %s: %s", n, c.status, p.logs.String())
			}
		})
	}
}

// breakListener makes the listener at an address of this process fail for good.
func breakListener(t *testing.T, address string) {
	t.Helper()
	want := must(netip.ParseAddrPort(address))(t)
	for _, e := range must(os.ReadDir("/proc/self/fd"))(t) {
		fd := must(strconv.Atoi(e.Name()))(t)
		if listens, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ACCEPTCONN); err != nil || listens == 0 {
			continue
		}
		at, err := unix.Getsockname(fd)
		if in4, ok := at.(*unix.SockaddrInet4); err == nil && ok && netip.AddrPortFrom(netip.AddrFrom4(in4.Addr), uint16(in4.Port)) == want {
			if err := unix.Shutdown(fd, unix.SHUT_RD); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("nothing listens at %s", address)
}

// TestP7_BrokenListener: a listener that fails ends the program as a signal does: what runs
// may finish and is settled, and then it ends, with the failure.
func TestP7_BrokenListener(t *testing.T) {
	g := start(t, upstreamConfig)
	key := g.person(control.KeyChange{}).key
	g.stop() // only its configuration, people and upstream are wanted
	g.up.Set("paid", providertest.Script{Text: "a b c d e f", DelayChunk: 100 * time.Millisecond, PromptTokens: 100, CompletionTokens: 10})
	p := serveProgram(t, "--config", g.config, "--database", g.db)
	url := field(t, p.wait(p.out, "models"), "address")
	conn := must(net.Dial("tcp", strings.TrimPrefix(url, "http://")))(t)
	defer conn.Close()
	must(io.WriteString(conn, rawChat(key, streamBody)))(t)
	res := must(http.ReadResponse(bufio.NewReader(conn), nil))(t)
	breakListener(t, strings.TrimPrefix(url, "http://"))
	p.wait(p.logs, shutdownMsg)
	rest, err := io.ReadAll(res.Body)
	if err != nil || !strings.HasSuffix(string(rest), "data: [DONE]\n\n") {
		t.Errorf("the stream that ran: %v %s", err, rest)
	}
	code := <-p.done
	p.done <- code
	if code == 0 || !strings.Contains(p.logs.String(), "the listener failed") {
		t.Errorf("exit %d: %s", code, p.logs.String())
	}
	if n := g.query("select count(*) from entries where cost > 0 and status = 'ok'"); n != 1 || g.query("select count(*) from holds") != 0 {
		t.Errorf("%d entries", n)
	}
}

// TestKeysThroughEveryHeader: one function reads them all.
func TestKeysThroughEveryHeader(t *testing.T) {
	g := start(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	other := g.person(control.KeyChange{})
	wrong := p.key[:len(p.key)-1] + "x"
	if strings.HasSuffix(p.key, "x") {
		wrong = p.key[:len(p.key)-1] + "y"
	}
	for _, c := range []struct {
		h    header
		want int
		code string
	}{
		{header{"Authorization": "Bearer " + p.key}, 200, ""},
		{header{"authorization": "bearer  " + p.key + " "}, 200, ""},
		{header{"x-api-key": p.key}, 200, ""},
		{header{"api-key": p.key}, 200, ""},
		{header{"x-goog-api-key": p.key}, 200, ""},
		{header{"Ocp-Apim-Subscription-Key": p.key}, 200, ""},
		{header{"x-litellm-api-key": p.key}, 200, ""},
		{header{"x-litellm-api-key": "Bearer " + p.key, "Authorization": "Bearer " + p.key, "x-goog-api-key": p.key}, 200, ""},
		{header{"x-litellm-api-key": "Bearer " + p.key, "Authorization": "Bearer " + other.key}, 400, "two_api_keys"},
		{header{"x-goog-api-key": p.key, "Ocp-Apim-Subscription-Key": other.key}, 400, "two_api_keys"},
		{header{"x-litellm-api-key": "Basic " + p.key}, 401, "invalid_api_key"},
		{header{"Authorization": "Bearer " + p.key, "x-api-key": p.key}, 200, ""},
		{header{"Authorization": "Bearer " + p.key, "x-api-key": other.key}, 400, "two_api_keys"},
		{header{"api-key": p.key, "x-api-key": other.key}, 400, "two_api_keys"},
		{header{"Authorization": "Basic " + p.key}, 401, "invalid_api_key"},
		{header{"Authorization": "Bearer " + wrong}, 401, "invalid_api_key"},
		{header{"Authorization": "Bearer " + access.DigestOf(p.key).String()}, 401, "invalid_api_key"},
		{header{"Authorization": "Bearer " + strings.Repeat("a", 5000)}, 401, "invalid_api_key"},
		{header{"Authorization": "Bearer "}, 401, "missing_api_key"},
		{header{}, 401, "missing_api_key"},
	} {
		for _, path := range []string{"/v1/models", "/models", "/api/v1/me"} {
			a := g.do("GET", path, "", "", c.h)
			if a.Status != c.want || c.code != "" && a.errorField(t, "code") != c.code {
				t.Errorf("%s with %.60s: %d %s", path, fmt.Sprint(c.h), a.Status, a.Body)
			}
			if strings.Contains(a.Body, p.key) || strings.Contains(a.Body, p.key[6:20]) {
				t.Errorf("an answer holds a key: %s", a.Body)
			}
		}
	}
	if strings.Contains(g.logs.String(), p.key) {
		t.Error("the log holds a key")
	}
}
