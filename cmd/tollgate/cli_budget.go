package main

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"tollgate/accounting/ledger"
	"tollgate/gateway/admin"
)

type budgetCmds struct {
	Create budgetCreate `cmd:"" help:"Make a budget for each of a kind, for one account, or for the whole gateway."`
	List   budgetList   `cmd:"" help:"List the budgets and where they stand."`
	Show   budgetShow   `cmd:"" help:"Show a budget."`
	Update budgetUpdate `cmd:"" help:"Change a budget's limit, soft limit, extra or name. What was spent stays."`
	Adjust budgetAdjust `cmd:"" help:"Book spending that no call has made, or take spending back, in the periods that run now."`
	Delete budgetDelete `cmd:"" help:"Remove a budget. What was counted stays in the books."`
}

type budgetCreate struct {
	whose
	Limit   string  `required:"" placeholder:"'5 USD'" help:"Dollars per window; 0 is free models only, none is no limit."`
	Soft    *string `placeholder:"'4 USD'" help:"Warn from here on."`
	Per     string  `required:"" placeholder:"WINDOW" help:"The window: total, minute, hour, day, week, month, or a number of them such as '30 days'."`
	Models  *string `placeholder:"A,B" help:"Only these models: names or patterns such as 'gpt-5*'."`
	Zone    *string `placeholder:"NAME" help:"The time zone in which windows begin, such as Europe/Berlin; UTC without it."`
	Rolling bool    `help:"Count windows from now instead of from the calendar."`
	From    *string `placeholder:"WHEN" help:"Count windows from this day or time on."`
	Name    *string `help:"A name for people."`
}

// Run makes a budget.
func (c *budgetCreate) Run(s *session) error {
	v := values{"per": c.Per}
	if err := errors.Join(c.owner(v, "budget"), v.money("limit", "limit", &c.Limit), v.money("soft", "soft", c.Soft), checkWindow(c.Per), v.names("models", c.Models)); err != nil {
		return err
	}
	v.text("zone", c.Zone)
	v.text("name", c.Name)
	if c.Rolling {
		v["rolling"] = true
	}
	if c.From != nil {
		t, ok := day(*c.From)
		if !ok {
			return usageError("--from: %q is not a time: write 2026-11-23 or 2026-11-23T08:00:00Z", *c.From)
		}
		v["rolls_from"] = t
	}
	if err := c.findKey(s, v); err != nil {
		return err
	}
	var b admin.BudgetStanding
	if printed, err := s.call(http.MethodPost, "/budgets", v, &b); printed || err != nil {
		return err
	}
	s.say("budget %s made: %s may spend %s per %s on %s", b.ID, ownerOf(b.Scope, b.Each, b.Owner), limitOf(b.Budget), b.Per, joined(b.Models, "all paid models"))
	if b.Limit != nil && *b.Limit == 0 {
		s.say("that is free models only")
	}
	return nil
}

func checkWindow(per string) error {
	if _, err := ledger.ParseWindow(per); err != nil {
		return usageError("--per: %w", err)
	}
	return nil
}

// limitOf writes a limit for people.
func limitOf(b admin.Budget) string { return dollarsOr(b.Limit, "no limit") }

type budgetList struct{}

// Run lists the budgets.
func (budgetList) Run(s *session) error {
	budgets, raws, err := collect[admin.BudgetStanding](s, "/budgets", nil)
	if err != nil {
		return err
	}
	if s.g.JSON {
		return s.listed(raws)
	}
	if len(budgets) == 0 {
		s.say("no budgets, so nobody is limited; make one with: tollgate budget create --each user --limit '5 USD' --per month")
		return nil
	}
	t := newTable("budget", "name", "for", "models", ">limit", "per", ">spent", ">held", ">left", "state", "resets", "made by")
	for _, b := range budgets {
		row := []string{b.ID, orDash(b.Name), ownerOf(b.Scope, b.Each, b.Owner), joined(b.Models, "all"), limitOf(b.Budget), b.Per}
		if st := b.Standing; st != nil {
			row = append(row, dollars(st.Spent), dollars(st.Held), dollarsOr(st.Left, "-"), stateOf(st.State), when(st.Resets, "never"))
		} else {
			row = append(row, "-", "-", "-", "-", "-")
		}
		t.add(append(row, b.Origin)...)
	}
	t.print(s.stdout)
	return nil
}

// stateOf is the state of a budget in a word for people.
func stateOf(st ledger.State) string {
	switch st {
	case ledger.None:
		return "unlimited"
	case ledger.Zero:
		return "free only"
	case ledger.Room:
		return "open"
	}
	return string(st)
}

// standing prints the budgets that apply to an account.
func (s *session) standing(path string) error {
	var list admin.AppliedList
	if _, err := s.call(http.MethodGet, path, nil, &list); err != nil {
		return err
	}
	switch {
	case list.Books == admin.BooksDown:
		s.say("the books do not answer, so where budgets stand is not known; free models are served")
		return nil
	case len(list.Data) == 0:
		s.say("no budget applies: paid models without a limit")
		return nil
	}
	t := newTable("budget", "of", "models", ">limit", "per", ">spent", ">held", ">left", "state", "resets")
	for _, b := range list.Data {
		name := b.Budget.Name
		if name == "" {
			name = b.Budget.ID
		}
		of := string(b.Account.Kind)
		if b.Account.ID != "" {
			of += " " + b.Account.ID
		}
		t.add(name, of, joined(b.Budget.Models, "all"), limitOf(b.Budget), b.Budget.Per, dollars(b.Spent), dollars(b.Held), dollarsOr(b.Left, "-"), stateOf(b.State), when(b.Resets, "never"))
	}
	t.print(s.stdout)
	return nil
}

type budgetID struct {
	ID string `arg:"" name:"budget" help:"The budget's id, or its name."`
}

// find turns a name into an id; what is an id already stays.
func (c budgetID) find(s *session) (string, error) {
	return named(s, "/budgets", "budget", c.ID, func(b admin.BudgetStanding) (id, name string) { return b.ID, b.Name })
}

type budgetShow struct{ budgetID }

// Run shows a budget.
func (c *budgetShow) Run(s *session) error {
	id, err := c.find(s)
	if err != nil {
		return err
	}
	var b admin.BudgetStanding
	if printed, err := s.call(http.MethodGet, "/budgets/"+seg(id), nil, &b); printed || err != nil {
		return err
	}
	pairs := []string{"budget", b.ID, "name", orDash(b.Name), "for", ownerOf(b.Scope, b.Each, b.Owner), "models", joined(b.Models, "all"), "limit", limitOf(b.Budget),
		"soft", dollarsOr(b.Soft, "-"), "extra", extraOf(b.Budget), "per", b.Per, "zone", b.Zone, "rolls from", when(b.RollsFrom, "the calendar"), "declared in", b.Origin}
	if st := b.Standing; st != nil {
		pairs = append(pairs, "spent", dollars(st.Spent), "held", dollars(st.Held), "left", dollarsOr(st.Left, "-"), "state", stateOf(st.State), "resets", when(st.Resets, "never"))
	}
	fields(s.stdout, pairs...)
	return nil
}

// extraOf writes what raises a limit for a time.
func extraOf(b admin.Budget) string {
	if b.Extra == nil {
		return "-"
	}
	return dollars(b.Extra.Amount) + " until " + when(b.Extra.Until, "-")
}

type budgetAdjust struct {
	account
	Budget *string `placeholder:"BUDGET" help:"Only this budget, by its id or name; without it every budget of the account that is for all models."`
	Amount *string `placeholder:"'-1 USD'" help:"What is added to what was spent; below 0 is taken away: --amount='-1 USD'."`
	To     *string `placeholder:"'0 USD'" help:"With --budget: where its spending is to stand, in place of --amount."`
	Reason string  `required:"" placeholder:"TEXT" help:"Why; it stands in the books."`
	ID     *string `placeholder:"ID" help:"An id of your own: the same is never booked twice."`
}

// Run books an adjustment.
func (c *budgetAdjust) Run(s *session) error {
	v := values{"reason": c.Reason}
	if (c.Amount == nil) == (c.To == nil) {
		return usageError("give --amount, or --budget and --to")
	}
	if err := errors.Join(c.owner(v, "spending"), v.money("amount", "amount", c.Amount), v.money("to", "to", c.To)); err != nil {
		return err
	}
	v.text("id", c.ID)
	if err := c.findKey(s, v); err != nil {
		return err
	}
	if c.Budget != nil {
		id, err := budgetID{*c.Budget}.find(s)
		if err != nil {
			return err
		}
		v["budget"] = id
	}
	var a admin.Adjustment
	if printed, err := s.call(http.MethodPost, "/adjustments", v, &a); printed || err != nil {
		return err
	}
	s.say("adjustment %s: %s on %s of %s", a.ID, dollars(a.Amount), joined(a.Budgets, "no budget"), ownerOf(a.Account.Kind, false, a.Account.ID))
	return nil
}

type budgetUpdate struct {
	budgetID
	Limit *string `placeholder:"'5 USD'" help:"Dollars per window; 0 is free models only, none is no limit."`
	Soft  *string `placeholder:"'4 USD'" help:"Warn from here on; none for no warning."`
	Extra *string `placeholder:"'2 USD'" help:"On top of the limit, until the time of --extra-until; none takes it away."`
	Until *string `name:"extra-until" placeholder:"WHEN" help:"Until when the extra counts: 90d, 2027-01-31 or a time."`
	Name  *string `help:"A name for people."`
}

// extra puts what raises the limit into the request.
func (c *budgetUpdate) extra(v values) error {
	switch {
	case c.Extra == nil && c.Until == nil:
		return nil
	case c.Extra != nil && *c.Extra == "none" && c.Until == nil:
		v["extra"] = nil
		return nil
	case c.Extra == nil || c.Until == nil:
		return usageError("--extra and --extra-until go together; --extra none takes an extra away")
	}
	x, until := values{}, values{}
	if err := errors.Join(x.money("extra", "amount", c.Extra), until.expires(c.Until, time.Now())); err != nil {
		return err
	}
	x["until"] = until["expires"]
	v["extra"] = x
	return nil
}

// Run changes a budget.
func (c *budgetUpdate) Run(s *session) error {
	v := values{}
	if err := errors.Join(v.money("limit", "limit", c.Limit), v.money("soft", "soft", c.Soft), c.extra(v)); err != nil {
		return err
	}
	v.text("name", c.Name)
	id, err := c.find(s)
	if err != nil {
		return err
	}
	return s.change("/budgets/"+seg(id), "budget", "budget "+c.ID, v)
}

type budgetDelete struct {
	budgetID
	Yes bool `short:"y" help:"Do not ask; a script is not asked anyway."`
}

// Run removes a budget.
func (c *budgetDelete) Run(s *session) error {
	id, err := c.find(s)
	if err != nil {
		return err
	}
	if err := s.confirm(c.Yes, fmt.Sprintf("Delete budget %s?", c.ID)); err != nil {
		return err
	}
	return s.remove("/budgets/"+seg(id), "budget "+c.ID)
}
