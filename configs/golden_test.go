package configs

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tollgate/accounting"
	"tollgate/accounting/pricelist"
	"tollgate/accounting/scope"
	"tollgate/gateway/catalog"
	"tollgate/providers"
)

var update = flag.Bool("update", false, "rewrite the expected halves of testdata")

// secretValue is what every credential of the tests is; it may never be shown.
const secretValue = "correct-horse-battery-staple"

func testKinds() []providers.Kind {
	return []providers.Kind{
		{Name: "openai", URL: "https://api.openai.com/v1", DefaultPath: "/v1", NeedsKey: true, Catalogue: "openai"},
		{Name: "anthropic", URL: "https://api.anthropic.com/v1", DefaultPath: "/v1", NeedsKey: true, Catalogue: "anthropic"},
		{Name: "compatible", DefaultPath: "/v1"},
		{Name: "vllm", DefaultPath: "/v1", Local: true},
		{Name: "ollama", Local: true, Remote: func(m string) bool { return strings.HasSuffix(m, "-cloud") }},
	}
}

func testEnv(name string) (string, bool) {
	v, ok := map[string]string{
		"OPENAI_API_KEY": secretValue,
		"EMPTY":          "",
		"BLANK":          "  \n",
		"TWO_LINES":      secretValue + "\n" + secretValue,
		"PADDED":         "  " + secretValue + "\n",
		"SHORT":          "hunter2",
		"METRICS_TOKEN":  secretValue + "-" + secretValue,
		"TOKEN_31":       "ter2" + strings.Repeat("x", 27),
		"TOKEN_32":       "ter2" + strings.Repeat("x", 28),
		"DATABASE_URL":   "postgres://tollgate:" + secretValue + "@db.example.org:5432/tollgate?sslmode=verify-full",
		"SQLITE":         "sqlite:books.db",
		"REDIS_URL":      "rediss://:" + secretValue + "@cache.example.org:6380/2",
	}[name]
	return v, ok
}

func testPrices(path string) (*pricelist.List, error) {
	if filepath.Base(path) != "prices.json" {
		return nil, &os.PathError{Op: "open", Path: path, Err: os.ErrNotExist}
	}
	p, err := accounting.NewPriced(accounting.Tariff{Version: "test", Rates: accounting.Rates{accounting.Input: 1, accounting.Output: 2}})
	if err != nil {
		return nil, err
	}
	return pricelist.NewList("2026-11-23", []pricelist.Entry{
		{Vendor: "openai", Model: "gpt-5-mini", Mode: pricelist.Chat, Price: p, AsOf: "2026-11-23"},
		{Vendor: "openai", Model: "gpt-5", Mode: pricelist.Chat, Price: p, AsOf: "2026-11-23"},
		{Vendor: "anthropic", Model: "claude", Mode: pricelist.Chat, Price: p, AsOf: "2026-11-23"},
	})
}

func parse(text string) (*Config, []Problem) {
	return Parse([]byte(text), testKinds(), testEnv, In("testdata"), func(r *reader) {
		r.readPrices = testPrices
		r.config.Prices, _ = testPrices("prices.json")
	})
}

// TestGolden reads the upper half of each file and compares what comes of it with
// the lower half.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			input, want, _ := strings.Cut(string(data), "----\n")
			config, problems := parse(input)
			got := ""
			for _, p := range problems {
				got += p.String() + "\n"
			}
			if (config == nil) != (len(problems) > 0) {
				t.Errorf("configuration %v beside %d problems", config != nil, len(problems))
			}
			if config != nil {
				got = summary(config)
			}
			if strings.Contains(got, secretValue) || strings.Contains(got, "hunter2") {
				t.Errorf("a secret is shown:\n%s", got)
			}
			if *update {
				if err := os.WriteFile(file, []byte(input+"----\n"+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// TestGoldenLines reads each line of the upper half of a file as a configuration of its
// own, for what stands once in a file.
func TestGoldenLines(t *testing.T) {
	files, err := filepath.Glob("testdata/*.lines")
	if err != nil || len(files) < 3 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".lines"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			input, want, _ := strings.Cut(string(data), "----\n")
			got := ""
			for text := range strings.Lines(input) {
				config, problems := parse(text)
				if (config == nil) != (len(problems) > 0) {
					t.Errorf("%sconfiguration %v beside %d problems", text, config != nil, len(problems))
				}
				told := ""
				for _, p := range problems {
					told += p.String() + "\n"
				}
				if config != nil {
					told = summary(config)
				}
				if strings.Contains(told+fmt.Sprintf("%v %+v %#v", config, config, problems), secretValue) || strings.Contains(told, "hunter2") || strings.Contains(told, "ter2") {
					t.Errorf("%sa secret is shown:\n%s", text, told)
				}
				got += text + "    " + strings.ReplaceAll(strings.TrimSuffix(told, "\n"), "\n", "\n    ") + "\n"
			}
			if *update {
				if err := os.WriteFile(file, []byte(input+"----\n"+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// summary writes what a configuration says and a gateway would make of it, in the
// order of the text.
func summary(c *Config) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	d := Default()
	if c.Listen != d.Listen {
		line("listen %s", c.Listen)
	}
	if c.RootPath != "" || c.LogLevel != d.LogLevel {
		line("below %q, logs %s", c.RootPath, c.LogLevel)
	}
	if c.Database.Path != "testdata/tollgate.db" || c.Database.Driver != "sqlite" {
		line("database %s %s", c.Database.Driver, c.Database)
	}
	if c.Durability != d.Durability || c.Orphans != d.Orphans || c.Retention != 0 {
		line("durability %s, orphans %s, retention %d months", c.Durability, c.Orphans, c.Retention)
	}
	if c.LimitStore != d.LimitStore || c.LimitsDown != d.LimitsDown {
		line("limits in %s, URL of %d characters, when it is down: %s", c.LimitStore.Kind, len(c.LimitStore.URL.Reveal()), c.LimitsDown)
	}
	if m := c.Metrics; m.On {
		line("metrics at %q, token of %d characters", m.Listen, len(m.Token.Reveal()))
	}
	if !c.AdminKey.IsZero() {
		line("admin key of %d characters", len(c.AdminKey.Reveal()))
	}
	if c.Admission != d.Admission || c.ClampOutput || c.BudgetStatus != 0 || c.Drain != d.Drain || c.DrainDelay != d.DrainDelay || c.BooksDown != nil {
		down := "refuse"
		if c.BooksDown != nil {
			down = "allow " + c.BooksDown.String()
		}
		if c.AdminCalls || c.KeyHeader != "" {
			line("the admin key calls models: %v, header of keys %q", c.AdminCalls, c.KeyHeader)
		}
		line("admission %s, clamp %v, budget status %d, drain %v after %v, books down: %s", c.Admission, c.ClampOutput, c.BudgetStatus, c.Drain, c.DrainDelay, down)
	}
	if c.Compatibility != "" || c.AsAsked {
		line("compatible with %q, models named as asked: %v", c.Compatibility, c.AsAsked)
	}
	if c.Front != d.Front {
		line("front %+v", c.Front)
	}
	for _, p := range c.Spec.Providers {
		line("provider %s: kind %s, url %q, key of %d%s%s", p.Name, p.Kind, p.URL, len(p.Secret.Reveal()), settings(p.Settings), price(p.Price, p.Ceiling, p.Shadow))
		if p.Unlisted {
			line("  its models get no names of their own")
		}
		if p.Local != nil || p.Remote || p.Prices != "" {
			local := "as its kind"
			if p.Local != nil {
				local = fmt.Sprint(*p.Local)
			}
			line("  local %s, remote %v, prices %q", local, p.Remote, p.Prices)
		}
		for _, h := range slices.Sorted(maps.Keys(p.Headers)) {
			v := p.Headers[h].Reveal()
			if v == secretValue {
				v = "(secret)"
			}
			line("  header %s: %s", h, v)
		}
	}
	for _, m := range c.Spec.Models {
		balance := ""
		if m.Balance != "" {
			balance = ", balance " + string(m.Balance)
		}
		line("model %s%s%s%s%s", m.Name, balance, declaredAs(m), settings(m.Settings), price(m.Price, m.Ceiling, m.Shadow))
		for _, t := range m.Targets {
			when := ""
			if t.When != "" {
				when = ", when " + string(t.When)
			}
			if t.ListedAs != "" {
				when += ", listed as " + t.ListedAs
			}
			line("  %d %s, weight %d%s%s%s (%s)", t.Order, t.To, t.Weight, when, settings(t.Settings), price(t.Price, t.Ceiling, t.Shadow), t.Path)
		}
	}
	snapshot, findings := catalog.Build(c.Spec, testKinds(), c.Prices, nil)
	for _, r := range snapshot.Routes() {
		var states []string
		for _, x := range r.Candidates() {
			state := x.Of().ID + " " + x.State()
			if free, ok := x.(catalog.Free); ok {
				state += worth(free.Shadow)
			}
			states = append(states, state)
		}
		line("route %s: %s", r.Name, strings.Join(states, ", "))
	}
	for _, f := range findings {
		if !f.Warning {
			line("finding %s", f)
		}
	}
	for _, x := range c.Budgets {
		zone := ""
		if x.Window.Zone != nil {
			zone = " in " + x.Window.Zone.String()
		}
		if !x.Window.Start.IsZero() {
			zone += " from " + x.Window.Start.Format("2006-01-02T15:04:05Z07:00")
		}
		line("budget %s: %s, limit %s, soft %s, per %s%s%s%s", x.ID, who(x.Selector()), amount(x.Limit), amount(x.Soft), x.Window, zone, models(x.Models), strings.TrimRight(" "+x.Name, " "))
	}
	for _, x := range c.Limits {
		line("limit %s: %s, requests %s, tokens %s, concurrent %s%s%s", x.ID, who(x.Selector), figure(x.Requests), figure(x.Tokens), figure(x.Concurrent), models(x.Models), strings.TrimRight(" "+x.Name, " "))
	}
	for _, w := range c.Warnings {
		line("warning %s", w)
	}
	return cmp.Or(b.String(), "as without a file\n")
}

func declaredAs(m catalog.ModelSpec) string {
	out := ""
	if len(m.Groups) > 0 {
		out += fmt.Sprintf(", groups %q", m.Groups)
	}
	if m.Hidden {
		out += ", hidden"
	}
	if m.ListedAs != "" {
		out += ", listed as " + m.ListedAs
	}
	if m.Unavailable != "" {
		out += fmt.Sprintf(", unavailable %q", m.Unavailable)
	}
	return out
}

func who(s scope.Selector) string {
	if s.Each {
		return "each " + string(s.Kind)
	}
	return strings.TrimSpace(string(s.Kind) + " " + s.Owner)
}

func models(patterns []string) string {
	if len(patterns) == 0 {
		return ""
	}
	return fmt.Sprintf(", models %q", patterns)
}

func figure(n *int64) string {
	if n == nil {
		return "none"
	}
	return fmt.Sprint(*n)
}

func amount(m *accounting.Money) string {
	if m == nil {
		return "none"
	}
	return m.String()
}

func settings(s catalog.Settings) string {
	if s == (catalog.Settings{}) {
		return ""
	}
	media := "default"
	if s.DenyMedia != nil {
		media = map[bool]string{true: "denied", false: "allowed"}[*s.DenyMedia]
	}
	out := ""
	if of := (catalog.Settings{NumCtx: s.NumCtx, KeepAlive: s.KeepAlive, Reasoning: s.Reasoning, DefaultOutput: s.DefaultOutput, MaxOutput: s.MaxOutput, DenyMedia: s.DenyMedia}); of != (catalog.Settings{}) {
		out = fmt.Sprintf(", num_ctx %d, keep_alive %q, reasoning %q, output %d of %d, media %s", s.NumCtx, s.KeepAlive, s.Reasoning, s.DefaultOutput, s.MaxOutput, media)
	}
	if s.FirstByte != 0 || s.Gap != 0 || s.Total != 0 {
		out += fmt.Sprintf(", first byte %v, gap %v, total %v", s.FirstByte, s.Gap, s.Total)
	}
	if s.Parallel != 0 || s.QueueWait != 0 {
		out += fmt.Sprintf(", parallel %d, wait %v", s.Parallel, s.QueueWait)
	}
	if s.RetryAmbiguous != nil || s.FallbackLate != nil {
		out += fmt.Sprintf(", retry ambiguous %s, fallback late %s", orDefault(s.RetryAmbiguous), orDefault(s.FallbackLate))
	}
	if m := s.Members; m != nil {
		for _, e := range m.Defaults {
			out += fmt.Sprintf(", default %s=%s", e.Key, e.Value)
		}
		for _, e := range m.Set {
			out += fmt.Sprintf(", set %s=%s", e.Key, e.Value)
		}
		out += strings.Repeat(fmt.Sprintf(", drop %q", m.Drop), min(len(m.Drop), 1))
	}
	return out
}

func orDefault(b *bool) string {
	if b == nil {
		return "default"
	}
	return fmt.Sprint(*b)
}

func price(p accounting.Price, ceiling *accounting.Priced, shadow accounting.Shadow) string {
	out := ""
	switch p := p.(type) {
	case accounting.Free:
		out = ", free"
	case accounting.Priced:
		out = ", price" + rates(p)
	}
	if ceiling != nil {
		out += ", ceiling" + rates(*ceiling)
	}
	return out + worth(shadow)
}

// worth writes what some calls would have cost at a shadow price.
func worth(s accounting.Shadow) string {
	if s.IsZero() {
		return ""
	}
	out := ", worth"
	for _, m := range []accounting.Meter{accounting.Input, accounting.CachedInput, accounting.Output, accounting.Requests} {
		for _, tier := range []accounting.Tier{accounting.Standard, accounting.Flex} {
			u := accounting.Usage{}
			u[m] = 1_000_000
			standard, _ := s.Worth(u, accounting.Standard)
			if v, ok := s.Worth(u, tier); ok && v > 0 && (tier == accounting.Standard || v != standard) {
				out += fmt.Sprintf(" %s %s %s;", cmp.Or(string(tier), "standard"), m, v)
			}
		}
	}
	return strings.TrimSuffix(out, ";")
}

// rates writes what a price bills, probing bands and tiers through what calls cost.
func rates(p accounting.Priced) string {
	out := " [" + p.Version() + "]"
	for _, m := range accounting.Meters() {
		if r, ok := p.Rate(m); ok && r > 0 {
			out += " " + m.String() + " " + accounting.FormatRate(m, r)
		}
	}
	for _, tier := range []accounting.Tier{accounting.Standard, accounting.Batch, accounting.Flex, accounting.Priority} {
		for _, in := range []int64{1_000_000, 10_000_000} {
			c, err := p.Cost(accounting.Usage{accounting.Input: in, accounting.Output: 1_000_000}, tier)
			switch {
			case errors.Is(err, accounting.ErrUnpricedMeter):
				out += fmt.Sprintf("; %s %dM unpriced", cmp.Or(string(tier), "standard"), in/1_000_000)
			case err != nil:
				out += "; " + err.Error()
			default:
				out += fmt.Sprintf("; %s %dM %s", cmp.Or(string(tier), "standard"), in/1_000_000, c.Total)
			}
		}
	}
	return out
}
