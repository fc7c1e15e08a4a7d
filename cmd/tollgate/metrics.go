package main

import (
	"net"
	"slices"
	"sync"
	"time"

	"tollgate/configs"
	"tollgate/gateway/catalog"
	"tollgate/gateway/edge"
	"tollgate/gateway/httpapi"
	"tollgate/gateway/metrics"
)

// scrapeWait is how long a scrape may take to end when the metrics' own listener closes.
const scrapeWait = time.Second

// mountMetrics puts the metrics where the configuration has them: beside everything
// else, or in an application of their own that listenMetrics serves.
func (s *server) mountMetrics(cfg configs.Metrics, tell edge.Tell) {
	s.metrics.Watch(s.sources())
	if !cfg.On {
		return
	}
	app, who := s.app, edge.ScrapeToken
	if cfg.Listen != "" {
		s.scraped = edge.NewApp(s.log, newID, tell, s.metrics.Refused, s.front, "")
		if app = s.scraped; cfg.Token.IsZero() {
			who = edge.Open // who can connect was let in by the address
		}
	}
	edge.Mount(app, s.auth, []edge.Route{httpapi.Metrics(who, metrics.ContentType, s.metrics.Write)})
}

// listenMetrics serves the metrics at a listener of their own, if they have one, and returns
// their URL. That the listener has ended is told to failed.
func (s *server) listenMetrics(ln net.Listener, failed chan<- error) (url string) {
	if ln == nil {
		return ""
	}
	s.own.Add(ln.Addr().String())
	go func() { failed <- s.scraped.Listener(s.front.Listen(ln)) }()
	return "http://" + reachable(ln.Addr().String()) + "/metrics"
}

// sources are where the state of the program is asked for at a scrape.
func (s *server) sources() metrics.Sources {
	return metrics.Sources{
		Running:  s.api.Running,
		Models:   (&modelCount{live: s.gateway.Catalog}).states,
		Keys:     s.auth.Directory.Keys,
		LimitsUp: s.limits.Up,
		Reloaded: func() bool { return s.refused.Load() == nil },
		Waiting:  s.toll.Waiting,
		Backlog: func() (steps, records int, dropped int64) {
			b := s.store.Backlog()
			return b.Steps, b.Records, b.Dropped
		},
		Holds: s.store.Holds,
		Engines: func() map[string]bool {
			up := map[string]bool{}
			for _, e := range s.control.Engines() {
				if missed := !slices.Contains(s.settings.Load().assumed, e.Provider); e.Local && !e.Checked.IsZero() && (e.Reachable || missed) {
					up[e.Provider] = e.Reachable
				}
			}
			return up
		},
		Deployments: func() (out []metrics.State) {
			for _, d := range s.gateway.Called() {
				out = append(out, metrics.State{Deployment: d.Family, Breaker: d.Breaker, InFlight: d.InFlight, Waiting: d.Waiting, Provider: d.Provider, Queued: d.Queued})
			}
			return out
		},
	}
}

// modelCount counts public names by their price state, once for each snapshot.
type modelCount struct {
	live *catalog.Live

	mu    sync.Mutex
	of    *catalog.Snapshot
	count map[string]int
}

func (m *modelCount) states() map[string]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now := m.live.Snapshot(); now != m.of {
		m.of, m.count = now, map[string]int{"free": 0, "paid": 0, "unknown": 0, "mixed": 0}
		for _, r := range now.Routes() {
			if r.Unavailable == "" {
				m.count[r.State()]++
			}
		}
	}
	return m.count
}
