package manage

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
	"tollgate/providers/wire"
)

// planTerms are the fields of a budget that say something of those who name it.
var planTerms = honoured("max_budget", "soft_budget", "budget_duration", "model_max_budget", "tpm_limit", "rpm_limit", "max_parallel_requests", "temp_budget_increase", "temp_budget_expiry")

// budgetFields are the fields of a budget.
var budgetFields = slices.Concat(honoured("budget_id"), planTerms,
	as(Ignored, "Periods begin with the calendar's.", "budget_reset_at"),
	as(Refused, "Limits are per minute.", "tpd_limit"),
	as(Refused, "It would restrict what may be called. Say it of the key, the user or the team.", "allowed_models", "model_access_groups"),
)

func (a *api) budgetRoutes() []route {
	return []route{
		{http.MethodPost, "/budget/new", budgetFields, a.newBudget},
		{http.MethodPost, "/budget/update", budgetFields, a.updateBudget},
		{http.MethodPost, "/budget/info", honoured("budgets"), a.budgetsInfo},
		{http.MethodGet, "/budget/list", nil, a.listBudgets},
		{http.MethodGet, "/budget/settings", nil, a.budgetSettings},
		{http.MethodPost, "/budget/delete", honoured("id"), a.deleteBudget},
		{http.MethodGet, "/provider/budgets", nil, a.providerBudgets},
	}
}

// plan is what several accounts share as a budget in LiteLLM: its terms are kept with a plan
// of tollgate's, and each account that names it has budgets and limits of its own by them.
type plan struct {
	control.Plan
	kept  mapping.Kept
	terms mapping.Terms
}

// planOf reads a plan's attributes.
func planOf(of control.Plan, attributes json.RawMessage) (plan, error) {
	p := plan{Plan: of, kept: mapping.KeptOf(attributes)}
	raw, err := json.Marshal(p.kept)
	if err != nil {
		return p, err
	}
	var b body
	if b.object, err = wire.ParseObject(raw); err != nil {
		return p, err
	}
	if p.terms = b.terms(mapping.Terms{}); len(b.wrong) > 0 {
		return p, bad("budget_id", "The budget %q is kept as something that is none (%v): mend the attributes of this plan, or delete it, by /api/v1/plans", of.ID, b.done())
	}
	return p, nil
}

// plans reads some plans, by their ids. One that is not there is left out.
func (a *api) plans(in *call, ids ...string) (map[string]plan, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	ids = slices.DeleteFunc(ids, func(id string) bool {
		_, err := a.Control.Plan(id)
		return err != nil
	})
	attributes, err := a.attributes(in, control.PlanChanged, ids...)
	out := make(map[string]plan, len(ids))
	for _, id := range ids {
		if p, no := a.Control.Plan(id); no == nil && err == nil { // not deleted meanwhile
			out[id], err = planOf(p, attributes[id])
		}
	}
	return out, err
}

// over puts the plan's terms over an account's own, as LiteLLM does. Money is one thing: a
// plan with a budget says its duration, too.
func (p plan) over(own mapping.Terms) mapping.Terms {
	t := p.terms
	if t.Max != nil || t.Soft != nil {
		own.Max, own.Soft, own.Duration, own.Starts, own.Extra = t.Max, t.Soft, t.Duration, t.Starts, t.Extra
	}
	if t.Models != nil {
		own.Models = t.Models
	}
	if t.RPM != nil {
		own.RPM = t.RPM
	}
	if t.TPM != nil {
		own.TPM = t.TPM
	}
	if t.Parallel != nil {
		own.Parallel = t.Parallel
	}
	return own
}

// under takes out of how an account stands what is the plan's, so that its own terms are
// left. What it has spent stays.
func (p plan) under(s *mapping.Standing) *mapping.Standing {
	own, t := *s, p.terms
	if t.Max != nil || t.Soft != nil {
		none := mapping.Terms{}
		own.Max, own.Soft, own.Duration, own.Starts, own.Extra = nil, nil, "", none.Starts, none.Extra
		own.Main, own.Resets = nil, none.Starts
	}
	if t.Models != nil {
		own.Models = nil
		own.Others = slices.DeleteFunc(slices.Clone(s.Others), func(o mapping.Stood) bool { return len(o.Models) > 0 })
	}
	if t.RPM != nil {
		own.RPM = nil
	}
	if t.TPM != nil {
		own.TPM = nil
	}
	if t.Parallel != nil {
		own.Parallel = nil
	}
	return &own
}

// says tells which of the fields of terms are the plan's.
func (p plan) says(field string) bool {
	switch t := p.terms; field {
	case "max_budget", "soft_budget", "budget_duration", "temp_budget_increase", "temp_budget_expiry":
		return t.Max != nil || t.Soft != nil
	case "model_max_budget":
		return t.Models != nil
	case "rpm_limit":
		return t.RPM != nil
	case "tpm_limit":
		return t.TPM != nil
	case "max_parallel_requests":
		return t.Parallel != nil
	}
	return false
}

// agreed is how an account stands without the budget that it shares, and that budget: the
// one that a request names, else the one that the account has named before; the zero plan is
// none. What the request says of the account itself is read over the first, and the second
// goes over that.
func (a *api) agreed(in *call, now *mapping.Standing, kept mapping.Kept) (own *mapping.Standing, p plan, err error) {
	had, named := kept.Text("budget_id"), in.text("budget_id")
	id := had
	if named.given {
		id = named.or("")
	}
	if id != "" && id != had && (now.Main == nil || id != now.Main.ID) { // what it says is told with the account
		if err := a.Control.May(in.who, control.See, control.ThePlan, control.Place{}); err != nil {
			return now, p, err
		}
	}
	all, err := a.plans(in, had, id)
	if err != nil {
		return now, p, err
	}
	own = all[had].under(now)
	p, there := all[id]
	switch {
	case id == "":
		return own, p, nil
	case !there && now.Main != nil && id == now.Main.ID: // its own one, as it was told
		return own, p, nil
	case !there && named.given:
		return own, p, noPlan(id)
	case !there:
		return own, p, nil
	}
	for _, f := range planTerms {
		if _, _, said := in.get(f.name); said && p.says(f.name) {
			return own, p, bad(f.name, "The budget %s says %s: leave it out here, or leave budget_id out (null).", id, f.name)
		}
	}
	return own, p, nil
}

// noPlan refuses a budget that is not there.
func noPlan(id string) *refusal {
	return missing("budget_id", "Budget not found, passed budget_id=%s. Make it first: POST /budget/new", id)
}

// name keeps which plan a request names.
func (p plan) name(in *call, kept mapping.Kept) {
	if in.text("budget_id").given {
		kept.Set("budget_id", null(p.ID))
	}
}

// plansOf are the plans that accounts name, by their attributes.
func (a *api) plansOf(in *call, attributes map[string]json.RawMessage) (map[string]plan, error) {
	var ids []string
	for _, raw := range attributes {
		if id := mapping.KeptOf(raw).Text("budget_id"); id != "" {
			ids = append(ids, id)
		}
	}
	return a.plans(in, ids...)
}

// planChange reads what a request says of a plan that has been kept so far.
func (in *call) planChange(attributes json.RawMessage) (control.PlanChange, plan, error) {
	kept := in.fill(mapping.KeptOf(attributes))
	for _, f := range planTerms {
		if v, given, _ := in.get(f.name); given {
			kept.Set(f.name, json.RawMessage(v.Raw))
		}
	}
	in.terms(mapping.Terms{}) // which says what is wrong with them
	if err := in.done(); err != nil {
		return control.PlanChange{}, plan{}, err
	}
	if d := in.text("budget_duration").or(""); d != "" {
		if _, err := mapping.WindowOf(d); err != nil {
			return control.PlanChange{}, plan{}, bad("budget_duration", "%s", mapping.BadDuration("budget_duration", d))
		}
	}
	ch := control.PlanChange{Attributes: kept.Into(attributes)}
	p, err := planOf(control.Plan{}, ch.Attributes)
	return ch, p, err
}

func (a *api) newBudget(in *call) error {
	in.needBody()
	id := in.text("budget_id").or("")
	ch, _, err := in.planChange(nil)
	if err != nil {
		return err
	}
	if err := a.Control.May(in.who, control.Make, control.ThePlan, control.Place{}); err != nil {
		return err
	}
	if _, err := a.Control.Plan(id); err == nil {
		return bad("budget_id", "Budget with id '%s' already exists.", id)
	}
	made, err := a.Control.CreatePlan(in.ctx, id, ch)
	if err != nil {
		return err
	}
	return a.tellBudget(in, made.ID)
}

// tellBudget answers with the row of a plan.
func (a *api) tellBudget(in *call, id string) error {
	rows, err := a.budgetRows(in, id)
	if err != nil {
		return err
	}
	return in.answer(rows[0])
}

// budgetRows are the plans that are there, as LiteLLM tells them.
func (a *api) budgetRows(in *call, ids ...string) ([]row, error) {
	all, err := a.plans(in, ids...)
	if err != nil {
		return nil, err
	}
	rows := []row{}
	for _, id := range ids {
		if p, there := all[id]; there {
			rows = append(rows, p.row(in))
		}
	}
	return rows, nil
}

// row is the plan as LiteLLM tells it.
func (p plan) row(in *call) row {
	r := shape("budget").with(members(p.kept)).with(row{"budget_id": p.ID, "created_at": instant(p.Created),
		"max_budget": amount(p.terms.Max), "soft_budget": amount(p.terms.Soft), "rpm_limit": count(p.terms.RPM), "tpm_limit": count(p.terms.TPM), "max_parallel_requests": count(p.terms.Parallel)})
	if w, err := mapping.WindowOf(p.terms.Duration); err == nil && p.terms.Duration != "" {
		w.Zone = in.zone
		r["budget_reset_at"] = instant(w.At(in.now).End)
	}
	return r
}

func (a *api) updateBudget(in *call) error {
	id, err := in.needText("budget_id")
	if err != nil {
		return err
	}
	if err := a.Control.May(in.who, control.Alter, control.ThePlan, control.Place{}); err != nil {
		return err
	}
	attributes, err := a.planAttributes(in, id)
	if err != nil {
		return err
	}
	ch, then, err := in.planChange(attributes)
	if err != nil {
		return err
	}
	edits, err := a.replan(in, id, attributes, then)
	if err != nil {
		return err
	}
	if _, err := a.Control.Apply(in.ctx, append([]control.Edit{control.PlanEdit{Action: control.Update, ID: id, PlanChange: ch}}, edits...)); err != nil {
		return plain(err)
	}
	return a.tellBudget(in, id)
}

// planAttributes are those of a plan that must be there.
func (a *api) planAttributes(in *call, id string) (json.RawMessage, error) {
	if _, err := a.Control.Plan(id); err != nil {
		return nil, noPlan(id)
	}
	all, err := a.attributes(in, control.PlanChanged, id)
	return all[id], err
}

// holder is an account that names a plan.
type holder struct {
	account    scope.Account
	kept       mapping.Kept
	attributes json.RawMessage
}

// holders are the accounts that name a plan. It reads what is kept of every account that
// could.
func (a *api) holders(in *call, plan string) (out []holder, err error) {
	take := func(change control.ChangeKind, kind scope.Kind, ids []string) error {
		for part := range slices.Chunk(ids, readAtOnce) {
			attributes, err := a.attributes(in, change, part...)
			if err != nil {
				return err
			}
			for _, id := range part {
				if kept := mapping.KeptOf(attributes[id]); kept.Text("budget_id") == plan {
					out = append(out, holder{scope.Account{Kind: kind, ID: id}, kept, attributes[id]})
				}
			}
		}
		return nil
	}
	keys, err := a.Control.Keys(in.ctx, control.KeyFilter{})
	if err != nil {
		return nil, err
	}
	if err := take(control.KeyChanged, scope.Key, idsOf(keys, func(k access.Key) string { return k.ID })); err != nil {
		return nil, err
	}
	orgs, err := a.Control.Orgs(in.ctx)
	if err != nil {
		return nil, err
	}
	if err := take(control.OrgChanged, scope.Org, idsOf(orgs, func(o access.Organization) string { return o.ID })); err != nil {
		return nil, err
	}
	if err := eachPage(in.ctx, a.Control.EndUsers, func(u access.EndUser) string { return u.ID }, func(ids []string) error {
		return take(control.EndUserChanged, scope.EndUser, ids)
	}); err != nil {
		return nil, err
	}
	err = eachPage(in.ctx, a.Control.Tags, func(t access.Tag) string { return t.ID }, func(ids []string) error {
		return take(control.TagChanged, scope.Tag, ids)
	})
	return out, err
}

func idsOf[T any](all []T, id func(T) string) []string {
	ids := make([]string, len(all))
	for i, v := range all {
		ids[i] = id(v)
	}
	return ids
}

// eachPage goes through things that are read page by page, and gives the ids of each page
// to do.
func eachPage[T any](ctx context.Context, read func(ctx context.Context, after string, limit int) ([]T, error), id func(T) string, do func(ids []string) error) error {
	for after := ""; ; {
		page, err := read(ctx, after, readAtOnce)
		if err != nil {
			return err
		}
		ids := idsOf(page, id)
		if err := do(ids); err != nil {
			return err
		}
		if len(page) < readAtOnce {
			return nil
		}
		after = ids[len(ids)-1]
	}
}

// readAtOnce is of how many things one statement reads what is kept.
const readAtOnce = 500

// replan gives everybody who names a plan budgets and limits by what it is to say.
func (a *api) replan(in *call, id string, before json.RawMessage, then plan) ([]control.Edit, error) {
	old, err := planOf(control.Plan{ID: id}, before)
	if err != nil {
		return nil, err
	}
	holders, err := a.holders(in, id)
	if err != nil {
		return nil, err
	}
	ids := map[scope.Kind][]string{}
	for _, h := range holders {
		ids[h.account.Kind] = append(ids[h.account.Kind], h.account.ID)
	}
	standings := map[scope.Kind]map[string]*mapping.Standing{}
	for kind := range ids {
		if standings[kind], err = a.standings(in.ctx, kind, ids[kind]...); err != nil {
			return nil, err
		}
	}
	var edits []control.Edit
	for _, h := range holders {
		now := standings[h.account.Kind][h.account.ID]
		more, err := a.change(h.account, now, then.over(old.under(now).Terms), nil)
		if err != nil {
			return nil, err
		}
		if edits = append(edits, more...); len(edits) >= control.MaxEdits {
			return nil, bad("budget_id", "%d accounts name the budget %s, and that is more than one change can take: give some of them another one first", len(holders), id)
		}
	}
	return edits, nil
}

func (a *api) budgetsInfo(in *call) error {
	in.needBody()
	ids, err := needed(in, "budgets", in.texts("budgets"))
	if err != nil {
		return err
	}
	if err := a.Control.May(in.who, control.See, control.ThePlan, control.Place{}); err != nil {
		return err
	}
	switch n := len(ids); {
	case n == 0:
		return bad("budgets", "Specify list of budget id's to query. Passed in=[]")
	case n > MaxBulk:
		return bad("budgets", "at most %d budgets are told of at once", MaxBulk)
	}
	rows, err := a.budgetRows(in, ids...)
	if err != nil {
		return err
	}
	return in.answer(rows)
}

func (a *api) listBudgets(in *call) error {
	if err := a.Control.May(in.who, control.See, control.ThePlan, control.Place{}); err != nil {
		return err
	}
	rows := []row{}
	for part := range slices.Chunk(a.Control.Plans(), readAtOnce) {
		ids := make([]string, len(part))
		for i, p := range part {
			ids[i] = p.ID
		}
		more, err := a.budgetRows(in, ids...)
		if err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	return in.answer(rows)
}

// budgetSettings describes the fields of a budget, for forms.
func (a *api) budgetSettings(in *call) error {
	q := in.query()
	id := q.text("budget_id")
	if id == "" {
		q.fail("missing", "Field required", "budget_id")
	}
	if err := q.done(); err != nil {
		return err
	}
	if err := a.Control.May(in.who, control.See, control.ThePlan, control.Place{}); err != nil {
		return err
	}
	attributes, err := a.planAttributes(in, id)
	if err != nil {
		return err
	}
	p, err := planOf(control.Plan{ID: id}, attributes)
	if err != nil {
		return err
	}
	values, out := p.row(in), []row{}
	for _, f := range []struct{ name, kind, text string }{
		{"max_budget", "Float", "Requests will fail if this budget (in USD) is exceeded."},
		{"soft_budget", "Float", "Requests will NOT fail if this is exceeded. Will fire alerting though."},
		{"max_parallel_requests", "Integer", "Max concurrent requests allowed for this budget id."},
		{"tpm_limit", "Integer", "Max tokens per minute, allowed for this budget id."},
		{"rpm_limit", "Integer", "Max requests per minute, allowed for this budget id."},
		{"budget_duration", "String", "Max duration budget should be set for (e.g. '1hr', '1d', '28d')"},
		{"model_max_budget", "Object", "Max budget for each model (e.g. {'gpt-4o': {'max_budget': '0.0000001', 'budget_duration': '1d'}})"},
	} {
		out = append(out, row{"field_name": f.name, "field_type": f.kind, "field_description": f.text, "field_value": values[f.name], "stored_in_db": true, "editable": true,
			"field_default_value": nil, "field_options": nil, "field_tab": nil, "nested_fields": nil, "premium_field": false, "source": "unset"})
	}
	return in.answer(out)
}

// deleteBudget takes a plan away, and from everybody who names it what it says.
func (a *api) deleteBudget(in *call) error {
	id, err := in.needText("id")
	if err != nil {
		return err
	}
	if err := a.Control.May(in.who, control.Remove, control.ThePlan, control.Place{}); err != nil {
		return err
	}
	attributes, err := a.planAttributes(in, id)
	if err != nil {
		return err
	}
	rows, err := a.budgetRows(in, id)
	if err != nil {
		return err
	}
	edits, err := a.replan(in, id, attributes, plan{})
	if err != nil {
		return err
	}
	if _, err := a.Control.Apply(in.ctx, append([]control.Edit{control.PlanEdit{Action: control.Delete, ID: id}}, edits...)); err != nil {
		return plain(err)
	}
	return in.answer(rows[0])
}

func (a *api) providerBudgets(in *call) error {
	if err := a.Control.May(in.who, control.See, control.TheBudget, control.Place{}); err != nil {
		return err
	}
	return missing("", "Provider budgets not found: tollgate has budgets of models and of whoever calls them, and none of providers.")
}
