package admin

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"tollgate/gateway/balancer"
)

// Deployment is how one model at one provider is at this moment, as this replica sees it.
type Deployment struct {
	Deployment  string     `json:"deployment"`
	Provider    string     `json:"provider"`
	Breaker     string     `json:"breaker"`       // closed, open, half_open or cooling
	Demoted     string     `json:"demoted"`       // why it comes after everything else: down or missing; "" if it does not
	Until       *time.Time `json:"until"`         // when one that is left out is tried again
	Failures    int        `json:"failures"`      // one after another
	LastError   string     `json:"last_error"`    // kind of the last failure; "" if there was none
	LastErrorAt *time.Time `json:"last_error_at"` // null if there was none
	InFlight    int64      `json:"in_flight"`
	Waiting     int        `json:"waiting"`        // calls in line for it
	FirstToken  *int64     `json:"first_token_ms"` // null: not known
	Signals     *Signals   `json:"engine"`         // null: it has said nothing lately
}

// Signals is what an engine says of itself; null is what it does not say.
type Signals struct {
	Checked time.Time `json:"checked"`
	Healthy *bool     `json:"healthy"`
	Running *int64    `json:"running"`
	Waiting *int64    `json:"waiting"`
	Cache   *float64  `json:"cache"`  // 0 to 1
	Loaded  *bool     `json:"loaded"` // the model is in memory
}

// deployments lists them all. look asks the engines first.
func (a *api) deployments(r *request, look bool) []Deployment {
	if look && a.Look != nil {
		a.Gateway.Balancer.Ask(a.Gateway.Catalog.Snapshot().Providers())
		a.Look(r.ctx)
	}
	out := []Deployment{}
	for _, s := range a.Gateway.Deployments() {
		d := Deployment{Deployment: s.Deployment, Provider: s.Provider, Breaker: s.Breaker, Demoted: string(s.Ill), Until: instant(s.Until), Failures: s.InRow, LastError: s.LastError,
			LastErrorAt: instant(s.LastAt), InFlight: s.InFlight, Waiting: s.Waiting, Signals: signalsOf(s)}
		if ms := s.FirstToken.Milliseconds(); s.FirstToken > 0 {
			d.FirstToken = &ms
		}
		out = append(out, d)
	}
	return out
}

func signalsOf(s balancer.State) *Signals {
	in := s.Signals
	if in == nil {
		return nil
	}
	out := &Signals{Checked: *instant(in.At), Healthy: in.Healthy}
	if in.Requests {
		out.Running, out.Waiting, out.Cache = &in.Running, &in.Waiting, &in.Cache
	}
	if in.Loaded != nil {
		_, model, _ := strings.Cut(s.Deployment, "/")
		loaded := in.Holds(model)
		out.Loaded = &loaded
	}
	return out
}

// leftOut are the findings about deployments that are not called at present. They are no
// problem of the configuration, and pass by themselves.
func leftOut(all []Deployment) []Finding {
	var out []Finding
	for _, d := range all {
		if d.Breaker != balancer.Open && d.Breaker != balancer.Cooling {
			continue
		}
		out = append(out, Finding{Warning: true, Problem: Problem{Path: d.Deployment, Message: fmt.Sprintf(
			"it is left out until %s, because it failed last with %s; other deployments of its models stand in where there are any", d.Until.Format(time.RFC3339), d.LastError)}})
	}
	return out
}

func (a *api) listDeployments(r *request) error {
	q := r.query()
	s := q.span()
	if err := q.done(); err != nil {
		return err
	}
	p, err := pageOf(a.deployments(r, true), s, func(d Deployment) string { return d.Deployment }, true, func(d Deployment) Deployment { return d })
	if err != nil {
		return err
	}
	return r.answer(http.StatusOK, p)
}
