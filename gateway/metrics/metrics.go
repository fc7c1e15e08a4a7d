// Package metrics counts what tollgate does and writes it as Prometheus reads it.
//
// It implements the Metrics that gateway, toll and store declare, and imports the values
// they bring (gateway, catalog, accounting) and Prometheus' client, which nothing else
// imports. It is a room beside the HTTP faces and not part of one, because most of what
// it counts never passes them. It knows no HTTP, no database, no key and no person: a
// label is a word of the program's own, or a name that the operator or an engine gave
// (trust.md T34).
//
// Counting takes no lock and allocates nothing: a count is an atomic addition to a place
// that is found in a map which is replaced and never changed. So calls do not wait for
// each other here, free ones least of all. Sums are whole numbers, of nano-dollars and
// nanoseconds; they become floats where Prometheus wants them, at the scrape.
package metrics

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/common/expfmt"

	"tollgate/accounting"
	"tollgate/gateway"
	"tollgate/gateway/catalog"
)

// The most series of one metric, and the most deployments that are told apart. What
// comes after them counts as [other]; deployments that are gone make room (see Keep).
const (
	MaxSeries      = 2000
	MaxDeployments = 500
)

// The labels of what has no name of its own.
const (
	other   = "other"   // too many are told apart already
	unknown = "unknown" // a model that leads nowhere
	none    = "none"    // no deployment was called
)

// Metrics holds every count. Make it with [New]; it is safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry

	requests  *table[requestKey, counter]
	durations *table[durationKey, histogram]
	own       *table[string, histogram] // by price state
	refusals  *table[string, counter]
	attempts  *table[attemptKey, counter]
	retries   *table[string, counter]
	deploys   *table[string, deployment]
	logged    [4]counter // by level
	commits   [2]counter // succeeded, failed
	commit    *histogram
	steps     *histogram
	sources   atomic.Pointer[Sources]
}

type requestKey struct{ operation, model, price, outcome string }

type durationKey struct {
	operation string
	stream    bool
}

type attemptKey struct{ deployment, outcome string }

// deployment is what is counted of one.
type deployment struct {
	tokens   [len(directions)]counter
	cost     counter // nano-dollars
	first    *histogram
	gaps     *histogram
	upstream *histogram
	queued   *histogram
}

var (
	_ gateway.Metrics = (*Metrics)(nil)
	_ slog.Handler    = (*lines)(nil)
)

// New returns counts that stand at zero. version is the program's.
func New(version string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: newTable(MaxSeries, func() *counter { return new(counter) }, requestKey.clean, func(k requestKey) requestKey {
			return requestKey{k.operation, other, k.price, k.outcome}
		}),
		durations: newTable(MaxSeries, func() *histogram { return newHistogram(durationBounds) }, durationKey.clean, nil),
		own:       newTable(MaxSeries, func() *histogram { return newHistogram(ownBounds) }, clean, nil),
		refusals:  newTable(MaxSeries, func() *counter { return new(counter) }, clean, nil),
		attempts: newTable(MaxSeries, func() *counter { return new(counter) }, attemptKey.clean, func(k attemptKey) attemptKey {
			return attemptKey{other, k.outcome}
		}),
		retries: newTable(MaxSeries, func() *counter { return new(counter) }, clean, nil),
		deploys: newTable(MaxDeployments, newDeployment, clean, nil),
		commit:  newHistogram(commitBounds),
		steps:   newHistogram(stepBounds),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "tollgate_build_info", Help: "Always 1; its labels say which program this is.",
		ConstLabels: prometheus.Labels{"version": clean(version), "go": runtime.Version()}})
	build.Set(1)
	m.registry.MustRegister(m, build, collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), collectors.NewGoCollector())
	return m
}

func newDeployment() *deployment {
	return &deployment{first: newHistogram(firstBounds), gaps: newHistogram(gapBounds), upstream: newHistogram(durationBounds), queued: newHistogram(durationBounds)}
}

// Attempted implements [gateway.Metrics].
func (m *Metrics) Attempted(deployment, outcome, retryOf string) {
	m.attempts.at(attemptKey{deployment, outcome}).add(1)
	if retryOf != "" {
		m.retries.at(retryOf).add(1)
	}
}

// Ended implements [gateway.Metrics].
func (m *Metrics) Ended(e gateway.Ended) {
	operation, model, price := e.Operation.String(), e.Model, e.Price
	if model == "" {
		model = unknown
	}
	if price == "" {
		price = none
	}
	m.requests.at(requestKey{operation, model, price, e.Outcome}).add(1)
	m.durations.at(durationKey{operation, e.Stream}).observe(int64(e.Took))
	m.own.at(price).observe(int64(e.Own))
	if !e.Answered {
		return
	}
	d := m.deploys.at(e.Deployment)
	d.count(e.Usage)
	d.upstream.observe(int64(e.Upstream))
	d.queued.observe(int64(e.Queued))
	if e.Gaps != nil {
		d.first.observe(int64(e.First))
		d.gaps.addAll(e.Gaps.Counts[:], int64(e.Gaps.Sum))
	}
}

// Settled implements toll.Metrics.
func (m *Metrics) Settled(dep *catalog.Deployment, u accounting.Usage, cost *accounting.Money) {
	d := m.deploys.at(dep.Family)
	d.count(u)
	if cost != nil {
		d.cost.add(int64(*cost))
	}
}

// Keep is told when other deployments are led to. If there is no room for more of them, those
// that nothing leads to are forgotten, with all that was counted of them; else they stay, since
// one that is gone may be back in a moment.
func (m *Metrics) Keep(leads func(deployment string) bool) {
	m.deploys.makeRoom(leads)
	m.attempts.makeRoom(func(k attemptKey) bool { return k.deployment == other || leads(k.deployment) })
}

// directions are how tokens are told apart. Each token is in one of them.
var directions = [...]string{"input", "cached", "output", "reasoning"}

func (d *deployment) count(u accounting.Usage) {
	cached := u[accounting.CachedInput] + u[accounting.CachedAudioInput] + u[accounting.CachedImageInput]
	for i, n := range [len(directions)]int64{u.InputTokens() - cached, cached, u.OutputTokens() - u[accounting.Reasoning], u[accounting.Reasoning]} {
		if n > 0 {
			d.tokens[i].add(n)
		}
	}
}

// Refused counts an answer that tollgate refused of itself. reason is one of few words.
func (m *Metrics) Refused(reason string) { m.refusals.at(reason).add(1) }

// Committed implements store.Metrics.
func (m *Metrics) Committed(steps int, took time.Duration, err error) {
	if err != nil {
		m.commits[1].add(1)
		return
	}
	m.commits[0].add(1)
	m.commit.observe(int64(took))
	m.steps.observe(int64(steps))
}

// ContentType is that of what [Metrics.Write] writes.
const ContentType = string(expfmt.FmtText)

// Write returns every count as text. If some could not be had, the error says which, and
// there is nothing else.
func (m *Metrics) Write() ([]byte, error) {
	families, err := m.registry.Gather()
	if err != nil {
		return nil, fmt.Errorf("the metrics could not be gathered: %w", err)
	}
	var b bytes.Buffer
	encoder := expfmt.NewEncoder(&b, expfmt.NewFormat(expfmt.TypeTextPlain))
	var errs []error
	for _, f := range families {
		errs = append(errs, encoder.Encode(f))
	}
	return b.Bytes(), errors.Join(errs...)
}
