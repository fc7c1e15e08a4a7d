package mapping

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/configs/litellm"
	"tollgate/gateway/control"
	"tollgate/gateway/limits"
)

// Terms are how much an account may spend and how fast it may call, in LiteLLM's fields.
// There they are columns of the account's row; here each is a budget or a rate limit that
// names the account.
type Terms struct {
	Max, Soft *accounting.Money // max_budget and soft_budget
	Duration  string            // budget_duration; "" never resets
	// Starts, unless zero, is where the periods of Duration are counted from, in place of
	// the calendar's beginnings.
	Starts time.Time
	Extra  ledger.Extra // temp_budget_increase and temp_budget_expiry

	Windows []Limit          // budget_limits: several budgets at once
	Models  map[string]Limit // model_max_budget, by a model or a pattern of models

	RPM, TPM, Parallel *int64
	ModelRPM, ModelTPM map[string]int64
}

// Limit is a budget in a window, or for ever.
type Limit struct {
	Duration string
	Max      accounting.Money
	Starts   time.Time // see [Terms]
}

// The names that budgets and limits of an account get, for people and to tell them apart.
const (
	NameMain   = "max_budget"
	NameWindow = "budget_limits"
	NameModel  = "model_max_budget"
	NameRates  = "rate limit"
)

// Standing is how an account stands: its terms, and what it has spent under them. The zero
// Standing is one of an account that is still to be made.
type Standing struct {
	Terms
	Spend  accounting.Money // in the running period of max_budget; for ever, if there is none
	Resets time.Time        // when that begins anew; zero: never

	Main   *ledger.Budget // of max_budget
	Others []Stood        // of windows and models
	Common []Stood        // for all models, which everybody of the account's kind has
	rates  *limits.Rule
	models []limits.Rule // rate limits for models
}

// Stood is a budget with where it stands.
type Stood struct {
	ledger.Budget
	Spend  accounting.Money
	Resets time.Time
}

// TakeRule puts a rate limit of the account into the field that it is of.
func (s *Standing) TakeRule(r limits.Rule) {
	if len(r.Models) == 0 && s.rates == nil {
		s.rates, s.RPM, s.TPM, s.Parallel = &r, r.Requests, r.Tokens, r.Concurrent
		return
	}
	s.models = append(s.models, r)
	for _, m := range r.Models {
		put(&s.ModelRPM, m, r.Requests)
		put(&s.ModelTPM, m, r.Tokens)
	}
}

func put(m *map[string]int64, name string, n *int64) {
	if n == nil {
		return
	}
	if *m == nil {
		*m = map[string]int64{}
	}
	(*m)[name] = *n
}

// TakeBudget puts a budget of the account into the field that it is of. The main one is that
// of its name, or else the first for all models that was not made by this package.
func (s *Standing) TakeBudget(b Stood) {
	switch {
	case b.Each && len(b.Models) > 0: // no field tells it
	case b.Each:
		s.Common = append(s.Common, b)
	case len(b.Models) > 0:
		if b.Limit != nil && s.Models == nil {
			s.Models = map[string]Limit{}
		}
		for _, m := range b.Models {
			if b.Limit != nil {
				s.Models[m] = Limit{DurationOf(b.Window), *b.Limit, b.Window.Start}
			}
		}
		s.Others = append(s.Others, b)
	case b.Name == NameWindow, s.Main != nil && (b.Name != NameMain || s.Main.Name == NameMain):
		s.takeWindow(b)
	default:
		if s.Main != nil {
			s.takeWindow(Stood{*s.Main, s.Spend, s.Resets})
		}
		s.Main, s.Max, s.Soft, s.Duration, s.Starts = &b.Budget, b.Limit, b.Soft, DurationOf(b.Window), b.Window.Start
		s.Spend, s.Resets, s.Extra = b.Spend, b.Resets, b.Extra
	}
}

// takeWindow takes one of several budgets at once.
func (s *Standing) takeWindow(b Stood) {
	if b.Limit != nil {
		s.Windows = append(s.Windows, Limit{DurationOf(b.Window), *b.Limit, b.Window.Start})
	}
	s.Others = append(s.Others, b)
}

// DurationOf writes a window as a budget_duration; "" is one that never ends.
func DurationOf(w ledger.Window) string {
	unit, known := map[ledger.Unit]string{ledger.Minute: "m", ledger.Hour: "h", ledger.Day: "d", ledger.Week: "d", ledger.Month: "mo"}[w.Unit]
	n := max(w.Count, 1)
	switch {
	case !known:
		return ""
	case w.Unit == ledger.Week:
		n *= 7
	case w.Unit == ledger.Month && n == 1:
		return "30d" // which is what everybody writes for it
	}
	return strconv.Itoa(n) + unit
}

// WindowOf reads a budget_duration; "" never ends.
func WindowOf(duration string) (ledger.Window, error) {
	if duration == "" {
		return ledger.Window{Unit: ledger.Total}, nil
	}
	return litellm.Window(duration)
}

// Instant reads a time with or without a zone, which is UTC then; ok is false if it is none.
func Instant(text string) (at time.Time, ok bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999", time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}

// Canonical writes a budget_duration as [DurationOf] does; what is none stays.
func Canonical(duration string) string {
	w, err := WindowOf(duration)
	if err != nil {
		return duration
	}
	return DurationOf(w)
}

// Change makes what an account has what it is to have. spend, unless nil, is what it is to
// have spent in the running period of its main budget, or for ever if it has none; what it
// has spent stays spent when the budget is made anew, but what was spent for ever begins no
// period. Windows that are made are in a zone, nil being UTC; what is there keeps its own. The edits belong into the same change as the account's own, after it. The error is
// of a budget_duration that is none, or of newID.
func Change(account scope.Account, now *Standing, want Terms, spend *accounting.Money, zone *time.Location, newID func(prefix string) (string, error)) ([]control.Edit, error) {
	c := change{account: account, now: now, want: want, zone: zone, newID: newID}
	if err := c.main(spend); err != nil {
		return nil, err
	}
	if err := c.others(); err != nil {
		return nil, err
	}
	err := c.rates()
	return c.edits, err
}

type change struct {
	account scope.Account
	now     *Standing
	want    Terms
	zone    *time.Location
	newID   func(string) (string, error)
	edits   []control.Edit
}

func (c *change) do(e control.Edit) { c.edits = append(c.edits, e) }

// budget makes a budget of the account and returns its id.
func (c *change) budget(name string, models []string, limit, soft *accounting.Money, w ledger.Window) (string, error) {
	if w.Unit != ledger.Total {
		w.Zone = c.zone
	}
	id, err := c.newID("budget")
	if err == nil {
		c.do(control.BudgetEdit{Action: control.Create, ID: id, New: ledger.Budget{ID: id, Name: name, Kind: c.account.Kind, Owner: c.account.ID, Models: models, Limit: limit, Soft: soft, Window: w}})
	}
	return id, err
}

// main changes the main budget and what was spent under it.
func (c *change) main(spend *accounting.Money) error {
	window, err := WindowOf(c.want.Duration)
	if err != nil {
		return err
	}
	window.Start = c.want.Starts
	if c.want.Max == nil {
		c.want.Extra = ledger.Extra{} // there is nothing that it would be on top of
	} else if c.want.Soft != nil && *c.want.Soft > *c.want.Max {
		c.want.Soft = nil // nobody would ever see it
	}
	have := c.now.Main
	id := ""
	has := c.want.Max != nil || c.want.Soft != nil || c.want.Duration != ""
	if have != nil && c.want.Duration == c.now.Duration && c.want.Starts.Equal(c.now.Starts) {
		window = have.Window // there are others that would be told by the same word
	}
	switch {
	case have != nil && (has || have.Limit == nil && have.Soft == nil) && sameWindow(have.Window, window):
		id = have.ID
		if !Same(have.Limit, c.want.Max) || !Same(have.Soft, c.want.Soft) || have.Extra != c.want.Extra {
			c.do(control.BudgetEdit{Action: control.Update, ID: id, BudgetChange: control.BudgetChange{Limit: &c.want.Max, Soft: &c.want.Soft, Extra: &c.want.Extra}})
		}
	case have != nil:
		c.do(control.BudgetEdit{Action: control.Delete, ID: have.ID})
		have = nil
	}
	if has && have == nil {
		if id, err = c.budget(NameMain, nil, c.want.Max, c.want.Soft, window); err != nil {
			return err
		}
		if c.want.Extra != (ledger.Extra{}) {
			c.do(control.BudgetEdit{Action: control.Update, ID: id, BudgetChange: control.BudgetChange{Extra: &c.want.Extra}})
		}
		if spend == nil {
			spend = c.stays(window)
		}
		if *spend != 0 {
			c.stand(id, spend)
		}
		return nil
	}
	if spend == nil || *spend == c.now.Spend {
		return nil
	}
	if id != "" {
		c.stand(id, spend)
		return nil
	}
	// What was spent for ever is no amount of a period that runs.
	c.do(control.AdjustEdit{Action: control.Create, AdjustOrder: control.AdjustOrder{Account: c.account, Amount: *spend - c.now.Spend, Reported: true, Reason: reason}})
	for _, b := range c.now.Common {
		c.stand(b.ID, spend)
	}
	for _, b := range c.now.Others {
		if len(b.Models) == 0 && b.Spend > *spend {
			c.stand(b.ID, spend)
		}
	}
	return nil
}

// stays is what has been spent already under a budget that is made in place of another one, or
// of none. What was spent for ever is no amount of a period that runs: that begins with nothing.
func (c *change) stays(in ledger.Window) *accounting.Money {
	if in.String() != string(ledger.Total) && (c.now.Main == nil || c.now.Main.Window.String() == string(ledger.Total)) {
		return new(accounting.Money)
	}
	return &c.now.Spend
}

// stand brings what was spent on a budget to where it is to be.
func (c *change) stand(id string, spend *accounting.Money) {
	c.do(control.AdjustEdit{Action: control.Create, AdjustOrder: control.AdjustOrder{Account: c.account, Budget: id, To: spend, Reason: reason}})
}

// reason is why spending is adjusted, in the books.
const reason = "spend was set through LiteLLM's API"

// other is a budget of a window or a model that is to be.
type other struct {
	Limit
	name   string
	models []string
	window ledger.Window
	there  bool
}

// is says that a budget is the one, or would be with another limit.
func (o *other) is(b ledger.Budget) bool {
	return slices.Equal(b.Models, o.models) && (sameWindow(b.Window, o.window) || DurationOf(b.Window) == o.Duration && b.Window.Start.Equal(o.Starts))
}

// others changes the budgets of windows and models, which are told apart by what they are
// for and by their windows: one that is to be for others is another one. What no field
// tells, or several in one, stays as long as nothing else is said of it.
func (c *change) others() error {
	var want []*other
	add := func(name string, models []string, l Limit) error {
		w, err := WindowOf(l.Duration)
		w.Start = l.Starts
		for _, o := range want { // of two windows that are the same the lower is the one that holds
			if slices.Equal(o.models, models) && o.window.Same(w) {
				o.Max = min(o.Max, l.Max)
				return err
			}
		}
		want = append(want, &other{l, name, models, w, false})
		return err
	}
	for _, l := range c.want.Windows {
		if err := add(NameWindow, nil, l); err != nil {
			return err
		}
	}
	for _, m := range slices.Sorted(maps.Keys(c.want.Models)) {
		if err := add(NameModel, []string{m}, c.want.Models[m]); err != nil {
			return err
		}
	}
	var gone []Stood
	for _, have := range c.now.Others {
		if have.Limit == nil {
			continue
		}
		if c.unsaid(have) {
			for _, o := range want {
				o.there = o.there || len(o.models) > 0 && slices.Contains(have.Models, o.models[0])
			}
			continue
		}
		var at *other
		for _, o := range want {
			if !o.there && o.is(have.Budget) && (at == nil || *have.Limit == o.Max) {
				at = o
			}
		}
		if at == nil {
			c.do(control.BudgetEdit{Action: control.Delete, ID: have.ID})
			gone = append(gone, have)
			continue
		}
		at.there = true
		if limit := &at.Max; *have.Limit != *limit {
			c.do(control.BudgetEdit{Action: control.Update, ID: have.ID, BudgetChange: control.BudgetChange{Limit: &limit}})
		}
	}
	for _, o := range want {
		if o.there {
			continue
		}
		id, err := c.budget(o.name, o.models, &o.Max, nil, o.window)
		if err != nil {
			return err
		}
		for _, was := range gone { // it was for several models at once
			if len(o.models) > 0 && slices.Contains(was.Models, o.models[0]) && sameWindow(was.Window, o.window) && was.Spend != 0 {
				c.stand(id, &was.Spend)
				break
			}
		}
	}
	return nil
}

// unsaid says that of each model of a budget the same is to hold as before.
func (c *change) unsaid(b Stood) bool {
	return len(b.Models) > 0 && !slices.ContainsFunc(b.Models, func(m string) bool {
		l, told := c.want.Models[m]
		return !told || l != c.now.Models[m]
	})
}

// rates changes the rate limits.
func (c *change) rates() error {
	if err := c.rule(c.now.rates, nil, c.want.RPM, c.want.TPM, c.want.Parallel); err != nil {
		return err
	}
	have := map[string]*limits.Rule{}
	for i, r := range c.now.models {
		if len(r.Models) == 1 {
			have[r.Models[0]] = &c.now.models[i]
		}
	}
	for _, of := range []map[string]int64{c.want.ModelRPM, c.want.ModelTPM} {
		for m := range of {
			if _, there := have[m]; !there {
				have[m] = nil
			}
		}
	}
	for _, m := range slices.Sorted(maps.Keys(have)) {
		if err := c.rule(have[m], []string{m}, at(c.want.ModelRPM, m), at(c.want.ModelTPM, m), nil); err != nil {
			return err
		}
	}
	return nil
}

func at(of map[string]int64, m string) *int64 {
	if n, ok := of[m]; ok {
		return &n
	}
	return nil
}

func (c *change) rule(have *limits.Rule, models []string, rpm, tpm, parallel *int64) error {
	none := rpm == nil && tpm == nil && parallel == nil
	switch {
	case have == nil && none:
	case have == nil:
		id, err := c.newID("limit")
		if err != nil {
			return err
		}
		c.do(control.LimitEdit{Action: control.Create, ID: id, New: limits.Rule{ID: id, Name: NameRates,
			Selector: scope.Selector{Kind: c.account.Kind, Owner: c.account.ID, Models: models}, Requests: rpm, Tokens: tpm, Concurrent: parallel}})
	case none:
		c.do(control.LimitEdit{Action: control.Delete, ID: have.ID})
	case !Same(have.Requests, rpm) || !Same(have.Tokens, tpm) || !Same(have.Concurrent, parallel):
		c.do(control.LimitEdit{Action: control.Update, ID: have.ID, LimitChange: control.LimitChange{Requests: &rpm, Tokens: &tpm, Concurrent: &parallel}})
	}
	return nil
}

func sameWindow(x, y ledger.Window) bool {
	return x.String() == y.String() && (y.Start.IsZero() || x.Start.Equal(y.Start))
}

// Same says whether two values that may be missing are the same.
func Same[T comparable](x, y *T) bool { return x == y || x != nil && y != nil && *x == *y }

// BadDuration says in LiteLLM's words that a text is no duration.
func BadDuration(field, text string) string {
	return fmt.Sprintf("Invalid %s '%s'. Use a format like '1h', '24h', '7d', or '30d'.", field, text)
}
