package manage

import (
	"errors"
	"net/http"

	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/accounting/tokens"
	"tollgate/gateway/catalog"
)

func (a *api) costRoutes() []route {
	return []route{
		{http.MethodPost, "/spend/calculate", honoured("model", "messages", "completion_response"), a.calculate},
		{http.MethodPost, "/cost/estimate", honoured("model", "input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "reasoning_tokens",
			"num_requests_per_day", "num_requests_per_month"), a.estimate},
	}
}

// priced is the price of a model, by its first deployment; a free one has none.
type priced struct {
	free     bool
	price    accounting.Priced
	provider string
}

// cost is what a use of the model costs.
func (p priced) cost(u accounting.Usage) (accounting.Money, error) {
	if p.free {
		return 0, nil
	}
	c, err := p.price.Cost(u, accounting.Standard)
	if errors.Is(err, accounting.ErrUnpricedMeter) || errors.Is(err, accounting.ErrOverflow) {
		return 0, bad("model", "What that costs is not known: %v", err)
	}
	return c.Total, err
}

// price is the price of a model that the caller may use.
func (a *api) price(in *call, model string) (priced, error) {
	route, err := a.Gateway.Catalog.Snapshot().Resolve(in.who.Resolve(model))
	if err != nil {
		return priced{}, missing("model", "Model not found: %s: %v", model, err)
	}
	candidates := route.Candidates()
	if len(candidates) == 0 {
		return priced{}, missing("model", "Model not found: nothing serves %s", model)
	}
	first := candidates[0]
	out := priced{provider: first.Of().Provider.Name}
	switch c := first.(type) {
	case catalog.Free:
		out.free = true
	case catalog.Paid:
		out.price = c.Price
	case catalog.Unpriced:
		return out, bad("model", "No price is known of %s. Give it one in the configuration.", model)
	}
	if !in.who.Manages() && !in.who.Allows(route.Name, route.Groups, out.free) {
		return out, forbidden("model", "Your key may not use the model %s.", model)
	}
	return out, nil
}

// calculate tells what a prompt, or a call that is over, costs.
func (a *api) calculate(in *call) error {
	in.needBody()
	model := in.text("model").or("")
	messages, _, prompt := in.get("messages")
	answer, _, over := in.get("completion_response")
	if prompt && !messages.IsArray() {
		in.fail("list_type", "Input should be a valid list", "messages")
	}
	if over && !answer.IsObject() {
		in.fail("dict_type", "Input should be a valid dictionary", "completion_response")
	}
	if err := in.done(); err != nil {
		return err
	}
	var u accounting.Usage
	switch {
	case over:
		if model == "" {
			model = answer.Get("model").Str
		}
		u = usageOf(answer.Get("usage"))
	case prompt:
		u[accounting.Input] = promptTokens(messages)
	default:
		return bad("messages", "Bad Request - Either 'messages' or 'completion_response' must be provided")
	}
	if model == "" {
		return bad("model", "Bad Request - Missing 'model' from 'completion_response' or the request")
	}
	p, err := a.price(in, model)
	if err != nil {
		return err
	}
	if _, moved := u.Clamp(); moved {
		return bad("completion_response", "The usage is negative, or more than %d of one kind: no call has that.", accounting.MaxCount)
	}
	cost, err := p.cost(u)
	if err != nil {
		return err
	}
	return in.answer(row{"cost": number(cost)})
}

// usageOf reads the usage of an answer.
func usageOf(v gjson.Result) (u accounting.Usage) {
	cached, reasoning := v.Get("prompt_tokens_details.cached_tokens").Int(), v.Get("completion_tokens_details.reasoning_tokens").Int()
	u[accounting.CachedInput], u[accounting.Reasoning] = cached, reasoning
	u[accounting.Input], u[accounting.Output] = v.Get("prompt_tokens").Int()-cached, v.Get("completion_tokens").Int()-reasoning
	return u
}

// promptTokens counts the tokens of messages, as LiteLLM does for models whose tokens nobody
// knows: each message has some for itself, and so has the answer. Where they are long in all,
// the tokens of their texts are estimated.
func promptTokens(messages gjson.Result) int64 {
	const each = 3
	n, size := int64(each), int64(0)
	var texts []string
	messages.ForEach(func(_, m gjson.Result) bool {
		n += each
		m.ForEach(func(_, v gjson.Result) bool {
			text := v.Raw
			if v.Type == gjson.String {
				text = v.Str
			}
			texts, size = append(texts, text), size+int64(len(text))
			return true
		})
		return true
	})
	if size <= tokens.Most {
		for _, text := range texts {
			n += tokens.Count(text)
		}
		return n
	}
	c := tokens.NewCounter(size, tokens.Most)
	for _, text := range texts {
		_, _ = c.WriteString(text) // it never fails
	}
	return n + c.Tokens()
}

// estimate tells what calls would cost, by what they use.
func (a *api) estimate(in *call) error {
	in.needBody()
	model := in.text("model")
	if model.v == nil {
		in.fail("missing", "Field required", "model")
	}
	n := map[string]int64{}
	for _, name := range []string{"input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "reasoning_tokens"} {
		n[name] = in.count(name).or(0)
	}
	perDay, perMonth := in.count("num_requests_per_day"), in.count("num_requests_per_month")
	if err := in.done(); err != nil {
		return err
	}
	p, err := a.price(in, model.or(""))
	if err != nil {
		return err
	}
	out := shape("cost_estimate").with(row{"model": model.or(""), "provider": p.provider, "num_requests_per_day": count(perDay.v), "num_requests_per_month": count(perMonth.v)})
	var all accounting.Usage
	for _, part := range []struct {
		cost, tokens, rate string
		meter              accounting.Meter
	}{
		{"input_cost", "input_tokens", "input_cost_per_token", accounting.Input},
		{"output_cost", "output_tokens", "output_cost_per_token", accounting.Output},
		{"cache_read_cost", "cache_read_input_tokens", "cache_read_input_token_cost", accounting.CachedInput},
		{"cache_creation_cost", "cache_creation_input_tokens", "cache_creation_input_token_cost", accounting.CacheWrite},
		{"reasoning_cost", "reasoning_tokens", "output_cost_per_reasoning_token", accounting.Reasoning},
	} {
		var u accounting.Usage
		u[part.meter], all[part.meter] = n[part.tokens], n[part.tokens]
		cost, err := p.cost(u)
		if err != nil {
			return err
		}
		rate, _ := p.price.Rate(part.meter)
		out.with(row{part.tokens: n[part.tokens], part.rate: perToken(rate)})
		if err := estimated(out, part.cost, cost, perDay.v, perMonth.v); err != nil {
			return err
		}
	}
	cost, err := p.cost(all)
	if err == nil {
		err = estimated(out, "cost", cost, perDay.v, perMonth.v)
	}
	if err == nil {
		err = estimated(out, "margin_cost", 0, perDay.v, perMonth.v)
	}
	if err != nil {
		return err
	}
	return in.answer(out)
}

// estimated writes a cost of one call, and of those of a day and of a month.
func estimated(out row, name string, cost accounting.Money, perDay, perMonth *int64) error {
	out.with(row{name + "_per_request": number(cost)})
	for when, calls := range map[string]*int64{"daily_": perDay, "monthly_": perMonth} {
		if calls == nil {
			continue
		}
		if *calls > 0 && cost > accounting.MaxMoney/accounting.Money(*calls) {
			return bad("num_requests_per_day", "That many calls cost more than can be told.")
		}
		out.with(row{when + name: number(cost * accounting.Money(*calls))})
	}
	return nil
}
