package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/pricelist"
	"tollgate/accounting/scope"
	"tollgate/configs"
	"tollgate/configs/litellm"
	"tollgate/gateway"
	"tollgate/gateway/access"
	"tollgate/gateway/admin"
	"tollgate/gateway/balancer"
	"tollgate/gateway/catalog"
	"tollgate/gateway/control"
	"tollgate/gateway/dispatch"
	"tollgate/gateway/edge"
	"tollgate/gateway/handles"
	"tollgate/gateway/httpapi"
	"tollgate/gateway/limits"
	"tollgate/gateway/limits/redislimits"
	"tollgate/gateway/listening"
	litellmface "tollgate/gateway/litellm"
	"tollgate/gateway/litellm/manage"
	"tollgate/gateway/metrics"
	"tollgate/gateway/signals"
	"tollgate/gateway/store"
	"tollgate/gateway/toll"
)

// server is a whole tollgate, wired and not yet listening.
type server struct {
	log      *slog.Logger
	store    *store.Store
	books    *ledger.Ledger
	dispatch *dispatch.Dispatcher
	balancer *balancer.Balancer
	signals  *signals.Watch
	limits   *limits.Limiter
	toll     *toll.Toll
	control  *control.Control
	gateway  *gateway.Gateway
	api      *httpapi.API
	shadow   *httpapi.Shadow // nil: requests are answered here
	app      *fiber.App
	front    *edge.Front
	auth     *edge.Auth
	metrics  *metrics.Metrics
	scraped  *fiber.App              // the metrics' own listener; nil if they have none
	cancel   context.CancelCauseFunc // ends the requests that run
	settings atomic.Pointer[settings]
	started  *configs.Config         // with which it was
	refused  atomic.Pointer[refusal] // of the file as it is now; nil: that is in force
	reload   func() error
	own      *listening.Own // where it listens
	unkeep   func()         // ends what keep began
}

// refusal is of a changed configuration file.
type refusal struct {
	at       time.Time
	problems []configs.Problem
}

// settings are what a reload can change beside the catalog and the budgets.
type settings struct {
	budgetStatus int
	clampOutput  bool
	booksDown    *accounting.Money
	retention    int               // months; 0 keeps everything
	drain        time.Duration     // for running requests to end
	drainDelay   time.Duration     // for balancers to notice the end
	pending      []string          // settings that the file has changed and the next start takes over
	warnings     []configs.Problem // what was remarkable in the file
	assumed      []string          // providers that nobody declared
	told         litellm.Told      // what LiteLLM's file says beside
	zone         *time.Location    // of budgets that name none
}

// newServer opens the database and wires everything over it. reload is what the
// management API's reload does. options say how the database is opened; the clock among
// them is the one clock of the program. Without one it is that of the books, and the
// machine's for how long calls take.
func newServer(ctx context.Context, cfg *configs.Config, log *slog.Logger, reload func() error, options ...func(*store.Options)) (s *server, err error) {
	counts := metrics.New(version())
	log = slog.New(counts.Log(log.Handler()))
	own := cfg.Own()
	s = &server{log: log, metrics: counts, dispatch: &dispatch.Dispatcher{Own: own}, own: own, started: cfg, reload: reload, unkeep: func() {}}
	s.apply(cfg)
	o := store.Options{Log: log, Metrics: counts}
	for _, option := range options {
		option(&o)
	}
	if s.store, err = store.Open(ctx, database(cfg), o); err != nil {
		return nil, err
	}
	opened := s.store // a return of an error makes s nil
	defer func() {
		if err != nil {
			err = errors.Join(err, opened.Close())
		}
	}()
	now, passing := s.store.Now, time.Now
	if o.Now != nil {
		now, passing = o.Now, o.Now
	}
	s.books = ledger.New(s.store, ledger.Rules{Admission: cfg.Admission, Orphans: cfg.Orphans}, now)
	if !o.Visit || !s.store.Shared() { // the servers beside a visitor do it
		if err := s.settleOrphans(ctx); err != nil {
			return nil, fmt.Errorf("settling the calls that a process left open: %w", err)
		}
	}
	secret, err := s.store.Secret(ctx, "handles", handles.SecretSize)
	if err != nil {
		return nil, err
	}
	sealer, err := handles.New(secret)
	if err != nil {
		return nil, err
	}
	secrets, err := openVault(ctx, s.store)
	if err != nil {
		return nil, err
	}
	where, err := limitStore(cfg)
	if err != nil {
		return nil, err
	}
	s.limits = limits.New(limits.Options{Now: now, Backend: where, WhenDown: whenDown(cfg), Log: log})
	s.toll = toll.New(s.books, s.dispatch, func() toll.Options {
		st := s.settings.Load()
		return toll.Options{ClampOutput: st.clampOutput, Offline: st.booksDown}
	}, passing, log)
	limited, gate := s.limits, s.toll
	defer func() {
		if err != nil {
			err = errors.Join(err, gate.Close(ctx), limited.Close(ctx))
		}
	}()
	s.toll.Measure(counts)
	s.balancer = balancer.New(passing, log)
	live, directory := &catalog.Live{Changed: func(now *catalog.Snapshot) { s.balancer.Keep(now.Leads, now.Providers()); counts.Keep(now.Leads) }}, &access.Directory{}
	s.control = control.New(control.Parts{Store: s.store, Directory: directory, Ledger: s.books, Limits: s.limits, Catalog: live,
		Dispatch: s.dispatch, Kinds: kinds(), Vault: secrets, ReadDeclaration: readDeclaration, Random: rand.Reader, Now: now, Log: log, Own: own, Routes: sync.OnceValue(s.everyRoute), Shared: s.store.Shared()})
	if err := s.control.Load(ctx, declared(cfg)); err != nil {
		return nil, err
	}
	s.signals = &signals.Watch{Catalog: live, Dispatch: s.dispatch, Balancer: s.balancer, Log: log}
	s.gateway = &gateway.Gateway{Catalog: live, Balancer: s.balancer, Limits: s.limits, Toll: s.toll, Dispatch: s.dispatch, Handles: sealer, Recorder: s.store, Metrics: counts, Log: log, Now: now, Passing: passing, NewID: newID, AdminCalls: cfg.AdminCalls}
	running, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	s.cancel = cancel
	s.mount(running, cfg, directory, now)
	return s, nil
}

// mount builds what answers over everything that was wired: routes, and who may use them.
// running is the context of all requests.
func (s *server) mount(running context.Context, cfg *configs.Config, directory *access.Directory, now func() time.Time) {
	tell := edge.Plainly(func() int { return s.settings.Load().budgetStatus })
	s.api = &httpapi.API{Gateway: s.gateway, Books: s.store.Ping, Context: running, EndUser: endUserHeaders(cfg), AsAsked: cfg.AsAsked,
		Still: func(p access.Principal) error { return directory.Still(p, now()) }}
	var dialect *litellmface.Dialect
	if cfg.Compatibility == configs.LikeLiteLLM {
		dialect = &litellmface.Dialect{EndUser: s.api.EndUser, Version: version(), Limits: s.limits.Of, Budgets: s.budgetsOf, Now: now}
		tell, s.api.Dialect = litellmface.Tell(tell), dialect
	}
	s.api.Tell = tell
	s.auth = &edge.Auth{Directory: directory, Now: now, Local: newSecret(), Other: litellmface.HeaderKey, Own: keyHeader(cfg), CaughtUp: s.control.CaughtUp, Scrape: cfg.Metrics.Token}
	s.front = edge.NewFront(frontLimits(cfg.Front), s.log)
	s.app = edge.NewApp(s.log, newID, tell, s.metrics.Refused, s.front, cfg.RootPath)
	routes := s.api.Routes()
	if cfg.Shadow != nil { // what is not answered here goes on
		routes, dialect = s.api.Health(), nil
	}
	theirs := manage.Parts{Control: s.control, Gateway: s.gateway, Version: version(), Now: now, Random: rand.Reader,
		Listed: func() []litellm.Listed { return s.settings.Load().told.Listed }, Zone: func() *time.Location { return s.settings.Load().zone }, Env: os.LookupEnv}
	var joining func(context.Context, access.Principal, string, string) ([]control.Edit, error)
	if dialect != nil {
		joining = theirs.Joining
	}
	routes = append(routes, admin.Routes(admin.Deps{Control: s.control, Gateway: s.gateway, Version: version(), Now: now, Reload: s.reload,
		Warnings: func() []admin.Problem { return told(s.settings.Load().warnings) },
		Pending:  func() []string { return s.settings.Load().pending },
		Refused: func() (time.Time, []admin.Problem) {
			if r := s.refused.Load(); r != nil {
				return r.at, told(r.problems)
			}
			return time.Time{}, nil
		},
		Assumed: func() []string { return s.settings.Load().assumed },
		Look:    s.signals.Look,
		Books:   s.store.Ping,
		Joining: joining,
		Shadow:  s.store,
	})...)
	if dialect != nil {
		routes = append(routes, dialect.Mount(litellmface.Known{Ready: s.api.Readiness, Whole: httpapi.Ready, Draining: httpapi.Draining,
			Models: s.gateway.Health, May: s.gateway.May, Routes: func() []edge.Route { return routes }})...)
		routes = append(routes, manage.Routes(theirs)...)
	}
	edge.Mount(s.app, s.auth, routes)
	s.mountMetrics(cfg.Metrics, tell)
	if cfg.Shadow != nil {
		s.mountShadow(cfg.Shadow, running, now)
	}
}

// everyRoute lists the routes of every configuration: what a key is kept to is said once, and
// LiteLLM's may be served later.
func (s *server) everyRoute() []access.Route {
	all := slices.Concat(s.api.Routes(), admin.Routes(admin.Deps{Control: s.control}), (&litellmface.Dialect{}).Mount(litellmface.Known{}), manage.Routes(manage.Parts{Control: s.control}))
	routes := make([]access.Route, len(all))
	for i, r := range all {
		routes[i] = access.Route{Use: r.Use, Path: r.Path}
	}
	return routes
}

// listen serves a listener until it is closed.
func (s *server) listen(ln net.Listener) error {
	s.own.Add(ln.Addr().String())
	return s.app.Listener(s.front.Listen(ln))
}

// database is where the configuration keeps the books.
func database(cfg *configs.Config) store.Database {
	return store.Database{Driver: cfg.Database.Driver, Path: cfg.Database.Path, URL: cfg.Database.URL.Reveal(), Relaxed: cfg.Durability == configs.DurabilityRelaxed}
}

func declared(cfg *configs.Config) control.Declared {
	return control.Declared{Spec: cfg.Spec, Prices: cfg.Prices, Budgets: cfg.Budgets, Limits: cfg.Limits}
}

// frontLimits is what the configuration lets clients ask for at once.
func frontLimits(f configs.Front) edge.Limits {
	return edge.Limits{MaxBody: f.MaxBody, Bodies: f.Bodies, Requests: f.Requests, PerKey: f.PerKey, PerAddress: f.PerAddress,
		HeaderWait: f.HeaderWait, BodyWait: f.BodyWait, IdleWait: f.IdleWait, WriteStall: f.WriteStall,
		Files: int(min(mostFiles(), math.MaxInt32))}
}

// budgetsOf are an account's budgets with the limits that they have at present.
func (s *server) budgetsOf(account scope.Account) []ledger.Budget {
	var out []ledger.Budget
	for _, o := range s.books.Budgets().Of([]scope.Account{account}) {
		out = append(out, o.Rule.At(s.books.Now()))
	}
	return out
}

// keyHeader is the header that the configuration names for keys, or nil.
func keyHeader(cfg *configs.Config) edge.Name {
	if cfg.KeyHeader == "" {
		return nil
	}
	return edge.Name(http.CanonicalHeaderKey(cfg.KeyHeader))
}

// endUserHeaders are the headers that name whom a call is made for.
func endUserHeaders(cfg *configs.Config) []edge.Name {
	if cfg.EndUserHeaders == nil {
		return httpapi.OpenWebUI
	}
	var names []edge.Name
	for _, h := range cfg.EndUserHeaders {
		names = append(names, edge.Name(http.CanonicalHeaderKey(h)))
	}
	return names
}

// limitStore is where the configuration has limits counted: nil is in this process.
func limitStore(cfg *configs.Config) (limits.Backend, error) {
	switch cfg.LimitStore.Kind {
	case configs.StoreLocal:
		return nil, nil
	case configs.StoreDatabase:
		return store.OpenPostgresLimits(cfg.Database.URL.Reveal())
	case configs.StoreRedis:
		return redislimits.Open(cfg.LimitStore.URL.Reveal(), "tollgate")
	}
	return nil, fmt.Errorf("rate_limit_store: no kind %q", cfg.LimitStore.Kind)
}

// whenDown is what the configuration says of a store of limits that does not answer.
func whenDown(cfg *configs.Config) limits.WhenDown {
	if cfg.LimitsDown == configs.DownRefuse {
		return limits.Refuse
	}
	return limits.Share
}

func (s *server) apply(cfg *configs.Config) {
	st := &settings{budgetStatus: cfg.BudgetStatus, clampOutput: cfg.ClampOutput, booksDown: cfg.BooksDown, retention: cfg.Retention, warnings: cfg.Warnings, zone: cfg.Zone,
		drain: cfg.Drain, drainDelay: cfg.DrainDelay, pending: s.started.AtNextStart(cfg)}
	for _, p := range cfg.Spec.Providers {
		if p.Assumed {
			st.assumed = append(st.assumed, p.Name)
		}
	}
	if cfg.Told != nil {
		if err := json.Unmarshal(cfg.Told, &st.told); err != nil {
			panic(err) // readLiteLLM has written it
		}
	}
	s.settings.Store(st)
}

// close ends what still runs, writes what is queued and closes the database. Until
// nothing is open any more, other replicas are told that this one lives.
func (s *server) close(ctx context.Context) error {
	s.cancel(gateway.ErrShutdown)
	if s.shadow != nil {
		s.shadow.Close()
		s.shadow.Relay.Close()
	}
	err := errors.Join(s.toll.Close(ctx), s.limits.Close(ctx))
	s.unkeep()
	s.dispatch.Close()
	if s.scraped != nil { // last, so that the end can be watched
		err = errors.Join(err, s.scraped.ShutdownWithTimeout(scrapeWait))
	}
	return errors.Join(err, s.store.Close())
}

// sortedAlphabet is base64 for names whose order as text is that of their bytes.
var sortedAlphabet = base64.NewEncoding("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~").WithPadding(base64.NoPadding)

// newID makes an id of 22 characters: 48 bits of milliseconds and 80 random ones. Ids
// that follow each other lie side by side in every index, which halves what a row of
// the books costs; they are names and guard nothing, so the runtime's generator will do.
func newID() string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(time.Now().UnixMilli())<<16|mathrand.Uint64()>>48)
	binary.BigEndian.PutUint64(b[8:], mathrand.Uint64())
	return sortedAlphabet.EncodeToString(b[:])
}

// newSecret makes 256 random bits as 43 characters.
func newSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// openLocal gives the command line the management API over a database in this process. That
// it had to make one is told to stderr: nobody looks for a server's keys in a new file.
func openLocal(ctx context.Context, g globals, stderr io.Writer) (*client, error) {
	cfg, problems := loadConfig(g)
	if len(problems) > 0 {
		if at := runningServer(g); at != nil {
			return nil, at
		}
		return nil, problemsError(g.Config, problems)
	}
	fresh := false
	if cfg.Database.Driver == configs.SQLite {
		_, err := os.Stat(cfg.Database.Path)
		fresh = errors.Is(err, os.ErrNotExist)
	}
	s, err := visit(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if given, _ := outside(cfg); given != "" { // what is wrong with it the next start says
		s.control.AdminIsSet()
	}
	if fresh {
		fmt.Fprintf(stderr, "tollgate: there was no database %s, so it was made; of a server that runs elsewhere give --url, --config or --database\n", cfg.Database)
	}
	// What local engines serve is worth a moment, and no command needs to wait for one
	// that does not answer.
	found := make(chan struct{})
	go func() { s.control.Discover(context.WithoutCancel(ctx), false); close(found) }()
	select {
	case <-found:
	case <-time.After(engineWait):
	}
	return &client{http: &http.Client{Transport: appTransport{s.app}}, base: "http://" + reachable(cfg.Listen), token: s.auth.Local, shared: s.store.Shared(),
		refusals: func() []admin.Finding { return s.refusals(cfg) }, close: func() error { return s.close(ctx) }}, nil
}

// runningServer is the server that has the database open, as [visit] would say; nil if none
// is found. It needs no configuration that is right.
func runningServer(g globals) error {
	cfg, problems := loadPlace(g)
	if len(problems) > 0 || cfg.Database.Driver != configs.SQLite {
		return nil
	}
	var locked *store.LockedError
	if err := store.Held(cfg.Database.Path); errors.As(err, &locked) && locked.Holder.URL != "" {
		return locked
	}
	return nil
}

// visit opens a whole tollgate over a database for one command: beside running servers
// with PostgreSQL, and with SQLite if none has it open. If one has, the error is a
// [*store.LockedError] that says where to find it.
func visit(ctx context.Context, cfg *configs.Config) (*server, error) {
	cfg.RootPath = "" // nobody comes from outside
	return newServer(ctx, cfg, slog.New(slog.DiscardHandler), func() error {
		return errors.New("no server runs: the next start reads the configuration")
	}, func(o *store.Options) { o.Visit = true })
}

// appTransport calls an application in this process.
type appTransport struct{ app *fiber.App }

func (t appTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	r.RequestURI = ""
	return t.app.Test(r, -1)
}

// loadConfig reads the configuration that the flags and the environment name; none
// is a configuration too.
func loadConfig(g globals) (*configs.Config, []configs.Problem) {
	return loadWatched(g, func(string) {})
}

// loadWatched is loadConfig that tells of each file that is read beside the configuration's
// own, also where there are problems.
func loadWatched(g globals, beside func(file string)) (*configs.Config, []configs.Problem) {
	return load(g, func(path string, opts ...configs.Option) (*configs.Config, []configs.Problem) {
		return readConfig(path, beside, opts...)
	})
}

// loadPlace is loadConfig for whoever wants to know no more than where the gateway listens
// and keeps its books. What else is wrong with the file, or missing in this environment, is
// not in the way: a server that runs has it as it was before.
func loadPlace(g globals) (*configs.Config, []configs.Problem) {
	if g.Database != "" && g.Listen != "" { // as in the image: the file has no say
		g.Config = ""
	}
	return load(g, readPlace)
}

func load(g globals, read func(path string, opts ...configs.Option) (*configs.Config, []configs.Problem)) (*configs.Config, []configs.Problem) {
	cfg := configs.Default()
	if g.Config != "" {
		var problems []configs.Problem
		cfg, problems = read(g.Config, configs.ListenAt(g.listenAt))
		if len(problems) > 0 {
			return nil, problems
		}
	} else {
		cfg.Listen = g.listenAt(cfg.Listen)
		own := cfg.Own()
		cfg.Spec.Providers = slices.DeleteFunc(localEngines(), func(p catalog.ProviderSpec) bool { return own.Check(p.URL) != nil })
	}
	if g.Database != "" {
		if problems := cfg.UseDatabase("--database", g.Database); len(problems) > 0 {
			return nil, problems
		}
	}
	cfg.Warnings = append(cfg.Warnings, g.Ignored...)
	if g.listens() {
		public, err := configs.CheckListen(cfg.Listen)
		if err != nil {
			return nil, []configs.Problem{{Path: "--listen", Value: cfg.Listen, Message: err.Error(), Write: "--listen " + configs.DefaultListen}}
		}
		if public {
			cfg.Warnings = append(cfg.Warnings, configs.Problem{Path: "--listen", Value: cfg.Listen, Message: configs.PublicListen})
		}
		cfg.Warnings = slices.DeleteFunc(slices.Clone(cfg.Warnings), func(p configs.Problem) bool { return p.Path == "listen" })
	}
	if g.Shadow != "" {
		var err error
		if cfg.Shadow, err = configs.CheckShadow(g.Shadow); err != nil {
			return nil, []configs.Problem{{Path: "--shadow", Message: err.Error(), Write: "--shadow http://old-gateway:4000"}}
		}
		if err := cfg.Own().Check(g.Shadow); err != nil {
			return nil, []configs.Problem{{Path: "--shadow", Message: err.Error(), Write: "--listen with another port, or the old gateway's address"}}
		}
	}
	return cfg, nil
}

// readConfig reads a configuration file, tollgate's own or LiteLLM's as it is.
func readConfig(path string, beside func(file string), opts ...configs.Option) (*configs.Config, []configs.Problem) {
	opts = append(opts, configs.WithPrices(readPrices), configs.Beside(beside))
	if data, err := readRegular(path); err == nil && litellm.IsConfig(data) {
		return readLiteLLM(path, beside, opts...)
	}
	return configs.Load(path, kinds(), os.LookupEnv, opts...)
}

// readPlace reads of a configuration file no more than its place.
func readPlace(path string, opts ...configs.Option) (*configs.Config, []configs.Problem) {
	opts = append(opts, configs.PlaceOnly())
	if data, err := readRegular(path); err == nil && litellm.IsConfig(data) {
		r := convertInPlace(path)
		if unreadable(r) {
			return readLiteLLM(path, func(string) {})
		}
		return configs.Parse(r.Native, kinds(), secretsOf(r), append(opts, configs.In(filepath.Dir(path)))...)
	}
	return configs.Load(path, kinds(), os.LookupEnv, opts...)
}

// readPrices reads a price list in tollgate's own format or in LiteLLM's.
func readPrices(path string) (*pricelist.List, error) {
	data, err := configs.ReadFile(path, configs.MaxPrices)
	if err != nil {
		return nil, err
	}
	if !litellm.IsPriceMap(data) {
		return pricelist.Parse(data)
	}
	list, _, err := litellm.ReadPriceMap(data)
	return list, err
}

// problemsErr is everything that is wrong with a configuration, or with the flags in place
// of one.
type problemsErr struct {
	file     string // "" if there is none
	problems []configs.Problem
}

func (e *problemsErr) Error() string {
	if e.ofFlags() || len(e.problems) == 1 && e.ofEnvironment() {
		return e.problems[0].String()
	}
	what := strings.TrimSpace("the configuration " + e.file)
	if e.ofEnvironment() {
		what = "the environment"
	}
	text := what + " has " + plural(len(e.problems), "problem") + ":"
	for _, p := range e.problems {
		text += "\n  " + p.String()
	}
	return text
}

// ofFlags says that a flag is wrong, and no file.
func (e *problemsErr) ofFlags() bool { return strings.HasPrefix(e.problems[0].Path, "--") }

// ofEnvironment says that variables are wrong, and no file.
func (e *problemsErr) ofEnvironment() bool {
	return !slices.ContainsFunc(e.problems, func(p configs.Problem) bool { return !strings.HasPrefix(p.Path, "TOLLGATE_") })
}

// Problems lets the management API tell a configuration's problems one by one.
func (e *problemsErr) Problems() []admin.Problem { return told(e.problems) }

func told(problems []configs.Problem) []admin.Problem {
	out := make([]admin.Problem, len(problems))
	for i, p := range problems {
		out[i] = admin.Problem(p)
	}
	return out
}

func problemsError(file string, p []configs.Problem) error { return &problemsErr{file, p} }
