package control

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway/toll"
	"tollgate/providers"
)

// Budgets lists all budgets, those of the file first.
func (c *Control) Budgets() []ledger.Budget { return c.ledger.Budgets().All() }

// Budget returns one budget, or [ErrNotFound].
func (c *Control) Budget(id string) (ledger.Budget, error) {
	for _, b := range c.Budgets() {
		if b.ID == id {
			return b, nil
		}
	}
	return ledger.Budget{}, missing(BudgetChanged, id)
}

// BudgetsOf lists the budgets that apply to an account, without what may raise them for a
// time.
func (c *Control) BudgetsOf(account ledger.Account) []ledger.Budget {
	owned := c.ledger.Budgets().Of([]ledger.Account{account})
	out := make([]ledger.Budget, len(owned))
	for i, o := range owned {
		out[i] = *o.Rule
	}
	return out
}

// createBudget makes a budget. An id that is "" is made.
func (d *draft) createBudget(b ledger.Budget) (_ ledger.Budget, err error) {
	switch {
	case b.ID != "":
		err = inField("id", checkID("a budget", b.ID))
	default:
		b.ID, err = d.newID("budget")
	}
	b.Origin = "api"
	if err == nil {
		err = errors.Join(inField("models", checkModels(b.Models)), d.checkBudget(b), d.checkExtra(b.Extra))
	}
	if err == nil {
		err = errors.Join(d.budgetRules().free(b.ID), d.onlyBudget(b))
	}
	if err != nil {
		return b, err
	}
	d.write(PutBudget{b, true, d.at})
	d.budgetRules().put(b)
	return b, nil
}

// checkBudget checks a budget and what it names.
func (d *draft) checkBudget(b ledger.Budget) error {
	if err := b.Validate(); err != nil {
		field := ""
		switch {
		case errors.Is(err, ledger.ErrNegativeLimit) && (b.Limit == nil || *b.Limit >= 0), errors.Is(err, ledger.ErrSoftAbove):
			field = "soft"
		case errors.Is(err, ledger.ErrNegativeLimit):
			field = "limit"
		case errors.Is(err, ledger.ErrExtra):
			field = "extra"
		}
		return inSelector(b.Selector(), field, Invalid(fmt.Errorf("budget: %w", err)))
	}
	if err := inField("name", checkText("a budget's name", b.Name)); err != nil {
		return err
	}
	return d.checkSelector(b.Selector())
}

// onlyBudget refuses a budget beside one that it could not be told from: of two for the same
// account, models and time the lower one holds, and raising the other does nothing.
func (d *draft) onlyBudget(b ledger.Budget) error {
	if !d.fresh(scope.Account{Kind: b.Kind, ID: b.Owner}) {
		d.follows(BudgetChanged, anyID)
	}
	return d.budgetRules().alone(b, func(x, y ledger.Budget) bool {
		return x.Name == y.Name && x.Window.Same(y.Window) && x.Selector().Same(y.Selector())
	}, "for the same account, models and time: change that one, or give the new one a name of its own")
}

// checkExtra refuses what would raise a limit for no time at all.
func (d *draft) checkExtra(x ledger.Extra) error {
	if x.Until.IsZero() || x.Until.After(d.at) {
		return nil
	}
	return inField("extra", invalid("the extra would have ended already, at %s", x.Until.UTC().Format(time.RFC3339)))
}

// BudgetChange is what can be changed of a budget: how much, and its name. For
// another window or other models, make another budget.
type BudgetChange struct {
	Name  *string
	Limit **accounting.Money // a nil within: no limit
	Soft  **accounting.Money
	Extra *ledger.Extra // the zero Extra: none
}

func (d *draft) updateBudget(id string, ch BudgetChange) (ledger.Budget, error) {
	b, err := d.budgetRules().get(id)
	if err != nil {
		return b, err
	}
	set(&b.Name, ch.Name)
	set(&b.Limit, ch.Limit)
	set(&b.Soft, ch.Soft)
	if x := ch.Extra; x != nil && (x.Amount != b.Extra.Amount || !x.Until.Equal(b.Extra.Until)) {
		if err := d.checkExtra(*x); err != nil {
			return b, err
		}
	}
	set(&b.Extra, ch.Extra)
	if b.Limit == nil && ch.Extra == nil {
		b.Extra = ledger.Extra{} // it was on top of a limit that is gone
	}
	if err := d.checkBudget(b); err != nil {
		return b, err
	}
	if ch.Name != nil {
		if err := d.onlyBudget(b); err != nil {
			return b, err
		}
	}
	d.write(PutBudget{b, false, d.at})
	d.budgetRules().put(b)
	return b, nil
}

func (d *draft) deleteBudget(id string) error {
	if _, err := d.budgetRules().get(id); err != nil {
		return err
	}
	d.write(Drop{BudgetChanged, id})
	d.budgetRules().drop(id)
	return nil
}

// CreateBudget makes a budget. A window that rolls begins now, unless it says from
// when.
func (c *Control) CreateBudget(ctx context.Context, b ledger.Budget) (ledger.Budget, error) {
	b.ID = ""
	return changed(ctx, c, func(d *draft) (ledger.Budget, error) { return d.createBudget(b) })
}

// UpdateBudget changes a budget. What was spent stays; running requests keep the
// limit they were admitted under.
func (c *Control) UpdateBudget(ctx context.Context, id string, ch BudgetChange) (ledger.Budget, error) {
	return changed(ctx, c, func(d *draft) (ledger.Budget, error) { return d.updateBudget(id, ch) })
}

// DeleteBudget removes a budget. Its counters and entries stay in the books.
func (c *Control) DeleteBudget(ctx context.Context, id string) error {
	return c.run(ctx, func(d *draft) error { return d.deleteBudget(id) })
}

// Standings says where the budgets of some accounts stand, narrowest first; see
// gateway.Standing for a caller's.
func (c *Control) Standings(ctx context.Context, accounts ...ledger.Account) ([]ledger.Shortfall, error) {
	return c.ledger.Status(ctx, accounts)
}

// MemberAccount is the account of a user within a team.
func MemberAccount(team, user string) ledger.Account {
	return ledger.Account{Kind: ledger.Member, ID: toll.MemberID(team, user)}
}

// UsageQuery asks for a report.
type UsageQuery struct {
	From, To time.Time // To is not included; zero: no bound
	By       []string  // of [UsageColumns], in order of columns
	UserID   string    // "" matches every one, as with the others
	TeamID   string
	OrgID    string
	KeyID    string
	EndUser  string
	Tag      string
	Model    string
}

// UsageColumns are what a report can be grouped by. By tag a call with several stands in
// the row of each, so that the rows may add up to more than there was.
func UsageColumns() []string {
	return []string{"day", "key", "user", "team", "org", "end_user", "tag", "model", "deployment"}
}

// MaxUsageRows is how many rows a report has at most; MaxEntries how many entries
// one page has.
const (
	MaxUsageRows = 10_000
	MaxEntries   = 1000
)

// UsageRow is one line of a report. Paid and free stand side by side and are never
// added up.
type UsageRow struct {
	Group    []string         `json:"group"` // values of UsageQuery.By
	Cost     accounting.Money `json:"cost"`
	Adjusted accounting.Money `json:"adjusted"` // said to have been spent, by adjustments; part of no cost
	Paid     Sums             `json:"paid"`
	Free     FreeSums         `json:"free"`
	Unpriced Sums             `json:"unpriced"`
	Refused  int64            `json:"refused"` // requests that got no answer
}

// Sums adds up calls of one price state.
type Sums struct {
	Calls  int64 `json:"calls"`
	Input  int64 `json:"input_tokens"`
	Cached int64 `json:"cached_tokens"`
	Output int64 `json:"output_tokens"`
}

// FreeSums adds up free calls. Worth is what those whose worth is known would have cost
// at their shadow prices; nil if it is known of none. It is part of no cost.
type FreeSums struct {
	Sums
	Worth *accounting.Money `json:"worth"`
}

// Usage reports what was used.
func (c *Control) Usage(ctx context.Context, q UsageQuery) ([]UsageRow, error) {
	for _, by := range q.By {
		if !slices.Contains(UsageColumns(), by) {
			return nil, inField("by", invalid("a report is grouped by %s, not by %q", listed(UsageColumns()), by))
		}
	}
	if !q.To.IsZero() && !q.From.Before(q.To) {
		return nil, inField("to", invalid("the report ends before it begins"))
	}
	return c.store.Usage(ctx, q)
}

// EntryQuery asks for lines of the books, newest first.
type EntryQuery struct {
	From, To  time.Time
	UserID    string
	TeamID    string
	OrgID     string
	KeyID     string
	Tag       string
	Operation string
	Request   string
	Source    accounting.Source // who counted; "" matches every one
	Before    string            // id of the last entry of the page before
	Limit     int               // 1 to MaxEntries and one more, which tells whether there are more; 0 is 100
}

// EntryView is a line of the books.
type EntryView struct {
	ID           string            `json:"id"`
	At           time.Time         `json:"at"`
	Request      string            `json:"request"`
	Key          string            `json:"key"`
	User         string            `json:"user"`
	Team         string            `json:"team"`
	Org          string            `json:"org"`
	EndUser      string            `json:"end_user"`
	Tags         []string          `json:"tags"`
	Operation    string            `json:"operation"`
	Model        string            `json:"model"`
	Deployment   string            `json:"deployment"`
	Answered     string            `json:"answered"`
	Stream       bool              `json:"stream"`
	Cost         *accounting.Money `json:"cost"` // null: the price is unknown
	Held         accounting.Money  `json:"held"`
	Usage        map[string]int64  `json:"usage"`
	Lines        []LineView        `json:"lines"`
	PriceVersion string            `json:"price_version"`
	Tier         string            `json:"tier"`
	Source       string            `json:"source"`
	Status       string            `json:"status"`
	Flags        []string          `json:"flags"`
	TookMS       int64             `json:"took_ms"`
	Budgets      []EntryBudget     `json:"budgets"`
	Corrects     string            `json:"corrects"` // the id of the uncertain entry that it corrects; "" if none
	Reason       string            `json:"reason"`   // of an adjustment
	Actor        string            `json:"actor"`    // who made it
}

// EntryBudget is a budget that an entry counts on.
type EntryBudget struct {
	ID      string         `json:"id"`
	Account ledger.Account `json:"account"`
	Since   *time.Time     `json:"since"` // when the period began that it counts in; nil: it is for ever
}

// LineView is one addend of an entry's cost.
type LineView struct {
	Meter string `json:"meter"`
	Count int64  `json:"count"`
	Rate  int64  `json:"rate_nusd_per_million"`
}

// Entries lists lines of the books.
func (c *Control) Entries(ctx context.Context, q EntryQuery) ([]EntryView, error) {
	if q.Limit == 0 {
		q.Limit = 100
	}
	if q.Limit < 1 || q.Limit > MaxEntries+1 {
		return nil, inField("limit", invalid("a page has 1 to %d entries", MaxEntries))
	}
	if q.Source != "" && !slices.Contains(Sources(), q.Source) {
		return nil, inField("source", invalid("the source of an entry is one of %s, not %q", listed(Sources()), q.Source))
	}
	return c.store.Entries(ctx, q)
}

// Sources are who may have counted an entry, from best to worst.
func Sources() []accounting.Source {
	return []accounting.Source{accounting.Reported, accounting.Counted, accounting.Estimated, accounting.Uncertain}
}

// Operations are what an entry can be of: what clients ask of models, and adjustments.
func Operations() []string {
	var all []string
	for _, op := range providers.Operations() {
		all = append(all, op.String())
	}
	return append(all, ledger.Adjusted)
}

// Uncertain is what was booked that nobody knows the truth of.
type Uncertain struct {
	Orphaned Booked // the end of a process cut the call off
	Untold   Booked // the upstream broke off or kept silent before anything of an answer came
}

// Booked is how many entries there are, and what they cost.
type Booked struct {
	Entries int64
	Cost    accounting.Money
}

// Uncertain counts the uncertain entries since an instant.
func (c *Control) Uncertain(ctx context.Context, since time.Time) (Uncertain, error) {
	return c.store.Uncertain(ctx, since)
}
