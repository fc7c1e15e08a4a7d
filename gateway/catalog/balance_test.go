package catalog

import (
	"testing"
	"time"
)

// TestBalanceOfATier: an alias is balanced as what it stands for, unless it says
// otherwise; what several names bring together is balanced as their common name says.
func TestBalanceOfATier(t *testing.T) {
	target := func(to string, order int) TargetSpec { return TargetSpec{Path: "x", To: to, Order: order} }
	models := []ModelSpec{
		{Path: "x", Name: "pair", Balance: BalanceFastest, Targets: []TargetSpec{target("a/1", 1), target("b/1", 1)}},
		{Path: "x", Name: "alias", Targets: []TargetSpec{target("pair", 1)}},
		{Path: "x", Name: "other", Balance: BalanceSession, Targets: []TargetSpec{target("pair", 1)}},
		{Path: "x", Name: "tiers", Balance: BalanceLeastBusy, Targets: []TargetSpec{target("a/1", 1), target("b/1", 1), target("a/2", 2)}},
		{Path: "x", Name: "tiers-alias", Targets: []TargetSpec{target("tiers", 1)}},
		{Path: "x", Name: "tiers-other", Balance: BalanceWeights, Targets: []TargetSpec{target("tiers", 1)}},
		{Path: "x", Name: "mixed", Targets: []TargetSpec{target("pair", 1), target("a/3", 1)}},
		{Path: "x", Name: "plain", Targets: []TargetSpec{target("a/1", 1), target("b/1", 1)}},
		{Path: "x", Name: "any/*", Balance: BalanceLeastBusy, Targets: []TargetSpec{target("a/*", 1), target("b/*", 1)}},
	}
	s, findings := Build(Spec{Providers: []ProviderSpec{provider("a", "vllm"), provider("b", "vllm")}, Models: models}, kinds(), prices(t), nil)
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	for name, want := range map[string]Balance{"pair": BalanceFastest, "alias": BalanceFastest, "other": BalanceSession, "tiers": BalanceLeastBusy,
		"tiers-alias": BalanceLeastBusy, "tiers-other": BalanceWeights, "mixed": "", "plain": "", "any/x": BalanceLeastBusy} {
		r, err := s.Resolve(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, tier := range r.Tiers {
			for _, c := range tier {
				if c.Balance != want {
					t.Errorf("%s, tier %d: balanced by %q, want %q", name, i+1, c.Balance, want)
				}
			}
		}
	}
}

// TestDeadlinesOfADeployment: the narrowest setting holds, the provider's own deadlines stay
// as they are, and a provider's limit on calls at the same time is no limit of each model.
func TestDeadlinesOfADeployment(t *testing.T) {
	a := provider("a", "vllm")
	a.Gap, a.Total, a.Parallel, a.QueueWait = time.Minute, time.Hour, 8, time.Second
	yes, no := true, false
	a.RetryAmbiguous = &yes
	models := []ModelSpec{
		{Path: "x", Name: "plain", Targets: []TargetSpec{{Path: "x", To: "a/1"}}},
		{Path: "x", Name: "own", Settings: Settings{FirstByte: time.Second, Parallel: 2, RetryAmbiguous: &no, FallbackLate: &yes},
			Targets: []TargetSpec{{Path: "x", To: "a/1", Settings: Settings{Total: time.Minute, Parallel: 3}}}},
		{Path: "x", Name: "cloud", Targets: []TargetSpec{{Path: "x", To: "b/gpt-5"}}},
	}
	s, findings := Build(Spec{Providers: []ProviderSpec{a, provider("b", "openai")}, Models: models}, kinds(), prices(t), nil)
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	type times struct {
		first, gap, total, wait time.Duration
		parallel, shared        int
		ambiguous, late         bool
	}
	for name, want := range map[string]times{
		"plain": {FirstByteLocal, time.Minute, time.Hour, time.Second, 0, 8, true, false},
		"own":   {time.Second, time.Minute, time.Minute, time.Second, 3, 8, false, true},
		"cloud": {FirstByteCloud, GapDefault, TotalDefault, QueueDefault, 0, 0, false, false},
	} {
		r, err := s.Resolve(name)
		if err != nil {
			t.Fatal(err)
		}
		d := r.Candidates()[0].Of()
		if got := (times{d.Provider.FirstByte, d.Provider.Gap, d.Total, d.QueueWait, d.Parallel, d.Provider.Parallel, d.RetryAmbiguous, d.FallbackLate}); got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	if p := s.Providers()[0]; p.FirstByte != FirstByteLocal || p.Gap != time.Minute {
		t.Errorf("the provider has %+v", p)
	}
}
