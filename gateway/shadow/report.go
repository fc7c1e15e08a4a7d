package shadow

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
)

// Kind is how the two differ over a call.
type Kind string

// The kinds of difference. A call has the first that fits.
const (
	Same        Kind = ""
	KeyUnknown  Kind = "unknown_key"  // they served it, and here its key is unknown or closed
	WeRefuse    Kind = "we_refuse"    // they served it, and here it would be refused
	WeServe     Kind = "we_serve"     // they refused it, and here it would be served
	BudgetEnds  Kind = "budget_spent" // they served it, and by then the budget would be spent here
	OtherReason Kind = "other_reason" // both refuse it, for different reasons
	Unpriced    Kind = "unpriced"     // both serve it, and here it has no price
	CostDiffers Kind = "cost"         // both serve it, at different costs
	NotCompared Kind = "not_compared" // they brought no answer, or failed, or nothing was decided here
)

// Kinds lists the kinds of difference in the order in which they are reported.
func Kinds() []Kind {
	return []Kind{KeyUnknown, WeRefuse, WeServe, BudgetEnds, OtherReason, Unpriced, CostDiffers, NotCompared}
}

// The bounds of a report.
const (
	MaxListed = 1000 // differences, call by call; the rest is counted
	maxGroups = 1000 // lines by model or by key; the rest is one line
	others    = "(others)"
	maxWatch  = 100_000 // budgets whose spending is followed
)

// tolerance is how far two costs may be apart and count as equal: they count in binary
// floating point.
const tolerance = accounting.Money(1)

// Report is where the two differ.
type Report struct {
	From        *time.Time   `json:"from"` // of the first call; null if there is none
	To          *time.Time   `json:"to"`   // of the last
	Total       Sums         `json:"total"`
	Kinds       []KindSums   `json:"kinds"` // those that occur
	Models      []Line       `json:"models"`
	Keys        []Line       `json:"keys"`
	Budgets     []Exhaustion `json:"budgets"` // those that would have been spent, in the order in which that happens
	Differences []Difference `json:"differences"`
	More        int64        `json:"more"` // differences that are not listed
}

// Sums adds up calls.
type Sums struct {
	Calls      int64            `json:"calls"`
	Different  int64            `json:"different"`
	NotCompare int64            `json:"not_compared"`
	OurCost    accounting.Money `json:"our_cost"`  // of all that would be served
	BothOurs   accounting.Money `json:"both_ours"` // of the calls of which both costs are known
	BothTheirs accounting.Money `json:"both_theirs"`
	Both       int64            `json:"both"` // how many these are
	// TheirSpend is what they said last of all that a key has spent; null if they said
	// nothing, and of what is not the calls of one key.
	TheirSpend *accounting.Money `json:"their_spend"`
}

// KindSums adds up the calls of a kind.
type KindSums struct {
	Kind  Kind  `json:"kind"`
	Calls int64 `json:"calls"`
}

// Line adds up the calls of one model or key.
type Line struct {
	Name string `json:"name"`
	Sums
}

// Difference is one call over which the two differ.
type Difference struct {
	At         time.Time         `json:"at"`
	Request    string            `json:"request"`
	TheirID    string            `json:"their_id"`
	Kind       Kind              `json:"kind"`
	Key        string            `json:"key"` // its id, or sha256: and the beginning of its digest
	Model      string            `json:"model"`
	Operation  string            `json:"operation"`
	Ours       string            `json:"ours"`       // served, or why it would be refused
	Why        string            `json:"why"`        // in a sentence
	Deployment string            `json:"deployment"` // that would have been called
	Price      string            `json:"price"`
	Status     int               `json:"status"` // theirs; 0: no answer
	Theirs     string            `json:"theirs"` // served, or their type of error
	OurCost    *accounting.Money `json:"our_cost"`
	TheirCost  *accounting.Money `json:"their_cost"`
}

// Exhaustion is a budget that would have been spent within the time of the report.
type Exhaustion struct {
	Budget  string           `json:"budget"`
	Name    string           `json:"name"`
	Kind    string           `json:"kind"`
	Account string           `json:"account"`
	Start   time.Time        `json:"start"`
	End     *time.Time       `json:"end"` // null: never
	Limit   accounting.Money `json:"limit"`
	At      time.Time        `json:"at"`      // of the first call that it would not have paid for
	Spent   accounting.Money `json:"spent"`   // by then
	Refused int64            `json:"refused"` // calls from then on, within the period
	Free    int64            `json:"free"`    // of these, those that a free model would have served
}

// account is a budget in one period, as it would stand.
type account struct {
	budget, kind, id string
	start            int64
}

// Builder makes a report of calls that are added in the order in which they came.
type Builder struct {
	listed int
	report Report
	kinds  map[Kind]int64
	models map[string]*Sums
	keys   map[string]*Sums
	spent  map[account]accounting.Money // beyond what the books have
	ended  map[account]int              // its place among the exhausted
}

// NewBuilder returns a builder that lists so many differences.
func NewBuilder(listed int) *Builder {
	return &Builder{listed: min(max(listed, 0), MaxListed), kinds: map[Kind]int64{}, models: map[string]*Sums{}, keys: map[string]*Sums{},
		spent: map[account]accounting.Money{}, ended: map[account]int{}}
}

// Add adds a call.
func (b *Builder) Add(c Call) {
	at := c.At.UTC()
	if b.report.From == nil {
		b.report.From = &at
	}
	b.report.To = &at
	short := b.spend(c)
	kind, why := compare(c, short)
	b.kinds[kind]++
	for _, s := range []*Sums{&b.report.Total, group(b.models, cmp.Or(c.Model, "(none)")), group(b.keys, c.keyName())} {
		s.add(c, kind, short != nil)
	}
	if c.Theirs.KeySpend != nil {
		group(b.keys, c.keyName()).TheirSpend = c.Theirs.KeySpend
	}
	switch {
	case kind == Same:
		return
	case len(b.report.Differences) >= b.listed:
		b.report.More++
		return
	}
	d := Difference{At: at, Request: c.RequestID, TheirID: c.Theirs.ID, Kind: kind, Key: c.keyName(), Model: c.Model, Operation: c.Operation, Ours: c.Ours.Decision, Why: why,
		Deployment: c.Ours.Deployment, Price: c.Ours.Price, Status: c.Theirs.Status, Theirs: c.Theirs.word(), OurCost: c.Ours.Cost, TheirCost: c.Theirs.Cost}
	if kind == BudgetEnds {
		d.Ours, d.OurCost = BudgetSpent, nil
		if c.Ours.Otherwise != "" {
			d.Ours, d.Deployment, d.Price = Served, c.Ours.Otherwise, "free"
		}
	}
	b.report.Differences = append(b.report.Differences, d)
}

func (c Call) keyName() string {
	switch {
	case c.Key != "":
		return c.Key
	case c.KeyMark != "":
		return "sha256:" + c.KeyMark
	}
	return "(none)"
}

// word is what they did in a word of theirs.
func (t Theirs) word() string {
	switch {
	case t.Status == 0:
		return cmp.Or(t.Ended, "no answer")
	case t.Answered():
		return Served
	}
	return cmp.Or(t.Type, t.Refused, fmt.Sprintf("status %d", t.Status))
}

func group(all map[string]*Sums, name string) *Sums {
	s := all[name]
	if s == nil && len(all) >= maxGroups {
		name = others
		s = all[name]
	}
	if s == nil {
		s = &Sums{}
		all[name] = s
	}
	return s
}

// add adds a call. What a budget would not have paid for has cost nothing here.
func (s *Sums) add(c Call, kind Kind, short bool) {
	s.Calls++
	switch kind {
	case Same:
	case NotCompared:
		s.NotCompare++
	default:
		s.Different++
	}
	ours := c.Ours.Cost
	if c.Ours.Decision != Served || short || ours == nil {
		return
	}
	s.OurCost = plus(s.OurCost, *ours)
	if c.Theirs.Cost != nil {
		s.Both++
		s.BothOurs, s.BothTheirs = plus(s.BothOurs, *ours), plus(s.BothTheirs, *c.Theirs.Cost)
	}
}

// plus adds amounts; the end of the range is their end.
func plus(a, b accounting.Money) accounting.Money {
	sum, err := a.Add(b)
	if err != nil {
		return accounting.MaxMoney
	}
	return sum
}

// spend has a call that would be served and costs count for its budgets, or returns the
// one that would not have paid for it: what the calls before have spent is not in the
// books.
func (b *Builder) spend(c Call) *Claim {
	if c.Ours.Decision != Served || c.Ours.Price == "free" {
		return nil
	}
	var short *Claim
	for i, cl := range c.Ours.Budgets {
		a := cl.account()
		standing := ledger.Standing{Posted: plus(cl.Posted, b.spent[a])}
		switch ledger.StateOf(&cl.Limit, standing, c.Ours.Need) {
		case ledger.None, ledger.Room:
			continue
		}
		if short == nil {
			short = &c.Ours.Budgets[i]
		}
		b.exhaust(a, cl, c, standing.Posted)
	}
	if short != nil || c.Ours.Cost == nil {
		return short
	}
	for _, cl := range c.Ours.Budgets {
		if a := cl.account(); len(b.spent) < maxWatch || b.spent[a] > 0 {
			b.spent[a] = plus(b.spent[a], *c.Ours.Cost)
		}
	}
	return nil
}

func (cl Claim) account() account {
	return account{cl.Budget, cl.Kind, cl.Account, cl.Start.UnixMicro()}
}

func (b *Builder) exhaust(a account, cl Claim, c Call, spent accounting.Money) {
	i, ok := b.ended[a]
	if !ok {
		if len(b.report.Budgets) >= maxGroups {
			return
		}
		i = len(b.report.Budgets)
		b.ended[a] = i
		e := Exhaustion{Budget: cl.Budget, Name: cl.Name, Kind: cl.Kind, Account: cl.Account, Start: cl.Start, Limit: cl.Limit, At: c.At.UTC(), Spent: spent}
		if !cl.End.IsZero() {
			e.End = &cl.End
		}
		b.report.Budgets = append(b.report.Budgets, e)
	}
	b.report.Budgets[i].Refused++
	if c.Ours.Otherwise != "" {
		b.report.Budgets[i].Free++
	}
}

// compare says how the two differ over a call, and why in a sentence. short is the budget
// that would be spent by then.
func compare(c Call, short *Claim) (Kind, string) {
	ours, theirs := c.Ours, c.Theirs
	switch {
	case ours.Decision == Undecided:
		return NotCompared, ours.Why
	case theirs.Status == 0:
		return NotCompared, "the other gateway brought no answer"
	case !theirs.Answered() && theirs.Refused == "":
		return NotCompared, fmt.Sprintf("the other gateway answered %d, and not because it refused the caller", theirs.Status)
	case theirs.Answered() && (ours.Decision == UnknownKey || ours.Decision == KeyClosed):
		return KeyUnknown, ours.Why
	case theirs.Answered() && ours.Decision != Served:
		return WeRefuse, ours.Why
	case !theirs.Answered() && ours.Decision == Served && short != nil && theirs.Refused == BudgetSpent && ours.Otherwise == "":
		return Same, "" // both find the budget spent
	case !theirs.Answered() && ours.Decision == Served && short != nil && ours.Otherwise == "":
		return OtherReason, short.sentence()
	case !theirs.Answered() && ours.Decision == Served:
		return WeServe, ours.Why
	case !theirs.Answered():
		if !alike(ours.Decision, theirs.Refused) {
			return OtherReason, ours.Why
		}
		return Same, ""
	case short != nil:
		why := short.sentence()
		if ours.Otherwise != "" {
			why += "; " + ours.Otherwise + " would have served it for nothing"
		}
		return BudgetEnds, why
	case ours.Price == "unknown" && ours.Cost == nil:
		return Unpriced, "there is no price for " + ours.Deployment
	case ours.Cost != nil && theirs.Cost != nil && !near(*ours.Cost, *theirs.Cost):
		return CostDiffers, fmt.Sprintf("%s USD here and %s USD there, of %d tokens in and %d out (%s)", *ours.Cost, *theirs.Cost, ours.Input, ours.Output, cmp.Or(ours.Source, "not counted"))
	}
	return Same, ""
}

// alike says that two reasons for a refusal are the same to the caller.
func alike(ours, theirs string) bool {
	if ours == KeyClosed {
		ours = UnknownKey
	}
	if theirs == KeyClosed {
		theirs = UnknownKey
	}
	return ours == theirs || ours == "budget_held" && theirs == BudgetSpent
}

func near(a, b accounting.Money) bool { return a-b <= tolerance && b-a <= tolerance }

func (cl Claim) sentence() string {
	name := cl.Name
	if name == "" {
		name = cl.Budget
	}
	return fmt.Sprintf("the budget %q of %s would be spent by then: %s USD", name, strings.TrimSpace(cl.Kind+" "+cl.Account), cl.Limit)
}

// Report returns what the calls come to.
func (b *Builder) Report() Report {
	r := b.report
	r.Kinds, r.Models, r.Keys = []KindSums{}, lines(b.models), lines(b.keys)
	for _, k := range Kinds() {
		if n := b.kinds[k]; n > 0 {
			r.Kinds = append(r.Kinds, KindSums{k, n})
		}
	}
	if r.Budgets == nil {
		r.Budgets = []Exhaustion{}
	}
	if r.Differences == nil {
		r.Differences = []Difference{}
	}
	return r
}

// lines puts those with the most differences first.
func lines(all map[string]*Sums) []Line {
	out := []Line{}
	for name, s := range all {
		out = append(out, Line{name, *s})
	}
	slices.SortFunc(out, func(a, b Line) int {
		return cmp.Or(cmp.Compare(b.Different, a.Different), cmp.Compare(b.Calls, a.Calls), strings.Compare(a.Name, b.Name))
	})
	return out
}
