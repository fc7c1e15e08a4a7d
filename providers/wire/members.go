package wire

import "slices"

// Members are what an operator adds to requests and takes out of them, whatever the
// members mean to the model. Values are raw JSON.
type Members struct {
	Defaults []Edit   // for what the client leaves out
	Set      []Edit   // in place of what the client says
	Drop     []string // taken out of what the client says
}

// Over are these members where wider ones hold too: of one key the narrower word counts.
func (m *Members) Over(wider *Members) *Members {
	switch {
	case m == nil:
		return wider
	case wider == nil:
		return m
	}
	own := func(key string) bool {
		is := func(e Edit) bool { return e.Key == key }
		return slices.ContainsFunc(m.Defaults, is) || slices.ContainsFunc(m.Set, is) || slices.Contains(m.Drop, key)
	}
	out := &Members{slices.Clone(m.Defaults), slices.Clone(m.Set), slices.Clone(m.Drop)}
	for _, e := range wider.Defaults {
		if !own(e.Key) {
			out.Defaults = append(out.Defaults, e)
		}
	}
	for _, e := range wider.Set {
		if !own(e.Key) {
			out.Set = append(out.Set, e)
		}
	}
	for _, key := range wider.Drop {
		if !own(key) {
			out.Drop = append(out.Drop, key)
		}
	}
	return out
}

// Apply returns the object with the members added and taken out, and everything else
// untouched. What is dropped counts as left out, so that a default may take its place.
func (m *Members) Apply(o Object) (Object, error) {
	if m == nil {
		return o, nil
	}
	edits := slices.Clone(m.Set)
	said := func(key string) bool {
		return slices.ContainsFunc(edits, func(e Edit) bool { return e.Key == key })
	}
	for _, e := range m.Defaults {
		if v, has := o.Raw(e.Key); !said(e.Key) && (!has || string(v) == "null" || slices.Contains(m.Drop, e.Key)) {
			edits = append(edits, e)
		}
	}
	for _, key := range m.Drop {
		if _, has := o.Raw(key); has && !said(key) {
			edits = append(edits, Edit{Key: key})
		}
	}
	if len(edits) == 0 {
		return o, nil
	}
	return ParseObject(o.Patch(edits...))
}
