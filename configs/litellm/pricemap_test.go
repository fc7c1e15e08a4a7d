package litellm

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"tollgate/accounting"
)

var update = flag.Bool("update", false, "rewrite the expected list")

// TestReadPriceMap converts a small map that was made by hand to have one entry of
// every shape.
func TestReadPriceMap(t *testing.T) {
	data, err := os.ReadFile("testdata/price_map.json")
	if err != nil {
		t.Fatal(err)
	}
	list, notes, err := ReadPriceMap(data)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, v := range list.Vendors() {
		for _, e := range list.Of(v) {
			fmt.Fprintf(&b, "%s %s: mode %q, context %d, output %d, hidden %v, source %q:%s\n", e.Vendor, e.Model, e.Mode, e.Context, e.MaxOutput, e.HiddenReasoning, e.Source, written(e.Price))
		}
	}
	got := b.String() + "----\n" + strings.Join(notes, "\n") + "\n"
	const golden = "testdata/price_map.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || got != string(want) {
		t.Errorf("%v, got\n%s\nwant\n%s", err, got, want)
	}
}

// written probes what calls cost, in each tier and on both sides of the thresholds.
func written(p accounting.Price) string {
	priced, ok := p.(accounting.Priced)
	if !ok {
		return " free"
	}
	out := ""
	for _, m := range accounting.Meters() {
		if r, ok := priced.Rate(m); ok && r > 0 {
			out += " " + m.String() + " " + accounting.FormatRate(m, r)
		}
	}
	for _, size := range []string{"", "256x256", "1024x1024", "1792x1024"} {
		for _, quality := range []string{"", "standard", "hd"} {
			one, _ := priced.ForImages(size, quality).Rate(accounting.Images)
			if whole, _ := priced.Rate(accounting.Images); one != whole {
				out += fmt.Sprintf(" %s %s %s", size, quality, accounting.FormatRate(accounting.Images, one))
			}
		}
	}
	for _, tier := range []accounting.Tier{accounting.Standard, accounting.Batch, accounting.Flex, accounting.Priority} {
		for _, in := range []int64{100_000, 1_000_000} {
			c, err := priced.Cost(accounting.Usage{accounting.Input: in, accounting.Output: 1_000_000}, tier)
			if errors.Is(err, accounting.ErrUnpricedMeter) {
				out += "; unpriced"
				continue
			}
			out += "; " + string(tier) + " " + c.Total.String()
		}
	}
	return out
}

func TestXAIThresholdIsInclusive(t *testing.T) {
	for provider, want := range map[string]accounting.Money{"xai": 256_000_000, "openai": 128_000_000} {
		list, _, err := ReadPriceMap([]byte(`{"m":{"litellm_provider":"` + provider + `","mode":"chat","input_cost_per_token":1e-6,"input_cost_per_token_above_128k_tokens":2e-6,"output_cost_per_token":1e-6}}`))
		if err != nil {
			t.Fatal(err)
		}
		e, _ := list.Find(provider, "m")
		c, err := e.Price.(accounting.Priced).Cost(accounting.Usage{accounting.Input: 128_000}, accounting.Standard)
		if err != nil || c.Total != want {
			t.Errorf("%s: %v, %v, want %v", provider, c.Total, err, want)
		}
	}
}

// TestCacheForAnHour: what is written to a cache for an hour has a rate of its own in the
// map, and another for long prompts.
func TestCacheForAnHour(t *testing.T) {
	data, err := os.ReadFile("testdata/price_map.json")
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := ReadPriceMap(data)
	if err != nil {
		t.Fatal(err)
	}
	e, _ := list.Find("anthropic", "claude-a")
	for n, want := range map[int64]accounting.Money{1000: 2_000_000, 300_000: 1_200_000_000} {
		if c, err := e.Price.(accounting.Priced).Cost(accounting.Usage{accounting.CacheWriteHour: n}, accounting.Standard); err != nil || c.Total != want {
			t.Errorf("%d tokens: %v, %v, want %v", n, c.Total, err, want)
		}
	}
}

func TestIsPriceMap(t *testing.T) {
	sampleMap, _ := os.ReadFile("testdata/price_map.json")
	for text, want := range map[string]bool{
		string(sampleMap):                                     true,
		"\xef\xbb\xbf" + string(sampleMap):                    true,
		`{"a":{"litellm_provider":"openai"}}`:                 true,
		`{"a":{"mode":"chat"}}`:                               false,
		`{"as_of":"2026-11-23","currency":"USD","models":[]}`: false,
		`{}`: false, `[]`: false, ``: false, `null`: false, `{"a":`: false, `{"a":{"litellm_provider":5}}`: false,
	} {
		if got := IsPriceMap([]byte(text)); got != want {
			t.Errorf("%.60q: %v, want %v", text, got, want)
		}
	}
}

func TestReadPriceMapRefuses(t *testing.T) {
	for _, text := range []string{``, `null`, `[]`, `{}`, `{"a":5}`, `{"a":null}`, `{"sample_spec":{"litellm_provider":"openai","input_cost_per_token":1,"output_cost_per_token":1}}`} {
		if l, _, err := ReadPriceMap([]byte(text)); err == nil {
			t.Errorf("%q gave %d models", text, l.Len())
		}
	}
}

func FuzzReadPriceMap(f *testing.F) {
	sampleMap, _ := os.ReadFile("testdata/price_map.json")
	f.Add(sampleMap)
	f.Add([]byte(`{"a":{"litellm_provider":"openai","tiered_pricing":[{"range":[1e99]}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, _, err := ReadPriceMap(data)
		if err != nil {
			return
		}
		for _, v := range list.Vendors() {
			for _, e := range list.Of(v) {
				switch p := e.Price.(type) {
				case accounting.Free:
				case accounting.Priced:
					if _, err := p.Quote(accounting.Usage{accounting.Requests: 1}, accounting.Standard); errors.Is(err, accounting.ErrZeroPriced) {
						t.Fatalf("%s has a price that nobody made", e.Model)
					}
				default:
					t.Fatalf("%s has the price %T", e.Model, p)
				}
			}
		}
	})
}
