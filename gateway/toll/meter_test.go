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
	marks  []ledger.Progress
	ended  []ledger.Outcome
}

func (*noted) Held() accounting.Money                          { return 1_000_000 }
func (n *noted) Raise(context.Context, accounting.Quote) error { n.raised++; return nil }
func (*noted) Release(context.Context) error                   { return nil }
func (n *noted) Checkpoint(p ledger.Progress)                  { n.marks = append(n.marks, p) }
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
