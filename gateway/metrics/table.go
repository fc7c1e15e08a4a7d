package metrics

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// counter is a sum of whole numbers.
type counter struct{ n atomic.Int64 }

func (c *counter) add(n int64)  { c.n.Add(n) }
func (c *counter) value() int64 { return c.n.Load() }

// table finds the place where something is counted by its labels. It grows up to a limit that
// nothing passes.
type table[K comparable, V any] struct {
	most  int
	fresh func() *V
	clean func(K) K // makes labels that can be written
	wider func(K) K // what a key counts as when the table is full; nil: the last place

	places atomic.Pointer[map[K]*V] // replaced, never changed
	full   atomic.Bool              // no new key gets a place of its own

	mu    sync.Mutex
	shown []place[K, V] // one for each *V, in the order in which they came
}

type place[K comparable, V any] struct {
	key   K
	value *V
}

// spare is the part of a table that is kept for wider keys: a fifth of it.
const spare = 5

func newTable[K comparable, V any](most int, fresh func() *V, clean, wider func(K) K) *table[K, V] {
	t := &table[K, V]{most: most, fresh: fresh, clean: clean, wider: wider}
	t.places.Store(&map[K]*V{})
	return t
}

// at returns the place of a key. It waits for nobody unless the key is new and there is
// room for it.
func (t *table[K, V]) at(k K) *V {
	places := *t.places.Load()
	if v, ok := places[k]; ok {
		return v
	}
	if t.full.Load() {
		var wider K
		if t.wider != nil {
			wider = t.wider(k)
		}
		if v, ok := places[wider]; ok {
			return v
		}
	}
	return t.add(k)
}

func (t *table[K, V]) add(k K) *V {
	t.mu.Lock()
	defer t.mu.Unlock()
	room := t.most - 1 // the last place is for what finds no other
	if t.wider != nil {
		room -= t.most / spare
	}
	if v := t.put(k, room); v != nil {
		return v
	}
	t.full.Store(true)
	if t.wider != nil {
		if v := t.put(t.wider(k), t.most-1); v != nil {
			return v
		}
	}
	var last K
	return t.put(last, t.most)
}

// put returns the place of a key, which it makes if there are fewer than room; else nil.
// The mutex is held.
func (t *table[K, V]) put(k K, room int) *V {
	places := *t.places.Load()
	if v, ok := places[k]; ok {
		return v
	}
	key := t.clean(k)
	v, ok := places[key]
	if !ok && len(t.shown) >= room {
		return nil
	}
	if !ok {
		v = t.fresh()
		t.shown = append(t.shown, place[K, V]{key, v})
	}
	if ok && len(places) >= 2*t.most {
		return v // so many spellings of the same labels are not kept
	}
	next := maps.Clone(places)
	next[key], next[k] = v, v
	t.places.Store(&next)
	return v
}

// makeRoom forgets the places of all keys that are not kept, if the table is full. What has no
// name of its own is always kept.
func (t *table[K, V]) makeRoom(keep func(K) bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.full.Load() {
		return
	}
	var last K
	kept := map[*V]bool{}
	places := maps.Clone(*t.places.Load())
	for k, v := range places {
		kept[v] = kept[v] || k == last || keep(k)
	}
	maps.DeleteFunc(places, func(_ K, v *V) bool { return !kept[v] })
	t.shown = slices.DeleteFunc(slices.Clone(t.shown), func(p place[K, V]) bool { return !kept[p.value] })
	t.places.Store(&places)
	t.full.Store(false) // if there is none, the next key finds out
}

// all returns every place.
func (t *table[K, V]) all() []place[K, V] {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.shown[:len(t.shown):len(t.shown)]
}

// maxLabel is the longest label, in bytes.
const maxLabel = 256

// clean makes a label of a name. The empty one is that of the last place.
func clean(s string) string {
	if s == "" {
		return other
	}
	if len(s) > maxLabel {
		s = s[:maxLabel]
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

func (k requestKey) clean() requestKey {
	return requestKey{clean(k.operation), clean(k.model), clean(k.price), clean(k.outcome)}
}

func (k durationKey) clean() durationKey { return durationKey{clean(k.operation), k.stream} }

func (k attemptKey) clean() attemptKey { return attemptKey{clean(k.deployment), clean(k.outcome)} }
