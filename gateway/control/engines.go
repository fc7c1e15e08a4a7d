package control

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"tollgate/gateway/aside"
	"tollgate/gateway/catalog"
	"tollgate/gateway/dispatch"
	"tollgate/providers"
)

// FollowEvery is how often local engines are asked what they serve.
const FollowEvery = 15 * time.Second

// forgetAfter is how long an engine may be silent before its models lose their
// names: until then a call says that the engine is down, not that the model is
// unknown.
const forgetAfter = time.Minute

// Reach says whether a provider answers.
type Reach struct {
	Provider  string    `json:"provider"`
	Kind      string    `json:"kind"`
	Local     bool      `json:"local"`
	Reachable bool      `json:"reachable"`
	Error     string    `json:"error,omitempty"`
	Models    int       `json:"models"`
	Checked   time.Time `json:"checked"`
	Since     time.Time `json:"since"` // since when it has been as it is
}

// Discover asks providers what they serve, all at once, and publishes a snapshot if
// that has changed. Only local ones are followed; with everyone, the others are
// asked too, to say whether they can be reached.
func (c *Control) Discover(ctx context.Context, everyone bool) {
	type answer struct {
		p      *catalog.Provider
		models []providers.Model
		err    error
	}
	var ask []*catalog.Provider
	for _, p := range c.catalog.Snapshot().Providers() {
		if everyone || p.Followed {
			ask = append(ask, p)
		}
	}
	answers := make([]answer, len(ask))
	var wg sync.WaitGroup
	for i, p := range ask {
		wg.Go(func() {
			var models []providers.Model
			err := aside.Try(c.log, "while an engine was asked for its models", func() (err error) {
				models, err = c.dispatch.Models(ctx, p)
				slices.SortFunc(models, func(a, b providers.Model) int { return strings.Compare(a.ID, b.ID) })
				return err
			})
			answers[i] = answer{p, models, err}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return // whoever asked is gone; an answer cut short says nothing about an engine
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	changed := false
	for _, a := range answers {
		if e := providers.AsError(a.err); e != nil && e.Ours {
			continue // it was not asked
		}
		name := a.p.Name
		before, known := c.reach[name]
		r := Reach{Provider: name, Kind: a.p.Kind.Name, Local: a.p.Followed, Reachable: a.err == nil, Models: len(a.models), Checked: c.now()}
		if a.err != nil {
			r.Error = plainly(a.err)
		}
		if r.Since = r.Checked; known && before.Reachable == r.Reachable {
			r.Since = before.Since
		}
		if a.p.Followed && (!known || before.Reachable != r.Reachable) {
			c.tell(r, known || !a.p.Assumed)
		}
		c.reach[name] = r
		if a.err != nil && known && r.Checked.Sub(r.Since) < forgetAfter {
			continue
		}
		if a.p.Followed && !sameModels(c.found[name], a.models) {
			c.found[name] = a.models
			changed = true
		}
	}
	if changed {
		c.publish()
	}
}

// tell logs whether an engine answers. missed says that somebody counts on it.
func (c *Control) tell(r Reach, missed bool) {
	switch {
	case r.Reachable:
		c.log.Info("an engine answers", "provider", r.Provider, "models", r.Models)
	case missed:
		c.log.Warn("an engine does not answer", "provider", r.Provider, "error", r.Error)
	}
}

// plainly says why an engine does not answer, without the layers around the reason.
func plainly(err error) string {
	switch e := providers.AsError(err); {
	case e != nil && e.Status == 0: // whether no host has the name, or nobody listens there
		return dispatch.Told(e)
	case e != nil && e.Message != "":
		return e.Message
	}
	return err.Error()
}

// sameModels compares what decides on routes: whether a model is loaded right now
// does not.
func sameModels(a, b []providers.Model) bool {
	strip := func(in []providers.Model) []providers.Model {
		out := slices.Clone(in)
		for i := range out {
			out[i].Loaded = false
		}
		return out
	}
	return len(a) == len(b) && reflect.DeepEqual(strip(a), strip(b))
}

// Follow keeps asking local engines what they serve until ctx ends.
func (c *Control) Follow(ctx context.Context) {
	tick := time.NewTicker(FollowEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			_ = aside.Try(c.log, "while engines were followed", func() error { c.Discover(ctx, false); return nil })
		}
	}
}

// Engines says of each provider whether it answers, by name, as of the last time it
// was asked.
func (c *Control) Engines() []Reach {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := []Reach{}
	for _, p := range c.catalog.Snapshot().Providers() {
		if r, ok := c.reach[p.Name]; ok {
			out = append(out, r)
			continue
		}
		out = append(out, Reach{Provider: p.Name, Kind: p.Kind.Name, Local: p.Followed, Error: "not asked yet"})
	}
	return out
}

// Findings are what is wrong or remarkable in the catalog now.
func (c *Control) Findings() []catalog.Finding {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.findings)
}
