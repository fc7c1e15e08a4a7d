package catalog

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// discover gives the models of local providers their names: the engine's own name
// and provider/name. The same name at several providers is one route over all.
func (b *builder) discover(s *Snapshot, found Discovered) {
	for _, name := range slices.Sorted(maps.Keys(found)) {
		d := b.providers[name]
		if d == nil {
			continue
		}
		for _, m := range found[name] {
			id := d.Name + "/" + m.ID
			b.found[id] = m
			if m.Remote != "" && !d.spec.Remote {
				b.findings = append(b.findings, Finding{Path: d.spec.Path, Warning: true,
					Message: fmt.Sprintf("%s runs at %s, not on this machine, and is left out; write remote: true to let it through", m.ID, m.Remote)})
				continue
			}
			if !d.local || d.spec.Unlisted {
				continue
			}
			c := Choice{Candidate: b.candidate(d, m.ID, TargetSpec{}, ModelSpec{}), Weight: 1}
			for i, public := range publicNames(d, m.ID) {
				if _, own := b.models[public]; own {
					continue // the operator's own words go first
				}
				r := s.routes[public]
				r.Name, r.Family, r.Secondary = public, public, i > 0
				r.Tiers = [][]Choice{merged(r, c)}
				s.routes[public] = r
			}
		}
	}
}

// merged adds a choice to the deployments that a discovered name leads to already.
// Nobody wrote that name down, so it must not lead to something that costs money
// where something free has it: there the free ones keep it to themselves.
func merged(r Route, c Choice) []Choice {
	if len(r.Tiers) == 0 {
		return []Choice{c}
	}
	have := r.Tiers[0]
	_, free := c.Candidate.(Free)
	_, wasFree := have[0].Candidate.(Free)
	switch {
	case free && !wasFree:
		return []Choice{c}
	case !free && wasFree:
		return have
	}
	return append(slices.Clone(have), c)
}

// publicNames are the names of a discovered model: the first is the one that lists
// show, the others lead to it too.
func publicNames(d *declared, id string) []string {
	short, latest := strings.CutSuffix(id, ":latest")
	names := []string{short, d.Name + "/" + short}
	if latest {
		names = append(names, id, d.Name+"/"+id)
	}
	return names
}

// remote says that a provider only forwards the model to somebody else's machines.
func (b *builder) remote(d *declared, upstream string) bool {
	return b.found[d.Name+"/"+upstream].Remote != "" || (d.Kind.Remote != nil && d.Kind.Remote(upstream))
}
