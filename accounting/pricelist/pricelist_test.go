package pricelist

import (
	"strings"
	"testing"
	"time"

	"tollgate/accounting"
)

// TestBuiltin loads the catalogue that is part of the program and looks for figures
// that are facts of no vendor.
func TestBuiltin(t *testing.T) {
	l := Builtin()
	if _, err := time.Parse(time.DateOnly, l.AsOf()); err != nil {
		t.Error(err)
	}
	n := 0
	for _, v := range l.Vendors() {
		for _, e := range l.Of(v) {
			n++
			name := e.Vendor + "/" + e.Model
			if found, ok := l.Find(v, e.Model); !ok || found.Model != e.Model {
				t.Errorf("%s is listed but not found", name)
			}
			if _, err := time.Parse(time.DateOnly, e.AsOf); err != nil || e.Source == "" {
				t.Errorf("%s: source %q of %q", name, e.Source, e.AsOf)
			}
			p, ok := e.Price.(accounting.Priced)
			if !ok {
				t.Errorf("%s has the price %T", name, e.Price)
				continue
			}
			// The classic mistakes are a price per token for one per million, and the reverse.
			for _, m := range []accounting.Meter{accounting.Input, accounting.Output} {
				if r, ok := p.Rate(m); ok && r != 0 && (r < 1_000_000 || r > 2_000*accounting.Rate(accounting.Dollar)) {
					t.Errorf("%s: %s for %s USD per million", name, m, accounting.FormatRate(m, r))
				}
			}
			if in, ok := p.Rate(accounting.Input); ok {
				if cached, ok := p.Rate(accounting.CachedInput); ok && cached > in {
					t.Errorf("%s: cached input is dearer than fresh", name)
				}
			}
		}
	}
	if n != l.Len() || n < 100 {
		t.Errorf("%d models, of which %d are listed", l.Len(), n)
	}
}

const head = `{"as_of":"2026-11-23","currency":"USD","models":[`

func entry(fields string) string {
	return `{"provider":"v","model":"m","mode":"chat","source":"s","as_of":"2026-11-23"` + fields + `}`
}

func TestParse(t *testing.T) {
	l, err := Parse([]byte(head + entry(`,"aliases":["m-1","m-2"],"context":10,"max_output":5,"hidden_reasoning":true,"rates":{"input":"1.25","output":"10","image":"0.04"},
		"tiers":{"batch":{"input":"0.625"}},"long_context":[{"above_input":200000,"rates":{"input":"2.50"},"tiers":{"batch":{"input":"1.25"}}}]`) + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	images, err := Parse([]byte(head + entry(`,"images":[{"size":"1024x1024","quality":"hd","image":"0.08"},{"size":"1024x1024","image":"0.04"}]`) + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	drawn, _ := images.Find("v", "m")
	for quality, want := range map[string]accounting.Money{"": 40_000_000, "hd": 80_000_000, "other": 80_000_000} {
		if c, err := drawn.Price.(accounting.Priced).ForImages("1024x1024", quality).Cost(accounting.Usage{accounting.Images: 1}, accounting.Standard); err != nil || c.Total != want {
			t.Errorf("an image of quality %q: %v, %v", quality, c.Total, err)
		}
	}
	if l.Len() != 3 || l.AsOf() != "2026-11-23" || len(l.Of("nobody")) != 0 {
		t.Errorf("%d models of %s", l.Len(), l.AsOf())
	}
	e, ok := l.Find("v", "m-2")
	if !ok || e.Context != 10 || e.MaxOutput != 5 || !e.HiddenReasoning || e.Mode != Chat {
		t.Errorf("%+v", e)
	}
	p := e.Price.(accounting.Priced)
	if p.Version() != "catalogue 2026-11-23" {
		t.Errorf("entries of the books would say %q of the price", p.Version())
	}
	if r, _ := p.Rate(accounting.Input); r != 1_250_000_000 {
		t.Errorf("input %d", r)
	}
	if c, err := p.Cost(accounting.Usage{accounting.Input: 1_000_000}, accounting.Batch); err != nil || c.Total != 1_250_000_000 {
		t.Errorf("a long batch call: %v, %v", c.Total, err)
	}
	for _, lost := range [][2]string{{"v", "M"}, {"", "m"}, {"w", "m"}} {
		if _, ok := l.Find(lost[0], lost[1]); ok {
			t.Errorf("%v is found", lost)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, part := range map[string]string{
		``:                               "EOF",
		`[]`:                             "cannot unmarshal",
		`{"as_of":"x","models":[]}`:      "only USD",
		`{"currency":"EUR","models":[]}`: "only USD",
		head + `]} {}`:                   "something follows",
		head + `],"more":1}`:             "unknown field",
		head + entry(``) + `]}`:          "no rate",
		head + entry(`,"rates":{"input":"0","output":"0"}`) + `]}`:                             "every rate is zero",
		head + entry(`,"rates":{"inptu":"1"}`) + `]}`:                                          "unknown meter",
		head + entry(`,"rates":{"input":"1e-7"}`) + `]}`:                                       "not an amount",
		head + entry(`,"rates":{"input":1}`) + `]}`:                                            "cannot unmarshal",
		head + entry(`,"rates":{"input":"1"},"price":"1"`) + `]}`:                              "unknown field",
		head + entry(`,"rates":{"input":"1"},"tiers":{"turbo":{}}`) + `]}`:                     "unknown tier",
		head + entry(`,"rates":{"input":"1"},"tiers":{"batch":{"input":"-1"}}`) + `]}`:         "not negative",
		head + entry(`,"rates":{"input":"1"},"long_context":[{"rates":{"input":"2"}}]`) + `]}`: "threshold",
		head + entry(`,"rates":{"input":"1"}`) + `,` + entry(`,"rates":{"input":"2"}`) + `]}`:  "stands twice",
		head + entry(`,"images":[{"size":"1x1","image":"0"}]`) + `]}`:                          "not above zero",
		head + entry(`,"images":[{"size":"1x1","image":"x"}]`) + `]}`:                          `image "x": not an amount`,
		head + entry(`,"aliases":["m"],"rates":{"input":"1"}`) + `]}`:                          "stands twice",
		head + `{"model":"m","rates":{"input":"1"}}]}`:                                         "without vendor",
	} {
		if _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%s: %v, want %q", text, err, part)
		}
	}
}
