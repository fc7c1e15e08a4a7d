package admin

import (
	"errors"
	"net/http"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway/control"
)

// Budget is a limit on what an account, or each account of a kind, may spend per
// window.
type Budget struct {
	ID        string            `json:"id"`
	Name      string            `json:"name"`
	Scope     ledger.Kind       `json:"scope"`
	Each      bool              `json:"each"`
	Owner     string            `json:"owner"`  // "" when each, and for the gateway
	Models    []string          `json:"models"` // empty: every model
	Limit     *accounting.Money `json:"limit"`  // null: unlimited; 0: free models only
	Soft      *accounting.Money `json:"soft"`
	Extra     *Extra            `json:"extra"` // null: none
	Per       string            `json:"per"`
	Zone      string            `json:"zone"`
	RollsFrom *time.Time        `json:"rolls_from"` // null: the calendar's periods
	Origin    string            `json:"origin"`     // file or api
}

// Extra raises the limits of a budget until an instant. Where a budget stands it is in
// its limits already.
type Extra struct {
	Amount accounting.Money `json:"amount"`
	Until  *time.Time       `json:"until"`
}

// Standing is where a budget stands for one account in the period that runs.
type Standing struct {
	Spent  accounting.Money  `json:"spent"`
	Held   accounting.Money  `json:"held"` // by calls that run
	Left   *accounting.Money `json:"left"` // null: unlimited
	State  ledger.State      `json:"state"`
	Since  *time.Time        `json:"since"`
	Resets *time.Time        `json:"resets_at"` // null: never
}

// BudgetStanding is a budget with where it stands, if it is for one account.
type BudgetStanding struct {
	Budget
	Standing *Standing `json:"standing"` // null: for each account another one, or the books do not answer
}

// Applied is a budget that applies to an account, and where it stands.
type Applied struct {
	Budget  Budget         `json:"budget"`
	Account ledger.Account `json:"account"`
	Standing
}

// Books says whether the books answer.
type Books string

// The states of the books.
const (
	BooksOK   Books = "ok"
	BooksDown Books = "unavailable"
)

// Budgets is a list of budgets.
type Budgets struct {
	page[BudgetStanding]
	Books Books `json:"books"`
}

// AppliedList is every budget that applies to an account, narrowest first.
type AppliedList struct {
	Data  []Applied `json:"data"`
	Books Books     `json:"books"` // unavailable: data is empty
}

func viewBudget(b ledger.Budget) Budget {
	zone := "UTC"
	if b.Window.Zone != nil {
		zone = b.Window.Zone.String()
	}
	var extra *Extra
	if !b.Extra.Until.IsZero() {
		extra = &Extra{b.Extra.Amount, instant(b.Extra.Until)}
	}
	return Budget{Extra: extra, ID: b.ID, Name: b.Name, Scope: b.Kind, Each: b.Each, Owner: b.Owner, Models: list(b.Models), Limit: b.Limit, Soft: b.Soft,
		Per: b.Window.String(), Zone: zone, RollsFrom: instant(b.Window.Start), Origin: b.Origin}
}

func viewStanding(s ledger.Shortfall) Standing {
	v := Standing{Spent: s.Standing.Posted, Held: s.Standing.Held, State: s.State, Resets: instant(s.Claim.Period.End)}
	if s.Claim.Budget.Window.Unit != ledger.Total && s.Claim.Budget.Window.Unit != "" {
		v.Since = instant(s.Claim.Period.Start)
	}
	if l := s.Claim.Budget.Limit; l != nil {
		left := max(0, *l-s.Standing.Posted-s.Standing.Held)
		v.Left = &left
	}
	return v
}

// applied maps standings; the books may not have answered.
func applied(states []ledger.Shortfall, err error) (AppliedList, error) {
	out := AppliedList{Data: []Applied{}, Books: BooksOK}
	if errors.Is(err, ledger.ErrUnavailable) {
		out.Books = BooksDown
		return out, nil
	}
	for _, s := range states {
		out.Data = append(out.Data, Applied{viewBudget(*s.Claim.Budget), s.Claim.Counter.Account, viewStanding(s)})
	}
	return out, err
}

func (r *request) answerApplied(states []ledger.Shortfall, err error) error {
	v, err := applied(states, err)
	if err != nil {
		return err
	}
	return r.answer(http.StatusOK, v)
}

// everybody is the account that every call is counted for.
var everybody = ledger.Account{Kind: ledger.Gateway}

func (a *api) userBudgets(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	at := a.Control.PlaceOfUser(r.param("id"))
	if err := a.Control.May(r.who, control.See, control.TheUser, at); err != nil {
		return err
	}
	u, err := a.Control.User(r.param("id"))
	if err != nil {
		return err
	}
	accounts := []ledger.Account{{Kind: ledger.User, ID: u.ID}, everybody}
	for _, t := range a.Control.Seen(r.who, at).Teams {
		accounts = append(accounts, control.MemberAccount(t, u.ID))
	}
	return r.answerApplied(a.Control.Standings(r.ctx, accounts...))
}

func (a *api) teamBudgets(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	if err := a.mayTeam(r, control.See, control.TheTeam); err != nil {
		return err
	}
	t, err := a.Control.Team(r.param("id"))
	if err != nil {
		return err
	}
	accounts := []ledger.Account{{Kind: ledger.Team, ID: t.ID}, everybody}
	if t.OrgID != "" {
		accounts = append(accounts, ledger.Account{Kind: ledger.Org, ID: t.OrgID})
	}
	return r.answerApplied(a.Control.Standings(r.ctx, accounts...))
}

func (a *api) keyBudgets(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	if err := a.maySeeKey(r); err != nil {
		return err
	}
	who, err := a.Control.Principal(r.param("id"))
	if err != nil {
		return err
	}
	return r.answerApplied(a.Gateway.Standing(r.ctx, who))
}

// standing adds to budgets where they stand, in one go.
func (a *api) standing(r *request, budgets []ledger.Budget) ([]BudgetStanding, Books, error) {
	var accounts []ledger.Account
	seen := map[ledger.Account]bool{}
	for _, b := range budgets {
		if acc := (ledger.Account{Kind: b.Kind, ID: b.Owner}); !b.Each && !seen[acc] {
			seen[acc] = true
			accounts = append(accounts, acc)
		}
	}
	books, at := BooksOK, map[string]Standing{}
	states, err := a.Control.Standings(r.ctx, accounts...)
	switch {
	case errors.Is(err, ledger.ErrUnavailable):
		books = BooksDown
	case err != nil:
		return nil, books, err
	}
	for _, s := range states {
		if !s.Claim.Budget.Each {
			at[s.Claim.Budget.ID] = viewStanding(s)
		}
	}
	out := make([]BudgetStanding, len(budgets))
	for i, b := range budgets {
		out[i].Budget = viewBudget(b)
		if s, ok := at[b.ID]; ok {
			out[i].Standing = &s
		}
	}
	return out, books, nil
}

func (a *api) listBudgets(r *request) error {
	q := r.query()
	s := q.span()
	if err := q.done(); err != nil {
		return err
	}
	if err := a.Control.May(r.who, control.See, control.TheBudget, control.Place{}); err != nil {
		return err
	}
	part, next, err := cut(a.Control.Budgets(), s, func(b ledger.Budget) string { return b.ID }, false)
	if err != nil {
		return err
	}
	data, books, err := a.standing(r, part)
	if err != nil {
		return err
	}
	return r.answer(http.StatusOK, Budgets{page[BudgetStanding]{data, next}, books})
}

func (a *api) createBudget(r *request) error {
	b := r.body()
	in := a.readBudget(b)
	if err := b.done(); err != nil {
		return err
	}
	made, err := a.Control.CreateBudget(r.ctx, in)
	return a.answerBudget(r, http.StatusCreated, made, err)
}

const (
	noLimit = "no limit"
	noSoft  = "no warning"
)

// readWhose reads the name of a new budget or limit, and whom it is for.
func readWhose(b *body) (name string, s scope.Selector) {
	if v := b.text("name"); v != nil {
		name = *v
	}
	s.Kind = scope.Kind(b.required("scope", "user"))
	if v := b.flag("each"); v != nil {
		s.Each = *v
	}
	if v := b.text("owner"); v != nil {
		s.Owner = *v
	}
	if v := b.texts("models"); v != nil {
		s.Models = *v
	}
	return name, s
}

// readBudget reads a new budget. What is missing has no default where a wrong guess
// would cost money.
func (a *api) readBudget(b *body) ledger.Budget {
	name, whose := readWhose(b)
	in := ledger.Budget{Name: name, Kind: whose.Kind, Each: whose.Each, Owner: whose.Owner, Models: whose.Models}
	if limit := b.money("limit", noLimit); limit != nil {
		in.Limit = *limit
	} else {
		b.fail("limit", `it is needed: a string in dollars such as "5.00", "0" for free models only, or null for no limit`)
	}
	if soft := b.money("soft", noSoft); soft != nil {
		in.Soft = *soft
	}
	set(&in.Extra, b.extra())
	window, err := ledger.ParseWindow(b.required("per", "month"))
	if err != nil {
		b.fail("per", "%v", err)
	}
	in.Window = window
	if v := b.text("zone"); v != nil {
		if in.Window.Zone, err = time.LoadLocation(*v); err != nil || *v == "Local" || *v == "" {
			b.fail("zone", "it must be the name of a time zone, such as Europe/Berlin")
		}
		if in.Window.Unit == ledger.Total && *v != time.UTC.String() {
			b.fail("zone", "a total has no periods, so a zone changes nothing: leave it out")
		}
	}
	rolling, from := b.flag("rolling"), b.instant("rolls_from")
	switch {
	case rolling != nil && !*rolling && from != nil && !from.IsZero():
		b.fail("rolling", "a window with rolls_from rolls")
	case from != nil && !from.IsZero():
		in.Window.Start = *from
	case rolling != nil && *rolling:
		in.Window.Start = a.Now().UTC().Truncate(time.Second)
	}
	if in.Window.Unit == ledger.Total && !in.Window.Start.IsZero() {
		b.fail("per", "a total has no periods that could roll")
	}
	return in
}

func (a *api) answerBudget(r *request, status int, b ledger.Budget, err error) error {
	if err != nil {
		return err
	}
	data, _, err := a.standing(r, []ledger.Budget{b})
	if err != nil {
		return err
	}
	return r.answer(status, data[0])
}

func (a *api) getBudget(r *request) error {
	if err := r.query().done(); err != nil {
		return err
	}
	if err := a.Control.May(r.who, control.See, control.TheBudget, control.Place{}); err != nil {
		return err
	}
	b, err := a.Control.Budget(r.param("id"))
	return a.answerBudget(r, http.StatusOK, b, err)
}

// fixed are the fields of a budget that its counters depend on.
var fixed = []string{"scope", "each", "owner", "models", "per", "zone", "rolling", "rolls_from"}

func (b *body) budgetChange() control.BudgetChange {
	ch := control.BudgetChange{Name: b.text("name"), Limit: b.money("limit", noLimit), Soft: b.money("soft", noSoft), Extra: b.extra()}
	for _, name := range fixed {
		b.fixed(name, "what was spent is counted by it: make another budget and delete this one")
	}
	return ch
}

// extra reads what raises a limit for a time; null is none.
func (b *body) extra() *ledger.Extra {
	in, null := b.inner("extra")
	switch {
	case null:
		return &ledger.Extra{}
	case in == nil:
		return nil
	}
	var x ledger.Extra
	amount, until := in.money("amount", "nothing"), in.instant("until")
	if amount == nil || *amount == nil || until == nil || until.IsZero() {
		in.fail("amount", `an extra is written {"amount": "5.00", "until": "2027-01-31T12:00:00Z"}`)
	} else {
		x = ledger.Extra{Amount: **amount, Until: *until}
	}
	b.within("extra", in)
	return &x
}

func (a *api) updateBudget(r *request) error {
	b := r.body()
	ch := b.budgetChange()
	if err := b.done(); err != nil {
		return err
	}
	made, err := a.Control.UpdateBudget(r.ctx, r.param("id"), ch)
	return a.answerBudget(r, http.StatusOK, made, err)
}

func (a *api) deleteBudget(r *request) error {
	if err := a.Control.DeleteBudget(r.ctx, r.param("id")); err != nil {
		return err
	}
	return r.gone()
}
