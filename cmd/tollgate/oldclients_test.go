package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"tollgate/gateway/control"
	"tollgate/providers/providertest"
)

// plainNginx says no more than where the gateway is: nginx speaks HTTP/1.0 to it unless it is
// told otherwise.
var plainNginx = behind{"nginx", "TOLLGATE_TEST_NGINX", "nginx", proxies[0].args, `
daemon off;
master_process off;
pid DIR/pid;
error_log stderr;
events { }
http {
	access_log off;
	client_body_temp_path DIR/body;
	proxy_temp_path DIR/proxy;
	fastcgi_temp_path DIR/fastcgi;
	uwsgi_temp_path DIR/uwsgi;
	scgi_temp_path DIR/scgi;
	server {
		listen unix:DIR/sock;
		location / { proxy_pass http://ADDRESS; }
	}
}
`}

// TestStreamsToHTTP10: a client of HTTP/1.0 gets each stream as one of HTTP/1.1 does, without
// frames, which it does not know, and until the connection ends.
func TestStreamsToHTTP10(t *testing.T) {
	t.Parallel()
	g := start(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	for _, script := range []providertest.Script{{Text: "one two three"}, {CutAfter: 2, Text: "one two three"}} {
		for _, model := range []string{"free", "paid"} {
			g.up.Set(model, script)
			body := chatBody(p, model, `"stream":true`)
			want := g.do("POST", "/v1/chat/completions", p.key, body, nil)
			conn := must(net.Dial("tcp", strings.TrimPrefix(g.url, "http://")))(t)
			fmt.Fprintf(conn, "POST /v1/chat/completions HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", p.key, len(body), body)
			raw := string(must(io.ReadAll(conn))(t))
			_ = conn.Close()
			header, got, _ := strings.Cut(raw, "\r\n\r\n")
			low := strings.ToLower(header)
			if !strings.HasPrefix(header, "HTTP/1.1 200 ") || strings.Contains(low, "transfer-encoding") || strings.Contains(low, "content-length") || !strings.Contains(low, "connection: close") {
				t.Errorf("%s: %s", model, header)
			}
			if got = unlike(got); got != unlike(want.Body) || !strings.Contains(got, "data: ") {
				t.Errorf("%s: got\n%s\nwant\n%s", model, got, want.Body)
			}
		}
	}
	g.audit()
}

// unlike takes out of a stream what no two of them have in common: the request's id.
func unlike(stream string) string {
	if _, rest, ok := strings.Cut(stream, "request "); ok {
		id, _, _ := strings.Cut(rest, `"`)
		stream = strings.ReplaceAll(stream, id, "ID")
	}
	return stream
}

// TestStreamsThroughPlainNginx: behind nginx as Debian ships it a stream comes as it is made,
// and whole.
func TestStreamsThroughPlainNginx(t *testing.T) {
	t.Parallel()
	g := start(t, upstreamConfig)
	p := g.person(control.KeyChange{})
	socket := plainNginx.start(t, strings.TrimPrefix(g.url, "http://"))
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}}
	ask := func(ctx context.Context, extra string) *http.Response {
		t.Helper()
		req := must(http.NewRequestWithContext(ctx, "POST", "http://gate/v1/chat/completions", strings.NewReader(chatBody(p, "free", extra))))(t)
		req.Header.Set("Authorization", "Bearer "+p.key)
		return must(client.Do(req))(t)
	}
	g.up.Set("free", providertest.Script{Text: "one two three"})
	want := g.chat(p, "free", `"stream":true`, nil).Body
	res := ask(t.Context(), `"stream":true`)
	if got := string(must(io.ReadAll(res.Body))(t)); res.StatusCode != 200 || got != want {
		t.Errorf("%d: got\n%s\nwant\n%s", res.StatusCode, got, want)
	}
	res = ask(t.Context(), "")
	if got := string(must(io.ReadAll(res.Body))(t)); res.StatusCode != 200 || !strings.Contains(got, "one two three") {
		t.Errorf("%d: %s", res.StatusCode, got)
	}
	g.up.Set("free", providertest.Script{Text: "one two three", HangAfter: 2})
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	res = ask(ctx, `"stream":true`)
	if line, err := bufio.NewReader(res.Body).ReadString('\n'); err != nil || !strings.HasPrefix(line, "data: ") {
		t.Errorf("the first event does not come before the last: %q, %v", line, err)
	}
}
