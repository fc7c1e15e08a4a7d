package catalog

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tollgate/accounting"
	"tollgate/accounting/pricelist"
	"tollgate/providers"
	"tollgate/providers/openai"
)

func extend(t *testing.T, spec Spec, additions []Addition, groups []Group, fallbacks []Fallback) (*Snapshot, []string) {
	t.Helper()
	kinds := append(openai.Kinds(), providers.Kind{Name: "gpu", Codec: openai.New(openai.Quirks{}), Local: true, DefaultPath: "/v1"})
	before, bad := Build(spec, kinds, pricelist.Builtin(), nil)
	if len(bad) > 0 {
		t.Fatalf("the spec itself: %v", bad)
	}
	whole, found := spec.Extend(additions, groups, fallbacks)
	s, more := Build(whole, kinds, pricelist.Builtin(), nil)
	for _, f := range more {
		if !f.Warning {
			t.Errorf("an addition breaks something: %s", f)
		}
	}
	for _, r := range before.Routes() { // what the file says is served stays served
		if _, err := s.Resolve(r.Name); r.Unavailable == "" && err != nil {
			t.Errorf("%s is gone: %v", r.Name, err)
		}
	}
	again, _ := Build(spec, kinds, pricelist.Builtin(), nil)
	if a, b := lines(before), lines(again); a != b {
		t.Errorf("the spec was changed:\n%s\n%s", a, b)
	}
	var said []string
	for _, f := range append(found, more...) {
		said = append(said, f.String())
	}
	return s, said
}

func lines(s *Snapshot) string {
	var out []string
	for _, r := range s.Routes() {
		line := r.Name
		for i, tier := range r.Tiers {
			for _, c := range tier {
				line += fmt.Sprintf(" %d:%s=%s", i, c.Candidate.Of().ID, c.Candidate.State())
				if u, is := c.Candidate.(Unpriced); is && u.Ceiling != nil {
					line += "<="
				}
				if c.When != Always {
					line += "?" + string(c.When)
				}
			}
		}
		if len(r.Groups) > 0 {
			line += " " + strings.Join(r.Groups, ",")
		}
		if r.Unavailable != "" {
			line += " (" + r.Unavailable + ")"
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

func TestExtend(t *testing.T) {
	price, err := accounting.NewPriced(accounting.Tariff{Rates: accounting.Rates{accounting.Input: 1000000, accounting.Output: 1000000}})
	if err != nil {
		t.Fatal(err)
	}
	spec := Spec{
		Providers: []ProviderSpec{{Path: "providers.gpu", Name: "gpu", Kind: "gpu", URL: "http://gpu"}},
		Models: []ModelSpec{
			{Path: "models.a", Name: "a", Price: price, Groups: []string{"g"}, Targets: []TargetSpec{{Path: "models.a", To: "gpu/a", Order: 1}}},
			{Path: "models.b", Name: "b", Targets: []TargetSpec{{Path: "models.b", To: "a", Order: 1}}},
			{Path: "models.c", Name: "c", Targets: []TargetSpec{{Path: "models.c", To: "gpu/c", Order: 1}, {Path: "models.c2", To: "gpu/c2", Order: 2, When: WhenContext}}},
			{Path: "models.off", Name: "off", Unavailable: "it is off"},
			{Path: "models.most", Name: "most", Price: accounting.Unknown{}, Ceiling: &price, Targets: []TargetSpec{{Path: "models.most", To: "gpu/most", Order: 1}}},
			{Path: "models.two", Name: "two", Targets: []TargetSpec{{Path: "models.two", To: "gpu/1", Order: 1}, {Path: "models.two2", To: "gpu/2", Order: 2}}},
			{Path: "models.w", Name: "w/*", Targets: []TargetSpec{{Path: "models.w", To: "gpu/*", Order: 1}}},
		},
	}
	own := func(id, name, model string, order int) Addition {
		return Addition{Provider: &ProviderSpec{Path: "api." + id, Name: id, Kind: "openai", URL: "http://other/v1", Unlisted: true},
			Model: ModelSpec{Path: "api." + id, Name: name, Targets: []TargetSpec{{Path: "api." + id, To: id + "/" + model, Order: order}}}}
	}
	shared := func(id, name, to string) Addition {
		return Addition{Model: ModelSpec{Path: "api." + id, Name: name, Groups: []string{"h"}, Targets: []TargetSpec{{Path: "api." + id, To: to, Order: 1}}}}
	}
	for _, tt := range []struct {
		name      string
		additions []Addition
		groups    []Group
		fallbacks []Fallback
		want      []string // lines of the shape
		says      string
	}{
		{name: "nothing", want: []string{"a 0:gpu/a=paid g", "off (it is off)", "most 0:gpu/most=unknown<="}},
		{name: "a ceiling of the file", fallbacks: []Fallback{{Path: "api.f", Model: "most", To: []string{"c"}}}, want: []string{"most 0:gpu/most=unknown<= 1:gpu/c=free 2:gpu/c2=free?context"}},
		{name: "a name of its own", additions: []Addition{own("m1", "new", "x", 1)}, want: []string{"new 0:m1/x=unknown", "a 0:gpu/a=paid g"}},
		// The price that the file says of its own deployment is not that of another.
		{name: "a name of the file", additions: []Addition{own("m1", "a", "x", 1), shared("m2", "a", "gpu/y")}, want: []string{"a 0:gpu/a=paid 0:m1/x=unknown 0:gpu/y=free g,h"}},
		{name: "in order", additions: []Addition{own("m1", "a", "x", 2)}, want: []string{"a 0:gpu/a=paid 1:m1/x=unknown g"}},
		{name: "beside an alias", additions: []Addition{own("m1", "b", "x", 1)}, want: []string{"b 0:gpu/a=paid 1:m1/x=unknown"}},
		{name: "beside what is for one case", additions: []Addition{own("m1", "c", "x", 2)}, want: []string{"c 0:gpu/c=free 1:gpu/c2=free?context 2:m1/x=unknown"}},
		{name: "what was not available", additions: []Addition{own("m1", "off", "x", 1)}, want: []string{"off 0:m1/x=unknown"}},
		{name: "one that is not available", additions: []Addition{{Model: ModelSpec{Path: "api.m1", Name: "new", Unavailable: "no"}}, {Model: ModelSpec{Path: "api.m2", Name: "a", Unavailable: "no"}}},
			want: []string{"new (no)", "a 0:gpu/a=paid g"}},
		{name: "a provider that is gone", additions: []Addition{shared("m1", "a", "gone/x"), shared("m2", "new", "gone/x")}, want: []string{"a 0:gpu/a=paid g", `new h (its provider "gone" is not declared)`}, says: `api.m1: its provider "gone" is not declared`},
		{name: "a group", groups: []Group{{ID: "r", Models: []string{"a", "off", "none-such"}}}, want: []string{"a 0:gpu/a=paid g,r", "off r (it is off)"}},
		{name: "a group of none such", groups: []Group{{ID: "r", Models: []string{"none-such"}}}, want: []string{"a 0:gpu/a=paid g", "off (it is off)"}},
		{name: "a fallback", fallbacks: []Fallback{{Path: "api.f", Model: "a", To: []string{"c", "w/x"}}}, want: []string{"a 0:gpu/a=paid 1:gpu/c=free 2:gpu/c2=free?context 3:gpu/x=free g"}},
		{name: "in one case, which comes first", fallbacks: []Fallback{{Path: "api.f", Model: "a", To: []string{"c"}}, {Path: "api.g", Model: "a", When: WhenRefused, To: []string{"w/x"}}},
			want: []string{"a 0:gpu/a=paid 1:gpu/x=free?refused 2:gpu/c=free 3:gpu/c2=free?context g"}},
		{name: "all of it in one case", fallbacks: []Fallback{{Path: "api.f", Model: "a", When: WhenContext, To: []string{"two"}}}, want: []string{"a 0:gpu/a=paid 1:gpu/1=free?context 2:gpu/2=free?context g"}},
		{name: "without what is for another case", fallbacks: []Fallback{{Path: "api.f", Model: "a", When: WhenRefused, To: []string{"c"}}}, want: []string{"a 0:gpu/a=paid 1:gpu/c=free?refused g"}},
		{name: "to and fro", fallbacks: []Fallback{{Path: "api.f", Model: "a", To: []string{"c"}}, {Path: "api.g", Model: "c", To: []string{"a"}}},
			want: []string{"a 0:gpu/a=paid 1:gpu/c=free g", "c 0:gpu/c=free 1:gpu/c2=free?context 2:gpu/a=paid"}},
		{name: "of what is not available", fallbacks: []Fallback{{Path: "api.f", Model: "off", To: []string{"c"}}, {Path: "api.g", Model: "off", When: WhenContext, To: []string{"a"}}}, want: []string{"off 0:gpu/c=free 1:gpu/c2=free?context"}},
		{name: "to what leads back", fallbacks: []Fallback{{Path: "api.f", Model: "a", To: []string{"b"}}}, want: []string{"a 0:gpu/a=paid g", "b 0:gpu/a=paid"}, says: `"b" leads to "a" itself`},
		{name: "to what begins like a name", fallbacks: []Fallback{{Path: "api.f", Model: "a", To: []string{"c-more"}}}, want: []string{"a 0:gpu/a=paid g"}, says: `no model is called "c-more"`},
		{name: "of none such", fallbacks: []Fallback{{Path: "api.f", Model: "none", To: []string{"b"}}, {Path: "api.g", Model: "a", To: []string{"none"}}}, want: []string{"a 0:gpu/a=paid g"}, says: `no model is called "none"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, said := extend(t, spec, tt.additions, tt.groups, tt.fallbacks)
			got := strings.Split(lines(s), "\n")
			for _, line := range tt.want {
				if !slices.Contains(got, line) {
					t.Errorf("%q is missing in\n%s", line, strings.Join(got, "\n"))
				}
			}
			if all := strings.Join(said, "\n"); !strings.Contains(all, tt.says) || tt.says == "" && len(said) > 0 {
				t.Errorf("said %q, wanted %q", all, tt.says)
			}
		})
	}
}
