package configs

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
)

// The years in which a window of the file may start.
const (
	firstYear = 2000
	lastYear  = 2100
)

// maxOwner is how many bytes the name of an account may have.
const maxOwner = 256

const budgetExample = "- { each: user, limit: 5 USD, per: month }"

func (r *reader) budgets(path string, n *yaml.Node) {
	if isNull(n) {
		return
	}
	all := r.list(path, n, "budgets: [{ each: user, limit: 5 USD, per: month }]")
	if len(all) > MaxBudgets {
		r.say(path, n, "", "there are %d budgets, but %d are possible", len(all), MaxBudgets)
		return
	}
	first := map[string]int{}
	for _, b := range all {
		budget, ok := r.budget(b)
		if !ok {
			continue
		}
		if line, twice := first[budget.ID]; twice {
			r.say(b.path, b.node, "one of the two", "the budget in line %d is for the same account, models and time already, so this one (line %d) could not be told from it", line, r.places[b.path].line)
			continue
		}
		first[budget.ID] = r.places[b.path].line
		r.config.Budgets = append(r.config.Budgets, budget)
	}
}

// budgetText is what one entry says, before it is put together.
type budgetText struct {
	ledger.Budget
	who      []string // the keys that say whose it is
	unit     bool     // per was understood
	from     *yaml.Node
	fromPath string
	zone     bool
}

func (r *reader) budget(at pair) (ledger.Budget, bool) {
	before := len(r.problems)
	b := budgetText{Budget: ledger.Budget{Origin: "file"}}
	known := map[string]field{
		"each":   func(path string, n *yaml.Node) { r.each(path, n, &b) },
		"scope":  func(path string, n *yaml.Node) { r.scope(path, n, &b) },
		"limit":  func(path string, n *yaml.Node) { b.Limit = r.limit(path, n) },
		"soft":   func(path string, n *yaml.Node) { b.Soft = r.amount(path, n, "soft: 4 USD") },
		"models": func(path string, n *yaml.Node) { b.Models = r.patterns(path, n) },
		"zone":   func(path string, n *yaml.Node) { b.zone, b.Window.Zone = true, r.zone(path, n) },
		"from":   func(path string, n *yaml.Node) { b.from, b.fromPath = n, path },
		"name": func(path string, n *yaml.Node) {
			s, ok := r.text(path, n, "name: students")
			if ok && (len(s) > MaxName || strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) })) {
				r.say(path, n, "name: students", "a budget's name has up to %d bytes on one line", MaxName)
				return
			}
			b.Name = s
		},
		"per": func(path string, n *yaml.Node) {
			s, ok := r.scalar(path, n, "per: month")
			if !ok {
				return
			}
			w, err := ledger.ParseWindow(s)
			if err != nil {
				r.say(path, n, "per: month", "not a window: total, day, week, month or a number of them such as 3 months (up to %d)", ledger.MaxWindow)
				return
			}
			b.Window.Unit, b.Window.Count, b.unit = w.Unit, w.Count, true
		},
	}
	for _, k := range ledger.Kinds() {
		if k != ledger.Gateway {
			known[string(k)] = func(path string, n *yaml.Node) { r.owner(path, n, k, &b) }
		}
	}
	r.fields(at.path, at.node, budgetExample, known)
	if at.node.Kind != yaml.MappingNode {
		return ledger.Budget{}, false
	}
	switch {
	case len(b.who) > 1:
		r.say(at.path, at.node, "a budget for each of them", "a budget is for one account, but %s stand here", strings.Join(b.who, " and "))
	case len(b.who) == 0 && len(r.problems) == before:
		r.say(at.path, at.node, "each: user, user: NAME or scope: gateway", "the budget does not say whose it is")
	}
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
	parts := []string{string(b.Kind), fmt.Sprint(b.Each), b.Owner, b.Window.String(), zone, start}
	models := slices.Clone(b.Models)
	slices.Sort(models)
	h := sha256.New()
	for _, s := range append(parts, slices.Compact(models)...) {
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	return "file-" + hex.EncodeToString(h.Sum(nil)[:6])
}

func (r *reader) each(path string, n *yaml.Node, b *budgetText) {
	b.who = append(b.who, "each")
	var kinds []string
	for _, k := range ledger.Kinds() {
		if k != ledger.Gateway {
			kinds = append(kinds, string(k))
		}
	}
	if n.Kind == yaml.ScalarNode && n.Value == string(ledger.Gateway) {
		r.say(path, n, "scope: gateway", "there is one gateway")
		return
	}
	if w, ok := r.word(path, n, kinds...); ok {
		b.Kind, b.Each = ledger.Kind(w), true
	}
}

func (r *reader) scope(path string, n *yaml.Node, b *budgetText) {
	b.who = append(b.who, "scope")
	s, ok := r.scalar(path, n, "scope: gateway")
	if !ok {
		return
	}
	if s != string(ledger.Gateway) {
		write := "scope: gateway"
		if k := ledger.Kind(s); k.Rank() < len(ledger.Kinds()) {
			write = fmt.Sprintf("each: %s, or %s: NAME", s, s)
		}
		r.say(path, n, write, "the only scope without a name is the gateway")
		return
	}
	b.Kind = ledger.Gateway
}

func (r *reader) owner(path string, n *yaml.Node, k ledger.Kind, b *budgetText) {
	b.who = append(b.who, string(k))
	s, ok := r.scalar(path, n, string(k)+": NAME")
	switch {
	case !ok:
		return
	case k == ledger.Key && credential.MatchString(s):
		r.sayHidden(path, n, "key: the key's id", "this looks like a key itself; a budget names the key's id")
		return
	case s == "" || len(s) > maxOwner || !utf8.ValidString(s) || strings.TrimSpace(s) != s || strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) }):
		r.say(path, n, string(k)+": NAME", "an account's name has 1 to %d bytes of printable characters and no space at its ends", maxOwner)
		return
	}
	if team, user, slash := strings.Cut(s, "/"); k == ledger.Member && (!slash || team == "" || user == "") {
		r.say(path, n, "member: TEAM/USER", "a member is a user within a team")
		return
	}
	b.Kind, b.Owner = k, s
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

func (r *reader) patterns(path string, n *yaml.Node) []string {
	all := r.list(path, n, `models: ["gpt-5*"]`)
	switch {
	case len(all) > ledger.MaxPatterns:
		r.say(path, n, "", "there are %d models, but %d are possible", len(all), ledger.MaxPatterns)
		return nil
	case n.Kind == yaml.SequenceNode && len(all) == 0:
		r.say(path, n, "remove the key", "the list is empty; a budget without models is for all of them")
	}
	var out []string
	for _, p := range all {
		s, ok := r.text(p.path, p.node, `"gpt-5*"`)
		if ok && !modelName(s) {
			r.say(p.path, p.node, `"gpt-5*"`, "not the name of a model, nor a pattern of names")
			continue
		}
		if ok && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
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
