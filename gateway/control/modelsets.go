package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
)

// Group gives models one more name to be allowed by, whoever declared them.
type Group struct {
	ID      string // which lists of allowed models may hold
	Name    string
	Models  []string // public names
	Created time.Time
}

// Fallback says what takes over from a model, whoever declared it: always when it does
// not answer, or in one case.
type Fallback struct {
	ID      string
	Model   string
	When    catalog.When
	To      []string // in order
	Created time.Time
}

// Groups lists the groups of models by id.
func (c *Control) Groups() []Group {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := []Group{}
	for _, id := range slices.Sorted(maps.Keys(c.added.groups)) {
		out = append(out, c.added.groups[id])
	}
	return out
}

// Group returns one group of models, or [ErrNotFound].
func (c *Control) Group(id string) (Group, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if g, ok := c.added.groups[id]; ok {
		return g, nil
	}
	return Group{}, missing(GroupChanged, id)
}

// Fallbacks lists what takes over from models, by id.
func (c *Control) Fallbacks() []Fallback {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := []Fallback{}
	for _, id := range slices.Sorted(maps.Keys(c.added.fallbacks)) {
		out = append(out, c.added.fallbacks[id])
	}
	return out
}

// Fallback returns one of them, or [ErrNotFound].
func (c *Control) Fallback(id string) (Fallback, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f, ok := c.added.fallbacks[id]; ok {
		return f, nil
	}
	return Fallback{}, missing(FallbackChanged, id)
}

// GroupChange is what can be said of a group of models; nil leaves a field as it is.
type GroupChange struct {
	Name       *string
	Models     *[]string
	Attributes json.RawMessage
}

func (ch *GroupChange) apply(g *Group) (err error) {
	set(&g.Name, ch.Name)
	set(&g.Models, ch.Models)
	ch.Attributes, err = checkAttributes(ch.Attributes)
	return errors.Join(inField("name", checkText("a group's name", g.Name)), inField("models", said(ch.Models, checkModels)), err)
}

func (d *draft) createGroup(id string, ch GroupChange) (_ Group, err error) {
	if id == "" {
		if id, err = d.newID("group"); err != nil {
			return Group{}, err
		}
	}
	g := Group{ID: id, Models: []string{}, Created: d.at}
	if err := errors.Join(inField("id", checkID("a group", id)), ch.apply(&g)); err != nil {
		return g, err
	}
	if id == access.FreeWord {
		return g, inField("id", invalid("%q in a list of allowed models is every model that is free, and no group", id))
	}
	if _, there := d.more().groups[id]; there {
		return g, named(GroupChanged, id, ErrExists)
	}
	if len(d.more().groups) >= MaxGroups {
		return g, invalid("there are %d groups already, and no more are kept", MaxGroups)
	}
	d.write(PutGroup{g, true, ch.Attributes})
	d.more().groups[id] = g
	return g, nil
}

func (d *draft) updateGroup(id string, ch GroupChange) (Group, error) {
	g, there := d.more().groups[id]
	if !there {
		return g, missing(GroupChanged, id)
	}
	if err := ch.apply(&g); err != nil {
		return g, err
	}
	d.write(PutGroup{g, false, ch.Attributes})
	d.more().groups[id] = g
	return g, nil
}

func (d *draft) deleteGroup(id string) error {
	if _, there := d.more().groups[id]; !there {
		return missing(GroupChanged, id)
	}
	d.write(Drop{GroupChanged, id})
	delete(d.more().groups, id)
	return nil
}

// createFallback says what takes over from a model. An id that is "" is made.
func (d *draft) createFallback(f Fallback) (_ Fallback, err error) {
	if f.ID == "" {
		if f.ID, err = d.newID("fallback"); err != nil {
			return f, err
		}
	}
	f.Created = d.at
	if err := errors.Join(inField("id", checkID("a fallback", f.ID)), d.checkFallback(f)); err != nil {
		return f, err
	}
	if _, there := d.more().fallbacks[f.ID]; there {
		return f, named(FallbackChanged, f.ID, ErrExists)
	}
	for _, other := range d.more().fallbacks {
		if other.Model == f.Model && other.When == f.When {
			return f, fmt.Errorf("%s says already what takes over from %q in this case: %w", other.ID, f.Model, ErrExists)
		}
	}
	if len(d.more().fallbacks) >= MaxFallbacks {
		return f, invalid("there are %d fallbacks already, and no more are kept", MaxFallbacks)
	}
	d.write(PutFallback{f, true})
	d.more().fallbacks[f.ID] = f
	return f, nil
}

func (d *draft) checkFallback(f Fallback) error {
	switch f.When {
	case catalog.Always, catalog.WhenContext, catalog.WhenRefused:
	default:
		return inField("when", invalid("a fallback is taken always (\"\") or when: %s or %s, not %q", catalog.WhenContext, catalog.WhenRefused, f.When))
	}
	if len(f.To) == 0 || len(f.To) > MaxFallbackTo {
		return inField("to", invalid("1 to %d models take over from one", MaxFallbackTo))
	}
	spec, _ := d.spec(d.declared, d.more())
	known := func(name string) bool {
		return slices.ContainsFunc(spec.Models, func(m catalog.ModelSpec) bool { return m.Name == name || m.Fits(name) })
	}
	// What a * stands for has no targets of its own to add to.
	if !slices.ContainsFunc(spec.Models, func(m catalog.ModelSpec) bool { return m.Name == f.Model }) {
		return undeclared(f.Model)
	}
	for _, name := range f.To {
		if err := inField("to", checkModelName(name)); err != nil {
			return err
		}
		if !known(name) {
			return undeclared(name)
		}
	}
	if slices.Contains(f.To, f.Model) {
		return inField("to", invalid("%q cannot take over from itself", f.Model))
	}
	return nil
}

// undeclared says that fallbacks know no model of a name. What engines serve by themselves
// comes and goes with them.
func undeclared(name string) error {
	return fmt.Errorf("no model %q is declared: write it under models in the configuration file, or add it; what an engine serves by itself has no fallbacks: %w", name, ErrNotFound)
}

func (d *draft) updateFallback(id string, to []string) (Fallback, error) {
	f, there := d.more().fallbacks[id]
	if !there {
		return f, missing(FallbackChanged, id)
	}
	f.To = to
	if err := d.checkFallback(f); err != nil {
		return f, err
	}
	d.write(PutFallback{f, false})
	d.more().fallbacks[id] = f
	return f, nil
}

func (d *draft) deleteFallback(id string) error {
	if _, there := d.more().fallbacks[id]; !there {
		return missing(FallbackChanged, id)
	}
	d.write(Drop{FallbackChanged, id})
	delete(d.more().fallbacks, id)
	return nil
}

// CreateGroup makes a group of models. An id that is "" is made.
func (c *Control) CreateGroup(ctx context.Context, id string, ch GroupChange) (Group, error) {
	return changed(ctx, c, func(d *draft) (Group, error) { return d.createGroup(id, ch) })
}

// UpdateGroup changes a group of models.
func (c *Control) UpdateGroup(ctx context.Context, id string, ch GroupChange) (Group, error) {
	return changed(ctx, c, func(d *draft) (Group, error) { return d.updateGroup(id, ch) })
}

// DeleteGroup removes a group of models. Lists that hold its id no longer allow them.
func (c *Control) DeleteGroup(ctx context.Context, id string) error {
	return c.run(ctx, func(d *draft) error { return d.deleteGroup(id) })
}

// CreateFallback says what takes over from a model.
func (c *Control) CreateFallback(ctx context.Context, f Fallback) (Fallback, error) {
	return changed(ctx, c, func(d *draft) (Fallback, error) { return d.createFallback(f) })
}

// UpdateFallback changes which models take over.
func (c *Control) UpdateFallback(ctx context.Context, id string, to []string) (Fallback, error) {
	return changed(ctx, c, func(d *draft) (Fallback, error) { return d.updateFallback(id, to) })
}

// DeleteFallback takes back what takes over from a model.
func (c *Control) DeleteFallback(ctx context.Context, id string) error {
	return c.run(ctx, func(d *draft) error { return d.deleteFallback(id) })
}
