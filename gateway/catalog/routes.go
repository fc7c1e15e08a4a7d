package catalog

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"tollgate/accounting"
	"tollgate/accounting/pricelist"
)

// wildcard checks and keeps a wildcard name; its routes are made when asked for.
func (b *builder) wildcard(m ModelSpec) {
	prefix, suffix, _ := strings.Cut(m.Name, "*")
	if strings.Contains(suffix, "*") {
		b.fail(m.Path, "a name has one * at most")
		return
	}
	if m.Unavailable != "" {
		b.wildcards = append(b.wildcards, wildcard{prefix, suffix, m})
		return
	}
	if len(m.Targets) == 0 {
		b.fail(m.Path, "the model has no target: write PROVIDER/*")
		return
	}
	for _, t := range m.Targets {
		if strings.Count(t.To, "*") != 1 {
			b.fail(t.Path, "the target of a wildcard has one * too, such as openai/*")
			return
		}
		if _, _, ok := b.split(t.To); !ok {
			b.fail(t.Path, "%s", b.unknownTarget(t.To))
			return
		}
	}
	b.wildcards = append(b.wildcards, wildcard{prefix, suffix, m})
}

func (b *builder) model(s *Snapshot, m ModelSpec) {
	route := Route{Name: m.Name, Family: m.Name, Groups: m.Groups, Secondary: m.Hidden, Unavailable: m.Unavailable}
	if m.Unavailable != "" {
		s.routes[m.Name] = route
		return
	}
	if len(m.Targets) == 0 {
		b.fail(m.Path, "the model has no target: write PROVIDER/MODEL")
		return
	}
	tiers, aliases, gone, err := b.tiers(m, []string{m.Name}, ptr(MaxRoute))
	switch {
	case err != nil:
		b.fail(err.path, "%s", err.message)
	case len(tiers) == 0 && b.unavailable(m) != "":
		route.Unavailable = b.unavailable(m)
		s.routes[m.Name] = route
	case len(tiers) == 0:
		s.gone[m.Name] = true
		if gone != "" {
			b.findings = append(b.findings, Finding{Path: m.Path, Warning: true, Message: gone})
		}
	default:
		route.Tiers, route.Aliases = tiers, aliases
		s.routes[m.Name] = route
	}
}

// unavailable is why nothing serves a name that only leads to others which nothing
// serves; "" if one of them may be served.
func (b *builder) unavailable(m ModelSpec) string {
	why := ""
	for _, t := range m.Targets {
		inner := b.models[t.To]
		if inner.Unavailable == "" {
			return ""
		}
		why = cmp.Or(why, inner.Unavailable)
	}
	return why
}

type specError struct{ path, message string }

// MaxRoute is how many targets one name may lead to, those of its aliases included.
// Aliases of aliases could otherwise multiply without end.
const MaxRoute = 1000

// MaxAliases is how many aliases may lead from one to the next.
const MaxAliases = 100

// maxWeight is the largest weight, so that the sum of a tier's stays within bounds.
const maxWeight = 1 << 30

// share is what one target brings to a tier: itself, or the deployments of the name
// that it stands for, which have the target's weight between them.
type share struct {
	weight int
	of     []Choice
}

// weighed makes one tier of shares. The weights are the smallest whole numbers that
// keep the proportions, or near to them where those would be huge.
func weighed(shares []share, balance Balance, when When) []Choice {
	whole := int64(1) // a common multiple of the sums within the shares
	for _, s := range shares {
		sum := int64(0)
		for _, c := range s.of {
			sum += int64(c.Weight)
		}
		if whole = whole / gcd(whole, sum) * sum; whole > maxWeight {
			whole = maxWeight
			break
		}
	}
	var out []Choice
	divisor := int64(0)
	for _, s := range shares {
		sum := int64(0)
		for _, c := range s.of {
			sum += int64(c.Weight)
		}
		for _, c := range s.of {
			part := float64(s.weight) * float64(c.Weight) / float64(sum) * float64(whole)
			w := int64(min(max(math.Round(part), 1), maxWeight))
			divisor = gcd(divisor, w)
			out = append(out, Choice{c.Candidate, int(w), balance, when, c.Under, c.Via})
		}
	}
	for i := range out {
		out[i].Weight /= int(divisor)
	}
	return out
}

// only are the tiers of an alias that is taken in one case only. Those within it that are
// for another case are left out: both never hold.
func only(tiers [][]Choice, when When) [][]Choice {
	if when == Always {
		return tiers
	}
	var out [][]Choice
	for _, tier := range tiers {
		if is := tier[0].When; is == Always || is == when {
			for i := range tier {
				tier[i].When = when
			}
			out = append(out, tier)
		}
	}
	return out
}

// takesOver says of the tiers of an alias that another model takes over with them.
func takesOver(tiers [][]Choice, name string) {
	for _, tier := range tiers {
		for i := range tier {
			tier[i].Under = name
		}
	}
}

// rebalanced are the tiers of an alias under the name that leads to it.
func rebalanced(tiers [][]Choice, balance Balance) [][]Choice {
	if balance == "" {
		return tiers
	}
	for _, tier := range tiers {
		for i := range tier {
			tier[i].Balance = balance
		}
	}
	return tiers
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// tiers flattens a model's targets; an alias takes the place of its own tiers. left
// is how many targets may still be visited. gone says why something is left out that is not
// a finding.
func (b *builder) tiers(m ModelSpec, trail []string, left *int) (tiers [][]Choice, aliases []string, gone string, fail *specError) {
	byOrder := map[int][]TargetSpec{}
	for _, t := range m.Targets {
		byOrder[t.Order] = append(byOrder[t.Order], t)
	}
	for i, order := range slices.Sorted(maps.Keys(byOrder)) {
		group := byOrder[order]
		when := group[0].When
		switch {
		case i == 0 && when != Always:
			return nil, nil, "", &specError{group[0].Path, "what is taken in one case only comes after something that is always taken"}
		case len(tiers) == 0 && when != Always:
			continue // what came before is gone
		}
		var shares []share
		for _, t := range group {
			if t.When != when {
				return nil, nil, "", &specError{t.Path, "targets of the same order are taken in the same case: give it an order of its own"}
			}
			of, via, why, fail := b.target(t, m, trail, left)
			if fail != nil {
				return nil, nil, "", fail
			}
			if gone = cmp.Or(why, gone); i > 0 && len(via) > 0 {
				takesOver(of, t.To)
			}
			aliases = append(aliases, via...)
			switch {
			case len(of) == 0:
			case len(of) == 1:
				shares = append(shares, share{min(max(t.Weight, 1), maxWeight), of[0]})
			case len(group) == 1:
				tiers = append(tiers, rebalanced(of, m.Balance)...)
			default:
				return nil, nil, "", &specError{t.Path, fmt.Sprintf("%q has deployments in order, so it cannot be weighed against others: give it an order of its own", t.To)}
			}
		}
		if len(shares) > 0 {
			balance := m.Balance
			if len(shares) == 1 {
				balance = cmp.Or(balance, shares[0].of[0].Balance) // an alias is balanced as what it stands for
			}
			tiers = append(tiers, weighed(shares, balance, when))
		}
	}
	return tiers, aliases, gone, nil
}

// target is what one target of a model stands for: its deployment, or the tiers of the model
// that it names, through the aliases via. There is nothing if it is not served at present;
// gone says why, unless that is a finding already.
func (b *builder) target(t TargetSpec, m ModelSpec, trail []string, left *int) (of [][]Choice, via []string, gone string, fail *specError) {
	if *left--; *left < 0 {
		return nil, nil, "", &specError{t.Path, fmt.Sprintf("%s leads to more than %d targets", trail[0], MaxRoute)}
	}
	if strings.Contains(t.To, "*") {
		return nil, nil, "", &specError{t.Path, "a * stands in a target only when it stands in the name too"}
	}
	if d, upstream, ok := b.split(t.To); ok {
		switch {
		case d == nil:
			return nil, nil, "", nil // its provider was refused
		case b.remote(d, upstream) && !d.spec.Remote:
			return nil, nil, fmt.Sprintf("%s leaves this machine; write remote: true at %s to let it through", t.To, d.spec.Path), nil
		}
		return [][]Choice{{{Candidate: b.candidate(d, upstream, t, m), Weight: 1}}}, nil, "", nil
	}
	if slices.Contains(trail, t.To) {
		return nil, nil, "", &specError{t.Path, fmt.Sprintf("the alias leads back to itself: %s", strings.Join(append(trail, t.To), " -> "))}
	}
	if len(trail) > MaxAliases {
		return nil, nil, "", &specError{t.Path, fmt.Sprintf("%s leads through more than %d aliases", trail[0], MaxAliases)}
	}
	of, via, fail = b.alias(t, m, trail, left)
	if of = only(of, t.When); len(of) == 0 {
		gone = fmt.Sprintf("%q is not served at present", t.To)
	}
	return of, via, gone, fail
}

func (b *builder) alias(t TargetSpec, m ModelSpec, trail []string, left *int) ([][]Choice, []string, *specError) {
	inner, ok := b.models[t.To]
	if !ok {
		inner, ok = b.wildcardFor(t.To)
	}
	if !ok {
		return nil, nil, &specError{t.Path, b.unknownTarget(t.To)}
	}
	for _, own := range []struct {
		path     string
		price    accounting.Price
		listedAs string
		ceiling  *accounting.Priced
		shadow   accounting.Shadow
		settings Settings
	}{{t.Path, t.Price, t.ListedAs, t.Ceiling, t.Shadow, t.Settings}, {m.Path, m.Price, m.ListedAs, m.Ceiling, m.Shadow, m.Settings}} {
		switch {
		case own.listedAs != "":
			return nil, nil, &specError{own.path + ".listed_as", fmt.Sprintf("%q is another model's name, which keeps its own price; set it there", t.To)}
		case own.price != nil:
			return nil, nil, &specError{own.path + ".price", fmt.Sprintf("%q is another model's name, which keeps its own price; set it there", t.To)}
		case own.ceiling != nil:
			return nil, nil, &specError{own.path + ".ceiling_price", fmt.Sprintf("%q is another model's name, which keeps its own ceiling; set it there", t.To)}
		case !own.shadow.IsZero():
			return nil, nil, &specError{own.path + ".shadow_price", fmt.Sprintf("%q is another model's name, which keeps its own shadow price; set it there", t.To)}
		case own.settings != Settings{}:
			return nil, nil, &specError{own.path, fmt.Sprintf("%q is another model's name, which keeps its own settings; set them there", t.To)}
		}
	}
	tiers, via, _, err := b.tiers(inner, append(slices.Clone(trail), t.To), left)
	for _, tier := range tiers {
		for i := range tier {
			tier[i].Via = append([]string{t.To}, tier[i].Via...)
		}
	}
	return tiers, append([]string{t.To}, via...), err
}

func (b *builder) unknownTarget(to string) string {
	head, _, slash := strings.Cut(to, "/")
	const few = 12 // the message may be repeated for thousands of models
	known := slices.Sorted(maps.Keys(b.providers))
	if len(known) > few {
		known = append(known[:few], "…")
	}
	if slash {
		return fmt.Sprintf("%q: no provider is called %q (there are: %s) and no model is called %q", to, head, strings.Join(known, ", "), to)
	}
	return fmt.Sprintf("%q is no model's name; a deployment is written PROVIDER/MODEL, with one of the providers %s", to, strings.Join(known, ", "))
}

// split reads provider/model. ok says that the text names a declared provider; d
// is nil if that was refused.
func (b *builder) split(to string) (d *declared, upstream string, ok bool) {
	head, rest, _ := strings.Cut(to, "/")
	if rest == "" {
		return nil, "", false
	}
	d, ok = b.providers[head]
	return d, rest, ok
}

// wildcardFor returns the declaration that a wildcard makes of a name.
func (b *builder) wildcardFor(name string) (ModelSpec, bool) {
	for _, w := range b.wildcards {
		star, ok := w.match(name)
		if !ok {
			continue
		}
		m := w.model
		m.family, m.Name, m.Targets = m.Name, name, slices.Clone(w.model.Targets)
		for i := range m.Targets {
			m.Targets[i].family = m.Targets[i].To
			m.Targets[i].To = strings.Replace(m.Targets[i].To, "*", star, 1)
		}
		return m, true
	}
	return ModelSpec{}, false
}

func (b *builder) expand(name string) (Route, error) {
	m, ok := b.wildcardFor(name)
	if !ok {
		return Route{}, ErrNoModel
	}
	if m.Unavailable != "" {
		return Route{}, fmt.Errorf("%w: %s", ErrUnavailable, m.Unavailable)
	}
	tiers, _, _, err := b.tiers(m, []string{name}, ptr(MaxRoute))
	if err != nil || len(tiers) == 0 {
		return Route{}, ErrNoModel
	}
	r := Route{Name: name, Family: m.family, Tiers: tiers, Groups: m.Groups}
	for _, c := range r.Candidates() {
		if dep := c.Of(); dep.Family == dep.ID {
			r.Family = name
		}
	}
	return r, nil
}

// known lists the names of a wildcard that the price list or an engine knows.
func (b *builder) known(w wildcard) []string {
	var out []string
	for _, t := range w.model.Targets {
		d, pattern, ok := b.split(t.To)
		if !ok || d == nil {
			continue
		}
		before, after, _ := strings.Cut(pattern, "*")
		add := func(model string) {
			if len(model) > len(before)+len(after) && strings.HasPrefix(model, before) && strings.HasSuffix(model, after) {
				out = append(out, w.prefix+model[len(before):len(model)-len(after)]+w.suffix)
			}
		}
		for id, m := range b.found {
			if strings.HasPrefix(id, d.Name+"/") {
				add(m.ID)
			}
		}
		for _, e := range b.prices.Of(d.list) {
			switch e.Mode {
			case pricelist.Chat, pricelist.Completion, pricelist.Embedding:
				add(e.Model)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
