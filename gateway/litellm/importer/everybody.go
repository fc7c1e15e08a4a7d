package importer

import (
	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/configs/litellm"
	"tollgate/gateway/control"
	"tollgate/gateway/limits"
	"tollgate/gateway/litellm/mapping"
)

// nameEveryEndUser is the name of the budget and of the limit that end users have who have none
// of their own.
const nameEveryEndUser = "max_end_user_budget_id"

// everyEndUser makes the budget and the limit that LiteLLM gives end users who have none of
// their own, the first time that they are named too.
func (p *planner) everyEndUser() error {
	if p.EndUserBudget == "" {
		return nil
	}
	t := thing{&p.findings, kindBudget, p.EndUserBudget, p.budgets[p.EndUserBudget]}
	if !t.row.Exists() {
		t.say(litellm.Changed, nameEveryEndUser, "there is no such budget: end users who have none of their own have none, as with LiteLLM")
		return nil
	}
	if err := p.everyBudget(t); err != nil {
		return err
	}
	return p.everyLimit(t)
}

func (p *planner) everyBudget(t thing) error {
	var have *ledger.Budget
	for _, b := range p.Control.Budgets() {
		if b.Each && b.Kind == scope.EndUser && b.Name == nameEveryEndUser && b.Origin != fromFile {
			have = &b
		}
	}
	most := t.limit("max_budget")
	if most == nil {
		if have != nil {
			return p.do(control.BudgetEdit{Action: control.Delete, ID: have.ID})
		}
		return nil
	}
	duration, starts, _ := p.period(t, "budget_duration", t.text("budget_duration"), t.instant("budget_reset_at"))
	w, err := mapping.WindowOf(duration)
	if err != nil {
		return err
	}
	if w.Start = starts; w.Unit != ledger.Total {
		w.Zone = p.Zone
	}
	if have != nil && have.Window.String() == w.String() && have.Window.At(p.Now).End.Equal(w.At(p.Now).End) {
		p.others = have
		if have.Limit == nil || *have.Limit != *most {
			return p.do(control.BudgetEdit{Action: control.Update, ID: have.ID, BudgetChange: control.BudgetChange{Limit: &most}})
		}
		return nil
	}
	if have != nil {
		if err := p.do(control.BudgetEdit{Action: control.Delete, ID: have.ID}); err != nil {
			return err
		}
	}
	id, err := p.NewID("budget")
	if err != nil {
		return err
	}
	p.others = &ledger.Budget{ID: id, Name: nameEveryEndUser, Kind: scope.EndUser, Each: true, Limit: most, Window: w}
	return p.do(control.BudgetEdit{Action: control.Create, ID: id, New: *p.others})
}

func (p *planner) everyLimit(t thing) error {
	rpm, tpm, parallel := t.count("rpm_limit"), t.count("tpm_limit"), t.count("max_parallel_requests")
	var have *limits.Rule
	for _, r := range p.Control.Limits() {
		if r.Each && r.Kind == scope.EndUser && r.Name == nameEveryEndUser && r.Origin != fromFile {
			have = &r
		}
	}
	none := rpm == nil && tpm == nil && parallel == nil
	switch {
	case have == nil && none:
		return nil
	case none:
		return p.do(control.LimitEdit{Action: control.Delete, ID: have.ID})
	case have != nil && mapping.Same(have.Requests, rpm) && mapping.Same(have.Tokens, tpm) && mapping.Same(have.Concurrent, parallel):
		return nil
	case have != nil:
		return p.do(control.LimitEdit{Action: control.Update, ID: have.ID, LimitChange: control.LimitChange{Requests: &rpm, Tokens: &tpm, Concurrent: &parallel}})
	}
	id, err := p.NewID("limit")
	if err != nil {
		return err
	}
	return p.do(control.LimitEdit{Action: control.Create, ID: id, New: limits.Rule{ID: id, Name: nameEveryEndUser, Selector: scope.Selector{Kind: scope.EndUser, Each: true}, Requests: rpm, Tokens: tpm, Concurrent: parallel}})
}
