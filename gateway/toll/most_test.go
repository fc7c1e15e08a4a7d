package toll

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// TestMost: what a call is held for, meter by meter, in every case that changes it.
func TestMost(t *testing.T) {
	const (
		in, out = accounting.Input, accounting.Output
		ms      = accounting.Milliseconds
	)
	one := accounting.Usage{accounting.Requests: 1}
	with := func(u accounting.Usage, more accounting.Usage) accounting.Usage {
		for i, n := range more {
			u[i] += n
		}
		return u
	}
	chat := with(one, accounting.Usage{in: 300, out: 50, ms: 60_000})
	for name, c := range map[string]struct {
		op      providers.Operation
		params  wire.Params
		context int64
		want    accounting.Usage
	}{
		"a chat":                            {providers.Chat, wire.Params{InputBound: 300, Choices: 1}, 0, chat},
		"a prompt as long as the context":   {providers.Chat, wire.Params{InputBound: 300, Choices: 1}, 300, chat},
		"a longer one, which is not served": {providers.Chat, wire.Params{InputBound: 301, Choices: 1}, 300, chat},
		"several choices":                   {providers.Chat, wire.Params{InputBound: 300, Choices: 3}, 0, with(chat, accounting.Usage{out: 100})},
		"a search, whose findings no context bounds": {providers.Chat, wire.Params{InputBound: 300, Choices: 1, Searches: 2}, 100,
			with(chat, accounting.Usage{in: 2 * searchTokens, accounting.Searches: 2})},
		"what a response follows": {providers.Responses, wire.Params{InputBound: 300, Choices: 1, Stored: true}, 1000, with(chat, accounting.Usage{in: 700})},
		"what it follows, of a model of an unknown context": {providers.Responses, wire.Params{InputBound: 300, Choices: 1, Stored: true}, 0,
			with(chat, accounting.Usage{in: catalog.AssumedOutput - 300})},
		"a prompt that is kept for an hour": {providers.Messages, wire.Params{InputBound: 300, Choices: 1, HourCache: true}, 0,
			with(chat, accounting.Usage{in: -300, accounting.CacheWriteHour: 300})},
		"sound that is listened to": {providers.Chat, wire.Params{InputBound: 300, Choices: 1, AudioIn: true}, 0, with(chat, accounting.Usage{accounting.AudioInput: 300})},
		"sound that is made":        {providers.Chat, wire.Params{InputBound: 300, Choices: 2, AudioOut: true}, 0, with(chat, accounting.Usage{out: 50, accounting.AudioOutput: 100})},
		"texts that are embedded, each with a context of its own": {providers.Embeddings, wire.Params{InputBound: 300, Choices: 1}, 100,
			with(one, accounting.Usage{in: 300})},
		"a ranking, whose searches find no text": {providers.Rerank, wire.Params{InputBound: 300, Choices: 1, Searches: 2}, 0,
			with(one, accounting.Usage{in: 300, accounting.Searches: 2})},
		"a recording": {providers.Transcriptions, wire.Params{Choices: 1, Units: wire.Units{MillisMost: 1_001}}, 0,
			with(one, accounting.Usage{accounting.AudioInput: 41, out: 11, ms: 1_001})}, // begun tokens count
		"a speech": {providers.Speech, wire.Params{InputBound: 300, Choices: 1, Units: wire.Units{Characters: 70}}, 0,
			with(one, accounting.Usage{in: 300, accounting.Characters: 70, accounting.AudioOutput: 280, ms: 60_000})},
		"images of images": {providers.ImageEdits, wire.Params{InputBound: 300, Choices: 1, Units: wire.Units{Images: 2, ImageTokens: 1000, ImagesIn: 3}}, 0,
			with(one, accounting.Usage{in: 300, accounting.Images: 2, accounting.ImageInput: 3 * wire.ImageInTokens, accounting.ImageOutput: 2000, ms: 60_000})},
	} {
		p := &plan{dep: &catalog.Deployment{Context: c.context, Provider: &catalog.Provider{FirstByte: time.Minute}},
			call: Call{Call: providers.Call{Operation: c.op}, Params: c.params}}
		if got := p.most(50); got != c.want {
			t.Errorf("%s: held for %v, want %v", name, got, c.want)
		}
	}
}

// TestSizes: how large the hold of a call is, what it may shrink to, what is sent as the cap
// and from where on the hold follows the stream.
func TestSizes(t *testing.T) {
	const usual, most = 10, 90
	limit := accounting.Money(1)
	for name, c := range map[string]struct {
		op        providers.Operation // 0: chat
		body      string
		set       int64 // the client's own cap
		stream    bool
		hidden    bool // its reasoning is not shown
		echo      bool // the prompt comes back
		behind    bool // in the background
		clamps    bool
		unlimited bool
		want      size
	}{
		"no output":                         {op: providers.Embeddings, stream: true, set: 7, want: size{}},
		"a cap":                             {set: 7, body: `{"max_tokens":7}`, want: size{first: 7, least: 7}},
		"a cap that may be lowered":         {set: 7, body: `{"max_tokens":7}`, clamps: true, want: size{first: 7, least: 1}},
		"a cap of a stream":                 {set: 7, body: `{"max_completion_tokens":7}`, stream: true, want: size{first: 7, least: 7, grows: 14}},
		"a cap that is not read":            {set: 7, body: `{"max_output_tokens":7}`, want: size{first: 7, least: 7, caps: true, grows: 14}},
		"a cap that is null where it is":    {set: 7, body: `{"max_tokens":null,"max_output_tokens":7}`, want: size{first: 7, least: 7, caps: true, grows: 14}},
		"a cap of a stream that is not":     {set: 7, body: `{"max_output_tokens":7}`, stream: true, want: size{first: 7, least: 7, caps: true, grows: 14}},
		"a cap of a stream, without limits": {set: 7, body: `{"max_output_tokens":7}`, stream: true, unlimited: true, want: size{first: 7, least: 7}},
		"a cap of a stream that echoes":     {op: providers.Completions, set: 7, body: `{"max_tokens":7}`, stream: true, echo: true, want: size{first: 7, least: 7}},
		"a cap of a chat that cannot":       {set: 7, body: `{"max_tokens":7}`, stream: true, echo: true, want: size{first: 7, least: 7, grows: 14}},
		"a cap of what has no field for it": {op: providers.ResponsesCompact, set: 7, want: size{first: 7, least: 7}},
		"none":                              {want: size{first: most, least: usual, caps: true}},
		"none, without limits":              {unlimited: true, want: size{first: usual, least: usual}},
		"none of a stream":                  {stream: true, want: size{first: usual, least: usual, grows: usual, ease: usual}},
		"none of a stream, without limits":  {stream: true, unlimited: true, want: size{first: usual, least: usual}},
		"none of a stream that hides some":  {stream: true, hidden: true, want: size{first: most, least: usual, caps: true}},
		"none of one in the background":     {op: providers.Responses, stream: true, behind: true, want: size{first: most, least: usual, caps: true}},
		"none of what cannot be capped":     {op: providers.ResponsesCompact, want: size{first: most, least: most}},
	} {
		g, b, _, _ := gate(t, 0)
		b.set(false)
		if !c.unlimited {
			g.ledger.SetBudgets(ledger.NewBudgets([]ledger.Budget{{ID: "b", Kind: ledger.Key, Each: true, Limit: &limit}}))
		}
		g.options = func() Options { return Options{ClampOutput: c.clamps} }
		if c.op == 0 {
			c.op = providers.Chat
		}
		if c.body == "" {
			c.body = `{}`
		}
		body, err := wire.ParseObject([]byte(c.body))
		if err != nil {
			t.Fatal(err)
		}
		p := &plan{dep: &catalog.Deployment{DefaultOutput: usual, MaxOutput: most, HiddenReasoning: c.hidden}, attempt: attemptOf("one"),
			call: Call{Call: providers.Call{Operation: c.op, Stream: c.stream, Body: body}, Params: wire.Params{Choices: 1, OutputCap: c.set, Background: c.behind, Echo: c.echo}}}
		if got := g.sizeOf(p); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
		stop(t, g)
	}
}

// TestTierOfAHold: a call is held for at the tier that it asks for, if that is dearer.
func TestTierOfAHold(t *testing.T) {
	rates := func(r accounting.Rate) accounting.Rates { return accounting.Rates{accounting.Output: r} }
	price, err := accounting.NewPriced(accounting.Tariff{Rates: rates(2_000_000), Tiers: map[accounting.Tier]accounting.Rates{accounting.Priority: rates(4_000_000), accounting.Flex: rates(1_000_000)}})
	if err != nil {
		t.Fatal(err)
	}
	g, b, _, _ := gate(t, 0)
	b.set(false)
	defer stop(t, g)
	for tier, want := range map[string]accounting.Money{"": 20, "flex": 20, "priority": 40} {
		p, err := g.paid(catalog.Paid{Deployment: &catalog.Deployment{Provider: &catalog.Provider{}}, Price: price},
			Call{Call: providers.Call{Operation: providers.Chat}, Params: wire.Params{Choices: 1, ServiceTier: tier}, Who: access.Principal{Key: &access.Key{ID: "k"}}})
		if err != nil {
			t.Fatal(err)
		}
		if q, err := p.quote(10); err != nil || q.Amount() != want {
			t.Errorf("%q: held for %s, want %s (%v)", tier, q.Amount(), want, err)
		}
	}
}

// TestFitting: the largest cap whose hold fits every budget that refused, beside what is spent
// and held there; none where it is no matter of size.
func TestFitting(t *testing.T) {
	price, err := accounting.NewPriced(accounting.Tariff{Rates: accounting.Rates{accounting.Input: 1_000_000, accounting.Output: 1_000_000}})
	if err != nil {
		t.Fatal(err)
	}
	p := &plan{dep: &catalog.Deployment{Provider: &catalog.Provider{}}, price: price, call: Call{Call: providers.Call{Operation: providers.Chat}, Params: wire.Params{Choices: 1, InputBound: 1}}}
	short := func(state ledger.State, limit, posted, held accounting.Money) ledger.Shortfall {
		return ledger.Shortfall{Claim: ledger.Claim{Budget: &ledger.Budget{Limit: &limit}}, Standing: ledger.Standing{Posted: posted, Held: held}, State: state}
	}
	for name, c := range map[string]struct {
		short []ledger.Shortfall
		want  int64
	}{
		"one":               {[]ledger.Shortfall{short(ledger.Tight, 100, 30, 20)}, 49},
		"the tightest":      {[]ledger.Shortfall{short(ledger.Tight, 100, 30, 20), short(ledger.Held, 100, 0, 60), short(ledger.Tight, 90, 10, 0)}, 39},
		"nothing fits":      {[]ledger.Shortfall{short(ledger.Tight, 100, 99, 0)}, 0},
		"one that is spent": {[]ledger.Shortfall{short(ledger.Tight, 100, 30, 20), short(ledger.Spent, 100, 100, 0)}, 0},
		"more than asked":   {[]ledger.Shortfall{short(ledger.Tight, 1000, 0, 0)}, 199},
	} {
		if got := p.fitting(&ledger.Refusal{Short: c.short}, 200); got != c.want {
			t.Errorf("%s: %d tokens, want %d", name, got, c.want)
		}
	}
}

// TestAttempt: what an entry says of a call, and whose budgets it counts on.
func TestAttempt(t *testing.T) {
	dep, once := &catalog.Deployment{ID: "p/m", Target: providers.Target{Model: "m"}}, &ledger.Once{Token: "t"}
	call := Call{Call: providers.Call{Operation: providers.Speech, AttemptID: "a", Stream: true}, RequestID: "r", Model: "public", Aliases: []string{"alias"}, Once: once,
		Who: access.Principal{Key: &access.Key{ID: "k"}, User: &access.User{ID: "u"}, Team: &access.Team{ID: "t"}, Org: &access.Organization{ID: "o"}, EndUser: "e", Tags: []string{"x", "y"}}}
	a := attempt(dep, call)
	if want := (ledger.Facts{RequestID: "r", KeyID: "k", UserID: "u", TeamID: "t", OrgID: "o", EndUser: "e", Operation: "speech", Model: "public", Deployment: "p/m", Tags: []string{"x", "y"}, Stream: true}); !reflect.DeepEqual(a.Facts, want) {
		t.Errorf("%+v, want %+v", a.Facts, want)
	}
	if want := (ledger.Target{Model: "public", Deployment: "p/m", Also: []string{"m", "alias"}}); a.ID != "a" || a.Once != once || !reflect.DeepEqual(a.Target, want) {
		t.Errorf("%+v, want %+v", a, want)
	}
	if want := []ledger.Account{{Kind: ledger.EndUser, ID: "e"}, {Kind: ledger.Key, ID: "k"}, {Kind: ledger.Member, ID: "t/u"}, {Kind: ledger.User, ID: "u"}, {Kind: ledger.Tag, ID: "x"}, {Kind: ledger.Tag, ID: "y"},
		{Kind: ledger.Team, ID: "t"}, {Kind: ledger.Org, ID: "o"}, {Kind: ledger.Gateway}}; !slices.Equal(a.Accounts, want) {
		t.Errorf("%v, want %v", a.Accounts, want)
	}
	call.Raw = true // a file comes in pieces, and is no stream of events
	if attempt(dep, call).Facts.Stream {
		t.Error("a file is a stream")
	}
	call.Who = access.Principal{Key: &access.Key{ID: "k"}}
	if want := []ledger.Account{{Kind: ledger.Key, ID: "k"}, {Kind: ledger.Gateway}}; !slices.Equal(attempt(dep, call).Accounts, want) {
		t.Errorf("a key that stands alone: %v", attempt(dep, call).Accounts)
	}
}
