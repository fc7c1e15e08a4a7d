package main

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tollgate/configs"
	"tollgate/gateway"
	"tollgate/gateway/admin"
	"tollgate/gateway/balancer"
)

type checkCmd struct {
	NoProbe bool `help:"Do not ask the engines now; tell what is known of them."`
}

// Run checks the configuration file, if one is named, and what else a start takes from its
// surroundings, then everything that is in force, and what would be in the way of a start
// now. A server that runs does so in spite of a file that is wrong.
func (c *checkCmd) Run(s *session) error {
	var problems []configs.Problem
	if s.g.Config != "" || s.g.URL == "" {
		var cfg *configs.Config
		cfg, problems = loadConfig(s.g)
		if s.g.Config == "" && len(problems) > 0 { // a flag
			return problemsError("", problems)
		}
		if s.g.URL == "" && len(problems) == 0 { // else the variables are for asking that server
			_, problems = outside(cfg)
		}
	}
	if len(problems) > 0 && s.g.URL == "" && runningServer(s.g) == nil {
		return s.wrongConfig(problems)
	}
	api, err := s.client()
	if err != nil {
		return err
	}
	q := url.Values{}
	if !c.NoProbe {
		q.Set("probe", "true")
	}
	var ch admin.Check
	raw, err := api.do(s.ctx, http.MethodGet, "/check", q, nil, &ch)
	if err != nil {
		return err
	}
	untold := slices.DeleteFunc(findingsOf(problems), func(f admin.Finding) bool { return slices.Contains(ch.Findings, f) })
	var inTheWay []admin.Finding
	if api.refusals != nil {
		inTheWay = api.refusals()
	}
	ch.Findings = append(ch.Findings, inTheWay...)
	ch.OK = ch.OK && len(untold) == 0 && !slices.ContainsFunc(inTheWay, func(f admin.Finding) bool { return !f.Warning })
	switch {
	case s.g.JSON && len(untold)+len(inTheWay) > 0:
		ch.Findings = append(untold, ch.Findings...)
		_, err = s.printed(ch)
	case s.g.JSON:
		err = s.raw(raw)
	default:
		if len(untold) > 0 {
			s.printProblems(untold)
			s.say("")
			s.say("in force is what the server has read before:")
			s.say("")
		}
		switch {
		case api.remote:
			s.say("tollgate %s at %s", ch.Version, api.base)
		case api.shared:
			s.say("tollgate %s over the database itself; ask a server how it is with: tollgate check --url URL", ch.Version)
		default:
			s.say("tollgate %s; no server is running", ch.Version)
		}
		printCheck(s, ch)
	}
	if err == nil && !ch.OK {
		return silent(exitRefused)
	}
	return err
}

func findingsOf(problems []configs.Problem) []admin.Finding {
	out := make([]admin.Finding, len(problems))
	for i, p := range problems {
		out[i].Problem = admin.Problem(p)
	}
	return out
}

// wrongConfig shows everything that is wrong with the file, where nothing is in force.
func (s *session) wrongConfig(problems []configs.Problem) error {
	found := findingsOf(problems)
	printed, err := s.printed(admin.Check{Version: version(), Books: admin.BooksDown, Engines: []admin.Engine{}, Models: []admin.Model{}, Deployments: []admin.Deployment{}, Findings: found})
	if err != nil {
		return err
	}
	if !printed {
		s.printProblems(found)
	}
	return silent(exitRefused)
}

// printProblems shows what is wrong with the configuration file and its surroundings.
func (s *session) printProblems(found []admin.Finding) {
	s.say("%s: %s", cmp.Or(s.g.Config, "the environment"), plural(len(found), "problem"))
	for _, f := range found {
		s.say("")
		printProblem(s, s.g.Config, f.Problem)
	}
}

// printProblem shows where, what stands there, what is wrong and what to write.
func printProblem(s *session, file string, p admin.Problem) {
	where := cmp.Or(p.File, file)
	if strings.HasPrefix(p.Path, "TOLLGATE_") { // a variable stands in no file
		where = ""
	}
	if p.Line > 0 {
		where += fmt.Sprintf(":%d:%d", p.Line, p.Column)
	}
	s.say("%s", strings.TrimSpace(where+"  "+p.Path))
	if p.Value != "" {
		s.say("  found  %s", p.Value)
	}
	s.say("  wrong  %s", p.Message)
	if p.Write != "" {
		s.say("  write  %s", p.Write)
	}
}

func printCheck(s *session, ch admin.Check) {
	s.say("  books   %s", map[bool]string{true: "answer", false: "do not answer: nothing paid is served, free models are"}[ch.Books == admin.BooksOK])
	s.say("  prices  %s list of %s, %s", ch.Prices.Source, orDash(ch.Prices.AsOf), plural(ch.Prices.Models, "model"))
	s.say("  keys    %s", keysLine(ch))
	s.say("")
	printEngines(s, ch.Engines)
	s.say("")
	printModels(s, ch)
	s.say("")
	printDeployments(s, ch.Deployments)
	printFindings(s, ch)
}

func keysLine(ch admin.Check) string {
	if ch.Books == admin.BooksOK && ch.Keys == 0 {
		return "none that calls models; make one with: tollgate key create --user NAME --create-user"
	}
	return plural(ch.Keys, "key") + " may call models"
}

func printEngines(s *session, engines []admin.Engine) {
	if len(engines) == 0 {
		s.say("no engines; name one in the configuration: providers: { gpu: { kind: vllm, url: http://gpu1:8000/v1 } }")
		return
	}
	t := newTable("engine", "kind", "where", "state", ">models", "since", "why")
	for _, e := range engines {
		where, state, why, models := "elsewhere", "reachable", "", numberOr(int64(e.Models), "-")
		if e.Local {
			where = "local"
		}
		switch {
		case e.Reachable == nil:
			state, why = "not asked", e.Error
		case !*e.Reachable && e.Assumed:
			state, why = "not there", "nobody named it; it is looked for every "+(15*time.Second).String()
		case !*e.Reachable:
			state, why = "UNREACHABLE", e.Error
		}
		t.add(e.Provider, e.Kind, where, state, models, when(e.Since, "-"), why)
	}
	t.print(s.stdout)
}

// printDeployments shows how those deployments are that have been called, or of which
// there is something to say.
func printDeployments(s *session, all []admin.Deployment) {
	t := newTable("deployment", "state", ">running", ">waiting", ">first token", "engine", "last failure")
	for _, d := range all {
		state, first, last := breakerWord(d.Breaker), "-", d.LastError
		if d.Until != nil {
			state = "LEFT OUT until " + when(d.Until, "")
		}
		if d.Demoted != "" && d.Breaker == balancer.Closed {
			state = "LAST: " + d.Demoted
		}
		if d.FirstToken != nil {
			first = number(*d.FirstToken) + " ms"
		}
		if d.LastErrorAt != nil {
			last += " at " + when(d.LastErrorAt, "")
		}
		engine := engineLine(d.Signals)
		if d.Breaker != balancer.Closed || d.Demoted != "" || d.FirstToken != nil || last != "" || engine != "" || d.InFlight+int64(d.Waiting) > 0 {
			t.add(d.Deployment, state, number(d.InFlight), number(int64(d.Waiting)), first, engine, last)
		}
	}
	if len(t.rows) > 0 {
		t.print(s.stdout)
		s.say("")
	}
}

// breakerWord is the state of a breaker for people: to most of them what is closed is shut.
func breakerWord(state string) string {
	switch state {
	case balancer.Closed:
		return "ok"
	case balancer.HalfOpen:
		return "on trial"
	}
	return state
}

// engineLine writes what an engine says of itself.
func engineLine(e *admin.Signals) string {
	if e == nil {
		return ""
	}
	var out []string
	if e.Healthy != nil && !*e.Healthy {
		out = append(out, "DOWN")
	}
	if e.Running != nil {
		out = append(out, fmt.Sprintf("%d running, %d waiting, cache %.0f%%", *e.Running, *e.Waiting, 100**e.Cache))
	}
	if e.Loaded != nil {
		out = append(out, map[bool]string{true: "loaded", false: "not loaded"}[*e.Loaded])
	}
	return strings.Join(out, ", ")
}

// printModels shows what each name leads to, and then what each deployment costs and
// why.
func printModels(s *session, ch admin.Check) {
	if len(ch.Models) == 0 {
		s.say("no models: nothing can be called yet")
		return
	}
	names := newTable("model", "price", ">context", ">output", ">keys", "served by", "when a budget is spent")
	places := newTable("deployment", "price", "why", "rates in $")
	seen := map[string]bool{}
	for _, m := range ch.Models {
		keys := "-"
		if m.Keys != nil {
			keys = number(int64(*m.Keys))
		}
		names.add(m.Name, m.Price, numberOr(m.Context, "-"), numberOr(m.MaxOutput, "-"), keys, wayOf(m.Candidates), m.WhenSpent)
		for _, c := range m.Candidates {
			// A price may be set for one name's use of a deployment only.
			row := []string{c.Deployment, c.Price, c.PriceFrom, c.Rates}
			if id := strings.Join(row, "\x00"); !seen[id] {
				seen[id] = true
				places.add(row...)
			}
		}
	}
	names.print(s.stdout)
	s.say("")
	slices.SortFunc(places.rows, slices.Compare)
	places.print(s.stdout)
}

// wayOf writes a model's candidates in the order in which they are tried, with their
// weights within a tier.
func wayOf(candidates []admin.Candidate) string {
	var b strings.Builder
	for i, c := range candidates {
		switch {
		case i == 0:
		case c.Tier == candidates[i-1].Tier:
			b.WriteString(" or ")
		default:
			b.WriteString(", then ")
		}
		b.WriteString(c.Deployment)
		if c.Weight > 1 {
			fmt.Fprintf(&b, " x%d", c.Weight)
		}
		if c.Reachable != nil && !*c.Reachable {
			b.WriteString(" (down)")
		}
	}
	return b.String()
}

func printFindings(s *session, ch admin.Check) {
	problems := 0
	for _, f := range ch.Findings {
		what := "problem"
		if f.Warning {
			what = "note"
		} else {
			problems++
		}
		s.say("%-7s  %s", what, configs.Problem(f.Problem).String())
	}
	for _, e := range ch.Engines {
		if e.Reachable != nil && !*e.Reachable && !e.Assumed {
			problems++
			s.say("problem  providers.%s: it does not answer: %s; is it running, and is its url right?", e.Provider, e.Error)
		}
	}
	switch {
	case ch.OK:
		s.say("no problems")
	case problems > 0:
		s.say("%s", plural(problems, "problem"))
	}
}

type explainCmd struct {
	Key   string `arg:"" help:"The key's id or name; - reads the key itself from standard input."`
	Model string `arg:"" help:"The model that would be asked for."`
}

// Run says what would be decided.
func (c *explainCmd) Run(s *session) error {
	key := c.Key
	if key == "-" {
		var err error
		if key, err = s.readSecret(); err != nil {
			return err
		}
	}
	var e admin.Explanation
	printed, err := s.call(http.MethodPost, "/explain", values{"key": key, "model": c.Model}, &e)
	if err != nil {
		var api *apiError
		if errors.As(err, &api) && api.Code == "not_found" {
			return &fault{code: exitNotFound, err: errors.New("no key has this id, name or secret"), next: "see: tollgate key list"}
		}
		if errors.As(err, &api) && api.Code == "model_not_found" {
			return &fault{code: exitNotFound, err: err, next: "see: tollgate check"}
		}
		return err
	}
	if !printed {
		printExplanation(s, e)
	}
	if !e.Served {
		return silent(exitRefused)
	}
	return nil
}

func printExplanation(s *session, e admin.Explanation) {
	who := e.Key.ID
	if e.Key.Name != "" {
		who += " (" + e.Key.Name + ")"
	}
	if e.Key.User != "" {
		who += " of user " + e.Key.User
	}
	if e.Key.Team != "" {
		who += " in team " + e.Key.Team
	}
	s.say("key %s asks for %s", who, e.Model)
	s.say("%s", e.Verdict)
	s.say("")
	head := []string{">tier", "deployment", "price", "open", ">hold", "why"}
	passed := slices.ContainsFunc(e.Steps, func(d gateway.Decision) bool { return d.Now != "" })
	if passed {
		head = slices.Insert(head, 3, "now")
	}
	t := newTable(head...)
	for _, d := range e.Steps {
		hold := "-"
		if d.Hold != "" {
			hold = "$" + d.Hold
		}
		row := []string{fmt.Sprint(d.Tier), d.Deployment, d.Price, yesNo(d.Open), hold, d.Why}
		if passed {
			row = slices.Insert(row, 3, cmp.Or(d.Now, "-"))
		}
		t.add(row...)
	}
	t.print(s.stdout)
	if len(e.Budgets) > 0 {
		s.say("")
		s.say("budgets")
		for _, b := range e.Budgets {
			s.say("  %s", b)
		}
	}
	if !e.Served && len(e.Free) > 0 {
		s.say("")
		s.say("free right now: %s", strings.Join(e.Free, ", "))
	}
}

type reloadCmd struct{}

// Run asks a running server to read its file again.
func (reloadCmd) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	if cfg, problems := loadPlace(s.g); !api.remote && len(problems) == 0 && cfg.Database.Driver == configs.Postgres {
		return &fault{code: exitUnreachable, err: errors.New("which server is to read its configuration again? With PostgreSQL each is asked by its own --url"), next: "a server reads its file again by itself when that changes, and on SIGHUP"}
	}
	if !api.remote {
		return &fault{code: exitUnreachable, err: errors.New("no server is running: the next start reads the configuration"), next: "start one with: tollgate serve"}
	}
	var out admin.Reloaded
	if printed, err := s.call(http.MethodPost, "/reload", nil, &out); printed || err != nil {
		return err
	}
	s.say("the configuration was read again and is in force")
	if len(out.NextStart) > 0 {
		s.say("at the next start only: %s", strings.Join(out.NextStart, ", "))
	}
	return nil
}
