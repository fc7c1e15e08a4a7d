// Package signals looks at the engines beside the requests: whether they live, how many
// requests they have, how full their caches are and which models they have in memory.
// What it finds it tells the balancer. A look costs an engine no token, and an engine
// that nobody uses or asks about is left in peace.
//
// It imports aside, balancer, catalog, dispatch and providers. It does not know requests,
// people or money, and no request ever waits for it.
package signals

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"tollgate/gateway/aside"
	"tollgate/gateway/balancer"
	"tollgate/gateway/catalog"
	"tollgate/gateway/dispatch"
	"tollgate/providers"
)

// Every is how often an engine is looked at, and Patience how long one look may take.
const (
	Every    = 2 * time.Second
	Patience = 1500 * time.Millisecond
)

// Watch looks at engines. All of it must be set.
type Watch struct {
	Catalog  *catalog.Live
	Dispatch *dispatch.Dispatcher
	Balancer *balancer.Balancer
	Log      *slog.Logger
}

// Run looks at engines again and again until ctx ends.
func (w *Watch) Run(ctx context.Context) {
	tick := time.NewTicker(Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			w.Look(ctx)
		}
	}
}

// Look looks once at every engine that is wanted, all at once.
func (w *Watch) Look(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	var wg sync.WaitGroup
	for _, p := range w.Catalog.Snapshot().Providers() {
		if p.Kind.Transport == nil && w.Balancer.Wanted(p.Name) {
			wg.Go(func() {
				_ = aside.Try(w.Log, "while an engine was looked at", func() error { w.look(ctx, p); return nil })
			})
		}
	}
	wg.Wait()
}

// look looks at one engine. A server that does not say whether it lives is asked only
// while something of its is left out, and then for its list of models: it is the one
// thing that all of them give for nothing.
func (w *Watch) look(ctx context.Context, p *catalog.Provider) {
	var s balancer.Signals
	switch {
	case p.Followed && p.Kind.Health != "":
		s.Healthy = w.health(ctx, p)
	case w.Balancer.Troubled(p.Name):
		if _, err := p.Kind.Codec.Models(ctx, w.fetch(p)); err == nil {
			well := true
			s.Healthy = &well
		}
	}
	if p.Followed && p.Kind.Load != nil {
		load, err := p.Kind.Load(ctx, w.fetch(p))
		if err != nil {
			w.Log.Debug("an engine does not say how busy it is", "provider", p.Name, "error", dispatch.Told(err))
		} else {
			s.Load = load
		}
	}
	w.Balancer.Observe(p.Name, s)
}

// health says whether an engine lives; nil if it does not tell.
func (w *Watch) health(ctx context.Context, p *catalog.Provider) *bool {
	status, _, err := w.Dispatch.Ask(ctx, p, providers.Request{Method: http.MethodGet, Path: p.Kind.Health, Root: true})
	if e := providers.AsError(err); e != nil && e.Ours {
		return nil
	}
	well := err == nil && status >= 200 && status < 300
	if !well && err == nil && status != http.StatusServiceUnavailable {
		return nil // something in between has answered, or a server that has no such path
	}
	return &well
}

func (w *Watch) fetch(p *catalog.Provider) providers.Fetch {
	return func(ctx context.Context, r providers.Request) (int, []byte, error) { return w.Dispatch.Ask(ctx, p, r) }
}
