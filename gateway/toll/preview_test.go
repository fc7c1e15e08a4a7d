package toll

import (
	"errors"
	"math/rand/v2"
	"testing"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
	"tollgate/gateway/access"
	"tollgate/gateway/catalog"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// TestPreviewIsWhatAHoldComesTo: what is said of a call before it is held for is what becomes
// of its hold, at any price, cap, limit and allowance, with the books and without.
func TestPreviewIsWhatAHoldComesTo(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	amounts := []accounting.Money{0, 20, 500, 1_000_000}
	any := func(n ...int64) int64 { return n[random.IntN(len(n))] }
	price, err := accounting.NewPriced(accounting.Tariff{Rates: accounting.Rates{accounting.Input: 1_000_000, accounting.Output: 1_000_000}})
	if err != nil {
		t.Fatal(err)
	}
	for n := range 5000 {
		g, b, _, _ := gate(t, amounts[random.IntN(4)])
		down := random.IntN(3) == 0
		b.set(down)
		all := []ledger.Budget{{ID: "seen", Kind: ledger.Key, Each: true}} // which has no limit
		limit, limited := amounts[random.IntN(4)], random.IntN(3) > 0
		if limited {
			all = append(all, ledger.Budget{ID: "b", Kind: ledger.Gateway, Limit: &limit})
		}
		g.ledger.SetBudgets(ledger.NewBudgets(all))
		offline, clamps, allowed := amounts[random.IntN(4)], random.IntN(2) == 0, random.IntN(2) == 0
		g.options = func() Options {
			o := Options{ClampOutput: clamps}
			if allowed {
				o.Offline = &offline
			}
			return o
		}
		dep := &catalog.Deployment{ID: "d", DefaultOutput: 10, MaxOutput: any(10, 100), HiddenReasoning: random.IntN(2) == 0, Provider: &catalog.Provider{Kind: providers.Kind{}}}
		call := Call{Call: providers.Call{Operation: []providers.Operation{providers.Chat, providers.ResponsesCompact, providers.Embeddings}[random.IntN(3)], Stream: random.IntN(2) == 0, AttemptID: "a"},
			Params: wire.Params{Choices: 1, InputBound: any(1, 30), OutputCap: any(0, 0, 5, 200)}, Who: access.Principal{Key: &access.Key{ID: "k"}}, Model: "m"}
		if random.IntN(8) == 0 {
			call.Params.ServiceTier = "unheard-of"
		}
		var candidate catalog.Candidate
		var p *plan
		var why error
		switch random.IntN(3) {
		case 0:
			c := catalog.Paid{Deployment: dep, Price: price}
			candidate = c
			p, why = g.paid(c, call)
		case 1:
			c := catalog.Unpriced{Deployment: dep}
			candidate = c
			p, why = g.unpriced(c, call)
		default:
			c := catalog.Unpriced{Deployment: dep, Ceiling: &price}
			candidate = c
			p, why = g.unpriced(c, call)
		}
		terms, said := g.Preview(t.Context(), candidate, call)
		var held holding
		if why == nil {
			held, _, why = g.hold(t.Context(), p)
		}
		var one, other *ledger.Refusal
		switch {
		case (said == nil) != (why == nil), errors.As(said, &one) != errors.As(why, &other),
			errors.Is(said, ledger.ErrUnavailable) != errors.Is(why, ledger.ErrUnavailable), errors.Is(said, ledger.ErrUnpriced) != errors.Is(why, ledger.ErrUnpriced):
			t.Errorf("%d: said %v, and it came to %v: %+v", n, said, why, call.Params)
		case why == nil && terms.Hold > held.Held():
			t.Errorf("%d: %s were said to be held, and %s are", n, terms.Hold, held.Held())
		case terms.Need != terms.Hold: // admission is strict
			t.Errorf("%d: %s were said to be held, and %s to be needed", n, terms.Hold, terms.Need)
		case terms.Offline != (down && terms.Hold > 0 && why == nil):
			t.Errorf("%d: the books are down: %v, and it was said to be paid for without them: %v", n, down, terms.Offline)
		case terms.Hold == 0 || down:
			limited = false
		}
		if len(terms.Budgets) > 1 || len(terms.Budgets) == 1 != limited || limited && terms.Budgets[0].Claim.Budget.ID != "b" {
			t.Errorf("%d: said to be held against %+v, limited %v", n, terms.Budgets, limited)
		}
		if held != nil {
			_ = held.Release(t.Context())
		}
		b.set(false)
		stop(t, g)
	}
}
