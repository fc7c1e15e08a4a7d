package control

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway/toll"
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
	return ledger.Budget{}, fmt.Errorf("budget %q: %w", id, ErrNotFound)
}

// CreateBudget makes a budget. A window that rolls begins now, unless it says from
// when.
func (c *Control) CreateBudget(ctx context.Context, b ledger.Budget) (ledger.Budget, error) {
	var err error
	if b.ID, err = c.newID("budget"); err != nil {
		return b, err
	}
	b.Origin = "api"
	if err := c.checkBudget(b); err != nil {
		return b, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.store.CreateBudget(ctx, b, c.now()); err != nil {
		return b, fmt.Errorf("budget: %w", err)
	}
	c.api = append(c.api, b)
	c.setBudgets()
	return b, nil
}

func (c *Control) checkBudget(b ledger.Budget) error {
	if err := b.Validate(); err != nil {
		return fmt.Errorf("budget: %w: %w", err, ErrInvalid)
	}
	if err := checkText("a budget's name", b.Name); err != nil {
		return err
	}
	return c.checkSelector(b.Selector())
}

// checkSelector checks what a valid selector of a budget or a limit names: its models
// and its account, which must be there. End users come and go unannounced.
func (c *Control) checkSelector(s scope.Selector) error {
	if err := checkModels(s.Models); err != nil {
		return err
	}
	if s.Each {
		return nil
	}
	switch s.Kind {
	case scope.User:
		_, err := c.User(s.Owner)
		return err
	case scope.Team:
		_, err := c.Team(s.Owner)
		return err
	case scope.Key:
		_, err := c.Key(s.Owner)
		return err
	case scope.Member:
		if c.isMember(s.Owner) {
			return nil
		}
		return fmt.Errorf("member %q (write TEAM/USER): %w", s.Owner, ErrNotFound)
	}
	return nil
}

// isMember says whether an account id of the form team/user is somebody's. No id
// holds a slash.
func (c *Control) isMember(member string) bool {
	team, user, _ := strings.Cut(member, "/")
	t := c.directory.Team(team)
	return t != nil && slices.Contains(t.Members, user)
}

// BudgetChange is what can be changed of a budget: how much, and its name. For
// another window or other models, make another budget.
type BudgetChange struct {
	Name  *string
	Limit **accounting.Money // a nil within: no limit
	Soft  **accounting.Money
}

// UpdateBudget changes a budget. What was spent stays; running requests keep the
// limit they were admitted under.
func (c *Control) UpdateBudget(ctx context.Context, id string, ch BudgetChange) (ledger.Budget, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i, err := c.ownBudget(id)
	if err != nil {
		return ledger.Budget{}, err
	}
	b := c.api[i]
	set(&b.Name, ch.Name)
	set(&b.Limit, ch.Limit)
	set(&b.Soft, ch.Soft)
	if err := c.checkBudget(b); err != nil {
		return b, err
	}
	if err := c.store.UpdateBudget(ctx, b); err != nil {
		return b, fmt.Errorf("budget %q: %w", id, err)
	}
	c.api = slices.Clone(c.api)
	c.api[i] = b
	c.setBudgets()
	return b, nil
}

// DeleteBudget removes a budget. Its counters and entries stay in the books.
func (c *Control) DeleteBudget(ctx context.Context, id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	i, err := c.ownBudget(id)
	if err != nil {
		return err
	}
	if err := c.store.DeleteBudget(ctx, id); err != nil {
		return fmt.Errorf("budget %q: %w", id, err)
	}
	c.api = slices.Delete(slices.Clone(c.api), i, i+1)
	c.setBudgets()
	return nil
}

func (c *Control) ownBudget(id string) (int, error) {
	if i := slices.IndexFunc(c.api, func(b ledger.Budget) bool { return b.ID == id }); i >= 0 {
		return i, nil
	}
	if _, err := c.Budget(id); err == nil {
		return 0, fmt.Errorf("budget %q: %w", id, ErrInFile)
	}
	return 0, fmt.Errorf("budget %q: %w", id, ErrNotFound)
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
	By       []string  // of day, key, user, team, end_user, model, deployment, in order of columns
	UserID   string    // "" matches every one, as with the others
	TeamID   string
	KeyID    string
	EndUser  string
	Model    string
}

// UsageColumns are what a report can be grouped by.
func UsageColumns() []string {
	return []string{"day", "key", "user", "team", "end_user", "model", "deployment"}
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
			return nil, invalid("a report is grouped by %v, not by %q", UsageColumns(), by)
		}
	}
	if !q.To.IsZero() && !q.From.Before(q.To) {
		return nil, invalid("the report ends before it begins")
	}
	return c.store.Usage(ctx, q)
}

// EntryQuery asks for lines of the books, newest first.
type EntryQuery struct {
	From, To time.Time
	UserID   string
	TeamID   string
	KeyID    string
	Request  string
	Source   accounting.Source // who counted; "" matches every one
	Before   string            // id of the last entry of the page before
	Limit    int               // 1 to MaxEntries; 0 is 100
}

// EntryView is a line of the books.
type EntryView struct {
	ID           string            `json:"id"`
	At           time.Time         `json:"at"`
	Request      string            `json:"request"`
	Key          string            `json:"key"`
	User         string            `json:"user"`
	Team         string            `json:"team"`
	EndUser      string            `json:"end_user"`
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
	if q.Limit < 1 || q.Limit > MaxEntries {
		return nil, invalid("a page has 1 to %d entries", MaxEntries)
	}
	if q.Source != "" && !slices.Contains(Sources(), q.Source) {
		return nil, invalid("the source of an entry is one of %v, not %q", Sources(), q.Source)
	}
	return c.store.Entries(ctx, q)
}

// Sources are who may have counted an entry, from best to worst.
func Sources() []accounting.Source {
	return []accounting.Source{accounting.Reported, accounting.Counted, accounting.Estimated, accounting.Uncertain}
}

// Uncertain is how many entries nobody knows the truth of, and what they were booked
// at.
type Uncertain struct {
	Entries int64
	Cost    accounting.Money
}

// Uncertain counts the uncertain entries since an instant.
func (c *Control) Uncertain(ctx context.Context, since time.Time) (Uncertain, error) {
	return c.store.Uncertain(ctx, since)
}
