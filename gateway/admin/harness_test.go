package admin_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/pricelist"
	"tollgate/accounting/scope"
	"tollgate/gateway"
	"tollgate/gateway/access"
	"tollgate/gateway/admin"
	"tollgate/gateway/balancer"
	"tollgate/gateway/catalog"
	"tollgate/gateway/control"
	"tollgate/gateway/dispatch"
	"tollgate/gateway/edge"
	"tollgate/gateway/limits"
	"tollgate/gateway/shadow"
	"tollgate/gateway/store"
	"tollgate/gateway/toll"
	"tollgate/providers"
	"tollgate/providers/echo"
	"tollgate/providers/openai"
	"tollgate/providers/wire"
)

// site is the API over a real database and a real listener.
type site struct {
	t       *testing.T
	doc     document
	url     string
	file    string // of the database
	admin   string // an admin key
	store   *store.Store
	control *control.Control
	gateway *gateway.Gateway
	secrets []string // what no answer may hold, but the one that makes a key
	reload  error
	closed  error           // why no paid call can be begun
	touched map[string]bool // routes that were answered with success
}

// upstream answers every chat with a usage that costs 0.011 USD.
func upstream(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if strings.HasSuffix(r.URL.Path, "/models") {
			_, _ = io.WriteString(w, `{"object":"list","data":[{"id":"big","object":"model"}]}`)
			return
		}
		_, _ = io.WriteString(w, `{"id":"x","object":"chat.completion","created":1,"model":"big","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"hi"}}],"usage":{"prompt_tokens":1000,"completion_tokens":1000,"total_tokens":2000}}`)
	}))
	t.Cleanup(s.Close)
	return s.URL + "/v1"
}

func start(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, doc: readDocument(t), touched: map[string]bool{}}
	log := slog.New(slog.DiscardHandler)
	ctx := context.Background()
	s.file = filepath.Join(t.TempDir(), "tollgate.db")
	var err error
	if s.store, err = store.Open(ctx, store.SQLite(s.file), store.Options{Log: log}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.store.Close() }) // a test may have closed it
	books := ledger.New(s.store, ledger.Rules{Admission: ledger.Strict}, time.Now)
	d := &dispatch.Dispatcher{}
	gate := toll.New(books, d, func() toll.Options { return toll.Options{} }, time.Now, log)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = gate.Close(ctx)
		d.Close()
	})
	live, directory := &catalog.Live{}, &access.Directory{}
	rates := limits.New(limits.Options{Now: time.Now, Log: log})
	kinds := append(openai.Kinds(), providers.Kind{Name: "echo", Codec: openai.New(openai.Quirks{}), Local: true, Transport: echo.Transport()})
	s.control = control.New(control.Parts{Store: s.store, Directory: directory, Ledger: books, Limits: rates, Catalog: live, Dispatch: d, Kinds: kinds,
		Vault: plainVault(), ReadDeclaration: readDeclaration, Random: rand.Reader, Now: time.Now, Log: log, Routes: func() (all []access.Route) {
			for _, r := range admin.Routes(admin.Deps{Control: s.control}) {
				all = append(all, access.Route{Use: r.Use, Path: r.Path})
			}
			return all
		}})
	price, err := accounting.NewPriced(accounting.Tariff{Version: "test", Rates: accounting.Rates{accounting.Input: accounting.Rate(accounting.Dollar), accounting.Output: accounting.Rate(10 * accounting.Dollar)}})
	if err != nil {
		t.Fatal(err)
	}
	limit := 7 * accounting.Dollar
	declared := control.Declared{Prices: pricelist.Builtin(),
		Spec: catalog.Spec{
			Providers: []catalog.ProviderSpec{
				{Path: "providers.echo", Name: "echo", Kind: "echo"},
				{Path: "providers.cloud", Name: "cloud", Kind: "openai", URL: upstream(t), Secret: providers.NewSecret("sk-upstream-canary")},
				{Path: "providers.gone", Name: "gone", Kind: "openai", URL: "http://127.0.0.1:9/v1", Secret: providers.NewSecret("sk-upstream-canary")},
			},
			Models: []catalog.ModelSpec{
				{Path: "models.paid", Name: "paid", Price: price, Targets: []catalog.TargetSpec{{Path: "models.paid", To: "cloud/big"}}},
				{Path: "models.mixed", Name: "mixed", Targets: []catalog.TargetSpec{{Path: "models.mixed.targets[0]", To: "paid", Order: 1}, {Path: "models.mixed.targets[1]", To: "echo/echo", Order: 2}}},
				{Path: "models.unknown", Name: "unknown", Targets: []catalog.TargetSpec{{Path: "models.unknown", To: "cloud/mystery"}}},
				{Path: "models.broken", Name: "broken", Targets: []catalog.TargetSpec{{Path: "models.broken", To: "nowhere/x"}}},
			},
		},
		Budgets: []ledger.Budget{{ID: "file-1", Kind: ledger.User, Each: true, Limit: &limit, Window: ledger.Window{Unit: ledger.Month}, Origin: "file"}},
		Limits:  []limits.Rule{{ID: "file-2", Selector: scope.Selector{Kind: scope.Key, Each: true}, Requests: number(60), Origin: "file"}},
	}
	if err := s.control.Load(ctx, declared); err != nil {
		t.Fatal(err)
	}
	s.control.Discover(ctx, false)
	if s.admin, err = s.control.EnsureAdmin(ctx, ""); err != nil {
		t.Fatal(err)
	}
	s.secrets = append(s.secrets, s.admin, access.DigestOf(s.admin).String(), "sk-upstream-canary")
	n := 0
	id := func() string { n++; return fmt.Sprintf("id%d", n) }
	s.gateway = &gateway.Gateway{Catalog: live, Balancer: balancer.New(time.Now, log), Limits: rates, Toll: gate, Dispatch: d, Recorder: s.store, Log: log, Now: time.Now, NewID: id}
	app := edge.NewApp(log, func() string { return "request" }, edge.Plainly(func() int { return 0 }), nil, edge.NewFront(edge.DefaultLimits(), log), "")
	edge.Mount(app, &edge.Auth{Directory: directory, Now: time.Now, Local: "local-secret-of-this-process"}, admin.Routes(admin.Deps{
		Books:   func(context.Context) error { return s.closed },
		Control: s.control, Gateway: s.gateway, Version: "test", Now: time.Now, Reload: func() error { return s.reload },
		Warnings: func() []admin.Problem {
			return []admin.Problem{{Path: "listen", Line: 1, Column: 1, Message: "open to the network"}}
		},
		Assumed: func() []string { return nil },
		Shadow:  shadowed{},
	}))
	s.listen(app)
	return s
}

// shadowed is a trial of two calls, one of which differs.
type shadowed struct{}

func (shadowed) EachShadowCall(_ context.Context, from, to time.Time, put func(shadow.Call)) error {
	limit, cost := accounting.Dollar, 2*accounting.Dollar
	for i := range 2 {
		at := time.Date(2026, 11, 1, 8, i, 0, 0, time.UTC)
		if at.Before(from) || !to.IsZero() && !at.Before(to) {
			continue
		}
		put(shadow.Call{At: at, RequestID: "r", Key: "k", Model: "m", Ours: shadow.Ours{Decision: shadow.Served, Price: "paid", Cost: &cost, Need: 1,
			Budgets: []shadow.Claim{{Budget: "b", Kind: "key", Account: "k", Start: at.Truncate(time.Hour), End: at.Add(time.Hour), Limit: limit}}}, Theirs: shadow.Theirs{Status: 200, KeySpend: &cost}})
	}
	return nil
}

func (s *site) listen(app *fiber.App) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	go func() { _ = app.Listener(ln) }()
	s.t.Cleanup(func() { _ = app.ShutdownWithTimeout(time.Second) })
	s.url = "http://" + ln.Addr().String()
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	raw    []byte
	body   any
}

func (a answer) field(path string) any {
	v := a.body
	for _, name := range strings.Split(path, ".") {
		switch x := v.(type) {
		case object:
			v = x[name]
		case []any:
			var i int
			if _, err := fmt.Sscan(name, &i); err != nil || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

func (a answer) code() string { s, _ := a.field("error.code").(string); return s }

// route finds the description of a path that has values in it.
func (s *site) route(method, path string) string {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	for _, r := range admin.Routes(admin.Deps{}) {
		have := strings.Split(r.Path, "/")
		if r.Method != method || len(have) != len(parts) {
			continue
		}
		fits := true
		for i := range have {
			fits = fits && (have[i] == parts[i] || strings.HasPrefix(have[i], ":"))
		}
		if fits {
			return template(r.Path)
		}
	}
	return ""
}

// do makes a request as somebody and holds the answer against the description and
// against what must not leak.
func (s *site) do(key, method, path, body string) answer {
	s.t.Helper()
	req, err := http.NewRequest(method, s.url+admin.Prefix+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	return s.send(req)
}

func (s *site) send(req *http.Request) answer {
	s.t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	a := answer{status: res.StatusCode, header: res.Header}
	if a.raw, err = io.ReadAll(res.Body); err != nil {
		s.t.Fatal(err)
	}
	what := req.Method + " " + req.URL.RequestURI()
	if strings.HasPrefix(res.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(a.raw, &a.body); err != nil {
			s.t.Fatalf("%s: no JSON: %v: %s", what, err, a.raw)
		}
	}
	made := a.status == http.StatusCreated && strings.HasSuffix(req.URL.Path, "/keys") || a.status == http.StatusOK && strings.HasSuffix(req.URL.Path, "/rotate")
	for _, secret := range s.secrets {
		if bytes.Contains(a.raw, []byte(secret)) {
			s.t.Errorf("%s leaks %s", what, secret)
		}
	}
	if made {
		secret, _ := a.field("key").(string)
		if bytes.Contains(a.raw, []byte(access.DigestOf(secret).String())) {
			s.t.Errorf("%s leaks the digest", what)
		}
		s.secrets = append(s.secrets, secret, access.DigestOf(secret).String())
	}
	route := s.route(req.Method, req.URL.EscapedPath())
	if route == "" {
		return a
	}
	if a.status < 300 {
		s.touched[req.Method+" "+route] = true
	}
	schema, ok := s.doc.answerSchema(s.doc.operation(req.Method, route), a.status)
	if !ok {
		s.t.Errorf("%s: an answer %d is not described", what, a.status)
	}
	if schema == nil {
		if a.status == http.StatusNoContent && len(a.raw) > 0 {
			s.t.Errorf("%s: a body where none belongs: %s", what, a.raw)
		}
		return a
	}
	for _, w := range s.doc.check(schema, a.body, "") {
		s.t.Errorf("%s: %s\n%s", what, w, a.raw)
	}
	return a
}

// ok makes a request with the admin key that must succeed.
func (s *site) ok(method, path, body string) answer {
	s.t.Helper()
	a := s.do(s.admin, method, path, body)
	if a.status >= 300 {
		s.t.Fatalf("%s %s %s: %d %s", method, path, body, a.status, a.raw)
	}
	return a
}

// key makes a user with a key and returns the secret and the id.
func (s *site) key(user, more string) (secret, id string) {
	s.t.Helper()
	if a := s.do(s.admin, "POST", "/users", fmt.Sprintf(`{"id":%q}`, user)); a.status != 201 && a.code() != "exists" {
		s.t.Fatalf("%d %s", a.status, a.raw)
	}
	a := s.ok("POST", "/keys", fmt.Sprintf(`{"user":%q%s}`, user, more))
	return a.field("key").(string), a.field("id").(string)
}

// call makes a chat call as the data plane would.
func (s *site) call(secret, model string) error {
	s.t.Helper()
	body, err := wire.ParseObject([]byte(fmt.Sprintf(`{"model":%q,"max_tokens":10,"messages":[{"role":"user","content":"hi"}]}`, model)))
	if err != nil {
		s.t.Fatal(err)
	}
	params, err := wire.ReadParams(body)
	if err != nil {
		s.t.Fatal(err)
	}
	who, err := s.control.Caller(context.Background(), secret)
	if err != nil {
		s.t.Fatal(err)
	}
	_, err = s.gateway.Do(&gateway.Lifetime{}, gateway.Request{ID: "call", Operation: providers.Chat, Body: body, Params: params, Who: who})
	return err
}
