package litellm

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tollgate/accounting"
	"tollgate/accounting/pricelist"
)

// isPrice says that a member of a deployment is a price of something.
func isPrice(key string) bool {
	return isCost().MatchString(key) && key != "cost_per_request"
}

// priceFields gathers the prices that a deployment states. Those of litellm_params count
// before those of model_info.
func (c *converter) priceFields(params, info *value) (map[string]json.RawMessage, map[string]place, error) {
	fields, places := map[string]json.RawMessage{}, map[string]place{}
	for _, from := range []*value{params, info} {
		if from == nil {
			continue
		}
		for _, p := range from.pairs {
			if !isPrice(p.key) {
				continue
			}
			raw, err := c.json(p.v, true)
			if err != nil {
				return nil, nil, fmt.Errorf("%s is no number", hidden(p.key))
			}
			if string(raw) == "null" {
				continue
			}
			if before, twice := fields[p.key]; twice {
				if string(before) != string(raw) {
					c.find(Changed, p.at, "", "litellm_params state another %s, which counts, as with LiteLLM", p.key)
				}
				continue
			}
			fields[p.key], places[p.key] = raw, p.at
		}
	}
	return fields, places, nil
}

// price settles what a deployment costs.
func (c *converter) price(d *deployment, params, info *value) {
	fields, places, err := c.priceFields(params, info)
	if err != nil {
		d.leave("its price cannot be read: %v", err)
		return
	}
	mode := modes[d.mode]
	tariff, unused, err := readTariff(d.vendor.kind, mode, fields, nil)
	if err != nil {
		d.leave("its price cannot be read: %v", err)
		return
	}
	skip, _ := c.truth(info.get("skip_budget_checks"))
	if tier, ok := c.word(info.get("tier")); ok && strings.EqualFold(tier, "free") {
		c.find(Ignored, info.get("tier").at, "input_cost_per_token: 0 and output_cost_per_token: 0", "tier makes nothing free, there as here: a price of zero does")
	}
	price, err := accounting.PriceOf(tariff)
	_, free := price.(accounting.Free)
	seconds := fields["input_cost_per_second"] != nil || fields["output_cost_per_second"] != nil
	stated := slices.Sorted(maps.Keys(fields))
	switch {
	case free && len(unused) > 0:
		d.leave("it is not free: it bills %s, which tollgate does not count", strings.Join(unused, ", "))
	case free:
		d.price = "free"
		c.find(Changed, d.at, "", "free, by explicit zeros: no budget counts it and none blocks it, whatever it is called by")
	case err == nil:
		for _, name := range unused {
			c.find(Changed, d.at, "", "%s is not charged: tollgate does not count what it is for", name)
		}
		if others := searchSizes(fields["search_context_cost_per_query"]); len(others) > 0 {
			c.find(Changed, places["search_context_cost_per_query"], "", "every web search is charged as one of medium context: tollgate does not tell its size, and %s would cost another amount", strings.Join(others, " and "))
		}
		if tariff.Rates[accounting.Milliseconds] == 0 && seconds {
			c.find(Ignored, d.at, "", "the price by the second stands beside one by tokens, which alone is charged, as with LiteLLM")
		}
		c.other(d, &tariff, mode)
		d.price = priceText(tariff)
		if skip {
			c.find(Changed, d.at, "price: free", "skip_budget_checks stands beside a price: the price is kept, and budgets count it")
		}
	case errors.Is(err, accounting.ErrNoRates) && len(unused) > 0:
		d.leave("its price is only %s, which tollgate does not count", strings.Join(unused, ", "))
	case errors.Is(err, accounting.ErrAllZero) && d.vendor.local:
		d.price = "free"
		c.find(Changed, d.at, "", "free here, since it runs on a machine of your own and %s is 0; there it cost nothing and was blocked when a budget was spent", strings.Join(stated, ", "))
	case errors.Is(err, accounting.ErrAllZero):
		c.find(Changed, d.at, "both input_cost_per_token and output_cost_per_token", "%s alone is 0, and what is not stated is never taken for zero: its price is that of the price list, or unknown", strings.Join(stated, ", "))
		c.unpriced(d, skip)
	case errors.Is(err, accounting.ErrNoRates):
		c.unpriced(d, skip)
	default:
		d.leave("its price cannot be used: %v", err)
	}
	if d.price == "" && d.why == "" {
		c.basis(d)
	}
}

// other completes a price of which only one side is stated: what is not stated is what the
// vendor's list says.
func (c *converter) other(d *deployment, t *accounting.Tariff, mode pricelist.Mode) {
	if len(t.Rates) == 0 {
		return
	}
	in, hasIn := t.Rates[accounting.Input]
	out, hasOut := t.Rates[accounting.Output]
	oneSided := mode == pricelist.Embedding || mode == pricelist.Moderation || mode == pricelist.Image || mode == pricelist.Transcription || mode == pricelist.Speech || strings.Contains(d.upstream, "embed")
	if hasIn == hasOut || oneSided {
		return
	}
	missing, at := accounting.Output, in
	if hasOut {
		missing, at = accounting.Input, out
	}
	if at == 0 {
		return
	}
	if e, ok := c.prices.Find(d.list(), d.upstream); ok {
		if p, priced := e.Price.(accounting.Priced); priced {
			if r, ok := p.Rate(missing); ok {
				t.Rates[missing] = r
				c.find(Changed, d.at, "", "only one side of the price is stated; %s is what the price list says: %s USD for 1M tokens", missing, accounting.FormatRate(missing, r))
				return
			}
		}
	}
	c.find(Changed, d.at, missing.String()+"_cost_per_token", "only one side of the price is stated: nobody knows the price of %s, which LiteLLM took for 0, so whoever has a budget is refused", missing)
}

// unpriced says what it means that nobody states a price.
func (c *converter) unpriced(d *deployment, skip bool) {
	e, listed := c.prices.Find(d.list(), d.upstream)
	switch {
	case d.base != "":
	case skip:
		d.price = "free"
		c.find(Changed, d.at, "", "free, by skip_budget_checks: no budget counts it and none blocks it")
	case d.vendor.local:
		if strings.HasSuffix(d.upstream, "-cloud") && d.vendor.kind == "ollama" {
			c.find(Changed, d.at, "", "the model runs on somebody else's machine, and nobody states its price: whoever has a budget is refused")
			break
		}
		c.find(Changed, d.at, "input_cost_per_token and output_cost_per_token, if it is not", "no price is stated, so it is free here, since it runs on a machine of your own; there it cost nothing and was blocked when a budget was spent")
	case listed && !d.own:
		d.listed = true
		c.find(Changed, d.at, "", "no price is stated; the price list's of %s %s is charged, as with LiteLLM", e.Vendor, e.Model)
	case listed:
	case strings.Contains(d.upstream, "*"):
		c.find(Changed, d.at, "", "models that the price list does not know have no price: whoever has a budget is refused them; LiteLLM counted them as 0")
	default:
		c.find(Changed, d.at, "input_cost_per_token and output_cost_per_token", "nobody states its price, and unknown is not free: whoever has a budget is refused; LiteLLM counted it as 0")
	}
}

// basis lets the entry of the price list speak for a deployment that base_model names.
func (c *converter) basis(d *deployment) {
	if d.base == "" {
		return
	}
	name := d.base
	at := d.baseAt
	var tries []string
	if head, rest, slash := strings.Cut(name, "/"); slash {
		tries = append(tries, vendors[head]+"/"+rest, vendors["openai"]+"/"+rest)
	}
	tries = append(tries, d.list()+"/"+name, "openai/"+name)
	for _, t := range tries {
		vendor, model, _ := strings.Cut(t, "/")
		if _, ok := c.prices.Find(vendor, model); ok {
			d.listedAs = t
			return
		}
	}
	if !d.vendor.local {
		c.find(Changed, at, "input_cost_per_token and output_cost_per_token", "the price list has no %s, so its price is unknown: whoever has a budget is refused", hidden(name))
		return
	}
	d.leave("its base_model is not in the price list, so nobody knows what it costs")
}

// priceText is a price in tollgate's words.
func priceText(t accounting.Tariff) string {
	members := rates(t.Rates, t.Tiers)
	if len(t.Long) > 0 {
		bands := make([]string, len(t.Long))
		for i, b := range t.Long {
			bands[i] = flow(append([]member{{"above_input", fmt.Sprint(b.AboveInput)}}, rates(b.Rates, b.Tiers)...))
		}
		members = append(members, member{"long_context", "[" + strings.Join(bands, ", ") + "]"})
	}
	return flow(members)
}

func rates(standard accounting.Rates, tiers map[accounting.Tier]accounting.Rates) []member {
	var out []member
	for _, m := range slices.Sorted(maps.Keys(standard)) {
		out = append(out, member{m.String(), rate(m, standard[m])})
	}
	for _, t := range []accounting.Tier{accounting.Batch, accounting.Flex, accounting.Priority} {
		if r := tiers[t]; len(r) > 0 {
			out = append(out, member{string(t), flow(rates(r, nil))})
		}
	}
	return out
}

// tiny is a rate for a million that tollgate takes for a mistake unless its unit is said.
const tiny = accounting.Rate(100_000)

func rate(m accounting.Meter, r accounting.Rate) string {
	s := accounting.FormatRate(m, r)
	if accounting.PerUnitOf(m) == accounting.PerMillion && r > 0 && r < tiny {
		return s + " USD / 1M"
	}
	return s
}

// list is the vendor in the price list that a deployment's models may be found at.
func (d *deployment) list() string {
	return cmp.Or(vendors[d.prefix], "")
}
