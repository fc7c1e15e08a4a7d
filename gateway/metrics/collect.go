package metrics

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tollgate/accounting"
)

// holdsPatience is how long a scrape waits for the database to count its holds.
const holdsPatience = time.Second

// Sources are what is asked at a scrape, once, by one goroutine. All are needed but
// Engines and Deployments.
type Sources struct {
	Running  func() int64          // calls that have begun and not ended
	Models   func() map[string]int // how many public names have each price state
	Keys     func() int            // API keys
	LimitsUp func() bool           // the store of the rate limits answers
	Reloaded func() bool           // the configuration file as it is now is in force
	Waiting  func() int            // ends of calls that wait for the books
	Backlog  func() (steps, records int, dropped int64)
	Holds    func(context.Context) (int64, accounting.Money, error)
	// Engines says of each engine of one's own that was asked whether it has answered; nil if
	// nobody knows.
	Engines func() map[string]bool
	// Deployments says how each is that was called; nil if nobody knows.
	Deployments func() []State
}

// State is how one deployment is at the moment.
type State struct {
	Deployment string // its family
	Breaker    string // one of breakerStates
	InFlight   int64  // calls that run
	Waiting    int    // calls that wait in line for it
	Provider   string
	Queued     int // calls that wait in line for its provider
}

// breakerStates are those that a breaker may be in.
var breakerStates = [...]string{"closed", "half_open", "open", "cooling"}

// Watch says where the state of the program is to be asked for. Until then no scrape has
// any.
func (m *Metrics) Watch(s Sources) { m.sources.Store(&s) }

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("tollgate_"+name, help, labels, nil)
}

var (
	descRequests  = desc("requests_total", "Requests of the data plane that have ended, by what was asked for and what became of it.", "operation", "model", "price", "outcome")
	descDuration  = desc("request_duration_seconds", "Time from a request to the end of its answer.", "operation", "stream")
	descOwn       = desc("overhead_seconds", "Time that tollgate itself took until the whole answer, the first event of a stream, or the refusal; waiting in line and for upstreams is not in it, waiting for the books is.", "price")
	descRefusals  = desc("refusals_total", "Requests that tollgate refused of itself, on any route.", "reason")
	descAttempts  = desc("attempts_total", "Calls that were sent to a deployment, by whether an answer began.", "deployment", "outcome")
	descRetries   = desc("retries_total", "Attempts that followed one without an answer, by why it had none.", "reason")
	descTokens    = desc("tokens_total", "Tokens. Each is in one direction: input without what is cached, output without reasoning.", "deployment", "direction")
	descCost      = desc("cost_dollars_total", "What this process has booked, in US dollars.", "deployment")
	descFirst     = desc("time_to_first_token_seconds", "Time from a request to the first event of its stream.", "deployment")
	descGaps      = desc("time_between_tokens_seconds", "Time between two events of a stream. Counted when the stream has ended.", "deployment")
	descUpstream  = desc("upstream_seconds", "Time of waiting for a deployment that has answered: for the whole answer, or for the first event of a stream.", "deployment")
	descQueued    = desc("queue_seconds", "Time of waiting in line of requests that a deployment has answered.", "deployment")
	descLog       = desc("log_lines_total", "Lines of the log.", "level")
	descCommits   = desc("books_commits_total", "Commits of the books.", "outcome")
	descCommit    = desc("books_commit_seconds", "Time of a commit of the books that succeeded, with all its tries.")
	descSteps     = desc("books_commit_steps", "Steps of the books in one commit.")
	descQueue     = desc("books_queue_length", "Steps of the books that wait for the next commit.")
	descWaiting   = desc("books_late_calls", "Ends of calls that the books did not take and that are tried again.")
	descHolds     = desc("books_holds", "Open holds of all replicas.")
	descHeld      = desc("books_held_dollars", "Money in open holds of all replicas, in US dollars.")
	descHoldsSeen = desc("books_readable", "Whether the books could be read at this scrape: without it the open holds are missing.")
	descRecords   = desc("records_queue_length", "Records of calls that cost nothing which wait to be written.")
	descDropped   = desc("records_dropped_total", "Records of calls that cost nothing which were not written.")
	descRunning   = desc("requests_in_flight", "Calls that have begun and not ended.")
	descModels    = desc("models", "Public names, by the price state of what they lead to.", "price")
	descKeys      = desc("keys", "API keys.")
	descLimits    = desc("limits_store_up", "Whether the store of the rate limits answers. Limits counted in this process always do.")
	descReloaded  = desc("config_last_reload_successful", "Whether the configuration file is in force as it is: 0 from when a changed one was refused until one is accepted.")
	descBreakers  = desc("breaker_state", "1 for the state that the circuit breaker of a deployment is in; of several that are counted as one, how many are in it.", "deployment", "state")
	descInFlight  = desc("deployment_in_flight", "Calls that run at a deployment.", "deployment")
	descUp        = desc("provider_up", "Whether an engine of your own answered when it was last asked what it serves. Vendors are not asked.", "provider")
	descProvider  = desc("provider_queue_length", "Calls that wait in line for a provider, which has a limit for all its models together.", "provider")
	descLine      = desc("deployment_queue_length", "Calls that wait in line for a deployment.", "deployment")
)

// Describe implements [prometheus.Collector].
func (m *Metrics) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descRequests, descDuration, descOwn, descRefusals, descAttempts, descRetries, descTokens, descCost, descFirst, descGaps,
		descUpstream, descQueued, descLog, descCommits, descCommit, descSteps, descQueue, descWaiting, descHolds, descHeld, descHoldsSeen, descRecords, descDropped,
		descRunning, descModels, descKeys, descLimits, descReloaded, descBreakers, descInFlight, descLine, descProvider, descUp} {
		out <- d
	}
}

// Collect implements [prometheus.Collector].
func (m *Metrics) Collect(out chan<- prometheus.Metric) {
	count := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, v, labels...)
	}
	for _, p := range m.requests.all() {
		count(descRequests, float64(p.value.value()), p.key.operation, p.key.model, p.key.price, p.key.outcome)
	}
	for _, p := range m.durations.all() {
		out <- p.value.metric(descDuration, p.key.operation, strconv.FormatBool(p.key.stream))
	}
	for _, p := range m.own.all() {
		out <- p.value.metric(descOwn, p.key)
	}
	for _, p := range m.refusals.all() {
		count(descRefusals, float64(p.value.value()), p.key)
	}
	for _, p := range m.attempts.all() {
		count(descAttempts, float64(p.value.value()), p.key.deployment, p.key.outcome)
	}
	for _, p := range m.retries.all() {
		count(descRetries, float64(p.value.value()), p.key)
	}
	for _, p := range m.deploys.all() {
		for i, name := range directions {
			count(descTokens, float64(p.value.tokens[i].value()), p.key, name)
		}
		count(descCost, dollars(p.value.cost.value()), p.key)
		out <- p.value.first.metric(descFirst, p.key)
		out <- p.value.gaps.metric(descGaps, p.key)
		out <- p.value.upstream.metric(descUpstream, p.key)
		out <- p.value.queued.metric(descQueued, p.key)
	}
	for i, name := range levels {
		count(descLog, float64(m.logged[i].value()), name)
	}
	count(descCommits, float64(m.commits[0].value()), "ok")
	count(descCommits, float64(m.commits[1].value()), "failed")
	out <- m.commit.metric(descCommit)
	out <- m.steps.metric(descSteps)
	if s := m.sources.Load(); s != nil {
		s.collect(out)
	}
}

func (s *Sources) collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	gauge(descRunning, float64(s.Running()))
	for price, n := range s.Models() {
		gauge(descModels, float64(n), price)
	}
	gauge(descKeys, float64(s.Keys()))
	gauge(descLimits, yes(s.LimitsUp()))
	gauge(descReloaded, yes(s.Reloaded()))
	gauge(descWaiting, float64(s.Waiting()))
	steps, records, dropped := s.Backlog()
	gauge(descQueue, float64(steps))
	gauge(descRecords, float64(records))
	out <- prometheus.MustNewConstMetric(descDropped, prometheus.CounterValue, float64(dropped))

	ctx, cancel := context.WithTimeout(context.Background(), holdsPatience)
	defer cancel()
	holds, held, err := s.Holds(ctx)
	gauge(descHoldsSeen, yes(err == nil))
	if err == nil {
		gauge(descHolds, float64(holds))
		gauge(descHeld, dollars(int64(held)))
	}
	if s.Engines != nil {
		for name, up := range bounded(s.Engines()) {
			gauge(descUp, yes(up), name)
		}
	}
	if s.Deployments == nil {
		return
	}
	states := s.Deployments()
	for name, queued := range queues(states) {
		gauge(descProvider, float64(queued), name)
	}
	for name, f := range families(states) {
		gauge(descInFlight, float64(f.inFlight), name)
		gauge(descLine, float64(f.waiting), name)
		for i, state := range breakerStates {
			gauge(descBreakers, float64(f.breakers[i]), name, state)
		}
	}
}

// family adds up deployments that are counted as one.
type family struct {
	breakers [len(breakerStates)]int
	inFlight int64
	waiting  int
}

// families are no more than there may be; what comes after them is the last.
func families(states []State) map[string]*family {
	all := map[string]*family{}
	for _, s := range states {
		name := clean(s.Deployment)
		if all[name] == nil && len(all) >= MaxDeployments-1 {
			name = other
		}
		f := all[name]
		if f == nil {
			f = &family{}
			all[name] = f
		}
		f.inFlight += s.InFlight
		f.waiting += s.Waiting
		if i := slices.Index(breakerStates[:], s.Breaker); i >= 0 {
			f.breakers[i]++
		}
	}
	return all
}

// queues are the lines of providers, of no more than there may be.
func queues(states []State) map[string]int {
	all := map[string]int{}
	for _, s := range states {
		if name := clean(s.Provider); len(all) < MaxDeployments {
			all[name] = s.Queued
		}
	}
	return all
}

// bounded are engines by what a label may be, of no more than there may be: the same at each
// scrape. Those of one label are up together.
func bounded(engines map[string]bool) map[string]bool {
	all := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(engines)) {
		up := engines[name]
		name = clean(name)
		if before, there := all[name]; there {
			all[name] = before && up
		} else if len(all) < MaxDeployments {
			all[name] = up
		}
	}
	return all
}

// dollars turns nano-dollars into what Prometheus keeps. It is exact to the nano-dollar
// up to nine million dollars.
func dollars(nanos int64) float64 { return float64(nanos) / float64(accounting.Dollar) }

func yes(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
