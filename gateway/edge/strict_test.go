package edge

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"tollgate/gateway/access"
)

func TestNormalPaths(t *testing.T) {
	for _, p := range []string{
		"/", "/v1/models", "/v1/chat/completions", "/models/Qwen/Qwen3-32B", "/models/Qwen%2FQwen3-32B", "/v1/models/hf.co%2Forg%2Frepo%3AQ4",
		"/v1/models/a%20b", "/v1/models/a:b@c+d,e", "/api/v1/users/a@example.org", "/v1/models/...", "/v1/models/.hidden", "/v1/models/caf%C3%A9", "/v1/models/a%25b", "/v1/models/caf%c3%a9", "/v1/models/a%2bb", "/v1/models/a%29", "/v1/models/%FF%AA",
		"/fallback/org%2Fmodel", "/model/org%2Fmodel/update", "/credentials/by_name/a%2Fb", "/access_group/a%2Fb/info",
		"/api/v1/credentials/team%2Fopenai", "/api/v1/tags/red%2Fbatch", "/api/v1/tags/red%2Fbatch/budgets",
	} {
		if !normal([]byte(p), "") {
			t.Errorf("%s is refused", p)
		}
	}
	for _, p := range []string{
		"//", "/v1/", "//v1/models", "/v1//models", "/v1/models/", "/v1/./models", "/v1/../api", "/v1/models/..", "/.", "/..",
		"/v1/models;x=1", "/v1/models/a;b", "/v1/%6dodels", "/v1/models/%2e%2e", "/v1/models/%2E", "/v1/models/%61", "/v1%2Fmodels", "/api/v1/users/a%2Fb", "/fallback%2Fmodel", "/fallback/a%2F..%2Fb", "/model/%2Fa",
		"/v1/models/a%2F..%2Fb", "/v1/models/%2Fa", "/v1/models/a%2F", "/v1/models/%", "/v1/models/%2", "/v1/models/%zz", "/v1/models/%00", "/v1/models/%0a", "/v1/models/%7f", "/v1\\models", "/v1/models#x", "/v1/mod els", "/v1/models/\xc3\xa9", "/v1/\x7f",
		"/api/v1/tags%2Fa", "/api/v1/tags/a%2F%2Fb",
	} {
		if normal([]byte(p), "") {
			t.Errorf("%s is taken", p)
		}
	}
}

// TestRootPath: below a root path every route is found as well, once, in no other spelling
// than its own, and no path means another than it would without.
func TestRootPath(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	app := NewApp(log, func() string { return "req" }, Plainly(func() int { return 0 }), nil, NewFront(DefaultLimits(), log), "/llm/v2")
	seen := func(c *fiber.Ctx, _ access.Principal) error {
		return c.SendString(c.Route().Path + " " + c.Path() + " " + c.Params("name") + string(c.Request().URI().QueryString()))
	}
	Mount(app, nil, []Route{
		{Method: "GET", Path: "/", Access: Open, Handle: seen}, {Method: "GET", Path: "/v1/models", Access: Open, Handle: seen},
		{Method: "GET", Path: "/v1/models/:name", Access: Open, Handle: seen}, {Method: "GET", Path: "/health/live", Access: Open, Handle: seen},
		{Method: "GET", Path: "/api/v1/users/:name", Access: Open, Handle: seen},
	})
	for target, want := range map[string]string{
		"/v1/models": "/v1/models /v1/models ", "/llm/v2/v1/models": "/v1/models /v1/models ", "/llm/v2/v1/models?a=%2F..": "/v1/models /v1/models a=%2F..",
		"/health/live": "/health/live /health/live ", "/llm/v2/health/live": "/health/live /health/live ", "/llm/v2": "/ / ", "/": "/ / ",
		"/llm/v2/v1/models/a%2Fb": "/v1/models/:name /v1/models/a%2Fb a%2Fb", "/llm/v2/api/v1/users/u": "/api/v1/users/:name /api/v1/users/u u",
		"/llm/v2/": "", "//llm/v2/v1/models": "", "/llm//v2/v1/models": "", "/llm/v2//v1/models": "", "/llm/v2/../v1/models": "", "/llm/v2/./v1/models": "", "/llm/../v1/models": "",
		"/llm/v2%2fv1/models": "", "/llm%2Fv2/v1/models": "", "/%6clm/v2/v1/models": "", "/LLM/v2/v1/models": "", "/llm/v2x/v1/models": "", "/llmx/v2/v1/models": "", "/llm/v1/models": "", "/llm": "",
		"/llm/v2/llm/v2/v1/models": "", "/llm/v2/v1/models/a%2F..%2Fb": "", "/llm/v2/v1%2Fmodels": "", "/llm/v2;x/v1/models": "", "/llm/v2/api/v1/users/a%2Fb": "", "/llm/v2/%2e%2e/v1/models": "",
		"/v1/models/x%2F..%2F..%2Fllm/v2": "", "/llm\\v2/v1/models": "",
	} {
		req := httptest.NewRequest("GET", "/", nil)
		req.RequestURI = target // as it is written
		res, err := app.Test(req, -1)
		if err != nil {
			t.Fatalf("%s: %v", target, err)
		}
		got, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		if want == "" && res.StatusCode != 404 || want != "" && (res.StatusCode != 200 || string(got) != want) {
			t.Errorf("%s: %d %s, want %q", target, res.StatusCode, got, want)
		}
	}
}

// TestHeads: a head that two readers could read in two ways is refused.
func TestHeads(t *testing.T) {
	for _, name := range single {
		line := name + ": x\r\n"
		if name == "Content-Length" {
			line = name + ": 1\r\n"
		}
		if err := checkHead([]byte(line + "\r\n")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, again := range []string{line, strings.ToLower(line)} {
			if err := checkHead([]byte(line + "A: b\r\n" + again + "\r\n")); !errors.Is(err, ErrHeaderTwice) {
				t.Errorf("%s twice: %v", name, err)
			}
		}
	}
	for head, want := range map[string]error{
		"A: b\r\nA: c\r\n": nil, "Transfer-Encoding: chunked\r\n": nil, "transfer-encoding: \t Chunked \r\n": nil,
		"Transfer-Encoding: gzip\r\n": ErrTransfer, "Transfer-Encoding: gzip, chunked\r\n": ErrTransfer, "A b: c\r\n": ErrHeaderName, "A : c\r\n": ErrHeaderName,
	} {
		if err := checkHead([]byte(head + "\r\n")); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", head, err, want)
		}
	}
}

// FuzzBody: of a body that is inflated comes what was put in, never more than is
// allowed, and what is no such body is an error and not a body.
func FuzzBody(f *testing.F) {
	f.Add(uint8(0), []byte(`{"model":"m"}`))
	f.Add(uint8(1), []byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"))
	f.Add(uint8(2), []byte("\x78\x9c\x4b\x04\x00\x00\x62\x00\x62"))
	f.Add(uint8(3), []byte("\x28\xb5\x2f\xfd\x04\x00\x09\x00\x00\x61"))
	app := fiber.New(fiber.Config{BodyLimit: MaxBody})
	read := func(encoding string, raw []byte) ([]byte, error) { return inflateWith(app, encoding, raw) }
	f.Fuzz(func(t *testing.T, which uint8, b []byte) {
		encoding := []string{"identity", "gzip", "deflate", "zstd", "br", "gzip, gzip", "x-gzip", "GZIP"}[which%8]
		got, err := read(encoding, b)
		switch {
		case err != nil && (got != nil || Describe(err, "r", "", 0).Status < 400 || Describe(err, "r", "", 0).Status > 499):
			t.Fatalf("%s: %d bytes beside %v", encoding, len(got), err)
		case err == nil && len(got) > int(DefaultLimits().MaxBody):
			t.Fatalf("%s: %d bytes", encoding, len(got))
		case encoding == "identity" && !bytes.Equal(got, b):
			t.Fatalf("%q became %q", b, got)
		case (encoding == "br" || encoding == "gzip, gzip") && !errors.Is(err, ErrEncoding):
			t.Fatalf("%s: %v", encoding, err)
		}
		var packed bytes.Buffer
		switch encoding = strings.ToLower(encoding); encoding {
		case "gzip", "deflate", "zstd":
		default:
			return
		}
		z := packer(t, encoding, &packed)
		if _, err := z.Write(b); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if got, err := read(encoding, packed.Bytes()); err != nil || !bytes.Equal(got, b) {
			t.Fatalf("%s: %q became %q, %v", encoding, b, got, err)
		}
		if packed.Len() > 8 {
			if got, err := read(encoding, packed.Bytes()[:packed.Len()-5]); err == nil && !bytes.Equal(got, b) {
				t.Fatalf("%s: a cut body is taken as %q of %q", encoding, got, b)
			}
		}
	})
}

// FuzzStrict: a head that is taken has every line ended by CR LF, none folded, and one
// way to read its length; a path that is taken means the same to whoever cleans it,
// decodes it, or does both, in either order.
func FuzzStrict(f *testing.F) {
	f.Add([]byte("Host: x\r\nContent-Length: 1\r\n\r\n"), []byte("/v1/models/a%2Fb"))
	f.Add([]byte("Transfer-Encoding: chunked\r\ncontent-length: 1\r\n\r\n"), []byte("/v1/%2e%2e/x"))
	f.Add([]byte("A: b\n c\r\n\r\n"), []byte("/a;b"))
	f.Add([]byte("A: b\r\n\tc\r\nTrailer: x\r\n\r\n"), []byte("/v1//models/"))
	f.Fuzz(func(t *testing.T, raw, target []byte) {
		if checkHead(raw) == nil {
			block, _, _ := bytes.Cut(append([]byte("\r\n"), raw...), []byte("\r\n\r\n"))
			length, chunked := 0, 0
			for line := range strings.SplitSeq(string(bytes.TrimPrefix(block, []byte("\r\n"))), "\r\n") {
				name, value, _ := strings.Cut(line, ":")
				switch strings.ToLower(name) {
				case "content-length":
					length = 1
				case "transfer-encoding":
					chunked = 1
					if !strings.EqualFold(strings.Trim(value, " \t"), "chunked") {
						t.Fatalf("%q is taken with the encoding %q", raw, value)
					}
				case "trailer":
					t.Fatalf("%q is taken with a trailer", raw)
				}
				if strings.Contains(line, "\n") || strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") {
					t.Fatalf("%q is taken with the line %q", raw, line)
				}
			}
			if length+chunked > 1 {
				t.Fatalf("%q is taken with two lengths", raw)
			}
		}
		if len(target) == 0 || target[0] != '/' || bytes.IndexByte(target, '?') >= 0 || !normal(target, "") {
			return
		}
		p := string(target)
		if path.Clean(p) != p {
			t.Fatalf("%q is taken and cleaned to %q", p, path.Clean(p))
		}
		u, err := url.ParseRequestURI(p)
		if err != nil {
			t.Fatalf("%q is taken: %v", p, err)
		}
		if path.Clean(u.Path) != u.Path || (!inName(target, "") && strings.Count(u.Path, "/") != strings.Count(p, "/")) {
			t.Fatalf("%q is taken and decodes to %q", p, u.Path)
		}
	})
}

// TestHeadersOfOurs: one of tollgate's own that no request has is refused by its name.
func TestHeadersOfOurs(t *testing.T) {
	for head, say := range map[string]string{
		"X-Tollgate-Fallback: deny\r\n\r\n": "", "x-tollgate-tags: a\r\nX-TOLLGATE-TAGS: b\r\n\r\n": "", "X-Tollgate: 1\r\nX-Tollgat-X: 1\r\n\r\n": "",
		"X-Tollgate-Falback: deny\r\n\r\n": "X-Tollgate-Falback: no request has such a header; known are X-Tollgate-Actor", "x-tollgate-cost: 1\r\n\r\n": "x-tollgate-cost: no request",
		"X-Api-Key: a\r\nx-api-key: b\r\n\r\n": "stands twice that may stand once: X-Api-Key",
	} {
		err := checkHead([]byte(head))
		if say == "" && err != nil || say != "" && (err == nil || !strings.Contains(err.Error(), say)) {
			t.Errorf("%q: %v", head, err)
		}
	}
}
