package catalog

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/pricelist"
	"tollgate/providers"
)

// DefaultOutput is how many output tokens are held for a call that sets no cap,
// unless the operator says otherwise: few enough that a five-dollar budget is
// usable on the dearest models in the price list.
const DefaultOutput = 4096

// The deadlines of a provider, unless the operator says otherwise.
const (
	FirstByteLocal = 10 * time.Minute // an engine may load a model first
	FirstByteCloud = 2 * time.Minute
	GapDefault     = 5 * time.Minute // reasoning models pause long
)

// Spec is what the operator declared, after its grammar was checked.
type Spec struct {
	Providers []ProviderSpec
	Models    []ModelSpec
}

// ProviderSpec declares a provider.
type ProviderSpec struct {
	Path      string // where it stands, for findings: providers.gpu
	Name      string // without a slash
	Kind      string
	URL       string // "" takes the kind's own
	Secret    providers.Secret
	Headers   map[string]providers.Secret
	Local     *bool            // nil: as the kind is
	Price     accounting.Price // for all its models; nil: see [Build]
	Ceiling   *accounting.Priced
	Shadow    accounting.Shadow // of those of its models that are free
	Prices    string            // vendor in the price list; "" is the kind's own, if the URL is the kind's own too
	FirstByte time.Duration
	Gap       time.Duration
	// Remote lets models through that the engine only forwards to somebody else's
	// machines (Ollama's cloud models). They are no longer free by default.
	Remote bool
	Settings
}

// Settings are what can be set for a provider, for a model and for one target;
// the narrowest wins.
type Settings struct {
	NumCtx        int64
	KeepAlive     string
	Reasoning     providers.ReasoningName
	DefaultOutput int64
	MaxOutput     int64
	DenyMedia     *bool
}

func (s Settings) over(wider Settings) Settings {
	if s.NumCtx == 0 {
		s.NumCtx = wider.NumCtx
	}
	if s.KeepAlive == "" {
		s.KeepAlive = wider.KeepAlive
	}
	if s.Reasoning == "" {
		s.Reasoning = wider.Reasoning
	}
	if s.DefaultOutput == 0 {
		s.DefaultOutput = wider.DefaultOutput
	}
	if s.MaxOutput == 0 {
		s.MaxOutput = wider.MaxOutput
	}
	if s.DenyMedia == nil {
		s.DenyMedia = wider.DenyMedia
	}
	return s
}

// ModelSpec declares a public name. One * in the name makes it a wildcard; the
// text it stands for replaces the * of each target.
type ModelSpec struct {
	Path    string // models.assistant
	Name    string
	Targets []TargetSpec
	Price   accounting.Price
	Ceiling *accounting.Priced
	Shadow  accounting.Shadow
	Settings
}

// TargetSpec is one target of a public name: a deployment written as
// provider/model, or another public name.
type TargetSpec struct {
	Path    string
	To      string
	Order   int // tiers ascend
	Weight  int // 0 is 1
	Price   accounting.Price
	Ceiling *accounting.Priced
	Shadow  accounting.Shadow
	Settings
}

// Finding is something wrong or remarkable in a declaration.
type Finding struct {
	Path    string `json:"path"`    // where: models.assistant.targets[1]
	Message string `json:"message"` // what, and what to write instead
	Warning bool   `json:"warning"` // the rest works without it
}

func (f Finding) String() string { return f.Path + ": " + f.Message }

// Discovered is what a provider was found to serve; see [providers.Codec].
type Discovered map[string][]providers.Model

// Build makes a snapshot. The price of a deployment is the first of: its target's,
// its model's, its provider's; free, if the provider is local; the price list's, if
// the provider is the vendor's own or names a list; otherwise it is unknown. A
// name alone never finds a price. What turns out free has the narrowest shadow price;
// on anything else that says nothing.
//
// Findings that are no warnings say what was left out; the snapshot holds the rest.
func Build(spec Spec, kinds []providers.Kind, prices *pricelist.List, found Discovered) (*Snapshot, []Finding) {
	b := &builder{
		prices:    prices,
		providers: map[string]*declared{},
		models:    map[string]ModelSpec{},
		found:     map[string]providers.Model{},
	}
	for _, p := range spec.Providers {
		b.provider(p, kinds)
	}
	s := &Snapshot{routes: map[string]Route{}, gone: map[string]bool{}, providers: map[string]*Provider{}, builder: b}
	for name, d := range b.providers {
		if d != nil {
			s.providers[name] = d.Provider
		}
	}
	var models []ModelSpec // each name once: the first goes
	for _, m := range spec.Models {
		if _, twice := b.models[m.Name]; twice {
			b.fail(m.Path, "the name %q is declared twice", m.Name)
			continue
		}
		b.models[m.Name] = m
		models = append(models, m)
	}
	b.discover(s, found)
	for _, m := range models {
		if strings.Contains(m.Name, "*") {
			b.wildcard(m)
		}
	}
	slices.SortStableFunc(b.wildcards, func(x, y wildcard) int {
		return len(y.prefix) + len(y.suffix) - len(x.prefix) - len(x.suffix)
	})
	for _, m := range models {
		if !strings.Contains(m.Name, "*") {
			b.model(s, m)
		}
	}
	return s, b.findings
}

type declared struct {
	*Provider
	spec  ProviderSpec
	local bool
	list  string // vendor in the price list, or ""
}

type builder struct {
	prices    *pricelist.List
	providers map[string]*declared
	models    map[string]ModelSpec
	found     map[string]providers.Model // by deployment id
	wildcards []wildcard                 // most literal characters first
	findings  []Finding
}

func (b *builder) fail(path, format string, args ...any) {
	b.findings = append(b.findings, Finding{Path: path, Message: fmt.Sprintf(format, args...)})
}

func (b *builder) provider(p ProviderSpec, kinds []providers.Kind) {
	if _, twice := b.providers[p.Name]; twice {
		b.fail(p.Path, "the provider %q is declared twice", p.Name)
		return
	}
	b.providers[p.Name] = nil // known, but not to be used, until it is found to be right
	i := slices.IndexFunc(kinds, func(k providers.Kind) bool { return k.Name == p.Kind })
	if i < 0 {
		names := make([]string, len(kinds))
		for j, k := range kinds {
			names[j] = k.Name
		}
		b.fail(p.Path+".kind", "unknown kind %q; known are %s", p.Kind, strings.Join(names, ", "))
		return
	}
	kind := kinds[i]
	d := &declared{spec: p, local: kind.Local}
	if p.Local != nil {
		d.local = *p.Local
	}
	raw := p.URL
	if raw == "" {
		raw = kind.URL
	}
	var base *url.URL
	if kind.Transport == nil {
		var err error
		if base, err = baseURL(raw); err != nil {
			b.fail(p.Path+".url", "%v", err) // the URL itself may hold a credential
			return
		}
		switch { // the kind's own URL is whole as it is
		case raw == kind.URL:
		case base.Path == "":
			base.Path = kind.DefaultPath
		case kind.DefaultPath == "" && base.Path == "/v1":
			b.fail(p.Path+".url", "the native API lies at the root: write the URL without /v1")
			return
		}
	}
	if kind.NeedsKey && p.Secret.IsZero() && p.URL == "" {
		b.fail(p.Path+".key", "%s asks for a key: write key: env:NAME or key: file:PATH", p.Kind)
		return
	}
	if d.list = p.Prices; d.list == "" && raw == kind.URL {
		d.list = kind.Catalogue
	}
	if raw != kind.URL && d.list != kind.Catalogue && kind.Compatible != nil {
		kind.Codec = kind.Compatible // not the vendor's own, nor a reseller of it
	}
	first := p.FirstByte
	if first == 0 {
		if first = FirstByteCloud; d.local {
			first = FirstByteLocal
		}
	}
	gap := p.Gap
	if gap == 0 {
		gap = GapDefault
	}
	d.Provider = &Provider{Name: p.Name, Kind: kind, Base: base, Secret: p.Secret, Headers: maps.Clone(p.Headers), FirstByte: first, Gap: gap, Followed: d.local}
	b.providers[p.Name] = d
}

// baseURL reads the base URL of a provider: http or https, a host, and the path
// below which the API lies.
func baseURL(raw string) (*url.URL, error) {
	if raw == "" {
		return nil, errors.New("a URL is needed: write url: http://HOST:PORT/v1")
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, errors.New("not a URL: write http://HOST:PORT/v1")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("the URL begins with http:// or https://")
	case u.Host == "":
		return nil, errors.New("the URL names no host")
	case u.User != nil:
		return nil, errors.New("a credential does not belong in the URL: write key: env:NAME")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("the URL has a query or fragment")
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = strings.TrimRight(u.RawPath, "/")
	return u, nil
}

// discover gives the models of local providers their names: the engine's own name
// and provider/name. The same name at several providers is one route over all.
func (b *builder) discover(s *Snapshot, found Discovered) {
	for _, name := range slices.Sorted(maps.Keys(found)) {
		d := b.providers[name]
		if d == nil {
			continue
		}
		for _, m := range found[name] {
			id := d.Name + "/" + m.ID
			b.found[id] = m
			if m.Remote != "" && !d.spec.Remote {
				b.findings = append(b.findings, Finding{Path: d.spec.Path, Warning: true,
					Message: fmt.Sprintf("%s runs at %s, not on this machine, and is left out; write remote: true to let it through", m.ID, m.Remote)})
				continue
			}
			if !d.local {
				continue
			}
			c := Choice{b.candidate(d, m.ID, TargetSpec{}, ModelSpec{}), 1}
			for i, public := range publicNames(d, m.ID) {
				if _, own := b.models[public]; own {
					continue // the operator's own words go first
				}
				r := s.routes[public]
				r.Name, r.Secondary = public, i > 0
				r.Tiers = [][]Choice{merged(r, c)}
				s.routes[public] = r
			}
		}
	}
}

// merged adds a choice to the deployments that a discovered name leads to already.
// Nobody wrote that name down, so it must not lead to something that costs money
// where something free has it: there the free ones keep it to themselves.
func merged(r Route, c Choice) []Choice {
	if len(r.Tiers) == 0 {
		return []Choice{c}
	}
	have := r.Tiers[0]
	_, free := c.Candidate.(Free)
	_, wasFree := have[0].Candidate.(Free)
	switch {
	case free && !wasFree:
		return []Choice{c}
	case !free && wasFree:
		return have
	}
	return append(slices.Clone(have), c)
}

// publicNames are the names of a discovered model: the first is the one that lists
// show, the others lead to it too.
func publicNames(d *declared, id string) []string {
	short, latest := strings.CutSuffix(id, ":latest")
	names := []string{short, d.Name + "/" + short}
	if latest {
		names = append(names, id, d.Name+"/"+id)
	}
	return names
}

// wildcard checks and keeps a wildcard name; its routes are made when asked for.
func (b *builder) wildcard(m ModelSpec) {
	prefix, suffix, _ := strings.Cut(m.Name, "*")
	if strings.Contains(suffix, "*") {
		b.fail(m.Path, "a name has one * at most")
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
	if len(m.Targets) == 0 {
		b.fail(m.Path, "the model has no target: write PROVIDER/MODEL")
		return
	}
	tiers, aliases, gone, err := b.tiers(m, []string{m.Name}, ptr(MaxRoute))
	switch {
	case err != nil:
		b.fail(err.path, "%s", err.message)
	case len(tiers) == 0:
		s.gone[m.Name] = true
		if gone != "" {
			b.findings = append(b.findings, Finding{Path: m.Path, Warning: true, Message: gone})
		}
	default:
		s.routes[m.Name] = Route{Name: m.Name, Tiers: tiers, Aliases: aliases}
	}
}

func ptr(n int) *int { return &n }

type specError struct{ path, message string }

// MaxRoute is how many targets one name may lead to, those of its aliases included.
// Aliases of aliases could otherwise multiply without end.
const MaxRoute = 1000

// MaxAliases is how many aliases may lead from one to the next.
const MaxAliases = 100

// maxWeight keeps the product of an alias's weights within bounds.
const maxWeight = 1 << 30

// tiers flattens a model's targets; an alias takes the place of its own tiers. left
// is how many targets may still be visited.
func (b *builder) tiers(m ModelSpec, trail []string, left *int) (tiers [][]Choice, aliases []string, gone string, fail *specError) {
	byOrder := map[int][]TargetSpec{}
	for _, t := range m.Targets {
		byOrder[t.Order] = append(byOrder[t.Order], t)
	}
	for _, order := range slices.Sorted(maps.Keys(byOrder)) {
		group := byOrder[order]
		var tier []Choice
		for _, t := range group {
			if *left--; *left < 0 {
				return nil, nil, "", &specError{t.Path, fmt.Sprintf("%s leads to more than %d targets", trail[0], MaxRoute)}
			}
			weight := min(max(t.Weight, 1), maxWeight)
			if strings.Contains(t.To, "*") {
				return nil, nil, "", &specError{t.Path, "a * stands in a target only when it stands in the name too"}
			}
			d, upstream, ok := b.split(t.To)
			if ok && d == nil {
				continue // its provider was refused; that is a finding already
			}
			if ok && b.remote(d, upstream) && !d.spec.Remote {
				gone = fmt.Sprintf("%s leaves this machine; write remote: true at %s to let it through", t.To, d.spec.Path)
				continue
			}
			if ok {
				tier = append(tier, Choice{b.candidate(d, upstream, t, m), weight})
				continue
			}
			if slices.Contains(trail, t.To) {
				return nil, nil, "", &specError{t.Path, fmt.Sprintf("the alias leads back to itself: %s", strings.Join(append(trail, t.To), " -> "))}
			}
			if len(trail) > MaxAliases {
				return nil, nil, "", &specError{t.Path, fmt.Sprintf("%s leads through more than %d aliases", trail[0], MaxAliases)}
			}
			inner, via, err := b.alias(t, m, trail, left)
			if err != nil {
				return nil, nil, "", err
			}
			aliases = append(aliases, via...)
			switch {
			case len(inner) == 0:
				gone = fmt.Sprintf("%q is not served at present", t.To)
			case len(inner) == 1:
				for _, c := range inner[0] {
					tier = append(tier, Choice{c.Candidate, int(min(int64(c.Weight)*int64(weight), maxWeight))})
				}
			case len(group) == 1:
				tiers = append(tiers, inner...)
			default:
				return nil, nil, "", &specError{t.Path, fmt.Sprintf("%q has deployments in order, so it cannot be weighed against others: give it an order of its own", t.To)}
			}
		}
		if len(tier) > 0 {
			tiers = append(tiers, tier)
		}
	}
	return tiers, aliases, gone, nil
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
		ceiling  *accounting.Priced
		shadow   accounting.Shadow
		settings Settings
	}{{t.Path, t.Price, t.Ceiling, t.Shadow, t.Settings}, {m.Path, m.Price, m.Ceiling, m.Shadow, m.Settings}} {
		switch {
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
	head, rest, slash := strings.Cut(to, "/")
	if !slash || rest == "" {
		return nil, "", false
	}
	d, ok = b.providers[head]
	return d, rest, ok
}

// remote says that a provider only forwards the model to somebody else's machines.
func (b *builder) remote(d *declared, upstream string) bool {
	return b.found[d.Name+"/"+upstream].Remote != "" || (d.Kind.Remote != nil && d.Kind.Remote(upstream))
}

// wildcardFor returns the declaration that a wildcard makes of a name.
func (b *builder) wildcardFor(name string) (ModelSpec, bool) {
	for _, w := range b.wildcards {
		star, ok := w.match(name)
		if !ok {
			continue
		}
		m := w.model
		m.Name, m.Targets = name, slices.Clone(w.model.Targets)
		for i := range m.Targets {
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
	tiers, _, _, err := b.tiers(m, []string{name}, ptr(MaxRoute))
	if err != nil || len(tiers) == 0 {
		return Route{}, ErrNoModel
	}
	return Route{Name: name, Tiers: tiers}, nil
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
		if d.list == "" {
			continue
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

// candidate makes a deployment and settles what it costs.
func (b *builder) candidate(d *declared, upstream string, t TargetSpec, m ModelSpec) Candidate {
	set := t.Settings.over(m.Settings).over(d.spec.Settings)
	dep := &Deployment{
		ID:            d.Name + "/" + upstream,
		Provider:      d.Provider,
		Target:        providers.Target{Model: upstream, NumCtx: set.NumCtx, KeepAlive: set.KeepAlive, Reasoning: set.Reasoning},
		DefaultOutput: set.DefaultOutput,
		MaxOutput:     set.MaxOutput,
		DenyMedia:     set.DenyMedia != nil && *set.DenyMedia,
	}
	found, seen := b.found[dep.ID]
	if seen {
		dep.Context, dep.Embedder = found.Context, found.Embedder
	}
	entry, listed := pricelist.Entry{}, false
	if d.list != "" {
		if entry, listed = b.prices.Find(d.list, upstream); listed {
			dep.HiddenReasoning, dep.Embedder = entry.HiddenReasoning, entry.Mode == pricelist.Embedding
			dep.Context = max(dep.Context, entry.Context)
			if dep.MaxOutput == 0 {
				dep.MaxOutput = entry.MaxOutput
			}
		}
	}
	if dep.DefaultOutput == 0 {
		dep.DefaultOutput = DefaultOutput
	}
	switch {
	case dep.MaxOutput > 0:
		dep.DefaultOutput = min(dep.DefaultOutput, dep.MaxOutput)
	case dep.Context > 0 && set.DefaultOutput == 0:
		// It may be sent as a cap, and a server refuses one that leaves no room for the
		// prompt.
		dep.DefaultOutput = min(dep.DefaultOutput, max(dep.Context/2, 1))
	}
	ceiling := firstOf(t.Ceiling, m.Ceiling, d.spec.Ceiling)
	price, why := accounting.Price(accounting.Unknown{}), fmt.Sprintf("no price: write price: free or price: {input: …, output: …} at %s", orPath(m.Path, d.spec.Path))
	local := d.local && !b.remote(d, upstream)
	switch {
	case t.Price != nil:
		price, why = t.Price, "set at "+t.Path
	case m.Price != nil:
		price, why = m.Price, "set at "+m.Path
	case d.spec.Price != nil:
		price, why = d.spec.Price, "set at "+d.spec.Path
	case local:
		price, why = accounting.Free{}, "local ("+d.Kind.Name+")"
	case listed:
		price, why = entry.Price, strings.TrimSuffix("price list, "+entry.AsOf, ", ")
	}
	dep.Why = why
	switch p := price.(type) {
	case accounting.Free:
		return Free{dep, cmp.Or(t.Shadow, m.Shadow, d.spec.Shadow)}
	case accounting.Priced:
		if p.Version() != "" || hasRate(p) {
			return Paid{dep, p}
		}
		dep.Why = "its price was never made" // a zero Priced: fail closed
	}
	return Unpriced{dep, ceiling}
}

func hasRate(p accounting.Priced) bool {
	_, err := p.Quote(accounting.Usage{accounting.Requests: 1}, accounting.Standard)
	return err == nil
}

func firstOf(ps ...*accounting.Priced) *accounting.Priced {
	for _, p := range ps {
		if p != nil {
			return p
		}
	}
	return nil
}

func orPath(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
