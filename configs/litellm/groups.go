package litellm

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// freeWord in a list of allowed models is every model that is free.
const freeWord = "free"

const freeName = "a key whose list of models has \"free\" may call every model that is free, and not this one alone: give the model another name if that is too much"

// maxTrail is how many aliases lead from one to the next.
const maxTrail = 50

// group is a public name with everything that it leads to.
type group struct {
	name        string
	at          place
	of          []*deployment
	aliasOf     string // it only stands for another name
	hidden      bool
	groups      []string
	targets     []target
	balance     string
	unavailable string
}

// target is one line of a name's targets.
type target struct {
	at      place
	to      string
	order   int
	weight  int64
	when    string
	members []member
}

// The bounds of a name's targets.
const (
	maxTargets = 100
	maxOrder   = 1000
	maxWeight  = 1000
)

// gather makes groups of the deployments.
func (c *converter) gather() {
	c.byName = map[string]*group{}
	for _, d := range c.deployments {
		g := c.byName[d.name]
		if g == nil {
			g = &group{name: d.name, at: d.at}
			c.add(g)
		}
		g.of = append(g.of, d)
		for _, name := range d.groups {
			if !slices.Contains(g.groups, name) {
				g.groups = append(g.groups, name)
			}
		}
	}
	for _, g := range c.groups {
		if slices.ContainsFunc(g.of, func(d *deployment) bool { return len(d.groups) != len(g.groups) }) {
			c.find(Changed, g.at, "", "whoever may call %s by one of its access groups may call all deployments of that name", hidden(g.name))
		}
		if g.name == freeWord {
			c.find(Changed, g.at, "", "%s", freeName)
		}
		if vendor, is := strings.CutSuffix(g.name, "/*"); is && len(c.prices.Of(vendor)) > 0 {
			c.find(Changed, g.at, "", "its models are called by their names with %s/; LiteLLM knew some without it, too: if clients leave it out, add a model_name with that form, such as gpt-*", vendor)
		}
		if len(g.groups) > 100 {
			c.find(Changed, g.at, "", "a model has 100 groups at most, so the others are left out")
			g.groups = g.groups[:100]
		}
		c.place(g)
	}
}

// weights are what a group's deployments share their calls by: the first of weight, rpm
// and tpm that any of them states; what states none of it gets none.
func weights(of []*deployment) []*big.Rat {
	for _, read := range []func(*deployment) *big.Rat{
		func(d *deployment) *big.Rat { return d.weight },
		func(d *deployment) *big.Rat { return positive(d.rpm) },
		func(d *deployment) *big.Rat { return positive(d.tpm) },
	} {
		out := make([]*big.Rat, len(of))
		some := false
		for i, d := range of {
			if out[i] = read(d); out[i] == nil {
				out[i] = new(big.Rat)
			}
			some = some || out[i].Sign() > 0
		}
		if some {
			return out
		}
	}
	return nil
}

func positive(n int64) *big.Rat {
	if n <= 0 {
		return nil
	}
	return big.NewRat(n, 1)
}

// place puts a group's deployments into tiers.
func (c *converter) place(g *group) {
	var usable []*deployment
	for _, d := range g.of {
		if d.why == "" {
			usable = append(usable, d)
		} else if g.unavailable == "" {
			g.unavailable = d.why
		}
	}
	if len(usable) > maxTargets {
		c.find(Changed, usable[maxTargets].at, "", "a name leads to %d deployments at most, so the others are left out", maxTargets)
		usable = usable[:maxTargets]
	}
	byOrder := map[int64][]*deployment{}
	var orders []int64
	for _, d := range usable {
		if _, there := byOrder[d.order]; !there {
			orders = append(orders, d.order)
		}
		byOrder[d.order] = append(byOrder[d.order], d)
	}
	// What states no order comes when nothing else is left.
	slices.SortFunc(orders, func(a, b int64) int {
		switch {
		case a == b:
			return 0
		case a == 0, b != 0 && a > b:
			return 1
		}
		return -1
	})
	weighed := false
	for _, o := range orders {
		same := byOrder[o]
		w := weights(same)
		weighed = weighed || w != nil && len(same) > 1
		next := 0
		if len(g.targets) > 0 {
			next = g.targets[len(g.targets)-1].order
		}
		for i, d := range same {
			if w == nil || w[i].Sign() > 0 {
				g.targets = append(g.targets, target{at: d.at, to: d.provider.name + "/" + d.upstream, order: next + 1, weight: scaled(w, i), members: d.members()})
			}
		}
		if len(g.targets) > 0 && g.targets[len(g.targets)-1].order == next+1 {
			next++
		}
		for i, d := range same {
			if w != nil && w[i].Sign() == 0 {
				c.find(Changed, d.at, "", "beside others with a weight it has none, so it is called when they cannot be")
				g.targets = append(g.targets, target{at: d.at, to: d.provider.name + "/" + d.upstream, order: next + 1, members: d.members()})
			}
		}
	}
	if len(g.targets) > 0 {
		g.unavailable = ""
	}
	if g.balance = c.opt.balance; g.balance == "" && weighed {
		g.balance = "weights"
	}
	if len(usable) < 2 {
		g.balance = ""
	}
}

// scaled is a weight as a whole number from 1 to 1000; 0 where there are none.
func scaled(w []*big.Rat, i int) int64 {
	if len(w) < 2 {
		return 0
	}
	largest := new(big.Rat)
	denominator := big.NewInt(1)
	for _, x := range w {
		if x.Cmp(largest) > 0 {
			largest = x
		}
		denominator.Mul(denominator, new(big.Int).Div(x.Denom(), new(big.Int).GCD(nil, nil, denominator, x.Denom())))
		if denominator.BitLen() > 64 {
			denominator = big.NewInt(maxWeight)
			break
		}
	}
	common := new(big.Int)
	whole := make([]*big.Int, len(w))
	for j, x := range w {
		n := new(big.Rat).Mul(x, new(big.Rat).SetInt(denominator))
		whole[j] = new(big.Int).Quo(n.Num(), n.Denom())
		common.GCD(nil, nil, common, whole[j])
	}
	if common.Sign() > 0 {
		top := new(big.Int)
		for j := range whole {
			whole[j].Quo(whole[j], common)
			if whole[j].Cmp(top) > 0 {
				top = whole[j]
			}
		}
		if top.IsInt64() && top.Int64() <= maxWeight {
			return max(whole[i].Int64(), 1)
		}
	}
	n := new(big.Rat).Mul(new(big.Rat).Quo(w[i], largest), big.NewRat(maxWeight, 1))
	return max(new(big.Int).Quo(n.Num(), n.Denom()).Int64(), 1)
}

// members are a deployment's settings as a target's.
func (d *deployment) members() []member {
	var out []member
	if d.price != "" {
		out = append(out, member{"price", d.price})
	}
	if d.listedAs != "" {
		out = append(out, member{"listed_as", quote(d.listedAs)})
	}
	for _, s := range d.settings {
		out = slices.DeleteFunc(out, func(m member) bool { return m.key == s.key })
		out = append(out, s)
	}
	if len(d.changes.defaults) > 0 {
		out = append(out, member{"defaults", flow(d.changes.defaults)})
	}
	if len(d.changes.set) > 0 {
		out = append(out, member{"set", flow(d.changes.set)})
	}
	if len(d.changes.drop) > 0 {
		out = append(out, member{"drop", series(d.changes.drop)})
	}
	return out
}

// group returns the group of a name, or nil.
func (c *converter) group(name string) *group { return c.byName[name] }

// add adds a name.
func (c *converter) add(g *group) {
	c.groups, c.byName[g.name] = append(c.groups, g), g
}

// wildcard returns the group whose * fits a name best, and what the * stands for.
func (c *converter) wildcard(name string) (best *group, star string) {
	for _, g := range c.groups {
		before, after, is := strings.Cut(g.name, "*")
		if !is || len(name) <= len(before)+len(after) || !strings.HasPrefix(name, before) || !strings.HasSuffix(name, after) {
			continue
		}
		if best == nil || len(g.name) > len(best.name) {
			best, star = g, name[len(before):len(name)-len(after)]
		}
	}
	return best, star
}

// resolve returns the group that a name leads to: its own, or one that a wildcard makes.
func (c *converter) resolve(name string) *group {
	if g := c.group(name); g != nil {
		return g
	}
	w, star := c.wildcard(name)
	if w == nil || !modelName(name) || strings.Contains(name, "*") {
		return nil
	}
	g := &group{name: name, at: w.at, groups: w.groups, balance: w.balance, unavailable: w.unavailable}
	for _, t := range w.targets {
		t.to = strings.Replace(t.to, "*", star, 1)
		g.targets = append(g.targets, t)
	}
	return g
}

// aliases adds the names of model_group_alias, and those that deployments are called by.
func (c *converter) aliases(v *value) {
	var added []*group
	if v != nil && c.isMap(v) {
		added = c.otherNames(v)
	}
	c.stand(append(added, c.ids(added)...))
}

// ids are the ids of deployments as names: who calls one by its id is served by what its
// model's name leads to, so that what holds for that name holds.
func (c *converter) ids(taken []*group) []*group {
	var out []*group
	for _, d := range c.deployments {
		is := func(g *group) bool { return g.name == d.id }
		if d.id == "" || d.id == freeWord || d.why != "" || strings.ContainsAny(d.id, "*/") || strings.Contains(d.name, "*") || c.group(d.id) != nil || slices.ContainsFunc(taken, is) || slices.ContainsFunc(out, is) {
			continue
		}
		out = append(out, &group{name: d.id, at: d.idAt, aliasOf: d.name, hidden: true})
	}
	return out
}

// otherNames are the names of model_group_alias.
func (c *converter) otherNames(v *value) []*group {
	var added []*group
	for _, p := range v.pairs {
		to, ok := "", false
		hide := false
		if p.v.kind == yaml.MappingNode {
			to, ok = c.word(p.v.get("model"))
			if h := p.v.get("hidden"); h != nil {
				hide, _ = c.truth(h)
			}
		} else {
			to, ok = c.word(p.v)
		}
		switch {
		case !ok || !modelName(p.key) || strings.Contains(p.key, "*") || !modelName(to) || strings.Contains(to, "*"):
			c.find(Ignored, p.at, "ALIAS: MODEL_NAME", "an alias stands for one other name, so this is left out")
			continue
		case p.key == to:
			continue
		}
		if g := c.group(p.key); g != nil {
			c.find(Changed, p.at, "", "%s is a model too: as with LiteLLM the alias goes first, so that model is not reached by its name", hidden(p.key))
			c.groups = slices.DeleteFunc(c.groups, func(o *group) bool { return o == g })
		}
		if p.key == freeWord {
			c.find(Changed, p.at, "", "%s", freeName)
		}
		added = append(added, &group{name: p.key, at: p.at, aliasOf: to, hidden: hide})
	}
	return added
}

// stand adds names that stand for others.
func (c *converter) stand(added []*group) {
	for _, g := range added {
		c.add(g)
	}
	for _, g := range added {
		trail := []string{g.name}
		for next := g; next != nil && next.aliasOf != ""; next = c.group(next.aliasOf) {
			if slices.Contains(trail, next.aliasOf) {
				c.find(Unavailable, g.at, "", "the alias leads back to itself: %s", hidden(strings.Join(append(trail, next.aliasOf), " -> ")))
				g.unavailable = "it is an alias that leads back to itself"
				break
			}
			if trail = append(trail, next.aliasOf); len(trail) > maxTrail {
				c.find(Unavailable, g.at, "", "it leads through more than %d aliases", maxTrail)
				g.unavailable = "it leads through too many aliases"
				break
			}
		}
	}
	for _, g := range added {
		switch to := c.resolve(g.aliasOf); {
		case g.unavailable != "":
		case to == nil:
			c.find(Unavailable, g.at, "", "the alias leads to %s, which is no model's name", hidden(g.aliasOf))
			g.unavailable = "it is an alias of a model that is not there"
		case to.unavailable != "":
			g.unavailable = to.unavailable
		default:
			if c.group(g.aliasOf) == nil { // a wildcard's: written out, since settings stay with it
				g.targets, g.balance, g.groups = to.targets, to.balance, to.groups
				continue
			}
			g.targets = []target{{at: g.at, to: g.aliasOf, order: 1}}
			// Whoever may call the model may call it by its alias too.
			if g.aliasOf == freeWord {
				c.find(Changed, g.at, "", "a key that may call only \"free\" may call %s if it is free, and not for being another name of that model: name it in the key's list of models as well", hidden(g.name))
			} else {
				g.groups = []string{g.aliasOf}
			}
			if to.aliasOf == "" {
				g.groups = append(g.groups, to.groups[:min(len(to.groups), 99)]...)
			}
		}
	}
}

// fallback is what takes over from a name, in one case or in all.
type fallback struct {
	at   place
	to   []*value
	when string
}

// fallbacks reads a list of one-key maps. Names under * are for every model.
func (c *converter) fallbacks(v *value, when string, into map[string][]fallback) {
	if v.null() {
		return
	}
	if v.kind != yaml.SequenceNode {
		c.find(Changed, v.at, "- { MODEL: [OTHER] }", "a list of models with their fallbacks is wanted, so this is left out")
		return
	}
	for _, item := range v.items {
		if item.kind != yaml.MappingNode {
			c.find(Changed, item.at, "- { MODEL: [OTHER] }", "a model with its fallbacks is wanted, so this is left out")
			continue
		}
		for _, p := range item.pairs {
			into[p.key] = append(into[p.key], fallback{p.at, c.list(p.v), when})
		}
	}
}

// follow adds to each name what takes over from it.
func (c *converter) follow() {
	all := map[string][]fallback{}
	c.fallbacks(c.opt.fallbacks["context_window_fallbacks"], "context", all)
	c.fallbacks(c.opt.fallbacks["content_policy_fallbacks"], "refused", all)
	c.fallbacks(c.opt.fallbacks["fallbacks"], "", all)
	if v := c.opt.fallbacks["fallbacks"]; !c.empty(v) && c.empty(c.opt.fallbacks["content_policy_fallbacks"]) {
		c.find(Changed, v.at, "content_policy_fallbacks", "what a content filter has refused goes nowhere else unless content_policy_fallbacks say where; what is too long goes to where the context is known to be larger")
	}
	common := all["*"]
	delete(all, "*")
	if v := c.opt.fallbacks["default_fallbacks"]; !v.null() {
		common = append(common, fallback{at: v.at, to: c.list(v)})
	}
	for _, name := range sortedKeys(all) {
		if c.group(name) != nil {
			continue
		}
		if g := c.resolve(name); g != nil {
			c.add(g) // a name of a wildcard that has fallbacks of its own
			continue
		}
		c.find(Ignored, all[name][0].at, "", "no model is called %s, so nothing takes over from it", hidden(name))
		delete(all, name)
	}
	f := &following{all: all, common: common, own: map[*group][]target{}}
	for _, g := range c.groups {
		f.own[g] = slices.Clone(g.targets)
	}
	for _, g := range c.groups {
		list := f.of(g.name)
		switch {
		case len(list) == 0 || g.aliasOf != "" && len(all[g.name]) == 0:
			continue // an alias has what it stands for
		case strings.Contains(g.name, "*"):
			c.find(Changed, list[0].at, "", "nothing takes over from %s: fallbacks are had by single names, not by those of a *", hidden(g.name))
			continue
		}
		c.chain(f, g, list)
	}
}

// following is what is known of fallbacks.
type following struct {
	all    map[string][]fallback
	common []fallback // of every model that has none of its own in the same case
	own    map[*group][]target
}

// of lists what takes over from a name.
func (f *following) of(name string) []fallback {
	list := slices.Clone(f.all[name])
	for _, when := range []string{"context", "refused", ""} {
		if slices.ContainsFunc(list, func(b fallback) bool { return b.when == when }) {
			continue
		}
		for _, b := range f.common {
			if b.when == when {
				list = append(list, b)
			}
		}
	}
	rank := func(b fallback) int { return slices.Index([]string{"context", "refused", ""}, b.when) }
	slices.SortStableFunc(list, func(a, b fallback) int { return rank(a) - rank(b) })
	return list
}

// maxChain is how many names take over from one, those that take over from others
// included: LiteLLM's own bound.
const maxChain = 5

// maxRoute is how many deployments one name may lead to.
const maxRoute = 500

// chain adds to a name what takes over from it, and what takes over from that.
func (c *converter) chain(f *following, g *group, list []fallback) {
	seen := map[string]bool{g.name: true, g.aliasOf: true}
	size, added := len(g.targets), 0
	var later []fallback
	for _, b := range list {
		for _, v := range b.to {
			if name := c.takeOver(f, g, b, v, seen, &size); name != "" && b.when == "" {
				added++
				later = append(later, f.of(name)...)
			}
		}
	}
	for ; len(later) > 0 && added < maxChain; later = later[1:] {
		if later[0].when != "" {
			continue
		}
		for _, v := range later[0].to {
			if added >= maxChain {
				break
			}
			if name := c.takeOver(f, g, later[0], v, seen, &size); name != "" {
				added++
				later = append(later, f.of(name)...)
			}
		}
	}
}

// takeOver adds one fallback to a name, unless it is there, and returns its own name. By
// that it is called if nothing takes over from it, else by its deployments: names could
// lead back to where they come from.
func (c *converter) takeOver(f *following, g *group, b fallback, v *value, seen map[string]bool, size *int) string {
	name, ok := "", false
	if v.kind == yaml.MappingNode {
		if name, ok = c.word(v.get("model")); ok && len(v.pairs) > 1 {
			c.once(Changed, v.at, "", "a fallback changes the model and nothing else of a request")
		}
	} else {
		name, ok = c.word(v)
	}
	if !ok {
		c.once(Ignored, v.at, "", "the name of a model is wanted, so this is left out")
		return ""
	}
	if seen[b.when+" "+name] || name == g.name || name == g.aliasOf {
		return ""
	}
	seen[b.when+" "+name] = true
	if strings.Contains(name, "*") {
		c.once(Ignored, v.at, "", "a * is many models and takes over from none: name one of them")
		return ""
	}
	to := c.resolve(name)
	for n := 0; to != nil && to.aliasOf != "" && n < maxTargets; n++ {
		to = c.resolve(to.aliasOf)
	}
	switch {
	case to == nil || to.aliasOf != "":
		c.once(Ignored, v.at, "", "no model is called "+hidden(name)+", so it takes over from none")
		return ""
	case to == g:
		return ""
	}
	source, there := f.own[to]
	if !there {
		source = to.targets
	}
	if len(source) == 0 {
		return to.name // it is not available, but what takes over from it may be
	}
	if b.when != "" && len(g.targets) == 0 {
		return "" // nothing comes before that could be in the case
	}
	next := 1
	if n := len(g.targets); n > 0 {
		next = g.targets[n-1].order + 1
	}
	var add []target
	if c.group(to.name) == to && len(f.of(to.name)) == 0 {
		add = []target{{at: v.at, to: to.name, order: next, when: b.when}}
	} else {
		for _, t := range source {
			t.order, t.when = next+t.order-1, b.when
			add = append(add, t)
		}
	}
	if *size += len(source); *size > maxRoute || len(g.targets)+len(add) > maxTargets || add[len(add)-1].order > maxOrder {
		c.once(Changed, v.at, "", fmt.Sprintf("a name leads to %d targets and %d deployments at most, so the other fallbacks are left out", maxTargets, maxRoute))
		return ""
	}
	g.targets, g.unavailable = append(g.targets, add...), ""
	return to.name
}
