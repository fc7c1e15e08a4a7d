package toll

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/catalog"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// noted is a hold that remembers what was written down.
type noted struct {
	raised int
	to     accounting.Money // raised to
	marks  []ledger.Progress
	ended  []ledger.Outcome
}

func (*noted) Held() accounting.Money { return 1_000_000 }
func (n *noted) Raise(_ context.Context, q accounting.Quote) error {
	n.raised, n.to = n.raised+1, q.Amount()
	return nil
}
func (*noted) Release(context.Context) error  { return nil }
func (n *noted) Checkpoint(p ledger.Progress) { n.marks = append(n.marks, p) }
func (n *noted) Settle(_ context.Context, o ledger.Outcome) error {
	n.ended = append(n.ended, o)
	return nil
}

// TestMeter feeds a meter anything in any order: it never panics, never counts below
// zero nor less than what was reported and believed, and never charges nothing for a
// token.
func TestMeter(t *testing.T) {
	price, err := accounting.NewPriced(accounting.Tariff{Rates: accounting.Rates{accounting.Input: 1e9, accounting.Output: 1e10}})
	if err != nil {
		t.Fatal(err)
	}
	body, err := wire.ParseObject([]byte(`{"model":"m","messages":[{"role":"user","content":"hello there"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	counts := rapid.OneOf(rapid.Int64Range(0, 50), rapid.Int64Range(0, 200_000), rapid.Int64())
	rapid.Check(t, func(t *rapid.T) {
		context := rapid.SampledFrom([]int64{0, 1000, 128_000}).Draw(t, "context")
		choices := rapid.Int64Range(1, 3).Draw(t, "choices")
		fetches := rapid.Bool().Draw(t, "fetches")
		now := time.Unix(0, 0)
		hold := &noted{}
		m := &meter{toll: &Toll{now: func() time.Time { return now }, log: slog.New(slog.DiscardHandler)}, hold: hold, charge: &Charge{}, began: now, at: now,
			plan: &plan{dep: &catalog.Deployment{Context: context}, price: price, call: Call{Call: providers.Call{Operation: providers.Chat, Body: body}, Params: wire.Params{Choices: choices, Turns: fetches}}}}
		most := int64(mostTokens)
		if context > 0 && !fetches { // what is fetched is read in several turns
			most = context * choices
		}
		var text int
		var believed int64
		for range rapid.IntRange(0, 30).Draw(t, "events") {
			now = now.Add(time.Duration(rapid.Int64Range(-10, 10).Draw(t, "seconds")) * time.Second)
			said := strings.Repeat("word ", rapid.IntRange(0, 300).Draw(t, "words"))
			text += len(said)
			var u *accounting.Usage
			if rapid.Bool().Draw(t, "reported") {
				u = &accounting.Usage{accounting.Input: counts.Draw(t, "input"), accounting.Output: counts.Draw(t, "output"), accounting.Reasoning: counts.Draw(t, "reasoning")}
				c, _ := u.Clamp()
				if c.InputTokens()+c.OutputTokens() <= most {
					believed = max(believed, c.OutputTokens())
				}
			}
			m.seen(u, rapid.SampledFrom([]providers.Doubt{"", providers.BadUsage, providers.OddUsage}).Draw(t, "doubt"), said, "", "")
			m.checkpoint()
		}
		m.fail("client_gone", false)
		m.fail("again", false)
		if len(hold.ended) != 1 {
			t.Fatalf("settled %d times", len(hold.ended))
		}
		o := hold.ended[0]
		if _, moved := o.Usage.Clamp(); moved || o.Usage.InputTokens() == 0 || o.Usage.InputTokens() > most || o.Cost.Total <= 0 {
			t.Fatalf("settled at %+v", o)
		}
		if out := o.Usage.OutputTokens(); out < believed || (text > 0 && out == 0) || out > max(believed, int64(text)) {
			t.Fatalf("%d output tokens of %d reported and %d bytes", out, believed, text)
		}
		for i, p := range hold.marks {
			if _, moved := p.Usage.Clamp(); moved || p.Cost <= 0 || p.Usage.InputTokens() == 0 || (i > 0 && p.Usage.OutputTokens() < hold.marks[i-1].Usage.OutputTokens() && o.Source != accounting.Reported && believed == 0) {
				t.Fatalf("checkpoints %+v", hold.marks)
			}
		}
	})
}

// TestUsageOutOfRange: a count that no codec should let through is brought into range, and the
// entry says so; what is in range goes on as it came.
func TestUsageOutOfRange(t *testing.T) {
	for _, c := range []struct {
		said, want accounting.Usage
		flags      []string
	}{
		{accounting.Usage{accounting.Input: 9, accounting.Output: 5}, accounting.Usage{accounting.Input: 9, accounting.Output: 5}, nil},
		{accounting.Usage{accounting.Input: 9, accounting.Output: 5, accounting.Searches: -1}, accounting.Usage{accounting.Input: 9, accounting.Output: 5}, []string{"clamped_usage"}},
		{accounting.Usage{accounting.Input: -9, accounting.CachedInput: 9, accounting.Output: 5}, accounting.Usage{accounting.CachedInput: 9, accounting.Output: 5}, []string{"clamped_usage"}},
	} {
		m, hold := metering(t, providers.Chat, `{"model":"m","messages":[]}`, catalog.Deployment{})
		m.seen(&c.said, "", "", "", "")
		if err := m.complete(nil); err != nil || len(hold.ended) != 1 {
			t.Fatalf("%v, settled %d times", err, len(hold.ended))
		}
		o := hold.ended[0]
		c.want[accounting.Requests], c.want[accounting.Milliseconds] = 1, 1
		if o.Usage != c.want || !slices.Equal(o.Flags, c.flags) || o.Source != accounting.Reported {
			t.Errorf("of %v: booked %v (%s) with %q, want %v with %q", c.said, o.Usage, o.Source, o.Flags, c.want, c.flags)
		}
	}
}

// TestReports: a report that grew stands for all that came before it; beside one that stands
// still or shrinks the larger of it and of what was counted holds.
func TestReports(t *testing.T) {
	type step struct{ tokens, reported int64 } // of text, and then as output; -1: nothing
	for name, c := range map[string]struct {
		steps  []step
		want   int64
		source accounting.Source
		flags  []string
	}{
		"one at the end":               {[]step{{20, -1}, {0, 15}}, 15, accounting.Reported, nil},
		"growing":                      {[]step{{20, 10}, {20, 15}}, 15, accounting.Reported, nil},
		"far less than was counted":    {[]step{{3000, 15}}, 15, accounting.Reported, nil},
		"more after it":                {[]step{{20, 10}, {30, -1}}, 50, accounting.Counted, []string{"partial_usage"}},
		"less after it than it says":   {[]step{{5, 60}, {30, -1}}, 60, accounting.Reported, nil},
		"standing still":               {[]step{{5, 10}, {20, 10}}, 25, accounting.Counted, []string{"partial_usage"}},
		"shrinking":                    {[]step{{20, 10}, {30, 5}}, 50, accounting.Counted, []string{string(providers.OddUsage), "partial_usage"}},
		"shrinking, and growing again": {[]step{{20, 10}, {30, 5}, {0, 12}}, 50, accounting.Counted, []string{string(providers.OddUsage), "partial_usage"}},
		"shrinking, but larger":        {[]step{{20, 90}, {30, 5}, {0, 12}}, 90, accounting.Reported, []string{string(providers.OddUsage)}},
	} {
		m, hold := metering(t, providers.Chat, `{"model":"m","messages":[]}`, catalog.Deployment{})
		for _, s := range c.steps {
			var u *accounting.Usage
			if s.reported >= 0 {
				u = &accounting.Usage{accounting.Input: 9, accounting.Output: s.reported}
			}
			m.seen(u, "", strings.Repeat(" hello", int(s.tokens)), "", "")
		}
		if err := m.complete(nil); err != nil {
			t.Fatal(err)
		}
		if o := hold.ended[0]; o.Usage.OutputTokens() != c.want || o.Usage.InputTokens() != 9 || o.Source != c.source || !slices.Equal(o.Flags, c.flags) {
			t.Errorf("%s: %d (%s) with %q, want %d (%s) with %q", name, o.Usage.OutputTokens(), o.Source, o.Flags, c.want, c.source, c.flags)
		}
	}
}

// TestWholeAnswers: what an answer has produced is counted where its usage tells no output, but
// for a prompt that it repeats.
func TestWholeAnswers(t *testing.T) {
	const chat, text = `{"choices":[{"message":{"content":" hello hello hello"}}]}`, `{"choices":[{"text":" hello hello hello"}]}`
	said := func(output int64) *accounting.Usage {
		return &accounting.Usage{accounting.Input: 9, accounting.Output: output}
	}
	for name, c := range map[string]struct {
		op     providers.Operation
		echo   bool
		answer providers.Answer
		want   int64
		source accounting.Source
	}{
		"reported":                             {providers.Chat, false, providers.Answer{Body: []byte(chat), Usage: said(1)}, 1, accounting.Reported},
		"reported as none":                     {providers.Chat, false, providers.Answer{Body: []byte(chat), Usage: said(0)}, 3, accounting.Counted},
		"not reported":                         {providers.Chat, false, providers.Answer{Body: []byte(chat)}, 3, accounting.Counted},
		"not reported, and read":               {providers.Chat, false, providers.Answer{Body: []byte(chat), Text: " hello"}, 1, accounting.Counted},
		"a prompt that it repeats":             {providers.Completions, true, providers.Answer{Body: []byte(text), Usage: said(0)}, 0, accounting.Reported},
		"a prompt that it repeats, unreported": {providers.Completions, true, providers.Answer{Body: []byte(text)}, 3, accounting.Counted},
	} {
		m, hold := metering(t, c.op, `{"model":"m","messages":[{"role":"user","content":"hi"}],"prompt":"hi"}`, catalog.Deployment{})
		m.plan.call.Params.Echo = c.echo
		m.whole(&c.answer)
		if err := m.complete(nil); err != nil {
			t.Fatal(err)
		}
		if o := hold.ended[0]; o.Usage.OutputTokens() != c.want || o.Source != c.source {
			t.Errorf("%s: %d (%s), want %d (%s)", name, o.Usage.OutputTokens(), o.Source, c.want, c.source)
		}
	}
}

// booked are the ends that were counted.
type booked struct {
	usages []accounting.Usage
	costs  []*accounting.Money
}

func (b *booked) Settled(_ *catalog.Deployment, u accounting.Usage, cost *accounting.Money) {
	b.usages, b.costs = append(b.usages, u), append(b.costs, cost)
}

// TestEntrySays: an entry has the words of its answer and what was unusual, and is counted once.
func TestEntrySays(t *testing.T) {
	for name, c := range map[string]struct {
		input    int64 // tokens
		tier     string
		unpriced bool
		doubt    providers.Doubt
		flags    []string
	}{
		"as it is":              {1_000, "", false, "", nil}, // costs just what is held
		"above the hold":        {1_001, "", false, "", []string{"above_hold"}},
		"a tier of no rates":    {9, "flex", false, "", []string{"unknown_tier"}},
		"a tier unheard of":     {9, "swift", false, "", []string{"unknown_tier"}},
		"a tier, at no price":   {9, "swift", true, "", nil},
		"a prompt, at no price": {5_000, "", true, "", nil},
		"a doubt":               {9, "", false, providers.OddUsage, []string{string(providers.OddUsage)}},
	} {
		m, hold := metering(t, providers.Chat, `{"model":"m","messages":[]}`, catalog.Deployment{})
		counted := &booked{}
		m.toll.Measure(counted)
		if c.unpriced {
			m.plan.price = accounting.Priced{}
		}
		m.seen(&accounting.Usage{accounting.Input: c.input}, c.doubt, "", c.tier, "m-2026")
		for range 2 {
			if err := m.complete(&providers.Error{Kind: providers.ServerError}); err != nil {
				t.Fatal(err)
			}
		}
		o := hold.ended[0]
		if len(hold.ended) != 1 || o.Status != providers.ServerError.String() || o.Tier != c.tier || o.Model != "m-2026" || !slices.Equal(o.Flags, c.flags) || (o.Cost == nil) != c.unpriced {
			t.Errorf("%s: %d entries, %+v", name, len(hold.ended), o)
		}
		if len(counted.usages) != 1 || counted.usages[0] != o.Usage || (counted.costs[0] == nil) != c.unpriced || !c.unpriced && *counted.costs[0] != o.Cost.Total {
			t.Errorf("%s: counted %+v of %+v", name, counted, o)
		}
	}
}

// TestUsageWithoutAPrice: where a price does not cover what was used, the whole hold is noted on
// the way and booked at the end.
func TestUsageWithoutAPrice(t *testing.T) {
	m, hold := metering(t, providers.Chat, `{"model":"m","messages":[]}`, catalog.Deployment{})
	price, err := accounting.NewPriced(accounting.Tariff{Rates: accounting.Rates{accounting.Input: 1e9}})
	if err != nil {
		t.Fatal(err)
	}
	m.plan.price = price
	m.seen(&accounting.Usage{accounting.Input: 7, accounting.Output: 500}, "", "", "", "")
	m.checkpoint()
	if err := m.complete(nil); err != nil || len(hold.marks) != 1 {
		t.Fatalf("%v, %d checkpoints", err, len(hold.marks))
	}
	if o := hold.ended[0]; hold.marks[0].Cost != hold.Held() || o.Cost == nil || o.Cost.Total != hold.Held() || !slices.Equal(o.Flags, []string{"unbillable_usage"}) {
		t.Errorf("noted %+v, booked %+v", hold.marks[0], o)
	}
}

// TestFailuresAreUncertain: of a call that may have been served nobody knows what it has used,
// unless something of its answer was seen.
func TestFailuresAreUncertain(t *testing.T) {
	for _, c := range []struct {
		text      string
		uncertain bool
		want      accounting.Source
	}{{"", true, accounting.Uncertain}, {" hello", true, accounting.Estimated}, {strings.Repeat(" hello", 2048), true, accounting.Estimated}, {"", false, accounting.Estimated}} {
		m, hold := metering(t, providers.Chat, `{"model":"m","messages":[]}`, catalog.Deployment{})
		m.seen(nil, "", c.text, "", "")
		m.fail("lost", c.uncertain)
		if o := hold.ended[0]; o.Source != c.want || o.Status != "lost" {
			t.Errorf("%d bytes, uncertain %v: %s, want %s", len(c.text), c.uncertain, o.Source, c.want)
		}
	}
}

// TestHoldsFollowInWholeChoices: a hold is raised to what was produced, shared among the choices
// and rounded up, and the usual output of each on top of it.
func TestHoldsFollowInWholeChoices(t *testing.T) {
	for produced, each := range map[int64]accounting.Money{29: 0, 30: 10 + 10, 31: 11 + 10, 33: 11 + 10, 34: 12 + 10} {
		m, hold := metering(t, providers.Chat, `{"model":"m","messages":[]}`, catalog.Deployment{DefaultOutput: 10, Provider: &catalog.Provider{}})
		m.plan.call.Stream, m.plan.call.Params.Choices = true, 3
		m.plan.follow(10, 0)
		m.seen(&accounting.Usage{accounting.Output: produced}, "", "", "", "")
		for range 2 { // the second time there is room
			if err := m.grow(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if hold.to != 3*each*10_000 || hold.raised > 1 {
			t.Errorf("%d tokens: raised %d times, to %s, want %s", produced, hold.raised, hold.to, 3*each*10_000)
		}
	}
}

// TestUnits: of what is billed by more than its text, that which was not reported is what the
// request tells of it.
func TestUnits(t *testing.T) {
	const in, searches, images, drawn = accounting.Input, accounting.Searches, accounting.Images, accounting.ImageOutput
	const ranking, prompt = `{"query":"hello","documents":["a","b c"]}`, `{"prompt":"hello"}`
	asked := wire.Units{Images: 2, ImageTokens: 100}
	for name, c := range map[string]struct {
		op       providers.Operation
		body     string
		reported *accounting.Usage
		want     accounting.Usage
		source   accounting.Source
	}{
		"a ranking":                          {providers.Rerank, ranking, nil, accounting.Usage{in: 5, searches: 1}, accounting.Estimated},
		"a ranking of which nothing is told": {providers.Rerank, ranking, &accounting.Usage{}, accounting.Usage{in: 5, searches: 1}, accounting.Estimated},
		"a ranking, its tokens":              {providers.Rerank, ranking, &accounting.Usage{in: 7}, accounting.Usage{in: 7, searches: 1}, accounting.Estimated},
		"a ranking, its searches":            {providers.Rerank, ranking, &accounting.Usage{searches: 2}, accounting.Usage{in: 5, searches: 2}, accounting.Counted},
		"a ranking, both":                    {providers.Rerank, ranking, &accounting.Usage{in: 7, searches: 2}, accounting.Usage{in: 7, searches: 2}, accounting.Reported},
		"images":                             {providers.ImageGenerations, prompt, nil, accounting.Usage{in: 2, images: 2, drawn: 200}, accounting.Estimated},
		"images, how many":                   {providers.ImageGenerations, prompt, &accounting.Usage{images: 1}, accounting.Usage{in: 2, images: 1, drawn: 100}, accounting.Estimated},
		"images, their tokens":               {providers.ImageGenerations, prompt, &accounting.Usage{in: 3, drawn: 9}, accounting.Usage{in: 3, images: 2, drawn: 9}, accounting.Reported},
		"images, both":                       {providers.ImageGenerations, prompt, &accounting.Usage{in: 3, images: 1, drawn: 9}, accounting.Usage{in: 3, images: 1, drawn: 9}, accounting.Reported},
	} {
		m, hold := metering(t, c.op, c.body, catalog.Deployment{})
		m.plan.call.Params.Units = asked
		m.seen(c.reported, "", "", "", "")
		if err := m.complete(nil); err != nil {
			t.Fatal(err)
		}
		c.want[accounting.Requests], c.want[accounting.Milliseconds] = 1, 1
		if o := hold.ended[0]; o.Usage != c.want || o.Source != c.source {
			t.Errorf("%s: %v (%s), want %v (%s)", name, o.Usage, o.Source, c.want, c.source)
		}
	}
}

// TestCheckpoints: how far a stream has got is written down once it has so many tokens more,
// or so much time has gone by, as far as it is known then; and not more often.
func TestCheckpoints(t *testing.T) {
	hello := func(tokens int) string { return strings.Repeat(" hello", tokens) }
	reported := func(output int64) *accounting.Usage {
		return &accounting.Usage{accounting.Input: 7, accounting.Output: output}
	}
	type event struct {
		after time.Duration
		text  string
		usage *accounting.Usage
	}
	for name, c := range map[string]struct {
		events []event
		want   []int64 // output tokens, by checkpoint
	}{
		"nothing":                              {nil, nil},
		"one token fewer":                      {[]event{{0, hello(499), nil}}, nil},
		"so many":                              {[]event{{0, hello(500), nil}}, []int64{500}},
		"so many in pieces":                    {[]event{{0, hello(300), nil}, {0, hello(200), nil}, {0, hello(100), nil}}, []int64{500}},
		"so many again":                        {[]event{{0, hello(500), nil}, {0, hello(499), nil}, {0, hello(501), nil}}, []int64{500, 1500}},
		"long and of few tokens":               {[]event{{0, strings.Repeat(" ", 1999), nil}}, nil},
		"a moment too early":                   {[]event{{checkpointTime - 1, hello(7), nil}}, nil},
		"a little of late":                     {[]event{{checkpointTime, hello(7), nil}}, []int64{7}},
		"a little, and again":                  {[]event{{checkpointTime, hello(7), nil}, {checkpointTime - 1, hello(2), nil}, {1, hello(1), nil}}, []int64{7, 10}},
		"reported":                             {[]event{{0, "", reported(499)}, {0, "", reported(500)}}, []int64{500}},
		"reported, and then more":              {[]event{{0, "", reported(400)}, {0, hello(500), nil}}, []int64{500}},
		"less than reported":                   {[]event{{0, "", reported(500)}, {checkpointTime, hello(7), nil}}, []int64{500, 500}},
		"reported, whatever was counted of it": {[]event{{0, hello(450), nil}, {0, hello(9), reported(500)}}, []int64{500}},
	} {
		m, hold := metering(t, providers.Chat, `{"model":"m","messages":[{"role":"user","content":"hello there"}]}`, catalog.Deployment{})
		now := m.began
		m.toll.now = func() time.Time { return now }
		for _, e := range c.events {
			now = now.Add(e.after)
			m.seen(e.usage, "", e.text, "", "")
			m.checkpoint()
		}
		var got []int64
		for _, p := range hold.marks {
			got = append(got, p.Usage.OutputTokens())
			if in := p.Usage.InputTokens(); in == 0 || p.Cost != accounting.Money(in*1_000+p.Usage.OutputTokens()*10_000) {
				t.Errorf("%s: %+v", name, p)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestCheckpointsTellWhereItGoesOn: of a call that is followed each checkpoint says where it
// goes on, the later ones too; of any other none does.
func TestCheckpointsTellWhereItGoesOn(t *testing.T) {
	for _, followed := range []bool{true, false} {
		m, hold := metering(t, providers.Responses, `{"model":"m","input":"hello"}`, catalog.Deployment{})
		want := []string{""}
		if followed {
			m.slot = func() {}
			want = []string{"resp_1", "resp_1"}
		}
		m.goesOn("resp_1")
		m.goesOn("resp_1")
		m.seen(nil, "", strings.Repeat(" hello", 500), "", "")
		m.checkpoint()
		var got []string
		for _, p := range hold.marks {
			got = append(got, p.Running)
		}
		if !slices.Equal(got, want) || hold.marks[len(hold.marks)-1].Usage.OutputTokens() != 500 {
			t.Errorf("followed %v: %q, want %q; %+v", followed, got, want, hold.marks)
		}
	}
}
