package catalog

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"tollgate/accounting"
	"tollgate/accounting/pricelist"
	"tollgate/providers"
)

func kinds() []providers.Kind {
	return []providers.Kind{
		{Name: "openai", URL: "https://api.openai.com/v1", DefaultPath: "/v1", NeedsKey: true, Catalogue: "openai"},
		{Name: "compatible", DefaultPath: "/v1"},
		{Name: "vllm", DefaultPath: "/v1", Local: true},
		{Name: "ollama", Local: true, NumCtx: true, Remote: func(m string) bool { return strings.HasSuffix(m, "-cloud") }},
		{Name: "echo", Local: true, Transport: http.DefaultTransport},
	}
}

// priced makes a price whose input rate tells where it came from.
func priced(t testing.TB, input accounting.Rate) accounting.Priced {
	t.Helper()
	p, err := accounting.NewPriced(accounting.Tariff{Version: "test", Rates: accounting.Rates{accounting.Input: input, accounting.Output: input}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const listed = 1

func prices(t testing.TB) *pricelist.List {
	t.Helper()
	var entries []pricelist.Entry
	for _, m := range []string{"gpt-5", "gpt-5-mini", "o9"} {
		entries = append(entries, pricelist.Entry{Vendor: "openai", Model: m, Mode: pricelist.Chat, Context: 1000, MaxOutput: 500, HiddenReasoning: true, Price: priced(t, listed), AsOf: "2026-11-23"})
	}
	entries = append(entries, pricelist.Entry{Vendor: "openai", Model: "picture", Mode: pricelist.Image, Price: priced(t, listed), AsOf: "2026-11-23"},
		pricelist.Entry{Vendor: "openai", Model: "given-away", Mode: pricelist.Chat, Price: accounting.Free{}})
	l, err := pricelist.NewList("2026-11-23", entries)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func provider(name, kind string) ProviderSpec {
	p := ProviderSpec{Path: "providers." + name, Name: name, Kind: kind}
	switch kind {
	case "openai":
		p.Secret = providers.NewSecret("k")
	case "ollama":
		p.URL = "http://" + name + ":11434"
	default:
		p.URL = "http://" + name + ":8000/v1"
	}
	return p
}

func model(name string, to ...string) ModelSpec {
	m := ModelSpec{Path: "models." + name, Name: name}
	for i, x := range to {
		m.Targets = append(m.Targets, TargetSpec{Path: fmt.Sprintf("models.%s[%d]", name, i), To: x, Order: i})
	}
	return m
}

func weighted(name string, to ...string) ModelSpec {
	m := model(name, to...)
	for i := range m.Targets {
		m.Targets[i].Order = 0
	}
	return m
}

func build(t testing.TB, spec Spec, found Discovered) (*Snapshot, []Finding) {
	t.Helper()
	return Build(spec, kinds(), prices(t), found)
}

func mustBuild(t testing.TB, spec Spec, found Discovered) *Snapshot {
	t.Helper()
	s, findings := build(t, spec, found)
	for _, f := range findings {
		if !f.Warning {
			t.Fatalf("finding: %v", f)
		}
	}
	return s
}

// shape writes a route's tiers: deployments with state and weight.
func shape(s *Snapshot, name string) string {
	r, err := s.Resolve(name)
	if err != nil {
		return err.Error()
	}
	var tiers []string
	for _, tier := range r.Tiers {
		var cs []string
		for _, c := range tier {
			cs = append(cs, fmt.Sprintf("%s %s %d", c.Candidate.Of().ID, c.Candidate.State(), c.Weight))
		}
		tiers = append(tiers, strings.Join(cs, ", "))
	}
	return strings.Join(tiers, " | ")
}

// TestPriceOrder states a price at every level in every combination: the narrowest
// that states one wins, then local, then the list, and otherwise it is unknown.
func TestPriceOrder(t *testing.T) {
	const target, ofModel, ofProvider = 1000, 2000, 3000
	for mask := range 1 << 6 {
		at := func(bit int) bool { return mask&(1<<bit) != 0 }
		p := provider("p", "compatible")
		m := model("m", "p/gpt-5")
		if at(0) {
			m.Targets[0].Price = priced(t, target)
		}
		if at(1) {
			m.Price = priced(t, ofModel)
		}
		if at(2) {
			p.Price = priced(t, ofProvider)
		}
		if at(3) {
			local := true
			p.Local = &local
		}
		if at(4) {
			p.Prices = "openai"
		}
		ceiling := priced(t, 5)
		if at(5) {
			m.Ceiling = &ceiling
		}
		s := mustBuild(t, Spec{Providers: []ProviderSpec{p}, Models: []ModelSpec{m}}, nil)
		r, err := s.Resolve("m")
		if err != nil {
			t.Fatal(err)
		}
		c := r.Candidates()[0]
		want := accounting.Rate(0)
		state := "paid"
		switch {
		case at(0):
			want = target
		case at(1):
			want = ofModel
		case at(2):
			want = ofProvider
		case at(3):
			state = "free"
		case at(4):
			want = listed
		default:
			state = "unknown"
		}
		if c.State() != state || c.Of().Why == "" {
			t.Errorf("%06b: %s (%s), want %s", mask, c.State(), c.Of().Why, state)
			continue
		}
		switch c := c.(type) {
		case Paid:
			if got, _ := c.Price.Rate(accounting.Input); got != want {
				t.Errorf("%06b: rate %d, want %d", mask, got, want)
			}
		case Unpriced:
			if (c.Ceiling != nil) != at(5) {
				t.Errorf("%06b: ceiling %v", mask, c.Ceiling)
			}
		}
	}
}

// TestShadowPriceOrder declares a shadow price at every level in every combination, for
// a deployment of each price state: the narrowest wins, and only what is free has one.
func TestShadowPriceOrder(t *testing.T) {
	shadow := func(rate accounting.Rate) accounting.Shadow {
		s, err := accounting.NewShadow(accounting.Tariff{Rates: accounting.Rates{accounting.Input: rate, accounting.Output: rate}})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	const target, ofModel, ofProvider = 1000, 2000, 3000
	for _, c := range []struct {
		kind, state string
		price       accounting.Price
	}{
		{"vllm", "free", nil}, {"ollama", "free", nil}, {"compatible", "free", accounting.Free{}},
		{"vllm", "paid", priced(t, 7)}, {"compatible", "unknown", nil}, {"vllm", "unknown", accounting.Unknown{}},
	} {
		for mask := range 1 << 3 {
			at := func(bit int) bool { return mask&(1<<bit) != 0 }
			p := provider("p", c.kind)
			m := model("m", "p/x")
			p.Price = c.price
			want := accounting.Money(0)
			if at(2) {
				p.Shadow, want = shadow(ofProvider), ofProvider
			}
			if at(1) {
				m.Shadow, want = shadow(ofModel), ofModel
			}
			if at(0) {
				m.Targets[0].Shadow, want = shadow(target), target
			}
			s := mustBuild(t, Spec{Providers: []ProviderSpec{p}, Models: []ModelSpec{m, model("alias", "m")}}, Discovered{"p": {{ID: "seen"}}})
			for _, name := range []string{"m", "alias"} {
				r, err := s.Resolve(name)
				if err != nil || r.State() != c.state {
					t.Fatalf("%s %03b: %s is %s, %v", c.kind, mask, name, r.State(), err)
				}
				free, ok := r.Candidates()[0].(Free)
				if ok != (c.state == "free") {
					t.Errorf("%s %03b: %T", c.kind, mask, r.Candidates()[0])
				}
				worth, known := free.Shadow.Worth(accounting.Usage{accounting.Output: 1_000_000}, accounting.Standard)
				if ok && (worth != want || known != (mask > 0)) {
					t.Errorf("%s %03b: %s is worth %s (%v), want %s", c.kind, mask, name, worth, known, want)
				}
			}
			if r, err := s.Resolve("p/seen"); err == nil && c.state == "free" { // found by itself: the provider's
				if free := r.Candidates()[0].(Free); free.Shadow != p.Shadow {
					t.Errorf("%s %03b: a discovered model has another shadow than its provider", c.kind, mask)
				}
			}
		}
	}
}

func TestExplicitPriceStates(t *testing.T) {
	for _, c := range []struct {
		name  string
		kind  string
		price accounting.Price
		want  string
	}{
		{"free in the cloud", "compatible", accounting.Free{}, "free"},
		{"unknown on a local engine", "vllm", accounting.Unknown{}, "unknown"},
		{"a price on a local engine", "vllm", priced(t, 7), "paid"},
		{"a price that nobody made", "vllm", accounting.Priced{}, "unknown"},
		{"none on a local engine", "vllm", nil, "free"},
		{"none elsewhere", "compatible", nil, "unknown"},
	} {
		m := model("m", "p/x")
		m.Price = c.price
		s := mustBuild(t, Spec{Providers: []ProviderSpec{provider("p", c.kind)}, Models: []ModelSpec{m}}, nil)
		r, _ := s.Resolve("m")
		if got := r.State(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if why := r.Candidates()[0].Of().Why; c.want == "unknown" && c.price == nil && !strings.Contains(why, "at "+m.Path) {
			t.Errorf("%s: %s", c.name, why)
		}
	}
}

// TestNameNeverFindsAPrice is litellm#25874: a local model that is called like a
// vendor's is free, and a proxy's is unknown, whatever the price list says of the name.
func TestNameNeverFindsAPrice(t *testing.T) {
	proxy := provider("proxy", "openai")
	proxy.URL = "http://proxy:1/v1"
	named := proxy
	named.Name, named.Prices = "named", "openai"
	own := provider("own", "openai")
	written := own
	written.Name, written.URL = "written", "https://api.openai.com/v1"
	spec := Spec{
		Providers: []ProviderSpec{provider("laptop", "ollama"), provider("gpu", "vllm"), proxy, named, own, written, provider("other", "compatible")},
	}
	for provider, want := range map[string]string{"laptop": "free", "gpu": "free", "proxy": "unknown", "named": "paid", "own": "paid", "written": "paid", "other": "unknown"} {
		spec.Models = []ModelSpec{model("m", provider+"/gpt-5")}
		r, err := mustBuild(t, spec, nil).Resolve("m")
		if err != nil || r.State() != want {
			t.Errorf("%s: %s, %v, want %s", provider, r.State(), err, want)
		}
	}
}

func TestListedFacts(t *testing.T) {
	own := provider("own", "openai")
	s := mustBuild(t, Spec{Providers: []ProviderSpec{own}, Models: []ModelSpec{
		model("listed", "own/gpt-5"), model("unlisted", "own/new"), model("given", "own/given-away"),
		{Name: "capped", Targets: []TargetSpec{{To: "own/gpt-5", Settings: Settings{MaxOutput: 100, DefaultOutput: 5000}}}},
	}}, nil)
	for name, want := range map[string]string{
		"listed": "paid 1000 500 500 true", "unlisted": "unknown 0 0 4096 false", "given": "free 0 0 4096 false", "capped": "paid 1000 100 100 true",
	} {
		r, _ := s.Resolve(name)
		d := r.Candidates()[0].Of()
		if got := fmt.Sprintln(r.State(), d.Context, d.MaxOutput, d.DefaultOutput, d.HiddenReasoning); strings.TrimSpace(got) != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// TestContextThatIsLoaded: a model has no more context than its engine is told to load it
// with, whatever it was made for. An engine that is told nothing has what it says.
func TestContextThatIsLoaded(t *testing.T) {
	p, q := provider("p", "ollama"), provider("q", "vllm")
	m := model("m", "p/made-for-more", "p/made-for-less", "p/unknown", "q/other", "q/tiny")
	m.NumCtx = 8192
	found := Discovered{"p": {{ID: "made-for-more", Context: 131072}, {ID: "made-for-less", Context: 4096}, {ID: "unknown"}}, "q": {{ID: "other", Context: 32768}, {ID: "tiny", Context: 1}}}
	r, _ := mustBuild(t, Spec{Providers: []ProviderSpec{p, q}, Models: []ModelSpec{m}}, found).Resolve("m")
	for i, want := range []int64{8192, 4096, 8192, 32768, 1} {
		// Half of it is left for the prompt.
		if dep := r.Candidates()[i].Of(); dep.Context != want || dep.DefaultOutput != min(DefaultOutput, max(want/2, 1)) {
			t.Errorf("%s: %d, of which %d for the output; want %d", dep.ID, dep.Context, dep.DefaultOutput, want)
		}
	}
}

func TestSettingsNarrowestWins(t *testing.T) {
	yes, no := true, false
	p := provider("p", "ollama")
	p.Settings = Settings{NumCtx: 1, KeepAlive: "1m", Reasoning: "both", DefaultOutput: 11, MaxOutput: 111, DenyMedia: &yes}
	m := model("m", "p/x", "p/y")
	m.Settings = Settings{NumCtx: 2, KeepAlive: "2m", DefaultOutput: 22}
	m.Targets[0].Settings = Settings{NumCtx: 3, DenyMedia: &no}
	s := mustBuild(t, Spec{Providers: []ProviderSpec{p}, Models: []ModelSpec{m}}, nil)
	r, _ := s.Resolve("m")
	x, y := r.Candidates()[0].Of(), r.Candidates()[1].Of()
	if x.Target.NumCtx != 3 || x.Target.KeepAlive != "2m" || x.DefaultOutput != 22 || x.MaxOutput != 111 || x.DenyMedia {
		t.Errorf("first: %+v", x)
	}
	if y.Target.NumCtx != 2 || y.Target.Reasoning != "both" || !y.DenyMedia {
		t.Errorf("second: %+v", y)
	}
}

func TestTiersWeightsAndAliases(t *testing.T) {
	balanced := weighted("balanced", "gpu/a", "own/gpt-5")
	balanced.Targets[0].Weight = 3
	scaled := weighted("scaled", "balanced", "gpu/b")
	scaled.Targets[0].Weight = 2
	s := mustBuild(t, Spec{Providers: []ProviderSpec{provider("gpu", "vllm"), provider("own", "openai")}, Models: []ModelSpec{
		model("ordered", "own/gpt-5", "gpu/a"), balanced, scaled,
		model("one", "ordered"), model("two", "one"), model("three", "two"), model("then", "one", "gpu/z"), model("star", "any-q"), model("any-*", "gpu/*"),
	}}, nil)
	for name, want := range map[string]string{
		"ordered":  "own/gpt-5 paid 1 | gpu/a free 1",
		"balanced": "gpu/a free 3, own/gpt-5 paid 1",
		"scaled":   "gpu/a free 3, own/gpt-5 paid 1, gpu/b free 2",
		"three":    "own/gpt-5 paid 1 | gpu/a free 1",
		"then":     "own/gpt-5 paid 1 | gpu/a free 1 | gpu/z free 1",
		"star":     "gpu/q free 1",
		"nothing":  ErrNoModel.Error(),
		"Ordered":  ErrNoModel.Error(),
	} {
		if got := shape(s, name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	r, _ := s.Resolve("three")
	if got := fmt.Sprint(r.Aliases); got != "[two one ordered]" {
		t.Errorf("aliases %s", got)
	}
	if r.State() != "mixed" {
		t.Errorf("state %s", r.State())
	}
	for name, want := range map[string]string{"three": "[two one ordered] [two one ordered]", "then": "[one ordered] [one ordered] []", "scaled": "[balanced] [balanced] []", "ordered": "[] []", "star": "[any-q]"} {
		r, _ := s.Resolve(name)
		var via []string
		for _, tier := range r.Tiers {
			for _, ch := range tier {
				via = append(via, fmt.Sprint(ch.Via))
			}
		}
		if got := strings.Join(via, " "); got != want {
			t.Errorf("%s leads by %s, want %s", name, got, want)
		}
	}
}

func TestWildcards(t *testing.T) {
	fixed := model("fixed-*", "own/*")
	fixed.Price = priced(t, 77)
	s := mustBuild(t, Spec{Providers: []ProviderSpec{provider("gpu", "vllm"), provider("own", "openai")}, Models: []ModelSpec{
		model("*", "gpu/any-*"), model("openai/*", "own/*"), model("openai/gpt-*", "own/gpt-*", "gpu/*"), model("openai/*-mini", "gpu/*-small"), model("openai/gpt-5", "gpu/exact"), fixed,
		model("overlapping-*", "own/gpt-5*-5"), // which gpt-5 does not fit, though it begins and ends so
		model("more-*", "own/gpt-5*"),          // nor this, since a * is at least one character
	}}, nil)
	for name, want := range map[string]string{
		"openai/gpt-5":       "gpu/exact free 1",       // an exact name goes first
		"openai/gpt-5-mini":  "gpu/gpt-5-small free 1", // openai/*-mini has 12 literal characters, openai/gpt-* has 11
		"openai/o9":          "own/o9 paid 1",
		"openai/new":         "own/new unknown 1", // nobody stated a price
		"else":               "gpu/any-else free 1",
		"openai/":            "gpu/any-openai/ free 1", // a * is at least one character
		"fixed-new":          "own/new paid 1",         // a price on the wildcard is everyone's
		"":                   ErrNoModel.Error(),
		"openai/a-mini-mini": "gpu/a-mini-small free 1",
	} {
		if got := shape(s, name); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
	names := map[string]bool{}
	for _, r := range s.Routes() {
		if names[r.Name] {
			t.Errorf("%s is listed twice", r.Name)
		}
		names[r.Name] = true
	}
	// Not openai/picture, which makes pictures.
	if got := strings.Join(slices.Sorted(maps.Keys(names)), " "); got != "fixed-given-away fixed-gpt-5 fixed-gpt-5-mini fixed-o9 more--mini openai/given-away openai/gpt-5 openai/gpt-5-mini openai/o9" {
		t.Errorf("listed are %s", got)
	}
}

// TestFamilies: what is counted under a name of its own is what the operator, the price
// list or an engine has named; any other name is counted as the wildcard that it fits.
func TestFamilies(t *testing.T) {
	s := mustBuild(t, Spec{Providers: []ProviderSpec{provider("gpu", "vllm"), provider("own", "openai")}, Models: []ModelSpec{
		model("openai/*", "own/*"), model("ours-*", "gpu/*", "own/*"), model("exact", "own/never-heard-of"), model("via", "openai/alias-made"),
	}}, Discovered{"gpu": {{ID: "served"}}})
	for name, want := range map[string][]string{
		"exact":             {"exact", "own/never-heard-of"},
		"served":            {"served", "gpu/served"},
		"gpu/served":        {"gpu/served", "gpu/served"},
		"via":               {"via", "own/*"},
		"openai/o9":         {"openai/o9", "own/o9"}, // the price list knows it
		"openai/made-up":    {"openai/*", "own/*"},
		"openai/o9\x00":     {"openai/*", "own/*"},
		"ours-served":       {"ours-served", "gpu/served", "own/*"}, // one of its places is known
		"ours-made-up":      {"ours-*", "gpu/*", "own/*"},
		"openai/../../oops": {"openai/*", "own/*"},
	} {
		r, err := s.Resolve(name)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		got := []string{r.Family}
		for _, c := range r.Candidates() {
			got = append(got, c.Of().Family)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q is counted as %q, want %q", name, got, want)
		}
	}
	for _, r := range s.Routes() {
		if r.Family != r.Name {
			t.Errorf("%s is listed and counted as %s", r.Name, r.Family)
		}
	}
}

func TestFindings(t *testing.T) {
	fork := weighted("fork", "ordered", "gpu/x")
	price := model("priced", "fine")
	price.Price = accounting.Free{}
	priceAt := model("pricedAt", "fine")
	priceAt.Targets[0].Price = priced(t, 1)
	ctx := model("ctx", "fine")
	ctx.NumCtx = 5
	limit := priced(t, 1)
	ceiling := model("ceiling", "fine")
	ceiling.Ceiling = &limit
	worth, err := accounting.NewShadow(accounting.Tariff{Rates: accounting.Rates{accounting.Input: 1}})
	if err != nil {
		t.Fatal(err)
	}
	shadow, shadowAt := model("shadow", "fine"), model("shadowAt", "fine")
	shadow.Shadow, shadowAt.Targets[0].Shadow = worth, worth
	for _, c := range []struct {
		path, part string
		models     []ModelSpec
	}{
		{"models.m", "no target", []ModelSpec{model("m")}},
		{"models.m[0]", "no provider is called \"nope\"", []ModelSpec{model("m", "nope/x")}},
		{"models.m[0]", "is no model's name", []ModelSpec{model("m", "nope")}},
		{"models.m[0]", "is no model's name", []ModelSpec{model("m", "gpu")}},
		{"models.m[0]", "no model is called \"gpu/\"", []ModelSpec{model("m", "gpu/")}},
		{"models.m[0]", "m -> m", []ModelSpec{model("m", "m")}},
		{"models.b[0]", "a -> b -> a", []ModelSpec{model("a", "b"), model("b", "a")}},
		{"models.m[0]", "only when it stands in the name", []ModelSpec{model("m", "gpu/*")}},
		{"models.*-*", "one * at most", []ModelSpec{model("*-*", "gpu/*")}},
		{"models.a*", "no target", []ModelSpec{model("a*")}},
		{"models.a*[0]", "has one * too", []ModelSpec{model("a*", "gpu/x")}},
		{"models.a*[0]", "no provider", []ModelSpec{model("a*", "nope/*")}},
		{"models.fork[0]", "give it an order of its own", []ModelSpec{model("ordered", "gpu/a", "gpu/b"), fork}},
		{"models.priced.price", "keeps its own price", []ModelSpec{model("fine", "gpu/x"), price}},
		{"models.pricedAt[0].price", "keeps its own price", []ModelSpec{model("fine", "gpu/x"), priceAt}},
		{"models.ctx", "keeps its own settings", []ModelSpec{model("fine", "gpu/x"), ctx}},
		{"models.ceiling.ceiling_price", "keeps its own ceiling", []ModelSpec{model("fine", "gpu/x"), ceiling}},
		{"models.shadow.shadow_price", "keeps its own shadow price", []ModelSpec{model("fine", "gpu/x"), shadow}},
		{"models.shadowAt[0].shadow_price", "keeps its own shadow price", []ModelSpec{model("fine", "gpu/x"), shadowAt}},
		{"models.m", "declared twice", []ModelSpec{model("m", "gpu/first"), model("m", "gpu/second")}},
	} {
		s, findings := build(t, Spec{Providers: []ProviderSpec{provider("gpu", "vllm")}, Models: c.models}, nil)
		if !slices.ContainsFunc(findings, func(f Finding) bool { return f.Path == c.path && strings.Contains(f.Message, c.part) && !f.Warning }) {
			t.Errorf("%s: %v, want %q", c.path, findings, c.part)
		}
		for _, r := range s.Routes() {
			if len(r.Candidates()) == 0 {
				t.Errorf("%s: a route without candidates", r.Name)
			}
		}
		if c.part == "declared twice" {
			if got := shape(s, "m"); got != "gpu/first free 1" {
				t.Errorf("of two declarations %s is in force", got)
			}
		}
	}
}

func TestProviderFindings(t *testing.T) {
	at := func(kind, url string) ProviderSpec {
		return ProviderSpec{Path: "providers.p", Name: "p", Kind: kind, URL: url}
	}
	for _, c := range []struct {
		spec ProviderSpec
		path string
		part string
	}{
		{at("nope", ""), "providers.p.kind", `unknown kind "nope"; known are openai, compatible, vllm`},
		{at("vllm", ""), "providers.p.url", "a URL is needed"},
		{at("vllm", "ftp://a"), "providers.p.url", "begins with http"},
		{at("vllm", "http:///v1"), "providers.p.url", "no host"},
		{at("vllm", "http://:8000/v1"), "providers.p.url", "no host"},
		{at("vllm", "http://user:hunter2@a/v1"), "providers.p.url", "credential"},
		{at("vllm", "http://a/v1?key=hunter2"), "providers.p.url", "query"},
		{at("vllm", "http://a/v1#hunter2"), "providers.p.url", "query"},
		{at("vllm", "http://a b:hunter2%"), "providers.p.url", "not a URL"},
		{at("ollama", "http://a/v1"), "providers.p.url", "without /v1"},
		{at("openai", ""), "providers.p.key", "asks for a key"},
	} {
		s, findings := build(t, Spec{Providers: []ProviderSpec{c.spec}, Models: []ModelSpec{model("m", "p/x"), model("w*", "p/*"), model("ok", "p/x", "p/y")}}, nil)
		if len(findings) != 1 || findings[0].Path != c.path || !strings.Contains(findings[0].Message, c.part) {
			t.Errorf("%+v: %v, want one finding at %s of %q", c.spec, findings, c.path, c.part)
		}
		for _, f := range findings {
			if strings.Contains(f.String(), "hunter2") {
				t.Errorf("a credential is shown: %v", f)
			}
		}
		if len(s.Routes()) != 0 || len(s.Providers()) != 0 {
			t.Errorf("%+v is served", c.spec)
		}
		if _, err := s.Resolve("m"); !errors.Is(err, ErrModelGone) {
			t.Errorf("resolve: %v", err)
		}
	}
	second := provider("gpu", "vllm")
	second.Path, second.Price = "providers.other", priced(t, 5)
	s, findings := build(t, Spec{Providers: []ProviderSpec{provider("gpu", "vllm"), second}, Models: []ModelSpec{model("m", "gpu/x")}}, nil)
	if len(findings) != 1 || !strings.Contains(findings[0].Message, "declared twice") || shape(s, "m") != "gpu/x free 1" {
		t.Errorf("two of one name: %v, %s", findings, shape(s, "m"))
	}
}

// TestAliasesDoNotMultiply has names that lead twice to the next one, and a chain
// that is long.
func TestAliasesDoNotMultiply(t *testing.T) {
	spec := Spec{Providers: []ProviderSpec{provider("gpu", "vllm")}}
	const depth = 60
	for i := range depth {
		spec.Models = append(spec.Models, weighted(fmt.Sprintf("m%d", i), fmt.Sprintf("m%d", i+1), fmt.Sprintf("m%d", i+1)))
	}
	spec.Models = append(spec.Models, model(fmt.Sprintf("m%d", depth), "gpu/x"))
	s, findings := build(t, spec, nil)
	if !slices.ContainsFunc(findings, func(f Finding) bool { return strings.Contains(f.Message, "more than 1000 targets") }) {
		t.Errorf("%d findings", len(findings))
	}
	if r, err := s.Resolve("m52"); err != nil || len(r.Candidates()) != 256 {
		t.Errorf("a name with 256 ways: %d, %v", len(r.Candidates()), err)
	}

	spec.Models = nil
	for i := range MaxAliases + 2 {
		spec.Models = append(spec.Models, model(fmt.Sprintf("c%d", i), fmt.Sprintf("c%d", i+1)))
	}
	spec.Models = append(spec.Models, model(fmt.Sprintf("c%d", MaxAliases+2), "gpu/x"))
	s, findings = build(t, spec, nil)
	if len(findings) != 2 || shape(s, "c2") != "gpu/x free 1" {
		t.Errorf("a long chain: %v, %s", findings, shape(s, "c2"))
	}

	heavy := weighted("heavy0", "gpu/x", "gpu/y")
	spec.Models = []ModelSpec{heavy}
	for i := range 90 {
		m := weighted(fmt.Sprintf("heavy%d", i+1), fmt.Sprintf("heavy%d", i))
		m.Targets[0].Weight = 1_000_000
		spec.Models = append(spec.Models, m)
	}
	r, err := mustBuild(t, spec, nil).Resolve("heavy90")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Tiers[0] {
		if c.Weight < 1 {
			t.Errorf("a weight of %d", c.Weight)
		}
	}
}

func TestDiscovered(t *testing.T) {
	paid := provider("rented", "vllm")
	paid.Price = priced(t, 9)
	through := provider("through", "ollama")
	through.Remote = true
	spec := Spec{
		Providers: []ProviderSpec{provider("laptop", "ollama"), provider("gpu", "vllm"), paid, through, provider("own", "openai"), provider("echo", "echo")},
		Models:    []ModelSpec{model("mine", "gpu/a"), model("taken", "gpu/a"), model("cloud", "laptop/far:cloud", "laptop/x-cloud"), model("laptop/*", "own/*"), model("all-*", "gpu/*")},
	}
	found := Discovered{
		"laptop":  {{ID: "llama3:latest", Context: 8192}, {ID: "both"}, {ID: "far:cloud", Remote: "ollama.com"}, {ID: "taken"}},
		"gpu":     {{ID: "both"}, {ID: "Qwen/Qwen3"}},
		"rented":  {{ID: "dear"}},
		"through": {{ID: "gpt-oss:120b", Remote: "ollama.com"}},
		"own":     {{ID: "gpt-5"}},
		"nobody":  {{ID: "x"}},
	}
	s, findings := build(t, spec, found)
	for name, want := range map[string]string{
		"llama3":               "laptop/llama3:latest free 1",
		"llama3:latest":        "laptop/llama3:latest free 1",
		"laptop/llama3":        "laptop/llama3:latest free 1",
		"both":                 "gpu/both free 1, laptop/both free 1",
		"gpu/both":             "gpu/both free 1",
		"Qwen/Qwen3":           "gpu/Qwen/Qwen3 free 1",
		"gpu/Qwen/Qwen3":       "gpu/Qwen/Qwen3 free 1",
		"dear":                 "rented/dear paid 1",
		"taken":                "gpu/a free 1",
		"far:cloud":            ErrNoModel.Error(),
		"laptop/far:cloud":     "own/far:cloud unknown 1", // the operator's wildcard, and never free
		"cloud":                ErrModelGone.Error(),
		"through/gpt-oss:120b": "through/gpt-oss:120b unknown 1", // it leaves this machine
		"gpt-5":                ErrNoModel.Error(),               // only local providers are followed
		"x":                    ErrNoModel.Error(),
	} {
		if got := shape(s, name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	warned := 0
	for _, f := range findings {
		if !f.Warning {
			t.Errorf("finding %v", f)
		}
		warned++
	}
	if warned != 2 {
		t.Errorf("warnings: %v", findings)
	}
	if r, _ := s.Resolve("llama3"); r.Candidates()[0].Of().Context != 8192 {
		t.Error("the context that the engine told is not kept")
	}
	if !slices.ContainsFunc(s.Routes(), func(r Route) bool { return r.Name == "all-both" }) {
		t.Error("a wildcard does not list what its engine serves")
	}
}

func TestLive(t *testing.T) {
	var l Live
	if l.Snapshot() != nil {
		t.Error("a snapshot before the first")
	}
	s := mustBuild(t, Spec{}, nil)
	l.Publish(s)
	if l.Snapshot() != s {
		t.Error("another snapshot than was published")
	}
}
