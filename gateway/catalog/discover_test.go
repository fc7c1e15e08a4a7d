package catalog_test

import (
	"testing"

	"tollgate/accounting"
	"tollgate/accounting/pricelist"
	"tollgate/gateway/catalog"
	"tollgate/providers/openai"
)

// TestAFoundNameNeverMixesFreeAndPaid: two engines serve a model of one name, and one
// of them has a price. The name that nobody wrote down leads to the free one alone,
// whichever is found first; the other is reached by its provider's name.
func TestAFoundNameNeverMixesFreeAndPaid(t *testing.T) {
	price, err := accounting.NewPriced(accounting.Tariff{Rates: accounting.Rates{accounting.Requests: 1}})
	if err != nil {
		t.Fatal(err)
	}
	for _, names := range [][2]string{{"a-free", "z-paid"}, {"z-free", "a-paid"}} {
		spec := catalog.Spec{Providers: []catalog.ProviderSpec{
			{Path: "p", Name: names[0], Kind: "vllm", URL: "http://a/v1"},
			{Path: "p", Name: names[1], Kind: "vllm", URL: "http://b/v1", Price: price},
		}}
		found := catalog.Discovered{names[0]: {{ID: "m"}}, names[1]: {{ID: "m"}, {ID: "only:latest"}}}
		snap, findings := catalog.Build(spec, openai.Kinds(), pricelist.Builtin(), found)
		if len(findings) != 0 {
			t.Fatal(findings)
		}
		for name, want := range map[string]string{"m": "free", names[0] + "/m": "free", names[1] + "/m": "paid", "only": "paid", "only:latest": "paid"} {
			r, err := snap.Resolve(name)
			if err != nil || r.State() != want || len(r.Candidates()) != 1 {
				t.Errorf("%s: %s, %d candidates, %v; want %s", name, r.State(), len(r.Candidates()), err, want)
			}
		}
		var listed []string
		for _, r := range snap.Routes() {
			listed = append(listed, r.Name)
		}
		if len(listed) != 2 || listed[0] != "m" || listed[1] != "only" {
			t.Errorf("listed: %v", listed)
		}
	}
}
