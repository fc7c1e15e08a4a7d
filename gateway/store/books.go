package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/failpoint"
)

// One commit of the books holds the steps of many callers. It reads every counter and
// hold that they touch once, lets each step decide and change them in memory in turn,
// and writes what came out once. In between nobody else can change them: SQLite has one
// writer, PostgreSQL's rows are locked, in one order on every replica. So the sum is
// compared with the limit at the moment it changes, as a condition in an UPDATE would
// do it (trust.md S12), for the price of one statement a counter instead of three a
// step. Nothing of it outlives the commit: the tables are the only truth.

// opKind is what a step of the books does.
type opKind uint8

const (
	opReserve opKind = iota
	opExtend
	opCheckpoint
	opSettle
	opRelease
)

// op is one step of the books.
type op struct {
	kind     opKind
	hold     held
	text     string           // reserve: the hold as it is kept
	extra    accounting.Money // extend
	progress string           // checkpoint
	entry    *entryRow        // settle
	orphan   bool             // settle: by a sweep, not by the call itself

	after []ledger.Standing // reserve: where the counters stand
	err   error             // the step's own; it changed nothing

	counters []*counterChange // of its claims, in the commit that it is in
}

// held is what the books need of a hold; the rest stands in its text.
type held struct {
	id           string
	at           int64
	amount, need accounting.Money
	claims       []ledger.Claim
	late         bool
	once         *ledger.Once
	key, request string // whose it is, and of which request, for once
}

func heldOf(h *ledger.Hold) held {
	return held{h.ID, micros(h.At), h.Amount, h.Need, h.Claims, h.Late, h.Once, h.Facts.KeyID, h.Facts.RequestID}
}

// counterKey names a row of counters.
type counterKey struct {
	budget, account string
	start           int64
}

func keyOf(c ledger.Counter) counterKey {
	return counterKey{c.Budget, c.Account.ID, micros(c.Start)}
}

func (k counterKey) compare(o counterKey) int {
	if c := strings.Compare(k.budget, o.budget); c != 0 {
		return c
	}
	if c := strings.Compare(k.account, o.account); c != 0 {
		return c
	}
	switch {
	case k.start < o.start:
		return -1
	case k.start > o.start:
		return 1
	}
	return 0
}

// onceKey names a row of idempotency.
type onceKey struct{ key, token string }

// onceRow is a row of idempotency.
type onceRow struct {
	onceKey
	body, request, hold string
	at                  int64
}

// page is a transaction of the books. Holds and entries are read by their ids; what
// is missing is missing in the answer.
type page interface {
	chains
	holds(ids []string) (map[string]accounting.Money, error)
	posted(ids []string) (map[string]entryRow, error)
	once(key onceKey) (onceRow, bool, error)
	onceCount(key string, since int64) (int, error)
	// settled waits until no transaction is under way that makes a hold of this id, and
	// says whether there is one now.
	settled(id string) (there bool, err error)
	write(*changes) error
	commit() error
	rollback()
}

// chains says where the chain of a writer and month ends.
type chains interface {
	chain(writer string, month int64) (chain, error)
}

// changes is what one commit writes.
type changes struct {
	counters []counterChange
	holds    []newHold
	amounts  []holdAmount
	progress []holdProgress
	ended    []string // ids of holds
	entries  []*entryRow
	chains   []chainRow
	taken    []onceRow // calls with an Idempotency-Key begin
	moved    []onceRow // one that began before goes on with another hold
	kept     []string  // those of these holds have ended and were paid for
	freed    []string  // those of these holds have ended and cost nothing
}

type counterChange struct {
	key counterKey
	was ledger.Standing
	now ledger.Standing
}

type newHold struct {
	id     string
	at     int64
	amount accounting.Money
	text   string
	owner  string
}

type holdAmount struct {
	id     string
	amount accounting.Money
}

type holdProgress struct{ id, text string }

// books turns steps into commits. It is used by one goroutine.
type books struct {
	engine  engine
	replica string          // owns the holds that are made here
	writer  string          // whose chains the entries of this process belong to
	heads   map[int64]chain // by month; what is not there is read
}

func newBooks(e engine, replica, writer string) *books {
	return &books{engine: e, replica: replica, writer: writer, heads: map[int64]chain{}}
}

// run makes one commit of some steps. again says that an earlier try of the same steps
// may have been committed although it failed. An error says that nothing happened, or,
// if it is [ledger.ErrUnsure], that nobody knows.
func (b *books) run(ctx context.Context, ops []*op, again bool) error {
	var w working
	var ids []string
	for _, o := range ops {
		o.err, o.after = nil, nil
		o.counters = w.claim(o.hold.claims)
		if o.kind != opReserve || again || o.hold.late {
			ids = append(ids, o.hold.id)
		}
	}
	w.sort()
	tx, standings, err := b.engine.begin(ctx, w.keys())
	if err != nil {
		return err
	}
	defer tx.rollback()
	for i, c := range w.counters {
		c.was, c.now = standings[i], standings[i]
	}
	if w.open, err = tx.holds(ids); err != nil {
		return err
	}
	if err := b.lookBack(tx, &w, ops, again); err != nil {
		return err
	}
	for _, o := range ops {
		if err := b.step(tx, &w, o, again); err != nil {
			return err
		}
	}
	c, heads, err := b.outcome(tx, &w)
	if err != nil || c == nil {
		return err
	}
	if err := tx.write(c); err != nil {
		b.heads = map[int64]chain{} // what was known of them may be the reason
		return err
	}
	if err := failpoint.Hit(failpoint.InCommit); err != nil {
		return err
	}
	if err := tx.commit(); err != nil {
		b.heads = map[int64]chain{}
		return err
	}
	for month, h := range heads {
		b.heads[month] = h
	}
	return nil
}

// lookBack reads the entries of the steps that may have been written before: those
// that end a hold that is gone, and those that are tried again.
func (b *books) lookBack(tx page, w *working, ops []*op, again bool) error {
	var ids []string
	for _, o := range ops {
		if _, open := w.open[o.hold.id]; open {
			continue
		}
		if o.kind == opSettle || o.kind == opRelease || o.kind == opReserve && (again || o.hold.late) {
			ids = append(ids, o.hold.id, correction(o.hold.id))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var err error
	w.before, err = tx.posted(ids)
	return err
}

// working is what one commit has read, and how its steps have changed it.
type working struct {
	index    map[counterKey]*counterChange
	counters []*counterChange            // in the order of their keys, once they are sorted
	claimed  []*counterChange            // of claims, in their order
	open     map[string]accounting.Money // holds, without those that ended here
	before   map[string]entryRow         // entries that were written before
	once     map[onceKey]*onceRow        // looked up here; nil: free
	changes
	raised   map[string]accounting.Money
	advanced map[string]string
}

// claim finds the counters of some claims, in the order of the claims.
func (w *working) claim(claims []ledger.Claim) []*counterChange {
	if w.index == nil {
		w.index = map[counterKey]*counterChange{}
	}
	from := len(w.claimed)
	for i := range claims {
		k := keyOf(claims[i].Counter)
		c := w.index[k]
		if c == nil {
			c = &counterChange{key: k}
			w.index[k], w.counters = c, append(w.counters, c)
		}
		w.claimed = append(w.claimed, c)
	}
	return w.claimed[from:len(w.claimed):len(w.claimed)]
}

func (w *working) sort() {
	slices.SortFunc(w.counters, func(a, b *counterChange) int { return a.key.compare(b.key) })
}

func (w *working) keys() []counterKey {
	keys := make([]counterKey, len(w.counters))
	for i, c := range w.counters {
		keys[i] = c.key
	}
	return keys
}

// errRange says that a counter would leave the range of money.
var errRange = fmt.Errorf("a budget's counter would leave the range of money: %w", accounting.ErrOverflow)

// step lets one step decide. What is wrong with the step itself is its own error and
// has changed nothing; an error that is returned is the database's.
func (b *books) step(tx page, w *working, o *op, again bool) error {
	amount, open := w.open[o.hold.id]
	switch o.kind {
	case opReserve:
		return b.reserve(tx, w, o, open && (again || o.hold.late))
	case opExtend:
		o.err = ledger.ErrNotOpen
		if open {
			o.err = w.extend(o, amount)
		}
	case opCheckpoint:
		if open {
			w.advance(o.hold.id, o.progress)
		}
	case opRelease:
		if !open {
			return b.releaseGone(tx, w, o, again)
		}
		if o.err = give(o.counters, amount, 0); o.err == nil {
			w.end(o.hold.id)
			if o.hold.once != nil {
				w.freed = append(w.freed, o.hold.id)
			}
		}
	case opSettle:
		if !open {
			return b.correct(w, o, again)
		}
		if o.err = give(o.counters, amount, accounting.Money(o.entry.posted)); o.err != nil {
			return nil
		}
		w.end(o.hold.id)
		if o.hold.once != nil {
			w.kept = append(w.kept, o.hold.id)
		}
		o.entry.Held = int64(amount)
		w.entries = append(w.entries, o.entry)
	}
	return nil
}

// written is the entry of an id that stands in the books, or will by this commit.
func (w *working) written(id string) (entryRow, bool) {
	if row, before := w.before[id]; before {
		return row, true
	}
	for _, row := range w.entries {
		if row.ID == id {
			return *row, true
		}
	}
	return entryRow{}, false
}

// reserve makes a hold. done says that an earlier try did it.
func (b *books) reserve(tx page, w *working, o *op, done bool) error {
	if done {
		o.after = after(o.counters)
		return nil
	}
	if _, written := w.before[o.hold.id]; written { // and its end too
		o.err = ledger.ErrNotOpen
		return nil
	}
	if err := b.takeOnce(tx, w, o); err != nil || o.err != nil {
		return err
	}
	if o.err = take(&o.hold, o.counters, o.hold.amount, 0); o.err != nil {
		return nil
	}
	o.after = after(o.counters)
	w.open[o.hold.id] = o.hold.amount
	w.holds = append(w.holds, newHold{o.hold.id, o.hold.at, o.hold.amount, o.text, b.replica})
	c := o.hold.once
	if c == nil {
		return nil
	}
	row := onceRow{onceKey{o.hold.key, c.Token}, c.Body, o.hold.request, o.hold.id, o.hold.at}
	switch was := w.once[row.onceKey]; {
	case was == nil:
		w.taken = append(w.taken, row)
	case was.hold == "": // an attempt of this very request was paid for: that stands
		return nil
	default:
		w.moved = append(w.moved, row)
	}
	w.once[row.onceKey] = &row
	return nil
}

// extend brings an open hold of an amount up to what it was, with its extra.
func (w *working) extend(o *op, amount accounting.Money) error {
	// An earlier try may have brought it up, all the way or a part of it.
	to, err := o.hold.amount.Add(o.extra)
	if err != nil || to <= amount {
		return err
	}
	h, extra := o.hold, to-amount
	if extra < o.extra {
		h.need = min(h.need, extra)
	}
	if err := take(&h, o.counters, extra, amount); err != nil {
		return err
	}
	w.open[h.id] = to
	w.raise(h.id, to)
	return nil
}

func correction(id string) string { return id + "+1" }

// releaseGone releases a hold that is not open: an earlier try did it, or never made it,
// or somebody took the process for dead and settled it as an orphan. Then it cost nothing
// all the same, and a correction says so.
func (b *books) releaseGone(tx page, w *working, o *op, again bool) error {
	was, written := w.written(o.hold.id)
	if !written {
		if slices.Contains(w.ended, o.hold.id) { // released by a step of this commit
			o.err = ledger.ErrNotOpen
			return nil
		}
		// A transaction that was cut off may be just about to make it.
		there, err := tx.settled(o.hold.id)
		if err != nil {
			return err
		}
		if there {
			return fmt.Errorf("%w: the hold was made this moment", errAgain)
		}
		if !again {
			o.err = ledger.ErrNotOpen
		}
		return nil
	}
	if was.Status != ledger.Orphaned {
		o.err = ledger.ErrNotOpen
		return nil
	}
	nothing := was
	nothing.At, nothing.Status, nothing.Source = micros(b.engine.now()), "released", string(accounting.Reported)
	nothing.Usage, nothing.Lines, nothing.Flags = "{}", "[]", "[]"
	nothing.Input, nothing.Cached, nothing.Output, nothing.Reasoning = 0, 0, 0, 0
	if was.Cost != nil {
		nothing.Cost = new(int64)
	}
	o.entry = &nothing
	return b.correct(w, o, again)
}

// correct posts what an orphan did cost in truth, when its process turns out to be
// alive after its lease had ended: the difference, as an entry of its own. again: an
// entry of the step's own making may be there already.
func (b *books) correct(w *working, o *op, again bool) error {
	was, written := w.written(o.hold.id)
	_, corrected := w.written(correction(o.hold.id))
	if again && written && !o.orphan && (corrected || was.Status != ledger.Orphaned) {
		return nil // an earlier try did it
	}
	o.err = ledger.ErrNotOpen
	if o.orphan || !written || was.Status != ledger.Orphaned || corrected {
		return nil
	}
	row, err := o.entry.less(was)
	if err != nil {
		o.err = err
		return nil
	}
	if o.err = give(o.counters, 0, accounting.Money(row.posted)); o.err != nil {
		return nil
	}
	w.entries = append(w.entries, &row)
	return nil
}

// takeOnce looks whether the call of a hold with an Idempotency-Key was made before.
func (b *books) takeOnce(tx page, w *working, o *op) error {
	c := o.hold.once
	if c == nil {
		return nil
	}
	if w.once == nil {
		w.once = map[onceKey]*onceRow{}
	}
	key := onceKey{o.hold.key, c.Token}
	row, looked := w.once[key]
	since := o.hold.at - ledger.OnceFor.Microseconds()
	if !looked {
		found, ok, err := tx.once(key)
		if err != nil {
			return err
		}
		if ok && found.at > since {
			row = &found
		}
		w.once[key] = row
	}
	if row != nil {
		if row.request != o.hold.request {
			o.err = &ledger.Repeated{RequestID: row.request, Running: row.hold != "", OtherBody: row.body != c.Body}
		}
		return nil
	}
	n, err := tx.onceCount(key.key, since)
	if err != nil {
		return err
	}
	for _, t := range w.taken {
		if t.key == key.key {
			n++
		}
	}
	if n >= ledger.MaxOnce {
		o.err = ledger.ErrOnceFull
	}
	return nil
}

func after(counters []*counterChange) []ledger.Standing {
	out := make([]ledger.Standing, len(counters))
	for i, c := range counters {
		out[i] = c.now
	}
	return out
}

// take adds an amount to every counter of a hold, or to none and names each budget
// that it does not fit. own is what the hold has there already.
func take(h *held, counters []*counterChange, amount, own accounting.Money) error {
	var refusal ledger.Refusal
	for i, c := range h.claims {
		st := counters[i].now
		if !h.late {
			if state := ledger.StateOfMore(c.Budget.Limit, st, own, h.need); state.Refuses() {
				refusal.Short = append(refusal.Short, ledger.Shortfall{Claim: c, Standing: st, State: state})
				continue
			}
		}
		sum, err1 := st.Posted.Add(st.Held)
		if _, err2 := sum.Add(amount); err1 != nil || err2 != nil {
			return fmt.Errorf("budget %s: %w", c.Counter.Budget, errRange)
		}
	}
	if len(refusal.Short) > 0 {
		return &refusal
	}
	for _, c := range counters {
		c.now.Held += amount
	}
	return nil
}

// give takes what a hold held off its counters, and posts a cost.
func give(counters []*counterChange, held, posted accounting.Money) error {
	for _, c := range counters {
		if c.now.Held < held {
			return fmt.Errorf("budget %s: less is held than the hold has", c.key.budget)
		}
		if _, err := c.now.Posted.Add(posted); err != nil {
			return fmt.Errorf("budget %s: %w", c.key.budget, errRange)
		}
	}
	for _, c := range counters {
		c.now.Held -= held
		c.now.Posted += posted
	}
	return nil
}

func (w *working) raise(id string, amount accounting.Money) {
	if w.raised == nil {
		w.raised = map[string]accounting.Money{}
	}
	w.raised[id] = amount
}

func (w *working) advance(id, progress string) {
	if w.advanced == nil {
		w.advanced = map[string]string{}
	}
	w.advanced[id] = progress
}

func (w *working) end(id string) {
	delete(w.open, id)
	delete(w.raised, id)
	delete(w.advanced, id)
	w.ended = append(w.ended, id)
}

// outcome puts together what the commit writes, or nil if that is nothing: the
// counters that moved, and the entries, each in its place in a chain.
func (b *books) outcome(tx chains, w *working) (*changes, map[int64]chain, error) {
	c := &w.changes
	for _, x := range w.counters {
		if x.was != x.now {
			c.counters = append(c.counters, *x)
		}
	}
	for id, amount := range w.raised {
		c.amounts = append(c.amounts, holdAmount{id, amount})
	}
	for id, text := range w.advanced {
		c.progress = append(c.progress, holdProgress{id, text})
	}
	heads := map[int64]chain{}
	for _, e := range c.entries {
		month := monthOf(e.At)
		h, going := heads[month]
		if !going {
			var known bool
			if h, known = b.heads[month]; !known {
				var err error
				if h, err = tx.chain(b.writer, month); err != nil {
					return nil, nil, err
				}
			}
			c.chains = append(c.chains, chainRow{writer: b.writer, month: month, was: h})
		}
		h.entries++
		e.Writer, e.Month, e.Seq = b.writer, month, h.entries
		e.Hash = e.digest(h.head)
		h.head = e.Hash
		if e.Cost != nil {
			h.cost += accounting.Money(*e.Cost)
		}
		heads[month] = h
	}
	for i, x := range c.chains {
		c.chains[i].chain = heads[x.month]
	}
	// Two commits that take the same Idempotency-Keys wait for each other in one order.
	slices.SortFunc(c.taken, func(a, b onceRow) int {
		return cmp.Or(strings.Compare(a.key, b.key), strings.Compare(a.token, b.token))
	})
	if len(c.holds)+len(c.amounts)+len(c.progress)+len(c.ended)+len(c.entries)+len(c.counters) == 0 {
		return nil, nil, nil
	}
	return c, heads, nil
}
