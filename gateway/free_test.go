package gateway_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/accounting/pricelist"
	"tollgate/gateway"
	"tollgate/gateway/access"
	"tollgate/gateway/balancer"
	"tollgate/gateway/catalog"
	"tollgate/gateway/dispatch"
	"tollgate/gateway/limits"
	"tollgate/gateway/toll"
	"tollgate/providers"
	"tollgate/providers/ollama"
	"tollgate/providers/openai"
	"tollgate/providers/providertest"
	"tollgate/providers/wire"
)

// closedBooks is a store that is closed. With a test in it, any call fails the test.
type closedBooks struct {
	forbidden *testing.T
	calls     atomic.Int64
}

func (b *closedBooks) touched(method string) error {
	b.calls.Add(1)
	if b.forbidden != nil {
		b.forbidden.Errorf("a free call reached the books: %s", method)
	}
	return fmt.Errorf("%w: closed", ledger.ErrUnavailable)
}

func (b *closedBooks) Reserve(context.Context, ledger.Hold) ([]ledger.Standing, error) {
	return nil, b.touched("Reserve")
}
func (b *closedBooks) Extend(context.Context, ledger.Hold, accounting.Money) error {
	return b.touched("Extend")
}
func (b *closedBooks) Settle(context.Context, ledger.Entry) error { return b.touched("Settle") }
func (b *closedBooks) Release(context.Context, ledger.Hold) error { return b.touched("Release") }
func (b *closedBooks) Adjust(context.Context, ledger.Adjustment) (accounting.Money, error) {
	return 0, b.touched("Adjust")
}
func (b *closedBooks) Standings(context.Context, []ledger.Counter) ([]ledger.Standing, error) {
	return nil, b.touched("Standings")
}
func (b *closedBooks) Checkpoint(ledger.Hold, ledger.Progress) { _ = b.touched("Checkpoint") }
func (b *closedBooks) Orphans(context.Context) ([]ledger.Hold, error) {
	return nil, b.touched("Orphans")
}

type discard struct{}

func (discard) Record(gateway.Record) {}

// freeGate is a gateway whose books are closed and where every scope's budget is 0.
func freeGate(t *testing.T, books *closedBooks) (*gateway.Gateway, access.Principal, *providertest.Upstream) {
	t.Helper()
	return newGate(t, books, 0)
}

// newGate is a gateway where every scope has a budget.
func newGate(t *testing.T, books ledger.Store, limit accounting.Money) (*gateway.Gateway, access.Principal, *providertest.Upstream) {
	t.Helper()
	up := providertest.NewUpstream(t)
	price, err := accounting.NewPriced(accounting.Tariff{Rates: accounting.Rates{accounting.Input: 1e9, accounting.Output: 1e9}})
	if err != nil {
		t.Fatal(err)
	}
	target := func(to string, order, weight int) catalog.TargetSpec {
		return catalog.TargetSpec{Path: "models.x", To: to, Order: order, Weight: weight}
	}
	spec := catalog.Spec{
		Providers: []catalog.ProviderSpec{
			{Path: "providers.gpu", Name: "gpu", Kind: "vllm", URL: up.OpenAI()},
			{Path: "providers.laptop", Name: "laptop", Kind: "ollama", URL: up.Ollama()},
			{Path: "providers.cloud", Name: "cloud", Kind: "openai", URL: up.OpenAI(), Secret: providers.NewSecret("k"), Price: price},
			{Path: "providers.gift", Name: "gift", Kind: "openai", URL: up.OpenAI(), Secret: providers.NewSecret("k"), Price: accounting.Free{}},
		},
		Models: []catalog.ModelSpec{
			{Path: "models.x", Name: "vllm", Targets: []catalog.TargetSpec{target("gpu/a", 0, 1)}},
			{Path: "models.x", Name: "ollama", Targets: []catalog.TargetSpec{target("laptop/a", 0, 1)}},
			{Path: "models.x", Name: "declared", Targets: []catalog.TargetSpec{target("gift/gpt-5", 0, 1)}},
			{Path: "models.x", Name: "alias1", Targets: []catalog.TargetSpec{target("vllm", 0, 1)}},
			{Path: "models.x", Name: "alias2", Targets: []catalog.TargetSpec{target("alias1", 0, 1)}},
			{Path: "models.x", Name: "group", Targets: []catalog.TargetSpec{target("gpu/a", 0, 1), target("laptop/b", 0, 5)}},
			{Path: "models.x", Name: "ordered", Targets: []catalog.TargetSpec{target("gpu/a", 1, 1), target("cloud/gpt-5", 2, 1)}},
			{Path: "models.x", Name: "any/*", Targets: []catalog.TargetSpec{target("gpu/*", 0, 1)}},
			{Path: "models.x", Name: "failing", Targets: []catalog.TargetSpec{target("gpu/down", 1, 1), target("laptop/a", 2, 1)}},
			{Path: "models.x", Name: "mixed", Targets: []catalog.TargetSpec{target("cloud/gpt-5", 0, 1000), target("gpu/a", 0, 1)}},
			{Path: "models.x", Name: "paidfirst", Targets: []catalog.TargetSpec{target("cloud/gpt-5", 1, 1), target("gpu/a", 2, 1)}},
			{Path: "models.x", Name: "paidtwice", Targets: []catalog.TargetSpec{target("cloud/gpt-5", 1, 1), target("cloud/gpt-6", 2, 1)}},
			{Path: "models.x", Name: "paidtwicefirst", Targets: []catalog.TargetSpec{target("cloud/gpt-5", 1, 1), target("cloud/gpt-6", 2, 1), target("gpu/a", 3, 1)}},
			{Path: "models.x", Name: "invain", Targets: []catalog.TargetSpec{target("cloud/gpt-5", 1, 1), target("gpu/down", 2, 1)}},
			{Path: "models.x", Name: "paid", Targets: []catalog.TargetSpec{target("cloud/gpt-5", 0, 1)}},
		},
	}
	native := ollama.Kind()
	native.Beside = openai.BesideOllama()
	snap, findings := catalog.Build(spec, append(openai.Kinds(), native), pricelist.Builtin(), nil)
	for _, f := range findings {
		t.Fatal(f)
	}
	up.Set("down", providertest.Script{Status: 503, Body: `{"error":{"message":"busy"}}`})
	log := slog.New(slog.DiscardHandler)
	l := ledger.New(books, ledger.Rules{Admission: ledger.Strict}, time.Now)
	var budgets []ledger.Budget
	for _, kind := range ledger.Kinds() {
		budgets = append(budgets, ledger.Budget{ID: string(kind), Kind: kind, Each: kind != ledger.Gateway, Limit: &limit})
	}
	l.SetBudgets(ledger.NewBudgets(budgets))
	d := &dispatch.Dispatcher{}
	tg := toll.New(l, d, func() toll.Options { return toll.Options{} }, time.Now, log)
	t.Cleanup(func() { _ = tg.Close(t.Context()); d.Close() })
	live := &catalog.Live{}
	live.Publish(snap)
	rates := limits.New(limits.Options{Now: time.Now, Log: log})
	t.Cleanup(func() { _ = rates.Close(context.Background()) })
	g := &gateway.Gateway{Catalog: live, Balancer: balancer.New(time.Now, log), Limits: rates, Toll: tg, Dispatch: d, Recorder: discard{}, Log: log, Now: time.Now, NewID: func() string { return "id" }}
	who := access.Principal{Key: &access.Key{ID: "k", Role: access.Caller}, User: &access.User{ID: "u"}, Team: &access.Team{ID: "t", Members: []string{"u"}}, EndUser: "e", Tags: []string{"x", "y/z"}}
	return g, who, up
}

func request(t *testing.T, op providers.Operation, model string, stream bool, who access.Principal) gateway.Request {
	t.Helper()
	body := fmt.Sprintf(`{"model":%q,"stream":%v,"messages":[{"role":"user","content":"hi"}],"prompt":"hi","input":"hi"}`, model, stream)
	o, err := wire.ParseObject([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	p, err := wire.ReadParams(o)
	if err != nil {
		t.Fatal(err)
	}
	return gateway.Request{ID: "r", Operation: op, Body: o, Params: p, Who: who}
}

func answered(reply *gateway.Reply, err error) error {
	if err != nil {
		return err
	}
	if reply.State != "free" {
		return fmt.Errorf("served by %s, which is %s", reply.Deployment, reply.State)
	}
	if reply.Stream == nil {
		return nil
	}
	defer reply.Stream.Close()
	for {
		if _, err := reply.Stream.Next(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

var operations = []providers.Operation{providers.Chat, providers.Completions, providers.Embeddings, providers.Responses, providers.Messages}

// TestFreeModelsNeverMeetTheBooks is the third guard of the free road, after the
// compiler and the import rule: with every budget at 0, the store closed, and any
// call of the books failing the test, free models answer by every name and way.
func TestFreeModelsNeverMeetTheBooks(t *testing.T) {
	books := &closedBooks{forbidden: t}
	g, who, _ := freeGate(t, books)
	for _, model := range []string{"vllm", "ollama", "declared", "alias1", "alias2", "group", "ordered", "any/thing", "failing"} {
		for _, op := range operations {
			for _, stream := range []bool{false, true} {
				if op == providers.Embeddings && stream || strings.HasSuffix(model, "ollama") && op == providers.Completions || model == "group" && op == providers.Completions || model == "failing" && op == providers.Completions {
					continue // the scripted upstream has no /api/generate; the dialect's own tests cover it
				}
				if err := answered(g.Do(&gateway.Lifetime{}, request(t, op, model, stream, who))); err != nil {
					t.Errorf("%s of %s, stream %v: %v", op, model, stream, err)
				}
			}
		}
	}
}

// TestWhatCostsNothingNeverMeetsTheBooks: what no vendor charges for is not held for, at
// a paid deployment either.
func TestWhatCostsNothingNeverMeetsTheBooks(t *testing.T) {
	books := &closedBooks{forbidden: t}
	g, who, _ := freeGate(t, books)
	anyServer := openai.New(openai.Quirks{Has: providers.Operations()}) // as the one that `paid` stands for
	asked := 0
	for _, op := range providers.Operations() {
		if op.Costs() || op.Kept() || !anyServer.Supports(op) {
			continue
		}
		asked++
		if err := answered(g.Do(&gateway.Lifetime{}, request(t, op, "paid", false, who))); err != nil {
			t.Errorf("%s: %v", op, err)
		}
	}
	if asked < 2 {
		t.Fatalf("%d operations were asked for", asked)
	}
}

// TestFreeModelsAreServedWhileTheBooksAreClosed: where a route holds paid
// deployments too, they are left out and the free one answers, every time.
func TestFreeModelsAreServedWhileTheBooksAreClosed(t *testing.T) {
	books := &closedBooks{}
	g, who, up := freeGate(t, books)
	for range 20 {
		for _, model := range []string{"mixed", "paidfirst"} {
			if err := answered(g.Do(&gateway.Lifetime{}, request(t, providers.Chat, model, false, who))); err != nil {
				t.Errorf("%s: %v", model, err)
			}
		}
	}
	for _, c := range up.Calls() {
		if c.Model == "gpt-5" {
			t.Fatal("a paid deployment was called with the books closed")
		}
	}
	if books.calls.Load() == 0 {
		t.Fatal("the paid deployments were never even asked for: this test proves nothing")
	}
	if _, err := g.Do(&gateway.Lifetime{}, request(t, providers.Chat, "paid", false, who)); !errors.Is(err, gateway.ErrBooksDown) {
		t.Errorf("a paid model with the books closed: %v", err)
	}
}

// TestZeroPriceIsRefused: the holes that Go leaves in sealed types are closed where
// they would let something through.
func TestZeroPriceIsRefused(t *testing.T) {
	books := &closedBooks{}
	l := ledger.New(books, ledger.Rules{Admission: ledger.Strict}, time.Now)
	if _, err := l.Reserve(t.Context(), ledger.Attempt{ID: "a"}, accounting.Quote{}); !errors.Is(err, ledger.ErrInvalidQuote) {
		t.Errorf("a zero quote: %v", err)
	}
	if _, err := (accounting.Priced{}).Quote(accounting.Usage{}, accounting.Standard); !errors.Is(err, accounting.ErrZeroPriced) {
		t.Errorf("a zero price: %v", err)
	}
	if books.calls.Load() != 0 {
		t.Error("the store was asked")
	}
}
