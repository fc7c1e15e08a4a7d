package manage

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

// columns are the names of kinds of accounts in reports.
var columns = map[scope.Kind][]string{scope.Key: {"key"}, scope.User: {"user"}, scope.Team: {"team"}, scope.Org: {"org"}, scope.EndUser: {"end_user"}, scope.Tag: {"tag"}, scope.Member: {"team", "user"}}

// standings says how some accounts of one kind stand, by their ids.
func (a *api) standings(ctx context.Context, kind scope.Kind, ids ...string) (map[string]*mapping.Standing, error) {
	out := make(map[string]*mapping.Standing, len(ids))
	accounts := make([]scope.Account, len(ids))
	rules := map[string]ledger.Budget{} // those of claims have their limits raised already
	for i, id := range ids {
		accounts[i] = scope.Account{Kind: kind, ID: id}
		out[id] = &mapping.Standing{}
		for _, b := range a.Control.BudgetsOf(accounts[i]) {
			rules[b.ID] = b
		}
		for _, r := range a.Control.LimitsOf(accounts[i]) {
			if !r.Each {
				out[id].TakeRule(r)
			}
		}
	}
	all, err := a.Control.Standings(ctx, accounts...)
	if err != nil {
		return nil, err
	}
	for _, b := range all {
		if s := out[b.Claim.Counter.Account.ID]; s != nil {
			s.TakeBudget(mapping.Stood{Budget: rules[b.Claim.Counter.Budget], Spend: b.Standing.Posted, Resets: b.Claim.Period.End})
		}
	}
	return out, a.totals(ctx, kind, out)
}

// standing says how one account stands.
func (a *api) standing(ctx context.Context, kind scope.Kind, id string) (*mapping.Standing, error) {
	all, err := a.standings(ctx, kind, id)
	return all[id], err
}

// totals fills in what accounts without a main budget have spent, from the reports.
func (a *api) totals(ctx context.Context, kind scope.Kind, out map[string]*mapping.Standing) error {
	without := map[string]bool{}
	for id, s := range out {
		if s.Main == nil {
			without[id] = true
		}
	}
	if len(without) == 0 {
		return nil
	}
	take := func(q control.UsageQuery) (rows int, err error) {
		all, err := a.Control.Usage(ctx, q)
		if err != nil {
			return 0, err
		}
		for _, r := range all {
			id := strings.Join(r.Group, "/")
			if !without[id] {
				continue
			}
			if out[id].Spend, err = r.Cost.Add(r.Adjusted); err != nil {
				return 0, err
			}
			delete(without, id)
		}
		return len(all), nil
	}
	if len(without) > 1 {
		if n, err := take(control.UsageQuery{By: columns[kind]}); err != nil || n < control.MaxUsageRows {
			return err
		}
	}
	for id := range without { // one, or those behind the end of a report that is cut off
		q := control.UsageQuery{By: columns[kind]}
		switch kind {
		case scope.Key:
			q.KeyID = id
		case scope.User:
			q.UserID = id
		case scope.Team:
			q.TeamID = id
		case scope.Org:
			q.OrgID = id
		case scope.EndUser:
			q.EndUser = id
		case scope.Tag:
			q.Tag = id
		case scope.Member:
			q.TeamID, q.UserID, _ = strings.Cut(id, "/")
		}
		if _, err := take(q); err != nil {
			return err
		}
	}
	return nil
}

// change is [mapping.Change] with a refusal in LiteLLM's words.
func (a *api) change(account scope.Account, now *mapping.Standing, want mapping.Terms, spend *accounting.Money) ([]control.Edit, error) {
	if _, err := mapping.WindowOf(want.Duration); err != nil {
		return nil, bad("budget_duration", "%s", mapping.BadDuration("budget_duration", want.Duration))
	}
	return mapping.Change(account, now, want, spend, a.Zone(), a.newID)
}

// termFields are the fields that terms are read from.
var termFields = append(append(honoured("max_budget", "soft_budget", "budget_duration", "budget_limits", "model_max_budget", "tpm_limit", "rpm_limit", "max_parallel_requests",
	"model_rpm_limit", "model_tpm_limit", "temp_budget_increase", "temp_budget_expiry"),
	as(Ignored, "A limit is a limit: it neither guarantees nor borrows.", "rpm_limit_type", "tpm_limit_type")...),
	as(Refused, "Limits are per minute.", "tpd_limit", "tag_rpm_limit", "mcp_rpm_limit")...)

// terms reads them over those that an account has: a field that is left out stays, null
// takes it away.
func (b *body) terms(t mapping.Terms) mapping.Terms {
	b.money("max_budget").set(&t.Max)
	b.money("soft_budget").set(&t.Soft)
	if d := b.text("budget_duration"); d.given {
		t.Duration = d.or("")
	}
	b.count("rpm_limit").set(&t.RPM)
	b.count("tpm_limit").set(&t.TPM)
	b.count("max_parallel_requests").set(&t.Parallel)
	if m := b.counts("model_rpm_limit"); m.given {
		t.ModelRPM = m.or(nil)
	}
	if m := b.counts("model_tpm_limit"); m.given {
		t.ModelTPM = m.or(nil)
	}
	if w := value(b, "budget_limits", windowsOf); w.given {
		t.Windows = w.or(nil)
	}
	if m := value(b, "model_max_budget", modelsOf); m.given {
		t.Models = m.or(nil)
	}
	return b.extra(t)
}

// extra reads what is on top of a budget for a time.
func (b *body) extra(t mapping.Terms) mapping.Terms {
	more := b.money("temp_budget_increase")
	if more.given {
		t.Extra = ledger.Extra{Amount: more.or(0)}
	}
	switch until := b.text("temp_budget_expiry"); {
	case until.v != nil:
		at, ok := mapping.Instant(*until.v)
		if !ok {
			b.fail("datetime_parsing", "Input should be a valid datetime", "temp_budget_expiry")
		}
		t.Extra.Until = at
	case until.given && !more.given: // one of the two alone is nothing
		t.Extra = ledger.Extra{}
	}
	return t
}

// keepTerms keeps of the fields of terms what no budget holds: how their windows are
// written, and a soft budget above the budget.
func (b *body) keepTerms(k mapping.Kept, t mapping.Terms) {
	texts := []string{t.Duration}
	for _, w := range t.Windows {
		texts = append(texts, w.Duration)
	}
	for _, m := range t.Models {
		texts = append(texts, m.Duration)
	}
	k.SetDurations(texts...)
	delete(k, "soft_budget")
	if t.Soft != nil && t.Max != nil && *t.Soft > *t.Max {
		k.Set("soft_budget", number(*t.Soft))
	}
}

// windowsOf reads budget_limits.
func windowsOf(v gjson.Result) (out []mapping.Limit, kind, problem string) {
	if !v.IsArray() {
		return nil, "list_type", "Input should be a valid list"
	}
	if v.Get("#").Int() > MaxBulk {
		return nil, "too_long", fmt.Sprintf("List should have at most %d items", MaxBulk)
	}
	for _, x := range v.Array() {
		w, kind, problem := limitOf(x)
		if problem != "" {
			return nil, kind, problem
		}
		out = append(out, w)
	}
	return out, "", ""
}

func modelsOf(v gjson.Result) (map[string]mapping.Limit, string, string) {
	if !v.IsObject() {
		return nil, "dict_type", "Input should be a valid dictionary"
	}
	out := map[string]mapping.Limit{}
	kind, problem := "", ""
	v.ForEach(func(name, x gjson.Result) bool {
		var m mapping.Limit
		if m, kind, problem = limitOf(x); problem == "" {
			out[strings.Clone(name.Str)] = m
		}
		return problem == ""
	})
	if problem != "" {
		return nil, kind, problem
	}
	return out, "", ""
}

// noRates refuses rate limits within the budgets of models, where nothing here would hold
// them.
func noRates(field string, v gjson.Result) (err error) {
	v.ForEach(func(model, x gjson.Result) bool {
		for _, rate := range []string{"rpm_limit", "tpm_limit"} {
			if !empty(x.Get(rate)) {
				err = bad(field, "The %s of %.100s stands beside its budget: write it into model_%s.", rate, model.Str, rate)
			}
		}
		return err == nil
	})
	return err
}

// limitOf reads a budget and its window: {budget_limit, time_period}, as LiteLLM's help text
// has it, or {max_budget, budget_duration}, as its schema does. A bare number is a budget for
// ever.
func limitOf(v gjson.Result) (m mapping.Limit, kind, problem string) {
	most := v
	if v.IsObject() {
		if most = v.Get("max_budget"); !most.Exists() {
			most = v.Get("budget_limit")
		}
		d := v.Get("budget_duration")
		if !d.Exists() {
			d = v.Get("time_period")
		}
		m.Duration = strings.Clone(d.String())
	}
	if m.Max, kind, problem = moneyOf(most); problem != "" {
		return m, kind, problem
	}
	if _, err := mapping.WindowOf(m.Duration); err != nil {
		return m, "value_error", mapping.BadDuration("budget_duration", m.Duration)
	}
	return m, "", ""
}

// termsOf are an account's terms and what it spent, as LiteLLM's rows have them.
func termsOf(s *mapping.Standing, k mapping.Kept) row {
	duration := s.Duration
	if s.Main != nil {
		duration = k.Duration(s.Main.Window)
	}
	r := row{"max_budget": amount(s.Max), "soft_budget": amount(s.Soft), "budget_duration": null(duration), "budget_reset_at": instant(s.Resets), "spend": number(s.Spend),
		"total_spend": number(s.Spend), "rpm_limit": count(s.RPM), "tpm_limit": count(s.TPM), "max_parallel_requests": count(s.Parallel), "budget_limits": nil}
	if s.Extra != (ledger.Extra{}) {
		r["temp_budget_increase"], r["temp_budget_expiry"] = number(s.Extra.Amount), instant(s.Extra.Until)
	}
	if len(s.ModelRPM) > 0 {
		r["model_rpm_limit"] = s.ModelRPM
	}
	if len(s.ModelTPM) > 0 {
		r["model_tpm_limit"] = s.ModelTPM
	}
	var windows []row
	models := row{}
	for _, o := range s.Others {
		switch {
		case o.Limit == nil:
		case len(o.Models) == 0:
			windows = append(windows, row{"budget_duration": k.Duration(o.Window), "max_budget": number(*o.Limit), "reset_at": instant(o.Resets)})
		default:
			for _, m := range o.Models {
				models[m] = row{"budget_limit": number(*o.Limit), "time_period": null(k.Duration(o.Window))}
			}
		}
	}
	if soft, above := k["soft_budget"]; above && s.Soft == nil {
		r["soft_budget"] = soft
	}
	if len(windows) > 0 {
		r["budget_limits"] = windows
	}
	r["model_max_budget"] = models
	return r
}

// null is a text, or null for "".
func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func count(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

// newID makes an id for something that the same change names again.
func (a *api) newID(prefix string) (string, error) {
	const alphabet = "0123456789abcdefghijklmnopqrstuv"
	b := make([]byte, 16)
	if _, err := io.ReadFull(a.Random, b); err != nil {
		return "", err
	}
	for i := range b {
		b[i] = alphabet[b[i]%32]
	}
	return prefix + "_" + string(b), nil
}

// rawOf is a value as it stands.
func rawOf(v gjson.Result) json.RawMessage { return json.RawMessage(strings.Clone(v.Raw)) }

// forget takes away what names accounts that are to be deleted, or that are to be made anew:
// another one of the same name would be bound by it. With a team or a user goes what members
// had there, who may not be members any more. What the file declares stays.
func (a *api) forget(accounts ...scope.Account) (edits []control.Edit) {
	gone := make(map[scope.Account]bool, len(accounts))
	for _, account := range accounts {
		gone[account] = true
	}
	is := func(of scope.Account) bool {
		team, user, _ := strings.Cut(of.ID, "/") // no id holds a slash
		return gone[of] || of.Kind == scope.Member && (gone[scope.Account{Kind: scope.Team, ID: team}] || gone[scope.Account{Kind: scope.User, ID: user}])
	}
	for _, b := range a.Control.Budgets() {
		if !b.Each && b.Origin == "api" && is(scope.Account{Kind: b.Kind, ID: b.Owner}) {
			edits = append(edits, control.BudgetEdit{Action: control.Delete, ID: b.ID})
		}
	}
	for _, l := range a.Control.Limits() {
		if !l.Each && l.Origin == "api" && is(scope.Account{Kind: l.Kind, ID: l.Owner}) {
			edits = append(edits, control.LimitEdit{Action: control.Delete, ID: l.ID})
		}
	}
	return edits
}

// forgetWithKeys is forget for accounts with keys, which go with them.
func (a *api) forgetWithKeys(in *call, accounts []scope.Account, theirs func(access.Key) bool) ([]control.Edit, error) {
	keys, err := a.Control.Keys(in.ctx, control.KeyFilter{})
	for _, k := range keys {
		if theirs(k) {
			accounts = append(accounts, scope.Account{Kind: scope.Key, ID: k.ID})
		}
	}
	return a.forget(accounts...), err
}
