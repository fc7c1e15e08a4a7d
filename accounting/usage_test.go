package accounting

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestMeterNames(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range Meters() {
		name := m.String()
		if got, ok := MeterByName(name); !ok || got != m || name == "" || seen[name] {
			t.Errorf("%d is called %q, which is %v", m, name, got)
		}
		seen[name] = true
	}
	if _, ok := MeterByName("nothing"); ok || numMeters.String() == "" || len(Meters()) != int(numMeters) {
		t.Error("a meter that is none")
	}
}

func TestUsage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var u, v Usage
		for _, m := range Meters() {
			u[m] = rapid.Int64().Draw(t, m.String())
			v[m] = rapid.Int64().Draw(t, "other "+m.String())
		}
		c, moved := u.Clamp()
		for _, m := range Meters() {
			if c[m] < 0 || c[m] > MaxCount || u[m] >= 0 && u[m] <= MaxCount && c[m] != u[m] {
				t.Fatalf("%s: %d is clamped to %d", m, u[m], c[m])
			}
			if x := u.Max(v)[m]; x < u[m] || x < v[m] || x != u[m] && x != v[m] {
				t.Fatalf("%s: the larger of %d and %d is %d", m, u[m], v[m], x)
			}
		}
		if moved != (c != u) {
			t.Fatalf("moved %v", moved)
		}
		if _, again := c.Clamp(); again {
			t.Fatalf("clamped twice")
		}
		tokens := int64(0)
		for m := Input; m < Images; m++ {
			tokens += c[m]
		}
		if c.InputTokens()+c.OutputTokens() != tokens || c.InputTokens() < 0 {
			t.Fatalf("%d in and %d out are not %d", c.InputTokens(), c.OutputTokens(), tokens)
		}
	})
	if !(Usage{}).IsZero() || (Usage{Requests: 1}).IsZero() {
		t.Error("IsZero")
	}
	if c, moved := (Usage{Input: math.MinInt64, Output: math.MaxInt64}).Clamp(); !moved || c != (Usage{Output: MaxCount}) {
		t.Errorf("%v", c)
	}
}
