package litellm

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
)

// rule is one line of tollgate's budgets or limits.
type rule struct {
	at      place
	who     string // each: user
	models  []string
	members []member
	from    func(c *converter) []string // the models, where they are known when all is read
}

// period is a budget_duration: a number and a unit.
type period struct {
	n    int64
	unit string // s, m, h, d, w or mo
}

var durationText = pattern(`^([0-9]{1,9})(mo|s|m|h|d|w)$`)

func duration(s string) (period, bool) {
	m := durationText().FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return period{}, false
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	return period{n, m[2]}, err == nil && n > 0
}

// window is a budget_duration in tollgate's words. note says how it differs; ok is false
// if there is none like it.
func window(p period) (text, note string, ok bool) {
	const most = 1000
	if p.unit == "s" {
		if p.n%60 != 0 {
			note = "windows have whole minutes, so this one is a little longer"
		}
		p = period{(p.n + 59) / 60, "m"}
	}
	if p.unit == "m" && p.n%60 == 0 {
		p = period{p.n / 60, "h"}
	}
	if p.unit == "h" && p.n%24 == 0 {
		p = period{p.n / 24, "d"}
	}
	switch {
	case p == period{7, "d"}:
		p = period{1, "w"}
	case p == period{30, "d"}:
		p = period{1, "mo"}
	case p.unit == "d" && p.n > 1, p.unit == "w" && p.n > 1:
		note = "windows of several days are counted by the calendar; there they were counted from the day on which the budget was made"
	case p.unit == "mo" && p.n > 1:
		note = "windows of several months are counted from January; there they were counted from the month in which the budget was made"
	}
	unit := map[string]string{"m": "minute", "h": "hour", "d": "day", "w": "week", "mo": "month"}[p.unit]
	switch {
	case p.n > most:
		return "", "", false
	case p.n == 1:
		return unit, note, true
	}
	return fmt.Sprintf("%d %ss", p.n, unit), note, true
}

// money reads an amount of dollars, exactly. A number that cannot be one is a problem:
// nothing is guessed about money.
func (c *converter) money(v *value) (text string, zero, ok bool) {
	if v.null() {
		return "", false, false
	}
	figure, err := c.figure(v)
	if _, tag, env := c.scalar(v); tag == "!!null" && env != "" {
		return "", false, false
	}
	if err != nil {
		c.find(Problem, v.at, "max_budget: 100", "an amount of dollars is wanted")
		return "", false, false
	}
	n, err := exact([]byte(figure))
	const places = 9
	switch {
	case err != nil:
		c.find(Problem, v.at, "max_budget: 100", "an amount of dollars is wanted")
		return "", false, false
	case n.Sign() < 0:
		c.find(Problem, v.at, "max_budget: 0", "an amount is not negative")
		return "", false, false
	}
	text = n.FloatString(places)
	m, err := accounting.ParseMoney(text)
	if back, e := exact([]byte(text)); err != nil || e != nil || back.Cmp(n) != 0 {
		c.find(Problem, v.at, "", "not an exact amount of dollars, with up to %d decimals and up to about 9 billion", places)
		return "", false, false
	}
	return m.String() + " USD", n.Sign() == 0, true
}

// budget adds a budget.
func (c *converter) budget(at place, who string, models func(*converter) []string, limit string, every *value) {
	r := rule{at: at, who: who, from: models, members: []member{{"limit", limit}}}
	text, ok := c.word(every)
	per := "total"
	switch p, known := duration(text); {
	case !ok || strings.EqualFold(text, "none"):
	case !known:
		per = "day"
		c.find(Changed, every.at, "budget_duration: 30d", "not a length of time such as 30d: the budget is for each day, as with LiteLLM")
	default:
		w, note, fits := window(p)
		if !fits {
			c.find(Problem, every.at, "budget_duration: 30d", "no window is as long as this")
			return
		}
		if per = w; note != "" {
			c.find(Changed, every.at, "", "%s", note)
		}
	}
	r.members = append(r.members, member{"per", per})
	c.budgets = append(c.budgets, r)
}

// limit adds to the limits of somebody for some models.
func (c *converter) limit(at place, who string, models []string, m member) {
	const most = 1_000_000_000_000
	if n, err := strconv.ParseInt(m.value, 10, 64); err != nil || n > most {
		m.value = strconv.Itoa(most)
	}
	for i, r := range c.limits {
		if r.who == who && slices.Equal(r.models, models) {
			for j, have := range r.members {
				if have.key == m.key {
					c.limits[i].members[j].value = lesser(have.value, m.value)
					return
				}
			}
			c.limits[i].members = append(c.limits[i].members, m)
			return
		}
	}
	c.limits = append(c.limits, rule{at: at, who: who, models: models, members: []member{m}})
}

// lesser is the stricter of two numbers of limits.
func lesser(a, b string) string {
	x, errX := strconv.ParseInt(a, 10, 64)
	y, errY := strconv.ParseInt(b, 10, 64)
	if errX == nil && errY == nil && y < x {
		return b
	}
	return a
}

// globalBudget is litellm_settings.max_budget.
func (c *converter) globalBudget(p pair) {
	limit, zero, ok := c.money(p.v)
	switch {
	case !ok:
	case zero:
		c.find(Changed, p.at, "budgets: [{ scope: gateway, limit: 0, per: total }]", "0 meant no limit there, so no budget is made; a limit of 0 here means free models only")
	default:
		c.budget(p.at, "scope: gateway", nil, limit, c.part("litellm_settings").get("budget_duration"))
	}
}

// userBudget is what every internal user may spend.
func (c *converter) userBudget(lite *value) {
	v := first(lite.get("max_internal_user_budget"), lite.get("default_max_internal_user_budget"), lite.get("max_user_budget"))
	every := lite.get("internal_user_budget_duration")
	if d := lite.get("default_internal_user_params"); d != nil && c.isMap(d) {
		v, every = first(d.get("max_budget"), v), first(d.get("budget_duration"), every)
		for _, p := range d.pairs {
			switch p.key {
			case "max_budget", "budget_duration":
			case "user_role":
			case "models":
				if !c.empty(p.v) {
					c.find(Unavailable, p.at, "", "users that are made get no list of models by themselves: give it to each, or to their team")
				}
			default:
				if !c.empty(p.v) {
					c.find(Unavailable, p.at, "", "users that are made get nothing by themselves but a budget")
				}
			}
		}
	}
	limit, zero, ok := c.money(v)
	if !ok {
		return
	}
	if zero {
		c.find(Changed, v.at, "", "a limit of 0 means free models only, for everybody who has no budget of their own")
	}
	c.budget(v.at, "each: user", nil, limit, every)
	c.find(Changed, v.at, "", "the budget of each user counts all that they spend, by keys of a team too, and holds for users that are there already")
}

// defaultsFor is what keys or teams get when they are made: here each has it.
func (c *converter) defaultsFor(p pair, kind string) {
	if !c.isMap(p.v) {
		return
	}
	who := "each: " + kind
	for _, m := range p.v.pairs {
		switch m.key {
		case "max_budget":
			if limit, _, ok := c.money(m.v); ok {
				c.budget(m.at, who, nil, limit, p.v.get("budget_duration"))
				c.find(Changed, m.at, "", "each %s has this budget, also those that are there already, unless it has one of its own", kind)
			}
		case "budget_duration":
		case "rpm_limit", "tpm_limit", "max_parallel_requests":
			if n, ok := c.whole(m.v, 0); ok {
				name := map[string]string{"rpm_limit": "requests_per_minute", "tpm_limit": "tokens_per_minute", "max_parallel_requests": "concurrent_requests"}[m.key]
				c.limit(m.at, who, nil, member{name, fmt.Sprint(n)})
				c.once(Changed, m.at, "", "each "+kind+" has these limits, also those that are there already, unless it has some of its own")
			}
		default:
			if !c.empty(m.v) {
				c.find(Unavailable, m.at, "", "a %s that is made gets this only if whoever makes it says so", kind)
			}
		}
	}
}

// deploymentBudget is a deployment's max_budget.
func (c *converter) deploymentBudget(d *deployment, params *value, p pair) {
	limit, zero, ok := c.money(p.v)
	if !ok {
		return
	}
	if zero {
		d.leave("its max_budget is 0, so nothing may be spent on it")
		return
	}
	every := params.get("budget_duration")
	c.budget(p.at, "scope: gateway", func(*converter) []string {
		if d.why != "" || d.provider == nil {
			return nil
		}
		return []string{d.provider.name + "/" + d.upstream}
	}, limit, every)
}

// providerBudgets is router_settings.provider_budget_config.
func (c *converter) providerBudgets(v *value) {
	if v.null() || !c.isMap(v) {
		return
	}
	for _, p := range v.pairs {
		if !c.isMap(p.v) {
			continue
		}
		limit, zero, ok := c.money(first(p.v.get("budget_limit"), p.v.get("max_budget")))
		if !ok {
			continue
		}
		if zero {
			c.find(Changed, p.at, "", "a limit of 0 means that nothing is spent there")
		}
		var names []string
		for _, d := range c.deployments {
			if d.why == "" && d.provider != nil && d.prefix == p.key && !slices.Contains(names, d.provider.name+"/*") {
				names = append(names, d.provider.name+"/*")
			}
		}
		if len(names) == 0 {
			c.find(Changed, p.at, "", "no model of the file is at this provider, so no budget is made: what is made over the API, or comes from LiteLLM's database, counts for no provider's budget")
			continue
		}
		c.find(Changed, p.at, "", "the budget counts the provider's models of the file: those that are made over the API, or come from LiteLLM's database, are not in it")
		if len(names) > 100 {
			c.find(Problem, p.at, "", "a budget names 100 providers at most")
			continue
		}
		c.budget(p.at, "scope: gateway", func(*converter) []string { return names }, limit, first(p.v.get("time_period"), p.v.get("budget_duration")))
	}
}

// maxTag is how many bytes a tag has at most in tollgate.
const maxTag = 256

// tagBudgets is tag_budget_config: what calls with a tag may spend together.
func (c *converter) tagBudgets(p pair) {
	if !c.isMap(p.v) {
		return
	}
	for _, t := range p.v.pairs {
		if !c.isMap(t.v) {
			continue
		}
		limit, zero, ok := c.money(first(t.v.get("max_budget"), t.v.get("budget_limit")))
		who := "tag: " + quote(t.key)
		switch {
		case !ok:
			continue
		case t.key == "" || len(t.key) > maxTag || strings.TrimSpace(t.key) != t.key || strings.ContainsFunc(t.key, func(r rune) bool { return !unicode.IsPrint(r) }):
			c.find(Changed, t.at, "", "no call could carry this tag, which has 1 to %d bytes of printable characters and no space at its ends, so no budget is made", maxTag)
			continue
		case slices.ContainsFunc(c.budgets, func(r rule) bool { return r.who == who }):
			c.find(Ignored, t.at, "", "the tag has a budget already")
			continue
		case zero:
			c.find(Changed, t.at, "", "a limit of 0 means that calls with this tag are served by free models only")
		}
		c.budget(t.at, who, nil, limit, first(t.v.get("budget_duration"), t.v.get("time_period")))
	}
}

// enforced makes limits of the deployments' rpm and tpm.
func (c *converter) enforced() {
	if !c.opt.enforce {
		return
	}
	for _, d := range c.deployments {
		if d.why != "" || d.provider == nil {
			continue
		}
		models := []string{d.provider.name + "/" + d.upstream}
		if d.rpm > 0 {
			c.limit(d.at, "scope: gateway", models, member{"requests_per_minute", fmt.Sprint(d.rpm)})
		}
		if d.tpm > 0 {
			c.limit(d.at, "scope: gateway", models, member{"tokens_per_minute", fmt.Sprint(d.tpm)})
		}
	}
}

var zoneName = pattern(`^[A-Za-z0-9_+/-]{1,64}$`)

func isZone(s string) bool {
	_, err := time.LoadLocation(s)
	return err == nil && s != "Local"
}

// ErrDuration says that a text is no duration as LiteLLM writes them.
var ErrDuration = errors.New("not a duration: write a number and s, m, h, d, w or mo, such as 30d")

// Window is the window of a budget_duration. 7d is a week and 30d a month, by the calendar,
// as LiteLLM resets them.
func Window(text string) (ledger.Window, error) {
	p, ok := duration(text)
	if !ok {
		return ledger.Window{}, fmt.Errorf("%q: %w", text, ErrDuration)
	}
	w, _, ok := window(p)
	if !ok {
		return ledger.Window{}, fmt.Errorf("%q: %w, of at most 1000", text, ErrDuration)
	}
	return ledger.ParseWindow(w)
}

// After is the instant that a duration, such as the lifetime of a key, ends at.
func After(from time.Time, text string) (time.Time, error) {
	p, ok := duration(text)
	if !ok {
		return time.Time{}, fmt.Errorf("%q: %w", text, ErrDuration)
	}
	const most = 1000 // years: what is longer is a mistake
	n := int(p.n)
	switch p.unit {
	case "mo":
		if n <= 12*most {
			return from.AddDate(0, n, 0), nil
		}
	case "w":
		if n <= 53*most {
			return from.AddDate(0, 0, 7*n), nil
		}
	case "d":
		if n <= 366*most {
			return from.AddDate(0, 0, n), nil
		}
	default:
		unit := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour}[p.unit]
		if p.n <= int64(1<<62/int64(unit)) {
			return from.Add(time.Duration(p.n) * unit), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q: %w, of at most %d years", text, ErrDuration, most)
}
