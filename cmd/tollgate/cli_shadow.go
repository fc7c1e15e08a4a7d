package main

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"

	"tollgate/accounting"
	"tollgate/gateway/shadow"
)

type shadowCmds struct {
	Report shadowReportCmd `cmd:"" help:"Say where tollgate and the gateway that it runs beside differ, call by call and in sum."`
}

type shadowReportCmd struct {
	From  string `placeholder:"WHEN" help:"From this day or time on, in UTC."`
	To    string `placeholder:"WHEN" help:"Up to, and not including, this day or time."`
	Last  string `placeholder:"LENGTH" help:"The last so many hours, days or weeks: 12h, 7d, 2w. Without any of the three: everything."`
	Limit int    `default:"50" help:"How many differences are listed call by call, 0 to 1000."`
}

// kindTexts say what a kind of difference is.
var kindTexts = map[shadow.Kind]string{
	shadow.KeyUnknown:  "they served it; here the key is unknown or closed",
	shadow.WeRefuse:    "they served it; here it would be refused",
	shadow.WeServe:     "they refused it; here it would be served",
	shadow.BudgetEnds:  "they served it; here the budget would be spent by then",
	shadow.OtherReason: "both refuse it, for different reasons",
	shadow.Unpriced:    "both serve it; here it has no price",
	shadow.CostDiffers: "both serve it; the costs differ",
	shadow.NotCompared: "not compared: no answer, a failure, or not decided",
}

// Run prints the report.
func (c *shadowReportCmd) Run(s *session) error {
	q, err := reportFlags{From: c.From, To: c.To, Last: c.Last}.query(s, "")
	if err != nil {
		return err
	}
	if c.Limit < 0 || c.Limit > shadow.MaxListed {
		return usageError("--limit: %d is not from 0 to %d", c.Limit, shadow.MaxListed)
	}
	q.Set("limit", fmt.Sprint(c.Limit))
	return c.print(s, q)
}

func (c *shadowReportCmd) print(s *session, q url.Values) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	var r shadow.Report
	raw, err := api.do(s.ctx, http.MethodGet, "/shadow", q, nil, &r)
	if err != nil {
		return err
	}
	if s.g.JSON {
		return s.raw(raw)
	}
	if r.Total.Calls == 0 {
		s.say("no calls are recorded; run: tollgate serve --shadow http://THE-OTHER-GATEWAY:4000")
		return nil
	}
	s.say("%s from %s to %s: %s differ, %s are not compared", plural(int(r.Total.Calls), "call"), when(r.From, "-"), when(r.To, "-"), number(r.Total.Different), number(r.Total.NotCompare))
	s.say("tollgate would have charged %s; of the %s calls of which both costs are known %s here and %s there", dollars(r.Total.OurCost), number(r.Total.Both),
		dollars(r.Total.BothOurs), dollars(r.Total.BothTheirs))
	if len(r.Kinds) > 0 {
		s.say("")
		t := newTable("difference", ">calls", "")
		for _, k := range r.Kinds {
			t.add(string(k.Kind), number(k.Calls), kindTexts[k.Kind])
		}
		t.print(s.stdout)
	}
	if len(r.Budgets) > 0 {
		s.say("")
		t := newTable("budget", "of", ">limit", "spent at", ">refused from then on", ">served free instead", "until")
		for _, b := range r.Budgets {
			t.add(cmp.Or(b.Name, b.Budget), b.Kind+" "+b.Account, dollars(b.Limit), second(b.At), number(b.Refused), number(b.Free), when(b.End, "never"))
		}
		t.print(s.stdout)
		s.say("from then on paid calls would be refused until the period ends")
	}
	for _, g := range []struct {
		head  string
		lines []shadow.Line
	}{{"model", r.Models}, {"key", r.Keys}} {
		s.say("")
		t := newTable(g.head, ">calls", ">differ", ">our cost", ">ours of both", ">theirs of both", ">their spend")
		for _, l := range g.lines {
			t.add(l.Name, number(l.Calls), number(l.Different), dollars(l.OurCost), dollars(l.BothOurs), dollars(l.BothTheirs), dollarsOr(l.TheirSpend, "-"))
		}
		t.print(s.stdout)
	}
	if len(r.Differences) == 0 {
		return nil
	}
	s.say("")
	t := newTable("at", "difference", "key", "model", "ours", "theirs", ">our cost", ">their cost", "request", "why")
	for _, d := range r.Differences {
		t.add(second(d.At), string(d.Kind), d.Key, orDash(d.Model), d.Ours, theirs(d), cost(d.OurCost), cost(d.TheirCost), d.Request, d.Why)
	}
	t.print(s.stdout)
	if r.More > 0 {
		s.say("and %s more: see a shorter time with --from and --to, or --limit", number(r.More))
	}
	return nil
}

func theirs(d shadow.Difference) string {
	if d.Status == 0 {
		return d.Theirs
	}
	return fmt.Sprintf("%d %s", d.Status, d.Theirs)
}

func cost(m *accounting.Money) string { return dollarsOr(m, "-") }
