package configs

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"tollgate/accounting"
)

const priceExample = "price: { input: 0.25, output: 2 } (USD per 1M tokens), or price: free"

// maxBands is how many long-context bands a price may have.
const maxBands = 16

// price reads `free` or a mapping of rates. nil says that there was a problem.
func (r *reader) price(path string, n *yaml.Node) accounting.Price {
	if n.Kind == yaml.ScalarNode && n.Value == "free" {
		return accounting.Free{}
	}
	if n.Kind == yaml.ScalarNode && n.Value == "unknown" {
		r.say(path, n, "remove the key", "a price that nobody states is unknown already")
		return nil
	}
	t, ok := r.tariff(path, n, priceExample)
	if !ok {
		return nil
	}
	p, err := accounting.PriceOf(t)
	if err != nil {
		r.badPrice(path, n, "price: free", priceExample, err)
		return nil
	}
	return p
}

// ceiling reads what a call without a known price counts as; it is above zero.
func (r *reader) ceiling(path string, n *yaml.Node) *accounting.Priced {
	const example = "ceiling_price: { input: 10, output: 50 }"
	if n.Kind == yaml.ScalarNode && n.Value == "free" {
		r.say(path, n, "price: free", "a ceiling is what a model of unknown price counts as; one that is free has a price")
		return nil
	}
	t, ok := r.tariff(path, n, example)
	if !ok {
		return nil
	}
	p, err := accounting.NewPriced(t)
	if err != nil {
		r.badPrice(path, n, example, example, err)
		return nil
	}
	return &p
}

const shadowExample = "shadow_price: { input: 0.25, output: 2 }"

// shadow reads what the use of a free model would have cost elsewhere; it is above
// zero.
func (r *reader) shadow(path string, n *yaml.Node) accounting.Shadow {
	if n.Kind == yaml.ScalarNode && n.Value == "free" {
		r.say(path, n, shadowExample+", or remove the key", "a shadow price is what the use of a free model would have cost elsewhere, so it cannot be free itself")
		return accounting.Shadow{}
	}
	t, ok := r.tariff(path, n, shadowExample)
	if !ok {
		return accounting.Shadow{}
	}
	s, err := accounting.NewShadow(t)
	if err != nil {
		r.badPrice(path, n, shadowExample, shadowExample, err)
	}
	return s
}

// shadowBeside refuses a shadow price in a mapping whose own price makes it void.
func (r *reader) shadowBeside(at pair, price accounting.Price, shadow accounting.Shadow) {
	if _, paid := price.(accounting.Priced); paid && !shadow.IsZero() {
		r.say(at.path+".shadow_price", at.node, "price: free, or remove one of the two", "a shadow price is for what is free, and the price that stands beside it is not")
	}
}

func (r *reader) badPrice(path string, n *yaml.Node, write, example string, err error) {
	switch {
	case errors.Is(err, accounting.ErrAllZero):
		r.say(path, n, write, "every rate that is stated is zero, and a missing one is never taken for zero")
	case errors.Is(err, accounting.ErrNoRates):
		r.say(path, n, example, "no standard rate is stated")
	default:
		r.say(path, n, "", "%v", err)
	}
}

// tariff reads a mapping of rates; ok is false if something in it is wrong.
func (r *reader) tariff(path string, n *yaml.Node, example string) (accounting.Tariff, bool) {
	before := len(r.problems)
	t := accounting.Tariff{Version: "configuration, " + path, Rates: accounting.Rates{}, Tiers: map[accounting.Tier]accounting.Rates{}}
	known := r.rates(t.Rates)
	r.tiers(known, t.Tiers)
	known["long_context"] = func(path string, n *yaml.Node) {
		const write = "long_context: [{ above_input: 200000, input: 0.50, output: 4 }]"
		all := r.list(path, n, write)
		if len(all) > maxBands {
			r.say(path, n, "", "there are %d bands, but %d are possible", len(all), maxBands)
			return
		}
		for _, b := range all {
			band := accounting.Band{Rates: accounting.Rates{}, Tiers: map[accounting.Tier]accounting.Rates{}}
			known := r.rates(band.Rates)
			r.tiers(known, band.Tiers)
			known["above_input"] = func(path string, n *yaml.Node) { band.AboveInput, _ = r.whole(path, n, maxTokens) }
			r.fields(b.path, b.node, write, known)
			if b.node.Kind == yaml.MappingNode && !has(b.node, "above_input") {
				r.say(b.path, b.node, "above_input: 200000", "a band says above how many input tokens it begins")
			}
			t.Long = append(t.Long, band)
		}
	}
	r.fields(path, n, example, known)
	return t, len(r.problems) == before
}

// rates are the keys of one set of rates.
func (r *reader) rates(into accounting.Rates) map[string]field {
	known := map[string]field{}
	for _, m := range accounting.Meters() {
		known[m.String()] = func(path string, n *yaml.Node) {
			if rate, ok := r.rate(path, n, m); ok {
				into[m] = rate
			}
		}
	}
	return known
}

func (r *reader) tiers(known map[string]field, into map[accounting.Tier]accounting.Rates) {
	for _, t := range []accounting.Tier{accounting.Batch, accounting.Flex, accounting.Priority} {
		known[string(t)] = func(path string, n *yaml.Node) {
			into[t] = accounting.Rates{}
			r.fields(path, n, string(t)+": { input: 0.125, output: 1 }", r.rates(into[t]))
		}
	}
}

// rateText is an amount, its currency, and what it is for.
var rateText = pattern(`^\$?\s*([0-9.]+(?:[eE][+-]?[0-9]{1,3})?)\s*(USD)?\s*(?:/\s*(1|1K|1k|1M|1000|1000000|1_000|1_000_000)?\s*([a-z]*))?$`)

// suspicious is a rate for a million tokens that is only plausible for one.
const suspicious = accounting.Rate(100_000) // 0.0001 USD

// rate reads the rate of one meter from the text as it is written.
func (r *reader) rate(path string, n *yaml.Node, m accounting.Meter) (accounting.Rate, bool) {
	example := rateExample(m)
	s, ok := r.scalar(path, n, example)
	if !ok {
		return 0, false
	}
	if strings.HasPrefix(strings.TrimSpace(s), "-") {
		r.say(path, n, example, "a price is not negative")
		return 0, false
	}
	parts := rateText().FindStringSubmatch(strings.TrimSpace(s))
	if parts == nil {
		r.say(path, n, example, "not an amount of US dollars")
		return 0, false
	}
	stated := strings.Contains(s, "/")
	per := accounting.PerUnitOf(m)
	if stated {
		switch parts[3] {
		case "", "1":
			per = accounting.PerUnit
		case "1K", "1k", "1000", "1_000":
			per = accounting.PerThousand
		default:
			per = accounting.PerMillion
		}
		if unit := unitOf(m); parts[3] == "" && parts[4] == "" || parts[4] != "" && parts[4] != unit && parts[4] != plural(unit) {
			r.say(path, n, example, "%s is priced by the %s", m, unit)
			return 0, false
		}
	}
	amount, ok := plainDecimal(parts[1])
	if !ok {
		r.say(path, n, example, "not an amount of US dollars")
		return 0, false
	}
	rate, err := accounting.ParseRate(m, amount, per)
	switch {
	case errors.Is(err, accounting.ErrOverflow):
		r.say(path, n, "", "dearer than any price that is believed")
		return 0, false
	case err != nil:
		r.say(path, n, "", "finer than can be counted exactly: up to 9 decimals for a million, 15 for one")
		return 0, false
	case !stated && per == accounting.PerMillion && rate > 0 && rate < suspicious:
		r.say(path, n, fmt.Sprintf("%s: %s USD / %s, or with / 1M %s if it is meant so", m, parts[1], unitOf(m), plural(unitOf(m))), "a bare number is for a million, which would be next to nothing")
		return 0, false
	}
	return rate, true
}

func rateExample(m accounting.Meter) string {
	if accounting.PerUnitOf(m) == accounting.PerMillion {
		return fmt.Sprintf("%s: 0.25 USD / 1M %s", m, plural(unitOf(m)))
	}
	return fmt.Sprintf("%s: 0.01 USD", m)
}

func unitOf(m accounting.Meter) string {
	if m < accounting.Images {
		return "token"
	}
	return m.String()
}

func plural(unit string) string {
	if strings.HasSuffix(unit, "ch") {
		return unit + "es"
	}
	return unit + "s"
}

// plainDecimal writes a decimal with an exponent without one, digit by digit.
func plainDecimal(s string) (string, bool) {
	mantissa, exp, _ := strings.Cut(strings.ToLower(s), "e")
	e := 0
	if exp != "" {
		var err error
		if e, err = strconv.Atoi(exp); err != nil || e < -60 || e > 60 {
			return "", false
		}
	}
	whole, frac, dotted := strings.Cut(mantissa, ".")
	if whole == "" || dotted && frac == "" || strings.Contains(frac, ".") || len(mantissa) > 60 {
		return "", false
	}
	if len(whole) > 1 && whole[0] == '0' {
		return "", false // YAML reads 010 as eight; nobody should have to wonder
	}
	if exp == "" {
		return mantissa, true
	}
	digits, point := whole+frac, len(whole)+e
	if point <= 0 {
		digits, point = strings.Repeat("0", 1-point)+digits, 1
	}
	if point > len(digits) {
		digits += strings.Repeat("0", point-len(digits))
	}
	if point == len(digits) {
		return digits, true
	}
	return digits[:point] + "." + digits[point:], true
}

// money reads an amount of dollars from the text as it is written.
func (r *reader) money(path string, n *yaml.Node, example string) (accounting.Money, bool) {
	s, ok := r.scalar(path, n, example)
	if !ok {
		return 0, false
	}
	m, err := accounting.ParseMoney(s)
	switch {
	case err == nil && octal().MatchString(s):
		r.say(path, n, example, "an amount does not begin with a zero digit")
		return 0, false
	case errors.Is(err, accounting.ErrOverflow):
		r.say(path, n, "", "more than can be counted: up to about 9.2 billion dollars")
		return 0, false
	case err != nil:
		r.say(path, n, example, "not an exact amount of US dollars, with up to 9 decimals")
		return 0, false
	}
	return m, true
}

var octal = pattern(`^\s*\$?\s*-?0[0-9]`)
