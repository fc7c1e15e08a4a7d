package ledger

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"tollgate/accounting"
	"tollgate/accounting/scope"
)

func dollars(n int64) *accounting.Money { m := accounting.Money(n) * accounting.Dollar; return &m }

// TestStateOf is the table of a budget's states, in nano-dollars.
func TestStateOf(t *testing.T) {
	const big = int64(math.MaxInt64)
	amount := func(n int64) *accounting.Money { m := accounting.Money(n); return &m }
	for _, c := range []struct {
		limit              *accounting.Money
		posted, held, need int64
		want               State
	}{
		{nil, 0, 0, 1, None},
		{nil, big, big, big, None},
		{amount(0), 0, 0, 1, Zero},
		{amount(0), 5, 5, 1, Zero},
		{amount(10), 0, 0, 10, Room},
		{amount(10), 0, 0, 11, Tight},
		{amount(10), 4, 5, 1, Room},
		{amount(10), 4, 6, 1, Held},
		{amount(10), 4, 5, 2, Held},
		{amount(10), 4, 5, 7, Tight},
		{amount(10), 9, 0, 1, Room},
		{amount(10), 9, 0, 2, Tight},
		{amount(10), 10, 0, 1, Spent},
		{amount(10), 11, 0, 1, Spent},
		{amount(10), 10, 5, 1, Spent},
		{amount(10), 0, 100, 1, Held}, // held may overshoot after a limit was lowered
		{amount(1), 0, 0, 1, Room},
		{amount(big), 0, 0, big, Room},
		{amount(big), 1, 0, big, Tight},
		{amount(big), big - 1, big, 1, Held}, // posted + held leaves the range
		{amount(big), big, 0, 1, Spent},
		{amount(-5), 0, 0, 1, Spent}, // an invalid limit admits nothing
	} {
		got := StateOf(c.limit, Standing{accounting.Money(c.posted), accounting.Money(c.held)}, accounting.Money(c.need))
		if got != c.want {
			t.Errorf("limit %v, posted %d, held %d, need %d: %s, want %s", c.limit, c.posted, c.held, c.need, got, c.want)
		}
	}
}

// TestStateOfMore: what an attempt holds itself does not come back while it waits for more.
func TestStateOfMore(t *testing.T) {
	const big = int64(math.MaxInt64)
	for _, c := range []struct {
		limit, posted, held, own, need int64
		want                           State
	}{
		{10, 2, 6, 2, 2, Room},
		{10, 2, 6, 2, 6, Held}, // once the others have let go of 4
		{10, 2, 6, 2, 7, Tight},
		{10, 2, 6, 6, 3, Tight}, // nobody else holds anything
		{10, 2, 6, 2, 9, Tight},
		{10, 10, 6, 2, 1, Spent},
		{0, 0, 0, 0, 1, Zero},
		{big, big - 1, 3, 2, 1, Tight}, // posted and its own leave the range
	} {
		limit := accounting.Money(c.limit)
		if got := StateOfMore(&limit, Standing{accounting.Money(c.posted), accounting.Money(c.held)}, accounting.Money(c.own), accounting.Money(c.need)); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
	if got := StateOfMore(nil, Standing{accounting.Money(big), 1}, 1, 1); got != None {
		t.Errorf("without a limit: %s", got)
	}
}

func TestNeed(t *testing.T) {
	for _, c := range []struct {
		rule         Admission
		amount, want accounting.Money
	}{{Strict, 0, 1}, {Strict, 1, 1}, {Strict, 7, 7}, {Headroom, 0, 1}, {Headroom, 7, 1}, {"", 7, 7}} {
		if got := c.rule.Need(c.amount); got != c.want {
			t.Errorf("%s of %d needs %d, want %d", c.rule, c.amount, got, c.want)
		}
	}
}

func TestValidate(t *testing.T) {
	minus := accounting.Money(-1)
	each := func(change func(*Budget)) Budget {
		b := Budget{Kind: User, Each: true, Limit: dollars(5)}
		change(&b)
		return b
	}
	for name, c := range map[string]struct {
		budget Budget
		want   error // nil: valid
		wrong  bool  // wrong in a way without an error of its own
	}{
		"usual":                 {each(func(b *Budget) {}), nil, false},
		"limit of zero":         {each(func(b *Budget) { b.Limit = dollars(0) }), nil, false},
		"unlimited":             {each(func(b *Budget) { b.Limit = nil }), nil, false}, // lifts a wider limit
		"soft of zero":          {each(func(b *Budget) { b.Soft = dollars(0) }), nil, false},
		"soft alone":            {each(func(b *Budget) { b.Limit, b.Soft = nil, dollars(1) }), nil, false},
		"soft at the limit":     {each(func(b *Budget) { b.Soft = dollars(5) }), nil, false},
		"soft above":            {each(func(b *Budget) { b.Soft = dollars(6) }), ErrSoftAbove, false},
		"negative limit":        {each(func(b *Budget) { b.Limit = &minus }), ErrNegativeLimit, false},
		"negative soft":         {each(func(b *Budget) { b.Soft = &minus }), ErrNegativeLimit, false},
		"no kind":               {each(func(b *Budget) { b.Kind = "" }), scope.ErrBadKind, false},
		"unknown kind":          {each(func(b *Budget) { b.Kind = "users" }), scope.ErrBadKind, false},
		"each and owner":        {each(func(b *Budget) { b.Owner = "a" }), scope.ErrBadOwner, false},
		"neither":               {each(func(b *Budget) { b.Each = false }), scope.ErrBadOwner, false},
		"gateway":               {Budget{Kind: Gateway, Limit: dollars(5)}, nil, false},
		"each gateway":          {Budget{Kind: Gateway, Each: true, Limit: dollars(5)}, scope.ErrBadOwner, false},
		"gateway with owner":    {Budget{Kind: Gateway, Owner: "a", Limit: dollars(5)}, scope.ErrBadOwner, false},
		"empty pattern":         {each(func(b *Budget) { b.Models = []string{"a", ""} }), nil, true},
		"patterns at the edge":  {each(func(b *Budget) { b.Models = slices.Repeat([]string{"a"}, MaxPatterns) }), nil, false},
		"patterns over the top": {each(func(b *Budget) { b.Models = slices.Repeat([]string{"a"}, MaxPatterns+1) }), nil, true},
	} {
		err := c.budget.Validate()
		if (c.want != nil && !errors.Is(err, c.want)) || (err != nil) != (c.want != nil || c.wrong) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestMatches(t *testing.T) {
	target := Target{Model: "assistant", Also: []string{"helper", "alias-2"}, Deployment: "openai/gpt-5"}
	for pattern, want := range map[string]bool{"assistant": true, "alias-*": true, "helper": true, "help": false, "openai/*": true, "gpt-5*": false, "*gpt-5": true, "Assistant": false} {
		if got := (Budget{Models: []string{"nothing", pattern}}).Matches(target); got != want {
			t.Errorf("%s: %v", pattern, got)
		}
	}
	if !(Budget{}).Matches(target) {
		t.Error("a budget without models is for all of them")
	}
}

// TestOverride says which budgets apply to one account: its own stand in for the
// budget that each has of the same kind, window and models, and for no other.
func TestOverride(t *testing.T) {
	month, week := Window{Unit: Month}, Window{Unit: Week}
	each := func(id string, k Kind, w Window, models ...string) Budget {
		return Budget{ID: id, Kind: k, Each: true, Window: w, Models: models, Limit: dollars(5)}
	}
	own := func(id string, k Kind, owner string, w Window, models ...string) Budget {
		return Budget{ID: id, Kind: k, Owner: owner, Window: w, Models: models, Limit: dollars(20)}
	}
	all := []Budget{
		{ID: "gateway", Kind: Gateway, Limit: dollars(1000), Window: month},
		each("team", Team, month),
		each("user", User, month), each("user-week", User, week), each("user-gpt", User, month, "a", "b"), each("user-other", User, month, "a"),
		own("alice", User, "alice", month), own("alice-gpt", User, "alice", Window{Unit: Month, Count: 1}, "b", "a"), own("team-alice", Team, "alice", month),
		each("key", Key, month), own("alice-again", User, "alice", month),
	}
	b := NewBudgets(all)
	all[0].ID = "changed afterwards"
	for _, c := range []struct {
		accounts []Account
		want     string
	}{
		{nil, ""},
		{[]Account{{Kind: User, ID: "bob"}}, "user user-week user-gpt user-other"},
		{[]Account{{Kind: User, ID: "alice"}}, "alice alice-gpt alice-again user-week user-other"},
		{[]Account{{Kind: Gateway, ID: ""}, {Kind: Team, ID: "physics"}, {Kind: User, ID: "alice"}, {Kind: Key, ID: "k"}}, "key alice alice-gpt alice-again user-week user-other team gateway"},
		{[]Account{{Kind: Team, ID: "alice"}}, "team-alice"},
		{[]Account{{Kind: Member, ID: "physics/alice"}}, ""},
		{[]Account{{Kind: EndUser, ID: "alice"}}, ""},
	} {
		var ids []string
		for _, o := range b.Of(c.accounts) {
			ids = append(ids, o.Rule.ID)
			if o.Account.Kind != o.Rule.Kind {
				t.Errorf("%s applies to %v", o.Rule.ID, o.Account)
			}
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%v: %s, want %s", c.accounts, got, c.want)
		}
	}
	if len(b.All()) != len(all) || b.All()[0].ID != "gateway" {
		t.Error("the set changed with the slice it was made of")
	}
	var none Budgets
	if len(none.Of([]Account{{Kind: User, ID: "a"}})) != 0 || len(none.All()) != 0 {
		t.Error("the zero value has budgets")
	}
}

func TestClaims(t *testing.T) {
	b := NewBudgets([]Budget{
		{ID: "m", Kind: User, Each: true, Window: Window{Unit: Month}, Models: []string{"gpt*"}, Limit: dollars(5)},
		{ID: "t", Kind: User, Each: true, Limit: dollars(5)},
	})
	at := instant(t, "2026-11-23T12:00:00Z")
	first := b.Claims([]Account{{Kind: User, ID: "a"}}, Target{Model: "gpt-5"}, at)[0]
	got := fmt.Sprint(first.Counter, first.Period.End)
	if want := fmt.Sprint(Counter{"m", Account{Kind: User, ID: "a"}, instant(t, "2026-11-01T00:00:00Z")}, instant(t, "2026-12-01T00:00:00Z")); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if claims := b.Claims([]Account{{Kind: User, ID: "a"}}, Target{Model: "qwen"}, at); len(claims) != 1 || claims[0].Counter.Budget != "t" {
		t.Errorf("%v", claims)
	}
}
