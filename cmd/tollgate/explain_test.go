package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tollgate/accounting/ledger"
	"tollgate/accounting/scope"
	"tollgate/gateway/balancer"
	"tollgate/gateway/control"
	"tollgate/gateway/limits"
	"tollgate/providers/providertest"
)

// TestExplainedAsItHappens: whatever the models, keys, budgets, limits and engines are, a call
// comes to what was said of it, served by the same deployment or refused; and so it does when
// the books are gone.
func TestExplainedAsItHappens(t *testing.T) {
	t.Parallel()
	for n := range 8 {
		seed := rand.Uint64()
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			asExplained(t, rand.New(rand.NewPCG(seed, 0)), n%4 > 0)
		})
	}
}

func asExplained(t *testing.T, random *rand.Rand, books bool) {
	of := func(texts ...string) string { return texts[random.IntN(len(texts))] }
	basic := []string{"free", "open", "paid", "dear", "unknown", "ceiling"}
	some := func(from []string, most int) []string {
		out := slices.Clone(from)
		random.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
		return out[:1+random.IntN(most)]
	}
	config := `
providers:
  gpu:   { kind: vllm, url: UPSTREAM/v1 }
  cloud: { kind: openai, url: UPSTREAM/v1, key: env:CLOUD_KEY }
models:
  free: gpu/free
  open: gpu/open
  paid: { to: cloud/paid, price: { input: 1, output: 10 } }
  dear: { to: cloud/dear, price: { input: 1, output: 1000 } }
  unknown: cloud/unknown
  ceiling: { to: cloud/ceiling, ceiling_price: { input: 1, output: 10 } }
`
	names := slices.Clone(basic)
	for n := range 8 {
		names = append(names, fmt.Sprintf("m%d", n))
		config += fmt.Sprintf("  m%d: [%s]\n", n, strings.Join(some(basic, 4), ", "))
	}
	// Time stands still: what is left out stays so, and no limit recovers.
	g := startWith(t, config, nil, by(clockAt("2026-11-25T12:00:00Z")))
	trips := g.person(control.KeyChange{})
	g.up.Set("open", providertest.Script{Status: 503, Body: `{"error":{"message":"busy"}}`})
	for range balancer.TripInRow {
		g.chat(trips, "open", "", nil)
	}
	people := []person{g.person(control.KeyChange{})} // without a limit
	for range 6 {
		var ch control.KeyChange
		if random.IntN(2) == 0 {
			ch.Models = new(some(names, 8))
		}
		if random.IntN(2) == 0 {
			ch.BudgetFallback = new(some(names, 2))
		}
		p := g.person(ch)
		for range random.IntN(3) {
			var models []string
			if random.IntN(2) == 0 {
				models = some(names, 3)
			}
			g.budget(p, []ledger.Kind{ledger.Key, ledger.User, ledger.Team, ledger.Org}[random.IntN(4)], of("0", "0.01", "0.5", "1000"), models...)
		}
		for range random.IntN(2) {
			n := []int64{0, 1, 3, 1000}[random.IntN(4)]
			rule := limits.Rule{Selector: scope.Selector{Kind: scope.User, Owner: p.user}}
			if random.IntN(2) == 0 {
				rule.Models = some(names, 4)
			}
			switch random.IntN(3) {
			case 0:
				rule.Requests = &n
			case 1:
				rule.Concurrent = &n
			default:
				rule.Tokens = &n
			}
			g.limit(rule)
		}
		people = append(people, p)
	}
	if !books {
		if err := g.srv.store.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range people {
		for range 12 {
			model := names[random.IntN(len(names))]
			e := must(g.srv.gateway.Explain(t.Context(), must(g.srv.control.Principal(p.keyID))(t), model))(t)
			a := g.chat(p, model, "", nil)
			if by := a.Header.Get("X-Tollgate-Deployment"); e.Serves != by || (a.Status == 200) != (by != "") {
				t.Errorf("%s of %s: %d by %q, %s\nexplained as %+v\nwith %s", model, p.user, a.Status, by, a.Body, e, config)
			}
		}
	}
}
