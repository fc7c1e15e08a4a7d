package configs

import (
	"errors"
	"time"

	"go.yaml.in/yaml/v3"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
)

// The years in which a window of the file may start.
const (
	firstYear = 2000
	lastYear  = 2100
)

const budgetExample = "- { each: user, limit: 5 USD, per: month }"

func (r *reader) budgets(path string, n *yaml.Node) {
	r.config.Budgets = distinct(r, path, n, listed{"budget", MaxBudgets, "budgets: [{ each: user, limit: 5 USD, per: month }]", "account, models and time"},
		r.budget, func(b ledger.Budget) string { return b.ID })
}

// listed says how a list of rules is spoken of.
type listed struct {
	what  string // one of them
	most  int
	write string // a list
	same  string // what two must not share
}

// distinct reads a list of rules of which no two may have the same id.
func distinct[T any](r *reader, path string, n *yaml.Node, l listed, read func(pair) (T, bool), id func(T) string) []T {
	if isNull(n) {
		return nil
	}
	all := r.list(path, n, l.write)
	if len(all) > l.most {
		r.say(path, n, "", "there are %d %ss, but %d are possible", len(all), l.what, l.most)
		return nil
	}
	var out []T
	first := map[string]int{}
	for _, p := range all {
		rule, ok := read(p)
		if !ok {
			continue
		}
		if line, twice := first[id(rule)]; twice {
			r.say(p.path, p.node, "one of the two", "the %s in line %d is for the same %s already, so this one (line %d) could not be told from it", l.what, line, l.same, r.places[p.path].line)
			continue
		}
		first[id(rule)] = r.places[p.path].line
		out = append(out, rule)
	}
	return out
}

// budgetText is what one entry says, before it is put together.
type budgetText struct {
	ledger.Budget
	unit     bool // per was understood
	from     *yaml.Node
	fromPath string
	zone     bool
}

func (r *reader) budget(at pair) (ledger.Budget, bool) {
	before := len(r.problems)
	b := budgetText{Budget: ledger.Budget{Origin: "file"}}
	w := whom{what: "budget"}
	known := map[string]field{
		"limit": func(path string, n *yaml.Node) { b.Limit = r.limit(path, n) },
		"soft":  func(path string, n *yaml.Node) { b.Soft = r.amount(path, n, "soft: 4 USD") },
		"zone":  func(path string, n *yaml.Node) { b.zone, b.Window.Zone = true, r.zone(path, n) },
		"from":  func(path string, n *yaml.Node) { b.from, b.fromPath = n, path },
		"per": func(path string, n *yaml.Node) {
			s, ok := r.scalar(path, n, "per: month")
			if !ok {
				return
			}
			w, err := ledger.ParseWindow(s)
			if err != nil {
				r.say(path, n, "per: month", "not a window: total, minute, hour, day, week, month or a number of them such as 3 months (up to %d)", ledger.MaxWindow)
				return
			}
			b.Window.Unit, b.Window.Count, b.unit = w.Unit, w.Count, true
		},
	}
	r.whom(known, &w)
	r.fields(at.path, at.node, budgetExample, known)
	if at.node.Kind != yaml.MappingNode {
		return ledger.Budget{}, false
	}
	r.whose(at, &w, before)
	b.Name, b.Kind, b.Each, b.Owner, b.Models = w.name, w.Kind, w.Each, w.Owner, w.Models
	if !has(at.node, "limit") && !has(at.node, "soft") {
		r.say(at.path, at.node, "limit: 5 USD", "the budget has no limit; 0 means free models only, none means unlimited")
	}
	if !has(at.node, "per") {
		r.say(at.path, at.node, "per: month", "the budget does not say for which time it is; total is for ever")
	}
	if b.unit {
		r.start(at, &b)
	}
	if len(r.problems) > before {
		return ledger.Budget{}, false
	}
	if err := b.Validate(); err != nil {
		switch path := at.path; {
		case errors.Is(err, ledger.ErrSoftAbove):
			r.say(path+".soft", at.node, "", "%v", err)
		default:
			r.say(path, at.node, "", "%v", err)
		}
		return ledger.Budget{}, false
	}
	b.ID = identity(b.Budget)
	return b.Budget, true
}

// identity names a budget by what its counters depend on, so that they live on when
// its limit or name is edited or entries are moved about.
func identity(b ledger.Budget) string {
	zone := "UTC"
	if b.Window.Zone != nil {
		zone = b.Window.Zone.String()
	}
	start := ""
	if !b.Window.Start.IsZero() {
		start = b.Window.Start.UTC().Format(time.RFC3339Nano)
	}
	return nameOf(b.Selector(), b.Window.String(), zone, start)
}

func (r *reader) limit(path string, n *yaml.Node) *accounting.Money {
	if n.Kind == yaml.ScalarNode && n.Value == "none" {
		return nil
	}
	return r.amount(path, n, "limit: 5 USD")
}

func (r *reader) amount(path string, n *yaml.Node, example string) *accounting.Money {
	m, ok := r.money(path, n, example)
	switch {
	case !ok:
		return nil
	case m < 0:
		r.say(path, n, last(path)+": 0", "%v", ledger.ErrNegativeLimit)
		return nil
	}
	return &m
}

func (r *reader) zone(path string, n *yaml.Node) *time.Location {
	s, ok := r.text(path, n, "zone: Europe/Berlin")
	if !ok {
		return nil
	}
	z, err := time.LoadLocation(s)
	if err != nil || s == "Local" {
		r.say(path, n, "zone: Europe/Berlin", "not the name of a time zone")
		return nil
	}
	return z
}

// commonZone reads the zone of budgets that name none, wherever it stands.
func (r *reader) commonZone(root *yaml.Node) {
	if root.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		if n := real(root.Content[i+1]); real(root.Content[i]).Value == "zone" && !isNull(n) {
			r.config.Zone = r.zone("zone", n)
		}
	}
}

// start settles from when a window rolls, if it does.
func (r *reader) start(at pair, b *budgetText) {
	if b.Window.Unit == ledger.Total {
		switch {
		case b.from != nil:
			r.say(b.fromPath, b.from, "remove the key", "a total has no periods that could start")
		case b.zone:
			r.say(at.path+".zone", at.node, "remove the key", "a total has no periods, so a zone changes nothing")
		}
		return
	}
	if b.Window.Zone == nil {
		b.Window.Zone = r.config.Zone
	}
	if b.from == nil {
		return
	}
	s, ok := r.scalar(b.fromPath, b.from, "from: 2026-11-23")
	if !ok {
		return
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		if t, err = time.Parse(time.DateOnly, s); err == nil {
			zone := b.Window.Zone
			if zone == nil {
				zone = time.UTC
			}
			noon := time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, zone)
			t = ledger.Window{Unit: ledger.Day, Zone: zone}.At(noon).Start
		}
	}
	switch {
	case err != nil:
		r.say(b.fromPath, b.from, "from: 2026-11-23, or from: 2026-11-23T08:00:00Z", "not a day or an instant")
	case t.Year() < firstYear || t.Year() > lastYear:
		r.say(b.fromPath, b.from, "from: 2026-11-23", "the year lies outside %d to %d", firstYear, lastYear)
	default:
		b.Window.Start = t.UTC()
	}
}
