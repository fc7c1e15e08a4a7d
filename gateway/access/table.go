package access

import (
	"encoding/binary"
	"hash/maphash"
	"sync/atomic"
)

// table keeps things as records, which are bytes without a pointer: to the garbage
// collector a hundred thousand keys are a few dozen objects that lead nowhere. A record
// is never changed, another takes its place. One goroutine writes at a time; any number
// read, and wait for nobody. The zero value is empty.
type table[T any] struct {
	now    atomic.Pointer[generation]
	recent [recentLen]atomic.Pointer[read[T]]
}

// read is a record as it was last read: who calls often is not read again each time.
type read[T any] struct {
	serial uint64
	at     place
	thing  *T
}

// recentLen is how many things a table remembers to have read, a power of two. Each has
// its one place among them.
const recentLen = 1024

// generation is the content of a table between two times of making room.
type generation struct {
	serial uint64                   // of the places: one record has one place in all generations of a serial
	chunks atomic.Pointer[[][]byte] // a chunk is full length; what is filled only the writer knows
	index  [2]slots                 // by id, and by digest
	fill   int                      // bytes of the last chunk that hold records
	live   int                      // records that can be found
	used   int                      // slots that are not empty, in each index
	bytes  int                      // of the records that can be found
	dead   int                      // of those that cannot
}

// The two indexes of a table. Users have no digest.
const (
	byID = iota
	byDigest
)

// place is where a record begins: the number of its chunk, and the offset within.
type place uint64

const (
	chunkBits  = 20 // of the offset of a record
	firstChunk = 4 << 10
	fewSlots   = 16
	slack      = 64 << 10 // bytes of dead records that are not worth a clearing
)

// slots is a hash table with open addressing. A slot holds 24 bits of the hash, which
// spare reading most records that are not meant, above a place and two: 0 is an empty
// slot and 1 one whose record went.
type slots []atomic.Uint64

const (
	emptySlot = 0
	goneSlot  = 1
	tagShift  = 40
)

func slotOf(hash uint64, p place) uint64 { return hash>>tagShift<<tagShift | (uint64(p) + 2) }
func placeOf(slot uint64) place          { return place(slot&(1<<tagShift-1)) - 2 }

// find returns the slot and the place of a record, or a negative slot.
func (s slots) find(hash uint64, meant func(place) bool) (int, place) {
	if len(s) == 0 {
		return -1, 0
	}
	for i := int(hash) & (len(s) - 1); ; i = (i + 1) & (len(s) - 1) {
		switch slot := s[i].Load(); {
		case slot == emptySlot:
			return -1, 0
		case slot == goneSlot || slot>>tagShift != hash>>tagShift:
		case meant(placeOf(slot)):
			return i, placeOf(slot)
		}
	}
}

func (s slots) insert(hash uint64, p place) {
	i := int(hash) & (len(s) - 1)
	for s[i].Load() != emptySlot { // one that went is not used again: a reader may be on its way past it
		i = (i + 1) & (len(s) - 1)
	}
	s[i].Store(slotOf(hash, p))
}

// record returns the bytes that stand at a place.
func (g *generation) record(p place) []byte {
	b := (*g.chunks.Load())[p>>chunkBits][p&(1<<chunkBits-1):]
	n, width := binary.Uvarint(b)
	return b[width : width+int(n)]
}

var idSeed = maphash.MakeSeed()

func hashOf(id string) uint64        { return maphash.String(idSeed, id) }
func hashOfDigest(d []byte) uint64   { return binary.LittleEndian.Uint64(d) }
func hasDigest(record []byte) bool   { return record[0]&flagKey != 0 }
func digestIn(record []byte) []byte  { return record[1 : 1+len(Digest{})] }
func idIn(record []byte) (id []byte) { id, _ = cut(record[idAt(record):]); return id }
func idAt(record []byte) int {
	if hasDigest(record) {
		return 1 + len(Digest{})
	}
	return 1
}

// find returns the generation, slot and place of the record with an id.
func (t *table[T]) find(id string) (*generation, int, place) {
	g := t.now.Load()
	if g == nil {
		return nil, -1, 0
	}
	at, p := g.index[byID].find(hashOf(id), func(p place) bool { return string(idIn(g.record(p))) == id })
	return g, at, p
}

// get returns the thing with an id, or nil.
func (t *table[T]) get(id string, parse func(record string) *T) *T {
	g, at, p := t.find(id)
	if at < 0 {
		return nil
	}
	return t.read(g, p, parse)
}

// getDigest returns the thing with a digest, or nil.
func (t *table[T]) getDigest(d Digest, parse func(record string) *T) *T {
	g := t.now.Load()
	if g == nil {
		return nil
	}
	at, p := g.index[byDigest].find(hashOfDigest(d[:]), func(p place) bool { return Digest(digestIn(g.record(p))) == d })
	if at < 0 {
		return nil
	}
	return t.read(g, p, parse)
}

func (t *table[T]) read(g *generation, p place, parse func(string) *T) *T {
	last := &t.recent[(uint64(p)*0x9e3779b97f4a7c15)>>32&(recentLen-1)]
	if r := last.Load(); r != nil && r.at == p && r.serial == g.serial {
		return r.thing
	}
	r := &read[T]{g.serial, p, parse(string(g.record(p)))}
	last.Store(r)
	return r.thing
}

// put adds a record, in the place of an earlier one with the same id. Who looks for the thing
// meanwhile finds the one or the other: the earlier one goes once the new one can be found,
// behind it. Only the writer calls it.
func (t *table[T]) put(record []byte) {
	t.index()
	g := t.room(hasDigest(record))
	_, at, earlier := t.find(string(idIn(record)))
	g.insert(record, g.add(record))
	g.live++
	g.used++
	g.bytes += len(record)
	if at >= 0 {
		g.remove(at, earlier)
	}
}

// fill adds a record that is not found until index is called, and whose id must be new:
// a table of which the size is not known is filled twice as fast this way. Only the writer
// calls it.
func (t *table[T]) fill(record []byte) {
	g := t.now.Load()
	switch {
	case g == nil:
		g = &generation{}
		g.chunks.Store(new([][]byte))
		t.now.Store(g)
	case len(g.index[byID]) > 0:
		t.put(record)
		return
	}
	g.add(record)
	g.live++
	g.bytes += len(record)
}

// index lets all that was filled in be found. Only the writer calls it.
func (t *table[T]) index() {
	g := t.now.Load()
	if g == nil || len(g.index[byID]) > 0 {
		return
	}
	next := &generation{serial: g.serial, fill: g.fill, live: g.live, used: g.live, bytes: g.bytes}
	next.chunks.Store(g.chunks.Load())
	size := sizeFor(g.live)
	next.index[byID] = make(slots, size)
	for i, chunk := range *g.chunks.Load() {
		for at := 0; at < len(chunk) && chunk[at] != 0; { // no record is empty
			n, width := binary.Uvarint(chunk[at:])
			record := chunk[at+width:][:n]
			if hasDigest(record) && next.index[byDigest] == nil {
				next.index[byDigest] = make(slots, size)
			}
			next.insert(record, place(i)<<chunkBits|place(at))
			at += width + int(n)
		}
	}
	t.now.Store(next)
}

// sizeFor is how many slots an index of so many records has.
func sizeFor(records int) int {
	size := fewSlots
	for size/2 <= records {
		size *= 2
	}
	return size
}

// insert lets a record be found.
func (g *generation) insert(record []byte, p place) {
	g.index[byID].insert(hashOf(string(idIn(record))), p)
	if hasDigest(record) {
		g.index[byDigest].insert(hashOfDigest(digestIn(record)), p)
	}
}

// drop removes the record with an id. Only the writer calls it.
func (t *table[T]) drop(id string) {
	t.index()
	if g, at, p := t.find(id); at >= 0 {
		g.remove(at, p)
	}
}

// remove lets a record no longer be found, of which the slot by its id is known.
func (g *generation) remove(slot int, p place) {
	record := g.record(p)
	g.index[byID][slot].Store(goneSlot)
	if hasDigest(record) {
		at, _ := g.index[byDigest].find(hashOfDigest(digestIn(record)), func(other place) bool { return other == p })
		g.index[byDigest][at].Store(goneSlot)
	}
	g.live--
	g.bytes -= len(record)
	g.dead += len(record)
}

// ids lists the ids of all records, in no order.
func (t *table[T]) ids() []string {
	g := t.now.Load()
	if g == nil {
		return nil
	}
	var ids []string
	for p := range g.places {
		ids = append(ids, string(idIn(g.record(p))))
	}
	return ids
}

// places yields where the records are, in no order.
func (g *generation) places(yield func(place) bool) {
	for i := range g.index[byID] {
		if slot := g.index[byID][i].Load(); slot > goneSlot && !yield(placeOf(slot)) {
			return
		}
	}
}

// room returns a generation that has a free slot: this one, or another with more slots,
// or with the records packed anew if too many are dead.
func (t *table[T]) room(digests bool) *generation {
	g := t.now.Load()
	if g != nil && g.used < len(g.index[byID])/4*3 && g.dead <= g.bytes+slack {
		return g
	}
	size, next := fewSlots, &generation{}
	if g != nil {
		size = sizeFor(g.live)
	}
	next.index[byID] = make(slots, size)
	if digests {
		next.index[byDigest] = make(slots, size)
	}
	switch {
	case g == nil:
		next.chunks.Store(new([][]byte))
	case g.dead > g.bytes:
		next.serial = g.serial + 1
		next.chunks.Store(new([][]byte))
	default:
		next.serial, next.fill, next.dead = g.serial, g.fill, g.dead
		next.chunks.Store(g.chunks.Load())
	}
	if g != nil {
		for p := range g.places {
			record := g.record(p)
			if next.serial != g.serial {
				p = next.add(record)
			}
			next.insert(record, p)
		}
		next.live, next.used, next.bytes = g.live, g.live, g.bytes
	}
	t.now.Store(next)
	return next
}

// add writes a record behind the last, where no reader looks yet.
func (g *generation) add(record []byte) place {
	var size [binary.MaxVarintLen64]byte
	width := binary.PutUvarint(size[:], uint64(len(record)))
	chunks := *g.chunks.Load()
	if n := len(chunks); n == 0 || g.fill+width+len(record) > len(chunks[n-1]) {
		next := firstChunk
		if n > 0 {
			next = min(2*len(chunks[n-1]), 1<<chunkBits)
		}
		grown := append(chunks[:n:n], make([]byte, max(next, width+len(record))))
		g.chunks.Store(&grown)
		chunks, g.fill = grown, 0
	}
	n := len(chunks) - 1
	p := place(n)<<chunkBits | place(g.fill)
	g.fill += copy(chunks[n][g.fill:], size[:width])
	g.fill += copy(chunks[n][g.fill:], record)
	return p
}
