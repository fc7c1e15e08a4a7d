package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"tollgate/configs"
	"tollgate/gateway"
	"tollgate/gateway/access"
	"tollgate/gateway/admin"
	"tollgate/gateway/aside"
	"tollgate/gateway/catalog"
	"tollgate/gateway/control"
	"tollgate/gateway/edge"
	"tollgate/gateway/store"
)

// The waits of a start and an end.
const (
	engineWait  = 500 * time.Millisecond // for engines to say what they serve before the first lines are printed
	watchEvery  = time.Second            // between looks at the configuration file
	cutWait     = 3 * time.Second        // for requests to end after they were told to
	closeWait   = 10 * time.Second       // for the books to take what is still open
	shutdownMsg = "shutting down; running requests may finish"
)

// serve runs the gateway until ctx ends. It prints what a person needs to know to
// stdout, once, and logs to stderr. That ctx ends before it listens is no error: what the
// start has begun is undone or was complete, and the next one goes on from there.
func serve(ctx context.Context, g globals, stdout, stderr io.Writer) error {
	paceCollector()
	signal.Ignore(syscall.SIGPIPE) // what the log is piped to may end; the gateway goes on
	level := &slog.LevelVar{}      // as the configuration says, once it is read
	log, endLog := newLog(stderr, level)
	defer endLog()
	unconfigured := g.Config == ""
	r := &reloader{globals: g, log: log}
	hangup := make(chan os.Signal, 1)
	if !unconfigured {
		signal.Notify(hangup, syscall.SIGHUP) // from now on: it would end a start that takes its time
		defer signal.Stop(hangup)
	}
	cfg, problems := r.load()
	if len(problems) > 0 {
		return problemsError(g.Config, problems)
	}
	level.Set(cfg.LogLevel)
	adminKey, problems := outside(cfg)
	if len(problems) > 0 {
		return problemsError(g.Config, problems)
	}
	s, err := newServer(ctx, cfg, log, r.reload)
	if err != nil && ctx.Err() != nil {
		return unstarted(ctx, log, err)
	}
	if err != nil {
		var locked *store.LockedError
		if errors.As(err, &locked) && locked.Holder.URL != "" {
			return fmt.Errorf("%w (it answers at %s)", err, locked.Holder.URL)
		}
		return err
	}
	log = s.log // which counts its lines
	r.server, r.log = s, log
	s.keep()
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), closeWait)
		defer cancel()
		if err := s.close(ctx); err != nil {
			log.Error("closing", "error", err)
		}
		log.Info("ended")
	}()
	if ctx.Err() != nil {
		return unstarted(ctx, log, nil)
	}
	ln, scraped, err := listeners(cfg)
	if err != nil {
		return err
	}
	url := "http://" + reachable(ln.Addr().String()) + cfg.RootPath
	if err := s.store.Announce(store.Holder{URL: url, Token: s.auth.Local}); err != nil {
		return errors.Join(err, closeAll(ln, scraped))
	}
	failed := make(chan error, 2)
	scrapes := s.listenMetrics(scraped, failed)
	// After all that keeps a start from going on, since a key that it makes is shown below
	// and never again.
	made, err := s.ensureAdmin(ctx, cfg, adminKey)
	if err != nil {
		if err = errors.Join(err, ln.Close()); ctx.Err() != nil {
			return unstarted(ctx, log, err)
		}
		return err
	}
	go func() { failed <- s.listen(ln) }()

	found := make(chan struct{})
	go func() { s.control.Discover(ctx, false); close(found) }()
	select {
	case <-found:
	case <-time.After(engineWait):
	}
	if unconfigured && len(s.gateway.Catalog.Snapshot().Routes()) == 0 {
		cfg.Spec = withEcho(cfg.Spec)
		s.apply(cfg)
		if err := s.control.Declare(declared(cfg)); err != nil {
			return err
		}
		s.control.Discover(ctx, false)
	}
	for _, w := range cfg.Warnings {
		log.Warn("configuration", "warning", w.String())
	}
	if most := mostFiles(); most > 0 && most < edge.OwnFiles+edge.FilesPerCall*uint64(cfg.Front.Requests) {
		log.Warn("this process may have too few files open for the requests that it lets in: what finds none is turned away",
			"open_files", most, "requests", cfg.Front.Requests, "files_per_request", edge.FilesPerCall,
			"next", "allow it more (ulimit -n, LimitNOFILE= of systemd, --ulimit nofile= of docker), or lower front.requests")
	}
	greet(stdout, s, cfg, g, url, scrapes, made)
	log.Info("started", "version", version(), "address", url, "database", cfg.Database.String(), "config", g.Config)

	background, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { s.control.Follow(background) })
	wg.Go(func() { s.signals.Run(background) })
	if !unconfigured {
		wg.Go(func() { r.watch(background, hangup) })
	}
	defer wg.Wait()
	defer stop()
	var broken error
	select {
	case err := <-failed:
		broken = fmt.Errorf("the listener failed: %w", err)
	case <-ctx.Done():
	}
	s.end(ctx)
	return broken
}

// unstarted tells of a start that was stopped: what came of that, where something did, is for
// whoever looks, and no failure.
func unstarted(ctx context.Context, log *slog.Logger, err error) error {
	told := []any{"by", context.Cause(ctx).Error()}
	if err != nil {
		told = append(told, "interrupted", err.Error())
	}
	log.Info("stopped before it had started", told...)
	return nil
}

// listenError says that an address cannot be listened on.
type listenError struct {
	path, address string // the setting, and what it says
	reason        error
	write         string // what else to write
}

func (e *listenError) Error() string {
	what := ""
	if e.path == metricsListen {
		what = " for the metrics"
	}
	return fmt.Sprintf("cannot listen on %s%s: %v; another address is set by %s", e.address, what, e.reason, e.write)
}

func (e *listenError) Unwrap() error { return e.reason }

// metricsListen is the setting for the address of the metrics.
const metricsListen = "metrics.listen"

// listeners opens what a configuration listens on: the front, and the metrics' own listener,
// which is nil if they have none. An error is a [*listenError].
func listeners(cfg *configs.Config) (front, scraped net.Listener, err error) {
	if front, err = net.Listen("tcp", cfg.Listen); err != nil {
		return nil, nil, &listenError{"listen", cfg.Listen, reasonOf(err), "`listen:` in the configuration or --listen"}
	}
	if !cfg.Metrics.On || cfg.Metrics.Listen == "" {
		return front, nil, nil
	}
	if scraped, err = net.Listen("tcp", cfg.Metrics.Listen); err != nil {
		return nil, nil, errors.Join(&listenError{metricsListen, cfg.Metrics.Listen, reasonOf(err), "`metrics.listen:` in the configuration"}, front.Close())
	}
	return front, scraped, nil
}

// closeAll closes those listeners that there are.
func closeAll(all ...net.Listener) (err error) {
	for _, ln := range all {
		if ln != nil {
			err = errors.Join(err, ln.Close())
		}
	}
	return err
}

// refusals are the reasons for which a start would end now, over a database that it can
// open: this one has opened it. It writes nothing.
func (s *server) refusals(cfg *configs.Config) []admin.Finding {
	var out []admin.Finding
	given, _ := outside(cfg) // which a check has looked at by itself
	if err := s.adminTaken(given); err != nil {
		out = append(out, admin.Finding{Problem: admin.Problem{Path: "admin_key", Message: err.Error()}})
	}
	front, scraped, err := listeners(cfg)
	if cannot := (*listenError)(nil); errors.As(err, &cannot) {
		f := admin.Finding{Problem: admin.Problem{Path: cannot.path, Value: cannot.address, Message: err.Error()}}
		if s.store.Shared() && errors.Is(cannot.reason, syscall.EADDRINUSE) {
			f.Warning, f.Message = true, f.Message+"; that is right if it is a tollgate over this database that listens there"
		}
		out = append(out, f)
	}
	if err := closeAll(front, scraped); err != nil {
		s.log.Warn("closing a listener", "error", err)
	}
	return out
}

// adminTaken refuses an admin key that is a key of somebody else already.
func (s *server) adminTaken(given string) error {
	if k, is := s.control.KeyByDigest(access.DigestOf(given)); given != "" && is && k.ID != control.AdminKeyID {
		return fmt.Errorf("the admin key that was set is the key %s (%s) already: give another one, or delete that", k.ID, cmp.Or(k.Name, "without a name"))
	}
	return nil
}

// ensureAdmin sees to it that there is an admin key, and returns one that it had to make.
func (s *server) ensureAdmin(ctx context.Context, cfg *configs.Config, given string) (made string, err error) {
	if err := s.adminTaken(given); err != nil {
		return "", err
	}
	if given != "" && cfg.Compatibility == configs.LikeLiteLLM {
		return "", s.control.EnsureOldAdmin(ctx, given)
	}
	return s.control.EnsureAdmin(ctx, given)
}

// end lets the requests that run come to their end, as long as the configuration says or
// until tollgate is told a second time to stop.
func (s *server) end(ctx context.Context) {
	hurry, cancel := context.WithCancel(context.Background())
	defer cancel()
	var by stopped
	errors.As(context.Cause(ctx), &by)
	again, first := by.again, ctx.Done() // a second signal, or the first after a listener broke, ends all waiting
	if ctx.Err() != nil {
		first = nil
	}
	go func() {
		select {
		case <-again:
		case <-first:
		case <-hurry.Done():
			return
		}
		s.log.Warn("stopped again: running requests are cut")
		cancel()
	}()
	st := s.settings.Load()
	delay := time.Duration(0)
	if byBalancer(ctx) {
		delay = st.drainDelay
	}
	s.log.Info(shutdownMsg, "after", delay.String(), "at_most", st.drain.String())
	s.announce(hurry, delay)
	s.drain(hurry, st.drain)
}

// byBalancer says that requests may still come for a while. Only who is told by SIGTERM may
// stand behind a balancer: nobody waits for a listener that is broken, or at a terminal.
func byBalancer(ctx context.Context) bool {
	var by stopped
	return errors.As(context.Cause(ctx), &by) && by.signal == syscall.SIGTERM
}

// announce says that the end is near, and takes requests for a while yet: to whoever asks
// whether this server is ready, and in every answer to whoever keeps its connection open.
func (s *server) announce(hurry context.Context, delay time.Duration) {
	s.api.Drain()
	s.front.Drain()
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-hurry.Done():
	}
}

// drain takes no more requests, lets those that run end within a patience, or until it is
// told to hurry, and then cuts them.
func (s *server) drain(hurry context.Context, patience time.Duration) {
	s.api.Drain()
	ctx, cancel := context.WithTimeout(hurry, patience)
	defer cancel()
	switch err := s.app.ShutdownWithContext(ctx); {
	case ctx.Err() != nil && err != nil:
		s.log.Warn("requests that still run are cut", "running", s.running())
		s.cancel(gateway.ErrShutdown)
	case err != nil:
		s.log.Warn("closing the listener", "error", err)
	}
	for until := time.Now().Add(cutWait); s.running() > 0 && time.Now().Before(until); {
		time.Sleep(10 * time.Millisecond) // the last of a stream is settled after its last byte is queued
	}
}

func reasonOf(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}

// reachable is an address at which what listens at another is called from this machine.
func reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(strings.ReplaceAll(host, "%", "%25"), port) // a zone, as URLs have it
}

// outside reads the secrets that a start takes from its surroundings: it returns the admin
// key, or "", and everything for which a start would refuse them.
func outside(cfg *configs.Config) (adminKey string, problems []configs.Problem) {
	adminKey, problems = adminSecret(cfg)
	_, wrong := secretsKey()
	return adminKey, append(problems, wrong...)
}

// adminSecret is the admin key that the configuration or the environment sets, or "", and
// what a start refuses of it.
func adminSecret(cfg *configs.Config) (string, []configs.Problem) {
	secret, from, err := secretOutside("TOLLGATE_ADMIN_KEY")
	refused := func(format string, args ...any) (string, []configs.Problem) {
		return "", []configs.Problem{{Path: from, Message: fmt.Sprintf(format, args...)}}
	}
	if err != nil {
		return refused("%v", err)
	}
	if _, set := os.LookupEnv(from); set && secret == "" {
		return refused("it is set and empty: %v", access.CheckAdminSecret(""))
	}
	if secret == "" {
		secret, from = cfg.AdminKey.Reveal(), "admin_key"
	}
	if secret == "" {
		return "", nil
	}
	check := access.CheckAdminSecret
	if cfg.Compatibility == configs.LikeLiteLLM { // it may be LiteLLM's master key
		check = access.CheckOldAdminSecret
	}
	if err := check(secret); err != nil {
		return refused("%v", err)
	}
	return secret, nil
}

// secretOutside is the secret that the environment has under a name, or in the file that is
// named by that name with _FILE behind it; "" if neither is set. from is where it is.
func secretOutside(name string) (secret, from string, err error) {
	secret = strings.TrimSpace(os.Getenv(name)) // as in a file: many a tool adds a line end
	path := os.Getenv(name + "_FILE")
	switch {
	case path == "":
		return secret, name, nil
	case secret != "":
		return "", name, fmt.Errorf("%s_FILE is set as well: unset one of them", name)
	}
	from = name + "_FILE"
	b, err := configs.ReadFile(path, configs.MaxSecret)
	if err != nil {
		return "", from, cannotRead(path, err)
	}
	if secret = strings.TrimSpace(string(b)); secret == "" {
		return "", from, fmt.Errorf("%s is empty", filepath.Base(path))
	}
	return secret, from, nil
}

// assumedPath stands where a declaration has its place in the file.
const assumedPath = "(not configured)"

// localEngines is what is looked for when nothing is configured.
func localEngines() []catalog.ProviderSpec {
	return []catalog.ProviderSpec{
		{Path: assumedPath, Assumed: true, Name: "ollama", Kind: "ollama", URL: "http://127.0.0.1:11434"},
		{Path: assumedPath, Assumed: true, Name: "vllm", Kind: "vllm", URL: "http://127.0.0.1:8000/v1"},
	}
}

func withEcho(spec catalog.Spec) catalog.Spec {
	spec.Providers = append(slices.Clone(spec.Providers), catalog.ProviderSpec{Path: assumedPath, Assumed: true, Name: "echo", Kind: "echo"})
	return spec
}

// greet prints the first minute: where, the admin key once, what can be called, and
// what to type next.
func greet(w io.Writer, s *server, cfg *configs.Config, g globals, url, scrapes, made string) {
	p := func(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }
	p("tollgate %s", version())
	p("  address    %s", url)
	p("  database   %s", cfg.Database)
	if cfg.Shadow != nil {
		p("  shadow     every request goes to %s, which answers it; see: tollgate shadow report", cfg.Shadow)
	}
	if scrapes != "" {
		p("  metrics    %s", scrapes)
	}
	if made != "" {
		p("  admin key  %s", made)
		p("             shown this once: keep it. It manages; it calls no models.")
	}
	routes := s.gateway.Catalog.Snapshot().Routes()
	p("")
	echo := false
	engines := s.control.Engines()
	down := func(e control.Reach) bool { return e.Local && !e.Reachable && !e.Checked.IsZero() }
	answers := func(provider string) bool {
		return !slices.ContainsFunc(engines, func(e control.Reach) bool { return e.Provider == provider && down(e) })
	}
	const most = 12
	shown, example, best := 0, "", -1
	p("models")
	for _, r := range routes {
		if r.Unavailable != "" {
			if shown++; shown <= most {
				p("  %-32s %-8s %s", r.Name, r.State(), r.Unavailable)
			}
			continue
		}
		dep := r.Candidates()[0].Of()
		fit := 0 // for a first call: what answers, and of that what is free
		if answers(dep.Provider.Name) {
			fit = 2
		}
		if r.State() == "free" {
			fit++
		}
		if !dep.Embedder && fit > best {
			example, best = r.Name, fit
		}
		if shown++; shown > most {
			continue
		}
		note := dep.ID
		if dep.Provider.Kind.Name == "echo" {
			echo, note = true, "built in: repeats what it is told"
		}
		p("  %-32s %-8s %s", r.Name, r.State(), note)
	}
	switch {
	case shown == 0:
		p("  none yet: an engine that starts is found within %d seconds", 15)
	case shown > most:
		p("  and %d more: tollgate check", shown-most)
	}
	for _, e := range engines {
		if down(e) && !slices.Contains(s.settings.Load().assumed, e.Provider) {
			p("  %s does not answer: %s", e.Provider, e.Error)
		}
	}
	if echo && g.Config == "" {
		p("  No engine was found at 127.0.0.1:11434 (Ollama) or 127.0.0.1:8000 (vLLM), so echo stands in.")
	}
	if made == "" {
		return
	}
	if example == "" {
		example = "MODEL"
	}
	p("")
	p("next, in another terminal")
	p("  tollgate key create --user me --create-user%s", found(g, cfg.Database))
	p("  curl %s/v1/chat/completions -H \"Authorization: Bearer YOUR_KEY\" \\", url)
	p("    -d %s", firstChat(example))
}

// found are the flags by which another command finds the server that was started with some:
// without them it would make a database of its own.
func found(g globals, database configs.Database) (flags string) {
	if g.Config != "" {
		flags = " --config " + word(g.Config)
	}
	if g.Database != "" && database.Driver == configs.SQLite { // the address of another one may have a password
		flags += " --database " + word(g.Database)
	}
	return flags
}

// reloader puts a changed configuration in force. A configuration that is not right
// changes nothing.
type reloader struct {
	globals globals
	log     *slog.Logger
	server  *server
	mu      sync.Mutex
	files   []string          // that are read beside it: includes, secrets, the price list
	read    [sha256.Size]byte // what was in all of them before they were read
}

func (r *reloader) reload() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.globals.Config == "" {
		return errors.New("tollgate was started without a configuration file: start it with --config FILE to have one read again")
	}
	cfg, problems := r.load()
	if len(problems) > 0 {
		err := problemsError(r.globals.Config, problems)
		r.refuse("the changed configuration is not right; the old one stays in force", err, problems)
		return err
	}
	if err := r.server.control.Declare(declared(cfg)); err != nil {
		r.refuse("the changed configuration clashes; the old one stays in force", err, []configs.Problem{{Message: err.Error()}})
		return err
	}
	r.server.apply(cfg)
	r.server.refused.Store(nil)
	r.server.balancer.Mend()
	r.server.control.Discover(context.Background(), false)
	r.log.Info("the changed configuration is in force")
	if pending := r.server.settings.Load().pending; len(pending) > 0 {
		r.log.Warn("some of the changed settings take effect at the next start only", "settings", strings.Join(pending, ", "))
	}
	return nil
}

// refuse logs why a changed file is not in force, and keeps it for whoever checks.
func (r *reloader) refuse(what string, err error, problems []configs.Problem) {
	r.log.Error(what, "error", err.Error())
	r.server.refused.Store(&refusal{time.Now(), problems})
}

// load reads the configuration. What its files hold is taken down before, so that whatever
// is written while they are read, or before anybody watches them, is a change: where other
// files are named than last time it reads once more. Those of a configuration that is not
// right are watched too, since putting them right may be all that it needs.
func (r *reloader) load() (*configs.Config, []configs.Problem) {
	for again := true; ; again = false {
		r.read = r.digest()
		var files []string
		cfg, problems := loadWatched(r.globals, func(file string) { files = append(files, file) })
		same := slices.Equal(files, r.files)
		if r.files = files; same || !again { // files that change all the time: the next look is for them
			return cfg, problems
		}
	}
}

// watch reloads on SIGHUP, and when a file has changed and stays as it is from one look to
// the next: one that is still being written may read like another, shorter one.
func (r *reloader) watch(ctx context.Context, hangup <-chan os.Signal) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	var seen [sha256.Size]byte
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangup:
		case <-tick.C:
			now, changed := r.look()
			still := now == seen
			if seen = now; !changed || !still {
				continue
			}
		}
		_ = aside.Try(r.log, "while the configuration was read again", r.reload) // which has logged what is wrong
	}
}

// look returns what the files hold now, and whether that is something else than was read.
func (r *reloader) look() (now [sha256.Size]byte, changed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now = r.digest()
	return now, now != r.read
}

func (r *reloader) digest() [sha256.Size]byte {
	return configs.Digest(append([]string{r.globals.Config}, r.files...)...)
}
