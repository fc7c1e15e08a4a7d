package accounting

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestParseRate(t *testing.T) {
	for _, c := range []struct {
		m      Meter
		amount string
		per    Per
		want   Rate
	}{
		{Input, "0.25", PerMillion, 250_000_000},
		{Input, "0.25 USD", PerMillion, 250_000_000},
		{Input, "$0.25", PerMillion, 250_000_000},
		{Input, "0.00025", PerThousand, 250_000_000},
		{Input, "0.00000025", PerUnit, 250_000_000},
		{Input, "0.000000000000001", PerUnit, 1},
		{Input, "1000", PerUnit, MaxRate},
		{Input, "0", PerUnit, 0},
		{Images, "0.04", PerUnit, 40_000_000_000_000},
		{Milliseconds, "0.0001", PerUnit, 100_000_000},  // 0.0001 USD for a second: 0.1 USD for a million milliseconds
		{Milliseconds, "0.000000000001", PerUnit, 1},    //
		{Characters, "15", PerMillion, 15_000_000_000},  //
		{Requests, "0.01", PerUnit, 10_000_000_000_000}, //
	} {
		if got, err := ParseRate(c.m, c.amount, c.per); err != nil || got != c.want {
			t.Errorf("%s %s per %d: %d, %v, want %d", c.m, c.amount, c.per, got, err, c.want)
		}
	}
	for _, c := range []struct {
		m      Meter
		amount string
		per    Per
		want   error
	}{
		{Input, "-1", PerMillion, ErrBadAmount}, {Input, "", PerMillion, ErrBadAmount}, {Input, "2.5e-7", PerUnit, ErrBadAmount}, {Input, "0.0000000001", PerMillion, ErrBadAmount},
		{Input, "0.0000000000000001", PerUnit, ErrBadAmount}, {Milliseconds, "0.0000000000001", PerUnit, ErrBadAmount},
		{Input, "1000.000000000000001", PerUnit, ErrOverflow}, {Input, "99999999999999", PerMillion, ErrOverflow}, {Images, "1001", PerUnit, ErrOverflow},
	} {
		if got, err := ParseRate(c.m, c.amount, c.per); !errors.Is(err, c.want) || got != 0 {
			t.Errorf("%s %s per %d: %d, %v, want %v", c.m, c.amount, c.per, got, err, c.want)
		}
	}
}

func TestRateRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SampledFrom(Meters()).Draw(t, "meter")
		r := Rate(rapid.Int64Range(0, int64(MaxRate)).Draw(t, "rate"))
		if got, err := ParseRate(m, FormatRate(m, r), PerUnitOf(m)); err != nil || got != r {
			t.Fatalf("%s is written %s, which reads as %d, %v", m, FormatRate(m, r), got, err)
		}
	})
}

// TestFormatRate: people read prices as they are customarily stated: tokens and characters by
// the million, all else by the piece or the second.
func TestFormatRate(t *testing.T) {
	for want, c := range map[string]struct {
		m Meter
		r Rate
	}{"2.50": {Input, 2_500_000_000}, "15.00": {Characters, 15_000_000_000}, "0.04": {Images, 40_000_000_000_000}, "0.01": {Searches, 10_000_000_000_000}, "0.006": {Milliseconds, 6_000_000_000}} {
		if got := FormatRate(c.m, c.r); got != want {
			t.Errorf("%s: %s, want %s", c.m, got, want)
		}
	}
}

func rateGen() *rapid.Generator[Rate] {
	return rapid.Custom(func(t *rapid.T) Rate {
		return Rate(rapid.OneOf(rapid.Int64Range(0, 3), rapid.Int64Range(0, 100_000_000_000), rapid.Int64Range(0, int64(MaxRate))).Draw(t, "rate"))
	})
}

func ratesGen(must ...Meter) *rapid.Generator[Rates] {
	return rapid.Custom(func(t *rapid.T) Rates {
		rs := Rates{}
		for _, m := range Meters() {
			if rapid.Bool().Draw(t, "stated "+m.String()) {
				rs[m] = rateGen().Draw(t, m.String())
			}
		}
		for _, m := range must {
			rs[m] = rateGen().Draw(t, "must "+m.String())
		}
		return rs
	})
}

func tiersGen() *rapid.Generator[map[Tier]Rates] {
	return rapid.Custom(func(t *rapid.T) map[Tier]Rates {
		out := map[Tier]Rates{}
		for _, tier := range []Tier{Batch, Flex, Priority} {
			if rapid.Bool().Draw(t, string(tier)) {
				out[tier] = ratesGen().Draw(t, string(tier)+" rates")
			}
		}
		return out
	})
}

func pricedGen() *rapid.Generator[Priced] {
	return rapid.Custom(func(t *rapid.T) Priced {
		tariff := Tariff{Version: "drawn", Rates: ratesGen(Input, Output).Draw(t, "rates"), Tiers: tiersGen().Draw(t, "tiers")}
		tariff.Rates[Requests] = max(tariff.Rates[Requests], 1)
		above := int64(0)
		for range rapid.IntRange(0, 3).Draw(t, "bands") {
			above += rapid.Int64Range(1, 2000).Draw(t, "step")
			tariff.Long = append(tariff.Long, Band{AboveInput: above, Rates: ratesGen().Draw(t, "band"), Tiers: tiersGen().Draw(t, "band tiers")})
		}
		p, err := NewPriced(tariff)
		if err != nil {
			t.Fatalf("%v", err)
		}
		return p
	})
}

func usageGen(most int64) *rapid.Generator[Usage] {
	return rapid.Custom(func(t *rapid.T) Usage {
		var u Usage
		for _, m := range Meters() {
			if rapid.Bool().Draw(t, "uses "+m.String()) {
				u[m] = rapid.Int64Range(0, most).Draw(t, m.String())
			}
		}
		return u
	})
}

var allTiers = []Tier{Standard, Batch, Flex, Priority, "unheard-of"}

// exact is the definition of a cost: the sum of products over a million, rounded up.
func exact(lines []Line) *big.Int {
	sum := new(big.Int)
	for _, l := range lines {
		sum.Add(sum, new(big.Int).Mul(big.NewInt(l.Count), big.NewInt(int64(l.Rate))))
	}
	q, r := new(big.Int).DivMod(sum, big.NewInt(perMillion), new(big.Int))
	if r.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return q
}

// linesOf states what a usage should be billed at, from the rows themselves.
func linesOf(p Priced, u Usage, tier Tier) []Line {
	row := p.row(u.InputTokens(), tier)
	var out []Line
	for _, m := range Meters() {
		out = append(out, Line{m, u[m], row.rate[m]})
	}
	return out
}

func TestCostIsExact(t *testing.T) { rapid.Check(t, costIsExact) }

// FuzzCost is the same property, led by what the code does with it.
func FuzzCost(f *testing.F) {
	f.Add(bytes.Repeat([]byte("a price, a usage and a tier are drawn from these bytes, and from no others"), 100))
	f.Fuzz(rapid.MakeFuzz(costIsExact))
}

func costIsExact(t *rapid.T) {
	p := pricedGen().Draw(t, "price")
	u := usageGen(rapid.SampledFrom([]int64{3, 10_000, MaxCount, math.MaxInt64 / 8}).Draw(t, "size")).Draw(t, "usage")
	tier := rapid.SampledFrom(allTiers).Draw(t, "tier")
	c, err := p.Cost(u, tier)
	want := exact(linesOf(p, u, tier))
	switch {
	case !want.IsInt64():
		if !errors.Is(err, ErrOverflow) || c.Total != 0 {
			t.Fatalf("%v, %v, but it is %v", c.Total, err, want)
		}
	case err != nil || int64(c.Total) != want.Int64():
		t.Fatalf("%d, %v, want %v", c.Total, err, want)
	case exact(c.Lines).Cmp(want) != 0:
		t.Fatalf("the lines %v make %v, not %v", c.Lines, exact(c.Lines), want)
	default:
		for _, l := range c.Lines {
			if !slices.Contains(linesOf(p, u, tier), l) || l.Count == 0 {
				t.Fatalf("%v of %v is no line of it", l, c.Lines)
			}
		}
		if c.Tier != tier {
			t.Fatalf("of the tier %q, want %q", c.Tier, tier)
		}
	}
}

// TestCostAtTheEnds: sums that just leave the range on their way are refused as any other.
func TestCostAtTheEnds(t *testing.T) {
	for rate, count := range map[Rate]int64{1 << 20 * perMillion: 1 << 44, MaxRate: math.MaxInt64, 1: 1} {
		p, err := NewPriced(Tariff{Rates: Rates{Requests: rate}})
		if err != nil {
			t.Fatal(err)
		}
		if c, err := p.Cost(Usage{Requests: count}, Standard); count > 1 && !errors.Is(err, ErrOverflow) || count == 1 && (err != nil || c.Total != 1) {
			t.Errorf("%d at %d: %v, %v", count, rate, c.Total, err)
		}
	}
}

// TestHourOfATier: what writing for an hour costs is what was said of it, also where a tier
// says something else alone.
func TestHourOfATier(t *testing.T) {
	p, err := NewPriced(Tariff{Rates: Rates{Input: 1e6, CacheWrite: 5e6, CacheWriteHour: 3e6, Output: 1e6}, Tiers: map[Tier]Rates{Batch: {Input: 2e6}, Flex: {CacheWrite: 7e6}}})
	if err != nil {
		t.Fatal(err)
	}
	for tier, want := range map[Tier]Money{Standard: 3, Batch: 3, Flex: 7} { // for longer is never cheaper, where nothing is said of it
		if c, err := p.Cost(Usage{CacheWriteHour: 1}, tier); err != nil || c.Total != want {
			t.Errorf("%q: %d, %v, want %d", tier, c.Total, err, want)
		}
	}
}

func TestCostIsMonotoneAndAdditive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := pricedGen().Filter(func(p Priced) bool { return len(p.t.bands) == 1 }).Draw(t, "price")
		u, v := usageGen(10_000).Draw(t, "usage"), usageGen(10_000).Draw(t, "more")
		tier := rapid.SampledFrom(allTiers).Draw(t, "tier")
		sum := u
		for i := range v {
			sum[i] += v[i]
		}
		a, err1 := p.Cost(u, tier)
		b, err2 := p.Cost(v, tier)
		both, err3 := p.Cost(sum, tier)
		if err3 != nil {
			return // out of range together
		}
		if err1 != nil || err2 != nil || both.Total < a.Total || both.Total < b.Total {
			t.Fatalf("%v, %v and together %v, %v %v", a.Total, b.Total, both.Total, err1, err2)
		}
		if apart := a.Total + b.Total; apart-both.Total < 0 || apart-both.Total > 1 {
			t.Fatalf("apart %v, together %v: more than one rounding", apart, both.Total)
		}
	})
}

// TestQuoteBoundsCost draws a bound and any usage within it: however the tokens turn
// out to be split, and whichever of the two tiers serves it, it costs no more.
func TestQuoteBoundsCost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := pricedGen().Draw(t, "price")
		asked := rapid.SampledFrom(allTiers).Draw(t, "asked")
		most := usageGen(5000).Draw(t, "most")
		for _, m := range []Meter{CachedInput, CacheWrite, CachedAudioInput, CachedImageInput, Reasoning} {
			most[m] = 0 // a bound has each group in one meter
		}
		text := []Meter{Input, CachedInput, CacheWrite}
		if rapid.Bool().Draw(t, "may be written for an hour") {
			most[CacheWriteHour], most[Input] = most[Input], 0
			text = append(text, CacheWriteHour)
		} else {
			most[CacheWriteHour] = 0
		}
		q, err := p.Quote(most, asked)
		if err != nil {
			if !errors.Is(err, ErrOverflow) {
				t.Fatalf("%v", err)
			}
			return
		}
		if !q.Valid() {
			t.Fatalf("an invalid quote without an error")
		}
		var u Usage
		part := func(of int64, meters ...Meter) {
			for _, m := range meters {
				u[m] = rapid.Int64Range(0, of).Draw(t, "used "+m.String())
				of -= u[m]
			}
		}
		part(most[Input]+most[CacheWriteHour], text...)
		part(most[AudioInput], AudioInput, CachedAudioInput)
		part(most[ImageInput], ImageInput, CachedImageInput)
		part(most[Output], Output, Reasoning)
		for _, m := range []Meter{AudioOutput, ImageOutput, Images, Requests, Searches, Characters, Milliseconds} {
			part(most[m], m)
		}
		for _, served := range []Tier{Standard, asked} {
			c, err := p.Cost(u, served)
			if err != nil || c.Total > q.Amount() {
				t.Fatalf("%v at %q costs %v, %v, but the quote is %v", u, served, c.Total, err, q.Amount())
			}
		}
	})
}

// TestCostAtTheEdge comes as near to every limit as whole numbers allow.
func TestCostAtTheEdge(t *testing.T) {
	price := func(rs Rates) Priced {
		p, err := NewPriced(Tariff{Rates: rs})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	one := price(Rates{Input: 1, Output: perMillion})
	for _, c := range []struct {
		name string
		p    Priced
		u    Usage
		want Money // -1: overflow
	}{
		{"nothing", one, Usage{}, 0},
		{"a millionth is rounded up", one, Usage{Input: 1}, 1},
		{"a million of it", one, Usage{Input: perMillion}, 1},
		{"one more", one, Usage{Input: perMillion + 1}, 2},
		{"the most there is", one, Usage{Output: math.MaxInt64}, MaxMoney},
		{"the most and a millionth", one, Usage{Output: math.MaxInt64, Input: 1}, -1},
		{"128 bits are left", price(Rates{Input: MaxRate, Output: MaxRate, Requests: MaxRate, Images: MaxRate, Searches: MaxRate}), Usage{Input: math.MaxInt64 / 8, Output: math.MaxInt64, Requests: math.MaxInt64, Images: math.MaxInt64, Searches: math.MaxInt64}, -1},
		// The quotient is 2^64-1 and would round up to 2^64, which is 0.
		{"the quotient wraps", one, Usage{Output: math.MaxInt64, Reasoning: math.MaxInt64, AudioOutput: 1, Input: 1}, -1},
		{"negative", one, Usage{Input: -1}, -1},
	} {
		got, err := c.p.Cost(c.u, Standard)
		if c.want < 0 {
			if !errors.Is(err, ErrOverflow) || got.Total != 0 {
				t.Errorf("%s: %v, %v, want an overflow", c.name, got.Total, err)
			}
			continue
		}
		if err != nil || got.Total != c.want {
			t.Errorf("%s: %d, %v, want %d", c.name, got.Total, err, c.want)
		}
	}
}

func TestZeroPricedIsRefused(t *testing.T) {
	var p Priced
	if _, err := p.Cost(Usage{}, Standard); !errors.Is(err, ErrZeroPriced) {
		t.Error(err)
	}
	if q, err := p.Quote(Usage{}, Standard); !errors.Is(err, ErrZeroPriced) || q.Valid() {
		t.Error(err)
	}
	if _, ok := p.Rate(Input); ok || p.Version() != "" {
		t.Error("a price that nobody made has a rate")
	}
	if (Quote{}).Valid() {
		t.Error("the zero quote is valid")
	}
}

func TestNewPricedDefaults(t *testing.T) {
	p, err := NewPriced(Tariff{Version: "v", Rates: Rates{Input: 10, Output: 100, AudioInput: 30}})
	if err != nil {
		t.Fatal(err)
	}
	for m, want := range map[Meter]Rate{
		Input: 10, CachedInput: 10, CacheWrite: 10, AudioInput: 30, CachedAudioInput: 30, ImageInput: 10, CachedImageInput: 10, Output: 100, Reasoning: 100, AudioOutput: 100, ImageOutput: 100, Images: 0, Requests: 0,
	} {
		if got, ok := p.Rate(m); !ok || got != want {
			t.Errorf("%s: %d, %v, want %d", m, got, ok, want)
		}
	}
	if p.Version() != "v" {
		t.Error(p.Version())
	}
	if _, ok := p.Rate(numMeters); ok {
		t.Error("a meter that is none has a rate")
	}
	embed, _ := NewPriced(Tariff{Rates: Rates{Input: 10}})
	if _, err := embed.Cost(Usage{Input: 1, Output: 1}, Standard); !errors.Is(err, ErrUnpricedMeter) {
		t.Errorf("output without a price: %v", err)
	}
	if _, err := embed.Quote(Usage{Output: 1}, Standard); !errors.Is(err, ErrUnpricedMeter) {
		t.Errorf("a quote for it: %v", err)
	}
	fee, _ := NewPriced(Tariff{Rates: Rates{Requests: 5 * perMillion}})
	if c, err := fee.Cost(Usage{Input: 1000, Output: 1000, Requests: 1}, Standard); err != nil || c.Total != 5 {
		t.Errorf("a fee alone: %v, %v", c.Total, err)
	}
}

// TestTiersAndBands prices one token in and one out on both sides of a threshold.
func TestTiersAndBands(t *testing.T) {
	million := func(rs Rates) Rates {
		rs = maps.Clone(rs)
		for m := range rs {
			rs[m] *= perMillion
		}
		return rs
	}
	p, err := NewPriced(Tariff{
		Rates: million(Rates{Input: 10, Output: 1000}),
		Tiers: map[Tier]Rates{Batch: million(Rates{Input: 5}), Priority: million(Rates{Input: 20, Output: 2000})},
		Long: []Band{
			{AboveInput: 20, Rates: million(Rates{Output: 4000})}, // stated out of order
			{AboveInput: 10, Rates: million(Rates{Input: 30}), Tiers: map[Tier]Rates{Batch: million(Rates{Output: 500})}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		in   int64
		tier Tier
		want Money
	}{
		{10, Standard, 100 + 1000}, {10, Batch, 50 + 1000}, {10, Flex, 100 + 1000}, {10, Priority, 200 + 2000}, {10, "ultra", 100 + 1000},
		{11, Standard, 330 + 1000}, {11, Batch, 330 + 500}, {11, Priority, 330 + 1000},
		{20, Standard, 600 + 1000},
		{21, Standard, 210 + 4000}, {21, Batch, 210 + 4000},
	} {
		if got, err := p.Cost(Usage{Input: c.in, Output: 1}, c.tier); err != nil || got.Total != c.want {
			t.Errorf("%d in, %q: %d, %v, want %d", c.in, c.tier, got.Total, err, c.want)
		}
	}
}

func TestNewPricedRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		tariff Tariff
		want   error
	}{
		"nothing":          {Tariff{}, ErrNoRates},
		"zeros":            {Tariff{Rates: Rates{Input: 0, Output: 0}}, ErrAllZero},
		"negative":         {Tariff{Rates: Rates{Input: -1}}, ErrOverflow},
		"too dear":         {Tariff{Rates: Rates{Input: MaxRate + 1}}, ErrOverflow},
		"unknown meter":    {Tariff{Rates: Rates{numMeters: 1}}, nil},
		"threshold":        {Tariff{Rates: Rates{Input: 1}, Long: []Band{{AboveInput: 0}}}, nil},
		"twice":            {Tariff{Rates: Rates{Input: 1}, Long: []Band{{AboveInput: 5}, {AboveInput: 5}}}, nil},
		"tier too dear":    {Tariff{Rates: Rates{Input: 1}, Tiers: map[Tier]Rates{Batch: {Input: MaxRate + 1}}}, ErrOverflow},
		"band too dear":    {Tariff{Rates: Rates{Input: 1}, Long: []Band{{AboveInput: 5, Rates: Rates{Input: -1}}}}, ErrOverflow},
		"its tier too":     {Tariff{Rates: Rates{Input: 1}, Long: []Band{{AboveInput: 5, Tiers: map[Tier]Rates{Flex: {Input: -1}}}}}, ErrOverflow},
		"only a tier":      {Tariff{Tiers: map[Tier]Rates{Batch: {Input: 1}}}, ErrNoRates},
		"a zero by itself": {Tariff{Rates: Rates{Requests: 0}}, ErrAllZero},
	} {
		p, err := NewPriced(c.tariff)
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if _, err := p.Quote(Usage{}, Standard); !errors.Is(err, ErrZeroPriced) {
			t.Errorf("%s: a refused price quotes", name)
		}
	}
}

func TestPriceOf(t *testing.T) {
	for name, c := range map[string]struct {
		tariff Tariff
		want   string
	}{
		"both zero":           {Tariff{Rates: Rates{Input: 0, Output: 0}}, "accounting.Free <nil>"},
		"one zero":            {Tariff{Rates: Rates{Input: 0}}, "<nil> " + ErrAllZero.Error()},
		"zero fee":            {Tariff{Rates: Rates{Requests: 0, Images: 0}}, "<nil> " + ErrAllZero.Error()},
		"zeros and a fee":     {Tariff{Rates: Rates{Input: 0, Output: 0, Requests: 1}}, "accounting.Priced <nil>"},
		"zeros but in a tier": {Tariff{Rates: Rates{Input: 0, Output: 0}, Tiers: map[Tier]Rates{Priority: {Input: 1}}}, "accounting.Priced <nil>"},
		"zeros but in a band": {Tariff{Rates: Rates{Input: 0, Output: 0}, Long: []Band{{AboveInput: 1, Rates: Rates{Input: 1}}}}, "accounting.Priced <nil>"},
		"nothing":             {Tariff{}, "<nil> " + ErrNoRates.Error()},
	} {
		p, err := PriceOf(c.tariff)
		if got := fmt.Sprintf("%T %v", p, err); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestShadow: a shadow is worth what the same tariff would cost, and says nothing where
// that would be an error.
func TestShadow(t *testing.T) {
	tariff := Tariff{Rates: Rates{Input: 3, CachedInput: 1, Output: 7_000_001, Requests: 5}, Tiers: map[Tier]Rates{Flex: {Input: 2}},
		Long: []Band{{AboveInput: 100, Rates: Rates{Input: 9}}}}
	p, err := NewPriced(tariff)
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewShadow(tariff)
	if err != nil || s.IsZero() {
		t.Fatal(s.IsZero(), err)
	}
	for _, u := range []Usage{{}, {Input: 10, Output: 1}, {Input: 101, CachedInput: 3, Reasoning: 2, Requests: 1}, {Input: -1}, {Output: math.MaxInt64, Reasoning: math.MaxInt64}} {
		for _, tier := range []Tier{Standard, Batch, Flex, Priority} {
			c, err := p.Cost(u, tier)
			if worth, ok := s.Worth(u, tier); worth != c.Total || ok != (err == nil) {
				t.Errorf("%v %s: worth %s (%v), costs %s (%v)", u, tier, worth, ok, c.Total, err)
			}
		}
	}
	if worth, ok := (Shadow{}).Worth(Usage{Input: 1}, Standard); ok || worth != 0 || !(Shadow{}).IsZero() {
		t.Errorf("a zero shadow is worth %s", worth)
	}
	in, err := NewShadow(Tariff{Rates: Rates{Input: 3}})
	if err != nil {
		t.Fatal(err)
	}
	if worth, ok := in.Worth(Usage{Input: 1, Output: 1}, Standard); ok {
		t.Errorf("output without a rate is worth %s", worth)
	}
	for _, bad := range []Tariff{{}, {Rates: Rates{Input: 0, Output: 0}}, {Rates: Rates{Input: -1}}} {
		if s, err := NewShadow(bad); err == nil || !s.IsZero() {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

func TestTierOf(t *testing.T) {
	for s, want := range map[string]Tier{"": Standard, "default": Standard, "auto": Standard, "standard": Standard, "standard_only": Standard, "on_demand": Standard,
		"batch": Batch, "flex": Flex, "priority": Priority, "fast": Priority} {
		if got, known := TierOf(s); got != want || !known {
			t.Errorf("%q is %q, %v; want %q", s, got, known, want)
		}
	}
	for _, s := range []string{"scale", "ultrafast", "Flex", " ", "5"} {
		if got, known := TierOf(s); got != Standard || known {
			t.Errorf("%q is %q, %v; nobody knows it", s, got, known)
		}
	}
}

// TestCacheWrittenForAnHour: what is written for an hour has a rate of its own, or that of
// other writes, or that of input; whoever asks can tell whether it was stated.
func TestCacheWrittenForAnHour(t *testing.T) {
	for name, c := range map[string]struct {
		rates  Rates
		want   Money
		stated bool
	}{
		"stated":  {Rates{Input: 1e9, CacheWrite: 125e7, CacheWriteHour: 2e9, Output: 1}, 2_000_000, true},
		"a write": {Rates{Input: 1e9, CacheWrite: 125e7, Output: 1}, 1_250_000, false},
		"input":   {Rates{Input: 1e9, Output: 1}, 1_000_000, false},
	} {
		p, err := NewPriced(Tariff{Rates: c.rates, Images: []ImageRate{{"1x1", "", 1}}})
		if err != nil {
			t.Fatal(err)
		}
		u := Usage{CacheWriteHour: 1000}
		for _, p := range []Priced{p, p.ForImages("1x1", "")} {
			if got, err := p.Cost(u, Standard); err != nil || got.Total != c.want || p.States(CacheWriteHour) != c.stated || !p.States(Input) {
				t.Errorf("%s: %v, %v, stated %v", name, got.Total, err, p.States(CacheWriteHour))
			}
		}
		if u.InputTokens() != 1000 {
			t.Errorf("%d tokens of input", u.InputTokens())
		}
	}
	long, err := NewPriced(Tariff{Rates: Rates{Input: 1e9, CacheWrite: 125e7, CacheWriteHour: 2e9, Output: 1}, Long: []Band{{AboveInput: 100, Rates: Rates{Input: 5e9, CacheWrite: 6e9}}}})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := long.Cost(Usage{CacheWriteHour: 1000}, Standard); err != nil || got.Total != 6_000_000 {
		t.Errorf("a long call, for which only other writes were stated: %v, %v", got.Total, err)
	}
	if (Priced{}).States(Input) {
		t.Error("a price of nobody states something")
	}
}
