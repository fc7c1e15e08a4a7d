// Package catalog knows what can be called: which public name leads to which
// deployments, in which order and with what weights, and what each costs. It turns
// a [Spec] and what the engines were found to serve into an immutable [Snapshot]
// that requests read through one atomic pointer.
//
// It imports accounting, the price list, address, listening and providers. It does not know who
// calls, what anybody has left to spend, or how a call is sent.
//
// Whether a deployment is free is decided here and nowhere else, when the snapshot
// is built, and then stands in its type: a [Candidate] is [Free], [Paid] or
// [Unpriced], sealed.
package catalog

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"tollgate/accounting"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// Provider is one upstream server or vendor account.
type Provider struct {
	Name    string
	Kind    providers.Kind
	Base    *url.URL // with its path, such as /v1; never ends in a slash. nil for a provider inside the process
	Secret  providers.Secret
	Headers map[string]providers.Secret // sent with every call, such as OpenAI-Project; some are credentials
	// FirstByte is the longest wait for the first byte of an answer; Gap the longest
	// silence within a stream. A local engine may load a model first.
	FirstByte time.Duration
	Gap       time.Duration
	// Parallel is how many calls of all its models may run at the same time; 0 is no
	// limit.
	Parallel int
	// Followed says that the provider is local: its models are asked for and get
	// names of their own.
	Followed bool
	// Assumed says that nobody has declared it: it need not be there.
	Assumed bool
}

// ReachedAs says whether calls of two providers go to the same place, with the same
// credentials.
func (p *Provider) ReachedAs(q *Provider) bool {
	return p.Kind.Name == q.Kind.Name && sameURL(p.Base, q.Base) && p.Secret == q.Secret && maps.Equal(p.Headers, q.Headers)
}

func sameURL(u, v *url.URL) bool {
	if u == nil || v == nil {
		return u == v
	}
	return u.String() == v.String()
}

// Deployment is one model at one provider.
type Deployment struct {
	ID     string // provider/upstream model
	Family string // what it is counted under: its ID, or the target of the wildcard that nobody knows it by
	// Provider is a copy where the deployment has deadlines of its own.
	Provider *Provider
	Target   providers.Target
	Context  int64 // tokens of context; 0 if unknown
	// DefaultOutput is the output a call without a cap of its own is expected to
	// need, in tokens: what is held for it.
	DefaultOutput int64
	// MaxOutput is the most the model can produce, in tokens; 0 if unknown.
	MaxOutput int64
	// HiddenReasoning says that a stream does not show all the tokens it bills.
	HiddenReasoning bool
	// DenyMedia refuses messages that name media by URL.
	DenyMedia bool
	// Embedder says that the model makes embeddings and nothing else.
	Embedder bool
	// Total is the longest that a request may take which this deployment serves, in line
	// and with all its attempts.
	Total time.Duration
	// Parallel is how many calls may run at the same time; 0 is no limit. Further ones
	// wait for QueueWait at most.
	Parallel  int
	QueueWait time.Duration
	// RetryAmbiguous lets a call be sent again that was lost on its way, though it may
	// have been served; FallbackLate one that was not answered in time. Either may be paid
	// for twice.
	RetryAmbiguous bool
	FallbackLate   bool
	// Members are added to requests and taken out of them; nil changes none.
	Members *wire.Members
	// Why says where the price state comes from, for people.
	Why string
}

// AssumedOutput is the most that a model is taken to produce, in tokens, when neither
// its maximum nor its context is known.
const AssumedOutput = 131_072

// MostOutput is the most that a call without a cap may produce, in tokens: the model's
// maximum, or its context, or what is assumed of a model of which nothing is known.
func (d *Deployment) MostOutput() int64 {
	switch {
	case d.MaxOutput > 0:
		return d.MaxOutput
	case d.Context > 0:
		return d.Context
	}
	return AssumedOutput
}

// Embeds says whether the deployment is known to suit embeddings, or to suit
// anything else.
func (d *Deployment) Embeds(embeddings bool) bool { return d.Embedder == embeddings }

// Candidate is a deployment with its price state: [Free], [Paid] or [Unpriced],
// nothing else.
type Candidate interface {
	candidate()
	// Of returns the deployment, whatever its price.
	Of() *Deployment
	// State names the price state: free, paid or unknown.
	State() string
}

// Free is a deployment that costs nothing. It carries no price, so nothing can be
// held for it. Shadow says what its use is worth, if the operator declared that.
type Free struct {
	Deployment *Deployment
	Shadow     accounting.Shadow
}

// Paid is a deployment with a price.
type Paid struct {
	Deployment *Deployment
	Price      accounting.Priced
}

// Unpriced is a deployment whose price nobody stated. Ceiling, if it has one, is
// what the operator lets it count as.
type Unpriced struct {
	Deployment *Deployment
	Ceiling    *accounting.Priced
}

func (Free) candidate()     {}
func (Paid) candidate()     {}
func (Unpriced) candidate() {}

// Of implements Candidate.
func (c Free) Of() *Deployment { return c.Deployment }

// Of implements Candidate.
func (c Paid) Of() *Deployment { return c.Deployment }

// Of implements Candidate.
func (c Unpriced) Of() *Deployment { return c.Deployment }

// State implements Candidate.
func (Free) State() string { return "free" }

// State implements Candidate.
func (Paid) State() string { return "paid" }

// State implements Candidate.
func (Unpriced) State() string { return "unknown" }

// Choice is a candidate with its weight among those of the same tier.
type Choice struct {
	Candidate Candidate
	Weight    int // at least 1
	// Balance is how its tier is balanced; the same in all of a tier. "" leaves it to the
	// balancer.
	Balance Balance
	When    When // the same in all of a tier
	// Under is another model's name that it stands under, which is turned to when what comes
	// before does not answer; "" is none.
	Under string
	// Via are the names that lead to it from the route's own, outermost first: what is said of
	// one of them is said of it, and of no other choice of the route.
	Via []string
}

// When says in which case a tier is taken.
type When string

// The cases.
const (
	Always      When = ""
	WhenContext When = "context" // the prompt was too long for what was tried or asked for before
	WhenRefused When = "refused" // an upstream's content filter has refused the request
)

// Balance is a way to choose among the deployments of a tier.
type Balance string

// The ways to choose.
const (
	BalanceWeights   Balance = "weights"    // by weight alone
	BalanceLeastBusy Balance = "least_busy" // the one with the fewest calls for its weight
	BalanceFastest   Balance = "fastest"    // the one whose first token comes soonest
	BalanceSession   Balance = "session"    // a conversation stays where it is, for the engine's cache
)

// Balances are all the ways to choose.
func Balances() []Balance {
	return []Balance{BalanceWeights, BalanceLeastBusy, BalanceFastest, BalanceSession}
}

// Route is a public name's way to its deployments: tiers in order, and within a
// tier choices by weight. A later tier is taken when an earlier one has nothing
// left that the caller may use, can pay for, and that answers.
type Route struct {
	Name string
	// Family is the name that the route is counted under: its own, or the wildcard that
	// made it of a name which neither a price list nor an engine knows. There are no more
	// families than the operator and the engines have named, whatever clients ask for.
	Family string
	Tiers  [][]Choice
	// Aliases are all names that the route leads through, when Name is an alias of other
	// models.
	Aliases []string
	// Secondary says that lists do not show it: it is another spelling of one that they
	// show, or was declared hidden.
	Secondary bool
	// Groups are names by which a list of allowed models may call it, beside its own.
	Groups []string
	// Unavailable says why a declared name leads nowhere; "" if it has tiers.
	Unavailable string
}

// Candidates lists all candidates in order.
func (r Route) Candidates() []Candidate {
	var out []Candidate
	for _, tier := range r.Tiers {
		for _, c := range tier {
			out = append(out, c.Candidate)
		}
	}
	return out
}

// State is the price state of the route as a whole: free, paid, unknown or mixed; or
// unavailable.
func (r Route) State() string {
	if r.Unavailable != "" {
		return "unavailable"
	}
	state := ""
	for _, c := range r.Candidates() {
		switch s := c.State(); {
		case state == "":
			state = s
		case state != s:
			return "mixed"
		}
	}
	return state
}

// The reasons for which a name leads nowhere.
var (
	// ErrNoModel says that no model has the name.
	ErrNoModel = errors.New("no model of that name")
	// ErrModelGone says that the name is configured but its engine does not serve
	// the model at present.
	ErrModelGone = errors.New("no engine serves the model at present")
	// ErrUnavailable says that the name is declared as one that nothing serves.
	ErrUnavailable = errors.New("the model is not available")
)

// Snapshot is what can be called at one moment. It never changes.
type Snapshot struct {
	routes    map[string]Route
	gone      map[string]bool
	providers map[string]*Provider
	builder   *builder
	listed    func() []Route         // list, once
	led       func() map[string]bool // the ids of deployments that routes lead to, once
}

type wildcard struct {
	prefix, suffix string
	model          ModelSpec
}

// Providers lists the providers by name.
func (s *Snapshot) Providers() []*Provider {
	out := make([]*Provider, 0, len(s.providers))
	for _, p := range s.providers {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b *Provider) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Resolve returns the route of a public name. An exact name goes before a
// wildcard, and a wildcard with more literal characters before one with fewer.
// [ErrNoModel], [ErrModelGone] or [ErrUnavailable] if there is none.
func (s *Snapshot) Resolve(name string) (Route, error) {
	if r, ok := s.routes[name]; ok {
		if r.Unavailable != "" {
			return Route{}, fmt.Errorf("%w: %s", ErrUnavailable, r.Unavailable)
		}
		return r, nil
	}
	if s.gone[name] {
		return Route{}, ErrModelGone
	}
	return s.builder.expand(name)
}

func (w wildcard) match(name string) (star string, ok bool) {
	if len(name) <= len(w.prefix)+len(w.suffix) || !strings.HasPrefix(name, w.prefix) || !strings.HasSuffix(name, w.suffix) {
		return "", false
	}
	return name[len(w.prefix) : len(name)-len(w.suffix)], true
}

// Routes lists every route under its first name, by name, and of the wildcards those
// names that the price list or an engine knows. Names that lead nowhere are among them,
// with the reason. All who ask get the same list, which is made for the first of them:
// nobody may change it.
func (s *Snapshot) Routes() []Route { return s.listed() }

func (s *Snapshot) list() []Route {
	out := make([]Route, 0, len(s.routes))
	for _, r := range s.routes {
		if !r.Secondary {
			out = append(out, r)
		}
	}
	met := map[string]bool{}
	for _, w := range s.builder.wildcards {
		for _, name := range s.builder.known(w) {
			if _, own := s.routes[name]; own || met[name] {
				continue
			}
			if r, err := s.Resolve(name); err == nil {
				met[name] = true
				out = append(out, r)
			}
		}
	}
	slices.SortFunc(out, func(a, b Route) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Leads says whether a name leads to the deployment of an id, or a name that fits a wildcard
// may.
func (s *Snapshot) Leads(id string) bool {
	if s.led()[id] {
		return true
	}
	for _, w := range s.builder.wildcards {
		for _, t := range w.model.Targets {
			before, after, _ := strings.Cut(t.To, "*")
			if d, _, _ := s.builder.split(t.To); d == nil {
				continue
			}
			if _, is := (wildcard{prefix: before, suffix: after}).match(id); is {
				return true
			}
		}
	}
	return false
}

func (s *Snapshot) leads() map[string]bool {
	out := map[string]bool{}
	for _, r := range s.routes {
		for _, c := range r.Candidates() {
			out[c.Of().ID] = true
		}
	}
	return out
}

// Wildcards lists the declared names that have a *, by name. Only name and groups of them
// are known: what a name that fits leads to, [Snapshot.Resolve] says.
func (s *Snapshot) Wildcards() []Route {
	var out []Route
	for _, w := range s.builder.wildcards {
		if w.model.Unavailable == "" && !w.model.Hidden {
			out = append(out, Route{Name: w.model.Name, Groups: w.model.Groups})
		}
	}
	slices.SortFunc(out, func(a, b Route) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Live holds the snapshot in force.
type Live struct {
	// Changed, unless nil, is told of each snapshot once it is in force. It is set before
	// anything is published.
	Changed func(*Snapshot)

	p atomic.Pointer[Snapshot]
}

// Snapshot returns the snapshot in force; never nil after the first Publish.
func (l *Live) Snapshot() *Snapshot { return l.p.Load() }

// Publish replaces the snapshot. Requests that run keep the one they began with.
func (l *Live) Publish(s *Snapshot) {
	l.p.Store(s)
	if l.Changed != nil {
		l.Changed(s)
	}
}
