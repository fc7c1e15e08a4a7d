package control

// things are the things of one kind that are known by an id, as a draft has them: what it
// makes of some, over what all of them are like now.
type things[T any] struct {
	draft *draft
	kind  ChangeKind
	now   func(id string) *T // in force; nil if there is none
	next  map[string]*T      // what the draft makes of some; nil is one that would be gone
	more  int                // how many more there would be than now
}

func thingsOf[T any](d *draft, kind ChangeKind, now func(id string) *T) *things[T] {
	return &things[T]{draft: d, kind: kind, now: now, next: map[string]*T{}}
}

// find returns a thing; nil if there is none.
func (t *things[T]) find(id string) *T {
	if v, ours := t.next[id]; ours {
		return v
	}
	t.draft.follows(t.kind, id)
	return t.now(id)
}

// fresh says that the draft makes the thing.
func (t *things[T]) fresh(id string) bool { return t.next[id] != nil && t.now(id) == nil }

// get returns a thing, or [ErrNotFound].
func (t *things[T]) get(id string) (T, error) { return found(t.find(id), t.kind, id) }

// found is a thing that was looked for, or [ErrNotFound].
func found[T any](v *T, kind ChangeKind, id string) (T, error) {
	if v == nil {
		var none T
		return none, missing(kind, id)
	}
	return *v, nil
}

// each hands over all of them, those that the draft makes and those that have some ids now.
func (t *things[T]) each(now []string, do func(T)) {
	t.draft.follows(t.kind, anyID)
	for _, id := range now {
		if _, ours := t.next[id]; !ours {
			do(*t.now(id))
		}
	}
	for _, v := range t.next {
		if v != nil {
			do(*v)
		}
	}
}

// free makes sure that nothing has an id yet.
func (t *things[T]) free(id string) error {
	if t.find(id) != nil {
		return named(t.kind, id, ErrExists)
	}
	return nil
}

// put has a thing written, whether it is there or not.
func (t *things[T]) put(id string, v T, w Write) {
	t.draft.write(w)
	if t.find(id) == nil {
		t.more++
	}
	t.next[id] = &v
}

// add has a thing written that must not be there yet.
func (t *things[T]) add(id string, v T, w Write) error {
	if err := t.free(id); err != nil {
		return err
	}
	t.put(id, v, w)
	return nil
}

// change has a thing written that must be there, as apply leaves it.
func (t *things[T]) change(id string, apply func(*T) error, write func(T) Write) (T, error) {
	v, err := t.get(id)
	if err == nil {
		err = apply(&v)
	}
	if err != nil {
		return v, err
	}
	t.put(id, v, write(v))
	return v, nil
}

// drop has a thing removed that must be there.
func (t *things[T]) drop(id string) error {
	if t.find(id) == nil {
		return missing(t.kind, id)
	}
	t.draft.write(Drop{t.kind, id})
	t.more--
	t.next[id] = nil
	return nil
}

// publish puts in force what the draft makes of them.
func (t *things[T]) publish(put func(T), drop func(id string)) {
	for id, v := range t.next {
		if v == nil {
			drop(id)
		} else {
			put(*v)
		}
	}
}
