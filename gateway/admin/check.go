package admin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/pricelist"
	"tollgate/accounting/scope"
	"tollgate/gateway/catalog"
	"tollgate/gateway/control"
	"tollgate/gateway/edge"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// Check is everything that an operator should look at.
type Check struct {
	OK      bool     `json:"ok"` // there is no problem among what follows
	Version string   `json:"version"`
	Books   Books    `json:"books"`
	Engines []Engine `json:"engines"`
	Models  []Model  `json:"models"`
	// Deployments are in the order of their names.
	Deployments []Deployment `json:"deployments"`
	Keys        int          `json:"keys"` // that work now and may call something
	Findings    []Finding    `json:"findings"`
	Prices      PriceList    `json:"prices"`
}

// Engine is a provider and whether it answers.
type Engine struct {
	Provider  string     `json:"provider"`
	Kind      string     `json:"kind"`
	Local     bool       `json:"local"`
	Assumed   bool       `json:"assumed"`   // nobody declared it: tollgate looks whether it is there
	Reachable *bool      `json:"reachable"` // null: not asked yet
	Error     string     `json:"error"`
	Models    int        `json:"models"` // that it says it has
	Checked   *time.Time `json:"checked"`
	Since     *time.Time `json:"since"` // since when it has been as it is
}

// Finding is something wrong or remarkable in what was declared or found.
type Finding struct {
	Problem
	Warning bool `json:"warning"` // everything else works in spite of it
}

// PriceList says which price list is in force.
type PriceList struct {
	Source string `json:"source"` // built-in, or configuration
	AsOf   string `json:"as_of"`
	Models int    `json:"models"`
}

func (a *api) engines() []Engine {
	var assumed []string
	if a.Assumed != nil {
		assumed = a.Assumed()
	}
	out := []Engine{}
	for _, e := range a.Control.Engines() {
		v := Engine{Provider: e.Provider, Kind: e.Kind, Local: e.Local, Assumed: slices.Contains(assumed, e.Provider), Error: e.Error, Models: e.Models,
			Checked: instant(e.Checked), Since: instant(e.Since)}
		if v.Checked != nil {
			v.Reachable = &e.Reachable
		}
		out = append(out, v)
	}
	return out
}

// findings are those of the catalog as it is now and those of the file.
func (a *api) findings() []Finding {
	out := a.refused()
	for _, name := range a.pending() {
		out = append(out, Finding{Problem{Path: name, Message: "it was changed in the configuration file and takes effect at the next start"}, true})
	}
	if a.Warnings != nil {
		for _, p := range a.Warnings() {
			out = append(out, Finding{p, true})
		}
	}
	for _, f := range a.Control.Findings() {
		// The file's warnings include the catalog's, with their lines.
		if !slices.ContainsFunc(out, func(x Finding) bool { return x.Path == f.Path && x.Message == f.Message }) {
			out = append(out, Finding{Problem{Path: f.Path, Message: f.Message}, f.Warning})
		}
	}
	return out
}

// refused are the findings that the configuration file is not what is in force.
func (a *api) refused() []Finding {
	out := []Finding{}
	if a.Refused == nil {
		return out
	}
	at, problems := a.Refused()
	if len(problems) > 0 {
		out = append(out, Finding{Problem: Problem{Message: fmt.Sprintf("the configuration file was changed, and refused at %s: the one before stays in force until what follows is put right", at.UTC().Format(time.RFC3339))}})
	}
	for _, p := range problems {
		out = append(out, Finding{Problem: p})
	}
	return out
}

// pending are names of settings; never nil.
func (a *api) pending() []string {
	if a.Pending == nil {
		return []string{}
	}
	return append([]string{}, a.Pending()...)
}

// hourWrites are the findings about prices that say what a write to the upstream's cache
// costs and not what one for an hour does, which is dearer wherever it is sold: only
// Anthropic's messages ask for it.
func (a *api) hourWrites() []Finding {
	var out []Finding
	told := map[string]bool{}
	for _, r := range a.Gateway.Catalog.Snapshot().Routes() {
		for _, c := range r.Candidates() {
			paid, is := c.(catalog.Paid)
			if !is || told[paid.Deployment.ID] || !paid.Price.States(accounting.CacheWrite) || paid.Price.States(accounting.CacheWriteHour) ||
				paid.Deployment.Provider.Kind.For(providers.Messages) == nil {
				continue
			}
			told[paid.Deployment.ID] = true
			out = append(out, Finding{Warning: true, Problem: Problem{Path: paid.Deployment.ID, Message: fmt.Sprintf(
				"what is written to a cache for an hour is billed as other writes, because its price (%s) has no rate for it; such entries are marked hour_cache_write", paid.Deployment.Why),
				Write: "cache_write_1h: RATE, beside cache_write"}})
		}
	}
	return out
}

// unmet are the findings that budgets and limits name models that there are not: a typing
// error there leaves what was meant without a limit, and no call ever tells.
func (a *api) unmet() []Finding {
	by := map[string][]string{} // of a name, the rules that have it
	for _, b := range a.Control.Budgets() {
		for _, m := range b.Models {
			by[m] = append(by[m], "budget "+b.ID)
		}
	}
	for _, l := range a.Control.Limits() {
		for _, m := range l.Models {
			by[m] = append(by[m], "limit "+l.ID)
		}
	}
	var out []Finding
	for _, m := range slices.Sorted(maps.Keys(by)) {
		if a.Gateway.Meets(m) {
			continue
		}
		rules := strings.Join(by[m][:min(len(by[m]), maxRules)], ", ")
		if more := len(by[m]) - maxRules; more > 0 {
			rules += fmt.Sprintf(" and %d more", more)
		}
		out = append(out, Finding{Warning: true, Problem: Problem{Path: "models", Value: m, Message: "no model and no deployment has a name like that, so nothing of it is counted: " + rules}})
	}
	return out
}

// unowned are the findings that the configuration file has budgets and limits for somebody who
// is not there, which the file cannot know: a typing error leaves whoever is meant without.
func (a *api) unowned() []Finding {
	var out []Finding
	say := func(what, id, origin string, s scope.Selector) {
		var err error
		switch {
		case origin != "file" || s.Each:
			return
		case s.Kind == scope.User:
			_, err = a.Control.User(s.Owner)
		case s.Kind == scope.Team:
			_, err = a.Control.Team(s.Owner)
		case s.Kind == scope.Org:
			_, err = a.Control.Org(s.Owner)
		case s.Kind == scope.Key:
			_, err = a.Control.Key(s.Owner)
		}
		if errors.Is(err, control.ErrNotFound) {
			out = append(out, Finding{Warning: true, Problem: Problem{Path: what + "s", Value: s.Owner, Message: fmt.Sprintf("%s %s of the configuration file is for a %s that is not there, so it counts nothing", what, id, s.Kind)}})
		}
	}
	for _, b := range a.Control.Budgets() {
		say("budget", b.ID, b.Origin, b.Selector())
	}
	for _, l := range a.Control.Limits() {
		say("limit", l.ID, l.Origin, l.Selector)
	}
	return out
}

// maxRules is how many rules are named that have one name of a model.
const maxRules = 3

// booksPatience is how long a check waits for the books to say whether they take paid calls.
const booksPatience = 2 * time.Second

// books asks whether the books answer. That they do and take no paid calls, since their disk
// is full, say, is a finding. Books that hang are not read.
func (a *api) books(ctx context.Context) (Books, []Finding) {
	var why error
	if a.Books != nil {
		brief, cancel := context.WithTimeout(ctx, booksPatience)
		why = a.Books(brief)
		cancel()
	}
	if errors.Is(why, context.DeadlineExceeded) {
		return BooksDown, nil
	}
	if _, err := a.Control.Entries(ctx, control.EntryQuery{Limit: 1}); errors.Is(err, ledger.ErrUnavailable) {
		return BooksDown, nil
	}
	if why != nil {
		return BooksOK, []Finding{{Problem: Problem{Path: "database", Message: fmt.Sprintf("paid models are not served, free ones are: %v", why)}}}
	}
	return BooksOK, nil
}

// uncertainSpan is how far back uncertain entries are news.
const uncertainSpan = 7 * 24 * time.Hour

// uncertain are the findings that there are entries nobody knows the truth of. They are
// notes: all is booked, and nothing is left to do but to know of it, and what it came of.
func (a *api) uncertain(ctx context.Context) ([]Finding, error) {
	u, err := a.Control.Uncertain(ctx, a.Now().Add(-uncertainSpan))
	switch {
	case errors.Is(err, ledger.ErrUnavailable): // as of now; the next check says so
		return nil, nil
	case err != nil:
		return nil, err
	}
	var out []Finding
	for _, of := range []struct {
		path, what string
		booked     control.Booked
	}{
		{"orphans", "the end of a process cut off %s in the last 7 days", u.Orphaned},
		{"upstreams", "before anything of an answer came, the upstreams of %s in the last 7 days broke off or kept silent for too long", u.Untold},
	} {
		if of.booked.Entries == 0 {
			continue
		}
		calls := fmt.Sprintf("%d paid calls", of.booked.Entries)
		if of.booked.Entries == 1 {
			calls = "1 paid call"
		}
		out = append(out, Finding{Warning: true, Problem: Problem{Path: of.path, Message: fmt.Sprintf(of.what, calls) + fmt.Sprintf(
			"; nobody knows the true cost, and %s USD in all were booked; see: tollgate entries --uncertain --last 7d", of.booked.Cost)}})
	}
	return out, nil
}

func (a *api) check(r *request) error {
	q := r.query()
	probe := q.flag("probe")
	if err := q.done(); err != nil {
		return err
	}
	if probe {
		a.Control.Discover(r.ctx, true)
	}
	books, closed := a.books(r.ctx)
	out := Check{Version: a.Version, Books: books, Engines: a.engines(), Deployments: a.deployments(r, probe), Findings: append(a.findings(), closed...)}
	if prices := a.Control.Prices(); prices != nil {
		out.Prices = PriceList{Source: "configuration", AsOf: prices.AsOf(), Models: prices.Len()}
		if prices == pricelist.Builtin() {
			out.Prices.Source = "built-in"
		}
	}
	if books == BooksOK {
		uncertain, err := a.uncertain(r.ctx)
		if err != nil {
			return err
		}
		out.Findings = append(out.Findings, uncertain...)
	}
	out.Findings = append(out.Findings, leftOut(out.Deployments)...)
	out.Findings = append(out.Findings, a.hourWrites()...)
	out.Findings = append(out.Findings, a.unmet()...)
	out.Findings = append(out.Findings, a.unowned()...)
	var err error
	if out.Models, err = a.models(r); err != nil {
		return err
	}
	groups, _, err := a.callers(r)
	if err != nil {
		return err
	}
	for _, g := range groups {
		out.Keys += g.keys
	}
	out.OK = out.Books == BooksOK &&
		!slices.ContainsFunc(out.Findings, func(f Finding) bool { return !f.Warning }) &&
		!slices.ContainsFunc(out.Engines, func(e Engine) bool { return !e.Assumed && e.Reachable != nil && !*e.Reachable })
	return r.answer(http.StatusOK, out)
}

// Reloaded answers a reload that took place.
type Reloaded struct {
	Reloaded bool `json:"reloaded"`
	// NextStart names settings that differ from those the server was started with and that
	// only its next start takes over.
	NextStart []string `json:"next_start"`
}

func (a *api) reload(r *request) error {
	if len(r.c.Request().Body()) > 0 {
		b := r.body()
		if err := b.done(); err != nil {
			return err
		}
	}
	if a.Reload == nil {
		return &wire.ErrField{Field: "reload", Problem: "no configuration file was read, so there is none to read again"}
	}
	err := a.Reload()
	if err == nil {
		return r.answer(http.StatusOK, Reloaded{true, a.pending()})
	}
	var listed interface{ Problems() []Problem }
	switch {
	case errors.As(err, &listed):
		return r.invalid(refusedFor(len(listed.Problems())), listed.Problems())
	case edge.Describe(err, "", "", 0).Status >= http.StatusInternalServerError: // not in the table: the file's own words
		return r.invalid(err.Error(), []Problem{})
	}
	return err
}

// refusedFor says for how many problems a configuration was refused.
func refusedFor(problems int) string {
	if problems == 1 {
		return "the configuration has 1 problem; the one before stays in force"
	}
	return fmt.Sprintf("the configuration has %d problems; the one before stays in force", problems)
}

// invalid refuses a configuration with everything that is wrong with it.
func (r *request) invalid(message string, problems []Problem) error {
	list, err := json.Marshal(problems)
	if err != nil {
		return err
	}
	e := wire.ErrorObject{Message: message, Type: "invalid_request_error", Code: "invalid_configuration", More: []wire.Member{{Key: "problems", Value: list}}}
	r.c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return r.c.Status(http.StatusUnprocessableEntity).Send(e.Body())
}
