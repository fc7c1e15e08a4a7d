package control_test

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/pricelist"
	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
	"tollgate/gateway/control"
	"tollgate/gateway/dispatch"
	"tollgate/gateway/limits"
	"tollgate/gateway/store"
	"tollgate/providers"
	"tollgate/providers/ollama"
	"tollgate/providers/openai"
	"tollgate/providers/providertest"
)

// TestEnginesAreFollowed: models come and go with their engine. One that falls silent
// keeps its names for a minute, so that calls say the engine is down.
func TestEnginesAreFollowed(t *testing.T) {
	var told strings.Builder
	log := slog.New(slog.DiscardHandler)
	s, err := store.Open(t.Context(), store.SQLite(filepath.Join(t.TempDir(), "t.db")), store.Options{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	live, d := &catalog.Live{}, &dispatch.Dispatcher{}
	t.Cleanup(d.Close)
	c := control.New(control.Parts{Store: s, Directory: &access.Directory{}, Ledger: ledger.New(s, ledger.Rules{Admission: ledger.Strict}, clock), Limits: limits.New(limits.Options{Now: clock, Log: log}), Catalog: live, Dispatch: d,
		Kinds: append(openai.Kinds(), ollama.Kind()), Random: rand.Reader, Now: clock, Log: slog.New(slog.NewTextHandler(&told, nil))})
	gpu, laptop := providertest.NewUpstream(t), providertest.NewUpstream(t)
	gpu.Models("Qwen/Qwen3-32B")
	laptop.Models("llama3.2:3b", "phi:latest")
	cloud := providertest.NewUpstream(t)
	spec := catalog.Spec{Providers: []catalog.ProviderSpec{
		{Path: "providers.gpu", Name: "gpu", Kind: "vllm", URL: gpu.OpenAI()},
		{Path: "providers.laptop", Name: "laptop", Kind: "ollama", URL: laptop.Ollama()},
		{Path: "providers.cloud", Name: "cloud", Kind: "openai", URL: cloud.OpenAI(), Secret: providers.NewSecret("k")},
		{Path: "providers.never", Name: "never", Kind: "vllm", URL: "http://127.0.0.1:1/v1"},
		{Path: "assumed", Name: "guess", Kind: "vllm", URL: "http://127.0.0.1:1/v1", Assumed: true},
	}}
	if err := c.Load(t.Context(), control.Declared{Spec: spec, Prices: pricelist.Builtin()}); err != nil {
		t.Fatal(err)
	}
	resolves := func(when string, names map[string]bool) {
		t.Helper()
		for name, want := range names {
			if _, err := live.Snapshot().Resolve(name); (err == nil) != want {
				t.Errorf("%s: %s leads somewhere: %v", when, name, err == nil)
			}
		}
	}
	resolves("before anything was asked", map[string]bool{"Qwen/Qwen3-32B": false, "phi": false})
	c.Discover(t.Context(), false)
	resolves("at first", map[string]bool{"Qwen/Qwen3-32B": true, "gpu/Qwen/Qwen3-32B": true, "llama3.2:3b": true, "phi": true, "phi:latest": true, "laptop/phi": true, "test-model": false})
	if n := len(cloud.Calls()); n != 0 {
		t.Errorf("a vendor was asked %d times", n)
	}

	before := live.Snapshot()
	c.Discover(t.Context(), false)
	if live.Snapshot() != before {
		t.Error("a new snapshot though nothing has changed")
	}
	gpu.Models("Qwen/Qwen3-32B", "new")
	laptop.Models("phi:latest")
	c.Discover(t.Context(), false)
	resolves("after a change", map[string]bool{"new": true, "llama3.2:3b": false, "phi": true})

	// The engine falls silent: for the test, its address is taken from it.
	gone := spec
	gone.Providers[0].URL = "http://127.0.0.1:1/v1"
	if err := c.Declare(control.Declared{Spec: gone, Prices: pricelist.Builtin()}); err != nil {
		t.Fatal(err)
	}
	c.Discover(t.Context(), false)
	resolves("just silent", map[string]bool{"new": true})
	for _, e := range c.Engines() {
		if e.Provider == "gpu" && (e.Reachable || e.Error != "no connection to the upstream: dial tcp 127.0.0.1:1: connect: connection refused" || !e.Since.Equal(now)) {
			t.Errorf("%+v", e)
		}
	}
	now = now.Add(59 * time.Second)
	c.Discover(t.Context(), false)
	resolves("silent for 59 s", map[string]bool{"new": true})
	now = now.Add(time.Second)
	c.Discover(t.Context(), false)
	resolves("silent for a minute", map[string]bool{"new": false, "phi": true})

	spec.Providers[0].URL = gpu.OpenAI()
	if err := c.Declare(control.Declared{Spec: spec, Prices: pricelist.Builtin()}); err != nil {
		t.Fatal(err)
	}
	c.Discover(t.Context(), false)
	lines := ""
	for line := range strings.Lines(told.String()) {
		if _, rest, ok := strings.Cut(line, "level="); ok && strings.Contains(line, "an engine") {
			lines += rest
		}
	}
	const down = ` error="no connection to the upstream: dial tcp 127.0.0.1:1: connect: connection refused"` + "\n"
	want := []string{`WARN msg="an engine does not answer" provider=never` + down, `WARN msg="an engine does not answer" provider=gpu` + down,
		"INFO msg=\"an engine answers\" provider=laptop models=2\n", "INFO msg=\"an engine answers\" provider=gpu models=1\n", "INFO msg=\"an engine answers\" provider=gpu models=2\n"}
	for _, line := range want {
		if strings.Count(lines, line) != 1 {
			t.Errorf("not once: %s", line)
		}
	}
	if strings.Count(lines, "\n") != len(want) {
		t.Errorf("told of engines:\n%s", lines)
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c.Discover(ctx, false)
	resolves("after an asker who left", map[string]bool{"phi": true})

	c.Discover(t.Context(), true)
	if len(cloud.Calls()) == 0 {
		t.Error("a probe of everyone left the vendor out")
	}
}

// TestAClashIsAnError: neither the file nor the API overrides the other.
func TestAClashIsAnError(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	s, err := store.Open(t.Context(), store.SQLite(filepath.Join(t.TempDir(), "t.db")), store.Options{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	l := ledger.New(s, ledger.Rules{Admission: ledger.Strict}, time.Now)
	c := control.New(control.Parts{Store: s, Directory: &access.Directory{}, Ledger: l, Limits: limits.New(limits.Options{Now: time.Now, Log: log}), Catalog: &catalog.Live{}, Dispatch: &dispatch.Dispatcher{},
		Random: rand.Reader, Now: time.Now, Log: log})
	if err := c.Load(t.Context(), control.Declared{Prices: pricelist.Builtin()}); err != nil {
		t.Fatal(err)
	}
	b, err := c.CreateBudget(t.Context(), ledger.Budget{Kind: ledger.Gateway, Limit: dollars(5)})
	if err != nil {
		t.Fatal(err)
	}
	file := ledger.Budget{ID: "file-1", Kind: ledger.Gateway, Limit: dollars(7), Origin: "file"}
	if err := c.Declare(control.Declared{Prices: pricelist.Builtin(), Budgets: []ledger.Budget{file}}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.UpdateBudget(t.Context(), "file-1", control.BudgetChange{}); !errors.Is(err, control.ErrInFile) {
		t.Errorf("changing the file's budget: %v", err)
	}
	if err := c.DeleteBudget(t.Context(), "file-1"); !errors.Is(err, control.ErrInFile) {
		t.Errorf("deleting the file's budget: %v", err)
	}
	clash := file
	clash.ID = b.ID
	if err := c.Declare(control.Declared{Prices: pricelist.Builtin(), Budgets: []ledger.Budget{clash}}); !errors.Is(err, control.ErrExists) {
		t.Errorf("a clash: %v", err)
	}
	if n := len(l.Budgets().All()); n != 2 {
		t.Errorf("%d budgets after a refused declaration", n)
	}
}

func dollars(n int64) *accounting.Money {
	m := accounting.Money(n) * accounting.Dollar
	return &m
}

// hostile is a codec in which something is wrong: it panics at what some engine says.
type hostile struct{ providers.Codec }

func (hostile) Models(context.Context, providers.Fetch) ([]providers.Model, error) {
	panic("an index out of range")
}

// TestAPanicAtAnEnginesAnswer: it is as if that engine did not answer, and the others are
// known.
func TestAPanicAtAnEnginesAnswer(t *testing.T) {
	kinds := someKinds
	t.Cleanup(func() { someKinds = kinds })
	someKinds = append(slices.Clone(kinds), providers.Kind{Name: "odd", Codec: hostile{openai.New(openai.Quirks{})}, Local: true, DefaultPath: "/v1"})
	d := declaring("a")
	d.Spec.Providers = append(d.Spec.Providers, catalog.ProviderSpec{Path: "providers.odd", Name: "odd", Kind: "odd", URL: "http://127.0.0.1:9"})
	s := openShop(t, filepath.Join(t.TempDir(), "t.db"), "1", d)
	s.Discover(t.Context(), true)
	for _, e := range s.Engines() {
		if e.Checked.IsZero() || e.Reachable || e.Provider == "odd" && e.Error != "a panic while an engine was asked for its models: an index out of range" {
			t.Errorf("%+v", e)
		}
	}
	s.want("a", "local/a free ")
}
