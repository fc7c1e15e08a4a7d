package importer

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/configs/litellm"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

// holders are how many things refer to a row of budgets, and how many of them are keys.
type holders struct{ all, keys int }

// random is the form of the ids that LiteLLM gives by itself.
var random = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// own says whether LiteLLM made a row of budgets by itself for the one thing that refers to
// it: its limits are the thing's own here, to be changed with the thing. For keys it makes
// one for a soft budget alone.
func (p *planner) own(id string, b row) bool {
	h := p.holders[id]
	return random.MatchString(id) && h.all == 1 && (h.keys == 0 || slices.Contains(none, b.Get("max_budget").Raw))
}

// plans makes plans of the budgets that things share, with their terms kept as LiteLLM's
// management face keeps them. Each thing that names one has budgets and limits of its own.
func (p *planner) plans() error {
	c := p.counts[kindBudget]
	room := control.MaxPlans - len(p.Control.Plans())
	for _, id := range slices.Sorted(maps.Keys(p.budgets)) {
		b := p.budgets[id]
		if p.own(id, b) {
			continue
		}
		c.Found++
		t := thing{&p.findings, kindBudget, id, b}
		if control.CheckID(kindBudget, id) != nil {
			c.Left++
			t.say(litellm.Changed, "budget_id", "tollgate does not take its id: nobody shares it, and who did has a budget of the same size")
			continue
		}
		_, err := p.Control.Plan(id)
		fresh, err := missing(err)
		if err != nil {
			return err
		}
		if fresh && p.dropped(control.PlanChanged, id, t) {
			continue
		}
		if fresh && room <= 0 {
			c.Left++
			t.say(litellm.Changed, "budget_id", fmt.Sprintf("there are more than %d: nobody shares it, and who did has a budget of the same size", control.MaxPlans))
			continue
		}
		raw, kept, err := p.kept(control.PlanChanged, id, !fresh)
		if err != nil {
			return err
		}
		e := control.PlanEdit{ID: id, PlanChange: control.PlanChange{Attributes: t.changedKept(raw, p.planTerms(t, t.keep(kept, "budget_id")))}}
		if fresh {
			room--
		}
		if err := p.putThing(kindBudget, fresh, e.Attributes == nil, func(a control.Action) control.Edit { e.Action = a; return e }); err != nil {
			return err
		}
	}
	return nil
}

// planTerms keeps a plan's terms, as far as they can be read.
func (p *planner) planTerms(t thing, kept mapping.Kept) mapping.Kept {
	kept.Set("durations", nil) // its own one is told as it stands
	most, soft := t.limit("max_budget"), t.limit("soft_budget")
	kept.Set("max_budget", dollars(most))
	kept.Set("soft_budget", dollars(soft))
	kept.Set("budget_duration", nil)
	if most != nil || soft != nil {
		if d, _, _ := p.period(t, "budget_duration", t.text("budget_duration"), t.instant("budget_reset_at")); d != "" {
			kept.Set("budget_duration", d)
		}
	}
	for _, name := range []string{"rpm_limit", "tpm_limit", "max_parallel_requests"} {
		kept.Set(name, t.count(name))
	}
	kept.Set("model_max_budget", modelBudgets(p.modelLimits(t)))
	kept.Set("temp_budget_increase", nil)
	kept.Set("temp_budget_expiry", nil)
	if x := p.extra(t, row{}, most); x != (ledger.Extra{}) {
		kept.Set("temp_budget_increase", dollars(&x.Amount))
		kept.Set("temp_budget_expiry", x.Until)
	}
	return kept
}

// modelBudgets writes budgets of models as LiteLLM has them; null is none.
func modelBudgets(models map[string]mapping.Limit) any {
	if models == nil {
		return nil
	}
	type limit struct {
		Max      json.RawMessage `json:"budget_limit"`
		Duration string          `json:"time_period,omitempty"`
	}
	out := map[string]limit{}
	for name, m := range models {
		out[name] = limit{dollars(&m.Max), m.Duration}
	}
	return out
}

// dollars writes an amount as a number; null is none.
func dollars(m *accounting.Money) json.RawMessage {
	if m == nil {
		return json.RawMessage("null")
	}
	return json.RawMessage(m.String())
}
