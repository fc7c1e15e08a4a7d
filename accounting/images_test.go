package accounting

import (
	"errors"
	"strconv"
	"testing"
)

func dollars(t *testing.T, amount string) Rate {
	t.Helper()
	r, err := ParseRate(Images, amount, PerUnit)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestForImages: a call pays for the size and quality that it asks for, and where it asks
// for what is not stated never less than what is.
func TestForImages(t *testing.T) {
	rate := func(size, quality, amount string) ImageRate { return ImageRate{size, quality, dollars(t, amount)} }
	bySize := Tariff{Images: []ImageRate{rate("256x256", "", "0.016"), rate("1024x1024", "", "0.02")}}
	dalle := Tariff{Rates: Rates{Images: dollars(t, "0.04")}, Images: []ImageRate{
		rate("1024x1024", "standard", "0.04"), rate("1792x1024", "standard", "0.08"), rate("1024x1024", "hd", "0.08"), rate("1792x1024", "hd", "0.12")}}
	qualities := Tariff{Images: []ImageRate{rate("1024x1024", "low", "0.011"), rate("1024x1024", "high", "0.167"), rate("1536x1024", "low", "0.016"), rate("1536x1024", "high", "0.25")}}
	cheaper := Tariff{Rates: Rates{Images: dollars(t, "0.06")}, Images: []ImageRate{rate("1024x1024", "low", "0.04")}}
	for _, c := range []struct {
		name          string
		tariff        Tariff
		size, quality string
		want          Money
	}{
		{"a size", bySize, "256x256", "", 16_000_000},
		{"another", bySize, "1024x1024", "", 20_000_000},
		{"no size", bySize, "", "", 20_000_000},
		{"a size that nobody stated", bySize, "512x512", "", 20_000_000},
		{"the usual quality", bySize, "256x256", "standard", 16_000_000},
		{"a quality that nobody stated", bySize, "256x256", "hd", 20_000_000},

		{"neither", dalle, "", "", 40_000_000},
		{"the usual", dalle, "1024x1024", "standard", 40_000_000},
		{"a size alone", dalle, "1792x1024", "", 80_000_000},
		{"a quality alone", dalle, "", "hd", 120_000_000},
		{"both", dalle, "1792x1024", "hd", 120_000_000},
		{"less of both", dalle, "1024x1024", "hd", 80_000_000},
		{"an unknown size", dalle, "2048x2048", "standard", 120_000_000},
		{"an unknown quality", dalle, "1024x1024", "ultra", 120_000_000},

		{"no quality of a size", qualities, "1024x1024", "", 167_000_000},
		{"no size of a quality", qualities, "", "low", 16_000_000},
		{"no quality and no size", qualities, "", "", 250_000_000},
		{"the one that is cheaper", cheaper, "1024x1024", "low", 40_000_000},
		{"no quality of its size", cheaper, "1024x1024", "", 60_000_000},
		{"no size of its quality", cheaper, "", "low", 60_000_000},
		{"another quality", cheaper, "1024x1024", "high", 60_000_000},
		{"a stated pair", qualities, "1536x1024", "low", 16_000_000},
	} {
		whole, err := NewPriced(c.tariff)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		p := whole.ForImages(c.size, c.quality)
		for n := range int64(4) {
			u := Usage{Images: n, Requests: 1}
			cost, err := p.Cost(u, Standard)
			if err != nil || cost.Total != c.want*Money(n) {
				t.Errorf("%s: %d cost %v, %v, want %v", c.name, n, cost.Total, err, c.want*Money(n))
			}
			if q, err := p.Quote(u, Batch); err != nil || q.Amount() != cost.Total {
				t.Errorf("%s: a quote of %v, %v for %v", c.name, q.Amount(), err, cost.Total)
			}
			// What nobody chose among is the dearest.
			if most, err := whole.Cost(u, Standard); err != nil || most.Total < cost.Total {
				t.Errorf("%s: %v as a whole, and %v of one", c.name, most.Total, cost.Total)
			}
		}
		if p.Version() != whole.Version() {
			t.Errorf("%s: version %q", c.name, p.Version())
		}
	}
}

// TestForImagesKeepsTheRest: nothing but the rate of an image depends on what it is.
func TestForImagesKeepsTheRest(t *testing.T) {
	p, err := NewPriced(Tariff{Version: "v", Rates: Rates{Input: 1e9, Output: 2e9}, Tiers: map[Tier]Rates{Batch: {Input: 5e8}}, Images: []ImageRate{{"1x1", "", 3e15}, {"2x2", "", 5e15}}})
	if err != nil {
		t.Fatal(err)
	}
	small := p.ForImages("1x1", "")
	u := Usage{Input: 1000, Output: 100, Images: 2}
	for tier, want := range map[Tier]Money{Standard: 1_200_000, Batch: 700_000} {
		if c, err := small.Cost(u, tier); err != nil || c.Total != want+6e9 {
			t.Errorf("%s: %v, %v", tier, c.Total, err)
		}
		if c, err := p.Cost(u, tier); err != nil || c.Total != want+10e9 {
			t.Errorf("%s: %v, %v as a whole", tier, c.Total, err)
		}
	}
	versioned, err := NewPriced(Tariff{Version: "of a day", Images: []ImageRate{{"1x1", "", 1}, {"2x2", "", 2}}})
	if err != nil || versioned.ForImages("1x1", "").Version() != "of a day" {
		t.Errorf("the price of one size is of another day: %v", err)
	}
	flat, err := NewPriced(Tariff{Rates: Rates{Images: 3e15}})
	if err != nil || flat.ForImages("1x1", "hd") != flat || (Priced{}).ForImages("", "") != (Priced{}) {
		t.Errorf("a price without sizes is another: %v", err)
	}
}

func TestImageRatesRefused(t *testing.T) {
	many := make([]ImageRate, MaxImageRates+1)
	for i := range many {
		many[i] = ImageRate{Size: strconv.Itoa(i+1) + "x1", Rate: 1}
	}
	if _, err := NewPriced(Tariff{Images: many[1:]}); err != nil {
		t.Errorf("as many as are possible: %v", err)
	}
	for name, c := range map[string]struct {
		tariff Tariff
		is     error
	}{
		"zero":     {Tariff{Images: []ImageRate{{"1x1", "", 0}}}, ErrBadAmount},
		"negative": {Tariff{Images: []ImageRate{{"1x1", "", -1}}}, ErrBadAmount},
		"huge":     {Tariff{Images: []ImageRate{{"1x1", "", MaxRate + 1}}}, ErrOverflow},
		"twice":    {Tariff{Images: []ImageRate{{"1x1", "", 1}, {"1x1", "", 2}}}, nil},
		"flat":     {Tariff{Rates: Rates{Images: 1}, Images: []ImageRate{{"", "", 2}}}, nil},
		"a tier":   {Tariff{Rates: Rates{Images: 2}, Tiers: map[Tier]Rates{Batch: {Images: 1}}, Images: []ImageRate{{"1x1", "", 2}}}, nil},
		"too many": {Tariff{Images: many}, nil},
	} {
		if _, err := NewPriced(c.tariff); err == nil || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
