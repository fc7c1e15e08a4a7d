package shadow

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tollgate/accounting"
)

var begin = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

func usd(s string) *accounting.Money {
	m, err := accounting.ParseMoney(s)
	if err != nil {
		panic(err)
	}
	return &m
}

// served is a call that both serve, at the same cost.
func served() Call {
	return Call{At: begin, RequestID: "r", Operation: "chat", Model: "m", Key: "k",
		Ours:   Ours{Decision: Served, Deployment: "cloud/m", Price: "paid", Cost: usd("0.5"), Source: "reported"},
		Theirs: Theirs{Status: 200, Cost: usd("0.5"), Ended: "ok"}}
}

func with(change func(*Call)) Call {
	c := served()
	change(&c)
	return c
}

func TestKindOfACall(t *testing.T) {
	refuses := func(word string) func(*Call) {
		return func(c *Call) { c.Ours = Ours{Decision: word, Why: "because"} }
	}
	refused := func(status int, word string) Theirs {
		return Theirs{Status: status, Refused: word, Type: "t", Ended: "ok"}
	}
	for name, row := range map[string]struct {
		call Call
		want Kind
	}{
		"alike":                        {served(), Same},
		"a nano apart":                 {with(func(c *Call) { c.Theirs.Cost = usd("0.500000001") }), Same},
		"two nanos apart":              {with(func(c *Call) { c.Theirs.Cost = usd("0.500000002") }), CostDiffers},
		"they say no cost":             {with(func(c *Call) { c.Theirs.Cost = nil }), Same},
		"free here, charged there":     {with(func(c *Call) { c.Ours.Price, c.Ours.Cost = "free", usd("0") }), CostDiffers},
		"unpriced here":                {with(func(c *Call) { c.Ours.Price, c.Ours.Cost = "unknown", nil }), Unpriced},
		"unpriced, with a ceiling":     {with(func(c *Call) { c.Ours.Price = "unknown" }), Same},
		"unknown key":                  {with(refuses(UnknownKey)), KeyUnknown},
		"closed key":                   {with(refuses(KeyClosed)), KeyUnknown},
		"denied":                       {with(refuses(ModelDenied)), WeRefuse},
		"no price and a budget":        {with(refuses("price_unknown")), WeRefuse},
		"their budget, free here":      {with(func(c *Call) { c.Theirs = refused(429, BudgetSpent); c.Ours.Price = "free" }), WeServe},
		"both refuse for money":        {with(func(c *Call) { refuses(BudgetSpent)(c); c.Theirs = refused(429, BudgetSpent) }), Same},
		"both do, held":                {with(func(c *Call) { refuses("budget_held")(c); c.Theirs = refused(400, BudgetSpent) }), Same},
		"both know no key":             {with(func(c *Call) { refuses(UnknownKey)(c); c.Theirs = refused(401, UnknownKey) }), Same},
		"closed there, unknown here":   {with(func(c *Call) { refuses(UnknownKey)(c); c.Theirs = refused(401, KeyClosed) }), Same},
		"denied there, budget here":    {with(func(c *Call) { refuses(BudgetSpent)(c); c.Theirs = refused(403, ModelDenied) }), OtherReason},
		"the upstream failed":          {with(func(c *Call) { c.Theirs = Theirs{Status: 500} }), NotCompared},
		"a request that is not right":  {with(func(c *Call) { refuses(BadRequest)(c); c.Theirs = Theirs{Status: 400} }), NotCompared},
		"they served what is not read": {with(refuses(BadRequest)), WeRefuse},
		"no answer":                    {with(func(c *Call) { c.Theirs = Theirs{Ended: "unreachable"} }), NotCompared},
		"not decided":                  {with(refuses(Undecided)), NotCompared},
	} {
		b := NewBuilder(MaxListed)
		b.Add(row.call)
		r := b.Report()
		got := Same
		if len(r.Kinds) > 0 {
			got = r.Kinds[0].Kind
		}
		if got != row.want {
			t.Errorf("%s: %q, wanted %q", name, got, row.want)
		}
		if listed := len(r.Differences) == 1; listed != (row.want != Same) {
			t.Errorf("%s: %d differences are listed", name, len(r.Differences))
		}
	}
}

// paid is a paid call that counts for one budget of 1 USD.
func paid(minute int, cost string, change func(*Call)) Call {
	c := served()
	c.At, c.RequestID = begin.Add(time.Duration(minute)*time.Minute), fmt.Sprint(minute)
	c.Ours.Cost, c.Theirs.Cost, c.Ours.Need = usd(cost), usd(cost), *usd("0.2")
	c.Ours.Budgets = []Claim{{Budget: "b", Name: "month", Kind: "user", Account: "u", Start: begin.Truncate(24 * time.Hour), End: begin.AddDate(0, 1, 0), Limit: *usd("1")}}
	if change != nil {
		change(&c)
	}
	return c
}

func TestABudgetThatWouldBeSpent(t *testing.T) {
	free := func(c *Call) { c.Ours.Otherwise = "gpu/m" }
	for name, row := range map[string]struct {
		calls   []Call
		kinds   string
		at      int // minute in which the budget ends; -1: it does not
		spent   string
		refused int64
		free    int64
		cost    string
	}{
		"room for all": {[]Call{paid(1, "0.4", nil), paid(2, "0.4", nil), paid(3, "0.2", nil)}, "", -1, "", 0, 0, "1"},
		"the hold does not fit any more": {[]Call{paid(1, "0.5", nil), paid(2, "0.4", nil), paid(3, "0.05", nil), paid(4, "0.05", nil)},
			"budget_spent:2", 3, "0.9", 2, 0, "0.9"},
		"above the limit by one":    {[]Call{paid(1, "0.7", nil), paid(2, "5", nil), paid(3, "0.1", nil)}, "budget_spent:1", 3, "5.7", 1, 0, "5.7"},
		"a free model in its place": {[]Call{paid(1, "0.9", nil), paid(2, "0.1", free)}, "budget_spent:1", 2, "0.9", 1, 1, "0.9"},
		"what the books had before": {[]Call{paid(1, "0.1", func(c *Call) { c.Ours.Budgets[0].Posted = *usd("0.75") }), paid(2, "0.1", func(c *Call) { c.Ours.Budgets[0].Posted = *usd("0.75") })},
			"budget_spent:1", 2, "0.85", 1, 0, "0.1"},
		"the next period is empty": {[]Call{paid(1, "0.9", nil), paid(2, "0.9", func(c *Call) { c.Ours.Budgets[0].Start = begin.AddDate(0, 1, 0) })}, "", -1, "", 0, 0, "1.8"},
		"another user":             {[]Call{paid(1, "0.9", nil), paid(2, "0.9", func(c *Call) { c.Ours.Budgets[0].Account = "v" })}, "", -1, "", 0, 0, "1.8"},
		"free ones never count": {[]Call{paid(1, "0.9", nil), paid(2, "0", func(c *Call) { c.Ours.Price = "free" }), paid(3, "0", func(c *Call) { c.Ours.Price = "free" })},
			"", -1, "", 0, 0, "0.9"},
		"what they refused has cost nothing": {[]Call{paid(1, "0.9", nil), paid(2, "0", func(c *Call) {
			c.Theirs = Theirs{Status: 429, Refused: BudgetSpent}
			c.Ours.Cost = nil
		})}, "", 2, "0.9", 1, 0, "0.9"},
		"all or nothing": {[]Call{paid(1, "0.9", nil), paid(2, "0.3", func(c *Call) {
			c.Ours.Budgets = append(c.Ours.Budgets, Claim{Budget: "wide", Kind: "team", Limit: *usd("0.3")})
		}), paid(3, "0.3", func(c *Call) {
			c.Ours.Budgets = []Claim{{Budget: "wide", Kind: "team", Limit: *usd("0.3")}}
		})}, "budget_spent:1", 2, "0.9", 1, 0, "1.2"},
	} {
		b := NewBuilder(MaxListed)
		for _, c := range row.calls {
			b.Add(c)
		}
		r := b.Report()
		var kinds []string
		for _, k := range r.Kinds {
			kinds = append(kinds, fmt.Sprintf("%s:%d", k.Kind, k.Calls))
		}
		if got := strings.Join(kinds, " "); got != row.kinds {
			t.Errorf("%s: %q, wanted %q", name, got, row.kinds)
		}
		if r.Total.OurCost != *usd(row.cost) {
			t.Errorf("%s: %s would be charged, wanted %s", name, r.Total.OurCost, row.cost)
		}
		if row.at < 0 {
			if len(r.Budgets) > 0 {
				t.Errorf("%s: %+v", name, r.Budgets)
			}
			continue
		}
		if len(r.Budgets) != 1 {
			t.Errorf("%s: %d budgets end", name, len(r.Budgets))
			continue
		}
		e := r.Budgets[0]
		if at := begin.Add(time.Duration(row.at) * time.Minute); !e.At.Equal(at) || e.Spent != *usd(row.spent) || e.Refused != row.refused || e.Free != row.free {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func TestAReportIsBounded(t *testing.T) {
	b := NewBuilder(2)
	for i := range maxGroups + 500 {
		b.Add(with(func(c *Call) {
			c.Model, c.Key, c.Theirs.Cost = fmt.Sprint("m", i), "", usd("9")
			c.KeyMark = fmt.Sprint(i)
		}))
	}
	r := b.Report()
	if len(r.Differences) != 2 || r.More != maxGroups+498 {
		t.Errorf("%d are listed and %d are not", len(r.Differences), r.More)
	}
	if len(r.Models) != maxGroups+1 || len(r.Keys) != maxGroups+1 || r.Models[0].Name != others || r.Models[0].Calls != 500 {
		t.Errorf("%d lines by model, %d by key, the first %+v", len(r.Models), len(r.Keys), r.Models[0])
	}
}
