package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/control"
	"tollgate/migrations"
)

// overdue is how long the hold of a process that is gone may stay open before it is a
// fault (trust.md T7).
const overdue = 2 * time.Minute

// Verify implements [control.Store]. It reads every entry once, row by row, and keeps
// in memory what grows with counters, chains and the groups of a report alone: about 300
// bytes for each.
func (s *Store) Verify(ctx context.Context) (control.Verification, error) {
	select {
	case s.checks <- struct{}{}:
		defer func() { <-s.checks }()
	case <-ctx.Done():
		return control.Verification{}, ctx.Err()
	}
	v, err := verify(ctx, s.place, liveness{now: s.Now(), mine: s.replica})
	if err != nil {
		return v, unavailable(err)
	}
	return v, nil
}

// liveness says how to tell whose holds are anybody's. The zero value says that no
// server is at work, and that what the last one left open is still to be settled.
type liveness struct {
	now  time.Time
	mine string // this process, which has settled what others left open
}

// verify adds up the books of a database.
func verify(ctx context.Context, d Database, l liveness) (_ control.Verification, err error) {
	s, err := openSnapshot(ctx, d)
	if err != nil {
		return control.Verification{}, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	v := newVerifier(s, l)
	for _, check := range []func(context.Context) error{v.meta, v.chainRows, v.entries, v.corrections, v.carried, v.holds, v.counterRows, v.reports} {
		if err := check(ctx); err != nil {
			return v.Verification, tellPlace(d, err)
		}
	}
	return v.Verification, nil
}

type chainKey struct {
	writer string
	month  int64
}

func (k chainKey) compare(o chainKey) int {
	return cmp.Or(strings.Compare(k.writer, o.writer), cmp.Compare(k.month, o.month))
}

func (k chainKey) String() string {
	writer := k.writer
	if writer == "" {
		writer = "before there were chains"
	}
	return fmt.Sprintf("writer %s, month %s", writer, monthName(k.month))
}

func monthName(m int64) string { return fmt.Sprintf("%04d-%02d", m/100, m%100) }

// chainSum is a chain as its row says it ends, and as its entries add up.
type chainSum struct {
	row     chain
	removed bool
	sum     chain
	last    int64 // the number of the last entry
}

// verifier is one verification.
type verifier struct {
	*snapshot
	liveness
	control.Verification
	counters tally
	chains   map[chainKey]*chainSum
	groups   []map[string]*control.UsageRow // one for each of reports
	tags     map[string]*control.UsageRow   // a call with several counts for each
	total    map[string]*control.UsageRow
	noTags   bool // tags cannot be read: the database could make no report of them either
	beyond   bool // a sum left the range of money: no report can be made of it
}

func newVerifier(s *snapshot, l liveness) *verifier {
	v := &verifier{snapshot: s, liveness: l, counters: tally{}, chains: map[chainKey]*chainSum{}, tags: map[string]*control.UsageRow{}, total: map[string]*control.UsageRow{}}
	v.Differences = []control.Difference{}
	for range reports {
		v.groups = append(v.groups, map[string]*control.UsageRow{})
	}
	return v
}

// reports are what the usage report is grouped by when it is compared.
var reports = []struct {
	by string
	of func(*entryRow) string
}{
	{"key", func(r *entryRow) string { return r.KeyID }},
	{"user", func(r *entryRow) string { return r.UserID }},
	{"team", func(r *entryRow) string { return r.TeamID }},
	{"org", func(r *entryRow) string { return r.OrgID }},
	{"model", func(r *entryRow) string { return r.Model }},
	{"day", func(r *entryRow) string { return time.UnixMicro(r.At).UTC().Format(time.DateOnly) }},
}

// differs notes a difference.
func (v *verifier) differs(what, where, expected, found string) {
	if len(v.Differences) >= control.MaxDifferences {
		v.More++
		return
	}
	v.Differences = append(v.Differences, control.Difference{What: what, Where: where, Expected: expected, Found: found})
}

func (v *verifier) meta(ctx context.Context) error {
	var text string
	err := v.tx.QueryRowContext(ctx, `select value from meta where name = 'epoch'`).Scan(&text)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if v.Epoch, err = strconv.ParseInt(text, 10, 64); err != nil || v.Epoch < 1 {
		v.differs("meta", "epoch", "a number from 1 on", strconv.Quote(text))
	}
	return nil
}

func (v *verifier) chainRows(ctx context.Context) error {
	return eachRow(ctx, v.tx, `select writer, month, entries, head, cost, removed_at is not null from chains`, func(r *sql.Rows) error {
		var k chainKey
		var c chainSum
		if err := r.Scan(&k.writer, &k.month, &c.row.entries, &c.row.head, &c.row.cost, &c.removed); err != nil {
			return err
		}
		v.chains[k] = &c
		if !c.removed {
			v.Chains++
			return nil
		}
		v.Removed.Chains++
		v.Removed.Entries += c.row.entries
		v.add(&v.Removed.Cost, c.row.cost, "chain", k.String())
		return nil
	})
}

// add adds to a sum, and says so if it leaves the range of money.
func (v *verifier) add(sum *accounting.Money, m accounting.Money, what, where string) {
	next, err := sum.Add(m)
	if err != nil {
		v.beyond = true
		v.differs(what, where, "a sum within the range of money", err.Error())
		return
	}
	*sum = next
}

// entries reads every entry in the order of its chain.
func (v *verifier) entries(ctx context.Context) error {
	var row entryRow
	into := make([]any, len(entryColumns))
	for i, c := range entryColumns {
		into[i] = c.into(&row)
	}
	err := eachRow(ctx, v.tx, "select "+entryNames+" from entries order by writer, month, seq, id", func(r *sql.Rows) error {
		if err := r.Scan(into...); err != nil {
			return err
		}
		v.entry(&row)
		return nil
	})
	if err != nil {
		return err
	}
	for _, k := range slices.SortedFunc(maps.Keys(v.chains), chainKey.compare) {
		v.chainEnd(k, v.chains[k])
	}
	return nil
}

func (v *verifier) entry(r *entryRow) {
	v.Entries++
	cost := accounting.Money(0)
	if r.Cost != nil {
		cost = accounting.Money(*r.Cost)
	}
	where := "entry " + r.ID
	v.add(&v.Cost, cost, "entry", where)
	k := chainKey{r.Writer, r.Month}
	c := v.chains[k]
	if c == nil {
		c = &chainSum{}
		v.chains[k] = c
		v.differs("chain", k.String(), "a row in chains", "none")
	}
	v.link(where, r, c, cost)
	if month := monthOf(r.At); month != r.Month {
		v.differs("entry", where, "month "+monthName(month), "month "+monthName(r.Month))
	}
	if err := v.counters.post(r.Claims, cost); err != nil {
		v.differs("entry", where, "claims that can be added up", err.Error())
	}
	if r.Corrects != nil {
		v.Corrections++
		if r.ID != correction(*r.Corrects) {
			v.differs("correction", where, "the name "+correction(*r.Corrects)+", which there is once", r.ID)
		}
	} else {
		v.cost("entry", where, r.Cost, r.Lines, cost)
	}
	v.report(r, cost)
}

// link checks an entry's place in its chain.
func (v *verifier) link(where string, r *entryRow, c *chainSum, cost accounting.Money) {
	c.sum.entries++
	v.add(&c.sum.cost, cost, "chain", where)
	if (r.Seq == 0) != (r.Writer == "") {
		v.differs("entry", where, "a writer and a place in its chain, or neither", fmt.Sprintf("writer %q, place %d", r.Writer, r.Seq))
		return
	}
	if r.Seq == 0 {
		v.Unchained++
		return
	}
	if c.removed { // its first entries may be gone
		return
	}
	at := fmt.Sprintf("%s (place %d, month %s)", where, r.Seq, monthName(r.Month))
	switch {
	case r.Seq != c.last+1:
		v.differs("entry", at, fmt.Sprintf("place %d", c.last+1), fmt.Sprintf("place %d", r.Seq))
	case r.digest(c.sum.head) != r.Hash:
		v.differs("entry", at, "the hash of what it says: "+short(r.digest(c.sum.head)), short(r.Hash))
	}
	c.last, c.sum.head = r.Seq, r.Hash
}

// short is the beginning of a hash.
func short(hash string) string {
	if len(hash) > 16 {
		return hash[:16] + "…"
	}
	return strconv.Quote(hash)
}

// chainEnd compares a chain's entries with its row.
func (v *verifier) chainEnd(k chainKey, c *chainSum) {
	if c.removed {
		return
	}
	if c.row.entries != c.sum.entries {
		v.differs("chain", k.String(), fmt.Sprintf("%d entries", c.row.entries), fmt.Sprintf("%d", c.sum.entries))
	}
	if c.row.cost != c.sum.cost {
		v.differs("chain", k.String(), "cost "+c.row.cost.String(), c.sum.cost.String())
	}
	if c.row.head != c.sum.head {
		v.differs("chain", k.String(), "the head "+short(c.row.head), short(c.sum.head))
	}
}

var million = big.NewInt(1_000_000)

// cost recomputes what an entry cost from the counts and rates that stand in it, in
// arithmetic of its own: the products added up, divided once and rounded up. posted is
// what was posted for them in all.
func (v *verifier) cost(what, where string, cost *int64, lines string, posted accounting.Money) {
	var rows []lineRow
	if lines == "[]" {
		return
	}
	if err := json.Unmarshal([]byte(lines), &rows); err != nil {
		v.differs(what, where, "lines of counts and rates", "no valid JSON")
		return
	}
	if len(rows) == 0 {
		return
	}
	if cost == nil {
		v.differs(what, where, "a cost, since it has rates", "none")
		return
	}
	sum, product := new(big.Int), new(big.Int)
	for _, l := range rows {
		sum.Add(sum, product.Mul(big.NewInt(l.Count), big.NewInt(l.Rate)))
	}
	rest := new(big.Int)
	sum.DivMod(sum, million, rest)
	if rest.Sign() > 0 {
		sum.Add(sum, big.NewInt(1))
	}
	if sum.Cmp(big.NewInt(int64(posted))) != 0 {
		expected := sum.String() + " nano-dollars"
		if sum.IsInt64() {
			expected = accounting.Money(sum.Int64()).String()
		}
		v.differs(what, where, "cost "+expected+" by its counts and rates", posted.String())
	}
}

// report adds an entry to the sums that the reports are compared with.
func (v *verifier) report(r *entryRow, cost accounting.Money) {
	add := func(groups map[string]*control.UsageRow, name string) {
		g := groups[name]
		if g == nil {
			g = &control.UsageRow{}
			groups[name] = g
		}
		if r.Operation == ledger.Adjusted {
			if sum, err := g.Adjusted.Add(cost); err != nil {
				v.beyond = true
			} else {
				g.Adjusted = sum
			}
			return
		}
		to := &g.Paid
		if r.Cost == nil {
			to = &g.Unpriced
		}
		if r.Corrects == nil {
			to.Calls++
		}
		to.Input += r.Input
		to.Cached += r.Cached
		to.Output += r.Output
		if sum, err := g.Cost.Add(cost); err != nil {
			v.beyond = true
		} else {
			g.Cost = sum
		}
	}
	for i, by := range reports {
		add(v.groups[i], by.of(r))
	}
	add(v.total, "")
	if r.Tags == "" {
		add(v.tags, "")
		return
	}
	tags, err := readTags(r.Tags)
	if err != nil {
		v.noTags = true
		v.differs("entry", "entry "+r.ID, "a list of tags", strconv.Quote(r.Tags))
	}
	for _, tag := range tags {
		add(v.tags, tag)
	}
}

// corrections are held against the entries that they correct.
func (v *verifier) corrections(ctx context.Context) error {
	if v.Corrections == 0 {
		return nil
	}
	return eachRow(ctx, v.tx, `select c.id, c.corrects, c.held_at, c.month, c.cost, c.lines, o.status, o.cost
		from entries c left join entries o on o.id = c.corrects where c.corrects is not null`, func(r *sql.Rows) error {
		var id, of, lines string
		var held, month int64
		var cost, was *int64
		var status *string
		if err := r.Scan(&id, &of, &held, &month, &cost, &lines, &status, &was); err != nil {
			return err
		}
		where := "entry " + id
		switch {
		case status == nil && v.taken(monthOf(held), month):
			return nil // retention took it
		case status == nil:
			v.differs("correction", where, "the entry "+of, "none")
			return nil
		case *status != ledger.Orphaned:
			v.differs("correction", where, "an entry that was settled as an orphan", "one with status "+strconv.Quote(*status))
		}
		together := accounting.Money(0)
		for _, part := range []*int64{cost, was} {
			if part != nil {
				v.add(&together, accounting.Money(*part), "correction", where)
			}
		}
		v.cost("correction", where, cost, lines, together)
		return nil
	})
}

// taken says whether retention took a chain of one of some months.
func (v *verifier) taken(from, to int64) bool {
	for k, c := range v.chains {
		if c.removed && from <= k.month && k.month <= to {
			return true
		}
	}
	return false
}

func (v *verifier) carried(ctx context.Context) error {
	return eachRow(ctx, v.tx, sqlCarried, func(r *sql.Rows) error {
		var k counterKey
		var month int64
		var posted accounting.Money
		if err := r.Scan(&k.budget, &k.account, &k.start, &month, &posted); err != nil {
			return err
		}
		where := k.String() + ", carried from " + monthName(month)
		if !v.taken(month, month) {
			v.differs("carried", where, "a month that retention has taken", "one that is here")
		}
		if err := v.counters.carry(k, posted); err != nil {
			v.differs("carried", where, "a sum within the range of money", err.Error())
		}
		return nil
	})
}

func (v *verifier) holds(ctx context.Context) error {
	// Whether the process that takes care of a hold is alive, and whether it is long gone.
	alive, gone := `h.owner = $1`, `h.owner != $1`
	args := []any{v.mine}
	if v.engine == migrations.Postgres {
		lease := `exists (select 1 from replicas r where r.id = h.owner and r.lease_ends > $%d)`
		alive, gone = fmt.Sprintf(lease, 1), "not "+fmt.Sprintf(lease, 2)
		args = []any{micros(v.now), micros(v.now.Add(-overdue))}
	}
	return eachRow(ctx, v.tx, `select h.id, h.held_at, h.amount, h.hold, exists (select 1 from entries e where e.id = h.id), `+alive+`, `+gone+` from holds h`, func(r *sql.Rows) error {
		var id, text string
		var at int64
		var amount accounting.Money
		var entered, alive, gone bool
		if err := r.Scan(&id, &at, &amount, &text, &entered, &alive, &gone); err != nil {
			return err
		}
		v.Holds++
		where := "hold " + id
		if entered {
			v.differs("hold", where, "an attempt that has not ended", "an entry of the same attempt")
		}
		if !alive {
			v.Orphans++
		}
		if gone && v.mine != "" && instant(at).Add(overdue).Before(v.now) {
			v.differs("hold", where, "a process that takes care of it", "none: it is open since "+instant(at).Format(time.RFC3339))
		}
		if err := v.counters.hold(text, amount); err != nil {
			v.differs("hold", where, "claims that can be added up", err.Error())
		}
		return nil
	}, args...)
}

func (v *verifier) counterRows(ctx context.Context) error {
	err := eachRow(ctx, v.tx, `select budget_id, account_id, period_start, posted, held from counters`, func(r *sql.Rows) error {
		var k counterKey
		var found, want ledger.Standing
		if err := r.Scan(&k.budget, &k.account, &k.start, &found.Posted, &found.Held); err != nil {
			return err
		}
		v.Counters++
		if st := v.counters[k]; st != nil {
			want = *st
			delete(v.counters, k)
		}
		if found != want {
			v.differs("counter", k.String(), standing(want), standing(found))
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, k := range slices.SortedFunc(maps.Keys(v.counters), counterKey.compare) {
		if want := *v.counters[k]; want != (ledger.Standing{}) {
			v.differs("counter", k.String(), standing(want), "no counter")
		}
	}
	return nil
}

// reports holds the usage report against the sums of the entries.
func (v *verifier) reports(ctx context.Context) error {
	if v.beyond {
		return nil // the database could not add it up either, and the reason is listed
	}
	if err := v.compare(ctx, "", v.total); err != nil {
		return err
	}
	for i, by := range reports {
		if err := v.compare(ctx, by.by, v.groups[i]); err != nil {
			return err
		}
	}
	if v.noTags {
		return nil
	}
	return v.compare(ctx, "tag", v.tags)
}

func (v *verifier) compare(ctx context.Context, by string, want map[string]*control.UsageRow) error {
	var q control.UsageQuery
	if by != "" {
		q.By = []string{by}
	}
	rows, err := usage(ctx, v.tx, v.words(), q)
	if err != nil {
		return err
	}
	for _, r := range rows {
		v.ReportRows++
		name, w := "", control.UsageRow{}
		if by != "" {
			name = r.Group[0]
		}
		if g := want[name]; g != nil {
			w = *g
			delete(want, name)
		}
		if r.Cost != w.Cost || r.Adjusted != w.Adjusted || r.Paid != w.Paid || r.Unpriced != w.Unpriced {
			v.differs("report", reportName(by, name), reportSums(w), reportSums(r))
		}
	}
	if len(rows) >= control.MaxUsageRows {
		return nil // the report ends there
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		v.differs("report", reportName(by, name), reportSums(*want[name]), "no line")
	}
	return nil
}

func reportName(by, name string) string {
	if by == "" {
		return "total"
	}
	return fmt.Sprintf("%s %q", by, name)
}

func reportSums(r control.UsageRow) string {
	return fmt.Sprintf("%s and %s adjusted, for %d paid calls (%d in, %d cached, %d out), %d unpriced (%d in, %d cached, %d out)",
		r.Cost, r.Adjusted, r.Paid.Calls, r.Paid.Input, r.Paid.Cached, r.Paid.Output, r.Unpriced.Calls, r.Unpriced.Input, r.Unpriced.Cached, r.Unpriced.Output)
}
