package importer

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/configs/litellm"
	"tollgate/configs/litellm/database"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

type row = gjson.Result

// windowKey is a window of budget_limits.
type windowKey struct{ kind, id, duration string }

type windowRow struct {
	start time.Time
	spend row
}

// wanted is what an account is to have.
type wanted struct {
	account scope.Account
	isNew   bool // the account is made by this import
	terms   mapping.Terms
	spend   accounting.Money            // in the running period of the main budget, or for ever
	windows map[string]accounting.Money // by their durations, in the running period
	thing   thing
}

// readBudgets reads the rows that others refer to.
func (p *planner) readBudgets() error {
	err := p.each(database.Budgets, kindBudget, func(r database.Row) error {
		p.budgets[strings.Clone(r.ID)] = r.Value
		return nil
	})
	if err != nil {
		return err
	}
	return p.each(database.BudgetWindows, kindBudget, func(r database.Row) error {
		at, ok := mapping.Instant(r.Value.Get("window_start").Str)
		if ok {
			p.windows[windowKey{r.Value.Get("entity_type").Str, r.Value.Get("entity_id").Str, r.Value.Get("window_duration").Str}] = windowRow{at, r.Value.Get("spend")}
		}
		return nil
	})
}

// budget returns the row of a budget that a thing refers to; an empty one if there is none.
func (p *planner) budget(t thing) (row, bool) {
	id := t.text("budget_id")
	if id == "" {
		return row{}, false
	}
	b, ok := p.budgets[id]
	if !ok {
		t.sayOf(litellm.Changed, "budget_id", id, "there is no such budget: none is set")
	}
	return b, ok
}

// over puts a budget's row over a thing's own fields. What the row says goes before, as it
// does when LiteLLM reads both.
func over(t thing, budget row) thing {
	merged := map[string]row{}
	for name, v := range t.row.Map() {
		merged[name] = v
	}
	for _, name := range termColumns {
		if v := budget.Get(name); v.Exists() && v.Type != gjson.Null && v.Raw != "{}" {
			merged[name] = v
		}
	}
	t.row = object(merged)
	return t
}

// object makes an object of its members.
func object(members map[string]row) row {
	var b strings.Builder
	b.WriteByte('{')
	for i, name := range slices.Sorted(maps.Keys(members)) {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(mapping.JSON(name))
		b.WriteString(":" + members[name].Raw)
	}
	b.WriteByte('}')
	return gjson.Parse(b.String())
}

// only is an object with some of its members alone.
func only(of row, names ...string) row {
	members := of.Map()
	maps.DeleteFunc(members, func(name string, _ row) bool { return !slices.Contains(names, name) })
	return object(members)
}

// without is an object without one of its members.
func without(of row, name string) row {
	members := of.Map()
	delete(members, name)
	return object(members)
}

// termColumns are the columns that a budget's row and a thing's own may both have.
var termColumns = []string{"max_budget", "soft_budget", "budget_duration", "budget_reset_at", "tpm_limit", "rpm_limit", "tpd_limit", "max_parallel_requests", "model_max_budget",
	"temp_budget_increase", "temp_budget_expiry"}

// What is told of spending that is not carried as it stands.
const (
	windowEnded = "it has passed, and LiteLLM has not reset what was spent before: the window that runs begins at 0"
	allSpent    = "it is no amount of money: all of the budget counts as spent"
)

// want notes what an account is to have by its row, and what it has spent.
func (p *planner) want(account scope.Account, isNew bool, t thing, entity string) {
	w := wanted{account: account, isNew: isNew, thing: t, windows: map[string]accounting.Money{}}
	s := &w.terms
	s.Max, s.Soft = t.limit("max_budget"), t.limit("soft_budget")
	if s.Soft != nil && s.Max != nil && *s.Soft > *s.Max {
		t.say(litellm.Changed, "soft_budget", "it is above max_budget and would never be seen: it is left out")
		s.Soft = nil
	}
	s.RPM, s.TPM, s.Parallel = t.count("rpm_limit"), t.count("tpm_limit"), t.count("max_parallel_requests")
	if t.there("tpd_limit") {
		t.say(litellm.Unavailable, "tpd_limit", "tollgate limits tokens per minute and not per day: it is left out")
	}
	metadata := t.row.Get("metadata")
	s.ModelRPM, s.ModelTPM = t.counts("metadata.model_rpm_limit", metadata.Get("model_rpm_limit")), t.counts("metadata.model_tpm_limit", metadata.Get("model_tpm_limit"))
	if account.Kind == scope.Key { // whose budgets of models may hold rates as well
		if s.ModelRPM == nil {
			s.ModelRPM = t.ratesOfModels("rpm_limit")
		}
		if s.ModelTPM == nil {
			s.ModelTPM = t.ratesOfModels("tpm_limit")
		}
	}
	spent, known := t.spent("spend")
	if s.Max != nil || s.Soft != nil {
		var ended bool
		s.Duration, s.Starts, ended = p.period(t, "budget_duration", t.text("budget_duration"), t.instant("budget_reset_at"))
		if ended && spent != 0 {
			t.say(litellm.Changed, "budget_reset_at", windowEnded)
			spent = 0
		}
	}
	switch {
	case known:
	case s.Max != nil:
		spent = *s.Max
		t.say(litellm.Changed, "spend", allSpent)
	default:
		spent = 0
		t.say(litellm.Changed, "spend", "it is no amount of money: none is carried, since there is no budget that it counts for")
	}
	w.spend = spent
	s.Extra = p.extra(t, metadata, s.Max)
	s.Windows = p.limitsOf(t, w.windows, entity)
	s.Models = p.modelLimits(t)
	if s.Max == nil && s.Soft == nil && len(s.Windows) == 0 && len(s.Models) == 0 && s.RPM == nil && s.TPM == nil && s.Parallel == nil && s.ModelRPM == nil && s.ModelTPM == nil && spent == 0 && isNew {
		return
	}
	p.wanted = append(p.wanted, w)
}

// period reads how long a budget's window is, and from when it is counted so that the one
// that runs ends when LiteLLM's would have. ended says that LiteLLM's has ended.
func (p *planner) period(t thing, field, duration string, resets time.Time) (text string, starts time.Time, ended bool) {
	if duration == "" || strings.EqualFold(duration, "none") {
		return "", time.Time{}, false
	}
	w, err := litellm.Window(duration)
	if err != nil {
		t.sayOf(litellm.Changed, field, duration, "it is no length of time: the budget is for each day, as with LiteLLM")
		duration = "1d"
		w = ledger.Window{Unit: ledger.Day}
	}
	w.Zone = p.Zone
	if resets.IsZero() {
		return duration, time.Time{}, false
	}
	ended = !resets.After(p.Now)
	if begins := w.At(resets); begins.Start.Equal(resets) && (ended || w.At(p.Now).End.Equal(resets)) {
		return duration, time.Time{}, ended // by the calendar
	}
	return duration, resets, ended
}

// extra reads what a limit is raised by for a time.
func (p *planner) extra(t thing, metadata row, limit *accounting.Money) ledger.Extra {
	more, until := t.row.Get("temp_budget_increase"), t.row.Get("temp_budget_expiry")
	if !more.Exists() || more.Type == gjson.Null {
		more, until = metadata.Get("temp_budget_increase"), metadata.Get("temp_budget_expiry")
	}
	if !more.Exists() || more.Type == gjson.Null {
		return ledger.Extra{}
	}
	at, ok := mapping.Instant(until.Str)
	r, isNumber := figure(more.String())
	if !ok || !isNumber || r.Sign() <= 0 || limit == nil {
		t.say(litellm.Changed, "temp_budget_increase", "it is an amount above 0, until an instant, on top of a limit: it is left out")
		return ledger.Extra{}
	}
	m, fits := nanos(r)
	if !at.After(p.Now) || m == 0 {
		return ledger.Extra{} // over
	}
	if !fits {
		m = accounting.MaxMoney
	}
	return ledger.Extra{Amount: m, Until: at}
}

// counts reads numbers of rate limits by models.
func (t thing) counts(field string, v row) map[string]int64 {
	var out map[string]int64
	for name, x := range v.Map() {
		n := t.countOf(field, x)
		if n == nil || name == "" || len(name) > maxName {
			continue
		}
		if out == nil {
			out = map[string]int64{}
		}
		out[strings.Clone(name)] = *n
	}
	return out
}

// ratesOfModels reads the rate limits that stand within model_max_budget.
func (t thing) ratesOfModels(field string) map[string]int64 {
	rates := map[string]row{}
	for name, x := range t.row.Get("model_max_budget").Map() {
		if v := x.Get(field); x.IsObject() && v.Exists() {
			rates[name] = v
		}
	}
	return t.counts("model_max_budget", object(rates))
}

// windowOwners are the columns by whose values LiteLLM keeps what was spent in windows. A key
// has the id of its team as well.
var windowOwners = map[string]string{"key": "token", "team": "team_id", "user": "user_id"}

// limitsOf reads budget_limits, and what was spent in their windows.
func (p *planner) limitsOf(t thing, spent map[string]accounting.Money, entity string) []mapping.Limit {
	var out []mapping.Limit
	for _, x := range t.row.Get("budget_limits").Array() {
		most := x.Get("max_budget")
		if !most.Exists() {
			most = x.Get("budget_limit")
		}
		duration := x.Get("budget_duration").Str
		if duration == "" {
			duration = x.Get("time_period").Str
		}
		m := t.limitOf("budget_limits", most)
		if m == nil {
			continue
		}
		resets, _ := mapping.Instant(x.Get("reset_at").Str)
		text, starts, ended := p.period(t, "budget_limits", duration, resets)
		out = append(out, mapping.Limit{Duration: text, Max: *m, Starts: starts})
		w, ok := p.windows[windowKey{entity, t.text(windowOwners[entity]), duration}]
		if !ok || ended || !ends(w.start, duration, resets) {
			continue // it is of a window that was before
		}
		s, known := thing{t.findings, t.kind, t.name, gjson.Parse(`{"spend":` + w.spend.Raw + `}`)}.spent("spend")
		if !known {
			s = *m
			t.say(litellm.Changed, "budget_limits", "what was spent in a window is no amount of money: all of its budget counts as spent")
		}
		spent[text] = s
	}
	return out
}

// ends says whether a window that began at an instant ends at another one. LiteLLM counts
// back from the end, and takes a month for thirty days.
func ends(start time.Time, duration string, resets time.Time) bool {
	end, err := litellm.After(start, duration)
	slack := time.Minute
	if strings.HasSuffix(duration, "mo") {
		slack = 72 * time.Hour
	}
	return err == nil && end.Sub(resets).Abs() <= slack
}

// modelLimits reads model_max_budget. LiteLLM keeps what was spent under it in memory alone.
func (p *planner) modelLimits(t thing) map[string]mapping.Limit {
	var out map[string]mapping.Limit
	for name, x := range t.row.Get("model_max_budget").Map() {
		most, duration := x, ""
		if x.IsObject() {
			if most = x.Get("max_budget"); !most.Exists() {
				most = x.Get("budget_limit")
			}
			if duration = x.Get("budget_duration").Str; duration == "" {
				duration = x.Get("time_period").Str
			}
		}
		m := t.limitOf("model_max_budget", most)
		if m == nil || name == "" || len(name) > maxName {
			continue
		}
		text, _, _ := p.period(t, "model_max_budget", duration, time.Time{})
		if out == nil {
			out = map[string]mapping.Limit{}
		}
		out[strings.Clone(name)] = mapping.Limit{Duration: text, Max: *m}
		t.say(litellm.Changed, "model_max_budget", "LiteLLM keeps what was spent under it outside of its database: the window that runs begins at 0")
	}
	return out
}

// reason is why spending is adjusted, in the books.
const reason = "spent with LiteLLM, as its database says"

// prefix is how the ids of the adjustments of an account begin. what is the budget: "" is the
// main one.
func prefix(a scope.Account, what string) string {
	sum := sha256.Sum256([]byte(string(a.Kind) + "\x00" + a.ID + "\x00" + what))
	return "imported-" + hex.EncodeToString(sum[:12]) + "-"
}

// carried is what earlier imports have carried for one budget of an account.
type carried struct {
	times int
	parts []part
}

type part struct {
	at     time.Time
	amount accounting.Money
}

// since is what was carried from an instant on.
func (c carried) since(t time.Time) (sum accounting.Money) {
	for _, one := range c.parts {
		if !one.at.Before(t) {
			sum += one.amount
		}
	}
	return sum
}

// readCarried reads the adjustments that earlier imports made.
func (p *planner) readCarried() error {
	q := control.EntryQuery{Operation: ledger.Adjusted, Limit: control.MaxEntries}
	for {
		entries, err := p.Control.Entries(p.ctx, q)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if !strings.HasPrefix(e.ID, "imported-") || e.Cost == nil {
				continue
			}
			at := e.ID[:strings.LastIndexByte(e.ID, '-')+1]
			c := p.carried[at]
			c.times++
			c.parts = append(c.parts, part{e.At, *e.Cost})
			p.carried[at] = c
		}
		if len(entries) < q.Limit {
			return nil
		}
		q.Before = entries[len(entries)-1].ID
	}
}

// carry is the adjustment by which a budget stands where LiteLLM's stood. start is when its
// period began.
func (p *planner) carry(a scope.Account, what, budget string, spent accounting.Money, start time.Time) error {
	at := prefix(a, what)
	c := p.carried[at]
	more := spent - c.since(start)
	if more == 0 {
		return nil
	}
	total, err := p.total.Add(more)
	if err != nil {
		total = accounting.MaxMoney
	}
	p.total = total
	return p.do(control.AdjustEdit{Action: control.Create, AdjustOrder: control.AdjustOrder{ID: fmt.Sprint(at, c.times+1), Account: a, Budget: budget, Amount: more, Reported: budget == "", Reason: reason}})
}

// atOnce is how many accounts, or keys, are looked up together: the books answer within two
// seconds or not at all.
const atOnce = 100

// terms makes the edits of all budgets and rate limits. They come after the things that
// they are of.
func (p *planner) terms() error {
	for some := range slices.Chunk(p.wanted, atOnce) {
		now, err := p.standings(some)
		if err != nil {
			return err
		}
		for _, w := range some {
			if err := p.change(w, now[w.account]); err != nil {
				return fmt.Errorf("%s %s: %w", w.thing.kind, w.thing.name, err)
			}
		}
	}
	return nil
}

// standings says how accounts stand that are here already.
func (p *planner) standings(some []wanted) (map[scope.Account]*mapping.Standing, error) {
	out := map[scope.Account]*mapping.Standing{}
	rules := map[string]ledger.Budget{} // those of claims have their limits raised already
	var there []scope.Account
	for _, w := range some {
		out[w.account] = &mapping.Standing{}
		if w.isNew {
			continue
		}
		there = append(there, w.account)
		for _, b := range p.Control.BudgetsOf(w.account) {
			rules[b.ID] = b
		}
		for _, r := range p.Control.LimitsOf(w.account) {
			if !r.Each && r.Origin != fromFile {
				out[w.account].TakeRule(r)
			}
		}
	}
	if len(there) == 0 {
		return out, nil
	}
	all, err := p.Control.Standings(p.ctx, there...)
	if err != nil {
		return nil, err
	}
	for _, b := range all {
		rule := rules[b.Claim.Counter.Budget]
		if s := out[b.Claim.Counter.Account]; s != nil && !rule.Each && rule.Origin != fromFile {
			s.TakeBudget(mapping.Stood{Budget: rule, Spend: b.Standing.Posted, Resets: b.Claim.Period.End})
		}
	}
	return out, nil
}

// fromFile is the origin of a rule that the configuration file owns.
const fromFile = "file"

// change brings an account's budgets, rate limits and spending to where they are to be.
func (p *planner) change(w wanted, now *mapping.Standing) error {
	if now.Main == nil && !w.isNew && (w.terms.Max != nil || w.terms.Soft != nil) {
		// A budget that is new for an account that is not: what was carried before counts.
		now.Spend = p.carried[prefix(w.account, "")].since(time.Time{})
	}
	p.anchor(&w.terms, now)
	edits, err := mapping.Change(w.account, now, w.terms, &now.Spend, p.Zone, p.NewID)
	if err != nil {
		return err
	}
	if err := p.do(edits...); err != nil {
		return err
	}
	main := budgetOf(edits, now.Main, now.Others, mapping.NameMain, w.terms.Duration)
	start := time.Time{}
	if main != nil {
		start = main.Window.At(p.Now).Start
		if err := p.carry(w.account, "", main.ID, w.spend, start); err != nil {
			return err
		}
	} else if err := p.carryWithout(w); err != nil {
		return err
	}
	for _, l := range w.terms.Windows {
		b := budgetOf(edits, nil, now.Others, mapping.NameWindow, l.Duration)
		if b == nil {
			return fmt.Errorf("the budget of %s is not there", l.Duration)
		}
		if err := p.carry(w.account, l.Duration, b.ID, w.windows[l.Duration], b.Window.At(p.Now).Start); err != nil {
			return err
		}
	}
	return nil
}

// carryWithout carries what an account has spent that has no budget of its own: to the one of
// every end user, or for reports alone.
func (p *planner) carryWithout(w wanted) error {
	if w.account.Kind != scope.EndUser || p.others == nil {
		return p.carry(w.account, "", "", w.spend, time.Time{})
	}
	spent := w.spend
	if resets := w.thing.instant("budget_reset_at"); !resets.IsZero() && !resets.After(p.Now) {
		w.thing.say(litellm.Changed, "budget_reset_at", windowEnded)
		spent = 0
	}
	return p.carry(w.account, "", p.others.ID, spent, p.others.Window.At(p.Now).Start)
}

// anchor leaves a window that rolls where it is, if it ends when LiteLLM's does: every
// period of theirs has another instant that it would be counted from.
func (p *planner) anchor(want *mapping.Terms, now *mapping.Standing) {
	same := func(have ledger.Window, duration string, starts time.Time) bool {
		return !starts.IsZero() && mapping.DurationOf(have) == mapping.Canonical(duration) && have.At(starts).Start.Equal(starts)
	}
	if now.Main != nil && same(now.Main.Window, want.Duration, want.Starts) {
		want.Starts = now.Main.Window.Start
	}
	for i, l := range want.Windows {
		for _, o := range now.Others {
			if len(o.Models) == 0 && same(o.Window, l.Duration, l.Starts) {
				want.Windows[i].Starts = o.Window.Start
			}
		}
	}
}

// budgetOf finds a budget for all models that an account has after some edits: the main
// one, or with another name the one of a window.
func budgetOf(edits []control.Edit, main *ledger.Budget, others []mapping.Stood, name, duration string) *ledger.Budget {
	meant := func(b ledger.Budget) bool {
		return len(b.Models) == 0 && (name == mapping.NameMain || mapping.DurationOf(b.Window) == mapping.Canonical(duration))
	}
	gone := map[string]bool{}
	for _, e := range edits {
		if e, ok := e.(control.BudgetEdit); ok {
			switch {
			case e.Action == control.Create && e.New.Name == name && meant(e.New):
				return &e.New
			case e.Action == control.Delete:
				gone[e.ID] = true
			}
		}
	}
	if name == mapping.NameMain {
		if main == nil || gone[main.ID] {
			return nil
		}
		return main
	}
	for _, o := range others {
		if !gone[o.ID] && meant(o.Budget) {
			return &o.Budget
		}
	}
	return nil
}
